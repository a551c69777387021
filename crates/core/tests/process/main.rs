//! The process as process.md tells it: each test names the clause that it proves.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod attachments;
mod bad_input;
mod checklist;
mod claims;
mod comms;
mod compliance;
mod conference;
mod defining;
mod discovery;
mod ending;
mod fixture;
mod form;
mod hearing;
mod links;
mod log;
mod notes;
mod plan;
mod procedure;
mod properties;
mod restoring;
mod restriction;
mod staff;
mod telling;
mod triage;
mod users;
mod versions;
mod words;
