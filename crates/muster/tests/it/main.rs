//! The one integration binary.

// A test that fails should say so by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod channels;
mod coverage;
mod sim;
mod stories;
mod tidy;
