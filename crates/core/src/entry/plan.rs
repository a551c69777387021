//! Facts of the evaluation and the restoration plan (EVAL-1 to EVAL-4). The problem statement is field 11 of the form:
//! see [`super::Change::Symptoms`]. Nothing is typed twice.

use super::Via;
use crate::Time;
use crate::ids::{PersonRef, SummonsId};
use serde::{Deserialize, Serialize};

/// See [`super::Fact::QuestionAsked`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct QuestionAsked {
    /// 1 for the first of its incident.
    pub number: u32,
    /// What is asked.
    pub text: String,
    /// Who or which area is asked, each with the search that pursues an answer.
    pub of: Vec<Asked>,
}

/// A person or an area of whom something is asked.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Asked {
    /// The name: of the person, or of the area, of which one answer is enough.
    pub name: String,
    /// The search that pursues an answer.
    pub summons: SummonsId,
}

/// See [`super::Fact::InputGiven`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct InputGiven {
    /// To which question.
    pub question: u32,
    /// By whom.
    pub person: PersonRef,
    /// The answer.
    pub text: String,
    /// How it came.
    pub via: Via,
}

/// A component, or the interface between two.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Part {
    /// Its name: a system's, or any other.
    pub component: String,
    /// For an interface: the component that it leads to, and that the first one needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

impl Part {
    /// `Email`, or `Email to Directory`.
    #[must_use]
    pub fn words(&self) -> String {
        match &self.to {
            Some(to) => format!("{} to {to}", self.component),
            None => self.component.clone(),
        }
    }
}

/// See [`super::Fact::PartMarked`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PartMarked {
    /// Which.
    pub part: Part,
    /// How it is, as far as is known.
    pub now: PartState,
    /// What was seen; may be empty.
    pub evidence: String,
}

/// How a part is, as far as is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartState {
    /// Nobody knows.
    #[default]
    NotKnown,
    /// It works.
    Working,
    /// The fault may be here.
    Suspected,
    /// The fault is here.
    AtFault,
}

impl PartState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::NotKnown, Self::Working, Self::Suspected, Self::AtFault];

    /// The words for it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::NotKnown => "not known",
            Self::Working => "working",
            Self::Suspected => "suspected",
            Self::AtFault => "at fault",
        }
    }
}

/// See [`super::Fact::CauseProposed`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct CauseProposed {
    /// 1 for the first of its incident.
    pub number: u32,
    /// What may have caused it.
    pub text: String,
    /// Of which part, if of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<Part>,
}

/// See [`super::Fact::CauseJudged`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct CauseJudged {
    /// Which.
    pub cause: u32,
    /// What it is now.
    pub now: CauseState,
    /// What shows it.
    pub evidence: String,
}

/// What is known of a likely cause.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CauseState {
    /// It may be.
    #[default]
    Open,
    /// It is.
    Verified,
    /// It is not.
    RuledOut,
}

impl CauseState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Open, Self::Verified, Self::RuledOut];

    /// The words for it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Verified => "verified",
            Self::RuledOut => "ruled out",
        }
    }
}

/// See [`super::Fact::TaskSet`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TaskSet {
    /// 1 for the first of its incident.
    pub number: u32,
    /// What is to be done.
    pub what: String,
    /// By whom.
    pub assignee: PersonRef,
    /// By when: the end of its time-box.
    pub due: Time,
}

/// See [`super::Fact::TaskEnded`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TaskEnded {
    /// Which.
    pub task: u32,
    /// Whether it was done; else it is not needed any more.
    pub done: bool,
    /// What came of it.
    pub text: String,
}

/// See [`super::Fact::OptionWeighed`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct OptionWeighed {
    /// 1 for the first of its incident.
    pub number: u32,
    /// What would be done.
    pub what: String,
    /// What should happen, how fast.
    pub effect: String,
    /// How risky it is.
    pub risk: Risk,
    /// What could go wrong.
    pub danger: String,
    /// Which causes it addresses.
    pub causes: Vec<u32>,
}

/// How risky a restoration option is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the words say it")]
pub enum Risk {
    Low,
    Medium,
    High,
}

impl Risk {
    /// From least to most.
    pub const ALL: [Self; 3] = [Self::Low, Self::Medium, Self::High];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// See [`super::Fact::OptionJudged`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct OptionJudged {
    /// Which.
    pub option: u32,
    /// What became of it.
    pub now: OptionState,
    /// What happened, or why not.
    pub text: String,
}

/// What became of a restoration option.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OptionState {
    /// Nobody has tried it.
    #[default]
    NotTried,
    /// It is being tried.
    Trying,
    /// Tried, and it helped.
    Helped,
    /// Tried, and nothing changed.
    NoChange,
    /// Tried, and it made things worse.
    Worse,
    /// It is not going to be tried.
    Declined,
}

impl OptionState {
    /// Every state.
    pub const ALL: [Self; 6] =
        [Self::NotTried, Self::Trying, Self::Helped, Self::NoChange, Self::Worse, Self::Declined];

    /// The words for it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::NotTried => "not tried",
            Self::Trying => "being tried",
            Self::Helped => "tried, it helped",
            Self::NoChange => "tried, no change",
            Self::Worse => "tried, it made things worse",
            Self::Declined => "declined",
        }
    }
}
