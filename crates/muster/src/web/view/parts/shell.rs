//! The frame around every page: head, rail, bottom bar, notices.

use super::{Icon, Prose, Tone};
use crate::web::view::time::When;
use askama::Template;
use askama::filters::HtmlSafe;

/// What every document has, signed in or not.
#[derive(Clone, PartialEq, Debug)]
pub struct Frame {
    /// The organisation's name.
    pub organisation: String,
    /// When the page was made: `Tue 17 Nov, 03:14 GMT`. The browser sets its clock by it.
    pub now: When,
    /// The short name of the zone of all times: `GMT`.
    pub zone: String,
    /// Light, dark, or as the device.
    pub theme: Theme,
}

impl Frame {
    /// A document's title that ends in the program's name and stays within what browsers show.
    #[must_use]
    pub fn title(&self, text: &str) -> String {
        const NAME: &str = " - Muster";
        let room = TITLE_MAX - NAME.len();
        if text.chars().count() <= room {
            return format!("{text}{NAME}");
        }
        let cut: String = text.chars().take(room - 1).collect();
        format!("{}…{NAME}", cut.trim_end())
    }
}

/// Longest title of a document in characters: browsers and validators cut or complain beyond it.
const TITLE_MAX: usize = 69;

/// Light, dark, or as the device says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Theme {
    /// As the device says.
    #[default]
    Device,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// As forms and the root element spell it; empty for the device's.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Device => "",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// What a page inside the application has: rail on wide screens, bottom bar on phones.
#[derive(Clone, PartialEq, Debug)]
pub struct Shell {
    /// What every document has.
    pub frame: Frame,
    /// Who reads it.
    pub viewer: Viewer,
    /// Which link of the rail is current.
    pub place: Place,
    /// How many incidents are open.
    pub open: u32,
    /// Whether one of them is critical or late, so that the count is loud.
    pub loud: bool,
    /// Whether demo phones exist.
    pub demo: bool,
    /// The event stream that says when this page has changed; none for a page that doesn't.
    pub live: Option<String>,
    /// The moment that the page shows, if not now.
    pub replay: Option<Moment>,
    /// Whether single keys are shortcuts (the reader's choice).
    pub shortcuts: bool,
    /// Confirms an act that is already in the log.
    pub toast: Option<Toast>,
    /// The `act` that led here and is stored now (`?done=…` of the redirect): the browser forgets its draft.
    pub done: Option<String>,
}

/// A moment in the log of an incident, which is looked back at (DOC-8).
#[derive(Clone, PartialEq, Debug)]
pub struct Moment {
    /// The address of the page, without the moment.
    pub path: String,
    /// When.
    pub at: Prose,
    /// Its newest entry then.
    pub seq: u64,
    /// Its newest entry now.
    pub last: u64,
}

/// Who reads the page.
#[derive(Clone, PartialEq, Debug)]
pub struct Viewer {
    /// Full name.
    pub name: String,
    /// What they are now: `On call, Email`, `Administrator`.
    pub line: String,
    /// Whether they may declare and write (responder and above).
    pub may_write: bool,
    /// Whether they set things up.
    pub administrator: bool,
}

/// The places of the rail.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "their names say it")]
pub enum Place {
    Now,
    Incidents,
    OnCall,
    Alerts,
    Systems,
    People,
    Policy,
    Organisation,
    Phones,
    More,
    Declare,
}

impl Shell {
    /// What leads to other pages of the same moment: `?as-of=5`, or nothing now.
    #[must_use]
    pub fn as_of(&self) -> String {
        self.replay.as_ref().map_or_else(String::new, |then| format!("?as-of={}", then.seq))
    }

    /// The rail: place, address, name, shape. On phones only the first three and More are shown.
    #[must_use]
    pub fn places(&self) -> Vec<(Place, &'static str, &'static str, Icon)> {
        let mut places = vec![
            (Place::Now, "/now", "Now", Icon::Now),
            (Place::Incidents, "/incidents", "Incidents", Icon::Incident),
            (Place::OnCall, "/oncall", "On call", Icon::Phone),
            (Place::Alerts, "/alerts", "Alerts", Icon::Eye),
            (Place::Systems, "/systems", "Systems", Icon::Systems),
            (Place::People, "/people", "People", Icon::People),
            (Place::Policy, "/policy", "Procedure", Icon::Document),
            (Place::Organisation, "/organisation", "Organisation", Icon::Flag),
        ];
        if self.demo {
            places.push((Place::Phones, "/phones", "Demo phones", Icon::Mobile));
        }
        places
    }

    /// Whether phones reach `place` only through More.
    #[must_use]
    pub fn under_more(&self, place: &Place) -> bool {
        !matches!(place, Place::Now | Place::Incidents | Place::OnCall | Place::Declare)
    }
}

/// One message that needs attention or a choice.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "parts/notice.html")]
pub struct Notice {
    /// How it looks.
    pub tone: Tone,
    /// Its shape.
    pub icon: Icon,
    /// The message in a few words.
    pub lead: String,
    /// The rest of it.
    pub text: Prose,
    /// Where to act on it: address and words of a button.
    pub links: Vec<(String, String)>,
}

impl HtmlSafe for Notice {}

impl Notice {
    /// A notice without links.
    pub fn new(tone: Tone, icon: Icon, lead: impl Into<String>, text: impl Into<Prose>) -> Self {
        Self { tone, icon, lead: lead.into(), text: text.into(), links: Vec::new() }
    }
    /// It did not work, and nothing was lost.
    pub fn refusal(lead: impl Into<String>, text: impl Into<Prose>) -> Self {
        Self::new(Tone::Red, Icon::Late, lead, text)
    }
    /// Something to consider.
    pub fn warning(lead: impl Into<String>, text: impl Into<Prose>) -> Self {
        Self::new(Tone::Amber, Icon::Incident, lead, text)
    }
    /// It is done.
    pub fn done(lead: impl Into<String>, text: impl Into<Prose>) -> Self {
        Self::new(Tone::Green, Icon::Done, lead, text)
    }
    /// Good to know.
    pub fn note(lead: impl Into<String>, text: impl Into<Prose>) -> Self {
        Self::new(Tone::Blue, Icon::Info, lead, text)
    }
    /// With a button that leads somewhere.
    #[must_use]
    pub fn link(mut self, href: impl Into<String>, words: impl Into<String>) -> Self {
        self.links.push((href.into(), words.into()));
        self
    }
}

/// Confirms an act that is already in the log; gone after 10 s or a tap.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "parts/toast.html")]
pub struct Toast {
    /// `Daniel Osei marked as reached, 03:15 GMT.`
    pub text: String,
    /// Where it can be undone, if it can: the take-back form of its entry.
    pub undo: Option<String>,
}

impl HtmlSafe for Toast {}

/// A view of a list: `Contacts 8`.
#[derive(Clone, PartialEq, Debug)]
pub struct Filter {
    /// The words, with the count.
    pub label: String,
    /// Where it is.
    pub href: String,
    /// A shape before the words.
    pub icon: Option<Icon>,
    /// Whether it is the one shown.
    pub on: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_stay_short_and_say_muster() {
        let frame = Frame {
            organisation: String::new(),
            now: When { iso: String::new(), text: String::new(), distance: None },
            zone: String::new(),
            theme: Theme::Device,
        };
        assert_eq!(frame.title("Now"), "Now - Muster");
        let long = frame.title(&"ő".repeat(200));
        assert_eq!(long.chars().count(), 69);
        assert!(long.ends_with("… - Muster"));
    }
}
