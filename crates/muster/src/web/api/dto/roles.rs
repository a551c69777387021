//! Who speaks for an incident, and who heard of it, as requests and answers.

use super::PersonName;
use crate::web::api::ask::IntoAct;
use crate::web::error::Problem;
use jiff::Timestamp;
use muster_core::ids::PersonId;
use muster_core::incident::{Act, Incident};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Somebody is asked to become Communications Manager.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskCommunicator {
    /// Whom, by the name in the directory; whom the policy proposes if absent.
    #[serde(default)]
    pub person: Option<String>,
}

/// Become Communications Manager. Nothing more to say.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeCommunications {}

/// No Communications Manager is needed.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclineCommunicator {
    /// Why.
    #[schema(max_length = 10_000)]
    pub reason: String,
}

/// People asked what is going on.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PeopleAsked {
    /// Who: "the help desk", "two deans".
    #[schema(max_length = 160)]
    pub who: String,
    /// How many, 1 if absent.
    #[serde(default = "one")]
    pub people: u32,
}

/// Somebody heard of it, and not from IT.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HeardElsewhere {
    /// Who, by the name in the directory.
    pub person: String,
    /// From whom.
    #[schema(max_length = 160)]
    pub from: String,
    /// When, if not now.
    #[serde(default, deserialize_with = "super::time_if_any")]
    pub at: Option<Timestamp>,
}

/// Muster calls down a list of people who must be told directly.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CallDown {
    /// Which list, by its name.
    pub tell: String,
}

fn one() -> u32 {
    1
}

impl IntoAct for AskCommunicator {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        Ok(Act::AskCommunicator { to: self.person.map(PersonId) })
    }
}

impl IntoAct for TakeCommunications {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        Ok(Act::TakeCommunications)
    }
}

impl IntoAct for DeclineCommunicator {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        Ok(Act::DeclineCommunicator { reason: self.reason })
    }
}

impl IntoAct for PeopleAsked {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        Ok(Act::PeopleAsked { who: self.who, people: self.people })
    }
}

impl IntoAct for HeardElsewhere {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        Ok(Act::HeardElsewhere { person: PersonId(self.person), from: self.from, at: self.at })
    }
}

impl IntoAct for CallDown {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        Ok(Act::LetMusterCall { tell: self.tell })
    }
}

/// Who speaks for an incident, to which area it was handed, and who heard of it elsewhere.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Roles {
    /// Communications Manager, if anybody is.
    pub communicator: Option<PersonName>,
    /// Why the policy wants one, if it does.
    pub communicator_wanted: Option<String>,
    /// Why none is needed, if somebody said so.
    pub communicator_declined: Option<String>,
    /// The area to which it was handed, by its name.
    pub area: Option<String>,
    /// How many people have asked what is going on.
    pub people_asked: u32,
    /// Who heard of it, and not from IT.
    pub heard_elsewhere: Vec<Heard>,
}

/// Somebody who heard of an incident, and not from IT.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Heard {
    /// Who.
    pub person: PersonName,
    /// From whom.
    pub from: String,
    /// When.
    pub at: Timestamp,
}

impl Roles {
    /// Those of `incident`.
    #[must_use]
    pub fn of(incident: &Incident) -> Self {
        let roles = &incident.roles;
        let heard = |h: &muster_core::entry::HeardElsewhere| Heard {
            person: (&h.person).into(),
            from: h.from.clone(),
            at: h.at,
        };
        Self {
            communicator: roles.communicator.as_ref().map(|c| (&c.person).into()),
            communicator_wanted: roles.proposed.as_ref().map(|p| p.why.clone()),
            communicator_declined: roles.declined.as_ref().map(|(_, why)| why.clone()),
            area: roles.area.as_ref().map(|(_, name)| name.clone()),
            people_asked: roles.asking,
            heard_elsewhere: roles.heard.iter().map(heard).collect(),
        }
    }
}
