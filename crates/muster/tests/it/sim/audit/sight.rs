//! Who may see a restricted incident, as the auditor reads it from the log: never nobody, always those who take part, and
//! nobody whom its log does not name as one who may.

use super::{Auditor, Finding, Row, When, text};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Entries that name people who need not take part: who must be told, owns a system, is on a list, works elsewhere. Once
/// they are called, asked or spoken to, other entries name them.
const ABOUT_OTHERS: [&str; 8] = [
    "opened",
    "alert-joined",
    "tell-added",
    "triaged",
    "changed",
    "communications-planned",
    "audience-set",
    "heard-of-system",
];

/// What all logs say of it, as far as they were read.
#[derive(Default)]
pub struct Sight {
    read: i64,
    /// How each is restricted that is.
    restricted: BTreeMap<String, Value>,
    /// All that ever were.
    ever: BTreeSet<String>,
    /// The numbers of those in which others go on, by the subjects of these.
    merged: BTreeMap<String, String>,
    logs: BTreeMap<String, Log>,
}

/// What a log says of people.
#[derive(Default)]
struct Log {
    /// Who acts, was tried, is told that nobody was reached.
    takes_part: BTreeSet<String>,
    /// Everything in which somebody is named who takes part.
    named: String,
    /// The lists of whom an update may be put to for signing, and whether one was.
    signers: String,
    is_signed: bool,
}

impl Log {
    fn read(&mut self, entry: &Row) {
        let (kind, text_of, body) = (entry.text("kind"), entry.text("body"), entry.json("body"));
        let fact = &body["fact"];
        match kind.as_str() {
            "tried" => drop(self.takes_part.insert(text(&fact["person"]["id"]))),
            "presence-asked" => self.takes_part.extend(ids(&fact["people"])),
            "nobody-reached" => self.takes_part.extend(ids(&fact["telling"])),
            "communications-planned" | "audience-set" => self.signers += &text_of,
            "update-drafted" => self.is_signed |= fact["for_signing"] == true,
            _ => {}
        }
        if let Some(author) = entry.text("author").strip_prefix("person:") {
            self.named += &format!("\"id\":\"{author}\"");
            // Who says that they cannot come is at no work for it, nor is who reopens another.
            if kind != "arrival-said" && kind != "gave-back" {
                self.takes_part.insert(author.to_owned());
            }
        }
        // Whoever may be asked at any moment to take charge reads what it is about first.
        let may_be_asked = kind == "summons-started" && fact["purpose"] == "take-charge";
        if may_be_asked || (kind != "summons-started" && !ABOUT_OTHERS.contains(&kind.as_str())) {
            self.named += &text_of;
        }
    }

    fn names(&self, id: &str) -> bool {
        let id = format!("\"id\":\"{id}\"");
        self.named.contains(&id) || (self.is_signed && self.signers.contains(&id))
    }
}

impl Sight {
    /// Whether its log has ever said so.
    pub(super) fn was_restricted(&self, subject: &str) -> bool {
        self.ever.contains(subject)
    }
}

impl Auditor {
    pub(super) fn check_sight(&mut self, when: When) -> Result<(), Finding> {
        self.read_sight();
        let mut seers: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for row in self.rows("SELECT subject, person FROM seers", &[]) {
            seers.entry(row.text("subject")).or_default().insert(row.text("person"));
        }
        let marked = self.rows("SELECT id FROM subjects WHERE restricted = 1", &[]);
        let marked: BTreeSet<_> = marked.iter().map(|row| row.text("id")).collect();
        let restricted = &self.sight.restricted;
        let said: BTreeSet<_> = restricted.keys().cloned().collect();
        if marked != said || seers.keys().cloned().collect::<BTreeSet<_>>() != said {
            return Err(format!(
                "restricted by their logs: {said:?}, by their rows: {marked:?}, with seers: {seers:?}"
            ));
        }
        let numbered = self.rows("SELECT id, number FROM subjects WHERE number IS NOT NULL", &[]);
        let numbered: BTreeMap<_, _> = numbered.iter().map(|row| (row.text("number"), row.text("id"))).collect();
        let apart = |(one, into): &(&String, &String)| {
            said.contains(*one) != numbered.get(*into).is_some_and(|id| said.contains(id))
        };
        if let Some((one, into)) = self.sight.merged.iter().find(apart) {
            return Err(format!("just one of two that are merged is restricted: {one} goes on in {into}"));
        }
        for (subject, fact) in restricted {
            let log = &self.sight.logs[subject];
            self.check_seers(log, fact, &seers[subject], when).map_err(|e| format!("{subject}: {e}"))?;
        }
        Ok(())
    }

    pub(super) fn read_sight(&mut self) {
        let sql = "SELECT rowid AS n, subject, kind, author, body FROM entries WHERE rowid > ?1 ORDER BY rowid";
        for entry in self.rows(sql, &[self.sight.read]) {
            let (sight, subject) = (&mut self.sight, entry.text("subject"));
            sight.read = entry.int("n");
            match entry.text("kind").as_str() {
                "restricted" => {
                    sight.ever.insert(subject.clone());
                    drop(sight.restricted.insert(subject.clone(), entry.json("body")["fact"].clone()));
                }
                "unrestricted" => drop(sight.restricted.remove(&subject)),
                "merged-into" => {
                    drop(sight.merged.insert(subject.clone(), text(&entry.json("body")["fact"]["number"])))
                }
                "reopened" => drop(sight.merged.remove(&subject)),
                _ => {}
            }
            sight.logs.entry(subject).or_default().read(&entry);
        }
    }

    fn check_seers(&self, log: &Log, restricted: &Value, seers: &BTreeSet<String>, when: When) -> Result<(), Finding> {
        let mut takes_part: BTreeSet<String> = ids(&restricted["shown_to"]).collect();
        takes_part.extend(log.takes_part.iter().cloned());
        if let Some(person) = takes_part.iter().find(|person| !seers.contains(*person)) {
            return Err(format!("{person} takes part in it, or it is shown to them, and may not see it"));
        }
        let person = |id: &String| self.directory.1.get(&("person".to_owned(), id.clone()));
        let is_here = |id: &String| person(id).is_some_and(|p| p["gone"] != true);
        let stranger = |id: &&String| !log.names(id);
        let administers = |id: &String| person(id).is_some_and(|p| p["role"] == "administrator");
        if let Some(id) = seers.iter().filter(stranger).find(|id| !administers(id)) {
            return Err(format!("{id} may see it, of whom its log does not say that they take part"));
        }
        // Administrators come in once nobody else who may see it is left, and go again when somebody is back.
        let outsider = seers.iter().find(stranger);
        let insider = seers.iter().find(|id| is_here(id) && !administers(id));
        if let (When::Ticked, Some(outsider), Some(insider)) = (when, outsider, insider) {
            return Err(format!("{outsider} may see it, who takes no part in it, although {insider} is here"));
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
