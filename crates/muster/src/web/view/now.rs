//! Now: is anything wrong, is it mine, what do I owe next, who is on call?

use super::parts::{Duty, Fact, Icon, IncidentRow, Notice, Place, Prose, Shell, State};
use askama::Template;

/// `GET /now`.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "now.html")]
pub struct Page {
    /// The frame; live.
    pub shell: Shell,
    /// The state in words: `3 open incidents, 1 critical`, `No open incidents`.
    pub heading: String,
    /// The date and time, and whether the reader is on call.
    pub about: Prose,
    /// What everybody should see first: the books don't balance, nobody can be reached.
    pub notices: Vec<Notice>,
    /// Worst and newest first.
    pub open: Vec<IncidentRow>,
    /// If none is open: `The last one was restored 3 d ago.`
    pub last: Prose,
    /// What the reader owes, soonest first; late ones first of all.
    pub owed: Vec<Duty>,
    /// `6 things, 1 late`.
    pub owed_count: String,
    /// What waits for the reader's word: who wants to disrupt what they work on.
    pub asked: Vec<Prose>,
    /// What the reader claims.
    pub held: Vec<Prose>,
    /// System or area, and who answers for it.
    pub on_call: Vec<Fact>,
    /// Alerts that may become incidents.
    pub watching: Vec<Watched>,
    /// How the rest is: `All 38 other systems are working. Last signal 40 s ago.`
    pub rest: Prose,
}

/// An alert that may become an incident.
#[derive(Clone, PartialEq, Debug)]
pub struct Watched {
    /// The alert's title.
    pub title: String,
    /// Where it is.
    pub href: String,
    /// `8 min left`.
    pub state: State,
    /// `becomes an incident at 03:22 GMT: the rule is 15 minutes`.
    pub why: Prose,
}
