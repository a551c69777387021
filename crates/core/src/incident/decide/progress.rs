//! Carrying an incident on: everything that is due by itself.

use super::super::State;
use super::super::open::on_call_and_next_level;
use crate::contact::Answer;
use crate::entry::{Confirmed, Origin, Purpose};
use crate::words::length;

/// Most entries that one command may lead to by carrying the incident on. A chain of people whose
/// means all wait 0 seconds is the longest honest case; beyond this something loops, and the next
/// tick goes on.
const STEPS_AT_MOST: usize = 256;
use super::super::Incident;
use crate::subject::Draft;

impl Draft<'_, Incident> {
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
        if self.communicator_has_left() {
            return true;
        }
        if !self.folded.state.is_live() {
            return self.end_summonses();
        }
        if self.folded.state == State::Suspected
            && planted!("suspected-for-ever", self.scene.now >= self.folded.opens_by_itself_at(), false)
        {
            let time = length(self.folded.terms.policy.open_unanswered_after);
            self.muster_says(Confirmed { why: format!("nobody has judged it for {time}") });
            return true;
        }
        if self.look_for_a_manager() || self.ask_only_one() || self.rest_questions() {
            return true;
        }
        if self.plan_communications()
            || self.propose_communicator()
            || self.ask_only_one_communicator()
            || self.tell_people()
        {
            return true;
        }
        self.pursue()
    }

    /// While nobody is Incident Manager, somebody is looked for; once somebody is, and means to stay,
    /// nobody is. So a hand-over, a log-in, a reopening and a mistake taken back all end well.
    /// Whether there was something to do.
    pub(super) fn look_for_a_manager(&mut self) -> bool {
        match (&self.folded.manager, self.folded.search_for_manager()) {
            (None, None) => {
                let org = self.scene.org;
                let system = self.folded.systems.iter().find_map(|s| org.systems.get(&s.id));
                let about = match (system, &self.folded.origin) {
                    (Some(system), _) => system.name.clone(),
                    (None, Origin::Alert { source, .. }) => source.clone(),
                    (None, Origin::Person { .. } | Origin::User { .. }) => self.folded.title.clone(),
                };
                self.summon(Purpose::TakeCharge, about, on_call_and_next_level(&self.scene, system));
                true
            }
            // Who has left the organisation holds it in name only.
            (Some(manager), None) if self.scene.org.here(&manager.person.id).is_none() => {
                let org = self.scene.org;
                let system = self.folded.systems.iter().find_map(|s| org.systems.get(&s.id));
                let about = format!("{}, as {} has left", self.folded.title, manager.person.name);
                self.summon(Purpose::TakeCharge, about, on_call_and_next_level(&self.scene, system));
                true
            }
            (Some(manager), Some(search)) => {
                let gives_up = self.scene.org.here(&manager.person.id).is_none()
                    || search.answer_of(&manager.person.id).is_some_and(|g| g.answer == Answer::Cannot);
                let why = format!("{} is Incident Manager", manager.person.name);
                let summons = search.id.clone();
                if !gives_up {
                    self.end_summons(summons, why);
                }
                !gives_up
            }
            (None, Some(_)) | (Some(_), None) => false,
        }
    }

    /// Of several searches for an Incident Manager, and of several hand-overs, only the newest goes on: a mistake taken
    /// back can wake an older one. Whether there was one to end.
    pub(super) fn ask_only_one(&mut self) -> bool {
        let of = |purpose| {
            let mut asked = self.folded.summonses.iter().rev().filter(move |s| s.is_live() && s.purpose == purpose);
            asked.next().zip(asked.next())
        };
        let Some((newest, older)) = of(Purpose::TakeCharge).or_else(|| of(Purpose::HandOver)) else { return false };
        let whom = newest.chain.first().map_or("somebody else", |c| c.person.name.as_str());
        let (older, why) = (older.id.clone(), format!("{whom} is asked instead"));
        self.end_summons(older, why);
        true
    }

    pub(super) fn end_summonses(&mut self) -> bool {
        let Some(id) = self.folded.live_summons().map(|s| s.id.clone()) else { return false };
        let why = format!("the incident is {}", self.folded.state.word());
        self.end_summons(id, why);
        true
    }
}
