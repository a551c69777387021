//! Conference calls, and how people come, on the page of meetings: what is shown of them, and what people do.

use super::acts::time;
use super::{Meetings, View};
use crate::app::App;
use crate::web::error::PageError;
use crate::web::pages::acts::reading::{self, Wrong};
use crate::web::pages::beside::{self, Sent, perform};
use crate::web::pages::draw::gathering::invited;
use crate::web::pages::frame::Reader;
use crate::web::pages::typed::{Typed, word};
use crate::web::view::gathering::Called;
use crate::web::view::parts::{Choice, Form, Prose, State as How};
use axum::extract::{Path, State};
use axum::response::Response;
use muster_core::entry::{Coming, Presence};
use muster_core::ids::PersonId;
use muster_core::incident::{Act, Call, GatherAct};
use muster_core::{Span, later};
use std::sync::Arc;

type Handled = Result<Response, PageError>;
type Shown = State<Arc<App>>;

impl View<'_> {
    /// Whether the reader calls people together.
    pub(super) fn leads(&self) -> bool {
        let leads = self.incident.is_managed_by(self.eyes.me) || self.incident.roles.is_communicator(self.eyes.me);
        self.eyes.may_write() && !self.incident.newer && leads
    }

    /// Where whoever is summoned is wanted.
    pub(super) fn presence(&self) -> Presence {
        self.incident.gathering.presence.unwrap_or(self.incident.terms.policy.presence)
    }

    pub(super) fn calls(&self) -> Vec<Called> {
        self.incident.gathering.calls.iter().rev().map(|c| self.called(c)).collect()
    }

    /// Calls whose minutes are still to be written, after none.
    pub(super) fn pending(&self) -> Vec<Choice> {
        let pending = self.incident.gathering.calls.iter().filter(|c| c.is_pending());
        let choice = |c: &Call| Choice::new(c.set.call.to_string(), format!("Call {}: {}", c.set.call, c.set.purpose));
        std::iter::once(Choice::new("", "Of none that was set up here")).chain(pending.map(choice)).collect()
    }

    fn called(&self, call: &Call) -> Called {
        let (times, n, set) = (self.eyes.times, call.set.call, &call.set);
        let state = match (&call.cancelled, call.held, call.joined.is_empty()) {
            (Some(why), ..) => How::not(format!("Cancelled: {why}")),
            (None, Some(entry), _) => How::done(format!("Held, minutes in entry {entry}")),
            (None, None, false) => How::waiting("Under way"),
            (None, None, true) if set.starts_at < times.now() => How::late("Nobody is in it"),
            (None, None, true) => How::later("Scheduled"),
        };
        let open = call.is_pending() && self.incident.state.is_live();
        let writes = open && self.eyes.may_write() && !self.incident.newer;
        let leads = open && self.leads();
        Called {
            number: n,
            what: format!("Call {n}: {}", set.purpose),
            state,
            when: Prose::from("Begins ")
                .when(times.at_and_distance(set.starts_at))
                .text(format!(", called by {}", call.by)),
            bridge: if call.is_pending() { set.bridge.clone() } else { String::new() },
            invited: invited(call, times),
            joined: writes.then(|| self.form_of("joined", n, &[("people", "")])),
            change: leads.then(|| self.call_form(Some(call))),
            cancel: leads.then(|| self.form_of("cancel", n, &[("reason", "")])),
        }
    }

    /// The form that calls a conference, or changes one: who is involved is proposed.
    pub(super) fn call_form(&self, call: Option<&Call>) -> Form {
        let incident = self.incident;
        let people = call.map_or_else(|| incident.proposed_for_a_call(), |c| c.set.invited.clone());
        let people: Vec<_> = people.iter().filter(|p| p.id != *self.eyes.me).map(|p| p.name.as_str()).collect();
        let bridge = call.map_or(incident.terms.policy.bridge.as_str(), |c| c.set.bridge.as_str());
        let presence = word(&self.presence());
        let fields = [
            ("purpose", call.map_or("", |c| c.set.purpose.as_str())),
            ("starts-at", ""),
            ("bridge", bridge),
            ("presence", &presence),
            ("invited", &people.join(", ")),
            ("reason", ""),
        ];
        match call {
            Some(call) => self.form_of("call", call.set.call, &fields),
            None => beside::form(
                self.mend.filter(|m| m.form == "call" && m.typed.some("call").is_none()),
                "call".into(),
                &fields,
            ),
        }
    }

    /// A form of one of the calls.
    fn form_of(&self, name: &str, call: u32, fields: &[(&'static str, &str)]) -> Form {
        let of = |m: &&super::Mend| m.form == name && m.typed.get("call") == call.to_string();
        beside::form(self.mend.filter(of), format!("{name}-{call}"), fields)
    }
}

fn people(s: &Sent<'_>, input: &'static str) -> Result<Vec<PersonId>, Vec<Wrong>> {
    reading::people(&s.scene.org, s.typed.get(input)).map_err(|why| vec![(Some(input), why)])
}

/// `POST /incidents/{number}/call`.
///
/// # Errors
/// [`PageError`].
pub async fn call(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
    perform::<Meetings>((app, reader, number, typed), ("call", "calls"), |s| {
        Ok(Act::Gather(GatherAct::Call {
            call: s.typed.some("call").map(|_| s.number("call")),
            purpose: s.text("purpose"),
            starts_at: time(s, "starts-at", true)?,
            bridge: s.text("bridge"),
            presence: s.typed.choice("presence"),
            invited: people(s, "invited")?,
            reason: s.text("reason"),
            seen: s.typed.seen(),
        }))
    })
    .await
}

/// `POST /incidents/{number}/call/joined`.
///
/// # Errors
/// [`PageError`].
pub async fn joined(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
    let me = reader.id.clone();
    perform::<Meetings>((app, reader, number, typed), ("joined", "calls"), |s| {
        let people = match people(s, "people")? {
            nobody if nobody.is_empty() => vec![me],
            people => people,
        };
        Ok(Act::Gather(GatherAct::Joined { call: s.number("call"), people }))
    })
    .await
}

/// `POST /incidents/{number}/call/cancel`.
///
/// # Errors
/// [`PageError`].
pub async fn cancel(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
    perform::<Meetings>((app, reader, number, typed), ("cancel", "calls"), |s| {
        Ok(Act::Gather(GatherAct::Cancel { call: s.number("call"), reason: s.text("reason") }))
    })
    .await
}

/// `POST /incidents/{number}/presence`.
///
/// # Errors
/// [`PageError`].
pub async fn presence(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
    perform::<Meetings>((app, reader, number, typed), ("presence", "arrivals"), |s| {
        let presence = s.choice::<Presence>("presence")?;
        Ok(Act::Gather(GatherAct::AskPresence { presence, people: people(s, "people")? }))
    })
    .await
}

/// `POST /incidents/{number}/come`.
///
/// # Errors
/// [`PageError`].
pub async fn come(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
    perform::<Meetings>((app, reader, number, typed), ("come", "arrivals"), |s| {
        let coming = s.choice::<Coming>("coming")?;
        let person = s.typed.some("person").map(|_| reading::person(&s.scene.org, s.typed)).transpose();
        let minutes = s.typed.some("minutes").map(str::parse::<u16>).transpose();
        let wrong = |_| vec![(Some("minutes"), "Write a number of minutes, such as 20.".to_owned())];
        let now = s.scene.times.now();
        let expected_at = minutes.map_err(wrong)?.map(|m| later(now, Span::from_mins(i64::from(m))));
        Ok(Act::Gather(GatherAct::Come { person: person.map_err(|w| vec![w])?, coming, expected_at }))
    })
    .await
}
