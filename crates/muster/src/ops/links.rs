//! What people do to two incidents at once: both logs are written in one transaction, or neither.

use super::alerts::news;
use super::{Drawn, Failure, Once, Ops, Performed, note_performed, performed_before};
use crate::store::{Sight, Tx, alerts, subjects};
use muster_core::alert::meaning;
use muster_core::entry::{MergedInto, Relation};
use muster_core::ids::{AlertId, PersonRef, SubjectId};
use muster_core::incident::{Act, AlertNews, Command, Incident, Tie};
use muster_core::planted;
use muster_core::refusal::Refusal;

/// What a person says of an incident and another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Tying {
    /// They hang together.
    Link(Relation),
    /// They don't, and why.
    Unlink(String),
    /// The first goes on in the other, and why.
    Merge(String),
}

impl Ops {
    /// Ties the incident of that log to the one of that number.
    ///
    /// # Errors
    /// [`Failure`]; then neither log says anything.
    pub async fn tie(
        &self,
        by: PersonRef,
        one: &SubjectId,
        other: &str,
        tying: Tying,
        once: Option<Once>,
    ) -> Result<Performed, Failure> {
        let drawn = self.draw()?;
        let (ops, one, number) = (self.clone(), one.clone(), other.trim().to_owned());
        self.db
            .write(async move |tx: &mut Tx| {
                if performed_before(tx, once.as_ref()).await?.is_some() {
                    return ops.as_it_is(tx, one.clone()).await;
                }
                let here = subjects::load::<Incident>(tx, &one).await?.ok_or(Failure::NotFound("incident"))?.folded;
                let (other, there) = another(tx, &Sight::of(&by.id), &number).await?;
                let performed = match &tying {
                    Tying::Link(how) => {
                        let to =
                            |i: &Incident, how| Tie::Link { number: i.number.clone(), title: i.title.clone(), how };
                        let ties = [to(&there, *how), to(&here, how.reversed())];
                        ops.tie_both(tx, &drawn, &by, [&one, &other], ties).await?
                    }
                    Tying::Unlink(reason) => {
                        let from = |i: &Incident| Tie::Unlink { number: i.number.clone(), reason: reason.clone() };
                        ops.tie_both(tx, &drawn, &by, [&one, &other], [from(&there), from(&here)]).await?
                    }
                    Tying::Merge(reason) => {
                        here.may_go_on_in(&there)?;
                        let along: Vec<AlertId> = here.alerts.keys().cloned().collect();
                        let (number, title) = (there.number.clone(), there.title.clone());
                        let into = Tie::MergeInto { number, title, reason: reason.clone() };
                        let (number, title) = (here.number.clone(), here.title.clone());
                        let alerts = along.clone();
                        let take_in = Tie::TakeIn { number, title, reason: reason.clone(), alerts };
                        let performed = ops.tie_both(tx, &drawn, &by, [&one, &other], [into, take_in]).await?;
                        let why = format!("came along when {} merged another incident into this one", by.name);
                        ops.move_alerts(tx, &drawn, &along, &other, &why).await?;
                        performed
                    }
                };
                note_performed(tx, once.as_ref(), one.as_str(), drawn.now).await?;
                Ok(performed)
            })
            .await
    }

    async fn tie_both(
        &self,
        tx: &mut Tx,
        drawn: &Drawn,
        by: &PersonRef,
        subjects: [&SubjectId; 2],
        ties: [Tie; 2],
    ) -> Result<Performed, Failure> {
        let [first, second] = ties.map(|tie| Command::Tie { by: by.clone(), tie });
        let performed = self.carry_out_alone(tx, drawn, subjects[0], &first).await?;
        if planted!("half-a-link", true, false) {
            self.carry_out_alone(tx, drawn, subjects[1], &second).await?;
        }
        Ok(performed)
    }

    /// What was merged is reopened: the incident in which it went on says so, and gives its alerts back.
    pub(super) async fn stands_alone_again(
        &self,
        tx: &mut Tx,
        drawn: &Drawn,
        performed: Performed,
        into: &MergedInto,
        command: &Command,
    ) -> Result<Performed, Failure> {
        let Command::Act { by, act: Act::Reopen { reason } } = command else { return Ok(performed) };
        let (other, there) = another(tx, &Sight::all(), &into.number).await?;
        let number = performed.folded.number.clone();
        let took_in = there.others.took_in.iter().find(|t| t.number == number);
        let still = |alert: &&AlertId| there.alerts.contains_key(*alert);
        let back: Vec<AlertId> = took_in.into_iter().flat_map(|t| &t.alerts).filter(still).cloned().collect();
        let why = format!("came back when {number} was reopened");
        let tie = Tie::GiveBack { number, reason: reason.clone(), alerts: back.clone() };
        self.carry_out_alone(tx, drawn, &other, &Command::Tie { by: by.clone(), tie }).await?;
        let entries = self.move_alerts(tx, drawn, &back, &performed.subject, &why).await?;
        let now = self.as_it_is(tx, performed.subject.clone()).await?;
        Ok(Performed { entries: performed.entries.into_iter().chain(entries).collect(), ..now })
    }

    /// What was merged into an incident is seen by whoever sees that one, all the way down.
    pub(super) async fn merged_are_seen_alike(
        &self,
        tx: &mut Tx,
        drawn: &Drawn,
        one: &Performed,
    ) -> Result<(), Failure> {
        let org = self.settings(tx).await?.org;
        let seers = one.folded.seen_by(&org);
        let by: Option<Vec<PersonRef>> = seers.map(|all| all.iter().map(|id| org.person_ref(id)).collect());
        let mut todo: Vec<String> = one.folded.others.took_in.iter().map(|t| t.number.clone()).collect();
        while let Some(number) = todo.pop() {
            let (subject, merged) = another(tx, &Sight::all(), &number).await?;
            todo.extend(merged.others.took_in.into_iter().map(|t| t.number));
            let command =
                Command::SeenAs { by: by.clone(), why: "It goes with the incident in which it goes on.".into() };
            self.carry_out_alone(tx, drawn, &subject, &command).await?;
        }
        Ok(())
    }

    /// These alerts are that incident's from now on; which entries say so.
    async fn move_alerts(
        &self,
        tx: &mut Tx,
        drawn: &Drawn,
        moved: &[AlertId],
        to: &SubjectId,
        why: &str,
    ) -> Result<Vec<u64>, Failure> {
        let org = self.settings(tx).await?.org;
        let mut entries = Vec::new();
        for id in moved {
            let Some(stored) = alerts::load(tx, id).await? else { continue };
            alerts::move_to(tx, id, to, why).await?;
            let meaning = meaning(&stored.alert, &org);
            let news = AlertNews { why: why.to_owned(), ..news(&org, &stored, meaning) };
            entries.extend(self.carry_out_alone(tx, drawn, to, &Command::JoinAlert(news)).await?.entries);
        }
        Ok(entries)
    }
}

async fn another(tx: &mut Tx, sight: &Sight, number: &str) -> Result<(SubjectId, Incident), Failure> {
    let unknown = || Refusal::Unknown { field: "number", what: "incident", name: number.chars().take(40).collect() };
    let subject = subjects::by_number(tx, sight, number).await?.ok_or_else(unknown)?;
    let stored = subjects::load::<Incident>(tx, &subject).await?.ok_or_else(unknown)?;
    Ok((subject, stored.folded))
}
