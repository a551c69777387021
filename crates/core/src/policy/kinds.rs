//! The kinds of disruption (DEF-2): which there are, and their words.

use super::Policy;
use crate::entry::Kind;
use crate::ids::is_directory_name;
use crate::words::is_blank;
use serde::{Deserialize, Serialize};

/// Most kinds: they are boxes to tick on one page of paper.
const KINDS_MAX: usize = 30;
/// Longest words for a kind, in characters: they stand beside a box.
const WORDS_MAX: usize = 60;

/// What Muster itself opens, with why it must be able to.
const OPENED: [(Kind, &str); 5] = [
    (Kind::ORGANISATION_WIDE, "when a system that everybody needs is down"),
    (Kind::DEPARTMENTAL, "when a department’s system is down"),
    (Kind::DEGRADED, "when a system works badly"),
    (Kind::PREDICTED, "when a monitor predicts a failure"),
    (Kind::OTHER, "when nobody knows which system it is about"),
];

/// A kind of disruption with its words.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KindNamed {
    /// Its name in logs and files. Never changes.
    pub kind: Kind,
    /// As people read it: on pages and on the form.
    pub words: String,
}

/// The seven that an organisation begins with, in the order of the form.
pub(super) fn first_kinds() -> Vec<KindNamed> {
    let named = |kind, words: &str| KindNamed { kind, words: words.to_owned() };
    vec![
        named(Kind::ORGANISATION_WIDE, "Organisation-wide service lost"),
        named(Kind::DEPARTMENTAL, "Departmental service lost"),
        named(Kind::DEGRADED, "Severely degraded"),
        named(Kind::PLANNED, "Planned work"),
        named(Kind::SECURITY, "Security event"),
        named(Kind::PREDICTED, "Predicted failure"),
        named(Kind::OTHER, "Other"),
    ]
}

impl Policy {
    /// The words for `kind`; its name where this policy has none.
    #[must_use]
    pub fn words_of<'a>(&'a self, kind: &'a Kind) -> &'a str {
        self.kinds.iter().find(|k| k.kind == *kind).map_or(kind.as_str(), |k| k.words.as_str())
    }

    /// Why these kinds cannot be an organisation's, with what to do; none if they can.
    #[must_use]
    pub fn why_no_kinds(&self) -> Option<String> {
        let known = |kind: &Kind| self.kinds.iter().any(|k| k.kind == *kind);
        if self.kinds.len() > KINDS_MAX {
            return Some(format!("there are more than {KINDS_MAX}. Nobody would find the right one"));
        }
        if let Some((kind, when)) = OPENED.iter().find(|(kind, _)| !known(kind)) {
            let kind = kind.as_str();
            return Some(format!("“{kind}” is missing. Muster opens incidents of that kind {when}. Put it back"));
        }
        for (n, named) in self.kinds.iter().enumerate() {
            let (kind, words) = (named.kind.as_str(), named.words.trim());
            if !is_directory_name(kind) {
                let rule = "use 1 to 64 of a-z, 0-9, dash, dot and underscore, beginning with a letter or a digit";
                return Some(format!("“{kind}” is no name: {rule}"));
            }
            if is_blank(words) || words.chars().count() > WORDS_MAX {
                return Some(format!("“{kind}” needs words of 1 to {WORDS_MAX} characters"));
            }
            if self.kinds[..n].iter().any(|k| k.kind == named.kind || k.words.trim() == words) {
                return Some(format!("“{kind}” or its words stand there twice. Name each kind once"));
            }
        }
        let unknown = self.severity.impact.iter().flat_map(|rule| &rule.kinds).find(|kind| !known(kind));
        unknown.map(|kind| format!("“{}” is missing, and the severity matrix names it", kind.as_str()))
    }
}
