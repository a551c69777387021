//! What the next signal of an open alert changes.

use super::{Signal, Status};
use crate::Time;

/// What is known of an open alert when its next signal comes.
#[derive(Clone, PartialEq, Debug)]
pub struct Known<'a> {
    /// Whether the newest signal said that something is wrong.
    pub firing: bool,
    /// The condition that the newest firing signal suggested, as a word.
    pub sent: &'a str,
    /// When it will be looked at anyway.
    pub due_at: Option<Time>,
    /// When it is over by itself.
    pub ends_at: Option<Time>,
    /// Whether it belongs to an incident, and if so whether that still goes on.
    pub incident_goes_on: Option<bool>,
}

/// What a signal changes of its open alert besides the count.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Heard {
    /// Whether it says something new. What it only repeats is counted, and changes nothing.
    pub news: bool,
    /// Whether it begins to fire again after it was over, but before anybody saw that.
    pub fires_anew: bool,
    /// When the alert is to be looked at from now on.
    pub due_at: Option<Time>,
    /// When it is over by itself from now on.
    pub ends_at: Option<Time>,
}

/// What `signal`, accepted at `at`, changes. A change of what is said is looked at at once; and so is an alert that goes
/// on although its incident is over.
#[must_use]
pub fn hear(known: &Known<'_>, signal: &Signal, at: Time) -> Heard {
    if signal.status == Status::Resolved {
        return Heard { news: known.firing, fires_anew: false, due_at: Some(at), ends_at: known.ends_at };
    }
    let fires_anew = !known.firing;
    let news = fires_anew || known.sent != signal.condition.word();
    let ends_sooner = signal.ends_at.filter(|ends| known.due_at.is_none_or(|due| *ends < due));
    let due_at = if news || known.incident_goes_on == Some(false) { Some(at) } else { ends_sooner.or(known.due_at) };
    Heard { news, fires_anew, due_at, ends_at: signal.ends_at }
}
