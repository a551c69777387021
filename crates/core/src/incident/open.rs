//! Opening an incident: everything its log will need is resolved from the organisation here, once.

use super::UserReport;
use crate::Time;
use crate::alert::{Alert, TITLE_MAX};
use crate::contact::MeansKind;
use crate::directory::{Area, Organisation};
use crate::entry::{
    Affected, Affects, AlertJoined, Candidate, Extent, Ground, Kind, Moment, Opened, Origin, Severity, Tell, Terms,
    Told,
};
use crate::ids::{PersonId, PersonRef, SystemId};
use crate::policy::Whom;
use crate::subject::Scene;
use crate::system::{Condition, Scope, System};

/// Who or what opens an incident.
#[derive(Clone, PartialEq, Debug)]
#[allow(clippy::large_enum_variant, reason = "one at a time, never in a list")]
pub enum OpenBy {
    /// An alert, by a rule.
    Alert(AlertNews),
    /// A person.
    Person(Declaration),
    /// A user, without a login.
    User(UserReport),
}

/// An alert, as mapping rules and the directory see it at this moment.
#[derive(Clone, PartialEq, Debug)]
pub struct AlertNews {
    /// The alert.
    pub alert: Alert,
    /// The sender's name.
    pub source: String,
    /// What it says of the system.
    pub condition: Condition,
    /// The system, if a rule gave one that exists.
    pub system: Option<SystemId>,
    /// Which rule decided what happens, in words.
    pub why: String,
}

/// What a person says who declares an incident.
#[derive(Clone, PartialEq, Debug)]
pub struct Declaration {
    /// Who.
    pub by: PersonRef,
    /// What is wrong, in one line.
    pub title: String,
    /// How they came to know.
    pub told: Told,
    /// Since when, if they know.
    pub went_down: Option<Moment>,
    /// When they discovered it, if not now: for what was kept on paper.
    pub discovered_at: Option<Time>,
    /// Who led it, if not who declares it: for what was kept on paper.
    pub manager: Option<PersonId>,
    /// Who is affected.
    pub affected: Option<Extent>,
    /// How bad.
    pub severity: Option<Severity>,
    /// Which system.
    pub system: Option<SystemId>,
}

impl Declaration {
    /// When they discovered it. What was kept on paper and doesn't say is taken to be known since it happened.
    pub(super) fn discovered_at(&self, now: Time) -> Time {
        let from_paper = self.went_down.filter(|_| self.told == Told::Paper).map(|down| down.at);
        self.discovered_at.or(from_paper).unwrap_or(now)
    }
}

impl AlertNews {
    /// What the log keeps of it.
    #[must_use]
    pub fn joined(&self, org: &Organisation, opened: bool) -> AlertJoined {
        let signal = &self.alert.signal;
        AlertJoined {
            alert: self.alert.id.clone(),
            title: signal.title.clone(),
            source: self.source.clone(),
            host: signal.host.clone(),
            service: signal.service.clone(),
            detail: signal.detail.clone(),
            condition: self.condition,
            system: self.system.as_ref().and_then(|id| affected(org, id, Some(self.condition))),
            first_at: self.alert.first_at,
            signals: self.alert.signals,
            status: signal.status,
            opened,
            why: self.why.clone(),
        }
    }

    /// An estimate if the sender gave no time, or one that cannot be.
    fn went_down(&self) -> Moment {
        let estimate = self.alert.signal.happened_at.is_none_or(|at| at > self.alert.first_at);
        Moment { at: self.alert.down_since(), estimate }
    }

    fn kind(&self, org: &Organisation) -> Kind {
        let scope = self.system.as_ref().and_then(|id| org.systems.get(id)).map(|s| s.scope);
        match (self.condition, scope) {
            (Condition::Predicted, _) => Kind::PREDICTED,
            (Condition::Degraded, Some(_)) => Kind::DEGRADED,
            (Condition::Down, Some(Scope::OrganisationWide)) => Kind::ORGANISATION_WIDE,
            (Condition::Down, Some(Scope::Departmental)) => Kind::DEPARTMENTAL,
            (Condition::Information, _) | (Condition::Degraded | Condition::Down, None) => Kind::OTHER,
        }
    }

    fn title(&self, org: &Organisation) -> String {
        let system = self.system.as_ref().and_then(|id| org.systems.get(id));
        let title = match (system, self.condition) {
            (Some(s), Condition::Predicted) => {
                format!("{} may fail: {}", s.name, after(&s.name, &self.alert.signal.title))
            }
            (Some(s), condition) => {
                format!("{} {}: {}", s.name, condition.word(), after(&s.name, &self.alert.signal.title))
            }
            (None, _) => self.alert.signal.title.clone(),
        };
        title.chars().take(TITLE_MAX).collect()
    }
}

/// What `title` says after the system's name, if it begins with that: a title names its system once.
fn after<'a>(name: &str, title: &'a str) -> &'a str {
    let begins = title.get(..name.len()).filter(|lead| lead.to_lowercase() == name.to_lowercase());
    let rest = begins.map(|_| title[name.len()..].trim_start());
    let rest = rest.and_then(|rest| rest.strip_prefix(':').or_else(|| rest.strip_prefix("- ")));
    rest.map(str::trim).filter(|rest| !rest.is_empty()).unwrap_or(title)
}

/// The opening that `by` leads to.
pub(super) fn opening(number: &str, by: &OpenBy, org: &Organisation, now: Time) -> Opened {
    let terms = Terms {
        policy: org.policy.clone(),
        organisation: org.organisation.name.clone(),
        time_zone: org.organisation.time_zone.clone(),
        calendar: org.organisation.calendar.clone(),
        fields: org.fields.clone(),
    };
    match by {
        OpenBy::Alert(news) => Opened {
            number: number.to_owned(),
            title: news.title(org),
            kind: news.kind(org),
            suspected: true,
            origin: Origin::Alert { intake: news.alert.intake.clone(), source: news.source.clone() },
            discovered_at: news.alert.first_at,
            went_down: (news.condition != Condition::Predicted).then(|| news.went_down()),
            severity: None,
            affected: None,
            systems: news.system.iter().filter_map(|id| affected(org, id, Some(news.condition))).collect(),
            why: news.why.clone(),
            terms,
            tells: tells(org),
            checklist: org.procedure.checklist(),
        },
        OpenBy::User(report) => report.opening(number, org, now, terms, tells(org)),
        OpenBy::Person(said) => {
            let systems: Vec<_> = said.system.iter().filter_map(|id| affected(org, id, None)).collect();
            let kind = match systems.first().map(|s| s.scope) {
                Some(Scope::OrganisationWide) => Kind::ORGANISATION_WIDE,
                Some(Scope::Departmental) => Kind::DEPARTMENTAL,
                None => Kind::OTHER,
            };
            Opened {
                number: number.to_owned(),
                title: said.title.trim().to_owned(),
                kind,
                suspected: false,
                origin: Origin::Person { person: said.by.clone(), told: said.told },
                discovered_at: said.discovered_at(now),
                went_down: said.went_down,
                severity: said.severity,
                affected: said.affected,
                systems,
                why: format!("declared by {}", said.by.name),
                terms,
                tells: tells(org),
                checklist: org.procedure.checklist(),
            }
        }
    }
}

/// A system as an incident holds it; none if the directory has none of that name.
pub(super) fn affected(org: &Organisation, id: &SystemId, condition: Option<Condition>) -> Option<Affected> {
    let system = org.systems.get(id)?;
    let population = |p| {
        let known = org.populations.get(p)?;
        Some(Affects { id: p.clone(), name: known.name.clone(), head_count: known.head_count })
    };
    Some(Affected {
        id: id.clone(),
        name: system.name.clone(),
        scope: system.scope,
        condition,
        owner: system.owner.as_ref().map(|p| org.person_ref(p)),
        populations: system.populations.iter().filter_map(population).collect(),
    })
}

/// The on-call contacts of `system`: its technical contacts in order; the policy's fallback area for
/// a system without any, or for none; and the administrators behind that, so that there is always
/// somebody to ask. People whom no message by one of `channels` can reach are no reason to stop looking, and stay
/// in the chain: a person may ring them.
#[must_use]
pub fn on_call(org: &Organisation, system: Option<&System>, channels: &[MeansKind]) -> Vec<Candidate> {
    let fallback = || org.policy.fallback_area.as_ref().and_then(|a| org.areas.get(a)).map(|a| a.members.as_slice());
    let administrators: Vec<PersonId> = org.administrators().map(|(id, _)| id.clone()).collect();
    let chains = [system.map(|s| s.contacts.as_slice()), fallback(), Some(administrators.as_slice())];
    let mut ids: Vec<PersonId> = Vec::new();
    for chain in chains.into_iter().flatten() {
        ids.extend(chain.iter().cloned());
        let reachable = |c: &Candidate| c.means.iter().any(|m| channels.contains(&m.kind));
        if candidates(org, &ids).iter().any(reachable) {
            break;
        }
    }
    candidates(org, &ids)
}

/// Whom to summon while nobody is Incident Manager: the on-call contacts, and as the next level
/// (STAFF-3) the managers above the areas that these belong to, nearest first.
pub(super) fn on_call_and_next_level(scene: &Scene<'_>, system: Option<&System>) -> Vec<Candidate> {
    let org = scene.org;
    let on_call: Vec<PersonId> = on_call(org, system, scene.channels).into_iter().map(|c| c.person.id).collect();
    let theirs = |area: &&Area| area.members.iter().any(|member| on_call.contains(member));
    let above = org.areas.values().filter(theirs).flat_map(|area| area.management.iter().cloned());
    let chain: Vec<PersonId> = on_call.iter().cloned().chain(above).collect();
    candidates(org, &chain)
}

/// The people of a chain with the means by which a machine may reach them; who has left is left out.
pub(crate) fn candidates(org: &Organisation, ids: &[PersonId]) -> Vec<Candidate> {
    let mut chain: Vec<Candidate> = Vec::new();
    for id in ids {
        let Some(person) = org.here(id) else { continue };
        if chain.iter().any(|c| c.person.id == *id) {
            continue;
        }
        let means = person.means.iter().filter(|m| m.kind != MeansKind::InPerson).cloned().collect();
        chain.push(Candidate { person: org.person_ref(id), title: person.title.clone(), means, by_hand: Vec::new() });
    }
    chain
}

/// Who must be told directly. A row whose area is gone stays owed with nobody on its list: what the
/// policy asks for is never dropped in silence.
fn tells(org: &Organisation) -> Vec<Tell> {
    let tell = |row: &crate::policy::TellDirectly| {
        let area = org.areas.get(&row.area);
        let chain = area.map(|area| match row.whom {
            Whom::Supervisors => area.supervisors.as_slice(),
            Whom::Management => area.management.as_slice(),
        });
        Tell {
            name: row.name.clone(),
            area: row.area.clone(),
            after_triage: row.after_triage,
            after_discovery: row.after_discovery,
            chain: candidates(org, chain.unwrap_or_default()),
            ground: Ground::Policy,
            since: None,
        }
    };
    org.policy.tell_directly.iter().map(tell).collect()
}
