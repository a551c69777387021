//! Folding a log into an incident. Reads nothing but entries, follows `seq`, and never fails: an
//! entry that makes no sense where it stands changes nothing.

use super::{
    AlertHere, Checklist, Comms, Contact, Correction, Course, Gathering, Incident, Manager, Others, Plan, Restriction,
    Roles, State,
};
use crate::alert::Status;
use crate::contact::Answer;
use crate::entry::{Affected, Author, Change, Coming, Entry, Fact, Opened, Origin, Tell};
use crate::ids::{AlertId, PersonRef, SystemId};
use crate::policy::Phase;
use crate::summons;
use std::collections::{BTreeMap, BTreeSet};

impl Incident {
    /// The incident that begins with `entry`, if that is an opening.
    pub(super) fn of_opening(entry: &Entry) -> Option<Self> {
        let Fact::Opened(fact) = &entry.fact else { return None };
        let mut incident = Self::from_opening(fact, entry);
        incident.count(entry);
        Some(incident)
    }

    fn from_opening(fact: &Opened, entry: &Entry) -> Self {
        // What an alert says of its system it says itself, and may say otherwise later.
        let by_person = matches!(fact.origin, Origin::Person { .. });
        Self {
            number: fact.number.clone(),
            title: fact.title.clone(),
            kind: fact.kind.clone(),
            state: if fact.suspected { State::Suspected } else { State::Open },
            severity: fact.severity,
            severity_highest: fact.severity,
            severity_first: fact.severity,
            phase: Phase::Intense,
            origin: fact.origin.clone(),
            went_down: fact.went_down,
            discovered_at: fact.discovered_at,
            recorded_at: entry.recorded_at,
            affected: fact.affected,
            triaged_at: None,
            triages: Vec::new(),
            open_since: (!fact.suspected).then_some(entry.happened_at),
            systems: fact.systems.clone(),
            said_of: fact.systems.iter().map(|s| (s.id.clone(), s.condition.filter(|_| by_person))).collect(),
            symptoms: String::new(),
            cause: String::new(),
            resolution: String::new(),
            restored_at: None,
            recovered_at: None,
            manager: None,
            managers: Vec::new(),
            alerts: BTreeMap::new(),
            summonses: Vec::new(),
            tells: fact.tells.clone(),
            contacts: Vec::new(),
            staff: Vec::new(),
            plan: Plan::default(),
            custom: BTreeMap::new(),
            roles: Roles::default(),
            course: Course::default(),
            checklist: Checklist::of(&fact.checklist),
            comms: Comms::default(),
            gathering: Gathering::default(),
            attachments: BTreeSet::new(),
            report: None,
            others: Others::default(),
            restriction: Restriction::default(),
            terms: fact.terms.clone(),
            seq: 0,
            last_recorded_at: entry.recorded_at,
            last_act: None,
            set_by: BTreeMap::new(),
            corrections: BTreeMap::new(),
            taken_back: BTreeMap::new(),
            newer: false,
        }
    }

    pub(super) fn take_into_account(&mut self, entry: &Entry) {
        self.count(entry);
        self.plan.take_into_account(entry);
        self.roles.take_into_account(entry);
        self.course.take_into_account(entry);
        self.checklist.take_into_account(entry);
        self.comms.take_into_account(entry);
        self.gathering.take_into_account(entry);
        self.restriction.take_into_account(entry);
        match &entry.fact {
            Fact::Opened(_) => {}
            Fact::AlertJoined(fact) => {
                if let Some(system) = &fact.system {
                    self.affect(system);
                }
                if fact.status == Status::Firing {
                    self.recovered_at = None;
                }
                let here = AlertHere {
                    title: fact.title.clone(),
                    source: fact.source.clone(),
                    condition: fact.condition,
                    status: fact.status,
                    why: fact.why.clone(),
                    at: entry.recorded_at,
                    system: fact.system.as_ref().map(|s| s.id.clone()),
                    over_at: None,
                };
                self.alerts.insert(fact.alert.clone(), here);
            }
            Fact::AlertLeft(fact) => self.lose_alert(&fact.alert),
            Fact::AlertWentOn(fact) => drop(self.alerts.remove(&fact.alert)),
            Fact::AlertChanged(fact) => {
                let Some(alert) = self.alerts.get_mut(&fact.alert) else { return };
                alert.title.clone_from(&fact.title);
                alert.condition = fact.condition;
                if let Some(system) = alert.system.clone() {
                    self.judge(&system);
                }
            }
            Fact::AlertRecovered(fact) => {
                if let Some(alert) = self.alerts.get_mut(&fact.alert) {
                    alert.status = Status::Resolved;
                    alert.over_at = Some(entry.happened_at);
                }
                self.see_recovery();
            }
            Fact::Answered(fact) => {
                if fact.answer == Answer::Take {
                    self.involve(&fact.person);
                }
                summons::follow(&mut self.summonses, entry);
            }
            Fact::SummonsStarted(_)
            | Fact::Tried(_)
            | Fact::Graded(_)
            | Fact::NobodyReached(_)
            | Fact::PassedOver(_)
            | Fact::SummonsEnded(_) => summons::follow(&mut self.summonses, entry),
            Fact::ManagerAssumed(fact) => {
                self.involve(&fact.person);
                let manager =
                    Manager { person: fact.person.clone(), since: entry.happened_at, summons: fact.summons.clone() };
                self.managers.push(manager.clone());
                self.manager = Some(manager);
            }
            Fact::Confirmed(_) => {
                self.state = State::Open;
                self.open_since = Some(entry.happened_at);
            }
            Fact::Withdrawn(_) => self.state = State::Withdrawn,
            Fact::Restored(fact) => {
                self.state = State::Restored;
                self.restored_at = Some(fact.at);
                self.resolution.clone_from(&fact.resolution);
                self.set("restored-at", entry);
                self.set("resolution", entry);
                if !fact.cause.is_empty() {
                    self.cause.clone_from(&fact.cause);
                    self.set("cause", entry);
                }
            }
            Fact::Reopened(_) => {
                self.state = State::Open;
                self.take_tie(&entry.fact, entry);
                self.restored_at = None;
                self.recovered_at = None;
                self.alerts.values_mut().for_each(|a| a.over_at = None); // what was over by then proved nothing
                self.report = None;
            }
            Fact::ReportFiled(fact) => self.report = Some((entry.recorded_at, fact.reference.clone())),
            Fact::Attached(_) => drop(self.attachments.insert(entry.seq)),
            Fact::Noted(_) | Fact::HeardOfSystem(_) => {}
            // These stand in the log of a system, or of a version of the procedure.
            Fact::SystemNamed(_)
            | Fact::Claimed(_)
            | Fact::ClaimRenewed(_)
            | Fact::ClaimEnded(_)
            | Fact::DisruptionAsked(_)
            | Fact::WorkElsewhere(_)
            | Fact::VersionDrafted(_)
            | Fact::VersionEdited(_)
            | Fact::VersionProposed(_)
            | Fact::VersionSigned(_)
            | Fact::VersionDeclined(_)
            | Fact::VersionInForce(_)
            | Fact::VersionReplaced(_)
            | Fact::VersionDropped(_)
            | Fact::DisruptionSettled(_) => {}
            Fact::Contacted(fact) => {
                let Author::Person(by) = &entry.author else { return };
                self.contacts.push(Contact {
                    entry: entry.seq,
                    tell: fact.tell.clone(),
                    person: fact.person.clone(),
                    means: fact.means,
                    outcome: fact.outcome,
                    at: entry.happened_at,
                    by: by.clone(),
                    taken_back: false,
                });
            }
            Fact::Corrected(fact) => {
                let correction = Correction { entry: entry.seq, text: fact.text.clone() };
                self.corrections.insert(fact.entry, correction);
            }
            Fact::TakenBack(fact) => self.take_back(fact.entry, entry.seq),
            Fact::Changed(fact) => {
                self.set(&fact.to.place(), entry);
                self.change(&fact.to);
            }
            Fact::UserReported(_) => {}
            Fact::Triaged(fact) => self.take_triage(fact, entry),
            Fact::Linked(_) | Fact::Unlinked(_) | Fact::MergedInto(_) | Fact::TookIn(_) | Fact::GaveBack(_) => {
                self.take_tie(&entry.fact, entry);
            }
            // What the plan alone is made from.
            Fact::QuestionAsked(_)
            | Fact::InputGiven(_)
            | Fact::PartMarked(_)
            | Fact::CauseProposed(_)
            | Fact::CauseJudged(_)
            | Fact::TaskSet(_)
            | Fact::TaskEnded(_)
            | Fact::OptionWeighed(_)
            | Fact::OptionJudged(_) => {}
            Fact::TellAdded(fact) => self.tells.push(fact.tell.clone()),
            Fact::Closed(_) => self.state = State::Closed,
            // What the roles and the course alone are made from.
            Fact::Estimated(_) | Fact::MeetingHeld(_) | Fact::FollowedUp(_) => {}
            // What the checklist alone is made from.
            Fact::StepDone(_) | Fact::StepSkipped(_) => {}
            // What the communications alone are made from.
            Fact::CommunicationsPlanned(_)
            | Fact::AudienceSet(_)
            | Fact::AudienceDropped(_)
            | Fact::StrategyAgreed(_)
            | Fact::UpdateDrafted(_)
            | Fact::UpdateSigned(_)
            | Fact::UpdateReturned(_)
            | Fact::UpdateSent(_)
            | Fact::UpdateCarried(_)
            | Fact::UpdateAcknowledged(_)
            | Fact::TellingHanded(_)
            | Fact::FactsAsked(_)
            | Fact::FactsGiven(_) => {}
            // What the restriction alone is made from.
            Fact::Restricted(_) | Fact::Unrestricted(_) => {}
            // What the gathering alone is made from.
            Fact::ConferenceCalled(_)
            | Fact::ConferenceCancelled(_)
            | Fact::ConferenceJoined(_)
            | Fact::PresenceAsked(_)
            | Fact::ArrivalSaid(_) => {}
            Fact::HandOverAsked(_)
            | Fact::CommunicatorProposed(_)
            | Fact::CommunicatorAssumed(_)
            | Fact::CommunicatorLeft(_)
            | Fact::CommunicatorDeclined(_)
            | Fact::PeopleAsked(_)
            | Fact::HeardElsewhere(_) => {}
            Fact::Unknown { .. } => self.newer = true,
        }
    }

    /// What every entry does: the log's length and times, and that a person is at work. Who only
    /// answers that they know, or cannot, is not.
    fn count(&mut self, entry: &Entry) {
        self.seq = entry.seq;
        self.last_recorded_at = entry.recorded_at;
        if let Author::Person(person) = &entry.author {
            // Who has read an update has done nothing for it.
            if matches!(entry.fact, Fact::UpdateAcknowledged(_)) {
                return;
            }
            self.last_act = Some((entry.recorded_at, entry.seq));
            let elsewhere = match &entry.fact {
                Fact::Answered(f) => f.answer != Answer::Take,
                Fact::ArrivalSaid(f) => f.coming == Coming::Cannot,
                // Whoever reopens another incident has done nothing for this one.
                Fact::GaveBack(_) => true,
                _ => false,
            };
            if !elsewhere {
                self.involve(person);
            }
        }
    }

    /// Which entry set a field, so that a second person sees what the first one wrote.
    pub(super) fn set(&mut self, field: &str, entry: &Entry) {
        self.set_by.insert(field.to_owned(), (entry.seq, entry.author.name().to_owned()));
    }

    fn involve(&mut self, person: &PersonRef) {
        if !self.staff.iter().any(|p| p.id == person.id) {
            self.staff.push(person.clone());
        }
    }

    /// One more affected system, or a worse condition of one that is.
    fn affect(&mut self, system: &Affected) {
        match self.systems.iter_mut().find(|s| s.id == system.id) {
            Some(known) => known.condition = known.condition.max(system.condition),
            None => self.systems.push(system.clone()),
        }
    }

    /// An alert about that system has left, or says something else: the system is as bad as the worst of what is still
    /// said of it, and what nothing speaks of any more is not affected.
    fn judge(&mut self, system: &SystemId) {
        let others = self.alerts.values().filter(|a| a.system.as_ref() == Some(system)).map(|a| Some(a.condition));
        let word = others.chain(self.said_of.get(system).copied()).max();
        match (word, self.systems.iter_mut().find(|s| s.id == *system)) {
            (Some(condition), Some(known)) => known.condition = condition,
            (None, _) => self.systems.retain(|s| s.id != *system),
            (Some(_), None) => {}
        }
    }

    /// A person says of a system that it is affected, and how.
    pub(super) fn say_of(&mut self, system: &Affected) {
        self.said_of.insert(system.id.clone(), system.condition);
        match self.systems.iter_mut().find(|s| s.id == system.id) {
            Some(known) => known.clone_from(system),
            None => self.systems.push(system.clone()),
        }
    }

    /// An alert does not belong here: it takes along what only it said.
    pub(super) fn lose_alert(&mut self, alert: &AlertId) {
        let left = self.alerts.remove(alert);
        if let Some(system) = left.and_then(|alert| alert.system) {
            self.judge(&system);
        }
        self.see_recovery();
    }

    fn see_recovery(&mut self) {
        if !self.still_fires() {
            self.recovered_at = self.alerts.values().filter_map(|a| a.over_at).max();
        }
    }

    fn change(&mut self, to: &Change) {
        match to {
            Change::Title(title) => self.title.clone_from(title),
            Change::WentDown(moment) => self.went_down = *moment,
            Change::System(system) => self.say_of(system),
            Change::Symptoms(text) => self.symptoms.clone_from(text),
            Change::Cause(text) => self.cause.clone_from(text),
            Change::Resolution(text) => self.resolution.clone_from(text),
            Change::RestoredAt(at) => self.restored_at = Some(*at),
            Change::Kind(kind) => self.kind.clone_from(kind),
            Change::Severity(severity) => {
                self.severity = *severity;
                // Severities sort worst first, and "not assessed" is no severity at all.
                self.severity_highest = self.severity_highest.into_iter().chain(*severity).min();
            }
            Change::Phase(phase) => self.phase = *phase,
            Change::Custom(custom) => match custom.value.is_empty() {
                true => drop(self.custom.remove(&custom.field)),
                false => drop(self.custom.insert(custom.field.clone(), custom.value.clone())),
            },
        }
    }

    /// Undoes what a mistaken entry did: its contact or answer counts no more, so that the duty it
    /// settled is owed again and the summons it ended goes on. Who was Incident Manager only by that
    /// answer never was.
    fn take_back(&mut self, mistaken: u64, by: u64) {
        self.taken_back.insert(mistaken, by);
        self.checklist.take_back(mistaken);
        if let Some(contact) = self.contacts.iter_mut().find(|c| c.entry == mistaken) {
            contact.taken_back = true;
        }
        for summons in &mut self.summonses {
            let Some(given) = summons.answers.iter_mut().find(|g| g.entry == mistaken) else { continue };
            given.taken_back = true;
            let person = given.person.id.clone();
            self.roles.take_back(&summons.id, &person);
            if summons.answer_of(&person).is_none_or(|g| g.answer != Answer::Take) {
                self.managers.retain(|m| m.summons.as_ref() != Some(&summons.id) || m.person.id != person);
            }
        }
        self.manager = self.managers.last().cloned();
    }

    /// The chain of people who must be told directly under that name.
    #[must_use]
    pub fn tell(&self, name: &str) -> Option<&Tell> {
        self.tells.iter().find(|t| t.name == name)
    }
}
