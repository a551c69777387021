//! Versions of the procedure: each a log, one of them in force, and that one is what the organisation's rows say.

use super::apply::{check, set_items};
use super::{Changed, Drawn, Failure, Once, Ops, Performed, Settings, note_performed, performed_before};
use crate::store::organisation::{self, Items};
use crate::store::subjects::{self, Stored};
use crate::store::{Sight, Tx, alerts, meta};
use muster_core::directory::Organisation;
use muster_core::entry::{Entry, Fact, PolicyBody};
use muster_core::ids::{PersonId, PersonRef, SubjectId};
use muster_core::subject::{Decision, Subject};
use muster_core::version::{Command, Drafting, Stage, Version, decide};
use muster_core::{Span, later};

/// Most versions that are listed: one a week for four years.
const VERSIONS_AT_MOST: u32 = 200;
/// How long a version that is due and that nobody could work by waits, unless the organisation is changed before.
const LOOK_AGAIN: Span = Span::from_hours(1);
/// The row of the organisation that holds its figures.
const FIGURES: (&str, &str) = ("policy", "");

impl Ops {
    /// Every version, newest first.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn versions(&self) -> Result<Vec<Version>, Failure> {
        self.db.read(async |tx: &mut Tx| Ok(subjects::versions(tx, VERSIONS_AT_MOST).await?)).await
    }

    /// That version with its log.
    ///
    /// # Errors
    /// [`Failure::NotFound`] if there is none.
    pub async fn version(&self, number: u32) -> Result<(Version, Vec<Entry>), Failure> {
        let read = async move |tx: &mut Tx| {
            let stored = subjects::of_version(tx, number).await?.ok_or(Failure::NotFound("version"))?;
            let entries = subjects::entries(tx, &Sight::all(), &stored.subject, 0).await?;
            Ok((stored.folded, entries))
        };
        self.db.read(read).await
    }

    /// Begins a version from the one that is in force.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn draft_version(
        &self,
        by: PersonRef,
        drafting: Drafting,
        once: Option<Once>,
    ) -> Result<Performed<Version>, Failure> {
        let drawn = self.draw()?;
        let ops = self.clone();
        self.db
            .write(async move |tx: &mut Tx| {
                if let Some(subject) = performed_before(tx, once.as_ref()).await? {
                    return version_as_it_is(tx, SubjectId(subject)).await;
                }
                let settings = ops.settings(tx).await?;
                let command = Command::Draft {
                    number: subjects::newest_version(tx).await? + 1,
                    by: by.clone(),
                    from: settings.org.policy.version,
                    body: PolicyBody::of(&settings.org),
                    drafting: drafting.clone(),
                };
                let subject = SubjectId(drawn.id("version"));
                let decision = decide(None, &command, ops.scene(&drawn, &subject, &settings.org))?;
                let performed = ops.record(tx, &drawn, &settings, &subject, None, decision).await?;
                note_performed(tx, once.as_ref(), subject.as_str(), drawn.now).await?;
                Ok(performed)
            })
            .await
    }

    /// Does something to that version.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn change_version(
        &self,
        number: u32,
        command: Command,
        once: Option<Once>,
    ) -> Result<Performed<Version>, Failure> {
        let drawn = self.draw()?;
        let ops = self.clone();
        self.db
            .write(async move |tx: &mut Tx| {
                if let Some(subject) = performed_before(tx, once.as_ref()).await? {
                    return version_as_it_is(tx, SubjectId(subject)).await;
                }
                let stored = subjects::of_version(tx, number).await?.ok_or(Failure::NotFound("version"))?;
                let performed = ops.change_version_in(tx, &drawn, &stored.subject, &command).await?;
                note_performed(tx, once.as_ref(), performed.subject.as_str(), drawn.now).await?;
                Ok(performed)
            })
            .await
    }

    /// The same inside a transaction. What comes into force is what the organisation's rows say from then on.
    pub(super) async fn change_version_in(
        &self,
        tx: &mut Tx,
        drawn: &Drawn,
        subject: &SubjectId,
        command: &Command,
    ) -> Result<Performed<Version>, Failure> {
        let settings = self.settings(tx).await?;
        let stored = subjects::load::<Version>(tx, subject).await?.ok_or(Failure::NotFound("version"))?;
        let decision = decide(Some(&stored.folded), command, self.scene(drawn, subject, &settings.org))?;
        let comes = decision.entries.iter().rev().find(|e| matches!(e.fact, Fact::VersionInForce(_))).cloned();
        let Some(comes) = comes else {
            let performed = self.record(tx, drawn, &settings, subject, Some(stored), decision).await?;
            if performed.folded.next_due(drawn.now, self.up_since()).is_some_and(|due| due <= drawn.now) {
                self.wait_for_another_organisation(tx, drawn, subject, &settings).await?;
            }
            return Ok(performed);
        };
        let mut wanted = Organisation::clone(&settings.org);
        let body = &decision.folded.body;
        (wanted.policy, wanted.procedure) = (body.policy.clone(), body.procedure.own_only());
        match check(&wanted) {
            Err(_) if *command == Command::Tick => {
                self.wait_for_another_organisation(tx, drawn, subject, &settings).await?;
                return Ok(Performed { subject: subject.clone(), folded: stored.folded, entries: Vec::new() });
            }
            checked => checked?,
        }
        let actor = comes.author.person().map_or("muster", |p| p.id.as_str());
        let (before, after) = (organisation::items(tx).await?, organisation::to_items(&wanted)?);
        let performed = self.put_in_force(tx, drawn, &settings, subject, Some(stored), decision).await?;
        set_items(tx, &before, &after, actor, drawn.now).await?;
        meta::raise_epoch(tx).await?;
        alerts::look_again(tx, drawn.now).await?;
        self.tell_after_commit(tx, Changed::Settings);
        Ok(performed)
    }

    /// A change of the organisation looks at it again at once, as it is live.
    async fn wait_for_another_organisation(
        &self,
        tx: &mut Tx,
        drawn: &Drawn,
        subject: &SubjectId,
        settings: &Settings,
    ) -> Result<(), Failure> {
        Ok(subjects::set_due(tx, subject, Some(later(drawn.now, LOOK_AGAIN)), settings.epoch).await?)
    }

    /// Records that a version is in force, and first that the one before is not any more.
    async fn put_in_force(
        &self,
        tx: &mut Tx,
        drawn: &Drawn,
        settings: &Settings,
        subject: &SubjectId,
        stored: Option<Stored<Version>>,
        decision: Decision<Version>,
    ) -> Result<Performed<Version>, Failure> {
        if let Some(old) = subjects::version_in_force(tx).await?.filter(|old| old.subject != *subject) {
            let (replaced, command) = (old.subject.clone(), Command::Replace { by: decision.folded.number });
            let over = decide(Some(&old.folded), &command, self.scene(drawn, &replaced, &settings.org))?;
            self.record(tx, drawn, settings, &replaced, Some(old), over).await?;
        }
        self.record(tx, drawn, settings, subject, stored, decision).await
    }

    /// An organisation was applied: where it says something else than the version in force, that is a new version.
    /// `wanted` holds its number already.
    pub(super) async fn apply_version(
        &self,
        tx: &mut Tx,
        drawn: &Drawn,
        wanted: &Organisation,
        actor: &PersonId,
    ) -> Result<(), Failure> {
        let before = subjects::version_in_force(tx).await?;
        let body = PolicyBody::of(wanted);
        if before.as_ref().is_some_and(|before| before.folded.body.says(&body)) {
            return Ok(());
        }
        let by = wanted.people.contains_key(actor) && !body.is_as_shipped();
        let command = Command::Apply {
            number: wanted.policy.version,
            by: by.then(|| wanted.person_ref(actor)),
            from: before.map(|before| before.folded.number),
            body,
        };
        let settings = Settings { epoch: meta::epoch(tx).await?, org: wanted.clone().into() };
        let subject = SubjectId(drawn.id("version"));
        let decision = decide(None, &command, self.scene(drawn, &subject, wanted))?;
        self.put_in_force(tx, drawn, &settings, &subject, None, decision).await.map(drop)
    }

    /// Gives what a release before versions set up, or wrote beside this one, a version: exactly one is in force.
    pub(super) async fn write_down_what_holds(&self) -> Result<(), Failure> {
        let drawn = self.draw()?;
        let ops = self.clone();
        self.db
            .write(async move |tx: &mut Tx| {
                let mut org = organisation::load(tx).await?;
                let items = organisation::items(tx).await?;
                let Some(old) = items.get(&key(FIGURES)) else { return Ok(()) };
                let number = number_of(tx, &org).await?;
                if number != org.policy.version {
                    org.policy.version = number;
                    let new = organisation::item(&org.policy)?;
                    organisation::set(tx, FIGURES.0, FIGURES.1, Some(old), Some(&new), "muster", drawn.now).await?;
                    meta::raise_epoch(tx).await?;
                }
                ops.apply_version(tx, &drawn, &org, &PersonId::from("muster")).await
            })
            .await
    }
}

/// The number that what `wanted` says has or gets: versions are counted here, whatever stands in a file.
async fn number_of(tx: &mut Tx, wanted: &Organisation) -> Result<u32, Failure> {
    Ok(match subjects::version_in_force(tx).await? {
        Some(now) if now.folded.body.says(&PolicyBody::of(wanted)) => now.folded.number,
        Some(_) => subjects::newest_version(tx).await? + 1,
        None => wanted.policy.version.max(1),
    })
}

/// `wanted` under the number of its version, and as items; refused if it changes what groups have signed.
pub(super) async fn numbered(
    tx: &mut Tx,
    wanted: &Organisation,
    items: &Items,
) -> Result<(Organisation, Items), Failure> {
    if let Some(now) = subjects::version_in_force(tx).await? {
        now.folded.gives_way_to_a_file(&PolicyBody::of(wanted))?;
    }
    let (mut wanted, mut items) = (wanted.clone(), items.clone());
    wanted.policy.version = number_of(tx, &wanted).await?;
    items.insert(key(FIGURES), organisation::item(&wanted.policy)?);
    Ok((wanted, items))
}

fn key((kind, id): (&str, &str)) -> (String, String) {
    (kind.to_owned(), id.to_owned())
}

async fn version_as_it_is(tx: &mut Tx, subject: SubjectId) -> Result<Performed<Version>, Failure> {
    let stored = subjects::load::<Version>(tx, &subject).await?.ok_or(Failure::NotFound("version"))?;
    Ok(Performed { subject, folded: stored.folded, entries: Vec::new() })
}

/// Whether anybody can still write that version.
#[must_use]
pub fn is_open(version: &Version) -> bool {
    matches!(version.stage, Stage::Draft | Stage::Proposed)
}
