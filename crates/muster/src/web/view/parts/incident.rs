//! An incident in a list.

use super::{Prose, Severity, State, Words};
use askama::Template;
use askama::filters::HtmlSafe;

/// A fact with its name: `Manager`, `Priya Raman (you)`.
#[derive(Clone, PartialEq, Debug)]
pub struct Fact {
    /// What it is.
    pub name: String,
    /// What it says.
    pub value: Prose,
}

impl Fact {
    /// A fact.
    pub fn new(name: impl Into<String>, value: impl Into<Prose>) -> Self {
        Self { name: name.into(), value: value.into() }
    }
}

/// An incident in a list: on Now, among all incidents, on a system's page.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "parts/incident_row.html")]
pub struct IncidentRow {
    /// `2026-041`.
    pub number: String,
    /// Where it is.
    pub href: String,
    /// Its severity.
    pub severity: Severity,
    /// That only some may see it.
    pub restricted: Option<State>,
    /// Its state in a few words: `Open, intense`, `Suspected`, `Restored`.
    pub state: String,
    /// Its name.
    pub title: String,
    /// How long service was or has been away: `43 min`. Nothing is lost yet, or not known: none.
    pub elapsed: Option<Words>,
    /// Since when: `down since about 02:31 GMT`.
    pub since: Prose,
    /// Systems affected with their states: [`Health::of`](super::Health::of).
    pub systems: Vec<State>,
    /// Who leads, how many people: short facts.
    pub facts: Vec<Fact>,
    /// The next duty, if one is open: its state and what it is.
    pub next: Option<(State, Prose)>,
    /// Whether that duty is late.
    pub late: bool,
}

impl HtmlSafe for IncidentRow {}
