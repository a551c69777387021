//! The engine: looks at what is due, and says when it must look again.
//!
//! Names no task, no sleep and no clock: [`run`] and the simulation bring those. One bad record never
//! stops the others: each log is looked at in a transaction of its own, and so is each alert of which one is bad.

pub mod run;

use crate::ops::{Failure, Ops};
use crate::store::{Tx, alerts, meta, outbox, subjects};
use muster_core::ids::AlertId;
use muster_core::refusal::Refusal;
use muster_core::subject::Common;
use muster_core::{Span, Time, later};

/// Most logs that one tick looks at. What is left is due at once in the next.
const LOGS_AT_MOST: u32 = 200;
/// Most alerts that one tick places: few, as people who are being called must not wait for a storm of them.
const ALERTS_AT_MOST: u32 = 50;

/// How long the engine waits after a transaction that the database could not do: asking at once would add to the trouble.
const AFTER_PASSING_TROUBLE: Span = Span::from_secs(1);

/// What a tick did.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Ticked {
    /// How many alerts were placed.
    pub alerts: usize,
    /// Whether as many as one tick takes were due, so that more may be.
    pub more_alerts: bool,
    /// How many logs were looked at.
    pub subjects: usize,
    /// What could not be looked at, in words for the program's log.
    pub trouble: Vec<String>,
    /// Whether the database could not do some of it: that is due still, and is looked at again in a moment.
    pub interrupted: bool,
    /// When something is due again, if anything is known to be.
    pub next_due: Option<Time>,
}

/// Looks at everything that is due now.
///
/// # Errors
/// [`Failure`] if the database can't be asked what is due.
pub async fn tick(ops: &Ops) -> Result<Ticked, Failure> {
    let now = ops.look().await?;
    let mut ticked = Ticked::default();
    // Logs first: whoever is being called comes before what has just come in.
    let due = ops
        .db()
        .read(async move |tx: &mut Tx| {
            let epoch = meta::epoch(tx).await?;
            Ok::<_, Failure>(subjects::due(tx, now, epoch, LOGS_AT_MOST).await?)
        })
        .await?;
    for subject in due {
        match ops.carry_on(&subject, Common::Tick).await {
            Ok(_) => ticked.subjects += 1,
            Err(Failure::Refused(Refusal::NewerRelease)) => ops.rest(&subject).await?,
            // Whoever is being called must not wait longer than the database is away.
            Err(failure) if failure.is_passing() => {
                ticked.trouble.push(format!("log {subject}: {failure}"));
                ticked.interrupted = true;
            }
            Err(failure) => {
                ticked.trouble.push(format!("log {subject}: {failure}"));
                ops.put_off_subject(&subject).await?;
            }
        }
    }
    let due =
        ops.db().read(async move |tx: &mut Tx| Ok::<_, Failure>(alerts::due(tx, now, ALERTS_AT_MOST).await?)).await?;
    ticked.more_alerts = due.len() >= usize::try_from(ALERTS_AT_MOST).unwrap_or(usize::MAX);
    place(ops, due, &mut ticked).await?;
    ops.demo_hang_up().await?;
    ticked.next_due = match ticked.interrupted {
        true => Some(later(now, AFTER_PASSING_TROUBLE)),
        false => next_due(ops).await?,
    };
    Ok(ticked)
}

/// Places the alerts that are due: all in one transaction, as most only begin to be watched and a storm brings many;
/// each in its own if one of them is bad.
async fn place(ops: &Ops, due: Vec<AlertId>, ticked: &mut Ticked) -> Result<(), Failure> {
    let mut groups = if due.is_empty() { Vec::new() } else { vec![due] };
    while let Some(group) = groups.pop() {
        let failure = match ops.place(group.clone()).await {
            Ok(()) => {
                ticked.alerts += group.len();
                continue;
            }
            Err(failure) => failure,
        };
        if group.len() > 1 && !failure.is_passing() {
            groups.extend(group.into_iter().rev().map(|id| vec![id]));
            continue;
        }
        let alerts: Vec<_> = group.iter().map(AlertId::as_str).collect();
        ticked.trouble.push(format!("alert {}: {failure}", alerts.join(", ")));
        match failure.is_passing() {
            true => ticked.interrupted = true,
            false => put_off(ops, &group).await?,
        }
    }
    Ok(())
}

async fn put_off(ops: &Ops, alerts: &[AlertId]) -> Result<(), Failure> {
    for id in alerts {
        ops.put_off(id).await?;
    }
    Ok(())
}

/// When something is due again.
///
/// # Errors
/// [`Failure`].
pub async fn next_due(ops: &Ops) -> Result<Option<Time>, Failure> {
    ops.db()
        .read(async |tx: &mut Tx| {
            // What a held outbox keeps is due, but nobody will send it: looking again at once would never end.
            let outbox = if outbox::is_held(tx).await? { None } else { outbox::next_due(tx).await? };
            let due = [alerts::next_due(tx).await?, subjects::next_due(tx).await?, outbox];
            Ok(due.into_iter().flatten().min())
        })
        .await
}
