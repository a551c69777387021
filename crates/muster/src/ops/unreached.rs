//! Who speaks for an incident hears whom an update of it did not reach (COM-3).

use super::deliver::Delivery;
use super::messages::comms::{unreached, who_speaks};
use super::{Failure, Ops};
use crate::store::outbox::{Kind, Settled};
use crate::store::{Tx, subjects};
use muster_core::Time;
use muster_core::contact::Outcome;
use muster_core::incident::Incident;
use muster_core::subject::Subject;

impl Ops {
    /// An update that is given up for somebody goes back to the Communications Manager, or to the Incident Manager where
    /// nobody is. What the log says of it stands there already.
    pub(super) async fn tell_who_speaks(
        &self,
        tx: &mut Tx,
        now: Time,
        delivery: &Delivery,
        settled: &Settled,
        detail: &str,
    ) -> Result<(), Failure> {
        let (Kind::Warning, Settled::Done(Outcome::Failed | Outcome::WrongNumber)) = (&delivery.kind, settled) else {
            return Ok(());
        };
        let Some(subject) = &delivery.subject else { return Ok(()) };
        if subjects::kind_of(tx, subject).await?.as_deref() != Some(Incident::KIND) {
            return Ok(());
        }
        let Some(incident) = subjects::load::<Incident>(tx, subject).await?.map(|stored| stored.folded) else {
            return Ok(());
        };
        let sent = |u: &&muster_core::incident::Update| {
            u.sent.as_ref().is_some_and(|(_, entry, _)| entry.to_string() == delivery.about)
        };
        let Some(update) = incident.comms.updates.iter().find(sent) else { return Ok(()) };
        let org = self.settings(tx).await?.org;
        // Whom their own message did not reach, another does not reach either.
        let Some(speaks) = who_speaks(&incident, &org).filter(|p| p.id != delivery.person) else { return Ok(()) };
        let text = unreached(&incident, update, delivery, detail, self.public_url());
        let ids = (format!("{}-unreached", delivery.id), format!("{}-unreached", delivery.about));
        self.warn_one(tx, now, &org, subject, ids, (speaks, text)).await
    }
}
