//! One alert in the list.

use super::{Wanted, icon};
use crate::store::alerts::StoredAlert;
use crate::web::pages::phrases::{thousands, upper_first};
use crate::web::view::alerts::Row;
use crate::web::view::parts::{Health, Prose, State, Tone};
use crate::web::view::time::{Times, length};
use muster_core::Span;
use muster_core::alert::{Account, Status};
use muster_core::directory::Organisation;
use muster_core::ids::SubjectId;
use muster_core::system::Condition;
use std::collections::BTreeMap;

/// Nearer than this, what will happen counts as soon.
const SOON: Span = Span::from_mins(20);

/// What rows are made with.
pub(super) struct Rows<'a> {
    pub(super) org: &'a Organisation,
    pub(super) times: &'a Times,
    /// Numbers of the incidents that alerts belong to.
    pub(super) numbers: &'a BTreeMap<SubjectId, String>,
    pub(super) wanted: &'a Wanted,
}

impl Rows<'_> {
    pub(super) fn row(&self, stored: &StoredAlert, selected: bool) -> Row {
        let alert = &stored.alert;
        Row {
            title: alert.signal.title.clone(),
            href: format!("/alerts/{}{}#opened", alert.id, self.wanted.query(self.wanted.filter.account)),
            thing: thing(stored),
            system: self.system_name(stored).map(|name| self.health(stored).named(&name)),
            state: self.state(stored),
            why: self.why(stored),
            signals: thousands(alert.signals),
            last: self.times.in_list(alert.last_at),
            selected,
        }
    }

    pub(super) fn system_name(&self, stored: &StoredAlert) -> Option<String> {
        let id = stored.system.as_ref()?;
        Some(self.org.systems.get(id).map_or_else(|| id.0.clone(), |s| s.name.clone()))
    }

    fn health(&self, stored: &StoredAlert) -> Health {
        match stored.alert.account {
            Account::Resolved => Health::Working,
            _ => stored.condition.as_deref().and_then(Condition::from_word).into(),
        }
    }

    /// What happens with it, in shape, colour and a few words.
    pub(super) fn state(&self, stored: &StoredAlert) -> State {
        let account = stored.alert.account;
        let plain = |words: &str| State::new(Tone::Grey, icon(account), words);
        match account {
            Account::Watched => match stored.due_at {
                Some(due) if due > self.times.now() => {
                    let near = due.duration_since(self.times.now()) <= SOON && !ends_first(stored);
                    let words = self.times.left(due);
                    if near { State::soon(words) } else { State::later(words) }
                }
                Some(_) => State::waiting("Is being decided"),
                None => plain("Watched"),
            },
            Account::Held => plain("Held"),
            Account::Silenced => plain("Silenced"),
            Account::Joined => plain("Joined"),
            Account::Opened => plain("Opened"),
            Account::Information => plain("Kept"),
            Account::Resolved => State::done("Resolved"),
        }
    }

    /// When and by which rule.
    fn why(&self, stored: &StoredAlert) -> Prose {
        let alert = &stored.alert;
        let why = &stored.why;
        let number = alert.subject.as_ref().and_then(|s| self.numbers.get(s));
        let incident = |number: &String| Prose::default().link(format!("/incidents/{number}"), number);
        match (alert.account, number, stored.due_at) {
            (Account::Watched, _, Some(due)) if ends_first(stored) => {
                Prose::from("Over at ").when(self.times.at(due)).text(format!(" if it is not repeated: {why}"))
            }
            (Account::Watched, _, Some(due)) if due > self.times.now() => {
                Prose::from("Incident at ").when(self.times.at(due)).text(format!(": {why}"))
            }
            (Account::Joined | Account::Opened, Some(number), _) => incident(number).text(format!(": {why}")),
            (Account::Resolved, number, _) => {
                let lasted = length(alert.last_at.duration_since(alert.went_down_at));
                let line = Prose::default().when(self.times.at(alert.last_at)).text(format!(" after {lasted}"));
                match number {
                    Some(number) => {
                        line.text(", ").link(format!("/incidents/{number}"), number).text(format!(": {why}"))
                    }
                    None => line.text(format!(": {why}")),
                }
            }
            _ => upper_first(why).into(),
        }
    }
}

/// Whether it is over by itself before it would be an incident.
pub(super) fn ends_first(stored: &StoredAlert) -> bool {
    stored.due_at.is_some() && stored.due_at == stored.ends_at && stored.alert.signal.status == Status::Firing
}

/// Host and service, or the key where the sender names neither.
pub(super) fn thing(stored: &StoredAlert) -> String {
    let signal = &stored.alert.signal;
    let named: Vec<_> = [&signal.host, &signal.service].into_iter().filter(|t| !t.is_empty()).cloned().collect();
    if named.is_empty() { signal.key.clone() } else { named.join(", ") }
}
