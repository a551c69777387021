//! People, systems and who is on call, as the API shows them.

use super::{PersonName, words};
use muster_core::contact::MeansKind;
use muster_core::directory::{Means, Role};
use muster_core::entry::Candidate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One way to reach a person.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct MeansOf {
    /// By what.
    #[schema(schema_with = words::means)]
    pub kind: MeansKind,
    /// Number, address, topic or URL.
    pub to: String,
}

impl From<&Means> for MeansOf {
    fn from(means: &Means) -> Self {
        Self { kind: means.kind, to: means.to.clone() }
    }
}

/// A person of the directory.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Person {
    /// Name in the directory.
    pub id: String,
    /// Full name.
    pub name: String,
    /// What they are.
    pub title: String,
    /// What they may do here.
    #[schema(schema_with = words::role)]
    pub role: Role,
    /// Whether they have left.
    pub gone: bool,
    /// How to reach them, in order; empty for readers.
    pub means: Vec<MeansOf>,
}

/// The directory's people.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct People {
    /// By name in the directory.
    pub people: Vec<Person>,
    /// The cursor of the next page; `null` on the last.
    pub next: Option<String>,
}

/// A system of the directory.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct System {
    /// Name in the directory.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// `departmental` or `organisation-wide`.
    pub scope: String,
    /// Who speaks for those who use it.
    pub owner: Option<PersonName>,
    /// Technical contacts in the order to try.
    pub contacts: Vec<PersonName>,
    /// What it needs, by name in the directory.
    pub depends_on: Vec<String>,
    /// Whom it serves.
    pub populations: Vec<Population>,
    /// What was promised, in words.
    pub agreement: String,
    /// Numbers of the incidents that affect it now.
    pub incidents: Vec<String>,
}

/// A group of users.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Population {
    /// Name in the directory.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// How many.
    pub head_count: u32,
}

/// The directory's systems.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Systems {
    /// By name in the directory.
    pub systems: Vec<System>,
    /// The cursor of the next page; `null` on the last.
    pub next: Option<String>,
}

/// Who would be asked about each system now.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct OnCall {
    /// By name in the directory.
    pub systems: Vec<OnCallFor>,
    /// Who is asked about anything that names no known system.
    pub otherwise: Vec<Contact>,
    /// The cursor of the next page; `null` on the last.
    pub next: Option<String>,
}

/// Who would be asked about a system.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct OnCallFor {
    /// Name in the directory.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// In the order to try.
    pub contacts: Vec<Contact>,
}

/// Somebody who would be asked.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Contact {
    /// Who.
    pub person: PersonName,
    /// What they are.
    pub title: String,
    /// How to reach them, in order; empty for readers.
    pub means: Vec<MeansOf>,
}

impl Contact {
    /// `candidate`; how to reach them only if `with_means`.
    #[must_use]
    pub fn of(candidate: &Candidate, with_means: bool) -> Self {
        Self {
            person: (&candidate.person).into(),
            title: candidate.title.clone(),
            means: if with_means { candidate.means.iter().map(Into::into).collect() } else { Vec::new() },
        }
    }
}

/// Who you are.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Me {
    /// Name in the directory.
    pub id: String,
    /// Full name.
    pub name: String,
    /// What you may do with this token or session.
    #[schema(schema_with = words::role)]
    pub role: Role,
    /// The organisation's name.
    pub organisation: String,
    /// The IANA name of the zone in which the organisation reads times.
    pub time_zone: String,
    /// The release of Muster that answers.
    pub version: String,
}
