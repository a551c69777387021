//! Signing in, and setting a password for the first time.

use super::parts::{Field, Frame, Icon, Input, Kind, Notice, Prose, Stamp, Summary, problems};
use askama::Template;

/// `GET /sign-in?next=…`, and `POST /sign-in` when it failed: `act`, `name`, `password`, `next`.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "sign_in.html")]
pub struct Page {
    /// The frame.
    pub frame: Frame,
    /// Hidden fields.
    pub stamp: Stamp,
    /// Signed out, session over.
    pub notice: Option<Notice>,
    /// The directory name.
    pub name: Field,
    /// Never sent back.
    pub password: Field,
    /// Where to go then: a path of ours.
    pub next: String,
    /// A form that was sent after the session had ended: it is not lost by signing in.
    pub kept: Option<Kept>,
    /// Why it was refused; the same words whatever was wrong.
    pub refused: Option<String>,
    /// Whom to ask.
    pub help: Prose,
}

/// `GET /set-up/{token}`, for the first administrator and for everybody who gets a sign-in link.
/// POST: `act`, `name` (directory name; first administrator only), `full-name` (likewise), `password`, `again`.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "set_up.html")]
pub struct SetUp {
    /// The frame.
    pub frame: Frame,
    /// The address of this page.
    pub action: String,
    /// Hidden fields.
    pub stamp: Stamp,
    /// `Make the first administrator`, `Choose your password, Daniel Osei`.
    pub heading: String,
    /// What this is.
    pub line: Prose,
    /// Who they are, if that isn't known yet: directory name and full name.
    pub who: Option<(Field, Field)>,
    /// The name to sign in with, if it is known.
    pub known: Option<String>,
    /// Never sent back.
    pub password: Field,
    /// The same again.
    pub again: Field,
    /// Why it was refused.
    pub refused: Option<String>,
}

impl SetUp {
    /// Everything to mend.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let mut fields = Vec::new();
        if let Some((name, full_name)) = &self.who {
            fields.extend([("full-name", full_name), ("name", name)]);
        }
        fields.extend([("password", &self.password), ("again", &self.again)]);
        Summary { problems: problems("set-up", self.refused.as_ref(), &fields) }
    }
}

/// `GET /set-up/{token}` for a link that signs somebody in. Opening it does nothing: POST `act` does.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "go_in.html")]
pub struct GoIn {
    /// The frame.
    pub frame: Frame,
    /// The address of this page.
    pub action: String,
    /// Hidden fields.
    pub stamp: Stamp,
    /// `Sign in as Priya Raman`.
    pub heading: String,
    /// What this is.
    pub line: Prose,
}

/// A form that was not taken because nobody was signed in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kept {
    /// Where it was sent: a path of ours.
    pub to: String,
    /// Its fields as they were typed, hidden ones too.
    pub fields: Vec<(String, String)>,
}

/// `POST /sign-in` when a form was kept: it is sent once its writer says so.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "send_kept.html")]
pub struct SendKept {
    /// The frame.
    pub frame: Frame,
    /// The form.
    pub kept: Kept,
    /// What a person typed or chose in it, under the name of the field.
    pub typed: Vec<(String, String)>,
}
