//! What a program asks, read at the border: its JSON, its query, and its `Idempotency-Key`.

use super::dto::incident::{Brief, Done};
use crate::app::App;
use crate::ops::access::{By, Visitor};
use crate::ops::{Failure, Once, Performed};
use crate::store::{Sight, Tx, subjects};
use crate::web::error::{ApiError, Problem};
use axum::Json;
use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use futures_util::StreamExt;
use muster_core::Time;
use muster_core::ids::{PersonRef, SubjectId};
use muster_core::incident::{Act, Command};
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Largest body of an act, in bytes: far more than the longest text of an entry, in any script.
pub const BODY_MAX: usize = 256 * 1024;
/// Longest `Idempotency-Key`, in characters: room for any kind of unique id.
pub const KEY_MAX: usize = 255;
/// How many items a page has if nobody says.
pub const PAGE: u32 = 50;
/// How many it has at most.
pub const PAGE_MAX: u32 = 200;
/// Longest reference number that is looked for; ours are shorter.
const NUMBER_MAX: usize = 32;

/// Something that a program asks for: the body, who asks, and under which name it is done only once.
pub struct Asked<T> {
    /// The program's parts.
    pub app: Arc<App>,
    /// Who asks.
    pub by: Visitor,
    /// What.
    pub body: T,
    /// Under which name, if the program gave one.
    pub once: Option<Once>,
}

impl<T: DeserializeOwned> FromRequest<Arc<App>> for Asked<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, ApiError> {
        let (parts, body) = request.into_parts();
        let bytes = read(&parts.headers, body, BODY_MAX).await?;
        let by = visitor(&parts)?;
        let once = once(&parts, &by, &bytes)?;
        Ok(Self { app: app.clone(), by, body: json(&bytes)?, once })
    }
}

/// Who asks; the door has let them in.
pub fn visitor(parts: &Parts) -> Result<Visitor, Problem> {
    let nobody = || Problem::new(StatusCode::UNAUTHORIZED, "no-token", "Send a token.");
    parts.extensions.get::<Visitor>().cloned().ok_or_else(nobody)
}

/// The whole body, if it says that it is JSON and is not longer than `most`.
///
/// # Errors
/// 413, 415, 400.
pub async fn read(headers: &HeaderMap, body: Body, most: usize) -> Result<Vec<u8>, Problem> {
    let too_large = || {
        let detail = format!("The body is larger than {most} bytes. Send less at once.");
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail)
    };
    let length = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()).and_then(|v| v.parse().ok());
    if length.is_some_and(|length: usize| length > most) {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    let mut stream = body.into_data_stream();
    while let Some(chunk) = stream.next().await {
        let gone = |_| Problem::new(StatusCode::BAD_REQUEST, "cut-off", "The body ended too early. Send it again.");
        bytes.extend_from_slice(&chunk.map_err(gone)?);
        if bytes.len() > most {
            return Err(too_large());
        }
    }
    if !bytes.is_empty() && !is_json(headers.get(header::CONTENT_TYPE)) {
        let detail = "Send JSON, and say so: Content-Type: application/json.";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-json", detail));
    }
    Ok(bytes)
}

fn is_json(content_type: Option<&HeaderValue>) -> bool {
    let kind = content_type.and_then(|v| v.to_str().ok()).and_then(|v| v.split(';').next());
    kind.is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

/// What the JSON says. An empty body is an empty object, as some acts have nothing more to say.
///
/// # Errors
/// 400 if it is no JSON; 422, naming the place, if it is not what is asked for.
pub fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let bytes = if bytes.is_empty() { b"{}" } else { bytes };
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    match serde_path_to_error::deserialize(&mut reader) {
        Ok(value) => reader.end().map_err(|e| malformed(&e)).map(|()| value),
        Err(e) if e.inner().is_data() => Err(unreadable(&e)),
        // Where one word of a few is asked for, anything but a text is no JSON to serde_json. It is, and is read again.
        Err(e) => {
            let value: Value = serde_json::from_slice(bytes).map_err(|_| malformed(e.inner()))?;
            serde_path_to_error::deserialize(value).map_err(|e| unreadable(&e))
        }
    }
}

fn malformed(error: &serde_json::Error) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "malformed", format!("The body is no JSON: {error}."))
}

fn unreadable(error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    let (said, path) = (plainly(&error.inner().to_string()), error.path().to_string());
    let path = if path == "." { String::new() } else { path };
    // Of these two the place is the object around; people look for the field.
    let named = ["missing field `", "unknown field `"].iter().find_map(|p| said.strip_prefix(p)?.split('`').next());
    let place = match named {
        Some(field) if path.is_empty() => field.to_owned(),
        Some(field) if path != field && !path.ends_with(&format!(".{field}")) => format!("{path}.{field}"),
        _ => path,
    };
    let detail = if place.is_empty() { format!("{said}.") } else { format!("{place}: {said}.") };
    let place = (!place.is_empty()).then_some(place);
    Problem { place, ..Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "senseless", detail) }
}

/// What serde says, without the names of our types.
fn plainly(said: &str) -> String {
    let mut words = said.split(' ').peekable();
    let mut plain = Vec::new();
    while let Some(word) = words.next() {
        let bare = word.trim_end_matches([',', ';']);
        let instead = match bare {
            "struct" => "an object",
            "enum" => "one of its words",
            "internally" | "adjacently" if words.peek() == Some(&"tagged") => {
                words.nth(1);
                "an object"
            }
            "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, not below 0",
            "i8" | "i16" | "i32" | "i64" => "a whole number",
            "f32" | "f64" => "a number",
            _ => {
                plain.push(word.to_owned());
                continue;
            }
        };
        // After these words stands the name of a type.
        let named = if matches!(bare, "struct" | "enum" | "internally" | "adjacently") { words.next() } else { None };
        let ending = named.unwrap_or(word);
        let ending: String = ending.chars().rev().take_while(|c| matches!(c, ',' | ';')).collect();
        plain.push(format!("{instead}{ending}"));
    }
    plain.join(" ")
}

/// The name under which an act is done only once: who asks, and their `Idempotency-Key`. What is asked
/// under it is remembered as a digest of method, path and body.
///
/// # Errors
/// 422 if the key is no key.
pub fn once(parts: &Parts, by: &Visitor, body: &[u8]) -> Result<Option<Once>, Problem> {
    let Some(key) = parts.headers.get("idempotency-key") else { return Ok(None) };
    let key = key.to_str().ok().map(str::trim).filter(|k| (1..=KEY_MAX).contains(&k.len())).ok_or_else(|| {
        let detail = format!("Idempotency-Key: use 1 to {KEY_MAX} letters, digits and signs.");
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "senseless", detail)
    })?;
    let who = match &by.by {
        By::Token(id) => format!("token {id}"),
        By::Session(hash) => format!("session {hash}"),
    };
    Ok(Some(Once { id: format!("{who} {key}"), digest: digest(&parts.method, parts.uri.path(), body) }))
}

/// SHA-256 over what is asked, each part with its length in front, in hex.
fn digest(method: &Method, path: &str, body: &[u8]) -> String {
    let mut hasher = Sha256::new();
    for part in [method.as_str().as_bytes(), path.as_bytes(), body] {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    hex::encode(hasher.finalize())
}

/// What is asked in an address: `?state=open&limit=20`.
pub struct Asking<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asking<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        Ok(Self(asking(&parts.uri)?))
    }
}

fn asking<T: DeserializeOwned>(uri: &Uri) -> Result<T, Problem> {
    let wrong = |e: axum::extract::rejection::QueryRejection| {
        let text = e.body_text();
        let why = text.strip_prefix("Failed to deserialize query string: ").unwrap_or(&text);
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "senseless", format!("In the address: {why}."))
    };
    Query::try_from_uri(uri).map(|Query(asked)| asked).map_err(wrong)
}

/// How many items a page is to have.
///
/// # Errors
/// 422 if it is none, or more than [`PAGE_MAX`].
pub fn page_of(limit: Option<u32>) -> Result<u32, Problem> {
    let limit = limit.unwrap_or(PAGE);
    if (1..=PAGE_MAX).contains(&limit) {
        return Ok(limit);
    }
    let detail = format!("limit: use 1 to {PAGE_MAX}, and the cursor for more.");
    Err(Problem { field: Some("limit"), ..Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "senseless", detail) })
}

/// The incident of an address: its reference number. There is none if whoever asks may not see it.
pub struct Of {
    /// As in the address.
    pub number: String,
    /// Its log.
    pub subject: SubjectId,
    /// Whose eyes it is asked for.
    pub sight: Sight,
}

impl FromRequestParts<Arc<App>> for Of {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let gone = || Problem::not_found("incident");
        let sight = visitor(parts)?.sight();
        let Path(number) = Path::<String>::from_request_parts(parts, app).await.map_err(|_| gone())?;
        if !is_number(&number) {
            return Err(gone().into());
        }
        let (wanted, eyes) = (number.clone(), sight.clone());
        let find = async move |tx: &mut Tx| Ok::<_, Failure>(subjects::by_number(tx, &eyes, &wanted).await?);
        let subject = app.ops.db().read(find).await?.ok_or_else(gone)?;
        Ok(Self { number, subject, sight })
    }
}

fn is_number(text: &str) -> bool {
    (1..=NUMBER_MAX).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// Something that a person does to an incident.
pub trait IntoAct {
    /// The act, at `now`.
    ///
    /// # Errors
    /// 422 if it makes no sense.
    fn into_act(self, now: Time) -> Result<Act, Problem>;
}

impl<T> Asked<T> {
    /// Who asks, as the log holds them.
    #[must_use]
    pub fn person(&self) -> PersonRef {
        PersonRef { id: self.by.id.clone(), name: self.by.person.name.clone() }
    }
}

impl<T: IntoAct> Asked<T> {
    /// Does it to that incident.
    ///
    /// # Errors
    /// What core refuses, or the store cannot.
    pub async fn perform(self, of: &Of) -> Result<Json<Done>, ApiError> {
        let by = self.person();
        let act = self.body.into_act(self.app.ops.now())?;
        let performed = self.app.ops.perform(&of.subject, Command::Act { by, act }, self.once).await?;
        Ok(Json(done(&self.app, performed)))
    }
}

/// What came of an act, for the program that asked for it.
#[must_use]
pub fn done(app: &App, performed: Performed) -> Done {
    let incident = Brief::of(&performed.folded, app.ops.now(), app.ops.public_url());
    Done { incident, entries: performed.entries }
}

#[cfg(test)]
mod tests;
