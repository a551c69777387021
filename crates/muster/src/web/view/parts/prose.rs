//! A line of text with times, names and links in it.

use crate::web::view::time::{Ticking, When};
use askama::Template;
use askama::filters::HtmlSafe;

/// A piece of a [`Prose`]. All text is escaped.
#[derive(Clone, PartialEq, Debug)]
pub enum Piece {
    /// As it is.
    Text(String),
    /// What matters: a name, what happened.
    Bold(String),
    /// Host names, keys, hashes, commands.
    Mono(String),
    /// A time.
    When(When),
    /// A time that grows old.
    Ticking(Ticking),
    /// Words that lead somewhere.
    Link {
        /// A path of ours or an anchor.
        href: String,
        /// The words.
        text: String,
    },
    /// What it was before a correction.
    Was(String),
    /// What it is after a correction.
    Is(String),
}

/// A line of text with times, names and links in it. Built left to right:
/// `Prose::from("down since about ").when(times.at(t))`.
#[derive(Template, Clone, PartialEq, Debug, Default)]
#[template(path = "parts/prose.html")]
pub struct Prose(pub Vec<Piece>);

impl HtmlSafe for Prose {}

impl Prose {
    fn and(mut self, piece: Piece) -> Self {
        self.0.push(piece);
        self
    }
    /// Goes on with plain text.
    #[must_use]
    pub fn text(self, text: impl Into<String>) -> Self {
        self.and(Piece::Text(text.into()))
    }
    /// Begins with, or goes on with, what matters.
    #[must_use]
    pub fn bold(self, text: impl Into<String>) -> Self {
        self.and(Piece::Bold(text.into()))
    }
    /// Goes on with a host name, a key or a command.
    #[must_use]
    pub fn mono(self, text: impl Into<String>) -> Self {
        self.and(Piece::Mono(text.into()))
    }
    /// Goes on with a time.
    #[must_use]
    pub fn when(self, when: When) -> Self {
        self.and(Piece::When(when))
    }
    /// Goes on with a time that grows old.
    #[must_use]
    pub fn ticking(self, ticking: Ticking) -> Self {
        self.and(Piece::Ticking(ticking))
    }
    /// Goes on with a link.
    #[must_use]
    pub fn link(self, href: impl Into<String>, text: impl Into<String>) -> Self {
        self.and(Piece::Link { href: href.into(), text: text.into() })
    }
    /// Goes on with a telephone number.
    #[must_use]
    pub fn tel(self, number: &str) -> Self {
        let Tel { href, text } = Tel::new(number);
        self.link(href, text)
    }
    /// Goes on with what it was before a correction.
    #[must_use]
    pub fn was(self, text: impl Into<String>) -> Self {
        self.and(Piece::Was(text.into()))
    }
    /// Goes on with what it is after a correction.
    #[must_use]
    pub fn is(self, text: impl Into<String>) -> Self {
        self.and(Piece::Is(text.into()))
    }
}

impl From<&str> for Prose {
    fn from(text: &str) -> Self {
        Self::default().text(text)
    }
}
impl From<String> for Prose {
    fn from(text: String) -> Self {
        Self::default().text(text)
    }
}
impl From<When> for Prose {
    fn from(when: When) -> Self {
        Self::default().when(when)
    }
}

/// A telephone number that can be tapped.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(source = r#"<a class="tel" href="{{ href }}">{{ text }}</a>"#, ext = "html")]
pub struct Tel {
    /// `tel:+447700900377`.
    pub href: String,
    /// As people write it.
    pub text: String,
}

impl HtmlSafe for Tel {}

impl Tel {
    /// For a number as the directory has it: everything that cannot be dialled is left out of the link.
    #[must_use]
    pub fn new(number: &str) -> Self {
        let dialled: String = number.chars().filter(|c| c.is_ascii_digit() || "+*#,".contains(*c)).collect();
        Self { href: format!("tel:{dialled}"), text: number.replace(' ', "\u{a0}") }
    }
}
