//! How bad a disruption is, by the policy's matrix (DEF-5): impact × urgency.

use crate::entry::{Advice, Extent, Kind, Severity, Urgency};
use crate::words::count;
use serde::{Deserialize, Serialize};

/// How hard a disruption hits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Impact {
    /// It stops the organisation.
    Extensive,
    /// It stops many.
    High,
    /// It stops some.
    Medium,
    /// It stops few.
    Low,
}

impl Impact {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Extensive => "extensive",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }
}

/// The matrix: rules that find the impact, and the severity of each impact and urgency.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matrix {
    /// The first rule that fits gives the impact; if none does, it is low.
    pub impact: Vec<ImpactRule>,
    /// Severity if the impact is extensive.
    pub extensive: ByUrgency,
    /// Severity if it is high.
    pub high: ByUrgency,
    /// Severity if it is medium.
    pub medium: ByUrgency,
    /// Severity if it is low.
    pub low: ByUrgency,
}

/// When the impact is what. Everything given must hold.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImpactRule {
    /// Then it is this.
    pub is: Impact,
    /// At least so many are affected, as people see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extent: Option<Extent>,
    /// At least so many people are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people: Option<u64>,
    /// It is of one of these kinds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<Kind>,
    /// It is (or is not) in the usage hours of an affected system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage_hours: Option<bool>,
}

/// A severity for each urgency.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByUrgency {
    /// If that is high.
    pub high: Severity,
    /// If it is medium.
    pub medium: Severity,
    /// If it is low.
    pub low: Severity,
}

impl ImpactRule {
    /// When it fits, in words.
    #[must_use]
    pub fn words(&self) -> String {
        let extent = self.extent.map(|extent| match extent {
            Extent::Everyone => "everyone is affected".to_owned(),
            Extent::One | Extent::Group | Extent::Site => format!("{} or more is affected", extent.words()),
        });
        let people = self.people.map(|people| format!("{} people or more", count(people)));
        let kinds: Vec<_> = self.kinds.iter().map(|kind| kind.as_str()).collect();
        let kinds = (!kinds.is_empty()).then(|| kinds.join(" or "));
        let hours =
            self.usage_hours.map(|within| if within { "in usage hours" } else { "outside usage hours" }.to_owned());
        let all: Vec<_> = [extent, people, kinds, hours].into_iter().flatten().collect();
        if all.is_empty() { "always".to_owned() } else { all.join(", ") }
    }
}

impl ByUrgency {
    fn of(&self, urgency: Urgency) -> Severity {
        match urgency {
            Urgency::High => self.high,
            Urgency::Medium => self.medium,
            Urgency::Low => self.low,
        }
    }
}

/// What is known of a disruption when its impact is asked.
#[derive(Clone, PartialEq, Debug)]
pub struct Findings<'a> {
    /// Who is affected.
    pub extent: Extent,
    /// About how many people are affected.
    pub people: u64,
    /// Of how many; none if nobody knows.
    pub of: Option<u64>,
    /// What kind of disruption.
    pub kind: &'a Kind,
    /// Its kind in words.
    pub kind_words: &'a str,
    /// Whether an affected system is in its usage hours now; none if no system is known: then it counts as if it were.
    pub in_usage: Option<bool>,
    /// How fast it has to be over.
    pub urgency: Urgency,
}

impl Matrix {
    /// What the matrix makes of `found`, with why in words.
    #[must_use]
    pub fn advise(&self, found: &Findings<'_>) -> Advice {
        let rule = self.impact.iter().find(|rule| rule.fits(found));
        let impact = rule.map_or(Impact::Low, |rule| rule.is);
        let row = match impact {
            Impact::Extensive => &self.extensive,
            Impact::High => &self.high,
            Impact::Medium => &self.medium,
            Impact::Low => &self.low,
        };
        let severity = row.of(found.urgency);
        let by_kind = rule.is_some_and(|rule| !rule.kinds.is_empty());
        let why = format!(
            "{}: impact {}; urgency {}: severity {}",
            found.words(by_kind),
            impact.word(),
            found.urgency.word(),
            severity.number()
        );
        Advice { impact, severity, why }
    }
}

impl ImpactRule {
    fn fits(&self, found: &Findings<'_>) -> bool {
        // Extents are counted from the smallest on.
        let size = |extent| Extent::ALL.iter().position(|e| *e == extent);
        self.extent.is_none_or(|least| size(found.extent) >= size(least))
            && self.people.is_none_or(|least| found.people >= least)
            && (self.kinds.is_empty() || self.kinds.contains(found.kind))
            && self.usage_hours.is_none_or(|used| used == found.in_usage.unwrap_or(true))
    }
}

impl Findings<'_> {
    /// `320 of 1,150 people, in usage hours`; led by the kind where that decided.
    fn words(&self, by_kind: bool) -> String {
        let people = match (self.people, self.of) {
            (0, _) => self.extent.words().to_owned(),
            (people, Some(of)) if of > people => format!("{} of {} people", count(people), count(of)),
            (people, _) => format!("about {} people", count(people)),
        };
        let hours = match self.in_usage {
            Some(true) => ", in usage hours",
            Some(false) => ", outside usage hours",
            None => "",
        };
        let kind = if by_kind { format!("{}, ", self.kind_words) } else { String::new() };
        format!("{kind}{people}{hours}")
    }
}

impl Default for Matrix {
    fn default() -> Self {
        use Severity::{Critical, Low, Major, Minor};
        let rule = |is| ImpactRule { is, extent: None, people: None, kinds: Vec::new(), usage_hours: None };
        let of_kind = |is, kind| ImpactRule { kinds: vec![kind], ..rule(is) };
        let extent = |is, extent, used| ImpactRule { extent: Some(extent), usage_hours: used, ..rule(is) };
        let people = |is, people, used| ImpactRule { people: Some(people), usage_hours: used, ..rule(is) };
        let used = Some(true);
        Self {
            impact: vec![
                of_kind(Impact::Low, Kind::PREDICTED), // nothing is lost yet
                extent(Impact::Extensive, Extent::Everyone, used),
                people(Impact::Extensive, 1_000, used),
                of_kind(Impact::High, Kind::SECURITY),
                people(Impact::High, 100, used),
                extent(Impact::High, Extent::Site, used),
                ImpactRule { usage_hours: used, ..of_kind(Impact::High, Kind::ORGANISATION_WIDE) },
                extent(Impact::High, Extent::Everyone, None),
                people(Impact::Medium, 100, None),
                extent(Impact::Medium, Extent::Site, None),
                people(Impact::Medium, 10, used),
                extent(Impact::Medium, Extent::Group, used),
            ],
            extensive: ByUrgency { high: Critical, medium: Critical, low: Major },
            high: ByUrgency { high: Major, medium: Major, low: Minor },
            medium: ByUrgency { high: Major, medium: Minor, low: Low },
            low: ByUrgency { high: Minor, medium: Low, low: Low },
        }
    }
}
