//! Two incidents that hang together, or are one: both logs say so, or neither.

use super::harness::{MAIL_DOWN, SMALL, Story, minutes, now};
use muster::ops::links::Tying;
use muster::store::{Error, Sight, Tx, alerts, subjects};
use muster_core::alert::Status;
use muster_core::contact::{Answer, MeansKind};
use muster_core::entry::{Relation, Told};
use muster_core::ids::{AlertId, PersonId, PersonRef, SubjectId};
use muster_core::incident::{Act, Command, Declaration, Incident, OpenBy, State};
use muster_core::later;

/// The alert's incident, managed by Ana, and one that Ben declared.
struct Two {
    story: Story,
    alerted: SubjectId,
    declared: SubjectId,
}

fn ana(story: &Story) -> PersonRef {
    now(story.ops.organisation()).unwrap().person_ref(&PersonId::from("ana"))
}

impl Two {
    fn begin() -> Self {
        let mut story = Story::of(SMALL);
        story.signal(MAIL_DOWN);
        story.expect("ana", MeansKind::Email);
        story.answer("ana", Answer::Take).unwrap();
        story.act("ana", Act::Confirm).unwrap();
        let alerted = Self::subject(&story, "2026-001");
        let said = Declaration {
            by: now(story.ops.organisation()).unwrap().person_ref(&PersonId::from("ben")),
            title: "Webmail hangs".into(),
            told: Told::SawIt,
            went_down: None,
            manager: None,
            discovered_at: None,
            affected: None,
            severity: None,
            system: None,
        };
        let declared = now(story.ops.declare(OpenBy::Person(said), None)).unwrap().subject;
        Self { story, alerted, declared }
    }

    fn subject(story: &Story, number: &str) -> SubjectId {
        let number = number.to_owned();
        let find = async move |tx: &mut Tx| subjects::by_number(tx, &Sight::all(), &number).await;
        now(story.ops.db().read(find)).unwrap().expect("such an incident")
    }

    fn incident(&self, subject: &SubjectId) -> Incident {
        let subject = subject.clone();
        let load = async move |tx: &mut Tx| subjects::load::<Incident>(tx, &subject).await;
        now(self.story.ops.db().read(load)).unwrap().expect("such a log").folded
    }

    /// Which incident the alert belongs to, and in which account it stands.
    fn alert(&self, id: &AlertId) -> (Option<SubjectId>, &'static str) {
        let id = id.clone();
        let load = async move |tx: &mut Tx| Ok::<_, Error>(alerts::load(tx, &id).await?);
        let alert = now(self.story.ops.db().read(load)).unwrap().expect("such an alert").alert;
        (alert.subject, alert.account.word())
    }

    fn tie(&self, one: &SubjectId, other: &str, tying: Tying) -> Result<Vec<u64>, String> {
        let by = ana(&self.story);
        now(self.story.ops.tie(by, one, other, tying, None)).map(|p| p.entries).map_err(|e| e.to_string())
    }
}

#[test]
fn a_link_stands_in_both_logs_and_is_taken_out_of_both() {
    let two = Two::begin();
    two.tie(&two.declared, "2026-001", Tying::Link(Relation::CausedBy)).unwrap();
    let how = |subject, number: &str| two.incident(subject).linked_with(number).map(|l| l.how);
    assert_eq!(how(&two.declared, "2026-001"), Some(Relation::CausedBy));
    assert_eq!(how(&two.alerted, "2026-002"), Some(Relation::Caused));
    assert!(two.tie(&two.alerted, "2026-002", Tying::Link(Relation::Related)).is_err(), "linked already");
    let before = two.incident(&two.declared).seq;
    for (other, tying) in [
        ("2026-999", Tying::Link(Relation::Related)),
        ("2026-002", Tying::Link(Relation::Related)),
        ("2026-001", Tying::Unlink(" ".into())),
    ] {
        assert!(two.tie(&two.declared, other, tying.clone()).is_err(), "{other} {tying:?}");
    }
    assert_eq!(two.incident(&two.declared).seq, before, "nothing half-done");
    two.tie(&two.alerted, "2026-002", Tying::Unlink("Another fault.".into())).unwrap();
    assert_eq!((how(&two.declared, "2026-001"), how(&two.alerted, "2026-002")), (None, None));
}

#[test]
fn what_is_merged_hands_its_alerts_over_and_gets_them_back_when_it_is_reopened() {
    let mut two = Two::begin();
    let alert = two.incident(&two.alerted).alerts.keys().next().unwrap().clone();
    two.tie(&two.alerted, "2026-002", Tying::Merge("The same relay.".into())).unwrap();
    let (from, into) = (two.incident(&two.alerted), two.incident(&two.declared));
    assert_eq!((from.state, from.state_words().as_str()), (State::Withdrawn, "Merged into 2026-002"));
    assert!(from.alerts.is_empty() && into.alerts.contains_key(&alert));
    assert_eq!(two.alert(&alert), (Some(two.declared.clone()), "joined"));
    assert!(two.tie(&two.alerted, "2026-002", Tying::Merge("Again.".into())).is_err(), "it is over");

    // What is repeated is heard where it belongs now, and calls nobody anew.
    two.story.signal(MAIL_DOWN);
    two.story.advance(minutes(1));
    two.story.expect_silence();
    assert_eq!(two.alert(&alert), (Some(two.declared.clone()), "joined"));

    let reopen = Act::Reopen { reason: "Two relays.".into() };
    let command = Command::Act { by: ana(&two.story), act: reopen };
    now(two.story.ops.perform(&two.alerted, command, None)).unwrap();
    let (from, into) = (two.incident(&two.alerted), two.incident(&two.declared));
    assert_eq!((from.state, from.others.merged_into.is_none()), (State::Open, true));
    assert!(from.alerts.contains_key(&alert) && into.alerts.is_empty() && into.others.took_in.is_empty());
    assert_eq!(two.alert(&alert), (Some(two.alerted.clone()), "joined"));
}

#[test]
fn what_was_merged_is_seen_by_whoever_sees_that_in_which_it_goes_on() {
    let two = Two::begin();
    two.tie(&two.alerted, "2026-002", Tying::Merge("The same relay.".into())).unwrap();
    let ben = || now(two.story.ops.organisation()).unwrap().person_ref(&PersonId::from("ben"));
    let acts = |act: Act| now(two.story.ops.perform(&two.declared, Command::Act { by: ben(), act }, None)).unwrap();
    acts(Act::Restrict { to: Vec::new(), reason: "Somebody is inside.".into() });
    let org = now(two.story.ops.organisation()).unwrap();
    let seers = two.incident(&two.declared).seen_by(&org).expect("restricted");
    let merged = two.incident(&two.alerted).seen_by(&org).expect("restricted with it");
    assert!(merged.is_superset(&seers), "{merged:?} and {seers:?}");
    acts(Act::Unrestrict { reason: "A drill.".into() });
    assert_eq!(two.incident(&two.alerted).seen_by(&org), None);
}

#[test]
fn what_is_over_takes_nothing_in() {
    let two = Two::begin();
    let by = ana(&two.story);
    let withdraw = Act::Withdraw { reason: "A test.".into() };
    now(two.story.ops.perform(&two.declared, Command::Act { by, act: withdraw }, None)).unwrap();
    let refused = two.tie(&two.alerted, "2026-002", Tying::Merge("The same.".into())).unwrap_err();
    assert!(refused.contains("You cannot merge another into an incident that is withdrawn"), "{refused}");
    assert_eq!(two.incident(&two.alerted).state, State::Open, "nothing half-done");
    assert_eq!(two.incident(&two.alerted).alerts.len(), 1);
}

#[test]
fn what_its_sender_let_run_out_is_over_in_the_incident_that_takes_it_in() {
    let mut two = Two::begin();
    // Repeated with an end, as Prometheus does, and not repeated once more.
    let ends = later(two.story.time(), minutes(4));
    two.story.signal(&MAIL_DOWN.replacen('{', &format!("{{\"ends_at\":\"{ends}\","), 1));
    let alert = two.incident(&two.alerted).alerts.keys().next().unwrap().clone();
    two.story.advance(minutes(5));
    assert_eq!(two.incident(&two.alerted).alerts[&alert].status, Status::Resolved);
    let merge = Tying::Merge("The same fault".into());
    two.tie(&two.alerted, "2026-002", merge).unwrap();
    assert_eq!(two.alert(&alert).0, Some(two.declared.clone()));
    assert_eq!(two.incident(&two.declared).alerts[&alert].status, Status::Resolved, "nothing more will be heard of it");
}
