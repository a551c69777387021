//! Files on their way in: written to disk as they come, hashed on the way, and never held in memory.

use super::error::Problem;
use super::pages::typed::Typed;
use crate::app::App;
use crate::ops::attachments::Received;
use axum::body::{Body, BodyDataStream};
use axum::http::{HeaderMap, StatusCode, header};
use futures_util::StreamExt;
use muster_core::entry::{Attached, SNIFFED, file_name, sniffed};
use muster_core::words::size;
use sha2::{Digest, Sha256};
use std::path::PathBuf;
use tokio::fs::{File, OpenOptions};
use tokio::io::AsyncWriteExt;

/// Most files at once: what a person chooses in one go, and a bounded transaction.
pub const FILES_MAX: usize = 8;
/// Most parts of a form; ours has four beside its files.
const PARTS_MAX: usize = 32;
/// Longest text among them, in bytes: a calendar of many years.
const TEXT_MAX: usize = 512 * 1024;
/// How much of what is refused is read all the same: a browser that is answered in the middle of its sending shows no
/// answer. What goes on longer is cut off.
const REFUSED_READ_MAX: u64 = 256 * 1024 * 1024;

/// A form with files.
#[derive(Debug)]
pub struct Form {
    /// Its texts, and the hash of each file, so that the same form sent twice is known as one.
    pub typed: Typed,
    /// Its files.
    pub files: Vec<Received>,
    /// Why not all of them were taken.
    pub refused: Option<Problem>,
}

/// A file that is being received.
struct Receiving {
    file: File,
    digest: Sha256,
    head: Vec<u8>,
    size: u64,
    most: u64,
}

impl Receiving {
    async fn begin(app: &App, most: u64) -> Result<Self, Problem> {
        let file = nameless(app).await?;
        Ok(Self { file, digest: Sha256::new(), head: Vec::new(), size: 0, most })
    }

    /// Whether there is still room for what it holds.
    async fn take(&mut self, bytes: &[u8]) -> Result<bool, Problem> {
        self.size += bytes.len() as u64;
        if self.size > self.most {
            return Ok(false);
        }
        let head = SNIFFED.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend_from_slice(&bytes[..head]);
        self.digest.update(bytes);
        self.file.write_all(bytes).await.map(|()| true).map_err(|e| no_room(&e))
    }

    async fn end(mut self, name: &str, text: &str) -> Result<Received, Problem> {
        self.file.flush().await.map_err(|e| no_room(&e))?;
        let sha256 = <[u8; 32]>::from(self.digest.finalize()).into();
        let media_type = sniffed(&self.head).to_owned();
        let about = Attached { name: file_name(name), size: self.size, media_type, sha256, text: text.to_owned() };
        Ok(Received::new(about, self.file.into_std().await))
    }
}

/// A new file that has no name: whatever happens, nothing is left of it.
///
/// # Errors
/// 503 if there is no room.
pub async fn nameless(app: &App) -> Result<File, Problem> {
    let path = place(app)?;
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    options.mode(0o600);
    let file = options.open(&path).await.map_err(|e| no_room(&e))?;
    tokio::fs::remove_file(&path).await.map_err(|e| no_room(&e))?;
    Ok(file)
}

/// Where a file stands until it is in the database: beside that, where there is room for it.
fn place(app: &App) -> Result<PathBuf, Problem> {
    let name = format!(".muster-upload-{}", app.ops.request_id()?);
    let beside = app.ops.db().file().and_then(|database| database.parent().map(PathBuf::from));
    Ok(beside.unwrap_or_else(std::env::temp_dir).join(name))
}

fn no_room(error: &std::io::Error) -> Problem {
    tracing::error!(%error, "a received file could not be put on disk");
    let detail = "There is no room on the server's disk for this file. Nothing was changed. Tell the administrator.";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail)
}

fn too_large(name: &str, most: u64) -> Problem {
    let detail = format!(
        "{} is larger than {}, the most for one file. Attach a part of it, or pack it.",
        file_name(name),
        size(most)
    );
    Problem { field: Some("file"), ..Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail) }
}

fn cut_off() -> Problem {
    let detail = "What you sent did not arrive whole. Nothing was changed. Send it again.";
    Problem::new(StatusCode::BAD_REQUEST, "cut-off", detail)
}

/// The form that was sent to `path`, each file up to `most` bytes. What comes behind a file that is refused is read and
/// let go, so that the answer arrives and the texts are not lost.
///
/// # Errors
/// 415 for another kind of body, 400 for a garbled one, 503 for a full disk.
pub async fn form(app: &App, path: &str, headers: &HeaderMap, body: Body, most: u64) -> Result<Form, Problem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let boundary = multer::parse_boundary(kind).map_err(|_| {
        let detail = "Send the files as a form does (multipart/form-data), or use /api/v1.";
        Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-a-form", detail)
    })?;
    let mut parts = multer::Multipart::new(body.into_data_stream(), boundary);
    let (mut fields, mut files, mut refused, mut let_go) = (Vec::new(), Vec::new(), None, 0);
    let mut count = 0;
    while let Some(mut part) = parts.next_field().await.map_err(|_| cut_off())? {
        count += 1;
        if count > PARTS_MAX {
            return Err(cut_off());
        }
        let (name, file) = (part.name().unwrap_or_default().to_owned(), part.file_name().map(str::to_owned));
        let Some(file) = file else {
            let mut text = Vec::new();
            while let Some(bytes) = part.chunk().await.map_err(|_| cut_off())? {
                text.extend_from_slice(&bytes);
                if text.len() > TEXT_MAX {
                    return Err(cut_off());
                }
            }
            fields.push((name, String::from_utf8(text).map_err(|_| cut_off())?.replace("\r\n", "\n")));
            continue;
        };
        if files.len() == FILES_MAX {
            let detail = format!("These are more than {FILES_MAX} files. Nothing was attached: choose fewer at once.");
            refused = refused.or_else(|| Some(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail)));
        }
        let mut receiving = Receiving::begin(app, most).await?;
        while let Some(bytes) = part.chunk().await.map_err(|_| cut_off())? {
            if refused.is_none() && !receiving.take(&bytes).await? {
                refused = Some(too_large(&file, most));
            }
            if refused.is_some() {
                let_go += bytes.len() as u64;
                if let_go > REFUSED_READ_MAX {
                    return Err(too_large(&file, most));
                }
            }
        }
        // A browser sends a part without name and bytes where nothing was chosen.
        if refused.is_none() && (receiving.size > 0 || !file.is_empty()) {
            let text = fields.iter().find(|(name, _)| name == "text").map_or("", |(_, text)| text.as_str());
            files.push(receiving.end(&file, text).await?);
        }
    }
    fields.extend(files.iter().map(|f| ("file".to_owned(), f.about.sha256.to_string())));
    Ok(Form { typed: Typed::of(path, fields), files, refused })
}

/// The one file that a body is, up to `most` bytes.
///
/// # Errors
/// 413 if it is larger, 400 if it did not arrive whole, 503 for a full disk.
pub async fn file(app: &App, body: BodyDataStream, name: &str, text: &str, most: u64) -> Result<Received, Problem> {
    let (mut body, mut receiving) = (body, Receiving::begin(app, most).await?);
    while let Some(bytes) = body.next().await {
        if !receiving.take(&bytes.map_err(|_| cut_off())?).await? {
            return Err(too_large(name, most));
        }
    }
    receiving.end(name, text).await
}
