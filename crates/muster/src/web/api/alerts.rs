//! Alerts: what came in, in which account it stands, and why.

use super::ask::{Asking, PAGE_MAX, page_of};
use super::cursor;
use super::dto::alert::{Alert, Alerts, FullAlert};
use crate::app::App;
use crate::ops::Failure;
use crate::ops::access::Visitor;
use crate::store::alerts::{self, StoredAlert};
use crate::store::{Error, Sight, Tx, subjects};
use crate::web::error::{ApiError, Problem};
use axum::Json;
use axum::extract::{Path, State};
use muster_core::alert::Account;
use muster_core::at_ms;
use muster_core::ids::AlertId;
use muster_core::refusal::Refusal;
use serde::Deserialize;
use std::sync::Arc;
use utoipa::IntoParams;

/// Longest id of an alert that is looked for; ours are shorter.
const ID_MAX: usize = 64;

/// Which alerts.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// Only those in this account.
    #[param(schema_with = super::dto::words::account)]
    account: Option<String>,
    /// What the page before gave as `next`.
    cursor: Option<String>,
    /// How many: 1 to 200, 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// Alerts, the one that last said something new first.
#[utoipa::path(
    get,
    path = "/api/v1/alerts",
    operation_id = "alerts",
    tag = "alerts",
    params(Which),
    responses((status = 200, description = "A page of them", body = Alerts))
)]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    by: Visitor,
    Asking(which): Asking<Which>,
) -> Result<Json<Alerts>, ApiError> {
    let sight = by.sight();
    let most = page_of(which.limit)?;
    let account = which.account.as_deref().map(account_named).transpose()?;
    let before = which.cursor.as_deref().map(cursor::read).transpose()?.map(|(at, id)| (at_ms(at), AlertId(id)));
    let page = async move |tx: &mut Tx| {
        let mut page = Vec::new();
        for stored in alerts::page(tx, &sight, account, before.clone(), most + 1).await? {
            let number = incident_of(tx, &sight, &stored).await?;
            page.push((stored, number));
        }
        Ok::<_, Failure>(page)
    };
    let mut listed = app.ops.db().read(page).await?;
    let next = cursor::cut(&mut listed, most, |(last, _)| (last.changed_at.as_millisecond(), last.alert.id.0.clone()));
    Ok(Json(Alerts { alerts: listed.iter().map(|(a, number)| Alert::of(a, number.clone())).collect(), next }))
}

async fn incident_of(tx: &mut Tx, sight: &Sight, stored: &StoredAlert) -> Result<Option<String>, Error> {
    match &stored.alert.subject {
        Some(subject) => subjects::number_of(tx, sight, subject).await,
        None => Ok(None),
    }
}

fn account_named(word: &str) -> Result<Account, Problem> {
    Account::from_word(word).ok_or_else(|| {
        let known: Vec<_> = Account::ALL.into_iter().map(Account::word).collect();
        let why = format!("There is no account “{word}”. Use one of: {}.", known.join(", "));
        Refusal::Senseless { field: "account", why }.into()
    })
}

/// All of an alert, with its newest signals.
#[utoipa::path(
    get,
    path = "/api/v1/alerts/{id}",
    operation_id = "alert",
    tag = "alerts",
    params(("id" = String, Path, description = "Its id")),
    responses((status = 200, description = "The alert", body = FullAlert))
)]
pub(super) async fn show(
    State(app): State<Arc<App>>,
    by: Visitor,
    Path(id): Path<String>,
) -> Result<Json<FullAlert>, ApiError> {
    if id.len() > ID_MAX || !id.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(Problem::not_found("alert").into());
    }
    let (id, sight) = (AlertId(id), by.sight());
    let load = async move |tx: &mut Tx| {
        let stored = alerts::see(tx, &sight, &id).await?.ok_or(Failure::NotFound("alert"))?;
        let number = incident_of(tx, &sight, &stored).await?;
        let newest = alerts::signals(tx, &id, PAGE_MAX).await?;
        Ok::<_, Failure>(FullAlert::of(&stored, number, &newest))
    };
    Ok(Json(app.ops.db().read(load).await?))
}
