//! The API as a program meets it: the real table over a database in memory.

use super::*;
use crate::web::trial;
use axum::body::Body;
use axum::http::{Request, Response};
use muster_core::directory::Role;
use muster_core::ids::PersonId;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tower::ServiceExt;

struct Program {
    app: Arc<App>,
    site: Router,
    tokens: [(&'static str, String); 3],
}

impl Program {
    async fn start() -> Self {
        let app = trial::begin(trial::ORGANISATION, "https://muster.example", false).await;
        let mut tokens = ["ana", "ben", "rita"].map(|name| (name, String::new()));
        for (name, token) in &mut tokens {
            *token = app
                .ops
                .make_token(&PersonId::from(*name), "test", Role::Administrator)
                .await
                .unwrap()
                .reveal()
                .to_owned();
        }
        Self { site: routes(&app).with_state(app.clone()), app, tokens }
    }

    async fn send(&self, request: Request<Body>) -> Response<Body> {
        self.site.clone().oneshot(request).await.unwrap()
    }

    /// What `who` gets for asking.
    async fn ask(&self, who: &str, method: &str, path: &str, body: &str, key: Option<&str>) -> (u16, Value) {
        let (_, token) = self.tokens.iter().find(|(name, _)| *name == who).unwrap();
        let mut request =
            Request::builder().method(method).uri(path).header("Authorization", format!("Bearer {token}"));
        if !body.is_empty() {
            request = request.header("Content-Type", "application/json");
        }
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        let answer = self.send(request.body(Body::from(body.to_owned())).unwrap()).await;
        let status = answer.status().as_u16();
        if status >= 400 {
            assert_eq!(answer.headers()["content-type"], "application/problem+json", "{method} {path}");
        }
        let bytes = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }

    async fn get(&self, who: &str, path: &str) -> (u16, Value) {
        self.ask(who, "GET", path, "", None).await
    }

    async fn post(&self, who: &str, path: &str, body: &Value) -> (u16, Value) {
        self.ask(who, "POST", path, &body.to_string(), None).await
    }
}

#[tokio::test]
async fn the_document_and_the_table_say_the_same() {
    let program = Program::start().await;
    let table = table(&program.app);
    let routed: BTreeSet<_> =
        table.listed().iter().map(|r| (r.path.clone(), r.method.as_str().to_lowercase())).collect();
    let (status, document) = program.get("rita", openapi::PATH).await;
    assert_eq!((status, document["openapi"].as_str()), (200, Some("3.1.0")));
    let paths = document["paths"].as_object().unwrap();
    let mut documented = BTreeSet::new();
    for (path, item) in paths {
        for (method, operation) in item.as_object().unwrap() {
            assert!(operation["summary"].is_string() && operation["operationId"].is_string(), "{method} {path}");
            documented.insert((path.clone(), method.clone()));
        }
    }
    assert!(documented.remove(&(openapi::PATH.to_owned(), "get".to_owned())));
    assert_eq!(documented, routed);
    let ids: BTreeSet<_> =
        paths.values().flat_map(|i| i.as_object().unwrap().values()).map(|o| o["operationId"].to_string()).collect();
    assert_eq!(ids.len(), documented.len() + 1, "operation ids differ");
}

#[tokio::test]
async fn every_reference_in_the_document_leads_somewhere_and_needs_are_told() {
    let program = Program::start().await;
    let (_, document) = program.get("rita", openapi::PATH).await;
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1).filter_map(|r| r.split('"').next()) {
        assert!(document.pointer(reference).is_some(), "{reference}");
    }
    let operation = &document["paths"]["/api/v1/incidents/{number}/note"]["post"];
    assert!(operation["description"].as_str().unwrap().contains("responder"));
    assert!(operation["parameters"].to_string().contains("IdempotencyKey"));
    assert!(operation["responses"]["default"].is_object());
    for (schema, field) in [("Full", "affected"), ("Discovery", "told"), ("Declare", "affected")] {
        let field = &document["components"]["schemas"][schema]["properties"][field];
        assert_eq!(field["type"], json!(["string", "null"]), "{field}");
        assert!(field["enum"].as_array().unwrap().contains(&Value::Null), "{field}");
    }
}

#[tokio::test]
async fn an_incident_from_beginning_to_end() {
    let program = Program::start().await;
    let declared = json!({ "title": "No mail", "system": "email", "severity": 1,
                           "went_down": { "at": "2026-11-17T09:50:00Z", "estimate": true } });
    let (status, done) = program.post("ana", "/api/v1/incidents", &declared).await;
    assert_eq!((status, done["incident"]["number"].as_str()), (201, Some("2026-001")), "{done}");
    assert_eq!(done["incident"]["manager"]["id"], "ana");
    assert_eq!(done["incident"]["outage_seconds"], 600);
    let at = |act: &str| format!("/api/v1/incidents/2026-001/{act}");

    let (_, full) = program.get("ben", "/api/v1/incidents/2026-001").await;
    assert_eq!(full["summonses"][0]["chain"][0]["id"], "ben", "{full}");
    assert_eq!(full["call_list"][0]["chain"][0]["means"][0]["to"], "07700 900 1");
    assert_eq!(program.post("ben", &at("answer"), &json!({ "answer": "take" })).await.0, 200);
    let (status, refused) = program.post("rita", &at("answer"), &json!({ "answer": "take" })).await;
    assert_eq!((status, refused["code"].as_str()), (403, Some("not-asked")));

    let voicemail = json!({ "person": "ben", "means": "call", "outcome": "message-left", "tell": "User support" });
    assert_eq!(program.post("ana", &at("contact"), &voicemail).await.0, 200);
    assert_eq!(program.get("ana", "/api/v1/incidents/2026-001").await.1["call_list"][0]["told"], false);
    let spoken = json!({ "person": "ben", "means": "call", "outcome": "reached", "tell": "User support" });
    let (_, done) = program.post("ana", &at("contact"), &spoken).await;
    assert_eq!(program.get("ana", "/api/v1/incidents/2026-001").await.1["call_list"][0]["told"], true);
    let back = json!({ "entry": done["entries"][0], "reason": "it was his brother" });
    assert_eq!(program.post("ana", &at("take-back"), &back).await.0, 200);
    assert_eq!(program.get("ana", "/api/v1/incidents/2026-001").await.1["call_list"][0]["told"], false);

    let cause = |text: &str, seen: u64| json!({ "to": { "cause": text }, "seen": seen });
    let seen = done["incident"]["seq"].as_u64().unwrap() + 1;
    assert_eq!(program.post("ben", &at("change"), &cause("a full disk", seen)).await.0, 200);
    let (status, stale) = program.post("ana", &at("change"), &cause("rats", seen)).await;
    assert_eq!((status, stale["code"].as_str()), (409, Some("changed-meanwhile")));
    assert!(stale["detail"].as_str().unwrap().contains("a full disk"), "{stale}");

    let (status, early) =
        program.post("ana", &at("restore"), &json!({ "resolution": "space made", "at": "2026-11-17T09:00:00Z" })).await;
    assert_eq!((status, early["field"].as_str()), (422, Some("at")));
    let form = program.get("rita", &at("form")).await.1;
    assert!(form["fields"].to_string().contains("a full disk"), "{form}");
    let (_, done) = program.post("ana", &at("restore"), &json!({ "resolution": "space made" })).await;
    assert_eq!(done["incident"]["state"], "restored");
    assert_eq!(program.post("ana", &at("report"), &json!({ "reference": "wiki/1" })).await.0, 200);
    assert_eq!(program.post("ana", &at("reopen"), &json!({ "reason": "again" })).await.1["incident"]["state"], "open");
    let verdict = program.post("ana", "/api/v1/verify", &json!({})).await.1;
    assert_eq!(
        (verdict["wrong"].is_null(), verdict["logs"].as_u64()),
        (true, Some(2)),
        "the incident's and the procedure's: {verdict}"
    );
}

#[tokio::test]
async fn what_is_sent_twice_is_done_once() {
    let program = Program::start().await;
    let ask = async |body: &str, path: &str| program.ask("ana", "POST", path, body, Some("k1")).await;
    let (status, first) = ask(r#"{"title":"No mail"}"#, "/api/v1/incidents").await;
    let (again, second) = ask(r#"{"title":"No mail"}"#, "/api/v1/incidents").await;
    assert_eq!((status, again), (201, 201));
    assert_eq!(first["incident"]["number"], second["incident"]["number"]);
    assert_eq!(second["entries"], json!([]));
    for (body, path) in
        [(r#"{"title":"No post"}"#, "/api/v1/incidents"), (r#"{"text":"x"}"#, "/api/v1/incidents/2026-001/note")]
    {
        let (status, other) = ask(body, path).await;
        assert_eq!((status, other["code"].as_str()), (422, Some("senseless")), "{other}");
    }
    // Another person's key of the same name is another key.
    assert_eq!(program.ask("ben", "POST", "/api/v1/incidents", r#"{"title":"No mail"}"#, Some("k1")).await.0, 201);
    assert_eq!(program.get("ana", "/api/v1/incidents").await.1["incidents"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn lists_and_logs_come_in_pages() {
    let program = Program::start().await;
    for n in 1..=5 {
        program.post("ana", "/api/v1/incidents", &json!({ "title": format!("Outage {n}") })).await;
    }
    let (mut path, mut seen) = ("/api/v1/incidents?limit=2".to_owned(), Vec::new());
    loop {
        let (status, page) = program.get("rita", &path).await;
        assert_eq!(status, 200);
        seen.extend(page["incidents"].as_array().unwrap().iter().map(|i| i["number"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/v1/incidents?limit=2&cursor={next}");
    }
    assert_eq!(seen, ["2026-005", "2026-004", "2026-003", "2026-002", "2026-001"]);
    let found = program.get("rita", "/api/v1/incidents?q=outage%203&state=open").await.1;
    assert_eq!(found["incidents"][0]["number"], "2026-003");
    assert_eq!(program.get("rita", "/api/v1/incidents?state=broken").await.1["field"], "state");

    for n in 1..=3 {
        program.post("ana", "/api/v1/incidents/2026-001/note", &json!({ "text": format!("note {n}") })).await;
    }
    let first = program.get("rita", "/api/v1/incidents/2026-001/entries?limit=3").await.1;
    assert_eq!((first["entries"][0]["seq"].as_u64(), first["next"].as_u64()), (Some(1), Some(3)), "{first}");
    let rest = program.get("rita", "/api/v1/incidents/2026-001/entries?after=3").await.1;
    assert_eq!(rest["next"], Value::Null);
    assert_eq!(rest["entries"].as_array().unwrap().last().unwrap()["text"], "note 3");
    let people = program.get("ben", "/api/v1/people?limit=2").await.1;
    assert_eq!((people["people"][1]["id"].as_str(), people["next"].as_str()), (Some("ben"), Some("ben")));
    assert_eq!(program.get("ben", "/api/v1/people?cursor=cleo").await.1["people"][0]["id"], "rita");
}

#[tokio::test]
async fn readers_read_and_do_not_see_how_people_are_reached() {
    let program = Program::start().await;
    let (status, refused) = program.post("rita", "/api/v1/incidents", &json!({ "title": "x" })).await;
    assert_eq!((status, refused["code"].as_str()), (403, Some("not-allowed")));
    for path in ["/api/v1/people", "/api/v1/oncall", "/api/v1/systems"] {
        let (status, seen) = program.get("rita", path).await;
        assert_eq!(status, 200);
        assert!(!seen.to_string().contains("07700"), "{seen}");
        assert!(path == "/api/v1/systems" || program.get("ben", path).await.1.to_string().contains("07700"));
    }
    for (method, path) in [("GET", "/api/v1/organisation"), ("POST", "/api/v1/verify"), ("POST", "/api/v1/backup")] {
        assert_eq!(program.ask("ben", method, path, "", None).await.0, 403, "{path}");
    }
    let oncall = program.get("ben", "/api/v1/oncall").await.1;
    assert_eq!(oncall["systems"][0]["contacts"][0]["person"]["id"], "ben");
    assert_eq!(oncall["otherwise"][0]["person"]["id"], "ana");
}

#[tokio::test]
async fn addresses_that_are_none_are_problems_for_programs_and_pages_for_people() {
    let program = Program::start().await;
    let site = crate::web::routes::site(&program.app);
    let ask = async |method: &str, path: &str| {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
        site.clone().oneshot(request).await.unwrap()
    };
    for (method, path, status) in [
        ("GET", "/api/v1/alerts/%FF", 404),
        ("POST", "/api/v1/intake/%FF/keys", 404),
        ("POST", "/in/%FF", 404),
        ("POST", "/in/generic/%FF", 401),
        ("GET", "/api/v1", 404),
        ("GET", "/api/v1/", 404),
        ("GET", "/api/v2/x", 404),
        ("POST", "/in/generic/", 404),
        ("GET", "/in/generic", 405),
        ("GET", "/api/v1/me", 401),
    ] {
        let answer = ask(method, path).await;
        let kind = answer.headers()["content-type"].to_str().unwrap();
        assert_eq!((answer.status().as_u16(), kind), (status, "application/problem+json"), "{method} {path}");
        assert_eq!(answer.headers().contains_key("www-authenticate"), status == 401, "{path}");
    }
    for (path, status) in [("/people/%FF", 404), ("/nothing", 404)] {
        let answer = ask("GET", path).await;
        let kind = answer.headers()["content-type"].to_str().unwrap();
        assert_eq!((answer.status().as_u16(), kind), (status, "text/html; charset=utf-8"), "{path}");
    }
    for (path, page) in [
        ("/incidents/2026-001/note", "/incidents/2026-001"),
        ("/profile/create-token", "/profile"),
        ("/people/ben/role", "/people/ben"),
        ("/sign-out", "/"),
        ("/phones/ben/1", "/phones"),
    ] {
        let answer = ask("GET", path).await;
        assert_eq!((answer.status().as_u16(), answer.headers()["location"].to_str().unwrap()), (303, page), "{path}");
    }
    assert_eq!(ask("DELETE", "/profile/create-token").await.status(), 405);
}

#[tokio::test]
async fn whoever_sets_up_what_another_has_changed_meanwhile_is_told() {
    let program = Program::start().await;
    let token = program.app.ops.make_token(&PersonId::from("ana"), "test", Role::Administrator).await.unwrap();
    let site = crate::web::routes::site(&program.app);
    let ask = async |method: &str, query: &str, tag: Option<&str>, body: String| {
        let mut request = Request::builder().method(method).uri(format!("/api/v1/organisation{query}"));
        request = request.header("authorization", format!("Bearer {}", token.reveal()));
        if let Some(tag) = tag {
            request = request.header("if-match", tag);
        }
        let request = request.header("content-type", "application/json").body(Body::from(body)).unwrap();
        let answer = site.clone().oneshot(request).await.unwrap();
        let tag = answer.headers().get("etag").map(|t| t.to_str().unwrap().to_owned());
        let status = answer.status().as_u16();
        (
            status,
            tag,
            serde_json::from_slice::<Value>(&axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap()).unwrap(),
        )
    };
    let (_, seen, mut org) = ask("GET", "", None, String::new()).await;
    let seen = seen.unwrap();
    assert_eq!(ask("PUT", "?plan=1", None, org.to_string()).await.1.as_ref(), Some(&seen));
    let mut theirs = org.clone();
    theirs["people"]["rita"]["role"] = json!("responder");
    let (status, after, _) = ask("PUT", "", Some(&seen), theirs.to_string()).await;
    assert!(status == 200 && after.as_ref() != Some(&seen));
    assert_eq!(ask("PUT", "", Some(&seen), theirs.to_string()).await.0, 200, "sent twice, it is done once");

    org["people"]["ben"]["title"] = json!("Ben of mail");
    for tag in [seen.as_str(), "\"x\""] {
        let (status, _, said) = ask("PUT", "", Some(tag), org.to_string()).await;
        assert!(status == 412 && said["detail"].as_str().unwrap().contains("changed since"), "{said}");
    }
    assert_eq!(program.get("rita", "/api/v1/me").await.1["role"], "responder");
    for tag in [after.as_deref(), Some("*"), None] {
        org["people"]["ben"]["title"] = json!(format!("Ben {tag:?}").replace('"', ""));
        assert_eq!(ask("PUT", "", tag, org.to_string()).await.0, 200, "{tag:?}");
    }
}

#[tokio::test]
async fn the_organisation_goes_out_and_comes_in_the_same() {
    let program = Program::start().await;
    let (_, mut org) = program.get("ana", "/api/v1/organisation").await;
    let put = async |org: &Value, query: &str| {
        program.ask("ana", "PUT", &format!("/api/v1/organisation{query}"), &org.to_string(), None).await
    };
    let same = put(&org, "").await.1;
    assert_eq!((&same["changes"], &same["applied"]), (&json!([]), &json!(true)));
    let warned: Vec<_> = same["warnings"].as_array().unwrap().iter().map(|w| w.as_str().unwrap()).collect();
    assert!(warned.len() == 2 && warned.iter().all(|w| w.starts_with("Nobody manages ")), "{warned:?}");
    org["people"]["rita"]["role"] = json!("responder");
    let planned = put(&org, "?plan=1").await.1;
    assert_eq!(planned["changes"], json!([{ "act": "changed", "kind": "person", "id": "rita", "fields": ["role"] }]));
    assert_eq!(program.get("rita", "/api/v1/me").await.1["role"], "reader");
    assert_eq!(put(&org, "").await.1["applied"], true);
    assert_eq!(program.get("rita", "/api/v1/me").await.1["role"], "responder");

    let mut wrong = org.clone();
    wrong["people"]["rita"]["colour"] = json!("red");
    let (status, said) = put(&wrong, "").await;
    assert_eq!((status, said["field"].as_str()), (422, Some("people.rita.colour")), "{said}");
    let mut wrong = org.clone();
    wrong["people"]["ana"]["role"] = json!("manager");
    let (status, said) = put(&wrong, "").await;
    assert!(status == 422 && said["detail"].as_str().unwrap().contains("administrator"), "{said}");
    let mut wrong = org.clone();
    wrong["people"]["rita"]["name"] = json!("Rita\0Reader");
    let (status, said) = put(&wrong, "?plan=1").await;
    assert!(status == 422 && said["detail"].as_str().unwrap().contains("In person rita, name stands"), "{said}");
    let mut without = org.clone();
    without["people"].as_object_mut().unwrap().remove("ana");
    without["people"]["rita"]["role"] = json!("administrator");
    for query in ["?plan=1", ""] {
        let (status, said) = put(&without, query).await;
        assert!(status == 422 && said["detail"].as_str().unwrap().contains("does not name you"), "{said}");
    }
    let mut silent = org.clone();
    silent["people"]["ben"]["means"] = json!([{ "kind": "call", "to": "07700 900 1" }]);
    let warned = put(&silent, "?plan=1").await.1["warnings"].to_string();
    assert!(warned.contains("Muster cannot reach Ben Tallis (ben), a contact of Email"), "{warned}");
    let mut wrong = org;
    wrong["policy"]["answer_wait"] = json!("-5m");
    let (status, said) = put(&wrong, "").await;
    assert!(status == 422 && said["detail"].as_str().unwrap().contains("answer_wait"), "{said}");
}

#[tokio::test]
async fn keys_are_made_and_the_outbox_is_let_go() {
    let program = Program::start().await;
    let (status, key) = program.post("ana", "/api/v1/intake/nagios/keys", &json!({})).await;
    assert_eq!((status, key["key"].as_str().map(|k| k.starts_with("mk_"))), (201, Some(true)));
    assert_eq!(program.post("ana", "/api/v1/intake/zabbix/keys", &json!({})).await.0, 404);

    program.app.ops.hold_outbox(true, "test").await.unwrap();
    program.post("ana", "/api/v1/incidents", &json!({ "title": "No mail", "system": "email" })).await;
    assert!(program.app.ops.claim("test", 10).await.unwrap().is_empty());
    assert_eq!(
        crate::engine::next_due(&program.app.ops).await.unwrap().map(|due| due > program.app.ops.now()),
        Some(true)
    );
    assert_eq!(program.get("rita", "/api/v1/outbox").await.1["held"], true);
    assert_eq!(program.post("ana", "/api/v1/outbox/release", &json!({})).await.1["held"], false);
    assert_eq!(program.app.ops.claim("test", 10).await.unwrap().len(), 1);
    assert_eq!(program.post("ana", "/api/v1/backup", &json!({})).await.1["code"], "not-embedded");
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_in_the_right_words() {
    let program = Program::start().await;
    program.post("ana", "/api/v1/incidents", &json!({ "title": "x" })).await;
    let note = "/api/v1/incidents/2026-001/note";
    let huge = json!({ "text": "x".repeat(ask::BODY_MAX) }).to_string();
    let long = json!({ "text": "x".repeat(10_001) }).to_string();
    for (method, path, body, status, code) in [
        ("POST", note, "{", 400, "malformed"),
        ("POST", note, r#"{"text":""}"#, 422, "missing"),
        ("POST", note, long.as_str(), 422, "too-long"),
        ("POST", note, huge.as_str(), 413, "too-large"),
        ("POST", note, r#"{"text":"x","happened_at":"2027-01-01T00:00:00Z"}"#, 422, "senseless"),
        ("POST", "/api/v1/incidents/2026-999/note", r#"{"text":"x"}"#, 404, "not-found"),
        ("POST", "/api/v1/incidents/..%2f..%2fx/note", r#"{"text":"x"}"#, 404, "not-found"),
        ("POST", "/api/v1/incidents/a%00b/note", r#"{"text":"x"}"#, 404, "not-found"),
        ("POST", "/api/v1/incidents/2026-001/hand-over", r#"{"person":"nobody","reason":"x"}"#, 422, "unknown"),
        ("POST", "/api/v1/incidents/2026-001/confirm", "", 409, "wrong-state"),
        ("GET", "/api/v1/alerts?account=lost", "", 422, "senseless"),
        ("GET", "/api/v1/alerts/nothing", "", 404, "not-found"),
        ("GET", "/api/v1/incidents?cursor=x", "", 422, "senseless"),
        ("GET", "/api/v1/nothing", "", 404, "not-found"),
        ("DELETE", "/api/v1/incidents", "", 405, "wrong-method"),
    ] {
        let (got, said) = program.ask("ana", method, path, body, None).await;
        assert_eq!((got, said["code"].as_str()), (status, Some(code)), "{method} {path}: {said}");
        assert!(said["detail"].as_str().is_some_and(|d| d.len() > 15), "{said}");
    }
    let plain = Request::post(note).header("Authorization", format!("Bearer {}", program.tokens[0].1));
    let answer = program.send(plain.header("Content-Type", "text/plain").body(Body::from("hello")).unwrap()).await;
    assert_eq!(answer.status(), 415);
    let answer = program.send(Request::get("/api/v1/me").body(Body::empty()).unwrap()).await;
    assert_eq!((answer.status().as_u16(), answer.headers()["www-authenticate"].to_str().unwrap()), (401, "Bearer"));
}

#[tokio::test]
async fn a_token_that_may_do_less_than_its_person_does_nothing_by_their_office() {
    let program = Program::start().await;
    let made = program.ask("ana", "POST", "/api/v1/incidents", r#"{"title":"Mail is down"}"#, None).await.1;
    let number = made["incident"]["number"].as_str().unwrap().to_owned();
    let token = async |role| program.app.ops.make_token(&PersonId::from("ana"), "less", role).await.unwrap();
    let ask = async |token: &str, path: &str, body: &str| {
        let request = Request::builder().method("POST").uri(format!("/api/v1/incidents/{number}/{path}"));
        let request =
            request.header("Authorization", format!("Bearer {token}")).header("Content-Type", "application/json");
        program.send(request.body(Body::from(body.to_owned())).unwrap()).await.status().as_u16()
    };
    let (responds, sees) = (token(Role::Responder).await, token(Role::Reader).await);
    let restrict = r#"{"reason":"somebody is inside"}"#;
    assert_eq!(ask(responds.reveal(), "restrict", restrict).await, 403);
    assert_eq!(ask(responds.reveal(), "note", r#"{"text":"seen"}"#).await, 200);
    assert_eq!(ask(sees.reveal(), "answer", r#"{"answer":"take"}"#).await, 403, "it only sees");
    let own = program.tokens[0].1.clone();
    assert_eq!(ask(&own, "restrict", restrict).await, 200);
}
