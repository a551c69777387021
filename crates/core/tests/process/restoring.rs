//! RES-3, SDR-1: service is back, and the report is owed.

use crate::fixture::*;
use muster_core::Time;
use muster_core::calendar::BusinessCalendar;
use muster_core::contact::Answer;
use muster_core::duty::DutyKind;
use muster_core::entry::{Change, Fact, Moment};
use muster_core::incident::{Act, Command, Declaration, OpenBy, State};
use muster_core::refusal::Refusal;
use muster_core::system::Condition::Down;

fn restore(at: Time, cause: &str, resolution: &str) -> Act {
    Act::Restore { at, cause: cause.into(), resolution: resolution.into() }
}

fn change(to: Change) -> Act {
    Act::Change { to, reason: String::new(), seen: None }
}

/// Declared by Priya as down since 08:50.
fn down_since_ten_to() -> Log {
    let mut log = Log::new(org());
    let went_down = Some(Moment { at: at(-10), estimate: true });
    let said = Declaration { went_down, ..log.declaration("priya") };
    log.does(Command::Open { number: "2026-001".into(), by: OpenBy::Person(said) });
    log.at(71);
    log
}

// proves: RES-3 restoring asks for the time of restoration, the cause if known and the resolution; the outage duration follows
#[test]
fn restoring_gives_the_outage_its_duration() {
    let mut log = down_since_ten_to();
    assert_eq!(log.incident().outage(log.now), Some(minutes(81)), "so far");
    log.act("marta", restore(at(60), " the switch lost its zoning ", "zoning restored"));
    log.at(500);
    let incident = log.incident();
    assert_eq!((incident.state, incident.restored_at), (State::Restored, Some(at(60))));
    assert_eq!(
        (incident.cause.as_str(), incident.resolution.as_str()),
        ("the switch lost its zoning", "zoning restored")
    );
    assert_eq!(incident.outage(log.now), Some(minutes(70)));
    assert_eq!(log.manager(), Some("priya"), "who restores does not take it from her");
}

#[test]
fn a_restoration_without_a_cause_keeps_the_one_that_is_known() {
    let mut log = down_since_ten_to();
    log.act("priya", change(Change::Cause("the switch".into())));
    log.act("priya", restore(at(60), "", "zoning restored"));
    assert_eq!(log.incident().cause, "the switch");
}

// proves: RES-3 a restoration that makes no sense is refused, with the field and what to do
#[test]
fn a_restoration_that_makes_no_sense_is_refused() {
    let long = "x".repeat(10_001);
    let soon = at(71) + muster_core::Span::from_secs(59);
    for (what, act, field) in [
        ("no resolution", restore(at(60), "", "  "), Some("resolution")),
        ("a resolution too long", restore(at(60), "", &long), Some("resolution")),
        ("a cause too long", restore(at(60), &long, "done"), Some("cause")),
        ("in the future", restore(at(73), "", "done"), Some("at")),
        ("before it went down", restore(at(-11), "", "done"), Some("at")),
        ("by a clock that is a little ahead", restore(soon, "", "done"), None),
        ("at the moment it went down", restore(at(-10), "", "done"), None),
    ] {
        let mut log = down_since_ten_to();
        let refused = log.acts("priya", act).err();
        assert_eq!(refused.as_ref().and_then(Refusal::field), field, "{what}: {refused:?}");
        assert_eq!(log.state() == State::Restored, field.is_none(), "{what}");
    }
}

// proves: RES-3 what is restored is restored once; its time is corrected by the field
#[test]
fn a_restoration_is_corrected_not_repeated() {
    let mut log = down_since_ten_to();
    let correct = |at| change(Change::RestoredAt(at));
    assert!(matches!(log.acts("priya", correct(at(40))), Err(Refusal::WrongState { .. })), "it is open");
    log.restore(60);
    assert!(matches!(log.acts("marta", restore(at(50), "", "so")), Err(Refusal::WrongState { .. })));
    for (at, field) in [(at(73), Some("restored-at")), (at(-11), Some("restored-at")), (at(50), None)] {
        assert_eq!(log.acts("priya", correct(at)).err().as_ref().and_then(Refusal::field), field);
    }
    assert_eq!(log.incident().outage(log.now), Some(minutes(60)));
    let after = change(Change::WentDown(Some(Moment { at: at(51), estimate: false })));
    assert_eq!(log.acts("priya", after).err().as_ref().and_then(Refusal::field), Some("went-down"));
}

// proves: RES-5 reopening is possible with a reason, and restoration is owed again
#[test]
fn a_restored_incident_is_reopened_with_a_reason() {
    let mut log = down_since_ten_to();
    log.restore(60);
    log.act("priya", Act::FileReport { reference: "share/041".into() });
    let reopen = |reason: &str| Act::Reopen { reason: reason.into() };
    assert!(matches!(log.acts("ben", reopen("")), Err(Refusal::Missing { .. })));
    log.act("ben", reopen("mail is lost again"));
    let incident = log.incident();
    assert_eq!((incident.state, incident.restored_at, incident.report.as_ref()), (State::Open, None, None));
    assert_eq!((incident.outage(log.now), log.manager()), (Some(minutes(81)), Some("priya")));
    assert!(matches!(log.acts("ben", reopen("again")), Err(Refusal::WrongState { .. })));
}

#[test]
fn a_reopened_incident_is_not_proposed_as_restored_by_what_was_over_before() {
    let mut log = Log::suspected();
    log.answer("priya", Answer::Take);
    let mut second = alert("directory", Down);
    second.id = "second".into();
    log.does(Command::JoinAlert(news(second)));
    for alert in ["alert-directory", "second"] {
        log.does(Command::AlertRecovered { alert: alert.into(), detail: String::new(), at: at(0) });
    }
    assert!(log.incident().recovered_at.is_some());
    log.restore(0);
    log.act("priya", Act::Reopen { reason: "it is not".into() });
    log.act("priya", Act::LeaveAlert { alert: "second".into(), reason: "twice the same".into() });
    assert_eq!(log.incident().recovered_at, None);
}

// proves: SDR-1 the report is due at 17:00 on the second business day after restoration, owed by the Incident Manager
#[test]
fn the_report_is_due_by_the_organisations_calendar() {
    let holiday = BusinessCalendar { holidays: ["2026-11-19".parse().unwrap()].into(), ..BusinessCalendar::default() };
    for (what, calendar, restored, due) in [
        ("Tuesday", BusinessCalendar::default(), "2026-11-17T09:30:00Z", "2026-11-19T17:00:00Z"),
        ("Friday", BusinessCalendar::default(), "2026-11-20T23:00:00Z", "2026-11-24T17:00:00Z"),
        ("a holiday between", holiday, "2026-11-17T09:30:00Z", "2026-11-20T17:00:00Z"),
        ("into summer time", BusinessCalendar::default(), "2027-03-26T12:00:00Z", "2027-03-30T16:00:00Z"),
    ] {
        let mut org = org();
        org.organisation.calendar = calendar;
        let mut log = Log::new(org);
        log.does(Command::Open { number: "2026-001".into(), by: OpenBy::Person(log.declaration("priya")) });
        assert_eq!(log.duty(DutyKind::Report, ""), None, "not before");
        log.now = t(restored);
        log.act("priya", restore(t(restored), "", "done"));
        let duty = log.duty(DutyKind::Report, "").unwrap();
        assert_eq!((duty.due, duty.settled), (t(due), None), "{what}");
        assert_eq!(duty.owed_by.unwrap().id.as_str(), "priya");
        log.act("priya", Act::FileReport { reference: "share/041".into() });
        assert_eq!(log.duty(DutyKind::Report, "").unwrap().settled, Some(t(restored)));
    }
}

#[test]
fn what_was_not_told_by_restoration_is_not_owed_any_more() {
    let mut log = down_since_ten_to();
    log.spoke("User support", "ben");
    log.restore(60);
    let told: Vec<_> = muster_core::duty::duties(log.incident()).into_iter().map(|d| d.id.occurrence).collect();
    assert!(told.contains(&"User support".to_owned()) && !told.contains(&"Server management".to_owned()));
}

#[test]
fn a_report_is_filed_after_restoration() {
    let mut log = Log::declared();
    let file = |reference: &str| Act::FileReport { reference: reference.into() };
    assert!(matches!(log.acts("priya", file("share/041")), Err(Refusal::WrongState { .. })));
    log.restore(0);
    assert!(matches!(log.acts("priya", file(" ")), Err(Refusal::Missing { field: "reference", .. })));
    assert!(matches!(log.act("priya", file("share/041"))[..], [Fact::ReportFiled(_)]));
}
