//! Carrying a system's log on: everything that is due by itself.

use super::command::Around;
use super::decide::named;
use super::{ASK_HOLDS, ASKED_AT_MOST, Ask, Claims};
use crate::contact::Answer;
use crate::entry::{AtWork, Author, ClaimEnd, Purpose, Settlement, WorkElsewhere};
use crate::ids::PersonRef;
use crate::incident::candidates;
use crate::later;
use crate::subject::{Cause, Draft};
use crate::words::length;

/// Most entries that one command may lead to by carrying the log on: everybody who is asked, by all their means.
const STEPS_AT_MOST: usize = 512;

impl Draft<'_, Claims> {
    pub(super) fn progress(&mut self, around: &Around) {
        for _ in 0..STEPS_AT_MOST {
            if !self.step(around) {
                return;
            }
        }
    }

    /// The next thing that is due by itself; whether there was one.
    fn step(&mut self, around: &Around) -> bool {
        self.follow_directory(around)
            || self.expire()
            || self.look_elsewhere(around)
            || self.give_up()
            || self.settle_what_can_be()
            || self.end_searches()
            || self.ask_people()
            || self.pursue()
    }

    /// The system is called something else now; or it is in the directory no more, and nobody works on it.
    fn follow_directory(&mut self, around: &Around) -> bool {
        if !self.folded.is_live() {
            return false;
        }
        let Some(system) = self.scene.org.systems.get(&around.system) else {
            let claim = self.folded.live().next().cloned();
            if let Some(claim) = claim {
                self.end(Author::Muster, &claim, ClaimEnd::SystemGone, String::new(), self.scene.now);
                return true;
            }
            let Some(ask) = self.folded.open_asks().next().cloned() else { return false };
            let why = "the system is in the directory no more".to_owned();
            self.settle(Author::Muster, &ask, Settlement::Withdrawn, why);
            return true;
        };
        let fact = named(around, system, self.scene);
        let known = (&self.folded.name, &self.folded.time_zone, self.folded.answer_wait);
        if known == (&fact.name, &fact.time_zone, fact.answer_wait) {
            return false;
        }
        self.muster_says(fact);
        true
    }

    /// A claim whose time is up ends. Whether there was one.
    pub(super) fn expire(&mut self) -> bool {
        let now = self.scene.now;
        let Some(claim) = self.folded.live().find(|c| c.until <= now).cloned() else { return false };
        if planted!("claims-for-ever", false, true) {
            return false;
        }
        self.end(Author::Muster, &claim, ClaimEnd::Expired, String::new(), claim.until);
        true
    }

    /// Who is at work elsewhere is another than an open asking knows.
    fn look_elsewhere(&mut self, around: &Around) -> bool {
        let changed = |ask: &Ask| -> Option<(u64, Vec<AtWork>)> {
            let now = self.related(&ask.host, around);
            let keys = |all: &[AtWork]| {
                let mut keys: Vec<_> = all.iter().map(|w| (w.system.clone(), w.claim, w.until)).collect();
                keys.sort();
                keys
            };
            let others = |w: &AtWork| w.person.id != ask.person.id;
            let (now, known): (Vec<_>, Vec<_>) = (
                now.into_iter().filter(others).collect(),
                ask.elsewhere.iter().filter(|w| others(w)).cloned().collect(),
            );
            (keys(&now) != keys(&known)).then_some((ask.entry, now))
        };
        let Some((ask, at_work)) = self.folded.open_asks().find_map(changed) else { return false };
        self.muster_says(WorkElsewhere { ask, at_work });
        true
    }

    fn give_up(&mut self) -> bool {
        let now = self.scene.now;
        let Some(ask) = self.folded.open_asks().find(|a| now >= later(a.at, ASK_HOLDS)).cloned() else { return false };
        let why = format!("nobody settled it within {}", length(ASK_HOLDS));
        self.settle(Author::Muster, &ask, Settlement::TimedOut, why);
        true
    }

    /// Everybody whom an open asking waits for let it happen, or is at work no more.
    fn settle_what_can_be(&mut self) -> bool {
        let free = |a: &&Ask| self.folded.waits_for(a).is_empty();
        let Some(ask) = self.folded.open_asks().find(free).cloned() else { return false };
        let agreed: Vec<_> = self
            .asked_people(&ask)
            .into_iter()
            .filter(|p| self.folded.said(&ask, &p.id).is_some_and(|g| g.answer == Answer::Take))
            .map(|p| p.name)
            .collect();
        let (how, reason) = match (agreed.is_empty(), ask.met_somebody) {
            (true, false) => (Settlement::Clear, "nobody is at work, and nobody else is to be asked".to_owned()),
            (true, true) => (Settlement::Released, "nobody is at work any more".to_owned()),
            (false, _) => (Settlement::Released, format!("let happen by {}", agreed.join(", "))),
        };
        self.settle(Author::Muster, &ask, how, reason);
        true
    }

    /// Everybody who is asked: whoever is at work, and the contacts.
    fn asked_people(&self, ask: &Ask) -> Vec<PersonRef> {
        let mut people: Vec<PersonRef> = Vec::new();
        let hit = self.folded.hit_by(ask).into_iter().map(|w| w.person);
        for person in hit.chain(ask.contacts.iter().cloned()) {
            if !people.iter().any(|p| p.id == person.id) && people.len() < ASKED_AT_MOST {
                people.push(person);
            }
        }
        people
    }

    /// Whoever is to be asked and was not yet is asked now.
    fn ask_people(&mut self) -> bool {
        let unasked = |ask: &Ask| {
            let all = self.asked_people(ask).into_iter();
            let person = all.into_iter().find(|p| self.folded.asked(ask, &p.id).is_none() && self.is_here(p))?;
            Some((ask.clone(), person))
        };
        let Some((ask, person)) = self.folded.open_asks().find_map(unasked) else { return false };
        let chain = candidates(self.scene.org, std::slice::from_ref(&person.id));
        let about = format!("{}: {}", self.folded.name, ask.what);
        let wait = self.folded.answer_wait;
        self.summon_for(Purpose::Release, about, chain, wait, Cause::Ask(ask.entry));
        true
    }

    fn is_here(&self, person: &PersonRef) -> bool {
        self.scene.org.here(&person.id).is_some()
    }

    /// What is settled asks nobody any more.
    fn end_searches(&mut self) -> bool {
        let over = self.folded.summonses.iter().find_map(|s| {
            let ask = self.folded.ask(s.ask?)?;
            let settled = ask.settled.as_ref().filter(|_| s.is_live())?;
            Some((s.id.clone(), settled.how, settled.reason.clone()))
        });
        let Some((id, how, reason)) = over else { return false };
        let why = match how {
            Settlement::Clear | Settlement::Released => "it was let happen".to_owned(),
            Settlement::Overridden => format!("it was overridden: {reason}"),
            Settlement::Withdrawn => "it is not wanted any more".to_owned(),
            Settlement::TimedOut => reason,
        };
        self.end_summons(id, why);
        true
    }
}
