//! The way to the end: estimates, meetings, following up and closing, folded from the log.

use super::{Incident, State};
use crate::Time;
use crate::entry::{Entry, Fact, FollowUpBy, MeetingHeld, MeetingKind};
use crate::ids::{PersonId, PersonRef};
use crate::later;
use serde::{Deserialize, Serialize};

/// What led to the end, or is to.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Course {
    /// When service may be back, every estimate, oldest first.
    pub estimates: Vec<Estimate>,
    /// Meetings held, oldest first.
    pub meetings: Vec<Meeting>,
    /// When its end was written down: following up is reckoned from then.
    pub ended_at: Option<Time>,
    /// When it was last opened again, if it ever was.
    pub reopened_at: Option<Time>,
    /// Who has heard that it is over.
    pub followed_up: Vec<FollowUp>,
    /// When it was closed, and what the review said.
    pub closed: Option<(Time, String)>,
}

/// When service may be back.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Estimate {
    /// By which entry.
    pub entry: u64,
    /// When it was said.
    pub at: Time,
    /// By whom: a name.
    pub by: String,
    /// When service should be back; none if nobody can say.
    pub back_at: Option<Time>,
    /// On what grounds.
    pub grounds: String,
}

/// A meeting that was held.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Meeting {
    /// By which entry.
    pub entry: u64,
    /// When it was held.
    pub at: Time,
    /// Who wrote it down: a name.
    pub by: String,
    /// What came of it.
    pub held: MeetingHeld,
}

/// Somebody who has heard that it is over.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct FollowUp {
    /// By which entry.
    pub entry: u64,
    /// Who.
    pub person: PersonRef,
    /// How.
    pub by: FollowUpBy,
    /// When.
    pub at: Time,
}

impl Course {
    pub(super) fn take_into_account(&mut self, entry: &Entry) {
        match &entry.fact {
            Fact::Reopened(_) => {
                *self = Self {
                    reopened_at: Some(entry.happened_at),
                    estimates: std::mem::take(&mut self.estimates),
                    meetings: std::mem::take(&mut self.meetings),
                    ..Self::default()
                };
            }
            Fact::Restored(_) => self.ended_at = Some(entry.recorded_at),
            Fact::Estimated(fact) => self.estimates.push(Estimate {
                entry: entry.seq,
                at: entry.happened_at,
                by: entry.author.name().to_owned(),
                back_at: fact.back_at,
                grounds: fact.grounds.clone(),
            }),
            Fact::MeetingHeld(fact) => self.meetings.push(Meeting {
                entry: entry.seq,
                at: entry.happened_at,
                by: entry.author.name().to_owned(),
                held: fact.clone(),
            }),
            Fact::FollowedUp(fact) => {
                let heard = |person: &PersonRef| FollowUp {
                    entry: entry.seq,
                    person: person.clone(),
                    by: fact.by,
                    at: entry.happened_at,
                };
                self.followed_up.extend(fact.people.iter().map(heard));
            }
            Fact::Closed(fact) => self.closed = Some((entry.recorded_at, fact.review.clone())),
            _ => {}
        }
    }

    /// The newest estimate, if any was given.
    #[must_use]
    pub fn estimate(&self) -> Option<&Estimate> {
        self.estimates.last()
    }
}

impl Incident {
    /// The newest meeting of that kind since it is open.
    #[must_use]
    pub fn last_meeting(&self, kind: MeetingKind) -> Option<&Meeting> {
        let here = |m: &&Meeting| m.held.kind == kind && self.open_since.is_some_and(|open| m.at >= open);
        self.course.meetings.iter().rev().find(here)
    }

    /// When the next meeting of that kind is owed, while the incident is open, and since when: management's own, once one was
    /// agreed.
    #[must_use]
    pub fn next_meeting(&self, kind: MeetingKind) -> Option<(Time, Time)> {
        let open = self.open_since.filter(|_| self.state == State::Open)?;
        let policy = &self.terms.policy;
        let last = self.last_meeting(kind);
        let agreed = last.and_then(|m| m.held.next);
        let since = last.map_or(open, |m| m.at);
        let due = match kind {
            MeetingKind::Team => later(since, policy.review_every.of(self.phase)),
            MeetingKind::Conference => match last {
                Some(held) => later(held.at, policy.conference_every),
                // It is owed once the outage has gone on for so long, and not for what lies before the log.
                None => planted!(
                    "conference-forgotten",
                    later(self.away_since(), policy.conference_after).max(open),
                    later(open, policy.review_every.waiting)
                ),
            },
            MeetingKind::Management => agreed?,
        };
        match (kind, self.next_call()) {
            // What was called is what is owed next.
            (MeetingKind::Conference, Some((called, due))) => Some((called.max(since), due)),
            _ => Some((since, agreed.unwrap_or(due))),
        }
    }

    /// Everybody who was contacted during the event, by people or by Muster, in the order in which they were: whom
    /// somebody tells that it is over (RES-4). Who leads it or speaks for it knows.
    #[must_use]
    pub fn contacted(&self) -> Vec<&PersonRef> {
        let by_people = self.contacts.iter().filter(|c| !c.taken_back).map(|c| (c.entry, &c.person));
        let tried = self
            .summonses
            .iter()
            .flat_map(|s| s.attempts.iter().filter_map(|a| s.chain.get(a.candidate).map(|c| (a.entry, &c.person))));
        let answered = self.summonses.iter().flat_map(|s| s.answers.iter().filter(|g| !g.taken_back));
        let answered = answered.map(|g| (g.entry, &g.person));
        let tried = tried.filter(|_| planted!("follow-up-forgets", true, false));
        let invited = self.gathering.calls.iter().flat_map(|c| c.set.invited.iter().map(|p| (c.set_by, p)));
        let mut all: Vec<_> = by_people.chain(tried).chain(answered).chain(invited).collect();
        all.sort_by_key(|(entry, _)| *entry);
        let mut people: Vec<&PersonRef> = Vec::new();
        for person in all.into_iter().map(|(_, person)| person).chain(self.roles.heard.iter().map(|h| &h.person)) {
            let knows = self.is_managed_by(&person.id) || self.roles.is_communicator(&person.id);
            if !knows && !people.iter().any(|p| p.id == person.id) {
                people.push(person);
            }
        }
        people
    }

    /// Whether that person has heard that it is over.
    #[must_use]
    pub fn heard_the_end(&self, person: &PersonId) -> Option<&FollowUp> {
        self.course.followed_up.iter().find(|f| f.person.id == *person)
    }

    /// Who was contacted and has not heard yet that it is over.
    #[must_use]
    pub fn to_follow_up(&self) -> Vec<&PersonRef> {
        self.contacted().into_iter().filter(|p| self.heard_the_end(&p.id).is_none()).collect()
    }
}
