//! Who may see an incident, on its page.

use super::{Handled, Shown, perform, reading};
use crate::web::pages::frame::Reader;
use crate::web::pages::typed::Typed;
use axum::extract::{Path, State};
use muster_core::incident::Act;

/// `POST /incidents/{number}/restrict`.
///
/// # Errors
/// [`PageError`](crate::web::error::PageError).
pub async fn restrict(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
    perform((app, reader, number, typed), "restrict", "restricted", |d| {
        let to = reading::people(&d.scene.org, d.typed.get("people")).map_err(|why| vec![(Some("people"), why)])?;
        d.one(Act::Restrict { to, reason: d.text("reason") })
    })
    .await
}

/// `POST /incidents/{number}/unrestrict`.
///
/// # Errors
/// [`PageError`](crate::web::error::PageError).
pub async fn unrestrict(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
    perform((app, reader, number, typed), "unrestrict", "unrestricted", |d| {
        d.one(Act::Unrestrict { reason: d.text("reason") })
    })
    .await
}
