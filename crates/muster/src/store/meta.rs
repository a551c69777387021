//! Single values of the installation.

use super::{Error, Tx, params};

/// The value of that name, if it was ever set.
///
/// # Errors
/// [`Error`].
pub async fn get(tx: &mut Tx, key: &str) -> Result<Option<String>, Error> {
    let row = tx.query_opt("SELECT value FROM meta WHERE key = $1", params![key]).await?;
    row.map(|r| r.get("value")).transpose()
}

/// Sets it.
///
/// # Errors
/// [`Error`].
pub async fn set(tx: &mut Tx, key: &str, value: &str) -> Result<(), Error> {
    let sql = "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    tx.execute(sql, params![key, value]).await?;
    Ok(())
}

/// The value of that name; `fresh` if there was none, which is kept then.
///
/// # Errors
/// [`Error`].
pub async fn get_or_set(tx: &mut Tx, key: &str, fresh: &str) -> Result<String, Error> {
    if let Some(known) = get(tx, key).await? {
        return Ok(known);
    }
    set(tx, key, fresh).await?;
    Ok(fresh.to_owned())
}

/// The settings' epoch: raised by every change to the directory or the policy, so that the engine
/// looks at every open log again.
///
/// # Errors
/// [`Error`].
pub async fn epoch(tx: &mut Tx) -> Result<i64, Error> {
    Ok(get(tx, "epoch").await?.and_then(|v| v.parse().ok()).unwrap_or(0))
}

/// Raises it.
///
/// # Errors
/// [`Error`].
pub async fn raise_epoch(tx: &mut Tx) -> Result<(), Error> {
    let next = epoch(tx).await? + 1;
    set(tx, "epoch", &next.to_string()).await
}
