//! Facts about the at-a-glance checklist (POL-4). What Muster sees done by itself is no fact: it follows from others.

use serde::{Deserialize, Serialize};

/// See [`super::Fact::StepDone`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct StepDone {
    /// Which, by its name.
    pub step: String,
    /// What it asks for.
    pub words: String,
}

/// See [`super::Fact::StepSkipped`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct StepSkipped {
    /// Which, by its name.
    pub step: String,
    /// What it asks for.
    pub words: String,
    /// Why it is passed over.
    pub reason: String,
}
