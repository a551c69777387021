//! Versions of the procedure, as the auditor reads their logs: exactly one is in force once there is one, and what was
//! in force or replaced is never written again.

use super::{Auditor, Finding, Row};

#[derive(Debug)]
pub struct Version {
    pub seq: i64,
    pub head: String,
    state: &'static str,
}

impl Version {
    pub fn begin() -> Self {
        Self { seq: 0, head: String::new(), state: "draft" }
    }

    pub fn apply(&mut self, entry: &Row) -> Result<(), Finding> {
        self.seq = entry.int("seq");
        let (kind, was) = (entry.text("kind"), self.state);
        self.state = match (kind.as_str(), was) {
            ("version-drafted", "draft") if self.seq == 1 => "draft",
            ("version-edited", "draft" | "proposed") => "draft",
            ("version-proposed", "draft") | ("version-signed" | "version-declined", "proposed") => "proposed",
            ("version-in-force", "draft" | "proposed") => "in force",
            ("version-replaced", "in force") => "replaced",
            ("version-dropped", "draft" | "proposed") => "dropped",
            _ => return Err(format!("of a version that is {was}")),
        };
        Ok(())
    }

    pub fn check_row(&self, row: &Row) -> Result<(), Finding> {
        match (row.int("seq"), row.text("head"), row.text("state")) == (self.seq, self.head.clone(), self.state.into())
        {
            true => Ok(()),
            false => Err(format!("the row of {} does not say {self:?}", row.text("number"))),
        }
    }
}

impl Auditor {
    /// One is in force, and the organisation's rows are under its number.
    pub fn check_versions(&self) -> Result<(), Finding> {
        let in_force = self.versions.values().filter(|v| v.state == "in force").count();
        if in_force != usize::from(!self.versions.is_empty()) {
            return Err(format!("{in_force} versions of the procedure are in force: {:?}", self.versions));
        }
        let rows = self.rows("SELECT number FROM subjects WHERE kind = 'policy' AND state = 'in force'", &[]);
        let policy = self.directory.1.get(&("policy".to_owned(), String::new()));
        let holds = policy.map(|p| format!("policy/{}", p["version"]));
        match rows.first().map(|r| r.text("number")) == holds {
            true => Ok(()),
            false => Err(format!("the organisation works by {holds:?}, which is not in force")),
        }
    }
}
