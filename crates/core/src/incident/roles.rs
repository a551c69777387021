//! Who speaks for an incident, to whom it is handed, and who heard of it elsewhere: folded from the log.

use super::Manager;
use crate::Time;
use crate::entry::{Entry, Fact, HandTo, HeardElsewhere};
use crate::ids::{AreaId, PersonId, PersonRef, SummonsId};
use serde::{Deserialize, Serialize};

/// The roles besides the Incident Manager's, and what led to them.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Roles {
    /// Communications Manager, if anybody is. Until somebody is, what they would owe is the Incident Manager's.
    pub communicator: Option<Manager>,
    /// How many have left the organisation while they were it.
    pub left: u32,
    /// When and why the policy asked for one, and whom it proposes.
    pub proposed: Option<Proposed>,
    /// When and why it was decided that none is needed.
    pub declined: Option<(Time, String)>,
    /// How many people have asked what is going on.
    pub asking: u32,
    /// Every hand-over that was asked for, oldest first.
    pub hand_overs: Vec<HandOver>,
    /// Which functional area has it, once it was handed to one.
    pub area: Option<(AreaId, String)>,
    /// Who heard of it, and not from IT, oldest first.
    pub heard: Vec<HeardElsewhere>,
}

/// That somebody should be Communications Manager.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Proposed {
    /// Since when.
    pub at: Time,
    /// Which mark was passed.
    pub why: String,
    /// Whom the policy proposes, first choice first.
    pub people: Vec<PersonRef>,
}

/// A hand-over that was asked for.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct HandOver {
    /// By which entry.
    pub entry: u64,
    /// Of which summons.
    pub summons: SummonsId,
    /// To whom.
    pub to: HandTo,
    /// Why.
    pub reason: String,
    /// How things stood, as it was put to them.
    pub brief: String,
    /// By whom.
    pub by: String,
}

impl Roles {
    pub(super) fn take_into_account(&mut self, entry: &Entry) {
        match &entry.fact {
            Fact::HandOverAsked(fact) => self.hand_overs.push(HandOver {
                entry: entry.seq,
                summons: fact.summons.clone(),
                to: fact.to.clone(),
                reason: fact.reason.clone(),
                brief: fact.brief.clone(),
                by: entry.author.name().to_owned(),
            }),
            Fact::ManagerAssumed(fact) => {
                let asked = fact.summons.as_ref().and_then(|id| self.hand_over(id));
                if let Some(HandTo::Area { id, name }) = asked.map(|h| &h.to) {
                    self.area = Some((id.clone(), name.clone()));
                }
            }
            Fact::CommunicatorProposed(fact) => {
                self.proposed =
                    Some(Proposed { at: entry.recorded_at, why: fact.why.clone(), people: fact.people.clone() });
            }
            Fact::CommunicatorAssumed(fact) => {
                self.communicator = Some(Manager {
                    person: fact.person.clone(),
                    since: entry.happened_at,
                    summons: fact.summons.clone(),
                });
            }
            // What was decided before was decided of somebody who is no more: the policy looks again.
            Fact::CommunicatorLeft(_) => {
                (self.communicator, self.proposed, self.declined) = (None, None, None);
                self.left = self.left.saturating_add(1);
            }
            Fact::CommunicatorDeclined(fact) => self.declined = Some((entry.recorded_at, fact.reason.clone())),
            Fact::PeopleAsked(fact) => self.asking = self.asking.saturating_add(fact.people),
            Fact::HeardElsewhere(fact) => self.heard.push(fact.clone()),
            _ => {}
        }
    }

    /// The hand-over that began that search.
    #[must_use]
    pub fn hand_over(&self, summons: &SummonsId) -> Option<&HandOver> {
        self.hand_overs.iter().find(|h| h.summons == *summons)
    }

    /// Whether that person is Communications Manager.
    #[must_use]
    pub fn is_communicator(&self, person: &PersonId) -> bool {
        self.communicator.as_ref().is_some_and(|c| c.person.id == *person)
    }

    /// An answer was a mistake: who was Communications Manager by it never was.
    pub(super) fn take_back(&mut self, summons: &SummonsId, person: &PersonId) {
        let by_it = |c: &Manager| c.summons.as_ref() == Some(summons) && c.person.id == *person;
        if self.communicator.as_ref().is_some_and(by_it) {
            self.communicator = None;
        }
    }
}
