//! The personal link of an invitation to a conference call, and how somebody who is wanted comes (STAFF-4, STAFF-5).

use super::{Again, Found, Scene, drawn, expired, find};
use crate::app::App;
use crate::ops::Failure;
use crate::store::access::PersonalLink;
use crate::web::error::PageError;
use crate::web::pages::draw::gathering::{invited, said_of};
use crate::web::pages::frame::{Taste, page_with};
use crate::web::pages::phrases::upper_first;
use crate::web::pages::typed::Typed;
use crate::web::view::gathering::{Come, Invitation};
use crate::web::view::link::About;
use crate::web::view::parts::{Field, Frame, Icon, Notice, Prose, Stamp};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use muster_core::entry::{Coming, Via};
use muster_core::ids::PersonId;
use muster_core::incident::{Call, Command, Incident};
use muster_core::{Span, Time, later};
use std::sync::Arc;

/// Somebody who is invited to a call.
pub struct Asked {
    /// Their link.
    pub link: PersonalLink,
    /// The incident that it is about.
    pub incident: Incident,
}

impl Asked {
    fn call(&self) -> Option<&Call> {
        self.incident.call_of(&self.link.subject, &self.link.summons)
    }
}

/// The page of an invitation.
pub(super) fn render(
    app: &App,
    scene: &Scene,
    frame: Frame,
    token: &str,
    asked: &Asked,
    again: Again,
) -> Result<Response, PageError> {
    let (Some(call), me, times) = (asked.call(), &asked.link.person, &scene.times) else {
        return expired(scene, frame, None);
    };
    let incident = &asked.incident;
    if !call.invites(me) && incident.seen_by(&scene.org).is_some_and(|seers| !seers.contains(me)) {
        return expired(scene, frame, None);
    }
    let pending = call.is_pending() && incident.state.is_live() && call.invites(me);
    let notice = match (&call.cancelled, call.held, call.joined_at(me)) {
        (Some(why), ..) => Notice::warning("It is cancelled.", why.clone()),
        (None, Some(_), _) => Notice::done("It is over.", "Its minutes are in the log."),
        _ if !call.invites(me) => Notice::note("You are not invited any more.", "Nothing is asked of you."),
        (None, None, Some(at)) => Notice::done("You are in it.", format!("Noted at {}.", times.at(at).text)),
        (None, None, None) => {
            Notice { icon: Icon::Ask, ..Notice::note("You are invited.", format!("{} calls it.", call.by)) }
        }
    };
    let page = Invitation {
        frame,
        person: scene.org.person_ref(me).name,
        action: format!("/l/{token}"),
        stamp: Stamp { act: app.ops.request_id()?, seen: None },
        about: About {
            number: incident.number.clone(),
            severity: incident.severity.into(),
            title: incident.title.clone(),
        },
        heading: format!("Conference call: {}", call.set.purpose),
        when: Prose::from("It begins ").when(times.at_and_distance(call.set.starts_at)),
        bridge: if pending { call.set.bridge.clone() } else { String::new() },
        notice,
        refused: again.refused,
        people: invited(call, times),
        until: Prose::from("It works until ").when(times.at(asked.link.expires_at)).text(" and shows only this."),
        join: pending && call.joined_at(me).is_none(),
        come: pending.then(|| come(incident, me, scene, again.note)),
    };
    page_with(again.status, &page)
}

/// The form in which that person says how they come.
pub fn come(incident: &Incident, me: &PersonId, scene: &Scene, minutes: Field) -> Come {
    let wanted = format!("You are wanted {}.", incident.presence_of(me).words());
    let said = incident.gathering.arrival_of(me);
    let said = said.map_or_else(String::new, |a| format!(" You said: {}.", said_of(a, &scene.times)));
    Come { said: format!("{wanted}{said}"), minutes }
}

/// What `POST /l/{token}` asks for, when it is an invitation: `answer` = `in`.
pub fn join(asked: &Asked) -> Option<Command> {
    let call = asked.call()?.set.call;
    Some(Command::Join { call, person: asked.link.person.clone(), via: Via::Link })
}

/// `POST /l/{token}/come`: `come` = `on-the-way`, `remote`, `cannot` or `here`, and in how many minutes after it or in
/// `minutes`.
///
/// # Errors
/// [`PageError`].
pub async fn say(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    headers: HeaderMap,
    typed: Typed,
) -> Result<Response, PageError> {
    let scene = Scene::now(&app).await?;
    let frame = scene.frame(Taste::of(&headers).theme);
    let found = find(&app, &token).await?;
    let link = match &found {
        Found::Asked(asked) => &asked.link,
        Found::Invited(asked) => &asked.link,
        Found::Expired(at) => return expired(&scene, frame, Some(*at)),
        Found::Release(_) | Found::Told(_) | Found::Nothing => return expired(&scene, frame, None),
    };
    let again = |why: String| Again {
        status: StatusCode::UNPROCESSABLE_ENTITY,
        refused: Some(Notice::refusal("Nothing was noted.", why.clone())),
        note: Field::wrong(typed.get("minutes"), why),
        ..Again::default()
    };
    let (coming, expected_at) = match read(&typed, scene.times.now()) {
        Ok(said) => said,
        Err(why) => return drawn(&app, &scene, frame, &token, &found, again(why)).await,
    };
    let command = Command::Come { person: link.person.clone(), coming, expected_at, via: Via::Link };
    match app.ops.perform(&link.subject, command, typed.once_of(&link.person)).await {
        Ok(_) => Ok(Redirect::to(&format!("/l/{token}")).into_response()),
        Err(Failure::Refused(refusal)) => {
            let now = find(&app, &token).await?;
            drawn(&app, &scene, frame, &token, &now, again(upper_first(&refusal.to_string()))).await
        }
        Err(failure) => Err(failure.into()),
    }
}

/// What a button of the form says: `on-the-way 15`; without minutes those that were typed.
fn read(typed: &Typed, now: Time) -> Result<(Coming, Option<Time>), String> {
    let (word, tapped) = typed.get("come").split_once(' ').unwrap_or((typed.get("come"), ""));
    let coming = match word {
        "on-the-way" => Coming::OnTheWay,
        "remote" => Coming::Remote,
        "cannot" => Coming::Cannot,
        "here" => Coming::Here,
        _ => return Err("Press one of the buttons.".into()),
    };
    let text = if tapped.is_empty() { typed.get("minutes").trim() } else { tapped };
    if text.is_empty() || matches!(coming, Coming::Cannot | Coming::Here) {
        return Ok((coming, None));
    }
    match text.parse::<u16>() {
        Ok(minutes) if minutes > 0 => Ok((coming, Some(later(now, Span::from_mins(i64::from(minutes)))))),
        _ => Err("Write a number of minutes, such as 20.".into()),
    }
}
