//! Checkpoints on their way out, to a file, a real mail server and a receiver on loopback.

use crate::channels::{Scripted, fresh, mail_server, status, taken};
use crate::databases::TempDir;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use muster::app::{App, Site};
use muster::channels::Channels;
use muster::channels::settings::{ChannelSettings, SmtpSettings, WebhookSettings};
use muster::clock::{Clock, MovableClock, SystemClock};
use muster::config::Checkpoints;
use muster::documents::checkpoint::{self, Signed};
use muster::outgoing::OutgoingSettings;
use muster::server::checkpoints::{Destination, Had, run};
use muster::store::{Db, Tx, migrate};
use muster_core::Span;
use muster_core::ids::PersonId;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

const ORGANISATION: &str = r#"
    [organisation]
    name = "Northmere"
    time_zone = "Europe/London"
    [people.ana]
    name = "Ana"
    role = "administrator"
"#;

fn channels(smtp: Option<SmtpSettings>) -> Channels {
    let secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=".into();
    let webhook = Some(WebhookSettings { secret, old_secret: None });
    let outgoing = OutgoingSettings::with_loopback();
    Channels::new(&ChannelSettings { smtp, webhook, outgoing, ..ChannelSettings::default() }).unwrap()
}

/// The program on that database, as it is after each start.
async fn started(db: &Db, clock: Arc<dyn Clock>, channels: Channels) -> Arc<App> {
    let site = Site { public_url: "https://muster.example".into(), secure: true, trusted_proxies: vec![], demo: false };
    App::new(db.clone(), clock, channels, site).await.unwrap()
}

async fn database(home: &TempDir) -> Db {
    let db = Db::sqlite(&home.path().join("muster.db")).unwrap();
    migrate::run(&db, migrate::MIGRATIONS, SystemClock.now()).await.unwrap();
    db
}

fn in_file(path: &Path) -> Vec<Signed> {
    checkpoint::read(&std::fs::read_to_string(path).unwrap()).unwrap().signed
}

/// Something new: the audit trail grows.
async fn something_happens(app: &App) {
    let ana = PersonId::from("ana");
    app.ops.end_sessions(&ana, None, &ana).await.unwrap();
}

// proves: DOC-4 signed checkpoints of the ledger leave the machine by file, mail and webhook, each until it has the newest
#[tokio::test]
async fn every_destination_gets_the_newest_and_one_that_fails_stops_no_other() {
    let home = TempDir::new();
    let (db, log) = (database(&home).await, home.path().join("checkpoints.log"));
    let (server, mails) = mail_server();
    let auditor = fresh("auditor");
    let answers = ["500 Oops", "200 OK", "200 OK", "200 OK"].map(status).into();
    let receiver = Scripted::http(answers).await;
    let smtp = || {
        let url = format!("smtp://{server}?tls=none").as_str().into();
        channels(Some(SmtpSettings { url, from: "Muster <muster@example.org>".into(), ca_file: None }))
    };
    let settings = Checkpoints {
        file: Some(log.clone()),
        mail: Some(auditor.clone()),
        webhook: Some(receiver.url("/in?key=1").as_str().into()),
        every: Span::from_hours(1),
    };
    let destinations = Destination::all(&settings, &smtp()).unwrap();
    let clock = Arc::new(MovableClock::at("2026-11-17T10:00:00Z".parse().unwrap()));
    let app = started(&db, clock.clone(), smtp()).await;
    app.ops.apply(&toml::from_str(ORGANISATION).unwrap(), "test").await.unwrap();
    let round = async |app: &App| {
        let mut came = Vec::new();
        for destination in &destinations {
            came.push(destination.send_due(app).await.map(|had| had.now));
        }
        came
    };
    let oops = || Err("the receiver answers 500 Internal Server Error".to_owned());

    // A new destination gets one at once; the failing one gets it when it can.
    assert_eq!(round(&app).await, [Ok(true), Ok(true), oops()]);
    assert_eq!(round(&app).await, [Ok(false), Ok(false), Ok(true)]);
    // Something new goes out, but not at once, and a start in between forgets nothing.
    something_happens(&app).await;
    clock.advance(Span::from_mins(59));
    let app = started(&db, clock.clone(), smtp()).await;
    assert_eq!(round(&app).await, [Ok(false), Ok(false), Ok(false)]);
    clock.advance(Span::from_mins(1));
    assert_eq!(round(&app).await, [Ok(true), Ok(true), Ok(true)]);
    // Nothing new is said once a day.
    clock.advance(Span::from_hours(23));
    assert_eq!(round(&app).await, [Ok(false), Ok(false), Ok(false)]);
    clock.advance(Span::from_hours(1));
    assert_eq!(round(&app).await, [Ok(true), Ok(true), Ok(true)]);
    // A restored copy says nothing until somebody has looked at it.
    app.ops.hold_outbox(true, "test").await.unwrap();
    clock.advance(Span::from_hours(48));
    assert_eq!(round(&app).await, [Ok(false), Ok(false), Ok(false)]);

    // What arrived is what the database is proved against.
    let kept = in_file(&log);
    assert_eq!(kept.len(), 3);
    assert!(kept[0].checkpoint.audit.count < kept[1].checkpoint.audit.count);
    assert_eq!(kept[1].checkpoint.audit, kept[2].checkpoint.audit);
    let asked = receiver.asked();
    assert!(asked.iter().all(|request| request.contains("webhook-signature: v1,")), "{asked:?}");
    let body: serde_json::Value = serde_json::from_str(asked[1].split("\r\n\r\n").nth(1).unwrap()).unwrap();
    let by_webhook = checkpoint::read(body["data"]["text"].as_str().unwrap()).unwrap().signed;
    assert_eq!(by_webhook, kept[..1]);
    let (_, mail) = taken(&mails, &auditor).unwrap();
    assert!(mail.contains("Subject: Checkpoint of https://muster.example: row 1\r\n"), "{mail}");
    let by_mail = checkpoint::read(&mail).unwrap();
    assert!(by_mail.unfinished.is_empty() && by_mail.signed.len() == 1, "{mail}");
    assert!(kept.contains(&by_mail.signed[0]));
    let verdict = app.ops.verify_against(kept).await.unwrap();
    assert_eq!((verdict.wrong, verdict.against.map(|a| a.checkpoints)), (None, Some(3)));
}

#[tokio::test]
async fn the_running_program_sends_them_and_shows_which_fail() {
    let home = TempDir::new();
    let (db, log) = (database(&home).await, home.path().join("checkpoints.log"));
    let app = started(&db, Arc::new(SystemClock), channels(None)).await;
    // Nobody listens there.
    let away = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let webhook = Some(format!("http://{away}/in").as_str().into());
    let settings = Checkpoints { file: Some(log.clone()), webhook, ..Checkpoints::default() };
    let destinations = Destination::all(&settings, &channels(None)).unwrap();
    let stop = CancellationToken::new();
    let running = tokio::spawn(run(app.clone(), destinations.clone(), stop.clone()));

    let site = muster::web::routes::site(&app);
    let metrics = async || {
        let answer = site.clone().oneshot(Request::get("/metrics").body(Body::empty()).unwrap()).await.unwrap();
        String::from_utf8(to_bytes(answer.into_body(), 1 << 20).await.unwrap().into()).unwrap()
    };
    let both = ["muster_checkpoint_age_seconds{to=\"file\"} ", "muster_checkpoint_failing_seconds{to=\"webhook\"} "];
    let shown = async {
        loop {
            let said = metrics().await;
            if both.iter().all(|gauge| said.contains(gauge)) {
                return said;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let said = tokio::time::timeout(Duration::from_secs(30), shown).await.expect("both are shown within 30 seconds");
    assert!(!said.contains("age_seconds{to=\"webhook\"}") && !said.contains("failing_seconds{to=\"file\"}"), "{said}");
    assert_eq!(in_file(&log).len(), 1);
    stop.cancel();
    tokio::time::timeout(Duration::from_secs(30), running).await.expect("it stops when it is told").unwrap();
    let had = destinations[0].send_due(&app).await.unwrap();
    assert_eq!(had, Had { at: Some(in_file(&log)[0].checkpoint.at), now: false });
}

#[tokio::test]
async fn a_file_that_cannot_be_written_is_told_and_no_checkpoint_counts_as_sent() {
    let home = TempDir::new();
    let db = database(&home).await;
    let app = started(&db, Arc::new(SystemClock), channels(None)).await;
    let folder = home.path().join("not-mounted");
    let settings = Checkpoints { file: Some(folder.join("checkpoints.log")), ..Checkpoints::default() };
    let destinations = Destination::all(&settings, &channels(None)).unwrap();
    let why = destinations[0].send_due(&app).await.unwrap_err();
    assert!(why.contains("No such file"), "{why}");
    std::fs::create_dir(&folder).unwrap();
    assert!(destinations[0].send_due(&app).await.unwrap().now);
    assert_eq!(in_file(&folder.join("checkpoints.log")).len(), 1);
}

// proves: DOC-4 a checkpoint shows that the trail of changed settings was cut at its end, or written anew
#[tokio::test]
async fn a_cut_or_rewritten_audit_trail_is_found_by_a_checkpoint() {
    let home = TempDir::new();
    let db = database(&home).await;
    let clock = Arc::new(MovableClock::at("2026-11-17T10:00:00Z".parse().unwrap()));
    let app = started(&db, clock.clone(), channels(None)).await;
    app.ops.apply(&toml::from_str(ORGANISATION).unwrap(), "test").await.unwrap();
    something_happens(&app).await;
    let line = app.ops.signed(&app.ops.checkpoint().await.unwrap());
    let against = async || app.ops.verify_against(checkpoint::read(&line).unwrap().signed).await.unwrap();
    let proved = against().await;
    let last = proved.proved.audit;
    assert_eq!((proved.wrong, proved.against.map(|a| a.audit)), (None, Some(last)));

    let cut = async |tx: &mut Tx| tx.execute("DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)", &[]).await;
    assert_eq!(db.write(cut).await.unwrap(), 1);
    assert_eq!(app.ops.verify().await.unwrap().wrong, None, "by itself the database cannot show it");
    let says = format!("it ends with line {}, but a checkpoint knows line {last}", last - 1);
    assert!(against().await.wrong.is_some_and(|wrong| wrong.contains(&says)));

    clock.advance(Span::from_mins(1));
    something_happens(&app).await;
    assert_eq!(app.ops.verify().await.unwrap().wrong, None);
    let says = format!("the audit trail was written anew: its line {last} is not the one of a checkpoint");
    assert_eq!(against().await.wrong, Some(says));
}
