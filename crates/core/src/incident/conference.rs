//! Conference calls, and how people come, folded from the log (STAFF-4, STAFF-5).

use super::Incident;
use crate::Time;
use crate::entry::{ArrivalSaid, Coming, ConferenceCalled, Entry, Fact, Presence};
use crate::ids::{PersonId, PersonRef, SubjectId, SummonsId};
use crate::later;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Who meets where, and who comes when.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Gathering {
    /// Every conference call, oldest first.
    pub calls: Vec<Call>,
    /// Where whoever is summoned is wanted, if the Incident Manager said so; else as the policy says.
    pub presence: Option<Presence>,
    /// Where single people are wanted.
    pub presence_of: BTreeMap<PersonId, Presence>,
    /// What each said of their coming, newest for each, in the order in which they first did.
    pub arrivals: Vec<Arrival>,
}

/// A conference call.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Call {
    /// By which entry it was called.
    pub entry: u64,
    /// When.
    pub called_at: Time,
    /// By whom: a name.
    pub by: String,
    /// What it is now.
    pub set: ConferenceCalled,
    /// The newest entry that set it.
    pub set_by: u64,
    /// Who is in it, with since when, in the order in which they were written down.
    pub joined: Vec<(PersonRef, Time)>,
    /// Why it was cancelled, if it was.
    pub cancelled: Option<String>,
    /// By which entry its minutes are written down.
    pub held: Option<u64>,
}

impl Call {
    /// Whether it is still to be held, or its minutes are still to be written.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.cancelled.is_none() && self.held.is_none()
    }

    /// Whether that person is invited.
    #[must_use]
    pub fn invites(&self, person: &PersonId) -> bool {
        self.set.invited.iter().any(|p| p.id == *person)
    }

    /// Since when that person is in it, if anybody said so.
    #[must_use]
    pub fn joined_at(&self, person: &PersonId) -> Option<Time> {
        self.joined.iter().find(|(p, _)| p.id == *person).map(|(_, at)| *at)
    }
}

/// How somebody comes.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Arrival {
    /// By which entry they said so.
    pub entry: u64,
    /// When.
    pub at: Time,
    /// What they said.
    pub said: ArrivalSaid,
}

impl Arrival {
    /// Whether they should be there by now, and have not said that they are.
    #[must_use]
    pub fn is_overdue(&self, now: Time) -> bool {
        let awaited = matches!(self.said.coming, Coming::OnTheWay | Coming::Remote);
        awaited && self.said.expected_at.is_some_and(|at| at < now)
    }
}

impl Gathering {
    pub(super) fn take_into_account(&mut self, entry: &Entry) {
        match &entry.fact {
            Fact::ConferenceCalled(fact) => match self.calls.iter_mut().find(|c| c.set.call == fact.call) {
                Some(call) => (call.set, call.set_by) = (fact.clone(), entry.seq),
                None => self.calls.push(Call {
                    entry: entry.seq,
                    called_at: entry.recorded_at,
                    by: entry.author.name().to_owned(),
                    set: fact.clone(),
                    set_by: entry.seq,
                    joined: Vec::new(),
                    cancelled: None,
                    held: None,
                }),
            },
            Fact::ConferenceCancelled(fact) => {
                if let Some(call) = self.calls.iter_mut().find(|c| c.set.call == fact.call) {
                    call.cancelled = Some(fact.reason.clone());
                    call.set.version = fact.version;
                }
            }
            Fact::ConferenceJoined(fact) => {
                if let Some(call) = self.calls.iter_mut().find(|c| c.set.call == fact.call) {
                    for person in &fact.people {
                        if call.joined_at(&person.id).is_none() {
                            call.joined.push((person.clone(), entry.recorded_at));
                        }
                    }
                }
            }
            Fact::MeetingHeld(fact) => {
                let of = |c: &&mut Call| Some(c.set.call) == fact.call;
                if let Some(call) = self.calls.iter_mut().find(of) {
                    call.held = Some(entry.seq);
                }
            }
            Fact::PresenceAsked(fact) if fact.people.is_empty() => self.presence = Some(fact.presence),
            Fact::PresenceAsked(fact) => {
                self.presence_of.extend(fact.people.iter().map(|p| (p.id.clone(), fact.presence)));
            }
            Fact::ArrivalSaid(fact) => {
                let arrival = Arrival { entry: entry.seq, at: entry.recorded_at, said: fact.clone() };
                match self.arrivals.iter_mut().find(|a| a.said.person.id == fact.person.id) {
                    Some(known) => *known = arrival,
                    None => self.arrivals.push(arrival),
                }
            }
            _ => {}
        }
    }

    /// That call.
    #[must_use]
    pub fn call(&self, number: u32) -> Option<&Call> {
        self.calls.iter().find(|c| c.set.call == number)
    }

    /// What that person said last of their coming.
    #[must_use]
    pub fn arrival_of(&self, person: &PersonId) -> Option<&Arrival> {
        self.arrivals.iter().find(|a| a.said.person.id == *person)
    }
}

/// What the personal links of a call's invitations are about: a link names what it answers as a summons does.
#[must_use]
pub fn invitation(subject: &SubjectId, call: u32) -> SummonsId {
    SummonsId(format!("{subject}-call-{call}"))
}

impl Incident {
    /// The call whose invitations have that name.
    #[must_use]
    pub fn call_of(&self, subject: &SubjectId, link: &SummonsId) -> Option<&Call> {
        self.gathering.calls.iter().find(|c| invitation(subject, c.set.call) == *link)
    }

    /// Where that person is wanted: as the Incident Manager said, else as the policy does.
    #[must_use]
    pub fn presence_of(&self, person: &PersonId) -> Presence {
        let said = self.gathering.presence_of.get(person).copied().or(self.gathering.presence);
        said.unwrap_or(self.terms.policy.presence)
    }

    /// Whether that person was summoned or invited, or is at work on it: whose coming it is about.
    #[must_use]
    pub fn is_wanted(&self, person: &PersonId) -> bool {
        self.staff.iter().any(|p| p.id == *person)
            || self.gathering.calls.iter().any(|c| c.invites(person))
            || self.gathering.presence_of.contains_key(person)
            || self
                .summonses
                .iter()
                .any(|s| s.attempts.iter().any(|a| s.chain.get(a.candidate).is_some_and(|c| c.person.id == *person)))
    }

    /// Whose coming there is something to say of: who was told where they are wanted by name, and who answered.
    #[must_use]
    pub fn expected(&self) -> Vec<&PersonRef> {
        self.gathering.arrivals.iter().map(|a| &a.said.person).collect()
    }

    /// The call that is to be held next, or is under way: since when that is known, and when holding it, or its
    /// minutes, are owed. Once it is under way, its minutes are owed as soon as a review would be.
    #[must_use]
    pub(super) fn next_call(&self) -> Option<(Time, Time)> {
        let minutes = |since: Time| later(since, self.terms.policy.review_every.of(self.phase));
        let due = |call: &Call| match call.joined.first() {
            Some((_, joined)) => minutes((*joined).max(call.set.starts_at)),
            // What was set up at once is under way.
            None if call.set.starts_at <= call.called_at => minutes(call.set.starts_at),
            None => call.set.starts_at,
        };
        let pending = self.gathering.calls.iter().filter(|c| c.is_pending());
        pending.map(|c| (c.called_at, due(c))).min_by_key(|(_, due)| *due)
    }

    /// Whom a conference call is about: who is at work on it, the systems' owners, and the managers who were told.
    #[must_use]
    pub fn proposed_for_a_call(&self) -> Vec<PersonRef> {
        let owners = self.systems.iter().filter_map(|s| s.owner.as_ref());
        let told = self.tells.iter().filter_map(|t| self.told(t)).map(|t| t.person);
        let mut people: Vec<PersonRef> = Vec::new();
        for person in self.staff.iter().chain(owners).chain(told) {
            if !people.iter().any(|p| p.id == person.id) {
                people.push(person.clone());
            }
        }
        people
    }
}
