//! Visits to pages as browsers make them, in an organisation with one alert, on a database in memory.

use crate::app::App;
use crate::cli::demo::EXAMPLE;
use crate::engine;
use crate::intake::Format;
use crate::ops::alerts::Accepted;
use crate::store::access::Purpose;
use crate::web::trial;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use muster_core::ids::PersonId;
use std::sync::Arc;
use tower::ServiceExt;

pub(super) struct Visit {
    pub(super) app: Arc<App>,
    site: Router,
    pub(super) cookie: String,
}

pub(super) struct Seen {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) text: String,
}

impl Visit {
    pub(super) async fn begin() -> Self {
        let app = trial::begin(EXAMPLE, "http://muster.example", true).await;
        let site = crate::web::routes::site(&app);
        Self { app, site, cookie: String::new() }
    }

    /// Priya has signed in, and the demo's alert is an incident: the address of its page.
    pub(super) async fn raised() -> (Self, String) {
        let mut visit = Self::begin().await;
        visit.sign_in().await;
        visit.post("/phones/raise", "").await;
        visit.settle().await;
        let incidents = visit.get("/incidents").await.text;
        let number = after(&incidents, "href=\"/incidents/").split('#').next().unwrap();
        let page = format!("/incidents/{number}");
        (visit, page)
    }

    /// The same, taken by Priya and open.
    pub(super) async fn opened() -> (Self, String) {
        let (mut visit, page) = Self::raised().await;
        visit.post(&format!("{page}/take"), "act=01jcw2v7q300").await;
        visit.post(&format!("{page}/confirm"), "act=01jcw2v7q301").await;
        (visit, page)
    }

    /// The engine does what is due, and pretend phones get what is sent.
    pub(super) async fn settle(&self) {
        for _ in 0..20 {
            engine::tick(&self.app.ops).await.unwrap();
            for delivery in self.app.ops.claim("t", 100).await.unwrap() {
                let sent = self.app.ops.demo_receive(&delivery).await.unwrap();
                self.app.ops.settle(&delivery, "t", &sent, "").await.unwrap();
            }
        }
    }

    pub(super) async fn get(&mut self, path: &str) -> Seen {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub(super) async fn post(&mut self, path: &str, form: &str) -> Seen {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        self.send(request.body(Body::from(form.to_owned())).unwrap()).await
    }

    /// A form with files or without, as browsers send it.
    pub(super) async fn post_file(&mut self, path: &str, text: &str, file: Option<&str>) -> Seen {
        let part = |head: &str, body: &str| format!("--xx\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n");
        let file = file.map(|f| part("name=\"file\"; filename=\"days.ics\"", f)).unwrap_or_default();
        let whole = format!("{file}{}--xx--\r\n", part("name=\"text\"", text));
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=xx")
            .header("sec-fetch-site", "same-origin");
        self.send(request.body(Body::from(whole)).unwrap()).await
    }

    /// Somebody else signs in.
    pub(super) async fn be(&mut self, who: &str) {
        let session = self.app.ops.begin_session(&PersonId::from(who), "test").await.unwrap();
        self.cookie = format!("muster={}", session.reveal());
    }

    async fn send(&mut self, mut request: Request<Body>) -> Seen {
        if !self.cookie.is_empty() {
            request.headers_mut().insert(header::COOKIE, self.cookie.parse().unwrap());
        }
        let response = self.site.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        if let Some(cookie) = parts.headers.get(header::SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap().to_owned();
            if pair.starts_with("muster=") {
                self.cookie = if pair == "muster=" { String::new() } else { pair };
            }
        }
        let text = String::from_utf8_lossy(&to_bytes(body, usize::MAX).await.unwrap()).into_owned();
        Seen { status: parts.status, headers: parts.headers, text }
    }

    pub(super) async fn sign_in(&mut self) {
        let token = self.app.ops.invite(Purpose::Demo, Some(&PersonId::from("priya")), "t").await.unwrap();
        let path = format!("/set-up/{}", token.reveal());
        for _ in 0..2 {
            let page = self.get(&path).await;
            assert!(page.status == StatusCode::OK && page.text.contains("Sign in as Priya Raman"), "{}", page.text);
            assert_eq!(self.post(&path, "").await.headers[header::LOCATION], "/now");
        }
        assert!(self.cookie.starts_with("muster=ms_"));
    }
}

/// The first of `text` after `before` and up to a quotation mark.
pub(super) fn after<'a>(text: &'a str, before: &str) -> &'a str {
    let from = text.find(before).unwrap_or_else(|| panic!("{before} is not in {text}")) + before.len();
    text[from..].split('"').next().unwrap()
}

/// A form's body.
pub(super) fn body(fields: &[(&str, &str)]) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    for (name, value) in fields {
        form.append_pair(name, value);
    }
    form.finish()
}

/// The value of that hidden or shown input, or what that text holds, as the page has it.
pub(super) fn held(page: &str, id: &str) -> String {
    let at = page.find(&format!("id=\"{id}\"")).unwrap_or_else(|| panic!("no {id} in {page}"));
    let rest = &page[at..];
    let value = match page[..at].rfind('<').is_some_and(|tag| page[tag..].starts_with("<textarea")) {
        true => rest.split_once(">\n").unwrap().1.split_once("</textarea>").unwrap().0,
        false => rest.split_once("value=\"").unwrap().1.split_once('"').unwrap().0,
    };
    value.replace("&#34;", "\"").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

/// What a browser sends of the form that goes to `action`, if nobody changes anything: its fields in order.
pub(super) fn form(page: &str, action: &str) -> Vec<(String, String)> {
    let from = page.find(&format!("action=\"{action}\"")).unwrap_or_else(|| panic!("no form for {action} in {page}"));
    let form = page[from..].split("</form>").next().unwrap();
    let text = |raw: &str| {
        let plain = raw.replace("&#34;", "\"").replace("&quot;", "\"").replace("&#39;", "'").replace("&#60;", "<");
        plain
            .replace("&lt;", "<")
            .replace("&#62;", ">")
            .replace("&gt;", ">")
            .replace("&#38;", "&")
            .replace("&amp;", "&")
    };
    let of = |tag: &str, name: &str| {
        let value = tag.split(&format!(" {name}=\"")).nth(1)?.split('"').next()?;
        Some(text(value))
    };
    let (mut fields, mut select) = (Vec::new(), String::new());
    for tag in form.split('<') {
        let (head, rest) = tag.split_once('>').unwrap_or((tag, ""));
        let word = head.split_whitespace().next().unwrap_or_default();
        let ticked = !head.contains("type=\"checkbox\"") || head.contains(" checked");
        match (word, of(head, "name")) {
            ("input", Some(name)) if ticked => fields.push((name, of(head, "value").unwrap_or_default())),
            ("textarea", Some(name)) => fields.push((name, text(rest.strip_prefix('\n').unwrap_or(rest)))),
            ("select", Some(name)) => select = name,
            ("option", _) if head.contains(" selected") => {
                fields.push((select.clone(), of(head, "value").unwrap_or_default()));
            }
            _ => {}
        }
    }
    fields
}

/// That form with some fields filled in anew.
pub(super) fn filled(page: &str, action: &str, with: &[(&str, &str)]) -> String {
    let mut fields = form(page, action);
    for (name, value) in with {
        match fields.iter_mut().find(|(n, _)| n == name) {
            Some(field) => field.1 = (*value).to_owned(),
            None => fields.push(((*name).to_owned(), (*value).to_owned())),
        }
    }
    body(&fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect::<Vec<_>>())
}

#[tokio::test]
async fn a_newcomer_lets_it_go_to_voicemail_and_takes_it_on_the_next_phone() {
    let mut visit = Visit::begin().await;
    assert_eq!(visit.get("/phones").await.headers[header::LOCATION], "/sign-in?next=/phones");
    visit.sign_in().await;
    assert!(visit.get("/phones").await.text.contains("No phone is ringing"));
    assert_eq!(visit.post("/phones/raise", "").await.status, StatusCode::SEE_OTHER);
    visit.settle().await;
    let ringing = visit.get("/phones").await.text;
    assert!(ringing.contains("phone is ringing"), "{ringing}");
    let first = after(ringing.split("class=\"device on\"").nth(1).unwrap(), "action=\"/phones/");
    let first = first.split('/').next().unwrap().to_owned();
    let call = after(ringing.split("class=\"device on\"").nth(1).unwrap(), "name=\"call\" value=\"").to_owned();
    assert_eq!(
        visit.post(&format!("/phones/{first}/key"), &format!("call={call}&key=1")).await.status,
        StatusCode::SEE_OTHER
    );
    let still = visit.get("/phones").await.text;
    assert!(still.contains("phone is ringing"), "a key before answering does nothing");
    visit.post(&format!("/phones/{first}/voicemail"), &format!("call={call}")).await;
    visit.settle().await;
    let next = visit.get("/phones").await.text;
    assert!(next.contains("Voicemail: does not count"), "{next}");
    let on = next.split("class=\"device on\"").nth(1).unwrap();
    let second = after(on, "action=\"/phones/").split('/').next().unwrap().to_owned();
    assert_ne!(first, second);
    let call = after(on, "name=\"call\" value=\"").to_owned();
    visit.post(&format!("/phones/{second}/answer"), &format!("call={call}")).await;
    let heard = visit.get("/phones").await.text;
    assert!(heard.contains("Press 1 to take it"), "{heard}");
    visit.post(&format!("/phones/{second}/key"), &format!("call={call}&key=1")).await;
    let taken = visit.get("/phones").await.text;
    assert!(taken.contains("Took it") && taken.contains("Direct contact, spoken"), "{taken}");
    assert_eq!(visit.post(&format!("/phones/{second}/key"), "key=7").await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_link_answers_only_when_its_button_is_pressed() {
    let mut visit = Visit::begin().await;
    visit.sign_in().await;
    visit.post("/phones/raise", "").await;
    visit.settle().await;
    let phones = visit.get("/phones").await.text;
    let link = format!("/l/{}", after(&phones, "href=\"/l/"));
    visit.cookie.clear();
    for _ in 0..2 {
        let page = visit.get(&link).await;
        assert!(page.status == StatusCode::OK && page.text.contains("Asked of you"), "{}", page.text);
    }
    let cross = Request::post(&link)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "cross-site");
    assert_eq!(visit.send(cross.body(Body::from("answer=take")).unwrap()).await.status, StatusCode::FORBIDDEN);
    assert_eq!(visit.post(&link, "answer=maybe").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(visit.post(&link, "answer=take").await.headers[header::LOCATION], link.as_str());
    let taken = visit.get(&link).await.text;
    assert!(
        taken.contains("You have it since") && !taken.contains("/incidents/"),
        "nobody without a password is sent to sign in"
    );
    let note = format!("{link}/note");
    let empty = visit.post(&note, "act=01jcw2v7q3f1&text=+").await;
    assert!(
        empty.status == StatusCode::UNPROCESSABLE_ENTITY && empty.text.contains("Add to the log"),
        "{}",
        empty.text
    );
    for _ in 0..2 {
        let noted = visit.post(&note, "act=01jcw2v7q3f8&text=On+my+way").await;
        assert_eq!(noted.headers[header::LOCATION], format!("{link}#log"));
    }
    assert_eq!(visit.get(&link).await.text.matches("On my way").count(), 1, "sent twice, written once");
    visit.post(&link, "answer=cannot").await;
    let given_back = visit.post(&note, "act=01jcw2v7q3f9&text=Still+here").await;
    assert_eq!(given_back.status, StatusCode::FORBIDDEN, "who gave it back writes by link no more");
    assert!(!visit.get(&link).await.text.contains("On my way"), "and reads no log there");
    let cross = Request::post(&note)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "cross-site");
    assert_eq!(visit.send(cross.body(Body::from("text=x")).unwrap()).await.status, StatusCode::FORBIDDEN);
    let nothing = visit.post("/l/ml_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/note", "text=x").await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
    let unknown = visit.get("/l/ml_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa").await;
    assert!(unknown.status == StatusCode::NOT_FOUND && unknown.text.contains("no link that Muster knows"));
}

#[tokio::test]
async fn every_page_answers_and_shows_what_it_is_for() {
    let mut visit = Visit::begin().await;
    visit.sign_in().await;
    visit.post("/phones/raise", "").await;
    visit.settle().await;
    let alerts = visit.get("/alerts").await;
    let alert = after(&alerts.text, "href=\"/alerts/0").split('#').next().unwrap().to_owned();
    let alert = format!("/alerts/0{alert}");
    for (path, shows) in [
        ("/more", "Demo phones"),
        ("/alerts", "Books balance"),
        ("/alerts?account=opened", "Opened 1"),
        ("/alerts?account=watched&system=nothing", "No alert is like that"),
        ("/alerts?before=nonsense", "Mapping rules"),
        (alert.as_str(), "Raw payload"),
        ("/systems", "is down"),
        ("/systems?q=zzz", "No system has"),
        ("/systems/directory", "Technical contacts"),
        ("/oncall", "Somebody answers for all"),
        ("/policy", "Version 1 of the procedure is in force"),
        ("/people", "16 people"),
        ("/people?q=osei", "Daniel Osei"),
        ("/people/daniel", "Administration"),
        ("/profile", "Name to sign in with"),
    ] {
        let seen = visit.get(path).await;
        assert!(seen.status == StatusCode::OK && seen.text.contains(shows), "{path}: {}", seen.text);
    }
    let payload = visit.get(&format!("{alert}/payload")).await;
    assert!(payload.text.starts_with('{') && payload.headers[header::CONTENT_TYPE] == "text/plain; charset=utf-8");
    for path in ["/nowhere", "/incidents/2026-999"] {
        let lost = visit.get(path).await;
        assert_eq!(lost.status, StatusCode::NOT_FOUND);
        assert!(lost.text.contains("role=\"search\"") && lost.text.contains("aria-label=\"Main\""), "{}", lost.text);
    }
    for path in ["/alerts/none", "/systems/none", "/people/none", "/alerts/a%00b", "/alerts/none/payload"] {
        assert_eq!(visit.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn nobody_who_leads_an_incident_becomes_a_reader() {
    let mut visit = Visit::begin().await;
    visit.be("marta").await;
    visit.post("/declare", "act=01jcw2v7q3d1&title=Nobody+can+print&since=unknown").await;
    let number = format!("/incidents/{}-001", visit.app.ops.now().strftime("%Y"));
    visit.post(&format!("{number}/take"), "act=01jcw2v7q3d2").await;
    visit.be("priya").await;
    let refused = visit.post("/people/marta/role", "role=reader").await;
    assert!(refused.text.contains("leads an open incident"), "{}", refused.text);
    visit.post(&format!("{number}/withdraw"), "act=01jcw2v7q3d3&reason=a+test").await;
    let over = visit.post("/people/marta/role", "role=reader").await;
    assert_eq!(over.status, StatusCode::SEE_OTHER, "{}", over.text);
}

#[tokio::test]
async fn an_administrator_changes_people_and_the_last_one_stays() {
    let mut visit = Visit::begin().await;
    visit.sign_in().await;
    let last = visit.post("/people/priya/role", "role=reader").await;
    assert!(last.status == StatusCode::UNPROCESSABLE_ENTITY && last.text.contains("There must be one administrator"));
    let last = visit.post("/people/priya/gone", "gone=yes").await;
    assert!(last.status == StatusCode::UNPROCESSABLE_ENTITY && last.text.contains("There must be one administrator"));
    assert_eq!(visit.post("/people/daniel/role", "role=administrator").await.status, StatusCode::SEE_OTHER);
    assert_eq!(visit.post("/people/daniel/role", "role=king").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(visit.post("/people/ingrid/gone", "gone=yes").await.status, StatusCode::SEE_OTHER);
    assert!(visit.get("/people/ingrid").await.text.contains("Has left"));
    let gone = visit.post("/people/ingrid/sign-in-link", "").await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    let made = visit.post("/people/daniel/sign-in-link", "").await.text;
    let link = format!("/set-up/{}", after(&made, "http://muster.example/set-up/"));

    visit.cookie.clear();
    let page = visit.get(&link).await.text;
    assert!(page.contains("Choose your password, Daniel Osei"), "{page}");
    let short = visit.post(&link, "password=short&again=short").await;
    assert!(short.status == StatusCode::UNPROCESSABLE_ENTITY && short.text.contains("at least 12 characters"));
    let set = visit.post(&link, "password=correct+horse+battery&again=correct+horse+battery").await;
    assert_eq!(set.headers[header::LOCATION], "/now");
    visit.cookie.clear();
    assert_eq!(visit.get(&link).await.status, StatusCode::GONE, "used up");
    let wrong = visit.post("/sign-in", "name=daniel&password=wrong+horse+battery").await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.text.contains("value=\"daniel\""));
    assert!(wrong.text.contains("You are not signed in.") && !wrong.text.contains("Not sent yet"));
    assert!(!wrong.text.contains("wrong horse"), "a password is never sent back");
    let right = visit.post("/sign-in", "name=Daniel&password=correct+horse+battery&next=/people?q=a").await;
    assert_eq!(right.headers[header::LOCATION], "/people?q=a");

    let token = visit.post("/profile/create-token", "name=laptop&role=reader").await.text;
    let secret = after(&token, "value=\"mt_");
    let by = visit.app.ops.by_token(&format!("mt_{secret}")).await.unwrap().unwrap();
    assert_eq!(by.person.role, muster_core::directory::Role::Reader, "less than its maker");
    let old =
        visit.post("/profile/password", "old=no&password=another+horse+battery&again=another+horse+battery").await;
    assert!(old.status == StatusCode::UNPROCESSABLE_ENTITY && old.text.contains("not the password that you have now"));
    let form = "old=correct+horse+battery&password=another+horse+battery&again=another+horse+battery";
    assert_eq!(visit.post("/profile/password", form).await.status, StatusCode::SEE_OTHER);
    let settings = visit.post("/profile/settings", "theme=dark&shortcuts=off").await;
    assert!(settings.headers[header::SET_COOKIE].to_str().unwrap().starts_with("muster-taste=dark.no-keys"));
    assert_eq!(visit.post("/sign-out", "").await.headers[header::LOCATION], "/sign-in?out=1");
    assert_eq!(visit.get("/profile").await.status, StatusCode::SEE_OTHER);
    let lost = visit.get("/nowhere").await;
    assert!(
        lost.status == StatusCode::NOT_FOUND
            && lost.text.contains("Northmere")
            && !lost.text.contains("role=\"search\"")
    );
}

#[tokio::test]
async fn the_eleventh_wrong_password_is_told_to_wait() {
    let mut visit = Visit::begin().await;
    for _ in 0..10 {
        assert_eq!(visit.post("/sign-in", "name=nobody&password=guess").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let refused = visit.post("/sign-in", "name=nobody&password=guess").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.headers[header::RETRY_AFTER].to_str().unwrap().parse::<u64>().unwrap() > 800);
    assert!(refused.text.contains("too many wrong passwords"));
}

/// The hidden fields of the page's form that is sent to `action`, encoded as a browser does.
fn hidden(page: &str, action: &str) -> String {
    let form =
        page.split(&format!("action=\"{action}\"")).nth(1).unwrap_or_else(|| panic!("no form to {action}: {page}"));
    let form = form.split("</form>").next().unwrap();
    let mut fields = form_urlencoded::Serializer::new(String::new());
    for field in form.split("type=\"hidden\" name=\"").skip(1) {
        let (name, value) = (field.split('"').next().unwrap(), after(field, "value=\""));
        let value = [("&#34;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&"), ("\n", "\r\n")]
            .into_iter()
            .fold(value.to_owned(), |value, (escaped, plain)| value.replace(escaped, plain));
        fields.append_pair(name, &value);
    }
    fields.finish()
}

#[tokio::test]
async fn a_form_that_is_sent_after_its_session_has_ended_is_kept_through_signing_in() {
    let mut visit = Visit::begin().await;
    let link = visit.app.ops.invite(Purpose::Password, Some(&PersonId::from("daniel")), "t").await.unwrap();
    let password = "password=correct+horse+battery";
    let path = format!("/set-up/{}", link.reveal());
    visit.post(&path, &format!("{password}&again=correct+horse+battery")).await;
    let declared = visit.post("/declare", "act=01jcw2v7q3f8&title=No+printing&since=10&anyway=1").await;
    let declared = declared.headers[header::LOCATION].to_str().unwrap().split('?').next().unwrap().to_owned();
    let incident = declared.replace("/declared/", "/incidents/");
    let note = format!("{incident}/note");
    visit.cookie.clear();

    let written = "act=01jcw2v7q3f9&seen=1&kind=activity&text=Restarted+%3Cdir%3E+%26+%22mail%22.%0D%0AIt+answers.";
    let refused = visit.post(&note, written).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert!(refused.text.contains("What you wrote is kept."), "{}", refused.text);
    let again = hidden(&refused.text, "/sign-in");
    let wrong = visit.post("/sign-in", &format!("{again}&name=daniel&password=wrong+horse+battery")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let again = hidden(&wrong.text, "/sign-in");
    let right = visit.post("/sign-in", &format!("{again}&name=daniel&{password}")).await;
    assert!(right.status == StatusCode::OK && right.text.contains("Send it now"), "{}", right.text);
    assert!(right.text.contains("Restarted &#60;dir&#62;") && !right.text.contains("<dd class=\"lines\">01jcw2v7q3f9"));
    let before = visit.get(&incident).await.text;
    assert!(!before.contains("Restarted"), "nothing is sent before its writer says so");
    assert_eq!(hidden(&right.text, &note), written, "what was written, and by which form");
    assert_eq!(visit.post(&note, &hidden(&right.text, &note)).await.status, StatusCode::SEE_OTHER);
    assert!(visit.get(&incident).await.text.contains("Restarted &#60;dir&#62; &#38; &#34;mail&#34;."));

    let elsewhere = format!("kept=//evil.example/&kept.text=x&next=/now&name=daniel&{password}");
    assert_eq!(visit.post("/sign-in", &elsewhere).await.headers[header::LOCATION], "/now", "to no other site");
    visit.cookie.clear();
    let secret = visit.post("/profile/password", "old=an+old+secret&password=x&again=x").await;
    assert_eq!(secret.status, StatusCode::UNAUTHORIZED);
    assert!(!secret.text.contains("old secret") && !secret.text.contains("kept"), "{}", secret.text);
}

/// Two alerts, of which a mapping rule knows the first.
async fn two_alerts() -> Visit {
    let mut visit = Visit::begin().await;
    visit.sign_in().await;
    let body =
        br#"[{"key":"a","host":"dir-1","title":"Known by a rule"},{"key":"b","host":"x-1","title":"Known by none"}]"#;
    let signals = crate::intake::parse(Format::Generic, body, None, visit.app.ops.now());
    let request = Accepted {
        id: visit.app.ops.request_id().unwrap(),
        intake: "nagios".into(),
        at: visit.app.ops.now(),
        format: Format::Generic,
        bytes: body.to_vec(),
        signals,
    };
    visit.app.ops.accept([request.ready().unwrap()].into()).await.unwrap();
    visit.settle().await;
    visit
}

// proves: DEF-1 the list of what is being watched shows what will happen when, and by which rule
#[tokio::test]
async fn what_is_watched_says_when_it_becomes_an_incident_and_by_which_rule() {
    let mut visit = two_alerts().await;
    let page = visit.get("/alerts?account=watched").await.text.replace("&#160;", " ").replace('\u{a0}', " ");
    let list = page.split("id=\"h-list\"").nth(1).unwrap().split("id=\"rules\"").next().unwrap();
    let row = list.split("Known by none").nth(1).expect("it is watched").split("</tr>").next().unwrap();
    let due = muster_core::later(visit.app.ops.now(), muster_core::Span::from_mins(15));
    assert!(row.contains("Incident at") && row.contains(&due.strftime("%H:%M").to_string()), "when: {row}");
    assert!(row.contains("15 min"), "how long it is to then: {row}");
    let rule = "no known system; an incident when it lasts 15 min, no mapping rule matches";
    assert!(row.contains(rule), "by which rule: {row}");
}

#[tokio::test]
async fn who_writes_rules_finds_the_alerts_that_no_rule_gives_a_system() {
    let mut visit = two_alerts().await;
    for (path, known, unknown) in [
        ("/alerts", true, true),
        ("/alerts?system=-", false, true),
        ("/alerts?system=-&account=watched", false, true),
        ("/alerts?system=directory", true, false),
    ] {
        let page = visit.get(path).await.text;
        let list = page.split("id=\"h-list\"").nth(1).unwrap().split("id=\"rules\"").next().unwrap();
        assert_eq!((list.contains("Known by a rule"), list.contains("Known by none")), (known, unknown), "{path}");
    }
    let page = visit.get("/alerts?system=-").await.text;
    assert!(
        page.contains("value=\"-\" selected")
            && page.contains("All 1<")
            && page.contains("?account=watched&#38;system=-"),
        "{page}"
    );
}

// proves: DOC-8 the incident is shown as it was known at any past moment
#[tokio::test]
async fn an_incident_is_shown_as_it_was_known_at_any_moment() {
    let (mut visit, page) = Visit::raised().await;
    let form = visit.get(&page).await.text;
    let entries = after(&form, "?as-of=").parse::<u64>().unwrap() + 1;
    let act = after(&form, "name=\"act\" value=\"").to_owned();
    let noted = visit.post(&format!("{page}/note"), &format!("act={act}&kind=activity&text=Cable+pulled")).await;
    assert_eq!(noted.status, StatusCode::SEE_OTHER);
    let now = visit.get(&page).await.text;
    assert!(now.contains("Cable pulled") && !now.contains("As it was known"));
    let then = visit.get(&format!("{page}?as-of={entries}")).await.text;
    let of = format!("entry {entries} of {}", entries + 1);
    assert!(then.contains("As it was known") && then.contains(&of) && !then.contains("Cable pulled"), "{then}");
    assert!(!then.contains("/note\"") && !then.contains("data-live-url"), "a past moment is only looked at");
    let first = visit.get(&format!("{page}?as-of=0")).await.text;
    assert!(first.contains("All 1<") && first.contains("Not assessed"), "{first}");
    let beyond = visit.get(&format!("{page}?as-of=999999")).await.text;
    assert!(beyond.contains("Cable pulled") && beyond.contains(&format!("value=\"{}\"", entries + 1)), "{beyond}");
    let by_time = visit.get(&format!("{page}?at=2999-01-01T00:00:00Z")).await.text;
    assert!(by_time.contains("Cable pulled") && !by_time.contains("2999"), "{by_time}");
    let before_all = visit.get(&format!("{page}?at=1999-01-01T00:00:00Z")).await.text;
    assert!(before_all.contains("All 1<"), "{before_all}");
}

// proves: DOC-8 its plan, communications, meetings and duties too
#[tokio::test]
async fn every_page_of_an_incident_is_shown_as_it_was_known() {
    let (mut visit, page) = Visit::opened().await;
    let then = after(&visit.get(&page).await.text, "?as-of=").parse::<u64>().unwrap() + 1;
    for (nth, (act, body)) in [
        ("plan/task", "what=Look+at+the+array&person=marta&minutes=20"),
        ("estimate", "back-at=&grounds=the+maker+has+no+spare"),
        ("comms/draft", "row=1&text=Nobody+can+sign+in"),
    ]
    .into_iter()
    .enumerate()
    {
        let sent = visit.post(&format!("{page}/{act}"), &format!("act=01jcw2v7q3s{nth}&{body}")).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{act}: {}", sent.text);
    }
    for (part, new) in [
        ("plan", "Look at the array"),
        ("meetings", "the maker has no spare"),
        ("comms", "Nobody can sign in"),
        ("duties", "Look at the array"),
    ] {
        let now = visit.get(&format!("{page}/{part}")).await.text;
        assert!(now.contains(new) && !now.contains("As it was known"), "{part}: {now}");
        let past = visit.get(&format!("{page}/{part}?as-of={then}")).await.text;
        assert!(past.contains("As it was known") && past.contains(&format!("entry {then} of")), "{part}: {past}");
        assert!(!past.contains(new), "{part} knows what came later: {past}");
        assert!(!past.contains("method=\"post\" action=\"/incidents"), "{part}: a past moment is only looked at");
        assert!(past.contains(&format!("{page}/plan?as-of={then}\"")), "{part}: its tabs stay there: {past}");
    }
}

// proves: EVAL-5 claims are listed on the system, without an incident as well: who, what, since when, and who has not answered
#[tokio::test]
async fn the_page_of_a_system_lists_who_is_at_work_and_who_has_not_answered() {
    let mut visit = Visit::begin().await;
    visit.sign_in().await;
    let claimed = visit.post("/systems/directory/claim", "act=01jcw2v7q3c0&what=Vendor+patch&for=30m").await;
    assert_eq!(claimed.status, StatusCode::SEE_OTHER, "{}", claimed.text);
    visit.be("joel").await;
    let asked = visit.post("/systems/directory/ask", "act=01jcw2v7q3c1&what=Reboot").await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text);
    let page = visit.get("/systems/directory").await.text.replace('\u{a0}', " ");
    let who = page.split("id=\"who\"").nth(1).unwrap().split("</section>").next().unwrap();
    let now = visit.app.ops.now().strftime("%H:%M").to_string();
    assert!(who.contains("1 claim, 1 waits"), "{who}");
    let claim = who.split("<li class=\"claim").find(|row| row.contains("Vendor patch. Since")).unwrap();
    assert!(claim.contains("Priya Raman") && claim.contains(&now), "{claim}");
    let ask = who.split("<li class=\"claim").find(|row| row.contains("wants to: Reboot.")).unwrap();
    for (name, says) in [("Priya Raman", "Vendor patch, since"), ("Marta Lindqvist", "technical contact")] {
        let line = ask.split("<li>").find(|line| line.contains(name)).unwrap_or_else(|| panic!("no {name} in {ask}"));
        assert!(line.contains(says) && line.contains("No answer yet"), "{line}");
    }
    assert!(visit.get("/incidents").await.text.contains("There has been no incident yet."), "and there is none");
}
