//! An organisation of 5,000, and a full outage of the system on which everything there depends: driven from the first alert
//! to restoration, follow-up and close, while whole lists of people do not answer.

use super::audit::{Finding, Told};
use super::organisation::{self, INTAKES, id, means};
use super::rng::Rng;
use super::run::{Broken, Clean, Run};
use super::world::now;
use muster::clock::Clock;
use muster::store::subjects;
use muster::store::{Sight, Tx};
use muster_core::Span;
use muster_core::alert::Signal;
use muster_core::contact::{MeansKind, Outcome, Proof};
use muster_core::directory::{About, Area, Intake, Means, Organisation, Person, Population, Role};
use muster_core::entry::{Extent, Fault, FollowUpBy, Urgency};
use muster_core::ids::{AreaId, PersonId, PopulationId, SubjectId, SystemId};
use muster_core::incident::{Act, Command, Incident, Standing, State, TriageAct};
use muster_core::policy::{Escalate, Policy, TellDirectly, Whom};
use muster_core::system::{Condition, Rule, Scope, System};
use std::collections::BTreeSet;

const PEOPLE: usize = 5_000;
const ADMINISTRATORS: usize = 4;
const POPULATIONS: usize = 12;
const AREAS: usize = 36;
const SYSTEMS: usize = 60;
/// Systems of the second layer: they need the core, and everything else needs some of them.
const PLATFORMS: usize = 9;
/// So long, in minutes, the outage may last until every duty to tell of it has come to its end.
const TOLD_WITHIN: i64 = 4 * 60;
/// Levels of management hear of it up to two hours after it began.
const LASTS_AT_LEAST: i64 = 125;

fn system(n: usize) -> SystemId {
    SystemId(format!("sys{n}"))
}

/// 5,000 people in 36 areas, each under a chain of four managers; 60 systems in three layers, for 12 populations.
pub fn organisation(rng: &Rng) -> Organisation {
    let index = |most: usize| usize::try_from(rng.range(0, most as u64 - 1)).unwrap();
    let mut org = Organisation {
        organisation: About {
            name: "Simulated, all of it".into(),
            time_zone: "Europe/London".into(),
            ..About::default()
        },
        ..Organisation::default()
    };
    for n in 0..PEOPLE {
        let role = match n {
            0..ADMINISTRATORS => Role::Administrator,
            _ if n < 400 => *rng.pick(&[Role::Responder, Role::Responder, Role::Manager]).unwrap(),
            _ => Role::Reader,
        };
        let name = format!("Person {n}");
        let mut means = means(rng, n < 400);
        if means.iter().all(|m| m.kind != MeansKind::Call) {
            means.push(Means { kind: MeansKind::Call, to: format!("07700 80{n}"), wait: None });
        }
        org.people.insert(id(n), Person { name, role, means, ..Person::default() });
    }
    // The areas of IT come first; whoever is on call is among the first 400. Above them are heads, divisions, one who leads.
    for n in 0..AREAS {
        let first = if n < 12 { 40 + n * 30 } else { 400 + (n - 12) * 190 };
        let members = (first..first + 8).map(id).collect();
        let area = Area {
            name: format!("Area {n}"),
            members,
            supervisors: vec![id(first + 8), id(first + 9)],
            management: vec![id(first + 10), id(10 + n / 6), id(20 + n / 18), id(30)],
        };
        org.areas.insert(AreaId(format!("area{n}")), area);
    }
    // Their heads add up to everybody.
    for n in 0..POPULATIONS {
        let head_count = u32::try_from(if n == 0 { PEOPLE - 11 * 400 } else { 400 }).unwrap();
        let about = Population { name: format!("Population {n}"), head_count, ..Population::default() };
        org.populations.insert(PopulationId(format!("pop{n}")), about);
    }
    for n in 0..SYSTEMS {
        let depends_on = match n {
            0 => BTreeSet::new(),
            1..=PLATFORMS => [system(0)].into(),
            _ => [system(1 + index(PLATFORMS)), system(1 + index(PLATFORMS))].into(),
        };
        let area = &org.areas[&AreaId(format!("area{}", n % 12))];
        let about = System {
            name: format!("System {n}"),
            scope: if n <= PLATFORMS { Scope::OrganisationWide } else { Scope::Departmental },
            contacts: area.members[..4].to_vec(),
            owner: rng.chance(60).then(|| id(400 + index(PEOPLE - 400))),
            depends_on,
            populations: (0..POPULATIONS)
                .filter(|p| n == 0 || p % 6 == n % 6)
                .map(|p| PopulationId(format!("pop{p}")))
                .collect(),
            ..System::default()
        };
        org.rules.push(Rule {
            name: format!("hosts of {n}"),
            host: Some(format!("sys{n}-*")),
            system: Some(system(n)),
            ..Rule::default()
        });
        org.systems.insert(system(n), about);
    }
    for name in INTAKES {
        org.intake.insert(name.into(), Intake { name: format!("Sender {name}") });
    }
    let tell = |n: usize, whom| TellDirectly {
        name: format!("{} of area {n}", if whom == Whom::Management { "Management" } else { "Supervisors" }),
        area: AreaId(format!("area{n}")),
        whom,
        after_triage: Span::from_mins(15),
        after_discovery: Span::from_mins(30),
    };
    let level = |level, after| Escalate {
        level,
        after: Some(Span::from_mins(after)),
        severity: None,
        within: Span::from_mins(20),
    };
    org.policy = Policy {
        calls_by_itself: true,
        tell_directly: (1..12)
            .map(|n| tell(n, if n % 2 == 0 { Whom::Management } else { Whom::Supervisors }))
            .collect(),
        escalation: vec![level(1, 30), level(2, 60), level(3, 90), level(4, 120)],
        fallback_area: Some("area0".into()),
        join_within: Span::from_mins(40),
        // An hour of rounds through dozens of lists is thousands of tries; the real wait keeps them as few as they would be.
        answer_wait: Span::from_mins(5),
        ..organisation::policy(rng)
    };
    org
}

/// Every second list of the policy, and the owners of every third system: nobody of them answers or is reached.
pub fn unreachable(org: &Organisation) -> BTreeSet<PersonId> {
    let areas = org.policy.tell_directly.iter().step_by(2).filter_map(|t| org.areas.get(&t.area).map(|a| (t.whom, a)));
    let lists = areas.flat_map(|(whom, a)| if whom == Whom::Management { &a.management } else { &a.supervisors });
    let owners = org.systems.values().step_by(3).filter_map(|s| s.owner.as_ref());
    lists.chain(owners).cloned().collect()
}

/// How it ended.
#[derive(Debug, Default)]
pub struct Outage {
    /// Duties to tell that ended in direct contact, and in a loud alarm.
    pub told: usize,
    pub alarmed: usize,
    /// Systems that the incident affects.
    pub systems: usize,
    /// What stands on its form: whom it hit.
    pub hit: u64,
}

impl Run {
    /// The whole course of it.
    pub fn full_outage(mut self) -> (Outage, Result<Clean, Box<Broken>>) {
        self.unreachable = unreachable(&self.org);
        let mut outage = Outage::default();
        let done = self.whole_outage(&mut outage);
        (outage, self.end(done))
    }

    fn whole_outage(&mut self, outage: &mut Outage) -> Result<(), Finding> {
        self.begin()?;
        self.everything_fails()?;
        let (subject, began) = (self.one_incident()?, self.ms());
        loop {
            let passed = (self.ms() - began) / 60_000;
            let all_heard = |run: &mut Self| run.auditor().telling().iter().all(|(_, how)| *how != Told::NotYet);
            if passed > LASTS_AT_LEAST && all_heard(self) {
                break;
            }
            if passed > TOLD_WITHIN {
                return Err(format!(
                    "LOST: after {passed} min of outage nobody has heard: {:?}",
                    self.auditor().telling()
                ));
            }
            self.people_work(&subject, passed)?;
            self.alive_for(60_000)?;
        }
        for (name, how) in self.auditor().telling() {
            match how {
                Told::Directly => outage.told += 1,
                Told::Alarm => outage.alarmed += 1,
                Told::NotYet => return Err(format!("LOST: {name} was neither told nor is anybody alarmed")),
            }
        }
        let incident = self.incident(&subject)?;
        outage.systems = incident.systems.len();
        outage.hit = incident.head_count();
        self.everything_recovers(&subject)?;
        self.close(&subject)
    }

    fn fails(&self, n: usize, fires: bool) -> Signal {
        let key = format!("sys{n}-0/ping");
        Signal { condition: Condition::Down, ends_at: None, happened_at: None, ..self.signal(&key, fires) }
    }

    /// The core first, then whatever needs it, as monitoring finds out.
    fn everything_fails(&mut self) -> Result<(), Finding> {
        self.send(INTAKES[0], vec![self.fails(0, true)]).map_err(|e| e.to_string())?;
        self.alive_for(1_000)?;
        for n in 1..SYSTEMS {
            let ms = self.rng.span(1_000, 20_000);
            self.alive_for(ms)?;
            self.send(INTAKES[n % 3], vec![self.fails(n, true)]).map_err(|e| e.to_string())?;
        }
        self.alive_for(60_000)
    }

    fn one_incident(&self) -> Result<SubjectId, Finding> {
        let read = async |tx: &mut Tx| subjects::page(tx, &Sight::all(), &subjects::Filter::default(), 100).await;
        let all = now(self.ops().db().read(read)).map_err(|e: muster::store::Error| e.to_string())?;
        match all.as_slice() {
            [only] => Ok(only.subject.clone()),
            all => Err(format!("{} incidents of one outage", all.len())),
        }
    }

    fn incident(&self, subject: &SubjectId) -> Result<Incident, Finding> {
        let wanted = subject.clone();
        let read = async move |tx: &mut Tx| subjects::load::<Incident>(tx, &wanted).await;
        let stored = now(self.ops().db().read(read)).map_err(|e: muster::store::Error| e.to_string())?;
        Ok(stored.ok_or("no such incident")?.folded)
    }

    fn leads(&mut self, subject: &SubjectId) -> Result<PersonId, Finding> {
        match self.incident(subject)?.manager {
            Some(manager) => Ok(manager.person.id),
            None => {
                let first = self.org.systems[&system(0)].contacts[0].clone();
                self.acts(subject, &first, Act::TakeCharge)?;
                Ok(first)
            }
        }
    }

    fn acts(&mut self, subject: &SubjectId, by: &PersonId, act: Act) -> Result<(), Finding> {
        let by = self.org.person_ref(by);
        self.say(format!("{}: {act:?}", by.id));
        self.perform(subject, Command::Act { by, act })
    }

    /// A minute of whoever works on it: somebody leads, triages, plans, rings people, talks.
    fn people_work(&mut self, subject: &SubjectId, minute: i64) -> Result<(), Finding> {
        if minute < 3 {
            return Ok(()); // whoever is called may take it
        }
        let manager = self.leads(subject)?;
        let incident = self.incident(subject)?;
        if incident.triaged_at.is_none() && minute >= 8 {
            let triage = TriageAct {
                extent: Extent::Everyone,
                fault: Fault::Down,
                populations: None,
                systems: vec![system(0)],
                urgency: Urgency::High,
                severity: None,
                reason: "the core is down".into(),
                seen: None,
            };
            return self.acts(subject, &manager, Act::Triage(triage));
        }
        let act = match self.rng.range(0, 9) {
            0..2 => self.planning(&incident),
            2..4 => self.speaking(&incident),
            4 => self.rings(&incident),
            5 => self.gathering(&incident),
            _ => None,
        };
        match act {
            // What hits everybody is no secret; and the auditor reads the whole log of one for each look.
            Some(Act::Restrict { .. }) | None => Ok(()),
            Some(act) => self.acts(subject, &manager, act),
        }
    }

    /// The Incident Manager rings somebody of a list, and is told of it what comes of that.
    fn rings(&self, incident: &Incident) -> Option<Act> {
        let tell = self.rng.pick(&incident.tells)?;
        let person = self.rng.pick(&tell.chain)?.person.id.clone();
        let answers = !self.unreachable.contains(&person) && self.rng.chance(30);
        Some(Act::Contact {
            tell: Some(tell.name.clone()),
            person,
            means: MeansKind::Call,
            outcome: if answers { Outcome::Reached(Proof::Spoken) } else { Outcome::NoAnswer },
            said: format!("words {}", self.rng.next()),
            happened_at: None,
        })
    }

    fn everything_recovers(&mut self, subject: &SubjectId) -> Result<(), Finding> {
        let all = (0..SYSTEMS).map(|n| (INTAKES[n % 3], self.fails(n, false))).collect::<Vec<_>>();
        for (intake, signal) in all {
            self.send(intake, vec![signal]).map_err(|e| e.to_string())?;
        }
        self.alive_for(120_000)?;
        self.in_the_end(subject, State::Restored, |run, _| {
            let at = run.clock.now();
            vec![Act::Restore { at, cause: "a loop".into(), resolution: "the core was restarted".into() }]
        })
    }

    /// Everybody hears that it is over, the report is filed, the rest of the checklist is said, and it is closed.
    fn close(&mut self, subject: &SubjectId) -> Result<(), Finding> {
        self.alive_for(600_000)?;
        self.in_the_end(subject, State::Closed, |_, incident| {
            let left: Vec<PersonId> = incident.to_follow_up().into_iter().map(|p| p.id.clone()).collect();
            let mut acts: Vec<Act> = left
                .chunks(100)
                .map(|some| Act::FollowUp { people: some.to_vec(), by: FollowUpBy::Spoken, text: String::new() })
                .collect();
            acts.push(Act::FileReport { reference: "folder 12".into() });
            let open = incident.checked().into_iter().filter(|c| c.standing == Standing::Open);
            acts.extend(open.map(|c| Act::TickStep { step: c.step.name.clone() }));
            acts.push(Act::Close { review: "the minutes".into() });
            acts
        })
    }

    /// The Incident Manager does that until it is so; the database may fail now and then.
    fn in_the_end(
        &mut self,
        subject: &SubjectId,
        wanted: State,
        acts: impl Fn(&Self, &Incident) -> Vec<Act>,
    ) -> Result<(), Finding> {
        for _ in 0..5 {
            let manager = self.leads(subject)?;
            let incident = self.incident(subject)?;
            for act in acts(self, &incident) {
                self.acts(subject, &manager, act)?;
            }
            self.alive_for(60_000)?;
            if self.incident(subject)?.state == wanted {
                return Ok(());
            }
        }
        Err(format!("it is never {wanted:?}"))
    }
}
