//! What people do to two incidents on the page of one: link, take a link away, merge.

use super::acts::reading::Wrong;
use super::frame::{Done, Reader};
use super::incident::again;
use super::incident::desk::{Desk, Mend};
use super::typed::Typed;
use crate::app::App;
use crate::ops::Failure;
use crate::ops::links::Tying;
use crate::web::error::PageError;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use muster_core::entry::Relation;
use muster_core::ids::PersonRef;
use std::sync::Arc;

type Handled = Result<Response, PageError>;

async fn perform(
    (app, reader, number, typed): (Arc<App>, Reader, String, Typed),
    form: &'static str,
    done: &'static str,
    read: impl FnOnce(&Typed) -> Result<Tying, Vec<Wrong>>,
) -> Handled {
    let desk = Desk::find(&app, reader.sight(), &number).await?;
    let by = PersonRef { id: reader.id.clone(), name: reader.person.name.clone() };
    let mend = match (typed.some("number"), read(&typed)) {
        (None, _) => {
            Mend::typing(form, &typed, vec![(Some("number"), "Write the number of the other incident.".into())])
        }
        (_, Err(wrong)) => Mend::typing(form, &typed, wrong),
        (Some(other), Ok(tying)) => match app.ops.tie(by, &desk.subject, other, tying, typed.once(&reader)).await {
            Ok(_) => {
                let done = typed.act().map(|act| Done { what: done.into(), act: act.to_owned(), entry: None });
                let query = done.map(|d| format!("?{}", d.to_query())).unwrap_or_default();
                return Ok(Redirect::to(&format!("/incidents/{number}{query}#others")).into_response());
            }
            Err(Failure::Refused(refusal)) => Mend::refused(form, &typed, refusal),
            Err(failure) => return Err(failure.into()),
        },
    };
    let now = Desk::find(&app, reader.sight(), &number).await?;
    again(&app, &reader, &now, &mend).await
}

macro_rules! ties {
    ($($(#[doc = $doc:literal])+ $name:ident $form:literal $done:literal $read:expr;)+) => {$(
        $(#[doc = $doc])+
        ///
        /// # Errors
        /// [`PageError`].
        pub async fn $name(State(app): State<Arc<App>>, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
            perform((app, reader, number, typed), $form, $done, $read).await
        }
    )+};
}

ties! {
    /// `POST /incidents/{number}/link`.
    link "link" "linked" |typed| {
        let how = typed.choice::<Relation>("how");
        how.map(Tying::Link).ok_or_else(|| vec![(Some("how"), "Choose one of them.".to_owned())])
    };
    /// `POST /incidents/{number}/unlink`.
    unlink "unlink" "unlinked" |typed| Ok(Tying::Unlink(typed.get("reason").to_owned()));
    /// `POST /incidents/{number}/merge`.
    merge "merge" "merged" |typed| Ok(Tying::Merge(typed.get("reason").to_owned()));
}
