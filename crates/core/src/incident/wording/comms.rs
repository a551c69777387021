//! What was said to whom, in words.

use super::{Line, Tone};
use crate::entry::{Fact, NoteKind};
use crate::words::{all_of, count, sentence, upper_first};

/// That entry in words, if it is about communications.
pub(super) fn line(fact: &Fact) -> Option<Line> {
    let plain = |kind, lead: String, text: String| Line { kind, lead, text, tone: Tone::Plain, proof: None };
    let toned = |kind, lead: String, text: String, tone| Line { tone, ..plain(kind, lead, text) };
    Some(match fact {
        Fact::CommunicationsPlanned(f) => {
            let names: Vec<_> = f.rows.iter().map(|r| r.name.as_str()).collect();
            let lead = "Communications planned:".to_owned();
            plain(NoteKind::Activity, lead, format!("{}, by the template of {}.", names.join(", "), f.template))
        }
        Fact::AudienceSet(f) => {
            let row = &f.row;
            let why = if f.reason.is_empty() { String::new() } else { format!(" {}", sentence(&f.reason)) };
            let text = format!("{}, by {}, {} detail.{why}", row.update, row.through.words(), row.level.word());
            plain(NoteKind::Decision, format!("{} hears:", row.name), text)
        }
        Fact::AudienceDropped(f) => {
            toned(NoteKind::Decision, format!("{} hears nothing more:", f.name), f.reason.clone(), Tone::Decided)
        }
        Fact::StrategyAgreed(f) => {
            toned(NoteKind::Decision, format!("Agreed with {}:", f.owner.name), f.text.clone(), Tone::Decided)
        }
        Fact::UpdateDrafted(f) => {
            let asks = if f.for_signing { ", to be signed off" } else { "" };
            let corrects = f.corrects.map_or_else(String::new, |n| format!(", corrects update {n}"));
            plain(
                NoteKind::Update,
                format!("Draft of update {} for {}{corrects}{asks}:", f.update, f.audience),
                f.text.clone(),
            )
        }
        Fact::UpdateSigned(f) => {
            toned(NoteKind::Decision, format!("Update {}", f.update), "is signed off.".into(), Tone::Decided)
        }
        Fact::UpdateReturned(f) => {
            toned(NoteKind::Decision, format!("Update {} goes back:", f.update), f.reason.clone(), Tone::Warning)
        }
        Fact::UpdateSent(f) => {
            let people = match f.people.len() {
                1 => "1 person".to_owned(),
                n => format!("{} people", count(n as u64)),
            };
            let besides =
                if f.besides.is_empty() { String::new() } else { format!("; by hand {}", f.besides.join(", ")) };
            let tone = if f.despite.is_some() { Tone::Warning } else { Tone::Good };
            let short: String = f.digest.chars().take(12).collect();
            let despite = f.despite.as_ref().map(|d| {
                let names: Vec<_> = d.managers.iter().map(|p| p.name.as_str()).collect();
                format!(" Before {} knew: {}", all_of(&names), sentence(&d.reason))
            });
            let despite = despite.unwrap_or_default();
            let text = format!("{people}, {}{besides}. SHA-256 {short}.{despite}", f.through.words());
            toned(NoteKind::Update, format!("Update {} to {}:", f.update, f.audience), upper_first(&text), tone)
        }
        Fact::UpdateCarried(f) => {
            toned(NoteKind::Update, format!("Update {} told by hand:", f.update), f.who.clone(), Tone::Good)
        }
        Fact::UpdateAcknowledged(f) => {
            plain(NoteKind::Contact, format!("Update {}:", f.update), format!("{} has read it.", f.person.name))
        }
        Fact::TellingHanded(f) => {
            let text = "is the Communications Manager's to tell.".to_owned();
            toned(NoteKind::Staff, upper_first(&f.name), text, Tone::Decided)
        }
        Fact::FactsAsked(f) => plain(NoteKind::Update, "The Incident Manager is asked:".into(), f.text.clone()),
        Fact::FactsGiven(f) => plain(NoteKind::Update, format!("Answer to entry {}:", f.asked), f.text.clone()),
        _ => return None,
    })
}
