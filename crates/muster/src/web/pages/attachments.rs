//! Files on an incident: put on it from its page, and given back so that they can do nothing in a browser.

use super::acts;
use super::frame::Reader;
use super::incident::again;
use super::incident::desk::{Desk, Mend};
use crate::app::App;
use crate::ops::Failure;
use crate::ops::access::Visitor;
use crate::web::error::{PageError, Problem};
use crate::web::{guard, upload};
use axum::body::{Body, Bytes};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use muster_core::entry::Attached;
use muster_core::ids::PersonRef;
use std::sync::Arc;

/// What a file may do if a browser is made to show it as a page: nothing.
const NOTHING: HeaderValue = HeaderValue::from_static("sandbox; default-src 'none'; frame-ancestors 'none'");

/// `POST /incidents/{number}/attach`: files, with a line that says what they show.
///
/// # Errors
/// [`PageError`].
pub async fn attach(
    State(app): State<Arc<App>>,
    reader: Reader,
    Path(number): Path<String>,
    request: Request,
) -> Result<Response, PageError> {
    let desk = Desk::find(&app, reader.sight(), &number).await?;
    let most = desk.incident.terms.policy.attachment_bytes();
    let (parts, body) = request.into_parts();
    let form = upload::form(&app, parts.uri.path(), &parts.headers, body, most).await?;
    let (typed, files) = (form.typed, form.files);
    if let Some(refused) = form.refused {
        let wrong = vec![(Some("file"), refused.detail)];
        let mend = Mend { status: refused.status, ..Mend::typing("attach", &typed, wrong) };
        return again(&app, &reader, &desk, &mend).await;
    }
    if files.is_empty() {
        let wrong = vec![(Some("file"), "Choose a file.".to_owned())];
        return again(&app, &reader, &desk, &Mend::typing("attach", &typed, wrong)).await;
    }
    let by = PersonRef { id: reader.id.clone(), name: reader.person.name.clone() };
    match app.ops.attach(&desk.subject, &by, files, typed.once(&reader)).await {
        Ok(_) => Ok(acts::back(&number, "attached", &typed, None, "#log")),
        Err(Failure::Refused(refusal)) => {
            let now = Desk::find(&app, reader.sight(), &number).await?;
            again(&app, &reader, &now, &Mend::refused("attach", &typed, refusal)).await
        }
        Err(failure) => Err(failure.into()),
    }
}

/// `GET /incidents/{number}/attachments/{entry}/{name}`.
///
/// # Errors
/// 404 if it is none, or was taken back.
pub async fn show(
    State(app): State<Arc<App>>,
    by: Visitor,
    Path((number, entry, name)): Path<(String, u64, String)>,
) -> Result<Response, PageError> {
    let file = app.ops.attachment(by.sight(), &number, entry).await?;
    if file.name != name {
        return Err(Problem::not_found("file").into());
    }
    Ok(given(&app, &file))
}

/// Where the page of an incident leads to its file.
#[must_use]
pub fn href(number: &str, entry: u64, name: &str) -> String {
    format!("/incidents/{number}/attachments/{entry}/{}", guard::form_encode(name))
}

/// The file: a picture to look at, and everything else to keep. Read piece by piece, as its bytes never change.
#[must_use]
pub fn given(app: &Arc<App>, file: &Attached) -> Response {
    let pieces = stream::try_unfold((app.ops.clone(), file.sha256, 0), async |(ops, sha256, n)| {
        let piece = ops.piece(sha256, n).await?;
        Ok::<_, Failure>(piece.map(|bytes| (Bytes::from(bytes), (ops, sha256, n + 1))))
    });
    let mut response = Body::from_stream(pieces).into_response();
    let picture = file.is_picture();
    let kind = if picture { file.media_type.as_str() } else { "application/octet-stream" };
    let manner = if picture { "inline" } else { "attachment" };
    // Both ways of naming a file, RFC 6266: old ones read the first, and get no sign that could end it.
    let plain: String =
        file.name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_. ".contains(c) { c } else { '_' }).collect();
    let name = format!(
        "{manner}; filename=\"{plain}\"; filename*=UTF-8''{}",
        guard::form_encode(&file.name).replace('/', "_")
    );
    let headers = response.headers_mut();
    let mut put = |key: HeaderName, value: Result<HeaderValue, _>| {
        if let Ok(value) = value {
            headers.insert(key, value);
        }
    };
    put(header::CONTENT_TYPE, HeaderValue::from_str(kind));
    put(header::CONTENT_DISPOSITION, HeaderValue::from_str(&name));
    put(header::CONTENT_LENGTH, HeaderValue::from_str(&file.size.to_string()));
    put(header::CONTENT_SECURITY_POLICY, Ok(NOTHING));
    put(HeaderName::from_static("cross-origin-resource-policy"), Ok(HeaderValue::from_static("same-origin")));
    response
}

#[cfg(test)]
mod tests;
