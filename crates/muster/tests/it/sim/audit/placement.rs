//! DEF-1 and DEF-6 as the auditor reads them: may this alert open an incident now, or join that one?
//!
//! For systems that are used round the clock it says so exactly. For others it knows only that nothing
//! may open sooner.

use super::{Auditor, Finding, Incident, Row, span, text};
use serde_json::Value;

/// A first signal this much older than its receipt comes from a spool, and the next may say it is over.
const LATE_NEWS: i64 = 5 * 60_000;
/// So long that next signal may be waited for.
const SETTLES: i64 = 60_000;

/// What the rules say of an alert.
struct Reading {
    condition: String,
    system: Option<String>,
    /// From when it is an incident; none if never.
    due: Option<i64>,
    /// It is one as soon as it is heard.
    at_once: bool,
    /// Whether `due` is exact.
    exact: bool,
}

impl Auditor {
    /// Called before the entry is taken into the model.
    pub(super) fn check_placement(&mut self, subject: &str, entry: &Row) -> Result<(), Finding> {
        let body = entry.json("body");
        let fact = &body["fact"];
        let (id, at) = (text(&fact["alert"]), entry.int("recorded_at"));
        // What goes on after a restricted incident opens the next, which is not there for others either, at once: what it
        // would join, others see.
        self.read_sight();
        let from = self.alerts.get(&id).and_then(|alert| alert.maybe_text("left_subject"));
        let hidden = from.is_some_and(|from| self.sight.was_restricted(&from));
        let Some(alert) = self.alerts.get(&id) else { return Err("an alert that is not there".into()) };
        let reading = self.reading(alert);
        if fact["condition"] != reading.condition.as_str() || fact["system"]["id"].as_str() != reading.system.as_deref()
        {
            return Err(format!("the rules say {} of {:?}", reading.condition, reading.system));
        }
        if reading.due.is_none() {
            return Err("information opens and joins nothing".into());
        }
        let left = alert.maybe_text("left_subject");
        let candidates: Vec<_> =
            self.incidents.values().filter(|i| i.is_live() && Some(&i.id) != left.as_ref()).collect();
        let fits: Vec<_> = candidates
            .iter()
            .filter(|i| i.id != subject || i.seq > 1)
            .filter(|i| self.fits(i, alert, &reading))
            .collect();
        if fact["opened"] == true && hidden {
            self.openers.insert(id);
        } else if fact["opened"] == true {
            // Whoever may not see a restricted incident would not hear that what needs its system is down as well.
            let its_own = |i: &Incident| reading.system.as_ref().is_some_and(|s| i.systems().contains(s.as_str()));
            let open_to_it = |i: &Incident| its_own(i) || !self.sight.was_restricted(&i.id);
            if let Some(other) = fits.iter().find(|i| open_to_it(i)) {
                return Err(format!("DEF-6: opens an incident although it belongs to {}", other.number));
            }
            // What is one as soon as it is heard opens although the clock was set back since below the time at which it was.
            if !reading.at_once && reading.due.is_some_and(|due| due > at) {
                return Err(format!("DEF-1: opens at {at}, due at {:?}", reading.due));
            }
            self.openers.insert(id);
        } else if !fits.iter().any(|i| i.id == subject) {
            return Err("DEF-6: joins an incident that it does not belong to".into());
        }
        Ok(())
    }

    /// An alert that is still watched must not be due to open.
    pub(super) fn check_watched(&self, alert: &Row, now: i64) -> Result<(), Finding> {
        let reading = self.reading(alert);
        let at = |what: String| Err(format!("DEF-1: alert {} is watched at {now}: {what}", alert.text("key")));
        let Some(due) = reading.due else { return at("it is information".into()) };
        let late = self
            .signals(alert)
            .iter()
            .any(|s| s.maybe_int("happened_at").is_some_and(|h| alert.int("first_at") - h > LATE_NEWS));
        let due = if late { due.max(alert.int("first_at") + SETTLES) } else { due };
        if reading.exact && due <= now {
            return at(format!("it was due at {due}"));
        }
        if alert.maybe_int("due_at").is_none() {
            return at("LOST: it is never looked at again".into());
        }
        Ok(())
    }

    fn signals(&self, alert: &Row) -> &[Row] {
        self.signals.get(&alert.text("id")).map_or(&[], Vec::as_slice)
    }

    fn item(&self, kind: &str, id: &str) -> &Value {
        self.directory.1.get(&(kind.to_owned(), id.to_owned())).unwrap_or(&Value::Null)
    }

    fn reading(&self, alert: &Row) -> Reading {
        let signal = alert.json("signal");
        let rules = self.directory.1.range(("rule".to_owned(), String::new())..);
        let rules = rules.take_while(|((kind, _), _)| kind == "rule").map(|(_, body)| body);
        let rule = rules.into_iter().find(|rule| {
            let fits = |field: &str| rule[field].as_str().is_none_or(|p| begins_as(p, &text(&signal[field])));
            fits("host") && fits("service")
        });
        let rule = rule.unwrap_or(&Value::Null);
        let condition = rule["condition"].as_str().map_or_else(|| text(&signal["condition"]), str::to_owned);
        let system = rule["system"].as_str().map(str::to_owned).filter(|s| self.item("system", s).is_object());
        let about = system.as_ref().map_or(&Value::Null, |s| self.item("system", s));
        let lasting = span(&self.item("policy", "")["disruption_after"]).unwrap_or(0);
        let at_once = condition == "predicted" || (condition == "down" && about["scope"] == "organisation-wide");
        let always_used = about["usage_hours"]["weekly"].as_array().is_none_or(Vec::is_empty);
        let due = if at_once { alert.int("first_at") } else { self.down_since(alert) + lasting };
        Reading {
            due: (condition != "information").then_some(due),
            at_once,
            // Usage hours only decide when what works badly counts, and when everybody's system counts at once.
            exact: always_used
                || condition == "predicted"
                || (condition == "down" && about["scope"] != "organisation-wide"),
            condition,
            system,
        }
    }

    /// Since when it has been down without a break, as far as its signals say; what was heard by a clock that was set back,
    /// since the engine saw that.
    fn down_since(&self, alert: &Row) -> i64 {
        let (said, kept) = (self.said_down_since(alert), alert.int("went_down_at"));
        if kept < said && self.looked_again.contains(&kept) { kept } else { said }
    }

    /// The same as its signals alone say it.
    fn said_down_since(&self, alert: &Row) -> i64 {
        let mut since = None;
        for signal in self.signals(alert) {
            let heard = signal.int("received_at");
            match signal.text("status").as_str() {
                "firing" => since = since.or(Some(signal.maybe_int("happened_at").unwrap_or(heard).min(heard))),
                _ => since = None,
            }
        }
        since.unwrap_or(i64::MIN)
    }

    /// Whether that live incident is the alert's (DEF-6).
    fn fits(&self, incident: &Incident, alert: &Row, reading: &Reading) -> bool {
        let siblings = || self.alerts.values();
        let same_key = siblings().any(|s| {
            s.text("id") != alert.text("id")
                && s.text("subject") == incident.id
                && s.text("intake") == alert.text("intake")
                && s.text("key") == alert.text("key")
        });
        if same_key {
            return true;
        }
        let Some(system) = &reading.system else { return false };
        let down = |row: &Row| row.int("went_down_at").min(row.int("first_at"));
        let theirs = siblings().filter(|s| incident.alerts.contains_key(&s.text("id"))).map(down).max();
        let newest = theirs.unwrap_or(i64::MIN).max(incident.since());
        let within = span(&self.item("policy", "")["join_within"]).unwrap_or(0);
        let near = down(alert) >= incident.since() - within && down(alert) <= newest + within;
        near && self.needed(system).iter().any(|s| incident.systems().contains(s.as_str()))
    }

    /// The system and everything that it depends on.
    fn needed(&self, system: &str) -> Vec<String> {
        let mut needed = vec![system.to_owned()];
        let mut nth = 0;
        while let Some(next) = needed.get(nth).cloned() {
            for need in self.item("system", &next)["depends_on"].as_array().into_iter().flatten().map(text) {
                if !needed.contains(&need) {
                    needed.push(need);
                }
            }
            nth += 1;
        }
        needed
    }
}

/// The simulation's rules use no other patterns.
fn begins_as(pattern: &str, text: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(beginning) => text.starts_with(beginning),
        None => text == pattern,
    }
}
