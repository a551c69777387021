//! The words of what is sent: one place, whatever the channel.

use super::Ops;
use crate::secrets::{Token, TokenKind};
use crate::store::subjects::Listed;
use muster_core::Time;
use muster_core::communications::Through;
use muster_core::contact::MeansKind;
use muster_core::directory::Organisation;
use muster_core::duty::{Duty, DutyKind};
use muster_core::entry::{
    Candidate, Entry, Fact, FollowUpBy, FollowedUp, NobodyReached, Presence, Purpose, TaskSet, Tried,
};
use muster_core::event::Event;
use muster_core::ids::{PersonId, PersonRef, SubjectId, SummonsId};
use muster_core::incident::{Incident, invitation, reading};
use muster_core::subject::Subject;
use muster_core::words::{clock, sentence, upper_first};
use serde::{Deserialize, Serialize};

mod claims;
pub(crate) mod comms;
mod gathering;
mod versions;

/// A message before a channel gives it its form.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Text {
    /// Full name of whom it is for.
    pub person: String,
    /// One line.
    pub subject: String,
    /// Short, for phones.
    pub text: String,
    /// Long, for email.
    pub body: String,
    /// Where to answer, or to look.
    pub link: Option<String>,
    /// Whether it should wake somebody.
    pub urgent: bool,
    /// What it puts into the calendar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<Event>,
}

impl Text {
    pub(super) fn to(mut self, person: &str) -> Self {
        person.clone_into(&mut self.person);
        self
    }

    /// The same for the next in line above who owes it.
    pub(super) fn about(self, owes: &str) -> Self {
        let why = format!("{owes} was reminded of this and has not done it. You are the next in line.");
        Self {
            subject: format!("{} ({owes})", self.subject),
            text: format!("{} {why}", self.text),
            body: format!("{}\n{why}\n", self.body),
            ..self
        }
    }

    pub(super) fn to_json(&self) -> String {
        // Plain texts: writing them as JSON cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Ops {
    /// The token of a personal link. Derived, so that it stands in messages and nowhere else: whoever
    /// reads the database finds its hash.
    pub(super) fn link_token(&self, subject: &SubjectId, summons: &SummonsId, person: &PersonId) -> Token {
        Token::derived(TokenKind::Link, &self.shared.link_secret, &format!("{subject}\n{summons}\n{person}"))
    }
}

/// A kind of log that operations write: what it says to people.
pub(crate) trait Kept: Listed {
    /// Asks somebody; they answer at `url`.
    fn asks(&self, tried: &Tried, url: &str) -> Text;
    /// Tells the administrators that nobody could be reached; nothing where somebody is asked and not needed.
    fn alarms(&self, _: &NobodyReached, _public_url: &str) -> Option<Text> {
        None
    }
    /// Reminds somebody of a duty that is late; nothing where nothing is owed.
    fn reminds(&self, _: &Duty, _public_url: &str) -> Option<Text> {
        None
    }
    /// Whom it tells that its messages went to none of those people, as nothing of theirs can be written to.
    fn misses(&self, _: &Entry, _: &[&str], _: &Organisation, _public_url: &str) -> Option<(PersonRef, Text)> {
        None
    }
    /// By what that entry's messages go, where whoever has such an address; else by what reaches them first.
    fn goes_by(&self, _: &Entry) -> Option<MeansKind> {
        None
    }
    /// What that person's own link in that entry's message answers, and from when on it is needed; none where it asks
    /// nothing of them.
    fn answers(&self, _: &SubjectId, _: &Entry, _: &PersonId) -> Option<(SummonsId, Time)> {
        None
    }
    /// Who may do instead of whoever owes it, and hears of it as soon as it is late.
    fn stands_in(&self, _: &Duty) -> Option<&PersonId> {
        None
    }
    /// Tells people what others do to what they work on.
    fn warns(&self, _: &Entry, _: &Organisation, _public_url: &str) -> Vec<(PersonRef, Text)> {
        Vec::new()
    }
}

impl Kept for Incident {
    fn asks(&self, tried: &Tried, url: &str) -> Text {
        summons(self, tried, url)
    }

    fn alarms(&self, fact: &NobodyReached, public_url: &str) -> Option<Text> {
        Some(alarm(self, fact, public_url))
    }

    fn reminds(&self, duty: &Duty, public_url: &str) -> Option<Text> {
        Some(nag(self, duty, public_url))
    }

    fn misses(&self, entry: &Entry, names: &[&str], org: &Organisation, public_url: &str) -> Option<(PersonRef, Text)> {
        comms::misses(self, entry, names, org, public_url)
    }

    fn stands_in(&self, duty: &Duty) -> Option<&PersonId> {
        self.stands_in(duty).map(|p| &p.id)
    }

    fn warns(&self, entry: &Entry, _: &Organisation, public_url: &str) -> Vec<(PersonRef, Text)> {
        match &entry.fact {
            Fact::FollowedUp(fact) if fact.by == FollowUpBy::Message => {
                fact.people.iter().map(|p| (p.clone(), is_over(self, fact))).collect()
            }
            Fact::UpdateDrafted(_) | Fact::UpdateReturned(_) | Fact::UpdateSent(_) => {
                comms::texts(self, entry, public_url)
            }
            Fact::TaskSet(fact) if entry.author.person() != Some(&fact.assignee) => {
                vec![(fact.assignee.clone(), task(self, fact, entry, public_url))]
            }
            _ => gathering::texts(self, entry, public_url),
        }
    }

    fn answers(&self, subject: &SubjectId, entry: &Entry, person: &PersonId) -> Option<(SummonsId, Time)> {
        let is_of = |people: &[PersonRef]| people.iter().any(|p| p.id == *person);
        match &entry.fact {
            Fact::ConferenceCalled(fact) if is_of(&fact.invited) => {
                Some((invitation(subject, fact.call), fact.starts_at))
            }
            Fact::UpdateSent(fact) if is_of(&fact.people) => Some((reading(subject, fact.update), entry.recorded_at)),
            _ => None,
        }
    }

    fn goes_by(&self, entry: &Entry) -> Option<MeansKind> {
        let fact = match &entry.fact {
            Fact::UpdateSent(fact) => fact,
            // What stands in calendars goes there; what begins now goes where it is seen soonest.
            Fact::ConferenceCalled(f) if f.version > 0 || f.starts_at > entry.recorded_at => {
                return Some(MeansKind::Email);
            }
            Fact::ConferenceCancelled(_) => return Some(MeansKind::Email),
            _ => return None,
        };
        match fact.through {
            Through::Email => Some(MeansKind::Email),
            Through::Text => Some(MeansKind::Sms),
            Through::Push => Some(MeansKind::Push),
            Through::Call | Through::Meeting | Through::Web => None,
        }
    }
}

/// A task is told to whoever is to do it, and not only once it is late.
fn task(incident: &Incident, fact: &TaskSet, entry: &Entry, public_url: &str) -> Text {
    let (number, by) = (&incident.number, entry.author.name());
    let due = clock(fact.due, entry.recorded_at, &incident.terms.time_zone);
    let url = format!("{public_url}/incidents/{number}/plan");
    let subject = format!("{number}: {by} asks you to do something by {due}");
    let what = format!("{} Incident: {}", sentence(&fact.what), sentence(&incident.title));
    Text {
        person: String::new(),
        text: format!("{subject}. {what} {url}"),
        body: format!("{subject}.\n\n{what}\n\nSay there what came of it:\n{url}\n"),
        subject,
        link: Some(url),
        urgent: true,
        event: None,
    }
}

fn summons(incident: &Incident, tried: &Tried, url: &str) -> Text {
    let summons = incident.summons(&tried.summons);
    let about = summons.map_or("", |s| s.about.as_str());
    let purpose = summons.map_or(Purpose::TakeCharge, |s| s.purpose);
    let number = &incident.number;
    let ask = match purpose {
        Purpose::TakeCharge => "Nobody has it yet. Whoever takes it is Incident Manager.",
        Purpose::Assist => "The Incident Manager needs your help.",
        Purpose::HandOver => "You are asked to become Incident Manager.",
        Purpose::Release => "You are asked to let it happen.",
        Purpose::Input => return question(incident, tried, url),
        Purpose::Tell => return telling(incident, tried, url),
        Purpose::Communicate => "You are asked to become Communications Manager.",
    };
    // Whoever is asked to take it over reads how things stand.
    let brief = incident.roles.hand_over(&tried.summons);
    let brief =
        brief.map_or_else(String::new, |h| format!("\n{} asks you: {}\n\n{}\n", h.by, sentence(&h.reason), h.brief));
    let since = incident.went_down.map_or_else(String::new, |down| {
        let about = if down.estimate { "about " } else { "" };
        format!("\nDown since {about}{}.", clock(down.at, incident.last_recorded_at, &incident.terms.time_zone))
    });
    let manager = incident.manager.as_ref().map_or_else(String::new, |m| format!("\nIncident Manager: {}.", m.person));
    let place = gathering::where_to(incident.presence_of(&tried.person.id));
    let short = if incident.presence_of(&tried.person.id) == Presence::EitherWay { "" } else { &format!(" {place}") };
    let body = format!(
        "{title}\n{since}{manager}\n{ask}\n{place}\n{brief}\nAnswer here, with one tap and no password: I take it, I know, or I cannot.\n{url}\n\n\
         This link is yours alone. Opening it answers nothing.\nIf you do not answer, the next person is asked.\n\
         {organisation}, incident {number}\n",
        title = sentence(&incident.title),
        organisation = incident.terms.organisation,
    );
    Text {
        person: tried.person.name.clone(),
        subject: format!("{number} needs you: {about}"),
        text: format!("{number}: {} {ask}{short} Answer: {url}", sentence(&incident.title)),
        body,
        link: Some(url.to_owned()),
        urgent: true,
        event: None,
    }
}

/// Tells somebody who must be told directly. A message tells them nothing that counts, so it asks to be rung back.
fn telling(incident: &Incident, tried: &Tried, url: &str) -> Text {
    let (number, title) = (&incident.number, sentence(&incident.title));
    let ring = incident.manager.as_ref().map_or_else(
        || "Nobody is Incident Manager yet.".to_owned(),
        |m| {
            let numbers = incident.numbers_of(&m.person.id);
            let at = if numbers.is_empty() { String::new() } else { format!(" on {}", numbers.join(" or ")) };
            format!("Please ring {}, Incident Manager{at}: a message does not count as having told you.", m.person)
        },
    );
    Text {
        person: tried.person.name.clone(),
        subject: format!("{number}, you must know: {}", incident.title),
        text: format!("{number}: {title} {ring} Answer: {url}"),
        body: format!(
            "You must be told of this directly:\n\n{title}\n\n{}\n\n{ring}\n\nSay here that you have read it:\n{url}\n\n\
             This link is yours alone. Opening it answers nothing.\n{organisation}, incident {number}\n",
            incident.brief(incident.last_recorded_at),
            organisation = incident.terms.organisation,
        ),
        link: Some(url.to_owned()),
        urgent: true,
        event: None,
    }
}

/// Tells somebody who was contacted that it is over.
fn is_over(incident: &Incident, fact: &FollowedUp) -> Text {
    let number = &incident.number;
    let organisation = &incident.terms.organisation;
    Text {
        person: String::new(),
        subject: format!("{number} is over: {}", incident.title),
        text: format!("{number}: {}", fact.text),
        body: format!(
            "{}\n\nYou were told of it, or we tried to tell you, while it lasted. Nothing is asked of you.\n{organisation}, incident {number}\n",
            fact.text
        ),
        link: None,
        urgent: false,
        event: None,
    }
}

/// Asks somebody for what they know: it takes nothing on to answer.
fn question(incident: &Incident, tried: &Tried, url: &str) -> Text {
    let asked = incident.plan.question_of(&tried.summons).map(|q| &q.asked);
    let (by, text) = asked.map_or(("Somebody", ""), |asked| (asked.by.as_str(), asked.text.as_str()));
    let (number, title) = (&incident.number, sentence(&incident.title));
    let line: String = muster_core::words::one_line(text).chars().take(muster_core::incident::LINE_MAX).collect();
    Text {
        person: tried.person.name.clone(),
        subject: format!("{number}, a question: {line}"),
        text: format!("{number}: {title} {by} asks: {} Answer: {url}", sentence(&line)),
        body: format!(
            "{by} asks you:\n\n{text}\n\nIt is about incident {number}: {title}\n\nAnswer here in a few words, with no \
             password. You take nothing on by it.\n{url}\n\nThis link is yours alone. Opening it answers nothing.\n\
             {organisation}, incident {number}\n",
            organisation = incident.terms.organisation,
        ),
        link: Some(url.to_owned()),
        urgent: true,
        event: None,
    }
}

fn alarm(incident: &Incident, fact: &NobodyReached, public_url: &str) -> Text {
    let url = format!("{public_url}/incidents/{}", incident.number);
    let names: Vec<_> = fact.tried.iter().map(|p| p.name.as_str()).collect();
    let summons = incident.summons(&fact.summons);
    let told = summons.filter(|s| s.purpose == Purpose::Tell);
    let tried = match (names.is_empty(), told) {
        (true, Some(tell)) => format!("Nobody has spoken to {}, and Muster cannot ring them.", tell.about),
        (true, None) => "There is nobody in the directory to ask.".to_owned(),
        (false, _) => format!("Tried in vain, round {}: {}.", fact.round, names.join(", ")),
    };
    let goes_on = match names.is_empty() {
        true => "Muster says so again until somebody steps in.",
        false => "Muster goes on trying.",
    };
    let number = &incident.number;
    let title = sentence(&incident.title);
    let ring = to_ring(incident, fact);
    // Whoever reads it at night must not think that nobody has it when somebody does.
    let (what, ask) = match summons.map(|s| (s.purpose, s.about.as_str())) {
        Some((Purpose::Tell, about)) => {
            (format!("{} not told yet", upper_first(about)), "Please ring one of them, and write it down.")
        }
        Some((Purpose::Communicate, _)) => {
            ("no Communications Manager yet".to_owned(), "Please ring one of them, or speak for it yourself.")
        }
        Some((Purpose::Assist | Purpose::HandOver | Purpose::Input | Purpose::Release, _)) => {
            ("nobody who was asked has answered".to_owned(), "Please ring one of them.")
        }
        Some((Purpose::TakeCharge, _)) | None => {
            ("NOBODY REACHED".to_owned(), "Please step in: ring somebody, or take it yourself.")
        }
    };
    let leads = match &incident.manager {
        Some(manager) => format!("{} is Incident Manager.", manager.person),
        None => "Nobody is Incident Manager.".to_owned(),
    };
    Text {
        person: String::new(),
        subject: format!("{what}, {number}: {}", incident.title),
        text: format!("{number}: {what}. {title} {leads} {tried} Step in: {url}"),
        body: format!(
            "{title}\n\n{leads} {tried}\n{goes_on} {ask}\n{ring}\n\
             The incident, for who can sign in:\n{url}\n"
        ),
        link: Some(url),
        urgent: true,
        event: None,
    }
}

/// Whom a person can ring, each on a line: everybody whom that search asks, with their numbers.
fn to_ring(incident: &Incident, fact: &NobodyReached) -> String {
    let chain = incident.summons(&fact.summons).map_or(&[][..], |s| &s.chain);
    let line = |c: &Candidate| {
        let numbers = c.numbers().collect::<Vec<_>>().join(", ");
        (!numbers.is_empty()).then(|| format!("  {}: {numbers}\n", c.person.name))
    };
    let lines: String = chain.iter().filter_map(line).collect();
    if lines.is_empty() { "The directory has no telephone number of theirs.\n".into() } else { lines }
}

fn nag(incident: &Incident, duty: &Duty, public_url: &str) -> Text {
    let place = match duty.id.kind {
        DutyKind::Task => "/plan",
        DutyKind::Review | DutyKind::Conference | DutyKind::ProgressMeeting | DutyKind::FollowUp => "/meetings",
        DutyKind::Triage => "/triage",
        DutyKind::Update | DutyKind::SignUpdate => "/comms",
        _ => "",
    };
    let url = format!("{public_url}/incidents/{}{place}", incident.number);
    let number = &incident.number;
    let due = clock(duty.due, incident.last_recorded_at, &incident.terms.time_zone);
    Text {
        person: String::new(),
        subject: format!("{number}, late: {}", duty.what),
        text: format!("{number}: {} was due at {due}. {url}", duty.what),
        body: format!("{}\n\n{} was due at {due}.\n{url}\n", sentence(&incident.title), duty.what),
        link: Some(url),
        urgent: false,
        event: None,
    }
}
