//! Facts about who may see an incident.

use crate::ids::PersonRef;
use serde::{Deserialize, Serialize};

/// See [`super::Fact::Restricted`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Restricted {
    /// Who may see it beside those who take part.
    pub shown_to: Vec<PersonRef>,
    /// Why.
    pub reason: String,
}

/// See [`super::Fact::Unrestricted`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Unrestricted {
    /// Why.
    pub reason: String,
}
