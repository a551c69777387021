//! The personal link: one incident, one person, three answers. Opening it answers nothing.

use super::frame::{Scene, Taste, page_with};
use super::typed::Typed;
use crate::app::App;
use crate::ops::Failure;
use crate::store::access::PersonalLink;
use crate::store::{Tx, subjects};
use crate::web::error::PageError;
use crate::web::view::link::{Expired, Page, Receipt, Step};
use crate::web::view::parts::{Frame, Notice, Prose, Stamp};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use muster_core::Time;
use muster_core::contact::Answer;
use muster_core::entry::Via;
use muster_core::incident::{Command, Incident};
use muster_core::subject::Subject;
use muster_core::summons::Summons;
use std::sync::Arc;

mod asking;
mod receipt;

/// `GET /l/{token}`.
///
/// # Errors
/// [`PageError`].
pub async fn show(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let scene = Scene::now(&app).await?;
    let frame = scene.frame(Taste::of(&headers).theme);
    match find(&app, &token).await? {
        Found::Asked(asked) => render(&app, &scene, frame, &token, &asked, None),
        Found::Expired(at) => expired(&scene, frame, Some(at)),
        Found::Nothing => expired(&scene, frame, None),
    }
}

/// `POST /l/{token}`: `answer` = `take`, `know` or `cannot`.
///
/// # Errors
/// [`PageError`].
pub async fn answer(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    headers: HeaderMap,
    typed: Typed,
) -> Result<Response, PageError> {
    let scene = Scene::now(&app).await?;
    let frame = scene.frame(Taste::of(&headers).theme);
    let asked = match find(&app, &token).await? {
        Found::Asked(asked) => asked,
        Found::Expired(at) => return expired(&scene, frame, Some(at)),
        Found::Nothing => return expired(&scene, frame, None),
    };
    let Some(answer) = answer_of(typed.get("answer")) else {
        let notice = Notice::refusal("No answer was recorded.", "Press one of the three buttons.");
        return render(&app, &scene, frame, &token, &asked, Some((StatusCode::UNPROCESSABLE_ENTITY, notice)));
    };
    let command = Command::Answer {
        summons: asked.link.summons.clone(),
        person: asked.link.person.clone(),
        answer,
        via: Via::Link,
    };
    match app.ops.perform(&asked.link.subject, command, None).await {
        // What came of it, and who was faster, is what the page shows next.
        Ok(_) => Ok(Redirect::to(&format!("/l/{token}")).into_response()),
        Err(Failure::Refused(refusal)) => {
            let notice = Notice::refusal("No answer was recorded.", refusal.to_string());
            let Found::Asked(now) = find(&app, &token).await? else { return expired(&scene, frame, None) };
            render(&app, &scene, frame, &token, &now, Some((StatusCode::CONFLICT, notice)))
        }
        Err(failure) => Err(failure.into()),
    }
}

fn answer_of(word: &str) -> Option<Answer> {
    match word {
        "take" => Some(Answer::Take),
        "know" => Some(Answer::Know),
        "cannot" => Some(Answer::Cannot),
        _ => None,
    }
}

/// As forms send it.
fn word_of(answer: Answer) -> &'static str {
    match answer {
        Answer::Take => "take",
        Answer::Know => "know",
        Answer::Cannot => "cannot",
    }
}

/// What a link leads to.
#[allow(clippy::large_enum_variant, reason = "one a request")]
enum Found {
    Asked(Box<Asked>),
    Expired(Time),
    Nothing,
}

/// Somebody who was asked, and what about.
struct Asked {
    link: PersonalLink,
    incident: Incident,
}

async fn find(app: &App, token: &str) -> Result<Found, PageError> {
    let Some(link) = app.ops.personal_link(token).await? else { return Ok(Found::Nothing) };
    if !app.ops.works(&link) {
        return Ok(Found::Expired(link.expires_at));
    }
    let subject = link.subject.clone();
    let load = async move |tx: &mut Tx| Ok::<_, Failure>(subjects::load(tx, &subject).await?);
    Ok(match app.ops.db().read(load).await? {
        Some(stored) => Found::Asked(Box::new(Asked { link, incident: stored.folded })),
        None => Found::Nothing,
    })
}

/// What pages of a link are made from: the incident as its reader may see it.
struct View<'a> {
    incident: &'a Incident,
    summons: &'a Summons,
    /// Position of the reader in the chain.
    me: usize,
    scene: &'a Scene,
    up_since: Time,
    /// Until when the link works.
    until: Time,
    frame: Frame,
    action: String,
    stamp: Stamp,
}

fn render(
    app: &App,
    scene: &Scene,
    frame: Frame,
    token: &str,
    asked: &Asked,
    refused: Option<(StatusCode, Notice)>,
) -> Result<Response, PageError> {
    let Some(summons) = asked.incident.summons(&asked.link.summons) else { return expired(scene, frame, None) };
    let Some(me) = summons.chain.iter().position(|c| c.person.id == asked.link.person) else {
        return expired(scene, frame, None);
    };
    let view = View {
        incident: &asked.incident,
        summons,
        me,
        scene,
        up_since: app.ops.up_since(),
        until: asked.link.expires_at,
        frame,
        action: format!("/l/{token}"),
        stamp: Stamp { act: app.ops.request_id()?, seen: None },
    };
    let (status, notice) = refused.map_or((StatusCode::OK, None), |(status, notice)| (status, Some(notice)));
    match view.page(notice) {
        Shown::Asking(page) => page_with(status, &*page),
        Shown::Receipt(receipt) => page_with(status, &*receipt),
    }
}

enum Shown {
    Asking(Box<Page>),
    Receipt(Box<Receipt>),
}

impl View<'_> {
    /// Which page it is: the question, or what became of it.
    fn page(self, refused: Option<Notice>) -> Shown {
        let mine = self.summons.answer_of(&self.summons.chain[self.me].person.id).map(|g| (g.answer, g.at));
        let taken = self.summons.taken_by().map(|g| g.person.clone());
        let receipt = match (taken, mine) {
            _ if !self.incident.state.is_live() => self.over(),
            (Some(by), Some((_, at))) if by.id == self.summons.chain[self.me].person.id => self.taken(at),
            (Some(_), _) => self.gone(),
            _ if self.summons.ended.is_some() => self.ended(),
            (None, Some((Answer::Know, _))) => self.known(),
            (None, Some((Answer::Cannot, at))) => self.cannot(at),
            (None, _) => return Shown::Asking(Box::new(self.asking(refused))),
        };
        Shown::Receipt(Box::new(receipt))
    }
}

/// An expired link, or none of ours: nothing about any incident.
fn expired(scene: &Scene, frame: Frame, at: Option<Time>) -> Result<Response, PageError> {
    let step = |verb: &str, what: &str, note: &str, href: &str| Step {
        verb: verb.into(),
        what: what.into(),
        note: note.into(),
        href: href.into(),
        act: "Open".into(),
    };
    let ways = vec![step("Sign in", "Muster", "Shows what you owe", "/sign-in")];
    let (status, heading, line) = match at {
        Some(at) => (
            StatusCode::GONE,
            "This link has expired",
            Prose::from("It worked until ")
                .when(scene.times.at(at))
                .text(". To protect others it shows nothing about the incident now."),
        ),
        None => (
            StatusCode::NOT_FOUND,
            "This is no link that Muster knows",
            Prose::from("Part of it may be missing: open it from the message again, or copy all of it."),
        ),
    };
    page_with(status, &Expired { frame, heading: heading.into(), line, ways })
}

#[cfg(test)]
mod tests;
