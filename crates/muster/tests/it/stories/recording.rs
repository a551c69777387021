//! The log keeps itself, and can be proved.

use super::harness::{SMALL, Story, minutes, now};
use muster::ops::Failure;
use muster::store::{Sight, Tx, params};
use muster_core::contact::{MeansKind, Outcome, Proof};
use muster_core::entry::NoteKind;
use muster_core::ids::PersonId;
use muster_core::incident::{Act, State};
use muster_core::later;

fn managed() -> Story {
    Story::managed(SMALL)
}

fn spoke(outcome: Outcome) -> Act {
    Act::Contact {
        tell: Some("User support".into()),
        person: PersonId::from("cleo"),
        means: MeansKind::Call,
        outcome,
        said: String::new(),
        happened_at: None,
    }
}

#[test]
fn telling_user_support_is_owed_until_somebody_spoke() {
    let mut story = managed();
    assert!(story.owed().contains(&"Tell user support directly".to_owned()), "{:?}", story.owed());
    story.act("ana", spoke(Outcome::MessageLeft)).unwrap();
    assert!(story.owed().contains(&"Tell user support directly".to_owned()));
    story.act("ana", spoke(Outcome::Reached(Proof::Spoken))).unwrap();
    assert!(!story.owed().contains(&"Tell user support directly".to_owned()));
    let mistaken = story.incident().seq;
    story.act("ana", Act::TakeBack { entry: mistaken, reason: "Wrong number after all.".into() }).unwrap();
    assert!(story.owed().contains(&"Tell user support directly".to_owned()), "owed again");
}

// proves: DOC-2 a log without an entry for the phase's time is a duty of the IM
#[test]
fn a_silent_log_nags_the_incident_manager_and_an_entry_settles_it() {
    let mut story = managed();
    story.advance(minutes(15));
    let nag = story.expect("ana", MeansKind::Email);
    assert!(nag.text.subject.contains("late: Write down what has happened"), "{}", nag.text.subject);
    story.advance(minutes(5));
    let note = Act::Note { kind: NoteKind::Activity, text: "Restarting mail-1.".into(), happened_at: None };
    story.act("ana", note).unwrap();
    story.advance(minutes(14)); // without the entry the second reminder would come after ten
    let reminded: Vec<_> = std::iter::from_fn(|| story.next_message()).map(|m| m.text.subject).collect();
    assert!(!reminded.iter().any(|what| what.contains("Write down what has happened")), "{reminded:?}");
    assert!(!reminded.is_empty(), "others are late by then, so that reminders do come");
}

// proves: RES-3 restoring asks for the time, cause and resolution; the outage duration follows
#[test]
fn restoring_gives_the_outage_and_the_report_is_owed() {
    let mut story = managed();
    let down = story.incident().went_down.unwrap().at;
    story.advance(minutes(40));
    let restore = |at| Act::Restore { at, cause: "Full disk".into(), resolution: "Logs removed".into() };
    let early = story.act("ana", restore(later(down, -minutes(1)))).unwrap_err();
    assert!(early.to_string().contains("cannot be back before it went down"), "{early}");
    let future = story.act("ana", restore(later(story.time(), minutes(9)))).unwrap_err();
    assert!(future.to_string().contains("in the future"), "{future}");
    story.act("ana", restore(later(down, minutes(30)))).unwrap();
    let incident = story.incident();
    assert_eq!((incident.state, incident.outage(story.time())), (State::Restored, Some(minutes(30))));
    assert_eq!(story.owed(), ["Write the service disruption report"]);
    story.act("ana", Act::FileReport { reference: "Wiki, page 12".into() }).unwrap();
    assert!(story.owed().is_empty());
}

// proves: DOC-4 muster verify names the first thing that is not unbroken
#[test]
fn a_changed_entry_a_missing_one_and_a_missing_log_are_found() {
    let story = managed();
    let verdict = now(story.ops.verify()).unwrap();
    assert_eq!(verdict.wrong, None);
    assert!(verdict.proved.entries >= 5 && verdict.proved.logs == 2 && verdict.proved.audit > 5);
    for (sql, found) in [
        ("UPDATE entries SET body = body || ' ' WHERE seq = 3", "entry 3"),
        ("DELETE FROM entries WHERE seq = 2", "entry 2"),
        ("UPDATE entries SET happened_at = happened_at - 1 WHERE seq = 4", "entry 4"),
        ("DELETE FROM ledger WHERE n = 1", "ledger"),
        ("DELETE FROM entries", "missing"),
        ("DELETE FROM subjects", "missing"),
        ("UPDATE subjects SET number = '9999-999' WHERE kind = 'incident'", "does not say what its log says"),
        ("UPDATE subjects SET title = 'Nothing'", "does not say what its log says"),
        ("DELETE FROM alerts", "alert"),
        ("DELETE FROM signals", "signals were accepted"),
        ("UPDATE audit SET actor = 'nobody' WHERE seq = 2", "line 2 of the audit trail"),
    ] {
        let story = managed();
        let spoil = async move |tx: &mut Tx| Ok::<_, Failure>(tx.execute(sql, params![]).await?);
        assert!(now(story.ops.db().write(spoil)).unwrap() > 0, "{sql}");
        let wrong = now(story.ops.verify()).unwrap().wrong.unwrap_or_else(|| panic!("{sql} was not found"));
        assert!(wrong.contains(found), "{sql}: {wrong}");
    }
}

// proves: DOC-4 muster verify proves that an export is unbroken and complete, and names the first thing that is not
#[test]
fn any_changed_byte_of_an_export_is_found() {
    let mut story = managed();
    let note =
        Act::Note { kind: NoteKind::Decision, text: "Fail over “now”.\nThen tell.".into(), happened_at: None };
    story.act("ana", note).unwrap();
    let log = now(story.ops.whole_log(Sight::all(), "2026-001")).unwrap();
    let form = muster_core::form::Form::of(&log.stored.folded, &log.entries, story.time());
    let file = muster::documents::export::write(&log, &form, story.ops.signing_key(), story.time()).unwrap();
    let verified = muster::documents::export::verify(&file).unwrap();
    assert_eq!((verified.number.as_str(), verified.entries), ("2026-001", log.entries.len() as u64));
    assert_eq!(verified.head, log.stored.head);
    // Every byte would take a minute; every seventh visits every line and every kind of value.
    for at in (0..file.len()).step_by(7) {
        for bit in [0x01, 0x20] {
            let mut changed = file.clone();
            changed[at] ^= bit;
            assert!(muster::documents::export::verify(&changed).is_err(), "byte {at} of {}", file.len());
        }
    }
    let text = String::from_utf8(file).unwrap();
    let wrong = |text: String| muster::documents::export::verify(text.as_bytes()).unwrap_err().to_string();
    let found = wrong(text.replace("Fail over", "Fail ever"));
    assert!(found.contains(&format!("entry {}", log.entries.len())), "{found}");
    assert!(wrong(text.replacen("\"number\"", "\"nomber\"", 1)).contains("line 4"));
    assert!(wrong(format!("{text}\n")).contains("line"));
}
