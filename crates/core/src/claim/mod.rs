//! Claims: who works on a system, and who wants to disrupt it (EVAL-5).
//!
//! [`Claims`] is folded from the system's own log; [`decide()`] says which entries a command leads to. A person
//! claims what they work on; a log-in on a server claims for who does not. Whoever wants to disrupt a system asks
//! everybody who is at work on it or on what hangs together with it, and begins when they let it happen, or when
//! somebody went over them with a reason.

mod command;
mod decide;
mod fold;
mod progress;
mod wording;

pub use command::{Around, Asking, Claiming, Command, IncidentHere};
pub use decide::decide;
pub(crate) use wording::line;

use crate::contact::Answer;
use crate::duty::{Duty, Nags};
use crate::entry::{AtWork, ClaimEnd, Entry, Settlement};
use crate::ids::{PersonId, PersonRef, SystemId};
use crate::subject::{Subject, next_move};
use crate::summons::{Given, Summons};
use crate::system::depends_on;
use crate::{Span, Time, later};
use serde::{Deserialize, Serialize};

/// How long somebody may claim at once. Who needs longer renews it, so that nobody's forgotten claim stands for weeks.
pub const CLAIM_AT_MOST: Span = Span::from_hours(7 * 24);
/// How long a log-in counts as being at work, if the server never says that it ended.
pub const LOGGED_IN_FOR: Span = Span::from_hours(12);
/// How long asking goes on without being settled: whoever asked has given up, or their machine has.
pub const ASK_HOLDS: Span = Span::from_hours(1);
/// How long what was asked may be begun after it was settled.
pub const LEAVE_HOLDS: Span = Span::from_mins(30);
/// Most claims and log-ins at one time on one system: beyond this nobody reads the list.
pub const LIVE_AT_MOST: usize = 100;
/// Most people whom one asking asks.
pub const ASKED_AT_MOST: usize = 25;
/// What is over and still shown on the system's page; all of it stands in the log.
const OVER_SHOWN: usize = 20;

/// Who works on a system and who wants to disrupt it, as its log makes it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Claims {
    /// Which system.
    pub system: SystemId,
    /// Its name.
    pub name: String,
    /// The organisation's time zone.
    pub time_zone: String,
    /// How long a summons waits where a means does not say.
    pub answer_wait: Span,
    /// When the log began.
    pub began_at: Time,
    /// Claims and log-ins, oldest first: all that are live, and the newest of what is over.
    pub claims: Vec<Claim>,
    /// Who asked to disrupt it, oldest first: all that are open, and the newest of what is settled.
    pub asks: Vec<Ask>,
    /// Searches for the people who are asked.
    pub summonses: Vec<Summons>,
    /// Newest entry.
    pub seq: u64,
    /// When that was written.
    pub last_recorded_at: Time,
    /// Holds an entry of a later release.
    pub newer: bool,
}

/// Somebody works on the system, or did.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Claim {
    /// By which entry.
    pub entry: u64,
    /// Who.
    pub person: PersonRef,
    /// Who wrote it: another if a server said it.
    pub by: PersonRef,
    /// Doing what.
    pub what: String,
    /// On which host; empty for all of it.
    pub host: String,
    /// Since when.
    pub since: Time,
    /// Until about when.
    pub until: Time,
    /// Whether it takes service away.
    pub disruptive: bool,
    /// For which incident.
    pub incident: Option<String>,
    /// Which log-in makes this claim, if a person did not.
    pub session: Option<String>,
    /// How often it was renewed.
    pub renewed: u32,
    /// How it ended.
    pub ended: Option<Ended>,
}

/// How a claim ended.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Ended {
    /// When.
    pub at: Time,
    /// How.
    pub how: ClaimEnd,
    /// What was changed, or why somebody else ended it.
    pub changed: String,
}

/// Somebody wants to disrupt the system, or did.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Ask {
    /// By which entry.
    pub entry: u64,
    /// Who.
    pub person: PersonRef,
    /// Who wrote it.
    pub by: PersonRef,
    /// What they want to do.
    pub what: String,
    /// On which host.
    pub host: String,
    /// For which incident.
    pub incident: Option<String>,
    /// When they asked.
    pub at: Time,
    /// Who is at work on what hangs together with it.
    pub elsewhere: Vec<AtWork>,
    /// Whether anybody was ever at work while it was open.
    pub met_somebody: bool,
    /// Technical contacts who are asked as well.
    pub contacts: Vec<PersonRef>,
    /// How it was settled.
    pub settled: Option<Settled>,
}

/// How asking was settled.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Settled {
    /// When.
    pub at: Time,
    /// How.
    pub how: Settlement,
    /// Why.
    pub reason: String,
    /// By which entry.
    pub entry: u64,
}

impl Claim {
    /// Whether somebody is at work by it.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.ended.is_none()
    }

    /// Whether that person may renew and release it: whose it is, and whoever wrote it.
    #[must_use]
    pub fn is_of(&self, person: &PersonId) -> bool {
        self.person.id == *person || self.by.id == *person
    }
}

impl Subject for Claims {
    const KIND: &'static str = "system";
    const FOLD_FORMAT: u32 = 2;

    fn begin(entry: &Entry) -> Option<Self> {
        Self::of_first(entry)
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
        self.answer_wait
    }

    /// Nobody owes anything here.
    fn nags(&self) -> Nags {
        Nags { every: ASK_HOLDS, at_most: 0, climbs_from: u32::MAX }
    }

    fn duties(&self) -> Vec<Duty> {
        Vec::new()
    }

    fn next_due(&self, now: Time, up_since: Time) -> Option<Time> {
        let ends = self.live().map(|c| c.until);
        let asks = self.open_asks().map(|a| later(a.at, ASK_HOLDS));
        let elsewhere = self.open_asks().flat_map(|a| a.elsewhere.iter().map(|w| w.until));
        ends.chain(asks).chain(elsewhere).chain(next_move(&self.summonses, now, up_since)).min()
    }
}

impl Claims {
    /// Who is at work, by claim or log-in, oldest first.
    pub fn live(&self) -> impl Iterator<Item = &Claim> {
        self.claims.iter().filter(|c| c.is_live())
    }

    /// Who waits to disrupt it, oldest first.
    pub fn open_asks(&self) -> impl Iterator<Item = &Ask> {
        self.asks.iter().filter(|a| a.settled.is_none())
    }

    /// Whether anybody is at work or waits.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.live().next().is_some() || self.open_asks().next().is_some()
    }

    /// That claim, if this release still holds it.
    #[must_use]
    pub fn claim(&self, entry: u64) -> Option<&Claim> {
        self.claims.iter().find(|c| c.entry == entry)
    }

    /// That asking, if this release still holds it.
    #[must_use]
    pub fn ask(&self, entry: u64) -> Option<&Ask> {
        self.asks.iter().find(|a| a.entry == entry)
    }

    /// Who is at work here, as others are shown it.
    #[must_use]
    pub fn at_work(&self) -> Vec<AtWork> {
        self.live().map(|c| self.seen(c)).collect()
    }

    /// That claim, as others are shown it.
    #[must_use]
    pub fn seen(&self, claim: &Claim) -> AtWork {
        AtWork {
            system: self.system.clone(),
            system_name: self.name.clone(),
            claim: claim.entry,
            person: claim.person.clone(),
            what: claim.what.clone(),
            host: claim.host.clone(),
            since: claim.since,
            until: claim.until,
            logged_in: claim.session.is_some(),
        }
    }

    /// Who is at work now so that `ask` would hit them: here and elsewhere, whoever asks left out.
    #[must_use]
    pub fn hit_by(&self, ask: &Ask) -> Vec<AtWork> {
        let others = |w: &AtWork| w.person.id != ask.person.id;
        self.at_work().into_iter().chain(ask.elsewhere.iter().cloned()).filter(others).collect()
    }

    /// What that person is at work on so that `ask` would hit them: what they claim, before where they are only logged in.
    #[must_use]
    pub fn hits(&self, ask: &Ask, person: &PersonId) -> Option<AtWork> {
        self.hit_by(ask).into_iter().filter(|w| w.person.id == *person).min_by_key(|w| w.logged_in)
    }

    /// The search by which that person was asked, if they were.
    #[must_use]
    pub fn asked(&self, ask: &Ask, person: &PersonId) -> Option<&Summons> {
        let of = |s: &&Summons| s.ask == Some(ask.entry) && s.chain.iter().any(|c| c.person.id == *person);
        self.summonses.iter().find(of)
    }

    /// What that person says to it now, if anything.
    #[must_use]
    pub fn said(&self, ask: &Ask, person: &PersonId) -> Option<&Given> {
        self.asked(ask, person)?.answer_of(person)
    }

    /// Who must let it happen and has not: everybody at work; whoever objects, contacts included; and if nobody ever
    /// was at work, the contacts, until one of them lets it happen.
    #[must_use]
    pub fn waits_for(&self, ask: &Ask) -> Vec<PersonRef> {
        let answer = |p: &PersonRef| self.said(ask, &p.id).map(|g| g.answer);
        let mut people: Vec<PersonRef> = Vec::new();
        let mut add = |person: PersonRef| {
            if !people.iter().any(|p| p.id == person.id) {
                people.push(person);
            }
        };
        let hit = self.hit_by(ask).into_iter().map(|w| w.person).filter(|p| answer(p) != Some(Answer::Take));
        hit.for_each(&mut add);
        let contacts = || ask.contacts.iter().cloned();
        contacts().filter(|p| answer(p) == Some(Answer::Cannot)).for_each(&mut add);
        let one_agrees = contacts().any(|p| answer(&p) == Some(Answer::Take));
        if !ask.met_somebody && !one_agrees {
            contacts().for_each(&mut add);
        }
        people
    }

    /// What that person holds here.
    pub fn held_by<'a>(&'a self, person: &'a PersonId) -> impl Iterator<Item = &'a Claim> {
        self.live().filter(move |c| c.person.id == *person)
    }
}

/// Whether work on one hits the other: the same system, one that needs the other, or the same host.
#[must_use]
pub fn hang_together(org: &crate::directory::Organisation, a: (&SystemId, &str), b: (&SystemId, &str)) -> bool {
    let same_host = !a.1.is_empty() && a.1.eq_ignore_ascii_case(b.1);
    a.0 == b.0 || same_host || depends_on(&org.systems, a.0, b.0) || depends_on(&org.systems, b.0, a.0)
}

/// Whether work on that system is work on what an incident affects, or on what that needs: whoever does it may be the
/// cause, or in the way.
#[must_use]
pub fn concerns(org: &crate::directory::Organisation, incident: &crate::incident::Incident, system: &SystemId) -> bool {
    incident.systems.iter().any(|s| s.id == *system || depends_on(&org.systems, &s.id, system))
}
