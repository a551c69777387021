//! A random organisation: small, odd, and valid.

use super::rng::Rng;
use muster_core::Span;
use muster_core::calendar::{Day, UsageHours, WeeklyHours};
use muster_core::communications::{Level, Row, Through, Writer};
use muster_core::contact::MeansKind;
use muster_core::directory::{About, Area, Intake, Means, Organisation, Person, Population, Role};
use muster_core::entry::Severity;
use muster_core::ids::{PersonId, SystemId};
use muster_core::policy::{CommunicatorMarks, Escalate, Policy, TellDirectly, Whom};
use muster_core::system::{Condition, Rule, Scope, System};

/// How hosts, services and senders are called in every simulated organisation.
pub const INTAKES: [&str; 3] = ["nagios", "prometheus", "script"];

pub fn random(rng: &Rng) -> Organisation {
    let about = About {
        name: "Simulated".into(),
        time_zone: (*rng.pick(&["UTC", "Europe/London", "America/New_York", "Asia/Kolkata"]).unwrap()).into(),
        ..About::default()
    };
    let mut org = Organisation { organisation: about, ..Organisation::default() };
    let people = usize::try_from(rng.range(4, 9)).unwrap();
    for n in 0..people {
        let role = if n == 0 { Role::Administrator } else { *rng.pick(&[Role::Responder, Role::Manager]).unwrap() };
        let means = means(rng, n == 0);
        org.people.insert(id(n), Person { name: format!("Person {n}"), role, means, ..Person::default() });
    }
    for name in ["server", "support"] {
        let area = Area {
            name: name.into(),
            members: some(rng, people, 3),
            supervisors: some(rng, people, 2),
            management: some(rng, people, 2),
        };
        org.areas.insert(name.into(), area);
    }
    org.populations
        .insert("all".into(), Population { name: "Everybody".into(), head_count: 900, ..Default::default() });
    for n in 0..rng.range(2, 5) {
        let depends_on = (0..n).filter(|_| rng.chance(30)).map(|d| SystemId(format!("sys{d}"))).collect();
        let system = System {
            name: format!("System {n}"),
            scope: if rng.chance(50) { Scope::OrganisationWide } else { Scope::Departmental },
            contacts: some(rng, people, 3),
            owner: rng.chance(40).then(|| id(usize::try_from(rng.range(0, people as u64 - 1)).unwrap())),
            management: if rng.chance(20) { some(rng, people, 2) } else { Vec::new() },
            depends_on,
            populations: [muster_core::ids::PopulationId::from("all")].into(),
            usage_hours: if rng.chance(75) { UsageHours::default() } else { office() },
            ..System::default()
        };
        org.systems.insert(SystemId(format!("sys{n}")), system);
        let condition = *rng.pick(&[None, None, Some(Condition::Down), Some(Condition::Degraded)]).unwrap();
        org.rules.push(Rule {
            name: format!("hosts of {n}"),
            host: Some(format!("sys{n}-*")),
            system: Some(SystemId(format!("sys{n}"))),
            condition,
            ..Rule::default()
        });
    }
    org.rules.insert(
        0,
        Rule {
            name: "chatter".into(),
            service: Some("info*".into()),
            condition: Some(Condition::Information),
            ..Rule::default()
        },
    );
    for name in INTAKES {
        org.intake.insert(name.into(), Intake { name: format!("Sender {name}") });
    }
    org.policy = policy(rng);
    let audience = |nth: usize, signer: Option<PersonId>| Row {
        audience: format!("Audience {nth}"),
        level: Level::ALL[nth],
        people: org.people.keys().take(2).cloned().collect(),
        area: None,
        whom: None,
        populations: Vec::new(),
        besides: if nth == 1 { vec!["All staff: the portal".into()] } else { Vec::new() },
        owners: true,
        update: "what they see".into(),
        through: Through::Email,
        bridge: String::new(),
        every: org.policy.review_every,
        author: if nth == 1 { Writer::Manager } else { Writer::Communicator },
        deputy: signer.as_ref().and_then(|_| org.people.keys().nth(1).cloned()),
        signer,
        deputy_after: org.policy.answer_wait,
    };
    org.communications = vec![audience(1, None), audience(2, org.people.keys().next().cloned())];
    org
}

pub fn policy(rng: &Rng) -> Policy {
    let minutes = |low, high| Span::from_mins(rng.span(low, high));
    let tell = |name: &str, area: &str, whom| TellDirectly {
        name: name.into(),
        area: area.into(),
        whom,
        after_triage: Span::from_mins(10),
        after_discovery: minutes(10, 30),
    };
    Policy {
        disruption_after: minutes(3, 15),
        open_unanswered_after: minutes(5, 20),
        join_within: minutes(10, 40),
        reach_within: minutes(5, 15),
        answer_wait: Span::from_secs(rng.span(20, 300)),
        tell_directly: vec![
            tell("User support", "support", Whom::Supervisors),
            tell("IT management", "server", Whom::Management),
        ],
        calls_by_itself: rng.chance(60),
        calls_before_due: minutes(2, 12),
        escalation: vec![
            Escalate {
                level: 1,
                after: rng.chance(70).then(|| minutes(10, 40)),
                severity: rng.pick(&Severity::ALL).copied(),
                within: minutes(5, 15),
            },
            Escalate { level: 2, after: Some(minutes(40, 120)), severity: None, within: minutes(5, 30) },
        ],
        communicator: CommunicatorMarks {
            severity: rng.pick(&Severity::ALL).copied(),
            after: rng.chance(60).then(|| minutes(10, 90)),
            asking: rng.chance(60).then_some(5),
            within: minutes(5, 15),
            area: rng.chance(70).then(|| "support".into()),
        },
        nag_every: minutes(2, 15),
        nags_at_most: u32::try_from(rng.range(2, 6)).unwrap(),
        fallback_area: rng.chance(70).then(|| "server".into()),
        ..Policy::default()
    }
}

pub fn id(n: usize) -> PersonId {
    PersonId(format!("p{n}"))
}

fn some(rng: &Rng, people: usize, most: u64) -> Vec<PersonId> {
    let mut chosen: Vec<PersonId> = Vec::new();
    for _ in 0..rng.range(0, most) {
        let one = id(usize::try_from(rng.range(0, people as u64 - 1)).unwrap());
        if !chosen.contains(&one) {
            chosen.push(one);
        }
    }
    chosen
}

pub fn means(rng: &Rng, at_least_one: bool) -> Vec<Means> {
    let kinds = [MeansKind::Call, MeansKind::Sms, MeansKind::Email, MeansKind::Push, MeansKind::InPerson];
    let to = |kind, n, drawn| match kind {
        MeansKind::Call | MeansKind::Sms => format!("07700 90{n} {drawn}"),
        MeansKind::Email => format!("to-{n}-{drawn}@example.org"),
        MeansKind::Push | MeansKind::InPerson | MeansKind::Webhook => format!("to-{n}-{drawn}"),
    };
    let one = |kind, n| Means {
        kind,
        to: to(kind, n, rng.range(100, 999)),
        wait: *rng.pick(&[None, None, Some(Span::ZERO), Some(Span::from_secs(45)), Some(Span::from_mins(3))]).unwrap(),
    };
    (0..rng.range(u64::from(at_least_one), 3)).map(|n| one(*rng.pick(&kinds).unwrap(), n)).collect()
}

fn office() -> UsageHours {
    let clock = |hour| jiff::civil::time(hour, 0, 0, 0);
    UsageHours {
        weekly: vec![WeeklyHours {
            days: [Day::Mon, Day::Tue, Day::Wed, Day::Thu, Day::Fri].into(),
            from: clock(8),
            to: clock(18),
        }],
        ..UsageHours::default()
    }
}
