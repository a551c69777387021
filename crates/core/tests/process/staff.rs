//! STAFF-3: a summons pursues somebody until they are reached and take it.

use crate::fixture::*;
use muster_core::contact::{Answer, MeansKind, Outcome, Proof};
use muster_core::directory::{Means, Organisation};
use muster_core::entry::{Fact, Purpose};
use muster_core::ids::PersonId;
use muster_core::incident::{Act, To};
use muster_core::refusal::Refusal;
use muster_core::system::Condition::Down;
use muster_core::{Span, later};

/// The tries of a log that nobody answers, with the minute of each.
fn unanswered(org: Organisation, until: i64) -> Vec<(i64, String)> {
    let mut log = Log::suspected_in(org);
    let mut told: Vec<_> = tries(&facts(&log)).into_iter().map(|what| (0, what)).collect();
    for m in 1..=until {
        told.extend(tries(&log.at(m)).into_iter().map(|what| (m, what)));
    }
    told
}

fn facts(log: &Log) -> Vec<Fact> {
    log.entries.iter().map(|e| e.fact.clone()).collect()
}

fn set_means(org: &mut Organisation, person: &str, means: Vec<Means>) {
    org.people.get_mut(&PersonId::from(person)).unwrap().means = means;
}

fn expect(told: &[(i64, String)], expected: &[(i64, &str)]) {
    let expected: Vec<_> = expected.iter().map(|(m, what)| (*m, (*what).to_owned())).collect();
    assert_eq!(told, expected);
}

// proves: STAFF-3 page, wait 5 minutes for an acknowledgement, next means, next person, next level, around again
#[test]
fn a_summons_goes_through_means_people_and_levels_and_around_again() {
    expect(
        &unanswered(org(), 56),
        &[
            (0, "priya push"),
            (5, "priya call"),
            (10, "marta call"),
            (15, "daniel call"), // the manager above the server team
            (20, "ruth email"),
            (25, "nobody in round 1"),
            (25, "priya push"),
            (30, "priya call"),
            (35, "marta call"),
            (40, "daniel call"),
            (45, "ruth email"),
            (50, "nobody in round 2"),
            (50, "priya push"),
            (55, "priya call"),
        ],
    );
}

// proves: STAFF-3 the wait is policy, and a means may have its own
#[test]
fn each_means_is_waited_for_as_long_as_it_says() {
    let mut org = org();
    org.policy.answer_wait = minutes(3);
    let call = |wait| Means { wait, ..by(MeansKind::Call, "1") };
    set_means(&mut org, "priya", vec![call(Some(minutes(1))), call(None), call(Some(minutes(7)))]);
    let told = unanswered(org, 12);
    expect(&told, &[(0, "priya call"), (1, "priya call"), (4, "priya call"), (11, "marta call")]);
}

// proves: STAFF-3 a wait of nothing means at the same time, never that a person gets no time to answer
#[test]
fn no_wait_means_at_the_same_time() {
    let mut org = org();
    let now = |means: &Means| Means { wait: Some(Span::ZERO), ..means.clone() };
    for person in ["priya", "marta", "daniel", "ruth"] {
        let all = org.people[&PersonId::from(person)].means.iter().map(now).collect();
        set_means(&mut org, person, all);
    }
    let told = unanswered(org, 10);
    expect(&told, &[(0, "priya push"), (0, "priya call"), (5, "marta call"), (10, "daniel call")]);
}

// proves: STAFF-3 it stops only when somebody is reached and takes it: what was sent or delivered never ends it
#[test]
fn what_comes_of_a_try_ends_no_summons() {
    use Outcome::{Busy, Delivered, Failed, MessageLeft, NoAnswer, Queued, Reached, Sent, WrongNumber};
    for (outcome, goes_on_at_once) in [
        (Queued, false),
        (Sent, false),
        (Delivered, false),
        (Reached(Proof::Spoken), false), // reached, but has not said that they take it
        (Reached(Proof::Confirmed), false),
        (NoAnswer, true),
        (Busy, true),
        (MessageLeft, true),
        (WrongNumber, true),
        (Failed, true),
    ] {
        let mut log = Log::suspected();
        log.at(1);
        let next = tries(&log.grade(outcome));
        assert_eq!(next == ["priya call"], goes_on_at_once, "{outcome:?}");
        assert!(log.summons().is_live() && log.manager().is_none(), "{outcome:?}");
        let m = if goes_on_at_once { 1 } else { 5 };
        log.at(m);
        assert_eq!(log.summons().attempts.last().unwrap().means, MeansKind::Call, "{outcome:?}");
    }
}

#[test]
fn reports_that_repeat_or_overtake_each_other_change_nothing() {
    let mut log = Log::suspected();
    assert_eq!(kinds(&log.grade(Outcome::Delivered)), ["graded"]);
    assert!(log.grade(Outcome::Delivered).is_empty());
    assert!(log.grade(Outcome::Sent).is_empty(), "sent before it was delivered");
    assert_eq!(log.summons().attempts[0].outcome, Outcome::Delivered);
}

// proves: STAFF-3 "I cannot" goes on at once
#[test]
fn i_cannot_goes_on_at_once_and_is_not_asked_again() {
    let mut log = Log::suspected();
    log.at(2);
    let facts = log.answer("priya", Answer::Cannot);
    assert_eq!(tries(&facts), ["marta call"], "not by her other means");
    let facts = log.at(60);
    assert!(!tries(&facts).iter().any(|t| t.starts_with("priya")), "in no later round either");
}

// proves: STAFF-3 who knows is told but does not take it: the next is asked at once, and they again only when a round reached nobody
#[test]
fn i_know_is_asked_again_in_the_next_round_and_waited_for() {
    let mut log = Log::suspected();
    assert_eq!(tries(&log.answer("priya", Answer::Know)), ["marta call"]);
    let round_1 = tries(&log.at(14));
    assert_eq!(round_1, ["daniel call", "ruth email"]);
    assert_eq!(tries(&log.at(15)), ["nobody in round 1", "priya push"]);
    assert_eq!(log.summons().asking().unwrap().person.id.as_str(), "priya");
    assert!(log.summons().awaits(&"priya".into()), "so the message to her is still to be sent");
    assert!(tries(&log.at(19)).is_empty(), "she gets the full wait again");
    assert_eq!(tries(&log.answer("priya", Answer::Know)), ["marta call"], "and says it again");
    assert!(log.answer("priya", Answer::Know).is_empty(), "a double tap");
    assert!(!log.summons().awaits(&"priya".into()) && log.summons().awaits(&"marta".into()));
}

#[test]
fn an_answer_changes_and_the_newest_counts() {
    let mut log = Log::suspected();
    log.answer("priya", Answer::Cannot);
    log.answer("priya", Answer::Know);
    log.answer("priya", Answer::Take);
    assert_eq!(log.manager(), Some("priya"));
    assert!(log.answer("priya", Answer::Take).is_empty(), "a double tap");
    assert_eq!(log.summons().taken_by().unwrap().proof, Proof::Confirmed);
}

// proves: STAFF-3 a late answer of somebody asked before counts
#[test]
fn a_late_answer_counts() {
    let mut log = Log::suspected();
    log.at(17);
    assert_eq!(log.summons().asking().unwrap().person.id.as_str(), "daniel");
    assert_eq!(kinds(&log.answer("priya", Answer::Take)), ["answered", "manager-assumed"]);
    assert!(tries(&log.at(120)).is_empty());
    for (who, refusal) in [("daniel", "taken-already"), ("ben", "not-asked")] {
        assert_eq!(log.answers(who, Answer::Take).unwrap_err().code(), refusal);
    }
}

// proves: STAFF-3 each vain round alarms loudly
#[test]
fn an_empty_chain_alarms_loudly_and_keeps_on() {
    let mut org = org();
    org.people.clear();
    expect(&unanswered(org, 11), &[(0, "nobody in round 1"), (5, "nobody in round 2"), (10, "nobody in round 3")]);
}

#[test]
fn when_everybody_cannot_it_keeps_alarming_until_a_person_steps_in() {
    let mut log = Log::suspected();
    let told: Vec<_> = ["priya", "marta", "daniel", "ruth"]
        .into_iter()
        .flat_map(|who| tries(&log.answer(who, Answer::Cannot)))
        .collect();
    assert_eq!(told, ["marta call", "daniel call", "ruth email", "nobody in round 1"]);
    assert_eq!(tries(&log.at(11)), ["nobody in round 2", "nobody in round 3"]);
    let tried = |f: &Fact| matches!(f, Fact::NobodyReached(f) if f.tried.is_empty());
    assert!(tried(&log.entries.last().unwrap().fact), "nobody was tried in that round");
    log.answer("marta", Answer::Take);
    assert!(tries(&log.at(60)).is_empty());
}

#[test]
fn an_alarm_names_whom_that_round_tried() {
    let mut log = Log::suspected();
    log.answer("marta", Answer::Cannot);
    log.at(20);
    let alarm = log.entries.iter().find_map(|e| if let Fact::NobodyReached(f) = &e.fact { Some(f) } else { None });
    let tried: Vec<_> = alarm.unwrap().tried.iter().map(|p| p.id.as_str()).collect();
    assert_eq!(tried, ["priya", "daniel", "ruth"]);
}

#[test]
fn providers_that_fail_at_once_make_no_storm() {
    let mut org = org();
    org.policy.answer_wait = Span::from_secs(1);
    let mut log = Log::suspected_in(org);
    while log.now == at(0) {
        if log.grade(Outcome::Failed).is_empty() {
            break;
        }
    }
    let then = later(at(0), Span::from_secs(20));
    assert_eq!(tries(&log.until(then - Span::from_secs(1))), Vec::<String>::new());
    assert_eq!(tries(&log.until(then)), ["priya push"], "round 2");
}

// proves: STAFF-3 a gap of ours costs nobody their time to answer
#[test]
fn after_a_gap_of_ours_the_step_gets_its_full_wait_again() {
    let mut log = Log::suspected();
    log.at(3);
    assert!(tries(&log.away_until(30)).is_empty(), "nobody could answer meanwhile");
    assert_eq!(log.summons().asking_until(log.now, log.up_since), Some(at(35)));
    assert!(tries(&log.at(34)).is_empty());
    assert_eq!(tries(&log.at(35)), ["priya call"]);
}

// proves: STAFF-3 an answer that was a mistake is taken back, and the summons goes on
#[test]
fn a_taken_back_answer_resumes_the_summons() {
    let mut log = Log::suspected();
    log.at(1);
    log.answer("priya", Answer::Take);
    let entry = log.entry(|f| matches!(f, Fact::Answered(_)));
    log.at(20);
    let facts = log.act("marta", Act::TakeBack { entry, reason: "that was a pocket".into() });
    assert_eq!((kinds(&facts), log.manager()), (vec!["taken-back", "tried"], None));
    assert_eq!(tries(&facts), ["priya call"], "from where it was");
    assert!(log.incident().managers.is_empty());
    log.answer("marta", Answer::Take);
    assert_eq!(log.manager(), Some("marta"));
}

#[test]
fn taking_back_an_answer_that_was_given_anew_changes_nothing() {
    let mut log = Log::suspected();
    log.answer("priya", Answer::Take);
    let first = log.entry(|f| matches!(f, Fact::Answered(_)));
    log.answer("priya", Answer::Cannot);
    log.answer("priya", Answer::Take);
    log.act("priya", Act::TakeBack { entry: first, reason: "clumsy".into() });
    assert_eq!(log.manager(), Some("priya"));
    assert!(!log.summons().is_live());
}

#[test]
fn the_end_of_the_incident_ends_every_summons() {
    let mut log = Log::suspected();
    log.act(
        "ruth",
        Act::HandOver { to: To::Person("adaeze".into()), reason: "you are nearer".into(), brief: String::new() },
    );
    log.restore(0);
    assert!(log.incident().summonses.iter().all(|s| !s.is_live()));
    assert!(matches!(log.answers("adaeze", Answer::Take), Err(Refusal::Over { .. })));
    assert!(tries(&log.at(60)).is_empty());
}

/// Whom a log begins by summoning.
fn chain(org: Organisation, host: &str) -> Vec<String> {
    let log = Log::opened_by(org, alert(host, Down));
    assert_eq!(log.summons().purpose, Purpose::TakeCharge);
    log.summons().chain.iter().map(|c| c.person.id.0.clone()).collect()
}

// proves: STAFF-3 there is always somebody to ask: contacts, else the fallback area, else the administrators, and the next level above them
#[test]
fn there_is_always_somebody_to_ask() {
    assert_eq!(chain(org(), "directory"), ["priya", "marta", "daniel", "ruth"]);
    assert_eq!(chain(org(), "unheard-of"), ["ada"]);
    let mut with_fallback = org();
    with_fallback.policy.fallback_area = Some("user-support".into());
    assert_eq!(chain(with_fallback.clone(), "unheard-of"), ["ben", "ruth"]);
    let contacts = |org: &mut Organisation, ids: &[&str]| {
        org.systems.get_mut(&"directory".into()).unwrap().contacts = crate::fixture::ids(ids);
    };
    contacts(&mut with_fallback, &["left", "no-such-person"]);
    assert_eq!(chain(with_fallback.clone(), "directory"), ["ben", "ruth"], "who has left is not asked");
    contacts(&mut with_fallback, &["silent"]);
    assert_eq!(chain(with_fallback, "directory"), ["silent", "ben", "ruth"], "who cannot be reached stays to be seen");
    let mut twice = org();
    contacts(&mut twice, &["priya", "daniel", "priya"]);
    assert_eq!(chain(twice, "directory"), ["priya", "daniel", "ruth"], "each once");
}

// proves: STAFF-3 a clock that was ahead and is put right holds nobody up: whoever is asked gets the wait from then, and then the next
#[test]
fn a_clock_that_is_put_right_holds_nobody_up() {
    let mut log = Log::suspected();
    log.at(60); // an hour ahead
    let asked = |log: &Log| log.summons().asking().map(|c| c.person.id.0.clone());
    let first = asked(&log);
    (log.now, log.up_since) = (at(1), at(1));
    assert!(first.is_some() && log.at(5).is_empty(), "the full wait");
    assert!(!log.at(6).is_empty(), "and no hour");
    let tried = log.summons().attempts.last().unwrap().clone();
    assert_eq!(tried.at, at(6), "what is done now counts from now");
    assert!(log.at(10).is_empty() && !log.at(11).is_empty(), "and is waited for as ever");
}
