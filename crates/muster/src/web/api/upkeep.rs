//! Looking after an installation: proving it, backing it up, and letting its messages go.

use super::ask::{json, read};
use super::dto::upkeep::{Checkpoint, Evidence, Outbox, Proved};
use crate::app::App;
use crate::documents::checkpoint;
use crate::ops::Failure;
use crate::ops::access::Visitor;
use crate::store::{Tx, backup, outbox};
use crate::web::error::{ApiError, Problem};
use axum::Json;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::fs::File;
use tokio::sync::Semaphore;
use tokio_util::io::ReaderStream;

/// One backup at a time, as each takes room for a whole copy beside the database.
static BACKUPS: Semaphore = Semaphore::const_new(1);

/// Largest evidence, in bytes: one checkpoint an hour for five years. Older ones are held against a backup.
const EVIDENCE_MAX: usize = 16 * 1024 * 1024;

/// Prove the database: every log unbroken, the ledger complete, the audit trail whole. That nothing was cut off at the
/// end is proved only as far as checkpoints go that left the machine before.
#[utoipa::path(
    post,
    path = "/api/v1/verify",
    tag = "upkeep",
    request_body = Evidence,
    responses((status = 200, description = "How much was proved, and the first thing that is wrong", body = Proved))
)]
pub(super) async fn verify(State(app): State<Arc<App>>, request: Request) -> Result<Json<Proved>, ApiError> {
    let (parts, body) = request.into_parts();
    let evidence: Evidence = json(&read(&parts.headers, body, EVIDENCE_MAX).await?)?;
    let found = tokio::task::spawn_blocking(move || checkpoint::read(&evidence.checkpoints)).await;
    let found = found.map_err(stopped)?.map_err(|wrong| {
        let (status, field) = (StatusCode::UNPROCESSABLE_ENTITY, Some("checkpoints"));
        Problem { field, ..Problem::new(status, "senseless", format!("{wrong}.")) }
    })?;
    Ok(Json(app.ops.verify_against(found.signed).await?.into()))
}

/// A checkpoint of now: one signed line that says how far the records go, and the key that proves it.
#[utoipa::path(
    get,
    path = "/api/v1/checkpoint",
    tag = "upkeep",
    responses((status = 200, description = "The line and the key", body = Checkpoint))
)]
pub(super) async fn checkpoint(State(app): State<Arc<App>>) -> Result<Json<Checkpoint>, ApiError> {
    let line = app.ops.signed(&app.ops.checkpoint().await?);
    let key = app.ops.signing_key().public();
    Ok(Json(Checkpoint { line, key: key.to_string(), key_pem: key.to_pem() }))
}

/// A task of ours ended early, which only happens when all of them do.
fn stopped(_: tokio::task::JoinError) -> Failure {
    Failure::Store(crate::store::Error::Unavailable("Muster is stopping".into()))
}

/// Copy the whole database, while it is in use. The copy holds personal data and everything that secrets are checked
/// against: keep it like the database itself.
#[utoipa::path(
    post,
    path = "/api/v1/backup",
    operation_id = "backup",
    tag = "upkeep",
    responses((status = 200, description = "The database", content_type = "application/vnd.sqlite3"))
)]
pub(super) async fn copy(State(app): State<Arc<App>>, by: Visitor) -> Result<Response, ApiError> {
    let busy = |_| {
        let detail = "Another backup is being made. Wait for it, and try again.";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail)
    };
    let _one = BACKUPS.try_acquire().map_err(busy)?;
    let beside = beside(&app)?;
    tracing::info!(by = %by.id, "the database is being copied for a backup");
    let db = app.ops.db().clone();
    // On a task of its own, so that a program that hangs up leaves no half copy behind.
    let copied = tokio::spawn(async move {
        backup::to_file(&db, &beside).await?;
        let opened = File::open(&beside).await;
        // It is read until it is closed, and gone whatever happens then.
        let removed = tokio::fs::remove_file(&beside).await;
        opened.and_then(|file| removed.map(|()| file)).map_err(|e| crate::store::Error::Unavailable(e.to_string()))
    });
    let file = copied.await.map_err(stopped)?.map_err(Failure::Store)?;
    let name = format!("attachment; filename=\"muster-{}.db\"", app.ops.now().strftime("%Y-%m-%dT%H%MZ"));
    let headers = [(header::CONTENT_TYPE, "application/vnd.sqlite3".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, Body::from_stream(ReaderStream::new(file))).into_response())
}

/// Where the copy stands for a moment: beside the database, where there is room for one.
fn beside(app: &App) -> Result<PathBuf, ApiError> {
    let Some(database) = app.ops.db().file() else {
        let detail = "This installation keeps its data in PostgreSQL: back that up with pg_dump.";
        return Err(Problem::new(StatusCode::NOT_IMPLEMENTED, "not-embedded", detail).into());
    };
    let mut name = database.as_os_str().to_owned();
    name.push(format!(".backup-{}", app.ops.request_id()?));
    Ok(PathBuf::from(name))
}

/// Whether messages go out.
#[utoipa::path(
    get,
    path = "/api/v1/outbox",
    tag = "upkeep",
    responses((status = 200, description = "How the outbox is", body = Outbox))
)]
pub(super) async fn outbox(State(app): State<Arc<App>>) -> Result<Json<Outbox>, ApiError> {
    Ok(Json(outbox_now(&app).await?))
}

async fn outbox_now(app: &App) -> Result<Outbox, Failure> {
    let now = app.ops.now();
    let read = async move |tx: &mut Tx| {
        let (held, oldest_due_at) = (outbox::is_held(tx).await?, outbox::oldest_due(tx, now).await?);
        Ok::<_, Failure>(Outbox { held, oldest_due_at })
    };
    app.ops.db().read(read).await
}

/// Let messages go out of a restored database. What became untrue meanwhile is dropped unsent.
#[utoipa::path(
    post,
    path = "/api/v1/outbox/release",
    tag = "upkeep",
    responses((status = 200, description = "How the outbox is now", body = Outbox))
)]
pub(super) async fn release(State(app): State<Arc<App>>, by: Visitor) -> Result<Json<Outbox>, ApiError> {
    app.ops.hold_outbox(false, by.id.as_str()).await?;
    Ok(Json(outbox_now(&app).await?))
}
