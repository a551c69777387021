//! When a page can't be shown or an act can't be done: what happened, and what to do now.

use super::parts::{Frame, Icon, Notice, Place, Prose, Shell};
use askama::Template;

/// Refusals without a page of their own, not found, unavailable, a bug.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "problem.html")]
pub struct Page {
    /// The frame.
    pub frame: Frame,
    /// What happened: `There is no incident 2026-099`.
    pub heading: String,
    /// What it means for the reader.
    pub line: Prose,
    /// What was typed, so that nothing is lost.
    pub kept: Option<String>,
    /// What to do: address and words; the first is the one to hope for.
    pub ways: Vec<(String, String)>,
    /// For whoever reads the server's log.
    pub request: Option<String>,
}

impl Page {
    /// 404: `what` is what was looked for: `incident 2026-099`.
    #[must_use]
    pub fn not_found(frame: Frame, what: &str) -> Self {
        let line = "It may have been mistyped, or you may not be allowed to see it.";
        Self::new(frame, format!("There is no {what}"), line, &[("/now", "Go to Now"), ("/incidents", "All incidents")])
    }

    /// 503: nothing was done, nothing is lost. `back` is where to try again: the page, or the one with the form.
    #[must_use]
    pub fn unavailable(frame: Frame, back: &str, kept: Option<String>) -> Self {
        let line = "The database cannot be reached, so nothing was changed. It is tried again when you do.";
        let page =
            Self::new(frame, "Muster cannot answer just now", line, &[(back, "Try again"), ("/now", "Go to Now")]);
        Self { kept, ..page }
    }

    /// 403, 409, 422 and others: an act that can't be done, with the refusal's words.
    #[must_use]
    pub fn refused(frame: Frame, why: &str, back: &str, kept: Option<String>) -> Self {
        let page = Self::new(frame, "That was not done", why, &[(back, "Go back"), ("/now", "Go to Now")]);
        Self { kept, ..page }
    }

    /// 500: a bug of ours.
    #[must_use]
    pub fn bug(frame: Frame, request: String) -> Self {
        let line = "This is a fault in Muster. It may or may not have done what you asked: look before you try again.";
        let page = Self::new(frame, "Something went wrong here", line, &[("/now", "Go to Now")]);
        Self { request: Some(request), ..page }
    }

    /// Anything else: what happened, what it means, and what to do.
    #[must_use]
    pub fn new(frame: Frame, heading: impl Into<String>, line: &str, ways: &[(&str, &str)]) -> Self {
        let ways = ways.iter().map(|(href, words)| ((*href).to_owned(), (*words).to_owned())).collect();
        Self { frame, heading: heading.into(), line: line.into(), kept: None, ways, request: None }
    }
}

/// The same for who is signed in: inside the application, with its menu and a search.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "problem_inside.html")]
pub struct Inside {
    /// The frame.
    pub shell: Shell,
    /// What happened.
    pub heading: String,
    /// What it means for the reader.
    pub line: Prose,
}
