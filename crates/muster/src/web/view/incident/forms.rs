//! What a reader may do to an incident, one form each, with the fields it sends.

use crate::web::view::parts::{Choice, Field, Prose, Summary, problems};

/// What the reader may do now; a form is absent when they may not.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Acts {
    /// Become Incident Manager. POST `take`: `act`, `seen`. The words of the button: `Take it`, `Take over from Priya Raman`.
    pub take: Option<String>,
    /// A suspected one is real. POST `confirm`: `act`, `seen`.
    pub confirm: bool,
    /// Whether nobody has triaged it yet: GET `triage`.
    pub triage: bool,
    /// Whether it can be triaged anew.
    pub triage_again: bool,
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
    /// Set fields of the organisation's own, one form each.
    pub own: Vec<OwnField>,
}

/// POST `set-own`: `act`, `seen`, `field`, `value`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct OwnField {
    /// Its name, as the form sends it.
    pub id: String,
    /// As people read it.
    pub words: String,
    /// What it says.
    pub value: Field,
    /// What to type.
    pub hint: String,
    /// What there is to choose; empty if anything may be typed.
    pub choices: Vec<Choice>,
    /// Whether many lines may be typed.
    pub long: bool,
    /// Why it was refused.
    pub refused: Option<String>,
}

/// POST `hand-over`: `act`, `seen`, `person` (or an area), `reason`, `brief`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct HandOver {
    /// Whom: a person, or an area.
    pub person: Field,
    /// Why.
    pub reason: Field,
    /// How things stand, written from the log.
    pub brief: Field,
    /// The areas to suggest.
    pub areas: Vec<String>,
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
    /// What speaks against it: `2 alerts still fire: …`.
    pub firing: Option<String>,
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
    pub(super) fn certainty(&self) -> [Choice; 3] {
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
    /// As [`Severity::value`](crate::web::view::parts::Severity::value).
    pub severity: Field,
    /// Why.
    pub reason: Field,
    /// Whether nobody has judged it yet: then no reason is asked for.
    pub first: bool,
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
    pub(super) fn ways(&self) -> [Choice; 2] {
        [Choice::new("call", "By phone"), Choice::new("in-person", "In person")]
    }
    pub(super) fn outcomes(&self) -> [Choice; 5] {
        [
            Choice::new("reached", "Reached, we spoke"),
            Choice::new("message-left", "Voicemail or a message"),
            Choice::new("no-answer", "No answer"),
            Choice::new("busy", "Busy"),
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

mod checklist;
mod roles;
pub use checklist::{SkipStep, Step, Steps};
pub use roles::{AskCommunicator, HeardElsewhere, NoCommunicator, PeopleAsked, Restrict, Roles, Unrestrict};

summary! {
    OwnField = "set-own": value as "value";
    HandOver = "hand-over": person as "person", reason as "reason", brief as "brief";
    AddSystem = "add-system": system as "system";
    Withdraw = "withdraw": reason as "reason";
    Restore = "restore": at as "at", cause as "cause", resolution as "resolution";
    Reopen = "reopen": reason as "reason";
    ReportFiled = "report": reference as "reference";
    SetSeverity = "severity": severity as "severity", reason as "reason";
    Contact = "contact": person as "person", means as "means", outcome as "outcome", text as "text", happened as "happened";
}
