//! What SQLite's errors mean to a caller.

use super::super::tx::Mode;
use super::super::{Broken, Error};
use rusqlite::ErrorCode;
use rusqlite::ffi;

/// The store's word for `e`, which `sql` ran into. A list of what is the database's trouble; everything else is ours.
pub(super) fn translate(e: &rusqlite::Error, sql: &str, mode: Mode) -> Error {
    let rusqlite::Error::SqliteFailure(code, _) = e else {
        return Error::bug_in(sql, e);
    };
    match code.code {
        ErrorCode::ConstraintViolation => constraint(code.extended_code, &e.to_string(), sql),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
            Error::Unavailable("another program keeps the database file locked".to_owned())
        }
        // A read that tries to write is our mistake; a disk that became read-only is not.
        ErrorCode::ReadOnly if mode == Mode::Read => Error::bug_in(sql, "a read tried to write"),
        _ if is_trouble(code.code) => Error::Unavailable(e.to_string()),
        _ => Error::bug_in(sql, e),
    }
}

/// Whether the connection may be of no use from now on, so that the next transaction should open a new one.
pub(super) fn needs_new_connection(e: &rusqlite::Error) -> bool {
    let code = e.sqlite_error_code();
    code.is_some_and(|code| is_trouble(code) && code != ErrorCode::DiskFull)
}

/// Trouble of the file, the disk or the machine (<https://www.sqlite.org/rescode.html>).
fn is_trouble(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::DiskFull
            | ErrorCode::SystemIoFailure
            | ErrorCode::CannotOpen
            | ErrorCode::ReadOnly
            | ErrorCode::PermissionDenied
            | ErrorCode::FileLockingProtocolFailed
            | ErrorCode::DatabaseCorrupt
            | ErrorCode::NotADatabase
            | ErrorCode::OutOfMemory
            | ErrorCode::OperationInterrupted
    )
}

fn constraint(extended: i32, message: &str, sql: &str) -> Error {
    // "UNIQUE constraint failed: people.email", "CHECK constraint failed: end_after_start"
    let which = message.split_once(": ").map_or("foreign key", |(_, which)| which).to_owned();
    let kind = match extended {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
            Broken::Unique
        }
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Broken::ForeignKey,
        ffi::SQLITE_CONSTRAINT_NOTNULL => Broken::NotNull,
        ffi::SQLITE_CONSTRAINT_CHECK => Broken::Check,
        // A value of the wrong type in a STRICT table, and what the schema doesn't use.
        _ => return Error::bug_in(sql, message),
    };
    Error::Constraint { kind, which }
}
