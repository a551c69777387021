//! Where senders come in: key checked, parsed, accepted durably, then answered as that sender expects.

use super::error::{ApiError, Problem};
use super::guard::bearer;
use crate::app::App;
use crate::intake::{Format, parse, unparsed};
use crate::ops::alerts::Accepted;
use crate::secrets::{Token, TokenKind};
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use muster_core::Time;
use muster_core::alert::Signal;
use muster_core::ids::IntakeId;
use serde_json::json;
use std::sync::Arc;

/// Largest payload of a sender, in bytes. Alertmanager's longest groups stay below 1 MiB.
const PAYLOAD_MAX: usize = 4 * 1024 * 1024;

/// `POST /in/{format}` with the key as bearer token: the documented way.
///
/// # Errors
/// 401, 404, 503.
pub async fn receive(
    State(app): State<Arc<App>>,
    Path(format): Path<String>,
    headers: HeaderMap,
    body: Body,
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
    body: Body,
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
    body: Body,
) -> Result<Response, ApiError> {
    accept(&app, Format::Prometheus.word(), bearer(&headers), &headers, body).await
}

async fn accept(
    app: &App,
    format: &str,
    key: Option<&str>,
    headers: &HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let format = Format::from_word(format).ok_or_else(|| Problem::not_found("intake format"))?;
    // The key first: what strangers send is not even read.
    let intake = sender(app, key).await?;
    let (body, whole) = read(body).await?;
    let at = app.ops.now();
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    let signals = if whole { parse(format, &body, content_type, at) } else { vec![too_long(format, &body, at)] };
    let (id, count) = (app.ops.request_id()?, signals.len());
    app.writer.accept(Accepted { id, intake, at, format, bytes: body, signals }).await?;
    Ok((StatusCode::OK, Json(json!({ "status": "success", "accepted": count }))).into_response())
}

/// The sender with that key. An unknown key is never 200: its owner must notice.
async fn sender(app: &App, key: Option<&str>) -> Result<IntakeId, Problem> {
    let token = key.and_then(|k| Token::parse(TokenKind::Intake, k)).ok_or_else(unknown_key)?;
    app.intake_of(&token.hash()).await?.ok_or_else(unknown_key)
}

/// Nobody has that key.
pub(super) fn unknown_key() -> Problem {
    let detail = "This intake key is missing, not known or was revoked. Send it as Authorization: Bearer mk_….";
    Problem::new(StatusCode::UNAUTHORIZED, "unknown-key", detail)
}

/// The body up to [`PAYLOAD_MAX`], and whether that was all of it.
async fn read(body: Body) -> Result<(Vec<u8>, bool), Problem> {
    let (mut frames, mut read) = (body.into_data_stream(), Vec::new());
    while let Some(frame) = frames.next().await {
        let broken = |_| {
            let detail = "The body did not arrive whole. Send it again.";
            Problem::new(StatusCode::BAD_REQUEST, "broken-off", detail)
        };
        let frame = frame.map_err(broken)?;
        if read.len() + frame.len() > PAYLOAD_MAX {
            read.extend_from_slice(&frame[..PAYLOAD_MAX - read.len()]);
            return Ok((read, false));
        }
        read.extend_from_slice(&frame);
    }
    Ok((read, true))
}

/// The alert that shows the beginning of what was too long: its sender would never send it in another way.
fn too_long(format: Format, beginning: &[u8], at: Time) -> Signal {
    let why = format!("it is longer than {} MiB and was cut", PAYLOAD_MAX / (1024 * 1024));
    unparsed(format, &why, beginning, at)
}
