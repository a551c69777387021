//! Which means of contact were seen to work.

use super::outbox::{means_from, means_word};
use super::{Error, Tx, params};
use muster_core::Time;
use muster_core::contact::MeansKind;
use muster_core::ids::PersonId;

/// What is known of one means of a person's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Check {
    /// By what.
    pub kind: MeansKind,
    /// Number or address.
    pub address: String,
    /// When a code was sent last.
    pub sent_at: Time,
    /// How often a wrong one was typed since.
    pub tries: u64,
    /// When the right one was.
    pub verified_at: Option<Time>,
    /// Why it could not be sent, if so.
    pub trouble: Option<String>,
}

/// The name in the outbox of the code that was sent there at that time.
#[must_use]
pub fn message_id(person: &PersonId, sent_at: Time) -> String {
    format!("check-{person}-{}", sent_at.as_millisecond())
}

/// What is known of the means of `person`.
///
/// # Errors
/// [`Error`].
pub async fn checks(tx: &mut Tx, person: &PersonId) -> Result<Vec<Check>, Error> {
    let sql = "SELECT kind, address, sent_at, tries, verified_at FROM means_checks WHERE person = $1
               ORDER BY kind, address";
    let mut all = Vec::new();
    for row in tx.query(sql, params![person]).await? {
        let sent_at: Time = row.get("sent_at")?;
        let sql = "SELECT detail, tries, outcome FROM outbox WHERE id = $1";
        let sent = tx.query_opt(sql, params![message_id(person, sent_at)]).await?;
        let trouble = match sent {
            Some(sent) => {
                let (detail, outcome): (String, Option<String>) = (sent.get("detail")?, sent.get("outcome")?);
                let bad = matches!(outcome.as_deref(), Some("failed" | "wrong-number"))
                    || (outcome.is_none() && sent.get::<u64>("tries")? > 0);
                bad.then_some(detail)
            }
            None => None,
        };
        all.push(Check {
            kind: means_from(row.get("kind")?)?,
            address: row.get("address")?,
            sent_at,
            tries: row.get("tries")?,
            verified_at: row.get("verified_at")?,
            trouble,
        });
    }
    Ok(all)
}

/// A code was sent there now: what was typed wrong before does not count any more.
///
/// # Errors
/// [`Error`].
pub async fn sent(tx: &mut Tx, person: &PersonId, kind: MeansKind, address: &str, now: Time) -> Result<(), Error> {
    let sql = "INSERT INTO means_checks (person, kind, address, sent_at, tries) VALUES ($1, $2, $3, $4, 0)
               ON CONFLICT (person, kind, address) DO UPDATE SET sent_at = excluded.sent_at, tries = 0";
    tx.execute(sql, params![person, means_word(kind), address, now]).await.map(drop)
}

/// A code was typed for it: the right one (then since when it is verified), or another.
///
/// # Errors
/// [`Error`].
pub async fn typed(
    tx: &mut Tx,
    person: &PersonId,
    kind: MeansKind,
    address: &str,
    verified_at: Option<Time>,
) -> Result<(), Error> {
    let sql = "UPDATE means_checks SET verified_at = COALESCE($4, verified_at), tries = tries + 1
               WHERE person = $1 AND kind = $2 AND address = $3";
    tx.execute(sql, params![person, means_word(kind), address, verified_at]).await.map(drop)
}
