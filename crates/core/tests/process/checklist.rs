//! The at-a-glance checklist: judgement is allowed, silence is not.

use crate::fixture::{Log, at, kinds, org};
use muster_core::contact::{Answer, MeansKind, Outcome, Proof};
use muster_core::entry::{Change, Extent, Fact, Fault, FollowUpBy, MeetingKind, Severity, Urgency};
use muster_core::incident::{Act, Standing, State, TriageAct};
use muster_core::procedure::{Procedure, Sign, Step};
use muster_core::refusal::Refusal;

/// How each step of that name stands: open, seen, done, skipped.
fn stands(log: &Log, name: &str) -> Standing {
    let all = log.incident().checked();
    all.into_iter().find(|c| c.step.name == name).unwrap_or_else(|| panic!("no step {name}")).standing
}

fn left(log: &Log) -> Vec<String> {
    let open = log.incident().checked().into_iter().filter(|c| c.standing == Standing::Open);
    open.map(|c| c.step.name.clone()).collect()
}

fn tick(step: &str) -> Act {
    Act::TickStep { step: step.into() }
}

fn skip(step: &str, reason: &str) -> Act {
    Act::SkipStep { step: step.into(), reason: reason.into() }
}

fn triage() -> Act {
    Act::Triage(TriageAct {
        extent: Extent::Everyone,
        fault: Fault::Down,
        populations: None,
        systems: Vec::new(),
        urgency: Urgency::High,
        severity: None,
        reason: String::new(),
        seen: None,
    })
}

fn conference() -> Act {
    Act::HoldMeeting {
        kind: MeetingKind::Conference,
        held_at: None,
        present: vec!["priya".into()],
        progress: "half of it is back".into(),
        plan_changes: String::new(),
        escalate: false,
        why: "enough people are here".into(),
        next: None,
    }
}

// proves: POL-4 the at-a-glance checklist of nine steps is put on every incident, whoever or whatever opened it
#[test]
fn nine_steps_stand_on_every_incident() {
    let said = muster_core::entry::UserReported { text: "Nobody can sign in.".into(), ..Default::default() };
    let report = muster_core::incident::UserReport { said, system: None };
    let mut reported = Log::new(org());
    let by = muster_core::incident::OpenBy::User(report);
    reported.does(muster_core::incident::Command::Open { number: "2026-001".into(), by });
    for log in [Log::suspected(), Log::declared(), reported] {
        let names: Vec<_> = log.incident().checked().into_iter().map(|c| c.step.name.clone()).collect();
        let nine = [
            "begin-log",
            "tell-support",
            "assess",
            "bring-in",
            "status-page",
            "tell-management",
            "conference",
            "review",
            "report",
        ];
        assert_eq!(names, nine);
        let Fact::Opened(opened) = &log.entries[0].fact else { panic!("no opening") };
        assert_eq!(opened.checklist, log.org.procedure.checklist(), "what the log holds, not what holds elsewhere");
    }
}

// proves: POL-4 steps are ticked by the system when it sees them done
#[test]
fn muster_ticks_what_it_sees() {
    let mut log = Log::open();
    assert_eq!(stands(&log, "begin-log"), Standing::Seen(at(0)));
    log.at(3);
    assert_eq!(stands(&log, "tell-support"), Standing::Open);
    log.contact(Some("User support"), "ben", MeansKind::Call, Outcome::MessageLeft).unwrap();
    assert_eq!(stands(&log, "tell-support"), Standing::Open, "a message left does not count");
    let spoke = log.spoke("User support", "ben");
    assert_eq!(stands(&log, "tell-support"), Standing::Seen(at(3)));
    log.act("priya", Act::TakeBack { entry: spoke, reason: "another Ben".into() });
    assert_eq!(stands(&log, "tell-support"), Standing::Open, "it was a mistake");
    log.at(4);
    log.spoke("User support", "adaeze");
    assert_eq!(stands(&log, "tell-management"), Standing::Open);
    log.spoke("Server management", "daniel");
    assert_eq!(stands(&log, "tell-management"), Standing::Seen(at(4)));

    log.at(5);
    log.act("priya", triage());
    log.act("priya", Act::Change { to: Change::Severity(None), reason: "unclear".into(), seen: None });
    assert_eq!(stands(&log, "assess"), Standing::Open, "triaged, without a severity");
    let to = Change::Severity(Some(Severity::Critical));
    log.act("priya", Act::Change { to, reason: "clear now".into(), seen: None });
    assert_eq!(stands(&log, "assess"), Standing::Seen(at(5)));

    assert_eq!(stands(&log, "conference"), Standing::Open);
    log.at(50);
    log.act("priya", conference());
    assert_eq!(stands(&log, "conference"), Standing::Seen(at(50)));
    assert_eq!(stands(&log, "bring-in"), Standing::Open, "Priya works alone");

    // Either of two things shows that others were brought in: somebody took a part, or an area took it over.
    let mut helped = Log::new(org());
    let said = muster_core::incident::Declaration { system: Some("directory".into()), ..helped.declaration("priya") };
    let by = muster_core::incident::OpenBy::Person(said);
    helped.does(muster_core::incident::Command::Open { number: "2026-001".into(), by });
    assert_eq!(stands(&helped, "bring-in"), Standing::Open, "Marta is asked to help");
    helped.at(2);
    helped.answer("marta", Answer::Take);
    assert_eq!(stands(&helped, "bring-in"), Standing::Seen(at(2)));
    let mut handed = Log::suspected();
    let to = muster_core::incident::To::Area("user-support".into());
    handed.act("daniel", Act::HandOver { to, reason: "it is theirs".into(), brief: String::new() });
    handed.at(2);
    handed.answer("ben", Answer::Take);
    assert_eq!(stands(&handed, "bring-in"), Standing::Seen(at(2)), "nobody else had it before");
    let to = muster_core::incident::To::Area("user-support".into());
    let (reason, brief) = ("it is theirs".into(), "Sign-in fails.".into());
    log.act("priya", Act::HandOver { to, reason, brief });
    log.at(52);
    log.answer("ben", Answer::Take);
    assert_eq!(stands(&log, "bring-in"), Standing::Seen(at(52)));
}

// proves: POL-4 a conference is for what persists: what was over before one was owed lacks none
#[test]
fn what_was_over_soon_needs_no_conference() {
    for (restored, needs_one) in [(59, false), (61, true)] {
        let mut log = Log::open();
        log.at(70);
        log.restore(restored);
        assert_eq!(stands(&log, "conference") == Standing::Open, needs_one, "{restored}");
    }
}

// proves: POL-4 steps are done in any order, or skipped with a reason, by people
#[test]
fn people_tick_in_any_order_or_skip_with_a_reason() {
    let mut log = Log::open();
    log.at(7);
    assert_eq!(kinds(&log.act("priya", tick("report"))), ["step-done"]);
    let by_priya = Standing::Done { at: at(7), by: "Priya Raman".into() };
    assert_eq!(stands(&log, "report"), by_priya);
    assert_eq!(kinds(&log.act("marta", tick("status-page"))), ["step-done"]);
    assert!(log.act("priya", tick("status-page")).is_empty(), "a second time changes nothing");
    assert!(log.act("priya", tick("begin-log")).is_empty(), "Muster has seen it");
    assert_eq!(log.acts("priya", skip("conference", " ")).unwrap_err().field(), Some("reason"));
    assert!(matches!(log.acts("priya", skip("status-page", "x")), Err(Refusal::Over { .. })), "it is done");
    assert_eq!(log.acts("priya", tick("tea")).unwrap_err().field(), Some("step"));
    assert_eq!(kinds(&log.act("priya", skip("conference", "it is over soon"))), ["step-skipped"]);
    let skipped = Standing::Skipped { at: at(7), by: "Priya Raman".into(), reason: "it is over soon".into() };
    assert_eq!(stands(&log, "conference"), skipped);
    assert!(log.act("priya", skip("conference", "it is over soon")).is_empty());
    log.act("priya", conference());
    assert_eq!(stands(&log, "conference"), Standing::Seen(at(7)), "it was held after all");

    let mistaken = log.entry(|f| matches!(f, Fact::StepDone(f) if f.step == "status-page"));
    log.act("marta", Act::TakeBack { entry: mistaken, reason: "another incident".into() });
    assert_eq!(stands(&log, "status-page"), Standing::Open);
}

// proves: POL-4 silence is not allowed: closing is refused, with the names of steps that are neither done nor skipped
#[test]
fn silence_keeps_it_from_being_closed() {
    let mut log = Log::open();
    log.spoke("Server management", "daniel");
    log.at(10);
    log.restore(10);
    log.act("priya", Act::FileReport { reference: "share".into() });
    let people = vec!["daniel".into()];
    log.act("priya", Act::FollowUp { people, by: FollowUpBy::Spoken, text: String::new() });
    let close = || Act::Close { review: "minutes of 4 December".into() };
    assert_eq!(left(&log), ["tell-support", "assess", "bring-in", "status-page", "review"]);
    let refused = log.acts("priya", close()).unwrap_err().to_string();
    assert!(refused.contains("4 steps are neither done nor skipped: “Tell the user support group”, "), "{refused}");
    assert!(!refused.contains("monthly review"), "closing is what does that: {refused}");
    log.act("priya", tick("tell-support"));
    log.act("priya", skip("assess", "it was clear at once"));
    log.act("priya", skip("bring-in", "one was enough"));
    let refused = log.acts("priya", close()).unwrap_err().to_string();
    let says = "The step “Bring the status page and the phone line up to date” is neither done nor skipped.";
    assert!(refused.contains(says), "{refused}");
    log.act("priya", tick("status-page"));
    log.act("priya", close());
    assert_eq!((log.state(), stands(&log, "review")), (State::Closed, Standing::Seen(at(10))));
    assert!(matches!(log.acts("priya", tick("assess")), Err(Refusal::WrongState { .. })));
}

// proves: POL-4 the steps are data: an organisation has its own, and an incident keeps those that it began with
#[test]
fn an_organisation_has_its_own_steps() {
    let file = "
        [[checklist]]
        name = 'ring'
        words = 'Ring the director'
        [[checklist]]
        name = 'file'
        words = 'File the report'
        seen_by = ['report-filed']
        [escalation]
        steps = ['Ring']
    ";
    let own: Procedure = toml::from_str(file).unwrap();
    assert_eq!(own.checklist()[1].seen_by, [Sign::ReportFiled]);
    assert_eq!(toml::from_str::<Procedure>(&toml::to_string(&own).unwrap()).unwrap(), own, "as exported");
    assert_eq!(own.why_senseless(), None);
    let mut log = Log::new(muster_core::directory::Organisation { procedure: own, ..org() });
    let by = muster_core::incident::OpenBy::Person(log.declaration("priya"));
    log.does(muster_core::incident::Command::Open { number: "2026-001".into(), by });
    log.org.procedure = Procedure::default();
    assert_eq!(left(&log), ["ring", "file"]);

    for (steps, why) in [
        (vec![("Ring!", "Ring")], "step 1: its name"),
        (vec![("ring", " ")], "step 1: it is empty"),
        (vec![("ring", "Ring"), ("ring", "Write")], "step 2: its name or its words stand there twice"),
        (vec![("ring", &*"x".repeat(161))], "step 1: it is too long"),
        ((0..21).map(|_| ("ring", "Ring")).collect(), "there are 21 steps"),
    ] {
        let mut bad = Procedure::default();
        let step = |(name, words): (&str, &str)| Step { name: name.into(), words: words.into(), seen_by: Vec::new() };
        bad.set_checklist(steps.into_iter().map(step).collect());
        let said = bad.why_senseless().unwrap_or_default();
        assert!(said.contains(why), "{said}");
    }
    let unknown = "[[checklist]]\nname = 'a'\nwords = 'b'\nseen_by = ['magic']";
    assert!(
        toml::from_str::<Procedure>(unknown).unwrap_err().to_string().contains("log-begun"),
        "what there is is said"
    );
}

#[test]
fn who_was_told_is_enough() {
    let mut log = Log::open();
    log.contact(None, "daniel", MeansKind::Call, Outcome::Reached(Proof::Spoken)).unwrap();
    assert_eq!(stands(&log, "tell-management"), Standing::Seen(at(0)));
}
