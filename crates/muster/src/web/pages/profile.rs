//! The reader's own page.

pub mod means;

use super::frame::{Reader, Scene, Taste, page, page_with, role_word, shell};
use super::phrases::{after, upper_first};
use super::signin::{busy, new_password, too_many_words};
use super::typed::Typed;
use crate::app::App;
use crate::ops::Failure;
use crate::ops::access::By;
use crate::secrets;
use crate::store::access::{ApiToken, Session};
use crate::web::error::PageError;
use crate::web::limit::{Client, SignIns};
use crate::web::view::parts::{Choice, Fact, Field, Place, Prose, Stamp, Theme};
use crate::web::view::people;
use crate::web::view::profile::{Made, NewToken, Page, Password, Settings, Token};
use crate::web::view::time::Times;
use axum::Extension;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use muster_core::contact::MeansKind;
use muster_core::directory::{Organisation, Person, Role};
use muster_core::ids::PersonId;
use std::sync::Arc;

/// `GET /profile`.
///
/// # Errors
/// [`PageError`].
pub async fn show(State(app): State<Arc<App>>, reader: Reader) -> Result<Response, PageError> {
    page(&build(&app, &reader).await?)
}

/// `POST /profile/settings`: `theme`, `shortcuts`. They belong to the device, so they are a cookie's.
pub async fn settings(typed: Typed) -> Response {
    let cookie = [(header::SET_COOKIE, taste(typed.get("theme"), typed.get("shortcuts")).to_cookie())];
    (AppendHeaders(cookie), after("/profile", "saved", &typed)).into_response()
}

fn taste(theme: &str, shortcuts: &str) -> Taste {
    let theme = [Theme::Light, Theme::Dark].into_iter().find(|t| t.word() == theme).unwrap_or_default();
    Taste { theme, shortcuts: shortcuts != "off" }
}

/// `POST /profile/password`: `old`, `password`, `again`.
///
/// # Errors
/// [`PageError`].
pub async fn password(
    State(app): State<Arc<App>>,
    Extension(limit): Extension<Arc<SignIns>>,
    client: Client,
    reader: Reader,
    typed: Typed,
) -> Result<Response, PageError> {
    let mut view = build(&app, &reader).await?;
    let form = &mut view.password;
    let names = [reader.id.0.clone(), reader.person.name.clone()].into_iter();
    let names: Vec<_> = names.chain(reader.person.address(MeansKind::Email).map(str::to_owned)).collect();
    let chosen = new_password(&mut form.password, &mut form.again, &typed, &names);
    if typed.get("old").is_empty() {
        form.old.error = Some("Type the password that you have now.".into());
    }
    let (Some(chosen), None) = (chosen, &form.old.error) else {
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &view);
    };
    // Whoever finds a browser open could guess the old one here.
    let counted = match limit.count(reader.id.as_str(), client.0, app.ops.now()) {
        Ok(counted) => counted,
        Err(wait) => {
            form.refused = Some(too_many_words(wait));
            return page_with(StatusCode::TOO_MANY_REQUESTS, &view);
        }
    };
    let Some(stored) = app.ops.password_hash(&reader.id).await? else {
        form.refused =
            Some("You have none yet. Ask an administrator for a sign-in link; it lets you choose one.".into());
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &view);
    };
    let old = secrets::password::Password::typed(typed.get("old"));
    let right = app.passwords.verify_or_dummy(old, Some(stored)).await;
    if right.as_ref().is_ok_and(|right| !right) {
        form.old.error = Some("That is not the password that you have now.".into());
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &view);
    }
    limit.take_back(&counted);
    right.map_err(busy)?;
    let hash = app.passwords.hash(chosen, app.ops.world().random()).await.map_err(busy)?;
    app.ops.set_password(&reader.id, &hash, this_session(&reader.by)).await?;
    Ok(after("/profile", "saved", &typed).into_response())
}

/// `POST /profile/create-token`: `name`, `role`. The answer is the page itself: the token is shown this once.
///
/// # Errors
/// [`PageError`].
pub async fn token(State(app): State<Arc<App>>, reader: Reader, typed: Typed) -> Result<Response, PageError> {
    let role = Role::from_word(typed.get("role")).unwrap_or_default().min(reader.person.role);
    let made = match app.ops.make_token_once(&reader.id, typed.get("name"), role, typed.once(&reader)).await {
        Ok(made) => made,
        // Sent again after the token was used or revoked.
        Err(Failure::NotFound(_)) => return Ok(Redirect::to("/profile").into_response()),
        Err(Failure::Refused(refusal)) => {
            let mut view = build(&app, &reader).await?;
            view.new_token.name = Field::wrong(typed.get("name"), refusal.to_string());
            view.new_token.role = Field::of(role.word());
            return page_with(StatusCode::UNPROCESSABLE_ENTITY, &view);
        }
        Err(failure) => return Err(failure.into()),
    };
    let mut view = build(&app, &reader).await?;
    view.shell.done = typed.act().map(str::to_owned);
    view.made = Some(Made { name: typed.get("name").trim().to_owned(), secret: Field::of(made.reveal()) });
    page(&view)
}

/// `POST /profile/revoke-token`: `token`.
///
/// # Errors
/// [`PageError`].
pub async fn revoke(State(app): State<Arc<App>>, reader: Reader, typed: Typed) -> Result<Redirect, PageError> {
    match app.ops.revoke_token(&reader.id, typed.get("token")).await {
        // Pressed twice: it is revoked.
        Ok(()) | Err(Failure::NotFound(_)) => Ok(after("/profile", "revoked", &typed)),
        Err(failure) => Err(failure.into()),
    }
}

/// `POST /profile/end-session`: `session`, or `all` for every other one.
///
/// # Errors
/// [`PageError`].
pub async fn end_session(State(app): State<Arc<App>>, reader: Reader, typed: Typed) -> Result<Redirect, PageError> {
    let ended = match typed.get("session") {
        "all" => app.ops.end_sessions(&reader.id, this_session(&reader.by), &reader.id).await,
        one => app.ops.end_session_of(&reader.id, one).await,
    };
    match ended {
        Ok(()) | Err(Failure::NotFound(_)) => Ok(after("/profile", "ended", &typed)),
        Err(failure) => Err(failure.into()),
    }
}

fn this_session(by: &By) -> Option<&str> {
    match by {
        By::Session(hash) => Some(hash),
        By::Token(_) => None,
    }
}

async fn build(app: &App, reader: &Reader) -> Result<Page, PageError> {
    build_with(app, reader, None).await
}

/// The page with a form about means that came back.
async fn build_with(app: &App, reader: &Reader, mend: Option<&means::Mend>) -> Result<Page, PageError> {
    let scene = Scene::now(app).await?;
    let stamp = Stamp { act: app.ops.request_id()?, seen: None };
    let (sessions, tokens) = app.ops.doors(&reader.id).await?;
    let mut shell = shell(app, reader, Place::More).await?;
    shell.live = None;
    let shortcuts = if reader.taste.shortcuts { "on" } else { "off" };
    Ok(Page {
        shell,
        stamp: stamp.clone(),
        facts: facts(&scene.org, &reader.id, &reader.person),
        means: means::rows(app, reader, &scene.times, &stamp, mend).await?,
        change_means: means::change(reader, &stamp, mend)?,
        settings: Settings { shortcuts: Field::of(shortcuts), theme: Field::of(reader.taste.theme.word()) },
        password: Password::default(),
        sessions: sessions.iter().map(|s| session(s, this_session(&reader.by), &scene.times)).collect(),
        tokens: tokens.iter().map(|t| token_row(t, reader.person.role, &scene.times)).collect(),
        new_token: NewToken {
            role: Field::of(Role::Responder.min(reader.person.role).word()),
            roles: roles_up_to(reader.person.role),
            ..NewToken::default()
        },
        made: None,
    })
}

fn facts(org: &Organisation, id: &PersonId, person: &Person) -> Vec<Fact> {
    let mut facts = vec![
        Fact::new("Name to sign in with", Prose::default().mono(id.as_str())),
        Fact::new("Role", role_word(person.role)),
    ];
    let areas: Vec<_> = org.areas.values().filter(|a| a.members.contains(id)).map(|a| a.name.as_str()).collect();
    if !areas.is_empty() {
        facts.push(Fact::new("Areas", areas.join(", ")));
    }
    facts
}

/// What each role may do, from least to most.
#[must_use]
pub fn roles_up_to(most: Role) -> Vec<Choice> {
    let may = |role| match role {
        Role::Reader => "sees",
        Role::Responder => "works on incidents",
        Role::Communicator => "also speaks for the organisation",
        Role::Manager => "also assigns people",
        Role::Administrator => "also sets everything up",
    };
    let roles = Role::ALL.into_iter().filter(|role| *role <= most);
    roles.map(|role| Choice::new(role.word(), format!("{}: {}", role_word(role), may(role)))).collect()
}

/// A session in a list. `this` is the hash of the reader's own, if they came by one.
#[must_use]
pub fn session(session: &Session, this: Option<&str>, times: &Times) -> people::Session {
    people::Session {
        id: session.hash.clone(),
        device: device(&session.agent),
        since: times.at(session.made_at),
        seen: times.at(session.seen_at),
        this: this == Some(session.hash.as_str()),
    }
}

fn token_row(token: &ApiToken, most: Role, times: &Times) -> Token {
    Token {
        id: token.id.clone(),
        name: token.name.clone(),
        role: role_word(token.role.min(most)).to_owned(),
        begins: token.hint.clone(),
        made: times.at(token.made_at),
        used: token.used_at.map_or_else(|| "never".into(), |at| times.at(at).into()),
    }
}

/// `Firefox on Linux`: what a browser says of itself, in the words that people use. Order matters: most
/// browsers also claim to be those further down.
fn device(agent: &str) -> String {
    const PROGRAMS: [(&str, &str); 7] = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox", "Firefox"),
        ("FxiOS", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ];
    const MACHINES: [(&str, &str); 7] = [
        ("iPhone", "an iPhone"),
        ("iPad", "an iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Macintosh", "a Mac"),
        ("CrOS", "a Chromebook"),
        ("Linux", "Linux"),
    ];
    let said =
        |list: &[(&str, &'static str)]| list.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    match (said(&PROGRAMS), said(&MACHINES)) {
        (Some(program), Some(machine)) => format!("{program} on {machine}"),
        (Some(one), None) | (None, Some(one)) => upper_first(one),
        (None, None) if agent.is_empty() => "An unknown program".into(),
        (None, None) => agent.chars().take(40).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_told_apart_as_people_do() {
        let webkit = "AppleWebKit/537.36 (KHTML, like Gecko)";
        for (agent, words) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0".to_owned(), "Firefox on Linux"),
            (
                format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64) {webkit} Chrome/140.0 Safari/537.36 Edg/140.0"),
                "Edge on Windows",
            ),
            (
                format!("Mozilla/5.0 (Linux; Android 15; Pixel 9) {webkit} Chrome/140.0 Mobile Safari/537.36"),
                "Chrome on Android",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1"
                    .into(),
                "Safari on an iPhone",
            ),
            ("curl/8.14.1".into(), "curl/8.14.1"),
            (String::new(), "An unknown program"),
        ] {
            assert_eq!(device(&agent), words);
        }
    }

    #[test]
    fn settings_are_read_and_nonsense_is_the_default() {
        for (theme, shortcuts, expected) in [
            ("dark", "off", Taste { theme: Theme::Dark, shortcuts: false }),
            ("light", "on", Taste { theme: Theme::Light, shortcuts: true }),
            ("", "", Taste::default()),
            ("\"; Secure", "maybe", Taste::default()),
        ] {
            assert_eq!(taste(theme, shortcuts), expected);
        }
    }

    #[test]
    fn nobody_gives_a_token_more_than_they_may_themselves() {
        let values = |most| roles_up_to(most).into_iter().map(|c| c.value).collect::<Vec<_>>();
        assert_eq!(values(Role::Responder), ["reader", "responder"]);
        assert_eq!(values(Role::Administrator).len(), 5);
    }
}
