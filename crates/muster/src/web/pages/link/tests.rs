use super::*;
use crate::web::pages::draw::sample::{Story, at, html, plain};
use muster_core::contact::Answer;
use muster_core::incident::Act;

/// What that person's link shows, five minutes later.
fn page(story: &Story, person: &str, minute: i64) -> Shown {
    let incident = story.incident();
    let scene = Scene::new(Arc::new(story.org.clone()), at(minute));
    let summons = &incident.summonses[0];
    let view = View {
        incident: &incident,
        summons,
        me: summons.chain.iter().position(|c| c.person.id.as_str() == person).unwrap(),
        scene: &scene,
        up_since: at(0),
        until: at(600),
        frame: scene.frame(crate::web::view::parts::Theme::Device),
        action: "/l/ml_x".into(),
        stamp: Stamp::default(),
        has_password: false,
    };
    view.page(None, &Field::default())
}

fn receipt(story: &Story, person: &str, minute: i64) -> Receipt {
    match page(story, person, minute) {
        Shown::Receipt(receipt) => *receipt,
        Shown::Asking(page) => panic!("{} is asked", page.person),
    }
}

fn heading(story: &Story, person: &str) -> String {
    receipt(story, person, 5).heading.replace('\u{a0}', " ")
}

// proves: DIS-5 the page says whom it asks and what happens on each answer
#[test]
fn who_is_asked_sees_what_is_wrong_and_what_each_answer_does() {
    let story = Story::by_alert();
    let Shown::Asking(page) = page(&story, "priya", 5) else { panic!("she is asked") };
    assert_eq!(plain(&page.elapsed), "5 min down, since 02:31 GMT");
    assert_eq!(page.tried[0].name, "You");
    let then: Vec<_> = page.answers.iter().map(|a| (a.value.as_str(), a.then.as_str())).collect();
    assert_eq!(
        then,
        [
            ("take", "You become Incident Manager. The calls stop."),
            ("know", "You are told, another is found."),
            ("cannot", "Ben Tallis is asked at once."),
        ]
    );
    let shown = html(&*page);
    assert!(shown.contains("Nobody yet") && shown.contains("18,400 people"));
}

#[test]
fn every_answer_has_its_receipt_for_everybody_who_was_asked() {
    let mut story = Story::by_alert();
    story.answer(2, "priya", Answer::Know);
    assert_eq!(heading(&story, "priya"), "Noted: you know");
    story.answer(3, "priya", Answer::Cannot);
    assert_eq!(heading(&story, "priya"), "Ben Tallis is asked now");
    assert!(matches!(page(&story, "ben", 3), Shown::Asking(_)));
    story.answer(4, "ben", Answer::Take);
    assert_eq!(heading(&story, "ben"), "You have it since 02:35 GMT");
    assert_eq!(heading(&story, "priya"), "Ben Tallis took it at 02:35 GMT");
    let taken = receipt(&story, "ben", 5);
    assert!(taken.give_back && taken.answers.is_empty() && plain(&taken.line) == "You are Incident Manager.");
    let gone = receipt(&story, "priya", 5);
    assert!(!gone.give_back && gone.answers.is_empty(), "nothing is asked of her");
}

// proves: DIS-5 whoever gives it back is Incident Manager until somebody else takes it
#[test]
fn who_gives_it_back_holds_it_until_it_is_taken() {
    let mut story = Story::by_alert();
    story.answer(2, "priya", Answer::Take);
    story.answer(3, "priya", Answer::Cannot);
    let given_back = receipt(&story, "priya", 4);
    assert_eq!(given_back.notice.lead, "You are Incident Manager until somebody else takes it.");
    assert_eq!(given_back.answers.len(), 1, "and can take it after all");
    assert!(matches!(page(&story, "ben", 4), Shown::Asking(_)), "the search goes on");
}

#[test]
fn a_link_to_what_is_over_asks_nothing() {
    let mut story = Story::by_alert();
    story.act(3, "ana", Act::Withdraw { reason: "a test".into() });
    let over = receipt(&story, "priya", 5);
    assert_eq!(over.heading, "It was no disruption");
    assert!(over.answers.is_empty() && !over.give_back);
}

#[test]
fn only_the_three_words_are_answers() {
    for answer in [Answer::Take, Answer::Know, Answer::Cannot] {
        assert_eq!(answer_of(word_of(answer)), Some(answer));
    }
    assert!(["", "TAKE", "take ", "yes"].iter().all(|w| answer_of(w).is_none()));
}
