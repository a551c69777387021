//! Setting up: the organisation in the shape of its file, and the keys of its senders.

use super::ask::{Asked, Asking, json, read, visitor};
use super::dto::upkeep::{Key, NewKey, Plan};
use crate::app::App;
use crate::web::error::{ApiError, Problem};
use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use muster_core::directory::Organisation;
use muster_core::ids::{IntakeId, is_directory_name};
use serde::Deserialize;
use std::sync::Arc;
use utoipa::IntoParams;

/// Largest organisation, in bytes: 5,000 people with all their means are about 2 MiB.
const ORGANISATION_MAX: usize = 16 * 1024 * 1024;

/// The organisation, in the shape of its file.
#[utoipa::path(
    get,
    path = "/api/v1/organisation",
    operation_id = "organisation",
    tag = "upkeep",
    responses((
        status = 200,
        description = "As `muster export` writes it, in JSON",
        body = Object,
        headers(("ETag" = String, description = "Its version, for If-Match"))
    ))
)]
pub(super) async fn show(State(app): State<Arc<App>>) -> Result<impl IntoResponse, ApiError> {
    let (epoch, org) = app.ops.organisation_at_epoch().await?;
    Ok(([(header::ETAG, tag(epoch))], Json(Organisation::clone(&org))))
}

/// The version of the organisation, as an entity tag.
fn tag(epoch: i64) -> String {
    format!("\"{epoch}\"")
}

/// The version that is to be changed, if the program says which. One that is none of ours is another.
fn looked_at(headers: &HeaderMap) -> Option<i64> {
    let wanted = headers.get(header::IF_MATCH)?.to_str().unwrap_or_default().trim();
    // A proxy that compresses makes a tag a weak one.
    let number = wanted.strip_prefix("W/").unwrap_or(wanted).trim_matches('"');
    (wanted != "*").then(|| number.parse().unwrap_or(-1))
}

/// Whether to do it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Whether {
    /// `1`: only say what would change.
    #[serde(default)]
    #[param(minimum = 0, maximum = 1)]
    plan: u8,
}

/// Make the organisation what the file says. What is not in it is removed.
#[utoipa::path(
    put,
    path = "/api/v1/organisation",
    tag = "upkeep",
    params(Whether, ("If-Match" = Option<String>, Header, description = "The ETag of the version that you looked at: 412 if it is another now")),
    request_body(content = Object, description = "As `muster export` writes it, in JSON"),
    responses((
        status = 200,
        description = "What changed, or would",
        body = Plan,
        headers(("ETag" = String, description = "The version that would change; once it was done, the new one"))
    ))
)]
pub(super) async fn apply(
    State(app): State<Arc<App>>,
    Asking(whether): Asking<Whether>,
    request: Request,
) -> Result<impl IntoResponse, ApiError> {
    let (parts, body) = request.into_parts();
    let by = visitor(&parts)?;
    let wanted: Organisation = json(&read(&parts.headers, body, ORGANISATION_MAX).await?)?;
    crate::ops::apply::keeps_whoever_acts(&wanted, &by.id)?;
    let (plan, applied) = match whether.plan {
        0 => (app.ops.apply_to(looked_at(&parts.headers), &wanted, by.id.as_str()).await?, true),
        _ => (app.ops.plan(&wanted).await?, false),
    };
    Ok(([(header::ETAG, tag(plan.epoch))], Json(Plan::of(plan, applied))))
}

/// Make a new key for a sender. It is shown this once.
#[utoipa::path(
    post,
    path = "/api/v1/intake/{id}/keys",
    tag = "upkeep",
    params(("id" = String, Path, description = "The sender's name in the directory")),
    request_body = NewKey,
    responses((status = 201, description = "The key", body = Key))
)]
pub(super) async fn new_key(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    asked: Asked<NewKey>,
) -> Result<Response, ApiError> {
    if !is_directory_name(&id) {
        return Err(Problem::not_found("intake").into());
    }
    let key = app.ops.make_intake_key(&IntakeId::from(id.as_str()), asked.body.alone, asked.by.id.as_str()).await?;
    let shown = Json(Key { intake: id, key: key.reveal().to_owned() });
    Ok((StatusCode::CREATED, shown).into_response())
}
