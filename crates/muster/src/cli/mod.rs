//! Commands.

pub mod notify;
