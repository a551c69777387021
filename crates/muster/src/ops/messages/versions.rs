//! What people are told about a version of the procedure.

use super::{Kept, Text};
use muster_core::Time;
use muster_core::contact::MeansKind;
use muster_core::directory::Organisation;
use muster_core::duty::Duty;
use muster_core::entry::{Entry, Fact, Tried};
use muster_core::event::Event;
use muster_core::ids::PersonRef;
use muster_core::version::Version;
use muster_core::words::{clock, sentence};

impl Kept for Version {
    /// Nobody is summoned about a version; this is what they would read.
    fn asks(&self, tried: &Tried, url: &str) -> Text {
        Text { person: tried.person.name.clone(), ..text(self, "waits for you".into(), String::new(), url.to_owned()) }
    }

    fn reminds(&self, duty: &Duty, public_url: &str) -> Option<Text> {
        let due = clock(duty.due, self.last_recorded_at, &self.time_zone);
        let what = format!("{}. It was due at {due}.", duty.what);
        Some(text(self, "is not signed yet".into(), what, page(self, public_url)))
    }

    /// The date of its review goes where calendars are.
    fn goes_by(&self, entry: &Entry) -> Option<MeansKind> {
        matches!(entry.fact, Fact::VersionInForce(_) | Fact::VersionReplaced(_)).then_some(MeansKind::Email)
    }

    /// Whoever may sign hears of it as soon as it is proposed; when it is reviewed next, as soon as it is in force.
    fn warns(&self, entry: &Entry, _: &Organisation, public_url: &str) -> Vec<(PersonRef, Text)> {
        let fact = match &entry.fact {
            Fact::VersionProposed(fact) => fact,
            Fact::VersionInForce(_) => return reviewed(self, entry.recorded_at, false, public_url),
            Fact::VersionReplaced(_) => return reviewed(self, entry.recorded_at, true, public_url),
            _ => return Vec::new(),
        };
        let by = clock(fact.sign_by, self.last_recorded_at, &self.time_zone);
        let mut told: Vec<(PersonRef, Text)> = Vec::new();
        for signer in &self.signers {
            let what = format!("Read it, and sign it for {} by {by}, or say what has to change.", signer.group.name);
            for person in &signer.group.people {
                if !told.iter().any(|(p, _)| p.id == person.id) {
                    let text = text(self, "waits to be signed".into(), what.clone(), page(self, public_url));
                    told.push((person.clone(), text));
                }
            }
        }
        told
    }
}

/// Invites whoever wrote it and whoever may sign it to its next review, unless that is past; or takes that back, as
/// another version holds.
fn reviewed(version: &Version, now: Time, is_off: bool, public_url: &str) -> Vec<(PersonRef, Text)> {
    let Some(at) = version.next_review.filter(|at| *at > now) else { return Vec::new() };
    let when = clock(at, now, &version.time_zone);
    let title = format!("Review of the procedure, version {}", version.number);
    let (state, what) = match is_off {
        false => ("is in force", format!("It is reviewed at {when}. The date is in the invitation.")),
        true => ("is not in force any more", format!("Its review at {when} is off: what replaces it has its own.")),
    };
    let event = Event {
        id: format!("policy-{}-review", version.number),
        version: u32::from(is_off),
        starts_at: at,
        title,
        text: format!("{}\n{}", sentence(&version.note), page(version, public_url)),
        place: String::new(),
        cancelled: is_off,
    };
    let text = Text { event: Some(event), ..text(version, state.into(), what, page(version, public_url)) };
    let signers = version.signers.iter().flat_map(|s| &s.group.people);
    let mut told: Vec<(PersonRef, Text)> = Vec::new();
    for person in version.author.iter().chain(signers) {
        if !told.iter().any(|(p, _)| p.id == person.id) {
            told.push((person.clone(), text.clone()));
        }
    }
    told
}

fn page(version: &Version, public_url: &str) -> String {
    format!("{public_url}/policy/{}", version.number)
}

fn text(version: &Version, state: String, what: String, url: String) -> Text {
    let subject = format!("Version {} of the procedure {state}", version.number);
    Text {
        person: String::new(),
        text: format!("{subject}. {what} {url}"),
        body: format!("{what}\n\nWhy it is changed: {}\n{url}\n", sentence(&version.note)),
        subject,
        link: Some(url),
        urgent: false,
        event: None,
    }
}
