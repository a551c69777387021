//! SQLite: one connection and a whole transaction on it. Threads, and the inline form for the simulation, are beneath.

mod connection;
mod errors;
mod inline;
mod lock_file;
mod queue;
mod threads;

pub(super) use connection::{Connection, Slot};
pub(super) use inline::Inline;
pub(super) use queue::Lane;
pub(super) use threads::Threads;

use super::tx::{Conn, Mode};
use super::{Error, OpenError, Tx};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// The first version without the defect that [`OpenError::OldSqlite`] names, as SQLite counts.
const SQLITE_NEEDED: i32 = 3_051_003;

/// Refuses a SQLite of the version `found` if it may corrupt the database.
fn check_version(found: i32) -> Result<(), OpenError> {
    let spoken = |v: i32| format!("{}.{}.{}", v / 1_000_000, v / 1_000 % 1_000, v % 1_000);
    match found < SQLITE_NEEDED {
        true => Err(OpenError::OldSqlite { found: spoken(found), needed: spoken(SQLITE_NEEDED) }),
        false => Ok(()),
    }
}

/// Runs one transaction on the connection in `slot`, from BEGIN to COMMIT or ROLLBACK, on the calling thread.
///
/// The closure's future is polled once. Its statements never wait, so it is ready then, or it is refused.
fn transact<T, E, F>(slot: &mut Slot, mode: Mode, f: &F) -> Result<T, E>
where
    E: From<Error>,
    F: AsyncFn(&mut Tx) -> Result<T, E>,
{
    let mut conn = slot.take()?;
    if let Err(error) = conn.begin(mode) {
        slot.put_back(conn);
        return Err(error.into());
    }
    let mut tx = Tx::new(Conn::Sqlite(conn));
    let result = match pin!(tx.run(f)).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => Err(Error::awaited_something_else().into()),
    };
    let (conn, after_commit) = tx.into_parts();
    let Conn::Sqlite(mut conn) = conn else {
        return Err(Error::Bug("a transaction changed its connection".to_owned()).into());
    };
    let ended = conn.commit_if(result.is_ok());
    slot.put_back(conn);
    let done = result?;
    ended?;
    after_commit.run();
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sqlite_that_may_corrupt_the_database_is_refused() {
        let refused = check_version(3_051_002).map_err(|e| e.to_string());
        assert_eq!(
            refused,
            Err(
                "this build contains SQLite 3.51.2, which can corrupt a database; build it with SQLite 3.51.3 or newer"
                    .to_owned()
            )
        );
        assert!(check_version(3_051_003).is_ok() && check_version(3_054_001).is_ok());
    }
}
