//! An organisation, a clock that can be moved, and everything that Muster sends.

use crate::pg;
use muster::clock::{Clock, MovableClock};
use muster::engine;
use muster::intake::Format;
use muster::ops::alerts::Accepted;
use muster::ops::deliver::{Delivery, Sent};
use muster::ops::{Changed, Failure, Ops, Performed, World};
use muster::secrets::{NoRandomness, Random};
use muster::store::alerts::StoredAlert;
use muster::store::{Db, Sight, Tx, alerts, duties, migrate, subjects};
use muster_core::contact::{Answer, MeansKind, Outcome};
use muster_core::directory::Organisation;
use muster_core::entry::Via;
use muster_core::ids::{AttemptId, IntakeId, PersonId, SubjectId};
use muster_core::incident::{Act, Command, Incident, line};
use muster_core::{Span, Time};
use std::collections::VecDeque;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

/// The beginning of every story: a Tuesday in working hours.
pub const BEGIN: &str = "2026-11-17T10:00:00Z";

/// A story under way.
pub struct Story {
    pub ops: Ops,
    /// To be moved without anything happening; [`Story::advance`] lets it happen.
    pub clock: Arc<MovableClock>,
    phones: VecDeque<Delivery>,
    /// Deleted after everything that uses it.
    _postgres: Option<pg::Database>,
    /// What every provider says instead of taking a message.
    pub trouble: Option<&'static str>,
    /// Whose provider refuses for good, and with what words.
    pub refused: Option<(&'static str, &'static str)>,
}

struct StoryWorld {
    clock: Arc<MovableClock>,
    random: Counting,
    channels: Vec<MeansKind>,
}

/// Ids that differ and are the same in every run.
struct Counting(AtomicU64);

impl Random for Counting {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        for chunk in bytes.chunks_mut(8) {
            let n = self.0.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes();
            chunk.copy_from_slice(&n[..chunk.len()]);
        }
        Ok(())
    }
}

impl World for StoryWorld {
    fn now(&self) -> Time {
        self.clock.now()
    }

    fn random(&self) -> &dyn Random {
        &self.random
    }

    fn channels(&self) -> &[MeansKind] {
        &self.channels
    }

    fn changed(&self, _: Changed) {}
}

/// How long PostgreSQL may take for anything: a thousand times what it takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// Whether this copy of the stories is told on PostgreSQL: `main.rs` names it so.
fn on_postgres() -> bool {
    let copy = module_path!().split("::").find_map(|part| part.strip_prefix("stories_on_"));
    match copy {
        Some("postgres") => true,
        Some("sqlite") => false,
        _ => panic!("{}: on which database are these stories told?", module_path!()),
    }
}

/// What the database answers. On SQLite it is finished at the first look, as everything on the inline database is; that
/// nothing waits for anything else is seen there. PostgreSQL is waited for.
pub fn now<T>(future: impl Future<Output = T>) -> T {
    let (mut future, began) = (pin!(future), Instant::now());
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(value) => return value,
            Poll::Pending if on_postgres() && began.elapsed() < PATIENCE => thread::park_timeout(PATIENCE),
            Poll::Pending if on_postgres() => panic!("PostgreSQL does not answer"),
            Poll::Pending => panic!("a story waited for something that is not its database"),
        }
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

impl Story {
    /// An organisation of `toml`, in which a story can begin.
    pub fn of(toml: &str) -> Self {
        Self::with_channels(toml, &MeansKind::ALL)
    }

    /// The same, with mail down and an open incident of Ana's.
    pub fn managed(toml: &str) -> Self {
        let mut story = Self::of(toml);
        story.signal(MAIL_DOWN);
        story.expect("ana", MeansKind::Email);
        story.answer("ana", Answer::Take).expect("she was asked");
        story.act("ana", Act::Confirm).expect("it is suspected");
        story
    }

    /// The same, on a server that has these channels only.
    pub fn with_channels(toml: &str, channels: &[MeansKind]) -> Self {
        Self::begin(toml, channels, false)
    }

    /// The same, with pretend phones.
    pub fn demo(toml: &str) -> Self {
        Self::begin(toml, &MeansKind::ALL, true)
    }

    fn begin(toml: &str, channels: &[MeansKind], demo: bool) -> Self {
        let org: Organisation = toml::from_str(toml).expect("the story's organisation");
        let postgres = on_postgres().then(pg::Database::new);
        let db = match &postgres {
            Some(database) => Db::postgres(&database.address),
            None => Db::inline_memory(),
        };
        let db = db.expect("a database");
        let clock = Arc::new(MovableClock::at(BEGIN.parse().expect("a time")));
        now(migrate::run(&db, migrate::MIGRATIONS, clock.now())).expect("tables");
        let world =
            StoryWorld { clock: clock.clone(), random: Counting(AtomicU64::new(1)), channels: channels.to_vec() };
        let ops = now(Ops::new(db, Arc::new(world), "https://muster.example", demo)).expect("operations");
        now(ops.apply(&org, "story")).expect("the organisation fits together");
        Self { ops, clock, phones: VecDeque::new(), _postgres: postgres, trouble: None, refused: None }
    }

    /// Time passes in steps of a second at most around what is due, and everything that is due happens.
    pub fn advance(&mut self, span: Span) {
        let until = muster_core::later(self.clock.now(), span);
        self.settle();
        while self.clock.now() < until {
            let due = now(engine::next_due(&self.ops)).expect("due").filter(|d| *d > self.clock.now());
            let next = due.map_or(until, |d| d.min(until));
            self.clock.advance(next.duration_since(self.clock.now()));
            self.settle();
        }
    }

    /// What is due now happens, and what must be sent is sent.
    pub fn settle(&mut self) {
        for _ in 0..50 {
            let ticked = now(engine::tick(&self.ops)).expect("a tick");
            assert!(ticked.trouble.is_empty(), "{:?}", ticked.trouble);
            let claimed = now(self.ops.claim("story", 100)).expect("the outbox");
            let quiet = claimed.is_empty() && ticked.alerts == 0;
            for delivery in claimed {
                if let Some(why) = self.trouble {
                    now(self.ops.settle(&delivery, "story", &Sent::Later, why)).expect("settled");
                    continue;
                }
                let sent = match self.ops.is_demo() {
                    true => now(self.ops.demo_receive(&delivery)).expect("a pretend phone"),
                    false => Sent::Graded(Outcome::Sent),
                };
                let refused = self.refused.filter(|(who, _)| delivery.person.as_str() == *who);
                let (sent, why) = refused.map_or((sent, ""), |(_, why)| (Sent::Graded(Outcome::Failed), why));
                now(self.ops.settle(&delivery, "story", &sent, why)).expect("settled");
                self.phones.push_back(delivery);
            }
            if quiet {
                return;
            }
        }
        panic!("it never becomes quiet");
    }

    /// A sender says `json`, in the generic format.
    pub fn signal(&mut self, json: &str) {
        self.accept(json);
        self.settle();
    }

    /// The same, and the engine has not looked yet.
    pub fn accept(&mut self, json: &str) {
        let at = self.clock.now();
        let signals = muster::intake::parse(Format::Generic, json.as_bytes(), Some("application/json"), at);
        let request = Accepted {
            id: self.ops.request_id().expect("an id"),
            intake: IntakeId::from("nagios"),
            at,
            format: Format::Generic,
            bytes: json.as_bytes().to_vec(),
            signals,
        };
        now(self.ops.accept([request.ready().unwrap()].into())).expect("accepted");
    }

    /// The next message must be for that person by that means. Returns it.
    #[track_caller]
    pub fn expect(&mut self, person: &str, means: MeansKind) -> Delivery {
        let Some(next) = self.phones.pop_front() else { panic!("{person} got nothing by {}", means.word()) };
        assert_eq!((next.person.as_str(), next.means), (person, means), "{}", next.text.subject);
        next
    }

    /// The next message, if one was sent.
    pub fn next_message(&mut self) -> Option<Delivery> {
        self.phones.pop_front()
    }

    /// Nothing more was sent.
    #[track_caller]
    pub fn expect_silence(&self) {
        let sent: Vec<_> = self.phones.iter().map(|d| (d.person.as_str(), d.means.word(), &d.text.subject)).collect();
        assert!(sent.is_empty(), "unexpected: {sent:?}");
    }

    /// That delivery turned out so.
    pub fn grade(&mut self, delivery: &Delivery, outcome: Outcome) {
        let command = Command::Grade {
            summons: delivery.summons.clone().expect("of a summons"),
            attempt: AttemptId(delivery.id.clone()),
            outcome,
            detail: String::new(),
        };
        self.perform(command).expect("graded");
    }

    /// That person answers the newest summons by their link.
    pub fn answer(&mut self, person: &str, answer: Answer) -> Result<Performed, Failure> {
        let summons = self.incident().summonses.last().expect("a summons").id.clone();
        self.perform(Command::Answer { summons, person: PersonId::from(person), answer, via: Via::Link })
    }

    /// That person does something on a page.
    pub fn act(&mut self, by: &str, act: Act) -> Result<Performed, Failure> {
        let by = now(self.ops.organisation()).expect("organisation").person_ref(&PersonId::from(by));
        self.perform(Command::Act { by, act })
    }

    fn perform(&mut self, command: Command) -> Result<Performed, Failure> {
        let subject = self.subject();
        let performed = now(self.ops.perform(&subject, command, None));
        self.settle();
        performed
    }

    /// How many incidents there are.
    pub fn incidents(&self) -> usize {
        let all = async |tx: &mut Tx| {
            Ok::<_, Failure>(subjects::page(tx, &Sight::all(), &subjects::Filter::default(), 100).await?)
        };
        now(self.ops.db().read(all)).expect("incidents").len()
    }

    /// The log of the newest incident.
    #[track_caller]
    pub fn subject(&self) -> SubjectId {
        let all = async |tx: &mut Tx| {
            Ok::<_, Failure>(subjects::page(tx, &Sight::all(), &subjects::Filter::default(), 100).await?)
        };
        now(self.ops.db().read(all)).expect("incidents").first().expect("an incident").subject.clone()
    }

    /// The newest incident.
    #[track_caller]
    pub fn incident(&self) -> Incident {
        let subject = self.subject();
        let load = async move |tx: &mut Tx| Ok::<_, Failure>(subjects::load::<Incident>(tx, &subject).await?);
        now(self.ops.db().read(load)).expect("read").expect("an incident").folded
    }

    /// Its log in words, oldest first.
    pub fn log(&self) -> Vec<String> {
        let (subject, incident) = (self.subject(), self.incident());
        let read = async move |tx: &mut Tx| Ok::<_, Failure>(subjects::entries(tx, &Sight::all(), &subject, 0).await?);
        let entries = now(self.ops.db().read(read)).expect("read");
        let said = |e: &muster_core::entry::Entry| {
            let line = line(e, &incident);
            let proof = line.proof.map_or_else(String::new, |(_, words)| format!(" [{words}]"));
            format!("{} {}{proof}", line.lead, line.text).trim().to_owned()
        };
        entries.iter().map(said).collect()
    }

    /// The log holds a line with these words.
    #[track_caller]
    pub fn expect_logged(&self, words: &str) {
        let log = self.log();
        assert!(log.iter().any(|l| l.contains(words)), "no “{words}” in:\n{}", log.join("\n"));
    }

    /// The newest alert.
    pub fn alert(&self) -> StoredAlert {
        let all = async |tx: &mut Tx| Ok::<_, Failure>(alerts::page(tx, &Sight::all(), None, None, 1).await?);
        now(self.ops.db().read(all)).expect("alerts").into_iter().next().expect("an alert")
    }

    /// What is owed and not settled, soonest first.
    pub fn owed(&self) -> Vec<String> {
        let open = async |tx: &mut Tx| Ok::<_, Failure>(duties::open(tx, &Sight::all(), None, 100).await?);
        now(self.ops.db().read(open)).expect("duties").into_iter().map(|d| d.what).collect()
    }

    /// The time in the story.
    pub fn time(&self) -> Time {
        self.clock.now()
    }
}

pub fn minutes(n: i64) -> Span {
    Span::from_mins(n)
}

/// A small organisation: Email and the directory it needs, with people behind them.
pub const SMALL: &str = r#"
[organisation]
name = "Northmere University"
time_zone = "Europe/London"

[policy]
calls_by_itself = false
triage_within = "4h" # long, so that other stories are not about it
tell_directly = [{ name = "User support", area = "support", whom = "supervisors", after_triage = "10m", after_discovery = "30m" }]

[areas.support]
name = "User support"
supervisors = ["cleo"]

[people.ana]
name = "Ana Lopes"
role = "responder"
means = [{ kind = "email", to = "ana@example.org" }, { kind = "call", to = "07700 900001" }]

[people.ben]
name = "Ben Tallis"
role = "responder"
means = [{ kind = "email", to = "ben@example.org" }]

[people.cleo]
name = "Cleo Marsh"
role = "manager"
means = [{ kind = "call", to = "07700 900003" }]

[people.root]
name = "Rosa Admin"
role = "administrator"
means = [{ kind = "email", to = "root@example.org" }]

[systems.email]
name = "Email"
scope = "organisation-wide"
contacts = ["ana", "ben"]
depends_on = ["directory"]

[systems.directory]
name = "Directory"
scope = "organisation-wide"
contacts = ["ben"]

[systems.printing]
name = "Printing"
contacts = ["ana"]

[[rules]]
name = "mail servers"
host = "mail-*"
system = "email"

[[rules]]
name = "directory servers"
host = "dir-*"
system = "directory"

[[rules]]
name = "printers"
host = "print-*"
system = "printing"

[intake.nagios]
name = "Nagios, data centre A"
"#;

pub const MAIL_DOWN: &str = r#"{"key":"mail-1/smtp","host":"mail-1","service":"SMTP","title":"SMTP does not answer","severity":"critical","detail":"CRITICAL - Socket timeout"}"#;
pub const MAIL_UP: &str = r#"{"key":"mail-1/smtp","host":"mail-1","service":"SMTP","title":"SMTP answers","status":"resolved","detail":"SMTP OK"}"#;
