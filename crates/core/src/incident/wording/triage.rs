//! A triage in words.

use super::{Line, Tone};
use crate::entry::{NoteKind, Triaged};
use crate::words::{count, upper_first};

pub(super) fn line(found: &Triaged) -> Line {
    let text = format!("{} The policy’s matrix: {}.", found.words(), found.advice.why);
    Line { kind: NoteKind::Decision, lead: "Triaged:".into(), text, tone: Tone::Decided, proof: None }
}

impl Triaged {
    /// `A group, system down. All staff about 320 of 3,120. Urgency high.`
    #[must_use]
    pub fn words(&self) -> String {
        let hit = |hit: &crate::entry::Hit| {
            let people = count(u64::from(hit.people));
            match hit.of.filter(|of| *of > hit.people) {
                Some(of) => format!("{} about {people} of {}", hit.name, count(u64::from(of))),
                None => format!("{} about {people}", hit.name),
            }
        };
        let hits: Vec<_> = self.populations.iter().filter(|h| h.people > 0).map(hit).collect();
        let hits = if hits.is_empty() { String::new() } else { format!(" {}.", hits.join(", ")) };
        let systems: Vec<_> = self.systems.iter().map(|s| s.name.as_str()).collect();
        let systems = if systems.is_empty() { String::new() } else { format!(" On {}.", systems.join(", ")) };
        let extent = upper_first(self.extent.words());
        format!("{extent}, {}.{hits}{systems} Urgency {}.", self.fault.words(), self.urgency.word())
    }
}
