//! Facts about how incidents hang together: linked, and merged into one.

use crate::ids::AlertId;
use serde::{Deserialize, Serialize};

/// See [`super::Fact::Linked`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Linked {
    /// Number of the other incident.
    pub number: String,
    /// Its name then.
    pub title: String,
    /// How this one stands to it.
    pub how: Relation,
}

/// How an incident stands to another.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// They have something to do with each other.
    #[default]
    Related,
    /// The other caused this one.
    CausedBy,
    /// This one caused the other.
    Caused,
}

impl Relation {
    /// Every one, in the order of the form.
    pub const ALL: [Self; 3] = [Self::Related, Self::CausedBy, Self::Caused];

    /// How the other stands to this one.
    #[must_use]
    pub fn reversed(self) -> Self {
        match self {
            Self::Related => Self::Related,
            Self::CausedBy => Self::Caused,
            Self::Caused => Self::CausedBy,
        }
    }

    /// The words before the other's number.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Related => "related to",
            Self::CausedBy => "caused by",
            Self::Caused => "the cause of",
        }
    }
}

/// See [`super::Fact::Unlinked`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Unlinked {
    /// Number of the other incident.
    pub number: String,
    /// Why.
    pub reason: String,
}

/// See [`super::Fact::MergedInto`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MergedInto {
    /// Number of the incident in which it goes on.
    pub number: String,
    /// Its name then.
    pub title: String,
    /// Why.
    pub reason: String,
}

/// See [`super::Fact::TookIn`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TookIn {
    /// Number of the incident that goes on in this one.
    pub number: String,
    /// Its name then.
    pub title: String,
    /// Why.
    pub reason: String,
    /// Alerts that came along.
    pub alerts: Vec<AlertId>,
}

/// See [`super::Fact::GaveBack`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct GaveBack {
    /// Number of the incident that stands alone again.
    pub number: String,
    /// Why.
    pub reason: String,
    /// Alerts that went back.
    pub alerts: Vec<AlertId>,
}
