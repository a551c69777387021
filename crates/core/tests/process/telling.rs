//! Telling people directly: Muster calls down the list, the next level of management, the owner, and who speaks for it.

use crate::fixture::{Log, at, by, ids, kinds, minutes, org, tries};
use muster_core::contact::{Answer, MeansKind, Outcome, Proof};
use muster_core::directory::{Area, Organisation};
use muster_core::duty::{Duty, DutyId, DutyKind};
use muster_core::entry::{Change, Fact, Ground, HandTo, Purpose, Severity, Via};
use muster_core::ids::{PersonId, SummonsId};
use muster_core::incident::{Act, Command, To};
use muster_core::later;
use muster_core::refusal::Refusal;
use muster_core::subject::Subject;

/// The usual organisation, in which Muster calls by itself.
fn calling() -> Organisation {
    let mut org = org();
    org.policy.calls_by_itself = true;
    org.policy.escalation.clear();
    for system in org.systems.values_mut() {
        system.owner = None;
    }
    org
}

/// An open incident of Priya's, at minute 0.
fn open_in(org: Organisation) -> Log {
    let mut log = Log::suspected_in(org);
    log.act("priya", Act::TakeCharge);
    log.act("priya", Act::Confirm);
    log
}

fn severity(log: &mut Log, severity: Severity) -> Vec<Fact> {
    let to = Change::Severity(Some(severity));
    log.act("priya", Act::Change { to, reason: "as seen".into(), seen: None })
}

/// The search that calls down that list.
fn call(log: &Log, tell: &str) -> SummonsId {
    let summonses = log.incident().summonses.iter().rev();
    summonses.filter(|s| s.tell.as_deref() == Some(tell)).map(|s| s.id.clone()).next().expect("Muster calls")
}

fn told(log: &Log, tell: &str) -> Option<String> {
    let tell = log.incident().tell(tell).unwrap();
    log.incident().told(tell).map(|t| t.person.id.0.clone())
}

fn key(log: &mut Log, tell: &str, person: &str, answer: Answer) -> Vec<Fact> {
    let summons = call(log, tell);
    log.does(Command::Answer { summons, person: person.into(), answer, via: Via::Key })
}

// proves: DIS-4 Muster calls down the chain by itself until one person is reached, from the policy's time before it is due
#[test]
fn muster_calls_down_a_list_until_somebody_was_spoken_to() {
    let mut log = open_in(calling());
    assert!(tries(&log.at(19)).is_empty(), "people have the time until then");
    assert_eq!(tries(&log.at(20)), ["ben call", "daniel call"], "both lists, ten minutes before they are due");
    assert_eq!(tries(&log.at(25)), ["adaeze call", "ruth email"]);
    assert_eq!(told(&log, "User support"), None);
    let facts = key(&mut log, "User support", "adaeze", Answer::Know);
    assert_eq!(kinds(&facts), ["answered"], "nobody else is called");
    assert_eq!(told(&log, "User support").as_deref(), Some("adaeze"));
    let duty = log.duty(DutyKind::TellDirectly, "User support").unwrap();
    assert_eq!((duty.settled, duty.proof), (Some(at(25)), Some(Proof::Spoken)));
    let later = tries(&log.at(60));
    assert!(later.iter().all(|t| !t.starts_with("ben") && !t.starts_with("adaeze")), "{later:?}");
}

// proves: DIS-4 a list that reaches nobody is called again and again, and the administrators are told loudly
#[test]
fn a_list_that_reaches_nobody_is_loud_and_goes_around_again() {
    let mut log = open_in(calling());
    let all = tries(&log.at(40));
    let expected = ["ben call", "daniel call", "adaeze call", "ruth email", "nobody in round 1", "nobody in round 1"];
    assert_eq!(all[..6], expected, "{all:?}");
    assert_eq!(all[6..8], ["ben call", "daniel call"], "around again");
}

// proves: DIS-4 a voicemail that Muster left, and a click on a link, are no spoken proof: the chain goes on
#[test]
fn a_voicemail_and_a_click_tell_nobody() {
    let mut log = open_in(calling());
    log.at(20);
    let attempt = |log: &Log, tell: &str| {
        let search = log.incident().summonses.iter().find(|s| s.id == call(log, tell)).unwrap();
        (search.id.clone(), search.attempts.last().unwrap().id.clone())
    };
    let (summons, tried) = attempt(&log, "User support");
    let facts =
        log.does(Command::Grade { summons, attempt: tried, outcome: Outcome::MessageLeft, detail: String::new() });
    assert_eq!(tries(&facts), ["adaeze call"], "at once, without waiting");
    assert_eq!(told(&log, "User support"), None);
    let summons = call(&log, "User support");
    let facts = log.does(Command::Answer { summons, person: "adaeze".into(), answer: Answer::Know, via: Via::Link });
    assert_eq!(kinds(&facts)[0], "answered");
    assert_eq!(told(&log, "User support"), None, "she has read it, and was not spoken to");
    let live = |log: &Log| log.incident().summonses.iter().filter(|s| s.is_live() && s.tell.is_some()).count();
    assert_eq!((live(&log), kinds(&facts).contains(&"summons-started")), (2, false), "the same search goes on");
    assert!(log.duty(DutyKind::TellDirectly, "User support").unwrap().settled.is_none());
    assert!(tries(&log.at(60)).contains(&"adaeze call".to_owned()), "who has read it is called again");
}

// proves: DIS-4 what a person did by hand stops the calls, and a contact taken back resumes them
#[test]
fn a_conversation_by_hand_stops_the_calls_and_a_mistake_resumes_them() {
    let mut log = open_in(calling());
    log.at(20);
    let facts = log.contact(Some("User support"), "ben", MeansKind::InPerson, Outcome::Reached(Proof::Spoken)).unwrap();
    assert_eq!(kinds(&facts), ["contacted", "summons-ended"]);
    let entry = log.entry(|f| matches!(f, Fact::Contacted(_)));
    let facts = log.act("priya", Act::TakeBack { entry, reason: "that was Bert".into() });
    assert_eq!(kinds(&facts)[..2], ["taken-back", "summons-started"]);
    assert!(tries(&facts).contains(&"ben call".to_owned()));
}

#[test]
fn muster_does_not_call_where_it_cannot_talk() {
    let mut silent = calling();
    for person in ["ben", "adaeze"] {
        silent.people.get_mut(&PersonId::from(person)).unwrap().means = vec![by(MeansKind::Email, "x@example.org")];
    }
    let mut log = open_in(silent);
    let all = tries(&log.at(90));
    assert!(!all.iter().any(|t| t.starts_with("ben") || t.starts_with("adaeze")), "a mail proves nothing: {all:?}");
    let refused = log.acts("priya", Act::LetMusterCall { tell: "User support".into() }).unwrap_err();
    assert!(refused.to_string().contains("Ring"), "{refused}");
}

// proves: DIS-4 a list on which Muster can ring nobody is loud to the administrators once telling it is late
#[test]
fn a_list_that_cannot_be_rung_is_loud_once_it_is_late() {
    let mut silent = calling();
    for person in ["ben", "adaeze"] {
        silent.people.get_mut(&PersonId::from(person)).unwrap().means = vec![by(MeansKind::Email, "x@example.org")];
    }
    let mut log = open_in(silent);
    let about = |log: &Log, facts: &[Fact]| {
        let search = call(log, "User support");
        facts.iter().any(|f| matches!(f, Fact::NobodyReached(n) if n.summons == search && n.tried.is_empty()))
    };
    let started = |log: &Log| log.incident().summonses.iter().any(|s| s.tell.as_deref() == Some("User support"));
    log.at(29);
    assert!(!started(&log), "people have the time until it is due");
    let facts = log.at(30);
    assert!(started(&log) && about(&log, &facts), "{:?}", kinds(&facts));
    let every = log.incident().terms.policy.nag_every.as_mins();
    let again: Vec<_> = (31..=90)
        .filter(|m| {
            let facts = log.at(*m);
            about(&log, &facts)
        })
        .collect();
    assert_eq!(again[0], 30 + every, "as often as a reminder: {again:?}");
    log.spoke("User support", "ben");
    assert!(log.incident().summonses.iter().all(|s| !s.is_live() || s.tell.as_deref() != Some("User support")));
}

#[test]
fn a_person_may_let_muster_call_at_once() {
    let mut log = open_in(calling());
    let facts = log.act("priya", Act::LetMusterCall { tell: "User support".into() });
    assert_eq!((kinds(&facts), tries(&facts)), (vec!["summons-started", "tried"], vec!["ben call".to_owned()]));
    for tell in ["User support", "nobody"] {
        assert_eq!(log.acts("priya", Act::LetMusterCall { tell: tell.into() }).unwrap_err().field(), Some("tell"));
    }
}

// proves: DIS-4 one conversation with a person tells them, whatever they stand for
#[test]
fn nobody_is_rung_twice_to_hear_the_same() {
    let mut owned = org();
    owned.systems.get_mut(&"directory".into()).unwrap().owner = Some("daniel".into());
    let mut log = open_in(owned);
    assert_eq!(told(&log, "Owner of Directory"), None);
    log.spoke("Server management", "daniel");
    assert_eq!(told(&log, "Owner of Directory").as_deref(), Some("daniel"));
    assert!(!kinds(&severity(&mut log, Severity::Major)).contains(&"tell-added"), "the manager knows");

    // He heard of it as the owner, and no list of the policy begins with him.
    let mut owned = org();
    owned.policy.tell_directly.clear();
    owned.systems.get_mut(&"directory".into()).unwrap().owner = Some("daniel".into());
    let mut log = open_in(owned);
    log.spoke("Owner of Directory", "daniel");
    assert!(!kinds(&severity(&mut log, Severity::Major)).contains(&"tell-added"), "the manager knows");
}

// proves: ESC-1 the next level of management is told when the policy's time is reached, and the level after that if the outage goes on
#[test]
fn management_hears_level_by_level() {
    let mut levels = org();
    levels.policy.tell_directly.clear();
    let mut log = open_in(levels);
    let level = |log: &Log, n| log.incident().tells.iter().find(|t| t.ground == Ground::Level(n)).cloned();
    log.at(29);
    assert_eq!(level(&log, 1), None);
    log.at(30);
    let first = level(&log, 1).expect("thirty minutes after it went down");
    assert_eq!(first.chain.iter().map(|c| c.person.id.as_str()).collect::<Vec<_>>(), ["daniel", "ruth"]);
    assert_eq!(log.duty(DutyKind::TellDirectly, "level 1").unwrap().due, at(45));
    log.at(60);
    assert_eq!(level(&log, 2), None);
    log.spoke(&first.name, "daniel");
    log.at(120);
    let second = level(&log, 2).expect("the outage goes on");
    assert_eq!(second.chain.iter().map(|c| c.person.id.as_str()).collect::<Vec<_>>(), ["ruth"]);
    log.at(700);
    assert_eq!(level(&log, 3), None, "there is nobody above");
}

// proves: ESC-1 the next level of management is told at once when it is bad enough
#[test]
fn a_severity_calls_management_at_once() {
    let mut levels = org();
    levels.policy.tell_directly.clear();
    let mut log = open_in(levels);
    assert!(!kinds(&severity(&mut log, Severity::Minor)).contains(&"tell-added"));
    let facts = severity(&mut log, Severity::Critical);
    let said = |f: &Fact| match f {
        Fact::TellAdded(f) => Some((f.tell.ground.clone(), f.why.clone())),
        _ => None,
    };
    let added: Vec<_> = facts.iter().filter_map(said).collect();
    let grounds: Vec<_> = added.iter().map(|(ground, _)| ground.clone()).collect();
    assert_eq!(grounds, [Ground::Level(1), Ground::Level(2)]);
    assert!(added[0].1.contains("severity 1"), "{}", added[0].1);
}

// proves: ESC-1 management levels per area and per system
#[test]
fn a_system_may_have_managers_of_its_own() {
    let mut levels = org();
    levels.policy.tell_directly.clear();
    levels.systems.get_mut(&"directory".into()).unwrap().management = ids(&["ruth"]);
    let mut log = open_in(levels);
    severity(&mut log, Severity::Major);
    let first = log.incident().tells.iter().find(|t| t.ground == Ground::Level(1)).unwrap();
    assert_eq!(first.chain.len(), 1);
    assert_eq!(first.chain[0].person.id.as_str(), "ruth");
}

// proves: ESC-1 managers who have left are followed by those of the area, and of the area for what belongs nowhere
#[test]
fn managers_who_have_left_leave_nobody_untold() {
    let mut levels = org();
    levels.policy.tell_directly.clear();
    levels.systems.get_mut(&"directory".into()).unwrap().management = ids(&["left"]);
    let first = |org: Organisation| {
        let mut log = open_in(org);
        severity(&mut log, Severity::Major);
        let list = log.incident().tells.iter().find(|t| t.ground == Ground::Level(1)).unwrap().clone();
        (log, list.name, list.chain.into_iter().map(|c| c.person.id.0).collect::<Vec<_>>())
    };
    assert_eq!(first(levels.clone()).2, ["daniel", "ruth"]);
    for area in levels.areas.values_mut() {
        area.management.clear();
    }
    let own = Area { name: "Duty managers".into(), management: ids(&["adaeze"]), ..Area::default() };
    let mut fallen_back = levels.clone();
    fallen_back.areas.insert("duty".into(), own);
    fallen_back.policy.fallback_area = Some("duty".into());
    assert_eq!(first(fallen_back).2, ["adaeze"]);
    // Nobody at all is a list of nobody: owed, and once it is late Muster alarms the administrators.
    levels.policy.calls_by_itself = true;
    let (mut log, name, chain) = first(levels);
    assert_eq!((name.as_str(), chain.len()), ("Management, level 1", 0));
    let facts = log.at(240);
    let lists = |id: &SummonsId| log.incident().summonses.iter().any(|s| s.id == *id && s.tell.as_ref() == Some(&name));
    let alarmed = facts.iter().any(|f| matches!(f, Fact::NobodyReached(n) if lists(&n.summons)));
    assert!(alarmed, "{:?}", kinds(&facts));
    log.spoke("Management, level 1", "adaeze");
    assert_eq!(told(&log, "Management, level 1").as_deref(), Some("adaeze"));
}

// proves: CLIENT-1 the system owner named in the service agreement is contacted directly, tracked as in DIS-4
#[test]
fn the_owner_is_told_directly() {
    let mut log = open_in(org());
    let duty = log.duty(DutyKind::TellDirectly, "Owner of Directory").unwrap();
    assert_eq!((duty.due, duty.proof, duty.settled), (at(60), Some(Proof::Spoken), None));
    log.contact(Some("Owner of Directory"), "ruth", MeansKind::Call, Outcome::MessageLeft).unwrap();
    assert_eq!(told(&log, "Owner of Directory"), None, "a message left does not count");
    log.spoke("Owner of Directory", "ruth");
    assert_eq!(told(&log, "Owner of Directory").as_deref(), Some("ruth"));
}

#[test]
fn who_manages_the_incident_need_not_be_told() {
    let mut own = org();
    own.systems.get_mut(&"directory".into()).unwrap().owner = Some("priya".into());
    let log = open_in(own);
    assert!(log.incident().tell("Owner of Directory").is_none());
}

fn communicator_asked(log: &mut Log) -> Vec<Fact> {
    log.act("priya", Act::AskCommunicator { to: Some("adaeze".into()) })
}

// proves: ESC-3 a Communications Manager is proposed when severity, duration or the number of people asking passes the policy's marks, and the IM is reminded until it is decided
#[test]
fn a_communicator_is_proposed_by_severity_duration_and_people_asking() {
    let proposed = |log: &Log| log.incident().roles.proposed.clone().map(|p| (p.at, p.why));
    let mut log = open_in(org());
    severity(&mut log, Severity::Critical);
    assert!(proposed(&log).unwrap().1.contains("severity 1"));
    let duty = log.duty(DutyKind::Communicator, "").unwrap();
    assert_eq!((duty.due, duty.owed_by.unwrap().id.as_str(), duty.settled), (at(15), "priya", None));

    let mut log = open_in(org());
    log.at(59);
    assert_eq!(proposed(&log), None);
    log.at(60);
    assert_eq!(proposed(&log), Some((at(60), "service has been away for 1 h".into())));

    let mut log = open_in(org());
    log.act("ben", Act::PeopleAsked { who: "the help desk".into(), people: 9 });
    assert_eq!(proposed(&log), None);
    log.act("ben", Act::PeopleAsked { who: "a dean".into(), people: 1 });
    assert!(proposed(&log).unwrap().1.contains("10 people have asked"));
}

// proves: ESC-3 a CM is contacted directly and accepts
#[test]
fn a_communicator_is_asked_and_accepts() {
    let mut log = open_in(org());
    severity(&mut log, Severity::Critical);
    let facts = communicator_asked(&mut log);
    assert_eq!((kinds(&facts), log.summons().purpose), (vec!["summons-started", "tried"], Purpose::Communicate));
    assert_eq!(log.incident().roles.communicator, None, "asked is not accepted");
    log.answer("adaeze", Answer::Take);
    assert!(log.incident().roles.is_communicator(&"adaeze".into()));
    assert!(log.duty(DutyKind::Communicator, "").unwrap().settled.is_some());
    let entry = log.entry(|f| matches!(f, Fact::Answered(_)));
    log.act("adaeze", Act::TakeBack { entry, reason: "a pocket".into() });
    assert_eq!(log.incident().roles.communicator, None);
    assert!(log.duty(DutyKind::Communicator, "").unwrap().settled.is_none(), "owed again");
}

// proves: ESC-3 the Incident Manager is reminded until it is decided, however often that is
#[test]
fn the_manager_is_reminded_of_a_communicator_until_it_is_decided() {
    let mut log = open_in(org());
    severity(&mut log, Severity::Critical);
    let nags = log.incident().nags();
    let of = |log: &Log, kind| log.duty(kind, "").unwrap();
    let after = |n: i32| later(at(15), nags.every.checked_mul(n).unwrap());
    let last = i32::try_from(nags.at_most).unwrap();
    let duty = of(&log, DutyKind::Communicator);
    assert_eq!(duty.nag_step(nags, after(last + 9)), Some(nags.at_most + 10));
    let other = Duty { id: DutyId { kind: DutyKind::Triage, ..duty.id.clone() }, ..duty };
    assert_eq!(other.nag_step(nags, after(last + 9)), None, "of anything else so often only");
    log.act("priya", Act::DeclineCommunicator { reason: "nobody asks".into() });
    assert_eq!(of(&log, DutyKind::Communicator).nag_step(nags, after(last + 9)), None);
}

// proves: ESC-3 who leaves speaks for it no more: what they owe is the Incident Manager's, and the policy looks again
#[test]
fn a_communicator_who_leaves_is_replaced() {
    let mut log = open_in(org());
    severity(&mut log, Severity::Critical);
    communicator_asked(&mut log);
    log.answer("adaeze", Answer::Take);
    assert!(log.incident().roles.is_communicator(&"adaeze".into()));
    log.org.people.get_mut(&PersonId::from("adaeze")).unwrap().gone = true;
    let facts = log.at(3);
    assert_eq!(kinds(&facts), ["communicator-left", "communicator-proposed"]);
    assert_eq!(log.incident().roles.communicator, None);
    let duty = log.duty(DutyKind::Communicator, "2").unwrap();
    assert_eq!((duty.due, duty.settled), (at(18), None), "somebody is to be found anew");
    assert!(kinds(&log.at(4)).is_empty(), "said once");
}

// proves: ESC-3 it may be decided that none is needed, with a reason; one person may be both
#[test]
fn that_no_communicator_is_needed_has_a_reason() {
    let mut log = open_in(org());
    severity(&mut log, Severity::Critical);
    let declined = |reason: &str| Act::DeclineCommunicator { reason: reason.into() };
    assert_eq!(log.acts("priya", declined(" ")).unwrap_err().field(), Some("reason"));
    assert!(matches!(log.acts("ben", declined("no")), Err(Refusal::NotYours { .. })));
    log.act("priya", declined("nobody uses it at night"));
    assert!(log.duty(DutyKind::Communicator, "").unwrap().settled.is_some());
    log.act("priya", Act::TakeCommunications);
    assert!(log.incident().roles.is_communicator(&"priya".into()) && log.manager() == Some("priya"));
    assert!(matches!(log.acts("ben", Act::TakeCommunications), Err(Refusal::TakenAlready { .. })));
}

#[test]
fn a_communicator_who_does_not_answer_leaves_it_to_the_manager() {
    let mut log = open_in(org());
    severity(&mut log, Severity::Critical);
    communicator_asked(&mut log);
    let facts = log.at(14);
    assert!(kinds(&facts).contains(&"summons-ended") && !kinds(&facts).contains(&"nobody-reached"), "asked once");
    assert!(log.duty(DutyKind::Communicator, "").unwrap().settled.is_none());
    for bad in [None, Some("nobody"), Some("silent")] {
        let refused = log.acts("priya", Act::AskCommunicator { to: bad.map(Into::into) }).unwrap_err();
        assert_eq!(refused.field(), Some("person"), "{bad:?}");
    }
}

fn to_area(area: &str, brief: &str) -> Act {
    Act::HandOver { to: To::Area(area.into()), reason: "it is the network".into(), brief: brief.into() }
}

// proves: ESC-4 the incident is handed to another area: the receiving person accepts, or it stays where it is
#[test]
fn an_area_takes_over_when_one_of_it_accepts() {
    let mut log = open_in(org());
    log.act("priya", to_area("user-support", ""));
    assert_eq!((log.manager(), log.incident().roles.area.clone()), (Some("priya"), None));
    log.answer("ben", Answer::Take);
    assert_eq!(log.manager(), Some("ben"));
    assert_eq!(log.incident().roles.area.as_ref().unwrap().1, "User support");

    let mut log = open_in(org());
    log.act("priya", to_area("user-support", ""));
    log.answer("ben", Answer::Cannot);
    assert_eq!((log.manager(), log.incident().roles.area.clone()), (Some("priya"), None), "it stays where it is");
    assert_eq!(log.acts("priya", to_area("nowhere", "")).unwrap_err().field(), Some("area"));
}

// proves: ESC-4 every hand-over carries a short situation summary
#[test]
fn a_hand_over_says_how_things_stand() {
    let mut log = open_in(org());
    severity(&mut log, Severity::Major);
    log.spoke("Server management", "daniel");
    log.act("priya", Act::ProposeCause { text: "a full disk".into(), part: None });
    let option = Act::WeighOption {
        what: "Empty the disk".into(),
        effect: "back at once".into(),
        risk: muster_core::entry::Risk::Low,
        danger: String::new(),
        causes: vec![1],
    };
    log.act("priya", option);
    let now = muster_core::entry::OptionState::NoChange;
    log.act("priya", Act::JudgeOption { option: 1, now, text: "full again".into(), seen: None });
    log.at(12);
    log.act("priya", to_area("user-support", ""));
    let asked = log.incident().roles.hand_overs.last().unwrap().clone();
    assert!(matches!(&asked.to, HandTo::Area { name, .. } if name == "User support"));
    for part in [
        "directory does not answer",
        "Open, severity 2 major",
        "Down since 09:00 GMT, 12 min so far",
        "Affected: Directory. About 21,520 people",
        "Likely cause 1, open: a full disk",
        "Option 1, Empty the disk: tried, no change.",
        "Owed: ",
        "tell user support directly by 09:30 GMT",
        "Told directly: Daniel Osei",
    ] {
        assert!(asked.brief.contains(part), "{part} is not in: {}", asked.brief);
    }
    log.act("priya", to_area("user-support", "Ring the maker first."));
    assert_eq!(log.incident().roles.hand_overs.last().unwrap().brief, "Ring the maker first.");
}

// proves: DIS-5 an Incident Manager who leaves the organisation holds it until somebody else takes it, and is looked for
#[test]
fn a_manager_who_leaves_is_replaced() {
    let mut log = open_in(org());
    log.org.people.get_mut(&PersonId::from("priya")).unwrap().gone = true;
    let facts = log.at(1);
    assert_eq!((kinds(&facts), log.manager()), (vec!["summons-started", "tried"], Some("priya")));
    assert_eq!(tries(&facts), ["marta call"]);
    log.answer("marta", Answer::Take);
    assert_eq!(log.manager(), Some("marta"));
}

// proves: DIS-5 one search at a time: of one that lives again as a mistake was taken back, and a newer one, the newer
#[test]
fn a_manager_who_leaves_is_looked_for_once() {
    let mut log = Log::suspected();
    log.answer("priya", Answer::Take);
    let took = log.entry(|f| matches!(f, Fact::Answered(_)));
    let first = log.summons().id.clone();
    log.org.people.get_mut(&PersonId::from("priya")).unwrap().gone = true;
    log.at(1);
    let refusal = log.answers_to(&first, "priya", Answer::Know).unwrap_err();
    assert_eq!(refusal.to_string(), "Priya Raman has left. Nothing is asked of them any more.");
    log.act("ben", Act::TakeBack { entry: took, reason: "she had left".into() });
    let live: Vec<_> = log.incident().summonses.iter().filter(|s| s.is_live()).map(|s| s.id.clone()).collect();
    assert_eq!((log.manager(), live), (None, vec![log.summons().id.clone()]));
    assert_ne!(log.summons().id, first);
}

#[test]
fn who_heard_of_it_elsewhere_is_written_down() {
    let mut log = open_in(org());
    let heard =
        |person: &str, from: &str, m| Act::HeardElsewhere { person: person.into(), from: from.into(), at: Some(at(m)) };
    assert_eq!(log.acts("priya", heard("ruth", "", 0)).unwrap_err().field(), Some("from"));
    assert_eq!(log.acts("priya", heard("nobody", "a dean", 0)).unwrap_err().field(), Some("person"));
    assert_eq!(log.acts("priya", heard("ruth", "a dean", 30)).unwrap_err().field(), Some("at"));
    log.at(5);
    log.act("priya", heard("ruth", "a dean", 2));
    assert_eq!(log.incident().roles.heard[0].person.id.as_str(), "ruth");
    let asked = |people| Act::PeopleAsked { who: "x".into(), people };
    for people in [0, 10_001] {
        assert_eq!(log.acts("priya", asked(people)).unwrap_err().field(), Some("people"));
    }
    assert_eq!(log.incident().terms.policy.answer_wait, minutes(5));
}

// proves: DOC-5 what was kept on paper is entered without calling anybody for the past
#[test]
fn nobody_is_called_for_what_was_kept_on_paper() {
    let mut log = Log::new(calling());
    let declaration = muster_core::incident::Declaration {
        told: muster_core::entry::Told::Paper,
        manager: None,
        discovered_at: Some(at(-600)),
        went_down: Some(muster_core::entry::Moment { at: at(-610), estimate: false }),
        system: Some("directory".into()),
        ..log.declaration("priya")
    };
    let by = muster_core::incident::OpenBy::Person(declaration);
    let facts = log.does(Command::Open { number: "2026-001".into(), by });
    assert!(tries(&facts).is_empty() && tries(&log.at(120)).is_empty());
    assert!(log.duty(DutyKind::TellDirectly, "User support").unwrap().is_late(log.now), "owed all the same");
}

#[test]
fn an_area_that_is_asked_does_not_ask_who_hands_over() {
    let mut log = open_in(org());
    let facts = log.act("priya", to_area("server", ""));
    assert_eq!(tries(&facts), ["marta call"], "priya is of the server team, and has it");
}

// proves: STAFF-3 whoever leaves while they are looked for is asked no more, and the next one is asked at once
#[test]
fn who_has_left_is_passed_over() {
    let mut log = open_in(calling());
    assert_eq!(tries(&log.at(20)), ["ben call", "daniel call"]);
    let people = &mut log.org.people;
    people.get_mut(&PersonId::from("ben")).unwrap().gone = true;
    people.remove(&PersonId::from("daniel"));
    let facts = log.at(21);
    assert_eq!(kinds(&facts).iter().filter(|k| **k == "passed-over").count(), 2, "{facts:?}");
    assert_eq!(tries(&facts), ["adaeze call", "ruth email"], "at once, without the wait for those who left");
    let later: Vec<_> = (22..90).flat_map(|minute| tries(&log.at(minute))).collect();
    assert!(later.iter().any(|t| t == "adaeze call"), "the rest is asked again: {later:?}");
    assert!(!later.iter().any(|t| t.starts_with("ben") || t.starts_with("daniel")), "{later:?}");
    let asked =
        log.incident().summonses.iter().find(|s| s.passed_over.contains(&PersonId::from("ben"))).unwrap().id.clone();
    let heard = log.answers_to(&asked, "ben", Answer::Know);
    assert!(matches!(heard, Err(Refusal::Over { .. })), "of a call that was under way: {heard:?}");
}
