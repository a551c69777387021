//! The icons of the one sprite, and the tones of components.

use askama::filters::HtmlSafe;
use std::fmt;

/// An icon of the sprite in `templates/parts/sprite.html`. It always stands beside a word (or a
/// hidden name), so it is hidden from assistive technology.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "their names say it")]
pub enum Icon {
    Muster,
    Now,
    Incident,
    Phone,
    Systems,
    Document,
    More,
    Plus,
    Clock,
    Soon,
    Late,
    Done,
    Waiting,
    Open,
    Fork,
    Pen,
    Voicemail,
    Search,
    Undo,
    Bolt,
    Flag,
    Ask,
    Chain,
    Cross,
    Eye,
    Info,
    Join,
    Mail,
    Mobile,
    Mute,
    Right,
    Person,
    People,
    Working,
    Degraded,
    Partly,
    Down,
    Severity1,
    Severity2,
    Severity3,
    Severity4,
    NotAssessed,
}

impl Icon {
    /// Its symbol, and whether it is a filled shape rather than a line.
    #[must_use]
    pub fn symbol(self) -> (&'static str, bool) {
        match self {
            Self::Muster => ("muster", false),
            Self::Now => ("now", false),
            Self::Incident => ("inc", false),
            Self::Phone => ("phone", false),
            Self::Systems => ("stack", false),
            Self::Document => ("doc", false),
            Self::More => ("dots", false),
            Self::Plus => ("plus", false),
            Self::Clock => ("clock", false),
            Self::Soon => ("soon", true),
            Self::Late => ("late", true),
            Self::Done => ("done", true),
            Self::Waiting => ("wait", false),
            Self::Open => ("open", false),
            Self::Fork => ("fork", false),
            Self::Pen => ("pen", false),
            Self::Voicemail => ("vm", false),
            Self::Search => ("search", false),
            Self::Undo => ("undo", false),
            Self::Bolt => ("bolt", false),
            Self::Flag => ("flag", false),
            Self::Ask => ("ask", false),
            Self::Chain => ("chain", false),
            Self::Cross => ("x", false),
            Self::Eye => ("eye", false),
            Self::Info => ("info", false),
            Self::Join => ("join", false),
            Self::Mail => ("mail", false),
            Self::Mobile => ("mob", false),
            Self::Mute => ("mute", false),
            Self::Right => ("right", false),
            Self::Person => ("user", false),
            Self::People => ("users", false),
            Self::Working => ("ok", true),
            Self::Degraded => ("slow", true),
            Self::Partly => ("part", true),
            Self::Down => ("down", true),
            Self::Severity1 => ("sev1", true),
            Self::Severity2 => ("sev2", true),
            Self::Severity3 => ("sev3", true),
            Self::Severity4 => ("sev4", false),
            Self::NotAssessed => ("sev0", false),
        }
    }
}

impl fmt::Display for Icon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (symbol, solid) = self.symbol();
        let class = if solid { "i solid" } else { "i" };
        write!(f, r##"<svg class="{class}" aria-hidden="true"><use href="#i-{symbol}"/></svg>"##)
    }
}

impl HtmlSafe for Icon {}

/// What a component's colours say, beside its shape and its word. Prints as its class.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Tone {
    /// Late, down, did not count.
    Red,
    /// Partly down, major.
    Orange,
    /// Soon, degraded, a warning, a correction.
    Amber,
    /// Done, reached, working.
    Green,
    /// Decided, published, waiting for somebody.
    Blue,
    /// Nothing to notice.
    #[default]
    Grey,
}

impl fmt::Display for Tone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Red => "t-red",
            Self::Orange => "t-orange",
            Self::Amber => "t-amber",
            Self::Green => "t-green",
            Self::Blue => "t-blue",
            Self::Grey => "t-grey",
        })
    }
}

impl HtmlSafe for Tone {}
