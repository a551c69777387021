//! Who may see an incident that is restricted.

use crate::fixture::*;
use muster_core::contact::{Answer, MeansKind, Outcome};
use muster_core::directory::Role;
use muster_core::entry::{Entry, Fact};
use muster_core::ids::PersonId;
use muster_core::incident::{Act, Command, Tie};
use muster_core::refusal::Refusal;
use muster_core::subject::Subject;

fn restrict(to: &[&str]) -> Act {
    Act::Restrict { to: ids(to), reason: "somebody is inside".into() }
}

fn seen_by(log: &Log) -> Vec<String> {
    log.incident().seen_by(&log.org).expect("it is restricted").iter().map(|id| id.0.clone()).collect()
}

/// An incident that Daniel, a manager, restricts while nobody has it.
fn suspected() -> Log {
    let mut log = Log::suspected();
    log.act("daniel", restrict(&[]));
    log
}

#[test]
fn it_is_there_for_whoever_takes_part_and_for_whom_it_is_shown_to() {
    let mut log = Log::declared();
    assert_eq!(log.incident().seen_by(&log.org), None, "everybody");
    log.act("priya", restrict(&["ben", "ben"]));
    assert_eq!(seen_by(&log), ["ben", "priya"]);
    let said = muster_core::incident::line(log.entries.last().unwrap(), log.incident());
    let text = "Restricted: Only those who take part may see it, and Ben Tallis. somebody is inside.";
    assert_eq!(format!("{} {}", said.lead, said.text), text);
    let act = Act::SetTask { what: "read the firewall".into(), to: "marta".into(), due: at(30) };
    log.act("priya", act);
    assert_eq!(seen_by(&log), ["ben", "marta", "priya"], "who is given a task");
    log.contact(None, "adaeze", MeansKind::Call, Outcome::NoAnswer).unwrap();
    assert_eq!(seen_by(&log), ["adaeze", "ben", "marta", "priya"], "who was called");
    let entry = log.entry(|f| matches!(f, Fact::Contacted(_)));
    log.act("priya", Act::TakeBack { entry, reason: "another Adaeze".into() });
    assert_eq!(seen_by(&log), ["ben", "marta", "priya"]);
    log.act("priya", restrict(&[]));
    assert_eq!(seen_by(&log), ["marta", "priya"], "said anew, it is shown to nobody else");
    let before = log.entries.len();
    log.act("priya", restrict(&[]));
    assert_eq!(log.entries.len(), before, "nothing new");
    log.act("priya", Act::Unrestrict { reason: "the press has it".into() });
    assert_eq!(log.incident().seen_by(&log.org), None);
}

#[test]
fn only_who_leads_says_who_may_see_it() {
    let mut log = Log::declared();
    for (who, may) in
        [("marta", false), ("adaeze", false), ("left", false), ("daniel", true), ("ada", true), ("priya", true)]
    {
        let done = log.acts(who, restrict(&[]));
        assert_eq!(done.is_ok(), may, "{who}: {done:?}");
        let lifted = log.acts(who, Act::Unrestrict { reason: "a drill".into() });
        assert_eq!(lifted.is_ok(), may, "{who}: {lifted:?}");
    }
    let blank = Act::Restrict { to: Vec::new(), reason: " ".into() };
    assert!(matches!(log.acts("priya", blank), Err(Refusal::Missing { field: "reason", .. })));
    for nobody in ["left", "no-such"] {
        let refused = log.acts("priya", restrict(&[nobody]));
        assert!(matches!(refused, Err(Refusal::Unknown { field: "people", .. })), "{nobody}: {refused:?}");
    }
    let crowd = Act::Restrict { to: vec![PersonId::from("ben"); 51], reason: "all of them".into() };
    assert!(matches!(log.acts("priya", crowd), Err(Refusal::Senseless { field: "people", .. })));
}

#[test]
fn whoever_is_looked_for_sees_it_and_in_the_end_the_administrators() {
    let mut log = suspected();
    assert_eq!(seen_by(&log), ["daniel", "marta", "priya", "ruth"], "all whom the search for a manager may ask");
    log.at(30);
    assert!(log.summons().vain_rounds > 0);
    assert_eq!(
        seen_by(&log),
        ["ada", "daniel", "marta", "priya", "ruth"],
        "nobody was reached, and the administrator was told"
    );
    let mut log = suspected();
    log.answer("priya", Answer::Take);
    assert_eq!(seen_by(&log), ["daniel", "priya"], "Marta was never asked");
}

#[test]
fn it_is_never_lost_once_all_who_see_it_are_gone() {
    let mut log = Log::declared();
    log.act("priya", restrict(&[]));
    log.org.people.get_mut(&PersonId::from("priya")).unwrap().gone = true;
    assert_eq!(seen_by(&log), ["ada", "priya"]);
    log.org.people.get_mut(&PersonId::from("ruth")).unwrap().role = Role::Administrator;
    assert_eq!(seen_by(&log), ["ada", "priya", "ruth"], "as the directory is now");
}

#[test]
fn it_goes_on_only_where_whoever_sees_it_sees_that_too() {
    let (mut log, open) = (Log::declared(), Log::declared());
    assert!(log.incident().may_go_on_in(open.incident()).is_ok());
    log.act("priya", restrict(&[]));
    for (one, other) in [(&log, &open), (&open, &log)] {
        let refused = one.incident().may_go_on_in(other.incident());
        assert!(matches!(refused, Err(Refusal::Senseless { field: "number", .. })), "{refused:?}");
    }
    assert!(log.incident().may_go_on_in(log.incident()).is_ok(), "both are restricted");
    let mut merged = Log::suspected();
    let tie = Tie::MergeInto { number: "2026-002".into(), title: "Mail".into(), reason: "the same".into() };
    let by = merged.person("priya");
    merged.does(Command::Tie { by, tie });
    let refused = merged.acts("daniel", restrict(&[]));
    assert!(matches!(refused, Err(Refusal::Senseless { field: "restricted", .. })), "{refused:?}");
    // Both are seen by the same: it follows the one in which it goes on, and cannot be opened to all by itself.
    let by = Some(vec![merged.person("ben"), merged.person("marta")]);
    merged.does(Command::SeenAs { by, why: "It goes with the other.".into() });
    assert!(["ben", "marta"].iter().all(|id| seen_by(&merged).contains(&(*id).to_owned())), "{:?}", seen_by(&merged));
    let refused = merged.acts("daniel", Act::Unrestrict { reason: "a drill".into() });
    assert!(matches!(refused, Err(Refusal::Senseless { field: "restricted", .. })), "{refused:?}");
    let before = merged.entries.len();
    merged.does(Command::SeenAs { by: None, why: "It goes with the other.".into() });
    merged.does(Command::SeenAs { by: None, why: "It goes with the other.".into() });
    assert_eq!((merged.incident().seen_by(&merged.org), merged.entries.len()), (None, before + 1));
}

#[test]
fn whoever_reopens_what_was_merged_into_it_does_not_see_it_by_that() {
    let mut log = Log::declared();
    let (number, title, reason) = ("2026-000".to_owned(), "Mail".to_owned(), "the same".to_owned());
    let take_in = Tie::TakeIn { number: number.clone(), title, reason: reason.clone(), alerts: Vec::new() };
    let by = log.person("priya");
    log.does(Command::Tie { by, tie: take_in });
    log.act("priya", restrict(&[]));
    let by = log.person("marta");
    log.does(Command::Tie { by, tie: Tie::GiveBack { number, reason, alerts: Vec::new() } });
    assert_eq!(seen_by(&log), ["priya"]);
}

#[test]
fn whoever_is_wanted_by_name_sees_it() {
    let mut log = Log::declared();
    log.act("priya", restrict(&[]));
    let presence = muster_core::entry::Presence::OnSite;
    log.act("priya", Act::Gather(muster_core::incident::GatherAct::AskPresence { presence, people: ids(&["marta"]) }));
    assert_eq!(seen_by(&log), ["marta", "priya"]);
}

/// Every fact that names another incident, read by somebody who may not see that one: neither its number nor its name nor
/// what was written of it is left, and the log folds as it did.
#[test]
fn what_names_another_incident_can_be_read_without_it() {
    let mut log = Log::suspected();
    log.answer("priya", Answer::Take);
    log.does(Command::JoinAlert(news(alert("email", muster_core::system::Condition::Down))));
    let by = log.person("priya");
    let (number, title, reason) = (|| "2025-777".to_owned(), || "Zebra".to_owned(), || "Zebra-like".to_owned());
    let ties = [
        Tie::Link { number: number(), title: title(), how: muster_core::entry::Relation::Related },
        Tie::Unlink { number: number(), reason: reason() },
        Tie::Link { number: number(), title: title(), how: muster_core::entry::Relation::Caused },
        Tie::TakeIn { number: number(), title: title(), reason: reason(), alerts: vec!["alert-email".into()] },
        Tie::GiveBack { number: number(), reason: reason(), alerts: vec!["alert-email".into()] },
        Tie::MergeInto { number: number(), title: title(), reason: reason() },
    ];
    for tie in ties {
        log.does(Command::Tie { by: by.clone(), tie });
    }
    let unnamed: Vec<Entry> = log.entries.iter().cloned().map(|e| Entry { fact: e.fact.unnamed(), ..e }).collect();
    let said = |e: &Entry| format!("{:?} {:?}", e.fact, muster_core::incident::line(e, log.incident()));
    for entry in &unnamed {
        assert!(!said(entry).contains("Zebra") && !said(entry).contains("2025-777"), "{}", said(entry));
        assert_eq!(entry.fact.names(), None);
    }
    let named = log.entries.iter().filter(|e| e.fact.names() == Some("2025-777")).count();
    assert_eq!((named, unnamed.iter().filter(|e| e.fact.is_about_nothing()).count()), (6, 4));
    let left: Vec<_> = unnamed.iter().filter(|e| !e.fact.is_about_nothing()).collect();
    let mut folded = muster_core::incident::Incident::fold(left).unwrap();
    let mut forgotten = log.incident().clone();
    forgotten.forget_others(&["2025-777".to_owned()].into());
    assert!(!format!("{forgotten:?}").contains("2025-777") && !format!("{forgotten:?}").contains("Zebra"));
    assert_eq!((forgotten.state_words().as_str(), forgotten.names_others().len()), ("Merged", 0));
    (folded.seq, folded.set_by) = (forgotten.seq, forgotten.set_by.clone());
    assert_eq!(folded, forgotten, "the log is the incident, for whoever reads it");
}
