//! The running program: everything that a request or the engine needs, put together once.

use crate::channels::{Attempted, Channels, Message};
use crate::clock::Clock;
use crate::live::{Live, News};
use crate::ops::deliver::{Delivery, Sent};
use crate::ops::{Changed, Failure, Ops, World};
use crate::secrets::password::Passwords;
use crate::secrets::{NoRandomness, Random, SystemRandom};
use crate::store::Db;
use crate::writer::Writer;
use muster_core::ids::IntakeId;
use muster_core::{Time, contact::MeansKind};
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use tokio::sync::Notify;

/// See [`App::typesetting`].
const TYPESET_AT_MOST: usize = 2;

/// What the program is made of.
pub struct App {
    /// The one write path.
    pub ops: Ops,
    /// The way in for signals.
    pub writer: Writer,
    /// Tells open pages.
    pub live: Live,
    /// Wakes the engine.
    pub wake: Arc<Notify>,
    /// Wakes the outbox.
    pub outbox: Arc<Notify>,
    /// Ways out.
    pub channels: Channels,
    /// Password hashing on its bounded pool.
    pub passwords: Passwords,
    /// Two documents are typeset at a time at most: more would only make pages wait for the processor.
    pub typesetting: tokio::sync::Semaphore,
    /// How the engine and the books are.
    pub health: Health,
    /// Whose claims in the outbox are ours: new for every run of the program.
    pub holder: String,
    /// What the addresses and cookies depend on.
    pub site: Site,
    keys: IntakeKeys,
}

/// The senders' keys in memory, as every signal asks for one.
struct IntakeKeys {
    /// How often the settings have changed: keys that were read before the newest change are stale.
    changes: Arc<AtomicU64>,
    /// The keys by their hashes, and after how many changes they were read.
    read: RwLock<(u64, HashMap<String, IntakeId>)>,
    /// Whoever finds them stale reads them, and whoever comes meanwhile waits: a sender whose key is not looked for would
    /// be told 401, and drop its alert for good.
    reading: tokio::sync::Mutex<()>,
}

impl IntakeKeys {
    fn new(changes: Arc<AtomicU64>) -> Self {
        Self { changes, read: RwLock::default(), reading: tokio::sync::Mutex::const_new(()) }
    }

    /// The sender with that key; nothing if the keys in memory are stale.
    fn find(&self, hash: &str) -> Option<Option<IntakeId>> {
        let read = self.read.read().unwrap_or_else(PoisonError::into_inner);
        (read.0 == self.changes.load(Ordering::Acquire)).then(|| read.1.get(hash).cloned())
    }
}

/// Where the program is reached.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Site {
    /// `https://muster.example.org`, without a slash at the end.
    pub public_url: String,
    /// Whether it is reached by HTTPS, here or at a proxy: cookies are `Secure` and `__Host-` then.
    pub secure: bool,
    /// Addresses of proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// Whether it is the demo.
    pub demo: bool,
}

/// How the program does, for `/readyz`, `/metrics` and the pages.
#[derive(Debug, Default)]
pub struct Health {
    ticked_at: AtomicI64,
    accepted: AtomicI64,
    accounted: AtomicI64,
    checkpoints: Mutex<BTreeMap<&'static str, CheckpointHealth>>,
}

/// How a destination of checkpoints does.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct CheckpointHealth {
    /// When the newest that it has was signed, if it has any.
    pub at: Option<Time>,
    /// Since when the next could not be sent.
    pub failing_since: Option<Time>,
}

impl Health {
    /// The engine has looked at everything that was due.
    pub fn ticked(&self, at: Time) {
        self.ticked_at.store(at.as_millisecond(), Ordering::Relaxed);
    }

    /// When it last did.
    #[must_use]
    pub fn ticked_at(&self) -> Time {
        muster_core::at_ms(self.ticked_at.load(Ordering::Relaxed))
    }

    /// A destination has a checkpoint of that time, and lacks none.
    pub fn has_checkpoint(&self, to: &'static str, at: Option<Time>) {
        self.checkpoint(to, |health| *health = CheckpointHealth { at, failing_since: None });
    }

    /// A destination could not be given the checkpoint that was due.
    pub fn lacks_checkpoint(&self, to: &'static str, now: Time) {
        self.checkpoint(to, |health| health.failing_since = health.failing_since.or(Some(now)));
    }

    fn checkpoint(&self, to: &'static str, note: impl FnOnce(&mut CheckpointHealth)) {
        note(self.checkpoints.lock().unwrap_or_else(PoisonError::into_inner).entry(to).or_default());
    }

    /// How every destination of checkpoints does.
    #[must_use]
    pub fn checkpoints(&self) -> BTreeMap<&'static str, CheckpointHealth> {
        self.checkpoints.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The books were counted.
    pub fn counted(&self, accepted: u64, accounted: u64) {
        self.accepted.store(i64::try_from(accepted).unwrap_or(i64::MAX), Ordering::Relaxed);
        self.accounted.store(i64::try_from(accounted).unwrap_or(i64::MAX), Ordering::Relaxed);
    }

    /// Accepted signals, and those that stand in an account: equal, or something is lost.
    #[must_use]
    pub fn books(&self) -> (i64, i64) {
        (self.accepted.load(Ordering::Relaxed), self.accounted.load(Ordering::Relaxed))
    }
}

/// The world as the program has it.
struct RealWorld {
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    live: Live,
    wake: Arc<Notify>,
    outbox: Arc<Notify>,
    settings_changes: Arc<AtomicU64>,
    usable: Vec<MeansKind>,
}

impl World for RealWorld {
    fn now(&self) -> Time {
        self.clock.now()
    }

    fn random(&self) -> &dyn Random {
        &*self.random
    }

    fn channels(&self) -> &[MeansKind] {
        &self.usable
    }

    fn changed(&self, what: Changed) {
        match what {
            Changed::Subject(subject) => {
                self.live.tell(News::Subject(subject));
                self.wake.notify_one();
            }
            Changed::Alerts => {
                self.live.tell(News::Lists);
                self.wake.notify_one();
            }
            Changed::Outbox => self.outbox.notify_one(),
            Changed::Settings => {
                self.settings_changes.fetch_add(1, Ordering::AcqRel);
                self.live.tell(News::Lists);
                self.wake.notify_one();
            }
            Changed::Pages => self.live.tell(News::Lists),
        }
    }
}

/// Why the program could not be put together.
#[derive(Debug, thiserror::Error)]
pub enum NotStarted {
    /// The database.
    #[error(transparent)]
    Failure(#[from] Failure),
    /// The channels' settings.
    #[error(transparent)]
    Channels(#[from] crate::channels::NotReady),
    /// No randomness.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

impl App {
    /// Puts the program together on `db`, whose tables are there. Needs a Tokio runtime.
    ///
    /// # Errors
    /// [`NotStarted`].
    pub async fn new(db: Db, clock: Arc<dyn Clock>, channels: Channels, site: Site) -> Result<Arc<Self>, NotStarted> {
        Self::with_random(db, clock, Arc::new(SystemRandom), channels, site).await
    }

    /// As [`App::new`], with the caller's randomness: what is drawn from a seed is the same in every run.
    ///
    /// # Errors
    /// [`NotStarted`].
    pub async fn with_random(
        db: Db,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        channels: Channels,
        site: Site,
    ) -> Result<Arc<Self>, NotStarted> {
        let (live, wake, outbox) = (Live::default(), Arc::new(Notify::new()), Arc::new(Notify::new()));
        // From 1, so that the keys, of which none has been read, are stale.
        let settings_changes = Arc::new(AtomicU64::new(1));
        let mut holder = [0; 8];
        random.fill(&mut holder)?;
        let world = RealWorld {
            clock,
            random,
            live: live.clone(),
            wake: wake.clone(),
            outbox: outbox.clone(),
            settings_changes: settings_changes.clone(),
            usable: MeansKind::ALL.into_iter().filter(|kind| site.demo || channels.can(*kind)).collect(),
        };
        let ops = Ops::new(db, Arc::new(world), &site.public_url, site.demo).await?;
        Ok(Arc::new(Self {
            writer: Writer::start(ops.clone()),
            ops,
            live,
            wake,
            outbox,
            channels,
            passwords: Passwords::default(),
            typesetting: tokio::sync::Semaphore::new(TYPESET_AT_MOST),
            health: Health::default(),
            holder: hex::encode(holder),
            site,
            keys: IntakeKeys::new(settings_changes),
        }))
    }

    /// The sender whose key has that hash. Read from memory, as every signal asks.
    ///
    /// # Errors
    /// [`Failure`] if the keys must be read anew and can't be.
    pub async fn intake_of(&self, hash: &str) -> Result<Option<IntakeId>, Failure> {
        if let Some(found) = self.keys.find(hash) {
            return Ok(found);
        }
        let _one = self.keys.reading.lock().await;
        if let Some(found) = self.keys.find(hash) {
            return Ok(found);
        }
        // Counted before they are read: a change in between makes them stale again.
        let changes = self.keys.changes.load(Ordering::Acquire);
        let keys: HashMap<_, _> =
            self.ops.intake_keys().await?.into_iter().map(|(hash, intake, _)| (hash, intake)).collect();
        let found = keys.get(hash).cloned();
        *self.keys.read.write().unwrap_or_else(PoisonError::into_inner) = (changes, keys);
        Ok(found)
    }

    /// Sends a delivery through its channel.
    pub(crate) async fn send(&self, delivery: &Delivery) -> (Sent, String) {
        let text = &delivery.text;
        let message = Message {
            id: delivery.id.clone(),
            to: delivery.address.clone(),
            person: text.person.clone(),
            subject: text.subject.clone(),
            text: text.text.clone(),
            body: text.body.clone(),
            link: text.link.clone(),
            urgent: text.urgent,
            event: text.event.clone(),
            sent_at: self.ops.now(),
        };
        match self.channels.send(delivery.means, &message).await {
            Attempted::Graded { outcome, detail } => (Sent::Graded(outcome), detail),
            Attempted::Later { why } => (Sent::Later, why),
        }
    }

    /// Whether a machine can use that means here: in the demo, every phone is pretend.
    #[must_use]
    pub fn can(&self, means: MeansKind) -> bool {
        self.site.demo || self.channels.can(means)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channels::settings::ChannelSettings;
    use crate::clock::SystemClock;
    use crate::store::migrate;
    use muster_core::directory::Organisation;

    #[tokio::test]
    async fn no_sender_is_turned_away_while_the_keys_are_read() {
        let folder = std::env::temp_dir().join(format!("muster-keys-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let db = Db::sqlite(&folder.join("muster.db")).unwrap();
        migrate::run(&db, migrate::MIGRATIONS, SystemClock.now()).await.unwrap();
        let site =
            Site { public_url: "http://localhost".into(), secure: false, trusted_proxies: Vec::new(), demo: false };
        let channels = Channels::new(&ChannelSettings::default()).unwrap();
        let app = App::new(db, Arc::new(SystemClock), channels, site).await.unwrap();
        let org = "[organisation]\nname = \"N\"\ntime_zone = \"UTC\"\n[intake.load]\nname = \"Load\"\n\
                   [people.ada]\nname = \"Ada\"\nrole = \"administrator\"\n";
        app.ops.apply(&toml::from_str::<Organisation>(org).unwrap(), "test").await.unwrap();
        let load = IntakeId::from("load");
        let old = app.ops.make_intake_key(&load, false, "test").await.unwrap().hash();
        // Whoever gave up while it was reading leaves nothing half read behind; once in a while it has read all by then.
        drop(futures_util::FutureExt::now_or_never(app.intake_of(&old)));
        for _ in 0..2 {
            let new = app.ops.make_intake_key(&load, false, "test").await.unwrap().hash();
            let found = tokio::join!(app.intake_of(&old), app.intake_of(&new), app.intake_of(&old));
            for found in [found.0, found.1, found.2] {
                assert_eq!(found.unwrap(), Some(load.clone()));
            }
            assert_eq!(app.intake_of("nobody's").await.unwrap(), None);
        }
        app.ops.make_intake_key(&load, true, "test").await.unwrap();
        assert_eq!(app.intake_of(&old).await.unwrap(), None, "revoked with the others");
        drop(app);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
