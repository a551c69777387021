//! The procedure: what do we do, who must be told, and by when?

use super::parts::{Fact, Icon, Place, Shell};
use askama::Template;

/// `GET /policy`.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "policy.html")]
pub struct Page {
    /// The frame.
    pub shell: Shell,
    /// `Version 1 is in force`.
    pub heading: String,
    /// Whose procedure it is, and how it is changed.
    pub about: String,
    /// All ten, in their order.
    pub parts: Vec<Part>,
    /// Who must be told directly, and who is summoned for what nobody knows.
    pub told: Vec<Fact>,
    /// Said when nobody must be told directly.
    pub none_told: String,
    /// Every figure.
    pub figures: Vec<Figure>,
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
