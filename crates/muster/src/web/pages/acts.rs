//! What people do on the page of an incident. Each act reads its form, is performed, and leads back to
//! the page; a refusal brings the page back with the form open and everything that was typed.

pub mod checklist;
pub mod reading;
pub mod restriction;
pub mod roles;

use super::draw::calls::tell_id;
use super::frame::{Done, Reader, Scene};
use super::incident::desk::{Desk, Mend};
use super::incident::{again, forms};
use super::typed::Typed;
use crate::app::App;
use crate::ops::Failure;
use crate::web::error::PageError;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use muster_core::contact::{Answer, MeansKind, Outcome, Proof};
use muster_core::custom::Custom;
use muster_core::entry::{NoteKind, Severity, Via};
use muster_core::ids::PersonId;
use muster_core::incident::{Act, Command, Incident};
use reading::{Wrong, changes};
use std::sync::Arc;

type Handled = Result<Response, PageError>;
type Shown = State<Arc<App>>;

/// An act about to be performed: the incident, the form, who sent it and when.
struct Desired<'a> {
    desk: &'a Desk,
    typed: &'a Typed,
    reader: &'a Reader,
    scene: &'a Scene,
}

impl Desired<'_> {
    fn act(&self, act: Act) -> Command {
        let by = muster_core::ids::PersonRef { id: self.reader.id.clone(), name: self.reader.person.name.clone() };
        Command::Act { by, act }
    }

    fn one(&self, act: Act) -> Result<Vec<Command>, Vec<Wrong>> {
        Ok(vec![self.act(act)])
    }

    fn text(&self, input: &str) -> String {
        self.typed.get(input).to_owned()
    }
}

/// Reads the form `form`, performs what it asks for, and says `done`.
async fn perform(
    (app, reader, number, typed): (Arc<App>, Reader, String, Typed),
    form: &'static str,
    done: &'static str,
    read: impl FnOnce(&Desired<'_>) -> Result<Vec<Command>, Vec<Wrong>>,
) -> Handled {
    let desk = Desk::find(&app, reader.sight(), &number).await?;
    let scene = Scene::now(&app).await?;
    let desired = Desired { desk: &desk, typed: &typed, reader: &reader, scene: &scene };
    let commands = match read(&desired) {
        Ok(commands) => commands,
        Err(wrong) => return again(&app, &reader, &desk, &Mend::typing(form, &typed, wrong)).await,
    };
    match app.ops.perform_all(&desk.subject, commands, typed.once(&reader)).await {
        Ok(performed) => {
            let at = place_of(form, &typed, &performed.folded);
            let undo = matches!(form, "contact" | "tell").then(|| performed.entries.first().copied()).flatten();
            Ok(back(&number, done, &typed, undo, &at))
        }
        Err(Failure::Refused(refusal)) => {
            let now = Desk::find(&app, reader.sight(), &number).await?;
            again(&app, &reader, &now, &Mend::refused(form, &typed, refusal)).await
        }
        Err(failure) => Err(failure.into()),
    }
}

/// Where on the page an act was done: there its doer goes on. What changes the whole leads to the top.
fn place_of(form: &str, typed: &Typed, incident: &Incident) -> String {
    match form {
        "note" | "contact" => "#log".into(),
        "correct" | "take-back" => reading::entry(typed).map_or("#log".into(), |n| format!("#e{n}")),
        "tell" | "call-down" => {
            let nth = incident.tells.iter().position(|t| t.name == typed.get("tell"));
            nth.map_or("#calls".into(), |n| format!("#{}", tell_id(n)))
        }
        "restrict" | "unrestrict" => "#roles".into(),
        "communicator" | "communicate" | "no-communicator" | "people-asked" | "heard-elsewhere" => "#roles".into(),
        "set" | "set-own" => "#picture".into(),
        "tick-step" | "skip-step" => "#steps".into(),
        "add-system" => "#systems".into(),
        "leave-alert" => "#alerts".into(),
        _ => String::new(),
    }
}

/// To the page, with what was done.
pub(super) fn back(number: &str, done: &str, typed: &Typed, entry: Option<u64>, at: &str) -> Response {
    let query = typed.act().map(|act| {
        let done = Done { what: done.to_owned(), act: act.to_owned(), entry };
        format!("?{}", done.to_query())
    });
    Redirect::to(&format!("/incidents/{number}{}{at}", query.unwrap_or_default())).into_response()
}

/// `POST /incidents/{number}/note`.
///
/// # Errors
/// [`PageError`].
pub async fn note(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
    perform((app, reader, number, typed), "note", "noted", |d| {
        let happened_at = reading::happened(d.typed, d.scene)?;
        let kind = NoteKind::from_word(d.typed.get("kind")).unwrap_or_default();
        d.one(Act::Note { kind, text: d.text("text"), happened_at })
    })
    .await
}

/// `POST /incidents/{number}/contact`: to anybody. Who stands for a duty to tell settles it.
///
/// # Errors
/// [`PageError`].
pub async fn contact(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
    perform((app, reader, number, typed), "contact", "contacted", |d| {
        let person = reading::person(&d.scene.org, d.typed);
        let means = d.typed.choice::<MeansKind>("means").ok_or((Some("means"), "Choose how.".to_owned()));
        let outcome = reading::outcome(d.typed);
        let happened_at = reading::happened(d.typed, d.scene);
        let (person, means, outcome, happened_at) = reading::all4(person, means, outcome, happened_at)?;
        let tell = reading::stands_for(&d.desk.incident, &person, &d.scene.org);
        d.one(Act::Contact { tell, person, means, outcome, said: d.text("text"), happened_at })
    })
    .await
}

/// `POST /incidents/{number}/tell`: the result of a call, from a call list. A list of Muster's own settles no duty
/// to tell, unless that person stands for one.
///
/// # Errors
/// [`PageError`].
pub async fn tell(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
    perform((app, reader, number, typed), "tell", "contacted", |d| {
        let outcome = reading::outcome(d.typed).map_err(|(_, why)| vec![(None, why)])?;
        let person: PersonId = d.typed.get("person").into();
        let stands = || reading::stands_for(&d.desk.incident, &person, &d.scene.org);
        let tell = d.typed.some("tell").map(str::to_owned).or_else(stands);
        d.one(Act::Contact { tell, person, means: MeansKind::Call, outcome, said: String::new(), happened_at: None })
    })
    .await
}

/// `POST /incidents/{number}/correct`.
///
/// # Errors
/// [`PageError`].
pub async fn correct(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
    perform((app, reader, number, typed), "correct", "corrected", |d| {
        let happened_at = reading::happened(d.typed, d.scene)?;
        d.one(Act::Correct { entry: reading::entry(d.typed)?, text: d.text("text"), happened_at })
    })
    .await
}

/// `POST /incidents/{number}/take-back`.
///
/// # Errors
/// [`PageError`].
pub async fn take_back(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
    perform((app, reader, number, typed), "take-back", "taken-back", |d| {
        d.one(Act::TakeBack { entry: reading::entry(d.typed)?, reason: d.text("reason") })
    })
    .await
}

/// `POST /incidents/{number}/take`: what is asked of the reader, or what nobody has.
///
/// # Errors
/// [`PageError`].
pub async fn take(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
    perform((app, reader, number, typed), "take", "taken", |d| {
        let Some(summons) = forms::asked_of(&d.desk.incident, &d.reader.id) else { return d.one(Act::TakeCharge) };
        let (summons, person) = (summons.id.clone(), d.reader.id.clone());
        Ok(vec![Command::Answer { summons, person, answer: Answer::Take, via: Via::Login }])
    })
    .await
}

/// `POST /incidents/{number}/hand-over`: by the Incident Manager, or by management (DIS-5).
///
/// # Errors
/// [`PageError`].
pub async fn hand_over(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
    perform((app, reader, number, typed), "hand-over", "asked", |d| {
        let to = reading::person_or_area(&d.scene.org, d.typed).map_err(|wrong| vec![wrong])?;
        d.one(Act::HandOver { to, reason: d.text("reason"), brief: d.text("brief") })
    })
    .await
}

/// `POST /incidents/{number}/confirm`.
///
/// # Errors
/// [`PageError`].
pub async fn confirm(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
    perform((app, reader, number, typed), "confirm", "confirmed", |d| d.one(Act::Confirm)).await
}

/// `POST /incidents/{number}/withdraw`.
///
/// # Errors
/// [`PageError`].
pub async fn withdraw(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
    perform((app, reader, number, typed), "withdraw", "withdrawn", |d| {
        d.one(Act::Withdraw { reason: d.text("reason") })
    })
    .await
}

/// `POST /incidents/{number}/restore`.
///
/// # Errors
/// [`PageError`].
pub async fn restore(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
    perform((app, reader, number, typed), "restore", "restored", |d| {
        let incident = &d.desk.incident;
        let at =
            reading::back_since(d.typed.get("at"), incident, &d.scene.times).map_err(|why| vec![(Some("at"), why)])?;
        d.one(Act::Restore { at, cause: d.text("cause"), resolution: d.text("resolution") })
    })
    .await
}

/// `POST /incidents/{number}/reopen`.
///
/// # Errors
/// [`PageError`].
pub async fn reopen(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
    perform((app, reader, number, typed), "reopen", "reopened", |d| d.one(Act::Reopen { reason: d.text("reason") }))
        .await
}

/// `POST /incidents/{number}/report-filed`.
///
/// # Errors
/// [`PageError`].
pub async fn report_filed(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
    perform((app, reader, number, typed), "report", "filed", |d| {
        d.one(Act::FileReport { reference: d.text("reference") })
    })
    .await
}

/// `POST /incidents/{number}/set`: the fields that differ from what the writer had before their eyes.
/// All of them are set, or none.
///
/// # Errors
/// [`PageError`].
pub async fn set(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
    let desk = Desk::find(&app, reader.sight(), &number).await?;
    let was = desk.as_seen(&app, typed.seen()).await?;
    let scene = Scene::now(&app).await?;
    let desired = Desired { desk: &desk, typed: &typed, reader: &reader, scene: &scene };
    let mend = match changes(&typed, &was, &scene.times) {
        Ok(changes) if changes.is_empty() => return Ok(back(&number, "unchanged", &typed, None, "#picture")),
        Ok(changes) => {
            let act = |to| desired.act(Act::Change { to, reason: String::new(), seen: typed.seen() });
            let commands = changes.into_iter().map(act).collect();
            match app.ops.perform_all(&desk.subject, commands, typed.once(&reader)).await {
                Ok(_) => return Ok(back(&number, "set", &typed, None, "#picture")),
                Err(Failure::Refused(refusal)) => Mend::refused("set", &typed, refusal),
                Err(failure) => return Err(failure.into()),
            }
        }
        Err(wrong) => Mend::typing("set", &typed, wrong),
    };
    let now = Desk::find(&app, reader.sight(), &number).await?;
    again(&app, &reader, &now, &Mend { was: Some(Box::new(was)), ..mend }).await
}

/// `POST /incidents/{number}/severity`.
///
/// # Errors
/// [`PageError`].
pub async fn severity(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
    perform((app, reader, number, typed), "severity", "set", |d| {
        let choose = || vec![(Some("severity"), "Choose one of the five.".to_owned())];
        let severity = match d.typed.get("severity").parse::<u8>() {
            Ok(0) => None,
            Ok(n) => Some(Severity::from_number(n).ok_or_else(choose)?),
            Err(_) => return Err(choose()),
        };
        let to = muster_core::entry::Change::Severity(severity);
        d.one(Act::Change { to, reason: d.text("reason"), seen: d.typed.seen() })
    })
    .await
}

/// `POST /incidents/{number}/set-own`: a field of the organisation's own.
///
/// # Errors
/// [`PageError`].
pub async fn set_own(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
    perform((app, reader, number, typed), "set-own", "set", |d| {
        let custom = Custom { field: d.text("field"), words: String::new(), value: d.text("value") };
        let to = muster_core::entry::Change::Custom(custom);
        d.one(Act::Change { to, reason: String::new(), seen: d.typed.seen() })
    })
    .await
}

/// `POST /incidents/{number}/add-system`.
///
/// # Errors
/// [`PageError`].
pub async fn add_system(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
    perform((app, reader, number, typed), "add-system", "added", |d| {
        let system = reading::system(&d.scene.org, d.typed.get("system")).map_err(|why| vec![(Some("system"), why)])?;
        d.one(Act::AddSystem { system })
    })
    .await
}

/// `POST /incidents/{number}/leave-alert`.
///
/// # Errors
/// [`PageError`].
pub async fn leave_alert(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
    perform((app, reader, number, typed), "leave-alert", "left", |d| {
        d.one(Act::LeaveAlert { alert: d.typed.get("alert").into(), reason: d.text("reason") })
    })
    .await
}

/// What a page's word for an outcome means. A conversation is stated by whoever had it.
#[must_use]
pub fn outcome_of(word: &str) -> Option<Outcome> {
    Some(match word {
        "reached" => Outcome::Reached(Proof::Spoken),
        "message-left" => Outcome::MessageLeft,
        "no-answer" => Outcome::NoAnswer,
        "busy" => Outcome::Busy,
        "wrong-number" => Outcome::WrongNumber,
        _ => return None,
    })
}
