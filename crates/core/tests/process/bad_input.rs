//! What makes no sense is refused with the field and what to do, and leaves nothing behind.

use crate::fixture::*;
use muster_core::contact::{Answer, MeansKind, Outcome, Proof};
use muster_core::entry::{Affected, Change, Fact, Kind, Moment, NoteKind, Told, Via};
use muster_core::incident::{Act, Command, Count, Declaration, OpenBy, To, TriageAct, decide};
use muster_core::incident::{Incident, LINE_MAX, Scene, TEXT_MAX};
use muster_core::refusal::Refusal;
use muster_core::subject::Subject;
use muster_core::system::{Condition, Scope};

fn change(to: Change) -> Act {
    Act::Change { to, reason: "by measurement".into(), seen: None }
}

fn note(text: String, m: i64) -> Act {
    Act::Note { kind: NoteKind::Activity, text, happened_at: Some(at(m)) }
}

#[test]
fn a_declaration_that_makes_no_sense_is_refused() {
    let moment = |m| Some(Moment { at: at(m), estimate: true });
    let log = Log::new(org());
    let fine = || log.declaration("priya");
    for (what, said, expected) in [
        ("fine", fine(), None),
        ("a title at the limit", Declaration { title: "ü".repeat(LINE_MAX), ..fine() }, None),
        ("no title", Declaration { title: " \t".into(), ..fine() }, Some(("missing", "title"))),
        ("too long", Declaration { title: "ü".repeat(LINE_MAX + 1), ..fine() }, Some(("too-long", "title"))),
        ("down in the future", Declaration { went_down: moment(2), ..fine() }, Some(("senseless", "went-down"))),
        ("unknown system", Declaration { system: Some("nope".into()), ..fine() }, Some(("unknown", "system"))),
        (
            "discovered in the future",
            Declaration { discovered_at: Some(at(2)), ..fine() },
            Some(("senseless", "discovered-at")),
        ),
        (
            "discovered before it went down",
            Declaration { told: Told::Paper, discovered_at: Some(at(-50)), went_down: moment(-40), ..fine() },
            Some(("senseless", "discovered-at")),
        ),
    ] {
        let mut log = Log::new(org());
        let refused = log.sends(Command::Open { number: "2026-001".into(), by: OpenBy::Person(said) }).err();
        let came = refused.as_ref().map(|r| (r.code(), r.field().unwrap_or_default()));
        assert_eq!(came, expected, "{what}");
        assert_eq!(log.entries.is_empty(), expected.is_some(), "{what}");
    }
}

#[test]
fn an_act_that_makes_no_sense_is_refused_and_leaves_nothing() {
    let long = || "x".repeat(TEXT_MAX + 1);
    let of = |name: &str| Affected {
        id: name.into(),
        name: "made up".into(),
        scope: Scope::Departmental,
        condition: None,
        owner: None,
        populations: Vec::new(),
    };
    let contact = |tell: Option<&str>, person: &str, m| Act::Contact {
        tell: tell.map(str::to_owned),
        person: person.into(),
        means: MeansKind::Call,
        outcome: Outcome::NoAnswer,
        said: String::new(),
        happened_at: Some(at(m)),
    };
    for (what, act, code, field) in [
        ("an empty note", note("\n ".into(), 0), "missing", "text"),
        ("a long note", note(long(), 0), "too-long", "text"),
        ("a note from the future", note("later".into(), 2), "senseless", "happened-at"),
        ("a contact in the future", contact(None, "ben", 2), "senseless", "happened-at"),
        ("nobody of that name", contact(None, "nobody", 0), "unknown", "person"),
        ("no such duty", contact(Some("The press"), "ben", 0), "unknown", "tell"),
        ("not of that list", contact(Some("User support"), "marta", 0), "senseless", "person"),
        ("no such entry", Act::Correct { entry: 99, text: "x".into(), happened_at: None }, "not-that-entry", "entry"),
        ("entry 0", Act::Correct { entry: 0, text: "x".into(), happened_at: None }, "not-that-entry", "entry"),
        ("an empty correction", Act::Correct { entry: 1, text: String::new(), happened_at: None }, "missing", "text"),
        ("an opening taken back", Act::TakeBack { entry: 1, reason: "x".into() }, "not-that-entry", "entry"),
        ("no reason", Act::TakeBack { entry: 1, reason: String::new() }, "missing", "reason"),
        (
            "no reason to hand over",
            Act::HandOver { to: To::Person("ben".into()), reason: " ".into(), brief: String::new() },
            "missing",
            "reason",
        ),
        ("no such system", Act::AddSystem { system: "nope".into() }, "unknown", "system"),
        ("a system that is nowhere", change(Change::System(of("nope"))), "unknown", "system"),
        ("no such alert", Act::LeaveAlert { alert: "nope".into(), reason: "x".into() }, "unknown", "alert"),
        ("an empty title", change(Change::Title("  ".into())), "missing", "title"),
        ("a long title", change(Change::Title("x".repeat(LINE_MAX + 1))), "too-long", "title"),
        ("empty symptoms", change(Change::Symptoms(String::new())), "missing", "symptoms"),
        ("a long cause", change(Change::Cause(long())), "too-long", "cause"),
        ("made planned work", change(Change::Kind(Kind::PLANNED)), "senseless", "kind"),
        (
            "down in the future",
            change(Change::WentDown(Some(Moment { at: at(2), estimate: true }))),
            "senseless",
            "went-down",
        ),
        ("restored again", change(Change::RestoredAt(at(0))), "wrong-state", ""),
        ("confirmed again", Act::Confirm, "wrong-state", ""),
    ] {
        let mut log = Log::declared();
        let before = (log.incident().clone(), log.entries.len());
        let refused = log.acts("priya", act).unwrap_err();
        assert_eq!((refused.code(), refused.field().unwrap_or_default()), (code, field), "{what}: {refused}");
        assert!(refused.to_string().ends_with(['.', '?']), "a sentence that says what to do: {refused}");
        assert_eq!((log.incident().clone(), log.entries.len()), before, "{what}");
    }
}

#[test]
fn a_command_for_what_is_not_there_is_refused_or_changes_nothing() {
    let mut log = Log::suspected();
    let answer = |summons: &str, person: &str| Command::Answer {
        summons: summons.into(),
        person: person.into(),
        answer: Answer::Take,
        via: Via::Link,
    };
    let summons = log.summons().id.0.clone();
    assert!(matches!(log.sends(answer("nope", "priya")), Err(Refusal::Unknown { field: "summons", .. })));
    assert_eq!(log.sends(answer(&summons, "ben")), Err(Refusal::NotAsked));
    for quiet in [
        Command::Grade {
            summons: "nope".into(),
            attempt: "nope".into(),
            outcome: Outcome::Sent,
            detail: String::new(),
        },
        Command::Grade {
            summons: summons.as_str().into(),
            attempt: "nope".into(),
            outcome: Outcome::Sent,
            detail: String::new(),
        },
        Command::AlertRecovered { alert: "nope".into(), detail: String::new(), at: at(0) },
        Command::JoinAlert(news(alert("directory", Condition::Down))), // it is here already
    ] {
        assert_eq!(log.sends(quiet.clone()), Ok(vec![]), "{quiet:?}");
    }
    let open = Command::Open { number: "2".into(), by: OpenBy::Person(log.declaration("ben")) };
    assert!(matches!(log.sends(open), Err(Refusal::WrongState { act: "open", .. })));
    let subject = "subject-9".into();
    let scene = Scene { now: at(0), up_since: at(0), subject: &subject, org: &log.org, channels: &MeansKind::ALL };
    assert!(matches!(decide(None, &Command::Tick, scene), Err(Refusal::Unknown { what: "incident", .. })));
}

#[test]
fn of_two_people_at_once_the_second_sees_what_the_first_wrote() {
    let mut log = Log::declared();
    log.act("priya", Act::AddSystem { system: "directory".into() });
    log.act("priya", Act::AddSystem { system: "email".into() });
    let seen = Some(log.incident().seq);
    let set = |to: Change| Act::Change { to, reason: "seen".into(), seen };
    let is = |log: &Log, id: &str, condition| {
        let known = log.incident().systems.iter().find(|s| s.id == id.into()).unwrap();
        Change::System(Affected { condition: Some(condition), ..known.clone() })
    };
    let down = |log: &Log, id: &str| is(log, id, Condition::Down);
    log.act("marta", set(Change::Title("the directory is down".into())));
    log.act("priya", set(Change::Cause("a different field".into())));
    let refused = log.acts("priya", set(Change::Title("sign-in fails".into()))).unwrap_err();
    let Refusal::ChangedMeanwhile { field, theirs, by } = &refused else { panic!("{refused:?}") };
    assert_eq!((*field, theirs.as_str(), by.as_str()), ("title", "the directory is down", "Marta Lindqvist"));

    log.act("marta", set(down(&log, "directory")));
    log.act("priya", set(down(&log, "email"))); // another system is another place
    let worse = is(&log, "directory", Condition::Degraded);
    assert!(matches!(log.acts("priya", set(worse)), Err(Refusal::ChangedMeanwhile { field: "system", .. })));

    let restore = Act::Restore { at: at(0), cause: "a full disk".into(), resolution: "emptied".into() };
    let seen = Some(log.incident().seq);
    log.act("marta", restore);
    for to in [Change::Cause("a slow disk".into()), Change::Resolution("waited".into()), Change::RestoredAt(at(0))] {
        let stale = Act::Change { to: to.clone(), reason: String::new(), seen };
        assert!(matches!(log.acts("priya", stale), Err(Refusal::ChangedMeanwhile { .. })), "{to:?}");
        log.act("priya", Act::Change { to, reason: String::new(), seen: Some(log.incident().seq) });
    }
}

#[test]
fn a_changed_system_is_taken_as_the_directory_has_it() {
    let mut log = Log::declared();
    let made_up = Affected {
        id: "directory".into(),
        name: "lies".into(),
        scope: Scope::Departmental,
        condition: Some(Condition::Degraded),
        owner: None,
        populations: Vec::new(),
    };
    log.act("priya", change(Change::System(made_up)));
    let [system] = log.incident().systems.as_slice() else { panic!() };
    assert_eq!((system.name.as_str(), system.condition), ("Directory", Some(Condition::Degraded)));
    assert_eq!(log.incident().head_count(), 21_520);
}

#[test]
fn a_log_of_a_later_release_is_read_only() {
    let mut log = Log::declared();
    let mut record = log.entries[1].to_record();
    (record.seq, record.kind, record.version) = (3, "teleported".into(), 9);
    record.body = r#"{"by":"Priya Raman","fact":{"where":"Mars"},"more":[1]}"#.into();
    let later = muster_core::entry::Entry::from_record(&record).unwrap();
    assert_eq!((later.author.name(), later.to_record()), ("Priya Raman", record));
    assert!(matches!(&later.fact, Fact::Unknown { kind, version: 9, .. } if kind == "teleported"));
    log.entries.push(later);
    let incident = Incident::fold(&log.entries).unwrap();
    assert!(incident.newer);
    let subject = "subject-1".into();
    let scene = Scene { now: at(1), up_since: at(0), subject: &subject, org: &log.org, channels: &MeansKind::ALL };
    let act = Act::Confirm;
    let open = Command::Open { number: "2".into(), by: OpenBy::Person(log.declaration("ben")) };
    for command in [Command::Tick, Command::Act { by: log.person("priya"), act }, open] {
        assert_eq!(decide(Some(&incident), &command, scene), Err(Refusal::NewerRelease), "{command:?}");
    }
}

#[test]
fn a_time_that_cannot_be_meant_is_refused() {
    let mut log = Log::declared();
    let contact = |m: i64| Act::Contact {
        tell: Some("User support".into()),
        person: "ben".into(),
        means: MeansKind::Call,
        outcome: Outcome::Reached(Proof::Spoken),
        said: String::new(),
        happened_at: Some(at(m)),
    };
    let field = |log: &mut Log, act| log.acts("priya", act).unwrap_err().field();
    assert_eq!(field(&mut log, contact(-10_000)), Some("happened-at"), "nobody can be told a week before");
    let restore = Act::Restore { at: t("0001-01-01T00:00:00Z"), cause: String::new(), resolution: "x".into() };
    assert_eq!(field(&mut log, restore), Some("at"));
    let down = Change::WentDown(Some(Moment { at: t("1970-01-01T00:00:00Z"), estimate: true }));
    assert_eq!(field(&mut log, Act::Change { to: down, reason: String::new(), seen: None }), Some("went-down"));
    assert!(!log.act("priya", contact(0)).is_empty());
}

// proves: DIS-4 nobody was told of a disruption before it began
#[test]
fn a_contact_before_it_began_settles_nothing() {
    let mut log = Log::open();
    let contact = |person: &str, m| Act::Contact {
        tell: None,
        person: person.into(),
        means: MeansKind::Call,
        outcome: Outcome::Reached(Proof::Spoken),
        said: "he knows".into(),
        happened_at: Some(at(m)),
    };
    assert_eq!(log.acts("priya", contact("daniel", -2_000)).unwrap_err().field(), Some("happened-at"));
    log.act("priya", contact("daniel", 0));
}

#[test]
fn times_that_contradict_the_log_are_refused() {
    let mut log = Log::open();
    let set = |to| Act::Change { to, reason: "the probes say so".into(), seen: None };
    log.at(20);
    let down = |m| Change::WentDown(Some(Moment { at: at(m), estimate: false }));
    assert_eq!(log.acts("priya", set(down(10))).unwrap_err().field(), Some("went-down"), "after it was discovered");
    log.act("priya", set(down(-1)));
    log.restore(20);
    log.at(30);
    log.act("priya", Act::Reopen { reason: "lost again".into() });
    log.at(40);
    let restore = |m| Act::Restore { at: at(m), cause: String::new(), resolution: "restarted".into() };
    assert_eq!(log.acts("priya", restore(25)).unwrap_err().field(), Some("at"), "before it was open again");
    log.act("priya", restore(35));
    assert!(log.acts("priya", set(Change::RestoredAt(at(25)))).is_err());
}

#[test]
fn nobody_declines_what_somebody_does() {
    let mut log = Log::open();
    log.act("adaeze", Act::TakeCommunications);
    let refused = log.acts("priya", Act::DeclineCommunicator { reason: "it is small".into() });
    assert!(matches!(refused, Err(Refusal::Over { .. })), "{refused:?}");
}

#[test]
fn no_more_people_are_hit_than_there_are() {
    let mut log = Log::open();
    let count = |people| Count { population: Some("students".into()), name: String::new(), people };
    let triage = |people| Act::Triage(TriageAct { populations: Some(vec![count(people)]), ..crate::triage::group() });
    let why = log.acts("priya", triage(10_000_000)).unwrap_err().to_string();
    assert!(why.contains("“All students” is"), "{why}");
    log.act("priya", triage(10));
}

#[test]
fn what_stands_there_is_not_written_again_and_nothing_is_no_text() {
    let mut log = Log::open();
    let set = |text: &str| Act::Change { to: Change::Symptoms(text.into()), reason: String::new(), seen: None };
    assert_eq!(log.act("priya", set("sign-in fails")).len(), 1);
    assert!(log.act("priya", set(" sign-in fails ")).is_empty());
    let note = Act::Note { kind: NoteKind::Other, text: "\0".into(), happened_at: None };
    assert_eq!(log.acts("priya", note).unwrap_err().field(), Some("text"));
}
