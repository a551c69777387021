//! Who works on systems, and who wants to disrupt them.

use super::ask::{Asked, Asking, page_of};
use super::dto::SystemName;
use super::dto::claims::{
    AllWork, AtWork, ClaimDone, Disruption, GoOver, LetHappen, MakeAsk, MakeClaim, NoteOnSystem, Nothing, Reason,
    Release, Renew, Work, claim_of,
};
use super::dto::directory::Contact;
use super::dto::incident::{Entries, LogEntry};
use super::incidents::From;
use crate::app::App;
use crate::ops::access::Visitor;
use crate::ops::{Failure, Performed};
use crate::store::{Tx, subjects};
use crate::web::error::{ApiError, Problem};
use crate::web::guard::May;
use axum::Json;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use muster_core::claim::{Asking as Wish, Claiming, Claims, Command};
use muster_core::directory::Organisation;
use muster_core::entry::Via;
use muster_core::ids::{PersonId, SystemId};
use muster_core::incident::on_call;
use muster_core::refusal::Refusal;
use muster_core::system::of_host;
use std::sync::Arc;

/// The system of an address, and the host, if the address names one; with an entry of its log, if it goes on.
pub struct Place {
    org: Arc<Organisation>,
    system: SystemId,
    host: String,
    entry: Option<u64>,
}

impl FromRequestParts<Arc<App>> for Place {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let wrong = |_| Problem::not_found("system");
        let named = Path::<Vec<(String, String)>>::from_request_parts(parts, app).await.map_err(wrong)?.0;
        let value = |name: &str| named.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
        let org = app.ops.organisation().await?;
        let (system, host) = resolve(&org, value("id").unwrap_or_default())?;
        let entry = match value("entry") {
            Some(text) => Some(text.parse().map_err(|_| Problem::not_found("entry of that system"))?),
            None => None,
        };
        Ok(Self { org, system, host, entry })
    }
}

impl Place {
    fn entry(&self) -> u64 {
        self.entry.unwrap_or_default()
    }

    fn host(&self, said: Option<&String>) -> String {
        said.cloned().unwrap_or_else(|| self.host.clone())
    }
}

/// What somebody means by a word: a system's name, or a host's, whose system the mapping rules know.
///
/// # Errors
/// 404, with what to do.
pub fn resolve(org: &Organisation, word: &str) -> Result<(SystemId, String), Problem> {
    let id = SystemId::from(word);
    if org.systems.contains_key(&id) {
        return Ok((id, String::new()));
    }
    let system = of_host(&org.rules, word).filter(|id| org.systems.contains_key(*id));
    system.map(|id| (id.clone(), word.to_owned())).ok_or_else(|| {
        let detail = format!(
            "No system is named “{word}”, and no mapping rule says on which system a host of that name works. \
             muster oncall lists the systems."
        );
        Problem::new(StatusCode::NOT_FOUND, "not-found", detail)
    })
}

/// Everybody who is at work, and everybody who waits.
#[utoipa::path(
    get,
    path = "/api/v1/claims",
    operation_id = "claims",
    tag = "claims",
    responses((status = 200, description = "All of it", body = AllWork))
)]
pub(super) async fn all(State(app): State<Arc<App>>) -> Result<Json<AllWork>, ApiError> {
    let (org, all) = (app.ops.organisation().await?, app.ops.who_works_where().await?);
    let waiting = all.iter().flat_map(|c| c.open_asks().map(|a| Disruption::of(c, a)));
    Ok(Json(AllWork {
        at_work: all.iter().flat_map(|c| c.live().map(|claim| claim_of(c, claim))).collect(),
        waiting: waiting.collect(),
        time_zone: org.organisation.time_zone.clone(),
    }))
}

/// Who is at work on a system and on what hangs together with it, and who waits. The address may name a host.
#[utoipa::path(
    get,
    path = "/api/v1/systems/{id}/claims",
    operation_id = "work_on_system",
    tag = "claims",
    params(("id" = String, Path, description = "Name of a system, or of a host that a mapping rule names")),
    responses((status = 200, description = "The work on it", body = Work))
)]
pub(super) async fn show(State(app): State<Arc<App>>, by: Visitor, place: Place) -> Result<Json<Work>, ApiError> {
    Ok(Json(work(&app, &by, &place).await?))
}

async fn work(app: &App, by: &Visitor, place: &Place) -> Result<Work, ApiError> {
    let known = app.ops.who_works_on(&place.system).await?;
    let system = place.org.systems.get(&place.system);
    let with_means = May::Respond.allows(by.person.role);
    let claims = known.claims.as_ref();
    Ok(Work {
        system: SystemName {
            id: place.system.0.clone(),
            name: system.map_or_else(|| place.system.0.clone(), |s| s.name.clone()),
        },
        host: place.host.clone(),
        url: format!("{}/systems/{}#who", app.ops.public_url(), place.system),
        time_zone: place.org.organisation.time_zone.clone(),
        at_work: claims.map(|c| c.live().map(|claim| claim_of(c, claim)).collect()).unwrap_or_default(),
        elsewhere: known.around.elsewhere.iter().map(Into::into).collect(),
        waiting: claims.map(|c| c.open_asks().map(|a| Disruption::of(c, a)).collect()).unwrap_or_default(),
        incidents: known.around.incidents.iter().filter_map(|i| i.number.clone()).collect(),
        contacts: on_call(&place.org, system, app.ops.channels()).iter().map(|c| Contact::of(c, with_means)).collect(),
    })
}

/// The log of a system, oldest entry first: who worked on it, who wanted to disrupt it, who was asked, what was changed.
#[utoipa::path(
    get,
    path = "/api/v1/systems/{id}/entries",
    operation_id = "system_entries",
    tag = "claims",
    params(("id" = String, Path, description = "Name of a system, or of a host that a mapping rule names"), From),
    responses((status = 200, description = "A page of it", body = Entries))
)]
pub(super) async fn entries(
    State(app): State<Arc<App>>,
    by: Visitor,
    place: Place,
    Asking(from): Asking<From>,
) -> Result<Json<Entries>, ApiError> {
    let (most, after) = (page_of(from.limit)?, from.after.min(i64::MAX.unsigned_abs()));
    let known = app.ops.who_works_on(&place.system).await?;
    let (Some(subject), Some(claims)) = (known.subject, known.claims) else {
        let time_zone = place.org.organisation.time_zone.clone();
        return Ok(Json(Entries { entries: Vec::new(), time_zone, next: None }));
    };
    let sight = by.sight();
    let page =
        async move |tx: &mut Tx| Ok::<_, Failure>(subjects::entries_page(tx, &sight, &subject, after, most).await?);
    let (entries, next) = app.ops.db().read(page).await?;
    Ok(Json(Entries {
        next,
        entries: entries.iter().map(|e| LogEntry::of_system(e, &claims)).collect(),
        time_zone: claims.time_zone.clone(),
    }))
}

/// Say that somebody works on a system. Whoever else does is told at once.
#[utoipa::path(
    post,
    path = "/api/v1/systems/{id}/claims",
    operation_id = "claim",
    tag = "claims",
    params(("id" = String, Path, description = "Name of a system, or of a host that a mapping rule names")),
    request_body = MakeClaim,
    responses((status = 200, description = "Claimed", body = ClaimDone))
)]
pub(super) async fn claim(place: Place, asked: Asked<MakeClaim>) -> Result<Json<ClaimDone>, ApiError> {
    let (by, body, now) = (asked.person(), &asked.body, asked.app.ops.now());
    let claiming = Claiming {
        by: by.clone(),
        person: body.person.clone().map(PersonId),
        what: body.what.clone(),
        host: place.host(body.host.as_ref()),
        until: body.ends(now),
        disruptive: body.disruptive,
        session: body.session.clone(),
        ask: body.ask,
    };
    let (who, session) = (claiming.person.clone().unwrap_or(by.id), claiming.session.clone());
    let performed = asked.app.ops.work(&place.system, Command::Claim(claiming), asked.once.clone()).await?;
    let mine = performed.folded.live().filter(|c| c.person.id == who && c.session == session);
    let claim = mine.last().map(|c| claim_of(&performed.folded, c));
    done(&asked.app, &asked.by, &place, claim, Some(&who)).await
}

async fn done(
    app: &App,
    by: &Visitor,
    place: &Place,
    claim: Option<AtWork>,
    who: Option<&PersonId>,
) -> Result<Json<ClaimDone>, ApiError> {
    let work = work(app, by, place).await?;
    let all = work.at_work.iter().chain(&work.elsewhere);
    let others = all.filter(|w| who.is_none_or(|who| w.person.id != who.0)).cloned().collect();
    Ok(Json(ClaimDone { claim, others, work }))
}

/// The claim of an address, as it is after something was done to it.
fn that(performed: &Performed<Claims>, place: &Place) -> Option<AtWork> {
    let claim = performed.folded.claim(place.entry()).filter(|c| c.is_live());
    claim.map(|c| claim_of(&performed.folded, c))
}

/// Work on for longer.
#[utoipa::path(
    post,
    path = "/api/v1/systems/{id}/claims/{entry}/renew",
    operation_id = "renew_claim",
    tag = "claims",
    params(("id" = String, Path, description = "Name of a system"), ("entry" = u64, Path, description = "The claim")),
    request_body = Renew,
    responses((status = 200, description = "Renewed", body = ClaimDone))
)]
pub(super) async fn renew(place: Place, asked: Asked<Renew>) -> Result<Json<ClaimDone>, ApiError> {
    let minutes = asked.body.minutes.map(|m| jiff::SignedDuration::from_mins(m.into()));
    let until = asked.body.until.or_else(|| minutes.map(|m| muster_core::later(asked.app.ops.now(), m)));
    let until = until.ok_or(Refusal::Missing { field: "until", ask: "Write until about when." })?;
    let (by, person) = (asked.person(), asked.body.person.clone().map(PersonId));
    let who = person.clone().unwrap_or_else(|| by.id.clone());
    let command = Command::Renew { by, person, claim: place.entry(), until };
    let performed = asked.app.ops.work(&place.system, command, asked.once.clone()).await?;
    done(&asked.app, &asked.by, &place, that(&performed, &place), Some(&who)).await
}

/// Say that you are done, and what you changed.
#[utoipa::path(
    post,
    path = "/api/v1/systems/{id}/claims/{entry}/release",
    operation_id = "release_claim",
    tag = "claims",
    params(("id" = String, Path, description = "Name of a system"), ("entry" = u64, Path, description = "The claim")),
    request_body = Release,
    responses((status = 200, description = "Released", body = ClaimDone))
)]
pub(super) async fn release(place: Place, asked: Asked<Release>) -> Result<Json<ClaimDone>, ApiError> {
    let (by, body) = (asked.person(), &asked.body);
    let person = body.person.clone().map(PersonId);
    let who = person.clone().unwrap_or_else(|| by.id.clone());
    let (changed, logged_out) = (body.changed.clone(), body.logged_out);
    let command = Command::Release { by, person, claim: place.entry(), changed, logged_out };
    let performed = asked.app.ops.work(&place.system, command, asked.once.clone()).await?;
    done(&asked.app, &asked.by, &place, that(&performed, &place), Some(&who)).await
}

/// Say that somebody who is only logged in is gone. What somebody claims is ended by who leads.
#[utoipa::path(
    post,
    path = "/api/v1/systems/{id}/claims/{entry}/gone",
    operation_id = "end_claim_of_who_is_gone",
    tag = "claims",
    params(("id" = String, Path, description = "Name of a system"), ("entry" = u64, Path, description = "The claim")),
    request_body = Reason,
    responses((status = 200, description = "Ended", body = ClaimDone))
)]
pub(super) async fn gone(place: Place, asked: Asked<Reason>) -> Result<Json<ClaimDone>, ApiError> {
    let (by, reason) = (asked.person(), asked.body.reason.clone());
    let command = Command::SayGone { by, claim: place.entry(), reason };
    let performed = asked.app.ops.work(&place.system, command, asked.once.clone()).await?;
    done(&asked.app, &asked.by, &place, that(&performed, &place), Some(&asked.by.id)).await
}

/// Write into a system's log what happened to it, such as what was done while Muster was away.
#[utoipa::path(
    post,
    path = "/api/v1/systems/{id}/notes",
    operation_id = "note_on_system",
    tag = "claims",
    params(("id" = String, Path, description = "Name of a system, or of a host that a mapping rule names")),
    request_body = NoteOnSystem,
    responses((status = 200, description = "Written", body = Work))
)]
pub(super) async fn note(place: Place, asked: Asked<NoteOnSystem>) -> Result<Json<Work>, ApiError> {
    let (by, body) = (asked.person(), &asked.body);
    let (person, text) = (body.person.clone().map(PersonId), body.text.clone());
    let command = Command::Note { by, person, text, happened_at: body.happened_at };
    asked.app.ops.work(&place.system, command, asked.once.clone()).await?;
    Ok(Json(work(&asked.app, &asked.by, &place).await?))
}

/// Ask to disrupt a system: everybody at work on it or on what hangs together with it is asked, and its contacts.
#[utoipa::path(
    post,
    path = "/api/v1/systems/{id}/disruptions",
    operation_id = "ask_to_disrupt",
    tag = "claims",
    params(("id" = String, Path, description = "Name of a system, or of a host that a mapping rule names")),
    request_body = MakeAsk,
    responses((status = 200, description = "Asked; `state` says whether it is settled already", body = Disruption))
)]
pub(super) async fn ask(place: Place, asked: Asked<MakeAsk>) -> Result<Json<Disruption>, ApiError> {
    let by = asked.person();
    let asking = Wish {
        by: by.clone(),
        person: asked.body.person.clone().map(PersonId),
        what: asked.body.what.clone(),
        host: place.host(asked.body.host.as_ref()),
    };
    let who = asking.person.clone().unwrap_or(by.id);
    let performed = asked.app.ops.work(&place.system, Command::Ask(asking), asked.once.clone()).await?;
    let claims = &performed.folded;
    let newest = claims.asks.iter().rev().find(|a| a.person.id == who);
    let newest = newest.ok_or_else(|| Problem::not_found("request on that system"))?;
    Ok(Json(Disruption::of(claims, newest)))
}

/// Whether it may begin, who was asked, and what they say.
#[utoipa::path(
    get,
    path = "/api/v1/systems/{id}/disruptions/{entry}",
    operation_id = "disruption",
    tag = "claims",
    params(("id" = String, Path, description = "Name of a system"), ("entry" = u64, Path, description = "The request")),
    responses((status = 200, description = "How it stands", body = Disruption))
)]
pub(super) async fn asked(State(app): State<Arc<App>>, place: Place) -> Result<Json<Disruption>, ApiError> {
    let claims = app.ops.who_works_on(&place.system).await?.claims;
    Ok(Json(stands(claims.as_ref(), &place)?))
}

fn stands(claims: Option<&Claims>, place: &Place) -> Result<Disruption, Problem> {
    let none = || Problem::not_found("request on that system");
    let claims = claims.ok_or_else(none)?;
    claims.ask(place.entry()).map(|a| Disruption::of(claims, a)).ok_or_else(none)
}

/// Answer a request that asks you.
#[utoipa::path(
    post,
    path = "/api/v1/systems/{id}/disruptions/{entry}/answer",
    operation_id = "answer_disruption",
    tag = "claims",
    params(("id" = String, Path, description = "Name of a system"), ("entry" = u64, Path, description = "The request")),
    request_body = LetHappen,
    responses((status = 200, description = "How it stands", body = Disruption))
)]
pub(super) async fn answer(place: Place, asked: Asked<LetHappen>) -> Result<Json<Disruption>, ApiError> {
    let known = asked.app.ops.who_works_on(&place.system).await?.claims;
    let person = asked.by.id.clone();
    let search = known.as_ref().and_then(|c| c.asked(c.ask(place.entry())?, &person));
    let summons = search.map(|s| s.id.clone()).ok_or(Refusal::NotAsked)?;
    let command = Command::Answer { summons, person, answer: asked.body.answer, via: Via::Login };
    let performed = asked.app.ops.work(&place.system, command, asked.once.clone()).await?;
    Ok(Json(stands(Some(&performed.folded), &place)?))
}

/// Go over those who are at work, with a reason. As Incident Manager of an incident on it, or management; anybody else may,
/// and the log says that nobody allowed it.
#[utoipa::path(
    post,
    path = "/api/v1/systems/{id}/disruptions/{entry}/override",
    operation_id = "override_disruption",
    tag = "claims",
    params(("id" = String, Path, description = "Name of a system"), ("entry" = u64, Path, description = "The request")),
    request_body = GoOver,
    responses((status = 200, description = "It may begin", body = Disruption))
)]
pub(super) async fn go_over(place: Place, asked: Asked<GoOver>) -> Result<Json<Disruption>, ApiError> {
    let (person, reason) = (asked.body.person.clone().map(PersonId), asked.body.reason.clone());
    let command = Command::Override { by: asked.person(), person, ask: place.entry(), reason };
    let performed = asked.app.ops.work(&place.system, command, asked.once.clone()).await?;
    Ok(Json(stands(Some(&performed.folded), &place)?))
}

/// Take your request back.
#[utoipa::path(
    post,
    path = "/api/v1/systems/{id}/disruptions/{entry}/withdraw",
    operation_id = "withdraw_disruption",
    tag = "claims",
    params(("id" = String, Path, description = "Name of a system"), ("entry" = u64, Path, description = "The request")),
    request_body = Nothing,
    responses((status = 200, description = "Nobody is asked any more", body = Disruption))
)]
pub(super) async fn withdraw(place: Place, asked: Asked<Nothing>) -> Result<Json<Disruption>, ApiError> {
    let command = Command::Withdraw { by: asked.person(), ask: place.entry() };
    let performed = asked.app.ops.work(&place.system, command, asked.once.clone()).await?;
    Ok(Json(stands(Some(&performed.folded), &place)?))
}
