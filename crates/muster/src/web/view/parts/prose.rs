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
    /// Words that lead somewhere. Made by [`Prose::link`].
    Link {
        /// A path of ours or an anchor.
        href: String,
        /// The words.
        text: String,
    },
    /// Words that lead to a page elsewhere. Made by [`Prose::outside`].
    Outside {
        /// `https://…`
        url: String,
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
    /// Goes on with a link to a page of ours, an anchor or a telephone number; anything else is
    /// printed as text, so that no stored text becomes an address.
    #[must_use]
    pub fn link(self, href: impl Into<String>, text: impl Into<String>) -> Self {
        let (href, text) = (href.into(), text.into());
        let ours = href.starts_with(['#', '?']) || (href.starts_with('/') && !href.starts_with("//"));
        self.and(if ours || href.starts_with("tel:") { Piece::Link { href, text } } else { Piece::Text(text) })
    }
    /// Goes on with a link to a page elsewhere, such as a dashboard that a sender names; text if
    /// it is not the web.
    #[must_use]
    pub fn outside(self, url: impl Into<String>, text: impl Into<String>) -> Self {
        let (url, text) = (url.into(), text.into());
        let web = url.starts_with("https://") || url.starts_with("http://");
        self.and(if web { Piece::Outside { url, text } } else { Piece::Text(text) })
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
#[template(
    source = r#"{% if href.is_empty() %}{{ text }}{% else %}<a class="tel" href="{{ href }}">{{ text }}</a>{% endif %}"#,
    ext = "html"
)]
pub struct Tel {
    /// `tel:+447700900377`; empty for a text that is no number.
    pub href: String,
    /// As people write it.
    pub text: String,
}

impl HtmlSafe for Tel {}

impl Tel {
    /// For a number as the directory has it: everything that cannot be dialled is left out of the link, and of a text
    /// that is no number, all.
    #[must_use]
    pub fn new(number: &str) -> Self {
        let is_number = number.trim_start().starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '('));
        let digits = number.chars().filter(|_| is_number);
        let dialled: String = digits.filter(|c| c.is_ascii_digit() || "+*#,".contains(*c)).collect();
        let href = if dialled.is_empty() { String::new() } else { format!("tel:{dialled}") };
        Self { href, text: number.replace(' ', "\u{a0}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_text_becomes_neither_markup_nor_an_address() {
        let hostile = "<b onclick=\"x\">'&";
        let html =
            Prose::from(hostile).bold(hostile).mono(hostile).was(hostile).is(hostile).link("#a", hostile).to_string();
        assert_eq!(html.matches("&#60;b onclick=&#34;x&#34;&#62;&#39;&#38;").count(), 6, "{html}");
        for url in ["javascript:alert(1)", "//elsewhere.example", "data:text/html,x", "https://x.example", " /now"] {
            assert_eq!(Prose::default().link(url, "words").to_string(), "words", "{url}");
        }
        assert_eq!(Prose::default().outside("javascript:alert(1)", "words").to_string(), "words");
        assert!(
            Prose::default()
                .outside("https://x.example/\"", "words")
                .to_string()
                .contains(r#"href="https://x.example/&#34;""#)
        );
    }

    #[test]
    fn a_number_is_dialled_as_digits() {
        let tel = Tel::new("+44 (0)7700 900-377,4417#");
        assert_eq!(
            (tel.href.as_str(), tel.text.as_str()),
            ("tel:+4407700900377,4417#", "+44\u{a0}(0)7700\u{a0}900-377,4417#")
        );
        assert_eq!(Tel::new("javascript:alert(1)//12").to_string(), "javascript:alert(1)//12");
    }
}
