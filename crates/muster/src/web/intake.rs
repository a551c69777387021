//! Where senders come in: key checked, parsed, accepted durably, then answered as that sender expects.

use super::error::{ApiError, Problem};
use super::guard::bearer;
use crate::app::App;
use crate::intake::{Format, parse};
use crate::ops::alerts::Accepted;
use crate::secrets::{Token, TokenKind};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use muster_core::ids::IntakeId;
use serde_json::json;
use std::sync::Arc;

/// `POST /in/{format}` with the key as bearer token: the documented way.
///
/// # Errors
/// 401, 404, 503.
pub async fn receive(
    State(app): State<Arc<App>>,
    Path(format): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    accept(&app, &format, bearer(&headers), &headers, body).await
}

/// `POST /in/{format}/{key}`: for senders that cannot set a header.
///
/// # Errors
/// 401, 404, 503.
pub async fn receive_with_key(
    State(app): State<Arc<App>>,
    Path((format, key)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    accept(&app, &format, Some(&key), &headers, body).await
}

/// `POST /api/v2/alerts`: what Prometheus itself and amtool send to an Alertmanager.
///
/// # Errors
/// 401, 503.
pub async fn receive_prometheus(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    accept(&app, Format::Prometheus.word(), bearer(&headers), &headers, body).await
}

async fn accept(
    app: &App,
    format: &str,
    key: Option<&str>,
    headers: &HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    let format = Format::from_word(format).ok_or_else(|| Problem::not_found("intake format"))?;
    let intake = sender(app, key).await?;
    let at = app.ops.now();
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    let signals = parse(format, &body, content_type, at);
    let (id, count) = (app.ops.request_id()?, signals.len());
    app.writer.accept(Accepted { id, intake, at, format, bytes: body.into(), signals }).await?;
    Ok((StatusCode::OK, Json(json!({ "status": "success", "accepted": count }))).into_response())
}

/// The sender with that key. An unknown key is never 200: its owner must notice.
async fn sender(app: &App, key: Option<&str>) -> Result<IntakeId, Problem> {
    let unknown = || {
        let detail = "This intake key is missing, not known or was revoked. Send it as Authorization: Bearer mk_….";
        Problem::new(StatusCode::UNAUTHORIZED, "unknown-key", detail)
    };
    let token = key.and_then(|k| Token::parse(TokenKind::Intake, k)).ok_or_else(unknown)?;
    app.intake_of(&token.hash()).await?.ok_or_else(unknown)
}
