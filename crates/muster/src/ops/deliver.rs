//! The outbox: what is due is claimed under a lease, sent by somebody else, and settled here.
//! No transaction is open while something is being sent.

use super::messages::Text;
use super::{Changed, Failure, Ops};
use crate::store::outbox::{self, Claimed, Kind, Outgoing, Settled};
use crate::store::{Tx, organisation, subjects};
use muster_core::claim::Claims;
use muster_core::contact::{MeansKind, Outcome};
use muster_core::entry::NoteKind;
use muster_core::ids::{AttemptId, PersonId, SubjectId, SummonsId};
use muster_core::incident::Incident;
use muster_core::planted;
use muster_core::subject::{Common, Subject};
use muster_core::version::Version;
use muster_core::words::sentence;
use muster_core::{Span, Time, later};
use std::collections::BTreeSet;

/// How long a claim holds before somebody else may send: longer than the slowest channel's time-out,
/// so that only a crash or a cut network makes two senders.
pub const LEASE: Span = Span::from_secs(90);
/// Waits between tries of a channel that has passing trouble; the last one holds from then on.
const RETRY_WAITS: [Span; 5] =
    [Span::from_secs(2), Span::from_secs(5), Span::from_secs(15), Span::from_secs(60), Span::from_secs(300)];
/// From this try on people are told that a message could not be sent: passing trouble is mostly over before.
pub const TROUBLE_FROM: u64 = 3;
/// When a message that could not be sent is given up as failed. Its summons has gone on long before.
const GIVE_UP_AFTER: Span = Span::from_hours(6);

/// Something to be sent now.
#[derive(Clone, PartialEq, Debug)]
pub struct Delivery {
    /// Names it for settling, and towards the provider, so that sending twice is seen as once.
    pub id: String,
    /// To whom.
    pub person: PersonId,
    /// By what.
    pub means: MeansKind,
    /// To which number or address.
    pub address: String,
    /// What.
    pub text: Text,
    /// About which log.
    pub subject: Option<SubjectId>,
    /// About which of that log: a summons, a duty, an entry.
    pub about: String,
    /// Of which summons, if it is a try of one.
    pub summons: Option<SummonsId>,
    /// Why it is sent.
    pub kind: Kind,
    /// When it was decided.
    pub made_at: Time,
    /// How often it was tried, this time included, and those whose place it took.
    pub tries: u64,
}

/// What a channel made of a delivery.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Sent {
    /// It is sent, or failed for good.
    Graded(Outcome),
    /// Passing trouble: to be tried again.
    Later,
}

impl Ops {
    /// Claims what is due, at most `most`; nothing while the outbox is held. What is not true any more is dropped
    /// here, unsent.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn claim(&self, holder: &str, most: u32) -> Result<Vec<Delivery>, Failure> {
        let (ops, holder, now) = (self.clone(), holder.to_owned(), self.now());
        self.db
            .write(async move |tx: &mut Tx| {
                let mut deliveries = Vec::new();
                if outbox::is_held(tx).await? {
                    return Ok(deliveries);
                }
                for claimed in outbox::claim(tx, now, later(now, LEASE), &holder, most).await? {
                    if still_true(tx, &claimed).await? {
                        deliveries.push(delivery(claimed)?);
                    } else {
                        let dropped = planted!("done-unsent", Settled::Dropped, Settled::Done(Outcome::Sent));
                        outbox::settle(tx, &claimed.outgoing.id, &holder, &dropped, "not true any more", now).await?;
                        ops.tell_after_commit(tx, Changed::Outbox);
                    }
                }
                Ok::<_, Failure>(deliveries)
            })
            .await
    }

    /// Writes down what became of a delivery, and lets its summons go on.
    ///
    /// # Errors
    /// [`Failure`]; then it is sent again when its lease is over.
    pub async fn settle(&self, delivery: &Delivery, holder: &str, sent: &Sent, detail: &str) -> Result<(), Failure> {
        let drawn = self.draw()?;
        let (ops, delivery, holder) = (self.clone(), delivery.clone(), holder.to_owned());
        let (sent, detail) = (sent.clone(), detail.to_owned());
        self.db
            .write(async move |tx: &mut Tx| {
                let settled = match sent {
                    Sent::Later if outbox::is_superseded(tx, &delivery.id).await? => Settled::Dropped,
                    _ => settled(&delivery, &sent, drawn.now),
                };
                if !outbox::settle(tx, &delivery.id, &holder, &settled, &detail, drawn.now).await? {
                    return Ok(()); // somebody else has sent it meanwhile
                }
                if let Settled::Done(Outcome::Sent | Outcome::Delivered) = settled {
                    outbox::hasten(tx, delivery.means, drawn.now).await?;
                }
                ops.tell_after_commit(tx, Changed::Outbox);
                let news = news(tx, &delivery, &settled, &detail).await?;
                if let (Some(command), Some(subject)) = (news, &delivery.subject) {
                    ops.carry_on_in(tx, &drawn, subject, command).await?;
                }
                ops.tell_who_speaks(tx, drawn.now, &delivery, &settled, &detail).await
            })
            .await
    }

    /// Whether the outbox is held: a restored database sends nothing until a person has looked at it.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn outbox_is_held(&self) -> Result<bool, Failure> {
        self.db.read(async |tx: &mut Tx| Ok(outbox::is_held(tx).await?)).await
    }

    /// Holds the outbox, or releases it; whether that changed anything. What became untrue meanwhile is dropped
    /// unsent, as always.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn hold_outbox(&self, held: bool, actor: &str) -> Result<bool, Failure> {
        let (ops, now, actor) = (self.clone(), self.now(), actor.to_owned());
        self.db
            .write(async move |tx: &mut Tx| {
                if outbox::is_held(tx).await? == held {
                    return Ok(false);
                }
                outbox::set_held(tx, held).await?;
                let act = if held { "held" } else { "released" };
                organisation::audit(tx, now, &actor, act, "outbox", None, None).await?;
                ops.tell_after_commit(tx, Changed::Outbox);
                Ok::<_, Failure>(true)
            })
            .await
    }

    /// Frees every claim but those of what is `under_way`: this process is the only one on its database, so that nobody
    /// sends the rest. An earlier life of it died over them, or a claim of its own was committed without its knowing.
    /// What waited for a provider is tried anew: whoever started the program may have mended its settings.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn free_claims(&self, under_way: &BTreeSet<String>) -> Result<u64, Failure> {
        let (under_way, now) = (under_way.clone(), self.now());
        self.db.write(async move |tx: &mut Tx| Ok(outbox::free_all_but(tx, &under_way, now).await?)).await
    }
}

/// What the log must say of it: the outcome of a try; of whatever waits too long, or tells the administrators in vain,
/// that it does.
async fn news(tx: &mut Tx, delivery: &Delivery, settled: &Settled, detail: &str) -> Result<Option<Common>, Failure> {
    let outcome = match settled {
        Settled::Done(outcome) => *outcome,
        Settled::Again(_) if delivery.tries >= TROUBLE_FROM => Outcome::Queued,
        Settled::Again(_) | Settled::Dropped => return Ok(None),
    };
    if let Some(summons) = &delivery.summons {
        let attempt = AttemptId(delivery.id.clone());
        return Ok(Some(Common::Grade { summons: summons.clone(), attempt, outcome, detail: detail.to_owned() }));
    }
    let what = match outcome {
        Outcome::Queued if delivery.tries == TROUBLE_FROM => "not sent yet",
        Outcome::Failed | Outcome::WrongNumber if !outbox::is_known_to_fail(tx, &delivery.id).await? => outcome.word(),
        _ => return Ok(None),
    };
    let about = match delivery.kind {
        Kind::Alarm => "that nobody was reached".to_owned(),
        Kind::Warning => format!("“{}”", delivery.text.subject),
        Kind::Nag | Kind::Summons => "what is late".to_owned(),
        Kind::Check => return Ok(None), // it stands on their profile
    };
    let (person, means) = (&delivery.text.person, delivery.means.word());
    let text = format!("{person} is not told {about}: {means} {what}: {}", sentence(detail));
    Ok(Some(Common::Remark { kind: NoteKind::Complication, text }))
}

fn settled(delivery: &Delivery, sent: &Sent, now: Time) -> Settled {
    let Sent::Graded(outcome) = sent else {
        if now.duration_since(delivery.made_at) > GIVE_UP_AFTER {
            return Settled::Done(Outcome::Failed);
        }
        let nth = usize::try_from(delivery.tries.saturating_sub(1)).unwrap_or(usize::MAX).min(RETRY_WAITS.len() - 1);
        return Settled::Again(later(now, RETRY_WAITS[nth]));
    };
    Settled::Done(*outcome)
}

fn delivery(claimed: Claimed) -> Result<Delivery, Failure> {
    let out = claimed.outgoing;
    let text = serde_json::from_str(&out.message)
        .map_err(|e| crate::store::Error::Bug(format!("message of {}: {e}", out.id)))?;
    Ok(Delivery {
        summons: (out.kind == Kind::Summons).then(|| SummonsId(out.about.clone())),
        about: out.about,
        id: out.id,
        person: out.person,
        means: out.means,
        address: out.address,
        text,
        subject: out.subject,
        made_at: claimed.made_at,
        tries: u64::from(claimed.tries) + 1,
        kind: out.kind,
    })
}

/// Whether it still makes sense to send it: the summons looks for somebody and has not gone on, the
/// duty is not settled, the incident is not over.
async fn still_true(tx: &mut Tx, claimed: &Claimed) -> Result<bool, Failure> {
    let out = &claimed.outgoing;
    let Some(subject) = &out.subject else { return Ok(true) };
    Ok(match subjects::kind_of(tx, subject).await?.as_deref() {
        Some(Incident::KIND) => subjects::load::<Incident>(tx, subject).await?.is_some_and(|s| awaited(&s.folded, out)),
        Some(Claims::KIND) => subjects::load::<Claims>(tx, subject).await?.is_some_and(|s| awaited(&s.folded, out)),
        Some(Version::KIND) => subjects::load::<Version>(tx, subject).await?.is_some_and(|s| awaited(&s.folded, out)),
        _ => false,
    })
}

fn awaited(subject: &impl Subject, out: &Outgoing) -> bool {
    match out.kind {
        Kind::Summons => {
            let summons = subject.summons(&SummonsId(out.about.clone()));
            summons.is_some_and(|s| s.still_asks(&AttemptId(out.id.clone())))
        }
        Kind::Alarm => {
            subject.summons(&SummonsId(out.about.clone())).is_some_and(muster_core::summons::Summons::is_live)
        }
        Kind::Check => true,
        Kind::Warning => true, // what has happened is still worth knowing
        Kind::Nag => subject.duties().iter().any(|d| d.id.to_string() == out.about && d.settled.is_none()),
    }
}
