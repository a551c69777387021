//! A small organisation and one incident in it, told minute by minute, for tests of what pages show.
#![allow(missing_docs, reason = "only for tests")]

use super::Eyes;
use crate::web::view::time::Times;
use askama::Template;
use jiff::tz::TimeZone;
use muster_core::Time;
use muster_core::alert::{Account, Alert, Signal, Status};
use muster_core::contact::{Answer, MeansKind, Outcome};
use muster_core::directory::{Area, Means, Organisation, Person, Population, Role};
use muster_core::entry::{Entry, Moment, Told, Via};
use muster_core::ids::{PersonId, SubjectId};
use muster_core::incident::{Act, AlertNews, Command, Declaration, Incident, OpenBy, Scene, decide};
use muster_core::policy::{TellDirectly, Whom};
use muster_core::refusal::Refusal;
use muster_core::system::{Condition, Scope, System};
use muster_core::{Span, later};

/// That many minutes after service went down, at 02:31 GMT on Tuesday 17 November 2026.
pub fn at(minutes: i64) -> Time {
    let down: Time = "2026-11-17T02:31:00Z".parse().unwrap();
    later(down, Span::from_mins(minutes))
}

/// What a part of a page says, without markup and with plain blanks.
pub fn plain(part: &impl std::fmt::Display) -> String {
    let html = part.to_string();
    let mut text = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            '\u{a0}' if !inside => text.push(' '),
            c if !inside => text.push(c),
            _ => {}
        }
    }
    if text.trim().is_empty() { html } else { text.trim().to_owned() }
}

/// Renders a page whole.
pub fn html(page: &impl Template) -> String {
    page.render().unwrap()
}

/// The eyes of that person: `reader` only reads, `boss` manages, everybody else works on incidents.
pub fn eyes_of<'a>(me: &'static str, times: &'a Times) -> Eyes<'a> {
    let role = match me {
        "reader" => Role::Reader,
        "boss" => Role::Manager,
        _ => Role::Responder,
    };
    Eyes { me: Box::leak(Box::new(PersonId::from(me))), role, times }
}

/// The organisation.
pub fn org() -> Organisation {
    let mut org = Organisation::default();
    org.organisation.name = "Northmere University".into();
    org.organisation.time_zone = "Europe/London".into();
    for (id, name, role, kind) in [
        ("priya", "Priya Raman", Role::Responder, MeansKind::Push),
        ("ben", "Ben Tallis", Role::Responder, MeansKind::Push),
        ("ana", "Ana Nunes", Role::Responder, MeansKind::Push),
        ("adaeze", "Adaeze Okonkwo", Role::Responder, MeansKind::Call),
        ("ruth", "Ruth Abernathy", Role::Manager, MeansKind::Call),
        ("daniel", "Daniel Osei", Role::Manager, MeansKind::Call),
        ("boss", "Helen Marsh", Role::Manager, MeansKind::Call),
        ("reader", "Rita Reader", Role::Reader, MeansKind::Email),
    ] {
        let means = vec![Means { kind, to: format!("+44 7700 900 {id}"), wait: None }];
        org.people.insert(id.into(), Person { name: name.into(), role, means, ..Person::default() });
    }
    let ids = |names: &[&str]| names.iter().map(|n| PersonId::from(*n)).collect();
    org.areas.insert(
        "support".into(),
        Area { name: "User support".into(), supervisors: ids(&["adaeze"]), ..Area::default() },
    );
    org.areas.insert(
        "servers".into(),
        Area { name: "Servers".into(), management: ids(&["ruth", "daniel"]), ..Area::default() },
    );
    let students = Population { name: "All students".into(), head_count: 18_400, ..Population::default() };
    org.populations.insert("students".into(), students);
    let system = |name: &str, contacts: &[&str]| System {
        name: name.into(),
        scope: Scope::OrganisationWide,
        contacts: ids(contacts),
        populations: [("students".into())].into(),
        ..System::default()
    };
    org.systems.insert("email".into(), system("Email", &["priya", "ben"]));
    org.systems.insert("wifi".into(), system("Wireless", &[]));
    let tell = |name: &str, area: &str, whom| TellDirectly {
        name: name.into(),
        area: area.into(),
        whom,
        after_triage: Span::from_mins(10),
        after_discovery: Span::from_mins(30),
    };
    org.policy.tell_directly = vec![
        tell("User support", "support", Whom::Supervisors),
        tell("Server team management", "servers", Whom::Management),
    ];
    org
}

/// An incident, minute by minute.
pub struct Story {
    pub org: Organisation,
    pub entries: Vec<Entry>,
    incident: Option<Incident>,
}

impl Story {
    fn begin(minute: i64, by: OpenBy) -> Self {
        let mut story = Self { org: org(), entries: Vec::new(), incident: None };
        story.tell(minute, &Command::Open { number: "2026-041".into(), by }).unwrap();
        story
    }

    /// At minute 1 an alert of minute 0 about Email is there.
    pub fn by_alert() -> Self {
        let signal = Signal {
            key: "k".into(),
            status: Status::Firing,
            title: "IMAP refuses log-ins".into(),
            host: "mail-01".into(),
            service: "imap".into(),
            detail: "<b>CRITICAL</b>: timeout".into(),
            labels: Default::default(),
            condition: Condition::Down,
            happened_at: Some(at(0)),
            ends_at: None,
            link: None,
        };
        let alert = Alert {
            id: "a1".into(),
            intake: "nagios".into(),
            signal,
            went_down_at: at(0),
            first_at: at(1),
            last_at: at(1),
            signals: 1,
            account: Account::Watched,
            subject: None,
        };
        let news = AlertNews {
            alert,
            source: "Nagios".into(),
            condition: Condition::Down,
            system: Some("email".into()),
            why: "in usage hours, rule “mail”".into(),
        };
        Self::begin(1, OpenBy::Alert(news))
    }

    /// At minute 0 Ana declares it.
    pub fn by_person() -> Self {
        let by = org().person_ref(&"ana".into());
        Self::begin(
            0,
            OpenBy::Person(Declaration {
                by,
                title: "Nobody can log in to email".into(),
                told: Told::SawIt,
                went_down: Some(Moment { at: at(0), estimate: true }),
                manager: None,
                discovered_at: None,
                affected: None,
                severity: None,
                system: Some("email".into()),
            }),
        )
    }

    /// Does it, or says why not.
    pub fn tell(&mut self, minute: i64, command: &Command) -> Result<(), Refusal> {
        let subject = SubjectId::from("s1");
        let scene =
            Scene { now: at(minute), up_since: at(0), subject: &subject, org: &self.org, channels: &MeansKind::ALL };
        let decision = decide(self.incident.as_ref(), command, scene)?;
        self.entries.extend(decision.entries);
        self.incident = Some(decision.folded);
        Ok(())
    }

    pub fn act(&mut self, minute: i64, by: &str, act: Act) -> u64 {
        let by = self.org.person_ref(&by.into());
        let first = self.entries.len();
        self.tell(minute, &Command::Act { by, act }).unwrap();
        self.entries[first].seq
    }

    pub fn contact(&mut self, minute: i64, tell: &str, person: &str, means: MeansKind, outcome: Outcome) -> u64 {
        let (tell, person) = (Some(tell.to_owned()), person.into());
        self.act(minute, "ana", Act::Contact { tell, person, means, outcome, said: String::new(), happened_at: None })
    }

    pub fn take_back(&mut self, minute: i64, by: &str, entry: u64) -> u64 {
        self.act(minute, by, Act::TakeBack { entry, reason: "that was somebody else".into() })
    }

    pub fn restore(&mut self, minute: i64, by: &str) -> u64 {
        let resolution = "The disk was replaced.".into();
        self.act(minute, by, Act::Restore { at: at(minute - 1), cause: String::new(), resolution })
    }

    pub fn answer(&mut self, minute: i64, person: &str, answer: Answer) {
        let summons = self.incident().summonses[0].id.clone();
        self.tell(minute, &Command::Answer { summons, person: person.into(), answer, via: Via::Link }).unwrap();
    }

    pub fn incident(&self) -> Incident {
        self.incident.clone().unwrap()
    }

    pub fn times(&self, minute: i64) -> Times {
        Times::new(at(minute), TimeZone::get("Europe/London").unwrap())
    }
}
