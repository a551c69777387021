//! Versions of the procedure: applied from a file, or drafted, signed by the groups and in force at their date.

use super::harness::{MAIL_DOWN, SMALL, Story, minutes, now};
use muster_core::contact::{Answer, MeansKind};
use muster_core::directory::Organisation;
use muster_core::entry::{ComesBy, Fact, Passage};
use muster_core::ids::{PersonId, PersonRef};
use muster_core::incident::Act;
use muster_core::procedure::{Component, Content};
use muster_core::version::{Command, Drafting, Stage, Version};
use muster_core::{Span, later};

/// Cleo, who signs for user support, reads mail.
fn organisation() -> String {
    SMALL.replace(r#"{ kind = "call", to = "07700 900003" }"#, r#"{ kind = "email", to = "cleo@example.org" }"#)
}

fn org(story: &Story) -> Organisation {
    Organisation::clone(&now(story.ops.organisation()).unwrap())
}

fn by(story: &Story, id: &str) -> PersonRef {
    org(story).person_ref(&PersonId::from(id))
}

fn version(story: &Story, number: u32) -> Version {
    now(story.ops.version(number)).unwrap().0
}

/// Every version with its stage, newest first.
fn stages(story: &Story) -> Vec<(u32, Stage)> {
    now(story.ops.versions()).unwrap().iter().map(|v| (v.number, v.stage)).collect()
}

fn change(story: &mut Story, number: u32, command: Command) -> Result<Version, String> {
    let changed = now(story.ops.change_version(number, command, None));
    story.settle();
    changed.map(|performed| performed.folded).map_err(|failure| failure.to_string())
}

/// Version 2, which user support signs, with other words and figures.
fn drafted(story: &mut Story, effective: Option<Span>) -> Version {
    let drafting = Drafting {
        note: "tell the director sooner".into(),
        decision: "D-1, review of October".into(),
        groups: vec!["support".into()],
        effective: effective.map(|after| later(story.time(), after)),
        next_review: Some(later(story.time(), Span::from_hours(24 * 90))),
    };
    let begun = now(story.ops.draft_version(by(story, "root"), drafting, None)).unwrap().folded;
    let edit = |to| Command::Edit { by: by(story, "root"), to, seen: None };
    let words = Content { steps: vec!["Ring the director".into()], decisions: Vec::new() };
    let words = edit(Passage::Component(Component::Escalation, words));
    let mut policy = begun.body.policy.clone();
    policy.conference_after = minutes(45);
    let figures = edit(Passage::Figures(policy));
    change(story, begun.number, words).unwrap();
    change(story, begun.number, figures).unwrap()
}

fn wording(story: &Story) -> Vec<String> {
    org(story).procedure.of(Component::Escalation).steps.clone()
}

// proves: POL-3 a version takes effect at its date when the groups it names have signed it, and replaces the one before
// proves: POL-2 a running incident keeps the version it started under, its words too
#[test]
fn a_signed_version_is_in_force_at_its_date_and_running_incidents_keep_theirs() {
    let mut story = Story::of(&organisation());
    assert_eq!(stages(&story), [(1, Stage::InForce)], "what was applied is the first version");
    story.signal(MAIL_DOWN);
    story.expect("ana", MeansKind::Email);
    story.answer("ana", Answer::Take).unwrap();
    story.act("ana", Act::Confirm).unwrap();
    let before = wording(&story);

    let draft = drafted(&mut story, Some(minutes(3)));
    assert_eq!((draft.number, draft.from, draft.stage), (2, Some(1), Stage::Draft));
    let root = by(&story, "root");
    change(&mut story, 2, Command::Propose { by: root }).unwrap();
    let asked = story.expect("cleo", MeansKind::Email);
    assert_eq!(asked.text.subject, "Version 2 of the procedure waits to be signed");
    assert!(
        story.owed().contains(&"Sign version 2 of the procedure for User support".to_owned()),
        "{:?}",
        story.owed()
    );
    let (ana, cleo) = (by(&story, "ana"), by(&story, "cleo"));
    let refused = change(&mut story, 2, Command::Sign { by: ana, area: "support".into(), seen: None }).unwrap_err();
    assert!(refused.contains("Only who supervises or manages that area signs for it"), "{refused}");
    change(&mut story, 2, Command::Sign { by: cleo, area: "support".into(), seen: None }).unwrap();
    assert!(!story.owed().iter().any(|what| what.contains("Sign version")), "{:?}", story.owed());
    story.advance(minutes(2));
    assert_eq!(stages(&story), [(2, Stage::Proposed), (1, Stage::InForce)], "its date is to come");
    assert_eq!((org(&story).policy.version, wording(&story)), (1, before.clone()));

    story.advance(minutes(1));
    assert_eq!(stages(&story), [(2, Stage::InForce), (1, Stage::Replaced)]);
    let holds = org(&story);
    assert_eq!((holds.policy.version, holds.policy.conference_after), (2, minutes(45)));
    assert_eq!(wording(&story), ["Ring the director"]);
    assert!(version(&story, 2).in_force.is_some_and(|i| i.how == ComesBy::Signed));
    assert_eq!(version(&story, 1).replaced.map(|(_, by)| by), Some(2));

    let incident = story.incident();
    assert_eq!(incident.terms.policy.version, 1, "it goes on under the version that it began under");
    assert_eq!(incident.terms.policy.conference_after, minutes(60));
    let its_words =
        version(&story, incident.terms.policy.version).body.procedure.of(Component::Escalation).steps.clone();
    assert_eq!(its_words, before, "whose words are kept");
    let verdict = now(story.ops.verify()).unwrap();
    assert_eq!(verdict.wrong, None);
}

// proves: POL-1 a next review date set with all involved: whoever wrote a version and whoever signs it get its next review into their calendars, and out of them again when another holds
#[test]
fn the_next_review_stands_in_calendars_until_another_version_holds() {
    let mut story = Story::of(&organisation());
    drafted(&mut story, None);
    let (root, cleo) = (by(&story, "root"), by(&story, "cleo"));
    change(&mut story, 2, Command::Propose { by: root.clone() }).unwrap();
    story.expect("cleo", MeansKind::Email);
    change(&mut story, 2, Command::Sign { by: cleo.clone(), area: "support".into(), seen: None }).unwrap();
    assert_eq!(stages(&story)[0], (2, Stage::InForce));
    let review = version(&story, 2).next_review.unwrap();
    for who in ["cleo", "root"] {
        let event = story.expect(who, MeansKind::Email).text.event.clone().unwrap();
        assert_eq!((event.starts_at, event.version, event.cancelled), (review, 0, false), "{who}");
    }
    // A third holds, and the second is not reviewed any more.
    drafted(&mut story, None);
    change(&mut story, 3, Command::Propose { by: root }).unwrap();
    change(&mut story, 3, Command::Sign { by: cleo, area: "support".into(), seen: None }).unwrap();
    let sent: Vec<_> = std::iter::from_fn(|| story.next_message()).collect();
    for who in ["cleo", "root"] {
        let mut events = sent.iter().filter(|d| d.person.as_str() == who).filter_map(|d| d.text.event.as_ref());
        let off = events.find(|e| e.id == "policy-2-review").unwrap();
        assert_eq!((off.version, off.cancelled), (1, true), "{who}");
    }
}

// proves: POL-3 what groups have signed off is not changed by a file: they sign what follows it as well
#[test]
fn a_file_does_not_change_what_groups_have_signed() {
    let mut story = Story::of(&organisation());
    drafted(&mut story, None);
    let (root, cleo) = (by(&story, "root"), by(&story, "cleo"));
    change(&mut story, 2, Command::Propose { by: root }).unwrap();
    change(&mut story, 2, Command::Sign { by: cleo, area: "support".into(), seen: None }).unwrap();
    let mut wanted = org(&story);
    wanted.people.get_mut(&PersonId::from("ben")).unwrap().title = "Postmaster".into();
    now(story.ops.apply(&wanted, "root")).unwrap();
    wanted.policy.conference_after = minutes(50);
    for refused in [now(story.ops.plan(&wanted)).map(drop), now(story.ops.apply(&wanted, "root")).map(drop)] {
        let why = refused.unwrap_err().to_string();
        assert!(why.contains("Version 2") && why.contains("Draft the next version"), "{why}");
    }
    assert_eq!(org(&story).policy.conference_after, minutes(45));
    assert_eq!(stages(&story)[0], (2, Stage::InForce));
}

// proves: POL-1 what is applied from a file is a version too, once: applying the same again makes none
#[test]
fn applying_a_file_makes_a_version_only_where_it_says_something_else() {
    let story = Story::of(&organisation());
    let mut wanted: Organisation = toml::from_str(&organisation()).unwrap();
    wanted.policy.version = 9;
    assert!(now(story.ops.apply(&wanted, "root")).unwrap().changes.is_empty(), "versions are counted here");
    wanted.people.get_mut(&PersonId::from("ben")).unwrap().title = "Postmaster".into();
    now(story.ops.apply(&wanted, "root")).unwrap();
    assert_eq!(stages(&story), [(1, Stage::InForce)], "that is no part of the procedure");
    wanted.policy.nag_every = minutes(20);
    let planned: Vec<_> = now(story.ops.plan(&wanted)).unwrap().changes.iter().map(ToString::to_string).collect();
    assert_eq!(planned, ["~ policy : nag_every, version"]);
    for _ in 0..2 {
        now(story.ops.apply(&wanted, "root")).unwrap();
        assert_eq!(stages(&story), [(2, Stage::InForce), (1, Stage::Replaced)]);
    }
    assert_eq!(org(&story).policy.version, 2);
    let (version, log) = now(story.ops.version(2)).unwrap();
    assert_eq!(
        (version.author.map(|a| a.name).as_deref(), &*version.note),
        (Some("Rosa Admin"), "applied from a file")
    );
    assert!(matches!(&log[1].fact, Fact::VersionInForce(f) if f.how == ComesBy::Applied));
}

// proves: POL-3 management may put a version in force over a missing sign-off with a reason, and nobody else
// proves: POL-3 who has not signed is reminded, once a day
#[test]
fn who_has_not_signed_is_reminded_daily_and_management_goes_over_them_with_a_reason() {
    let mut story = Story::of(&organisation());
    drafted(&mut story, None);
    let (root, ana, cleo) = (by(&story, "root"), by(&story, "ana"), by(&story, "cleo"));
    change(&mut story, 2, Command::Propose { by: root }).unwrap();
    story.expect("cleo", MeansKind::Email);
    let declined = "Two steps are missing.".to_owned();
    change(&mut story, 2, Command::Decline { by: cleo.clone(), area: "support".into(), reason: declined }).unwrap();
    story.advance(Span::from_hours(7 * 24 - 1));
    story.expect_silence();
    for _ in 0..2 {
        story.advance(Span::from_hours(24));
        let reminded = story.expect("cleo", MeansKind::Email);
        assert_eq!(reminded.text.subject, "Version 2 of the procedure is not signed yet");
        story.expect_silence();
    }
    let due = now(story.ops.version(2)).unwrap().0;
    assert_eq!((due.stage, due.missing().count()), (Stage::Proposed, 1));
    let force = |by, reason: &str| Command::Force { by, reason: reason.into() };
    assert!(change(&mut story, 2, force(ana, "now")).unwrap_err().contains("Only management"));
    assert!(change(&mut story, 2, force(cleo.clone(), " ")).unwrap_err().contains("Write why it cannot wait"));
    let holds = change(&mut story, 2, force(cleo, "The term begins.")).unwrap();
    let over = ComesBy::Over { missing: vec!["User support".into()], reason: "The term begins.".into() };
    assert_eq!(holds.in_force.map(|i| i.how), Some(over));
    assert_eq!(stages(&story), [(2, Stage::InForce), (1, Stage::Replaced)]);
    assert_eq!(wording(&story), ["Ring the director"]);
}

// proves: POL-2 a policy that would leave an incident without anybody who takes it is refused with the reason
#[test]
fn a_version_that_nobody_could_work_by_is_refused_and_waits_if_it_becomes_one() {
    let mut story = Story::of(&organisation());
    let draft = drafted(&mut story, Some(minutes(20)));
    let root = by(&story, "root");
    let mut policy = draft.body.policy.clone();
    policy.fallback_area = Some("support".into());
    let edit = Command::Edit { by: root.clone(), to: Passage::Figures(policy), seen: None };
    let refused = change(&mut story, 2, edit).unwrap_err();
    assert!(refused.contains("would become Incident Manager"), "{refused}");
    assert_eq!(version(&story, 2).body.policy.fallback_area, None);
    // What was sensible when it was signed, and is not any more, comes into force once it is again.
    let (root, cleo) = (by(&story, "root"), by(&story, "cleo"));
    change(&mut story, 2, Command::Propose { by: root }).unwrap();
    story.expect("cleo", MeansKind::Email);
    change(&mut story, 2, Command::Sign { by: cleo, area: "support".into(), seen: None }).unwrap();
    let whole: Organisation = toml::from_str(&organisation()).unwrap();
    let mut smaller = whole.clone();
    smaller.areas.clear();
    smaller.policy.tell_directly.clear();
    now(story.ops.apply(&smaller, "root")).unwrap();
    let waits = [(3, Stage::InForce), (2, Stage::Proposed), (1, Stage::Replaced)];
    assert_eq!(stages(&story), waits);
    story.advance(minutes(30));
    assert_eq!(stages(&story), waits, "nobody of user support could be told");
    let mut again = smaller.clone();
    again.areas = whole.areas;
    now(story.ops.apply(&again, "root")).unwrap();
    story.advance(minutes(1));
    assert_eq!(stages(&story), [(3, Stage::Replaced), (2, Stage::InForce), (1, Stage::Replaced)]);
    assert_eq!(org(&story).policy.version, 2);
}
