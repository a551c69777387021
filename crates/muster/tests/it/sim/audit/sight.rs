//! Who may see a restricted incident, as the auditor reads it from the log: never nobody, always those who take part, and
//! nobody whom its log does not name.

use super::{Auditor, Finding, When, text};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

impl Auditor {
    pub(super) fn check_sight(&self, when: When) -> Result<(), Finding> {
        let mut restricted: BTreeMap<String, Value> = BTreeMap::new();
        let sql = "SELECT subject, kind, body FROM entries WHERE kind IN ('restricted', 'unrestricted') ORDER BY rowid";
        for entry in self.rows(sql, &[]) {
            match entry.text("kind") == "restricted" {
                true => drop(restricted.insert(entry.text("subject"), entry.json("body"))),
                false => drop(restricted.remove(&entry.text("subject"))),
            }
        }
        let mut seers: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for row in self.rows("SELECT subject, person FROM seers", &[]) {
            seers.entry(row.text("subject")).or_default().insert(row.text("person"));
        }
        let marked = self.rows("SELECT id FROM subjects WHERE restricted = 1", &[]);
        let marked: BTreeSet<_> = marked.iter().map(|row| row.text("id")).collect();
        let said: BTreeSet<_> = restricted.keys().cloned().collect();
        if marked != said || seers.keys().cloned().collect::<BTreeSet<_>>() != said {
            return Err(format!(
                "restricted by their logs: {said:?}, by their rows: {marked:?}, with seers: {seers:?}"
            ));
        }
        for (subject, body) in &restricted {
            self.check_seers(subject, &body["fact"], &seers[subject], when).map_err(|e| format!("{subject}: {e}"))?;
        }
        Ok(())
    }

    fn check_seers(
        &self,
        subject: &str,
        restricted: &Value,
        seers: &BTreeSet<String>,
        when: When,
    ) -> Result<(), Finding> {
        let mut takes_part: BTreeSet<String> = ids(&restricted["shown_to"]).collect();
        let mut named = String::new();
        for entry in self.rows("SELECT subject, kind, author, body FROM entries", &[]) {
            if entry.text("subject") != subject {
                continue;
            }
            let fact = &entry.json("body")["fact"];
            match entry.text("kind").as_str() {
                "tried" => takes_part.extend([text(&fact["person"]["id"])]),
                "nobody-reached" => takes_part.extend(ids(&fact["telling"])),
                _ => {}
            }
            let author = entry.text("author").strip_prefix("person:").map(str::to_owned);
            // Who says that they cannot come is at no work for it.
            takes_part.extend(author.iter().filter(|_| entry.text("kind") != "arrival-said").cloned());
            named += &author.map(|id| format!("\"id\":\"{id}\"")).unwrap_or_default();
            named += &entry.text("body");
        }
        if let Some(person) = takes_part.iter().find(|person| !seers.contains(*person)) {
            return Err(format!("{person} takes part in it, or it is shown to them, and may not see it"));
        }
        let person = |id: &String| self.directory.1.get(&("person".to_owned(), id.clone()));
        let is_here = |id: &String| person(id).is_some_and(|p| p["gone"] != true);
        let stranger = |id: &&String| !named.contains(&format!("\"id\":\"{id}\""));
        let administers = |id: &String| person(id).is_some_and(|p| p["role"] == "administrator");
        if let Some(id) = seers.iter().filter(stranger).find(|id| !administers(id)) {
            return Err(format!("{id} may see it, whom its log does not name"));
        }
        let administrators = self.directory.1.keys().filter(|(kind, id)| kind == "person" && administers(id));
        let any_administrator = administrators.map(|(_, id)| id).any(is_here);
        if when == When::Ticked && any_administrator && !seers.iter().any(is_here) {
            return Err("nobody is left who may see it".into());
        }
        Ok(())
    }
}

fn ids(people: &Value) -> impl Iterator<Item = String> + '_ {
    people.as_array().into_iter().flatten().map(|p| text(&p["id"]))
}
