//! All incidents, newest first.

use super::parts::{Filter, Icon, IncidentRow, Place, Prose, Shell};
use askama::Template;

/// `GET /incidents?state=…&q=…&before=…`.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "incidents.html")]
pub struct Page {
    /// The frame; live.
    pub shell: Shell,
    /// `3 open incidents`, `Restored incidents`, `Incidents with “portal”`.
    pub heading: String,
    /// `Open 3`, `Suspected 1`, `Restored 2`, `Closed`, `Withdrawn`, `All`.
    pub filters: Vec<Filter>,
    /// The filter's value of `state`, which searching keeps.
    pub state: String,
    /// What was searched for.
    pub search: String,
    /// At most a page of them.
    pub rows: Vec<IncidentRow>,
    /// Said when there is none: `No open incidents. The last one was restored 3 d ago.`
    pub none: Prose,
    /// Where older ones are.
    pub older: Option<String>,
    /// Where the newest are, if these aren't.
    pub newest: Option<String>,
}
