//! The communications plan as the organisation writes it (COM-1): who hears what, in what detail, how often, by what
//! means, written and signed off by whom.

use crate::Span;
use crate::directory::Organisation;
use crate::ids::{AreaId, PersonId, PopulationId};
use crate::policy::{ByPhase, Whom};
use serde::{Deserialize, Serialize};

/// Longest name of an audience, and longest words of what it gets, in characters.
const WORDS_MAX: usize = 200;

/// One row of the plan: an audience and what it gets.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The audience's name on pages: "IT management".
    pub audience: String,
    /// How much they are told.
    pub level: Level,
    /// These people hear.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<PersonId>,
    /// And those of this area.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<AreaId>,
    /// Which of them: its supervisors, if it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whom: Option<Whom>,
    /// And these populations, whom a person reaches as the directory says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub populations: Vec<PopulationId>,
    /// And whoever else, whom a person reaches: a line each, with how.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub besides: Vec<String>,
    /// And the owners of the systems that are affected.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub owners: bool,
    /// What kind of update they get, in words: "what they see, what to do".
    pub update: String,
    /// By what.
    pub through: Through,
    /// Where they meet, if they do: number or address, and PIN. The organisation's own bridge if empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub bridge: String,
    /// How often.
    pub every: ByPhase,
    /// Who owes it.
    #[serde(default)]
    pub author: Writer,
    /// Who signs it off; nobody has to if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer: Option<PersonId>,
    /// Who signs it off when the signer has not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deputy: Option<PersonId>,
    /// From how long after the signer was asked.
    #[serde(default = "ten_minutes", serialize_with = "crate::in_short")]
    pub deputy_after: Span,
}

fn ten_minutes() -> Span {
    Span::from_mins(10)
}

/// How much an audience is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Everything.
    Technical,
    /// Cause, plan, risk.
    Management,
    /// What clients see, and what to do: no staff, no hosts, no makers.
    Client,
    /// As clients, for anybody to read.
    Public,
}

impl Level {
    /// Every level, from most to least detail.
    pub const ALL: [Self; 4] = [Self::Technical, Self::Management, Self::Client, Self::Public];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Technical => "technical",
            Self::Management => "management",
            Self::Client => "client",
            Self::Public => "public",
        }
    }

    /// Whether staff, hosts and makers may be named to them.
    #[must_use]
    pub fn is_inside(self) -> bool {
        matches!(self, Self::Technical | Self::Management)
    }
}

/// By what an audience is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Through {
    /// A person calls them.
    Call,
    /// Muster sends an email.
    Email,
    /// Muster sends a text message.
    Text,
    /// Muster sends a push message.
    Push,
    /// In a meeting.
    Meeting,
    /// A person puts it on the web.
    Web,
}

impl Through {
    /// Every way.
    pub const ALL: [Self; 6] = [Self::Call, Self::Email, Self::Text, Self::Push, Self::Meeting, Self::Web];

    /// The words for it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Call => "phone, by hand",
            Self::Email => "email",
            Self::Text => "text message",
            Self::Push => "push message",
            Self::Meeting => "meeting",
            Self::Web => "web, by hand",
        }
    }

    /// Whether Muster sends it itself.
    #[must_use]
    pub fn is_sent(self) -> bool {
        matches!(self, Self::Email | Self::Text | Self::Push)
    }
}

/// Who owes the updates of a row.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum Writer {
    /// The Communications Manager; until somebody is, the Incident Manager.
    #[default]
    #[serde(rename = "cm")]
    Communicator,
    /// The Incident Manager.
    #[serde(rename = "im")]
    Manager,
}

/// Why the plans of that organisation cannot be, with what to do; none if they can.
#[must_use]
pub fn why_senseless(org: &Organisation) -> Option<String> {
    let own =
        org.systems.iter().flat_map(|(id, s)| s.communications.iter().map(move |row| (format!("system {id}, "), row)));
    let all = org.communications.iter().map(|row| (String::new(), row)).chain(own);
    all.into_iter().find_map(|(place, row)| {
        let (field, why) = why_row(org, row)?;
        Some(format!("{place}communications, {}, {field}: {why}", row.audience.trim()))
    })
}

/// Shortest and longest time between two updates.
const EVERY: (Span, Span) = (Span::from_mins(1), Span::from_hours(31 * 24));

/// Why nobody could be told by that row, with what to do; none if it makes sense.
pub(crate) fn why_row(org: &Organisation, row: &Row) -> Option<(&'static str, String)> {
    let is_long = |text: &str| text.chars().count() > WORDS_MAX;
    if row.audience.trim().is_empty() || is_long(&row.audience) {
        return Some(("audience", format!("Give the audience a name of at most {WORDS_MAX} characters.")));
    }
    if is_long(&row.update) {
        return Some(("update", format!("Write what they get in at most {WORDS_MAX} characters.")));
    }
    if row.besides.iter().any(|who| who.trim().is_empty() || is_long(who)) {
        let why = format!("Write who, and how they are reached, in at most {WORDS_MAX} characters.");
        return Some(("besides", why));
    }
    if is_long(&row.bridge) {
        return Some(("bridge", format!("Write a number or address of at most {WORDS_MAX} characters.")));
    }
    if !row.bridge.trim().is_empty() && row.through != Through::Meeting {
        let why = "They do not meet. Choose that they are told in a meeting, or leave this empty.";
        return Some(("bridge", why.into()));
    }
    let every = [row.every.intense, row.every.steady, row.every.waiting];
    if every.iter().any(|every| !(EVERY.0..=EVERY.1).contains(every)) {
        return Some(("every", "Write how often they hear, such as 30m: from a minute to 31 days.".into()));
    }
    if row.deputy_after.is_negative() || row.deputy_after > EVERY.1 {
        return Some(("deputy-after", "Write after what time the deputy signs, at most 31 days.".into()));
    }
    match (&row.signer, &row.deputy) {
        (None, Some(_)) => return Some(("deputy", "There is no signer. Name one, or leave the deputy out.".into())),
        (Some(signer), Some(deputy)) if signer == deputy => {
            return Some(("deputy", "The signer is their own deputy. Name somebody else.".into()));
        }
        _ => {}
    }
    let lacks = |what: &str, id: &str| format!("There is no {what} “{id}”. Choose one that is there.");
    let people = [("people", &row.people[..]), ("signer", row.signer.as_slice()), ("deputy", row.deputy.as_slice())];
    for (field, people) in people {
        if let Some(id) = people.iter().find(|id| !org.people.contains_key(id)) {
            return Some((field, lacks("person", &id.0)));
        }
    }
    if let Some(id) = row.area.as_ref().filter(|id| !org.areas.contains_key(id)) {
        return Some(("area", lacks("area", &id.0)));
    }
    let id = row.populations.iter().find(|id| !org.populations.contains_key(id))?;
    Some(("populations", lacks("population", &id.0)))
}
