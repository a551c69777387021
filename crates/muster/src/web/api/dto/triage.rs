//! Triage, as requests say it and as the API shows it.

use super::{PersonName, SeverityNumber, words};
use crate::web::api::ask::IntoAct;
use crate::web::error::Problem;
use jiff::Timestamp;
use muster_core::entry::{Extent, Fault, Hit, Urgency};
use muster_core::ids::{PopulationId, SystemId};
use muster_core::incident::{Act, Count, TriageAct};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who is hit, how, and how urgent it is.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Triage {
    /// Who is affected.
    #[schema(schema_with = words::extent)]
    pub extent: Extent,
    /// What is wrong; `unknown` if absent.
    #[serde(default)]
    #[schema(schema_with = words::fault)]
    pub fault: Fault,
    /// How fast it has to be over.
    #[schema(schema_with = words::urgency)]
    pub urgency: Urgency,
    /// Whom it hits; whole whom the affected systems serve if absent. Of known populations that are not named it hits nobody.
    #[serde(default)]
    pub populations: Option<Vec<Hits>>,
    /// Systems that are affected, besides those that are known, by their names in the directory.
    #[serde(default)]
    pub systems: Vec<String>,
    /// How bad; as the policy's matrix says if absent.
    #[serde(default)]
    pub severity: Option<SeverityNumber>,
    /// Why not as the matrix says: asked for if the severity is another.
    #[serde(default)]
    #[schema(max_length = 10_000)]
    pub reason: String,
    /// The newest entry that you had seen: then nobody's triage in between is written over.
    #[serde(default)]
    pub seen: Option<u64>,
}

/// A population, and about how many of it are affected.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Hits {
    /// Which, by its name in the directory.
    #[serde(default)]
    pub population: Option<String>,
    /// What it is called, if the directory does not have it.
    #[serde(default)]
    #[schema(max_length = 160)]
    pub name: String,
    /// About how many people.
    pub people: u32,
}

impl IntoAct for Triage {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        let count = |h: Hits| Count { population: h.population.map(PopulationId), name: h.name, people: h.people };
        Ok(Act::Triage(TriageAct {
            extent: self.extent,
            fault: self.fault,
            populations: self.populations.map(|all| all.into_iter().map(count).collect()),
            systems: self.systems.into_iter().map(SystemId).collect(),
            urgency: self.urgency,
            severity: self.severity.map(|s| s.0),
            reason: self.reason,
            seen: self.seen,
        }))
    }
}

/// The newest triage of an incident.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Triaged {
    /// When the first one was.
    pub first_at: Timestamp,
    /// When this one was.
    pub at: Timestamp,
    /// By whom.
    pub by: Option<PersonName>,
    /// Number of its entry.
    pub entry: u64,
    /// Who is affected.
    #[schema(schema_with = words::extent)]
    pub extent: Extent,
    /// What is wrong.
    #[schema(schema_with = words::fault)]
    pub fault: Fault,
    /// How fast it has to be over.
    #[schema(schema_with = words::urgency)]
    pub urgency: Urgency,
    /// What the policy's matrix says, and why.
    pub advice: String,
    /// How bad that would be.
    pub advised_severity: SeverityNumber,
}

/// A population that an incident affects.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PopulationHit)]
pub struct Population {
    /// Which, by its name in the directory, if that has it.
    pub id: Option<String>,
    /// Its name.
    pub name: String,
    /// How many people it has, if the directory says so.
    pub of: Option<u32>,
    /// About how many of them are affected.
    pub people: u32,
}

impl Triaged {
    /// The newest triage of `incident`, if there is one.
    #[must_use]
    pub fn of(incident: &muster_core::incident::Incident) -> Option<Self> {
        let triage = incident.triage()?;
        let found = &triage.found;
        Some(Self {
            first_at: incident.triaged_at?,
            at: triage.at,
            by: triage.by.as_ref().map(Into::into),
            entry: triage.entry,
            extent: found.extent,
            fault: found.fault,
            urgency: found.urgency,
            advice: found.advice.why.clone(),
            advised_severity: SeverityNumber(found.advice.severity),
        })
    }
}

impl From<Hit> for Population {
    fn from(hit: Hit) -> Self {
        Self { id: hit.id.map(|id| id.0), name: hit.name, of: hit.of, people: hit.people }
    }
}
