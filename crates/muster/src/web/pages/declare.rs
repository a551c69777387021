//! `GET` and `POST /declare`: one line is enough, and nothing is declared twice unasked.

use super::acts::reading::{self, Wrong};
use super::draw::{Eyes, calls, duties, row};
use super::frame::{Done, Reader, Scene, page, page_with, shell};
use super::incident::desk::{Desk, Mend};
use super::phrases::{Asked, asked};
use super::typed::Typed;
use crate::app::App;
use crate::ops::Failure;
use crate::store::subjects::{self, InList};
use crate::store::{Sight, Tx};
use crate::web::error::PageError;
use crate::web::view::declare::{Declaration as Form, Page, Receipt, Same};
use crate::web::view::parts::{Fact, Field, Notice, Place, Prose, Stamp};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use muster_core::contact::MeansKind;
use muster_core::directory::{Organisation, Role};
use muster_core::duty::{DutyKind, duties as owed};
use muster_core::entry::{Extent, Moment, NoteKind, Severity, Told};
use muster_core::ids::{PersonRef, SystemId};
use muster_core::incident::{Act, Command, Declaration, Incident, OpenBy};
use muster_core::system::depends_on;
use muster_core::words::sentence;
use muster_core::{Span, later};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Most open incidents that a declaration is held against.
const OPEN_MOST: u32 = 100;
/// Most of them that are shown as maybe the same.
const SAME_MOST: usize = 3;
/// A word shorter than this says nothing of what is wrong.
const WORD_MIN: usize = 3;
/// Words that stand in every report.
const EMPTY_WORDS: [&str; 16] = [
    "and", "are", "can", "cannot", "does", "down", "for", "from", "has", "have", "log", "nobody", "not", "the", "with",
    "work",
];

/// `GET /declare?title=…&system=…`: the form, and what may be the same already.
///
/// # Errors
/// [`PageError`].
pub async fn show(State(app): State<Arc<App>>, reader: Reader, query: Asked) -> Result<Response, PageError> {
    let title = [asked(&query, "title"), asked(&query, "what")].into_iter().find(|t| !t.is_empty()).unwrap_or_default();
    // A link names it by its name in the directory, and the form by the name that people know.
    let system = asked(&query, "system");
    let org = app.ops.organisation().await?;
    let system = match org.systems.get(&SystemId::from(system.as_str())) {
        Some(known) => known.name.clone(),
        None => system,
    };
    let known = reading::system(&org, &system).ok();
    let form = Form {
        since: Field::of("now"),
        affected: Field::of("unknown"),
        severity: Field::of("0"),
        told: Field::of("saw-it"),
        restricted: Field::of("0"),
        title: Field::of(title.as_str()),
        system: Field::of(system.as_str()),
        ..Form::default()
    };
    page(&drawn(&app, &reader, form, same(&app, reader.sight(), &title, known.as_ref()).await?).await?)
}

/// `POST /declare`. If it may be the same as an open one, the form comes back once and says so.
///
/// # Errors
/// [`PageError`].
pub async fn declare(State(app): State<Arc<App>>, reader: Reader, typed: Typed) -> Result<Response, PageError> {
    let scene = Scene::now(&app).await?;
    let mend = match read(&typed, &scene, &reader) {
        Ok(said) if typed.some("join").is_some() => match join(&app, &reader, &scene, &typed, &said).await? {
            Ok(joined) => return Ok(joined),
            Err(mend) => mend,
        },
        Ok(said) => {
            let same = same(&app, reader.sight(), &said.title, said.system.as_ref()).await?;
            let once = typed.once(&reader);
            let is_known = app.ops.was_done(once.as_ref()).await?;
            if !same.is_empty() && !is_known && typed.get("anyway") != "1" && !said.title.trim().is_empty() {
                return page_with(StatusCode::CONFLICT, &drawn(&app, &reader, as_typed(&typed, None), same).await?);
            }
            let then = reporter(&typed, &said);
            match app.ops.declare_and(OpenBy::Person(said), then, once).await {
                Ok(performed) => return Ok(receipt_of(&performed.folded.number, &typed)),
                Err(Failure::Refused(refusal)) => refused(&typed, refusal),
                Err(failure) => return Err(failure.into()),
            }
        }
        Err(wrong) => Mend::typing("declare", &typed, wrong),
    };
    let system = reading::system(&scene.org, typed.get("system")).ok();
    let same = same(&app, reader.sight(), typed.get("title"), system.as_ref()).await?;
    page_with(mend.status, &drawn(&app, &reader, as_typed(&typed, Some(&mend)), same).await?)
}

/// It is one that is open already: what was typed is added to its log, and nothing is declared.
async fn join(
    app: &App,
    reader: &Reader,
    scene: &Scene,
    typed: &Typed,
    said: &Declaration,
) -> Result<Result<Response, Mend>, PageError> {
    let number = typed.get("join");
    let desk = Desk::find(app, reader.sight(), number).await?;
    if !desk.incident.state.is_live() {
        let why = format!("Incident {number} is {} by now. If it goes on, declare it.", desk.incident.state.word());
        return Ok(Err(Mend::typing("declare", typed, vec![(None, why)])));
    }
    if said.title.trim().is_empty() {
        return Ok(Err(Mend::typing("declare", typed, vec![(Some("title"), "Write one line: what is wrong?".into())])));
    }
    let note = Act::Note { kind: NoteKind::Activity, text: reported(typed, said, scene), happened_at: None };
    let command = Command::Act { by: said.by.clone(), act: note };
    match app.ops.perform(&desk.subject, command, typed.once(reader)).await {
        Ok(_) => {
            let done = typed.act().map(|act| Done { what: "added-report".into(), act: act.to_owned(), entry: None });
            let query = done.map(|d| format!("?{}", d.to_query())).unwrap_or_default();
            Ok(Ok(Redirect::to(&format!("/incidents/{number}{query}#log")).into_response()))
        }
        Err(Failure::Refused(refusal)) => Ok(Err(refused(typed, refusal))),
        Err(failure) => Err(failure.into()),
    }
}

/// Everything that was typed, in words: nothing of it is lost.
fn reported(typed: &Typed, said: &Declaration, scene: &Scene) -> String {
    let mut text = format!("Reported again: {}", sentence(said.title.trim()));
    let mut say = |more: String| {
        text.push(' ');
        text.push_str(&more);
    };
    if let Some(down) = said.went_down {
        say(format!("Went down {}{}.", row::about(down), scene.times.at(down.at).text));
    }
    if let Some(extent) = said.affected {
        say(format!("Affected: {}.", extent.words()));
    }
    if let Some(severity) = said.severity {
        say(format!("Severity {} {}.", severity.number(), severity.word()));
    }
    if let Some(system) = said.system.as_ref().and_then(|id| scene.org.systems.get(id)) {
        say(format!("System: {}.", system.name));
    }
    say(format!("{} {}.", said.by.name, said.told.words()));
    if let Some(name) = typed.some("reporter").filter(|_| said.told == Told::Called) {
        say(format!("Reported by {}.", name.trim_end_matches('.')));
    }
    if let Some(at) = said.discovered_at {
        say(format!("Discovered {}.", scene.times.at(at).text));
    }
    text
}

fn receipt_of(number: &str, typed: &Typed) -> Response {
    let done = typed.act().map(|act| Done { what: "declared".into(), act: act.to_owned(), entry: None });
    let query = done.map(|d| format!("?{}", d.to_query())).unwrap_or_default();
    Redirect::to(&format!("/declared/{number}{query}")).into_response()
}

/// `GET /declared/{number}`: what happens now.
///
/// # Errors
/// 404 if there is no such incident.
pub async fn receipt(
    State(app): State<Arc<App>>,
    reader: Reader,
    Path(number): Path<String>,
) -> Result<Response, PageError> {
    let desk = Desk::find(&app, reader.sight(), &number).await?;
    let scene = Scene::now(&app).await?;
    let eyes = Eyes { me: &reader.id, role: reader.person.role, times: &scene.times };
    let incident = &desk.incident;
    page(&Receipt {
        shell: shell(&app, &reader, Place::Incidents).await?,
        number: incident.number.clone(),
        href: format!("/incidents/{}", incident.number),
        title: incident.title.clone(),
        at: scene.times.at_and_distance(incident.recorded_at),
        facts: what_now(incident, &app, &eyes),
        notices: gaps(incident),
    })
}

fn what_now(incident: &Incident, app: &App, eyes: &Eyes<'_>) -> Vec<Fact> {
    let mut facts = vec![Fact::new("Manager", row::manager(incident, eyes))];
    for list in
        calls::lists(incident, app.ops.up_since(), &Stamp::default(), eyes, false).iter().filter(|l| l.tell.is_empty())
    {
        let names: Vec<_> = list.people.iter().map(|p| p.name.as_str()).collect();
        facts.push(Fact::new("Muster calls", names.join(", then ")));
    }
    for duty in owed(incident).iter().filter(|d| d.id.kind == DutyKind::TellDirectly && d.settled.is_none()) {
        let what = Prose::from(format!("{} by ", duty.id.occurrence)).when(eyes.times.at(duty.due));
        let first = incident.tell(&duty.id.occurrence).and_then(|tell| tell.chain.first());
        let whom = first.map_or(what.clone(), |c| {
            let what = what.text(format!(": {}", eyes.name(&c.person)));
            let call = c.means.iter().find(|m| matches!(m.kind, MeansKind::Call | MeansKind::Sms));
            call.map_or(what.clone(), |m| what.text(", ").tel(&m.to))
        });
        facts.push(Fact::new("You call", whom));
    }
    if let Some(log) = duties::next(incident, eyes) {
        facts.push(Fact::new("Next due", log.what));
    }
    facts
}

/// What is missing, so that somebody can be named before it hurts.
fn gaps(incident: &Incident) -> Vec<Notice> {
    let mut gaps = Vec::new();
    if incident.systems.is_empty() {
        let text = "Name it on the incident's page, and its contacts and owner are known.";
        gaps.push(Notice::note("No system is named yet.", text));
    }
    for tell in incident.tells.iter().filter(|t| t.chain.is_empty()) {
        let text = "Record whom you spoke to under “I spoke to…”, and have the list completed.";
        gaps.push(Notice::warning(format!("Nobody is named to tell: {}.", tell.name), text));
    }
    gaps
}

async fn drawn(app: &App, reader: &Reader, form: Form, same: Vec<InList>) -> Result<Page, PageError> {
    let scene = Scene::now(app).await?;
    let mut frame = shell(app, reader, Place::Declare).await?;
    frame.live = None; // nothing may change under what is being typed
    let eyes = Eyes { me: &reader.id, role: reader.person.role, times: &scene.times };
    let tells =
        scene.org.policy.tell_directly.iter().map(|t| muster_core::words::lower_first(&t.name)).collect::<Vec<_>>();
    let mut then: Vec<Prose> = vec!["The contacts of the system are called, if you name one.".into()];
    if !tells.is_empty() {
        then.push(format!("You get the list of people to tell directly: {}.", tells.join(", then ")).into());
    }
    Ok(Page {
        shell: frame,
        stamp: Stamp { act: app.ops.request_id()?, seen: None },
        form,
        same: same.iter().map(|l| described(&l.incident, &eyes)).collect(),
        systems: scene.org.systems.values().map(|s| s.name.clone()).collect(),
        people: scene
            .org
            .people
            .values()
            .filter(|p| !p.gone && p.role > Role::Reader)
            .map(|p| p.name.clone())
            .collect(),
        then,
    })
}

fn described(incident: &Incident, eyes: &Eyes<'_>) -> Same {
    let about = Prose::from(format!("{}, found ", incident.title))
        .ticking(eyes.times.ago(incident.discovered_at))
        .text(format!(", manager: {}.", row::manager(incident, eyes)));
    Same { number: incident.number.clone(), href: format!("/incidents/{}", incident.number), about }
}

/// Open incidents that these eyes see and that may be the same: on the same system or one that it needs, or with the same words in their names.
pub(super) async fn same(
    app: &App,
    sight: Sight,
    title: &str,
    system: Option<&SystemId>,
) -> Result<Vec<InList>, Failure> {
    let read = async move |tx: &mut Tx| Ok::<_, Failure>(subjects::live(tx, &sight, OPEN_MOST).await?);
    let live = app.ops.db().read(read).await?.into_iter();
    let org = app.ops.organisation().await?;
    let mut fits: Vec<_> = live.filter(|l| may_be(&l.incident, title, system, &org)).collect();
    // What affects the very system comes before what it depends on, and before what only sounds alike.
    fits.sort_by_key(|l| !l.incident.systems.iter().any(|s| Some(&s.id) == system));
    fits.truncate(SAME_MOST);
    Ok(fits)
}

fn may_be(incident: &Incident, title: &str, system: Option<&SystemId>, org: &Organisation) -> bool {
    let hits = |id: &SystemId| incident.systems.iter().any(|s| s.id == *id || depends_on(&org.systems, id, &s.id));
    let same_system = system.is_some_and(hits);
    let (theirs, ours) = (words(&incident.title), words(title));
    let shared = theirs.intersection(&ours).count();
    // Of short titles one word in common is much, of long ones it is chance.
    let enough = theirs.len().min(ours.len()).div_ceil(2).max(1);
    same_system || (shared > 0 && shared >= enough)
}

fn words(title: &str) -> BTreeSet<String> {
    let words = title.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
    words.filter(|w| w.chars().count() >= WORD_MIN && !EMPTY_WORDS.contains(&w.as_str())).collect()
}

/// What a person says who declares, or everything that has to be mended.
fn read(typed: &Typed, scene: &Scene, reader: &Reader) -> Result<Declaration, Vec<Wrong>> {
    let now = scene.times.now();
    let mut wrong: Vec<Wrong> = Vec::new();
    let ago = |minutes| Some(Moment { at: later(now, -Span::from_mins(minutes)), estimate: true });
    let went_down = match typed.get("since") {
        "now" => ago(0),
        "10" => ago(10),
        "60" => ago(60),
        "unknown" | "" => None,
        "at" => match scene.times.read(typed.get("since-at")) {
            Ok(at) => Some(Moment { at, estimate: false }),
            Err(why) => {
                wrong.push((Some("since-at"), why));
                None
            }
        },
        _ => {
            wrong.push((Some("since"), "Choose one of the five.".into()));
            None
        }
    };
    let affected = match typed.get("affected") {
        "unknown" | "" => None,
        _ => typed.choice::<Extent>("affected").or_else(|| {
            wrong.push((Some("affected"), "Choose one of the five.".into()));
            None
        }),
    };
    let severity = match typed.get("severity") {
        "0" | "" => None,
        n => n.parse().ok().and_then(Severity::from_number).or_else(|| {
            wrong.push((Some("severity"), "Choose one of the five.".into()));
            None
        }),
    };
    let told = match typed.get("told") {
        "" => Told::default(),
        _ => typed.choice::<Told>("told").unwrap_or_else(|| {
            wrong.push((Some("told"), "Choose one of the four.".into()));
            Told::default()
        }),
    };
    let system = typed.some("system").and_then(|name| match reading::system(&scene.org, name) {
        Ok(id) => Some(id),
        Err(why) => {
            wrong.push((Some("system"), why));
            None
        }
    });
    let found_at = typed.some("found-at").filter(|_| told != Told::SawIt);
    let discovered_at = found_at.and_then(|text| match scene.times.read(text) {
        Ok(at) => Some(at),
        Err(why) => {
            wrong.push((Some("found-at"), why));
            None
        }
    });
    let led = typed.some("manager").filter(|_| told == Told::Paper);
    let manager = led.and_then(|text| match reading::named(&scene.org, text) {
        Ok(id) => Some(id),
        Err(why) => {
            wrong.push((Some("manager"), why));
            None
        }
    });
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let by = PersonRef { id: reader.id.clone(), name: reader.person.name.clone() };
    let title = typed.get("title").to_owned();
    Ok(Declaration { by, title, told, went_down, discovered_at, manager, affected, severity, system })
}

/// Who called stands in the log from its beginning (DIS-1).
fn reporter(typed: &Typed, said: &Declaration) -> Vec<Command> {
    let reporter = typed.some("reporter").filter(|_| said.told == Told::Called);
    let note = |name: &str| {
        let act = Act::Note { kind: NoteKind::Contact, text: format!("Reported by {name}."), happened_at: None };
        Command::Act { by: said.by.clone(), act }
    };
    let restrict = (typed.get("restricted") == "1").then(|| said.restricts());
    reporter.map(note).into_iter().chain(restrict).collect()
}

/// A refusal, at the input that it is about.
fn refused(typed: &Typed, refusal: muster_core::refusal::Refusal) -> Mend {
    let input = match refusal.field() {
        Some("title") => Some("title"),
        Some("went-down") => Some("since-at"),
        Some("discovered-at") => Some("found-at"),
        Some("manager") => Some("manager"),
        Some("system") => Some("system"),
        Some("text") => Some("reporter"),
        _ => None,
    };
    let problem = crate::web::error::Problem::from(refusal);
    Mend { status: problem.status, ..Mend::typing("declare", typed, vec![(input, problem.detail)]) }
}

/// The form as it was typed, with what has to be mended.
fn as_typed(typed: &Typed, mend: Option<&Mend>) -> Form {
    let field = |input: &str| mend.map_or_else(|| Field::of(typed.get(input)), |m| m.field(input));
    Form {
        title: field("title"),
        since: field("since"),
        since_at: field("since-at"),
        affected: field("affected"),
        severity: field("severity"),
        system: field("system"),
        told: field("told"),
        reporter: field("reporter"),
        found_at: field("found-at"),
        manager: field("manager"),
        restricted: field("restricted"),
        refused: mend.and_then(Mend::whole),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::access::{By, Visitor};
    use crate::web::pages::draw::sample::{Story, at, org};
    use crate::web::pages::frame::Taste;
    use axum::http::{HeaderMap, HeaderValue, header};
    use muster_core::directory::Person;
    use muster_core::system::System;

    fn typed(body: &str) -> Typed {
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        Typed::read("/declare", &HeaderMap::from_iter([(header::CONTENT_TYPE, form)]), body.as_bytes()).unwrap()
    }

    fn said(body: &str) -> Result<Declaration, Vec<Wrong>> {
        let visitor =
            Visitor { id: "ana".into(), person: Person::default(), by: By::Session(String::new()), limited: false };
        let reader = Reader { visitor, taste: Taste::default(), done: None, revision: 0 };
        read(&typed(body), &Scene::new(Arc::new(org()), at(60)), &reader)
    }

    #[test]
    fn one_line_is_enough() {
        let said = said("title=Nobody+can+print").unwrap();
        assert_eq!((said.title.as_str(), said.told), ("Nobody can print", Told::SawIt));
        assert!(said.went_down.is_none() && said.system.is_none() && said.severity.is_none());
    }

    // proves: DIS-2 when service went down may be an estimate, and is kept apart from when it was discovered
    #[test]
    fn everything_else_is_read_from_the_form() {
        let said =
            said("title=x&since=at&since-at=02:40&affected=group&severity=2&system=email&told=paper&found-at=02:50")
                .unwrap();
        assert_eq!(said.went_down, Some(Moment { at: at(9), estimate: false }));
        assert_eq!((said.affected, said.severity), (Some(Extent::Group), Some(Severity::Major)));
        assert_eq!((said.discovered_at, said.system), (Some(at(19)), Some("email".into())));
        let about = super::tests::said("title=x&since=10").unwrap().went_down.unwrap();
        assert!(about.estimate && about.at == at(50));
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let wrong =
            said("title=x&since=at&since-at=25:99&affected=cats&severity=9&system=Emial&told=a+bird").unwrap_err();
        let inputs: Vec<_> = wrong.iter().filter_map(|(input, _)| *input).collect();
        assert_eq!(inputs, ["since-at", "affected", "severity", "told", "system"]);
        let form = as_typed(
            &typed("title=kept&system=Emial"),
            Some(&Mend::typing("declare", &typed("title=kept&system=Emial"), wrong)),
        );
        assert_eq!(form.title, Field::of("kept"));
        assert_eq!(form.system.error.as_deref(), Some("There is no system named “Emial”. Choose one from the list."));
    }

    // proves: DIS-1 sources: the user support group, with who called on the record
    #[test]
    fn who_called_is_on_the_record() {
        let body = "title=x&told=called&reporter=Jo+4711";
        let commands = reporter(&typed(body), &said(body).unwrap());
        assert!(
            matches!(&commands[..], [Command::Act { act: Act::Note { text, .. }, .. }] if text == "Reported by Jo 4711.")
        );
        assert!(reporter(&typed("title=x&reporter=Jo"), &said("title=x&reporter=Jo").unwrap()).is_empty());
    }

    #[test]
    fn the_same_is_found_by_its_system_or_its_words() {
        let incident = Story::by_person().incident(); // "Nobody can log in to email", on Email
        let mut org = org();
        let portal = System { depends_on: [SystemId::from("email")].into(), ..System::default() };
        org.systems.insert("portal".into(), portal);
        for (title, system, expected) in [
            ("Email is slow", None, true),
            ("E-mail EMAIL", None, true),
            ("Nobody can log in to the portal", None, false),
            ("", None, false),
            ("The wireless is down", None, false),
            ("anything", Some("email"), true),
            ("anything", Some("wifi"), false),
            ("anything", Some("portal"), true), // which needs Email
        ] {
            let may_be = may_be(&incident, title, system.map(SystemId::from).as_ref(), &org);
            assert_eq!(may_be, expected, "{title} {system:?}");
        }
    }
}
