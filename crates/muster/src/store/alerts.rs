//! Alerts and signals.

use super::{Error, Row, Tx, params};
use muster_core::Time;
use muster_core::alert::{Account, Alert, OpenIncident, Signal, Status};
use muster_core::ids::{AlertId, IntakeId, SubjectId, SystemId};
use muster_core::incident::Incident;
use muster_core::system::Condition;

/// An alert with what the engine and the pages need besides it.
#[derive(Clone, PartialEq, Debug)]
pub struct StoredAlert {
    /// The alert.
    pub alert: Alert,
    /// The system, once a rule gave one.
    pub system: Option<SystemId>,
    /// The condition by rule.
    pub condition: Option<String>,
    /// Which rule decided.
    pub why: String,
    /// When it is over by itself.
    pub ends_at: Option<Time>,
    /// When the engine looks again.
    pub due_at: Option<Time>,
    /// The incident that a person took it out of, which it must not join again.
    pub left_subject: Option<SubjectId>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, intake, signal, system, condition, account, why, went_down_at, first_at, last_at, ends_at, ",
            "signals, subject, due_at, left_subject FROM alerts ",
            $rest
        )
    };
}

mod list;

pub use list::{
    Filter, OfSystem, PAYLOAD_SHOWN, Received, count, count_by_account, count_from, list, newest_signal, of_systems,
    open_of_system, page, payload, payload_beginning, signal, signals, watched,
};

/// Keeps what a sender sent.
///
/// # Errors
/// [`Error`].
pub async fn keep_payload(
    tx: &mut Tx,
    id: &str,
    intake: &IntakeId,
    at: Time,
    format: &str,
    bytes: &[u8],
) -> Result<(), Error> {
    let sql = "INSERT INTO payloads (id, intake, received_at, format, bytes) VALUES ($1, $2, $3, $4, $5)";
    tx.execute(sql, params![id, intake, at, format, bytes.to_vec()]).await?;
    Ok(())
}

/// Counts an accepted signal in its alert: the open one with its key, or a new one named `id`.
///
/// # Errors
/// [`Error`].
pub async fn accept(
    tx: &mut Tx,
    id: &str,
    intake: &IntakeId,
    signal: &Signal,
    at: Time,
    payload: &str,
) -> Result<(), Error> {
    let json = serde_json::to_string(signal).map_err(|e| Error::Bug(format!("signal: {e}")))?;
    let firing = signal.status == Status::Firing;
    let went_down = signal.happened_at.unwrap_or(at).min(at);
    // A closing signal for an alert that is not open is kept too: counted, in the account "resolved".
    let (account, why, due) = if firing {
        (Account::Watched, "just accepted", Some(at))
    } else {
        (Account::Resolved, "over before anything was known of it", None)
    };
    let open_key = firing.then(|| open_key(intake, &signal.key));
    // A repetition changes nothing but the count and when it is over by itself; a change of what it says is looked at
    // at once, and so is one that goes on although its incident is over. One that fires again before anybody saw that it was over is down from then on, not all the time.
    let sql =
        "INSERT INTO alerts (id, open_key, intake, key, signal, firing, sent, account, why, went_down_at, first_at,
                                   last_at, ends_at, signals, due_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12, 1, $13)
               ON CONFLICT (open_key) DO UPDATE SET
                 signal = excluded.signal, last_at = excluded.last_at, ends_at = excluded.ends_at,
                 signals = alerts.signals + 1,
                 went_down_at = CASE WHEN alerts.firing < excluded.firing AND alerts.subject IS NULL
                                THEN excluded.went_down_at ELSE alerts.went_down_at END,
                 first_at = CASE WHEN alerts.firing < excluded.firing AND alerts.subject IS NULL
                            THEN excluded.first_at ELSE alerts.first_at END,
                 due_at = CASE WHEN alerts.firing <> excluded.firing OR alerts.sent <> excluded.sent
                            OR (alerts.subject IS NOT NULL AND NOT EXISTS
                              (SELECT 1 FROM subjects s WHERE s.id = alerts.subject AND s.live = 1))
                          THEN excluded.last_at
                          WHEN excluded.ends_at < COALESCE(alerts.due_at, excluded.ends_at + 1)
                          THEN excluded.ends_at ELSE alerts.due_at END,
                 firing = excluded.firing, sent = excluded.sent
               RETURNING id, signals";
    // A closing signal first looks for the alert that it closes.
    let closed = if firing { None } else { resolve(tx, intake, signal, &json, at).await? };
    let row = match closed {
        Some(row) => row,
        None => {
            let values = params![
                id,
                open_key,
                intake,
                signal.key,
                json,
                firing,
                signal.condition.word(),
                account.word(),
                why,
                went_down,
                at,
                signal.ends_at,
                due
            ];
            tx.query_one(sql, values).await?
        }
    };
    let sql = "INSERT INTO signals (alert, n, received_at, happened_at, status, title, payload)
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let status = if firing { "firing" } else { "resolved" };
    let (alert, n): (String, u64) = (row.get("id")?, row.get("signals")?);
    tx.execute(sql, params![alert, n, at, signal.happened_at, status, signal.title, payload]).await?;
    Ok(())
}

async fn resolve(tx: &mut Tx, intake: &IntakeId, signal: &Signal, json: &str, at: Time) -> Result<Option<Row>, Error> {
    let sql = "UPDATE alerts SET signal = $2, last_at = $3, signals = signals + 1, firing = 0, due_at = $3
               WHERE open_key = $1 RETURNING id, signals";
    tx.query_opt(sql, params![open_key(intake, &signal.key), json, at]).await
}

fn open_key(intake: &IntakeId, key: &str) -> String {
    format!("{intake} {key}") // a directory name holds no blank, so this is unambiguous
}

/// Alerts that the engine must look at by `now`, earliest first.
///
/// # Errors
/// [`Error`].
pub async fn due(tx: &mut Tx, now: Time, most: u32) -> Result<Vec<AlertId>, Error> {
    let sql = "SELECT id FROM alerts WHERE due_at <= $1 ORDER BY due_at, first_at, id LIMIT $2";
    let rows = tx.query(sql, params![now, most]).await?;
    rows.iter().map(|r| r.get("id")).collect()
}

/// When the next alert is due, if any.
///
/// # Errors
/// [`Error`].
pub async fn next_due(tx: &mut Tx) -> Result<Option<Time>, Error> {
    tx.query_one("SELECT MIN(due_at) AS due FROM alerts WHERE due_at IS NOT NULL", params![]).await?.get("due")
}

/// All open alerts that are not part of an incident are looked at again: the rules have changed.
///
/// # Errors
/// [`Error`].
pub async fn look_again(tx: &mut Tx, now: Time) -> Result<(), Error> {
    let sql = "UPDATE alerts SET due_at = $1 WHERE account IN ('watched', 'information', 'held', 'silenced')";
    tx.execute(sql, params![now]).await?;
    Ok(())
}

/// The alert of that id.
///
/// # Errors
/// [`Error`].
pub async fn load(tx: &mut Tx, id: &AlertId) -> Result<Option<StoredAlert>, Error> {
    let row = tx.query_opt(select!("WHERE id = $1"), params![id]).await?;
    row.as_ref().map(read).transpose()
}

fn read(row: &Row) -> Result<StoredAlert, Error> {
    let signal: Signal =
        serde_json::from_str(&row.get::<String>("signal")?).map_err(|e| Error::Bug(format!("stored signal: {e}")))?;
    let account: String = row.get("account")?;
    Ok(StoredAlert {
        alert: Alert {
            id: row.get("id")?,
            intake: row.get("intake")?,
            signal,
            went_down_at: row.get("went_down_at")?,
            first_at: row.get("first_at")?,
            last_at: row.get("last_at")?,
            signals: row.get("signals")?,
            account: Account::from_word(&account).ok_or_else(|| Error::Bug(format!("no account {account}")))?,
            subject: row.get("subject")?,
        },
        system: row.get("system")?,
        condition: row.get("condition")?,
        why: row.get("why")?,
        ends_at: row.get("ends_at")?,
        due_at: row.get("due_at")?,
        left_subject: row.get("left_subject")?,
    })
}

/// Where an alert stands from now on.
#[derive(Clone, PartialEq, Debug)]
pub struct Placed {
    /// In which account.
    pub account: Account,
    /// By which rule.
    pub why: String,
    /// Of which system.
    pub system: Option<SystemId>,
    /// In which condition, as a word.
    pub condition: Option<String>,
    /// In which incident.
    pub subject: Option<SubjectId>,
    /// When to look again.
    pub due_at: Option<Time>,
}

/// Books the alert to its account.
///
/// # Errors
/// [`Error`].
pub async fn book(tx: &mut Tx, id: &AlertId, placed: &Placed) -> Result<(), Error> {
    let sql = "UPDATE alerts SET account = $2, why = $3, system = COALESCE($4, system),
                 condition = COALESCE($5, condition), subject = COALESCE($6, subject), due_at = $7,
                 open_key = CASE WHEN $2 = 'resolved' THEN NULL ELSE open_key END
               WHERE id = $1";
    let values =
        params![id, placed.account.word(), placed.why, placed.system, placed.condition, placed.subject, placed.due_at];
    tx.execute(sql, values).await?;
    Ok(())
}

/// The alert goes on although its incident is over: it stands on its own again, down since it last began to fire.
///
/// # Errors
/// [`Error`].
pub async fn stand_alone(tx: &mut Tx, id: &AlertId, from: &SubjectId) -> Result<(), Error> {
    let sql = "SELECT happened_at, received_at FROM signals WHERE alert = $1 AND n >
                 COALESCE((SELECT MAX(n) FROM signals WHERE alert = $1 AND status = 'resolved'), 0)
               ORDER BY n LIMIT 1";
    let Some(first) = tx.query_opt(sql, params![id]).await? else { return Ok(()) };
    let heard: Time = first.get("received_at")?;
    let since = first.get::<Option<Time>>("happened_at")?.unwrap_or(heard).min(heard);
    let sql =
        "UPDATE alerts SET subject = NULL, left_subject = $2, account = 'watched', went_down_at = $3, first_at = $4,
                 why = 'goes on although its incident is over'
               WHERE id = $1";
    tx.execute(sql, params![id, from, since, heard]).await?;
    Ok(())
}

/// What the alert says of its system now.
///
/// # Errors
/// [`Error`].
pub async fn set_condition(tx: &mut Tx, id: &AlertId, condition: Condition) -> Result<(), Error> {
    tx.execute("UPDATE alerts SET condition = $2 WHERE id = $1", params![id, condition.word()]).await?;
    Ok(())
}

/// A person took the alert out of its incident: it is looked at anew, but does not go back there.
///
/// # Errors
/// [`Error`].
pub async fn leave(tx: &mut Tx, id: &AlertId, from: &SubjectId, why: &str, now: Time) -> Result<(), Error> {
    let sql = "UPDATE alerts SET subject = NULL, left_subject = $2, why = $3,
                 account = CASE WHEN account = 'resolved' THEN account ELSE 'watched' END,
                 due_at = CASE WHEN account = 'resolved' THEN NULL ELSE CAST($4 AS BIGINT) END
               WHERE id = $1";
    tx.execute(sql, params![id, from, why, now]).await?;
    Ok(())
}

/// What joining needs to know of the open incidents: at most 500, newest first. An organisation with more has a
/// storm on its hands, and a later release's storm handling in front of this.
///
/// # Errors
/// [`Error`].
pub async fn open_incidents(tx: &mut Tx, of: &StoredAlert) -> Result<Vec<OpenIncident>, Error> {
    let sql = "SELECT s.id, s.number, s.since, s.systems,
                 (SELECT MAX(a.went_down_at) FROM alerts a WHERE a.subject = s.id) AS newest,
                 CASE WHEN EXISTS (SELECT 1 FROM alerts a WHERE a.intake = $1 AND a.key = $2 AND a.subject = s.id)
                   THEN 1 ELSE 0 END AS same
               FROM subjects s WHERE s.kind = 'incident' AND s.live = 1 ORDER BY s.recorded_at DESC, s.id LIMIT 500";
    let mut open = Vec::new();
    for row in tx.query(sql, params![of.alert.intake, of.alert.signal.key]).await? {
        let subject: SubjectId = row.get("id")?;
        if of.left_subject.as_ref() == Some(&subject) {
            continue;
        }
        let since: Time = row.get("since")?;
        open.push(OpenIncident {
            number: row.get("number")?,
            systems: systems_of(tx, &subject, row.get("systems")?).await?,
            since,
            newest: row.get::<Option<Time>>("newest")?.unwrap_or(since),
            has_same_key: row.get::<i64>("same")? > 0,
            subject,
        });
    }
    Ok(open)
}

/// The systems of an incident's row; of its fold, where an earlier release wrote the row.
async fn systems_of(tx: &mut Tx, subject: &SubjectId, stored: Option<String>) -> Result<Vec<SystemId>, Error> {
    if let Some(json) = stored {
        return serde_json::from_str(&json).map_err(|e| Error::Bug(format!("systems of {subject}: {e}")));
    }
    let incident = super::subjects::load::<Incident>(tx, subject).await?;
    Ok(incident.map(|i| i.folded.systems.into_iter().map(|s| s.id).collect()).unwrap_or_default())
}

/// The books: how many signals were accepted, and how many the alerts account for. They must be equal.
///
/// # Errors
/// [`Error`].
pub async fn books(tx: &mut Tx) -> Result<(u64, u64), Error> {
    let accepted = tx.query_one("SELECT COUNT(*) AS n FROM signals", params![]).await?.get("n")?;
    let sql = "SELECT CAST(COALESCE(SUM(signals), 0) AS BIGINT) AS n FROM alerts
               WHERE account IN ('watched', 'held', 'silenced', 'joined', 'opened', 'information', 'resolved')";
    Ok((accepted, tx.query_one(sql, params![]).await?.get("n")?))
}

/// When the engine must look at the alert again, if ever.
///
/// # Errors
/// [`Error`].
pub async fn set_due(tx: &mut Tx, id: &AlertId, due_at: Option<Time>) -> Result<(), Error> {
    tx.execute("UPDATE alerts SET due_at = $2 WHERE id = $1", params![id, due_at]).await?;
    Ok(())
}
