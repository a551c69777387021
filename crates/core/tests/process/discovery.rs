//! DIS: three times, direct notification, and who is in charge.

use crate::fixture::*;
use muster_core::contact::MeansKind::{self, Call, Email, InPerson, Push, Sms};
use muster_core::contact::{Answer, Outcome, Proof};
use muster_core::directory::Role;
use muster_core::duty::DutyKind;
use muster_core::entry::{Change, Fact, Kind, Moment, Told};
use muster_core::incident::{Act, Command, Declaration, OpenBy, State, To};
use muster_core::refusal::Refusal;
use muster_core::system::Condition::{Down, Predicted};

fn went_down(log: &Log) -> Option<Moment> {
    log.incident().went_down
}

fn change(to: Change) -> Act {
    Act::Change { to, reason: String::new(), seen: None }
}

// proves: DIS-2 went down, discovered and recorded are kept apart
#[test]
fn three_times_are_kept_apart() {
    let alert = spooled(alert("printing", Down), at(-20), at(0));
    let mut log = Log::new(org());
    log.now = at(1);
    log.does(Command::Open { number: "2026-001".into(), by: OpenBy::Alert(news(alert)) });
    let incident = log.incident();
    assert_eq!(incident.went_down, Some(Moment { at: at(-20), estimate: false }));
    assert_eq!((incident.discovered_at, incident.recorded_at), (at(0), at(1)));
}

// proves: DIS-2 went down may be an estimate, and is corrected later without touching the other two
#[test]
fn when_service_went_down_is_corrected_later() {
    let mut unknown = alert("directory", Down);
    unknown.signal.happened_at = None;
    let mut log = Log::opened_by(org(), unknown);
    assert_eq!(went_down(&log), Some(Moment { at: at(0), estimate: true }), "the first signal is only an estimate");
    log.at(9);
    let was = Moment { at: at(-8), estimate: false };
    log.act("priya", change(Change::WentDown(Some(was))));
    let incident = log.incident();
    assert_eq!((went_down(&log), incident.discovered_at, incident.recorded_at), (Some(was), at(0), at(0)));
    assert_eq!(incident.outage(at(9)), Some(minutes(17)));
}

// proves: DIS-2 a person says when it went down and when they discovered it, also of what was kept on paper
#[test]
fn a_declaration_keeps_its_times() {
    let down = |m| Some(Moment { at: at(m), estimate: true });
    for (what, told, went_down, discovered, expected) in [
        ("just now", Told::SawIt, None, None, at(0)),
        ("down for ten minutes", Told::SawIt, down(-10), None, at(0)),
        ("from paper", Told::Paper, down(-600), Some(at(-590)), at(-590)),
        ("from paper that does not say", Told::Paper, down(-600), None, at(-600)),
        ("from paper that says nothing", Told::Paper, None, None, at(0)),
    ] {
        let mut log = Log::new(org());
        let said = Declaration { told, went_down, discovered_at: discovered, ..log.declaration("priya") };
        log.does(Command::Open { number: "2026-001".into(), by: OpenBy::Person(said) });
        let incident = log.incident();
        assert_eq!(
            (incident.went_down, incident.discovered_at, incident.recorded_at),
            (went_down, expected, at(0)),
            "{what}"
        );
    }
}

// proves: DOC-5 what was kept on paper says who led it, since when, and asks them nothing
#[test]
fn who_led_it_on_paper_is_its_incident_manager() {
    let mut log = Log::new(org());
    let said = |told, manager: &str| Declaration {
        told,
        manager: Some(manager.into()),
        discovered_at: Some(at(-590)),
        ..log.declaration("priya")
    };
    let (live, nobody, paper) = (said(Told::Called, "ben"), said(Told::Paper, "zoe"), said(Told::Paper, "ben"));
    let open = |by| Command::Open { number: "2026-001".into(), by: OpenBy::Person(by) };
    assert_eq!(log.sends(open(live)).unwrap_err().field(), Some("manager"), "who leads now accepts it");
    assert_eq!(log.sends(open(nobody)).unwrap_err().field(), Some("manager"));
    log.does(open(paper));
    let manager = log.incident().manager.clone().unwrap();
    assert_eq!((manager.person.id.as_str(), manager.since), ("ben", at(-590)));
    assert!(log.incident().summonses.is_empty(), "nobody is paged for the past");
}

// proves: DIS-1 predictive failures open an incident of that kind before service is lost, and summon the on-call contact
#[test]
fn nothing_has_gone_down_when_a_failure_is_predicted() {
    for host in ["directory", "printing", "unheard-of"] {
        let log = Log::opened_by(org(), alert(host, Predicted));
        let incident = log.incident();
        assert_eq!((&incident.kind, incident.state), (&Kind::PREDICTED, State::Suspected), "{host}");
        assert_eq!((went_down(&log), incident.outage(at(60))), (None, None), "{host}");
        assert!(log.summons().is_live() && log.summons().asking().is_some(), "{host}");
    }
}

// proves: DIS-4 a message left, sent or delivered never settles a duty to tell; only a conversation does
#[test]
fn only_a_conversation_settles_a_duty_to_tell() {
    use Outcome::{Busy, Delivered, Failed, MessageLeft, NoAnswer, Queued, Reached, Sent, WrongNumber};
    let spoken = Reached(Proof::Spoken);
    for (means, outcome, settles) in [
        (Email, Queued, Ok(false)),
        (Email, Sent, Ok(false)),
        (Email, Delivered, Ok(false)),
        (Call, NoAnswer, Ok(false)),
        (Call, Busy, Ok(false)),
        (Call, MessageLeft, Ok(false)),
        (InPerson, MessageLeft, Ok(false)),
        (Call, WrongNumber, Ok(false)),
        (Sms, Failed, Ok(false)),
        (Call, spoken, Ok(true)),
        (InPerson, spoken, Ok(true)),
        (Email, spoken, Err("outcome")),
        (Sms, spoken, Err("outcome")),
        (Push, spoken, Err("outcome")),
        (Call, Reached(Proof::Confirmed), Err("outcome")),
        (Email, Reached(Proof::Confirmed), Err("outcome")),
    ] {
        let mut log = Log::declared();
        let made = log.contact(Some("User support"), "ben", means, outcome);
        let duty = log.duty(DutyKind::TellDirectly, "User support").unwrap();
        let came = made.map(|_| duty.settled.is_some()).map_err(|refusal| refusal.field().unwrap());
        assert_eq!(came, settles, "{means:?} {outcome:?}");
        let other = log.duty(DutyKind::TellDirectly, "Server management").unwrap();
        assert_eq!((other.settled, other.proof), (None, Some(Proof::Spoken)), "the other is still owed");
    }
}

// proves: DIS-4 due 30 minutes after discovery, down the chain until one person is reached
#[test]
fn a_duty_to_tell_is_settled_by_one_person_of_its_chain() {
    let mut log = Log::declared();
    let chain: Vec<_> = log.incident().tells[0].chain.iter().map(|c| c.person.id.0.clone()).collect();
    assert_eq!(chain, ["ben", "adaeze"]);
    assert_eq!(log.duty(DutyKind::TellDirectly, "User").unwrap().due, at(30));
    let marta = log.contact(Some("User support"), "marta", Call, Outcome::Reached(Proof::Spoken));
    assert!(matches!(marta, Err(Refusal::Senseless { field: "person", .. })), "she does not stand for user support");
    log.at(7);
    log.spoke("User support", "adaeze");
    let duty = log.duty(DutyKind::TellDirectly, "User").unwrap();
    assert_eq!((duty.settled, duty.is_late(at(60))), (Some(at(7)), false));
}

// proves: DIS-4 a contact that was a mistake is taken back, and the duty is owed again
#[test]
fn a_contact_taken_back_is_owed_again() {
    let mut log = Log::declared();
    let entry = log.spoke("User support", "ben");
    let take_back = || Act::TakeBack { entry, reason: "that was somebody else".into() };
    log.act("priya", take_back());
    assert_eq!(log.duty(DutyKind::TellDirectly, "User").unwrap().settled, None);
    assert!(matches!(log.acts("priya", take_back()), Err(Refusal::NotThatEntry { .. })), "once");
    log.spoke("User support", "ben");
    assert!(log.duty(DutyKind::TellDirectly, "User").unwrap().settled.is_some());
}

#[test]
fn a_duty_to_tell_an_area_that_is_gone_is_owed_all_the_same() {
    let mut org = org();
    org.areas.remove(&"user-support".into());
    let mut log = Log::new(org);
    log.does(Command::Open { number: "2026-001".into(), by: OpenBy::Person(log.declaration("priya")) });
    assert_eq!(log.duty(DutyKind::TellDirectly, "User support").unwrap().settled, None);
    log.spoke("User support", "ben");
    assert!(log.duty(DutyKind::TellDirectly, "User support").unwrap().settled.is_some(), "whomever a person names");
}

// proves: DIS-5 whoever discovers is Incident Manager at once
#[test]
fn who_declares_is_manager_at_once() {
    let log = Log::declared();
    assert_eq!(log.manager(), Some("priya"));
    assert_eq!(log.incident().managers[0].since, at(0));
}

// proves: DIS-5 nobody before somebody is reached and takes it, exactly one from then on
#[test]
fn nobody_has_it_until_somebody_takes_it() {
    let mut log = Log::suspected();
    let duty = log.duty(DutyKind::ReachSomebody, "").unwrap();
    assert_eq!((duty.settled, duty.owed_by, duty.due), (None, None, at(10)), "the first duty");
    assert_eq!((log.manager(), log.summons().asking().unwrap().person.id.as_str()), (None, "priya"));
    log.grade(Outcome::Delivered);
    log.answer("marta", Answer::Know);
    log.at(6);
    assert_eq!(log.manager(), None);
    log.answer("priya", Answer::Take);
    assert_eq!(log.manager(), Some("priya"));
    assert_eq!(log.duty(DutyKind::ReachSomebody, "").unwrap().settled, Some(at(6)));
    let late = log.answers("marta", Answer::Take);
    assert!(matches!(late, Err(Refusal::TakenAlready { ref by, .. }) if by == "Priya Raman"), "{late:?}");
    assert!(matches!(log.acts("ben", Act::TakeCharge), Err(Refusal::TakenAlready { .. })));
    assert_eq!(log.manager(), Some("priya"));
}

// proves: DIS-5 who signs in takes what nobody has, and the calls stop
#[test]
fn a_person_who_was_not_called_takes_charge_signed_in() {
    let mut log = Log::suspected();
    assert_eq!(kinds(&log.act("ben", Act::TakeCharge)), ["answered", "manager-assumed"]);
    assert_eq!((log.manager(), log.summons().is_live()), (Some("ben"), false));
    assert!(log.act("ben", Act::TakeCharge).is_empty(), "a double tap");
    assert!(tries(&log.at(60)).is_empty());
}

fn hand_over(to: &str) -> Act {
    Act::HandOver { to: To::Person(to.into()), reason: "my shift ends; the array is next".into(), brief: String::new() }
}

// proves: DIS-5 the former holds until the new one accepts
#[test]
fn a_hand_over_is_done_when_it_is_accepted() {
    let mut log = Log::declared();
    log.act("priya", hand_over("marta"));
    log.at(2);
    assert_eq!(log.manager(), Some("priya"), "until she accepts");
    log.answer("marta", Answer::Know);
    assert_eq!(log.manager(), Some("priya"), "knowing is not accepting");

    log.act("daniel", hand_over("marta"));
    assert_eq!(kinds(&log.answer("marta", Answer::Take)), ["answered", "manager-assumed"]);
    assert_eq!(log.manager(), Some("marta"), "management may ask for it too");
    assert!(log.duty(DutyKind::TellDirectly, "User").unwrap().owed_by.is_some_and(|p| p.id.as_str() == "marta"));
}

// proves: DIS-5 whoever leads can act: who only reads is not asked to
#[test]
fn nothing_is_handed_to_who_only_reads() {
    let mut log = Log::declared();
    log.org.people.get_mut(&"marta".into()).unwrap().role = Role::Reader;
    let refusal = log.acts("priya", hand_over("marta")).unwrap_err();
    assert!(refusal.to_string().starts_with("Marta Lindqvist only reads, and could not lead or write."), "{refusal}");
    let to_area =
        || Act::HandOver { to: To::Area("server".into()), reason: "my shift ends".into(), brief: String::new() };
    log.org.areas.get_mut(&"server".into()).unwrap().members.push("ben".into());
    log.act("priya", to_area());
    let asked: Vec<_> = log.summons().chain.iter().map(|c| c.person.id.as_str().to_owned()).collect();
    assert!(!asked.is_empty() && !asked.contains(&"marta".to_owned()), "{asked:?}");
    for person in log.org.people.values_mut() {
        person.role = Role::Reader;
    }
    let refusal = log.acts("priya", to_area()).unwrap_err();
    assert!(refusal.to_string().contains("its members only read"), "{refusal}");
}

// proves: DIS-5 who may reassign the Incident Manager: who is it, managers, and management of the area
#[test]
fn only_the_manager_and_management_hand_over() {
    let mut org = org();
    // Daniel manages the server team without being a manager of the organisation; Ruth is one, and manages no area.
    org.people.get_mut(&"daniel".into()).unwrap().role = Role::Responder;
    for area in org.areas.values_mut() {
        area.management.retain(|id| id.as_str() != "ruth");
    }
    for (who, may) in [
        ("priya", true),  // is it
        ("daniel", true), // management of the server team, whose members are at work on it
        ("ruth", true),   // a manager of the organisation
        ("marta", false), // of the server team, and does not manage it
        ("ben", false),   // a supervisor of user support
        ("adaeze", false),
        ("nobody", false),
    ] {
        let log = Log::declared();
        assert_eq!(log.incident().may_be_handed_over_by(&who.into(), &org), may, "{who}");
    }
    org.areas.get_mut(&"user-support".into()).unwrap().management = ids(&["adaeze"]);
    let log = Log::declared();
    assert!(!log.incident().may_be_handed_over_by(&"adaeze".into(), &org), "nobody of her area is at work on it");
    let mut log = Log::declared();
    assert!(matches!(log.acts("ben", hand_over("marta")), Err(Refusal::NotYours { .. })));
    assert!(log.act("ruth", hand_over("marta")).iter().any(|f| f.kind() == "summons-started"));
}

// proves: DIS-5 a hand-over that is refused or not answered stays where it is
#[test]
fn a_hand_over_not_accepted_stays_where_it_is() {
    let mut refused = Log::declared();
    refused.act("priya", hand_over("marta"));
    assert_eq!(kinds(&refused.answer("marta", Answer::Cannot)), ["answered", "summons-ended"]);
    assert_eq!(refused.manager(), Some("priya"));

    let mut unanswered = Log::declared();
    unanswered.act("priya", hand_over("marta"));
    assert!(kinds(&unanswered.at(4)).is_empty());
    assert_eq!(kinds(&unanswered.at(5)), ["summons-ended"]);
    assert_eq!(unanswered.manager(), Some("priya"));
    assert!(matches!(unanswered.answers("marta", Answer::Take), Err(Refusal::Over { .. })), "too late");
}

#[test]
fn the_newest_hand_over_counts() {
    let mut log = Log::declared();
    log.act("priya", hand_over("marta"));
    let first = log.summons().id.clone();
    log.act("priya", hand_over("ben"));
    assert!(matches!(log.answers_to(&first, "marta", Answer::Take), Err(Refusal::Over { .. })));
    log.answer("ben", Answer::Take);
    assert_eq!(log.manager(), Some("ben"));
    for (to, field) in [("ben", "person"), ("left", "person"), ("nobody", "person"), ("silent", "person")] {
        assert_eq!(log.acts("ben", hand_over(to)).unwrap_err().field(), Some(field), "{to}");
    }
}

#[test]
fn a_hand_over_accepted_while_nobody_has_it_ends_the_search() {
    let mut log = Log::suspected();
    log.act("daniel", hand_over("ben"));
    let facts = log.answer("ben", Answer::Take);
    assert_eq!(kinds(&facts), ["answered", "manager-assumed", "summons-ended"]);
    assert_eq!(log.manager(), Some("ben"));
    assert!(tries(&log.at(60)).is_empty(), "nobody else is called");
}

#[test]
fn a_take_that_was_a_mistake_never_was() {
    let mut log = Log::suspected();
    log.answer("priya", Answer::Take);
    let entry = log.entry(|f| matches!(f, Fact::Answered(_)));
    log.act("priya", hand_over("ben"));
    log.answer("ben", Answer::Take);
    let handed = log.entry(|f| matches!(f, Fact::Answered(_)));
    let take_back = |entry| Act::TakeBack { entry, reason: "pressed by mistake".into() };
    log.act("priya", take_back(entry));
    assert_eq!(log.manager(), Some("ben"), "he has accepted");
    assert!(tries(&log.at(10)).is_empty());
    log.act("ben", take_back(handed));
    assert_eq!(log.manager(), None);
    assert!(log.incident().search_for_manager().is_some(), "so somebody is looked for");
}

// proves: DIS-5 who had it before does not have it again by what others do
#[test]
fn who_took_it_before_the_last_is_asked_again() {
    let mut log = Log::suspected();
    log.answer("priya", Answer::Take);
    log.answer("priya", Answer::Cannot);
    let could_not = log.entry(|f| matches!(f, Fact::Answered(a) if a.answer == Answer::Cannot));
    log.answer("marta", Answer::Take);
    log.act("marta", Act::TakeBack { entry: could_not, reason: "that was her pocket".into() });
    assert_eq!((log.manager(), log.summons().is_live()), (Some("marta"), false));
    let facts = log.answer("marta", Answer::Cannot);
    assert!(log.summons().is_live(), "Priya was told that she is free: {facts:?}");
    assert!(tries(&log.at(60)).iter().any(|t| t.starts_with("priya")), "she is asked again");
    log.answer("priya", Answer::Take);
    assert_eq!(log.manager(), Some("priya"));
}

// proves: DIS-5 who cannot keep it holds it until somebody else takes it
#[test]
fn a_manager_who_cannot_any_more_holds_it_until_somebody_takes_it() {
    let mut log = Log::suspected();
    log.answer("priya", Answer::Take);
    let facts = log.answer("priya", Answer::Cannot);
    assert_eq!(tries(&facts), ["marta call"], "the chain goes on at once");
    assert_eq!(log.manager(), Some("priya"));
    log.act("ben", Act::TakeCharge);
    assert_eq!(log.manager(), Some("ben"));
    assert!(tries(&log.at(60)).is_empty());
}

// proves: DIS-6 the log starts by itself with the signal's own history
#[test]
fn the_log_begins_with_the_signals_own_history() {
    let mut twice = spooled(alert("directory", Down), at(-3), at(-1));
    (twice.last_at, twice.signals) = (at(0), 2);
    let log = Log::opened_by(org(), twice);
    let [opened, joined, ..] = log.entries.as_slice() else { panic!("{:?}", log.entries) };
    assert!(matches!(&opened.fact, Fact::Opened(f) if f.suspected && f.why.contains("in usage hours")));
    let Fact::AlertJoined(alert) = &joined.fact else { panic!("{joined:?}") };
    assert_eq!((joined.happened_at, joined.recorded_at), (at(-3), at(0)), "when it went down, when it was written");
    assert_eq!((alert.first_at, alert.signals, alert.opened), (at(-1), 2, true));
    assert_eq!((alert.source.as_str(), alert.detail.as_str()), ("Nagios, data centre A", "3 of 3 probes failed"));
    assert_eq!((alert.host.as_str(), alert.service.as_str()), ("directory-01", "check"));
}

#[test]
fn who_ends_what_nobody_had_owes_the_report() {
    let mut log = Log::suspected();
    log.at(3);
    log.restore(3);
    assert_eq!((log.state(), log.manager()), (State::Restored, Some("priya")));
    assert!(log.duty(DutyKind::Report, "").unwrap().owed_by.is_some_and(|p| p.id.as_str() == "priya"));
}

#[test]
fn a_declaration_for_a_system_calls_its_contacts_to_help_but_nobody_for_paper() {
    for (told, by, expected) in [
        (Told::SawIt, "priya", vec!["marta call"]),
        (Told::SawIt, "ben", vec!["priya push"]),
        (Told::Paper, "ben", vec![]),
    ] {
        let mut log = Log::new(org());
        let said = Declaration { told, system: Some("directory".into()), ..log.declaration(by) };
        let facts = log.does(Command::Open { number: "2026-001".into(), by: OpenBy::Person(said) });
        assert_eq!((tries(&facts), log.manager()), (expected.into_iter().map(String::from).collect(), Some(by)));
    }
}

#[test]
fn every_means_knows_whether_it_is_a_conversation() {
    let talk: Vec<_> = MeansKind::ALL.into_iter().filter(|m| m.is_conversation()).collect();
    assert_eq!(talk, [InPerson, Call]);
}
