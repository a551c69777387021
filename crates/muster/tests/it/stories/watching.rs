//! What becomes of alerts.

use super::harness::{MAIL_DOWN, MAIL_UP, SMALL, Story, minutes};
use muster_core::alert::Account;
use muster_core::contact::{Answer, MeansKind};
use muster_core::incident::{Act, State};

const PRINTER_DOWN: &str = r#"{"key":"print-1","host":"print-1","title":"Queue does not move","severity":"critical"}"#;
const PRINTER_UP: &str = r#"{"key":"print-1","host":"print-1","title":"Queue moves","status":"resolved"}"#;
const DIRECTORY_DOWN: &str = r#"{"key":"dir-1","host":"dir-1","title":"Sign-in fails","severity":"critical"}"#;

// proves: DEF-1 down elsewhere is watched and becomes suspected when it has lasted the time
// proves: DEF-3 departmental disruptions follow the same procedure
#[test]
fn a_departmental_outage_is_watched_before_anybody_is_called() {
    let mut story = Story::of(SMALL);
    story.signal(PRINTER_DOWN);
    let alert = story.alert();
    assert_eq!(alert.alert.account, Account::Watched);
    assert_eq!(alert.due_at.unwrap().duration_since(story.time()), minutes(15));
    story.advance(minutes(14));
    assert_eq!(story.incidents(), 0);
    story.advance(minutes(1));
    assert_eq!((story.incidents(), story.incident().state), (1, State::Suspected));
    story.expect("ana", MeansKind::Email);
    assert_eq!(story.alert().alert.account, Account::Opened);
}

// proves: DEF-1 what is watched lasts its time, and no longer, when the clock is set back
#[test]
fn a_watch_does_not_last_until_a_clock_that_was_set_back_has_caught_up() {
    let mut story = Story::of(SMALL);
    story.signal(PRINTER_DOWN);
    story.advance(minutes(5));
    story.clock.advance(-minutes(60));
    story.advance(minutes(14));
    assert_eq!(story.incidents(), 0);
    story.advance(minutes(1));
    assert_eq!((story.incidents(), story.incident().state), (1, State::Suspected));
}

// proves: DEF-1 what is over before the time wakes nobody
#[test]
fn what_recovers_in_time_is_counted_and_nobody_is_called() {
    let mut story = Story::of(SMALL);
    story.signal(PRINTER_DOWN);
    story.advance(minutes(14));
    story.signal(PRINTER_UP);
    story.advance(minutes(60));
    assert_eq!((story.incidents(), story.alert().alert.account), (0, Account::Resolved));
    assert_eq!(story.alert().alert.signals, 2);
    story.expect_silence();
}

// proves: DIS-6 the log starts by itself with the signal's own history
#[test]
fn the_log_begins_with_what_the_sender_said() {
    let mut story = Story::of(SMALL);
    story.signal(MAIL_DOWN);
    let log = story.log();
    assert!(log[0].starts_with("Suspected incident: Email down: SMTP does not answer"), "{}", log[0]);
    assert!(log[1].contains("CRITICAL - Socket timeout") && log[1].contains("mail servers"), "{}", log[1]);
}

// proves: DEF-6 signals of other keys join an open incident by mapping, visibly and reversibly
#[test]
fn an_alert_on_what_it_depends_on_is_joined_by_those_that_depend_on_it() {
    let mut story = Story::of(SMALL);
    story.signal(DIRECTORY_DOWN);
    story.expect("ben", MeansKind::Email);
    story.advance(minutes(2));
    story.signal(MAIL_DOWN);
    assert_eq!((story.incidents(), story.alert().alert.account), (1, Account::Joined));
    story.expect_logged("Joined: Email depends on Directory, within 30 min");
    story.expect_silence();
    let alert = story.alert().alert.id;
    story.act("ben", Act::LeaveAlert { alert, reason: "Another cable.".into() }).unwrap();
    assert_eq!(story.incidents(), 2, "it is looked at anew, and does not go back");
}

// proves: DEF-1 what had stopped and began again, and is taken out of its incident, has lasted only since it last began
#[test]
fn an_alert_that_is_taken_out_has_lasted_since_it_last_began() {
    let mut story = Story::of(SMALL);
    story.signal(PRINTER_DOWN);
    story.advance(minutes(15));
    story.expect("ana", MeansKind::Email);
    story.advance(minutes(5));
    story.signal(&format!("[{PRINTER_UP},{PRINTER_DOWN}]"));
    let alert = story.alert().alert.id;
    story.advance(minutes(1));
    story.act("ana", Act::LeaveAlert { alert, reason: "Another queue.".into() }).unwrap();
    assert_eq!((story.incidents(), story.alert().alert.account), (1, Account::Watched));
    story.advance(minutes(13));
    assert_eq!(story.incidents(), 1, "down for 14 minutes");
    story.advance(minutes(1));
    assert_eq!(story.incidents(), 2);
}

#[test]
fn recovery_is_proposed_and_a_person_decides() {
    let mut story = Story::of(SMALL);
    story.signal(MAIL_DOWN);
    story.expect("ana", MeansKind::Email);
    story.answer("ana", Answer::Take).unwrap();
    story.advance(minutes(7));
    story.signal(MAIL_UP);
    let incident = story.incident();
    assert_eq!(incident.recovered_at, Some(story.time()));
    assert_eq!(incident.state, State::Suspected);
    story.expect_logged("SMTP does not answer is over, says Nagios, data centre A. SMTP OK");
}

#[test]
fn a_repeated_signal_is_one_alert_and_every_signal_is_counted() {
    let mut story = Story::of(SMALL);
    for _ in 0..5 {
        story.signal(MAIL_DOWN);
    }
    assert_eq!((story.incidents(), story.alert().alert.signals), (1, 5));
}
