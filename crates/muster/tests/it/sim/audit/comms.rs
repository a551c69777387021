//! The communications of an incident, as the auditor reads them from its log.

use super::{Finding, text};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
pub struct Comms {
    pub rows: BTreeMap<i64, Planned>,
    /// Duties to tell that the Communications Manager was given.
    pub handed: BTreeSet<String>,
    planned: bool,
    named: BTreeSet<String>,
    sent: BTreeMap<i64, (i64, i64)>,
    /// Which updates are still to be told by hand: for which row, and to whom.
    by_hand: BTreeMap<i64, (i64, BTreeSet<String>)>,
    /// Which updates wait to be signed off: for which row, since when, and when they were.
    pub asked_to_sign: BTreeMap<i64, (i64, i64, Option<i64>)>,
    asked: BTreeSet<i64>,
    /// To whom each update went, and who of them has said that they read it.
    readers: BTreeSet<(i64, String)>,
    read: BTreeSet<(i64, String)>,
}

pub struct Planned {
    pub since: i64,
    pub every: Value,
    pub author: String,
    pub signer: Option<String>,
    deputy: Option<String>,
    /// How long the signer has before the deputy may.
    pub deputy_after: i64,
    /// All that was said of it.
    row: Value,
    /// Whether it reads nothing of IT's own.
    outside: bool,
    /// The newest update that everybody was told, by Muster or by hand, and when.
    pub sent: Option<(i64, i64)>,
    /// Whether any was sent.
    hears: bool,
}

impl Comms {
    fn plan(&mut self, row: &Value, at: i64) {
        let number = row["number"].as_i64().unwrap_or(0);
        self.named.insert(text(&row["name"]).to_lowercase());
        let since = self.rows.get(&number).map_or(at, |known| known.since);
        let sent = self.rows.get(&number).and_then(|known| known.sent);
        let hears = self.rows.get(&number).is_some_and(|known| known.hears);
        let (every, author) = (row["every"].clone(), text(&row["author"]));
        let id = |who: &str| row[who]["id"].as_str().map(str::to_owned);
        let (signer, deputy) = (id("signer"), id("deputy"));
        let deputy_after = super::span(&row["deputy_after"]).unwrap_or(0);
        let outside = ["client", "public"].contains(&text(&row["level"]).as_str());
        self.rows.insert(
            number,
            Planned { since, every, author, signer, deputy, deputy_after, row: row.clone(), outside, sent, hears },
        );
    }

    /// Whether that update goes to people outside IT.
    pub fn leaves_it(&self, update: &Value) -> bool {
        update["row"].as_i64().and_then(|row| self.rows.get(&row)).is_some_and(|row| row.outside)
    }

    /// Whether everybody who ever heard of it was told since then.
    pub fn all_told_since(&self, then: i64) -> bool {
        self.rows.values().all(|row| !row.hears || row.sent.is_some_and(|(_, at)| at >= then))
    }

    /// Whether that person has said that they read an update.
    pub fn has_read(&self, person: &str) -> bool {
        self.read.iter().any(|(_, reader)| reader == person)
    }

    pub fn apply(
        &mut self,
        kind: &str,
        author: &str,
        fact: &Value,
        (seq, at): (i64, i64),
        gone: &BTreeSet<String>,
    ) -> Result<bool, Finding> {
        let by_person = author.starts_with("person:");
        let (row, update) = (fact["row"].as_i64(), fact["update"].as_i64().unwrap_or(0));
        match kind {
            "communications-planned" => {
                let rows = || fact["rows"].as_array().into_iter().flatten();
                let known = |row: &Value| self.named.contains(&text(&row["name"]).to_lowercase());
                if by_person || (std::mem::replace(&mut self.planned, true) && rows().any(known)) {
                    return Err("planned twice, or by a person".into());
                }
                rows().for_each(|row| self.plan(row, at));
            }
            "audience-set" if by_person => self.plan(&fact["row"], at),
            // The owner of what came to be affected is added by Muster, and nothing else.
            "audience-set" => {
                let row = &fact["row"];
                let known = self.rows.get(&row["number"].as_i64().unwrap_or(0)).ok_or("an audience of nobody's")?;
                let (mut was, mut is) = (known.row.clone(), row.clone());
                let (was_people, is_people) = (was["people"].take(), is["people"].take());
                let count = |people: &Value| people.as_array().map_or(0, Vec::len);
                let kept =
                    is_people.as_array().is_some_and(|is| is.starts_with(was_people.as_array().map_or(&[], |w| w)));
                if row["owners"] != true || was != is || !kept || count(&is_people) != count(&was_people) + 1 {
                    return Err("Muster changes an audience by more than an owner".into());
                }
                self.plan(row, at);
            }
            "audience-dropped" if by_person => {
                if self.rows.remove(&row.unwrap_or(0)).is_none() {
                    return Err("an audience is dropped that there is not".into());
                }
            }
            "strategy-agreed" if by_person => {}
            "update-drafted" if by_person => {
                if self.sent.contains_key(&update) {
                    return Err(format!("update {update} is edited after it was sent"));
                }
                match (fact["for_signing"] == true, row) {
                    (true, Some(row)) => drop(self.asked_to_sign.insert(update, (row, at, None))),
                    _ => drop(self.asked_to_sign.remove(&update)),
                }
            }
            "update-signed" if by_person => {
                let (row, asked, signed) = self.asked_to_sign.get_mut(&update).ok_or("signed, and nobody asked")?;
                let planned = self.rows.get(row).ok_or("signed for no audience")?;
                let is = |who: &Option<String>| who.as_ref().is_some_and(|who| author == format!("person:{who}"));
                let has_left = planned.signer.as_ref().is_some_and(|who| gone.contains(who));
                let deputy_may = has_left || at >= *asked + planned.deputy_after;
                if !(is(&planned.signer) || (is(&planned.deputy) && deputy_may)) {
                    return Err(format!("update {update} is signed by whom it is not for"));
                }
                *signed = Some(at);
            }
            "update-returned" if by_person => drop(self.asked_to_sign.remove(&update)),
            "update-sent" if by_person => {
                let planned = row.and_then(|row| self.rows.get_mut(&row)).ok_or("sent to nobody")?;
                let signed = self.asked_to_sign.get(&update).is_some_and(|(.., signed)| signed.is_some());
                if planned.signer.is_some() && !signed {
                    return Err(format!("update {update} is sent before it is signed off"));
                }
                planned.hears = true;
                let by_hand = fact["besides"].as_array().into_iter().flatten().map(text).collect::<BTreeSet<_>>();
                let is_sent = ["email", "text", "push"].contains(&text(&fact["through"]).as_str());
                match is_sent && !by_hand.is_empty() {
                    true => drop(self.by_hand.insert(update, (row.unwrap_or(0), by_hand))),
                    false => planned.sent = Some((update, at)),
                }
                let people = fact["people"].as_array().into_iter().flatten();
                self.readers.extend(people.map(|p| (update, text(&p["id"]))));
                if self.sent.insert(update, (seq, at)).is_some() {
                    return Err(format!("update {update} is sent twice"));
                }
            }
            "update-carried" if by_person => {
                let (row, left) = self.by_hand.get_mut(&update).ok_or("told by hand, and nobody was to be")?;
                if !left.remove(&text(&fact["who"])) {
                    return Err(format!("update {update} is told by hand twice, or to whom it is not for"));
                }
                let told = left.is_empty().then(|| self.rows.get_mut(row)).flatten();
                if let Some(planned) = told {
                    let newer = |(known, then): &(i64, i64)| (*then, *known) > (at, update);
                    planned.sent = Some(planned.sent.filter(newer).unwrap_or((update, at)));
                }
            }
            "update-acknowledged" => {
                let reader = (update, text(&fact["person"]["id"]));
                if author != format!("person:{}", reader.1) || !self.readers.contains(&reader) {
                    return Err(format!("update {update} is read by whom it did not go to"));
                }
                if !self.read.insert(reader) {
                    return Err(format!("update {update} is read twice"));
                }
            }
            "telling-handed" if by_person => {
                self.handed.extend(fact["tell"].as_str().map(str::to_owned));
                if let Some(planned) = row.and_then(|row| self.rows.get_mut(&row)) {
                    planned.author = "cm".into();
                }
            }
            "facts-asked" if by_person => drop(self.asked.insert(seq)),
            "facts-given" if by_person => {
                if !self.asked.remove(&fact["asked"].as_i64().unwrap_or(0)) {
                    return Err("facts are given that nobody waits for".into());
                }
            }
            _ => return Ok(false),
        }
        Ok(true)
    }
}
