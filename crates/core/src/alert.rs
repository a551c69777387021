//! Signals and alerts: what a sender says, and what becomes of it (DEF-1, DEF-6).

use crate::calendar::Hours;
use crate::directory::Organisation;
use crate::ids::{AlertId, IntakeId, SubjectId, SystemId};
use crate::system::{Condition, Scope, System, depends_on};
use crate::words::length;
use crate::{Span, Time, later};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

mod hearing;

pub use hearing::{Heard, Known, hear};

/// One message from a sender about one thing that may be wrong, in the shape that every intake
/// format is turned into. All text is as the sender wrote it, cut to the limits below.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Signal {
    /// What makes it the same alert as another signal from the same sender.
    pub key: String,
    /// Whether it says that something is wrong, or that it is over.
    pub status: Status,
    /// One line for people.
    pub title: String,
    /// Host, instance or similar; may be empty.
    #[serde(default)]
    pub host: String,
    /// Service, check or alert name; may be empty.
    #[serde(default)]
    pub service: String,
    /// Longer text: plugin output, description.
    #[serde(default)]
    pub detail: String,
    /// Everything else that has a name.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// What the sender's own severity suggests; a mapping rule may say otherwise.
    pub condition: Condition,
    /// When it happened, if the sender says so.
    #[serde(default)]
    pub happened_at: Option<Time>,
    /// If nothing more is heard, the alert is over at this time (what Prometheus sends as `endsAt`).
    #[serde(default)]
    pub ends_at: Option<Time>,
    /// Where a person can look: a dashboard, a runbook.
    #[serde(default)]
    pub link: Option<String>,
}

/// Whether a signal says that something is wrong or that it is over.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Something is wrong.
    Firing,
    /// It is over.
    Resolved,
}

/// Longest key of a signal in bytes; a longer one is replaced by its hash, so that it stays distinct.
pub const KEY_MAX: usize = 512;
/// Longest title in characters.
pub const TITLE_MAX: usize = 160;
/// Longest host or service in characters.
pub const NAME_MAX: usize = 255;
/// Longest detail in characters. The raw payload is kept whole beside it.
pub const DETAIL_MAX: usize = 4_000;
/// Most labels kept of one signal.
pub const LABELS_MAX: usize = 64;

/// The accounts: every accepted alert stands in exactly one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Account {
    /// Becomes an incident if it lasts.
    Watched,
    /// Kept back by planned work.
    Held,
    /// Kept back by a person's rule.
    Silenced,
    /// Belongs to an incident that was there.
    Joined,
    /// Opened an incident.
    Opened,
    /// Kept, nobody is called.
    Information,
    /// Over.
    Resolved,
}

impl Account {
    /// Every account, in the order of the alerts page.
    pub const ALL: [Self; 7] =
        [Self::Watched, Self::Held, Self::Silenced, Self::Joined, Self::Opened, Self::Information, Self::Resolved];

    /// The word for it: in code, SQL, URLs and on pages.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Watched => "watched",
            Self::Held => "held",
            Self::Silenced => "silenced",
            Self::Joined => "joined",
            Self::Opened => "opened",
            Self::Information => "information",
            Self::Resolved => "resolved",
        }
    }

    /// The account of that name.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.word() == word)
    }
}

/// Signals with one key, open until resolved.
#[derive(Clone, PartialEq, Debug)]
pub struct Alert {
    /// Drawn at random.
    pub id: AlertId,
    /// From which sender.
    pub intake: IntakeId,
    /// The newest signal, but `happened_at` is the first firing one's.
    pub signal: Signal,
    /// When service went down: the sender's time if it gave one, else when the first signal came.
    pub went_down_at: Time,
    /// When the first signal was accepted.
    pub first_at: Time,
    /// When the newest was.
    pub last_at: Time,
    /// How many signals were accepted for it.
    pub signals: u64,
    /// Where it stands now.
    pub account: Account,
    /// Which incident it opened or joined.
    pub subject: Option<SubjectId>,
}

impl Alert {
    /// When service went down, as far as that can be: a sender whose clock is ahead of ours cannot
    /// have seen it after we heard of it.
    #[must_use]
    pub fn down_since(&self) -> Time {
        self.went_down_at.min(self.first_at)
    }

    /// Whether its first signal came from a spool that is being emptied.
    fn is_late_news(&self) -> bool {
        self.signal.happened_at.is_some_and(|at| self.first_at.duration_since(at) > LATE_NEWS)
    }
}

/// How much older than its receipt a first signal may be before it counts as late news, from a spool
/// that is being emptied: then the next signal may say that it is over already.
const LATE_NEWS: Span = Span::from_mins(5);
/// How long late news waits for that next signal before anybody is called, counted from the first one,
/// as a sender that repeats itself every minute must not put it off for ever. People are not woken for
/// what is over; one minute is long enough for a spool to empty and short enough for an outage.
const LATE_NEWS_SETTLES: Span = Span::from_secs(60);

/// What becomes of an alert at this moment, and by which rule.
#[derive(Clone, PartialEq, Debug)]
pub struct Placement {
    /// What it says of the system.
    pub condition: Condition,
    /// The system, if a rule gave one that exists.
    pub system: Option<SystemId>,
    /// What happens.
    pub step: Step,
    /// Which rule decided, in words.
    pub why: String,
}

/// What happens with an alert.
#[derive(Clone, PartialEq, Debug)]
pub enum Step {
    /// It is kept; nobody is called.
    Keep,
    /// It is watched; looked at again then.
    Watch(Time),
    /// It opens an incident.
    Open,
    /// It joins this one.
    Join(SubjectId),
}

/// An open incident, as far as joining is concerned.
#[derive(Clone, PartialEq, Debug)]
pub struct OpenIncident {
    /// Its log.
    pub subject: SubjectId,
    /// Its number.
    pub number: String,
    /// What is affected.
    pub systems: Vec<SystemId>,
    /// When service went down.
    pub since: Time,
    /// When its newest alert went down.
    pub newest: Time,
    /// Whether an alert with the same key, from the same sender, belongs to it.
    pub has_same_key: bool,
    /// Whether not everybody may see it.
    pub is_restricted: bool,
}

/// The usage hours of `system`; none if its time zone is not known to this release, and then it is
/// treated as used round the clock: rather a call too many than an outage that nobody looks at.
#[must_use]
pub fn usage(org: &Organisation, system: &System) -> Option<Hours> {
    Hours::of(&system.usage_hours, &org.organisation.time_zone, &org.organisation.calendar).ok()
}

/// What an alert says by the mapping rules (DEF-1).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Meaning {
    /// What it says of the system.
    pub condition: Condition,
    /// Which system, if a rule gave one that exists.
    pub system: Option<SystemId>,
    /// Which rule says so, in words.
    pub by: String,
}

/// What `alert` says by the first mapping rule that matches; what its sender suggests if none does.
#[must_use]
pub fn meaning(alert: &Alert, org: &Organisation) -> Meaning {
    let rule = org.rules.iter().find(|r| r.matches(alert.intake.as_str(), &alert.signal));
    Meaning {
        condition: rule.and_then(|r| r.condition).unwrap_or(alert.signal.condition),
        system: rule.and_then(|r| r.system.clone()).filter(|id| org.systems.contains_key(id)),
        by: rule.map_or_else(|| "no mapping rule matches".to_owned(), |r| format!("rule “{}”", r.name)),
    }
}

/// Decides what becomes of a firing alert (DEF-1, DEF-6).
#[must_use]
pub fn place(alert: &Alert, org: &Organisation, open: &[OpenIncident], now: Time) -> Placement {
    let Meaning { condition, system, by } = meaning(alert, org);
    let placed = |step, why: String| Placement { condition, system: system.clone(), step, why };

    if condition == Condition::Information {
        return placed(Step::Keep, format!("information only, {by}"));
    }
    if let Some((incident, why)) = joins(alert, system.as_ref(), org, open) {
        return placed(Step::Join(incident.subject.clone()), format!("{why}, {by}"));
    }
    let (due, why) = becomes_incident(alert, condition, system.as_ref(), org, now);
    let due = if alert.is_late_news() { due.max(later(alert.first_at, LATE_NEWS_SETTLES)) } else { due };
    let step = if due <= now { Step::Open } else { Step::Watch(due) };
    placed(step, format!("{why}, {by}"))
}

/// Places an alert that goes on although its restricted incident is over: see [`GoingOn::OpensHidden`].
#[must_use]
pub fn place_hidden(alert: &Alert, org: &Organisation) -> Placement {
    let Meaning { condition, system, by } = meaning(alert, org);
    Placement { condition, system, step: Step::Open, why: format!("goes on although its incident is over, {by}") }
}

/// How the incident of an alert came to be over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ended {
    /// A person said that service was back then.
    Restored(Time),
    /// A person said that it was none.
    Withdrawn,
}

/// What becomes of an alert that still fires although its incident is over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum GoingOn {
    /// The person's word holds.
    Believed,
    /// The person's word holds until then; looked at again then.
    BelievedUntil(Time),
    /// It stands on its own again, and is placed like any other.
    StandsAlone,
    /// It opens the next incident at once, which is there for whoever saw the restricted one: on its own, and in what it
    /// joined, everybody would see it.
    OpensHidden,
}

/// Decides whether an alert goes on that still fires after its incident ended. `said` is what it said of its
/// system while it was part of that. A person's word that service is back holds for the time that makes a
/// disruption, and as long as nothing more is heard. A person's word that it was none holds until the sender
/// says something else than before (DEF-6). What calls nobody stays where it was, if that was `restricted`.
#[must_use]
pub fn goes_on(
    alert: &Alert,
    said: Option<Condition>,
    (ended, restricted): (Ended, bool),
    org: &Organisation,
    now: Time,
) -> GoingOn {
    let condition = meaning(alert, org).condition;
    let goes = match (restricted, condition) {
        (false, _) => GoingOn::StandsAlone,
        (true, Condition::Information) => GoingOn::Believed,
        (true, _) => GoingOn::OpensHidden,
    };
    if said != Some(condition) {
        return goes;
    }
    match ended {
        Ended::Restored(at) if alert.last_at > at => {
            let until = later(at, org.policy.disruption_after);
            if until > now { GoingOn::BelievedUntil(until) } else { goes }
        }
        Ended::Restored(_) | Ended::Withdrawn => GoingOn::Believed,
    }
}

/// The open incident that the alert belongs to, and why: one with the same key at any time; one on
/// the same system, or on one that it depends on, within the policy's time.
fn joins<'a>(
    alert: &Alert,
    system: Option<&SystemId>,
    org: &Organisation,
    open: &'a [OpenIncident],
) -> Option<(&'a OpenIncident, String)> {
    let name = |id: &SystemId| org.systems.get(id).map_or_else(|| id.0.clone(), |s| s.name.clone());
    if let Some(incident) = open.iter().find(|i| i.has_same_key) {
        return Some((incident, "the same alert as before".into()));
    }
    let system = system?;
    let within = planted!("joins-for-ever", org.policy.join_within, Span::from_hours(1_000));
    let down_since = alert.down_since();
    let near = |i: &&OpenIncident| {
        i.since.duration_since(down_since) <= within && down_since.duration_since(i.newest.max(i.since)) <= within
    };
    let within = length(within);
    open.iter().filter(near).find_map(|incident| {
        if incident.systems.contains(system) {
            return Some((incident, format!("same system, within {within}")));
        }
        // Whoever may not see it would not hear that another system is down.
        if incident.is_restricted {
            return None;
        }
        let cause = incident.systems.iter().find(|other| depends_on(&org.systems, system, other))?;
        Some((incident, format!("{} depends on {}, within {within}", name(system), name(cause))))
    })
}

/// When the alert becomes an incident if it goes on, and by which rule of DEF-1. Downtime counts by the
/// clock, at any hour; a system that only works badly hurts while it is used, so that counts in its usage hours.
fn becomes_incident(
    alert: &Alert,
    condition: Condition,
    system: Option<&SystemId>,
    org: &Organisation,
    now: Time,
) -> (Time, String) {
    if condition == Condition::Predicted {
        return (now, "predicted failure: put to the on-call contact".into());
    }
    let (lasting, down_since) = (org.policy.disruption_after, alert.down_since());
    let lasted = planted!("opens-too-soon", later(down_since, lasting), down_since);
    let when_lasting = format!("an incident when it lasts {}", length(lasting));
    let Some(system) = system.and_then(|id| org.systems.get(id)) else {
        return (lasted, format!("no known system; {when_lasting}"));
    };
    let what = format!("{} {}", system.scope.word(), condition.word());
    let hours = usage(org, system);
    let in_usage = hours.as_ref().is_none_or(|h| h.contains(now));
    match (condition, system.scope) {
        (Condition::Down, Scope::OrganisationWide) if in_usage => (now, format!("{what}, in usage hours")),
        (Condition::Down, Scope::OrganisationWide) => {
            let begins = hours.and_then(|h| h.next_start(now)).unwrap_or(lasted);
            (lasted.min(begins), format!("{what}, outside usage hours; {when_lasting} or they begin"))
        }
        (Condition::Down, Scope::Departmental) => (lasted, format!("{what}; {when_lasting}")),
        (Condition::Degraded | Condition::Predicted | Condition::Information, _) => {
            let due = hours.and_then(|h| h.after(down_since, lasting)).unwrap_or(lasted);
            let of_usage = if in_usage { "" } else { " of its usage hours" };
            (due, format!("{what}; {when_lasting}{of_usage}"))
        }
    }
}
