//! Systems: is it working, what hangs on it, whom do I ask?

use super::draw::{Eyes, row::row as incident_row};
use super::frame::{Reader, Scene, page, page_with, shell};
use super::oncall::in_order;
use super::phrases::{Asked, address, asked, counted, out_of_reach, thousands, upper_first};
use super::work::acts::Mend;
use super::work::who;
use crate::app::App;
use crate::ops::Failure;
use crate::store::alerts::{self, OfSystem, StoredAlert};
use crate::store::subjects::{self, InList};
use crate::store::{Sight, Tx};
use crate::web::error::{PageError, Problem};
use crate::web::view::map::{Map, Node};
use crate::web::view::parts::{Fact, Health, Icon, Place, Prose, Stamp, State, Tone};
use crate::web::view::picture::{Neighbour, Picture};
use crate::web::view::systems::{Alert, List, Page, Population, Row};
use crate::web::view::time::{Times, length};
use axum::extract::{Path, State as Of};
use axum::http::StatusCode;
use axum::response::Response;
use muster_core::alert::Account;
use muster_core::directory::{Organisation, Role};
use muster_core::ids::{PersonId, SystemId};
use muster_core::system::{System, depends_on};
use std::sync::Arc;

mod hours;
mod standing;

use standing::{Standing, Standings};

/// Live incidents that states are computed from; an organisation with more has a storm on its hands.
const LIVE_AT_MOST: u32 = 500;
/// Alerts shown on a system's page; the page of alerts has them all.
const ALERTS_SHOWN: u32 = 20;

/// `GET /systems?q=…`.
///
/// # Errors
/// [`PageError`].
pub async fn list(Of(app): Of<Arc<App>>, reader: Reader, query: Asked) -> Result<Response, PageError> {
    let scene = Scene::now(&app).await?;
    let (live, alerts) = read(&app, reader.sight()).await?;
    let standings = Standings::of(&live, &alerts);
    let search = asked(&query, "q");
    let mut rows: Vec<_> = scene.org.systems.iter().filter(|(id, s)| has(id, s, &search)).collect();
    rows.sort_by_key(|(id, s)| (std::cmp::Reverse(standings.health(id).badness()), s.name.to_lowercase()));
    page(&List {
        shell: shell(&app, &reader, Place::Systems).await?,
        heading: heading(scene.org.systems.keys().map(|id| standings.health(id))),
        rows: rows.iter().map(|(id, s)| row(id, s, standings.get(id), &scene)).collect(),
        none: match search.is_empty() {
            true => "No systems are in the directory yet. Add one, or load them with muster apply.".into(),
            false => Prose::from(format!("No system has “{search}” in its name. ")).link("/systems", "Show all"),
        },
        map: search.is_empty().then(|| map(&scene.org, &standings)).flatten(),
        search,
    })
}

/// How systems hang together: those that need another, or are needed.
fn map(org: &Organisation, standings: &Standings) -> Option<Map> {
    let needed = |id| org.systems.values().any(|s| s.depends_on.contains(id));
    let tied: Vec<_> = org.systems.iter().filter(|(id, s)| !s.depends_on.is_empty() || needed(id)).collect();
    let place = |id: &SystemId| tied.iter().position(|(other, _)| *other == id);
    let node = |(id, s): &(&SystemId, &System)| Node {
        name: s.name.clone(),
        href: format!("/systems/{id}"),
        state: standings.health(id).state(),
    };
    let needs =
        tied.iter().enumerate().flat_map(|(n, (_, s))| s.depends_on.iter().filter_map(move |d| Some((n, place(d)?))));
    let (systems, needs) = (tied.iter().map(node).collect(), needs.collect());
    (!tied.is_empty()).then_some(Map { systems, needs, cut: Vec::new(), breadth: 7 })
}

/// `GET /systems/{id}`.
///
/// # Errors
/// [`PageError`]: 404.
pub async fn show(Of(app): Of<Arc<App>>, reader: Reader, Path(id): Path<SystemId>) -> Result<Response, PageError> {
    drawn(&app, &reader, &id, None).await
}

/// The page with a form that came back.
///
/// # Errors
/// [`PageError`]: 404.
pub async fn again(app: &Arc<App>, reader: &Reader, id: &SystemId, mend: &Mend) -> Result<Response, PageError> {
    drawn(app, reader, id, Some(mend)).await
}

async fn drawn(app: &Arc<App>, reader: &Reader, id: &SystemId, mend: Option<&Mend>) -> Result<Response, PageError> {
    let scene = Scene::now(app).await?;
    let (org, times) = (&*scene.org, &scene.times);
    let system = org.systems.get(id).ok_or_else(|| Problem::not_found("system"))?;
    let (live, alerts) = read(app, reader.sight()).await?;
    let standings = Standings::of(&live, &alerts);
    let health = standings.health(id);
    let own = own_alerts(app, reader.sight(), id).await?;
    let open: Vec<_> = live.iter().filter(|l| l.incident.systems.iter().any(|s| s.id == *id)).collect();
    let eyes = Eyes { me: &reader.id, role: reader.person.role, times };
    let stamp = Stamp { act: app.ops.request_id()?, seen: None };
    let work = app.ops.who_works_on(id).await?;
    page_with(
        mend.map_or(StatusCode::OK, |m| m.status),
        &Page {
            shell: shell(app, reader, Place::Systems).await?,
            name: system.name.clone(),
            heading: system_heading(system, health, &open, times),
            scope: upper_first(system.scope.word()),
            owned: system
                .owner
                .as_ref()
                .map_or_else(|| "No owner".into(), |o| format!("Owner {}", org.person_ref(o).name)),
            about: about(id, system, org, &open, times),
            declare: (reader.person.role >= Role::Responder).then(|| format!("/declare?system={id}")),
            edit: format!("/organisation/system/{id}"),
            who: who(id, &work, reader, &scene, &stamp, mend),
            picture: picture(id, system, org, &standings),
            open: open.iter().map(|l| incident_row(&l.incident, &eyes)).collect(),
            open_note: open_note(open.len(), own.len()),
            alerts: own.iter().map(|a| alert(a, times)).collect(),
            contacts: in_order(org, &system.contacts, &reader.id),
            agreement: agreement(system, org),
            hours: hours::in_words(&system.usage_hours, org, times),
            hours_now: hours::now(system, org, times),
            populations: populations(system, org),
            head_count: counted(head_count(system, org), "person", "people"),
        },
    )
}

async fn read(app: &App, sight: Sight) -> Result<(Vec<InList>, Vec<OfSystem>), PageError> {
    let read = async move |tx: &mut Tx| {
        let live = subjects::live(tx, &sight, LIVE_AT_MOST).await?;
        Ok::<_, Failure>((live, alerts::of_systems(tx, &sight).await?))
    };
    Ok(app.ops.db().read(read).await?)
}

async fn own_alerts(app: &App, sight: Sight, id: &SystemId) -> Result<Vec<StoredAlert>, PageError> {
    let of = id.clone();
    let read = async move |tx: &mut Tx| Ok::<_, Failure>(alerts::open_of_system(tx, &sight, &of, ALERTS_SHOWN).await?);
    Ok(app.ops.db().read(read).await?)
}

fn has(id: &SystemId, system: &System, search: &str) -> bool {
    let search = search.to_lowercase();
    system.name.to_lowercase().contains(&search) || id.as_str().contains(&search)
}

/// The state of all systems in words: the worst there is, and how many are in it.
fn heading(healths: impl Iterator<Item = Health>) -> String {
    let all: Vec<_> = healths.collect();
    let Some(worst) = all.iter().copied().max_by_key(|h| h.badness()) else { return "No systems yet".into() };
    let n = all.iter().filter(|h| **h == worst).count();
    let is = if n == 1 { "is" } else { "are" };
    let what = match worst {
        Health::Working if all.len() == 1 => return "The one system is working".into(),
        Health::Working => return format!("All {} systems are working", thousands(u64::try_from(n).unwrap_or(0))),
        Health::NotKnown => format!("{is} in an incident, how badly is not known"),
        Health::Predicted => "may fail soon".into(),
        Health::Degraded => format!("{is} degraded"),
        Health::Down => format!("{is} down"),
    };
    format!("{n} of {} systems {what}", all.len())
}

fn row(id: &SystemId, system: &System, standing: Option<&Standing>, scene: &Scene) -> Row {
    let org = &*scene.org;
    let reachable = |id: &&PersonId| org.people.get(id).is_some_and(|p| out_of_reach(p).is_none());
    let contact = system.contacts.iter().find(reachable);
    Row {
        name: system.name.clone(),
        href: format!("/systems/{id}"),
        state: standing.map_or(Health::Working, |s| s.health).state(),
        why: standing.map_or_else(Prose::default, |s| s.why(&scene.times)),
        scope: upper_first(system.scope.word()),
        contact: contact.map_or_else(|| "Nobody".into(), |id| org.person_ref(id).name),
        owner: system.owner.as_ref().map_or_else(|| "Nobody".into(), |id| org.person_ref(id).name),
    }
}

/// `Directory and sign-in is down, for 43 min`.
fn system_heading(system: &System, health: Health, open: &[&InList], times: &Times) -> String {
    let since = open.iter().filter_map(|l| l.incident.went_down).map(|m| m.at).min();
    match (health, since) {
        (Health::Down | Health::Degraded, Some(since)) => {
            format!("{} is {}, for {}", system.name, health.word(), length(times.now().duration_since(since)))
        }
        (Health::NotKnown, _) => format!("{} is in an incident", system.name),
        (Health::Predicted, _) => format!("{} may fail soon", system.name),
        (health, _) => format!("{} is {}", system.name, health.word()),
    }
}

fn about(id: &SystemId, system: &System, org: &Organisation, open: &[&InList], times: &Times) -> Prose {
    let line = match open.first().map(|l| &l.incident) {
        Some(incident) => {
            let line = match incident.went_down {
                Some(down) => {
                    Prose::from(if down.estimate { "Since about " } else { "Since " }).when(times.at(down.at))
                }
                None => Prose::from("Discovered ").when(times.at(incident.discovered_at)),
            };
            let number = &incident.number;
            line.text(", incident ").link(format!("/incidents/{number}"), number).text(". ")
        }
        None => "No open incident. ".into(),
    };
    let needing = org.systems.keys().filter(|other| depends_on(&org.systems, other, id)).count();
    let systems = counted(u64::try_from(needing).unwrap_or(0), "system", "systems");
    let depend = match (head_count(system, org), needing) {
        (0, 0) => "Nothing is known to depend on it.".into(),
        (0, 1) => "1 system depends on it.".into(),
        (0, _) => format!("{systems} depend on it."),
        (people, 0) => format!(
            "{} it.",
            if people == 1 { "1 person uses".into() } else { format!("{} people use", thousands(people)) }
        ),
        (people, _) => format!("{} and {systems} depend on it.", counted(people, "person", "people")),
    };
    line.text(depend)
}

fn open_note(incidents: usize, alerts: usize) -> Prose {
    let n = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    match (incidents, alerts) {
        (0, 0) => Prose::default(),
        (i, a) => format!("{}, {}", counted(n(i), "incident", "incidents"), counted(n(a), "alert", "alerts")).into(),
    }
}

fn alert(stored: &StoredAlert, times: &Times) -> Alert {
    let state = match (stored.alert.account, stored.due_at) {
        (Account::Watched, Some(due)) if due > times.now() => State::later(times.left(due)),
        (Account::Watched, _) => State::waiting("Is being decided"),
        (Account::Joined | Account::Opened, _) => State::new(Tone::Grey, Icon::Incident, "In an incident"),
        (account, _) => State::new(Tone::Grey, Icon::Info, upper_first(account.word())),
    };
    Alert {
        title: stored.alert.signal.title.clone(),
        href: format!("/alerts/{}#opened", stored.alert.id),
        state,
        last: times.in_list(stored.alert.last_at),
    }
}

/// What needs it and what it needs, directly; the worst first.
fn picture(id: &SystemId, system: &System, org: &Organisation, standings: &Standings) -> Picture {
    let sorted = |ids: Vec<&SystemId>| {
        let near = |id: &SystemId| {
            let about = org.systems.get(id)?;
            Some(Neighbour { name: about.name.clone(), href: format!("/systems/{id}"), health: standings.health(id) })
        };
        let mut all: Vec<_> = ids.into_iter().filter_map(near).collect();
        all.sort_by_key(|n| (std::cmp::Reverse(n.health.badness()), n.name.to_lowercase()));
        all
    };
    let above = org.systems.iter().filter(|(_, s)| s.depends_on.contains(id)).map(|(id, _)| id).collect();
    Picture {
        name: system.name.clone(),
        health: standings.health(id),
        above: sorted(above),
        below: sorted(system.depends_on.iter().collect()),
    }
}

fn agreement(system: &System, org: &Organisation) -> Vec<Fact> {
    let owner = match system.owner.as_ref().map(|id| (org.person_ref(id), org.people.get(id))) {
        None => "Nobody is named".into(),
        Some((who, person)) => {
            let line = Prose::default().link(format!("/people/{}", who.id), who.name);
            match person.and_then(|p| p.means.first()) {
                Some(means) => {
                    let mut line = line.text(", ");
                    line.0.extend(address(means).0);
                    line
                }
                None => line,
            }
        }
    };
    let promised =
        if system.agreement.is_empty() { "Nothing is written down".into() } else { system.agreement.clone() };
    vec![Fact::new("Owner", owner), Fact::new("Promised", promised)]
}

fn populations(system: &System, org: &Organisation) -> Vec<Population> {
    let population = |p: &muster_core::directory::Population| Population {
        name: p.name.clone(),
        reached_by: p.reached_by.clone(),
        head_count: thousands(p.head_count.into()),
    };
    system.populations.iter().filter_map(|id| org.populations.get(id)).map(population).collect()
}

fn head_count(system: &System, org: &Organisation) -> u64 {
    system.populations.iter().filter_map(|id| org.populations.get(id)).map(|p| u64::from(p.head_count)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heading_says_the_worst_first() {
        use Health::{Degraded, Down, NotKnown, Predicted, Working};
        for (healths, expected) in [
            (&[][..], "No systems yet"),
            (&[Working], "The one system is working"),
            (&[Working, Working], "All 2 systems are working"),
            (&[Working, Down, Down, Degraded], "2 of 4 systems are down"),
            (&[Degraded, Working, Predicted], "1 of 3 systems is degraded"),
            (&[Predicted, Working], "1 of 2 systems may fail soon"),
            (&[NotKnown, Working], "1 of 2 systems is in an incident, how badly is not known"),
        ] {
            assert_eq!(heading(healths.iter().copied()), expected);
        }
    }

    #[test]
    fn the_picture_shows_neighbours_and_the_page_counts_everything_that_hangs_on_it() {
        let mut org = Organisation::default();
        for (name, needs) in
            [("email", &["directory"][..]), ("portal", &["email"]), ("directory", &["network"]), ("network", &[])]
        {
            let depends_on = needs.iter().map(|n| SystemId::from(*n)).collect();
            org.systems.insert(name.into(), System { name: upper_first(name), depends_on, ..System::default() });
        }
        let id = SystemId::from("directory");
        let standings = Standings::of(&[], &[]);
        let picture = picture(&id, &org.systems[&id], &org, &standings);
        let names = |list: &[Neighbour]| list.iter().map(|n| n.name.clone()).collect::<Vec<_>>();
        assert_eq!((names(&picture.above), names(&picture.below)), (vec!["Email".into()], vec!["Network".to_owned()]));
        let times = Times::new(muster_core::at_ms(0), jiff::tz::TimeZone::UTC);
        let about = about(&id, &org.systems[&id], &org, &[], &times);
        assert_eq!(about.to_string(), "No open incident. 2 systems depend on it.");
    }
}
