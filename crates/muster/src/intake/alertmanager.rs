//! Alertmanager's webhook, version 4: <https://prometheus.io/docs/alerting/latest/configuration/#webhook_config>.
//!
//! One payload carries the alerts of a group. Each has its own `status`, which may differ from the group's, and a
//! `fingerprint` that is the same when it fires again and when it resolves. Fields that later versions add are ignored.

use super::words::{self, time};
use super::{Signal, Unparsed, limits, scalar, scalars, take};
use muster_core::alert::Status;
use serde_json::Value;
use std::collections::BTreeMap;

pub(super) fn alerts(payload: Value) -> Result<Vec<Value>, Unparsed> {
    match payload {
        Value::Object(mut fields) => match fields.remove("alerts") {
            Some(Value::Array(alerts)) => Ok(alerts),
            _ => Err(Unparsed("it has no list called \"alerts\"".into())),
        },
        _ => Err(Unparsed("it is not a JSON object".into())),
    }
}

pub(super) fn signal(mut alert: Value) -> Result<Signal, Unparsed> {
    let key = scalar(take(&mut alert, "fingerprint"));
    let ends_at = time(&alert["endsAt"]); // year 1 while firing
    let status = match alert["status"].as_str() {
        Some("firing") => Ok(Status::Firing),
        Some("resolved") => Ok(Status::Resolved),
        _ => Err(Unparsed("an alert's \"status\" is neither firing nor resolved".into())),
    };
    let described = describe(alert, key)?;
    Ok(match status? {
        Status::Firing => Signal { ends_at, ..described },
        Status::Resolved => Signal { status: Status::Resolved, happened_at: ends_at, ..described },
    })
}

/// What Alertmanager and Prometheus say in the same way: a firing signal that began at `startsAt`; its labels are its
/// key if there is no other.
pub(super) fn describe(mut alert: Value, key: Option<String>) -> Result<Signal, Unparsed> {
    let labels = scalars(take(&mut alert, "labels"));
    if labels.is_empty() {
        return Err(Unparsed("an alert has no \"labels\"".into()));
    }
    let mut annotations = scalars(take(&mut alert, "annotations"));
    let label = |name: &str| labels.get(name).cloned();
    let (summary, description) = (annotations.remove("summary"), annotations.remove("description"));
    let service = label("alertname").unwrap_or_default();
    let severity = labels.get("severity").and_then(|word| words::meaning(word)?.condition());
    Ok(Signal {
        key: key.unwrap_or_else(|| identity(&labels)),
        status: Status::Firing,
        title: summary.unwrap_or_else(|| service.clone()),
        host: label("instance").or_else(|| label("host")).unwrap_or_default(),
        detail: description.unwrap_or_default(),
        condition: severity.unwrap_or(words::usual_condition(Status::Firing)),
        happened_at: time(&alert["startsAt"]),
        ends_at: None,
        link: annotations.get("runbook_url").cloned().or_else(|| scalar(take(&mut alert, "generatorURL"))),
        labels: annotations.into_iter().chain(labels).collect(),
        service,
    })
}

/// Labels are what Prometheus tells alerts apart by, and an empty one is none.
fn identity(labels: &BTreeMap<String, String>) -> String {
    let sorted = labels.iter().map(|(name, value)| Value::from(vec![name.as_str(), value.as_str()]));
    limits::digest(&Value::from_iter(sorted).to_string())
}
