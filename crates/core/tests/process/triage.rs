//! DIS-3 and DEF-5: who is hit, how, how urgent it is, and how bad the policy's matrix makes that.

use crate::fixture::*;
use muster_core::contact::Answer;
use muster_core::duty::{DutyKind, duties};
use muster_core::entry::{Change, Extent, Fact, Fault, Kind, Severity, Triaged, Urgency};
use muster_core::incident::{Act, Count, State, TriageAct};
use muster_core::policy::{Findings, Impact, ImpactRule, Matrix, Policy};
use muster_core::refusal::Refusal;
use muster_core::system::Condition;

/// A group cannot use it, nobody is counted, it is urgent.
pub fn group() -> TriageAct {
    TriageAct {
        extent: Extent::Group,
        fault: Fault::Down,
        populations: None,
        systems: Vec::new(),
        urgency: Urgency::High,
        severity: None,
        reason: String::new(),
        seen: None,
    }
}

fn of(population: &str, people: u32) -> Count {
    Count { population: Some(population.into()), name: String::new(), people }
}

fn called(name: &str, people: u32) -> Count {
    Count { population: None, name: name.into(), people }
}

fn found(log: &Log) -> &Triaged {
    &log.incident().triage().unwrap().found
}

fn hits(log: &Log) -> Vec<(String, u32)> {
    log.incident().hits().into_iter().map(|hit| (hit.name, hit.people)).collect()
}

/// Taken by Priya at 3 min and confirmed at 4.
fn open() -> Log {
    let mut log = Log::suspected();
    log.at(3);
    log.answer("priya", Answer::Take);
    log.at(4);
    log.act("priya", Act::Confirm);
    log
}

#[test]
fn a_triage_counts_no_more_populations_than_anybody_reads() {
    let mut log = Log::declared();
    let counted = |n: u32| {
        Act::Triage(TriageAct {
            populations: Some((0..n).map(|n| called(&format!("group {n}"), 1)).collect()),
            ..group()
        })
    };
    let refused = log.acts("priya", counted(201)).unwrap_err();
    assert!(
        matches!(&refused, Refusal::Senseless { field: "populations", why } if why.contains("at most 200")),
        "{refused:?}"
    );
    log.act("priya", counted(200));
}

// proves: DIS-3 triage is structured: extent, what is wrong, which populations with about how many people, which systems
#[test]
fn a_triage_says_who_is_hit_how_and_by_what() {
    let mut log = open();
    assert_eq!(hits(&log), [("All staff".into(), 3_120), ("All students".into(), 18_400)], "whom the system serves");
    log.at(6);
    let said = TriageAct {
        populations: Some(vec![of("staff", 320), called("Visitors in the library", 40)]),
        systems: ids(&["printing"]),
        ..group()
    };
    assert_eq!(kinds(&log.act("priya", Act::Triage(said))), ["triaged", "changed"]);
    let incident = log.incident();
    assert_eq!((incident.triaged_at, incident.affected), (Some(at(6)), Some(Extent::Group)));
    assert_eq!(
        hits(&log),
        [("All staff".into(), 320), ("All students".into(), 0), ("Visitors in the library".into(), 40)]
    );
    assert_eq!(log.incident().head_count(), 360);
    let systems: Vec<_> = log.incident().systems.iter().map(|s| (s.id.as_str(), s.condition)).collect();
    assert_eq!(systems, [("directory", Some(Condition::Down)), ("printing", Some(Condition::Down))]);

    // A second one: a number is changed, and what is not meant any more is not counted. The first stays readable.
    log.at(9);
    log.act("priya", Act::Triage(TriageAct { populations: Some(vec![of("staff", 500)]), ..group() }));
    assert_eq!(hits(&log), [("All staff".into(), 500), ("All students".into(), 0)]);
    let revisions: Vec<_> = log.incident().triages.iter().map(|t| t.found.populations[0].people).collect();
    assert_eq!((revisions, log.incident().triaged_at), (vec![320, 500], Some(at(6))), "every revision is kept");
    let form = muster_core::form::Form::of(log.incident(), &log.entries, log.now);
    assert_eq!(form.field("populations").unwrap().value, ["All staff 500"]);
}

#[test]
fn whom_an_added_system_serves_is_hit_whole_until_somebody_says_otherwise() {
    let mut log = Log::declared();
    log.act("priya", Act::Triage(TriageAct { systems: ids(&["email"]), populations: Some(Vec::new()), ..group() }));
    assert_eq!(hits(&log), [("All staff".into(), 3_120)]);
    log.act("priya", Act::AddSystem { system: "directory".into() });
    assert_eq!(hits(&log), [("All staff".into(), 3_120), ("All students".into(), 18_400)], "it came since");
    log.act("priya", Act::Triage(TriageAct { populations: Some(vec![called("all STAFF", 5)]), ..group() }));
    assert_eq!(hits(&log), [("All staff".into(), 5), ("All students".into(), 0)], "the directory's, by its name");
}

#[test]
fn a_condition_that_an_alert_gave_is_not_overwritten() {
    let mut log = open();
    log.act("priya", Act::AddSystem { system: "email".into() });
    log.act("priya", Act::Triage(TriageAct { fault: Fault::Degraded, ..group() }));
    let systems: Vec<_> = log.incident().systems.iter().map(|s| (s.id.as_str(), s.condition)).collect();
    assert_eq!(systems, [("directory", Some(Condition::Down)), ("email", Some(Condition::Degraded))]);
}

// proves: DIS-3 one user or workstation / a group / a site / everyone; system up but network down / down / degraded / unknown
#[test]
fn what_is_wrong_says_how_a_system_is_and_extents_are_four() {
    let extents = Extent::ALL.map(Extent::words);
    assert_eq!(extents, ["one user or workstation", "a group", "a building or site", "everyone"]);
    for (fault, words, leaves) in [
        (Fault::NetworkDown, "system up, network down", Some(Condition::Down)),
        (Fault::Down, "system down", Some(Condition::Down)),
        (Fault::Degraded, "degraded", Some(Condition::Degraded)),
        (Fault::Unknown, "not known yet", None),
    ] {
        assert!(Fault::ALL.contains(&fault) && fault.words() == words);
        for extent in Extent::ALL {
            let mut log = Log::declared();
            log.act("priya", Act::Triage(TriageAct { extent, fault, systems: ids(&["email"]), ..group() }));
            let incident = log.incident();
            assert_eq!((incident.affected, incident.systems[0].condition), (Some(extent), leaves), "{fault:?}");
        }
    }
}

#[test]
fn what_makes_no_sense_is_refused_with_its_field() {
    let mut log = Log::declared();
    for (what, said, field) in [
        ("a system that is none", TriageAct { systems: ids(&["nowhere"]), ..group() }, "systems"),
        ("a population that is none", TriageAct { populations: Some(vec![of("cats", 3)]), ..group() }, "populations"),
        ("without a name", TriageAct { populations: Some(vec![called(" ", 3)]), ..group() }, "populations"),
        (
            "twice",
            TriageAct { populations: Some(vec![of("staff", 3), called("All Staff", 4)]), ..group() },
            "populations",
        ),
        ("another severity without a reason", TriageAct { severity: Some(Severity::Critical), ..group() }, "reason"),
    ] {
        let refusal = log.acts("priya", Act::Triage(said)).unwrap_err();
        assert_eq!(refusal.field(), Some(field), "{what}: {refusal}");
    }
    assert_eq!(log.incident().triage(), None);
    log.restore(0);
    assert!(matches!(log.acts("priya", Act::Triage(group())), Err(Refusal::WrongState { .. })));
}

#[test]
fn two_who_triage_at_once_see_each_other() {
    let mut log = open();
    let seen = Some(log.incident().seq);
    log.act("priya", Act::Triage(TriageAct { seen, ..group() }));
    let late = log.acts("marta", Act::Triage(TriageAct { seen, extent: Extent::One, ..group() }));
    assert!(
        matches!(&late, Err(Refusal::ChangedMeanwhile { by, theirs, .. }) if by == "Priya Raman" && theirs.contains("A group")),
        "{late:?}"
    );
}

// proves: DIS-3 being triaged is owed by the Incident Manager, ten minutes after taking charge of an open incident
#[test]
fn triage_is_owed_by_whoever_is_in_charge() {
    let mut log = Log::suspected();
    log.at(3);
    log.answer("priya", Answer::Take);
    assert_eq!(log.duty(DutyKind::Triage, "1"), None, "it owes to be judged first");
    log.at(9);
    log.act("priya", Act::Confirm);
    let duty = log.duty(DutyKind::Triage, "1").unwrap();
    assert_eq!((duty.since, duty.due, duty.settled), (at(9), at(19), None));
    assert_eq!(duty.owed_by.unwrap().id.as_str(), "priya");
    log.at(12);
    log.act("marta", Act::Triage(group()));
    assert_eq!(log.duty(DutyKind::Triage, "1").unwrap().settled, Some(at(12)));

    let mut log = Log::declared();
    assert_eq!(log.duty(DutyKind::Triage, "1").unwrap().due, at(10), "from taking charge, which was at once");
    log.org.policy.triage_within = minutes(60);
    log.restore(0);
    assert_eq!(log.duty(DutyKind::Triage, "1"), None, "what is over is not triaged any more");
}

// proves: DIS-4 it is due ten minutes after triage and at the latest thirty minutes after discovery
#[test]
fn who_must_be_told_directly_is_told_soon_after_triage() {
    for (triaged, due) in [(None, 30), (Some(5), 15), (Some(19), 29), (Some(20), 30), (Some(29), 30)] {
        let mut log = open();
        if let Some(m) = triaged {
            log.at(m);
            log.act("priya", Act::Triage(group()));
        }
        for name in ["User support", "Server management"] {
            assert_eq!(log.duty(DutyKind::TellDirectly, name).unwrap().due, at(due), "triaged at {triaged:?}");
        }
        log.at(29);
        log.act("priya", Act::Triage(group()));
        let again = log.duty(DutyKind::TellDirectly, "User support").unwrap().due;
        assert_eq!(again, at(due), "a later triage puts nothing off");
    }
}

#[test]
fn a_suspected_incident_may_be_triaged_and_stays_suspected() {
    let mut log = Log::suspected();
    log.act("adaeze", Act::Triage(group()));
    assert_eq!(log.state(), State::Suspected);
    let owed: Vec<_> = duties(log.incident()).into_iter().map(|d| d.id.kind).collect();
    assert_eq!(owed, [DutyKind::ReachSomebody], "nothing more is owed for it");
}

/// What the default matrix says.
fn says(extent: Extent, people: u64, kind: Kind, in_usage: Option<bool>, urgency: Urgency) -> (Impact, u8, String) {
    let of = Some(1_150).filter(|_| people > 0);
    let policy = Policy::default();
    let kind_words = policy.words_of(&kind);
    let found = Findings { extent, people, of, kind: &kind, kind_words, in_usage, urgency };
    let advice = Matrix::default().advise(&found);
    (advice.impact, advice.severity.number(), advice.why)
}

// proves: DEF-5 severity comes from impact (populations, kind, usage hours) and urgency
#[test]
fn the_matrix_makes_a_severity_of_impact_and_urgency() {
    use Extent::{Everyone, Group, One, Site};
    use Impact::{Extensive, High, Low, Medium};
    let (used, idle) = (Some(true), Some(false));
    for (extent, people, kind, in_usage, impact, severities) in [
        (Everyone, 0, Kind::OTHER, used, Extensive, [1, 1, 2]),
        (Everyone, 0, Kind::OTHER, None, Extensive, [1, 1, 2]), // nobody knows the hours: as if it were used
        (Everyone, 0, Kind::OTHER, idle, High, [2, 2, 3]),
        (Group, 1_000, Kind::OTHER, used, Extensive, [1, 1, 2]),
        (Group, 999, Kind::OTHER, used, High, [2, 2, 3]),
        (Group, 320, Kind::DEPARTMENTAL, used, High, [2, 2, 3]),
        (Group, 320, Kind::DEPARTMENTAL, idle, Medium, [2, 3, 4]),
        (Site, 0, Kind::OTHER, used, High, [2, 2, 3]),
        (Site, 0, Kind::OTHER, idle, Medium, [2, 3, 4]),
        (One, 1, Kind::ORGANISATION_WIDE, used, High, [2, 2, 3]),
        (One, 1, Kind::ORGANISATION_WIDE, idle, Low, [3, 4, 4]),
        (One, 1, Kind::SECURITY, idle, High, [2, 2, 3]),
        (Group, 0, Kind::OTHER, used, Medium, [2, 3, 4]),
        (Group, 0, Kind::OTHER, idle, Low, [3, 4, 4]),
        (One, 10, Kind::OTHER, used, Medium, [2, 3, 4]),
        (One, 9, Kind::DEGRADED, used, Low, [3, 4, 4]),
        (Everyone, 20_000, Kind::PREDICTED, used, Low, [3, 4, 4]), // nothing is lost yet
    ] {
        let got = Urgency::ALL.map(|urgency| says(extent, people, kind.clone(), in_usage, urgency));
        assert!(got.iter().all(|(i, _, _)| *i == impact), "{extent:?} {people} {kind:?} {in_usage:?}: {got:?}");
        assert_eq!(got.map(|(_, severity, _)| severity), severities, "{extent:?} {people} {kind:?} {in_usage:?}");
    }
}

// proves: DEF-5 the triage shows what the matrix says, and why
#[test]
fn the_matrix_says_why() {
    let why = |extent, people, kind, in_usage| says(extent, people, kind, in_usage, Urgency::High).2;
    for (said, words) in [
        (
            why(Extent::Group, 320, Kind::OTHER, Some(true)),
            "320 of 1,150 people, in usage hours: impact high; urgency high: severity 2",
        ),
        (
            why(Extent::Site, 0, Kind::OTHER, Some(false)),
            "a building or site, outside usage hours: impact medium; urgency high: severity 2",
        ),
        (
            why(Extent::One, 1, Kind::SECURITY, None),
            "Security event, 1 of 1,150 people: impact high; urgency high: severity 2",
        ),
        (
            why(Extent::Everyone, 1_150, Kind::OTHER, None),
            "about 1,150 people: impact extensive; urgency high: severity 1",
        ),
    ] {
        assert_eq!(said, words);
    }
}

// proves: DEF-5 the matrix is policy data
#[test]
fn the_matrix_is_policy_data() {
    let mut org = org();
    let rule = ImpactRule { is: Impact::Extensive, extent: None, people: None, kinds: vec![], usage_hours: None };
    org.policy.severity.impact = vec![rule];
    let mut log = Log::suspected_in(org);
    log.act("priya", Act::Triage(TriageAct { extent: Extent::One, populations: Some(vec![]), ..group() }));
    assert_eq!(log.incident().severity, Some(Severity::Critical));
    log.org.policy.severity.impact.clear();
    log.act("priya", Act::Triage(group()));
    assert_eq!(log.incident().severity, Some(Severity::Critical), "the policy that the incident began under holds");
}

// proves: DEF-5 usage hours make a difference, and a person may choose another severity with a reason
#[test]
fn the_severity_is_the_matrixs_word_or_a_persons_with_a_reason() {
    let mut org = org();
    office_hours(&mut org, "directory");
    let staff = |people| TriageAct { populations: Some(vec![of("staff", people)]), ..group() };
    let mut log = Log::suspected_in(org.clone());
    let facts = log.act("priya", Act::Triage(staff(320)));
    let Fact::Changed(changed) = &facts[1] else { panic!("{facts:?}") };
    assert_eq!(changed.to, Change::Severity(Some(Severity::Major)));
    let why = "320 of 21,520 people, in usage hours: impact high; urgency high: severity 2";
    assert_eq!((found(&log).advice.why.as_str(), &changed.reason), (why, &format!("the policy’s matrix, {why}")));

    // Another, with a reason. It stands as long as a person says so.
    let other = |reason: &str| TriageAct { severity: Some(Severity::Critical), reason: reason.into(), ..staff(320) };
    assert!(matches!(log.acts("priya", Act::Triage(other(" "))), Err(Refusal::Missing { field: "reason", .. })));
    log.act("priya", Act::Triage(other("exam day")));
    assert_eq!(log.incident().severity, Some(Severity::Critical));
    assert_eq!(kinds(&log.act("priya", Act::Triage(other("")))), ["triaged"], "it is so already");
    log.act("priya", Act::Triage(staff(320)));
    assert_eq!(
        (log.incident().severity, log.incident().severity_highest),
        (Some(Severity::Major), Some(Severity::Critical))
    );

    // At night it hurts less.
    let mut night = Log::new(org);
    night.now = t("2026-11-17T22:00:00Z");
    let by = night.declaration("priya");
    let by = muster_core::incident::Declaration { system: Some("directory".into()), ..by };
    let by = muster_core::incident::OpenBy::Person(by);
    night.does(muster_core::incident::Command::Open { number: "2026-001".into(), by });
    night.act("priya", Act::Triage(TriageAct { urgency: Urgency::Low, ..staff(320) }));
    assert!(found(&night).advice.why.contains("outside usage hours: impact medium"), "{:?}", found(&night).advice);
    assert_eq!(night.incident().severity, Some(Severity::Low));
}
