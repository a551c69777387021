//! The service-disruption process of an IT organisation, and nothing else.
//!
//! No I/O, no async, no clock and no randomness: `now` and ids are arguments. So every rule here
//! can be proved by a table of cases, and the same inputs give the same outputs for ever.
//!
//! # Reading order
//! 1. [`ids`], [`directory`], [`system`], [`policy`], [`procedure`], [`calendar`]: the organisation and its rules.
//! 2. [`alert`]: what a monitoring system says, and what becomes of it.
//! 3. [`entry`]: the facts that a log holds. [`incident`]: folding them, and deciding new ones.
//!    [`claim`]: the same for a system that people work on, or want to disrupt.
//! 4. [`subject`]: what every log has in common. [`summons`]: pursuing a person until direct contact. [`duty`]: who owes what by when; [`compliance`]: and what became of it.
//! 5. [`form`]: the paper that a log makes, and [`words`] for it. [`chain`]: the proof that nothing is missing.

#[macro_use]
pub mod planted;

pub mod alert;
pub mod calendar;
pub mod chain;
mod check;
pub mod claim;
pub mod communications;
pub mod compliance;
pub mod contact;
pub mod custom;
pub mod directory;
pub mod duty;
pub mod entry;
pub mod event;
pub mod form;
pub mod ids;
pub mod incident;
pub mod policy;
pub mod procedure;
pub mod refusal;
pub mod subject;
pub mod summons;
pub mod system;
pub mod version;
pub mod words;

/// An instant. Muster keeps times to the millisecond: use [`at_ms`] at the borders.
pub use jiff::Timestamp as Time;

/// A length of time, negative if it lies backwards. Written as `5m`, `2h 30m` or ISO 8601 in files.
pub use jiff::SignedDuration as Span;

/// For `serialize_with`: people edit the organisation's file, so that a length of time stands in it as `5m`.
/// Reading takes this and ISO 8601 without being told.
pub(crate) use jiff::fmt::serde::duration::friendly::compact::{optional as in_short_if_any, required as in_short};

/// The instant `ms` milliseconds after 1970-01-01T00:00Z, held inside what a calendar can show.
#[must_use]
pub fn at_ms(ms: i64) -> Time {
    Time::from_millisecond(ms).unwrap_or(if ms < 0 { Time::MIN } else { Time::MAX })
}

/// `t` without its part below a millisecond, which no table of Muster's keeps.
#[must_use]
pub fn whole_ms(t: Time) -> Time {
    at_ms(t.as_millisecond())
}

/// The instant `span` after `t`, held inside what a calendar can show.
#[must_use]
pub fn later(t: Time, span: Span) -> Time {
    // A span has no days or months, so that adding it cannot be ambiguous; only then is there an error.
    t.saturating_add(span).unwrap_or(t)
}
