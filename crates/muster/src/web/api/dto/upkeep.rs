//! Setting up and looking after an installation, as the API shows it.

use crate::ops::apply;
use crate::ops::verify::Verdict;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What applying an organisation changes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Plan {
    /// In the order of kinds and names.
    pub changes: Vec<Change>,
    /// Whether it was done, or only planned.
    pub applied: bool,
}

/// One change.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Change {
    /// `added`, `changed` or `removed`.
    pub act: String,
    /// What kind of thing, such as `person` or `system`.
    pub kind: String,
    /// Its name in the directory; of a rule, its position; empty where there is one only.
    pub id: String,
    /// Of a change: which fields.
    pub fields: Vec<String>,
}

impl Plan {
    /// `plan`, and whether it was done.
    #[must_use]
    pub fn of(plan: apply::Plan, applied: bool) -> Self {
        let change = |c: apply::Planned| Change { act: c.act, kind: c.kind, id: c.id, fields: c.fields };
        Self { changes: plan.changes.into_iter().map(change).collect(), applied }
    }
}

/// What came of proving the database.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Proved {
    /// The first thing that is wrong, in words that name the place; `null` if nothing is.
    pub wrong: Option<String>,
    /// How many logs were proved before anything was wrong.
    pub logs: u64,
    /// How many entries in them.
    pub entries: u64,
    /// How many rows of the ledger.
    pub ledger: u64,
    /// How many lines of the audit trail.
    pub audit: u64,
}

impl From<Verdict> for Proved {
    fn from(verdict: Verdict) -> Self {
        let proved = verdict.proved;
        Self {
            wrong: verdict.wrong,
            logs: proved.logs,
            entries: proved.entries,
            ledger: proved.ledger,
            audit: proved.audit,
        }
    }
}

/// A new intake key for a sender.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewKey {
    /// Whether the sender's older keys end now.
    #[serde(default)]
    pub alone: bool,
}

/// A new intake key. It is shown this once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Key {
    /// The directory name of the sender.
    pub intake: String,
    /// The key: send it as `Authorization: Bearer`.
    pub key: String,
}

/// Whether anything is sent.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Outbox {
    /// A restored database sends nothing until somebody releases it.
    pub held: bool,
    /// Since when the oldest message waits, if any is due.
    pub oldest_due_at: Option<Timestamp>,
}
