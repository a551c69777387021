//! The log beside the phones: calls only.

use crate::store::subjects::InList;
use crate::web::pages::frame::Scene;
use crate::web::view::parts::{Acts, Entry as Shown, Icon, Prose, State, Tone};
use crate::web::view::phones::Strip;
use muster_core::contact::{MeansKind, Outcome};
use muster_core::entry::{Entry, Fact};
use muster_core::incident::{self, Incident, line};

/// Entries shown; a newcomer reads the newest.
const ENTRIES_SHOWN: usize = 40;

pub(super) fn strip(listed: &InList, entries: &[Entry], scene: &Scene) -> Strip {
    let incident = &listed.incident;
    let calls = entries.iter().rev().filter(|e| icon(&e.fact).is_some()).take(ENTRIES_SHOWN);
    Strip {
        number: incident.number.clone(),
        href: format!("/incidents/{}", incident.number),
        line: format!("{}. Calls only, times in {}, newest first.", incident.title, scene.times.zone()),
        entries: calls.map(|e| shown(e, incident, scene)).collect(),
    }
}

fn shown(entry: &Entry, incident: &Incident, scene: &Scene) -> Shown {
    let said = line(entry, incident);
    let text = if said.lead.is_empty() { Prose::default() } else { Prose::default().bold(said.lead).text(" ") };
    Shown {
        seq: entry.seq,
        at: scene.times.clock(entry.happened_at),
        icon: icon(&entry.fact).unwrap_or(Icon::Pen),
        kind: said.kind.word().into(),
        tone: match said.tone {
            incident::Tone::Plain => Tone::Grey,
            incident::Tone::Good => Tone::Green,
            incident::Tone::Decided => Tone::Blue,
            incident::Tone::Warning => Tone::Amber,
            incident::Tone::Signal => Tone::Red,
        },
        text: text.text(said.text),
        quote: None,
        detail: None,
        attachment: None,
        steps: Vec::new(),
        by: entry.author.name().into(),
        written: None,
        verdict: said.proof.map(|(good, words)| if good { State::done(words) } else { State::not(words) }),
        superseded: None,
        taken_back: incident.taken_back.contains_key(&entry.seq),
        acts: Acts::default(),
        form: None,
    }
}

/// The shape of an entry about reaching somebody; none for every other.
fn icon(fact: &Fact) -> Option<Icon> {
    let of = |means: MeansKind| match means {
        MeansKind::Call | MeansKind::InPerson => Icon::Phone,
        MeansKind::Sms => Icon::Mobile,
        MeansKind::Email => Icon::Mail,
        MeansKind::Push | MeansKind::Webhook => Icon::Bolt,
    };
    match fact {
        Fact::SummonsStarted(_) => Some(Icon::People),
        Fact::Tried(f) => Some(of(f.means)),
        Fact::Graded(f) if f.outcome == Outcome::MessageLeft => Some(Icon::Voicemail),
        Fact::Graded(f) => Some(of(f.means)),
        Fact::Answered(_) => Some(Icon::Done),
        Fact::NobodyReached(_) => Some(Icon::Late),
        Fact::SummonsEnded(_) => Some(Icon::Cross),
        Fact::ManagerAssumed(_) => Some(Icon::Person),
        _ => None,
    }
}
