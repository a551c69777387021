//! The directory: people, systems, and who is on call.

use super::ask::{Asking, page_of};
use super::dto::PersonName;
use super::dto::directory::{Contact, Me, MeansOf, OnCall, OnCallFor, People, Person, Population, System, Systems};
use crate::app::App;
use crate::ops::Failure;
use crate::ops::access::Visitor;
use crate::store::{Tx, subjects};
use crate::web::error::{ApiError, Problem};
use crate::web::guard::May;
use axum::Json;
use axum::extract::{Path, State};
use muster_core::directory::Organisation;
use muster_core::ids::{PersonId, SystemId};
use muster_core::incident::on_call;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;
use utoipa::IntoParams;

/// Most open incidents that are held against the systems; beyond this the list says less.
const OPEN_AT_MOST: u32 = 500;

/// From where in the directory.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct From {
    /// What the page before gave as `next`: only names after this one.
    cursor: Option<String>,
    /// How many: 1 to 200, 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

impl From {
    /// The items of the page, and the cursor of the next.
    fn cut<'a, K, V>(&self, all: &'a BTreeMap<K, V>, id: fn(&str) -> K) -> Result<(Page<'a, K, V>, Option<K>), Problem>
    where
        K: Ord + Clone,
    {
        let most = page_of(self.limit)? as usize;
        let from = self.cursor.as_deref().map_or(Bound::Unbounded, |c| Bound::Excluded(id(c)));
        let mut page: Vec<_> = all.range((from, Bound::Unbounded)).take(most + 1).collect();
        let more = page.len() > most;
        page.truncate(most);
        let next = page.last().filter(|_| more).map(|(last, _)| (*last).clone());
        Ok((page, next))
    }
}

type Page<'a, K, V> = Vec<(&'a K, &'a V)>;

fn name(org: &Organisation, id: &PersonId) -> PersonName {
    (&org.person_ref(id)).into()
}

/// The people of the directory. How to reach them is for those who work on incidents.
#[utoipa::path(
    get,
    path = "/api/v1/people",
    tag = "directory",
    params(From),
    responses((status = 200, description = "A page of them", body = People))
)]
pub(super) async fn people(
    State(app): State<Arc<App>>,
    by: Visitor,
    Asking(from): Asking<From>,
) -> Result<Json<People>, ApiError> {
    let org = app.ops.organisation().await?;
    let (page, next) = from.cut(&org.people, |id| PersonId::from(id))?;
    let people = page.into_iter().map(|(id, p)| shown(id, p, &by)).collect();
    Ok(Json(People { people, next: next.map(|id| id.0) }))
}

/// One person of the directory.
#[utoipa::path(
    get,
    path = "/api/v1/people/{id}",
    tag = "directory",
    params(("id" = String, Path, description = "Name in the directory")),
    responses((status = 200, description = "The person", body = Person))
)]
pub(super) async fn person(
    State(app): State<Arc<App>>,
    by: Visitor,
    Path(id): Path<PersonId>,
) -> Result<Json<Person>, ApiError> {
    let org = app.ops.organisation().await?;
    let known = org.people.get(&id).ok_or_else(|| Problem::not_found("person"))?;
    Ok(Json(shown(&id, known, &by)))
}

fn shown(id: &PersonId, person: &muster_core::directory::Person, by: &Visitor) -> Person {
    let with_means = May::Respond.allows(by.person.role);
    Person {
        id: id.0.clone(),
        name: person.name.clone(),
        title: person.title.clone(),
        role: person.role,
        gone: person.gone,
        means: if with_means { person.means.iter().map(MeansOf::from).collect() } else { Vec::new() },
    }
}

/// The systems of the directory, and which incidents affect them now.
#[utoipa::path(
    get,
    path = "/api/v1/systems",
    tag = "directory",
    params(From),
    responses((status = 200, description = "A page of them", body = Systems))
)]
pub(super) async fn systems(
    State(app): State<Arc<App>>,
    by: Visitor,
    Asking(from): Asking<From>,
) -> Result<Json<Systems>, ApiError> {
    let org = app.ops.organisation().await?;
    let sight = by.sight();
    let live = async move |tx: &mut Tx| Ok::<_, Failure>(subjects::live(tx, &sight, OPEN_AT_MOST).await?);
    let live = app.ops.db().read(live).await?;
    let affects = |id: &SystemId| {
        let here = live.iter().filter(|l| l.incident.systems.iter().any(|s| s.id == *id));
        here.map(|l| l.incident.number.clone()).collect()
    };
    let (page, next) = from.cut(&org.systems, |id| SystemId::from(id))?;
    let system = |(id, s): (&SystemId, &muster_core::system::System)| System {
        id: id.0.clone(),
        name: s.name.clone(),
        scope: s.scope.word().to_owned(),
        owner: s.owner.as_ref().map(|p| name(&org, p)),
        contacts: s.contacts.iter().map(|p| name(&org, p)).collect(),
        depends_on: s.depends_on.iter().map(|d| d.0.clone()).collect(),
        populations: s.populations.iter().filter_map(|p| population(&org, p)).collect(),
        agreement: s.agreement.clone(),
        incidents: affects(id),
    };
    Ok(Json(Systems { systems: page.into_iter().map(system).collect(), next: next.map(|id| id.0) }))
}

fn population(org: &Organisation, id: &muster_core::ids::PopulationId) -> Option<Population> {
    let known = org.populations.get(id)?;
    Some(Population { id: id.0.clone(), name: known.name.clone(), head_count: known.head_count })
}

/// Who would be asked about each system now, in the order to try.
#[utoipa::path(
    get,
    path = "/api/v1/oncall",
    tag = "directory",
    params(From),
    responses((status = 200, description = "A page of them", body = OnCall))
)]
pub(super) async fn oncall(
    State(app): State<Arc<App>>,
    by: Visitor,
    Asking(from): Asking<From>,
) -> Result<Json<OnCall>, ApiError> {
    let org = app.ops.organisation().await?;
    let with_means = May::Respond.allows(by.person.role);
    let contacts = |system: Option<&muster_core::system::System>| {
        on_call(&org, system, app.ops.channels()).iter().map(|c| Contact::of(c, with_means)).collect()
    };
    let (page, next) = from.cut(&org.systems, |id| SystemId::from(id))?;
    let of = |(id, s): (&SystemId, &muster_core::system::System)| OnCallFor {
        id: id.0.clone(),
        name: s.name.clone(),
        contacts: contacts(Some(s)),
    };
    Ok(Json(OnCall {
        systems: page.into_iter().map(of).collect(),
        otherwise: contacts(None),
        next: next.map(|id| id.0),
    }))
}

/// Who you are, and where.
#[utoipa::path(
    get,
    path = "/api/v1/me",
    tag = "directory",
    responses((status = 200, description = "You", body = Me))
)]
pub(super) async fn me(State(app): State<Arc<App>>, by: Visitor) -> Result<Json<Me>, ApiError> {
    let org = app.ops.organisation().await?;
    Ok(Json(Me {
        id: by.id.0.clone(),
        name: by.person.name.clone(),
        role: by.person.role,
        organisation: org.organisation.name.clone(),
        time_zone: org.organisation.time_zone.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }))
}
