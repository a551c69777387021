//! How each duty to tell ended: in direct contact, or in an alarm that every administrator was given. Read from
//! the log and the outbox alone.

use super::Auditor;

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

    /// Whether each administrator was given that round's message by some means of theirs.
    fn is_loud(&self, search: &str, round: i64) -> bool {
        let people = self.directory.1.range(("person".to_owned(), String::new())..);
        let people = people.take_while(|((kind, _), _)| kind == "person");
        let mut wanted: Vec<&String> = people
            .filter(|(_, body)| body["role"] == "administrator" && body["gone"] != true)
            .map(|((_, id), _)| id)
            .collect();
        let sql = "SELECT id, about, person FROM outbox WHERE kind = 'alarm' AND state = 'done'";
        for row in self.rows(sql, &[]) {
            if row.text("about") == search && row.text("id").contains(&format!("-alarm-{round}-")) {
                wanted.retain(|w| **w != row.text("person"));
            }
        }
        wanted.is_empty()
    }
}
