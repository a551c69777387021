//! Setting up the organisation: a plan first, then the same plan applied in one transaction.

use super::legible::legible_items;
use super::sensible::sensible;
use super::versions::numbered;
use super::warnings::warnings;
use super::{Changed, Drawn, Failure, Ops};
use crate::store::organisation::{self, Items};
use crate::store::{Sight, Tx, access, alerts, meta, subjects};
use muster_core::calendar::is_zone;
use muster_core::directory::{Organisation, Person, Role};
use muster_core::ids::{IntakeId, PersonId, is_directory_name};
use muster_core::refusal::Refusal;
use muster_core::{Span, Time};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Longest time that a policy or a person's means may wait. A longer one is a slip of the pen.
const WAIT_MAX: Span = Span::from_hours(366 * 24);

/// What applying an organisation would change.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Plan {
    /// In the order of kinds and names.
    pub changes: Vec<Planned>,
    /// What is allowed and will be regretted, one sentence each: contacts whom no channel can reach, systems that nobody manages.
    #[serde(default)]
    pub warnings: Vec<String>,
    /// The settings' epoch that it holds for: of a plan, the one that it would change; of what was done, the one after.
    #[serde(skip)]
    pub epoch: i64,
}

/// One change.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Planned {
    /// `added`, `changed` or `removed`.
    pub act: String,
    /// What kind of thing.
    pub kind: String,
    /// Its name.
    pub id: String,
    /// Of a change: which fields.
    pub fields: Vec<String>,
}

impl fmt::Display for Planned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.act.as_str() {
            "added" => '+',
            "removed" => '-',
            _ => '~',
        };
        write!(f, "{sign} {} {}", self.kind, self.id)?;
        if self.fields.is_empty() { Ok(()) } else { write!(f, ": {}", self.fields.join(", ")) }
    }
}

impl Ops {
    /// What applying `wanted` would change now.
    ///
    /// # Errors
    /// [`Failure`]; refused if `wanted` contradicts itself.
    pub async fn plan(&self, wanted: &Organisation) -> Result<Plan, Failure> {
        let after = checked(wanted)?;
        let wanted_now = wanted.clone();
        let read = async move |tx: &mut Tx| {
            let (_, after) = numbered(tx, &wanted_now, &after).await?;
            Ok::<_, Failure>((meta::epoch(tx).await?, organisation::items(tx).await?, after))
        };
        let (epoch, before, after) = self.db.read(read).await?;
        Ok(Plan { warnings: warnings(wanted, self.channels()), epoch, ..plan(&before, &after) })
    }

    /// Makes the organisation what `wanted` says. What is not in it is removed; sessions of people who
    /// are gone or whose role changed end.
    ///
    /// # Errors
    /// [`Failure`]; refused if `wanted` contradicts itself, or takes from `actor` what they act by.
    pub async fn apply(&self, wanted: &Organisation, actor: &str) -> Result<Plan, Failure> {
        self.apply_to(None, wanted, actor).await
    }

    /// The same, if the settings' epoch is still `looked_at`: so that nobody undoes unseen what another has set up
    /// meanwhile. Where nothing would change it does not matter, and a request that was sent twice is done once.
    ///
    /// # Errors
    /// As [`Ops::apply`]; [`Failure::Stale`].
    pub async fn apply_to(&self, looked_at: Option<i64>, wanted: &Organisation, actor: &str) -> Result<Plan, Failure> {
        let stays = keeps_whoever_acts(wanted, &PersonId::from(actor));
        let (ops, drawn, actor, wanted) = (self.clone(), self.draw()?, PersonId::from(actor), wanted.clone());
        checked(&wanted)?;
        self.db
            .write(async move |tx: &mut Tx| {
                let epoch = meta::epoch(tx).await?;
                let before = organisation::items(tx).await?;
                if before.contains_key(&("person".to_owned(), actor.0.clone())) {
                    stays.clone()?;
                }
                let seen = move |plan: &Plan| match looked_at.is_some_and(|at| at != epoch) && !plan.changes.is_empty()
                {
                    true => Err(Failure::Stale),
                    false => Ok(()),
                };
                ops.make_it(tx, &drawn, &before, &wanted, &actor, seen).await
            })
            .await
    }

    /// Makes the organisation, of which `before` are the rows, what `wanted` says, unless that fits nobody's eyes any
    /// more (`seen`).
    pub(super) async fn make_it(
        &self,
        tx: &mut Tx,
        drawn: &Drawn,
        before: &Items,
        wanted: &Organisation,
        actor: &PersonId,
        seen: impl FnOnce(&Plan) -> Result<(), Failure>,
    ) -> Result<Plan, Failure> {
        let (wanted, after) = numbered(tx, wanted, &checked(wanted)?).await?;
        let plan = Plan { warnings: warnings(&wanted, self.channels()), ..plan(before, &after) };
        seen(&plan)?;
        nobody_is_stranded(tx, before, &wanted).await?;
        set_items(tx, before, &after, actor.as_str(), drawn.now).await?;
        self.apply_version(tx, drawn, &wanted, actor).await?;
        if !plan.changes.is_empty() {
            meta::raise_epoch(tx).await?;
            alerts::look_again(tx, drawn.now).await?;
            self.tell_after_commit(tx, Changed::Settings);
        }
        Ok(Plan { epoch: meta::epoch(tx).await?, ..plan })
    }
}

/// How many incidents are looked through for who leads them.
const LED_MOST: u32 = 500;

/// Refuses to make a reader of whoever leads an incident that goes on, or speaks for it: they could do nothing in it.
async fn nobody_is_stranded(tx: &mut Tx, before: &Items, wanted: &Organisation) -> Result<(), Failure> {
    let did_more = |id: &PersonId| {
        let was = before.get(&("person".to_owned(), id.0.clone()));
        was.and_then(|p| Person::deserialize(p).ok()).is_some_and(|p| p.role > Role::Reader)
    };
    let reads = |(id, p): &(&PersonId, &Person)| p.role == Role::Reader && !p.gone && did_more(id);
    let readers: Vec<_> = wanted.people.iter().filter(reads).collect();
    if readers.is_empty() {
        return Ok(());
    }
    let live = subjects::live(tx, &Sight::all(), LED_MOST).await?;
    let leads = |id: &PersonId| live.iter().any(|l| l.incident.is_spoken_for_by(id));
    let Some((_, stranded)) = readers.into_iter().find(|(id, _)| leads(id)) else { return Ok(()) };
    let why = format!("{} leads an open incident, or speaks for one. Let them hand it over first.", stranded.name);
    Err(Refusal::Senseless { field: "role", why }.into())
}

/// Makes the rows of the organisation `after`, and ends the sessions of people who are gone or whose role is another.
pub(super) async fn set_items(
    tx: &mut Tx,
    before: &Items,
    after: &Items,
    actor: &str,
    now: Time,
) -> Result<(), Failure> {
    for change in plan(before, after).changes {
        let key = (change.kind.clone(), change.id.clone());
        let (old, new) = (before.get(&key), after.get(&key));
        organisation::set(tx, &change.kind, &change.id, old, new, actor, now).await?;
        if change.kind == "intake" && new.is_none() {
            // Whoever has a key of it sends nothing any more, and no later sender of that name gets it.
            access::revoke_intake_keys(tx, &IntakeId(change.id.clone()), now).await?;
        }
        if change.kind == "person" && (new.is_none() || touches_access(&change)) {
            access::end_sessions(tx, &PersonId(change.id), None).await?;
        }
    }
    Ok(())
}

fn touches_access(change: &Planned) -> bool {
    change.fields.iter().any(|f| f == "role" || f == "gone")
}

fn plan(before: &Items, after: &Items) -> Plan {
    let mut changes = Vec::new();
    for (key, new) in after {
        let (act, fields) = match before.get(key) {
            None => ("added", Vec::new()),
            Some(old) if old != new => {
                let fields = organisation::differing(Some(old), Some(new));
                ("changed", fields.into_iter().map(|(name, ..)| name.to_owned()).collect())
            }
            Some(_) => continue,
        };
        changes.push(Planned { act: act.into(), kind: key.0.clone(), id: key.1.clone(), fields });
    }
    for key in before.keys().filter(|k| !after.contains_key(k)) {
        changes.push(Planned { act: "removed".into(), kind: key.0.clone(), id: key.1.clone(), fields: Vec::new() });
    }
    changes.sort_by(|a, b| (&a.kind, &a.id).cmp(&(&b.kind, &b.id)));
    Plan { changes, ..Plan::default() }
}

/// Refuses an organisation that nobody could administer any more, whichever way it came to that.
fn keeps_an_administrator(org: &Organisation, field: &'static str) -> Result<(), Refusal> {
    if org.administrators().next().is_some() {
        return Ok(());
    }
    let why = "There must be one administrator. Make somebody else one first.".into();
    Err(Refusal::Senseless { field, why })
}

/// Refuses an organisation in which whoever applies it is no administrator any more: a file that was begun from an
/// example does not hold them, and would shut them out with the step that was to let everybody in.
///
/// # Errors
/// [`Refusal::Senseless`].
pub fn keeps_whoever_acts(org: &Organisation, actor: &PersonId) -> Result<(), Refusal> {
    let how = match org.people.get(actor) {
        Some(p) if p.gone => "marks you as gone",
        Some(p) if p.role != Role::Administrator => "takes the role of administrator from you",
        Some(_) => return Ok(()),
        None => "does not name you",
    };
    let why = format!(
        "This file {how}: it would shut you out. Begin with what is there, muster export --output org.toml, and merge \
         into it; or keep [people.{actor}] with role = \"administrator\". Another administrator may remove you later."
    );
    Err(Refusal::Senseless { field: "organisation", why })
}

/// What `wanted` is stored as, if it can be.
fn checked(wanted: &Organisation) -> Result<Items, Failure> {
    check(wanted)?;
    let items = organisation::to_items(wanted)?;
    legible_items(&items)?;
    Ok(items)
}

/// Refuses an organisation that names what it does not have, so that no summons ever finds a hole, and one without an
/// administrator.
///
/// # Errors
/// [`Refusal::Senseless`] or [`Refusal::Unknown`], naming the place.
pub fn check(org: &Organisation) -> Result<(), Refusal> {
    keeps_an_administrator(org, "organisation")?;
    sensible(org)?;
    let senseless = |why: String| Refusal::Senseless { field: "organisation", why };
    let names = org.people.keys().map(|k| ("person", k.as_str()));
    let names = names.chain(org.areas.keys().map(|k| ("area", k.as_str())));
    let names = names.chain(org.populations.keys().map(|k| ("population", k.as_str())));
    let names = names.chain(org.systems.keys().map(|k| ("system", k.as_str())));
    let names = names.chain(org.intake.keys().map(|k| ("intake", k.as_str())));
    for (kind, name) in names {
        if !is_directory_name(name) {
            let rule = "use 1 to 64 of a-z, 0-9, dash, dot and underscore, beginning with a letter or a digit";
            return Err(senseless(format!("{kind} “{name}”: {rule}.")));
        }
    }
    if let Some((place, _)) = waits(org).find(|(_, wait)| !(Span::ZERO..=WAIT_MAX).contains(wait)) {
        return Err(senseless(format!("{place}: use a time from 0s to {} days.", WAIT_MAX.as_hours() / 24)));
    }
    let zone = |place: &str, zone: &str| {
        let why = || senseless(format!("{place}: there is no time zone “{zone}”. Use a name such as Europe/London."));
        is_zone(zone).then_some(()).ok_or_else(why)
    };
    zone("organisation", &org.organisation.time_zone)?;
    let person = |place: &str, id: &PersonId| {
        let why = || senseless(format!("{place} names the person “{id}”, who is not there."));
        org.people.contains_key(id).then_some(()).ok_or_else(why)
    };
    for (id, area) in &org.areas {
        let place = format!("area {id}");
        for p in area.members.iter().chain(&area.supervisors).chain(&area.management) {
            person(&place, p)?;
        }
    }
    for (id, system) in &org.systems {
        let place = format!("system {id}");
        for p in system.contacts.iter().chain(&system.owner).chain(&system.management) {
            person(&place, p)?;
        }
        if let Some(name) = &system.usage_hours.time_zone {
            zone(&place, name)?;
        }
        if let Some(need) = system.depends_on.iter().find(|n| !org.systems.contains_key(n)) {
            return Err(senseless(format!("{place} depends on “{need}”, which is not there.")));
        }
        if let Some(p) = system.populations.iter().find(|p| !org.populations.contains_key(p)) {
            return Err(senseless(format!("{place} serves “{p}”, which is not there.")));
        }
    }
    for rule in &org.rules {
        if let Some(s) = rule.system.as_ref().filter(|s| !org.systems.contains_key(s)) {
            return Err(senseless(format!("rule “{}” names the system “{s}”, which is not there.", rule.name)));
        }
    }
    for row in &org.policy.tell_directly {
        if !org.areas.contains_key(&row.area) {
            let why = format!("policy, tell directly “{}”: the area “{}” is not there.", row.name, row.area);
            return Err(senseless(why));
        }
    }
    for (place, area) in [("fallback", &org.policy.fallback_area), ("communicator", &org.policy.communicator.area)] {
        if let Some(area) = area.as_ref().filter(|a| !org.areas.contains_key(a)) {
            return Err(senseless(format!("policy, {place} area: “{area}” is not there.")));
        }
    }
    Ok(())
}

/// Every length of time in an organisation, with its place.
fn waits(org: &Organisation) -> impl Iterator<Item = (String, Span)> {
    let policy = &org.policy;
    let rules = [
        ("disruption_after", policy.disruption_after),
        ("open_unanswered_after", policy.open_unanswered_after),
        ("join_within", policy.join_within),
        ("reach_within", policy.reach_within),
        ("triage_within", policy.triage_within),
        ("answer_wait", policy.answer_wait),
        ("log_silence intense", policy.log_silence.intense),
        ("log_silence steady", policy.log_silence.steady),
        ("log_silence waiting", policy.log_silence.waiting),
        ("nag_every", policy.nag_every),
    ];
    let rules = rules.into_iter().map(|(name, wait)| (format!("policy, {name}"), wait));
    let tells = policy.tell_directly.iter().flat_map(|row| {
        let place = format!("policy, tell directly “{}”", row.name);
        [(place.clone(), row.after_triage), (place, row.after_discovery)]
    });
    let means = org.people.iter().flat_map(|(id, person)| {
        person.means.iter().filter_map(move |m| Some((format!("person {id}, means"), m.wait?)))
    });
    rules.chain(tells).chain(means)
}
