//! The pages of an incident as a browser without a script meets them: the real table over a database
//! in memory.

use crate::app::App;
use crate::ops::Failure;
use crate::store::{Tx, access};
use crate::web::{routes, trial};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use muster_core::Span;
use muster_core::directory::{Organisation, Role};
use muster_core::ids::PersonId;
use muster_core::incident::Incident;
use std::sync::Arc;
use tower::ServiceExt;

struct Site1 {
    app: Arc<App>,
    site: Router,
}

/// What came back.
struct Answer {
    status: u16,
    to: String,
    html: String,
}

impl Site1 {
    async fn start() -> Self {
        let app = trial::begin(trial::ORGANISATION, "http://muster.example", false).await;
        Self { site: routes::site(&app), app }
    }

    async fn send(&self, who: &str, request: axum::http::request::Builder, body: Vec<u8>) -> Answer {
        let session = self.app.ops.begin_session(&PersonId::from(who), "test").await.unwrap();
        let cookie = format!("muster={}", session.reveal());
        let request = request.header(header::COOKIE, cookie).header("sec-fetch-site", "same-origin");
        let answer = self.site.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let status = answer.status().as_u16();
        let to = answer.headers().get(header::LOCATION).map_or(String::new(), |v| v.to_str().unwrap().to_owned());
        let bytes = axum::body::to_bytes(answer.into_body(), 1 << 22).await.unwrap();
        Answer { status, to, html: String::from_utf8(bytes.into()).unwrap() }
    }

    async fn get(&self, who: &str, path: &str) -> Answer {
        self.send(who, Request::get(path), Vec::new()).await
    }

    async fn post(&self, who: &str, path: &str, body: &str) -> Answer {
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(who, request, body.as_bytes().to_vec()).await
    }

    /// Ana declares that email is away.
    async fn declared(&self) -> String {
        let body = "act=01jcw2v7q3f8&title=Nobody+can+read+email&since=10&system=Email&severity=1&anyway=1";
        let answer = self.post("ana", "/declare", body).await;
        assert_eq!(answer.status, 303, "{}", answer.html);
        answer.to.split('?').next().unwrap().trim_start_matches("/declared/").to_owned()
    }

    async fn incident(&self, number: &str) -> Incident {
        super::incident::desk::Desk::find(&self.app, crate::store::Sight::all(), number).await.unwrap().incident
    }
}

// proves: DEF-5 the page asks for a reason when a severity overrides another, and not before
#[tokio::test]
async fn only_an_override_of_the_severity_asks_why() {
    let site = Site1::start().await;
    let declared = site.post("ana", "/declare", "act=01jcw2v7q3f8&title=No+printing&since=10&anyway=1").await;
    let page = declared.to.split('?').next().unwrap().replace("/declared/", "/incidents/");
    let asks_why = async || {
        let html = site.get("ana", &page).await.html;
        let input = html.split("id=\"severity-reason\"").nth(1).unwrap().split('>').next().unwrap().to_owned();
        input.contains("required")
    };
    assert!(!asks_why().await);
    let severity = format!("{page}/severity");
    assert_eq!(site.post("ana", &severity, "severity=3&reason=").await.status, 303);
    assert!(asks_why().await);
    assert_eq!(site.post("ana", &severity, "severity=2&reason=").await.status, 422);
}

// proves: DIS-3 a first triage is one form without script, prefilled from what is known, and its button leads until it is done
#[tokio::test]
async fn a_triage_is_one_form_that_says_what_the_policy_makes_of_it() {
    let site = Site1::start().await;
    let number = site.declared().await;
    let (incident, path) = (format!("/incidents/{number}"), format!("/incidents/{number}/triage"));
    let button = format!("class=\"btn primary\" href=\"{path}\"");
    assert!(site.get("ana", &incident).await.html.contains(&button));
    let page = site.get("ana", &path).await;
    assert!(page.status == 200 && page.html.contains("Triage: who is hit"), "{}", page.html);
    assert!(page.html.contains("So far Email.") && page.html.contains("name=\"people.id."), "{}", page.html);
    assert_eq!(site.get("rita", &path).await.status, 403);

    // Without script a second button asks what the policy says; nothing is lost, nothing is done.
    let chosen = "extent=group&fault=degraded&urgency=low&people.id.staff=320&group=Visitors&group-people=12";
    let asked = site.get("ana", &format!("{path}?{chosen}")).await;
    assert!(asked.html.contains("The policy says:") && asked.html.contains("urgency low: severity"), "{}", asked.html);
    assert!(asked.html.contains("value=\"320\"") && asked.html.contains("value=\"Visitors\""));
    assert!(site.incident(&number).await.triages.is_empty());

    let wrong = site.post("ana", &path, "fault=down&urgency=high&people.id.staff=a+few&system=Emial").await;
    assert_eq!(wrong.status, 422);
    for text in ["Choose one of them.", "a few” is no number", "no system named “Emial”"] {
        assert!(wrong.html.contains(text), "{text}: {}", wrong.html);
    }
    for _ in 0..2 {
        let done = site.post("ana", &path, &format!("act=01jcw2v7q3t1&{chosen}&severity=1")).await;
        assert_eq!((done.status, done.to), (303, format!("{incident}?done=triaged.01jcw2v7q3t1")), "{}", done.html);
    }
    let folded = site.incident(&number).await;
    assert_eq!((folded.triages.len(), folded.head_count()), (1, 332));
    let after = site.get("ana", &incident).await.html;
    assert!(!after.contains(&button) && after.contains("A group, degraded."), "{after}");
}

#[tokio::test]
async fn every_page_shows_what_was_declared() {
    let site = Site1::start().await;
    let empty = site.get("ana", "/now").await;
    assert!(empty.status == 200 && empty.html.contains("No open incidents"), "{}", empty.html);
    let number = site.declared().await;
    for path in ["/now", "/incidents", &format!("/incidents/{number}"), &format!("/declared/{number}")] {
        for who in ["ana", "rita"] {
            let answer = site.get(who, path).await;
            let receipt = path.starts_with("/declared") && who == "rita";
            assert_eq!(answer.status, if receipt { 403 } else { 200 }, "{who} {path}");
            assert!(receipt || answer.html.contains("Nobody can read email"), "{who} {path}");
        }
    }
    assert_eq!(site.get("ana", "/incidents/2026-999").await.status, 404);
    let found = site.get("ana", "/incidents?q=EMAIL&state=open").await;
    assert!(found.html.contains(&number));
    let form = site.get("rita", &format!("/incidents/{number}")).await;
    assert!(!form.html.contains("method=\"post\""), "who only reads has no form");
}

#[tokio::test]
async fn an_address_with_strange_words_is_no_fault_of_ours() {
    let site = Site1::start().await;
    let number = site.declared().await;
    for before in ["9223372036854775807", "9223372036854775808", "18446744073709551615", "-1", "x"] {
        let page = site.get("ana", &format!("/incidents/{number}?before={before}")).await;
        assert_eq!(page.status, 200, "before={before}");
        assert_eq!(site.get("ana", &format!("/alerts/none/payload?n={before}")).await.status, 404, "n={before}");
    }
    let form = site.get("ben", "/declare?system=email").await;
    assert!(form.html.contains("value=\"Email\""), "the system is chosen: {}", form.html);
}

#[tokio::test]
async fn an_address_that_cannot_be_read_is_answered_in_our_words() {
    let site = Site1::start().await;
    for path in ["/policy/abc", "/policy/99999999999", "/incidents/2026-001/attachments/abc/x"] {
        let answer = site.get("ana", path).await;
        assert!(answer.status == 404 && answer.html.contains("There is no such"), "{path}: {}", answer.html);
    }
}

#[tokio::test]
async fn nothing_is_declared_twice_unasked() {
    let site = Site1::start().await;
    let first = "act=01jcw2v7q3f0&title=Nobody+can+print&since=unknown";
    let declared = site.post("ben", "/declare", first).await;
    let again = site.post("ben", "/declare", first).await;
    assert_eq!((again.status, &again.to), (303, &declared.to), "not asked whether it is itself: {}", again.html);
    let number = site.declared().await;
    let body = "act=01jcw2v7q3f9&title=Mail+is+gone&system=email&since=unknown";
    let asked = site.post("ben", "/declare", body).await;
    assert_eq!(asked.status, 409);
    assert!(asked.html.contains("Maybe already reported") && asked.html.contains(&number));
    assert!(asked.html.contains("Mail is gone") && asked.html.contains("name=\"anyway\""));
    let anyway = site.post("ben", "/declare", &format!("{body}&anyway=1")).await;
    assert_eq!(anyway.status, 303);
    let again = site.post("ben", "/declare", &format!("{body}&anyway=1")).await;
    assert_eq!(again.to, anyway.to, "sent twice, declared once");
    let empty = site.post("ben", "/declare", "title=+&since=at&since-at=99:99").await;
    assert!(empty.status == 422 && empty.html.contains("Write the time as 03:14"));
    let empty = site.post("ben", "/declare", "title=+").await;
    assert!(empty.status == 422 && empty.html.contains("Write one line: what is wrong?"));
}

// proves: DIS-1 what seems to be reported already is joined with everything that was typed, or declared as another
#[tokio::test]
async fn a_report_that_is_known_already_joins_what_is_open() {
    let site = Site1::start().await;
    let number = site.declared().await;
    let typed = "title=Webmail+hangs&system=email&since=60&affected=group&severity=2&told=called&reporter=Jo+4711";
    // While one types, the same list is asked for with what the form holds so far.
    let asked = site.get("ben", &format!("/declare?{typed}")).await;
    assert!(asked.html.contains("Maybe already reported") && asked.html.contains(&number), "{}", asked.html);
    assert!(!site.get("ben", "/declare?title=Webmail+hangs").await.html.contains("Maybe already reported"));
    let both = site.post("ben", "/declare", &format!("act=01jcw2v7q3g1&{typed}")).await;
    assert_eq!(both.status, 409);
    let (another, this) = (both.html.find("It is another").unwrap(), both.html.find("It is this one").unwrap());
    assert!(another < this, "Enter sends the first button, and that declares");
    assert!(both.html.contains(&format!("name=\"join\" value=\"{number}\"")), "{}", both.html);

    let before = site.incident(&number).await.seq;
    for _ in 0..2 {
        let joined = site.post("ben", "/declare", &format!("act=01jcw2v7q3g2&{typed}&anyway=1&join={number}")).await;
        assert_eq!(
            (joined.status, joined.to),
            (303, format!("/incidents/{number}?done=added-report.01jcw2v7q3g2#log"))
        );
    }
    assert_eq!(site.incident(&number).await.seq, before + 1);
    let log = site.get("ben", &format!("/incidents/{number}")).await.html;
    for said in ["Reported again: Webmail hangs.", "Affected: a group.", "Severity 2 major.", "Reported by Jo 4711."] {
        assert!(log.contains(said), "{said}: {log}");
    }
    // It ended meanwhile: nobody would be called for it.
    let restore = format!("/incidents/{number}/restore");
    assert_eq!(site.post("ana", &restore, "at=10:00&resolution=Back").await.status, 303);
    let late = site.post("ben", "/declare", &format!("act=01jcw2v7q3g3&{typed}&join={number}")).await;
    assert!(late.status == 422 && late.html.contains("is restored by now") && late.html.contains("Webmail hangs"));
}

// proves: DIS-1 a user's own report needs no login, if the organisation turns it on, and shows nothing of ours
#[tokio::test]
async fn a_user_reports_without_a_login_and_learns_only_that_it_was_heard() {
    let site = Site1::start().await;
    let anonymous = async |request: axum::http::request::Builder, body: &str| {
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let request = request.header("sec-fetch-site", "same-origin").body(Body::from(body.to_owned())).unwrap();
        let answer = site.site.clone().oneshot(request).await.unwrap();
        let to = answer.headers().get(header::LOCATION).map_or(String::new(), |v| v.to_str().unwrap().to_owned());
        let status = answer.status().as_u16();
        let bytes = axum::body::to_bytes(answer.into_body(), 1 << 22).await.unwrap();
        Answer { status, to, html: String::from_utf8(bytes.into()).unwrap() }
    };
    let post = async |body: &str| anonymous(Request::post("/report"), body).await;
    assert_eq!(anonymous(Request::get("/report"), "").await.status, 404, "off by default");
    assert_eq!(post("text=Nothing+works").await.status, 404);
    let mut org = Organisation::clone(&site.app.ops.organisation().await.unwrap());
    org.organisation.user_reports = true;
    site.app.ops.apply(&org, "test").await.unwrap();

    let page = anonymous(Request::get("/report"), "").await;
    assert!(page.status == 200 && page.html.contains("What is wrong?"), "{}", page.html);
    let empty = post("text=+&place=Library").await;
    assert!(empty.status == 422 && empty.html.contains("Write what is wrong.") && empty.html.contains("Library"));
    // A program that fills in everything is thanked, and nothing is recorded.
    let live = async || site.get("ana", "/incidents").await.html;
    let spam = post("text=Buy&website=http://spam.example").await;
    assert_eq!((spam.status, spam.to.as_str()), (303, "/report?heard=thanks"));
    assert!(!live().await.contains("/incidents/2026-"), "no incident yet");

    let report = "act=01jcw2v7q3u1&text=Webmail+hangs%0ASince+nine&service=Email&place=Library&name=Jo&contact=4711";
    let first = post(report).await;
    let number = first.to.strip_prefix("/report?heard=").unwrap().to_owned();
    let seq = site.incident(&number).await.seq;
    assert_eq!((first.status, post(report).await.to.as_str()), (303, "/report?heard=known"));
    assert_eq!(site.incident(&number).await.seq, seq, "sent twice, heard once");
    let incident = site.incident(&number).await;
    assert_eq!((incident.state, incident.title.as_str()), (muster_core::incident::State::Suspected, "Webmail hangs"));
    assert_eq!(incident.summonses[0].chain[0].person.id.as_str(), "ben", "the on-call contact of Email");

    // What is restricted takes nothing in: whoever reports would learn of it, and nobody else would hear of the report.
    let at = format!("/incidents/{number}");
    site.post("ana", &format!("{at}/take"), "act=01jcw2v7q3u5").await;
    let restricted = site.post("ana", &format!("{at}/restrict"), "act=01jcw2v7q3u6&people=&reason=An+attack").await;
    assert!(site.incident(&number).await.is_restricted(), "{}", restricted.html);
    let seq = site.incident(&number).await.seq;
    let other = post("act=01jcw2v7q3u7&text=Webmail+is+gone&service=Email").await.to;
    assert_eq!(other, "/report?heard=2026-002", "as if there were none");
    assert_eq!(site.incident(&number).await.seq, seq);
    site.post("ana", "/incidents/2026-002/withdraw", "act=01jcw2v7q3u9&reason=The+same").await;
    site.post("ana", &format!("{at}/unrestrict"), "act=01jcw2v7q3u8&reason=No+attack").await;

    // A second one joins it; whoever sent it learns nothing of it.
    let joined = post("act=01jcw2v7q3u2&text=No+mail+for+me&service=email").await;
    assert_eq!(joined.to, "/report?heard=known");
    for path in ["/report?heard=known", &format!("/report?heard={number}"), "/report?heard=%3Cb%3E", "/report"] {
        let html = anonymous(Request::get(path), "").await.html;
        for secret in ["Ben", "Email", "Webmail", "Suspected", "Wireless"] {
            assert!(!html.contains(secret), "{path} shows {secret}");
        }
    }
    let log = site.get("ana", &format!("/incidents/{number}")).await.html;
    assert!(
        log.contains("No mail for me") && log.contains("By Jo (4711)") && log.contains("by a user’s report"),
        "{log}"
    );
    // Abuse ends soon, with words that help.
    let flood = async |n: usize| post(&format!("text=Odd+thing+{n}")).await.status;
    for n in 0..2 {
        assert_eq!(flood(n).await, 303);
    }
    let too_many = post("text=And+more").await;
    assert!(
        too_many.status == 429 && too_many.html.contains("Ring user support") && too_many.html.contains("And more")
    );
}

#[tokio::test]
async fn a_form_that_is_sent_twice_acts_once_and_a_refused_one_keeps_its_text() {
    let site = Site1::start().await;
    let number = site.declared().await;
    let path = format!("/incidents/{number}/note");
    let before = site.incident(&number).await.seq;
    for _ in 0..2 {
        let answer = site.post("ben", &path, "act=01jcw2v7aaaa&kind=decision&text=Fail+over").await;
        assert_eq!(answer.to, format!("/incidents/{number}?done=noted.01jcw2v7aaaa#log"));
    }
    assert_eq!(site.incident(&number).await.seq, before + 1);
    let toast = site.get("ben", &format!("/incidents/{number}?done=noted.01jcw2v7aaaa")).await;
    assert!(toast.html.contains("Added to the log.") && toast.html.contains("data-done=\"01jcw2v7aaaa\""));
    let refused = site.post("ben", &path, "act=01jcw2v7bbbb&text=Kept+%3Cb%3E&happened=tomorrow").await;
    assert_eq!(refused.status, 422);
    assert!(refused.html.contains("Kept &#60;b&#62;") && refused.html.contains("Write the time as 03:14"));
    let future = site.post("ben", &path, "act=01jcw2v7cccc&text=Kept&happened=2027-01-01+10:00").await;
    assert!(future.status == 422 && future.html.contains("lies in the future"), "{}", future.status);
    assert_eq!(site.incident(&number).await.seq, before + 1, "nothing half-done");
}

#[tokio::test]
async fn bodies_that_are_no_form_get_a_clear_answer() {
    let site = Site1::start().await;
    let number = site.declared().await;
    let path = format!("/incidents/{number}/note");
    let form = || Request::post(&path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    for (request, body, status) in [
        (form(), Vec::new(), 422),
        (form(), b"text=%FF%FE".to_vec(), 400),
        (form(), vec![b'a'; 30 << 20], 413),
        (Request::post(&path).header(header::CONTENT_TYPE, "application/json"), b"{}".to_vec(), 415),
        (Request::post(&path), Vec::new(), 415),
    ] {
        let answer = site.send("ben", request, body).await;
        assert_eq!(answer.status, status, "{}", answer.html);
        assert!(status == 422 || answer.html.contains("<h1"), "it is a page: {}", answer.html);
    }
    // A browser says beforehand how much will come.
    let said = form().header(header::CONTENT_LENGTH, 30 << 20);
    let answer = site.send("ben", said, vec![b'a'; 30 << 20]).await;
    assert!(answer.status == 413 && answer.html.contains("The form is too large."), "{}", answer.html);
    let nul = site.post("ben", &path, "text=a%00b").await;
    assert_eq!(nul.status, 303);
    assert_eq!(site.post("rita", &path, "text=x").await.status, 403);
}

#[tokio::test]
async fn the_last_administrator_stays_whichever_way_the_change_comes() {
    let site = Site1::start().await;
    let (ops, ana) = (&site.app.ops, PersonId::from("ana"));
    let before = ops.organisation().await.unwrap();
    let changed = |change: &dyn Fn(&mut Organisation)| {
        let mut wanted = Organisation::clone(&before);
        change(&mut wanted);
        wanted
    };
    let removed = changed(&|org| drop(org.people.remove(&ana)));
    let gone = changed(&|org| org.people.get_mut(&ana).unwrap().gone = true);
    let lowered = changed(&|org| org.people.get_mut(&ana).unwrap().role = Role::Manager);
    let mut refused = Vec::new();
    for wanted in [removed, gone, lowered] {
        refused.push(ops.plan(&wanted).await.unwrap_err());
        refused.push(ops.apply(&wanted, "test").await.unwrap_err());
    }
    refused.push(ops.set_person(&ana, &ana, |ana| ana.gone = true).await.unwrap_err());
    refused.push(ops.set_person(&ana, &ana, |ana| ana.role = Role::Manager).await.unwrap_err());
    assert!(refused.iter().all(|r| r.to_string().starts_with("There must be one administrator.")), "{refused:?}");
    assert_eq!(ops.organisation().await.unwrap(), before);
    let two = changed(&|org| org.people.get_mut(&PersonId::from("ben")).unwrap().role = Role::Administrator);
    ops.apply(&two, "test").await.unwrap();
    ops.set_person(&ana, &ana, |ana| ana.gone = true).await.unwrap();
}

#[tokio::test]
async fn a_token_is_made_once_however_often_its_form_is_sent() {
    let site = Site1::start().await;
    let ben = PersonId::from("ben");
    let count = async || {
        let of = ben.clone();
        let read = async move |tx: &mut Tx| Ok::<_, Failure>(access::tokens(tx, &of).await?.len());
        site.app.ops.db().read(read).await.unwrap()
    };
    let shown = |html: &str| {
        let at = html.find("mt_").unwrap();
        html[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>()
    };
    let send = async |act: &str| {
        site.post("ben", "/profile/create-token", &format!("act={act}&name=script&role=reader")).await
    };
    let (first, second) = (send("01jcw2v7aaaa").await, send("01jcw2v7aaaa").await);
    assert_eq!((first.status, second.status, count().await), (200, 200, 1));
    assert!(site.app.ops.by_token(&shown(&first.html)).await.unwrap().is_none(), "only the newest was shown last");
    assert!(site.app.ops.by_token(&shown(&second.html)).await.unwrap().is_some());
    let used = send("01jcw2v7aaaa").await;
    assert_eq!((used.status, used.to.as_str(), count().await), (303, "/profile", 1), "one in use stays");
    assert_eq!((send("01jcw2v7bbbb").await.status, count().await), (200, 2));
}

#[tokio::test]
async fn a_control_character_in_a_name_is_refused_and_no_outage() {
    let site = Site1::start().await;
    for name in ["a%00b", "a%1B%5B2Jb", "a%C2%85b"] {
        let answer = site.post("ben", "/profile/create-token", &format!("name={name}&role=reader")).await;
        assert!(answer.status == 422 && answer.html.contains("the control character U+00"), "{name}: {}", answer.html);
    }
    for path in ["/incidents/a%00b", "/alerts/a%00b", "/systems/a%00b", "/people/a%00b", "/incidents?q=a%00b"] {
        assert_eq!(site.get("ana", path).await.status, 404, "{path}");
    }
    // Whatever slips through all borders is stopped at the last, and told as what it is.
    let slipped = site.app.ops.password_hash(&PersonId::from("a\0b")).await;
    assert_eq!(slipped.unwrap(), None);
    let slipped = site.app.ops.begin_session(&PersonId::from("a\0b"), "test").await.unwrap_err();
    let problem = crate::web::error::Problem::from(slipped);
    assert_eq!((problem.status.as_u16(), problem.code), (422, "senseless"));
}

// proves: DOC-7 two people writing at once lose nothing
#[tokio::test]
async fn two_people_who_set_the_same_field_see_both_texts() {
    let site = Site1::start().await;
    let number = site.declared().await;
    let path = format!("/incidents/{number}/set");
    let seen = site.incident(&number).await.seq;
    let form = |title: &str, symptoms: &str, seen: u64| {
        format!(
            "act=01jcw2v7{seen:04}&seen={seen}&title={title}&symptoms={symptoms}&went-down=estimate\
             &went-down-at=2026-11-17+09:50&kind=organisation-wide&phase=intense"
        )
    };
    let same = "Nobody+can+read+email";
    assert_eq!(site.post("ben", &path, &form(same, "Theirs", seen)).await.status, 303);
    // Cleo had the same page open, and only changed the name: what Ben wrote stays.
    let other = form("Email+is+gone", "", seen).replace("01jcw2v7", "01jcw2v8");
    assert_eq!(site.post("cleo", &path, &other).await.status, 303);
    let now = site.incident(&number).await;
    assert_eq!((now.title.as_str(), now.symptoms.as_str()), ("Email is gone", "Theirs"));
    // Ana had it open too, and wrote other symptoms.
    let mine = site.post("ana", &path, &form(same, "Mine", seen)).await;
    assert_eq!(mine.status, 409);
    assert!(mine.html.contains("Ben Tallis changed the symptoms while you were writing."));
    assert!(mine.html.contains("Theirs") && mine.html.contains("Mine"));
    assert!(mine.html.contains("value=\"Email is gone\""), "what she had not touched shows what it says now");
    let again = site.post("ana", &path, &form("Email+is+gone", "Mine", now.seq)).await;
    assert_eq!(again.status, 303);
    assert_eq!(site.incident(&number).await.symptoms, "Mine");
    let nothing = site.post("ana", &path, &form("Email+is+gone", "Mine", now.seq + 1)).await;
    assert!(nothing.to.contains("done=unchanged"));
}

// proves: DIS-5 management may reassign the Incident Manager; the former holds until the new one accepts
#[tokio::test]
async fn the_manager_hands_over_and_others_are_told_why_not() {
    let site = Site1::start().await;
    let number = site.declared().await;
    let hand_over = format!("/incidents/{number}/hand-over");
    let refused = site.post("ben", &hand_over, "person=Cleo+Marsh&reason=mine+now").await;
    assert!(refused.status == 403 && refused.html.contains("Only the Incident Manager hands over"));
    let nobody = site.post("ana", &hand_over, "person=Cleo+Marx&reason=x").await;
    assert!(nobody.status == 422 && nobody.html.contains("There is nobody named “Cleo Marx”"));
    assert_eq!(site.post("ana", &hand_over, "person=cleo+marsh&reason=my+shift+ends").await.status, 303);
    assert!(site.incident(&number).await.is_managed_by(&"ana".into()));
    let page = site.get("cleo", &format!("/incidents/{number}")).await;
    assert!(page.html.contains("Take over from Ana Nunes"));
    assert_eq!(site.post("cleo", &format!("/incidents/{number}/take"), "act=01jcw2v7dddd").await.status, 303);
    assert!(site.incident(&number).await.is_managed_by(&"cleo".into()));
    // Ana does not lead it any more, and administers: management gives it to somebody else, who accepts.
    let reassigned = site.post("ana", &hand_over, "person=ben+tallis&reason=she+is+ill").await;
    assert_eq!(reassigned.status, 303, "{}", reassigned.html);
    assert!(site.incident(&number).await.is_managed_by(&"cleo".into()), "until it is accepted");
    assert_eq!(site.post("ben", &format!("/incidents/{number}/take"), "act=01jcw2v7ddde").await.status, 303);
    assert!(site.incident(&number).await.is_managed_by(&"ben".into()));
}

// proves: ESC-3 on the page: asked, taken, or none needed with a reason; how many ask counts
#[tokio::test]
async fn who_speaks_for_it_is_decided_on_the_page() {
    let site = Site1::start().await;
    let number = site.declared().await;
    let to = |act: &str| format!("/incidents/{number}/{act}");
    let page = site.get("ana", &to("")[..to("").len() - 1]).await.html;
    assert!(page.contains("Should somebody else speak for it?"), "severity 1");
    for (act, body, why) in [
        ("communicator", "person=", "Choose who should be Communications Manager"),
        ("communicator", "person=Nobody+Known", "There is nobody named “Nobody Known”."),
        ("no-communicator", "reason=+", "Write why none is needed."),
        ("people-asked", "who=the+help+desk&people=many", "Write how many asked, as a number."),
        ("people-asked", "who=+&people=3", "Write who asked."),
        ("heard-elsewhere", "person=Cleo+Marsh&from=", "Write from whom they heard it."),
        ("call-down", "tell=nobody", "nobody"),
    ] {
        let answer = site.post("ana", &to(act), &format!("act=01jcw2v7aaaa&{body}")).await;
        assert!(answer.status == 422 || answer.status == 404, "{act} {body}: {}", answer.status);
        assert!(answer.html.contains(why), "{act} {body} does not say {why}");
    }
    let refused = site.post("ben", &to("no-communicator"), "act=01jcw2v7aaab&reason=x").await;
    assert_eq!(refused.status, 403, "not Ben's to decide");
    let asked = site.post("ana", &to("people-asked"), "act=01jcw2v7aaac&who=the+help+desk&people=12").await;
    assert!(asked.status == 303 && asked.to.ends_with("#roles"), "{}", asked.to);
    assert_eq!(site.incident(&number).await.roles.asking, 12, "all of them count towards the policy's mark");
    let heard = "act=01jcw2v7aaad&person=Cleo+Marsh&from=a+dean&at=";
    assert_eq!(site.post("ana", &to("heard-elsewhere"), heard).await.status, 303);
    assert_eq!(site.post("ana", &to("communicate"), "act=01jcw2v7aaae").await.status, 303);
    let page = site.get("ana", &to("")[..to("").len() - 1]).await.html;
    for words in ["12 people", "Cleo Marsh, from a dean, ", "Ana Nunes (you), since "] {
        assert!(page.contains(words), "{words}");
    }
    assert!(!page.contains("Should somebody else speak for it?"));
}

#[tokio::test]
async fn more_people_than_one_leads_well_are_a_hint() {
    let site = Site1::start().await;
    let mut wanted = Organisation::clone(&site.app.ops.organisation().await.unwrap());
    wanted.policy.span_of_control = 1;
    site.app.ops.apply(&wanted, "ana").await.unwrap();
    let number = site.declared().await;
    let hint = "2 people work on it, and one person leads 1 well.";
    assert!(!site.get("ana", &format!("/incidents/{number}")).await.html.contains(hint));
    let note = "act=01jcw2v7spa1&kind=activity&text=Looked+at+the+queue";
    assert_eq!(site.post("ben", &format!("/incidents/{number}/note"), note).await.status, 303);
    let page = site.get("ana", &format!("/incidents/{number}")).await.html;
    assert!(page.contains(hint) && page.contains("That is a lot for one person."), "{page}");
}

/// Nobody signs in to read the figures, so that a restricted incident is in none of them.
#[tokio::test]
async fn figures_for_a_monitor_leave_out_what_is_restricted() {
    let site = Site1::start().await;
    let live = async || {
        let text = site.get("ana", "/metrics").await.html;
        let figure = |name: &str| text.lines().find_map(|l| l.strip_prefix(name)?.trim().parse::<f64>().ok()).unwrap();
        (figure("muster_incidents_live"), figure("muster_incidents_critical"))
    };
    assert_eq!(live().await, (0.0, 0.0));
    for (nth, restricted, then) in [(1, "1", (0.0, 0.0)), (2, "0", (1.0, 1.0))] {
        let declared = format!("act=01jcw2v7res{nth}&title=Words+{nth}&severity=1&restricted={restricted}&anyway=1");
        assert_eq!(site.post("ana", "/declare", &declared).await.status, 303);
        assert_eq!(live().await, then);
    }
}

// proves: DOC-5 an incident kept on paper is entered afterwards with its true times, in one sitting, and pages nobody
#[tokio::test]
async fn what_was_kept_on_paper_is_entered_afterwards() {
    let site = Site1::start().await;
    let declared = "act=01jcw2v7pap1&title=Nobody+could+sign+in&since=at&since-at=2026-11-16+02%3A31&system=Email&severity=2\
                    &told=paper&found-at=2026-11-16+02%3A39&manager=Ben+Tallis&anyway=1";
    let answer = site.post("ana", "/declare", declared).await;
    assert_eq!(answer.status, 303, "{}", answer.html);
    let number = answer.to.trim_start_matches("/declared/").split('?').next().unwrap().to_owned();
    let to = |act: &str| format!("/incidents/{number}/{act}");
    crate::engine::tick(&site.app.ops).await.unwrap();
    let sent = site.app.ops.claim("t", 100).await.unwrap();
    assert!(sent.iter().all(|d| d.person.as_str() == "ben"), "only who led it is reminded: {sent:?}");
    for (act, body) in [
        ("note", "kind=activity&text=Rang+the+maker&happened=2026-11-16+02%3A50"),
        ("contact", "person=Ben+Tallis&means=call&outcome=reached&text=knows&happened=2026-11-16+02%3A55"),
        ("restore", "at=2026-11-16+04%3A10&resolution=A+new+fuse&cause=a+fuse"),
    ] {
        let sent = site.post("ana", &to(act), &format!("act=01jcw2v7pa{}&{body}", &act[..2])).await;
        assert_eq!(sent.status, 303, "{act}: {}", sent.html);
    }
    // A time that was mistyped is corrected, and the entry with the wrong one stays.
    let noted = "act=01jcw2v7pax1&kind=activity&text=Spare+ordered&happened=2026-11-16+05%3A05";
    assert_eq!(site.post("ana", &to("note"), noted).await.status, 303);
    let entry = site.incident(&number).await.seq;
    let correct =
        |act: &str, at: &str| format!("act=01jcw2v7pax{act}&entry={entry}&text=Spare+came&happened=2026-11-16+{at}");
    let wrong = site.post("ana", &to("correct"), &correct("2", "3")).await;
    assert!(wrong.status == 422 && wrong.html.contains("value=\"2026-11-16 3\""), "{}", wrong.html);
    assert_eq!(site.post("ana", &to("correct"), &correct("3", "03%3A05")).await.status, 303);
    let incident = site.incident(&number).await;
    assert_eq!(incident.outage(site.app.ops.now()).unwrap(), Span::from_mins(99));
    let form = site.get("ana", &to("form.md")).await.html;
    for words in ["Mon 16 Nov 2026, 02:31", "02:39", "1 h 39 min", "Written", "Ben Tallis"] {
        assert!(form.contains(words), "{words} is not on {form}");
    }
    for (what, when) in [
        ("Spare came", "16 Nov 2026, 03:05"),
        ("Rang the maker", "16 Nov 2026, 02:50"),
        ("Ben Tallis spoke", "16 Nov 2026, 02:55"),
    ] {
        let line = form.lines().find(|l| l.contains(what)).unwrap_or_else(|| panic!("no {what} on {form}"));
        assert!(line.contains(when), "{line}");
    }
    crate::engine::tick(&site.app.ops).await.unwrap();
    assert!(site.app.ops.claim("t", 100).await.unwrap().is_empty(), "nobody is paged for the past");
}

// proves: DOC-3 on the page: each field is set by a form of its own, and stands on the form and its files
#[tokio::test]
async fn fields_of_the_organisations_own_are_set_on_the_page() {
    let site = Site1::start().await;
    let mut org: Organisation = toml::from_str(trial::ORGANISATION).unwrap();
    let own = r#"[[fields]]
        id = "ticket"
        words = "Ticket <with> the maker"
        type = "number"
        [[fields]]
        id = "site"
        words = "Site"
        type = "choice"
        choices = ["North", "South"]"#;
    org.fields =
        toml::from_str::<Organisation>(&format!("organisation = {{ name = \"x\", time_zone = \"UTC\" }}\n{own}"))
            .unwrap()
            .fields;
    site.app.ops.apply(&org, "test").await.unwrap();
    let number = site.declared().await;
    let path = format!("/incidents/{number}");
    let set = format!("{path}/set-own");
    assert_eq!(site.post("ana", &set, "act=01jcw2v7own1&field=ticket&value=4711").await.status, 303);
    assert_eq!(site.post("ana", &set, "act=01jcw2v7own2&field=site&value=North").await.status, 303);
    let wrong = site.post("ana", &set, "act=01jcw2v7own3&field=ticket&value=soon").await;
    assert!(wrong.status == 422 && wrong.html.contains("Write a number") && wrong.html.contains("value=\"soon\""));
    assert!(wrong.html.contains("id=\"own-ticket\" open"), "its form is open");
    let page = site.get("ana", &path).await.html;
    assert!(page.contains("4711") && page.contains("Ticket &#60;with&#62; the maker"), "{page}");
    for file in ["form", "form.md", "form.csv", "form.json"] {
        let text = site.get("ana", &format!("{path}/{file}")).await.html;
        assert!(text.contains("4711") && text.contains("North"), "{file}: {text}");
    }
    // The log says it too: on the form they stand as fields of their own.
    let form = site.get("ana", &format!("{path}/form.md")).await.html;
    assert!(
        form.contains("| 23 | Ticket") && form.lines().any(|l| l.starts_with("| 23 |") && l.contains("4711")),
        "{form}"
    );
    let form = site.get("ana", &format!("{path}/form")).await.html;
    for field in
        ["<dt>23 Ticket &#60;with&#62; the maker</dt><dd class=\"v\">4711", "<dt>24 Site</dt><dd class=\"v\">North"]
    {
        assert!(form.contains(field), "{field} is not in {form}");
    }
}

// proves: DOC-5 the form with its log exports as Markdown, JSON and CSV, each with every field or every entry
#[tokio::test]
async fn the_form_and_its_log_are_taken_home_as_text() {
    let site = Site1::start().await;
    let number = site.declared().await;
    let path = format!("/incidents/{number}");
    let note = "act=01jcw2v7txt1&kind=decision&text=%3DFail+over%2C+%22now%22+%7C+then+tell";
    assert_eq!(site.post("ana", &format!("{path}/note"), note).await.status, 303);
    let seq = usize::try_from(site.incident(&number).await.seq).unwrap();

    let markdown = site.get("ana", &format!("{path}/form.md")).await.html;
    let rows = |after: &str| markdown.split(after).nth(1).unwrap().lines().filter(|l| l.starts_with("| ")).count();
    assert_eq!(rows("## Notes"), seq + 1 + 1, "a head, its rule, and a row an entry: {markdown}");
    for n in 1..=22 {
        assert!(markdown.lines().any(|l| l.starts_with(&format!("| {n} | "))), "field {n} is not in {markdown}");
    }
    assert!(markdown.contains("=Fail over, \"now\" \\| then tell"), "{markdown}");

    let csv = site.get("ana", &format!("{path}/form.csv")).await.html;
    let lines: Vec<_> = csv.split("\r\n").filter(|l| !l.is_empty()).collect();
    assert_eq!(lines.len(), seq + 1, "a head and a row an entry: {csv}");
    assert_eq!(lines[0], r#""number","happened_at","written_at","kind","event","remarks","by""#);
    let last = format!("\"{seq}\",\"2026-11-17T10:00:00Z\",\"2026-11-17T10:00:00Z\",\"decision\"");
    assert!(lines[seq].starts_with(&last) && lines[seq].ends_with(",\"Ana Nunes\""), "{}", lines[seq]);
    assert!(lines[seq].contains("\"'=Fail over, \"\"now\"\" | then tell\""), "no formula: {}", lines[seq]);

    let json: serde_json::Value =
        serde_json::from_str(&site.get("ana", &format!("{path}/form.json")).await.html).unwrap();
    let all = json["form"].as_object().map_or(&json, |_| &json["form"]);
    assert_eq!(all["fields"].as_array().unwrap().len(), 22, "{json}");
    assert_eq!(all["notes"].as_array().unwrap().len(), seq, "{json}");
}

// proves: DOC-5 the evaluation and restoration plan exports as Markdown, JSON and CSV
#[tokio::test]
async fn the_plan_is_taken_home_as_text() {
    let site = Site1::start().await;
    let number = site.declared().await;
    let path = format!("/incidents/{number}");
    let cause = "act=01jcw2v7txt2&text=%3DA+full+disk+%7C+or+not&part=";
    assert_eq!(site.post("ana", &format!("{path}/plan/cause"), cause).await.status, 303);
    let page = site.get("ana", &format!("{path}/plan")).await.html;
    for (ending, holds) in [
        ("md", "| 1 | =A full disk \\| or not | Open | Proposed by Ana Nunes"),
        ("csv", "\"causes\",\"1\",\"'=A full disk | or not\",\"open\",\"Proposed by Ana Nunes"),
        ("json", "\"what\": \"=A full disk | or not\""),
    ] {
        assert!(page.contains(&format!("href=\"{path}/plan.{ending}\"")), "{ending}");
        let file = site.get("ana", &format!("{path}/plan.{ending}")).await.html;
        assert!(file.contains(holds), "{ending}: {file}");
    }
    assert_eq!(site.get("ana", "/incidents/1999-001/plan.md").await.status, 404);
}

#[tokio::test]
async fn calls_are_recorded_counted_and_taken_back() {
    let site = Site1::start().await;
    let number = site.declared().await;
    let tell = format!("/incidents/{number}/tell");
    let left = site.post("ana", &tell, "act=01jcw2v7eeee&tell=User+support&person=ben&outcome=message-left").await;
    assert_eq!(left.status, 303);
    assert!(left.to.ends_with("#tell-1"), "back to where the call list is: {}", left.to);
    let page = site.get("ana", &format!("/incidents/{number}")).await.html;
    let dialog = page.split("id=\"dlg-contact\"").nth(1).unwrap().split("</dialog>").next().unwrap();
    assert!(!dialog.split("What came of it?").nth(1).unwrap().contains(" checked"), "no outcome is supposed");
    let contact = format!("/incidents/{number}/contact");
    let without = site.post("ana", &contact, "person=Ben+Tallis&means=call&text=x").await;
    assert!(without.status == 422 && without.html.contains("Choose what came of it."));
    let by_hand = site.post("ana", &tell, "act=01jcw2v7eeef&tell=&person=cleo&outcome=no-answer").await;
    assert!(by_hand.status == 303 && by_hand.to.ends_with("#calls"), "{}", by_hand.to);
    assert_eq!(site.incident(&number).await.contacts.last().unwrap().tell, None, "settles no duty to tell");
    let page = site.get("ana", &format!("/incidents/{number}")).await;
    assert!(page.html.contains("message left, does not count") && page.html.contains("Not reached"));
    let spoke = site
        .post(
            "ana",
            &format!("/incidents/{number}/contact"),
            "act=01jcw2v7ffff&person=Ben+Tallis&means=in-person&outcome=reached&text=knows",
        )
        .await;
    assert_eq!(spoke.status, 303, "{}", spoke.html);
    let told = site.incident(&number).await;
    assert!(told.told(&told.tells[0]).is_some(), "who stands for a duty settles it, whichever form is used");
    let entry = told.contacts.last().unwrap().entry;
    let toast = site.get("ana", &spoke.to).await;
    assert!(toast.html.contains(&format!("take-back={entry}#e{entry}")), "a contact can be undone");
    let back = format!("/incidents/{number}/take-back");
    let no_reason = site.post("ana", &back, &format!("entry={entry}&reason=+")).await;
    assert!(no_reason.status == 422 && no_reason.html.contains("Write why it was a mistake."));
    assert!(no_reason.html.contains("User support counts as not told again."));
    assert_eq!(site.post("ana", &back, &format!("entry={entry}&reason=another+Ben")).await.status, 303);
    let owed = site.incident(&number).await;
    assert!(owed.told(&owed.tells[0]).is_none());
    assert_eq!(site.post("ana", &back, "entry=1&reason=x").await.status, 409);
}

#[tokio::test]
async fn an_incident_ends_and_begins_again_by_its_forms() {
    let site = Site1::start().await;
    let number = site.declared().await;
    let path = |act: &str| format!("/incidents/{number}/{act}");
    let early = site.post("ana", &path("restore"), "at=2026-11-17+08:00&resolution=Disk+replaced").await;
    assert!(early.status == 422 && early.html.contains("before it went down") && early.html.contains("Disk replaced"));
    assert_eq!(site.post("ana", &path("restore"), "at=09:55&resolution=Disk+replaced&cause=").await.status, 303);
    let twice = site.post("ana", &path("restore"), "at=09:55&resolution=again").await;
    assert!(twice.status == 409 && twice.html.contains("You cannot restore an incident that is restored."));
    let page = site.get("ana", path("").trim_end_matches('/')).await;
    assert!(page.html.contains("Was down for") && page.html.contains("Where can it be found?"));
    assert_eq!(site.post("ana", &path("report-filed"), "reference=DOC-7").await.status, 303);
    assert_eq!(site.post("ana", &path("severity"), "severity=3&reason=worked+around").await.status, 303);
    assert_eq!(site.post("ana", &path("severity"), "severity=2&reason=+").await.status, 422);
    assert_eq!(site.post("ana", &path("severity"), "severity=9&reason=x").await.status, 422);
    assert_eq!(site.post("ana", &path("reopen"), "reason=again").await.status, 303);
    assert_eq!(site.post("ana", &path("add-system"), "system=wireless").await.status, 303);
    let unknown = site.post("ana", &path("add-system"), "system=Emial").await;
    assert!(unknown.status == 422 && unknown.html.contains("There is no system named “Emial”"));
    assert_eq!(site.post("ana", &path("leave-alert"), "alert=nope&reason=x").await.status, 422);
    assert_eq!(site.post("ana", &path("confirm"), "").await.status, 409);
    assert_eq!(site.post("ana", &path("withdraw"), "reason=a+drill").await.status, 303);
    assert_eq!(site.incident(&number).await.state.word(), "withdrawn");
}
