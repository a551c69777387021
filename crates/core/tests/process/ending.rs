//! The way to the end: estimates, meetings, following up, closing.

use crate::fixture::{Log, at, kinds, minutes, org};
use muster_core::contact::{Answer, MeansKind, Outcome, Proof};
use muster_core::duty::{Duty, DutyKind};
use muster_core::entry::{Change, Fact, FollowUpBy, Ground, MeetingKind, NoteKind};
use muster_core::incident::{Act, State};
use muster_core::policy::Phase;
use muster_core::refusal::Refusal;

fn meeting(kind: MeetingKind) -> Act {
    Act::HoldMeeting {
        kind,
        held_at: None,
        present: vec!["priya".into(), "marta".into()],
        progress: "two disks of six are back".into(),
        plan_changes: String::new(),
        escalate: false,
        why: "enough people are here".into(),
        next: None,
    }
}

fn owed(log: &Log, kind: DutyKind) -> Option<Duty> {
    log.duty(kind, "").filter(|d| d.settled.is_none())
}

// proves: RES-1 review meetings at an interval that depends on the phase; the next is always scheduled while the incident is open
#[test]
fn the_next_review_meeting_is_always_owed() {
    let mut log = Log::open();
    let next = |log: &Log| owed(log, DutyKind::Review).map(|d| (d.due, d.owed_by.unwrap().id.0));
    assert_eq!(next(&log), Some((at(30), "priya".into())));
    log.act("priya", Act::Change { to: Change::Phase(Phase::Steady), reason: String::new(), seen: None });
    assert_eq!(next(&log).unwrap().0, at(120));
    log.at(20);
    log.act("priya", meeting(MeetingKind::Team));
    assert_eq!(next(&log).unwrap().0, at(140), "two hours after the last");
    log.act("priya", Act::Change { to: Change::Phase(Phase::Waiting), reason: String::new(), seen: None });
    assert_eq!(next(&log).unwrap().0, at(500));
    log.at(60);
    log.restore(60);
    assert_eq!(next(&log), None, "service is back");
}

// proves: RES-1 its outcome goes to the log: progress, plan changes, escalate yes or no and why, next time
#[test]
fn what_came_of_a_meeting_is_in_the_log() {
    let mut log = Log::open();
    log.at(10);
    let Act::HoldMeeting { kind, held_at, present, progress, .. } = meeting(MeetingKind::Team) else { unreachable!() };
    let plan_changes = "restore from the copy instead".to_owned();
    let escalated = |why: &str, next| Act::HoldMeeting {
        kind,
        held_at,
        present: present.clone(),
        progress: progress.clone(),
        plan_changes: plan_changes.clone(),
        escalate: true,
        why: why.into(),
        next,
    };
    assert_eq!(log.acts("priya", escalated(" ", None)).unwrap_err().field(), Some("why"));
    let mut not = escalated(" ", None);
    if let Act::HoldMeeting { escalate, .. } = &mut not {
        *escalate = false;
    }
    assert_eq!(log.acts("priya", not).unwrap_err().field(), Some("why"), "no has its why, too");
    assert_eq!(log.acts("priya", escalated("no spare", Some(at(5)))).unwrap_err().field(), Some("next"));
    let facts = log.act("priya", escalated("no spare is left", Some(at(25))));
    assert_eq!(owed(&log, DutyKind::Review).unwrap().due, at(25), "as agreed");
    // Escalating is no word only: the nearest level that does not know is told.
    let added = facts.iter().find_map(|f| match f {
        Fact::TellAdded(f) => Some((f.tell.ground.clone(), f.why.clone())),
        _ => None,
    });
    let (ground, why) = added.expect("somebody is told");
    assert!(ground == Ground::Level(2) && why.contains("no spare is left"), "{why}");
    let held = &log.incident().course.meetings[0].held;
    assert_eq!((held.present.len(), held.escalate, held.next), (2, true, Some(at(25))));
    assert_eq!((&*held.progress, &*held.plan_changes), ("two disks of six are back", "restore from the copy instead"));
    let entry = log.entries.iter().find(|e| matches!(e.fact, Fact::MeetingHeld(_))).unwrap();
    let words = muster_core::incident::line(entry, log.incident()).text;
    for part in [
        "Priya Raman, Marta Lindqvist",
        "Two disks of six are back",
        "The plan changes: Restore from the copy instead",
        "no spare is left",
        "09:25 GMT",
    ] {
        assert!(words.to_lowercase().contains(&part.to_lowercase()), "{part} is not in: {words}");
    }
    for (bad, field) in [
        (
            Act::HoldMeeting {
                kind,
                held_at: Some(at(40)),
                present: present.clone(),
                progress: "x".into(),
                plan_changes: String::new(),
                escalate: false,
                why: "enough people are here".into(),
                next: None,
            },
            "held-at",
        ),
        (
            Act::HoldMeeting {
                kind,
                held_at: None,
                present: vec!["nobody".into()],
                progress: "x".into(),
                plan_changes: String::new(),
                escalate: false,
                why: "enough people are here".into(),
                next: None,
            },
            "present",
        ),
        (
            Act::HoldMeeting {
                kind,
                held_at: None,
                present: Vec::new(),
                progress: "x".into(),
                plan_changes: String::new(),
                escalate: false,
                why: "enough people are here".into(),
                next: None,
            },
            "present",
        ),
        (
            Act::HoldMeeting {
                kind,
                held_at: None,
                present,
                progress: " ".into(),
                plan_changes: String::new(),
                escalate: false,
                why: "enough people are here".into(),
                next: None,
            },
            "progress",
        ),
    ] {
        assert_eq!(log.acts("priya", bad).unwrap_err().field(), Some(field));
    }
}

// proves: RES-6 if the outage goes on for the policy's time a status review conference is owed, and again every so often
#[test]
fn a_long_outage_owes_conferences() {
    let mut log = Log::open();
    assert_eq!(owed(&log, DutyKind::Conference).unwrap().due, at(60));
    log.at(70);
    log.act("priya", meeting(MeetingKind::Conference));
    assert_eq!(owed(&log, DutyKind::Conference).unwrap().due, at(190));
    assert_eq!(owed(&log, DutyKind::Review).unwrap().due, at(30), "a conference is no meeting of the team");
    log.act("priya", meeting(MeetingKind::Management));
    assert_eq!(log.incident().next_meeting(MeetingKind::Management), None, "management says when");
}

// proves: RES-1 the Incident Manager chairs management's progress meetings too: the next is owed once it was agreed
#[test]
fn managements_next_meeting_is_owed_once_it_was_agreed() {
    let mut log = Log::open();
    let held = |next: Option<i64>| match meeting(MeetingKind::Management) {
        Act::HoldMeeting { kind, held_at, present, progress, plan_changes, escalate, why, .. } => {
            Act::HoldMeeting { kind, held_at, present, progress, plan_changes, escalate, why, next: next.map(at) }
        }
        other => other,
    };
    let next = |log: &Log| owed(log, DutyKind::ProgressMeeting).map(|d| (d.due, d.owed_by.unwrap().id.0));
    assert_eq!(next(&log), None, "nobody has said when management meets");
    log.act("priya", held(Some(45)));
    assert_eq!(next(&log), Some((at(45), "priya".into())));
    log.at(50);
    assert!(owed(&log, DutyKind::ProgressMeeting).unwrap().is_late(log.now));
    log.act("priya", held(Some(100)));
    assert_eq!(next(&log), Some((at(100), "priya".into())));
    log.at(95);
    log.act("priya", held(None));
    assert_eq!(next(&log), None, "no other was agreed");
}

// proves: RES-6 the conference is proposed to the system's owner, the management that was told, and the technicians at work on it
#[test]
fn a_conference_is_proposed_to_owner_management_and_technicians() {
    let mut log = Log::open();
    let proposed = |log: &Log| log.incident().proposed_for_a_call().iter().map(|p| p.id.0.clone()).collect::<Vec<_>>();
    assert_eq!(proposed(&log), ["priya", "ruth"], "who is at work on it, and the owner");
    log.act("marta", Act::Note { kind: NoteKind::Activity, text: "disk 4 is gone".into(), happened_at: None });
    log.contact(Some("Server management"), "daniel", MeansKind::Call, Outcome::MessageLeft).unwrap();
    assert_eq!(
        proposed(&log),
        ["priya", "marta", "ruth"],
        "who was not spoken to does not hear of it by an invitation"
    );
    log.spoke("Server management", "daniel");
    assert_eq!(proposed(&log), ["priya", "marta", "ruth", "daniel"]);
}

// proves: COM-5 the estimated time of restoration has a history: who, when, on what grounds, what it was before
#[test]
fn estimates_have_a_history_and_are_the_managers() {
    let mut log = Log::open();
    let estimate = |m: Option<i64>, grounds: &str| Act::Estimate { back_at: m.map(at), grounds: grounds.into() };
    log.act("priya", estimate(Some(60), "the array is rebuilt in an hour"));
    log.at(30);
    log.act("priya", estimate(Some(120), "a second disk failed"));
    log.act("priya", estimate(None, "the maker has no spare"));
    let all = &log.incident().course.estimates;
    let history: Vec<_> = all.iter().map(|e| (e.at, e.back_at, e.by.as_str(), e.grounds.as_str())).collect();
    let expected = [
        (at(0), Some(at(60)), "the array is rebuilt in an hour"),
        (at(30), Some(at(120)), "a second disk failed"),
        (at(30), None, "the maker has no spare"),
    ];
    assert_eq!(history, expected.map(|(said, back, why)| (said, back, "Priya Raman", why)));
    for (m, grounds, field) in
        [(Some(60), " ", "grounds"), (Some(10), "x", "back-at"), (Some(60 * 24 * 40), "x", "back-at")]
    {
        assert_eq!(log.acts("priya", estimate(m, grounds)).unwrap_err().field(), Some(field));
    }
}

// proves: COM-5 nobody is told an estimate that the IM has not given
#[test]
fn only_the_manager_estimates() {
    let mut log = Log::open();
    for who in ["marta", "daniel", "adaeze"] {
        let act = Act::Estimate { back_at: Some(at(60)), grounds: "a guess".into() };
        assert!(matches!(log.acts(who, act), Err(Refusal::NotYours { .. })), "{who}");
    }
    assert_eq!(log.incident().course.estimate(), None);
}

fn follow(people: &[&str], by: FollowUpBy) -> Act {
    Act::FollowUp { people: people.iter().map(|p| (*p).into()).collect(), by, text: "Service is back.".into() }
}

// proves: RES-4 on restoration everyone who was contacted is followed up with: computed from the log, ticked off by message or in person
#[test]
fn everybody_who_was_contacted_hears_that_it_is_over() {
    let mut org = org();
    org.policy.escalation.clear();
    org.systems.get_mut(&"directory".into()).unwrap().contacts = vec!["priya".into(), "ben".into(), "marta".into()];
    let mut log = Log::suspected_in(org);
    log.at(6); // Priya did not answer by push, and is called
    log.answer("priya", Answer::Cannot);
    log.at(12); // Ben is called and does not answer
    log.answer("marta", Answer::Take);
    log.act("marta", Act::Confirm);
    let call = |log: &mut Log, who: &str, outcome| {
        let act = Act::Contact {
            tell: None,
            person: who.into(),
            means: MeansKind::Call,
            outcome,
            said: String::new(),
            happened_at: None,
        };
        log.act("marta", act);
    };
    call(&mut log, "adaeze", Outcome::MessageLeft);
    call(&mut log, "ruth", Outcome::Reached(Proof::Spoken));
    let early = log.acts("marta", follow(&["ruth"], FollowUpBy::Spoken));
    assert!(matches!(early, Err(Refusal::WrongState { .. })), "service is not back");
    log.at(20);
    log.act("marta", Act::Restore { at: at(20), cause: String::new(), resolution: "restarted".into() });
    let left = |log: &Log| log.incident().to_follow_up().iter().map(|p| p.id.0.clone()).collect::<Vec<_>>();
    assert_eq!(left(&log), ["priya", "ben", "adaeze", "ruth"], "who manages it knows");
    let duty = owed(&log, DutyKind::FollowUp).unwrap();
    assert_eq!((duty.due, duty.owed_by.unwrap().id.as_str()), (at(80), "marta"));
    assert_eq!(log.acts("marta", follow(&[], FollowUpBy::Spoken)).unwrap_err().field(), Some("people"));
    let unwritable = log.acts("marta", follow(&["adaeze"], FollowUpBy::Message)).unwrap_err();
    assert!(unwritable.to_string().contains("no way to write to Adaeze"), "{unwritable}");
    log.act("marta", follow(&["priya", "ruth"], FollowUpBy::Message));
    log.at(25);
    log.act("marta", follow(&["adaeze", "ben"], FollowUpBy::Spoken));
    assert!(left(&log).is_empty());
    assert_eq!(log.duty(DutyKind::FollowUp, "").unwrap().settled, Some(at(25)));
}

// proves: RES-4 it is the CM's, once there is one
#[test]
fn following_up_is_the_communicators() {
    let mut log = Log::open();
    log.act("adaeze", Act::TakeCommunications);
    log.spoke("Server management", "daniel");
    log.restore(1);
    assert_eq!(owed(&log, DutyKind::FollowUp).unwrap().owed_by.unwrap().id.as_str(), "adaeze");
}

// proves: RES-5 restored is not closed: closing needs the report and the review; reopening is possible with a reason
#[test]
fn closing_needs_the_report_and_the_review() {
    let mut log = Log::open();
    log.spoke("Server management", "daniel");
    let close = |review: &str| Act::Close { review: review.into() };
    assert!(matches!(log.acts("priya", close("done")), Err(Refusal::WrongState { .. })), "it is open");
    log.at(10);
    log.restore(10);
    assert_eq!(log.state(), State::Restored);
    let why = log.acts("priya", close("done")).unwrap_err().to_string();
    for all_at_once in
        ["report is not filed", "Daniel Osei was contacted and has not heard", "neither done nor skipped"]
    {
        assert!(why.contains(all_at_once), "{all_at_once} is not in {why}");
    }
    log.act("priya", Act::FileReport { reference: "share/041".into() });
    assert!(
        log.acts("priya", close("done"))
            .unwrap_err()
            .to_string()
            .contains("Daniel Osei was contacted and has not heard")
    );
    log.act("priya", follow(&["daniel"], FollowUpBy::Spoken));
    log.settle_checklist();
    assert!(
        matches!(log.acts("priya", close(" ")), Err(Refusal::Missing { field: "review", .. })),
        "no review, no end"
    );
    assert_eq!(kinds(&log.act("priya", close("minutes of 4 December"))), ["closed"]);
    assert_eq!(log.state(), State::Closed);
    assert!(log.at(60 * 24 * 5).is_empty(), "nobody is reminded of anything");
    assert_eq!(log.acts("priya", Act::Reopen { reason: " ".into() }).unwrap_err().field(), Some("reason"));
    log.act("priya", Act::Reopen { reason: "it fails again".into() });
    assert_eq!((log.state(), log.incident().course.closed.clone()), (State::Open, None));
    assert_eq!(owed(&log, DutyKind::Review).unwrap().due, log.now + minutes(30));
}

// proves: RES-5 withdrawn needs neither
#[test]
fn what_was_withdrawn_needs_no_end() {
    let mut log = Log::open();
    log.spoke("Server management", "daniel");
    log.act("priya", Act::Withdraw { reason: "a test".into() });
    assert!(owed(&log, DutyKind::FollowUp).is_none() && owed(&log, DutyKind::Report).is_none());
    assert!(matches!(log.acts("priya", Act::Close { review: "x".into() }), Err(Refusal::WrongState { .. })));
}

// proves: DIS-5 what an Incident Manager who has left still owes once service is back can be taken
#[test]
fn the_report_of_who_has_left_is_taken_by_somebody() {
    let mut log = Log::open();
    log.act("priya", Act::Restore { at: at(0), cause: String::new(), resolution: "restarted".into() });
    assert_eq!(log.acts("marta", Act::TakeCharge).unwrap_err().code(), "wrong-state");
    log.org.people.get_mut(&"priya".into()).unwrap().gone = true;
    let owes = |log: &Log| log.duty(DutyKind::Report, "").unwrap().owed_by.unwrap().id.0;
    assert_eq!(owes(&log), "priya");
    log.act("marta", Act::TakeCharge);
    assert_eq!((log.manager(), owes(&log).as_str()), (Some("marta"), "marta"));
    assert_eq!(log.acts("ben", Act::TakeCharge).unwrap_err().code(), "wrong-state", "once");
}

// proves: RES-1 the interval is the policy's, and who leads it may lengthen it
#[test]
fn whoever_does_not_lead_it_puts_no_meeting_off() {
    let mut log = Log::open();
    let later = |m| match meeting(MeetingKind::Team) {
        Act::HoldMeeting { kind, held_at, present, progress, plan_changes, escalate, why, .. } => {
            Act::HoldMeeting { kind, held_at, present, progress, plan_changes, escalate, why, next: Some(at(m)) }
        }
        other => other,
    };
    assert!(matches!(log.acts("marta", later(31)), Err(Refusal::NotYours { .. })));
    log.act("marta", later(30));
    log.act("priya", later(300));
    assert_eq!(owed(&log, DutyKind::Review).unwrap().due, at(300));
}
