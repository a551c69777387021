//! Facts about how a log begins, and the words that a form has for it.

use crate::calendar::BusinessCalendar;
use crate::contact::MeansKind;
use crate::custom::CustomField;
use crate::directory::Means;
use crate::ids::{AreaId, IntakeId, PersonId, PersonRef, PopulationId, SystemId};
use crate::policy::Policy;
use crate::procedure::Step;
use crate::system::{Condition, Scope};
use crate::{Span, Time};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// See [`super::Fact::Opened`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Opened {
    /// Reference number, such as `2026-041`.
    pub number: String,
    /// One line.
    pub title: String,
    /// What kind of disruption.
    pub kind: Kind,
    /// Whether a person still has to say that it is real.
    pub suspected: bool,
    /// How it was discovered.
    pub origin: Origin,
    /// When.
    pub discovered_at: Time,
    /// When service went down, if anybody knows.
    pub went_down: Option<Moment>,
    /// How bad, if the discoverer said.
    pub severity: Option<Severity>,
    /// How many are affected, if the discoverer said.
    pub affected: Option<Extent>,
    /// What is affected.
    pub systems: Vec<Affected>,
    /// Which rule decided, and why.
    pub why: String,
    /// The rules that hold for this incident from now on.
    pub terms: Terms,
    /// Who must be told directly, resolved to people.
    pub tells: Vec<Tell>,
    /// The at-a-glance checklist; empty where there was none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checklist: Vec<Step>,
}

/// The rules that an incident began under, and keeps.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Terms {
    /// The policy, with its version.
    pub policy: Policy,
    /// The organisation's name on its papers.
    pub organisation: String,
    /// The organisation's time zone.
    pub time_zone: String,
    /// Its business days.
    pub calendar: BusinessCalendar,
    /// Fields of the organisation's own on the form (DOC-3).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<CustomField>,
}

/// What kind of disruption, by the name that the policy has for it (DEF-2). Its words stand in the policy that the
/// incident began under: see [`Policy::words_of`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Kind(Cow<'static, str>);

impl Kind {
    /// A service everybody needs is gone.
    pub const ORGANISATION_WIDE: Self = Self(Cow::Borrowed("organisation-wide"));
    /// A department's service is gone.
    pub const DEPARTMENTAL: Self = Self(Cow::Borrowed("departmental"));
    /// Severely degraded.
    pub const DEGRADED: Self = Self(Cow::Borrowed("degraded"));
    /// An attack or infection.
    pub const SECURITY: Self = Self(Cow::Borrowed("security"));
    /// Nothing lost yet.
    pub const PREDICTED: Self = Self(Cow::Borrowed("predicted"));
    /// Planned work.
    pub const PLANNED: Self = Self(Cow::Borrowed("planned"));
    /// Anything else.
    pub const OTHER: Self = Self(Cow::Borrowed("other"));

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Kind {
    fn from(name: &str) -> Self {
        Self(Cow::Owned(name.to_owned()))
    }
}

/// How an incident was discovered (DIS-1).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// By an alert.
    Alert {
        /// From which sender.
        intake: IntakeId,
        /// Its name.
        source: String,
    },
    /// By a person.
    Person {
        /// Who.
        person: PersonRef,
        /// How they came to know.
        told: Told,
    },
    /// By a user's own report, which needs no login.
    User {
        /// Who they say they are; may be empty.
        name: String,
        /// How to reach them; may be empty.
        contact: String,
    },
}

/// How a person who declares an incident came to know.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Told {
    /// Saw it.
    #[default]
    SawIt,
    /// Somebody called.
    Called,
    /// A monitor that Muster does not hear.
    Monitor,
    /// The incident was kept on paper and is entered afterwards.
    Paper,
}

impl Told {
    /// Every way, in the order of the form.
    pub const ALL: [Self; 4] = [Self::SawIt, Self::Called, Self::Monitor, Self::Paper];

    /// The words for it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::SawIt => "saw it",
            Self::Called => "was called by somebody",
            Self::Monitor => "saw it on a monitor",
            Self::Paper => "entered it from paper",
        }
    }
}

/// A time of which we know how well we know it (DIS-2).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Moment {
    /// When.
    pub at: Time,
    /// Whether that is an estimate.
    pub estimate: bool,
}

/// How bad (process.md, "severity"). Absent means not assessed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// 1.
    Critical,
    /// 2.
    Major,
    /// 3.
    Minor,
    /// 4.
    Low,
}

impl Severity {
    /// Every severity, worst first.
    pub const ALL: [Self; 4] = [Self::Critical, Self::Major, Self::Minor, Self::Low];

    /// 1 to 4.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::Critical => 1,
            Self::Major => 2,
            Self::Minor => 3,
            Self::Low => 4,
        }
    }

    /// The one with that number.
    #[must_use]
    pub fn from_number(n: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.number() == n)
    }

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::Major => "major",
            Self::Minor => "minor",
            Self::Low => "low",
        }
    }
}

/// Who is affected, as the discoverer sees it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Extent {
    /// One user or workstation.
    One,
    /// A group.
    Group,
    /// A building or site.
    Site,
    /// Everyone.
    Everyone,
}

impl Extent {
    /// Every extent, smallest first.
    pub const ALL: [Self; 4] = [Self::One, Self::Group, Self::Site, Self::Everyone];

    /// The words for it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::One => "one user or workstation",
            Self::Group => "a group",
            Self::Site => "a building or site",
            Self::Everyone => "everyone",
        }
    }
}

/// A system that an incident is about, with all that the form says of it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Affected {
    /// Which.
    pub id: SystemId,
    /// Its name.
    pub name: String,
    /// Whom its loss hits.
    pub scope: Scope,
    /// How it does, if known.
    pub condition: Option<Condition>,
    /// Who speaks for its users.
    pub owner: Option<PersonRef>,
    /// Whom it serves.
    pub populations: Vec<Affects>,
}

/// A population that an affected system serves.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Affects {
    /// Which.
    pub id: PopulationId,
    /// Its name.
    pub name: String,
    /// How many people.
    pub head_count: u32,
}

/// A chain of people of whom one must be told directly (DIS-4).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Tell {
    /// "User support".
    pub name: String,
    /// Of which area; empty where it is none's.
    pub area: AreaId,
    /// Due this long after triage.
    pub after_triage: Span,
    /// And at the latest this long after discovery, or after it came to be owed.
    pub after_discovery: Span,
    /// In the order to try.
    pub chain: Vec<Candidate>,
    /// Why they are told.
    #[serde(default, skip_serializing_if = "Ground::is_policy")]
    pub ground: Ground,
    /// Since when it is owed, if not since discovery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Time>,
}

/// Why somebody must be told directly.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ground {
    /// The policy names them for every incident (DIS-4).
    #[default]
    Policy,
    /// They are the next level of management, 1 for the nearest (ESC-1).
    Level(u8),
    /// They speak for those who use a system (CLIENT-1).
    Owner(PersonId),
}

impl Ground {
    fn is_policy(&self) -> bool {
        *self == Self::Policy
    }
}

/// See [`super::Fact::TellAdded`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TellAdded {
    /// Whom.
    pub tell: Tell,
    /// Why now.
    pub why: String,
}

/// A person in a chain, with the means to reach them.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Candidate {
    /// Who.
    pub person: PersonRef,
    /// What they are.
    pub title: String,
    /// In the order to try.
    pub means: Vec<Means>,
    /// Means that no channel of this installation can use: people have to. Empty where nobody asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_hand: Vec<Means>,
}

impl Candidate {
    /// The telephone numbers at which a person can ring them, each once.
    pub fn numbers(&self) -> impl Iterator<Item = &str> {
        let all = self.means.iter().chain(&self.by_hand);
        let numbers: Vec<&str> =
            all.filter(|m| matches!(m.kind, MeansKind::Call | MeansKind::Sms)).map(|m| m.to.as_str()).collect();
        let once = |(n, to): (usize, &&str)| !numbers[..n].contains(to);
        let first: Vec<&str> = numbers.iter().enumerate().filter(|(n, to)| once((*n, to))).map(|(_, to)| *to).collect();
        first.into_iter()
    }
}
