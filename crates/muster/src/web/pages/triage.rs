//! `GET` and `POST /incidents/{number}/triage`: structured, prefilled from what is known, one form.

use super::acts::reading::{self, Wrong};
use super::frame::{Done, Reader, Scene, page, page_with, shell};
use super::incident::desk::{Desk, Mend};
use super::phrases::upper_first;
use super::typed::{Typed, word};
use crate::app::App;
use crate::ops::Failure;
use crate::web::error::PageError;
use crate::web::view::parts::{Choice, Field, Notice, Place, Prose, Severity as Chip, Stamp};
use crate::web::view::triage::{Form, Hit, Page};
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use muster_core::directory::Organisation;
use muster_core::entry::{Extent, Fault, Severity, Urgency};
use muster_core::ids::{PersonRef, SystemId};
use muster_core::incident::{Act, Command, Count, Incident, TriageAct};
use muster_core::system::{Condition, depends_on};
use muster_core::words::count;
use std::sync::Arc;

/// Most neighbouring systems that are offered to be tapped; others are typed.
const NEAR_MOST: usize = 8;

/// `GET /incidents/{number}/triage`: the form, filled with what is known, or with what was chosen so far.
///
/// # Errors
/// 404 if there is no such incident.
pub async fn show(
    State(app): State<Arc<App>>,
    reader: Reader,
    Path(number): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let desk = Desk::find(&app, reader.sight(), &number).await?;
    let query = query.unwrap_or_default();
    let typed = Typed::of_query(&format!("/incidents/{number}/triage"), &query)?;
    let typed = Some(&typed).filter(|t| t.has("extent") || t.has("urgency"));
    page(&drawn(&app, &reader, &desk, typed, None).await?)
}

/// `POST /incidents/{number}/triage`.
///
/// # Errors
/// [`PageError`].
pub async fn triage(
    State(app): State<Arc<App>>,
    reader: Reader,
    Path(number): Path<String>,
    typed: Typed,
) -> Result<Response, PageError> {
    let desk = Desk::find(&app, reader.sight(), &number).await?;
    let scene = Scene::now(&app).await?;
    let mend = match read(&typed, &scene.org) {
        Ok(act) => {
            let by = PersonRef { id: reader.id.clone(), name: reader.person.name.clone() };
            let command = Command::Act { by, act: Act::Triage(act) };
            match app.ops.perform(&desk.subject, command, typed.once(&reader)).await {
                Ok(_) => return Ok(back(&number, &typed)),
                Err(Failure::Refused(refusal)) => Mend::refused("triage", &typed, refusal),
                Err(failure) => return Err(failure.into()),
            }
        }
        Err(wrong) => Mend::typing("triage", &typed, wrong),
    };
    let now = Desk::find(&app, reader.sight(), &number).await?;
    page_with(mend.status, &drawn(&app, &reader, &now, Some(&typed), Some(&mend)).await?)
}

fn back(number: &str, typed: &Typed) -> Response {
    let done = typed.act().map(|act| Done { what: "triaged".into(), act: act.to_owned(), entry: None });
    let query = done.map(|d| format!("?{}", d.to_query())).unwrap_or_default();
    Redirect::to(&format!("/incidents/{number}{query}")).into_response()
}

async fn drawn(
    app: &App,
    reader: &Reader,
    desk: &Desk,
    typed: Option<&Typed>,
    mend: Option<&Mend>,
) -> Result<Page, PageError> {
    let scene = Scene::now(app).await?;
    let incident = &desk.incident;
    let mut frame = shell(app, reader, Place::Incidents).await?;
    frame.live = None; // nothing may change under what is being chosen
    let may = incident.state.is_live() && !incident.newer;
    let over = (!may).then(|| {
        Notice::warning("It cannot be triaged any more.", "Reopen it first if service is lost again.")
            .link(format!("/incidents/{}", incident.number), "Back to the incident")
    });
    let notices = mend.and_then(|m| m.notice(may)).into_iter().chain(over).collect();
    Ok(Page {
        shell: frame,
        stamp: Stamp { act: app.ops.request_id()?, seen: Some(incident.seq) },
        number: incident.number.clone(),
        title: incident.title.clone(),
        severity: Chip::from(incident.severity),
        notices,
        form: may.then(|| form(incident, &scene.org, typed, mend)),
        says: says(incident, &scene, typed).filter(|_| may),
        revisions: revisions(incident, &scene),
    })
}

/// What the policy's matrix makes of what is chosen; none as long as that is not enough to say.
fn says(incident: &Incident, scene: &Scene, typed: Option<&Typed>) -> Option<String> {
    let Some(typed) = typed else { return incident.triage().map(|t| t.found.advice.why.clone()) };
    let act = read(typed, &scene.org).ok()?;
    incident.finds(&act, &scene.org, scene.times.now()).ok().map(|found| found.advice.why)
}

fn revisions(incident: &Incident, scene: &Scene) -> Vec<Prose> {
    let one = |triage: &muster_core::incident::Triage| {
        let by = triage.by.as_ref().map_or("Muster", |p| p.name.as_str());
        let found = &triage.found;
        let words = format!("{by}: {} {}.", found.words(), upper_first(&found.advice.why));
        Prose::default().when(scene.times.at_and_distance(triage.at)).text(format!(", {words}"))
    };
    incident.triages.iter().rev().map(one).collect()
}

/// What the form asks for, or everything that has to be mended.
fn read(typed: &Typed, org: &Organisation) -> Result<TriageAct, Vec<Wrong>> {
    let mut wrong: Vec<Wrong> = Vec::new();
    let extent = chosen::<Extent>(typed, "extent", &mut wrong);
    let fault = chosen::<Fault>(typed, "fault", &mut wrong);
    let urgency = chosen::<Urgency>(typed, "urgency", &mut wrong);
    let mut systems: Vec<SystemId> = typed.all("systems[]").map(SystemId::from).collect();
    match typed.some("system").map(|name| reading::system(org, name)) {
        Some(Ok(id)) => systems.push(id),
        Some(Err(why)) => wrong.push((Some("system"), why)),
        None => {}
    }
    let populations = populations(typed, &mut wrong);
    let severity = match typed.get("severity") {
        "" | "0" => None,
        n => n.parse().ok().and_then(Severity::from_number).or_else(|| {
            wrong.push((Some("severity"), "Choose one of the five.".into()));
            None
        }),
    };
    match (extent, fault, urgency) {
        (Some(extent), Some(fault), Some(urgency)) if wrong.is_empty() => Ok(TriageAct {
            extent,
            fault,
            populations: Some(populations),
            systems,
            urgency,
            severity,
            reason: typed.get("reason").to_owned(),
            seen: typed.seen(),
        }),
        _ => Err(wrong),
    }
}

fn chosen<T: serde::de::DeserializeOwned>(typed: &Typed, input: &'static str, wrong: &mut Vec<Wrong>) -> Option<T> {
    typed.choice(input).or_else(|| {
        wrong.push((Some(input), "Choose one of them.".into()));
        None
    })
}

fn populations(typed: &Typed, wrong: &mut Vec<Wrong>) -> Vec<Count> {
    let mut counts = Vec::new();
    for (input, text) in typed.fields() {
        let (population, name) = match (input.strip_prefix("people.id."), input.strip_prefix("people.name.")) {
            (Some(id), _) => (Some(id.into()), String::new()),
            (None, Some(name)) => (None, name.to_owned()),
            (None, None) => continue,
        };
        match number(text) {
            Ok(people) => counts.push(Count { population, name, people }),
            Err(why) => wrong.push((Some("populations"), why)),
        }
    }
    if let Some(name) = typed.some("group") {
        match number(typed.get("group-people")) {
            Ok(0) => wrong.push((Some("group-people"), "Write about how many people they are.".into())),
            Ok(people) => counts.push(Count { population: None, name: name.to_owned(), people }),
            Err(why) => wrong.push((Some("group-people"), why)),
        }
    }
    counts
}

/// A number as people type it: `320`, `1,150`, nothing for none.
fn number(text: &str) -> Result<u32, String> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != ',').collect();
    if digits.is_empty() {
        return Ok(0);
    }
    digits.parse().map_err(|_| format!("“{}” is no number of people. Write digits, such as 320.", text.trim()))
}

/// The form as typed, or with what is known.
fn form(incident: &Incident, org: &Organisation, typed: Option<&Typed>, mend: Option<&Mend>) -> Form {
    let last = incident.triage().map(|t| &t.found);
    let field = |input: &str, otherwise: String| match (mend, typed) {
        (Some(mend), _) => mend.field(input),
        (None, Some(typed)) => Field::of(typed.get(input)),
        (None, None) => Field::of(otherwise),
    };
    let hits = incident.hits().into_iter().enumerate().map(|(n, hit)| {
        let input = match &hit.id {
            Some(id) => format!("people.id.{id}"),
            None => format!("people.name.{}", hit.name),
        };
        let text = typed.filter(|t| t.has(&input)).map_or_else(|| hit.people.to_string(), |t| t.get(&input).to_owned());
        let error = number(&text).err();
        let of = hit.of.map_or_else(String::new, |of| format!("of {} people", count(u64::from(of))));
        Hit { input, id: format!("triage-people-{n}"), name: hit.name, of, people: Field { value: text, error } }
    });
    let near = near(incident, org).into_iter().map(|(id, name)| {
        let on = typed.is_some_and(|t| t.all("systems[]").any(|chosen| chosen == id.as_str()));
        (Choice::new(id.as_str(), name), on)
    });
    let affected = |id: &SystemId| incident.systems.iter().any(|s| s.id == *id);
    Form {
        extent: field("extent", incident.affected.map_or_else(String::new, |extent| word(&extent))),
        fault: field("fault", word(&last.map_or_else(|| seen(incident), |found| found.fault))),
        urgency: field("urgency", last.map_or_else(String::new, |found| word(&found.urgency))),
        known: incident.systems.iter().map(|s| s.name.clone()).collect(),
        near: near.collect(),
        system: field("system", String::new()),
        systems: org.systems.iter().filter(|(id, _)| !affected(id)).map(|(_, s)| s.name.clone()).collect(),
        hits: hits.collect(),
        group: field("group", String::new()),
        group_people: field("group-people", String::new()),
        groups: org.populations.values().map(|p| p.name.clone()).collect(),
        severity: field("severity", severity_of(incident)),
        reason: field("reason", String::new()),
        refused: mend.and_then(Mend::whole),
    }
}

/// What a person has said of the severity stands until they say otherwise; else it is as the policy says.
fn severity_of(incident: &Incident) -> String {
    let advised = incident.triage().map(|t| t.found.advice.severity);
    match incident.severity.filter(|s| Some(*s) != advised) {
        Some(severity) => severity.number().to_string(),
        None => "0".into(),
    }
}

/// What can be seen without asking: the worst that is said of a system.
fn seen(incident: &Incident) -> Fault {
    match incident.systems.iter().filter_map(|s| s.condition).max() {
        Some(Condition::Down) => Fault::Down,
        Some(Condition::Degraded) => Fault::Degraded,
        Some(Condition::Predicted | Condition::Information) | None => Fault::Unknown,
    }
}

/// Systems that need an affected one, and so may be hit as well.
fn near(incident: &Incident, org: &Organisation) -> Vec<(SystemId, String)> {
    let affected = |id: &SystemId| incident.systems.iter().any(|s| s.id == *id);
    let needs_one = |id: &SystemId| incident.systems.iter().any(|s| depends_on(&org.systems, id, &s.id));
    let near = org.systems.iter().filter(|(id, _)| !affected(id) && needs_one(id));
    near.map(|(id, s)| (id.clone(), s.name.clone())).take(NEAR_MOST).collect()
}
