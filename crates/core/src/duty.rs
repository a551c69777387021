//! Duties: who owes what by when, and what settles it. Computed from the incident, never scheduled;
//! the clock row on a page, the nag, the escalation and the compliance figure read this one list.

use crate::contact::Proof;
use crate::entry::{MeetingKind, Purpose, Tell};
use crate::ids::PersonRef;
use crate::incident::{Incident, State, Update};
use crate::subject::{Subject, next_move};
use crate::words::{all_of, lower_first};
use crate::{Span, Time, later};
use std::fmt;

/// Something owed by a person by a time.
#[derive(Clone, PartialEq, Debug)]
pub struct Duty {
    /// Stable: the same duty has the same id at every reading.
    pub id: DutyId,
    /// What is owed, in words: "Tell user support directly".
    pub what: String,
    /// Who owes it. None while nobody is Incident Manager: then Muster is looking for one.
    pub owed_by: Option<PersonRef>,
    /// Since when it is owed.
    pub since: Time,
    /// By when.
    pub due: Time,
    /// The proof of direct contact that settles it, if it is about reaching somebody.
    pub proof: Option<Proof>,
    /// When it was settled.
    pub settled: Option<Time>,
}

/// Which duty of its subject.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct DutyId {
    /// What kind.
    pub kind: DutyKind,
    /// Which one of that kind: the name of a chain, the number of an entry.
    pub occurrence: String,
}

/// The kinds of duty in use.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum DutyKind {
    /// Reach the on-call contact, so that somebody is Incident Manager (DEF-6, DIS-5).
    ReachSomebody,
    /// Say whether a suspected incident is one, and how bad (DEF-6).
    Judge,
    /// Say who is hit, how, and how urgent it is (DIS-3).
    Triage,
    /// Tell somebody directly (DIS-4).
    TellDirectly,
    /// Find a Communications Manager, or decide that none is needed (ESC-3).
    Communicator,
    /// Tell an audience of the communications plan how things stand (COM-2, RES-2).
    Update,
    /// Sign an update off, or send it back (COM-1).
    SignUpdate,
    /// Hold the team's review meeting, which is always the next one (RES-1).
    Review,
    /// Hold the status review conference (RES-6).
    Conference,
    /// Chair management's progress meeting, once one was agreed (RES-1).
    ProgressMeeting,
    /// Tell everybody who was contacted that it is over (RES-4).
    FollowUp,
    /// Keep the log fresh (DOC-2).
    KeepLog,
    /// Write the service disruption report (SDR-1).
    Report,
    /// Do what one was given to do, within its time-box (EVAL-4).
    Task,
    /// Sign a version of the procedure for a group, or say why not (POL-3).
    SignOff,
}

impl DutyKind {
    /// Every kind.
    pub const ALL: [Self; 15] = [
        Self::ReachSomebody,
        Self::Judge,
        Self::Triage,
        Self::TellDirectly,
        Self::Communicator,
        Self::Update,
        Self::SignUpdate,
        Self::Review,
        Self::Conference,
        Self::ProgressMeeting,
        Self::FollowUp,
        Self::KeepLog,
        Self::Report,
        Self::Task,
        Self::SignOff,
    ];

    /// The word for it: in code, SQL and URLs.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::ReachSomebody => "reach-somebody",
            Self::Judge => "judge",
            Self::Triage => "triage",
            Self::TellDirectly => "tell-directly",
            Self::Communicator => "communicator",
            Self::Update => "update",
            Self::SignUpdate => "sign-update",
            Self::Review => "review",
            Self::Conference => "conference",
            Self::ProgressMeeting => "progress-meeting",
            Self::FollowUp => "follow-up",
            Self::KeepLog => "keep-log",
            Self::Report => "report",
            Self::Task => "task",
            Self::SignOff => "sign-off",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.word() == word)
    }
}

impl fmt::Display for DutyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind.word(), self.occurrence)
    }
}

/// How often somebody is reminded of a late duty.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Nags {
    /// The time between two reminders.
    pub every: Span,
    /// How many there are at most.
    pub at_most: u32,
    /// From which one on the next in line hears of it too.
    pub climbs_from: u32,
}

impl Duty {
    /// Whether it is late at `now`, or was settled late.
    #[must_use]
    pub fn is_late(&self, now: Time) -> bool {
        self.settled.unwrap_or(now) > self.due
    }

    /// Which reminder is due at `now`: 1 when it is late, 2 an interval later, and so on; none before,
    /// once settled, or after the last. Only the newest counts: a gap of ours makes no backlog.
    #[must_use]
    pub fn nag_step(&self, nags: Nags, now: Time) -> Option<u32> {
        if self.settled.is_some() || now < self.due {
            return None;
        }
        let every = nags.every.as_millis().max(1);
        let step = now.duration_since(self.due).as_millis() / every + 1;
        let step = u32::try_from(step).unwrap_or(u32::MAX);
        (step <= self.reminders(nags)).then_some(step)
    }

    /// How many reminders it gets at most. Whether somebody is to speak for an incident is asked until it is decided (ESC-3).
    fn reminders(&self, nags: Nags) -> u32 {
        if self.id.kind == DutyKind::Communicator { u32::MAX } else { nags.at_most }
    }

    /// When its next reminder is due after `now`.
    pub(crate) fn next_nag(&self, nags: Nags, now: Time) -> Option<Time> {
        if self.settled.is_some() {
            return None;
        }
        let past = self.nag_step(nags, now).unwrap_or(if now < self.due { 0 } else { u32::MAX });
        let steps = i32::try_from(past).ok().filter(|_| past < self.reminders(nags))?;
        Some(later(self.due, nags.every.checked_mul(steps)?))
    }
}

/// Everything that the incident owes or owed, in the order of its kinds.
#[must_use]
pub fn duties(incident: &Incident) -> Vec<Duty> {
    let mut duties = Vec::new();
    duties.extend(reach_somebody(incident));
    duties.extend(judge(incident));
    duties.extend(triage(incident));
    duties.extend(tell_directly(incident));
    duties.extend(communicator(incident));
    duties.extend(updates(incident));
    duties.extend(sign_updates(incident));
    duties.extend(meetings(incident));
    duties.extend(follow_up(incident));
    duties.extend(keep_log(incident));
    duties.extend(report(incident));
    duties.extend(tasks(incident));
    duties
}

/// When the incident must next be looked at again by itself, if ever.
#[must_use]
pub fn next_due(incident: &Incident, now: Time, up_since: Time) -> Option<Time> {
    let opens = (incident.state == State::Suspected).then(|| incident.opens_by_itself_at());
    let summonses = next_move(&incident.summonses, now, up_since);
    let nags = duties(incident).into_iter().filter_map(|d| d.next_nag(incident.nags(), now));
    let tells = incident.tells_change_at(now);
    opens.into_iter().chain(summonses).chain(nags).chain(tells).min()
}

impl Incident {
    /// When a suspected incident is open although nobody has judged it (DEF-6). Whoever takes it is
    /// an answer, and gets the same time to judge it from then on.
    #[must_use]
    pub fn opens_by_itself_at(&self) -> Time {
        let answered = self.managers.first().map_or(self.recorded_at, |m| m.since.max(self.recorded_at));
        later(answered, self.terms.policy.open_unanswered_after)
    }

    fn manager_ref(&self) -> Option<PersonRef> {
        self.manager.as_ref().map(|m| m.person.clone())
    }
}

/// Owed by Muster itself, from discovery until somebody is Incident Manager or nothing is left to manage.
fn reach_somebody(incident: &Incident) -> Option<Duty> {
    let search = incident.summonses.iter().find(|s| s.purpose == Purpose::TakeCharge)?;
    let settled = incident.managers.first().map(|m| m.since);
    if settled.is_none() && !incident.state.is_live() {
        return None;
    }
    Some(Duty {
        id: DutyId { kind: DutyKind::ReachSomebody, occurrence: "1".into() },
        what: format!("Reach somebody who takes it: {}", search.about),
        owed_by: incident.manager_ref(),
        since: search.started_at,
        due: later(search.started_at, incident.terms.policy.reach_within),
        proof: Some(Proof::Confirmed),
        settled,
    })
}

/// Owed by whoever has taken a suspected incident, until it opens by itself.
fn judge(incident: &Incident) -> Option<Duty> {
    let manager = incident.manager.as_ref().filter(|_| incident.state == State::Suspected)?;
    Some(Duty {
        id: DutyId { kind: DutyKind::Judge, occurrence: "1".into() },
        what: "Say whether it is real, and how bad".into(),
        owed_by: Some(manager.person.clone()),
        since: manager.since,
        due: incident.opens_by_itself_at(),
        proof: None,
        settled: None,
    })
}

/// Owed by whoever is in charge of an open incident that nobody has triaged: some time after both were so.
fn triage(incident: &Incident) -> Option<Duty> {
    let taken = incident.managers.first()?.since;
    let settled = incident.triaged_at;
    if settled.is_none() && incident.state != State::Open {
        return None;
    }
    let since = incident.open_since.map_or(taken, |open| open.max(taken));
    Some(Duty {
        id: DutyId { kind: DutyKind::Triage, occurrence: "1".into() },
        what: "Triage it".into(),
        owed_by: incident.manager_ref(),
        since,
        due: later(since, incident.terms.policy.triage_within),
        proof: None,
        settled,
    })
}

/// Owed once the incident is open: a suspected one owes to reach the on-call contact, and to be judged by them.
fn tell_directly(incident: &Incident) -> Vec<Duty> {
    // What was not told by restoration is not owed any more, but what was told stays on record.
    let owed = incident.state == State::Open;
    let duty = |tell: &Tell| {
        let settled = incident.told(tell).map(|c| c.at);
        (owed || settled.is_some()).then(|| Duty {
            id: DutyId { kind: DutyKind::TellDirectly, occurrence: tell.name.clone() },
            what: format!("Tell {} directly", lower_first(&tell.name)),
            owed_by: incident.tells_for(tell).cloned(),
            since: tell.since.unwrap_or(incident.discovered_at),
            due: tell_due(incident, tell),
            proof: Some(Proof::Spoken),
            settled,
        })
    };
    incident.tells.iter().filter_map(duty).collect()
}

/// By when somebody of that list is told: some time after triage, and at the latest some time after discovery (DIS-4).
/// What came to be owed later is due from then on.
#[must_use]
pub fn tell_due(incident: &Incident, tell: &Tell) -> Time {
    if let Some(since) = planted!("owed-since-ever", tell.since, None) {
        return later(since, tell.after_discovery);
    }
    let discovered = planted!("due-from-receipt", incident.discovered_at, incident.recorded_at);
    let latest = later(discovered, tell.after_discovery);
    let triaged = planted!("triage-hurries-nobody", incident.triaged_at, None);
    triaged.map_or(latest, |at| later(at, tell.after_triage).min(latest))
}

/// Owed by the Incident Manager from when the policy asks for one, while nobody is Communications Manager: to find one,
/// or to say why none is needed.
fn communicator(incident: &Incident) -> Option<Duty> {
    let roles = &incident.roles;
    let proposed = roles.proposed.as_ref()?;
    let decided = roles.communicator.as_ref().map(|c| c.since).into_iter().chain(roles.declined.as_ref().map(|d| d.0));
    let settled = decided.min();
    (settled.is_some() || incident.state == State::Open).then(|| Duty {
        id: DutyId { kind: DutyKind::Communicator, occurrence: (roles.left + 1).to_string() },
        what: "Find a Communications Manager, or say why none is needed".into(),
        owed_by: incident.manager_ref(),
        since: proposed.at,
        due: later(proposed.at, incident.terms.policy.communicator.within),
        proof: None,
        settled,
    })
}

/// Owed by whom the plan names: the next update of each of its rows.
fn updates(incident: &Incident) -> Vec<Duty> {
    let next = |planned: &crate::incident::Planned| {
        let (since, due) = incident.next_update(planned)?;
        let row = &planned.row;
        let last = incident.comms.last_told(row.number).map_or(0, |(number, _)| number);
        Some(Duty {
            id: DutyId { kind: DutyKind::Update, occurrence: format!("{}.{last}", row.number) },
            what: match incident.comms.half_told(row.number) {
                Some(update) => format!(
                    "Tell {} update {} by hand",
                    all_of(&update.left_by_hand().collect::<Vec<_>>()),
                    update.number
                ),
                None => format!("Update {}", lower_first(&row.name)),
            },
            owed_by: incident.writes_for(row).cloned(),
            since,
            due,
            proof: None,
            settled: None,
        })
    };
    incident.comms.rows.iter().filter_map(next).collect()
}

/// Owed by whoever the plan names to sign it off, from when they were asked until the deputy may.
fn sign_updates(incident: &Incident) -> Vec<Duty> {
    let live = matches!(incident.state, State::Open | State::Restored);
    let asked = |update: &Update| {
        let row = &incident.comms.row(update.row)?.row;
        let (signer, since) = (row.signer.clone()?, update.asked_at?);
        let settled = update.signed.as_ref().map(|(at, _)| *at);
        (live || settled.is_some()).then(|| Duty {
            id: DutyId { kind: DutyKind::SignUpdate, occurrence: update.number.to_string() },
            what: format!("Sign update {} for {} off", update.number, lower_first(&row.name)),
            owed_by: Some(signer),
            since,
            due: later(since, row.deputy_after),
            proof: None,
            settled,
        })
    };
    incident.comms.updates.iter().filter_map(asked).collect()
}

/// Owed by the Incident Manager: the next meeting, and those that were held, each against the time it was due.
fn meetings(incident: &Incident) -> Vec<Duty> {
    let kinds = [
        (MeetingKind::Team, DutyKind::Review, "Hold the review meeting of the team"),
        (MeetingKind::Conference, DutyKind::Conference, "Hold a status review conference"),
        (MeetingKind::Management, DutyKind::ProgressMeeting, "Chair the progress meeting of management"),
    ];
    let next = |(meeting, kind, what): (MeetingKind, DutyKind, &str)| {
        let (since, due) = incident.next_meeting(meeting)?;
        let manager = incident.manager_ref()?;
        let last = incident.last_meeting(meeting).map_or(0, |m| m.entry);
        Some(Duty {
            id: DutyId { kind, occurrence: last.to_string() },
            what: what.into(),
            owed_by: Some(manager),
            since,
            due,
            proof: None,
            settled: None,
        })
    };
    kinds.into_iter().filter_map(next).collect()
}

/// Owed by whoever speaks for it, once service is back.
fn follow_up(incident: &Incident) -> Option<Duty> {
    let ended = incident.course.ended_at.filter(|_| matches!(incident.state, State::Restored | State::Closed))?;
    if incident.contacted().is_empty() {
        return None;
    }
    let left = incident.to_follow_up();
    let settled = left.is_empty().then(|| incident.course.followed_up.iter().map(|f| f.at).max()).flatten();
    let speaks = incident.roles.communicator.as_ref().map(|c| c.person.clone());
    Some(Duty {
        id: DutyId { kind: DutyKind::FollowUp, occurrence: ended.as_millisecond().to_string() },
        what: "Tell everybody who was contacted that it is over".into(),
        owed_by: speaks.or_else(|| incident.manager_ref()),
        since: ended,
        due: later(ended, incident.terms.policy.follow_up_within),
        proof: None,
        settled,
    })
}

/// Owed by the Incident Manager while the incident is open: an entry by a person, at the phase's pace.
fn keep_log(incident: &Incident) -> Option<Duty> {
    let manager = incident.manager.as_ref().filter(|_| incident.state == State::Open)?;
    let (since, entry) = incident.last_act.unwrap_or((manager.since, incident.seq));
    Some(Duty {
        id: DutyId { kind: DutyKind::KeepLog, occurrence: entry.to_string() },
        what: "Write down what has happened".into(),
        owed_by: Some(manager.person.clone()),
        since,
        due: later(since, incident.terms.policy.log_silence.of(incident.phase)),
        proof: None,
        settled: None,
    })
}

/// Owed by the Incident Manager at restoration.
fn report(incident: &Incident) -> Option<Duty> {
    let restored = incident.restored_at.filter(|_| matches!(incident.state, State::Restored | State::Closed))?;
    let terms = &incident.terms;
    let rule = terms.policy.report;
    // A time zone that this release does not know: the policy's time counts in UTC then.
    let due = terms
        .calendar
        .due(&terms.time_zone, restored, rule.business_days, rule.hour)
        .or_else(|_| terms.calendar.due("UTC", restored, rule.business_days, rule.hour))
        .unwrap_or(restored);
    Some(Duty {
        id: DutyId { kind: DutyKind::Report, occurrence: restored.as_millisecond().to_string() },
        what: "Write the service disruption report".into(),
        owed_by: incident.manager_ref(),
        since: restored,
        due,
        proof: None,
        settled: incident.report.as_ref().map(|(at, _)| *at),
    })
}

/// Owed by whom they were given to, while service is away; what was done stays on record.
fn tasks(incident: &Incident) -> Vec<Duty> {
    let owed = incident.state.is_live();
    let shown = |task: &&crate::incident::Task| match &task.ended {
        Some((done, _)) => *done,
        None => owed,
    };
    let duty = |task: &crate::incident::Task| Duty {
        id: DutyId { kind: DutyKind::Task, occurrence: task.number.to_string() },
        what: format!("Task {}: {}", task.number, task.set.text),
        owed_by: Some(task.assignee.clone()),
        since: task.set.at,
        due: task.due,
        proof: None,
        settled: task.ended.as_ref().map(|(_, ended)| ended.at),
    };
    incident.plan.tasks.iter().filter(shown).map(duty).collect()
}
