//! The communications plan, updates and facts that are asked for, as requests and answers.

use super::PersonName;
use crate::web::api::ask::IntoAct;
use crate::web::error::Problem;
use jiff::Timestamp;
use muster_core::communications::{Level, Row, Through};
use muster_core::ids::PersonId;
use muster_core::incident::{Act, CommsAct, Incident};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Adds an audience, or changes one.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetAudience {
    /// Its number; absent: a new one.
    #[serde(default)]
    pub row: Option<u32>,
    /// What it is, in the words of the organisation file's `[[communications]]`.
    #[schema(value_type = Object)]
    pub to: Row,
    /// Why; needed where one changes.
    #[serde(default)]
    #[schema(max_length = 10_000)]
    pub reason: String,
    /// The newest entry that you had read: who changed it since loses nothing.
    #[serde(default)]
    pub seen: Option<u64>,
}

/// An audience hears nothing more.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DropAudience {
    /// Its number.
    pub row: u32,
    /// Why.
    #[schema(max_length = 10_000)]
    pub reason: String,
}

/// What was agreed with a system's owner.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreeStrategy {
    /// The owner, by the name in the directory.
    pub owner: String,
    /// What was agreed.
    #[schema(max_length = 10_000)]
    pub text: String,
}

/// An update that is written or edited.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftUpdate {
    /// Which draft; absent: a new one.
    #[serde(default)]
    pub update: Option<u32>,
    /// For which audience, by its number.
    pub row: u32,
    /// What they will read.
    #[schema(max_length = 10_000)]
    pub text: String,
    /// Whether its signer is asked to sign it off.
    #[serde(default)]
    pub for_signing: bool,
    /// Which update that was sent it corrects.
    #[serde(default)]
    pub corrects: Option<u32>,
    /// The newest entry that you had read: then nothing that somebody else wrote meanwhile is lost.
    #[serde(default)]
    pub seen: Option<u64>,
}

/// An update is signed off.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignUpdate {
    /// Its number.
    pub update: u32,
    /// The newest entry that you had read.
    #[serde(default)]
    pub seen: Option<u64>,
}

/// An update goes back.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnUpdate {
    /// Its number.
    pub update: u32,
    /// Why, and what to change.
    #[schema(max_length = 10_000)]
    pub reason: String,
}

/// An update goes out.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendUpdate {
    /// Its number.
    pub update: u32,
    /// The newest entry that you had read.
    #[serde(default)]
    pub seen: Option<u64>,
    /// Why it cannot wait, if it leaves IT and a manager does not know yet. Who does not stands in the refusal.
    #[serde(default)]
    #[schema(max_length = 10_000)]
    pub despite: String,
}

/// You have told an update to people to whom Muster does not write.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CarryUpdate {
    /// Its number.
    pub update: u32,
    /// Whom, as `by_hand` of the update names them.
    #[schema(max_length = 10_000)]
    pub who: String,
}

/// You have read an update that went to you.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcknowledgeUpdate {
    /// Its number.
    pub update: u32,
}

/// The Communications Manager tells them: exactly one of the two.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandTelling {
    /// A duty to tell directly, by its name.
    #[serde(default)]
    pub tell: Option<String>,
    /// An audience, by its number.
    #[serde(default)]
    pub row: Option<u32>,
}

/// What the Incident Manager is asked.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskFacts {
    /// What you need to know.
    #[schema(max_length = 10_000)]
    pub text: String,
}

/// The answer to such a question.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveFacts {
    /// Asked by which entry.
    pub asked: u64,
    /// The answer.
    #[schema(max_length = 10_000)]
    pub text: String,
}

macro_rules! into_act {
    ($($Name:ident |$ask:ident| $act:expr;)+) => {
        $(impl IntoAct for $Name {
            fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
                let $ask = self;
                Ok(Act::Communicate($act))
            }
        })+
    };
}

into_act! {
    SetAudience |ask| CommsAct::SetAudience { row: ask.row, to: ask.to, reason: ask.reason, seen: ask.seen };
    DropAudience |ask| CommsAct::DropAudience { row: ask.row, reason: ask.reason };
    AgreeStrategy |ask| CommsAct::AgreeStrategy { owner: PersonId(ask.owner), text: ask.text };
    DraftUpdate |ask| CommsAct::DraftUpdate {
        update: ask.update,
        row: ask.row,
        text: ask.text,
        for_signing: ask.for_signing,
        corrects: ask.corrects,
        seen: ask.seen,
    };
    SignUpdate |ask| CommsAct::SignUpdate { update: ask.update, seen: ask.seen };
    ReturnUpdate |ask| CommsAct::ReturnUpdate { update: ask.update, reason: ask.reason };
    SendUpdate |ask| CommsAct::SendUpdate {
        update: ask.update,
        seen: ask.seen,
        despite: ask.despite,
    };
    CarryUpdate |ask| CommsAct::CarryUpdate { update: ask.update, who: ask.who };
    AcknowledgeUpdate |ask| CommsAct::Acknowledge { update: ask.update };
    HandTelling |ask| CommsAct::HandTelling { tell: ask.tell, row: ask.row };
    AskFacts |ask| CommsAct::AskFacts { text: ask.text };
    GiveFacts |ask| CommsAct::GiveFacts { asked: ask.asked, text: ask.text };
}

/// The communications of an incident.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Communications {
    /// Who hears what.
    pub audiences: Vec<Audience>,
    /// Every update, oldest first.
    pub updates: Vec<Update>,
    /// What the Incident Manager is asked and has not answered.
    pub asked: Vec<Asked>,
}

/// An audience.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Audience {
    /// Its number.
    pub row: u32,
    /// Its name.
    pub name: String,
    /// `technical`, `management`, `client` or `public`.
    #[schema(value_type = String)]
    pub level: Level,
    /// Who hears.
    pub people: Vec<PersonName>,
    /// Who else, and how a person reaches them.
    pub besides: Vec<String>,
    /// `call`, `email`, `text`, `push`, `meeting` or `web`.
    #[schema(value_type = String)]
    pub through: Through,
    /// Where they meet, if they do: number or address, and PIN; empty if where everybody does.
    pub bridge: String,
    /// When its next update is due; `null` if none is.
    pub due: Option<Timestamp>,
    /// Who signs it off.
    pub signer: Option<PersonName>,
}

/// An update.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Update {
    /// Its number.
    pub update: u32,
    /// For which audience.
    pub row: u32,
    /// What it says.
    pub text: String,
    /// Which it corrects.
    pub corrects: Option<u32>,
    /// Whether it waits to be signed off.
    pub waits: bool,
    /// By whom it was signed off.
    pub signed_by: Option<String>,
    /// Why it was sent back.
    pub returned: Option<String>,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
    /// Whom a person still has to tell it.
    pub by_hand: Vec<String>,
    /// Who has said that they have read it.
    pub acknowledged: Vec<PersonName>,
}

/// A question for facts.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Asked {
    /// By which entry.
    pub entry: u64,
    /// By whom.
    pub by: String,
    /// What.
    pub text: String,
}

impl Communications {
    /// Those of `incident`.
    #[must_use]
    pub fn of(incident: &Incident) -> Self {
        let audience = |p: &muster_core::incident::Planned| Audience {
            row: p.row.number,
            name: p.row.name.clone(),
            level: p.row.level,
            people: p.row.people.iter().map(|c| (&c.person).into()).collect(),
            besides: p.row.besides.clone(),
            through: p.row.through,
            bridge: p.row.bridge.clone(),
            due: incident.next_update(p).map(|(_, due)| due),
            signer: p.row.signer.as_ref().map(Into::into),
        };
        let update = |u: &muster_core::incident::Update| Update {
            update: u.number,
            row: u.row,
            text: u.text.clone(),
            corrects: u.corrects,
            waits: u.asked_at.is_some() && u.signed.is_none() && u.sent.is_none(),
            signed_by: u.signed.as_ref().map(|(_, by)| by.clone()),
            returned: u.returned.as_ref().map(|(_, why)| why.clone()),
            sent_at: u.sent.as_ref().map(|(at, ..)| *at),
            by_hand: u.left_by_hand().map(str::to_owned).collect(),
            acknowledged: u.acknowledged.iter().map(|(p, _)| p.into()).collect(),
        };
        let comms = &incident.comms;
        Self {
            audiences: comms.rows.iter().map(audience).collect(),
            updates: comms.updates.iter().map(update).collect(),
            asked: comms.waiting().map(|a| Asked { entry: a.entry, by: a.by.clone(), text: a.text.clone() }).collect(),
        }
    }
}
