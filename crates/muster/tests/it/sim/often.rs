//! What happens often in a run: a bug in what seldom happens would want hundreds of seeds otherwise.

use super::audit::{Finding, When};
use super::run::Run;
use muster_core::communications::{Level, Row};
use muster_core::directory::Role;
use muster_core::entry::{Extent, Fault, Urgency};
use muster_core::ids::{PersonId, SubjectId};
use muster_core::incident::{Act, Command, CommsAct, GatherAct, Incident, State as Stands, TriageAct};
use std::str::FromStr;

/// Of what people do more in a run than usual.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Often {
    /// They triage.
    Triage,
    /// They call each other together, join, and call it off.
    Meet,
    /// They say who may see it.
    Restrict,
    /// They answer what they get, and it is open, so that people must be told.
    Answer,
    /// They say that service is back while some of those who were called have not answered.
    Restore,
    /// They write to people outside IT.
    Publish,
    /// Whoever speaks for it leaves the organisation.
    Leave,
    /// They bring it to its end.
    Close,
}

/// In such a run so many of a hundred times several people do that where somebody would have done anything.
pub const OFTEN: u64 = 60;

impl Often {
    const ALL: [Self; 8] = [
        Self::Triage,
        Self::Meet,
        Self::Restrict,
        Self::Answer,
        Self::Restore,
        Self::Publish,
        Self::Leave,
        Self::Close,
    ];

    /// As the environment names it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Triage => "triage",
            Self::Meet => "meet",
            Self::Restrict => "restrict",
            Self::Answer => "answer",
            Self::Restore => "restore",
            Self::Publish => "publish",
            Self::Leave => "leave",
            Self::Close => "close",
        }
    }
}

impl FromStr for Often {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|often| often.word() == word).ok_or(())
    }
}

impl Run {
    /// Several people do in that incident what is done often in this run.
    pub(super) fn several_act(&mut self, often: Often, subject: &SubjectId) -> Result<(), Finding> {
        // To the end it is a long way.
        let acts = if often == Often::Close { self.rng.range(15, 30) } else { self.rng.range(2, 5) };
        for _ in 0..acts {
            let all = self.subjects()?;
            let Some((_, incident)) = all.iter().find(|(id, _)| id == subject) else { return Ok(()) };
            if let (Often::Leave, Some(speaks)) = (often, &incident.roles.communicator) {
                let person = speaks.person.id.clone();
                return self.comes_or_goes(&person);
            }
            let by = match &incident.manager {
                Some(manager) => manager.person.clone(),
                None => self.org.person_ref(&self.no_administrator()),
            };
            let Some(act) = self.often_done(often, incident) else { return Ok(()) };
            self.say(format!("{} in {}: {act:?}", by.id, incident.number));
            self.perform(subject, Command::Act { by, act })?;
            self.audit(When::Now)?;
        }
        Ok(())
    }

    fn often_done(&self, often: Often, incident: &Incident) -> Option<Act> {
        let rng = &self.rng;
        let reason = format!("words {}", rng.next());
        Some(match often {
            Often::Triage if rng.chance(30) => Act::Confirm,
            Often::Answer => Act::Confirm,
            Often::Leave if incident.state == Stands::Suspected => Act::Confirm,
            Often::Leave => Act::TakeCommunications,
            Often::Triage => Act::Triage(self.triaged(reason, None)?),
            Often::Restore | Often::Publish | Often::Close if incident.state == Stands::Suspected => Act::Confirm,
            // Whoever leads it calls people together, and says who sees it, what is told outside, and that it is over.
            Often::Meet | Often::Restrict | Often::Restore | Often::Publish | Often::Close
                if incident.manager.is_none() =>
            {
                Act::TakeCharge
            }
            Often::Publish => Act::Communicate(self.published(incident, reason)),
            Often::Close
                if incident.state == Stands::Open && incident.comms.updates.iter().all(|u| u.sent.is_none()) =>
            {
                Act::Communicate(self.published(incident, reason))
            }
            Often::Close if matches!(incident.state, Stands::Closed | Stands::Withdrawn) => return None,
            Often::Close if incident.state == Stands::Restored => self.towards_the_end(incident, reason),
            Often::Restore | Often::Close => {
                Act::Restore { at: muster_core::at_ms(self.ms()), cause: String::new(), resolution: reason }
            }
            Often::Meet => return self.meeting(incident, reason),
            Often::Restrict if incident.is_restricted() && rng.chance(30) => Act::Unrestrict { reason },
            Often::Restrict => {
                Act::Restrict { to: (0..rng.range(0, 1)).map(|_| self.no_administrator()).collect(), reason }
            }
        })
    }

    /// Somebody who takes part in nothing by their role.
    fn no_administrator(&self) -> PersonId {
        let people: Vec<_> = self.org.people.iter().filter(|(_, p)| p.role != Role::Administrator).collect();
        self.rng.pick(&people).map_or_else(|| self.somebody(), |(id, _)| (*id).clone())
    }

    /// A triage by chance.
    pub(super) fn triaged(&self, reason: String, seen: Option<u64>) -> Option<TriageAct> {
        let rng = &self.rng;
        Some(TriageAct {
            extent: *rng.pick(&Extent::ALL)?,
            fault: *rng.pick(&Fault::ALL)?,
            populations: None,
            systems: Vec::new(),
            urgency: *rng.pick(&Urgency::ALL)?,
            severity: None,
            reason,
            seen,
        })
    }

    fn published(&self, incident: &Incident, text: String) -> CommsAct {
        let (comms, rng) = (&incident.comms, &self.rng);
        let Some(row) = comms.rows.iter().map(|p| &p.row).find(|row| !row.level.is_inside() && row.signer.is_none())
        else {
            let row = Row { level: Level::Public, signer: None, deputy: None, ..self.org.communications[0].clone() };
            return CommsAct::SetAudience { row: None, to: row, reason: String::new(), seen: None };
        };
        match comms.updates.iter().rev().find(|u| u.row == row.number && u.sent.is_none()) {
            Some(draft) => {
                let despite = if rng.chance(50) { text } else { String::new() };
                CommsAct::SendUpdate { update: draft.number, seen: None, despite }
            }
            None => CommsAct::DraftUpdate {
                update: None,
                row: row.number,
                text,
                for_signing: false,
                corrects: None,
                seen: None,
            },
        }
    }

    fn meeting(&self, incident: &Incident, reason: String) -> Option<Act> {
        let rng = &self.rng;
        let Some(call) = incident.gathering.calls.iter().find(|c| c.is_pending()).map(|c| c.set.call) else {
            return self.gathering(incident);
        };
        let people: Vec<PersonId> = (0..rng.range(1, 3)).map(|_| self.somebody()).collect();
        Some(Act::Gather(match rng.chance(70) {
            true => GatherAct::Joined { call, people },
            false => GatherAct::Cancel { call, reason },
        }))
    }
}
