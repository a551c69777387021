//! People: who they are, how they are reached, what they may do.

use super::draw::duties::page_of;
use super::frame::{Reader, Scene, page, page_with, role_word, shell};
use super::phrases::{Asked, address, after, asked, counted, name_of, out_of_reach, tel, upper_first};
use super::profile::means::{check_of, standing};
use super::profile::{roles_up_to, session};
use super::typed::Typed;
use crate::app::App;
use crate::ops::Failure;
use crate::ops::access::By;
use crate::ops::invitations::INVITATION_LIVES;
use crate::store::Tx;
use crate::store::access::{Purpose, Session};
use crate::store::duties::{self, Owed};
use crate::store::means::Check;
use crate::web::error::{PageError, Problem};
use crate::web::guard::form_encode;
use crate::web::view::parts::{Fact, Field, Notice, Place, Prose, Stamp, State};
use crate::web::view::people::{Admin, List, Means, NewLink, Page, Row};
use crate::web::view::time::{Times, length};
use axum::extract::{Path, State as Of};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use muster_core::Span;
use muster_core::contact::MeansKind;
use muster_core::directory::{Organisation, Person, Role};
use muster_core::ids::PersonId;
use muster_core::later;
use std::sync::Arc;

/// People on one page of the list: a few screens.
const ON_A_PAGE: usize = 50;
/// Duties that a person's page shows; nobody works on more at once.
const OWES_SHOWN: u32 = 20;

/// `GET /people?q=…&after=…`.
///
/// # Errors
/// [`PageError`].
pub async fn list(Of(app): Of<Arc<App>>, reader: Reader, query: Asked) -> Result<Response, PageError> {
    let org = app.ops.organisation().await?;
    let (search, cursor) = (asked(&query, "q"), asked(&query, "after"));
    let found = found(&org, &search);
    let (shown, next) = page_after(&found, &cursor);
    let mut shell = shell(&app, &reader, Place::People).await?;
    shell.live = None;
    let address = |parts: &[(&str, &str)]| {
        let parts: Vec<_> =
            parts.iter().filter(|(_, v)| !v.is_empty()).map(|(n, v)| format!("{n}={}", form_encode(v))).collect();
        if parts.is_empty() { "/people".into() } else { format!("/people?{}", parts.join("&")) }
    };
    let people = u64::try_from(found.len()).unwrap_or(u64::MAX);
    let number = counted(people, "person", "people");
    page(&List {
        shell,
        heading: if search.is_empty() { number } else { format!("{number} with “{search}”") },
        rows: shown.iter().map(|(id, person)| row(&org, id, person, &reader.id)).collect(),
        none: if search.is_empty() {
            "Nobody is in the directory yet. Add somebody, or load people with muster apply.".into()
        } else {
            Prose::from("Nobody has that in their name or title. ").link("/people", "Show everybody")
        },
        next: next.map(|id| address(&[("q", &search), ("after", id.as_str())])),
        first: (!cursor.is_empty()).then(|| address(&[("q", &search)])),
        search,
    })
}

/// `GET /people/{id}`.
///
/// # Errors
/// [`PageError`]: 404.
pub async fn show(Of(app): Of<Arc<App>>, reader: Reader, Path(id): Path<PersonId>) -> Result<Response, PageError> {
    page(&build(&app, &reader, &id).await?)
}

/// `POST /people/{id}/role`: `role`.
///
/// # Errors
/// [`PageError`]: 404.
pub async fn role(
    Of(app): Of<Arc<App>>,
    reader: Reader,
    Path(id): Path<PersonId>,
    typed: Typed,
) -> Result<Response, PageError> {
    let Some(role) = Role::from_word(typed.get("role")) else {
        let detail = "Choose one of the roles in the list.";
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "unknown", detail).into());
    };
    change(&app, &reader, &id, Set::Role(role), &typed).await
}

/// `POST /people/{id}/gone`: `gone` = `yes` or `no`.
///
/// # Errors
/// [`PageError`]: 404.
pub async fn gone(
    Of(app): Of<Arc<App>>,
    reader: Reader,
    Path(id): Path<PersonId>,
    typed: Typed,
) -> Result<Response, PageError> {
    let gone = match typed.get("gone") {
        "yes" => true,
        "no" => false,
        _ => {
            let detail = "Say whether they have left or are back: press one of the buttons on their page.";
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "unknown", detail).into());
        }
    };
    change(&app, &reader, &id, Set::Gone(gone), &typed).await
}

/// `POST /people/{id}/sign-in-link`. The answer is the page itself: the link is shown this once.
///
/// # Errors
/// [`PageError`]: 404.
pub async fn invite(Of(app): Of<Arc<App>>, reader: Reader, Path(id): Path<PersonId>) -> Result<Response, PageError> {
    let until = later(app.ops.now(), INVITATION_LIVES);
    let made = app.ops.invite(Purpose::Password, Some(&id), reader.id.as_str()).await?;
    let mut view = build(&app, &reader, &id).await?;
    let times = Scene::now(&app).await?.times;
    if let Some(admin) = &mut view.admin {
        let url = Field::of(format!("{}/set-up/{}", app.ops.public_url(), made.reveal()));
        let until = Prose::from("It works once, until ").when(times.at(until)).text(". Give it to nobody else.");
        admin.link = Some(NewLink { url, until });
    }
    page(&view)
}

/// `POST /people/{id}/end-sessions`: signs them out everywhere.
///
/// # Errors
/// [`PageError`]: 404.
pub async fn sign_out(
    Of(app): Of<Arc<App>>,
    reader: Reader,
    Path(id): Path<PersonId>,
    typed: Typed,
) -> Result<Response, PageError> {
    if !app.ops.organisation().await?.people.contains_key(&id) {
        return Err(Problem::not_found("person").into());
    }
    app.ops.end_sessions(&id, None, &reader.id).await?;
    Ok(after(&format!("/people/{}", form_encode(id.as_str())), "ended", &typed).into_response())
}

/// What one press changes about a person.
#[derive(Clone, Copy)]
enum Set {
    Role(Role),
    Gone(bool),
}

async fn change(app: &App, reader: &Reader, id: &PersonId, set: Set, typed: &Typed) -> Result<Response, PageError> {
    let change = move |person: &mut Person| match set {
        Set::Role(role) => person.role = role,
        Set::Gone(gone) => person.gone = gone,
    };
    match app.ops.set_person(id, &reader.id, change).await {
        Ok(()) => Ok(after(&format!("/people/{}", form_encode(id.as_str())), "saved", typed).into_response()),
        Err(Failure::Refused(refusal)) => {
            let mut view = build(app, reader, id).await?;
            if let Some(admin) = &mut view.admin {
                match set {
                    Set::Role(role) => admin.role = Field::wrong(role.word(), refusal.to_string()),
                    Set::Gone(_) => admin.refused = Some(refusal.to_string()),
                }
            }
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &view)
        }
        Err(failure) => Err(failure.into()),
    }
}

/// Who has `search` in name, title or directory name: by name, who has left last.
fn found<'a>(org: &'a Organisation, search: &str) -> Vec<(&'a PersonId, &'a Person)> {
    let search = search.to_lowercase();
    let has = |(id, p): &(&PersonId, &Person)| {
        [p.name.as_str(), p.title.as_str(), id.as_str()].iter().any(|text| text.to_lowercase().contains(&search))
    };
    let mut found: Vec<_> = org.people.iter().filter(has).collect();
    found.sort_by_key(|(id, p)| (p.gone, p.name.to_lowercase(), *id));
    found
}

/// Those that come after the person `cursor`, and after whom the next page begins.
fn page_after<'a, 'b>(
    found: &'b [(&'a PersonId, &'a Person)],
    cursor: &str,
) -> (&'b [(&'a PersonId, &'a Person)], Option<&'a PersonId>) {
    let from = found.iter().position(|(id, _)| id.as_str() == cursor).map_or(0, |n| n + 1);
    let rest = &found[from..];
    let shown = &rest[..rest.len().min(ON_A_PAGE)];
    let next = shown.last().filter(|_| rest.len() > ON_A_PAGE).map(|(id, _)| *id);
    (shown, next)
}

fn row(org: &Organisation, id: &PersonId, person: &Person, reader: &PersonId) -> Row {
    Row {
        name: name_of(org, id, reader),
        href: format!("/people/{id}"),
        title: person.title.clone(),
        areas: areas(org, id).join(", "),
        role: role_word(person.role).into(),
        tel: tel(person),
        state: out_of_reach(person),
    }
}

/// In which lists of which areas somebody stands: `Server team`, `Network team: management`.
fn areas(org: &Organisation, id: &PersonId) -> Vec<String> {
    let lists = org.areas.values().flat_map(|area| {
        let lists = [("", &area.members), (": supervisors", &area.supervisors), (": management", &area.management)];
        lists.into_iter().filter(|(_, people)| people.contains(id)).map(|(what, _)| format!("{}{what}", area.name))
    });
    lists.collect()
}

async fn build(app: &App, reader: &Reader, id: &PersonId) -> Result<Page, PageError> {
    let scene = Scene::now(app).await?;
    let person = scene.org.people.get(id).ok_or_else(|| Problem::not_found("person"))?;
    let (of, sight) = (id.clone(), reader.sight());
    let owes = async move |tx: &mut Tx| Ok::<_, Failure>(duties::open(tx, &sight, Some(&of), OWES_SHOWN).await?);
    let owes = app.ops.db().read(owes).await?;
    let (sessions, _) = app.ops.doors(id).await?;
    let has_password = app.ops.password_hash(id).await?.is_some();
    let mut shell = shell(app, reader, Place::People).await?;
    shell.live = None;
    let stamp = Stamp { act: app.ops.request_id()?, seen: None };
    let this = match &reader.by {
        By::Session(hash) => Some(hash.as_str()),
        By::Token(_) => None,
    };
    Ok(Page {
        shell,
        href: format!("/people/{id}"),
        name: name_of(&scene.org, id, &reader.id),
        title: person.title.clone(),
        state: state(person, &sessions, has_password),
        notices: notices(&scene.org, id, person),
        means: means(
            app,
            person,
            &scene,
            &app.ops.means_checks(id).await?,
            reader.person.role > Role::Reader || *id == reader.id,
        ),
        facts: facts(&scene.org, id, person),
        owes: owes.iter().map(|owed| owed_fact(owed, &scene.times)).collect(),
        admin: (reader.person.role == Role::Administrator).then(|| Admin {
            stamp,
            role: Field::of(person.role.word()),
            roles: roles_up_to(Role::Administrator),
            gone: person.gone,
            link: None,
            sessions: sessions.iter().map(|s| session(s, this, &scene.times)).collect(),
            refused: None,
        }),
    })
}

fn state(person: &Person, sessions: &[Session], has_password: bool) -> State {
    match (person.gone, sessions.is_empty(), has_password) {
        (true, ..) => State::not("Has left"),
        (_, false, _) => State::done("Signed in"),
        (_, true, true) => State::later("Not signed in"),
        (_, true, false) => State::later("Cannot sign in: no password yet"),
    }
}

/// What should be mended before somebody is needed and not found.
fn notices(org: &Organisation, id: &PersonId, person: &Person) -> Vec<Notice> {
    let systems = org.systems.values().filter(|s| s.contacts.contains(id)).map(|s| s.name.clone());
    let named: Vec<_> = systems.chain(areas(org, id)).collect();
    let usable = person.means.iter().filter(|m| m.kind != MeansKind::InPerson).count();
    let text = format!("{} is named for {}.", person.name, named.join(", "));
    let notice = match (named.is_empty(), person.gone, usable) {
        (true, ..) => return Vec::new(),
        (_, true, _) => {
            Notice::warning("They have left: no new search asks them.", format!("{text} Name somebody else there."))
        }
        (_, false, 0) => Notice::warning("Nobody can reach them.", format!("{text} Add a number or an address.")),
        (_, false, 1) => Notice::warning("One way only.", format!("{text} If it fails, the next person is called.")),
        (_, false, _) => return Vec::new(),
    };
    vec![notice]
}

/// How to reach somebody. Whoever knows a topic reads what is sent there: a reader sees only what one rings.
fn means(app: &App, person: &Person, scene: &Scene, checks: &[Check], whole: bool) -> Vec<Means> {
    let usual_wait = scene.org.policy.answer_wait;
    let state =
        |m: &muster_core::directory::Means| standing(check_of(checks, m), app.ops.can_send_by(m.kind), &scene.times).0;
    let wait = |wait: Option<Span>| match wait {
        Some(wait) if wait.is_zero() => "and the next at the same time".to_owned(),
        wait => format!("then waits {}", length(wait.unwrap_or(usual_wait))),
    };
    let to = |m: &muster_core::directory::Means| match whole || matches!(m.kind, MeansKind::Call | MeansKind::Sms) {
        true => address(m),
        false => "for those who work on incidents".into(),
    };
    person
        .means
        .iter()
        .map(|m| Means { kind: upper_first(m.kind.word()), to: to(m), wait: wait(m.wait), state: state(m) })
        .collect()
}

fn facts(org: &Organisation, id: &PersonId, person: &Person) -> Vec<Fact> {
    let mut facts = vec![Fact::new("Role", role_word(person.role))];
    let areas = areas(org, id);
    if !areas.is_empty() {
        facts.push(Fact::new("Areas", areas.join(", ")));
    }
    let answers = org.systems.iter().filter_map(|(system, about)| {
        let nth = about.contacts.iter().position(|c| c == id)?;
        Some((format!("/systems/{system}"), about.name.clone(), format!(" ({})", place(nth))))
    });
    let owns = org.systems.iter().filter(|(_, s)| s.owner.as_ref() == Some(id));
    let owns = owns.map(|(system, about)| (format!("/systems/{system}"), about.name.clone(), String::new()));
    facts.extend(linked("Answers for", answers));
    facts.extend(linked("Owns", owns));
    facts
}

/// `first`, `second`: the place in a list in which people are called.
fn place(nth: usize) -> String {
    match nth {
        0 => "first".into(),
        1 => "second".into(),
        2 => "third".into(),
        n => format!("number {}", n + 1),
    }
}

/// A fact that lists systems with links; none if there are none.
fn linked(name: &str, systems: impl Iterator<Item = (String, String, String)>) -> Option<Fact> {
    let line = systems.enumerate().fold(Prose::default(), |line, (nth, (href, system, more))| {
        let line = if nth == 0 { line } else { line.text(", ") };
        line.link(href, system).text(more)
    });
    (!line.0.is_empty()).then(|| Fact::new(name, line))
}

fn owed_fact(owed: &Owed, times: &Times) -> Fact {
    let number = &owed.number;
    let line = Prose::default().link(page_of(number), number).text(", ");
    let late = owed.due_at < times.now();
    let line = line.text(if late { "was due " } else { "due " }).when(times.at_and_distance(owed.due_at));
    Fact::new(owed.what.clone(), line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_core::contact::MeansKind;
    use muster_core::directory::{Area, Means as Way};
    use muster_core::system::System;

    fn organisation(people: usize) -> Organisation {
        let mut org = Organisation::default();
        for n in 0..people {
            let person = Person { name: format!("Person {n:03}"), title: "Baker".into(), ..Person::default() };
            org.people.insert(PersonId(format!("p{n:03}")), person);
        }
        org
    }

    #[test]
    fn pages_of_people_follow_each_other_without_a_gap() {
        let org = organisation(120);
        let found = found(&org, "baker");
        let (mut cursor, mut seen) = (String::new(), Vec::new());
        loop {
            let (shown, next) = page_after(&found, &cursor);
            seen.extend(shown.iter().map(|(id, _)| id.as_str()));
            match next {
                Some(id) => cursor = id.0.clone(),
                None => break,
            }
        }
        assert_eq!(seen, org.people.keys().map(PersonId::as_str).collect::<Vec<_>>());
        assert_eq!(page_after(&found, "nobody").0.len(), ON_A_PAGE, "an unknown cursor begins anew");
    }

    #[test]
    fn people_are_found_by_name_title_and_id_and_the_gone_come_last() {
        let mut org = organisation(3);
        org.people.get_mut(&PersonId::from("p000")).unwrap().gone = true;
        let ids = |search: &str| found(&org, search).iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>();
        assert_eq!(ids(""), ["p001", "p002", "p000"]);
        assert_eq!(ids("PERSON 002"), ["p002"]);
        assert_eq!(ids("p001"), ["p001"]);
        assert!(ids("nobody").is_empty());
    }

    #[test]
    fn who_is_named_and_cannot_be_reached_is_noticed() {
        let mut org = organisation(1);
        let id = PersonId::from("p000");
        let lead = |org: &Organisation| notices(org, &id, &org.people[&id]).pop().map(|n| n.lead);
        assert_eq!(lead(&org), None, "named for nothing");
        let system = System { name: "Email".into(), contacts: vec![id.clone()], ..System::default() };
        org.systems.insert("email".into(), system);
        assert_eq!(lead(&org).as_deref(), Some("Nobody can reach them."));
        let way = Way { kind: MeansKind::Call, to: "01632 960 001".into(), wait: None };
        org.people.get_mut(&id).unwrap().means = vec![way.clone()];
        assert_eq!(lead(&org).as_deref(), Some("One way only."));
        org.people.get_mut(&id).unwrap().means = vec![way.clone(), way];
        assert_eq!(lead(&org), None);
        org.people.get_mut(&id).unwrap().gone = true;
        assert_eq!(lead(&org).as_deref(), Some("They have left: no new search asks them."));
    }

    #[test]
    fn a_page_says_what_somebody_is_for() {
        let mut org = organisation(2);
        let id = PersonId::from("p001");
        org.areas
            .insert("s".into(), Area { name: "Server team".into(), management: vec![id.clone()], ..Area::default() });
        let contacts = vec!["p000".into(), id.clone()];
        let system = System { name: "Email".into(), contacts, owner: Some(id.clone()), ..System::default() };
        org.systems.insert("email".into(), system);
        let facts = facts(&org, &id, &org.people[&id]);
        let read: Vec<_> = facts.iter().map(|f| (f.name.as_str(), f.value.to_string())).collect();
        assert_eq!(read[0], ("Role", "Reader".into()));
        assert_eq!(read[1], ("Areas", "Server team: management".into()));
        assert_eq!(read[2], ("Answers for", "<a href=\"/systems/email\">Email</a> (second)".into()));
        assert_eq!(read[3], ("Owns", "<a href=\"/systems/email\">Email</a>".into()));
    }
}
