//! Who may see an incident. A restricted one is there for those who take part in it and for whom it was shown to; for
//! everybody else it is not there at all.

use super::{Act, Command, Declaration, Incident};
use crate::directory::{Organisation, Role};
use crate::entry::{Audience, Entry, Fact, Purpose, Restricted};
use crate::ids::PersonId;
use crate::refusal::Refusal;
use crate::subject::Subject;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Whether an incident is restricted, and who knows of it although no role says so.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Restriction {
    /// How it is restricted, if it is.
    pub now: Option<Restricted>,
    /// Administrators who were told that nobody can be reached: they are asked to step in.
    pub alarmed: BTreeSet<PersonId>,
}

impl Restriction {
    pub(super) fn take_into_account(&mut self, entry: &Entry) {
        match &entry.fact {
            Fact::Restricted(fact) => self.now = Some(fact.clone()),
            Fact::Unrestricted(_) => self.now = None,
            Fact::NobodyReached(fact) => {
                self.alarmed.extend(fact.telling.iter().flatten().map(|p| p.id.clone()));
            }
            _ => {}
        }
    }
}

impl Declaration {
    /// What whoever declares it does next, so that only those who take part may see it.
    #[must_use]
    pub fn restricts(&self) -> Command {
        let act = Act::Restrict { to: Vec::new(), reason: "Said when it was declared.".into() };
        Command::Act { by: self.by.clone(), act }
    }
}

impl Incident {
    /// Whether only some may see it.
    #[must_use]
    pub fn is_restricted(&self) -> bool {
        self.restriction.now.is_some()
    }

    /// Who may see it; none if everybody may. Never nobody: whoever restricts it takes part in it, and once none of them
    /// is left in the directory, the administrators see it.
    #[must_use]
    pub fn seen_by(&self, org: &Organisation) -> Option<BTreeSet<PersonId>> {
        let restricted = self.restriction.now.as_ref()?;
        let mut seen = self.take_part();
        seen.extend(restricted.shown_to.iter().map(|p| p.id.clone()));
        let is_here = |id: &PersonId| org.here(id).is_some();
        if planted!("administrators-see", !seen.iter().any(is_here), true) {
            seen.extend(org.administrators().map(|(id, _)| id.clone()));
        }
        Some(seen)
    }

    /// Everybody who did something for it, was asked for something, or owes something of it.
    fn take_part(&self) -> BTreeSet<PersonId> {
        let mut all: BTreeSet<PersonId> = self.restriction.alarmed.clone();
        let mut add = |id: &PersonId| {
            all.insert(id.clone());
        };
        self.staff.iter().for_each(|p| add(&p.id));
        self.roles.communicator.iter().for_each(|c| add(&c.person.id));
        for summons in &self.summonses {
            // Whoever may be called for it at any moment reads what it is about first.
            let all_of_them = summons.is_live() && summons.purpose == Purpose::TakeCharge;
            let tried = |n: usize| summons.attempts.iter().any(|a| a.candidate == n);
            let asked = summons.chain.iter().enumerate().filter(|(n, _)| all_of_them || tried(*n));
            asked.for_each(|(_, candidate)| add(&candidate.person.id));
            summons.answers.iter().for_each(|given| add(&given.person.id));
        }
        self.contacts.iter().filter(|c| !c.taken_back).for_each(|c| add(&c.person.id));
        self.comms.strategies.keys().for_each(&mut add);
        let put_to = |row: &Audience| self.comms.updates.iter().any(|u| u.row == row.number && u.asked_at.is_some());
        let rows = self.comms.rows.iter().map(|planned| &planned.row).filter(|row| put_to(row));
        rows.flat_map(|row| row.signer.iter().chain(&row.deputy)).for_each(|p| add(&p.id));
        self.plan.tasks.iter().for_each(|task| add(&task.assignee.id));
        self.gathering.calls.iter().flat_map(|call| &call.set.invited).for_each(|p| add(&p.id));
        self.gathering.calls.iter().flat_map(|call| &call.joined).for_each(|(p, _)| add(&p.id));
        self.gathering.presence_of.keys().for_each(&mut add);
        self.course.meetings.iter().flat_map(|meeting| &meeting.held.present).for_each(|p| add(&p.id));
        self.duties().iter().filter_map(|duty| duty.owed_by.as_ref()).for_each(|p| add(&p.id));
        all
    }

    /// Whether that person may say who sees it: its Incident Manager, the organisation's managers and administrators.
    #[must_use]
    pub fn may_be_restricted_by(&self, person: &PersonId, org: &Organisation) -> bool {
        let leads = |id| org.here(id).is_some_and(|p| p.role >= Role::Manager);
        self.is_managed_by(person) || leads(person)
    }

    /// Whether it may go on in `other`: who sees the one would read of the other there.
    ///
    /// # Errors
    /// If just one of them is restricted.
    pub fn may_go_on_in(&self, other: &Self) -> Result<(), Refusal> {
        if self.is_restricted() == other.is_restricted() {
            return Ok(());
        }
        let why = "Just one of the two is restricted, and who sees the other would read of it there. Restrict both first, \
                   or lift the restriction.";
        Err(Refusal::Senseless { field: "number", why: why.into() })
    }

    /// Takes out of it what other logs are called, of those whose number is `hidden` from who reads it.
    pub fn forget_others(&mut self, hidden: &BTreeSet<String>) {
        let others = &mut self.others;
        others.linked.retain(|l| !hidden.contains(&l.number));
        others.took_in.retain(|t| !hidden.contains(&t.number));
        if let Some(into) = others.merged_into.as_mut().filter(|m| hidden.contains(&m.number)) {
            (into.number, into.title, into.reason) = (String::new(), String::new(), String::new());
        }
    }

    /// The numbers of other incidents that it names.
    #[must_use]
    pub fn names_others(&self) -> BTreeSet<&str> {
        let others = &self.others;
        let linked = others.linked.iter().map(|l| &l.number);
        let numbers = linked.chain(others.took_in.iter().map(|t| &t.number));
        numbers
            .chain(others.merged_into.iter().map(|m| &m.number))
            .map(String::as_str)
            .filter(|n| !n.is_empty())
            .collect()
    }
}
