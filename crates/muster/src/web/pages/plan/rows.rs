//! The rows of the plan: parts, causes, options, tasks, questions.

use super::{View, duties, row, upper_first};
use crate::web::pages::phrases::counted;
use crate::web::pages::typed::word;
use crate::web::view::parts::{Icon, Prose, State, Tone};
use crate::web::view::plan::{Cause, Part, Question, Restoration, Task};
use crate::web::view::time::length;
use muster_core::Span;
use muster_core::entry::{CauseState, OptionState, Part as CorePart, PartState, Risk};
use muster_core::incident::{Input, Judged, Question as Asked, Task as Set};
use muster_core::subject::Subject;
use muster_core::words::sentence;

impl View<'_> {
    /// `Marta Lindqvist, 03:01 GMT: the main path is gone.`
    fn said(&self, judged: &Judged) -> Prose {
        let by = Prose::from(format!("{}, ", judged.by)).when(self.eyes.times.at(judged.at));
        if judged.text.is_empty() { by } else { by.text(format!(": {}", judged.text)) }
    }

    pub(super) fn part(&self, kind: &str, nth: usize, part: &CorePart) -> Part {
        let mark = self.incident.plan.mark_of(part);
        let affected = self.incident.systems.iter().find(|s| part.to.is_none() && s.name == part.component);
        let state = match (mark, affected) {
            (Some(mark), _) => part_state(mark.now),
            (None, Some(system)) => row::health(self.incident, system).state(),
            (None, None) => part_state(PartState::NotKnown),
        };
        let now = word(&mark.map_or(PartState::NotKnown, |m| m.now));
        let id = format!("{kind}-{nth}");
        Part {
            words: part.words(),
            component: part.component.clone(),
            to: part.to.clone().unwrap_or_default(),
            state,
            note: mark.map_or_else(Prose::default, |m| self.said(&m.last)),
            form: self.may_write().then(|| self.form("part", &id, &[("now", &now), ("evidence", "")])),
        }
    }

    pub(super) fn causes(&self) -> Vec<Cause> {
        let cause = |cause: &muster_core::incident::Cause| {
            let of = cause.part.as_ref().map_or_else(String::new, |p| format!(", in {}", p.words()));
            let id = format!("judge-cause-{}", cause.number);
            let fields = [("now", &*word(&cause.now)), ("evidence", "")];
            Cause {
                number: cause.number,
                text: cause.proposed.text.clone(),
                state: cause_state(cause.now),
                out: cause.now == CauseState::RuledOut,
                note: Prose::from(format!("Proposed by {}, ", cause.proposed.by))
                    .when(self.eyes.times.at(cause.proposed.at))
                    .text(of),
                judged: cause.judged.iter().rev().map(|j| self.said(j)).collect(),
                form: self.may_write().then(|| self.form("judge-cause", &id, &fields)),
            }
        };
        self.incident.plan.causes.iter().map(cause).collect()
    }

    pub(super) fn options(&self) -> Vec<Restoration> {
        let option = |option: &muster_core::incident::Weighed| {
            let causes: Vec<_> = option.causes.iter().map(u32::to_string).collect();
            let causes = match causes.as_slice() {
                [] => "For no cause in particular".to_owned(),
                [one] => format!("For cause {one}"),
                [all @ .., last] => format!("For causes {} and {last}", all.join(", ")),
            };
            let id = format!("judge-option-{}", option.number);
            let fields = [("now", &*word(&option.now)), ("text", "")];
            Restoration {
                number: option.number,
                what: option.what.text.clone(),
                note: Prose::from(format!("{causes}. {}, ", option.what.by)).when(self.eyes.times.at(option.what.at)),
                effect: option.effect.clone(),
                risk: risk(option.risk),
                danger: option.danger.clone(),
                state: option_state(option.now),
                judged: option.judged.iter().rev().map(|j| self.said(j)).collect(),
                form: self.may_write().then(|| self.form("judge-option", &id, &fields)),
            }
        };
        self.incident.plan.options.iter().map(option).collect()
    }

    pub(super) fn options_count(&self) -> String {
        let options = &self.incident.plan.options;
        let count = |fits: fn(OptionState) -> bool| options.iter().filter(|o| fits(o.now)).count();
        let tried = count(|s| matches!(s, OptionState::Helped | OptionState::NoChange | OptionState::Worse));
        let declined = count(|s| s == OptionState::Declined);
        match options.len() {
            0 => String::new(),
            all => format!("{}, {tried} tried, {declined} declined", counted(all as u64, "option", "options")),
        }
    }

    /// What is to be done, soonest first; then what has ended, newest first.
    pub(super) fn tasks(&self) -> Vec<Task> {
        let (mut open, mut ended): (Vec<_>, Vec<_>) = self.incident.plan.tasks.iter().partition(|t| t.ended.is_none());
        open.sort_by_key(|t| t.due);
        ended.sort_by_key(|t| std::cmp::Reverse(t.ended.as_ref().map(|(_, e)| e.entry)));
        open.into_iter().chain(ended).map(|t| self.task(t)).collect()
    }

    fn task(&self, task: &Set) -> Task {
        let times = self.eyes.times;
        let box_of = || {
            let by = Prose::from(format!("{}, ", self.eyes.name(&task.assignee)));
            by.when(times.in_list(task.set.at)).text(" to ").when(times.at(task.due))
        };
        // Given in minutes, and written down a moment later: a box of 10 min reads as that.
        let whole = Span::from_mins((task.due.duration_since(task.set.at).as_secs() + 30) / 60);
        let (state, note) = match &task.ended {
            Some((done, ended)) => {
                let used = length(ended.at.duration_since(task.set.at));
                let note = box_of().text(format!(", {used} of {} used", length(whole)));
                let by =
                    if ended.by == task.assignee.name { String::new() } else { format!(" Ended by {}.", ended.by) };
                let what = if ended.text.is_empty() { String::new() } else { format!(" {}", sentence(&ended.text)) };
                let state = match done {
                    true => State::done(format!("Done {}", times.clock(ended.at).text)),
                    false => State::new(Tone::Grey, Icon::Cross, "Not needed"),
                };
                (state, note.text(format!(".{what}{by}")))
            }
            None if !self.incident.state.is_live() => {
                (State::new(Tone::Grey, Icon::Open, "Not done"), box_of().text(". Service was back before."))
            }
            None => {
                let used = length(times.now().duration_since(task.set.at).min(whole));
                (
                    duties::state(task.set.at, task.due, &self.eyes),
                    box_of().text(format!(", {used} of {} used", length(whole))),
                )
            }
        };
        let id = format!("end-task-{}", task.number);
        Task {
            number: task.number,
            what: task.set.text.clone(),
            state,
            ended: task.ended.is_some(),
            note,
            form: (self.may_write() && task.ended.is_none())
                .then(|| self.form("end-task", &id, &[("how", "done"), ("text", "")])),
        }
    }

    pub(super) fn questions(&self) -> Vec<Question> {
        self.incident.plan.questions.iter().rev().map(|q| self.question(q)).collect()
    }

    fn question(&self, question: &Asked) -> Question {
        let names: Vec<_> = question.of.iter().map(|asked| asked.name.as_str()).collect();
        let names = match names.as_slice() {
            [all @ .., last] if !all.is_empty() => format!("{} and {last}", all.join(", ")),
            all => all.join(""),
        };
        let note =
            Prose::from(format!("{} to {names}, ", question.asked.by)).when(self.eyes.times.at(question.asked.at));
        let answer = |a: &Input| {
            let by = Prose::from(format!("{}, ", self.eyes.name(&a.person))).when(self.eyes.times.clock(a.at));
            let text = self.incident.corrections.get(&a.entry).map_or_else(|| a.text.clone(), |c| c.text.clone());
            (by, text)
        };
        let id = format!("input-{}", question.number);
        Question {
            number: question.number,
            text: question.asked.text.clone(),
            note,
            answers: question.answers.iter().map(answer).collect(),
            waiting: question.of.iter().filter_map(|asked| self.waiting(question, asked)).collect(),
            form: self.may_write().then(|| self.form("input", &id, &[("text", "")])),
        }
    }

    /// How it stands with somebody who was asked and has not answered.
    fn waiting(&self, question: &Asked, asked: &muster_core::entry::Asked) -> Option<State> {
        let search = self.incident.summons(&asked.summons)?;
        let answered = |a: &Input| search.chain.iter().any(|c| c.person.id == a.person.id);
        if question.answers.iter().any(answered) {
            return None;
        }
        let since = length(self.eyes.times.now().duration_since(question.asked.at));
        Some(match (search.taken_by(), &search.ended) {
            (Some(taken), _) => State::waiting(format!("{} will answer", taken.person.name)),
            (None, Some((_, why))) => State::new(Tone::Grey, Icon::Cross, upper_first(why)),
            (None, None) => State::waiting(format!("Waiting {since} for {}", asked.name)),
        })
    }

    pub(super) fn questions_count(&self) -> String {
        let questions = &self.incident.plan.questions;
        let answered = questions.iter().filter(|q| !q.answers.is_empty()).count();
        match questions.len() {
            0 => "None yet".into(),
            all => format!("{all} asked, {answered} answered"),
        }
    }
}

fn part_state(now: PartState) -> State {
    let words = upper_first(now.words());
    match now {
        PartState::NotKnown => State::new(Tone::Grey, Icon::NotAssessed, words),
        PartState::Working => State::new(Tone::Green, Icon::Working, words),
        PartState::Suspected => State::new(Tone::Amber, Icon::Flag, words),
        PartState::AtFault => State::new(Tone::Red, Icon::Down, words),
    }
}

fn cause_state(now: CauseState) -> State {
    let words = upper_first(now.words());
    match now {
        CauseState::Open => State::new(Tone::Grey, Icon::Open, words),
        CauseState::Verified => State::done(words),
        CauseState::RuledOut => State::new(Tone::Grey, Icon::Cross, words),
    }
}

fn option_state(now: OptionState) -> State {
    let words = upper_first(now.words());
    match now {
        OptionState::NotTried => State::new(Tone::Grey, Icon::Open, words),
        OptionState::Trying => State::waiting(words),
        OptionState::Helped => State::done(words),
        OptionState::NoChange | OptionState::Declined => State::new(Tone::Grey, Icon::Cross, words),
        OptionState::Worse => State::not(words),
    }
}

fn risk(risk: Risk) -> State {
    let words = upper_first(risk.word());
    match risk {
        Risk::Low => State::new(Tone::Green, Icon::Working, words),
        Risk::Medium => State::new(Tone::Amber, Icon::Degraded, words),
        Risk::High => State::new(Tone::Orange, Icon::Partly, words),
    }
}
