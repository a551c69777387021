//! Conference calls, and how people come (STAFF-4, STAFF-5).

use super::super::command::{GatherAct, LINE_MAX, TEXT_MAX};
use super::super::conference::Call;
use super::super::{Incident, State};
use super::ending::ahead;
use crate::check::{optional, required};
use crate::entry::{
    ArrivalSaid, Author, Coming, ConferenceCalled, ConferenceCancelled, ConferenceJoined, PresenceAsked, Via,
};
use crate::ids::{PersonId, PersonRef};
use crate::refusal::Refusal;
use crate::subject::Draft;
use crate::{Span, Time, later, whole_ms};

/// Most calls of one incident: beyond this a program runs wild.
const CALLS_AT_MOST: usize = 200;
/// Nobody is on the way for longer: beyond it a time was mistyped.
const ON_THE_WAY_AT_MOST: Span = Span::from_hours(24);

impl Draft<'_, Incident> {
    pub(super) fn gather(&mut self, by: &PersonRef, act: &GatherAct) -> Result<(), Refusal> {
        let (author, now) = (Author::Person(by.clone()), self.scene.now);
        match act {
            GatherAct::Call { .. } => self.call_conference(by, act),
            GatherAct::Cancel { call, reason } => {
                self.may_call(by)?;
                let reason = required("reason", reason, "Write why it is cancelled.", LINE_MAX)?;
                let call = self.pending(*call)?;
                let (call, version, invited) = (call.set.call, call.set.version + 1, call.set.invited.clone());
                self.say(author, now, ConferenceCancelled { call, version, invited, reason });
                Ok(())
            }
            GatherAct::Joined { call, people } => {
                let number = self.pending(*call)?.set.call;
                let people = self.people("people", people)?;
                match people.as_slice() {
                    [] => return Err(Refusal::Missing { field: "people", ask: "Write who is in it." }),
                    [only] if only.id == by.id => {}
                    _ => self.may_call(by)?,
                }
                self.join(author, number, people, Via::Login);
                Ok(())
            }
            GatherAct::End { call, meeting } => {
                self.pending(*call)?;
                self.hold_meeting(by, meeting, Some(*call))
            }
            GatherAct::AskPresence { presence, people } => {
                self.in_state(
                    &[State::Suspected, State::Open],
                    "ask people to come for",
                    "Nobody is wanted for it now.",
                )?;
                self.may_call(by)?;
                let people = self.people("people", people)?;
                self.say(author, now, PresenceAsked { presence: *presence, people });
                Ok(())
            }
            GatherAct::Come { person, coming, expected_at } => {
                let person = person.as_ref().filter(|id| **id != by.id);
                if person.is_some() {
                    self.may_call(by)?;
                }
                let id = person.unwrap_or(&by.id).clone();
                self.come(author, &id, *coming, *expected_at, Via::Login)
            }
        }
    }

    /// Who is invited says by their link that they are in.
    pub(super) fn join_by_link(&mut self, call: u32, person: &PersonId, via: Via) -> Result<(), Refusal> {
        let call = self.pending(call)?;
        let Some(who) = call.set.invited.iter().find(|p| p.id == *person).cloned() else {
            return Err(Refusal::NotAsked);
        };
        let number = call.set.call;
        self.join(Author::Person(who.clone()), number, vec![who], via);
        Ok(())
    }

    /// Somebody who is wanted says how they come.
    pub(super) fn come(
        &mut self,
        author: Author,
        person: &PersonId,
        coming: Coming,
        expected_at: Option<Time>,
        via: Via,
    ) -> Result<(), Refusal> {
        let now = self.scene.now;
        self.in_state(&[State::Suspected, State::Open], "come for", "Nobody is wanted for it now.")?;
        if !self.folded.is_wanted(person) {
            return Err(Refusal::NotAsked);
        }
        let expected_at = match coming {
            Coming::OnTheWay | Coming::Remote => expected_at.map(|at| ahead("expected", at, now)).transpose()?,
            Coming::Cannot | Coming::Here => None,
        };
        if expected_at.is_some_and(|at| at > later(now, ON_THE_WAY_AT_MOST)) {
            let why = "This is more than a day ahead. Say that you cannot come, or check the time.".to_owned();
            return Err(Refusal::Senseless { field: "expected", why });
        }
        let person = self.named(person);
        let fact = ArrivalSaid { person, coming, expected_at, via };
        let same = |said: &ArrivalSaid| said.coming == coming && said.expected_at == expected_at;
        // A double tap says nothing new.
        if self.folded.gathering.arrival_of(&fact.person.id).is_none_or(|a| !same(&a.said)) {
            self.say(author, now, fact);
        }
        Ok(())
    }

    /// The person as the log knows them, else as the directory does.
    fn named(&self, id: &PersonId) -> PersonRef {
        let known = self.folded.staff.iter().chain(self.folded.gathering.calls.iter().flat_map(|c| &c.set.invited));
        let known = known.chain(self.folded.summonses.iter().flat_map(|s| s.chain.iter().map(|c| &c.person)));
        let known = known.into_iter().find(|p| p.id == *id).cloned();
        known.unwrap_or_else(|| self.scene.org.person_ref(id))
    }

    /// Calls a conference, or changes one that was called.
    fn call_conference(&mut self, by: &PersonRef, act: &GatherAct) -> Result<(), Refusal> {
        let GatherAct::Call { call, purpose, starts_at, bridge, presence, invited, reason, seen } = act else {
            return Ok(());
        };
        self.in_state(&[State::Suspected, State::Open], "call a conference about", "Follow up instead.")?;
        self.may_call(by)?;
        let now = self.scene.now;
        let known = call.map(|number| self.pending(number).cloned()).transpose()?;
        if let Some(known) = known.as_ref().filter(|k| seen.is_some_and(|seen| seen < k.set_by)) {
            let (theirs, by) = (known.set.purpose.clone(), known.by.clone());
            return Err(Refusal::ChangedMeanwhile { field: "purpose", theirs, by });
        }
        if known.is_none() && self.folded.gathering.calls.len() >= CALLS_AT_MOST {
            let why = format!("It has {CALLS_AT_MOST} calls already. Change one of them.");
            return Err(Refusal::Senseless { field: "purpose", why });
        }
        let purpose = required("purpose", purpose, "Write what the call is for.", LINE_MAX)?;
        let starts_at = match (starts_at, &known) {
            (Some(at), Some(known)) if whole_ms(*at) == known.set.starts_at => *at,
            (Some(at), _) => ahead("starts-at", *at, now)?,
            (None, Some(known)) => known.set.starts_at,
            (None, None) => whole_ms(now),
        };
        let bridge = match optional("bridge", bridge, TEXT_MAX)? {
            typed if !typed.is_empty() => typed,
            _ => known.as_ref().map_or_else(|| self.folded.terms.policy.bridge.clone(), |k| k.set.bridge.clone()),
        };
        if bridge.is_empty() {
            let ask = "Write the number or address of the call: the organisation has no bridge of its own.";
            return Err(Refusal::Missing { field: "bridge", ask });
        }
        let invited = self.people("invited", invited)?;
        if invited.is_empty() {
            return Err(Refusal::Missing { field: "invited", ask: "Write who is invited." });
        }
        let before = known.as_ref().map(|k| k.set.invited.clone()).unwrap_or_default();
        let dropped = before.into_iter().filter(|p| !invited.iter().any(|i| i.id == p.id)).collect();
        let presence = presence.or(known.as_ref().map(|k| k.set.presence)).or(self.folded.gathering.presence);
        let fact = ConferenceCalled {
            call: known
                .as_ref()
                .map_or_else(|| self.folded.gathering.calls.last().map_or(1, |c| c.set.call + 1), |k| k.set.call),
            version: known.as_ref().map_or(0, |k| k.set.version + 1),
            purpose,
            starts_at,
            bridge,
            presence: presence.unwrap_or(self.folded.terms.policy.presence),
            invited,
            dropped,
            reason: match known {
                Some(_) => required("reason", reason, "Write why it changes.", LINE_MAX)?,
                None => String::new(),
            },
        };
        self.say(Author::Person(by.clone()), now, fact);
        Ok(())
    }

    fn join(&mut self, author: Author, call: u32, mut people: Vec<PersonRef>, via: Via) {
        let known = self.folded.gathering.call(call);
        people.retain(|p| planted!("joins-twice", known.is_none_or(|c| c.joined_at(&p.id).is_none()), true));
        if !people.is_empty() {
            self.say(author, self.scene.now, ConferenceJoined { call, people, via });
        }
    }

    /// Nobody waits for a call about what is over: one that has not begun is cancelled, and whoever was invited hears it. One
    /// that is under way goes on until people end it.
    pub(in crate::incident) fn call_off(&mut self, reason: &str) {
        let now = self.scene.now.max(self.folded.last_recorded_at);
        let waits = |c: &&Call| c.is_pending() && c.joined.is_empty() && c.set.starts_at > now;
        let cancel = |c: &Call| ConferenceCancelled {
            call: c.set.call,
            version: c.set.version + 1,
            invited: c.set.invited.clone(),
            reason: reason.to_owned(),
        };
        let off: Vec<_> = self.folded.gathering.calls.iter().filter(waits).map(cancel).collect();
        off.into_iter().for_each(|fact| self.muster_says(fact));
    }

    /// A call that is still to be held, or whose minutes are.
    fn pending(&self, number: u32) -> Result<&Call, Refusal> {
        let unknown = || Refusal::Unknown { field: "call", what: "conference call", name: number.to_string() };
        let call = self.folded.gathering.call(number).ok_or_else(unknown)?;
        let over = match (&call.cancelled, call.held) {
            (None, None) => return Ok(call),
            (Some(why), _) => format!("The call was cancelled: {why}"),
            (None, Some(_)) => "The call is over, and its minutes are in the log.".to_owned(),
        };
        Err(Refusal::Over { why: over })
    }

    fn may_call(&self, by: &PersonRef) -> Result<(), Refusal> {
        if self.folded.is_managed_by(&by.id) || self.folded.roles.is_communicator(&by.id) {
            return Ok(());
        }
        let why = "Only the Incident Manager and the Communications Manager do that. Ask one of them.";
        Err(Refusal::NotYours { why })
    }
}
