//! Walking a log or the ledger from its beginning, and naming the first thing that is wrong.

use super::{Body, Hash, Link, SALT_LEN, hash, ledger_hash};
use crate::Time;
use std::collections::{BTreeMap, BTreeSet};

/// How far a log or the ledger goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Head {
    /// Number of the last entry or row, and so how many there are; 0 if there is none.
    pub count: u64,
    /// Its hash; [`Hash::ZERO`] if there is none.
    pub hash: Hash,
}

impl Head {
    /// Of a log or a ledger in which nothing stands yet.
    pub const NONE: Self = Self { count: 0, hash: Hash::ZERO };
}

/// The first thing that is wrong with a log, in words for people. `log` is what they call it.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the messages say what each field is")]
pub enum Broken {
    #[error("entry 1 of {log} is missing: the log begins with entry {found}")]
    Headless { log: String, found: u64 },
    #[error("entry {} of {log} is missing: after entry {after} comes entry {found}", after + 1)]
    Missing { log: String, after: u64, found: u64 },
    #[error("entry {found} of {log} is out of place: it stands after entry {after}, where it was put in or moved to")]
    OutOfPlace { log: String, after: u64, found: u64 },
    #[error("entry {seq} of {log} belongs to another log, that of subject {subject:?}")]
    Foreign { log: String, seq: u64, subject: String },
    #[error("entry {seq} of {log} was changed: its salt has {found} bytes, not {SALT_LEN}")]
    Salt { log: String, seq: u64, found: usize },
    #[error(
        "entry {seq} of {log} was changed, or the one before it replaced whole: \
         its hash is not {stored}, as recorded, but {computed}"
    )]
    Changed { log: String, seq: u64, stored: Hash, computed: Hash },
    #[error(
        "entry {seq} of {log} was written out of order: recorded at {recorded_at}, but the one before it at {before}"
    )]
    Backwards { log: String, seq: u64, recorded_at: Time, before: Time },
    #[error("entry {seq} of {log} was replaced: its hash is {stored}, but the ledger says {ledger}")]
    NotAsInLedger { log: String, seq: u64, stored: Hash, ledger: Hash },
    #[error("the end of {log} is missing: it ends with entry {last}, but the ledger knows entry {ledger}")]
    Shortened { log: String, last: u64, ledger: u64 },
    #[error(
        "entry {last} of {log} is not in the ledger, which ends with entry {ledger}: it was put in, or the ledger lost its row"
    )]
    NotInLedger { log: String, last: u64, ledger: u64 },
}

impl Broken {
    /// The number of the entry that is wrong or missing.
    #[must_use]
    pub fn entry(&self) -> u64 {
        match self {
            Self::Headless { .. } => 1,
            Self::Missing { after: before, .. } | Self::Shortened { last: before, .. } => before + 1,
            Self::OutOfPlace { found: seq, .. }
            | Self::Foreign { seq, .. }
            | Self::Salt { seq, .. }
            | Self::Changed { seq, .. }
            | Self::Backwards { seq, .. }
            | Self::NotAsInLedger { seq, .. }
            | Self::NotInLedger { last: seq, .. } => *seq,
        }
    }
}

/// Walks one log. Feed it every entry in order, then ask for the [`finish`](Self::finish).
#[derive(Clone, Debug)]
pub struct Verifier {
    subject: String,
    log: String,
    ledger: Option<BTreeMap<u64, Hash>>,
    head: Head,
    recorded_at: Time,
}

impl Verifier {
    /// For the log of `subject`, which people call `log` (an incident's number).
    #[must_use]
    pub fn new(subject: &str, log: &str) -> Self {
        let (subject, log) = (subject.to_owned(), log.to_owned());
        Self { subject, log, ledger: None, head: Head::NONE, recorded_at: Time::MIN }
    }

    /// Holds the log against what the ledger says of it as well: (seq, hash) of each row for its subject. Only with
    /// it is a missing end found. The ledger itself is verified by [`LedgerVerifier`].
    #[must_use]
    pub fn against_ledger(mut self, rows: impl IntoIterator<Item = (u64, Hash)>) -> Self {
        self.ledger = Some(rows.into_iter().collect());
        self
    }

    /// Takes the next entry, and the hash that is stored with it.
    ///
    /// # Errors
    /// What is wrong with it. What follows is then unproven, so stop.
    pub fn feed(&mut self, link: &Link<'_>, stored: Hash) -> Result<(), Broken> {
        let (seq, after, log) = (link.seq, self.head.count, || self.log.clone());
        if link.subject != self.subject {
            return Err(Broken::Foreign { log: log(), seq, subject: link.subject.to_owned() });
        }
        if seq != after + 1 {
            return Err(match after {
                0 => Broken::Headless { log: log(), found: seq },
                _ if seq <= after => Broken::OutOfPlace { log: log(), after, found: seq },
                _ => Broken::Missing { log: log(), after, found: seq },
            });
        }
        if let Body::Kept { salt, .. } = link.body
            && salt.len() != SALT_LEN
        {
            return Err(Broken::Salt { log: log(), seq, found: salt.len() });
        }
        let computed = hash(self.head.hash, link);
        if computed != stored {
            return Err(Broken::Changed { log: log(), seq, stored, computed });
        }
        if link.recorded_at < self.recorded_at {
            let (recorded_at, before) = (link.recorded_at, self.recorded_at);
            return Err(Broken::Backwards { log: log(), seq, recorded_at, before });
        }
        let ledger = self.ledger.as_ref().and_then(|rows| rows.get(&seq).copied());
        if let Some(ledger) = ledger.filter(|l| *l != stored) {
            return Err(Broken::NotAsInLedger { log: log(), seq, stored, ledger });
        }
        self.head = Head { count: seq, hash: stored };
        self.recorded_at = link.recorded_at;
        Ok(())
    }

    /// Says that there are no more entries, and gets how far the log goes.
    ///
    /// # Errors
    /// If the ledger was given and ends elsewhere.
    pub fn finish(self) -> Result<Head, Broken> {
        let last = self.head.count;
        let ledger = self.ledger.map(|rows| rows.last_key_value().map_or(0, |(seq, _)| *seq));
        match ledger {
            Some(ledger) if ledger > last => Err(Broken::Shortened { log: self.log, last, ledger }),
            Some(ledger) if ledger < last => Err(Broken::NotInLedger { log: self.log, last, ledger }),
            _ => Ok(self.head),
        }
    }
}

/// The first thing that is wrong with the ledger, in words for people.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the messages say what each field is")]
pub enum BrokenLedger {
    #[error("row 1 of the ledger is missing: it begins with row {found}")]
    Headless { found: u64 },
    #[error("row {} of the ledger is missing: after row {after} comes row {found}", after + 1)]
    Missing { after: u64, found: u64 },
    #[error("row {found} of the ledger is out of place: it stands after row {after}, where it was put in or moved to")]
    OutOfPlace { after: u64, found: u64 },
    #[error("row {n} of the ledger was changed: its hash is not {stored}, as recorded, but {computed}")]
    Changed { n: u64, stored: Hash, computed: Hash },
    #[error(
        "row {n} of the ledger says entry {seq} of subject {subject:?}, after entry {before} of it: a log never goes back"
    )]
    Backwards { n: u64, subject: String, seq: u64, before: u64 },
    #[error("the ledger was written anew: the hash of its row {n} is {stored}, but a checkpoint says {checkpoint}")]
    NotAsInCheckpoint { n: u64, stored: Hash, checkpoint: Hash },
    #[error("the end of the ledger is missing: it ends with row {last}, but a checkpoint knows row {checkpoint}")]
    Shortened { last: u64, checkpoint: u64 },
}

impl BrokenLedger {
    /// The number of the row that is wrong or missing.
    #[must_use]
    pub fn row(&self) -> u64 {
        match self {
            Self::Headless { .. } => 1,
            Self::Missing { after: before, .. } | Self::Shortened { last: before, .. } => before + 1,
            Self::OutOfPlace { found: n, .. }
            | Self::Changed { n, .. }
            | Self::Backwards { n, .. }
            | Self::NotAsInCheckpoint { n, .. } => *n,
        }
    }
}

/// Walks the ledger of an installation. Feed it every row in order, then ask for the [`finish`](Self::finish).
#[derive(Clone, Debug)]
pub struct LedgerVerifier {
    // A set and no map: two checkpoints that contradict each other must both be held against the ledger.
    checkpoints: BTreeSet<(u64, Hash)>,
    head: Head,
    last_seqs: BTreeMap<String, u64>,
}

impl LedgerVerifier {
    /// With what left the machine before: (row, hash) of each checkpoint, none if there is none. Only with a
    /// checkpoint is it found that the whole ledger was written anew, or lost its end.
    #[must_use]
    pub fn new(checkpoints: impl IntoIterator<Item = (u64, Hash)>) -> Self {
        Self { checkpoints: checkpoints.into_iter().collect(), head: Head::NONE, last_seqs: BTreeMap::new() }
    }

    /// Takes row `n`, which says that entry `seq` of `subject` has the hash `head`, and the hash that is stored with it.
    ///
    /// # Errors
    /// What is wrong with it. What follows is then unproven, so stop.
    pub fn feed(&mut self, n: u64, subject: &str, seq: u64, head: Hash, stored: Hash) -> Result<(), BrokenLedger> {
        let after = self.head.count;
        if n != after + 1 {
            return Err(match after {
                0 => BrokenLedger::Headless { found: n },
                _ if n <= after => BrokenLedger::OutOfPlace { after, found: n },
                _ => BrokenLedger::Missing { after, found: n },
            });
        }
        let computed = ledger_hash(self.head.hash, n, subject, seq, head);
        if computed != stored {
            return Err(BrokenLedger::Changed { n, stored, computed });
        }
        let before = self.last_seqs.insert(subject.to_owned(), seq).unwrap_or(0);
        if seq <= before {
            return Err(BrokenLedger::Backwards { n, subject: subject.to_owned(), seq, before });
        }
        let mut of_this_row = self.checkpoints.range((n, Hash::ZERO)..).take_while(|(row, _)| *row == n);
        if let Some(&(_, checkpoint)) = of_this_row.find(|(_, hash)| *hash != stored) {
            return Err(BrokenLedger::NotAsInCheckpoint { n, stored, checkpoint });
        }
        self.head = Head { count: n, hash: stored };
        Ok(())
    }

    /// Says that there are no more rows, and gets how far the ledger goes: what a checkpoint holds.
    ///
    /// # Errors
    /// If a checkpoint knows a later row.
    pub fn finish(self) -> Result<Head, BrokenLedger> {
        let last = self.head.count;
        match self.checkpoints.last() {
            Some(&(checkpoint, _)) if checkpoint > last => Err(BrokenLedger::Shortened { last, checkpoint }),
            _ => Ok(self.head),
        }
    }
}
