//! The evaluation and the restoration plan: who is asked hears of it, and who has a task is reminded of it.

use super::harness::{SMALL, Story, minutes, now};
use muster_core::contact::MeansKind;
use muster_core::entry::{Change, Via};
use muster_core::incident::{Act, Command};
use muster_core::later;
use muster_core::policy::Phase;

fn managed() -> Story {
    Story::managed(SMALL)
}

// proves: EVAL-2 whoever is asked gets the question with a personal link; once answered, nobody is asked on
#[test]
fn a_question_goes_out_as_a_message_and_its_answer_ends_the_asking() {
    let mut story = managed();
    let ask = Act::Ask { text: "Was the relay changed?".into(), people: vec!["ben".into()], areas: Vec::new() };
    story.act("ana", ask).unwrap();
    let mail = story.expect("ben", MeansKind::Email);
    assert!(mail.text.subject.contains("a question: Was the relay changed?"), "{}", mail.text.subject);
    assert!(mail.text.body.contains("Ana Lopes asks you:") && mail.text.body.contains("You take nothing on"));
    let token = mail.text.link.as_deref().unwrap().rsplit('/').next().unwrap().to_owned();
    let link = now(story.ops.personal_link(&token)).unwrap().expect("a link of ours");
    let text = "Yes, at 02:25.".to_owned();
    let inform = Command::Inform { summons: link.summons, person: link.person, text, via: Via::Link };
    now(story.ops.perform(&link.subject, inform, None)).unwrap();
    story.expect_logged("Question 1: Was the relay changed? Asked of Ben Tallis.");
    story.expect_logged("Ben Tallis on question 1: Yes, at 02:25. Answered by personal link.");
    story.expect_logged("Nobody is asked any more: Ben Tallis answered.");
    story.advance(minutes(14));
    story.expect_silence();
}

// proves: EVAL-4 whoever is given a task hears of it at once; once its time-box is over it is a late duty of theirs, and they are reminded
#[test]
fn a_task_whose_time_is_over_reminds_its_owner_until_it_has_ended() {
    let mut story = managed();
    let due = later(story.time(), minutes(10));
    story.act("ana", Act::SetTask { what: "Read the relay's log".into(), to: "ben".into(), due }).unwrap();
    let given = story.expect("ben", MeansKind::Email);
    assert_eq!(given.text.subject, "2026-001: Ana Lopes asks you to do something by 10:10 GMT");
    assert!(given.text.body.contains("Read the relay's log. Incident: "), "{}", given.text.body);
    let task = "Task 1: Read the relay's log".to_owned();
    assert!(story.owed().contains(&task), "{:?}", story.owed());
    story.advance(minutes(9));
    story.expect_silence();
    story.advance(minutes(1));
    let nag = story.expect("ben", MeansKind::Email);
    assert!(nag.text.subject.contains("late: Task 1: Read the relay's log"), "{}", nag.text.subject);
    story.act("ben", Act::EndTask { task: 1, done: true, text: "Nothing in it.".into() }).unwrap();
    assert!(!story.owed().contains(&task), "{:?}", story.owed());
    story.advance(minutes(14));
    story.expect_silence();
}

#[test]
fn what_stays_undone_climbs_once_to_the_next_in_line() {
    let area =
        "[areas.desk]\nname = \"Desk\"\nmembers = [\"ben\"]\nmanagement = [\"ben\", \"root\"]\n\n[areas.support]";
    let mut story = Story::managed(&SMALL.replace("[areas.support]", area));
    let due = later(story.time(), minutes(1));
    story.act("ana", Act::SetTask { what: "Read the relay's log".into(), to: "ben".into(), due }).unwrap();
    story.expect("ben", MeansKind::Email);
    story.act("ana", Act::Change { to: Change::Phase(Phase::Waiting), reason: String::new(), seen: None }).unwrap();
    story.advance(minutes(1));
    story.expect("ben", MeansKind::Email);
    story.advance(minutes(15));
    story.expect("ben", MeansKind::Email);
    story.expect_silence();
    story.advance(minutes(15));
    let mut subjects: Vec<_> = std::iter::from_fn(|| story.next_message())
        .filter(|m| m.text.subject.contains("Task 1"))
        .map(|m| (m.person.0, m.text.subject, m.text.body.contains("You are the next in line.")))
        .collect();
    subjects.sort();
    let late = "2026-001, late: Task 1: Read the relay's log";
    assert_eq!(subjects, [("ben".into(), late.into(), false), ("root".into(), format!("{late} (Ben Tallis)"), true)]);
    story.advance(minutes(15));
    let to_root = std::iter::from_fn(|| story.next_message()).filter(|m| m.text.subject.contains("Ben Tallis")).count();
    assert_eq!(to_root, 0, "once is enough");
}
