//! A try to reach somebody and what came of it are entries of their own; a page shows them as one line.

use super::Source;
use super::entry::one;
use crate::web::pages::draw::Eyes;
use crate::web::view::parts::{Entry as Shown, Prose, Step};
use muster_core::entry::{Entry, Fact};
use muster_core::ids::AttemptId;
use muster_core::incident;

/// What stands on one line.
pub(super) struct Line<'a> {
    /// The entry that it tells.
    pub newest: &'a Entry,
    /// What came before it on the same try, newest first.
    before: Vec<&'a Entry>,
}

/// The entries, newest first, each on its line; one about a try on the line of the newest about that try.
pub(super) fn lines<'a>(entries: &[&'a Entry]) -> Vec<Line<'a>> {
    let mut lines: Vec<Line<'a>> = Vec::new();
    for entry in entries {
        let about = attempt(entry);
        match lines.iter_mut().find(|line| about.is_some() && attempt(line.newest) == about) {
            Some(line) => line.before.push(entry),
            None => lines.push(Line { newest: entry, before: Vec::new() }),
        }
    }
    lines
}

fn attempt(entry: &Entry) -> Option<&AttemptId> {
    match &entry.fact {
        Fact::Tried(fact) => Some(&fact.attempt),
        Fact::Graded(fact) => Some(&fact.attempt),
        _ => None,
    }
}

/// The line as a page shows it: the newest entry, with all of them folded beneath where there are several.
pub(super) fn line(line: &Line<'_>, source: &Source<'_>, eyes: &Eyes<'_>) -> Shown {
    let step = |entry: &&Entry| {
        let words = incident::line(entry, source.incident);
        let text = Prose::default().bold(format!("{} ", words.lead)).text(words.text);
        let at = eyes.times.clock(entry.happened_at);
        Step { seq: entry.seq, at, text, by: entry.author.name().to_owned() }
    };
    let shown = one(line.newest, source, eyes);
    if line.before.is_empty() {
        return shown;
    }
    let steps = line.before.iter().rev().chain([&line.newest]).map(step).collect();
    Shown { steps, ..shown }
}
