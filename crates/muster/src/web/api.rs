//! `/api/v1`: the same acts as the pages, for programs. JSON in and out, RFC 9457 errors, cursors, and
//! idempotency keys. Its document is made from the table below and from the handlers themselves.
//!
//! Reading order: the table; [`ask`] (how requests are read); [`dto`] (what goes in and out); then the
//! handlers, each of which is a sentence.

mod acts;
mod alerts;
pub mod ask;
mod attachments;
mod claims;
mod cursor;
mod directory;
pub mod dto;
mod incidents;
mod kept;
mod links;
mod openapi;
mod organisation;
mod plan;
#[cfg(test)]
mod tests;
mod upkeep;
mod versions;

use super::error::{ApiError, Problem};
use super::guard::{For, May, Routes};
use crate::app::App;
use axum::Router;
use axum::http::{StatusCode, header};
use axum::routing::any;
use std::sync::Arc;

/// The API with its document.
pub fn routes(app: &Arc<App>) -> Router<Arc<App>> {
    let table = table(app);
    let document = openapi::document(table.listed());
    let serve = async move || ([(header::CONTENT_TYPE, "application/json")], document.clone());
    table
        .get(openapi::PATH, May::Anybody, serve)
        .done()
        .method_not_allowed_fallback(async || {
            let detail = "This address does not take that method. See /api/v1/openapi.json.";
            ApiError(Problem::new(StatusCode::METHOD_NOT_ALLOWED, "wrong-method", detail))
        })
        .route("/api/v1/{*rest}", any(async || ApiError(Problem::not_found("address in the API"))))
}

/// Every address with who may use it.
fn table(app: &Arc<App>) -> Routes {
    use May::{Administer, ByOffice, Respond, See};
    Routes::new(app, For::Programs)
        // Incidents.
        .get("/api/v1/incidents", See, incidents::list)
        .post("/api/v1/incidents", Respond, incidents::declare)
        .get("/api/v1/incidents/{number}", See, incidents::show)
        .get("/api/v1/incidents/{number}/entries", See, incidents::entries)
        .get("/api/v1/incidents/{number}/form", See, incidents::form)
        .get("/api/v1/incidents/{number}/export", See, incidents::export)
        .get("/api/v1/incidents/{number}/proof", See, incidents::proof)
        .post("/api/v1/incidents/{number}/attachments", Respond, attachments::attach)
        .get("/api/v1/incidents/{number}/attachments/{entry}", See, attachments::attachment)
        .post("/api/v1/incidents/{number}/note", Respond, acts::note)
        .post("/api/v1/incidents/{number}/contact", Respond, acts::contact)
        .post("/api/v1/incidents/{number}/correct", Respond, acts::correct)
        .post("/api/v1/incidents/{number}/take-back", Respond, acts::take_back)
        .post("/api/v1/incidents/{number}/take", Respond, acts::take)
        .post("/api/v1/incidents/{number}/hand-over", Respond, acts::hand_over)
        .post("/api/v1/incidents/{number}/communicator/ask", Respond, acts::ask_communicator)
        .post("/api/v1/incidents/{number}/communicator/take", Respond, acts::take_communications)
        .post("/api/v1/incidents/{number}/communicator/decline", Respond, acts::decline_communicator)
        .post("/api/v1/incidents/{number}/people-asked", Respond, acts::people_asked)
        .post("/api/v1/incidents/{number}/heard-elsewhere", Respond, acts::heard_elsewhere)
        .post("/api/v1/incidents/{number}/call-down", Respond, acts::let_muster_call)
        .post("/api/v1/incidents/{number}/estimate", Respond, acts::estimate)
        .post("/api/v1/incidents/{number}/meeting", Respond, acts::hold_meeting)
        .post("/api/v1/incidents/{number}/conference", Respond, acts::call_conference)
        .post("/api/v1/incidents/{number}/conference/cancel", Respond, acts::cancel_conference)
        .post("/api/v1/incidents/{number}/conference/join", Respond, acts::join_conference)
        .post("/api/v1/incidents/{number}/conference/end", Respond, acts::end_conference)
        .post("/api/v1/incidents/{number}/presence", Respond, acts::ask_presence)
        .post("/api/v1/incidents/{number}/come", Respond, acts::come)
        .post("/api/v1/incidents/{number}/follow-up", Respond, acts::follow_up)
        .post("/api/v1/incidents/{number}/tick-step", Respond, acts::tick_step)
        .post("/api/v1/incidents/{number}/skip-step", Respond, acts::skip_step)
        .post("/api/v1/incidents/{number}/close", Respond, acts::close)
        .post("/api/v1/incidents/{number}/audience", Respond, acts::set_audience)
        .post("/api/v1/incidents/{number}/audience/drop", Respond, acts::drop_audience)
        .post("/api/v1/incidents/{number}/strategy", Respond, acts::agree_strategy)
        .post("/api/v1/incidents/{number}/update/draft", Respond, acts::draft_update)
        .post("/api/v1/incidents/{number}/update/sign", See, acts::sign_update)
        .post("/api/v1/incidents/{number}/update/return", See, acts::return_update)
        .post("/api/v1/incidents/{number}/update/acknowledge", See, acts::acknowledge_update)
        .post("/api/v1/incidents/{number}/update/send", Respond, acts::send_update)
        .post("/api/v1/incidents/{number}/update/carry", Respond, acts::carry_update)
        .post("/api/v1/incidents/{number}/telling/hand", Respond, acts::hand_telling)
        .post("/api/v1/incidents/{number}/facts/ask", Respond, acts::ask_facts)
        .post("/api/v1/incidents/{number}/facts/give", Respond, acts::give_facts)
        .post("/api/v1/incidents/{number}/confirm", Respond, acts::confirm)
        .post("/api/v1/incidents/{number}/withdraw", Respond, acts::withdraw)
        .post("/api/v1/incidents/{number}/restore", Respond, acts::restore)
        .post("/api/v1/incidents/{number}/reopen", Respond, acts::reopen)
        .post("/api/v1/incidents/{number}/report", Respond, acts::report)
        .post("/api/v1/incidents/{number}/change", Respond, acts::change)
        .post("/api/v1/incidents/{number}/restrict", ByOffice, acts::restrict)
        .post("/api/v1/incidents/{number}/unrestrict", ByOffice, acts::unrestrict)
        .post("/api/v1/incidents/{number}/add-system", Respond, acts::add_system)
        .post("/api/v1/incidents/{number}/leave-alert", Respond, acts::leave_alert)
        .post("/api/v1/incidents/{number}/triage", Respond, acts::triage)
        .post("/api/v1/incidents/{number}/link", Respond, links::link)
        .post("/api/v1/incidents/{number}/unlink", Respond, links::unlink)
        .post("/api/v1/incidents/{number}/merge", Respond, links::merge)
        .get("/api/v1/incidents/{number}/duties", See, kept::show)
        .get("/api/v1/incidents/{number}/plan", See, plan::show)
        .post("/api/v1/incidents/{number}/plan/ask", Respond, acts::ask)
        .post("/api/v1/incidents/{number}/plan/input", Respond, acts::give_input)
        .post("/api/v1/incidents/{number}/plan/part", Respond, acts::mark_part)
        .post("/api/v1/incidents/{number}/plan/cause", Respond, acts::propose_cause)
        .post("/api/v1/incidents/{number}/plan/judge-cause", Respond, acts::judge_cause)
        .post("/api/v1/incidents/{number}/plan/task", Respond, acts::set_task)
        .post("/api/v1/incidents/{number}/plan/end-task", Respond, acts::end_task)
        .post("/api/v1/incidents/{number}/plan/option", Respond, acts::weigh_option)
        .post("/api/v1/incidents/{number}/plan/judge-option", Respond, acts::judge_option)
        // Whoever is summoned may answer, whatever their role.
        .post("/api/v1/incidents/{number}/answer", See, acts::answer)
        // Alerts and the directory.
        .get("/api/v1/forms/blank", See, incidents::blank)
        .get("/api/v1/alerts", See, alerts::list)
        .get("/api/v1/alerts/{id}", See, alerts::show)
        .get("/api/v1/oncall", See, directory::oncall)
        .get("/api/v1/systems", See, directory::systems)
        .get("/api/v1/people", See, directory::people)
        .get("/api/v1/people/{id}", See, directory::person)
        // Who works on systems, and who wants to disrupt them. Whoever is asked may answer, whatever their role.
        .get("/api/v1/claims", See, claims::all)
        .get("/api/v1/systems/{id}/claims", See, claims::show)
        .get("/api/v1/systems/{id}/entries", See, claims::entries)
        .post("/api/v1/systems/{id}/claims", Respond, claims::claim)
        .post("/api/v1/systems/{id}/claims/{entry}/renew", Respond, claims::renew)
        .post("/api/v1/systems/{id}/claims/{entry}/release", Respond, claims::release)
        .post("/api/v1/systems/{id}/claims/{entry}/gone", Respond, claims::gone)
        .post("/api/v1/systems/{id}/notes", Respond, claims::note)
        .post("/api/v1/systems/{id}/disruptions", Respond, claims::ask)
        .get("/api/v1/systems/{id}/disruptions/{entry}", See, claims::asked)
        .post("/api/v1/systems/{id}/disruptions/{entry}/answer", See, claims::answer)
        .post("/api/v1/systems/{id}/disruptions/{entry}/override", ByOffice, claims::go_over)
        .post("/api/v1/systems/{id}/disruptions/{entry}/withdraw", Respond, claims::withdraw)
        .get("/api/v1/me", See, directory::me)
        // The procedure, version by version. Whoever signs for a group may, whatever their role.
        .get("/api/v1/policy", See, versions::list)
        .post("/api/v1/policy", Administer, versions::begin)
        .get("/api/v1/policy/{number}", See, versions::show)
        .post("/api/v1/policy/{number}/edit", Administer, versions::edit_version)
        .post("/api/v1/policy/{number}/frame", Administer, versions::frame_version)
        .post("/api/v1/policy/{number}/drop", Administer, versions::drop_version)
        .post("/api/v1/policy/{number}/propose", Administer, versions::propose_version)
        .post("/api/v1/policy/{number}/sign", See, versions::sign_version)
        .post("/api/v1/policy/{number}/decline", See, versions::decline_version)
        .post("/api/v1/policy/{number}/force", ByOffice, versions::force_version)
        // Setting up and looking after it.
        .get("/api/v1/organisation", Administer, organisation::show)
        .put("/api/v1/organisation", Administer, organisation::apply)
        .post("/api/v1/intake/{id}/keys", Administer, organisation::new_key)
        .post("/api/v1/verify", Administer, upkeep::verify)
        .get("/api/v1/checkpoint", See, upkeep::checkpoint)
        .post("/api/v1/backup", Administer, upkeep::copy)
        .get("/api/v1/outbox", See, upkeep::outbox)
        .post("/api/v1/outbox/release", Administer, upkeep::release)
}
