//! The checklist of an incident.

use crate::web::api::ask::IntoAct;
use crate::web::error::Problem;
use jiff::Timestamp;
use muster_core::incident::{Act, Checked, Incident, Standing};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A step is done.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TickStep {
    /// Which, by its name.
    pub step: String,
}

/// A step is passed over.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SkipStep {
    /// Which, by its name.
    pub step: String,
    /// Why.
    #[schema(max_length = 160)]
    pub reason: String,
}

impl IntoAct for TickStep {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        Ok(Act::TickStep { step: self.step })
    }
}

impl IntoAct for SkipStep {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        Ok(Act::SkipStep { step: self.step, reason: self.reason })
    }
}

/// A step of the checklist.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct StepHere {
    /// Its name.
    pub step: String,
    /// What is to be done.
    pub words: String,
    /// `open`, `seen` (Muster sees that it is done), `not-needed` (Muster sees that it came not to be), `done` (a person says
    /// so), `skipped`.
    pub now: String,
    /// Since when.
    pub at: Option<Timestamp>,
    /// Who said so.
    pub by: Option<String>,
    /// Why it is skipped.
    pub reason: Option<String>,
}

impl StepHere {
    /// Those of `incident`.
    #[must_use]
    pub fn all_of(incident: &Incident) -> Vec<Self> {
        incident.checked().into_iter().map(Self::of).collect()
    }

    fn of(checked: Checked<'_>) -> Self {
        let (now, at, by, reason) = match checked.standing {
            Standing::Open => ("open", None, None, None),
            Standing::Seen(at) => ("seen", Some(at), None, None),
            Standing::NotNeeded(at) => ("not-needed", Some(at), None, None),
            Standing::Done { at, by } => ("done", Some(at), Some(by), None),
            Standing::Skipped { at, by, reason } => ("skipped", Some(at), Some(by), Some(reason)),
        };
        let step = checked.step;
        Self { step: step.name.clone(), words: step.words.clone(), now: now.to_owned(), at, by, reason }
    }
}
