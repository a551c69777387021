//! An incident: the record of one service disruption, computed from its log.
//!
//! [`Incident::apply`] folds one entry; [`decide()`] says which entries a command leads to. Both are
//! pure, and nothing else changes an incident.

mod brief;
mod checklist;
mod command;
mod comms;
mod conference;
mod course;
mod decide;
mod fold;
mod links;
mod open;
mod plan;
mod restriction;
mod roles;
mod triage;
mod users;
mod wording;

pub use crate::subject::{Decision, Scene};
pub use checklist::{Checked, Checklist, Standing};
pub use command::{Act, Command, CommsAct, Count, GatherAct, LINE_MAX, TEXT_MAX, To, TriageAct};
pub use comms::{Asked, Comms, Planned, Update, reading};
pub use conference::{Arrival, Call, Gathering, invitation};
pub use course::{Course, Estimate, FollowUp, Meeting};
pub use decide::{decide, management, unaware};
pub use links::{Others, Tie};
pub(crate) use open::candidates;
pub use open::{AlertNews, Declaration, OpenBy, on_call};
pub use plan::{Cause, Input, Judged, Mark, Plan, Question, Revision, Task, Weighed, offered_parts, restoring_order};
pub use restriction::Restriction;
pub use roles::{HandOver, Proposed, Roles};
pub use triage::Triage;
pub use users::{REPORT_MAX, UserReport};
pub use wording::{Line, Tone, line, line_of, phase_word};

use crate::alert::Status;
use crate::contact::{MeansKind, Outcome, Proof};
use crate::duty::{self, Duty, Nags};
use crate::entry::Entry;
use crate::entry::{Affected, Extent, Kind, Moment, Origin, Purpose, Severity, Tell, Terms};
use crate::ids::{AlertId, PersonId, PersonRef, SummonsId, SystemId};
use crate::policy::Phase;
use crate::subject::Subject;
use crate::summons::Summons;
use crate::system::Condition;
use crate::{Span, Time};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// An incident as its log makes it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Incident {
    /// Reference number.
    pub number: String,
    /// One line.
    pub title: String,
    /// What kind of disruption.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// How bad; none if not assessed.
    pub severity: Option<Severity>,
    /// The worst it ever was.
    pub severity_highest: Option<Severity>,
    /// What the opening said; what was not assessed then stays so.
    pub severity_first: Option<Severity>,
    /// The pace.
    pub phase: Phase,
    /// How it was discovered.
    pub origin: Origin,
    /// When service went down, if anybody knows.
    pub went_down: Option<Moment>,
    /// When it was discovered.
    pub discovered_at: Time,
    /// When it was recorded: the first entry's time.
    pub recorded_at: Time,
    /// Who is affected, as the discoverer saw it.
    pub affected: Option<Extent>,
    /// When it was first triaged.
    pub triaged_at: Option<Time>,
    /// Every triage, oldest first: the newest counts.
    pub triages: Vec<Triage>,
    /// Since when it is open, if it is or was.
    pub open_since: Option<Time>,
    /// What is affected.
    pub systems: Vec<Affected>,
    /// What the opening or a person said of systems, alerts aside: an alert that leaves takes only its own word along.
    pub said_of: BTreeMap<SystemId, Option<Condition>>,
    /// The problem as known now.
    pub symptoms: String,
    /// Why it happened, as known now.
    pub cause: String,
    /// What brought service back.
    pub resolution: String,
    /// When service was back.
    pub restored_at: Option<Time>,
    /// When the last of its alerts was over: proposed as restoration.
    pub recovered_at: Option<Time>,
    /// Incident Manager, if anybody is.
    pub manager: Option<Manager>,
    /// Everybody who ever was, oldest first.
    pub managers: Vec<Manager>,
    /// Alerts that belong to it.
    pub alerts: BTreeMap<AlertId, AlertHere>,
    /// Searches for people, oldest first.
    pub summonses: Vec<Summons>,
    /// Who must be told directly.
    pub tells: Vec<Tell>,
    /// Contacts that people recorded, oldest first.
    pub contacts: Vec<Contact>,
    /// Everybody who worked on it, in the order in which they came.
    pub staff: Vec<PersonRef>,
    /// What was evaluated, and how service is to be restored.
    pub plan: Plan,
    /// What fields of the organisation's own say, by their names.
    pub custom: BTreeMap<String, String>,
    /// Who speaks for it, to whom it was handed, and who heard of it elsewhere.
    pub roles: Roles,
    /// Estimates, meetings, following up and closing.
    pub course: Course,
    /// What people said of the steps of its checklist.
    pub checklist: Checklist,
    /// Who hears what.
    pub comms: Comms,
    /// Conference calls, and how people come.
    pub gathering: Gathering,
    /// The entries by which files were put on it.
    pub attachments: BTreeSet<u64>,
    /// Where the report is, once it is filed.
    pub report: Option<(Time, String)>,
    /// Incidents that it hangs together with.
    pub others: Others,
    /// Who may see it.
    pub restriction: Restriction,
    /// The rules that it began under.
    pub terms: Terms,
    /// Newest entry.
    pub seq: u64,
    /// When that was written.
    pub last_recorded_at: Time,
    /// When a person last wrote or did something, and by which entry.
    pub last_act: Option<(Time, u64)>,
    /// Which entry last set a field, and who.
    pub set_by: BTreeMap<String, (u64, String)>,
    /// Newest correction of an entry's words.
    pub corrections: BTreeMap<u64, Correction>,
    /// Entries that were taken back, with the entry that did.
    pub taken_back: BTreeMap<u64, u64>,
    /// Holds an entry of a later release.
    pub newer: bool,
}

/// Where an incident stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Something may be wrong; it owes one thing: to reach the on-call contact.
    Suspected,
    /// Service is disrupted.
    Open,
    /// Service is back; the report is owed.
    Restored,
    /// Report and review are done.
    Closed,
    /// It was none.
    Withdrawn,
}

impl State {
    /// Every state, in the order in which they come.
    pub const ALL: [Self; 5] = [Self::Suspected, Self::Open, Self::Restored, Self::Closed, Self::Withdrawn];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Suspected => "suspected",
            Self::Open => "open",
            Self::Restored => "restored",
            Self::Closed => "closed",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state of that name.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.word() == word)
    }

    /// Whether service is, or may be, disrupted.
    #[must_use]
    pub fn is_live(self) -> bool {
        match self {
            Self::Suspected | Self::Open => true,
            Self::Restored | Self::Closed | Self::Withdrawn => false,
        }
    }
}

/// An Incident Manager.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Manager {
    /// Who.
    pub person: PersonRef,
    /// From when.
    pub since: Time,
    /// By answering which summons.
    pub summons: Option<SummonsId>,
}

/// An alert of this incident.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AlertHere {
    /// Its title.
    pub title: String,
    /// The sender's name.
    pub source: String,
    /// What it says of the system.
    pub condition: Condition,
    /// Whether it fires.
    pub status: Status,
    /// Which rule brought it here.
    pub why: String,
    /// When it joined.
    pub at: Time,
    /// Which system it is about.
    pub system: Option<SystemId>,
    /// When it was over, by its sender's word.
    pub over_at: Option<Time>,
}

/// A contact that a person recorded.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Contact {
    /// By which entry.
    pub entry: u64,
    /// For which [`Tell`].
    pub tell: Option<String>,
    /// Whom.
    pub person: PersonRef,
    /// By what.
    pub means: MeansKind,
    /// What came of it.
    pub outcome: Outcome,
    /// When it happened.
    pub at: Time,
    /// By whom.
    pub by: PersonRef,
    /// It was a mistake, and counts no more.
    pub taken_back: bool,
}

impl Contact {
    /// Whether somebody was spoken to, and that was no mistake.
    #[must_use]
    pub fn is_spoken(&self) -> bool {
        !self.taken_back && self.outcome.proof().is_some_and(|p| p.satisfies(Proof::Spoken))
    }
}

/// Somebody who was spoken to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Told<'a> {
    /// By which entry.
    pub entry: u64,
    /// Who.
    pub person: &'a PersonRef,
    /// When.
    pub at: Time,
    /// For which duty to tell it was recorded, if for one.
    pub tell: Option<&'a str>,
}

impl Told<'_> {
    /// Whether it settles that duty to tell.
    #[must_use]
    pub fn settles(&self, tell: &Tell) -> bool {
        self.tell == Some(tell.name.as_str()) || tell.chain.iter().any(|c| c.person.id == self.person.id)
    }
}

/// Words that replace those of an entry, which stays readable.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Correction {
    /// By which entry.
    pub entry: u64,
    /// What it should have said.
    pub text: String,
}

impl Subject for Incident {
    const KIND: &'static str = "incident";
    const FOLD_FORMAT: u32 = 20;

    fn begin(entry: &Entry) -> Option<Self> {
        Self::of_opening(entry)
    }

    fn apply(&mut self, entry: &Entry) {
        self.take_into_account(entry);
    }

    fn seq(&self) -> u64 {
        self.seq
    }

    fn last_recorded_at(&self) -> Time {
        self.last_recorded_at
    }

    fn is_newer(&self) -> bool {
        self.newer
    }

    fn summonses(&self) -> &[Summons] {
        &self.summonses
    }

    fn answer_wait(&self) -> Span {
        self.terms.policy.answer_wait
    }

    fn nags(&self) -> Nags {
        let policy = &self.terms.policy;
        Nags { every: policy.nag_every, at_most: policy.nags_at_most, climbs_from: policy.climbs_from }
    }

    fn duties(&self) -> Vec<Duty> {
        duty::duties(self)
    }

    fn in_charge(&self) -> Option<&PersonRef> {
        self.manager.as_ref().map(|m| &m.person)
    }

    fn next_due(&self, now: Time, up_since: Time) -> Option<Time> {
        duty::next_due(self, now, up_since)
    }
}

impl Incident {
    /// The telephone numbers of that person, as the log knows them from those whom it searched or has to tell.
    #[must_use]
    pub fn numbers_of(&self, person: &PersonId) -> Vec<&str> {
        let searched = self.summonses.iter().flat_map(|s| &s.chain);
        let mut known = searched.chain(self.tells.iter().flat_map(|t| &t.chain)).filter(|c| c.person.id == *person);
        known.next().map_or_else(Vec::new, |c| c.numbers().collect())
    }

    /// How long service was, or has been, down; none if nobody knows since when, or if it never was.
    #[must_use]
    pub fn outage(&self, now: Time) -> Option<crate::Span> {
        if self.state == State::Withdrawn {
            return None;
        }
        let end = self.restored_at.unwrap_or(now);
        self.went_down.map(|down| end.duration_since(down.at).max(crate::Span::ZERO))
    }

    /// Its kind in the words of the policy that it began under.
    #[must_use]
    pub fn kind_words(&self) -> &str {
        self.terms.policy.words_of(&self.kind)
    }

    /// The search that is going on for somebody who takes charge or helps.
    #[must_use]
    pub fn live_summons(&self) -> Option<&Summons> {
        self.summonses.iter().find(|s| s.is_live())
    }

    /// The search that is going on for somebody who takes charge.
    #[must_use]
    pub fn search_for_manager(&self) -> Option<&Summons> {
        self.summonses.iter().find(|s| s.is_live() && s.purpose == Purpose::TakeCharge)
    }

    /// Whether that person is Incident Manager.
    #[must_use]
    pub fn is_managed_by(&self, person: &PersonId) -> bool {
        self.manager.as_ref().is_some_and(|m| m.person.id == *person)
    }

    /// Everybody who was spoken to, by a person or by Muster, in the order of the log: what was a mistake is left out.
    pub fn spoken(&self) -> impl Iterator<Item = Told<'_>> {
        let by_people = self.contacts.iter().filter(|c| c.is_spoken());
        let by_people =
            by_people.map(|c| Told { entry: c.entry, person: &c.person, at: c.at, tell: c.tell.as_deref() });
        let by_muster = self.summonses.iter().flat_map(|s| s.answers.iter().map(move |g| (s, g)));
        let by_muster = by_muster
            .filter(|(_, g)| !g.taken_back && g.proof.satisfies(Proof::Spoken))
            .map(|(s, g)| Told { entry: g.entry, person: &g.person, at: g.at, tell: s.tell.as_deref() });
        let mut all: Vec<_> = by_people.chain(by_muster).collect();
        all.sort_by_key(|told| told.entry);
        all.into_iter()
    }

    /// The first who was spoken to of that duty to tell. One conversation with a person tells them, whatever they stand
    /// for: nobody is rung twice to hear the same.
    #[must_use]
    pub fn told(&self, tell: &Tell) -> Option<Told<'_>> {
        let mut told = self.spoken().filter(|told| told.settles(tell));
        planted!("told-by-the-last", told.next(), told.last())
    }

    /// Who was to be told directly, and was not before service was back: not owed any more, and not forgotten.
    pub fn untold(&self) -> impl Iterator<Item = &Tell> {
        let over = self.restored_at.is_some() && !self.state.is_live();
        self.tells.iter().filter(move |tell| over && self.told(tell).is_none())
    }

    /// Whether any of its alerts still fires.
    #[must_use]
    pub fn still_fires(&self) -> bool {
        self.alerts.values().any(|a| a.status == Status::Firing)
    }
}
