//! A connection to SQLite that notices when its file is gone, and the slot that opens it again.

use super::super::fault::{self, Moment};
use super::super::tx::Mode;
use super::super::{Error, Row, Value, dialect};
use super::errors;
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{OpenFlags, params_from_iter};
use std::collections::HashMap;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// How long a transaction waits for another program (the `sqlite3` shell, a backup) to unlock the file. Longer than
/// such a program's own short work; shorter than a sender's patience, as the writer can do nothing else meanwhile.
const BUSY_WAIT: Duration = Duration::from_secs(5);

/// Prepared statements kept by a connection: more than Muster has, so that none is prepared twice.
const STATEMENTS_KEPT: usize = 512;

/// The write-ahead log is cut to this after a checkpoint, so that a storm doesn't fill the disk for ever after.
const LOG_KEPT_BYTES: i64 = 64 << 20;

/// Where a database is.
#[derive(Clone, Debug)]
pub(in super::super) enum Location {
    File(PathBuf),
    Memory,
}

/// Pages in the write-ahead log after which it is moved into the file: 16 MiB, four times as many as usual, as in a
/// storm the same pages are written over and over and need be moved only once.
const CHECKPOINT_PAGES: i64 = 4096;

/// A place for one connection. Empty until it is used, and again after the connection or its file was lost.
pub(in super::super) struct Slot {
    location: Location,
    conn: Option<Connection>,
}

impl Slot {
    /// For a database that exists; the connection is opened when it is first used.
    pub(super) fn later(location: Location) -> Self {
        Self { location, conn: None }
    }

    /// Opens the database at once, and makes it if it isn't there.
    pub(super) fn create(location: Location) -> Result<Self, Error> {
        let conn = Connection::open(&location, OpenFlags::SQLITE_OPEN_CREATE)?;
        Ok(Self { location, conn: Some(conn) })
    }

    /// The connection, opened anew if need be. A file that is gone is never made anew: it would be empty.
    pub(super) fn take(&mut self) -> Result<Connection, Error> {
        match (self.conn.take(), &self.location) {
            (Some(conn), Location::Memory) => Ok(conn),
            (Some(conn), Location::File(path)) if conn.file.is_some() && FileId::of(path) == conn.file => Ok(conn),
            (None, Location::Memory) => Err(Error::Bug("the database in memory was lost by a panic".to_owned())),
            (_, at @ Location::File(_)) => Connection::open(at, OpenFlags::empty()),
        }
    }

    /// Keeps the connection for the next transaction, unless it can't be trusted any more.
    pub(super) fn put_back(&mut self, conn: Connection) {
        if !conn.lost || matches!(self.location, Location::Memory) {
            self.conn = Some(conn);
        }
    }

    /// The connection's own handle, for SQLite's online backup.
    pub(super) fn with_raw<T>(&mut self, f: impl FnOnce(&rusqlite::Connection) -> T) -> Result<T, Error> {
        let conn = self.take()?;
        let result = f(&conn.raw);
        self.put_back(conn);
        Ok(result)
    }
}

/// Which file it is, whatever its name is now. Without it a server would go on writing to a deleted file and say 2xx.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct FileId(u64, u64);

impl FileId {
    fn of(path: &Path) -> Option<Self> {
        std::fs::metadata(path).ok().map(|m| Self(m.dev(), m.ino()))
    }
}

/// A statement that was used before.
struct Known {
    /// In SQLite's words.
    text: String,
    /// Names of what it answers with.
    columns: Arc<[String]>,
}

/// A connection, with what it knows of its statements.
pub(in super::super) struct Connection {
    raw: rusqlite::Connection,
    /// By where their texts stand in the program: for most of them hashing the text would take longer than they do.
    known: HashMap<(usize, usize), Known>,
    file: Option<FileId>,
    mode: Mode,
    lost: bool,
}

impl Connection {
    fn open(at: &Location, create: OpenFlags) -> Result<Self, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | create;
        let opened = match at {
            Location::File(path) => rusqlite::Connection::open_with_flags(path, flags).and_then(|raw| {
                set_up(&raw)?;
                Ok((raw, FileId::of(path)))
            }),
            Location::Memory => rusqlite::Connection::open_in_memory().and_then(|raw| {
                set_up(&raw)?;
                Ok((raw, None))
            }),
        };
        match opened {
            Ok((raw, file)) => Ok(Self { raw, known: HashMap::new(), file, mode: Mode::Write, lost: false }),
            Err(e) => Err(Error::Unavailable(match at {
                Location::File(path) => format!("{}: {e}", path.display()),
                Location::Memory => e.to_string(),
            })),
        }
    }

    /// Begins a transaction. A write takes the lock at once: taking it later, after a read, fails without waiting if
    /// anybody wrote in between (<https://www.sqlite.org/lang_transaction.html>).
    pub(super) fn begin(&mut self, mode: Mode) -> Result<(), Error> {
        let reads_only = |mode| mode == Mode::Read;
        if reads_only(mode) != reads_only(self.mode) {
            self.control(if reads_only(mode) { "PRAGMA query_only = ON" } else { "PRAGMA query_only = OFF" })?;
        }
        self.mode = mode;
        self.control(if reads_only(mode) { "BEGIN" } else { "BEGIN IMMEDIATE" })
    }

    /// Commits, or rolls back if `commit` is false or fails.
    pub(super) fn commit_if(&mut self, commit: bool) -> Result<(), Error> {
        let fault = |moment| if commit { fault::strikes(moment) } else { Ok(()) };
        let committed = fault(Moment::BeforeCommit).and_then(|()| if commit { self.control("COMMIT") } else { Ok(()) });
        // SQLite has rolled back by itself after some errors, such as a full disk.
        if !self.raw.is_autocommit() && self.control("ROLLBACK").is_err() {
            self.lost = true;
        }
        committed.and_then(|()| fault(Moment::AfterCommit))
    }

    pub(in super::super) fn query(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>, Error> {
        let read = |raw: &rusqlite::Connection, known: &mut Known| {
            let mut statement = raw.prepare_cached(&known.text)?;
            if known.columns.len() != statement.column_count() {
                known.columns = statement.column_names().map(str::to_owned).collect();
            }
            let columns = &known.columns;
            let mut answer = statement.query(params_from_iter(params))?;
            let mut rows = Vec::new();
            while let Some(row) = answer.next()? {
                let values = (0..columns.len()).map(|i| to_value(i, row.get_ref(i)?)).collect::<Result<_, _>>()?;
                rows.push(Row::new(Arc::clone(columns), values));
            }
            Ok(rows)
        };
        self.with_known(sql, read)
    }

    pub(in super::super) fn execute(&mut self, sql: &'static str, params: &[Value]) -> Result<u64, Error> {
        self.with_known(sql, |raw, known| {
            raw.prepare_cached(&known.text)?.execute(params_from_iter(params)).map(|rows| rows as u64)
        })
    }

    pub(in super::super) fn script(&mut self, sql: &str) -> Result<(), Error> {
        self.raw.execute_batch(sql).map_err(|e| self.error(&e, sql))
    }

    fn with_known<T>(
        &mut self,
        sql: &'static str,
        f: impl FnOnce(&rusqlite::Connection, &mut Known) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        let new = || Known { text: dialect::numbered(sql), columns: Arc::default() };
        let known = self.known.entry((sql.as_ptr().addr(), sql.len())).or_insert_with(new);
        f(&self.raw, known).map_err(|e| self.error(&e, sql))
    }

    fn control(&mut self, sql: &'static str) -> Result<(), Error> {
        self.raw.prepare_cached(sql).and_then(|mut s| s.execute([])).map_err(|e| self.error(&e, sql)).map(drop)
    }

    fn error(&mut self, e: &rusqlite::Error, sql: &str) -> Error {
        self.lost |= errors::needs_new_connection(e);
        errors::translate(e, sql, self.mode)
    }
}

/// Settings that belong to a connection and not to the file.
fn set_up(raw: &rusqlite::Connection) -> rusqlite::Result<()> {
    raw.busy_timeout(BUSY_WAIT)?;
    // A reader needs the write-ahead log not to wait for the writer; FULL, as accepted means durable.
    raw.pragma_update(None, "journal_mode", "WAL")?;
    raw.pragma_update(None, "synchronous", "FULL")?;
    raw.pragma_update(None, "foreign_keys", true)?;
    raw.pragma_update(None, "journal_size_limit", LOG_KEPT_BYTES)?;
    raw.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    // "x" is never a text, as on PostgreSQL; so a misspelt column is an error.
    raw.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    raw.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    // A statement keeps its plan whatever is bound to it; SQLite would prepare some anew each time they run.
    raw.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    raw.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    Ok(())
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(n) => ValueRef::Integer(*n),
            Self::Text(s) => ValueRef::Text(s.as_bytes()),
            Self::Bytes(b) => ValueRef::Blob(b),
            Self::TooBig(_) => return Err(rusqlite::Error::ToSqlConversionFailure("a number too big".into())),
        }))
    }
}

fn to_value(column: usize, field: ValueRef<'_>) -> rusqlite::Result<Value> {
    Ok(match field {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(n) => Value::Int(n),
        ValueRef::Text(s) => {
            Value::Text(std::str::from_utf8(s).map_err(|e| rusqlite::Error::Utf8Error(column, e))?.to_owned())
        }
        ValueRef::Blob(b) => Value::Bytes(b.to_vec()),
        ValueRef::Real(_) => {
            return Err(rusqlite::Error::FromSqlConversionFailure(
                column,
                field.data_type(),
                "cast it AS BIGINT".into(),
            ));
        }
    })
}
