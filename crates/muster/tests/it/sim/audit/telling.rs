//! How each duty to tell ended: in direct contact, or in an alarm that every administrator was sent by every means. Read from
//! the log and the outbox alone.

use super::{Auditor, text};

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
        let duties = self.incidents.values().flat_map(|i| i.tells.iter().map(move |t| (i, t)));
        let stands = |(incident, tell): (&super::Incident, &super::incident::Tell)| {
            let alarmed = incident.searches.iter().any(|s| {
                let loud = |round| self.is_loud(&s.id, round);
                s.tell.as_ref() == Some(&tell.name) && s.rounds_in_vain().any(loud)
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

    /// Whether each means of each administrator has its message of that round, and all of them were taken by a provider.
    fn is_loud(&self, search: &str, round: i64) -> bool {
        let people = self.directory.1.range(("person".to_owned(), String::new())..);
        let people = people.take_while(|((kind, _), _)| kind == "person");
        let mut wanted: Vec<(String, String)> = people
            .filter(|(_, body)| body["role"] == "administrator" && body["gone"] != true)
            .flat_map(|((_, id), body)| {
                let means = body["means"].as_array().into_iter().flatten();
                means.map(|m| (id.clone(), text(&m["to"]))).collect::<Vec<_>>()
            })
            .collect();
        let sql = "SELECT id, about, person, address, state FROM outbox WHERE kind = 'alarm'";
        for row in self.rows(sql, &[]) {
            let of_round = row.text("about") == search && row.text("id").contains(&format!("-alarm-{round}-"));
            if of_round && row.text("state") == "done" {
                let got = (row.text("person"), row.text("address"));
                wanted.retain(|w| *w != got);
            }
        }
        wanted.is_empty()
    }
}
