//! A restricted incident is there for whoever takes part in it, and for nobody else: not in one byte of one answer. Every
//! route of the tables is asked by people who may not see it, also those that are added later.

use super::script::{first_administrator, let_in, organisation, senders};
use super::{Answer, Told};
use crate::databases::both;
use axum::body::{Body, BodyDataStream, to_bytes};
use axum::http::{Method, header};
use futures_util::StreamExt;
use muster::store::{Sight, Tx, sight};
use muster_core::Span;
use muster_core::ids::SubjectId;
use serde_json::{Value, json};
use std::io::Read;
use std::path::Path;
use std::time::Duration;
use tower::ServiceExt;

/// A word that stands in everything that people and programs write about it, and nowhere else.
const SECRET: &str = "wolpertinger";
/// A number that no incident has.
const NOBODYS: &str = "2026-999";
/// Who may not see it: an administrator, a responder, a reader.
const STRANGERS: [&str; 3] = ["priya", "lena", "gareth"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restricted_incident_is_there_for_whoever_takes_part_and_for_nobody_else() {
    let mut first: Option<Told> = None;
    for case in both() {
        let mut told = Told::begin(case).await;
        let world = World::tell(&mut told).await;
        world.is_there(&mut told).await;
        world.is_not_there(&mut told).await;
        world.cannot_be_acted_on(&mut told).await;
        world.is_not_heard_of(&mut told).await;
        world.is_not_written_of(&mut told).await;
        world.is_found_once_all_are_gone(&mut told).await;
        match &first {
            None => first = Some(told),
            Some(first) => first.compare(&told),
        }
    }
}

/// What there is to see, and not to see.
struct World {
    /// The restricted incident.
    number: String,
    /// What must stand in no answer: its number, its log, its alert, the word.
    secrets: Vec<String>,
    /// Alerts that everybody may see.
    alerts: Vec<String>,
    /// Alerts of the restricted incident.
    hidden_alerts: Vec<String>,
    /// Incidents that everybody may see.
    open: Vec<String>,
    /// The logs of it and of another that is restricted, by their numbers.
    logs: [(String, SubjectId); 2],
    /// How many messages had been sent when it was restricted.
    sent: usize,
}

impl World {
    /// An alert opens it, Marta has it and restricts it; what hangs together with it happens before and after.
    async fn tell(told: &mut Told) -> Self {
        first_administrator(told).await;
        organisation(told).await;
        // Reminders go up the line at once, before anybody there was told of it in another way.
        let mut wanted = told.api(200, "priya", "GET", "/api/v1/organisation", Value::Null).await;
        wanted["policy"]["climbs_from"] = json!(1);
        told.api(200, "priya", "PUT", "/api/v1/organisation", wanted).await;
        let key = senders(told).await;
        for who in ["lena", "joel", "ben", "wanjiru", "oskar", "ruth"] {
            let_in(told, who).await;
        }
        let declared =
            told.api(201, "lena", "POST", "/api/v1/incidents", json!({ "title": "Printers are slow" })).await;
        let beside = declared["incident"]["number"].as_str().unwrap().to_owned();
        // One request brings an alert that everybody may see, and the one that opens what only some may.
        let down = |host: &str, title: &str, severity: &str| json!({ "key": host, "host": host, "title": title, "severity": severity });
        let batch = json!([down("dir-01", "A Wolpertinger in dir-01", "critical"), down("print-9", "Toner", "info")]);
        told.signal(&key, "/in/generic", batch.to_string()).await;
        told.wait(Span::from_secs(10)).await;
        let listed = told.api(200, "marta", "GET", "/api/v1/incidents", Value::Null).await;
        let number = listed["incidents"][0]["number"].as_str().unwrap().to_owned();
        assert_ne!(number, beside, "{}: the alert opens one of its own", told.case.name);
        let to = |act: &str| format!("/api/v1/incidents/{number}/{act}");
        told.api(200, "marta", "POST", &to("answer"), json!({ "answer": "take" })).await;
        told.api(200, "marta", "POST", &to("confirm"), json!({})).await;
        told.api(200, "marta", "POST", &to("link"), json!({ "number": beside })).await;
        told.api(200, "marta", "POST", &to("unlink"), json!({ "number": beside, "reason": "No wolpertinger there." }))
            .await;
        told.api(200, "marta", "POST", &to("link"), json!({ "number": beside, "how": "caused" })).await;
        let restrict = json!({ "reason": "Wolpertinger inside.", "people": ["ben"] });
        told.api(403, "oskar", "POST", &to("restrict"), restrict.clone()).await;
        told.api(422, "marta", "POST", &to("restrict"), json!({ "reason": " " })).await;
        let done = told.api(200, "marta", "POST", &to("restrict"), restrict).await;
        assert_eq!(done["incident"]["restricted"], true, "{done}");
        let sent = told.sent.len();
        Self::goes_on(told, &key, &number, &beside).await;
        let nobodys = Self::nobodys(told, &key).await;
        Self::declared_so(told).await;
        let all = told.api(200, "marta", "GET", "/api/v1/alerts?limit=200", Value::Null).await;
        let (hidden, open): (Vec<_>, Vec<_>) =
            all["alerts"].as_array().unwrap().iter().cloned().partition(|a| a["incident"] == number.as_str());
        let ids = |alerts: &[Value]| alerts.iter().map(|a| a["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        assert!(!hidden.is_empty() && open.len() > 1, "{all}");
        let listed = told.api(200, "marta", "GET", "/api/v1/incidents", Value::Null).await;
        let numbers = listed["incidents"].as_array().unwrap().iter().map(|i| i["number"].as_str().unwrap().to_owned());
        let subject = told.ops().whole_log(Sight::all(), &number).await.unwrap().stored.subject;
        let all_logs = told.ops().whole_log(Sight::all(), &nobodys).await.unwrap().stored.subject;
        let logs = [(number.clone(), subject.clone()), (nobodys.clone(), all_logs)];
        let secrets = [SECRET.to_owned(), number.clone(), nobodys, subject.0].into_iter().chain(ids(&hidden)).collect();
        let open_numbers = numbers.filter(|n| *n != number).collect();
        Self { secrets, alerts: ids(&open), hidden_alerts: ids(&hidden), open: open_numbers, logs, sent, number }
    }

    /// What is done to it once it is restricted.
    async fn goes_on(told: &mut Told, key: &str, number: &str, beside: &str) {
        let to = |act: &str| format!("/api/v1/incidents/{number}/{act}");
        told.api(200, "marta", "POST", &to("note"), json!({ "text": "The wolpertinger came by mail." })).await;
        let token = told.doors["marta"].0.clone();
        told.signal(&token, &to("attachments?name=wolpertinger.txt&text=Its+tracks"), "wolpertinger\n").await;
        let task = json!({ "what": "Catch the wolpertinger", "person": "wanjiru", "minutes": 30 });
        told.api(200, "marta", "POST", &to("plan/task"), task).await;
        let soon = json!({ "what": "Look for wolpertingers", "person": "tomasz", "minutes": 1 });
        told.api(200, "marta", "POST", &to("plan/task"), soon).await; // late soon, and his manager takes no part
        let title = json!({ "to": { "title": "A wolpertinger" }, "reason": "Seen." });
        told.api(200, "marta", "POST", &to("change"), title).await;
        // What comes later joins it; one alert leaves it again, and is everybody's then.
        let said = |host: &str, title: &str, status: &str| json!({ "key": host, "host": host, "title": title, "severity": "critical", "status": status });
        let later = json!([said("dir-02", "Disk is full", "firing"), said("dir-03", "Fan", "firing")]);
        told.signal(key, "/in/generic", later.to_string()).await;
        told.wait(Span::from_secs(10)).await;
        told.signal(key, "/in/generic", said("dir-03", "Fan", "resolved").to_string()).await;
        let alerts = told.api(200, "marta", "GET", "/api/v1/alerts?limit=200", Value::Null).await;
        for title in ["Disk is full", "Fan"] {
            let alert = alerts["alerts"].as_array().unwrap().iter().find(|a| a["title"] == title).unwrap();
            assert_eq!(alert["incident"], number, "{alert}");
            let leave = json!({ "alert": alert["id"], "reason": "No wolpertinger fits." });
            told.api(200, "marta", "POST", &to("leave-alert"), leave).await;
        }
        told.wait(Span::from_secs(30)).await; // the one that still fires opens an incident of its own
        // It is linked with another, and cannot go on where everybody reads of it.
        let door = told.api(201, "lena", "POST", "/api/v1/incidents", json!({ "title": "A door is stuck" })).await;
        let door = door["incident"]["number"].as_str().unwrap().to_owned();
        told.api(200, "marta", "POST", &to("link"), json!({ "number": door })).await;
        for into in [&door, beside] {
            told.api(422, "marta", "POST", &to("merge"), json!({ "number": into, "reason": "The same." })).await;
        }
        // A clash over what it affects says whom to ask, and no more.
        let on = |rest: &str| format!("/api/v1/systems/directory/{rest}");
        told.api(200, "joel", "POST", &on("claims"), json!({ "what": "Patch", "minutes": 30 })).await;
        let asked = told.api(200, "marta", "POST", &on("disruptions"), json!({ "what": "Reboot" })).await;
        let over = format!("disruptions/{}/override", asked["ask"]);
        told.api(200, "marta", "POST", &on(&over), json!({ "reason": "It cannot wait." })).await;
        told.api(200, "marta", "POST", &to("estimate"), json!({ "grounds": "Nobody knows wolpertingers." })).await;
        told.wait(Span::from_mins(1)).await;
    }

    /// Another that a manager restricts before anybody has taken it: what it owes, nobody owes yet.
    async fn nobodys(told: &mut Told, key: &str) -> String {
        let down = json!({ "key": "sw-9", "host": "sw-9", "title": "Another Wolpertinger", "severity": "critical" });
        told.signal(key, "/in/generic", down.to_string()).await;
        told.wait(Span::from_secs(10)).await;
        let listed = told.api(200, "ruth", "GET", "/api/v1/incidents?state=suspected&limit=1", Value::Null).await;
        let number = listed["incidents"][0]["number"].as_str().unwrap().to_owned();
        let restrict = json!({ "reason": "Wolpertingers breed." });
        told.api(200, "ruth", "POST", &format!("/api/v1/incidents/{number}/restrict"), restrict).await;
        assert!(told.page(200, "ruth", "/now").await.text.contains(&number), "{}", told.case.name);
        number
    }

    /// It can be declared so, by program and by page: from its first moment nobody else sees it.
    async fn declared_so(told: &mut Told) {
        let said = json!({ "title": "A wolpertinger at the gate", "restricted": true });
        let done = told.api(201, "oskar", "POST", "/api/v1/incidents", said).await;
        let by_program = done["incident"]["number"].as_str().unwrap().to_owned();
        let fields = [("act", "01jcw2v7q3f0"), ("title", "A wolpertinger on the roof"), ("restricted", "1")];
        let receipt = told.form(303, "oskar", "/declare", &[&fields[..], &[("anyway", "1")]].concat()).await;
        let to = receipt.headers[header::LOCATION].to_str().unwrap().to_owned();
        let by_page = to.split(['/', '?']).nth(2).unwrap().to_owned();
        for number in [by_program, by_page] {
            told.page(200, "oskar", &format!("/incidents/{number}")).await;
            for who in ["marta", "priya"] {
                told.page(404, who, &format!("/incidents/{number}")).await;
            }
        }
    }

    /// Who takes part, and whom it is shown to, sees it.
    async fn is_there(&self, told: &mut Told) {
        for who in ["marta", "ben", "wanjiru"] {
            let page = told.page(200, who, &format!("/incidents/{}", self.number)).await;
            assert!(page.text.contains("Restricted") && page.text.contains("came by mail"), "{who}");
            for path in ["/incidents", "/now", "/systems", "/api/v1/incidents?q=Wolpert", "/alerts"] {
                let answer = self.ask(told, who, &Method::GET, path).await;
                let sign = if path == "/alerts" { &self.hidden_alerts[0] } else { &self.number };
                assert!(answer.0 == 200 && answer.1.text.contains(sign.as_str()), "{who} {path}");
            }
        }
        let full = told.api(200, "ben", "GET", &format!("/api/v1/incidents/{}", self.number), Value::Null).await;
        assert_eq!(full["restriction"]["shown_to"][0]["id"], "ben", "{full}");
        assert_eq!(full["others"].as_array().unwrap().len(), 2, "{full}");
        let page = told.page(200, "marta", &format!("/incidents/{}", self.open[0])).await;
        assert!(page.text.contains(&self.number), "{}: who sees both sees the link from either side", told.case.name);
    }

    /// Nobody else finds a trace of it, whatever they ask.
    async fn is_not_there(&self, told: &mut Told) {
        let mut asked = 0;
        for who in STRANGERS {
            for path in self.addresses(&Method::GET) {
                let (status, answer) = self.ask(told, who, &Method::GET, &path).await;
                // A program of tests cannot print: it is no Muster. Of what is hidden nothing is ever printed. What a pack holds is
                // looked at where none is printed: `./test` runs this without the PDF engine too.
                let prints = ["/form.pdf", "/plan.pdf", "/proof.zip", "/proof"].iter().any(|end| path.ends_with(end));
                let cannot = prints && !path.contains(&self.number);
                assert!(status < 500 || status == 501 || cannot, "{}: {who} {path}: {status}", told.case.name);
                self.says_nothing(told.case.name, who, &path, &answer);
                if path.contains(&self.number) {
                    let nobodys = path.replace(&self.number, NOBODYS);
                    let (known, like) = (status, self.ask(told, who, &Method::GET, &nobodys).await);
                    assert_eq!((known, shape(&answer.text)), (like.0, shape(&like.1.text)), "{who} {path}");
                }
                asked += 1;
            }
            // Counters count what they see.
            let listed = told.api(200, who, "GET", "/api/v1/incidents?state=open", Value::Null).await;
            let open = listed["incidents"].as_array().unwrap().len();
            let page = told.page(200, who, "/incidents?state=open").await;
            assert!(page.text.contains(&format!("{open} open incident")), "{who} {open}");
            let alerts = told.api(200, who, "GET", "/api/v1/alerts?limit=200", Value::Null).await;
            let all = format!("All {}<", alerts["alerts"].as_array().unwrap().len());
            assert!(told.page(200, who, "/alerts").await.text.contains(&all), "{who} {all}");
        }
        assert!(asked > 400, "too little was asked: {asked}");
    }

    /// Whatever they want to do to it, it is as if there were none.
    async fn cannot_be_acted_on(&self, told: &mut Told) {
        for path in self.addresses(&Method::POST).into_iter().filter(|p| p.contains(&self.number)) {
            let (status, answer) = self.ask(told, "lena", &Method::POST, &path).await;
            let like = self.ask(told, "lena", &Method::POST, &path.replace(&self.number, NOBODYS)).await;
            assert_eq!((status, shape(&answer.text)), (like.0, shape(&like.1.text)), "{path}");
            assert!(status >= 400, "{path}: {status}");
            self.says_nothing(told.case.name, "lena", &path, &answer);
        }
        for (act, body) in [("link", json!({})), ("merge", json!({ "reason": "The same." }))] {
            let path = format!("/api/v1/incidents/{}/{act}", self.open[0]);
            let mut refused = Vec::new();
            for number in [self.number.as_str(), NOBODYS] {
                let mut body = body.clone();
                body["number"] = json!(number);
                refused.push(shape(&told.api(422, "lena", "POST", &path, body).await.to_string()));
            }
            assert_eq!(refused[0], refused[1], "{act}");
        }
    }

    /// No stream tells them that anything has changed.
    async fn is_not_heard_of(&self, told: &mut Told) {
        let mut strange = stream(told, "lena", "/live").await;
        let mut theirs = stream(told, "marta", "/live").await;
        let (mut of_it, path) = (stream(told, "ben", &format!("/incidents/{}/live", self.number)).await, "note");
        let note = |number: &str| format!("/api/v1/incidents/{number}/{path}");
        told.api(200, "marta", "POST", &note(&self.number), json!({ "text": "It sleeps." })).await;
        assert!(next(&mut theirs).await.contains("changed"), "{}", told.case.name);
        assert!(next(&mut of_it).await.contains("changed"), "{}", told.case.name);
        let silence = tokio::time::timeout(Duration::from_millis(500), strange.next()).await;
        assert!(silence.is_err(), "{}: {silence:?}", told.case.name);
        told.api(200, "lena", "POST", &note(&self.open[0]), json!({ "text": "Still stuck." })).await;
        assert!(next(&mut strange).await.contains("changed"), "{}", told.case.name);
    }

    /// Whoever is written to about it may see it, also when what is owed is late and reminders go up the line.
    async fn is_not_written_of(&self, told: &mut Told) {
        let mut reminded = 0;
        let mut from = self.sent;
        for _ in 0..4 {
            told.wait(Span::from_mins(10)).await;
            let sent = told.sent[from..].to_vec();
            from = told.sent.len();
            for (number, log) in &self.logs {
                for to in sent.iter().filter(|d| d.text.subject.contains(number.as_str())).map(|d| d.person.clone()) {
                    let (sight, log) = (Sight::of(&to), log.clone());
                    let sees = async move |tx: &mut Tx| sight::sees(tx, &sight, &log).await;
                    assert!(told.case.db.read(sees).await.unwrap(), "{}: {to} reads of {number}", told.case.name);
                    reminded += 1;
                }
            }
        }
        assert!(reminded > 5, "{}: only {reminded} messages were about it", told.case.name);
    }

    /// Once nobody who may see it is left in the directory, the administrators find it, and one of them lifts it.
    async fn is_found_once_all_are_gone(&self, told: &mut Told) {
        let path = format!("/incidents/{}", self.number);
        let chain = ["marta", "ben", "wanjiru", "oskar", "ruth", "daniel", "helen"];
        for (nth, who) in chain.iter().enumerate() {
            let act = format!("01jcw2v7q3g{nth}");
            told.form(303, "priya", &format!("/people/{who}/gone"), &[("act", &act), ("gone", "yes")]).await;
        }
        told.settle().await;
        told.page(200, "priya", &path).await;
        told.page(404, "lena", &path).await;
        let lift = [("act", "01jcw2v7q3h0"), ("reason", "All who knew are gone")];
        told.form(303, "priya", &format!("{path}/unrestrict"), &lift).await;
        told.page(200, "lena", &path).await;
    }

    /// Every address of the tables that is asked by `method`, with everything that there is put into it.
    fn addresses(&self, method: &Method) -> Vec<String> {
        let call = if method == Method::GET { ".get(\"" } else { ".post(\"" };
        let mut addresses = Vec::new();
        for file in ["web/routes.rs", "web/api.rs"] {
            let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(file)).unwrap();
            for route in text.split(call).skip(1).map(|rest| rest.split('"').next().unwrap()) {
                addresses.extend(self.filled(route));
            }
        }
        if method == Method::GET {
            addresses.extend(self.searches());
        }
        // The pretend phones show everybody's messages, and streams never end: `is_not_heard_of` listens to them.
        addresses.retain(|a| !a.starts_with("/phones") && (!a.ends_with("/live") || a.contains(&self.number)));
        addresses
    }

    /// That route with each thing that its places can hold.
    fn filled(&self, route: &str) -> Vec<String> {
        let Some((before, rest)) = route.split_once('{') else { return vec![route.to_owned()] };
        let (place, after) = rest.split_once('}').unwrap();
        let own = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        let of = before.trim_start_matches("/api/v1");
        let values = match (place, of.split('/').nth(1).unwrap_or_default()) {
            ("number", "incidents" | "declared") => self.open.iter().cloned().chain([self.number.clone()]).collect(),
            ("number", "policy") => own(&["1"]),
            ("id", "alerts") => self.alerts.iter().chain(&self.hidden_alerts).cloned().collect(),
            ("id", "systems") => own(&["directory", "email", "printing"]),
            ("id", "people") => own(&["marta", "wanjiru", "ben", "lena"]),
            ("id", "intake") => own(&["generic"]),
            ("entry", _) => own(&["1", "2", "3"]),
            ("name", "incidents") => own(&["wolpertinger.txt"]),
            ("token", _) => own(&["ml_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]),
            ("kind", "organisation") => own(&["person", "system", "about"]),
            ("name", "organisation") => own(&["email", "marta"]),
            ("nth", "profile") => own(&["1"]),
            ("part", "policy") => own(&["figures"]),
            ("area", "policy") => own(&["server"]),
            ("person" | "press", "phones") => own(&["marta"]),
            other => panic!("{route}: nobody has said what {other:?} can be: say it here"),
        };
        values.iter().flat_map(|value| self.filled(&format!("{before}{value}{after}"))).collect()
    }

    /// Questions that go further than an address.
    fn searches(&self) -> Vec<String> {
        let lists = [
            "/incidents?state=all&q=wolpert",
            "/incidents?state=open",
            "/incidents?state=suspected",
            "/incidents?before=9999999999999.2027-001",
            "/declare?title=There+is+a+wolpert+in+dir-01&system=directory",
            "/alerts?account=opened",
            "/alerts?account=joined",
            "/alerts?system=directory",
            "/alerts?source=generic",
            "/alerts?account=resolved",
            "/api/v1/incidents?q=wolpert",
            "/api/v1/incidents?state=open&limit=1",
            "/api/v1/alerts?account=opened",
            "/api/v1/alerts?limit=200",
            "/api/v1/systems/directory/entries?limit=200",
            "/api/v1/systems?limit=200",
        ];
        let mut all: Vec<String> = lists.iter().map(|path| (*path).to_owned()).collect();
        for number in &self.open {
            for rest in ["?as-of=3", "?as-of=9", "?entries=all", "?at=2026-11-17T10:30:00Z", "?show=decision"] {
                all.push(format!("/incidents/{number}{rest}"));
            }
            all.push(format!("/api/v1/incidents/{number}/entries?limit=200"));
        }
        all.extend(self.alerts.iter().map(|id| format!("/alerts/{id}/payload?n=1")));
        all
    }

    /// What that person is answered, whatever it is.
    async fn ask(&self, told: &mut Told, who: &str, method: &Method, path: &str) -> (u16, Answer) {
        told.pass(Span::from_millis(1));
        let request = told.browser(who, method.as_str(), path);
        let request = match path.starts_with("/api/") {
            true => request
                .header(header::AUTHORIZATION, format!("Bearer {}", told.doors[who].0))
                .header(header::CONTENT_TYPE, "application/json"),
            false => request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded"),
        };
        let body = if path.starts_with("/api/") && method == Method::POST { "{}" } else { "" };
        let answer = told.site.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let (parts, body) = answer.into_parts();
        let bytes = to_bytes(body, 1 << 24).await.unwrap();
        let text = match zip::ZipArchive::new(std::io::Cursor::new(&bytes)) {
            Ok(mut pack) => (0..pack.len()).map(|n| contents(&mut pack, n)).collect(),
            Err(_) => String::from_utf8_lossy(&bytes).into_owned(),
        };
        (parts.status.as_u16(), Answer { headers: parts.headers, text })
    }

    fn says_nothing(&self, case: &str, who: &str, path: &str, answer: &Answer) {
        let text = format!("{:?}\n{}", answer.headers, answer.text).to_lowercase();
        for secret in self.secrets.iter().filter(|s| !path.contains(s.as_str())) {
            let Some(at) = text.find(&secret.to_lowercase()) else { continue };
            let from = text.floor_char_boundary(at.saturating_sub(300));
            let to = text.ceil_char_boundary((at + 300).min(text.len()));
            panic!("{case}: {who} finds “{secret}” at {path}:\n{}", &text[from..to]);
        }
    }
}

/// The name and the text of a file of a pack.
fn contents<R: Read + std::io::Seek>(pack: &mut zip::ZipArchive<R>, n: usize) -> String {
    let mut file = pack.by_index(n).unwrap();
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).unwrap();
    format!("{:?}\n{}\n", file.name(), String::from_utf8_lossy(&bytes))
}

/// A text without its digits: times and numbers differ, and nothing else may.
fn shape(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_digit() { '#' } else { c }).collect()
}

async fn stream(told: &Told, who: &str, path: &str) -> BodyDataStream {
    let request = told.browser(who, "GET", path).body(Body::empty()).unwrap();
    let answer = told.site.clone().oneshot(request).await.unwrap();
    assert_eq!(answer.status(), 200, "{who} {path}");
    let mut stream = answer.into_body().into_data_stream();
    assert!(next(&mut stream).await.contains("hello"));
    stream
}

async fn next(stream: &mut BodyDataStream) -> String {
    let within = tokio::time::timeout(Duration::from_secs(10), stream.next()).await;
    within.map_or_else(|_| "silence".into(), |chunk| String::from_utf8_lossy(&chunk.unwrap().unwrap()).into_owned())
}
