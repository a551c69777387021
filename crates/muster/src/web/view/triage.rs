//! Triage: who is hit, how, by what, how urgent is it; and how bad does the policy say that is? Under a minute, by thumb.

use super::parts::{
    Choice, Field, Icon, Input, Notice, Pills, Place, Prose, Severity, Shell, Stamp, Summary, problems,
};
use askama::Template;

/// `GET /incidents/{number}/triage` (with what was chosen so far behind the question mark: then it says what the policy
/// makes of that), and `POST` when something has to be mended.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "triage.html")]
pub struct Page {
    /// The frame.
    pub shell: Shell,
    /// Hidden fields.
    pub stamp: Stamp,
    /// `2026-041`.
    pub number: String,
    /// The incident's name.
    pub title: String,
    /// Its severity now.
    pub severity: Severity,
    /// What stands in the way, and what was not done.
    pub notices: Vec<Notice>,
    /// The form; none if it cannot be triaged any more.
    pub form: Option<Form>,
    /// What the policy makes of what is chosen: `320 of 1,150 people, in usage hours: impact high; …`.
    pub says: Option<String>,
    /// Every triage, newest first.
    pub revisions: Vec<Prose>,
}

/// POST `triage`: `act`, `seen`, `extent`, `fault`, `systems[]` (each), `system` (a name), `people.id.…` and `people.name.…`
/// (a number each), `group`, `group-people`, `urgency`, `severity` (`0`: as the policy says), `reason`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Form {
    /// Who is affected.
    pub extent: Field,
    /// What is wrong.
    pub fault: Field,
    /// Systems that are affected already, by name.
    pub known: Vec<String>,
    /// Systems that hang together with those: their names in the directory, and whether they are chosen.
    pub near: Vec<(Choice, bool)>,
    /// Another system.
    pub system: Field,
    /// Names of systems to suggest.
    pub systems: Vec<String>,
    /// Populations that it may hit.
    pub hits: Vec<Hit>,
    /// Another group.
    pub group: Field,
    /// How many of them.
    pub group_people: Field,
    /// Names of populations to suggest.
    pub groups: Vec<String>,
    /// How fast it has to be over.
    pub urgency: Field,
    /// How bad: `0` for as the policy says.
    pub severity: Field,
    /// Why not as the policy says.
    pub reason: Field,
    /// Why it was refused.
    pub refused: Option<String>,
}

/// A population, and how many of it are affected.
#[derive(Clone, PartialEq, Debug)]
pub struct Hit {
    /// The input's name: `people.id.staff`.
    pub input: String,
    /// The input's id on the page.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `of 3,120 people`, if the directory counts them.
    pub of: String,
    /// The number.
    pub people: Field,
}

impl Page {
    fn document_title(&self) -> String {
        self.shell.frame.title(&format!("{} triage: {}", self.number, self.title))
    }
}

impl Form {
    /// Everything to mend before it can be sent.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let fields = [
            ("extent", &self.extent),
            ("fault", &self.fault),
            ("system", &self.system),
            ("group", &self.group),
            ("group-people", &self.group_people),
            ("urgency", &self.urgency),
            ("severity", &self.severity),
            ("reason", &self.reason),
        ];
        let mut all = problems("triage", self.refused.as_ref(), &fields);
        let hits = self.hits.iter().filter_map(|hit| Some((hit.id.clone(), hit.people.error.clone()?)));
        all.extend(hits.map(|(id, text)| super::parts::Problem { id: Some(id), text }));
        Summary { problems: all }
    }

    fn extents(&self) -> [Choice; 4] {
        [
            Choice::new("one", "One person"),
            Choice::new("group", "A group"),
            Choice::new("site", "A building or site"),
            Choice::new("everyone", "Everyone"),
        ]
    }
    fn faults(&self) -> [Choice; 4] {
        [
            Choice::new("down", "System down"),
            Choice::new("network-down", "System up, network down"),
            Choice::new("degraded", "Degraded"),
            Choice::new("unknown", "Not known"),
        ]
    }
    fn urgencies(&self) -> [Choice; 3] {
        [
            Choice::new("high", "High: harm grows by the minute"),
            Choice::new("medium", "Medium: there is a way around"),
            Choice::new("low", "Low: it can wait"),
        ]
    }
    fn severities(&self) -> Vec<Choice> {
        let as_policy = Choice::new("0", "As the policy says");
        let each = Severity::ALL.into_iter().filter(|s| *s != Severity::NotAssessed);
        std::iter::once(as_policy).chain(each.map(|s| Choice::new(s.value(), s.words()))).collect()
    }
    fn severity_is_open(&self) -> bool {
        !self.severity.is("0") || self.reason.error.is_some() || !self.reason.value.is_empty()
    }
}
