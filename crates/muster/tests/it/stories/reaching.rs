//! A named person is really reached.

use super::harness::{MAIL_DOWN, SMALL, Story, minutes};
use muster_core::contact::{Answer, MeansKind, Outcome};
use muster_core::incident::{Act, State};

// proves: STAFF-3 page, wait for an acknowledgement, next means, next person, around again; stop when somebody takes it
#[test]
fn a_summons_goes_through_means_and_people_and_around_until_somebody_takes_it() {
    let mut story = Story::of(SMALL);
    story.signal(MAIL_DOWN);
    story.expect("ana", MeansKind::Email);
    story.advance(minutes(4));
    story.expect_silence();
    story.advance(minutes(1));
    story.expect("ana", MeansKind::Call);
    story.advance(minutes(5));
    story.expect("ben", MeansKind::Email);
    story.advance(minutes(5));
    story.expect("ana", MeansKind::Email);
    let alarm = story.expect("root", MeansKind::Email);
    assert!(alarm.text.subject.starts_with("NOBODY REACHED"), "{}", alarm.text.subject);
    story.answer("ana", Answer::Take).unwrap();
    assert_eq!(story.incident().manager.unwrap().person.name, "Ana Lopes");
    story.advance(minutes(30));
    assert!(story.incident().live_summons().is_none());
    story.expect_logged("Ana Lopes takes it, answered by personal link. [Direct contact, confirmed]");
}

// proves: STAFF-3 "I cannot" goes on at once
#[test]
fn who_cannot_is_not_waited_for() {
    let mut story = Story::of(SMALL);
    story.signal(MAIL_DOWN);
    story.expect("ana", MeansKind::Email);
    story.answer("ana", Answer::Cannot).unwrap();
    story.expect("ben", MeansKind::Email);
}

#[test]
fn a_message_left_is_never_direct_contact() {
    let mut story = Story::of(SMALL);
    story.signal(MAIL_DOWN);
    story.expect("ana", MeansKind::Email);
    story.advance(minutes(5));
    let call = story.expect("ana", MeansKind::Call);
    story.grade(&call, Outcome::MessageLeft);
    story.expect_logged("Ana Lopes call: message left. [Voicemail: does not count]");
    assert!(story.incident().manager.is_none());
    story.expect("ben", MeansKind::Email);
}

// proves: DIS-5 whoever is first reached and takes it becomes IM; before that nobody is
#[test]
fn the_first_who_takes_it_is_incident_manager_and_the_second_is_told() {
    let mut story = Story::of(SMALL);
    story.signal(MAIL_DOWN);
    assert_eq!(story.incident().manager, None);
    story.expect("ana", MeansKind::Email);
    story.advance(minutes(10));
    story.expect("ana", MeansKind::Call);
    story.expect("ben", MeansKind::Email);
    story.answer("ben", Answer::Take).unwrap();
    let late = story.answer("ana", Answer::Take).unwrap_err();
    assert!(late.to_string().contains("Ben Tallis has taken it already"), "{late}");
    assert_eq!(story.incident().managers.len(), 1);
}

// proves: DEF-6 unanswered, a suspected incident is open when the policy's time is up
#[test]
fn a_suspected_incident_opens_by_itself() {
    let mut story = Story::of(SMALL);
    story.signal(MAIL_DOWN);
    assert_eq!(story.incident().state, State::Suspected);
    assert_eq!(story.owed(), ["Reach somebody who takes it: Email"]);
    story.advance(minutes(15));
    assert_eq!(story.incident().state, State::Open);
    story.expect_logged("nobody has judged it for 15 min");
}

// proves: DEF-6 a person withdraws it with a reason
#[test]
fn a_false_alarm_is_withdrawn_and_owes_nothing() {
    let mut story = Story::of(SMALL);
    story.signal(MAIL_DOWN);
    story.expect("ana", MeansKind::Email);
    story.answer("ana", Answer::Take).unwrap();
    let empty = story.act("ana", Act::Withdraw { reason: " ".into() }).unwrap_err();
    assert!(empty.to_string().contains("Write why"), "{empty}");
    story.act("ana", Act::Withdraw { reason: "The monitor's own network was down.".into() }).unwrap();
    assert_eq!(story.incident().state, State::Withdrawn);
    story.advance(minutes(600));
    assert!(story.owed().is_empty());
    story.expect_silence();
}

#[test]
fn a_clock_that_is_set_back_puts_nobody_off() {
    let mut story = Story::of(SMALL);
    story.signal(MAIL_DOWN);
    let mail = story.expect("ana", MeansKind::Email);
    // The clock is ahead when Muster comes back, and is then put right: the wait counts from there.
    story.clock.advance(minutes(3));
    story.ops.came_back();
    story.grade(&mail, Outcome::Delivered);
    story.clock.advance(-minutes(2));
    story.ops.came_back();
    story.advance(minutes(4));
    story.expect_silence();
    story.advance(minutes(1));
    story.expect("ana", MeansKind::Call);
}
