//! One entry: its words, what can be done about it, and the form to do it with.

use super::Source;
use super::shape::{icon, tone};
use crate::web::pages::attachments::href;
use crate::web::pages::draw::Eyes;
use crate::web::view::parts::{Acts, Attachment, Detail, Entry as Shown, EntryChange, EntryForm, Field, Prose, State};
use muster_core::contact::Answer;
use muster_core::entry::{AlertJoined, Entry, Fact};
use muster_core::incident::{self, Incident};
use muster_core::words::size;

pub(super) fn one(entry: &Entry, source: &Source<'_>, eyes: &Eyes<'_>) -> Shown {
    let incident = source.incident;
    let (brief, detail) = without_detail(entry);
    let line = incident::line(&brief, incident);
    let (happened, recorded) = (eyes.times.clock(entry.happened_at), eyes.times.clock(entry.recorded_at));
    let same_day = eyes.times.day(entry.happened_at) == eyes.times.day(entry.recorded_at);
    let taken_back = incident.taken_back.get(&entry.seq);
    let corrected = incident.corrections.get(&entry.seq).map(|c| c.entry);
    let superseded = match (taken_back, corrected) {
        (Some(by), _) => Some(("Taken back in ", *by)),
        (None, Some(by)) => Some(("Corrected in ", by)),
        (None, None) => None,
    };
    let lead = if line.lead.is_empty() { Prose::default() } else { Prose::default().bold(format!("{} ", line.lead)) };
    Shown {
        seq: entry.seq,
        icon: icon(&entry.fact),
        kind: line.kind.word().into(),
        tone: tone(line.tone),
        text: text(entry, lead, line.text, source.entries, incident),
        quote: None,
        detail,
        attachment: attachment(entry, incident),
        steps: Vec::new(),
        by: entry.author.name().to_owned(),
        written: (!same_day || happened.text != recorded.text).then(|| Prose::from("written ").when(recorded)),
        at: if same_day { happened } else { eyes.times.in_list(entry.happened_at) },
        verdict: line.proof.map(|(counts, words)| if counts { State::done(words) } else { State::not(words) }),
        superseded: superseded.map(|(words, by)| Prose::from(words).link(format!("#e{by}"), format!("entry {by}"))),
        taken_back: taken_back.is_some(),
        acts: acts(entry, source, eyes),
        form: form(entry, source, eyes),
    }
}

/// The words of an entry; a correction shows beside its own what it replaces, if that is at hand.
fn text(entry: &Entry, lead: Prose, text: String, entries: &[Entry], incident: &Incident) -> Prose {
    let Fact::Corrected(fact) = &entry.fact else { return lead.text(text) };
    let old = entries.iter().find(|e| e.seq == fact.entry).map(|e| incident::line(e, incident).text);
    match old {
        Some(old) => lead.was(old).text(" ").is(text),
        None => lead.is(text),
    }
}

/// What a monitor said can be long: it is folded.
fn without_detail(entry: &Entry) -> (Entry, Option<Detail>) {
    match &entry.fact {
        Fact::AlertJoined(fact) if !fact.detail.is_empty() => {
            let detail = Detail { summary: "What the monitor said".into(), text: fact.detail.clone(), raw: true };
            let brief = AlertJoined { detail: String::new(), ..fact.clone() };
            (Entry { fact: brief.into(), ..entry.clone() }, Some(detail))
        }
        _ => (entry.clone(), None),
    }
}

/// Largest picture that is shown in the log itself, in bytes: a screenshot, and no photograph of 25 MiB.
const SHOWN_MAX: u64 = 4 * 1024 * 1024;

fn attachment(entry: &Entry, incident: &Incident) -> Option<Attachment> {
    let Fact::Attached(file) = &entry.fact else { return None };
    if incident.taken_back.contains_key(&entry.seq) {
        return None;
    }
    Some(Attachment {
        href: href(&incident.number, entry.seq, &file.name),
        name: file.name.clone(),
        size: size(file.size),
        shown: file.is_picture() && file.size <= SHOWN_MAX,
    })
}

/// Whether its words can be corrected: those that a person wrote freely. A field is set anew instead.
fn has_own_words(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::Noted(_)
            | Fact::Contacted(_)
            | Fact::Withdrawn(_)
            | Fact::Reopened(_)
            | Fact::ReportFiled(_)
            | Fact::Corrected(_)
            | Fact::InputGiven(_)
    )
}

fn can_be_taken_back(entry: &Entry, incident: &Incident) -> bool {
    matches!(entry.fact, Fact::Contacted(_) | Fact::Answered(_) | Fact::Attached(_))
        && !incident.taken_back.contains_key(&entry.seq)
}

fn acts(entry: &Entry, source: &Source<'_>, eyes: &Eyes<'_>) -> Acts {
    if !eyes.may_write() || source.incident.newer {
        return Acts::default();
    }
    let link = |act: &str| format!("{}#e{}", source.wanted.and(&format!("{act}={}", entry.seq)), entry.seq);
    Acts {
        correct: has_own_words(&entry.fact).then(|| link("correct")),
        take_back: can_be_taken_back(entry, source.incident).then(|| link("take-back")),
    }
}

fn form(entry: &Entry, source: &Source<'_>, eyes: &Eyes<'_>) -> Option<EntryForm> {
    let incident = source.incident;
    if !eyes.may_write() || incident.newer {
        return None;
    }
    let (act, change, consequence) = if source.wanted.correct == Some(entry.seq) && has_own_words(&entry.fact) {
        let now = incident.corrections.get(&entry.seq).map_or_else(|| own_words(&entry.fact), |c| c.text.clone());
        // By when somebody was contacted duties are settled.
        let happened = (!matches!(entry.fact, Fact::Contacted(_))).then(Field::default);
        ("correct", EntryChange::Correct(Field::of(now), happened), None)
    } else if source.wanted.take_back == Some(entry.seq) && can_be_taken_back(entry, incident) {
        ("take-back", EntryChange::TakeBack(Field::default()), Some(consequence(&entry.fact)))
    } else {
        return None;
    };
    let change = match (&source.returned, change) {
        (Some(returned), EntryChange::Correct(_, happened)) => {
            EntryChange::Correct(returned.field.clone(), happened.map(|_| returned.happened.clone()))
        }
        (Some(returned), EntryChange::TakeBack(_)) => EntryChange::TakeBack(returned.field.clone()),
        (None, change) => change,
    };
    Some(EntryForm {
        stamp: source.stamp.clone(),
        action: format!("/incidents/{}/{act}", incident.number),
        change,
        consequence,
        cancel: format!("{}#e{}", source.wanted.and(""), entry.seq),
        refused: source.returned.as_ref().and_then(|r| r.refused.clone()),
    })
}

fn own_words(fact: &Fact) -> String {
    match fact {
        Fact::Noted(f) => f.text.clone(),
        Fact::Contacted(f) => f.said.clone(),
        Fact::Withdrawn(f) => f.reason.clone(),
        Fact::Reopened(f) => f.reason.clone(),
        Fact::ReportFiled(f) => f.reference.clone(),
        Fact::Corrected(f) => f.text.clone(),
        Fact::InputGiven(f) => f.text.clone(),
        _ => String::new(),
    }
}

fn consequence(fact: &Fact) -> String {
    match fact {
        Fact::Contacted(f) => match f.tell.as_ref().filter(|_| f.outcome.proof().is_some()) {
            Some(tell) => format!("{tell} counts as not told again."),
            None => "It counts as not tried.".into(),
        },
        Fact::Attached(_) => {
            "The file is not shown or given out any more. Its bytes stay, as its hash stands in the log.".into()
        }
        Fact::Answered(f) if f.answer == Answer::Take => {
            format!("{} does not have it any more, and Muster calls on.", f.person.name)
        }
        _ => "Muster calls on as if it had not been said.".into(),
    }
}
