//! Alerts, as the API shows them.

use super::words;
use crate::store::alerts::{Received, StoredAlert};
use jiff::Timestamp;
use muster_core::alert::{Account, Status};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// An alert in a list.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Alert {
    /// Its id.
    pub id: String,
    /// The directory name of its sender.
    pub intake: String,
    /// One line for people.
    pub title: String,
    /// Host, as the sender named it.
    pub host: String,
    /// Service or check, as the sender named it.
    pub service: String,
    /// What the newest signal says: whether something is wrong.
    pub firing: bool,
    /// The account in which it stands: every alert stands in exactly one.
    #[schema(schema_with = words::account)]
    pub account: Account,
    /// Which rule decided that, in words.
    pub why: String,
    /// What it says of the system, by rule.
    pub condition: Option<String>,
    /// The directory name of the system, by rule.
    pub system: Option<String>,
    /// The number of the incident that it opened or joined.
    pub incident: Option<String>,
    /// When service went down.
    pub went_down_at: Timestamp,
    /// When its first signal was accepted.
    pub first_at: Timestamp,
    /// When its newest was.
    pub last_at: Timestamp,
    /// How many there were.
    pub signals: u64,
    /// When it is looked at again by itself: of a watched one, when it becomes an incident.
    pub due_at: Option<Timestamp>,
}

/// A page of alerts.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Alerts {
    /// The one that last said something new first.
    pub alerts: Vec<Alert>,
    /// The cursor of the next page; `null` on the last.
    pub next: Option<String>,
}

/// All of an alert.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct FullAlert {
    /// What lists show.
    pub alert: Alert,
    /// What makes it the same alert as another signal from the same sender.
    pub key: String,
    /// Longer text.
    pub detail: String,
    /// Everything else that had a name.
    pub labels: BTreeMap<String, String>,
    /// Where a person can look.
    pub link: Option<String>,
    /// Its newest signals, newest first; at most 200.
    pub newest: Vec<Signal>,
}

/// One accepted signal.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Signal {
    /// Which of its alert, from 1.
    pub n: u64,
    /// When it was accepted.
    pub received_at: Timestamp,
    /// When it happened, if the sender said so.
    pub happened_at: Option<Timestamp>,
    /// `firing` or `resolved`.
    pub status: String,
    /// Its title.
    pub title: String,
}

impl Alert {
    /// `stored`, which belongs to the incident of that number.
    #[must_use]
    pub fn of(stored: &StoredAlert, incident: Option<String>) -> Self {
        let alert = &stored.alert;
        Self {
            id: alert.id.0.clone(),
            intake: alert.intake.0.clone(),
            title: alert.signal.title.clone(),
            host: alert.signal.host.clone(),
            service: alert.signal.service.clone(),
            firing: alert.signal.status == Status::Firing,
            account: alert.account,
            why: stored.why.clone(),
            condition: stored.condition.clone(),
            system: stored.system.as_ref().map(|s| s.0.clone()),
            incident,
            went_down_at: alert.went_down_at,
            first_at: alert.first_at,
            last_at: alert.last_at,
            signals: alert.signals,
            due_at: stored.due_at,
        }
    }
}

impl FullAlert {
    /// All of `stored`.
    #[must_use]
    pub fn of(stored: &StoredAlert, incident: Option<String>, newest: &[Received]) -> Self {
        let signal = &stored.alert.signal;
        Self {
            alert: Alert::of(stored, incident),
            key: signal.key.clone(),
            detail: signal.detail.clone(),
            labels: signal.labels.clone(),
            link: signal.link.clone(),
            newest: newest.iter().map(Signal::of).collect(),
        }
    }
}

impl Signal {
    fn of(received: &Received) -> Self {
        Self {
            n: received.n,
            received_at: received.received_at,
            happened_at: received.happened_at,
            status: received.status.clone(),
            title: received.title.clone(),
        }
    }
}
