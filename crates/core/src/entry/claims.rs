//! Facts about who works on a system, and who wants to disrupt it (EVAL-5): a system's log.

use crate::ids::{PersonRef, SystemId};
use crate::{Span, Time};
use serde::{Deserialize, Serialize};

/// See [`super::Fact::SystemNamed`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SystemNamed {
    /// Which.
    pub system: SystemId,
    /// Its name from now on.
    pub name: String,
    /// The organisation's time zone.
    pub time_zone: String,
    /// How long somebody is given to answer, where a means does not say.
    pub answer_wait: Span,
}

/// See [`super::Fact::Claimed`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Claimed {
    /// Who works on it. Whoever wrote the entry may be another: a server tells who logged in to it.
    pub person: PersonRef,
    /// What they do: "vendor patch".
    pub what: String,
    /// On which of its hosts; empty for the system as a whole.
    pub host: String,
    /// Until about when.
    pub until: Time,
    /// Whether it takes service away from others.
    pub disruptive: bool,
    /// For which incident, by its number.
    pub incident: Option<String>,
    /// Which log-in on a server makes this claim by itself; none if a person claimed.
    pub session: Option<String>,
    /// Who else was at work on it, or on a system that it needs or that needs it.
    pub clashes: Vec<AtWork>,
    /// By which entry it may begin although somebody is at work: the one that asked.
    pub ask: Option<u64>,
}

/// Somebody at work on a system, as others are shown it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AtWork {
    /// On which system.
    pub system: SystemId,
    /// Its name.
    pub system_name: String,
    /// By which entry of that system's log.
    pub claim: u64,
    /// Who.
    pub person: PersonRef,
    /// Doing what.
    pub what: String,
    /// On which host, if they said.
    pub host: String,
    /// Since when.
    pub since: Time,
    /// Until about when.
    pub until: Time,
    /// Whether they are only logged in, and have claimed nothing.
    pub logged_in: bool,
}

/// See [`super::Fact::ClaimRenewed`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ClaimRenewed {
    /// Which, by its entry.
    pub claim: u64,
    /// Until about when now.
    pub until: Time,
    /// Who renewed it, if whoever wrote the entry is another: a server tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonRef>,
}

/// See [`super::Fact::ClaimEnded`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ClaimEnded {
    /// Which, by its entry.
    pub claim: u64,
    /// Whose it was.
    pub person: PersonRef,
    /// How.
    pub how: ClaimEnd,
    /// What was changed, in their words; or why somebody else ended it.
    pub changed: String,
}

/// How a claim ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClaimEnd {
    /// Its person said so.
    Released,
    /// Its person logged out.
    LoggedOut,
    /// Somebody else says that its person is gone.
    SaidGone,
    /// Its time was up.
    Expired,
    /// The system was taken out of the directory.
    SystemGone,
}

impl ClaimEnd {
    /// The word for it: in API answers.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Released => "released",
            Self::LoggedOut => "logged-out",
            Self::SaidGone => "said-gone",
            Self::Expired => "expired",
            Self::SystemGone => "system-gone",
        }
    }
}

/// See [`super::Fact::DisruptionAsked`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct DisruptionAsked {
    /// Who wants to.
    pub person: PersonRef,
    /// What: "reboot".
    pub what: String,
    /// On which host, if they said.
    pub host: String,
    /// For which incident, by its number.
    pub incident: Option<String>,
    /// Who is at work there, or on a system that it needs or that needs it: each must let it happen.
    pub at_work: Vec<AtWork>,
    /// The system's technical contacts who are asked as well.
    pub contacts: Vec<PersonRef>,
}

/// See [`super::Fact::WorkElsewhere`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct WorkElsewhere {
    /// For which asking, by its entry.
    pub ask: u64,
    /// Who is at work now on systems that it needs or that need it.
    pub at_work: Vec<AtWork>,
}

/// See [`super::Fact::DisruptionSettled`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct DisruptionSettled {
    /// Which, by the entry that asked.
    pub ask: u64,
    /// Who wanted to do what.
    pub person: PersonRef,
    /// What.
    pub what: String,
    /// How.
    pub how: Settlement,
    /// Why, where a person gave a reason.
    pub reason: String,
    /// By whose authority it was overridden, if it was.
    pub authority: Option<Authority>,
    /// Who overrode it, if whoever wrote the entry is another: a server tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over_by: Option<PersonRef>,
    /// Who was asked and had not let it happen.
    pub unanswered: Vec<PersonRef>,
}

/// How asking to disrupt a system ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Settlement {
    /// Nobody had to be asked.
    Clear,
    /// Everybody who had to be asked let it happen.
    Released,
    /// Somebody went over them, with a reason.
    Overridden,
    /// Whoever asked does not want to any more.
    Withdrawn,
    /// Nobody settled it in time.
    TimedOut,
}

impl Settlement {
    /// Whether the disruption may begin.
    #[must_use]
    pub fn allows(self) -> bool {
        match self {
            Self::Clear | Self::Released | Self::Overridden => true,
            Self::Withdrawn | Self::TimedOut => false,
        }
    }

    /// The word for it: in API answers.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Clear => "clear",
            Self::Released => "released",
            Self::Overridden => "overridden",
            Self::Withdrawn => "withdrawn",
            Self::TimedOut => "timed-out",
        }
    }
}

/// By whose authority people who are at work were gone over.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Authority {
    /// The Incident Manager of an incident that affects the system, by its number; by none if that is restricted.
    IncidentManager(String),
    /// Management.
    Management,
    /// Nobody's but their own: over log-ins and silence only, as a machine may have to stop at night, and said loudly.
    Nobody,
}

/// See [`super::Fact::HeardOfSystem`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct HeardOfSystem {
    /// Of which.
    pub system: SystemId,
    /// Its name.
    pub name: String,
    /// Which entry of its log.
    pub entry: u64,
    /// What that says, in words.
    pub text: String,
}
