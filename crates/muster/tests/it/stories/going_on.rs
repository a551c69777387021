//! What still fires when a person has said that it is over.

use super::harness::{MAIL_DOWN, SMALL, Story, minutes, now};
use muster::store::{Sight, Tx, alerts};
use muster_core::alert::Account;
use muster_core::contact::Answer;
use muster_core::incident::{Act, Command, State};

const MAIL_WARNS: &str =
    r#"{"key":"mail-1/smtp","host":"mail-1","service":"SMTP","title":"SMTP is slow","severity":"warning"}"#;

/// The incident of [`MAIL_DOWN`], taken by Ana.
fn taken() -> Story {
    let mut story = Story::of(SMALL);
    story.signal(MAIL_DOWN);
    story.answer("ana", Answer::Take).unwrap();
    story.advance(minutes(20));
    story
}

#[test]
fn what_goes_on_after_a_restoration_is_an_incident_again() {
    let mut story = taken();
    let at = story.time();
    story.act("ana", Act::Restore { at, cause: String::new(), resolution: "restarted".into() }).unwrap();
    story.advance(minutes(2));
    story.signal(MAIL_DOWN);
    story.advance(minutes(12));
    assert_eq!((story.incidents(), story.alert().alert.account), (1, Account::Opened), "a person's word holds a while");
    story.advance(minutes(1));
    assert_eq!(story.incidents(), 2, "it has lasted 15 minutes since service was said to be back");
    assert!(story.incident().search_for_manager().is_some(), "somebody is called");
}

#[test]
fn what_goes_on_after_a_restricted_incident_is_there_for_nobody_else() {
    let mut story = taken();
    story.act("ana", Act::Restrict { to: Vec::new(), reason: "somebody is inside".into() }).unwrap();
    let at = story.time();
    story.act("ana", Act::Restore { at, cause: String::new(), resolution: "locked out".into() }).unwrap();
    story.advance(minutes(2));
    story.signal(MAIL_DOWN);
    story.advance(minutes(20));
    assert_eq!(story.incidents(), 2);
    let org = now(story.ops.organisation()).unwrap();
    let seers = story.incident().seen_by(&org).expect("the next is restricted as well");
    assert!(seers.contains(&"ana".into()) && story.incident().search_for_manager().is_some(), "{seers:?}");
    let strangers = org.people.keys().filter(|id| !seers.contains(*id)).cloned().collect::<Vec<_>>();
    assert!(!strangers.is_empty());
    for stranger in strangers {
        let id = story.alert().alert.id;
        let see = async move |tx: &mut Tx| alerts::see(tx, &Sight::of(&stranger), &id).await;
        assert!(now(story.ops.db().read(see)).unwrap().is_none(), "its alert is no more there than it was");
    }
    // What its sender calls information only, calls nobody and stays with it.
    let at = story.time();
    let done = |story: &mut Story| {
        story.answer("ana", Answer::Take).unwrap();
        story.act("ana", Act::Restore { at, cause: String::new(), resolution: "out".into() }).unwrap();
    };
    done(&mut story);
    story.signal(&MAIL_DOWN.replace("critical", "info"));
    story.advance(minutes(30));
    assert_eq!(story.incidents(), 2);
}

#[test]
fn what_was_taken_out_is_placed_although_the_clock_is_set_back() {
    let mut story = taken();
    let alert = story.alert().alert.id;
    story.clock.advance(minutes(30));
    // The clock is set back before the alert is looked at.
    let by = now(story.ops.organisation()).unwrap().person_ref(&"ana".into());
    let act = Act::LeaveAlert { alert, reason: "another fault".into() };
    now(story.ops.perform(&story.subject(), Command::Act { by, act }, None)).unwrap();
    story.clock.advance(-minutes(10));
    story.advance(minutes(1));
    assert_eq!((story.incidents(), story.alert().alert.account), (2, Account::Opened), "nobody waits for the clock");
}

#[test]
fn what_has_just_come_in_is_placed_although_the_clock_is_set_back() {
    let mut story = Story::of(SMALL);
    story.accept(MAIL_DOWN);
    story.clock.advance(-minutes(34));
    story.advance(minutes(1));
    assert_eq!((story.incidents(), story.alert().alert.account), (1, Account::Opened));
}

#[test]
fn what_says_nothing_more_after_a_restoration_is_left_alone() {
    let mut story = taken();
    let at = story.time();
    story.act("ana", Act::Restore { at, cause: String::new(), resolution: "restarted".into() }).unwrap();
    story.advance(minutes(60));
    assert_eq!(story.incidents(), 1);
}

#[test]
fn what_was_withdrawn_is_silent_until_it_says_something_else() {
    let mut story = taken();
    story.act("ana", Act::Withdraw { reason: "a test of the monitor".into() }).unwrap();
    story.signal(MAIL_DOWN);
    story.advance(minutes(60));
    assert_eq!((story.incidents(), story.incident().state), (1, State::Withdrawn));
    story.signal(MAIL_WARNS);
    story.advance(minutes(1));
    assert_eq!((story.incidents(), story.alert().alert.account), (2, Account::Opened), "it has lasted long enough");
}
