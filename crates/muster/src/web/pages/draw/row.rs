//! An incident in a list, and what every view of one says of it.

use super::Eyes;
use super::duties;
use crate::web::view::parts::{Fact, Health, IncidentRow, Prose, Severity, State as Mark, Words};
use crate::web::view::time::length;
use muster_core::alert::Status;
use muster_core::entry::{Affected, Moment};
use muster_core::incident::{Incident, State};
use muster_core::words::count;

/// The incident as a row of a list.
#[must_use]
pub fn row(incident: &Incident, eyes: &Eyes<'_>) -> IncidentRow {
    let next = duties::next(incident, eyes);
    IncidentRow {
        number: incident.number.clone(),
        href: format!("/incidents/{}", incident.number),
        severity: Severity::from(incident.severity),
        restricted: Mark::restricted(incident.is_restricted()),
        state: incident.state_words(),
        title: incident.title.clone(),
        elapsed: elapsed(incident, eyes),
        since: since(incident, eyes),
        systems: systems(incident),
        facts: facts(incident, eyes),
        late: next.as_ref().is_some_and(|d| d.late),
        next: next.map(|d| (d.state, Prose::from(d.what))),
    }
}

/// How long service was or has been away; a finished outage stands still.
#[must_use]
pub fn elapsed(incident: &Incident, eyes: &Eyes<'_>) -> Option<Words> {
    let outage = incident.outage(eyes.times.now())?;
    match (incident.state.is_live(), incident.went_down) {
        (true, Some(down)) => Some(eyes.times.since(down.at).into()),
        _ => Some(length(outage).into()),
    }
}

fn since(incident: &Incident, eyes: &Eyes<'_>) -> Prose {
    let at = |t| eyes.times.at(t);
    match (incident.state, incident.went_down, incident.restored_at) {
        (State::Suspected | State::Open, Some(down), _) => {
            Prose::from(format!("down since {}", about(down))).when(at(down.at))
        }
        (State::Restored | State::Closed, _, Some(back)) => Prose::from("restored ").when(at(back)),
        _ => Prose::from("found ").when(at(incident.discovered_at)),
    }
}

/// `about ` before a time that is an estimate.
#[must_use]
pub fn about(moment: Moment) -> &'static str {
    if moment.estimate { "about " } else { "" }
}

/// Systems with their state; working, once service is back.
fn systems(incident: &Incident) -> Vec<Mark> {
    incident.systems.iter().map(|s| health(incident, s).of(&s.name)).collect()
}

/// How a system of the incident is. Once it is over the system works, unless an alert of it still fires.
#[must_use]
pub fn health(incident: &Incident, system: &Affected) -> Health {
    match incident.state {
        State::Suspected | State::Open => Health::from(system.condition),
        State::Restored | State::Closed | State::Withdrawn => {
            let of_it = incident.alerts.values().filter(|a| a.status == Status::Firing);
            let said = of_it.filter(|a| a.system.as_ref() == Some(&system.id)).map(|a| Health::from(a.condition));
            said.max_by_key(|h| h.badness()).unwrap_or(Health::Working)
        }
    }
}

fn facts(incident: &Incident, eyes: &Eyes<'_>) -> Vec<Fact> {
    let affects = affects(incident).map(|text| Fact::new("About", text));
    [Fact::new("Manager", manager(incident, eyes))].into_iter().chain(affects).collect()
}

/// `21,520 people`; none if no population is known.
#[must_use]
pub fn affects(incident: &Incident) -> Option<String> {
    let heads = incident.head_count();
    (heads > 0).then(|| format!("{} people", count(heads)))
}

/// Who leads: `Priya Raman (you)`, `Nobody yet, calling Daniel Osei` (DIS-5).
#[must_use]
pub fn manager(incident: &Incident, eyes: &Eyes<'_>) -> String {
    if let Some(manager) = &incident.manager {
        return eyes.name(&manager.person);
    }
    match incident.search_for_manager().and_then(|s| s.asking()) {
        Some(candidate) => format!("Nobody yet, calling {}", eyes.name(&candidate.person)),
        None if incident.state.is_live() => "Nobody yet".to_owned(),
        None => "Nobody".to_owned(),
    }
}

/// Worst first, then newest. What nobody has assessed may be anything: it stands behind major.
#[must_use]
pub fn worst_first(a: &Incident, b: &Incident) -> std::cmp::Ordering {
    let rank = |i: &Incident| i.severity.map_or(25, |s| s.number() * 10);
    rank(a).cmp(&rank(b)).then(b.recorded_at.cmp(&a.recorded_at)).then(b.number.cmp(&a.number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::pages::draw::sample::{Story, eyes_of, plain};
    use muster_core::entry::{self, Severity};
    use muster_core::incident::Act;

    // proves: DIS-5 before anybody is Incident Manager the page says "nobody yet, calling X"
    #[test]
    fn a_row_says_how_it_stands() {
        let mut story = Story::by_alert();
        let times = story.times(5);
        let shown = row(&story.incident(), &eyes_of("priya", &times));
        assert_eq!(shown.state, "Suspected");
        assert_eq!(plain(&shown.facts[0].value), "Nobody yet, calling Priya Raman (you)");
        assert_eq!(plain(&shown.since), "down since 02:31 GMT");
        assert_eq!(plain(&shown.systems[0]), "Email: down");
        assert!(shown.next.is_some() && !shown.late);

        story.act(6, "priya", Act::TakeCharge);
        story.act(7, "priya", Act::Confirm);
        let times = story.times(8);
        let shown = row(&story.incident(), &eyes_of("ben", &times));
        assert_eq!((shown.state.as_str(), plain(&shown.facts[0].value)), ("Open, intense", "Priya Raman".into()));
        assert_eq!(plain(&shown.facts[1].value), "18,400 people");

        story.restore(20, "priya");
        let times = story.times(60);
        let shown = row(&story.incident(), &eyes_of("ben", &times));
        assert_eq!(
            (shown.state.as_str(), plain(&shown.systems[0])),
            ("Restored", "Email: down".into()),
            "its alert still fires"
        );
        let mut over = story.incident();
        over.alerts.values_mut().for_each(|a| a.status = Status::Resolved);
        assert_eq!(plain(&row(&over, &eyes_of("ben", &times)).systems[0]), "Email: working");
        assert_eq!(shown.elapsed.as_ref().map(plain).as_deref(), Some("19 min"));
    }

    #[test]
    fn the_worst_comes_first() {
        let with = |severity: Option<entry::Severity>| Incident { severity, ..Story::by_person().incident() };
        let mut list =
            [None, Some(Severity::Low), Some(Severity::Critical), Some(Severity::Minor), Some(Severity::Major)]
                .map(with);
        list.sort_by(worst_first);
        let order: Vec<_> = list.iter().map(|i| i.severity.map_or(0, Severity::number)).collect();
        assert_eq!(order, [1, 2, 0, 3, 4]);
    }
}
