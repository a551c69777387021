//! Fields that the organisation adds to the incident form (DOC-3): what they hold, for which kinds of incident, and how
//! what people type for them is read.

use crate::directory::Organisation;
use crate::entry::Kind;
use crate::ids::{PersonId, SystemId, is_directory_name};
use crate::incident::{LINE_MAX, TEXT_MAX};
use crate::refusal::Refusal;
use crate::words::{is_blank, one_line};
use serde::{Deserialize, Serialize};

/// Most fields: beyond this a form is not filled in.
const FIELDS_MAX: usize = 40;
/// Longest words for a field or a choice, in characters.
const WORDS_MAX: usize = 80;
/// Most choices of one field.
const CHOICES_MAX: usize = 30;

/// A field of the organisation's own.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomField {
    /// Its name in logs and files. Never changes.
    pub id: String,
    /// As people read it: on pages and on the form.
    pub words: String,
    /// What it holds.
    #[serde(rename = "type")]
    pub holds: Holds,
    /// For which kinds of incident; for all if none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<Kind>,
    /// What there is to choose, if it is a choice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
}

/// What a field holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Holds {
    /// Any text.
    Text,
    /// A number.
    Number,
    /// A day.
    Date,
    /// One of a few.
    Choice,
    /// Somebody in the directory.
    Person,
    /// A system of the directory.
    System,
}

/// What a field of an incident was set to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Custom {
    /// Which field, by its name.
    pub field: String,
    /// As people read it.
    pub words: String,
    /// What it says; empty if it says nothing any more.
    pub value: String,
}

impl CustomField {
    /// Whether incidents of that kind have it.
    #[must_use]
    pub fn is_for(&self, kind: &Kind) -> bool {
        self.kinds.is_empty() || self.kinds.contains(kind)
    }

    /// What to type for it.
    #[must_use]
    pub fn hint(&self) -> String {
        match self.holds {
            Holds::Text => String::new(),
            Holds::Number => "A number, as 12 or 0.5.".into(),
            Holds::Date => "A day, as 2026-11-17.".into(),
            Holds::Choice => format!("One of {}.", self.choices.join(", ")),
            Holds::Person => "Somebody in the directory, by name.".into(),
            Holds::System => "A system of the directory, by name.".into(),
        }
    }

    /// What `typed` means for this field: nothing for nothing, and names written out.
    ///
    /// # Errors
    /// A [`Refusal`] that says what to type instead.
    pub fn read(&self, typed: &str, org: &Organisation) -> Result<String, Refusal> {
        let most = if self.holds == Holds::Text { TEXT_MAX } else { LINE_MAX };
        let typed = if self.holds == Holds::Text { typed.trim().replace('\0', "\u{fffd}") } else { one_line(typed) };
        if typed.chars().count() > most {
            return Err(Refusal::TooLong { field: "value", most });
        }
        if is_blank(&typed) {
            return Ok(String::new());
        }
        let senseless = || {
            let why = format!("“{typed}” does not fit {}. Write {}", self.words, lower(&self.hint()));
            Refusal::Senseless { field: "value", why }
        };
        let wanted = typed.to_lowercase();
        match self.holds {
            Holds::Text => Ok(typed),
            Holds::Number => number(&typed).ok_or_else(senseless),
            Holds::Date => typed.parse::<jiff::civil::Date>().map(|day| day.to_string()).map_err(|_| senseless()),
            Holds::Choice => self.choices.iter().find(|c| c.to_lowercase() == wanted).cloned().ok_or_else(senseless),
            Holds::Person => {
                let by_id = org.people.get(&PersonId(typed.clone()));
                let by_name = || org.people.values().find(|p| p.name.to_lowercase() == wanted);
                by_id.or_else(by_name).map(|p| p.name.clone()).ok_or_else(senseless)
            }
            Holds::System => {
                let by_id = org.systems.get(&SystemId(typed.clone()));
                let by_name = || org.systems.values().find(|s| s.name.to_lowercase() == wanted);
                by_id.or_else(by_name).map(|s| s.name.clone()).ok_or_else(senseless)
            }
        }
    }
}

/// A decimal number as it is kept: a comma may be its point.
fn number(typed: &str) -> Option<String> {
    let plain = typed.replacen(',', ".", 1);
    let digits = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+');
    let finite = plain.chars().all(digits) && plain.parse::<f64>().is_ok_and(f64::is_finite);
    finite.then_some(plain)
}

fn lower(hint: &str) -> String {
    crate::words::lower_first(hint)
}

/// Why these fields cannot be an organisation's, with what to do; none if they can.
#[must_use]
pub fn why_senseless(org: &Organisation) -> Option<String> {
    let fields = &org.fields;
    if fields.len() > FIELDS_MAX {
        return Some(format!("fields: {} are too many. Keep at most {FIELDS_MAX}.", fields.len()));
    }
    for (n, field) in fields.iter().enumerate() {
        let id = &field.id;
        if !is_directory_name(id) {
            return Some(format!("fields: “{id}” is no name. Use small letters, digits and dashes."));
        }
        if is_blank(&field.words) || field.words.chars().count() > WORDS_MAX {
            return Some(format!("fields, {id}: give it words, at most {WORDS_MAX} characters."));
        }
        if fields[..n].iter().any(|f| f.id == *id || f.words.trim() == field.words.trim()) {
            return Some(format!("fields, {id}: another one has that name or these words."));
        }
        if let Some(kind) = field.kinds.iter().find(|kind| !org.policy.kinds.iter().any(|k| k.kind == **kind)) {
            return Some(format!("fields, {id}: the policy has no kind “{}”.", kind.as_str()));
        }
        let wants = field.holds == Holds::Choice;
        let blank = field.choices.iter().any(|c| is_blank(c) || c.chars().count() > WORDS_MAX);
        if wants == field.choices.is_empty() || blank || field.choices.len() > CHOICES_MAX {
            return Some(format!(
                "fields, {id}: a choice has 1 to {CHOICES_MAX} choices of at most {WORDS_MAX} characters, and nothing else has any."
            ));
        }
    }
    None
}
