//! Alerts: what is being watched, what happens with it when, and by which rule?

use super::parts::{Choice, Detail, Fact, Field, Filter, Icon, Place, Prose, Shell, State};
use super::time::When;
use askama::Template;

/// `GET /alerts?account=…&system=…&source=…&before=…`, and `GET /alerts/{id}` with that one beside the list.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "alerts.html")]
pub struct Page {
    /// The frame; live.
    pub shell: Shell,
    /// The state in words: `2 alerts watched, 1 becomes an incident in 8 min`.
    pub heading: String,
    /// The time, and when the last signal came.
    pub about: Prose,
    /// The accounts with their counts: `Watched 2`.
    pub filters: Vec<Filter>,
    /// The filter's value of `account`, which the other two keep.
    pub account: String,
    /// Which system only; empty: all.
    pub system: Field,
    /// The systems, `All systems` first with an empty value.
    pub systems: Vec<Choice>,
    /// Which sender only; empty: all.
    pub source: Field,
    /// The senders, `All sources` first with an empty value.
    pub sources: Vec<Choice>,
    /// One account each, in the order of the accounts.
    pub groups: Vec<Group>,
    /// Said when there is none: `No alerts. Nothing has been sent since Mon 09:00 GMT.`
    pub none: Prose,
    /// `Books balance`, and the figures.
    pub books: (State, Prose),
    /// Where older ones are.
    pub older: Option<String>,
    /// The one that is open beside the list.
    pub selected: Option<Selected>,
    /// The mapping rules in their order; the first that matches decides.
    pub rules: Vec<Rule>,
}

/// The alerts of one account.
#[derive(Clone, PartialEq, Debug)]
pub struct Group {
    /// `Watched`.
    pub title: String,
    /// `becomes an incident when it lasts`.
    pub note: Prose,
    /// Soonest or newest first.
    pub rows: Vec<Row>,
}

/// One alert in the list.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    /// Its title.
    pub title: String,
    /// Its page: `/alerts/{id}`, with the filter kept.
    pub href: String,
    /// Host and service: `print-01, Queue Library`.
    pub thing: String,
    /// Its system in the shape of its condition: `Health::named`; none if no rule names one.
    pub system: Option<State>,
    /// What happens with it: `8 min left`, `Joined`.
    pub state: State,
    /// When and by which rule: `Incident at 03:22 GMT: 15 minutes after it went down`.
    pub why: Prose,
    /// How many signals.
    pub signals: String,
    /// When the newest came, as a clock shows it.
    pub last: When,
    /// Whether it is the one that is open beside the list.
    pub selected: bool,
}

/// The alert that is open beside the list.
#[derive(Clone, PartialEq, Debug)]
pub struct Selected {
    /// Its title.
    pub title: String,
    /// `Alert A-118`, or the sender's link.
    pub note: Prose,
    /// State, system, went down, then, unless.
    pub facts: Vec<Fact>,
    /// Why it stands where it stands: rules in the order in which they were asked.
    pub reasons: Vec<Reason>,
    /// `3 signals`.
    pub signals_title: String,
    /// `Nagios, data centre A. Times in GMT`.
    pub signals_note: String,
    /// Newest first, limited.
    pub signals: Vec<Signal>,
    /// Key and intake.
    pub foot: Prose,
}

/// One step of deciding.
#[derive(Clone, PartialEq, Debug)]
pub struct Reason {
    /// `Mapping rule “print queues” matched, first of 41`.
    pub text: Prose,
    /// The rule as text.
    pub rule: Option<String>,
}

/// One signal.
#[derive(Clone, PartialEq, Debug)]
pub struct Signal {
    /// When it came.
    pub at: When,
    /// `Firing`, `Resolved`, or the sender's word.
    pub word: String,
    /// What it says.
    pub text: String,
    /// The payload as it came.
    pub raw: Option<Detail>,
}

/// One mapping rule.
#[derive(Clone, PartialEq, Debug)]
pub struct Rule {
    /// Its name.
    pub name: String,
    /// What it asks: `host is print-*, service is Queue*`.
    pub when: String,
    /// What it says: `Printing, degraded`.
    pub then: String,
}
