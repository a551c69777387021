//! Facts about who is told what: the communications plan, updates, tellings handed over, and facts asked for.

use super::{Candidate, Via};
use crate::Span;
use crate::communications::{Level, Through, Writer};
use crate::ids::{PersonRef, SystemId};
use crate::policy::ByPhase;
use serde::{Deserialize, Serialize};

/// An audience of this incident: a row of its communications plan, with names and addresses as they were.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Audience {
    /// Its number in this incident; never used again.
    pub number: u32,
    /// Its name: "IT management".
    pub name: String,
    /// How much they are told.
    pub level: Level,
    /// Who hears, and how each can be reached.
    pub people: Vec<Candidate>,
    /// Whether the owners of what is affected hear, whatever comes to be affected.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub owners: bool,
    /// Who else hears, and how a person reaches them: "All students, by the portal".
    pub besides: Vec<String>,
    /// What kind of update they get.
    pub update: String,
    /// By what.
    pub through: Through,
    /// Where they meet, if they do and not where everybody does.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub bridge: String,
    /// How often.
    pub every: ByPhase,
    /// Who owes it.
    pub author: Writer,
    /// Who signs it off, if anybody has to.
    pub signer: Option<PersonRef>,
    /// Who does so when the signer has not.
    pub deputy: Option<PersonRef>,
    /// From how long after the signer was asked.
    #[serde(serialize_with = "crate::in_short")]
    pub deputy_after: Span,
}

/// See [`super::Fact::CommunicationsPlanned`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct CommunicationsPlanned {
    /// From which template: "the organisation's", or that of a system by its name.
    pub template: String,
    /// Of which system it is the own template; none for the organisation's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<SystemId>,
    /// Who hears what.
    pub rows: Vec<Audience>,
}

/// See [`super::Fact::AudienceSet`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AudienceSet {
    /// As it is from now on; a number that is new adds a row.
    pub row: Audience,
    /// Why; may be empty.
    pub reason: String,
}

/// See [`super::Fact::AudienceDropped`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AudienceDropped {
    /// Which.
    pub row: u32,
    /// Its name.
    pub name: String,
    /// Why.
    pub reason: String,
}

/// See [`super::Fact::StrategyAgreed`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct StrategyAgreed {
    /// With which owner.
    pub owner: PersonRef,
    /// What.
    pub text: String,
}

/// See [`super::Fact::UpdateDrafted`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct UpdateDrafted {
    /// Its number in this incident.
    pub update: u32,
    /// For which row.
    pub row: u32,
    /// That row's name.
    pub audience: String,
    /// What they will read.
    pub text: String,
    /// Whether its signer is asked to sign this text.
    pub for_signing: bool,
    /// Which update that was sent it corrects, if any.
    pub corrects: Option<u32>,
}

/// See [`super::Fact::UpdateSigned`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct UpdateSigned {
    /// Which.
    pub update: u32,
}

/// See [`super::Fact::UpdateReturned`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct UpdateReturned {
    /// Which.
    pub update: u32,
    /// Why, and what to change.
    pub reason: String,
}

/// See [`super::Fact::UpdateSent`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct UpdateSent {
    /// Which.
    pub update: u32,
    /// For which row.
    pub row: u32,
    /// That row's name.
    pub audience: String,
    /// By what.
    pub through: Through,
    /// To whom of the directory.
    pub people: Vec<PersonRef>,
    /// To whom else, by a person.
    pub besides: Vec<String>,
    /// SHA-256 of the text, in hexadecimal.
    pub digest: String,
    /// That it went out of IT before every manager knew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub despite: Option<Despite>,
}

/// See [`super::Fact::UpdateCarried`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct UpdateCarried {
    /// Which.
    pub update: u32,
    /// The name of the row that it is for.
    pub audience: String,
    /// Who was told, with how they are reached, as the update that was sent names them.
    pub who: String,
}

/// Managers who would hear of it elsewhere than from IT, and were not told first (ESC-2).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Despite {
    /// Who did not know.
    pub managers: Vec<PersonRef>,
    /// Why it could not wait.
    pub reason: String,
}

/// See [`super::Fact::UpdateAcknowledged`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct UpdateAcknowledged {
    /// Which.
    pub update: u32,
    /// Who has read it.
    pub person: PersonRef,
    /// How they said so.
    pub via: Via,
}

/// See [`super::Fact::TellingHanded`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TellingHanded {
    /// Which duty to tell directly, by its name, if it is one.
    pub tell: Option<String>,
    /// Which row of the plan, if it is one.
    pub row: Option<u32>,
    /// What it is called.
    pub name: String,
}

/// See [`super::Fact::FactsAsked`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct FactsAsked {
    /// What the Incident Manager is asked. It waits on the page: nobody gets a message.
    pub text: String,
}

/// See [`super::Fact::FactsGiven`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct FactsGiven {
    /// Asked by which entry.
    pub asked: u64,
    /// The answer.
    pub text: String,
}
