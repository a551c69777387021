//! The evaluation and the restoration plan of an incident (EVAL-1 to EVAL-4), folded from its log: what is known to be
//! wrong, what is asked and answered, what may be the cause, who does what by when, and how service may be restored.

use super::Incident;
use crate::Time;
use crate::directory::Organisation;
use crate::entry::{Asked, CauseState, Change, Entry, Fact, OptionState, Part, PartState, Risk, Via};
use crate::ids::{PersonRef, SystemId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The plan as the log makes it. Everything in the order in which it was written; numbers begin at 1 without gaps.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Plan {
    /// The problem as known, every revision.
    pub problem: Vec<Revision>,
    /// Questions asked.
    pub questions: Vec<Question>,
    /// Parts that somebody marked, with their newest mark.
    pub parts: Vec<Mark>,
    /// Likely causes.
    pub causes: Vec<Cause>,
    /// Subtasks.
    pub tasks: Vec<Task>,
    /// Ways to restore.
    pub options: Vec<Weighed>,
}

/// Who wrote something, when, and in which entry.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Judged {
    /// By which entry.
    pub entry: u64,
    /// When.
    pub at: Time,
    /// By whom: a name.
    pub by: String,
    /// What they wrote.
    pub text: String,
}

/// A revision of the problem statement.
pub type Revision = Judged;

/// A question.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Question {
    /// Its number.
    pub number: u32,
    /// What is asked, by whom and when.
    pub asked: Judged,
    /// Of whom.
    pub of: Vec<Asked>,
    /// What was answered, oldest first.
    pub answers: Vec<Input>,
}

/// An answer to a question.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Input {
    /// By which entry.
    pub entry: u64,
    /// When.
    pub at: Time,
    /// By whom.
    pub person: PersonRef,
    /// The answer.
    pub text: String,
    /// How it came.
    pub via: Via,
}

/// How a part is, as somebody marked it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Mark {
    /// Which.
    pub part: Part,
    /// How it is.
    pub now: PartState,
    /// What was seen, by whom and when.
    pub last: Judged,
}

/// A likely cause.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Cause {
    /// Its number.
    pub number: u32,
    /// What may have caused it, by whom and when.
    pub proposed: Judged,
    /// Of which part.
    pub part: Option<Part>,
    /// What is known of it.
    pub now: CauseState,
    /// Every judgement with its evidence, oldest first.
    pub judged: Vec<Judged>,
}

/// A subtask.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Task {
    /// Its number.
    pub number: u32,
    /// What is to be done, set by whom and when.
    pub set: Judged,
    /// By whom.
    pub assignee: PersonRef,
    /// By when.
    pub due: Time,
    /// Whether it was done, and what came of it, once it has ended.
    pub ended: Option<(bool, Judged)>,
}

/// A way to restore service.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Weighed {
    /// Its number.
    pub number: u32,
    /// What would be done, weighed by whom and when.
    pub what: Judged,
    /// What should happen.
    pub effect: String,
    /// How risky it is.
    pub risk: Risk,
    /// What could go wrong.
    pub danger: String,
    /// Which causes it addresses.
    pub causes: Vec<u32>,
    /// What became of it.
    pub now: OptionState,
    /// Every time that somebody said so, oldest first.
    pub judged: Vec<Judged>,
}

impl Plan {
    pub(super) fn take_into_account(&mut self, entry: &Entry) {
        let said = |text: &str| Judged {
            entry: entry.seq,
            at: entry.happened_at,
            by: entry.author.name().to_owned(),
            text: text.to_owned(),
        };
        match &entry.fact {
            Fact::Changed(fact) => {
                if let Change::Symptoms(text) = &fact.to {
                    self.problem.push(said(text));
                }
            }
            Fact::QuestionAsked(fact) => self.questions.push(Question {
                number: fact.number,
                asked: said(&fact.text),
                of: fact.of.clone(),
                answers: Vec::new(),
            }),
            Fact::InputGiven(fact) => {
                if let Some(question) = self.questions.iter_mut().find(|q| q.number == fact.question) {
                    question.answers.push(Input {
                        entry: entry.seq,
                        at: entry.happened_at,
                        person: fact.person.clone(),
                        text: fact.text.clone(),
                        via: fact.via,
                    });
                }
            }
            Fact::PartMarked(fact) => {
                let mark = Mark { part: fact.part.clone(), now: fact.now, last: said(&fact.evidence) };
                match self.parts.iter_mut().find(|m| m.part == fact.part) {
                    Some(known) => *known = mark,
                    None => self.parts.push(mark),
                }
            }
            Fact::CauseProposed(fact) => self.causes.push(Cause {
                number: fact.number,
                proposed: said(&fact.text),
                part: fact.part.clone(),
                now: CauseState::Open,
                judged: Vec::new(),
            }),
            Fact::CauseJudged(fact) => {
                if let Some(cause) = self.causes.iter_mut().find(|c| c.number == fact.cause) {
                    cause.now = fact.now;
                    cause.judged.push(said(&fact.evidence));
                }
            }
            Fact::TaskSet(fact) => self.tasks.push(Task {
                number: fact.number,
                set: said(&fact.what),
                assignee: fact.assignee.clone(),
                due: fact.due,
                ended: None,
            }),
            Fact::TaskEnded(fact) => {
                if let Some(task) = self.tasks.iter_mut().find(|t| t.number == fact.task) {
                    task.ended = Some((fact.done, said(&fact.text)));
                }
            }
            Fact::OptionWeighed(fact) => self.options.push(Weighed {
                number: fact.number,
                what: said(&fact.what),
                effect: fact.effect.clone(),
                risk: fact.risk,
                danger: fact.danger.clone(),
                causes: fact.causes.clone(),
                now: OptionState::NotTried,
                judged: Vec::new(),
            }),
            Fact::OptionJudged(fact) => {
                if let Some(option) = self.options.iter_mut().find(|o| o.number == fact.option) {
                    option.now = fact.now;
                    option.judged.push(said(&fact.text));
                }
            }
            _ => {}
        }
    }

    /// The question whose answer that search pursues.
    #[must_use]
    pub fn question_of(&self, summons: &crate::ids::SummonsId) -> Option<&Question> {
        self.questions.iter().find(|q| q.of.iter().any(|asked| asked.summons == *summons))
    }

    /// How a part was last marked.
    #[must_use]
    pub fn mark_of(&self, part: &Part) -> Option<&Mark> {
        self.parts.iter().find(|m| m.part == *part)
    }

    /// The causes that are verified.
    pub fn verified(&self) -> impl Iterator<Item = &Cause> {
        self.causes.iter().filter(|c| c.now == CauseState::Verified)
    }
}

impl Incident {
    /// The determined cause (field 13): what a person wrote there, else what is verified in the plan. So nobody types it
    /// twice (EVAL-6).
    #[must_use]
    pub fn determined_cause(&self) -> String {
        if !self.cause.is_empty() {
            return self.cause.clone();
        }
        self.plan.verified().map(|c| c.proposed.text.as_str()).collect::<Vec<_>>().join("; ")
    }
}

/// Most parts that are offered: a breakdown that nobody can survey helps nobody.
const PARTS_MOST: usize = 60;

/// The components and interfaces that may be at fault, offered from the dependencies of the systems that the incident
/// affects: these, all that they need, directly or through others, and what joins them; then what people named besides.
/// Components come first, each beside what it needs.
#[must_use]
pub fn offered_parts(incident: &Incident, org: &Organisation) -> Vec<Part> {
    let mut todo: Vec<&SystemId> = incident.systems.iter().rev().map(|s| &s.id).collect();
    let mut seen: BTreeSet<&SystemId> = BTreeSet::new();
    let (mut components, mut interfaces) = (Vec::new(), Vec::new());
    while let Some(id) = todo.pop() {
        let Some(system) = org.systems.get(id).filter(|_| seen.insert(id)) else { continue };
        components.push(Part { component: system.name.clone(), to: None });
        for need in system.depends_on.iter().rev().filter(|need| org.systems.contains_key(*need)) {
            todo.push(need);
        }
        let needs = system.depends_on.iter().filter_map(|need| org.systems.get(need));
        interfaces.extend(needs.map(|need| Part { component: system.name.clone(), to: Some(need.name.clone()) }));
    }
    components.extend(interfaces);
    components.truncate(PARTS_MOST);
    for mark in &incident.plan.parts {
        if !components.contains(&mark.part) {
            components.push(mark.part.clone());
        }
    }
    components
}

/// The names of what the incident affects and of everything that these need, in the order in which they can be restored:
/// what others need comes before them. A cycle is broken where it is entered.
#[must_use]
pub fn restoring_order(incident: &Incident, org: &Organisation) -> Vec<String> {
    let mut order = Vec::new();
    let mut seen: BTreeSet<&SystemId> = BTreeSet::new();
    // What is entered, and whether what it needs stands above it already.
    let mut todo: Vec<(&SystemId, bool)> = incident.systems.iter().rev().map(|s| (&s.id, false)).collect();
    while let Some((id, needs_done)) = todo.pop() {
        let Some(system) = org.systems.get(id) else { continue };
        if needs_done {
            order.push(system.name.clone());
        } else if seen.insert(id) {
            todo.push((id, true));
            todo.extend(system.depends_on.iter().rev().map(|need| (need, false)));
        }
    }
    order
}
