//! What must hold after a restart, read from the database and from the receiver, held against what was promised.

use super::load::Promised;
use super::receiver::{Receipt, Receiver};
use super::server::Installation;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// How long everything that was due may take to go out after a restart. Far longer than it takes, and shorter than the
/// lease of a claim (90 s): what was in flight at the crash must not have to wait for that.
pub const OUT_WITHIN: Duration = Duration::from_secs(40);
const LOOK_EVERY: Duration = Duration::from_millis(25);

const QUERIES: &[&str] = &[
    "SELECT a.key || ' ' || CAST(COUNT(*) AS TEXT) AS line FROM signals s JOIN alerts a ON a.id = s.alert GROUP BY a.key",
    "SELECT c.alert AS line FROM counts c WHERE c.signals <> (SELECT COUNT(*) FROM signals s WHERE s.alert = c.alert)",
    "SELECT key || ' ' || account || ' ' || CAST(firing AS TEXT) || ' ' || CAST(last_at AS TEXT) || ' ' ||
       CAST(COALESCE(due_at, 0) AS TEXT) AS line FROM alerts JOIN counts ON alert = id",
    "SELECT id || ' ' || state || ' ' || CASE outcome WHEN 'sent' THEN 'sent' ELSE '-' END || ' ' || COALESCE(subject, '-')
       || ' ' || CAST(made_at AS TEXT) || ' ' || about AS line FROM outbox ORDER BY made_at",
    "SELECT id || ' ' || number || ' ' || state || ' ' || CAST(live AS TEXT) || ' ' || COALESCE(manager, '-') || ' ' ||
       CAST(recorded_at AS TEXT) || ' ' || CAST(COALESCE(due_at, 0) AS TEXT) AS line FROM subjects WHERE kind = 'incident' ORDER BY number",
    "SELECT subject || ' ' || kind || ' ' || body AS line FROM entries
     WHERE kind IN ('tried', 'answered', 'withdrawn', 'nobody-reached') ORDER BY subject, seq",
];

/// The database as it is now.
pub struct State {
    keys: BTreeMap<String, u32>,
    miscounted: Vec<String>,
    alerts: Vec<Alert>,
    outbox: BTreeMap<String, Message>,
    pub incidents: Vec<Incident>,
    entries: Vec<(String, String, Value)>,
}

struct Alert {
    key: String,
    account: String,
    firing: bool,
    last_at: i64,
    due_at: i64,
}

struct Message {
    state: String,
    sent: bool,
    subject: String,
    made_at: i64,
    summons: String,
}

pub struct Incident {
    id: String,
    pub number: String,
    state: String,
    pub live: bool,
    managed: bool,
    recorded_at: i64,
    due_at: i64,
}

impl State {
    pub async fn of(installation: &Installation) -> Self {
        let seen = installation.look(QUERIES).await;
        let fields = |query: usize| seen[query].iter().map(|line| line.split(' ').collect::<Vec<_>>());
        let alert = |f: Vec<&str>| Alert {
            key: f[0].into(),
            account: f[1].into(),
            firing: f[2] == "1",
            last_at: f[3].parse().unwrap(),
            due_at: f[4].parse().unwrap(),
        };
        let message = |f: Vec<&str>| {
            let (made_at, summons) = (f[4].parse().unwrap(), f[5..].join(" "));
            let message = Message { state: f[1].into(), sent: f[2] == "sent", subject: f[3].into(), made_at, summons };
            (f[0].to_owned(), message)
        };
        let incident = |f: Vec<&str>| Incident {
            id: f[0].into(),
            number: f[1].into(),
            state: f[2].into(),
            live: f[3] == "1",
            managed: f[4] != "-",
            recorded_at: f[5].parse().unwrap(),
            due_at: f[6].parse().unwrap(),
        };
        let entry = |line: &String| {
            let mut parts = line.splitn(3, ' ');
            let mut next = || parts.next().unwrap();
            let (subject, kind, mut body): (_, _, Value) = (next(), next(), serde_json::from_str(next()).unwrap());
            (subject.to_owned(), kind.to_owned(), body["fact"].take())
        };
        Self {
            keys: fields(0).map(|f| (f[0].to_owned(), f[1].parse().unwrap())).collect(),
            miscounted: seen[1].clone(),
            alerts: fields(2).map(alert).collect(),
            outbox: fields(3).map(message).collect(),
            incidents: fields(4).map(incident).collect(),
            entries: seen[5].iter().map(entry).collect(),
        }
    }

    /// Accepted is accepted: every key was counted as often as a 2xx says, and at most as often as it was sent.
    pub fn signals(&self, promised: &mut Promised) -> Vec<String> {
        let mut wrong: Vec<_> = self.miscounted.iter().map(|a| format!("alert {a} miscounts its signals")).collect();
        for (key, count) in &mut promised.keys {
            let there = self.keys.get(key).copied().unwrap_or(0);
            if there < count.sure || there > count.sure + count.cut {
                wrong.push(format!("key {key} has {there} signals; {count:?} were promised"));
            }
            // Nobody sends it any more: from now on it is as sure as what had its 2xx.
            (count.sure, count.cut) = (there, 0);
        }
        let unknown = self.keys.keys().filter(|key| !promised.keys.contains_key(*key));
        wrong.extend(unknown.map(|key| format!("nobody has sent the key {key}")));
        for keys in promised.cut_together.drain(..) {
            let there = keys.iter().filter(|key| self.keys.contains_key(*key)).count();
            if there != 0 && there != keys.len() {
                wrong.push(format!("of one request only {there} signals were accepted: {keys:?}"));
            }
        }
        wrong
    }

    /// What a person did and was told so is in the log, once.
    pub fn acts(&self, promised: &Promised) -> Vec<String> {
        let count = |subject: &str, kind: &str, summons: Option<&str>| {
            let of_it = |(s, k, body): &&(String, String, Value)| {
                s == subject && k == kind && summons.is_none_or(|summons| body["summons"] == summons)
            };
            self.entries.iter().filter(of_it).count()
        };
        let mut wrong = Vec::new();
        for id in &promised.taken {
            let message = &self.outbox[id];
            if count(&message.subject, "answered", Some(&message.summons)) == 0 {
                wrong.push(format!("the answer to message {id} is not in the log"));
            }
        }
        for incident in &self.incidents {
            let asked = promised.withdrawn.get(&incident.number);
            let found = count(&incident.id, "withdrawn", None);
            let is_wrong = match asked {
                None => found != 0,
                Some(false) => found > 1,
                Some(true) => found != 1 || incident.state != "withdrawn",
            };
            if is_wrong {
                wrong.push(format!(
                    "{} is {}, with {found} withdrawals; sure: {asked:?}",
                    incident.number, incident.state
                ));
            }
        }
        wrong
    }

    /// What may never be, at any moment.
    pub fn messages(&self, receipts: &[Receipt]) -> Vec<String> {
        let answered: BTreeSet<_> = receipts.iter().filter(|r| r.answered).map(|r| r.id.as_str()).collect();
        let mut wrong = Vec::new();
        for (id, message) in &self.outbox {
            if message.sent && !answered.contains(id.as_str()) {
                wrong.push(format!("message {id} is written down as sent, and nobody has received it"));
            }
            if message.state == "dropped" && self.still_looks(&message.subject) {
                wrong.push(format!("message {id} was dropped while its incident looks for somebody"));
            }
        }
        for (subject, _, body) in self.entries.iter().filter(|(_, kind, _)| kind == "tried") {
            if !body["attempt"].as_str().is_some_and(|id| self.outbox.contains_key(id)) {
                wrong.push(format!("a try of {subject} was never enqueued: {body}"));
            }
        }
        wrong
    }

    fn still_looks(&self, subject: &str) -> bool {
        self.incidents.iter().any(|i| i.id == subject && i.live && !i.managed)
    }

    /// What was due by `then` and has not happened. `in_flight` was being sent when that life of the server died.
    pub fn overdue(&self, then: i64, in_flight: &BTreeMap<String, u32>, receipts: &[Receipt]) -> Vec<String> {
        let mut late = Vec::new();
        for alert in self.alerts.iter().filter(|a| a.last_at <= then) {
            // Only of the printers an alert is watched for a while; and what is over is looked at once more.
            let is_watched = alert.key.starts_with("print-") && alert.due_at > then;
            let is_placed = match alert.account.as_str() {
                "watched" => alert.firing && is_watched,
                "resolved" => !alert.firing,
                _ => alert.firing,
            };
            if !is_placed {
                late.push(format!("the alert {} still is in the account {}", alert.key, alert.account));
            }
        }
        for (id, message) in &self.outbox {
            let waits = matches!(message.state.as_str(), "queued" | "sending");
            if waits && message.made_at <= then {
                late.push(format!("message {id} is still {}", message.state));
            }
        }
        for incident in self.incidents.iter().filter(|i| i.live && i.recorded_at <= then) {
            if incident.due_at <= then {
                late.push(format!("nobody looks at {}", incident.number));
            }
            let is_sent = |id: &str| self.outbox.get(id).is_some_and(|m| m.sent);
            let tried = |(subject, kind, body): &(String, String, Value)| {
                subject == &incident.id && kind == "tried" && body["attempt"].as_str().is_some_and(is_sent)
            };
            if !incident.managed && !self.entries.iter().any(tried) {
                late.push(format!("no message about {} has reached anybody", incident.number));
            }
        }
        for (id, died) in in_flight {
            let again = receipts.iter().any(|r| r.id == *id && r.life > *died);
            let dropped = self.outbox.get(id).is_some_and(|m| m.state == "dropped");
            if !again && !dropped {
                late.push(format!("message {id} was in flight at the crash and has not gone out again"));
            }
        }
        late
    }

    /// Whether every summons has gone through its whole chain, or somebody has taken it, and nothing waits.
    pub fn unfinished(&self) -> Vec<String> {
        let waits = |m: &Message| matches!(m.state.as_str(), "queued" | "sending");
        let mut left: Vec<_> = self
            .outbox
            .iter()
            .filter(|(_, m)| waits(m))
            .map(|(id, m)| format!("message {id} is {}", m.state))
            .collect();
        for incident in self.incidents.iter().filter(|i| i.live && !i.managed) {
            if !self.entries.iter().any(|(subject, kind, _)| *subject == incident.id && kind == "nobody-reached") {
                left.push(format!("the summons of {} has not come to its end", incident.number));
            }
        }
        left
    }
}

/// Looks again and again until nothing is late any more. What may never be fails at once.
pub async fn wait_until(
    installation: &Installation,
    receiver: &Receiver,
    within: Duration,
    late: impl Fn(&State, &[Receipt]) -> Vec<String>,
) -> Result<State, Vec<String>> {
    let began = Instant::now();
    loop {
        let state = State::of(installation).await;
        // After the database, so that what it calls sent has arrived here by now.
        let receipts = receiver.receipts();
        let wrong: Vec<_> = state.messages(&receipts).into_iter().chain(receiver.wrong()).collect();
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let late = late(&state, &receipts);
        if late.is_empty() {
            return Ok(state);
        }
        if began.elapsed() > within {
            return Err(late);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// The books as the server itself counts them: accepted signals, when none is missing from the accounts.
pub fn balanced(metrics: &str) -> Result<u32, Vec<String>> {
    let value = |name: &str| {
        let line = metrics.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.unwrap_or_else(|| panic!("no {name} in {metrics}"))
            .parse::<u32>()
            .map_err(|e| vec![format!("{name}: {e}")])
    };
    let (accepted, accounted) = (value("muster_signals_accepted")?, value("muster_signals_accounted")?);
    match accepted == accounted {
        true => Ok(accepted),
        false => Err(vec![format!("{accepted} signals were accepted and {accounted} are accounted for")]),
    }
}
