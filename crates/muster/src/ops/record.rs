//! Recording a decision: entries, their consequences outside the log, and the rows that lists read.

use super::messages::{Kept, Text};
use super::{Changed, Drawn, Failure, Ops, Performed, Settings};
use crate::store::access::PersonalLink;
use crate::store::outbox::{self, Outgoing};
use crate::store::{Tx, access, alerts, duties, sight, subjects};
use muster_core::contact::MeansKind;
use muster_core::directory::{Means, Organisation};
use muster_core::duty::Duty;
use muster_core::entry::{Entry, Fact, NobodyReached, Tried};
use muster_core::ids::{PersonId, PersonRef, SubjectId, SummonsId};
use muster_core::planted;
use muster_core::subject::Decision;
use muster_core::{Span, Time, chain, later};

/// How long a personal link works after its newest message. Long enough for a person who wakes up
/// late, short enough that an old message on a lost phone opens nothing.
const LINK_LIVES: Span = Span::from_hours(12);

impl Ops {
    /// Appends what was decided, and everything that follows from it, in this transaction.
    pub(super) async fn record<S: Kept>(
        &self,
        tx: &mut Tx,
        drawn: &Drawn,
        settings: &Settings,
        subject: &SubjectId,
        before: Option<subjects::Stored<S>>,
        decision: Decision<S>,
    ) -> Result<Performed<S>, Failure> {
        let Decision { folded, entries } = decision;
        let head = before.as_ref().map_or(chain::Hash::ZERO, |s| s.head);
        let was_restricted = before.is_some_and(|s| s.folded.listing().restricted);
        let salt = |seq: u64| drawn.bytes(&format!("salt {subject} {seq}"));
        let head = subjects::append(tx, subject, head, &entries, &salt).await?;
        for entry in &entries {
            self.follow(tx, drawn, &settings.org, subject, &folded, entry).await?;
        }
        let owed = folded.duties();
        let next = folded.next_due(drawn.now, self.up_since());
        let due_at = planted!(
            "gap-loses-due",
            next,
            next.filter(|_| drawn.now < later(folded.last_recorded_at(), LINK_LIVES / 72))
        );
        if entries.is_empty() {
            subjects::set_due(tx, subject, due_at, settings.epoch).await?;
        } else {
            duties::save(tx, subject, &owed).await?;
            let stored = subjects::Stored { subject: subject.clone(), folded: folded.clone(), head };
            subjects::save(tx, &stored, due_at, settings.epoch).await?;
        }
        let seers = folded.seers(&settings.org);
        if was_restricted || seers.is_some() {
            sight::save(tx, subject, seers.as_ref()).await?;
        }
        let nagged = self.nag(tx, drawn, &settings.org, subject, &folded, &owed).await?;
        if !entries.is_empty() || nagged {
            self.tell_after_commit(tx, Changed::Subject(subject.clone()));
        }
        Ok(Performed { subject: subject.clone(), folded, entries: entries.iter().map(|e| e.seq).collect() })
    }

    pub(super) fn tell_after_commit(&self, tx: &mut Tx, what: Changed) {
        let world = self.world.clone();
        tx.after_commit(move || world.changed(what));
    }

    /// What an entry leads to outside the log.
    async fn follow<S: Kept>(
        &self,
        tx: &mut Tx,
        drawn: &Drawn,
        org: &Organisation,
        subject: &SubjectId,
        folded: &S,
        entry: &Entry,
    ) -> Result<(), Failure> {
        match &entry.fact {
            Fact::Tried(fact) => self.send_summons(tx, drawn.now, subject, folded, fact).await,
            Fact::NobodyReached(fact) => self.raise_alarm(tx, drawn.now, org, subject, folded, fact).await,
            Fact::Claimed(_)
            | Fact::ClaimEnded(_)
            | Fact::DisruptionSettled(_)
            | Fact::FollowedUp(_)
            | Fact::TaskSet(_)
            | Fact::UpdateDrafted(_)
            | Fact::UpdateReturned(_)
            | Fact::UpdateSent(_)
            | Fact::VersionProposed(_)
            | Fact::VersionInForce(_)
            | Fact::VersionReplaced(_)
            | Fact::ConferenceCalled(_)
            | Fact::ConferenceCancelled(_)
            | Fact::PresenceAsked(_) => self.warn(tx, drawn.now, org, subject, folded, entry).await,
            Fact::AlertLeft(fact) => {
                let why = "a person took it out of an incident"; // which one, not everybody may see
                alerts::leave(tx, &fact.alert, subject, why, drawn.now).await?;
                self.tell_after_commit(tx, Changed::Alerts);
                Ok(())
            }
            // Whoever does not see it any more, or does now, has lists to load anew.
            Fact::Restricted(_) | Fact::Unrestricted(_) => {
                self.tell_after_commit(tx, Changed::Pages);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// The person's own link to what they are asked, which works until [`LINK_LIVES`] after `from`.
    async fn own_link(
        &self,
        tx: &mut Tx,
        (subject, asked, person): (&SubjectId, &SummonsId, &PersonId),
        now: Time,
        from: Time,
    ) -> Result<String, Failure> {
        let token = self.link_token(subject, asked, person);
        let link = PersonalLink {
            subject: subject.clone(),
            summons: asked.clone(),
            person: person.clone(),
            expires_at: later(from, LINK_LIVES),
        };
        access::add_link(tx, &token.hash(), &link, now).await?;
        Ok(format!("{}/l/{}", self.public_url(), token.reveal()))
    }

    async fn send_summons<S: Kept>(
        &self,
        tx: &mut Tx,
        now: Time,
        subject: &SubjectId,
        folded: &S,
        tried: &Tried,
    ) -> Result<(), Failure> {
        let url = self.own_link(tx, (subject, &tried.summons, &tried.person.id), now, now).await?;
        let out = Outgoing {
            id: tried.attempt.0.clone(),
            kind: outbox::Kind::Summons,
            subject: Some(subject.clone()),
            about: tried.summons.0.clone(),
            person: tried.person.id.clone(),
            means: tried.means,
            address: tried.to.clone(),
            message: folded.asks(tried, &url).to_json(),
        };
        outbox::enqueue(tx, &out, now).await?;
        self.tell_after_commit(tx, Changed::Outbox);
        Ok(())
    }

    /// Nobody could be reached: every administrator is written to by every means for which there is a channel, at once.
    async fn raise_alarm<S: Kept>(
        &self,
        tx: &mut Tx,
        now: Time,
        org: &Organisation,
        subject: &SubjectId,
        folded: &S,
        fact: &NobodyReached,
    ) -> Result<(), Failure> {
        let Some(message) = folded.alarms(fact, self.public_url()) else { return Ok(()) };
        for (person, about) in org.administrators() {
            let usable = about.means.iter().filter(|m| self.channels().contains(&m.kind));
            for (nth, means) in usable.enumerate() {
                let out = Outgoing {
                    id: format!("{}-alarm-{}-{person}-{nth}", fact.summons, fact.round),
                    kind: outbox::Kind::Alarm,
                    subject: Some(subject.clone()),
                    about: fact.summons.0.clone(),
                    person: person.clone(),
                    means: means.kind,
                    address: means.to.clone(),
                    message: message.clone().to(&about.name).to_json(),
                };
                outbox::enqueue(tx, &out, now).await?;
            }
        }
        self.tell_after_commit(tx, Changed::Outbox);
        Ok(())
    }

    /// Tells people at once what others do to what they work on.
    async fn warn<S: Kept>(
        &self,
        tx: &mut Tx,
        now: Time,
        org: &Organisation,
        subject: &SubjectId,
        folded: &S,
        entry: &Entry,
    ) -> Result<(), Failure> {
        let mut missed = Vec::new();
        for (person, mut text) in folded.warns(entry, org, self.public_url()) {
            // Who has left hears no more of it, whatever they were once invited to.
            let Some(about) = org.here(&person.id) else { continue };
            let wanted = folded.goes_by(entry).filter(|kind| self.channels().contains(kind));
            let wanted = wanted.and_then(|kind| Some((kind, about.address(kind)?.to_owned())));
            let Some((means, address)) = wanted.or_else(|| self.means_of(org, &person.id)) else {
                missed.push(person.name);
                continue;
            };
            if let Some((about, at)) = folded.answers(subject, entry, &person.id) {
                let url = self.own_link(tx, (subject, &about, &person.id), now, at.max(now)).await?;
                text.text = format!("{} {url}", text.text);
                text.link = Some(url);
            }
            let out = Outgoing {
                id: format!("{subject}-warning-{}-{}", entry.seq, person.id),
                kind: outbox::Kind::Warning,
                subject: Some(subject.clone()),
                about: entry.seq.to_string(),
                person: person.id.clone(),
                means,
                address,
                message: text.to(&person.name).to_json(),
            };
            outbox::enqueue(tx, &out, now).await?;
            self.tell_after_commit(tx, Changed::Outbox);
        }
        self.tell_of_missed(tx, now, org, (subject, folded, entry), &missed).await
    }

    /// Whoever sent something to people to whom Muster cannot write hears that at once (COM-3).
    async fn tell_of_missed<S: Kept>(
        &self,
        tx: &mut Tx,
        now: Time,
        org: &Organisation,
        (subject, folded, entry): (&SubjectId, &S, &Entry),
        missed: &[String],
    ) -> Result<(), Failure> {
        let names: Vec<_> = missed.iter().map(String::as_str).collect();
        let Some((person, text)) = folded.misses(entry, &names, org, self.public_url()) else { return Ok(()) };
        let ids = (format!("{subject}-missed-{}", entry.seq), format!("{}-unreached", entry.seq));
        self.warn_one(tx, now, org, subject, ids, (&person, text)).await
    }

    /// One warning to one person, by what reaches them, if anything does; `ids` are the message's own, and what it is about.
    pub(super) async fn warn_one(
        &self,
        tx: &mut Tx,
        now: Time,
        org: &Organisation,
        subject: &SubjectId,
        (id, about): (String, String),
        (person, text): (&PersonRef, Text),
    ) -> Result<(), Failure> {
        let Some((means, address)) = self.means_of(org, &person.id) else { return Ok(()) };
        let out = Outgoing {
            id,
            kind: outbox::Kind::Warning,
            subject: Some(subject.clone()),
            about,
            person: person.id.clone(),
            means,
            address,
            message: text.to(&person.name).to_json(),
        };
        outbox::enqueue(tx, &out, now).await?;
        self.tell_after_commit(tx, Changed::Outbox);
        Ok(())
    }

    /// By what that person is told something that needs no answer: a means that does not ring, else any.
    fn means_of(&self, org: &Organisation, id: &PersonId) -> Option<(MeansKind, String)> {
        let usable = |m: &&Means| self.channels().contains(&m.kind) && m.kind != MeansKind::InPerson;
        let any = || org.people.get(id)?.means.iter().find(usable).map(|m| (m.kind, m.to.clone()));
        written_means(org, id, self.channels()).or_else(any)
    }

    /// Reminds people of what is late, each step once, and from some step on, once, the next in line above them. Whether
    /// anybody was.
    async fn nag<S: Kept>(
        &self,
        tx: &mut Tx,
        drawn: &Drawn,
        org: &Organisation,
        subject: &SubjectId,
        folded: &S,
        owed: &[Duty],
    ) -> Result<bool, Failure> {
        let mut nagged = false;
        for duty in owed {
            let Some(step) = duty.nag_step(folded.nags(), drawn.now) else { continue };
            let id = duty.id.to_string();
            // A duty whose due time has moved is late anew.
            let late = format!("{id} {}", duty.due.as_millisecond());
            let is_new = duties::nag(tx, subject, &late, step, drawn.now).await?;
            if planted!("reminds-twice", !is_new, false) {
                continue;
            }
            nagged = true;
            let Some(owes) = &duty.owed_by else { continue };
            let Some(reminder) = folded.reminds(duty, self.public_url()) else { continue };
            let nth = planted!("reminds-twice", i64::from(step), drawn.now.as_millisecond());
            let may_see = |id: &&PersonId| folded.seers(org).is_none_or(|all| all.contains(*id));
            // Whom nobody can write to is reminded through the next in line, from the first time on.
            let unwritten = written_means(org, &owes.id, self.channels()).is_none();
            let climbs = || org.next_in_line(&owes.id).filter(|_| unwritten || step >= folded.nags().climbs_from);
            let writes_to = |id: &&PersonId| written_means(org, id, self.channels()).is_some();
            let above = folded.stands_in(duty).filter(writes_to).or_else(climbs).filter(may_see);
            let above = above.map(|id| (org.person_ref(id), reminder.clone().about(&owes.name), "climb".to_owned()));
            for (person, text, nth) in [(owes.clone(), reminder, nth.to_string())].into_iter().chain(above) {
                let Some((means, address)) = written_means(org, &person.id, self.channels()) else { continue };
                let out = Outgoing {
                    id: format!("{subject}-nag-{late}-{nth}"),
                    kind: outbox::Kind::Nag,
                    subject: Some(subject.clone()),
                    about: id.clone(),
                    person: person.id.clone(),
                    means,
                    address,
                    message: text.to(&person.name).to_json(),
                };
                outbox::enqueue(tx, &out, drawn.now).await?;
                self.tell_after_commit(tx, Changed::Outbox);
            }
        }
        Ok(nagged)
    }
}

/// The first means of that person that does not ring: a reminder is no summons.
pub(super) fn written_means(org: &Organisation, id: &PersonId, channels: &[MeansKind]) -> Option<(MeansKind, String)> {
    let person = org.here(id)?;
    let written = |kind| {
        channels.contains(&kind)
            && matches!(kind, MeansKind::Sms | MeansKind::Push | MeansKind::Email | MeansKind::Webhook)
    };
    person.means.iter().find(|m| written(m.kind)).map(|m| (m.kind, m.to.clone()))
}
