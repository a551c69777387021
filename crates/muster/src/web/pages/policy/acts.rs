//! What people do to a version on its page. Each reads its form, is performed, and leads back to the page; a refusal
//! brings the page back with the form open and everything that was typed.

use super::edit;
use crate::app::App;
use crate::ops::Failure;
use crate::web::error::{PageError, Problem};
use crate::web::pages::frame::{Reader, Scene};
use crate::web::pages::phrases::after;
use crate::web::pages::typed::Typed;
use crate::web::view::parts::{Field, Problem as Mistake};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use muster_core::Time;
use muster_core::ids::{AreaId, PersonRef};
use muster_core::refusal::Refusal;
use muster_core::version::{Command, Drafting};
use std::sync::Arc;

type Handled = Result<Response, PageError>;
type Shown = State<Arc<App>>;

/// A form that came back.
#[derive(Clone, Debug)]
pub struct Mend {
    /// Which form: its id.
    pub form: String,
    /// What was typed.
    pub typed: Typed,
    field: Option<&'static str>,
    why: String,
    /// How the page answers.
    pub status: StatusCode,
}

impl Mend {
    fn of(form: String, typed: &Typed, refusal: Refusal) -> Self {
        let problem = Problem::from(refusal);
        Self { form, typed: typed.clone(), field: problem.field, why: problem.detail, status: problem.status }
    }

    /// That field as it was typed.
    pub fn field(&self, name: &str) -> Field {
        match self.field == Some(name) {
            true => Field::wrong(self.typed.get(name), self.why.clone()),
            false => Field::of(self.typed.get(name)),
        }
    }

    /// Why it was refused.
    pub fn why(&self) -> &str {
        &self.why
    }

    /// What to mend, in a form with these fields.
    pub fn problems(&self, names: &[&str]) -> Vec<Mistake> {
        let place = self.field.filter(|f| names.contains(f));
        vec![Mistake { id: place.map(|f| format!("{}-{f}", self.form)), text: self.why.clone() }]
    }

    /// Why the whole was refused, if it was not for one of these fields.
    pub fn whole(&self, names: &[&str]) -> Option<String> {
        self.field.is_none_or(|f| !names.contains(&f)).then(|| self.why.clone())
    }
}

fn by(reader: &Reader) -> PersonRef {
    PersonRef { id: reader.id.clone(), name: reader.person.name.clone() }
}

async fn perform(
    (app, reader, number, typed): (Arc<App>, Reader, u32, Typed),
    form: String,
    read: Result<Command, Refusal>,
) -> Handled {
    let refused = match read {
        Ok(command) => match app.ops.change_version(number, command, typed.once(&reader)).await {
            Ok(_) => return Ok(after(&format!("/policy/{number}"), "saved", &typed).into_response()),
            Err(Failure::Refused(refusal)) => refusal,
            Err(failure) => return Err(failure.into()),
        },
        Err(refusal) => refusal,
    };
    super::drawn(&app, &reader, Some(number), None, Some(&Mend::of(form, &typed, refused))).await
}

/// `POST /policy/begin`.
///
/// # Errors
/// [`PageError`].
pub async fn begin(State(app): Shown, reader: Reader, typed: Typed) -> Handled {
    let scene = Scene::now(&app).await?;
    let refused = match drafting(&typed, &scene) {
        Ok(drafting) => match app.ops.draft_version(by(&reader), drafting, typed.once(&reader)).await {
            Ok(begun) => {
                return Ok(after(&format!("/policy/{}", begun.folded.number), "begun-version", &typed).into_response());
            }
            Err(Failure::Refused(refusal)) => refusal,
            Err(failure) => return Err(failure.into()),
        },
        Err(refusal) => refusal,
    };
    super::drawn(&app, &reader, None, None, Some(&Mend::of("begin".into(), &typed, refused))).await
}

fn drafting(typed: &Typed, scene: &Scene) -> Result<Drafting, Refusal> {
    let time = |field: &'static str| -> Result<Option<Time>, Refusal> {
        let read = typed.some(field).map(|text| scene.times.read_ahead(text)).transpose();
        read.map_err(|why| Refusal::Senseless { field, why })
    };
    Ok(Drafting {
        note: typed.get("note").to_owned(),
        decision: typed.get("decision").to_owned(),
        groups: typed.all("group").map(AreaId::from).collect(),
        effective: time("effective")?,
        next_review: time("next-review")?,
    })
}

/// `POST /policy/{number}/edit/{part}`: a component, `checklist` or `figures`.
///
/// # Errors
/// [`PageError`]; 404 if there is no such part.
pub async fn edit(State(app): Shown, reader: Reader, Path((n, part)): Path<(u32, String)>, typed: Typed) -> Handled {
    let (version, _) = app.ops.version(n).await?;
    let read = edit::read(&part, &typed, &version).ok_or_else(|| Problem::not_found("part"))?;
    let read = read.map(|to| Command::Edit { by: by(&reader), to, seen: typed.seen() });
    perform((app, reader, n, typed), format!("edit-{part}"), read).await
}

/// `POST /policy/{number}/frame`: why it is changed, who signs it, and its dates.
///
/// # Errors
/// [`PageError`].
pub async fn frame(State(app): Shown, reader: Reader, Path(n): Path<u32>, typed: Typed) -> Handled {
    let (scene, (version, _)) = (Scene::now(&app).await?, app.ops.version(n).await?);
    let read = drafting(&typed, &scene).map(|read| {
        // A field shows minutes: what was not touched stays as it is.
        let same = |to: Option<Time>, was: Option<Time>| {
            let field = |t: Option<Time>| t.map(|t| scene.times.field(t));
            if field(to) == field(was) { was } else { to }
        };
        let (effective, next_review) =
            (same(read.effective, version.effective), same(read.next_review, version.next_review));
        let drafting = Drafting { effective, next_review, ..read };
        Command::Frame { by: by(&reader), drafting, seen: typed.seen() }
    });
    perform((app, reader, n, typed), "frame".into(), read).await
}

/// `POST /policy/{number}/drop`.
///
/// # Errors
/// [`PageError`].
pub async fn give_up(State(app): Shown, reader: Reader, Path(n): Path<u32>, typed: Typed) -> Handled {
    let command = Command::Drop { by: by(&reader), reason: typed.get("reason").to_owned() };
    perform((app, reader, n, typed), "drop".into(), Ok(command)).await
}

/// `POST /policy/{number}/propose`.
///
/// # Errors
/// [`PageError`].
pub async fn propose(State(app): Shown, reader: Reader, Path(n): Path<u32>, typed: Typed) -> Handled {
    let command = Command::Propose { by: by(&reader) };
    perform((app, reader, n, typed), "propose".into(), Ok(command)).await
}

/// `POST /policy/{number}/sign/{area}`.
///
/// # Errors
/// [`PageError`].
pub async fn sign(State(app): Shown, reader: Reader, Path((n, area)): Path<(u32, AreaId)>, typed: Typed) -> Handled {
    let form = format!("sign-{area}");
    let command = Command::Sign { by: by(&reader), area, seen: typed.seen() };
    perform((app, reader, n, typed), form, Ok(command)).await
}

/// `POST /policy/{number}/decline/{area}`.
///
/// # Errors
/// [`PageError`].
pub async fn decline(State(app): Shown, reader: Reader, Path((n, area)): Path<(u32, AreaId)>, typed: Typed) -> Handled {
    let form = format!("decline-{area}");
    let command = Command::Decline { by: by(&reader), area, reason: typed.get("reason").to_owned() };
    perform((app, reader, n, typed), form, Ok(command)).await
}

/// `POST /policy/{number}/force`.
///
/// # Errors
/// [`PageError`].
pub async fn force(State(app): Shown, reader: Reader, Path(n): Path<u32>, typed: Typed) -> Handled {
    let command = Command::Force { by: by(&reader), reason: typed.get("reason").to_owned() };
    perform((app, reader, n, typed), "force".into(), Ok(command)).await
}
