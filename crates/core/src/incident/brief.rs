//! How things stand, in a few lines: what whoever takes an incident over needs first (ESC-4).

use super::{Incident, TEXT_MAX};
use crate::Time;
use crate::duty::duties;
use crate::entry::{CauseState, OptionState};
use crate::ids::PersonRef;
use crate::words::{clock, count, length, lower_first, sentence, upper_first};

/// Most duties and likely causes that a brief names: it is read in half a minute.
const NAMED_AT_MOST: usize = 5;

impl Incident {
    /// How things stand at `now`, written from the log.
    #[must_use]
    pub fn brief(&self, now: Time) -> String {
        let parts = [
            Some(self.what_is_wrong(now)),
            Some(self.who_is_affected()).filter(|t| !t.is_empty()),
            self.what_is_known(),
            self.what_was_tried(),
            self.estimate(now),
            self.what_is_owed(now),
            self.who_knows(),
        ];
        let text = parts.into_iter().flatten().collect::<Vec<_>>().join("\n");
        text.chars().take(TEXT_MAX).collect()
    }

    fn clock(&self, at: Time, now: Time) -> String {
        clock(at, now, &self.terms.time_zone)
    }

    fn what_is_wrong(&self, now: Time) -> String {
        let severity = self
            .severity
            .map_or("severity not assessed".to_owned(), |s| format!("severity {} {}", s.number(), s.word()));
        let down = match (self.went_down, self.outage(now)) {
            (Some(down), Some(outage)) => {
                let about = if down.estimate { "about " } else { "" };
                format!(" Down since {about}{}, {} so far.", self.clock(down.at, now), length(outage))
            }
            _ => String::new(),
        };
        format!("{} {}, {}.{down}", sentence(&self.title), upper_first(self.state.word()), severity)
    }

    fn who_is_affected(&self) -> String {
        let systems: Vec<_> = self.systems.iter().map(|s| s.name.as_str()).collect();
        let people = match self.head_count() {
            0 => String::new(),
            n => format!(" About {} people.", count(n)),
        };
        match systems.is_empty() {
            true => people.trim_start().to_owned(),
            false => format!("Affected: {}.{people}", systems.join(", ")),
        }
    }

    fn what_is_known(&self) -> Option<String> {
        let mut lines = Vec::new();
        if !self.symptoms.is_empty() {
            lines.push(format!("Known: {}", sentence(&self.symptoms)));
        }
        let causes = self.plan.causes.iter().filter(|c| c.now != CauseState::RuledOut).take(NAMED_AT_MOST);
        lines.extend(
            causes.map(|c| format!("Likely cause {}, {}: {}", c.number, c.now.words(), sentence(&c.proposed.text))),
        );
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    fn what_was_tried(&self) -> Option<String> {
        let tried =
            self.plan.options.iter().filter(|o| !matches!(o.now, OptionState::NotTried | OptionState::Declined));
        let lines: Vec<_> = tried
            .take(NAMED_AT_MOST)
            .map(|o| format!("Option {}, {}: {}.", o.number, o.what.text.trim_end_matches('.'), o.now.words()))
            .collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    fn estimate(&self, now: Time) -> Option<String> {
        let estimate = self.course.estimate()?;
        let back = estimate.back_at.map_or("Nobody can say when it is back".to_owned(), |back| {
            format!("Should be back at {}", self.clock(back, now))
        });
        Some(format!("{back}, says {}: {}", estimate.by, sentence(&estimate.grounds)))
    }

    fn what_is_owed(&self, now: Time) -> Option<String> {
        let mut owed: Vec<_> = duties(self).into_iter().filter(|d| d.settled.is_none()).collect();
        owed.sort_by_key(|d| d.due);
        let lines: Vec<_> = owed
            .iter()
            .take(NAMED_AT_MOST)
            .map(|d| format!("{} by {}", lower_first(&d.what), self.clock(d.due, now)))
            .collect();
        (!lines.is_empty()).then(|| format!("Owed: {}.", lines.join("; ")))
    }

    fn who_knows(&self) -> Option<String> {
        let spoken: Vec<_> = self.spoken_to().into_iter().map(|p| p.name.as_str()).collect();
        (!spoken.is_empty()).then(|| format!("Told directly: {}.", spoken.join(", ")))
    }

    /// Everybody who was spoken to, each once, in the order in which they were.
    #[must_use]
    pub fn spoken_to(&self) -> Vec<&PersonRef> {
        let mut people: Vec<&PersonRef> = Vec::new();
        for told in self.spoken() {
            if !people.iter().any(|p| p.id == told.person.id) {
                people.push(told.person);
            }
        }
        people
    }
}
