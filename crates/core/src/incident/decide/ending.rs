//! Estimates, meetings, following up and closing.

use super::super::command::TEXT_MAX;
use super::super::comms::Planned;
use super::super::{Act, Incident, State};
use crate::check::{optional, past, required};
use crate::directory::Organisation;
use crate::entry::{Author, Closed, Estimated, FollowUpBy, FollowedUp, MeetingHeld, MeetingKind};
use crate::ids::{PersonId, PersonRef};
use crate::refusal::Refusal;
use crate::subject::Draft;
use crate::words::all_of;
use crate::{Span, Time, later, whole_ms};

/// How far ahead a meeting or the end may be set: beyond it a date was mistyped.
const AHEAD_AT_MOST: Span = Span::from_hours(24 * 31);
/// Most people at one meeting.
const PRESENT_AT_MOST: usize = 200;

impl Draft<'_, Incident> {
    pub(super) fn ending(&mut self, by: &PersonRef, act: &Act) -> Result<(), Refusal> {
        let (author, now) = (Author::Person(by.clone()), self.scene.now);
        match act {
            Act::Estimate { back_at, grounds } => {
                // Nobody is told an estimate that the Incident Manager has not given (COM-5).
                if !self.folded.is_managed_by(&by.id) {
                    let why = "Only the Incident Manager says when service may be back. Ask them, or write a note.";
                    return Err(Refusal::NotYours { why });
                }
                self.in_state(&[State::Suspected, State::Open], "estimate the end of", "Service is back.")?;
                let back_at = back_at.map(|at| ahead("back-at", at, now)).transpose()?;
                let grounds = required("grounds", grounds, "Write on what grounds.", TEXT_MAX)?;
                self.say(author, now, Estimated { back_at, grounds });
            }
            Act::HoldMeeting { .. } => self.hold_meeting(by, act, None)?,
            Act::FollowUp { people, by: how, text } => {
                let instead = "Tell them when service is back.";
                self.in_state(&[State::Restored, State::Closed], "follow up on", instead)?;
                let people = self.people("people", people)?;
                if people.is_empty() {
                    return Err(Refusal::Missing { field: "people", ask: "Choose whom." });
                }
                let text = match how {
                    FollowUpBy::Message => required("text", text, "Write what they should hear.", TEXT_MAX)?,
                    FollowUpBy::Spoken => optional("text", text, TEXT_MAX)?,
                };
                if *how == FollowUpBy::Message {
                    self.can_be_written_to(&people)?;
                }
                self.say(author, now, FollowedUp { people, by: *how, text });
            }
            Act::Close { review } => {
                let instead = "It is closed when service is back, the report is filed and the review is done.";
                self.in_state(&[State::Restored], "close", instead)?;
                let review =
                    required("review", review, "Write what the review said, or where its minutes are.", TEXT_MAX)?;
                self.may_be_closed()?;
                self.say(author, now, Closed { review });
            }
            _ => {}
        }
        Ok(())
    }

    /// Writes down what came of a meeting, of that conference call if of one: who was there is then who joined it.
    pub(super) fn hold_meeting(&mut self, by: &PersonRef, act: &Act, call: Option<u32>) -> Result<(), Refusal> {
        let Act::HoldMeeting { kind, held_at, present, progress, plan_changes, escalate, why, next } = act else {
            return Ok(());
        };
        let now = self.scene.now;
        // A call may go on until after service is back.
        let allowed: &[State] = if call.is_some() { &[State::Open, State::Restored] } else { &[State::Open] };
        self.in_state(allowed, "hold a meeting about", "It is not open. Write a note.")?;
        if *escalate && self.folded.state != State::Open {
            let why = "Service is back, and nothing is escalated. Reopen it if that is not so.";
            return Err(Refusal::Senseless { field: "escalate", why: why.into() });
        }
        let at = past("held-at", held_at.unwrap_or(now), now)?;
        let joined = call.and_then(|number| self.folded.gathering.call(number)).map(|c| c.joined.clone());
        let joined = joined.unwrap_or_default().into_iter().map(|(person, _)| person);
        let present = match self.people("present", present)? {
            nobody if nobody.is_empty() => joined.collect(),
            present => present,
        };
        let held = MeetingHeld {
            kind: *kind,
            present,
            progress: required("progress", progress, "Write how far it has got.", TEXT_MAX)?,
            plan_changes: optional("plan-changes", plan_changes, TEXT_MAX)?,
            escalate: *escalate,
            why: required("why", why, "Write why, whether it is escalated or not.", TEXT_MAX)?,
            next: next.map(|at| ahead("next", at, now)).transpose()?,
            call,
        };
        let soon = later(now, self.folded.terms.policy.review_every.of(self.folded.phase));
        if held.next.is_some_and(|next| next > soon) && !self.folded.is_spoken_for_by(&by.id) {
            let why = "Only the Incident Manager and the Communications Manager put the next meeting off for longer than the \
                       policy says. Leave the time out, or ask one of them.";
            return Err(Refusal::NotYours { why });
        }
        if *kind != MeetingKind::Management && held.present.is_empty() {
            return Err(Refusal::Missing { field: "present", ask: "Write who was there." });
        }
        let why = held.escalate.then(|| format!("the {} escalates: {}", kind.words(), held.why));
        self.say(Author::Person(by.clone()), at, held);
        if let Some(why) = why {
            self.escalate(&why);
        }
        Ok(())
    }

    /// Restored is not closed (RES-5).
    fn may_be_closed(&self) -> Result<(), Refusal> {
        let missing = self.missing_for_closing();
        if missing.is_empty() {
            return Ok(());
        }
        Err(Refusal::Senseless { field: "review", why: missing.join(" ") })
    }

    /// Everything that is still to be done before it can be closed, each in a sentence.
    fn missing_for_closing(&self) -> Vec<String> {
        let report = self.folded.report.is_none().then(|| "The report is not filed. File it.".to_owned());
        let left = self.folded.to_follow_up();
        let follow_up = match left.as_slice() {
            [] => None,
            [one] => Some(format!("{} was contacted and has not heard that it is over. Follow up.", one.name)),
            all => {
                Some(format!("{} who were contacted have not heard that it is over. Follow up with them.", all.len()))
            }
        };
        let comms = &self.folded.comms;
        // Whoever was told of it waits for the next; whoever never was waits for nothing.
        let waits = |p: &&Planned| {
            let told = comms.last_sent(p.row.number).is_some();
            planted!("closes-in-silence", told && self.folded.next_update(p).is_some(), false)
        };
        let promised = comms.rows.iter().filter(waits);
        let promised: Vec<_> = promised.map(|p| p.row.name.as_str()).collect();
        let has = if promised.len() == 1 { "has" } else { "have" };
        let updates = (!promised.is_empty()).then(|| {
            let who = all_of(&promised);
            format!(
                "{who} {has} not been told that service is back. Send the last update, or take them out of the plan."
            )
        });
        [report, follow_up, updates, self.silent_steps()].into_iter().flatten().collect()
    }

    /// These people, each once.
    pub(super) fn people(&self, field: &'static str, ids: &[PersonId]) -> Result<Vec<PersonRef>, Refusal> {
        if ids.len() > PRESENT_AT_MOST {
            let why = format!("These are more than {PRESENT_AT_MOST} people. Record them in parts.");
            return Err(Refusal::Senseless { field, why });
        }
        let known = |id: &PersonId| {
            let contacted = self.folded.contacted().into_iter().find(|p| p.id == *id).cloned();
            contacted.or_else(|| person(self.scene.org, id))
        };
        let mut people: Vec<PersonRef> = Vec::new();
        for id in ids {
            let unknown = || Refusal::Unknown { field, what: "person", name: id.0.clone() };
            let person = known(id).ok_or_else(unknown)?;
            if !people.iter().any(|p| p.id == person.id) {
                people.push(person);
            }
        }
        Ok(people)
    }

    fn can_be_written_to(&self, people: &[PersonRef]) -> Result<(), Refusal> {
        let org = self.scene.org;
        let writes = |p: &PersonRef| {
            let about = org.here(&p.id);
            about.is_some_and(|a| a.means.iter().any(|m| self.scene.can(m) && !m.kind.is_conversation()))
        };
        let names: Vec<_> = people.iter().filter(|p| !writes(p)).map(|p| p.name.as_str()).collect();
        if names.is_empty() {
            return Ok(());
        }
        let why = format!("Muster has no way to write to {}. Speak to them, and tick them off.", names.join(", "));
        Err(Refusal::Senseless { field: "people", why })
    }
}

fn person(org: &Organisation, id: &PersonId) -> Option<PersonRef> {
    org.people.contains_key(id).then(|| org.person_ref(id))
}

/// A time that lies ahead, and not too far.
pub(super) fn ahead(field: &'static str, at: Time, now: Time) -> Result<Time, Refusal> {
    let senseless = |why: &str| Err(Refusal::Senseless { field, why: why.into() });
    if at <= now {
        return senseless("This time lies in the past. Set a time that is to come.");
    }
    if at > later(now, AHEAD_AT_MOST) {
        return senseless("This time lies more than a month ahead. Check its date.");
    }
    Ok(whole_ms(at))
}
