//! Changing one thing of the organisation, as its pages do: the same checks, versions and audit as `muster apply`, which
//! replaces all of it.

use super::apply::Plan;
use super::{Failure, Once, Ops, note_performed, performed_before};
use crate::store::{Tx, organisation};
use muster_core::directory::{Organisation, Person};
use muster_core::ids::PersonId;
use muster_core::refusal::Refusal;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// How many changes back a form can have been drawn, for its writer to be told what differs only.
const CHANGES_READ: usize = 100;

/// Which item of the organisation a form is about, and what it said when the form was drawn.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seen {
    /// Its kind, as rows have it: `person`.
    pub kind: &'static str,
    /// Its name there: `ana`, `00003` in a list, nothing of what there is one of.
    pub id: String,
    /// What it said, as [`print()`] gives it; none of what is to be new.
    pub print: Option<String>,
}

/// An edit, beside what it changes.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Editing {
    /// What it is about, and what that said to whoever edits it; none if it does not matter.
    pub seen: Option<Seen>,
    /// So that a form that was sent twice is done once.
    pub once: Option<Once>,
    /// The name under which the item is found afterwards.
    pub name: String,
}

/// What tells two states of an item apart.
///
/// # Errors
/// When it cannot be written as JSON, which would be a bug.
pub fn print(item: &impl Serialize) -> Result<String, Failure> {
    Ok(print_of(&organisation::item(item)?))
}

fn print_of(body: &Value) -> String {
    hex::encode(&Sha256::digest(body.to_string())[..8])
}

impl Ops {
    /// Changes the organisation by `change`, and answers with the name of what it was about. If it says whose eyes saw
    /// what, only if the item still says that, or nothing would change.
    ///
    /// # Errors
    /// [`Failure::Refused`] if `change` refuses, if what comes of it contradicts itself, and with what stands there now
    /// if somebody else changed the item meanwhile.
    pub async fn edit(
        &self,
        editing: Editing,
        actor: &PersonId,
        change: impl Fn(&mut Organisation) -> Result<(), Refusal> + Send + 'static,
    ) -> Result<String, Failure> {
        let (ops, drawn, actor) = (self.clone(), self.draw()?, actor.clone());
        self.db
            .write(async move |tx: &mut Tx| {
                if let Some(name) = performed_before(tx, editing.once.as_ref()).await? {
                    return Ok(name);
                }
                let before = organisation::items(tx).await?;
                let org = ops.settings(tx).await?.org;
                let mut wanted = Organisation::clone(&org);
                change(&mut wanted)?;
                let stale = match &editing.seen {
                    Some(seen) => {
                        is_another(tx, &org, seen, before.get(&(seen.kind.to_owned(), seen.id.clone()))).await?
                    }
                    None => None,
                };
                let seen = move |plan: &Plan| match stale.filter(|_| !plan.changes.is_empty()) {
                    Some(refusal) => Err(refusal.into()),
                    None => Ok(()),
                };
                ops.make_it(tx, &drawn, &before, &wanted, &actor, seen).await?;
                note_performed(tx, editing.once.as_ref(), &editing.name, drawn.now).await?;
                Ok(editing.name.clone())
            })
            .await
    }

    /// Changes one thing about a person, whatever else was changed meanwhile.
    ///
    /// # Errors
    /// [`Failure::NotFound`]; refused if nobody would be left who sets things up.
    pub async fn set_person(
        &self,
        id: &PersonId,
        actor: &PersonId,
        change: impl Fn(&mut Person) + Send + 'static,
    ) -> Result<(), Failure> {
        if !self.organisation().await?.people.contains_key(id) {
            return Err(Failure::NotFound("person"));
        }
        let id = id.clone();
        let change = move |org: &mut Organisation| {
            org.people.get_mut(&id).map(&change);
            Ok(())
        };
        self.edit(Editing::default(), actor, change).await.map(drop)
    }
}

/// Why a form that was drawn from `seen` is not about what stands there `now`, with who changed it.
async fn is_another(
    tx: &mut Tx,
    org: &Organisation,
    seen: &Seen,
    now: Option<&Value>,
) -> Result<Option<Refusal>, Failure> {
    if now.map(print_of) == seen.print {
        return Ok(None);
    }
    let target = format!("{} {}", seen.kind, seen.id);
    let changes = organisation::changes(tx, Some(target.trim()), None, CHANGES_READ).await?;
    let by = changes.first().map(|c| org.person_ref(&PersonId(c.actor.clone())).name);
    let by = by.unwrap_or_else(|| "Somebody".to_owned());
    // What it said when the form was drawn, so that whatever was changed since is told, by however many.
    let drawn_from = changes.iter().find_map(|c| c.before.as_ref().filter(|b| Some(print_of(b)) == seen.print));
    Ok(Some(match (&seen.print, now) {
        (None, Some(_)) => {
            let why = "There is one of that name already. Choose another name, or change the one that is there.";
            Refusal::Senseless { field: "id", why: why.into() }
        }
        (_, None) => {
            let why = format!("{by} removed it while you were writing. What you typed is still here.");
            Refusal::Senseless { field: "seen", why }
        }
        (Some(_), Some(now)) => Refusal::ChangedMeanwhile {
            field: "seen",
            theirs: drawn_from.map_or_else(|| organisation::in_words(now), |before| what_differs(before, now)),
            by,
        },
    }))
}

/// `agreement Back within an hour, owner nothing`.
fn what_differs(before: &Value, now: &Value) -> String {
    let said = |is: Option<&Value>| is.map(organisation::in_words).unwrap_or_else(|| "nothing".to_owned());
    let differing = organisation::differing(Some(before), Some(now));
    let words = differing.into_iter().map(|(name, _, is)| format!("{} {}", name.replace('_', " "), said(is)));
    words.collect::<Vec<_>>().join(", ")
}
