//! The checklist of an incident (POL-4): what Muster sees done, what people said of the rest, and what is left.

use super::Incident;
use crate::contact::Answer;
use crate::entry::{Entry, Fact, Ground, MeetingKind, Purpose, Tell};
use crate::ids::PersonId;
use crate::policy::Whom;
use crate::procedure::{Sign, Step};
use crate::{Time, later};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The steps that its opening holds, and what people said of them.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Checklist {
    /// In their usual order; they are done in any.
    pub steps: Vec<Step>,
    said: Vec<Said>,
}

/// What a person said of a step.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
struct Said {
    entry: u64,
    step: String,
    at: Time,
    by: String,
    skipped: Option<String>,
}

/// A step, and how it stands.
#[derive(Clone, PartialEq, Debug)]
pub struct Checked<'a> {
    /// Which.
    pub step: &'a Step,
    /// How it stands.
    pub standing: Standing,
}

/// How a step stands.
#[derive(Clone, PartialEq, Debug)]
pub enum Standing {
    /// Neither done nor skipped.
    Open,
    /// Muster sees that it is done, since then.
    Seen(Time),
    /// Muster sees that it came not to be needed, since then.
    NotNeeded(Time),
    /// A person says that it is done.
    Done {
        /// When they said so.
        at: Time,
        /// Who: a name.
        by: String,
    },
    /// A person passes over it.
    Skipped {
        /// When they said so.
        at: Time,
        /// Who: a name.
        by: String,
        /// Why.
        reason: String,
    },
}

impl Checked<'_> {
    /// Whether it is done, as Muster sees it or as a person says.
    #[must_use]
    pub fn is_done(&self) -> bool {
        matches!(self.standing, Standing::Seen(_) | Standing::Done { .. })
    }
}

impl Checklist {
    pub(super) fn of(steps: &[Step]) -> Self {
        Self { steps: steps.to_vec(), said: Vec::new() }
    }

    pub(super) fn take_into_account(&mut self, entry: &Entry) {
        let (step, skipped) = match &entry.fact {
            Fact::StepDone(fact) => (fact.step.clone(), None),
            Fact::StepSkipped(fact) => (fact.step.clone(), Some(fact.reason.clone())),
            _ => return,
        };
        let (at, by) = (entry.happened_at, entry.author.name().to_owned());
        self.said.push(Said { entry: entry.seq, step, at, by, skipped });
    }

    pub(super) fn take_back(&mut self, mistaken: u64) {
        self.said.retain(|said| said.entry != mistaken);
    }

    pub(super) fn is_said_by(&self, entry: u64) -> bool {
        self.said.iter().any(|said| said.entry == entry)
    }
}

impl Incident {
    /// Every step with how it stands: what Muster sees counts before what people said, and of that the newest.
    #[must_use]
    pub fn checked(&self) -> Vec<Checked<'_>> {
        let standing = |step: &Step| {
            if let Some(at) = step.seen_by.iter().filter_map(|sign| self.seen(*sign)).min() {
                return Standing::Seen(at);
            }
            match self.checklist.said.iter().rev().find(|said| said.step == step.name) {
                None => self.spared(step).map_or(Standing::Open, Standing::NotNeeded),
                Some(Said { at, by, skipped: None, .. }) => Standing::Done { at: *at, by: by.clone() },
                Some(Said { at, by, skipped: Some(reason), .. }) => {
                    Standing::Skipped { at: *at, by: by.clone(), reason: reason.clone() }
                }
            }
        };
        self.checklist.steps.iter().map(|step| Checked { step, standing: standing(step) }).collect()
    }

    /// Since when there is that sign, if there is.
    fn seen(&self, sign: Sign) -> Option<Time> {
        match sign {
            Sign::LogBegun => Some(self.recorded_at),
            Sign::SupportTold => self.support_told(),
            Sign::Assessed => self.severity.and(self.triaged_at),
            Sign::OthersBroughtIn => self.others_brought_in(),
            Sign::HandedToArea => self.roles.area.as_ref().and(self.manager.as_ref()).map(|m| m.since),
            Sign::ManagementTold => self.management_told(),
            Sign::ConferenceHeld => {
                self.course.meetings.iter().find(|m| m.held.kind == MeetingKind::Conference).map(|m| m.at)
            }
            Sign::ReportFiled => self.report.as_ref().map(|(at, _)| *at),
            Sign::Closed => self.course.closed.as_ref().map(|(at, _)| *at),
        }
    }

    /// The duties to tell of the policy that name a group by these people.
    fn tells_by(&self, whom: Whom) -> impl Iterator<Item = &Tell> {
        let rows = &self.terms.policy.tell_directly;
        let named = move |tell: &&Tell| {
            tell.ground == Ground::Policy && rows.iter().any(|row| row.name == tell.name && row.whom == whom)
        };
        self.tells.iter().filter(named)
    }

    /// When the last of the groups was told that the policy names by their supervisors.
    fn support_told(&self) -> Option<Time> {
        let told: Option<Vec<Time>> =
            self.tells_by(Whom::Supervisors).map(|tell| self.told(tell).map(|told| told.at)).collect();
        told?.into_iter().max()
    }

    /// When the first of management was told.
    fn management_told(&self) -> Option<Time> {
        let levels = self.tells.iter().filter(|tell| matches!(tell.ground, Ground::Level(_)));
        let told = self.tells_by(Whom::Management).chain(levels).filter_map(|tell| self.told(tell));
        told.map(|told| told.at).min()
    }

    /// When a second person took a part of it.
    fn others_brought_in(&self) -> Option<Time> {
        let managers = self.managers.iter().map(|m| (m.since, &m.person.id));
        let helped = self.summonses.iter().filter(|s| s.purpose != Purpose::Tell).flat_map(|s| &s.answers);
        let helped = helped.filter(|g| !g.taken_back && g.answer == Answer::Take).map(|g| (g.at, &g.person.id));
        let mut parts: Vec<(Time, &PersonId)> = managers.chain(helped).collect();
        parts.sort();
        let mut people = BTreeSet::new();
        parts.into_iter().find(|(_, person)| people.insert(*person) && people.len() > 1).map(|(at, _)| at)
    }

    /// Since when there is no need for that step, if it came to that.
    fn spared(&self, step: &Step) -> Option<Time> {
        step.seen_by.contains(&Sign::ConferenceHeld).then(|| self.over_before_a_conference())?
    }

    /// When service was back, if no conference was owed before.
    fn over_before_a_conference(&self) -> Option<Time> {
        let back = self.restored_at?;
        let owed = later(self.away_since(), self.terms.policy.conference_after);
        (back < owed).then_some(back)
    }
}
