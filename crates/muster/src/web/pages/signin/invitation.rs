//! Links that let somebody in. Looking at one does nothing; only the form on it does.

use super::{busy, go_in};
use crate::app::App;
use crate::ops::Failure;
use crate::secrets::password::{Password, Weak};
use crate::store::access::{Invitation, Purpose};
use crate::web::error::PageError;
use crate::web::pages::frame::{Scene, Taste, page, page_with};
use crate::web::pages::phrases::upper_first;
use crate::web::pages::typed::Typed;
use crate::web::view::parts::{Field, Prose, Stamp};
use crate::web::view::problem;
use crate::web::view::signin::{GoIn, SetUp};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use muster_core::contact::MeansKind;
use muster_core::directory::Organisation;
use muster_core::ids::PersonId;
use muster_core::refusal::Refusal;
use std::sync::Arc;

/// `GET /set-up/{token}`.
///
/// # Errors
/// [`PageError`].
pub async fn invitation(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let scene = Scene::now(&app).await?;
    match app.ops.invitation(&token).await? {
        Some(invitation) => match invitation.purpose {
            Purpose::SetUp | Purpose::Password => page(&form(&app, &scene, &headers, &token, &invitation)?),
            Purpose::SignIn | Purpose::Demo => page(&go_in_page(&app, &scene, &headers, &token, &invitation)?),
        },
        None => over(&scene, &headers),
    }
}

/// `POST /set-up/{token}`: `name` and `full-name` (first administrator only), `password`, `again`.
///
/// # Errors
/// [`PageError`].
pub async fn accept(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    headers: HeaderMap,
    typed: Typed,
) -> Result<Response, PageError> {
    let scene = Scene::now(&app).await?;
    let Some(invitation) = app.ops.invitation(&token).await? else { return over(&scene, &headers) };
    let person = match invitation.purpose {
        Purpose::SignIn | Purpose::Demo => app.ops.sign_in_by_link(&token).await,
        Purpose::SetUp | Purpose::Password => {
            let mut again = form(&app, &scene, &headers, &token, &invitation)?;
            let Some(password) = chosen(&mut again, &scene.org, &invitation, &typed) else {
                return page_with(StatusCode::UNPROCESSABLE_ENTITY, &again);
            };
            let hash = app.passwords.hash(password, app.ops.world().random()).await.map_err(busy)?;
            let done = match invitation.purpose {
                Purpose::SetUp => app.ops.set_up(&token, typed.get("name"), typed.get("full-name"), &hash).await,
                _ => app.ops.choose_password(&token, &hash).await,
            };
            if let Err(Failure::Refused(refusal)) = &done {
                put(&mut again, refusal);
                return page_with(StatusCode::UNPROCESSABLE_ENTITY, &again);
            }
            done
        }
    };
    match person {
        Ok(person) => go_in(&app, &person, &headers, Redirect::to("/now").into_response()).await,
        Err(Failure::NotFound(_)) => over(&scene, &headers), // somebody was faster
        Err(failure) => Err(failure.into()),
    }
}

/// The link was used, its time is up, or there never was one. All the same to a stranger.
fn over(scene: &Scene, headers: &HeaderMap) -> Result<Response, PageError> {
    let line = "It was used already, or its time is up. Ask for a new one, or sign in with your password.";
    let frame = scene.frame(Taste::of(headers).theme);
    page_with(
        StatusCode::GONE,
        &problem::Page::new(frame, "This link does not work any more", line, &[("/sign-in", "Sign in")]),
    )
}

fn go_in_page(
    app: &App,
    scene: &Scene,
    headers: &HeaderMap,
    token: &str,
    invitation: &Invitation,
) -> Result<GoIn, PageError> {
    let name = invitation.person.as_ref().map_or(String::new(), |id| scene.org.person_ref(id).name);
    let line = match invitation.purpose {
        Purpose::Demo => {
            Prose::from("This link works as often as you like, until ").when(scene.times.at(invitation.expires_at))
        }
        _ => Prose::from("This link works once, until ").when(scene.times.at(invitation.expires_at)),
    };
    Ok(GoIn {
        frame: scene.frame(Taste::of(headers).theme),
        action: format!("/set-up/{token}"),
        stamp: Stamp { act: app.ops.request_id()?, seen: None },
        heading: format!("Sign in as {name}"),
        line: line.text("."),
    })
}

fn form(
    app: &App,
    scene: &Scene,
    headers: &HeaderMap,
    token: &str,
    invitation: &Invitation,
) -> Result<SetUp, PageError> {
    let until = scene.times.at(invitation.expires_at);
    let (heading, line) = match &invitation.person {
        None => (
            "Make the first administrator".to_owned(),
            Prose::from("This link works once, until ").when(until).text(". Whoever uses it first sets Muster up."),
        ),
        Some(id) => (
            format!("Choose your password, {}", scene.org.person_ref(id).name),
            Prose::from("This link works once, until ").when(until).text(". Your other sessions end."),
        ),
    };
    Ok(SetUp {
        frame: scene.frame(Taste::of(headers).theme),
        action: format!("/set-up/{token}"),
        stamp: Stamp { act: app.ops.request_id()?, seen: None },
        heading,
        line,
        who: invitation.person.is_none().then(Default::default),
        known: invitation.person.as_ref().map(|id| id.0.clone()),
        password: Field::default(),
        again: Field::default(),
        refused: None,
    })
}

/// The password that was chosen, if the form can be taken as it is; else `form` says what to mend.
fn chosen(form: &mut SetUp, org: &Organisation, invitation: &Invitation, typed: &Typed) -> Option<Password> {
    if let Some((name, full_name)) = &mut form.who {
        *name = Field::of(typed.get("name"));
        *full_name = Field::of(typed.get("full-name"));
        if name.value.trim().is_empty() {
            name.error = Some("Write a short name in small letters, such as priya.".into());
        }
        if full_name.value.trim().is_empty() {
            full_name.error = Some("Write your full name.".into());
        }
    }
    let names = names_of(org, invitation.person.as_ref(), typed);
    let password = new_password(&mut form.password, &mut form.again, typed, &names);
    password.filter(|_| form.summary().problems.is_empty())
}

/// Everything that somebody is called, none of which may be their password.
fn names_of(org: &Organisation, id: Option<&PersonId>, typed: &Typed) -> Vec<String> {
    let mut names = vec![typed.get("name").to_owned(), typed.get("full-name").to_owned()];
    if let Some(id) = id {
        names.extend([id.0.clone(), org.person_ref(id).name]);
        let email = org.people.get(id).and_then(|p| p.address(MeansKind::Email)).map(str::to_owned);
        names.extend(email);
    }
    names
}

/// The new password in the fields `password` and `again`, if it can be taken.
pub(in crate::web::pages) fn new_password(
    password: &mut Field,
    again: &mut Field,
    typed: &Typed,
    names: &[String],
) -> Option<Password> {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let chosen = Password::new(typed.get("password"), &names);
    if let Err(weak) = &chosen {
        password.error = Some(weak_words(*weak));
    } else if typed.get("password") != typed.get("again") {
        again.error = Some("The two differ. Type both again.".into());
    }
    chosen.ok().filter(|_| again.error.is_none())
}

fn weak_words(weak: Weak) -> String {
    format!("{}.", upper_first(&weak.to_string()))
}

/// Puts a refusal to its field.
fn put(form: &mut SetUp, refusal: &Refusal) {
    let words = refusal.to_string();
    match (refusal.field(), &mut form.who) {
        (Some("name"), Some((name, _))) => name.error = Some(words),
        (Some("full-name"), Some((_, full_name))) => full_name.error = Some(words),
        _ => form.refused = Some(words),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderValue, header};

    fn typed(body: &str) -> Typed {
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        Typed::read("/set-up/x", &HeaderMap::from_iter([(header::CONTENT_TYPE, form)]), body.as_bytes()).unwrap()
    }

    #[test]
    fn a_password_is_taken_or_its_field_says_what_to_mend() {
        let names = ["priya".to_owned(), "Priya Raman".to_owned()];
        for (body, password_error, again_error) in [
            ("password=correct+horse+battery&again=correct+horse+battery", None, None),
            ("password=short&again=short", Some("Use at least 12 characters"), None),
            ("", Some("Use at least 12 characters"), None),
            ("password=Priya+%20+Raman+&again=x", Some("Your own name"), None),
            ("password=correct+horse+battery&again=correct+horse", None, Some("The two differ")),
        ] {
            let (mut password, mut again) = (Field::default(), Field::default());
            let taken = new_password(&mut password, &mut again, &typed(body), &names).is_some();
            let begins = |field: &Field, expected: Option<&str>| match (&field.error, expected) {
                (Some(error), Some(expected)) => error.starts_with(expected),
                (error, expected) => error.is_none() && expected.is_none(),
            };
            assert!(begins(&password, password_error) && begins(&again, again_error), "{body}: {password:?} {again:?}");
            assert_eq!(taken, password_error.is_none() && again_error.is_none());
            assert!(password.value.is_empty() && again.value.is_empty(), "a password is never sent back");
        }
    }
}
