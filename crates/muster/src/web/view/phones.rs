//! Demo phones: whose pretend phone rings, what can I do with it, what does Muster make of it?

use super::parts::{Entry, Icon, Place, Prose, Shell, Stamp, State};
use super::time::When;
use askama::Template;

/// `GET /phones`, in the demo only.
///
/// POST `/phones/raise`: `act`.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "phones.html")]
pub struct Page {
    /// The frame; live.
    pub shell: Shell,
    /// Hidden fields.
    pub stamp: Stamp,
    /// The state in words: `Daniel Osei's phone is ringing`, `No phone is ringing`.
    pub heading: String,
    /// The id of the device that waits for somebody, to jump to.
    pub ringing: Option<String>,
    /// One chain each: `Must take it: Email`.
    pub chains: Vec<Chain>,
    /// Phones that have messages, but are in no chain now.
    pub others: Vec<Device>,
    /// `In the demo Muster waits 20 s between tries; in real use, as long as your policy says.`
    pub waits: String,
    /// The log that writes itself.
    pub log: Option<Strip>,
}

impl Page {
    /// Whether the phone that waits for somebody was answered, and waits for a key.
    fn is_answered(&self) -> bool {
        let devices = self.chains.iter().flat_map(|c| &c.devices);
        let waits = devices.filter(|d| self.ringing.as_ref() == Some(&d.id)).find_map(|d| d.call.as_ref());
        waits.is_some_and(|c| c.heard.is_some())
    }
}

/// A chain of people, of whom one must be reached.
#[derive(Clone, PartialEq, Debug)]
pub struct Chain {
    /// Unique on the page.
    pub id: String,
    /// `Must take it: Email`, `Must be told: user support`.
    pub title: String,
    /// Late, 2 called, taken.
    pub state: State,
    /// In the order to try.
    pub devices: Vec<Device>,
}

/// A pretend phone with its mailbox.
#[derive(Clone, PartialEq, Debug)]
pub struct Device {
    /// The directory name. POST `/phones/{person}/…`: `answer`, `voicemail` (`act`, `call`), `key` (`act`, `call`, and the button `key`).
    pub person: String,
    /// Unique on the page, as one person can stand in two chains.
    pub id: String,
    /// `1. Ruth Abernathy`, `Ruth Abernathy`.
    pub name: String,
    /// `Server team manager`.
    pub title: String,
    /// `07700 900 412`.
    pub number: String,
    /// `Voicemail: does not count`, `Next`, `Reached`.
    pub state: Option<State>,
    /// What will happen: `Rings if Daniel Osei does not answer.`
    pub line: Option<Prose>,
    /// The call that waits for somebody now.
    pub call: Option<Call>,
    /// What came, newest first.
    pub messages: Vec<Message>,
}

/// A call that waits for somebody.
#[derive(Clone, PartialEq, Debug)]
pub struct Call {
    /// Which attempt; sent back as `call`.
    pub id: String,
    /// What is said once it is answered; none while it rings.
    pub heard: Option<String>,
    /// Keys that do something, once it is answered: `1`, `Take it`.
    pub keys: Vec<(String, String)>,
}

/// A voicemail, a text, a mail, a push message.
#[derive(Clone, PartialEq, Debug)]
pub struct Message {
    /// Its shape: [`Icon::Voicemail`], [`Icon::Mobile`], [`Icon::Mail`], [`Icon::Bolt`].
    pub icon: Icon,
    /// `Voicemail`, `Text`, `Email`, `Push`.
    pub kind: String,
    /// When it came.
    pub at: When,
    /// The subject of a mail.
    pub subject: Option<String>,
    /// As sent.
    pub text: String,
    /// The personal link in it.
    pub link: Option<String>,
}

/// The log beside the phones.
#[derive(Clone, PartialEq, Debug)]
pub struct Strip {
    /// `2026-041`.
    pub number: String,
    /// Where it is.
    pub href: String,
    /// `Nobody can sign in. Calls only, times in GMT, newest first.`
    pub line: String,
    /// Newest first.
    pub entries: Vec<Entry>,
}
