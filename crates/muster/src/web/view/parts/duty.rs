//! Duties: the clock row of one incident, and what a person owes across incidents.

use super::{Prose, State};

/// One duty in a clock row.
#[derive(Clone, PartialEq, Debug)]
pub struct Due {
    /// Late, soon, later, waiting: [`State::late`] and its kin with `Times::due`.
    pub state: State,
    /// What is owed, in a few words: `Tell user support`.
    pub what: String,
    /// By when, or how far it is: `2 tries, nobody reached`.
    pub note: Prose,
    /// Where it is met on the incident's page: `#calls`.
    pub href: String,
    /// Whether its time has passed.
    pub late: bool,
}

/// One duty in a list of what is owed.
#[derive(Clone, PartialEq, Debug)]
pub struct Duty {
    /// Late, soon, later, waiting.
    pub state: State,
    /// What is owed: `Reach server team management directly`.
    pub what: String,
    /// Incident, due time, what is next: `2026-041, was due 03:09 GMT`.
    pub note: Prose,
    /// Where it is met.
    pub href: String,
    /// The words of the button: `Open call list`.
    pub act: String,
    /// Whether its time has passed.
    pub late: bool,
}
