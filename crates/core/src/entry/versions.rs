//! Facts about a version of the procedure: how it came about, who signed it, when it holds.

use crate::Time;
use crate::directory::Organisation;
use crate::ids::{AreaId, PersonRef};
use crate::policy::Policy;
use crate::procedure::{Component, Content, Procedure, Step};
use serde::{Deserialize, Serialize};

/// See [`super::Fact::VersionDrafted`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct VersionDrafted {
    /// Which version: one more than the newest.
    pub number: u32,
    /// Which version it was made from; none for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<u32>,
    /// Why it is changed.
    pub note: String,
    /// Which decision of a review asked for it; may be empty (POL-5).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub decision: String,
    /// The groups that must sign it.
    pub groups: Vec<Group>,
    /// When it takes effect, if all have signed by then; none: as soon as they have.
    pub effective: Option<Time>,
    /// When it is reviewed next.
    pub next_review: Option<Time>,
    /// What it says.
    pub body: PolicyBody,
    /// The organisation's time zone.
    pub time_zone: String,
}

/// Everything that a version says: words and figures.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct PolicyBody {
    /// The figures.
    pub policy: Policy,
    /// The words.
    pub procedure: Procedure,
}

impl PolicyBody {
    /// What an organisation's rules say now, every word of it.
    #[must_use]
    pub fn of(org: &Organisation) -> Self {
        Self { policy: org.policy.clone(), procedure: org.procedure.whole() }
    }

    /// Whether both say the same, whatever their numbers are.
    #[must_use]
    pub fn says(&self, other: &Self) -> bool {
        let policy = Policy { version: other.policy.version, ..self.policy.clone() };
        policy == other.policy && self.procedure.whole() == other.procedure.whole()
    }

    /// Whether it says what ships.
    #[must_use]
    pub fn is_as_shipped(&self) -> bool {
        self.says(&Self::default())
    }
}

/// A group that must sign a version, resolved to people.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Group {
    /// Which area.
    pub area: AreaId,
    /// Its name.
    pub name: String,
    /// Who may sign for it: any of them; whoever owes it stands first.
    pub people: Vec<PersonRef>,
}

/// See [`super::Fact::VersionEdited`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct VersionEdited {
    /// What it said.
    pub before: Passage,
    /// What it says now: the same part.
    pub after: Passage,
}

/// A part of a version that is edited as a whole.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(clippy::large_enum_variant, reason = "few, and none in a list")]
pub enum Passage {
    /// The words of a component.
    Component(Component, Content),
    /// The checklist at a glance.
    Checklist(Vec<Step>),
    /// The figures.
    Figures(Policy),
    /// Why it is changed, who signs it, and its dates.
    Frame(Frame),
}

/// What is said of a version besides its words and figures.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Frame {
    /// Why it is changed.
    pub note: String,
    /// Which decision of a review asked for it; may be empty (POL-5).
    pub decision: String,
    /// The groups that must sign it.
    pub groups: Vec<Group>,
    /// When it takes effect; none: as soon as all have signed.
    pub effective: Option<Time>,
    /// When it is reviewed next.
    pub next_review: Option<Time>,
}

/// See [`super::Fact::VersionProposed`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct VersionProposed {
    /// By when the groups should have signed it.
    pub sign_by: Time,
}

/// See [`super::Fact::VersionSigned`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct VersionSigned {
    /// For which group.
    pub area: AreaId,
    /// Its name.
    pub name: String,
}

/// See [`super::Fact::VersionDeclined`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct VersionDeclined {
    /// For which group.
    pub area: AreaId,
    /// Its name.
    pub name: String,
    /// What they ask for instead.
    pub reason: String,
}

/// See [`super::Fact::VersionInForce`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct VersionInForce {
    /// How it came to hold.
    pub how: ComesBy,
}

/// How a version comes to hold.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ComesBy {
    /// Every group has signed it.
    Signed,
    /// Management put it in force over sign-offs that are missing.
    Over {
        /// The groups that have not signed.
        missing: Vec<String>,
        /// Why it could not wait for them.
        reason: String,
    },
    /// It was applied from a file, or is what ships.
    Applied,
}

/// See [`super::Fact::VersionDropped`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct VersionDropped {
    /// Why it never holds.
    pub reason: String,
}

/// See [`super::Fact::VersionReplaced`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct VersionReplaced {
    /// By which version.
    pub by: u32,
}
