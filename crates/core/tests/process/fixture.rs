//! A small organisation, an alert, and a log to which things happen.

use muster_core::alert::{Account, Alert, OpenIncident, Placement, Signal, Status, place};
use muster_core::calendar::{Day, UsageHours, WeeklyHours};
use muster_core::contact::{Answer, MeansKind, Outcome, Proof};
use muster_core::directory::{About, Area, Means, Organisation, Person, Population, Role};
use muster_core::duty::{Duty, DutyKind, duties, next_due};
use muster_core::entry::{Entry, Fact, Told, Tried, Via};
use muster_core::ids::{PersonId, PersonRef, SubjectId, SummonsId, SystemId};
use muster_core::incident::{Act, AlertNews, Command, Declaration, Incident, OpenBy, Scene, Standing, State, decide};
use muster_core::policy::{Policy, TellDirectly, Whom};
use muster_core::refusal::Refusal;
use muster_core::subject::Subject;
use muster_core::summons::Summons;
use muster_core::system::{Condition, Rule, Scope, System};
use muster_core::{Span, Time, later};

/// A Tuesday morning, in everybody's usage hours.
pub const START: &str = "2026-11-17T09:00:00Z";

pub fn t(text: &str) -> Time {
    text.parse().unwrap()
}

pub fn minutes(m: i64) -> Span {
    Span::from_mins(m)
}

/// The instant that many minutes after [`START`].
pub fn at(m: i64) -> Time {
    later(t(START), minutes(m))
}

pub fn by(kind: MeansKind, to: &str) -> Means {
    Means { kind, to: to.into(), wait: None }
}

fn person(name: &str, role: Role, means: Vec<Means>) -> Person {
    Person { name: name.into(), role, means, ..Person::default() }
}

pub fn ids<T: for<'a> From<&'a str>, C: FromIterator<T>>(names: &[&str]) -> C {
    names.iter().map(|n| T::from(n)).collect()
}

/// The server team (Priya, Marta; Daniel and Ruth above them) runs an organisation-wide directory, on
/// which an organisation-wide email depends, and a departmental printing. Ben and Adaeze support users.
/// Ada administers.
pub fn org() -> Organisation {
    let push_and_call = |n: &str| vec![by(MeansKind::Push, &format!("topic-{n}")), by(MeansKind::Call, n)];
    let people = [
        ("priya", person("Priya Raman", Role::Responder, push_and_call("101"))),
        ("marta", person("Marta Lindqvist", Role::Responder, vec![by(MeansKind::Call, "102")])),
        ("daniel", person("Daniel Osei", Role::Manager, vec![by(MeansKind::Call, "103")])),
        ("ruth", person("Ruth Abernathy", Role::Manager, vec![by(MeansKind::Email, "ruth@example.org")])),
        ("ben", person("Ben Tallis", Role::Responder, vec![by(MeansKind::Call, "105")])),
        ("adaeze", person("Adaeze Okonkwo", Role::Communicator, vec![by(MeansKind::Call, "106")])),
        ("ada", person("Ada Quist", Role::Administrator, vec![by(MeansKind::Email, "ada@example.org")])),
        ("silent", person("Silent Sam", Role::Responder, Vec::new())),
        ("left", Person { gone: true, ..person("Gone Gus", Role::Responder, push_and_call("109")) }),
    ];
    let server = Area {
        name: "Server team".into(),
        members: ids(&["priya", "marta"]),
        supervisors: Vec::new(),
        management: ids(&["daniel", "ruth"]),
    };
    let support = Area {
        name: "User support".into(),
        members: ids(&["ben"]),
        supervisors: ids(&["ben", "adaeze"]),
        management: ids(&["ruth"]),
    };
    let system = |name: &str, scope, contacts: &[&str], depends_on: &[&str]| System {
        name: name.into(),
        scope,
        contacts: ids(contacts),
        depends_on: ids(depends_on),
        ..System::default()
    };
    let directory = System {
        owner: Some("ruth".into()),
        populations: ids(&["staff", "students"]),
        ..system("Directory", Scope::OrganisationWide, &["priya", "marta"], &[])
    };
    let email =
        System { populations: ids(&["staff"]), ..system("Email", Scope::OrganisationWide, &["marta"], &["directory"]) };
    let printing = system("Printing", Scope::Departmental, &["marta"], &[]);
    let population = |name: &str, head_count| Population { name: name.into(), head_count, ..Population::default() };
    let tell = |name: &str, area: &str, whom| TellDirectly {
        name: name.into(),
        area: area.into(),
        whom,
        after_triage: minutes(10),
        after_discovery: minutes(30),
    };
    Organisation {
        organisation: About { name: "Northmere".into(), time_zone: "Europe/London".into(), ..About::default() },
        people: people.into_iter().map(|(id, p)| (id.into(), p)).collect(),
        areas: [("server".into(), server), ("user-support".into(), support)].into(),
        populations: [
            ("staff".into(), population("All staff", 3_120)),
            ("students".into(), population("All students", 18_400)),
        ]
        .into(),
        systems: [("directory".into(), directory), ("email".into(), email), ("printing".into(), printing)].into(),
        rules: ["directory", "email", "printing"].map(|s| rule(s, s)).into(),
        policy: Policy {
            tell_directly: vec![
                tell("User support", "user-support", Whom::Supervisors),
                tell("Server management", "server", Whom::Management),
            ],
            calls_by_itself: false, // telling.rs tests that it does
            ..Policy::default()
        },
        ..Organisation::default()
    }
}

/// A rule that takes hosts named after a system to be about it; the sender says how bad it is.
pub fn rule(host: &str, system: &str) -> Rule {
    Rule {
        name: format!("hosts of {system}"),
        host: Some(format!("{host}*")),
        system: Some(system.into()),
        ..Rule::default()
    }
}

/// Makes a system used on weekdays from 08:00 to 18:00 only.
pub fn office_hours(org: &mut Organisation, system: &str) {
    let weekly = WeeklyHours {
        days: [Day::Mon, Day::Tue, Day::Wed, Day::Thu, Day::Fri].into(),
        from: "08:00".parse().unwrap(),
        to: "18:00".parse().unwrap(),
    };
    let hours = UsageHours { weekly: vec![weekly], ..UsageHours::default() };
    org.systems.get_mut(&SystemId::from(system)).unwrap().usage_hours = hours;
}

/// An alert that came in at [`START`] for something that the sender saw happen at that moment.
pub fn alert(host: &str, condition: Condition) -> Alert {
    let signal = Signal {
        key: format!("{host}/check"),
        status: Status::Firing,
        title: format!("{host} does not answer"),
        host: format!("{host}-01"),
        service: "check".into(),
        detail: "3 of 3 probes failed".into(),
        labels: Default::default(),
        condition,
        happened_at: Some(at(0)),
        ends_at: None,
        link: None,
    };
    Alert {
        id: format!("alert-{host}").as_str().into(),
        intake: "nagios".into(),
        signal,
        went_down_at: at(0),
        first_at: at(0),
        last_at: at(0),
        signals: 1,
        account: Account::Watched,
        subject: None,
    }
}

/// The same alert, down since `down` by its sender and accepted at `accepted`.
pub fn spooled(alert: Alert, down: Time, accepted: Time) -> Alert {
    let signal = Signal { happened_at: Some(down), ..alert.signal };
    Alert { signal, went_down_at: down, first_at: accepted, last_at: accepted, ..alert }
}

pub fn placed(alert: &Alert, org: &Organisation, now: Time) -> Placement {
    place(alert, org, &[], now)
}

/// An open incident on these systems, down since [`START`].
pub fn open_incident(systems: &[&str]) -> OpenIncident {
    OpenIncident {
        subject: "subject-1".into(),
        number: "2026-001".into(),
        systems: ids(systems),
        since: at(0),
        newest: at(0),
        has_same_key: false,
        is_restricted: false,
    }
}

/// What the engine tells an incident about an alert that a rule put there.
pub fn news(alert: Alert) -> AlertNews {
    AlertNews {
        condition: alert.signal.condition,
        system: alert.signal.host.strip_suffix("-01").map(SystemId::from).filter(|s| org().systems.contains_key(s)),
        source: "Nagios, data centre A".into(),
        why: "organisation-wide down, in usage hours, rule “hosts”".into(),
        alert,
    }
}

/// One incident's log with a clock. Every step checks what must always hold.
pub struct Log {
    pub org: Organisation,
    pub now: Time,
    pub up_since: Time,
    pub entries: Vec<Entry>,
    incident: Option<Incident>,
    subject: SubjectId,
}

impl Log {
    pub fn new(org: Organisation) -> Self {
        let subject = SubjectId::from("subject-1");
        Self { org, now: at(0), up_since: t("2026-01-01T00:00:00Z"), entries: Vec::new(), incident: None, subject }
    }

    /// Opened by an alert that the directory is down.
    pub fn suspected() -> Self {
        Self::suspected_in(org())
    }

    /// An open incident of Priya's, at minute 0, in an organisation whose management nobody has to tell level by level.
    pub fn open() -> Self {
        let mut org = org();
        org.policy.escalation.clear();
        let mut log = Self::suspected_in(org);
        log.answer("priya", Answer::Take);
        log.act("priya", Act::Confirm);
        log
    }

    pub fn suspected_in(org: Organisation) -> Self {
        Self::opened_by(org, alert("directory", Condition::Down))
    }

    pub fn opened_by(org: Organisation, alert: Alert) -> Self {
        let mut log = Self::new(org);
        log.now = alert.first_at.max(log.now);
        log.does(Command::Open { number: "2026-001".into(), by: OpenBy::Alert(news(alert)) });
        log
    }

    /// Declared by Priya, who names no system, so that nobody else is called.
    pub fn declared() -> Self {
        let mut log = Self::new(org());
        log.does(Command::Open { number: "2026-001".into(), by: OpenBy::Person(log.declaration("priya")) });
        log
    }

    pub fn declaration(&self, by: &str) -> Declaration {
        Declaration {
            by: self.person(by),
            title: "Nobody can sign in".into(),
            told: Told::SawIt,
            went_down: None,
            manager: None,
            discovered_at: None,
            affected: None,
            severity: None,
            system: None,
        }
    }

    pub fn person(&self, id: &str) -> PersonRef {
        self.org.person_ref(&PersonId::from(id))
    }

    pub fn incident(&self) -> &Incident {
        self.incident.as_ref().expect("the log has begun")
    }

    /// Sends a command; the facts it led to, or why it was refused.
    pub fn sends(&mut self, command: Command) -> Result<Vec<Fact>, Refusal> {
        let facts = self.decides(&command)?;
        self.assert_stored();
        Ok(facts)
    }

    /// The same, without folding the whole log again.
    pub fn decides(&mut self, command: &Command) -> Result<Vec<Fact>, Refusal> {
        let scene = Scene {
            now: self.now,
            up_since: self.up_since,
            subject: &self.subject,
            org: &self.org,
            channels: &MeansKind::ALL,
        };
        let decision = decide(self.incident.as_ref(), command, scene)?;
        let facts = decision.entries.iter().map(|e| e.fact.clone()).collect();
        self.entries.extend(decision.entries);
        self.incident = Some(decision.folded);
        self.assert_moving();
        Ok(facts)
    }

    pub fn does(&mut self, command: Command) -> Vec<Fact> {
        self.sends(command.clone()).unwrap_or_else(|refusal| panic!("{command:?}: {refusal}"))
    }

    pub fn acts(&mut self, by: &str, act: Act) -> Result<Vec<Fact>, Refusal> {
        let by = self.person(by);
        self.sends(Command::Act { by, act })
    }

    pub fn act(&mut self, by: &str, act: Act) -> Vec<Fact> {
        self.acts(by, act.clone()).unwrap_or_else(|refusal| panic!("{by} {act:?}: {refusal}"))
    }

    /// The clock goes on to that many minutes after [`START`]. The engine ticks whenever something is due.
    pub fn at(&mut self, m: i64) -> Vec<Fact> {
        self.until(at(m))
    }

    pub fn until(&mut self, then: Time) -> Vec<Fact> {
        let mut facts = Vec::new();
        while let Some(due) = next_due(self.incident(), self.now, self.up_since).filter(|due| *due <= then) {
            assert!(due > self.now, "at {} something is due at {due} and not done", self.now);
            self.now = due;
            facts.extend(self.decides(&Command::Tick).unwrap());
        }
        self.now = then;
        facts.extend(self.decides(&Command::Tick).unwrap());
        facts
    }

    /// Muster is away until then, and ticks when it is back.
    pub fn away_until(&mut self, m: i64) -> Vec<Fact> {
        (self.now, self.up_since) = (at(m), at(m));
        self.does(Command::Tick)
    }

    /// The newest summons.
    pub fn summons(&self) -> &Summons {
        self.incident().summonses.last().expect("somebody is looked for")
    }

    pub fn answers(&mut self, who: &str, answer: Answer) -> Result<Vec<Fact>, Refusal> {
        let id = self.summons().id.clone();
        self.answers_to(&id, who, answer)
    }

    pub fn answers_to(&mut self, summons: &SummonsId, who: &str, answer: Answer) -> Result<Vec<Fact>, Refusal> {
        self.sends(Command::Answer { summons: summons.clone(), person: who.into(), answer, via: Via::Link })
    }

    pub fn answer(&mut self, who: &str, answer: Answer) -> Vec<Fact> {
        self.answers(who, answer).unwrap_or_else(|refusal| panic!("{who} {answer:?}: {refusal}"))
    }

    /// The newest try comes out like this.
    pub fn grade(&mut self, outcome: Outcome) -> Vec<Fact> {
        let summons = self.summons();
        let (summons, attempt) = (summons.id.clone(), summons.attempts.last().unwrap().id.clone());
        self.does(Command::Grade { summons, attempt, outcome, detail: String::new() })
    }

    /// A person records that they tried to tell somebody.
    pub fn contact(
        &mut self,
        tell: Option<&str>,
        person: &str,
        means: MeansKind,
        outcome: Outcome,
    ) -> Result<Vec<Fact>, Refusal> {
        let act = Act::Contact {
            tell: tell.map(str::to_owned),
            person: person.into(),
            means,
            outcome,
            said: String::new(),
            happened_at: None,
        };
        self.acts("priya", act)
    }

    pub fn spoke(&mut self, tell: &str, person: &str) -> u64 {
        self.contact(Some(tell), person, MeansKind::Call, Outcome::Reached(Proof::Spoken)).unwrap();
        self.incident().contacts.last().unwrap().entry
    }

    pub fn restore(&mut self, m: i64) -> Vec<Fact> {
        self.act("priya", Act::Restore { at: at(m), cause: String::new(), resolution: "restarted".into() })
    }

    /// Every step that is neither done nor skipped is ticked; what closing does is left to it.
    pub fn settle_checklist(&mut self) {
        let open = self.incident().checked().into_iter().filter(|c| c.standing == Standing::Open);
        let names: Vec<_> = open.map(|c| c.step.name.clone()).collect();
        for step in names.into_iter().filter(|name| name != "review") {
            self.act("priya", Act::TickStep { step });
        }
    }

    pub fn manager(&self) -> Option<&str> {
        self.incident().manager.as_ref().map(|m| m.person.id.as_str())
    }

    pub fn state(&self) -> State {
        self.incident().state
    }

    pub fn duty(&self, kind: DutyKind, occurrence: &str) -> Option<Duty> {
        duties(self.incident()).into_iter().find(|d| d.id.kind == kind && d.id.occurrence.contains(occurrence))
    }

    /// The number of the newest entry that fits.
    pub fn entry(&self, fits: impl Fn(&Fact) -> bool) -> u64 {
        self.entries.iter().rev().find(|e| fits(&e.fact)).expect("such an entry").seq
    }

    /// What must hold of every log, however it came about.
    pub fn assert_stored(&self) {
        let incident = self.incident();
        let seqs: Vec<u64> = self.entries.iter().map(|e| e.seq).collect();
        assert_eq!(seqs, (1..=seqs.len() as u64).collect::<Vec<_>>(), "no gaps");
        assert!(self.entries.is_sorted_by_key(|e| e.recorded_at), "recorded time runs backwards");
        assert!(self.entries.iter().all(|e| e.happened_at <= e.recorded_at.max(self.now)), "from the future");
        assert_eq!(Incident::fold(&self.entries).as_ref(), Some(incident), "the log is the incident");
        for entry in &self.entries {
            assert_eq!(Entry::from_record(&entry.to_record()).unwrap(), *entry, "as stored");
        }
    }

    /// What must hold of every incident: what was due is done, and whoever is missing is looked for.
    fn assert_moving(&self) {
        let incident = self.incident();
        let scene = Scene {
            now: self.now,
            up_since: self.up_since,
            subject: &self.subject,
            org: &self.org,
            channels: &MeansKind::ALL,
        };
        let again = decide(Some(incident), &Command::Tick, scene).unwrap();
        assert_eq!(again.entries, [], "a tick at the same time does nothing more");
        let looked_for = incident.search_for_manager().is_some();
        assert!(
            !incident.state.is_live() || incident.manager.is_some() || looked_for,
            "nobody has it, nobody is looked for"
        );
        for summons in incident.summonses.iter().filter(|s| s.is_live()) {
            let due = next_due(incident, self.now, self.up_since);
            assert!(due.is_some_and(|due| due > self.now), "{} waits for nothing", summons.id);
        }
    }
}

/// Whom the summonses try, by what: `priya push`.
pub fn tries(facts: &[Fact]) -> Vec<String> {
    let said = |fact: &Fact| match fact {
        Fact::Tried(Tried { person, means, .. }) => Some(format!("{} {}", person.id, means.word())),
        Fact::NobodyReached(f) => Some(format!("nobody in round {}", f.round)),
        _ => None,
    };
    facts.iter().filter_map(said).collect()
}

/// The kinds of these facts.
pub fn kinds(facts: &[Fact]) -> Vec<&str> {
    facts.iter().map(Fact::kind).collect()
}
