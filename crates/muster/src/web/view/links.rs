//! Incidents that one hangs together with, and the forms that say so.

use super::parts::{Choice, Field, Summary, problems};

/// The panel of other incidents.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Others {
    /// Each with how this one stands to it.
    pub rows: Vec<Other>,
    /// POST `link`: `number`, `how`.
    pub link: Option<Form>,
    /// POST `merge`: `number`, `reason`; none if it is over.
    pub merge: Option<Form>,
    /// Open incidents to suggest: number and name.
    pub suggested: Vec<Choice>,
}

/// Another incident.
#[derive(Clone, PartialEq, Debug)]
pub struct Other {
    /// `2026-039`.
    pub number: String,
    /// `Caused by`, `Merged into`.
    pub how: String,
    /// Its name.
    pub title: String,
    /// Whether the link can be taken away. POST `unlink`: `number`, `reason`.
    pub may_unlink: bool,
}

/// A form about another incident.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Form {
    /// The number of the other.
    pub number: Field,
    /// How this one stands to it.
    pub how: Field,
    /// Why.
    pub reason: Field,
    /// Why it was refused.
    pub refused: Option<String>,
}

impl Form {
    /// Everything to mend before it can be sent.
    #[must_use]
    pub fn summary(&self, form: &str) -> Summary {
        let fields = [("number", &self.number), ("how", &self.how), ("reason", &self.reason)];
        Summary { problems: problems(form, self.refused.as_ref(), &fields) }
    }
}

impl Others {
    /// How one can stand to another.
    #[must_use]
    pub fn relations(&self) -> [Choice; 3] {
        [
            Choice::new("related", "Related"),
            Choice::new("caused-by", "This one is caused by it"),
            Choice::new("caused", "This one caused it"),
        ]
    }
}
