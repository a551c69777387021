//! How people meet, come, and tie incidents together.

use super::audit::Finding;
use super::run::Run;
use super::world::now;
use muster::ops::links::Tying;
use muster_core::entry::{Coming, MeetingKind, Presence, Relation};
use muster_core::ids::{PersonId, SubjectId};
use muster_core::incident::{Act, GatherAct, Incident};

impl Run {
    /// Something about conference calls, and how people come.
    pub(super) fn gathering(&self, incident: &Incident) -> Option<Act> {
        let rng = &self.rng;
        let words = format!("words {}", rng.next());
        let ahead = || muster_core::at_ms(self.ms() + rng.span(1_000, 5_400_000));
        let pending = || {
            let calls: Vec<_> = incident.gathering.calls.iter().filter(|c| c.is_pending() || rng.chance(10)).collect();
            rng.pick(&calls).map(|c| c.set.call)
        };
        let some = || -> Vec<PersonId> { (0..rng.range(1, 3)).map(|_| self.somebody()).collect() };
        Some(Act::Gather(match rng.range(0, 11) {
            0..4 => GatherAct::Call {
                call: pending().filter(|_| rng.chance(50)),
                purpose: words.clone(),
                starts_at: rng.chance(60).then(ahead),
                bridge: "bridge 1".into(),
                presence: rng.pick(&Presence::ALL).copied().filter(|_| rng.chance(40)),
                invited: some(),
                reason: words,
                seen: rng.chance(30).then_some(incident.seq),
            },
            4 => GatherAct::Cancel { call: pending()?, reason: words },
            5 | 6 => GatherAct::Joined { call: pending()?, people: some() },
            7 => GatherAct::End {
                call: pending()?,
                meeting: Box::new(Act::HoldMeeting {
                    kind: MeetingKind::Conference,
                    held_at: None,
                    present: if rng.chance(50) { some() } else { Vec::new() },
                    progress: words.clone(),
                    plan_changes: String::new(),
                    escalate: rng.chance(20),
                    why: words,
                    next: None,
                }),
            },
            8 => GatherAct::AskPresence {
                presence: *rng.pick(&Presence::ALL)?,
                people: if rng.chance(60) { some() } else { Vec::new() },
            },
            _ => GatherAct::Come {
                person: rng.chance(50).then(|| self.somebody()),
                coming: *rng.pick(&Coming::ALL)?,
                expected_at: rng.chance(60).then(ahead),
            },
        }))
    }

    /// Two incidents hang together, or not any more, or are one.
    pub(super) fn somebody_ties(&mut self, all: &[(SubjectId, Incident)]) -> Result<(), Finding> {
        let (Some((one, _)), Some((_, other))) = (self.rng.pick(all), self.rng.pick(all)) else { return Ok(()) };
        let by = self.org.person_ref(&self.somebody());
        let words = format!("words {}", self.rng.next());
        let tying = match self.rng.range(0, 9) {
            0..5 => Tying::Link(*self.rng.pick(&Relation::ALL).unwrap()),
            5..7 => Tying::Unlink(words),
            _ => Tying::Merge(words),
        };
        self.say(format!("{} ties {} to {}: {tying:?}", by.id, one.as_str(), other.number));
        let done = now(self.ops().tie(by, one, &other.number, tying, None));
        self.expect("a tie", done).map(drop)
    }
}
