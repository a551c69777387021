//! The one integration binary: what needs a database, a file or another process. `./test` runs it.

#![allow(clippy::duplicate_mod, reason = "every story is told once on each database")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that can't go on has failed")]

mod agreement;
mod channels;
mod checkpoints;
mod coverage;
mod databases;
mod kill;
mod migrations;
mod peers;
mod pg;
#[cfg(feature = "pdf")]
mod printing;
mod sim;
mod stopping;
mod store_contract;
mod store_trouble;
#[path = "stories/mod.rs"]
mod stories_on_postgres;
#[path = "stories/mod.rs"]
mod stories_on_sqlite;
mod tidy;
