//! Signals and alerts: what a sender says, and what becomes of it (DEF-1, DEF-6).

use crate::Time;
use crate::ids::{AlertId, IntakeId, SubjectId};
use crate::system::Condition;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One message from a sender about one thing that may be wrong, in the shape that every intake
/// format is turned into. All text is as the sender wrote it, cut to the limits below.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Signal {
    /// What makes it the same alert as another signal from the same sender.
    pub key: String,
    /// Whether it says that something is wrong, or that it is over.
    pub status: Status,
    /// One line for people.
    pub title: String,
    /// Host, instance or similar; may be empty.
    #[serde(default)]
    pub host: String,
    /// Service, check or alert name; may be empty.
    #[serde(default)]
    pub service: String,
    /// Longer text: plugin output, description.
    #[serde(default)]
    pub detail: String,
    /// Everything else that has a name.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// What the sender's own severity suggests; a mapping rule may say otherwise.
    pub condition: Condition,
    /// When it happened, if the sender says so.
    #[serde(default)]
    pub happened_at: Option<Time>,
    /// If nothing more is heard, the alert is over at this time (what Prometheus sends as `endsAt`).
    #[serde(default)]
    pub ends_at: Option<Time>,
    /// Where a person can look: a dashboard, a runbook.
    #[serde(default)]
    pub link: Option<String>,
}

/// Whether a signal says that something is wrong or that it is over.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Something is wrong.
    Firing,
    /// It is over.
    Resolved,
}

/// Longest key of a signal in bytes; a longer one is replaced by its hash, so that it stays distinct.
pub const KEY_MAX: usize = 512;
/// Longest title in characters.
pub const TITLE_MAX: usize = 160;
/// Longest host or service in characters.
pub const NAME_MAX: usize = 255;
/// Longest detail in characters. The raw payload is kept whole beside it.
pub const DETAIL_MAX: usize = 4_000;
/// Most labels kept of one signal.
pub const LABELS_MAX: usize = 64;

/// The accounts: every accepted alert stands in exactly one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Account {
    /// Becomes an incident if it lasts.
    Watched,
    /// Kept back by planned work.
    Held,
    /// Kept back by a person's rule.
    Silenced,
    /// Belongs to an incident that was there.
    Joined,
    /// Opened an incident.
    Opened,
    /// Kept, nobody is called.
    Information,
    /// Over.
    Resolved,
}

impl Account {
    /// Every account, in the order of the alerts page.
    pub const ALL: [Self; 7] =
        [Self::Watched, Self::Held, Self::Silenced, Self::Joined, Self::Opened, Self::Information, Self::Resolved];

    /// The word for it: in code, SQL, URLs and on pages.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Watched => "watched",
            Self::Held => "held",
            Self::Silenced => "silenced",
            Self::Joined => "joined",
            Self::Opened => "opened",
            Self::Information => "information",
            Self::Resolved => "resolved",
        }
    }

    /// The account of that name.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.word() == word)
    }
}

/// Signals with one key, open until resolved.
#[derive(Clone, PartialEq, Debug)]
pub struct Alert {
    /// Drawn at random.
    pub id: AlertId,
    /// From which sender.
    pub intake: IntakeId,
    /// The newest signal, but `happened_at` is the first firing one's.
    pub signal: Signal,
    /// When service went down: the sender's time if it gave one, else when the first signal came.
    pub went_down_at: Time,
    /// When the first signal was accepted.
    pub first_at: Time,
    /// When the newest was.
    pub last_at: Time,
    /// How many signals were accepted for it.
    pub signals: u64,
    /// Where it stands now.
    pub account: Account,
    /// Which incident it opened or joined.
    pub subject: Option<SubjectId>,
}
