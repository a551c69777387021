//! Files on an incident, for programs: a body that is the file, and the file again.

use super::ask::{Asking, Of, done, once, visitor};
use super::dto::incident::Done;
use crate::app::App;
use crate::ops::Failure;
use crate::ops::access::Visitor;
use crate::store::{Tx, subjects};
use crate::web::error::ApiError;
use crate::web::{pages, upload};
use axum::Json;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use muster_core::ids::PersonRef;
use serde::Deserialize;
use std::sync::Arc;
use utoipa::IntoParams;

/// What a file is called, and what it shows.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct About {
    /// Its name, without folders.
    name: String,
    /// A line that says what it shows.
    #[serde(default)]
    #[param(required = false)]
    text: String,
}

/// Put a file on an incident. The body is the file, as it is; what it is, its first bytes say.
#[utoipa::path(
    post,
    path = "/api/v1/incidents/{number}/attachments",
    tag = "incidents",
    params(("number" = String, Path, description = "Reference number, such as 2026-041"), About),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, description = "Done", body = Done))
)]
pub(super) async fn attach(
    State(app): State<Arc<App>>,
    of: Of,
    Asking(about): Asking<About>,
    request: Request,
) -> Result<Json<Done>, ApiError> {
    let (parts, body) = request.into_parts();
    let (by, subject, sight) = (visitor(&parts)?, of.subject.clone(), of.sight.clone());
    let load = async move |tx: &mut Tx| Ok::<_, Failure>(subjects::see(tx, &sight, &subject).await?);
    let incident = app.ops.db().read(load).await?.ok_or(Failure::NotFound("incident"))?;
    let most = incident.terms.policy.attachment_bytes();
    let file = upload::file(&app, body.into_data_stream(), &about.name, &about.text, most).await?;
    let asked = format!("{}\n{}\n{}", file.about.name, file.about.text, file.about.sha256);
    let once = once(&parts, &by, asked.as_bytes())?;
    let person = PersonRef { id: by.id.clone(), name: by.person.name.clone() };
    Ok(Json(done(&app, app.ops.attach(&of.subject, &person, vec![file], once).await?)))
}

/// A file that was put on an incident, unless it was taken back.
#[utoipa::path(
    get,
    path = "/api/v1/incidents/{number}/attachments/{entry}",
    tag = "incidents",
    params(
        ("number" = String, Path, description = "Reference number, such as 2026-041"),
        ("entry" = u64, Path, description = "Number of the entry")
    ),
    responses((status = 200, description = "The file", content_type = "application/octet-stream"))
)]
pub(super) async fn attachment(
    State(app): State<Arc<App>>,
    by: Visitor,
    Path((number, entry)): Path<(String, u64)>,
) -> Result<Response, ApiError> {
    let file = app.ops.attachment(by.sight(), &number, entry).await?;
    Ok(pages::attachments::given(&app, &file))
}
