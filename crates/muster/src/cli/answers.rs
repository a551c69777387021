//! What the server answers, as far as people want to read it. Fields that are not named here are left out, so that an
//! older command reads what a newer server says.

use super::claims::AtWork;
use super::say::{Exit, Fault};
use jiff::tz::TimeZone;
use muster_core::Time;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// `answer`, read as that.
///
/// # Errors
/// [`Fault`] if it is something else.
pub fn read<T: DeserializeOwned>(answer: &Value) -> Result<T, Fault> {
    let strange =
        |e| Fault::new(Exit::Away, format!("the server's answer cannot be read: {e}. Is it an older release?"));
    T::deserialize(answer).map_err(strange)
}

#[derive(Deserialize)]
pub struct Named {
    pub name: String,
}

#[derive(Deserialize)]
pub struct Brief {
    pub number: String,
    pub title: String,
    pub state: String,
    pub severity: Option<u8>,
    pub outage_seconds: Option<i64>,
    pub manager: Option<Named>,
    pub url: String,
}

#[derive(Deserialize)]
pub struct Briefs {
    pub incidents: Vec<Brief>,
}

#[derive(Deserialize)]
pub struct Done {
    pub incident: Brief,
    pub entries: Vec<u64>,
}

#[derive(Deserialize)]
pub struct Full {
    pub incident: Brief,
    pub time_zone: String,
    pub duties: Vec<Owed>,
    pub summonses: Vec<Search>,
    pub call_list: Vec<CallRow>,
    #[serde(default)]
    pub at_work: Vec<AtWork>,
}

#[derive(Deserialize)]
pub struct Owed {
    pub what: String,
    pub owed_by: Option<Named>,
    pub due_at: Time,
    pub settled_at: Option<Time>,
    pub late: bool,
}

#[derive(Deserialize)]
pub struct Search {
    pub about: String,
    pub live: bool,
    pub chain: Vec<Named>,
    pub tries: Vec<Try>,
}

#[derive(Deserialize)]
pub struct Try {
    pub person: Named,
    pub means: String,
    pub at: Time,
    pub outcome: String,
}

#[derive(Deserialize)]
pub struct CallRow {
    pub tell: String,
    pub told: bool,
    pub chain: Vec<Callee>,
}

#[derive(Deserialize)]
pub struct Callee {
    pub person: Named,
    pub title: String,
    pub means: Vec<Means>,
}

#[derive(Deserialize)]
pub struct Means {
    pub kind: String,
    pub to: String,
}

#[derive(Deserialize)]
pub struct Entries {
    pub entries: Vec<Entry>,
    pub time_zone: String,
    pub next: Option<u64>,
}

#[derive(Deserialize)]
pub struct Entry {
    pub seq: u64,
    pub happened_at: Time,
    pub by: Option<Named>,
    pub text: String,
    pub corrected: Option<String>,
    pub taken_back_by: Option<u64>,
}

#[derive(Deserialize)]
pub struct OnCall {
    pub systems: Vec<OnCallFor>,
    pub next: Option<String>,
}

#[derive(Deserialize)]
pub struct OnCallFor {
    pub id: String,
    pub name: String,
    pub contacts: Vec<Callee>,
}

#[derive(Deserialize)]
pub struct Me {
    pub time_zone: String,
}

#[derive(Deserialize)]
pub struct Outbox {
    pub held: bool,
}

/// The zone of that name, or UTC if this release does not know it.
pub fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}
