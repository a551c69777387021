//! Telling people directly: Muster calls down the list, and only a conversation counts.

use super::harness::{SMALL, Story, minutes, now};
use muster_core::contact::{Answer, MeansKind, Outcome};
use muster_core::directory::Organisation;
use muster_core::entry::{Change, Severity, Via};
use muster_core::ids::PersonId;
use muster_core::incident::{Act, To};
use muster_core::subject::Common;

/// The usual organisation, in which Muster calls by itself and Rosa manages those at work.
fn calling() -> String {
    let org = SMALL.replace("calls_by_itself = false", "calls_by_itself = true");
    format!("{org}\n[areas.mail]\nname = \"Mail team\"\nmembers = [\"ana\", \"ben\"]\nmanagement = [\"root\"]\n")
}

/// A key on the call of that search: the person heard it.
fn key(story: &Story, person: &str, answer: Answer) {
    let incident = story.incident();
    let search = incident.summonses.iter().rev().find(|s| s.is_live() && s.tell.is_some()).unwrap();
    let command = Common::Answer { summons: search.id.clone(), person: person.into(), answer, via: Via::Key };
    now(story.ops.carry_on(&story.subject(), command)).unwrap();
}

// proves: DIS-4 a person who gets only voicemail is never counted: Muster calls again, and the log says so
#[test]
fn a_voicemail_is_not_counted_and_the_next_call_is() {
    let mut story = Story::managed(&calling());
    story.act("ana", Act::LetMusterCall { tell: "User support".into() }).unwrap();
    let call = story.expect("cleo", MeansKind::Call);
    assert!(call.text.subject.contains("you must know: Email down"), "{}", call.text.subject);
    story.grade(&call, Outcome::MessageLeft);
    story.expect_logged("Cleo Marsh call: message left. [Voicemail: does not count]");
    assert!(story.owed().iter().any(|d| d == "Tell user support directly"), "a voicemail settles nothing");
    let alarm = story.expect("root", MeansKind::Email);
    assert!(alarm.text.subject.starts_with("User support not told yet"), "{}", alarm.text.subject);
    assert!(alarm.text.body.contains("Ana Lopes is Incident Manager."), "{}", alarm.text.body);
    story.advance(minutes(6));
    story.expect("cleo", MeansKind::Call);
    key(&story, "cleo", Answer::Know);
    story.expect_logged("Cleo Marsh was told, answered by a key on the call.");
    assert!(!story.owed().iter().any(|d| d == "Tell user support directly"));
}

// proves: DIS-4 nobody having told them, Muster calls by itself before it is due
#[test]
fn muster_calls_by_itself_before_it_is_due() {
    let mut story = Story::managed(&calling());
    for _ in 0..2 {
        let note = Act::Note { kind: Default::default(), text: "Looking.".into(), happened_at: None };
        story.advance(minutes(9));
        story.act("ana", note).unwrap();
    }
    story.expect_silence();
    story.advance(minutes(2));
    story.expect("cleo", MeansKind::Call);
    story.expect_logged("Muster calls to tell user support: Cleo Marsh.");
}

// proves: ESC-1 the next level of management is told as direct contact when the severity is reached
#[test]
fn management_is_told_when_it_is_bad_enough() {
    let mut story = Story::managed(&calling());
    let to = Change::Severity(Some(Severity::Major));
    story.act("ana", Act::Change { to, reason: String::new(), seen: None }).unwrap();
    story.expect_logged("Management, level 1 must be told directly: Rosa Admin by");
    assert!(story.owed().iter().any(|d| d == "Tell management, level 1 directly"), "{:?}", story.owed());
}

// proves: ESC-3 a CM is asked by message, with a link of their own, and accepts
#[test]
fn a_communicator_is_asked_by_message() {
    let mut story = Story::managed(SMALL);
    story.act("ana", Act::AskCommunicator { to: Some("ben".into()) }).unwrap();
    let mail = story.expect("ben", MeansKind::Email);
    assert!(mail.text.body.contains("You are asked to become Communications Manager."), "{}", mail.text.body);
    story.answer("ben", Answer::Take).unwrap();
    story.expect_logged("Ben Tallis is Communications Manager from now on.");
    story.advance(minutes(1));
    story.expect_silence();
}

// proves: ESC-4 the message that asks an area to take over carries the situation summary
#[test]
fn a_hand_over_says_how_things_stand() {
    let mut story = Story::managed(&calling());
    let hand = Act::HandOver { to: To::Area("mail".into()), reason: "It is your relay".into(), brief: String::new() };
    story.act("ana", hand).unwrap();
    let mail = story.expect("ben", MeansKind::Email);
    for part in
        ["Ana Lopes asks you: It is your relay.", "Email down: SMTP does not answer. Open, severity not assessed."]
    {
        assert!(mail.text.body.contains(part), "{part} is not in {}", mail.text.body);
    }
    story.answer("ben", Answer::Take).unwrap();
    assert_eq!(story.incident().roles.area.unwrap().1, "Mail team");
}

// proves: DIS-5 when the Incident Manager leaves the organisation, the next is summoned
#[test]
fn who_leaves_is_replaced() {
    let mut story = Story::managed(SMALL);
    let mut org: Organisation = toml::from_str(SMALL).unwrap();
    org.people.get_mut(&PersonId::from("ana")).unwrap().gone = true;
    now(story.ops.apply(&org, "story")).unwrap();
    story.advance(minutes(1));
    story.expect("ben", MeansKind::Email);
    story.answer("ben", Answer::Take).unwrap();
    story.expect_logged("Ben Tallis is Incident Manager from now on.");
}
