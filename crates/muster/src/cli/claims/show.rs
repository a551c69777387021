//! Work and wishes, each on a line.

use super::{AskedPerson, AtWork, Disruption, Work};
use crate::clock::{Clock, SystemClock};
use muster_core::{Time, words};
use std::fmt::Write;

/// A time by the organisation's clocks; the day too, if it is not today.
pub(super) fn at(time: Time, zone: &str) -> String {
    words::clock(time, SystemClock.now(), zone)
}

pub(in crate::cli) fn line(work: &AtWork, zone: &str) -> String {
    let place = if work.host.is_empty() { &work.system.name } else { &work.host };
    let (who, what, since) = (&work.person.name, &work.what, at(work.since, zone));
    match work.logged_in {
        true => format!("{who} is logged in on {place} since {since}: {what}"),
        false => format!("{who} on {place} since {since}, until about {}: {what}", at(work.until, zone)),
    }
}

pub(super) fn waits(ask: &Disruption, zone: &str) -> String {
    let place = if ask.host.is_empty() { &ask.system.name } else { &ask.host };
    format!("{} wants to {} on {place}, waits since {}", ask.person.name, ask.what, at(ask.at, zone))
}

/// A heading and lines below it, if there are any.
pub(in crate::cli) fn lines(out: &mut String, heading: &str, all: impl Iterator<Item = String>) {
    let all: Vec<_> = all.collect();
    if !all.is_empty() {
        let _ = writeln!(out, "{heading}:");
        all.iter().for_each(|l| out.push_str(&format!("  {l}\n")));
    }
}

pub(super) fn clash(others: &[AtWork], zone: &str) -> String {
    let mut text = String::new();
    let heading = "YOU ARE NOT ALONE. Whoever claimed was told of you at once";
    lines(&mut text, heading, others.iter().map(|w| line(w, zone)));
    text
}

/// Which incidents hear of it; nothing if there is none.
pub(super) fn incidents(work: &Work) -> String {
    match work.incidents.as_slice() {
        [] => String::new(),
        all => format!("It stands in the log of incident {} as well.\n", all.join(", ")),
    }
}

/// Who is asked, and what came of it: what guard shows while it holds.
pub(super) fn asked(person: &AskedPerson, zone: &str) -> String {
    let name = &person.person.name;
    let why = match &person.at_work {
        Some(work) if work.logged_in => format!("logged in since {}, {}", at(work.since, zone), work.what),
        Some(work) => format!("at work since {}: {}", at(work.since, zone), work.what),
        None => "technical contact".to_owned(),
    };
    let said = match (person.answer.as_deref(), person.last_try.as_str()) {
        (Some("take"), _) => "lets it happen".to_owned(),
        (Some("cannot"), _) => "SAYS NOT NOW".to_owned(),
        (Some("know"), _) => "has read it, no answer".to_owned(),
        (_, "") => "Muster has no way to ask them: ring them".to_owned(),
        (_, last) => format!("no answer yet ({last})"),
    };
    format!("{name} ({why}): {said}")
}
