//! How an incident kept its duties: what was owed, by when, by whom, and what became of it.

use super::parts::{Icon, Place, Prose, Severity, Shell, State};
use askama::Template;

/// `GET /incidents/{number}/duties`.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "kept.html")]
pub struct Page {
    /// The frame; live.
    pub shell: Shell,
    /// `2026-041`.
    pub number: String,
    /// The incident's name.
    pub title: String,
    /// Its severity.
    pub severity: Severity,
    /// `14 of 17 duties were done in time`.
    pub heading: String,
    /// How many were done in time, late, and not at all: a bar of three parts, each as wide as it is many.
    pub parts: Vec<Part>,
    /// Each duty, in the order in which it came to be owed.
    pub owed: Vec<Owed>,
}

/// A part of the bar.
#[derive(Clone, PartialEq, Debug)]
pub struct Part {
    /// How many, and what: `14 in time`.
    pub state: State,
    /// Where it begins, in percent of the bar.
    pub from: usize,
    /// How wide it is, in percent.
    pub wide: usize,
}

/// A duty.
#[derive(Clone, PartialEq, Debug)]
pub struct Owed {
    /// `In time`, `Late by 5 min`, `Not done`, `Owed`.
    pub state: State,
    /// What was owed: `Tell user support directly`.
    pub what: String,
    /// Who owed it; empty while nobody did.
    pub by: String,
    /// By when.
    pub due: Prose,
    /// When it was done, or why it is not owed any more.
    pub done: Prose,
}

impl Page {
    fn document_title(&self) -> String {
        self.shell.frame.title(&format!("{} duties: {}", self.number, self.title))
    }
}
