//! Updates: what they say, who has signed them off, how they will read, and whom they reached.

use super::View;
use crate::ops::messages::comms::update as message;
use crate::store::outbox::Fate;
use crate::web::pages::phrases::upper_first;
use crate::web::view::comms::{Preview, Recipient, Sent, Update};
use crate::web::view::parts::{Prose, State, Tone};
use muster_core::entry::UpdateSent;
use muster_core::ids::PersonRef;
use muster_core::incident as core;
use muster_core::words::all_of;

/// Characters of a text message that goes out in one part (GSM 03.38: 160 of the basic alphabet).
const ONE_PART: usize = 160;

impl View<'_> {
    pub(super) fn update(&self, update: &core::Update) -> Update {
        let times = self.eyes.times;
        let planned = self.incident.comms.row(update.row);
        let signs = planned.is_some_and(|p| p.row.signer.is_some());
        let (entry, by) = &update.written;
        let mut then = vec![Prose::from(format!("Written by {by}, entry {entry}"))];
        if let Some(wrong) = update.corrects {
            then.push(format!("Corrects update {wrong}").into());
        }
        if let Some((at, who)) = &update.signed {
            then.push(Prose::from(format!("Signed off by {who} ")).when(times.at(*at)));
        }
        if let Some((who, why)) = &update.returned {
            then.push(format!("{who} sent it back: {why}").into());
        }
        if let Some(despite) = update.sent.as_ref().and_then(|(_, _, sent)| sent.despite.as_ref()) {
            let names: Vec<_> = despite.managers.iter().map(|p| p.name.as_str()).collect();
            then.push(format!("Sent before {} knew: {}", all_of(&names), despite.reason).into());
        }
        let state = match (&update.sent, &update.signed, update.asked_at) {
            (Some((at, ..)), _, _) if update.told_at().is_none() => {
                State::late(format!("Sent {}, not to all", times.at(*at).text))
            }
            (Some((at, ..)), _, _) => State::done(format!("Sent {}", times.at(*at).text)),
            (None, Some(_), _) => State::done("Signed off"),
            (None, None, Some(_)) => State::waiting("Waits for sign-off"),
            (None, None, None) => State::later("Draft"),
        };
        let draft = update.sent.is_none();
        let of = Some(("update", update.number));
        let may_sign = draft && update.signed.is_none() && self.signs(update);
        let may_send = self.may_send(update);
        Update {
            number: update.number,
            row: update.row,
            lead: format!("Update {} for {}", update.number, update.audience),
            state,
            text: update.text.clone(),
            then,
            edit: (draft && planned.is_some() && self.writes())
                .then(|| self.form("draft", of, &[("text", &update.text)])),
            signs,
            sign: may_sign.then(|| self.form("return", of, &[("reason", "")])),
            send: may_send && !self.surprises(update),
            despite: (may_send && self.surprises(update)).then(|| self.form("send", of, &[("despite", "")])),
            preview: planned.filter(|p| draft && p.row.through.is_sent()).map(|p| self.preview(update, &p.row.name)),
            sent: update.sent.as_ref().map(|(_, entry, sent)| {
                let (state, all) = self.went(update, *entry, sent);
                Sent { state, all }
            }),
            correct: (!draft && planned.is_some() && self.writes())
                .then(|| self.form("draft", Some(("corrects", update.number)), &[("text", "")])),
        }
    }

    /// Whether the reader may sign it off: whoever the plan names, whatever else they may do.
    pub(super) fn signs(&self, update: &core::Update) -> bool {
        self.is_live() && self.incident.may_sign(update, self.eyes.me, self.org, self.eyes.times.now())
    }

    /// Whether the reader may send it now.
    fn may_send(&self, update: &core::Update) -> bool {
        let planned = self.incident.comms.row(update.row);
        let signed = planned.is_some_and(|p| p.row.signer.is_none() || update.signed.is_some());
        update.sent.is_none() && signed && self.speaks()
    }

    /// Whether it leaves IT while a manager does not know (ESC-2).
    fn surprises(&self, update: &core::Update) -> bool {
        let outside = self.incident.comms.row(update.row).is_some_and(|p| !p.row.level.is_inside());
        outside && !self.unaware.is_empty()
    }

    /// Whether the form stands on the page that asks why that update cannot wait.
    pub(super) fn asks_why(&self, number: u32) -> bool {
        let update = self.incident.comms.updates.iter().find(|u| u.number == number);
        update.is_some_and(|u| self.may_send(u) && self.surprises(u))
    }

    /// How people will read it: the same words that are sent.
    fn preview(&self, update: &core::Update, audience: &str) -> Preview {
        let text = message(self.incident, update, audience, self.eyes.times.now());
        let length = text.text.chars().count();
        let parts =
            if length <= ONE_PART { "one text message".to_owned() } else { "more than one text message".into() };
        Preview {
            subject: text.subject,
            body: text.body,
            short: text.text,
            length: format!("{length} characters and the link: {parts}"),
        }
    }

    /// What came of it in all, and for each to whom it went, as the outbox knows (COM-3).
    pub(super) fn went(&self, update: &core::Update, entry: u64, sent: &UpdateSent) -> (State, Vec<Recipient>) {
        let by_hand = update.by_hand().map(|(who, done)| match done {
            Some((at, by)) => {
                Recipient::new(who, State::done(format!("Told {}", self.eyes.times.at(at).text)), &format!("By {by}"))
            }
            None => Recipient {
                carry: self.speaks(),
                ..Recipient::new(who, State::late("Not told yet"), "Tell them yourself.")
            },
        });
        let all_by_hand = sent.besides.iter().filter(|_| !sent.through.is_sent());
        let by_hand = by_hand.chain(all_by_hand.map(|who| Recipient::new(who, State::done("By hand"), "")));
        let people = sent.people.iter().map(|person| self.reached(update, entry, sent, person));
        let all: Vec<_> = people.chain(by_hand).collect();
        let count = |tone| all.iter().filter(|r| r.state.tone == tone).count();
        let (missed, waiting) = (count(Tone::Red), count(Tone::Grey));
        let state = match (missed, waiting, all.len()) {
            (_, _, 0) => State::not("Went to nobody"),
            (0, 0, 1) => State::done("Sent"),
            (0, 0, n) => State::done(format!("Sent to all {n}")),
            (0, waiting, n) => State::waiting(format!("{waiting} of {n} queued")),
            (missed, _, n) if missed == update.left_by_hand().count() => {
                State::late(format!("{missed} of {n} to be told by hand"))
            }
            (missed, _, n) => State::late(format!("{missed} of {n} not reached")),
        };
        (state, all)
    }

    fn reached(&self, update: &core::Update, entry: u64, sent: &UpdateSent, person: &PersonRef) -> Recipient {
        if !sent.through.is_sent() {
            return Recipient::new(&person.name, State::done("By hand"), "");
        }
        let fate = self.fates.iter().find(|f| f.about == entry.to_string() && f.person == person.id);
        let Some(fate) = fate else {
            let note = "Muster has no way to write to them. Tell them yourself.";
            return Recipient::new(&person.name, State::late("Not sent"), note);
        };
        let to = format!("{} at {}. {}", fate.means.word(), fate.address, fate.detail);
        let state = match update.acknowledged_at(&person.id) {
            Some(at) => State::done(format!("Acknowledged {}", self.eyes.times.at(at).text)),
            None => as_sent(fate),
        };
        Recipient::new(&person.name, state, &to)
    }
}

/// How a message stands with which nothing was said yet.
fn as_sent(fate: &Fate) -> State {
    match (fate.state.as_str(), fate.outcome.as_deref()) {
        ("done", Some(outcome @ ("failed" | "wrong number" | "wrong-number"))) => State::late(upper_first(outcome)),
        ("done", Some(outcome)) => State::done(upper_first(outcome)),
        ("dropped", _) => State::late("Dropped"),
        _ => State::later("Queued"),
    }
}
