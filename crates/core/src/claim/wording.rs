//! What the entries of a system's log say, in words.

use super::{Ask, Claims};
use crate::Time;
use crate::entry::{AtWork, Authority, ClaimEnd, Fact, HeardOfSystem, NoteKind, Settlement};
use crate::ids::PersonRef;
use crate::incident::{Line, Tone};
use crate::words::{clock, sentence};

/// What `fact` says, if it is one of a system's log. `at` says a time.
pub(crate) fn line(fact: &Fact, author: &str, at: &dyn Fn(Time) -> String) -> Option<Line> {
    let toned = |kind, lead: &str, text: String, tone| Line { kind, lead: lead.into(), text, tone, proof: None };
    let told = |person: &PersonRef| if author == person.name { String::new() } else { format!(" Told by {author}.") };
    Some(match fact {
        Fact::SystemNamed(f) => {
            toned(NoteKind::Other, &f.name, "is what this system is called from now on.".into(), Tone::Plain)
        }
        Fact::Claimed(f) => {
            let on = on(&f.host);
            let what = sentence(&f.what);
            let text = match (&f.session, f.disruptive) {
                (Some(_), _) => format!("is logged in{on}: {what}"),
                (None, false) => format!("works here{on} until about {}: {what}", at(f.until)),
                (None, true) => format!("works here{on} and cuts others off, until about {}: {what}", at(f.until)),
            };
            let clash = match f.clashes.as_slice() {
                [] => String::new(),
                all => format!(" At work as well, and warned: {}.", who(all, at)),
            };
            let tone = if f.clashes.is_empty() { Tone::Plain } else { Tone::Warning };
            toned(NoteKind::Change, &f.person.name, format!("{text}{}{clash}", told(&f.person)), tone)
        }
        Fact::ClaimRenewed(f) => {
            let told_by = f.person.as_ref().map_or_else(String::new, told);
            let text = format!("goes on until about {} (entry {}).{told_by}", at(f.until), f.claim);
            let who = f.person.as_ref().map_or(author, |p| &p.name);
            toned(NoteKind::Change, who, text, Tone::Plain)
        }
        Fact::ClaimEnded(f) => {
            let (text, tone) = match f.how {
                ClaimEnd::Released => ("is done here.", Tone::Good),
                ClaimEnd::LoggedOut => ("has logged out.", Tone::Plain),
                ClaimEnd::SaidGone => ("is gone,", Tone::Warning),
                ClaimEnd::Expired => ("has not said that the work is done: the time claimed is up.", Tone::Warning),
                ClaimEnd::SystemGone => ("works here no more: the system is in the directory no more.", Tone::Plain),
            };
            let changed = match (f.how, f.changed.as_str()) {
                (ClaimEnd::SaidGone, why) => format!(" says {author}: {}", sentence(why)),
                (_, "") => String::new(),
                (_, changed) => format!(" Changed: {}", sentence(changed)),
            };
            let told = match f.how {
                ClaimEnd::Released | ClaimEnd::LoggedOut => told(&f.person),
                ClaimEnd::SaidGone | ClaimEnd::Expired | ClaimEnd::SystemGone => String::new(),
            };
            toned(NoteKind::Change, &f.person.name, format!("{text}{changed}{told}"), tone)
        }
        Fact::DisruptionAsked(f) => {
            let on = on(&f.host);
            let hit = match f.at_work.as_slice() {
                [] => " Nobody is at work.".to_owned(),
                all => format!(" At work: {}.", who(all, at)),
            };
            let contacts = names(&f.contacts);
            let contacts =
                if contacts.is_empty() { String::new() } else { format!(" Technical contacts asked: {contacts}.") };
            let text = format!("wants to disrupt it{on}: {}{}{hit}{contacts}", sentence(&f.what), told(&f.person));
            toned(NoteKind::Change, &f.person.name, text, Tone::Warning)
        }
        Fact::WorkElsewhere(f) => {
            let text = match f.at_work.as_slice() {
                [] => "Nobody is at work on what hangs together with it any more.".to_owned(),
                all => format!("At work on what hangs together with it: {}.", who(all, at)),
            };
            toned(NoteKind::Activity, "Elsewhere:", text, Tone::Plain)
        }
        Fact::DisruptionSettled(f) => settled(f.how, f, author),
        Fact::HeardOfSystem(f) => toned(NoteKind::Change, &format!("{}:", f.name), f.text.clone(), Tone::Plain),
        _ => return None,
    })
}

impl Claims {
    /// Who is at work and who waits at `now`, for the log of an incident that begins to affect the system; none if nobody.
    #[must_use]
    pub fn standing(&self, now: Time) -> Option<HeardOfSystem> {
        let at = |t: Time| clock(t, now, &self.time_zone);
        let mut said = Vec::new();
        let here = self.at_work();
        if !here.is_empty() {
            said.push(format!("At work already: {}.", who(&here, &at)));
        }
        let wants = |a: &Ask| format!("{} ({}, since {})", a.person.name, a.what.trim_end_matches('.'), at(a.at));
        let waiting: Vec<_> = self.open_asks().map(wants).collect();
        if !waiting.is_empty() {
            said.push(format!("Waits to disrupt it: {}.", waiting.join(", ")));
        }
        let (system, name) = (self.system.clone(), self.name.clone());
        (!said.is_empty()).then(|| HeardOfSystem { system, name, entry: self.seq, text: said.join(" ") })
    }
}

fn settled(how: Settlement, f: &crate::entry::DisruptionSettled, author: &str) -> Line {
    let (person, what) = (&f.person.name, f.what.trim_end_matches('.'));
    let over = match names(&f.unanswered) {
        names if names.is_empty() => String::new(),
        names => format!(" Had not let it happen: {names}."),
    };
    let (lead, text, tone) = match (how, &f.authority) {
        (Settlement::Overridden, authority) => {
            let as_what = match authority {
                Some(Authority::IncidentManager(number)) if number.is_empty() => ", by their office".to_owned(),
                Some(Authority::IncidentManager(number)) => format!(", Incident Manager of {number}"),
                Some(Authority::Management) => ", management".to_owned(),
                Some(Authority::Nobody) | None => ", ON NOBODY'S AUTHORITY BUT THEIR OWN".to_owned(),
            };
            let (by, told) = match &f.over_by {
                Some(person) => (person.name.as_str(), format!(" Told by {author}.")),
                None => (author, String::new()),
            };
            let text = format!("{person}: {what}. By {by}{as_what}: {}{over}{told}", sentence(&f.reason));
            ("Overridden:", text, Tone::Warning)
        }
        (Settlement::Clear, _) => ("May begin:", format!("{person}: {what}; {}.", f.reason), Tone::Decided),
        (Settlement::Released, _) => ("May begin:", format!("{person}: {what}; {}.", f.reason), Tone::Good),
        (Settlement::Withdrawn, _) => {
            let why = if f.reason.is_empty() { String::new() } else { format!("; {}", f.reason) };
            ("Not wanted any more:", format!("{person}: {what}{why}."), Tone::Plain)
        }
        (Settlement::TimedOut, _) => {
            ("Not let happen:", format!("{person}: {what}; {}.{over}", f.reason), Tone::Warning)
        }
    };
    Line { kind: NoteKind::Decision, lead: lead.into(), text, tone, proof: None }
}

fn on(host: &str) -> String {
    if host.is_empty() { String::new() } else { format!(" on {host}") }
}

fn names(people: &[PersonRef]) -> String {
    people.iter().map(|p| p.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// Who, what, since when: `Marta Lindqvist on Email (vendor patch, since 09:12 GMT)`.
fn who(all: &[AtWork], at: &dyn Fn(Time) -> String) -> String {
    let one = |w: &AtWork| {
        let place = if w.host.is_empty() { &w.system_name } else { &w.host };
        let what = w.what.trim_end_matches('.');
        let logged_in = if w.logged_in { "logged in, " } else { "" };
        format!("{} on {place} ({logged_in}{what}, since {})", w.person.name, at(w.since))
    };
    all.iter().map(one).collect::<Vec<_>>().join(", ")
}
