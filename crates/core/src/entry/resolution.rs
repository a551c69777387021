//! Facts about the way to the end: when service may be back, meetings, following up, closing.

use crate::Time;
use crate::ids::PersonRef;
use serde::{Deserialize, Serialize};

/// See [`super::Fact::Estimated`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Estimated {
    /// When service should be back; none if nobody can say any more.
    pub back_at: Option<Time>,
    /// On what grounds.
    pub grounds: String,
}

/// Which meeting.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MeetingKind {
    /// The response team reviews how it goes (RES-1).
    Team,
    /// The status review conference, with owner, management and technicians (RES-6).
    Conference,
    /// Management's progress meeting, chaired by the Incident Manager (RES-1).
    Management,
}

impl MeetingKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Team, Self::Conference, Self::Management];

    /// The words for it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Team => "review meeting of the team",
            Self::Conference => "status review conference",
            Self::Management => "progress meeting of management",
        }
    }
}

/// See [`super::Fact::MeetingHeld`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct MeetingHeld {
    /// Which.
    pub kind: MeetingKind,
    /// Who was there.
    pub present: Vec<PersonRef>,
    /// How far it has got.
    pub progress: String,
    /// What changes in the plan; empty if nothing does.
    pub plan_changes: String,
    /// Whether it is escalated.
    pub escalate: bool,
    /// Why, or why not.
    pub why: String,
    /// When the next is, if it was agreed; else as the policy says.
    pub next: Option<Time>,
    /// Which conference call it was, if it was one that was called here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<u32>,
}

/// How somebody who was contacted hears that it is over.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FollowUpBy {
    /// Muster writes to them.
    Message,
    /// Somebody spoke to them.
    Spoken,
}

/// See [`super::Fact::FollowedUp`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct FollowedUp {
    /// With whom.
    pub people: Vec<PersonRef>,
    /// How.
    pub by: FollowUpBy,
    /// What they were told.
    pub text: String,
}

/// See [`super::Fact::Closed`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Closed {
    /// What the review said, or where its minutes are.
    pub review: String,
}
