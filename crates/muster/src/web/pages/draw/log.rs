//! The log of an incident: its newest entries, filtered, under the heading of their day.

use super::Eyes;
use crate::web::view::parts::{Day, Field, Filter, Log, Prose, Stamp};
use muster_core::entry::{Entry, NoteKind};
use muster_core::incident::{self, Incident};
use std::collections::BTreeMap;
use tries::Line;

mod entry;
mod shape;
#[cfg(test)]
mod tests;
mod tries;

/// Most entries on one page of a log; older ones are a link away.
pub const ENTRIES_MOST: usize = 100;

/// Lines that a page shows at first, and how many more it then shows at a time: the forms below stay in reach.
pub const ENTRIES_FIRST: usize = 20;
const ENTRIES_MORE: usize = 15;

/// What part of the log the reader wants to see, and what they do with an entry of it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Wanted {
    /// Only entries of this kind.
    pub show: Option<NoteKind>,
    /// Only entries below this number.
    pub before: Option<u64>,
    /// How many, if not as many as at first.
    pub shown: Option<usize>,
    /// As it was known when this entry was its newest.
    pub as_of: Option<u64>,
    /// The entry to correct.
    pub correct: Option<u64>,
    /// The entry to take back.
    pub take_back: Option<u64>,
}

impl Wanted {
    /// From what stands behind the question mark of the address; what makes no sense is left out.
    #[must_use]
    pub fn read(query: &BTreeMap<String, String>) -> Self {
        let number = |name: &str| query.get(name).and_then(|n| n.parse().ok());
        Self {
            show: query.get("show").and_then(|kind| NoteKind::from_word(kind)),
            before: number("before"),
            shown: query.get("shown").and_then(|n| n.parse().ok()),
            as_of: number("as-of"),
            correct: number("correct"),
            take_back: number("take-back"),
        }
    }

    /// Most lines of it that are shown, of which `wanted` are there: as many as were asked for, and further if an
    /// entry whose form is wanted lies deeper.
    fn most(&self, wanted: &[Line<'_>]) -> usize {
        let first = if self.before.is_some() { ENTRIES_MOST } else { ENTRIES_FIRST };
        let asked = self.shown.unwrap_or(first).clamp(ENTRIES_FIRST, ENTRIES_MOST);
        let open = self.correct.or(self.take_back);
        let reaches = open.and_then(|seq| wanted.iter().position(|l| l.newest.seq == seq)).map_or(0, |at| at + 1);
        asked.max(reaches).min(wanted.len())
    }

    /// The newest entries of that kind, or of all, as known at the same moment.
    fn part(&self, show: Option<NoteKind>) -> Self {
        Self { show, as_of: self.as_of, ..Self::default() }
    }

    /// The same part of the log, with `more` behind it.
    fn and(&self, more: &str) -> String {
        let show = self.show.map(|kind| format!("show={}", kind.word()));
        let before = self.before.map(|n| format!("before={n}"));
        let shown = self.shown.map(|n| format!("shown={n}"));
        let as_of = self.as_of.map(|n| format!("as-of={n}"));
        let more = Some(more.to_owned()).filter(|m| !m.is_empty());
        format!("?{}", [as_of, show, before, shown, more].into_iter().flatten().collect::<Vec<_>>().join("&"))
    }
}

/// An entry form that came back: what was typed, and why it was refused.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Returned {
    /// The text or the reason, with what is wrong with it.
    pub field: Field,
    /// When it happened, of a correction.
    pub happened: Field,
    /// Why it was refused as a whole.
    pub refused: Option<String>,
}

/// Everything that the log is drawn from.
pub struct Source<'a> {
    /// Whose log.
    pub incident: &'a Incident,
    /// Its newest entries below what is [wanted](Wanted::before), newest first, at most what was read.
    pub entries: &'a [Entry],
    /// Which part of it.
    pub wanted: &'a Wanted,
    /// What came of checking the chain; none if not all of it was read.
    pub checked: Option<Result<(), String>>,
    /// Who else has it open.
    pub others: &'a [String],
    /// Hidden fields of entry forms.
    pub stamp: &'a Stamp,
    /// An entry form that came back.
    pub returned: Option<Returned>,
}

/// The log as a page shows it.
#[must_use]
pub fn log(source: &Source<'_>, eyes: &Eyes<'_>) -> Log {
    let incident = source.incident;
    let kind = |e: &Entry| incident::line(e, incident).kind;
    let wanted: Vec<&Entry> =
        source.entries.iter().filter(|e| source.wanted.show.is_none_or(|k| k == kind(e))).collect();
    let wanted = tries::lines(&wanted);
    let shown = &wanted[..source.wanted.most(&wanted)];
    let mut days: Vec<Day> = Vec::new();
    for line in shown {
        let heading = format!("{}, times in {}", eyes.times.day(line.newest.recorded_at), eyes.times.zone());
        if days.last().is_none_or(|day| day.heading != heading) {
            days.push(Day { heading, entries: Vec::new() });
        }
        if let Some(day) = days.last_mut() {
            day.entries.push(tries::line(line, source, eyes));
        }
    }
    Log {
        filters: filters(source),
        days,
        presence: presence(source.others),
        foot: foot(source, eyes),
        earlier: earlier(source, shown, wanted.len()),
    }
}

fn presence(others: &[String]) -> Option<String> {
    match others {
        [] => None,
        [one] => Some(format!("{one} is here too.")),
        [most @ .., last] => Some(format!("{} and {last} are here too.", most.join(", "))),
    }
}

fn foot(source: &Source<'_>, eyes: &Eyes<'_>) -> Prose {
    let n = source.incident.seq;
    let entries = if n == 1 { "1 entry".to_owned() } else { format!("{n} entries") };
    match &source.checked {
        Some(Ok(())) => Prose::from(format!("{entries}, chain unbroken, checked at "))
            .when(eyes.times.at(eyes.times.now()))
            .text("."),
        Some(Err(wrong)) => Prose::from(format!("{entries}. ")).bold(format!("The chain is broken: {wrong}.")),
        None => Prose::from(format!("{entries}. The incident form proves the whole chain.")),
    }
}

/// Where older entries are: below the oldest that is shown, or below the oldest that was read.
fn earlier(source: &Source<'_>, shown: &[Line<'_>], wanted: usize) -> Option<(String, String)> {
    let oldest = match wanted > shown.len() {
        true => shown.last().map(|l| l.newest.seq)?,
        false => source.entries.last().map(|e| e.seq)?,
    };
    if oldest <= 1 {
        return None;
    }
    if source.wanted.before.is_none() && shown.len() < ENTRIES_MOST && wanted > shown.len() {
        let more = ENTRIES_MORE.min(wanted - shown.len());
        let longer = Wanted { shown: Some(shown.len() + more), ..source.wanted.part(source.wanted.show) };
        let words = if more == 1 { "Show 1 more entry".into() } else { format!("Show {more} more entries") };
        return Some((format!("{}#e{oldest}", longer.and("")), words));
    }
    let older = Wanted { before: Some(oldest), ..source.wanted.part(source.wanted.show) };
    Some((format!("{}#log", older.and("")), "Show older entries".into()))
}

/// `All 31`, then each kind that is there with its count, as far as everything was read.
fn filters(source: &Source<'_>) -> Vec<Filter> {
    let whole = source.wanted.before.is_none() && source.entries.last().is_none_or(|e| e.seq == 1);
    let mut counts: BTreeMap<NoteKind, usize> = BTreeMap::new();
    source.entries.iter().for_each(|e| *counts.entry(incident::line(e, source.incident).kind).or_default() += 1);
    let all = Filter {
        label: format!("All {}", source.incident.seq),
        href: format!("{}#log", source.wanted.part(None).and("")),
        icon: None,
        on: source.wanted.show.is_none(),
    };
    let kinds = NoteKind::ALL.into_iter().filter(|k| counts.contains_key(k) || source.wanted.show == Some(*k));
    let filter = |kind: NoteKind| {
        let name = super::super::phrases::upper_first(kind.word());
        let count = counts.get(&kind).copied().unwrap_or(0);
        Filter {
            label: if whole { format!("{name} {count}") } else { name },
            href: format!("{}#log", source.wanted.part(Some(kind)).and("")),
            icon: None,
            on: source.wanted.show == Some(kind),
        }
    };
    [all].into_iter().chain(kinds.map(filter)).collect()
}
