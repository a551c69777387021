//! Every database answers alike: the same things happen to the same program on SQLite in memory, SQLite in a file and
//! PostgreSQL, with the same clock and the same randomness, and everything that anybody gets to see is the same, byte for
//! byte. So whatever a page, the API or an operation asks of PostgreSQL has been asked, and sorts, counts and compares as
//! on SQLite.
//!
//! Reading order: [`script`] (what happens), [`reads`] (what is looked at afterwards), [`copies`] (backups).

mod copies;
mod policy;
mod reads;
mod restricted;
mod script;

use crate::databases::{Case, both};
use crate::sim::rng::Rng;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use muster::app::{App, Site};
use muster::channels::Channels;
use muster::channels::settings::ChannelSettings;
use muster::clock::{Clock, MovableClock};
use muster::engine;
use muster::ops::deliver::{Delivery, Sent};
use muster::ops::{Failure, Ops};
use muster::store::migrate;
use muster_core::Span;
use muster_core::contact::Outcome;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::{Debug, Write};
use std::sync::Arc;
use tower::ServiceExt;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_database_answers_alike() {
    let mut first: Option<Told> = None;
    for case in both() {
        let mut told = Told::begin(case).await;
        script::tell(&mut told).await;
        reads::look_at_everything(&mut told).await;
        copies::prove_a_copy(&told).await;
        match &first {
            None => first = Some(told),
            Some(first) => first.compare(&told),
        }
    }
    let told = first.unwrap();
    assert!(told.seen.len() > 150, "too little was looked at: {}", told.seen.len());
}

/// A program on one database, and everything that was seen of it.
struct Told {
    case: Case,
    app: Arc<App>,
    site: Router,
    clock: Arc<MovableClock>,
    /// API tokens and session cookies by person.
    doors: BTreeMap<String, (String, String)>,
    /// What was done or asked, and what came of it.
    seen: Vec<(String, String)>,
    /// Everything that was sent, in its order.
    sent: Vec<Delivery>,
}

/// What came back.
struct Answer {
    headers: axum::http::HeaderMap,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {}", self.text))
    }
}

impl Told {
    async fn begin(case: Case) -> Self {
        muster::outgoing::install_crypto();
        let clock = Arc::new(MovableClock::at("2026-11-17T10:00:00Z".parse().unwrap()));
        migrate::run(&case.db, migrate::MIGRATIONS, clock.now()).await.unwrap();
        let site =
            Site { public_url: "http://muster.example".into(), secure: false, trusted_proxies: vec![], demo: true };
        let channels = Channels::new(&ChannelSettings::default()).unwrap();
        let random = Arc::new(Rng::new(7));
        let app = App::with_random(case.db.clone(), clock.clone(), random, channels, site).await.unwrap();
        let site = muster::web::routes::site(&app);
        Self { case, app, site, clock, doors: BTreeMap::new(), seen: Vec::new(), sent: Vec::new() }
    }

    fn ops(&self) -> Ops {
        self.app.ops.clone()
    }

    fn pass(&self, span: Span) {
        self.clock.advance(span);
    }

    /// Writes down what came of an operation, which must have been done.
    fn done<T: Debug>(&mut self, what: &str, result: Result<T, Failure>) -> T {
        let result = result.unwrap_or_else(|e| panic!("{}: {what}: {e}", self.case.name));
        self.seen.push((what.to_owned(), format!("{result:#?}")));
        result
    }

    /// Writes down why an operation was not done, which must not be the database's fault.
    fn refused<T: Debug>(&mut self, what: &str, result: Result<T, Failure>) {
        match result {
            Err(why @ (Failure::Refused(_) | Failure::NotFound(_))) => {
                self.seen.push((what.to_owned(), why.to_string()))
            }
            other => panic!("{}: {what} was not refused: {other:?}", self.case.name),
        }
    }

    /// Sends a request, a millisecond after the one before, and writes down its answer, which must have that status.
    async fn send(&mut self, status: u16, request: Request<Body>) -> Answer {
        self.pass(Span::from_millis(1));
        let what = format!("{} {}", request.method(), request.uri());
        let answer = self.site.clone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let bytes = to_bytes(body, 1 << 24).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert_eq!(parts.status.as_u16(), status, "{}: {what}: {text}", self.case.name);
        let mut shown = String::new();
        for name in [header::CONTENT_TYPE, header::LOCATION, header::CONTENT_DISPOSITION] {
            if let Some(value) = parts.headers.get(&name) {
                writeln!(shown, "{name}: {value:?}").unwrap();
            }
        }
        self.seen.push((what, format!("{status}\n{shown}\n{text}")));
        Answer { headers: parts.headers, text }
    }

    /// What the API answers that person.
    async fn api(&mut self, status: u16, who: &str, method: &str, path: &str, body: Value) -> Value {
        self.api_once(status, who, method, path, body, None).await
    }

    async fn api_once(
        &mut self,
        status: u16,
        who: &str,
        method: &str,
        path: &str,
        body: Value,
        key: Option<&str>,
    ) -> Value {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.doors[who].0));
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let request = match body {
            Value::Null => request.body(Body::empty()),
            body => request.header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_string())),
        };
        self.send(status, request.unwrap()).await.json()
    }

    /// A page as that person gets it; as nobody does, if nobody is named.
    async fn page(&mut self, status: u16, who: &str, path: &str) -> Answer {
        let request = self.browser(who, "GET", path).body(Body::empty()).unwrap();
        self.send(status, request).await
    }

    /// That person sends a form.
    async fn form(&mut self, status: u16, who: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let pairs = fields.iter().map(|(name, value)| {
            let value: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
            format!("{name}={value}")
        });
        let body = pairs.collect::<Vec<_>>().join("&");
        let request = self.browser(who, "POST", path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(status, request.body(Body::from(body)).unwrap()).await
    }

    fn browser(&self, who: &str, method: &str, path: &str) -> axum::http::request::Builder {
        let request = Request::builder().method(method).uri(path).header("sec-fetch-site", "same-origin");
        match self.doors.get(who) {
            Some((_, cookie)) => request.header(header::COOKIE, cookie),
            None => request,
        }
    }

    /// A sender sends that.
    async fn signal(&mut self, key: &str, path: &str, body: impl Into<Body>) {
        let request = Request::post(path)
            .header(header::AUTHORIZATION, format!("Bearer {key}"))
            .header(header::CONTENT_TYPE, "application/json");
        self.send(200, request.body(body.into()).unwrap()).await;
        self.settle().await;
    }

    /// Everything that is due happens, and what must be sent reaches the pretend phones. Every fifth message meets
    /// passing trouble first, every seventh fails.
    async fn settle(&mut self) {
        let ops = self.ops();
        for _ in 0..200 {
            let ticked = engine::tick(&ops).await.unwrap();
            assert!(ticked.trouble.is_empty(), "{}: {:?}", self.case.name, ticked.trouble);
            let claimed = ops.claim("agreement", 3).await.unwrap();
            let quiet = claimed.is_empty() && ticked.alerts == 0;
            self.seen
                .push(("tick".into(), format!("{ticked:?} {:?}", claimed.iter().map(|d| &d.id).collect::<Vec<_>>())));
            for delivery in claimed {
                let sent = match self.sent.len() {
                    n if n % 5 == 4 => Sent::Later,
                    n if n % 7 == 6 => Sent::Graded(Outcome::Failed),
                    _ => ops.demo_receive(&delivery).await.unwrap(),
                };
                ops.settle(&delivery, "agreement", &sent, "as told").await.unwrap();
                self.sent.push(delivery);
            }
            if quiet {
                return;
            }
        }
        let last = &self.seen[self.seen.len().saturating_sub(4)..];
        panic!("{}: it never becomes quiet: {last:#?}", self.case.name);
    }

    /// Time passes, and what is due meanwhile happens when it is due.
    async fn wait(&mut self, span: Span) {
        let until = muster_core::later(self.clock.now(), span);
        self.settle().await;
        while self.clock.now() < until {
            let due = engine::next_due(&self.ops()).await.unwrap().filter(|d| *d > self.clock.now());
            let next = due.map_or(until, |d| d.min(until));
            self.pass(next.duration_since(self.clock.now()));
            self.settle().await;
        }
    }

    /// Both have seen the same.
    fn compare(&self, other: &Self) {
        for ((what, here), (also, there)) in self.seen.iter().zip(&other.seen) {
            assert_eq!(what, also, "on {} something else was asked than on {}", other.case.name, self.case.name);
            let (here, there) = (&without_revision(here), &without_revision(there));
            if here != there {
                let at = here.bytes().zip(there.bytes()).take_while(|(a, b)| a == b).count();
                let around = |text: &str| {
                    let bytes = &text.as_bytes()[at.saturating_sub(200).min(text.len())..(at + 200).min(text.len())];
                    String::from_utf8_lossy(bytes).into_owned()
                };
                panic!("{what}:\n--- {}\n{}\n--- {}\n{}", self.case.name, around(here), other.case.name, around(there));
            }
        }
        assert_eq!(self.seen.len(), other.seen.len());
        let sent = |told: &Self| told.sent.iter().map(|d| format!("{d:?}")).collect::<Vec<_>>();
        assert_eq!(sent(self), sent(other), "{}", other.case.name);
    }
}

/// A page without the revision of its stream, which is each process's own.
fn without_revision(page: &str) -> String {
    let mut parts = page.split("/live?since=");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + "/live?since=" + part.trim_start_matches(|c: char| c.is_ascii_digit()))
}
