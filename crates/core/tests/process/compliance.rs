//! How an incident kept its duties, read from its log.

use crate::fixture::{Log, at, minutes, org};
use muster_core::compliance::{Fate, Figures, Owed, Verdict, owed};
use muster_core::contact::Answer;
use muster_core::directory::Organisation;
use muster_core::duty::DutyKind;
use muster_core::entry::{Change, MeetingKind, NoteKind};
use muster_core::ids::PersonId;
use muster_core::incident::Act;

fn of(log: &Log, kind: DutyKind) -> Vec<Owed> {
    owed(&log.entries).into_iter().filter(|o| o.duty.id.kind == kind).collect()
}

fn verdicts(log: &Log, kind: DutyKind) -> Vec<Verdict> {
    of(log, kind).iter().map(|o| o.verdict(log.now)).collect()
}

fn review() -> Act {
    Act::HoldMeeting {
        kind: MeetingKind::Team,
        held_at: None,
        present: vec!["priya".into()],
        progress: "two disks of six are back".into(),
        plan_changes: String::new(),
        escalate: false,
        why: "enough people are here".into(),
        next: None,
    }
}

#[test]
fn what_comes_again_and_again_is_done_when_the_next_of_it_is_owed() {
    let mut log = Log::open();
    log.at(20);
    log.act("priya", review());
    log.at(65);
    log.act("priya", review());
    let fates: Vec<_> = of(&log, DutyKind::Review).iter().map(|o| o.fate).collect();
    assert_eq!(fates, [Fate::Done(at(20)), Fate::Done(at(65)), Fate::Open]);
    assert_eq!(verdicts(&log, DutyKind::Review), [Verdict::InTime, Verdict::Late(minutes(15)), Verdict::None]);
    log.at(100);
    let last = verdicts(&log, DutyKind::Review)[2];
    assert_eq!(last, Verdict::Late(minutes(5)), "it is still owed, and late: {last:?}");
}

#[test]
fn the_last_meeting_of_management_is_held_although_no_other_is_agreed() {
    let mut log = Log::open();
    let held = |next: Option<i64>| match review() {
        Act::HoldMeeting { held_at, present, progress, plan_changes, escalate, why, .. } => Act::HoldMeeting {
            kind: MeetingKind::Management,
            held_at,
            present,
            progress,
            plan_changes,
            escalate,
            why,
            next: next.map(at),
        },
        other => other,
    };
    log.act("priya", held(Some(30)));
    log.at(40);
    log.act("priya", held(Some(80)));
    log.at(70);
    log.act("priya", held(None));
    assert_eq!(verdicts(&log, DutyKind::ProgressMeeting), [Verdict::Late(minutes(10)), Verdict::InTime]);
    log.act("priya", held(Some(100)));
    log.at(120);
    log.restore(120);
    assert_eq!(verdicts(&log, DutyKind::ProgressMeeting)[2], Verdict::Missed);
}

#[test]
fn what_nobody_did_before_service_was_back_was_missed_only_if_its_time_had_come() {
    let mut log = Log::open();
    log.at(20);
    log.restore(20);
    assert_eq!(verdicts(&log, DutyKind::Review), [Verdict::None], "it was due at minute 30");
    let mut log = Log::open();
    log.at(40);
    log.restore(40);
    assert_eq!(verdicts(&log, DutyKind::Review), [Verdict::Missed]);
    assert_eq!(of(&log, DutyKind::Review)[0].fate, Fate::Lapsed(at(40)));
}

#[test]
fn judging_it_is_done_by_a_person_and_lapses_when_it_opens_by_itself() {
    let log = Log::open();
    assert_eq!(verdicts(&log, DutyKind::Judge), [Verdict::InTime]);
    let mut log = Log::suspected_in(org());
    log.answer("priya", Answer::Take);
    log.at(16);
    assert_eq!(of(&log, DutyKind::Judge)[0].fate, Fate::Lapsed(at(15)));
    assert_eq!(verdicts(&log, DutyKind::Judge), [Verdict::Missed]);
}

#[test]
fn the_figures_count_each_duty_once() {
    let mut log = Log::open();
    log.at(10);
    log.act(
        "priya",
        Act::Change { to: Change::Phase(muster_core::policy::Phase::Waiting), reason: String::new(), seen: None },
    );
    log.at(50);
    let all = owed(&log.entries);
    let figures = Figures::of(&all, log.now);
    let each = |verdict: fn(Verdict) -> bool| all.iter().filter(|o| verdict(o.verdict(log.now))).count();
    assert_eq!(figures.in_time, each(|v| v == Verdict::InTime));
    assert_eq!(figures.late, each(|v| matches!(v, Verdict::Late(_))));
    assert!(figures.in_time >= 2, "reaching somebody and judging it: {figures:?}");
    assert!(figures.late >= 3, "nobody triaged it, told user support or management: {figures:?}");
    assert_eq!((figures.missed, figures.all()), (0, figures.in_time + figures.late));
}

#[test]
fn the_next_in_line_stands_above_in_a_chain_of_management() {
    let mut org = org();
    let area = org.areas.values().find(|a| a.members.contains(&"priya".into())).unwrap().clone();
    org.areas = [("desk".into(), area)].into();
    let desk = org.areas.values_mut().next().unwrap();
    desk.management = ["marta", "ruth"].map(PersonId::from).into();
    org.people.insert("ruth".into(), org.people[&PersonId::from("marta")].clone());
    let next = |org: &Organisation, id: &str| org.next_in_line(&id.into()).map(|p| p.0.clone());
    assert_eq!(next(&org, "priya").as_deref(), Some("marta"));
    assert_eq!(next(&org, "marta").as_deref(), Some("ruth"));
    assert_eq!(next(&org, "ruth"), None, "nobody stands above the last");
    assert_eq!(next(&org, "nobody"), None);
    org.people.get_mut(&PersonId::from("marta")).unwrap().gone = true;
    assert_eq!(next(&org, "priya").as_deref(), Some("ruth"), "who has left is nobody's next in line");
}

#[test]
fn of_a_log_that_was_kept_only_the_silences_stand() {
    let mut log = Log::open();
    for minute in [5, 10, 40] {
        log.at(minute);
        log.act("priya", Act::Note { kind: NoteKind::Activity, text: "looked".into(), happened_at: None });
    }
    assert_eq!(verdicts(&log, DutyKind::KeepLog), [Verdict::Late(minutes(15)), Verdict::None]);
}
