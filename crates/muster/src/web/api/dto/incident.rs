//! Incidents and their logs, as the API shows them.

use super::links::Other;
use super::triage::{Population, Triaged};
use super::{PersonName, SeverityNumber, SystemName, When, words};
use jiff::Timestamp;
use muster_core::claim::Claims;
use muster_core::contact::Outcome;
use muster_core::duty::{self, Duty};
use muster_core::entry::{Candidate, Entry, Extent, Kind, Origin, Purpose, Told};
use muster_core::incident::{Contact, Incident, Line, State, line, line_of};
use muster_core::policy::Phase;
use muster_core::summons::Summons;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An incident in a list.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Brief {
    /// Reference number.
    pub number: String,
    /// One line.
    pub title: String,
    /// Where it stands.
    #[schema(schema_with = words::state)]
    pub state: State,
    /// What kind of disruption, by its name in the policy.
    #[schema(schema_with = words::kind)]
    pub kind: Kind,
    /// The same in words.
    pub kind_words: String,
    /// How bad; `null` if not assessed.
    pub severity: Option<SeverityNumber>,
    /// The pace.
    #[schema(schema_with = words::phase)]
    pub phase: Phase,
    /// When service went down, if anybody knows.
    pub went_down: Option<When>,
    /// When it was discovered.
    pub discovered_at: Timestamp,
    /// When its log began.
    pub recorded_at: Timestamp,
    /// When service was back.
    pub restored_at: Option<Timestamp>,
    /// How long service was, or has been, down, in seconds.
    pub outage_seconds: Option<i64>,
    /// Incident Manager; `null` while nobody is.
    pub manager: Option<PersonName>,
    /// What is affected.
    pub systems: Vec<SystemName>,
    /// Whether only those who take part may see it, and whom it is shown to.
    #[serde(default)]
    pub restricted: bool,
    /// Number of its newest entry.
    pub seq: u64,
    /// Its page.
    pub url: String,
}

/// A page of incidents.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Briefs {
    /// Newest first.
    pub incidents: Vec<Brief>,
    /// The cursor of the next page; `null` on the last.
    pub next: Option<String>,
}

/// All of an incident but its log.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Full {
    /// What lists show.
    pub incident: Brief,
    /// The IANA name of the zone in which the organisation reads times.
    pub time_zone: String,
    /// How it was discovered.
    pub discovered_by: Discovery,
    /// Who is affected, as the discoverer saw it.
    #[schema(schema_with = words::extent_if_any)]
    pub affected: Option<Extent>,
    /// About how many people are affected, each population counted once.
    pub people_affected: u64,
    /// Populations that it hits or may hit.
    pub populations: Vec<Population>,
    /// The newest triage; `null` if nobody has triaged it.
    pub triage: Option<Triaged>,
    /// The problem as known now.
    pub symptoms: String,
    /// Why it happened, as known now.
    pub cause: String,
    /// What brought service back.
    pub resolution: String,
    /// When all its alerts had recovered: proposed as the time of restoration.
    pub recovered_at: Option<Timestamp>,
    /// Who owes what by when.
    pub duties: Vec<Owed>,
    /// Who is at work on what it affects and on what that needs; nobody once service is back.
    pub at_work: Vec<super::claims::AtWork>,
    /// Who is being looked for, or was.
    pub summonses: Vec<Search>,
    /// Who must be told directly.
    pub call_list: Vec<CallRow>,
    /// Alerts that belong to it.
    pub alerts: Vec<AlertHere>,
    /// Incidents that it hangs together with.
    pub others: Vec<Other>,
    /// How it is restricted; `null` if everybody may see it.
    pub restriction: Option<super::restriction::Restriction>,
    /// Everybody who worked on it.
    pub staff: Vec<PersonName>,
    /// Who speaks for it, and who heard of it elsewhere.
    pub roles: super::roles::Roles,
    /// Estimates, meetings, and who hears that it is over.
    pub course: super::course::Course,
    /// Conference calls, and how people come.
    pub gathering: super::gathering::Gathering,
    /// The checklist at a glance: what is done, and what is left.
    pub checklist: Vec<super::checklist::StepHere>,
    /// Who hears what, every update, and facts that are asked for.
    pub communications: super::comms::Communications,
    /// Where the report is, once it is filed.
    pub report: Option<String>,
}

/// How an incident was discovered.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Discovery {
    /// The sender's name, if an alert opened it.
    pub source: Option<String>,
    /// The person who declared it.
    pub person: Option<PersonName>,
    /// How that person came to know.
    #[schema(schema_with = words::told_if_any)]
    pub told: Option<Told>,
    /// The name that a user gave who reported it without a login; empty if they gave none.
    pub user: Option<String>,
}

/// Something owed by a person by a time.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Owed {
    /// `reach-somebody`, `judge`, `triage`, `tell-directly`, `communicator`, `update`, `review`, `conference`, `follow-up`, `keep-log`,
    /// `report` or `task`.
    pub kind: String,
    /// In words.
    pub what: String,
    /// Who owes it; `null` while nobody is Incident Manager.
    pub owed_by: Option<PersonName>,
    /// By when.
    pub due_at: Timestamp,
    /// When it was settled.
    pub settled_at: Option<Timestamp>,
    /// Whether it is late, or was settled late.
    pub late: bool,
}

/// A search for somebody.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Search {
    /// Its id, for answering it.
    pub id: String,
    /// `take-charge`, `assist`, `hand-over`, `input`, `tell` or `communicate`.
    pub purpose: String,
    /// What the people are asked about.
    pub about: String,
    /// When it began.
    pub started_at: Timestamp,
    /// Whether it goes on.
    pub live: bool,
    /// Whom it asks, in order.
    pub chain: Vec<PersonName>,
    /// Every try, oldest first.
    pub tries: Vec<Try>,
    /// Every answer, oldest first.
    pub answers: Vec<Answer>,
}

/// One try to reach somebody.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Try {
    /// Whom.
    pub person: PersonName,
    /// By what.
    pub means: String,
    /// When.
    pub at: Timestamp,
    /// How often the whole chain had been asked by then, this time included.
    pub round: u32,
    /// What came of it, in the words of the log.
    pub outcome: String,
    /// Whether that is direct contact.
    pub reached: bool,
}

/// What somebody said to a summons.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Answer {
    /// Who.
    pub person: PersonName,
    /// `take`, `know` or `cannot`.
    pub answer: String,
    /// `spoken` or `confirmed`.
    pub proof: String,
    /// When.
    pub at: Timestamp,
    /// Whether it was a mistake and counts no more.
    pub taken_back: bool,
}

/// A row of the call list: a chain of people of whom one must be told directly.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct CallRow {
    /// Its name, for recording a contact.
    pub tell: String,
    /// Whom, in the order to try.
    pub chain: Vec<Callee>,
    /// Every contact that was recorded for it, oldest first.
    pub contacts: Vec<Contacted>,
    /// Whether somebody of it was told directly.
    pub told: bool,
}

/// Somebody to call.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Callee {
    /// Who.
    pub person: PersonName,
    /// What they are.
    pub title: String,
    /// How to reach them, in order; empty for readers.
    pub means: Vec<super::directory::MeansOf>,
}

/// A contact that a person recorded.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Contacted {
    /// By which entry.
    pub entry: u64,
    /// Whom.
    pub person: PersonName,
    /// By what.
    pub means: String,
    /// What came of it.
    pub outcome: String,
    /// Whether that is direct contact.
    pub reached: bool,
    /// When.
    pub at: Timestamp,
    /// Who recorded it.
    pub by: PersonName,
    /// Whether it was a mistake and counts no more.
    pub taken_back: bool,
}

/// An alert of an incident.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct AlertHere {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The sender's name.
    pub source: String,
    /// Whether it still fires.
    pub firing: bool,
    /// Which rule brought it here.
    pub why: String,
}

/// A page of a log.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Entries {
    /// Oldest first.
    pub entries: Vec<LogEntry>,
    /// The IANA name of the zone in which the organisation reads times.
    pub time_zone: String,
    /// `after` for the next page; `null` if there is no more.
    pub next: Option<u64>,
}

/// An entry of a log.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct LogEntry {
    /// 1 for the first; no gaps.
    pub seq: u64,
    /// When it happened.
    pub happened_at: Timestamp,
    /// When it was written.
    pub recorded_at: Timestamp,
    /// Who wrote it; `null` if Muster did.
    pub by: Option<PersonName>,
    /// What kind of fact it is, such as `noted` or `answered`.
    pub fact: String,
    /// What kind of note it is on the form.
    #[schema(schema_with = words::note_kind)]
    pub kind: muster_core::entry::NoteKind,
    /// What it says.
    pub text: String,
    /// What it proves, or fails to prove, if it is about a contact.
    pub proof: Option<Proof>,
    /// What it should have said, if it was corrected.
    pub corrected: Option<String>,
    /// The entry that took it back.
    pub taken_back_by: Option<u64>,
}

/// What an entry proves about a contact.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Proof {
    /// Whether it counts as direct contact.
    pub counts: bool,
    /// In words.
    pub words: String,
}

/// What came of an act.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Done {
    /// The incident as it is now.
    pub incident: Brief,
    /// Numbers of the entries that were written: none if nothing changed, or if the same request came before.
    pub entries: Vec<u64>,
}

impl Brief {
    /// `incident` as it is at `now`, on the site at `public_url`.
    #[must_use]
    pub fn of(incident: &Incident, now: Timestamp, public_url: &str) -> Self {
        Self {
            number: incident.number.clone(),
            title: incident.title.clone(),
            state: incident.state,
            kind: incident.kind.clone(),
            kind_words: incident.kind_words().to_owned(),
            severity: incident.severity.map(SeverityNumber),
            phase: incident.phase,
            went_down: incident.went_down.map(Into::into),
            discovered_at: incident.discovered_at,
            recorded_at: incident.recorded_at,
            restored_at: incident.restored_at,
            outage_seconds: incident.outage(now).map(|span| span.as_secs()),
            manager: incident.manager.as_ref().map(|m| (&m.person).into()),
            systems: incident.systems.iter().map(|s| SystemName { id: s.id.0.clone(), name: s.name.clone() }).collect(),
            restricted: incident.is_restricted(),
            seq: incident.seq,
            url: format!("{public_url}/incidents/{}", incident.number),
        }
    }
}

impl Full {
    /// All of `incident`; how to reach people only if `with_means`.
    #[must_use]
    pub fn of(
        incident: &Incident,
        at_work: Vec<super::claims::AtWork>,
        now: Timestamp,
        public_url: &str,
        with_means: bool,
    ) -> Self {
        let user = match &incident.origin {
            Origin::User { name, .. } => Some(name.clone()),
            Origin::Alert { .. } | Origin::Person { .. } => None,
        };
        let (source, person, told) = match &incident.origin {
            Origin::Alert { source, .. } => (Some(source.clone()), None, None),
            Origin::User { .. } => (None, None, None),
            Origin::Person { person, told } => (None, Some(person.into()), Some(*told)),
        };
        Self {
            incident: Brief::of(incident, now, public_url),
            time_zone: incident.terms.time_zone.clone(),
            discovered_by: Discovery { source, person, told, user },
            affected: incident.affected,
            people_affected: incident.head_count(),
            populations: incident.hits().into_iter().map(Into::into).collect(),
            triage: Triaged::of(incident),
            symptoms: incident.symptoms.clone(),
            cause: incident.determined_cause(),
            resolution: incident.resolution.clone(),
            recovered_at: incident.recovered_at,
            duties: duty::duties(incident).iter().map(|d| Owed::of(d, now)).collect(),
            at_work,
            summonses: incident.summonses.iter().map(Search::of).collect(),
            call_list: incident.tells.iter().map(|tell| CallRow::of(incident, tell, with_means)).collect(),
            alerts: incident.alerts.iter().map(AlertHere::of).collect(),
            others: Other::all_of(incident),
            restriction: incident.restriction.now.as_ref().map(Into::into),
            staff: incident.staff.iter().map(Into::into).collect(),
            roles: super::roles::Roles::of(incident),
            course: super::course::Course::of(incident),
            gathering: super::gathering::Gathering::of(incident),
            checklist: super::checklist::StepHere::all_of(incident),
            communications: super::comms::Communications::of(incident),
            report: incident.report.as_ref().map(|(_, reference)| reference.clone()),
        }
    }
}

impl Owed {
    fn of(duty: &Duty, now: Timestamp) -> Self {
        Self {
            kind: duty.id.kind.word().to_owned(),
            what: duty.what.clone(),
            owed_by: duty.owed_by.as_ref().map(Into::into),
            due_at: duty.due,
            settled_at: duty.settled,
            late: duty.is_late(now),
        }
    }
}

impl Search {
    fn of(summons: &Summons) -> Self {
        let whom = |candidate: usize| summons.chain.get(candidate).map(|c| PersonName::from(&c.person));
        let tries = summons.attempts.iter().filter_map(|a| {
            Some(Try {
                person: whom(a.candidate)?,
                means: a.means.word().to_owned(),
                at: a.at,
                round: a.round,
                outcome: a.outcome.word().to_owned(),
                reached: a.outcome.proof().is_some(),
            })
        });
        let answers = summons.answers.iter().map(|g| Answer {
            person: (&g.person).into(),
            answer: super::word_of(&g.answer),
            proof: g.proof.word().to_owned(),
            at: g.at,
            taken_back: g.taken_back,
        });
        let purpose = match summons.purpose {
            Purpose::TakeCharge => "take-charge",
            Purpose::Assist => "assist",
            Purpose::HandOver => "hand-over",
            Purpose::Release => "release",
            Purpose::Input => "input",
            Purpose::Tell => "tell",
            Purpose::Communicate => "communicate",
        };
        Self {
            id: summons.id.0.clone(),
            purpose: purpose.to_owned(),
            about: summons.about.clone(),
            started_at: summons.started_at,
            live: summons.is_live(),
            chain: summons.chain.iter().map(|c| (&c.person).into()).collect(),
            tries: tries.collect(),
            answers: answers.collect(),
        }
    }
}

impl CallRow {
    fn of(incident: &Incident, tell: &muster_core::entry::Tell, with_means: bool) -> Self {
        let callee = |c: &Candidate| Callee {
            person: (&c.person).into(),
            title: c.title.clone(),
            means: if with_means { c.means.iter().map(Into::into).collect() } else { Vec::new() },
        };
        let here = |c: &&Contact| c.tell.as_deref() == Some(tell.name.as_str());
        Self {
            tell: tell.name.clone(),
            chain: tell.chain.iter().map(callee).collect(),
            contacts: incident.contacts.iter().filter(here).map(Contacted::of).collect(),
            told: incident.told(tell).is_some(),
        }
    }
}

impl Contacted {
    fn of(contact: &Contact) -> Self {
        let outcome: Outcome = contact.outcome;
        Self {
            entry: contact.entry,
            person: (&contact.person).into(),
            means: contact.means.word().to_owned(),
            outcome: outcome.word().to_owned(),
            reached: outcome.proof().is_some(),
            at: contact.at,
            by: (&contact.by).into(),
            taken_back: contact.taken_back,
        }
    }
}

impl AlertHere {
    fn of((id, alert): (&muster_core::ids::AlertId, &muster_core::incident::AlertHere)) -> Self {
        Self {
            id: id.0.clone(),
            title: alert.title.clone(),
            source: alert.source.clone(),
            firing: alert.status == muster_core::alert::Status::Firing,
            why: alert.why.clone(),
        }
    }
}

impl LogEntry {
    /// `entry` of the log of `incident`, in words.
    #[must_use]
    pub fn of(entry: &Entry, incident: &Incident) -> Self {
        Self {
            corrected: incident.corrections.get(&entry.seq).map(|c| c.text.clone()),
            taken_back_by: incident.taken_back.get(&entry.seq).copied(),
            ..Self::said(entry, line(entry, incident))
        }
    }

    /// `entry` of the log of a system, in words.
    #[must_use]
    pub fn of_system(entry: &Entry, claims: &Claims) -> Self {
        Self::said(entry, line_of(entry, &claims.summonses, &claims.time_zone))
    }

    fn said(entry: &Entry, line: Line) -> Self {
        let text = match line.lead.is_empty() {
            true => line.text,
            false => format!("{} {}", line.lead, line.text),
        };
        Self {
            seq: entry.seq,
            happened_at: entry.happened_at,
            recorded_at: entry.recorded_at,
            by: entry.author.person().map(Into::into),
            fact: entry.fact.kind().to_owned(),
            kind: line.kind,
            text,
            proof: line.proof.map(|(counts, words)| Proof { counts, words }),
            corrected: None,
            taken_back_by: None,
        }
    }
}
