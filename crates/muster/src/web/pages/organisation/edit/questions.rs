//! The questions of a form, and what was found wrong in what was typed.

use crate::web::pages::acts::reading::Wrong;
use crate::web::pages::typed::Typed;
use crate::web::view::organisation::Question;
use crate::web::view::parts::{Choice, Field};
use crate::web::view::work::Ask;

/// What was found wrong in a form, field by field.
#[derive(Default)]
pub struct Wrongs(Vec<Wrong>);

impl Wrongs {
    /// What was read, or its default with a note of why not.
    pub fn or<T: Default>(&mut self, read: Result<T, String>, field: &'static str) -> T {
        read.unwrap_or_else(|why| {
            self.0.push((Some(field), why));
            T::default()
        })
    }

    /// `item`, unless something was wrong.
    ///
    /// # Errors
    /// All that was.
    pub fn unless<T>(self, item: T) -> Result<T, Vec<Wrong>> {
        if self.0.is_empty() { Ok(item) } else { Err(self.0) }
    }
}

/// A line, without blanks around it.
pub fn once(typed: &Typed, field: &str) -> String {
    typed.get(field).trim().to_owned()
}

pub(super) fn ask(name: &'static str, label: &'static str, hint: &'static str, value: &str) -> Ask {
    Ask { name, label, hint, long: false, required: false, field: Field::of(value) }
}

/// Asks for a line.
pub fn line(name: &'static str, label: &'static str, hint: &'static str, required: bool, value: &str) -> Question {
    Question::Say(Ask { required, ..ask(name, label, hint, value) })
}

/// Asks for several lines.
pub fn note(name: &'static str, label: &'static str, hint: &'static str, value: &str) -> Question {
    Question::Say(Ask { long: true, ..ask(name, label, hint, value) })
}

/// Asks for one of several.
pub fn choose(name: &'static str, label: &'static str, value: &str, choices: Vec<Choice>) -> Question {
    Question::Choose { name, label, field: Field::of(value), choices }
}

/// Asks for any of several.
pub fn tick<'a>(
    name: &'static str,
    legend: &'static str,
    choices: impl IntoIterator<Item = (&'a str, &'a str, bool)>,
) -> Question {
    let choices = choices.into_iter().map(|(value, words, ticked)| (value.to_owned(), words.to_owned(), ticked));
    Question::Tick { name, legend, choices: choices.collect() }
}

impl Question {
    /// The field's name.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Say(ask) => ask.name,
            Self::Choose { name, .. } | Self::Tick { name, .. } => name,
        }
    }

    /// As it was typed, with what is wrong with it.
    pub(super) fn fill(&mut self, typed: &Typed, error: Option<String>) {
        match self {
            Self::Say(Ask { name, field, .. }) | Self::Choose { name, field, .. } => {
                *field = Field { value: typed.get(name).to_owned(), error };
            }
            Self::Tick { name, choices, .. } => {
                choices.iter_mut().for_each(|(value, _, ticked)| *ticked = typed.all(name).any(|v| v == value));
            }
        }
    }
}
