//! Errors as people and programs see them: a page that says what to do, or an RFC 9457 problem.

use super::view::parts::{Frame, Theme};
use super::view::problem;
use super::view::time::Times;
use crate::clock::{Clock, SystemClock};
use crate::ops::Failure;
use crate::store;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use jiff::tz::TimeZone;
use muster_core::refusal::Refusal;
use serde::Serialize;

/// An error on its way to a person or a program.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The status.
    pub status: StatusCode,
    /// A word for programs.
    pub code: &'static str,
    /// What went wrong and what to do.
    pub detail: String,
    /// The field of the form that it is about.
    pub field: Option<&'static str>,
    /// The place in a request's body that could not be read, such as `to.severity`.
    pub place: Option<String>,
}

impl Problem {
    /// An error with that status.
    #[must_use]
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into(), field: None, place: None }
    }

    /// There is nothing there, or nothing that this person may see.
    #[must_use]
    pub fn not_found(what: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not-found",
            format!("There is no such {what}. Check the address, or search for it."),
        )
    }
}

/// The status that a refusal answers with.
fn status_of(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::Missing { .. } | Refusal::TooLong { .. } | Refusal::Senseless { .. } | Refusal::Unknown { .. } => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Refusal::WrongState { .. }
        | Refusal::TakenAlready { .. }
        | Refusal::Over { .. }
        | Refusal::ChangedMeanwhile { .. }
        | Refusal::NotThatEntry { .. }
        | Refusal::AtWork { .. }
        | Refusal::NewerRelease => StatusCode::CONFLICT,
        Refusal::NotAsked | Refusal::NotYours { .. } | Refusal::NotAllowed { .. } => StatusCode::FORBIDDEN,
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self { field: refusal.field(), ..Self::new(status_of(&refusal), refusal.code(), refusal.to_string()) }
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => refusal.into(),
            Failure::NotFound(what) => Self::not_found(what),
            Failure::Stale => Self::new(StatusCode::PRECONDITION_FAILED, "changed-meanwhile", failure.to_string()),
            Failure::Store(error) => error.into(),
            Failure::NoRandomness(error) => {
                tracing::error!(%error, "no randomness");
                Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "unavailable",
                    "Muster cannot do this now. Try again in a moment.",
                )
            }
        }
    }
}

impl From<store::Error> for Problem {
    fn from(error: store::Error) -> Self {
        if let store::Error::Nul(_) = error {
            let detail = "A text holds the control character NUL (U+0000), which cannot be kept. Send it without.";
            return Self::new(StatusCode::UNPROCESSABLE_ENTITY, "senseless", detail);
        }
        let passing = matches!(error, store::Error::Unavailable(_) | store::Error::Conflict(_));
        tracing::error!(%error, passing, "the store failed");
        if passing {
            let detail = "The database cannot be reached now. Nothing was changed. Try again in a moment.";
            return Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail);
        }
        let detail =
            "Something is wrong inside Muster. Nothing was changed. The administrator finds it in the program's log.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "bug", detail)
    }
}

/// RFC 9457, "Problem Details for HTTP APIs".
#[derive(Serialize)]
struct Details<'a> {
    r#type: &'static str,
    title: &'a str,
    status: u16,
    detail: &'a str,
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
}

impl Problem {
    /// For programs.
    #[must_use]
    pub fn into_json(self) -> Response {
        let title = self.status.canonical_reason().unwrap_or("Error");
        let details = Details {
            r#type: "about:blank",
            title,
            status: self.status.as_u16(),
            detail: &self.detail,
            code: self.code,
            // The API spells its own fields with underscores.
            field: self.place.clone().or_else(|| self.field.map(|f| f.replace('-', "_"))),
        };
        let body = serde_json::to_string(&details).unwrap_or_default();
        let mut response = (self.status, body).into_response();
        let problem = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, problem);
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        self.with_retry(response)
    }

    /// For people.
    #[must_use]
    pub fn into_page(self) -> Response {
        let page = problem::Page::new(frame(), heading(self.status), &self.detail, &[("/now", "Go to Now")]);
        let html = askama::Template::render(&page).unwrap_or_else(|_| self.detail.clone());
        let response = (self.status, Html(html)).into_response();
        let mut response = self.with_retry(response);
        // The door gives who is signed in the same words with the menu around them.
        response.extensions_mut().insert(self);
        response
    }

    /// Who is told that the trouble passes is told when to try again.
    fn with_retry(&self, mut response: Response) -> Response {
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        response
    }
}

/// The frame of a page that is shown although nothing else may work: it asks nobody for anything.
fn frame() -> Frame {
    let times = Times::new(SystemClock.now(), TimeZone::UTC);
    Frame { organisation: String::new(), now: times.at(times.now()), zone: times.zone(), theme: Theme::default() }
}

pub(super) fn heading(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => "Sign in again",
        403 => "That is not allowed",
        404 => "There is nothing here",
        409 | 422 => "That was not done",
        413 => "That is too much at once",
        503 => "Muster cannot answer just now",
        500..=599 => "Something went wrong here",
        _ => "That did not work",
    }
}

/// The error of a page's handler.
#[derive(Debug)]
pub struct PageError(pub Problem);

impl<E: Into<Problem>> From<E> for PageError {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        self.0.into_page()
    }
}

/// The error of an API handler.
#[derive(Debug)]
pub struct ApiError(pub Problem);

impl<E: Into<Problem>> From<E> for ApiError {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        self.0.into_json()
    }
}
