//! An incident on somebody's desk: found, read, and what has to be mended in a form about it.

mod mend;

pub use mend::Mend;

use super::super::draw::log::{ENTRIES_MOST, Wanted};
use super::super::frame::{Reader, Scene, live, shell};
use crate::app::App;
use crate::ops::Failure;
use crate::store::outbox::{self, Told};
use crate::store::subjects::{self, Chained};
use crate::store::{Sight, Tx};
use crate::web::error::{PageError, Problem};
use crate::web::view::parts::{Moment as Then, Place, Prose, Shell};
use muster_core::Time;
use muster_core::chain::{Body, Verifier};
use muster_core::directory::Role;
use muster_core::entry::Entry;
use muster_core::ids::SubjectId;
use muster_core::incident::Incident;
use muster_core::subject::Subject;
use std::collections::BTreeMap;

/// Most entries that are read for one page: enough to fill it with one kind of a busy log, few enough
/// that the longest log costs a page no more than this.
const READ_MOST: usize = ENTRIES_MOST * 10;

/// Most other incidents that are suggested to link with: the newest are meant.
const BESIDE_MOST: u32 = 20;

/// An incident, found.
#[derive(Clone, Debug)]
pub struct Desk {
    /// Its log.
    pub subject: SubjectId,
    /// As it is now, or was when it is looked back at, for these eyes.
    pub incident: Incident,
    /// Whose eyes it lies before.
    pub sight: Sight,
    /// Which moment is looked back at, if not now.
    pub replayed: Option<Replayed>,
}

/// A moment in the life of an incident.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Moment {
    /// When that entry was its newest.
    Entry(u64),
    /// That time.
    Time(Time),
}

/// Which moment is replayed.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Replayed {
    /// The newest entry then.
    pub seq: u64,
    /// The newest entry now.
    pub last: u64,
    /// When.
    pub at: Time,
}

/// A part of its log, newest first.
#[derive(Clone, Debug)]
pub struct Part {
    /// The entries.
    pub entries: Vec<Entry>,
    /// What came of checking the chain, if the part is the whole log.
    pub checked: Option<Result<(), String>>,
}

impl Desk {
    /// The incident of that number.
    ///
    /// # Errors
    /// 404 if there is none for these eyes.
    pub async fn find(app: &App, sight: Sight, number: &str) -> Result<Self, PageError> {
        let (wanted, eyes) = (number.to_owned(), sight.clone());
        let find = async move |tx: &mut Tx| {
            let Some(subject) = subjects::by_number(tx, &eyes, &wanted).await? else { return Ok(None) };
            let incident = subjects::see(tx, &eyes, &subject).await?;
            Ok::<_, Failure>(incident.map(|incident| (subject, incident)))
        };
        let not_found = || Problem::not_found(&format!("incident {}", number.chars().take(20).collect::<String>()));
        let (subject, incident) = app.ops.db().read(find).await?.ok_or_else(not_found)?;
        Ok(Self { subject, incident, sight, replayed: None })
    }

    /// Its whole log as it was then, oldest first.
    ///
    /// # Errors
    /// [`PageError`].
    pub async fn log(&self, app: &App) -> Result<Vec<Entry>, PageError> {
        let (sight, subject) = (self.sight.clone(), self.subject.clone());
        let read = async move |tx: &mut Tx| Ok::<_, Failure>(subjects::entries(tx, &sight, &subject, 0).await?);
        let mut entries = app.ops.db().read(read).await?;
        if let Some(then) = self.replayed {
            entries.retain(|e| e.seq <= then.seq);
        }
        Ok(entries)
    }

    /// The organisation, and the time that it is on the page.
    ///
    /// # Errors
    /// [`PageError`].
    pub async fn scene(&self, app: &App) -> Result<Scene, PageError> {
        match self.replayed {
            Some(then) => Ok(Scene::new(app.ops.organisation().await?, then.at)),
            None => Scene::now(app).await,
        }
    }

    /// What the reader may do with it: what is over is only read.
    #[must_use]
    pub fn role(&self, reader: &Reader) -> Role {
        if self.replayed.is_some() { Role::Reader } else { reader.person.role }
    }

    /// As it was at the moment that the address asks for (`as-of=ENTRY` or `at=TIME`), or as it is.
    ///
    /// # Errors
    /// [`PageError`].
    pub async fn at(self, app: &App, query: &BTreeMap<String, String>) -> Result<Self, PageError> {
        let entry = query.get("as-of").and_then(|n| n.parse().ok()).map(Moment::Entry);
        let time = || query.get("at").and_then(|at| at.parse().ok()).map(Moment::Time);
        match entry.or_else(time) {
            Some(moment) => self.replayed(app, moment).await,
            None => Ok(self),
        }
    }

    /// The frame of a page of it, `path` being the last part of its address: live, or at the moment that it shows.
    ///
    /// # Errors
    /// [`PageError`].
    pub async fn shell(&self, app: &App, reader: &Reader, path: &str) -> Result<Shell, PageError> {
        let here = format!("/incidents/{}", self.incident.number);
        let frame = shell(app, reader, Place::Incidents).await?;
        let Some(Replayed { seq, last, at }) = self.replayed else {
            return Ok(Shell { live: Some(live(&format!("{here}/live"), reader)), ..frame });
        };
        let at = Prose::default().when(self.scene(app).await?.times.in_full(at));
        Ok(Shell { live: None, replay: Some(Then { path: format!("{here}{path}"), at, seq, last }), ..frame })
    }

    /// As it was known when `moment` was (DOC-8): folded from the entries that had been recorded by then.
    ///
    /// # Errors
    /// [`PageError`].
    async fn replayed(self, app: &App, moment: Moment) -> Result<Self, PageError> {
        let entries = self.log(app).await?;
        let known = match moment {
            Moment::Entry(seq) => entries.iter().take_while(|e| e.seq <= seq.max(1)).count(),
            Moment::Time(at) => entries.iter().take_while(|e| e.recorded_at <= at).count().max(1),
        };
        let known = &entries[..known.min(entries.len())];
        let (Some(newest), Some(incident)) = (known.last(), Incident::fold(known)) else {
            return Err(Problem::not_found("moment").into());
        };
        let at = match moment {
            Moment::Entry(_) => newest.recorded_at,
            // Nothing is known of what comes.
            Moment::Time(at) => at.min(app.ops.now()).max(newest.recorded_at),
        };
        let replayed = Some(Replayed { seq: newest.seq, last: self.incident.seq, at });
        Ok(Self { incident, replayed, ..self })
    }

    /// The part of its log that the reader wants to see.
    ///
    /// # Errors
    /// [`PageError`].
    pub async fn part(&self, app: &App, wanted: &Wanted) -> Result<Part, PageError> {
        let newest = self.incident.seq.saturating_add(1); // what came since the incident was read is not part of it
        let (subject, before) = (self.subject.clone(), wanted.before.unwrap_or(newest).min(newest));
        let most = u32::try_from(READ_MOST).unwrap_or(u32::MAX);
        let sight = self.sight.clone();
        let read =
            async move |tx: &mut Tx| Ok::<_, Failure>(subjects::newest(tx, &sight, &subject, before, most).await?);
        let (entries, mut chained) = app.ops.db().read(read).await?;
        let whole = wanted.before.is_none() && chained.last().is_some_and(|c| c.record.seq == 1);
        chained.reverse();
        let checked = whole.then(|| unbroken(&self.subject, &self.incident.number, &chained));
        Ok(Part { entries, checked })
    }

    /// Other incidents that are open, newest first: number and name.
    ///
    /// # Errors
    /// [`PageError`].
    pub async fn open_beside(&self, app: &App) -> Result<Vec<(String, String)>, PageError> {
        let sight = self.sight.clone();
        let read = async move |tx: &mut Tx| Ok::<_, Failure>(subjects::live(tx, &sight, BESIDE_MOST).await?);
        let live = app.ops.db().read(read).await?.into_iter().filter(|l| l.subject != self.subject);
        Ok(live.map(|l| (l.incident.number, l.incident.title)).collect())
    }

    /// What became of telling the administrators, if Muster had to.
    ///
    /// # Errors
    /// [`PageError`].
    pub async fn alarms(&self, app: &App) -> Result<Vec<Told>, PageError> {
        if !self.incident.summonses.iter().any(|s| s.is_live() && s.vain_rounds > 0) {
            return Ok(Vec::new());
        }
        let subject = self.subject.clone();
        let read = async move |tx: &mut Tx| Ok::<_, Failure>(outbox::alarms(tx, &subject).await?);
        Ok(app.ops.db().read(read).await?)
    }

    /// The incident as it was when its newest entry was `seen`: what the writer of a form had before
    /// their eyes.
    ///
    /// # Errors
    /// [`PageError`].
    pub async fn as_seen(&self, app: &App, seen: Option<u64>) -> Result<Incident, PageError> {
        let Some(seen) = seen.filter(|n| *n < self.incident.seq) else { return Ok(self.incident.clone()) };
        let (sight, subject) = (self.sight.clone(), self.subject.clone());
        let read = async move |tx: &mut Tx| Ok::<_, Failure>(subjects::entries(tx, &sight, &subject, 0).await?);
        let entries = app.ops.db().read(read).await?;
        Ok(Incident::fold(entries.iter().take_while(|e| e.seq <= seen)).unwrap_or_else(|| self.incident.clone()))
    }
}

/// Whether the chain of a whole log holds; else the first thing that is wrong.
fn unbroken(subject: &SubjectId, number: &str, chained: &[Chained]) -> Result<(), String> {
    let mut verifier = Verifier::new(subject.as_str(), number);
    for c in chained {
        let body = match c.salt.is_empty() {
            true => Body::Erased { digest: c.digest },
            false => Body::Kept { salt: &c.salt, body: c.record.body.as_bytes() },
        };
        verifier.feed(&subjects::link(subject, &c.record, body), c.hash).map_err(|broken| broken.to_string())?;
    }
    verifier.finish().map(drop).map_err(|broken| broken.to_string())
}
