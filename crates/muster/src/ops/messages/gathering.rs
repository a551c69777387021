//! What people read who are called together.

use super::Text;
use muster_core::Time;
use muster_core::entry::{ConferenceCalled, ConferenceCancelled, Entry, Fact, Presence, PresenceAsked};
use muster_core::event::Event;
use muster_core::ids::PersonRef;
use muster_core::incident::Incident;
use muster_core::planted;
use muster_core::words::{clock, sentence};

/// Whom that entry tells what, if it calls people together.
pub(super) fn texts(incident: &Incident, entry: &Entry, public_url: &str) -> Vec<(PersonRef, Text)> {
    let to = |people: &[PersonRef], text: &Text| people.iter().map(|p| (p.clone(), text.clone())).collect::<Vec<_>>();
    match &entry.fact {
        Fact::ConferenceCalled(fact) => {
            let mut all = to(&fact.invited, &invited(incident, fact, entry.recorded_at));
            all.extend(to(&fact.dropped, &off(incident, fact, "You are not invited any more.", fact.version)));
            all
        }
        Fact::ConferenceCancelled(fact) => {
            let told = cancelled(incident, fact).map(|t| to(&fact.invited, &t)).unwrap_or_default();
            planted!("cancels-quietly", told, Vec::new())
        }
        Fact::PresenceAsked(fact) => to(&fact.people, &wanted(incident, fact, public_url)),
        _ => Vec::new(),
    }
}

/// How things stand, in a line.
fn situation(incident: &Incident) -> String {
    let manager = incident.manager.as_ref();
    let manager =
        manager.map_or_else(|| "Nobody is Incident Manager yet.".into(), |m| format!("{} leads it.", m.person));
    format!("{} {}. {manager}", sentence(&incident.title), incident.state_words())
}

fn event(incident: &Incident, fact: &ConferenceCalled, text: String) -> Event {
    Event {
        id: format!("{}-call-{}", incident.number, fact.call),
        version: fact.version,
        starts_at: fact.starts_at,
        title: format!("{}: {}", incident.number, fact.purpose),
        text,
        place: fact.bridge.clone(),
        cancelled: false,
    }
}

/// An invitation, or the correction of one. The person's own link follows it.
fn invited(incident: &Incident, fact: &ConferenceCalled, now: Time) -> Text {
    let number = &incident.number;
    let (when, at_once) = match fact.starts_at <= now {
        true => ("now".to_owned(), true),
        false => (format!("at {}", clock(fact.starts_at, now, &incident.terms.time_zone)), false),
    };
    let changed = match fact.version {
        0 => String::new(),
        _ => format!("This replaces what you were told before: {}\n\n", sentence(&fact.reason)),
    };
    let place = where_to(fact.presence);
    let body = format!(
        "{changed}{}\n\nWhen: {when}\nBridge: {}\n{place}\n\n{}\n{}, incident {number}\n\nSay here that you are in, or how \
         you come and when. This link is yours alone. Opening it answers nothing.",
        sentence(&fact.purpose),
        fact.bridge,
        situation(incident),
        incident.terms.organisation,
    );
    let again = if fact.version == 0 { "" } else { "changed: " };
    let said = format!("{}\n{place}\n{}", sentence(&fact.purpose), situation(incident));
    Text {
        person: String::new(),
        subject: format!("{number}, conference call {when}, {again}{}", fact.purpose),
        text: format!("{number}: conference call {when}, {again}{} {} {place}", sentence(&fact.purpose), fact.bridge),
        body,
        link: None,
        urgent: at_once,
        event: Some(event(incident, fact, said)),
    }
}

/// What is said of where somebody is wanted.
pub(super) fn where_to(presence: Presence) -> String {
    format!("You are wanted {}.", presence.words())
}

fn off(incident: &Incident, fact: &ConferenceCalled, why: &str, version: u32) -> Text {
    let number = &incident.number;
    let zone = &incident.terms.time_zone;
    let when = clock(fact.starts_at, incident.last_recorded_at, zone);
    Text {
        person: String::new(),
        subject: format!("{number}: no conference call at {when} for you: {}", fact.purpose),
        text: format!("{number}: the conference call at {when}, {} {why}", sentence(&fact.purpose)),
        body: format!(
            "{} At {when}.\n\n{why}\n\n{}, incident {number}\n",
            sentence(&fact.purpose),
            incident.terms.organisation
        ),
        link: None,
        urgent: false,
        event: Some(Event { cancelled: true, version, ..event(incident, fact, why.to_owned()) }),
    }
}

fn cancelled(incident: &Incident, fact: &ConferenceCancelled) -> Option<Text> {
    let call = incident.gathering.call(fact.call)?;
    let why = format!("It is cancelled: {}", sentence(&fact.reason));
    Some(off(incident, &call.set, &why, fact.version))
}

fn wanted(incident: &Incident, fact: &PresenceAsked, public_url: &str) -> Text {
    let (number, place) = (&incident.number, where_to(fact.presence));
    let url = format!("{public_url}/incidents/{number}/meetings");
    Text {
        person: String::new(),
        subject: format!("{number}: {place}"),
        text: format!("{number}: {place} {} {url}", sentence(&incident.title)),
        body: format!("{place}\n\n{}\n\nSay how you come, and when:\n{url}\n", situation(incident)),
        link: Some(url),
        urgent: true,
        event: None,
    }
}
