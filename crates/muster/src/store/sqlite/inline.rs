//! SQLite on the calling thread, for the simulation: no thread, no clock, ready at the first poll.

use super::super::tx::Mode;
use super::super::{Error, OpenError, Tx};
use super::connection::Location;
use super::lock_file::LockFile;
use super::{Slot, check_version, transact};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// One connection that everybody shares. Threads that call at once wait for each other.
pub(in super::super) struct Inline {
    slot: Mutex<Slot>,
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
        Ok(Self { slot: Mutex::new(Slot::create(location)?), _only_one: only_one })
    }

    pub(in super::super) fn transact<T, E, F>(&self, mode: Mode, f: &F) -> Result<T, E>
    where
        E: From<Error>,
        F: AsyncFn(&mut Tx) -> Result<T, E>,
    {
        transact(&mut self.slot.lock().unwrap_or_else(PoisonError::into_inner), mode, f)
    }

    /// The connection's own handle, for SQLite's online backup.
    pub(in super::super) fn with_raw<T>(&self, f: impl FnOnce(&rusqlite::Connection) -> T) -> Result<T, Error> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner).with_raw(f)
    }
}
