//! `GET` and `POST /report`: a user says that something is wrong, without a login, where the organisation wants that.
//!
//! Whoever sends it learns nothing but that it was heard: no name, no system, no state.

use super::acts::reading;
use super::declare::same;
use super::frame::{Scene, Taste, page, page_with};
use super::incident::desk::Mend;
use super::phrases::Asked;
use super::typed::Typed;
use crate::app::App;
use crate::ops::Failure;
use crate::store::Sight;
use crate::web::error::{PageError, Problem};
use crate::web::limit::{Client, UserReports};
use crate::web::view::parts::{Field, Stamp};
use crate::web::view::report::{Form, Page, Thanks};
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use muster_core::entry::UserReported;
use muster_core::ids::PersonId;
use muster_core::incident::{Command, OpenBy, UserReport};
use muster_core::refusal::Refusal;
use std::sync::Arc;

/// Under whose name a form that was sent twice is known: nobody in a directory is called so.
const A_USER: &str = "a user";

/// `GET /report`; with `?heard=known` or `?heard=2026-041` what is said afterwards.
///
/// # Errors
/// 404 where the organisation does not want users' reports.
pub async fn show(State(app): State<Arc<App>>, headers: HeaderMap, query: Asked) -> Result<Response, PageError> {
    wanted(&app).await?;
    let thanks = query.get("heard").and_then(|word| match word.as_str() {
        "known" => Some(Thanks::Known),
        "thanks" => Some(Thanks::Heard),
        number => is_number(number).then(|| Thanks::Recorded(number.to_owned())),
    });
    page(&Page { thanks, ..empty(&app, &headers).await? })
}

/// `POST /report`.
///
/// # Errors
/// 404 where the organisation does not want users' reports.
pub async fn report(
    State(app): State<Arc<App>>,
    Extension(limit): Extension<Arc<UserReports>>,
    client: Client,
    headers: HeaderMap,
    typed: Typed,
) -> Result<Response, PageError> {
    wanted(&app).await?;
    // No person sees that field, and nobody fills it in but a program that fills in everything.
    if typed.some("website").is_some() {
        return Ok(Redirect::to("/report?heard=thanks").into_response());
    }
    let report = read(&app, &typed).await?;
    let mend = match report.sensible() {
        Err(refusal) => refused(&typed, refusal),
        Ok(report) => match limit.count(client.0, app.ops.now()) {
            Err(_) => {
                let why = "Too many reports have come at once. Ring user support instead, or try again in a quarter of an hour.";
                let mend = Mend::typing("report", &typed, vec![(None, why.into())]);
                Mend { status: StatusCode::TOO_MANY_REQUESTS, ..mend }
            }
            Ok(()) => match hear(&app, &typed, report).await {
                Ok(heard) => return Ok(Redirect::to(&format!("/report?heard={heard}")).into_response()),
                Err(Failure::Refused(refusal)) => refused(&typed, refusal),
                Err(failure) => return Err(failure.into()),
            },
        },
    };
    page_with(mend.status, &Page { form: as_typed(&mend), ..empty(&app, &headers).await? })
}

/// Joins what is open and fits, or opens a suspected incident: what is said of it.
async fn hear(app: &App, typed: &Typed, report: UserReport) -> Result<String, Failure> {
    let once = typed.once_of(&PersonId::from(A_USER));
    let first_line = report.said.text.lines().next().unwrap_or_default().to_owned();
    // As one who sees nothing restricted: they would learn of it, and nobody else would hear of the report.
    for known in same(app, Sight::of_a_stranger(), &first_line, report.system.as_ref()).await? {
        match app.ops.perform(&known.subject, Command::HearUser(report.clone()), once.clone()).await {
            Ok(_) => return Ok("known".into()),
            // It ended meanwhile, or a later release writes it.
            Err(Failure::Refused(Refusal::WrongState { .. } | Refusal::NewerRelease)) => {}
            Err(failure) => return Err(failure),
        }
    }
    Ok(app.ops.declare(OpenBy::User(report), once).await?.folded.number)
}

async fn wanted(app: &App) -> Result<(), PageError> {
    match app.ops.organisation().await?.organisation.user_reports {
        true => Ok(()),
        false => Err(Problem::not_found("page").into()),
    }
}

/// What was typed. A service that the directory knows by that name is meant; else it stays in the user's words.
async fn read(app: &App, typed: &Typed) -> Result<UserReport, PageError> {
    let text = |input: &str| typed.get(input).to_owned();
    let said = UserReported {
        text: text("text"),
        service: text("service"),
        place: text("place"),
        name: text("name"),
        contact: text("contact"),
    };
    let system = reading::system(&*app.ops.organisation().await?, &said.service).ok();
    Ok(UserReport { said, system })
}

fn refused(typed: &Typed, refusal: Refusal) -> Mend {
    let input = ["text", "service", "place", "name", "contact"].into_iter().find(|i| refusal.field() == Some(i));
    let problem = Problem::from(refusal);
    Mend { status: problem.status, ..Mend::typing("report", typed, vec![(input, problem.detail)]) }
}

fn as_typed(mend: &Mend) -> Form {
    Form {
        text: mend.field("text"),
        service: mend.field("service"),
        place: mend.field("place"),
        name: mend.field("name"),
        contact: mend.field("contact"),
        refused: mend.whole(),
    }
}

async fn empty(app: &App, headers: &HeaderMap) -> Result<Page, PageError> {
    let scene = Scene::now(app).await?;
    Ok(Page {
        frame: scene.frame(Taste::of(headers).theme),
        stamp: Stamp { act: app.ops.request_id()?, seen: None },
        form: Form { text: Field::default(), ..Form::default() },
        thanks: None,
    })
}

/// Only what can be a reference number of ours is ever said back.
fn is_number(text: &str) -> bool {
    (6..=16).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit() || b == b'-')
}
