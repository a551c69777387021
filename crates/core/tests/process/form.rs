//! DOC-1, DOC-2, DOC-5: the paper that a log makes.

use crate::fixture::*;
use muster_core::contact::{Answer, MeansKind, Outcome, Proof};
use muster_core::custom::{Custom, CustomField, Holds, why_senseless};
use muster_core::entry::{Change, Kind, Moment, NoteKind, Severity, Via};
use muster_core::form::{Form, Note};
use muster_core::incident::{Act, Command, To};
use muster_core::refusal::Refusal;
use muster_core::system::Condition::{Degraded, Down};
use muster_core::{Span, later};

fn change(to: Change) -> Act {
    Act::Change { to, reason: "measured".into(), seen: None }
}

fn note(text: &str, m: i64) -> Act {
    Act::Note { kind: NoteKind::Change, text: text.into(), happened_at: Some(at(m)) }
}

/// The directory is down from about 08:53 to 10:11. Priya answers the second try, by a key on the call.
fn restored() -> Log {
    let mut alert_without_time = alert("directory", Down);
    alert_without_time.signal.happened_at = None;
    let mut log = Log::opened_by(org(), alert_without_time);
    log.grade(Outcome::Delivered);
    log.at(6);
    let (summons, person) = (log.summons().id.clone(), "priya".into());
    log.does(Command::Answer { summons, person, answer: Answer::Take, via: Via::Key });
    log.act("priya", Act::Confirm);
    log.act("priya", change(Change::WentDown(Some(Moment { at: at(-7), estimate: true }))));
    log.does(Command::JoinAlert(news(alert("email", Degraded))));
    log.at(10);
    log.contact(Some("User support"), "ben", MeansKind::Call, Outcome::MessageLeft).unwrap();
    log.spoke("User support", "adaeze");
    let wrong = log.spoke("Server management", "daniel");
    log.act("priya", Act::TakeBack { entry: wrong, reason: "that was Ruth".into() });
    log.at(37);
    log.spoke("Server management", "ruth");
    log.act("priya", change(Change::Severity(Some(Severity::Critical))));
    log.act("priya", change(Change::Severity(Some(Severity::Major))));
    log.act("marta", note("dir-01 restarted", 30));
    log.act("marta", Act::Correct { entry: log.incident().seq, text: "dir-02 restarted".into(), happened_at: None });
    log.at(75);
    log.act("priya", Act::Restore { at: at(71), cause: "a full disk".into(), resolution: "emptied".into() });
    log.at(90);
    log
}

fn form(log: &Log) -> Form {
    Form::of(log.incident(), &log.entries, log.now)
}

fn read(form: &Form, key: &str) -> (String, String) {
    let field = form.field(key).unwrap_or_else(|| panic!("no field {key}"));
    (field.value.join("; "), field.remark.clone())
}

// proves: DOC-1 the incident form: its sixteen fields in order, computed from the log
#[test]
fn the_form_is_computed_from_the_log() {
    let form = form(&restored());
    let expected = [
        (1, "Name", "Directory down: directory does not answer", ""),
        (2, "Reference number", "2026-001", ""),
        (3, "Date and time service went down", "About Tue 17 Nov 2026, 08:53 GMT", "estimate, entry 11"),
        (4, "Date and time recorded", "Tue 17 Nov 2026, 09:00 GMT", ""),
        (5, "Discovered or reported by", "Nagios, data centre A", "09:00 GMT"),
        (6, "Incident Manager", "Priya Raman, from 09:06 GMT", "nobody before"),
        (7, "Communications Manager", "Nobody", "the Incident Manager's duty"),
        (8, "Systems affected", "Directory (down); Email (degraded)", ""),
        (9, "System owner", "Ruth Abernathy (Directory)", ""),
        (10, "Populations affected", "All staff 3,120; All students 18,400", "together about 21,520 people"),
        (
            11,
            "Symptoms or problem description",
            "directory does not answer; email does not answer",
            "as the alerts say it",
        ),
        (
            12,
            "Staff involved",
            "Priya Raman; Marta Lindqvist; Adaeze Okonkwo",
            "Tried and not reached: Ben Tallis, Daniel Osei.",
        ),
        (13, "Determined cause", "a full disk", "entry 23"),
        (14, "Resolution", "emptied", "entry 23"),
        (15, "Date and time restored", "Tue 17 Nov 2026, 10:11 GMT", "entry 23"),
        (16, "Outage duration", "1 h 18 min", "08:53 GMT to 10:11 GMT"),
        (17, "Kind", "Organisation-wide service lost", ""),
        (18, "Severity at start, highest, end", "not assessed, 1, 2", "entry 20"),
        (
            19,
            "Told directly",
            "User support: Adaeze Okonkwo, 09:10 GMT; Server management: Ruth Abernathy, 09:37 GMT, due 09:30 GMT, 7 min late; Owner of Directory: Ruth Abernathy, 09:37 GMT",
            "",
        ),
        (20, "Report due", "Thu 19 Nov 2026, 17:00 GMT", ""),
        (21, "Person filling out form", "Priya Raman", "others and Muster where they stand in the last column"),
        (22, "Direct contacts", "3 in 6 tries", ""),
    ];
    let found: Vec<_> =
        form.fields.iter().map(|f| (f.number, &*f.label, f.value.join("; "), f.remark.clone())).collect();
    let expected: Vec<_> =
        expected.into_iter().map(|(n, label, value, remark)| (n, label, value.to_owned(), remark.to_owned())).collect();
    assert_eq!(found, expected);
    assert_eq!((form.state.as_str(), form.as_of.as_str()), ("Restored", "Tue 17 Nov 2026, 10:30 GMT"));
    let times: Vec<_> = form.fields.iter().filter_map(|f| Some((&*f.key, f.at?))).collect();
    let due = t("2026-11-19T17:00:00Z");
    let expected = [("went-down", -7), ("recorded", 0), ("discovered", 0), ("restored", 71)];
    assert_eq!(
        times,
        expected.map(|(key, m)| (key, at(m))).into_iter().chain([("report-due", due)]).collect::<Vec<_>>()
    );
}

// proves: DOC-1 every hand edit is itself a log entry, and the form names it
#[test]
fn an_edit_by_hand_is_an_entry_that_the_form_names() {
    let mut log = restored();
    for (key, to, value) in [
        ("symptoms", Change::Symptoms("nobody can sign in".into()), "nobody can sign in"),
        ("cause", Change::Cause("a log that nobody rotates".into()), "a log that nobody rotates"),
        ("resolution", Change::Resolution("rotated".into()), "rotated"),
        ("restored", Change::RestoredAt(at(60)), "Tue 17 Nov 2026, 10:00 GMT"),
        ("went-down", Change::WentDown(Some(Moment { at: at(-9), estimate: false })), "Tue 17 Nov 2026, 08:51 GMT"),
        ("went-down", Change::WentDown(None), "Not known"),
    ] {
        log.act("priya", change(to));
        let entry = format!("entry {}", log.incident().seq);
        assert_eq!(read(&form(&log), key), (value.to_owned(), entry), "{key}");
    }
    assert_eq!(read(&form(&log), "outage").0, "Not known");
}

// proves: DOC-1 who is Communications Manager, and since when; or why nobody is
#[test]
fn the_form_says_who_speaks_for_it() {
    let mut log = Log::open();
    assert_eq!(read(&form(&log), "communications"), ("Nobody".into(), "the Incident Manager's duty".into()));
    log.act("priya", Act::DeclineCommunicator { reason: "few are affected".into() });
    assert_eq!(read(&form(&log), "communications"), ("Nobody".into(), "none is needed: few are affected".into()));
    log.at(4);
    log.act("adaeze", Act::TakeCommunications);
    assert_eq!(read(&form(&log), "communications"), ("Adaeze Okonkwo, from 09:04 GMT".into(), String::new()));
}

#[test]
fn what_is_not_known_yet_is_said_plainly() {
    let log = Log::suspected();
    let form = form(&log);
    for (key, value) in [
        ("manager", "Nobody yet"),
        ("restored", "Not restored"),
        ("outage", "0 s so far"),
        ("cause", ""),
        ("resolution", ""),
        ("report-due", ""),
        ("severity", "Not assessed"),
        ("told", "User support: not told; Server management: not told"),
        ("filled-by", "Muster"),
        ("contacts", "0 in 1 try"),
        ("staff", ""),
    ] {
        assert_eq!(read(&form, key).0, value, "{key}");
    }
    assert_eq!(read(&form, "staff").1, "Tried and not reached: Priya Raman.");
    assert_eq!(read(&form, "went-down"), ("Tue 17 Nov 2026, 09:00 GMT".into(), String::new()), "the sender gave it");
}

#[test]
fn a_withdrawn_incident_lost_nothing_and_says_why() {
    let mut log = Log::suspected();
    log.act("adaeze", Act::Withdraw { reason: "a test of the probe".into() });
    log.at(600);
    let form = form(&log);
    assert_eq!(form.state, "Withdrawn");
    assert_eq!(read(&form, "outage").0, "None");
    let entry = format!("entry {}", log.entries.iter().find(|e| e.fact.kind() == "withdrawn").unwrap().seq);
    assert_eq!(read(&form, "resolution"), ("Withdrawn: a test of the probe".into(), entry));
}

#[test]
fn every_manager_stands_on_the_form_and_seconds_where_the_duration_needs_them() {
    let mut log = Log::declared();
    let down = Moment { at: later(at(0), Span::from_secs(-70)), estimate: false };
    log.act("priya", change(Change::WentDown(Some(down))));
    log.act(
        "priya",
        Act::HandOver { to: To::Person("marta".into()), reason: "your array".into(), brief: String::new() },
    );
    log.at(3);
    log.answer("marta", Answer::Take);
    log.restore(3);
    let form = form(&log);
    let managers = "Priya Raman, from 09:00 GMT; Marta Lindqvist, from 09:03 GMT";
    assert_eq!(read(&form, "manager"), (managers.into(), String::new()));
    assert_eq!(read(&form, "outage"), ("4 min".into(), "08:58:50 GMT to 09:03 GMT".into()));
    assert_eq!(read(&form, "discovered"), ("Priya Raman, who saw it".into(), "09:00 GMT".into()));
}

#[test]
fn a_try_is_a_contact_only_when_somebody_was_reached() {
    let mut log = Log::suspected();
    let contacts = |log: &Log| read(&form(log), "contacts").0;
    log.at(12);
    log.grade(Outcome::MessageLeft);
    assert_eq!(contacts(&log), "0 in 4 tries");
    log.answer("marta", Answer::Cannot);
    assert_eq!(contacts(&log), "1 in 4 tries", "who cannot was reached all the same");
    let (value, remark) = read(&form(&log), "staff");
    assert_eq!((value.as_str(), remark.as_str()), ("", "Tried and not reached: Priya Raman, Daniel Osei."));
    let entry = log.incident().seq;
    log.act("ben", Act::TakeBack { entry, reason: "a pocket".into() });
    assert_eq!(contacts(&log), "0 in 4 tries");
    log.act("ben", Act::TakeCharge);
    assert_eq!(contacts(&log), "0 in 4 tries", "nobody tried to reach him");
}

/// The notes that say something of `what`.
fn notes_about(form: &Form, what: &str) -> Vec<Note> {
    form.notes.iter().filter(|n| n.text.contains(what)).cloned().collect()
}

// proves: DOC-2 the notes: date and time, event or people contacted, kind, who filled it in; one for every entry
#[test]
fn the_notes_hold_every_entry_in_order() {
    let log = restored();
    let form = form(&log);
    let numbers: Vec<u64> = form.notes.iter().map(|n| n.number).collect();
    assert_eq!(numbers, (1..=log.incident().seq).collect::<Vec<_>>());
    assert_eq!(form.entry, log.incident().seq);
    let first = &form.notes[0];
    assert_eq!(
        (first.when.as_str(), first.kind, first.by.as_str()),
        ("Tue 17 Nov 2026, 09:00 GMT", "activity", "Muster")
    );
    assert!(first.text.starts_with("Suspected incident: Directory down"), "{}", first.text);
    let kinds: Vec<_> = ["spoke on the phone", "dir-01 restarted", "Service restored"]
        .map(|what| notes_about(&form, what)[0].kind)
        .into_iter()
        .collect();
    assert_eq!(kinds, ["contact", "change", "decision"]);
}

// proves: DOC-2 an entry that was written later says when
#[test]
fn a_note_written_later_says_so() {
    let form = form(&restored());
    let [late, _] = notes_about(&form, "restarted").try_into().unwrap();
    assert_eq!((late.when.as_str(), late.by.as_str()), ("Tue 17 Nov 2026, 09:30 GMT", "Marta Lindqvist"));
    assert_eq!((late.at, late.written_at), (at(30), at(37)));
    assert!(late.remarks.contains(&"Written 09:37 GMT.".to_owned()), "{:?}", late.remarks);
    let prompt = &notes_about(&form, "restored")[0];
    assert_eq!(prompt.remarks, ["Written 10:15 GMT."], "four minutes after it");
    assert!(form.notes[0].remarks.is_empty());
}

// proves: DOC-2 what was corrected or taken back stays readable, and names the entry that did
#[test]
fn corrected_and_taken_back_entries_stay_and_name_the_other() {
    let log = restored();
    let form = form(&log);
    let [wrong, correction] = notes_about(&form, "restarted").try_into().unwrap();
    assert_eq!(wrong.text, "dir-01 restarted");
    assert_eq!(wrong.corrected_in, [correction.number]);
    assert_eq!(wrong.remarks[1], format!("Corrected in entry {}.", correction.number));
    assert_eq!(correction.text, format!("Correction to entry {}: dir-02 restarted", wrong.number));
    let daniel = &notes_about(&form, "Daniel Osei spoke")[0];
    let by = daniel.taken_back_in.unwrap();
    assert_eq!(daniel.remarks, [format!("Taken back in entry {by}.")]);
    assert!(form.notes.iter().any(|n| n.number == by && n.text.contains("that was Ruth")));

    let mut twice = restored();
    twice.act("marta", Act::Correct { entry: wrong.number, text: "both were".into(), happened_at: None });
    let note = &notes_about(&self::form(&twice), "dir-01 restarted")[0];
    assert_eq!(note.corrected_in, [correction.number, twice.incident().seq]);
}

// proves: DIS-4 the notes say of a message left, sent or delivered that it does not count
#[test]
fn the_notes_say_what_a_contact_proves() {
    let form = form(&restored());
    for (what, says) in [
        ("Ben Tallis", "Voicemail: does not count."),
        ("Adaeze", "Direct contact, spoken: User support told."),
        ("takes it", "Direct contact, spoken."),
        ("push: delivered", "Delivered: does not count."),
    ] {
        let note = &notes_about(&form, what)[0];
        assert!(note.text.ends_with(says), "{}", note.text);
    }
}

// proves: DOC-5 the form with its log exports as JSON, with every time for machines and in the organisation's clocks
#[test]
fn the_form_exports_as_json() {
    let mut org = org();
    org.organisation.time_zone = "America/New_York".into();
    let log = Log::suspected_in(org);
    let json = serde_json::to_value(form(&log)).unwrap();
    assert_eq!(json["time_zone"], "America/New_York");
    assert_eq!(
        (&json["as_of"], &json["as_of_at"]),
        (&"Tue 17 Nov 2026, 04:00 EST".into(), &"2026-11-17T09:00:00Z".into())
    );
    let field = &json["fields"][3];
    assert_eq!(
        (&field["number"], &field["key"], &field["at"]),
        (&4.into(), &"recorded".into(), &"2026-11-17T09:00:00Z".into())
    );
    assert_eq!(field["value"][0], "Tue 17 Nov 2026, 04:00 EST");
    let note = &json["notes"][0];
    assert_eq!(
        (&note["number"], &note["at"], &note["by"]),
        (&1.into(), &"2026-11-17T09:00:00Z".into(), &"Muster".into())
    );
    assert_eq!(json["fields"].as_array().unwrap().len(), 22);
    assert_eq!(json["notes"].as_array().unwrap().len(), log.entries.len());
}

#[test]
fn a_call_that_is_answered_with_no_key_is_no_contact_of_ours_to_claim() {
    let mut log = Log::suspected();
    log.at(5);
    log.grade(Outcome::Reached(Proof::Spoken));
    assert_eq!(read(&form(&log), "contacts").0, "1 in 2 tries", "the provider says that she was spoken to");
    assert_eq!(log.manager(), None, "but she has not taken it");
}

/// Printing with a ticket number and a choice, for departmental incidents alone a day.
fn with_fields() -> muster_core::directory::Organisation {
    let mut org = crate::fixture::org();
    let field = |id: &str, words: &str, holds| CustomField {
        id: id.into(),
        words: words.into(),
        holds,
        kinds: Vec::new(),
        choices: Vec::new(),
    };
    org.fields = vec![
        field("ticket", "Ticket of the maker", Holds::Number),
        CustomField { choices: vec!["North".into(), "South".into()], ..field("site", "Site", Holds::Choice) },
        CustomField { kinds: vec![Kind::DEPARTMENTAL], ..field("since", "Since the day", Holds::Date) },
        field("witness", "Witness", Holds::Person),
        field("twin", "Twin system", Holds::System),
        field("remark", "Remark for the dean", Holds::Text),
    ];
    org
}

fn own(field: &str, value: &str) -> Act {
    change(Change::Custom(Custom { field: field.into(), words: String::new(), value: value.into() }))
}

// proves: DOC-3 fields are added to the form by the organisation: text, number, date, choice, person, system, per kind of incident
#[test]
fn fields_of_the_organisations_own_are_on_the_form() {
    let mut log = Log::suspected_in(with_fields());
    log.answer("priya", Answer::Take);
    let labels = |log: &Log| form(log).fields[22..].iter().map(|f| f.label.to_string()).collect::<Vec<_>>();
    assert_eq!(
        labels(&log),
        ["Ticket of the maker", "Site", "Witness", "Twin system", "Remark for the dean"],
        "not what is for other kinds"
    );
    for (field, typed, says) in [
        ("ticket", "12,5", "12.5"),
        ("site", "north", "North"),
        ("witness", "marta", "Marta Lindqvist"),
        ("witness", "Adaeze Okonkwo", "Adaeze Okonkwo"),
        ("twin", "Email", "Email"),
        ("remark", " Two\nlines ", "Two\nlines"),
    ] {
        log.act("priya", own(field, typed));
        let entry = format!("entry {}", log.incident().seq);
        assert_eq!(read(&form(&log), &format!("own-{field}")), (says.to_owned(), entry), "{field} {typed}");
    }
    log.act("priya", own("site", " "));
    assert_eq!(read(&form(&log), "own-site").0, "", "cleared");
    for (field, typed, wrong) in [
        ("ticket", "twelve", "value"),
        ("ticket", "1e400", "value"),
        ("site", "East", "value"),
        ("witness", "Nobody", "value"),
        ("twin", "nothing", "value"),
        ("since", "2026-11-17", "field"),
        ("nothing", "x", "field"),
    ] {
        assert_eq!(log.acts("priya", own(field, typed)).unwrap_err().field(), Some(wrong), "{field} {typed}");
    }
    log.act("priya", change(Change::Kind(Kind::DEPARTMENTAL)));
    assert_eq!(log.acts("priya", own("since", "17.11.2026")).unwrap_err().field(), Some("value"));
    log.act("priya", own("since", "2026-11-17"));
    assert_eq!(read(&form(&log), "own-since").0, "2026-11-17");
}

// proves: DOC-3 a running incident keeps the fields that it began with
#[test]
fn a_field_that_was_removed_stays_where_it_was() {
    let mut log = Log::suspected_in(with_fields());
    log.org.fields.clear();
    log.act("priya", own("ticket", "7"));
    assert_eq!(read(&form(&log), "own-ticket").0, "7");
    assert!(Log::suspected().incident().terms.fields.is_empty());
}

// proves: DOC-3 two people who set the same field see both
#[test]
fn a_field_that_somebody_else_set_is_not_written_over() {
    let mut log = Log::suspected_in(with_fields());
    let seen = Some(log.incident().seq);
    log.act("priya", own("ticket", "7"));
    let Act::Change { to, reason, .. } = own("ticket", "8") else { unreachable!() };
    let refused = log.acts("ben", Act::Change { to, reason, seen }).unwrap_err();
    assert!(matches!(refused, Refusal::ChangedMeanwhile { ref theirs, .. } if theirs == "7"), "{refused}");
}

#[test]
fn fields_that_make_no_sense_are_refused_with_what_to_do() {
    let mut org = with_fields();
    assert_eq!(why_senseless(&org), None);
    org.fields[1].choices.clear();
    assert!(why_senseless(&org).unwrap().contains("a choice has 1 to 30 choices"));
    org.fields[1] = CustomField { id: "ticket".into(), ..org.fields[0].clone() };
    assert!(why_senseless(&org).unwrap().contains("another one has that name"));
    org.fields[1] = CustomField { id: "Not a name".into(), ..org.fields[0].clone() };
    assert!(why_senseless(&org).unwrap().contains("is no name"));
    org.fields.truncate(1);
    org.fields[0].kinds = vec!["party".into()];
    assert!(why_senseless(&org).unwrap().contains("no kind “party”"));
}
