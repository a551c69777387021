//! Where a transaction runs: a SQLite file with its threads, SQLite inline for the simulation, or PostgreSQL.

use super::postgres::Postgres;
use super::sqlite::{Inline, Lane, Threads};
use super::tx::{self, Mode};
use super::{Dialect, Error, OpenError, Tx};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// How often, and how far apart, [`Db::close`] looks whether it is the only owner: five seconds in all, as the longest
/// transaction that may be running then is a short one.
const CLOSE_LOOKS: u32 = 5_000;
const CLOSE_LOOK: Duration = Duration::from_millis(1);

/// A database. Clones are the same database.
#[derive(Clone)]
pub struct Db(Kind);

#[derive(Clone)]
pub(super) enum Kind {
    Sqlite(Arc<Threads>),
    Inline(Arc<Inline>),
    Postgres(Arc<Postgres>),
}

impl Db {
    /// Opens the SQLite file at `path` for a server, and makes it if it isn't there; its directory must be. The last
    /// clone to be dropped waits for the transactions that were asked for. A panic in a transaction aborts the process,
    /// whatever the build profile says.
    ///
    /// # Errors
    /// [`OpenError::InUse`] if another process has it.
    pub fn sqlite(path: &Path) -> Result<Self, OpenError> {
        Threads::open(path).map(|threads| Self(Kind::Sqlite(Arc::new(threads))))
    }

    /// Opens the SQLite file at `path` for the simulation: every transaction runs on the calling thread and is done when
    /// it is first polled, so the order is the caller's.
    ///
    /// # Errors
    /// [`OpenError::InUse`] if it is open already.
    pub fn inline(path: &Path) -> Result<Self, OpenError> {
        Inline::open(path).map(|inline| Self(Kind::Inline(Arc::new(inline))))
    }

    /// As [`Db::inline`], with a new database that is gone when the last clone is dropped.
    ///
    /// # Errors
    /// If SQLite is too old.
    pub fn inline_memory() -> Result<Self, OpenError> {
        Inline::memory().map(|inline| Self(Kind::Inline(Arc::new(inline))))
    }

    /// The PostgreSQL database at an address such as
    /// `postgres://muster:secret@db.example.org:5432/muster?sslmode=verify-full`. It connects when it is first used, on a thread and a runtime of its own. Panics and dropping are as for [`Db::sqlite`].
    ///
    /// # Errors
    /// [`OpenError::Address`].
    pub fn postgres(address: &str) -> Result<Self, OpenError> {
        Postgres::open(address).map(|postgres| Self(Kind::Postgres(Arc::new(postgres))))
    }

    /// Closes it, as far as nobody else has it open here. A transaction that has just answered may own it for a moment
    /// longer; who moves the file, or opens it anew, waits for that here.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if somebody else goes on using it.
    pub async fn close(self) -> Result<(), Error> {
        let Kind::Sqlite(mut threads) = self.0 else { return Ok(()) };
        for _ in 0..CLOSE_LOOKS {
            match Arc::try_unwrap(threads) {
                Ok(closed) => {
                    drop(closed);
                    return Ok(());
                }
                Err(shared) => threads = shared,
            }
            tokio::time::sleep(CLOSE_LOOK).await;
        }
        Err(Error::Unavailable("the database is still in use by this program".to_owned()))
    }

    /// Which language it speaks.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        match self.0 {
            Kind::Sqlite(_) | Kind::Inline(_) => Dialect::Sqlite,
            Kind::Postgres(_) => Dialect::Postgres,
        }
    }

    /// The file that a server's SQLite database is in.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match &self.0 {
            Kind::Sqlite(threads) => Some(threads.path()),
            Kind::Inline(_) | Kind::Postgres(_) => None,
        }
    }

    /// Runs `f` as one transaction that may write. What it returns is committed if it is `Ok`.
    ///
    /// Once the returned future was polled the transaction runs to its end, even if the future is then dropped.
    ///
    /// # Errors
    /// The closure's own, or an [`Error`] of the store.
    pub async fn write<T, E, F>(&self, f: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: AsyncFn(&mut Tx) -> Result<T, E> + Send + 'static,
    {
        self.run(Mode::Write, Lane::First, f).await
    }

    /// As [`Db::write`], but on SQLite after the writes that people wait for.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub async fn write_low<T, E, F>(&self, f: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: AsyncFn(&mut Tx) -> Result<T, E> + Send + 'static,
    {
        self.run(Mode::Write, Lane::Low, f).await
    }

    /// Runs `f` on one snapshot of what is committed. It cannot write, and waits for no writer.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub async fn read<T, E, F>(&self, f: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: AsyncFn(&mut Tx) -> Result<T, E> + Send + 'static,
    {
        self.run(Mode::Read, Lane::First, f).await
    }

    /// As [`Db::write`], with the time that a migration may take.
    pub(super) async fn migrate<T, E, F>(&self, f: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: AsyncFn(&mut Tx) -> Result<T, E> + Send + 'static,
    {
        self.run(Mode::Migrate, Lane::First, f).await
    }

    async fn run<T, E, F>(&self, mode: Mode, lane: Lane, f: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: AsyncFn(&mut Tx) -> Result<T, E> + Send + 'static,
    {
        tx::refuse_inside()?;
        let answered = match &self.0 {
            Kind::Sqlite(threads) => threads.start(mode, lane, f)?,
            Kind::Inline(inline) => return inline.transact(mode, &f),
            Kind::Postgres(postgres) => postgres.start(mode, f)?,
        };
        answered.await.map_err(|_| Error::Unavailable("the thread of the database has ended".to_owned()))?
    }

    pub(super) fn kind(&self) -> &Kind {
        &self.0
    }
}
