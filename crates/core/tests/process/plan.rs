//! EVAL: the evaluation and the restoration plan.

use crate::fixture::*;
use muster_core::contact::{Answer, MeansKind};
use muster_core::duty::DutyKind;
use muster_core::entry::{CauseState, Change, Entry, Fact, OptionState, Part, PartState, Purpose, Risk, Via};
use muster_core::form::plan::Plan;
use muster_core::ids::PersonId;
use muster_core::incident::{Act, Command, LINE_MAX, TEXT_MAX, line, offered_parts, restoring_order};
use muster_core::refusal::Refusal;

fn problem(text: &str) -> Act {
    Act::Change { to: Change::Symptoms(text.into()), reason: String::new(), seen: None }
}

fn ask(text: &str, people: &[&str], areas: &[&str]) -> Act {
    Act::Ask { text: text.into(), people: ids(people), areas: ids(areas) }
}

fn propose(text: &str) -> Act {
    Act::ProposeCause { text: text.into(), part: None }
}

fn judge(cause: u32, now: CauseState, evidence: &str) -> Act {
    Act::JudgeCause { cause, now, evidence: evidence.into(), seen: None }
}

fn task(what: &str, to: &str, m: i64) -> Act {
    Act::SetTask { what: what.into(), to: to.into(), due: at(m) }
}

fn end(task: u32, done: bool, text: &str) -> Act {
    Act::EndTask { task, done, text: text.into() }
}

fn weigh(what: &str, causes: &[u32]) -> Act {
    let (effect, danger) = ("back in 5 min".into(), "a pause of 1 min".into());
    Act::WeighOption { what: what.into(), effect, risk: Risk::High, danger, causes: causes.to_vec() }
}

fn tried(option: u32, now: OptionState, text: &str) -> Act {
    Act::JudgeOption { option, now, text: text.into(), seen: None }
}

fn part(component: &str, to: Option<&str>) -> Part {
    Part { component: component.into(), to: to.map(str::to_owned) }
}

fn mark(component: &str, to: Option<&str>, now: PartState) -> Act {
    Act::MarkPart { part: part(component, to), now, evidence: "probe".into() }
}

fn words(log: &Log, fits: impl Fn(&Entry) -> bool) -> String {
    let entry = log.entries.iter().rev().find(|e| fits(e)).unwrap();
    let line = line(entry, log.incident());
    format!("{} {}", line.lead, line.text)
}

// proves: EVAL-1 every revision of the problem statement is kept with its time and writer
#[test]
fn every_revision_of_the_problem_is_kept() {
    let mut log = Log::declared();
    log.act("priya", problem("A third of all sign-ins fail."));
    log.at(12);
    log.act("marta", problem("The directory cannot write to its disk."));
    let revisions: Vec<_> =
        log.incident().plan.problem.iter().map(|r| (r.at, r.by.as_str(), r.text.as_str())).collect();
    assert_eq!(
        revisions,
        [
            (at(0), "Priya Raman", "A third of all sign-ins fail."),
            (at(12), "Marta Lindqvist", "The directory cannot write to its disk."),
        ]
    );
    assert_eq!(log.incident().symptoms, "The directory cannot write to its disk.", "field 11 is the newest of them");
}

// proves: EVAL-2 a question goes to chosen people and areas, and their answers land under it
#[test]
fn answers_land_under_their_question_and_end_the_asking() {
    let mut log = Log::declared();
    let facts = log.act("priya", ask("Was anything changed?", &["daniel"], &["server"]));
    let asked: Vec<_> = facts
        .iter()
        .filter_map(|f| match f {
            Fact::Tried(t) => Some(t.person.id.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(asked, ["daniel", "marta"], "each is asked at once, and the asker is not");
    let searches: Vec<_> = log.incident().summonses.iter().map(|s| s.id.clone()).collect();
    let by_link = Command::Inform {
        summons: searches[1].clone(),
        person: "marta".into(),
        text: " The switch, at 02:25. ".into(),
        via: Via::Link,
    };
    log.does(by_link.clone());
    assert!(log.sends(by_link).unwrap().is_empty(), "a double tap");
    assert_eq!(log.incident().summonses[1].ended.as_ref().unwrap().1, "Marta Lindqvist answered");
    assert!(log.incident().summonses[0].is_live(), "daniel is still asked");
    log.act("daniel", Act::GiveInput { question: 1, text: "Not that I know.".into() });
    log.act("ben", Act::GiveInput { question: 1, text: "Users say since 02:30.".into() });
    let question = &log.incident().plan.questions[0];
    let answers: Vec<_> = question.answers.iter().map(|a| (a.person.id.as_str(), a.text.as_str(), a.via)).collect();
    assert_eq!(
        answers,
        [
            ("marta", "The switch, at 02:25.", Via::Link),
            ("daniel", "Not that I know.", Via::Login),
            ("ben", "Users say since 02:30.", Via::Login),
        ]
    );
    assert!(!log.incident().summonses.iter().any(|s| s.is_live()));
    assert_eq!(log.manager(), Some("priya"), "who answers takes nothing on");
    assert_eq!(
        words(&log, |e| matches!(e.fact, Fact::QuestionAsked(_))),
        "Question 1: Was anything changed? Asked of Daniel Osei, Server team."
    );
    assert_eq!(
        words(&log, |e| matches!(&e.fact, Fact::InputGiven(f) if f.via == Via::Link)),
        "Marta Lindqvist on question 1: The switch, at 02:25. Answered by personal link."
    );
}

// proves: EVAL-2 of an area the next is asked; a question that nobody answers rests, without an alarm, and may be answered late
#[test]
fn a_question_in_vain_rests_and_can_be_answered_late() {
    let mut log = Log::declared();
    log.act("ben", ask("Who knows the array?", &["silent"], &["server"]));
    let [silent, server] = [0, 1].map(|n| log.incident().summonses[n].id.clone());
    let ended = |log: &Log, n: usize| log.incident().summonses[n].ended.as_ref().map(|(_, why)| why.clone());
    assert_eq!(ended(&log, 0).as_deref(), Some("Muster has no means to ask Silent Sam: ring them"));
    log.answers_to(&server, "priya", Answer::Cannot).unwrap();
    assert!(log.incident().summonses[1].asking().is_some_and(|c| c.person.id == "marta".into()), "the next is asked");
    let facts = log.at(14);
    assert!(!facts.iter().any(|f| matches!(f, Fact::NobodyReached(_))), "no alarm");
    assert_eq!(ended(&log, 1).as_deref(), Some("no answer from Priya Raman, Marta Lindqvist so far"));
    let late = |who: &str, summons: &muster_core::ids::SummonsId| Command::Inform {
        summons: summons.clone(),
        person: who.into(),
        text: "I do.".into(),
        via: Via::Link,
    };
    log.does(late("marta", &server));
    assert_eq!(log.incident().plan.questions[0].answers.len(), 1);
    assert_eq!(log.sends(late("ben", &silent)), Err(Refusal::NotAsked));
    assert!(matches!(log.sends(late("ben", &"nope".into())), Err(Refusal::Unknown { field: "summons", .. })));
}

#[test]
fn a_question_waits_for_who_will_answer_and_ends_with_the_incident() {
    let mut log = Log::declared();
    log.act("priya", ask("What broke?", &["marta"], &[]));
    assert_eq!(log.summons().purpose, Purpose::Input);
    log.answer("marta", Answer::Take);
    assert_eq!(log.manager(), Some("priya"), "no hand-over");
    assert_eq!(
        words(&log, |e| matches!(e.fact, Fact::Answered(_))),
        "Marta Lindqvist will answer, answered by personal link."
    );
    log.act("priya", ask("What else?", &["daniel"], &[]));
    log.restore(1);
    assert!(!log.incident().summonses.iter().any(|s| s.is_live()));
}

// proves: EVAL-3 components and interfaces are offered from the systems' dependencies, and marked by hand
#[test]
fn parts_are_offered_from_the_dependencies() {
    let mut org = org();
    org.systems.get_mut(&"directory".into()).unwrap().depends_on = ids(&["san", "email"]); // a cycle is harmless
    org.systems.insert("san".into(), muster_core::system::System { name: "Storage".into(), ..Default::default() });
    let mut log = Log::new(org);
    let said = muster_core::incident::Declaration { system: Some("email".into()), ..log.declaration("priya") };
    log.does(Command::Open { number: "2026-001".into(), by: muster_core::incident::OpenBy::Person(said) });
    let offered = |log: &Log| offered_parts(log.incident(), &log.org).iter().map(Part::words).collect::<Vec<_>>();
    let known = ["Email", "Directory", "Storage", "Email to Directory", "Directory to Email", "Directory to Storage"];
    assert_eq!(offered(&log), known);
    log.act("priya", mark("Directory", Some("Storage"), PartState::AtFault));
    log.act("priya", mark(" Controller\n A ", None, PartState::Suspected));
    log.act("marta", mark("Controller A", None, PartState::Working));
    assert_eq!(offered(&log).last().map(String::as_str), Some("Controller A"), "what people name is offered as well");
    let marks: Vec<_> = log.incident().plan.parts.iter().map(|m| (m.part.words(), m.now, m.last.by.as_str())).collect();
    assert_eq!(
        marks,
        [
            ("Directory to Storage".into(), PartState::AtFault, "Priya Raman"),
            ("Controller A".into(), PartState::Working, "Marta Lindqvist"),
        ]
    );
    assert_eq!(words(&log, |e| matches!(e.fact, Fact::PartMarked(_))), "Controller A: working. probe.");
}

// proves: EVAL-3 each cause is open, verified or ruled out, by whom, with what evidence
#[test]
fn a_cause_is_judged_with_evidence_and_may_be_open_again() {
    let mut log = Log::declared();
    log.act("priya", propose("The certificate ran out."));
    log.act("priya", propose("The disk is gone."));
    for (who, act, now) in [
        ("marta", judge(1, CauseState::RuledOut, "Valid until March."), CauseState::RuledOut),
        ("priya", judge(1, CauseState::Open, "Read from the wrong server."), CauseState::Open),
        ("daniel", judge(1, CauseState::Verified, "Expired at 02:31."), CauseState::Verified),
    ] {
        log.act(who, act);
        assert_eq!(log.incident().plan.causes[0].now, now);
    }
    let cause = &log.incident().plan.causes[0];
    let judged: Vec<_> = cause.judged.iter().map(|j| (j.by.as_str(), j.text.as_str())).collect();
    assert_eq!(
        judged,
        [
            ("Marta Lindqvist", "Valid until March."),
            ("Priya Raman", "Read from the wrong server."),
            ("Daniel Osei", "Expired at 02:31."),
        ]
    );
    assert_eq!(log.incident().plan.causes[1].now, CauseState::Open, "nobody has judged the other");
    assert_eq!(log.incident().plan.verified().map(|c| c.number).collect::<Vec<_>>(), [1]);
    assert_eq!(
        words(&log, |e| matches!(e.fact, Fact::CauseJudged(_))),
        "Cause 1 is verified: The certificate ran out. Expired at 02:31."
    );
}

// proves: EVAL-4 a subtask has an assignee and a due time; one whose time is over is a late duty of its assignee, with reminders
#[test]
fn a_task_is_a_duty_of_its_assignee_until_it_has_ended() {
    let mut log = Log::declared();
    log.act("priya", task("Read the storage errors", "marta", 20));
    log.act("priya", task("Ring the maker", "priya", 25));
    let duty = |log: &Log, n: &str| log.duty(DutyKind::Task, n);
    let owed = duty(&log, "1").unwrap();
    assert_eq!(owed.what, "Task 1: Read the storage errors");
    assert_eq!((owed.owed_by.as_ref().unwrap().id.as_str(), owed.since, owed.due), ("marta", at(0), at(20)));
    let nags = muster_core::subject::Subject::nags(log.incident());
    assert_eq!((owed.nag_step(nags, at(19)), owed.nag_step(nags, at(20))), (None, Some(1)), "reminded when it is over");
    log.at(22);
    assert!(duty(&log, "1").unwrap().is_late(log.now));
    log.act("marta", end(1, true, "The main path is gone."));
    assert_eq!(duty(&log, "1").unwrap().settled, Some(at(22)), "late, and on record");
    log.act("priya", end(2, false, "They are closed at night."));
    assert_eq!(duty(&log, "2"), None, "what is not needed is not owed");
    log.act("priya", task("Compare the zoning", "daniel", 60));
    log.restore(22);
    assert_eq!(duty(&log, "3"), None, "service is back");
    assert!(duty(&log, "1").is_some());
    log.act("daniel", end(3, true, "")); // may still be said
    assert_eq!(duty(&log, "3").unwrap().settled, Some(at(22)));
}

// proves: EVAL-4 restoration options have an expected effect and a risk, are linked to causes, tried or not, with what happened
#[test]
fn an_option_is_weighed_and_what_became_of_it_is_kept() {
    let mut log = Log::declared();
    log.act("priya", propose("The disk is gone."));
    log.act("priya", propose("The takeover failed."));
    log.act("marta", weigh("Fail over by hand", &[2, 1, 2]));
    log.act("marta", weigh("Restart", &[]));
    let option = |log: &Log, n: usize| log.incident().plan.options[n].clone();
    let first = option(&log, 0);
    assert_eq!((first.causes.as_slice(), first.risk, first.now), (&[1, 2][..], Risk::High, OptionState::NotTried));
    assert_eq!((first.effect.as_str(), first.danger.as_str()), ("back in 5 min", "a pause of 1 min"));
    log.act("priya", tried(1, OptionState::Trying, ""));
    log.act("priya", tried(1, OptionState::NoChange, "The same write error."));
    log.act("daniel", tried(2, OptionState::Declined, "Joining the copies takes a day."));
    let first = option(&log, 0);
    assert_eq!((first.now, first.judged.len()), (OptionState::NoChange, 2));
    assert_eq!(first.judged[1].text, "The same write error.");
    assert_eq!(option(&log, 1).judged[0].by, "Daniel Osei");
    assert_eq!(
        words(&log, |e| matches!(&e.fact, Fact::OptionWeighed(f) if f.number == 1)),
        "Option 1: Fail over by hand. Expected: back in 5 min. Risk high. a pause of 1 min. For causes 1, 2."
    );
}

// proves: EVAL-6 whatever is put into the plan is an entry of the log, and nothing else makes the plan
#[test]
fn every_act_on_the_plan_is_one_entry_by_its_writer() {
    for (act, kind) in [
        (problem("No sign-in."), "changed"),
        (mark("Email", None, PartState::Suspected), "part-marked"),
        (propose("The switch."), "cause-proposed"),
        (judge(1, CauseState::Verified, "Seen."), "cause-judged"),
        (task("Look", "marta", 30), "task-set"),
        (end(1, true, ""), "task-ended"),
        (weigh("Fail over", &[1]), "option-weighed"),
        (tried(1, OptionState::Helped, "Back."), "option-judged"),
        (Act::GiveInput { question: 1, text: "Yes.".into() }, "input-given"),
    ] {
        let mut log = Log::declared();
        for before in [ask("Who?", &["silent"], &[]), propose("A"), task("B", "ben", 9), weigh("C", &[])] {
            log.act("priya", before);
        }
        let before = log.incident().plan.clone();
        let facts = log.act("marta", act);
        assert_eq!(facts.iter().map(Fact::kind).collect::<Vec<_>>(), [kind]);
        assert_eq!(log.entries.last().unwrap().author.name(), "Marta Lindqvist");
        assert_ne!(log.incident().plan, before, "{kind}");
    }
}

#[test]
fn an_act_on_the_plan_that_makes_no_sense_is_refused_and_leaves_nothing() {
    let long = || "x".repeat(TEXT_MAX + 1);
    let many: Vec<PersonId> = vec!["marta".into(); 40];
    let unjudged = |n, now: CauseState| judge(n, now, " ");
    for (what, act, code, field) in [
        ("an empty question", ask(" ", &["marta"], &[]), "missing", "text"),
        ("a long question", ask(&long(), &["marta"], &[]), "too-long", "text"),
        ("asked of nobody", ask("Why?", &[], &[]), "missing", "whom"),
        ("asked of who is gone", ask("Why?", &["left"], &[]), "unknown", "whom"),
        ("asked of oneself", ask("Why?", &["priya"], &[]), "senseless", "whom"),
        ("no such area", ask("Why?", &[], &["nope"]), "unknown", "whom"),
        ("no such question", Act::GiveInput { question: 7, text: "x".into() }, "unknown", "question"),
        ("question 0", Act::GiveInput { question: 0, text: "x".into() }, "unknown", "question"),
        ("an empty answer", Act::GiveInput { question: 1, text: "\u{200b}".into() }, "missing", "text"),
        ("no component", mark(" ", None, PartState::Working), "missing", "component"),
        ("a long component", mark(&"x".repeat(LINE_MAX + 1), None, PartState::Working), "too-long", "component"),
        ("joined to itself", mark("Email", Some(" Email"), PartState::Working), "senseless", "to"),
        ("an empty cause", propose("\n"), "missing", "text"),
        ("no such cause", judge(9, CauseState::Verified, "x"), "unknown", "cause"),
        ("verified without evidence", unjudged(1, CauseState::Verified), "missing", "evidence"),
        ("ruled out without evidence", unjudged(1, CauseState::RuledOut), "missing", "evidence"),
        ("open again without a why", unjudged(1, CauseState::Open), "missing", "evidence"),
        ("an empty task", task("", "marta", 9), "missing", "what"),
        ("a long task", task(&"x".repeat(LINE_MAX + 1), "marta", 9), "too-long", "what"),
        ("a task of who is gone", task("x", "left", 9), "unknown", "person"),
        ("a task of nobody", task("x", "nobody", 9), "unknown", "person"),
        ("due already", task("x", "marta", 0), "senseless", "due"),
        ("due in two months", task("x", "marta", 60 * 24 * 62), "senseless", "due"),
        ("no such task", end(9, true, ""), "unknown", "task"),
        ("not needed without a why", end(1, false, ""), "missing", "text"),
        ("an empty option", weigh(" ", &[]), "missing", "what"),
        ("an option for no such cause", weigh("x", &[1, 9]), "unknown", "causes"),
        ("no such option", tried(9, OptionState::Helped, "x"), "unknown", "option"),
        ("tried without what happened", tried(1, OptionState::NoChange, ""), "missing", "text"),
        ("declined without a why", tried(1, OptionState::Declined, ""), "missing", "text"),
    ] {
        let mut log = Log::declared();
        for before in [ask("Who?", &["silent"], &[]), propose("A"), task("B", "ben", 9), weigh("C", &[])] {
            log.act("priya", before);
        }
        let before = (log.incident().clone(), log.entries.len());
        let refused = log.acts("priya", act).unwrap_err();
        assert_eq!((refused.code(), refused.field().unwrap_or_default()), (code, field), "{what}: {refused}");
        assert!(refused.to_string().ends_with(['.', '?']), "a sentence that says what to do: {refused}");
        assert_eq!((log.incident().clone(), log.entries.len()), before, "{what}");
    }
    let mut log = Log::declared();
    log.act("ben", Act::Ask { text: "Who?".into(), people: many, areas: Vec::new() });
    assert_eq!(log.incident().plan.questions[0].of.len(), 1, "nobody is asked twice by one question");
    log.act("priya", task("x", "marta", 9));
    log.act("marta", end(1, true, ""));
    let again = log.acts("priya", end(1, true, "")).unwrap_err();
    assert_eq!(again.to_string(), "Marta Lindqvist ended this task already.");
    log.restore(0);
    for act in [ask("Why?", &["marta"], &[]), task("x", "marta", 9)] {
        assert_eq!(log.acts("priya", act).unwrap_err().code(), "wrong-state", "nothing is asked once service is back");
    }
    log.act("priya", propose("What it was")); // and what was the cause is found later
}

#[test]
fn of_two_who_judge_at_once_the_second_sees_the_first() {
    let mut log = Log::declared();
    log.act("priya", propose("The disk."));
    log.act("priya", weigh("Restart", &[1]));
    let seen = Some(log.incident().seq);
    let verify =
        |seen| Act::JudgeCause { cause: 1, now: CauseState::Verified, evidence: "The kernel log.".into(), seen };
    let decline = |seen| Act::JudgeOption { option: 1, now: OptionState::Declined, text: "No use.".into(), seen };
    log.act("marta", verify(seen));
    log.act("marta", decline(seen));
    for act in [verify(seen), decline(seen)] {
        let refused = log.acts("priya", act).unwrap_err();
        assert!(matches!(&refused, Refusal::ChangedMeanwhile { by, .. } if by == "Marta Lindqvist"), "{refused}");
    }
    log.act("priya", verify(Some(log.incident().seq)));
    log.act("priya", decline(None));
}

#[test]
fn a_question_uses_the_means_that_there_are() {
    let mut log = Log::declared();
    log.act("ben", ask("Who?", &["priya"], &[]));
    let tried: Vec<_> = log.summons().attempts.iter().map(|a| a.means).collect();
    assert_eq!(tried, [MeansKind::Push]);
}

// proves: EVAL-6 a verified cause is the determined cause of the form, until a person writes another
#[test]
fn a_verified_cause_stands_on_the_form_without_being_typed_twice() {
    let mut log = Log::declared();
    let on_form = |log: &Log| {
        let form = muster_core::form::Form::of(log.incident(), &log.entries, log.now);
        form.fields.iter().find(|f| f.number == 13).unwrap().value.join("\n")
    };
    log.act("priya", propose("The switch."));
    log.act("priya", propose("The disk."));
    assert_eq!(on_form(&log), "");
    log.act("priya", judge(1, CauseState::Verified, "Seen."));
    log.act("priya", judge(2, CauseState::Verified, "Seen."));
    assert_eq!(on_form(&log), "The switch.; The disk.");
    log.act("priya", judge(2, CauseState::RuledOut, "A copy."));
    assert_eq!(on_form(&log), "The switch.");
    log.act("priya", Act::Change { to: Change::Cause("Firmware.".into()), reason: String::new(), seen: None });
    assert_eq!(on_form(&log), "Firmware.");
}

#[test]
fn what_others_need_is_restored_before_them() {
    let mut org = org();
    org.systems.get_mut(&"printing".into()).unwrap().depends_on = ids(&["email", "gone"]);
    org.systems.get_mut(&"directory".into()).unwrap().depends_on = ids(&["email"]); // a cycle is broken
    let mut log = Log::new(org);
    let said = muster_core::incident::Declaration { system: Some("printing".into()), ..log.declaration("priya") };
    log.does(Command::Open { number: "2026-001".into(), by: muster_core::incident::OpenBy::Person(said) });
    assert_eq!(restoring_order(log.incident(), &log.org), ["Directory", "Email", "Printing"]);
    assert!(restoring_order(Log::declared().incident(), &log.org).is_empty(), "no system is named");
}

// proves: DOC-5 the evaluation and restoration plan goes on paper: everything that it says, and how it stands
#[test]
fn the_plan_goes_on_paper() {
    let mut log = Log::open();
    log.act("priya", propose("a full disk"));
    log.act("marta", judge(1, CauseState::RuledOut, "40 % free"));
    log.act("priya", task("read the log", "ben", 30));
    let plan = Plan::of(log.incident(), &log.org, at(40));
    let rows = |key: &str| plan.sections.iter().find(|s| s.key == key).unwrap().rows.clone();
    let cause = &rows("causes")[0];
    assert_eq!((cause.number, &*cause.what, &*cause.state), (Some(1), "a full disk", CauseState::RuledOut.words()));
    assert!(cause.details.last().unwrap().ends_with(": 40 % free"), "{cause:?}");
    let task = &rows("tasks")[0];
    assert_eq!((&*task.what, &*task.state), ("read the log", "late"));
    assert!(rows("parts").iter().any(|r| r.what == "Directory"), "{:?}", rows("parts"));
    assert!(rows("options").is_empty() && !plan.sections.iter().any(|s| s.none.is_empty()));
}
