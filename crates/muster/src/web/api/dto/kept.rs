//! How an incident kept its duties, as the API shows it.

use super::PersonName;
use jiff::Timestamp;
use muster_core::compliance::{self, Fate, Figures, Verdict};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How an incident kept its duties.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Kept {
    /// How many were done by their time.
    pub in_time: usize,
    /// How many were done late, or are late and still owed.
    pub late: usize,
    /// How many were not done at all.
    pub missed: usize,
    /// Each of them, and those whose time has not come, in the order in which they came to be owed.
    pub duties: Vec<KeptDuty>,
}

/// A duty, and what became of it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct KeptDuty {
    /// What kind, as in the duties of the incident.
    pub kind: String,
    /// In words.
    pub what: String,
    /// Who owed it last; `null` while nobody was Incident Manager.
    pub owed_by: Option<PersonName>,
    /// Since when.
    pub since: Timestamp,
    /// By when.
    pub due_at: Timestamp,
    /// When it was done.
    pub done_at: Option<Timestamp>,
    /// When it came not to be owed any more, without having been done.
    pub lapsed_at: Option<Timestamp>,
    /// `in-time`, `late`, `missed`, or `none` while there is nothing to judge.
    pub verdict: String,
    /// By how many seconds it was done late, or is late now.
    pub late_seconds: Option<i64>,
}

impl Kept {
    /// As it stands at `now`.
    #[must_use]
    pub fn of(owed: &[compliance::Owed], now: Timestamp) -> Self {
        let Figures { in_time, late, missed } = Figures::of(owed, now);
        Self { in_time, late, missed, duties: owed.iter().map(|o| KeptDuty::of(o, now)).collect() }
    }
}

impl KeptDuty {
    fn of(owed: &compliance::Owed, now: Timestamp) -> Self {
        let duty = &owed.duty;
        let (done_at, lapsed_at) = match owed.fate {
            Fate::Done(at) => (Some(at), None),
            Fate::Lapsed(at) => (None, Some(at)),
            Fate::Open => (None, None),
        };
        let (verdict, late_seconds) = match owed.verdict(now) {
            Verdict::InTime => ("in-time", None),
            Verdict::Late(by) => ("late", Some(by.as_secs())),
            Verdict::Missed => ("missed", None),
            Verdict::None => ("none", None),
        };
        Self {
            kind: duty.id.kind.word().to_owned(),
            what: duty.what.clone(),
            owed_by: duty.owed_by.as_ref().map(Into::into),
            since: duty.since,
            due_at: duty.due,
            done_at,
            lapsed_at,
            verdict: verdict.to_owned(),
            late_seconds,
        }
    }
}
