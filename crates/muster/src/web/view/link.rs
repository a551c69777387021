//! The personal link: what is wrong, how bad, who was tried, and which of three answers do I give?
//!
//! Opening it answers nothing: each answer is a POST to the same address, `answer` = `take`, `know` or `cannot`.

use super::gathering::Come;
use super::parts::{Callee, Due, Fact, Field, Frame, Icon, Input, Log, Notice, Prose, Severity, Stamp, State};
use super::time::When;
use askama::Template;

/// The incident in a few lines.
#[derive(Clone, PartialEq, Debug)]
pub struct About {
    /// `2026-041`.
    pub number: String,
    /// Its severity.
    pub severity: Severity,
    /// Its name.
    pub title: String,
}

/// `GET /l/{token}` while an answer is asked for.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "link.html")]
pub struct Page {
    /// The frame.
    pub frame: Frame,
    /// Whose link it is.
    pub person: String,
    /// The address of this link, to which the answers go.
    pub action: String,
    /// Hidden fields.
    pub stamp: Stamp,
    /// Which incident.
    pub about: About,
    /// `43 min down, since about 02:31 GMT`, the duration in bold.
    pub elapsed: Prose,
    /// Systems with their states.
    pub systems: Vec<State>,
    /// How many people, who leads.
    pub facts: Vec<Fact>,
    /// `Asked of you: …`.
    pub asked: Notice,
    /// Something went wrong with the last answer.
    pub refused: Option<Notice>,
    /// The chain, with the reader in it as `You`.
    pub tried: Vec<Callee>,
    /// What is known: condition, alerts, at work.
    pub known: Vec<Fact>,
    /// `03:13 GMT, 1 min ago`.
    pub known_at: When,
    /// Until when the link works: `It works until 04:13 GMT and shows only this incident.`
    pub until: Prose,
    /// For a question: the reader's answer in words. POST to the same address: `act`, `text`.
    pub input: Option<Field>,
    /// What happens on each answer.
    pub answers: Vec<Answer>,
}

/// A big button.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    /// `take`, `know` or `cannot`.
    pub value: String,
    /// `I take it`.
    pub words: String,
    /// What happens then: `You become Incident Manager. The calls stop.`
    pub then: String,
    /// Whether it is the one to hope for.
    pub primary: bool,
}

/// `GET /l/{token}` of an update.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "link_update.html")]
pub struct Update {
    /// The frame.
    pub frame: Frame,
    /// Whose link it is.
    pub person: String,
    /// The address of this link.
    pub action: String,
    /// Hidden fields.
    pub stamp: Stamp,
    /// `2026-041`.
    pub number: String,
    /// `Update 2 for clients`.
    pub heading: String,
    /// When it was sent.
    pub when: Prose,
    /// What it says.
    pub text: String,
    /// What is asked, or what became of it.
    pub notice: Notice,
    /// Something went wrong with the last answer.
    pub refused: Option<Notice>,
    /// Until when the link works.
    pub until: Prose,
    /// Whether `I have read it` is offered. POST to the same address: `answer` = `read`.
    pub read: bool,
}

/// After an answer, or when there is nothing to answer any more: taken, known, cannot, gone.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "link_receipt.html")]
pub struct Receipt {
    /// The frame.
    pub frame: Frame,
    /// Whose link it is.
    pub person: String,
    /// The address of this link.
    pub action: String,
    /// Hidden fields.
    pub stamp: Stamp,
    /// Which incident.
    pub about: About,
    /// The state in words: `You have it since 03:14 GMT`, `Oskar Nyberg took it at 03:15 GMT`.
    pub heading: String,
    /// `Nobody has taken it yet. Kenji Morita is called at 03:18 GMT.`
    pub line: Prose,
    /// `The calls have stopped.`
    pub notice: Notice,
    /// What now: talk, read.
    pub steps: Vec<Step>,
    /// Answers that are still possible: `I take it after all`.
    pub answers: Vec<Answer>,
    /// Whether `Give it back` is offered (sends `cannot`).
    pub give_back: bool,
    /// Asks how whoever has it comes.
    pub come: Option<Come>,
    /// The incident, for whoever took it: this one, for as long as the link works.
    pub work: Option<Work>,
}

/// What somebody who took it sees and does by their link.
#[derive(Clone, PartialEq, Debug)]
pub struct Work {
    /// What is due, soonest first.
    pub due: Vec<Due>,
    /// Its log, newest first.
    pub log: Log,
    /// A note for the log, while they have it. POST `/l/{token}/note`: `act`, `text`.
    pub note: Option<Field>,
    /// `This link works until 04:13 GMT.`
    pub until: Prose,
}

/// Something to do next.
#[derive(Clone, PartialEq, Debug)]
pub struct Step {
    /// In a word: `Talk`, `Read`.
    pub verb: String,
    /// What it is.
    pub what: String,
    /// More about it.
    pub note: Prose,
    /// Where.
    pub href: String,
    /// The words of the button: `Open`.
    pub act: String,
}

/// An expired, used-up or unknown link. It shows nothing about the incident.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "link_expired.html")]
pub struct Expired {
    /// The frame.
    pub frame: Frame,
    /// `This link has expired`.
    pub heading: String,
    /// `It worked until 04:13 GMT. To protect others it shows nothing about the incident now.`
    pub line: Prose,
    /// What to do instead: address, words, more.
    pub ways: Vec<Step>,
}

impl Step {
    /// What it is, after the button's words, without a place to break: numbers are dialled from here.
    fn unbroken(&self) -> String {
        format!(" {}", self.what).replace(' ', "\u{a0}")
    }
}
