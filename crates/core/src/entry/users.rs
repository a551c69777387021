//! What a user reports by themselves, without a login (DIS-1).

use serde::{Deserialize, Serialize};

/// See [`super::Fact::UserReported`]. All of it as they wrote it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct UserReported {
    /// What is wrong.
    pub text: String,
    /// Which service they mean; may be empty.
    pub service: String,
    /// Where they are; may be empty.
    pub place: String,
    /// Who they are; may be empty.
    pub name: String,
    /// How to reach them; may be empty.
    pub contact: String,
}

impl UserReported {
    /// Who reports: `Jo Bloggs (4711)`, `a user who gave no name`.
    #[must_use]
    pub fn who(&self) -> String {
        who(&self.name, &self.contact)
    }
}

/// A user in words, as far as they said who they are.
pub(crate) fn who(name: &str, contact: &str) -> String {
    match (name.is_empty(), contact.is_empty()) {
        (true, true) => "a user who gave no name".to_owned(),
        (true, false) => format!("a user who gave no name ({contact})"),
        (false, true) => name.to_owned(),
        (false, false) => format!("{name} ({contact})"),
    }
}
