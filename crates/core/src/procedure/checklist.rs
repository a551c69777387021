//! The at-a-glance checklist (POL-4): the steps that nobody forgets. It stands on every incident, whose opening holds
//! the one that was in force then.

use crate::ids::is_directory_name;
use crate::words::is_blank;
use serde::{Deserialize, Serialize};

/// Most steps: what is longer is not read at a glance.
const STEPS_AT_MOST: usize = 20;
/// Longest step in characters: one or two lines of a narrow panel.
const STEP_MAX: usize = 160;

/// A step of the checklist.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Its name in logs and programs.
    pub name: String,
    /// What is to be done.
    pub words: String,
    /// What shows Muster that it is done: any of these. None: only a person says so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seen_by: Vec<Sign>,
}

/// Something by which Muster sees that a step is done.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sign {
    /// The log has begun.
    LogBegun,
    /// Somebody was spoken to of every group that the policy names by its supervisors.
    SupportTold,
    /// It is triaged, and its severity is set.
    Assessed,
    /// More than one person has taken a part of it.
    OthersBroughtIn,
    /// A functional area has taken it over.
    HandedToArea,
    /// Somebody was spoken to of the management that must be told.
    ManagementTold,
    /// A status review conference was held, or service was back before one was owed.
    ConferenceHeld,
    /// The service disruption report is filed.
    ReportFiled,
    /// It was gone through in the review, and closed.
    Closed,
}

impl Sign {
    /// The word for it: in files, and in the list of changes.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::LogBegun => "log-begun",
            Self::SupportTold => "support-told",
            Self::Assessed => "assessed",
            Self::OthersBroughtIn => "others-brought-in",
            Self::HandedToArea => "handed-to-area",
            Self::ManagementTold => "management-told",
            Self::ConferenceHeld => "conference-held",
            Self::ReportFiled => "report-filed",
            Self::Closed => "closed",
        }
    }
}

/// The first thing in it that nobody can work by, with its place and what to do.
pub(super) fn why_senseless(steps: &[Step]) -> Option<String> {
    let place = "procedure, checklist";
    if steps.len() > STEPS_AT_MOST {
        return Some(format!("{place}: there are {} steps. Use {STEPS_AT_MOST} at most.", steps.len()));
    }
    steps.iter().enumerate().find_map(|(n, step)| {
        let why = if !is_directory_name(&step.name) {
            "its name: use 1 to 64 of a-z, 0-9, dash, dot and underscore, beginning with a letter or a digit"
        } else if is_blank(&step.words) {
            "it is empty. Write what is to be done, or leave it out"
        } else if step.words.chars().count() > STEP_MAX {
            "it is too long. Use 160 characters at most"
        } else if steps[..n].iter().any(|s| s.name == step.name || s.words.trim() == step.words.trim()) {
            "its name or its words stand there twice. Name each step once"
        } else {
            return None;
        };
        Some(format!("{place}, step {}: {why}.", n + 1))
    })
}
