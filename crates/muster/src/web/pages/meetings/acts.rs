//! What people do on the page of meetings and the end: each act reads its form, is performed, and leads back.

use super::Meetings;
use crate::app::App;
use crate::web::error::PageError;
use crate::web::pages::acts::reading::{self, Wrong};
use crate::web::pages::beside::{Sent, perform};
use crate::web::pages::frame::Reader;
use crate::web::pages::typed::Typed;
use axum::extract::{Path, State};
use axum::response::Response;
use muster_core::Time;
use muster_core::entry::{FollowUpBy, MeetingKind};
use muster_core::incident::{Act, GatherAct};
use std::sync::Arc;

type Handled = Result<Response, PageError>;
type Shown = State<Arc<App>>;

/// A time, if one was typed: one that has been is read as the last of that clock, one to come as the next.
pub(super) fn time(s: &Sent<'_>, input: &'static str, to_come: bool) -> Result<Option<Time>, Vec<Wrong>> {
    let read = |text: &str| {
        let times = &s.scene.times;
        if to_come { times.read_ahead(text) } else { times.read(text) }.map_err(|why| vec![(Some(input), why)])
    };
    s.typed.some(input).map(read).transpose()
}

/// `POST /incidents/{number}/estimate`.
///
/// # Errors
/// [`PageError`].
pub async fn estimate(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
    perform::<Meetings>((app, reader, number, typed), ("estimate", "estimate"), |s| {
        Ok(Act::Estimate { back_at: time(s, "back-at", true)?, grounds: s.text("grounds") })
    })
    .await
}

/// `POST /incidents/{number}/meeting`.
///
/// # Errors
/// [`PageError`].
pub async fn meeting(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
    perform::<Meetings>((app, reader, number, typed), ("meeting", "meetings"), |s| {
        let present = reading::people(&s.scene.org, s.typed.get("present")).map_err(|why| vec![(Some("present"), why)]);
        let meeting = Act::HoldMeeting {
            kind: s.choice::<MeetingKind>("kind")?,
            held_at: time(s, "held", false)?,
            present: present?,
            progress: s.text("progress"),
            plan_changes: s.text("changes"),
            escalate: s.typed.get("escalate") == "yes",
            why: s.text("why"),
            next: time(s, "next", true)?,
        };
        Ok(match s.typed.some("call") {
            Some(_) => Act::Gather(GatherAct::End { call: s.number("call"), meeting: Box::new(meeting) }),
            None => meeting,
        })
    })
    .await
}

/// `POST /incidents/{number}/follow-up`.
///
/// # Errors
/// [`PageError`].
pub async fn follow_up(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
    perform::<Meetings>((app, reader, number, typed), ("follow-up", "follow-up"), |s| {
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
    perform::<Meetings>((app, reader, number, typed), ("close", "close"), |s| {
        Ok(Act::Close { review: s.text("review") })
    })
    .await
}
