//! The group-commit writer of signals: everybody who waits shares one durable transaction.

use crate::ops::Ops;
use crate::ops::alerts::{Accepted, Ready};
use crate::store::Error;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

/// Most requests in one transaction: enough to share one flush of the disk among many senders, few
/// enough that a person's command does not wait long behind it.
const BATCH_AT_MOST: usize = 512;
/// Most requests that may wait. Beyond this senders are told 503 at once and try again, rather than
/// being kept until they time out.
const QUEUE_AT_MOST: usize = 8_192;

type Waiting = (Ready, oneshot::Sender<Result<(), Error>>);

/// The way in for signals.
#[derive(Clone, Debug)]
pub struct Writer(mpsc::Sender<Waiting>);

impl Writer {
    /// Starts the writer on the current runtime. It ends when every [`Writer`] is dropped.
    #[must_use]
    pub fn start(ops: Ops) -> Self {
        let (send, receive) = mpsc::channel(QUEUE_AT_MOST);
        tokio::spawn(write(ops, receive));
        Self(send)
    }

    /// Accepts one request. When this returns, it is durable.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if too many wait or the database cannot: then nothing was accepted, and the sender is
    /// to try again.
    pub async fn accept(&self, request: Accepted) -> Result<(), Error> {
        let (request, (done, waiting)) = (request.ready()?, oneshot::channel());
        let full = |_| Error::Unavailable("too many signals wait to be written".to_owned());
        self.0.try_send((request, done)).map_err(full)?;
        waiting.await.unwrap_or_else(|_| Err(Error::Unavailable("Muster is stopping".to_owned())))
    }
}

async fn write(ops: Ops, mut queue: mpsc::Receiver<Waiting>) {
    let mut batch = Vec::new();
    while queue.recv_many(&mut batch, BATCH_AT_MOST).await > 0 {
        let (requests, waiting): (Vec<_>, Vec<_>) = batch.drain(..).unzip();
        let requests: Arc<[_]> = requests.into();
        match ops.accept(Arc::clone(&requests)).await {
            Ok(()) => waiting.into_iter().for_each(|w| drop(w.send(Ok(())))),
            Err(Error::Unavailable(why)) => {
                waiting.into_iter().for_each(|w| drop(w.send(Err(Error::Unavailable(why.clone())))));
            }
            // One of them is at fault: each runs alone, so that it does not take the others with it.
            Err(_) => {
                for (request, waiting) in requests.iter().zip(waiting) {
                    drop(waiting.send(alone(&ops, request.clone()).await));
                }
            }
        }
    }
}

/// A request on its own. If its signals cannot be stored, what was sent is kept all the same, as one
/// alert that shows it: a page lost to a strange byte is the worse failure.
async fn alone(ops: &Ops, ready: Ready) -> Result<(), Error> {
    match ops.accept([ready.clone()].into()).await {
        Err(error @ (Error::Bug(_) | Error::Nul(_) | Error::Constraint { .. })) => {
            let (why, request) = (error.to_string(), ready.request);
            tracing::error!(id = %request.id, %why, "signals could not be stored; kept as an unparsed event");
            let signals = vec![crate::intake::unparsed(request.format, &why, &request.bytes, request.at)];
            ops.accept([Accepted { signals, ..request }.ready()?].into()).await
        }
        other => other,
    }
}
