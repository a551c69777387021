//! What people do to two incidents, as requests; and how one hangs together with others.

use super::words;
use muster_core::entry::Relation;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Two incidents hang together.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// The other's reference number.
    pub number: String,
    /// How this one stands to it; `related` if absent.
    #[serde(default)]
    #[schema(schema_with = words::relation)]
    pub how: Relation,
}

/// Two incidents do not hang together after all.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Unlink {
    /// The other's reference number.
    pub number: String,
    /// Why.
    #[schema(max_length = 10_000)]
    pub reason: String,
}

/// This incident is the same as another, and goes on there.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Merge {
    /// The other's reference number.
    pub number: String,
    /// Why.
    #[schema(max_length = 10_000)]
    pub reason: String,
}

/// Another incident that one hangs together with.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Other {
    /// Its reference number.
    pub number: String,
    /// Its name when that was said.
    pub title: String,
    /// `related`, `caused-by`, `caused`, `merged-into` or `took-in`.
    pub how: String,
}

impl Other {
    /// All of those of `incident`.
    #[must_use]
    pub fn all_of(incident: &muster_core::incident::Incident) -> Vec<Self> {
        let other = |number: &str, title: &str, how: &str| Self {
            number: number.to_owned(),
            title: title.to_owned(),
            how: how.to_owned(),
        };
        let others = &incident.others;
        let into = others.merged_into.iter().filter(|m| !m.number.is_empty());
        let into = into.map(|m| other(&m.number, &m.title, "merged-into"));
        let took_in = others.took_in.iter().map(|t| other(&t.number, &t.title, "took-in"));
        let linked = others.linked.iter().map(|l| other(&l.number, &l.title, &super::word_of(&l.how)));
        into.chain(took_in).chain(linked).collect()
    }
}
