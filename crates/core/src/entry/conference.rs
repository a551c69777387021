//! Facts about conference calls, and how people come.

use super::Via;
use crate::Time;
use crate::ids::PersonRef;
use serde::{Deserialize, Serialize};

/// Where somebody is wanted (STAFF-5).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Presence {
    /// Where the trouble is.
    OnSite,
    /// From wherever they are.
    Remote,
    /// As they judge.
    #[default]
    EitherWay,
}

impl Presence {
    /// Every place.
    pub const ALL: [Self; 3] = [Self::OnSite, Self::Remote, Self::EitherWay];

    /// The words for it, to whoever is wanted.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::OnSite => "on site",
            Self::Remote => "remotely",
            Self::EitherWay => "on site or remotely, as you judge",
        }
    }
}

/// How somebody who is wanted comes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Coming {
    /// Is on the way to the site.
    OnTheWay,
    /// Works remotely.
    Remote,
    /// Cannot come.
    Cannot,
    /// Is there.
    Here,
}

impl Coming {
    /// Every answer.
    pub const ALL: [Self; 4] = [Self::OnTheWay, Self::Remote, Self::Cannot, Self::Here];

    /// The words for it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::OnTheWay => "on the way",
            Self::Remote => "works remotely",
            Self::Cannot => "cannot come",
            Self::Here => "is there",
        }
    }
}

/// See [`super::Fact::ConferenceCalled`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ConferenceCalled {
    /// Which: 1 for the first of the incident.
    pub call: u32,
    /// Which version of it: 0 as it was first called, one more with each change.
    pub version: u32,
    /// What for.
    pub purpose: String,
    /// When it begins.
    pub starts_at: Time,
    /// Number or address, and PIN.
    pub bridge: String,
    /// Where the people are wanted meanwhile.
    pub presence: Presence,
    /// Who is invited, all of them.
    pub invited: Vec<PersonRef>,
    /// Who was, and is not any more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<PersonRef>,
    /// Why it is changed; empty for the first version.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// See [`super::Fact::ConferenceCancelled`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ConferenceCancelled {
    /// Which.
    pub call: u32,
    /// The version that says so.
    pub version: u32,
    /// Who was invited.
    pub invited: Vec<PersonRef>,
    /// Why.
    pub reason: String,
}

/// See [`super::Fact::ConferenceJoined`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ConferenceJoined {
    /// Which call.
    pub call: u32,
    /// Who is in it: the author alone where they said so themselves.
    pub people: Vec<PersonRef>,
    /// How it came.
    pub via: Via,
}

/// See [`super::Fact::PresenceAsked`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PresenceAsked {
    /// Where they are wanted.
    pub presence: Presence,
    /// Who, by name; nobody: whoever is summoned from now on.
    pub people: Vec<PersonRef>,
}

/// See [`super::Fact::ArrivalSaid`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ArrivalSaid {
    /// Who comes.
    pub person: PersonRef,
    /// How.
    pub coming: Coming,
    /// When they expect to be there, or at work; none where they cannot say, cannot come, or are there.
    pub expected_at: Option<Time>,
    /// How it came.
    pub via: Via,
}
