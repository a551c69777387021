//! Who may see an incident.

use super::PersonName;
use crate::web::api::ask::IntoAct;
use crate::web::error::Problem;
use jiff::Timestamp;
use muster_core::entry::Restricted;
use muster_core::ids::PersonId;
use muster_core::incident::Act;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Only those who take part may see it, and these.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Restrict {
    /// To whom it is shown beside those who take part, by their names in the directory.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub people: Vec<String>,
    /// Why not everybody may see it.
    #[schema(max_length = 160)]
    pub reason: String,
}

/// Everybody may see it again.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Unrestrict {
    /// Why.
    #[schema(max_length = 160)]
    pub reason: String,
}

impl IntoAct for Restrict {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        Ok(Act::Restrict { to: self.people.into_iter().map(PersonId).collect(), reason: self.reason })
    }
}

impl IntoAct for Unrestrict {
    fn into_act(self, _: Timestamp) -> Result<Act, Problem> {
        Ok(Act::Unrestrict { reason: self.reason })
    }
}

/// How an incident is restricted.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Restriction {
    /// To whom it is shown beside those who take part.
    pub shown_to: Vec<PersonName>,
    /// Why.
    pub reason: String,
}

impl From<&Restricted> for Restriction {
    fn from(fact: &Restricted) -> Self {
        Self { shown_to: fact.shown_to.iter().map(PersonName::from).collect(), reason: fact.reason.clone() }
    }
}
