//! The organisation as rows: one an item, so that a change is small, audited and mergeable.

use super::{Error, Tx, meta, params};
use muster_core::Time;
use muster_core::directory::Organisation;
use muster_core::procedure::Component;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// An item of the organisation: its kind and name, with its JSON.
pub type Items = BTreeMap<(String, String), Value>;

/// The name of the row of the procedure that holds its checklist; the others are named after its components.
const CHECKLIST: &str = "checklist";

/// The organisation as items.
///
/// # Errors
/// When it can't be written as JSON, which would be a bug.
pub fn to_items(org: &Organisation) -> Result<Items, Error> {
    let mut items = Items::new();
    let mut put = |kind: &str, id: String, body: Value| items.insert((kind.to_owned(), id), body);
    put("about", String::new(), item(&org.organisation)?);
    put("policy", String::new(), item(&org.policy)?);
    for (component, x) in org.procedure.own() {
        put("procedure", component.word().to_owned(), item(x)?);
    }
    if let Some(steps) = org.procedure.own_checklist() {
        put("procedure", CHECKLIST.to_owned(), item(&steps)?);
    }
    for (id, x) in &org.people {
        put("person", id.0.clone(), item(x)?);
    }
    for (id, x) in &org.areas {
        put("area", id.0.clone(), item(x)?);
    }
    for (id, x) in &org.populations {
        put("population", id.0.clone(), item(x)?);
    }
    for (id, x) in &org.systems {
        put("system", id.0.clone(), item(x)?);
    }
    for (n, x) in org.rules.iter().enumerate() {
        put("rule", format!("{n:05}"), item(x)?);
    }
    for (n, x) in org.fields.iter().enumerate() {
        put("field", format!("{n:05}"), item(x)?);
    }
    for (n, x) in org.communications.iter().enumerate() {
        put("communication", format!("{n:05}"), item(x)?);
    }
    for (id, x) in &org.intake {
        put("intake", id.0.clone(), item(x)?);
    }
    Ok(items)
}

/// One item as JSON.
///
/// # Errors
/// When it can't be written as JSON, which would be a bug.
pub fn item(item: &impl Serialize) -> Result<Value, Error> {
    serde_json::to_value(item).map_err(|e| Error::Bug(format!("organisation: {e}")))
}

/// The organisation as it is now; the default one before anything was set up.
///
/// # Errors
/// [`Error`]; also when a row cannot be read.
pub async fn load(tx: &mut Tx) -> Result<Organisation, Error> {
    let mut org = Organisation::default();
    for ((kind, id), body) in items(tx).await? {
        match kind.as_str() {
            "about" => org.organisation = read(&kind, body)?,
            "policy" => org.policy = read(&kind, body)?,
            "procedure" if id == CHECKLIST => org.procedure.set_checklist(read(&kind, body)?),
            "procedure" => {
                // A component of a later release is passed over, as a kind of a later release is.
                if let Some(component) = Component::from_word(&id) {
                    org.procedure.set(component, read(&kind, body)?);
                }
            }
            "person" => drop(org.people.insert(id.as_str().into(), read(&kind, body)?)),
            "area" => drop(org.areas.insert(id.as_str().into(), read(&kind, body)?)),
            "population" => drop(org.populations.insert(id.as_str().into(), read(&kind, body)?)),
            "system" => drop(org.systems.insert(id.as_str().into(), read(&kind, body)?)),
            "rule" => org.rules.push(read(&kind, body)?),
            "field" => org.fields.push(read(&kind, body)?),
            "communication" => org.communications.push(read(&kind, body)?),
            "intake" => drop(org.intake.insert(id.as_str().into(), read(&kind, body)?)),
            _ => {} // written by a later release
        }
    }
    Ok(org)
}

fn read<T: DeserializeOwned>(kind: &str, body: Value) -> Result<T, Error> {
    serde_json::from_value(body).map_err(|e| Error::Bug(format!("stored {kind}: {e}")))
}

/// All rows.
///
/// # Errors
/// [`Error`]; also when a row is no JSON.
pub async fn items(tx: &mut Tx) -> Result<Items, Error> {
    let rows = tx.query("SELECT kind, id, body FROM directory ORDER BY kind, id", params![]).await?;
    let mut items = Items::new();
    for row in &rows {
        let body: String = row.get("body")?;
        let body = serde_json::from_str(&body).map_err(|e| Error::Bug(format!("directory row: {e}")))?;
        items.insert((row.get("kind")?, row.get("id")?), body);
    }
    Ok(items)
}

/// Sets one item, or removes it, with its line in the audit trail. Does not raise the epoch.
///
/// # Errors
/// [`Error`].
pub async fn set(
    tx: &mut Tx,
    kind: &str,
    id: &str,
    before: Option<&Value>,
    after: Option<&Value>,
    actor: &str,
    at: Time,
) -> Result<(), Error> {
    match after {
        Some(body) => {
            let sql = "INSERT INTO directory (kind, id, body, changed_at) VALUES ($1, $2, $3, $4)
                       ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body, changed_at = excluded.changed_at";
            tx.execute(sql, params![kind, id, body.to_string(), at]).await?;
        }
        None => {
            tx.execute("DELETE FROM directory WHERE kind = $1 AND id = $2", params![kind, id]).await?;
        }
    }
    let act = match (before, after) {
        (None, _) => "added",
        (Some(_), Some(_)) => "changed",
        (Some(_), None) => "removed",
    };
    let text = |v: Option<&Value>| v.map(Value::to_string);
    audit(tx, at, actor, act, &format!("{kind} {id}"), text(before), text(after)).await
}

/// Adds a line to the audit trail, chained to the one before.
///
/// # Errors
/// [`Error`].
pub async fn audit(
    tx: &mut Tx,
    at: Time,
    actor: &str,
    act: &str,
    target: &str,
    before: Option<String>,
    after: Option<String>,
) -> Result<(), Error> {
    let last = tx.query_opt("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", params![]).await?;
    let (seq, previous) = match &last {
        Some(row) => (row.get::<u64>("seq")? + 1, row.get::<String>("hash")?),
        None => (1, String::new()),
    };
    let hash = audit_hash(&previous, seq, at, [actor, act, target], [before.as_deref(), after.as_deref()]);
    let sql = "INSERT INTO audit (seq, at, actor, act, target, before_body, after_body, hash)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    tx.execute(sql, params![seq, at, actor, act, target.trim(), before, after, hash]).await?;
    Ok(())
}

/// The hash of a line of the audit trail, in lower-case hex: SHA-256 over the one before and all its
/// fields, each with its length in front; an absent field has no length and is told by a mark.
#[must_use]
pub fn audit_hash(previous: &str, seq: u64, at: Time, words: [&str; 3], bodies: [Option<&str>; 2]) -> String {
    let mut hasher = Sha256::new();
    let mut field = |bytes: Option<&[u8]>| match bytes {
        Some(bytes) => {
            hasher.update([1]);
            hasher.update((bytes.len() as u64).to_be_bytes());
            hasher.update(bytes);
        }
        None => hasher.update([0]),
    };
    field(Some(b"muster-audit-1"));
    field(Some(previous.as_bytes()));
    field(Some(&seq.to_be_bytes()));
    field(Some(&at.as_millisecond().to_be_bytes()));
    words.iter().for_each(|w| field(Some(w.trim().as_bytes())));
    bodies.iter().for_each(|b| field(b.map(str::as_bytes)));
    hex::encode(hasher.finalize())
}

/// A line of the audit trail.
#[derive(Clone, PartialEq, Debug)]
pub struct Change {
    /// Its number: they are counted without a gap.
    pub seq: u64,
    /// When.
    pub at: Time,
    /// Who: a person's directory name, or a part of Muster.
    pub actor: String,
    /// `added`, `changed`, `removed`, or what else was done.
    pub act: String,
    /// What it was done to: `person ana`.
    pub target: String,
    /// What that said before, if it was there and says something.
    pub before: Option<Value>,
    /// What it says since.
    pub after: Option<Value>,
}

/// A field that differs: its name, what it said, what it says.
pub type Differs<'a> = (&'a str, Option<&'a Value>, Option<&'a Value>);

/// In which fields two states of an item differ, by name.
#[must_use]
pub fn differing<'a>(before: Option<&'a Value>, after: Option<&'a Value>) -> Vec<Differs<'a>> {
    let of = |body: Option<&'a Value>, name: &str| body.and_then(|b| b.as_object()).and_then(|fields| fields.get(name));
    let names = |body: Option<&'a Value>| body.and_then(|b| b.as_object()).into_iter().flat_map(|fields| fields.keys());
    let all: BTreeSet<&str> = names(before).chain(names(after)).map(String::as_str).collect();
    let each = all.into_iter().map(|name| (name, of(before, name), of(after, name)));
    each.filter(|(_, was, is)| was != is).collect()
}

/// The newest `most` lines of the audit trail before the line `before`, about `target` if one is given, newest first.
///
/// # Errors
/// [`Error`]; also when a body is no JSON.
pub async fn changes(
    tx: &mut Tx,
    target: Option<&str>,
    before: Option<u64>,
    most: usize,
) -> Result<Vec<Change>, Error> {
    let sql = "SELECT seq, at, actor, act, target, before_body, after_body FROM audit
               WHERE ($1 = '' OR target = $1) AND seq < $2 ORDER BY seq DESC LIMIT $3";
    let before = before.map_or(i64::MAX, |seq| i64::try_from(seq).unwrap_or(i64::MAX));
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let rows = tx.query(sql, params![target.unwrap_or_default(), before, most]).await?;
    let body = |text: Option<String>| text.map(|t| serde_json::from_str(&t)).transpose();
    let bad = |e: serde_json::Error| Error::Bug(format!("audit row: {e}"));
    let change = |r: &super::Row| {
        Ok(Change {
            seq: r.get("seq")?,
            at: r.get("at")?,
            actor: r.get("actor")?,
            act: r.get("act")?,
            target: r.get("target")?,
            before: body(r.get("before_body")?).map_err(bad)?,
            after: body(r.get("after_body")?).map_err(bad)?,
        })
    };
    rows.iter().map(change).collect()
}

/// A stored value as people read it: `name Ana Cole, role manager`.
#[must_use]
pub fn in_words(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "yes".into(),
        Value::Bool(false) => "no".into(),
        Value::Number(n) => n.to_string(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(in_words).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| format!("{} {}", name.replace('_', " "), in_words(value)));
            fields.collect::<Vec<_>>().join(", ")
        }
    }
}

/// The settings' epoch and the organisation under it.
///
/// # Errors
/// [`Error`].
pub async fn with_epoch(tx: &mut Tx) -> Result<(i64, Organisation), Error> {
    Ok((meta::epoch(tx).await?, load(tx).await?))
}
