//! Names of things: one type each, so that a person can't be passed for a system.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! id {
    ($(#[doc = $doc:literal] $name:ident),+ $(,)?) => {$(
        #[doc = $doc]
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The name as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl From<&str> for $name {
            fn from(s: &str) -> Self {
                Self(s.to_owned())
            }
        }
    )+};
}

id! {
    /// A person in the directory: a short name chosen by the organisation, such as `priya`.
    PersonId,
    /// A functional area, such as `user-support`.
    AreaId,
    /// A population: a group of users that a system serves.
    PopulationId,
    /// A system: anything that can be disrupted.
    SystemId,
    /// An intake key: one sender's way in.
    IntakeId,
    /// A subject: anything with a log of its own. Drawn at random.
    SubjectId,
    /// An alert. Drawn at random.
    AlertId,
    /// A summons. Drawn at random.
    SummonsId,
    /// One attempt of a summons to reach a person. Drawn at random.
    AttemptId,
}

/// Longest [directory name](is_directory_name), so that it fits every table, URL and label.
pub const DIRECTORY_NAME_MAX: usize = 64;

/// Whether `s` may name a person, an area, a system and so on: 1 to 64 of `a-z 0-9 - _ .`, starting
/// with a letter or a digit, so that it needs no quoting in a URL, a shell or a TOML key.
#[must_use]
pub fn is_directory_name(s: &str) -> bool {
    let ok = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    s.len() <= DIRECTORY_NAME_MAX
        && s.as_bytes().first().copied().is_some_and(ok)
        && s.bytes().all(|b| ok(b) || b"-_.".contains(&b))
}

/// A person as a fact holds them: the name as it was when the fact was recorded.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct PersonRef {
    /// Who, in the directory of that time.
    pub id: PersonId,
    /// The full name of that time.
    pub name: String,
}

impl fmt::Display for PersonRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}
