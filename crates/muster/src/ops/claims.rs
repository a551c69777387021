//! Claims: a system's log is decided with what goes on around it, and those who must hear of it do.

use super::{Drawn, Failure, Once, Ops, Performed, Settings, note_performed, performed_before};
use crate::store::Tx;
use crate::store::subjects::{self, Stored};
use muster_core::claim::{Around, Claims, Command, IncidentHere, decide, hang_together};
use muster_core::entry::{AtWork, Entry, Fact, HeardOfSystem};
use muster_core::ids::{SubjectId, SummonsId, SystemId};
use muster_core::incident::{self, Incident, line_of};
use muster_core::refusal::Refusal;
use muster_core::subject::{Common, Subject};
use muster_core::summons::Summons;
use muster_core::version::Version;

/// What is known of the work on a system.
#[derive(Clone, Debug)]
pub struct Work {
    /// Its log, if it has begun.
    pub subject: Option<SubjectId>,
    /// That, folded.
    pub claims: Option<Claims>,
    /// Who is at work on what hangs together with it, and incidents that affect it.
    pub around: Around,
}

/// Most systems with somebody at work that deciding looks at: many more than there are people to work on them.
const AT_WORK_AT_MOST: u32 = 500;

impl Ops {
    /// Does something to the log of that system, which begins with its first claim.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn work(
        &self,
        system: &SystemId,
        command: Command,
        once: Option<Once>,
    ) -> Result<Performed<Claims>, Failure> {
        let drawn = self.draw()?;
        let (ops, system) = (self.clone(), system.clone());
        self.db
            .write(async move |tx: &mut Tx| {
                if let Some(subject) = performed_before(tx, once.as_ref()).await? {
                    let subject = SubjectId(subject);
                    let stored = subjects::load::<Claims>(tx, &subject).await?.ok_or(Failure::NotFound("system"))?;
                    return Ok(Performed { subject, folded: stored.folded, entries: Vec::new() });
                }
                let performed = match subjects::of_system(tx, &system).await? {
                    Some(subject) => ops.work_on(tx, &drawn, &subject, &command).await?,
                    None => {
                        let subject = SubjectId(drawn.id("subject"));
                        ops.decide_work(tx, &drawn, &subject, &system, None, &command).await?
                    }
                };
                note_performed(tx, once.as_ref(), performed.subject.as_str(), drawn.now).await?;
                Ok(performed)
            })
            .await
    }

    /// Who works on that system and who waits to disrupt it, if anybody ever did.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn who_works_on(&self, system: &SystemId) -> Result<Work, Failure> {
        let (ops, system) = (self.clone(), system.clone());
        self.db.read(async move |tx: &mut Tx| ops.work_of(tx, &system).await).await
    }

    async fn work_of(&self, tx: &mut Tx, system: &SystemId) -> Result<Work, Failure> {
        let org = self.settings(tx).await?.org;
        let subject = subjects::of_system(tx, system).await?;
        let stored = match &subject {
            Some(subject) => subjects::load::<Claims>(tx, subject).await?,
            None => None,
        };
        let mut around = around(tx, system).await?;
        let near = |w: &AtWork| hang_together(&org, (system, ""), (&w.system, &w.host));
        around.elsewhere.retain(near);
        Ok(Work { subject, claims: stored.map(|s| s.folded), around })
    }

    /// Every system on which somebody is at work, or waits to be let.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn who_works_where(&self) -> Result<Vec<Claims>, Failure> {
        let read = async |tx: &mut Tx| Ok::<_, Failure>(subjects::at_work(tx, AT_WORK_AT_MOST).await?);
        Ok(self.db.read(read).await?.into_iter().map(|s| s.folded).collect())
    }

    /// Carries a log on, whatever it is the log of.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn carry_on(&self, subject: &SubjectId, common: Common) -> Result<(), Failure> {
        let drawn = self.draw()?;
        let (ops, subject) = (self.clone(), subject.clone());
        self.db.write(async move |tx: &mut Tx| ops.carry_on_in(tx, &drawn, &subject, common.clone()).await).await
    }

    /// The same inside a transaction: the one place that tells the kinds of logs apart for writing.
    pub(super) async fn carry_on_in(
        &self,
        tx: &mut Tx,
        drawn: &Drawn,
        subject: &SubjectId,
        common: Common,
    ) -> Result<(), Failure> {
        match subjects::kind_of(tx, subject).await?.as_deref() {
            Some(Incident::KIND) => self.carry_out(tx, drawn, subject, &common.into()).await.map(drop),
            Some(Claims::KIND) => self.work_on(tx, drawn, subject, &common.into()).await.map(drop),
            Some(Version::KIND) => self.change_version_in(tx, drawn, subject, &common.into()).await.map(drop),
            _ => Err(Failure::NotFound("log")),
        }
    }

    async fn work_on(
        &self,
        tx: &mut Tx,
        drawn: &Drawn,
        subject: &SubjectId,
        command: &Command,
    ) -> Result<Performed<Claims>, Failure> {
        let stored = subjects::load::<Claims>(tx, subject).await?.ok_or(Failure::NotFound("system"))?;
        let system = stored.folded.system.clone();
        self.decide_work(tx, drawn, subject, &system, Some(stored), command).await
    }

    /// Decides, and looks again at whoever waits elsewhere: who is in their way may have changed.
    async fn decide_work(
        &self,
        tx: &mut Tx,
        drawn: &Drawn,
        subject: &SubjectId,
        system: &SystemId,
        stored: Option<Stored<Claims>>,
        command: &Command,
    ) -> Result<Performed<Claims>, Failure> {
        let (performed, entries) = self.decide_alone(tx, drawn, subject, system, stored, command).await?;
        if !entries.iter().any(|e| changes_who_is_at_work(&e.fact)) {
            return Ok(performed);
        }
        for other in subjects::at_work(tx, AT_WORK_AT_MOST).await? {
            if other.subject != *subject && other.folded.open_asks().next().is_some() {
                let (subject, system) = (other.subject.clone(), other.folded.system.clone());
                match self.decide_alone(tx, drawn, &subject, &system, Some(other), &Command::Tick).await {
                    // What only a later release writes must not keep people from their work.
                    Ok(_) | Err(Failure::Refused(Refusal::NewerRelease)) => {}
                    Err(failure) => return Err(failure),
                }
            }
        }
        Ok(performed)
    }

    async fn decide_alone(
        &self,
        tx: &mut Tx,
        drawn: &Drawn,
        subject: &SubjectId,
        system: &SystemId,
        stored: Option<Stored<Claims>>,
        command: &Command,
    ) -> Result<(Performed<Claims>, Vec<Entry>), Failure> {
        let settings = self.settings(tx).await?;
        let around = around(tx, system).await?;
        let scene = self.scene(drawn, subject, &settings.org);
        let decision = decide(stored.as_ref().map(|s| &s.folded), command, &around, scene)?;
        let entries = decision.entries.clone();
        let performed = self.record(tx, drawn, &settings, subject, stored, decision).await?;
        self.tell_incidents(tx, drawn, &performed.folded, &entries).await?;
        Ok((performed, entries))
    }

    /// What happens to a system stands in the log of every incident that affects it, without being typed twice (EVAL-6).
    async fn tell_incidents(
        &self,
        tx: &mut Tx,
        drawn: &Drawn,
        claims: &Claims,
        entries: &[Entry],
    ) -> Result<(), Failure> {
        let news: Vec<_> = entries.iter().filter(|e| is_news(claims, e)).collect();
        if news.is_empty() {
            return Ok(());
        }
        for live in subjects::live_on(tx, &claims.system).await? {
            for entry in &news {
                let line = line_of(entry, &claims.summonses, &claims.time_zone);
                let fact = HeardOfSystem {
                    system: claims.system.clone(),
                    name: claims.name.clone(),
                    entry: entry.seq,
                    text: format!("{} {}", line.lead, line.text),
                };
                match self.carry_out(tx, drawn, &live.subject, &incident::Command::HeardOf(fact)).await {
                    // An incident that only a later release writes must not keep people from their work.
                    Ok(_) | Err(Failure::Refused(Refusal::NewerRelease)) => {}
                    Err(failure) => return Err(failure),
                }
            }
        }
        Ok(())
    }
}

impl Ops {
    /// Who is at work on a system when an incident begins to affect it stands in its log, as what they do afterwards
    /// does (EVAL-5). It affected `before`, and heard of those.
    pub(super) async fn hear_of_standing_work(
        &self,
        tx: &mut Tx,
        drawn: &Drawn,
        settings: &Settings,
        mut performed: Performed,
        before: &[SystemId],
    ) -> Result<Performed, Failure> {
        // What was kept on paper is over: who works there today has nothing to do with it.
        if performed.folded.is_from_paper() {
            return Ok(performed);
        }
        let affects = |i: &Incident| i.systems.iter().map(|s| s.id.clone()).collect::<Vec<_>>();
        for system in affects(&performed.folded).into_iter().filter(|s| !before.contains(s)) {
            let Some(log) = subjects::of_system(tx, &system).await? else { continue };
            let Some(claims) = subjects::load::<Claims>(tx, &log).await? else { continue };
            let Some(fact) = claims.folded.standing(drawn.now) else { continue };
            let stored = subjects::load::<Incident>(tx, &performed.subject).await?;
            let Some(stored) = stored.filter(|s| s.folded.state.is_live()) else { break };
            let scene = self.scene(drawn, &performed.subject, &settings.org);
            let decision = incident::decide(Some(&stored.folded), &incident::Command::HeardOf(fact), scene)?;
            let heard = self.record(tx, drawn, settings, &performed.subject, Some(stored), decision).await?;
            performed.folded = heard.folded;
            performed.entries.extend(heard.entries);
        }
        Ok(performed)
    }
}

/// What goes on around that system.
async fn around(tx: &mut Tx, system: &SystemId) -> Result<Around, Failure> {
    let others = subjects::at_work(tx, AT_WORK_AT_MOST).await?;
    let elsewhere = others.iter().filter(|s| s.folded.system != *system).flat_map(|s| s.folded.at_work()).collect();
    let here = |l: subjects::InList| IncidentHere {
        number: Some(&l.incident).filter(|i| !i.is_restricted()).map(|i| i.number.clone()),
        manager: l.incident.manager.map(|m| m.person.id),
    };
    let affects = |l: &subjects::InList| l.incident.systems.iter().any(|s| s.id == *system);
    let incidents = subjects::live_on(tx, system).await?.into_iter().filter(affects).map(here).collect();
    Ok(Around { system: system.clone(), elsewhere, incidents })
}

/// That search, in whatever log it is.
///
/// # Errors
/// [`Failure`].
pub(super) async fn summons(tx: &mut Tx, subject: &SubjectId, id: &SummonsId) -> Result<Option<Summons>, Failure> {
    Ok(match subjects::kind_of(tx, subject).await?.as_deref() {
        Some(Incident::KIND) => {
            subjects::load::<Incident>(tx, subject).await?.and_then(|s| s.folded.summons(id).cloned())
        }
        Some(Claims::KIND) => subjects::load::<Claims>(tx, subject).await?.and_then(|s| s.folded.summons(id).cloned()),
        _ => None,
    })
}

fn changes_who_is_at_work(fact: &Fact) -> bool {
    matches!(fact, Fact::Claimed(_) | Fact::ClaimEnded(_) | Fact::ClaimRenewed(_))
}

/// Whether that entry is told to the incidents that affect the system. That people log in and out is not: it would bury
/// the rest.
fn is_news(claims: &Claims, entry: &Entry) -> bool {
    match &entry.fact {
        Fact::Claimed(fact) => fact.session.is_none(),
        Fact::ClaimEnded(fact) => claims.claim(fact.claim).is_some_and(|c| c.session.is_none()),
        Fact::DisruptionAsked(_) | Fact::DisruptionSettled(_) => true,
        Fact::Noted(_) => entry.author.person().is_some(),
        _ => false,
    }
}
