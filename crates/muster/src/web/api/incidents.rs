//! Incidents: finding, reading and declaring them.

use super::ask::{Asked, Asking, Of, done, page_of};
use super::cursor;
use super::dto::acts::Declare;
use super::dto::claims::claim_of;
use super::dto::incident::{Brief, Briefs, Done, Entries, Full, LogEntry};
use crate::app::App;
use crate::ops::Failure;
use crate::ops::access::Visitor;
use crate::store::{Tx, subjects};
use crate::web::error::{ApiError, Problem};
use crate::web::guard::May;
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use muster_core::claim::concerns;
use muster_core::form::Form;
use muster_core::incident::{OpenBy, State as Standing};
use muster_core::refusal::Refusal;
use serde::Deserialize;
use std::sync::Arc;
use utoipa::IntoParams;

/// Which incidents.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// Only those in this state.
    #[param(schema_with = super::dto::words::state)]
    state: Option<String>,
    /// Only those with this in their title or number.
    q: Option<String>,
    /// What the page before gave as `next`.
    cursor: Option<String>,
    /// How many: 1 to 200, 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// Incidents, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/incidents",
    operation_id = "incidents",
    tag = "incidents",
    params(Which),
    responses((status = 200, description = "A page of them", body = Briefs))
)]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    by: Visitor,
    Asking(which): Asking<Which>,
) -> Result<Json<Briefs>, ApiError> {
    let most = page_of(which.limit)?;
    let filter = subjects::Filter {
        state: which.state.as_deref().map(state_named).transpose()?.map(|s| s.word().to_owned()),
        text: which.q.map(|q| q.replace('\0', "")),
        before: which.cursor.as_deref().map(cursor::read).transpose()?,
    };
    let sight = by.sight();
    let page = async move |tx: &mut Tx| Ok::<_, Failure>(subjects::page(tx, &sight, &filter, most + 1).await?);
    let mut listed = app.ops.db().read(page).await?;
    let next = cursor::cut(&mut listed, most, |last| {
        (last.incident.recorded_at.as_millisecond(), last.incident.number.clone())
    });
    let (now, url) = (app.ops.now(), app.ops.public_url());
    Ok(Json(Briefs { incidents: listed.iter().map(|l| Brief::of(&l.incident, now, url)).collect(), next }))
}

fn state_named(word: &str) -> Result<Standing, Problem> {
    Standing::from_word(word).ok_or_else(|| {
        let known: Vec<_> = Standing::ALL.into_iter().map(Standing::word).collect();
        let why = format!("There is no state “{word}”. Use one of: {}.", known.join(", "));
        Refusal::Senseless { field: "state", why }.into()
    })
}

/// Declare an incident: you are its Incident Manager until you hand it over.
#[utoipa::path(
    post,
    path = "/api/v1/incidents",
    tag = "incidents",
    request_body = Declare,
    responses((
        status = 201,
        description = "Declared",
        body = Done,
        headers(("location" = String, description = "Its address in this API"))
    ))
)]
pub(super) async fn declare(asked: Asked<Declare>) -> Result<Response, ApiError> {
    let (by, restricted) = (asked.person(), asked.body.restricted);
    let said = asked.body.by(by);
    let then = restricted.then(|| said.restricts()).into_iter().collect();
    let performed = asked.app.ops.declare_and(OpenBy::Person(said), then, asked.once).await?;
    let location = format!("/api/v1/incidents/{}", performed.folded.number);
    let done = Json(done(&asked.app, performed));
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], done).into_response())
}

/// All of an incident but its log.
#[utoipa::path(
    get,
    path = "/api/v1/incidents/{number}",
    operation_id = "incident",
    tag = "incidents",
    params(("number" = String, Path, description = "Reference number, such as 2026-041")),
    responses((status = 200, description = "The incident", body = Full))
)]
pub(super) async fn show(State(app): State<Arc<App>>, by: Visitor, of: Of) -> Result<Json<Full>, ApiError> {
    let load = async move |tx: &mut Tx| Ok::<_, Failure>(subjects::see(tx, &of.sight, &of.subject).await?);
    let incident = app.ops.db().read(load).await?.ok_or(Failure::NotFound("incident"))?;
    let with_means = May::Respond.allows(by.person.role);
    let (org, all) = (app.ops.organisation().await?, app.ops.who_works_where().await?);
    let here = all.iter().filter(|c| incident.state.is_live() && concerns(&org, &incident, &c.system));
    let at_work = here.flat_map(|c| c.live().map(|claim| claim_of(c, claim))).collect();
    Ok(Json(Full::of(&incident, at_work, app.ops.now(), app.ops.public_url(), with_means)))
}

/// From where in a log.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct From {
    /// Only entries after the one of this number; from the first if absent.
    #[serde(default)]
    pub(super) after: u64,
    /// How many: 1 to 200, 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    pub(super) limit: Option<u32>,
}

/// The log of an incident, oldest entry first.
#[utoipa::path(
    get,
    path = "/api/v1/incidents/{number}/entries",
    tag = "incidents",
    params(("number" = String, Path, description = "Reference number, such as 2026-041"), From),
    responses((status = 200, description = "A page of it", body = Entries))
)]
pub(super) async fn entries(
    State(app): State<Arc<App>>,
    of: Of,
    Asking(from): Asking<From>,
) -> Result<Json<Entries>, ApiError> {
    let (most, after) = (page_of(from.limit)?, from.after.min(i64::MAX.unsigned_abs()));
    let load = async move |tx: &mut Tx| {
        let incident = subjects::see(tx, &of.sight, &of.subject).await?.ok_or(Failure::NotFound("incident"))?;
        let (entries, next) = subjects::entries_page(tx, &of.sight, &of.subject, after, most).await?;
        Ok::<_, Failure>((incident, entries, next))
    };
    let (incident, entries, next) = app.ops.db().read(load).await?;
    Ok(Json(Entries {
        next,
        entries: entries.iter().map(|e| LogEntry::of(e, &incident)).collect(),
        time_zone: incident.terms.time_zone.clone(),
    }))
}

/// The incident form with its notes.
#[utoipa::path(
    get,
    path = "/api/v1/incidents/{number}/form",
    tag = "incidents",
    params(("number" = String, Path, description = "Reference number, such as 2026-041")),
    responses((status = 200, description = "Its fields in order, and its notes, in words and as instants", body = Object))
)]
pub(super) async fn form(State(app): State<Arc<App>>, of: Of) -> Result<Json<Form>, ApiError> {
    let load = async move |tx: &mut Tx| {
        let incident = subjects::see(tx, &of.sight, &of.subject).await?.ok_or(Failure::NotFound("incident"))?;
        Ok::<_, Failure>((incident, subjects::entries(tx, &of.sight, &of.subject, 0).await?))
    };
    let (incident, entries) = app.ops.db().read(load).await?;
    Ok(Json(Form::of(&incident, &entries, app.ops.now())))
}

/// An incident as one file that proves itself: entries as they are stored, chained, and signed.
#[utoipa::path(
    get,
    path = "/api/v1/incidents/{number}/export",
    tag = "incidents",
    params(("number" = String, Path, description = "Reference number, such as 2026-041")),
    responses((status = 200, description = "The file, as `muster verify` proves it", body = Object))
)]
pub(super) async fn export(State(app): State<Arc<App>>, of: Of) -> Result<Response, ApiError> {
    let file = app.ops.export(of.sight, &of.number).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], file).into_response())
}

/// Everything that there is of an incident in one zip file that proves itself: log, form, messages, files.
#[utoipa::path(
    get,
    path = "/api/v1/incidents/{number}/proof",
    tag = "incidents",
    params(("number" = String, Path, description = "Reference number, such as 2026-041")),
    responses((status = 200, description = "The pack, as `muster verify` proves it", content_type = "application/zip"))
)]
pub(super) async fn proof(State(app): State<Arc<App>>, of: Of) -> Result<Response, ApiError> {
    Ok(crate::web::proof::download(&app, of.sight, &of.number).await?)
}

/// The blank forms as one page that prints, for the day on which Muster itself cannot be reached.
#[utoipa::path(
    get,
    path = "/api/v1/forms/blank",
    tag = "incidents",
    responses((status = 200, description = "The page", content_type = "text/html"))
)]
pub(super) async fn blank(State(app): State<Arc<App>>) -> Result<Response, ApiError> {
    Ok(crate::web::pages::blank::answer(&app).await?)
}
