//! The proof pack of an incident: gathered piece by piece into a file that has no name, and sent from there.

use super::error::Problem;
use super::pages::form::typeset;
use super::upload;
use crate::app::App;
use crate::documents::proof::{About, LOG, NotPacked, Pack, name_of};
use crate::documents::{export, messages, text};
use crate::ops::Failure;
use crate::store::{self, Sight, Tx, outbox};
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use muster_core::form::Form;
use std::fs::File;
use tokio::sync::Semaphore;
use tokio_util::io::ReaderStream;

/// Packs that are made at once: each takes room on disk for all that an incident holds.
static PACKS: Semaphore = Semaphore::const_new(2);

/// The pack of the incident of that number, as a download.
///
/// # Errors
/// 404 if there is none for these eyes, 413 if it holds more than fits into one, 503 for a full disk.
pub async fn download(app: &App, sight: Sight, number: &str) -> Result<Response, Problem> {
    let _turn = PACKS.acquire().await.map_err(|_| Failure::NotFound("incident"))?;
    let file = tokio::fs::File::from_std(pack(app, sight, number).await?);
    let name = format!("attachment; filename=\"{number}-proof.zip\"");
    let headers = [(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"))];
    let mut response = (headers, Body::from_stream(ReaderStream::new(file))).into_response();
    if let Ok(name) = HeaderValue::from_str(&name) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

async fn pack(app: &App, sight: Sight, number: &str) -> Result<File, Problem> {
    let (log, now) = (app.ops.whole_log(sight, number).await?, app.ops.now());
    let incident = &log.stored.folded;
    let form = Form::of(incident, &log.entries, now);
    let subject = log.stored.subject.clone();
    let read = async move |tx: &mut Tx| Ok::<_, Failure>(outbox::messages(tx, &subject).await?);
    let sent = app.ops.db().read(read).await?;
    let key = app.ops.signing_key();
    let written = export::write(&log, &form, key, now);
    let written = written.map_err(|e| store::Error::Bug(format!("the export of {number}: {e}")))?;

    let mut pack = Pack::new(upload::nameless(app).await?.into_std().await);
    pack.file(LOG, &written).map_err(not_packed)?;
    pack.file("form.md", text::markdown(&form).as_bytes()).map_err(not_packed)?;
    pack.file("notes.csv", text::csv(&form).as_bytes()).map_err(not_packed)?;
    if let Some(pdf) = typeset(app, &log, &form).await? {
        pack.file("form.pdf", &pdf).map_err(not_packed)?;
    }
    pack.file("messages.json", &messages::file(&sent)).map_err(not_packed)?;
    for (entry, file) in export::files_in(&log.entries) {
        pack.begin(&name_of(entry, &file.name)).map_err(not_packed)?;
        for n in 0.. {
            let Some(bytes) = app.ops.piece(file.sha256, n).await? else { break };
            pack.more(&bytes).map_err(not_packed)?;
        }
    }
    let organisation = incident.terms.organisation.clone();
    let about = About { organisation, number: number.to_owned(), made_at: now };
    pack.finish(&about, key).map_err(not_packed)
}

fn not_packed(error: NotPacked) -> Problem {
    match error {
        NotPacked::TooLarge => Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", format!("{error}.")),
        error => {
            tracing::error!(%error, "a proof pack could not be made");
            let detail =
                "The proof pack cannot be made now: there may be no room on the server's disk. Tell the administrator.";
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail)
        }
    }
}
