//! Versions of the procedure as subjects (POL-1 to POL-3): drafted from one another, signed by the groups that they
//! name, in force from a date, replaced by the next.
//!
//! [`Version`] is folded from a log of its own; [`decide()`] says which entries a command leads to. Exactly one is in
//! force: whoever puts one in force replaces the one before in the same transaction.

mod command;
mod decide;
mod differences;
mod fold;
mod wording;

pub use command::{Command, Drafting};
pub use decide::{decide, why_unworkable};
pub use differences::{Difference, differences};
pub(crate) use wording::line;

use crate::duty::{Duty, DutyId, DutyKind, Nags};
use crate::entry::{ComesBy, Entry, Group, PolicyBody};
use crate::ids::{AreaId, PersonRef};
use crate::refusal::Refusal;
use crate::subject::Subject;
use crate::summons::Summons;
use crate::{Span, Time};
use serde::{Deserialize, Serialize};

/// A version of the procedure, as its log makes it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Version {
    /// Which: incidents keep the number of the one that they began under.
    pub number: u32,
    /// Which version it was made from.
    pub from: Option<u32>,
    /// Who wrote it; none if it ships.
    pub author: Option<PersonRef>,
    /// When it was begun.
    pub drafted_at: Time,
    /// Why it is changed.
    pub note: String,
    /// Which decision of a review asked for it; may be empty.
    pub decision: String,
    /// When it takes effect; none: as soon as all have signed.
    pub effective: Option<Time>,
    /// When it is reviewed next.
    pub next_review: Option<Time>,
    /// What it says.
    pub body: PolicyBody,
    /// By which entry its words were last written.
    #[serde(default)]
    pub written: u64,
    /// Where it stands.
    pub stage: Stage,
    /// When it was proposed, and by when it should be signed.
    pub proposed: Option<(Time, Time)>,
    /// The groups that must sign it, and what they said.
    pub signers: Vec<Signer>,
    /// Since when it is or was in force, how, and by whom if by a person.
    pub in_force: Option<InForce>,
    /// When it was replaced, and by which version.
    pub replaced: Option<(Time, u32)>,
    /// When it was given up, and why.
    pub dropped: Option<(Time, String)>,
    /// The organisation's time zone.
    pub time_zone: String,
    /// Newest entry.
    pub seq: u64,
    /// When that was written.
    pub last_recorded_at: Time,
    /// Holds an entry of a later release.
    pub newer: bool,
}

/// Where a version stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// It is being written.
    Draft,
    /// The groups are asked to sign it.
    Proposed,
    /// It holds.
    InForce,
    /// Another holds.
    Replaced,
    /// It was given up before it held.
    Dropped,
}

impl Stage {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Proposed => "proposed",
            Self::InForce => "in force",
            Self::Replaced => "replaced",
            Self::Dropped => "dropped",
        }
    }
}

/// A group that must sign, and what it said.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Signer {
    /// Which.
    pub group: Group,
    /// When it signed, and who did for it.
    pub signed: Option<(Time, String)>,
    /// When it last declined, who did, and what they ask for.
    pub declined: Option<(Time, String, String)>,
}

impl Signer {
    /// That group, before it has said anything.
    fn of(group: &Group) -> Self {
        Self { group: group.clone(), signed: None, declined: None }
    }
}

/// How a version came to hold.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct InForce {
    /// Since when.
    pub at: Time,
    /// How.
    pub how: ComesBy,
    /// By whom, if by a person.
    pub by: Option<String>,
}

impl Version {
    /// Whether a file that says `body` may take its place (POL-3): who signed it off signs what follows it as well.
    ///
    /// # Errors
    /// A [`Refusal`] that says what to do instead.
    pub fn gives_way_to_a_file(&self, body: &PolicyBody) -> Result<(), Refusal> {
        if self.signers.is_empty() || self.body.says(body) {
            return Ok(());
        }
        let groups = self.signers.iter().map(|s| s.group.name.as_str()).collect::<Vec<_>>().join(", ");
        let why = format!(
            "Version {} of the procedure is in force, which was put to {groups} to be signed off: a file does not change \
             it. Draft the next version on the page Policy, and they sign that. In the file leave policy and procedure as \
             muster export writes them.",
            self.number
        );
        Err(Refusal::Senseless { field: "policy", why })
    }

    /// The groups that have not signed it.
    pub fn missing(&self) -> impl Iterator<Item = &Signer> {
        self.signers.iter().filter(|s| s.signed.is_none())
    }

    /// That group, if it must sign.
    #[must_use]
    pub fn signer(&self, area: &AreaId) -> Option<&Signer> {
        self.signers.iter().find(|s| s.group.area == *area)
    }

    /// When it comes into force by itself, if it does.
    #[must_use]
    pub fn comes_into_force_at(&self) -> Option<Time> {
        self.proposed.filter(|_| self.stage == Stage::Proposed)?;
        let last = self.signers.iter().map(|s| s.signed.as_ref().map(|(at, _)| *at)).collect::<Option<Vec<_>>>()?;
        // What nobody has to sign is nobody's word: management puts it in force, with a reason.
        let signed = last.into_iter().max()?;
        Some(self.effective.map_or(signed, |effective| effective.max(signed)))
    }
}

impl Subject for Version {
    const KIND: &'static str = "policy";
    const FOLD_FORMAT: u32 = 3;

    fn begin(entry: &Entry) -> Option<Self> {
        Self::of_first(entry)
    }

    fn apply(&mut self, entry: &Entry) {
        self.take_into_account(entry);
    }

    fn seq(&self) -> u64 {
        self.seq
    }

    fn last_recorded_at(&self) -> Time {
        self.last_recorded_at
    }

    fn is_newer(&self) -> bool {
        self.newer
    }

    fn summonses(&self) -> &[Summons] {
        &[]
    }

    fn answer_wait(&self) -> Span {
        self.body.policy.answer_wait
    }

    /// Once a day: a sign-off is no alarm.
    fn nags(&self) -> Nags {
        let policy = &self.body.policy;
        Nags { every: Span::from_hours(24), at_most: policy.nags_at_most, climbs_from: policy.climbs_from }
    }

    fn duties(&self) -> Vec<Duty> {
        let Some((since, due)) = self.proposed else { return Vec::new() };
        let owed = |signer: &Signer| {
            let settled = signer.signed.as_ref().map(|(at, _)| *at);
            // Nobody owes a signature to what holds already, or is written anew.
            let open = self.stage == Stage::Proposed;
            (open || settled.is_some()).then(|| Duty {
                id: DutyId { kind: DutyKind::SignOff, occurrence: signer.group.area.0.clone() },
                what: format!("Sign version {} of the procedure for {}", self.number, signer.group.name),
                owed_by: signer.group.people.first().cloned(),
                since,
                due,
                proof: None,
                settled,
            })
        };
        self.signers.iter().filter_map(owed).collect()
    }

    fn next_due(&self, now: Time, _: Time) -> Option<Time> {
        let nags = self.duties().into_iter().filter_map(|d| d.next_nag(self.nags(), now));
        nags.chain(self.comes_into_force_at()).min()
    }
}
