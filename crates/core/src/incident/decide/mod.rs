//! Deciding: which entries a command leads to, or why it is refused.
//!
//! Every path into an incident ends here: the page, the API, the CLI, the link, the phone key, the
//! alert and the timer. After each command the incident is carried on (`progress`), so that a
//! summons goes on in the same transaction in which somebody said "I cannot".

mod alerts;
mod attachment;
mod checklist;
mod comms;
mod conference;
mod contacts;
mod course;
mod ending;
mod fields;
mod plan;
mod progress;
mod restriction;
mod roles;
mod summons;
mod telling;
mod triage;

use super::command::{Act, Command, LINE_MAX, TEXT_MAX};
use super::open::{affected, opening};
use super::{Declaration, Incident, OpenBy, State};
use crate::check::{been, optional, past, required};
use crate::entry::{
    AlertLeft, Author, Change, Changed, Confirmed, Contacted, Corrected, HeardElsewhere, ManagerAssumed, Noted,
    PeopleAsked, Reopened, ReportFiled, TakenBack, Told, Withdrawn,
};
use crate::ids::PersonRef;
use crate::refusal::Refusal;
use crate::subject::{Decision, Draft, Scene};
use crate::whole_ms;
use contacts::can_be_stated;
pub(super) use summons::in_usage;
pub use telling::{management, unaware};

/// Most people who ask at once: beyond it somebody mistyped.
const ASKED_AT_MOST: u32 = 10_000;

/// Decides `command` for `incident`, which is none before its log begins.
///
/// # Errors
/// A [`Refusal`] that says what to do instead. Then nothing is to be recorded.
pub fn decide(incident: Option<&Incident>, command: &Command, scene: Scene<'_>) -> Result<Decision<Incident>, Refusal> {
    let mut draft = match (incident, command) {
        (None, Command::Open { number, by }) => open(number, by, scene)?,
        (None, _) => return Err(Refusal::Unknown { field: "number", what: "incident", name: scene.subject.0.clone() }),
        (Some(incident), _) if incident.newer => return Err(Refusal::NewerRelease),
        (Some(_), Command::Open { .. }) => {
            return Err(Refusal::WrongState { act: "open", state: "open already", instead: "Read its log." });
        }
        (Some(incident), _) => Draft::of(incident, scene),
    };
    match command {
        Command::Open { .. } | Command::Tick => {}
        Command::JoinAlert(news) => draft.join_alert(news)?,
        Command::AlertSays(news) => draft.alert_says(news),
        Command::AlertGoesOn(alert) => draft.alert_goes_on(alert),
        Command::SeenAs { by, why } => draft.seen_as(by.as_deref(), why),
        Command::AlertRecovered { alert, detail, at } => draft.alert_recovered(alert, detail, *at),
        Command::Grade { summons, attempt, outcome, detail } => draft.grade(summons, attempt, *outcome, detail),
        Command::Remark { kind, text } => {
            draft.muster_says(Noted { kind: *kind, text: text.chars().take(TEXT_MAX).collect() });
        }
        Command::HearUser(report) => draft.hear_user(report)?,
        Command::HeardOf(fact) => draft.muster_says(fact.clone()),
        Command::Answer { summons, person, answer, via } => draft.answer(summons, person, *answer, *via)?,
        Command::Inform { summons, person, text, via } => draft.inform(summons, person, text, *via)?,
        Command::Join { call, person, via } => draft.join_by_link(*call, person, *via)?,
        Command::Acknowledge { update, person, via } => draft.acknowledge(*update, person, *via)?,
        Command::Come { person, coming, expected_at, via } => {
            let author = Author::Person(scene.org.person_ref(person));
            draft.come(author, person, *coming, *expected_at, *via)?;
        }
        Command::Tie { by, tie } => draft.tie(by, tie)?,
        Command::Act { by, act } => draft.act(by, act)?,
    }
    draft.progress();
    Ok(draft.decision())
}

fn open<'a>(number: &str, by: &OpenBy, scene: Scene<'a>) -> Result<Draft<'a, Incident>, Refusal> {
    let by = sensible_opening(by, scene)?;
    let author = match &by {
        OpenBy::Alert(_) | OpenBy::User(_) => Author::Muster,
        OpenBy::Person(said) => Author::Person(said.by.clone()),
    };
    let now = whole_ms(scene.now);
    let fact = opening(number, &by, scene.org, now);
    let Some(mut draft) = Draft::begin(author.clone(), fact, scene) else { return Err(Refusal::NewerRelease) };
    match &by {
        OpenBy::Alert(news) => draft.note_alert(news, true),
        OpenBy::User(report) => draft.hear_user(report)?,
        OpenBy::Person(said) => {
            // Who led it on paper led it since it was known, and is asked nothing now.
            let (person, since) = match &said.manager {
                Some(id) => (scene.org.person_ref(id), said.discovered_at(now)),
                None => (said.by.clone(), now),
            };
            draft.say(author, since, ManagerAssumed { person, summons: None });
            draft.summon_help(said);
        }
    }
    Ok(draft)
}

/// The opening with its text trimmed, if it makes sense.
fn sensible_opening(by: &OpenBy, scene: Scene<'_>) -> Result<OpenBy, Refusal> {
    let said = match by {
        OpenBy::Alert(_) => return Ok(by.clone()),
        OpenBy::User(report) => return Ok(OpenBy::User(report.sensible()?)),
        OpenBy::Person(said) => said,
    };
    let title = required("title", &said.title, "Write one line: what is wrong?", LINE_MAX)?;
    let discovered_at = past("discovered-at", said.discovered_at(scene.now), scene.now)?;
    let went_down = said.went_down.map(|down| been(down, scene.now)).transpose()?;
    if went_down.is_some_and(|down| down.at > discovered_at) {
        let why = "It cannot be discovered before it went down. Correct one of the two times.";
        return Err(Refusal::Senseless { field: "discovered-at", why: why.into() });
    }
    if let Some(id) = said.system.as_ref().filter(|id| !scene.org.systems.contains_key(id)) {
        return Err(Refusal::Unknown { field: "system", what: "system", name: id.0.clone() });
    }
    if let Some(id) = &said.manager {
        if said.told != Told::Paper {
            let why = "Only what was kept on paper names who led it. Declare it, and hand it over.";
            return Err(Refusal::Senseless { field: "manager", why: why.into() });
        }
        if !scene.org.may_lead(id) {
            return Err(Refusal::Unknown { field: "manager", what: "person who can lead it", name: id.0.clone() });
        }
    }
    Ok(OpenBy::Person(Declaration { title, went_down, discovered_at: Some(discovered_at), ..said.clone() }))
}

impl Draft<'_, Incident> {
    fn act(&mut self, by: &PersonRef, act: &Act) -> Result<(), Refusal> {
        let now = self.scene.now;
        let author = Author::Person(by.clone());
        match act {
            Act::Note { kind, text, happened_at } => {
                let text = required("text", text, "Write what happened.", TEXT_MAX)?;
                let at = past("happened-at", happened_at.unwrap_or(now), now)?;
                self.say(author, at, Noted { kind: *kind, text });
            }
            Act::Contact { tell, person, means, outcome, said, happened_at } => {
                let said = optional("said", said, TEXT_MAX)?;
                let at = past("happened-at", happened_at.unwrap_or(now), now)?;
                can_be_stated(*means, *outcome)?;
                self.could_be_told(at)?;
                let person = self.contacted_person(tell.as_deref(), person)?;
                let tell = tell.clone();
                self.say(author, at, Contacted { tell, person, means: *means, outcome: *outcome, said });
            }
            Act::Correct { entry, text, happened_at } => {
                let text = required("text", text, "Write what the entry should have said.", TEXT_MAX)?;
                self.entry_exists(*entry)?;
                if happened_at.is_some() && self.folded.contacts.iter().any(|c| c.entry == *entry) {
                    let why = "By when somebody was contacted duties are settled: take the entry back, and write it anew \
                               with its time.";
                    return Err(Refusal::Senseless { field: "happened-at", why: why.into() });
                }
                let at = past("happened-at", happened_at.unwrap_or(now), now)?;
                self.say(author, at, Corrected { entry: *entry, text });
            }
            Act::TakeBack { entry, reason } => {
                let reason = required("reason", reason, "Write why it was a mistake.", TEXT_MAX)?;
                self.can_be_taken_back(*entry)?;
                self.say(author, now, TakenBack { entry: *entry, reason });
            }
            Act::TakeCharge => self.take_charge(by)?,
            Act::HandOver { to, reason, brief } => self.hand_over(by, to, reason, brief)?,
            Act::AskCommunicator { to } => self.ask_communicator(by, to.as_ref())?,
            Act::TakeCommunications => self.take_communications(by)?,
            Act::DeclineCommunicator { reason } => self.decline_communicator(by, reason)?,
            Act::PeopleAsked { who, people } => {
                let who = required("who", who, "Write who asked.", LINE_MAX)?;
                if !(1..=ASKED_AT_MOST).contains(people) {
                    let why = format!("Write how many asked, from 1 to {ASKED_AT_MOST}.");
                    return Err(Refusal::Senseless { field: "people", why });
                }
                self.say(author, now, PeopleAsked { who, people: *people });
            }
            Act::HeardElsewhere { person, from, at } => {
                let from = required("from", from, "Write from whom they heard it.", LINE_MAX)?;
                let at = past("at", at.unwrap_or(now), now)?;
                let person = self.contacted_person(None, person)?;
                self.say(author, now, HeardElsewhere { person, from, at });
            }
            Act::LetMusterCall { tell } => self.let_muster_call(tell)?,
            Act::Confirm => {
                self.in_state(&[State::Suspected], "confirm", "It needs no confirmation.")?;
                self.say(author, now, Confirmed { why: "a person says that it is real".into() });
            }
            Act::Withdraw { reason } => {
                let reason = required("reason", reason, "Write why it was no disruption.", TEXT_MAX)?;
                let instead = "A disruption that took place is restored, not withdrawn.";
                self.in_state(&[State::Suspected, State::Open], "withdraw", instead)?;
                self.say(author, now, Withdrawn { reason });
                self.call_off("It was no disruption.");
            }
            Act::Restore { at, cause, resolution } => self.restore(author, *at, cause, resolution)?,
            Act::Reopen { reason } => {
                let reason = required("reason", reason, "Write why it is open again.", TEXT_MAX)?;
                let closed = [State::Restored, State::Closed, State::Withdrawn];
                self.in_state(&closed, "reopen", "It is open.")?;
                self.say(author, now, Reopened { reason });
            }
            Act::FileReport { reference } => {
                let reference = required("reference", reference, "Write where the report can be found.", TEXT_MAX)?;
                self.in_state(&[State::Restored], "file the report of", "It is due after restoration.")?;
                self.say(author, now, ReportFiled { reference });
            }
            Act::Change { to, reason, seen } => self.change(author, to, reason, *seen)?,
            Act::AddSystem { system } => {
                let unknown = || Refusal::Unknown { field: "system", what: "system", name: system.0.clone() };
                let known = self.folded.systems.iter().find(|s| s.id == *system);
                let condition = known.and_then(|s| s.condition);
                let affected = affected(self.scene.org, system, condition).ok_or_else(unknown)?;
                self.say(author, now, Changed { to: Change::System(affected), reason: String::new() });
            }
            Act::Triage(found) => self.triage(author, found)?,
            Act::LeaveAlert { alert, reason } => {
                let reason = required("reason", reason, "Write why it does not belong here.", TEXT_MAX)?;
                let unknown = || Refusal::Unknown { field: "alert", what: "alert here", name: alert.0.clone() };
                let title = self.folded.alerts.get(alert).ok_or_else(unknown)?.title.clone();
                self.say(author, now, AlertLeft { alert: alert.clone(), title, reason });
            }
            Act::Estimate { .. } | Act::HoldMeeting { .. } | Act::FollowUp { .. } | Act::Close { .. } => {
                self.ending(by, act)?;
            }
            Act::TickStep { step } => self.tick_step(author, step)?,
            Act::SkipStep { step, reason } => self.skip_step(author, step, reason)?,
            Act::Communicate(act) => self.communicate(by, act)?,
            Act::Gather(act) => self.gather(by, act)?,
            Act::Restrict { to, reason } => self.restrict(by, to, reason)?,
            Act::Unrestrict { reason } => self.unrestrict(by, reason)?,
            Act::Attach(file) => self.attach(author, file)?,
            Act::Ask { .. }
            | Act::GiveInput { .. }
            | Act::MarkPart { .. }
            | Act::ProposeCause { .. }
            | Act::JudgeCause { .. }
            | Act::SetTask { .. }
            | Act::EndTask { .. }
            | Act::WeighOption { .. }
            | Act::JudgeOption { .. } => self.plan(by, act)?,
        }
        Ok(())
    }

    pub(in crate::incident) fn in_state(
        &self,
        allowed: &[State],
        act: &'static str,
        instead: &'static str,
    ) -> Result<(), Refusal> {
        if allowed.contains(&self.folded.state) {
            return Ok(());
        }
        Err(Refusal::WrongState { act, state: self.folded.state.word(), instead })
    }
}
