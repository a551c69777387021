//! Files as a browser without a script puts them on an incident, and as it gets them back.

use crate::app::App;
use crate::documents::proof;
use crate::ops::Failure;
use crate::store::{Tx, params};
use crate::web::{routes, trial};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, header};
use muster_core::directory::Role;
use muster_core::entry::Told;
use muster_core::ids::{PersonId, PersonRef};
use muster_core::incident::{Act, Command, Declaration, OpenBy};
use std::io::{Cursor, Read, Write};
use std::sync::Arc;
use tower::ServiceExt;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and what else a picture holds";

struct Site {
    app: Arc<App>,
    site: Router,
    number: String,
}

struct Answer {
    status: u16,
    headers: HeaderMap,
    bytes: Vec<u8>,
}

impl Answer {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }
}

impl Site {
    /// An incident that Ana declared, in an organisation where a file has 1 MiB at most.
    async fn start() -> Self {
        let organisation = trial::ORGANISATION.replace("[policy]", "[policy]\nattachment_max = 1");
        let app = trial::begin(&organisation, "http://muster.example", false).await;
        let said = Declaration {
            by: PersonRef { id: "ana".into(), name: "Ana Nunes".into() },
            title: "Nobody can read email".into(),
            told: Told::SawIt,
            went_down: None,
            manager: None,
            discovered_at: None,
            affected: None,
            severity: None,
            system: None,
        };
        let number = app.ops.declare(OpenBy::Person(said), None).await.unwrap().folded.number;
        Self { site: routes::site(&app), app, number }
    }

    async fn send(&self, who: &str, request: axum::http::request::Builder, body: Vec<u8>) -> Answer {
        let session = self.app.ops.begin_session(&PersonId::from(who), "test").await.unwrap();
        let request = request.header(header::COOKIE, format!("muster={}", session.reveal()));
        let request = request.header("sec-fetch-site", "same-origin").body(Body::from(body)).unwrap();
        let answer = self.site.clone().oneshot(request).await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let bytes = axum::body::to_bytes(answer.into_body(), 1 << 24).await.unwrap().to_vec();
        Answer { status, headers, bytes }
    }

    async fn get(&self, path: &str) -> Answer {
        self.send("rita", Request::get(path), Vec::new()).await
    }

    async fn attach(&self, act: &str, text: &str, files: &[(&str, &[u8])]) -> Answer {
        let mut body = Vec::new();
        for (name, value) in [("act", act), ("seen", "1"), ("text", text)] {
            body.extend(format!("--xx\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
        }
        for (name, bytes) in files {
            body.extend(format!("--xx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/html\r\n\r\n").bytes());
            body.extend(*bytes);
            body.extend(b"\r\n");
        }
        body.extend(b"--xx--\r\n");
        let request = Request::post(format!("/incidents/{}/attach", self.number));
        self.send("ben", request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=xx"), body).await
    }

    async fn page(&self) -> String {
        self.get(&format!("/incidents/{}", self.number)).await.text()
    }

    async fn seq(&self) -> u64 {
        super::Desk::find(&self.app, crate::store::Sight::all(), &self.number).await.unwrap().incident.seq
    }

    async fn count(&self) -> i64 {
        let read = async |tx: &mut Tx| {
            Ok::<i64, Failure>(tx.query_one("SELECT COUNT(*) AS n FROM attachments", params![]).await?.get("n")?)
        };
        self.app.ops.db().read(read).await.unwrap()
    }

    /// The disk has room for so many pages more.
    async fn leave_room(&self, pages: i64) {
        let limit = async move |tx: &mut Tx| {
            let there: i64 = tx.query_one("PRAGMA page_count", params![]).await?.get("page_count")?;
            let sql: &'static str = format!("PRAGMA max_page_count = {}", there + pages).leak();
            tx.query(sql, &[]).await.map(drop)
        };
        self.app.ops.db().write(limit).await.unwrap();
    }

    async fn sql(&self, sql: &'static str) {
        self.app.ops.db().write(async move |tx: &mut Tx| tx.query(sql, &[]).await.map(drop)).await.unwrap();
    }
}

// proves: DOC-6 a screenshot and a log file are put on an incident at once, and hashed into its log
#[tokio::test]
async fn files_come_back_as_they_were_and_can_do_nothing() {
    let site = Site::start().await;
    let log: Vec<u8> = b"<script>alert(1)</script>\n".iter().copied().cycle().take(700_000).collect();
    let before = site.seq().await;
    let done = site.attach("01jcw2v7aaaa", "the console", &[("..\\shot 1.png", PNG), ("dir.html", &log)]).await;
    let to = format!("/incidents/{}?done=attached.01jcw2v7aaaa#log", site.number);
    assert_eq!((done.status, done.header("location")), (303, to.as_str()), "{}", done.text());
    assert_eq!((site.seq().await, site.count().await), (before + 2, 1 + 3), "an entry each, in pieces of 256 KiB");
    let page = site.page().await;
    let at = |n: u64, name: &str| format!("/incidents/{}/attachments/{}/{name}", site.number, before + n);
    assert!(page.contains(&format!("<img src=\"{}\" alt=\"shot 1.png\"", at(1, "shot%201.png"))), "{page}");
    assert!(page.contains(&format!("href=\"{}\">dir.html</a>", at(2, "dir.html"))), "{page}");
    let png = site.get(&at(1, "shot%201.png")).await;
    assert_eq!((png.status, png.bytes.as_slice(), png.header("content-type")), (200, PNG, "image/png"));
    let html = site.get(&at(2, "dir.html")).await;
    assert_eq!((html.bytes == log, html.header("content-type")), (true, "application/octet-stream"));
    assert!(html.header("content-disposition").starts_with("attachment; filename=\"dir.html\""));
    for file in [&png, &html] {
        assert!(file.header("content-security-policy").starts_with("sandbox; default-src 'none'"));
        assert_eq!(file.header("x-content-type-options"), "nosniff");
    }
    for elsewhere in [at(1, "other.png"), at(0, "shot%201.png"), at(9, "dir.html")] {
        assert_eq!(site.get(&elsewhere).await.status, 404, "{elsewhere}");
    }
    let signed_out = Request::get(at(1, "shot%201.png")).body(Body::empty()).unwrap();
    assert_eq!(site.site.clone().oneshot(signed_out).await.unwrap().status(), 303);
}

// proves: DOC-6 the same bytes are kept once, and the same form is taken once
#[tokio::test]
async fn the_same_file_is_kept_once() {
    let site = Site::start().await;
    let before = site.seq().await;
    for _ in 0..2 {
        assert_eq!(site.attach("01jcw2v7bbbb", "", &[("a.png", PNG)]).await.status, 303);
    }
    assert_eq!(site.attach("01jcw2v7cccc", "", &[("b.png", PNG)]).await.status, 303);
    assert_eq!((site.seq().await, site.count().await), (before + 2, 1));
    let other = site.attach("01jcw2v7cccc", "", &[("b.png", b"other bytes")]).await;
    assert_eq!((other.status, site.seq().await), (422, before + 2), "one act, two contents");
}

// proves: DOC-6 what is too large or empty is refused with the limit, and what was typed is not lost
#[tokio::test]
async fn a_file_that_cannot_be_taken_leaves_nothing_and_loses_no_text() {
    let site = Site::start().await;
    let before = site.seq().await;
    let large = vec![b'x'; 1024 * 1024 + 1];
    let answer = site.attach("01jcw2v7dddd", "kept <words>", &[("ok.png", PNG), ("big.log", &large)]).await;
    let html = answer.text();
    assert_eq!(answer.status, 413, "{html}");
    assert!(
        html.contains("big.log is larger than 1 MiB, the most for one file.") && html.contains("kept &#60;words&#62;"),
        "{html}"
    );
    let empty = site.attach("01jcw2v7eeee", "kept", &[("empty.log", b"")]).await;
    assert!(empty.status == 422 && empty.text().contains("empty.log is empty."), "{}", empty.text());
    let none = site.attach("01jcw2v7ffff", "kept", &[("", b"")]).await;
    assert!(none.status == 422 && none.text().contains("Choose a file."));
    let many = vec![("a.png", PNG); 9];
    assert_eq!(site.attach("01jcw2v7gggg", "", &many).await.status, 413);
    assert_eq!((site.seq().await, site.count().await), (before, 0), "nothing half-done");
    let path = format!("/incidents/{}/attach", site.number);
    let garbled = Request::post(&path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=xx");
    assert_eq!(site.send("ben", garbled, b"--xx\r\nContent-Dispo".to_vec()).await.status, 400);
    assert_eq!(site.send("ben", Request::post(&path), Vec::new()).await.status, 415);
    assert_eq!(site.send("rita", Request::post(&path), Vec::new()).await.status, 403);
}

// proves: DOC-6 a full disk is said, leaves no entry, and the same form works once there is room
#[tokio::test]
async fn a_full_disk_leaves_no_entry() {
    let site = Site::start().await;
    let before = site.seq().await;
    let file = vec![7; 900_000];
    // No room at all; and room for the entry, but not for the bytes that it is the hash of.
    for pages in [0, 60] {
        site.leave_room(pages).await;
        let full = site.attach("01jcw2v7hhhh", "", &[("core.bin", &file)]).await;
        assert_eq!(full.status, 503, "{}", full.text());
        assert_eq!((site.seq().await, site.count().await), (before, 0), "{pages} pages");
    }
    site.leave_room(1_000_000).await;
    assert_eq!(site.attach("01jcw2v7hhhh", "", &[("core.bin", &file)]).await.status, 303);
    assert_eq!(site.seq().await, before + 1);
    let kept = site.get(&format!("/incidents/{}/attachments/{}/core.bin", site.number, before + 1)).await;
    assert!(kept.status == 200 && kept.bytes == file, "all of it is there");
}

// proves: DOC-6 what was taken back is given to nobody, and its entry stays
#[tokio::test]
async fn a_file_that_was_taken_back_is_not_shown_any_more() {
    let site = Site::start().await;
    site.attach("01jcw2v7jjjj", "", &[("password.png", PNG)]).await;
    let entry = site.seq().await;
    let href = format!("/incidents/{}/attachments/{entry}/password.png", site.number);
    assert!(site.page().await.contains(&href));
    let request = Request::post(format!("/incidents/{}/take-back", site.number));
    let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let body = format!("act=01jcw2v7kkkk&entry={entry}&reason=Shows+a+password");
    assert_eq!(site.send("ben", request, body.into_bytes()).await.status, 303);
    let page = site.page().await;
    assert!(!page.contains(&href) && page.contains("<del>") && page.contains("password.png"), "{page}");
    assert_eq!(site.get(&href).await.status, 404);
}

// proves: DOC-6 verify names the first file whose bytes are not those of the log
// proves: DOC-4 muster verify covers what is attached
#[tokio::test]
async fn a_changed_or_missing_file_is_found() {
    let site = Site::start().await;
    site.attach("01jcw2v7mmmm", "", &[("a.png", PNG), ("b.log", b"two")]).await;
    assert_eq!(site.app.ops.verify().await.unwrap().wrong, None);
    let entry = site.seq().await;
    site.sql("UPDATE attachments SET bytes = CAST('tow' AS BLOB) WHERE length(bytes) = 3").await;
    let wrong = site.app.ops.verify().await.unwrap().wrong.unwrap();
    assert_eq!(wrong, format!("the file b.log of entry {entry} of {} was changed", site.number));
    site.sql("DELETE FROM attachments").await;
    let wrong = site.app.ops.verify().await.unwrap().wrong.unwrap();
    assert_eq!(wrong, format!("the file a.png of entry {} of {} is missing", entry - 1, site.number));
}

// proves: DOC-6 a program attaches a file by the API, once for a key, up to the same limit
#[tokio::test]
async fn a_program_attaches_a_file() {
    let site = Site::start().await;
    let token = site.app.ops.make_token(&PersonId::from("cleo"), "test", Role::Responder).await.unwrap();
    let send = async |query: &str, bytes: &[u8]| {
        let path = format!("/api/v1/incidents/{}/attachments?{query}", site.number);
        let request = Request::post(path).header(header::AUTHORIZATION, format!("Bearer {}", token.reveal()));
        let request = request.header("idempotency-key", "k").body(Body::from(bytes.to_vec())).unwrap();
        let answer = site.site.clone().oneshot(request).await.unwrap();
        let status = answer.status().as_u16();
        (status, String::from_utf8(axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap())
    };
    let before = site.seq().await;
    for _ in 0..2 {
        let (status, text) = send("name=dir-01.log&text=from+the+console", b"line\n").await;
        assert_eq!(status, 200, "{text}");
    }
    assert_eq!(site.seq().await, before + 1);
    let (status, text) = send("name=big.bin", &vec![0; 1024 * 1024 + 1]).await;
    assert!(status == 413 && text.contains("big.bin is larger than 1 MiB"), "{text}");
    let (status, text) = send("", b"x").await;
    assert!(status == 422 && text.contains("name"), "{text}");
}

/// The pack of an incident with two files, and a third that was taken back.
async fn packed() -> (Site, Vec<u8>) {
    let site = Site::start().await;
    let log: Vec<u8> = b"a line of a log\n".iter().copied().cycle().take(400_000).collect();
    site.attach("01jcw2v7pppp", "", &[("shot.png", PNG), ("dir.log", &log), ("password.png", b"\x89PNG\r\n\x1a\n 2")])
        .await;
    let back = Act::TakeBack { entry: site.seq().await, reason: "shows a password".into() };
    let by = PersonRef { id: "ben".into(), name: "Ben Tallis".into() };
    let subject = super::Desk::find(&site.app, crate::store::Sight::all(), &site.number).await.unwrap().subject;
    site.app.ops.perform(&subject, Command::Act { by, act: back }, None).await.unwrap();
    let pack = site.get(&format!("/incidents/{}/proof.zip", site.number)).await;
    assert_eq!((pack.status, pack.header("content-type")), (200, "application/zip"), "{}", pack.text());
    (site, pack.bytes)
}

fn verify(bytes: &[u8]) -> Result<proof::Proved, String> {
    proof::verify(&mut Cursor::new(bytes)).map_err(|wrong| wrong.to_string())
}

/// The same files in a zip file that somebody else made, `change` of them changed; with the old seal.
fn repacked(pack: &[u8], change: impl Fn(&str, Vec<u8>) -> Option<Vec<u8>>, more: Option<&str>) -> Vec<u8> {
    let mut old = zip::ZipArchive::new(Cursor::new(pack)).unwrap();
    let mut new = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for n in 0..old.len() {
        let mut file = old.by_index(n).unwrap();
        let (name, mut bytes) = (file.name().unwrap().into_owned(), Vec::new());
        file.read_to_end(&mut bytes).unwrap();
        if let Some(bytes) = change(&name, bytes) {
            new.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            new.write_all(&bytes).unwrap();
        }
    }
    if let Some(name) = more {
        new.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
    }
    new.finish().unwrap().into_inner()
}

// proves: DOC-4 a proof pack holds log, form, messages and files, and is proved offline
// proves: DOC-6 what is attached is in the proof pack, and what was taken back is not
#[tokio::test]
async fn a_pack_holds_everything_and_proves_itself() {
    let (site, pack) = packed().await;
    let proved = verify(&pack).unwrap();
    assert_eq!((proved.log.number.as_str(), proved.log.entries), (site.number.as_str(), site.seq().await));
    assert_eq!(proved.log.public_key, site.app.ops.signing_key().public().to_string());
    let mut zip = zip::ZipArchive::new(Cursor::new(&pack)).unwrap();
    let mut names: Vec<String> =
        (0..zip.len()).map(|n| zip.by_index(n).unwrap().name().unwrap().into_owned()).collect();
    names.retain(|name| name != "form.pdf");
    let first = site.seq().await - 3;
    let files = [format!("attachments/{first}-shot.png"), format!("attachments/{}-dir.log", first + 1)];
    let ours = ["incident.json", "form.md", "notes.csv", "messages.json"].map(str::to_owned);
    assert_eq!(names, [&ours[..], &files[..], &["manifest.json".to_owned()]].concat());
    assert!(pack.len() < 200_000, "a log of 400,000 bytes is packed");
}

// proves: DOC-4 verify names what is wrong with a pack: a changed byte anywhere, a missing and an additional file
#[tokio::test]
async fn nothing_in_a_pack_can_be_changed_unseen() {
    let (site, pack) = packed().await;
    // Every byte near both ends, where the names and the seal are, and every 97th between.
    let ends = |at: usize| at < 300 || at + 2_000 > pack.len() || at.is_multiple_of(97);
    for at in (0..pack.len()).filter(|at| ends(*at)) {
        let mut changed = pack.clone();
        changed[at] ^= 1;
        assert!(verify(&changed).is_err(), "byte {at} of {} was changed unseen", pack.len());
    }
    for cut in [0, 1, 21, pack.len() / 2, pack.len() - 1] {
        assert!(verify(&pack[..cut]).is_err(), "cut at {cut}");
    }
    assert!(verify(&[&pack[..], b"x"].concat()).is_err(), "a byte more");
    let keep = |_: &str, bytes| Some(bytes);
    let without = |gone: &'static str| move |name: &str, bytes| (!name.ends_with(gone)).then_some(bytes);
    let other = |of: &'static str| {
        move |name: &str, bytes: Vec<u8>| Some(if name.ends_with(of) { b"other".to_vec() } else { bytes })
    };
    let log = format!("attachments/{}-dir.log", site.seq().await - 2);
    for (changed, wrong) in [
        (repacked(&pack, keep, None), "the seal at its end is missing or was changed".to_owned()),
        (
            repacked(&pack, keep, Some("more.txt")),
            "more.txt does not belong to it: manifest.json does not name it".into(),
        ),
        (repacked(&pack, without("dir.log"), None), format!("{log} is missing")),
        (repacked(&pack, other("dir.log"), None), format!("{log} was changed")),
        (repacked(&pack, other("form.md"), None), "form.md was changed".into()),
        (repacked(&pack, without("manifest.json"), None), "manifest.json is missing or cannot be read".into()),
    ] {
        assert_eq!(verify(&changed).unwrap_err(), wrong);
    }
    let said = |name: &str, bytes: Vec<u8>| match name {
        "manifest.json" => Some(String::from_utf8(bytes).unwrap().replace("Northmere", "Southmere").into_bytes()),
        _ => Some(bytes),
    };
    let wrong = verify(&repacked(&pack, said, None)).unwrap_err();
    assert_eq!(wrong, "manifest.json was changed: its signature does not prove it");
}
