//! How an incident kept its duties.

use super::ask::Of;
use super::dto::kept::Kept;
use crate::app::App;
use crate::ops::Failure;
use crate::store::{Tx, subjects};
use crate::web::error::ApiError;
use axum::Json;
use axum::extract::State;
use muster_core::compliance;
use std::sync::Arc;

/// How the incident kept its duties: what was owed, by when, and what became of it.
#[utoipa::path(
    get,
    path = "/api/v1/incidents/{number}/duties",
    operation_id = "duties",
    tag = "incidents",
    params(("number" = String, Path, description = "Reference number, such as 2026-041")),
    responses((status = 200, description = "Every duty, and how many were done in time", body = Kept))
)]
pub(super) async fn show(State(app): State<Arc<App>>, of: Of) -> Result<Json<Kept>, ApiError> {
    let read = async move |tx: &mut Tx| Ok::<_, Failure>(subjects::entries(tx, &of.sight, &of.subject, 0).await?);
    let log = app.ops.db().read(read).await?;
    Ok(Json(Kept::of(&compliance::owed(&log), app.ops.now())))
}
