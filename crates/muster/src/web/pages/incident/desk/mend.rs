//! A form about an incident that comes back: what was typed, and what has to be mended in it.

use super::super::super::draw::log::{Returned, Wanted};
use super::super::super::typed::Typed;
use super::super::overtaken;
use crate::web::error::Problem;
use crate::web::view::incident::Overtaken;
use crate::web::view::parts::{Field, Notice};
use axum::http::StatusCode;
use muster_core::incident::Incident;
use muster_core::refusal::Refusal;

/// A form that comes back: what was typed, and what to mend.
#[derive(Clone, Debug)]
pub struct Mend {
    /// Which form, by its name: `restore`.
    pub form: &'static str,
    /// What was typed.
    pub typed: Typed,
    /// What is wrong, each with the input that it is about.
    pub wrong: Vec<(Option<&'static str>, String)>,
    /// The answer's status.
    pub status: StatusCode,
    /// Somebody else was first.
    pub overtaken: Option<Overtaken>,
    /// For the form that sets fields: the incident as its writer had seen it.
    pub was: Option<Box<Incident>>,
}

impl Mend {
    /// Something to mend before anything could be asked of the incident.
    #[must_use]
    pub fn typing(form: &'static str, typed: &Typed, wrong: Vec<(Option<&'static str>, String)>) -> Self {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        Self { form, typed: typed.clone(), wrong, status, overtaken: None, was: None }
    }

    /// The incident refused it.
    #[must_use]
    pub fn refused(form: &'static str, typed: &Typed, refusal: Refusal) -> Self {
        let input = refusal.field().and_then(|field| input_of(form, field));
        let both = match (&refusal, form) {
            (Refusal::ChangedMeanwhile { field, theirs, by }, "set") => {
                let yours = input.map_or("", |input| typed.get(input));
                Some(overtaken(by, field_words(field), theirs, yours))
            }
            _ => None,
        };
        let problem = Problem::from(refusal);
        let wrong = vec![(input, problem.detail)];
        Self { form, typed: typed.clone(), wrong, status: problem.status, overtaken: both, was: None }
    }

    /// An input of `form` with what was typed and what is wrong with it.
    #[must_use]
    pub fn field(&self, input: &str) -> Field {
        let error = self.wrong.iter().find(|(i, _)| *i == Some(input)).map(|(_, text)| text.clone());
        Field { value: self.typed.get(input).to_owned(), error }
    }

    /// Why the whole was refused, if that is not about one input.
    #[must_use]
    pub fn whole(&self) -> Option<String> {
        self.wrong.iter().find(|(input, _)| input.is_none()).map(|(_, text)| text.clone())
    }

    /// Said at the top of the page, where no form `is_shown` that could say it: a button, or an act
    /// that cannot be done any more. Then what was typed stands beside it, so that it is not lost.
    #[must_use]
    pub fn notice(&self, is_shown: bool) -> Option<Notice> {
        if is_shown && inputs(self.form).is_some() && self.form != "note" {
            return None;
        }
        let (_, text) = self.wrong.iter().find(|(input, _)| input.is_none() || !is_shown)?;
        let kept: Vec<_> = match is_shown {
            true => Vec::new(),
            false => TEXTS.into_iter().filter_map(|input| self.typed.some(input)).collect(),
        };
        let text = if kept.is_empty() { text.clone() } else { format!("{text} You wrote: {}", kept.join(" / ")) };
        Some(Notice::refusal("That was not done.", text))
    }

    /// The entry whose form has to be mended.
    #[must_use]
    pub fn wanted(&self) -> Wanted {
        let entry = || self.typed.get("entry").parse().ok();
        match self.form {
            "correct" => Wanted { correct: entry(), ..Wanted::default() },
            "take-back" => Wanted { take_back: entry(), ..Wanted::default() },
            _ => Wanted::default(),
        }
    }

    /// What was typed into an entry's form.
    #[must_use]
    pub fn returned(&self) -> Option<Returned> {
        let input = match self.form {
            "correct" => "text",
            "take-back" => "reason",
            _ => return None,
        };
        Some(Returned { field: self.field(input), happened: self.field("happened"), refused: self.whole() })
    }
}

/// Inputs into which people write more than a word.
const TEXTS: [&str; 20] = [
    "title",
    "symptoms",
    "text",
    "reason",
    "brief",
    "cause",
    "resolution",
    "reference",
    "evidence",
    "what",
    "effect",
    "danger",
    "grounds",
    "progress",
    "changes",
    "why",
    "review",
    "who",
    "from",
    "despite",
];

/// The inputs of a form that can show what is wrong with them; none for a button.
fn inputs(form: &str) -> Option<&'static [&'static str]> {
    Some(match form {
        "note" => &["text", "happened"],
        "contact" => &["person", "means", "outcome", "text", "happened"],
        "attach" => &["file", "text"],
        "correct" => &["text", "happened"],
        "take-back" | "withdraw" | "reopen" => &["reason"],
        "hand-over" => &["person", "reason", "brief"],
        "set-own" => &["value"],
        "communicator" => &["person"],
        "no-communicator" => &["reason"],
        "people-asked" => &["who", "people"],
        "restrict" => &["people", "reason"],
        "unrestrict" => &["reason"],
        "heard-elsewhere" => &["person", "from", "at"],
        // Those of communications.
        "audience" => &[
            "audience",
            "people",
            "besides",
            "update",
            "level",
            "through",
            "bridge",
            "intense",
            "steady",
            "waiting",
            "author",
            "signer",
            "deputy",
            "deputy-after",
            "reason",
        ],
        "drop" | "return" => &["reason"],
        "send" => &["despite"],
        "strategy" => &["owner", "text"],
        "draft" | "ask-facts" | "give-facts" => &["text"],
        // Those of meetings and the end.
        "estimate" => &["back-at", "grounds"],
        "meeting" => &["kind", "present", "progress", "changes", "escalate", "why", "held", "next"],
        "follow-up" => &["people", "text"],
        "close" => &["review"],
        "restore" => &["at", "cause", "resolution"],
        "report" => &["reference"],
        "severity" => &["severity", "reason"],
        "add-system" => &["system"],
        "set" => {
            &["title", "symptoms", "went-down", "went-down-at", "kind", "phase", "restored-at", "cause", "resolution"]
        }
        "link" => &["number", "how"],
        "merge" => &["number", "reason"],
        "triage" => {
            &["extent", "fault", "populations", "system", "group", "group-people", "urgency", "severity", "reason"]
        }
        // Those of the plan.
        "problem" | "input" => &["text"],
        "ask" => &["text", "whom"],
        "part" => &["component", "to", "now", "evidence"],
        "cause" => &["text", "part"],
        "judge-cause" => &["now", "evidence"],
        "task" => &["what", "person", "minutes"],
        "end-task" => &["how", "text"],
        "option" => &["what", "effect", "risk", "danger", "causes"],
        "judge-option" => &["now", "text"],
        _ => return None,
    })
}

/// The input of `form` that the process means by `field`.
fn input_of(form: &str, field: &str) -> Option<&'static str> {
    let name = match (form, field) {
        ("contact", "said") => "text",
        (_, "happened-at") => "happened",
        ("set", "went-down") => "went-down-at",
        ("problem", "symptoms") => "text",
        ("task", "due") => "minutes",
        ("hand-over", "area") => "person",
        ("meeting", "held-at") => "held",
        ("meeting", "plan-changes") => "changes",
        ("audience", "every") => "intense",
        ("triage", "systems") => "system",
        ("triage", "populations") => "group",
        (_, field) => field,
    };
    inputs(form)?.iter().copied().find(|input| *input == name)
}

fn field_words(field: &str) -> &'static str {
    match field {
        "title" => "the name",
        "went-down" => "when service went down",
        "symptoms" => "the symptoms",
        "cause" => "the cause",
        "resolution" => "the resolution",
        "restored-at" => "the time of restoration",
        "kind" => "the kind",
        "phase" => "the pace",
        _ => "this",
    }
}
