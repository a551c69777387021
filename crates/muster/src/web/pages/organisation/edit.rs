//! The form of one item of the organisation: what any of them has in common. It goes through the same operation as
//! `muster apply`, and comes back with everything that was typed if that refuses.

use super::changes::{self, drawn as change_drawn};
use crate::app::App;
use crate::ops::Failure;
use crate::ops::edit::{Editing, Seen, print};
use crate::store::{Tx, organisation};
use crate::web::error::{PageError, Problem};
use crate::web::guard::form_encode;
use crate::web::pages::acts::reading::Wrong;
use crate::web::pages::frame::{Done, Reader, Scene, page_with, shell};
use crate::web::pages::typed::Typed;
use crate::web::view::organisation::{Edit, Question};
use crate::web::view::parts::{Choice, Field, Notice, Place, Problem as Mistake, Stamp};
use crate::web::view::work::{Act, Ask};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use muster_core::communications::Row;
use muster_core::custom::CustomField;
use muster_core::directory::{About, Area, Intake, Organisation, Person, Population};
use muster_core::ids::{IntakeId, is_directory_name};
use muster_core::refusal::Refusal;
use muster_core::system::{Rule, System};
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

async fn save<T: Item>(app: &App, reader: &Reader, name: Option<&str>, typed: &Typed) -> Handled {
    let scene = Scene::now(app).await?;
    let (drawn_at, moved) = (name, name.map(|name| now_at::<T>(&scene.org, name, typed)));
    let name = moved.as_deref();
    let again = |wrong: Vec<Wrong>, status| Shown { typed: Some(typed), wrong, status, ..Shown::default() };
    let item = match found::<T>(&scene.org, name) {
        Err(_) if typed.some("was").is_some() => {
            let gone = vec![(None, GONE.to_owned())];
            return show::<T>(app, reader, name, Some(again(gone, StatusCode::CONFLICT))).await;
        }
        found => found?,
    };
    let fresh = T::begun();
    let (at, place) = match placed::<T>(typed, name, &scene.org) {
        // Whoever did not say that it moves does not move it back.
        Ok((at, Some(_))) if drawn_at == Some(typed.get("place").trim()) => {
            let stays = at.parse().ok();
            (at, stays)
        }
        Ok(at) => at,
        Err(wrong) => {
            return show::<T>(app, reader, name, Some(again(vec![wrong], StatusCode::UNPROCESSABLE_ENTITY))).await;
        }
    };
    let read = || T::read(typed, &scene.org, item.unwrap_or(&fresh));
    if let Err(wrong) = read() {
        return show::<T>(app, reader, name, Some(again(wrong, StatusCode::UNPROCESSABLE_ENTITY))).await;
    }
    let new = name.is_none() && !T::ONLY;
    // What is new in a list stands in nobody's way.
    let seen = (!new || !T::LISTED).then(|| Seen {
        kind: T::KIND,
        id: row_id::<T>(&at),
        print: typed.some("was").map(str::to_owned),
    });
    let (sent, put_at) = (typed.clone(), at.clone());
    let editing = Editing { seen, once: typed.once(reader), name: at };
    let change = move |org: &mut Organisation| {
        let fresh = T::begun();
        let was = if new { None } else { T::find(org, &put_at) };
        let read = T::read(&sent, org, was.unwrap_or(&fresh));
        let item = read.map_err(|wrong| first(&wrong))?;
        item.put(org, &put_at, place);
        Ok(())
    };
    match app.ops.edit(editing, &reader.id, change).await {
        Ok(at) => Ok(done::<T>(&at, "saved", typed)),
        Err(Failure::Refused(refusal)) => {
            let problem = Problem::from(refusal);
            show::<T>(app, reader, name, Some(again(vec![(problem.field, problem.detail)], problem.status))).await
        }
        Err(failure) => Err(failure.into()),
    }
}

const GONE: &str = "Somebody removed it while you were writing. What you typed is still here: copy what you need.";

/// Where what the form is about stands now: what is in a list may have moved, and its place then names another.
fn now_at<T: Item>(org: &Organisation, name: &str, typed: &Typed) -> String {
    let said = |n: &usize| T::find(org, &n.to_string()).and_then(|item| print(item).ok());
    let found = match typed.some("was") {
        Some(was) if T::LISTED => (1..=last::<T>(org)).find(|n| said(n).as_deref() == Some(was)),
        _ => None,
    };
    found.map_or_else(|| name.to_owned(), |n| n.to_string())
}

/// Under which name, and in which place of its list, something is put.
fn placed<T: Item>(typed: &Typed, name: Option<&str>, org: &Organisation) -> Result<(String, Option<usize>), Wrong> {
    if T::ONLY {
        return Ok((String::new(), None));
    }
    if T::LISTED {
        let place: usize = typed.get("place").trim().parse().unwrap_or_default();
        let most = last::<T>(org) + usize::from(name.is_none());
        if !(1..=most).contains(&place) {
            return Err((Some("place"), format!("Write its place in the list: 1 to {most}.")));
        }
        return Ok((name.unwrap_or_default().to_owned(), Some(place)));
    }
    if let Some(name) = name {
        return Ok((name.to_owned(), None));
    }
    let typed_id = typed.some("id").map(str::to_owned);
    let id = typed_id.unwrap_or_else(|| made_from(typed.get("name"), T::KIND, |id| T::find(org, id).is_some()));
    if !is_directory_name(&id) {
        let how = "Write 1 to 64 of a-z, 0-9, dash, dot and underscore, beginning with a letter or a digit.";
        return Err((Some("id"), how.into()));
    }
    Ok((id, None))
}

/// A directory name for what people call `name`, that nothing else has; after its kind if no letter of it can stand there.
fn made_from(name: &str, kind: &str, taken: impl Fn(&str) -> bool) -> String {
    let lower = name.to_lowercase();
    let words: Vec<_> = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let base: String = words.join("-").chars().take(56).collect();
    let base = if base.is_empty() && !name.trim().is_empty() { kind.to_owned() } else { base };
    let numbered = (2..).map(|n| format!("{base}-{n}"));
    std::iter::once(base.clone()).chain(numbered).find(|id| !taken(id)).unwrap_or_default()
}

async fn take_away<T: Item>(app: &App, reader: &Reader, name: &str, typed: &Typed) -> Handled {
    let scene = Scene::now(app).await?;
    let name = now_at::<T>(&scene.org, name, typed);
    found::<T>(&scene.org, Some(&name))?;
    let kept = |why: String, status| Some(Shown { kept: Some(why), status, ..Shown::default() });
    let named = T::named_by(&scene.org, &name);
    if !named.is_empty() {
        let why = format!("It is named by {}. Name another there first, or none.", named.join("; "));
        return show::<T>(app, reader, Some(&name), kept(why, StatusCode::UNPROCESSABLE_ENTITY)).await;
    }
    let seen = typed.some("was").map(|was| Seen { kind: T::KIND, id: row_id::<T>(&name), print: Some(was.to_owned()) });
    let at = name.clone();
    let change = move |org: &mut Organisation| {
        T::take(org, &at);
        Ok(())
    };
    let editing = Editing { seen, once: typed.once(reader), name: String::new() };
    match app.ops.edit(editing, &reader.id, change).await {
        Ok(_) => {
            let (home, _) = T::home(None);
            Ok(led(&home, "removed", typed))
        }
        Err(Failure::Refused(refusal)) => {
            let problem = Problem::from(refusal);
            show::<T>(app, reader, Some(&name), kept(problem.detail, problem.status)).await
        }
        Err(failure) => Err(failure.into()),
    }
}

fn done<T: Item>(name: &str, what: &str, typed: &Typed) -> Response {
    led(&T::home(Some(name)).0, what, typed)
}

/// To `page`, which may name a place on it, with what was done.
pub fn led(page: &str, what: &str, typed: &Typed) -> Response {
    let (path, place) = page.split_once('#').map_or((page, String::new()), |(path, place)| (path, format!("#{place}")));
    let done = typed.act().map(|act| Done { what: what.to_owned(), act: act.to_owned(), entry: None });
    let query = done.map(|d| format!("?{}", d.to_query())).unwrap_or_default();
    Redirect::to(&format!("{path}{query}{place}")).into_response()
}

fn first(wrong: &[Wrong]) -> Refusal {
    let (field, why) = wrong.first().cloned().unwrap_or_default();
    Refusal::Senseless { field: field.unwrap_or("organisation"), why }
}

/// What was found wrong in a form, field by field.
#[derive(Default)]
pub struct Wrongs(Vec<Wrong>);

impl Wrongs {
    /// What was read, or its default with a note of why not.
    pub fn or<T: Default>(&mut self, read: Result<T, String>, field: &'static str) -> T {
        read.unwrap_or_else(|why| {
            self.0.push((Some(field), why));
            T::default()
        })
    }

    /// `item`, unless something was wrong.
    ///
    /// # Errors
    /// All that was.
    pub fn unless<T>(self, item: T) -> Result<T, Vec<Wrong>> {
        if self.0.is_empty() { Ok(item) } else { Err(self.0) }
    }
}

/// A line, without blanks around it.
pub fn once(typed: &Typed, field: &str) -> String {
    typed.get(field).trim().to_owned()
}

fn ask(name: &'static str, label: &'static str, hint: &'static str, value: &str) -> Ask {
    Ask { name, label, hint, long: false, required: false, field: Field::of(value) }
}

/// Asks for a line.
pub fn line(name: &'static str, label: &'static str, hint: &'static str, required: bool, value: &str) -> Question {
    Question::Say(Ask { required, ..ask(name, label, hint, value) })
}

/// Asks for several lines.
pub fn note(name: &'static str, label: &'static str, hint: &'static str, value: &str) -> Question {
    Question::Say(Ask { long: true, ..ask(name, label, hint, value) })
}

/// Asks for one of several.
pub fn choose(name: &'static str, label: &'static str, value: &str, choices: Vec<Choice>) -> Question {
    Question::Choose { name, label, field: Field::of(value), choices }
}

/// Asks for any of several.
pub fn tick<'a>(
    name: &'static str,
    legend: &'static str,
    choices: impl IntoIterator<Item = (&'a str, &'a str, bool)>,
) -> Question {
    let choices = choices.into_iter().map(|(value, words, ticked)| (value.to_owned(), words.to_owned(), ticked));
    Question::Tick { name, legend, choices: choices.collect() }
}

impl Question {
    /// The field's name.
    fn name(&self) -> &'static str {
        match self {
            Self::Say(ask) => ask.name,
            Self::Choose { name, .. } | Self::Tick { name, .. } => name,
        }
    }

    /// As it was typed, with what is wrong with it.
    fn fill(&mut self, typed: &Typed, error: Option<String>) {
        match self {
            Self::Say(Ask { name, field, .. }) | Self::Choose { name, field, .. } => {
                *field = Field { value: typed.get(name).to_owned(), error };
            }
            Self::Tick { name, choices, .. } => {
                choices.iter_mut().for_each(|(value, _, ticked)| *ticked = typed.all(name).any(|v| v == value));
            }
        }
    }
}

/// The one in that place, counted from 1.
pub fn nth<'a, T>(list: &'a [T], name: &str) -> Option<&'a T> {
    list.get(name.parse::<usize>().ok()?.checked_sub(1)?)
}

/// Puts `item` into `place`, both counted from 1: instead of the one that stood at `name`, or as a new one.
pub fn put_in<T>(list: &mut Vec<T>, name: &str, place: Option<usize>, item: T) {
    take_from(list, name);
    let place = place.unwrap_or(usize::MAX).saturating_sub(1).min(list.len());
    list.insert(place, item);
}

/// Takes away the one in that place, if there is one.
pub fn take_from<T>(list: &mut Vec<T>, name: &str) {
    if let Some(n) = name.parse::<usize>().ok().and_then(|n| n.checked_sub(1)).filter(|n| *n < list.len()) {
        list.remove(n);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_name_is_made_from_what_people_call_it() {
        let made = |name: &str| made_from(name, "person", |id| id == "ana-cole" || id == "ana-cole-2");
        assert_eq!(made("Directory & sign-in"), "directory-sign-in");
        assert_eq!(made("Ana  Cole"), "ana-cole-3");
        assert!(is_directory_name(&made(&"Very long ".repeat(30))));
        assert_eq!((made("Иван Петров"), made(" ")), ("person".into(), String::new()));
    }

    #[test]
    fn a_place_in_a_list_is_counted_from_one() {
        let mut list = vec!["a", "b", "c"];
        put_in(&mut list, "3", Some(1), "C");
        assert_eq!(list, ["C", "a", "b"]);
        put_in(&mut list, "", Some(4), "d");
        put_in(&mut list, "2", Some(2), "A");
        assert_eq!(list, ["C", "A", "b", "d"]);
        take_from(&mut list, "9");
        take_from(&mut list, "1");
        assert_eq!(
            (list.as_slice(), nth(&list, "2"), nth(&list, "0"), nth(&list, "x")),
            (&["A", "b", "d"][..], Some(&"b"), None, None)
        );
    }
}
