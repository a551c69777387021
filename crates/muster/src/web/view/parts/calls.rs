//! Call lists: chains of people, of whom one must be reached.

use super::{Prose, Stamp, State, Tel};
use askama::Template;
use askama::filters::HtmlSafe;

/// A chain of people, of whom one must be reached.
///
/// POST `tell`: `act`, `seen`, `tell`, `person`, and the button `outcome` = `reached`, `message-left`,
/// `no-answer` or `wrong-number`.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "parts/call_list.html")]
pub struct CallList {
    /// Its id on the page, where clocks lead: `tell-1`.
    pub id: String,
    /// The name of the duty that it settles: `User support`.
    pub tell: String,
    /// `Call list: server team management`.
    pub title: String,
    /// Late, in some minutes, done.
    pub state: State,
    /// In the order to try.
    pub people: Vec<Callee>,
    /// What else there is to know: `Muster calls on by itself.`
    pub foot: Option<Prose>,
    /// Where results go: `/incidents/2026-041/tell`; none for a reader who may not record them.
    pub action: Option<String>,
    /// Where Muster is asked to call down the list by itself: `/incidents/2026-041/call-down`; none where it does, cannot,
    /// or need not.
    pub call_down: Option<String>,
    /// Hidden fields.
    pub stamp: Stamp,
}

impl HtmlSafe for CallList {}

/// A person in a call list.
#[derive(Clone, PartialEq, Debug)]
pub struct Callee {
    /// The directory name.
    pub person: String,
    /// `Daniel Osei`, `You`.
    pub name: String,
    /// What they are: `Head of Infrastructure`.
    pub title: String,
    /// The number to ring.
    pub tel: Option<Tel>,
    /// How it stands: `Not reached`, `Waiting for your answer`, `Next, in 4 min`.
    pub state: Option<State>,
    /// Whether this is the person to call now.
    pub next: bool,
    /// What to say, for the person to call now.
    pub say: Option<String>,
    /// Attempts, newest first: `03:03 voicemail left, does not count`.
    pub tries: Vec<Prose>,
    /// Whether the reader can record a result: four buttons for the next, folded for the others.
    pub answerable: bool,
}
