//! The log of an incident: its newest entries, filtered, under the heading of their day.

use super::Eyes;
use crate::web::view::parts::{
    Acts, Day, Detail, Entry as Shown, EntryChange, EntryForm, Field, Filter, Icon, Log, Prose, Stamp, State, Tone,
};
use muster_core::contact::{Answer, MeansKind, Outcome};
use muster_core::entry::{AlertJoined, Change, Entry, Fact, NoteKind};
use muster_core::incident::{self, Incident};
use std::collections::BTreeMap;

/// Most entries on one page of a log; older ones are a link away.
pub const ENTRIES_MOST: usize = 100;

/// Entries that a page shows at first, and how many more it then shows at a time: the forms below stay in reach.
pub const ENTRIES_FIRST: usize = 20;
const ENTRIES_MORE: usize = 15;

/// What part of the log the reader wants to see, and what they do with an entry of it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Wanted {
    /// Only entries of this kind.
    pub show: Option<NoteKind>,
    /// Only entries below this number.
    pub before: Option<u64>,
    /// How many, if not as many as at first.
    pub shown: Option<usize>,
    /// The entry to correct.
    pub correct: Option<u64>,
    /// The entry to take back.
    pub take_back: Option<u64>,
}

impl Wanted {
    /// From what stands behind the question mark of the address; what makes no sense is left out.
    #[must_use]
    pub fn read(query: &BTreeMap<String, String>) -> Self {
        let number = |name: &str| query.get(name).and_then(|n| n.parse().ok());
        Self {
            show: query.get("show").and_then(|kind| NoteKind::from_word(kind)),
            before: number("before"),
            shown: query.get("shown").and_then(|n| n.parse().ok()),
            correct: number("correct"),
            take_back: number("take-back"),
        }
    }

    /// Most entries of it that are shown, of which `wanted` are there: as many as were asked for, and further if an
    /// entry whose form is wanted lies deeper.
    fn most(&self, wanted: &[&Entry]) -> usize {
        let first = if self.before.is_some() { ENTRIES_MOST } else { ENTRIES_FIRST };
        let asked = self.shown.unwrap_or(first).clamp(ENTRIES_FIRST, ENTRIES_MOST);
        let open = self.correct.or(self.take_back);
        let reaches = open.and_then(|seq| wanted.iter().position(|e| e.seq == seq)).map_or(0, |at| at + 1);
        asked.max(reaches).min(wanted.len())
    }

    /// The same part of the log, with `more` behind it.
    fn and(&self, more: &str) -> String {
        let show = self.show.map(|kind| format!("show={}", kind.word()));
        let before = self.before.map(|n| format!("before={n}"));
        let shown = self.shown.map(|n| format!("shown={n}"));
        let more = Some(more.to_owned()).filter(|m| !m.is_empty());
        format!("?{}", [show, before, shown, more].into_iter().flatten().collect::<Vec<_>>().join("&"))
    }
}

/// An entry form that came back: what was typed, and why it was refused.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Returned {
    /// The text or the reason, with what is wrong with it.
    pub field: Field,
    /// Why it was refused as a whole.
    pub refused: Option<String>,
}

/// Everything that the log is drawn from.
pub struct Source<'a> {
    /// Whose log.
    pub incident: &'a Incident,
    /// Its newest entries below what is [wanted](Wanted::before), newest first, at most what was read.
    pub entries: &'a [Entry],
    /// Which part of it.
    pub wanted: &'a Wanted,
    /// What came of checking the chain; none if not all of it was read.
    pub checked: Option<Result<(), String>>,
    /// Who else has it open.
    pub others: &'a [String],
    /// Hidden fields of entry forms.
    pub stamp: &'a Stamp,
    /// An entry form that came back.
    pub returned: Option<Returned>,
}

/// The log as a page shows it.
#[must_use]
pub fn log(source: &Source<'_>, eyes: &Eyes<'_>) -> Log {
    let incident = source.incident;
    let kind = |e: &Entry| incident::line(e, incident).kind;
    let wanted: Vec<&Entry> =
        source.entries.iter().filter(|e| source.wanted.show.is_none_or(|k| k == kind(e))).collect();
    let shown = &wanted[..source.wanted.most(&wanted)];
    let mut days: Vec<Day> = Vec::new();
    for entry in shown {
        let heading = format!("{}, times in {}", eyes.times.day(entry.recorded_at), eyes.times.zone());
        if days.last().is_none_or(|day| day.heading != heading) {
            days.push(Day { heading, entries: Vec::new() });
        }
        if let Some(day) = days.last_mut() {
            day.entries.push(one(entry, source, eyes));
        }
    }
    Log {
        filters: filters(source),
        days,
        presence: presence(source.others),
        foot: foot(source, eyes),
        earlier: earlier(source, shown, wanted.len()),
    }
}

fn presence(others: &[String]) -> Option<String> {
    match others {
        [] => None,
        [one] => Some(format!("{one} is here too.")),
        [most @ .., last] => Some(format!("{} and {last} are here too.", most.join(", "))),
    }
}

fn foot(source: &Source<'_>, eyes: &Eyes<'_>) -> Prose {
    let n = source.incident.seq;
    let entries = if n == 1 { "1 entry".to_owned() } else { format!("{n} entries") };
    match &source.checked {
        Some(Ok(())) => Prose::from(format!("{entries}, chain unbroken, checked at "))
            .when(eyes.times.at(eyes.times.now()))
            .text("."),
        Some(Err(wrong)) => Prose::from(format!("{entries}. ")).bold(format!("The chain is broken: {wrong}.")),
        None => Prose::from(format!("{entries}. The incident form proves the whole chain.")),
    }
}

/// Where older entries are: below the oldest that is shown, or below the oldest that was read.
fn earlier(source: &Source<'_>, shown: &[&Entry], wanted: usize) -> Option<(String, String)> {
    let oldest = match wanted > shown.len() {
        true => shown.last().map(|e| e.seq)?,
        false => source.entries.last().map(|e| e.seq)?,
    };
    if oldest <= 1 {
        return None;
    }
    if source.wanted.before.is_none() && shown.len() < ENTRIES_MOST && wanted > shown.len() {
        let more = ENTRIES_MORE.min(wanted - shown.len());
        let longer = Wanted { shown: Some(shown.len() + more), show: source.wanted.show, ..Wanted::default() };
        let words = if more == 1 { "Show 1 more entry".into() } else { format!("Show {more} more entries") };
        return Some((format!("{}#e{oldest}", longer.and("")), words));
    }
    let older = Wanted { before: Some(oldest), show: source.wanted.show, ..Wanted::default() };
    Some((format!("{}#log", older.and("")), "Show older entries".into()))
}

/// `All 31`, then each kind that is there with its count, as far as everything was read.
fn filters(source: &Source<'_>) -> Vec<Filter> {
    let whole = source.wanted.before.is_none() && source.entries.last().is_none_or(|e| e.seq == 1);
    let mut counts: BTreeMap<NoteKind, usize> = BTreeMap::new();
    source.entries.iter().for_each(|e| *counts.entry(incident::line(e, source.incident).kind).or_default() += 1);
    let all = Filter {
        label: format!("All {}", source.incident.seq),
        href: "?#log".into(),
        icon: None,
        on: source.wanted.show.is_none(),
    };
    let kinds = NoteKind::ALL.into_iter().filter(|k| counts.contains_key(k) || source.wanted.show == Some(*k));
    let filter = |kind: NoteKind| {
        let name = super::super::phrases::upper_first(kind.word());
        let count = counts.get(&kind).copied().unwrap_or(0);
        Filter {
            label: if whole { format!("{name} {count}") } else { name },
            href: format!("?show={}#log", kind.word()),
            icon: None,
            on: source.wanted.show == Some(kind),
        }
    };
    [all].into_iter().chain(kinds.map(filter)).collect()
}

fn one(entry: &Entry, source: &Source<'_>, eyes: &Eyes<'_>) -> Shown {
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
    )
}

fn can_be_taken_back(entry: &Entry, incident: &Incident) -> bool {
    matches!(entry.fact, Fact::Contacted(_) | Fact::Answered(_)) && !incident.taken_back.contains_key(&entry.seq)
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
        ("correct", EntryChange::Correct(Field::of(now)), None)
    } else if source.wanted.take_back == Some(entry.seq) && can_be_taken_back(entry, incident) {
        ("take-back", EntryChange::TakeBack(Field::default()), Some(consequence(&entry.fact)))
    } else {
        return None;
    };
    let change = match (&source.returned, change) {
        (Some(returned), EntryChange::Correct(_)) => EntryChange::Correct(returned.field.clone()),
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
        _ => String::new(),
    }
}

fn consequence(fact: &Fact) -> String {
    match fact {
        Fact::Contacted(f) => match f.tell.as_ref().filter(|_| f.outcome.proof().is_some()) {
            Some(tell) => format!("{tell} counts as not told again."),
            None => "It counts as not tried.".into(),
        },
        Fact::Answered(f) if f.answer == Answer::Take => {
            format!("{} does not have it any more, and Muster calls on.", f.person.name)
        }
        _ => "Muster calls on as if it had not been said.".into(),
    }
}

fn tone(tone: incident::Tone) -> Tone {
    match tone {
        incident::Tone::Plain => Tone::Grey,
        incident::Tone::Good => Tone::Green,
        incident::Tone::Decided => Tone::Blue,
        incident::Tone::Warning => Tone::Amber,
        incident::Tone::Signal => Tone::Red,
    }
}

fn icon(fact: &Fact) -> Icon {
    match fact {
        Fact::Opened(_) | Fact::Reopened(_) => Icon::Incident,
        Fact::AlertJoined(_) | Fact::AlertChanged(_) => Icon::Bolt,
        Fact::AlertLeft(_) | Fact::AlertWentOn(_) => Icon::Right,
        Fact::AlertRecovered(_) | Fact::Restored(_) => Icon::Working,
        Fact::SummonsStarted(_) | Fact::SummonsEnded(_) => Icon::People,
        Fact::Tried(f) => means_icon(f.means),
        Fact::Graded(f) => tried_icon(f.means, f.outcome),
        Fact::Contacted(f) => tried_icon(f.means, f.outcome),
        Fact::Answered(_) | Fact::ManagerAssumed(_) => Icon::Person,
        Fact::NobodyReached(_) => Icon::Late,
        Fact::Confirmed(_) => Icon::Flag,
        Fact::Withdrawn(_) => Icon::Mute,
        Fact::ReportFiled(_) => Icon::Document,
        Fact::Noted(f) => {
            if f.kind == NoteKind::Decision {
                Icon::Flag
            } else {
                Icon::Pen
            }
        }
        Fact::Corrected(_) => Icon::Pen,
        Fact::TakenBack(_) => Icon::Undo,
        Fact::Changed(f) => match f.to {
            Change::System(_) => Icon::Systems,
            Change::WentDown(_) | Change::RestoredAt(_) | Change::Phase(_) => Icon::Clock,
            _ => Icon::Pen,
        },
        Fact::Unknown { .. } => Icon::Info,
    }
}

fn tried_icon(means: MeansKind, outcome: Outcome) -> Icon {
    if outcome == Outcome::MessageLeft { Icon::Voicemail } else { means_icon(means) }
}

fn means_icon(means: MeansKind) -> Icon {
    match means {
        MeansKind::InPerson => Icon::Person,
        MeansKind::Call => Icon::Phone,
        MeansKind::Sms | MeansKind::Push => Icon::Mobile,
        MeansKind::Email => Icon::Mail,
        MeansKind::Webhook => Icon::Join,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::pages::draw::sample::{Story, at, eyes_of, plain};
    use muster_core::contact::Proof;
    use muster_core::incident::Act;

    fn shown(story: &Story, wanted: &Wanted, me: &'static str, returned: Option<Returned>) -> Log {
        let (incident, times) = (story.incident(), story.times(60));
        let entries: Vec<_> =
            story.entries.iter().rev().filter(|e| wanted.before.is_none_or(|b| e.seq < b)).cloned().collect();
        let stamp = Stamp { act: "01jcw2v7q3f8".into(), seen: Some(incident.seq) };
        let source = Source {
            incident: &incident,
            entries: &entries,
            wanted,
            checked: Some(Ok(())),
            others: &["Marta Lindqvist".into(), "Ben Tallis".into()],
            stamp: &stamp,
            returned,
        };
        log(&source, &eyes_of(me, &times))
    }

    fn entry(log: &Log, seq: u64) -> Shown {
        log.days.iter().flat_map(|d| &d.entries).find(|e| e.seq == seq).unwrap().clone()
    }

    // proves: DOC-4 a correction names the old entry, which stays readable
    #[test]
    fn corrections_and_mistakes_stay_readable_and_say_where_they_were_mended() {
        let mut story = Story::by_person();
        let noted = story.act(
            2,
            "ana",
            Act::Note { kind: NoteKind::Activity, text: "Tested from 3 rooms".into(), happened_at: Some(at(1)) },
        );
        let spoke = story.contact(3, "User support", "adaeze", MeansKind::Call, Outcome::Reached(Proof::Spoken));
        let corrected = story.act(4, "ben", Act::Correct { entry: noted, text: "Tested from 2 rooms".into() });
        let back = story.take_back(5, "ana", spoke);
        let log = shown(&story, &Wanted::default(), "ana", None);
        let e = entry(&log, noted);
        assert_eq!((plain(&e.text), plain(&e.at)), ("Tested from 3 rooms".into(), "02:32".into()));
        assert_eq!(e.written.as_ref().map(plain).as_deref(), Some("written 02:33"));
        assert_eq!(e.superseded.as_ref().map(plain), Some(format!("Corrected in entry {corrected}")));
        let c = entry(&log, corrected);
        assert!(c.text.to_string().contains("<del>Tested from 3 rooms</del> <ins>Tested from 2 rooms</ins>"));
        let s = entry(&log, spoke);
        assert!(s.taken_back && s.acts.take_back.is_none());
        assert_eq!(s.superseded.as_ref().map(plain), Some(format!("Taken back in entry {back}")));
        assert_eq!(
            s.verdict.as_ref().map(|v| plain(&v.words)).as_deref(),
            Some("Direct contact, spoken: User support told")
        );
    }

    #[test]
    fn what_a_monitor_sent_is_escaped_and_folded() {
        let log = shown(&Story::by_alert(), &Wanted::default(), "ana", None);
        let joined = entry(&log, 2);
        assert_eq!((joined.tone, joined.icon), (Tone::Red, Icon::Bolt));
        let html = joined.to_string();
        assert!(html.contains("&#60;b&#62;CRITICAL") && !html.contains("<b>CRITICAL"), "{html}");
        assert!(!plain(&joined.text).contains("CRITICAL"));
    }

    #[test]
    fn the_part_that_was_asked_for_is_shown_with_the_way_on() {
        let mut story = Story::by_person();
        for n in 0..150 {
            story.act(2, "ana", Act::Note { kind: NoteKind::Task, text: format!("Task {n}"), happened_at: None });
        }
        let last = story.incident().seq;
        let numbers = |log: &Log| log.days.iter().flat_map(|d| &d.entries).map(|e| e.seq).collect::<Vec<_>>();
        let first = shown(&story, &Wanted::default(), "ana", None);
        assert_eq!(numbers(&first), (last - 19..=last).rev().collect::<Vec<_>>());
        let (href, words) = first.earlier.clone().unwrap();
        assert_eq!((href.as_str(), words.as_str()), (&*format!("?shown=35#e{}", last - 19), "Show 15 more entries"));
        let deep = Wanted { correct: Some(last - 60), ..Wanted::default() };
        assert!(numbers(&shown(&story, &deep, "ana", None)).contains(&(last - 60)), "the form that is wanted is there");
        let log = shown(&story, &Wanted { shown: Some(9_999), ..Wanted::default() }, "ana", None);
        assert_eq!(numbers(&log), (last - 99..=last).rev().collect::<Vec<_>>());
        assert_eq!(log.earlier.as_ref().unwrap().0, format!("?before={}#log", last - 99));
        assert_eq!(log.filters[0].label, format!("All {last}"));
        assert!(log.filters.iter().any(|f| f.label == "Task 150" && f.href == "?show=task#log"));
        let older = shown(&story, &Wanted { before: Some(last - 99), ..Wanted::default() }, "ana", None);
        assert_eq!((numbers(&older).first().copied(), numbers(&older).last().copied()), (Some(last - 100), Some(1)));
        assert_eq!(older.earlier, None);
        let staff = shown(&story, &Wanted { show: Some(NoteKind::Decision), ..Wanted::default() }, "ana", None);
        assert!(staff.days.iter().flat_map(|d| &d.entries).all(|e| e.kind == "decision"));
        assert_eq!(log.presence.as_deref(), Some("Marta Lindqvist and Ben Tallis are here too."));
    }

    #[test]
    fn a_form_opens_at_its_entry_and_keeps_what_was_typed() {
        let mut story = Story::by_person();
        let spoke = story.contact(3, "User support", "adaeze", MeansKind::Call, Outcome::Reached(Proof::Spoken));
        let wanted = Wanted { take_back: Some(spoke), ..Wanted::default() };
        let form = entry(&shown(&story, &wanted, "ana", None), spoke).form.unwrap();
        assert_eq!(form.consequence.as_deref(), Some("User support counts as not told again."));
        assert_eq!(form.change, EntryChange::TakeBack(Field::default()));
        let returned = Returned { field: Field::wrong("mist", "Write why it was a mistake."), refused: None };
        let form = entry(&shown(&story, &wanted, "ana", Some(returned.clone())), spoke).form.unwrap();
        assert_eq!(form.change, EntryChange::TakeBack(returned.field));
        let wrong = Wanted { take_back: Some(1), correct: Some(1), ..Wanted::default() };
        assert_eq!(entry(&shown(&story, &wrong, "ana", None), 1).form, None, "an opening can't be taken back");
        assert_eq!(entry(&shown(&story, &wanted, "reader", None), spoke).form, None);
    }
}
