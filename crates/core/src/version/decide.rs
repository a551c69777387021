//! Deciding: which entries a command leads to, or why it is refused.

use super::command::{Command, Drafting};
use super::{Signer, Stage, Version};
use crate::check::{optional, required};
use crate::directory::{Organisation, Role};
use crate::entry::{
    Author, ComesBy, Frame, Group, Passage, PolicyBody, VersionDeclined, VersionDrafted, VersionDropped, VersionEdited,
    VersionInForce, VersionProposed, VersionReplaced, VersionSigned,
};
use crate::ids::{AreaId, PersonRef};
use crate::incident::{LINE_MAX, TEXT_MAX};
use crate::policy::Policy;
use crate::refusal::Refusal;
use crate::subject::{Decision, Draft, Scene};
use crate::{Span, Time, later, whole_ms};

/// How long the groups have to sign what takes effect as soon as they have.
const SIGN_WITHIN: Span = Span::from_hours(7 * 24);
/// How far ahead a date may lie: beyond it a year was mistyped.
const AHEAD_AT_MOST: Span = Span::from_hours(3 * 366 * 24);

/// Decides `command` for the log of a version, which is none before it is begun.
///
/// # Errors
/// A [`Refusal`] that says what to do instead. Then nothing is to be recorded.
pub fn decide(version: Option<&Version>, command: &Command, scene: Scene<'_>) -> Result<Decision<Version>, Refusal> {
    let mut draft = match (version, command) {
        (None, Command::Draft { .. } | Command::Apply { .. }) => begin(command, scene)?,
        (None, _) => return Err(Refusal::Unknown { field: "version", what: "version", name: scene.subject.0.clone() }),
        (Some(version), _) if version.newer => return Err(Refusal::NewerRelease),
        (Some(version), Command::Draft { .. } | Command::Apply { .. }) => {
            return Err(over(format!("Version {} is there already. Read it, or begin the next.", version.number)));
        }
        (Some(version), _) => Draft::of(version, scene),
    };
    match command {
        Command::Draft { .. } | Command::Apply { .. } | Command::Tick => {}
        Command::Edit { by, to, seen } => draft.edit(by, to, *seen)?,
        Command::Frame { by, drafting, seen } => {
            let frame = framed(drafting, Some(&draft.folded), scene)?;
            draft.edit(by, &Passage::Frame(frame), *seen)?;
        }
        Command::Drop { by, reason } => draft.give_up(by, reason)?,
        Command::Propose { by } => draft.propose(by)?,
        Command::Sign { by, area, seen } => draft.sign(by, area, *seen)?,
        Command::Decline { by, area, reason } => draft.decline(by, area, reason)?,
        Command::Force { by, reason } => draft.force(by, reason)?,
        Command::Replace { by } => draft.replace(*by),
    }
    draft.come_into_force();
    Ok(draft.decision())
}

fn over(why: String) -> Refusal {
    Refusal::Over { why }
}

fn begin<'a>(command: &Command, scene: Scene<'a>) -> Result<Draft<'a, Version>, Refusal> {
    match command {
        Command::Draft { number, by, from, body, drafting } => {
            let fact = drafted(*number, *from, body, drafting, scene)?;
            Draft::begin(Author::Person(by.clone()), fact, scene).ok_or(Refusal::NewerRelease)
        }
        Command::Apply { number, by, from, body } => {
            let author = by.clone().map_or(Author::Muster, Author::Person);
            let fact = VersionDrafted {
                number: *number,
                from: *from,
                note: if body.is_as_shipped() { "as Muster ships it" } else { "applied from a file" }.to_owned(),
                decision: String::new(),
                groups: Vec::new(),
                effective: None,
                next_review: None,
                body: numbered(body, *number),
                time_zone: scene.org.organisation.time_zone.clone(),
            };
            let mut draft = Draft::begin(author.clone(), fact, scene).ok_or(Refusal::NewerRelease)?;
            draft.say(author, scene.now, VersionInForce { how: ComesBy::Applied });
            Ok(draft)
        }
        _ => Err(Refusal::Unknown { field: "version", what: "version", name: scene.subject.0.clone() }),
    }
}

/// What a version says holds its own number, which incidents take along.
fn numbered(body: &PolicyBody, number: u32) -> PolicyBody {
    let mut body = body.clone();
    body.policy.version = number;
    body
}

fn drafted(
    number: u32,
    from: u32,
    body: &PolicyBody,
    drafting: &Drafting,
    scene: Scene<'_>,
) -> Result<VersionDrafted, Refusal> {
    let Frame { note, decision, groups, effective, next_review } = framed(drafting, None, scene)?;
    Ok(VersionDrafted {
        number,
        from: Some(from),
        note,
        decision,
        groups,
        effective,
        next_review,
        body: numbered(body, number),
        time_zone: scene.org.organisation.time_zone.clone(),
    })
}

/// What is said of a version, if it makes sense. A date that it had `before` may have come meanwhile.
fn framed(drafting: &Drafting, before: Option<&Version>, scene: Scene<'_>) -> Result<Frame, Refusal> {
    // Who signs already signs as the people that were asked, in their order, whatever the directory says now.
    let kept = before.into_iter().flat_map(|v| &v.signers).map(|s| &s.group);
    let mut groups: Vec<Group> = kept.filter(|group| drafting.groups.contains(&group.area)).cloned().collect();
    let known: Vec<_> = groups.iter().map(|group| group.area.clone()).collect();
    for id in drafting.groups.iter().filter(|id| !known.contains(*id)) {
        let unknown = || Refusal::Unknown { field: "groups", what: "area", name: id.0.clone() };
        let group = group(id, scene.org).ok_or_else(unknown)?;
        if group.people.is_empty() {
            let why =
                format!("Nobody of {} could sign it. Give the area supervisors, management or members.", group.name);
            return Err(Refusal::Senseless { field: "groups", why });
        }
        if !groups.iter().any(|g| g.area == group.area) {
            groups.push(group);
        }
    }
    let date = |field, to: Option<Time>, was: Option<Time>| match to {
        Some(at) if to != was => ahead(field, at, scene.now).map(Some),
        same => Ok(same),
    };
    Ok(Frame {
        note: required("note", &drafting.note, "Write why the procedure is changed.", TEXT_MAX)?,
        decision: optional("decision", &drafting.decision, LINE_MAX)?,
        groups,
        effective: date("effective", drafting.effective, before.and_then(|v| v.effective))?,
        next_review: date("next-review", drafting.next_review, before.and_then(|v| v.next_review))?,
    })
}

/// An area with those who may sign for it: its supervisors, then its management, or its members where it has neither.
fn group(id: &AreaId, org: &Organisation) -> Option<Group> {
    let area = org.areas.get(id)?;
    let here = |ids: &[crate::ids::PersonId]| {
        let mut people: Vec<PersonRef> = Vec::new();
        for id in ids.iter().filter(|id| org.here(id).is_some()) {
            if !people.iter().any(|p| p.id == *id) {
                people.push(org.person_ref(id));
            }
        }
        people
    };
    let lead = here(&[area.supervisors.as_slice(), area.management.as_slice()].concat());
    let people = if lead.is_empty() { here(&area.members) } else { lead };
    Some(Group { area: id.clone(), name: area.name.clone(), people })
}

fn ahead(field: &'static str, at: Time, now: Time) -> Result<Time, Refusal> {
    let senseless = |why: &str| Err(Refusal::Senseless { field, why: why.into() });
    if at <= now {
        return senseless("This date lies in the past. Set one that is to come.");
    }
    if at > later(now, AHEAD_AT_MOST) {
        return senseless("This date lies more than three years ahead. Check its year.");
    }
    Ok(whole_ms(at))
}

impl Draft<'_, Version> {
    fn edit(&mut self, by: &PersonRef, to: &Passage, seen: Option<u64>) -> Result<(), Refusal> {
        self.in_stage(&[Stage::Draft, Stage::Proposed], "is written for good. Begin the next version.")?;
        let before = self.folded.part_like(to);
        if before == *to {
            return Ok(());
        }
        if let Some(seen) = seen.filter(|seen| *seen < self.folded.seq) {
            let why =
                format!("Somebody changed this draft after entry {seen}, which you had seen. Both texts are below.");
            return Err(Refusal::Senseless { field: "seen", why });
        }
        let fact = VersionEdited { before, after: to.clone() };
        let mut after = self.folded.clone();
        after.write(to);
        self.makes_sense(&after.body)?;
        self.say(Author::Person(by.clone()), self.scene.now, fact);
        Ok(())
    }

    fn propose(&mut self, by: &PersonRef) -> Result<(), Refusal> {
        self.in_stage(&[Stage::Draft], "is proposed already.")?;
        self.makes_sense(&self.folded.body)?;
        let sign_by = self.folded.effective.filter(|at| *at > self.scene.now);
        let sign_by = whole_ms(sign_by.unwrap_or_else(|| later(self.scene.now, SIGN_WITHIN)));
        self.say(Author::Person(by.clone()), self.scene.now, VersionProposed { sign_by });
        Ok(())
    }

    /// It holds never, and stands in the list as what it is.
    fn give_up(&mut self, by: &PersonRef, reason: &str) -> Result<(), Refusal> {
        self.in_stage(&[Stage::Draft, Stage::Proposed], "is written for good: another replaces it.")?;
        let reason = required("reason", reason, "Write why it is given up.", TEXT_MAX)?;
        self.say(Author::Person(by.clone()), self.scene.now, VersionDropped { reason });
        Ok(())
    }

    fn sign(&mut self, by: &PersonRef, area: &AreaId, seen: Option<u64>) -> Result<(), Refusal> {
        let signer = self.may_sign(by, area)?;
        if seen.is_some_and(|seen| seen < self.folded.written) {
            let why = "It was changed since you read it. Read what it says now, and sign that.".to_owned();
            return Err(Refusal::Senseless { field: "seen", why });
        }
        if signer.signed.is_some() {
            return Ok(()); // a second signature says nothing more
        }
        let fact = VersionSigned { area: area.clone(), name: signer.group.name.clone() };
        self.say(Author::Person(by.clone()), self.scene.now, fact);
        Ok(())
    }

    fn decline(&mut self, by: &PersonRef, area: &AreaId, reason: &str) -> Result<(), Refusal> {
        let signer = self.may_sign(by, area)?;
        let reason = required("reason", reason, "Write what would have to change.", TEXT_MAX)?;
        let fact = VersionDeclined { area: area.clone(), name: signer.group.name.clone(), reason };
        self.say(Author::Person(by.clone()), self.scene.now, fact);
        Ok(())
    }

    fn may_sign(&self, by: &PersonRef, area: &AreaId) -> Result<Signer, Refusal> {
        self.in_stage(&[Stage::Proposed], "is not proposed: nobody is asked to sign it.")?;
        let unknown =
            || Refusal::Unknown { field: "area", what: "group that signs this version", name: area.0.clone() };
        let signer = self.folded.signer(area).ok_or_else(unknown)?;
        if !signer.group.people.iter().any(|p| p.id == by.id) {
            return Err(Refusal::NotYours { why: "Only who supervises or manages that area signs for it." });
        }
        Ok(signer.clone())
    }

    fn force(&mut self, by: &PersonRef, reason: &str) -> Result<(), Refusal> {
        self.in_stage(&[Stage::Proposed], "is not proposed. Propose it first.")?;
        let role = self.scene.org.here(&by.id).map(|p| p.role);
        if !matches!(role, Some(Role::Manager | Role::Administrator)) {
            let why = "Only management puts a version in force over a sign-off that is missing.";
            return Err(Refusal::NotYours { why });
        }
        let reason =
            required("reason", reason, "Write why it cannot wait. Whoever has not signed reads it.", TEXT_MAX)?;
        self.makes_sense(&self.folded.body)?;
        let missing = self.folded.missing().map(|s| s.group.name.clone()).collect();
        let how = ComesBy::Over { missing, reason };
        self.say(Author::Person(by.clone()), self.scene.now, VersionInForce { how });
        Ok(())
    }

    fn replace(&mut self, by: u32) {
        if self.folded.stage == Stage::InForce && by != self.folded.number {
            self.muster_says(VersionReplaced { by });
        }
    }

    /// All have signed, and its date is there. What the directory has made unworkable since waits for a person.
    fn come_into_force(&mut self) {
        let due = self.folded.comes_into_force_at().is_some_and(|at| at <= self.scene.now);
        if due && why_unworkable(&self.folded.body, self.scene.org).is_none() {
            self.muster_says(VersionInForce { how: ComesBy::Signed });
        }
    }

    fn in_stage(&self, allowed: &[Stage], why: &str) -> Result<(), Refusal> {
        match allowed.contains(&self.folded.stage) {
            true => Ok(()),
            false => Err(over(format!("Version {} {why}", self.folded.number))),
        }
    }

    fn makes_sense(&self, body: &PolicyBody) -> Result<(), Refusal> {
        match why_unworkable(body, self.scene.org) {
            None => Ok(()),
            Some(why) => Err(Refusal::Senseless { field: "body", why }),
        }
    }
}

/// Why nobody could work by that version in that organisation, with what to do; none if they could.
#[must_use]
pub fn why_unworkable(body: &PolicyBody, org: &Organisation) -> Option<String> {
    let policy = &body.policy;
    no_manager(policy, org)
        .or_else(|| nobody_to_tell(policy, org))
        .or_else(|| policy.why_senseless())
        .or_else(|| body.procedure.why_senseless())
}

/// Why an incident that names no known system would find nobody who takes it but the administrators; none if it would.
fn no_manager(policy: &Policy, org: &Organisation) -> Option<String> {
    let id = policy.fallback_area.as_ref()?;
    let here = |p: &crate::ids::PersonId| org.here(p).is_some();
    if org.areas.get(id).is_some_and(|area| area.members.iter().any(here)) {
        return None;
    }
    Some(format!(
        "policy, fallback area: nobody is in “{id}”, so that nobody but an administrator would become Incident Manager \
         of an incident that names no known system. Name an area with members."
    ))
}

/// An area that must be told directly and is not there.
fn nobody_to_tell(policy: &Policy, org: &Organisation) -> Option<String> {
    let row = policy.tell_directly.iter().find(|row| !org.areas.contains_key(&row.area))?;
    Some(format!("policy, tell directly “{}”: there is no area “{}”. Name one that is there.", row.name, row.area))
}
