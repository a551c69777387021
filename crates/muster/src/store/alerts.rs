//! Alerts and signals.

use super::sight::{Sight, hidden};
use super::{Error, Row, Tx, params};
use muster_core::Time;
use muster_core::alert::{Account, Alert, Known, OpenIncident, Signal, Status, hear};
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
    /// When a signal last said something new: what lists go by, as a repetition is no news.
    pub changed_at: Time,
    /// The incident that a person took it out of, which it must not join again.
    pub left_subject: Option<SubjectId>,
}

/// That the alert is there for the [`Sight`] in that parameter.
macro_rules! seen {
    ($sight:literal) => {
        concat!("(alerts.subject IS NULL OR alerts.subject NOT IN ", hidden!($sight), ")")
    };
}

macro_rules! select {
    ($($rest:tt)+) => {
        concat!(
            "SELECT id, intake, signal, system, condition, account, why, went_down_at, first_at, last_at, ends_at, ",
            "signals, subject, due_at, left_subject, changed_at FROM alerts JOIN counts ON counts.alert = alerts.id ",
            $($rest)+
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
    tx.execute(sql, params![id, intake, at, format, bytes]).await?;
    Ok(())
}

/// A signal as it is stored.
#[derive(Clone, Copy, Debug)]
pub struct Incoming<'a> {
    /// Its name, and that of its alert if it begins one.
    pub id: &'a str,
    /// From whom.
    pub intake: &'a IntakeId,
    /// What it says.
    pub signal: &'a Signal,
    /// The same as [`json`] has it.
    pub json: &'a str,
    /// When it was accepted.
    pub at: Time,
    /// The id of the payload that it came in.
    pub payload: &'a str,
}

/// A signal as text. Made before the transaction: the one thread that writes has enough to do.
///
/// # Errors
/// [`Error::Bug`].
pub fn json(signal: &Signal) -> Result<String, Error> {
    serde_json::to_string(signal).map_err(|e| Error::Bug(format!("signal: {e}")))
}

/// Counts an accepted signal in its alert: the open one with its key, or a new one. Whether the alert must be looked at
/// sooner than it would have been.
///
/// # Errors
/// [`Error`].
pub async fn accept(tx: &mut Tx, incoming: Incoming<'_>) -> Result<bool, Error> {
    let Incoming { id, intake, signal, at, payload, .. } = incoming;
    let key = open_key(intake, &signal.key);
    let sql = "SELECT a.id, a.signal, a.firing, a.sent, a.due_at, a.subject, s.live, c.signals, c.newest, c.ends_at
               FROM alerts a JOIN counts c ON c.alert = a.id LEFT JOIN subjects s ON s.id = a.subject
               WHERE a.open_key = $1";
    let counted = match tx.query_opt(sql, params![key]).await? {
        Some(open) => count_in(tx, &open, incoming).await?,
        None => begin(tx, &key, incoming).await?,
    };
    let sql = "INSERT INTO signals (id, alert, n, before, received_at, happened_at, status, title, payload)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let status = if signal.status == Status::Firing { "firing" } else { "resolved" };
    let Counted { alert, n, before, sooner } = counted;
    let values = params![id, alert, n, before, at, signal.happened_at, status, signal.title, payload];
    tx.execute(sql, values).await?;
    Ok(sooner)
}

/// Where a signal was counted.
struct Counted {
    alert: String,
    n: u64,
    before: Option<String>,
    sooner: bool,
}

/// When service went down, by one signal: nothing has happened later than it was heard of.
fn went_down(signal: &Signal, at: Time) -> Time {
    signal.happened_at.unwrap_or(at).min(at)
}

/// A new alert. A closing signal for an alert that is not open is kept too: counted, in the account "resolved".
async fn begin(tx: &mut Tx, key: &str, incoming: Incoming<'_>) -> Result<Counted, Error> {
    let Incoming { id, intake, signal, json, at, .. } = incoming;
    let firing = signal.status == Status::Firing;
    let (account, why, due) = if firing {
        (Account::Watched, "just accepted", Some(at))
    } else {
        (Account::Resolved, "over before anything was known of it", None)
    };
    let sql =
        "INSERT INTO alerts (id, open_key, intake, key, signal, firing, sent, account, why, went_down_at, first_at,
                                   due_at, changed_at, fires_since, fires_heard)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $11, $10, $11)";
    let values = params![
        id,
        firing.then_some(key),
        intake,
        signal.key,
        json,
        firing,
        signal.condition.word(),
        account.word(),
        why,
        went_down(signal, at),
        at,
        due
    ];
    tx.execute(sql, values).await?;
    let sql = "INSERT INTO counts (alert, signals, newest, last_at, ends_at) VALUES ($1, 1, $1, $2, $3)";
    tx.execute(sql, params![id, at, signal.ends_at]).await?;
    Ok(Counted { alert: id.to_owned(), n: 1, before: None, sooner: firing })
}

/// One more signal of an open alert.
async fn count_in(tx: &mut Tx, open: &Row, incoming: Incoming<'_>) -> Result<Counted, Error> {
    let Incoming { id, signal, json, at, .. } = incoming;
    let alert: String = open.get("id")?;
    let sent: String = open.get("sent")?;
    let subject: Option<String> = open.get("subject")?;
    let known = Known {
        firing: open.get::<i64>("firing")? == 1,
        sent: &sent,
        due_at: open.get("due_at")?,
        ends_at: open.get("ends_at")?,
        incident_goes_on: subject.is_some().then_some(open.get::<Option<i64>>("live")? == Some(1)),
    };
    let heard = hear(&known, signal, at);
    let n = open.get::<u64>("signals")? + 1;
    let sql = "UPDATE counts SET signals = $2, newest = $3, last_at = $4, ends_at = $5 WHERE alert = $1";
    tx.execute(sql, params![alert, n, id, at, heard.ends_at]).await?;
    if heard.news || heard.due_at != known.due_at {
        let firing = signal.status == Status::Firing;
        // What fires again before anybody saw that it was over is down from then on, not all the time; an incident
        // that has it keeps its time.
        let sql = "UPDATE alerts SET signal = $2, due_at = $3, firing = $4, sent = $5,
                     changed_at = CASE WHEN CAST($6 AS BIGINT) = 1 THEN $8 ELSE changed_at END,
                     fires_since = CASE WHEN CAST($7 AS BIGINT) = 1 THEN $9 ELSE fires_since END,
                     fires_heard = CASE WHEN CAST($7 AS BIGINT) = 1 THEN $8 ELSE fires_heard END,
                     went_down_at = CASE WHEN CAST($7 AS BIGINT) = 1 AND subject IS NULL THEN $9 ELSE went_down_at END,
                     first_at = CASE WHEN CAST($7 AS BIGINT) = 1 AND subject IS NULL THEN $8 ELSE first_at END
                   WHERE id = $1";
        let sent = if firing { signal.condition.word() } else { known.sent };
        let (news, anew, down) = (heard.news, heard.fires_anew, went_down(signal, at));
        tx.execute(sql, params![alert, json, heard.due_at, firing, sent, news, anew, at, down]).await?;
    } else if open.get::<String>("signal")? != json {
        tx.execute("UPDATE alerts SET signal = $2 WHERE id = $1", params![alert, json]).await?;
    }
    let sooner = heard.due_at.is_some_and(|due| known.due_at.is_none_or(|before| due < before) || due <= at);
    Ok(Counted { alert, n, before: open.get("newest")?, sooner })
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

/// Makes every alert due that waits for a later moment than `now`, and lets none that is open have begun later: what was
/// due at once when the clock was ahead, or is watched since, would wait until that moment comes again. When an alert began
/// that belongs to an incident stands in its log.
///
/// # Errors
/// [`Error`].
pub async fn clock_set_back(tx: &mut Tx, now: Time) -> Result<(), Error> {
    tx.execute("UPDATE alerts SET due_at = $1 WHERE due_at > $1", params![now]).await?;
    let sql = "UPDATE alerts SET fires_heard = $1,
                 fires_since = CASE WHEN fires_since > $1 THEN CAST($1 AS BIGINT) ELSE fires_since END,
                 went_down_at = CASE WHEN subject IS NULL AND went_down_at > $1 THEN CAST($1 AS BIGINT)
                                     ELSE went_down_at END,
                 first_at = CASE WHEN subject IS NULL AND first_at > $1 THEN CAST($1 AS BIGINT) ELSE first_at END
               WHERE open_key IS NOT NULL AND fires_heard > $1";
    tx.execute(sql, params![now]).await?;
    Ok(())
}

/// The alert of that id.
///
/// # Errors
/// [`Error`].
pub async fn load(tx: &mut Tx, id: &AlertId) -> Result<Option<StoredAlert>, Error> {
    see(tx, &Sight::all(), id).await
}

/// The alert of that id, if it is there for these eyes: not if it belongs to an incident that is hidden from them.
///
/// # Errors
/// [`Error`].
pub async fn see(tx: &mut Tx, sight: &Sight, id: &AlertId) -> Result<Option<StoredAlert>, Error> {
    let row = tx.query_opt(select!("WHERE id = $1 AND ", seen!("$2")), params![id, sight]).await?;
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
        changed_at: row.get("changed_at")?,
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

/// The alert belongs to that incident from now on, whichever it belonged to before.
///
/// # Errors
/// [`Error`].
pub async fn move_to(tx: &mut Tx, id: &AlertId, to: &SubjectId, why: &str) -> Result<(), Error> {
    let sql = "UPDATE alerts SET subject = $2, why = $3,
                 account = CASE WHEN account = 'resolved' THEN account ELSE 'joined' END
               WHERE id = $1";
    tx.execute(sql, params![id, to, why]).await?;
    Ok(())
}

/// The alert goes on although its incident is over: it stands on its own again, down since it last began to fire.
///
/// # Errors
/// [`Error`].
pub async fn stand_alone(tx: &mut Tx, id: &AlertId, from: &SubjectId) -> Result<(), Error> {
    let sql = "UPDATE alerts SET subject = NULL, left_subject = $2, account = 'watched', went_down_at = fires_since,
                 first_at = fires_heard, why = 'goes on although its incident is over'
               WHERE id = $1";
    tx.execute(sql, params![id, from]).await?;
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

/// A person took the alert out of its incident: it is looked at anew, but does not go back there. What had stopped and began
/// again there is down since it last began.
///
/// # Errors
/// [`Error`].
pub async fn leave(tx: &mut Tx, id: &AlertId, from: &SubjectId, why: &str, now: Time) -> Result<(), Error> {
    let sql = "UPDATE alerts SET subject = NULL, left_subject = $2, why = $3,
                 account = CASE WHEN account = 'resolved' THEN account ELSE 'watched' END,
                 due_at = CASE WHEN account = 'resolved' THEN NULL ELSE CAST($4 AS BIGINT) END,
                 went_down_at = CASE WHEN account = 'resolved' THEN went_down_at ELSE fires_since END,
                 first_at = CASE WHEN account = 'resolved' THEN first_at ELSE fires_heard END
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
                 (SELECT MAX(a.went_down_at) FROM alerts a WHERE a.subject = s.id) AS newest, s.restricted,
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
            is_restricted: row.get::<i64>("restricted")? > 0,
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
    let sql =
        "SELECT CAST(COALESCE(SUM(signals), 0) AS BIGINT) AS n FROM alerts JOIN counts ON counts.alert = alerts.id
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
