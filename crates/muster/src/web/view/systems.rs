//! Systems: is it working, what hangs on it, whom do I ask?

use super::map::Map;
use super::oncall::OnCall;
use super::parts::{Fact, Icon, IncidentRow, Place, Prose, Shell, State};
use super::picture::Picture;
use super::time::When;
use super::work::Who;
use askama::Template;

/// `GET /systems?q=…`.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "systems.html")]
pub struct List {
    /// The frame; live.
    pub shell: Shell,
    /// The state in words: `2 of 38 systems are down`, `All 38 systems are working`.
    pub heading: String,
    /// What was searched for.
    pub search: String,
    /// Worst first, then by name.
    pub rows: Vec<Row>,
    /// Said when there is none.
    pub none: Prose,
    /// How they hang together, if they do and all are shown.
    pub map: Option<Map>,
}

/// One system in the list.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// Its page.
    pub href: String,
    /// How it is: `Health::state`.
    pub state: State,
    /// Incidents and alerts: `2026-041, 43 min`.
    pub why: Prose,
    /// `Organisation-wide`, `Departmental`.
    pub scope: String,
    /// Who answers first.
    pub contact: String,
    /// Who owns it.
    pub owner: String,
}

/// `GET /systems/{id}`.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "system.html")]
pub struct Page {
    /// The frame; live.
    pub shell: Shell,
    /// Its name.
    pub name: String,
    /// The state in words: `Directory and sign-in is down, for 43 min`.
    pub heading: String,
    /// `Organisation-wide`.
    pub scope: String,
    /// `Owner Ingrid Solheim`.
    pub owned: String,
    /// Since when, by which incident, who depends on it.
    pub about: Prose,
    /// Where to declare an incident of it.
    pub declare: Option<String>,
    /// Where an administrator changes it.
    pub edit: String,
    /// Who is on it now.
    pub who: Who,
    /// The dependency picture.
    pub picture: Picture,
    /// Open incidents of it.
    pub open: Vec<IncidentRow>,
    /// How it stands with open incidents: `None. The last one was restored 12 d ago.`
    pub open_note: Prose,
    /// Alerts of it that aren't over.
    pub alerts: Vec<Alert>,
    /// Technical contacts, in the order to try.
    pub contacts: Vec<OnCall>,
    /// Owner, agreement.
    pub agreement: Vec<Fact>,
    /// Days and hours: `Every day`, `00:00 to 24:00, Europe/London`.
    pub hours: Vec<Fact>,
    /// Whether it is within them now.
    pub hours_now: State,
    /// Whom it serves.
    pub populations: Vec<Population>,
    /// `21,520 people`.
    pub head_count: String,
}

/// An alert of a system.
#[derive(Clone, PartialEq, Debug)]
pub struct Alert {
    /// Its title.
    pub title: String,
    /// Its page.
    pub href: String,
    /// What happens with it.
    pub state: State,
    /// When the newest signal came.
    pub last: When,
}

/// A population that a system serves.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Population {
    /// Its name.
    pub name: String,
    /// How it is reached.
    pub reached_by: String,
    /// How many people.
    pub head_count: String,
}
