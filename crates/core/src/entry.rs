//! Entries: the facts that a log holds, and how they are stored.
//!
//! An entry outlives the code that wrote it. So its stored bytes are never migrated: a fact carries
//! its kind and version, an older version is read by an upcaster in `Fact::decode`, and a kind that
//! this release does not know becomes [`Fact::Unknown`], which makes its subject read-only here.
//! A fact holds everything it was resolved from (names, addresses, head counts, the policy), so that
//! folding a log reads nothing but the log.

use crate::alert::Status;
use crate::contact::{Answer, MeansKind, Outcome, Proof};
use crate::directory::Means;
use crate::ids::{AlertId, AreaId, AttemptId, IntakeId, PersonRef, PopulationId, SummonsId, SystemId};
use crate::policy::{Phase, Policy};
use crate::system::{Condition, Scope};
use crate::{Span, Time};
use crate::{calendar::BusinessCalendar, ids::PersonId};
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
    "opened" 1 Opened,
    /// An alert is part of this incident.
    "alert-joined" 1 AlertJoined,
    /// An alert is not part of it after all.
    "alert-left" 1 AlertLeft,
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
}

/// See [`Fact::Opened`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Opened {
    /// Reference number, such as `2026-041`.
    pub number: String,
    /// One line.
    pub title: String,
    /// What kind of disruption.
    pub kind: Kind,
    /// Whether a person still has to say that it is real.
    pub suspected: bool,
    /// How it was discovered.
    pub origin: Origin,
    /// When.
    pub discovered_at: Time,
    /// When service went down, if anybody knows.
    pub went_down: Option<Moment>,
    /// How bad, if the discoverer said.
    pub severity: Option<Severity>,
    /// How many are affected, if the discoverer said.
    pub affected: Option<Extent>,
    /// What is affected.
    pub systems: Vec<Affected>,
    /// Which rule decided, and why.
    pub why: String,
    /// The rules that hold for this incident from now on.
    pub terms: Terms,
    /// Who must be told directly, resolved to people.
    pub tells: Vec<Tell>,
}

/// The rules that an incident began under, and keeps.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Terms {
    /// The policy, with its version.
    pub policy: Policy,
    /// The organisation's name on its papers.
    pub organisation: String,
    /// The organisation's time zone.
    pub time_zone: String,
    /// Its business days.
    pub calendar: BusinessCalendar,
}

/// What kind of disruption (DEF-2).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A service everybody needs is gone.
    OrganisationWide,
    /// A department's service is gone.
    Departmental,
    /// Severely degraded.
    Degraded,
    /// An attack or infection.
    Security,
    /// Nothing lost yet.
    Predicted,
    /// Planned work.
    Planned,
    /// Anything else.
    Other,
}

impl Kind {
    /// Every kind, in the order of the form.
    pub const ALL: [Self; 7] = [
        Self::OrganisationWide,
        Self::Departmental,
        Self::Degraded,
        Self::Planned,
        Self::Security,
        Self::Predicted,
        Self::Other,
    ];

    /// The words for it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::OrganisationWide => "Organisation-wide service lost",
            Self::Departmental => "Departmental service lost",
            Self::Degraded => "Severely degraded",
            Self::Security => "Security event",
            Self::Predicted => "Predicted failure",
            Self::Planned => "Planned work",
            Self::Other => "Other",
        }
    }
}

/// How an incident was discovered (DIS-1).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// By an alert.
    Alert {
        /// From which sender.
        intake: IntakeId,
        /// Its name.
        source: String,
    },
    /// By a person.
    Person {
        /// Who.
        person: PersonRef,
        /// How they came to know.
        told: Told,
    },
}

/// How a person who declares an incident came to know.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Told {
    /// Saw it.
    #[default]
    SawIt,
    /// Somebody called.
    Called,
    /// A monitor that Muster does not hear.
    Monitor,
    /// The incident was kept on paper and is entered afterwards.
    Paper,
}

impl Told {
    /// Every way, in the order of the form.
    pub const ALL: [Self; 4] = [Self::SawIt, Self::Called, Self::Monitor, Self::Paper];

    /// The words for it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::SawIt => "saw it",
            Self::Called => "was called by somebody",
            Self::Monitor => "saw it on a monitor",
            Self::Paper => "entered it from paper",
        }
    }
}

/// A time of which we know how well we know it (DIS-2).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Moment {
    /// When.
    pub at: Time,
    /// Whether that is an estimate.
    pub estimate: bool,
}

/// How bad (process.md, "severity"). Absent means not assessed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// 1.
    Critical,
    /// 2.
    Major,
    /// 3.
    Minor,
    /// 4.
    Low,
}

impl Severity {
    /// Every severity, worst first.
    pub const ALL: [Self; 4] = [Self::Critical, Self::Major, Self::Minor, Self::Low];

    /// 1 to 4.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::Critical => 1,
            Self::Major => 2,
            Self::Minor => 3,
            Self::Low => 4,
        }
    }

    /// The one with that number.
    #[must_use]
    pub fn from_number(n: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.number() == n)
    }

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::Major => "major",
            Self::Minor => "minor",
            Self::Low => "low",
        }
    }
}

/// Who is affected, as the discoverer sees it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Extent {
    /// One user or workstation.
    One,
    /// A group.
    Group,
    /// A building or site.
    Site,
    /// Everyone.
    Everyone,
}

impl Extent {
    /// Every extent, smallest first.
    pub const ALL: [Self; 4] = [Self::One, Self::Group, Self::Site, Self::Everyone];

    /// The words for it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::One => "one person",
            Self::Group => "a group",
            Self::Site => "a building or site",
            Self::Everyone => "everyone",
        }
    }
}

/// A system that an incident is about, with all that the form says of it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Affected {
    /// Which.
    pub id: SystemId,
    /// Its name.
    pub name: String,
    /// Whom its loss hits.
    pub scope: Scope,
    /// How it does, if known.
    pub condition: Option<Condition>,
    /// Who speaks for its users.
    pub owner: Option<PersonRef>,
    /// Whom it serves.
    pub populations: Vec<Affects>,
}

/// A population that an affected system serves.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Affects {
    /// Which.
    pub id: PopulationId,
    /// Its name.
    pub name: String,
    /// How many people.
    pub head_count: u32,
}

/// A chain of people of whom one must be told directly (DIS-4).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Tell {
    /// "User support".
    pub name: String,
    /// Of which area.
    pub area: AreaId,
    /// Due this long after triage.
    pub after_triage: Span,
    /// And at the latest this long after discovery.
    pub after_discovery: Span,
    /// In the order to try.
    pub chain: Vec<Candidate>,
}

/// A person in a chain, with the means to reach them.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Candidate {
    /// Who.
    pub person: PersonRef,
    /// What they are.
    pub title: String,
    /// In the order to try.
    pub means: Vec<Means>,
}

/// What a log keeps of an alert.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AlertJoined {
    /// Which.
    pub alert: AlertId,
    /// Its title.
    pub title: String,
    /// The sender's name.
    pub source: String,
    /// Host.
    pub host: String,
    /// Service or check.
    pub service: String,
    /// What else it said.
    pub detail: String,
    /// What it says of the system.
    pub condition: Condition,
    /// The system, if a rule gave one.
    pub system: Option<Affected>,
    /// When its first signal was accepted.
    pub first_at: Time,
    /// How many signals there were until now.
    pub signals: u64,
    /// Whether it still fired when it joined.
    pub status: Status,
    /// Whether it opened the incident; else it joined one.
    pub opened: bool,
    /// Which rule decided.
    pub why: String,
}

/// See [`Fact::AlertLeft`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AlertLeft {
    /// Which.
    pub alert: AlertId,
    /// Its title.
    pub title: String,
    /// Why it does not belong here.
    pub reason: String,
}

/// See [`Fact::AlertRecovered`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AlertRecovered {
    /// Which.
    pub alert: AlertId,
    /// Its title.
    pub title: String,
    /// The sender's name.
    pub source: String,
    /// What the sender said.
    pub detail: String,
}

/// What a summons is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// Nobody has it yet: who takes it becomes Incident Manager.
    TakeCharge,
    /// The Incident Manager needs the system's technical contact.
    Assist,
    /// Somebody is Incident Manager, and this person is asked to be it instead.
    HandOver,
}

/// See [`Fact::SummonsStarted`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SummonsStarted {
    /// Which.
    pub summons: SummonsId,
    /// What for.
    pub purpose: Purpose,
    /// What the people are asked about: "Email".
    pub about: String,
    /// Whom, in order.
    pub chain: Vec<Candidate>,
    /// How long to wait for an answer where a means does not say.
    pub wait: Span,
}

/// See [`Fact::Tried`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Tried {
    /// Which try; its outcome comes with the same id.
    pub attempt: AttemptId,
    /// Of which summons.
    pub summons: SummonsId,
    /// Whom.
    pub person: PersonRef,
    /// By what.
    pub means: MeansKind,
    /// To which number or address.
    pub to: String,
    /// Position in the chain.
    pub candidate: usize,
    /// Position among that person's means.
    pub nth: usize,
    /// 1 for the first time through the chain.
    pub round: u32,
    /// How long to wait for an answer.
    pub wait: Span,
}

/// See [`Fact::Graded`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Graded {
    /// Which try.
    pub attempt: AttemptId,
    /// Of which summons.
    pub summons: SummonsId,
    /// Whom.
    pub person: PersonRef,
    /// By what.
    pub means: MeansKind,
    /// What came of it.
    pub outcome: Outcome,
    /// The provider's words, if they help.
    pub detail: String,
}

/// See [`Fact::Answered`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Answered {
    /// Which summons.
    pub summons: SummonsId,
    /// Who.
    pub person: PersonRef,
    /// What.
    pub answer: Answer,
    /// How we know that it was them.
    pub proof: Proof,
    /// How the answer came.
    pub via: Via,
}

/// How an answer came.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Via {
    /// By the personal link in a message.
    Link,
    /// By a key pressed on a call.
    Key,
    /// On a page or by a command, signed in.
    Login,
}

impl Via {
    /// The words for it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Link => "by personal link",
            Self::Key => "by a key on the call",
            Self::Login => "signed in",
        }
    }
}

/// See [`Fact::NobodyReached`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct NobodyReached {
    /// Which summons.
    pub summons: SummonsId,
    /// How often it has been through the chain.
    pub round: u32,
    /// Whom it tried.
    pub tried: Vec<PersonRef>,
}

/// See [`Fact::SummonsEnded`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SummonsEnded {
    /// Which.
    pub summons: SummonsId,
    /// Why.
    pub why: String,
}

/// See [`Fact::ManagerAssumed`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ManagerAssumed {
    /// Who.
    pub person: PersonRef,
    /// By answering which summons, if any.
    pub summons: Option<SummonsId>,
}

/// See [`Fact::Confirmed`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Confirmed {
    /// Why.
    pub why: String,
}

/// See [`Fact::Withdrawn`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Withdrawn {
    /// Why it was none.
    pub reason: String,
}

/// See [`Fact::Restored`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Restored {
    /// When service was back.
    pub at: Time,
    /// Why it was lost, if known.
    pub cause: String,
    /// What brought it back.
    pub resolution: String,
}

/// See [`Fact::Reopened`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Reopened {
    /// Why.
    pub reason: String,
}

/// See [`Fact::ReportFiled`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ReportFiled {
    /// Where it can be found.
    pub reference: String,
}

/// The kinds of note (DOC-2).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "their names are the words of DOC-2")]
pub enum NoteKind {
    #[default]
    Activity,
    Contact,
    Update,
    Staff,
    Escalation,
    Change,
    Decision,
    Complication,
    Task,
    Other,
}

impl NoteKind {
    /// Every kind, in the order of DOC-2.
    pub const ALL: [Self; 10] = [
        Self::Activity,
        Self::Contact,
        Self::Update,
        Self::Staff,
        Self::Escalation,
        Self::Change,
        Self::Decision,
        Self::Complication,
        Self::Task,
        Self::Other,
    ];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Activity => "activity",
            Self::Contact => "contact",
            Self::Update => "update",
            Self::Staff => "staff",
            Self::Escalation => "escalation",
            Self::Change => "change",
            Self::Decision => "decision",
            Self::Complication => "complication",
            Self::Task => "task",
            Self::Other => "other",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.word() == word)
    }
}

/// See [`Fact::Noted`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Noted {
    /// What kind of note.
    pub kind: NoteKind,
    /// What was written.
    pub text: String,
}

/// See [`Fact::Contacted`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Contacted {
    /// For which [`Tell`], by its name; none if just so.
    pub tell: Option<String>,
    /// Whom.
    pub person: PersonRef,
    /// By what.
    pub means: MeansKind,
    /// What came of it.
    pub outcome: Outcome,
    /// What was said.
    pub said: String,
}

/// See [`Fact::Corrected`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Corrected {
    /// Which entry.
    pub entry: u64,
    /// What it should have said.
    pub text: String,
}

/// See [`Fact::TakenBack`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TakenBack {
    /// Which entry.
    pub entry: u64,
    /// Why.
    pub reason: String,
}

/// See [`Fact::Changed`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Changed {
    /// What the field is now.
    pub to: Change,
    /// Why, where the field asks for a reason.
    pub reason: String,
}

/// A field of the form, with its new value.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// Field 1.
    Title(String),
    /// Field 3.
    WentDown(Option<Moment>),
    /// Field 8: one more system, or a new condition of one.
    System(Affected),
    /// Field 11.
    Symptoms(String),
    /// Field 13.
    Cause(String),
    /// Field 14.
    Resolution(String),
    /// Field 15.
    RestoredAt(Time),
    /// Field 17.
    Kind(Kind),
    /// Field 18.
    Severity(Option<Severity>),
    /// The pace.
    Phase(Phase),
}

impl Change {
    /// What two people set at once if they set the same: the field, and of which system.
    #[must_use]
    pub fn place(&self) -> String {
        match self {
            Self::System(system) => format!("{} {}", self.field(), system.id),
            field => field.field().to_owned(),
        }
    }

    /// The field's name: in URLs and in refusals.
    #[must_use]
    pub fn field(&self) -> &'static str {
        match self {
            Self::Title(_) => "title",
            Self::WentDown(_) => "went-down",
            Self::System(_) => "system",
            Self::Symptoms(_) => "symptoms",
            Self::Cause(_) => "cause",
            Self::Resolution(_) => "resolution",
            Self::RestoredAt(_) => "restored-at",
            Self::Kind(_) => "kind",
            Self::Severity(_) => "severity",
            Self::Phase(_) => "phase",
        }
    }
}
