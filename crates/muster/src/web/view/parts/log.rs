//! A log: entries newest first, under the heading of their day.

use super::form::{Field, Input, Stamp, Summary, problems};
use super::{Filter, Icon, Prose, State, Tone};
use crate::web::view::time::When;
use askama::Template;
use askama::filters::HtmlSafe;

/// The log of an incident as its page shows it.
#[derive(Clone, PartialEq, Debug)]
pub struct Log {
    /// `All 31`, `Contacts 8`.
    pub filters: Vec<Filter>,
    /// Newest day first.
    pub days: Vec<Day>,
    /// Who else has it open: `Marta Lindqvist is here too.`
    pub presence: Option<String>,
    /// How many entries, and that none is missing: `31 entries, chain unbroken, checked at …`.
    pub foot: Prose,
    /// Where older entries are, and the words: `Show 15 more entries`.
    pub earlier: Option<(String, String)>,
}

/// The entries of one day.
#[derive(Clone, PartialEq, Debug)]
pub struct Day {
    /// `Tuesday 17 November 2026, times in GMT`.
    pub heading: String,
    /// Newest first.
    pub entries: Vec<Entry>,
}

/// One entry.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "parts/entry.html")]
pub struct Entry {
    /// Its number in the log, from 1.
    pub seq: u64,
    /// When it happened, as a clock shows it: `Times::clock`.
    pub at: When,
    /// What kind of thing happened, as a shape.
    pub icon: Icon,
    /// The kind in a word, for readers who don't see the shape: `contact`.
    pub kind: String,
    /// Green contact made, blue decision, amber warning or correction, red signal, grey the rest.
    pub tone: Tone,
    /// What happened; begins with a bold lead where there is one.
    pub text: Prose,
    /// Words that were said or published.
    pub quote: Option<String>,
    /// More than fits: signals, a payload.
    pub detail: Option<Detail>,
    /// The file that it put on the incident; none any more once that was taken back.
    pub attachment: Option<Attachment>,
    /// Where it tells how a try ended: the entries about that try, oldest first, folded.
    pub steps: Vec<Step>,
    /// Who wrote it: `Priya Raman`, `Muster, rule 23`.
    pub by: String,
    /// When it was written, if that was not when it happened: `written 02:48`.
    pub written: Option<Prose>,
    /// Whether it was a direct contact.
    pub verdict: Option<State>,
    /// That it was corrected or taken back, and where: `Corrected in entry 29`.
    pub superseded: Option<Prose>,
    /// Whether it no longer holds; its text stays readable, struck through.
    pub taken_back: bool,
    /// What the reader may do about it.
    pub acts: Acts,
    /// The form to do it with, when the reader has asked for it.
    pub form: Option<EntryForm>,
}

impl HtmlSafe for Entry {}

/// More than fits into an entry, folded.
#[derive(Clone, PartialEq, Debug)]
pub struct Detail {
    /// What unfolds it: `14 signals from 3 monitors since 02:38`.
    pub summary: String,
    /// The text, with its line breaks.
    pub text: String,
    /// Whether it is a payload, to be shown as it came.
    pub raw: bool,
}

/// A file on an incident.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Attachment {
    /// Where it is.
    pub href: String,
    /// What it is called.
    pub name: String,
    /// How large, in words.
    pub size: String,
    /// Whether it is a picture small enough to be shown in the log.
    pub shown: bool,
}

/// One of several entries that are told on one line.
#[derive(Clone, PartialEq, Debug)]
pub struct Step {
    /// Its number in the log.
    pub seq: u64,
    /// When it happened.
    pub at: When,
    /// What happened.
    pub text: Prose,
    /// Who wrote it.
    pub by: String,
}

/// Links to the forms of an entry; nothing where the reader may not.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Acts {
    /// Where the form to correct its text is: `?correct=17#e17`.
    pub correct: Option<String>,
    /// Where the form to take it back is: `?take-back=17#e17`.
    pub take_back: Option<String>,
}

/// The form to correct or to take back one entry.
///
/// POST `correct`: `act`, `seen`, `entry`, `text`. POST `take-back`: `act`, `seen`, `entry`, `reason`.
#[derive(Clone, PartialEq, Debug)]
pub struct EntryForm {
    /// Hidden fields.
    pub stamp: Stamp,
    /// `/incidents/2026-041/correct` or `…/take-back`.
    pub action: String,
    /// What to do with it.
    pub change: EntryChange,
    /// What goes with it: `Management counts as not told again, and the calls go on.`
    pub consequence: Option<String>,
    /// Back to the log without doing anything.
    pub cancel: String,
    /// Why it was refused, if it was.
    pub refused: Option<String>,
}

/// What to do with an entry.
#[derive(Clone, PartialEq, Debug)]
pub enum EntryChange {
    /// Say it better: the corrected text, and when it happened, where that can be corrected.
    Correct(Field, Option<Field>),
    /// It did not happen: why it was a mistake.
    TakeBack(Field),
}

impl EntryForm {
    /// Everything to mend before it can be sent.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let mut fields = match &self.change {
            EntryChange::Correct(text, _) => vec![("text", text)],
            EntryChange::TakeBack(reason) => vec![("reason", reason)],
        };
        if let EntryChange::Correct(_, Some(happened)) = &self.change {
            fields.push(("happened", happened));
        }
        Summary { problems: problems("entry", self.refused.as_ref(), &fields) }
    }
}
