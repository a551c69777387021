//! Folding a system's log. Reads nothing but entries and never fails: one that makes no sense changes nothing.

use super::{Ask, Claim, Claims, Ended, OVER_SHOWN, Settled};
use crate::entry::{Author, Entry, Fact};
use crate::ids::{PersonId, PersonRef};
use crate::summons;

impl Claims {
    /// The log that begins with `entry`, if that names a system.
    pub(super) fn of_first(entry: &Entry) -> Option<Self> {
        let Fact::SystemNamed(fact) = &entry.fact else { return None };
        Some(Self {
            system: fact.system.clone(),
            name: fact.name.clone(),
            time_zone: fact.time_zone.clone(),
            answer_wait: fact.answer_wait,
            began_at: entry.recorded_at,
            claims: Vec::new(),
            asks: Vec::new(),
            summonses: Vec::new(),
            seq: entry.seq,
            last_recorded_at: entry.recorded_at,
            newer: false,
        })
    }

    pub(super) fn take_into_account(&mut self, entry: &Entry) {
        self.seq = entry.seq;
        self.last_recorded_at = entry.recorded_at;
        match &entry.fact {
            Fact::SystemNamed(fact) => {
                self.name.clone_from(&fact.name);
                self.time_zone.clone_from(&fact.time_zone);
                self.answer_wait = fact.answer_wait;
            }
            Fact::Claimed(fact) => {
                self.claims.push(Claim {
                    entry: entry.seq,
                    person: fact.person.clone(),
                    by: author(entry, &fact.person),
                    what: fact.what.clone(),
                    host: fact.host.clone(),
                    since: entry.happened_at,
                    until: fact.until,
                    disruptive: fact.disruptive,
                    incident: fact.incident.clone(),
                    session: fact.session.clone(),
                    renewed: 0,
                    ended: None,
                });
                self.meet();
            }
            Fact::ClaimRenewed(fact) => {
                if let Some(claim) = self.claims.iter_mut().find(|c| c.entry == fact.claim) {
                    claim.until = fact.until;
                    claim.renewed = claim.renewed.saturating_add(1);
                }
            }
            Fact::ClaimEnded(fact) => {
                if let Some(claim) = self.claims.iter_mut().find(|c| c.entry == fact.claim) {
                    let changed = fact.changed.clone();
                    claim.ended = Some(Ended { at: entry.happened_at, how: fact.how, changed });
                }
                self.forget();
            }
            Fact::DisruptionAsked(fact) => {
                self.asks.push(Ask {
                    entry: entry.seq,
                    person: fact.person.clone(),
                    by: author(entry, &fact.person),
                    what: fact.what.clone(),
                    host: fact.host.clone(),
                    incident: fact.incident.clone(),
                    at: entry.recorded_at,
                    elsewhere: fact.at_work.iter().filter(|w| w.system != self.system).cloned().collect(),
                    met_somebody: false,
                    contacts: fact.contacts.clone(),
                    settled: None,
                });
                self.meet();
            }
            Fact::WorkElsewhere(fact) => {
                if let Some(ask) = self.asks.iter_mut().find(|a| a.entry == fact.ask) {
                    ask.elsewhere.clone_from(&fact.at_work);
                }
                self.meet();
            }
            Fact::DisruptionSettled(fact) => {
                if let Some(ask) = self.asks.iter_mut().find(|a| a.entry == fact.ask) {
                    let (how, reason) = (fact.how, fact.reason.clone());
                    ask.settled = Some(Settled { at: entry.recorded_at, how, reason, entry: entry.seq });
                }
                self.forget();
            }
            Fact::SummonsStarted(_)
            | Fact::Tried(_)
            | Fact::Graded(_)
            | Fact::Answered(_)
            | Fact::NobodyReached(_)
            | Fact::PassedOver(_)
            | Fact::SummonsEnded(_) => summons::follow(&mut self.summonses, entry),
            Fact::Noted(_) => {}
            // These stand in the log of an incident.
            Fact::Opened(_)
            | Fact::AlertJoined(_)
            | Fact::AlertLeft(_)
            | Fact::AlertChanged(_)
            | Fact::AlertWentOn(_)
            | Fact::AlertRecovered(_)
            | Fact::ManagerAssumed(_)
            | Fact::QuestionAsked(_)
            | Fact::InputGiven(_)
            | Fact::PartMarked(_)
            | Fact::CauseProposed(_)
            | Fact::CauseJudged(_)
            | Fact::Triaged(_)
            | Fact::UserReported(_)
            | Fact::Linked(_)
            | Fact::Unlinked(_)
            | Fact::MergedInto(_)
            | Fact::TookIn(_)
            | Fact::GaveBack(_)
            | Fact::Restricted(_)
            | Fact::Unrestricted(_)
            | Fact::TaskSet(_)
            | Fact::TaskEnded(_)
            | Fact::OptionWeighed(_)
            | Fact::OptionJudged(_)
            | Fact::TellAdded(_)
            | Fact::HandOverAsked(_)
            | Fact::CommunicatorProposed(_)
            | Fact::CommunicatorAssumed(_)
            | Fact::CommunicatorLeft(_)
            | Fact::CommunicatorDeclined(_)
            | Fact::PeopleAsked(_)
            | Fact::HeardElsewhere(_)
            | Fact::Estimated(_)
            | Fact::MeetingHeld(_)
            | Fact::FollowedUp(_)
            | Fact::Closed(_)
            | Fact::Confirmed(_)
            | Fact::Withdrawn(_)
            | Fact::Restored(_)
            | Fact::Reopened(_)
            | Fact::ReportFiled(_)
            | Fact::Contacted(_)
            | Fact::Corrected(_)
            | Fact::TakenBack(_)
            | Fact::Changed(_)
            | Fact::Attached(_)
            | Fact::StepDone(_)
            | Fact::StepSkipped(_)
            | Fact::VersionDrafted(_)
            | Fact::VersionEdited(_)
            | Fact::VersionProposed(_)
            | Fact::VersionSigned(_)
            | Fact::VersionDeclined(_)
            | Fact::VersionInForce(_)
            | Fact::VersionReplaced(_)
            | Fact::VersionDropped(_)
            | Fact::CommunicationsPlanned(_)
            | Fact::AudienceSet(_)
            | Fact::AudienceDropped(_)
            | Fact::StrategyAgreed(_)
            | Fact::UpdateDrafted(_)
            | Fact::UpdateSigned(_)
            | Fact::UpdateReturned(_)
            | Fact::UpdateSent(_)
            | Fact::UpdateCarried(_)
            | Fact::UpdateAcknowledged(_)
            | Fact::TellingHanded(_)
            | Fact::FactsAsked(_)
            | Fact::FactsGiven(_)
            | Fact::ConferenceCalled(_)
            | Fact::ConferenceCancelled(_)
            | Fact::ConferenceJoined(_)
            | Fact::PresenceAsked(_)
            | Fact::ArrivalSaid(_)
            | Fact::HeardOfSystem(_) => {}
            Fact::Unknown { .. } => self.newer = true,
        }
    }

    /// Every open asking that hits somebody now has met somebody.
    fn meet(&mut self) {
        let here: Vec<PersonId> = self.live().map(|c| c.person.id.clone()).collect();
        for ask in self.asks.iter_mut().filter(|a| a.settled.is_none()) {
            let hits = here.iter().chain(ask.elsewhere.iter().map(|w| &w.person.id));
            ask.met_somebody |= hits.into_iter().any(|id| *id != ask.person.id);
        }
    }

    /// What is long over stands in the log, and not here.
    fn forget(&mut self) {
        let mut over = self.claims.iter().filter(|c| !c.is_live()).count().saturating_sub(OVER_SHOWN);
        self.claims.retain(|c| c.is_live() || keep(&mut over));
        let mut over = self.asks.iter().filter(|a| a.settled.is_some()).count().saturating_sub(OVER_SHOWN);
        self.asks.retain(|a| a.settled.is_none() || keep(&mut over));
        let asks = &self.asks;
        self.summonses.retain(|s| s.ask.is_none_or(|ask| asks.iter().any(|a| a.entry == ask)));
    }
}

/// Whether one more is kept, when so many of the oldest go.
fn keep(to_go: &mut usize) -> bool {
    let goes = *to_go > 0;
    *to_go -= usize::from(goes);
    !goes
}

fn author(entry: &Entry, person: &PersonRef) -> PersonRef {
    match &entry.author {
        Author::Person(by) => by.clone(),
        Author::Muster => person.clone(),
    }
}
