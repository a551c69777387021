//! What must be sent: enqueued in the transaction that decided it, claimed by a lease, settled once.

use super::{Error, Row, Tx, meta, params};
use muster_core::Time;
use muster_core::contact::{MeansKind, Outcome};
use muster_core::ids::{PersonId, SubjectId};
use muster_core::planted;
use std::collections::BTreeSet;

/// Under which name `meta` keeps whether the outbox is held.
const HELD: &str = "outbox_held";

/// Something that must be sent to a person.
#[derive(Clone, PartialEq, Debug)]
pub struct Outgoing {
    /// Drawn from what it is about, so that it exists once; also the idempotency key.
    pub id: String,
    /// Why it is sent.
    pub kind: Kind,
    /// About which log.
    pub subject: Option<SubjectId>,
    /// Of a summons: its id; of a nag: the duty; of a warning: the entry.
    pub about: String,
    /// To whom.
    pub person: PersonId,
    /// By what.
    pub means: MeansKind,
    /// To which number or address.
    pub address: String,
    /// Full name, title and texts, as JSON.
    pub message: String,
}

/// Why something is sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A try of a summons.
    Summons,
    /// Nobody could be reached: Muster tells the administrators.
    Alarm,
    /// A duty is late.
    Nag,
    /// Somebody else works on the same, or went over whoever does.
    Warning,
    /// A code, so that it is seen that a means works.
    Check,
}

impl Kind {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Summons => "summons",
            Self::Alarm => "alarm",
            Self::Nag => "nag",
            Self::Warning => "warning",
            Self::Check => "check",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        [Self::Summons, Self::Alarm, Self::Nag, Self::Warning, Self::Check].into_iter().find(|k| k.word() == word)
    }
}

/// Something that is being sent.
#[derive(Clone, PartialEq, Debug)]
pub struct Claimed {
    /// What.
    pub outgoing: Outgoing,
    /// How often it was tried before.
    pub tries: u32,
    /// When it was enqueued.
    pub made_at: Time,
}

/// The word under which a means is stored: as serde spells it.
pub(super) fn means_word(means: MeansKind) -> String {
    serde_json::to_value(means).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

pub(super) fn means_from(word: String) -> Result<MeansKind, Error> {
    serde_json::from_value(serde_json::Value::String(word)).map_err(|e| Error::Bug(format!("stored means: {e}")))
}

/// Enqueues it, unless it is enqueued already.
///
/// # Errors
/// [`Error`].
pub async fn enqueue(tx: &mut Tx, out: &Outgoing, now: Time) -> Result<(), Error> {
    // One lane a person, log, reason and means: in order where order matters, and no provider that
    // hangs holds up another.
    let subject = out.subject.as_ref().map_or("", SubjectId::as_str);
    let means = means_word(out.means);
    let lane = format!("{} {subject} {} {means}", out.person, out.kind.word());
    let sql = "SELECT COALESCE(MAX(nth), 0) AS last FROM outbox WHERE lane = $1";
    let last: i64 = tx.query_one(sql, params![lane]).await?.get("last")?;
    let tries = supersede(tx, &lane, out, now).await?;
    let sql = "INSERT INTO outbox (id, lane, nth, kind, subject, about, person, means, address, message, state, due_at,
                                   tries, made_at, detail)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'queued', $11, $12, $11, '')
               ON CONFLICT (id) DO NOTHING";
    let values = params![
        out.id,
        lane,
        last + 1,
        out.kind.word(),
        out.subject,
        out.about,
        out.person,
        means,
        out.address,
        out.message,
        now,
        tries
    ];
    tx.execute(sql, values).await?;
    Ok(())
}

/// What waits in `lane` to ask or tell the same at the same address is not sent any more: when the provider is back,
/// one message goes out and not one for each round. How often those were tried, so that trouble is seen to go on.
async fn supersede(tx: &mut Tx, lane: &str, out: &Outgoing, now: Time) -> Result<u64, Error> {
    if out.kind == Kind::Nag {
        return Ok(0); // each step is one of its own, and they are few
    }
    let sql = "SELECT COALESCE(MAX(tries), 0) AS tries FROM outbox
               WHERE lane = $1 AND about = $2 AND address = $3 AND state = 'queued' AND id <> $4";
    let tries = tx.query_one(sql, params![lane, out.about, out.address, out.id]).await?.get("tries")?;
    let sql = "UPDATE outbox SET state = 'dropped', done_at = $5, detail = 'a newer one takes its place'
               WHERE lane = $1 AND about = $2 AND address = $3 AND state = 'queued' AND id <> $4";
    tx.execute(sql, params![lane, out.about, out.address, out.id, now]).await?;
    Ok(tries)
}

/// Takes what is due under a lease of `holder`'s, first of each lane only, at most `most`. What another
/// holder was sending when its lease ran out is sent again, never written off.
///
/// # Errors
/// [`Error`].
pub async fn claim(tx: &mut Tx, now: Time, lease_until: Time, holder: &str, most: u32) -> Result<Vec<Claimed>, Error> {
    // That it waits is said once more in front, so that SQLite looks among what waits and not at everything ever sent.
    let sql = "SELECT id, kind, subject, about, person, means, address, message, tries, made_at FROM outbox o
               WHERE state IN ('queued', 'sending')
                 AND ((state = 'queued' AND due_at <= $1) OR (state = 'sending' AND lease_until <= $1))
                 AND NOT EXISTS (SELECT 1 FROM outbox p WHERE p.lane = o.lane AND p.nth < o.nth
                                 AND p.state IN ('queued', 'sending'))
               ORDER BY due_at, id LIMIT $2";
    let rows = tx.query(sql, params![now, most]).await?;
    let mut claimed = Vec::with_capacity(rows.len());
    for row in &rows {
        let one = read(row)?;
        let sql = "UPDATE outbox SET state = 'sending', lease_until = $2, holder = $3, tries = tries + 1 WHERE id = $1";
        let until = planted!("lease-never-ends", lease_until, lease_until + muster_core::Span::from_hours(1_000));
        tx.execute(sql, params![one.outgoing.id, until, holder]).await?;
        claimed.push(one);
    }
    Ok(claimed)
}

fn read(row: &Row) -> Result<Claimed, Error> {
    let kind: String = row.get("kind")?;
    Ok(Claimed {
        outgoing: Outgoing {
            id: row.get("id")?,
            kind: Kind::from_word(&kind).ok_or_else(|| Error::Bug(format!("no outbox kind {kind}")))?,
            subject: row.get("subject")?,
            about: row.get("about")?,
            person: row.get("person")?,
            means: means_from(row.get("means")?)?,
            address: row.get("address")?,
            message: row.get("message")?,
        },
        tries: u32::try_from(row.get::<u64>("tries")?).unwrap_or(u32::MAX),
        made_at: row.get("made_at")?,
    })
}

/// What became of a row that was claimed.
#[derive(Clone, PartialEq, Debug)]
pub enum Settled {
    /// It was sent, or failed for good.
    Done(Outcome),
    /// It was not worth sending any more.
    Dropped,
    /// Try again then.
    Again(Time),
}

/// Settles a row that `holder` had claimed; nothing if somebody else has it by now.
///
/// # Errors
/// [`Error`].
pub async fn settle(
    tx: &mut Tx,
    id: &str,
    holder: &str,
    settled: &Settled,
    detail: &str,
    now: Time,
) -> Result<bool, Error> {
    let (state, due, outcome) = match settled {
        Settled::Done(outcome) => ("done", None, Some(outcome.word())),
        Settled::Dropped => ("dropped", None, None),
        Settled::Again(at) => ("queued", Some(*at), None),
    };
    let done_at = (state != "queued").then_some(now);
    let sql = "UPDATE outbox SET state = $3, due_at = COALESCE($4, due_at), outcome = $5, detail = $6, done_at = $7,
                 lease_until = NULL, holder = NULL
               WHERE id = $1 AND state = 'sending' AND holder = $2";
    Ok(tx.execute(sql, params![id, holder, state, due, outcome, detail, done_at]).await? == 1)
}

/// What became of telling an administrator that a search found nobody.
#[derive(Clone, PartialEq, Debug)]
pub struct Told {
    /// Whom.
    pub person: PersonId,
    /// By what.
    pub means: MeansKind,
    /// The outcome in its word, or `None` while it is on its way; `Some("dropped")` if it was not sent after all.
    pub outcome: Option<String>,
}

/// What became of the newest alarm about that log to each administrator by each of their means.
///
/// # Errors
/// [`Error`].
pub async fn alarms(tx: &mut Tx, subject: &SubjectId) -> Result<Vec<Told>, Error> {
    let sql = "SELECT person, means, state, outcome FROM outbox o WHERE subject = $1 AND kind = 'alarm'
               AND NOT EXISTS (SELECT 1 FROM outbox p WHERE p.lane = o.lane AND p.nth > o.nth)
               ORDER BY person, made_at, id";
    let told = |row: &Row| {
        let (state, outcome): (String, Option<String>) = (row.get("state")?, row.get("outcome")?);
        let outcome = if state == "dropped" { Some(state) } else { outcome };
        Ok(Told { person: row.get("person")?, means: means_from(row.get("means")?)?, outcome })
    };
    tx.query(sql, params![subject]).await?.iter().map(told).collect()
}

/// When the next row is due, if any.
///
/// # Errors
/// [`Error`].
pub async fn next_due(tx: &mut Tx) -> Result<Option<Time>, Error> {
    let sql = "SELECT MIN(CASE WHEN state = 'sending' THEN lease_until ELSE due_at END) AS due FROM outbox
               WHERE state IN ('queued', 'sending')";
    tx.query_one(sql, params![]).await?.get("due")
}

/// Frees every row that is claimed, but those whose id is in `but`, and makes due what waited for a provider.
///
/// # Errors
/// [`Error`].
pub async fn free_all_but(tx: &mut Tx, but: &BTreeSet<String>, now: Time) -> Result<u64, Error> {
    let claimed = tx.query("SELECT id FROM outbox WHERE state = 'sending' ORDER BY id", params![]).await?;
    let mut freed = 0;
    for row in claimed {
        let id: String = row.get("id")?;
        if !but.contains(&id) {
            freed += tx.execute("UPDATE outbox SET lease_until = 0 WHERE id = $1", params![id]).await?;
        }
    }
    wait_no_longer(tx, now).await?;
    Ok(freed)
}

/// What waits for a provider, or for a moment of a clock that was ahead, is due.
async fn wait_no_longer(tx: &mut Tx, now: Time) -> Result<(), Error> {
    tx.execute("UPDATE outbox SET due_at = $1 WHERE state = 'queued' AND due_at > $1", params![now]).await?;
    Ok(())
}

/// What was queued or claimed when the clock was ahead does not wait until that moment comes again: it is due, and no lease
/// holds longer than one of now, until `lease_until`.
///
/// # Errors
/// [`Error`].
pub async fn clock_set_back(tx: &mut Tx, now: Time, lease_until: Time) -> Result<(), Error> {
    let sql = "UPDATE outbox SET lease_until = $1 WHERE state = 'sending' AND lease_until > $1";
    tx.execute(sql, params![lease_until]).await?;
    wait_no_longer(tx, now).await
}

/// A message has left by `means`: whatever waits for that channel to come back need not wait longer.
///
/// # Errors
/// [`Error`].
pub async fn hasten(tx: &mut Tx, means: MeansKind, now: Time) -> Result<(), Error> {
    let sql = "UPDATE outbox SET due_at = $2 WHERE state = 'queued' AND means = $1 AND due_at > $2";
    tx.execute(sql, params![means_word(means), now]).await?;
    Ok(())
}

/// A message about a log, and what became of it.
#[derive(Clone, PartialEq, Debug)]
pub struct Fate {
    /// Of an alarm: the summons.
    pub about: String,
    /// To whom.
    pub person: PersonId,
    /// By what.
    pub means: MeansKind,
    /// To which number or address.
    pub address: String,
    /// `queued`, `sending`, `done` or `dropped`.
    pub state: String,
    /// The word of its outcome, once it is done.
    pub outcome: Option<String>,
    /// What the provider said last.
    pub detail: String,
    /// How often it was tried, those whose place it took included.
    pub tries: u64,
    /// When it was decided.
    pub made_at: Time,
    /// When it was done or dropped.
    pub done_at: Option<Time>,
}

/// What became of the messages of that kind about `subject`, newest first, at most `most`.
///
/// # Errors
/// [`Error`].
pub async fn fates(tx: &mut Tx, subject: &SubjectId, kind: Kind, most: u32) -> Result<Vec<Fate>, Error> {
    let sql = "SELECT about, person, means, address, state, outcome, detail, tries, made_at, done_at FROM outbox
               WHERE subject = $1 AND kind = $2 ORDER BY made_at DESC, id DESC LIMIT $3";
    let rows = tx.query(sql, params![subject, kind.word(), most]).await?;
    rows.iter().map(fate_of).collect()
}

fn fate_of(row: &Row) -> Result<Fate, Error> {
    Ok(Fate {
        about: row.get("about")?,
        person: row.get("person")?,
        means: means_from(row.get("means")?)?,
        address: row.get("address")?,
        state: row.get("state")?,
        outcome: row.get("outcome")?,
        detail: row.get("detail")?,
        tries: row.get("tries")?,
        made_at: row.get("made_at")?,
        done_at: row.get("done_at")?,
    })
}

/// A message about a log as it went out, or was to.
#[derive(Clone, PartialEq, Debug)]
pub struct Message {
    /// Why it was sent.
    pub kind: String,
    /// Title and texts, as JSON.
    pub message: String,
    /// What became of it.
    pub fate: Fate,
}

/// Every message about `subject`, oldest first.
///
/// # Errors
/// [`Error`].
pub async fn messages(tx: &mut Tx, subject: &SubjectId) -> Result<Vec<Message>, Error> {
    let sql = "SELECT kind, message, about, person, means, address, state, outcome, detail, tries, made_at, done_at
               FROM outbox WHERE subject = $1 ORDER BY made_at, id";
    let rows = tx.query(sql, params![subject]).await?;
    let message = |row: &Row| Ok(Message { kind: row.get("kind")?, message: row.get("message")?, fate: fate_of(row)? });
    rows.iter().map(message).collect()
}

/// Messages that wait although they were tried `tries` times or more: a channel is in trouble.
///
/// # Errors
/// [`Error`].
pub async fn count_in_trouble(tx: &mut Tx, tries: u64) -> Result<u64, Error> {
    let sql = "SELECT COUNT(*) AS n FROM outbox WHERE state IN ('queued', 'sending') AND tries >= $1";
    tx.query_one(sql, params![tries]).await?.get("n")
}

/// The oldest row that is due and not sent: how late the outbox is.
///
/// # Errors
/// [`Error`].
pub async fn oldest_due(tx: &mut Tx, now: Time) -> Result<Option<Time>, Error> {
    let sql = "SELECT MIN(due_at) AS due FROM outbox WHERE state IN ('queued', 'sending') AND due_at <= $1";
    tx.query_one(sql, params![now]).await?.get("due")
}

/// Whether the outbox is held: nothing is sent until somebody releases it.
///
/// # Errors
/// [`Error`].
pub async fn is_held(tx: &mut Tx) -> Result<bool, Error> {
    Ok(meta::get(tx, HELD).await?.as_deref() == Some("1"))
}

/// Holds the outbox, or releases it.
///
/// # Errors
/// [`Error`].
pub async fn set_held(tx: &mut Tx, held: bool) -> Result<(), Error> {
    meta::set(tx, HELD, if held { "1" } else { "0" }).await
}

/// Whether a newer message waits to take the place of that one.
///
/// # Errors
/// [`Error`].
pub async fn is_superseded(tx: &mut Tx, id: &str) -> Result<bool, Error> {
    let sql = "SELECT COUNT(*) AS n FROM outbox o JOIN outbox p
                 ON p.lane = o.lane AND p.about = o.about AND p.address = o.address AND p.nth > o.nth
               WHERE o.id = $1 AND o.kind <> 'nag'";
    Ok(tx.query_one(sql, params![id]).await?.get::<u64>("n")? > 0)
}

/// Whether a message about the same, to the same person by the same means, has failed for good before.
///
/// # Errors
/// [`Error`].
pub async fn is_known_to_fail(tx: &mut Tx, id: &str) -> Result<bool, Error> {
    let sql =
        "SELECT COUNT(*) AS n FROM outbox o JOIN outbox p ON p.lane = o.lane AND p.about = o.about AND p.id <> o.id
               WHERE o.id = $1 AND p.outcome IN ('failed', 'wrong number')";
    Ok(tx.query_one(sql, params![id]).await?.get::<u64>("n")? > 0)
}
