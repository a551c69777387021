//! The evaluation and restoration plan: reading it. What changes it stands among the acts.

use super::ask::Of;
use super::dto::plan::Plan;
use crate::app::App;
use crate::ops::Failure;
use crate::store::{Tx, subjects};
use crate::web::error::ApiError;
use axum::Json;
use axum::extract::State;
use std::sync::Arc;

/// The evaluation and restoration plan: problem, questions, parts, causes, tasks, options.
#[utoipa::path(
    get,
    path = "/api/v1/incidents/{number}/plan",
    operation_id = "plan",
    tag = "incidents",
    params(("number" = String, Path, description = "Reference number, such as 2026-041")),
    responses((status = 200, description = "The plan", body = Plan))
)]
pub(super) async fn show(State(app): State<Arc<App>>, of: Of) -> Result<Json<Plan>, ApiError> {
    let load = async move |tx: &mut Tx| Ok::<_, Failure>(subjects::see(tx, &of.sight, &of.subject).await?);
    let incident = app.ops.db().read(load).await?.ok_or(Failure::NotFound("incident"))?;
    Ok(Json(Plan::of(&incident, &*app.ops.organisation().await?)))
}
