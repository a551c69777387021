//! Meetings and the end of an incident: `GET /incidents/{number}/meetings`, and how it looks when a form comes back.

pub mod acts;
pub mod gathering;
#[cfg(test)]
mod tests;

use super::beside::{self, Beside, Seen};
use super::draw::gathering::arrivals;
use super::draw::{Eyes, duties};
use super::frame::Reader;
use super::incident::desk::{Desk, Mend};
use super::phrases::upper_first;
use super::typed::word;
use crate::app::App;
use crate::web::error::PageError;
use crate::web::view::meetings::{Followed, Held, Page};
use crate::web::view::parts::{Choice, Form, Notice, Prose, Shell, Stamp, State};
use muster_core::duty::{DutyKind, duties as owed};
use muster_core::entry::{Coming, FollowUpBy, MeetingKind, Presence};
use muster_core::ids::PersonRef;
use muster_core::incident::{Estimate, Incident, Meeting, State as Stands};
use muster_core::words::{length, sentence};

/// The page.
pub enum Meetings {}

impl Beside for Meetings {
    type Page = Page;
    const PATH: &'static str = "meetings";
    const DONE: &'static str = "noted";

    async fn drawn(app: &App, reader: &Reader, desk: &Desk, mend: Option<&Mend>) -> Result<Page, PageError> {
        let Seen { shell, stamp, scene, role } = beside::seen::<Self>(app, reader, desk).await?;
        let view =
            View { eyes: Eyes { me: &reader.id, role, times: &scene.times }, incident: &desk.incident, stamp, mend };
        Ok(view.page(shell))
    }
}

/// Everything that the page is drawn from.
struct View<'a> {
    eyes: Eyes<'a>,
    incident: &'a Incident,
    stamp: Stamp,
    mend: Option<&'a Mend>,
}

impl View<'_> {
    fn page(&self, shell: Shell) -> Page {
        let incident = self.incident;
        let writes = self.eyes.may_write() && !incident.newer;
        let restored = incident.state == Stands::Restored;
        let over = restored || incident.state == Stands::Closed;
        let left = incident.to_follow_up().len();
        let contacted = if over { incident.contacted() } else { Vec::new() };
        let back =
            incident.restored_at.map_or_else(String::new, |at| format!(" since {}", self.eyes.times.at(at).text));
        let told = format!("{} Service is back{back}. {}", sentence(&incident.title), incident.resolution);
        // Whoever leads it and speaks for it is there as a rule; of anybody else only a person knows.
        let lead = incident.manager.as_ref().into_iter().chain(&incident.roles.communicator);
        let mut present: Vec<_> = lead.map(|m| m.person.name.as_str()).collect();
        present.dedup();
        let meeting = [
            ("kind", "team"),
            ("call", ""),
            ("present", &present.join(", ")),
            ("progress", ""),
            ("changes", ""),
            ("escalate", "no"),
            ("why", ""),
            ("held", ""),
            ("next", ""),
        ];
        Page {
            shell,
            stamp: self.stamp.clone(),
            number: incident.number.clone(),
            title: incident.title.clone(),
            severity: incident.severity.into(),
            heading: self.heading(left),
            notices: self.notices(),
            estimates: incident.course.estimates.iter().rev().map(|e| self.estimate(e)).collect(),
            estimate: (writes && incident.state.is_live() && incident.is_managed_by(self.eyes.me))
                .then(|| self.form("estimate", &[("back-at", ""), ("grounds", "")])),
            next: self.next(),
            held: incident.course.meetings.iter().rev().map(|m| self.held(m)).collect(),
            meeting: (writes && self.may_meet()).then(|| self.form("meeting", &meeting)),
            calls: self.calls(),
            call: (self.leads() && incident.state.is_live()).then(|| self.call_form(None)),
            pending: self.pending(),
            presences: Presence::ALL.map(|p| Choice::new(word(&p), upper_first(p.words()))).into(),
            comings: Coming::ALL.map(|c| Choice::new(word(&c), upper_first(c.words()))).into(),
            arrivals: arrivals(incident, self.eyes.times),
            wanted: format!("Whoever is summoned is wanted {}.", self.presence().words()),
            presence: (self.leads() && incident.state.is_live())
                .then(|| self.form("presence", &[("presence", &word(&self.presence())), ("people", "")])),
            come: (writes && incident.state.is_live())
                .then(|| self.form("come", &[("person", ""), ("coming", "on-the-way"), ("minutes", "")])),
            kinds: MeetingKind::ALL.map(|k| Choice::new(word(&k), upper_first(k.words()))).into(),
            answers: vec![Choice::new("no", "No"), Choice::new("yes", "Yes")],
            follow_count: format!("{} of {} followed up", contacted.len() - left.min(contacted.len()), contacted.len()),
            follow: contacted.into_iter().map(|p| self.followed(p)).collect(),
            follow_up: (writes && over && left > 0).then(|| self.form("follow-up", &[("text", told.trim())])),
            close: (writes && restored).then(|| self.form("close", &[("review", "")])),
            closed: incident
                .course
                .closed
                .as_ref()
                .map(|(at, review)| Prose::default().when(self.eyes.times.at(*at)).text(format!(": {review}"))),
        }
    }

    /// Whether what came of a meeting can be written down: of a call that was under way also when service is back.
    fn may_meet(&self) -> bool {
        let under_way = || self.incident.gathering.calls.iter().any(|c| c.is_pending());
        match self.incident.state {
            Stands::Open => true,
            Stands::Restored => under_way(),
            Stands::Suspected | Stands::Closed | Stands::Withdrawn => false,
        }
    }

    fn form(&self, name: &str, fields: &[(&'static str, &str)]) -> Form {
        beside::form(self.mend.filter(|m| m.form == name), name.to_owned(), fields)
    }

    /// One glance, one answer: what is next.
    fn heading(&self, left: usize) -> Prose {
        let incident = self.incident;
        let soonest = [MeetingKind::Team, MeetingKind::Conference, MeetingKind::Management];
        let soonest = soonest.into_iter().filter_map(|k| incident.next_meeting(k)).map(|(_, due)| due).min();
        match (incident.state, soonest) {
            (Stands::Open, Some(due)) => Prose::from("Next meeting ").when(self.eyes.times.at_and_distance(due)),
            (Stands::Restored, _) if left > 0 => format!("{left} still have to hear that it is over").into(),
            (Stands::Restored, _) if incident.report.is_none() => "The report is still to be filed".into(),
            (Stands::Restored, _) => "It may be closed after the review".into(),
            (Stands::Closed, _) => "Closed".into(),
            (Stands::Withdrawn, _) => "It was no disruption".into(),
            (Stands::Suspected | Stands::Open, _) => "No meeting is owed yet".into(),
        }
    }

    fn notices(&self) -> Vec<Notice> {
        let newer = self.incident.newer.then(|| {
            Notice::warning("Read only.", "Its log holds entries of a later release of Muster. It is read-only here.")
        });
        self.mend.and_then(|m| m.notice(self.is_shown(m.form))).into_iter().chain(newer).collect()
    }

    fn is_shown(&self, form: &str) -> bool {
        let writes = self.eyes.may_write() && !self.incident.newer;
        let state = self.incident.state;
        writes
            && match form {
                "estimate" => state.is_live() && self.incident.is_managed_by(self.eyes.me),
                "meeting" => self.may_meet(),
                "close" => state == Stands::Restored,
                "presence" | "come" => state.is_live(),
                form if form.starts_with("call") || form.starts_with("joined-") || form.starts_with("cancel-") => {
                    state.is_live()
                }
                _ => matches!(state, Stands::Restored | Stands::Closed) && !self.incident.to_follow_up().is_empty(),
            }
    }

    fn estimate(&self, estimate: &Estimate) -> (Prose, Prose) {
        let times = self.eyes.times;
        let said = match estimate.back_at {
            Some(back) => Prose::from("Back about ").when(times.at_and_distance(back)),
            None => "Nobody can say".into(),
        };
        let said = said.text(self.how_good(estimate));
        let why = Prose::from(format!("{}, ", estimate.by)).when(times.at(estimate.at));
        (said, why.text(format!(": {}", estimate.grounds)))
    }

    /// What became of an estimate, once service is back (COM-5).
    fn how_good(&self, estimate: &Estimate) -> String {
        let (Some(said), Some(back)) = (estimate.back_at, self.incident.restored_at) else { return String::new() };
        let off = back.duration_since(said);
        match off.as_mins() {
            0 => ". It was".into(),
            1.. => format!(". It was {} later", length(off)),
            _ => format!(". It was {} sooner", length(off)),
        }
    }

    fn next(&self) -> Vec<(String, State, Prose)> {
        let meeting = |d: muster_core::duty::Duty| {
            matches!(d.id.kind, DutyKind::Review | DutyKind::Conference | DutyKind::ProgressMeeting).then(|| {
                let when = Prose::default().when(self.eyes.times.at_and_distance(d.due));
                (d.what, duties::state(d.since, d.due, &self.eyes), when)
            })
        };
        owed(self.incident).into_iter().filter_map(meeting).collect()
    }

    fn held(&self, meeting: &Meeting) -> Held {
        let (held, times) = (&meeting.held, self.eyes.times);
        let names: Vec<_> = held.present.iter().map(|p| self.eyes.name(p)).collect();
        let mut then = Vec::new();
        if !held.plan_changes.is_empty() {
            then.push(format!("The plan changes: {}", held.plan_changes).into());
        }
        then.push(match (held.escalate, held.why.is_empty()) {
            (true, _) => format!("Escalated: {}", held.why).into(),
            (false, true) => "Not escalated".into(),
            (false, false) => Prose::from(format!("Not escalated: {}", held.why)),
        });
        if let Some(next) = held.next {
            then.push(Prose::from("Next agreed for ").when(times.at(next)));
        }
        Held {
            lead: Prose::from(format!("{}, ", upper_first(held.kind.words()))).when(times.at(meeting.at)),
            present: names.join(", "),
            progress: held.progress.clone(),
            then,
        }
    }

    fn followed(&self, person: &PersonRef) -> Followed {
        let state = match self.incident.heard_the_end(&person.id) {
            Some(f) if f.by == FollowUpBy::Spoken => State::done(format!("Told {}", self.eyes.times.at(f.at).text)),
            Some(f) => State::done(format!("Written to {}", self.eyes.times.at(f.at).text)),
            None => State::later("Has not heard"),
        };
        let ticked = self.mend.filter(|m| m.form == "follow-up");
        Followed {
            open: self.incident.heard_the_end(&person.id).is_none(),
            // Everybody who has not heard is meant, unless a form came back with fewer.
            ticked: ticked.is_none_or(|m| m.typed.all("person").any(|p| p == person.id.as_str())),
            person: person.id.0.clone(),
            name: self.eyes.name(person),
            state,
        }
    }
}
