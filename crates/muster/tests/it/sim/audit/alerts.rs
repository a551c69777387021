//! The books: every accepted signal is counted in exactly one alert, every alert stands in exactly one
//! account, and what is over or overdue does not lie around.

use super::{Auditor, Finding, Row, Witness};
use std::collections::{BTreeMap, BTreeSet};

const ACCOUNTS: [&str; 7] = ["watched", "held", "silenced", "joined", "opened", "information", "resolved"];

impl Auditor {
    pub(super) fn check_books(&self, witness: &Witness) -> Result<(), Finding> {
        let kept: BTreeSet<String> = self.rows("SELECT id FROM payloads", &[]).iter().map(|r| r.text("id")).collect();
        let mut accepted: BTreeMap<&str, Vec<&(String, bool)>> = BTreeMap::new();
        for request in &witness.requests {
            if kept.contains(&request.id) {
                accepted.insert(&request.id, request.signals.iter().collect());
            } else if request.certain {
                return Err(format!("books: request {} got its 2xx and is not kept", request.id));
            }
        }
        let expected: usize = accepted.values().map(Vec::len).sum();
        let signals: Vec<&Row> = self.signals.values().flatten().collect();
        if signals.len() != expected {
            return Err(format!("books: {expected} signals were accepted, {} are counted", signals.len()));
        }
        for row in &signals {
            let fires = row.text("status") == "firing";
            let key = self.alerts.get(&row.text("alert")).map(|a| a.text("key")).unwrap_or_default();
            let known = accepted.get_mut(row.text("payload").as_str());
            let found = known.and_then(|of| {
                let nth = of.iter().position(|s| s.0 == key && s.1 == fires)?;
                Some(of.remove(nth))
            });
            if found.is_none() {
                return Err(format!("books: a signal of {} is counted in an alert that it is not", row.text("alert")));
            }
        }
        let mut open = BTreeSet::new();
        for (id, row) in &self.alerts {
            let newest = self.signals.get(id).and_then(|all| all.last());
            let newest = newest.map(|s| (s.text("status"), s.int("received_at"))).unwrap_or_default();
            let at = |what: &str| Err(format!("books: alert {} ({}): {what}", row.text("key"), row.text("id")));
            if row.int("signals") != row.int("counted") {
                return at("counts another number of signals than it has");
            }
            if (row.int("firing") == 1) != (newest.0 == "firing") || row.int("last_at") != newest.1 {
                return at("does not say what its newest signal said");
            }
            let all = self.signals.get(id).map(Vec::as_slice).unwrap_or_default();
            if all.last().map(|s| s.text("id")) != row.maybe_text("newest")
                || all.iter().zip(all.iter().skip(1)).any(|(s, next)| Some(s.text("id")) != next.maybe_text("before"))
            {
                return at("has signals that its chain does not lead to");
            }
            let account = row.text("account");
            if !ACCOUNTS.contains(&account.as_str()) {
                return at("stands in no account");
            }
            if account != "resolved" && !open.insert((row.text("intake"), row.text("key"))) {
                return at("is open twice");
            }
            self.check_membership(row, &account)?;
        }
        Ok(())
    }

    /// An alert that belongs to an incident stands in its log, and the other way round.
    fn check_membership(&self, row: &Row, account: &str) -> Result<(), Finding> {
        let (id, subject) = (row.text("id"), row.maybe_text("subject"));
        let at = |what: String| Err(format!("books: alert {}: {what}", row.text("key")));
        let in_logs: Vec<_> = self.incidents.values().filter(|i| i.alerts.contains_key(&id)).collect();
        match (account, &subject, in_logs.as_slice()) {
            ("joined" | "opened" | "resolved", Some(subject), [incident]) if incident.id == *subject => {}
            ("watched" | "information" | "resolved" | "held" | "silenced", None, []) => {}
            _ => {
                let logs: Vec<_> = in_logs.iter().map(|i| &i.number).collect();
                return at(format!("is in account {account} of {subject:?}, and in the logs {logs:?}"));
            }
        }
        if (account == "opened") && !self.openers.contains(&id) {
            return at("opened nothing".into());
        }
        Ok(())
    }

    pub(super) fn check_alerts_after_tick(&self, now: i64) -> Result<(), Finding> {
        for row in self.alerts.values() {
            let account = row.text("account");
            let at = |what: &str| Err(format!("alert {} after a tick at {now}: {what}", row.text("key")));
            let is_over = row.int("firing") == 0 || row.maybe_int("ends_at").is_some_and(|at| at <= now);
            // A person's clock may have been set back below the time at which it was heard.
            if is_over && account != "resolved" && row.int("last_at") <= now {
                return at("is over, and not in the account resolved");
            }
            let here = row.maybe_text("subject").and_then(|s| self.incidents.get(&s));
            let fires = here.and_then(|i| i.alerts.get(&row.text("id"))).is_some_and(|a| a.1);
            if account == "resolved" && fires {
                return at("is over, and its incident has not heard of it");
            }
            let stands_alone = row.maybe_text("open_key").is_some() && row.maybe_text("subject").is_none();
            if stands_alone && row.int("first_at").max(row.int("went_down_at")) > now {
                return at("began by a clock that was set back");
            }
            if account == "watched" && row.int("last_at") <= now {
                self.check_watched(row, now)?;
            }
        }
        Ok(())
    }
}
