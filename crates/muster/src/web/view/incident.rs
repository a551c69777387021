//! The incident: how bad, how long, who leads, what is late, who is touching what?
//!
//! Every form is there exactly when the reader may do its act now. A form that comes back with
//! problems is shown open, with everything that was typed.

use super::parts::{
    CallList, Choice, Due, Fact, Field, Icon, Log, Notice, Place, Prose, Severity, Shell, Stamp, State, Summary, Words,
};
use super::parts::{Input, Pills, Select, problems};
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

/// What the reader may do now; a form is absent when they may not.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Acts {
    /// Become Incident Manager. POST `take`: `act`, `seen`. The words of the button: `Take it`, `Take over from Priya Raman`.
    pub take: Option<String>,
    /// A suspected one is real. POST `confirm`: `act`, `seen`.
    pub confirm: bool,
    /// A false alarm.
    pub withdraw: Option<Withdraw>,
    /// Service is back.
    pub restore: Option<Restore>,
    /// It wasn't over.
    pub reopen: Option<Reopen>,
    /// The service disruption report was handed in.
    pub report: Option<ReportFiled>,
    /// Correct what the form will say.
    pub set: Option<Set>,
    /// Judge anew how bad it is.
    pub severity: Option<SetSeverity>,
    /// Record a contact by hand.
    pub contact: Option<Contact>,
    /// Ask somebody else to take over.
    pub hand_over: Option<HandOver>,
    /// Add a system that is affected.
    pub add_system: Option<AddSystem>,
}

/// POST `hand-over`: `act`, `seen`, `person`, `reason`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct HandOver {
    /// Whom.
    pub person: Field,
    /// Why, and what they need to know.
    pub reason: Field,
    /// Why it was refused.
    pub refused: Option<String>,
}

/// POST `add-system`: `act`, `seen`, `system` (a name or directory name).
#[derive(Clone, PartialEq, Debug, Default)]
pub struct AddSystem {
    /// Which.
    pub system: Field,
    /// Names of systems to suggest.
    pub systems: Vec<String>,
    /// Why it was refused.
    pub refused: Option<String>,
}

/// POST `withdraw`: `act`, `seen`, `reason`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Withdraw {
    /// Why it was a false alarm.
    pub reason: Field,
    /// Why it was refused.
    pub refused: Option<String>,
}

/// POST `restore`: `act`, `seen`, `at`, `cause`, `resolution`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Restore {
    /// When service came back, as typed; filled with now, or with what the monitors propose.
    pub at: Field,
    /// Where that time comes from: `The monitors say that service is back since 03:52 GMT.`
    pub proposal: Option<Prose>,
    /// The cause, if known.
    pub cause: Field,
    /// What was done.
    pub resolution: Field,
    /// Why it was refused.
    pub refused: Option<String>,
}

/// POST `reopen`: `act`, `seen`, `reason`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Reopen {
    /// Why it is not over.
    pub reason: Field,
    /// Why it was refused.
    pub refused: Option<String>,
}

/// POST `report-filed`: `act`, `seen`, `reference`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ReportFiled {
    /// Where the report is.
    pub reference: Field,
    /// `Due Thu 19 Nov, 17:00 GMT, in 1 d 13 h.`
    pub due: Prose,
    /// Why it was refused.
    pub refused: Option<String>,
}

/// POST `set`: `act`, `seen`, `title`, `symptoms`, `went-down` (`known`, `estimate`, `unknown`), `went-down-at`, `kind`,
/// `phase`; once restored also `restored-at`, `cause`, `resolution`. Only what differs is a change.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Set {
    /// Its name.
    pub title: Field,
    /// Symptoms or problem description.
    pub symptoms: Field,
    /// Whether the time is `known`, an `estimate` or `unknown`.
    pub went_down: Field,
    /// When service went down, as typed.
    pub went_down_at: Field,
    /// What kind of disruption.
    pub kind: Field,
    /// The kinds.
    pub kinds: Vec<Choice>,
    /// The pace of an open one.
    pub phase: Field,
    /// The phases.
    pub phases: Vec<Choice>,
    /// What was said when it was restored.
    pub restored: Option<SetRestored>,
    /// Why it was refused.
    pub refused: Option<String>,
}

/// The part of [`Set`] that exists once service is back.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct SetRestored {
    /// When service came back, as typed.
    pub at: Field,
    /// The determined cause.
    pub cause: Field,
    /// The resolution.
    pub resolution: Field,
}

impl Set {
    fn certainty(&self) -> [Choice; 3] {
        [
            Choice::new("known", "The time is known"),
            Choice::new("estimate", "About then"),
            Choice::new("unknown", "Not known"),
        ]
    }

    /// Everything to mend before it can be sent; the form is shown open if there is anything.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let mut fields = vec![
            ("title", &self.title),
            ("symptoms", &self.symptoms),
            ("went-down", &self.went_down),
            ("went-down-at", &self.went_down_at),
            ("kind", &self.kind),
            ("phase", &self.phase),
        ];
        if let Some(restored) = &self.restored {
            let more =
                [("restored-at", &restored.at), ("cause", &restored.cause), ("resolution", &restored.resolution)];
            fields.extend(more);
        }
        Summary { problems: problems("set", self.refused.as_ref(), &fields) }
    }
}

/// POST `severity`: `act`, `seen`, `severity` (`1` to `4`, `0`), `reason`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct SetSeverity {
    /// As [`Severity::value`].
    pub severity: Field,
    /// Why.
    pub reason: Field,
    /// Why it was refused.
    pub refused: Option<String>,
}

/// POST `contact`: `act`, `seen`, `person` (a name or directory name), `means` (`call`, `in-person`, …), `outcome`
/// (`reached`, `message-left`, `no-answer`, `wrong-number`), `text`, `happened` (empty: now).
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Contact {
    /// Who.
    pub person: Field,
    /// How.
    pub means: Field,
    /// What came of it.
    pub outcome: Field,
    /// What was said.
    pub text: Field,
    /// When, if not now.
    pub happened: Field,
    /// Why it was refused.
    pub refused: Option<String>,
}

impl Contact {
    fn ways(&self) -> [Choice; 2] {
        [Choice::new("call", "By phone"), Choice::new("in-person", "In person")]
    }
    fn outcomes(&self) -> [Choice; 4] {
        [
            Choice::new("reached", "Reached, we spoke"),
            Choice::new("message-left", "Voicemail or a message"),
            Choice::new("no-answer", "No answer"),
            Choice::new("wrong-number", "Wrong number"),
        ]
    }
}

/// The name of a form, its refusal and its fields: what [`problems`] needs.
macro_rules! summary {
    ($($form:ident = $name:literal: $($field:ident as $input:literal),+;)+) => {$(
        impl $form {
            /// Everything to mend before it can be sent; the form is shown open if there is anything.
            #[must_use]
            pub fn summary(&self) -> Summary {
                Summary { problems: problems($name, self.refused.as_ref(), &[$(($input, &self.$field)),+]) }
            }
        }
    )+};
}

summary! {
    HandOver = "hand-over": person as "person", reason as "reason";
    AddSystem = "add-system": system as "system";
    Withdraw = "withdraw": reason as "reason";
    Restore = "restore": at as "at", cause as "cause", resolution as "resolution";
    Reopen = "reopen": reason as "reason";
    ReportFiled = "report": reference as "reference";
    SetSeverity = "severity": severity as "severity", reason as "reason";
    Contact = "contact": person as "person", means as "means", outcome as "outcome", text as "text", happened as "happened";
}
