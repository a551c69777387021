//! Running the engine: ticks when something is due, sends what must be sent, and watches itself.

use super::tick;
use crate::app::App;
use crate::ops::deliver::{Delivery, Sent, TROUBLE_FROM};
use muster_core::contact::Outcome;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;

/// The longest sleep: even with nothing known to be due the engine looks again, so that a wake-up
/// that was lost somewhere costs a second and not an outage.
const SLEEP_AT_MOST: Duration = Duration::from_secs(1);
/// A tick that comes this much later than the last was away: a suspended machine, a stopped process.
const GAP: Duration = Duration::from_secs(60);
/// How long the engine lets more alerts come in after it placed some, unless many wait: in a storm they then share
/// transactions, and nobody is called noticeably later.
const BREATH: Duration = Duration::from_millis(50);
/// How many deliveries are under way at once. More would not reach people sooner, and each holds a socket.
const IN_FLIGHT_AT_MOST: usize = 32;

/// How often, a second apart, what was sent is tried to be written down while the database is away. Well within the lease:
/// until it ends nobody else sends it again, and whoever comes next in its lane waits for it.
const SETTLE_TRIES: u32 = 45;

/// Runs until `stop`: the engine and the outbox.
pub async fn run(app: Arc<App>, stop: CancellationToken) {
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
        let mut breath = Duration::ZERO;
        let sleep = match tick(&app.ops).await {
            Ok(ticked) => {
                if ticked.alerts > 0 && !ticked.more_alerts {
                    breath = BREATH;
                }
                if !ticked.interrupted {
                    app.health.ticked(now);
                }
                for trouble in &ticked.trouble {
                    tracing::error!(%trouble, "could not be looked at; tried again");
                }
                let until = ticked.next_due.map(|due| due.duration_since(app.ops.now()).unsigned_abs_or_zero());
                until.unwrap_or(SLEEP_AT_MOST).min(SLEEP_AT_MOST)
            }
            Err(failure) => {
                tracing::error!(%failure, "the engine cannot ask what is due");
                SLEEP_AT_MOST
            }
        };
        let wake = async {
            tokio::time::sleep(breath).await;
            tokio::select! {
                () = app.wake.notified() => {}
                () = tokio::time::sleep(sleep) => {}
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = wake => {}
        }
    }
}

async fn deliveries(app: Arc<App>, stop: CancellationToken) {
    let free = Arc::new(Semaphore::new(IN_FLIGHT_AT_MOST));
    let (mut under_way, mut ids) = (JoinSet::new(), BTreeSet::new());
    // Whether all claims are known: not at the start, when an earlier life may have left some, and not after a claim
    // that failed, as it may have been committed all the same.
    let mut sure = false;
    while !stop.is_cancelled() {
        while let Some(done) = under_way.try_join_next() {
            forget(&mut ids, done);
        }
        if !sure {
            sure = app.ops.free_claims(&ids).await.is_ok();
        }
        let most = if sure { u32::try_from(free.available_permits()).unwrap_or(0) } else { 0 };
        let claimed = match most {
            0 => Vec::new(),
            most => app.ops.claim(&app.holder, most).await.unwrap_or_else(|failure| {
                tracing::error!(%failure, "the outbox cannot be read");
                sure = false;
                Vec::new()
            }),
        };
        for delivery in claimed {
            let Ok(permit) = free.clone().acquire_owned().await else { return };
            let (app, stop) = (app.clone(), stop.clone());
            ids.insert(delivery.id.clone());
            under_way.spawn(async move {
                deliver(&app, &delivery, &stop).await;
                drop(permit);
                delivery.id
            });
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = app.outbox.notified() => {}
            Some(done) = under_way.join_next() => forget(&mut ids, done),
            () = tokio::time::sleep(SLEEP_AT_MOST) => {}
        }
    }
    // What is being sent is let finish: its lease would only make the next start send it again.
    while under_way.join_next().await.is_some() {}
}

/// What is done is no longer under way; what panicked is sent again when its lease ends.
fn forget(ids: &mut BTreeSet<String>, done: Result<String, JoinError>) {
    if let Ok(id) = done {
        ids.remove(&id);
    }
}

async fn deliver(app: &App, delivery: &Delivery, stop: &CancellationToken) {
    let (sent, detail) = send(app, delivery).await;
    warn_of_trouble(delivery, &sent, &detail);
    for attempt in 1.. {
        let Err(failure) = app.ops.settle(delivery, &app.holder, &sent, &detail).await else { return };
        if !failure.is_passing() || attempt >= SETTLE_TRIES || stop.is_cancelled() {
            tracing::error!(id = %delivery.id, %failure, "sent, but not written down; it is sent again");
            return;
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(SLEEP_AT_MOST) => {}
        }
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
