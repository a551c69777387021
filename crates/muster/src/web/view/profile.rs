//! The reader's own page: settings, password, sessions, API tokens.

use super::parts::{
    Choice, Fact, Field, Icon, Input, Kind, Pills, Place, Prose, Select, Shell, Stamp, State, Summary, problems,
};
use super::people::Session;
use super::time::When;
use super::work::Act;
use askama::Template;

/// `GET /profile`.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "profile.html")]
pub struct Page {
    /// The frame.
    pub shell: Shell,
    /// Hidden fields of all its forms.
    pub stamp: Stamp,
    /// Role, areas, contact means.
    pub facts: Vec<Fact>,
    /// How they are reached, in the order in which it is tried.
    pub means: Vec<OwnMeans>,
    /// Change that. POST `/profile/means`: `act`, `was`, `means`.
    pub change_means: Act,
    /// How pages look and work.
    pub settings: Settings,
    /// A new password.
    pub password: Password,
    /// Where the reader is signed in. POST `/profile/end-session`: `act`, `session`; `all` ends every other one.
    pub sessions: Vec<Session>,
    /// Tokens of the reader's. POST `/profile/revoke-token`: `act`, `token`.
    pub tokens: Vec<Token>,
    /// The form for a new one.
    pub new_token: NewToken,
    /// The secret just made; shown once.
    pub made: Option<Made>,
}

/// A means of the reader's, and whether it was seen to work.
#[derive(Clone, PartialEq, Debug)]
pub struct OwnMeans {
    /// `Email ana@example.org`.
    pub what: Prose,
    /// `Verified`, `Not verified`, `Only people use it`.
    pub state: State,
    /// When; why not.
    pub note: Prose,
    /// Send a code; type it.
    pub acts: Vec<Act>,
}

/// POST `/profile/settings`: `act`, `shortcuts` (`on`, `off`), `theme` (empty, `light`, `dark`).
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Settings {
    /// Whether single keys are shortcuts.
    pub shortcuts: Field,
    /// Light, dark, or as the device.
    pub theme: Field,
}

impl Settings {
    fn shortcut_choices(&self) -> [Choice; 2] {
        [Choice::new("on", "On"), Choice::new("off", "Off")]
    }
    fn theme_choices(&self) -> [Choice; 3] {
        [Choice::new("", "As the device"), Choice::new("light", "Light"), Choice::new("dark", "Dark")]
    }
}

/// POST `/profile/password`: `act`, `old`, `password`, `again`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Password {
    /// Never sent back.
    pub old: Field,
    /// Never sent back.
    pub password: Field,
    /// The same again.
    pub again: Field,
    /// Why it was refused.
    pub refused: Option<String>,
}

impl Password {
    /// Everything to mend.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let fields = [("old", &self.old), ("password", &self.password), ("again", &self.again)];
        Summary { problems: problems("password", self.refused.as_ref(), &fields) }
    }
}

/// An API token.
#[derive(Clone, PartialEq, Debug)]
pub struct Token {
    /// As forms send it.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// What it may do: `Responder`.
    pub role: String,
    /// How it begins, to recognise it: `mst_4f9a…`.
    pub begins: String,
    /// When it was made.
    pub made: When,
    /// When it was last used: a time, or `never`.
    pub used: Prose,
}

/// POST `/profile/create-token`: `act`, `name`, `role`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct NewToken {
    /// What it is for.
    pub name: Field,
    /// What it may do, at most what its maker may.
    pub role: Field,
    /// The roles to choose from.
    pub roles: Vec<Choice>,
    /// Why it was refused.
    pub refused: Option<String>,
}

impl NewToken {
    /// Everything to mend.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let fields = [("name", &self.name), ("role", &self.role)];
        Summary { problems: problems("token", self.refused.as_ref(), &fields) }
    }
}

/// A token's secret; shown once.
#[derive(Clone, PartialEq, Debug)]
pub struct Made {
    /// What it is for.
    pub name: String,
    /// The secret.
    pub secret: Field,
}
