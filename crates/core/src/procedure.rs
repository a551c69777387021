//! What the organisation does in a disruption, in words: ten components, each with the steps to take and the decisions to
//! make on the way (POL-1, POL-2). The figures that go with them are in [`policy`](crate::policy).

mod checklist;

pub use checklist::{Sign, Step};

use crate::words::is_blank;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// The words that ship. A test holds it readable, with something to do and to decide in every component.
const SHIPPED: &str = include_str!("procedure/default.toml");

/// Most steps, or decisions, of one component: a longer list is not read at night.
const LINES_AT_MOST: usize = 40;
/// Longest step or decision in characters: two or three lines of a page.
const LINE_MAX: usize = 300;

/// The words that an organisation has of its own. A component without any keeps what ships.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Procedure {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    checklist: Option<Vec<Step>>,
    #[serde(flatten)]
    own: BTreeMap<Component, Content>,
}

/// What one component says.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// What is done, in the usual order.
    pub steps: Vec<String>,
    /// What somebody has to decide on the way.
    #[serde(default)]
    pub decisions: Vec<String>,
}

/// A component of the procedure.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Component {
    /// Finding out, triage, telling directly.
    Discovery,
    /// What is wrong, and how service comes back.
    Evaluation,
    /// Our own people.
    StaffNotification,
    /// Those who use the systems.
    ClientNotification,
    /// The log and the form.
    Documentation,
    /// Management, other areas, a Communications Manager.
    Escalation,
    /// Until service is back and everybody knows.
    Resolution,
    /// Who hears what, how often.
    Communications,
    /// The service disruption report.
    Report,
    /// The monthly review, and changing this.
    Review,
}

impl Component {
    /// All ten, in their order.
    pub const ALL: [Self; 10] = [
        Self::Discovery,
        Self::Evaluation,
        Self::StaffNotification,
        Self::ClientNotification,
        Self::Documentation,
        Self::Escalation,
        Self::Resolution,
        Self::Communications,
        Self::Report,
        Self::Review,
    ];

    /// As the organisation's file spells it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Discovery => "discovery",
            Self::Evaluation => "evaluation",
            Self::StaffNotification => "staff_notification",
            Self::ClientNotification => "client_notification",
            Self::Documentation => "documentation",
            Self::Escalation => "escalation",
            Self::Resolution => "resolution",
            Self::Communications => "communications",
            Self::Report => "report",
            Self::Review => "review",
        }
    }

    /// As people read it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Discovery => "Discovery",
            Self::Evaluation => "Evaluation and restoration planning",
            Self::StaffNotification => "Internal staff notification",
            Self::ClientNotification => "Client notification",
            Self::Documentation => "Documentation",
            Self::Escalation => "Escalation",
            Self::Resolution => "Resolution",
            Self::Communications => "General communications",
            Self::Report => "Service disruption report",
            Self::Review => "Monthly review and process modification",
        }
    }

    /// That component, if there is one of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.word() == word)
    }
}

impl Procedure {
    /// What that component says: in the organisation's own words, or as it ships.
    #[must_use]
    pub fn of(&self, component: Component) -> &Content {
        self.own.get(&component).unwrap_or_else(|| shipped(component))
    }

    /// Whether the organisation has words of its own for it.
    #[must_use]
    pub fn is_own(&self, component: Component) -> bool {
        self.own.get(&component).is_some_and(|own| own != shipped(component))
    }

    /// The same with every word in it, those that ship too: a version says what it said whatever a later release ships.
    #[must_use]
    pub fn whole(&self) -> Self {
        let own = Component::ALL.into_iter().map(|c| (c, self.of(c).clone())).collect();
        Self { checklist: Some(self.checklist()), own }
    }

    /// The same with nothing in it that ships so.
    #[must_use]
    pub fn own_only(&self) -> Self {
        let own = self.own.iter().filter(|(component, _)| self.is_own(**component));
        let checklist = self.checklist.clone().filter(|steps| Some(steps) != as_shipped().checklist.as_ref());
        Self { checklist, own: own.map(|(component, content)| (*component, content.clone())).collect() }
    }

    /// The components for which the organisation has words of its own.
    pub fn own(&self) -> impl Iterator<Item = (Component, &Content)> {
        self.own.iter().map(|(component, content)| (*component, content))
    }

    /// Gives that component words of the organisation's own.
    pub fn set(&mut self, component: Component, content: Content) {
        self.own.insert(component, content);
    }

    /// The at-a-glance checklist (POL-4): the organisation's own, or as it ships.
    #[must_use]
    pub fn checklist(&self) -> Vec<Step> {
        self.checklist.clone().unwrap_or_else(|| as_shipped().checklist.clone().unwrap_or_default())
    }

    /// The organisation's own checklist, if it has one.
    #[must_use]
    pub fn own_checklist(&self) -> Option<&[Step]> {
        self.checklist.as_deref()
    }

    /// Gives the organisation a checklist of its own.
    pub fn set_checklist(&mut self, steps: Vec<Step>) {
        self.checklist = Some(steps);
    }

    /// Whether the organisation has no words of its own.
    #[must_use]
    pub fn is_as_shipped(&self) -> bool {
        self.own.is_empty() && self.checklist.is_none()
    }

    /// The first thing in it that nobody can work by, with its place and what to do.
    #[must_use]
    pub fn why_senseless(&self) -> Option<String> {
        let list = self.checklist.as_deref().and_then(checklist::why_senseless);
        list.or_else(|| {
            self.own().find_map(|(component, content)| {
            let place = format!("procedure, {}", component.word());
            if content.steps.is_empty() {
                return Some(format!(
                    "{place}: it has no step. Write one at least, or leave the component out to keep what Muster ships."
                ));
            }
            wrong_line(&format!("{place}, step"), &content.steps)
                .or_else(|| wrong_line(&format!("{place}, decision"), &content.decisions))
        })
        })
    }
}

fn wrong_line(place: &str, lines: &[String]) -> Option<String> {
    if lines.len() > LINES_AT_MOST {
        return Some(format!("{place}s: there are {}. Use {LINES_AT_MOST} at most.", lines.len()));
    }
    let mut seen = BTreeSet::new();
    lines.iter().zip(1..).find_map(|(line, n)| {
        let why = if is_blank(line) {
            "it is empty. Write it, or leave it out".to_owned()
        } else if line.chars().count() > LINE_MAX {
            format!("it is too long. Use {LINE_MAX} characters at most, or make two of it")
        } else if !seen.insert(line.trim()) {
            "it stands there twice. Leave one out".to_owned()
        } else {
            return None;
        };
        Some(format!("{place} {n}: {why}."))
    })
}

/// What ships for that component.
fn shipped(component: Component) -> &'static Content {
    static NOTHING: Content = Content { steps: Vec::new(), decisions: Vec::new() };
    as_shipped().own.get(&component).unwrap_or(&NOTHING)
}

/// All that ships.
fn as_shipped() -> &'static Procedure {
    static ALL: LazyLock<Procedure> = LazyLock::new(|| toml::from_str(SHIPPED).unwrap_or_default()); // that it reads is tested
    &ALL
}
