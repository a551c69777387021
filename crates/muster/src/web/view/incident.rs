//! The incident: how bad, how long, who leads, what is late, who is touching what?
//!
//! Every form is there exactly when the reader may do its act now. A form that comes back with
//! problems is shown open, with everything that was typed.

mod forms;

pub use forms::{
    Acts, AddSystem, AskCommunicator, Contact, HandOver, HeardElsewhere, NoCommunicator, OwnField, PeopleAsked, Reopen,
    ReportFiled, Restore, Restrict, Roles, Set, SetRestored, SetSeverity, SkipStep, Step, Steps, Unrestrict, Withdraw,
};

use super::links::Others;
use super::parts::{
    CallList, Choice, Due, Fact, Field, Icon, Input, Log, Notice, Pills, Place, Prose, Select, Severity, Shell, Stamp,
    State, Words,
};
use askama::Template;

/// `GET /incidents/{number}`, and what its POSTs answer when something has to be mended.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "incident.html")]
pub struct Page {
    /// The frame; live.
    pub shell: Shell,
    /// Hidden fields of the composer and of buttons without a form of their own.
    pub stamp: Stamp,
    /// `2026-041`.
    pub number: String,
    /// Its name.
    pub title: String,
    /// Its severity.
    pub severity: Severity,
    /// That only some may see it.
    pub restricted: Option<State>,
    /// Where looking back begins; none while it lasts, and where there is nothing to look back at.
    pub replay: Option<String>,
    /// Down for how long, if service is or was away.
    pub elapsed: Option<Elapsed>,
    /// State, manager, communications, bridge: `State`, `Open, intense`.
    pub facts: Vec<Fact>,
    /// `1 late`.
    pub late: Option<String>,
    /// Somebody else was first: both texts.
    pub overtaken: Option<Overtaken>,
    /// A refusal, a proposal, a warning: soonest to act on first.
    pub notices: Vec<Notice>,
    /// Duties, soonest first, at most 7.
    pub due: Vec<Due>,
    /// The field that is always there to write in; none for a reader.
    pub composer: Option<Composer>,
    /// Newest first.
    pub log: Log,
    /// Who is being called now, and whom to tell directly.
    pub calls: Vec<CallList>,
    /// Name, symptoms, times, cause: what the form will say.
    pub picture: Vec<Fact>,
    /// Systems with their state and owner.
    pub systems: Vec<Affected>,
    /// `About 21,520 people: all staff 3,120, all students 18,400.`
    pub populations: Prose,
    /// Alerts that opened or joined it.
    pub alerts: Vec<JoinedAlert>,
    /// Who does what, and who knows.
    pub roles: Roles,
    /// The checklist at a glance.
    pub steps: Steps,
    /// Incidents that it hangs together with.
    pub others: Others,
    /// What the reader may do now.
    pub acts: Acts,
    /// People to suggest in the contact form: name as the value, title as the label.
    pub people: Vec<Choice>,
}

impl Page {
    /// The document's title: the number, how long, and as much of the name as fits.
    fn document_title(&self) -> String {
        let elapsed = self.elapsed.as_ref().map(|e| format!(" {}", e.words.plain())).unwrap_or_default();
        self.shell.frame.title(&format!("{}{elapsed}: {}", self.number, self.title))
    }

    /// A label that names the zone of the time to type.
    fn zoned(&self, label: &str) -> String {
        format!("{label} ({})", self.shell.frame.zone)
    }
}

/// How long service has been away.
#[derive(Clone, PartialEq, Debug)]
pub struct Elapsed {
    /// `Down for`, `Was down for`, `Found`.
    pub label: String,
    /// `43 min`; a finished outage stands still.
    pub words: Words,
    /// `since about 02:31 GMT`.
    pub since: Prose,
}

/// Two people at once: nothing is overwritten, both texts are shown.
#[derive(Clone, PartialEq, Debug)]
pub struct Overtaken {
    /// `Marta Lindqvist changed the symptoms 1 min ago, while you were writing.`
    pub lead: String,
    /// What they wrote.
    pub theirs: String,
    /// What the reader wrote; still in the form below.
    pub yours: String,
}

/// The field that is always there to write in.
///
/// POST `note`: `act`, `seen`, `kind` (a word of DOC-2), `text`, `happened` (empty: now).
#[derive(Clone, PartialEq, Debug)]
pub struct Composer {
    /// What was typed.
    pub text: Field,
    /// Kinds that a person writes: `activity` as `Note`, `decision`, `change`, …
    pub kinds: Vec<Choice>,
    /// The kind chosen.
    pub kind: Field,
    /// When it happened, if not now.
    pub happened: Field,
    /// Files to put beside what is written.
    pub attach: Attach,
}

/// Files to put on the incident, with a line that says what they show.
///
/// POST `attach` (multipart): `act`, `seen`, `text`, `file` (several).
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Attach {
    /// What they show.
    pub text: Field,
    /// What is wrong with the files; no browser takes a chosen file back.
    pub file: Field,
    /// The most for one file: `25 MiB`.
    pub most: String,
}

/// A system of the incident.
#[derive(Clone, PartialEq, Debug)]
pub struct Affected {
    /// Its name.
    pub name: String,
    /// Its page.
    pub href: String,
    /// How it is: `Health::state`.
    pub state: State,
    /// Its owner's name, or `Nobody`.
    pub owner: String,
}

/// An alert of the incident.
#[derive(Clone, PartialEq, Debug)]
pub struct JoinedAlert {
    /// As forms send it.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its page.
    pub href: String,
    /// `Firing`, `Resolved 03:47`.
    pub state: State,
    /// Why it is here: `opened it by rule 3`, `joined: depends on Directory, 7 signals`.
    pub why: Prose,
    /// Whether the reader can make it leave. POST `leave-alert`: `act`, `seen`, `alert`, `reason`.
    pub may_leave: bool,
}
