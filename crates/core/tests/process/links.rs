//! Incidents that hang together: linked, and merged into one.

use crate::fixture::*;
use muster_core::contact::Answer;
use muster_core::duty::duties;
use muster_core::entry::Relation;
use muster_core::incident::{Act, Command, State, Tie};
use muster_core::refusal::Refusal;
use muster_core::system::Condition;

fn link(number: &str) -> Tie {
    Tie::Link { number: number.into(), title: "VPN is away".into(), how: Relation::CausedBy }
}

fn tied(log: &mut Log, tie: Tie) -> Result<Vec<muster_core::entry::Fact>, Refusal> {
    let by = log.person("priya");
    log.sends(Command::Tie { by, tie })
}

#[test]
fn a_link_is_visible_and_taken_away_with_a_reason() {
    let mut log = Log::declared();
    tied(&mut log, link("2026-002")).unwrap();
    assert_eq!(log.incident().linked_with("2026-002").unwrap().how.words(), "caused by");
    let said = muster_core::incident::line(log.entries.last().unwrap(), log.incident());
    assert_eq!(format!("{} {}", said.lead, said.text), "Linked, caused by 2026-002: VPN is away.");
    assert!(matches!(tied(&mut log, link("2026-002")), Err(Refusal::Senseless { field: "number", .. })), "twice");
    assert!(matches!(tied(&mut log, link("2026-001")), Err(Refusal::Senseless { field: "number", .. })), "itself");
    let unlink = |reason: &str| Tie::Unlink { number: "2026-002".into(), reason: reason.into() };
    assert!(matches!(tied(&mut log, unlink(" ")), Err(Refusal::Missing { field: "reason", .. })));
    tied(&mut log, unlink("another switch")).unwrap();
    assert_eq!(log.incident().linked_with("2026-002"), None);
    assert!(matches!(tied(&mut log, unlink("again")), Err(Refusal::Unknown { .. })));
    assert!([Relation::Related, Relation::CausedBy, Relation::Caused].iter().all(|r| r.reversed().reversed() == *r));
}

#[test]
fn what_is_merged_is_no_false_alarm_and_owes_nothing_until_it_is_reopened() {
    let into = |reason: &str| Tie::MergeInto { number: "2026-002".into(), title: "Mail".into(), reason: reason.into() };
    let mut log = Log::suspected();
    log.answer("priya", Answer::Know);
    assert!(matches!(tied(&mut log, into("")), Err(Refusal::Missing { field: "reason", .. })));
    let facts = tied(&mut log, into("the same array")).unwrap();
    assert_eq!(kinds(&facts), ["merged-into", "summons-ended"], "nobody is looked for any more");
    let incident = log.incident();
    assert_eq!((incident.state, incident.state_words().as_str()), (State::Withdrawn, "Merged into 2026-002"));
    assert!(incident.alerts.is_empty() && duties(incident).is_empty());
    let form = muster_core::form::Form::of(incident, &log.entries, log.now);
    assert_eq!(form.field("resolution").unwrap().value, ["Merged into 2026-002: the same array"]);
    assert!(matches!(tied(&mut log, into("again")), Err(Refusal::WrongState { .. })));
    log.act("priya", Act::Reopen { reason: "another one".into() });
    assert_eq!((log.state(), log.incident().others.merged_into.as_ref()), (State::Open, None));
    assert!(log.summons().is_live(), "somebody is looked for again");
}

#[test]
fn what_takes_another_in_loses_its_alerts_again_when_that_stands_alone() {
    let mut log = Log::suspected();
    log.answer("priya", Answer::Take);
    log.does(Command::JoinAlert(news(alert("email", Condition::Down))));
    let alerts = vec!["alert-email".into()];
    let (number, reason) = ("2026-000".to_owned(), "the same".to_owned());
    let title = "Mail".to_owned();
    let take_in = Tie::TakeIn { number: number.clone(), title, reason: reason.clone(), alerts: alerts.clone() };
    tied(&mut log, take_in).unwrap();
    let systems = |log: &Log| log.incident().systems.iter().map(|s| s.name.clone()).collect::<Vec<_>>();
    assert_eq!((log.incident().others.took_in.len(), systems(&log)), (1, vec!["Directory".into(), "Email".into()]));
    tied(&mut log, Tie::GiveBack { number, reason, alerts }).unwrap();
    assert_eq!((log.incident().others.took_in.len(), systems(&log)), (0, vec!["Directory".into()]));
    log.restore(0);
    let late = Tie::TakeIn { number: "x".into(), title: "y".into(), reason: "z".into(), alerts: Vec::new() };
    assert!(matches!(tied(&mut log, late), Err(Refusal::WrongState { .. })), "what is over takes nothing in");
}
