//! A copy of a running SQLite database in one file.

use super::db::Kind;
use super::{Db, Error};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::sync::oneshot;

/// Copies the whole database as it is now to the new file `to`, while it is in use. The file appears under its name
/// once it is complete and on disk.
///
/// # Errors
/// [`Error::Unavailable`] if `to` exists or can't be written, or the database can't be read; [`Error::Bug`] on
/// PostgreSQL, which its own pg_dump copies.
pub async fn to_file(db: &Db, to: &Path) -> Result<(), Error> {
    match db.kind() {
        Kind::Inline(inline) => inline.with_raw(|from| copy(from, to))?,
        Kind::Sqlite(threads) => {
            let (from, to) = (threads.path().to_owned(), to.to_owned());
            off_thread(move || {
                let from = Connection::open_with_flags(&from, OpenFlags::SQLITE_OPEN_READ_WRITE);
                copy(&from.map_err(|e| broken(&to, &e))?, &to)
            })
            .await
        }
        Kind::Postgres(_) => Err(Error::Bug("Muster does not copy a PostgreSQL database: use pg_dump".to_owned())),
    }
}

/// Copying takes as long as the disk takes, so it gets a thread of its own: no writer and no reader waits for it.
async fn off_thread(f: impl FnOnce() -> Result<(), Error> + Send + 'static) -> Result<(), Error> {
    let (answer, answered) = oneshot::channel();
    let started = std::thread::Builder::new().name("muster-backup".to_owned()).spawn(move || {
        let _ = answer.send(f());
    });
    started.map_err(|e| Error::Unavailable(format!("cannot start a thread: {e}")))?;
    answered.await.map_err(|_| Error::Unavailable("the backup's thread has ended".to_owned()))?
}

fn copy(from: &Connection, to: &Path) -> Result<(), Error> {
    if to.exists() {
        return Err(Error::Unavailable(format!("{} exists; choose another name for the backup", to.display())));
    }
    let mut part = to.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    // What an interrupted backup left.
    let _ = fs::remove_file(&part);
    let copied = copy_pages(from, &part).map_err(|e| broken(to, &e));
    copied.and_then(|()| keep(&part, to).map_err(|e| broken(to, &e))).inspect_err(|_| {
        let _ = fs::remove_file(&part);
    })
}

fn copy_pages(from: &Connection, part: &Path) -> rusqlite::Result<()> {
    let mut copy = Connection::open(part)?;
    from.busy_timeout(BUSY_WAIT)?;
    // All pages in one step: that is one snapshot. Smaller steps would start again at each commit of the writer.
    match Backup::new(from, &mut copy)?.step(-1)? {
        StepResult::Done => {}
        _ => return Err(busy()),
    }
    // One file without a log beside it, which says itself that it is whole.
    copy.pragma_update(None, "journal_mode", "DELETE")?;
    let verdict: String = copy.query_row("PRAGMA quick_check", [], |row| row.get(0))?;
    match verdict.as_str() {
        "ok" => Ok(()),
        _ => {
            Err(rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT), Some(verdict)))
        }
    }
}

/// How long a backup waits for another program that locks the file.
const BUSY_WAIT: Duration = Duration::from_secs(5);

fn busy() -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY), None)
}

/// Puts the finished file and its name on disk.
fn keep(part: &Path, to: &Path) -> std::io::Result<()> {
    File::open(part)?.sync_all()?;
    fs::rename(part, to)?;
    let directory = to.parent().filter(|d| !d.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(directory)?.sync_all()
}

fn broken(to: &Path, e: &dyn std::error::Error) -> Error {
    Error::Unavailable(format!("backup to {}: {e}", to.display()))
}
