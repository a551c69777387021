//! What people are told about a version of the procedure.

use super::{Kept, Text};
use muster_core::directory::Organisation;
use muster_core::duty::Duty;
use muster_core::entry::{Entry, Fact, Tried};
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

    /// Whoever may sign hears of it as soon as it is proposed.
    fn warns(&self, entry: &Entry, _: &Organisation, public_url: &str) -> Vec<(PersonRef, Text)> {
        let Fact::VersionProposed(fact) = &entry.fact else { return Vec::new() };
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
