//! The incident form (DOC-1) with its notes (DOC-2), computed from a log.
//!
//! Plain data: what a page, a printed form and an export show. Every time is given twice, in words by
//! the organisation's clocks and as an instant for machines. Nothing here says how it looks.

mod fields;
mod notes;
pub mod plan;

pub use notes::Note;

use crate::Time;
use crate::entry::Entry;
use crate::incident::Incident;
use crate::words::in_full;
use serde::Serialize;
use std::borrow::Cow;

/// An incident on paper.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Form {
    /// Whose form it is.
    pub organisation: String,
    /// The incident's reference number.
    pub number: String,
    /// Where it stands: "Restored".
    pub state: String,
    /// As of when the form was made, in words.
    pub as_of: String,
    /// The same, for machines.
    pub as_of_at: Time,
    /// The time zone of all times in words, by its IANA name.
    pub time_zone: String,
    /// The newest entry of the log that the form was made from.
    pub entry: u64,
    /// Every field, in the order of its number.
    pub fields: Vec<Field>,
    /// Every entry, in the order of the log.
    pub notes: Vec<Note>,
}

/// A numbered field.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Field {
    /// Its number on the form.
    pub number: u8,
    /// Its name for programs. Never changes.
    pub key: Cow<'static, str>,
    /// Its name for people.
    pub label: Cow<'static, str>,
    /// What it says, one thing each. Empty where nothing is to be said yet.
    pub value: Vec<String>,
    /// What is to be known of it: "estimate, entry 8". May be empty.
    pub remark: String,
    /// The instant, if the field is a time that is known.
    pub at: Option<Time>,
    /// What there is to tick, if it is one of a few; what is ticked is the value.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub offered: Vec<String>,
}

impl Form {
    /// The form that the log of `incident` makes at `now`. `entries` is that log, whole and in order.
    #[must_use]
    pub fn of(incident: &Incident, entries: &[Entry], now: Time) -> Self {
        Self {
            organisation: incident.terms.organisation.clone(),
            number: incident.number.clone(),
            state: incident.state_words(),
            as_of: in_full(now, &incident.terms.time_zone),
            as_of_at: now,
            time_zone: incident.terms.time_zone.clone(),
            entry: incident.seq,
            fields: fields::of(incident, entries, now),
            notes: notes::of(incident, entries),
        }
    }

    /// The field of that key.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|f| f.key == key)
    }
}
