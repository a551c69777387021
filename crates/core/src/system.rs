//! Systems, and the mapping rules that turn a signal into a system and a condition (DEF-1).

use crate::alert::Signal;
use crate::calendar::UsageHours;
use crate::communications::Row;
use crate::ids::{PersonId, PopulationId, SystemId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Anything that can be disrupted.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct System {
    /// As it stands on pages: "Directory and sign-in".
    pub name: String,
    /// Whom its loss hits.
    #[serde(default)]
    pub scope: Scope,
    /// Named in the service agreement as speaking for those who use it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<PersonId>,
    /// Technical contacts in the order to try. Until schedules exist, the first is "on call".
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<PersonId>,
    /// The managers who hear of its outages, nearest first; those of its contacts' areas if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub management: Vec<PersonId>,
    /// What it needs.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub depends_on: BTreeSet<SystemId>,
    /// Whom it serves.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub populations: BTreeSet<PopulationId>,
    /// When it is used.
    #[serde(default)]
    pub usage_hours: UsageHours,
    /// Who hears what of its incidents, if not as the organisation says (COM-1).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub communications: Vec<Row>,
    /// What was promised, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub agreement: String,
}

/// Whom the loss of a system hits.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// A department (DEF-3: the same procedure).
    #[default]
    Departmental,
    /// Everybody.
    OrganisationWide,
}

impl Scope {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Departmental => "departmental",
            Self::OrganisationWide => "organisation-wide",
        }
    }
}

/// What an alert says of a system.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// Kept; nobody is called.
    Information,
    /// Will fail if nobody acts; nothing is lost yet.
    Predicted,
    /// Works badly.
    Degraded,
    /// Does not work.
    Down,
}

impl Condition {
    /// Every condition, from least to worst.
    pub const ALL: [Self; 4] = [Self::Information, Self::Predicted, Self::Degraded, Self::Down];

    /// The condition of that name.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.word() == word)
    }

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Information => "information",
            Self::Predicted => "predicted failure",
            Self::Degraded => "degraded",
            Self::Down => "down",
        }
    }
}

/// A mapping rule. Every pattern given must match; `*` stands for any run of characters, and case
/// does not matter, as monitors differ in how they spell hosts.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// As it stands in the log when it decided.
    pub name: String,
    /// Pattern for the sender's directory name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intake: Option<String>,
    /// Pattern for the host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Pattern for the service or check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// Patterns for labels.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// Which system it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<SystemId>,
    /// What it says of the system; what the sender's own severity suggests if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
}

impl Rule {
    /// Whether this rule is about `signal` from the sender named `intake`.
    #[must_use]
    pub fn matches(&self, intake: &str, signal: &Signal) -> bool {
        let fits = |pattern: &Option<String>, text: &str| pattern.as_deref().is_none_or(|p| glob(p, text));
        fits(&self.intake, intake)
            && fits(&self.host, &signal.host)
            && fits(&self.service, &signal.service)
            && self.labels.iter().all(|(name, p)| signal.labels.get(name).is_some_and(|v| glob(p, v)))
    }
}

/// The system that runs on `host`: that of the first mapping rule which names such hosts. Names of systems come first
/// where people type either.
#[must_use]
pub fn of_host<'a>(rules: &'a [Rule], host: &str) -> Option<&'a SystemId> {
    let names = |r: &&Rule| r.system.is_some() && r.host.as_deref().is_some_and(|p| p != "*" && glob(p, host));
    rules.iter().find(names).and_then(|r| r.system.as_ref())
}

/// Whether `text` is of the form `pattern`, where `*` stands for any run of characters. Linear in
/// the product of the lengths at worst, so no pattern can stall the engine.
fn glob(pattern: &str, text: &str) -> bool {
    let (p, t): (Vec<char>, Vec<char>) =
        (pattern.to_lowercase().chars().collect(), text.to_lowercase().chars().collect());
    let (mut pi, mut ti) = (0, 0);
    let mut retry: Option<(usize, usize)> = None; // the last star, and how much it has swallowed up to
    while ti < t.len() {
        if pi < p.len() && p[pi] == '*' {
            retry = Some((pi, ti));
            pi += 1;
        } else if pi < p.len() && p[pi] == t[ti] {
            pi += 1;
            ti += 1;
        } else if let Some((star, swallowed)) = retry {
            retry = Some((star, swallowed + 1));
            pi = star + 1;
            ti = swallowed + 1;
        } else {
            return false;
        }
    }
    p[pi..].iter().all(|&c| c == '*')
}

/// Whether `a` depends on `b`, directly or through others. Cycles are harmless.
#[must_use]
pub fn depends_on(systems: &BTreeMap<SystemId, System>, a: &SystemId, b: &SystemId) -> bool {
    let mut seen = BTreeSet::new();
    let mut todo = vec![a];
    while let Some(next) = todo.pop() {
        let Some(system) = systems.get(next) else { continue };
        for need in &system.depends_on {
            if need == b {
                return true;
            }
            if seen.insert(need) {
                todo.push(need);
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_people_expect() {
        for (pattern, text, expected) in [
            ("mail-*", "mail-01", true),
            ("mail-*", "webmail-01", false),
            ("*", "", true),
            ("", "", true),
            ("", "x", false),
            ("DB*Space*", "db1 disk space /var", true),
            ("a*b*c", "a__b__b_c", true),
            ("a*b", "a__c", false),
            ("**x", "x", true),
        ] {
            assert_eq!(glob(pattern, text), expected, "{pattern} against {text}");
        }
    }

    #[test]
    fn a_host_belongs_to_the_system_of_the_first_rule_that_names_it() {
        let rule = |host: Option<&str>, system: Option<&str>| Rule {
            host: host.map(str::to_owned),
            system: system.map(SystemId::from),
            ..Rule::default()
        };
        let rules = [
            rule(None, Some("everything")),
            rule(Some("*"), Some("any-host")),
            rule(Some("web01"), None),
            rule(Some("web*"), Some("portal")),
            rule(Some("web01"), Some("late")),
        ];
        assert_eq!(of_host(&rules, "WEB01"), Some(&SystemId::from("portal")));
        assert_eq!(of_host(&rules, "db1"), None);
    }

    #[test]
    fn dependencies_are_followed_through_others_and_cycles_end() {
        let system = |needs: &[&str]| System {
            depends_on: needs.iter().map(|n| SystemId::from(*n)).collect(),
            ..System::default()
        };
        let systems: BTreeMap<SystemId, System> =
            [("email", system(&["directory"])), ("directory", system(&["san", "email"])), ("san", system(&[]))]
                .into_iter()
                .map(|(name, s)| (SystemId::from(name), s))
                .collect();
        let on = |a: &str, b: &str| depends_on(&systems, &a.into(), &b.into());
        assert!(on("email", "san") && on("email", "directory"));
        assert!(!on("san", "email") && !on("email", "nowhere"));
    }
}
