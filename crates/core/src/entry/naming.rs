//! Facts that name another incident: whoever may not see that one reads them without its number and name.

use super::{Authority, Fact, GaveBack, Linked, MergedInto, TookIn, Unlinked};

impl Fact {
    /// The number of the other incident that it names, if it names one.
    #[must_use]
    pub fn names(&self) -> Option<&str> {
        let number = match self {
            Self::Linked(f) => &f.number,
            Self::Unlinked(f) => &f.number,
            Self::MergedInto(f) => &f.number,
            Self::TookIn(f) => &f.number,
            Self::GaveBack(f) => &f.number,
            Self::DisruptionSettled(f) => match &f.authority {
                Some(Authority::IncidentManager(number)) => number,
                _ => return None,
            },
            _ => return None,
        };
        (!number.is_empty()).then_some(number)
    }

    /// The same without naming it: what it does to its own log stays, so that folding goes on alike.
    #[must_use]
    pub fn unnamed(self) -> Self {
        let nothing = String::new;
        match self {
            Self::Linked(f) => Linked { number: nothing(), title: nothing(), ..f }.into(),
            Self::Unlinked(_) => Unlinked { number: nothing(), reason: nothing() }.into(),
            Self::MergedInto(_) => MergedInto { number: nothing(), title: nothing(), reason: nothing() }.into(),
            Self::TookIn(f) => TookIn { number: nothing(), title: nothing(), reason: nothing(), ..f }.into(),
            Self::GaveBack(f) => GaveBack { number: nothing(), reason: nothing(), ..f }.into(),
            Self::DisruptionSettled(mut f) => {
                f.authority = f.authority.map(|a| match a {
                    Authority::IncidentManager(_) => Authority::IncidentManager(nothing()),
                    other => other,
                });
                Self::DisruptionSettled(f)
            }
            other => other,
        }
    }

    /// Whether nothing is left of it once it names nothing: neither words nor what it does to its log.
    #[must_use]
    pub fn is_about_nothing(&self) -> bool {
        match self {
            Self::Linked(f) => f.number.is_empty(),
            Self::Unlinked(f) => f.number.is_empty(),
            Self::TookIn(f) => f.number.is_empty(),
            Self::GaveBack(f) => f.number.is_empty() && f.alerts.is_empty(),
            _ => false,
        }
    }
}
