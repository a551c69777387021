//! How the program is: for load balancers, for Prometheus, and for whoever watches the watcher.

use crate::app::{App, CheckpointHealth};
use crate::ops::Failure;
use crate::ops::deliver::TROUBLE_FROM;
use crate::store::{Sight, Tx, alerts, duties, meta, outbox, subjects};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use muster_core::Time;
use std::fmt::Write;
use std::sync::Arc;

/// `GET /healthz`: the process answers.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: a transaction can be committed.
pub async fn ready(State(app): State<Arc<App>>) -> Response {
    let now = app.ops.now().as_millisecond().to_string();
    let commit = async move |tx: &mut Tx| Ok::<_, Failure>(meta::set(tx, "readyz", &now).await?);
    match app.ops.db().write(commit).await {
        Ok(()) => "ready\n".into_response(),
        Err(failure) => (StatusCode::SERVICE_UNAVAILABLE, format!("cannot commit: {failure}\n")).into_response(),
    }
}

/// `GET /metrics`: in Prometheus' text format.
pub async fn metrics(State(app): State<Arc<App>>) -> Response {
    match measure(&app).await {
        Ok(text) => ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response(),
        Err(failure) => (StatusCode::SERVICE_UNAVAILABLE, format!("# {failure}\n")).into_response(),
    }
}

async fn measure(app: &App) -> Result<String, Failure> {
    let now = app.ops.now();
    // Nobody signs in to read this: what is restricted is in no figure (the books are sums over all time).
    let open = Sight::of_a_stranger();
    let (accounts, live, oldest, books, late) = app
        .ops
        .db()
        .read(async move |tx: &mut Tx| {
            let late = duties::count_late(tx, &open, now).await?;
            Ok::<_, Failure>((
                alerts::count_by_account(tx, &open).await?,
                subjects::count_live(tx, &open).await?,
                outbox::oldest_due(tx, now).await?,
                alerts::books(tx).await?,
                late,
            ))
        })
        .await?;
    let mut out = String::new();
    let mut gauge = |name: &str, help: &str, rows: &[(String, f64)]| {
        let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} gauge");
        for (labels, value) in rows {
            let _ = writeln!(out, "{name}{labels} {value}");
        }
    };
    let one = |value: f64| vec![(String::new(), value)];
    let seconds = |since: Time| now.duration_since(since).as_secs_f64().max(0.0);
    let accounts: Vec<_> = accounts.iter().map(|(a, n)| (format!("{{account=\"{}\"}}", a.word()), count(*n))).collect();
    gauge("muster_alerts", "Alerts by account: every alert stands in exactly one.", &accounts);
    gauge("muster_incidents_live", "Incidents that are suspected or open.", &one(count(live.0)));
    gauge("muster_incidents_critical", "Those of severity 1.", &one(count(live.1)));
    gauge("muster_duties_late", "Duties that are owed and late.", &one(count(late)));
    let lateness = oldest.map_or(0.0, seconds);
    gauge("muster_outbox_lateness_seconds", "How long the oldest message waits to be sent.", &one(lateness));
    let stuck = async |tx: &mut Tx| Ok::<_, Failure>(outbox::count_in_trouble(tx, TROUBLE_FROM).await?);
    let stuck = app.ops.db().read(stuck).await?;
    gauge("muster_outbox_stuck", "Messages that could not be sent in several tries, and wait.", &one(count(stuck)));
    let tick = seconds(app.health.ticked_at());
    gauge("muster_engine_last_tick_seconds", "How long ago the engine looked at everything that was due.", &one(tick));
    gauge("muster_signals_accepted", "Signals that were accepted.", &one(count(books.0)));
    gauge("muster_signals_accounted", "Signals that stand in an account.", &one(count(books.1)));
    gauge(
        "muster_books_difference",
        "Accepted minus accounted for: not 0 means something is lost.",
        &one(count(books.0) - count(books.1)),
    );
    let checkpoints = app.health.checkpoints();
    let each = |of: fn(&CheckpointHealth) -> Option<Time>| {
        let rows =
            checkpoints.iter().filter_map(|(to, health)| Some((format!("{{to=\"{to}\"}}"), seconds(of(health)?))));
        rows.collect::<Vec<_>>()
    };
    let age = each(|health| health.at);
    gauge("muster_checkpoint_age_seconds", "Age of the newest checkpoint of the ledger that left the machine.", &age);
    let failing = each(|health| health.failing_since);
    gauge(
        "muster_checkpoint_failing_seconds",
        "How long the next could not be sent; absent while all is well.",
        &failing,
    );
    Ok(out)
}

/// A count as a metric. Exact up to 2^53.
#[allow(clippy::cast_precision_loss, reason = "a count beyond 2^53 has other worries")]
fn count(n: u64) -> f64 {
    n as f64
}
