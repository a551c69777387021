//! What entries and titles say, to the letter where people have stumbled over it.

use crate::fixture::*;
use muster_core::contact::{Answer, MeansKind, Outcome};
use muster_core::duty::DutyKind;
use muster_core::entry::{Change, Fact, Severity, Via};
use muster_core::form::Form;
use muster_core::incident::{Act, Command, line};
use muster_core::system::Condition;

fn said(log: &Log) -> Vec<String> {
    let words = |e| {
        let line = line(e, log.incident());
        format!("{} {}", line.lead, line.text)
    };
    log.entries.iter().map(words).collect()
}

fn opened(title: &str) -> String {
    let mut alert = alert("directory", Condition::Down);
    alert.signal.title = title.into();
    Log::opened_by(org(), alert).incident().title.clone()
}

#[test]
fn a_title_names_its_system_once() {
    for (title, expected) in [
        ("Directory: sign-in fails", "Directory down: sign-in fails"),
        ("DIRECTORY - sign-in fails", "Directory down: sign-in fails"),
        ("Directory-2 does not answer", "Directory down: Directory-2 does not answer"),
        ("Directory is down", "Directory down: Directory is down"),
        ("Directory:", "Directory down: Directory:"),
        ("Director: x", "Directory down: Director: x"),
        ("sign-in fails", "Directory down: sign-in fails"),
        ("Dïrectory: x", "Directory down: Dïrectory: x"),
    ] {
        assert_eq!(opened(title), expected);
    }
}

#[test]
fn a_call_that_has_just_begun_is_no_contact_that_failed() {
    let mut log = Log::suspected();
    let summons = log.summons().id.clone();
    log.at(6); // Priya's push was not answered: she is called
    let attempt = log.summons().attempts.last().unwrap().clone();
    assert_eq!(attempt.means, MeansKind::Call);
    log.does(Command::Grade { summons, attempt: attempt.id, outcome: Outcome::Sent, detail: String::new() });
    let entry = log.entries.last().unwrap();
    assert!(matches!(&entry.fact, Fact::Graded(_)));
    let line = line(entry, log.incident());
    assert_eq!((line.text.as_str(), line.proof), ("is being called.", None));
}

#[test]
fn a_message_that_waits_is_said_to_wait_once() {
    let mut log = Log::suspected();
    let (summons, attempt) = (log.summons().id.clone(), log.summons().attempts[0].id.clone());
    let waits = |detail: &str| Command::Grade {
        summons: summons.clone(),
        attempt: attempt.clone(),
        outcome: Outcome::Queued,
        detail: detail.into(),
    };
    assert_eq!(kinds(&log.does(waits(""))), [""; 0], "nothing is known");
    assert_eq!(kinds(&log.does(waits("connection refused"))), ["graded"]);
    assert_eq!(said(&log).last().unwrap(), "Priya Raman push not sent yet: connection refused.");
    assert_eq!(kinds(&log.does(waits("no route"))), [""; 0], "once is enough");
}

#[test]
fn a_newer_try_at_the_same_address_takes_the_place_of_the_older() {
    let mut log = Log::suspected();
    log.at(60);
    let tries = log.summons().attempts.clone();
    let of_priya: Vec<_> = tries.iter().filter(|a| a.candidate == 0 && a.means == MeansKind::Push).collect();
    assert!(of_priya.len() > 1);
    let (newest, older) = of_priya.split_last().unwrap();
    assert!(log.summons().still_asks(&newest.id));
    assert!(older.iter().all(|a| !log.summons().still_asks(&a.id)));
}

#[test]
fn sentences_end() {
    let mut alert = alert("directory", Condition::Down);
    alert.signal.detail = "CRITICAL - Socket timeout\n".into();
    let said = said(&Log::opened_by(org(), alert));
    assert!(said[1].contains(" CRITICAL - Socket timeout. 1 signal. Opened this incident: "), "{said:?}");
}

#[test]
fn a_severity_that_nobody_assessed_at_the_start_stays_so_and_has_no_end_before_the_end() {
    let mut log = Log::suspected();
    log.act("priya", Act::Confirm);
    log.act("priya", Act::Change { to: Change::Severity(Some(Severity::Minor)), reason: "few".into(), seen: None });
    log.act("priya", Act::Change { to: Change::Severity(Some(Severity::Major)), reason: "more".into(), seen: None });
    let severity = |log: &Log| Form::of(log.incident(), &log.entries, log.now).field("severity").unwrap().value.clone();
    let (minor, major) = (Severity::Minor.number(), Severity::Major.number());
    assert_eq!(severity(&log), [format!("not assessed, {major}, not ended")]);
    log.act("priya", Act::Change { to: Change::Severity(Some(Severity::Minor)), reason: "better".into(), seen: None });
    log.act("priya", Act::Restore { at: log.now, cause: String::new(), resolution: "restarted".into() });
    assert_eq!(severity(&log), [format!("not assessed, {major}, {minor}")]);
}

#[test]
fn whom_nobody_told_before_service_was_back_is_not_forgotten() {
    let mut log = Log::suspected();
    log.act("priya", Act::Confirm);
    let told = |log: &Log| Form::of(log.incident(), &log.entries, log.now).field("told").unwrap().value.clone();
    assert_eq!(told(&log)[0], "User support: not told, due 09:30 GMT");
    log.act("priya", Act::Restore { at: log.now, cause: String::new(), resolution: "restarted".into() });
    assert_eq!(told(&log)[0], "User support: not told before service was back");
    assert_eq!(
        log.incident().untold().map(|t| t.name.as_str()).collect::<Vec<_>>(),
        ["User support", "Server management", "Owner of Directory"]
    );
    log.act("priya", Act::Reopen { reason: "gone again".into() });
    assert_eq!(log.incident().untold().count(), 0, "owed again");
}

#[test]
fn whoever_takes_a_suspected_incident_owes_to_judge_it_until_it_opens_by_itself() {
    let mut log = Log::suspected();
    assert_eq!(log.duty(DutyKind::Judge, ""), None, "nobody could");
    let summons = log.summons().id.clone();
    log.does(Command::Answer { summons, person: "priya".into(), answer: Answer::Take, via: Via::Link });
    let duty = log.duty(DutyKind::Judge, "").unwrap();
    assert_eq!((duty.due, duty.owed_by.unwrap().id.as_str()), (log.incident().opens_by_itself_at(), "priya"));
    log.act("priya", Act::Confirm);
    assert_eq!(log.duty(DutyKind::Judge, ""), None);
}
