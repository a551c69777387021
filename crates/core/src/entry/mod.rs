//! Entries: the facts that a log holds, and how they are stored.
//!
//! An entry outlives the code that wrote it. So its stored bytes are never migrated: a fact carries
//! its kind and version, an older version is read by an upcaster in `Fact::decode`, and a kind that
//! this release does not know becomes [`Fact::Unknown`], which makes its subject read-only here.
//! A fact holds everything it was resolved from (names, addresses, head counts, the policy), so that
//! folding a log reads nothing but the log.

mod alerts;
mod attachment;
mod checklist;
mod claims;
mod comms;
mod conference;
mod course;
mod links;
mod naming;
mod notes;
mod opening;
mod plan;
mod resolution;
mod restriction;
mod roles;
mod summons;
mod triage;
mod users;
mod versions;

pub use alerts::*;
pub use attachment::*;
pub use checklist::*;
pub use claims::*;
pub use comms::*;
pub use conference::*;
pub use course::*;
pub use links::*;
pub use notes::*;
pub use opening::*;
pub use plan::*;
pub use resolution::*;
pub use restriction::*;
pub use roles::*;
pub use summons::*;
pub use triage::*;
pub use users::UserReported;
pub(crate) use users::who;
pub use versions::*;

use crate::Time;
use crate::ids::{PersonId, PersonRef};
use serde::{Deserialize, Serialize};

/// One line of a log.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// 1 for the first of its log; no gaps.
    pub seq: u64,
    /// When it happened. For display and durations; never for order.
    pub happened_at: Time,
    /// When it was written. Never before the entry above it.
    pub recorded_at: Time,
    /// Who wrote it.
    pub author: Author,
    /// What it says.
    pub fact: Fact,
}

/// Who wrote an entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Author {
    /// The product itself.
    Muster,
    /// A person.
    Person(PersonRef),
}

impl Author {
    /// What the hash covers: personal names stand in bodies only, so that they can be erased.
    #[must_use]
    pub fn id(&self) -> String {
        match self {
            Self::Muster => "muster".into(),
            Self::Person(p) => format!("person:{}", p.id),
        }
    }

    /// The name for people.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Muster => "Muster",
            Self::Person(p) => &p.name,
        }
    }

    /// The person, if it is one.
    #[must_use]
    pub fn person(&self) -> Option<&PersonRef> {
        match self {
            Self::Muster => None,
            Self::Person(p) => Some(p),
        }
    }
}

/// An entry as it is stored: what the hash chain covers, byte for byte.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Record {
    /// See [`Entry::seq`].
    pub seq: u64,
    /// See [`Entry::happened_at`].
    pub happened_at: Time,
    /// See [`Entry::recorded_at`].
    pub recorded_at: Time,
    /// See [`Author::id`].
    pub author: String,
    /// The kind of fact.
    pub kind: String,
    /// The version of that kind.
    pub version: u32,
    /// JSON: the author's name and the fact.
    pub body: String,
}

/// Why a stored entry cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("entry {seq} ({kind}) cannot be read")]
pub struct Unreadable {
    /// Which entry.
    pub seq: u64,
    /// Its kind.
    pub kind: String,
    /// What is wrong with its body.
    #[source]
    pub source: serde_json::Error,
}

#[derive(Serialize, Deserialize)]
struct Body<F> {
    by: String,
    fact: F,
}

impl Entry {
    /// The entry as it is to be stored.
    #[must_use]
    pub fn to_record(&self) -> Record {
        Record {
            seq: self.seq,
            happened_at: self.happened_at,
            recorded_at: self.recorded_at,
            author: self.author.id(),
            kind: self.fact.kind().to_owned(),
            version: self.fact.version(),
            body: self.fact.encode(self.author.name()),
        }
    }

    /// The entry that was stored.
    ///
    /// # Errors
    /// When the body of a kind and version that this release knows is not what it should be.
    pub fn from_record(record: &Record) -> Result<Self, Unreadable> {
        let unreadable = |source| Unreadable { seq: record.seq, kind: record.kind.clone(), source };
        let (by, fact) = Fact::decode(&record.kind, record.version, &record.body).map_err(unreadable)?;
        let author = match record.author.strip_prefix("person:") {
            Some(id) => Author::Person(PersonRef { id: PersonId::from(id), name: by }),
            None => Author::Muster,
        };
        Ok(Self { seq: record.seq, happened_at: record.happened_at, recorded_at: record.recorded_at, author, fact })
    }
}

macro_rules! facts {
    ($($(#[doc = $doc:literal])* $kind:literal $version:literal $Name:ident,)+) => {
        /// Everything that can be said in a log.
        #[derive(Clone, PartialEq, Debug)]
        #[allow(clippy::large_enum_variant, reason = "only an opening is large, and each log has one")]
        pub enum Fact {
            $($(#[doc = $doc])* $Name($Name),)+
            /// Written by a later release. Its subject is read-only on this node.
            Unknown {
                /// As stored.
                kind: String,
                /// As stored.
                version: u32,
                /// As stored.
                body: String,
            },
        }

        impl Fact {
            /// Every kind that this release writes, with its version.
            pub const KINDS: &[(&str, u32)] = &[$(($kind, $version),)+];

            /// The kind's stored name.
            #[must_use]
            pub fn kind(&self) -> &str {
                match self { $(Self::$Name(_) => $kind,)+ Self::Unknown { kind, .. } => kind }
            }

            /// The version of the kind that this release writes.
            #[must_use]
            pub fn version(&self) -> u32 {
                match self { $(Self::$Name(_) => $version,)+ Self::Unknown { version, .. } => *version }
            }

            fn encode(&self, by: &str) -> String {
                fn json<F: Serialize>(by: &str, fact: &F) -> String {
                    // Facts are plain structs with text keys: writing them as JSON cannot fail.
                    serde_json::to_string(&Body { by: by.to_owned(), fact }).unwrap_or_default()
                }
                match self { $(Self::$Name(fact) => json(by, fact),)+ Self::Unknown { body, .. } => body.clone() }
            }

            fn decode(kind: &str, version: u32, body: &str) -> Result<(String, Self), serde_json::Error> {
                $(if kind == $kind && version == $version {
                    return serde_json::from_str::<Body<$Name>>(body).map(|b| (b.by, Self::$Name(b.fact)));
                })+
                // The first version is as the second, under a policy without what came later: that has its default.
                if kind == "opened" && version == 1 {
                    return serde_json::from_str::<Body<Opened>>(body).map(|b| (b.by, Self::Opened(b.fact)));
                }
                // A later release's body holds the author's name in the same place, as far as we can know.
                let by = serde_json::from_str::<Body<serde::de::IgnoredAny>>(body).map(|b| b.by).unwrap_or_default();
                Ok((by, Self::Unknown { kind: kind.to_owned(), version, body: body.to_owned() }))
            }
        }

        $(impl From<$Name> for Fact {
            fn from(fact: $Name) -> Self { Self::$Name(fact) }
        })+
    };
}

facts! {
    /// The log begins.
    "opened" 2 Opened,
    /// An alert is part of this incident.
    "alert-joined" 1 AlertJoined,
    /// An alert is not part of it after all.
    "alert-left" 1 AlertLeft,
    /// An alert that is part of this incident says something else of its system now.
    "alert-changed" 1 AlertChanged,
    /// An alert goes on although service was said to be back, or its incident to be none: it is watched anew, elsewhere.
    "alert-went-on" 1 AlertWentOn,
    /// The sender says that an alert is over: proposed as restoration, decided by a person.
    "alert-recovered" 1 AlertRecovered,
    /// Somebody is being looked for.
    "summons-started" 1 SummonsStarted,
    /// A summons tries one means of one person.
    "tried" 1 Tried,
    /// What came of a try.
    "graded" 1 Graded,
    /// A person who was reached answered.
    "answered" 1 Answered,
    /// A summons went through its whole chain and reached nobody who takes it.
    "nobody-reached" 1 NobodyReached,
    /// A summons asks somebody no more who has left.
    "passed-over" 1 PassedOver,
    /// A summons is not needed any more.
    "summons-ended" 1 SummonsEnded,
    /// A person is Incident Manager from now on.
    "manager-assumed" 1 ManagerAssumed,
    /// A suspected incident is a real one.
    "confirmed" 1 Confirmed,
    /// A suspected incident was none.
    "withdrawn" 1 Withdrawn,
    /// Service is back.
    "restored" 1 Restored,
    /// Service was not back, or is lost again.
    "reopened" 1 Reopened,
    /// The service disruption report is with whoever asked for it.
    "report-filed" 1 ReportFiled,
    /// Somebody wrote something down.
    "noted" 1 Noted,
    /// Somebody tried to contact somebody.
    "contacted" 1 Contacted,
    /// The words of an entry were wrong.
    "corrected" 1 Corrected,
    /// An entry was wrong as a fact, and what it did is undone.
    "taken-back" 1 TakenBack,
    /// A field of the form was set.
    "changed" 1 Changed,
    /// It is said who is hit, how, and how urgent it is.
    "triaged" 1 Triaged,
    /// A user says that something is wrong.
    "user-reported" 1 UserReported,
    /// It hangs together with another incident.
    "linked" 1 Linked,
    /// It does not hang together with another after all.
    "unlinked" 1 Unlinked,
    /// It goes on in another incident, and is none by itself.
    "merged-into" 1 MergedInto,
    /// Another incident goes on in this one.
    "took-in" 1 TookIn,
    /// Another incident that went on in this one stands alone again.
    "gave-back" 1 GaveBack,
    /// What a system that people work on is called from now on; its log begins with it.
    "system-named" 1 SystemNamed,
    /// Somebody works on the system.
    "claimed" 1 Claimed,
    /// Somebody works on it for longer.
    "claim-renewed" 1 ClaimRenewed,
    /// Somebody does not work on it any more.
    "claim-ended" 1 ClaimEnded,
    /// Somebody wants to disrupt it.
    "disruption-asked" 1 DisruptionAsked,
    /// Others are at work on what hangs together with it than were when somebody asked to disrupt it.
    "work-elsewhere" 1 WorkElsewhere,
    /// Whether it may be disrupted is settled.
    "disruption-settled" 1 DisruptionSettled,
    /// A system that this incident affects was claimed, or is to be disrupted.
    "heard-of-system" 1 HeardOfSystem,
    /// People or areas are asked for what they know.
    "question-asked" 1 QuestionAsked,
    /// Somebody answered a question.
    "input-given" 1 InputGiven,
    /// It is said how a component or an interface is.
    "part-marked" 1 PartMarked,
    /// Something may be the cause.
    "cause-proposed" 1 CauseProposed,
    /// A likely cause is verified, ruled out, or open again.
    "cause-judged" 1 CauseJudged,
    /// Somebody is to do something by a time.
    "task-set" 1 TaskSet,
    /// A task is done, or not needed any more.
    "task-ended" 1 TaskEnded,
    /// There is a way to restore service, with its expected effect and risk.
    "option-weighed" 1 OptionWeighed,
    /// A way to restore service was tried or declined.
    "option-judged" 1 OptionJudged,
    /// Somebody else must be told directly as well: the next level of management, a system's owner.
    "tell-added" 1 TellAdded,
    /// A person or an area is asked to take the incident over, with how things stand.
    "hand-over-asked" 1 HandOverAsked,
    /// A mark of the policy is passed: somebody should be Communications Manager.
    "communicator-proposed" 1 CommunicatorProposed,
    /// A person is Communications Manager from now on.
    "communicator-assumed" 1 CommunicatorAssumed,
    /// The Communications Manager has left the organisation: nobody is it from now on.
    "communicator-left" 1 CommunicatorLeft,
    /// No Communications Manager is needed.
    "communicator-declined" 1 CommunicatorDeclined,
    /// People asked what is going on.
    "people-asked" 1 PeopleAsked,
    /// Somebody heard of it, and not from IT.
    "heard-elsewhere" 1 HeardElsewhere,
    /// When service may be back.
    "estimated" 1 Estimated,
    /// A meeting about it was held.
    "meeting-held" 1 MeetingHeld,
    /// People who were contacted have heard that it is over.
    "followed-up" 1 FollowedUp,
    /// Report and review are done.
    "closed" 1 Closed,
    /// A file was put on it.
    "attached" 1 Attached,
    /// A step of its checklist is done, says a person.
    "step-done" 1 StepDone,
    /// A step of its checklist is passed over, and why.
    "step-skipped" 1 StepSkipped,
    /// A version of the procedure is begun; its log begins with it.
    "version-drafted" 1 VersionDrafted,
    /// A part of it says something else.
    "version-edited" 1 VersionEdited,
    /// The groups that it names are asked to sign it.
    "version-proposed" 1 VersionProposed,
    /// A group signs it.
    "version-signed" 1 VersionSigned,
    /// A group does not sign it, and says why.
    "version-declined" 1 VersionDeclined,
    /// It holds from now on.
    "version-in-force" 1 VersionInForce,
    /// Another holds from now on.
    "version-replaced" 1 VersionReplaced,
    /// A version that never held is given up.
    "version-dropped" 1 VersionDropped,
    /// Who hears what of this incident, from the organisation's template.
    "communications-planned" 1 CommunicationsPlanned,
    /// An audience was added to the plan, or hears otherwise.
    "audience-set" 1 AudienceSet,
    /// An audience hears nothing more.
    "audience-dropped" 1 AudienceDropped,
    /// It is agreed with a system's owner how its clients are told.
    "strategy-agreed" 1 StrategyAgreed,
    /// The text of an update was written or edited.
    "update-drafted" 1 UpdateDrafted,
    /// An update is signed off.
    "update-signed" 1 UpdateSigned,
    /// An update was not signed off, and goes back to who writes it.
    "update-returned" 1 UpdateReturned,
    /// An update went out.
    "update-sent" 1 UpdateSent,
    /// People to whom Muster does not write were told an update by a person.
    "update-carried" 1 UpdateCarried,
    /// Whoever an update went to has read it.
    "update-acknowledged" 1 UpdateAcknowledged,
    /// The Communications Manager tells somebody in the Incident Manager's stead.
    "telling-handed" 1 TellingHanded,
    /// The Incident Manager is asked for facts.
    "facts-asked" 1 FactsAsked,
    /// The Incident Manager was asked for facts, and gave them.
    "facts-given" 1 FactsGiven,
    /// A conference call is to be held, or is to be held otherwise.
    "conference-called" 1 ConferenceCalled,
    /// A conference call is not held.
    "conference-cancelled" 1 ConferenceCancelled,
    /// Somebody is in a conference call.
    "conference-joined" 1 ConferenceJoined,
    /// It is said whether people are wanted on site or remotely.
    "presence-asked" 1 PresenceAsked,
    /// Somebody who is wanted says how they come, and when.
    "arrival-said" 1 ArrivalSaid,
    /// Only those who take part may see it from now on, and whom it is shown to.
    "restricted" 1 Restricted,
    /// Everybody may see it again.
    "unrestricted" 1 Unrestricted,
}
