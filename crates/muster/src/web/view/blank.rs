//! The blank forms, for the day on which Muster itself cannot be reached: what the form asks, whom to ring, and room to write.

use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// Rows of notes on a page: as many as fit beneath its head.
const NOTES: usize = 19;

/// The style: that of the form, and what only blank ones need.
const STYLE: &str =
    concat!(include_str!("../../../templates/parts/form.css"), include_str!("../../../templates/parts/blank.css"));

/// What the Content-Security-Policy of this page must add to `style-src`: `'sha256-…'`.
#[must_use]
pub fn style_hash() -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(STYLE)))
}

/// `GET /forms/blank`.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "blank.html")]
pub struct Page {
    /// The organisation's name.
    pub organisation: String,
    /// The day of the numbers: `17 Nov 2026`.
    pub day: String,
    /// Fields 1 to 18.
    pub fields: Vec<Blank>,
    /// Who must be told directly, by the policy.
    pub direct: Vec<Row>,
    /// Who is rung for which system.
    pub systems: Vec<Row>,
    /// The kinds of note in words: `Activity, contact, update`.
    pub kinds: String,
}

impl Page {
    fn table(&self, label: &str, head: &str, rows: &[Row]) -> String {
        Table { label, head, rows }.render().unwrap_or_default()
    }
}

#[derive(Template)]
#[template(path = "parts/blank_table.html")]
struct Table<'a> {
    label: &'a str,
    head: &'a str,
    rows: &'a [Row],
}

/// A field to write in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Blank {
    /// Its number on the form.
    pub number: u8,
    /// What it asks.
    pub label: String,
    /// What there is to tick.
    pub boxes: Vec<String>,
    /// Lines to write on; 0 for a short one.
    pub lines: usize,
    /// How wide it is, in twelfths of the page: 4, 6, 8 or 12.
    pub width: u8,
}

impl Blank {
    fn class(&self) -> &'static str {
        match self.width {
            4 => "f",
            6 => "f w6",
            8 => "f w8",
            _ => "f w12",
        }
    }
}

/// Whom to ring about something, in order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// About what: `User support, within 10 min`.
    pub name: String,
    /// At most three: who comes after them stands on the page of who is on call.
    pub people: Vec<Callee>,
}

/// Somebody to ring.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Callee {
    /// Full name.
    pub name: String,
    /// Number; says so if there is none.
    pub number: String,
}
