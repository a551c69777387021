//! What people do to a system's log on its page. Each reads its form, is performed, and leads back to the page; a refusal
//! brings the page back with the form open and everything that was typed.

use crate::app::App;
use crate::ops::Failure;
use crate::web::error::{PageError, Problem};
use crate::web::pages::frame::Reader;
use crate::web::pages::phrases::after;
use crate::web::pages::systems;
use crate::web::pages::typed::Typed;
use crate::web::view::parts::{Field, Problem as Mistake};
use crate::web::view::work::Ask as Question;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use muster_core::claim::{Asking, Claiming, Command};
use muster_core::contact::Answer;
use muster_core::entry::Via;
use muster_core::ids::{PersonRef, SystemId};
use muster_core::refusal::Refusal;
use muster_core::{Span, Time, later};
use std::sync::Arc;

type Handled = Result<Response, PageError>;
type Shown = State<Arc<App>>;

/// A form that came back.
#[derive(Clone, Debug)]
pub struct Mend {
    /// Which form.
    pub form: &'static str,
    /// The entry that it was about.
    pub entry: Option<u64>,
    typed: Typed,
    field: Option<&'static str>,
    why: String,
    /// How the page answers.
    pub status: StatusCode,
}

impl Mend {
    fn of(form: &'static str, typed: &Typed, problem: Problem) -> Self {
        let field = problem.field.map(|f| if f == "until" { "for" } else { f });
        let entry = typed.get("entry").parse().ok();
        Self { form, entry, typed: typed.clone(), field, why: problem.detail, status: problem.status }
    }

    /// That question, as it was answered, with what is wrong with the answer.
    pub fn fill(&self, question: Question) -> Question {
        let filled = |name: &str| match self.field == Some(name) {
            true => Field::wrong(self.typed.get(name), self.why.clone()),
            false => Field::of(self.typed.get(name)),
        };
        Question { field: filled(question.name), ..question }
    }

    /// What to mend in the form of that id.
    pub fn problems(&self, id: &str) -> Vec<Mistake> {
        let place = self.field.filter(|f| matches!(*f, "what" | "host" | "for" | "changed" | "reason"));
        vec![Mistake { id: place.map(|f| format!("{id}-{f}")), text: self.why.clone() }]
    }
}

async fn perform(
    (app, reader, id, typed): (Arc<App>, Reader, SystemId, Typed),
    form: &'static str,
    done: &'static str,
    read: impl FnOnce(PersonRef, u64, Time) -> Result<Command, Refusal>,
) -> Handled {
    let by = PersonRef { id: reader.id.clone(), name: reader.person.name.clone() };
    let entry = typed.get("entry").parse().unwrap_or_default();
    let refused = match read(by, entry, app.ops.now()) {
        Ok(command) => match app.ops.work(&id, command, typed.once(&reader)).await {
            Ok(_) => return Ok(back(&id, done, &typed)),
            Err(Failure::Refused(refusal)) => refusal,
            Err(failure) => return Err(failure.into()),
        },
        Err(refusal) => refusal,
    };
    systems::again(&app, &reader, &id, &Mend::of(form, &typed, refused.into())).await
}

fn back(id: &SystemId, done: &str, typed: &Typed) -> Response {
    let mut answer = after(&format!("/systems/{id}"), done, typed).into_response();
    // The panel is where its doer goes on.
    let to = answer.headers().get("location").and_then(|v| v.to_str().ok()).map(|to| format!("{to}#who"));
    if let Some(to) = to.and_then(|to| to.parse().ok()) {
        answer.headers_mut().insert("location", to);
    }
    answer
}

/// Until when, of a length that somebody typed.
fn until(typed: &str, now: Time) -> Result<Time, Refusal> {
    let wrong = || Refusal::Senseless { field: "until", why: "Write for how long: 30m, 2h or 1h 30m.".into() };
    typed.trim().parse::<Span>().map(|span| later(now, span)).map_err(|_| wrong())
}

/// `POST /systems/{id}/claim`.
///
/// # Errors
/// [`PageError`].
pub async fn claim(State(app): Shown, reader: Reader, Path(id): Path<SystemId>, typed: Typed) -> Handled {
    let said = typed.clone();
    perform((app, reader, id, typed), "claim", "claimed", move |by, _, now| {
        Ok(Command::Claim(Claiming {
            by,
            person: None,
            what: said.get("what").to_owned(),
            host: said.get("host").to_owned(),
            until: Some(until(said.get("for"), now)?),
            disruptive: false,
            session: None,
            ask: None,
        }))
    })
    .await
}

/// `POST /systems/{id}/begin`: what somebody was let do.
///
/// # Errors
/// [`PageError`].
pub async fn begin(State(app): Shown, reader: Reader, Path(id): Path<SystemId>, typed: Typed) -> Handled {
    let (said, entry) = (typed.clone(), typed.get("entry").parse().unwrap_or_default());
    let known = app.ops.who_works_on(&id).await?.claims;
    let ask = known.as_ref().and_then(|c| c.ask(entry)).cloned();
    perform((app, reader, id, typed), "begin", "begun", move |by, entry, now| {
        let ask = ask.ok_or(Refusal::Unknown { field: "ask", what: "request here", name: entry.to_string() })?;
        Ok(Command::Claim(Claiming {
            by,
            person: None,
            what: ask.what,
            host: ask.host,
            until: Some(until(said.get("for"), now)?),
            disruptive: true,
            session: None,
            ask: Some(entry),
        }))
    })
    .await
}

/// `POST /systems/{id}/renew`.
///
/// # Errors
/// [`PageError`].
pub async fn renew(State(app): Shown, reader: Reader, Path(id): Path<SystemId>, typed: Typed) -> Handled {
    let lasts = typed.get("for").to_owned();
    perform((app, reader, id, typed), "renew", "renewed", move |by, claim, now| {
        Ok(Command::Renew { by, person: None, claim, until: until(&lasts, now)? })
    })
    .await
}

/// `POST /systems/{id}/release`.
///
/// # Errors
/// [`PageError`].
pub async fn release(State(app): Shown, reader: Reader, Path(id): Path<SystemId>, typed: Typed) -> Handled {
    let changed = typed.get("changed").to_owned();
    perform((app, reader, id, typed), "release", "released", move |by, claim, _| {
        Ok(Command::Release { by, person: None, claim, changed, logged_out: false })
    })
    .await
}

/// `POST /systems/{id}/gone`.
///
/// # Errors
/// [`PageError`].
pub async fn gone(State(app): Shown, reader: Reader, Path(id): Path<SystemId>, typed: Typed) -> Handled {
    let reason = typed.get("reason").to_owned();
    perform((app, reader, id, typed), "gone", "gone", move |by, claim, _| Ok(Command::SayGone { by, claim, reason }))
        .await
}

/// `POST /systems/{id}/ask`.
///
/// # Errors
/// [`PageError`].
pub async fn ask(State(app): Shown, reader: Reader, Path(id): Path<SystemId>, typed: Typed) -> Handled {
    let (what, host) = (typed.get("what").to_owned(), typed.get("host").to_owned());
    perform((app, reader, id, typed), "ask", "people-asked", move |by, _, _| {
        Ok(Command::Ask(Asking { by, person: None, what, host }))
    })
    .await
}

/// `POST /systems/{id}/override`.
///
/// # Errors
/// [`PageError`].
pub async fn go_over(State(app): Shown, reader: Reader, Path(id): Path<SystemId>, typed: Typed) -> Handled {
    let reason = typed.get("reason").to_owned();
    perform((app, reader, id, typed), "override", "overridden", move |by, ask, _| {
        Ok(Command::Override { by, person: None, ask, reason })
    })
    .await
}

/// `POST /systems/{id}/withdraw`.
///
/// # Errors
/// [`PageError`].
pub async fn withdraw(State(app): Shown, reader: Reader, Path(id): Path<SystemId>, typed: Typed) -> Handled {
    perform((app, reader, id, typed), "withdraw", "not-wanted", |by, ask, _| Ok(Command::Withdraw { by, ask })).await
}

/// `POST /systems/{id}/let`: whether whoever is asked lets it happen.
///
/// # Errors
/// [`PageError`].
pub async fn answer(State(app): Shown, reader: Reader, Path(id): Path<SystemId>, typed: Typed) -> Handled {
    let known = app.ops.who_works_on(&id).await?.claims;
    let entry = typed.get("entry").parse().unwrap_or_default();
    let search = known.as_ref().and_then(|c| c.asked(c.ask(entry)?, &reader.id)).map(|s| s.id.clone());
    let answer = if typed.get("answer") == "take" { Answer::Take } else { Answer::Cannot };
    perform((app, reader, id, typed), "let", "answered", move |by, _, _| {
        let summons = search.ok_or(Refusal::NotAsked)?;
        Ok(Command::Answer { summons, person: by.id, answer, via: Via::Login })
    })
    .await
}
