//! The bytes of files on incidents: kept once each under their SHA-256, in pieces.

use super::{Error, Tx, params};
use muster_core::chain::Hash;

/// Bytes of a piece, but the last: small enough that nothing holds more than a moment's worth of a file.
pub const PIECE: usize = 256 * 1024;

/// Whether the bytes with that hash are kept already.
///
/// # Errors
/// [`Error`].
pub async fn is_kept(tx: &mut Tx, sha256: Hash) -> Result<bool, Error> {
    let sql = "SELECT COUNT(*) AS pieces FROM attachments WHERE sha256 = $1";
    Ok(tx.query_one(sql, params![sha256.to_string()]).await?.get::<u64>("pieces")? > 0)
}

/// Keeps piece `n` of the file with that hash, unless somebody else does so at this moment.
///
/// # Errors
/// [`Error`].
pub async fn keep(tx: &mut Tx, sha256: Hash, n: u64, bytes: &[u8]) -> Result<(), Error> {
    let sql = "INSERT INTO attachments (sha256, n, bytes) VALUES ($1, $2, $3) ON CONFLICT (sha256, n) DO NOTHING";
    tx.execute(sql, params![sha256.to_string(), n, bytes]).await.map(drop)
}

/// Piece `n` of the file with that hash; none behind its end.
///
/// # Errors
/// [`Error`].
pub async fn piece(tx: &mut Tx, sha256: Hash, n: u64) -> Result<Option<Vec<u8>>, Error> {
    let sql = "SELECT bytes FROM attachments WHERE sha256 = $1 AND n = $2";
    tx.query_opt(sql, params![sha256.to_string(), n]).await?.map(|row| row.get("bytes")).transpose()
}
