//! The command line.

pub mod demo;
pub mod notify;
pub mod serve;
