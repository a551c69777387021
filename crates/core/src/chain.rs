//! The proof that a log is unbroken and complete (DOC-4).
//!
//! Each entry's hash covers the hash of the entry before it, so an entry cannot be changed, dropped,
//! moved or put in without every later hash changing too. Each log's newest hash goes into one ledger
//! of the installation, chained in the same way, so that a log cannot lose its end, or be written
//! anew, without the ledger telling.
//!
//! # Format
//! A hash is SHA-256 over fields, each preceded by its length in bytes as a 64-bit big-endian number.
//! Numbers are big-endian, times are milliseconds since 1970 (signed, 64 bits), text is UTF-8.
//! - An entry: `muster-entry-1`, subject, seq (64 bits), previous hash (32 zero bytes for seq 1),
//!   happened at, recorded at, author, kind, version (32 bits), SHA-256(salt then body).
//! - A row of the ledger: `muster-ledger-1`, n (64 bits), previous hash (32 zero bytes for row 1),
//!   subject, seq (64 bits), that entry's hash.
//!
//! This format is promised: logs written by one release are verified by every later one.

#[cfg(test)]
mod tests;
mod verify;

pub use verify::{Broken, BrokenLedger, Head, LedgerVerifier, Verifier};

use crate::Time;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;

/// Bytes of an entry's random salt: 128 bits, so that nobody can find an erased body by guessing. The
/// length is fixed, or a byte could move from the salt into the body with no change to the digest.
pub const SALT_LEN: usize = 16;

/// A SHA-256 hash, written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hash([u8; 32]);

impl Hash {
    /// Stands for "the one before" where there is none.
    pub const ZERO: Self = Self([0; 32]);

    /// Its bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<[u8; 32]> for Hash {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The text is not a hash.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a hash is 64 digits of 0-9 and a-f")]
pub struct NotAHash;

impl FromStr for Hash {
    type Err = NotAHash;

    /// Lower case only, so that equal hashes are equal text.
    fn from_str(text: &str) -> Result<Self, NotAHash> {
        let digit = |b: u8| match b {
            b'0'..=b'9' => Ok(b - b'0'),
            b'a'..=b'f' => Ok(b - b'a' + 10),
            _ => Err(NotAHash),
        };
        let digits: &[u8; 64] = text.as_bytes().try_into().map_err(|_| NotAHash)?;
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Ok(Self(bytes))
    }
}

impl TryFrom<String> for Hash {
    type Error = NotAHash;
    fn try_from(text: String) -> Result<Self, NotAHash> {
        text.parse()
    }
}

impl From<Hash> for String {
    fn from(hash: Hash) -> Self {
        hash.to_string()
    }
}

/// What an entry's hash covers, over the exact stored bytes.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Link<'a> {
    /// Whose log.
    pub subject: &'a str,
    /// Its place in it, from 1.
    pub seq: u64,
    /// When it happened.
    pub happened_at: Time,
    /// When it was written.
    pub recorded_at: Time,
    /// The author's id, never a name: names are personal data and stand in bodies only.
    pub author: &'a str,
    /// Kind of entry.
    pub kind: &'a str,
    /// Version of that kind's body.
    pub version: u32,
    /// What it says.
    pub body: Body<'a>,
}

/// The body of an entry, or what is left of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Body<'a> {
    /// As it was written.
    Kept {
        /// [`SALT_LEN`] random bytes.
        salt: &'a [u8],
        /// The stored bytes.
        body: &'a [u8],
    },
    /// Personal data was erased: salt and body are gone, and the chain still verifies.
    Erased {
        /// What [`Body::digest`] gave before.
        digest: Hash,
    },
}

impl Body<'_> {
    /// What stands for the body in the entry's hash, and must be kept when the body is erased.
    #[must_use]
    pub fn digest(&self) -> Hash {
        match self {
            Self::Kept { salt, body } => Hash(Sha256::new().chain_update(salt).chain_update(body).finalize().into()),
            Self::Erased { digest } => *digest,
        }
    }
}

/// The hash of the entry `link` that follows the one whose hash is `previous` ([`Hash::ZERO`] for seq 1).
#[must_use]
pub fn hash(previous: Hash, link: &Link<'_>) -> Hash {
    Fields::of("muster-entry-1")
        .then(link.subject)
        .then(link.seq.to_be_bytes())
        .then(previous.0)
        .then(link.happened_at.as_millisecond().to_be_bytes())
        .then(link.recorded_at.as_millisecond().to_be_bytes())
        .then(link.author)
        .then(link.kind)
        .then(link.version.to_be_bytes())
        .then(link.body.digest().0)
        .hash()
}

/// The hash of row `n` of the ledger, which says that entry `seq` of `subject` has the hash `head`. It follows the
/// row whose hash is `previous` ([`Hash::ZERO`] for row 1).
#[must_use]
pub fn ledger_hash(previous: Hash, n: u64, subject: &str, seq: u64, head: Hash) -> Hash {
    Fields::of("muster-ledger-1")
        .then(n.to_be_bytes())
        .then(previous.0)
        .then(subject)
        .then(seq.to_be_bytes())
        .then(head.0)
        .hash()
}

/// Fields on their way into a hash, each with its length, so that none can run into the next.
struct Fields(Sha256);

impl Fields {
    fn of(format: &str) -> Self {
        Self(Sha256::new()).then(format)
    }

    fn then(mut self, field: impl AsRef<[u8]>) -> Self {
        let field = field.as_ref();
        self.0.update((field.len() as u64).to_be_bytes());
        self.0.update(field);
        self
    }

    fn hash(self) -> Hash {
        Hash(self.0.finalize().into())
    }
}
