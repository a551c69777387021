//! Chains of pretend phones, as they stand.

use crate::ops::demo::{RINGS, Shown};
use crate::store::subjects::InList;
use crate::web::pages::frame::Scene;
use crate::web::pages::phrases::{counted, upper_first};
use crate::web::view::parts::{Icon, State, Tone, Words};
use crate::web::view::phones::{Call, Chain, Device, Message};
use muster_core::contact::{Answer, MeansKind, Outcome};
use muster_core::directory::Organisation;
use muster_core::entry::{Candidate, Purpose};
use muster_core::ids::{PersonId, SummonsId};
use muster_core::incident::Incident;
use muster_core::later;
use muster_core::summons::Summons;
use std::collections::BTreeMap;

/// Messages shown of one phone, newest first.
const MESSAGES_SHOWN: usize = 4;
/// Phones shown that are in no chain now.
const OTHERS_SHOWN: usize = 6;

/// The chains of live incidents that look for somebody, or found somebody.
pub(super) fn chains(live: &[InList], shown: &[Shown], scene: &Scene) -> Vec<Chain> {
    let searches = searches(live).enumerate();
    searches.map(|(nth, (incident, summons))| chain(nth + 1, incident, summons, shown, scene)).collect()
}

fn searches(live: &[InList]) -> impl Iterator<Item = (&Incident, &Summons)> {
    live.iter().flat_map(|l| l.incident.summonses.iter().filter(|s| s.ended.is_none()).map(|s| (&l.incident, s)))
}

/// Phones that have messages, but are in no chain now: reminders, alarms, what is over.
pub(super) fn others(live: &[InList], shown: &[Shown], scene: &Scene) -> Vec<Device> {
    let searching: Vec<&SummonsId> = searches(live).map(|(_, s)| &s.id).collect();
    let mut phones: Vec<(&PersonId, Vec<&Shown>)> = Vec::new();
    for message in shown.iter().filter(|m| !m.summons.as_ref().is_some_and(|s| searching.contains(&s))) {
        match phones.iter_mut().find(|(person, _)| **person == message.person) {
            Some((_, messages)) => messages.push(message),
            None => phones.push((&message.person, vec![message])),
        }
    }
    let device = |(person, messages): (&PersonId, Vec<&Shown>)| {
        let about = scene.org.people.get(person);
        Device {
            person: person.0.clone(),
            id: format!("phone-{person}"),
            name: scene.org.person_ref(person).name,
            title: about.map_or(String::new(), |p| p.title.clone()),
            number: about.and_then(|p| p.means.first()).map_or(String::new(), |m| m.to.clone()),
            state: None,
            line: None,
            call: None,
            messages: messages.into_iter().filter_map(|m| heard_or_read(m, scene)).take(MESSAGES_SHOWN).collect(),
        }
    };
    phones.into_iter().map(device).filter(|d| !d.messages.is_empty()).take(OTHERS_SHOWN).collect()
}

/// The state in words, by the phone that waits for somebody, if one does.
pub(super) fn heading(waiting: Option<&Device>, org: &Organisation) -> String {
    let Some(device) = waiting else { return "No phone is ringing".into() };
    let name = org.person_ref(&PersonId(device.person.clone())).name;
    match device.call.as_ref().is_some_and(|c| c.heard.is_some()) {
        true => format!("{name} has answered, and waits for a key"),
        false => format!("{name}’s phone is ringing"),
    }
}

fn chain(nth: usize, incident: &Incident, summons: &Summons, shown: &[Shown], scene: &Scene) -> Chain {
    let title = match summons.purpose {
        Purpose::TakeCharge => format!("Must take it: {}", summons.about),
        Purpose::Assist => format!("Must help: {}", summons.about),
        Purpose::HandOver => format!("Asked to take over {}", incident.number),
        Purpose::Release => format!("Asked to let it happen: {}", summons.about),
        Purpose::Input => format!("Asked for input: {}", summons.about),
        Purpose::Tell => format!("Must be told: {}", summons.about),
        Purpose::Communicate => format!("Asked to speak for {}", incident.number),
    };
    let tried: BTreeMap<usize, ()> = summons.attempts.iter().map(|a| (a.candidate, ())).collect();
    let called = counted(u64::try_from(tried.len()).unwrap_or(u64::MAX), "person asked", "people asked");
    let state = match summons.taken_by() {
        Some(taken) if summons.purpose == Purpose::Input => {
            State::waiting(format!("{} will answer", taken.person.name))
        }
        Some(taken) if summons.purpose == Purpose::Tell => State::done(format!("{} was told", taken.person.name)),
        Some(taken) => State::done(format!("{} took it", taken.person.name)),
        None if summons.vain_rounds > 0 => State::late(format!("Nobody reached in round {}", summons.vain_rounds)),
        None => State::soon(format!("{called}, nobody yet")),
    };
    let devices = summons.chain.iter().enumerate();
    let devices = devices.map(|(place, c)| device(nth, place, c, incident, summons, shown, scene)).collect();
    Chain { id: format!("chain-{nth}"), title, state, devices }
}

fn device(
    chain: usize,
    place: usize,
    candidate: &Candidate,
    incident: &Incident,
    summons: &Summons,
    shown: &[Shown],
    scene: &Scene,
) -> Device {
    let id = &candidate.person.id;
    let mine: Vec<_> = shown.iter().filter(|m| m.person == *id && m.summons.as_ref() == Some(&summons.id)).collect();
    let call = mine.iter().find(|m| matches!(m.state.as_str(), "ringing" | "answered")).filter(|_| summons.is_live());
    let ring = candidate.means.iter().find(|m| m.kind == MeansKind::Call).or(candidate.means.first());
    let next = summons.asks_after() == Some(place) && summons.asking().is_some();
    Device {
        person: id.0.clone(),
        id: format!("phone-{chain}-{id}"),
        name: format!("{}. {}", place + 1, candidate.person.name),
        title: candidate.title.clone(),
        number: ring.map_or_else(|| "No number".into(), |m| m.to.clone()),
        state: state(place, summons, call.copied(), next, scene),
        line: summons.asking().filter(|_| next && call.is_none()).map(|asking| {
            let verb = if ring.is_some_and(|m| m.kind == MeansKind::Call) { "Rings" } else { "Is asked" };
            format!("{verb} if {} does not answer, or passes it on.", asking.person.name).into()
        }),
        call: call.map(|m| on_the_phone(m, incident, summons, scene)),
        messages: mine.iter().filter_map(|m| heard_or_read(m, scene)).take(MESSAGES_SHOWN).collect(),
    }
}

fn state(place: usize, summons: &Summons, call: Option<&Shown>, next: bool, scene: &Scene) -> Option<State> {
    let candidate = summons.chain.get(place)?;
    let last = summons.attempts.iter().rev().find(|a| a.candidate == place);
    let answer = summons.answer_of(&candidate.person.id).map(|g| g.answer);
    match (call, answer, last.map(|a| a.outcome)) {
        (Some(call), ..) if call.state == "ringing" => {
            let left = scene.times.left(later(call.at, RINGS));
            Some(State::new(Tone::Blue, Icon::Phone, Words::Led("Ringing, ".into(), left)))
        }
        (Some(_), ..) => Some(State::soon("Answered, waits for a key")),
        (None, Some(Answer::Take), _) => Some(State::done("Took it")),
        (None, Some(Answer::Know), _) => Some(State::done("Knows")),
        (None, Some(Answer::Cannot), _) => Some(State::not("Passed it on")),
        (None, None, Some(Outcome::MessageLeft)) => Some(State::not("Voicemail: does not count")),
        (None, None, Some(Outcome::Queued)) => Some(State::waiting("Is being called")),
        (None, None, Some(outcome)) => Some(State::not(format!("{}: does not count", upper_first(outcome.word())))),
        (None, None, None) => next.then(|| State::later("Next")),
    }
}

fn on_the_phone(call: &Shown, incident: &Incident, summons: &Summons, scene: &Scene) -> Call {
    if summons.purpose == Purpose::Input {
        let said = format!(
            "This is Muster at {}. A question about {}: {}. Press 1 if you will answer by the link in your messages, 2 \
             to pass it on, 9 to hear it again.",
            scene.org.organisation.name, incident.title, summons.about
        );
        let keys = [("1", "Will answer"), ("2", "Pass it on"), ("9", "Hear it again")];
        return Call {
            id: call.id.clone(),
            heard: (call.state == "answered").then_some(said),
            keys: keys.map(|(key, words)| (key.to_owned(), words.to_owned())).into(),
        };
    }
    if summons.purpose == Purpose::Tell {
        let said = format!(
            "This is Muster at {}. You must know: {}. Press 1 when you have heard it, 2 to pass it on, 9 to hear it again.",
            scene.org.organisation.name, incident.title
        );
        let keys = [("1", "I have heard it"), ("2", "Pass it on"), ("9", "Hear it again")];
        return Call {
            id: call.id.clone(),
            heard: (call.state == "answered").then_some(said),
            keys: keys.map(|(key, words)| (key.to_owned(), words.to_owned())).into(),
        };
    }
    let said = format!(
        "This is Muster at {}. {} needs you: {}. Press 1 to take it, 2 to pass it on, 9 to hear it again.",
        scene.org.organisation.name, summons.about, incident.title
    );
    let keys = [("1", "Take it"), ("2", "Pass it on"), ("9", "Hear it again")];
    Call {
        id: call.id.clone(),
        heard: (call.state == "answered").then_some(said),
        keys: keys.map(|(key, words)| (key.to_owned(), words.to_owned())).into(),
    }
}

/// A message as the phone shows it; a call leaves one only if it went to voicemail.
fn heard_or_read(message: &Shown, scene: &Scene) -> Option<Message> {
    let voicemail = format!("“This is Muster at {}. {}.”", scene.org.organisation.name, message.title);
    let (icon, kind, subject, text) = match (message.means.as_str(), message.state.as_str()) {
        ("call", "voicemail") => (Icon::Voicemail, "Voicemail", None, voicemail),
        ("call", _) => return None,
        ("text", _) => (Icon::Mobile, "Text", None, message.text.clone()),
        ("email", _) => (Icon::Mail, "Email", Some(message.title.clone()), message.text.clone()),
        ("push", _) => (Icon::Bolt, "Push", Some(message.title.clone()), message.text.clone()),
        _ => (Icon::Bolt, "Message", Some(message.title.clone()), message.text.clone()),
    };
    let link = message.link.as_deref().filter(|_| message.means != "call").map(here);
    Some(Message { icon, kind: kind.into(), at: scene.times.at(message.at), subject, text, link })
}

/// The path of an address of ours: the link works by whatever name the demo is reached.
fn here(link: &str) -> String {
    let path = link.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| rest[at..].to_owned()));
    path.unwrap_or_else(|| link.to_owned())
}

#[cfg(test)]
mod tests {
    use super::here;

    #[test]
    fn links_lead_to_where_the_demo_is_open() {
        for (link, path) in [
            ("http://127.0.0.1:8080/l/ml_x", "/l/ml_x"),
            ("https://muster.example.org/incidents/2026-001", "/incidents/2026-001"),
            ("/l/ml_x", "/l/ml_x"),
        ] {
            assert_eq!(here(link), path);
        }
    }
}
