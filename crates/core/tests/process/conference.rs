//! Conference calls, and how people come.

use crate::fixture::{Log, at, by, kinds, minutes, org};
use muster_core::contact::{Answer, MeansKind};
use muster_core::duty::DutyKind;
use muster_core::entry::{Coming, Fact, MeetingKind, Presence, Via};
use muster_core::incident::{Act, Command, GatherAct};
use muster_core::refusal::Refusal;

/// An open incident of Priya's, at minute 0, of an organisation with a bridge of its own.
fn open() -> Log {
    let mut org = org();
    org.policy.escalation.clear();
    org.policy.bridge = "+44 20 0000 0000, PIN 4711".into();
    org.people.get_mut(&"marta".into()).unwrap().means = vec![by(MeansKind::Email, "marta@example.org")];
    let mut log = Log::suspected_in(org);
    log.answer("priya", Answer::Take);
    log.act("priya", Act::Confirm);
    log
}

fn call(call: Option<u32>, starts_at: Option<i64>, invited: &[&str], reason: &str) -> Act {
    Act::Gather(GatherAct::Call {
        call,
        purpose: "find the bad disk".into(),
        starts_at: starts_at.map(at),
        bridge: String::new(),
        presence: None,
        invited: invited.iter().map(|p| (*p).into()).collect(),
        reason: reason.into(),
        seen: None,
    })
}

fn minutes_of(call: u32, present: &[&str]) -> Act {
    let meeting = Act::HoldMeeting {
        kind: MeetingKind::Conference,
        held_at: None,
        present: present.iter().map(|p| (*p).into()).collect(),
        progress: "disk 4 it is".into(),
        plan_changes: String::new(),
        escalate: false,
        why: "enough people are here".into(),
        next: None,
    };
    Act::Gather(GatherAct::End { call, meeting: Box::new(meeting) })
}

fn owed(log: &Log) -> Option<(muster_core::Time, String)> {
    let duty = log.duty(DutyKind::Conference, "").filter(|d| d.settled.is_none())?;
    Some((duty.due, duty.owed_by.unwrap().id.0))
}

fn come(person: &str, coming: Coming, expected: Option<i64>) -> Command {
    Command::Come { person: person.into(), coming, expected_at: expected.map(at), via: Via::Link }
}

// proves: STAFF-4 set up at once, with the organisation's bridge and the people invited
#[test]
fn a_call_is_set_up_at_once() {
    let mut log = open();
    log.at(5);
    let facts = log.act("priya", call(None, None, &["marta", "daniel"], ""));
    let [Fact::ConferenceCalled(set)] = facts.as_slice() else { panic!("{facts:?}") };
    assert_eq!((set.call, set.version, set.starts_at), (1, 0, at(5)));
    assert_eq!(set.bridge, "+44 20 0000 0000, PIN 4711");
    assert_eq!(
        owed(&log),
        Some((at(35), "priya".into())),
        "it is under way, and its minutes are the Incident Manager's"
    );
    let contacted: Vec<_> = log.incident().contacted().iter().map(|p| p.id.0.as_str()).collect();
    assert!(contacted.contains(&"daniel"), "who is invited hears at the end that it is over: {contacted:?}");
}

// proves: STAFF-4 scheduled; moved, with who is invited and why; cancelled
#[test]
fn a_call_is_scheduled_moved_and_cancelled() {
    let mut log = open();
    log.act("priya", call(None, Some(90), &["marta", "daniel"], ""));
    assert_eq!(owed(&log), Some((at(90), "priya".into())), "at the time that was agreed");
    let bad = |log: &mut Log, act| log.acts("priya", act).unwrap_err().field();
    assert_eq!(bad(&mut log, call(Some(1), Some(120), &["marta"], " ")), Some("reason"));
    assert_eq!(bad(&mut log, call(Some(1), Some(-5), &["marta"], "late")), Some("starts-at"));
    assert_eq!(bad(&mut log, call(None, Some(120), &[], "")), Some("invited"));
    assert_eq!(bad(&mut log, call(Some(2), Some(120), &["marta"], "late")), Some("call"));
    log.at(1);
    let facts = log.act("priya", call(Some(1), Some(120), &["marta", "ruth"], "the vendor is late"));
    let [Fact::ConferenceCalled(set)] = facts.as_slice() else { panic!("{facts:?}") };
    assert_eq!((set.call, set.version, set.starts_at), (1, 1, at(120)));
    assert_eq!(set.dropped.iter().map(|p| p.id.0.as_str()).collect::<Vec<_>>(), ["daniel"]);
    assert_eq!(owed(&log).unwrap().0, at(120));
    let cancel = |reason: &str| Act::Gather(GatherAct::Cancel { call: 1, reason: reason.into() });
    assert_eq!(log.acts("priya", cancel("")).unwrap_err().field(), Some("reason"));
    let facts = log.act("priya", cancel("found it"));
    assert!(
        matches!(&facts[..], [Fact::ConferenceCancelled(f)] if f.version == 2 && f.invited.len() == 2),
        "{facts:?}"
    );
    assert_eq!(owed(&log).unwrap().0, at(60), "what the policy says is owed again");
    assert!(matches!(log.acts("priya", cancel("again")), Err(Refusal::Over { .. })));
    let refused = log.sends(Command::Join { call: 1, person: "marta".into(), via: Via::Link });
    assert!(matches!(refused, Err(Refusal::Over { .. })), "nobody is in a call that is not held");
}

// proves: STAFF-4 nobody waits for a call about what is over: whoever was invited hears that it is off
#[test]
fn a_call_that_has_not_begun_is_off_once_service_is_back() {
    let restore = || Act::Restore { at: at(10), cause: String::new(), resolution: "disk 4 was changed".into() };
    let withdraw = || Act::Withdraw { reason: "a test alert".into() };
    for (over, why) in [(restore(), "Service is back."), (withdraw(), "It was no disruption.")] {
        let mut log = open();
        log.act("priya", call(None, None, &["marta"], ""));
        log.act("priya", call(None, Some(90), &["marta", "daniel"], ""));
        log.act("priya", call(None, Some(95), &["ruth"], ""));
        log.act("ruth", Act::Gather(GatherAct::Joined { call: 3, people: vec!["ruth".into()] }));
        log.at(10);
        let facts = log.act("priya", over);
        let off: Vec<_> =
            facts.iter().filter_map(|f| if let Fact::ConferenceCancelled(f) = f { Some(f) } else { None }).collect();
        let [off] = off.as_slice() else { panic!("only what nobody is in yet: {facts:?}") };
        assert_eq!((off.call, off.version, off.invited.len(), off.reason.as_str()), (2, 1, 2, why));
        assert!(log.incident().gathering.call(1).unwrap().is_pending(), "what is under way ends as people end it");
    }
}

// proves: STAFF-4 who joined is who said so or was written down, and the minutes go into the log as the meeting's
#[test]
fn who_joined_is_known_and_its_minutes_are_in_the_log() {
    let mut log = open();
    log.act("priya", call(None, None, &["marta", "daniel"], ""));
    log.at(2);
    assert_eq!(log.acts("priya", minutes_of(1, &[])).unwrap_err().field(), Some("present"), "nobody was in it");
    let join = |person: &str| Command::Join { call: 1, person: person.into(), via: Via::Link };
    assert_eq!(kinds(&log.does(join("marta"))), ["conference-joined"]);
    assert!(log.does(join("marta")).is_empty(), "a double tap");
    assert!(matches!(log.sends(join("ruth")), Err(Refusal::NotAsked)), "the link of nobody who is invited");
    let by_hand = |people: &[&str]| {
        Act::Gather(GatherAct::Joined { call: 1, people: people.iter().map(|p| (*p).into()).collect() })
    };
    assert!(matches!(log.acts("ben", by_hand(&["adaeze"])), Err(Refusal::NotYours { .. })));
    log.act("ben", by_hand(&["ben"]));
    log.act("priya", by_hand(&["priya", "marta"]));
    let joined: Vec<_> = log.incident().gathering.calls[0].joined.iter().map(|(p, _)| p.id.0.clone()).collect();
    assert_eq!(joined, ["marta", "ben", "priya"], "each once, and not Daniel, who was only invited");
    assert_eq!(owed(&log).unwrap().0, at(2) + minutes(30), "the minutes are owed as soon as a review would be");
    let facts = log.act("priya", minutes_of(1, &[]));
    let held = facts.iter().find_map(|f| if let Fact::MeetingHeld(held) = f { Some(held) } else { None }).unwrap();
    assert_eq!((held.call, held.present.len(), held.kind), (Some(1), 3, MeetingKind::Conference));
    assert_eq!(owed(&log).unwrap().0, at(122), "the next is owed as after every status review conference");
    assert!(matches!(log.acts("priya", minutes_of(1, &["priya"])), Err(Refusal::Over { .. })), "once");
}

// proves: STAFF-4 a call may go on until after service is back, and its minutes are written down all the same
#[test]
fn the_minutes_of_a_call_that_outlasts_the_outage_are_written() {
    let mut log = open();
    log.act("priya", call(None, None, &["marta"], ""));
    log.act("priya", call(None, None, &["daniel"], ""));
    log.act("marta", Act::Gather(GatherAct::Joined { call: 1, people: vec!["marta".into()] }));
    log.at(5);
    log.restore(5);
    assert!(log.incident().gathering.call(1).unwrap().is_pending());
    let Act::Gather(GatherAct::End { meeting, .. }) = minutes_of(1, &[]) else { panic!("it ends a call") };
    let Act::HoldMeeting { kind, held_at, present, progress, plan_changes, next, .. } = *meeting.clone() else {
        panic!("with a meeting")
    };
    let why = "It may come back.".to_owned();
    let up = Act::HoldMeeting { kind, held_at, present, progress, plan_changes, escalate: true, why, next };
    let escalates = Act::Gather(GatherAct::End { call: 1, meeting: Box::new(up) });
    assert_eq!(
        log.acts("priya", escalates).unwrap_err().field(),
        Some("escalate"),
        "of what is over nobody is alarmed"
    );
    log.act("priya", minutes_of(1, &[]));
    assert!(log.incident().gathering.call(1).unwrap().held.is_some());
    assert!(
        matches!(log.acts("priya", *meeting), Err(Refusal::WrongState { .. })),
        "of a call, and of no other meeting"
    );
}

#[test]
fn only_who_leads_it_calls_people_together() {
    let mut log = open();
    assert!(matches!(log.acts("marta", call(None, None, &["ben"], "")), Err(Refusal::NotYours { .. })));
    log.act("adaeze", Act::TakeCommunications);
    log.act("adaeze", call(None, None, &["ben"], ""));
    log.org.policy.bridge.clear();
    log.restore(0);
    assert!(matches!(log.acts("priya", call(None, None, &["ben"], "")), Err(Refusal::WrongState { .. })));
}

// proves: STAFF-5 each is told whether to be on site or remote: by the policy, by the Incident Manager, for all or by name
#[test]
fn people_are_told_where_they_are_wanted() {
    let mut org = org();
    org.policy.presence = Presence::Remote;
    let mut log = Log::suspected_in(org);
    log.answer("priya", Answer::Take);
    let wanted = |log: &Log, who: &str| log.incident().presence_of(&who.into());
    assert_eq!(wanted(&log, "marta"), Presence::Remote, "as the policy says");
    let ask = |presence, people: &[&str]| {
        Act::Gather(GatherAct::AskPresence { presence, people: people.iter().map(|p| (*p).into()).collect() })
    };
    assert!(matches!(log.acts("ben", ask(Presence::OnSite, &[])), Err(Refusal::NotYours { .. })));
    log.act("priya", ask(Presence::OnSite, &[]));
    log.act("priya", ask(Presence::EitherWay, &["daniel"]));
    let all = ["marta", "daniel"].map(|who| wanted(&log, who));
    assert_eq!(all, [Presence::OnSite, Presence::EitherWay]);
}

// proves: STAFF-5 answers "on my way / remote / cannot" with an expected time; who is not there by then is overdue
#[test]
fn people_say_how_they_come_and_when() {
    let mut log = open();
    log.act("priya", call(None, None, &["marta", "daniel"], ""));
    assert!(matches!(log.sends(come("ruth", Coming::OnTheWay, None)), Err(Refusal::NotAsked)), "nobody asked for her");
    assert_eq!(log.sends(come("marta", Coming::OnTheWay, Some(60 * 25))).unwrap_err().field(), Some("expected"));
    assert_eq!(kinds(&log.does(come("marta", Coming::OnTheWay, Some(30)))), ["arrival-said"]);
    assert!(log.does(come("marta", Coming::OnTheWay, Some(30))).is_empty(), "a double tap");
    log.does(come("daniel", Coming::Cannot, Some(30)));
    let arrival = |log: &Log, who: &str| log.incident().gathering.arrival_of(&who.into()).cloned().unwrap();
    assert_eq!(arrival(&log, "daniel").said.expected_at, None, "who cannot come is not expected");
    let staff: Vec<_> = log.incident().staff.iter().map(|p| p.id.0.as_str()).collect();
    assert_eq!(staff, ["priya", "marta"], "who only says that they cannot is not at work");
    assert!(!arrival(&log, "marta").is_overdue(at(30)) && arrival(&log, "marta").is_overdue(at(31)));
    log.at(35);
    let here = |by: &str| {
        (by.to_owned(), GatherAct::Come { person: Some("marta".into()), coming: Coming::Here, expected_at: None })
    };
    let (ben, act) = here("ben");
    assert!(matches!(log.acts(&ben, Act::Gather(act)), Err(Refusal::NotYours { .. })), "not for others");
    let (priya, act) = here("priya");
    log.act(&priya, Act::Gather(act));
    assert!(!arrival(&log, "marta").is_overdue(at(36)), "she is there");
}
