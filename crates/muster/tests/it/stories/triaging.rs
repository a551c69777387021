//! Triage: owed by whoever is in charge, and it hurries who must be told.

use super::harness::{SMALL, Story, minutes};
use muster_core::contact::MeansKind;
use muster_core::entry::{Extent, Fault, Urgency};
use muster_core::incident::{Act, TriageAct};

fn triage() -> Act {
    Act::Triage(TriageAct {
        extent: Extent::Group,
        fault: Fault::Down,
        populations: None,
        systems: Vec::new(),
        urgency: Urgency::High,
        severity: None,
        reason: String::new(),
        seen: None,
    })
}

// proves: DIS-3 whoever is in charge of an open incident is reminded to triage it, ten minutes after taking it
#[test]
fn an_incident_that_nobody_triages_reminds_whoever_is_in_charge() {
    let mut story = Story::managed(&SMALL.replace("triage_within", "disruption_after = \"15m\" #"));
    assert!(story.owed().contains(&"Triage it".to_owned()), "{:?}", story.owed());
    story.advance(minutes(9));
    story.expect_silence();
    story.advance(minutes(1));
    let nag = story.expect("ana", MeansKind::Email);
    assert!(nag.text.subject.contains("late: Triage it"), "{}", nag.text.subject);
    assert!(nag.text.link.as_deref().is_some_and(|link| link.ends_with("/triage")), "{:?}", nag.text.link);
    story.act("ana", triage()).unwrap();
    assert!(!story.owed().contains(&"Triage it".to_owned()), "{:?}", story.owed());
    story.expect_logged("impact high; urgency high: severity 2");
}

// proves: DIS-4 whoever must be told directly is owed ten minutes after triage, before thirty after discovery
#[test]
fn a_triage_hurries_who_must_be_told_directly() {
    let mut story = Story::managed(SMALL);
    story.act("ana", triage()).unwrap();
    story.advance(minutes(9));
    story.expect_silence();
    story.advance(minutes(1));
    let nag = story.expect("ana", MeansKind::Email);
    assert!(nag.text.subject.contains("late: Tell user support directly"), "{}", nag.text.subject);
}
