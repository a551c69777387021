//! The plan: who hears what, when, from whom.

use super::View;
use crate::web::pages::beside;
use crate::web::pages::draw::duties;
use crate::web::pages::organisation::lines;
use crate::web::pages::phrases::upper_first;
use crate::web::pages::typed::word;
use crate::web::view::comms::Row;
use crate::web::view::parts::{Form, Prose, State};
use muster_core::communications::{Through, Writer};
use muster_core::entry::Audience;
use muster_core::ids::PersonRef;
use muster_core::incident::{Planned, State as Stands};
use muster_core::words::length;

impl View<'_> {
    pub(super) fn row(&self, planned: &Planned) -> Row {
        let (incident, row, times) = (self.incident, &planned.row, self.eyes.times);
        let names = row.people.iter().map(|c| c.person.name.clone()).chain(row.besides.iter().cloned());
        let due = incident.next_update(planned).map(|(since, due)| {
            (duties::state(since, due, &self.eyes), Prose::default().when(times.at(due)).text(self.draft_of(row)))
        });
        let text = incident.update_text(planned, times.now());
        let of = Some(("row", row.number));
        let new = self.mend.is_none_or(|m| !m.typed.has("update") && !m.typed.has("corrects"));
        let draft = if new { "draft" } else { "new-draft" };
        let (last, reached) = self.last_heard(row.number);
        Row {
            number: row.number,
            name: row.name.clone(),
            who: names.collect::<Vec<_>>().join(", "),
            due,
            gets: upper_first(&row.update),
            level: format!("{} detail", upper_first(row.level.word())),
            through: upper_first(row.through.words()),
            every: incident.hears_every(row),
            bridge: self.bridge(row).to_owned(),
            meet: (row.through == Through::Meeting && self.speaks() && incident.state.is_live())
                .then(|| self.meet(row)),
            author: incident.writes_for(row).map_or_else(|| "Nobody yet".to_owned(), |p| self.eyes.name(p)),
            signer: row.signer.as_ref().map(|p| self.eyes.name(p)),
            deputy: row.deputy.as_ref().map(|p| format!("{}, after {}", self.eyes.name(p), length(row.deputy_after))),
            last,
            reached,
            draft: self.writes().then(|| self.form(draft, of, &[("text", &text)])),
            signs: row.signer.is_some(),
            hand: self.writes() && incident.state == Stands::Open && row.author == Writer::Manager && self.may_hand(),
            change: self.speaks().then(|| self.change(row)),
            drop: self.speaks().then(|| self.form("drop", of, &[("reason", "")])),
        }
    }

    /// That its next update is written already, and what it waits for.
    fn draft_of(&self, row: &Audience) -> &'static str {
        let draft = self.incident.comms.updates.iter().rev().find(|u| u.row == row.number && u.sent.is_none());
        match draft.map(|u| (u.signed.is_some(), u.asked_at.is_some())) {
            Some((true, _)) => ", signed off",
            Some((false, true)) => ", waits for sign-off",
            Some((false, false)) => ", draft below",
            None => "",
        }
    }

    /// When it last heard, and whom that reached.
    fn last_heard(&self, row: u32) -> (Prose, Option<State>) {
        let sent =
            self.incident.comms.updates.iter().filter(|u| u.row == row).filter_map(|u| Some((u, u.sent.as_ref()?)));
        let Some((update, (at, entry, fact))) = sent.max_by_key(|(u, sent)| (sent.0, u.number)) else {
            return ("Nothing yet".into(), None);
        };
        let when = Prose::default().when(self.eyes.times.at(*at)).text(", ");
        let words = when.link(format!("#update-{}", update.number), format!("update {}", update.number));
        (words, Some(self.went(update, *entry, fact).0))
    }

    /// The form for one more audience.
    pub(super) fn new_audience(&self) -> Form {
        let fields = [
            ("audience", ""),
            ("people", ""),
            ("besides", ""),
            ("update", ""),
            ("level", "management"),
            ("through", "email"),
            ("bridge", ""),
            ("intense", "30m"),
            ("steady", "1h"),
            ("waiting", "4h"),
            ("author", "cm"),
            ("signer", ""),
            ("deputy", ""),
            ("deputy-after", "10m"),
        ];
        let new = self.mend.is_none_or(|m| !m.typed.has("row"));
        self.form(if new { "audience" } else { "new-audience" }, None, &fields)
    }

    /// The form that changes what an audience hears, as it is.
    fn change(&self, row: &Audience) -> Form {
        let people: Vec<_> = row.people.iter().map(|c| c.person.id.clone()).collect();
        let name = |who: &Option<PersonRef>| who.as_ref().map_or_else(String::new, |p| lines::name(self.org, &p.id));
        let fields = [
            ("audience", row.name.as_str()),
            ("people", &lines::people(self.org, &people)),
            ("besides", &row.besides.join("\n")),
            ("update", &row.update),
            ("level", &word(&row.level)),
            ("through", &word(&row.through)),
            ("bridge", &row.bridge),
            ("intense", &lines::span(row.every.intense)),
            ("steady", &lines::span(row.every.steady)),
            ("waiting", &lines::span(row.every.waiting)),
            ("author", &word(&row.author)),
            ("signer", &name(&row.signer)),
            ("deputy", &name(&row.deputy)),
            ("deputy-after", &lines::span(row.deputy_after)),
            ("reason", ""),
        ];
        self.form("audience", Some(("row", row.number)), &fields)
    }

    /// Where an audience meets, if it does.
    fn bridge<'a>(&'a self, row: &'a Audience) -> &'a str {
        match (row.through, row.bridge.as_str()) {
            (Through::Meeting, "") => &self.incident.terms.policy.bridge,
            (_, own) => own,
        }
    }

    /// The form that calls an audience together which meets.
    fn meet(&self, row: &Audience) -> Form {
        let people: Vec<_> = row.people.iter().map(|c| c.person.name.as_str()).collect();
        let fields = [
            ("purpose", row.name.as_str()),
            ("starts-at", ""),
            ("bridge", self.bridge(row)),
            ("invited", &people.join(", ")),
        ];
        beside::form(None, format!("call-row-{}", row.number), &fields)
    }

    pub(super) fn may_hand(&self) -> bool {
        self.incident.is_managed_by(self.eyes.me)
            && self.incident.roles.communicator.as_ref().is_some_and(|c| c.person.id != *self.eyes.me)
    }
}
