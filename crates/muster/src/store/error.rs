//! What can go wrong in the store, in the kinds that a caller acts on.

use std::path::PathBuf;

/// Why a transaction was not done. Nothing of it stands, with one exception that [`Error::Unavailable`] names.
///
/// It can be cloned, so that one failed group commit can be told to everybody who waits for it.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Error {
    /// The database cannot do it now: gone, locked, full, overloaded. Nobody's mistake; the caller answers 503 and the
    /// same call works again once the cause is gone, without a restart.
    ///
    /// If the connection to PostgreSQL broke exactly while COMMIT was on its way, the transaction may have been done
    /// all the same. Callers settle that by a unique command id.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// A constraint of the schema forbids it.
    #[error("{kind} constraint on {which}")]
    Constraint {
        /// Which kind of constraint.
        kind: Broken,
        /// The same on both databases: the columns for a unique or NOT NULL constraint (`people.email`, or
        /// `log.subject, log.seq`), the constraint's name for a CHECK, `foreign key` for a foreign key (SQLite does
        /// not say which).
        which: String,
    },
    /// Other transactions kept changing the same rows. The caller answers 503.
    #[error("other transactions kept changing the same rows; it was tried {0} times")]
    Conflict(u32),
    /// A text holds NUL, which PostgreSQL cannot keep; refused on both databases. The caller answers 422. Every text that
    /// reaches a column passes here, so that whatever slipped through a border is no bug, and no outage.
    #[error("a text holds a NUL character, which no database column can keep, in: {0}")]
    Nul(String),
    /// A mistake in Muster: wrong SQL, a value or a column of the wrong type, a transaction that awaits something else.
    /// The text names the statement and never a value.
    #[error("{0}")]
    Bug(String),
}

/// A kind of constraint.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Broken {
    /// UNIQUE or PRIMARY KEY.
    Unique,
    /// FOREIGN KEY.
    ForeignKey,
    /// CHECK.
    Check,
    /// NOT NULL.
    NotNull,
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Unique => "unique",
            Self::ForeignKey => "foreign key",
            Self::Check => "check",
            Self::NotNull => "not null",
        })
    }
}

impl Error {
    /// The bug `what` in the statement `sql`.
    pub(super) fn bug_in(sql: &str, what: impl std::fmt::Display) -> Self {
        Self::Bug(format!("{what} in: {}", shown(sql)))
    }

    pub(super) fn nul_in(sql: &str) -> Self {
        Self::Nul(shown(sql))
    }

    pub(super) fn awaited_something_else() -> Self {
        Self::Bug("a transaction awaited something that is not its database".to_owned())
    }
}

/// The beginning of a statement, which is enough to find it in the source.
fn shown(sql: &str) -> String {
    sql.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(SQL_SHOWN).collect()
}

/// Most characters of a statement in an error, so that a log line stays a line.
const SQL_SHOWN: usize = 160;

/// Why a database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another Muster has it. Two writers that each believe to be alone would page twice.
    #[error("{} is in use by {by}: stop that one first, or let it do the work through its API", path.display())]
    InUse {
        /// The database.
        path: PathBuf,
        /// Who has it, as far as its lock file says.
        by: String,
    },
    /// SQLite before 3.51.3 can corrupt a database in WAL mode (<https://www.sqlite.org/wal.html#walresetbug>).
    #[error("this build contains SQLite {found}, which can corrupt a database; build it with SQLite {needed} or newer")]
    OldSqlite {
        /// Its version, such as `3.50.4`.
        found: String,
        /// The first version that is safe.
        needed: String,
    },
    /// The lock file beside the database cannot be written.
    #[error("cannot write the lock file {}: does its directory exist, and may this user write there?", path.display())]
    LockFile {
        /// The lock file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The address of a PostgreSQL database cannot be understood. The address itself is left out: it may hold a password.
    #[error("the database address is not of the form postgres://user:password@host:5432/name: {0}")]
    Address(String),
    /// The database itself.
    #[error(transparent)]
    Database(#[from] Error),
}
