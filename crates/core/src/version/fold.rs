//! Folding the log of a version. Reads nothing but entries and never fails: one that makes no sense changes nothing.

use super::{InForce, Signer, Stage, Version};
use crate::entry::{Entry, Fact, Frame, Group, Passage};
use crate::policy::Policy;

impl Version {
    /// The log that begins with `entry`, if that drafts a version.
    pub(super) fn of_first(entry: &Entry) -> Option<Self> {
        let Fact::VersionDrafted(fact) = &entry.fact else { return None };
        Some(Self {
            number: fact.number,
            from: fact.from,
            author: entry.author.person().cloned(),
            drafted_at: entry.recorded_at,
            note: fact.note.clone(),
            decision: fact.decision.clone(),
            effective: fact.effective,
            next_review: fact.next_review,
            body: fact.body.clone(),
            written: entry.seq,
            stage: Stage::Draft,
            proposed: None,
            signers: fact.groups.iter().map(Signer::of).collect(),
            in_force: None,
            replaced: None,
            dropped: None,
            time_zone: fact.time_zone.clone(),
            seq: entry.seq,
            last_recorded_at: entry.recorded_at,
            newer: false,
        })
    }

    pub(super) fn take_into_account(&mut self, entry: &Entry) {
        self.seq = entry.seq;
        self.last_recorded_at = entry.recorded_at;
        match &entry.fact {
            // What was signed was another text.
            Fact::VersionEdited(fact) => {
                self.write(&fact.after);
                self.written = entry.seq;
                self.stage = Stage::Draft;
                self.proposed = None;
                self.signers.iter_mut().for_each(|s| s.signed = None);
            }
            Fact::VersionProposed(fact) => {
                self.stage = Stage::Proposed;
                self.proposed = Some((entry.recorded_at, fact.sign_by));
            }
            Fact::VersionSigned(fact) => {
                let signed = Some((entry.recorded_at, entry.author.name().to_owned()));
                if let Some(signer) = self.signers.iter_mut().find(|s| s.group.area == fact.area) {
                    (signer.signed, signer.declined) = (signed, None);
                }
            }
            Fact::VersionDeclined(fact) => {
                let declined = (entry.recorded_at, entry.author.name().to_owned(), fact.reason.clone());
                if let Some(signer) = self.signers.iter_mut().find(|s| s.group.area == fact.area) {
                    (signer.signed, signer.declined) = (None, Some(declined));
                }
            }
            Fact::VersionInForce(fact) => {
                self.stage = Stage::InForce;
                let by = entry.author.person().map(|p| p.name.clone());
                self.in_force = Some(InForce { at: entry.recorded_at, how: fact.how.clone(), by });
            }
            Fact::VersionReplaced(fact) => {
                self.stage = Stage::Replaced;
                self.replaced = Some((entry.recorded_at, fact.by));
            }
            Fact::VersionDropped(fact) => {
                self.stage = Stage::Dropped;
                self.dropped = Some((entry.recorded_at, fact.reason.clone()));
            }
            Fact::Unknown { .. } => self.newer = true,
            _ => {} // of another kind of log
        }
    }

    /// That part as it is now.
    #[must_use]
    pub fn part_like(&self, part: &Passage) -> Passage {
        match part {
            Passage::Component(component, _) => {
                Passage::Component(*component, self.body.procedure.of(*component).clone())
            }
            Passage::Checklist(_) => Passage::Checklist(self.body.procedure.checklist()),
            Passage::Figures(_) => Passage::Figures(self.body.policy.clone()),
            Passage::Frame(_) => Passage::Frame(Frame {
                note: self.note.clone(),
                decision: self.decision.clone(),
                groups: self.signers.iter().map(|s| s.group.clone()).collect(),
                effective: self.effective,
                next_review: self.next_review,
            }),
        }
    }

    pub(super) fn write(&mut self, part: &Passage) {
        match part {
            Passage::Component(component, content) => self.body.procedure.set(*component, content.clone()),
            Passage::Checklist(steps) => self.body.procedure.set_checklist(steps.clone()),
            Passage::Figures(policy) => self.body.policy = Policy { version: self.number, ..policy.clone() },
            Passage::Frame(frame) => {
                self.note.clone_from(&frame.note);
                self.decision.clone_from(&frame.decision);
                (self.effective, self.next_review) = (frame.effective, frame.next_review);
                let kept = |group: &Group| self.signer(&group.area).and_then(|s| s.declined.clone());
                let signer = |group: &Group| Signer { declined: kept(group), ..Signer::of(group) };
                self.signers = frame.groups.iter().map(signer).collect();
            }
        }
    }
}
