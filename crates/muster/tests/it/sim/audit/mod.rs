//! The auditor: reads the database's raw rows by a connection of its own and holds them against the
//! promises. It shares no code with the program: its own reading of the rules, its own hashing, its
//! own model of an incident made from the raw bodies of entries.

mod alerts;
mod comms;
mod duties;
mod gathering;
mod incident;
mod log;
mod outbox;
mod placement;
mod sight;
mod summons;
mod telling;
mod version;
mod work;

use incident::Incident;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
pub use telling::Told;
use version::Version;
use work::Work;

/// What is wrong, in words.
pub type Finding = String;

/// A request that a sender made. `certain` once it got its 2xx.
pub struct Request {
    pub id: String,
    /// Key and whether it fires.
    pub signals: Vec<(String, bool)>,
    pub certain: bool,
}

/// What the world outside knows, besides what stands in the database.
#[derive(Default)]
pub struct Witness {
    /// Requests in the order in which they were made.
    pub requests: Vec<Request>,
    /// When a provider was last given each row of the outbox.
    pub given: BTreeMap<String, i64>,
    /// When the engine last came back, in epoch milliseconds.
    pub up_since: i64,
    /// When it looked after the clock may have been set back.
    pub looked_again: BTreeSet<i64>,
    /// Until then what a fault touched may lie about: it was put off.
    pub grace_until: i64,
}

/// When it looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum When {
    /// After anything.
    Now,
    /// After the engine has looked at everything that is due.
    Ticked,
}

/// Between two ticks it reads every log at once, and everything else each so many looks.
const EVERYTHING_EACH: u64 = 6;

pub struct Auditor {
    db: Connection,
    /// The newest row of the ledger that was checked, and its hash.
    ledger: (i64, String),
    incidents: BTreeMap<String, Incident>,
    /// Logs of systems.
    works: BTreeMap<String, Work>,
    /// Logs of versions of the procedure.
    versions: BTreeMap<String, Version>,
    /// Alerts that opened an incident.
    openers: BTreeSet<String>,
    /// Alerts that came with an incident that was merged, or went back with it: who says so decides, not the rules.
    moved: BTreeSet<String>,
    outbox: outbox::Seen,
    reminders: duties::Reminders,
    sight: sight::Sight,
    /// What SQLite says of other connections' commits, and how many requests were known, when everything was read last.
    read_at: (i64, usize),
    looks: u64,
    alerts: BTreeMap<String, Row>,
    /// By alert, in order.
    signals: BTreeMap<String, Vec<Row>>,
    /// When the engine looked after the clock may have been set back.
    looked_again: BTreeSet<i64>,
    /// The organisation's items, and the line of the audit trail under which they were read.
    directory: (i64, BTreeMap<(String, String), Value>),
    /// Who has left the organisation.
    gone: BTreeSet<String>,
    /// Who manages an area or a system.
    leaders: BTreeSet<String>,
}

impl Auditor {
    pub fn new(path: &Path) -> Self {
        let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)
            .unwrap();
        db.set_prepared_statement_cache_capacity(64);
        // A statement keeps its plan whatever is bound to it; SQLite would prepare some anew each time they run.
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).unwrap();
        Self {
            db,
            ledger: (0, String::new()),
            incidents: BTreeMap::new(),
            works: BTreeMap::new(),
            versions: BTreeMap::new(),
            openers: BTreeSet::new(),
            moved: BTreeSet::new(),
            outbox: outbox::Seen::default(),
            reminders: duties::Reminders::default(),
            sight: sight::Sight::default(),
            read_at: (-1, 0),
            looks: 0,
            alerts: BTreeMap::new(),
            signals: BTreeMap::new(),
            looked_again: BTreeSet::new(),
            directory: (0, BTreeMap::new()),
            gone: BTreeSet::new(),
            leaders: BTreeSet::new(),
        }
    }

    /// Checks everything. Returns a line for each new entry, for the trace.
    ///
    /// # Errors
    /// The first promise that is broken.
    pub fn check(&mut self, witness: &Witness, when: When, now: i64) -> Result<Vec<String>, Finding> {
        // Before the transaction, in which it stands still; in one transaction, as it asks many questions.
        let version = (self.data_version(), witness.requests.len());
        self.control("BEGIN");
        let checked = self.check_as_of(version, witness, when, now);
        self.control("COMMIT");
        checked
    }

    fn control(&self, sql: &str) {
        self.db.prepare_cached(sql).unwrap().execute([]).unwrap();
    }

    fn check_as_of(
        &mut self,
        version: (i64, usize),
        witness: &Witness,
        when: When,
        now: i64,
    ) -> Result<Vec<String>, Finding> {
        self.looks += 1;
        self.looked_again.clone_from(&witness.looked_again);
        let everything = when == When::Ticked || self.looks.is_multiple_of(EVERYTHING_EACH);
        // Only what was committed can have changed; what time alone brings is looked at below all the same.
        let mut lines = Vec::new();
        if version != self.read_at {
            self.read_settings();
            if everything || self.has_news() {
                self.read_alerts();
            }
            lines = self.read_log(witness)?;
            self.tell_who_is_who();
            self.check_dropped()?;
            if everything {
                self.check_books(witness)?;
                self.check_versions()?;
                self.check_ties()?;
                self.check_outbox(witness)?;
                self.read_reminders()?;
                self.read_at = version;
            }
        }
        if !everything {
            return Ok(lines);
        }
        let may_lag = now < witness.grace_until;
        self.check_duties(if may_lag { When::Now } else { when }, now)?;
        self.check_sight(if may_lag { When::Now } else { when })?;
        if when == When::Ticked {
            self.check_nothing_is_due(now)?;
            if now >= witness.grace_until {
                self.check_alerts_after_tick(now)?;
                self.incidents.values().try_for_each(|i| i.check_after_tick(now, witness.up_since))?;
                self.works.values().try_for_each(|w| w.check_after_tick(now, witness.up_since))?;
            }
        }
        Ok(lines)
    }

    /// Another number after each commit of another connection.
    fn data_version(&self) -> i64 {
        self.db.prepare_cached("PRAGMA data_version").unwrap().query_row([], |r| r.get(0)).unwrap()
    }

    fn has_news(&self) -> bool {
        self.rows("SELECT MAX(n) FROM ledger", &[]).first().and_then(|r| r.maybe_int("0")).unwrap_or(0) > self.ledger.0
    }

    fn read_settings(&mut self) {
        let newest = self.rows("SELECT MAX(seq) FROM audit", &[]).first().and_then(|r| r.maybe_int("0")).unwrap_or(0);
        if newest != self.directory.0 {
            let items = self.rows("SELECT kind, id, body FROM directory ORDER BY kind, id", &[]);
            let items = items.iter().map(|r| ((r.text("kind"), r.text("id")), r.json("body"))).collect();
            self.directory = (newest, items);
            let left = self.directory.1.iter().filter(|((kind, _), body)| kind == "person" && body["gone"] == true);
            self.gone = left.map(|((_, id), _)| id.clone()).collect();
            let chains = self.directory.1.values().filter_map(|body| body["management"].as_array());
            self.leaders = chains.flatten().map(text).collect();
        }
        self.tell_who_is_who();
    }

    fn tell_who_is_who(&mut self) {
        for incident in self.incidents.values_mut() {
            incident.gone.clone_from(&self.gone);
            incident.leaders.clone_from(&self.leaders);
        }
    }

    fn read_alerts(&mut self) {
        let sql = "SELECT a.*, c.signals, c.last_at, c.ends_at, c.newest,
                     (SELECT COUNT(*) FROM signals s WHERE s.alert = a.id) AS counted
                   FROM alerts a JOIN counts c ON c.alert = a.id";
        self.alerts = self.rows(sql, &[]).into_iter().map(|r| (r.text("id"), r)).collect();
        self.signals.clear();
        for row in self.rows(
            "SELECT id, alert, n, before, received_at, happened_at, status, payload FROM signals ORDER BY alert, n",
            &[],
        ) {
            self.signals.entry(row.text("alert")).or_default().push(row);
        }
    }

    /// A fingerprint of everything that a tick at the same moment must not change.
    pub fn still(&self) -> String {
        let one = |sql: &str| self.rows(sql, &[]).into_iter().map(|r| format!("{r:?}")).collect::<String>();
        [
            one("SELECT COALESCE(MAX(n), 0) FROM ledger"),
            one("SELECT COUNT(*) FROM nags"),
            one("SELECT COUNT(*) FROM outbox"),
            one("SELECT id, account, why, subject, due_at, signals FROM alerts JOIN counts ON alert = id ORDER BY id"),
        ]
        .join("|")
    }

    /// How many entries that a person wrote hold that text: of an act that was sent twice, one. Muster may quote it.
    pub fn entries_with(&self, text: &str) -> i64 {
        let sql = "SELECT COUNT(*) AS n FROM entries WHERE body LIKE ?1 AND author LIKE 'person:%'";
        self.db.prepare_cached(sql).unwrap().query_row([format!("%{text}%")], |r| r.get(0)).unwrap()
    }

    /// How the incidents stand, for the statistics of a run.
    pub fn incidents(&self) -> usize {
        self.incidents.len()
    }

    /// How many requests to disrupt a system were settled so.
    pub fn settled(&self, how: &str) -> usize {
        self.works.values().map(|w| w.settled_so(how)).sum()
    }

    /// Whether anything is suspected past its time. What was opened only just before may be.
    pub fn suspects_too_long(&self, now: i64) -> bool {
        self.incidents.values().any(|i| i.state == "suspected" && i.opens_at() <= now)
    }

    /// Nothing that is due is left lying after a tick.
    fn check_nothing_is_due(&self, now: i64) -> Result<(), Finding> {
        for (what, sql) in [
            ("alert", "SELECT id, due_at FROM alerts WHERE due_at <= ?1"),
            ("log", "SELECT number, due_at FROM subjects WHERE due_at <= ?1"),
        ] {
            if let Some(row) = self.rows(sql, &[now]).first() {
                return Err(format!(
                    "after a tick the {what} {} is still due since {}",
                    row.text("0"),
                    row.int("due_at")
                ));
            }
        }
        Ok(())
    }

    pub(self) fn rows(&self, sql: &str, params: &[i64]) -> Vec<Row> {
        let mut statement = self.db.prepare_cached(sql).unwrap();
        let names: Arc<[String]> = statement.column_names().map(str::to_owned).collect();
        let mut rows = statement.query(rusqlite::params_from_iter(params)).unwrap();
        let mut all = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            let value = |n: usize| row.get::<_, rusqlite::types::Value>(n).unwrap();
            all.push(Row(names.clone(), (0..names.len()).map(value).collect()));
        }
        all
    }
}

/// A raw row.
#[derive(Debug)]
pub(super) struct Row(Arc<[String]>, Vec<rusqlite::types::Value>);

impl Row {
    fn get(&self, name: &str) -> &rusqlite::types::Value {
        let nth = self.0.iter().position(|known| known == name).or_else(|| name.parse().ok());
        nth.and_then(|nth| self.1.get(nth)).unwrap_or_else(|| panic!("no column {name}"))
    }
    fn text(&self, name: &str) -> String {
        self.maybe_text(name).unwrap_or_default()
    }
    fn maybe_text(&self, name: &str) -> Option<String> {
        match self.get(name) {
            rusqlite::types::Value::Text(text) => Some(text.clone()),
            _ => None,
        }
    }
    fn int(&self, name: &str) -> i64 {
        self.maybe_int(name).unwrap_or(i64::MIN)
    }
    fn maybe_int(&self, name: &str) -> Option<i64> {
        match self.get(name) {
            rusqlite::types::Value::Integer(n) => Some(*n),
            _ => None,
        }
    }
    fn bytes(&self, name: &str) -> Vec<u8> {
        match self.get(name) {
            rusqlite::types::Value::Blob(bytes) => bytes.clone(),
            _ => Vec::new(),
        }
    }
    fn json(&self, name: &str) -> Value {
        serde_json::from_str(&self.text(name)).unwrap_or(Value::Null)
    }
}

/// Epoch milliseconds of an instant as JSON holds it.
pub(super) fn instant(value: &Value) -> Option<i64> {
    value.as_str()?.parse::<jiff::Timestamp>().ok().map(|t| t.as_millisecond())
}

/// Milliseconds of a length of time as JSON holds it.
pub(super) fn span(value: &Value) -> Option<i64> {
    let span: jiff::SignedDuration = value.as_str()?.parse().ok()?;
    i64::try_from(span.as_millis()).ok()
}

pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
