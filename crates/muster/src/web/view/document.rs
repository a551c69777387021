//! The incident form as a page that prints: every field of the process, every note, and the proof
//! that none is missing. It carries its own style, so that the file can be mailed and archived.

use super::parts::Prose;
use super::time::When;
use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// The style of the document, byte for byte as it stands between its `<style>` tags.
const STYLE: &str = include_str!("../../../templates/parts/form.css");

/// What the Content-Security-Policy of this page must add to `style-src`: `'sha256-…'`.
#[must_use]
pub fn style_hash() -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(STYLE)))
}

/// `GET /incidents/{number}/form`.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "form.html")]
pub struct Page {
    /// The organisation's name.
    pub organisation: String,
    /// `2026-041`.
    pub number: String,
    /// Its page: `/incidents/2026-041`. The other formats are at `…/form.pdf` and so on.
    pub href: String,
    /// Its state, on the stamp: `Restored`.
    pub state: String,
    /// As of when: `Tue 17 Nov 2026, 04:10 GMT`.
    pub as_of: When,
    /// The zone of all times: `GMT`.
    pub zone: String,
    /// Whether PDF can be made here.
    pub pdf: bool,
    /// Section A: fields 1 to 16.
    pub fields: Vec<FormField>,
    /// Section B: fields that the organisation added.
    pub added: Vec<FormField>,
    /// The head of section C: person filling out form, direct contacts.
    pub notes_head: Vec<FormField>,
    /// Every entry, in its order.
    pub notes: Vec<Note>,
    /// How many entries: `47, none missing`.
    pub entries: String,
    /// When the chain was checked: a time, or what is wrong with it.
    pub checked: Prose,
    /// The head of the log in groups of four.
    pub head: String,
    /// The person filling out the form.
    pub filled_by: String,
}

/// One field of the form.
#[derive(Clone, PartialEq, Debug)]
pub struct FormField {
    /// Its number on the form.
    pub number: u32,
    /// `Date and time service went down`.
    pub label: String,
    /// What it says; empty prints an empty field.
    pub value: Value,
    /// How wide it is.
    pub width: Width,
}

/// What a field says.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// A short text, with a remark in small print: `estimate, entry 8`.
    Short(Prose, Option<Prose>),
    /// The few that are read first: name, number, duration.
    Big(Prose, Option<Prose>),
    /// A text of several lines, with room for handwriting, and a remark.
    Long(Prose, Option<Prose>),
    /// Boxes, of which some are ticked.
    Boxes(Vec<(String, bool)>),
}

/// How wide a field is, in twelfths of the page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Width {
    /// 3 of 12.
    Quarter,
    /// 4 of 12.
    Third,
    /// 6 of 12.
    Half,
    /// 8 of 12.
    TwoThirds,
    /// All.
    Whole,
}

impl Width {
    fn class(self) -> &'static str {
        match self {
            Self::Quarter => "f w3",
            Self::Third => "f",
            Self::Half => "f w6",
            Self::TwoThirds => "f w8",
            Self::Whole => "f w12",
        }
    }
}

/// One entry among the notes.
#[derive(Clone, PartialEq, Debug)]
pub struct Note {
    /// Its number.
    pub seq: u64,
    /// The day: `17 Nov`.
    pub day: String,
    /// The time: `02:39`.
    pub at: When,
    /// Its kind (DOC-2).
    pub kind: String,
    /// What happened.
    pub text: Prose,
    /// When it was written, if that was not when it happened: `Written 02:48.`
    pub written: Option<String>,
    /// By whom.
    pub by: String,
}
