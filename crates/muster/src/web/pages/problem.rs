//! What cannot be shown or done, in the frame that the reader knows: with the menu, and a way to search.

use super::frame::{Reader, Scene, Taste, page_with, shell};
use crate::app::App;
use crate::web::error::{ApiError, PageError, Problem, heading};
use crate::web::guard::reader;
use crate::web::view::parts::Place;
use crate::web::view::problem::{Inside, Page};
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use std::sync::Arc;

/// Any address that no route has. Programs are told as programs.
pub async fn nothing_here(State(app): State<Arc<App>>, uri: Uri, headers: HeaderMap) -> Response {
    if is_for_programs(uri.path()) {
        return ApiError(Problem::not_found("address")).into_response();
    }
    let problem = Problem::not_found("page");
    if let Some(reader) = reader(&app, &headers).await {
        return inside(&app, &reader, PageError(problem).into_response()).await;
    }
    match Scene::now(&app).await {
        Ok(scene) => {
            let frame = scene.frame(Taste::of(&headers).theme);
            let page = Page::new(frame, heading(problem.status), &problem.detail, &[("/now", "Go to Now")]);
            page_with(problem.status, &page).unwrap_or_else(IntoResponse::into_response)
        }
        Err(_) => PageError(problem).into_response(),
    }
}

/// Whether programs ask there, and not people.
#[must_use]
pub fn is_for_programs(path: &str) -> bool {
    ["/api", "/in"].iter().any(|p| path.strip_prefix(p).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// `GET` of an address that only takes forms, as when a page is loaded anew after one, or a session had ended: on to the
/// page that has the form.
pub async fn only_posts(method: Method, uri: Uri) -> Response {
    let parts: Vec<_> = uri.path().trim_matches('/').split('/').collect();
    let page = match (method == Method::GET || method == Method::HEAD, parts.as_slice()) {
        (true, ["phones", ..]) => "/phones".to_owned(),
        (true, [page @ .., _]) => format!("/{}", page.join("/")),
        _ => {
            let detail = "This address does not take that. Go to the page and do it there.";
            return PageError(Problem::new(StatusCode::METHOD_NOT_ALLOWED, "wrong-method", detail)).into_response();
        }
    };
    let query = uri.query().map(|q| format!("?{q}")).unwrap_or_default();
    Redirect::to(&format!("{page}{query}")).into_response()
}

/// A problem inside the application; any other answer as it is, and so is a problem where not even the frame can be
/// made.
pub async fn inside(app: &App, reader: &Reader, response: Response) -> Response {
    let Some(problem) = response.extensions().get::<Problem>().cloned() else { return response };
    let Ok(mut shell) = shell(app, reader, Place::More).await else { return response };
    shell.live = None;
    let view = Inside { shell, heading: heading(problem.status).into(), line: problem.detail.into() };
    let Ok(mut page) = page_with(problem.status, &view) else { return response };
    let headers = response.headers().iter().filter(|(name, _)| *name == axum::http::header::RETRY_AFTER);
    page.headers_mut().extend(headers.map(|(name, value)| (name.clone(), value.clone())));
    page
}
