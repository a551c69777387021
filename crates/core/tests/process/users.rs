//! DIS-1: a user's own report.

use crate::fixture::*;
use muster_core::entry::{Fact, Kind, Origin, UserReported};
use muster_core::incident::{Act, Command, OpenBy, State, UserReport, line};
use muster_core::refusal::Refusal;

fn report(text: &str, system: Option<&str>) -> UserReport {
    let said = UserReported {
        text: text.into(),
        place: "Library".into(),
        name: "Jo Bloggs".into(),
        contact: "4711".into(),
        ..UserReported::default()
    };
    UserReport { said, system: system.map(Into::into) }
}

fn opened(report: UserReport) -> Log {
    let mut log = Log::new(org());
    log.does(Command::Open { number: "2026-001".into(), by: OpenBy::User(report) });
    log
}

// proves: DIS-1 a user's report opens a suspected incident that summons the on-call contact; source and reporter are on the record
#[test]
fn a_users_report_opens_a_suspected_incident_that_summons_the_on_call_contact() {
    let mut log = opened(report("  Nobody can sign in.\nSince nine o'clock. ", Some("directory")));
    let incident = log.incident();
    assert_eq!((incident.state, incident.title.as_str()), (State::Suspected, "Nobody can sign in."));
    assert_eq!(incident.kind, Kind::ORGANISATION_WIDE);
    assert_eq!(incident.origin, Origin::User { name: "Jo Bloggs".into(), contact: "4711".into() });
    assert_eq!((incident.discovered_at, incident.went_down), (at(0), None), "since when, nobody knows");
    let chain: Vec<_> = log.summons().chain.iter().map(|c| c.person.id.as_str()).collect();
    assert_eq!(chain[..2], ["priya", "marta"], "the contacts of the system");
    let said = log.entries.iter().find(|e| matches!(e.fact, Fact::UserReported(_))).unwrap();
    let words = line(said, incident);
    assert_eq!(
        format!("{} {}", words.lead, words.text),
        "A user reports: Nobody can sign in.\nSince nine o'clock. Where: Library. By Jo Bloggs (4711)."
    );
    let form = muster_core::form::Form::of(incident, &log.entries, log.now);
    assert_eq!(form.field("discovered").unwrap().value, ["A user’s report: Jo Bloggs (4711)"]);
    log.at(15);
    assert_eq!(log.state(), State::Open, "unanswered, it is open like any other");
    assert!(log.incident().staff.is_empty(), "a user is no staff");
}

#[test]
fn a_report_that_says_nothing_opens_nothing_and_a_long_one_is_refused() {
    for (what, report) in [
        ("nothing", report(" \u{200b}\n", None)),
        ("too long", report(&"x".repeat(2_001), None)),
        ("a long place", {
            let mut long = report("x", None);
            long.said.place = "y".repeat(161);
            long
        }),
    ] {
        let mut log = Log::new(org());
        let open = Command::Open { number: "2026-001".into(), by: OpenBy::User(report) };
        assert!(log.sends(open).unwrap_err().field().is_some(), "{what}");
    }
    assert_eq!(opened(report(&"long words ".repeat(60), None)).incident().title.chars().count(), 160);
}

// proves: DIS-1 a report that fits joins what is open, with its words, and what is over takes none
#[test]
fn another_report_joins_what_is_open() {
    let mut log = opened(report("Nobody can sign in.", None));
    let facts = log.does(Command::HearUser(report("Me neither!", None)));
    assert_eq!(kinds(&facts), ["user-reported"], "nobody is called anew");
    log.act("priya", Act::Withdraw { reason: "a test".into() });
    let late = log.sends(Command::HearUser(report("Still.", None)));
    assert!(matches!(late, Err(Refusal::WrongState { .. })), "nobody would be called for it");
}
