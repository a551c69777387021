//! Alerts as pages and the API list them: counts, pages of them, their signals and payloads.

use super::{StoredAlert, read};
use crate::store::sight::{Sight, hidden};
use crate::store::{Error, Row, Tx, params};
use muster_core::Time;
use muster_core::alert::Account;
use muster_core::ids::{AlertId, IntakeId, SystemId};

/// How many alerts that these eyes see stand in an account.
///
/// # Errors
/// [`Error`].
pub async fn count_by_account(tx: &mut Tx, sight: &Sight) -> Result<Vec<(Account, u64)>, Error> {
    count(tx, sight, &Filter::default()).await
}

/// Which alerts a list shows.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Filter {
    /// Only those in this account.
    pub account: Option<Account>,
    /// Only those of this system.
    pub system: Option<SystemId>,
    /// Only those that no rule gave a system that exists.
    pub unmapped: bool,
    /// Only those of this sender.
    pub intake: Option<IntakeId>,
    /// Only those that come after the one with this time of its newest news and this id: the cursor.
    pub before: Option<(Time, AlertId)>,
}

/// How many alerts of the filter's system (or of none) and sender that these eyes see stand in each account.
///
/// # Errors
/// [`Error`].
pub async fn count(tx: &mut Tx, sight: &Sight, filter: &Filter) -> Result<Vec<(Account, u64)>, Error> {
    let sql = concat!(
        "SELECT account, COUNT(*) AS n FROM alerts
         WHERE (CAST($1 AS TEXT) IS NULL OR system = $1) AND (CAST($2 AS TEXT) IS NULL OR intake = $2)
           AND (CAST($3 AS BIGINT) = 0 OR system IS NULL) AND ",
        seen!("$4"),
        " GROUP BY account"
    );
    let rows = tx.query(sql, params![filter.system, filter.intake, filter.unmapped, sight]).await?;
    let mut counts: Vec<_> = Account::ALL.into_iter().map(|a| (a, 0)).collect();
    for row in &rows {
        let account: String = row.get("account")?;
        if let Some(count) = counts.iter_mut().find(|(a, _)| a.word() == account) {
            count.1 = row.get("n")?;
        }
    }
    Ok(counts)
}

/// A page of alerts, newest news first; those of one account, or all.
///
/// # Errors
/// [`Error`].
pub async fn page(
    tx: &mut Tx,
    sight: &Sight,
    account: Option<Account>,
    before: Option<(Time, AlertId)>,
    most: u32,
) -> Result<Vec<StoredAlert>, Error> {
    list(tx, sight, &Filter { account, before, ..Filter::default() }, most).await
}

/// A page of alerts, newest news first.
///
/// # Errors
/// [`Error`].
pub async fn list(tx: &mut Tx, sight: &Sight, filter: &Filter, most: u32) -> Result<Vec<StoredAlert>, Error> {
    let (at, id) = filter.before.clone().unwrap_or((muster_core::at_ms(i64::MAX), AlertId(String::new())));
    let sql = select!(
        "WHERE (CAST($1 AS TEXT) IS NULL OR account = $1) AND (CAST($2 AS TEXT) IS NULL OR system = $2)
           AND (CAST($3 AS TEXT) IS NULL OR intake = $3) AND (changed_at < $4 OR (changed_at = $4 AND id < $5))
           AND (CAST($7 AS BIGINT) = 0 OR system IS NULL) AND ",
        seen!("$8"),
        " ORDER BY changed_at DESC, id DESC LIMIT $6"
    );
    let account = filter.account.map(Account::word);
    let values = params![account, filter.system, filter.intake, at, id, most, filter.unmapped, sight];
    tx.query(sql, values).await?.iter().map(read).collect()
}

/// Alerts that are watched, the soonest to be decided first.
///
/// # Errors
/// [`Error`].
pub async fn watched(tx: &mut Tx, sight: &Sight, filter: &Filter, most: u32) -> Result<Vec<StoredAlert>, Error> {
    let sql = select!(
        "WHERE account = 'watched' AND (CAST($1 AS TEXT) IS NULL OR system = $1)
           AND (CAST($2 AS TEXT) IS NULL OR intake = $2) AND (CAST($4 AS BIGINT) = 0 OR system IS NULL)
           AND ",
        seen!("$5"),
        " ORDER BY due_at NULLS FIRST, id LIMIT $3"
    );
    tx.query(sql, params![filter.system, filter.intake, most, filter.unmapped, sight]).await?.iter().map(read).collect()
}

/// When the newest signal was accepted, if ever one was.
///
/// # Errors
/// [`Error`].
pub async fn newest_signal(tx: &mut Tx) -> Result<Option<Time>, Error> {
    let newest = tx.query_opt("SELECT received_at FROM signals ORDER BY id DESC LIMIT 1", params![]).await?;
    newest.map(|row| row.get("received_at")).transpose()
}

/// Alerts that are not over, counted by what they say of which system.
#[derive(Clone, PartialEq, Debug)]
pub struct OfSystem {
    /// Which system.
    pub system: SystemId,
    /// In which account.
    pub account: Account,
    /// The condition, as a word.
    pub condition: String,
    /// How many.
    pub count: u64,
}

/// What alerts that are not over say of systems.
///
/// # Errors
/// [`Error`].
pub async fn of_systems(tx: &mut Tx, sight: &Sight) -> Result<Vec<OfSystem>, Error> {
    let sql = concat!(
        "SELECT system, account, condition, COUNT(*) AS n FROM alerts
         WHERE account <> 'resolved' AND system IS NOT NULL AND condition IS NOT NULL AND ",
        seen!("$1"),
        " GROUP BY system, account, condition ORDER BY system, account, condition"
    );
    let of_system = |row: &Row| {
        let account: String = row.get("account")?;
        Ok(OfSystem {
            system: row.get("system")?,
            account: Account::from_word(&account).ok_or_else(|| Error::Bug(format!("no account {account}")))?,
            condition: row.get("condition")?,
            count: row.get("n")?,
        })
    };
    tx.query(sql, params![sight]).await?.iter().map(of_system).collect()
}

/// The newest alerts of a system that are not over.
///
/// # Errors
/// [`Error`].
pub async fn open_of_system(
    tx: &mut Tx,
    sight: &Sight,
    system: &SystemId,
    most: u32,
) -> Result<Vec<StoredAlert>, Error> {
    let sql = select!(
        "WHERE account <> 'resolved' AND system = $1 AND ",
        seen!("$3"),
        " ORDER BY changed_at DESC, id DESC LIMIT $2"
    );
    tx.query(sql, params![system, most, sight]).await?.iter().map(read).collect()
}

/// How many alerts ever came from that sender.
///
/// # Errors
/// [`Error`].
pub async fn count_from(tx: &mut Tx, intake: &IntakeId) -> Result<u64, Error> {
    tx.query_one("SELECT COUNT(*) AS n FROM alerts WHERE intake = $1", params![intake]).await?.get("n")
}

/// One signal of an alert.
#[derive(Clone, PartialEq, Debug)]
pub struct Received {
    /// Which of its alert.
    pub n: u64,
    /// When it was accepted.
    pub received_at: Time,
    /// When it happened, if the sender said.
    pub happened_at: Option<Time>,
    /// `firing` or `resolved`.
    pub status: String,
    /// Its title.
    pub title: String,
    /// The id of the payload that it came in.
    pub payload: String,
}

/// From the newest signal of alert $1 back along the chain: at most $2 steps, and no further than number $3.
macro_rules! back {
    ($rest:literal) => {
        concat!(
            "WITH RECURSIVE back (n, received_at, happened_at, status, title, payload, before, steps) AS (
               SELECT s.n, s.received_at, s.happened_at, s.status, s.title, s.payload, s.before, CAST(1 AS BIGINT)
                 FROM counts c JOIN signals s ON s.id = c.newest WHERE c.alert = $1
               UNION ALL
               SELECT s.n, s.received_at, s.happened_at, s.status, s.title, s.payload, s.before, b.steps + 1
                 FROM back b JOIN signals s ON s.id = b.before WHERE b.steps < $2 AND b.n > $3)
             SELECT n, received_at, happened_at, status, title, payload FROM back ",
            $rest
        )
    };
}

/// The newest signals of an alert, newest first.
///
/// # Errors
/// [`Error`].
pub async fn signals(tx: &mut Tx, id: &AlertId, most: u32) -> Result<Vec<Received>, Error> {
    let rows = tx.query(back!("ORDER BY n DESC LIMIT $2"), params![id, most, 0]).await?;
    rows.iter().map(received).collect()
}

fn received(r: &Row) -> Result<Received, Error> {
    Ok(Received {
        n: r.get("n")?,
        received_at: r.get("received_at")?,
        happened_at: r.get("happened_at")?,
        status: r.get("status")?,
        title: r.get("title")?,
        payload: r.get("payload")?,
    })
}

/// Whether that payload also holds a signal of an alert that is hidden from these eyes. Nearly always none is.
async fn holds_hidden(tx: &mut Tx, sight: &Sight, payload: &str) -> Result<bool, Error> {
    let sql = concat!("SELECT 1 AS n FROM alerts WHERE NOT ", seen!("$1"), " LIMIT 1");
    if tx.query_opt(sql, params![sight]).await?.is_none() {
        return Ok(false);
    }
    let sql = concat!(
        "WITH RECURSIVE back (payload, before) AS (
           SELECT s.payload, s.before FROM alerts JOIN counts c ON c.alert = alerts.id JOIN signals s ON s.id = c.newest
             WHERE NOT ",
        seen!("$1"),
        " UNION ALL SELECT s.payload, s.before FROM back b JOIN signals s ON s.id = b.before)
         SELECT 1 AS n FROM back WHERE payload = $2 LIMIT 1"
    );
    Ok(tx.query_opt(sql, params![sight, payload]).await?.is_some())
}

/// What a sender sent, if nothing in it is hidden from these eyes.
///
/// # Errors
/// [`Error`].
pub async fn payload(tx: &mut Tx, sight: &Sight, id: &str) -> Result<Option<Vec<u8>>, Error> {
    if holds_hidden(tx, sight, id).await? {
        return Ok(None);
    }
    let row = tx.query_opt("SELECT bytes FROM payloads WHERE id = $1", params![id]).await?;
    row.map(|r| r.get("bytes")).transpose()
}

/// Bytes of a payload that a page shows: enough for any single event, and a page stays small.
pub const PAYLOAD_SHOWN: usize = 8_000;

/// The beginning of what a sender sent, at most [`PAYLOAD_SHOWN`] bytes, and the length of the whole; if nothing in it is
/// hidden from these eyes.
///
/// # Errors
/// [`Error`].
pub async fn payload_beginning(tx: &mut Tx, sight: &Sight, id: &str) -> Result<Option<(Vec<u8>, u64)>, Error> {
    if holds_hidden(tx, sight, id).await? {
        return Ok(None);
    }
    // SQLite makes something else than bytes of the beginning of nothing.
    let sql = "SELECT CASE WHEN length(bytes) = 0 THEN bytes ELSE substr(bytes, 1, 8000) END AS beginning,
                 CAST(length(bytes) AS BIGINT) AS length
               FROM payloads WHERE id = $1";
    let row = tx.query_opt(sql, params![id]).await?;
    row.map(|r| Ok((r.get("beginning")?, r.get("length")?))).transpose()
}

/// The signal of that number of an alert.
///
/// # Errors
/// [`Error`].
pub async fn signal(tx: &mut Tx, id: &AlertId, n: u64) -> Result<Option<Received>, Error> {
    tx.query_opt(back!("WHERE n = $3 LIMIT $2"), params![id, i64::MAX, n]).await?.as_ref().map(received).transpose()
}
