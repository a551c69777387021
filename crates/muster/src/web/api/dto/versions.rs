//! Versions of the procedure, as the API shows and takes them.

use super::{PersonName, word_of};
use crate::web::error::Problem;
use axum::http::StatusCode;
use jiff::Timestamp;
use muster_core::entry::Passage;
use muster_core::ids::AreaId;
use muster_core::policy::Policy;
use muster_core::procedure::{Component, Content, Procedure, Step};
use muster_core::version::{self, Drafting};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Every version, the newest first.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Versions {
    /// All of them.
    pub versions: Vec<Version>,
}

/// A version of the procedure: who wrote it, why, who signed it, from when.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Version {
    /// Which: incidents keep the number of the one that they began under.
    pub number: u32,
    /// Which version it was made from.
    pub from: Option<u32>,
    /// `draft`, `proposed`, `in-force`, `replaced` or `dropped`.
    pub stage: String,
    /// Who wrote it; `null` if it ships.
    pub author: Option<PersonName>,
    /// When it was begun.
    pub drafted_at: Timestamp,
    /// Why it is changed.
    pub note: String,
    /// Which decision of a review asked for it; may be empty.
    pub decision: String,
    /// When it takes effect; `null`: as soon as all have signed.
    pub effective: Option<Timestamp>,
    /// When it is reviewed next.
    pub next_review: Option<Timestamp>,
    /// By when the groups should have signed it, once it is proposed.
    pub sign_by: Option<Timestamp>,
    /// The groups that must sign it.
    pub groups: Vec<Signing>,
    /// Since when it holds or held.
    pub in_force_at: Option<Timestamp>,
    /// By which version it was replaced.
    pub replaced_by: Option<u32>,
    /// Why it was given up, if it was.
    pub dropped: Option<String>,
    /// Its newest entry: say it with `seen` when you change or sign it.
    pub seq: u64,
}

/// A group that must sign, and what it said.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Signing {
    /// The area's name in the directory.
    pub area: String,
    /// What it is called.
    pub name: String,
    /// When it signed.
    pub signed_at: Option<Timestamp>,
    /// Who signed for it.
    pub signed_by: Option<String>,
    /// What it last asked for instead.
    pub declined: Option<String>,
}

/// A version with all that it says.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct WholeVersion {
    /// Where it stands.
    pub version: Version,
    /// Its figures, in the shape of `[policy]` in the organisation's file.
    #[schema(value_type = Object)]
    pub policy: Policy,
    /// Its words, in the shape of `[procedure]` there.
    #[schema(value_type = Object)]
    pub procedure: Procedure,
}

/// What came of it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct VersionDone {
    /// The version afterwards.
    pub version: Version,
    /// Numbers of the entries that were appended to its log; none if it was done before.
    pub entries: Vec<u64>,
}

/// Begin a version from the one that is in force.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BeginVersion {
    /// Why it is changed.
    pub note: String,
    /// Which decision of a review asked for it.
    #[serde(default)]
    pub decision: String,
    /// The areas that must sign it, by their names in the directory.
    #[serde(default)]
    pub groups: Vec<String>,
    /// When it takes effect; as soon as all have signed, if absent.
    #[serde(default)]
    pub effective: Option<Timestamp>,
    /// When it is reviewed next.
    #[serde(default)]
    pub next_review: Option<Timestamp>,
}

/// Say anew why a draft is made, who signs it and from when.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FrameVersion {
    /// All of it: what is left out is empty.
    pub frame: BeginVersion,
    /// Its newest entry that you had read.
    #[serde(default)]
    pub seen: Option<u64>,
}

/// Give up a version that never held.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DropVersion {
    /// Why.
    pub reason: String,
}

/// Write a part of a draft anew.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditVersion {
    /// `{"figures": {…}}`: those that change, in the shape that the version is shown in; or `{"checklist": […]}` or
    /// `{"component": ["escalation", {…}]}`, whole.
    #[schema(value_type = Object)]
    pub to: Part,
    /// Its newest entry that you had read: who changed it since loses nothing. If absent, what it says now is changed.
    #[serde(default)]
    pub seen: Option<u64>,
}

/// A part of a version, as a program says it.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Some of its figures.
    Figures(serde_json::Map<String, serde_json::Value>),
    /// Its checklist.
    Checklist(Vec<Step>),
    /// The words of a component.
    Component(Component, Content),
}

impl Part {
    /// What that makes of `version`: figures that are not named stay as they are.
    ///
    /// # Errors
    /// 422 if a figure is none, or not known.
    pub fn of(self, version: &version::Version) -> Result<Passage, Problem> {
        let wrong = |e: serde_json::Error| {
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "senseless", format!("{e}. Write it as GET shows it."))
        };
        Ok(match self {
            Self::Component(component, content) => Passage::Component(component, content),
            Self::Checklist(steps) => Passage::Checklist(steps),
            Self::Figures(figures) => {
                let mut whole = serde_json::to_value(&version.body.policy).map_err(wrong)?;
                whole.as_object_mut().into_iter().for_each(|all| all.extend(figures.clone()));
                Passage::Figures(serde_json::from_value(whole).map_err(wrong)?)
            }
        })
    }
}

/// Sign a version for a group.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignVersion {
    /// For which area.
    pub area: String,
    /// Its newest entry that you had read: nobody signs words that they have not seen.
    #[serde(default)]
    pub seen: Option<u64>,
}

/// Do not sign a version for a group.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclineVersion {
    /// For which area.
    pub area: String,
    /// What it asks for instead.
    pub reason: String,
}

/// Put a version in force over sign-offs that are missing.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ForceVersion {
    /// Why it cannot wait.
    pub reason: String,
}

impl From<BeginVersion> for Drafting {
    fn from(begin: BeginVersion) -> Self {
        let BeginVersion { note, decision, groups, effective, next_review } = begin;
        Self { note, decision, groups: groups.into_iter().map(AreaId).collect(), effective, next_review }
    }
}

impl From<&version::Version> for Version {
    fn from(v: &version::Version) -> Self {
        let signing = |s: &version::Signer| Signing {
            area: s.group.area.0.clone(),
            name: s.group.name.clone(),
            signed_at: s.signed.as_ref().map(|(at, _)| *at),
            signed_by: s.signed.as_ref().map(|(_, by)| by.clone()),
            declined: s.declined.as_ref().map(|(_, _, why)| why.clone()),
        };
        Self {
            number: v.number,
            from: v.from,
            stage: word_of(&v.stage),
            author: v.author.as_ref().map(Into::into),
            drafted_at: v.drafted_at,
            note: v.note.clone(),
            decision: v.decision.clone(),
            effective: v.effective,
            next_review: v.next_review,
            sign_by: v.proposed.map(|(_, by)| by),
            groups: v.signers.iter().map(signing).collect(),
            in_force_at: v.in_force.as_ref().map(|f| f.at),
            replaced_by: v.replaced.map(|(_, by)| by),
            dropped: v.dropped.as_ref().map(|(_, why)| why.clone()),
            seq: v.seq,
        }
    }
}
