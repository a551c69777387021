//! Triage, and the severity that comes of it.

use super::super::command::{TEXT_MAX, TriageAct};
use super::super::{Incident, State};
use crate::check::{optional, required};
use crate::entry::{Author, Change, Changed};
use crate::refusal::Refusal;
use crate::subject::Draft;

impl Draft<'_, Incident> {
    /// Records what was found, and the severity: the matrix's word, or a person's with a reason (DEF-5).
    pub(super) fn triage(&mut self, author: Author, said: &TriageAct) -> Result<(), Refusal> {
        let instead = "Reopen it first if service is lost again.";
        self.in_state(&[State::Suspected, State::Open], "triage", instead)?;
        self.nobody_triaged_meanwhile(said.seen)?;
        let now = self.scene.now;
        let found = self.folded.finds(said, self.scene.org, now)?;
        let chosen = said.severity.unwrap_or(found.advice.severity);
        let reason = if self.folded.severity == Some(chosen) {
            optional("reason", &said.reason, TEXT_MAX)?
        } else if chosen == found.advice.severity {
            format!("the policy’s matrix, {}", found.advice.why)
        } else {
            let ask = "Write why it is not as the policy’s matrix says; the review will ask.";
            required("reason", &said.reason, ask, TEXT_MAX)?
        };
        self.say(author.clone(), now, found);
        if self.folded.severity != Some(chosen) {
            self.say(author, now, Changed { to: Change::Severity(Some(chosen)), reason });
        }
        Ok(())
    }

    fn nobody_triaged_meanwhile(&self, seen: Option<u64>) -> Result<(), Refusal> {
        let (Some(seen), Some(newest)) = (seen, self.folded.triage()) else { return Ok(()) };
        if newest.entry <= seen {
            return Ok(());
        }
        let by = newest.by.as_ref().map_or_else(|| "Muster".to_owned(), |p| p.name.clone());
        Err(Refusal::ChangedMeanwhile { field: "triage", theirs: newest.found.words(), by })
    }
}
