//! Whatever people, providers and clocks do, in any order: what must hold after every step.

use crate::fixture::*;
use muster_core::contact::{Answer, MeansKind, Outcome, Proof};
use muster_core::directory::Organisation;
use muster_core::duty::next_due;
use muster_core::entry::{
    CauseState, Change, Fact, Moment, NoteKind, OptionState, Part, PartState, Purpose, Risk, Severity, Told, Via,
};
use muster_core::ids::{AreaId, PersonId, SummonsId};
use muster_core::incident::{Act, Command, Declaration, Incident, Manager, OpenBy, To};
use muster_core::policy::Phase;
use muster_core::subject::Subject;
use muster_core::system::Condition;
use muster_core::{Span, later};
use proptest::prelude::*;
use proptest::sample::select;

const PEOPLE: [&str; 8] = ["priya", "marta", "daniel", "ruth", "ben", "silent", "left", "nobody"];

/// What may happen next. References are to what is there by then, by position.
#[allow(clippy::large_enum_variant, reason = "one at a time")]
#[derive(Clone, Debug)]
enum Happens {
    /// The clock moves by so many seconds, and the engine ticks whenever something is due.
    Passes(i64),
    /// Muster was away for so many seconds.
    Away(i64),
    /// The machine's clock is set back.
    Back(i64),
    Answers {
        who: &'static str,
        answer: Answer,
        via: Via,
        summons: usize,
    },
    Graded {
        summons: usize,
        attempt: usize,
        outcome: Outcome,
    },
    Joins(Condition, u8),
    Recovers(u8),
    Acts {
        who: &'static str,
        act: Act,
    },
    /// An entry that was there when the log had so many is taken back.
    TakesBack(usize),
}

fn acts() -> impl Strategy<Value = Act> {
    let person = || select(&PEOPLE[..]).prop_map(PersonId::from);
    let text = || select(&["", "so", "the array\0 failed"][..]).prop_map(str::to_owned);
    let time = || (-90i64..40).prop_map(at);
    let means = || select(&MeansKind::ALL[..]);
    let change = prop_oneof![
        text().prop_map(Change::Title),
        proptest::option::of(time().prop_map(|at| Moment { at, estimate: true })).prop_map(Change::WentDown),
        text().prop_map(Change::Cause),
        time().prop_map(Change::RestoredAt),
        proptest::option::of(select(&Severity::ALL[..])).prop_map(Change::Severity),
        select(&[Phase::Intense, Phase::Waiting][..]).prop_map(Change::Phase),
    ];
    let note = |(text, happened_at)| Act::Note { kind: NoteKind::Activity, text, happened_at };
    let contact = |(person, means, outcome, told)| Act::Contact {
        tell: bool::then(told, || "User support".into()),
        person,
        means,
        outcome,
        said: String::new(),
        happened_at: None,
    };
    prop_oneof![
        (text(), proptest::option::of(time())).prop_map(note),
        (person(), means(), outcomes(), any::<bool>()).prop_map(contact),
        (0u64..60, text()).prop_map(|(entry, text)| Act::Correct { entry, text, happened_at: None }),
        Just(Act::TakeCharge),
        (person(), text()).prop_map(|(to, reason)| Act::HandOver { to: To::Person(to), reason, brief: String::new() }),
        Just(Act::Confirm),
        text().prop_map(|reason| Act::Withdraw { reason }),
        (time(), text()).prop_map(|(at, text)| Act::Restore { at, cause: text.clone(), resolution: text }),
        text().prop_map(|reason| Act::Reopen { reason }),
        text().prop_map(|reference| Act::FileReport { reference }),
        (change, proptest::option::of(0u64..60)).prop_map(|(to, seen)| Act::Change { to, reason: "so".into(), seen }),
        select(&["directory", "email", "nope"][..]).prop_map(|s| Act::AddSystem { system: s.into() }),
        (0u8..3)
            .prop_map(|n| Act::LeaveAlert { alert: format!("alert-{n}").as_str().into(), reason: "not ours".into() }),
        plan_acts(),
    ]
}

fn plan_acts() -> impl Strategy<Value = Act> {
    let person = || select(&PEOPLE[..]).prop_map(PersonId::from);
    let text = || select(&["", "so", "the array\0 failed"][..]).prop_map(str::to_owned);
    let number = || 0u32..4;
    let seen = || proptest::option::of(0u64..60);
    let area = select(&["server", "user-support", "nope"][..]).prop_map(AreaId::from);
    let part = || select(&["Email", "Directory", " "][..]).prop_map(|c| Part { component: c.into(), to: None });
    prop_oneof![
        (text(), prop::collection::vec(person(), 0..3), prop::collection::vec(area, 0..2))
            .prop_map(|(text, people, areas)| Act::Ask { text, people, areas }),
        (number(), text()).prop_map(|(question, text)| Act::GiveInput { question, text }),
        (part(), select(&PartState::ALL[..]), text()).prop_map(|(part, now, evidence)| Act::MarkPart {
            part,
            now,
            evidence
        }),
        (text(), proptest::option::of(part())).prop_map(|(text, part)| Act::ProposeCause { text, part }),
        (number(), select(&CauseState::ALL[..]), text(), seen())
            .prop_map(|(cause, now, evidence, seen)| Act::JudgeCause { cause, now, evidence, seen }),
        (text(), person(), -5i64..90).prop_map(|(what, to, m)| Act::SetTask { what, to, due: at(m) }),
        (number(), any::<bool>(), text()).prop_map(|(task, done, text)| Act::EndTask { task, done, text }),
        (text(), text(), select(&Risk::ALL[..]), prop::collection::vec(number(), 0..3)).prop_map(
            |(what, effect, risk, causes)| Act::WeighOption { what, effect, risk, danger: String::new(), causes }
        ),
        (number(), select(&OptionState::ALL[..]), text(), seen())
            .prop_map(|(option, now, text, seen)| Act::JudgeOption { option, now, text, seen }),
    ]
}

fn outcomes() -> impl Strategy<Value = Outcome> {
    use Outcome::{Busy, Delivered, Failed, MessageLeft, NoAnswer, Queued, Reached, Sent, WrongNumber};
    let reached = [Reached(Proof::Spoken), Reached(Proof::Confirmed)];
    select([vec![Queued, Sent, Delivered, NoAnswer, Busy, MessageLeft, WrongNumber, Failed], reached.to_vec()].concat())
}

fn happens() -> impl Strategy<Value = Happens> {
    let answers = select(&[Answer::Take, Answer::Know, Answer::Cannot, Answer::Cannot][..]);
    let via = select(&[Via::Link, Via::Key, Via::Login][..]);
    prop_oneof![
        6 => (1i64..600).prop_map(Happens::Passes),
        1 => (60i64..7200).prop_map(Happens::Away),
        1 => (1i64..600).prop_map(Happens::Back),
        6 => (select(&PEOPLE[..]), answers, via, 0usize..6)
            .prop_map(|(who, answer, via, summons)| Happens::Answers { who, answer, via, summons }),
        5 => (0usize..6, 0usize..40, outcomes())
            .prop_map(|(summons, attempt, outcome)| Happens::Graded { summons, attempt, outcome }),
        1 => (select(&[Condition::Down, Condition::Degraded][..]), 0u8..3).prop_map(|(c, n)| Happens::Joins(c, n)),
        1 => (0u8..3).prop_map(Happens::Recovers),
        6 => (select(&PEOPLE[..7]), acts()).prop_map(|(who, act)| Happens::Acts { who, act }),
        3 => (0usize..80).prop_map(Happens::TakesBack),
    ]
}

/// Organisations that differ where a summons may get stuck: nobody to ask, no waits, all at once.
fn organisations() -> impl Strategy<Value = Organisation> {
    (any::<bool>(), any::<bool>(), select(&[0i64, 60, 300][..]), any::<bool>()).prop_map(
        |(empty, silent, wait, zero)| {
            let mut org = org();
            org.policy.answer_wait = Span::from_secs(wait);
            for (id, person) in &mut org.people {
                if silent && id.as_str() != "marta" {
                    person.means.clear();
                }
                person.means.iter_mut().filter(|_| zero).for_each(|m| m.wait = Some(Span::ZERO));
                person.gone |= empty;
            }
            org
        },
    )
}

fn begins(org: Organisation, by_alert: bool) -> Log {
    if by_alert {
        return Log::suspected_in(org);
    }
    let mut log = Log::new(org);
    let said = Declaration { told: Told::Called, system: Some("directory".into()), ..log.declaration("ben") };
    log.does(Command::Open { number: "2026-001".into(), by: OpenBy::Person(said) });
    log
}

fn happen(log: &mut Log, what: Happens) -> Vec<Fact> {
    let summons_of = |log: &Log, nth: usize| {
        let all = &log.incident().summonses;
        all.get(nth % all.len().max(1)).cloned()
    };
    let numbered = |n: u8| format!("alert-{n}");
    let command = match what {
        Happens::Passes(seconds) => return log.until(later(log.now, Span::from_secs(seconds))),
        Happens::Away(seconds) => {
            log.now = later(log.now, Span::from_secs(seconds));
            log.up_since = log.now;
            Command::Tick
        }
        Happens::Back(seconds) => {
            log.now = later(log.now, -Span::from_secs(seconds));
            Command::Tick
        }
        Happens::Answers { who, answer, via, summons } => {
            let id = summons_of(log, summons).map_or(SummonsId::from("none"), |s| s.id);
            Command::Answer { summons: id, person: who.into(), answer, via }
        }
        Happens::Graded { summons, attempt, outcome } => {
            let Some(summons) = summons_of(log, summons).filter(|s| !s.attempts.is_empty()) else { return vec![] };
            let attempt = summons.attempts[attempt % summons.attempts.len()].id.clone();
            Command::Grade { summons: summons.id, attempt, outcome, detail: "x".repeat(300) }
        }
        Happens::Joins(condition, n) => {
            let mut alert = alert("email", condition);
            alert.id = numbered(n).as_str().into();
            Command::JoinAlert(news(alert))
        }
        Happens::Recovers(n) => {
            Command::AlertRecovered { alert: numbered(n).as_str().into(), detail: "OK".into(), at: log.now }
        }
        Happens::Acts { who, act } => Command::Act { by: log.person(who), act },
        Happens::TakesBack(nth) => {
            let of_note = |f: &Fact| matches!(f, Fact::Answered(_) | Fact::Contacted(_));
            let entries: Vec<u64> = log.entries.iter().filter(|e| of_note(&e.fact)).map(|e| e.seq).collect();
            let Some(entry) = entries.get(nth % entries.len().max(1)) else { return vec![] };
            Command::Act { by: log.person("ruth"), act: Act::TakeBack { entry: *entry, reason: "a mistake".into() } }
        }
    };
    log.decides(&command).unwrap_or_default()
}

/// What the facts of one step may not do, told from the facts alone.
fn assert_honest(log: &Log, facts: &[Fact], manager_before: Option<&str>) {
    for fact in facts {
        match fact {
            Fact::Answered(answer) => {
                let summons = log.incident().summons(&answer.summons).unwrap();
                let was_asked = summons.chain.iter().any(|c| c.person.id == answer.person.id);
                assert!(was_asked || answer.via == Via::Login, "{} answers what nobody asked", answer.person);
                assert!(answer.proof == Proof::Confirmed || answer.via == Via::Key, "spoken without a word");
            }
            Fact::ManagerAssumed(assumed) => {
                assert_ne!(manager_before, Some(assumed.person.id.as_str()), "is it already");
                if let Some(summons) = &assumed.summons {
                    let said =
                        |f: &Fact| matches!(f, Fact::Answered(a) if a.summons == *summons && a.answer == Answer::Take);
                    assert!(facts.iter().any(said), "{} manages without having taken it", assumed.person);
                }
            }
            Fact::Contacted(contact) if contact.outcome.proof().is_some() => {
                assert!(contact.means.is_conversation(), "spoken by {:?}", contact.means);
            }
            _ => {}
        }
    }
    let incident = log.incident();
    assert_eq!(incident.manager.as_ref(), incident.managers.last(), "exactly one");
    let mut seen: Vec<(Option<&SummonsId>, &PersonId)> = Vec::new();
    for manager in &incident.managers {
        let twice = manager.summons.is_some() && seen.contains(&(manager.summons.as_ref(), &manager.person.id));
        assert!(!twice || incident.managers.iter().any(|m| has_left(log, m)), "one assumed it by one answer twice");
        seen.push((manager.summons.as_ref(), &manager.person.id));
    }
    // Somebody who has it and means to keep it is not looked for behind their back.
    let stays = |m: &&Manager| !has_left(log, m);
    if let (Some(manager), Some(search)) = (incident.manager.as_ref().filter(stays), incident.search_for_manager()) {
        let given_up = search.answer_of(&manager.person.id).map(|g| g.answer);
        assert_eq!(given_up, Some(Answer::Cannot));
    }
    let searches = incident.summonses.iter().filter(|s| s.is_live() && s.purpose == Purpose::TakeCharge);
    assert!(searches.count() <= 1, "one search for an Incident Manager");
    let hand_overs = incident.summonses.iter().filter(|s| s.is_live() && s.purpose == Purpose::HandOver);
    assert!(hand_overs.count() <= 1, "the newest");
    assert_sound_plan(incident);
}

fn has_left(log: &Log, manager: &Manager) -> bool {
    log.org.people.get(&manager.person.id).is_some_and(|p| p.gone)
}

/// Numbers have no gaps, judgements have their evidence, and nobody who has answered is still asked.
fn assert_sound_plan(incident: &Incident) {
    let plan = &incident.plan;
    assert!((1..).zip(&plan.causes).all(|(n, c)| c.number == n), "causes");
    assert!((1..).zip(&plan.tasks).all(|(n, t)| t.number == n), "tasks");
    assert!((1..).zip(&plan.options).all(|(n, o)| o.number == n), "options");
    assert!((1..).zip(&plan.questions).all(|(n, q)| q.number == n), "questions");
    for cause in &plan.causes {
        assert!(cause.now == CauseState::Open || cause.judged.last().is_some_and(|j| !j.text.is_empty()));
    }
    for option in &plan.options {
        assert!(option.causes.iter().all(|n| (1..=plan.causes.len()).contains(&(*n as usize))), "linked to a cause");
    }
    for question in &plan.questions {
        for asked in &question.of {
            let search = incident.summons(&asked.summons).expect("everybody asked is pursued");
            let answered = question.answers.iter().any(|a| search.chain.iter().any(|c| c.person.id == a.person.id));
            assert!(!(answered && search.is_live()), "{} has answered and is asked on", asked.name);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    // Every step also checks that a second tick does nothing and that no summons waits for nothing; the
    // end, that seq has no gaps, recorded time never runs back, entries are the same after storing, and
    // folding them all gives the very incident that was decided step by step.
    #[test]
    fn nothing_that_happens_breaks_an_incident(
        org in organisations(),
        by_alert in any::<bool>(),
        what in prop::collection::vec(happens(), 1..40),
    ) {
        let mut log = begins(org, by_alert);
        for step in what {
            let before = log.manager().map(str::to_owned);
            let facts = happen(&mut log, step);
            assert_honest(&log, &facts, before.as_deref());
        }
        log.assert_stored();
    }

    /// From any state, a live search that hears nothing more goes on: a few due times later it has
    /// tried somebody or alarmed.
    #[test]
    fn a_live_search_always_moves(org in organisations(), what in prop::collection::vec(happens(), 0..30)) {
        let mut log = begins(org, true);
        for step in what {
            happen(&mut log, step);
        }
        if log.incident().search_for_manager().is_some() {
            let moves = |f: &Fact| matches!(f, Fact::Tried(_) | Fact::NobodyReached(_));
            let moved = (0..60).any(|_| {
                let due = next_due(log.incident(), log.now, log.up_since).unwrap();
                log.until(due).iter().any(moves)
            });
            prop_assert!(moved, "sixty times something was due, and nothing was done for it");
        }
    }
}
