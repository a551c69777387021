//! Facts about alerts.

use super::Affected;
use crate::Time;
use crate::alert::Status;
use crate::ids::AlertId;
use crate::system::Condition;
use serde::{Deserialize, Serialize};

/// What a log keeps of an alert.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AlertJoined {
    /// Which.
    pub alert: AlertId,
    /// Its title.
    pub title: String,
    /// The sender's name.
    pub source: String,
    /// Host.
    pub host: String,
    /// Service or check.
    pub service: String,
    /// What else it said.
    pub detail: String,
    /// What it says of the system.
    pub condition: Condition,
    /// The system, if a rule gave one.
    pub system: Option<Affected>,
    /// When its first signal was accepted.
    pub first_at: Time,
    /// How many signals there were until now.
    pub signals: u64,
    /// Whether it still fired when it joined.
    pub status: Status,
    /// Whether it opened the incident; else it joined one.
    pub opened: bool,
    /// Which rule decided.
    pub why: String,
}

/// See [`super::Fact::AlertLeft`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AlertLeft {
    /// Which.
    pub alert: AlertId,
    /// Its title.
    pub title: String,
    /// Why it does not belong here.
    pub reason: String,
}

/// See [`super::Fact::AlertRecovered`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AlertRecovered {
    /// Which.
    pub alert: AlertId,
    /// Its title.
    pub title: String,
    /// The sender's name.
    pub source: String,
    /// What the sender said.
    pub detail: String,
}

/// See [`super::Fact::AlertChanged`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AlertChanged {
    /// Which.
    pub alert: AlertId,
    /// Its title now.
    pub title: String,
    /// The sender's name.
    pub source: String,
    /// What the sender says.
    pub detail: String,
    /// What it said of the system until now.
    pub was: Condition,
    /// What it says now.
    pub condition: Condition,
}

/// See [`super::Fact::AlertWentOn`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AlertWentOn {
    /// Which.
    pub alert: AlertId,
    /// Its title.
    pub title: String,
    /// The sender's name.
    pub source: String,
}
