//! What the log of a page shows.

use super::*;
use crate::web::pages::draw::sample::{Story, at, eyes_of, plain};
use crate::web::view::parts::{Entry as Shown, EntryChange, Icon, Tone};
use muster_core::contact::{MeansKind, Outcome, Proof};
use muster_core::entry::Fact;
use muster_core::incident::{Act, Command};

fn shown(story: &Story, wanted: &Wanted, me: &'static str, returned: Option<Returned>) -> Log {
    let (incident, times) = (story.incident(), story.times(60));
    let entries: Vec<_> =
        story.entries.iter().rev().filter(|e| wanted.before.is_none_or(|b| e.seq < b)).cloned().collect();
    let stamp = Stamp { act: "01jcw2v7q3f8".into(), seen: Some(incident.seq) };
    let source = Source {
        incident: &incident,
        entries: &entries,
        wanted,
        checked: Some(Ok(())),
        others: &["Marta Lindqvist".into(), "Ben Tallis".into()],
        stamp: &stamp,
        returned,
    };
    log(&source, &eyes_of(me, &times))
}

fn entry(log: &Log, seq: u64) -> Shown {
    log.days.iter().flat_map(|d| &d.entries).find(|e| e.seq == seq).unwrap().clone()
}

// proves: DOC-4 a correction names the old entry, which stays readable
#[test]
fn corrections_and_mistakes_stay_readable_and_say_where_they_were_mended() {
    let mut story = Story::by_person();
    let noted = story.act(
        2,
        "ana",
        Act::Note { kind: NoteKind::Activity, text: "Tested from 3 rooms".into(), happened_at: Some(at(1)) },
    );
    let spoke = story.contact(3, "User support", "adaeze", MeansKind::Call, Outcome::Reached(Proof::Spoken));
    let corrected =
        story.act(4, "ben", Act::Correct { entry: noted, text: "Tested from 2 rooms".into(), happened_at: None });
    let back = story.take_back(5, "ana", spoke);
    let log = shown(&story, &Wanted::default(), "ana", None);
    let e = entry(&log, noted);
    assert_eq!((plain(&e.text), plain(&e.at)), ("Tested from 3 rooms".into(), "02:32".into()));
    assert_eq!(e.written.as_ref().map(plain).as_deref(), Some("written 02:33"));
    assert_eq!(e.superseded.as_ref().map(plain), Some(format!("Corrected in entry {corrected}")));
    let c = entry(&log, corrected);
    assert!(c.text.to_string().contains("<del>Tested from 3 rooms</del> <ins>Tested from 2 rooms</ins>"));
    let s = entry(&log, spoke);
    assert!(s.taken_back && s.acts.take_back.is_none());
    assert_eq!(s.superseded.as_ref().map(plain), Some(format!("Taken back in entry {back}")));
    assert_eq!(
        s.verdict.as_ref().map(|v| plain(&v.words)).as_deref(),
        Some("Direct contact, spoken: User support told")
    );
}

#[test]
fn what_a_monitor_sent_is_escaped_and_folded() {
    let log = shown(&Story::by_alert(), &Wanted::default(), "ana", None);
    let joined = entry(&log, 2);
    assert_eq!((joined.tone, joined.icon), (Tone::Red, Icon::Bolt));
    let html = joined.to_string();
    assert!(html.contains("&#60;b&#62;CRITICAL") && !html.contains("<b>CRITICAL"), "{html}");
    assert!(!plain(&joined.text).contains("CRITICAL"));
}

#[test]
fn the_part_that_was_asked_for_is_shown_with_the_way_on() {
    let mut story = Story::by_person();
    for n in 0..150 {
        story.act(2, "ana", Act::Note { kind: NoteKind::Task, text: format!("Task {n}"), happened_at: None });
    }
    let last = story.incident().seq;
    let numbers = |log: &Log| log.days.iter().flat_map(|d| &d.entries).map(|e| e.seq).collect::<Vec<_>>();
    let first = shown(&story, &Wanted::default(), "ana", None);
    assert_eq!(numbers(&first), (last - 19..=last).rev().collect::<Vec<_>>());
    let (href, words) = first.earlier.clone().unwrap();
    assert_eq!((href.as_str(), words.as_str()), (&*format!("?shown=35#e{}", last - 19), "Show 15 more entries"));
    let deep = Wanted { correct: Some(last - 60), ..Wanted::default() };
    assert!(numbers(&shown(&story, &deep, "ana", None)).contains(&(last - 60)), "the form that is wanted is there");
    let log = shown(&story, &Wanted { shown: Some(9_999), ..Wanted::default() }, "ana", None);
    assert_eq!(numbers(&log), (last - 99..=last).rev().collect::<Vec<_>>());
    assert_eq!(log.earlier.as_ref().unwrap().0, format!("?before={}#log", last - 99));
    assert_eq!(log.filters[0].label, format!("All {last}"));
    assert!(log.filters.iter().any(|f| f.label == "Task 150" && f.href == "?show=task#log"));
    let older = shown(&story, &Wanted { before: Some(last - 99), ..Wanted::default() }, "ana", None);
    assert_eq!((numbers(&older).first().copied(), numbers(&older).last().copied()), (Some(last - 100), Some(1)));
    assert_eq!(older.earlier, None);
    let staff = shown(&story, &Wanted { show: Some(NoteKind::Decision), ..Wanted::default() }, "ana", None);
    assert!(staff.days.iter().flat_map(|d| &d.entries).all(|e| e.kind == "decision"));
    assert_eq!(log.presence.as_deref(), Some("Marta Lindqvist and Ben Tallis are here too."));
}

#[test]
fn a_form_opens_at_its_entry_and_keeps_what_was_typed() {
    let mut story = Story::by_person();
    let spoke = story.contact(3, "User support", "adaeze", MeansKind::Call, Outcome::Reached(Proof::Spoken));
    let wanted = Wanted { take_back: Some(spoke), ..Wanted::default() };
    let form = entry(&shown(&story, &wanted, "ana", None), spoke).form.unwrap();
    assert_eq!(form.consequence.as_deref(), Some("User support counts as not told again."));
    assert_eq!(form.change, EntryChange::TakeBack(Field::default()));
    let returned = Returned {
        field: Field::wrong("mist", "Write why it was a mistake."),
        happened: Field::default(),
        refused: None,
    };
    let form = entry(&shown(&story, &wanted, "ana", Some(returned.clone())), spoke).form.unwrap();
    assert_eq!(form.change, EntryChange::TakeBack(returned.field));
    let correct = Wanted { correct: Some(spoke), ..Wanted::default() };
    let form = entry(&shown(&story, &correct, "ana", None), spoke).form.unwrap();
    assert!(matches!(form.change, EntryChange::Correct(_, None)), "the time of a contact is not corrected");
    let wrong = Wanted { take_back: Some(1), correct: Some(1), ..Wanted::default() };
    assert_eq!(entry(&shown(&story, &wrong, "ana", None), 1).form, None, "an opening can't be taken back");
    assert_eq!(entry(&shown(&story, &wanted, "reader", None), spoke).form, None);
}

// proves: DIS-4 a try and its outcome are entries; the page tells them on one line with the latest result
#[test]
fn a_try_and_what_came_of_it_are_one_line() {
    let mut story = Story::by_alert();
    let tried = |story: &Story| {
        let of = |e: &muster_core::entry::Entry| match &e.fact {
            Fact::Tried(f) => Some((e.seq, f.attempt.clone(), f.summons.clone())),
            _ => None,
        };
        story.entries.iter().filter_map(of).collect::<Vec<_>>()
    };
    let (first, attempt, summons) = tried(&story).remove(0);
    let mut grade = |minute, outcome| {
        let (summons, attempt, detail) = (summons.clone(), attempt.clone(), String::new());
        story.tell(minute, &Command::Grade { summons, attempt, outcome, detail }).unwrap();
        story.incident().seq
    };
    let sent = grade(2, Outcome::Sent);
    let failed = grade(3, Outcome::Failed);
    let of_next = tried(&story).last().unwrap().0;
    let result = (sent + 1..=failed).find(|seq| *seq != of_next).unwrap();
    let log = shown(&story, &Wanted::default(), "ana", None);
    let numbers: Vec<_> = log.days.iter().flat_map(|d| &d.entries).map(|e| e.seq).collect();
    assert!(numbers.contains(&result) && !numbers.contains(&first) && !numbers.contains(&sent), "{numbers:?}");
    let line = entry(&log, result);
    assert_eq!((plain(&line.text), plain(&line.at)), ("Priya Raman push: failed.".into(), "02:34".into()));
    let steps: Vec<_> = line.steps.iter().map(|s| (s.seq, plain(&s.at), plain(&s.text))).collect();
    let step = |seq, at: &str, text: &str| (seq, at.to_owned(), format!("Priya Raman {text}"));
    assert_eq!(
        steps,
        [
            step(first, "02:32", "gets a push at +44 7700 900 priya."),
            step(sent, "02:33", "push: sent."),
            step(result, "02:34", "push: failed."),
        ]
    );
    let html = line.to_string();
    assert!(
        html.contains(&format!("<details id=\"d{first}\">")),
        "open or not, it stays so when a result comes: {html}"
    );
    for seq in [first, sent, result] {
        assert_eq!(html.matches(&format!("id=\"e{seq}\"")).count(), 1, "each entry can be led to: {html}");
    }
    assert_eq!(entry(&log, of_next).steps, [], "nothing has come of the next one yet");
    assert_eq!(log.filters[0].label, format!("All {}", story.incident().seq), "the log itself is whole");
}
