//! What happens, from the first administrator to a second organisation: every operation, and every way in which it is
//! refused by what the database holds.

use super::Told;
use muster::cli::demo::EXAMPLE;
use muster::documents::export;
use muster::ops::Once;
use muster::store::Sight;
use muster::store::access::Purpose;
use muster_core::Span;
use muster_core::directory::{Organisation, Role};
use muster_core::form::Form;
use muster_core::ids::{IntakeId, PersonId};
use muster_core::incident::{Command, OpenBy};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const PASSWORD: &str = "correct horse battery staple";

pub async fn tell(told: &mut Told) {
    first_administrator(told).await;
    organisation(told).await;
    let key = senders(told).await;
    alerts(told, &key).await;
    answers(told).await;
    acts(told).await;
    claims(told).await;
    super::policy::versions(told).await;
    declarations(told).await;
    coming_and_going(told).await;
    told.pass(Span::from_mins(40));
    told.wait(Span::from_mins(1)).await;
    after_a_restart(told).await;
    upkeep(told).await;
}

fn example() -> Organisation {
    toml::from_str(EXAMPLE).unwrap()
}

fn person(id: &str) -> PersonId {
    PersonId::from(id)
}

/// A token and a session for that person.
pub async fn let_in(told: &mut Told, id: &str) {
    let ops = told.ops();
    let token = ops.make_token(&person(id), "agreement", Role::Administrator).await.unwrap();
    let session = ops.begin_session(&person(id), "A browser").await.unwrap();
    told.doors.insert(id.to_owned(), (token.reveal().to_owned(), format!("muster={}", session.reveal())));
}

pub async fn first_administrator(told: &mut Told) {
    let ops = told.ops();
    assert!(!told.done("can anybody sign in", ops.anybody_can_sign_in().await));
    let link = ops.invite(Purpose::SetUp, None, "muster").await.unwrap();
    let path = format!("/set-up/{}", link.reveal());
    told.page(200, "", &path).await;
    told.form(422, "", &path, &[("name", "root"), ("full-name", "Rosa Root"), ("password", "short")]).await;
    let fields = [("name", "root"), ("full-name", "Rosa Root"), ("password", PASSWORD), ("again", PASSWORD)];
    told.form(303, "", &path, &fields).await;
    told.form(410, "", &path, &fields).await;
    assert!(told.done("can anybody sign in", ops.anybody_can_sign_in().await));
    told.refused("a second set-up link", ops.invite(Purpose::SetUp, None, "muster").await.map(drop));
    let_in(told, "root").await;
}

pub async fn organisation(told: &mut Told) {
    let mut wanted = serde_json::to_value(example()).unwrap();
    wanted["organisation"]["user_reports"] = json!(true);
    told.api(422, "root", "PUT", "/api/v1/organisation?plan=1", wanted.clone()).await; // it would shut out who sends it
    let mut with_root = wanted.clone();
    with_root["people"]["root"] = json!({ "name": "Root", "role": "administrator" });
    told.api(200, "root", "PUT", "/api/v1/organisation?plan=1", with_root.clone()).await;
    told.api(200, "root", "PUT", "/api/v1/organisation", with_root).await;
    for who in ["priya", "marta", "gareth"] {
        let_in(told, who).await;
    }
    told.api(200, "priya", "PUT", "/api/v1/organisation", wanted.clone()).await;
    told.api(401, "root", "GET", "/api/v1/organisation", Value::Null).await;
    let exported = told.api(200, "priya", "GET", "/api/v1/organisation", Value::Null).await;
    assert_eq!(exported, wanted);
    let again = told.api(200, "priya", "PUT", "/api/v1/organisation", wanted).await;
    assert_eq!(again["changes"], json!([]));
    told.api(403, "gareth", "GET", "/api/v1/organisation", Value::Null).await;
    let mut contradiction = example();
    contradiction.areas.values_mut().for_each(|area| area.members.push(person("nobody")));
    told.api(422, "priya", "PUT", "/api/v1/organisation", serde_json::to_value(contradiction).unwrap()).await;
}

/// The key of the sender `generic`.
pub async fn senders(told: &mut Told) -> String {
    let ops = told.ops();
    let path = "/api/v1/intake/generic/keys";
    told.api(201, "priya", "POST", path, json!({})).await;
    let key = told.api(201, "priya", "POST", path, json!({ "alone": true })).await;
    told.api(404, "priya", "POST", "/api/v1/intake/nobody/keys", json!({})).await;
    told.done("the keys", ops.intake_keys().await);
    let prometheus = ops.make_intake_key(&IntakeId::from("prometheus"), true, "test").await.unwrap();
    let alerts = json!([{ "labels": { "alertname": "SwitchDown", "instance": "sw-1" }, "annotations": { "summary": "Hall" },
        "startsAt": "2026-11-17T09:58:00Z", "endsAt": "2026-11-17T10:04:00Z" }]);
    told.signal(prometheus.reveal(), "/api/v2/alerts", alerts.to_string()).await;
    key["key"].as_str().unwrap().to_owned()
}

async fn alerts(told: &mut Told, key: &str) {
    let generic = "/in/generic";
    let down =
        |key: &str, host: &str| json!({ "key": key, "host": host, "title": "Does not answer", "severity": "critical" });
    let batch = json!([down("dir-01/sign-in", "dir-01"), down("mail-1/smtp", "mail-1"), down("print-01", "print-01"),
        down("x-1", "unknown-1"), { "key": "n", "host": "dir-01", "title": "Äpfel & “Birnen”", "severity": "info" }]);
    told.signal(key, generic, batch.to_string()).await;
    told.signal(key, generic, down("mail-1/smtp", "mail-1").to_string()).await;
    told.signal(key, generic, vec![b'{', 0, 255, 254, b'"']).await;
    told.wait(Span::from_secs(10)).await;
    let over =
        json!([{ "key": "print-01", "status": "resolved", "title": "Prints" }, { "key": "never", "status": "ok" }]);
    told.signal(key, generic, over.to_string()).await;
    told.form(303, "priya", "/phones/raise", &[]).await;
    told.wait(Span::from_secs(30)).await;
    told.signal(key, generic, down("print-01", "print-01").to_string()).await;
    told.wait(Span::from_secs(30)).await;
}

async fn answers(told: &mut Told) {
    let ops = told.ops();
    let links: Vec<_> = told.sent.iter().filter_map(|d| Some((d.person.0.clone(), d.text.link.clone()?))).collect();
    let links: Vec<_> = links.into_iter().filter(|(_, link)| link.contains("/l/")).collect();
    let path = |link: &str| link.trim_start_matches("http://muster.example").to_owned();
    let (_, first) = links.first().expect("somebody was asked").clone();
    told.page(200, "", &path(&first)).await;
    told.form(422, "", &path(&first), &[("answer", "perhaps")]).await;
    told.form(303, "", &path(&first), &[("answer", "know")]).await;
    told.page(200, "", &path(&first)).await;
    told.wait(Span::from_secs(50)).await;
    told.page(404, "", "/l/ml_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa").await;
    for press in ["answer", "key", "voicemail"] {
        let calls = told.done("the phones", ops.demo_phones().await);
        let state = if press == "key" { "answered" } else { "ringing" };
        let Some(call) = calls.iter().find(|c| c.state == state) else { continue };
        let path = format!("/phones/{}/{press}", call.person);
        told.form(303, "priya", &path, &[("call", &call.id), ("key", "2")]).await;
        told.wait(Span::from_secs(5)).await;
    }
    let (_, last) = links.last().unwrap().clone();
    told.form(303, "", &path(&last), &[("answer", "take")]).await;
    told.settle().await;
}

/// The number of an incident in which nobody is asked any more.
async fn managed(told: &mut Told) -> String {
    let listed = told.api(200, "marta", "GET", "/api/v1/incidents", Value::Null).await;
    let incidents = listed["incidents"].as_array().unwrap();
    let managed = incidents.iter().find(|i| !i["manager"].is_null()).expect("somebody has taken one");
    managed["number"].as_str().unwrap().to_owned()
}

async fn acts(told: &mut Told) {
    let number = managed(told).await;
    let to = |act: &str| format!("/api/v1/incidents/{number}/{act}");
    let note = json!({ "text": "Restarted “it”.\nTwice – 50 %.", "kind": "decision" });
    told.api_once(200, "marta", "POST", &to("note"), note.clone(), Some("once")).await;
    told.api_once(200, "marta", "POST", &to("note"), note, Some("once")).await;
    told.api_once(422, "marta", "POST", &to("note"), json!({ "text": "Other." }), Some("once")).await;
    told.api(422, "marta", "POST", &to("note"), json!({ "text": " " })).await;
    told.api(403, "gareth", "POST", &to("note"), json!({ "text": "May I?" })).await;
    told.api(200, "marta", "POST", &to("confirm"), json!({})).await;
    for outcome in ["message-left", "reached"] {
        let contact = json!({ "person": "ben", "means": "call", "outcome": outcome, "tell": "User support" });
        told.api(200, "marta", "POST", &to("contact"), contact).await;
    }
    let log = told.api(200, "marta", "GET", &to("entries"), Value::Null).await;
    let newest = log["entries"].as_array().unwrap().iter().map(|e| e["seq"].as_u64().unwrap()).max().unwrap();
    let correct = json!({ "entry": newest, "text": "Spoke with Ben." });
    told.api(200, "marta", "POST", &to("correct"), correct).await;
    told.api(200, "marta", "POST", &to("take-back"), json!({ "entry": newest, "reason": "Another Ben." })).await;
    for field in [
        json!({ "symptoms": "No sign-in." }),
        json!({ "severity": 1 }),
        json!({ "phase": "waiting" }),
        json!({ "title": "Änderung: Sign-in" }),
    ] {
        told.api(200, "marta", "POST", &to("change"), json!({ "to": field, "reason": "Seen." })).await;
    }
    told.api(200, "marta", "POST", &to("add-system"), json!({ "system": "portal" })).await;
    triages(told, &number).await;
    planning(told, &number).await;
    let token = told.doors["marta"].0.clone();
    told.signal(&token, &to("attachments?name=console.txt&text=What+it+said"), "write error\n".repeat(40_000)).await;
    told.signal(&token, &to("attachments?name=a+b.png"), &b"\x89PNG\r\n\x1a\n"[..]).await;
    told.api(404, "marta", "GET", "/api/v1/incidents/2026-999", Value::Null).await;
    let manager = told.api(200, "marta", "GET", &format!("/api/v1/incidents/{number}"), Value::Null).await;
    let manager = manager["incident"]["manager"]["id"].as_str().unwrap().to_owned();
    let_in(told, &manager).await;
    let another = if manager == "marta" { "oskar" } else { "marta" };
    let_in(told, another).await;
    told.api(403, another, "POST", &to("hand-over"), json!({ "person": "priya", "reason": "Not mine." })).await;
    told.api(200, &manager, "POST", &to("hand-over"), json!({ "person": "priya", "reason": "End of shift." })).await;
    told.api(200, "priya", "POST", &to("answer"), json!({ "answer": "take" })).await;
    speaking(told, &number).await;
    told.wait(Span::from_mins(3)).await;
    let back = json!({ "resolution": "Power is back.", "cause": "Fuse." });
    told.api(200, "priya", "POST", &to("restore"), back.clone()).await;
    told.api(200, "priya", "POST", &to("reopen"), json!({ "reason": "Gone again." })).await;
    told.pass(Span::from_mins(2));
    told.api(200, "priya", "POST", &to("restore"), back).await;
    told.api(200, "priya", "POST", &to("report"), json!({ "reference": "Wiki 12" })).await;
    let shown = told.api(200, "priya", "GET", &format!("/api/v1/incidents/{number}"), Value::Null).await;
    let left = shown["course"]["to_follow_up"].as_array().unwrap().clone();
    let left: Vec<_> = left.iter().map(|p| p["id"].as_str().unwrap().to_owned()).collect();
    told.api(422, "priya", "POST", &to("close"), json!({ "review": "Too early." })).await;
    told.api(200, "priya", "POST", &to("follow-up"), json!({ "people": left, "by": "spoken", "text": "Over." })).await;
    told.api(422, "priya", "POST", &to("follow-up"), json!({ "people": [], "by": "message" })).await;
    let skip = |reason: &str| json!({ "step": "status-page", "reason": reason });
    told.api(200, "priya", "POST", &to("skip-step"), skip("Nobody looks there – 5 %.")).await;
    told.api(422, "priya", "POST", &to("skip-step"), skip(" ")).await;
    told.api(200, "priya", "POST", &to("tick-step"), json!({ "step": "status-page" })).await;
    told.api(409, "priya", "POST", &to("skip-step"), skip("It is done.")).await;
    told.api(422, "priya", "POST", &to("tick-step"), json!({ "step": "tea" })).await;
    let alerts = told.api(200, "priya", "GET", "/api/v1/alerts?limit=200", Value::Null).await;
    let joined = alerts["alerts"].as_array().unwrap().iter().find(|a| a["incident"] == number.as_str());
    let alert = joined.expect("an alert of that incident")["id"].as_str().unwrap().to_owned();
    let leave = json!({ "alert": alert, "reason": "Another cable." });
    told.api(200, "priya", "POST", &to("leave-alert"), leave).await;
    told.settle().await;
}

/// Who works on systems, and who wants to disrupt them; while an incident affects one of them.
async fn claims(told: &mut Told) {
    for who in ["oskar", "priya", "marta", "gareth"] {
        let_in(told, who).await;
    }
    let on = |system: &str, rest: &str| format!("/api/v1/systems/{system}/{rest}");
    let patch = json!({ "what": "Vendor patch – “50 %”", "minutes": 30 });
    let made = told.api_once(200, "oskar", "POST", &on("directory", "claims"), patch.clone(), Some("claim")).await;
    told.api_once(200, "oskar", "POST", &on("directory", "claims"), patch.clone(), Some("claim")).await;
    let claim = made["claim"]["claim"].as_u64().unwrap();
    told.api(200, "marta", "POST", &on("email", "claims"), patch.clone()).await;
    let session = json!({ "what": "as root", "host": "dir-01", "session": "dir-01 7", "person": "priya" });
    let here = told.api(200, "oskar", "POST", &on("directory", "claims"), session).await;
    let log_in = here["claim"]["claim"].as_u64().unwrap();
    told.api(403, "gareth", "POST", &on("directory", "claims"), patch.clone()).await;
    told.api(404, "marta", "POST", &on("nowhere", "claims"), patch).await;
    let cuts = json!({ "what": "Reboot", "minutes": 5, "disruptive": true });
    told.api(409, "marta", "POST", &on("directory", "claims"), cuts.clone()).await;
    let wish = json!({ "what": "Reboot" });
    let asked = told.api(200, "marta", "POST", &on("directory", "disruptions"), wish.clone()).await;
    let ask = asked["ask"].as_u64().unwrap();
    told.settle().await;
    let links: Vec<_> = told.sent.iter().filter(|d| d.text.subject.contains("wants to Reboot")).cloned().collect();
    let link =
        links.iter().find_map(|d| Some(d.text.link.as_ref()?.trim_start_matches("http://muster.example").to_owned()));
    let link = link.expect("somebody is asked by a message");
    told.page(200, "", &link).await;
    told.form(422, "", &link, &[("answer", "perhaps")]).await;
    told.form(303, "", &link, &[("answer", "cannot")]).await;
    told.page(200, "", &link).await;
    let of = |ask: u64, rest: &str| format!("/api/v1/systems/directory/disruptions/{ask}{rest}");
    told.api(200, "oskar", "POST", &of(ask, "/answer"), json!({ "answer": "take" })).await;
    told.api(403, "gareth", "POST", &of(ask, "/answer"), json!({ "answer": "take" })).await;
    told.api(200, "marta", "GET", &of(ask, ""), Value::Null).await;
    told.api(404, "marta", "GET", &of(999, ""), Value::Null).await;
    for path in ["/systems/directory", "/now", "/api/v1/claims", "/api/v1/people/priya", "/api/v1/systems/email/claims"]
    {
        match path.starts_with("/api/") {
            true => drop(told.api(200, "oskar", "GET", path, Value::Null).await),
            false => drop(told.page(200, "oskar", path).await),
        }
    }
    told.form(422, "priya", "/systems/directory/override", &[("entry", &ask.to_string()), ("reason", " ")]).await;
    told.api(422, "marta", "POST", &of(ask, "/override"), json!({ "reason": " " })).await;
    told.api(200, "marta", "POST", &of(ask, "/override"), json!({ "reason": "Smoke." })).await;
    told.api(409, "marta", "POST", &of(ask, "/withdraw"), json!({})).await;
    let begun = json!({ "what": "Reboot", "minutes": 5, "disruptive": true, "ask": ask });
    told.api(200, "marta", "POST", &on("directory", "claims"), begun).await;
    told.api(200, "oskar", "POST", &on("directory", &format!("claims/{claim}/renew")), json!({ "minutes": 60 })).await;
    told.api(403, "gareth", "POST", &on("directory", &format!("claims/{claim}/release")), json!({})).await;
    let changed = json!({ "changed": "Kernel 6.12" });
    told.api(200, "oskar", "POST", &on("directory", &format!("claims/{claim}/release")), changed).await;
    told.api(200, "marta", "POST", &on("directory", &format!("claims/{log_in}/gone")), json!({ "reason": "Seen." }))
        .await;
    let note = json!({ "text": "Run while Muster was away.", "happened_at": "2026-11-17T09:59:00Z" });
    told.api(200, "marta", "POST", &on("directory", "notes"), note).await;
    let again = told.api(200, "gareth", "GET", &on("directory", "claims"), Value::Null).await;
    assert_eq!(again["at_work"].as_array().unwrap().len(), 1, "{again}");
    let form = [("act", "01jcw2v7q3c1"), ("what", "Toner"), ("host", ""), ("for", "20m")];
    told.form(303, "marta", "/systems/printing/claim", &form).await;
    told.form(303, "marta", "/systems/printing/claim", &form).await;
    told.form(422, "marta", "/systems/printing/claim", &[("act", "01jcw2v7q3c2"), ("what", ""), ("for", "20m")]).await;
    told.form(422, "marta", "/systems/printing/claim", &[("act", "01jcw2v7q3c3"), ("what", "x"), ("for", "soon")])
        .await;
    told.form(404, "marta", "/systems/nowhere/claim", &[("what", "x"), ("for", "1h")]).await;
    told.form(303, "priya", "/systems/printing/ask", &[("act", "01jcw2v7q3c4"), ("what", "Switch off")]).await;
    told.api(200, "priya", "GET", "/api/v1/systems/printing/entries?limit=3", Value::Null).await;
    told.api(200, "priya", "GET", "/api/v1/systems/network/entries", Value::Null).await;
    told.pass(Span::from_mins(25));
    told.wait(Span::from_mins(1)).await;
}

/// Who is hit, how, and how urgent it is: by the API and by the page.
async fn triages(told: &mut Told, number: &str) {
    let path = format!("/api/v1/incidents/{number}/triage");
    for (status, body) in [
        (
            200,
            json!({ "extent": "site", "urgency": "medium", "populations": [{ "name": "Gäste – “50 %”", "people": 40 }] }),
        ),
        (422, json!({ "extent": "group", "urgency": "low", "systems": ["nowhere"] })),
        (422, json!({ "extent": "group", "urgency": "low", "severity": 1 })),
        (409, json!({ "extent": "one", "urgency": "low", "seen": 1 })),
        (
            200,
            json!({ "extent": "group", "fault": "degraded", "urgency": "high", "severity": 1, "reason": "Exam day." }),
        ),
    ] {
        told.api(status, "marta", "POST", &path, body).await;
    }
    told.api(403, "gareth", "POST", &path, json!({ "extent": "one", "urgency": "low" })).await;
    let page = format!("/incidents/{number}/triage");
    told.page(403, "gareth", &page).await;
    let form =
        [("extent", "group"), ("fault", "down"), ("urgency", "high"), ("group", "Gäste 2"), ("group-people", "9")];
    told.form(303, "priya", &page, &form).await;
    told.form(422, "priya", &page, &[("extent", "group"), ("fault", "down")]).await;
}

/// Who speaks for it, who must be told, meetings and estimates: Priya manages it.
async fn speaking(told: &mut Told, number: &str) {
    let to = |act: &str| format!("/api/v1/incidents/{number}/{act}");
    for (status, who, act, body) in [
        (200, "priya", "people-asked", json!({ "who": "the help desk – Ä", "people": 12 })),
        (422, "priya", "people-asked", json!({ "who": "nobody", "people": 0 })),
        (200, "priya", "heard-elsewhere", json!({ "person": "marta", "from": "a dean" })),
        (422, "priya", "heard-elsewhere", json!({ "person": "nobody", "from": "a dean" })),
        (422, "priya", "call-down", json!({ "tell": "nobody" })),
        (422, "priya", "call-down", json!({ "tell": "User support" })), // Muster calls them already
        (200, "priya", "communicator/ask", json!({ "person": "marta" })),
        (403, "oskar", "communicator/decline", json!({ "reason": "Mine?" })),
        (200, "priya", "communicator/decline", json!({ "reason": "Nobody asks at night." })),
        (200, "priya", "communicator/take", json!({})),
        (200, "priya", "estimate", json!({ "grounds": "The maker has no spare." })),
        (403, "oskar", "estimate", json!({ "grounds": "A guess." })),
        (422, "priya", "conference", json!({ "purpose": "find the disk", "invited": ["oskar"] })), // no bridge
        (
            200,
            "priya",
            "conference",
            json!({ "purpose": "find the disk", "bridge": "4711", "invited": ["oskar", "gareth"] }),
        ),
        (403, "oskar", "conference", json!({ "purpose": "find the disk", "bridge": "4711", "invited": ["priya"] })),
        (
            200,
            "priya",
            "conference",
            json!({ "call": 1, "purpose": "find both disks", "invited": ["oskar"],
            "presence": "on-site", "reason": "two are bad" }),
        ),
        (200, "oskar", "conference/join", json!({ "call": 1, "people": ["oskar"] })),
        (
            200,
            "priya",
            "conference/end",
            json!({ "call": 1, "meeting": { "kind": "conference", "progress": "Both found.", "why": "It is found." } }),
        ),
        (409, "priya", "conference/cancel", json!({ "call": 1, "reason": "over" })),
        (200, "priya", "conference", json!({ "purpose": "again", "bridge": "4711", "invited": ["gareth"] })),
        (200, "priya", "conference/cancel", json!({ "call": 2, "reason": "not needed" })),
        (200, "priya", "presence", json!({ "presence": "on-site", "people": ["oskar"] })),
        (200, "oskar", "come", json!({ "coming": "on-the-way" })),
        (200, "priya", "come", json!({ "person": "oskar", "coming": "here" })),
        (
            200,
            "priya",
            "meeting",
            json!({ "kind": "team", "present": ["priya", "oskar"], "progress": "Half of it.", "why": "It goes on" }),
        ),
        (422, "priya", "meeting", json!({ "kind": "conference", "progress": "Nobody came.", "why": "It goes on" })),
    ] {
        told.api(status, who, "POST", &to(act), body).await;
    }
    told.page(200, "gareth", &format!("/incidents/{number}/meetings")).await;
    told.page(200, "gareth", &format!("/incidents/{number}/comms")).await;
    told.page(200, "gareth", &format!("/incidents/{number}/duties")).await;
    told.api(200, "gareth", "GET", &to("duties"), Value::Null).await;
    let form =
        [("kind", "management"), ("progress", "Told."), ("escalate", "no"), ("why", "They know"), ("present", "")];
    told.form(303, "priya", &format!("/incidents/{number}/meeting"), &form).await;
}

/// The evaluation and the restoration plan: by the API and by the page.
async fn planning(told: &mut Told, number: &str) {
    let to = |act: &str| format!("/api/v1/incidents/{number}/plan/{act}");
    for (status, act, body) in [
        (200, "ask", json!({ "text": "Was anything changed?\nÄ", "people": ["oskar"], "areas": ["network"] })),
        (422, "ask", json!({ "text": "Who?" })),
        (200, "input", json!({ "question": 1, "text": "The switch – at 02:25." })),
        (422, "input", json!({ "question": 9, "text": "?" })),
        (200, "part", json!({ "part": { "component": "Email", "to": "Directory" }, "now": "suspected" })),
        (200, "cause", json!({ "text": "The “switch”.", "part": { "component": "Storage" } })),
        (422, "judge-cause", json!({ "cause": 1, "now": "verified", "evidence": " " })),
        (200, "judge-cause", json!({ "cause": 1, "now": "verified", "evidence": "100 % seen." })),
        (409, "judge-cause", json!({ "cause": 1, "now": "open", "evidence": "Me too.", "seen": 1 })),
        (200, "task", json!({ "what": "Read the log", "person": "marta", "minutes": 20 })),
        (200, "task", json!({ "what": "Ring the maker", "person": "oskar", "minutes": 1 })),
        (422, "task", json!({ "what": "No time", "person": "marta" })),
        (200, "end-task", json!({ "task": 1, "done": true })),
        (409, "end-task", json!({ "task": 1, "done": true })),
        (200, "option", json!({ "what": "Fail over", "effect": "5 min", "risk": "high", "causes": [1] })),
        (200, "judge-option", json!({ "option": 1, "now": "no-change", "text": "The same." })),
    ] {
        told.api(status, "marta", "POST", &to(act), body).await;
    }
    told.api(403, "gareth", "POST", &to("cause"), json!({ "text": "Me?" })).await;
    told.api(200, "marta", "GET", &format!("/api/v1/incidents/{number}/plan"), Value::Null).await;
    let path = format!("/incidents/{number}/plan");
    told.page(200, "gareth", &path).await;
    told.form(303, "priya", &format!("{path}/cause"), &[("text", "The disk")]).await;
    told.form(422, "priya", &format!("{path}/cause"), &[("text", " ")]).await;
    told.settle().await;
}

/// Two incidents, linked and merged: by the API and by the page.
async fn ties(told: &mut Told) {
    let mut numbers = Vec::new();
    for title in ["Printing in the hall", "Printing – “100 %”"] {
        let made = told.api(201, "marta", "POST", "/api/v1/incidents", json!({ "title": title })).await;
        numbers.push(made["number"].as_str().or(made["incident"]["number"].as_str()).unwrap().to_owned());
    }
    let (one, other) = (&numbers[0], &numbers[1]);
    let to = |act: &str| format!("/api/v1/incidents/{one}/{act}");
    for (status, act, body) in [
        (200, "link", json!({ "number": other, "how": "caused-by" })),
        (422, "link", json!({ "number": other })),
        (422, "link", json!({ "number": "2026-999" })),
        (200, "unlink", json!({ "number": other, "reason": "Ä" })),
        (422, "merge", json!({ "number": one, "reason": "itself" })),
        (200, "merge", json!({ "number": other, "reason": "The same." })),
        (409, "merge", json!({ "number": other, "reason": "Again." })),
        (200, "reopen", json!({ "reason": "Another one." })),
        (200, "withdraw", json!({ "reason": "An exercise." })),
    ] {
        told.api(status, "marta", "POST", &to(act), body).await;
    }
    told.api(403, "gareth", "POST", &to("link"), json!({ "number": other })).await;
    let page = |act: &str| format!("/incidents/{one}/{act}");
    told.form(303, "priya", &page("link"), &[("number", other), ("how", "related")]).await;
    told.form(422, "priya", &page("link"), &[("number", " "), ("how", "related")]).await;
    let withdraw = json!({ "reason": "An exercise." });
    told.api(200, "marta", "POST", &format!("/api/v1/incidents/{other}/withdraw"), withdraw).await;
}

async fn declarations(told: &mut Told) {
    let declared = json!({ "title": "Übung: nobody can print", "system": "printing", "severity": 3 });
    let made = told.api_once(201, "marta", "POST", "/api/v1/incidents", declared.clone(), Some("declare")).await;
    told.api_once(201, "marta", "POST", "/api/v1/incidents", declared, Some("declare")).await;
    let number = made["number"].as_str().or(made["incident"]["number"].as_str()).unwrap().to_owned();
    let path = format!("/api/v1/incidents/{number}/withdraw");
    told.api(200, "marta", "POST", &path, json!({ "reason": "Only an exercise." })).await;
    let form = [
        ("act", "01jcw2v7q3f8"),
        ("title", "No mail \\o/ 100 %"),
        ("since", "10"),
        ("system", "Email"),
        ("anyway", "1"),
    ];
    told.form(303, "priya", "/declare", &form).await;
    told.form(303, "priya", "/declare", &form).await;
    told.form(409, "priya", "/declare", &[("act", "01jcw2v7q3f9"), ("title", "No mail"), ("system", "Email")]).await;
    ties(told).await;
    for (status, text) in [(422, " "), (303, "Ünlesbar – 50 %"), (303, "Ünlesbar?")] {
        told.form(status, "", "/report", &[("text", text), ("place", "Hall"), ("name", "Jo")]).await;
    }
    told.page(200, "", "/report").await;
    told.page(200, "", "/report?heard=known").await;
    // The same act under the same name, once with other content.
    let ops = told.ops();
    let by = ops.organisation().await.unwrap().person_ref(&person("marta"));
    let act = |text: &str| Command::Act {
        by: by.clone(),
        act: muster_core::incident::Act::Note {
            kind: muster_core::entry::NoteKind::Activity,
            text: text.into(),
            happened_at: None,
        },
    };
    let once = |digest: &str| Some(Once { id: "marta x".into(), digest: digest.into() });
    let log = ops.whole_log(Sight::all(), &number).await.unwrap();
    let subject = &log.stored.subject;
    for (text, digest) in [("One", "1"), ("One", "1")] {
        told.done("a note once", ops.perform(subject, act(text), once(digest)).await);
    }
    told.refused("a note with another text", ops.perform(subject, act("Two"), once("2")).await);
    let nothing = OpenBy::Person(muster_core::incident::Declaration {
        by,
        title: " ".into(),
        told: muster_core::entry::Told::default(),
        went_down: None,
        manager: None,
        discovered_at: None,
        affected: None,
        severity: None,
        system: None,
    });
    told.refused("a declaration without a title", ops.declare(nothing, None).await);
    told.settle().await;
}

async fn coming_and_going(told: &mut Told) {
    let ops = told.ops();
    let marta = person("marta");
    // A password by a link, and coming in with it.
    let link = ops.invite(Purpose::Password, Some(&marta), "priya").await.unwrap();
    let path = format!("/set-up/{}", link.reveal());
    told.page(200, "", &path).await;
    told.form(303, "", &path, &[("password", PASSWORD), ("again", PASSWORD)]).await;
    told.refused("the same link again", ops.choose_password(link.reveal(), "x").await);
    told.form(422, "", "/sign-in", &[("name", "marta"), ("password", "wrong")]).await;
    let came = told.form(303, "", "/sign-in", &[("name", "marta"), ("password", PASSWORD)]).await;
    let cookie = came.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    told.doors.get_mut("marta").unwrap().1 = cookie;
    told.page(200, "marta", "/profile").await;
    told.pass(Span::from_mins(5));
    told.page(200, "marta", "/profile").await;
    told.form(422, "marta", "/profile/password", &[("old", "wrong"), ("password", PASSWORD), ("again", PASSWORD)])
        .await;
    told.form(200, "marta", "/profile/create-token", &[("name", "script"), ("role", "responder")]).await;
    told.refused("a token without a name", ops.make_token(&marta, " ", Role::Reader).await.map(drop));
    let (sessions, tokens) = told.done("marta's doors", ops.doors(&marta).await);
    told.form(303, "marta", "/profile/revoke-token", &[("token", &tokens[0].id)]).await;
    told.refused("a token that is revoked", ops.revoke_token(&marta, &tokens[0].id).await);
    told.refused("another's session", ops.end_session_of(&person("gareth"), &sessions[0].hash).await);
    told.done("the session by nobody's word", ops.by_session("ms_nothing").await);
    // Signing in by a link that works once, and the demo's, which works again and again.
    let once = ops.invite(Purpose::SignIn, Some(&marta), "priya").await.unwrap();
    told.done("in by a link", ops.sign_in_by_link(once.reveal()).await);
    told.refused("in by the same link", ops.sign_in_by_link(once.reveal()).await);
    let demo = ops.invite(Purpose::Demo, Some(&person("priya")), "muster").await.unwrap();
    for _ in 0..2 {
        told.done("in by the demo's link", ops.sign_in_by_link(demo.reveal()).await);
    }
    told.refused("a link for nobody", ops.invite(Purpose::SignIn, Some(&person("nobody")), "priya").await.map(drop));
    told.done("what a link is for", ops.invitation(demo.reveal()).await);
    // The organisation on its pages.
    told.form(403, "adaeze", "/organisation/population", &[("name", "Visitors"), ("head_count", "40")]).await;
    told.form(422, "priya", "/organisation/population", &[("name", "Visitors"), ("head_count", "some")]).await;
    told.form(303, "priya", "/organisation/population", &[("name", "Visitors"), ("head_count", "40")]).await;
    told.form(422, "priya", "/organisation/population", &[("name", "V"), ("id", "visitors"), ("head_count", "4")])
        .await;
    told.form(409, "priya", "/organisation/population/visitors", &[("name", "V"), ("head_count", "4"), ("was", "0")])
        .await;
    told.form(303, "priya", "/organisation/population/visitors/remove", &[]).await;
    told.form(422, "priya", "/organisation/system/email/remove", &[]).await;
    told.form(303, "priya", "/organisation/rule", &[("name", "Anything else"), ("place", "1"), ("host", "x-*")]).await;
    told.form(303, "priya", "/organisation/rule/1/remove", &[]).await;
    told.form(303, "priya", "/organisation/holidays", &[("days", "2027-04-02 2027-04-05")]).await;
    told.form(404, "priya", "/organisation/intake/nobody/key", &[]).await;
    told.form(200, "priya", "/organisation/intake/generic/key", &[]).await;
    // How people are reached.
    told.form(422, "marta", "/profile/means", &[("means", "telex 1")]).await;
    told.form(303, "marta", "/profile/means/0/send", &[]).await;
    told.form(422, "marta", "/profile/means/0/send", &[]).await;
    told.form(422, "marta", "/profile/means/0/verify", &[("code", "x")]).await;
    told.form(404, "marta", "/profile/means/9/send", &[]).await;
    told.page(200, "marta", "/profile").await;
    // An administrator's hands.
    told.form(200, "priya", "/people/gareth/sign-in-link", &[]).await;
    told.form(303, "priya", "/people/gareth/role", &[("role", "responder")]).await;
    told.page(303, "gareth", "/now").await;
    told.form(303, "priya", "/people/marta/end-sessions", &[]).await;
    told.page(303, "marta", "/now").await;
    let leaves = async |who: &str| ops.set_person(&person(who), &person("priya"), |p| p.gone = true).await;
    told.done("lena leaves", leaves("lena").await);
    told.refused("nobody leaves", leaves("nobody").await);
    told.refused("the last one leaves", leaves("priya").await);
    told.done("no password of who is gone", ops.password_hash(&person("lena")).await);
    told.done("marta's other sessions end", ops.end_sessions(&marta, Some("kept"), &person("priya")).await);
    told.done("marta's password", ops.set_password(&marta, "$argon2$fixed", None).await);
    told.done("the hash of it", ops.password_hash(&marta).await);
    told.form(303, "priya", "/sign-out", &[]).await;
    for who in ["priya", "marta", "gareth"] {
        let_in(told, who).await;
    }
}

/// The organisation changes while incidents are open, and the program comes back after a gap.
async fn after_a_restart(told: &mut Told) {
    let mut smaller = example();
    smaller.people.remove(&person("imogen"));
    smaller.systems.retain(|id, _| id.as_str() != "printing");
    smaller.rules.retain(|rule| rule.system.as_ref().is_none_or(|s| s.as_str() != "printing"));
    smaller.systems.values_mut().for_each(|s| s.owner = None);
    // A file does not change what groups have signed.
    let other = serde_json::to_value(smaller.clone()).unwrap();
    told.api(422, "priya", "PUT", "/api/v1/organisation", other).await;
    let ops = told.ops();
    let holds = ops.organisation().await.unwrap();
    (smaller.policy, smaller.procedure) = (holds.policy.clone(), holds.procedure.clone());
    smaller.policy.version = 2;
    let changed = told.api(200, "priya", "PUT", "/api/v1/organisation", serde_json::to_value(smaller).unwrap()).await;
    assert!(changed["changes"].as_array().unwrap().len() > 4, "{changed}");
    told.pass(Span::from_mins(90));
    ops.came_back();
    told.settle().await;
    let declared = json!({ "title": "Nobody can sign in to anything", "system": "directory" });
    told.api(201, "priya", "POST", "/api/v1/incidents", declared).await;
    let claimed = ops.claim("one who dies", 10).await.unwrap();
    // What cannot be looked at now is put off, a log that only a later release can write rests.
    let alerts = told.api(200, "priya", "GET", "/api/v1/alerts", Value::Null).await;
    let alert = alerts["alerts"][0]["id"].as_str().unwrap().into();
    told.done("an alert is put off", ops.put_off(&alert).await);
    let number = managed(told).await;
    let subject = ops.whole_log(Sight::all(), &number).await.unwrap().stored.subject;
    told.done("a log is put off", ops.put_off_subject(&subject).await);
    told.done("a log rests", ops.rest(&subject).await);
    let under_way = claimed.iter().take(1).map(|d| d.id.clone()).collect();
    let freed = told.done("a claim that nobody knew of is free", ops.free_claims(&under_way).await);
    assert!(!claimed.is_empty() && freed == claimed.len() as u64 - 1, "{freed} of {}", claimed.len());
    let freed = told.done("what an earlier life was sending is free", ops.free_claims(&BTreeSet::new()).await);
    assert_eq!(freed, claimed.len() as u64);
    told.pass(Span::from_mins(30));
    told.wait(Span::from_mins(1)).await;
    // Whose role changed is out again.
    told.page(303, "gareth", "/now").await;
    let_in(told, "gareth").await;
}

async fn upkeep(told: &mut Told) {
    let ops = told.ops();
    for held in [true, true, false] {
        told.done("the outbox is held", ops.hold_outbox(held, "priya").await);
        told.done("is it held", ops.outbox_is_held().await);
    }
    told.api(200, "priya", "GET", "/api/v1/outbox", Value::Null).await;
    told.api(200, "priya", "POST", "/api/v1/outbox/release", json!({})).await;
    let proved = told.api(200, "priya", "POST", "/api/v1/verify", json!({})).await;
    assert!(proved["wrong"].is_null() && proved["entries"].as_u64() > Some(50), "{proved}");
    let number = managed(told).await;
    let log = ops.whole_log(Sight::all(), &number).await.unwrap();
    let form = Form::of(&log.stored.folded, &log.entries, ops.now());
    let file = export::write(&log, &form, ops.signing_key(), ops.now()).unwrap();
    export::verify(&file).unwrap();
    told.seen.push(("an export".into(), String::from_utf8(file).unwrap()));
    told.refused("an export of nothing", ops.whole_log(Sight::all(), "2026-999").await.map(drop));
}
