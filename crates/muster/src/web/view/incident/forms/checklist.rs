//! The checklist of an incident at a glance, and what the reader may say of its steps.

use crate::web::view::parts::{Choice, Field, Prose, Summary, problems};

/// The checklist.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Steps {
    /// `3 of 9 left`.
    pub count: String,
    /// By which version of the procedure: `By version 6 of the procedure. Version 7 is in force now.`
    pub version: Prose,
    /// In their usual order.
    pub rows: Vec<Step>,
    /// Pass over one.
    pub skip: Option<SkipStep>,
}

/// A step.
#[derive(Clone, PartialEq, Debug)]
pub struct Step {
    /// Its name in forms.
    pub name: String,
    /// What is to be done.
    pub words: String,
    /// Whether it is done.
    pub done: bool,
    /// Whether somebody passed over it.
    pub skipped: bool,
    /// When, and by whom if by a person; why, if it was passed over.
    pub note: Prose,
    /// POST `tick-step`: `act`, `step`. Whether the reader can say that it is done.
    pub tick: bool,
}

/// POST `skip-step`: `act`, `step`, `reason`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct SkipStep {
    /// Which.
    pub step: Field,
    /// Why.
    pub reason: Field,
    /// Which there are to pass over.
    pub steps: Vec<Choice>,
    /// Why it was refused.
    pub refused: Option<String>,
}

summary! {
    SkipStep = "skip-step": step as "step", reason as "reason";
}
