//! Texts and times as people give them, checked.

use crate::entry::Moment;
use crate::incident::LINE_MAX;
use crate::refusal::Refusal;
use crate::words::{is_blank, one_line};
use crate::{Span, Time, later};

/// How far a sender's or a browser's clock may be ahead of ours before a time counts as "in the future".
const CLOCK_SKEW: Span = Span::from_secs(60);

pub(crate) fn required(field: &'static str, text: &str, ask: &'static str, most: usize) -> Result<String, Refusal> {
    if is_blank(text) { Err(Refusal::Missing { field, ask }) } else { optional(field, text, most) }
}

/// `text` trimmed; one that is to be a line is made one.
pub(crate) fn optional(field: &'static str, text: &str, most: usize) -> Result<String, Refusal> {
    let text = match most {
        ..=LINE_MAX => one_line(text),
        _ => text.trim().replace('\0', "\u{fffd}"), // PostgreSQL keeps no NUL in text
    };
    if text.chars().count() > most { Err(Refusal::TooLong { field, most }) } else { Ok(text) }
}

/// How far back a time may lie. What was kept on paper is entered within weeks; beyond this a year was mistyped, and
/// every duration that is computed from it would be nonsense.
const LONG_AGO: Span = Span::from_hours(24 * 366);

/// A time that has been; one that only a clock ahead of ours makes seem to lie in the future is now.
pub(crate) fn past(field: &'static str, at: Time, now: Time) -> Result<Time, Refusal> {
    if at < later(now, -LONG_AGO) {
        return Err(Refusal::Senseless { field, why: "This time lies more than a year back. Check its date.".into() });
    }
    if at <= later(now, CLOCK_SKEW) {
        return Ok(at.min(now));
    }
    Err(Refusal::Senseless { field, why: "This time lies in the future. Set a time that has been.".into() })
}

/// When service went down: a time that has been.
pub(crate) fn been(moment: Moment, now: Time) -> Result<Moment, Refusal> {
    Ok(Moment { at: past("went-down", moment.at, now)?, ..moment })
}
