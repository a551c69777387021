//! Facts about the course of an incident: who has it, and where it stands.

use crate::Time;
use crate::ids::{PersonRef, SummonsId};
use serde::{Deserialize, Serialize};

/// See [`super::Fact::ManagerAssumed`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ManagerAssumed {
    /// Who.
    pub person: PersonRef,
    /// By answering which summons, if any.
    pub summons: Option<SummonsId>,
}

/// See [`super::Fact::Confirmed`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Confirmed {
    /// Why.
    pub why: String,
}

/// See [`super::Fact::Withdrawn`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Withdrawn {
    /// Why it was none.
    pub reason: String,
}

/// See [`super::Fact::Restored`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Restored {
    /// When service was back.
    pub at: Time,
    /// Why it was lost, if known.
    pub cause: String,
    /// What brought it back.
    pub resolution: String,
}

/// See [`super::Fact::Reopened`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Reopened {
    /// Why.
    pub reason: String,
}

/// See [`super::Fact::ReportFiled`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ReportFiled {
    /// Where it can be found.
    pub reference: String,
}
