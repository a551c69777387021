//! Everything that can be looked at, by everybody who may: every page and every address of the API that only reads.

use super::Told;
use muster::store::{Error, Sight, Tx, alerts, duties, outbox, subjects};
use muster_core::ids::{AlertId, IntakeId, SystemId};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

/// Streams never end, and one document is typeset, also into the pack: none of them asks the database anything of its own
/// but for the messages, which `rows` asks for.
const NOT_LOOKED_AT: [&str; 6] = [
    "/live",
    "/incidents/{number}/live",
    "/incidents/{number}/form.pdf",
    "/incidents/{number}/plan.pdf",
    "/incidents/{number}/proof.zip",
    "/api/v1/incidents/{number}/proof",
];

pub async fn look_at_everything(told: &mut Told) {
    let numbers = list(told, "/api/v1/incidents", "incidents", "number").await;
    let ids = list(told, "/api/v1/alerts", "alerts", "id").await;
    list(told, "/api/v1/people", "people", "id").await;
    list(told, "/api/v1/systems", "systems", "id").await;
    assert!(numbers.len() > 2 && ids.len() > 6, "{numbers:?} {ids:?}");
    let mut paths: Vec<String> = PAGES.iter().map(|p| (*p).to_owned()).collect();
    for number in &numbers {
        let of = [
            "",
            "?as-of=2",
            "?at=1999-01-01T00:00:00Z",
            "/form",
            "/form.json",
            "/form.md",
            "/form.csv",
            "/plan.json",
            "/plan.md",
            "/plan.csv",
            "?entries=all",
        ];
        paths.extend(of.map(|rest| format!("/incidents/{number}{rest}")));
        paths.push(format!("/declared/{number}"));
        paths.push(format!("/incidents/{number}/triage?extent=group&fault=down&urgency=high"));
        let of = ["", "/entries", "/entries?limit=2", "/form", "/export"];
        paths.extend(of.map(|rest| format!("/api/v1/incidents/{number}{rest}")));
        files(told, number).await;
    }
    for id in &ids {
        let of = ["", "?account=resolved", "/payload", "/payload?n=1"];
        paths.extend(of.map(|rest| format!("/alerts/{id}{rest}")));
        paths.push(format!("/api/v1/alerts/{id}"));
    }
    for (query, found) in SEARCHES {
        let page = told.page(200, "priya", &format!("/incidents?{query}")).await;
        assert_eq!(page.text.contains("href=\"/incidents/2026-"), found, "{}: {query}", told.case.name);
    }
    for path in &paths {
        match path.starts_with("/api/") {
            true => drop(told.api(200, "priya", "GET", path, Value::Null).await),
            false => drop(told.page(200, "priya", path).await),
        }
    }
    for path in ["/now", "/incidents", "/alerts", "/people/priya", "/profile", "/api/v1/forms/blank"] {
        told.page(200, "gareth", path).await;
    }
    for path in ["/", "/healthz", "/metrics", "/sign-in", "/readyz", "/api/v1/openapi.json"] {
        let status = if path == "/" { 303 } else { 200 };
        told.page(status, "", path).await;
    }
    rows(told).await;
    every_route_was_visited(told);
}

/// The files of an incident, as its page and the API give them.
async fn files(told: &mut Told, number: &str) {
    let entries =
        told.api(200, "priya", "GET", &format!("/api/v1/incidents/{number}/entries?limit=200"), Value::Null).await;
    for entry in entries["entries"].as_array().unwrap().iter().filter(|e| e.to_string().contains("Attached:")) {
        let (seq, png) = (&entry["seq"], entry.to_string().contains("a b.png"));
        let name = if png { "a%20b.png" } else { "console.txt" };
        told.page(200, "priya", &format!("/incidents/{number}/attachments/{seq}/{name}")).await;
        told.page(200, "priya", &format!("/api/v1/incidents/{number}/attachments/{seq}")).await;
    }
}

/// What is searched for, and whether it is there. One is spelled otherwise, one would be a pattern.
const SEARCHES: [(&str, bool); 8] = [
    ("q=2026", true),
    ("state=restored&q=SIGN", true),
    ("state=restored&q=print", false),
    ("q=%C3%9Cbung", true),
    ("q=%5Co%2F", true),
    ("q=100+%25", true),
    ("q=1_0", false),
    ("q=%5C%25", false),
];

const PAGES: &[&str] = &[
    "/now",
    "/more",
    "/incidents",
    "/incidents?state=open",
    "/incidents?before=9999999999999.2026-002",
    "/declare",
    "/forms/blank",
    "/alerts",
    "/alerts?account=watched",
    "/alerts?account=resolved&system=printing",
    "/alerts?system=email&source=generic",
    "/alerts?source=prometheus",
    "/alerts?account=joined&before=9999999999999.0",
    "/systems",
    "/systems/directory",
    "/systems/email",
    "/oncall",
    "/policy",
    "/policy/1",
    "/policy/2?against=1",
    "/policy/3",
    "/organisation",
    "/organisation/changes",
    "/organisation/changes?of=person+lena&before=99999",
    "/organisation/holidays",
    "/organisation/about",
    "/organisation/rule",
    "/organisation/system/email",
    "/organisation/intake/generic",
    "/people",
    "/people/priya",
    "/people/marta",
    "/people/lena",
    "/profile",
    "/phones",
    "/api/v1/oncall",
    "/api/v1/me",
    "/api/v1/organisation",
    "/api/v1/checkpoint",
];

/// Goes through a list page by page, one item at a time and all at once; answers with the items' names.
async fn list(told: &mut Told, path: &str, of: &str, name: &str) -> Vec<String> {
    let names = |page: &Value| {
        page[of].as_array().unwrap().iter().map(|i| i[name].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let all = names(&told.api(200, "priya", "GET", &format!("{path}?limit=200"), Value::Null).await);
    let mut one_by_one = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = told.api(200, "priya", "GET", &format!("{path}?limit=1{cursor}"), Value::Null).await;
        one_by_one.extend(names(&page));
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(one_by_one, all, "{}: {path}", told.case.name);
    all
}

/// What no page asks with just these values.
async fn rows(told: &mut Told) {
    let (db, now) = (told.case.db.clone(), told.ops().now());
    let read = async move |tx: &mut Tx| {
        let all = Sight::all();
        let system = alerts::Filter { system: Some(SystemId::from("email")), ..alerts::Filter::default() };
        let live = subjects::live(tx, &all, 50).await?;
        let mut seen = format!("{live:#?}");
        let mut say = |what: String| seen += &what;
        say(format!("{:?}", alerts::count(tx, &all, &system).await?));
        say(format!("{:?}", alerts::watched(tx, &all, &system, 5).await?));
        let unmapped = alerts::Filter { unmapped: true, ..alerts::Filter::default() };
        say(format!("{:?}", alerts::count(tx, &all, &unmapped).await?));
        say(format!("{:?}", alerts::watched(tx, &all, &unmapped, 5).await?));
        say(format!("{:?}", alerts::list(tx, &all, &unmapped, 5).await?));
        say(format!("{:?}", alerts::of_systems(tx, &all).await?));
        say(format!("{:?}", alerts::open_of_system(tx, &all, &SystemId::from("directory"), 5).await?));
        say(format!("{:?}", alerts::count_from(tx, &IntakeId::from("generic")).await?));
        say(format!("{:?}", alerts::newest_signal(tx).await?));
        say(format!("{:?}", alerts::load(tx, &AlertId("none".into())).await?));
        say(format!("{:?}", alerts::due(tx, now, 100).await?));
        say(format!("{:?}", subjects::due(tx, now, -1, 100).await?));
        say(format!("{:?}", subjects::count_by_state(tx, &all).await?));
        say(format!("{:?}", subjects::last_restored(tx, &all).await?));
        say(format!("{:?}", subjects::count_live(tx, &all).await?));
        say(format!("{:?}", duties::open(tx, &all, None, 100).await?));
        say(format!("{:?}", duties::unowned(tx, &all, 100).await?));
        say(format!("{:?}", duties::count_late(tx, &all, now).await?));
        for one in &live {
            say(format!("{:?}", outbox::messages(tx, &one.subject).await?));
        }
        say(format!("{:?}", outbox::oldest_due(tx, now).await?));
        say(format!("{:?}", outbox::next_due(tx).await?));
        Ok::<_, Error>(seen)
    };
    let seen = db.read(read).await.unwrap_or_else(|e| panic!("{}: {e}", told.case.name));
    told.seen.push(("rows".into(), seen));
}

/// No page and no address of the API was forgotten.
fn every_route_was_visited(told: &Told) {
    let asked: BTreeSet<&str> = told.seen.iter().filter_map(|(what, _)| what.strip_prefix("GET ")).collect();
    let visited = |route: &str| {
        let parts: Vec<_> = route.split('/').collect();
        asked.iter().any(|path| {
            let path: Vec<_> = path.split('?').next().unwrap().split('/').collect();
            path.len() == parts.len() && path.iter().zip(&parts).all(|(p, r)| p == r || r.starts_with('{'))
        })
    };
    let mut routes = 0;
    for file in ["web/routes.rs", "web/api.rs"] {
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(file)).unwrap();
        for route in text.split(".get(\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            assert!(visited(route) || NOT_LOOKED_AT.contains(&route), "nobody has looked at {route}");
            routes += 1;
        }
    }
    assert!(routes > 30, "only {routes} routes were found");
}
