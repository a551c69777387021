//! Linking and merging incidents.

use super::ask::{Asked, Of, done};
use super::dto::incident::Done;
use super::dto::links::{Link, Merge, Unlink};
use crate::ops::links::Tying;
use crate::web::error::ApiError;
use axum::Json;

macro_rules! ties {
    ($($(#[doc = $doc:literal])+ $name:ident $path:literal $Body:ident $tying:expr;)+) => {$(
        $(#[doc = $doc])+
        #[utoipa::path(
            post,
            path = $path,
            tag = "incidents",
            params(("number" = String, Path, description = "Reference number, such as 2026-041")),
            request_body = $Body,
            responses((status = 200, description = "Done", body = Done))
        )]
        pub(super) async fn $name(of: Of, asked: Asked<$Body>) -> Result<Json<Done>, ApiError> {
            let by = asked.person();
            let tying: fn(&$Body) -> Tying = $tying;
            let (app, tying) = (&asked.app, tying(&asked.body));
            let performed = app.ops.tie(by, &of.subject, &asked.body.number, tying, asked.once).await?;
            Ok(Json(done(app, performed)))
        }
    )+};
}

ties! {
    /// Say that this incident and another hang together; both logs say so.
    link "/api/v1/incidents/{number}/link" Link |b| Tying::Link(b.how);
    /// Say that they do not after all.
    unlink "/api/v1/incidents/{number}/unlink" Unlink |b| Tying::Unlink(b.reason.clone());
    /// Say that this incident is the same as another: it ends as merged, and its alerts go there. Reopening undoes it.
    merge "/api/v1/incidents/{number}/merge" Merge |b| Tying::Merge(b.reason.clone());
}
