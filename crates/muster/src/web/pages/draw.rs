//! From core's state to what a page shows: pure, so that it is proved by tables.

pub mod calls;
pub mod duties;
pub mod gathering;
pub mod log;
pub mod row;
#[cfg(test)]
pub(crate) mod sample;

use crate::web::view::time::Times;
use muster_core::directory::Role;
use muster_core::ids::{PersonId, PersonRef};

/// Whose eyes see the page, and when.
#[derive(Clone, Copy, Debug)]
pub struct Eyes<'a> {
    /// Who.
    pub me: &'a PersonId,
    /// What they may do.
    pub role: Role,
    /// Puts times into words.
    pub times: &'a Times,
}

impl Eyes<'_> {
    /// Whether they may work on incidents.
    #[must_use]
    pub fn may_write(&self) -> bool {
        self.role >= Role::Responder
    }

    /// The name as they read it: `Priya Raman (you)`.
    #[must_use]
    pub fn name(&self, person: &PersonRef) -> String {
        if person.id == *self.me { format!("{} (you)", person.name) } else { person.name.clone() }
    }
}
