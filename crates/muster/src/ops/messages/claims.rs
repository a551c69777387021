//! What people are told about a system that they work on.

use super::{Kept, Text};
use muster_core::Time;
use muster_core::claim::{Ask, Claims};
use muster_core::directory::Organisation;
use muster_core::entry::{
    AtWork, Authority, ClaimEnd, ClaimEnded, Claimed, DisruptionSettled, Entry, Fact, Settlement, Tried,
};
use muster_core::ids::{PersonId, PersonRef};
use muster_core::subject::Subject;
use muster_core::words::{clock, sentence};

impl Kept for Claims {
    fn asks(&self, tried: &Tried, url: &str) -> Text {
        let ask = self.summons(&tried.summons).and_then(|s| s.ask).and_then(|entry| self.ask(entry));
        let who = ask.map_or("Somebody", |a| a.person.name.as_str());
        let what = ask.map_or("disrupt it", |a| a.what.as_str());
        let place = ask.map_or_else(|| self.name.clone(), |a| place(&self.name, &a.host));
        let why = ask.map_or_else(String::new, |a| why_asked(self, a, &tried.person.id));
        let body = format!(
            "{who} wants to do this to {place}: {}\n{why}\nIt waits until everybody who is at work lets it happen.\n\n\
             Answer here, with one tap and no password: I let it happen, or not now.\n{url}\n\n\
             This link is yours alone. Opening it answers nothing.\n",
            sentence(what),
        );
        Text {
            person: tried.person.name.clone(),
            subject: format!("{place}: {who} wants to {what}"),
            text: format!("{place}: {who} wants to {} {why} Answer: {url}", sentence(what)),
            body,
            link: Some(url.to_owned()),
            urgent: true,
            event: None,
        }
    }

    fn warns(&self, entry: &Entry, org: &Organisation, public_url: &str) -> Vec<(PersonRef, Text)> {
        let url = format!("{public_url}/systems/{}", self.system);
        match &entry.fact {
            Fact::Claimed(fact) => clash(self, fact, &url),
            Fact::ClaimEnded(fact) if fact.how == ClaimEnd::SystemGone => {
                gone(self, fact, &format!("{public_url}/systems"))
            }
            Fact::DisruptionSettled(fact) if fact.how == Settlement::Overridden => {
                let mut told = overridden(self, fact, org, &url);
                told.extend(in_your_name(self, fact, entry.author.name(), &url));
                told
            }
            _ => Vec::new(),
        }
    }
}

fn why_asked(claims: &Claims, ask: &Ask, person: &PersonId) -> String {
    match claims.hits(ask, person) {
        Some(w) if w.logged_in => format!("You are logged in on {}.", place(&w.system_name, &w.host)),
        Some(w) => format!("You are at work on {}: {}", place(&w.system_name, &w.host), sentence(&w.what)),
        None => format!("You are a technical contact of {}.", claims.name),
    }
}

fn at(claims: &Claims, t: Time) -> String {
    clock(t, claims.last_recorded_at, &claims.time_zone)
}

/// Both hear of each other at once: whoever was there of the newcomer, and the newcomer of all of them.
fn clash(claims: &Claims, fact: &Claimed, url: &str) -> Vec<(PersonRef, Text)> {
    let here = place(&claims.name, &fact.host);
    let how = match (&fact.session, fact.disruptive) {
        (Some(_), _) => "has logged in to",
        (None, false) => "works on",
        (None, true) => "cuts others off from",
    };
    let mut told: Vec<(PersonRef, Text)> = Vec::new();
    for other in &fact.clashes {
        if told.iter().any(|(p, _)| p.id == other.person.id) {
            continue;
        }
        let until = at(claims, fact.until);
        let what = format!("{} {how} {here}, until about {until}: {}", fact.person.name, sentence(&fact.what));
        let yours = format!("You are at work on {}: {}", place(&other.system_name, &other.host), sentence(&other.what));
        let subject = format!("{here}: {} {how} it as well", fact.person.name);
        told.push((other.person.clone(), warning(subject, &format!("{what} {yours}"), url)));
    }
    if !told.is_empty() {
        let since = |w: &AtWork| {
            let (place, what) = (place(&w.system_name, &w.host), w.what.trim_end_matches('.'));
            format!("{} on {place}, since {}: {what}", w.person.name, at(claims, w.since))
        };
        let all = fact.clashes.iter().map(since).collect::<Vec<_>>().join("; ");
        let text = format!("You are not alone on {here}. {} They know of you.", sentence(&all));
        told.push((fact.person.clone(), warning(format!("{here}: others are at work"), &text, url)));
    }
    told
}

/// Whoever is at work on a system that is taken out of the directory hears that nobody is warned of them any more.
fn gone(claims: &Claims, fact: &ClaimEnded, url: &str) -> Vec<(PersonRef, Text)> {
    let what = claims.claim(fact.claim).map_or_else(String::new, |c| sentence(&c.what));
    let text = format!(
        "{} is in Muster's directory no more, and your claim ended with it: {what} Whoever wants to disrupt it is not \
         told of you now. Claim the system that it is part of, if you are still at work.",
        claims.name
    );
    vec![(fact.person.clone(), warning(format!("{}: your claim ended", claims.name), &text, url))]
}

/// Everybody who was gone over hears it, and every technical contact.
fn overridden(claims: &Claims, fact: &DisruptionSettled, org: &Organisation, url: &str) -> Vec<(PersonRef, Text)> {
    let contacts = org.systems.get(&claims.system).map(|s| s.contacts.as_slice()).unwrap_or_default();
    let contacts = contacts.iter().filter(|id| **id != fact.person.id).map(|id| org.person_ref(id));
    let mut people: Vec<PersonRef> = fact.unanswered.clone();
    for contact in contacts {
        if !people.iter().any(|p| p.id == contact.id) {
            people.push(contact);
        }
    }
    let as_what = match &fact.authority {
        Some(Authority::IncidentManager(number)) if number.is_empty() => {
            "it is theirs to allow by their office".to_owned()
        }
        Some(Authority::IncidentManager(number)) => format!("the Incident Manager of {number} allowed it"),
        Some(Authority::Management) => "management allowed it".to_owned(),
        Some(Authority::Nobody) | None => "NOBODY BUT THEMSELVES ALLOWED IT".to_owned(),
    };
    let what = fact.what.trim_end_matches('.');
    let text = format!(
        "{} begins now: {what}. You had not let it happen; {as_what}: {}",
        fact.person.name,
        sentence(&fact.reason)
    );
    let subject = format!("{}, OVERRIDDEN: {what}", claims.name);
    people.into_iter().map(|p| (p, warning(subject.clone(), &text, url))).collect()
}

/// A server says who is at its keyboard, and cannot prove it: in whose name it overrides hears of it at once.
fn in_your_name(claims: &Claims, fact: &DisruptionSettled, server: &str, url: &str) -> Option<(PersonRef, Text)> {
    let person = fact.over_by.clone()?;
    let what = fact.what.trim_end_matches('.');
    let text = format!(
        "{server} tells that you overrode those who are at work, for {}: {what}. Reason: {} If that was not you, ring {} now.",
        fact.person.name,
        sentence(&fact.reason),
        if fact.person.id == person.id { "whoever works there" } else { &fact.person.name },
    );
    Some((person, warning(format!("{}, OVERRIDDEN in your name: {what}", claims.name), &text, url)))
}

fn warning(subject: String, text: &str, url: &str) -> Text {
    Text {
        person: String::new(),
        text: format!("{subject}. {text} {url}"),
        body: format!("{text}\n\n{url}\n"),
        subject,
        link: Some(url.to_owned()),
        urgent: true,
        event: None,
    }
}

/// `Email on mail-02`, or the system alone.
fn place(system: &str, host: &str) -> String {
    if host.is_empty() { system.to_owned() } else { format!("{system} on {host}") }
}
