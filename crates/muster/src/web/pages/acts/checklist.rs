//! What people say of the steps of the checklist, on the page of an incident.

use super::{Handled, Shown, perform};
use crate::web::pages::frame::Reader;
use crate::web::pages::typed::Typed;
use axum::extract::{Path, State};
use muster_core::incident::Act;

/// `POST /incidents/{number}/tick-step`.
///
/// # Errors
/// [`PageError`](crate::web::error::PageError).
pub async fn tick_step(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
    perform((app, reader, number, typed), "tick-step", "ticked", |d| d.one(Act::TickStep { step: d.text("step") }))
        .await
}

/// `POST /incidents/{number}/skip-step`.
///
/// # Errors
/// [`PageError`](crate::web::error::PageError).
pub async fn skip_step(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
    perform((app, reader, number, typed), "skip-step", "skipped", |d| {
        d.one(Act::SkipStep { step: d.text("step"), reason: d.text("reason") })
    })
    .await
}
