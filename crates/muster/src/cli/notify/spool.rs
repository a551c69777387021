//! Signals on disk, one file each, until the server has them.
//!
//! A file is written beside, forced to disk and renamed, so it is whole or not there. Names begin with the time of the
//! call, so their order is the order to send in. A file may hold an intake key: only the owner can read it.

use muster_core::Time;
use muster_core::alert::Signal;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::{fmt, process};

/// Most signals that wait, and most that are kept as rejected: a day of one every nine seconds.
pub(super) const WAITING_MAX: usize = 10_000;
/// Most bytes of them, so that a monitor's disk doesn't fill because Muster is away. A signal has
/// about 2 kB.
pub(super) const BYTES_MAX: u64 = 64 * 1024 * 1024;

/// What waits.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(super) struct Kept {
    /// The intake key of this signal alone; without it the one that holds when it is sent, so that keys can change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) key: Option<String>,
    pub(super) signal: Signal,
}

/// Why a signal could not be kept.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotKept {
    #[error("{0}")]
    Disk(#[from] io::Error),
    #[error("it is full, and only the first and the last signal of each alert are left")]
    Full,
}

/// A directory of signals.
pub(super) struct Spool {
    dir: PathBuf,
    waiting_max: usize,
    bytes_max: u64,
}

impl fmt::Display for Spool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the spool {}", self.dir.display())
    }
}

impl Spool {
    pub(super) fn at(dir: &Path) -> Self {
        Self::bounded(dir, WAITING_MAX, BYTES_MAX)
    }

    pub(super) fn bounded(dir: &Path, waiting_max: usize, bytes_max: u64) -> Self {
        Self { dir: dir.to_owned(), waiting_max, bytes_max }
    }

    /// Writes `kept`; gives its name, and how many others had to go for it.
    pub(super) fn keep(&self, kept: &Kept, now: Time) -> Result<(String, usize), NotKept> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.dir)?;
        let bytes = serde_json::to_vec(kept).map_err(io::Error::from)?;
        let alert = alert_of(&kept.signal.key);
        let dropped = self.make_room(bytes.len() as u64, &alert)?;
        let name = |ns: i128| format!("{ns:019}-{:07}-{alert}.json", process::id());
        let name = (now.as_nanosecond().max(0)..).map(name).find(|name| !self.has(name)).unwrap_or_default();
        let beside = self.dir.join(format!(".{name}"));
        let write = || {
            let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
            file.write_all(&bytes)?;
            file.sync_all()?;
            fs::rename(&beside, self.dir.join(&name))?;
            File::open(&self.dir)?.sync_all()
        };
        write().inspect_err(|_| drop(fs::remove_file(&beside)))?;
        Ok((name, dropped))
    }

    /// Names of what waits, the oldest first.
    pub(super) fn waiting(&self) -> io::Result<Vec<String>> {
        names(&self.dir)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.dir.join(name).exists()
    }

    pub(super) fn has_rejected(&self, name: &str) -> bool {
        self.rejected().join(name).exists()
    }

    /// What waits under `name`, or why it can't be read; none if it is gone.
    pub(super) fn read(&self, name: &str) -> io::Result<Option<Result<Kept, String>>> {
        match fs::read(self.dir.join(name)) {
            Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes).map_err(|e| format!("not a kept signal: {e}")))),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(e),
        }
    }

    /// The server has it.
    pub(super) fn done(&self, name: &str) -> io::Result<()> {
        match fs::remove_file(self.dir.join(name)) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
            _ => Ok(()),
        }
    }

    /// The server will never take it: puts it away with the `answer` beside it, and says where.
    pub(super) fn reject(&self, name: &str, answer: &str) -> io::Result<PathBuf> {
        let rejected = self.rejected();
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&rejected)?;
        let before = names(&rejected)?;
        for oldest in before.iter().take((before.len() + 1).saturating_sub(self.waiting_max)) {
            fs::remove_file(rejected.join(oldest))?;
            drop(fs::remove_file(rejected.join(format!("{oldest}.answer"))));
        }
        let to = rejected.join(name);
        fs::write(rejected.join(format!("{name}.answer")), answer)?;
        fs::rename(self.dir.join(name), &to)?;
        Ok(to)
    }

    /// The right to send what waits, until the file is closed or the process ends; none if another has it.
    ///
    /// A lock file that another user has left is passed by: then the directory itself is locked. At worst two calls send
    /// the same, which the intake folds.
    pub(super) fn try_lock(&self) -> io::Result<Option<File>> {
        let own = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(self.dir.join(".lock"));
        let file = own.or_else(|_| File::open(&self.dir))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(e)) => Err(e),
        }
    }

    /// Drops what is least missed until `bytes` more for `alert` fit, the oldest first: what stands between the first
    /// signal of an alert, which tells when it began, and the last, which tells how it is now.
    fn make_room(&self, bytes: u64, alert: &str) -> Result<usize, NotKept> {
        let waiting = self.waiting()?;
        let size = |name: &String| fs::metadata(self.dir.join(name)).map_or(0, |m| m.len());
        let mut used: u64 = waiting.iter().map(size).sum();
        let mut count = waiting.len();
        let mut spare = between(&waiting, alert).into_iter();
        while count >= self.waiting_max || used + bytes > self.bytes_max {
            let name = spare.next().ok_or(NotKept::Full)?;
            let size = size(&name);
            if self.done(&name).is_ok() {
                used = used.saturating_sub(size);
                count -= 1;
            }
        }
        Ok(waiting.len() - count)
    }

    fn rejected(&self) -> PathBuf {
        self.dir.join("rejected")
    }
}

/// Those of `names` that are neither the first nor the last of their alert, with a newer one of `alert` to come.
pub(super) fn between(names: &[String], alert: &str) -> Vec<String> {
    let mut of_alerts: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
    for name in names {
        let its_alert = name.trim_end_matches(".json").rsplit('-').next().unwrap_or_default();
        of_alerts.entry(its_alert).or_default().push(name);
    }
    let spare = of_alerts.iter().flat_map(|(its_alert, names)| {
        let last = usize::from(*its_alert != alert);
        names.iter().skip(1).take(names.len().saturating_sub(1 + last))
    });
    let mut spare: Vec<String> = spare.map(|name| (*name).clone()).collect();
    spare.sort_unstable();
    spare
}

/// The part of a name that is the same for the same alert.
fn alert_of(key: &str) -> String {
    hex::encode(&Sha256::digest(key)[..8])
}

fn names(dir: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(dir)? {
        let name = entry?.file_name().into_string().unwrap_or_default();
        if name.ends_with(".json") && !name.starts_with('.') {
            names.push(name);
        }
    }
    names.sort_unstable();
    Ok(names)
}
