//! What the entries of a version's log say, in words.

use crate::Time;
use crate::entry::{ComesBy, Fact, NoteKind, Passage};
use crate::incident::{Line, Tone};
use crate::words::sentence;

/// What `fact` says, if it is one of a version's log. `at` says a time.
pub(crate) fn line(fact: &Fact, at: &dyn Fn(Time) -> String) -> Option<Line> {
    let line = |kind, lead: String, text: String, tone| Line { kind, lead, text, tone, proof: None };
    Some(match fact {
        Fact::VersionDrafted(f) => {
            let decision =
                if f.decision.is_empty() { String::new() } else { format!(" Decided: {}", sentence(&f.decision)) };
            let from = f.from.map_or_else(String::new, |n| format!(" From version {n}."));
            let text = format!("{}{decision}{from}", sentence(&f.note));
            line(NoteKind::Activity, format!("Version {} begun:", f.number), text, Tone::Plain)
        }
        Fact::VersionEdited(f) => {
            let what = match &f.after {
                Passage::Component(component, _) => component.title(),
                Passage::Checklist(_) => "The checklist",
                Passage::Figures(_) => "The figures",
                Passage::Frame(_) => "Why it is changed, who signs it, and its dates",
            };
            line(
                NoteKind::Change,
                format!("{what}:"),
                "written anew. What was signed before does not count.".into(),
                Tone::Plain,
            )
        }
        Fact::VersionProposed(f) => {
            line(NoteKind::Activity, "Proposed:".into(), format!("to be signed by {}.", at(f.sign_by)), Tone::Decided)
        }
        Fact::VersionSigned(f) => line(NoteKind::Decision, "Signed".into(), format!("for {}.", f.name), Tone::Good),
        Fact::VersionDeclined(f) => {
            line(NoteKind::Decision, format!("Not signed for {}:", f.name), f.reason.clone(), Tone::Warning)
        }
        Fact::VersionInForce(f) => {
            let (text, tone) = match &f.how {
                ComesBy::Signed => ("every group has signed it.".to_owned(), Tone::Good),
                ComesBy::Applied => ("it was applied as it stands.".to_owned(), Tone::Decided),
                ComesBy::Over { missing, reason } => {
                    let without = if missing.is_empty() {
                        "before its date".into()
                    } else {
                        format!("without {}", missing.join(", "))
                    };
                    (format!("{without}. {}", sentence(reason)), Tone::Warning)
                }
            };
            line(NoteKind::Decision, "In force:".into(), text, tone)
        }
        Fact::VersionDropped(f) => line(NoteKind::Decision, "Dropped:".into(), sentence(&f.reason), Tone::Warning),
        Fact::VersionReplaced(f) => {
            line(NoteKind::Activity, "Replaced".into(), format!("by version {}.", f.by), Tone::Plain)
        }
        _ => return None,
    })
}
