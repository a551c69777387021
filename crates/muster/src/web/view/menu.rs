//! More: what the bottom bar of a phone has no room for.

use super::parts::{Icon, Place, Shell};
use askama::Template;

/// `GET /more`.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "more.html")]
pub struct Page {
    /// The frame.
    pub shell: Shell,
}
