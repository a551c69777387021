//! Who is in charge.

use super::super::command::{TEXT_MAX, To};
use super::super::open::candidates;
use super::super::{Incident, State};
use crate::check::{optional, required};
use crate::contact::Answer;
use crate::directory::{Area, Organisation, Role};
use crate::entry::{
    Author, Candidate, CommunicatorAssumed, CommunicatorDeclined, CommunicatorLeft, CommunicatorProposed,
    HandOverAsked, HandTo, ManagerAssumed, Purpose, Via,
};
use crate::ids::{AreaId, PersonId, PersonRef};
use crate::refusal::Refusal;
use crate::subject::Draft;
use crate::words::length;
use crate::{Time, later};

impl Draft<'_, Incident> {
    /// Signed in, somebody takes what nobody has, or what its Incident Manager cannot keep; once service is back that
    /// is the report of who has left.
    pub(super) fn take_charge(&mut self, by: &PersonRef) -> Result<(), Refusal> {
        if self.folded.is_owed_by_who_left(self.scene.org) && !self.folded.is_managed_by(&by.id) {
            let fact = ManagerAssumed { person: by.clone(), summons: None };
            self.say(Author::Person(by.clone()), self.scene.now, fact);
            return Ok(());
        }
        let instead = "Reopen it first if service is lost again.";
        self.in_state(&[State::Suspected, State::Open], "take charge of", instead)?;
        if let Some(search) = self.folded.search_for_manager() {
            self.answered(search.id.clone(), search.purpose, by.clone(), Answer::Take, Via::Login);
            return Ok(());
        }
        match &self.folded.manager {
            Some(manager) if manager.person.id == by.id => Ok(()),
            Some(manager) => Err(Refusal::TakenAlready { by: manager.person.name.clone(), at: manager.since }),
            None => {
                let fact = ManagerAssumed { person: by.clone(), summons: None };
                self.say(Author::Person(by.clone()), self.scene.now, fact);
                Ok(())
            }
        }
    }

    /// Asks somebody to become Incident Manager, or an area of which whoever accepts first becomes it (ESC-4). Who is it
    /// now stays until then (DIS-5).
    pub(super) fn hand_over(&mut self, by: &PersonRef, to: &To, reason: &str, brief: &str) -> Result<(), Refusal> {
        if !self.folded.may_be_handed_over_by(&by.id, self.scene.org) {
            let why = "Only the Incident Manager hands over, and only management reassigns. Ask one of them.";
            return Err(Refusal::NotYours { why });
        }
        let reason = required("reason", reason, "Write why, and what they need to know.", TEXT_MAX)?;
        self.in_state(&[State::Suspected, State::Open], "hand over", "Reopen it first if service is lost again.")?;
        let brief = match optional("brief", brief, TEXT_MAX)? {
            none if none.is_empty() => self.folded.brief(self.scene.now),
            brief => brief,
        };
        let (to, chain) = match to {
            To::Person(id) => self.to_person(id, "become Incident Manager")?,
            To::Area(id) => self.to_area(id)?,
        };
        // The request is the next entry, and the search the one after it.
        let summons = self.summons_begun_by(self.folded.seq + 2);
        let fact = HandOverAsked { summons, to, reason, brief };
        self.say(Author::Person(by.clone()), self.scene.now, fact);
        self.summon(Purpose::HandOver, "Incident Manager".into(), chain);
        Ok(())
    }

    /// A person who is asked to `become` something, and whom Muster can ask.
    fn to_person(&self, id: &PersonId, become_what: &str) -> Result<(HandTo, Vec<Candidate>), Refusal> {
        let chain = candidates(self.scene.org, std::slice::from_ref(id));
        let Some(candidate) = chain.first() else {
            return Err(Refusal::Unknown { field: "person", what: "person", name: id.0.clone() });
        };
        let name = candidate.person.name.clone();
        if self.folded.is_managed_by(id) && become_what == "become Incident Manager" {
            return Err(Refusal::Senseless { field: "person", why: format!("{name} is Incident Manager already.") });
        }
        if !self.scene.org.may_lead(id) {
            let why = format!(
                "{name} only reads, and could not lead or write. Choose somebody else, or have their role changed."
            );
            return Err(Refusal::Senseless { field: "person", why });
        }
        if !candidate.means.iter().any(|m| self.scene.can(m)) {
            let why = format!(
                "Muster has no means to ask {name}: none in the directory for which a channel is set up. Ring them, and \
                 let them take it themselves, or choose somebody else."
            );
            return Err(Refusal::Senseless { field: "person", why });
        }
        Ok((HandTo::Person(candidate.person.clone()), chain))
    }

    fn to_area(&self, id: &AreaId) -> Result<(HandTo, Vec<Candidate>), Refusal> {
        let org = self.scene.org;
        let area = org.areas.get(id);
        let area = area.ok_or_else(|| Refusal::Unknown { field: "area", what: "area", name: id.0.clone() })?;
        let mut chain = candidates(org, &area.members);
        chain.retain(|c| !self.folded.is_managed_by(&c.person.id) && org.may_lead(&c.person.id));
        if !chain.iter().any(|c| c.means.iter().any(|m| self.scene.can(m))) {
            let why = format!(
                "Muster can ask nobody of {}: its members only read, or have no means for which a channel is set up. Ring \
                 one who can lead, and hand over to that person.",
                area.name
            );
            return Err(Refusal::Senseless { field: "area", why });
        }
        Ok((HandTo::Area { id: id.clone(), name: area.name.clone() }, chain))
    }

    /// Asks somebody to become Communications Manager; whom the policy proposes, if nobody is named (ESC-3).
    pub(super) fn ask_communicator(&mut self, by: &PersonRef, to: Option<&PersonId>) -> Result<(), Refusal> {
        self.may_speak(by)?;
        let proposed = || proposed_communicators(&self.folded, self.scene.org);
        let chain = match to {
            Some(id) => self.to_person(id, "become Communications Manager")?.1,
            None => proposed(),
        };
        if chain.is_empty() {
            let ask = "Choose who should be Communications Manager: the policy proposes nobody.";
            return Err(Refusal::Missing { field: "person", ask });
        }
        if let [only] = chain.as_slice()
            && self.folded.roles.is_communicator(&only.person.id)
        {
            let why = format!("{} is Communications Manager already.", only.person.name);
            return Err(Refusal::Senseless { field: "person", why });
        }
        self.summon(Purpose::Communicate, "Communications Manager".into(), chain);
        Ok(())
    }

    /// Signed in, somebody becomes Communications Manager: the Incident Manager as well, if they like.
    pub(super) fn take_communications(&mut self, by: &PersonRef) -> Result<(), Refusal> {
        let instead = "There is nothing to tell about it any more.";
        self.in_state(&[State::Suspected, State::Open, State::Restored], "speak for", instead)?;
        let asked = self.folded.summonses.iter().rev().find(|s| s.is_live() && s.purpose == Purpose::Communicate);
        if let Some(id) = asked.filter(|s| s.chain.iter().any(|c| c.person.id == by.id)).map(|s| s.id.clone()) {
            return self.answer(&id, &by.id, Answer::Take, Via::Login);
        }
        match &self.folded.roles.communicator {
            Some(communicator) if communicator.person.id == by.id => Ok(()),
            Some(communicator) if !self.folded.is_managed_by(&by.id) => {
                Err(Refusal::TakenAlready { by: communicator.person.name.clone(), at: communicator.since })
            }
            _ => {
                let fact = CommunicatorAssumed { person: by.clone(), summons: None };
                self.say(Author::Person(by.clone()), self.scene.now, fact);
                Ok(())
            }
        }
    }

    /// Says that none is needed: what they would owe stays with the Incident Manager.
    pub(super) fn decline_communicator(&mut self, by: &PersonRef, reason: &str) -> Result<(), Refusal> {
        self.may_speak(by)?;
        if let Some(speaks) = &self.folded.roles.communicator {
            let why = format!(
                "{} is Communications Manager. Ask somebody else to become it, or leave it so.",
                speaks.person.name
            );
            return Err(Refusal::Over { why });
        }
        let reason = required("reason", reason, "Write why none is needed.", TEXT_MAX)?;
        self.say(Author::Person(by.clone()), self.scene.now, CommunicatorDeclined { reason });
        Ok(())
    }

    fn may_speak(&self, by: &PersonRef) -> Result<(), Refusal> {
        self.in_state(&[State::Open], "choose who speaks for", "It is not open.")?;
        if self.folded.may_be_handed_over_by(&by.id, self.scene.org) || self.folded.roles.is_communicator(&by.id) {
            return Ok(());
        }
        let why = "Only the Incident Manager and management choose who speaks for it. Ask one of them.";
        Err(Refusal::NotYours { why })
    }

    /// Who has left the organisation speaks for nothing: what they owe is the Incident Manager's until somebody else
    /// does. Whether there was one.
    pub(super) fn communicator_has_left(&mut self) -> bool {
        let speaks = matches!(self.folded.state, State::Suspected | State::Open | State::Restored);
        let communicator = self.folded.roles.communicator.as_ref().filter(|_| speaks);
        let Some(person) = communicator.map(|c| c.person.clone()) else { return false };
        if planted!("speaks-from-afar", self.scene.org.here(&person.id).is_some(), true) {
            return false;
        }
        self.muster_says(CommunicatorLeft { person });
        true
    }

    /// The policy proposes a Communications Manager as soon as one of its marks is passed. Whether it did now.
    pub(super) fn propose_communicator(&mut self) -> bool {
        let roles = &self.folded.roles;
        let open = self.folded.state == State::Open;
        if !open || roles.proposed.is_some() || roles.communicator.is_some() || roles.declined.is_some() {
            return false;
        }
        let mark = self.folded.communicator_mark(self.scene.now);
        let Some(why) = planted!("speaks-never", mark, None) else { return false };
        let people = proposed_communicators(&self.folded, self.scene.org).into_iter().map(|c| c.person).collect();
        self.muster_says(CommunicatorProposed { why, people });
        true
    }

    /// Who asks for a Communications Manager anew does not ask the one before. Whether there was one to end.
    pub(super) fn ask_only_one_communicator(&mut self) -> bool {
        let asked = |s: &&crate::summons::Summons| s.is_live() && s.purpose == Purpose::Communicate;
        let mut newest_first = self.folded.summonses.iter().rev().filter(asked);
        let (newest, older) = (newest_first.next(), newest_first.next());
        let since = newest.map(|s| s.started_at);
        let settled = self.folded.roles.communicator.as_ref().filter(|c| since.is_some_and(|asked| c.since > asked));
        let (id, why) = match (newest, older, settled) {
            (Some(_), Some(older), _) => (older.id.clone(), "somebody else is asked instead".to_owned()),
            (Some(newest), None, Some(c)) => {
                (newest.id.clone(), format!("{} is Communications Manager", c.person.name))
            }
            _ => return false,
        };
        self.end_summons(id, why);
        true
    }
}

/// Whom the policy proposes as Communications Manager: the members of its area, but not who manages the incident.
fn proposed_communicators(incident: &Incident, org: &Organisation) -> Vec<Candidate> {
    let area = incident.terms.policy.communicator.area.as_ref().and_then(|id| org.areas.get(id));
    let mut people = candidates(org, area.map(|a| a.members.as_slice()).unwrap_or_default());
    people.retain(|c| !incident.is_managed_by(&c.person.id) && org.may_lead(&c.person.id));
    people
}

impl Incident {
    /// Which of the policy's marks for a Communications Manager is passed at `now`, if any.
    fn communicator_mark(&self, now: Time) -> Option<String> {
        let marks = &self.terms.policy.communicator;
        if let Some((mark, is)) = marks.severity.zip(self.severity).filter(|(mark, is)| is <= mark) {
            return Some(format!(
                "it is severity {}, and one is wanted from severity {} on",
                is.number(),
                mark.number()
            ));
        }
        if let Some(mark) = marks.asking.filter(|mark| self.roles.asking >= *mark) {
            return Some(format!("{} people have asked, and one is wanted from {mark} on", self.roles.asking));
        }
        let after = marks.after.filter(|after| now >= later(self.away_since(), *after))?;
        Some(format!("service has been away for {}", length(after)))
    }

    /// Whether service is back and what is still owed is owed by an Incident Manager who has left: anybody may take it.
    #[must_use]
    pub fn is_owed_by_who_left(&self, org: &Organisation) -> bool {
        let has_left = self.manager.as_ref().is_some_and(|m| org.here(&m.person.id).is_none());
        self.state == State::Restored && has_left
    }

    /// Whether that person may ask somebody else to be Incident Manager: who is it, the organisation's
    /// managers, and the management of an area that is at work on it (DIS-5).
    #[must_use]
    pub fn may_be_handed_over_by(&self, person: &PersonId, org: &Organisation) -> bool {
        let at_work = |member: &PersonId| {
            self.is_managed_by(member)
                || self.systems.iter().filter_map(|s| org.systems.get(&s.id)).any(|s| s.contacts.contains(member))
        };
        let of_their_area = |area: &Area| area.management.contains(person) && area.members.iter().any(at_work);
        self.is_managed_by(person)
            || org.here(person).is_some_and(|p| p.role >= Role::Manager)
            || org.areas.values().any(of_their_area)
    }
}
