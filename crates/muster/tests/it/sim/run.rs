//! One run: a random organisation, and what happens to it.

use super::audit::{Auditor, Finding, Request, When, Witness};
use super::often::Often;
use super::organisation::{self, INTAKES};
use super::rng::Rng;
use super::world::{SimulatedWorld, now};
use muster::clock::{Clock, MovableClock};
use muster::engine;
use muster::intake::Format;
use muster::ops::alerts::Accepted;
use muster::ops::deliver::{Delivery, Sent};
use muster::ops::{Failure, Ops};
use muster::store::{Db, Error, migrate};
use muster_core::alert::{Signal, Status};
use muster_core::directory::Organisation;
use muster_core::ids::PersonId;
use muster_core::system::Condition;
use muster_core::{Span, Time};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;

/// A tick that comes this much later than the last was away, as the engine's own loop sees it.
const GAP: i64 = 60_000;
/// So many lines of the trace are shown of a run that failed, if `MUSTER_SIM_SHOWN` does not say otherwise.
const SHOWN: usize = 60;
/// Most hops between two moments: more means that something is due again and again.
const HOPS_AT_MOST: usize = 3_000;

/// A run that found nothing.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Clean {
    /// Of the whole trace: equal for equal seeds.
    pub digest: String,
    pub incidents: usize,
    /// How many requests to disrupt a system were let happen.
    pub released: usize,
    pub entries: usize,
    pub signals: usize,
    pub sent: usize,
    pub crashes: usize,
}

/// A run in which a promise was broken.
pub struct Broken {
    pub finding: Finding,
    pub digest: String,
    /// Its last lines.
    pub trace: Vec<String>,
}

/// What will happen later.
pub(super) enum Event {
    /// A provider reports on what it was given.
    Settle { delivery: Delivery, holder: String, sent: Sent },
    /// A person answers what they got.
    Answer { delivery: Delivery },
    /// A sender sends again.
    Signal { intake: &'static str, key: String, fires: bool },
}

pub struct Run {
    pub(super) rng: Rng,
    /// Of what people do more in this run.
    pub(super) often: Option<Often>,
    pub(super) clock: Arc<MovableClock>,
    path: PathBuf,
    world: Arc<SimulatedWorld>,
    ops: Option<Ops>,
    pub(super) lives: usize,
    pub(super) org: Organisation,
    pub(super) agenda: BTreeMap<(i64, u64), Event>,
    nth: u64,
    last_tick: i64,
    /// A life has just begun, or the clock was set back: the engine says that it was away when it looks.
    pub(super) may_be_back: bool,
    /// Until then every provider fails.
    pub(super) providers_down_until: i64,
    /// Nobody answers any more.
    pub(super) silence: bool,
    /// Whoever never answers.
    pub(super) unreachable: BTreeSet<PersonId>,
    pub(super) witness: Witness,
    auditor: Option<Auditor>,
    trace: VecDeque<String>,
    /// Most lines of it that are kept.
    shown: usize,
    digest: Sha256,
    pub(super) counts: Clean,
}

impl Run {
    pub fn new(seed: u64) -> Self {
        Self::of(seed, organisation::random)
    }

    /// A run in an organisation of that making.
    pub fn of(seed: u64, organisation: fn(&Rng) -> Organisation) -> Self {
        let rng = Rng::new(seed);
        // A Wednesday morning, give or take two weeks: weekends and the end of a year come along.
        let start = 1_796_200_000_000 + rng.span(0, 14 * 24 * 3600) * 1000;
        let clock = Arc::new(MovableClock::at(muster_core::at_ms(start)));
        let world = Arc::new(SimulatedWorld { clock: clock.clone(), rng: Rng::new(rng.next()) });
        let org = organisation(&rng);
        let memory = PathBuf::from("/dev/shm");
        let folder = if memory.is_dir() { memory } else { std::env::temp_dir() };
        let unique = (std::process::id(), std::thread::current().id(), seed);
        let path = folder.join(format!("muster-sim-{unique:?}.db").replace([' ', '(', ')'], ""));
        remove(&path);
        Self {
            rng,
            often: None,
            clock,
            path,
            world,
            ops: None,
            lives: 0,
            org,
            agenda: BTreeMap::new(),
            nth: 0,
            last_tick: start,
            may_be_back: true,
            providers_down_until: 0,
            silence: false,
            unreachable: BTreeSet::new(),
            witness: Witness::default(),
            auditor: None,
            trace: VecDeque::new(),
            shown: super::from_environment("MUSTER_SIM_SHOWN").unwrap_or(SHOWN),
            digest: Sha256::new(),
            counts: Clean::default(),
        }
    }

    /// The same in which people do more of that.
    pub fn often(self, often: Option<Often>) -> Self {
        Self { often, ..self }
    }

    /// Runs so many steps, then lets everybody be silent until every deadline has passed.
    pub fn go(mut self, steps: usize) -> Result<Clean, Box<Broken>> {
        let done = self.all(steps);
        self.end(done)
    }

    /// What is told of a run that is over.
    pub(super) fn end(mut self, done: Result<(), Finding>) -> Result<Clean, Box<Broken>> {
        let digest: String = self.digest.clone().finalize()[..8].iter().map(|b| format!("{b:02x}")).collect();
        let trace = self.trace.drain(..).collect();
        (self.ops, self.auditor) = (None, None);
        remove(&self.path);
        match done {
            Ok(()) => Ok(Clean { digest, ..self.counts }),
            Err(finding) => Err(Box::new(Broken { finding, digest, trace })),
        }
    }

    /// An empty installation is set up.
    pub(super) fn begin(&mut self) -> Result<(), Finding> {
        let db = Db::inline(&self.path).map_err(|e| e.to_string())?;
        now(migrate::run(&db, migrate::MIGRATIONS, self.clock.now())).map_err(|e| e.to_string())?;
        drop(db);
        self.auditor = Some(Auditor::new(&self.path));
        self.open()?;
        let org = self.org.clone();
        now(self.ops().apply(&org, "simulation")).map_err(|e| e.to_string())?;
        Ok(())
    }

    fn all(&mut self, steps: usize) -> Result<(), Finding> {
        self.begin()?;
        for step in 0..steps {
            self.say(format!("step {step} at {}", self.clock.now()));
            self.step()?;
        }
        self.say("everybody is silent".into());
        self.silence = true;
        self.agenda.retain(|_, e| matches!(e, Event::Settle { .. }));
        self.alive_for(25 * 60_000)?;
        self.counts.incidents = self.auditor().incidents();
        self.counts.released = self.auditor().settled("released");
        let at = self.ms();
        if self.auditor().suspects_too_long(at) {
            return Err("an incident is suspected although nobody judged it in time".into());
        }
        Ok(())
    }

    // What the program is asked.

    pub(super) fn ops(&self) -> Ops {
        self.ops.clone().unwrap_or_else(|| panic!("the program is not running"))
    }

    pub(super) fn auditor(&mut self) -> &mut Auditor {
        self.auditor.as_mut().unwrap_or_else(|| panic!("the auditor is not there"))
    }

    pub(super) fn holder(&self) -> String {
        format!("life {}", self.lives)
    }

    pub(super) fn ms(&self) -> i64 {
        self.clock.now().as_millisecond()
    }

    /// Starts the program on what is stored.
    fn open(&mut self) -> Result<(), Finding> {
        let db = Db::inline(&self.path).map_err(|e| e.to_string())?;
        let ops = now(Ops::new(db, self.world.clone(), "https://muster.example", false)).map_err(|e| e.to_string())?;
        now(ops.free_claims(&BTreeSet::new())).map_err(|e| e.to_string())?;
        self.ops = Some(ops);
        self.lives += 1;
        self.witness.up_since = self.ms();
        self.last_tick = self.ms();
        self.may_be_back = true;
        Ok(())
    }

    /// The program is gone in this moment, with everything that stood in its memory. A minute or more
    /// later it is started again.
    pub(super) fn crash(&mut self) -> Result<(), Finding> {
        self.audit(When::Now)?;
        self.say("crash".into());
        self.counts.crashes += 1;
        self.ops = None;
        self.clock.advance(Span::from_millis(self.rng.span(0, 1) * self.rng.span(0, 600_000)));
        self.open()
    }

    /// Runs `act` with a fault of the database at a random moment of it. What came of it is looked at
    /// by the caller; then the program may be gone.
    pub(super) fn with_fault<T>(&mut self, act: impl FnOnce(&mut Self) -> T) -> (T, bool) {
        #[cfg(feature = "planted")]
        {
            use muster::store::fault::{self, Moment};
            let moment = *self
                .rng
                .pick(&[Moment::Statement, Moment::Statement, Moment::BeforeCommit, Moment::AfterCommit])
                .unwrap();
            let most = if moment == Moment::Statement { 24 } else { 4 };
            fault::arm(Some((moment, u32::try_from(self.rng.range(0, most)).unwrap())));
            let done = act(self);
            let struck = !fault::is_armed();
            fault::arm(None);
            if struck {
                self.say(format!("the database failed: {moment:?}"));
                self.witness.grace_until = self.ms() + 31_000;
            }
            (done, struck)
        }
        #[cfg(not(feature = "planted"))]
        {
            (act(self), false)
        }
    }

    pub(super) fn send(&mut self, intake: &str, signals: Vec<Signal>) -> Result<(), Error> {
        let ops = self.ops();
        let id = ops.request_id().unwrap_or_else(|_| panic!("no randomness"));
        self.say(format!("{intake} sends {signals:?}"));
        let request = Accepted {
            id: id.clone(),
            intake: intake.into(),
            at: self.clock.now(),
            format: Format::Generic,
            bytes: b"as sent".to_vec(),
            signals,
        };
        let known = request.signals.iter().map(|s| (s.key.clone(), s.status == Status::Firing)).collect();
        self.witness.requests.push(Request { id, signals: known, certain: false });
        let accepted = now(ops.accept([request.ready().unwrap()].into()));
        if accepted.is_ok() {
            self.counts.signals += 1;
            self.witness.requests.last_mut().unwrap().certain = true;
        }
        accepted
    }

    /// The engine's loop, once: sees a gap, ticks, sends.
    pub(super) fn engine(&mut self) -> Result<(), Finding> {
        if (self.ms() - self.last_tick).abs() > GAP {
            self.say("the engine was away".into());
            self.ops().came_back();
            self.witness.up_since = self.ms();
        }
        self.last_tick = self.ms();
        self.looks();
        if self.rng.chance(1) {
            let (ticked, struck) = self.with_fault(|run| now(engine::tick(&run.ops())));
            if struck {
                drop(ticked);
                self.crash()?;
            }
        }
        self.tick()?;
        if self.rng.chance(10) {
            let before = self.auditor().still();
            self.tick()?;
            if before != self.auditor().still() {
                return Err("a second tick at the same moment changes something".into());
            }
        }
        self.deliver()
    }

    /// The engine is about to look.
    fn looks(&mut self) {
        if self.may_be_back {
            self.witness.looked_again.insert(self.ms());
        }
    }

    fn tick(&mut self) -> Result<(), Finding> {
        self.looks();
        for _ in 0..HOPS_AT_MOST {
            let ticked = now(engine::tick(&self.ops())).map_err(|e| format!("the engine cannot tick: {e}"))?;
            let up_since = self.ops().up_since().as_millisecond();
            if up_since != self.witness.up_since && !self.may_be_back {
                return Err("the engine says that it was away, and was not".into());
            }
            (self.witness.up_since, self.may_be_back) = (up_since, false);
            if let Some(trouble) = ticked.trouble.first() {
                return Err(format!("the engine cannot look at something: {trouble}"));
            }
            if !ticked.more_alerts {
                return self.audit(When::Ticked);
            }
        }
        Err("the engine is never done with what is due".into())
    }

    /// Gives providers what is due.
    fn deliver(&mut self) -> Result<(), Finding> {
        let holder = self.holder();
        let (most, everything) = if self.rng.chance(80) { (1_000, true) } else { (2, false) };
        for _ in 0..HOPS_AT_MOST {
            let claimed = now(self.ops().claim(&holder, most)).map_err(|e| format!("nothing can be claimed: {e}"))?;
            self.audit(When::Now)?;
            let at = self.ms();
            for delivery in claimed {
                let (subject, summons) = (delivery.subject.as_ref(), delivery.summons.as_ref());
                let (subject, about) = (subject.map_or("", |s| s.as_str()), summons.map_or("", |s| s.as_str()));
                self.auditor().check_given(&delivery.id, summons.is_some(), subject, about)?;
                self.counts.sent += 1;
                self.witness.given.insert(delivery.id.clone(), at);
                self.provider(delivery);
            }
            // What is not true any more is dropped, and makes way for the next of its lane.
            match self.claimed_all(at) {
                Ok(()) => return Ok(()),
                Err(_) if !everything => return Ok(()),
                Err(finding) if self.auditor().has_claimed_nothing_new() => return Err(finding),
                Err(_) => {}
            }
        }
        Err("the outbox is never empty".into())
    }

    fn claimed_all(&mut self, at: i64) -> Result<(), Finding> {
        let Some(auditor) = &self.auditor else { return Ok(()) };
        auditor.check_claimed_all(&self.witness, at)
    }

    // Time.

    /// Time goes by while the program runs: the engine looks whenever something is due.
    pub(super) fn alive_for(&mut self, ms: i64) -> Result<(), Finding> {
        let target = self.ms() + ms;
        for _ in 0..HOPS_AT_MOST {
            if self.ms() >= target {
                return Ok(());
            }
            let due = now(engine::next_due(&self.ops())).map_err(|e| format!("nobody knows what is due: {e}"))?;
            let due = due.map_or(i64::MAX, Time::as_millisecond);
            let event = self.agenda.first_key_value().map_or(i64::MAX, |((at, _), _)| *at);
            // What is due already and still there, such as a row behind another in its lane, is looked at a second later.
            let due = if due <= self.ms() { self.ms() + 1_000 } else { due };
            let next = due.min(event).min(target).max(self.ms());
            self.clock.advance(Span::from_millis(next - self.ms()));
            self.happen()?;
            self.last_tick = self.ms();
            self.engine()?;
        }
        Err(format!("something is due again and again: {HOPS_AT_MOST} times in {ms} ms"))
    }

    /// What was to happen by now.
    pub(super) fn happen(&mut self) -> Result<(), Finding> {
        while let Some(entry) = self.agenda.first_entry() {
            if entry.key().0 > self.clock.now().as_millisecond() {
                return Ok(());
            }
            let event = entry.remove();
            self.event(event)?;
            self.audit(When::Now)?;
        }
        Ok(())
    }

    pub(super) fn later(&mut self, ms: i64, event: Event) {
        self.nth += 1;
        self.agenda.insert((self.ms() + ms, self.nth), event);
    }

    // Books.

    pub(super) fn audit(&mut self, when: When) -> Result<(), Finding> {
        let at = self.ms();
        let Some(auditor) = &mut self.auditor else { return Ok(()) };
        let checked = auditor.check(&self.witness, when, at);
        for line in checked? {
            self.counts.entries += 1;
            self.say(line);
        }
        Ok(())
    }

    pub(super) fn once_and_only_once(&mut self, text: &str) -> Result<(), Finding> {
        match self.auditor().entries_with(text) {
            1 => Ok(()),
            n => Err(format!("an act that was sent twice stands {n} times in the logs: {text}")),
        }
    }

    pub(super) fn say(&mut self, line: String) {
        self.digest.update(&line);
        if self.trace.len() >= self.shown {
            self.trace.pop_front();
        }
        self.trace.push_back(line);
    }

    /// Refusals are part of life; anything else is not.
    pub(super) fn expect<T>(&mut self, what: &str, done: Result<T, Failure>) -> Result<Option<T>, Finding> {
        match done {
            Ok(done) => Ok(Some(done)),
            Err(Failure::Refused(why)) => {
                self.say(format!("    {what} is refused: {why}"));
                Ok(None)
            }
            Err(other) => Err(format!("{what} fails: {other}")),
        }
    }

    /// A signal about something.
    pub(super) fn signal(&self, key: &str, fires: bool) -> Signal {
        let rng = &self.rng;
        let conditions =
            [Condition::Down, Condition::Down, Condition::Degraded, Condition::Predicted, Condition::Information];
        let at = self.ms();
        let ago = |ms| Some(muster_core::at_ms(at - ms));
        Signal {
            key: key.to_owned(),
            status: if fires { Status::Firing } else { Status::Resolved },
            title: format!("{key} {}", if fires { "is wrong" } else { "is right" }),
            host: key.split('/').next().unwrap_or_default().to_owned(),
            service: key.split('/').nth(1).unwrap_or_default().to_owned(),
            detail: String::new(),
            labels: BTreeMap::new(),
            condition: *rng.pick(&conditions).unwrap(),
            happened_at: match rng.range(0, 9) {
                0..4 => None,
                4..8 => ago(rng.span(0, 120_000)),
                _ => ago(rng.span(200_000, 1_200_000)),
            },
            ends_at: match rng.range(0, 9) {
                0 => ago(rng.span(0, 60_000)),
                1..4 => ago(-rng.span(1_000, 900_000)),
                _ => None,
            },
            link: None,
        }
    }

    pub(super) fn any_intake(&self) -> &'static str {
        self.rng.pick(&INTAKES).unwrap()
    }
}

fn remove(path: &std::path::Path) {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let Ok(folder) = std::fs::read_dir(path.parent().unwrap()) else { return };
    for file in folder.flatten() {
        if file.file_name().to_string_lossy().starts_with(&name) {
            let _ = std::fs::remove_file(file.path());
        }
    }
}
