//! Where an incident stands.

use super::super::Incident;
use super::super::State;
use super::super::command::TEXT_MAX;
use crate::Time;
use crate::check::{optional, past, required};
use crate::entry::{Author, Confirmed, ManagerAssumed, Restored};
use crate::refusal::Refusal;
use crate::subject::Draft;
use crate::words::clock;

impl Draft<'_, Incident> {
    pub(super) fn restore(&mut self, author: Author, at: Time, cause: &str, resolution: &str) -> Result<(), Refusal> {
        let cause = optional("cause", cause, TEXT_MAX)?;
        let resolution = required("resolution", resolution, "Write what brought service back.", TEXT_MAX)?;
        self.in_state(&[State::Suspected, State::Open], "restore", "To correct its time, set the field.")?;
        let at = past("at", at, self.scene.now)?;
        self.after_going_down("at", at)?;
        if self.folded.state == State::Suspected {
            let fact = Confirmed { why: "a person says that it was real and is over".into() };
            self.say(author.clone(), self.scene.now, fact);
        }
        self.own(&author);
        self.say(author, at, Restored { at, cause, resolution });
        self.call_off("Service is back.");
        Ok(())
    }

    /// Who ends what nobody had is its Incident Manager, so that somebody owes the report.
    pub(super) fn own(&mut self, author: &Author) {
        if let (None, Author::Person(person)) = (&self.folded.manager, author) {
            let fact = ManagerAssumed { person: person.clone(), summons: None };
            self.say(author.clone(), self.scene.now, fact);
        }
    }

    pub(super) fn after_going_down(&self, field: &'static str, at: Time) -> Result<(), Refusal> {
        if let Some(again) = self.folded.course.reopened_at.filter(|again| at < *again) {
            let again = clock(again, self.scene.now, &self.folded.terms.time_zone);
            let why = format!(
                "It was opened again at {again}, so service was not back for good before. Set when it came back after that."
            );
            return Err(Refusal::Senseless { field, why });
        }
        match self.folded.went_down {
            Some(down) if at < down.at => Err(Refusal::Senseless {
                field,
                why: "Service cannot be back before it went down. Set this time, or correct when it went down.".into(),
            }),
            _ => Ok(()),
        }
    }
}
