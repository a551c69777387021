//! Files on incidents (DOC-6): an entry that holds a hash, and the bytes that it is the hash of, in one transaction.

use super::{Failure, Once, Ops, Performed, note_performed, performed_before};
use crate::store::attachments::{self, PIECE};
use crate::store::{Error, Sight, Tx, subjects};
use muster_core::chain::Hash;
use muster_core::entry::{Attached, Entry, Fact};
use muster_core::ids::{PersonRef, SubjectId};
use muster_core::incident::{Act, Command, Incident};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

/// A file that has been received, read from where it was put until it is in the database.
#[derive(Clone, Debug)]
pub struct Received {
    /// What the log will say of it.
    pub about: Attached,
    file: Arc<Mutex<File>>,
}

impl Received {
    /// What stands in `file`.
    #[must_use]
    pub fn new(about: Attached, file: File) -> Self {
        Self { about, file: Arc::new(Mutex::new(file)) }
    }

    /// All of it as text, up to `most` bytes; what is no UTF-8 is marked.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if it cannot be read.
    pub fn text(&self, most: u64) -> Result<String, Error> {
        let mut bytes = Vec::new();
        let pieces = (0..).map(|n| self.piece(n));
        for piece in pieces {
            let piece = piece?;
            bytes.extend_from_slice(&piece);
            if piece.is_empty() || bytes.len() as u64 >= most {
                break;
            }
        }
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Piece `n`; empty behind the end. A retry of the transaction reads the same again.
    fn piece(&self, n: u64) -> Result<Vec<u8>, Error> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let mut bytes = Vec::new();
        let mut read = || {
            file.seek(SeekFrom::Start(n * PIECE as u64))?;
            Read::by_ref(&mut *file).take(PIECE as u64).read_to_end(&mut bytes)
        };
        read().map_err(|e| Error::Unavailable(format!("the received file cannot be read: {e}")))?;
        Ok(bytes)
    }
}

impl Ops {
    /// Puts files on an incident: all of them, or none.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn attach(
        &self,
        subject: &SubjectId,
        by: &PersonRef,
        files: Vec<Received>,
        once: Option<Once>,
    ) -> Result<Performed, Failure> {
        let drawn = self.draw()?;
        let (ops, subject, by) = (self.clone(), subject.clone(), by.clone());
        self.db
            .write(async move |tx: &mut Tx| {
                if performed_before(tx, once.as_ref()).await?.is_some() {
                    return ops.as_it_is(tx, subject.clone()).await;
                }
                let acts = files.iter().map(|f| Command::Act { by: by.clone(), act: Act::Attach(f.about.clone()) });
                let acts: Vec<_> = acts.collect();
                let nothing_yet = ops.as_it_is(tx, subject.clone()).await?;
                let performed = ops.carry_out_all(tx, &drawn, nothing_yet, &acts).await?;
                for file in &files {
                    keep(tx, file).await?;
                }
                note_performed(tx, once.as_ref(), subject.as_str(), drawn.now).await?;
                Ok(performed)
            })
            .await
    }

    /// The file that was put on the incident of that number by that entry, unless it was taken back.
    ///
    /// # Errors
    /// [`Failure::NotFound`] if there is none for these eyes.
    pub async fn attachment(&self, sight: Sight, number: &str, entry: u64) -> Result<Attached, Failure> {
        let number = number.to_owned();
        self.db
            .read(async move |tx: &mut Tx| {
                let none = || Failure::NotFound("file");
                let subject = subjects::by_number(tx, &sight, &number).await?.ok_or_else(none)?;
                let stored = subjects::load::<Incident>(tx, &subject).await?.ok_or_else(none)?;
                if stored.folded.taken_back.contains_key(&entry) || !stored.folded.attachments.contains(&entry) {
                    return Err(none());
                }
                let (read, _) = subjects::entries_page(tx, &sight, &subject, entry - 1, 1).await?;
                match read.into_iter().next() {
                    Some(Entry { seq, fact: Fact::Attached(file), .. }) if seq == entry => Ok(file),
                    _ => Err(none()),
                }
            })
            .await
    }

    /// Piece `n` of the bytes with that hash; none behind the end.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn piece(&self, sha256: Hash, n: u64) -> Result<Option<Vec<u8>>, Failure> {
        self.db.read(async move |tx: &mut Tx| Ok(attachments::piece(tx, sha256, n).await?)).await
    }
}

async fn keep(tx: &mut Tx, file: &Received) -> Result<(), Failure> {
    let sha256 = file.about.sha256;
    if attachments::is_kept(tx, sha256).await? {
        return Ok(());
    }
    let mut read = 0;
    for n in 0.. {
        let bytes = file.piece(n)?;
        if bytes.is_empty() {
            break;
        }
        read += bytes.len() as u64;
        attachments::keep(tx, sha256, n, &bytes).await?;
    }
    match read == file.about.size {
        true => Ok(()),
        false => Err(Error::Unavailable("the received file is not whole any more".into()).into()),
    }
}

/// Holds the bytes of every file of a log against the hash that its entry says. What was proved before is not read again.
pub(super) async fn prove(
    tx: &mut Tx,
    number: &str,
    entries: &[Entry],
    proved: &mut BTreeSet<Hash>,
) -> Result<Option<String>, Failure> {
    for entry in entries {
        let Fact::Attached(file) = &entry.fact else { continue };
        if proved.contains(&file.sha256) {
            continue;
        }
        let (mut digest, mut size) = (Sha256::new(), 0);
        for n in 0.. {
            let Some(bytes) = attachments::piece(tx, file.sha256, n).await? else { break };
            size += bytes.len() as u64;
            digest.update(&bytes);
        }
        let what = if size == 0 { "is missing" } else { "was changed" };
        if (size, Hash::from(<[u8; 32]>::from(digest.finalize()))) != (file.size, file.sha256) {
            return Ok(Some(format!("the file {} of entry {} of {number} {what}", file.name, entry.seq)));
        }
        proved.insert(file.sha256);
    }
    Ok(None)
}
