//! Setting up and looking after an installation, as the API shows it.

use crate::ops::apply;
use crate::ops::verify::Verdict;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What applying an organisation changes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ApplyPlan)]
pub struct Plan {
    /// In the order of kinds and names.
    pub changes: Vec<Change>,
    /// What is allowed and will be regretted, a sentence each: contacts whom no channel can reach.
    pub warnings: Vec<String>,
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
        Self { changes: plan.changes.into_iter().map(change).collect(), warnings: plan.warnings, applied }
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
    /// The installation's public key.
    pub key: String,
    /// What it was held against; `null` if there was nothing: then an end that was cut off is not found.
    pub against: Option<Against>,
}

/// The checkpoints that a database was held against.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Against {
    /// How many.
    pub checkpoints: u64,
    /// Up to this row of the ledger nothing was cut off or written anew.
    pub ledger: u64,
    /// The same of the audit trail.
    pub audit: u64,
    /// When the newest was signed.
    pub at: Timestamp,
}

impl From<Verdict> for Proved {
    fn from(verdict: Verdict) -> Self {
        let proved = verdict.proved;
        let against =
            verdict.against.map(|a| Against { checkpoints: a.checkpoints, ledger: a.ledger, audit: a.audit, at: a.at });
        Self {
            key: verdict.key.to_string(),
            against,
            wrong: verdict.wrong,
            logs: proved.logs,
            entries: proved.entries,
            ledger: proved.ledger,
            audit: proved.audit,
        }
    }
}

/// What to hold the database against.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Evidence {
    /// A text with checkpoints, each on a line of its own, such as the file that they were appended to.
    pub checkpoints: String,
}

/// A checkpoint of now.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Checkpoint {
    /// The signed line. Keep it elsewhere: with it anybody can prove later that nothing up to here was cut off.
    pub line: String,
    /// The installation's public key.
    pub key: String,
    /// The same in PEM form.
    pub key_pem: String,
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
