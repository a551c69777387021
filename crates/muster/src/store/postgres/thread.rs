//! The thread on which every transaction on PostgreSQL runs.
//!
//! It exists so that a closure's future is made, polled and dropped on one thread. So that future needn't be `Send`,
//! which today's Rust cannot ask of an async closure, and a transaction runs to its end even if the handler that asked
//! for it is dropped. One thread is enough: it only passes bytes on, and waits.

use super::super::tx::{AbortOnPanic, Mode};
use super::super::{Error, OpenError, Tx};
use super::{Server, pool, transact};
use std::pin::Pin;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::{LocalSet, spawn_local};

/// Most transactions under way or waiting for a connection. Whoever comes after is told 503 at once and may try again,
/// rather than holding memory.
const UNDER_WAY_MAX: usize = 1024;

type Job = Box<dyn FnOnce(Arc<Server>) -> Pin<Box<dyn Future<Output = ()>>> + Send>;

/// A PostgreSQL database. The last owner who drops it waits until every transaction that was asked for has run.
pub(in super::super) struct Postgres {
    jobs: Option<mpsc::UnboundedSender<Job>>,
    places: Arc<Semaphore>,
    thread: Option<JoinHandle<()>>,
}

impl Postgres {
    pub(in super::super) fn open(address: &str) -> Result<Self, OpenError> {
        let server = Arc::new(Server { pool: pool(address)?, turn: tokio::sync::Mutex::new(()) });
        let (jobs, asked_for) = mpsc::unbounded_channel(); // bounded by `places`
        let cannot = |e: std::io::Error| Error::Unavailable(format!("cannot start a thread: {e}"));
        let runtime = Builder::new_current_thread().enable_all().build().map_err(cannot)?;
        let named = thread::Builder::new().name("muster-postgres".to_owned());
        let thread = named.spawn(move || work(&runtime, &server, asked_for)).map_err(cannot)?;
        Ok(Self { jobs: Some(jobs), places: Arc::new(Semaphore::new(UNDER_WAY_MAX)), thread: Some(thread) })
    }

    /// Starts a transaction.
    pub(in super::super) fn start<T, E, F>(&self, mode: Mode, f: F) -> Result<oneshot::Receiver<Result<T, E>>, Error>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: AsyncFn(&mut Tx) -> Result<T, E> + Send + 'static,
    {
        let place = Arc::clone(&self.places).try_acquire_owned();
        let place = place.map_err(|_| Error::Unavailable(format!("{UNDER_WAY_MAX} transactions wait already")))?;
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |server| {
            Box::pin(async move {
                let _place = place;
                let _abort = AbortOnPanic;
                // An error only means that nobody waits any more.
                let _ = answer.send(transact(&server, mode, &f).await);
            })
        });
        match self.jobs.as_ref().map(|jobs| jobs.send(job)) {
            Some(Ok(())) => Ok(answered),
            Some(Err(_)) | None => Err(Error::Unavailable("the thread of the database has ended".to_owned())),
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.jobs.take());
        // A closure may have held the last owner: then this is that thread, and it ends by itself.
        if let Some(thread) = self.thread.take()
            && thread.thread().id() != thread::current().id()
        {
            let _ = thread.join();
        }
    }
}

fn work(runtime: &Runtime, server: &Arc<Server>, mut asked_for: mpsc::UnboundedReceiver<Job>) {
    let tasks = LocalSet::new();
    tasks.block_on(runtime, async {
        while let Some(job) = asked_for.recv().await {
            spawn_local(job(server.clone()));
        }
    });
    runtime.block_on(tasks);
}
