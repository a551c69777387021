//! DOC-2, DOC-4: the log is kept fresh, and what was written stays readable.

use crate::fixture::*;
use muster_core::contact::{Answer, MeansKind, Outcome};
use muster_core::duty::{Duty, DutyKind};
use muster_core::entry::{Change, Fact, NoteKind};
use muster_core::incident::{Act, Command, State};
use muster_core::policy::Phase;
use muster_core::subject::Subject;
use muster_core::system::Condition::Down;

fn note(text: &str) -> Act {
    Act::Note { kind: NoteKind::Activity, text: text.into(), happened_at: None }
}

fn fresh(log: &Log) -> Option<Duty> {
    log.duty(DutyKind::KeepLog, "")
}

// proves: DOC-2 a log without an entry for 15, 60 or 240 minutes by phase is a duty of the Incident Manager
#[test]
fn a_silent_log_is_a_duty_of_the_manager() {
    for (phase, within) in [(Phase::Intense, 15), (Phase::Steady, 60), (Phase::Waiting, 240)] {
        let mut log = Log::declared();
        log.at(3);
        log.act("priya", Act::Change { to: Change::Phase(phase), reason: String::new(), seen: None });
        let duty = fresh(&log).unwrap();
        assert_eq!((duty.since, duty.due), (at(3), at(3 + within)), "{phase:?}");
        assert_eq!(duty.owed_by.unwrap().id.as_str(), "priya");
        log.at(3 + within);
        assert!(!fresh(&log).unwrap().is_late(log.now));
        log.at(4 + within);
        assert!(fresh(&log).unwrap().is_late(log.now));
        let late = fresh(&log).unwrap().id;
        log.act("marta", note("the array is back"));
        let next = fresh(&log).unwrap();
        assert!(next.id != late && next.due == at(4 + 2 * within), "anybody's entry is one, and the next is owed");
    }
}

// proves: DOC-2 what Muster writes by itself does not keep the log
#[test]
fn what_muster_writes_does_not_keep_the_log() {
    let mut log = Log::declared();
    log.at(9);
    log.does(Command::JoinAlert(news(alert("email", Down))));
    assert_eq!(fresh(&log).unwrap().due, at(15));
}

#[test]
fn only_an_open_incident_with_a_manager_owes_a_fresh_log() {
    let mut log = Log::suspected();
    assert_eq!(fresh(&log), None);
    log.answer("priya", Answer::Take);
    assert_eq!(fresh(&log), None, "suspected");
    log.act("priya", Act::Confirm);
    assert!(fresh(&log).is_some());
    log.restore(0);
    assert_eq!(fresh(&log), None, "restored");
}

#[test]
fn a_late_duty_is_nagged_about_at_the_policys_pace_and_not_for_ever() {
    let mut log = Log::declared();
    let policy = log.incident().terms.policy.clone();
    let duty = fresh(&log).unwrap();
    let step = |log: &Log, m: i64| duty.nag_step(log.incident().nags(), at(m));
    let steps = [14, 15, 29, 30, 119, 120, 134, 135].map(|m| step(&log, m));
    assert_eq!(steps, [None, Some(1), Some(1), Some(2), Some(7), Some(8), Some(8), None]);
    assert_eq!((policy.nag_every, policy.nags_at_most), (minutes(15), 8));
    log.at(600);
    log.at(601);
}

// proves: DOC-2 every entry has a time, a kind and who wrote it, also when it happened earlier
#[test]
fn a_note_says_when_it_happened_and_when_it_was_written() {
    let words = NoteKind::ALL.map(NoteKind::word).join(" · ");
    let kinds = "activity · contact · update · staff · escalation · change · decision · complication · task · other";
    assert_eq!(words, kinds, "those of the paper form");
    let mut log = Log::declared();
    log.at(20);
    for kind in NoteKind::ALL {
        log.act("marta", Act::Note { kind, text: "  said \u{0} so \n".into(), happened_at: Some(at(7)) });
        let entry = log.entries.last().unwrap();
        assert_eq!((entry.happened_at, entry.recorded_at, entry.author.name()), (at(7), at(20), "Marta Lindqvist"));
        let Fact::Noted(noted) = &entry.fact else { panic!("{entry:?}") };
        assert_eq!((noted.kind, noted.text.as_str()), (kind, "said \u{fffd} so"));
        assert_eq!(NoteKind::from_word(kind.word()), Some(kind));
    }
}

// proves: DOC-4 a correction is a new entry that names the old one, which stays readable, and touches no state
#[test]
fn a_correction_names_the_entry_and_touches_no_state() {
    let mut log = Log::declared();
    log.spoke("User support", "ben");
    let entry = log.entry(|f| matches!(f, Fact::Contacted(_)));
    let before = log.incident().clone();
    log.act("priya", Act::Correct { entry, text: "it was Adaeze".into(), happened_at: None });
    assert_eq!(log.incident().contacts, before.contacts, "the duty is still met");
    assert_eq!(log.incident().corrections[&entry].text, "it was Adaeze");
    assert!(log.entries.iter().any(|e| e.seq == entry && matches!(e.fact, Fact::Contacted(_))));
}

// proves: DOC-4 a correction says when it really happened, and the log stays in the order in which it was written
#[test]
fn a_time_is_corrected_without_turning_the_log_around() {
    let mut log = Log::declared();
    log.spoke("User support", "ben");
    let told = log.entry(|f| matches!(f, Fact::Contacted(_)));
    log.at(10);
    log.act("priya", note("the array answers"));
    let entry = log.incident().seq;
    log.act("priya", note("the second disk is in"));
    log.at(12);
    let correct = |entry, at| Act::Correct { entry, text: "the array answers".into(), happened_at: Some(at) };
    log.act("priya", correct(entry, at(4)));
    let last = log.entries.last().unwrap();
    assert_eq!((last.happened_at, last.recorded_at), (at(4), at(12)));
    assert!(log.entries.is_sorted_by_key(|e| e.recorded_at));
    for (what, act) in [("what is to come", correct(entry, at(60))), ("a contact", correct(told, at(4)))] {
        let by = log.person("priya");
        let refused = log.sends(Command::Act { by, act }).unwrap_err();
        assert_eq!(refused.field(), Some("happened-at"), "{what}");
    }
}

// proves: DOC-4 recorded time never runs backwards, whatever the machine's clock does
#[test]
fn a_clock_set_back_does_not_turn_the_log_around() {
    let mut log = Log::declared();
    log.at(10);
    log.act("priya", note("ten past"));
    log.now = at(4);
    log.act("priya", note("the clock was set back"));
    let [.., before, after] = log.entries.as_slice() else { panic!() };
    assert_eq!((before.recorded_at, after.recorded_at, after.happened_at), (at(10), at(10), at(4)));
}

#[test]
fn times_are_kept_to_the_millisecond_like_every_table() {
    let mut log = Log::new(org());
    log.now = t("2026-11-17T09:00:00.123456789Z");
    log.does(Command::Open {
        number: "2026-001".into(),
        by: muster_core::incident::OpenBy::Person(log.declaration("priya")),
    });
    log.act("priya", Act::Note { kind: NoteKind::Task, text: "look".into(), happened_at: Some(log.now) });
    let odd = |t: muster_core::Time| t.subsec_nanosecond() % 1_000_000 != 0;
    assert!(!log.entries.iter().any(|e| odd(e.happened_at) || odd(e.recorded_at)));
}

#[test]
fn notes_and_contacts_are_welcome_in_every_state() {
    let mut log = Log::declared();
    log.restore(0);
    log.act("ruth", note("thank you"));
    log.contact(None, "daniel", MeansKind::Email, Outcome::Sent).unwrap();
    assert_eq!(log.state(), State::Restored);
}
