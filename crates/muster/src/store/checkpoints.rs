//! How far the installation's records go, and which checkpoint of them got where.

use super::{Error, Row, Tx, params};
use muster_core::Time;
use muster_core::chain::{Hash, Head};

/// What a destination got last.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sent {
    /// The last row of the ledger that it says.
    pub ledger: u64,
    /// The last line of the audit trail that it says.
    pub audit: u64,
    /// When it was signed.
    pub at: Time,
}

/// How far the ledger goes.
///
/// # Errors
/// [`Error`].
pub async fn ledger_head(tx: &mut Tx) -> Result<Head, Error> {
    head(tx.query_opt("SELECT n AS count, hash FROM ledger ORDER BY n DESC LIMIT 1", params![]).await?)
}

/// How far the audit trail goes.
///
/// # Errors
/// [`Error`].
pub async fn audit_head(tx: &mut Tx) -> Result<Head, Error> {
    head(tx.query_opt("SELECT seq AS count, hash FROM audit ORDER BY seq DESC LIMIT 1", params![]).await?)
}

fn head(last: Option<Row>) -> Result<Head, Error> {
    let Some(row) = last else { return Ok(Head::NONE) };
    let hash: String = row.get("hash")?;
    let hash: Hash = hash.parse().map_err(|_| Error::Bug("the last row of the ledger holds no hash".into()))?;
    Ok(Head { count: row.get("count")?, hash })
}

/// What that destination got last, if anything.
///
/// # Errors
/// [`Error`].
pub async fn sent(tx: &mut Tx, destination: &str) -> Result<Option<Sent>, Error> {
    let sql = "SELECT ledger, audit, at FROM checkpoints WHERE destination = $1";
    let row = tx.query_opt(sql, params![destination]).await?;
    row.map(|r| Ok(Sent { ledger: r.get("ledger")?, audit: r.get("audit")?, at: r.get("at")? })).transpose()
}

/// Remembers what that destination has got.
///
/// # Errors
/// [`Error`].
pub async fn note_sent(tx: &mut Tx, destination: &str, sent: Sent) -> Result<(), Error> {
    let sql = "INSERT INTO checkpoints (destination, ledger, audit, at) VALUES ($1, $2, $3, $4)
               ON CONFLICT (destination) DO UPDATE
               SET ledger = excluded.ledger, audit = excluded.audit, at = excluded.at";
    tx.execute(sql, params![destination, sent.ledger, sent.audit, sent.at]).await?;
    Ok(())
}
