//! Declare: where do I type the one line, and is it already reported?

use super::parts::{
    Choice, Fact, Field, Icon, Input, Notice, Pills, Place, Prose, Select, Severity, Shell, Stamp, Summary, problems,
};
use askama::Template;

/// `GET /declare` (with `?title=` it looks for the same again, live), and `POST /declare` when something has to be mended.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "declare.html")]
pub struct Page {
    /// The frame.
    pub shell: Shell,
    /// Hidden fields.
    pub stamp: Stamp,
    /// What was typed.
    pub form: Declaration,
    /// Open incidents that may be the same. If there are any, the form also sends `anyway=1`; each has a button that sends
    /// `join` with its number: then what was typed is added to that one.
    pub same: Vec<Same>,
    /// Names of systems to suggest.
    pub systems: Vec<String>,
    /// Names of people to suggest.
    pub people: Vec<String>,
    /// What happens next: `The team on call for the system is called.`
    pub then: Vec<Prose>,
}

/// POST `/declare`: `act`, `title`, `since` (`now`, `10`, `60`, `at`, `unknown`), `since-at`, `affected` (`one`, `group`, `site`,
/// `everyone`, `unknown`), `severity` (`0` to `4`), `system` (a name), `told` (`saw-it`, `called`, `monitor`, `paper`), `reporter`,
/// `found-at`, `manager`, `restricted`, `anyway`, `join`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Declaration {
    /// The one line; the only one that is required.
    pub title: Field,
    /// Since when.
    pub since: Field,
    /// The time typed, for `since` = `at`.
    pub since_at: Field,
    /// Who is affected.
    pub affected: Field,
    /// As [`Severity::value`].
    pub severity: Field,
    /// Which system.
    pub system: Field,
    /// Who told us.
    pub told: Field,
    /// Their name and number.
    pub reporter: Field,
    /// When it was discovered, unless whoever declares it saw it; empty: now.
    pub found_at: Field,
    /// Who led it, for `told` = `paper`; empty: who declares it.
    pub manager: Field,
    /// `1`: only those who take part may see it, else `0`.
    pub restricted: Field,
    /// Why it was refused.
    pub refused: Option<String>,
}

impl Declaration {
    /// Everything to mend before it can be sent.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let fields = [
            ("title", &self.title),
            ("since", &self.since),
            ("since-at", &self.since_at),
            ("affected", &self.affected),
            ("severity", &self.severity),
            ("system", &self.system),
            ("told", &self.told),
            ("reporter", &self.reporter),
            ("found-at", &self.found_at),
            ("manager", &self.manager),
        ];
        Summary { problems: problems("declare", self.refused.as_ref(), &fields) }
    }
}

impl Declaration {
    fn since_choices(&self) -> [Choice; 5] {
        [
            Choice::new("now", "Just now"),
            Choice::new("10", "10\u{a0}min ago"),
            Choice::new("60", "1 hour ago"),
            Choice::new("at", "Pick a time"),
            Choice::new("unknown", "Not known"),
        ]
    }
    fn affected_choices(&self) -> [Choice; 5] {
        [
            Choice::new("one", "One person"),
            Choice::new("group", "A group"),
            Choice::new("site", "A building or site"),
            Choice::new("everyone", "Everyone"),
            Choice::new("unknown", "Not known"),
        ]
    }
    fn restricted_choices(&self) -> [Choice; 2] {
        [Choice::new("0", "Everybody here"), Choice::new("1", "Only those who take part")]
    }
    fn told_choices(&self) -> [Choice; 4] {
        [
            Choice::new("saw-it", "I saw it myself"),
            Choice::new("called", "Somebody called"),
            Choice::new("monitor", "A monitor"),
            Choice::new("paper", "Entered from paper"),
        ]
    }
}

impl Page {
    /// A label that names the zone of the time to type.
    fn zoned(&self, label: &str) -> String {
        format!("{label} ({})", self.shell.frame.zone)
    }
}

/// An open incident that may be the same.
#[derive(Clone, PartialEq, Debug)]
pub struct Same {
    /// `2026-041`.
    pub number: String,
    /// Where it is.
    pub href: String,
    /// `Nobody can sign in to email or the student portal, open for 43 min, manager Priya Raman.`
    pub about: Prose,
}

/// After `POST /declare`: `GET /incidents/{number}?declared`, or what the handler makes of it.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "declared.html")]
pub struct Receipt {
    /// The frame.
    pub shell: Shell,
    /// `2026-042`.
    pub number: String,
    /// Where it is.
    pub href: String,
    /// What was declared.
    pub title: String,
    /// When: `03:15 GMT, just now`.
    pub at: super::time::When,
    /// Manager, who is being called, whom you call by when.
    pub facts: Vec<Fact>,
    /// A warning, such as nobody to call.
    pub notices: Vec<Notice>,
}

impl Receipt {
    fn heading(&self) -> String {
        format!("Incident {} is open", self.number)
    }
}
