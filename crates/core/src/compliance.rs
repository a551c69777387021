//! How an incident kept its duties: what was owed, by whom, by when, and what became of it.
//!
//! A reading of the one list of [duties](crate::duty), entry by entry: what is settled says so itself; what comes again and
//! again, such as the next review meeting, was kept when the next of its kind came to be owed.

use crate::duty::{Duty, DutyId, DutyKind};
use crate::entry::{Author, Entry, Fact, MeetingKind};
use crate::incident::Incident;
use crate::subject::Subject;
use crate::{Span, Time};
use std::collections::BTreeMap;

/// A duty, and what became of it.
#[derive(Clone, PartialEq, Debug)]
pub struct Owed {
    /// What was owed, as it stood last.
    pub duty: Duty,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a duty.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    /// It is still owed.
    Open,
    /// It was done then.
    Done(Time),
    /// It came not to be owed any more then, and nobody had done it: service was back, an audience was dropped.
    Lapsed(Time),
}

/// How a duty stands against its time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Verdict {
    /// Done by its time.
    InTime,
    /// Done, or still not done, this long after its time.
    Late(Span),
    /// Its time went by, and then it was not owed any more.
    Missed,
    /// Its time has not come, or it was not owed any more before that.
    None,
}

impl Owed {
    /// How it stands at `now`.
    #[must_use]
    pub fn verdict(&self, now: Time) -> Verdict {
        let due = self.duty.due;
        let late = |at: Time| Verdict::Late(at.duration_since(due));
        match self.fate {
            Fate::Done(at) if at <= due => Verdict::InTime,
            Fate::Done(at) => late(at),
            Fate::Open if now > due => late(now),
            Fate::Lapsed(at) if at >= due => Verdict::Missed,
            Fate::Open | Fate::Lapsed(_) => Verdict::None,
        }
    }
}

/// How many of an incident's duties ended how.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Figures {
    /// Done by their time.
    pub in_time: usize,
    /// Done late, or late and still owed.
    pub late: usize,
    /// Not done at all.
    pub missed: usize,
}

impl Figures {
    /// Of all that had to be done by `now`.
    #[must_use]
    pub fn of(all: &[Owed], now: Time) -> Self {
        let mut figures = Self::default();
        for owed in all {
            match owed.verdict(now) {
                Verdict::InTime => figures.in_time += 1,
                Verdict::Late(_) => figures.late += 1,
                Verdict::Missed => figures.missed += 1,
                Verdict::None => {}
            }
        }
        figures
    }

    /// How many had to be done.
    #[must_use]
    pub fn all(self) -> usize {
        self.in_time + self.late + self.missed
    }
}

/// Everything that the incident of that log owed, in the order in which it came to be owed.
#[must_use]
pub fn owed(log: &[Entry]) -> Vec<Owed> {
    let mut incident: Option<Incident> = None;
    let mut now: BTreeMap<DutyId, Duty> = BTreeMap::new();
    let mut ended = Vec::new();
    for entry in log {
        let Some(folded) = &mut incident else {
            incident = Incident::begin(entry);
            continue;
        };
        folded.apply(entry);
        let next: BTreeMap<_, _> = folded.duties().into_iter().map(|d| (d.id.clone(), owed_then(d, &now))).collect();
        let gone = now.into_iter().filter(|(id, _)| !next.contains_key(id));
        let gone = gone.map(|(_, duty)| Owed { fate: fate(&duty, &next, entry), duty });
        // Every entry settles the duty to write one: of a log that was kept, only the silences are worth a line.
        ended.extend(
            gone.filter(|o| {
                o.duty.id.kind != DutyKind::KeepLog || !matches!(o.fate, Fate::Done(at) if at <= o.duty.due)
            }),
        );
        now = next;
    }
    let left = now.into_values().map(|duty| Owed { fate: duty.settled.map_or(Fate::Open, Fate::Done), duty });
    let mut all: Vec<_> = ended.into_iter().chain(left).collect();
    all.sort_by(|a, b| (a.duty.since, &a.duty.id).cmp(&(b.duty.since, &b.duty.id)));
    all
}

/// A duty that was settled before is whose it was then, whoever has taken the rest over since.
fn owed_then(duty: Duty, before: &BTreeMap<DutyId, Duty>) -> Duty {
    match before.get(&duty.id).filter(|known| known.settled.is_some() && duty.settled.is_some()) {
        Some(known) => Duty { owed_by: known.owed_by.clone(), ..duty },
        None => duty,
    }
}

/// What became of a duty that `entry` has taken off the list.
fn fate(duty: &Duty, next: &BTreeMap<DutyId, Duty>, entry: &Entry) -> Fate {
    let again = next.values().find(|n| family(&n.id) == family(&duty.id) && n.id.kind == duty.id.kind);
    let by_hand = matches!(entry.author, Author::Person(_));
    match (duty.settled, again, duty.id.kind) {
        (Some(at), ..) => Fate::Done(at),
        (None, Some(again), kind) if repeats(kind) => Fate::Done(again.since),
        // Another is owed only if one was agreed.
        (None, None, DutyKind::ProgressMeeting) if matches!(&entry.fact, Fact::MeetingHeld(f) if f.kind == MeetingKind::Management) => {
            Fate::Done(entry.happened_at)
        }
        // To send it back is an answer too.
        (None, _, DutyKind::SignUpdate) if matches!(&entry.fact, Fact::UpdateReturned(_)) => {
            Fate::Done(entry.recorded_at)
        }
        // It is settled by saying either, and opens by itself when nobody does.
        (None, _, DutyKind::Judge) if by_hand => Fate::Done(entry.recorded_at),
        _ => Fate::Lapsed(entry.recorded_at),
    }
}

/// Whether doing it makes the next one.
fn repeats(kind: DutyKind) -> bool {
    matches!(
        kind,
        DutyKind::KeepLog | DutyKind::Review | DutyKind::Conference | DutyKind::ProgressMeeting | DutyKind::Update
    )
}

/// What one and the next of a kind have in common: the row of an update; nothing of a meeting.
fn family(id: &DutyId) -> &str {
    match id.kind {
        DutyKind::Update => id.occurrence.split('.').next().unwrap_or_default(),
        _ => "",
    }
}
