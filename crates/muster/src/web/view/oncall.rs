//! On call: who answers for what now? Until schedules exist, a list's first person.

use super::parts::{Icon, Place, Prose, Shell, State, Tel};
use askama::Template;

/// `GET /oncall`.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "oncall.html")]
pub struct Page {
    /// The frame.
    pub shell: Shell,
    /// The state in words: `Somebody answers for all 12 systems`, `Nobody answers for Printing`.
    pub heading: String,
    /// What the lists are.
    pub about: Prose,
    /// Systems with their technical contacts.
    pub systems: Vec<Contacts>,
    /// Areas with members, supervisors and management.
    pub areas: Vec<Contacts>,
}

impl Page {
    fn halves(&self) -> [(&'static str, &[Contacts]); 2] {
        [("Systems", &self.systems), ("Areas", &self.areas)]
    }
}

/// People in the order to try.
#[derive(Clone, PartialEq, Debug)]
pub struct Contacts {
    /// Unique on the page.
    pub id: String,
    /// `Email`, `Server team: management`.
    pub name: String,
    /// Its page, if it has one.
    pub href: Option<String>,
    /// `Nobody`, if nobody is there.
    pub gap: Option<State>,
    /// First contact first.
    pub people: Vec<OnCall>,
}

/// A person in such a list.
#[derive(Clone, PartialEq, Debug)]
pub struct OnCall {
    /// Full name, `(you)` for the reader.
    pub name: String,
    /// Their page.
    pub href: String,
    /// What they are.
    pub title: String,
    /// The number to ring.
    pub tel: Option<Tel>,
    /// `No means of contact`, if that is so.
    pub state: Option<State>,
}
