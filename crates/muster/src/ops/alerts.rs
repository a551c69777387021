//! Signals come in; alerts are placed.

use super::{Changed, Drawn, Failure, Ops};
use crate::intake::Format;
use crate::store::alerts::{self, Incoming, Placed, StoredAlert};
use crate::store::{self, Tx, subjects};
use muster_core::alert::{
    Account, Ended, GoingOn, Meaning, Placement, Signal, Status, Step, goes_on, meaning, place, place_hidden,
};
use muster_core::directory::Organisation;
use muster_core::ids::{AlertId, IntakeId, SubjectId};
use muster_core::incident::{AlertNews, Command, Incident, OpenBy};
use muster_core::planted;
use muster_core::system::Condition;
use muster_core::{Span, Time, later};
use std::sync::Arc;

/// How long an alert that could not be placed waits before it is tried again.
const AFTER_TROUBLE: Span = Span::from_secs(30);

/// One accepted request: what the sender sent, and the signals in it.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// Drawn when it was received.
    pub id: String,
    /// From whom.
    pub intake: IntakeId,
    /// When it was received.
    pub at: Time,
    /// In which format.
    pub format: Format,
    /// As sent.
    pub bytes: Vec<u8>,
    /// What it says.
    pub signals: Vec<Signal>,
}

/// An accepted request as it is written. Made by whoever received it: the one thread that writes has enough to do.
#[derive(Clone, Debug)]
pub struct Ready {
    pub(crate) request: Accepted,
    /// Each signal as text.
    json: Vec<String>,
}

impl Accepted {
    /// The same, ready to be written: its signals always in the same order, so that two nodes never wait for each
    /// other's rows.
    ///
    /// # Errors
    /// [`store::Error::Bug`].
    pub fn ready(mut self) -> Result<Ready, store::Error> {
        self.signals.sort_by(|a, b| a.key.cmp(&b.key));
        let json = self.signals.iter().map(alerts::json).collect::<Result<_, _>>()?;
        Ok(Ready { request: self, json })
    }
}

impl Ops {
    /// An id for a request that is being received.
    ///
    /// # Errors
    /// [`Failure::NoRandomness`].
    pub fn request_id(&self) -> Result<String, Failure> {
        Ok(self.draw()?.id("request"))
    }

    /// Keeps the payloads and counts their signals, all in one transaction. When this returns, they are durable.
    ///
    /// # Errors
    /// [`store::Error`]: then none of them was accepted.
    pub async fn accept(&self, requests: Arc<[Ready]>) -> Result<(), store::Error> {
        let ops = self.clone();
        self.db
            .write_low(async move |tx: &mut Tx| {
                let mut due = false;
                for request in requests.iter() {
                    due |= accept_one(tx, request).await?;
                }
                // Repetitions give the engine nothing to do.
                ops.tell_after_commit(tx, if due { Changed::Alerts } else { Changed::Pages });
                Ok(())
            })
            .await
    }

    /// Places alerts that are due, in one transaction: their accounts, and what follows from them.
    ///
    /// # Errors
    /// [`Failure`]; then all of them are where they were.
    pub async fn place(&self, ids: Vec<AlertId>) -> Result<(), Failure> {
        let drawn = self.draw()?;
        let ops = self.clone();
        let place = async move |tx: &mut Tx| {
            for id in &ids {
                ops.place_in(tx, &drawn, id).await?;
            }
            Ok(())
        };
        self.db.write(place).await
    }

    /// Puts off an alert that could not be placed, so that it does not stop the others.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn put_off(&self, id: &AlertId) -> Result<(), Failure> {
        let (until, id) = (later(self.now(), AFTER_TROUBLE), id.clone());
        self.db.write(async move |tx: &mut Tx| Ok(alerts::set_due(tx, &id, Some(until)).await?)).await
    }

    async fn place_in(&self, tx: &mut Tx, drawn: &Drawn, id: &AlertId) -> Result<(), Failure> {
        let Some(stored) = alerts::load(tx, id).await? else { return Ok(()) };
        let over = stored.alert.signal.status == Status::Resolved || stored.ends_at.is_some_and(|at| at <= drawn.now);
        self.tell_after_commit(tx, Changed::Pages);
        if over {
            return self.resolve(tx, drawn, &stored).await;
        }
        match stored.alert.account {
            Account::Joined | Account::Opened => {
                alerts::set_due(tx, id, stored.ends_at).await?;
                match self.ended(tx, &stored).await? {
                    Some(ended) => self.goes_on(tx, drawn, &stored, ended).await,
                    None => self.hear_again(tx, drawn, &stored).await,
                }
            }
            Account::Watched | Account::Held | Account::Silenced | Account::Information | Account::Resolved => {
                self.put_in_account(tx, drawn, &stored).await
            }
        }
    }

    async fn put_in_account(&self, tx: &mut Tx, drawn: &Drawn, stored: &StoredAlert) -> Result<(), Failure> {
        let org = self.settings(tx).await?.org;
        // What is only kept joins nothing.
        let open = match meaning(&stored.alert, &org).condition {
            Condition::Information => Vec::new(),
            Condition::Predicted | Condition::Degraded | Condition::Down => alerts::open_incidents(tx, stored).await?,
        };
        self.carry_out_placement(tx, drawn, stored, &place(&stored.alert, &org, &open, drawn.now)).await
    }

    /// Does what was decided with the alert.
    async fn carry_out_placement(
        &self,
        tx: &mut Tx,
        drawn: &Drawn,
        stored: &StoredAlert,
        placement: &Placement,
    ) -> Result<(), Failure> {
        let org = self.settings(tx).await?.org;
        let meaning =
            Meaning { condition: placement.condition, system: placement.system.clone(), by: placement.why.clone() };
        let news = news(&org, stored, meaning);
        match &placement.step {
            Step::Keep => self.book(tx, stored, placement, Account::Information, None, None).await,
            Step::Watch(until) => self.book(tx, stored, placement, Account::Watched, None, Some(*until)).await,
            Step::Join(subject) => {
                self.book(tx, stored, placement, Account::Joined, Some(subject.clone()), None).await?;
                self.carry_out(tx, drawn, subject, &Command::JoinAlert(news)).await.map(drop)
            }
            Step::Open => {
                let subject = opened_by(drawn, stored);
                self.book(tx, stored, placement, Account::Opened, Some(subject.clone()), None).await?;
                self.open(tx, drawn, &subject, &OpenBy::Alert(news)).await.map(drop)
            }
        }
    }

    /// How its incident came to be over, if it is.
    async fn ended(&self, tx: &mut Tx, stored: &StoredAlert) -> Result<Option<Ended>, Failure> {
        let Some(subject) = &stored.alert.subject else { return Ok(None) };
        let standing = subjects::standing(tx, subject).await?;
        let over = standing.filter(|(live, _)| !live);
        Ok(over.map(|(_, restored_at)| restored_at.map_or(Ended::Withdrawn, Ended::Restored)))
    }

    /// Its sender says that it goes on although its incident is over.
    async fn goes_on(&self, tx: &mut Tx, drawn: &Drawn, stored: &StoredAlert, ended: Ended) -> Result<(), Failure> {
        let org = self.settings(tx).await?.org;
        let (id, alert) = (&stored.alert.id, &stored.alert);
        let Some(subject) = &alert.subject else { return Ok(()) };
        let seers = subjects::load::<Incident>(tx, subject).await?.and_then(|was| was.folded.seen_by(&org));
        let said = stored.condition.as_deref().and_then(Condition::from_word);
        match goes_on(alert, said, (ended, seers.is_some()), &org, drawn.now) {
            GoingOn::Believed => Ok(()),
            GoingOn::BelievedUntil(until) => {
                Ok(alerts::set_due(tx, id, stored.ends_at.into_iter().chain([until]).min()).await?)
            }
            stands @ (GoingOn::StandsAlone | GoingOn::OpensHidden) => {
                self.carry_out(tx, drawn, subject, &Command::AlertGoesOn(id.clone())).await?;
                alerts::stand_alone(tx, id, subject).await?;
                let Some(alone) = alerts::load(tx, id).await? else { return Ok(()) };
                if stands == GoingOn::StandsAlone {
                    return self.put_in_account(tx, drawn, &alone).await;
                }
                self.carry_out_placement(tx, drawn, &alone, &place_hidden(&alone.alert, &org)).await?;
                let by = seers.map(|all| all.iter().map(|id| org.person_ref(id)).collect());
                let command = Command::SeenAs { by, why: "Its alert was a restricted incident's.".into() };
                self.carry_out_alone(tx, drawn, &opened_by(drawn, &alone), &command).await.map(drop)
            }
        }
    }

    /// It belongs to an incident, which hears of it if it says something else now.
    async fn hear_again(&self, tx: &mut Tx, drawn: &Drawn, stored: &StoredAlert) -> Result<(), Failure> {
        let org = self.settings(tx).await?.org;
        let meaning = meaning(&stored.alert, &org);
        let Some(subject) = &stored.alert.subject else { return Ok(()) };
        if stored.condition.as_deref() == Some(meaning.condition.word()) {
            return Ok(());
        }
        alerts::set_condition(tx, &stored.alert.id, meaning.condition).await?;
        let command = Command::AlertSays(news(&org, stored, meaning));
        self.carry_out(tx, drawn, subject, &command).await.map(drop)
    }

    async fn book(
        &self,
        tx: &mut Tx,
        stored: &StoredAlert,
        placement: &Placement,
        account: Account,
        subject: Option<SubjectId>,
        due_at: Option<Time>,
    ) -> Result<(), Failure> {
        let placed = Placed {
            account,
            why: placement.why.clone(),
            system: placement.system.clone(),
            condition: Some(placement.condition.word().to_owned()),
            subject,
            due_at: due_at.into_iter().chain(stored.ends_at).min(),
        };
        Ok(alerts::book(tx, &stored.alert.id, &placed).await?)
    }

    /// The alert is over: its account is closed, and its incident hears of it.
    async fn resolve(&self, tx: &mut Tx, drawn: &Drawn, stored: &StoredAlert) -> Result<(), Failure> {
        let signal = &stored.alert.signal;
        let (at, detail) = match signal.status {
            Status::Resolved => (signal.happened_at.unwrap_or(stored.alert.last_at), signal.detail.clone()),
            // Nothing more was heard until the time that the sender itself set.
            Status::Firing => (stored.ends_at.unwrap_or(drawn.now), "Not repeated by the sender.".to_owned()),
        };
        let why = match stored.alert.account {
            Account::Watched => "over before it lasted long enough to be an incident".to_owned(),
            _ => stored.why.clone(),
        };
        let placed =
            Placed { account: Account::Resolved, why, system: None, condition: None, subject: None, due_at: None };
        alerts::book(tx, &stored.alert.id, &placed).await?;
        let Some(subject) = &stored.alert.subject else { return Ok(()) };
        let command = Command::AlertRecovered { alert: stored.alert.id.clone(), detail, at };
        self.carry_out(tx, drawn, subject, &command).await.map(drop)
    }
}

/// The log that an alert opens.
fn opened_by(drawn: &Drawn, stored: &StoredAlert) -> SubjectId {
    SubjectId(drawn.id(&format!("subject {}", stored.alert.id)))
}

/// The alert as an incident hears of it. What its sender let run out is over, though the last that it said was that it is
/// not: whoever hears of it from here on would hear no more.
pub(super) fn news(org: &Organisation, stored: &StoredAlert, meaning: Meaning) -> AlertNews {
    let intake = &stored.alert.intake;
    let mut alert = stored.alert.clone();
    if alert.account == Account::Resolved {
        alert.signal.status = Status::Resolved;
    }
    AlertNews {
        alert,
        source: org.intake.get(intake).map_or_else(|| intake.0.clone(), |i| i.name.clone()),
        condition: meaning.condition,
        system: meaning.system,
        why: meaning.by,
    }
}

/// Whether an alert must be looked at sooner than it would have been.
async fn accept_one(tx: &mut Tx, ready: &Ready) -> Result<bool, store::Error> {
    let Ready { request, json } = ready;
    alerts::keep_payload(tx, &request.id, &request.intake, request.at, request.format.word(), &request.bytes).await?;
    let mut due = false;
    for (nth, (signal, json)) in request.signals.iter().zip(json).enumerate() {
        if planted!("recovery-is-lost", false, signal.status == Status::Resolved) {
            continue;
        }
        let id = format!("{}{nth:03x}", request.id);
        let (intake, at, payload) = (&request.intake, request.at, request.id.as_str());
        let incoming = Incoming { id: &id, intake, signal, json, at, payload };
        if planted!("counts-twice", false, nth == 1) {
            alerts::accept(tx, Incoming { id: &format!("{id}-again"), ..incoming }).await?;
        }
        due |= alerts::accept(tx, incoming).await?;
    }
    Ok(due)
}
