//! A date in a person's calendar: what an invitation says, before a channel gives it its form (STAFF-4).

use crate::Time;
use serde::{Deserialize, Serialize};

/// An invitation, a change of one, or the end of one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Event {
    /// Names it, whatever version: `2026-041-call-1`.
    pub id: String,
    /// Which version: 0 for the first.
    pub version: u32,
    /// When it begins.
    pub starts_at: Time,
    /// One line.
    pub title: String,
    /// More about it.
    pub text: String,
    /// Number or address.
    pub place: String,
    /// Whether it is not held, or the person is not invited any more.
    pub cancelled: bool,
}
