//! Who is in charge.

use super::super::command::TEXT_MAX;
use super::super::open::candidates;
use super::super::{Incident, State};
use crate::check::required;
use crate::contact::Answer;
use crate::directory::{Area, Organisation, Role};
use crate::entry::{Author, ManagerAssumed, NoteKind, Noted, Purpose, Via};
use crate::ids::{PersonId, PersonRef};
use crate::refusal::Refusal;
use crate::subject::Draft;

impl Draft<'_, Incident> {
    /// Signed in, somebody takes what nobody has, or what its Incident Manager cannot keep.
    pub(super) fn take_charge(&mut self, by: &PersonRef) -> Result<(), Refusal> {
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

    /// Asks somebody to become Incident Manager. Who is it now stays until they accept (DIS-5).
    pub(super) fn hand_over(&mut self, by: &PersonRef, to: &PersonId, reason: &str) -> Result<(), Refusal> {
        if !self.folded.may_be_handed_over_by(&by.id, self.scene.org) {
            let why = "Only the Incident Manager hands over, and only management reassigns. Ask one of them.";
            return Err(Refusal::NotYours { why });
        }
        let reason = required("reason", reason, "Write why, and what they need to know.", TEXT_MAX)?;
        self.in_state(&[State::Suspected, State::Open], "hand over", "Reopen it first if service is lost again.")?;
        let chain = candidates(self.scene.org, std::slice::from_ref(to));
        let Some(candidate) = chain.first() else {
            return Err(Refusal::Unknown { field: "person", what: "person", name: to.0.clone() });
        };
        let name = candidate.person.name.clone();
        if self.folded.is_managed_by(to) {
            return Err(Refusal::Senseless { field: "person", why: format!("{name} is Incident Manager already.") });
        }
        if !candidate.means.iter().any(|m| self.scene.can(m)) {
            let why = format!(
                "Muster has no means to ask {name}: none in the directory for which a channel is set up. Ring them, and \
                 let them take charge themselves, or choose somebody else."
            );
            return Err(Refusal::Senseless { field: "person", why });
        }
        let text = format!("{name} is asked to become Incident Manager: {reason}");
        self.say(Author::Person(by.clone()), self.scene.now, Noted { kind: NoteKind::Staff, text });
        self.summon(Purpose::HandOver, "Incident Manager".into(), chain);
        Ok(())
    }
}

impl Incident {
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
            || org.people.get(person).is_some_and(|p| !p.gone && p.role >= Role::Manager)
            || org.areas.values().any(of_their_area)
    }
}
