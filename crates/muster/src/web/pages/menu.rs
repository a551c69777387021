//! The way in, and the menu of phones.

use super::frame::{Reader, page, shell};
use crate::app::App;
use crate::web::error::PageError;
use crate::web::guard::Perhaps;
use crate::web::view::menu;
use crate::web::view::parts::Place;
use axum::extract::State;
use axum::response::{Redirect, Response};
use std::sync::Arc;

/// `GET /`.
pub async fn home(Perhaps(visitor): Perhaps) -> Redirect {
    Redirect::to(if visitor.is_some() { "/now" } else { "/sign-in" })
}

/// `GET /more`.
///
/// # Errors
/// [`PageError`].
pub async fn more(State(app): State<Arc<App>>, reader: Reader) -> Result<Response, PageError> {
    let mut shell = shell(&app, &reader, Place::More).await?;
    shell.live = None;
    page(&menu::Page { shell })
}
