//! The store: transactions on SQLite or PostgreSQL behind one small API of our own.
//!
//! A transaction is an async closure that may await nothing but its [`Tx`]:
//!
//! ```
//! use muster::store::{Db, Error, Row, Tx, params};
//!
//! /// Counts one more call of `name`, and says how many there were.
//! async fn count_call(db: &Db, name: &str) -> Result<i64, Error> {
//!     let name = name.to_owned();
//!     db.write(async move |tx| {
//!         let row = tx
//!             .query_one(
//!                 "INSERT INTO calls (name, calls) VALUES ($1, 1)
//!                  ON CONFLICT (name) DO UPDATE SET calls = calls.calls + 1 RETURNING calls",
//!                 params![&name],
//!             )
//!             .await?;
//!         row.get("calls")
//!     })
//!     .await
//! }
//! # let made = tokio::runtime::Builder::new_current_thread().build();
//! # made.unwrap().block_on(async {
//! # let db = Db::inline_memory().unwrap();
//! # db.write(async |tx| tx.execute("CREATE TABLE calls (name TEXT PRIMARY KEY, calls BIGINT)", &[]).await).await.unwrap();
//! # count_call(&db, "ana").await.unwrap();
//! # assert_eq!(count_call(&db, "ana").await, Ok(2));
//! # });
//! ```
//!
//! # Rules that hold on every database
//! - The closure is an `Fn`: PostgreSQL runs it again after a serialization failure. So ids and times are drawn outside
//!   it, and it changes nothing but the database. What must happen after COMMIT goes to [`Tx::after_commit`].
//! - `Ok` commits, `Err` rolls back. The error type is the caller's own; it only has to take in an [`Error`].
//! - The first failed statement ends the transaction, even if the closure swallows the error.
//! - Awaiting anything else, or starting a transaction inside a transaction, is an [`Error::Bug`] and rolls back. (A
//!   timer of tokio's may even panic, which aborts: there is no runtime on a thread of SQLite.)
//! - Transactions share a thread with others, so what takes long, such as rendering or hashing a password, is done
//!   before or after.
//! - [`Db::read`] sees one snapshot of what was committed, and cannot write.
//! - SQL is one `&'static str` for both databases, with `$1` for parameters and no text built at run time, so nothing can
//!   be injected. A statement that must differ is a [`dialect::Sql`] with both texts. Columns are TEXT, BIGINT and
//!   BLOB/BYTEA; a boolean is 0 or 1, a time is milliseconds since 1970; cast what is none of these:
//!   `CAST(sum(n) AS BIGINT) AS total`.
//!
//! # Reading order
//! [`db`] (where a transaction runs), [`tx`] (what it can do), [`value`] and [`row`], [`error`]; then `sqlite` and
//! `postgres` beneath, and [`migrate`], [`dialect`], [`backup`] on top.

pub mod access;
pub mod alerts;
pub mod attachments;
pub mod backup;
pub mod checkpoints;
pub mod db;
pub mod dialect;
pub mod duties;
pub mod error;
pub mod fault;
pub mod means;
pub mod meta;
pub mod migrate;
pub mod organisation;
pub mod outbox;
mod postgres;
pub mod row;
pub mod sight;
mod sqlite;
pub mod subjects;
pub mod tx;
pub mod value;

pub use crate::params;
pub use db::Db;
pub use dialect::{Dialect, Sql};
pub use error::{Broken, Error, OpenError};
pub use row::{FromValue, Mismatch, Row};
pub use sight::Sight;
pub use tx::Tx;
pub use value::Value;
