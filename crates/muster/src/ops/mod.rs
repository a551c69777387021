//! The one write path: load, decide, record and enqueue in one transaction, commit, wake.
//!
//! The page, the API, the CLI, the link, the phone key, the alert and the timer all end here. Nothing
//! in this module sends anything, waits for anything but the database, or looks at a clock of its
//! own: [`World`] gives the time and randomness, so that the simulation can run it with its own.

pub mod access;
pub mod alerts;
pub mod apply;
pub mod attachments;
pub mod checkpoints;
pub mod claims;
pub mod deliver;
pub mod demo;
pub mod edit;
pub mod invitations;
mod legible;
pub mod links;
pub mod means;
pub(crate) mod messages;
mod record;
mod sensible;
mod unreached;
pub mod verify;
pub mod versions;
mod warnings;

use crate::documents::{WholeLog, export};
use crate::secrets::signing::SigningKey;
use crate::secrets::{NoRandomness, Random};
use crate::store::{self, Db, Sight, Tx, access as rows, meta, organisation, outbox, sight, subjects};
use muster_core::contact::MeansKind;
use muster_core::directory::Organisation;
use muster_core::entry::MergedInto;
use muster_core::form::Form;
use muster_core::ids::SubjectId;
use muster_core::incident::{Act, Command, Incident, OpenBy, Scene, decide};
use muster_core::planted;
use muster_core::refusal::Refusal;
use muster_core::{Time, later};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What operations take from the world around them.
pub trait World: Send + Sync + 'static {
    /// The time, to the millisecond.
    fn now(&self) -> Time;
    /// Randomness for ids, salts and tokens.
    fn random(&self) -> &dyn Random;
    /// The means for which there is a channel.
    fn channels(&self) -> &[MeansKind] {
        &MeansKind::ALL
    }
    /// Something was committed. Called after COMMIT, never before; must not wait.
    fn changed(&self, what: Changed);
}

/// What was committed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Changed {
    /// A log.
    Subject(SubjectId),
    /// Alerts; the engine should look.
    Alerts,
    /// Something must be sent.
    Outbox,
    /// The organisation.
    Settings,
    /// Only a page: a demo phone, a session.
    Pages,
}

/// Why an operation was not done. Nothing of it stands.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Failure {
    /// It was refused; the person is told what to do.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// There is no such thing, or the person may not know of it.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The organisation is another than the one that was looked at.
    #[error(
        "The organisation was changed since you looked at it, and nothing was done. Read it again (muster export), put \
         your changes into that, and look at the plan again."
    )]
    Stale,
    /// The database could not do it, or Muster has a bug.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// No random bytes.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

impl Failure {
    /// Whether the database could not do it now and the same will work in a moment: nobody's mistake, and nothing about
    /// what was asked.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Store(store::Error::Unavailable(_) | store::Error::Conflict(_)))
    }
}

/// The operations on one database.
#[derive(Clone)]
pub struct Ops {
    db: Db,
    world: Arc<dyn World>,
    shared: Arc<Shared>,
}

struct Shared {
    /// The address that links in messages begin with, without a slash at the end.
    public_url: String,
    /// Whether every message goes to the pretend phones.
    demo: bool,
    /// What personal links are derived from.
    link_secret: Vec<u8>,
    /// What exports and checkpoints are signed with.
    signing_key: SigningKey,
    /// The organisation of the newest epoch that was seen.
    org: Mutex<Option<(i64, Arc<Organisation>)>>,
    /// When the engine last came back after a gap, in epoch milliseconds.
    up_since: AtomicI64,
    /// The latest moment at which something was decided here, in epoch milliseconds; past every other until the engine's first look.
    latest: AtomicI64,
}

/// A name for an act, drawn where the act began, so that sending it twice does it once.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Once {
    /// Unique for the act.
    pub id: String,
    /// A digest of what is asked: the same id with another digest is refused.
    pub digest: String,
}

/// What came of a command.
#[derive(Clone, Debug)]
pub struct Performed<S = Incident> {
    /// The log.
    pub subject: SubjectId,
    /// What it is the log of, afterwards.
    pub folded: S,
    /// Numbers of the entries that were appended; empty if the same act was performed before.
    pub entries: Vec<u64>,
}

/// The settings under which a transaction decides.
pub(crate) struct Settings {
    pub(crate) epoch: i64,
    pub(crate) org: Arc<Organisation>,
}

/// What a transaction needs from outside, drawn before it begins, so that a retry finds the same.
#[derive(Clone, Debug)]
pub(crate) struct Drawn {
    pub(crate) now: Time,
    seed: [u8; 32],
}

impl Drawn {
    /// Sixteen bytes that nobody can guess, the same for the same `purpose` in a retry.
    pub(crate) fn bytes(&self, purpose: &str) -> [u8; 16] {
        use sha2::{Digest, Sha256};
        let digest: [u8; 32] = Sha256::new().chain_update(self.seed).chain_update(purpose).finalize().into();
        let mut half = [0; 16];
        half.copy_from_slice(&digest[..16]);
        half
    }

    /// An id that sorts by time: 48 bits of milliseconds and 80 random ones, in hex.
    pub(crate) fn id(&self, purpose: &str) -> String {
        let random = hex::encode(&self.bytes(purpose)[..10]);
        format!("{:012x}{random}", self.now.as_millisecond().max(0))
    }
}

impl Ops {
    /// The operations on `db`. Makes what an installation needs once: the secret of personal links and the
    /// key that signs.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn new(db: Db, world: Arc<dyn World>, public_url: &str, demo: bool) -> Result<Self, Failure> {
        let mut secret = [0; 32];
        world.random().fill(&mut secret)?;
        let fresh_secret = hex::encode(secret);
        let fresh_key = SigningKey::generate(world.random())?.to_pem();
        let (link_secret, pem) = db
            .write(async move |tx: &mut Tx| {
                let link_secret = meta::get_or_set(tx, "link_secret", &fresh_secret).await?;
                Ok::<_, Failure>((link_secret, meta::get_or_set(tx, "signing_key", &fresh_key).await?))
            })
            .await?;
        let signing_key = SigningKey::from_pem(&pem).map_err(|e| store::Error::Bug(format!("the stored key: {e}")))?;
        let shared = Shared {
            public_url: public_url.trim_end_matches('/').to_owned(),
            demo,
            link_secret: link_secret.into_bytes(),
            signing_key,
            org: Mutex::new(None),
            up_since: AtomicI64::new(world.now().as_millisecond()),
            latest: AtomicI64::new(i64::MAX),
        };
        let ops = Self { db, world, shared: Arc::new(shared) };
        ops.write_down_what_holds().await?;
        Ok(ops)
    }

    /// The database, for reading.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// The time. Whatever is decided by it, a clock that is set back after is noticed by the engine.
    #[must_use]
    pub fn now(&self) -> Time {
        let now = self.world.now();
        self.shared.latest.fetch_max(now.as_millisecond(), Ordering::Relaxed);
        now
    }

    /// The means for which there is a channel.
    #[must_use]
    pub fn channels(&self) -> &[MeansKind] {
        self.world.channels()
    }

    /// Whether messages go to the pretend phones.
    #[must_use]
    pub fn is_demo(&self) -> bool {
        self.shared.demo
    }

    /// The address that links begin with.
    #[must_use]
    pub fn public_url(&self) -> &str {
        &self.shared.public_url
    }

    /// The key that signs exports and checkpoints.
    #[must_use]
    pub fn signing_key(&self) -> &SigningKey {
        &self.shared.signing_key
    }

    /// The whole log of that number for these eyes, read in one snapshot.
    ///
    /// # Errors
    /// [`Failure::NotFound`] if there is none for them.
    pub async fn whole_log(&self, sight: Sight, number: &str) -> Result<WholeLog, Failure> {
        let number = number.to_owned();
        self.db
            .read(async move |tx: &mut Tx| {
                let none = || Failure::NotFound("incident");
                let subject = subjects::by_number(tx, &sight, &number).await?.ok_or_else(none)?;
                let mut stored = subjects::load(tx, &subject).await?.ok_or_else(none)?;
                stored.folded = sight::incident(tx, &sight, stored.folded).await?;
                let (entries, chained) = subjects::whole(tx, &sight, &subject).await?;
                Ok(WholeLog { stored, entries, chained })
            })
            .await
    }

    /// The incident of that number as the file that proves itself, for these eyes.
    ///
    /// # Errors
    /// [`Failure::NotFound`] if there is none for them.
    pub async fn export(&self, sight: Sight, number: &str) -> Result<Vec<u8>, Failure> {
        let (log, now) = (self.whole_log(sight, number).await?, self.now());
        let form = Form::of(&log.stored.folded, &log.entries, now);
        let written = export::write(&log, &form, self.signing_key(), now);
        Ok(written.map_err(|e| store::Error::Bug(format!("the export of {number}: {e}")))?)
    }

    /// When the engine last came back after a gap.
    #[must_use]
    pub fn up_since(&self) -> Time {
        muster_core::at_ms(self.shared.up_since.load(Ordering::Relaxed))
    }

    /// The engine was away until now: whoever was being asked gets the full wait again.
    pub fn came_back(&self) {
        self.shared.up_since.store(self.now().as_millisecond(), Ordering::Relaxed);
    }

    /// The engine looks now: at everything that goes on, if it is the first time or the clock was set back. What was decided at
    /// a later moment, in this life or one before, waits for moments that were counted from there.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) async fn look(&self) -> Result<Time, Failure> {
        // Read before the clock: what others decide meanwhile is no clock that was set back.
        let latest = self.shared.latest.load(Ordering::Relaxed);
        let now = self.now();
        if now.as_millisecond() < latest || now < self.up_since() {
            let look_again = async move |tx: &mut Tx| {
                let alerts = store::alerts::clock_set_back(tx, now);
                planted!("watches-by-the-clock", alerts.await?, drop(alerts));
                let sends = outbox::clock_set_back(tx, now, later(now, deliver::LEASE));
                planted!("sends-by-the-clock", sends.await?, drop(sends));
                Ok::<_, Failure>(subjects::clock_set_back(tx, now).await?)
            };
            self.db.write(look_again).await?;
            self.shared.latest.store(now.as_millisecond(), Ordering::Relaxed);
            self.shared.up_since.store(now.as_millisecond(), Ordering::Relaxed);
        }
        Ok(now)
    }

    pub(crate) fn world(&self) -> &dyn World {
        &*self.world
    }

    pub(crate) fn draw(&self) -> Result<Drawn, Failure> {
        let mut seed = [0; 32];
        self.world.random().fill(&mut seed)?;
        Ok(Drawn { now: self.now(), seed })
    }

    /// The organisation as it is now.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn organisation(&self) -> Result<Arc<Organisation>, Failure> {
        let ops = self.clone();
        self.db.read(async move |tx: &mut Tx| Ok(ops.settings(tx).await?.org)).await
    }

    /// The organisation as it is now, with the settings' epoch.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn organisation_at_epoch(&self) -> Result<(i64, Arc<Organisation>), Failure> {
        let ops = self.clone();
        let read = async move |tx: &mut Tx| ops.settings(tx).await.map(|settings| (settings.epoch, settings.org));
        self.db.read(read).await
    }

    /// The organisation of the epoch that this transaction sees; read anew only when it has changed.
    pub(crate) async fn settings(&self, tx: &mut Tx) -> Result<Settings, Failure> {
        let epoch = meta::epoch(tx).await?;
        {
            let cached = self.shared.org.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((_, org)) = cached.as_ref().filter(|(of, _)| *of == epoch) {
                return Ok(Settings { epoch, org: org.clone() });
            }
        }
        let org = Arc::new(organisation::load(tx).await?);
        *self.shared.org.lock().unwrap_or_else(PoisonError::into_inner) = Some((epoch, org.clone()));
        Ok(Settings { epoch, org })
    }

    /// Begins a log.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn declare(&self, by: OpenBy, once: Option<Once>) -> Result<Performed, Failure> {
        self.declare_and(by, Vec::new(), once).await
    }

    /// Begins a log, and goes on with `then`: all of it is recorded, or nothing.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn declare_and(&self, by: OpenBy, then: Vec<Command>, once: Option<Once>) -> Result<Performed, Failure> {
        let drawn = self.draw()?;
        let ops = self.clone();
        self.db
            .write(async move |tx: &mut Tx| {
                if let Some(subject) = performed_before(tx, once.as_ref()).await? {
                    return ops.as_it_is(tx, SubjectId(subject)).await;
                }
                let subject = SubjectId(drawn.id("subject"));
                let opened = ops.open(tx, &drawn, &subject, &by).await?;
                let performed = ops.carry_out_all(tx, &drawn, opened, &then).await?;
                note_performed(tx, once.as_ref(), subject.as_str(), drawn.now).await?;
                Ok(performed)
            })
            .await
    }

    /// Whether that was done before, so that it is only answered again.
    ///
    /// # Errors
    /// [`Failure`]: refused if the name of the act was used for another.
    pub async fn was_done(&self, once: Option<&Once>) -> Result<bool, Failure> {
        let once = once.cloned();
        self.db.read(async move |tx: &mut Tx| Ok(performed_before(tx, once.as_ref()).await?.is_some())).await
    }

    /// Performs `command` on that log.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn perform(
        &self,
        subject: &SubjectId,
        command: Command,
        once: Option<Once>,
    ) -> Result<Performed, Failure> {
        self.perform_all(subject, vec![command], once).await
    }

    /// Performs `commands` on that log in their order: all of them are recorded, or none.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn perform_all(
        &self,
        subject: &SubjectId,
        commands: Vec<Command>,
        once: Option<Once>,
    ) -> Result<Performed, Failure> {
        let drawn = self.draw()?;
        let (ops, subject) = (self.clone(), subject.clone());
        self.db
            .write(async move |tx: &mut Tx| {
                if performed_before(tx, once.as_ref()).await?.is_some() {
                    return ops.as_it_is(tx, subject.clone()).await;
                }
                let Some((first, rest)) = commands.split_first() else {
                    return ops.as_it_is(tx, subject.clone()).await;
                };
                let performed = ops.carry_out(tx, &drawn, &subject, first).await?;
                let performed = ops.carry_out_all(tx, &drawn, performed, rest).await?;
                note_performed(tx, once.as_ref(), subject.as_str(), drawn.now).await?;
                Ok(performed)
            })
            .await
    }

    /// Opens a log inside a transaction.
    pub(crate) async fn open(
        &self,
        tx: &mut Tx,
        drawn: &Drawn,
        subject: &SubjectId,
        by: &OpenBy,
    ) -> Result<Performed, Failure> {
        let settings = self.settings(tx).await?;
        let year = year_of(drawn.now, &settings.org.organisation.time_zone);
        let number = subjects::next_number(tx, year).await?;
        let command = Command::Open { number, by: by.clone() };
        let decision = decide(None, &command, self.scene(drawn, subject, &settings.org))?;
        let performed = self.record(tx, drawn, &settings, subject, None, decision).await?;
        self.hear_of_standing_work(tx, drawn, &settings, performed, &[]).await
    }

    /// Carries out a command inside a transaction.
    pub(crate) async fn carry_out(
        &self,
        tx: &mut Tx,
        drawn: &Drawn,
        subject: &SubjectId,
        command: &Command,
    ) -> Result<Performed, Failure> {
        let (performed, merged_into) = self.carry_out_on(tx, drawn, subject, command).await?;
        let sight = matches!(command, Command::Act { act: Act::Restrict { .. } | Act::Unrestrict { .. }, .. });
        if planted!("one-of-two-restricted", sight, false) {
            self.merged_are_seen_alike(tx, drawn, &performed).await?;
        }
        match merged_into.filter(|_| performed.folded.others.merged_into.is_none()) {
            Some(into) => self.stands_alone_again(tx, drawn, performed, &into, command).await,
            None => Ok(performed),
        }
    }

    /// The same, where nothing of it concerns another log.
    pub(super) async fn carry_out_alone(
        &self,
        tx: &mut Tx,
        drawn: &Drawn,
        subject: &SubjectId,
        command: &Command,
    ) -> Result<Performed, Failure> {
        Ok(self.carry_out_on(tx, drawn, subject, command).await?.0)
    }

    /// What came of it, and into which incident that one was merged before.
    async fn carry_out_on(
        &self,
        tx: &mut Tx,
        drawn: &Drawn,
        subject: &SubjectId,
        command: &Command,
    ) -> Result<(Performed, Option<MergedInto>), Failure> {
        let settings = self.settings(tx).await?;
        let Some(stored) = subjects::load::<Incident>(tx, subject).await? else {
            return Err(Failure::NotFound("incident"));
        };
        let merged_into = stored.folded.others.merged_into.clone();
        let affected = match stored.folded.state.is_live() {
            true => stored.folded.systems.iter().map(|s| s.id.clone()).collect(),
            false => Vec::new(),
        };
        let decision = decide(Some(&stored.folded), command, self.scene(drawn, subject, &settings.org))?;
        let performed = self.record(tx, drawn, &settings, subject, Some(stored), decision).await?;
        let performed = self.hear_of_standing_work(tx, drawn, &settings, performed, &affected).await?;
        Ok((performed, merged_into))
    }

    /// Carries out commands after what was `performed`, inside a transaction.
    async fn carry_out_all(
        &self,
        tx: &mut Tx,
        drawn: &Drawn,
        mut performed: Performed,
        commands: &[Command],
    ) -> Result<Performed, Failure> {
        for command in commands {
            let next = self.carry_out(tx, drawn, &performed.subject, command).await?;
            performed.folded = next.folded;
            performed.entries.extend(next.entries);
        }
        Ok(performed)
    }

    fn scene<'a>(&'a self, drawn: &Drawn, subject: &'a SubjectId, org: &'a Organisation) -> Scene<'a> {
        Scene { now: drawn.now, up_since: self.up_since(), subject, org, channels: self.channels() }
    }

    async fn as_it_is(&self, tx: &mut Tx, subject: SubjectId) -> Result<Performed, Failure> {
        let Some(stored) = subjects::load::<Incident>(tx, &subject).await? else {
            return Err(Failure::NotFound("incident"));
        };
        Ok(Performed { subject, folded: stored.folded, entries: Vec::new() })
    }
}

/// The result of the same act, if it was performed before.
async fn performed_before(tx: &mut Tx, once: Option<&Once>) -> Result<Option<String>, Failure> {
    let Some(once) = once else { return Ok(None) };
    match rows::performed(tx, &once.id).await? {
        Some((digest, result)) if digest == once.digest => Ok(Some(result)),
        Some(_) => Err(Refusal::Senseless {
            field: "act",
            why: "The same request was sent before with other content. Load the page again and send it anew.".into(),
        }
        .into()),
        None => Ok(None),
    }
}

async fn note_performed(tx: &mut Tx, once: Option<&Once>, result: &str, now: Time) -> Result<(), Failure> {
    if let Some(once) = once {
        rows::perform_once(tx, &once.id, &once.digest, result, now).await?;
    }
    Ok(())
}

/// The year in which an incident gets its number: that of the organisation's calendar.
fn year_of(now: Time, zone: &str) -> i16 {
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    now.to_zoned(zone).year()
}

/// How long a log that could not be looked at waits before it is tried again.
const AFTER_TROUBLE: muster_core::Span = muster_core::Span::from_secs(30);

impl Ops {
    /// Puts off a log that could not be looked at, so that it does not stop the others.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn put_off_subject(&self, subject: &SubjectId) -> Result<(), Failure> {
        self.set_due(subject, Some(muster_core::later(self.now(), AFTER_TROUBLE))).await
    }

    /// Lets a log rest that only a later release can write.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn rest(&self, subject: &SubjectId) -> Result<(), Failure> {
        self.set_due(subject, None).await
    }

    async fn set_due(&self, subject: &SubjectId, due_at: Option<Time>) -> Result<(), Failure> {
        let subject = subject.clone();
        self.db
            .write(async move |tx: &mut Tx| {
                let epoch = meta::epoch(tx).await?;
                Ok(subjects::set_due(tx, &subject, due_at, epoch).await?)
            })
            .await
    }
}
