//! A user's own report opens a suspected incident, or joins one that is open (DIS-1).

use super::open::affected;
use super::{Incident, LINE_MAX, State};
use crate::Time;
use crate::check::{optional, required};
use crate::directory::Organisation;
use crate::entry::{Author, Kind, Opened, Origin, Tell, Terms, UserReported};
use crate::ids::SystemId;
use crate::refusal::Refusal;
use crate::subject::Draft;
use crate::system::Scope;
use crate::words::{one_line, sentence};

/// Longest words of a user, in characters: a few paragraphs. Nobody has vouched for who writes them.
pub const REPORT_MAX: usize = 2_000;

/// A user's report, and the system that it is about, if it names one that the directory has.
#[derive(Clone, PartialEq, Debug)]
pub struct UserReport {
    /// What they wrote.
    pub said: UserReported,
    /// Which system.
    pub system: Option<SystemId>,
}

impl UserReport {
    /// The same with its texts trimmed, if it says anything.
    ///
    /// # Errors
    /// A [`Refusal`] that names the field.
    pub fn sensible(&self) -> Result<Self, Refusal> {
        let said = &self.said;
        let said = UserReported {
            text: required("text", &said.text, "Write what is wrong.", REPORT_MAX)?,
            service: optional("service", &said.service, LINE_MAX)?,
            place: optional("place", &said.place, LINE_MAX)?,
            name: optional("name", &said.name, LINE_MAX)?,
            contact: optional("contact", &said.contact, LINE_MAX)?,
        };
        Ok(Self { said, system: self.system.clone() })
    }

    /// The opening that it leads to: suspected, as nobody who answers for it has looked.
    pub(super) fn opening(
        &self,
        number: &str,
        org: &Organisation,
        now: Time,
        terms: Terms,
        tells: Vec<Tell>,
    ) -> Opened {
        let systems: Vec<_> = self.system.iter().filter_map(|id| affected(org, id, None)).collect();
        let kind = match systems.first().map(|s| s.scope) {
            Some(Scope::OrganisationWide) => Kind::ORGANISATION_WIDE,
            Some(Scope::Departmental) => Kind::DEPARTMENTAL,
            None => Kind::OTHER,
        };
        let first_line = self.said.text.lines().map(one_line).find(|line| !line.is_empty()).unwrap_or_default();
        Opened {
            number: number.to_owned(),
            title: first_line.chars().take(LINE_MAX).collect(),
            kind,
            suspected: true,
            origin: Origin::User { name: self.said.name.clone(), contact: self.said.contact.clone() },
            discovered_at: now,
            went_down: None,
            severity: None,
            affected: None,
            systems,
            why: "a user reports it, and nobody has looked yet".into(),
            terms,
            tells,
            checklist: org.procedure.checklist(),
        }
    }
}

impl Draft<'_, Incident> {
    /// What a user says, where they were not the first.
    pub(super) fn hear_user(&mut self, report: &UserReport) -> Result<(), Refusal> {
        let said = report.sensible()?.said;
        self.in_state(&[State::Suspected, State::Open], "report to", "Report it as another.")?;
        self.say(Author::Muster, self.scene.now, said);
        Ok(())
    }
}

impl UserReported {
    /// What they wrote, with everything else that they said.
    pub(super) fn words(&self) -> String {
        let more = |what: &str, text: &str| if text.is_empty() { String::new() } else { format!(" {what}: {text}.") };
        let (service, place) = (more("Service", &self.service), more("Where", &self.place));
        format!("{}{service}{place} By {}.", sentence(&self.text), self.who())
    }
}
