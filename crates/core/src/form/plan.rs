//! The evaluation and restoration plan on paper (EVAL-1 to EVAL-4): what is known, what is doubted, what is done next.

use crate::Time;
use crate::directory::Organisation;
use crate::incident::{Cause, Incident, Input, Judged, Question, Task, Weighed, offered_parts, restoring_order};
use crate::words::{clock, in_full, upper_first};
use serde::Serialize;

/// The plan of an incident on paper.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Plan {
    /// Whose it is.
    pub organisation: String,
    /// The incident's reference number.
    pub number: String,
    /// The incident in one line.
    pub title: String,
    /// Where the incident stands: "Open".
    pub state: String,
    /// As of when the paper was made, in words.
    pub as_of: String,
    /// The same, for machines.
    pub as_of_at: Time,
    /// The time zone of all times in words, by its IANA name.
    pub time_zone: String,
    /// The newest entry of the log that it was made from.
    pub entry: u64,
    /// Its sections, in the order of the page.
    pub sections: Vec<Section>,
}

/// A section of the plan.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Section {
    /// Its name for programs. Never changes.
    pub key: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// What stands there, where nothing is to be said yet.
    pub none: &'static str,
    /// What it says, in the order of the page.
    pub rows: Vec<Row>,
}

/// One thing that the plan says.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Row {
    /// Its number in its section, where people call it by one.
    pub number: Option<u32>,
    /// What it is.
    pub what: String,
    /// How it stands: "ruled out".
    pub state: String,
    /// What else is known of it, one thing each: by whom, when, on what evidence.
    pub details: Vec<String>,
}

impl Plan {
    /// The plan that `incident` has at `now`, with the parts that the directory of `org` knows.
    #[must_use]
    pub fn of(incident: &Incident, org: &Organisation, now: Time) -> Self {
        let page = Page { incident, now };
        let section = |key, title, none, rows| Section { key, title, none, rows };
        let order = restoring_order(incident, org).into_iter().zip(1..);
        let plan = &incident.plan;
        Self {
            organisation: incident.terms.organisation.clone(),
            number: incident.number.clone(),
            title: incident.title.clone(),
            state: incident.state_words(),
            as_of: in_full(now, &incident.terms.time_zone),
            as_of_at: now,
            time_zone: incident.terms.time_zone.clone(),
            entry: incident.seq,
            sections: vec![
                section("problem", "Problem as known now", "Nobody has written yet what is known.", page.problem()),
                section("parts", "Parts and what joins them", "No part is known.", page.parts(org)),
                section(
                    "causes",
                    "Likely causes",
                    "None is named yet.",
                    plan.causes.iter().map(|c| page.cause(c)).collect(),
                ),
                section(
                    "options",
                    "Ways to restore",
                    "None is weighed yet.",
                    plan.options.iter().map(|o| page.option(o)).collect(),
                ),
                section("tasks", "Tasks", "None is set yet.", plan.tasks.iter().map(|t| page.task(t)).collect()),
                section(
                    "questions",
                    "Questions and input",
                    "Nobody is asked yet.",
                    plan.questions.iter().map(|q| page.question(q)).collect(),
                ),
                section(
                    "order",
                    "Order in which systems can be restored",
                    "No system is named.",
                    order.map(|(name, n)| Row { state: "in this order".into(), ..Row::plain(Some(n), name) }).collect(),
                ),
            ],
        }
    }
}

impl Row {
    fn plain(number: Option<u32>, what: impl Into<String>) -> Self {
        Self { number, what: what.into(), state: String::new(), details: Vec::new() }
    }
}

/// What the rows are written from.
struct Page<'a> {
    incident: &'a Incident,
    now: Time,
}

impl Page<'_> {
    fn at(&self, at: Time) -> String {
        clock(at, self.now, &self.incident.terms.time_zone)
    }

    /// `Marta Lindqvist, 03:01 GMT: the main path is gone`.
    fn said(&self, judged: &Judged) -> String {
        let by = format!("{}, {}", judged.by, self.at(judged.at));
        if judged.text.is_empty() { by } else { format!("{by}: {}", judged.text) }
    }

    /// Every revision, newest first.
    fn problem(&self) -> Vec<Row> {
        let newest = self.incident.plan.problem.len();
        let revision = |(revision, n): (&Judged, u32)| Row {
            state: if usize::try_from(n) == Ok(newest) { "known now" } else { "before" }.into(),
            details: vec![format!("{}, {}", revision.by, self.at(revision.at))],
            ..Row::plain(Some(n), revision.text.clone())
        };
        let mut rows: Vec<_> = self.incident.plan.problem.iter().zip(1..).map(revision).collect();
        rows.reverse();
        rows
    }

    fn parts(&self, org: &Organisation) -> Vec<Row> {
        let row = |part: &crate::entry::Part| {
            let mark = self.incident.plan.mark_of(part);
            let affected = self.incident.systems.iter().find(|s| part.to.is_none() && s.name == part.component);
            let state = match (mark, affected.and_then(|s| s.condition)) {
                (Some(mark), _) => mark.now.words(),
                (None, Some(condition)) => condition.word(),
                (None, None) if affected.is_some() => "affected",
                (None, None) => "not known",
            };
            Row {
                state: state.into(),
                details: mark.map(|m| self.said(&m.last)).into_iter().collect(),
                ..Row::plain(None, part.words())
            }
        };
        offered_parts(self.incident, org).iter().map(row).collect()
    }

    fn cause(&self, cause: &Cause) -> Row {
        let of = cause.part.as_ref().map_or_else(String::new, |p| format!(", in {}", p.words()));
        let proposed = format!("Proposed by {}, {}{of}", cause.proposed.by, self.at(cause.proposed.at));
        let judged = cause.judged.iter().map(|j| self.said(j));
        Row {
            state: cause.now.words().into(),
            details: std::iter::once(proposed).chain(judged).collect(),
            ..Row::plain(Some(cause.number), cause.proposed.text.clone())
        }
    }

    fn option(&self, option: &Weighed) -> Row {
        let danger = if option.danger.is_empty() { String::new() } else { format!(": {}", option.danger) };
        let causes: Vec<_> = option.causes.iter().map(u32::to_string).collect();
        let causes = (!causes.is_empty()).then(|| format!("For cause {}", causes.join(", ")));
        let effect = (!option.effect.is_empty()).then(|| format!("Expected: {}", option.effect));
        let risk = format!("Risk {}{danger}", option.risk.word());
        let by = format!("Weighed by {}, {}", option.what.by, self.at(option.what.at));
        let judged = option.judged.iter().map(|j| self.said(j));
        Row {
            state: option.now.words().into(),
            details: effect.into_iter().chain([risk]).chain(causes).chain([by]).chain(judged).collect(),
            ..Row::plain(Some(option.number), option.what.text.clone())
        }
    }

    fn task(&self, task: &Task) -> Row {
        let given = format!("{}, {} to {}", task.assignee.name, self.at(task.set.at), self.at(task.due));
        let (state, ended) = match &task.ended {
            Some((true, ended)) => ("done", Some(self.said(ended))),
            Some((false, ended)) => ("not needed any more", Some(self.said(ended))),
            None if !self.incident.state.is_live() => ("not done", None),
            None if self.now > task.due => ("late", None),
            None => ("open", None),
        };
        Row {
            state: state.into(),
            details: std::iter::once(given).chain(ended).collect(),
            ..Row::plain(Some(task.number), task.set.text.clone())
        }
    }

    fn question(&self, question: &Question) -> Row {
        let of: Vec<_> = question.of.iter().map(|asked| asked.name.as_str()).collect();
        let asked = format!("{} to {}, {}", question.asked.by, of.join(", "), self.at(question.asked.at));
        let answer = |input: &Input| {
            let text = self.incident.corrections.get(&input.entry).map_or(&input.text, |c| &c.text);
            format!("{}, {}: {text}", input.person.name, self.at(input.at))
        };
        Row {
            state: if question.answers.is_empty() { "waits".into() } else { "answered".into() },
            details: std::iter::once(asked).chain(question.answers.iter().map(answer)).collect(),
            ..Row::plain(Some(question.number), question.asked.text.clone())
        }
    }
}

impl Row {
    /// The state as it begins a sentence: "Ruled out".
    #[must_use]
    pub fn state_words(&self) -> String {
        upper_first(&self.state)
    }
}
