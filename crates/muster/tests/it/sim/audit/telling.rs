//! How each duty to tell ended: in direct contact, or in an alarm that every administrator was given. Read from
//! the log and the outbox alone.

use super::Auditor;
use std::collections::{BTreeMap, BTreeSet};

/// How a duty to tell stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Told {
    /// Somebody of the list was spoken to.
    Directly,
    /// A whole round through the list was in vain, and the administrators were sent that.
    Alarm,
    NotYet,
}

impl Auditor {
    /// Every duty to tell of every incident, by its name.
    pub fn telling(&self) -> Vec<(String, Told)> {
        let loud = self.loud();
        let duties = self.incidents.values().flat_map(|i| i.tells.iter().map(move |t| (i, t)));
        let stands = |(incident, tell): (&super::Incident, &super::incident::Tell)| {
            let alarmed = incident.searches.iter().any(|s| {
                s.tell.as_ref() == Some(&tell.name)
                    && s.rounds_in_vain().any(|round| loud.contains(&(s.id.clone(), round)))
            });
            let how = match (incident.told_at(tell), alarmed) {
                (Some(_), _) => Told::Directly,
                (None, true) => Told::Alarm,
                (None, false) => Told::NotYet,
            };
            (tell.name.clone(), how)
        };
        duties.map(stands).collect()
    }

    /// The rounds of searches of which each administrator was given the message by some means of theirs.
    fn loud(&self) -> BTreeSet<(String, i64)> {
        let people = self.directory.1.range(("person".to_owned(), String::new())..);
        let people = people.take_while(|((kind, _), _)| kind == "person");
        let administrators: BTreeSet<&str> = people
            .filter(|(_, body)| body["role"] == "administrator" && body["gone"] != true)
            .map(|((_, id), _)| id.as_str())
            .collect();
        let mut given: BTreeMap<(String, i64), BTreeSet<String>> = BTreeMap::new();
        for row in self.rows("SELECT id, about, person FROM outbox WHERE kind = 'alarm' AND state = 'done'", &[]) {
            let (id, search) = (row.text("id"), row.text("about"));
            let round =
                id.strip_prefix(&format!("{search}-alarm-")).and_then(|rest| rest.split('-').next()?.parse().ok());
            given.entry((search, round.unwrap_or(0))).or_default().insert(row.text("person"));
        }
        given.retain(|_, people| administrators.iter().all(|a| people.contains(*a)));
        given.into_keys().collect()
    }
}
