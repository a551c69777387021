//! A user's report: empty, with something to mend, and heard.

use crate::sample::*;
use muster::web::view::parts::*;
use muster::web::view::report::{Form, Page, Thanks};

pub fn form() -> Page {
    Page { frame: shell(Place::Now).frame, stamp: Stamp { seen: None, ..stamp() }, form: Form::default(), thanks: None }
}

pub fn errors() -> Page {
    let text = Field::wrong("", "Write what is wrong.");
    Page {
        form: Form { text, refused: Some("Too many reports have come at once.".into()), ..Form::default() },
        ..form()
    }
}

pub fn known() -> Page {
    Page { thanks: Some(Thanks::Known), ..form() }
}

pub fn recorded() -> Page {
    Page { thanks: Some(Thanks::Recorded("2026-042".into())), ..form() }
}
