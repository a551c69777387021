//! Who must be told directly besides whom the policy names for every incident, and calling down their lists.

use super::super::open::candidates;
use super::super::{Incident, State};
use crate::directory::{Area, Organisation};
use crate::duty::tell_due;
use crate::entry::{Candidate, Ground, Origin, Purpose, Tell, TellAdded, Told};
use crate::ids::{AreaId, PersonId, PersonRef};
use crate::policy::Escalate;
use crate::refusal::Refusal;
use crate::subject::{Cause, Draft, Scene};
use crate::words::{length, lower_first};
use crate::{Span, Time, later};
use std::collections::BTreeSet;

impl Draft<'_, Incident> {
    /// The next step in telling people directly that is due by itself; whether there was one.
    pub(super) fn tell_people(&mut self) -> bool {
        self.folded.state == State::Open
            && (self.rest_told() || self.add_owner() || self.add_level() || self.call_by_itself())
    }

    /// Whom a person told, Muster need not call any more.
    fn rest_told(&mut self) -> bool {
        let told = |s: &&crate::summons::Summons| {
            let tell = s.tell.as_deref().filter(|_| s.is_live()).and_then(|name| self.folded.tell(name))?;
            let contact = self.folded.told(tell)?;
            Some((s.id.clone(), format!("{} was told", contact.person.name)))
        };
        let Some((summons, why)) = self.folded.summonses.iter().find_map(|s| told(&s)) else { return false };
        planted!("told-calls-on", self.end_summons(summons, why), return false);
        true
    }

    /// The owner of each affected system is told (CLIENT-1).
    fn add_owner(&mut self) -> bool {
        let on_a_list = |id: &PersonId| self.folded.tells.iter().any(|t| t.ground == Ground::Owner(id.clone()));
        let listed = |id: &PersonId| planted!("owner-forgotten", on_a_list(id), true);
        let new = |s: &&crate::entry::Affected| s.owner.as_ref().is_some_and(|o| !listed(&o.id) && !self.leads(&o.id));
        let Some(system) = self.folded.systems.iter().find(new) else { return false };
        let Some(owner) = system.owner.clone() else { return false };
        let tell = Tell {
            ground: Ground::Owner(owner.id.clone()),
            ..self.tell_anew(
                self.free_name(format!("Owner of {}", system.name)),
                self.folded.terms.policy.tell_owner_within,
                candidates(self.scene.org, std::slice::from_ref(&owner.id)),
            )
        };
        let why = format!("{} speaks for those who use {}", owner.name, system.name);
        self.muster_says(TellAdded { tell, why });
        true
    }

    /// The next level of management is told when service has been away for long enough, or it is bad enough (ESC-1).
    fn add_level(&mut self) -> bool {
        let chain = management(&self.folded, self.scene.org);
        let due = |row: &&Escalate| {
            let is_new = match chain.get(usize::from(row.level.max(1)) - 1) {
                Some(nearest) => self.is_to_be_told(row.level, nearest),
                // Where nobody manages anything, a list of nobody says so: it is late, and loud (DIS-4).
                None => chain.is_empty() && !self.folded.tells.iter().any(|t| matches!(t.ground, Ground::Level(_))),
            };
            is_new && self.folded.mark_reached(row, self.scene.now).is_some()
        };
        let rows = self.folded.terms.policy.escalation.clone();
        let Some(row) = rows.iter().find(due) else { return false };
        let why = self.folded.mark_reached(row, self.scene.now).unwrap_or_default();
        self.add_tell_of_level(row.level, row.within, &chain, why);
        true
    }

    /// A meeting escalates: the nearest level that does not know is told, whatever the marks say.
    pub(super) fn escalate(&mut self, why: &str) {
        let chain = management(&self.folded, self.scene.org);
        let Some((level, _)) = (1u8..).zip(&chain).find(|(level, id)| self.is_to_be_told(*level, id)) else { return };
        let row = self.folded.terms.policy.escalation.iter().find(|r| r.level == level);
        let within = row.map_or(self.folded.terms.policy.reach_within, |r| r.within);
        self.add_tell_of_level(level, within, &chain, why.to_owned());
    }

    /// Whether the nearest manager of that level neither knows nor is on a list. Whom one of the policy's own begins with
    /// is told by that one.
    fn is_to_be_told(&self, level: u8, nearest: &PersonId) -> bool {
        let knows = self.leads(nearest) || self.folded.spoken().any(|told| told.person.id == *nearest);
        let listed = |t: &Tell| match t.ground {
            Ground::Level(listed) => listed == level,
            Ground::Policy => t.chain.first().is_some_and(|c| c.person.id == *nearest),
            Ground::Owner(_) => false,
        };
        !knows && !self.folded.tells.iter().any(listed)
    }

    fn add_tell_of_level(&mut self, level: u8, within: Span, chain: &[PersonId], why: String) {
        // Who cannot be reached has somebody above: the list goes on upwards.
        let above = chain.get(usize::from(level.max(1)) - 1..).unwrap_or_default();
        let name = self.free_name(format!("Management, level {level}"));
        let tell = self.tell_anew(name, within, candidates(self.scene.org, above));
        self.muster_says(TellAdded { tell: Tell { ground: Ground::Level(level), ..tell }, why });
    }

    fn tell_anew(&self, name: String, within: Span, chain: Vec<Candidate>) -> Tell {
        let since = Some(crate::whole_ms(self.scene.now.max(self.folded.last_recorded_at)));
        Tell {
            name,
            area: AreaId(String::new()),
            after_triage: within,
            after_discovery: within,
            chain,
            ground: Ground::Policy,
            since,
        }
    }

    /// A duty to tell is known by its name.
    fn free_name(&self, name: String) -> String {
        let taken = |name: &str| self.folded.tell(name).is_some();
        match taken(&name) {
            false => name,
            true => (2..).map(|n| format!("{name} ({n})")).find(|n| !taken(n)).unwrap_or(name),
        }
    }

    /// Whether that person owns the incident, and so knows of it.
    fn leads(&self, person: &PersonId) -> bool {
        self.folded.is_managed_by(person)
    }

    /// A list on which nobody was spoken to is called down by Muster from the policy's time on, if it has a channel on
    /// which people talk: a message, however well delivered, cannot settle it. Of any other list it says loudly, once
    /// telling it is late, that nobody was reached.
    fn call_by_itself(&mut self) -> bool {
        let now = self.scene.now;
        let late = |t: &Tell| now >= tell_due(&self.folded, t);
        let due =
            |t: &&Tell| self.folded.calls_at(t).is_some_and(|at| now >= at) && (can_talk(&self.scene, t) || late(t));
        let Some(tell) = self.folded.tells.iter().find(due).cloned() else { return false };
        planted!("never-calls", self.call_down(&tell), return false);
        true
    }

    /// Somebody lets Muster call down a list now.
    pub(super) fn let_muster_call(&mut self, name: &str) -> Result<(), Refusal> {
        self.in_state(&[State::Open], "call people for", "Nobody must be told of it now.")?;
        let unknown = || Refusal::Unknown { field: "tell", what: "duty to tell", name: name.to_owned() };
        let tell = self.folded.tell(name).ok_or_else(unknown)?.clone();
        let why = if let Some(told) = self.folded.told(&tell) {
            format!("{} was told already.", told.person.name)
        } else if !can_talk(&self.scene, &tell) {
            "Muster has no channel on which it could talk to anybody of this list, and a message does not count. Ring \
             them yourself, and record whom you spoke to."
                .to_owned()
        } else if self.folded.is_calling(&tell) {
            "Muster calls them already. See the call list.".to_owned()
        } else {
            self.call_down(&tell);
            return Ok(());
        };
        Err(Refusal::Senseless { field: "tell", why })
    }

    fn call_down(&mut self, tell: &Tell) {
        let (about, mut chain) = (lower_first(&tell.name), tell.chain.clone());
        let mut wait = self.folded.terms.policy.answer_wait;
        if !can_talk(&self.scene, tell) {
            // Nobody can answer, so it is as patient as a reminder.
            wait = self.folded.terms.policy.nag_every;
            for candidate in &mut chain {
                candidate.by_hand.append(&mut candidate.means);
            }
        }
        self.summon_for(Purpose::Tell, about, chain, wait, Cause::Tell(tell.name.clone()));
    }
}

/// Whether Muster can talk to anybody of that list.
fn can_talk(scene: &Scene<'_>, tell: &Tell) -> bool {
    let means = tell.chain.iter().flat_map(|c| c.means.iter().chain(&c.by_hand));
    means.filter(|m| scene.can(m)).any(|m| m.kind.is_conversation())
}

/// The managers above whoever is at work on the incident, nearest first: those that its systems name, and otherwise
/// those of the areas that its systems' contacts belong to, or of the policy's area for what belongs nowhere, level by
/// level.
#[must_use]
pub fn management(incident: &Incident, org: &Organisation) -> Vec<PersonId> {
    let systems: Vec<_> = incident.systems.iter().filter_map(|s| org.systems.get(&s.id)).collect();
    let here = |chain: &&[PersonId]| chain.iter().any(|id| org.here(id).is_some());
    let own = systems.iter().map(|s| s.management.as_slice()).filter(here);
    let at_work = |id: &PersonId| incident.is_managed_by(id) || systems.iter().any(|s| s.contacts.contains(id));
    let handed = |id: &AreaId| incident.roles.area.as_ref().is_some_and(|(area, _)| area == id);
    let concerned = |id: &AreaId, area: &Area| handed(id) || area.members.iter().any(at_work);
    let areas = org.areas.iter().filter(|(id, area)| concerned(id, area)).map(|(_, area)| area.management.as_slice());
    let mut chains: Vec<&[PersonId]> = own.collect();
    if chains.is_empty() {
        chains = areas.collect();
    }
    if !chains.iter().any(here) {
        let fallback = incident.terms.policy.fallback_area.as_ref().and_then(|id| org.areas.get(id));
        chains.extend(fallback.map(|area| area.management.as_slice()));
    }
    let longest = chains.iter().map(|c| c.len()).max().unwrap_or_default();
    let mut people: Vec<PersonId> = Vec::new();
    for level in 0..longest {
        for person in chains.iter().filter_map(|chain| chain.get(level)) {
            let here = org.here(person).is_some();
            if here && !people.contains(person) {
                people.push(person.clone());
            }
        }
    }
    people
}

/// The managers who do not know of it yet, and would hear of it from somebody else if it were told outside IT now
/// (ESC-2): the nearest one always, and whoever else one of its lists begins with. A list on which somebody was spoken to
/// has done its work.
#[must_use]
pub fn unaware(incident: &Incident, org: &Organisation) -> Vec<PersonRef> {
    let chains = org.areas.values().map(|a| &a.management).chain(org.systems.values().map(|s| &s.management));
    let manages: BTreeSet<&PersonId> = chains.flatten().collect();
    let lists = || incident.tells.iter().filter_map(|t| Some((t, &t.chain.first()?.person.id)));
    let heads = lists().map(|(_, id)| id.clone()).filter(|id| manages.contains(id));
    let is_done = |id: &PersonId| lists().any(|(tell, head)| head == id && incident.told(tell).is_some());
    let mut people: Vec<PersonId> = Vec::new();
    for id in management(incident, org).into_iter().take(1).chain(heads) {
        let knows = is_done(&id) || incident.is_known_to(&id);
        if !knows && org.here(&id).is_some() && !people.contains(&id) {
            people.push(id);
        }
    }
    people.iter().map(|id| org.person_ref(id)).collect()
}

impl Incident {
    /// Whether that person knows of it: they lead it or speak for it, were spoken to, have read an update, or have heard of
    /// it elsewhere.
    #[must_use]
    pub fn is_known_to(&self, person: &PersonId) -> bool {
        self.is_spoken_for_by(person)
            || self.spoken().any(|told| told.person.id == *person)
            || self.roles.heard.iter().any(|heard| heard.person.id == *person)
            || self.comms.updates.iter().any(|update| update.acknowledged_at(person).is_some())
    }

    /// Since when service has been away, as far as anybody knows.
    #[must_use]
    pub fn away_since(&self) -> Time {
        self.went_down.map_or(self.discovered_at, |down| down.at)
    }

    /// Why that level of management is to be told at `now`, if it is.
    #[must_use]
    pub fn mark_reached(&self, row: &Escalate, now: Time) -> Option<String> {
        if let Some((asked, is)) = row.severity.zip(self.severity).filter(|(asked, is)| is <= asked) {
            return Some(format!(
                "it is severity {}, and they hear of severity {} and worse",
                is.number(),
                asked.number()
            ));
        }
        let over = |after: &Span| now >= later(self.away_since(), planted!("level-too-early", *after, *after / 2));
        let after = row.after.filter(over)?;
        Some(format!("service has been away for {}", length(after)))
    }

    /// Whether Muster is calling down that list.
    #[must_use]
    pub fn is_calling(&self, tell: &Tell) -> bool {
        self.summonses.iter().any(|s| s.is_live() && s.tell.as_deref() == Some(tell.name.as_str()))
    }

    /// Whether it was kept on paper and is being entered: what is late there is long past, and nobody is called for it.
    #[must_use]
    pub fn is_from_paper(&self) -> bool {
        matches!(&self.origin, Origin::Person { told: Told::Paper, .. })
    }

    /// When Muster begins to call down that list by itself; none once it does, or somebody was told, or if it never does.
    #[must_use]
    pub fn calls_at(&self, tell: &Tell) -> Option<Time> {
        let policy = &self.terms.policy;
        let may = policy.calls_by_itself && !self.is_from_paper();
        let idle = may && self.told(tell).is_none() && !self.is_calling(tell);
        idle.then(|| later(tell_due(self, tell), -policy.calls_before_due))
    }

    /// When time alone next changes who must be told, or begins to call them, after `now`.
    pub(crate) fn tells_change_at(&self, now: Time) -> Option<Time> {
        if self.state != State::Open {
            return None;
        }
        let calls = self.tells.iter().filter_map(|t| Some([self.calls_at(t)?, tell_due(self, t)])).flatten();
        let listed = |row: &&Escalate| !self.tells.iter().any(|t| t.ground == Ground::Level(row.level));
        let rows = self.terms.policy.escalation.iter().filter(listed);
        let marks = rows.filter_map(|row| Some(later(self.away_since(), row.after?)));
        let communicator = self.roles.proposed.is_none().then_some(self.terms.policy.communicator.after).flatten();
        let communicator = communicator.map(|after| later(self.away_since(), after));
        calls.chain(marks).chain(communicator).filter(|at| *at > now).min()
    }
}
