//! Why Muster does not do what somebody asked, and what they can do about it.

use crate::Time;
use std::fmt;

/// A closed list: everything that can be refused. Shown to the person as it stands.
#[derive(Clone, PartialEq, Debug)]
pub enum Refusal {
    /// A field is empty that must not be.
    Missing {
        /// Which field of the form.
        field: &'static str,
        /// What to write.
        ask: &'static str,
    },
    /// A text is too long.
    TooLong {
        /// Which field of the form.
        field: &'static str,
        /// The limit, in characters.
        most: usize,
    },
    /// A value makes no sense.
    Senseless {
        /// Which field of the form.
        field: &'static str,
        /// What is wrong with it and what to do.
        why: String,
    },
    /// Names something that isn't there.
    Unknown {
        /// Which field of the form.
        field: &'static str,
        /// What kind of thing.
        what: &'static str,
        /// The name that was given.
        name: String,
    },
    /// The incident is not in a state in which that can be done.
    WrongState {
        /// What was asked: "restore".
        act: &'static str,
        /// Its state.
        state: &'static str,
        /// What to do instead.
        instead: &'static str,
    },
    /// Somebody else took it before.
    TakenAlready {
        /// Who.
        by: String,
        /// When.
        at: Time,
    },
    /// That person was not asked.
    NotAsked,
    /// What was asked about is over.
    Over {
        /// Why.
        why: String,
    },
    /// Somebody else changed the same thing since the person looked.
    ChangedMeanwhile {
        /// Which field.
        field: &'static str,
        /// What it says now.
        theirs: String,
        /// Who wrote that.
        by: String,
    },
    /// That entry can't be taken back or corrected.
    NotThatEntry {
        /// Which.
        entry: u64,
        /// Why, and what to do.
        why: &'static str,
    },
    /// The log holds entries of a later release.
    NewerRelease,
    /// It is somebody else's to do.
    NotYours {
        /// Whose it is, and what to do.
        why: &'static str,
    },
    /// People are at work whom it would hit, and they were not asked.
    AtWork {
        /// Who, doing what.
        who: String,
    },
    /// The person's role does not allow it.
    NotAllowed {
        /// What it needs.
        needs: &'static str,
    },
}

impl Refusal {
    /// A word for programs: in API answers and metrics. Never changes.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "missing",
            Self::TooLong { .. } => "too-long",
            Self::Senseless { .. } => "senseless",
            Self::Unknown { .. } => "unknown",
            Self::WrongState { .. } => "wrong-state",
            Self::TakenAlready { .. } => "taken-already",
            Self::NotAsked => "not-asked",
            Self::Over { .. } => "over",
            Self::ChangedMeanwhile { .. } => "changed-meanwhile",
            Self::NotThatEntry { .. } => "not-that-entry",
            Self::NewerRelease => "newer-release",
            Self::NotYours { .. } => "not-yours",
            Self::AtWork { .. } => "at-work",
            Self::NotAllowed { .. } => "not-allowed",
        }
    }

    /// The field of the form that it is about.
    #[must_use]
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::Missing { field, .. }
            | Self::TooLong { field, .. }
            | Self::Senseless { field, .. }
            | Self::Unknown { field, .. }
            | Self::ChangedMeanwhile { field, .. } => Some(field),
            Self::NotThatEntry { .. } => Some("entry"),
            Self::WrongState { .. }
            | Self::TakenAlready { .. }
            | Self::NotAsked
            | Self::Over { .. }
            | Self::NewerRelease
            | Self::NotYours { .. }
            | Self::AtWork { .. }
            | Self::NotAllowed { .. } => None,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { ask, .. } => write!(f, "{ask}"),
            Self::TooLong { most, .. } => write!(f, "Shorten it to {most} characters; the log takes several entries."),
            Self::Senseless { why, .. } => write!(f, "{why}"),
            Self::Unknown { what, name, .. } => {
                write!(f, "There is no {what} named “{name}”. Choose one from the list.")
            }
            Self::WrongState { act, state, instead } => {
                write!(f, "You cannot {act} an incident that is {state}. {instead}")
            }
            Self::TakenAlready { by, .. } => write!(f, "{by} has taken it already. Nothing is asked of you."),
            Self::NotAsked => write!(f, "This person was not asked. Sign in to take part."),
            Self::Over { why } => write!(f, "{why}"),
            Self::ChangedMeanwhile { theirs, by, .. } => {
                write!(
                    f,
                    "{by} changed this while you were writing. It now says: {theirs}. Send yours again to replace it."
                )
            }
            Self::NotThatEntry { entry, why } => write!(f, "Entry {entry}: {why}"),
            Self::NewerRelease => {
                write!(
                    f,
                    "This log holds entries of a later release of Muster. Read it here; write on an updated node."
                )
            }
            Self::NotYours { why } => write!(f, "{why}"),
            Self::AtWork { who } => {
                write!(f, "This would cut somebody off: {who}. Ask them to let it happen, or override with a reason.")
            }
            Self::NotAllowed { needs } => write!(f, "This needs the role {needs}. Ask an administrator."),
        }
    }
}

impl std::error::Error for Refusal {}
