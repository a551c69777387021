//! Duties as rows, for lists; computed from the subject in the transaction that changes it.

use super::sight::{Sight, hidden};
use super::{Error, Row, Tx, params};
use muster_core::Time;
use muster_core::duty::Duty;
use muster_core::ids::{PersonId, SubjectId};

/// Writes what the subject owes and owed. What it does not list is no row any more, settled or not: a settled duty of what
/// was taken back, or of an ending that was none, is none either.
///
/// # Errors
/// [`Error`].
pub async fn save(tx: &mut Tx, subject: &SubjectId, duties: &[Duty]) -> Result<(), Error> {
    tx.execute("DELETE FROM duties WHERE subject = $1", params![subject]).await?;
    // Two of one id are a mistake, but none over which nobody could act in it any more.
    let sql = "INSERT INTO duties (subject, kind, occurrence, what, owed_by, since, due_at, settled_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (subject, kind, occurrence) DO NOTHING";
    for duty in duties {
        let owed_by = duty.owed_by.as_ref().map(|p| p.id.clone());
        let (kind, occurrence) = (duty.id.kind.word(), &duty.id.occurrence);
        let values = params![subject, kind, occurrence, duty.what, owed_by, duty.since, duty.due, duty.settled];
        tx.execute(sql, values).await?;
    }
    Ok(())
}

/// A duty in a list.
#[derive(Clone, PartialEq, Debug)]
pub struct Owed {
    /// Of which subject.
    pub subject: SubjectId,
    /// Its number.
    pub number: String,
    /// What kind.
    pub kind: String,
    /// Which of that kind.
    pub occurrence: String,
    /// In words.
    pub what: String,
    /// Since when it is owed.
    pub since: Time,
    /// By when.
    pub due_at: Time,
    /// Who owes it.
    pub owed_by: Option<PersonId>,
}

/// What is owed and not settled in what these eyes see, soonest first: by that person, or by everybody.
///
/// # Errors
/// [`Error`].
pub async fn open(tx: &mut Tx, sight: &Sight, by: Option<&PersonId>, most: u32) -> Result<Vec<Owed>, Error> {
    let sql = concat!(
        "SELECT d.subject, s.number, d.kind, d.occurrence, d.what, d.since, d.due_at, d.owed_by
         FROM duties d JOIN subjects s ON s.id = d.subject
         WHERE d.settled_at IS NULL AND (CAST($1 AS TEXT) IS NULL OR d.owed_by = $1) AND d.subject NOT IN ",
        hidden!("$3"),
        " ORDER BY d.due_at, d.subject, d.kind, d.occurrence LIMIT $2"
    );
    tx.query(sql, params![by, most, sight]).await?.iter().map(owed_of).collect()
}

/// What nobody owes yet in what these eyes see, as nobody is Incident Manager: soonest first.
///
/// # Errors
/// [`Error`].
pub async fn unowned(tx: &mut Tx, sight: &Sight, most: u32) -> Result<Vec<Owed>, Error> {
    let sql = concat!(
        "SELECT d.subject, s.number, d.kind, d.occurrence, d.what, d.since, d.due_at, d.owed_by
         FROM duties d JOIN subjects s ON s.id = d.subject
         WHERE d.settled_at IS NULL AND d.owed_by IS NULL AND d.subject NOT IN ",
        hidden!("$2"),
        " ORDER BY d.due_at, d.subject, d.kind, d.occurrence LIMIT $1"
    );
    tx.query(sql, params![most, sight]).await?.iter().map(owed_of).collect()
}

fn owed_of(r: &Row) -> Result<Owed, Error> {
    Ok(Owed {
        subject: r.get("subject")?,
        number: r.get("number")?,
        kind: r.get("kind")?,
        occurrence: r.get("occurrence")?,
        what: r.get("what")?,
        since: r.get("since")?,
        due_at: r.get("due_at")?,
        owed_by: r.get("owed_by")?,
    })
}

/// Books a reminder; false if it was booked before.
///
/// # Errors
/// [`Error`].
pub async fn nag(tx: &mut Tx, subject: &SubjectId, duty: &str, step: u32, now: Time) -> Result<bool, Error> {
    let sql = "INSERT INTO nags (subject, duty, step, at) VALUES ($1, $2, $3, $4)
               ON CONFLICT (subject, duty, step) DO NOTHING";
    Ok(tx.execute(sql, params![subject, duty, step, now]).await? == 1)
}

/// How many duties of what these eyes see are late.
///
/// # Errors
/// [`Error`].
pub async fn count_late(tx: &mut Tx, sight: &Sight, now: Time) -> Result<u64, Error> {
    let sql = concat!(
        "SELECT COUNT(*) AS n FROM duties WHERE settled_at IS NULL AND due_at < $1 AND subject NOT IN ",
        hidden!("$2")
    );
    tx.query_one(sql, params![now, sight]).await?.get("n")
}
