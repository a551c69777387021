//! Proving a database: every log unbroken, the ledger complete, the audit trail whole (DOC-4).
//!
//! What a database says of itself cannot show that its end was cut off, or all of it written anew: only a checkpoint
//! that left the machine before can.

use super::{Failure, Ops, attachments};
use crate::documents::checkpoint::Signed;
use crate::secrets::signing::PublicKey;
use crate::store::subjects::{self, Chained, Listed, Listing};
use crate::store::{Tx, alerts, organisation, params};
use muster_core::Time;
use muster_core::chain::{Body, Hash, LedgerVerifier, Verifier};
use muster_core::claim::Claims;
use muster_core::entry::Entry;
use muster_core::ids::SubjectId;
use muster_core::incident::Incident;
use muster_core::subject::Subject;
use muster_core::version::{Stage, Version};
use std::collections::{BTreeMap, BTreeSet};

/// What was proved.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Proved {
    /// How many logs.
    pub logs: u64,
    /// How many entries in them.
    pub entries: u64,
    /// How many rows of the ledger.
    pub ledger: u64,
    /// How many lines of the audit trail.
    pub audit: u64,
}

/// What came of proving: how much was proved, and the first thing that is wrong, if anything is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verdict {
    /// What was proved before anything was wrong.
    pub proved: Proved,
    /// The first thing that is wrong, in words that name the place.
    pub wrong: Option<String>,
    /// The installation's key.
    pub key: PublicKey,
    /// What it was held against, if there was anything.
    pub against: Option<Against>,
}

/// The checkpoints that a database was held against.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Against {
    /// How many.
    pub checkpoints: u64,
    /// The last row of the ledger that any of them says: nothing up to it was cut off or written anew.
    pub ledger: u64,
    /// The last line of the audit trail that any of them says: the same.
    pub audit: u64,
    /// When the newest was signed.
    pub at: Time,
}

impl Against {
    fn of(signed: &[Signed]) -> Option<Self> {
        let said = || signed.iter().map(|s| s.checkpoint);
        Some(Self {
            checkpoints: signed.len() as u64,
            ledger: said().map(|c| c.ledger.count).max()?,
            audit: said().map(|c| c.audit.count).max()?,
            at: said().map(|c| c.at).max()?,
        })
    }
}

impl Ops {
    /// Proves the whole database, in one snapshot. An end that was cut off, log and ledger alike, is not found.
    ///
    /// # Errors
    /// [`Failure`] if it cannot be read.
    pub async fn verify(&self) -> Result<Verdict, Failure> {
        self.verify_against(Vec::new()).await
    }

    /// Proves the whole database, in one snapshot, and holds it against checkpoints.
    ///
    /// # Errors
    /// [`Failure`] if it cannot be read.
    pub async fn verify_against(&self, checkpoints: Vec<Signed>) -> Result<Verdict, Failure> {
        let key = self.signing_key().public();
        self.db
            .read(async move |tx: &mut Tx| {
                let mut proved = Proved::default();
                let wrong = match checkpoints.iter().find(|c| c.key != key) {
                    Some(other) => Some(format!(
                        "the checkpoint of row {} of the ledger was signed with another key, {}; this database has {key}",
                        other.checkpoint.ledger.count, other.key
                    )),
                    None => prove(tx, &mut proved, &checkpoints).await?,
                };
                Ok(Verdict { proved, wrong, key: key.clone(), against: Against::of(&checkpoints) })
            })
            .await
    }
}

async fn prove(tx: &mut Tx, proved: &mut Proved, checkpoints: &[Signed]) -> Result<Option<String>, Failure> {
    let mut in_ledger: BTreeMap<String, Vec<(u64, Hash)>> = BTreeMap::new();
    let said = checkpoints.iter().map(|c| (c.checkpoint.ledger.count, c.checkpoint.ledger.hash));
    let mut ledger = LedgerVerifier::new(said);
    for row in tx.query("SELECT n, subject, seq, head, hash FROM ledger ORDER BY n", params![]).await? {
        let (n, subject, seq): (u64, String, u64) = (row.get("n")?, row.get("subject")?, row.get("seq")?);
        let (Ok(head), Ok(hash)) = (row.get::<String>("head")?.parse(), row.get::<String>("hash")?.parse()) else {
            return Ok(Some(format!("row {n} of the ledger was changed: it holds no hash")));
        };
        if let Err(broken) = ledger.feed(n, &subject, seq, head, hash) {
            return Ok(Some(broken.to_string()));
        }
        in_ledger.entry(subject).or_default().push((seq, head));
        proved.ledger += 1;
    }
    if let Err(broken) = ledger.finish() {
        return Ok(Some(broken.to_string()));
    }
    let mut alerts: BTreeMap<String, String> = BTreeMap::new();
    let mut files: BTreeSet<Hash> = BTreeSet::new();
    let mut in_force = 0;
    let rows = "SELECT id, kind, number, title, state, seq, head FROM subjects ORDER BY number";
    for row in tx.query(rows, params![]).await? {
        let (subject, number): (SubjectId, String) = (row.get("id")?, row.get("number")?);
        let heads = in_ledger.remove(subject.as_str()).unwrap_or_default();
        let chained = subjects::chained(tx, &subject, 0).await?;
        if let Some(wrong) = prove_log(&subject, &number, &chained, heads) {
            return Ok(Some(wrong));
        }
        let last = chained.last().map(|c| (c.record.seq, c.hash.to_string()));
        if last != Some((row.get("seq")?, row.get("head")?)) {
            return Ok(Some(format!("the row of {number} does not fit the end of its log")));
        }
        if row.get::<String>("kind")? == Incident::KIND
            && let Some(incident) = folded(&chained)
        {
            let (title, state): (String, String) = (row.get("title")?, row.get("state")?);
            if (&incident.number, &incident.title, incident.state.word()) != (&number, &title, &*state) {
                return Ok(Some(format!("the row of {number} does not say what its log says: {}", incident.number)));
            }
            alerts.extend(incident.alerts.into_keys().map(|id| (id.0, number.clone())));
        }
        let listing = match row.get::<String>("kind")?.as_str() {
            Claims::KIND => listing::<Claims>(&chained),
            Version::KIND => listing::<Version>(&chained),
            _ => None,
        };
        in_force += u64::from(listing.as_ref().is_some_and(|l| l.state == Stage::InForce.word()));
        if let Some(listing) = listing {
            let (title, state): (String, String) = (row.get("title")?, row.get("state")?);
            if (&listing.number, &listing.title, listing.state) != (&number, &title, &*state) {
                return Ok(Some(format!("the row of {number} does not say what its log says: {}", listing.number)));
            }
        }
        let entries: Vec<Entry> = chained.iter().filter_map(|c| Entry::from_record(&c.record).ok()).collect();
        if let Some(wrong) = attachments::prove(tx, &number, &entries, &mut files).await? {
            return Ok(Some(wrong));
        }
        proved.entries += chained.len() as u64;
        proved.logs += 1;
    }
    if in_force > 1 {
        return Ok(Some(format!("{in_force} versions of the procedure are in force at once")));
    }
    if let Some(wrong) = prove_alerts(tx, &alerts).await? {
        return Ok(Some(wrong));
    }
    if let Some((subject, _)) = in_ledger.into_iter().next() {
        return Ok(Some(format!("the log {subject} is missing: the ledger knows it")));
    }
    let said = checkpoints.iter().map(|c| (c.checkpoint.audit.count, c.checkpoint.audit.hash.to_string()));
    prove_audit(tx, proved, &said.collect()).await
}

/// The incident of a log that this release can read whole: with an entry erased or of a later release it proves nothing.
fn folded(chained: &[Chained]) -> Option<Incident> {
    Incident::fold(&readable(chained)?).filter(|incident| !incident.newer)
}

/// What its log says that the row of another kind of log should say, where this release can read it whole.
fn listing<S: Listed>(chained: &[Chained]) -> Option<Listing> {
    S::fold(&readable(chained)?).filter(|s| !s.is_newer()).map(|s| s.listing())
}

fn readable(chained: &[Chained]) -> Option<Vec<Entry>> {
    chained.iter().map(|c| Entry::from_record(&c.record).ok()).collect()
}

/// What the logs know of alerts is there, and every signal that was accepted stands in an account.
async fn prove_alerts(tx: &mut Tx, known: &BTreeMap<String, String>) -> Result<Option<String>, Failure> {
    let mut there = BTreeSet::new();
    for row in tx.query("SELECT id FROM alerts", params![]).await? {
        there.insert(row.get::<String>("id")?);
    }
    if let Some((id, number)) = known.iter().find(|(id, _)| !there.contains(*id)) {
        return Ok(Some(format!("the alert {id} is missing: the log of {number} knows it")));
    }
    let (accepted, accounted) = alerts::books(tx).await?;
    let differ = || format!("{accepted} signals were accepted, but the alerts account for {accounted}");
    Ok((accepted != accounted).then(differ))
}

/// The first thing that is wrong with one log, held against what the ledger knows of it.
#[must_use]
pub fn prove_log(subject: &SubjectId, number: &str, chained: &[Chained], heads: Vec<(u64, Hash)>) -> Option<String> {
    let mut verifier = Verifier::new(subject.as_str(), number).against_ledger(heads);
    for c in chained {
        let body = match c.salt.is_empty() {
            true => Body::Erased { digest: c.digest },
            false => Body::Kept { salt: &c.salt, body: c.record.body.as_bytes() },
        };
        if let Err(broken) = verifier.feed(&subjects::link(subject, &c.record, body), c.hash) {
            return Some(broken.to_string());
        }
    }
    verifier.finish().err().map(|broken| broken.to_string())
}

async fn prove_audit(
    tx: &mut Tx,
    proved: &mut Proved,
    checkpoints: &BTreeSet<(u64, String)>,
) -> Result<Option<String>, Failure> {
    let sql = "SELECT seq, at, actor, act, target, before_body, after_body, hash FROM audit ORDER BY seq";
    let mut previous = String::new();
    for row in tx.query(sql, params![]).await? {
        let (seq, at): (u64, Time) = (row.get("seq")?, row.get("at")?);
        let words: [String; 3] = [row.get("actor")?, row.get("act")?, row.get("target")?];
        let bodies: [Option<String>; 2] = [row.get("before_body")?, row.get("after_body")?];
        let words = [words[0].as_str(), words[1].as_str(), words[2].as_str()];
        let hash = organisation::audit_hash(&previous, seq, at, words, [bodies[0].as_deref(), bodies[1].as_deref()]);
        if seq != proved.audit + 1 {
            return Ok(Some(format!("line {} of the audit trail is missing", proved.audit + 1)));
        }
        if hash != row.get::<String>("hash")? {
            return Ok(Some(format!("line {seq} of the audit trail was changed")));
        }
        if checkpoints.range((seq, String::new())..).take_while(|(n, _)| *n == seq).any(|(_, said)| *said != hash) {
            return Ok(Some(format!(
                "the audit trail was written anew: its line {seq} is not the one of a checkpoint"
            )));
        }
        previous = hash;
        proved.audit += 1;
    }
    let last = proved.audit;
    Ok(checkpoints.last().filter(|(known, _)| *known > last).map(|(known, _)| {
        format!("the end of the audit trail is missing: it ends with line {last}, but a checkpoint knows line {known}")
    }))
}
