//! The outbox: one in flight a lane, one row a try, nothing written off, nothing sent for what is over.

use super::{Auditor, Finding, Witness};
use std::collections::{BTreeMap, BTreeSet};

/// A provider that has not reported by then is not going to, and it is sent again.
const LONGEST_SEND: i64 = 10 * 60_000;

impl Auditor {
    pub(super) fn check_outbox(&mut self, witness: &Witness) -> Result<(), Finding> {
        let mut rows = BTreeMap::new();
        let mut busy = BTreeSet::new();
        for row in self.rows("SELECT id, lane, nth, kind, subject, about, person, state, outcome FROM outbox", &[]) {
            let (id, state) = (row.text("id"), row.text("state"));
            if state == "sending" && !busy.insert(row.text("lane")) {
                return Err(format!("outbox: two in flight in the lane {}", row.text("lane")));
            }
            if state == "done" && !witness.given.contains_key(&id) {
                return Err(format!("outbox: {id} is done, and no provider was ever given it"));
            }
            let just_dropped = row.text("kind") == "summons" && state == "dropped" && self.dropped.insert(id.clone());
            if just_dropped && self.is_still_asked(&row.text("subject"), &row.text("about"), &id) {
                return Err(format!("outbox: {id} was dropped although it is still true"));
            }
            rows.insert(id, row.text("kind"));
        }
        let searches = || {
            let of_incidents = self.incidents.values().flat_map(|i| &i.searches);
            of_incidents.chain(self.works.values().flat_map(|w| &w.searches))
        };
        for tried in searches().flat_map(super::summons::Summons::tries) {
            if rows.get(tried).map(String::as_str) != Some("summons") {
                return Err(format!("outbox: nothing is sent for the try {tried}"));
            }
        }
        let tries = searches().map(|s| s.tries().count()).sum::<usize>();
        if rows.values().filter(|k| *k == "summons").count() != tries {
            return Err("outbox: more is sent than was tried".into());
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
        for row in self.rows("SELECT id FROM outbox WHERE state = 'sending'", &[]) {
            let given = witness.given.get(&row.text("id")).copied().unwrap_or(i64::MAX);
            if given.saturating_add(LONGEST_SEND) < now {
                return Err(format!(
                    "outbox: {} is written off in flight, given to a provider at {given}",
                    row.text("id")
                ));
            }
        }
        let sql = "SELECT id, state FROM outbox o WHERE
                   ((state = 'queued' AND due_at <= ?1) OR (state = 'sending' AND lease_until <= ?1))
                   AND NOT EXISTS (SELECT 1 FROM outbox p WHERE p.lane = o.lane AND p.nth < o.nth
                                   AND p.state IN ('queued', 'sending'))";
        match self.rows(sql, &[now]).first() {
            Some(row) => {
                Err(format!("outbox: {} is {} and due, and was not claimed", row.text("id"), row.text("state")))
            }
            None => Ok(()),
        }
    }

    /// Whether the outbox is as it was when this was asked last.
    pub fn has_claimed_nothing_new(&mut self) -> bool {
        // By name: a newer row that takes an older one's place takes its count of tries, too.
        let sql = "SELECT id, state, tries FROM outbox WHERE state IN ('queued', 'sending') ORDER BY id";
        let outbox = format!("{:?}", self.rows(sql, &[]));
        std::mem::replace(&mut self.outbox_was, outbox.clone()) == outbox
    }

    fn is_still_asked(&self, subject: &str, about: &str, id: &str) -> bool {
        let of_incident = self.incidents.get(subject).filter(|i| i.is_live()).and_then(|i| i.search(about));
        let search = of_incident.or_else(|| self.works.get(subject).and_then(|w| w.search(about)));
        search.is_some_and(|s| s.is_live() && s.has_tried(id) && !s.has_answered(id) && !s.is_repeated(id))
    }
}
