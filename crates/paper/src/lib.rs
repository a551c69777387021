//! Paper: document data in, PDF bytes out. The only crate that sees typst.
//!
//! A [`Form`] holds every word that is printed. Nothing in it is ever read as markup: the template
//! `form.typ` takes it as data, so text written by anybody prints as it was written.
//!
//! The same form gives the same bytes, on any machine and at any time: fonts are built in, and the
//! only time in the file is [`Form::created`].

mod form;
mod print;
mod text;
mod world;

pub use form::{Choice, Field, Form, Note, Notes, Paragraph, Proof, Section, Signature, Span, Stamp, Value, Width};
pub use print::{PaperError, ROWS_MAX, TEXT_MAX, form_pdf};
