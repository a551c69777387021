//! How incidents hang together. Each of these stands in two logs, in words of its own: who writes one writes the other in
//! the same transaction.

use super::{Incident, State};
use crate::check::required;
use crate::entry::{Author, Entry, Fact, GaveBack, Linked, MergedInto, Relation, TookIn, Unlinked};
use crate::ids::{AlertId, PersonRef};
use crate::incident::TEXT_MAX;
use crate::refusal::Refusal;
use crate::subject::Draft;
use serde::{Deserialize, Serialize};

/// The incidents that one hangs together with.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Others {
    /// Those that it is linked with.
    pub linked: Vec<Linked>,
    /// The one in which it goes on.
    pub merged_into: Option<MergedInto>,
    /// Those that go on in it.
    pub took_in: Vec<TookIn>,
}

/// One side of what a person does to two incidents.
#[derive(Clone, PartialEq, Debug)]
pub enum Tie {
    /// They hang together.
    Link {
        /// Number of the other.
        number: String,
        /// Its name.
        title: String,
        /// How this one stands to it.
        how: Relation,
    },
    /// They don't.
    Unlink {
        /// Number of the other.
        number: String,
        /// Why.
        reason: String,
    },
    /// This one goes on in the other, with its alerts.
    MergeInto {
        /// Number of the other.
        number: String,
        /// Its name.
        title: String,
        /// Why.
        reason: String,
    },
    /// The other goes on in this one.
    TakeIn {
        /// Number of the other.
        number: String,
        /// Its name.
        title: String,
        /// Why.
        reason: String,
        /// Alerts that come along.
        alerts: Vec<AlertId>,
    },
    /// The other stands alone again.
    GiveBack {
        /// Number of the other.
        number: String,
        /// Why.
        reason: String,
        /// Alerts that go back.
        alerts: Vec<AlertId>,
    },
}

impl Incident {
    pub(super) fn take_tie(&mut self, fact: &Fact, entry: &Entry) {
        match fact {
            Fact::Linked(fact) if fact.number.is_empty() => {} // who reads may not know of it
            Fact::TookIn(fact) if fact.number.is_empty() => {}
            Fact::Linked(fact) => self.others.linked.push(fact.clone()),
            Fact::Unlinked(fact) => self.others.linked.retain(|l| l.number != fact.number),
            Fact::MergedInto(fact) => {
                self.state = State::Withdrawn;
                self.others.merged_into = Some(fact.clone());
                self.alerts.clear(); // they are the other's from now on
                self.recovered_at = None;
            }
            Fact::TookIn(fact) => self.others.took_in.push(fact.clone()),
            Fact::GaveBack(fact) => {
                self.others.took_in.retain(|t| t.number != fact.number);
                fact.alerts.iter().for_each(|alert| self.lose_alert(alert));
            }
            Fact::Reopened(_) => {
                self.others.merged_into = None;
                self.open_since = Some(entry.happened_at);
            }
            _ => {}
        }
    }

    /// How it is linked with that incident, if it is.
    #[must_use]
    pub fn linked_with(&self, number: &str) -> Option<&Linked> {
        self.others.linked.iter().find(|l| l.number == number)
    }
}

impl Draft<'_, Incident> {
    pub(super) fn tie(&mut self, by: &PersonRef, tie: &Tie) -> Result<(), Refusal> {
        let (author, now) = (Author::Person(by.clone()), self.scene.now);
        let live = [State::Suspected, State::Open];
        match tie {
            Tie::Link { number, title, how } => {
                self.is_another(number)?;
                if self.folded.linked_with(number).is_some() {
                    let why = format!("It is linked with {number} already. Take that link away first.");
                    return Err(Refusal::Senseless { field: "number", why });
                }
                self.say(author, now, Linked { number: number.clone(), title: title.clone(), how: *how });
            }
            Tie::Unlink { number, reason } => {
                let reason = required("reason", reason, "Write why they do not hang together.", TEXT_MAX)?;
                if self.folded.linked_with(number).is_none() {
                    return Err(Refusal::Unknown { field: "number", what: "linked incident", name: number.clone() });
                }
                self.say(author, now, Unlinked { number: number.clone(), reason });
            }
            Tie::MergeInto { number, title, reason } => {
                self.is_another(number)?;
                let reason = required("reason", reason, "Write why it is the same.", TEXT_MAX)?;
                self.in_state(&live, "merge", "Link it instead.")?;
                self.say(author, now, MergedInto { number: number.clone(), title: title.clone(), reason });
                self.call_off("It goes on in another incident."); // which, not everybody may know
            }
            Tie::TakeIn { number, title, reason, alerts } => {
                self.in_state(&live, "merge another into", "Choose one that is open, or link them.")?;
                let (number, title, reason) = (number.clone(), title.clone(), reason.trim().to_owned());
                self.say(author, now, TookIn { number, title, reason, alerts: alerts.clone() });
            }
            Tie::GiveBack { number, reason, alerts } => {
                let (number, reason) = (number.clone(), reason.trim().to_owned());
                self.say(author, now, GaveBack { number, reason, alerts: alerts.clone() });
            }
        }
        Ok(())
    }

    fn is_another(&self, number: &str) -> Result<(), Refusal> {
        if self.folded.number != number {
            return Ok(());
        }
        let why = "That is this incident itself. Write the number of another.";
        Err(Refusal::Senseless { field: "number", why: why.into() })
    }
}
