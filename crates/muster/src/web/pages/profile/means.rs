//! How the reader is reached: changed by themselves, and seen to work before it must.

use super::build_with;
use crate::app::App;
use crate::ops::Failure;
use crate::ops::edit::{Editing, Seen, print};
use crate::store::means::Check;
use crate::web::error::{PageError, Problem};
use crate::web::pages::frame::{Reader, page_with};
use crate::web::pages::organisation::edit::led;
use crate::web::pages::organisation::lines;
use crate::web::pages::phrases::{address, upper_first};
use crate::web::pages::typed::Typed;
use crate::web::view::parts::{Field, Problem as Mistake, Prose, Stamp, State as Mark};
use crate::web::view::profile::OwnMeans;
use crate::web::view::time::Times;
use crate::web::view::work::{Act, Ask};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use muster_core::directory::{Means, Organisation};
use std::sync::Arc;

/// A form that came back: which, what was typed, what to do about it.
#[derive(Clone, Debug)]
pub struct Mend {
    form: String,
    typed: String,
    was: String,
    why: String,
    status: StatusCode,
}

/// `POST /profile/means`: `means`, `was`.
///
/// # Errors
/// [`PageError`].
pub async fn save(State(app): State<Arc<App>>, reader: Reader, typed: Typed) -> Result<Response, PageError> {
    let mend = |why, status| Mend {
        form: "means".into(),
        typed: typed.get("means").into(),
        was: typed.get("was").into(),
        why,
        status,
    };
    let means = match lines::read_means(typed.get("means")) {
        Ok(means) => means,
        Err(why) => return again(&app, &reader, &mend(why, StatusCode::UNPROCESSABLE_ENTITY)).await,
    };
    let id = reader.id.clone();
    let change = move |org: &mut Organisation| {
        if let Some(person) = org.people.get_mut(&id) {
            person.means.clone_from(&means);
        }
        Ok(())
    };
    let seen = Seen { kind: "person", id: reader.id.0.clone(), print: typed.some("was").map(str::to_owned) };
    let editing = Editing { seen: Some(seen), once: typed.once(&reader), name: String::new() };
    match app.ops.edit(editing, &reader.id, change).await {
        Ok(_) => Ok(led("/profile#means", "saved", &typed)),
        Err(Failure::Refused(refusal)) => {
            let problem = Problem::from(refusal);
            again(&app, &reader, &mend(problem.detail, problem.status)).await
        }
        Err(failure) => Err(failure.into()),
    }
}

/// `POST /profile/means/{nth}/send`: sends a code there.
///
/// # Errors
/// [`PageError`].
pub async fn send(
    State(app): State<Arc<App>>,
    reader: Reader,
    Path(nth): Path<usize>,
    typed: Typed,
) -> Result<Response, PageError> {
    let sent = app.ops.send_code(&reader.id, nth).await;
    done(&app, &reader, sent, (format!("send-{nth}"), "code-sent"), &typed).await
}

/// `POST /profile/means/{nth}/verify`: `code`.
///
/// # Errors
/// [`PageError`].
pub async fn verify(
    State(app): State<Arc<App>>,
    reader: Reader,
    Path(nth): Path<usize>,
    typed: Typed,
) -> Result<Response, PageError> {
    let verified = app.ops.verify_means(&reader.id, nth, typed.get("code")).await;
    done(&app, &reader, verified, (format!("verify-{nth}"), "verified"), &typed).await
}

async fn done(
    app: &App,
    reader: &Reader,
    result: Result<(), Failure>,
    (form, what): (String, &str),
    typed: &Typed,
) -> Result<Response, PageError> {
    match result {
        Ok(()) => Ok(led("/profile#means", what, typed)),
        Err(Failure::Refused(refusal)) => {
            let problem = Problem::from(refusal);
            let typed = typed.get("code").to_owned();
            again(app, reader, &Mend { form, typed, was: String::new(), why: problem.detail, status: problem.status })
                .await
        }
        Err(failure) => Err(failure.into()),
    }
}

async fn again(app: &App, reader: &Reader, mend: &Mend) -> Result<Response, PageError> {
    page_with(mend.status, &build_with(app, reader, Some(mend)).await?)
}

/// Each means with whether it was seen to work.
///
/// # Errors
/// [`PageError`].
pub async fn rows(
    app: &App,
    reader: &Reader,
    times: &Times,
    stamp: &Stamp,
    mend: Option<&Mend>,
) -> Result<Vec<OwnMeans>, PageError> {
    let checks = app.ops.means_checks(&reader.id).await?;
    let row = |(nth, means): (usize, &Means)| {
        let check = check_of(&checks, means);
        let (state, note) = standing(check, app.ops.can_send_by(means.kind), times);
        let verified = check.is_some_and(|c| c.verified_at.is_some());
        let mut acts = Vec::new();
        if app.ops.can_send_by(means.kind) && !verified {
            if check.is_some() || mend.is_some_and(|m| m.form == format!("verify-{nth}")) {
                let code = Ask { required: true, ..ask("code", "The code that came", "Six digits.", false) };
                acts.push(act(
                    format!("verify-{nth}"),
                    format!("{nth}/verify"),
                    vec![code],
                    "This reaches me",
                    stamp,
                    mend,
                ));
            }
            let words = if check.is_some() { "Send another code" } else { "Send a code there" };
            acts.push(act(format!("send-{nth}"), format!("{nth}/send"), Vec::new(), words, stamp, mend));
        }
        let what = Prose::from(format!("{} ", upper_first(means.kind.word())));
        OwnMeans { what: joined(what, address(means)), state, note, acts }
    };
    Ok(reader.person.means.iter().enumerate().map(row).collect())
}

/// What is known of that means.
#[must_use]
pub fn check_of<'a>(checks: &'a [Check], means: &Means) -> Option<&'a Check> {
    checks.iter().find(|c| c.kind == means.kind && c.address == means.to)
}

/// Whether it was seen to work, and when; what stands in the way.
#[must_use]
pub fn standing(check: Option<&Check>, sends: bool, times: &Times) -> (Mark, Prose) {
    match check {
        _ if !sends => (Mark::not("Only people use it"), Prose::default()),
        Some(Check { verified_at: Some(at), .. }) => (Mark::done("Verified"), Prose::default().when(times.at(*at))),
        Some(Check { trouble: Some(why), .. }) => (Mark::late("The code could not be sent"), why.as_str().into()),
        Some(check) => {
            (Mark::later("Not verified"), Prose::from("A code was sent ").when(times.at(check.sent_at)).text("."))
        }
        None => (Mark::later("Not verified"), Prose::default()),
    }
}

fn joined(mut line: Prose, more: Prose) -> Prose {
    line.0.extend(more.0);
    line
}

fn ask(name: &'static str, label: &'static str, hint: &'static str, long: bool) -> Ask {
    Ask { name, label, hint, long, required: false, field: Field::default() }
}

fn act(id: String, path: String, inputs: Vec<Ask>, button: &str, stamp: &Stamp, mend: Option<&Mend>) -> Act {
    let mend = mend.filter(|m| m.form == id);
    let fill = |mut ask: Ask| {
        if let Some(mend) = mend {
            ask.field = Field::wrong(mend.typed.clone(), mend.why.clone());
        }
        ask
    };
    let place = inputs.first().map(|ask| format!("{id}-{}", ask.name));
    Act {
        action: format!("/profile/means/{path}"),
        inputs: inputs.into_iter().map(fill).collect(),
        button: button.to_owned(),
        stamp: stamp.clone(),
        problems: mend.map(|m| vec![Mistake { id: place, text: m.why.clone() }]).unwrap_or_default(),
        id,
        ..Act::default()
    }
}

/// The form that changes them all.
///
/// # Errors
/// [`PageError`] when the person cannot be written as JSON, which would be a bug.
pub fn change(reader: &Reader, stamp: &Stamp, mend: Option<&Mend>) -> Result<Act, PageError> {
    let mut means = ask("means", "How you are reached", lines::MEANS, true);
    means.field = Field::of(lines::means(&reader.person.means));
    let mend = mend.filter(|m| m.form == "means");
    if let Some(mend) = mend {
        means.field = Field::wrong(mend.typed.clone(), mend.why.clone());
    }
    Ok(Act {
        id: "means-form".into(),
        action: "/profile/means".into(),
        summary: "Change how you are reached".into(),
        open: mend.is_some(),
        inputs: vec![means],
        button: "Save".into(),
        was: match mend.filter(|m| m.status != StatusCode::CONFLICT) {
            Some(mend) => mend.was.clone(),
            None => print(&reader.person)?,
        },
        stamp: stamp.clone(),
        problems: mend
            .map(|m| vec![Mistake { id: Some("means-form-means".into()), text: m.why.clone() }])
            .unwrap_or_default(),
        ..Act::default()
    })
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
