//! What people do about roles on the page of an incident, and about who must be told and who heard of it.

use super::{Handled, Shown, perform, reading};
use crate::web::pages::frame::Reader;
use crate::web::pages::typed::Typed;
use axum::extract::{Path, State};
use muster_core::incident::Act;

/// `POST /incidents/{number}/communicator`: somebody is asked to become Communications Manager.
///
/// # Errors
/// [`PageError`](crate::web::error::PageError).
pub async fn communicator(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
    perform((app, reader, number, typed), "communicator", "asked", |d| {
        let to = d.typed.some("person").map(|_| reading::person(&d.scene.org, d.typed)).transpose();
        d.one(Act::AskCommunicator { to: to.map_err(|wrong| vec![wrong])? })
    })
    .await
}

/// `POST /incidents/{number}/communicate`: the reader becomes Communications Manager.
///
/// # Errors
/// [`PageError`](crate::web::error::PageError).
pub async fn communicate(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
    perform((app, reader, number, typed), "communicate", "taken", |d| d.one(Act::TakeCommunications)).await
}

/// `POST /incidents/{number}/no-communicator`: none is needed.
///
/// # Errors
/// [`PageError`](crate::web::error::PageError).
pub async fn no_communicator(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
    perform((app, reader, number, typed), "no-communicator", "decided", |d| {
        d.one(Act::DeclineCommunicator { reason: d.text("reason") })
    })
    .await
}

/// `POST /incidents/{number}/people-asked`.
///
/// # Errors
/// [`PageError`](crate::web::error::PageError).
pub async fn people_asked(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
    perform((app, reader, number, typed), "people-asked", "noted", |d| {
        let people = d.typed.get("people").trim().parse::<u32>();
        let people = people.map_err(|_| vec![(Some("people"), "Write how many asked, as a number.".to_owned())])?;
        d.one(Act::PeopleAsked { who: d.text("who"), people })
    })
    .await
}

/// `POST /incidents/{number}/heard-elsewhere`.
///
/// # Errors
/// [`PageError`](crate::web::error::PageError).
pub async fn heard_elsewhere(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
    perform((app, reader, number, typed), "heard-elsewhere", "noted", |d| {
        let person = reading::person(&d.scene.org, d.typed).map_err(|wrong| vec![wrong])?;
        let read = |text: &str| d.scene.times.read(text).map_err(|why| vec![(Some("at"), why)]);
        let at = d.typed.some("at").map(read).transpose()?;
        d.one(Act::HeardElsewhere { person, from: d.text("from"), at })
    })
    .await
}

/// `POST /incidents/{number}/call-down`: Muster calls down a list of people who must be told.
///
/// # Errors
/// [`PageError`](crate::web::error::PageError).
pub async fn call_down(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
    perform((app, reader, number, typed), "call-down", "calling", |d| {
        d.one(Act::LetMusterCall { tell: d.text("tell") })
    })
    .await
}
