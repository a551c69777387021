//! What PostgreSQL's errors mean to a caller (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).

use super::super::tx::Mode;
use super::super::{Broken, Error};
use deadpool_postgres::{PoolError, TimeoutType};
use tokio_postgres::error::{DbError, SqlState};

/// The store's word for `e`, which `sql` ran into. A list of what is the database's trouble; everything else is ours.
pub(super) fn translate(e: &tokio_postgres::Error, sql: &str, mode: Mode) -> Error {
    match e.as_db_error() {
        _ if is_connection_lost(e) => Error::Unavailable(chain(e)),
        // The detail is left out: it holds values.
        Some(server) => from_server(server, sql, mode),
        None => Error::bug_in(sql, chain(e)),
    }
}

fn from_server(e: &DbError, sql: &str, mode: Mode) -> Error {
    let code = e.code().code();
    let text = format!("{} ({code})", e.message());
    match code.get(..2).unwrap_or_default() {
        "23" => constraint(e).unwrap_or_else(|| Error::bug_in(sql, text)),
        // Told apart before, and tried again; this is for whoever sees it in the closure.
        "40" => Error::Conflict(1),
        _ if *e.code() == SqlState::READ_ONLY_SQL_TRANSACTION => match mode {
            Mode::Read => Error::bug_in(sql, "a read tried to write"),
            Mode::Write | Mode::Migrate => Error::Unavailable("the server is a standby that cannot write".to_owned()),
        },
        // Connections, resources (disk, memory, connections), an operator (shutdown, cancel), the system beneath.
        "08" | "53" | "57" | "58" => Error::Unavailable(text),
        _ if matches!(code, "25P03" | "55P03") => Error::Unavailable(text),
        _ => Error::bug_in(sql, text),
    }
}

/// Why no connection could be had. Whatever it is, somebody can mend it while we run: a wrong password too.
pub(super) fn no_connection(e: &PoolError) -> Error {
    Error::Unavailable(match e {
        PoolError::Timeout(TimeoutType::Wait) => "all connections to PostgreSQL are in use".to_owned(),
        PoolError::Timeout(TimeoutType::Create | TimeoutType::Recycle) => "PostgreSQL does not answer".to_owned(),
        PoolError::Backend(e) => chain(e),
        e @ (PoolError::Closed | PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_)) => chain(e),
    })
}

/// Whether the transaction met another, or may have, and would be done if it were tried again. Two that read the last
/// entry of a log and each append the next meet at its key, and the server calls that a broken unique key even where it
/// serializes, as it does not see that the one follows from the other
/// (<https://www.postgresql.org/docs/current/mvcc-serialization-failure-handling.html>). One that is broken for good
/// is so in every try.
pub(super) fn is_conflict(e: &tokio_postgres::Error) -> bool {
    let met = [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED, SqlState::UNIQUE_VIOLATION];
    e.code().is_some_and(|code| met.contains(code))
}

/// Whether the connection is gone: closed under us, or by a server that shuts down.
pub(super) fn is_connection_lost(e: &tokio_postgres::Error) -> bool {
    let io = || std::error::Error::source(e).is_some_and(|source| source.is::<std::io::Error>());
    match e.code() {
        Some(code) => [SqlState::ADMIN_SHUTDOWN, SqlState::CRASH_SHUTDOWN].contains(code),
        None => e.is_closed() || io(),
    }
}

/// A constraint in the words that SQLite uses for it, so that callers see one.
fn constraint(e: &DbError) -> Option<Error> {
    let (table, name) = (e.table().unwrap_or_default(), e.constraint().unwrap_or_default());
    let (kind, which) = match e.code().code() {
        "23505" => (Broken::Unique, key_columns(table, e.detail()).unwrap_or_else(|| name.to_owned())),
        "23503" => (Broken::ForeignKey, "foreign key".to_owned()),
        "23502" => (Broken::NotNull, format!("{table}.{}", e.column().unwrap_or_default())),
        "23514" => (Broken::Check, name.to_owned()),
        _ => return None,
    };
    Some(Error::Constraint { kind, which })
}

/// The columns of a unique key as SQLite writes them, from the detail `Key (subject, seq)=(i1, 7) already exists.`;
/// the form is the same in every language. None if the server keeps details to itself or the key is an expression.
fn key_columns(table: &str, detail: Option<&str>) -> Option<String> {
    let (columns, _) = detail?.split_once('(')?.1.split_once(")=(")?;
    let plain = |c: &str| c.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let columns: Vec<&str> = columns.split(", ").collect();
    let named =
        columns.iter().all(|c| plain(c)).then(|| columns.iter().map(|c| format!("{table}.{c}")).collect::<Vec<_>>());
    named.map(|names| names.join(", "))
}

/// An error with its causes, as drivers keep the telling part in the cause.
pub(super) fn chain(e: &dyn std::error::Error) -> String {
    let mut text = e.to_string();
    let mut cause = e.source();
    while let Some(e) = cause {
        text = format!("{text}: {e}");
        cause = e.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unique_key_is_named_as_sqlite_names_it() {
        for (detail, expected) in [
            ("Key (email)=(a@b.example) already exists.", Some("people.email")),
            ("Schlüssel »(subject, seq)=(i1, 7)« existiert bereits.", Some("people.subject, people.seq")),
            ("Key (lower(name))=(x) already exists.", None),
            ("", None),
        ] {
            assert_eq!(key_columns("people", Some(detail)).as_deref(), expected, "{detail}");
        }
        assert_eq!(key_columns("people", None), None);
    }
}
