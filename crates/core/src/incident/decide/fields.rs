//! Fields of the form that people set.

use super::super::Incident;
use super::super::State;
use super::super::command::{LINE_MAX, TEXT_MAX};
use super::super::open::affected;
use crate::check::{been, optional, past, required};
use crate::custom::Custom;
use crate::entry::{Affected, Author, Change, Changed, Kind};
use crate::refusal::Refusal;
use crate::subject::Draft;

impl Draft<'_, Incident> {
    pub(super) fn change(
        &mut self,
        author: Author,
        to: &Change,
        reason: &str,
        seen: Option<u64>,
    ) -> Result<(), Refusal> {
        let reason = optional("reason", reason, TEXT_MAX)?;
        self.nobody_changed_it_meanwhile(to, seen)?;
        let to = self.sensible(to, &reason)?;
        if let Change::Title(text) | Change::Symptoms(text) | Change::Cause(text) | Change::Resolution(text) = &to
            && self.folded.reads(&to) == *text
        {
            return Ok(()); // it stands there already
        }
        self.say(author, self.scene.now, Changed { to, reason });
        Ok(())
    }

    pub(super) fn nobody_changed_it_meanwhile(&self, to: &Change, seen: Option<u64>) -> Result<(), Refusal> {
        let (Some(seen), Some((entry, by))) = (seen, self.folded.set_by.get(&to.place())) else { return Ok(()) };
        if *entry <= seen {
            return Ok(());
        }
        Err(Refusal::ChangedMeanwhile { field: to.field(), theirs: self.folded.reads(to), by: by.clone() })
    }

    /// The change with its texts trimmed, if it makes sense.
    pub(super) fn sensible(&self, to: &Change, reason: &str) -> Result<Change, Refusal> {
        let now = self.scene.now;
        Ok(match to {
            Change::Title(text) => Change::Title(required("title", text, "Write one line: what is wrong?", LINE_MAX)?),
            Change::Symptoms(text) => Change::Symptoms(required("symptoms", text, "Write what people see.", TEXT_MAX)?),
            Change::Cause(text) => Change::Cause(optional("cause", text, TEXT_MAX)?),
            Change::Resolution(text) => {
                Change::Resolution(required("resolution", text, "Write what brought service back.", TEXT_MAX)?)
            }
            Change::WentDown(Some(moment)) => {
                let moment = been(*moment, now)?;
                if self.folded.restored_at.is_some_and(|back| back < moment.at) {
                    let why = "Service cannot go down after it was back. Correct the time of restoration first.";
                    return Err(Refusal::Senseless { field: "went-down", why: why.into() });
                }
                if moment.at > self.folded.discovered_at {
                    let why = "Service went down before that was discovered, or at that moment. Set when it went down, or write \
                               in a note that it got worse then.";
                    return Err(Refusal::Senseless { field: "went-down", why: why.into() });
                }
                Change::WentDown(Some(moment))
            }
            Change::RestoredAt(at) => {
                self.in_state(&[State::Restored, State::Closed], "correct the restoration of", "Restore it first.")?;
                let at = past("restored-at", *at, now)?;
                self.after_going_down("restored-at", at)?;
                Change::RestoredAt(at)
            }
            // The first judgement is no override of another.
            Change::Severity(Some(_)) if self.folded.severity_highest.is_none() => to.clone(),
            Change::Severity(_) => {
                required("reason", reason, "Write why; the review will ask.", TEXT_MAX)?;
                to.clone()
            }
            Change::Kind(kind) if *kind == Kind::PLANNED => {
                let why = "Planned work is announced before its window, not made of a disruption.";
                return Err(Refusal::Senseless { field: "kind", why: why.into() });
            }
            Change::System(system) => {
                let unknown = || Refusal::Unknown { field: "system", what: "system", name: system.id.0.clone() };
                let known = || self.folded.systems.iter().find(|s| s.id == system.id).cloned();
                let now = affected(self.scene.org, &system.id, None).or_else(known).ok_or_else(unknown)?;
                Change::System(Affected { condition: system.condition, ..now })
            }
            // The kinds are those of the policy that it began under, as its words are.
            Change::Kind(kind) if !self.folded.terms.policy.kinds.iter().any(|k| k.kind == *kind) => {
                return Err(Refusal::Unknown { field: "kind", what: "kind", name: kind.as_str().to_owned() });
            }
            Change::Custom(custom) => {
                let known = self.folded.terms.fields.iter().find(|f| f.id == custom.field);
                let unknown = || Refusal::Unknown { field: "field", what: "field", name: custom.field.clone() };
                let field = known.filter(|f| f.is_for(&self.folded.kind)).ok_or_else(unknown)?;
                let value = field.read(&custom.value, self.scene.org)?;
                Change::Custom(Custom { field: field.id.clone(), words: field.words.clone(), value })
            }
            Change::WentDown(None) | Change::Kind(_) | Change::Phase(_) => to.clone(),
        })
    }
}
