//! SQLite on the calling thread, for the simulation: no thread, no clock, ready at the first poll.

use super::super::tx::Mode;
use super::super::{Error, OpenError, Tx};
use super::connection::Location;
use super::lock_file::LockFile;
use super::{Slot, check_version, transact};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// One connection that everybody writes by, and one that everybody reads by, as changing what a connection may do costs
/// it every statement that it has prepared. Threads that call at once wait for each other.
pub(in super::super) struct Inline {
    writer: Mutex<Slot>,
    /// None in memory, where a second connection would see another database.
    reader: Option<Mutex<Slot>>,
    _only_one: Option<LockFile>,
}

impl Inline {
    pub(in super::super) fn open(path: &Path) -> Result<Self, OpenError> {
        let only_one = LockFile::take(path)?;
        Self::at(Location::File(path.to_owned()), Some(only_one))
    }

    pub(in super::super) fn memory() -> Result<Self, OpenError> {
        Self::at(Location::Memory, None)
    }

    fn at(location: Location, only_one: Option<LockFile>) -> Result<Self, OpenError> {
        check_version(rusqlite::version_number())?;
        let writer = Mutex::new(Slot::create(location.clone())?);
        let reader = matches!(location, Location::File(_)).then(|| Mutex::new(Slot::later(location)));
        Ok(Self { writer, reader, _only_one: only_one })
    }

    pub(in super::super) fn transact<T, E, F>(&self, mode: Mode, f: &F) -> Result<T, E>
    where
        E: From<Error>,
        F: AsyncFn(&mut Tx) -> Result<T, E>,
    {
        let slot = self.reader.as_ref().filter(|_| mode == Mode::Read).unwrap_or(&self.writer);
        transact(&mut slot.lock().unwrap_or_else(PoisonError::into_inner), mode, f)
    }

    /// The connection's own handle, for SQLite's online backup.
    pub(in super::super) fn with_raw<T>(&self, f: impl FnOnce(&rusqlite::Connection) -> T) -> Result<T, Error> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner).with_raw(f)
    }
}
