//! The words of the evaluation and the restoration plan.

use super::{Line, Tone, following};
use crate::Time;
use crate::entry::{Fact, NoteKind, OptionState};
use crate::incident::Plan;
use crate::words::sentence;

/// What a fact of the plan says; none for any other. `plan` is the one it belongs to, for what its numbers stand for.
pub(super) fn line(fact: &Fact, plan: &Plan, at: &dyn Fn(Time) -> String) -> Option<Line> {
    let plain = |kind, lead: &str, text: String| Line { kind, lead: lead.into(), text, tone: Tone::Plain, proof: None };
    let toned = |kind, lead: &str, text: String, tone| Line { tone, ..plain(kind, lead, text) };
    Some(match fact {
        Fact::QuestionAsked(f) => {
            let names: Vec<_> = f.of.iter().map(|asked| asked.name.as_str()).collect();
            let text = format!("{} Asked of {}.", sentence(&f.text), names.join(", "));
            plain(NoteKind::Contact, &format!("Question {}:", f.number), text)
        }
        Fact::InputGiven(f) => {
            let text = format!("{} Answered {}.", sentence(&f.text), f.via.words());
            plain(NoteKind::Contact, &format!("{} on question {}:", f.person.name, f.question), text)
        }
        Fact::PartMarked(f) => {
            let text = format!("{}.{}", f.now.words(), following(&f.evidence));
            plain(NoteKind::Activity, &format!("{}:", f.part.words()), text)
        }
        Fact::CauseProposed(f) => {
            let of = f.part.as_ref().map_or_else(String::new, |part| format!(" In {}.", part.words()));
            plain(NoteKind::Activity, &format!("Likely cause {}:", f.number), format!("{}{of}", sentence(&f.text)))
        }
        Fact::CauseJudged(f) => {
            let cause = plan.causes.iter().find(|c| c.number == f.cause);
            let cause = cause.map_or("", |c| c.proposed.text.as_str());
            let text = format!("{}{}", sentence(cause), following(&f.evidence));
            toned(NoteKind::Decision, &format!("Cause {} is {}:", f.cause, f.now.words()), text, Tone::Decided)
        }
        Fact::TaskSet(f) => {
            let text = format!("{} {} does it by {}.", sentence(&f.what), f.assignee.name, at(f.due));
            plain(NoteKind::Task, &format!("Task {}:", f.number), text)
        }
        Fact::TaskEnded(f) => {
            let task = plan.tasks.iter().find(|t| t.number == f.task);
            let task = task.map_or("", |t| t.set.text.as_str());
            let (how, tone) = if f.done { ("done", Tone::Good) } else { ("not needed any more", Tone::Plain) };
            let text = format!("{}{}", sentence(task), following(&f.text));
            toned(NoteKind::Task, &format!("Task {} {how}:", f.task), text, tone)
        }
        Fact::OptionWeighed(f) => {
            let causes: Vec<_> = f.causes.iter().map(u32::to_string).collect();
            let causes = match causes.as_slice() {
                [] => String::new(),
                [one] => format!(" For cause {one}."),
                many => format!(" For causes {}.", many.join(", ")),
            };
            let effect = sentence(&f.effect);
            let text = format!(
                "{} Expected: {effect} Risk {}.{}{causes}",
                sentence(&f.what),
                f.risk.word(),
                following(&f.danger)
            );
            plain(NoteKind::Activity, &format!("Option {}:", f.number), text)
        }
        Fact::OptionJudged(f) => {
            let option = plan.options.iter().find(|o| o.number == f.option);
            let option = option.map_or("", |o| o.what.text.as_str());
            let text = format!("{}{}", sentence(option), following(&f.text));
            let tone = if f.now == OptionState::Helped { Tone::Good } else { Tone::Decided };
            toned(NoteKind::Decision, &format!("Option {} {}:", f.option, f.now.words()), text, tone)
        }
        _ => return None,
    })
}
