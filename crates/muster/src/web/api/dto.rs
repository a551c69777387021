//! What the API takes and gives: plain structs with `snake_case` fields, times as RFC 3339, and the
//! words of the log for everything that has a word.

pub mod acts;
pub mod alert;
pub mod checklist;
pub mod claims;
pub mod comms;
pub mod course;
pub mod directory;
pub mod gathering;
pub mod incident;
pub mod kept;
pub mod links;
pub mod plan;
pub mod restriction;
pub mod roles;
pub mod triage;
pub mod upkeep;
pub mod versions;

use jiff::Timestamp;
use muster_core::entry::{Moment, Severity};
use muster_core::ids::PersonRef;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

/// A person: the name of the directory, and the full name.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct PersonName {
    /// Name in the directory, such as `priya`.
    pub id: String,
    /// Full name.
    pub name: String,
}

impl From<&PersonRef> for PersonName {
    fn from(person: &PersonRef) -> Self {
        Self { id: person.id.0.clone(), name: person.name.clone() }
    }
}

/// A system: the name of the directory, and the name for people.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct SystemName {
    /// Name in the directory, such as `email`.
    pub id: String,
    /// Name for people.
    pub name: String,
}

/// A time of which one says how well one knows it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// When.
    #[serde(deserialize_with = "time")]
    pub at: Timestamp,
    /// Whether that is an estimate.
    #[serde(default)]
    pub estimate: bool,
}

impl From<When> for Moment {
    fn from(when: When) -> Self {
        Self { at: when.at, estimate: when.estimate }
    }
}

impl From<Moment> for When {
    fn from(moment: Moment) -> Self {
        Self { at: moment.at, estimate: moment.estimate }
    }
}

/// A time, with words for who writes it otherwise.
fn time<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
    let text = String::deserialize(from)?;
    let wrong = |_| D::Error::custom(format!("{text:?} is no time: write it like 2026-11-17T10:00:00Z"));
    text.parse::<Timestamp>().map_err(wrong)
}

fn time_if_any<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
    #[derive(Deserialize)]
    struct Wrapped(#[serde(deserialize_with = "time")] Timestamp);
    Ok(Option::<Wrapped>::deserialize(from)?.map(|Wrapped(at)| at))
}

/// 1 critical, 2 major, 3 minor, 4 low.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "u8", into = "u8")]
#[schema(value_type = u8, minimum = 1, maximum = 4)]
pub struct SeverityNumber(pub Severity);

impl TryFrom<u8> for SeverityNumber {
    type Error = String;

    fn try_from(n: u8) -> Result<Self, String> {
        let severity = Severity::from_number(n);
        severity.map(Self).ok_or_else(|| format!("{n} is no severity: 1 critical, 2 major, 3 minor, 4 low"))
    }
}

impl From<SeverityNumber> for u8 {
    fn from(severity: SeverityNumber) -> Self {
        severity.0.number()
    }
}

/// The word for something that core writes as one.
fn word_of(word: &impl Serialize) -> String {
    serde_json::to_value(word).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Schemas of words that core defines: taken from its lists, so that no word is written twice.
pub(super) mod words {
    use muster_core::alert::Account;
    use muster_core::contact::{Answer, MeansKind};
    use muster_core::directory::Role;
    use muster_core::entry::{
        CauseState, Extent, Fault, NoteKind, OptionState, PartState, Relation, Risk, Told, Urgency,
    };
    use muster_core::incident::State;
    use muster_core::policy::Phase;
    use serde::Serialize;
    use utoipa::openapi::RefOr;
    use utoipa::openapi::schema::{Object, ObjectBuilder, Schema, SchemaType, Type};
    use utoipa::{PartialSchema, ToSchema};

    fn one_of<T: Serialize>(all: &[T]) -> Object {
        let words = all.iter().map(|word| serde_json::to_value(word).unwrap_or_default());
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).build()
    }

    /// The same, where there may be none: `null`.
    fn one_of_if_any<T: Serialize>(all: &[T]) -> Object {
        let words = all.iter().map(|word| serde_json::to_value(word).unwrap_or_default());
        let words = words.chain([serde_json::Value::Null]);
        let kinds = SchemaType::from_iter([Type::String, Type::Null]);
        ObjectBuilder::new().schema_type(kinds).enum_values(Some(words)).build()
    }

    /// Stands for a kind of disruption where a schema wants a type.
    pub struct KindWord;
    /// Stands for [`Phase`] where a schema wants a type.
    pub struct PhaseWord;

    impl PartialSchema for KindWord {
        fn schema() -> RefOr<Schema> {
            kind().into()
        }
    }
    impl ToSchema for KindWord {}
    impl PartialSchema for PhaseWord {
        fn schema() -> RefOr<Schema> {
            phase().into()
        }
    }
    impl ToSchema for PhaseWord {}

    pub(in super::super) fn kind() -> Object {
        ObjectBuilder::new().schema_type(Type::String).build()
    }

    pub(in super::super) fn state() -> Object {
        one_of(&State::ALL)
    }

    pub(in super::super) fn phase() -> Object {
        one_of(&[Phase::Intense, Phase::Steady, Phase::Waiting])
    }

    pub(in super::super) fn told() -> Object {
        one_of(&Told::ALL)
    }

    pub(in super::super) fn extent() -> Object {
        one_of(&Extent::ALL)
    }

    pub(in super::super) fn relation() -> Object {
        one_of(&Relation::ALL)
    }

    pub(in super::super) fn fault() -> Object {
        one_of(&Fault::ALL)
    }

    pub(in super::super) fn urgency() -> Object {
        one_of(&Urgency::ALL)
    }

    pub(in super::super) fn extent_if_any() -> Object {
        one_of_if_any(&Extent::ALL)
    }

    pub(in super::super) fn told_if_any() -> Object {
        one_of_if_any(&Told::ALL)
    }

    pub(in super::super) fn note_kind() -> Object {
        one_of(&NoteKind::ALL)
    }

    pub(in super::super) fn means() -> Object {
        one_of(&MeansKind::ALL)
    }

    pub(in super::super) fn answer() -> Object {
        one_of(&[Answer::Take, Answer::Know, Answer::Cannot])
    }

    pub(in super::super) fn part_state() -> Object {
        one_of(&PartState::ALL)
    }

    pub(in super::super) fn cause_state() -> Object {
        one_of(&CauseState::ALL)
    }

    pub(in super::super) fn option_state() -> Object {
        one_of(&OptionState::ALL)
    }

    pub(in super::super) fn risk() -> Object {
        one_of(&Risk::ALL)
    }

    pub(in super::super) fn account() -> Object {
        one_of(&Account::ALL)
    }

    pub(in super::super) fn role() -> Object {
        one_of(&[Role::Reader, Role::Responder, Role::Communicator, Role::Manager, Role::Administrator])
    }
}
