//! Muster: one binary that runs an organisation's service-disruption process.

pub mod web;
