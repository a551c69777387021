//! The organisation's procedure as data. Every figure that process.md prints in brackets stands
//! here with its default, and an administrator may change it.

mod kinds;
mod sense;
mod severity;

pub use kinds::KindNamed;
pub use severity::{ByUrgency, Findings, Impact, ImpactRule, Matrix};

use crate::Span;
use crate::entry::{Presence, Severity};
use crate::ids::AreaId;
use serde::{Deserialize, Serialize};

mod figures;

pub use figures::Figure;
/// DOC-6.
const ATTACHMENT_MAX: u16 = 25;

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_default_attachment_max(most: &u16) -> bool {
    *most == ATTACHMENT_MAX
}

/// A reminder at once, and two more, are for whoever owes it alone.
const CLIMBS_FROM: u32 = 3;

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_default_climb(from: &u32) -> bool {
    *from == CLIMBS_FROM
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_default_presence(presence: &Presence) -> bool {
    *presence == Presence::EitherWay
}

impl Policy {
    /// Largest file that can be put on an incident, in bytes.
    #[must_use]
    pub fn attachment_bytes(&self) -> u64 {
        u64::from(self.attachment_max) * 1024 * 1024
    }
}

/// The procedure in force.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// Which version: incidents keep the number of the one they began under.
    pub version: u32,
    /// A disruption is downtime of at least this (DEF-1).
    #[serde(serialize_with = "crate::in_short")]
    pub disruption_after: Span,
    /// A suspected incident that nobody has answered or judged is open after this (DEF-6).
    #[serde(serialize_with = "crate::in_short")]
    pub open_unanswered_after: Span,
    /// Signals of other keys join an open incident within this (DEF-6).
    #[serde(serialize_with = "crate::in_short")]
    pub join_within: Span,
    /// The on-call contact must be reached within this from discovery.
    #[serde(serialize_with = "crate::in_short")]
    pub reach_within: Span,
    /// Whoever takes charge has triaged it within this (DIS-3).
    #[serde(serialize_with = "crate::in_short")]
    pub triage_within: Span,
    /// How long a summons waits for an answer before it goes on (STAFF-3).
    #[serde(serialize_with = "crate::in_short")]
    pub answer_wait: Span,
    /// Who must be told directly (DIS-4).
    pub tell_directly: Vec<TellDirectly>,
    /// Whether Muster calls down such a list by itself where nobody of it was spoken to, if it has a channel on which
    /// people talk. Else it does when somebody lets it.
    pub calls_by_itself: bool,
    /// From how long before it is due.
    #[serde(serialize_with = "crate::in_short")]
    pub calls_before_due: Span,
    /// When which level of management is told (ESC-1), nearest first.
    pub escalation: Vec<Escalate>,
    /// A system's owner is told directly within this (CLIENT-1).
    #[serde(serialize_with = "crate::in_short")]
    pub tell_owner_within: Span,
    /// When somebody should be Communications Manager (ESC-3).
    pub communicator: CommunicatorMarks,
    /// How many people one person can lead: beyond this the page says so.
    pub span_of_control: u32,
    /// The kinds of disruption, in the order of the form (DEF-2).
    pub kinds: Vec<KindNamed>,
    /// How bad it is, by impact and urgency (DEF-5).
    pub severity: Matrix,
    /// A log without an entry for this long is a duty of the Incident Manager (DOC-2).
    pub log_silence: ByPhase,
    /// How often the response team meets to review how it goes (RES-1).
    pub review_every: ByPhase,
    /// A status review conference is owed when service has been away for this long (RES-6).
    #[serde(serialize_with = "crate::in_short")]
    pub conference_after: Span,
    /// And again after this.
    #[serde(serialize_with = "crate::in_short")]
    pub conference_every: Span,
    /// Everybody who was contacted hears within this that it is over (RES-4).
    #[serde(serialize_with = "crate::in_short")]
    pub follow_up_within: Span,
    /// When the service disruption report is due (SDR-1).
    pub report: ReportDue,
    /// How often somebody is reminded of a late duty.
    #[serde(serialize_with = "crate::in_short")]
    pub nag_every: Span,
    /// How often at most.
    pub nags_at_most: u32,
    /// From which reminder on the next in line above whoever owes it hears of it too. Not written where it is the default,
    /// as logs were begun before there was a choice.
    #[serde(skip_serializing_if = "is_default_climb")]
    pub climbs_from: u32,
    /// Largest file that can be put on an incident, in MiB (DOC-6). Not written where it is the default, as logs were
    /// begun before there was a choice.
    #[serde(skip_serializing_if = "is_default_attachment_max")]
    pub attachment_max: u16,
    /// The organisation's own bridge for conference calls: number or address, and PIN (STAFF-4). Not written where there
    /// is none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub bridge: String,
    /// Where whoever is summoned is wanted (STAFF-5). Not written where it is left to them.
    #[serde(skip_serializing_if = "is_default_presence")]
    pub presence: Presence,
    /// Who is summoned for an alert or a report that names no known system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fallback_area: Option<AreaId>,
}

/// One row of "who must be told directly": a chain of people, of whom one must be reached.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TellDirectly {
    /// What it is called on pages: "User support".
    pub name: String,
    /// Of which area.
    pub area: AreaId,
    /// Which chain of that area.
    pub whom: Whom,
    /// Due this long after triage.
    #[serde(serialize_with = "crate::in_short")]
    pub after_triage: Span,
    /// And at the latest this long after discovery.
    #[serde(serialize_with = "crate::in_short")]
    pub after_discovery: Span,
}

/// When a level of management is told: as soon as one of the marks is reached.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Escalate {
    /// Which level: 1 is the nearest manager.
    pub level: u8,
    /// Service has been away for this long.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "crate::in_short_if_any")]
    pub after: Option<Span>,
    /// It is at least this bad.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// They are told within this from then on.
    #[serde(serialize_with = "crate::in_short")]
    pub within: Span,
}

/// When somebody should be Communications Manager: as soon as one of the marks is reached.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommunicatorMarks {
    /// It is at least this bad.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// Service has been away for this long.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "crate::in_short_if_any")]
    pub after: Option<Span>,
    /// So many people have asked what is going on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asking: Option<u32>,
    /// It is decided within this from then on.
    #[serde(serialize_with = "crate::in_short")]
    pub within: Span,
    /// Whose members are proposed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<AreaId>,
}

/// A chain of people of an area.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Whom {
    /// Its supervisors.
    Supervisors,
    /// Its management chain, nearest first.
    Management,
}

impl Whom {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Supervisors => "supervisors",
            Self::Management => "management",
        }
    }
}

/// The pace of an open incident.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// People are at it now.
    #[default]
    Intense,
    /// Under control, work goes on.
    Steady,
    /// Waiting for somebody or something.
    Waiting,
}

/// A length of time for each phase.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByPhase {
    /// While intense.
    #[serde(serialize_with = "crate::in_short")]
    pub intense: Span,
    /// While steady.
    #[serde(serialize_with = "crate::in_short")]
    pub steady: Span,
    /// While waiting.
    #[serde(serialize_with = "crate::in_short")]
    pub waiting: Span,
}

impl ByPhase {
    /// The one for `phase`.
    #[must_use]
    pub fn of(&self, phase: Phase) -> Span {
        match phase {
            Phase::Intense => self.intense,
            Phase::Steady => self.steady,
            Phase::Waiting => self.waiting,
        }
    }
}

/// When a report is due: at a time of day, some business days after restoration.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportDue {
    /// How many business days after the day of restoration.
    pub business_days: u8,
    /// Hour of that day in the organisation's time zone, 0 to 23.
    pub hour: i8,
}

impl Default for Policy {
    fn default() -> Self {
        let minutes = Span::from_mins;
        Self {
            version: 1,
            disruption_after: minutes(15),
            open_unanswered_after: minutes(15),
            join_within: minutes(30),
            reach_within: minutes(10),
            triage_within: minutes(10),
            answer_wait: minutes(5),
            tell_directly: Vec::new(),
            calls_by_itself: true,
            calls_before_due: minutes(10),
            escalation: vec![
                Escalate { level: 1, after: Some(minutes(30)), severity: Some(Severity::Major), within: minutes(15) },
                Escalate {
                    level: 2,
                    after: Some(minutes(120)),
                    severity: Some(Severity::Critical),
                    within: minutes(30),
                },
                Escalate { level: 3, after: Some(minutes(480)), severity: None, within: minutes(60) },
            ],
            tell_owner_within: minutes(60),
            communicator: CommunicatorMarks {
                severity: Some(Severity::Critical),
                after: Some(minutes(60)),
                asking: Some(10),
                within: minutes(15),
                area: None,
            },
            span_of_control: 7,
            kinds: kinds::first_kinds(),
            severity: Matrix::default(),
            log_silence: ByPhase { intense: minutes(15), steady: minutes(60), waiting: minutes(240) },
            review_every: ByPhase { intense: minutes(30), steady: minutes(120), waiting: minutes(480) },
            conference_after: minutes(60),
            conference_every: minutes(120),
            follow_up_within: minutes(60),
            report: ReportDue { business_days: 2, hour: 17 },
            nag_every: minutes(15),
            nags_at_most: 8,
            climbs_from: CLIMBS_FROM,
            attachment_max: ATTACHMENT_MAX,
            bridge: String::new(),
            presence: Presence::EitherWay,
            fallback_area: None,
        }
    }
}
