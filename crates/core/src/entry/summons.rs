//! Facts about looking for somebody.

use super::Candidate;
use crate::Span;
use crate::contact::{Answer, MeansKind, Outcome, Proof};
use crate::ids::{AttemptId, PersonRef, SummonsId};
use serde::{Deserialize, Serialize};

/// What a summons is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// Nobody has it yet: who takes it becomes Incident Manager.
    TakeCharge,
    /// The Incident Manager needs the system's technical contact.
    Assist,
    /// Somebody is Incident Manager, and this person is asked to be it instead.
    HandOver,
    /// Somebody wants to disrupt a system, and this person is asked to let it happen.
    Release,
    /// Somebody is asked for what they know: who answers takes nothing on.
    Input,
    /// Somebody must be told directly: it ends when one of the chain was spoken to.
    Tell,
    /// This person is asked to become Communications Manager.
    Communicate,
}

impl Purpose {
    /// Whether that answer, so proved, is what the search is for (process.md, "direct contact").
    #[must_use]
    pub fn is_met_by(self, answer: Answer, proof: Proof) -> bool {
        match self {
            // Where the duty is only to inform, "I know" will do, and a click on a link will not.
            Self::Tell => answer != Answer::Cannot && planted!("click-tells", proof.satisfies(Proof::Spoken), true),
            Self::TakeCharge | Self::Assist | Self::HandOver | Self::Release | Self::Input | Self::Communicate => {
                answer == Answer::Take
            }
        }
    }

    /// Whether it asks once, and nothing is wrong if nobody answers.
    #[must_use]
    pub fn is_asked_once(self) -> bool {
        match self {
            Self::HandOver | Self::Release | Self::Input | Self::Communicate => true,
            Self::TakeCharge | Self::Assist | Self::Tell => false,
        }
    }

    /// Whether an answer is still welcome when every means was tried: then what asked ends the search, not time.
    #[must_use]
    pub fn stays_open(self) -> bool {
        match self {
            Self::Release => true,
            Self::TakeCharge | Self::Assist | Self::HandOver | Self::Input | Self::Tell | Self::Communicate => false,
        }
    }
}

/// See [`super::Fact::SummonsStarted`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SummonsStarted {
    /// Which.
    pub summons: SummonsId,
    /// What for.
    pub purpose: Purpose,
    /// What the people are asked about: "Email".
    pub about: String,
    /// Whom, in order.
    pub chain: Vec<Candidate>,
    /// How long to wait for an answer where a means does not say.
    pub wait: Span,
    /// By which entry somebody asked to disrupt a system, if it is about that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask: Option<u64>,
    /// For which [`super::Tell`], by its name, if it is about that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tell: Option<String>,
}

/// See [`super::Fact::Tried`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Tried {
    /// Which try; its outcome comes with the same id.
    pub attempt: AttemptId,
    /// Of which summons.
    pub summons: SummonsId,
    /// Whom.
    pub person: PersonRef,
    /// By what.
    pub means: MeansKind,
    /// To which number or address.
    pub to: String,
    /// Position in the chain.
    pub candidate: usize,
    /// Position among that person's means.
    pub nth: usize,
    /// 1 for the first time through the chain.
    pub round: u32,
    /// How long to wait for an answer.
    pub wait: Span,
}

/// See [`super::Fact::Graded`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Graded {
    /// Which try.
    pub attempt: AttemptId,
    /// Of which summons.
    pub summons: SummonsId,
    /// Whom.
    pub person: PersonRef,
    /// By what.
    pub means: MeansKind,
    /// What came of it.
    pub outcome: Outcome,
    /// The provider's words, if they help.
    pub detail: String,
}

/// See [`super::Fact::Answered`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Answered {
    /// Which summons.
    pub summons: SummonsId,
    /// Who.
    pub person: PersonRef,
    /// What.
    pub answer: Answer,
    /// How we know that it was them.
    pub proof: Proof,
    /// How the answer came.
    pub via: Via,
}

/// How an answer came.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Via {
    /// By the personal link in a message.
    Link,
    /// By a key pressed on a call.
    Key,
    /// On a page or by a command, signed in.
    Login,
}

impl Via {
    /// The words for it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Link => "by personal link",
            Self::Key => "by a key on the call",
            Self::Login => "signed in",
        }
    }
}

/// See [`super::Fact::NobodyReached`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct NobodyReached {
    /// Which summons.
    pub summons: SummonsId,
    /// How often it has been through the chain.
    pub round: u32,
    /// Whom it tried.
    pub tried: Vec<PersonRef>,
    /// The administrators to whom a message goes out now, which proves nothing yet. None in entries that did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub telling: Option<Vec<PersonRef>>,
}

/// See [`super::Fact::SummonsEnded`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SummonsEnded {
    /// Which.
    pub summons: SummonsId,
    /// Why.
    pub why: String,
}

/// See [`super::Fact::PassedOver`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PassedOver {
    /// Which summons.
    pub summons: SummonsId,
    /// Whom.
    pub person: PersonRef,
}
