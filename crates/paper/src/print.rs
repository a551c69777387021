//! From a form to the bytes of its PDF.

use crate::form::Form;
use crate::text::{make_printable, text_len, without_glyph};
use crate::world::Desk;
use jiff::tz::TimeZone;
use serde_json::json;
use typst::diag::SourceDiagnostic;
use typst::foundations::{Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

/// Most notes on one form: more than anybody reads on paper, and as many as half a gigabyte of memory lays out.
pub const ROWS_MAX: usize = 5_000;

/// Most bytes of text on one form.
pub const TEXT_MAX: usize = 4 * 1024 * 1024;

/// Most characters without a picture that the fine print names one by one.
const NAMED_MAX: usize = 8;

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    /// More notes or text than is printed in one piece.
    #[error(
        "too long to print: {rows} notes, {bytes} bytes of text (at most {ROWS_MAX} and {TEXT_MAX}); use another format"
    )]
    TooLong {
        /// How many notes it has.
        rows: usize,
        /// How much text it has.
        bytes: usize,
    },
    /// The form can't be turned into data; a fault of this crate.
    #[error("the form could not be read")]
    Data(#[from] serde_json::Error),
    /// The pages couldn't be laid out; a fault of this crate.
    #[error("the pages could not be laid out: {0}")]
    Layout(String),
    /// The laid out pages couldn't be written as PDF; a fault of this crate.
    #[error("the PDF could not be written: {0}")]
    Write(String),
}

/// The form as a PDF of A4 pages, tagged for screen readers.
///
/// It is PDF/A-2a and PDF/UA-1, unless it holds a character that no built-in font has: those
/// standards forbid the box that is printed instead, so then it is a plain tagged PDF, and its fine
/// print names the characters.
///
/// Takes tens of milliseconds and about 60 MB for a usual form, seconds for the longest. Call it from a thread
/// that may block, few at a time.
///
/// # Errors
/// [`PaperError::TooLong`] for a form over the limits. The others are faults of this crate: no text
/// should lead to them.
pub fn form_pdf(form: &Form) -> Result<Vec<u8>, PaperError> {
    let mut data = serde_json::to_value(form)?;
    let rows = form.notes.as_ref().map_or(0, |n| n.rows.len());
    let bytes = text_len(&data);
    if rows > ROWS_MAX || bytes > TEXT_MAX {
        return Err(PaperError::TooLong { rows, bytes });
    }
    make_printable(&mut data);
    let missing = without_glyph(&data);
    if !missing.is_empty() {
        data["missing"] = json!(missing_note(missing.into_iter()));
    }
    let pdf = print(Desk::new(serde_json::to_vec(&data)?), form.created);
    // What typst remembers for the next, similar document is worth nothing here and never shrinks
    // by itself; so also after a failure.
    typst::comemo::evict(0);
    pdf
}

fn missing_note(mut missing: impl ExactSizeIterator<Item = char>) -> String {
    let named: Vec<_> = missing.by_ref().take(NAMED_MAX).map(|c| format!("U+{:04X}", u32::from(c))).collect();
    let more = if missing.len() > 0 { format!(" and {} more", missing.len()) } else { String::new() };
    format!(
        "Printed as empty boxes, because the fonts lack them: {}{more}. The other formats hold them.",
        named.join(" ")
    )
}

fn print(desk: Desk, created: jiff::Timestamp) -> Result<Vec<u8>, PaperError> {
    let document = typst::compile::<PagedDocument>(&desk).output.map_err(|e| PaperError::Layout(reasons(&e)))?;
    let strict = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
        .map_err(|e| PaperError::Write(e.message().to_string()))?;
    let options = PdfOptions {
        creator: Smart::Custom(Some("Muster".into())),
        timestamp: datetime(created).map(Timestamp::new_utc),
        standards: strict,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&document, &options)
        .or_else(|_| typst_pdf::pdf(&document, &PdfOptions { standards: PdfStandards::default(), ..options }))
        .map_err(|e| PaperError::Write(reasons(&e)))
}

fn datetime(t: jiff::Timestamp) -> Option<Datetime> {
    let t = t.to_zoned(TimeZone::UTC);
    let part = |n: i8| u8::try_from(n).ok();
    Datetime::from_ymd_hms(
        t.year().into(),
        part(t.month())?,
        part(t.day())?,
        part(t.hour())?,
        part(t.minute())?,
        part(t.second())?,
    )
}

fn reasons(diagnostics: &[SourceDiagnostic]) -> String {
    diagnostics.iter().map(|d| d.message.as_str()).collect::<Vec<_>>().join("; ")
}
