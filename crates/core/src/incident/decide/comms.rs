//! Who hears what: the plan, updates and their sign-off, tellings handed over, and facts asked for.

use super::super::command::{CommsAct, LINE_MAX, TEXT_MAX};
use super::super::comms::{Planned, Update};
use super::super::open::candidates;
use super::super::{Incident, State};
use super::telling::unaware;
use crate::check::{optional, required};
use crate::communications::{Row, Writer, why_row};
use crate::directory::Organisation;
use crate::entry::{
    Audience, AudienceDropped, AudienceSet, Author, CommunicationsPlanned, Despite, Fact, FactsAsked, FactsGiven,
    StrategyAgreed, TellingHanded, UpdateAcknowledged, UpdateCarried, UpdateDrafted, UpdateReturned, UpdateSent,
    UpdateSigned, Via,
};
use crate::ids::{PersonId, PersonRef, SystemId};
use crate::policy::Whom;
use crate::refusal::Refusal;
use crate::subject::Draft;
use crate::system::System;
use crate::words::all_of;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// Most rows of one incident, and most updates: beyond this a program runs wild.
const MOST: u32 = 1_000;

impl Draft<'_, Incident> {
    /// An incident that is open gets its plan from the template of the first of its systems that has one of its own, else
    /// from the organisation's; what comes to be affected adds to it. Whether it did now.
    pub(super) fn plan_communications(&mut self) -> bool {
        if self.folded.state != State::Open {
            return false;
        }
        if self.folded.comms.template.is_some() {
            return self.plan_for_what_came() || self.owners_who_came_hear();
        }
        let org = self.scene.org;
        let own = self.affected().find(|(_, system)| !system.communications.is_empty());
        let (template, system, rows) = match own {
            Some((id, system)) => (system.name.clone(), Some(id.clone()), &system.communications),
            None => ("the organisation".to_owned(), None, &org.communications),
        };
        if rows.is_empty() {
            return false;
        }
        let rows = (1..).zip(rows).map(|(number, row)| self.audience(number, row)).collect();
        self.muster_says(CommunicationsPlanned { template, system, rows });
        true
    }

    /// The systems that it affects, as the directory has them now.
    fn affected(&self) -> impl Iterator<Item = (&SystemId, &System)> {
        let org = self.scene.org;
        self.folded.systems.iter().filter_map(move |s| Some((&s.id, org.systems.get(&s.id)?)))
    }

    /// A system that came to be affected brings the audiences of its own template that the plan never had; once, whatever
    /// the template says later.
    fn plan_for_what_came(&mut self) -> bool {
        let comms = &self.folded.comms;
        let is_new = |row: &&Row| !comms.named.contains(&row.audience.trim().to_lowercase());
        let brings = |(id, system): (&SystemId, &System)| {
            let rows: Vec<_> = system.communications.iter().filter(is_new).collect();
            let numbered = (comms.rows_ever + 1..=MOST).zip(rows).map(|(number, row)| self.audience(number, row));
            CommunicationsPlanned { template: system.name.clone(), system: Some(id.clone()), rows: numbered.collect() }
        };
        let came = self.affected().filter(|(id, _)| !comms.brought.contains(*id)).map(brings);
        let Some(fact) = came.into_iter().find(|fact| !fact.rows.is_empty()) else { return false };
        self.muster_says(fact);
        true
    }

    /// The owner of what came to be affected is in every row that is for the owners.
    fn owners_who_came_hear(&mut self) -> bool {
        let (org, comms) = (self.scene.org, &self.folded.comms);
        let lacks = |planned: &Planned| {
            let owned = self.folded.systems.iter().find_map(|system| {
                let owner = system.owner.as_ref().filter(|o| org.here(&o.id).is_some())?;
                let is_new = !comms.owners.contains(&(planned.row.number, owner.id.clone()));
                is_new.then(|| (owner.clone(), system.name.clone()))
            });
            Some((planned.row.clone(), owned?))
        };
        let found = comms.rows.iter().filter(|p| p.row.owners).find_map(lacks);
        let Some((mut row, (owner, system))) = found else { return false };
        row.people.extend(candidates(org, std::slice::from_ref(&owner.id)));
        let reason = format!("{} owns {system}, which is affected as well.", owner.name);
        self.muster_says(AudienceSet { row, reason });
        true
    }

    /// A row with names and addresses as the directory has them now.
    fn audience(&self, number: u32, row: &Row) -> Audience {
        let org = self.scene.org;
        let mut ids: Vec<PersonId> = row.people.clone();
        if let Some(area) = row.area.as_ref().and_then(|id| org.areas.get(id)) {
            ids.extend_from_slice(match row.whom {
                Some(Whom::Management) => &area.management,
                Some(Whom::Supervisors) | None => &area.supervisors,
            });
        }
        if row.owners {
            ids.extend(self.folded.systems.iter().filter_map(|s| s.owner.as_ref()).map(|o| o.id.clone()));
        }
        let besides =
            row.populations.iter().filter_map(|id| org.populations.get(id)).map(|p| match p.reached_by.is_empty() {
                true => p.name.clone(),
                false => format!("{}: {}", p.name, p.reached_by),
            });
        // An update that somebody has to sign off goes out unsigned by nobody's leaving: the deputy signs, and where
        // nobody is left the plan is changed.
        let here = |id: &Option<PersonId>| id.as_ref().and_then(|id| known(org, id));
        let deputy = here(&row.deputy);
        let (signer, deputy) = match (here(&row.signer), &row.signer) {
            (None, Some(left)) => (deputy.or_else(|| Some(org.person_ref(left))), None),
            (signer, _) => (signer, deputy),
        };
        Audience {
            number,
            name: row.audience.trim().to_owned(),
            level: row.level,
            people: candidates(org, &ids),
            owners: row.owners,
            besides: besides.chain(row.besides.iter().map(|who| who.trim().to_owned())).collect(),
            update: row.update.trim().to_owned(),
            through: row.through,
            bridge: row.bridge.trim().to_owned(),
            every: row.every,
            author: row.author,
            signer,
            deputy,
            deputy_after: row.deputy_after,
        }
    }

    pub(super) fn communicate(&mut self, by: &PersonRef, act: &CommsAct) -> Result<(), Refusal> {
        let (author, now) = (Author::Person(by.clone()), self.scene.now);
        let fact: Fact = match act {
            CommsAct::SetAudience { row, to, reason, seen } => {
                self.speaks(by)?;
                self.set_audience(*row, to, reason, *seen)?.into()
            }
            CommsAct::DropAudience { row, reason } => {
                self.speaks(by)?;
                let name = self.planned(*row)?.name.clone();
                let reason = required("reason", reason, "Write why they need not hear.", TEXT_MAX)?;
                AudienceDropped { row: *row, name, reason }.into()
            }
            CommsAct::AgreeStrategy { owner, text } => {
                self.speaks(by)?;
                let text = required("text", text, "Write what was agreed.", TEXT_MAX)?;
                let owners = self.folded.systems.iter().filter_map(|s| s.owner.as_ref());
                let unknown =
                    || Refusal::Unknown { field: "owner", what: "owner of an affected system", name: owner.0.clone() };
                let owner = owners.into_iter().find(|o| o.id == *owner).cloned().ok_or_else(unknown)?;
                StrategyAgreed { owner, text }.into()
            }
            CommsAct::DraftUpdate { update, row, text, for_signing, corrects, seen } => {
                self.drafted(*update, *row, text, *for_signing, *corrects, *seen)?.into()
            }
            CommsAct::SignUpdate { update, seen } => {
                let known = self.to_sign(by, *update)?;
                unchanged(known, *seen)?;
                UpdateSigned { update: *update }.into()
            }
            CommsAct::ReturnUpdate { update, reason } => {
                self.to_sign(by, *update)?;
                let reason = required("reason", reason, "Write what to change.", TEXT_MAX)?;
                UpdateReturned { update: *update, reason }.into()
            }
            CommsAct::SendUpdate { update, seen, despite } => {
                self.speaks(by)?;
                self.sent(*update, *seen, despite)?.into()
            }
            CommsAct::CarryUpdate { update, who } => {
                self.speaks(by)?;
                match self.carried(*update, who)? {
                    Some(fact) => fact.into(),
                    None => return Ok(()),
                }
            }
            CommsAct::Acknowledge { update } => return self.acknowledge(*update, &by.id, Via::Login),
            CommsAct::HandTelling { tell, row } => self.handed(by, tell.as_deref(), *row)?.into(),
            CommsAct::AskFacts { text } => {
                let text = required("text", text, "Write what you need to know.", TEXT_MAX)?;
                self.in_state(&[State::Suspected, State::Open, State::Restored], "ask for facts about", "It is over.")?;
                FactsAsked { text }.into()
            }
            CommsAct::GiveFacts { asked, text } => {
                let text = required("text", text, "Write the answer.", TEXT_MAX)?;
                let waits = self.folded.comms.asked.iter().find(|a| a.entry == *asked);
                match waits.map(|a| &a.given) {
                    Some(None) => FactsGiven { asked: *asked, text }.into(),
                    Some(Some((_, who, _))) => {
                        return Err(Refusal::Over { why: format!("{who} has answered it already.") });
                    }
                    None => {
                        return Err(Refusal::Unknown { field: "asked", what: "question", name: asked.to_string() });
                    }
                }
            }
        };
        self.say(author, now, fact);
        Ok(())
    }

    fn speaks(&self, by: &PersonRef) -> Result<(), Refusal> {
        let live = [State::Open, State::Restored];
        self.in_state(&live, "tell people about", "People are told of it while it is open, and that it is over.")?;
        if self.folded.is_spoken_for_by(&by.id) {
            return Ok(());
        }
        let why = "The Incident Manager and the Communications Manager do this. Ask one of them, or save a draft.";
        Err(Refusal::NotYours { why })
    }

    fn planned(&self, row: u32) -> Result<&Audience, Refusal> {
        let unknown = || Refusal::Unknown { field: "row", what: "audience", name: row.to_string() };
        self.folded.comms.row(row).map(|p| &p.row).ok_or_else(unknown)
    }

    fn set_audience(
        &self,
        row: Option<u32>,
        to: &Row,
        reason: &str,
        seen: Option<u64>,
    ) -> Result<AudienceSet, Refusal> {
        let besides =
            to.besides.iter().map(|who| required("besides", who, "Write who, and how they are reached.", LINE_MAX));
        let to = &Row {
            audience: required("audience", &to.audience, "Write who hears.", LINE_MAX)?,
            update: required("update", &to.update, "Write what they get.", LINE_MAX)?,
            bridge: optional("bridge", &to.bridge, LINE_MAX)?,
            besides: besides.collect::<Result<_, _>>()?,
            ..to.clone()
        };
        let org = self.scene.org;
        for (field, id) in to.people.iter().map(|id| ("people", id)).chain(
            [("signer", to.signer.as_ref()), ("deputy", to.deputy.as_ref())]
                .into_iter()
                .filter_map(|(f, id)| Some((f, id?))),
        ) {
            if org.here(id).is_none() {
                return Err(Refusal::Unknown { field, what: "person", name: id.0.clone() });
            }
        }
        if let Some((field, why)) = why_row(org, to) {
            return Err(Refusal::Senseless { field, why });
        }
        let mut reason = optional("reason", reason, TEXT_MAX)?;
        let mut follows_owners = false;
        let number = match row {
            Some(row) => {
                follows_owners = self.planned(row)?.owners;
                let entry = self.folded.comms.row(row).map_or(0, |planned| planned.entry);
                if seen.is_some_and(|seen| entry > seen) {
                    let why = format!("This audience was changed by entry {entry}, after you had read it. Look again.");
                    return Err(Refusal::Senseless { field: "seen", why });
                }
                reason = required("reason", &reason, "Write why it changes.", TEXT_MAX)?;
                row
            }
            None if self.folded.comms.rows_ever >= MOST => {
                let why = format!("This incident has had {MOST} audiences. Change one of them.");
                return Err(Refusal::Senseless { field: "audience", why });
            }
            None => self.folded.comms.rows_ever + 1,
        };
        // Who is taken out of such a row stays out; whoever comes to own something affected hears.
        let row = self.audience(number, to);
        Ok(AudienceSet { row: Audience { owners: row.owners || follows_owners, ..row }, reason })
    }

    fn drafted(
        &self,
        update: Option<u32>,
        row: u32,
        text: &str,
        for_signing: bool,
        corrects: Option<u32>,
        seen: Option<u64>,
    ) -> Result<UpdateDrafted, Refusal> {
        let live = [State::Open, State::Restored];
        self.in_state(&live, "write an update about", "People are told of it while it is open.")?;
        let text = required("text", text, "Write what they will read.", TEXT_MAX)?;
        let row = self.planned(row)?;
        if for_signing && row.signer.is_none() {
            let why = "Nobody has to sign this one off. Send it.";
            return Err(Refusal::Senseless { field: "for-signing", why: why.into() });
        }
        let comms = &self.folded.comms;
        if let Some(wrong) = corrects {
            let sent = comms.updates.iter().any(|u| u.number == wrong && u.row == row.number && u.sent.is_some());
            if !sent {
                let why = format!("Update {wrong} was not sent to {}. A draft is edited, not corrected.", row.name);
                return Err(Refusal::Senseless { field: "corrects", why });
            }
        }
        let number = match update {
            Some(number) => {
                let known = self.draft_of(number)?;
                unchanged(known, seen)?;
                if known.row != row.number {
                    let why = format!("Update {number} is for {}. Write a new one.", known.audience);
                    return Err(Refusal::Senseless { field: "row", why });
                }
                number
            }
            None => u32::try_from(comms.updates.len()).unwrap_or(MOST) + 1,
        };
        if number > MOST {
            let why = format!("This incident has had {MOST} updates. Send one of its drafts.");
            return Err(Refusal::Senseless { field: "text", why });
        }
        let corrects = corrects.or_else(|| comms.updates.iter().find(|u| u.number == number)?.corrects);
        Ok(UpdateDrafted { update: number, row: row.number, audience: row.name.clone(), text, for_signing, corrects })
    }

    /// What was sent stays as it is.
    fn draft_of(&self, number: u32) -> Result<&Update, Refusal> {
        let unknown = || Refusal::Unknown { field: "update", what: "update", name: number.to_string() };
        let update = self.folded.comms.updates.iter().find(|u| u.number == number).ok_or_else(unknown)?;
        match &update.sent {
            None => Ok(update),
            Some(_) => {
                let why = format!("Update {number} was sent. Write a new one that corrects it.");
                Err(Refusal::Over { why })
            }
        }
    }

    fn to_sign(&self, by: &PersonRef, number: u32) -> Result<&Update, Refusal> {
        let update = self.draft_of(number)?;
        if update.asked_at.is_none() || update.signed.is_some() {
            let why = format!("Update {number} does not wait to be signed off.");
            return Err(Refusal::Over { why });
        }
        match self.folded.may_sign(update, &by.id, self.scene.org, self.scene.now) {
            true => Ok(update),
            false => Err(Refusal::NotYours {
                why: "Its signer signs it off, and the deputy when the signer has had the time that the plan gives.",
            }),
        }
    }

    fn sent(&self, number: u32, seen: Option<u64>, despite: &str) -> Result<UpdateSent, Refusal> {
        let update = self.draft_of(number)?;
        unchanged(update, seen)?;
        let row = self.planned(update.row)?;
        if let (Some(signer), None) = (&row.signer, &update.signed) {
            let deputy = row.deputy.as_ref().is_some_and(|p| self.scene.org.here(&p.id).is_some());
            let why = match self.scene.org.here(&signer.id).is_some() || deputy {
                true => format!("{} has to sign it off first. Ask for it.", signer.name),
                false => {
                    format!("{} had to sign it off, and has left. Say who signs for {} now.", signer.name, row.name)
                }
            };
            return Err(Refusal::Senseless { field: "update", why });
        }
        let despite = self.despite(row, despite)?;
        let mut digest = String::new();
        for byte in Sha256::digest(update.text.as_bytes()) {
            let _ = write!(digest, "{byte:02x}"); // writing to a string cannot fail
        }
        Ok(UpdateSent {
            update: number,
            row: row.number,
            audience: row.name.clone(),
            through: row.through,
            people: row.people.iter().map(|c| c.person.clone()).collect(),
            besides: row.besides.clone(),
            digest,
            despite,
        })
    }

    /// That those people were told an update by hand; nothing if that stands there already.
    fn carried(&self, number: u32, who: &str) -> Result<Option<UpdateCarried>, Refusal> {
        let unknown = |field, what, name: String| Refusal::Unknown { field, what, name };
        let update = self.folded.comms.updates.iter().find(|u| u.number == number && u.sent.is_some());
        let update = update.ok_or_else(|| unknown("update", "update that was sent", number.to_string()))?;
        if !update.by_hand().any(|(known, _)| known == who) {
            return Err(unknown("who", "audience of that update that is told by hand", who.to_owned()));
        }
        let new = update.left_by_hand().any(|left| left == who);
        Ok(new.then(|| UpdateCarried { update: number, audience: update.audience.clone(), who: who.to_owned() }))
    }

    /// Whom an update that leaves IT would surprise: then it says why it could not wait (ESC-2).
    fn despite(&self, row: &Audience, reason: &str) -> Result<Option<Despite>, Refusal> {
        let managers = planted!(
            "surprises",
            if row.level.is_inside() { Vec::new() } else { unaware(&self.folded, self.scene.org) },
            Vec::new()
        );
        let reason = optional("despite", reason, TEXT_MAX)?;
        let names: Vec<_> = managers.iter().map(|p| p.name.as_str()).collect();
        match (names.as_slice(), reason.is_empty()) {
            ([], _) => Ok(None),
            (_, false) => Ok(Some(Despite { managers, reason })),
            (names, true) => {
                let verb = if names.len() == 1 { "does" } else { "do" };
                let why =
                    format!("{} {verb} not know yet. Tell them first, or write why it cannot wait.", all_of(names));
                Err(Refusal::Senseless { field: "despite", why })
            }
        }
    }

    /// Whoever an update went to says that they have read it; a double tap says nothing new.
    pub(super) fn acknowledge(&mut self, number: u32, person: &PersonId, via: Via) -> Result<(), Refusal> {
        let unknown = || Refusal::Unknown { field: "update", what: "update", name: number.to_string() };
        let update = self.folded.comms.updates.iter().find(|u| u.number == number).ok_or_else(unknown)?;
        let who = update.reader(person).cloned().ok_or(Refusal::NotAsked)?;
        if update.acknowledged_at(person).is_none() {
            let fact = UpdateAcknowledged { update: number, person: who.clone(), via };
            self.say(Author::Person(who), self.scene.now, fact);
        }
        Ok(())
    }

    fn handed(&self, by: &PersonRef, tell: Option<&str>, row: Option<u32>) -> Result<TellingHanded, Refusal> {
        self.in_state(&[State::Open], "hand over who is told of", "Nobody must be told of it now.")?;
        if !self.folded.is_managed_by(&by.id) {
            return Err(Refusal::NotYours { why: "Only the Incident Manager hands a telling over. Ask them." });
        }
        if self.folded.roles.communicator.is_none() {
            let why = "Nobody is Communications Manager. Ask somebody to become it first.";
            return Err(Refusal::Senseless { field: "tell", why: why.into() });
        }
        match (tell, row) {
            (Some(name), None) => {
                let unknown = || Refusal::Unknown { field: "tell", what: "duty to tell", name: name.to_owned() };
                let tell = self.folded.tell(name).ok_or_else(unknown)?;
                if let Some(told) = self.folded.told(tell) {
                    return Err(Refusal::Over { why: format!("{} was told already.", told.person.name) });
                }
                if self.folded.comms.handed.contains(&tell.name) {
                    return Err(Refusal::Over { why: "The Communications Manager has it already.".into() });
                }
                Ok(TellingHanded { tell: Some(tell.name.clone()), row: None, name: tell.name.clone() })
            }
            (None, Some(row)) => {
                let planned = self.planned(row)?;
                if planned.author == Writer::Communicator {
                    return Err(Refusal::Over { why: "The Communications Manager has it already.".into() });
                }
                Ok(TellingHanded { tell: None, row: Some(row), name: planned.name.clone() })
            }
            (None, None) | (Some(_), Some(_)) => Err(Refusal::Missing {
                field: "tell",
                ask: "Choose what is handed over: one telling, or one audience.",
            }),
        }
    }
}

/// Two people who edit one draft lose nothing.
fn unchanged(update: &Update, seen: Option<u64>) -> Result<(), Refusal> {
    let (entry, by) = &update.written;
    match seen {
        Some(seen) if seen < *entry => {
            Err(Refusal::ChangedMeanwhile { field: "text", theirs: update.text.clone(), by: by.clone() })
        }
        Some(_) | None => Ok(()),
    }
}

fn known(org: &Organisation, id: &PersonId) -> Option<PersonRef> {
    org.here(id).map(|_| org.person_ref(id))
}
