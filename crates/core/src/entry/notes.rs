//! Facts that people write: notes, contacts, corrections, and the fields of the form.

use super::{Affected, Kind, Moment, Severity};
use crate::Time;
use crate::contact::{MeansKind, Outcome};
use crate::custom::Custom;
use crate::ids::PersonRef;
use crate::policy::Phase;
use serde::{Deserialize, Serialize};

/// The kinds of note (DOC-2).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "their names are the words of DOC-2")]
pub enum NoteKind {
    #[default]
    Activity,
    Contact,
    Update,
    Staff,
    Escalation,
    Change,
    Decision,
    Complication,
    Task,
    Other,
}

impl NoteKind {
    /// Every kind, in the order of DOC-2.
    pub const ALL: [Self; 10] = [
        Self::Activity,
        Self::Contact,
        Self::Update,
        Self::Staff,
        Self::Escalation,
        Self::Change,
        Self::Decision,
        Self::Complication,
        Self::Task,
        Self::Other,
    ];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Activity => "activity",
            Self::Contact => "contact",
            Self::Update => "update",
            Self::Staff => "staff",
            Self::Escalation => "escalation",
            Self::Change => "change",
            Self::Decision => "decision",
            Self::Complication => "complication",
            Self::Task => "task",
            Self::Other => "other",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.word() == word)
    }
}

/// See [`super::Fact::Noted`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Noted {
    /// What kind of note.
    pub kind: NoteKind,
    /// What was written.
    pub text: String,
}

/// See [`super::Fact::Contacted`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Contacted {
    /// For which [`super::Tell`], by its name; none if just so.
    pub tell: Option<String>,
    /// Whom.
    pub person: PersonRef,
    /// By what.
    pub means: MeansKind,
    /// What came of it.
    pub outcome: Outcome,
    /// What was said.
    pub said: String,
}

/// See [`super::Fact::Corrected`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Corrected {
    /// Which entry.
    pub entry: u64,
    /// What it should have said.
    pub text: String,
}

/// See [`super::Fact::TakenBack`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TakenBack {
    /// Which entry.
    pub entry: u64,
    /// Why.
    pub reason: String,
}

/// See [`super::Fact::Changed`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Changed {
    /// What the field is now.
    pub to: Change,
    /// Why, where the field asks for a reason.
    pub reason: String,
}

/// A field of the form, with its new value.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// Field 1.
    Title(String),
    /// Field 3.
    WentDown(Option<Moment>),
    /// Field 8: one more system, or a new condition of one.
    System(Affected),
    /// Field 11.
    Symptoms(String),
    /// Field 13.
    Cause(String),
    /// Field 14.
    Resolution(String),
    /// Field 15.
    RestoredAt(Time),
    /// Field 17.
    Kind(Kind),
    /// Field 18.
    Severity(Option<Severity>),
    /// The pace.
    Phase(Phase),
    /// A field of the organisation's own.
    Custom(Custom),
}

impl Change {
    /// What two people set at once if they set the same: the field, and of which system.
    #[must_use]
    pub fn place(&self) -> String {
        match self {
            Self::System(system) => format!("{} {}", self.field(), system.id),
            Self::Custom(custom) => format!("{} {}", self.field(), custom.field),
            field => field.field().to_owned(),
        }
    }

    /// The field's name: in URLs and in refusals.
    #[must_use]
    pub fn field(&self) -> &'static str {
        match self {
            Self::Title(_) => "title",
            Self::WentDown(_) => "went-down",
            Self::System(_) => "system",
            Self::Symptoms(_) => "symptoms",
            Self::Cause(_) => "cause",
            Self::Resolution(_) => "resolution",
            Self::RestoredAt(_) => "restored-at",
            Self::Kind(_) => "kind",
            Self::Severity(_) => "severity",
            Self::Phase(_) => "phase",
            Self::Custom(_) => "value",
        }
    }
}
