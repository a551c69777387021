//! The evaluation and restoration plan, as the API shows it and as requests change it.

use super::{PersonName, words};
use crate::web::api::ask::IntoAct;
use crate::web::error::Problem;
use jiff::Timestamp;
use muster_core::directory::Organisation;
use muster_core::entry::{CauseState, OptionState, Part as CorePart, PartState, Risk};
use muster_core::ids::{AreaId, PersonId};
use muster_core::incident::{Act, Incident, Judged, offered_parts};
use muster_core::later;
use muster_core::refusal::Refusal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The evaluation and restoration plan of an incident.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Plan {
    /// Reference number.
    pub number: String,
    /// Every revision of the problem statement, oldest first; the last is field 11 of the form.
    pub problem: Vec<Said>,
    /// Questions asked, with their answers.
    pub questions: Vec<Question>,
    /// Components and interfaces: offered from the systems' dependencies, and named by people.
    pub parts: Vec<PartHere>,
    /// Likely causes.
    pub causes: Vec<Cause>,
    /// Who does what by when.
    pub tasks: Vec<Task>,
    /// Ways to restore.
    pub options: Vec<RestorationOption>,
}

/// What somebody wrote, and when.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Said {
    /// Number of the entry.
    pub entry: u64,
    /// When.
    pub at: Timestamp,
    /// By whom: a full name.
    pub by: String,
    /// The words.
    pub text: String,
}

/// A question, of whom, and what was answered.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Question {
    /// Its number.
    pub number: u32,
    /// The question, by whom and when.
    pub asked: Said,
    /// People and areas asked, by name.
    pub of: Vec<String>,
    /// Answers, oldest first.
    pub answers: Vec<Said>,
}

/// A component, or the interface between two.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Its name: a system's, or any other.
    #[schema(max_length = 160)]
    pub component: String,
    /// For an interface: the component that it leads to.
    #[serde(default)]
    pub to: Option<String>,
}

/// A part, and how it was last marked.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct PartHere {
    /// Which.
    pub part: Part,
    /// How it is.
    #[schema(schema_with = words::part_state)]
    pub now: PartState,
    /// What was seen, by whom and when; `null` if nobody has marked it.
    pub marked: Option<Said>,
}

/// A likely cause.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Cause {
    /// Its number.
    pub number: u32,
    /// What may have caused it, by whom and when.
    pub proposed: Said,
    /// Of which part.
    pub part: Option<Part>,
    /// What is known of it.
    #[schema(schema_with = words::cause_state)]
    pub now: CauseState,
    /// Every judgement with its evidence, oldest first.
    pub judged: Vec<Said>,
}

/// A subtask.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Task {
    /// Its number.
    pub number: u32,
    /// What is to be done, set by whom and when.
    pub set: Said,
    /// Who does it.
    pub assignee: PersonName,
    /// By when.
    pub due_at: Timestamp,
    /// Whether it was done; `null` while it goes on.
    pub done: Option<bool>,
    /// What came of it, by whom and when.
    pub ended: Option<Said>,
}

/// A way to restore service.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct RestorationOption {
    /// Its number.
    pub number: u32,
    /// What would be done, weighed by whom and when.
    pub what: Said,
    /// What should happen.
    pub effect: String,
    /// How risky it is.
    #[schema(schema_with = words::risk)]
    pub risk: Risk,
    /// What could go wrong.
    pub danger: String,
    /// Numbers of the causes that it addresses.
    pub causes: Vec<u32>,
    /// What became of it.
    #[schema(schema_with = words::option_state)]
    pub now: OptionState,
    /// Every time that somebody said so, oldest first.
    pub judged: Vec<Said>,
}

impl From<&Judged> for Said {
    fn from(judged: &Judged) -> Self {
        Self { entry: judged.entry, at: judged.at, by: judged.by.clone(), text: judged.text.clone() }
    }
}

impl From<&CorePart> for Part {
    fn from(part: &CorePart) -> Self {
        Self { component: part.component.clone(), to: part.to.clone() }
    }
}

impl From<Part> for CorePart {
    fn from(part: Part) -> Self {
        Self { component: part.component, to: part.to }
    }
}

fn all(judged: &[Judged]) -> Vec<Said> {
    judged.iter().map(Said::from).collect()
}

impl Plan {
    /// That of `incident`, with what `org` has to offer.
    #[must_use]
    pub fn of(incident: &Incident, org: &Organisation) -> Self {
        let plan = &incident.plan;
        let answer = |a: &muster_core::incident::Input| Said {
            entry: a.entry,
            at: a.at,
            by: a.person.name.clone(),
            text: incident.corrections.get(&a.entry).map_or_else(|| a.text.clone(), |c| c.text.clone()),
        };
        let part = |part: &CorePart| {
            let mark = plan.mark_of(part);
            let now = mark.map_or(PartState::NotKnown, |m| m.now);
            PartHere { part: part.into(), now, marked: mark.map(|m| (&m.last).into()) }
        };
        Self {
            number: incident.number.clone(),
            problem: all(&plan.problem),
            questions: plan
                .questions
                .iter()
                .map(|q| Question {
                    number: q.number,
                    asked: (&q.asked).into(),
                    of: q.of.iter().map(|asked| asked.name.clone()).collect(),
                    answers: q.answers.iter().map(answer).collect(),
                })
                .collect(),
            parts: offered_parts(incident, org).iter().map(part).collect(),
            causes: plan
                .causes
                .iter()
                .map(|c| Cause {
                    number: c.number,
                    proposed: (&c.proposed).into(),
                    part: c.part.as_ref().map(Part::from),
                    now: c.now,
                    judged: all(&c.judged),
                })
                .collect(),
            tasks: plan
                .tasks
                .iter()
                .map(|t| Task {
                    number: t.number,
                    set: (&t.set).into(),
                    assignee: (&t.assignee).into(),
                    due_at: t.due,
                    done: t.ended.as_ref().map(|(done, _)| *done),
                    ended: t.ended.as_ref().map(|(_, ended)| ended.into()),
                })
                .collect(),
            options: plan
                .options
                .iter()
                .map(|o| RestorationOption {
                    number: o.number,
                    what: (&o.what).into(),
                    effect: o.effect.clone(),
                    risk: o.risk,
                    danger: o.danger.clone(),
                    causes: o.causes.clone(),
                    now: o.now,
                    judged: all(&o.judged),
                })
                .collect(),
        }
    }
}

/// A question to people and areas: each person is asked, and of each area whoever answers first.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// What you want to know.
    #[schema(max_length = 10_000)]
    pub text: String,
    /// Whom, by their names in the directory.
    #[serde(default)]
    pub people: Vec<String>,
    /// Which areas, by their names in the directory.
    #[serde(default)]
    pub areas: Vec<String>,
}

impl IntoAct for Ask {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        let (people, areas) = (self.people.into_iter().map(PersonId), self.areas.into_iter().map(AreaId));
        Ok(Act::Ask { text: self.text, people: people.collect(), areas: areas.collect() })
    }
}

/// An answer to a question, asked of you or not.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveInput {
    /// Number of the question.
    pub question: u32,
    /// What you know.
    #[schema(max_length = 10_000)]
    pub text: String,
}

impl IntoAct for GiveInput {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        Ok(Act::GiveInput { question: self.question, text: self.text })
    }
}

/// How a component or an interface is.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MarkPart {
    /// Which.
    pub part: Part,
    /// How it is.
    #[schema(schema_with = words::part_state)]
    pub now: PartState,
    /// What was seen.
    #[serde(default)]
    #[schema(max_length = 10_000)]
    pub evidence: String,
}

impl IntoAct for MarkPart {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        Ok(Act::MarkPart { part: self.part.into(), now: self.now, evidence: self.evidence })
    }
}

/// A likely cause.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeCause {
    /// What may have caused it.
    #[schema(max_length = 10_000)]
    pub text: String,
    /// Of which part, if of one.
    #[serde(default)]
    pub part: Option<Part>,
}

impl IntoAct for ProposeCause {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        Ok(Act::ProposeCause { text: self.text, part: self.part.map(Into::into) })
    }
}

/// What is known of a likely cause.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JudgeCause {
    /// Its number.
    pub cause: u32,
    /// What it is now.
    #[schema(schema_with = words::cause_state)]
    pub now: CauseState,
    /// What shows it.
    #[schema(max_length = 10_000)]
    pub evidence: String,
    /// The newest entry that you had seen: then nobody's judgement in between is written over.
    #[serde(default)]
    pub seen: Option<u64>,
}

impl IntoAct for JudgeCause {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        Ok(Act::JudgeCause { cause: self.cause, now: self.now, evidence: self.evidence, seen: self.seen })
    }
}

/// Something to do, by whom and by when.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetTask {
    /// What is to be done, in one line.
    #[schema(max_length = 160)]
    pub what: String,
    /// Who does it, by the name in the directory.
    pub person: String,
    /// By when; or give `minutes`.
    #[serde(default, deserialize_with = "super::time_if_any")]
    pub due_at: Option<Timestamp>,
    /// How many minutes it may take from now.
    #[serde(default)]
    pub minutes: Option<u32>,
}

impl IntoAct for SetTask {
    fn into_act(self, now: Timestamp) -> Result<Act, Problem> {
        let due = match (self.due_at, self.minutes) {
            (Some(due), None) => due,
            (None, Some(minutes)) => later(now, muster_core::Span::from_mins(minutes.into())),
            (Some(_), Some(_)) | (None, None) => {
                let why = "Give the task either due_at, a time, or minutes, how long it may take.";
                return Err(Refusal::Senseless { field: "due", why: why.into() }.into());
            }
        };
        Ok(Act::SetTask { what: self.what, to: PersonId(self.person), due })
    }
}

/// The end of a task.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndTask {
    /// Its number.
    pub task: u32,
    /// Whether it was done; else it is not needed any more, and `text` says why.
    pub done: bool,
    /// What came of it.
    #[serde(default)]
    #[schema(max_length = 10_000)]
    pub text: String,
}

impl IntoAct for EndTask {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        Ok(Act::EndTask { task: self.task, done: self.done, text: self.text })
    }
}

/// A way to restore service.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WeighOption {
    /// What would be done.
    #[schema(max_length = 10_000)]
    pub what: String,
    /// What should happen, how fast.
    #[schema(max_length = 10_000)]
    pub effect: String,
    /// How risky it is.
    #[schema(schema_with = words::risk)]
    pub risk: Risk,
    /// What could go wrong.
    #[serde(default)]
    #[schema(max_length = 10_000)]
    pub danger: String,
    /// Numbers of the causes that it addresses.
    #[serde(default)]
    pub causes: Vec<u32>,
}

impl IntoAct for WeighOption {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        let Self { what, effect, risk, danger, causes } = self;
        Ok(Act::WeighOption { what, effect, risk, danger, causes })
    }
}

/// What became of a way to restore service.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JudgeOption {
    /// Its number.
    pub option: u32,
    /// What became of it.
    #[schema(schema_with = words::option_state)]
    pub now: OptionState,
    /// What happened, or why it is not tried.
    #[serde(default)]
    #[schema(max_length = 10_000)]
    pub text: String,
    /// The newest entry that you had seen: then nobody's judgement in between is written over.
    #[serde(default)]
    pub seen: Option<u64>,
}

impl IntoAct for JudgeOption {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        Ok(Act::JudgeOption { option: self.option, now: self.now, text: self.text, seen: self.seen })
    }
}
