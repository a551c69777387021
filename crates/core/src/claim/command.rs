//! What may be wanted of a system's log.

use crate::Time;
use crate::contact::{Answer, Outcome};
use crate::entry::{AtWork, NoteKind, Via};
use crate::ids::{AttemptId, PersonId, PersonRef, SummonsId, SystemId};
use crate::subject::Common;

/// What deciding looks at besides the log: what goes on elsewhere.
#[derive(Clone, PartialEq, Debug)]
pub struct Around {
    /// Which system it is.
    pub system: SystemId,
    /// Who is at work on other systems; what does not hang together with this one is passed over.
    pub elsewhere: Vec<AtWork>,
    /// Incidents that affect it and are suspected or open.
    pub incidents: Vec<IncidentHere>,
}

/// An incident that affects the system.
#[derive(Clone, PartialEq, Debug)]
pub struct IncidentHere {
    /// Its reference number; none if it is restricted: who may not see it reads this log.
    pub number: Option<String>,
    /// Who is its Incident Manager, if anybody.
    pub manager: Option<PersonId>,
}

/// What somebody or something wants of a system's log.
#[derive(Clone, PartialEq, Debug)]
pub enum Command {
    /// Somebody works on it from now on.
    Claim(Claiming),
    /// Somebody works on it for longer.
    Renew {
        /// Who says so.
        by: PersonRef,
        /// Who does it, if a server tells it of another.
        person: Option<PersonId>,
        /// Which claim, by its entry.
        claim: u64,
        /// Until about when.
        until: Time,
    },
    /// Somebody does not work on it any more.
    Release {
        /// Who says so.
        by: PersonRef,
        /// Who does it, if a server tells it of another.
        person: Option<PersonId>,
        /// Which claim, by its entry.
        claim: u64,
        /// What they changed.
        changed: String,
        /// Whether they logged out, and say nothing more.
        logged_out: bool,
    },
    /// Somebody else's claim is none any more.
    SayGone {
        /// Who says so.
        by: PersonRef,
        /// Which claim, by its entry.
        claim: u64,
        /// How they know.
        reason: String,
    },
    /// Somebody wants to disrupt it.
    Ask(Asking),
    /// Somebody goes over those who are at work.
    Override {
        /// Who says so.
        by: PersonRef,
        /// Who does it, if a server tells it of another.
        person: Option<PersonId>,
        /// Which asking, by its entry.
        ask: u64,
        /// Why.
        reason: String,
    },
    /// Whoever asked does not want to any more.
    Withdraw {
        /// Who says so.
        by: PersonRef,
        /// Which asking, by its entry.
        ask: u64,
    },
    /// Somebody writes down what happened, such as what was done while Muster was away.
    Note {
        /// Who.
        by: PersonRef,
        /// Whose doing it was, if another's.
        person: Option<PersonId>,
        /// The words.
        text: String,
        /// When it happened, if not now.
        happened_at: Option<Time>,
    },
    /// Somebody who was asked answers.
    Answer {
        /// Which summons.
        summons: SummonsId,
        /// Who.
        person: PersonId,
        /// What.
        answer: Answer,
        /// How it came.
        via: Via,
    },
    /// A try to reach somebody had this outcome.
    Grade {
        /// Of which summons.
        summons: SummonsId,
        /// Which try.
        attempt: AttemptId,
        /// What came of it.
        outcome: Outcome,
        /// The provider's words.
        detail: String,
    },
    /// Muster has something to say that no other entry says.
    Remark {
        /// Its kind.
        kind: NoteKind,
        /// What.
        text: String,
    },
    /// Time has passed, or something has changed elsewhere.
    Tick,
}

impl From<Common> for Command {
    fn from(common: Common) -> Self {
        match common {
            Common::Grade { summons, attempt, outcome, detail } => Self::Grade { summons, attempt, outcome, detail },
            Common::Remark { kind, text } => Self::Remark { kind, text },
            Common::Answer { summons, person, answer, via } => Self::Answer { summons, person, answer, via },
            Common::Tick => Self::Tick,
        }
    }
}

/// Somebody works on the system.
#[derive(Clone, PartialEq, Debug)]
pub struct Claiming {
    /// Who says so.
    pub by: PersonRef,
    /// Who works on it, if another.
    pub person: Option<PersonId>,
    /// What they do.
    pub what: String,
    /// On which host; empty for all of it.
    pub host: String,
    /// Until about when; for a log-in, as long as one counts.
    pub until: Option<Time>,
    /// Whether it takes service away.
    pub disruptive: bool,
    /// Which log-in it is, if a person did not claim.
    pub session: Option<String>,
    /// What they asked before, by its entry: then it may begin.
    pub ask: Option<u64>,
}

/// Somebody wants to disrupt the system.
#[derive(Clone, PartialEq, Debug)]
pub struct Asking {
    /// Who says so.
    pub by: PersonRef,
    /// Who wants to, if another.
    pub person: Option<PersonId>,
    /// What.
    pub what: String,
    /// On which host; empty for all of it.
    pub host: String,
}
