//! What goes on paper and into files: the incident form as CSV, Markdown and PDF, and the export that
//! proves itself, and the pack of everything; and the checkpoints that leave the machine. Pure: data in, text or bytes out; but for the printer,
//! which is a process of its own.

pub mod checkpoint;
pub mod export;
pub mod messages;
#[cfg(feature = "pdf")]
pub mod paper;
#[cfg(feature = "pdf")]
pub mod printer;
pub mod proof;
pub mod text;

use crate::store::subjects::{Chained, Stored};
use muster_core::entry::Entry;

/// A whole log, as it was read in one snapshot.
#[derive(Clone, Debug)]
pub struct WholeLog {
    /// The incident that it makes, and its head.
    pub stored: Stored,
    /// Its entries.
    pub entries: Vec<Entry>,
    /// The same as stored, with their places in the chain.
    pub chained: Vec<Chained>,
}
