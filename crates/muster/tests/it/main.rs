//! The one integration binary: what needs a database, a file or another process. `./test` runs it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that can't go on has failed")]

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
mod store_contract;
mod store_trouble;
mod stories;
mod tidy;
