//! What cannot be shown or done, in the frame that the reader knows: with the menu, and a way to search.

use super::frame::{Reader, Scene, Taste, page_with, shell};
use crate::app::App;
use crate::web::error::{PageError, Problem, heading};
use crate::web::guard::reader;
use crate::web::view::parts::Place;
use crate::web::view::problem::{Inside, Page};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// Any address that no route has.
pub async fn nothing_here(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
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
