//! Estimates, meetings, following up and closing, as requests and answers.

use super::PersonName;
use crate::web::api::ask::IntoAct;
use crate::web::error::Problem;
use jiff::Timestamp;
use muster_core::entry::{FollowUpBy, MeetingKind};
use muster_core::ids::PersonId;
use muster_core::incident::{Act, Incident};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// When service may be back.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Estimate {
    /// When; nobody can say if absent.
    #[serde(default, deserialize_with = "super::time_if_any")]
    pub back_at: Option<Timestamp>,
    /// On what grounds.
    #[schema(max_length = 10_000)]
    pub grounds: String,
}

/// What came of a meeting.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldMeeting {
    /// `team`, `conference` or `management`.
    #[schema(value_type = String)]
    pub kind: MeetingKind,
    /// When it was, if not now.
    #[serde(default, deserialize_with = "super::time_if_any")]
    pub held_at: Option<Timestamp>,
    /// Who was there, by the names in the directory.
    #[serde(default)]
    pub present: Vec<String>,
    /// How far it has got.
    #[schema(max_length = 10_000)]
    pub progress: String,
    /// What changes in the plan.
    #[serde(default)]
    pub plan_changes: String,
    /// Whether it is escalated: then the nearest manager who does not know must be told.
    #[serde(default)]
    pub escalate: bool,
    /// Why, or why not.
    #[serde(default)]
    pub why: String,
    /// When the next is, if not as the policy says.
    #[serde(default, deserialize_with = "super::time_if_any")]
    pub next: Option<Timestamp>,
}

/// People who were contacted hear that it is over.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FollowUp {
    /// Whom, by the names in the directory.
    pub people: Vec<String>,
    /// `message`: Muster writes to them. `spoken`: you spoke to them.
    #[schema(value_type = String)]
    pub by: FollowUpBy,
    /// What they hear.
    #[serde(default)]
    #[schema(max_length = 10_000)]
    pub text: String,
}

/// Report and review are done.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Close {
    /// What the review said, or where its minutes are.
    #[schema(max_length = 10_000)]
    pub review: String,
}

impl IntoAct for Estimate {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        Ok(Act::Estimate { back_at: self.back_at, grounds: self.grounds })
    }
}

impl IntoAct for HoldMeeting {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        Ok(Act::HoldMeeting {
            kind: self.kind,
            held_at: self.held_at,
            present: self.present.into_iter().map(PersonId).collect(),
            progress: self.progress,
            plan_changes: self.plan_changes,
            escalate: self.escalate,
            why: self.why,
            next: self.next,
        })
    }
}

impl IntoAct for FollowUp {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        let people = self.people.into_iter().map(PersonId).collect();
        Ok(Act::FollowUp { people, by: self.by, text: self.text })
    }
}

impl IntoAct for Close {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        Ok(Act::Close { review: self.review })
    }
}

/// Estimates and meetings of an incident, and who hears that it is over.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Course {
    /// Every estimate of restoration, oldest first.
    pub estimates: Vec<Estimated>,
    /// Meetings held, oldest first.
    pub meetings: Vec<Held>,
    /// Who was contacted and has not heard that it is over.
    pub to_follow_up: Vec<PersonName>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
}

/// An estimate of restoration.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Estimated {
    /// When it was given.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// When service should be back; `null` if nobody can say.
    pub back_at: Option<Timestamp>,
    /// On what grounds.
    pub grounds: String,
}

/// A meeting that was held.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Held {
    /// `team`, `conference` or `management`.
    #[schema(value_type = String)]
    pub kind: MeetingKind,
    /// When.
    pub at: Timestamp,
    /// Who was there.
    pub present: Vec<PersonName>,
    /// How far it had got.
    pub progress: String,
    /// Whether it was escalated.
    pub escalate: bool,
}

impl Course {
    /// That of `incident`.
    #[must_use]
    pub fn of(incident: &Incident) -> Self {
        let course = &incident.course;
        let estimated = |e: &muster_core::incident::Estimate| Estimated {
            at: e.at,
            by: e.by.clone(),
            back_at: e.back_at,
            grounds: e.grounds.clone(),
        };
        let held = |m: &muster_core::incident::Meeting| Held {
            kind: m.held.kind,
            at: m.at,
            present: m.held.present.iter().map(Into::into).collect(),
            progress: m.held.progress.clone(),
            escalate: m.held.escalate,
        };
        let over = incident.restored_at.is_some();
        Self {
            estimates: course.estimates.iter().map(estimated).collect(),
            meetings: course.meetings.iter().map(held).collect(),
            to_follow_up: incident.to_follow_up().into_iter().filter(|_| over).map(Into::into).collect(),
            closed_at: course.closed.as_ref().map(|(at, _)| *at),
        }
    }
}
