//! Reads what was appended, in the ledger's order, and checks the chain over the raw bytes.

use super::{Auditor, Finding, Incident, Row, Version, Witness, Work};
use sha2::{Digest, Sha256};

impl Auditor {
    pub(super) fn read_log(&mut self, witness: &Witness) -> Result<Vec<String>, Finding> {
        let mut lines = Vec::new();
        let appended =
            self.rows("SELECT n, subject, seq, head, hash FROM ledger WHERE n > ?1 ORDER BY n", &[self.ledger.0]);
        for row in &appended {
            self.check_ledger(row)?;
            let (subject, up_to) = (row.text("subject"), row.int("seq"));
            let known = self.head_of(&subject).map_or(0, |(seq, _)| seq);
            if up_to <= known {
                return Err(format!("the ledger says twice how long {subject} is"));
            }
            let sql = "SELECT e.*, s.number FROM entries e JOIN subjects s ON s.id = e.subject
                       JOIN ledger l ON l.subject = e.subject AND l.n = ?1 AND e.seq <= l.seq WHERE e.seq > ?2 ORDER BY e.seq";
            for entry in self.rows(sql, &[row.int("n"), known]) {
                self.read_entry(&subject, &entry, witness)?;
                let what = format!(
                    "{} #{} {} {}",
                    entry.text("number"),
                    entry.int("seq"),
                    entry.text("kind"),
                    entry.text("body")
                );
                lines.push(format!("    {} {what}", entry.int("recorded_at")));
            }
            if self.head_of(&subject) != Some((up_to, row.text("head"))) {
                return Err(format!("the ledger's head of {subject} is not its entry {up_to}"));
            }
        }
        for row in self.rows("SELECT id, number, seq, head, state, manager, live FROM subjects", &[]) {
            if let Some(version) = self.versions.get(&row.text("id")) {
                version.check_row(&row)?;
                continue;
            }
            if let Some(work) = self.works.get(&row.text("id")) {
                work.check_row(&row)?;
                continue;
            }
            let Some(incident) = self.incidents.get(&row.text("id")) else {
                return Err(format!("{} is in no row of the ledger", row.text("number")));
            };
            incident.check_row(&row)?;
        }
        let more = self.rows(
            "SELECT e.subject, e.seq FROM entries e JOIN subjects s ON s.id = e.subject WHERE e.seq > s.seq LIMIT 1",
            &[],
        );
        match more.first() {
            Some(row) => Err(format!("entry {} of {} is in no row of the ledger", row.int("seq"), row.text("subject"))),
            None => Ok(lines),
        }
    }

    /// The newest entry that was read of that log, and its hash.
    fn head_of(&self, subject: &str) -> Option<(i64, String)> {
        let incident = self.incidents.get(subject).map(|i| (i.seq, i.head.clone()));
        let version = || self.versions.get(subject).map(|v| (v.seq, v.head.clone()));
        incident.or_else(|| self.works.get(subject).map(|w| (w.seq, w.head.clone()))).or_else(version)
    }

    fn check_ledger(&mut self, row: &Row) -> Result<(), Finding> {
        let (n, previous) = (row.int("n"), &self.ledger);
        if n != previous.0 + 1 {
            return Err(format!("row {} of the ledger is missing", previous.0 + 1));
        }
        let hash = hex(&hash(&[
            b"muster-ledger-1",
            &n.to_be_bytes(),
            &unhex(&previous.1),
            row.text("subject").as_bytes(),
            &row.int("seq").to_be_bytes(),
            &unhex(&row.text("head")),
        ]));
        if hash != row.text("hash") {
            return Err(format!("row {n} of the ledger does not fit the one before"));
        }
        self.ledger = (n, hash);
        Ok(())
    }

    fn read_entry(&mut self, subject: &str, entry: &Row, witness: &Witness) -> Result<(), Finding> {
        let (seq, number) = (entry.int("seq"), entry.text("number"));
        let at = |what: String| format!("{number} #{seq} {}: {what}", entry.text("kind"));
        let previous = self.head_of(subject).map_or(String::new(), |(_, head)| head);
        let digest = Sha256::new().chain_update(entry.bytes("salt")).chain_update(entry.text("body")).finalize();
        let hash = hex(&hash(&[
            b"muster-entry-1",
            subject.as_bytes(),
            &seq.to_be_bytes(),
            &unhex(&previous),
            &entry.int("happened_at").to_be_bytes(),
            &entry.int("recorded_at").to_be_bytes(),
            entry.text("author").as_bytes(),
            entry.text("kind").as_bytes(),
            &u32::try_from(entry.int("version")).unwrap().to_be_bytes(),
            &digest,
        ]));
        if hash != entry.text("hash") || hex(&digest) != entry.text("digest") {
            return Err(at("the chain is broken".into()));
        }
        let salt = entry.bytes("salt");
        if salt.len() != 16 {
            return Err(at("the salt is not 16 bytes".into()));
        }
        let fact = || entry.json("body")["fact"].clone();
        // Whoever signs in is let in by the web alone.
        let by_themselves = || fact()["via"] != "login" && self.gone.contains(&super::text(&fact()["person"]["id"]));
        if entry.text("kind") == "answered" && by_themselves() {
            return Err(at("who has left is heard".into()));
        }
        if entry.text("kind") == "opened" {
            let incident = Incident::begin(subject, entry).ok_or_else(|| at("cannot be read".into()))?;
            if self.incidents.insert(subject.to_owned(), incident).is_some() {
                return Err(at("a log begins twice".into()));
            }
        }
        if matches!(&*entry.text("kind"), "took-in" | "gave-back") {
            let body = entry.json("body");
            self.moved.extend(body["fact"]["alerts"].as_array().into_iter().flatten().map(super::text));
        }
        let alert = || super::text(&entry.json("body")["fact"]["alert"]);
        if entry.text("kind") == "alert-joined" && !self.moved.remove(&alert()) {
            self.check_placement(subject, entry).map_err(at)?;
        }
        if entry.text("kind") == "system-named"
            && seq == 1
            && self.works.insert(subject.to_owned(), Work::begin(entry)).is_some()
        {
            return Err(at("a log begins twice".into()));
        }
        if let Some(work) = self.works.get_mut(subject) {
            work.apply(entry, witness.up_since).map_err(at)?;
            work.head = hash;
            return Ok(());
        }
        if entry.text("kind") == "version-drafted" && seq == 1 {
            self.versions.insert(subject.to_owned(), Version::begin());
        }
        if let Some(version) = self.versions.get_mut(subject) {
            version.apply(entry).map_err(at)?;
            version.head = hash;
            return Ok(());
        }
        let Some(incident) = self.incidents.get_mut(subject) else { return Err(at("nothing was opened".into())) };
        incident.apply(entry, witness.up_since).map_err(at)?;
        incident.head = hash;
        self.check_notices(subject, entry).map_err(at)
    }
}

fn hash(fields: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for field in fields {
        hasher.update((field.len() as u64).to_be_bytes());
        hasher.update(field);
    }
    hasher.finalize().into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// 32 zero bytes where there is none before.
fn unhex(text: &str) -> Vec<u8> {
    if text.is_empty() {
        return vec![0; 32];
    }
    (0..text.len() / 2).map(|n| u8::from_str_radix(&text[2 * n..2 * n + 2], 16).unwrap_or(0)).collect()
}
