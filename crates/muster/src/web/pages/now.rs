//! `GET /now`: is anything wrong, is it mine, what do I owe next, who is on call?

use super::draw::{Eyes, calls, duties, row};
use super::frame::{Reader, Scene, page, shell};
use super::phrases::{counted, name_of};
use super::work;
use crate::app::App;
use crate::ops::Failure;
use crate::store::alerts::{self, Filter, StoredAlert};
use crate::store::duties::{self as owings, Owed};
use crate::store::{Tx, subjects};
use crate::web::error::PageError;
use crate::web::view::now::{Page, Watched};
use crate::web::view::parts::{Duty, Fact, IncidentRow, Notice, Place, Prose, State as Mark};
use axum::extract::State;
use axum::response::Response;
use muster_core::directory::Role;
use muster_core::entry::Severity;
use muster_core::ids::PersonId;
use muster_core::incident::{Incident, State as Stands};
use muster_core::{Span, Time};
use std::sync::Arc;

/// Most open incidents on the page; the list of all of them is a link away.
const OPEN_MOST: u32 = 50;
/// Most duties on the page: more is not owed but lost.
const OWED_MOST: u32 = 50;
/// Most watched alerts on the page; the list of alerts has them all.
const WATCHED_MOST: u32 = 12;
/// Most systems whose contact is shown; the page of contacts has them all.
const ON_CALL_MOST: usize = 12;
/// A watched alert that will be decided within this stands out.
const SOON: Span = Span::from_mins(5);

/// What the page is drawn from, read in one transaction.
#[derive(Clone, Debug, Default)]
struct Facts {
    open: Vec<Incident>,
    owed: Vec<Owed>,
    watched: Vec<StoredAlert>,
    last_restored: Option<Time>,
    last_signal: Option<Time>,
    books: (i64, i64),
}

/// `GET /now`.
///
/// # Errors
/// [`PageError`].
pub async fn show(State(app): State<Arc<App>>, reader: Reader) -> Result<Response, PageError> {
    let scene = Scene::now(&app).await?;
    let eyes = Eyes { me: &reader.id, role: reader.person.role, times: &scene.times };
    let work = app.ops.who_works_where().await?;
    let facts = read(&app, &reader).await?;
    page(&Page {
        shell: shell(&app, &reader, Place::Now).await?,
        heading: heading(&facts.open),
        about: about(&scene, &eyes),
        notices: notices(&facts, &eyes),
        open: open(&facts, &eyes),
        last: last(&facts, &eyes),
        owed_count: duties::owed_count(&owed(&facts, &eyes)),
        owed: owed(&facts, &eyes),
        asked: work::asked_of(&work, &eyes),
        held: work::held(&work, &eyes),
        on_call: on_call(&scene, eyes.me),
        watching: facts.watched.iter().map(|alert| watched(alert, &eyes)).collect(),
        rest: rest(&facts, &scene, &eyes),
    })
}

async fn read(app: &App, reader: &Reader) -> Result<Facts, PageError> {
    let (me, role, books) = (reader.id.clone(), reader.person.role, app.health.books());
    let sight = reader.sight();
    let read = async move |tx: &mut Tx| {
        let mut open: Vec<_> = subjects::live(tx, &sight, OPEN_MOST).await?.into_iter().map(|l| l.incident).collect();
        open.sort_by(row::worst_first);
        let mut owed = owings::open(tx, &sight, Some(&me), OWED_MOST).await?;
        if role >= Role::Manager {
            owed.extend(owings::unowned(tx, &sight, OWED_MOST).await?);
            owed.sort_by_key(|d| d.due_at);
        }
        Ok::<_, Failure>(Facts {
            open,
            owed,
            watched: alerts::watched(tx, &sight, &Filter::default(), WATCHED_MOST).await?,
            last_restored: subjects::last_restored(tx, &sight).await?,
            last_signal: alerts::newest_signal(tx).await?,
            books,
        })
    };
    Ok(app.ops.db().read(read).await?)
}

/// `3 open incidents, 1 suspected, 1 critical`.
fn heading(open: &[Incident]) -> String {
    let critical = open.iter().filter(|i| i.severity == Some(Severity::Critical)).count();
    let suspected = open.iter().filter(|i| i.state == Stands::Suspected).count();
    let counted = |n: usize, one, more| (n > 0).then(|| counted(n as u64, one, more));
    let parts = match open.len() - suspected {
        0 => [counted(suspected, "suspected incident", "suspected incidents"), None],
        n => [counted(n, "open incident", "open incidents"), (suspected > 0).then(|| format!("{suspected} suspected"))],
    };
    let critical = (critical > 0).then(|| format!("{critical} critical"));
    let words: Vec<_> = parts.into_iter().chain([critical]).flatten().collect();
    if words.is_empty() { "No open incidents".into() } else { words.join(", ") }
}

fn about(scene: &Scene, eyes: &Eyes<'_>) -> Prose {
    let (times, now) = (eyes.times, eyes.times.now());
    let mine = scene.org.systems.values().filter(|s| s.contacts.first() == Some(eyes.me));
    let mine: Vec<_> = mine.map(|s| s.name.as_str()).collect();
    let about = Prose::from(format!("{}, ", times.day(now))).when(times.at(now));
    if mine.is_empty() { about.text(".") } else { about.text(format!(". You are on call for {}.", mine.join(", "))) }
}

/// What everybody must see first: nobody can be reached, or Muster itself is in trouble.
fn notices(facts: &Facts, eyes: &Eyes<'_>) -> Vec<Notice> {
    let vain = |i| -> Option<(_, _)> {
        let i: &Incident = i;
        Some((i, i.summonses.iter().find(|s| s.is_live() && s.vain_rounds > 0)?))
    };
    let mut notices: Vec<_> = facts
        .open
        .iter()
        .filter_map(vain)
        .map(|(i, search)| {
            let (lead, text) = calls::in_vain(search, eyes);
            let text = format!("{text} Muster tells the administrators. Ring somebody yourself.");
            Notice::refusal(format!("{lead} for {}.", i.number), text)
                .link(format!("/incidents/{}#calls", i.number), "Open it")
                .link("/oncall", "Show all contacts")
        })
        .collect();
    let (accepted, accounted) = facts.books;
    if accepted != accounted {
        let text = format!(
            "{accepted} signals were accepted, and alerts account for {accounted}. Something may be lost: \
             look at your monitors directly, and tell the administrator of Muster."
        );
        notices.push(Notice::refusal("The books do not balance.", text).link("/alerts", "Show alerts"));
    }
    notices
}

fn open(facts: &Facts, eyes: &Eyes<'_>) -> Vec<IncidentRow> {
    facts.open.iter().map(|incident| row::row(incident, eyes)).collect()
}

fn last(facts: &Facts, eyes: &Eyes<'_>) -> Prose {
    match facts.last_restored {
        Some(at) => Prose::from("The last one was restored ")
            .ticking(eyes.times.ago(at))
            .text(". ")
            .link("/incidents?state=restored", "See restored incidents"),
        None => "There has been none yet.".into(),
    }
}

fn owed(facts: &Facts, eyes: &Eyes<'_>) -> Vec<Duty> {
    facts.owed.iter().map(|o| duties::owed(o, eyes)).collect()
}

/// Who answers for each system: the first of its contacts, until schedules exist.
fn on_call(scene: &Scene, me: &PersonId) -> Vec<Fact> {
    let mut systems: Vec<_> = scene.org.systems.values().collect();
    systems.sort_by(|a, b| a.name.cmp(&b.name));
    let fact = |system: &&muster_core::system::System| {
        let person = system.contacts.iter().find(|id| scene.org.here(id).is_some());
        Fact::new(system.name.as_str(), person.map_or_else(|| "Nobody".into(), |id| name_of(&scene.org, id, me)))
    };
    systems.iter().take(ON_CALL_MOST).map(fact).collect()
}

fn watched(alert: &StoredAlert, eyes: &Eyes<'_>) -> Watched {
    let now = eyes.times.now();
    let (state, why) = match alert.due_at {
        Some(due) if due.duration_since(now) <= SOON => (Mark::soon(eyes.times.left(due)), Some(due)),
        Some(due) => (Mark::later(eyes.times.left(due)), Some(due)),
        None => (Mark::later("Watched"), None),
    };
    let why = match why {
        Some(due) => Prose::from("decided at ").when(eyes.times.at(due)).text(format!(": {}", alert.why)),
        None => alert.why.as_str().into(),
    };
    Watched { title: alert.alert.signal.title.clone(), href: format!("/alerts/{}", alert.alert.id), state, why }
}

/// `All 38 other systems are working. Last signal 40 s ago.`
fn rest(facts: &Facts, scene: &Scene, eyes: &Eyes<'_>) -> Prose {
    let affected = |id: &muster_core::ids::SystemId| facts.open.iter().any(|i| i.systems.iter().any(|s| s.id == *id));
    let others = scene.org.systems.keys().filter(|id| !affected(id)).count() as u64;
    let rest = match others {
        0 => Prose::default(),
        n => Prose::from(format!("No incident on {}. ", counted(n, "other system", "other systems"))),
    };
    match facts.last_signal {
        Some(at) => rest.text("Last signal ").ticking(eyes.times.ago(at)).text("."),
        None => rest.text("No signal has come yet."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::pages::draw::sample::{Story, at, eyes_of, plain};

    #[test]
    fn the_heading_says_the_state_in_words() {
        let with = |severity| Incident { severity, ..Story::by_person().incident() };
        for (open, words) in [
            (vec![], "No open incidents"),
            (vec![with(None)], "1 open incident"),
            (vec![with(None), with(Some(Severity::Critical))], "2 open incidents, 1 critical"),
            (vec![Story::by_alert().incident()], "1 suspected incident"),
            (vec![with(None), Story::by_alert().incident()], "1 open incident, 1 suspected"),
        ] {
            assert_eq!(heading(&open), words);
        }
    }

    #[test]
    fn what_must_be_seen_first_is_said_first() {
        let mut facts = Facts { open: vec![Story::by_alert().incident()], books: (3, 3), ..Facts::default() };
        let times = Story::by_alert().times(9);
        let eyes = eyes_of("ana", &times);
        assert!(notices(&facts, &eyes).is_empty());
        facts.open[0].summonses[0].vain_rounds = 1;
        facts.books = (3, 2);
        let leads: Vec<_> = notices(&facts, &eyes).into_iter().map(|n| n.lead).collect();
        assert_eq!(leads, ["Nobody has been reached for 2026-041.", "The books do not balance."]);
    }

    #[test]
    fn the_page_says_who_answers_and_how_the_rest_is() {
        let story = Story::by_person();
        let scene = Scene::new(Arc::new(story.org.clone()), at(5));
        let times = story.times(5);
        let eyes = eyes_of("priya", &times);
        let shown: Vec<_> =
            on_call(&scene, eyes.me).iter().map(|f| format!("{}: {}", f.name, plain(&f.value))).collect();
        assert_eq!(shown, ["Email: Priya Raman (you)", "Wireless: Nobody"]);
        assert_eq!(plain(&about(&scene, &eyes)), "Tuesday 17 November 2026, 02:36 GMT. You are on call for Email.");
        let facts = Facts { open: vec![story.incident()], last_signal: Some(at(4)), ..Facts::default() };
        assert_eq!(plain(&rest(&facts, &scene, &eyes)), "No incident on 1 other system. Last signal 1 min ago.");
        assert_eq!(plain(&last(&facts, &eyes)), "There has been none yet.");
    }
}
