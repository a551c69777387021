//! A proof pack: everything that there is of an incident in one zip file, which proves itself offline.
//!
//! Two things are signed. The manifest in it names every file with its size and SHA-256, so that what was unpacked can be
//! proved too, and what is wrong can be named. The seal at its very end covers every byte before it, whatever a zip file
//! holds beside its files; so a changed byte is found wherever it is.

use super::export;
use crate::secrets::signing::{PublicKey, Signature, SigningKey};
use muster_core::Time;
use muster_core::chain::Hash;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{self, Read, Seek, SeekFrom, Write};
use zip::read::ZipArchive;
use zip::result::ZipError;
use zip::write::{SimpleFileOptions, ZipWriter};

const FORMAT: &str = "muster-proof-1";
const SEAL: &str = "muster-seal-1";
/// The list of all other files.
const MANIFEST: &str = "manifest.json";
/// The log as the file that proves itself.
pub const LOG: &str = "incident.json";
/// Most files in a pack: one for each entry of a long log with files, and ours.
const FILES_MAX: usize = 4096;
/// Most bytes in a pack, packed or not: what a bomb would grow to is not even read.
pub const PACK_MAX: u64 = 2 * 1024 * 1024 * 1024;
/// Longest manifest in bytes: the most files with the longest names.
const MANIFEST_MAX: u64 = 4 * 1024 * 1024;
/// How a zip file ends: a record of this length without what follows it, which is our seal.
const END: usize = 22;
/// Longest seal in bytes; ours are about 230.
const SEAL_MAX: usize = 512;
const CHUNK: usize = 64 * 1024;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    format: String,
    organisation: String,
    number: String,
    made_at: Time,
    files: BTreeMap<String, Listed>,
    public_key: String,
    signature: String,
}

#[derive(Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
struct Listed {
    size: u64,
    sha256: Hash,
}

/// What a pack is about.
#[derive(Clone, Debug)]
pub struct About {
    /// Whose it is.
    pub organisation: String,
    /// The incident's number.
    pub number: String,
    /// When it is made.
    pub made_at: Time,
}

/// Why there is no pack.
#[derive(Debug, thiserror::Error)]
pub enum NotPacked {
    /// It cannot be written.
    #[error("the pack cannot be written: {0}")]
    Write(#[from] io::Error),
    /// It cannot be written as a zip file.
    #[error("the pack cannot be written: {0}")]
    Zip(#[from] ZipError),
    /// Its manifest cannot be written.
    #[error("the manifest cannot be written: {0}")]
    Manifest(#[from] serde_json::Error),
    /// It holds too much.
    #[error("the incident holds more than fits into one pack ({PACK_MAX} bytes, {FILES_MAX} files)")]
    TooLarge,
}

/// A pack that is being made.
pub struct Pack<W: Write + Seek> {
    zip: ZipWriter<W>,
    files: BTreeMap<String, Listed>,
    now: Option<(String, Sha256, u64)>,
    all: u64,
}

impl<W: Read + Write + Seek> Pack<W> {
    /// An empty one, to be written to `to`.
    pub fn new(to: W) -> Self {
        Self { zip: ZipWriter::new(to), files: BTreeMap::new(), now: None, all: 0 }
    }

    /// One more file.
    ///
    /// # Errors
    /// [`NotPacked`].
    pub fn file(&mut self, name: &str, bytes: &[u8]) -> Result<(), NotPacked> {
        self.begin(name)?;
        self.more(bytes)
    }

    /// Begins one more file.
    ///
    /// # Errors
    /// [`NotPacked`].
    pub fn begin(&mut self, name: &str) -> Result<(), NotPacked> {
        self.end();
        if self.files.len() == FILES_MAX {
            return Err(NotPacked::TooLarge);
        }
        self.zip.start_file(name, SimpleFileOptions::default())?;
        self.now = Some((name.to_owned(), Sha256::new(), 0));
        Ok(())
    }

    /// More of the file that was begun.
    ///
    /// # Errors
    /// [`NotPacked`].
    pub fn more(&mut self, bytes: &[u8]) -> Result<(), NotPacked> {
        self.all += bytes.len() as u64;
        if self.all > PACK_MAX / 2 {
            return Err(NotPacked::TooLarge);
        }
        if let Some((_, digest, size)) = &mut self.now {
            digest.update(bytes);
            *size += bytes.len() as u64;
        }
        Ok(self.zip.write_all(bytes)?)
    }

    fn end(&mut self) {
        if let Some((name, digest, size)) = self.now.take() {
            self.files.insert(name, Listed { size, sha256: hash(digest) });
        }
    }

    /// Signs it, and gives back what it was written to.
    ///
    /// # Errors
    /// [`NotPacked`].
    pub fn finish(mut self, about: &About, key: &SigningKey) -> Result<W, NotPacked> {
        self.end();
        let mut manifest = Manifest {
            format: FORMAT.into(),
            organisation: about.organisation.clone(),
            number: about.number.clone(),
            made_at: about.made_at,
            files: std::mem::take(&mut self.files),
            public_key: key.public().to_string(),
            signature: String::new(),
        };
        manifest.signature = key.sign(signed(&manifest)?.as_bytes()).to_string();
        let mut bytes = serde_json::to_vec_pretty(&manifest)?;
        bytes.push(b'\n');
        self.zip.start_file(MANIFEST, SimpleFileOptions::default())?;
        self.zip.write_all(&bytes)?;
        let mut to = self.zip.finish()?;
        seal(&mut to, key)?;
        Ok(to)
    }
}

/// What is signed of a manifest: all of it but the signature, written in the one way.
fn signed(manifest: &Manifest) -> Result<String, serde_json::Error> {
    let Manifest { format, organisation, number, made_at, files, public_key, .. } = manifest;
    serde_json::to_string(&(format, organisation, number, made_at, files, public_key))
}

/// Puts the seal behind a finished zip file, where such files may have a remark.
fn seal<W: Read + Write + Seek>(to: &mut W, key: &SigningKey) -> Result<(), NotPacked> {
    let end = to.seek(SeekFrom::End(0))?;
    let remark = end - 2; // the length of the remark, which is 0 so far
    let line = format!("{SEAL} {} {}", digest_until(to, remark)?, key.public());
    let line = format!("{line} {}", key.sign(line.as_bytes()));
    let length = u16::try_from(line.len()).map_err(|_| NotPacked::TooLarge)?;
    to.seek(SeekFrom::Start(remark))?;
    to.write_all(&length.to_le_bytes())?;
    to.write_all(line.as_bytes())?;
    to.flush()?;
    to.seek(SeekFrom::Start(0))?;
    Ok(())
}

fn digest_until(from: &mut (impl Read + Seek), end: u64) -> io::Result<Hash> {
    from.seek(SeekFrom::Start(0))?;
    let (mut digest, mut left, mut chunk) = (Sha256::new(), from.take(end), vec![0; CHUNK]);
    loop {
        match left.read(&mut chunk)? {
            0 => return Ok(hash(digest)),
            n => digest.update(&chunk[..n]),
        }
    }
}

fn hash(digest: Sha256) -> Hash {
    Hash::from(<[u8; 32]>::from(digest.finalize()))
}

/// What a pack was proved to be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proved {
    /// How many files, the manifest aside.
    pub files: usize,
    /// When it was made.
    pub made_at: Time,
    /// What its log was proved to be.
    pub log: export::Verified,
}

/// The first thing that is wrong with a pack, in words.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct Wrong(String);

impl Wrong {
    fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }
}

/// Proves a pack.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn verify(file: &mut (impl Read + Seek)) -> Result<Proved, Wrong> {
    let unreadable = |e: &dyn std::fmt::Display| Wrong(format!("this is no proof pack that can be read: {e}"));
    let length = file.seek(SeekFrom::End(0)).map_err(|e| unreadable(&e))?;
    if length > PACK_MAX {
        return Err(Wrong(format!("its {length} bytes are more than a pack has ({PACK_MAX})")));
    }
    let mut zip = ZipArchive::new(&mut *file).map_err(|e| unreadable(&e))?;
    if zip.len() > FILES_MAX + 1 {
        return Err(Wrong(format!("it holds {} files, more than any pack ({FILES_MAX})", zip.len())));
    }
    let manifest = manifest(&mut zip)?;
    let (log, key) = (files(&mut zip, &manifest)?, &manifest.public_key);
    let verified = export::verify(&log).map_err(|e| Wrong(format!("{LOG}: {e}")))?;
    if (&verified.number, &verified.public_key) != (&manifest.number, key) {
        return Err(Wrong::new(format!("{LOG} is of another incident or installation than {MANIFEST}")));
    }
    for (entry, about) in export::files_of(&log) {
        let name = name_of(entry, &about.name);
        if manifest.files.get(&name) != Some(&Listed { size: about.size, sha256: about.sha256 }) {
            return Err(Wrong(format!("{name} is not the file of entry {entry} of the log")));
        }
    }
    drop(zip);
    sealed(file, length, key)?;
    Ok(Proved { files: manifest.files.len(), made_at: manifest.made_at, log: verified })
}

/// What the file of an entry is called in a pack.
#[must_use]
pub fn name_of(entry: u64, name: &str) -> String {
    format!("attachments/{entry}-{name}")
}

fn manifest<R: Read + Seek>(zip: &mut ZipArchive<R>) -> Result<Manifest, Wrong> {
    let missing = |_| Wrong(format!("{MANIFEST} is missing or cannot be read"));
    let mut text = Vec::new();
    let file = zip.by_name(MANIFEST).map_err(missing)?;
    let changed = |e: &dyn std::fmt::Display| Wrong(format!("{MANIFEST} was changed: {e}"));
    file.take(MANIFEST_MAX).read_to_end(&mut text).map_err(|e| changed(&e))?;
    let manifest: Manifest = serde_json::from_slice(&text).map_err(|e| changed(&e))?;
    if manifest.format != FORMAT {
        return Err(Wrong(format!("this pack is of the format “{}”; this release proves {FORMAT}", manifest.format)));
    }
    let signed = signed(&manifest).map_err(|e| changed(&e))?;
    let (key, signature) = (manifest.public_key.parse::<PublicKey>(), manifest.signature.parse::<Signature>());
    match (key, signature) {
        (Ok(key), Ok(signature)) if key.proves(signed.as_bytes(), &signature) => Ok(manifest),
        _ => Err(Wrong(format!("{MANIFEST} was changed: its signature does not prove it"))),
    }
}

/// Holds every file against the manifest, and gives the log.
fn files<R: Read + Seek>(zip: &mut ZipArchive<R>, manifest: &Manifest) -> Result<Vec<u8>, Wrong> {
    let names = zip.file_names().map(|name| name.map(std::borrow::Cow::into_owned));
    let there: Vec<String> = names.collect::<Result<_, _>>().map_err(|_| Wrong::new("a name in it was changed"))?;
    if let Some(missing) = manifest.files.keys().find(|name| !there.contains(name)) {
        return Err(Wrong(format!("{missing} is missing")));
    }
    if let Some(other) = there.iter().find(|name| *name != MANIFEST && !manifest.files.contains_key(*name)) {
        return Err(Wrong(format!("{other} does not belong to it: {MANIFEST} does not name it")));
    }
    if manifest.files.values().try_fold(0_u64, |all, f| all.checked_add(f.size)).is_none_or(|all| all > PACK_MAX) {
        return Err(Wrong(format!("its files are larger than any pack ({PACK_MAX} bytes)")));
    }
    let mut log = Vec::new();
    for (name, listed) in &manifest.files {
        let changed = || Wrong(format!("{name} was changed"));
        // One byte more than it may have shows that it has too many, whatever the zip file says.
        let mut file = zip.by_name(name).map_err(|_| changed())?.take(listed.size + 1);
        let (mut digest, mut size, mut chunk) = (Sha256::new(), 0, vec![0; CHUNK]);
        loop {
            let n = file.read(&mut chunk).map_err(|_| changed())?;
            if n == 0 {
                break;
            }
            size += n as u64;
            digest.update(&chunk[..n]);
            if name == LOG && size <= export::EXPORT_MAX {
                log.extend_from_slice(&chunk[..n]);
            }
        }
        if (Listed { size, sha256: hash(digest) }) != *listed {
            return Err(changed());
        }
    }
    Ok(log)
}

/// Whether the seal at the end fits everything before it, and is of the same key.
fn sealed(file: &mut (impl Read + Seek), length: u64, key: &str) -> Result<(), Wrong> {
    let none = || Wrong::new("the seal at its end is missing or was changed");
    let mut tail = Vec::new();
    let from = length.saturating_sub((END + SEAL_MAX) as u64);
    file.seek(SeekFrom::Start(from)).and_then(|_| file.take(length).read_to_end(&mut tail)).map_err(|_| none())?;
    let at = tail.windows(4).rposition(|w| w == b"PK\x05\x06").ok_or_else(none)?;
    let (end, line) = tail[at..].split_at_checked(END).ok_or_else(none)?;
    if end[END - 2..] != u16::try_from(line.len()).map_err(|_| none())?.to_le_bytes() {
        return Err(none());
    }
    let line = str::from_utf8(line).map_err(|_| none())?;
    let (said, signature) = line.rsplit_once(' ').ok_or_else(none)?;
    let parsed: Signature = signature.parse().map_err(|_| none())?;
    let public: PublicKey = key.parse().map_err(|_| none())?;
    if parsed.to_string() != signature || !public.proves(said.as_bytes(), &parsed) {
        return Err(none());
    }
    let digest = digest_until(file, from + (at + END - 2) as u64).map_err(|_| none())?;
    if said != format!("{SEAL} {digest} {key}") {
        return Err(Wrong::new("the zip file was changed beside its files"));
    }
    Ok(())
}
