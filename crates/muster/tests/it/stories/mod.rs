//! Stories: what a user lives through, told against the real operations and the real database, with a
//! clock that moves only when the story moves it. Nothing sleeps; what is sent and not expected fails.
//!
//! `main.rs` loads these files twice, once for each database, so that no story can forget one.

mod claims;
mod gathering;
mod going_on;
mod harness;
mod linking;
mod planning;
mod reaching;
mod recording;
mod sending;
mod signing;
mod telling;
mod triaging;
mod versions;
mod watching;
