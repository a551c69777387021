//! The words and times that senders use, read generously.

use muster_core::alert::Status;
use muster_core::system::Condition;
use muster_core::{Span, Time, at_ms};
use serde_json::Value;

/// What a word says, be it called state, status or severity.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Meaning {
    /// It is over.
    Over,
    /// Something is wrong, and how badly if it says so.
    Wrong(Option<Condition>),
}

impl Meaning {
    pub(super) fn status(self) -> Status {
        match self {
            Self::Over => Status::Resolved,
            Self::Wrong(_) => Status::Firing,
        }
    }

    pub(super) fn condition(self) -> Option<Condition> {
        match self {
            Self::Over => None,
            Self::Wrong(condition) => condition,
        }
    }
}

/// The meaning of `word`, in any case; none if it is not one of those that monitors use.
pub(super) fn meaning(word: &str) -> Option<Meaning> {
    let wrong = |condition| Some(Meaning::Wrong(Some(condition)));
    match word.trim().to_lowercase().as_str() {
        "resolved" | "resolve" | "recovery" | "recovered" | "ok" | "up" | "clear" | "cleared" | "closed" | "close"
        | "normal" | "inactive" | "healthy" => Some(Meaning::Over),
        "firing" | "problem" | "alerting" | "triggered" | "trigger" | "open" | "active" | "alarm" | "failed" => {
            Some(Meaning::Wrong(None))
        }
        "down" | "critical" | "error" | "page" | "emergency" | "fatal" | "disaster" | "unreachable" => {
            wrong(Condition::Down)
        }
        "degraded" | "warning" | "warn" | "minor" | "unknown" => wrong(Condition::Degraded),
        "predicted" | "prediction" => wrong(Condition::Predicted),
        "information" | "info" | "informational" | "notice" | "debug" | "none" => wrong(Condition::Information),
        _ => None,
    }
}

/// What a sender suggests if it says nothing about how bad it is.
pub(super) fn usual_condition(status: Status) -> Condition {
    match status {
        Status::Firing => Condition::Degraded,
        Status::Resolved => Condition::Information,
    }
}

/// Seconds since 1970 stay below this until the year 5138; a larger number counts milliseconds.
const MILLISECONDS_FROM: f64 = 1e11;

/// A time as RFC 3339 or as seconds or milliseconds since 1970, as a number or as text. What senders write for
/// "none" (year 1, second 0) is none, and so is a time without an offset: nobody knows whose clock that was.
pub(super) fn time(value: &Value) -> Option<Time> {
    let number = match value {
        Value::String(text) => match text.trim().parse::<f64>() {
            Ok(number) => number,
            Err(_) => return text.trim().parse().ok().filter(|t| *t > Time::UNIX_EPOCH),
        },
        other => other.as_f64()?,
    };
    let seconds = if number >= MILLISECONDS_FROM { number / 1_000.0 } else { number };
    let since_1970 = Span::try_from_secs_f64(seconds + 0.000_5).ok()?; // to the nearest millisecond
    let ms = i64::try_from(since_1970.as_millis()).ok()?;
    Some(at_ms(ms)).filter(|t| *t > Time::UNIX_EPOCH && *t < Time::MAX)
}
