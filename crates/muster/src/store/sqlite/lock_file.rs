//! The lock file: only one Muster on one SQLite file.

use super::super::OpenError;
use std::fs::{File, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// Most bytes read of another Muster's lock file; ours are shorter.
const SAYING_MAX: u64 = 200;

/// Holds `DATABASE.lock` beside the database, until it is dropped or the process ends, however it ends.
pub(super) struct LockFile {
    _locked: File,
}

impl LockFile {
    pub(super) fn take(database: &Path) -> Result<Self, OpenError> {
        let mut name = database.as_os_str().to_owned();
        name.push(".lock");
        let path = PathBuf::from(name);
        // Never deleted: somebody else might have opened the deleted one, and both would hold a lock.
        let opened = File::options().read(true).write(true).create(true).truncate(false).open(&path);
        let broken = |source| OpenError::LockFile { path: path.clone(), source };
        let mut file = opened.map_err(broken)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::Error(source)) => return Err(broken(source)),
            Err(TryLockError::WouldBlock) => {
                let mut by = String::new();
                let read = file.take(SAYING_MAX).read_to_string(&mut by);
                let by = read.ok().and(by.lines().next()).unwrap_or("another program").to_owned();
                return Err(OpenError::InUse { path: database.to_owned(), by });
            }
        }
        let written = file.set_len(0).and_then(|()| writeln!(file, "process {}", std::process::id()));
        written.map_err(broken)?;
        Ok(Self { _locked: file })
    }
}
