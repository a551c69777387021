use super::*;
use crate::web::pages::draw::sample::{Story, at, html};
use crate::web::pages::visits::Visit;
use crate::web::view::parts::{Place, Shell};
use axum::http::{StatusCode, header};
use muster_core::directory::Role;
use muster_core::entry::Part;
use muster_core::incident::Act;
use std::sync::Arc;

fn shown(story: &Story, me: &'static str, minute: i64) -> Page {
    let scene = Scene::new(Arc::new(story.org.clone()), at(minute));
    let role = if me == "reader" { Role::Reader } else { Role::Responder };
    let (incident, me) = (story.incident(), muster_core::ids::PersonId::from(me));
    let view = View {
        scene: &scene,
        eyes: Eyes { me: &me, role, times: &scene.times },
        incident: &incident,
        stamp: Stamp::default(),
        mend: None,
    };
    let shell = Shell {
        frame: scene.frame(crate::web::view::parts::Theme::Device),
        viewer: crate::web::view::parts::Viewer {
            name: "x".into(),
            line: String::new(),
            may_write: role >= Role::Responder,
            administrator: false,
        },
        place: Place::Incidents,
        open: 1,
        loud: false,
        demo: false,
        live: None,
        replay: None,
        shortcuts: false,
        toast: None,
        done: None,
    };
    view.page(shell)
}

#[test]
fn the_heading_says_what_is_known_of_the_cause() {
    let mut story = Story::by_person();
    let heading = |story: &Story| shown(story, "ana", 9).heading;
    assert_eq!(heading(&story), "No likely cause is named yet");
    for text in ["The disk.", "The certificate."] {
        story.act(1, "ana", Act::ProposeCause { text: text.into(), part: None });
    }
    assert_eq!(heading(&story), "2 causes open, none verified");
    let judge = |cause, now| Act::JudgeCause { cause, now, evidence: "Seen.".into(), seen: None };
    story.act(2, "ben", judge(1, CauseState::Verified));
    assert_eq!(heading(&story), "1 cause verified, 1 open");
    story.act(3, "ben", judge(2, CauseState::RuledOut));
    assert_eq!(heading(&story), "1 cause verified");
    story.act(4, "ben", judge(1, CauseState::RuledOut));
    assert_eq!(heading(&story), "2 causes ruled out, none left");
}

#[test]
fn a_reader_sees_the_plan_and_no_form_and_a_task_that_is_late_is_loud() {
    let mut story = Story::by_person();
    story.act(1, "ana", Act::SetTask { what: "Read the log".into(), to: "ben".into(), due: at(11) });
    let page = shown(&story, "reader", 10);
    assert_eq!((page.late.as_deref(), page.tasks.len()), (None, 1));
    let page = shown(&story, "reader", 12);
    assert_eq!(page.late.as_deref(), Some("1 late"));
    let text = html(&page);
    assert!(text.contains("Late by") && text.contains("Ben Tallis") && !text.contains("<form"), "{text}");
    assert!(html(&shown(&story, "ana", 12)).contains("/plan/end-task"));
    story.restore(13, "ana");
    let over = shown(&story, "ana", 14);
    assert!(over.late.is_none() && over.set_task.is_none() && over.ask.is_none() && over.propose.is_some());
}

// proves: EVAL-3 parts and what joins them are drawn, with what is at fault and what may be
#[test]
fn parts_are_drawn_with_what_is_at_fault() {
    let mut story = Story::by_person();
    assert!(!html(&shown(&story, "ana", 1)).contains("class=\"chart\""), "nothing joins a single part");
    story.org.systems.get_mut(&"email".into()).unwrap().depends_on = ["wifi".into()].into();
    let drawn = |story: &Story| {
        let text = html(&shown(story, "reader", 3));
        let drawing = text.split("class=\"chart\"").nth(1).unwrap();
        (drawing.split("</div>").next().unwrap().to_owned(), text)
    };
    let (drawing, text) = drawn(&story);
    assert!(drawing.contains("aria-label=\"Wireless Not known\"") && drawing.contains("\"wire\""), "{drawing}");
    for nth in [0, 1] {
        assert!(drawing.contains(&format!("href=\"#part-{nth}\"")) && text.contains(&format!("id=\"part-{nth}\"")));
    }
    let part = |to: Option<&str>| Part {
        component: if to.is_some() { "Email" } else { "Wireless" }.into(),
        to: to.map(Into::into),
    };
    let mark = |part, now| Act::MarkPart { part, now, evidence: String::new() };
    story.act(1, "ana", mark(part(None), PartState::Suspected));
    story.act(2, "ana", mark(part(Some("Wireless")), PartState::AtFault));
    let (drawing, _) = drawn(&story);
    assert!(drawing.contains("aria-label=\"Wireless Suspected\"") && drawing.contains("box sus"), "{drawing}");
    assert!(drawing.contains("class=\"wire cut\"") && !drawing.contains("class=\"wire\""), "{drawing}");
}

/// The demo's incident, and its page of the plan.
async fn begun() -> (Visit, String) {
    let (visit, page) = Visit::raised().await;
    (visit, format!("{page}/plan"))
}

// proves: EVAL-4 the plan is one page, filled and read without script
#[tokio::test]
async fn every_form_of_the_plan_does_what_it_says() {
    let (mut visit, plan) = begun().await;
    let empty = visit.get(&plan).await;
    assert!(empty.status == StatusCode::OK && empty.text.contains("No likely cause is named yet"), "{}", empty.text);
    for (nth, (form, fields, shows)) in [
        ("problem", "text=dir-01+cannot+write.", "dir-01 cannot write."),
        ("problem", "text=dir-02+is+stale.", "Version 2"),
        ("part", "component=Switch+fs-b&to=&now=at-fault&evidence=empty", "Switch fs-b"),
        ("cause", "text=Zoning+lost&part=Switch+fs-b", "1. Zoning lost"),
        ("judge-cause", "cause=1&now=verified&evidence=It+differs", "1 cause verified"),
        ("option", "what=Put+it+back&effect=5+min&risk=low&danger=&causes%5B%5D=1", "1. Put it back"),
        ("judge-option", "option=1&now=helped&text=Back", "Tried, it helped"),
        ("task", "what=Read+the+log&person=marta&minutes=20", "1. Read the log"),
        ("end-task", "task=1&how=done&text=Gone", "Done "),
        ("ask", "text=Who+knows%3F&whom=person%3Amarta&whom=area%3Anetwork", "Who knows?"),
        ("input", "question=1&text=I+do", "I do"),
    ]
    .into_iter()
    .enumerate()
    {
        let before = visit.get(&plan).await.text.matches(shows).count();
        let sent = visit.post(&format!("{plan}/{form}"), &format!("act=01jcw2v7q3f8{nth}&{fields}")).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{form}: {}", sent.text);
        let to = sent.headers[header::LOCATION].to_str().unwrap().split('#').next().unwrap().to_owned();
        assert!(to.starts_with(&format!("{plan}?done=planned.")), "{form}: {to}");
        let page = visit.get(&to).await.text;
        assert!(page.contains("It is in the plan and in the log."), "{form}: {page}");
        assert!(page.matches(shows).count() > before, "{form}: “{shows}” stood there before, if at all: {page}");
    }
    let log = visit.get(plan.trim_end_matches("/plan")).await.text;
    for words in ["Cause 1 is verified:", "Task 1 done:", "Option 1 tried, it helped:", "on question 1:"] {
        assert!(log.contains(words), "{words} is not in the log: {log}");
    }
}

#[tokio::test]
async fn a_form_of_the_plan_that_makes_no_sense_comes_back_open_with_what_was_typed() {
    let (mut visit, plan) = begun().await;
    visit.post(&format!("{plan}/cause"), "act=01jcw2v7q3f8&text=One").await;
    visit.post(&format!("{plan}/cause"), "act=01jcw2v7q3f9&text=Two").await;
    for (form, fields, open, says) in [
        ("problem", "text=+", "d-problem", "Write what people see."),
        ("part", "component=Kept&now=nonsense", "d-part", "Choose one of them."),
        (
            "judge-cause",
            "cause=2&row=judge-cause-2&now=verified&evidence=+",
            "d-judge-cause-2",
            "Write what shows that it is the cause.",
        ),
        ("task", "what=Kept&person=marta&minutes=soon", "d-task", "Write how many minutes"),
        ("task", "what=Kept&person=nobody&minutes=5", "d-task", "There is no person named"),
        ("option", "what=Kept&effect=+&risk=low", "d-option", "Write what should happen"),
        ("ask", "text=Kept", "d-ask", "Choose whom to ask"),
        ("ask", "text=Kept&whom=somebody", "d-ask", "Choose people and areas from the list."),
        ("cause", "text=Kept&part=Nowhere", "d-cause", "Choose one of the list."),
    ] {
        let sent = visit.post(&format!("{plan}/{form}"), fields).await;
        assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert!(sent.text.contains(says), "{form}: {}", sent.text);
        assert!(sent.text.contains(&format!("id=\"{open}\" open")), "{open} is not open");
        assert_eq!(sent.text.matches("\" open><summary").count(), 1, "{form}: only that one is open");
        assert!(!fields.contains("Kept") || sent.text.contains("Kept"), "{form}: what was typed is lost");
    }
    let gone = visit.post(&format!("{plan}/end-task"), "task=9&how=done&text=It+was+me").await;
    assert!(gone.text.contains("That was not done.") && gone.text.contains("It was me"), "{}", gone.text);
}

// proves: EVAL-2 who is asked answers by the personal link, in words, and the answer lands under the question
#[tokio::test]
async fn a_question_is_answered_by_the_personal_link() {
    let (mut visit, plan) = begun().await;
    visit.post(&format!("{plan}/ask"), "act=01jcw2v7q3f8&text=Was+anything+changed%3F&whom=person%3Agareth").await;
    visit.settle().await;
    let asked = visit.get(&plan).await.text;
    assert!(asked.contains("for Gareth"), "{asked}");
    let shown = visit.app.ops.demo_phones().await.unwrap();
    visit.cookie.clear();
    let mut link = None;
    for message in shown.iter().filter(|m| m.person.as_str() == "gareth").filter_map(|m| m.link.as_deref()) {
        let path = format!("/l/{}", message.rsplit('/').next().unwrap());
        if visit.get(&path).await.text.contains("What do you know?") {
            link = Some(path);
        }
    }
    let link = link.expect("a link that asks in words");
    let page = visit.get(&link).await.text;
    assert!(page.contains("Priya Raman asks you:") && page.contains("Was anything changed?"), "{page}");
    assert!(page.contains("I cannot say") && !page.contains("I take it"), "{page}");
    let empty = visit.post(&link, "text=+").await;
    assert!(empty.status == StatusCode::UNPROCESSABLE_ENTITY && empty.text.contains("Write what you know."));
    for _ in 0..2 {
        let sent = visit.post(&link, "text=The+switch+%26+its+%3Cb%3Ezoning%3C%2Fb%3E").await;
        assert_eq!(sent.headers[header::LOCATION], link.as_str());
    }
    let thanks = visit.get(&link).await.text;
    assert!(thanks.contains("You answered at") && thanks.contains("&#60;b&#62;zoning"), "{thanks}");
    visit.sign_in().await;
    let page = visit.get(&plan).await.text;
    assert_eq!(page.matches("The switch &#38; its").count(), 1, "sent twice, written once: {page}");
    assert!(page.contains("1 asked, 1 answered") && !page.contains("for Gareth"), "{page}");
}

// proves: EVAL-5 claims are listed on the incident, also those on what the affected system needs
#[tokio::test]
async fn who_is_at_work_on_it_and_on_what_it_needs_is_shown() {
    let (mut visit, plan) = begun().await;
    let number = plan.trim_end_matches("/plan");
    for (system, what) in [("directory", "Reading+its+log"), ("storage", "Firmware+of+fs-b"), ("printing", "Toner")] {
        let claimed = format!("act=01jcw2v7q4{}&what={what}&for=30m", &system[..2]);
        let claimed = visit.post(&format!("/systems/{system}/claim"), &claimed).await;
        assert_eq!(claimed.status, StatusCode::SEE_OTHER, "{}", claimed.text);
    }
    let shown = visit.get(number).await.text;
    let (log, notices) = (shown.split("id=\"log\"").nth(1).unwrap(), shown.split("id=\"log\"").next().unwrap());
    for (said, about) in
        [("At work on Directory and sign-in.", "Reading its log"), ("At work on Storage", "Firmware of fs-b")]
    {
        assert!(notices.contains(said) && notices.contains(about), "{said} {about}: {notices}");
    }
    assert!(!shown.contains("Toner"), "what is apart from it: {log}");
}
