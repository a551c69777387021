//! PostgreSQL: a pool, and transactions that are tried again when they meet others.

mod connection;
mod errors;
mod thread;
mod tls;
mod values;

pub(super) use connection::Connection;
pub(super) use thread::Postgres;

use super::tx::{Conn, Mode};
use super::{Error, OpenError, Tx};
use deadpool_postgres::{Hook, HookError, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

/// Most connections of one node. Three nodes fit under PostgreSQL's usual `max_connections = 100` with room for people.
const CONNECTIONS_MAX: usize = 16;

/// How long a transaction waits for a free connection, and for a new one. Short, so that a sender hears 503 and tries
/// again before it gives up by itself.
const WAIT_MAX: Duration = Duration::from_secs(5);

/// How long a transaction may take. The server is told a little less for each statement, so that it gives up first.
const TRANSACTION_MAX: Duration = Duration::from_secs(30);

/// How long a migration may take: rebuilding the largest table of a large organisation.
const MIGRATION_MAX: Duration = Duration::from_secs(3600);

/// How long bytes may stay unacknowledged before the network counts as broken.
const NETWORK_MAX: Duration = Duration::from_secs(10);

/// What every connection says first. The last one frees the locks of a node that froze in the middle.
const SESSION: &str = "SET statement_timeout = '25s'; SET lock_timeout = '20s'; \
                       SET idle_in_transaction_session_timeout = '25s'";

/// How often a transaction is tried. Of those that meet at one row one always gets through, so with all connections of
/// a node after the same row the last needs about as many tries as there are connections; twice that for a second node.
const TRIES_MAX: u32 = 32;

/// Longest pause between two tries. By then the others are done: a transaction takes a few milliseconds.
const PAUSE_MAX_MS: u64 = 64;

/// Makes the pool. Connects when it is first used, so a server that is down now is no error here.
fn pool(address: &str) -> Result<Pool, OpenError> {
    let wrong = |e: &dyn std::error::Error| OpenError::Address(errors::chain(e));
    let (mut config, tls) = tls::read(address)?;
    fill_in(&mut config, std::env::var("PGPASSWORD").ok());
    config.application_name("muster").connect_timeout(WAIT_MAX).keepalives_idle(NETWORK_MAX);
    config.tcp_user_timeout(NETWORK_MAX);
    let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    Pool::builder(Manager::from_config(config, tls, recycling))
        .runtime(Runtime::Tokio1)
        .max_size(CONNECTIONS_MAX)
        .wait_timeout(Some(WAIT_MAX))
        .create_timeout(Some(WAIT_MAX))
        .post_create(Hook::async_fn(|client, _| {
            Box::pin(async move { client.batch_execute(SESSION).await.map_err(HookError::Backend) })
        }))
        .build()
        .map_err(|e| wrong(&e))
}

/// The password that stands in no address, where every program of PostgreSQL's looks for it (PostgreSQL, "Environment
/// Variables").
fn fill_in(config: &mut tokio_postgres::Config, password: Option<String>) {
    if let (None, Some(password)) = (config.get_password(), password) {
        config.password(password);
    }
}

/// Runs one transaction, and again if it met others or its connection broke before COMMIT.
async fn transact<T, E, F>(server: &Server, mode: Mode, f: &F) -> Result<T, E>
where
    E: From<Error>,
    F: AsyncFn(&mut Tx) -> Result<T, E>,
{
    let time = if mode == Mode::Migrate { MIGRATION_MAX } else { TRANSACTION_MAX };
    let mut why = Error::Conflict(TRIES_MAX);
    for attempt in 1..=TRIES_MAX {
        // A transaction that is dropped here closes its connection, and so is rolled back.
        match tokio::time::timeout(time, once(server, mode, f)).await {
            Ok(Outcome::Done(result)) => return result,
            Ok(Outcome::Again(error)) => why = error,
            Err(_) => return Err(Error::Unavailable(format!("a transaction took longer than {time:?}")).into()),
        }
        tokio::time::sleep(pause(attempt)).await;
    }
    match why {
        Error::Conflict(_) => Err(Error::Conflict(TRIES_MAX).into()),
        other => Err(other.into()),
    }
}

/// A server, as its transactions see it.
struct Server {
    pool: Pool,
    /// Writers of this node take turns, in the order in which they came. Nearly every one appends to the ledger, so
    /// side by side all but one would fail and have to be tried again; other nodes are met only now and then.
    turn: tokio::sync::Mutex<()>,
}

/// What became of one try.
enum Outcome<T> {
    Done(T),
    Again(Error),
}

async fn once<T, E, F>(server: &Server, mode: Mode, f: &F) -> Outcome<Result<T, E>>
where
    E: From<Error>,
    F: AsyncFn(&mut Tx) -> Result<T, E>,
{
    let _turn = match mode {
        Mode::Write => Some(server.turn.lock().await),
        Mode::Read | Mode::Migrate => None,
    };
    let mut conn = match server.pool.get().await {
        Ok(client) => Connection::new(client, mode),
        Err(e) => return Outcome::Done(Err(errors::no_connection(&e).into())),
    };
    if let Err(error) = conn.begin().await {
        return conn.try_again().map_or(Outcome::Done(Err(error.into())), Outcome::Again);
    }
    let mut tx = Tx::new(Conn::Postgres(conn));
    let mut result = tx.run(f).await;
    let (conn, after_commit) = tx.into_parts();
    let Conn::Postgres(mut conn) = conn else {
        return Outcome::Done(Err(Error::Bug("a transaction changed its connection".to_owned()).into()));
    };
    match &result {
        Err(_) => conn.rollback().await,
        Ok(_) => {
            if let Err(error) = conn.commit().await {
                result = Err(error.into());
            }
        }
    }
    if result.is_ok() || conn.commit_unknown() {
        after_commit.run();
    }
    match conn.try_again() {
        Some(error) if result.is_err() => Outcome::Again(error),
        _ => Outcome::Done(result),
    }
}

/// A random pause that grows, so that those who met don't meet again.
fn pause(attempt: u32) -> Duration {
    let longest = PAUSE_MAX_MS.min(1 << attempt.min(20));
    Duration::from_millis(RandomState::new().hash_one(attempt) % (longest + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_fills_in_the_password_that_the_address_leaves_out() {
        let password = |address: &str, known: Option<&str>| {
            let (mut config, _) = tls::read(address).unwrap();
            fill_in(&mut config, known.map(str::to_owned));
            config.get_password().map(<[u8]>::to_vec)
        };
        assert_eq!(password("postgres://muster@db/muster", Some("known")), Some(b"known".to_vec()));
        assert_eq!(password("postgres://muster:said@db/muster", Some("known")), Some(b"said".to_vec()));
        assert_eq!(password("postgres://muster@db/muster", None), None);
    }
}
