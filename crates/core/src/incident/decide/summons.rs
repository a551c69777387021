//! Looking for somebody: asking, grading, answering.

use super::super::Declaration;
use super::super::Incident;
use super::super::open::on_call;
use crate::Time;
use crate::contact::Answer;
use crate::directory::Organisation;
use crate::entry::{Author, CommunicatorAssumed, ManagerAssumed, Purpose, Severity, Told, Via};
use crate::ids::{PersonId, PersonRef, SummonsId};
use crate::refusal::Refusal;
use crate::subject::Draft;

impl Draft<'_, Incident> {
    /// Calls the technical contacts of the system that somebody declared an incident for: at any hour
    /// for severity 1 and 2 and while nobody has judged, else in its usage hours. What was kept on
    /// paper is over, and calls nobody.
    pub(super) fn summon_help(&mut self, said: &Declaration) {
        let org = self.scene.org;
        let Some(system) = said.system.as_ref().and_then(|id| org.systems.get(id)) else { return };
        let at_any_hour = said.severity.is_none_or(|s| s <= Severity::Major);
        if said.told == Told::Paper || !(at_any_hour || in_usage(org, system, self.scene.now)) {
            return;
        }
        let mut chain = on_call(org, Some(system), self.scene.channels);
        chain.retain(|c| c.person.id != said.by.id);
        if !chain.is_empty() {
            self.summon(Purpose::Assist, system.name.clone(), chain);
        }
    }

    pub(super) fn answer(
        &mut self,
        id: &SummonsId,
        person: &PersonId,
        answer: Answer,
        via: Via,
    ) -> Result<(), Refusal> {
        if let Some((who, purpose)) = self.hear(id, person, answer)? {
            self.answered(id.clone(), purpose, who, answer, via);
        }
        Ok(())
    }

    /// Records an answer; who takes charge becomes Incident Manager by it.
    pub(super) fn answered(&mut self, summons: SummonsId, purpose: Purpose, who: PersonRef, answer: Answer, via: Via) {
        self.note_answer(summons.clone(), who.clone(), answer, via);
        let takes_charge = answer == Answer::Take && matches!(purpose, Purpose::TakeCharge | Purpose::HandOver);
        if takes_charge && !self.folded.is_managed_by(&who.id) {
            let author = Author::Person(who.clone());
            self.say(author, self.scene.now, ManagerAssumed { person: who, summons: Some(summons) });
        } else if answer == Answer::Take && purpose == Purpose::Communicate {
            let author = Author::Person(who.clone());
            self.say(author, self.scene.now, CommunicatorAssumed { person: who, summons: Some(summons) });
        }
    }
}

/// Whether `system` is in its usage hours; with a zone that nobody knows, it is always used.
pub(in crate::incident) fn in_usage(org: &Organisation, system: &crate::system::System, now: Time) -> bool {
    crate::alert::usage(org, system).is_none_or(|hours| hours.contains(now))
}
