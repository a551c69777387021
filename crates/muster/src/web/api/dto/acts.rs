//! What people do to an incident, as requests.

use super::{SeverityNumber, When, words};
use crate::web::api::ask::IntoAct;
use crate::web::error::Problem;
use jiff::Timestamp;
use muster_core::contact::{Answer, MeansKind, Outcome, Proof};
use muster_core::custom::Custom;
use muster_core::entry::{Change, Extent, Kind, NoteKind, Told};
use muster_core::ids::{AlertId, AreaId, PersonId, PersonRef, SystemId};
use muster_core::incident::{Act, Declaration, To};
use muster_core::policy::Phase;
use muster_core::refusal::Refusal;
use serde::Deserialize;
use utoipa::ToSchema;

/// Something is wrong. One line is enough.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Declare {
    /// What is wrong, in one line.
    #[schema(max_length = 160)]
    pub title: String,
    /// Since when, if you know.
    #[serde(default)]
    pub went_down: Option<When>,
    /// Which system, by its name in the directory.
    #[serde(default)]
    pub system: Option<String>,
    /// How bad.
    #[serde(default)]
    pub severity: Option<SeverityNumber>,
    /// Who is affected.
    #[serde(default)]
    #[schema(schema_with = words::extent_if_any)]
    pub affected: Option<Extent>,
    /// When it was discovered, if not now.
    #[serde(default, deserialize_with = "super::time_if_any")]
    pub discovered_at: Option<Timestamp>,
    /// How you came to know; `saw-it` if absent.
    #[serde(default)]
    #[schema(schema_with = words::told)]
    pub told: Told,
    /// Who led it, if not you: only with `paper`.
    #[serde(default)]
    pub manager: Option<String>,
    /// Whether only those who take part may see it.
    #[serde(default)]
    pub restricted: bool,
}

impl Declare {
    /// What core decides on.
    #[must_use]
    pub fn by(self, by: PersonRef) -> Declaration {
        Declaration {
            by,
            title: self.title,
            told: self.told,
            discovered_at: self.discovered_at,
            manager: self.manager.map(PersonId),
            went_down: self.went_down.map(Into::into),
            affected: self.affected,
            severity: self.severity.map(|s| s.0),
            system: self.system.map(SystemId),
        }
    }
}

/// Something that happened.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// The words.
    #[schema(max_length = 10_000)]
    pub text: String,
    /// What kind of note; `activity` if absent.
    #[serde(default)]
    #[schema(schema_with = words::note_kind)]
    pub kind: NoteKind,
    /// When it happened, if not now.
    #[serde(default, deserialize_with = "super::time_if_any")]
    pub happened_at: Option<Timestamp>,
}

impl IntoAct for Note {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        Ok(Act::Note { kind: self.kind, text: self.text, happened_at: self.happened_at })
    }
}

/// Somebody tried to contact somebody.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RecordContact)]
pub struct Contact {
    /// Whom, by the name in the directory.
    pub person: String,
    /// By what.
    #[schema(schema_with = words::means)]
    pub means: MeansKind,
    /// What came of it. Only `reached` is direct contact, and only in person or by a call can one say so.
    pub outcome: ContactOutcome,
    /// For which row of the call list, by its name; none if just so.
    #[serde(default)]
    pub tell: Option<String>,
    /// What was said.
    #[serde(default)]
    #[schema(max_length = 10_000)]
    pub said: String,
    /// When, if not now.
    #[serde(default, deserialize_with = "super::time_if_any")]
    pub happened_at: Option<Timestamp>,
}

/// What came of trying to contact somebody, as the person who tried can know it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ContactOutcome {
    /// A live conversation.
    Reached,
    /// Rang, nobody answered.
    NoAnswer,
    /// Engaged.
    Busy,
    /// Voicemail, or a message with somebody else.
    MessageLeft,
    /// Not that person's number.
    WrongNumber,
    /// A text or mail was sent.
    Sent,
    /// It could not be sent.
    Failed,
}

impl IntoAct for Contact {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        let outcome = match (self.outcome, self.means) {
            (ContactOutcome::Reached, MeansKind::InPerson | MeansKind::Call) => Outcome::Reached(Proof::Spoken),
            (ContactOutcome::Reached, _) => {
                let why = "Only a conversation reaches a person: means call or in-person. A message was sent, no more.";
                return Err(Refusal::Senseless { field: "outcome", why: why.into() }.into());
            }
            (ContactOutcome::NoAnswer, _) => Outcome::NoAnswer,
            (ContactOutcome::Busy, _) => Outcome::Busy,
            (ContactOutcome::MessageLeft, _) => Outcome::MessageLeft,
            (ContactOutcome::WrongNumber, _) => Outcome::WrongNumber,
            (ContactOutcome::Sent, _) => Outcome::Sent,
            (ContactOutcome::Failed, _) => Outcome::Failed,
        };
        Ok(Act::Contact {
            tell: self.tell,
            person: PersonId(self.person),
            means: self.means,
            outcome,
            said: self.said,
            happened_at: self.happened_at,
        })
    }
}

/// The words of an entry were wrong, or its time.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Correct {
    /// Number of the entry.
    pub entry: u64,
    /// What it should have said.
    #[schema(max_length = 10_000)]
    pub text: String,
    /// When that happened, if the entry had the wrong time. A contact is taken back instead, and written anew.
    #[serde(default, deserialize_with = "super::time_if_any")]
    pub happened_at: Option<Timestamp>,
}

impl IntoAct for Correct {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        Ok(Act::Correct { entry: self.entry, text: self.text, happened_at: self.happened_at })
    }
}

/// A contact or an answer was a mistake, and what it did is undone.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeBack {
    /// Number of the entry.
    pub entry: u64,
    /// Why.
    #[schema(max_length = 10_000)]
    pub reason: String,
}

impl IntoAct for TakeBack {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        Ok(Act::TakeBack { entry: self.entry, reason: self.reason })
    }
}

/// You become Incident Manager. Nothing more to say.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Take {}

impl IntoAct for Take {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        Ok(Act::TakeCharge)
    }
}

/// Somebody else is asked to become Incident Manager: one of `person` and `area`.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandOver {
    /// Whom, by the name in the directory.
    #[serde(default)]
    pub person: Option<String>,
    /// An area of which whoever accepts first has it, by the name in the directory.
    #[serde(default)]
    pub area: Option<String>,
    /// Why.
    #[schema(max_length = 10_000)]
    pub reason: String,
    /// How things stand; written from the log if absent.
    #[serde(default)]
    #[schema(max_length = 10_000)]
    pub brief: String,
}

impl IntoAct for HandOver {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        let to = match (self.person, self.area) {
            (Some(person), None) => To::Person(PersonId(person)),
            (None, Some(area)) => To::Area(AreaId(area)),
            _ => {
                let ask = "Name one person, or one area.";
                return Err(Refusal::Missing { field: "person", ask }.into());
            }
        };
        Ok(Act::HandOver { to, reason: self.reason, brief: self.brief })
    }
}

/// A suspected incident is real. Nothing more to say.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Confirm {}

impl IntoAct for Confirm {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        Ok(Act::Confirm)
    }
}

/// It was no disruption.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Withdraw {
    /// Why.
    #[schema(max_length = 10_000)]
    pub reason: String,
}

impl IntoAct for Withdraw {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        Ok(Act::Withdraw { reason: self.reason })
    }
}

/// Service is back.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Restore {
    /// What brought it back.
    #[schema(max_length = 10_000)]
    pub resolution: String,
    /// Since when; now if absent.
    #[serde(default, deserialize_with = "super::time_if_any")]
    pub at: Option<Timestamp>,
    /// Why it was lost, if known.
    #[serde(default)]
    pub cause: String,
}

impl IntoAct for Restore {
    fn into_act(self, now: Timestamp) -> Result<Act, Problem> {
        Ok(Act::Restore { at: self.at.unwrap_or(now), cause: self.cause, resolution: self.resolution })
    }
}

/// Service was not back, or is lost again.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reopen {
    /// Why.
    #[schema(max_length = 10_000)]
    pub reason: String,
}

impl IntoAct for Reopen {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        Ok(Act::Reopen { reason: self.reason })
    }
}

/// The service disruption report is with whoever asked for it.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Where it can be found.
    pub reference: String,
}

impl IntoAct for Report {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        Ok(Act::FileReport { reference: self.reference })
    }
}

/// A field of the form is set.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetField {
    /// Which field, and what it is from now on.
    pub to: Field,
    /// Why; a severity asks for it, unless it is the first.
    #[serde(default)]
    #[schema(max_length = 10_000)]
    pub reason: String,
    /// The newest entry that you had seen: then nobody's change in between is written over.
    #[serde(default)]
    pub seen: Option<u64>,
}

/// One field of the form with its value.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// One line.
    Title(String),
    /// When service went down; `null` if nobody knows.
    WentDown(Option<When>),
    /// The problem as known now.
    Symptoms(String),
    /// Why it happened, as known now.
    Cause(String),
    /// What brought service back.
    Resolution(String),
    /// When service was back.
    #[serde(deserialize_with = "super::time")]
    RestoredAt(Timestamp),
    /// What kind of disruption.
    #[schema(value_type = words::KindWord)]
    Kind(Kind),
    /// How bad; `null` if not assessed.
    Severity(Option<SeverityNumber>),
    /// The pace.
    #[schema(value_type = words::PhaseWord)]
    Phase(Phase),
    /// A field of the organisation's own.
    Own(OwnField),
}

/// A field of the organisation's own, and what it says from now on.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnField {
    /// Which, by its name in the organisation's file.
    pub field: String,
    /// What it says; empty if nothing any more.
    pub value: String,
}

impl IntoAct for SetField {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        let to = match self.to {
            Field::Title(text) => Change::Title(text),
            Field::WentDown(when) => Change::WentDown(when.map(Into::into)),
            Field::Symptoms(text) => Change::Symptoms(text),
            Field::Cause(text) => Change::Cause(text),
            Field::Resolution(text) => Change::Resolution(text),
            Field::RestoredAt(at) => Change::RestoredAt(at),
            Field::Kind(kind) => Change::Kind(kind),
            Field::Severity(severity) => Change::Severity(severity.map(|s| s.0)),
            Field::Phase(phase) => Change::Phase(phase),
            Field::Own(own) => Change::Custom(Custom { field: own.field, words: String::new(), value: own.value }),
        };
        Ok(Act::Change { to, reason: self.reason, seen: self.seen })
    }
}

/// One more system is affected.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddSystem {
    /// Which, by its name in the directory.
    pub system: String,
}

impl IntoAct for AddSystem {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        Ok(Act::AddSystem { system: SystemId(self.system) })
    }
}

/// An alert does not belong to this incident.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeaveAlert {
    /// Its id.
    pub alert: String,
    /// Why.
    #[schema(max_length = 10_000)]
    pub reason: String,
}

impl IntoAct for LeaveAlert {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        Ok(Act::LeaveAlert { alert: AlertId(self.alert), reason: self.reason })
    }
}

/// What you say to being summoned.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveAnswer {
    /// "I take it", "I know", or "I cannot": then the next person is asked at once.
    #[schema(schema_with = words::answer)]
    pub answer: Answer,
    /// Which summons, by its id; the one that asks you now if absent.
    #[serde(default)]
    pub summons: Option<String>,
}
