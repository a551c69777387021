//! Looking for somebody: asking, grading, answering.

use super::super::open::on_call;
use super::super::{Declaration, LINE_MAX};
use super::Draft;
use crate::Time;
use crate::contact::{Answer, Outcome, Proof};
use crate::directory::Organisation;
use crate::entry::{Answered, Author, Candidate, Graded, ManagerAssumed, Purpose, Severity, SummonsStarted, Told, Via};
use crate::ids::{AttemptId, PersonId, PersonRef, SummonsId};
use crate::refusal::Refusal;

impl Draft<'_> {
    pub(super) fn summon(&mut self, purpose: Purpose, about: String, chain: Vec<Candidate>) {
        let summons = SummonsId(format!("{}-{}", self.scene.subject, self.incident.summonses.len() + 1));
        let wait = self.incident.terms.policy.answer_wait;
        self.muster_says(SummonsStarted { summons, purpose, about, chain, wait });
    }

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
        let mut chain = on_call(org, Some(system));
        chain.retain(|c| c.person.id != said.by.id);
        if !chain.is_empty() {
            self.summon(Purpose::Assist, system.name.clone(), chain);
        }
    }

    pub(super) fn grade(&mut self, id: &SummonsId, attempt: &AttemptId, outcome: Outcome, detail: &str) {
        let Some(summons) = self.incident.summons(id) else { return };
        let Some(tried) = summons.attempts.iter().find(|a| a.id == *attempt) else { return };
        let Some(candidate) = summons.chain.get(tried.candidate) else { return };
        if outcome <= tried.outcome {
            return; // a provider that repeats itself, or whose reports overtake each other
        }
        let fact = Graded {
            attempt: attempt.clone(),
            summons: id.clone(),
            person: candidate.person.clone(),
            means: tried.means,
            outcome,
            detail: detail.chars().take(LINE_MAX).collect(),
        };
        self.muster_says(fact);
    }

    pub(super) fn answer(
        &mut self,
        id: &SummonsId,
        person: &PersonId,
        answer: Answer,
        via: Via,
    ) -> Result<(), Refusal> {
        let Some(summons) = self.incident.summons(id) else {
            return Err(Refusal::Unknown { field: "summons", what: "summons", name: id.0.clone() });
        };
        let Some(who) = summons.chain.iter().find(|c| c.person.id == *person).map(|c| c.person.clone()) else {
            return Err(Refusal::NotAsked);
        };
        if let Some((_, why)) = &summons.ended {
            return Err(Refusal::Over { why: format!("Nothing is asked of you any more: {why}") });
        }
        let taken = summons.taken_by().filter(|g| g.person.id != *person);
        if let Some(taken) = planted!("second-manager", taken, None) {
            return Err(Refusal::TakenAlready { by: taken.person.name.clone(), at: taken.at });
        }
        if summons.has_said(person, answer) {
            return Ok(());
        }
        self.answered(id.clone(), summons.purpose, who, answer, via);
        Ok(())
    }

    /// Records an answer; who takes charge becomes Incident Manager by it.
    pub(super) fn answered(&mut self, summons: SummonsId, purpose: Purpose, who: PersonRef, answer: Answer, via: Via) {
        let proof = match via {
            Via::Key => Proof::Spoken,
            Via::Link | Via::Login => Proof::Confirmed,
        };
        let author = Author::Person(who.clone());
        let fact = Answered { summons: summons.clone(), person: who.clone(), answer, proof, via };
        self.say(author.clone(), self.scene.now, fact);
        let takes_charge = answer == Answer::Take && matches!(purpose, Purpose::TakeCharge | Purpose::HandOver);
        if takes_charge && !self.incident.is_managed_by(&who.id) {
            self.say(author, self.scene.now, ManagerAssumed { person: who, summons: Some(summons) });
        }
    }
}

/// Whether `system` is in its usage hours; with a zone that nobody knows, it is always used.
pub(super) fn in_usage(org: &Organisation, system: &crate::system::System, now: Time) -> bool {
    crate::alert::usage(org, system).is_none_or(|hours| hours.contains(now))
}
