//! Triage (DIS-3): what an incident was found to be, and what a new finding makes of it.

use super::command::{Count, LINE_MAX, TriageAct};
use super::open::affected;
use super::{Incident, decide::in_usage};
use crate::Time;
use crate::check::required;
use crate::directory::Organisation;
use crate::entry::{Advice, Affected, Entry, Fault, Hit, Triaged};
use crate::ids::PersonRef;
use crate::policy::Findings;
use crate::refusal::Refusal;
use crate::system::Condition;
use serde::{Deserialize, Serialize};

/// One triage.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Triage {
    /// By which entry.
    pub entry: u64,
    /// When.
    pub at: Time,
    /// By whom, if by a person.
    pub by: Option<PersonRef>,
    /// What was found.
    pub found: Triaged,
}

impl Fault {
    /// How that leaves a system, seen by those who need it.
    fn condition(self) -> Option<Condition> {
        match self {
            Self::NetworkDown | Self::Down => Some(Condition::Down),
            Self::Degraded => Some(Condition::Degraded),
            Self::Unknown => None,
        }
    }
}

impl Incident {
    pub(super) fn take_triage(&mut self, fact: &Triaged, entry: &Entry) {
        self.triaged_at.get_or_insert(entry.happened_at);
        self.affected = Some(fact.extent);
        fact.systems.iter().for_each(|system| self.say_of(system));
        self.set("triage", entry);
        let by = entry.author.person().cloned();
        self.triages.push(Triage { entry: entry.seq, at: entry.happened_at, by, found: fact.clone() });
    }

    /// The newest triage.
    #[must_use]
    pub fn triage(&self) -> Option<&Triage> {
        self.triages.last()
    }

    /// Populations that it hits or may hit: as triaged, and whole those of systems that came since. Each once.
    #[must_use]
    pub fn hits(&self) -> Vec<Hit> {
        with_served(self.triage().map_or_else(Vec::new, |t| t.found.populations.clone()), &self.systems)
    }

    /// About how many people it affects, each population counted once.
    #[must_use]
    pub fn head_count(&self) -> u64 {
        self.hits().iter().map(|hit| u64::from(hit.people)).sum()
    }

    /// What a triage that says this finds, held against the directory and the policy that the incident began under.
    ///
    /// # Errors
    /// A [`Refusal`] that names what to mend.
    pub fn finds(&self, said: &TriageAct, org: &Organisation, now: Time) -> Result<Triaged, Refusal> {
        let systems = self.systems_found(said, org)?;
        let known = |system: &&Affected| self.systems.iter().any(|s| s.id == system.id);
        let added: Vec<_> = systems.iter().filter(|s| !known(s)).cloned().collect();
        let populations = self.populations_found(said.populations.as_deref(), &added, org)?;
        let advice = self.advice(said, &added, &populations, org, now);
        Ok(Triaged { extent: said.extent, fault: said.fault, populations, systems, urgency: said.urgency, advice })
    }

    /// Systems that this triage adds, and those of which nobody had said how they are.
    fn systems_found(&self, said: &TriageAct, org: &Organisation) -> Result<Vec<Affected>, Refusal> {
        let condition = said.fault.condition();
        let silent = self.systems.iter().filter(|s| s.condition.is_none() && condition.is_some());
        let mut found: Vec<Affected> = silent.map(|s| Affected { condition, ..s.clone() }).collect();
        for id in &said.systems {
            if self.systems.iter().chain(&found).any(|s| s.id == *id) {
                continue;
            }
            let unknown = || Refusal::Unknown { field: "systems", what: "system", name: id.0.clone() };
            found.push(affected(org, id, condition).ok_or_else(unknown)?);
        }
        Ok(found)
    }

    fn populations_found(
        &self,
        said: Option<&[Count]>,
        added: &[Affected],
        org: &Organisation,
    ) -> Result<Vec<Hit>, Refusal> {
        let Some(said) = said else { return Ok(with_served(self.hits(), added)) };
        if said.iter().filter(|count| count.population.is_none()).count() > NAMED_MOST {
            let why =
                format!("Name at most {NAMED_MOST} groups that are not in the directory; put the small ones together.");
            return Err(Refusal::Senseless { field: "populations", why });
        }
        let mut found: Vec<Hit> = self.hits().into_iter().map(|hit| Hit { people: 0, ..hit }).collect();
        let offered = found.len();
        let mut counted = Vec::new();
        for count in said {
            let hit = named(count, &found, org)?;
            let same = |other: &Hit| other.name == hit.name && other.id == hit.id;
            let nth = found.iter().position(same).unwrap_or_else(|| {
                found.push(hit);
                found.len() - 1
            });
            if counted.contains(&nth) {
                let why = format!("“{}” is counted twice. Say once how many of it are affected.", found[nth].name);
                return Err(Refusal::Senseless { field: "populations", why });
            }
            if let Some(of) = found[nth].of.filter(|of| *of > 0 && count.people > *of) {
                let why = format!(
                    "“{}” is {of} people. Say how many of them are affected, or correct the population.",
                    found[nth].name
                );
                return Err(Refusal::Senseless { field: "populations", why });
            }
            counted.push(nth);
            found[nth].people = count.people;
        }
        // What was offered once by its name only, and is not meant any more, is no population of anything.
        let mut nth = 0;
        found.retain(|hit| {
            nth += 1;
            hit.id.is_some() || hit.people > 0 || nth > offered
        });
        Ok(with_served(found, added))
    }

    fn advice(&self, said: &TriageAct, added: &[Affected], hits: &[Hit], org: &Organisation, now: Time) -> Advice {
        let systems: Vec<_> = self.systems.iter().chain(added).filter_map(|s| org.systems.get(&s.id)).collect();
        let all = |hit: &Hit| u64::from(hit.of.unwrap_or(0).max(hit.people));
        let found = Findings {
            extent: said.extent,
            people: hits.iter().map(|hit| u64::from(hit.people)).sum(),
            of: hits.iter().any(|hit| hit.of.is_some()).then(|| hits.iter().map(all).sum()),
            kind: &self.kind,
            kind_words: self.kind_words(),
            in_usage: (!systems.is_empty()).then(|| systems.iter().any(|s| in_usage(org, s, now))),
            urgency: said.urgency,
        };
        self.terms.policy.severity.advise(&found)
    }
}

/// Most groups that one triage names: each name is held against all others.
const NAMED_MOST: usize = 200;

/// `hits`, and whole every population of `systems` that is not among them.
fn with_served(mut hits: Vec<Hit>, systems: &[Affected]) -> Vec<Hit> {
    for served in systems.iter().flat_map(|s| &s.populations) {
        if !hits.iter().any(|hit| hit.id.as_ref() == Some(&served.id)) {
            let (id, name) = (Some(served.id.clone()), served.name.clone());
            hits.push(Hit { id, name, of: Some(served.head_count), people: served.head_count });
        }
    }
    hits
}

/// The population that `count` means: one of those offered, one of the directory, or one that only has a name.
fn named(count: &Count, offered: &[Hit], org: &Organisation) -> Result<Hit, Refusal> {
    let of_directory = |id: &crate::ids::PopulationId| {
        let known = org.populations.get(id)?;
        Some(Hit { id: Some(id.clone()), name: known.name.clone(), of: Some(known.head_count), people: 0 })
    };
    if let Some(id) = &count.population {
        let unknown = || Refusal::Unknown { field: "populations", what: "population", name: id.0.clone() };
        let hit = offered.iter().find(|hit| hit.id.as_ref() == Some(id)).cloned();
        return hit.or_else(|| of_directory(id)).ok_or_else(unknown);
    }
    let name = required("populations", &count.name, "Write who they are: a name for the group.", LINE_MAX)?;
    let same = |other: &str| other.to_lowercase() == name.to_lowercase();
    let known = offered.iter().find(|hit| same(&hit.name)).cloned();
    let listed = || org.populations.iter().find(|(_, p)| same(&p.name)).and_then(|(id, _)| of_directory(id));
    Ok(known.or_else(listed).unwrap_or(Hit { id: None, name, of: None, people: 0 }))
}
