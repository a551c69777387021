//! The outbox: one in flight a lane, one row a try, nothing written off, nothing sent for what is over.

use super::{Auditor, Finding, Witness};
use std::collections::{BTreeMap, BTreeSet};

/// A provider that has not reported by then is not going to, and it is sent again.
const LONGEST_SEND: i64 = 10 * 60_000;
/// Passing trouble of a provider is waited for so long at most.
const LONGEST_WAIT: i64 = 5 * 60_000;
/// So long nobody else sends what is being sent.
const LONGEST_LEASE: i64 = 90_000;

/// Each so many looks the whole table is read anew, also what was done with long ago.
const ALL_EACH: u64 = 20;

/// Of each row its kind, and from which row on something may still change.
#[derive(Default)]
pub struct Seen {
    kinds: BTreeMap<String, String>,
    dropped: BTreeSet<String>,
    changes_from: i64,
    looks: u64,
    /// What was claimable when that was asked last.
    pub was: String,
}

impl Seen {
    /// Whether everything is read anew at this look.
    pub fn reads_all(&self) -> bool {
        self.looks.is_multiple_of(ALL_EACH)
    }
}

impl Auditor {
    pub(super) fn check_outbox(&mut self, witness: &Witness) -> Result<(), Finding> {
        self.outbox.looks += 1;
        if self.outbox.reads_all() {
            self.outbox.changes_from = 0;
            self.outbox.kinds.clear();
        }
        let sql = "SELECT rowid, id, lane, kind, subject, about, state FROM outbox WHERE rowid >= ?1 ORDER BY rowid";
        let (mut busy, mut changes_from) = (BTreeSet::new(), None);
        let rows = self.rows(sql, &[self.outbox.changes_from]);
        for row in &rows {
            let (id, state) = (row.text("id"), row.text("state"));
            if state == "sending" && !busy.insert(row.text("lane")) {
                return Err(format!("outbox: two in flight in the lane {}", row.text("lane")));
            }
            if state == "done" && !witness.given.contains_key(&id) {
                return Err(format!("outbox: {id} is done, and no provider was ever given it"));
            }
            if matches!(state.as_str(), "queued" | "sending") {
                changes_from = changes_from.or(Some(row.int("rowid")));
            }
            self.outbox.kinds.insert(id, row.text("kind"));
        }
        let newest = rows.last().map(|row| row.int("rowid"));
        self.outbox.changes_from = changes_from.or(newest.map(|newest| newest + 1)).unwrap_or(self.outbox.changes_from);
        let kinds = &self.outbox.kinds;
        let searches = || {
            let of_incidents = self.incidents.values().flat_map(|i| &i.searches);
            of_incidents.chain(self.works.values().flat_map(|w| &w.searches))
        };
        for tried in searches().flat_map(super::summons::Summons::tries) {
            if kinds.get(tried).map(String::as_str) != Some("summons") {
                return Err(format!("outbox: nothing is sent for the try {tried}"));
            }
        }
        let tries = searches().map(|s| s.tries().count()).sum::<usize>();
        if kinds.values().filter(|k| *k == "summons").count() != tries {
            return Err("outbox: more is sent than was tried".into());
        }
        Ok(())
    }

    /// What is dropped must be untrue at that moment; later it may become true again, when an answer is taken back. So this
    /// is looked at each time.
    pub(super) fn check_dropped(&mut self) -> Result<(), Finding> {
        let sql = "SELECT id, subject, about FROM outbox WHERE rowid >= ?1 AND kind = 'summons' AND state = 'dropped'";
        for row in self.rows(sql, &[self.outbox.changes_from]) {
            let id = row.text("id");
            let just_dropped = self.outbox.dropped.insert(id.clone());
            if just_dropped && self.is_still_asked(&row.text("subject"), &row.text("about"), &id) {
                return Err(format!("outbox: {id} was dropped although it is still true"));
            }
        }
        Ok(())
    }

    /// What a provider is given must be true at that moment. Call it right after the claim.
    pub fn check_given(&self, id: &str, kind_summons: bool, subject: &str, about: &str) -> Result<(), Finding> {
        if kind_summons && !self.is_still_asked(subject, about, id) {
            return Err(format!("outbox: {id} is sent, and nobody asks that any more"));
        }
        Ok(())
    }

    /// After a claim of everything: nothing that may go out is left.
    pub fn check_claimed_all(&self, witness: &Witness, now: i64) -> Result<(), Finding> {
        let from = self.outbox.changes_from;
        for row in self.rows("SELECT id FROM outbox WHERE rowid >= ?1 AND state = 'sending'", &[from]) {
            let given = witness.given.get(&row.text("id")).copied().unwrap_or(i64::MAX);
            if given.saturating_add(LONGEST_SEND) < now {
                return Err(format!(
                    "outbox: {} is written off in flight, given to a provider at {given}",
                    row.text("id")
                ));
            }
        }
        let sql = "SELECT id, state FROM outbox WHERE rowid >= ?1 AND
                   ((state = 'queued' AND due_at > ?2) OR (state = 'sending' AND lease_until > ?3))";
        if let Some(row) = self.rows(sql, &[from, now + LONGEST_WAIT, now + LONGEST_LEASE]).first() {
            return Err(format!("outbox: {} is {}, and waits for the clock", row.text("id"), row.text("state")));
        }
        let sql = "SELECT id, state FROM outbox o WHERE rowid >= ?2 AND state IN ('queued', 'sending') AND
                   ((state = 'queued' AND due_at <= ?1) OR (state = 'sending' AND lease_until <= ?1))
                   AND NOT EXISTS (SELECT 1 FROM outbox p WHERE p.lane = o.lane AND p.nth < o.nth AND p.rowid >= ?2
                                   AND p.state IN ('queued', 'sending'))";
        match self.rows(sql, &[now, from]).first() {
            Some(row) => {
                Err(format!("outbox: {} is {} and due, and was not claimed", row.text("id"), row.text("state")))
            }
            None => Ok(()),
        }
    }

    /// Whether the outbox is as it was when this was asked last.
    pub fn has_claimed_nothing_new(&mut self) -> bool {
        // By name: a newer row that takes an older one's place takes its count of tries, too.
        let sql =
            "SELECT id, state, tries FROM outbox WHERE rowid >= ?1 AND state IN ('queued', 'sending') ORDER BY id";
        let outbox = format!("{:?}", self.rows(sql, &[self.outbox.changes_from]));
        std::mem::replace(&mut self.outbox.was, outbox.clone()) == outbox
    }

    fn is_still_asked(&self, subject: &str, about: &str, id: &str) -> bool {
        let of_incident = self.incidents.get(subject).filter(|i| i.is_live()).and_then(|i| i.search(about));
        let search = of_incident.or_else(|| self.works.get(subject).and_then(|w| w.search(about)));
        search.is_some_and(|s| s.is_live() && s.has_tried(id) && !s.has_answered(id) && !s.is_repeated(id))
    }
}
