//! Meetings and the end: when is it back, when do we meet next, who must still hear that it is over, may it be closed?

use super::gathering::Called;
use super::parts::{Choice, Form, Icon, Input, Notice, Pills, Place, Prose, Select, Severity, Shell, Stamp, State};
use askama::Template;

/// `GET /incidents/{number}/meetings`, and what its POSTs answer when something has to be mended.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "meetings.html")]
pub struct Page {
    /// The frame; live.
    pub shell: Shell,
    /// Hidden fields of every form.
    pub stamp: Stamp,
    /// `2026-041`.
    pub number: String,
    /// The incident's name.
    pub title: String,
    /// Its severity.
    pub severity: Severity,
    /// The state in words: `Next meeting 03:40 GMT, in 26 min`.
    pub heading: Prose,
    /// What went wrong with an act, what is missing before it can be closed.
    pub notices: Vec<Notice>,
    /// Estimates of restoration, newest first, each with who said it, when, on what grounds.
    pub estimates: Vec<(Prose, Prose)>,
    /// Another one. POST `estimate`: `back-at` (empty: nobody can say), `grounds`.
    pub estimate: Option<Form>,
    /// The next meetings: what, how it stands, when.
    pub next: Vec<(String, State, Prose)>,
    /// Meetings held, newest first.
    pub held: Vec<Held>,
    /// Write down what came of one. POST `meeting`: `kind`, `present`, `progress`, `changes`, `escalate`, `why`, `held`,
    /// `next`.
    pub meeting: Option<Form>,
    /// Conference calls, newest first.
    pub calls: Vec<Called>,
    /// Call one. POST `call`: `purpose`, `starts-at` (empty: now), `bridge`, `presence`, `invited`.
    pub call: Option<Form>,
    /// Calls whose minutes are owed, for the form `meeting`: `call`.
    pub pending: Vec<Choice>,
    /// Where people are wanted.
    pub presences: Vec<Choice>,
    /// How people come.
    pub comings: Vec<Choice>,
    /// Who comes, and how it stands.
    pub arrivals: Vec<(String, State)>,
    /// `Whoever is summoned is wanted on site.`
    pub wanted: String,
    /// Say otherwise. POST `presence`: `presence`, `people` (empty: whoever is summoned).
    pub presence: Option<Form>,
    /// Say how one comes. POST `come`: `person` (empty: oneself), `coming`, `minutes`.
    pub come: Option<Form>,
    /// Kinds of meeting.
    pub kinds: Vec<Choice>,
    /// Escalate or not.
    pub answers: Vec<Choice>,
    /// Who hears that it is over; empty before.
    pub follow: Vec<Followed>,
    /// `3 of 8 followed up`.
    pub follow_count: String,
    /// To tell them. POST `follow-up`: `person` (each), `by` (`message`, `spoken`), `text`.
    pub follow_up: Option<Form>,
    /// To close it. POST `close`: `review`.
    pub close: Option<Form>,
    /// When it was closed, and what the review said.
    pub closed: Option<Prose>,
}

/// A meeting that was held.
#[derive(Clone, PartialEq, Debug)]
pub struct Held {
    /// `Review meeting of the team`, when.
    pub lead: Prose,
    /// Who was there.
    pub present: String,
    /// How far it had got.
    pub progress: String,
    /// What changed in the plan, whether it was escalated, when the next is.
    pub then: Vec<Prose>,
}

/// Somebody who was contacted.
#[derive(Clone, PartialEq, Debug)]
pub struct Followed {
    /// The directory name.
    pub person: String,
    /// The full name.
    pub name: String,
    /// Whether and how they have heard.
    pub state: State,
    /// Whether the reader can still tick them.
    pub open: bool,
    /// Whether they are ticked, in a form that came back.
    pub ticked: bool,
}

impl Page {
    fn document_title(&self) -> String {
        self.shell.frame.title(&format!("{} meetings: {}", self.number, self.title))
    }
}
