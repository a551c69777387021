//! Files that people put on an incident.

use super::super::Incident;
use super::super::command::LINE_MAX;
use crate::check::optional;
use crate::entry::{Attached, Author, file_name};
use crate::refusal::Refusal;
use crate::subject::Draft;
use crate::words::size;

impl Draft<'_, Incident> {
    pub(super) fn attach(&mut self, author: Author, file: &Attached) -> Result<(), Refusal> {
        let text = optional("text", &file.text, LINE_MAX)?;
        let name = file_name(&file.name);
        if file.size == 0 {
            let why = format!("{name} is empty. Choose the file that you mean.");
            return Err(Refusal::Senseless { field: "file", why });
        }
        let most = self.folded.terms.policy.attachment_bytes();
        if file.size > most {
            let why = format!(
                "{name} is larger than {}, the most for one file. Attach a part of it, or pack it.",
                size(most)
            );
            return Err(Refusal::Senseless { field: "file", why });
        }
        self.say(author, self.scene.now, Attached { name, text, ..file.clone() });
        Ok(())
    }
}
