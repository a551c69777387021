//! A form that is sent after its writer's session has ended goes through signing in, and is sent once they say so.

use super::{empty, local};
use crate::app::App;
use crate::web::error::{PageError, Problem};
use crate::web::pages::frame::{Scene, Taste, page, page_with};
use crate::web::pages::phrases::upper_first;
use crate::web::pages::typed::Typed;
use crate::web::view::parts::Notice;
use crate::web::view::signin::{Kept, Page, SendKept};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

/// Fields that a form has for itself.
const UNSEEN: [&str; 3] = ["act", "seen", "entry"];
/// What such a form's fields are called meanwhile, so that none is taken for one of signing in.
const PREFIX: &str = "kept.";
/// Fields that stand in no page again.
const SECRET: [&str; 3] = ["password", "old", "again"];

/// Answers a form that nobody who is signed in has sent: by the page to sign in with, which keeps it.
pub async fn signed_out(app: &App, request: Request) -> Response {
    let headers = request.headers().clone();
    match keeping(app, &headers, request).await {
        Ok(page) => page,
        Err(error) => error.into_response(),
    }
}

async fn keeping(app: &App, headers: &HeaderMap, request: Request) -> Result<Response, PageError> {
    let lost = || {
        let detail = "You are not signed in any more, and nothing was changed. Sign in, and do it again.";
        PageError(Problem::new(StatusCode::UNAUTHORIZED, "signed-out", detail))
    };
    let typed = Typed::from_request(request, &()).await.map_err(|_| lost())?;
    let to = Some(typed.path()).filter(|path| local(path) == *path).ok_or_else(lost)?;
    if typed.fields().iter().any(|(name, _)| SECRET.contains(&name.as_str())) {
        return Err(lost());
    }
    let notice = Notice::warning("You are not signed in any more.", "What you wrote is kept. Sign in, and send it.");
    let kept = Kept { to: to.to_owned(), fields: typed.fields().to_vec() };
    let page = Page { notice: Some(notice), next: to.to_owned(), kept: Some(kept), ..empty(app, headers).await? };
    page_with(StatusCode::UNAUTHORIZED, &page)
}

/// The form that the page to sign in with has kept, if it has.
pub(super) fn kept(typed: &Typed) -> Option<Kept> {
    let to = typed.some("kept").filter(|to| local(to) == *to)?.to_owned();
    let field = |(name, value): &(String, String)| Some((name.strip_prefix(PREFIX)?.to_owned(), value.clone()));
    Some(Kept { to, fields: typed.fields().iter().filter_map(field).collect() })
}

/// The page that sends it, for somebody who has just signed in.
pub(super) async fn send(app: &App, headers: &HeaderMap, kept: Kept) -> Result<Response, PageError> {
    let scene = Scene::now(app).await?;
    let shown = kept.fields.iter().filter(|(name, value)| !UNSEEN.contains(&name.as_str()) && !value.trim().is_empty());
    let typed = shown.map(|(name, value)| (upper_first(&name.replace('-', " ")), value.clone())).collect();
    page(&SendKept { frame: scene.frame(Taste::of(headers).theme), kept, typed })
}
