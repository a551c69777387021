//! What was typed is saved, or an item taken away, unless somebody else came first.

use super::names::placed;
use super::{Item, Shown, found, last, row_id, show};
use crate::app::App;
use crate::ops::Failure;
use crate::ops::edit::{Editing, Seen, print};
use crate::web::error::{PageError, Problem};
use crate::web::pages::acts::reading::Wrong;
use crate::web::pages::frame::{Done, Reader, Scene};
use crate::web::pages::typed::Typed;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use muster_core::directory::Organisation;
use muster_core::refusal::Refusal;

type Handled = Result<Response, PageError>;

pub(super) async fn save<T: Item>(app: &App, reader: &Reader, name: Option<&str>, typed: &Typed) -> Handled {
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

pub(super) async fn take_away<T: Item>(app: &App, reader: &Reader, name: &str, typed: &Typed) -> Handled {
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
