//! What stands on a form (DOC-1, DOC-2, DOC-5).
//!
//! The program computes it from a log; this crate only lays it out. A blank form is the same data
//! with empty values.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A form with numbered fields, the notes of a log, and the proof that the log is whole.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Form {
    /// What a viewer shows as the document's name: "Incident form 2026-041 - Northmere University".
    pub name: String,
    /// When it was made. The only time in the file's properties; held to whole seconds.
    pub created: Timestamp,
    /// Whose form it is; above the title.
    pub organisation: String,
    /// The title: "Incident form".
    pub title: String,
    /// State and time, in the box beside the title.
    pub stamp: Stamp,
    /// Sections of fields, such as "The incident".
    pub sections: Vec<Section>,
    /// The notes, which begin a page of their own.
    pub notes: Option<Notes>,
    /// The proof that the notes are whole.
    pub proof: Option<Proof>,
    /// Lines to sign on, in one row; at most four fit.
    pub signatures: Vec<Signature>,
    /// Small print after everything else.
    pub fine_print: Vec<Paragraph>,
    /// Foot of every page, left. The page number stands right.
    pub footer: String,
}

/// The box at the top right.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Stamp {
    /// The state: "Restored". Printed in capitals.
    pub state: String,
    /// "as of 17 Nov 2026, 04:10 GMT".
    pub as_of: String,
}

/// A heading and a grid of fields.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Section {
    /// The letter in the black square.
    pub letter: String,
    /// "The incident".
    pub title: String,
    /// A remark at the right end of the heading's line; may be empty.
    pub remark: String,
    /// Laid out from left to right, a new row where the next one doesn't fit.
    pub fields: Vec<Field>,
}

/// One box with a numbered label.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Field {
    /// Counts through all sections.
    pub number: u16,
    /// "Incident Manager".
    pub label: String,
    /// How much of a row it takes.
    pub width: Width,
    /// What was filled in.
    pub value: Value,
}

/// A share of the page's width.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "u8")]
#[allow(missing_docs, reason = "their names say it")]
pub enum Width {
    Quarter,
    Third,
    Half,
    TwoThirds,
    Full,
}

impl From<Width> for u8 {
    /// In twelfths of a row.
    fn from(width: Width) -> Self {
        match width {
            Width::Quarter => 3,
            Width::Third => 4,
            Width::Half => 6,
            Width::TwoThirds => 8,
            Width::Full => 12,
        }
    }
}

impl TryFrom<u8> for Width {
    type Error = String;

    fn try_from(twelfths: u8) -> Result<Self, String> {
        [Self::Quarter, Self::Third, Self::Half, Self::TwoThirds, Self::Full]
            .into_iter()
            .find(|&w| u8::from(w) == twelfths)
            .ok_or_else(|| format!("a field takes 3, 4, 6, 8 or 12 twelfths of a row, not {twelfths}"))
    }
}

/// What a field holds, and how it looks.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "look", content = "holds", rename_all = "kebab-case")]
pub enum Value {
    /// A fact: dark, on as few lines as it needs.
    Fact(Vec<Paragraph>),
    /// A fact to be found at once: larger.
    Big(Vec<Paragraph>),
    /// Sentences, in a box that leaves room to write by hand.
    Prose(Vec<Paragraph>),
    /// Boxes of which some are ticked.
    Options(Vec<Choice>),
}

/// A box to tick.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Choice {
    /// What ticking it says.
    pub label: String,
    /// Whether it is ticked.
    pub on: bool,
}

/// Text that begins on a line of its own. A line break inside a span breaks the line.
pub type Paragraph = Vec<Span>;

/// A stretch of text with one look.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Span {
    /// As it was written.
    pub text: String,
    /// Dark, for what must not be missed.
    pub bold: bool,
    /// Smaller and light, for a remark.
    pub small: bool,
    /// Kept on one line: a host name, a number. Ignored when it is too long for that.
    pub nowrap: bool,
    /// All characters of one width: a command, a hash.
    pub mono: bool,
}

impl Span {
    /// Plain text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// The same, dark.
    #[must_use]
    pub fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    /// The same, smaller.
    #[must_use]
    pub fn small(self) -> Self {
        Self { small: true, ..self }
    }

    /// The same, kept on one line.
    #[must_use]
    pub fn nowrap(self) -> Self {
        Self { nowrap: true, ..self }
    }

    /// The same, all characters of one width.
    #[must_use]
    pub fn mono(self) -> Self {
        Self { mono: true, ..self }
    }
}

impl<T: Into<String>> From<T> for Span {
    fn from(text: T) -> Self {
        Self::new(text)
    }
}

/// The log, as a table under its own heading.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Notes {
    /// The heading, with who filled it in and how many were reached directly as fields.
    pub section: Section,
    /// What stands over the five columns: number, time, kind, event, author.
    pub columns: [String; 5],
    /// Every entry, in the order of the log.
    pub rows: Vec<Note>,
}

/// One entry of the log.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Note {
    /// Its number in the log.
    pub number: u64,
    /// When it happened: "17 Nov", "02:39".
    pub when: Paragraph,
    /// "activity", "contact" and so on.
    pub kind: String,
    /// What happened, or who was contacted and what came of it.
    pub event: Paragraph,
    /// "Written 02:48.", if it was written later than it happened; else empty.
    pub written: String,
    /// Who wrote it.
    pub by: String,
}

/// What shows that no entry is missing.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Proof {
    /// Label and text: "Entries in the log", "47, none missing".
    pub entries: (String, String),
    /// Label and text: "Chain checked", "17 Nov 2026, 04:10".
    pub checked: (String, String),
    /// Label and hash in hexadecimal, which is printed in groups of four.
    pub head: (String, String),
}

/// A line to sign on.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Signature {
    /// "Person filling out form".
    pub label: String,
    /// The name, if it is known; else empty.
    pub value: String,
}
