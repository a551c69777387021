//! How incidents hang together, in words.

use super::{Line, Tone};
use crate::entry::{Fact, NoteKind};
use crate::words::sentence;

/// What such a fact says; none for any other.
pub(super) fn line(fact: &Fact) -> Option<Line> {
    let toned = |lead: String, text: String, tone| Line { kind: NoteKind::Decision, lead, text, tone, proof: None };
    let came = |n: usize| match n {
        0 => String::new(),
        1 => " 1 alert came along.".to_owned(),
        n => format!(" {n} alerts came along."),
    };
    Some(match fact {
        Fact::Linked(f) => toned(format!("Linked, {} {}:", f.how.words(), f.number), sentence(&f.title), Tone::Plain),
        Fact::Unlinked(f) => toned(format!("Not linked with {} any more:", f.number), f.reason.clone(), Tone::Plain),
        Fact::MergedInto(f) if f.number.is_empty() => toned("Merged.".into(), String::new(), Tone::Decided),
        Fact::MergedInto(f) => {
            let text = format!("{} It goes on there: {}", sentence(&f.reason), f.title);
            toned(format!("Merged into {}:", f.number), text, Tone::Decided)
        }
        Fact::TookIn(f) => {
            let text = format!("{} {}{}", sentence(&f.title), sentence(&f.reason), came(f.alerts.len()));
            toned(format!("{} is merged into this one:", f.number), text, Tone::Decided)
        }
        Fact::GaveBack(f) => {
            let back = match f.alerts.len() {
                0 => String::new(),
                1 => " 1 alert went back.".to_owned(),
                n => format!(" {n} alerts went back."),
            };
            if f.number.is_empty() {
                return Some(toned("Alerts taken out:".into(), back.trim_start().to_owned(), Tone::Warning));
            }
            toned(format!("{} stands alone again:", f.number), format!("{}{back}", sentence(&f.reason)), Tone::Warning)
        }
        _ => return None,
    })
}
