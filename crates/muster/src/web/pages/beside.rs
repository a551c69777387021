//! A page beside the log of an incident, such as its plan: how it is shown, how its forms are filled in, and how an act of
//! one of them is performed.

use super::acts::reading::Wrong;
use super::frame::{Done, Reader, Scene, page, page_with};
use super::incident::desk::{Desk, Mend};
use super::typed::Typed;
use crate::app::App;
use crate::ops::Failure;
use crate::web::error::PageError;
use crate::web::view::parts::{Field, Form, Shell, Stamp};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use muster_core::directory::Role;
use muster_core::ids::PersonRef;
use muster_core::incident::{Act, Command};
use std::collections::BTreeMap;
use std::future::Future;
use std::str::FromStr;
use std::sync::Arc;

/// A page beside the log of an incident.
pub trait Beside {
    /// What it looks like.
    type Page: Template;
    /// The last part of its address.
    const PATH: &'static str;
    /// What is said when one of its acts was done.
    const DONE: &'static str;

    /// The page, with the form that has to be mended, if one has.
    fn drawn(
        app: &App,
        reader: &Reader,
        desk: &Desk,
        mend: Option<&Mend>,
    ) -> impl Future<Output = Result<Self::Page, PageError>> + Send;
}

/// `GET /incidents/{number}/` and its path; with `as-of=ENTRY` or `at=TIME` as it was known then.
///
/// # Errors
/// 404 if there is no such incident.
pub async fn show<P: Beside>(
    State(app): State<Arc<App>>,
    reader: Reader,
    Path(number): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, PageError> {
    let desk = Desk::find(&app, reader.sight(), &number).await?.at(&app, &query).await?;
    page(&P::drawn(&app, &reader, &desk, None).await?)
}

/// What such a page is drawn with.
pub struct Seen {
    /// Its frame.
    pub shell: Shell,
    /// The stamp of its forms.
    pub stamp: Stamp,
    /// The organisation, and the time that it is there.
    pub scene: Scene,
    /// What the reader may do there.
    pub role: Role,
}

/// The same for that page of that incident.
///
/// # Errors
/// [`PageError`].
pub async fn seen<P: Beside>(app: &App, reader: &Reader, desk: &Desk) -> Result<Seen, PageError> {
    Ok(Seen {
        shell: desk.shell(app, reader, &format!("/{}", P::PATH)).await?,
        stamp: Stamp { act: app.ops.request_id()?, seen: Some(desk.incident.seq) },
        scene: desk.scene(app).await?,
        role: desk.role(reader),
    })
}

/// A form that was sent, with what its reading may look at.
pub struct Sent<'a> {
    /// The incident.
    pub desk: &'a Desk,
    /// What was typed.
    pub typed: &'a Typed,
    /// The organisation and the time.
    pub scene: &'a Scene,
}

impl Sent<'_> {
    /// A text as it was typed.
    #[must_use]
    pub fn text(&self, input: &str) -> String {
        self.typed.get(input).to_owned()
    }

    /// The number of what the form is about; 0, which nothing has, if it names none.
    #[must_use]
    pub fn number<T: FromStr + Default>(&self, input: &str) -> T {
        self.typed.get(input).parse().unwrap_or_default()
    }

    /// One of a few.
    ///
    /// # Errors
    /// What to choose instead.
    pub fn choice<T: serde::de::DeserializeOwned>(&self, input: &'static str) -> Result<T, Vec<Wrong>> {
        self.typed.choice(input).ok_or_else(|| vec![(Some(input), "Choose one of them.".to_owned())])
    }
}

/// Reads the form `form`, performs what it asks for, and leads back to its `place` on the page; or shows the page again
/// with the form open, what to mend in it, and everything that was typed.
///
/// # Errors
/// [`PageError`].
pub async fn perform<P: Beside>(
    (app, reader, number, typed): (Arc<App>, Reader, String, Typed),
    (form, place): (&'static str, &'static str),
    read: impl FnOnce(&Sent<'_>) -> Result<Act, Vec<Wrong>>,
) -> Result<Response, PageError> {
    let desk = Desk::find(&app, reader.sight(), &number).await?;
    let scene = Scene::now(&app).await?;
    let act = match read(&Sent { desk: &desk, typed: &typed, scene: &scene }) {
        Ok(act) => act,
        Err(wrong) => return again::<P>(&app, &reader, &desk, &Mend::typing(form, &typed, wrong)).await,
    };
    let by = PersonRef { id: reader.id.clone(), name: reader.person.name.clone() };
    match app.ops.perform(&desk.subject, Command::Act { by, act }, typed.once(&reader)).await {
        Ok(_) => {
            let done = |act: &str| Done { what: P::DONE.into(), act: act.to_owned(), entry: None };
            let query = typed.act().map_or_else(String::new, |act| format!("?{}", done(act).to_query()));
            Ok(Redirect::to(&format!("/incidents/{number}/{}{query}#{place}", P::PATH)).into_response())
        }
        Err(Failure::Refused(refusal)) => {
            let now = Desk::find(&app, reader.sight(), &number).await?;
            again::<P>(&app, &reader, &now, &Mend::refused(form, &typed, refusal)).await
        }
        Err(failure) => Err(failure.into()),
    }
}

async fn again<P: Beside>(app: &App, reader: &Reader, desk: &Desk, mend: &Mend) -> Result<Response, PageError> {
    page_with(mend.status, &P::drawn(app, reader, desk, Some(mend)).await?)
}

/// A form, unique on its page as `id`: as typed if it is the one that came back (`mend`), else filled with `fields`.
#[must_use]
pub fn form(mend: Option<&Mend>, id: String, fields: &[(&'static str, &str)]) -> Form {
    let field = |(input, otherwise): &(&'static str, &str)| {
        (*input, mend.map_or_else(|| Field::of(*otherwise), |m| m.field(input)))
    };
    Form { id, fields: fields.iter().map(field).collect(), refused: mend.and_then(Mend::whole), open: mend.is_some() }
}
