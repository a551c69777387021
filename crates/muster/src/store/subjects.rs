//! Logs: subjects, their entries, and the installation's ledger.

use super::sight::{self, Sight, hidden};
use super::{Error, Row, Tx, params};
use muster_core::Time;
use muster_core::chain::{self, Body, Hash, Link};
use muster_core::claim::Claims;
use muster_core::directory::Organisation;
use muster_core::entry::{Entry, Record, Severity};
use muster_core::ids::{PersonId, SubjectId, SystemId};
use muster_core::incident::Incident;
use muster_core::planted;
use muster_core::subject::Subject;
use muster_core::version::{Stage, Version};
use std::collections::BTreeSet;

/// A subject as it is stored: folded, with the hash of its newest entry.
#[derive(Clone, Debug)]
pub struct Stored<S = Incident> {
    /// Its log.
    pub subject: SubjectId,
    /// The fold of its log.
    pub folded: S,
    /// The hash of its newest entry.
    pub head: Hash,
}

/// An entry with its place in the chain.
#[derive(Clone, PartialEq, Debug)]
pub struct Chained {
    /// What is stored, without the secret salt.
    pub record: Record,
    /// Its salt, kept beside the body until personal data is erased.
    pub salt: Vec<u8>,
    /// SHA-256 of salt and body.
    pub digest: Hash,
    /// Its hash.
    pub hash: Hash,
}

/// The subject with that log, if there is one of that kind. A cache of another format is folded again.
///
/// # Errors
/// [`Error`]; also when a stored entry cannot be read.
pub async fn load<S: Subject>(tx: &mut Tx, subject: &SubjectId) -> Result<Option<Stored<S>>, Error> {
    let sql = "SELECT folded, fold_format, head FROM subjects WHERE id = $1 AND kind = $2";
    let Some(row) = tx.query_opt(sql, params![subject, S::KIND]).await? else { return Ok(None) };
    let head = hash_of(&row, "head")?;
    let folded = if row.get::<i64>("fold_format")? == i64::from(S::FOLD_FORMAT) {
        serde_json::from_str(&row.get::<String>("folded")?)
            .map_err(|e| Error::Bug(format!("fold of {subject}: {e}")))?
    } else {
        let entries = entries(tx, &Sight::all(), subject, 0).await?;
        S::fold(&entries).ok_or_else(|| Error::Bug(format!("the log of {subject} has no opening")))?
    };
    Ok(Some(Stored { subject: subject.clone(), folded, head }))
}

/// The log of that reference number, if there is one for these eyes.
///
/// # Errors
/// [`Error`].
pub async fn by_number(tx: &mut Tx, sight: &Sight, number: &str) -> Result<Option<SubjectId>, Error> {
    let sql = concat!("SELECT id FROM subjects WHERE kind = 'incident' AND number = $2 AND id NOT IN ", hidden!("$1"));
    tx.query_opt(sql, params![sight, number]).await?.map(|r| r.get("id")).transpose()
}

/// The incident of that log as these eyes see it, if it is there for them.
///
/// # Errors
/// As [`load`].
pub async fn see(tx: &mut Tx, sight: &Sight, subject: &SubjectId) -> Result<Option<Incident>, Error> {
    if !sight::sees(tx, sight, subject).await? {
        return Ok(None);
    }
    match load::<Incident>(tx, subject).await? {
        Some(stored) => sight::incident(tx, sight, stored.folded).await.map(Some),
        None => Ok(None),
    }
}

/// The log of that system, if anybody ever claimed it.
///
/// # Errors
/// [`Error`].
pub async fn of_system(tx: &mut Tx, system: &SystemId) -> Result<Option<SubjectId>, Error> {
    let sql = "SELECT id FROM subjects WHERE kind = 'system' AND number = $1";
    let row = tx.query_opt(sql, params![number_of_system(system)]).await?;
    row.map(|r| r.get("id")).transpose()
}

/// The logs of all systems on which somebody is at work, or waits to be let; at most `most`.
///
/// # Errors
/// [`Error`].
pub async fn at_work(tx: &mut Tx, most: u32) -> Result<Vec<Stored<Claims>>, Error> {
    let sql = "SELECT id FROM subjects WHERE kind = 'system' AND live = 1 ORDER BY number LIMIT $1";
    let mut all = Vec::new();
    for row in tx.query(sql, params![most]).await? {
        all.extend(load::<Claims>(tx, &row.get("id")?).await?);
    }
    Ok(all)
}

/// What stands for a reference number in the row of a version's log.
#[must_use]
pub fn number_of_version(number: u32) -> String {
    format!("policy/{number}")
}

/// The log of that version of the procedure, if there is one.
///
/// # Errors
/// [`Error`].
pub async fn of_version(tx: &mut Tx, number: u32) -> Result<Option<Stored<Version>>, Error> {
    let sql = "SELECT id FROM subjects WHERE kind = 'policy' AND number = $1";
    match tx.query_opt(sql, params![number_of_version(number)]).await? {
        Some(row) => load(tx, &row.get("id")?).await,
        None => Ok(None),
    }
}

/// The version of the procedure that is in force, if any was ever written down.
///
/// # Errors
/// [`Error`]; also if there are two, which would be a bug.
pub async fn version_in_force(tx: &mut Tx) -> Result<Option<Stored<Version>>, Error> {
    let sql = "SELECT id FROM subjects WHERE kind = 'policy' AND state = $1";
    let rows = tx.query(sql, params![Stage::InForce.word()]).await?;
    match rows.as_slice() {
        [] => Ok(None),
        [row] => load(tx, &row.get("id")?).await,
        _ => Err(Error::Bug("two versions of the procedure are in force".into())),
    }
}

/// Every version of the procedure, the one with the highest number first; at most the `most` that were begun last.
///
/// # Errors
/// [`Error`].
pub async fn versions(tx: &mut Tx, most: u32) -> Result<Vec<Version>, Error> {
    let sql = "SELECT id FROM subjects WHERE kind = 'policy' ORDER BY recorded_at DESC, id DESC LIMIT $1";
    let mut all = Vec::new();
    for row in tx.query(sql, params![most]).await? {
        all.extend(load::<Version>(tx, &row.get("id")?).await?.map(|s| s.folded));
    }
    all.sort_by_key(|v| std::cmp::Reverse(v.number));
    Ok(all)
}

/// The highest number of a version of the procedure; 0 before there is one.
///
/// # Errors
/// [`Error`].
pub async fn newest_version(tx: &mut Tx) -> Result<u32, Error> {
    let rows = tx.query("SELECT number FROM subjects WHERE kind = 'policy'", params![]).await?;
    let mut newest = 0;
    for row in &rows {
        let number: String = row.get("number")?;
        newest = newest.max(number.rsplit('/').next().and_then(|n| n.parse().ok()).unwrap_or(0));
    }
    Ok(newest)
}

/// What kind of log it is, if there is one.
///
/// # Errors
/// [`Error`].
pub async fn kind_of(tx: &mut Tx, subject: &SubjectId) -> Result<Option<String>, Error> {
    let row = tx.query_opt("SELECT kind FROM subjects WHERE id = $1", params![subject]).await?;
    row.map(|r| r.get("kind")).transpose()
}

/// What stands for a reference number in the row of a system's log: no incident has a slash in its own.
#[must_use]
pub fn number_of_system(system: &SystemId) -> String {
    format!("system/{system}")
}

/// The reference number of that log, if there is one for these eyes.
///
/// # Errors
/// [`Error`].
pub async fn number_of(tx: &mut Tx, sight: &Sight, subject: &SubjectId) -> Result<Option<String>, Error> {
    let sql = concat!("SELECT number FROM subjects WHERE id = $2 AND id NOT IN ", hidden!("$1"));
    tx.query_opt(sql, params![sight, subject]).await?.map(|r| r.get("number")).transpose()
}

/// A page of a log: of at most `most` entries after number `after`, in order, those that these eyes see, and the number of
/// the last of them if there are more.
///
/// # Errors
/// [`Error`]; also when a stored entry cannot be read.
pub async fn entries_page(
    tx: &mut Tx,
    sight: &Sight,
    subject: &SubjectId,
    after: u64,
    most: u32,
) -> Result<(Vec<Entry>, Option<u64>), Error> {
    let sql = "SELECT seq, happened_at, recorded_at, author, kind, version, salt, body, digest, hash
               FROM entries WHERE subject = $1 AND seq > $2 ORDER BY seq LIMIT $3";
    let rows = tx.query(sql, params![subject, after, most.saturating_add(1)]).await?;
    let read = rows.iter().take(most as usize).map(|row| entry_of(subject, &chained_of(row)?));
    let entries = read.collect::<Result<Vec<_>, Error>>()?;
    let next = entries.last().filter(|_| rows.len() > entries.len()).map(|last| last.seq);
    let blind = sight::blind(tx, sight, &entries).await?;
    Ok((sight::shown(entries, &blind), next))
}

/// The entries after number `after` that these eyes see, in order.
///
/// # Errors
/// [`Error`]; also when a stored entry cannot be read.
pub async fn entries(tx: &mut Tx, sight: &Sight, subject: &SubjectId, after: u64) -> Result<Vec<Entry>, Error> {
    let chained = chained(tx, subject, after).await?;
    let entries = chained.iter().map(|c| entry_of(subject, c)).collect::<Result<Vec<_>, Error>>()?;
    let blind = sight::blind(tx, sight, &entries).await?;
    Ok(sight::shown(entries, &blind))
}

/// A whole log for these eyes: its entries, and the same as stored. The body of an entry that names what is hidden from
/// them is erased there, so that the chain still proves it.
///
/// # Errors
/// [`Error`]; also when a stored entry cannot be read.
pub async fn whole(tx: &mut Tx, sight: &Sight, subject: &SubjectId) -> Result<(Vec<Entry>, Vec<Chained>), Error> {
    let mut chained = chained(tx, subject, 0).await?;
    let entries = chained.iter().map(|c| entry_of(subject, c)).collect::<Result<Vec<_>, Error>>()?;
    let blind = sight::blind(tx, sight, &entries).await?;
    for erased in chained.iter_mut().filter(|c| blind.contains(&c.record.seq)) {
        erased.record.body.clear();
        erased.salt.clear();
    }
    Ok((sight::shown(entries, &blind), chained))
}

/// What is stored there, as an entry.
///
/// # Errors
/// [`Error::Bug`] if it cannot be read.
pub fn entry_of(subject: &SubjectId, chained: &Chained) -> Result<Entry, Error> {
    Entry::from_record(&chained.record).map_err(|e| Error::Bug(format!("{subject}: {e}: {}", e.source)))
}

/// The same with everything that the chain needs.
///
/// # Errors
/// [`Error`].
pub async fn chained(tx: &mut Tx, subject: &SubjectId, after: u64) -> Result<Vec<Chained>, Error> {
    let sql = "SELECT seq, happened_at, recorded_at, author, kind, version, salt, body, digest, hash
               FROM entries WHERE subject = $1 AND seq > $2 ORDER BY seq";
    tx.query(sql, params![subject, after]).await?.iter().map(chained_of).collect()
}

/// The newest entries below number `before`, newest first, at most `most`: those that these eyes see, and all of them as
/// stored, for proving the chain.
///
/// # Errors
/// [`Error`]; also when a stored entry cannot be read.
pub async fn newest(
    tx: &mut Tx,
    sight: &Sight,
    subject: &SubjectId,
    before: u64,
    most: u32,
) -> Result<(Vec<Entry>, Vec<Chained>), Error> {
    let sql = "SELECT seq, happened_at, recorded_at, author, kind, version, salt, body, digest, hash
               FROM entries WHERE subject = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3";
    let rows = tx.query(sql, params![subject, before, most]).await?;
    let chained = rows.iter().map(chained_of).collect::<Result<Vec<_>, Error>>()?;
    let entries = chained.iter().map(|c| entry_of(subject, c)).collect::<Result<Vec<_>, Error>>()?;
    let blind = sight::blind(tx, sight, &entries).await?;
    Ok((sight::shown(entries, &blind), chained))
}

fn chained_of(row: &Row) -> Result<Chained, Error> {
    Ok(Chained {
        record: Record {
            seq: row.get("seq")?,
            happened_at: row.get("happened_at")?,
            recorded_at: row.get("recorded_at")?,
            author: row.get("author")?,
            kind: row.get("kind")?,
            version: u32::try_from(row.get::<i64>("version")?).map_err(|_| Error::Bug("version".into()))?,
            body: row.get::<Option<String>>("body")?.unwrap_or_default(),
        },
        salt: row.get::<Option<Vec<u8>>>("salt")?.unwrap_or_default(),
        digest: hash_of(row, "digest")?,
        hash: hash_of(row, "hash")?,
    })
}

/// Appends `entries` to the log, chains them, and puts the new head into the ledger. Returns the head.
/// `salt` draws the salt of an entry from its number.
///
/// # Errors
/// [`Error`]; a [constraint](Error::Constraint) if somebody else appended in between.
pub async fn append(
    tx: &mut Tx,
    subject: &SubjectId,
    mut head: Hash,
    entries: &[Entry],
    salt: &impl Fn(u64) -> [u8; 16],
) -> Result<Hash, Error> {
    let sql =
        "INSERT INTO entries (subject, seq, happened_at, recorded_at, author, kind, version, salt, body, digest, hash)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    for entry in entries {
        let record = entry.to_record();
        let salt = salt(record.seq);
        let body = Body::Kept { salt: &salt, body: record.body.as_bytes() };
        let digest = body.digest();
        head = chain::hash(head, &link(subject, &record, body));
        let values = params![
            subject,
            record.seq,
            record.happened_at,
            record.recorded_at,
            record.author,
            record.kind,
            record.version,
            salt.to_vec(),
            record.body,
            digest.to_string(),
            head.to_string()
        ];
        tx.execute(sql, values).await?;
    }
    if let Some(last) = planted!("ledger-forgets", entries.last(), entries.last().filter(|e| e.seq % 5 != 0)) {
        into_ledger(tx, subject, last.seq, head).await?;
    }
    Ok(head)
}

/// What the chain covers of `record`.
#[must_use]
pub fn link<'a>(subject: &'a SubjectId, record: &'a Record, body: Body<'a>) -> Link<'a> {
    Link {
        subject: subject.as_str(),
        seq: record.seq,
        happened_at: record.happened_at,
        recorded_at: record.recorded_at,
        author: &record.author,
        kind: &record.kind,
        version: record.version,
        body,
    }
}

async fn into_ledger(tx: &mut Tx, subject: &SubjectId, seq: u64, head: Hash) -> Result<(), Error> {
    let last = tx.query_opt("SELECT n, hash FROM ledger ORDER BY n DESC LIMIT 1", params![]).await?;
    let (n, previous) = match &last {
        Some(row) => (row.get::<u64>("n")? + 1, hash_of(row, "hash")?),
        None => (1, Hash::ZERO),
    };
    let hash = chain::ledger_hash(previous, n, subject.as_str(), seq, head);
    let sql = "INSERT INTO ledger (n, subject, seq, head, hash) VALUES ($1, $2, $3, $4, $5)";
    tx.execute(sql, params![n, subject, seq, head.to_string(), hash.to_string()]).await?;
    Ok(())
}

/// What lists filter a subject by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listing {
    /// Unique among all subjects: an incident's reference number.
    pub number: String,
    /// One line.
    pub title: String,
    /// Where it stands, as a word.
    pub state: &'static str,
    /// Whether it must be looked at when settings change: service is, or may be, disrupted; somebody claims it.
    pub live: bool,
    /// How bad, from 1.
    pub severity: Option<i64>,
    /// Who is in charge.
    pub manager: Option<PersonId>,
    /// When it began.
    pub since: Time,
    /// When its log began.
    pub recorded_at: Time,
    /// When it was over.
    pub restored_at: Option<Time>,
    /// What it is about.
    pub systems: Vec<SystemId>,
    /// Whether only some may see it.
    pub restricted: bool,
}

/// A subject that stands in lists.
pub trait Listed: Subject {
    /// What lists filter it by.
    fn listing(&self) -> Listing;
    /// Who may see it; none if everybody may.
    fn seers(&self, _: &Organisation) -> Option<BTreeSet<PersonId>> {
        None
    }
}

impl Listed for Incident {
    fn listing(&self) -> Listing {
        Listing {
            number: self.number.clone(),
            title: self.title.clone(),
            state: self.state.word(),
            live: self.state.is_live(),
            severity: self.severity.map(|s| i64::from(s.number())),
            manager: self.manager.as_ref().map(|m| m.person.id.clone()),
            since: self.went_down.map_or(self.discovered_at, |m| m.at),
            recorded_at: self.recorded_at,
            restored_at: self.restored_at,
            systems: self.systems.iter().map(|s| s.id.clone()).collect(),
            restricted: self.is_restricted(),
        }
    }

    fn seers(&self, org: &Organisation) -> Option<BTreeSet<PersonId>> {
        self.seen_by(org)
    }
}

impl Listed for Claims {
    fn listing(&self) -> Listing {
        Listing {
            number: number_of_system(&self.system),
            title: self.name.clone(),
            state: if self.is_live() { "at-work" } else { "quiet" },
            live: self.is_live(),
            severity: None,
            manager: None,
            since: self.began_at,
            recorded_at: self.began_at,
            restored_at: None,
            systems: vec![self.system.clone()],
            restricted: false,
        }
    }
}

impl Listed for Version {
    fn listing(&self) -> Listing {
        Listing {
            number: number_of_version(self.number),
            title: format!("Version {} of the procedure", self.number),
            state: self.stage.word(),
            // Whether it can come into force is another question once the directory is another.
            live: self.stage == Stage::Proposed,
            severity: None,
            manager: None,
            since: self.drafted_at,
            recorded_at: self.drafted_at,
            restored_at: None,
            systems: Vec::new(),
            restricted: false,
        }
    }
}

/// Writes the subject's row: what lists filter on, and the fold as a cache.
///
/// # Errors
/// [`Error`].
pub async fn save<S: Listed>(tx: &mut Tx, stored: &Stored<S>, due_at: Option<Time>, epoch: i64) -> Result<(), Error> {
    let listing = stored.folded.listing();
    let json = |e: serde_json::Error| Error::Bug(format!("row of {}: {e}", stored.subject));
    let folded = serde_json::to_string(&stored.folded).map_err(json)?;
    let systems = serde_json::to_string(&listing.systems).map_err(json)?;
    let sql = "INSERT INTO subjects (id, kind, number, title, state, live, severity, manager, since, recorded_at,
                                     restored_at, seq, head, folded, fold_format, due_at, epoch, systems, restricted)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
               ON CONFLICT (id) DO UPDATE SET title = excluded.title, state = excluded.state, live = excluded.live,
                 severity = excluded.severity, manager = excluded.manager, since = excluded.since,
                 restored_at = excluded.restored_at, seq = excluded.seq, head = excluded.head,
                 folded = excluded.folded, fold_format = excluded.fold_format, due_at = excluded.due_at,
                 epoch = excluded.epoch, systems = excluded.systems, restricted = excluded.restricted";
    let values = params![
        stored.subject,
        S::KIND,
        listing.number,
        listing.title,
        listing.state,
        listing.live,
        listing.severity,
        listing.manager,
        listing.since,
        listing.recorded_at,
        listing.restored_at,
        stored.folded.seq(),
        stored.head.to_string(),
        folded,
        i64::from(S::FOLD_FORMAT),
        due_at,
        epoch,
        systems,
        listing.restricted
    ];
    tx.execute(sql, values).await?;
    Ok(())
}

/// When the engine must look at that log again although nothing was appended.
///
/// # Errors
/// [`Error`].
pub async fn set_due(tx: &mut Tx, subject: &SubjectId, due_at: Option<Time>, epoch: i64) -> Result<(), Error> {
    let sql = "UPDATE subjects SET due_at = $2, epoch = $3 WHERE id = $1";
    tx.execute(sql, params![subject, due_at, epoch]).await?;
    Ok(())
}

/// Makes every log due that waits for a later moment than `now`, or goes on and waits for none.
///
/// # Errors
/// [`Error`].
pub async fn clock_set_back(tx: &mut Tx, now: Time) -> Result<(), Error> {
    let sql = "UPDATE subjects SET due_at = $1
               WHERE due_at > $1 OR (due_at IS NULL AND (live = 1 OR (kind = 'incident' AND state = 'restored')))";
    tx.execute(sql, params![now]).await?;
    Ok(())
}

/// Logs that the engine must look at by `now`: due ones, and those that were last looked at under other settings and are
/// live, or restricted to people of whom some may be gone, or still owe what somebody who is gone may hold. Earliest first.
///
/// # Errors
/// [`Error`].
pub async fn due(tx: &mut Tx, now: Time, epoch: i64, most: u32) -> Result<Vec<SubjectId>, Error> {
    let sql =
        "SELECT id FROM subjects WHERE due_at <= $1 OR (live = 1 AND epoch <> $2) OR (restricted = 1 AND epoch <> $2)
               OR (kind = 'incident' AND state = 'restored' AND epoch <> $2)
               ORDER BY due_at NULLS FIRST, id LIMIT $3";
    let rows = tx.query(sql, params![now, epoch, most]).await?;
    rows.iter().map(|r| r.get("id")).collect()
}

/// When the next log is due, if any.
///
/// # Errors
/// [`Error`].
pub async fn next_due(tx: &mut Tx) -> Result<Option<Time>, Error> {
    tx.query_one("SELECT MIN(due_at) AS due FROM subjects WHERE due_at IS NOT NULL", params![]).await?.get("due")
}

/// An incident in a list.
#[derive(Clone, PartialEq, Debug)]
pub struct InList {
    /// Its log.
    pub subject: SubjectId,
    /// The whole of it.
    pub incident: Incident,
}

/// Whether service is, or may be, disrupted in the incident of that log; and when it was restored.
///
/// # Errors
/// [`Error`].
pub async fn standing(tx: &mut Tx, subject: &SubjectId) -> Result<Option<(bool, Option<Time>)>, Error> {
    let row = tx.query_opt("SELECT live, restored_at FROM subjects WHERE id = $1", params![subject]).await?;
    row.map(|r| Ok((r.get("live")?, r.get("restored_at")?))).transpose()
}

/// Incidents that are suspected or open and affect that system, oldest first, whoever may see them: for what Muster writes
/// into their logs, and for what it decides by.
///
/// # Errors
/// [`Error`].
pub async fn live_on(tx: &mut Tx, system: &SystemId) -> Result<Vec<InList>, Error> {
    let sql = "SELECT id FROM subjects WHERE kind = 'incident' AND live = 1 AND systems LIKE $1 ESCAPE '!'
               ORDER BY recorded_at, id";
    let ids = tx.query(sql, params![containing(&format!("\"{system}\""))]).await?;
    listed(tx, &Sight::all(), &ids).await
}

/// All incidents that are suspected or open and that these eyes see, newest first, at most `most`.
///
/// # Errors
/// [`Error`].
pub async fn live(tx: &mut Tx, sight: &Sight, most: u32) -> Result<Vec<InList>, Error> {
    let sql = concat!(
        "SELECT id FROM subjects WHERE kind = 'incident' AND live = 1 AND id NOT IN ",
        hidden!("$1"),
        " ORDER BY recorded_at DESC, id LIMIT $2"
    );
    let ids = tx.query(sql, params![sight, most]).await?;
    listed(tx, sight, &ids).await
}

/// Which incidents a list shows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Filter {
    /// Only those in this state.
    pub state: Option<String>,
    /// Only those with this in their title or number.
    pub text: Option<String>,
    /// Only those with a number below this: the cursor.
    pub before: Option<(i64, String)>,
}

/// A page of the incidents that these eyes see, newest first.
///
/// # Errors
/// [`Error`].
pub async fn page(tx: &mut Tx, sight: &Sight, filter: &Filter, most: u32) -> Result<Vec<InList>, Error> {
    let pattern = filter.text.as_deref().map(containing);
    let (at, number) = filter.before.clone().unwrap_or((i64::MAX, String::new()));
    let sql = concat!(
        "SELECT id FROM subjects
         WHERE kind = 'incident' AND (CAST($1 AS TEXT) IS NULL OR state = $1)
           AND (CAST($2 AS TEXT) IS NULL OR LOWER(title) LIKE $2 ESCAPE '!' OR LOWER(number) LIKE $2 ESCAPE '!')
           AND (recorded_at < $3 OR (recorded_at = $3 AND number < $4)) AND id NOT IN ",
        hidden!("$6"),
        " ORDER BY recorded_at DESC, number DESC LIMIT $5"
    );
    let ids = tx.query(sql, params![filter.state, pattern, at, number, most, sight]).await?;
    listed(tx, sight, &ids).await
}

/// A LIKE pattern for what contains `text`, to be escaped by `!`: PostgreSQL would take a backslash as an escape, and
/// SQLite would not. LOWER knows ASCII only on both, so the pattern must not be lowered further.
fn containing(text: &str) -> String {
    let plain = text.to_ascii_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
    format!("%{plain}%")
}

async fn listed(tx: &mut Tx, sight: &Sight, ids: &[Row]) -> Result<Vec<InList>, Error> {
    let mut list = Vec::with_capacity(ids.len());
    for row in ids {
        let subject: SubjectId = row.get("id")?;
        if let Some(incident) = see(tx, sight, &subject).await? {
            list.push(InList { subject, incident });
        }
    }
    Ok(list)
}

/// How many incidents these eyes see in each state, as a word.
///
/// # Errors
/// [`Error`].
pub async fn count_by_state(tx: &mut Tx, sight: &Sight) -> Result<Vec<(String, u64)>, Error> {
    let sql = concat!(
        "SELECT state, COUNT(*) AS n FROM subjects WHERE kind = 'incident' AND id NOT IN ",
        hidden!("$1"),
        " GROUP BY state ORDER BY state"
    );
    let rows = tx.query(sql, params![sight]).await?;
    rows.iter().map(|r| Ok((r.get("state")?, r.get("n")?))).collect()
}

/// When service was last back as these eyes see it, if it ever was away.
///
/// # Errors
/// [`Error`].
pub async fn last_restored(tx: &mut Tx, sight: &Sight) -> Result<Option<Time>, Error> {
    let sql =
        concat!("SELECT MAX(restored_at) AS at FROM subjects WHERE kind = 'incident' AND id NOT IN ", hidden!("$1"));
    tx.query_one(sql, params![sight]).await?.get("at")
}

/// How many incidents that these eyes see are suspected or open, and how many of them critical.
///
/// # Errors
/// [`Error`].
pub async fn count_live(tx: &mut Tx, sight: &Sight) -> Result<(u64, u64), Error> {
    let sql = concat!(
        "SELECT COUNT(*) AS live, CAST(COALESCE(SUM(CASE WHEN severity = $1 THEN 1 ELSE 0 END), 0) AS BIGINT) AS critical
         FROM subjects WHERE kind = 'incident' AND live = 1 AND id NOT IN ",
        hidden!("$2")
    );
    let row = tx.query_one(sql, params![i64::from(Severity::Critical.number()), sight]).await?;
    Ok((row.get("live")?, row.get("critical")?))
}

fn hash_of(row: &Row, column: &str) -> Result<Hash, Error> {
    row.get::<String>(column)?.parse().map_err(|_| Error::Bug(format!("{column} is no hash")))
}

/// The next reference number of `year`: `2026-041`. Numbers may have gaps.
///
/// # Errors
/// [`Error`].
pub async fn next_number(tx: &mut Tx, year: i16) -> Result<String, Error> {
    let key = format!("number/{year}");
    let row = tx.query_opt("SELECT value FROM meta WHERE key = $1", params![key]).await?;
    let last: u64 = row.map(|r| r.get::<String>("value")).transpose()?.and_then(|v| v.parse().ok()).unwrap_or(0);
    super::meta::set(tx, &key, &(last + 1).to_string()).await?;
    Ok(format!("{year}-{:03}", last + 1))
}
