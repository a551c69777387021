//! Ticking and passing over steps of the checklist (POL-4): judgement is allowed, silence is not.

use super::super::command::LINE_MAX;
use super::super::{Checked, Incident, Standing, State};
use crate::check::required;
use crate::entry::{Author, StepDone, StepSkipped};
use crate::procedure::Sign;
use crate::refusal::Refusal;
use crate::subject::Draft;

const GOING_ON: &[State] = &[State::Suspected, State::Open, State::Restored];
const INSTEAD: &str = "Its checklist is closed with it. Reopen it first, or write a note.";

impl Draft<'_, Incident> {
    pub(super) fn tick_step(&mut self, author: Author, name: &str) -> Result<(), Refusal> {
        self.in_state(GOING_ON, "tick a step of", INSTEAD)?;
        let step = self.step_named(name)?;
        if !step.is_done() {
            let fact = StepDone { step: step.step.name.clone(), words: step.step.words.clone() };
            self.say(author, self.scene.now, fact);
        }
        Ok(())
    }

    pub(super) fn skip_step(&mut self, author: Author, name: &str, reason: &str) -> Result<(), Refusal> {
        self.in_state(GOING_ON, "skip a step of", INSTEAD)?;
        let reason = required("reason", reason, "Write why it is not done.", LINE_MAX)?;
        let step = self.step_named(name)?;
        if step.is_done() {
            return Err(Refusal::Over { why: format!("“{}” is done already.", step.step.words) });
        }
        if !matches!(&step.standing, Standing::Skipped { reason: said, .. } if *said == reason) {
            let fact = StepSkipped { step: step.step.name.clone(), words: step.step.words.clone(), reason };
            self.say(author, self.scene.now, fact);
        }
        Ok(())
    }

    fn step_named(&self, name: &str) -> Result<Checked<'_>, Refusal> {
        let unknown = || Refusal::Unknown { field: "step", what: "step of its checklist", name: name.to_owned() };
        self.folded.checked().into_iter().find(|c| c.step.name == name).ok_or_else(unknown)
    }

    /// Why it cannot be closed: steps that are neither done nor skipped. What closing itself does is not missing.
    pub(super) fn silent_steps(&self) -> Option<String> {
        let silent = self.folded.checked().into_iter().filter(|c| c.standing == Standing::Open);
        let silent = silent.filter(|c| !c.step.seen_by.contains(&Sign::Closed));
        let names: Vec<_> = silent.map(|c| format!("“{}”", c.step.words)).collect();
        match names.as_slice() {
            [] => None,
            [one] => Some(format!("The step {one} is neither done nor skipped. Tick it, or skip it with a reason.")),
            all => Some(format!(
                "{} steps are neither done nor skipped: {}. Tick each, or skip it with a reason.",
                all.len(),
                all.join(", ")
            )),
        }
    }
}
