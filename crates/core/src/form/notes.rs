//! The notes: one row an entry, and nothing that was written is left out.

use crate::entry::{Entry, Fact};
use crate::incident::{Incident, Line, line};
use crate::words::{clock, in_full};
use crate::{Span, Time};
use serde::Serialize;
use std::collections::BTreeMap;

/// An entry written later than this after what it tells says so.
const WRITTEN_LATER: Span = Span::from_secs(60);

/// One row of the notes.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Note {
    /// The entry's number.
    pub number: u64,
    /// When it happened, in words.
    pub when: String,
    /// The same, for machines.
    pub at: Time,
    /// When it was written.
    pub written_at: Time,
    /// Its kind (DOC-2).
    pub kind: &'static str,
    /// What happened, or who was contacted and what came of it, as it was written.
    pub text: String,
    /// What is to be known of it: "Written 02:48 GMT.", "Corrected in entry 29.".
    pub remarks: Vec<String>,
    /// Who wrote it.
    pub by: String,
    /// The entries that correct its words, oldest first.
    pub corrected_in: Vec<u64>,
    /// The entry that takes it back.
    pub taken_back_in: Option<u64>,
}

pub(super) fn of(incident: &Incident, entries: &[Entry]) -> Vec<Note> {
    let mut corrected: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
    for entry in entries {
        if let Fact::Corrected(fact) = &entry.fact {
            corrected.entry(fact.entry).or_default().push(entry.seq);
        }
    }
    entries.iter().map(|entry| note(entry, incident, corrected.remove(&entry.seq).unwrap_or_default())).collect()
}

fn note(entry: &Entry, incident: &Incident, corrected_in: Vec<u64>) -> Note {
    let line = line(entry, incident);
    let taken_back_in = incident.taken_back.get(&entry.seq).copied();
    let zone = &incident.terms.time_zone;

    let mut remarks = Vec::new();
    if entry.recorded_at.duration_since(entry.happened_at) > WRITTEN_LATER {
        remarks.push(format!("Written {}.", clock(entry.recorded_at, entry.happened_at, zone)));
    }
    if let Some((last, others)) = corrected_in.split_last() {
        let others: String = others.iter().map(|n| format!("{n}, ")).collect();
        remarks.push(format!("Corrected in entry {others}{last}."));
    }
    if let Some(by) = taken_back_in {
        remarks.push(format!("Taken back in entry {by}."));
    }
    Note {
        number: entry.seq,
        when: in_full(entry.happened_at, zone),
        at: entry.happened_at,
        written_at: entry.recorded_at,
        kind: line.kind.word(),
        text: text(&line),
        remarks,
        by: entry.author.name().to_owned(),
        corrected_in,
        taken_back_in,
    }
}

/// A line of the log as one text, with what it proves.
fn text(line: &Line) -> String {
    let proof = line.proof.as_ref().map(|(_, words)| format!("{words}."));
    let parts = [line.lead.as_str(), line.text.as_str(), proof.as_deref().unwrap_or_default()];
    parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" ")
}
