//! How systems stand, by what live incidents and alerts say of them.

use crate::store::alerts::OfSystem;
use crate::store::subjects::InList;
use crate::web::pages::phrases::counted;
use crate::web::view::parts::{Health, Prose};
use crate::web::view::time::Times;
use muster_core::Time;
use muster_core::alert::Account;
use muster_core::ids::SystemId;
use muster_core::system::Condition;
use std::collections::BTreeMap;

/// What is known of one system.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Standing {
    /// The worst that is said of it.
    pub(super) health: Health,
    /// Numbers of its live incidents, and since when.
    incidents: Vec<(String, Time)>,
    /// How many of its alerts are watched.
    watched: u64,
}

/// What is known of every system of which something is said.
pub(super) struct Standings(BTreeMap<SystemId, Standing>);

impl Standings {
    pub(super) fn of(live: &[InList], alerts: &[OfSystem]) -> Self {
        let mut all: BTreeMap<SystemId, Standing> = BTreeMap::new();
        let fresh = || Standing { health: Health::Working, ..Standing::default() };
        for incident in live.iter().map(|l| &l.incident) {
            for system in &incident.systems {
                let standing = all.entry(system.id.clone()).or_insert_with(fresh);
                standing.health = worse(standing.health, Health::from(system.condition));
                let since = incident.went_down.map_or(incident.discovered_at, |m| m.at);
                standing.incidents.push((incident.number.clone(), since));
            }
        }
        for said in alerts {
            // What is held or silenced was judged already, by the work or the person that does it.
            let counts = matches!(said.account, Account::Watched | Account::Joined | Account::Opened);
            let Some(condition) = Condition::from_word(&said.condition).filter(|_| counts) else { continue };
            let standing = all.entry(said.system.clone()).or_insert_with(fresh);
            standing.health = worse(standing.health, Health::from(condition));
            if said.account == Account::Watched {
                standing.watched += said.count;
            }
        }
        Self(all)
    }

    pub(super) fn get(&self, id: &SystemId) -> Option<&Standing> {
        self.0.get(id)
    }

    pub(super) fn health(&self, id: &SystemId) -> Health {
        self.get(id).map_or(Health::Working, |s| s.health)
    }
}

impl Standing {
    /// Incidents and alerts: `2026-041, 43 min; 1 alert watched`.
    pub(super) fn why(&self, times: &Times) -> Prose {
        let line = self.incidents.iter().enumerate().fold(Prose::default(), |line, (nth, (number, since))| {
            let line = if nth == 0 { line } else { line.text("; ") };
            line.link(format!("/incidents/{number}"), number).text(", ").ticking(times.since(*since))
        });
        match (self.watched, self.incidents.is_empty()) {
            (0, _) => line,
            (n, true) => line.text(format!("{} watched", counted(n, "alert", "alerts"))),
            (n, false) => line.text(format!("; {} watched", counted(n, "alert", "alerts"))),
        }
    }
}

fn worse(a: Health, b: Health) -> Health {
    if b.badness() > a.badness() { b } else { a }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_that_counts_decides() {
        let said = |account, condition: &str, count| OfSystem {
            system: "email".into(),
            account,
            condition: condition.into(),
            count,
        };
        let of = |said: &[OfSystem]| {
            let all = Standings::of(&[], said);
            (all.health(&"email".into()), all.get(&"email".into()).map_or(0, |s| s.watched))
        };
        assert_eq!(of(&[]), (Health::Working, 0));
        assert_eq!(
            of(&[said(Account::Watched, "degraded", 2), said(Account::Watched, "predicted failure", 1)]),
            (Health::Degraded, 3)
        );
        assert_eq!(of(&[said(Account::Held, "down", 1), said(Account::Silenced, "down", 1)]), (Health::Working, 0));
        assert_eq!(
            of(&[said(Account::Opened, "down", 1), said(Account::Information, "information", 9)]),
            (Health::Down, 0)
        );
    }
}
