//! The personal link of an update: whoever it went to says that they have read it (COM-3).

use super::{Again, Scene, expired};
use crate::app::App;
use crate::store::access::PersonalLink;
use crate::web::error::PageError;
use crate::web::pages::frame::page_with;
use crate::web::view::link::Update;
use crate::web::view::parts::{Frame, Icon, Notice, Prose, Stamp};
use axum::response::Response;
use muster_core::entry::Via;
use muster_core::incident::{self as core, Command, Incident};

/// Somebody to whom an update went.
pub struct Told {
    /// Their link.
    pub link: PersonalLink,
    /// The incident that it is about.
    pub incident: Incident,
}

impl Told {
    fn update(&self) -> Option<&core::Update> {
        self.incident.update_of(&self.link.subject, &self.link.summons)
    }
}

/// The page of an update. It shows what was sent, and nothing else of the incident: that alone was signed off.
pub(super) fn render(
    app: &App,
    scene: &Scene,
    frame: Frame,
    token: &str,
    told: &Told,
    again: Again,
) -> Result<Response, PageError> {
    let (me, times, comms) = (&told.link.person, &scene.times, &told.incident.comms);
    let Some((update, (sent_at, ..))) = told.update().and_then(|u| Some((u, u.sent.as_ref()?))) else {
        return expired(scene, frame, None);
    };
    let newer = comms.last_sent(update.row).filter(|(newest, _)| *newest > update.number);
    let corrected = comms.updates.iter().any(|u| u.corrects == Some(update.number) && u.sent.is_some());
    let notice = match (update.acknowledged_at(me), newer) {
        (Some(at), _) => Notice::done("You have read it.", format!("Noted at {}.", times.at(at).text)),
        (None, Some(_)) if corrected => Notice::warning("It was corrected.", "A newer update says what is right."),
        (None, Some(_)) => Notice::note("There is a newer update.", "It was sent to you as well."),
        (None, None) => Notice { icon: Icon::Ask, ..Notice::note("This was sent to you.", "Opening it says nothing.") },
    };
    let page = Update {
        frame,
        person: scene.org.person_ref(me).name,
        action: format!("/l/{token}"),
        stamp: Stamp { act: app.ops.request_id()?, seen: None },
        number: told.incident.number.clone(),
        heading: format!("Update {} for {}", update.number, update.audience),
        when: Prose::from("Sent ").when(times.at_and_distance(*sent_at)),
        text: update.text.clone(),
        notice,
        refused: again.refused,
        until: Prose::from("It works until ").when(times.at(told.link.expires_at)).text(" and shows only this."),
        read: update.acknowledged_at(me).is_none(),
    };
    page_with(again.status, &page)
}

/// What `POST /l/{token}` asks for, when it is that of an update: `answer` = `read`.
pub(super) fn read(told: &Told) -> Option<Command> {
    let update = told.update()?.number;
    Some(Command::Acknowledge { update, person: told.link.person.clone(), via: Via::Link })
}
