//! Carrying an incident on: everything that is due by itself.

use super::super::State;
use super::super::open::on_call_and_next_level;
use super::Draft;
use crate::contact::Answer;
use crate::entry::{Confirmed, NobodyReached, Origin, Purpose, SummonsEnded, Tried};
use crate::ids::{AttemptId, SummonsId};
use crate::summons::{Next, Summons};
use crate::words::length;

/// Most entries that one command may lead to by carrying the incident on. A chain of people whose
/// means all wait 0 seconds is the longest honest case; beyond this something loops, and the next
/// tick goes on.
const STEPS_AT_MOST: usize = 256;

impl Draft<'_> {
    /// Everything that is due by itself at this moment.
    pub(super) fn progress(&mut self) {
        for _ in 0..STEPS_AT_MOST {
            if !self.step() {
                return;
            }
        }
    }

    /// The next thing that is due by itself; whether there was one.
    pub(super) fn step(&mut self) -> bool {
        if !self.incident.state.is_live() {
            return self.end_summonses();
        }
        if self.incident.state == State::Suspected
            && planted!("suspected-for-ever", self.scene.now >= self.incident.opens_by_itself_at(), false)
        {
            let time = length(self.incident.terms.policy.open_unanswered_after);
            self.muster_says(Confirmed { why: format!("nobody has judged it for {time}") });
            return true;
        }
        if self.look_for_a_manager() || self.ask_only_one() {
            return true;
        }
        let moves: Vec<_> = self
            .incident
            .summonses
            .iter()
            .map(|s| (s.id.clone(), s.next(self.scene.now, self.scene.up_since)))
            .filter(|(_, next)| matches!(next, Next::Try { .. } | Next::Alarm { .. }))
            .collect();
        for (id, next) in &moves {
            self.carry_on(id, next);
        }
        !moves.is_empty()
    }

    /// While nobody is Incident Manager, somebody is looked for; once somebody is, and means to stay,
    /// nobody is. So a hand-over, a log-in, a reopening and a mistake taken back all end well.
    /// Whether there was something to do.
    pub(super) fn look_for_a_manager(&mut self) -> bool {
        match (&self.incident.manager, self.incident.search_for_manager()) {
            (None, None) => {
                let org = self.scene.org;
                let system = self.incident.systems.iter().find_map(|s| org.systems.get(&s.id));
                let about = match (system, &self.incident.origin) {
                    (Some(system), _) => system.name.clone(),
                    (None, Origin::Alert { source, .. }) => source.clone(),
                    (None, Origin::Person { .. }) => self.incident.title.clone(),
                };
                self.summon(Purpose::TakeCharge, about, on_call_and_next_level(org, system));
                true
            }
            (Some(manager), Some(search)) => {
                let gives_up = search.answer_of(&manager.person.id).is_some_and(|g| g.answer == Answer::Cannot);
                let why = format!("{} is Incident Manager", manager.person.name);
                let summons = search.id.clone();
                if !gives_up {
                    self.muster_says(SummonsEnded { summons, why });
                }
                !gives_up
            }
            (None, Some(_)) | (Some(_), None) => false,
        }
    }

    /// Of several hand-overs that are asked for, only the newest goes on. Whether there was one to end.
    pub(super) fn ask_only_one(&mut self) -> bool {
        let mut asked = self.incident.summonses.iter().rev().filter(|s| s.is_live() && s.purpose == Purpose::HandOver);
        let (Some(newest), Some(older)) = (asked.next(), asked.next()) else { return false };
        let whom = newest.chain.first().map_or("somebody else", |c| c.person.name.as_str());
        let fact = SummonsEnded { summons: older.id.clone(), why: format!("{whom} is asked instead") };
        self.muster_says(fact);
        true
    }

    pub(super) fn carry_on(&mut self, id: &SummonsId, next: &Next) {
        let Some(summons) = self.incident.summons(id) else { return };
        match next {
            Next::Try { candidate, nth, round } => {
                let Some(fact) = attempt(summons, *candidate, *nth, *round) else { return };
                self.muster_says(fact);
            }
            Next::Alarm { .. } if summons.purpose == Purpose::HandOver => {
                let why = "it was not accepted; it stays where it is".to_owned();
                self.muster_says(SummonsEnded { summons: id.clone(), why });
            }
            Next::Alarm { round } => {
                let fact = NobodyReached { summons: id.clone(), round: *round, tried: summons.tried_in(*round) };
                self.muster_says(fact);
            }
            Next::Wait(_) | Next::Over => {}
        }
    }

    pub(super) fn end_summonses(&mut self) -> bool {
        let Some(id) = self.incident.live_summons().map(|s| s.id.clone()) else { return false };
        let why = format!("the incident is {}", self.incident.state.word());
        self.muster_says(SummonsEnded { summons: id, why });
        true
    }
}

/// The try of `summons` at that position.
pub(super) fn attempt(summons: &Summons, candidate: usize, nth: usize, round: u32) -> Option<Tried> {
    let whom = summons.chain.get(candidate)?;
    let means = whom.means.get(nth)?;
    Some(Tried {
        attempt: AttemptId(format!("{}-{}", summons.id, summons.attempts.len() + 1)),
        summons: summons.id.clone(),
        person: whom.person.clone(),
        means: means.kind,
        to: means.to.clone(),
        candidate,
        nth,
        round,
        wait: summons.patience(whom, nth),
    })
}
