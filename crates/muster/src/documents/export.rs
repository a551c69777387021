//! An incident as one file that proves itself, offline: entries as they are stored, chained by hash;
//! the form; and a signature of the installation over all of it.
//!
//! The file is written in one way only, so that any changed byte is found: what it says is held
//! against hashes and the signature, and how it says it against the one way of writing it.

use super::WholeLog;
use crate::secrets::signing::{PublicKey, Signature, SigningKey};
use muster_core::Time;
use muster_core::chain::{Body, Hash, Link, Verifier};
use muster_core::entry::{Attached, Entry, Fact, Record, TakenBack};
use muster_core::form::Form;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

const FORMAT: &str = "muster-incident-1";
/// Largest file that is looked at: a log of a hundred thousand entries stays below it.
pub const EXPORT_MAX: u64 = 256 * 1024 * 1024;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Export {
    format: String,
    organisation: String,
    number: String,
    subject: String,
    exported_at: Time,
    form: serde_json::Value,
    entries: Vec<Exported>,
    proof: Proof,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exported {
    seq: u64,
    happened_at: Time,
    recorded_at: Time,
    author: String,
    kind: String,
    version: u32,
    salt: String,
    body: String,
    digest: Hash,
    hash: Hash,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Proof {
    entries: u64,
    head: Hash,
    form_sha256: Hash,
    public_key: String,
    signature: String,
}

/// What an export was proved to be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verified {
    /// The incident's number.
    pub number: String,
    /// How many entries.
    pub entries: u64,
    /// The hash of the newest.
    pub head: Hash,
    /// When it was exported.
    pub exported_at: Time,
    /// The installation's key: compare it with the one that the installation shows.
    pub public_key: String,
}

/// The first thing that is wrong with an export.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Wrong {
    /// It is no such file.
    #[error("line {line}: this is no exported incident: {why}")]
    Unreadable {
        /// Where reading ended.
        line: usize,
        /// Why.
        why: String,
    },
    /// A later release wrote it.
    #[error("this file is of the format “{0}”; this release proves {FORMAT}")]
    Format(String),
    /// An entry.
    #[error("{0}")]
    Log(String),
    /// The form.
    #[error("the form in the file was changed: its hash is not the one that was signed")]
    Form,
    /// The count or the head.
    #[error("the proof does not fit the log: {0}")]
    Proof(&'static str),
    /// The signature.
    #[error("the signature does not prove this file: {0}")]
    Signature(&'static str),
    /// Says the same, but is not written as Muster writes it.
    #[error("line {line}: the file was changed here, though it still says the same")]
    Written {
        /// Where.
        line: usize,
    },
}

/// The file.
///
/// # Errors
/// If it can't be written as JSON, which would be a bug: then there is no file, rather than an empty one that says
/// nothing and proves it.
pub fn write(log: &WholeLog, form: &Form, key: &SigningKey, at: Time) -> Result<Vec<u8>, serde_json::Error> {
    let incident = &log.stored.folded;
    let form = serde_json::to_value(form)?;
    let entry = |c: &crate::store::subjects::Chained| Exported {
        seq: c.record.seq,
        happened_at: c.record.happened_at,
        recorded_at: c.record.recorded_at,
        author: c.record.author.clone(),
        kind: c.record.kind.clone(),
        version: c.record.version,
        salt: hex::encode(&c.salt),
        body: c.record.body.clone(),
        digest: c.digest,
        hash: c.hash,
    };
    let mut export = Export {
        format: FORMAT.to_owned(),
        organisation: incident.terms.organisation.clone(),
        number: incident.number.clone(),
        subject: log.stored.subject.0.clone(),
        exported_at: at,
        proof: Proof {
            entries: log.chained.len() as u64,
            head: log.stored.head,
            form_sha256: form_hash(&form),
            public_key: key.public().to_string(),
            signature: String::new(),
        },
        form,
        entries: log.chained.iter().map(entry).collect(),
    };
    export.proof.signature = key.sign(signed(&export).as_bytes()).to_string();
    bytes(&export)
}

/// Proves a file.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn verify(file: &[u8]) -> Result<Verified, Wrong> {
    let unreadable = |e: serde_json::Error| Wrong::Unreadable { line: e.line(), why: e.to_string() };
    let export: Export = serde_json::from_slice(file).map_err(unreadable)?;
    if export.format != FORMAT {
        return Err(Wrong::Format(export.format));
    }
    let head = verify_log(&export)?;
    if form_hash(&export.form) != export.proof.form_sha256 {
        return Err(Wrong::Form);
    }
    if head.count != export.proof.entries {
        return Err(Wrong::Proof("the number of entries is another"));
    }
    if head.hash != export.proof.head {
        return Err(Wrong::Proof("the head is another"));
    }
    verify_signature(&export)?;
    let rewritten = bytes(&export).map_err(unreadable)?;
    if rewritten != file {
        let at = rewritten.iter().zip(file).take_while(|(a, b)| a == b).count();
        return Err(Wrong::Written { line: 1 + file[..at.min(file.len())].iter().filter(|&&b| b == b'\n').count() });
    }
    Ok(Verified {
        number: export.number,
        entries: head.count,
        head: head.hash,
        exported_at: export.exported_at,
        public_key: export.proof.public_key,
    })
}

/// The files that are to stand beside a log that was proved: those that nobody took back, with their entries.
#[must_use]
pub fn files_of(file: &[u8]) -> Vec<(u64, Attached)> {
    let Ok(export) = serde_json::from_slice::<Export>(file) else { return Vec::new() };
    let records = export.entries.into_iter().map(|e| Record {
        seq: e.seq,
        happened_at: e.happened_at,
        recorded_at: e.recorded_at,
        author: e.author,
        kind: e.kind,
        version: e.version,
        body: e.body,
    });
    files_in(&records.filter_map(|r| Entry::from_record(&r).ok()).collect::<Vec<_>>())
}

/// The same of entries.
#[must_use]
pub fn files_in(entries: &[Entry]) -> Vec<(u64, Attached)> {
    let back: BTreeSet<u64> = entries.iter().filter_map(|e| Some(as_taken_back(&e.fact)?.entry)).collect();
    let files = entries.iter().filter(|e| !back.contains(&e.seq)).filter_map(|e| match &e.fact {
        Fact::Attached(file) => Some((e.seq, file.clone())),
        _ => None,
    });
    files.collect()
}

fn as_taken_back(fact: &Fact) -> Option<&TakenBack> {
    if let Fact::TakenBack(fact) = fact { Some(fact) } else { None }
}

fn verify_log(export: &Export) -> Result<muster_core::chain::Head, Wrong> {
    let mut verifier = Verifier::new(&export.subject, &export.number);
    for e in &export.entries {
        let salt = unhex(&e.salt).ok_or_else(|| Wrong::Log(format!("entry {}: its salt was changed", e.seq)))?;
        let erased = salt.is_empty() && e.body.is_empty();
        let body = match erased {
            true => Body::Erased { digest: e.digest },
            false => Body::Kept { salt: &salt, body: e.body.as_bytes() },
        };
        if body.digest() != e.digest {
            return Err(Wrong::Log(format!(
                "entry {} of {} was changed: its digest is not its own",
                e.seq, export.number
            )));
        }
        let link = Link {
            subject: &export.subject,
            seq: e.seq,
            happened_at: e.happened_at,
            recorded_at: e.recorded_at,
            author: &e.author,
            kind: &e.kind,
            version: e.version,
            body,
        };
        verifier.feed(&link, e.hash).map_err(|broken| Wrong::Log(broken.to_string()))?;
    }
    verifier.finish().map_err(|broken| Wrong::Log(broken.to_string()))
}

fn verify_signature(export: &Export) -> Result<(), Wrong> {
    let key: PublicKey = export.proof.public_key.parse().map_err(|_| Wrong::Signature("the public key is none"))?;
    let signature: Signature = export.proof.signature.parse().map_err(|_| Wrong::Signature("the signature is none"))?;
    if key.proves(signed(export).as_bytes(), &signature) {
        return Ok(());
    }
    Err(Wrong::Signature("a line outside the log and the form was changed, or another key signed it"))
}

/// What is signed: everything, the log by its head and the form by its hash.
fn signed(export: &Export) -> String {
    let p = &export.proof;
    [
        export.format.as_str(),
        &export.organisation.replace('\n', " "),
        &export.number,
        &export.subject,
        &export.exported_at.to_string(),
        &p.entries.to_string(),
        &p.head.to_string(),
        &p.form_sha256.to_string(),
        &p.public_key,
    ]
    .join("\n")
}

/// The one way of writing it.
fn bytes(export: &impl Serialize) -> Result<Vec<u8>, serde_json::Error> {
    let mut bytes = serde_json::to_vec_pretty(export)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn form_hash(form: &serde_json::Value) -> Hash {
    let digest: [u8; 32] = Sha256::digest(form.to_string()).into();
    Hash::from(digest)
}

/// Bytes from hex in small letters only: one way to write them, so that no changed byte goes unseen.
fn unhex(text: &str) -> Option<Vec<u8>> {
    if text.bytes().any(|b| b.is_ascii_uppercase()) { None } else { hex::decode(text).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn what_cannot_be_written_is_an_error_and_no_empty_file() {
        let no_json = BTreeMap::from([(vec![1], "a key of JSON is text")]);
        assert!(bytes(&no_json).unwrap_err().to_string().contains("key must be a string"));
        assert_eq!(bytes(&BTreeMap::from([("a", 1)])).unwrap(), b"{\n  \"a\": 1\n}\n");
    }
}
