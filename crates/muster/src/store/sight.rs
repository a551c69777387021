//! Whose eyes a question is asked for. What somebody may not see is not there for them: no list holds it, no counter
//! counts it, and no other log names it. Every question about incidents takes a [`Sight`], so that none can forget to.

use super::{Error, Tx, Value, params};
use muster_core::entry::Entry;
use muster_core::ids::{PersonId, SubjectId};
use muster_core::incident::Incident;
use std::collections::BTreeSet;

/// Whose eyes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sight(Option<PersonId>);

impl Sight {
    /// That person's.
    #[must_use]
    pub fn of(person: &PersonId) -> Self {
        Self(Some(person.clone()))
    }

    /// Of whoever has not signed in: nothing that is restricted.
    #[must_use]
    pub fn of_a_stranger() -> Self {
        Self(Some(PersonId(String::new()))) // nobody in a directory is called so
    }

    /// Muster's own: what decides, sends, proves and counts, and shows nobody what it sees.
    #[must_use]
    pub fn all() -> Self {
        Self(None)
    }
}

impl From<&Sight> for Value {
    fn from(sight: &Sight) -> Self {
        sight.0.as_ref().map_or(Self::Null, Self::from)
    }
}

/// The logs that are hidden from the [`Sight`] in that parameter. Few are restricted, so that it costs nothing.
macro_rules! hidden {
    ($sight:literal) => {
        concat!(
            "(SELECT h.id FROM subjects h WHERE h.restricted = 1 AND CAST(",
            $sight,
            " AS TEXT) IS NOT NULL AND NOT EXISTS (SELECT 1 FROM seers WHERE seers.subject = h.id AND seers.person = ",
            $sight,
            "))"
        )
    };
}
pub(super) use hidden;

/// Writes who may see that log; none if everybody may.
///
/// # Errors
/// [`Error`].
pub async fn save(tx: &mut Tx, subject: &SubjectId, seen_by: Option<&BTreeSet<PersonId>>) -> Result<(), Error> {
    tx.execute("DELETE FROM seers WHERE subject = $1", params![subject]).await?;
    for person in seen_by.into_iter().flatten() {
        tx.execute("INSERT INTO seers (subject, person) VALUES ($1, $2)", params![subject, person]).await?;
    }
    Ok(())
}

/// Whether that log is there for these eyes.
///
/// # Errors
/// [`Error`].
pub async fn sees(tx: &mut Tx, sight: &Sight, subject: &SubjectId) -> Result<bool, Error> {
    let sql = concat!("SELECT 1 AS n FROM subjects WHERE id = $2 AND id IN ", hidden!("$1"));
    Ok(tx.query_opt(sql, params![sight, subject]).await?.is_none())
}

/// Which of these incidents are hidden from them, by their numbers.
async fn hidden_of(tx: &mut Tx, sight: &Sight, numbers: &BTreeSet<&str>) -> Result<BTreeSet<String>, Error> {
    let sql = concat!("SELECT 1 AS n FROM subjects WHERE number = $2 AND id IN ", hidden!("$1"));
    let mut hidden = BTreeSet::new();
    for number in numbers {
        if tx.query_opt(sql, params![sight, *number]).await?.is_some() {
            hidden.insert((*number).to_owned());
        }
    }
    Ok(hidden)
}

/// The incident without what is hidden from these eyes.
///
/// # Errors
/// [`Error`].
pub async fn incident(tx: &mut Tx, sight: &Sight, mut incident: Incident) -> Result<Incident, Error> {
    let hidden = hidden_of(tx, sight, &incident.names_others()).await?;
    incident.forget_others(&hidden);
    Ok(incident)
}

/// Which of these entries name what is hidden from these eyes, by their numbers.
///
/// # Errors
/// [`Error`].
pub async fn blind(tx: &mut Tx, sight: &Sight, entries: &[Entry]) -> Result<BTreeSet<u64>, Error> {
    let hidden = hidden_of(tx, sight, &entries.iter().filter_map(|e| e.fact.names()).collect()).await?;
    let names = |e: &&Entry| e.fact.names().is_some_and(|number| hidden.contains(number));
    Ok(entries.iter().filter(names).map(|e| e.seq).collect())
}

/// The entries as they are shown where those of the numbers `blind` are read without the incident that they name. Of which
/// nothing is left then is left out.
#[must_use]
pub fn shown(entries: Vec<Entry>, blind: &BTreeSet<u64>) -> Vec<Entry> {
    let shown = |entry: Entry| {
        if !blind.contains(&entry.seq) {
            return Some(entry);
        }
        Some(Entry { fact: entry.fact.unnamed(), ..entry }).filter(|e| !e.fact.is_about_nothing())
    };
    entries.into_iter().filter_map(shown).collect()
}
