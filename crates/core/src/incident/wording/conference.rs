//! Conference calls, and how people come, in words.

use super::{Line, Tone};
use crate::Time;
use crate::entry::{Coming, Fact, NoteKind};
use crate::ids::PersonRef;
use crate::words::sentence;

/// That entry in words, if it is about people who come together.
pub(super) fn line(fact: &Fact, at: &dyn Fn(Time) -> String) -> Option<Line> {
    let plain = |kind, lead: String, text: String| Line { kind, lead, text, tone: Tone::Plain, proof: None };
    let toned = |kind, lead: String, text: String, tone| Line { tone, ..plain(kind, lead, text) };
    Some(match fact {
        Fact::ConferenceCalled(f) => {
            let what = if f.version == 0 { "called" } else { "changed" };
            let why = if f.reason.is_empty() { String::new() } else { format!(" {}", sentence(&f.reason)) };
            let dropped = match f.dropped.is_empty() {
                true => String::new(),
                false => format!(" Not invited any more: {}.", names(&f.dropped)),
            };
            let text = format!(
                "{} At {}, {}. Invited: {}.{dropped}{why}",
                sentence(&f.purpose),
                at(f.starts_at),
                f.bridge,
                names(&f.invited)
            );
            toned(NoteKind::Contact, format!("Conference call {} {what}:", f.call), text, Tone::Decided)
        }
        Fact::ConferenceCancelled(f) => toned(
            NoteKind::Decision,
            format!("Conference call {} cancelled:", f.call),
            sentence(&f.reason),
            Tone::Warning,
        ),
        Fact::ConferenceJoined(f) => {
            let text = format!("in conference call {}, {}.", f.call, f.via.words());
            plain(NoteKind::Staff, names(&f.people), text)
        }
        Fact::PresenceAsked(f) => {
            let whom = if f.people.is_empty() { "whoever is summoned".to_owned() } else { names(&f.people) };
            toned(NoteKind::Staff, "Wanted".into(), format!("{}: {whom}.", f.presence.words()), Tone::Decided)
        }
        Fact::ArrivalSaid(f) => {
            let when = match (f.expected_at, f.coming) {
                (None, _) => String::new(),
                (Some(then), Coming::Remote) => format!(" from {}", at(then)),
                (Some(then), _) => format!(", expected at {}", at(then)),
            };
            let text = format!("{}{when}, {}.", f.coming.words(), f.via.words());
            let tone = if f.coming == Coming::Cannot { Tone::Warning } else { Tone::Plain };
            toned(NoteKind::Staff, f.person.name.clone(), text, tone)
        }
        _ => return None,
    })
}

fn names(people: &[PersonRef]) -> String {
    people.iter().map(|p| p.name.as_str()).collect::<Vec<_>>().join(", ")
}
