//! A user's report: what do I write, and was it heard?

use super::parts::{Field, Frame, Icon, Input, Stamp, Summary, problems};
use askama::Template;

/// `GET /report`, and what `POST /report` answers when something has to be mended.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "report.html")]
pub struct Page {
    /// The frame.
    pub frame: Frame,
    /// Hidden fields.
    pub stamp: Stamp,
    /// What was typed.
    pub form: Form,
    /// It was heard: then there is no form.
    pub thanks: Option<Thanks>,
}

/// What is said to a user afterwards, and nothing more.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Thanks {
    /// Somebody is at it already.
    Known,
    /// It is new: under this reference number.
    Recorded(String),
    /// Nothing else can be said.
    Heard,
}

/// POST `/report`: `act`, `text`, `service`, `place`, `name`, `contact`, and `website`, which people do not see.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Form {
    /// What is wrong.
    pub text: Field,
    /// Which service, if they know.
    pub service: Field,
    /// Where they are.
    pub place: Field,
    /// Who they are.
    pub name: Field,
    /// How to reach them.
    pub contact: Field,
    /// Why it was refused.
    pub refused: Option<String>,
}

impl Form {
    /// Everything to mend before it can be sent.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let fields = [
            ("text", &self.text),
            ("service", &self.service),
            ("place", &self.place),
            ("name", &self.name),
            ("contact", &self.contact),
        ];
        Summary { problems: problems("report", self.refused.as_ref(), &fields) }
    }
}
