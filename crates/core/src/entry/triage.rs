//! Facts of triage (DIS-3): who is hit, how, and how urgent it is; with what the policy's matrix made of that (DEF-5).

use super::{Affected, Extent, Severity};
use crate::ids::PopulationId;
use crate::policy::Impact;
use serde::{Deserialize, Serialize};

/// See [`super::Fact::Triaged`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Triaged {
    /// Who is affected.
    pub extent: Extent,
    /// What is wrong.
    pub fault: Fault,
    /// Whom it hits: all that were offered, those whom it does not hit with nobody, and those that were added.
    pub populations: Vec<Hit>,
    /// Systems that this triage adds, and of which it says first how they are.
    pub systems: Vec<Affected>,
    /// How fast it has to be over.
    pub urgency: Urgency,
    /// What the policy's matrix says of it.
    pub advice: Advice,
}

/// What is wrong with a system, as far as can be seen in a minute.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// It runs, and nobody gets to it.
    NetworkDown,
    /// It does not run.
    Down,
    /// It works badly.
    Degraded,
    /// Nobody knows yet.
    #[default]
    Unknown,
}

impl Fault {
    /// Every one, in the order of the form.
    pub const ALL: [Self; 4] = [Self::NetworkDown, Self::Down, Self::Degraded, Self::Unknown];

    /// The words for it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::NetworkDown => "system up, network down",
            Self::Down => "system down",
            Self::Degraded => "degraded",
            Self::Unknown => "not known yet",
        }
    }
}

/// How fast it has to be over.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Urgency {
    /// Harm grows by the minute.
    High,
    /// It hinders work, and there is a way around for a while.
    #[default]
    Medium,
    /// It can wait.
    Low,
}

impl Urgency {
    /// Every urgency, highest first.
    pub const ALL: [Self; 3] = [Self::High, Self::Medium, Self::Low];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }
}

/// A population, and how many of it are affected.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Hit {
    /// Which, if the directory has it.
    pub id: Option<PopulationId>,
    /// Its name.
    pub name: String,
    /// How many people it has, if the directory has it.
    pub of: Option<u32>,
    /// About how many of them are affected; 0 if it is not.
    pub people: u32,
}

/// What the policy's matrix says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Advice {
    /// How hard it hits.
    pub impact: Impact,
    /// How bad that makes it.
    pub severity: Severity,
    /// Why: "320 of 1,150 people, in usage hours: impact high; urgency high: severity 2".
    pub why: String,
}
