//! Shape, word and colour together: severity chips and states.

use super::{Icon, Tone};
use crate::web::view::time::Ticking;
use askama::Template;
use askama::filters::HtmlSafe;
use muster_core::entry;
use muster_core::system::Condition;
use std::fmt;

/// Words that stand still, or that the page keeps fresh.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(
    source = "{% match self %}{% when Self::Still(text) %}{{ text }}{% when Self::Ticking(t) %}{{ t }}{% when Self::Led(lead, t) %}{{ lead }}{{ t }}{% endmatch %}",
    ext = "html"
)]
pub enum Words {
    /// As they are.
    Still(String),
    /// They grow old.
    Ticking(Ticking),
    /// Some stand still before those that grow old: `Ringing, ` and `14 s left`.
    Led(String, Ticking),
}

impl HtmlSafe for Words {}

impl Words {
    /// The words as of now, without markup.
    #[must_use]
    pub fn plain(&self) -> &str {
        match self {
            Self::Still(text) => text,
            Self::Ticking(t) | Self::Led(_, t) => &t.text,
        }
    }
}

impl From<&str> for Words {
    fn from(text: &str) -> Self {
        Self::Still(text.to_owned())
    }
}
impl From<String> for Words {
    fn from(text: String) -> Self {
        Self::Still(text)
    }
}
impl From<Ticking> for Words {
    fn from(t: Ticking) -> Self {
        Self::Ticking(t)
    }
}

/// A state: shape, words and colour, without a box.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(source = r#"<span class="state {{ tone }}">{{ icon }}{{ words }}</span>"#, ext = "html")]
pub struct State {
    /// The colour.
    pub tone: Tone,
    /// The shape.
    pub icon: Icon,
    /// The words.
    pub words: Words,
}

impl HtmlSafe for State {}

impl State {
    /// A state of any shape.
    pub fn new(tone: Tone, icon: Icon, words: impl Into<Words>) -> Self {
        Self { tone, icon, words: words.into() }
    }
    /// Late, or gone wrong: `Late by 5 min`.
    pub fn late(words: impl Into<Words>) -> Self {
        Self::new(Tone::Red, Icon::Late, words)
    }
    /// Due in the last quarter of its time: `In 6 min`.
    pub fn soon(words: impl Into<Words>) -> Self {
        Self::new(Tone::Amber, Icon::Soon, words)
    }
    /// Due later: `In 2 h`.
    pub fn later(words: impl Into<Words>) -> Self {
        Self::new(Tone::Grey, Icon::Clock, words)
    }
    /// That only some may see it, if so.
    #[must_use]
    pub fn restricted(restricted: bool) -> Option<Self> {
        restricted.then(|| Self::new(Tone::Amber, Icon::Eye, "Restricted"))
    }
    /// Somebody else has to act: `Waiting 2 min`.
    pub fn waiting(words: impl Into<Words>) -> Self {
        Self::new(Tone::Blue, Icon::Waiting, words)
    }
    /// Done, or reached: `Done 03:03`.
    pub fn done(words: impl Into<Words>) -> Self {
        Self::new(Tone::Green, Icon::Done, words)
    }
    /// Tried without success: `Not a direct contact`.
    pub fn not(words: impl Into<Words>) -> Self {
        Self::new(Tone::Red, Icon::Cross, words)
    }
}

/// The severity chip. Only severity 1 is filled red.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[allow(missing_docs, reason = "their names say it")]
pub enum Severity {
    Critical,
    Major,
    Minor,
    Low,
    #[default]
    NotAssessed,
}

impl From<Option<entry::Severity>> for Severity {
    fn from(severity: Option<entry::Severity>) -> Self {
        match severity {
            Some(entry::Severity::Critical) => Self::Critical,
            Some(entry::Severity::Major) => Self::Major,
            Some(entry::Severity::Minor) => Self::Minor,
            Some(entry::Severity::Low) => Self::Low,
            None => Self::NotAssessed,
        }
    }
}

impl Severity {
    /// Every severity, in the order in which forms offer them.
    pub const ALL: [Self; 5] = [Self::NotAssessed, Self::Critical, Self::Major, Self::Minor, Self::Low];

    /// As forms send it: `1` to `4`, `0` for not assessed.
    #[must_use]
    pub fn value(self) -> &'static str {
        match self {
            Self::Critical => "1",
            Self::Major => "2",
            Self::Minor => "3",
            Self::Low => "4",
            Self::NotAssessed => "0",
        }
    }

    /// `Severity 1 critical`.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Critical => "Severity 1 critical",
            Self::Major => "Severity 2 major",
            Self::Minor => "Severity 3 minor",
            Self::Low => "Severity 4 low",
            Self::NotAssessed => "Not assessed",
        }
    }

    /// What it means, and whom it wakes, in a sentence.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Critical => "A service everybody needs is gone.",
            Self::Major => "A service is gone for a department, or bad for everybody.",
            Self::Minor => "Work goes on with effort.",
            Self::Low => "Hardly anybody notices, or nothing is lost yet.",
            Self::NotAssessed => "You or the manager can decide in a minute.",
        }
    }

    /// Its shape.
    #[must_use]
    pub fn icon(self) -> Icon {
        match self {
            Self::Critical => Icon::Severity1,
            Self::Major => Icon::Severity2,
            Self::Minor => Icon::Severity3,
            Self::Low => Icon::Severity4,
            Self::NotAssessed => Icon::NotAssessed,
        }
    }

    /// Its colour.
    #[must_use]
    pub fn tone(self) -> Tone {
        match self {
            Self::Critical => Tone::Red,
            Self::Major => Tone::Orange,
            Self::Minor => Tone::Amber,
            Self::Low | Self::NotAssessed => Tone::Grey,
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (icon, words) = (self.icon(), self.words());
        match self {
            Self::Critical => write!(f, r#"<span class="chip sev-1">{icon}{words}</span>"#),
            Self::Major | Self::Minor | Self::Low | Self::NotAssessed => {
                write!(f, r#"<span class="chip {}">{icon}{words}</span>"#, self.tone())
            }
        }
    }
}

impl HtmlSafe for Severity {}

/// How a system is, as a state.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[allow(missing_docs, reason = "their names say it")]
pub enum Health {
    Working,
    Predicted,
    Degraded,
    Down,
    #[default]
    NotKnown,
}

impl From<Condition> for Health {
    fn from(condition: Condition) -> Self {
        match condition {
            Condition::Information => Self::Working,
            Condition::Predicted => Self::Predicted,
            Condition::Degraded => Self::Degraded,
            Condition::Down => Self::Down,
        }
    }
}

impl From<Option<Condition>> for Health {
    fn from(condition: Option<Condition>) -> Self {
        condition.map_or(Self::NotKnown, Self::from)
    }
}

impl Health {
    /// The word for it, in the middle of a sentence.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Working => "working",
            Self::Predicted => "predicted failure",
            Self::Degraded => "degraded",
            Self::Down => "down",
            Self::NotKnown => "not known",
        }
    }

    /// For "worst first": more is worse.
    #[must_use]
    pub fn badness(self) -> u8 {
        match self {
            Self::Working => 0,
            Self::NotKnown => 1,
            Self::Predicted => 2,
            Self::Degraded => 3,
            Self::Down => 4,
        }
    }

    /// Its shape.
    #[must_use]
    pub fn icon(self) -> Icon {
        match self {
            Self::Working => Icon::Working,
            Self::Predicted => Icon::Flag,
            Self::Degraded => Icon::Degraded,
            Self::Down => Icon::Down,
            Self::NotKnown => Icon::NotAssessed,
        }
    }

    /// Its colour.
    #[must_use]
    pub fn tone(self) -> Tone {
        match self {
            Self::Working => Tone::Green,
            Self::Predicted => Tone::Blue,
            Self::Degraded => Tone::Amber,
            Self::Down => Tone::Red,
            Self::NotKnown => Tone::Grey,
        }
    }

    /// The state of the system `name`: `Email: degraded`.
    #[must_use]
    pub fn of(self, name: &str) -> State {
        State::new(self.tone(), self.icon(), format!("{name}: {}", self.word()))
    }

    /// The state alone: `Degraded`.
    #[must_use]
    pub fn state(self) -> State {
        let word = self.word();
        let mut capital = word[..1].to_uppercase();
        capital.push_str(&word[1..]);
        State::new(self.tone(), self.icon(), capital)
    }

    /// `name` in this state's shape and colour, with the word for readers who see neither.
    #[must_use]
    pub fn named(self, name: &str) -> State {
        State::new(self.tone(), self.icon(), name)
    }
}
