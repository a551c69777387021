//! What people do on the page of meetings and the end: each act reads its form, is performed, and leads back.

use super::again;
use crate::app::App;
use crate::ops::Failure;
use crate::web::error::PageError;
use crate::web::pages::acts::reading::{self, Wrong};
use crate::web::pages::frame::{Done, Reader, Scene};
use crate::web::pages::incident::desk::{Desk, Mend};
use crate::web::pages::typed::Typed;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use muster_core::Time;
use muster_core::entry::{FollowUpBy, MeetingKind};
use muster_core::ids::PersonRef;
use muster_core::incident::{Act, Command};
use std::sync::Arc;

type Handled = Result<Response, PageError>;
type Shown = State<Arc<App>>;

/// A form that was sent, with what its reading may look at.
struct Sent<'a> {
    typed: &'a Typed,
    scene: &'a Scene,
}

impl Sent<'_> {
    fn text(&self, input: &str) -> String {
        self.typed.get(input).to_owned()
    }

    /// A time, if one was typed: one that has been is read as the last of that clock, one to come as the next.
    fn time(&self, input: &'static str, to_come: bool) -> Result<Option<Time>, Vec<Wrong>> {
        let read = |text: &str| {
            let times = &self.scene.times;
            if to_come { times.read_ahead(text) } else { times.read(text) }.map_err(|why| vec![(Some(input), why)])
        };
        self.typed.some(input).map(read).transpose()
    }
}

async fn perform(
    (app, reader, number, typed): (Arc<App>, Reader, String, Typed),
    (form, place): (&'static str, &'static str),
    read: impl FnOnce(&Sent<'_>) -> Result<Act, Vec<Wrong>>,
) -> Handled {
    let desk = Desk::find(&app, &number).await?;
    let scene = Scene::now(&app).await?;
    let act = match read(&Sent { typed: &typed, scene: &scene }) {
        Ok(act) => act,
        Err(wrong) => return again(&app, &reader, &desk, &Mend::typing(form, &typed, wrong)).await,
    };
    let by = PersonRef { id: reader.id.clone(), name: reader.person.name.clone() };
    match app.ops.perform(&desk.subject, Command::Act { by, act }, typed.once(&reader)).await {
        Ok(_) => {
            let done = |act: &str| Done { what: "noted".into(), act: act.to_owned(), entry: None };
            let query = typed.act().map_or_else(String::new, |act| format!("?{}", done(act).to_query()));
            Ok(Redirect::to(&format!("/incidents/{number}/meetings{query}#{place}")).into_response())
        }
        Err(Failure::Refused(refusal)) => {
            let now = Desk::find(&app, &number).await?;
            again(&app, &reader, &now, &Mend::refused(form, &typed, refusal)).await
        }
        Err(failure) => Err(failure.into()),
    }
}

/// `POST /incidents/{number}/estimate`.
///
/// # Errors
/// [`PageError`].
pub async fn estimate(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
    perform((app, reader, number, typed), ("estimate", "estimate"), |s| {
        Ok(Act::Estimate { back_at: s.time("back-at", true)?, grounds: s.text("grounds") })
    })
    .await
}

/// `POST /incidents/{number}/meeting`.
///
/// # Errors
/// [`PageError`].
pub async fn meeting(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
    perform((app, reader, number, typed), ("meeting", "meetings"), |s| {
        let kind = s.typed.choice::<MeetingKind>("kind");
        let present = reading::people(&s.scene.org, s.typed.get("present")).map_err(|why| vec![(Some("present"), why)]);
        Ok(Act::HoldMeeting {
            kind: kind.ok_or_else(|| vec![(Some("kind"), "Choose one of them.".to_owned())])?,
            held_at: s.time("held", false)?,
            present: present?,
            progress: s.text("progress"),
            plan_changes: s.text("changes"),
            escalate: s.typed.get("escalate") == "yes",
            why: s.text("why"),
            next: s.time("next", true)?,
        })
    })
    .await
}

/// `POST /incidents/{number}/follow-up`.
///
/// # Errors
/// [`PageError`].
pub async fn follow_up(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
    perform((app, reader, number, typed), ("follow-up", "follow-up"), |s| {
        let people = s.typed.all("person").map(Into::into).collect();
        let by = s.typed.choice::<FollowUpBy>("by").unwrap_or(FollowUpBy::Spoken);
        Ok(Act::FollowUp { people, by, text: s.text("text") })
    })
    .await
}

/// `POST /incidents/{number}/close`.
///
/// # Errors
/// [`PageError`].
pub async fn close(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
    perform((app, reader, number, typed), ("close", "close"), |s| Ok(Act::Close { review: s.text("review") })).await
}
