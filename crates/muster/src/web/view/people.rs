//! People: who is it, how are they reached, what may they do?

use super::parts::{
    Choice, Fact, Field, Icon, Notice, Place, Prose, Select, Shell, Stamp, State, Summary, Tel, problems,
};
use super::time::When;
use askama::Template;

/// `GET /people?q=…&after=…`.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "people.html")]
pub struct List {
    /// The frame.
    pub shell: Shell,
    /// `28 people`, `2 people with “osei”`.
    pub heading: String,
    /// What was searched for.
    pub search: String,
    /// By name, at most a page of them.
    pub rows: Vec<Row>,
    /// Said when there is none.
    pub none: Prose,
    /// Where the next ones are.
    pub next: Option<String>,
    /// Where the first ones are, if these aren't.
    pub first: Option<String>,
}

/// One person in the list.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    /// Full name, `(you)` for the reader.
    pub name: String,
    /// Their page.
    pub href: String,
    /// What they are.
    pub title: String,
    /// `Server team, Applications`.
    pub areas: String,
    /// What they may do: `Responder`.
    pub role: String,
    /// The number to ring.
    pub tel: Option<Tel>,
    /// `Gone`, `No means of contact`, if that is so.
    pub state: Option<State>,
}

impl Page {
    /// Where an administrator changes who they are.
    fn edit(&self) -> String {
        self.href.replace("/people/", "/organisation/person/")
    }
}

/// `GET /people/{id}`.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "person.html")]
pub struct Page {
    /// The frame.
    pub shell: Shell,
    /// The address of this page: `/people/daniel`.
    pub href: String,
    /// Full name, `(you)` for the reader.
    pub name: String,
    /// What they are.
    pub title: String,
    /// Gone, signed in, never signed in.
    pub state: State,
    /// Something to do first: nobody can reach this person.
    pub notices: Vec<Notice>,
    /// How to reach them, in the order to try.
    pub means: Vec<Means>,
    /// Role, areas, systems they answer for or own.
    pub facts: Vec<Fact>,
    /// What they owe now.
    pub owes: Vec<Fact>,
    /// For administrators.
    pub admin: Option<Admin>,
}

/// One way to reach a person.
#[derive(Clone, PartialEq, Debug)]
pub struct Means {
    /// `Call`, `Email`.
    pub kind: String,
    /// Number, address or topic; a link where it is a telephone number.
    pub to: Prose,
    /// `then waits 5 min`.
    pub wait: String,
    /// Whether it was seen to work.
    pub state: State,
}

/// What an administrator does about a person. Each is a POST to `/people/{id}/…`:
/// `role`: `act`, `role`. `gone`: `act`, `gone` (`yes`, `no`). `sign-in-link`: `act`. `end-sessions`: `act`.
#[derive(Clone, PartialEq, Debug)]
pub struct Admin {
    /// Hidden fields.
    pub stamp: Stamp,
    /// The role chosen.
    pub role: Field,
    /// The roles: value and what it may do.
    pub roles: Vec<Choice>,
    /// Whether they have left.
    pub gone: bool,
    /// The link just made; shown once.
    pub link: Option<NewLink>,
    /// Where they are signed in.
    pub sessions: Vec<Session>,
    /// Why an act was refused.
    pub refused: Option<String>,
}

impl Admin {
    /// Everything to mend.
    #[must_use]
    pub fn summary(&self) -> Summary {
        Summary { problems: problems("person", self.refused.as_ref(), &[("role", &self.role)]) }
    }
}

/// A link that lets a person in; shown once.
#[derive(Clone, PartialEq, Debug)]
pub struct NewLink {
    /// The whole address.
    pub url: Field,
    /// `It works once, until 04:13 GMT.`
    pub until: Prose,
}

/// Where somebody is signed in.
#[derive(Clone, PartialEq, Debug)]
pub struct Session {
    /// As forms send it.
    pub id: String,
    /// `Firefox on Linux`.
    pub device: String,
    /// When they signed in.
    pub since: When,
    /// When they were last seen.
    pub seen: When,
    /// Whether it is the one that reads this.
    pub this: bool,
}
