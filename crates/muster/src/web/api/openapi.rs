//! The API's document: OpenAPI 3.1, made from the handlers, and finished with what is the same for all
//! of them: who may ask, idempotency keys, and errors.

use super::{
    acts, alerts, attachments, claims, directory, incidents, kept, links, organisation, plan, upkeep, versions,
};
use crate::web::guard::{Listed, May};
use axum::http::Method;
use serde_json::{Value, json};
use utoipa::OpenApi;

/// Where the document is.
pub const PATH: &str = "/api/v1/openapi.json";

/// Incident management for people and programs: everything that the pages do. Send `Authorization: Bearer` with a token
/// from your profile page. Times are RFC 3339. Errors are RFC 9457 problem documents whose `detail` says what to do.
/// A request with an `Idempotency-Key` is done once, however often it is sent.
#[derive(OpenApi)]
#[openapi(
    info(title = "Muster"),
    paths(
        incidents::list,
        incidents::declare,
        incidents::show,
        incidents::entries,
        incidents::form,
        incidents::export,
        incidents::proof,
        incidents::blank,
        attachments::attach,
        attachments::attachment,
        acts::note,
        acts::contact,
        acts::correct,
        acts::take_back,
        acts::take,
        acts::hand_over,
        acts::ask_communicator,
        acts::take_communications,
        acts::decline_communicator,
        acts::people_asked,
        acts::heard_elsewhere,
        acts::let_muster_call,
        acts::estimate,
        acts::hold_meeting,
        acts::call_conference,
        acts::cancel_conference,
        acts::join_conference,
        acts::end_conference,
        acts::ask_presence,
        acts::come,
        acts::follow_up,
        acts::tick_step,
        acts::skip_step,
        acts::close,
        acts::set_audience,
        acts::drop_audience,
        acts::agree_strategy,
        acts::draft_update,
        acts::sign_update,
        acts::return_update,
        acts::acknowledge_update,
        acts::send_update,
        acts::carry_update,
        acts::hand_telling,
        acts::ask_facts,
        acts::give_facts,
        acts::confirm,
        acts::withdraw,
        acts::restore,
        acts::reopen,
        acts::report,
        acts::change,
        acts::restrict,
        acts::unrestrict,
        acts::add_system,
        acts::leave_alert,
        acts::triage,
        links::link,
        links::unlink,
        links::merge,
        acts::answer,
        kept::show,
        plan::show,
        acts::ask,
        acts::give_input,
        acts::mark_part,
        acts::propose_cause,
        acts::judge_cause,
        acts::set_task,
        acts::end_task,
        acts::weigh_option,
        acts::judge_option,
        alerts::list,
        alerts::show,
        claims::all,
        claims::show,
        claims::entries,
        claims::claim,
        claims::renew,
        claims::release,
        claims::gone,
        claims::note,
        claims::ask,
        claims::asked,
        claims::answer,
        claims::go_over,
        claims::withdraw,
        directory::oncall,
        directory::systems,
        directory::people,
        directory::person,
        directory::me,
        versions::list,
        versions::begin,
        versions::show,
        versions::edit_version,
        versions::propose_version,
        versions::sign_version,
        versions::decline_version,
        versions::drop_version,
        versions::force_version,
        versions::frame_version,
        organisation::show,
        organisation::apply,
        organisation::new_key,
        upkeep::verify,
        upkeep::checkpoint,
        upkeep::copy,
        upkeep::outbox,
        upkeep::release,
    ),
    tags(
        (name = "incidents", description = "Incidents and their logs"),
        (name = "alerts", description = "What senders sent, and what became of it"),
        (name = "claims", description = "Who works on which system, and who wants to disrupt it"),
        (name = "directory", description = "People, systems, and who is on call"),
        (name = "policy", description = "Versions of the procedure: written, signed, in force"),
        (name = "upkeep", description = "Setting up, and looking after an installation"),
    )
)]
struct Document;

/// The document as JSON, for the routes that are `listed`.
pub fn document(listed: &[Listed]) -> String {
    let mut document = serde_json::to_value(Document::openapi()).unwrap_or_default();
    for route in listed {
        let operation = &mut document["paths"][&route.path][route.method.as_str().to_lowercase()];
        if operation.is_object() {
            finish(operation, route);
        }
    }
    document["paths"][PATH] = json!({ "get": {
        "tags": ["upkeep"],
        "operationId": "document",
        "summary": "This document.",
        "responses": { "200": { "description": "OpenAPI 3.1", "content": { "application/json": {} } } },
    }});
    document["components"]["securitySchemes"] = json!({ "token": { "type": "http", "scheme": "bearer" } });
    document["components"]["schemas"]["Problem"] = problem();
    document["components"]["parameters"]["IdempotencyKey"] = idempotency_key();
    document.to_string()
}

fn finish(operation: &mut Value, route: &Listed) {
    operation["security"] = json!([{ "token": [] }]);
    let needs = match route.may {
        May::Anybody => "Open to anybody.".to_owned(),
        may => format!("Needs the role {} or more.", may.needs()),
    };
    let said = operation["description"].as_str().map(|d| format!("{d}\n\n")).unwrap_or_default();
    operation["description"] = json!(format!("{said}{needs}"));
    operation["responses"]["default"] = json!({
        "description": "Not done: the problem says why, and what to do",
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
    });
    if route.method == Method::POST && is_done_once(&route.path) {
        let key = json!({ "$ref": "#/components/parameters/IdempotencyKey" });
        match operation["parameters"].as_array_mut() {
            Some(parameters) => parameters.push(key),
            None => operation["parameters"] = json!([key]),
        }
    }
}

/// Whether what is asked there with a key is done once.
fn is_done_once(path: &str) -> bool {
    path.starts_with("/api/v1/incidents") || path.starts_with("/api/v1/systems/")
}

fn problem() -> Value {
    json!({
        "type": "object",
        "description": "RFC 9457, Problem Details for HTTP APIs",
        "required": ["type", "title", "status", "detail", "code"],
        "properties": {
            "type": { "type": "string" },
            "title": { "type": "string", "description": "The status in words" },
            "status": { "type": "integer" },
            "detail": { "type": "string", "description": "What is wrong, and what to do" },
            "code": { "type": "string", "description": "A word for programs, which never changes" },
            "field": { "type": "string", "description": "The field of the body or of the address that it is about" },
        },
    })
}

fn idempotency_key() -> Value {
    json!({
        "name": "Idempotency-Key",
        "in": "header",
        "required": false,
        "description": "A name of your own for this request. Sent again with the same token and content it does nothing \
                        more, and answers with the incident as it is; with other content it is refused with 422.",
        "schema": { "type": "string", "minLength": 1, "maxLength": super::ask::KEY_MAX },
    })
}
