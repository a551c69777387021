//! The plan as files (DOC-5): PDF, Markdown, CSV and JSON.

use crate::app::App;
use crate::documents::text;
use crate::ops::access::Visitor;
use crate::store;
use crate::web::error::PageError;
use crate::web::pages::form::download;
use axum::extract::{Path, State};
use axum::response::Response;
use muster_core::form::plan::Plan;
use std::sync::Arc;

type Answer = Result<Response, PageError>;

async fn plan(app: &App, by: &Visitor, number: &str) -> Result<Plan, PageError> {
    let log = app.ops.whole_log(by.sight(), number).await?;
    Ok(Plan::of(&log.stored.folded, &*app.ops.organisation().await?, app.ops.now()))
}

/// `GET /incidents/{number}/plan.json`.
///
/// # Errors
/// 404.
pub async fn json(State(app): State<Arc<App>>, by: Visitor, Path(number): Path<String>) -> Answer {
    let bug = |e| store::Error::Bug(format!("the plan of {number} cannot be written: {e}"));
    let file = serde_json::to_vec_pretty(&plan(&app, &by, &number).await?).map_err(bug)?;
    Ok(download(&format!("{number}-plan"), "json", "application/json", file))
}

/// `GET /incidents/{number}/plan.csv`.
///
/// # Errors
/// 404.
pub async fn csv(State(app): State<Arc<App>>, by: Visitor, Path(number): Path<String>) -> Answer {
    let file = text::plan_csv(&plan(&app, &by, &number).await?).into_bytes();
    Ok(download(&format!("{number}-plan"), "csv", "text/csv; charset=utf-8", file))
}

/// `GET /incidents/{number}/plan.md`.
///
/// # Errors
/// 404.
pub async fn markdown(State(app): State<Arc<App>>, by: Visitor, Path(number): Path<String>) -> Answer {
    let file = text::plan_markdown(&plan(&app, &by, &number).await?).into_bytes();
    Ok(download(&format!("{number}-plan"), "md", "text/markdown; charset=utf-8", file))
}

/// `GET /incidents/{number}/plan.pdf`.
///
/// # Errors
/// 404; 501 in a build without PDF.
#[cfg(feature = "pdf")]
pub async fn pdf(State(app): State<Arc<App>>, by: Visitor, Path(number): Path<String>) -> Answer {
    let paper = crate::documents::paper::plan_on_paper(&plan(&app, &by, &number).await?);
    let file = crate::web::pages::form::print(&app, &paper).await?.unwrap_or_default();
    Ok(download(&format!("{number}-plan"), "pdf", "application/pdf", file))
}

/// In a build without PDF.
///
/// # Errors
/// Always 501.
#[cfg(not(feature = "pdf"))]
pub async fn pdf(_: Visitor) -> Answer {
    crate::web::pages::form::no_pdf()
}
