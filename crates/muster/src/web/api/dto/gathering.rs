//! Conference calls, and how people come, as requests and answers.

use super::PersonName;
use super::course::HoldMeeting;
use crate::web::api::ask::IntoAct;
use crate::web::error::Problem;
use jiff::Timestamp;
use muster_core::entry::{Coming, Presence};
use muster_core::ids::PersonId;
use muster_core::incident::{Act, GatherAct, Incident};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A conference call, or another version of one.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CallConference {
    /// Which call changes; a new one if absent.
    #[serde(default)]
    pub call: Option<u32>,
    /// What for, in one line.
    #[schema(max_length = 160)]
    pub purpose: String,
    /// When it begins; now, or as before, if absent.
    #[serde(default, deserialize_with = "super::time_if_any")]
    pub starts_at: Option<Timestamp>,
    /// Number or address, and PIN; the organisation's own, or as before, if absent.
    #[serde(default)]
    #[schema(max_length = 10_000)]
    pub bridge: String,
    /// `on-site`, `remote` or `either-way`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub presence: Option<Presence>,
    /// Who is invited, all of them, by the names in the directory. Each gets a message with a link of their own.
    pub invited: Vec<String>,
    /// Why one changes.
    #[serde(default)]
    #[schema(max_length = 160)]
    pub reason: String,
}

/// A conference call is not held.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelConference {
    /// Which.
    pub call: u32,
    /// Why.
    #[schema(max_length = 160)]
    pub reason: String,
}

/// People are in a conference call: oneself, or others if you lead it.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JoinConference {
    /// Which.
    pub call: u32,
    /// Who, by the names in the directory.
    pub people: Vec<String>,
}

/// What came of a conference call. Who was present is who joined, if nobody is named.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndConference {
    /// Which.
    pub call: u32,
    /// Its minutes.
    pub meeting: HoldMeeting,
}

/// Where people are wanted.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskPresence {
    /// `on-site`, `remote` or `either-way`.
    #[schema(value_type = String)]
    pub presence: Presence,
    /// Who, by the names in the directory; whoever is summoned from now on if nobody is named.
    #[serde(default)]
    pub people: Vec<String>,
}

/// How somebody comes.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Come {
    /// Who, if not you: only who leads it says it for others.
    #[serde(default)]
    pub person: Option<String>,
    /// `on-the-way`, `remote`, `cannot` or `here`.
    #[schema(value_type = String)]
    pub coming: Coming,
    /// When they expect to be there.
    #[serde(default, deserialize_with = "super::time_if_any")]
    pub expected_at: Option<Timestamp>,
}

fn ids(names: Vec<String>) -> Vec<PersonId> {
    names.into_iter().map(PersonId).collect()
}

impl IntoAct for CallConference {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        Ok(Act::Gather(GatherAct::Call {
            call: self.call,
            purpose: self.purpose,
            starts_at: self.starts_at,
            bridge: self.bridge,
            presence: self.presence,
            invited: ids(self.invited),
            reason: self.reason,
            seen: None,
        }))
    }
}

impl IntoAct for CancelConference {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        Ok(Act::Gather(GatherAct::Cancel { call: self.call, reason: self.reason }))
    }
}

impl IntoAct for JoinConference {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        Ok(Act::Gather(GatherAct::Joined { call: self.call, people: ids(self.people) }))
    }
}

impl IntoAct for EndConference {
    fn into_act(self, now: Timestamp) -> Result<Act, Problem> {
        Ok(Act::Gather(GatherAct::End { call: self.call, meeting: Box::new(self.meeting.into_act(now)?) }))
    }
}

impl IntoAct for AskPresence {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        Ok(Act::Gather(GatherAct::AskPresence { presence: self.presence, people: ids(self.people) }))
    }
}

impl IntoAct for Come {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        let (person, coming, expected_at) = (self.person.map(PersonId), self.coming, self.expected_at);
        Ok(Act::Gather(GatherAct::Come { person, coming, expected_at }))
    }
}

/// Conference calls of an incident, and how people come.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Gathering {
    /// Every call, oldest first.
    pub calls: Vec<Called>,
    /// What each said of their coming.
    pub arrivals: Vec<Arrives>,
}

/// A conference call.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Called {
    /// Its number.
    pub call: u32,
    /// What for.
    pub purpose: String,
    /// When it begins.
    pub starts_at: Timestamp,
    /// Number or address, and PIN.
    pub bridge: String,
    /// Who is invited.
    pub invited: Vec<PersonName>,
    /// Who is in it, or was.
    pub joined: Vec<PersonName>,
    /// Why it was cancelled, if it was.
    pub cancelled: Option<String>,
    /// Which entry holds its minutes.
    pub held: Option<u64>,
}

/// How somebody comes.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Arrives {
    /// Who.
    pub person: PersonName,
    /// `on-the-way`, `remote`, `cannot` or `here`.
    #[schema(value_type = String)]
    pub coming: Coming,
    /// When they expect to be there.
    pub expected_at: Option<Timestamp>,
}

impl Gathering {
    /// That of `incident`.
    #[must_use]
    pub fn of(incident: &Incident) -> Self {
        let called = |c: &muster_core::incident::Call| Called {
            call: c.set.call,
            purpose: c.set.purpose.clone(),
            starts_at: c.set.starts_at,
            bridge: c.set.bridge.clone(),
            invited: c.set.invited.iter().map(Into::into).collect(),
            joined: c.joined.iter().map(|(p, _)| p.into()).collect(),
            cancelled: c.cancelled.clone(),
            held: c.held,
        };
        let arrives = |a: &muster_core::incident::Arrival| Arrives {
            person: (&a.said.person).into(),
            coming: a.said.coming,
            expected_at: a.said.expected_at,
        };
        let gathering = &incident.gathering;
        Self {
            calls: gathering.calls.iter().map(called).collect(),
            arrivals: gathering.arrivals.iter().map(arrives).collect(),
        }
    }
}
