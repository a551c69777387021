//! What Prometheus posts to `/api/v2/alerts` of what it takes for an Alertmanager: a bare list of alerts with neither
//! status nor fingerprint, sent again every minute while it lasts
//! (<https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml>).

use super::alertmanager::describe;
use super::words::time;
use super::{Signal, Unparsed};
use muster_core::alert::Status;
use muster_core::{Span, Time};
use serde_json::Value;

/// When an alert without `endsAt` is over if nothing more is heard: Alertmanager's default `resolve_timeout`.
const RESOLVE_TIMEOUT: Span = Span::from_mins(5);

pub(super) fn alerts(payload: Value) -> Result<Vec<Value>, Unparsed> {
    match payload {
        Value::Array(alerts) => Ok(alerts),
        _ => Err(Unparsed("it is not a JSON list of alerts".into())),
    }
}

/// It is over if `endsAt` has passed; until then `endsAt` says when it will be unless more is heard.
pub(super) fn signal(alert: Value, received_at: Time) -> Result<Signal, Unparsed> {
    let ends_at = time(&alert["endsAt"]);
    let firing = describe(alert, None)?;
    Ok(match ends_at {
        Some(ended) if ended <= received_at => Signal { status: Status::Resolved, happened_at: Some(ended), ..firing },
        Some(ends_at) => Signal { ends_at: Some(ends_at), ..firing },
        None => Signal { ends_at: received_at.checked_add(RESOLVE_TIMEOUT).ok(), ..firing },
    })
}
