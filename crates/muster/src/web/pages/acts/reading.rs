//! What people type, read at the border: names, times, choices, and which fields they changed.

use super::outcome_of;
use crate::web::pages::draw::Eyes;
use crate::web::pages::frame::Scene;
use crate::web::pages::incident::forms::said;
use crate::web::pages::typed::Typed;
use crate::web::view::time::Times;
use muster_core::contact::Outcome;
use muster_core::directory::{Area, Organisation, Role};
use muster_core::entry::{Change, Kind, Moment};
use muster_core::ids::{AreaId, PersonId, SystemId};
use muster_core::incident::{Incident, To};
use muster_core::policy::Phase;
use muster_core::{Span, Time, later};

/// Something to mend: the input that it is about, if it is about one, and what to do.
pub type Wrong = (Option<&'static str>, String);

/// When it happened, if not now.
///
/// # Errors
/// What to type instead.
pub fn happened(typed: &Typed, scene: &Scene) -> Result<Option<Time>, Vec<Wrong>> {
    let read = |text: &str| scene.times.read(text).map_err(|why| vec![(Some("happened"), why)]);
    typed.some("happened").filter(|text| !text.eq_ignore_ascii_case("now")).map(read).transpose()
}

/// The person of a form, by full name, directory name, or a first name that only one has.
///
/// # Errors
/// What to type instead.
pub fn person(org: &Organisation, typed: &Typed) -> Result<PersonId, Wrong> {
    let wrong = |why: String| (Some("person"), why);
    let Some(text) = typed.some("person") else { return Err(wrong("Write who.".into())) };
    named(org, text).map_err(wrong)
}

/// The one person whom `text` names.
///
/// # Errors
/// What to type instead.
pub fn named(org: &Organisation, text: &str) -> Result<PersonId, String> {
    if org.people.contains_key(&PersonId::from(text)) {
        return Ok(text.into());
    }
    let wanted = text.to_lowercase();
    let who = |fits: &dyn Fn(&PersonId, &str) -> bool| {
        let fit = org.people.iter().filter(|(id, p)| !p.gone && fits(id, &p.name.to_lowercase()));
        fit.map(|(id, _)| id).collect::<Vec<_>>()
    };
    let mut found = who(&|id, name| name == wanted || id.as_str().to_lowercase() == wanted);
    if found.is_empty() {
        found = who(&|_, name| name.split_whitespace().next() == Some(wanted.as_str()));
    }
    let mut found = found.into_iter();
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one.clone()),
        (None, _) => Err(format!("There is nobody named “{text}”. Choose one from the list.")),
        (Some(a), Some(b)) => {
            Err(format!("Several people are named “{text}”. Write {a} or {b}, as the directory does."))
        }
    }
}

/// People by their names, with commas or one a line.
///
/// # Errors
/// What to type instead.
pub fn people(org: &Organisation, text: &str) -> Result<Vec<PersonId>, String> {
    let names = text.split([',', ';', '\n']).map(str::trim).filter(|name| !name.is_empty());
    names.map(|name| named(org, name)).collect()
}

/// At most one person by name.
///
/// # Errors
/// What to type instead.
pub fn one_person(org: &Organisation, text: &str) -> Result<Option<PersonId>, String> {
    match people(org, text)?.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(one.clone())),
        _ => Err("Write one person.".into()),
    }
}

/// To whom an incident is handed: a person, or an area by its name or directory name.
///
/// # Errors
/// What to type instead.
pub fn person_or_area(org: &Organisation, typed: &Typed) -> Result<To, Wrong> {
    let wanted = typed.get("person").trim().to_lowercase();
    let named = |(id, area): &(&AreaId, &Area)| area.name.to_lowercase() == wanted || id.as_str() == wanted;
    match org.areas.iter().find(named) {
        Some((id, _)) => Ok(To::Area(id.clone())),
        None => person(org, typed).map(To::Person),
    }
}

/// The system of that name or directory name.
///
/// # Errors
/// What to type instead.
pub fn system(org: &Organisation, text: &str) -> Result<SystemId, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("Write which system.".into());
    }
    let named = |name: &str| name.to_lowercase() == text.to_lowercase();
    let by_name = org.systems.iter().find(|(_, s)| named(&s.name)).map(|(id, _)| id.clone());
    let by_id = org.systems.contains_key(&SystemId::from(text)).then(|| SystemId::from(text));
    by_id.or(by_name).ok_or_else(|| format!("There is no system named “{text}”. Choose one from the list."))
}

/// What came of a call.
///
/// # Errors
/// What to choose instead.
pub fn outcome(typed: &Typed) -> Result<Outcome, Wrong> {
    outcome_of(typed.get("outcome")).ok_or((Some("outcome"), "Choose what came of it.".to_owned()))
}

/// The entry that a form is about.
///
/// # Errors
/// What to do instead.
pub fn entry(typed: &Typed) -> Result<u64, Vec<Wrong>> {
    typed.get("entry").parse().map_err(|_| vec![(None, "This names no entry. Choose one of the log.".to_owned())])
}

/// The duty to tell that this person stands for and that nobody has settled yet; any manager stands for one for which
/// nobody is named.
#[must_use]
pub fn stands_for(incident: &Incident, person: &PersonId, org: &Organisation) -> Option<String> {
    let open = || incident.tells.iter().filter(|t| incident.told(t).is_none());
    let manages = org.here(person).is_some_and(|p| p.role >= Role::Manager);
    let named = open().find(|t| t.chain.iter().any(|c| c.person.id == *person));
    named.or_else(|| open().find(|t| manages && t.chain.is_empty())).map(|t| t.name.clone())
}

/// Four readings of one form, or everything that is wrong with them.
///
/// # Errors
/// All of it, in the order of the form.
pub fn all4<A, B, C, D>(
    a: Result<A, Wrong>,
    b: Result<B, Wrong>,
    c: Result<C, Wrong>,
    d: Result<D, Vec<Wrong>>,
) -> Result<(A, B, C, D), Vec<Wrong>> {
    match (a, b, c, d) {
        (Ok(a), Ok(b), Ok(c), Ok(d)) => Ok((a, b, c, d)),
        (a, b, c, d) => {
            let first = [a.err(), b.err(), c.err()].into_iter().flatten();
            Err(first.chain(d.err().unwrap_or_default()).collect())
        }
    }
}

/// The changes that the form which sets fields asks for: what differs from `was`, the incident as its
/// writer had seen it. In an order in which none contradicts the one before.
///
/// # Errors
/// Everything that has to be mended.
pub fn changes(typed: &Typed, was: &Incident, times: &Times) -> Result<Vec<Change>, Vec<Wrong>> {
    // Only times matter here, not whose eyes see them.
    let nobody = PersonId(String::new());
    let eyes = Eyes { me: &nobody, role: Role::Reader, times };
    let differs = |input: &str| said(was, input, &eyes).trim() != typed.get(input).trim();
    let text = |input: &str| typed.get(input).trim().to_owned();
    let (mut changes, mut wrong) = (Vec::new(), Vec::new());
    if differs("title") {
        changes.push(Change::Title(text("title")));
    }
    if differs("symptoms") {
        changes.push(Change::Symptoms(text("symptoms")));
    }
    if differs("kind") {
        match typed.some("kind").map(Kind::from) {
            Some(kind) => changes.push(Change::Kind(kind)),
            None => wrong.push((Some("kind"), "Choose one of the kinds.".to_owned())),
        }
    }
    if differs("phase") {
        match typed.choice::<Phase>("phase") {
            Some(phase) => changes.push(Change::Phase(phase)),
            None => wrong.push((Some("phase"), "Choose one of the three.".to_owned())),
        }
    }
    let down = went_down(typed, was, times, differs("went-down") || differs("went-down-at"));
    let back = restored_at(typed, was, times, differs("restored-at"));
    match (down, back) {
        (Ok(down), Ok(back)) => changes.extend(in_order(down, back, was)),
        (down, back) => wrong.extend([down.err(), back.err()].into_iter().flatten()),
    }
    if was.restored_at.is_some() {
        if differs("cause") {
            changes.push(Change::Cause(text("cause")));
        }
        if differs("resolution") {
            changes.push(Change::Resolution(text("resolution")));
        }
    }
    if wrong.is_empty() { Ok(changes) } else { Err(wrong) }
}

fn went_down(typed: &Typed, was: &Incident, times: &Times, differs: bool) -> Result<Option<Change>, Wrong> {
    if !differs {
        return Ok(None);
    }
    let estimate = match typed.get("went-down") {
        "unknown" => return Ok(was.went_down.map(|_| Change::WentDown(None))),
        "estimate" => true,
        "known" => false,
        _ => return Err((Some("went-down"), "Choose how well it is known.".to_owned())),
    };
    let same_time = was.went_down.filter(|down| times.field(down.at) == typed.get("went-down-at").trim());
    // The form knows minutes only: a time that was not touched keeps its seconds.
    let at = match same_time {
        Some(down) => down.at,
        None => times.read(typed.get("went-down-at")).map_err(|why| (Some("went-down-at"), why))?,
    };
    Ok(Some(Change::WentDown(Some(Moment { at, estimate }))))
}

fn restored_at(typed: &Typed, was: &Incident, times: &Times, differs: bool) -> Result<Option<Change>, Wrong> {
    if was.restored_at.is_none() || !differs {
        return Ok(None);
    }
    let at = back_since(typed.get("restored-at"), was, times).map_err(|why| (Some("restored-at"), why))?;
    Ok(Some(Change::RestoredAt(at)))
}

/// When service was back, as typed. Forms know minutes only: in the minute that was typed it was back when the monitors
/// say so, and not before it went down.
///
/// # Errors
/// What to type instead.
pub fn back_since(typed: &str, incident: &Incident, times: &Times) -> Result<Time, String> {
    let at = times.read(typed)?;
    let known = [incident.recovered_at, incident.went_down.map(|m| m.at)];
    let mut in_that_minute = known.into_iter().flatten().filter(|t| (at..later(at, Span::from_mins(1))).contains(t));
    Ok(in_that_minute.next().unwrap_or(at))
}

/// Both times move one after the other, and service is never back before it went down in between.
fn in_order(down: Option<Change>, back: Option<Change>, was: &Incident) -> impl Iterator<Item = Change> {
    let later = matches!((&back, was.restored_at), (Some(Change::RestoredAt(at)), Some(old)) if *at > old);
    let pair = if later { [back, down] } else { [down, back] };
    pair.into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::pages::draw::sample::Story;
    use axum::http::{HeaderMap, HeaderValue, header};
    use jiff::tz::TimeZone;

    #[test]
    fn a_person_is_found_by_any_name_that_only_one_has() {
        let org = crate::web::pages::draw::sample::org();
        let read = |text: &str| {
            let form = HeaderValue::from_static("application/x-www-form-urlencoded");
            let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, form)]);
            person(&org, &Typed::read("/x", &headers, format!("person={text}").as_bytes()).unwrap())
        };
        for text in ["Ben+Tallis", "ben+tallis", "ben", "BEN", "Ben"] {
            assert_eq!(read(text), Ok("ben".into()), "{text}");
        }
        assert_eq!(read("Helen"), Ok("boss".into()));
        let mut twice = org.clone();
        twice
            .people
            .insert("ben2".into(), muster_core::directory::Person { name: "Helen Other".into(), ..Default::default() });
        let typed = Typed::read(
            "/x",
            &HeaderMap::from_iter([(
                header::CONTENT_TYPE,
                HeaderValue::from_static("application/x-www-form-urlencoded"),
            )]),
            b"person=helen",
        )
        .unwrap();
        assert!(person(&twice, &typed).unwrap_err().1.contains("Several people are named"));
        assert!(read("Hel").is_err() && read("").is_err());
    }

    #[test]
    fn what_went_down_and_came_back_within_a_minute_can_be_restored() {
        let t = |clock: &str| format!("2026-11-17T{clock}Z").parse::<Time>().unwrap();
        let times = Times::new(t("03:16:40"), TimeZone::UTC);
        let mut incident = Story::by_alert().incident();
        for (down, recovered, typed, back) in [
            ("03:14:20", Some("03:14:50"), "03:14", "03:14:50"),
            ("03:14:20", Some("03:15:10"), "2026-11-17 03:15", "03:15:10"),
            ("03:14:20", Some("03:15:10"), "03:16", "03:16:00"),
            ("03:14:20", Some("03:15:10"), "03:14", "03:14:20"),
            ("03:14:20", None, "03:14", "03:14:20"),
            ("03:14:00", None, "03:13", "03:13:00"),
        ] {
            incident.went_down = Some(Moment { at: t(down), estimate: false });
            incident.recovered_at = recovered.map(t);
            assert_eq!(back_since(typed, &incident, &times), Ok(t(back)), "{down} {recovered:?} {typed}");
        }
        assert!(back_since("soon", &incident, &times).is_err());
    }
}
