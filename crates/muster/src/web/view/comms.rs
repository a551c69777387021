//! Communications: who hears next, what do they read, who has signed it off, whom did it reach?

use super::oncall::OnCall;
use super::parts::{
    Choice, Form, Icon, Input, Notice, Pills, Place, Prose, Select, Severity, Shell, Stamp, State, Tone,
};
use askama::Template;

/// `GET /incidents/{number}/comms`, and what its POSTs answer when something has to be mended.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "comms.html")]
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
    /// `IT management hears next, in 16 min`.
    pub heading: Prose,
    /// What waits, who is to be told first, whether a time was promised.
    pub lead: Prose,
    /// Where the first late update is, and how many are.
    pub late: Option<(String, String)>,
    /// What went wrong with an act, what reached nobody.
    pub notices: Vec<Notice>,
    /// From which template the plan is.
    pub template: String,
    /// Who hears what.
    pub rows: Vec<Row>,
    /// Add an audience. POST `audience`.
    pub audience: Option<Form>,
    /// Levels of detail.
    pub levels: Vec<Choice>,
    /// By what.
    pub through: Vec<Choice>,
    /// Who writes it.
    pub authors: Vec<Choice>,
    /// Updates, newest first.
    pub updates: Vec<Update>,
    /// The managers to tell before anything leaves IT.
    pub first: Vec<First>,
    /// What updates are written from, and whether it is known.
    pub known: Vec<(bool, Prose)>,
    /// Duties to tell that can be given to the Communications Manager. POST `hand`: `tell`.
    pub tells: Vec<(String, State, bool)>,
    /// What the owners agreed to.
    pub strategies: Vec<Prose>,
    /// Another one. POST `strategy`: `owner`, `text`.
    pub strategy: Option<Form>,
    /// The owners.
    pub owners: Vec<Choice>,
    /// What the Incident Manager was asked.
    pub asked: Vec<Asked>,
    /// Ask. POST `ask-facts`: `text`.
    pub ask: Option<Form>,
}

/// An audience.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    /// Its number.
    pub number: u32,
    /// Its name.
    pub name: String,
    /// Who is in it.
    pub who: String,
    /// When it hears next.
    pub due: Option<(State, Prose)>,
    /// What it gets.
    pub gets: String,
    /// In what detail.
    pub level: String,
    /// By what.
    pub through: String,
    /// How often.
    pub every: String,
    /// Where they meet, if they do.
    pub bridge: String,
    /// Call them together. POST `../call`: `purpose`, `starts-at`, `bridge`, `invited`.
    pub meet: Option<Form>,
    /// Who writes it.
    pub author: String,
    /// Who signs it off, if anybody has to.
    pub signer: Option<String>,
    /// Who may instead, and from when.
    pub deputy: Option<String>,
    /// When it last heard.
    pub last: Prose,
    /// Whom that reached.
    pub reached: Option<State>,
    /// Write an update. POST `draft`: `row`, `text`, `do`.
    pub draft: Option<Form>,
    /// Whether a sign-off can be asked for.
    pub signs: bool,
    /// Whether it can be given to the Communications Manager. POST `hand`: `row`.
    pub hand: bool,
    /// Change it. POST `audience`: `row`, its fields, `reason`.
    pub change: Option<Form>,
    /// Drop it. POST `drop`: `row`, `reason`.
    pub drop: Option<Form>,
}

/// An update.
#[derive(Clone, PartialEq, Debug)]
pub struct Update {
    /// Its number.
    pub number: u32,
    /// Of which row.
    pub row: u32,
    /// `Update 2 for clients`.
    pub lead: String,
    /// Where it stands.
    pub state: State,
    /// What it says.
    pub text: String,
    /// Who wrote, signed or returned it, what it corrects.
    pub then: Vec<Prose>,
    /// Edit it. POST `draft`: `update`, `row`, `text`, `do`.
    pub edit: Option<Form>,
    /// Whether a sign-off can be asked for.
    pub signs: bool,
    /// Whether the reader may sign it off or send it back. POST `sign` and `return`: `update`, `reason`.
    pub sign: Option<Form>,
    /// Whether the reader may send it. POST `send`: `update`.
    pub send: bool,
    /// Say why it cannot wait until every manager knows. POST `send`: `update`, `despite`.
    pub despite: Option<Form>,
    /// How it will read, if Muster sends it.
    pub preview: Option<Preview>,
    /// To whom it went, and what became of it.
    pub sent: Option<Sent>,
    /// Write a correction. POST `draft`: `row`, `corrects`, `text`.
    pub correct: Option<Form>,
}

/// An update as it will be sent.
#[derive(Clone, PartialEq, Debug)]
pub struct Preview {
    /// The subject of the email.
    pub subject: String,
    /// Its text.
    pub body: String,
    /// What phones show.
    pub short: String,
    /// How long that is.
    pub length: String,
}

/// To whom an update went.
#[derive(Clone, PartialEq, Debug)]
pub struct Sent {
    /// In all.
    pub state: State,
    /// One by one.
    pub all: Vec<Recipient>,
}

/// Somebody to whom an update went.
#[derive(Clone, PartialEq, Debug)]
pub struct Recipient {
    /// Who.
    pub name: String,
    /// What became of it.
    pub state: State,
    /// By which means, to which address, and what to do.
    pub note: String,
    /// Whether the reader may say that they told them, by hand.
    pub carry: bool,
}

impl Recipient {
    /// That person, how it stands with them, and a note.
    pub fn new(name: &str, state: State, note: &str) -> Self {
        Self { name: name.to_owned(), state, note: note.to_owned(), carry: false }
    }
}

/// A manager who does not know yet.
#[derive(Clone, PartialEq, Debug)]
pub struct First {
    /// Who, with their number.
    pub who: OnCall,
    /// Where it is recorded that they were told.
    pub href: String,
}

/// A question to the Incident Manager.
#[derive(Clone, PartialEq, Debug)]
pub struct Asked {
    /// By which entry.
    pub entry: u64,
    /// What.
    pub text: String,
    /// By whom, when; how it was answered.
    pub note: Prose,
    /// The answer.
    pub given: String,
    /// Answer it. POST `give-facts`: `asked`, `text`.
    pub give: Option<Form>,
}

impl Page {
    fn document_title(&self) -> String {
        self.shell.frame.title(&format!("{} communications: {}", self.number, self.title))
    }
}
