//! Versions of the procedure.

use super::ask::Asked;
use super::dto::claims::Nothing;
use super::dto::versions::{
    BeginVersion, DeclineVersion, DropVersion, EditVersion, ForceVersion, FrameVersion, SignVersion, Version,
    VersionDone, Versions, WholeVersion,
};
use crate::app::App;
use crate::ops::Performed;
use crate::web::error::{ApiError, Problem};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use muster_core::ids::{AreaId, PersonRef};
use muster_core::version::{self, Command};
use std::sync::Arc;

type Done = Result<Json<VersionDone>, ApiError>;

/// Every version of the procedure.
#[utoipa::path(
    get,
    path = "/api/v1/policy",
    operation_id = "versions",
    tag = "policy",
    responses((status = 200, description = "All of them, the newest first", body = Versions))
)]
pub(super) async fn list(State(app): State<Arc<App>>) -> Result<Json<Versions>, ApiError> {
    let versions = app.ops.versions().await?.iter().map(Version::from).collect();
    Ok(Json(Versions { versions }))
}

/// One version with all that it says.
#[utoipa::path(
    get,
    path = "/api/v1/policy/{number}",
    operation_id = "version",
    tag = "policy",
    params(("number" = u32, Path, description = "Its number")),
    responses((status = 200, description = "The version", body = WholeVersion))
)]
pub(super) async fn show(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
) -> Result<Json<WholeVersion>, ApiError> {
    let (version, _) = app.ops.version(numbered(&number)?).await?;
    let (policy, procedure) = (version.body.policy.clone(), version.body.procedure.clone());
    Ok(Json(WholeVersion { version: (&version).into(), policy, procedure }))
}

/// Begin a version from the one that is in force.
#[utoipa::path(
    post,
    path = "/api/v1/policy",
    operation_id = "begin_version",
    tag = "policy",
    request_body = BeginVersion,
    responses((status = 201, description = "Begun", body = VersionDone))
)]
pub(super) async fn begin(asked: Asked<BeginVersion>) -> Result<(StatusCode, Json<VersionDone>), ApiError> {
    let by = asked.person();
    let begun = asked.app.ops.draft_version(by, asked.body.into(), asked.once).await?;
    Ok((StatusCode::CREATED, Json(done(&begun))))
}

fn done(performed: &Performed<version::Version>) -> VersionDone {
    VersionDone { version: (&performed.folded).into(), entries: performed.entries.clone() }
}

/// Which version an address names.
fn numbered(number: &str) -> Result<u32, Problem> {
    number.parse().map_err(|_| Problem::not_found("version"))
}

macro_rules! acts {
    ($($(#[doc = $doc:literal])+ $name:ident $path:literal $Body:ident $command:expr;)+) => {$(
        $(#[doc = $doc])+
        #[utoipa::path(
            post,
            path = $path,
            tag = "policy",
            params(("number" = u32, Path, description = "Its number")),
            request_body = $Body,
            responses((status = 200, description = "Done", body = VersionDone))
        )]
        pub(super) async fn $name(Path(number): Path<String>, asked: Asked<$Body>) -> Done {
            let command: fn($Body, PersonRef) -> Command = $command;
            let by = asked.person();
            let (app, command) = (asked.app, command(asked.body, by));
            Ok(Json(done(&app.ops.change_version(numbered(&number)?, command, asked.once).await?)))
        }
    )+};
}

/// Write a part of a draft anew: some of its figures, its checklist, or the words of a component.
#[utoipa::path(
    post,
    path = "/api/v1/policy/{number}/edit",
    tag = "policy",
    params(("number" = u32, Path, description = "Its number")),
    request_body = EditVersion,
    responses((status = 200, description = "Done", body = VersionDone))
)]
pub(super) async fn edit_version(Path(number): Path<String>, asked: Asked<EditVersion>) -> Done {
    let (by, number) = (asked.person(), numbered(&number)?);
    let (version, _) = asked.app.ops.version(number).await?;
    let seen = asked.body.seen.or(Some(version.seq));
    let command = Command::Edit { by, to: asked.body.to.of(&version)?, seen };
    Ok(Json(done(&asked.app.ops.change_version(number, command, asked.once).await?)))
}

acts! {
    /// Say anew why a draft is made, who signs it and from when: all of it, as where it is begun.
    frame_version "/api/v1/policy/{number}/frame" FrameVersion |b, by| Command::Frame { by, seen: b.seen, drafting: b.frame.into() };
    /// Give up a version that never held.
    drop_version "/api/v1/policy/{number}/drop" DropVersion |b, by| Command::Drop { by, reason: b.reason };
    /// Ask the groups to sign it.
    propose_version "/api/v1/policy/{number}/propose" Nothing |_, by| Command::Propose { by };
    /// Sign it for a group.
    sign_version "/api/v1/policy/{number}/sign" SignVersion |b, by| Command::Sign { by, area: AreaId(b.area), seen: b.seen };
    /// Do not sign it for a group, and say what it asks for instead.
    decline_version "/api/v1/policy/{number}/decline" DeclineVersion |b, by| Command::Decline { by, area: AreaId(b.area), reason: b.reason };
    /// Put it in force over sign-offs that are missing, with the reason.
    force_version "/api/v1/policy/{number}/force" ForceVersion |b, by| Command::Force { by, reason: b.reason };
}
