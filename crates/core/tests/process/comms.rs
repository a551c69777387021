//! Who hears what: the plan, updates, their sign-off, tellings that are handed over, facts that are asked for.

use crate::fixture::{Log, at, minutes, org};
use muster_core::communications::{Level, Row, Through, Writer, why_senseless};
use muster_core::contact::{Answer, MeansKind, Outcome};
use muster_core::directory::Organisation;
use muster_core::duty::{Duty, DutyKind};
use muster_core::entry::{Fact, Via};
use muster_core::incident::{Act, Command, CommsAct, Count, TriageAct, Update, line, unaware};
use muster_core::policy::{ByPhase, Phase, Whom};
use muster_core::refusal::Refusal;

fn row(audience: &str, level: Level) -> Row {
    Row {
        audience: audience.into(),
        level,
        people: vec!["ben".into()],
        area: None,
        whom: None,
        populations: Vec::new(),
        besides: Vec::new(),
        owners: false,
        update: "what they see, what to do".into(),
        through: Through::Email,
        bridge: String::new(),
        every: ByPhase { intense: minutes(30), steady: minutes(60), waiting: minutes(240) },
        author: Writer::Manager,
        signer: None,
        deputy: None,
        deputy_after: minutes(10),
    }
}

#[test]
fn an_audience_is_written_down_as_it_can_be_read() {
    let mut log = Log::declared();
    let to = Row { besides: vec!["Porters:\u{0} ring 4417\n".into()], ..row("  All\nporters\u{0} ", Level::Client) };
    log.act("priya", Act::Communicate(CommsAct::SetAudience { row: None, to, reason: "they ask".into(), seen: None }));
    let set = &log.incident().comms.rows.last().unwrap().row;
    assert!(!set.name.contains(['\n', '\u{0}']) && set.name.starts_with("All"), "{:?}", set.name);
    assert!(set.besides.iter().all(|who| !who.contains(['\n', '\u{0}'])), "{:?}", set.besides);
}

/// Management hears from the Incident Manager, clients from whoever speaks for it, signed off by Adaeze.
fn planned() -> Organisation {
    let mut org = org();
    org.policy.escalation.clear();
    let management = Row {
        people: Vec::new(),
        area: Some("server".into()),
        whom: Some(Whom::Management),
        ..row("IT management", Level::Management)
    };
    let clients = Row {
        populations: vec!["students".into()],
        owners: true,
        author: Writer::Communicator,
        signer: Some("adaeze".into()),
        deputy: Some("ben".into()),
        ..row("Clients", Level::Client)
    };
    org.communications = vec![management, clients];
    org
}

fn open_in(org: Organisation) -> Log {
    let mut log = Log::suspected_in(org);
    log.answer("priya", Answer::Take);
    log.act("priya", Act::Confirm);
    log
}

fn open() -> Log {
    open_in(planned())
}

fn comms(log: &mut Log, by: &str, act: CommsAct) -> Result<Vec<Fact>, Refusal> {
    log.acts(by, Act::Communicate(act))
}

fn draft(row: u32, text: &str) -> CommsAct {
    CommsAct::DraftUpdate { update: None, row, text: text.into(), for_signing: false, corrects: None, seen: None }
}

fn send(log: &mut Log, update: u32) -> Result<Vec<Fact>, Refusal> {
    send_despite(log, update, "it cannot wait")
}

fn send_despite(log: &mut Log, update: u32, despite: &str) -> Result<Vec<Fact>, Refusal> {
    comms(log, "priya", CommsAct::SendUpdate { update, seen: None, despite: despite.into() })
}

fn owed(log: &Log, occurrence: &str) -> Option<Duty> {
    log.duty(DutyKind::Update, occurrence)
}

fn update(log: &Log, number: u32) -> &Update {
    log.incident().comms.updates.iter().find(|u| u.number == number).unwrap()
}

// proves: COM-1 a template per organisation, overridden per system, instantiated per incident with names and addresses
#[test]
fn the_plan_is_made_once_when_it_opens() {
    let mut log = Log::suspected_in(planned());
    assert_eq!(log.incident().comms.template, None, "a suspected incident owes one thing");
    log.answer("priya", Answer::Take);
    log.act("priya", Act::Confirm);
    let rows = &log.incident().comms.rows;
    let people = |n: usize| rows[n].row.people.iter().map(|c| c.person.id.as_str()).collect::<Vec<_>>();
    assert_eq!(
        (people(0), people(1)),
        (vec!["daniel", "ruth"], vec!["ben", "ruth"]),
        "an area's management; and owners"
    );
    assert_eq!(rows[0].row.people[1].means[0].to, "ruth@example.org");
    assert_eq!(rows[1].row.besides, ["All students"]);
    assert_eq!(rows[1].row.signer.as_ref().unwrap().name, "Adaeze Okonkwo");
    // What the organisation says later changes nothing here.
    log.org.communications.clear();
    log.at(10);
    assert_eq!(log.incident().comms.rows.len(), 2);
    let mut own = planned();
    own.systems.get_mut(&"directory".into()).unwrap().communications = vec![row("Deans", Level::Public)];
    let log = open_in(own);
    let comms = &log.incident().comms;
    assert_eq!((comms.template.as_deref(), comms.rows[0].row.name.as_str()), (Some("Directory"), "Deans"));
}

// proves: COM-1 the plan of an incident is changed by its Incident Manager or Communications Manager, with a reason
#[test]
fn the_plan_is_changed_for_this_incident() {
    let mut log = open();
    let set =
        |row: Option<u32>, to: Row, reason: &str| CommsAct::SetAudience { row, to, reason: reason.into(), seen: None };
    let deans = row("Deans", Level::Client);
    assert!(matches!(comms(&mut log, "marta", set(None, deans.clone(), "")), Err(Refusal::NotYours { .. })));
    comms(&mut log, "priya", set(None, deans.clone(), "")).unwrap();
    assert_eq!(log.incident().comms.row(3).unwrap().row.name, "Deans");
    let hourly = Row { every: ByPhase { intense: minutes(60), ..deans.every }, ..deans.clone() };
    assert_eq!(comms(&mut log, "priya", set(Some(3), hourly.clone(), " ")).unwrap_err().field(), Some("reason"));
    comms(&mut log, "priya", set(Some(3), hourly, "they asked for less")).unwrap();
    assert_eq!(owed(&log, "3.").unwrap().due, at(60));
    for (bad, field) in [
        (Row { audience: " ".into(), ..deans.clone() }, "audience"),
        (Row { people: vec!["nobody".into()], ..deans.clone() }, "people"),
        (Row { signer: Some("left".into()), ..deans.clone() }, "signer"),
        (Row { every: ByPhase { steady: minutes(0), ..deans.every }, ..deans.clone() }, "every"),
    ] {
        assert_eq!(comms(&mut log, "priya", set(None, bad, "")).unwrap_err().field(), Some(field));
    }
    let drop = |reason: &str| CommsAct::DropAudience { row: 3, reason: reason.into() };
    assert_eq!(comms(&mut log, "priya", drop("")).unwrap_err().field(), Some("reason"));
    comms(&mut log, "priya", drop("they read the web")).unwrap();
    assert_eq!(owed(&log, "3."), None);
    comms(&mut log, "priya", set(None, deans, "")).unwrap();
    assert!(log.incident().comms.row(3).is_none() && log.incident().comms.row(4).is_some(), "a number means one thing");
}

// proves: CLIENT-1 records the agreed communications strategy
#[test]
fn what_the_owner_agreed_to_is_on_record() {
    let mut log = open();
    let agree = |owner: &str, text: &str| CommsAct::AgreeStrategy { owner: owner.into(), text: text.into() };
    assert_eq!(comms(&mut log, "priya", agree("ben", "x")).unwrap_err().field(), Some("owner"));
    assert_eq!(comms(&mut log, "priya", agree("ruth", " ")).unwrap_err().field(), Some("text"));
    comms(&mut log, "priya", agree("ruth", "email to staff")).unwrap();
    comms(&mut log, "priya", agree("ruth", "email to staff, no texts at night")).unwrap();
    assert_eq!(log.incident().comms.strategies[&"ruth".into()].1.text, "email to staff, no texts at night");
}

// proves: COM-2 for each row the product knows when the next update is due and to whom
// proves: RES-2 management updates at their own interval from the communications plan; an overdue one nags
// proves: RES-4 on restoration whoever speaks for it owes each audience of the plan that service is back
// proves: ESC-3 until a CM accepts, every duty of the CM is the IM's
#[test]
fn each_row_owes_its_next_update() {
    let mut log = open();
    let due = |log: &Log, row: &str| owed(log, row).map(|d| (d.due, d.owed_by.unwrap().id.0, d.id.to_string()));
    assert_eq!(due(&log, "1."), Some((at(30), "priya".into(), "update/1.0".into())));
    assert_eq!(due(&log, "2.").unwrap().1, "priya", "until somebody speaks for it, the Incident Manager owes it");
    log.act("adaeze", Act::TakeCommunications).len();
    assert_eq!(due(&log, "2.").unwrap().1, "adaeze");
    assert_eq!(due(&log, "1.").unwrap().1, "priya");
    log.at(20);
    comms(&mut log, "priya", draft(1, "Two disks of six are back.")).unwrap();
    assert_eq!(due(&log, "1.").unwrap().0, at(30), "a draft is no update");
    send(&mut log, 1).unwrap();
    assert_eq!(due(&log, "1."), Some((at(50), "priya".into(), "update/1.1".into())));
    let phase = muster_core::entry::Change::Phase(Phase::Steady);
    log.act("priya", Act::Change { to: phase, reason: String::new(), seen: None });
    assert_eq!(due(&log, "1.").unwrap().0, at(80));
    let late = owed(&log, "1.").unwrap();
    assert!(
        late.nag_step(muster_core::subject::Subject::nags(log.incident()), at(81)).is_some(),
        "an overdue one nags"
    );
    log.at(60);
    log.restore(60);
    let last = Some((at(120), "priya".into(), "update/1.1".into()));
    assert_eq!(due(&log, "1."), last, "they hear once more, that service is back");
    assert_eq!(due(&log, "2.").map(|d| d.1).as_deref(), Some("adaeze"));
    comms(&mut log, "priya", draft(1, "Service is back.")).unwrap();
    send(&mut log, 2).unwrap();
    assert_eq!(due(&log, "1."), None, "they have heard it");
}

// proves: COM-2 drafts it from the facts on record; COM-5 nobody is told an estimate that the Incident Manager has not given
#[test]
fn a_draft_is_written_from_the_facts_on_record() {
    let mut log = open();
    log.act(
        "priya",
        Act::Change {
            to: muster_core::entry::Change::Symptoms("directory-01 of Acme hangs, Marta looks".into()),
            reason: String::new(),
            seen: None,
        },
    );
    let text = |log: &Log, row: u32| log.incident().update_text(log.incident().comms.row(row).unwrap(), log.now);
    let (inside, clients) = (text(&log, 1), text(&log, 2));
    assert!(inside.contains("directory-01 of Acme hangs") && inside.contains("09:00"), "{inside}");
    for secret in ["directory-01", "Acme", "Marta", "Priya", "probes", "does not answer", "should be back"] {
        assert!(!clients.contains(secret), "clients read {secret}: {clients}");
    }
    for known in ["Directory down, since", "Affected: All staff, All students."] {
        assert!(clients.contains(known), "{known} is not in {clients}");
    }
    // Muster says when the next is due from when it sends one; what people tell by hand says so in its words.
    assert!(!clients.contains("Next update by"), "{clients}");
    let planned = log.incident().comms.row(2).unwrap();
    let mut by_hand = planned.clone();
    by_hand.row.through = Through::Web;
    assert!(log.incident().update_text(&by_hand, log.now).contains("Next update by 09:30"), "in {by_hand:?}");
    let count = |id: &str, people| Count { population: Some(id.into()), name: String::new(), people };
    let populations = Some(vec![count("staff", 0), count("students", 300)]);
    log.act("priya", Act::Triage(TriageAct { populations, ..crate::triage::group() }));
    assert!(text(&log, 2).contains("Affected: All students."), "as it was triaged: {}", text(&log, 2));
    log.act("priya", Act::Estimate { back_at: Some(at(90)), grounds: "Acme sends a disk".into() });
    let clients = text(&log, 2);
    assert!(clients.contains("should be back at about 10:30") && !clients.contains("Acme"), "{clients}");
    log.act("priya", Act::Estimate { back_at: None, grounds: "no disk".into() });
    assert!(!text(&log, 2).contains("should be back"), "it is withdrawn");
}

// proves: COM-1 who may sign off what; COM-2 a person edits and sends
#[test]
fn nothing_is_sent_before_it_is_signed_off() {
    let mut log = open();
    let ask = |update, text: &str, seen| CommsAct::DraftUpdate {
        update,
        row: 2,
        text: text.into(),
        for_signing: true,
        corrects: None,
        seen,
    };
    let sign = || CommsAct::SignUpdate { update: 1, seen: None };
    comms(&mut log, "marta", ask(None, "Sign-in fails.", None)).unwrap();
    assert_eq!(send(&mut log, 1).unwrap_err().field(), Some("update"));
    for not_the_signer in ["priya", "ben"] {
        let refused = comms(&mut log, not_the_signer, sign());
        assert!(matches!(refused, Err(Refusal::NotYours { .. })), "{not_the_signer}: {refused:?}");
    }
    comms(&mut log, "adaeze", CommsAct::ReturnUpdate { update: 1, reason: "say what to do".into() }).unwrap();
    assert_eq!(update(&log, 1).returned.as_ref().unwrap().1, "say what to do");
    assert!(matches!(comms(&mut log, "adaeze", sign()), Err(Refusal::Over { .. })), "it waits for nobody");
    let seen = log.incident().seq;
    comms(&mut log, "marta", ask(Some(1), "Sign-in fails. Stay signed in.", Some(seen))).unwrap();
    // Two people who edit one draft lose nothing.
    let refused = comms(&mut log, "ben", ask(Some(1), "Mine.", Some(seen)));
    assert!(
        matches!(&refused, Err(Refusal::ChangedMeanwhile { theirs, .. }) if theirs.contains("Stay")),
        "{refused:?}"
    );
    let unread = CommsAct::SignUpdate { update: 1, seen: Some(seen) };
    assert!(comms(&mut log, "adaeze", unread).is_err(), "nobody signs what they have not read");
    log.at(9);
    assert!(comms(&mut log, "ben", sign()).is_err());
    log.at(10);
    comms(&mut log, "ben", sign()).unwrap();
    let facts = send(&mut log, 1).unwrap();
    let sent = facts.iter().find_map(|f| if let Fact::UpdateSent(f) = f { Some(f) } else { None }).unwrap();
    assert!(sent.people.len() == 2 && sent.digest.len() == 64, "{sent:?}");
    // A text that was signed off and then edited is not signed off.
    comms(&mut log, "marta", ask(None, "Second.", None)).unwrap();
    comms(&mut log, "adaeze", CommsAct::SignUpdate { update: 2, seen: None }).unwrap();
    comms(&mut log, "marta", ask(Some(2), "Second, edited.", None)).unwrap();
    assert!(send(&mut log, 2).is_err());
}

// proves: COM-1 who signs what off owes it in time, and their deputy may from then on and hears of it
#[test]
fn whoever_signs_off_owes_it_until_the_deputy_may() {
    let mut log = open();
    let ask = |text: &str| CommsAct::DraftUpdate {
        update: None,
        row: 2,
        text: text.into(),
        for_signing: true,
        corrects: None,
        seen: None,
    };
    let owed = |log: &Log, update| log.duty(DutyKind::SignUpdate, update);
    log.at(5);
    comms(&mut log, "marta", ask("Sign-in fails.")).unwrap();
    let duty = owed(&log, "1").unwrap();
    let by = |duty: &Duty| duty.owed_by.as_ref().unwrap().id.0.clone();
    assert_eq!((by(&duty), duty.due, duty.settled), ("adaeze".to_owned(), at(15), None));
    assert_eq!(log.incident().stands_in(&duty), Some(&log.person("ben")));
    let nags = muster_core::subject::Subject::nags(log.incident());
    assert_eq!((duty.nag_step(nags, at(14)), duty.nag_step(nags, at(15))), (None, Some(1)));
    comms(&mut log, "adaeze", CommsAct::ReturnUpdate { update: 1, reason: "say what to do".into() }).unwrap();
    assert_eq!(owed(&log, "1"), None, "to send it back is an answer");
    comms(&mut log, "marta", ask("Stay signed in.")).unwrap();
    log.at(8);
    comms(&mut log, "adaeze", CommsAct::SignUpdate { update: 2, seen: None }).unwrap();
    assert_eq!(owed(&log, "2").unwrap().settled, Some(at(8)));
    let fates: Vec<_> = muster_core::compliance::owed(&log.entries)
        .into_iter()
        .filter(|o| o.duty.id.kind == DutyKind::SignUpdate)
        .map(|o| o.fate)
        .collect();
    use muster_core::compliance::Fate;
    assert_eq!(fates, [Fate::Done(at(5)), Fate::Done(at(8))]);
}

// proves: COM-1 nothing goes out unsigned because its signer has left
#[test]
fn a_signer_who_has_left_is_followed_by_the_deputy_or_by_nobody() {
    let leaves = |org: &mut Organisation, who: &str| org.people.get_mut(&who.into()).unwrap().gone = true;
    let signer = |log: &Log| log.incident().comms.row(2).unwrap().row.signer.clone().unwrap().id.0;
    let mut org = planned();
    leaves(&mut org, "adaeze");
    assert_eq!(signer(&open_in(org.clone())), "ben", "the deputy signs");
    leaves(&mut org, "ben");
    let mut log = open_in(org);
    assert_eq!(signer(&log), "adaeze", "by name, so that it is seen");
    comms(&mut log, "marta", draft(2, "Sign-in fails.")).unwrap();
    let refusal = send(&mut log, 1).unwrap_err().to_string();
    assert_eq!(refusal, "Adaeze Okonkwo had to sign it off, and has left. Say who signs for Clients now.");
    // Whoever leaves later is followed by the deputy at once.
    let mut log = open();
    comms(
        &mut log,
        "marta",
        CommsAct::DraftUpdate {
            update: None,
            row: 2,
            text: "Sign-in fails.".into(),
            for_signing: true,
            corrects: None,
            seen: None,
        },
    )
    .unwrap();
    assert!(comms(&mut log, "ben", CommsAct::SignUpdate { update: 1, seen: None }).is_err());
    leaves(&mut log.org, "adaeze");
    comms(&mut log, "ben", CommsAct::SignUpdate { update: 1, seen: None }).unwrap();
}

// proves: ESC-2 before anything is told outside IT its sender reads which managers do not know yet, and is to tell them first
// proves: ESC-2 telling it anyway is allowed and logged, with who did not know
#[test]
fn no_manager_is_surprised_unless_somebody_says_why() {
    let mut log = open();
    let deans = CommsAct::SetAudience { row: None, to: row("Deans", Level::Public), reason: String::new(), seen: None };
    comms(&mut log, "priya", deans).unwrap();
    for row in [3, 1, 3, 3, 3] {
        comms(&mut log, "priya", draft(row, "Stay signed in.")).unwrap();
    }
    let refusal = send_despite(&mut log, 1, " ").unwrap_err();
    assert_eq!(refusal.field(), Some("despite"));
    assert_eq!(
        refusal.to_string(),
        "Daniel Osei and Ruth Abernathy do not know yet. Tell them first, or write why it cannot wait."
    );
    send_despite(&mut log, 2, "").unwrap();
    assert_eq!(update(&log, 2).audience, "IT management", "what stays in IT surprises nobody");
    let despite = |log: &Log, number| update(log, number).sent.as_ref().unwrap().2.despite.clone();
    send_despite(&mut log, 1, "it is on the radio").unwrap();
    let logged = despite(&log, 1).unwrap();
    assert_eq!(
        (logged.managers, logged.reason.as_str()),
        (vec![log.person("daniel"), log.person("ruth")], "it is on the radio")
    );
    let seq = log.entry(|f| matches!(f, Fact::UpdateSent(f) if f.update == 1));
    let entry = log.entries.iter().find(|e| e.seq == seq).unwrap();
    let words = line(entry, log.incident()).text;
    assert!(words.contains("Before Daniel Osei and Ruth Abernathy knew: it is on the radio."), "{words}");
    // Whoever was left a message does not know; whoever was told, or hears of it anywhere, does.
    log.contact(Some("Server management"), "daniel", MeansKind::Call, Outcome::MessageLeft).unwrap();
    assert!(send_despite(&mut log, 3, "").is_err());
    log.spoke("Server management", "daniel");
    let refusal = send_despite(&mut log, 3, "").unwrap_err();
    assert!(refusal.to_string().starts_with("Ruth Abernathy does not know yet."), "{refusal}");
    log.spoke("Owner of Directory", "ruth");
    send_despite(&mut log, 3, "just in case").unwrap();
    assert_eq!(despite(&log, 3), None);
    log.assert_stored();
}

// proves: ESC-2 a manager who heard of it elsewhere is not told as news
#[test]
fn whoever_heard_it_elsewhere_or_read_an_update_knows() {
    let mut log = open();
    assert!(!log.incident().is_known_to(&"daniel".into()) && log.incident().is_known_to(&"priya".into()));
    comms(&mut log, "priya", draft(1, "Two disks of six are back.")).unwrap();
    send(&mut log, 1).unwrap();
    comms(&mut log, "daniel", CommsAct::Acknowledge { update: 1 }).unwrap();
    assert!(log.incident().is_known_to(&"daniel".into()), "has read it");
    assert_eq!(unaware(log.incident(), &log.org), [log.person("ruth")]);
    log.act("priya", Act::HeardElsewhere { person: "ruth".into(), from: "a dean".into(), at: Some(at(0)) });
    assert_eq!(unaware(log.incident(), &log.org), [], "heard it from a dean");
}

// proves: COM-2 corrections are new updates, never edits
#[test]
fn what_was_sent_is_corrected_by_a_new_one() {
    let mut log = open();
    comms(&mut log, "priya", draft(1, "Six disks are lost.")).unwrap();
    let correct = |wrong| CommsAct::DraftUpdate {
        update: None,
        row: 1,
        text: "Two disks are lost.".into(),
        for_signing: false,
        corrects: Some(wrong),
        seen: None,
    };
    assert_eq!(comms(&mut log, "priya", correct(1)).unwrap_err().field(), Some("corrects"), "a draft is edited");
    send(&mut log, 1).unwrap();
    let edit = CommsAct::DraftUpdate {
        update: Some(1),
        row: 1,
        text: "x".into(),
        for_signing: false,
        corrects: None,
        seen: None,
    };
    assert!(matches!(comms(&mut log, "priya", edit), Err(Refusal::Over { .. })));
    assert!(matches!(send(&mut log, 1), Err(Refusal::Over { .. })), "nothing goes out twice");
    comms(&mut log, "priya", correct(1)).unwrap();
    send(&mut log, 2).unwrap();
    assert_eq!((update(&log, 1).text.as_str(), update(&log, 2).corrects), ("Six disks are lost.", Some(1)));
}

// proves: COM-3 acknowledged: whoever an update went to says that they have read it, once, and nobody for them
#[test]
fn an_update_is_acknowledged_by_whom_it_went_to() {
    let mut log = open();
    let read = |log: &mut Log, who: &str| {
        log.sends(Command::Acknowledge { update: 1, person: who.into(), via: Via::Link }).map(|facts| facts.len())
    };
    assert_eq!(read(&mut log, "ruth").unwrap_err().field(), Some("update"), "there is none");
    comms(&mut log, "priya", draft(1, "Six disks are lost.")).unwrap();
    assert_eq!(read(&mut log, "ruth"), Err(Refusal::NotAsked), "a draft was sent to nobody");
    send(&mut log, 1).unwrap();
    let (staff, act) = (log.incident().staff.clone(), log.incident().last_act);
    log.at(3);
    assert_eq!((read(&mut log, "ruth"), read(&mut log, "ruth")), (Ok(1), Ok(0)), "a double tap says nothing new");
    assert_eq!(comms(&mut log, "daniel", CommsAct::Acknowledge { update: 1 }).unwrap().len(), 1);
    for other in ["marta", "ben"] {
        assert_eq!(read(&mut log, other), Err(Refusal::NotAsked), "{other}");
    }
    let known = update(&log, 1);
    let at_of = |who: &str| known.acknowledged_at(&who.into());
    assert_eq!((at_of("ruth"), at_of("daniel"), at_of("marta")), (Some(at(3)), Some(at(3)), None));
    assert_eq!((&log.incident().staff, log.incident().last_act), (&staff, act), "reading is no work on it");
}

// proves: COM-1 number and membership of conference calls: an audience that meets has its bridge, and only such a one
#[test]
fn an_audience_that_meets_has_its_bridge() {
    let mut org = planned();
    let bridge = |bridge: &str, through| Row { through, bridge: bridge.into(), ..row("Deans", Level::Management) };
    org.communications = vec![bridge(" 0161 496 0180 ", Through::Meeting)];
    assert_eq!(why_senseless(&org), None);
    let mut log = Log::suspected_in(org.clone());
    log.act("priya", Act::TakeCharge);
    log.act("priya", Act::Confirm);
    let planned = &log.incident().comms.rows[0].row;
    let people: Vec<_> = planned.people.iter().map(|c| c.person.id.as_str()).collect();
    assert_eq!((planned.bridge.as_str(), people), ("0161 496 0180", vec!["ben"]));
    for (wrong, through) in [("0161 496 0180", Through::Email), (&"1".repeat(201), Through::Meeting)] {
        org.communications = vec![bridge(wrong, through)];
        assert!(why_senseless(&org).is_some_and(|why| why.contains("Deans, bridge")), "{wrong}");
    }
}

// proves: COM-1 what comes to be affected brings its own audiences, and its owner into the row of the owners
#[test]
fn what_comes_to_be_affected_is_planned_for() {
    let mut org = org();
    org.communications = vec![Row { owners: true, ..row("Owners", Level::Technical) }];
    let email = org.systems.get_mut(&"email".into()).unwrap();
    email.owner = Some("daniel".into());
    email.communications = vec![row("Mail admins elsewhere", Level::Technical), row("owners", Level::Technical)];
    let mut log = open_in(org);
    let names = |log: &Log| log.incident().comms.rows.iter().map(|p| p.row.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&log), ["Owners"]);
    log.act("priya", Act::AddSystem { system: "email".into() });
    assert_eq!(names(&log), ["Owners", "Mail admins elsewhere"], "once by its name");
    let owners = &log.incident().comms.rows[0].row.people;
    assert!(owners.iter().any(|c| c.person.id.as_str() == "daniel"), "{owners:?}");
    let drop = CommsAct::DropAudience { row: 2, reason: "they read it elsewhere".into() };
    comms(&mut log, "priya", drop).unwrap();
    log.at(1);
    assert_eq!(names(&log), ["Owners"], "what a person took out does not come back");
    let email = log.org.systems.get_mut(&"email".into()).unwrap();
    email.communications.push(row("Printers", Level::Technical));
    log.at(2);
    assert_eq!(names(&log), ["Owners"], "what a template says later is for incidents to come");
    let set = |seen| CommsAct::SetAudience {
        row: Some(1),
        to: row("Owners", Level::Technical),
        reason: "shorter".into(),
        seen,
    };
    let refused = comms(&mut log, "priya", set(Some(1))).unwrap_err();
    assert_eq!(refused.field(), Some("seen"), "an owner came since: {refused}");
    let seen = Some(log.incident().seq);
    comms(&mut log, "priya", set(seen)).unwrap();
}

// proves: COM-6 the Incident Manager can hand any telling to the Communications Manager and sees that it was done
#[test]
fn a_telling_is_handed_over() {
    let mut log = open();
    let hand = |tell: Option<&str>, row| CommsAct::HandTelling { tell: tell.map(str::to_owned), row };
    assert_eq!(comms(&mut log, "priya", hand(Some("User support"), None)).unwrap_err().field(), Some("tell"));
    log.act("adaeze", Act::TakeCommunications);
    assert!(matches!(comms(&mut log, "adaeze", hand(Some("User support"), None)), Err(Refusal::NotYours { .. })));
    assert!(comms(&mut log, "priya", hand(Some("Nobody"), None)).is_err());
    comms(&mut log, "priya", hand(Some("User support"), None)).unwrap();
    comms(&mut log, "priya", hand(None, Some(1))).unwrap();
    let by = |log: &Log, kind, which: &str| log.duty(kind, which).unwrap().owed_by.unwrap().id.0;
    assert_eq!(by(&log, DutyKind::TellDirectly, "User support"), "adaeze");
    assert_eq!(by(&log, DutyKind::TellDirectly, "Server management"), "priya");
    assert_eq!(by(&log, DutyKind::Update, "1."), "adaeze");
    log.org.people.get_mut(&"adaeze".into()).unwrap().gone = true;
    log.at(1);
    assert_eq!(by(&log, DutyKind::Update, "1."), "priya", "who left owes nothing");
    log.spoke("User support", "ben");
    assert!(log.duty(DutyKind::TellDirectly, "User support").unwrap().settled.is_some(), "it was done");
}

// proves: COM-6 the Communications Manager can ask the Incident Manager for facts without interrupting: the question waits on the page
#[test]
fn a_question_for_facts_waits() {
    let mut log = open();
    log.act("adaeze", Act::TakeCommunications);
    let asked =
        comms(&mut log, "adaeze", CommsAct::AskFacts { text: "May people change their password?".into() }).unwrap();
    assert_eq!(asked.len(), 1, "nobody is called or written to: {asked:?}");
    let entry = log.incident().comms.waiting().next().unwrap().entry;
    let give = |asked| CommsAct::GiveFacts { asked, text: "Yes.".into() };
    assert!(comms(&mut log, "priya", give(1)).is_err());
    comms(&mut log, "priya", give(entry)).unwrap();
    assert_eq!(log.incident().comms.waiting().count(), 0);
    assert!(matches!(comms(&mut log, "priya", give(entry)), Err(Refusal::Over { .. })));
}

#[test]
fn a_plan_that_cannot_be_is_said_so() {
    let with = |row: Row| Organisation { communications: vec![row], ..org() };
    assert_eq!(why_senseless(&with(row("Deans", Level::Public))), None);
    let every = |m| ByPhase { waiting: minutes(m), ..row("", Level::Public).every };
    for (bad, says) in [
        (Row { every: every(0), ..row("Deans", Level::Public) }, "every"),
        (row(" ", Level::Public), "audience"),
        (Row { people: vec!["nobody".into()], ..row("Deans", Level::Public) }, "nobody"),
        (Row { area: Some("none".into()), ..row("Deans", Level::Public) }, "none"),
        (Row { populations: vec!["none".into()], ..row("Deans", Level::Public) }, "none"),
        (Row { signer: Some("ben".into()), deputy: Some("nobody".into()), ..row("Deans", Level::Public) }, "nobody"),
        (Row { deputy: Some("ben".into()), ..row("Deans", Level::Public) }, "no signer"),
        (Row { signer: Some("ben".into()), deputy: Some("ben".into()), ..row("Deans", Level::Public) }, "own deputy"),
        (Row { every: every(60 * 24 * 32), ..row("Deans", Level::Public) }, "31 days"),
    ] {
        let why = why_senseless(&with(bad)).unwrap();
        assert!(why.contains(says), "{why}");
    }
}

// proves: CLIENT-3 a population that a person writes to or rings has heard when that person says so
#[test]
fn whom_muster_does_not_write_to_is_told_by_hand() {
    let mut log = open();
    log.at(10);
    comms(&mut log, "priya", draft(2, "Sign-in fails.")).unwrap();
    let carry = |who: &str| CommsAct::CarryUpdate { update: 1, who: who.into() };
    assert_eq!(comms(&mut log, "priya", carry("All students")).unwrap_err().field(), Some("update"), "not sent yet");
    comms(&mut log, "adaeze", CommsAct::SignUpdate { update: 1, seen: None }).unwrap_err();
    let mut org = planned();
    org.communications[1].signer = None;
    org.communications[1].deputy = None;
    let mut log = open_in(org);
    let due = owed(&log, "2.0").unwrap().due;
    log.at(10);
    comms(&mut log, "priya", draft(2, "Sign-in fails.")).unwrap();
    send(&mut log, 1).unwrap();
    assert_eq!(update(&log, 1).told_at(), None, "some were not told");
    let left = owed(&log, "2.0").unwrap();
    assert_eq!((left.due, left.what.as_str()), (due, "Tell All students update 1 by hand"));
    assert!(matches!(comms(&mut log, "marta", carry("All students")), Err(Refusal::NotYours { .. })));
    assert_eq!(comms(&mut log, "priya", carry("the porters")).unwrap_err().field(), Some("who"));
    log.at(12);
    comms(&mut log, "priya", carry("All students")).unwrap();
    assert_eq!(update(&log, 1).told_at(), Some(at(12)));
    assert_eq!(owed(&log, "2.1").unwrap().due, at(42), "the next is reckoned from when all were told");
    assert!(comms(&mut log, "priya", carry("All students")).unwrap().is_empty(), "a double tap says nothing new");
}

// proves: RES-4 whoever heard of it hears that it is over before it is closed
#[test]
fn nothing_is_closed_while_a_last_update_is_owed() {
    let mut org = planned();
    org.communications[1].signer = None;
    org.communications[1].deputy = None;
    org.communications[1].populations.clear();
    org.communications.push(row("The board", Level::Management));
    let mut log = open_in(org);
    for to in [1, 2] {
        comms(&mut log, "priya", draft(to, "Sign-in fails.")).unwrap();
        send(&mut log, to).unwrap();
    }
    log.at(10);
    log.restore(10);
    log.act("priya", Act::FileReport { reference: "share/041".into() });
    let all: Vec<_> = log.incident().to_follow_up().into_iter().map(|p| p.id.clone()).collect();
    let told = Act::FollowUp { people: all, by: muster_core::entry::FollowUpBy::Spoken, text: String::new() };
    if !log.incident().to_follow_up().is_empty() {
        log.act("priya", told);
    }
    log.settle_checklist();
    let close = || Act::Close { review: "minutes of 4 December".into() };
    let why = log.acts("priya", close()).unwrap_err().to_string();
    assert!(why.contains("IT management and Clients have not been told that service is back"), "{why}");
    assert!(!why.contains("The board"), "who never heard of it waits for nothing: {why}");
    comms(&mut log, "priya", draft(1, "Sign-in works.")).unwrap();
    send(&mut log, 3).unwrap();
    comms(&mut log, "priya", CommsAct::DropAudience { row: 2, reason: "they heard by phone".into() }).unwrap();
    log.act("priya", close());
}
