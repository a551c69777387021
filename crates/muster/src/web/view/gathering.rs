//! Conference calls, and how people come: who is invited, who is in, who is awaited, and what do I say?

use super::link::About;
use super::parts::{Field, Form, Frame, Icon, Input, Notice, Prose, Stamp, State};
use askama::Template;

/// A conference call on the page of meetings.
#[derive(Clone, PartialEq, Debug)]
pub struct Called {
    /// Its number.
    pub number: u32,
    /// `Conference call 1: find the bad disk`.
    pub what: String,
    /// How it stands.
    pub state: State,
    /// When, and by whom it was called.
    pub when: Prose,
    /// Number or address, and PIN.
    pub bridge: String,
    /// Who is invited, each with whether they are in.
    pub invited: Vec<(String, State)>,
    /// Write down who is in it. POST `call/joined`: `call`, `people`.
    pub joined: Option<Form>,
    /// Change it. POST `call`: `call`, `purpose`, `starts-at`, `bridge`, `invited`, `reason`.
    pub change: Option<Form>,
    /// Cancel it. POST `call/cancel`: `call`, `reason`.
    pub cancel: Option<Form>,
}

/// `GET /l/{token}` of an invitation.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "link_call.html")]
pub struct Invitation {
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
    /// What the call is for.
    pub heading: String,
    /// When it begins.
    pub when: Prose,
    /// Number or address, and PIN; empty when it is over.
    pub bridge: String,
    /// What is asked, or what became of it.
    pub notice: Notice,
    /// Something went wrong with the last answer.
    pub refused: Option<Notice>,
    /// Who is invited, each with whether they are in.
    pub people: Vec<(String, State)>,
    /// Until when the link works.
    pub until: Prose,
    /// Whether `I am in` is offered. POST to the same address: `answer` = `in`.
    pub join: bool,
    /// How they come, if that is asked.
    pub come: Option<Come>,
}

/// The form in which somebody says how they come. POST `/l/{token}/come`: `come`, `minutes`.
#[derive(Clone, PartialEq, Debug)]
pub struct Come {
    /// Where they are wanted, and what they said so far.
    pub said: String,
    /// Minutes, as typed.
    pub minutes: Field,
}

impl Come {
    /// What was typed.
    pub(super) fn typed(&self) -> &Field {
        &self.minutes
    }
}
