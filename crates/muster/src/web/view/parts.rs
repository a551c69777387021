//! What pages share. Each type renders as one element wherever a template prints it.

mod calls;
mod duty;
mod form;
mod icon;
mod incident;
mod log;
mod prose;
mod shell;
mod state;

pub use calls::{CallList, Callee};
pub use duty::{Due, Duty};
pub use form::{Choice, Field, Form, Input, Kind, Pills, Problem, Select, Stamp, Summary, problems};
pub use icon::{Icon, Tone};
pub use incident::{Fact, IncidentRow};
pub use log::{Acts, Attachment, Day, Detail, Entry, EntryChange, EntryForm, Log, Step};
pub use prose::{Piece, Prose, Tel};
pub use shell::{Filter, Frame, Moment, Notice, Place, Shell, Theme, Toast, Viewer};
pub use state::{Health, Severity, State, Words};
