//! Checkpoints of the ledger: which is due for whom, and that it got there (DOC-4).
//!
//! A checkpoint says how things are, so it is made anew for every try; the next one says all that a lost one did.

use super::{Failure, Ops};
use crate::documents::checkpoint::{self, Checkpoint};
use crate::store::checkpoints::{self, Sent};
use crate::store::{Tx, outbox};
use muster_core::{Span, Time};

/// However little happens, a destination hears so often, so that its silence means something.
const AT_LEAST_EVERY: Span = Span::from_hours(24);

/// What a destination has, and what it should get.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Due {
    /// When the one that it got last was signed, if it ever got one.
    pub last: Option<Time>,
    /// What it should get now, if anything.
    pub next: Option<Checkpoint>,
}

impl Ops {
    /// A checkpoint of now.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn checkpoint(&self) -> Result<Checkpoint, Failure> {
        let now = self.now();
        self.db.read(async move |tx: &mut Tx| at(tx, now).await).await
    }

    /// A checkpoint's signed line.
    #[must_use]
    pub fn signed(&self, checkpoint: &Checkpoint) -> String {
        checkpoint::line(checkpoint, self.signing_key())
    }

    /// What is due for `destination`: at most one checkpoint in `every`, and only when there is something new; at least
    /// one a day. Nothing while the outbox is held, as a restored copy must not speak for the installation.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn checkpoint_due(&self, destination: &str, every: Span) -> Result<Due, Failure> {
        let (destination, now) = (destination.to_owned(), self.now());
        self.db
            .read(async move |tx: &mut Tx| {
                let (last, next) = (checkpoints::sent(tx, &destination).await?, at(tx, now).await?);
                let is_due = !outbox::is_held(tx).await? && last.is_none_or(|last| is_due(last, &next, every));
                Ok(Due { last: last.map(|last| last.at), next: is_due.then_some(next) })
            })
            .await
    }

    /// `destination` has got it.
    ///
    /// # Errors
    /// [`Failure`]; then it gets another soon, which does no harm.
    pub async fn checkpoint_sent(&self, destination: &str, checkpoint: &Checkpoint) -> Result<(), Failure> {
        let (destination, sent) = (destination.to_owned(), said(checkpoint));
        self.db.write(async move |tx: &mut Tx| Ok(checkpoints::note_sent(tx, &destination, sent).await?)).await
    }
}

async fn at(tx: &mut Tx, now: Time) -> Result<Checkpoint, Failure> {
    Ok(Checkpoint { ledger: checkpoints::ledger_head(tx).await?, audit: checkpoints::audit_head(tx).await?, at: now })
}

fn said(checkpoint: &Checkpoint) -> Sent {
    Sent { ledger: checkpoint.ledger.count, audit: checkpoint.audit.count, at: checkpoint.at }
}

/// Waits are told by their length alone: a clock that was set back must not keep a destination waiting for years.
fn is_due(last: Sent, next: &Checkpoint, every: Span) -> bool {
    let waited = next.at.duration_since(last.at).abs();
    let is_new = Sent { at: last.at, ..said(next) } != last;
    waited >= AT_LEAST_EVERY || (is_new && waited >= every)
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_core::chain::{Hash, Head};
    use muster_core::{at_ms, later};

    #[test]
    fn due_when_something_is_new_after_a_while_and_daily_anyway() {
        let begin = at_ms(1_793_000_000_000);
        let last = Sent { ledger: 5, audit: 2, at: begin };
        let hour = Span::from_hours(1);
        for (ledger, audit, waited, due) in [
            (6, 2, 59, false),
            (6, 2, 60, true),
            (5, 3, 60, true),
            (5, 2, 60, false),
            (5, 2, 24 * 60 - 1, false),
            (5, 2, 24 * 60, true),
            // A restored database has less, which is news.
            (4, 2, 60, true),
            // The clock was set back.
            (6, 2, -59, false),
            (6, 2, -60, true),
        ] {
            let head = |count| Head { count, hash: Hash::ZERO };
            let next =
                Checkpoint { ledger: head(ledger), audit: head(audit), at: later(begin, Span::from_mins(waited)) };
            assert_eq!(is_due(last, &next, hour), due, "row {ledger}, line {audit}, {waited} minutes");
        }
    }
}
