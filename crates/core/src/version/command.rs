//! What may be wanted of a version.

use crate::Time;
use crate::entry::{Passage, PolicyBody};
use crate::ids::{AreaId, PersonRef};
use crate::subject::Common;

/// What is said of a draft besides its words and figures.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Drafting {
    /// Why it is changed.
    pub note: String,
    /// Which decision of a review asked for it; may be empty.
    pub decision: String,
    /// The areas that must sign it.
    pub groups: Vec<AreaId>,
    /// When it takes effect; none: as soon as all have signed.
    pub effective: Option<Time>,
    /// When it is reviewed next.
    pub next_review: Option<Time>,
}

/// What somebody or something wants of a version.
#[derive(Clone, PartialEq, Debug)]
#[allow(clippy::large_enum_variant, reason = "one at a time, never in a list")]
pub enum Command {
    /// Begins one from the version `from`, which says `body`.
    Draft {
        /// Its number.
        number: u32,
        /// Who.
        by: PersonRef,
        /// Which version it is made from.
        from: u32,
        /// What that says.
        body: PolicyBody,
        /// The rest.
        drafting: Drafting,
    },
    /// Writes down what ships or was applied from a file: it holds at once.
    Apply {
        /// Its number.
        number: u32,
        /// Who applied it; none: it ships.
        by: Option<PersonRef>,
        /// Which version held before.
        from: Option<u32>,
        /// What it says.
        body: PolicyBody,
    },
    /// Writes a part of a draft anew.
    Edit {
        /// Who.
        by: PersonRef,
        /// To what.
        to: Passage,
        /// The newest entry that they had seen; none from programs that don't care.
        seen: Option<u64>,
    },
    /// Says anew why a draft is made, who signs it and from when.
    Frame {
        /// Who.
        by: PersonRef,
        /// What.
        drafting: Drafting,
        /// The newest entry that they had seen; none from programs that don't care.
        seen: Option<u64>,
    },
    /// Gives up a version that never held.
    Drop {
        /// Who.
        by: PersonRef,
        /// Why.
        reason: String,
    },
    /// Asks the groups to sign it.
    Propose {
        /// Who.
        by: PersonRef,
    },
    /// Signs it for a group.
    Sign {
        /// Who.
        by: PersonRef,
        /// For which.
        area: AreaId,
        /// The newest entry that they had seen: nobody signs words that they have not read. None from programs that
        /// don't care.
        seen: Option<u64>,
    },
    /// Does not sign it for a group.
    Decline {
        /// Who.
        by: PersonRef,
        /// For which.
        area: AreaId,
        /// What they ask for instead.
        reason: String,
    },
    /// Puts it in force over sign-offs that are missing, at once.
    Force {
        /// Who: management.
        by: PersonRef,
        /// Why it cannot wait.
        reason: String,
    },
    /// Another version holds from now on.
    Replace {
        /// Which.
        by: u32,
    },
    /// Time has passed.
    Tick,
}

impl From<Common> for Command {
    /// Nobody is summoned about a version: what is graded, remarked or answered changes nothing of it.
    fn from(_: Common) -> Self {
        Self::Tick
    }
}
