//! Running the engine: ticks when something is due, sends what must be sent, and watches itself.

use super::tick;
use crate::app::App;
use crate::ops::deliver::{Delivery, Sent, TROUBLE_FROM};
use muster_core::contact::Outcome;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// The longest sleep: even with nothing known to be due the engine looks again, so that a wake-up
/// that was lost somewhere costs a second and not an outage.
const SLEEP_AT_MOST: Duration = Duration::from_secs(1);
/// A tick that comes this much later than the last was away: a suspended machine, a stopped process.
const GAP: Duration = Duration::from_secs(60);
/// How many deliveries are under way at once. More would not reach people sooner, and each holds a socket.
const IN_FLIGHT_AT_MOST: usize = 32;

/// Runs until `stop`: the engine and the outbox.
pub async fn run(app: Arc<App>, stop: CancellationToken) {
    if let Err(failure) = app.ops.free_claims().await {
        tracing::error!(%failure, "could not free what an earlier run was sending; it is sent when its lease ends");
    }
    tokio::join!(ticks(app.clone(), stop.clone()), deliveries(app, stop));
}

async fn ticks(app: Arc<App>, stop: CancellationToken) {
    let mut last = app.ops.now();
    while !stop.is_cancelled() {
        let now = app.ops.now();
        if now.duration_since(last).unsigned_abs() > GAP {
            tracing::warn!(since = %last, "the engine was away; whoever was being asked gets the full wait again");
            app.ops.came_back();
        }
        last = now;
        let sleep = match tick(&app.ops).await {
            Ok(ticked) => {
                app.health.ticked(now);
                for trouble in &ticked.trouble {
                    tracing::error!(%trouble, "could not be looked at; tried again in a while");
                }
                let until = ticked.next_due.map(|due| due.duration_since(app.ops.now()).unsigned_abs_or_zero());
                until.unwrap_or(SLEEP_AT_MOST).min(SLEEP_AT_MOST)
            }
            Err(failure) => {
                tracing::error!(%failure, "the engine cannot ask what is due");
                SLEEP_AT_MOST
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = app.wake.notified() => {}
            () = tokio::time::sleep(sleep) => {}
        }
    }
}

async fn deliveries(app: Arc<App>, stop: CancellationToken) {
    let free = Arc::new(Semaphore::new(IN_FLIGHT_AT_MOST));
    let mut under_way = JoinSet::new();
    while !stop.is_cancelled() {
        let most = u32::try_from(free.available_permits()).unwrap_or(0);
        let claimed = match most {
            0 => Vec::new(),
            most => app.ops.claim(&app.holder, most).await.unwrap_or_else(|failure| {
                tracing::error!(%failure, "the outbox cannot be read");
                Vec::new()
            }),
        };
        for delivery in claimed {
            let Ok(permit) = free.clone().acquire_owned().await else { return };
            let app = app.clone();
            under_way.spawn(async move {
                deliver(&app, &delivery).await;
                drop(permit);
            });
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = app.outbox.notified() => {}
            Some(_) = under_way.join_next() => {}
            () = tokio::time::sleep(SLEEP_AT_MOST) => {}
        }
    }
    // What is being sent is let finish: its lease would only make the next start send it again.
    while under_way.join_next().await.is_some() {}
}

async fn deliver(app: &App, delivery: &Delivery) {
    let (sent, detail) = send(app, delivery).await;
    warn_of_trouble(delivery, &sent, &detail);
    if let Err(failure) = app.ops.settle(delivery, &app.holder, &sent, &detail).await {
        tracing::error!(id = %delivery.id, %failure, "sent, but not written down; it is sent again");
    }
}

/// Whoever looks after the program finds there what people find in the log of the incident.
fn warn_of_trouble(delivery: &Delivery, sent: &Sent, detail: &str) {
    let (person, means, tries) = (&delivery.person, delivery.means.word(), delivery.tries);
    match sent {
        Sent::Later if tries >= TROUBLE_FROM => {
            tracing::warn!(%person, means, tries, %detail, "a message cannot be sent; it is tried again");
        }
        Sent::Graded(Outcome::Failed | Outcome::WrongNumber) => {
            tracing::warn!(%person, means, %detail, "a message could not be sent");
        }
        Sent::Later | Sent::Graded(_) => {}
    }
}

async fn send(app: &App, delivery: &Delivery) -> (Sent, String) {
    if app.ops.is_demo() {
        return match app.ops.demo_receive(delivery).await {
            Ok(sent) => (sent, String::new()),
            Err(failure) => (Sent::Later, failure.to_string()),
        };
    }
    if !app.channels.can(delivery.means) {
        let detail = format!("no channel for {} is set up", delivery.means.word());
        return (Sent::Graded(Outcome::Failed), detail);
    }
    app.send(delivery).await
}

/// A span that may lie in the past, as a wait.
trait Wait {
    fn unsigned_abs_or_zero(self) -> Duration;
}

impl Wait for muster_core::Span {
    fn unsigned_abs_or_zero(self) -> Duration {
        if self.is_negative() { Duration::ZERO } else { self.unsigned_abs() }
    }
}
