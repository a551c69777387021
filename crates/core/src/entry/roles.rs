//! Facts about who speaks for an incident, and to whom it is handed.

use crate::Time;
use crate::ids::{AreaId, PersonRef, SummonsId};
use serde::{Deserialize, Serialize};

/// See [`super::Fact::HandOverAsked`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct HandOverAsked {
    /// Of which summons.
    pub summons: SummonsId,
    /// To whom: a person, or a functional area of which whoever accepts first has it (ESC-4).
    pub to: HandTo,
    /// Why.
    pub reason: String,
    /// How things stand, as it was put to them.
    pub brief: String,
}

/// To whom an incident is handed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HandTo {
    /// That person.
    Person(PersonRef),
    /// Whoever of that area accepts.
    Area {
        /// Which.
        id: AreaId,
        /// Its name.
        name: String,
    },
}

impl HandTo {
    /// The name for people.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Person(person) => &person.name,
            Self::Area { name, .. } => name,
        }
    }
}

/// See [`super::Fact::CommunicatorProposed`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct CommunicatorProposed {
    /// Which mark of the policy was passed.
    pub why: String,
    /// Whom the policy proposes, first choice first.
    pub people: Vec<PersonRef>,
}

/// See [`super::Fact::CommunicatorAssumed`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct CommunicatorAssumed {
    /// Who.
    pub person: PersonRef,
    /// By answering which summons, if any.
    pub summons: Option<SummonsId>,
}

/// See [`super::Fact::CommunicatorLeft`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct CommunicatorLeft {
    /// Who was it.
    pub person: PersonRef,
}

/// See [`super::Fact::CommunicatorDeclined`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct CommunicatorDeclined {
    /// Why none is needed.
    pub reason: String,
}

/// See [`super::Fact::PeopleAsked`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PeopleAsked {
    /// Who asked what is going on: "the help desk", "two deans".
    pub who: String,
    /// How many of them.
    pub people: u32,
}

/// See [`super::Fact::HeardElsewhere`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct HeardElsewhere {
    /// Who heard of the incident, and not from IT (ESC-2).
    pub person: PersonRef,
    /// From whom they heard it.
    pub from: String,
    /// When.
    pub at: Time,
}
