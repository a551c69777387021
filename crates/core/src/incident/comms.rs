//! Who hears what, as folded from the log, and the text of an update from the facts on record.

use super::{Incident, State};
use crate::communications::{Level, Writer};
use crate::directory::Organisation;
use crate::duty::{Duty, DutyKind};
use crate::entry::{Audience, Entry, Fact, StrategyAgreed, Tell, UpdateSent};
use crate::ids::{PersonId, PersonRef, SubjectId, SummonsId, SystemId};
use crate::words::{clock, length, sentence, upper_first};
use crate::{Time, later};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The communications of an incident.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Comms {
    /// From which template, once the plan was made.
    pub template: Option<String>,
    /// Who hears what, in the order of the plan.
    pub rows: Vec<Planned>,
    /// Highest number that a row ever had.
    pub rows_ever: u32,
    /// The systems whose own templates were brought.
    pub brought: BTreeSet<SystemId>,
    /// The names of all rows that ever were, in small letters: what a person took out does not come back by itself.
    pub named: BTreeSet<String>,
    /// The owners who ever were in a row that follows them, with its number.
    pub owners: BTreeSet<(u32, PersonId)>,
    /// Every update, oldest first.
    pub updates: Vec<Update>,
    /// What was agreed with which owner: the newest counts.
    pub strategies: BTreeMap<PersonId, (Time, StrategyAgreed)>,
    /// Duties to tell that the Communications Manager was given, by their names.
    pub handed: Vec<String>,
    /// What the Incident Manager was asked, oldest first.
    pub asked: Vec<Asked>,
}

/// A row of the plan, and since when it stands.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Planned {
    /// What it says.
    pub row: Audience,
    /// Since when: the first update is reckoned from then.
    pub since: Time,
    /// By which entry it was last set.
    pub entry: u64,
}

/// An update, from its first draft.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Update {
    /// Its number in this incident.
    pub number: u32,
    /// For which row.
    pub row: u32,
    /// That row's name.
    pub audience: String,
    /// What it says now.
    pub text: String,
    /// By which entry, and by whom: a name.
    pub written: (u64, String),
    /// Which update it corrects.
    pub corrects: Option<u32>,
    /// Since when its signer is asked.
    pub asked_at: Option<Time>,
    /// When and by whom it was signed off.
    pub signed: Option<(Time, String)>,
    /// By whom it was sent back, and why.
    pub returned: Option<(String, String)>,
    /// When it was sent, by which entry and to whom.
    pub sent: Option<(Time, u64, UpdateSent)>,
    /// Who of those to whom Muster does not write was told by a person: when, and by whom.
    pub carried: Vec<(String, Time, String)>,
    /// Who said that they have read it, and when, in the order in which they did.
    pub acknowledged: Vec<(PersonRef, Time)>,
}

impl Update {
    /// When that person said that they have read it, if they did.
    #[must_use]
    pub fn acknowledged_at(&self, person: &PersonId) -> Option<Time> {
        self.acknowledged.iter().find(|(p, _)| p.id == *person).map(|(_, at)| *at)
    }

    /// To whom a person has to tell it where Muster sends it to the others, and when and by whom that was done.
    pub fn by_hand(&self) -> impl Iterator<Item = (&str, Option<(Time, &str)>)> {
        let besides =
            self.sent.iter().filter(|(_, _, sent)| sent.through.is_sent()).flat_map(|(_, _, sent)| &sent.besides);
        besides.map(|who| {
            let done = self.carried.iter().find(|(told, _, _)| told == who);
            (who.as_str(), done.map(|(_, at, by)| (*at, by.as_str())))
        })
    }

    /// To whom a person still has to tell it.
    pub fn left_by_hand(&self) -> impl Iterator<Item = &str> {
        self.by_hand().filter(|(_, done)| done.is_none()).map(|(who, _)| who)
    }

    /// When everybody was told it, by Muster or by hand.
    #[must_use]
    pub fn told_at(&self) -> Option<Time> {
        let (sent, ..) = self.sent.as_ref()?;
        let by_hand: Option<Vec<Time>> = self.by_hand().map(|(_, done)| done.map(|(at, _)| at)).collect();
        Some(by_hand?.into_iter().fold(*sent, Time::max))
    }

    /// The person of that id, if it was sent to them.
    #[must_use]
    pub fn reader(&self, person: &PersonId) -> Option<&PersonRef> {
        self.sent.as_ref().and_then(|(_, _, sent)| sent.people.iter().find(|p| p.id == *person))
    }
}

/// What the personal links in an update's messages are about: a link names what it answers as a summons does.
#[must_use]
pub fn reading(subject: &SubjectId, update: u32) -> SummonsId {
    SummonsId(format!("{subject}-update-{update}"))
}

/// Facts that the Incident Manager was asked for.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Asked {
    /// By which entry.
    pub entry: u64,
    /// When.
    pub at: Time,
    /// By whom: a name.
    pub by: String,
    /// What.
    pub text: String,
    /// When it was answered, by whom and how.
    pub given: Option<(Time, String, String)>,
}

impl Comms {
    pub(super) fn take_into_account(&mut self, entry: &Entry) {
        let by = || entry.author.name().to_owned();
        match &entry.fact {
            Fact::CommunicationsPlanned(fact) => {
                self.template.get_or_insert_with(|| fact.template.clone());
                self.brought.extend(fact.system.clone());
                fact.rows.iter().for_each(|row| self.plan(row, entry));
            }
            Fact::AudienceSet(fact) => self.plan(&fact.row, entry),
            Fact::AudienceDropped(fact) => self.rows.retain(|p| p.row.number != fact.row),
            Fact::StrategyAgreed(fact) => {
                self.strategies.insert(fact.owner.id.clone(), (entry.happened_at, fact.clone()));
            }
            Fact::UpdateDrafted(fact) => {
                let update = Update {
                    number: fact.update,
                    row: fact.row,
                    audience: fact.audience.clone(),
                    text: fact.text.clone(),
                    written: (entry.seq, by()),
                    corrects: fact.corrects,
                    asked_at: fact.for_signing.then_some(entry.recorded_at),
                    signed: None,
                    returned: None,
                    sent: None,
                    carried: Vec::new(),
                    acknowledged: Vec::new(),
                };
                match self.updates.iter_mut().find(|u| u.number == fact.update) {
                    // What went out stays as it went out.
                    Some(known) if known.sent.is_none() => *known = update,
                    Some(_) => {}
                    None => self.updates.push(update),
                }
            }
            Fact::UpdateSigned(fact) => {
                if let Some(update) = self.draft(fact.update) {
                    update.signed = Some((entry.recorded_at, by()));
                }
            }
            Fact::UpdateReturned(fact) => {
                if let Some(update) = self.draft(fact.update) {
                    update.asked_at = None;
                    update.signed = None;
                    update.returned = Some((by(), fact.reason.clone()));
                }
            }
            Fact::UpdateSent(fact) => {
                if let Some(update) = self.draft(fact.update) {
                    update.sent = Some((entry.recorded_at, entry.seq, fact.clone()));
                }
            }
            Fact::UpdateCarried(fact) => {
                if let Some(update) = self.updates.iter_mut().find(|u| u.number == fact.update) {
                    update.carried.push((fact.who.clone(), entry.recorded_at, by()));
                }
            }
            Fact::UpdateAcknowledged(fact) => {
                if let Some(update) = self.updates.iter_mut().find(|u| u.number == fact.update) {
                    update.acknowledged.push((fact.person.clone(), entry.recorded_at));
                }
            }
            Fact::TellingHanded(fact) => {
                self.handed.extend(fact.tell.clone());
                if let Some(planned) = self.rows.iter_mut().find(|p| Some(p.row.number) == fact.row) {
                    planned.row.author = Writer::Communicator;
                }
            }
            Fact::FactsAsked(fact) => self.asked.push(Asked {
                entry: entry.seq,
                at: entry.recorded_at,
                by: by(),
                text: fact.text.clone(),
                given: None,
            }),
            Fact::FactsGiven(fact) => {
                if let Some(asked) = self.asked.iter_mut().find(|a| a.entry == fact.asked) {
                    asked.given = Some((entry.recorded_at, by(), fact.text.clone()));
                }
            }
            _ => {}
        }
    }

    fn plan(&mut self, row: &Audience, entry: &Entry) {
        self.rows_ever = self.rows_ever.max(row.number);
        self.named.insert(row.name.to_lowercase());
        if row.owners {
            self.owners.extend(row.people.iter().map(|c| (row.number, c.person.id.clone())));
        }
        match self.rows.iter_mut().find(|p| p.row.number == row.number) {
            Some(known) => (known.row, known.entry) = (row.clone(), entry.seq),
            None => self.rows.push(Planned { row: row.clone(), since: entry.recorded_at, entry: entry.seq }),
        }
    }

    fn draft(&mut self, number: u32) -> Option<&mut Update> {
        self.updates.iter_mut().find(|u| u.number == number && u.sent.is_none())
    }

    /// The row of that number, if it stands.
    #[must_use]
    pub fn row(&self, number: u32) -> Option<&Planned> {
        self.rows.iter().find(|p| p.row.number == number)
    }

    /// The newest update that was sent to that row: its number, and when.
    #[must_use]
    pub fn last_sent(&self, row: u32) -> Option<(u32, Time)> {
        self.updates
            .iter()
            .filter(|u| u.row == row)
            .filter_map(|u| Some((u.number, u.sent.as_ref()?.0)))
            .max_by_key(|(n, at)| (*at, *n))
    }

    /// The newest update that everybody of that row was told: its number, and when.
    #[must_use]
    pub fn last_told(&self, row: u32) -> Option<(u32, Time)> {
        let told = self.updates.iter().filter(|u| u.row == row).filter_map(|u| Some((u.number, u.told_at()?)));
        told.max_by_key(|(n, at)| (*at, *n))
    }

    /// The newest update that went to that row, if some of them are still to be told it by hand.
    #[must_use]
    pub fn half_told(&self, row: u32) -> Option<&Update> {
        let (number, _) = self.last_sent(row)?;
        self.updates.iter().find(|u| u.number == number && u.told_at().is_none())
    }

    /// Questions to the Incident Manager that wait.
    pub fn waiting(&self) -> impl Iterator<Item = &Asked> {
        self.asked.iter().filter(|a| a.given.is_none())
    }
}

impl Incident {
    /// When that row's next update is due, and since when it is owed: while the incident is open, and once more when
    /// service is back (RES-4).
    #[must_use]
    pub fn next_update(&self, planned: &Planned) -> Option<(Time, Time)> {
        let last = self.comms.last_told(planned.row.number).map(|(_, at)| at);
        if self.state == State::Restored {
            let ended = self.course.ended_at.filter(|ended| last.is_none_or(|at| at < *ended))?;
            return Some((ended.max(planned.since), later(ended, self.terms.policy.follow_up_within)));
        }
        if self.state != State::Open {
            return None;
        }
        // An incident that is open again owes from then on.
        let since = last.unwrap_or(planned.since).max(self.open_since.unwrap_or(planned.since));
        Some((since, later(since, planned.row.every.of(self.phase))))
    }

    /// Who owes that row's updates: the Incident Manager where nobody speaks for it.
    #[must_use]
    pub fn writes_for(&self, row: &Audience) -> Option<&PersonRef> {
        let manager = self.manager.as_ref().map(|m| &m.person);
        match row.author {
            Writer::Communicator => self.roles.communicator.as_ref().map(|c| &c.person).or(manager),
            Writer::Manager => manager,
        }
    }

    /// Who owes to tell that list: the Communications Manager, if it was handed to one.
    #[must_use]
    pub fn tells_for(&self, tell: &Tell) -> Option<&PersonRef> {
        let manager = self.manager.as_ref().map(|m| &m.person);
        match self.comms.handed.contains(&tell.name) {
            true => self.roles.communicator.as_ref().map(|c| &c.person).or(manager),
            false => manager,
        }
    }

    /// The update whose messages' links have that name.
    #[must_use]
    pub fn update_of(&self, subject: &SubjectId, link: &SummonsId) -> Option<&Update> {
        self.comms.updates.iter().find(|u| reading(subject, u.number) == *link)
    }

    /// Whether that person leads it or speaks for it.
    #[must_use]
    pub fn is_spoken_for_by(&self, person: &PersonId) -> bool {
        self.is_managed_by(person) || self.roles.is_communicator(person)
    }

    /// Who may sign that update off at `now`: its signer, and the deputy once the signer has had the time, or has left.
    #[must_use]
    pub fn may_sign(&self, update: &Update, person: &PersonId, org: &Organisation, now: Time) -> bool {
        let (Some(planned), Some(asked)) = (self.comms.row(update.row), update.asked_at) else { return false };
        let is = |who: &Option<PersonRef>| who.as_ref().is_some_and(|p| p.id == *person);
        let row = &planned.row;
        let has_left = row.signer.as_ref().is_some_and(|p| org.here(&p.id).is_none());
        is(&row.signer) || (is(&row.deputy) && (has_left || now >= later(asked, row.deputy_after)))
    }

    /// Who may do instead of whoever owes that duty once it is late: the deputy of who signs an update off.
    #[must_use]
    pub fn stands_in(&self, duty: &Duty) -> Option<&PersonRef> {
        let number = (duty.id.kind == DutyKind::SignUpdate).then(|| duty.id.occurrence.parse::<u32>().ok())??;
        let update = self.comms.updates.iter().find(|u| u.number == number)?;
        self.comms.row(update.row)?.row.deputy.as_ref()
    }

    /// An update for that row from the facts on record. Clients and the public read neither staff nor hosts nor makers:
    /// of what people wrote nothing is told them, only systems by name, times and head counts.
    #[must_use]
    pub fn update_text(&self, planned: &Planned, now: Time) -> String {
        let at = |t: Time| clock(t, now, &self.terms.time_zone);
        let row = &planned.row;
        let mut lines = Vec::new();
        let systems: Vec<_> = self
            .systems
            .iter()
            .map(|s| match s.condition {
                Some(condition) => format!("{} {}", s.name, condition.word()),
                None => s.name.clone(),
            })
            .collect();
        let systems = if systems.is_empty() { "A service is disrupted".to_owned() } else { systems.join(", ") };
        if row.level.is_inside() {
            lines.push(sentence(&self.title));
        }
        let since = self.went_down.map(|down| {
            let about = if down.estimate { "about " } else { "" };
            format!(", since {about}{}", at(down.at))
        });
        lines.push(sentence(&format!("{}{}", upper_first(&systems), since.unwrap_or_default())));
        let hits = self.hits();
        let affected: Vec<_> = hits.iter().filter(|hit| hit.people > 0).map(|hit| hit.name.as_str()).collect();
        if !affected.is_empty() {
            lines.push(format!("Affected: {}.", affected.join(", ")));
        }
        if row.level.is_inside() {
            for (what, text) in [("Known so far", &self.symptoms), ("Cause", &self.cause)] {
                if !text.is_empty() {
                    lines.push(format!("{what}: {}", sentence(text)));
                }
            }
            if row.level == Level::Technical {
                let doing = self.plan.tasks.iter().filter(|t| t.ended.is_none());
                lines.extend(doing.map(|t| format!("Being done: {}", sentence(&t.set.text))));
            }
        }
        match self.restored_at {
            Some(back) => lines.push(format!("Service is back since {}.", at(back))),
            None => lines.push(match self.manager {
                Some(_) => "We are working on it.".to_owned(),
                None => "We are looking into it.".to_owned(),
            }),
        }
        // Only the Incident Manager's own estimate is ever told (COM-5).
        let estimate = self.course.estimate().filter(|_| self.state == State::Open).and_then(|e| e.back_at);
        lines.extend(estimate.map(|back| format!("Service should be back at about {}.", at(back))));
        // What Muster sends says by itself when the next is due, from when it goes out.
        lines.extend(self.promise(row, now).filter(|_| !row.through.is_sent()));
        lines.join("\n")
    }

    /// When that row hears next if it is told now, as it reads that.
    #[must_use]
    pub fn promise(&self, row: &Audience, now: Time) -> Option<String> {
        let next = later(now, row.every.of(self.phase));
        (self.state == State::Open).then(|| format!("Next update by {}.", clock(next, now, &self.terms.time_zone)))
    }

    /// How often that row hears at this pace, in words.
    #[must_use]
    pub fn hears_every(&self, row: &Audience) -> String {
        length(row.every.of(self.phase))
    }
}
