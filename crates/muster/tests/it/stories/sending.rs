//! What is said of messages is what is known of them.

use super::harness::*;
use muster::ops::Failure;
use muster::store::Tx;
use muster::store::outbox::{self, Fate, Kind};
use muster_core::Span;
use muster_core::communications::{Level, Row, Through, Writer};
use muster_core::contact::{Answer, MeansKind};
use muster_core::incident::{Act, CommsAct, To};
use muster_core::policy::ByPhase;

fn alarms(story: &Story) -> Vec<Fate> {
    let subject = story.subject();
    let read = async move |tx: &mut Tx| Ok::<_, Failure>(outbox::fates(tx, &subject, Kind::Alarm, 100).await?);
    now(story.ops.db().read(read)).expect("fates")
}

/// How often the log says it.
fn said(story: &Story, words: &str) -> usize {
    story.log().iter().filter(|line| line.contains(words)).count()
}

#[test]
fn a_message_that_cannot_be_sent_says_so_once_and_goes_out_once_when_the_server_is_back() {
    let mut story = Story::of(SMALL);
    story.trouble = Some("the mail server: its certificate is not trusted (UnknownIssuer)");
    story.signal(MAIL_DOWN);
    story.advance(Span::from_secs(6));
    assert_eq!(said(&story, "not sent yet"), 0, "it may pass");
    story.advance(Span::from_secs(2));
    story.expect_logged(
        "Ana Lopes email not sent yet: the mail server: its certificate is not trusted (UnknownIssuer).",
    );

    story.advance(minutes(90));
    let email = |line: &&String| line.contains("gets an email at ana@example.org");
    let (log, rounds) = (story.log(), story.log().iter().filter(email).count());
    assert!(rounds > 3, "{}", log.join("\n"));
    assert_eq!(said(&story, "Ana Lopes email not sent yet"), rounds, "once for each try\n{}", log.join("\n"));
    story.expect_logged("Muster tells the administrators: Rosa Admin.");
    story.expect_logged(
        "Rosa Admin is not told that nobody was reached: email not sent yet: the mail server: its certificate",
    );
    assert_eq!(said(&story, "Rosa Admin is not told"), 1);
    let waiting: Vec<_> = alarms(&story).into_iter().filter(|a| a.state == "queued").collect();
    let [alarm] = waiting.as_slice() else { panic!("{waiting:?}") };
    assert!(alarm.person.as_str() == "root" && alarm.tries > 3 && alarm.detail.contains("not trusted"), "{alarm:?}");
    story.expect_silence();

    // One message to each, and nobody waits for a back-off of minutes once one has left.
    story.trouble = None;
    now(story.ops.free_claims(&std::collections::BTreeSet::new())).expect("a restart");
    story.settle();
    let mut got = Vec::new();
    while let Some(delivery) = story.next_message() {
        got.push((delivery.person.0.clone(), delivery.means, delivery.kind == Kind::Alarm));
    }
    got.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.cmp(&b.1)));
    let expected =
        [("ana", MeansKind::Call), ("ana", MeansKind::Email), ("ben", MeansKind::Email), ("root", MeansKind::Email)];
    assert_eq!(got.iter().map(|(who, by, _)| (who.as_str(), *by)).collect::<Vec<_>>(), expected);
    assert!(alarms(&story).iter().any(|a| a.outcome.as_deref() == Some("sent")));
}

#[test]
fn what_waits_to_be_sent_does_not_wait_for_a_clock_that_is_set_back() {
    let mut story = Story::of(SMALL);
    story.trouble = Some("connection refused");
    story.signal(MAIL_DOWN);
    story.advance(minutes(2));
    story.expect_silence();
    story.trouble = None;
    story.clock.advance(-minutes(60));
    story.settle();
    assert_eq!(story.next_message().map(|d| d.person.0).as_deref(), Some("ana"), "not in an hour");
}

#[test]
fn the_first_message_that_leaves_brings_the_others_along() {
    let mut story = Story::of(SMALL);
    story.trouble = Some("connection refused");
    story.signal(MAIL_DOWN);
    story.advance(minutes(2)); // three tries, and a minute's wait that has begun
    story.trouble = None;
    let declared = r#"{"key":"dir-1/ldap","host":"dir-1","title":"LDAP does not answer","severity":"critical"}"#;
    story.signal(declared);
    let mut people = Vec::new();
    while let Some(delivery) = story.next_message() {
        people.push(delivery.person.0);
    }
    assert!(people.contains(&"ben".to_owned()) || people.contains(&"ana".to_owned()), "{people:?}");
    story.settle();
}

#[test]
fn a_means_without_a_channel_is_left_to_people() {
    let mut story = Story::with_channels(SMALL, &[MeansKind::Email]);
    story.signal(MAIL_DOWN);
    story.expect("ana", MeansKind::Email);
    story.advance(minutes(5));
    story.expect("ben", MeansKind::Email);
    assert_eq!(said(&story, "is called"), 0, "{}", story.log().join("\n"));

    let mut story = Story::with_channels(SMALL, &[MeansKind::Push]);
    story.signal(MAIL_DOWN);
    story.advance(minutes(6));
    story.expect_silence();
    story.expect_logged(
        "Ana Lopes (Muster cannot reach them: ring 07700 900001), then Ben Tallis (Muster has no way to reach them)",
    );
    story.expect_logged("No administrator has a means that Muster can use: nobody is told.");
    assert!(alarms(&story).is_empty());
}

#[test]
fn the_alarm_says_whom_to_ring() {
    let mut story = Story::of(SMALL);
    story.signal(MAIL_DOWN);
    story.advance(minutes(16));
    let alarm = std::iter::from_fn(|| story.next_message()).find(|d| d.kind == Kind::Alarm).expect("an alarm");
    assert!(alarm.text.body.contains("  Ana Lopes: 07700 900001\n"), "{}", alarm.text.body);
    assert!(alarm.text.body.contains("SMTP does not answer."), "{}", alarm.text.body);
}

#[test]
fn a_hand_over_that_failed_says_who_did_not_accept_and_who_stays() {
    let mut story = Story::of(SMALL);
    story.signal(MAIL_DOWN);
    story.answer("ana", Answer::Take).expect("taken");
    story
        .act("ana", Act::HandOver { to: To::Person("ben".into()), reason: "end of shift".into(), brief: String::new() })
        .expect("asked");
    story.advance(minutes(6));
    story.expect_logged("Hand-over ended: Ben Tallis did not accept; Ana Lopes stays in charge.");
}

#[test]
fn a_phone_stops_ringing_when_its_person_has_answered_by_another_means() {
    let mut story = Story::demo(SMALL);
    story.signal(MAIL_DOWN);
    story.advance(minutes(5)); // Ana's mail was not answered: her phone rings
    let phones = |story: &Story| {
        let shown = now(story.ops.demo_phones()).expect("phones");
        shown.into_iter().filter(|m| m.means == "call").map(|m| (m.person.0, m.state)).collect::<Vec<_>>()
    };
    assert_eq!(phones(&story), [("ana".to_owned(), "ringing".to_owned())]);
    story.answer("ana", Answer::Know).expect("she knows");
    assert_eq!(phones(&story), [("ana".to_owned(), "hung-up".to_owned())]);
    assert_eq!(said(&story, "no answer"), 0, "she has answered");
}

/// An audience that is written to.
fn deans() -> Row {
    Row {
        audience: "Deans".into(),
        level: Level::Client,
        people: vec!["root".into(), "ben".into()],
        area: None,
        whom: None,
        populations: Vec::new(),
        besides: Vec::new(),
        owners: false,
        update: "what they see".into(),
        through: Through::Email,
        bridge: String::new(),
        every: ByPhase { intense: minutes(30), steady: minutes(30), waiting: minutes(30) },
        author: Writer::Communicator,
        signer: None,
        deputy: None,
        deputy_after: minutes(10),
    }
}

// proves: COM-3 to whom an update cannot even be sent is told to the Incident Manager at once, and nobody whose duty is late goes unreminded because of that
#[test]
fn whom_nobody_can_write_to_is_somebody_elses_to_tell() {
    let dora = "[people.dora]\nname = \"Dora Vale\"\nrole = \"responder\"\n\n[areas.desk]\nname = \"Desk\"\nmembers = [\"dora\"]\nmanagement = [\"root\"]\n";
    let mut story = Story::managed(&format!("{SMALL}\n{dora}"));
    let says = Act::Communicate;
    // Her deputy can be rung only, and a reminder does not ring.
    let (signer, deputy) = (Some("dora".into()), Some("cleo".into()));
    let row = Row { people: vec!["dora".into(), "ben".into()], signer, deputy, ..deans() };
    story.act("ana", says(CommsAct::SetAudience { row: None, to: row, reason: String::new(), seen: None })).unwrap();
    let draft = |for_signing| CommsAct::DraftUpdate {
        update: None,
        row: 1,
        text: "Stay signed in.".into(),
        for_signing,
        corrects: None,
        seen: None,
    };
    story.act("ana", says(draft(true))).unwrap();
    story.advance(minutes(10));
    let mut got = Vec::new();
    while let Some(sent) = story.next_message() {
        got.push((sent.person.0, sent.text.subject));
    }
    let late = got.iter().find(|(_, subject)| subject.contains("late: Sign update 1 for deans off"));
    assert_eq!(late.map(|(who, _)| who.as_str()), Some("root"), "the next in line hears it at once: {got:?}");
    story.act("dora", says(CommsAct::SignUpdate { update: 1, seen: None })).unwrap();
    let despite = "It cannot wait.".to_owned();
    story.act("ana", says(CommsAct::SendUpdate { update: 1, seen: None, despite })).unwrap();
    let mut got = Vec::new();
    while let Some(sent) = story.next_message() {
        got.push((sent.person.0, sent.text.subject));
    }
    let missed = ("ana".to_owned(), "2026-001: update 1 for Deans did not go to Dora Vale".to_owned());
    assert!(got.contains(&missed), "{got:?}");
    assert_eq!(got.iter().filter(|(who, _)| who == "dora").count(), 0);
}

// proves: COM-1 a signer who does not sign is reminded when their time is over, and the deputy hears then that it is theirs
#[test]
fn whoever_does_not_sign_is_reminded_and_so_is_the_deputy() {
    let mut story = Story::managed(SMALL);
    let says = Act::Communicate;
    let signed = Row { signer: Some("ben".into()), deputy: Some("root".into()), ..deans() };
    story.act("ana", says(CommsAct::SetAudience { row: None, to: signed, reason: String::new(), seen: None })).unwrap();
    let (text, seen) = ("Stay signed in.".to_owned(), None);
    let draft = CommsAct::DraftUpdate { update: None, row: 1, text, for_signing: true, corrects: None, seen };
    story.act("ana", says(draft)).unwrap();
    let late = |story: &mut Story| {
        let mut late = Vec::new();
        while let Some(sent) = story.next_message() {
            if sent.text.subject.contains("late: Sign update 1 for deans off") {
                late.push((sent.person.0, sent.text.text.contains("Ben Tallis was reminded of this")));
            }
        }
        late.sort();
        late
    };
    story.advance(minutes(9));
    assert_eq!(late(&mut story), []);
    story.advance(minutes(1));
    assert_eq!(late(&mut story), [("ben".to_owned(), false), ("root".to_owned(), true)]);
    story.act("root", says(CommsAct::SignUpdate { update: 1, seen: None })).unwrap();
    story.advance(minutes(60));
    assert_eq!(late(&mut story), []);
}

// proves: COM-3 failures go to the Communications Manager, or to the Incident Manager where nobody is: whom it did not reach, by what and why
#[test]
fn an_update_that_reached_somebody_not_goes_back_to_who_speaks_for_it() {
    for communicator in [None, Some("ben")] {
        let mut story = Story::managed(SMALL);
        if let Some(who) = communicator {
            story.act(who, Act::TakeCommunications).unwrap();
        }
        let speaks = communicator.unwrap_or("ana");
        let deans = deans();
        let says = |act| Act::Communicate(act);
        story
            .act(speaks, says(CommsAct::SetAudience { row: None, to: deans, reason: String::new(), seen: None }))
            .unwrap();
        let text = "Stay signed in.".to_owned();
        let draft =
            CommsAct::DraftUpdate { update: None, row: 1, text, for_signing: false, corrects: None, seen: None };
        story.act(speaks, says(draft)).unwrap();
        story.refused = Some(("root", "550 no such user"));
        story
            .act(speaks, says(CommsAct::SendUpdate { update: 1, seen: None, despite: "It cannot wait.".into() }))
            .unwrap();

        let (mut updates, mut others) = (Vec::new(), Vec::new());
        while let Some(sent) = story.next_message() {
            match sent.text.subject.contains("did not reach") {
                true => others.push(sent),
                false => updates.push(sent.person.0),
            }
        }
        updates.sort();
        assert_eq!(updates, ["ben", "root"], "everybody is written to once");
        let [told] = others.as_slice() else { panic!("{others:?}") };
        assert_eq!(told.person.as_str(), speaks);
        assert_eq!(told.text.subject, "2026-001: update 1 for Deans did not reach Rosa Admin");
        for part in ["email to root@example.org failed: 550 no such user", "Tell Rosa Admin yourself", "/comms"] {
            assert!(told.text.body.contains(part), "{part} is not in {}", told.text.body);
        }
        story.expect_logged("is not told “2026-001: update 1 for Deans”: email failed: 550 no such user.");
        story.advance(minutes(10));
        assert!(!std::iter::from_fn(|| story.next_message()).any(|d| d.text.subject.contains("did not reach")), "once");
    }
}
