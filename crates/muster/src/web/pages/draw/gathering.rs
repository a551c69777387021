//! Conference calls, and how people come, in few words.

use crate::web::view::parts::State;
use crate::web::view::time::Times;
use muster_core::entry::Coming;
use muster_core::incident::{Arrival, Call, Incident};

/// Who is invited to that call or is in it, each with whether they are.
pub fn invited(call: &Call, times: &Times) -> Vec<(String, State)> {
    let besides = call.joined.iter().map(|(p, _)| p).filter(|p| !call.invites(&p.id));
    let state = |person: &muster_core::ids::PersonRef| match call.joined_at(&person.id) {
        Some(at) => State::done(format!("In since {}", times.at(at).text)),
        None if call.is_pending() => State::waiting("Invited"),
        None => State::not("Was not in it"),
    };
    call.set.invited.iter().chain(besides).map(|p| (p.name.clone(), state(p))).collect()
}

/// What somebody said of their coming: `on the way, expected 03:40 GMT`.
pub fn said_of(arrival: &Arrival, times: &Times) -> String {
    match (arrival.said.expected_at, arrival.said.coming) {
        (None, coming) => coming.words().to_owned(),
        (Some(at), Coming::Remote) => format!("works remotely from {}", times.at(at).text),
        (Some(at), coming) => format!("{}, expected {}", coming.words(), times.at(at).text),
    }
}

/// Who comes, each with what they said, the overdue ones as such; who cannot as well.
pub fn arrivals(incident: &Incident, times: &Times) -> Vec<(String, State)> {
    let state = |a: &Arrival| {
        let said = said_of(a, times);
        match a.said.coming {
            _ if a.is_overdue(times.now()) => State::late(format!("Overdue: {said}")),
            Coming::Here => State::done("Is there"),
            Coming::Cannot => State::not("Cannot come"),
            Coming::OnTheWay | Coming::Remote => State::waiting(crate::web::pages::phrases::upper_first(&said)),
        }
    };
    incident.gathering.arrivals.iter().map(|a| (a.said.person.name.clone(), state(a))).collect()
}
