//! The procedure: what do we do, who must be told, and by when? Which version says so, who signed it, what it changes?

use super::parts::{Choice, Fact, Field, Form, Icon, Input, Notice, Place, Prose, Select, Shell, Stamp, State};
use super::work::Act;
use askama::Template;

/// `GET /policy` and `GET /policy/{number}`.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "policy.html")]
pub struct Page {
    /// The frame.
    pub shell: Shell,
    /// `Version 1 is in force`.
    pub heading: String,
    /// Whose procedure it is, and since when.
    pub about: Prose,
    /// Another version is in force; somebody else was first.
    pub notices: Vec<Notice>,
    /// All ten, in their order.
    pub parts: Vec<Part>,
    /// The checklist at a glance.
    pub checklist: Vec<String>,
    /// Who must be told directly, and who is summoned for what nobody knows.
    pub told: Vec<Fact>,
    /// Said when nobody must be told directly.
    pub none_told: String,
    /// Every figure.
    pub figures: Vec<Figure>,
    /// Forms that change the checklist and the figures.
    pub edits: Vec<Act>,
    /// The form that says why anew, who signs and from when.
    pub frame: Option<Framed>,
    /// Who wrote it, why, from when, when it is reviewed.
    pub dates: Vec<Fact>,
    /// `1 of 2`.
    pub signed: String,
    /// The groups that must sign it.
    pub signers: Vec<Signer>,
    /// Propose it; put it in force over who has not signed.
    pub acts: Vec<Act>,
    /// What it changes.
    pub changes: Changes,
    /// Every version, newest first.
    pub versions: Vec<Listed>,
    /// Begin one, if the reader may.
    pub begin: Option<Framed>,
}

/// One component.
#[derive(Clone, PartialEq, Debug)]
pub struct Part {
    /// `1. Discovery`.
    pub title: String,
    /// `5 steps, 2 decisions`.
    pub count: String,
    /// Whether the words are the organisation's own.
    pub own: bool,
    /// What is done.
    pub steps: Vec<String>,
    /// What has to be decided.
    pub decisions: Vec<String>,
    /// Whether it is open when the page is.
    pub open: bool,
    /// The form that rewords it, if it can be.
    pub edit: Option<Act>,
}

/// One figure.
#[derive(Clone, PartialEq, Debug)]
pub struct Figure {
    /// What it says.
    pub what: String,
    /// How much.
    pub value: String,
    /// Of which component.
    pub part: &'static str,
}

/// A group that must sign.
#[derive(Clone, PartialEq, Debug)]
pub struct Signer {
    /// Its name.
    pub name: String,
    /// `Signed`, `Not signed`.
    pub state: State,
    /// Who did, when; who may.
    pub text: Prose,
    /// Sign it; say what has to change.
    pub acts: Vec<Act>,
}

/// What a version says that another does not.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Changes {
    /// `4 changes against version 14`.
    pub meta: String,
    /// `Version 14`.
    pub older: String,
    /// `Version 15`.
    pub newer: String,
    /// Each.
    pub all: Vec<Change>,
    /// The address that compares.
    pub action: String,
    /// With which it is compared.
    pub against: Field,
    /// With which it can be.
    pub choices: Vec<Choice>,
}

/// A difference.
#[derive(Clone, PartialEq, Debug)]
pub struct Change {
    /// Where.
    pub place: String,
    /// What the older says.
    pub was: Option<String>,
    /// What the newer says.
    pub is: Option<String>,
}

/// A version in the list.
#[derive(Clone, PartialEq, Debug)]
pub struct Listed {
    /// Its name, a link.
    pub name: Prose,
    /// Where it stands.
    pub state: State,
    /// Who wrote it, why.
    pub text: Prose,
}

/// POST `/policy/begin` and `/policy/{number}/frame`: `act`, `note`, `decision`, `group`, `effective`, `next-review`.
#[derive(Clone, PartialEq, Debug)]
pub struct Framed {
    /// Its fields.
    pub form: Form,
    /// Where it is sent.
    pub action: String,
    /// What its button says.
    pub button: &'static str,
    /// Which groups can sign: name, words, whether ticked.
    pub groups: Vec<(String, String, bool)>,
    /// Hidden fields.
    pub stamp: Stamp,
}
