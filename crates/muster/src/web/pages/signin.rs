//! Coming in by password, and going out.

use super::frame::{Scene, Taste, page, page_with};
use super::phrases::Asked;
use super::typed::Typed;
use crate::app::App;
use crate::ops::access::{By, Visitor};
use crate::secrets::password::{NotHashed, Password};
use crate::web::error::{PageError, Problem};
use crate::web::guard::{Perhaps, set_session};
use crate::web::limit::{Client, SignIns};
use crate::web::view::parts::{Field, Notice, Stamp};
use crate::web::view::signin::Page;
use crate::web::view::time::length;
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use muster_core::Span;
use muster_core::contact::MeansKind;
use muster_core::directory::Organisation;
use muster_core::ids::PersonId;
use std::sync::Arc;

mod invitation;
mod kept;

pub(super) use invitation::new_password;
pub use invitation::{accept, invitation};
pub use kept::signed_out;

/// The same words whatever was wrong, so that nobody learns who has a login here.
const WRONG: &str = "Name and password don’t match. Type both again, or ask for a sign-in link.";

/// `GET /sign-in`.
///
/// # Errors
/// [`PageError`].
pub async fn show(
    State(app): State<Arc<App>>,
    Perhaps(visitor): Perhaps,
    headers: HeaderMap,
    query: Asked,
) -> Result<Response, PageError> {
    let next = query.get("next").map_or("", String::as_str);
    if visitor.is_some() {
        return Ok(Redirect::to(local(next)).into_response());
    }
    let notice = match query.get("out") {
        Some(_) => Some(Notice::note("You are signed out.", "")),
        None if app.ops.anybody_can_sign_in().await? => None,
        None if app.site.demo => {
            Some(Notice::note("This is the demo.", "Open the sign-in link that it printed when it started."))
        }
        None => {
            let text = "Open the link that Muster printed when it started: it makes the first administrator.";
            Some(Notice::note("Nobody can sign in yet.", text))
        }
    };
    page(&Page { notice, next: local(next).to_owned(), ..empty(&app, &headers).await? })
}

/// `POST /sign-in`: `name`, `password`, `next`, and a form that was kept.
///
/// # Errors
/// [`PageError`].
pub async fn sign_in(
    State(app): State<Arc<App>>,
    Extension(limit): Extension<Arc<SignIns>>,
    client: Client,
    headers: HeaderMap,
    typed: Typed,
) -> Result<Response, PageError> {
    let again = Page {
        name: Field::of(typed.get("name")),
        next: local(typed.get("next")).to_owned(),
        kept: kept::kept(&typed),
        ..empty(&app, &headers).await?
    };
    let (Some(name), false) = (typed.some("name"), typed.get("password").is_empty()) else {
        return page_with(
            StatusCode::UNPROCESSABLE_ENTITY,
            &Page { refused: Some("Type your name and your password.".into()), ..again },
        );
    };
    let who = who(&*app.ops.organisation().await?, name);
    let counted_for = who.as_ref().map_or(name, PersonId::as_str);
    let counted = match limit.count(counted_for, client.0, app.ops.now()) {
        Ok(counted) => counted,
        Err(wait) => return too_many(&again, wait),
    };
    // Nobody's hash is looked for as well, so that an unknown name takes the same way.
    let stored = app.ops.password_hash(&who.clone().unwrap_or_else(|| PersonId(String::new()))).await;
    let checked = match stored {
        Ok(stored) => app.passwords.verify_or_dummy(Password::typed(typed.get("password")), stored).await.map_err(busy),
        Err(failure) => Err(failure.into()),
    };
    let right = checked.inspect_err(|_| limit.take_back(&counted))?;
    let (true, Some(person)) = (right, who) else {
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &Page { refused: Some(WRONG.into()), ..again });
    };
    limit.take_back(&counted);
    let then = match again.kept {
        Some(kept) => kept::send(&app, &headers, kept).await?,
        None => Redirect::to(&again.next).into_response(),
    };
    go_in(&app, &person, &headers, then).await
}

/// `POST /sign-out`.
///
/// # Errors
/// [`PageError`].
pub async fn sign_out(State(app): State<Arc<App>>, visitor: Visitor) -> Result<Response, PageError> {
    if let By::Session(hash) = &visitor.by {
        app.ops.end_session(hash).await?;
    }
    let cookie = [(header::SET_COOKIE, set_session(&app.site, None))];
    Ok((AppendHeaders(cookie), Redirect::to("/sign-in?out=1")).into_response())
}

/// Begins a session for somebody who has proved who they are, and answers with `then`.
async fn go_in(app: &App, person: &PersonId, headers: &HeaderMap, then: Response) -> Result<Response, PageError> {
    let agent = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let token = app.ops.begin_session(person, agent).await?;
    let cookie = [(header::SET_COOKIE, set_session(&app.site, Some(token.reveal())))];
    Ok((AppendHeaders(cookie), then).into_response())
}

/// Too many at once, or out of memory: passing trouble, and the try does not count.
pub(super) fn busy(error: NotHashed) -> PageError {
    tracing::warn!(%error, "a password could not be checked or hashed");
    let detail = "Too many people are signing in at this moment. Try again in a few seconds.";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", detail).into()
}

fn too_many(again: &Page, wait: Span) -> Result<Response, PageError> {
    let mut response =
        page_with(StatusCode::TOO_MANY_REQUESTS, &Page { refused: Some(too_many_words(wait)), ..again.clone() })?;
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds(wait)));
    Ok(response)
}

/// What somebody is told who has tried too often.
pub(super) fn too_many_words(wait: Span) -> String {
    // Up to the next minute, as a wait that is told too short is told twice.
    let wait = Span::from_mins(i64::try_from(seconds(wait).div_ceil(60)).unwrap_or(i64::MAX));
    format!(
        "There were too many wrong passwords. Try again in {}. If you were called, use the link in the message: it needs no password.",
        length(wait)
    )
}

fn seconds(wait: Span) -> u64 {
    u64::try_from(wait.as_secs()).unwrap_or(0) + 1
}

async fn empty(app: &App, headers: &HeaderMap) -> Result<Page, PageError> {
    let scene = Scene::now(app).await?;
    Ok(Page {
        frame: scene.frame(Taste::of(headers).theme),
        stamp: Stamp { act: app.ops.request_id()?, seen: None },
        notice: None,
        name: Field::default(),
        password: Field::default(),
        next: "/now".into(),
        kept: None,
        refused: None,
        help: "No password, or forgotten? Ask an administrator for a sign-in link.".into(),
    })
}

/// Whom somebody means who types a directory name or an email address. Two with the same address are nobody:
/// then only the directory name tells them apart.
fn who(org: &Organisation, typed: &str) -> Option<PersonId> {
    let typed = typed.trim().to_lowercase();
    let id = PersonId(typed.clone());
    if org.here(&id).is_some() {
        return Some(id);
    }
    let has = |p: &muster_core::directory::Person| {
        !p.gone && p.means.iter().any(|m| m.kind == MeansKind::Email && m.to.to_lowercase() == typed)
    };
    let mut found = org.people.iter().filter(|(_, p)| has(p)).map(|(id, _)| id);
    match (found.next(), found.next()) {
        (Some(one), None) => Some(one.clone()),
        _ => None,
    }
}

/// Where to go after signing in: a path of ours, or Now. Browsers read `//`, `/\` and a path with line breaks
/// or tabs in it as another site's address.
fn local(next: &str) -> &str {
    let plain = next.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    let ours = next.starts_with('/') && !next.starts_with("//");
    if plain && ours && !next.starts_with("/sign-") { next } else { "/now" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_core::directory::{Means, Person};

    #[test]
    fn only_a_path_of_ours_is_a_place_to_go_to() {
        for (next, expected) in [
            ("/incidents/2026-041?q=a#e17", "/incidents/2026-041?q=a#e17"),
            ("/", "/"),
            ("", "/now"),
            ("now", "/now"),
            ("//evil.example", "/now"),
            ("/\\evil.example", "/now"),
            ("/\t/evil.example", "/now"),
            ("/\n/evil.example", "/now"),
            ("https://evil.example", "/now"),
            ("javascript:alert(1)", "/now"),
            ("/é", "/now"),
            ("/sign-in?next=/sign-in", "/now"),
        ] {
            assert_eq!(local(next), expected, "{next:?}");
        }
    }

    #[test]
    fn somebody_is_found_by_name_or_by_their_own_address() {
        let mut org = Organisation::default();
        let mut add = |id: &str, address: &str, gone| {
            let means = vec![Means { kind: MeansKind::Email, to: address.into(), wait: None }];
            org.people.insert(id.into(), Person { name: id.into(), means, gone, ..Person::default() });
        };
        add("ana", "Ana@Example.org", false);
        add("ben", "team@example.org", false);
        add("cleo", "team@example.org", false);
        add("dora", "dora@example.org", true);
        for (typed, expected) in [
            (" Ana ", Some("ana")),
            ("ana@example.ORG", Some("ana")),
            ("team@example.org", None),
            ("ben", Some("ben")),
            ("dora", None),
            ("dora@example.org", None),
            ("nobody", None),
            ("", None),
        ] {
            assert_eq!(who(&org, typed), expected.map(PersonId::from), "{typed:?}");
        }
    }

    #[test]
    fn a_wait_is_said_in_whole_minutes_and_never_too_short() {
        for (wait, words) in
            [(1, "in 1\u{a0}min"), (59, "in 1\u{a0}min"), (60, "in 2\u{a0}min"), (15 * 60 - 1, "in 15\u{a0}min")]
        {
            assert!(too_many_words(Span::from_secs(wait)).contains(words), "{wait}");
        }
    }
}
