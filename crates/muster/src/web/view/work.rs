//! Who is on a system now, who wants to disrupt it, and what the reader can do about either.

use super::parts::{Field, Icon, Input, Problem, Prose, Stamp, State, Summary};
use askama::Template;
use askama::filters::HtmlSafe;

/// The panel "Who is on it now" with its forms.
#[derive(Template, Clone, PartialEq, Debug, Default)]
#[template(path = "parts/who.html")]
pub struct Who {
    /// `1 claim, 2 logged in, 1 waits`.
    pub meta: String,
    /// Who is at work here or on what hangs together with it, and who waits.
    pub rows: Vec<Row>,
    /// What was done here lately, and what was changed.
    pub over: Vec<Prose>,
    /// Claim it; ask to disrupt it.
    pub acts: Vec<Act>,
    /// Hidden fields of every form.
    pub stamp: Stamp,
}

impl HtmlSafe for Who {}

/// Somebody at work, or somebody who waits.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Row {
    /// The host or the system: `dir-01`.
    pub place: String,
    /// `until 03:20 GMT, 6 min left, renewed once`.
    pub note: Prose,
    /// `Logged in, no claim`, `Waits for 2`.
    pub state: Option<State>,
    /// Whether it stands out.
    pub clash: bool,
    /// Who, what, since when.
    pub text: Prose,
    /// Who is asked, and what they say.
    pub people: Vec<(Prose, State)>,
    /// What the reader can do about it.
    pub acts: Vec<Act>,
}

/// A small form, behind a word if it has fields.
#[derive(Template, Clone, PartialEq, Debug, Default)]
#[template(path = "parts/small_act.html")]
pub struct Act {
    /// Unique on the page; the ids of its inputs begin with it.
    pub id: String,
    /// Where it goes.
    pub action: String,
    /// The word behind which it is; a bare button if empty.
    pub summary: String,
    /// Whether it is open: it came back with something to mend.
    pub open: bool,
    /// The entry that it is about, if it is about one.
    pub entry: Option<u64>,
    /// What it asks.
    pub inputs: Vec<Ask>,
    /// The button's name and value, if it is one of several.
    pub value: Option<(&'static str, &'static str)>,
    /// The button's words.
    pub button: String,
    /// How the button looks: `primary`, `danger`.
    pub look: &'static str,
    /// Hidden fields.
    pub stamp: Stamp,
    /// What the item that it changes said when this was drawn; empty where that does not matter.
    pub was: String,
    /// What to mend.
    pub problems: Vec<Problem>,
}

impl HtmlSafe for Act {}

/// A question of a small form.
#[derive(Clone, PartialEq, Debug)]
pub struct Ask {
    /// Its name.
    pub name: &'static str,
    /// Its label.
    pub label: &'static str,
    /// More about it.
    pub hint: &'static str,
    /// Whether it may hold several lines.
    pub long: bool,
    /// Whether it must be said.
    pub required: bool,
    /// What it holds.
    pub field: Field,
}

impl Ask {
    /// The field, in the form of that id.
    pub fn input<'a>(&'a self, form: &'a str) -> Input<'a> {
        let (name, label, field) = (self.name, self.label, &self.field);
        let input =
            if self.long { Input::text(form, name, label, field) } else { Input::line(form, name, label, field) };
        let input = input.hint(self.hint);
        if self.required { input.required() } else { input }
    }
}

impl Act {
    fn summary_of_problems(&self) -> Summary {
        Summary { problems: self.problems.clone() }
    }
}

/// The page of a personal link that asks to let something happen.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "link_release.html")]
pub struct Release {
    /// The frame.
    pub frame: super::parts::Frame,
    /// Whose link it is.
    pub person: String,
    /// The address of this link, to which the answers go.
    pub action: String,
    /// Hidden fields.
    pub stamp: Stamp,
    /// The system's name.
    pub system: String,
    /// `Oskar Nyberg wants to: reboot`, `You let it happen`.
    pub heading: String,
    /// Who, what, where, since when.
    pub line: Prose,
    /// An answer was refused.
    pub refused: Option<super::parts::Notice>,
    /// Why you are asked, or what became of it.
    pub notice: super::parts::Notice,
    /// Who else is at work or asked, and what they say.
    pub people: Vec<(Prose, State)>,
    /// Until when the link works.
    pub until: Prose,
    /// What happens on each answer; none when nothing is asked any more.
    pub answers: Vec<super::link::Answer>,
}
