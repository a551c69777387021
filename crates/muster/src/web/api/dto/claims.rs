//! Who works on systems, and who wants to disrupt them, as the API takes and shows it.

use super::directory::Contact;
use super::{PersonName, SystemName, words};
use jiff::{SignedDuration, Timestamp};
use muster_core::claim::{Ask, Claim, Claims};
use muster_core::contact::Answer;
use muster_core::entry::AtWork as Seen;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Somebody works on a system.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeClaim {
    /// What they do.
    #[schema(max_length = 160)]
    pub what: String,
    /// On which host; the one in the address if that names a host, and the whole system otherwise.
    #[serde(default)]
    #[schema(max_length = 160)]
    pub host: Option<String>,
    /// Until about when. Give this or `minutes`; a log-in needs neither.
    #[serde(default, deserialize_with = "super::time_if_any")]
    pub until: Option<Timestamp>,
    /// For how many minutes from now.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 10_080)]
    pub minutes: Option<u32>,
    /// Whether it takes service away from others. Then it is refused with `at-work` while others are at work, unless
    /// they let it happen (`ask`).
    #[serde(default)]
    pub disruptive: bool,
    /// Who works on it, by name in the directory, if you tell it of another.
    #[serde(default)]
    pub person: Option<String>,
    /// Which log-in on a server this is, if nobody claimed.
    #[serde(default)]
    #[schema(max_length = 160)]
    pub session: Option<String>,
    /// The settled request after which a disruptive act may begin.
    #[serde(default)]
    pub ask: Option<u64>,
}

impl MakeClaim {
    /// Until when, counted from `now`.
    #[must_use]
    pub fn ends(&self, now: Timestamp) -> Option<Timestamp> {
        let minutes = self.minutes.map(|m| SignedDuration::from_mins(m.into()));
        self.until.or_else(|| minutes.map(|m| muster_core::later(now, m)))
    }
}

/// Somebody works for longer.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Renew {
    /// Until about when. Give this or `minutes`.
    #[serde(default, deserialize_with = "super::time_if_any")]
    pub until: Option<Timestamp>,
    /// For how many minutes from now.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 10_080)]
    pub minutes: Option<u32>,
    /// Who does it, by name in the directory, if you tell it of another.
    #[serde(default)]
    pub person: Option<String>,
}

/// Somebody is done.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// What they changed; a log-in may say nothing.
    #[serde(default)]
    #[schema(max_length = 10_000)]
    pub changed: String,
    /// Whether they logged out, and say no more.
    #[serde(default)]
    pub logged_out: bool,
    /// Who does it, by name in the directory, if you tell it of another.
    #[serde(default)]
    pub person: Option<String>,
}

/// Something that happened to a system.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteOnSystem {
    /// The words.
    #[schema(max_length = 10_000)]
    pub text: String,
    /// When it happened, if not now.
    #[serde(default, deserialize_with = "super::time_if_any")]
    pub happened_at: Option<Timestamp>,
    /// Whose doing it was, by name in the directory, if you tell it of another.
    #[serde(default)]
    pub person: Option<String>,
}

/// A reason.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// Why, or how one knows.
    #[schema(max_length = 10_000)]
    pub reason: String,
}

/// Somebody goes over those who are at work.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GoOver {
    /// Why it cannot wait for them.
    #[schema(max_length = 10_000)]
    pub reason: String,
    /// Who does it, by name in the directory, if you tell it of another.
    #[serde(default)]
    pub person: Option<String>,
}

/// Nothing more to say.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// Somebody wants to disrupt a system.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeAsk {
    /// What they want to do.
    #[schema(max_length = 160)]
    pub what: String,
    /// On which host; the one in the address if that names a host, and the whole system otherwise.
    #[serde(default)]
    #[schema(max_length = 160)]
    pub host: Option<String>,
    /// Who wants to, by name in the directory, if you tell it of another.
    #[serde(default)]
    pub person: Option<String>,
}

/// Whether you let it happen.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LetHappen {
    /// `take`: you let it happen; `cannot`: not now; `know`: you have read it.
    #[schema(schema_with = words::answer)]
    pub answer: Answer,
}

/// The work on one system.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Work {
    /// Which.
    pub system: SystemName,
    /// The host that was asked for, if it was one; else empty.
    pub host: String,
    /// Its page.
    pub url: String,
    /// The organisation's time zone.
    pub time_zone: String,
    /// Who is at work on it.
    pub at_work: Vec<AtWork>,
    /// Who is at work on what hangs together with it.
    pub elsewhere: Vec<AtWork>,
    /// Who waits to disrupt it.
    pub waiting: Vec<Disruption>,
    /// Numbers of the incidents that affect it, without restricted ones: what is done here stands in their logs.
    pub incidents: Vec<String>,
    /// Its technical contacts in the order to try; how to reach them is for those who work on incidents.
    pub contacts: Vec<Contact>,
}

/// The work on all systems.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct AllWork {
    /// Everybody who is at work, by system.
    pub at_work: Vec<AtWork>,
    /// Everybody who waits to disrupt something.
    pub waiting: Vec<Disruption>,
    /// The organisation's time zone.
    pub time_zone: String,
}

/// Somebody at work.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct AtWork {
    /// On which system.
    pub system: SystemName,
    /// The claim's number: its entry in the system's log.
    pub claim: u64,
    /// Who.
    pub person: PersonName,
    /// Doing what.
    pub what: String,
    /// On which host; empty for all of it.
    pub host: String,
    /// Since when.
    pub since: Timestamp,
    /// Until about when.
    pub until: Timestamp,
    /// Whether they are only logged in.
    pub logged_in: bool,
}

impl From<&Seen> for AtWork {
    fn from(seen: &Seen) -> Self {
        Self {
            system: SystemName { id: seen.system.0.clone(), name: seen.system_name.clone() },
            claim: seen.claim,
            person: (&seen.person).into(),
            what: seen.what.clone(),
            host: seen.host.clone(),
            since: seen.since,
            until: seen.until,
            logged_in: seen.logged_in,
        }
    }
}

/// What came of a claim.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct ClaimDone {
    /// The claim; `null` if it ended.
    pub claim: Option<AtWork>,
    /// Who else is at work on it or on what hangs together with it; they were told, if they claimed.
    pub others: Vec<AtWork>,
    /// The work on the system now.
    pub work: Work,
}

/// Somebody wants to disrupt a system.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Disruption {
    /// Which.
    pub system: SystemName,
    /// The request's number: its entry in the system's log.
    pub ask: u64,
    /// Who.
    pub person: PersonName,
    /// What.
    pub what: String,
    /// On which host; empty for all of it.
    pub host: String,
    /// Since when.
    pub at: Timestamp,
    /// `waiting`, `clear`, `released`, `overridden`, `withdrawn` or `timed-out`.
    pub state: String,
    /// Whether it may begin.
    pub may_begin: bool,
    /// Why it was settled so.
    pub reason: String,
    /// Who is asked, and what they say.
    pub asked: Vec<AskedPerson>,
}

/// Somebody who is asked.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct AskedPerson {
    /// Who.
    pub person: PersonName,
    /// What they are at work on; `null` for a technical contact who is not.
    pub at_work: Option<AtWork>,
    /// What they said: `take` lets it happen, `cannot` is not now; `null` if nothing yet.
    pub answer: Option<String>,
    /// Whether it waits for them.
    pub needed: bool,
    /// The last try to reach them, such as `push, delivered`; empty if nobody can be asked by machine.
    pub last_try: String,
}

impl Disruption {
    /// That request as programs see it.
    #[must_use]
    pub fn of(claims: &Claims, ask: &Ask) -> Self {
        let waits = claims.waits_for(ask);
        let settled = ask.settled.as_ref();
        let summonses = claims.summonses.iter().filter(|s| s.ask == Some(ask.entry));
        let mut people: Vec<_> = summonses.filter_map(|s| s.chain.first()).map(|c| c.person.clone()).collect();
        let unasked = waits.iter().filter(|p| !people.iter().any(|a| a.id == p.id)).cloned().collect::<Vec<_>>();
        people.extend(unasked);
        let asked = people.iter().map(|person| {
            let search = claims.asked(ask, &person.id);
            let last = search.and_then(|s| s.attempts.last());
            AskedPerson {
                person: person.into(),
                at_work: claims.hits(ask, &person.id).as_ref().map(Into::into),
                answer: claims.said(ask, &person.id).map(|g| super::word_of(&g.answer)),
                needed: settled.is_none() && waits.iter().any(|w| w.id == person.id),
                last_try: last.map_or_else(String::new, |a| format!("{}, {}", a.means.word(), a.outcome.word())),
            }
        });
        Self {
            system: SystemName { id: claims.system.0.clone(), name: claims.name.clone() },
            ask: ask.entry,
            person: (&ask.person).into(),
            what: ask.what.clone(),
            host: ask.host.clone(),
            at: ask.at,
            state: settled.map_or("waiting", |s| s.how.word()).to_owned(),
            may_begin: settled.is_some_and(|s| s.how.allows()),
            reason: settled.map_or_else(String::new, |s| s.reason.clone()),
            asked: asked.collect(),
        }
    }
}

/// That claim as programs see it.
#[must_use]
pub fn claim_of(claims: &Claims, claim: &Claim) -> AtWork {
    (&claims.seen(claim)).into()
}
