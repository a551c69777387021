//! The personal link: one incident, one person, three answers. Opening it answers nothing.

use super::draw::log::Wanted;
use super::frame::{Scene, Taste, page_with};
use super::incident::desk::Desk;
use super::typed::Typed;
use crate::app::App;
use crate::ops::Failure;
use crate::store::access::PersonalLink;
use crate::store::{Sight, Tx, sight, subjects};
use crate::web::error::{PageError, Problem};
use crate::web::view::link::{Expired, Page, Receipt, Step};
use crate::web::view::parts::{Field, Frame, Notice, Prose, Stamp};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use muster_core::Time;
use muster_core::claim::Claims;
use muster_core::contact::Answer;
use muster_core::entry::{NoteKind, Purpose, Via};
use muster_core::ids::PersonId;
use muster_core::incident::{Act, Command, Incident, Input, Question};
use muster_core::subject::{Common, Subject};
use muster_core::summons::Summons;
use std::collections::BTreeMap;
use std::sync::Arc;

mod asking;
pub mod call;
mod receipt;
mod release;
mod update;

/// `GET /l/{token}`.
///
/// # Errors
/// [`PageError`].
pub async fn show(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let scene = Scene::now(&app).await?;
    let frame = scene.frame(Taste::of(&headers).theme);
    let wanted = Wanted { correct: None, take_back: None, ..Wanted::read(&query) };
    let found = find(&app, &token).await?;
    drawn(&app, &scene, frame, &token, &found, Again { wanted, ..Again::default() }).await
}

/// `POST /l/{token}`: `answer` = `take`, `know` or `cannot`; to a question `text`, in words.
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
    let found = find(&app, &token).await?;
    let link = match &found {
        Found::Asked(asked) => asked.link.clone(),
        Found::Release(asked) => asked.link.clone(),
        Found::Invited(asked) => {
            let command = call::join(asked).filter(|_| typed.get("answer") == "in");
            return said(&app, &scene, frame, &token, (&found, &asked.link), command).await;
        }
        Found::Told(told) => {
            let command = update::read(told).filter(|_| typed.get("answer") == "read");
            return said(&app, &scene, frame, &token, (&found, &told.link), command).await;
        }
        Found::Expired(at) => return expired(&scene, frame, Some(*at)),
        Found::Nothing => return expired(&scene, frame, None),
    };
    if let (Found::Asked(asked), None) = (&found, answer_of(typed.get("answer")))
        && asked.incident.plan.question_of(&link.summons).is_some()
    {
        return inform(&app, &scene, frame, &token, asked, &typed).await;
    }
    let Some(answer) = answer_of(typed.get("answer")) else {
        let notice = Notice::refusal("No answer was recorded.", "Press one of the buttons.");
        let again = Again::refused(StatusCode::UNPROCESSABLE_ENTITY, notice);
        return drawn(&app, &scene, frame, &token, &found, again).await;
    };
    let command = Common::Answer { summons: link.summons, person: link.person, answer, via: Via::Link };
    match app.ops.carry_on(&link.subject, command).await {
        // What came of it, and who was faster, is what the page shows next.
        Ok(_) => Ok(Redirect::to(&format!("/l/{token}")).into_response()),
        Err(Failure::Refused(refusal)) => {
            let notice = Notice::refusal("No answer was recorded.", refusal.to_string());
            let now = find(&app, &token).await?;
            drawn(&app, &scene, frame, &token, &now, Again::refused(StatusCode::CONFLICT, notice)).await
        }
        Err(failure) => Err(failure.into()),
    }
}

/// An answer of one word that is no answer to a summons: they are in, or have read it. None: no button was pressed.
async fn said(
    app: &App,
    scene: &Scene,
    frame: Frame,
    token: &str,
    (found, link): (&Found, &PersonalLink),
    command: Option<Command>,
) -> Result<Response, PageError> {
    let Some(command) = command else {
        let notice = Notice::refusal("No answer was recorded.", "Press one of the buttons.");
        let again = Again::refused(StatusCode::UNPROCESSABLE_ENTITY, notice);
        return drawn(app, scene, frame, token, found, again).await;
    };
    match app.ops.perform(&link.subject, command, None).await {
        Ok(_) => Ok(Redirect::to(&format!("/l/{token}")).into_response()),
        Err(Failure::Refused(refusal)) => {
            let notice = Notice::refusal("No answer was recorded.", refusal.to_string());
            let now = find(app, token).await?;
            drawn(app, scene, frame, token, &now, Again::refused(StatusCode::CONFLICT, notice)).await
        }
        Err(failure) => Err(failure.into()),
    }
}

/// An answer in words, to a question.
async fn inform(
    app: &App,
    scene: &Scene,
    frame: Frame,
    token: &str,
    asked: &Asked,
    typed: &Typed,
) -> Result<Response, PageError> {
    let (summons, person) = (asked.link.summons.clone(), asked.link.person.clone());
    let command = Command::Inform { summons, person, text: typed.get("text").to_owned(), via: Via::Link };
    match app.ops.perform(&asked.link.subject, command, None).await {
        Ok(_) => Ok(Redirect::to(&format!("/l/{token}")).into_response()),
        Err(Failure::Refused(refusal)) => {
            let problem = Problem::from(refusal);
            let note = Field::wrong(typed.get("text"), problem.detail);
            let again = Again { status: problem.status, note, ..Again::default() };
            render(app, scene, frame, token, asked, again).await
        }
        Err(failure) => Err(failure.into()),
    }
}

/// `POST /l/{token}/note`: `text`. Only who took it by this link, while they have it and the link works.
///
/// # Errors
/// [`PageError`]: 403 to everybody else.
pub async fn note(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    headers: HeaderMap,
    typed: Typed,
) -> Result<Response, PageError> {
    let (scene, frame, asked) = match enter(&app, &token, &headers).await? {
        Ok(entered) => entered,
        Err(gone) => return Ok(gone),
    };
    let me = &asked.link.person;
    let may = asked.incident.summons(&asked.link.summons).is_some_and(|s| may_write(&asked.incident, s, me));
    if !may || scene.org.here(me).is_none() {
        let detail = "Only who has this incident writes in its log by a personal link. Nothing was written.";
        return Err(Problem::new(StatusCode::FORBIDDEN, "not-yours", detail).into());
    }
    let act = Act::Note { kind: NoteKind::Activity, text: typed.get("text").to_owned(), happened_at: None };
    let command = Command::Act { by: scene.org.person_ref(me), act };
    match app.ops.perform(&asked.link.subject, command, typed.once_of(me)).await {
        Ok(_) => Ok(Redirect::to(&format!("/l/{token}#log")).into_response()),
        Err(Failure::Refused(refusal)) => {
            let problem = Problem::from(refusal);
            let note = Field::wrong(typed.get("text"), problem.detail);
            let again = Again { status: problem.status, note, ..Again::default() };
            render(&app, &scene, frame, &token, &asked, again).await
        }
        Err(failure) => Err(failure.into()),
    }
}

/// Whether that person took what they were asked and it has not passed to somebody else since.
fn may_write(incident: &Incident, summons: &Summons, me: &PersonId) -> bool {
    let has_it = summons.purpose == Purpose::Assist || incident.is_managed_by(me);
    incident.state.is_live() && !incident.newer && has_it && took_it(summons, me)
}

fn took_it(summons: &Summons, me: &PersonId) -> bool {
    summons.taken_by().is_some_and(|given| given.person.id == *me)
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
    /// Somebody is asked to let something happen to a system.
    Release(Box<release::Asked>),
    /// Somebody is invited to a conference call.
    Invited(Box<call::Asked>),
    /// An update went to somebody.
    Told(Box<update::Told>),
    Expired(Time),
    Nothing,
}

/// Whatever a link leads to, with what came of an answer.
async fn drawn(
    app: &App,
    scene: &Scene,
    frame: Frame,
    token: &str,
    found: &Found,
    again: Again,
) -> Result<Response, PageError> {
    match found {
        Found::Asked(asked) => render(app, scene, frame, token, asked, again).await,
        Found::Release(asked) => let_happen(app, scene, frame, token, asked, again),
        Found::Invited(asked) => call::render(app, scene, frame, token, asked, again),
        Found::Told(told) => update::render(app, scene, frame, token, told, again),
        Found::Expired(at) => expired(scene, frame, Some(*at)),
        Found::Nothing => expired(scene, frame, None),
    }
}

fn let_happen(
    app: &App,
    scene: &Scene,
    frame: Frame,
    token: &str,
    asked: &release::Asked,
    again: Again,
) -> Result<Response, PageError> {
    match asked.ask() {
        Some(ask) => release::render(app, scene, frame, token, (asked, ask), again),
        None => expired(scene, frame, None),
    }
}

/// Somebody who was asked, and what about.
struct Asked {
    link: PersonalLink,
    incident: Incident,
}

/// Whom the link asks, with what their page is made in; or the page that says why it asks nobody.
async fn enter(
    app: &App,
    token: &str,
    headers: &HeaderMap,
) -> Result<Result<(Scene, Frame, Box<Asked>), Response>, PageError> {
    let scene = Scene::now(app).await?;
    let frame = scene.frame(Taste::of(headers).theme);
    Ok(match find(app, token).await? {
        Found::Asked(asked) => Ok((scene, frame, asked)),
        Found::Expired(at) => Err(expired(&scene, frame, Some(at))?),
        Found::Release(_) | Found::Invited(_) | Found::Told(_) | Found::Nothing => Err(expired(&scene, frame, None)?),
    })
}

async fn find(app: &App, token: &str) -> Result<Found, PageError> {
    let Some(link) = app.ops.personal_link(token).await? else { return Ok(Found::Nothing) };
    if !app.ops.works(&link) {
        return Ok(Found::Expired(link.expires_at));
    }
    let (subject, sight) = (link.subject.clone(), Sight::of(&link.person));
    let load = async move |tx: &mut Tx| {
        let incident = match subjects::load::<Incident>(tx, &subject).await? {
            Some(stored) => Some(sight::incident(tx, &sight, stored.folded).await?),
            None => None,
        };
        Ok::<_, Failure>((incident, subjects::load::<Claims>(tx, &subject).await?.map(|s| s.folded)))
    };
    Ok(match app.ops.db().read(load).await? {
        (Some(incident), _) if incident.call_of(&link.subject, &link.summons).is_some() => {
            Found::Invited(Box::new(call::Asked { link, incident }))
        }
        (Some(incident), _) if incident.update_of(&link.subject, &link.summons).is_some() => {
            Found::Told(Box::new(update::Told { link, incident }))
        }
        (Some(incident), _) => Found::Asked(Box::new(Asked { link, incident })),
        (None, Some(claims)) => Found::Release(Box::new(release::Asked { link, claims })),
        (None, None) => Found::Nothing,
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
    /// Whether the reader could sign in.
    has_password: bool,
}

/// How a page differs from the one that a plain visit shows.
#[derive(Clone, Debug, Default)]
struct Again {
    status: StatusCode,
    /// Why an answer was refused.
    refused: Option<Notice>,
    /// Which part of the log is wanted.
    wanted: Wanted,
    /// A note or an answer in words that was refused.
    note: Field,
}

impl Again {
    fn refused(status: StatusCode, notice: Notice) -> Self {
        Self { status, refused: Some(notice), ..Self::default() }
    }
}

async fn render(
    app: &App,
    scene: &Scene,
    frame: Frame,
    token: &str,
    asked: &Asked,
    again: Again,
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
        has_password: app.ops.password_hash(&asked.link.person).await?.is_some(),
    };
    match view.page(again.refused, &again.note) {
        Shown::Asking(page) => page_with(again.status, &*page),
        Shown::Receipt(receipt) if view.took_it() => {
            let sight = Sight::of(&asked.link.person);
            let desk =
                Desk { subject: asked.link.subject.clone(), incident: asked.incident.clone(), sight, replayed: None };
            let part = desk.part(app, &again.wanted).await?;
            page_with(again.status, &view.with_work(*receipt, (&part, &again.wanted, &again.note)))
        }
        Shown::Receipt(receipt) => page_with(again.status, &*receipt),
    }
}

enum Shown {
    Asking(Box<Page>),
    Receipt(Box<Receipt>),
}

impl View<'_> {
    fn took_it(&self) -> bool {
        took_it(self.summons, &self.summons.chain[self.me].person.id)
    }

    fn may_write(&self) -> bool {
        may_write(self.incident, self.summons, &self.summons.chain[self.me].person.id)
    }

    /// Which page it is: the question, or what became of it.
    fn page(&self, refused: Option<Notice>, input: &Field) -> Shown {
        if let (Some(question), true) = (self.question(), self.incident.state.is_live()) {
            return self.page_of(question, refused, input);
        }
        let mine = self.summons.answer_of(&self.summons.chain[self.me].person.id).map(|g| (g.answer, g.at));
        let taken = self.summons.taken_by().map(|g| g.person.clone());
        let receipt = match (taken, mine) {
            _ if !self.incident.state.is_live() => self.over(),
            (Some(by), Some((_, at))) if by.id == self.summons.chain[self.me].person.id => self.taken(at),
            (Some(_), _) => self.gone(),
            _ if self.summons.ended.is_some() => self.ended(),
            (None, Some((Answer::Know, _))) => self.known(),
            (None, Some((Answer::Cannot, at))) => self.cannot(at),
            (None, _) => return Shown::Asking(Box::new(self.asking(refused, input.clone()))),
        };
        Shown::Receipt(Box::new(receipt))
    }

    /// The question that the link asks, if it asks one.
    fn question(&self) -> Option<&Question> {
        self.incident.plan.question_of(&self.summons.id)
    }

    /// A question stays open to its people until one of them has answered, also when Muster asks no more.
    fn page_of(&self, question: &Question, refused: Option<Notice>, input: &Field) -> Shown {
        let me = &self.summons.chain[self.me].person.id;
        let of_us = |a: &&Input| self.summons.chain.iter().any(|c| c.person.id == a.person.id);
        let mine = question.answers.iter().rev().find(|a| a.person.id == *me);
        if let Some(answer) = mine.or_else(|| question.answers.iter().rev().find(of_us)) {
            return Shown::Receipt(Box::new(self.informed(&answer.person, answer.at, &answer.text)));
        }
        match self.summons.answer_of(me) {
            Some(given) if given.answer == Answer::Cannot && self.summons.is_live() => {
                Shown::Receipt(Box::new(self.cannot(given.at)))
            }
            _ => Shown::Asking(Box::new(self.asking(refused, input.clone()))),
        }
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
    let ways = vec![step("Sign in", "Muster", "If you have a password: it shows what you owe", "/sign-in")];
    let (status, heading, line) = match at {
        Some(at) => (
            StatusCode::GONE,
            "This link has expired",
            Prose::from("It worked until ").when(scene.times.at(at)).text(
                ". To protect others it shows nothing about the incident now. If it still matters, you are called \
                     again, with a new link; or ring the person who called you.",
            ),
        ),
        None => (
            StatusCode::NOT_FOUND,
            "This is no link that Muster knows",
            Prose::from(
                "Part of it may be missing: open it from the message again, or copy all of it. If you were called, \
                 answer the call itself, or ring whoever is on call, by the list that hangs where you work.",
            ),
        ),
    };
    page_with(status, &Expired { frame, heading: heading.into(), line, ways })
}

#[cfg(test)]
mod tests;
