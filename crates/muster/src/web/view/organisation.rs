//! The organisation: what is set up, the form of one item of it, and what was changed.

use super::parts::{Choice, Fact, Field, Icon, Input, Notice, Place, Problem, Prose, Select, Shell, Stamp, Summary};
use super::work::{Act, Ask};
use askama::Template;
use askama::filters::HtmlSafe;

/// `GET /organisation`.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "organisation.html")]
pub struct Page {
    /// The frame.
    pub shell: Shell,
    /// The organisation's name.
    pub heading: String,
    /// What stands elsewhere: people, systems, the procedure.
    pub about: Prose,
    /// Name, time zone, business days, holidays.
    pub facts: Vec<Fact>,
    /// Areas, populations, senders, rules, fields, communications.
    pub sections: Vec<Section>,
    /// Whether the reader may change it.
    pub edits: bool,
}

/// Things of one kind.
#[derive(Clone, PartialEq, Debug)]
pub struct Section {
    /// Their kind, as addresses have it.
    pub kind: &'static str,
    /// `Areas`.
    pub title: &'static str,
    /// `5`, `In this order: the first that fits decides`.
    pub meta: String,
    /// Said when there is none.
    pub none: &'static str,
    /// `Add an area`.
    pub add: &'static str,
    /// Each: its name with a link, and what it says.
    pub rows: Vec<(Prose, Prose)>,
}

/// `GET /organisation/{kind}` and `GET /organisation/{kind}/{name}`: the form of one item.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "edit.html")]
pub struct Edit {
    /// The frame.
    pub shell: Shell,
    /// Where it came from: address and words.
    pub back: (String, &'static str),
    /// `Change Email`, `Add a person`.
    pub heading: String,
    /// What to know before it is changed.
    pub notices: Vec<Notice>,
    /// Where the form goes.
    pub action: String,
    /// Hidden fields.
    pub stamp: Stamp,
    /// What the item said when this was drawn; empty if it is new.
    pub was: String,
    /// What is asked.
    pub questions: Vec<Question>,
    /// What to mend.
    pub problems: Vec<Problem>,
    /// A key that was just made: shown this once.
    pub key: Option<Field>,
    /// What else can be done: remove it, make a key.
    pub acts: Vec<Act>,
    /// What was changed of it lately.
    pub changes: Vec<Change>,
}

impl Edit {
    fn summary(&self) -> Summary {
        Summary { problems: self.problems.clone() }
    }
}

/// A question of the form of an item.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "parts/question.html")]
pub enum Question {
    /// A text.
    Say(Ask),
    /// One of several.
    Choose {
        /// Its name.
        name: &'static str,
        /// Its label.
        label: &'static str,
        /// Which.
        field: Field,
        /// Of what.
        choices: Vec<Choice>,
    },
    /// Any of several.
    Tick {
        /// Its name.
        name: &'static str,
        /// Its legend.
        legend: &'static str,
        /// Value, words, whether it is ticked.
        choices: Vec<(String, String, bool)>,
    },
}

impl HtmlSafe for Question {}

/// A line of the audit trail.
#[derive(Clone, PartialEq, Debug)]
pub struct Change {
    /// Who did what, when.
    pub what: Prose,
    /// Whether it is all of something, and not what differs.
    pub folded: bool,
    /// Of each field that differs: its name, what it said, what it says.
    pub fields: Vec<(String, Option<String>, Option<String>)>,
}

/// `GET /organisation/changes`.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "changes.html")]
pub struct Changes {
    /// The frame.
    pub shell: Shell,
    /// `Changes of person ana`.
    pub heading: String,
    /// Newest first.
    pub changes: Vec<Change>,
    /// Where the older ones are.
    pub next: Option<String>,
    /// Where all of them are, if these are about one thing.
    pub all: bool,
}

/// `GET /organisation/holidays`: read days off from a calendar.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "holidays.html")]
pub struct Holidays {
    /// The frame.
    pub shell: Shell,
    /// Hidden fields.
    pub stamp: Stamp,
    /// What was pasted.
    pub text: Field,
    /// What came of reading it, if it was read.
    pub plan: Option<HolidayPlan>,
    /// The days that are set up.
    pub known: Vec<String>,
}

/// What a calendar would add.
#[derive(Clone, PartialEq, Debug)]
pub struct HolidayPlan {
    /// `3 days are new`.
    pub heading: String,
    /// Day and what it is called.
    pub new: Vec<(String, String)>,
    /// `12 are there already.`
    pub there: String,
    /// What could not be read, and why.
    pub unread: Vec<String>,
    /// The new days as the form sends them: `2026-12-25 2026-12-28`.
    pub days: String,
}
