//! A SQLite file for a server: one thread writes, a few read, each with a connection of its own.

use super::super::tx::{AbortOnPanic, Mode};
use super::super::{Error, OpenError, Tx};
use super::connection::Location;
use super::lock_file::LockFile;
use super::queue::{Job, Lane, Queue};
use super::{Slot, check_version, transact};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use tokio::sync::oneshot;

/// Threads that read. Pages are short reads from memory; more threads than this only wait for each other's cores.
const READERS: usize = 4;

/// The threads of one database. The last owner who drops it waits until every transaction that was asked for has run.
pub(in super::super) struct Threads {
    path: PathBuf,
    writer: Arc<Queue>,
    readers: Arc<Queue>,
    handles: Vec<JoinHandle<()>>,
    _only_one: LockFile,
}

impl Threads {
    pub(in super::super) fn open(path: &Path) -> Result<Self, OpenError> {
        check_version(rusqlite::version_number())?;
        let only_one = LockFile::take(path)?;
        let location = Location::File(path.to_owned());
        let writer = Slot::create(location.clone())?;
        let mut threads = Self {
            path: path.to_owned(),
            writer: Arc::default(),
            readers: Arc::default(),
            handles: Vec::new(),
            _only_one: only_one,
        };
        threads.add_thread("muster-writer", writer, Arc::clone(&threads.writer))?;
        for _ in 0..READERS {
            threads.add_thread("muster-reader", Slot::later(location.clone()), Arc::clone(&threads.readers))?;
        }
        Ok(threads)
    }

    fn add_thread(&mut self, name: &str, slot: Slot, queue: Arc<Queue>) -> Result<(), Error> {
        let started = thread::Builder::new().name(name.to_owned()).spawn(move || work(slot, &queue));
        self.handles.push(started.map_err(|e| Error::Unavailable(format!("cannot start a thread: {e}")))?);
        Ok(())
    }

    pub(in super::super) fn path(&self) -> &Path {
        &self.path
    }

    /// Starts a transaction on the writer or on a reader.
    pub(in super::super) fn start<T, E, F>(
        &self,
        mode: Mode,
        lane: Lane,
        f: F,
    ) -> Result<oneshot::Receiver<Result<T, E>>, Error>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: AsyncFn(&mut Tx) -> Result<T, E> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |slot| {
            // An error only means that nobody waits any more.
            let _ = answer.send(transact(slot, mode, &f));
        });
        let queue = if mode == Mode::Read { &self.readers } else { &self.writer };
        queue.push(lane, job)?;
        Ok(answered)
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        // The writer last: only its connection may move the log into the file, and the last to close does so.
        self.readers.close();
        let readers = self.handles.split_off(self.handles.len().min(1));
        end(readers);
        self.writer.close();
        end(std::mem::take(&mut self.handles));
    }
}

/// Waits until `threads` have ended. A closure may have held the last owner: then this is one of them, and it ends by
/// itself.
fn end(threads: Vec<JoinHandle<()>>) {
    for handle in threads {
        if handle.thread().id() != thread::current().id() {
            let _ = handle.join();
        }
    }
}

fn work(mut slot: Slot, queue: &Queue) {
    let _abort = AbortOnPanic;
    while let Some(job) = queue.next() {
        job(&mut slot);
    }
}
