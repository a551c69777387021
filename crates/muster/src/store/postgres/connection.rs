//! One transaction's connection to PostgreSQL. Dropped in the middle, it is closed and not given back to the pool: the
//! server then rolls back.

use super::super::tx::Mode;
use super::super::{Error, Row, Value};
use super::{errors, values};
use deadpool_postgres::Object;
use std::sync::Arc;
use tokio_postgres::Statement;
use tokio_postgres::types::ToSql;

/// Where a transaction stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    /// Nothing has begun, or all has ended: the connection may be used by others.
    Idle,
    /// Between BEGIN and the end.
    Open,
    /// COMMIT is on its way.
    Committing,
    /// COMMIT was sent and no answer came.
    Unknown,
}

/// A connection for one transaction.
pub(in super::super) struct Connection {
    /// Always there; it is taken out only while dropping.
    client: Option<Object>,
    mode: Mode,
    stage: Stage,
    again: Option<Error>,
}

impl Connection {
    pub(super) fn new(client: Object, mode: Mode) -> Self {
        Self { client: Some(client), mode, stage: Stage::Idle, again: None }
    }

    /// Why the transaction is worth another try, if it is: then it is sure that it was not done.
    pub(super) fn try_again(&mut self) -> Option<Error> {
        self.again.take()
    }

    /// Whether the transaction may have been done without anybody knowing.
    pub(super) fn commit_unknown(&self) -> bool {
        self.stage == Stage::Unknown
    }

    pub(super) async fn begin(&mut self) -> Result<(), Error> {
        self.stage = Stage::Open;
        // A read needs one snapshot and no more; it then never has to be tried again.
        self.script(match self.mode {
            Mode::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            Mode::Write => "BEGIN ISOLATION LEVEL SERIALIZABLE",
            Mode::Migrate => {
                "BEGIN ISOLATION LEVEL SERIALIZABLE; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0"
            }
        })
        .await
    }

    pub(super) async fn commit(&mut self) -> Result<(), Error> {
        self.stage = Stage::Committing;
        let committed = self.script("COMMIT").await;
        // If the server answered at all, it has ended the transaction one way or the other.
        if self.stage == Stage::Committing {
            self.stage = Stage::Idle;
        }
        committed
    }

    /// Rolls back; a connection that can't even do that is closed when it is dropped.
    pub(super) async fn rollback(&mut self) {
        let again = self.again.take(); // what failed before decides, not what fails now
        if self.script("ROLLBACK").await.is_ok() {
            self.stage = Stage::Idle;
        }
        self.again = again;
    }

    pub(in super::super) async fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, Error> {
        let asked = async {
            let client = self.client()?;
            let statement = client.prepare_cached(sql).await?;
            client.query(&statement, &as_params(params)).await.map(|rows| (statement, rows)).map_err(Failed::from)
        }
        .await;
        let (statement, rows) = self.checked(asked, sql)?;
        let columns: Arc<[String]> = statement.columns().iter().map(|c| c.name().to_owned()).collect();
        let values = rows.iter().map(|row| Ok(Row::new(Arc::clone(&columns), values::of_row(row)?)));
        values.collect::<Result<_, String>>().map_err(|what| Error::bug_in(sql, what))
    }

    pub(in super::super) async fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, Error> {
        let done = async {
            let client = self.client()?;
            let statement = client.prepare_cached(sql).await?;
            refuse_rows(&statement)?;
            client.execute(&statement, &as_params(params)).await.map_err(Failed::from)
        }
        .await;
        self.checked(done, sql)
    }

    pub(in super::super) async fn script(&mut self, sql: &str) -> Result<(), Error> {
        let done = async { self.client()?.batch_execute(sql).await.map_err(Failed::from) }.await;
        self.checked(done, sql)
    }

    fn client(&self) -> Result<&Object, Failed> {
        self.client.as_ref().ok_or(Failed::Ours("the connection was given back"))
    }

    /// Notes what an error means for the transaction, and translates it.
    fn checked<T>(&mut self, result: Result<T, Failed>, sql: &str) -> Result<T, Error> {
        let e = match result {
            Ok(done) => return Ok(done),
            Err(Failed::Ours(what)) => return Err(Error::bug_in(sql, what)),
            Err(Failed::Theirs(e)) => e,
        };
        let error = errors::translate(&e, sql, self.mode);
        let lost = errors::is_connection_lost(&e);
        if lost && self.stage == Stage::Committing {
            self.stage = Stage::Unknown;
        } else if lost || errors::is_conflict(&e) {
            self.again = Some(error.clone());
        }
        Err(error)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if self.stage != Stage::Idle {
            // Out of the pool, and closed.
            drop(self.client.take().map(Object::take));
        }
    }
}

/// Why a statement failed: by our own rules, or by what the driver or the server said.
enum Failed {
    Ours(&'static str),
    Theirs(tokio_postgres::Error),
}

impl From<tokio_postgres::Error> for Failed {
    fn from(e: tokio_postgres::Error) -> Self {
        Self::Theirs(e)
    }
}

/// As SQLite's driver does.
fn refuse_rows(statement: &Statement) -> Result<(), Failed> {
    match statement.columns().is_empty() {
        true => Ok(()),
        false => Err(Failed::Ours("execute was used for a statement that answers with rows; use query")),
    }
}

fn as_params(params: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    params.iter().map(|p| p as &(dyn ToSql + Sync)).collect()
}
