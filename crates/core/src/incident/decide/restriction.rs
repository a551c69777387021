//! Saying who may see an incident.

use super::super::Incident;
use super::super::command::LINE_MAX;
use crate::check::required;
use crate::entry::{Author, Restricted, Unrestricted};
use crate::ids::{PersonId, PersonRef};
use crate::refusal::Refusal;
use crate::subject::Draft;

/// Most people to whom one is shown beside those who take part: beyond it, it is no secret any more.
const SHOWN_AT_MOST: usize = 50;

impl Draft<'_, Incident> {
    pub(super) fn restrict(&mut self, by: &PersonRef, to: &[PersonId], reason: &str) -> Result<(), Refusal> {
        self.may_restrict(by)?;
        let reason = required("reason", reason, "Write why not everybody may see it.", LINE_MAX)?;
        self.stands_alone("Restrict that one.")?;
        if to.len() > SHOWN_AT_MOST {
            let why = format!("Name at most {SHOWN_AT_MOST} people beside those who take part.");
            return Err(Refusal::Senseless { field: "people", why });
        }
        let mut shown_to: Vec<PersonRef> = Vec::new();
        for id in to {
            let known = self.scene.org.here(id);
            known.ok_or_else(|| Refusal::Unknown { field: "people", what: "person", name: id.0.clone() })?;
            if !shown_to.iter().any(|p| p.id == *id) {
                shown_to.push(self.scene.org.person_ref(id));
            }
        }
        let fact = Restricted { shown_to, reason };
        if self.folded.restriction.now.as_ref() != Some(&fact) {
            self.say(Author::Person(by.clone()), self.scene.now, fact);
        }
        Ok(())
    }

    pub(super) fn unrestrict(&mut self, by: &PersonRef, reason: &str) -> Result<(), Refusal> {
        self.may_restrict(by)?;
        let reason = required("reason", reason, "Write why everybody may see it.", LINE_MAX)?;
        self.stands_alone("Lift that one's restriction.")?;
        if self.folded.is_restricted() {
            self.say(Author::Person(by.clone()), self.scene.now, Unrestricted { reason });
        }
        Ok(())
    }

    /// Who sees one of two that are merged would read of the other there: both follow the one that goes on.
    fn stands_alone(&self, instead: &str) -> Result<(), Refusal> {
        if self.folded.others.merged_into.is_none() {
            return Ok(());
        }
        // In which, not everybody may know.
        let why = format!("It goes on in another incident. {instead}");
        Err(Refusal::Senseless { field: "restricted", why })
    }

    pub(super) fn seen_as(&mut self, by: Option<&[PersonRef]>, why: &str) {
        let now = self.scene.now;
        match by {
            Some(people) => {
                let fact = Restricted { shown_to: people.to_vec(), reason: why.to_owned() };
                self.say(Author::Muster, now, fact);
            }
            None if self.folded.is_restricted() => {
                self.say(Author::Muster, now, Unrestricted { reason: why.to_owned() });
            }
            None => {}
        }
    }

    fn may_restrict(&self, by: &PersonRef) -> Result<(), Refusal> {
        if self.folded.may_be_restricted_by(&by.id, self.scene.org) {
            return Ok(());
        }
        let why = "Only the Incident Manager, managers and administrators say who may see it. Ask one of them.";
        Err(Refusal::NotYours { why })
    }
}
