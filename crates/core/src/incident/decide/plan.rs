//! The evaluation and the restoration plan (EVAL-1 to EVAL-4). The problem statement is a field of the form.

use super::super::command::{Act, LINE_MAX, TEXT_MAX};
use super::super::open::candidates;
use super::super::plan::Judged;
use super::super::{Incident, State};

use crate::check::{optional, required};
use crate::entry::{
    Asked, Author, CauseJudged, CauseProposed, CauseState, InputGiven, OptionJudged, OptionState, OptionWeighed, Part,
    PartMarked, PartState, Purpose, QuestionAsked, TaskEnded, TaskSet, Via,
};
use crate::entry::{Candidate, Fact};
use crate::ids::{AreaId, PersonId, PersonRef, SummonsId};
use crate::refusal::Refusal;
use crate::subject::Draft;
use crate::summons::Next;
use crate::{Span, Time, later};

/// Most people and areas that one question asks: who asks everybody asks nobody.
const ASKED_MOST: usize = 12;
/// Most questions, causes, tasks, options and marked parts of one incident, each: beyond this nobody surveys them.
const OF_A_KIND_MOST: usize = 200;
/// Longest time-box. What takes longer is no task of a disruption, and a year mistyped would never be late.
const TIME_BOX_MAX: Span = Span::from_hours(24 * 31);

impl Draft<'_, Incident> {
    /// The acts on the plan.
    pub(super) fn plan(&mut self, by: &PersonRef, act: &Act) -> Result<(), Refusal> {
        match act {
            Act::Ask { text, people, areas } => self.ask(by, text, people, areas)?,
            Act::GiveInput { question, text } => self.give_input(by, *question, text, Via::Login)?,
            Act::MarkPart { part, now, evidence } => {
                let fact = self.marked(part, *now, evidence)?;
                self.they_say(by, fact);
            }
            Act::ProposeCause { text, part } => {
                let text = required("text", text, "Write what may have caused it.", TEXT_MAX)?;
                let part = part.as_ref().map(sensible_part).transpose()?;
                let number = next(self.folded.plan.causes.len(), "text", "causes")?;
                self.they_say(by, CauseProposed { number, text, part });
            }
            Act::JudgeCause { cause, now, evidence, seen } => {
                let fact = self.judged_cause(*cause, *now, evidence, *seen)?;
                self.they_say(by, fact);
            }
            Act::SetTask { what, to, due } => {
                let fact = self.task(what, to, *due)?;
                self.they_say(by, fact);
            }
            Act::EndTask { task, done, text } => {
                let fact = self.ended_task(*task, *done, text)?;
                self.they_say(by, fact);
            }
            Act::WeighOption { what, effect, risk, danger, causes } => {
                let what = required("what", what, "Write what would be done.", TEXT_MAX)?;
                let effect = required("effect", effect, "Write what should happen, and how fast.", TEXT_MAX)?;
                let danger = optional("danger", danger, TEXT_MAX)?;
                let mut causes = causes.clone();
                causes.sort_unstable();
                causes.dedup();
                if let Some(unknown) = causes.iter().find(|n| !self.folded.plan.causes.iter().any(|c| c.number == **n))
                {
                    return Err(Refusal::Unknown { field: "causes", what: "cause", name: unknown.to_string() });
                }
                let number = next(self.folded.plan.options.len(), "what", "options")?;
                self.they_say(by, OptionWeighed { number, what, effect, risk: *risk, danger, causes });
            }
            Act::JudgeOption { option, now, text, seen } => {
                let fact = self.judged_option(*option, *now, text, *seen)?;
                self.they_say(by, fact);
            }
            _ => {}
        }
        Ok(())
    }

    fn they_say(&mut self, by: &PersonRef, fact: impl Into<Fact>) {
        self.say(Author::Person(by.clone()), self.scene.now, fact);
    }

    /// Asks each of these people, and of each area whoever answers first: by the one way of pursuing a person.
    fn ask(&mut self, by: &PersonRef, text: &str, people: &[PersonId], areas: &[AreaId]) -> Result<(), Refusal> {
        let text = required("text", text, "Write what you want to know.", TEXT_MAX)?;
        let instead = "Ask them yourself, and write down what they say.";
        self.in_state(&[State::Suspected, State::Open], "ask for input on", instead)?;
        let chains = self.chains(by, people, areas)?;
        let number = next(self.folded.plan.questions.len(), "text", "questions")?;
        // The question is the next entry, and each search the one after it, in their order.
        let first = self.folded.seq + 2;
        let of = (first..)
            .zip(&chains)
            .map(|(entry, (name, _))| Asked { name: name.clone(), summons: self.summons_begun_by(entry) });
        let fact = QuestionAsked { number, text: text.clone(), of: of.collect() };
        self.they_say(by, fact);
        let about: String = crate::words::one_line(&text).chars().take(LINE_MAX).collect();
        for (_, chain) in chains {
            self.summon(Purpose::Input, about.clone(), chain);
        }
        Ok(())
    }

    /// Whom to ask, by name, each with who may answer in its stead. Nobody is asked twice by one question.
    fn chains(
        &self,
        by: &PersonRef,
        people: &[PersonId],
        areas: &[AreaId],
    ) -> Result<Vec<(String, Vec<Candidate>)>, Refusal> {
        let org = self.scene.org;
        let senseless = |why: &str| Refusal::Senseless { field: "whom", why: why.into() };
        let mut chains: Vec<(String, Vec<Candidate>)> = Vec::new();
        for id in people {
            let chain = candidates(org, std::slice::from_ref(id));
            let Some(candidate) = chain.first() else {
                return Err(Refusal::Unknown { field: "whom", what: "person", name: id.0.clone() });
            };
            if candidate.person.id == by.id {
                return Err(senseless("You need not ask yourself: write down what you know."));
            }
            let name = candidate.person.name.clone();
            if !chains.iter().any(|(known, _)| *known == name) {
                chains.push((name, chain));
            }
        }
        for id in areas {
            let area = org.areas.get(id);
            let area = area.ok_or_else(|| Refusal::Unknown { field: "whom", what: "area", name: id.0.clone() })?;
            let mut chain = candidates(org, &area.members);
            chain.retain(|c| c.person.id != by.id);
            if chain.is_empty() {
                return Err(senseless("Nobody else belongs to that area. Choose a person."));
            }
            if !chains.iter().any(|(known, _)| *known == area.name) {
                chains.push((area.name.clone(), chain));
            }
        }
        match chains.len() {
            0 => Err(Refusal::Missing { field: "whom", ask: "Choose whom to ask: people, areas, or both." }),
            1..=ASKED_MOST => Ok(chains),
            _ => Err(senseless("That asks too many at once. Choose at most 12 people and areas.")),
        }
    }

    /// Who was asked by that search answers by their personal link. An answer is welcome after its search has ended.
    pub(super) fn inform(
        &mut self,
        summons: &SummonsId,
        person: &PersonId,
        text: &str,
        via: Via,
    ) -> Result<(), Refusal> {
        let Some(question) = self.folded.plan.question_of(summons).map(|q| q.number) else {
            return Err(Refusal::Unknown { field: "summons", what: "question", name: summons.0.clone() });
        };
        let chain = self.folded.summonses.iter().find(|s| s.id == *summons).map(|s| s.chain.as_slice());
        let who = chain.unwrap_or_default().iter().find(|c| c.person.id == *person).map(|c| c.person.clone());
        self.give_input(&who.ok_or(Refusal::NotAsked)?, question, text, via)
    }

    /// An answer lands under its question, and whoever gave it is not asked for it any more.
    fn give_input(&mut self, who: &PersonRef, number: u32, text: &str, via: Via) -> Result<(), Refusal> {
        let text = required("text", text, "Write what you know.", TEXT_MAX)?;
        let Some(question) = self.folded.plan.questions.iter().find(|q| q.number == number) else {
            return Err(Refusal::Unknown { field: "question", what: "question", name: number.to_string() });
        };
        if question.answers.iter().any(|a| a.person.id == who.id && a.text == text) {
            return Ok(()); // a double tap
        }
        let of = question.of.clone();
        self.they_say(who, InputGiven { question: number, person: who.clone(), text, via });
        let asked = |s: &&crate::summons::Summons| {
            s.ended.is_none()
                && of.iter().any(|asked| asked.summons == s.id)
                && s.chain.iter().any(|c| c.person.id == who.id)
        };
        let over: Vec<_> = self.folded.summonses.iter().filter(asked).map(|s| s.id.clone()).collect();
        for id in over {
            self.end_summons(id, format!("{} answered", who.name));
        }
        Ok(())
    }

    /// A question whose people were all asked in vain rests: it is no alarm, and can still be answered. Whether there
    /// was one.
    pub(super) fn rest_questions(&mut self) -> bool {
        let (now, up_since) = (self.scene.now, self.scene.up_since);
        let in_vain = |s: &&crate::summons::Summons| {
            s.purpose == Purpose::Input && matches!(s.next(now, up_since), Next::Alarm { .. })
        };
        let Some(search) = self.folded.summonses.iter().find(in_vain) else { return false };
        let names: Vec<_> = search.chain.iter().map(|c| c.person.name.as_str()).collect();
        let why = match search.attempts.is_empty() && search.answers.is_empty() {
            true => format!("Muster has no means to ask {}: ring them", names.join(", ")),
            false => format!("no answer from {} so far", names.join(", ")),
        };
        let id = search.id.clone();
        self.end_summons(id, why);
        true
    }

    fn marked(&self, part: &Part, now: PartState, evidence: &str) -> Result<PartMarked, Refusal> {
        let part = sensible_part(part)?;
        let evidence = optional("evidence", evidence, TEXT_MAX)?;
        if self.folded.plan.mark_of(&part).is_none() {
            next(self.folded.plan.parts.len(), "component", "parts")?;
        }
        Ok(PartMarked { part, now, evidence })
    }

    fn judged_cause(
        &self,
        number: u32,
        now: CauseState,
        evidence: &str,
        seen: Option<u64>,
    ) -> Result<CauseJudged, Refusal> {
        let cause = self.folded.plan.causes.iter().find(|c| c.number == number);
        let unknown = || Refusal::Unknown { field: "cause", what: "cause", name: number.to_string() };
        let cause = cause.ok_or_else(unknown)?;
        nobody_judged_meanwhile("now", cause.now.words(), cause.judged.last(), seen)?;
        let ask = match now {
            CauseState::Verified => "Write what shows that it is the cause.",
            CauseState::RuledOut => "Write what shows that it is not the cause.",
            CauseState::Open => "Write why it is open again, or what was found so far.",
        };
        Ok(CauseJudged { cause: number, now, evidence: required("evidence", evidence, ask, TEXT_MAX)? })
    }

    fn task(&self, what: &str, to: &PersonId, due: Time) -> Result<TaskSet, Refusal> {
        let what = required("what", what, "Write what is to be done, in one line.", LINE_MAX)?;
        let instead = "Reopen it first if service is lost again.";
        self.in_state(&[State::Suspected, State::Open], "set a task for", instead)?;
        let org = self.scene.org;
        if org.here(to).is_none() {
            return Err(Refusal::Unknown { field: "person", what: "person", name: to.0.clone() });
        }
        let due = crate::whole_ms(due);
        let wrong = |why: &str| Err(Refusal::Senseless { field: "due", why: why.into() });
        if due <= self.scene.now {
            return wrong("This time is over already. Give the task a time that lies ahead.");
        }
        if due > later(self.scene.now, TIME_BOX_MAX) {
            return wrong("This lies more than a month ahead. Give the task less time.");
        }
        let number = next(self.folded.plan.tasks.len(), "what", "tasks")?;
        Ok(TaskSet { number, what, assignee: org.person_ref(to), due })
    }

    fn ended_task(&self, number: u32, done: bool, text: &str) -> Result<TaskEnded, Refusal> {
        let unknown = || Refusal::Unknown { field: "task", what: "task", name: number.to_string() };
        let task = self.folded.plan.tasks.iter().find(|t| t.number == number).ok_or_else(unknown)?;
        if let Some((_, judged)) = &task.ended {
            return Err(Refusal::Over { why: format!("{} ended this task already.", judged.by) });
        }
        let text = match done {
            true => optional("text", text, TEXT_MAX)?,
            false => required("text", text, "Write why it is not needed any more.", TEXT_MAX)?,
        };
        Ok(TaskEnded { task: number, done, text })
    }

    fn judged_option(
        &self,
        number: u32,
        now: OptionState,
        text: &str,
        seen: Option<u64>,
    ) -> Result<OptionJudged, Refusal> {
        let option = self.folded.plan.options.iter().find(|o| o.number == number);
        let unknown = || Refusal::Unknown { field: "option", what: "option", name: number.to_string() };
        let option = option.ok_or_else(unknown)?;
        nobody_judged_meanwhile("now", option.now.words(), option.judged.last(), seen)?;
        let text = match now {
            OptionState::NotTried | OptionState::Trying => optional("text", text, TEXT_MAX)?,
            OptionState::Helped | OptionState::NoChange | OptionState::Worse => {
                required("text", text, "Write what happened.", TEXT_MAX)?
            }
            OptionState::Declined => required("text", text, "Write why it is not tried.", TEXT_MAX)?,
        };
        Ok(OptionJudged { option: number, now, text })
    }
}

/// The number of one more of that kind.
fn next(there: usize, field: &'static str, kind: &str) -> Result<u32, Refusal> {
    match u32::try_from(there) {
        Ok(n) if there < OF_A_KIND_MOST => Ok(n + 1),
        _ => {
            let why = format!("This incident has {there} {kind}, as many as anybody can survey. Write a note instead.");
            Err(Refusal::Senseless { field, why })
        }
    }
}

/// The part with its names as lines, if it makes sense.
fn sensible_part(part: &Part) -> Result<Part, Refusal> {
    let component = required("component", &part.component, "Write which component.", LINE_MAX)?;
    let to = part.to.as_ref().map(|to| optional("to", to, LINE_MAX)).transpose()?;
    let to = to.filter(|to| !crate::words::is_blank(to));
    if to.as_ref() == Some(&component) {
        return Err(Refusal::Senseless { field: "to", why: "An interface lies between two components.".into() });
    }
    Ok(Part { component, to })
}

/// Of two people at once the second sees what the first wrote.
fn nobody_judged_meanwhile(
    field: &'static str,
    words: &str,
    last: Option<&Judged>,
    seen: Option<u64>,
) -> Result<(), Refusal> {
    match (last, seen) {
        (Some(last), Some(seen)) if last.entry > seen => {
            let why = if last.text.is_empty() { String::new() } else { format!(", {}", last.text) };
            Err(Refusal::ChangedMeanwhile { field, theirs: format!("{words}{why}"), by: last.by.clone() })
        }
        _ => Ok(()),
    }
}
