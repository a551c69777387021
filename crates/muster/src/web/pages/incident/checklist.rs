//! The checklist at a glance: what is done, what is left, and what the reader may say of it.

use super::View;
use crate::web::view::incident::{SkipStep, Step, Steps};
use crate::web::view::parts::{Choice, Prose};
use muster_core::incident::{Checked, Standing, State};

impl View<'_> {
    pub(super) fn steps(&self) -> Steps {
        let incident = self.incident;
        let checked = incident.checked();
        let writes = self.eyes.may_write() && !incident.newer;
        let going_on = writes && !matches!(incident.state, State::Closed | State::Withdrawn);
        let open = checked.iter().filter(|c| c.standing == Standing::Open);
        let choice = |c: &Checked<'_>| Choice::new(c.step.name.as_str(), c.step.words.as_str());
        let steps: Vec<_> = open.map(choice).collect();
        let (left, all) = (steps.len(), checked.len());
        let first = steps.first().map_or_else(String::new, |c| c.value.clone());
        Steps {
            count: if left == 0 { format!("All {all} settled") } else { format!("{left} of {all} left") },
            version: self.version(),
            rows: checked.iter().map(|c| self.step(c, going_on)).collect(),
            skip: (going_on && left > 0).then(|| SkipStep {
                step: self.field("skip-step", "step", first),
                reason: self.field("skip-step", "reason", ""),
                steps,
                refused: self.refused("skip-step"),
            }),
        }
    }

    /// Running incidents keep the version that they began under (POL-2).
    fn version(&self) -> Prose {
        let (its, now) = (self.incident.terms.policy.version, self.scene.org.policy.version);
        let version = Prose::from("By ").link(format!("/policy/{its}"), format!("version {its} of the procedure"));
        match its == now {
            true => version.text("."),
            false => version
                .text(", under which it began. ")
                .link("/policy", format!("Version {now}"))
                .text(" is in force now."),
        }
    }

    fn step(&self, checked: &Checked<'_>, going_on: bool) -> Step {
        let times = self.eyes.times;
        let note = match &checked.standing {
            Standing::Open => Prose::default(),
            Standing::Seen(at) => Prose::default().when(times.at(*at)),
            Standing::NotNeeded(at) => Prose::from("Not needed: service was back before, ").when(times.at(*at)),
            Standing::Done { at, by } => Prose::from(format!("{by}, ")).when(times.at(*at)),
            Standing::Skipped { at, by, reason } => {
                Prose::from(format!("Skipped by {by}, ")).when(times.at(*at)).text(format!(": {reason}"))
            }
        };
        Step {
            name: checked.step.name.clone(),
            words: checked.step.words.clone(),
            done: checked.is_done(),
            skipped: matches!(checked.standing, Standing::Skipped { .. } | Standing::NotNeeded(_)),
            note,
            tick: going_on && !checked.is_done(),
        }
    }
}
