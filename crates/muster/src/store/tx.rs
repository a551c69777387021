//! A transaction, as its closure sees it; and the rules that hold for it on every database.

use super::fault::{self, Moment};
use super::{Dialect, Error, Row, Sql, Value, postgres, sqlite, value};
use std::cell::Cell;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;

/// What a transaction is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Mode {
    /// Only reads, from one snapshot.
    Read,
    /// Reads and writes, as if it were alone.
    Write,
    /// A write that may take as long as rebuilding a table takes.
    Migrate,
}

/// A transaction. Its closure may await nothing else.
pub struct Tx {
    conn: Conn,
    /// The first error of a statement. After it nothing is committed, as PostgreSQL wants it.
    failed: Option<Error>,
    /// Whether a statement is under way at the server, which is the only thing worth waiting for.
    waiting: Arc<AtomicBool>,
    after_commit: AfterCommit,
}

/// The connection that a transaction has for itself while it lasts.
pub(super) enum Conn {
    Sqlite(sqlite::Connection),
    Postgres(postgres::Connection),
}

impl Tx {
    /// All rows that `sql` answers with. Write a LIMIT where the number of rows can grow.
    ///
    /// # Errors
    /// As [`Error`] says.
    pub async fn query(&mut self, sql: impl Into<Sql>, params: &[Value]) -> Result<Vec<Row>, Error> {
        self.rows(sql.into(), params).await
    }

    /// The row that `sql` answers with, if any.
    ///
    /// # Errors
    /// As [`Error`] says; [`Error::Bug`] if there is more than one.
    pub async fn query_opt(&mut self, sql: impl Into<Sql>, params: &[Value]) -> Result<Option<Row>, Error> {
        let sql = sql.into();
        let mut rows = self.rows(sql, params).await?.into_iter();
        match (rows.next(), rows.next()) {
            (_, Some(_)) => Err(self.fail(Error::bug_in(sql.sqlite, "more than one row"))),
            (first, None) => Ok(first),
        }
    }

    /// The one row that `sql` answers with.
    ///
    /// # Errors
    /// As [`Error`] says; [`Error::Bug`] if there is none or more than one.
    pub async fn query_one(&mut self, sql: impl Into<Sql>, params: &[Value]) -> Result<Row, Error> {
        let sql = sql.into();
        match self.query_opt(sql, params).await? {
            Some(row) => Ok(row),
            None => Err(self.fail(Error::bug_in(sql.sqlite, "no row"))),
        }
    }

    /// How many rows `sql` inserted, updated or deleted. A statement with RETURNING is a query.
    ///
    /// # Errors
    /// As [`Error`] says.
    pub async fn execute(&mut self, sql: impl Into<Sql>, params: &[Value]) -> Result<u64, Error> {
        let sql = sql.into();
        self.may_go_on()?;
        let done = match (value::check_all(sql.sqlite, params), &mut self.conn) {
            (Err(refused), _) => Err(refused),
            (Ok(()), Conn::Sqlite(conn)) => conn.execute(sql.sqlite, params),
            (Ok(()), Conn::Postgres(conn)) => {
                let _waiting = Waiting::set(&self.waiting);
                conn.execute(sql.postgres, params).await
            }
        };
        done.map_err(|e| self.fail(e))
    }

    /// Runs `f` once this transaction has been committed, and never if it was rolled back: the place to wake whoever
    /// acts on what was written. It runs even if the caller stopped waiting, on the database's own thread, so it must
    /// be quick, use no database and not panic. It is a hint: if the connection broke during COMMIT it may run though
    /// nothing was committed.
    pub fn after_commit(&mut self, f: impl FnOnce() + Send + 'static) {
        self.after_commit.0.push(Box::new(f));
    }

    /// Which language the database speaks.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        match self.conn {
            Conn::Sqlite(_) => Dialect::Sqlite,
            Conn::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Runs several statements without parameters, separated by semicolons. For migrations.
    pub(super) async fn script(&mut self, sql: &str) -> Result<(), Error> {
        self.may_go_on()?;
        let done = match &mut self.conn {
            Conn::Sqlite(conn) => conn.script(sql),
            Conn::Postgres(conn) => {
                let _waiting = Waiting::set(&self.waiting);
                conn.script(sql).await
            }
        };
        done.map_err(|e| self.fail(e))
    }

    async fn rows(&mut self, sql: Sql, params: &[Value]) -> Result<Vec<Row>, Error> {
        self.may_go_on()?;
        let rows = match (value::check_all(sql.sqlite, params), &mut self.conn) {
            (Err(refused), _) => Err(refused),
            (Ok(()), Conn::Sqlite(conn)) => conn.query(sql.sqlite, params),
            (Ok(()), Conn::Postgres(conn)) => {
                let _waiting = Waiting::set(&self.waiting);
                conn.query(sql.postgres, params).await
            }
        };
        rows.map_err(|e| self.fail(e))
    }

    fn may_go_on(&mut self) -> Result<(), Error> {
        self.failed.clone().map_or(Ok(()), Err)?;
        fault::strikes(Moment::Statement).map_err(|e| self.fail(e))
    }

    fn fail(&mut self, error: Error) -> Error {
        self.failed.get_or_insert(error).clone()
    }
}

/// For the databases beneath: running the closure, and ending the transaction.
impl Tx {
    pub(super) fn new(conn: Conn) -> Self {
        Self { conn, failed: None, waiting: Arc::default(), after_commit: AfterCommit(Vec::new()) }
    }

    /// Runs the closure. `Ok` means that it may be committed.
    pub(super) async fn run<T, E, F>(&mut self, f: &F) -> Result<T, E>
    where
        E: From<Error>,
        F: AsyncFn(&mut Self) -> Result<T, E>,
    {
        let waiting = Arc::clone(&self.waiting);
        let result = {
            let mut closure = pin!(f(self));
            poll_fn(|cx| match inside(|| closure.as_mut().poll(cx)) {
                Poll::Ready(result) => Poll::Ready(result),
                Poll::Pending if waiting.load(Ordering::Relaxed) => Poll::Pending,
                Poll::Pending => Poll::Ready(Err(Error::awaited_something_else().into())),
            })
            .await
        };
        match (result, self.failed.take()) {
            (Ok(_), Some(swallowed)) => Err(swallowed.into()),
            (result, _) => result,
        }
    }

    /// Gives the connection back, and what is to be done once it is committed.
    pub(super) fn into_parts(self) -> (Conn, AfterCommit) {
        (self.conn, self.after_commit)
    }
}

/// What is to be done after COMMIT.
pub(super) struct AfterCommit(Vec<Box<dyn FnOnce() + Send>>);

impl AfterCommit {
    pub(super) fn run(self) {
        self.0.into_iter().for_each(|hook| hook());
    }
}

/// A panic in a transaction ends the process, also where panics unwind: nobody knows what a half-run closure left
/// behind, and a server that can't write while it looks alive is worse than one that is started again.
pub(super) struct AbortOnPanic;

impl Drop for AbortOnPanic {
    fn drop(&mut self) {
        if std::thread::panicking() {
            std::process::abort();
        }
    }
}

/// Marks that a statement is under way, as long as it lives.
struct Waiting(Arc<AtomicBool>);

impl Waiting {
    fn set(flag: &Arc<AtomicBool>) -> Self {
        flag.store(true, Ordering::Relaxed);
        Self(Arc::clone(flag))
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

thread_local! {
    /// Whether this thread is running the closure of a transaction right now.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Runs a piece of a closure, marked so that a transaction inside a transaction is seen on every database: on SQLite it
/// could only wait for itself.
fn inside<T>(piece: impl FnOnce() -> T) -> T {
    struct Leave(bool);
    impl Drop for Leave {
        fn drop(&mut self) {
            INSIDE.set(self.0);
        }
    }
    let _leave = Leave(INSIDE.replace(true));
    piece()
}

/// Refuses to start a transaction inside a transaction.
pub(super) fn refuse_inside() -> Result<(), Error> {
    match INSIDE.get() {
        true => Err(Error::Bug("a transaction was started inside a transaction".to_owned())),
        false => Ok(()),
    }
}
