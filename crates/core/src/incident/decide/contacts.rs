//! Contacts that people record, and entries that they take back.

use super::super::Incident;
use crate::contact::{MeansKind, Outcome, Proof};
use crate::ids::{PersonId, PersonRef};
use crate::refusal::Refusal;
use crate::subject::Draft;
use crate::{Span, Time, later};

/// Forms know minutes, monitors know seconds.
const ROUNDED: Span = Span::from_secs(60);

impl Draft<'_, Incident> {
    pub(super) fn entry_exists(&self, entry: u64) -> Result<(), Refusal> {
        if (1..=self.folded.seq).contains(&entry) {
            return Ok(());
        }
        Err(Refusal::NotThatEntry { entry, why: "There is no such entry. Choose one of the log." })
    }

    pub(super) fn can_be_taken_back(&self, entry: u64) -> Result<(), Refusal> {
        self.entry_exists(entry)?;
        let why = |why| Err(Refusal::NotThatEntry { entry, why });
        if self.folded.taken_back.contains_key(&entry) {
            return why("It was taken back already.");
        }
        let a_contact = self.folded.contacts.iter().any(|c| c.entry == entry);
        let an_answer = self.folded.summonses.iter().any(|s| s.answers.iter().any(|g| g.entry == entry));
        if a_contact || an_answer || self.folded.attachments.contains(&entry) || self.folded.checklist.is_said_by(entry)
        {
            return Ok(());
        }
        why("Only a contact, an answer, a file or a step can be taken back. Correct its words, or set the field anew.")
    }

    /// Nobody can be told of what had not happened. Whoever is spoken to is told, whichever duty to tell was meant, if any.
    pub(super) fn could_be_told(&self, at: Time) -> Result<(), Refusal> {
        let began = self.folded.went_down.map_or(self.folded.discovered_at, |m| m.at.min(self.folded.discovered_at));
        if at >= later(began, -ROUNDED) {
            return Ok(());
        }
        let why = "This lies before service went down. Correct it, or correct when service went down first.";
        Err(Refusal::Senseless { field: "happened-at", why: why.into() })
    }

    /// The person of a recorded contact: one of the duty's chain, or anybody in the directory.
    pub(super) fn contacted_person(&self, tell: Option<&str>, id: &PersonId) -> Result<PersonRef, Refusal> {
        let unknown = |field, what, name: &str| Refusal::Unknown { field, what, name: name.to_owned() };
        if let Some(name) = tell {
            let tell = self.folded.tell(name).ok_or_else(|| unknown("tell", "duty to tell", name))?;
            if let Some(candidate) = tell.chain.iter().find(|c| c.person.id == *id) {
                return Ok(candidate.person.clone());
            }
            // Where the policy's list was empty, whoever is told must be named by a person.
            if tell.chain.is_empty() && self.scene.org.people.contains_key(id) {
                return Ok(self.scene.org.person_ref(id));
            }
            return Err(Refusal::Senseless {
                field: "person",
                why: format!("This person does not stand for {name}. Choose one of its list."),
            });
        }
        if !self.scene.org.people.contains_key(id) {
            return Err(unknown("person", "person", id.as_str()));
        }
        Ok(self.scene.org.person_ref(id))
    }
}

/// Whether a person may state that outcome of a try by that means: nobody can confirm for another,
/// and a conversation is not had by message.
pub(super) fn can_be_stated(means: MeansKind, outcome: Outcome) -> Result<(), Refusal> {
    let why = match outcome.proof() {
        None => return Ok(()),
        Some(Proof::Spoken) if means.is_conversation() => return Ok(()),
        Some(Proof::Spoken) => "Only who answers in person or by phone is spoken to. Choose that, or a message left.",
        Some(Proof::Confirmed) => "Only they can confirm, by their own link or log-in. Record a conversation instead.",
    };
    Err(Refusal::Senseless { field: "outcome", why: why.into() })
}
