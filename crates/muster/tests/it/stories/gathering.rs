//! Conference calls, and how people come.

use super::harness::{MAIL_DOWN, SMALL, Story, minutes, now};
use muster_core::contact::{Answer, MeansKind};
use muster_core::entry::{Coming, MeetingKind, Presence, Via};
use muster_core::ids::SummonsId;
use muster_core::incident::{Act, Command, GatherAct, invitation};

/// The usual organisation, with a bridge of its own.
fn managed() -> Story {
    let mut story = Story::of(&SMALL.replace("[policy]", "[policy]\nbridge = \"4711, PIN 99\"\npresence = \"remote\""));
    story.signal(MAIL_DOWN);
    let asked = story.expect("ana", MeansKind::Email);
    assert!(asked.text.body.contains("You are wanted remotely."), "{}", asked.text.body);
    story.answer("ana", Answer::Take).unwrap();
    story.act("ana", Act::Confirm).unwrap();
    story
}

fn call(story: &Story, call: Option<u32>, after: Option<i64>, invited: &[&str]) -> Act {
    Act::Gather(GatherAct::Call {
        call,
        purpose: "find the bad disk".into(),
        starts_at: after.map(|m| story.time() + minutes(m)),
        bridge: String::new(),
        presence: Some(Presence::OnSite),
        invited: invited.iter().map(|p| (*p).into()).collect(),
        reason: "the vendor is late".into(),
        seen: None,
    })
}

// proves: STAFF-4 scheduled: who is invited gets an invitation with the bridge, a correction when it moves, an end when it is cancelled
#[test]
fn an_invitation_is_sent_corrected_and_cancelled() {
    let mut story = managed();
    let act = call(&story, None, Some(90), &["ben", "cleo"]);
    story.act("ana", act).unwrap();
    let (ben, cleo) = (story.next_message().unwrap(), story.next_message().unwrap());
    story.expect_silence();
    assert_eq!((ben.person.as_str(), cleo.person.as_str()), ("ben", "cleo"), "one invitation each");
    let event = ben.text.event.clone().unwrap();
    assert_eq!((event.version, event.cancelled, event.place.as_str()), (0, false, "4711, PIN 99"));
    for said in ["find the bad disk.", "Bridge: 4711, PIN 99", "You are wanted on site.", "Ana Lopes leads it."] {
        assert!(ben.text.body.contains(said), "{said} is missing in {}", ben.text.body);
    }
    let (mine, theirs) = (ben.text.link.clone().unwrap(), cleo.text.link.clone().unwrap());
    assert!(mine.contains("/l/") && mine != theirs, "the link is one's own");
    let act = call(&story, Some(1), Some(120), &["ben"]);
    story.act("ana", act).unwrap();
    let mut sent: Vec<_> = [story.next_message().unwrap(), story.next_message().unwrap()].into();
    story.expect_silence();
    sent.sort_by(|a, b| a.person.as_str().cmp(b.person.as_str()));
    let events: Vec<_> = sent.iter().map(|d| d.text.event.clone().unwrap()).collect();
    assert_eq!((events[0].id.as_str(), events[0].version, events[0].cancelled), (event.id.as_str(), 1, false), "moved");
    assert!(events[1].cancelled && sent[1].text.link.is_none(), "Cleo is not invited any more");
    story.act("ana", Act::Gather(GatherAct::Cancel { call: 1, reason: "found it".into() })).unwrap();
    let off = story.next_message().unwrap();
    story.expect_silence();
    assert_eq!(off.person.as_str(), "ben");
    assert!(off.text.event.clone().is_some_and(|e| e.cancelled && e.version == 2), "{off:?}");
}

// proves: STAFF-4 at once, who joined by their link, minutes into the log
// proves: STAFF-5 how people come, and when they are there, is said by their link and stands in the log
#[test]
fn a_call_is_held() {
    let mut story = managed();
    let act = call(&story, None, None, &["ben"]);
    story.act("ana", act).unwrap();
    let ben = story.next_message().unwrap();
    assert!(ben.text.urgent && ben.text.text.contains("conference call now"), "{}", ben.text.text);
    let token = ben.text.link.as_deref().unwrap().rsplit_once('/').unwrap().1;
    let link = now(story.ops.personal_link(token)).unwrap().expect("the link is known");
    let about: SummonsId = invitation(&story.subject(), 1);
    assert_eq!((&link.summons, link.person.as_str()), (&about, "ben"));
    assert_eq!(story.incident().call_of(&link.subject, &link.summons).map(|c| c.set.call), Some(1));
    let expected_at = Some(story.time() + minutes(30));
    let subject = story.subject();
    let come = Command::Come { person: "ben".into(), coming: Coming::OnTheWay, expected_at, via: Via::Link };
    now(story.ops.perform(&subject, come, None)).unwrap();
    let join = Command::Join { call: 1, person: "ben".into(), via: Via::Link };
    now(story.ops.perform(&subject, join, None)).unwrap();
    assert!(story.log().iter().any(|l| l.contains("on the way, expected at 10:30")), "{:#?}", story.log());
    let meeting = Act::HoldMeeting {
        kind: MeetingKind::Conference,
        held_at: None,
        present: Vec::new(),
        progress: "disk 4 it is".into(),
        plan_changes: String::new(),
        escalate: false,
        why: "enough people are here".into(),
        next: None,
    };
    story.act("ana", Act::Gather(GatherAct::End { call: 1, meeting: Box::new(meeting) })).unwrap();
    let incident = story.incident();
    let held = &incident.course.meetings[0].held;
    assert_eq!((held.call, held.present.len(), held.progress.as_str()), (Some(1), 1, "disk 4 it is"));
    assert!(!incident.gathering.calls[0].is_pending(), "its minutes are written, and nothing more is owed of it");
    story.expect_silence();
}
