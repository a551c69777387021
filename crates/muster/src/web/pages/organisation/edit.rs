//! The form of one item of the organisation: what any of them has in common. It goes through the same operation as
//! `muster apply`, and comes back with everything that was typed if that refuses.

mod names;
mod questions;
mod saving;

use super::changes::{self, drawn as change_drawn};
use crate::app::App;
use crate::ops::Failure;
use crate::ops::edit::print;
use crate::store::{Tx, organisation};
use crate::web::error::{PageError, Problem};
use crate::web::guard::form_encode;
use crate::web::pages::acts::reading::Wrong;
use crate::web::pages::frame::{Reader, Scene, page_with, shell};
use crate::web::pages::typed::Typed;
use crate::web::view::organisation::{Edit, Question};
use crate::web::view::parts::{Field, Notice, Place, Problem as Mistake, Stamp};
use crate::web::view::work::Act;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use muster_core::communications::Row;
use muster_core::custom::CustomField;
use muster_core::directory::{About, Area, Intake, Organisation, Person, Population};
use muster_core::ids::IntakeId;
use muster_core::system::{Rule, System};
pub use names::{nth, put_in, take_from};
pub use questions::{Wrongs, choose, line, note, once, tick};
pub use saving::led;
use saving::{save, take_away};
use serde::Serialize;
use std::sync::Arc;

type Handled = Result<Response, PageError>;

/// Changes of an item that stand beside its form.
const CHANGES_SHOWN: usize = 10;

/// A thing that an administrator sets up.
pub trait Item: Serialize + Sized + Send + 'static {
    /// Its kind, in addresses and in rows.
    const KIND: &'static str;
    /// In a sentence: `a person`.
    const WORD: &'static str;
    /// Whether it has a place in a list instead of a name of its own.
    const LISTED: bool = false;
    /// Whether there is exactly one.
    const ONLY: bool = false;

    /// The one of that name, or in that place, counted from 1.
    fn find<'a>(org: &'a Organisation, name: &str) -> Option<&'a Self>;
    /// Puts it there; in a list to that place.
    fn put(self, org: &mut Organisation, name: &str, place: Option<usize>);
    /// Takes it away.
    fn take(org: &mut Organisation, name: &str);
    /// What its form begins with.
    fn begun() -> Self;
    /// What names it, and would name nothing without it.
    fn named_by(_: &Organisation, _: &str) -> Vec<String> {
        Vec::new()
    }
    /// How people call it.
    fn title(&self) -> String;
    /// Where it is shown, and the words for that.
    fn home(_: Option<&str>) -> (String, &'static str) {
        (format!("/organisation#{}", Self::KIND), "Organisation")
    }
    /// What its form asks.
    fn asks(&self, org: &Organisation) -> Vec<Question>;
    /// What was typed; `was` is what is there already.
    ///
    /// # Errors
    /// What to write instead, field by field.
    fn read(typed: &Typed, org: &Organisation, was: &Self) -> Result<Self, Vec<Wrong>>;
}

/// Does the same for each kind: the one that is named.
macro_rules! of_kind {
    ($kind:expr, $what:ident($($with:expr),*)) => {
        match $kind.as_str() {
            Person::KIND => $what::<Person>($($with),*).await,
            Area::KIND => $what::<Area>($($with),*).await,
            Population::KIND => $what::<Population>($($with),*).await,
            System::KIND => $what::<System>($($with),*).await,
            Intake::KIND => $what::<Intake>($($with),*).await,
            Rule::KIND => $what::<Rule>($($with),*).await,
            CustomField::KIND => $what::<CustomField>($($with),*).await,
            Row::KIND => $what::<Row>($($with),*).await,
            About::KIND => $what::<About>($($with),*).await,
            _ => Err(Problem::not_found("page").into()),
        }
    };
}

/// `GET /organisation/{kind}`: the form of a new one, or of the only one.
///
/// # Errors
/// [`PageError`].
pub async fn begin(State(app): State<Arc<App>>, reader: Reader, Path(kind): Path<String>) -> Handled {
    of_kind!(kind, show(&app, &reader, None, None))
}

/// `GET /organisation/{kind}/{name}`: the form of that one.
///
/// # Errors
/// [`PageError`]: 404.
pub async fn open(State(app): State<Arc<App>>, reader: Reader, Path((kind, name)): Path<(String, String)>) -> Handled {
    of_kind!(kind, show(&app, &reader, Some(&name), None))
}

/// `POST /organisation/{kind}`.
///
/// # Errors
/// [`PageError`].
pub async fn add(State(app): State<Arc<App>>, reader: Reader, Path(kind): Path<String>, typed: Typed) -> Handled {
    of_kind!(kind, save(&app, &reader, None, &typed))
}

/// `POST /organisation/{kind}/{name}`.
///
/// # Errors
/// [`PageError`]: 404.
pub async fn change(
    State(app): State<Arc<App>>,
    reader: Reader,
    Path((kind, name)): Path<(String, String)>,
    typed: Typed,
) -> Handled {
    of_kind!(kind, save(&app, &reader, Some(&name), &typed))
}

/// `POST /organisation/{kind}/{name}/remove`.
///
/// # Errors
/// [`PageError`]: 404.
pub async fn remove(
    State(app): State<Arc<App>>,
    reader: Reader,
    Path((kind, name)): Path<(String, String)>,
    typed: Typed,
) -> Handled {
    of_kind!(kind, take_away(&app, &reader, &name, &typed))
}

/// `POST /organisation/intake/{name}/key`: `alone` = `yes` if the older ones end. The answer is the page itself: the key
/// is shown this once.
///
/// # Errors
/// [`PageError`]: 404.
pub async fn key(State(app): State<Arc<App>>, reader: Reader, Path(name): Path<String>, typed: Typed) -> Handled {
    let sender = IntakeId(name.clone());
    let made = app.ops.make_intake_key(&sender, typed.get("alone") == "yes", reader.id.as_str()).await?;
    let shown = Shown { key: Some(Field::of(made.reveal())), ..Shown::default() };
    show::<Intake>(&app, &reader, Some(&name), Some(shown)).await
}

/// What a form that is drawn again shows.
#[derive(Default)]
struct Shown<'a> {
    typed: Option<&'a Typed>,
    wrong: Vec<Wrong>,
    status: StatusCode,
    key: Option<Field>,
    /// Why it was not removed.
    kept: Option<String>,
}

/// The name of its row: those of lists are counted from 0.
fn row_id<T: Item>(name: &str) -> String {
    match T::LISTED {
        true => format!("{:05}", name.parse::<usize>().unwrap_or_default().saturating_sub(1)),
        false => name.to_owned(),
    }
}

/// The one that is changed; none of what is new.
fn found<'a, T: Item>(org: &'a Organisation, name: Option<&str>) -> Result<Option<&'a T>, PageError> {
    match name {
        None if T::ONLY => Ok(T::find(org, "")),
        None => Ok(None),
        Some(_) if T::ONLY => Err(Problem::not_found("page").into()),
        Some(name) => T::find(org, name).map(Some).ok_or_else(|| Problem::not_found("item").into()),
    }
}

async fn show<T: Item>(app: &App, reader: &Reader, name: Option<&str>, shown: Option<Shown<'_>>) -> Handled {
    let shown = shown.unwrap_or_default();
    let scene = Scene::now(app).await?;
    let org = &*scene.org;
    // What somebody removed meanwhile is still drawn for whoever was writing.
    let item = match found::<T>(org, name) {
        Err(_) if shown.typed.is_some() => None,
        found => found?,
    };
    let fresh = T::begun();
    let mut questions = questions::<T>(item.unwrap_or(&fresh), item.is_none(), name, org);
    let mut problems = Vec::new();
    for (place, text) in &shown.wrong {
        let here = place.filter(|p| questions.iter().any(|q| q.name() == *p));
        problems.push(Mistake { id: here.map(|p| format!("edit-{p}")), text: text.clone() });
    }
    if let Some(typed) = shown.typed {
        let why = |name: &str| shown.wrong.iter().find(|(place, _)| *place == Some(name)).map(|(_, text)| text.clone());
        questions.iter_mut().for_each(|q| q.fill(typed, why(q.name())));
    }
    let mut frame = shell(app, reader, place_of::<T>()).await?;
    frame.live = None;
    let stamp = Stamp { act: app.ops.request_id()?, seen: None };
    let action = action::<T>(name);
    let kept = shown.kept.map(|why| Notice::refusal("It is not removed.", why));
    let removable = item.filter(|_| !T::ONLY);
    let (back, words) = T::home(name.filter(|_| item.is_some()));
    page_with(
        shown.status,
        &Edit {
            shell: frame,
            back: (back, words),
            heading: item.map_or_else(|| format!("Add {}", T::WORD), |i| format!("Change {}", i.title())),
            notices: kept.into_iter().chain(notices::<T>(name, org)).collect(),
            stamp: stamp.clone(),
            was: match shown.typed {
                // Only who was told what stands there now may replace it.
                Some(typed) if T::LISTED || shown.status != StatusCode::CONFLICT => typed.get("was").to_owned(),
                _ => item.map(print).transpose()?.unwrap_or_default(),
            },
            questions,
            problems,
            key: shown.key,
            acts: acts::<T>(app, &action, removable, &stamp, name).await?,
            changes: match item {
                Some(_) => {
                    lately(app, &scene, &format!("{} {}", T::KIND, row_id::<T>(name.unwrap_or_default()))).await?
                }
                None => Vec::new(),
            },
            action,
        },
    )
}

fn place_of<T: Item>() -> Place {
    match T::KIND {
        Person::KIND => Place::People,
        System::KIND => Place::Systems,
        _ => Place::Organisation,
    }
}

fn action<T: Item>(name: Option<&str>) -> String {
    let name = name.map(|n| format!("/{}", form_encode(n))).unwrap_or_default();
    format!("/organisation/{}{name}", T::KIND)
}

/// What the form asks, and first what is asked of everything: its name, its place.
fn questions<T: Item>(item: &T, new: bool, name: Option<&str>, org: &Organisation) -> Vec<Question> {
    let mut all = item.asks(org);
    if T::LISTED {
        let place = name.map_or_else(|| (1 + last::<T>(org)).to_string(), str::to_owned);
        all.push(line("place", "Place in the list", "1 is the first.", true, &place));
    } else if new && !T::ONLY {
        let hint = "Lower-case letters, digits, dashes; it never changes. Empty: made from the name.";
        all.insert(1, line("id", "Name in the directory", hint, false, ""));
    }
    all
}

/// How many there are in that list.
fn last<T: Item>(org: &Organisation) -> usize {
    (1..).take_while(|n: &usize| T::find(org, &n.to_string()).is_some()).count()
}

/// What hangs on it, before it is changed.
fn notices<T: Item>(name: Option<&str>, org: &Organisation) -> Vec<Notice> {
    let reachable =
        |p: &&Person| !p.gone && p.means.iter().any(|m| m.kind != muster_core::contact::MeansKind::InPerson);
    match (T::KIND, name.and_then(|n| org.systems.get(&n.into()))) {
        (System::KIND, Some(system))
            if !system.contacts.iter().filter_map(|c| org.people.get(c)).any(|p| reachable(&p)) =>
        {
            let text = "Nobody who is named as its technical contact can be reached: what happens to it goes to the \
                        area that the procedure names, or to the administrators.";
            vec![Notice::warning("Nobody would be summoned.", text)]
        }
        _ => Vec::new(),
    }
}

async fn acts<T: Item>(
    app: &App,
    action: &str,
    item: Option<&T>,
    stamp: &Stamp,
    name: Option<&str>,
) -> Result<Vec<Act>, PageError> {
    let Some(item) = item else { return Ok(Vec::new()) };
    let act = |id: &str, path: &str, summary: String, button: String| Act {
        id: id.to_owned(),
        action: format!("{action}/{path}"),
        summary,
        button,
        stamp: stamp.clone(),
        ..Act::default()
    };
    let mut acts = Vec::new();
    if T::KIND == Intake::KIND {
        let keys = app.ops.intake_keys().await?;
        let hints: Vec<_> =
            keys.iter().filter(|(_, of, _)| Some(of.as_str()) == name).map(|(.., hint)| format!("{hint}…")).collect();
        let has = if hints.is_empty() { "No key yet".into() } else { format!("Keys: {}", hints.join(", ")) };
        acts.push(act("key", "key", has, "Make a key".into()));
        let anew =
            act("key-anew", "key", "Somebody else may know a key".into(), "End all keys and make a new one".into());
        acts.push(Act { value: Some(("alone", "yes")), look: "danger", ..anew });
    }
    let remove = act("remove", "remove", format!("Remove {}", item.title()), "Remove it".into());
    acts.push(Act { look: "danger", was: print(item)?, ..remove });
    Ok(acts)
}

/// What was changed of `target` lately.
async fn lately(
    app: &App,
    scene: &Scene,
    target: &str,
) -> Result<Vec<crate::web::view::organisation::Change>, PageError> {
    let of = target.trim().to_owned();
    let read =
        async move |tx: &mut Tx| Ok::<_, Failure>(organisation::changes(tx, Some(&of), None, CHANGES_SHOWN).await?);
    let changes = app.ops.db().read(read).await?;
    Ok(changes.iter().map(|c| change_drawn(c, scene, changes::Named::No)).collect())
}
