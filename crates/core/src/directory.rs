//! The organisation: people, areas with their management chains, and populations.
//!
//! [`Organisation`] is what `muster apply` reads and `muster export` writes, in one shape.

use crate::Span;
use crate::calendar::BusinessCalendar;
use crate::communications::Row;
use crate::contact::MeansKind;
use crate::custom::CustomField;
use crate::ids::{AreaId, IntakeId, PersonId, PersonRef, PopulationId, SystemId};
use crate::policy::Policy;
use crate::procedure::Procedure;
use crate::system::{Rule, System};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything that an administrator sets up.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    /// Name, time zone, business days.
    pub organisation: About,
    /// By directory name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub people: BTreeMap<PersonId, Person>,
    /// By directory name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub areas: BTreeMap<AreaId, Area>,
    /// By directory name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub populations: BTreeMap<PopulationId, Population>,
    /// By directory name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub systems: BTreeMap<SystemId, System>,
    /// Mapping rules: the first that matches decides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
    /// Ways in for senders. Their keys are not here: they are shown once, when made.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub intake: BTreeMap<IntakeId, Intake>,
    /// Fields that it adds to the incident form.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<CustomField>,
    /// Who hears what of an incident, unless a system has a plan of its own (COM-1).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub communications: Vec<Row>,
    /// The figures of the procedure.
    #[serde(default)]
    pub policy: Policy,
    /// Its words.
    #[serde(default, skip_serializing_if = "Procedure::is_as_shipped")]
    pub procedure: Procedure,
}

/// Who the organisation is, and when it works.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// As it stands on pages and forms.
    pub name: String,
    /// IANA name, such as `Europe/London`.
    pub time_zone: String,
    /// Business days and holidays.
    #[serde(default)]
    pub calendar: BusinessCalendar,
    /// Whether users may report what is wrong by themselves, at `/report`, without a login (DIS-1).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub user_reports: bool,
}

impl Default for About {
    fn default() -> Self {
        Self {
            name: "Your organisation".into(),
            time_zone: "UTC".into(),
            calendar: BusinessCalendar::default(),
            user_reports: false,
        }
    }
}

/// What a person may do in Muster, from most to least.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Sees.
    #[default]
    Reader,
    /// Works on incidents.
    Responder,
    /// Also speaks for the organisation.
    Communicator,
    /// Also assigns people.
    Manager,
    /// Also sets everything up.
    Administrator,
}

impl Role {
    /// Every role, from least to most.
    pub const ALL: [Self; 5] = [Self::Reader, Self::Responder, Self::Communicator, Self::Manager, Self::Administrator];

    /// The word for it: in code, SQL, URLs and files.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Responder => "responder",
            Self::Communicator => "communicator",
            Self::Manager => "manager",
            Self::Administrator => "administrator",
        }
    }

    /// The role of that name.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.word() == word)
    }
}

/// A person.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Full name.
    pub name: String,
    /// What they are, for others to read: "Head of Infrastructure".
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// What they may do here.
    #[serde(default)]
    pub role: Role,
    /// How to reach them, in the order to try.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub means: Vec<Means>,
    /// Left the organisation: signs in no more, is summoned no more, stays in old logs.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub gone: bool,
}

impl Person {
    /// The first address of that kind.
    #[must_use]
    pub fn address(&self, kind: MeansKind) -> Option<&str> {
        self.means.iter().find(|m| m.kind == kind).map(|m| m.to.as_str())
    }
}

/// One way to reach a person.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Means {
    /// By what.
    pub kind: MeansKind,
    /// Number, address, topic or URL.
    pub to: String,
    /// How long to wait for an answer before the next means; the policy's wait if absent, and `0s`
    /// to use the next means at the same time.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "crate::in_short_if_any")]
    pub wait: Option<Span>,
}

/// A functional area: a team with a contact list.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// As it stands on pages: "Server team".
    pub name: String,
    /// Who is in it, first contact first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<PersonId>,
    /// Who is told directly when the policy says "supervisors of" it, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supervisors: Vec<PersonId>,
    /// The chain of managers above it, nearest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub management: Vec<PersonId>,
}

/// A group of users that systems serve.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Population {
    /// As it stands on pages: "All students".
    pub name: String,
    /// How many people.
    pub head_count: u32,
    /// How to reach them, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reached_by: String,
}

/// One sender's way in.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Intake {
    /// As it stands in the log: "Nagios, data centre A".
    pub name: String,
}

impl Organisation {
    /// That person, if they belong to the organisation: whoever has left is asked for nothing, and is not heard.
    #[must_use]
    pub fn here(&self, id: &PersonId) -> Option<&Person> {
        self.people.get(id).filter(|p| !p.gone)
    }

    /// Whether that person could lead an incident or speak for it: who only reads could do nothing in it.
    #[must_use]
    pub fn may_lead(&self, id: &PersonId) -> bool {
        self.here(id).is_some_and(|p| p.role > Role::Reader)
    }

    /// The person as a fact holds them; the bare id if they aren't in the directory any more.
    #[must_use]
    pub fn person_ref(&self, id: &PersonId) -> PersonRef {
        let name = self.people.get(id).map_or_else(|| id.0.clone(), |p| p.name.clone());
        PersonRef { id: id.clone(), name }
    }

    /// The next in line above that person, who has not left: in the chain of management of an area of theirs. None above the
    /// last of it, and for who is in no area.
    #[must_use]
    pub fn next_in_line(&self, id: &PersonId) -> Option<&PersonId> {
        let here = |person: &&PersonId| *person != id && self.here(person).is_some();
        let above = |area: &Area| match area.management.iter().position(|m| m == id) {
            Some(nth) => nth + 1,
            None if area.members.contains(id) || area.supervisors.contains(id) => 0,
            None => area.management.len(),
        };
        let chains = self.areas.values().map(|area| &area.management[above(area)..]);
        chains.flatten().find(here)
    }

    /// Who are to be told when Muster itself is in trouble: administrators with some means.
    pub fn administrators(&self) -> impl Iterator<Item = (&PersonId, &Person)> {
        self.people.iter().filter(|(_, p)| p.role == Role::Administrator && !p.gone)
    }
}
