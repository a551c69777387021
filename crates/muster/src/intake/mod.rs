//! What senders say, each format turned into [`Signal`]s. Pure: bytes in, signals out.
//!
//! A payload that came with a right key is never refused: what can't be read becomes an alert that
//! shows it, because a page lost to a sender's change of format is the worse failure.

mod alertmanager;
mod generic;
mod limits;
pub mod nagios;
mod prometheus;
mod words;

pub use limits::bounded;

#[cfg(test)]
mod tests;

use muster_core::alert::{DETAIL_MAX, Signal, Status};
use muster_core::system::Condition;
use muster_core::{Span, Time, later};
use serde_json::Value;
use std::collections::BTreeMap;

/// Most alerts read of one payload, so that a small body can't become a huge list. Alertmanager and Prometheus send
/// hundreds at most; what is beyond opens an alert that says so.
pub const EVENTS_MAX: usize = 10_000;

/// How a sender writes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// Alertmanager's webhook, version 4.
    Alertmanager,
    /// What Prometheus itself posts to `/api/v2/alerts`.
    Prometheus,
    /// Muster's own, as JSON or as a form.
    Generic,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 3] = [Self::Alertmanager, Self::Prometheus, Self::Generic];

    /// The word for it in addresses and settings.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Alertmanager => "alertmanager",
            Self::Prometheus => "prometheus",
            Self::Generic => "generic",
        }
    }

    /// The format of that name.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.word() == word)
    }

    fn sender(self) -> &'static str {
        match self {
            Self::Alertmanager => "Alertmanager",
            Self::Prometheus => "Prometheus",
            Self::Generic => "a generic sender",
        }
    }
}

/// Why something can't be read, in words for the administrator of the sender.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
struct Unparsed(String);

/// The signals in `body`, every text within the limits of [`muster_core::alert`]. What can't be read, the whole or some
/// alerts of it, gives one more signal: a firing one that shows why, under one key for the format so that
/// repeats fold. Times later than `received_at` count as that.
#[must_use]
pub fn parse(format: Format, body: &[u8], content_type: Option<&str>, received_at: Time) -> Vec<Signal> {
    let (mut signals, failure) = match events(format, body, content_type) {
        Ok(events) => read_each(format, events, received_at),
        Err(Unparsed(why)) => (Vec::new(), Some(why)),
    };
    signals.extend(failure.map(|why| unparsed(format, &why, body, received_at)));
    signals.into_iter().map(|signal| limits::bounded(signal, received_at)).collect()
}

/// What tells of one alert each.
fn events(format: Format, body: &[u8], content_type: Option<&str>) -> Result<Vec<Value>, Unparsed> {
    match format {
        Format::Alertmanager => alertmanager::alerts(json(body)?),
        Format::Prometheus => prometheus::alerts(json(body)?),
        Format::Generic => generic::events(body, content_type),
    }
}

/// The signals, and why some of `events` gave none.
fn read_each(format: Format, events: Vec<Value>, received_at: Time) -> (Vec<Signal>, Option<String>) {
    let all = events.len();
    let read = |event| match format {
        Format::Alertmanager => alertmanager::signal(event),
        Format::Prometheus => prometheus::signal(event, received_at),
        Format::Generic => generic::signal(event),
    };
    let (mut signals, mut unread, mut first_why) = (Vec::new(), all.saturating_sub(EVENTS_MAX), None);
    if unread > 0 {
        first_why = Some(format!("more than {EVENTS_MAX} came at once"));
    }
    for event in events.into_iter().take(EVENTS_MAX) {
        match read(event) {
            Ok(signal) => signals.push(signal),
            Err(Unparsed(why)) => {
                unread += 1;
                first_why.get_or_insert(why);
            }
        }
    }
    let failure = first_why.map(|why| match all {
        1 => why,
        _ => format!("{unread} of {all} alerts can't be read; the first because {why}"),
    });
    (signals, failure)
}

/// The alert that shows what can't be read.
pub(crate) fn unparsed(format: Format, why: &str, body: &[u8], received_at: Time) -> Signal {
    // A character has at most four bytes, so this is enough to fill what is kept.
    let beginning = String::from_utf8_lossy(&body[..body.len().min(4 * DETAIL_MAX)]);
    Signal {
        key: format!("unparsed:{}", format.word()),
        status: Status::Firing,
        title: format!("Unparsed event from {}", format.sender()),
        host: String::new(),
        service: String::new(),
        detail: format!("It can't be read: {why}.\nIt begins: {beginning}"),
        labels: BTreeMap::new(),
        condition: Condition::Degraded,
        happened_at: None,
        // No sender will ever say that it is over.
        ends_at: Some(later(received_at, UNPARSED_LASTS)),
        link: None,
    }
}

/// How long an alert that shows what can't be read goes on after the last that came. Long enough for somebody to be
/// called for it; and what comes a day later is news again.
const UNPARSED_LASTS: Span = Span::from_hours(1);

/// `body` as JSON, whatever its content type says. Nesting is bounded by the parser.
fn json(body: &[u8]) -> Result<Value, Unparsed> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body); // some senders begin with a byte order mark
    if body.trim_ascii().is_empty() {
        return Err(Unparsed("the body is empty".into()));
    }
    serde_json::from_slice(body).map_err(|e| Unparsed(format!("it is not JSON: {e}")))
}

/// Text, number or truth as text; nothing for what is empty or has parts.
fn scalar(value: Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::String(_) | Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The parts of an object that are [scalar], by name; none if it isn't one.
fn scalars(value: Value) -> BTreeMap<String, String> {
    let Value::Object(parts) = value else { return BTreeMap::new() };
    parts.into_iter().filter_map(|(name, part)| Some((name, scalar(part)?))).collect()
}

/// Takes the field `name` out of an event; null if it is not there, or the event has no fields.
fn take(event: &mut Value, name: &str) -> Value {
    event.get_mut(name).map(Value::take).unwrap_or_default()
}
