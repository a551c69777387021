//! Who hears what: `GET /incidents/{number}/comms`, and how it looks when a form comes back.

pub mod acts;
#[cfg(test)]
mod tests;

use super::beside::{self, Beside};
use super::draw::{Eyes, duties};
use super::frame::{Reader, Scene};
use super::incident::desk::{Desk, Mend};
use super::phrases::upper_first;
use super::typed::word;
use crate::app::App;
use crate::ops::Failure;
use crate::store::Tx;
use crate::store::outbox::{self, Fate};
use crate::web::error::PageError;
use crate::web::view::comms::{Asked, Page, Row, Update};
use crate::web::view::parts::{Choice, Form, Notice, Prose, Shell, Stamp, State};
use muster_core::communications::{Level, Through, Writer};
use muster_core::entry::{Audience, UpdateSent};
use muster_core::incident::{self as core, Incident, Planned, State as Stands};

/// Most messages whose fate a page shows.
const FATES_MOST: u32 = 500;

/// The page.
pub enum Comms {}

impl Beside for Comms {
    type Page = Page;
    const PATH: &'static str = "comms";
    const DONE: &'static str = "noted";

    async fn drawn(app: &App, reader: &Reader, desk: &Desk, mend: Option<&Mend>) -> Result<Page, PageError> {
        let scene = Scene::now(app).await?;
        let (frame, stamp) = beside::frame(app, reader, desk).await?;
        let subject = desk.subject.clone();
        let read = async move |tx: &mut Tx| {
            Ok::<_, Failure>(outbox::fates(tx, &subject, outbox::Kind::Warning, FATES_MOST).await?)
        };
        let view = View {
            eyes: Eyes { me: &reader.id, role: reader.person.role, times: &scene.times },
            incident: &desk.incident,
            fates: app.ops.db().read(read).await?,
            stamp,
            mend,
        };
        Ok(view.page(frame))
    }
}

/// Everything that the page is drawn from.
struct View<'a> {
    eyes: Eyes<'a>,
    incident: &'a Incident,
    fates: Vec<Fate>,
    stamp: Stamp,
    mend: Option<&'a Mend>,
}

impl View<'_> {
    fn writes(&self) -> bool {
        let live = matches!(self.incident.state, Stands::Open | Stands::Restored);
        self.eyes.may_write() && !self.incident.newer && live
    }

    fn speaks(&self) -> bool {
        self.writes() && self.incident.is_spoken_for_by(self.eyes.me)
    }

    fn page(&self, shell: Shell) -> Page {
        let incident = self.incident;
        let comms = &incident.comms;
        let audience = [
            ("audience", ""),
            ("people", ""),
            ("update", ""),
            ("level", "management"),
            ("through", "email"),
            ("bridge", ""),
            ("every", "60"),
            ("author", "cm"),
            ("signer", ""),
        ];
        let mut owners: Vec<Choice> = Vec::new();
        for owner in incident.systems.iter().filter_map(|s| s.owner.as_ref()) {
            if !owners.iter().any(|c| c.value == owner.id.0) {
                owners.push(Choice::new(owner.id.0.clone(), owner.name.clone()));
            }
        }
        let strategy = (self.speaks() && !owners.is_empty()).then(|| {
            let first = owners.first().map(|c| c.value.clone()).unwrap_or_default();
            self.form("strategy", None, &[("owner", &first), ("text", "")])
        });
        let template = comms.template.as_ref().map(|t| format!("From the template of {t}")).unwrap_or_default();
        Page {
            shell,
            stamp: self.stamp.clone(),
            number: incident.number.clone(),
            title: incident.title.clone(),
            severity: incident.severity.into(),
            heading: self.heading(),
            notices: self.notices(),
            template,
            rows: comms.rows.iter().map(|p| self.row(p)).collect(),
            audience: self.speaks().then(|| self.form("audience", None, &audience)),
            levels: Level::ALL.map(|l| Choice::new(word(&l), upper_first(l.word()))).into(),
            through: Through::ALL.map(|t| Choice::new(word(&t), upper_first(t.words()))).into(),
            authors: vec![Choice::new("cm", "Communications Manager"), Choice::new("im", "Incident Manager")],
            updates: comms.updates.iter().rev().map(|u| self.update(u)).collect(),
            tells: self.tells(),
            strategies: comms
                .strategies
                .values()
                .map(|(at, s)| {
                    let when = Prose::from(format!("{}, ", s.owner.name)).when(self.eyes.times.at(*at));
                    when.text(format!(": {}", s.text))
                })
                .collect(),
            strategy,
            owners,
            asked: comms.asked.iter().rev().map(|a| self.asked(a)).collect(),
            ask: self.writes().then(|| self.form("ask-facts", None, &[("text", "")])),
        }
    }

    /// A form: as typed if it came back, else filled with `fields`. Those of a row are told apart by the input that
    /// names it.
    fn form(&self, name: &str, of: Option<(&str, u32)>, fields: &[(&'static str, &str)]) -> Form {
        let same = |m: &&Mend| {
            m.form == name && of.is_none_or(|(input, number)| m.typed.get(input) == number.to_string().as_str())
        };
        let id = of.map_or_else(|| name.to_owned(), |(input, number)| format!("{name}-{input}-{number}"));
        beside::form(self.mend.filter(same), id, fields)
    }

    /// One glance, one answer: who hears next.
    fn heading(&self) -> Prose {
        let next = self.incident.comms.rows.iter().filter_map(|p| Some((self.incident.next_update(p)?.1, p)));
        match next.min_by_key(|(due, _)| *due) {
            Some((due, p)) => {
                Prose::from(format!("{} hears next, by ", p.row.name)).when(self.eyes.times.at_and_distance(due))
            }
            None => "No update is owed".into(),
        }
    }

    fn notices(&self) -> Vec<Notice> {
        let newer = self.incident.newer.then(|| {
            Notice::warning("Read only.", "Its log holds entries of a later release of Muster. It is read-only here.")
        });
        self.mend.and_then(|m| m.notice(self.is_shown(m))).into_iter().chain(newer).collect()
    }

    /// Whether the form that came back stands on the page: what it is about may be gone meanwhile.
    fn is_shown(&self, mend: &Mend) -> bool {
        let comms = &self.incident.comms;
        let number = |input: &str| mend.typed.get(input).parse::<u32>().ok();
        let row = || number("row").is_some_and(|n| comms.row(n).is_some());
        let update = |input: &str, sent: bool| {
            let known = comms.updates.iter().find(|u| Some(u.number) == number(input));
            known.is_some_and(|u| u.sent.is_some() == sent && comms.row(u.row).is_some())
        };
        self.writes()
            && match mend.form {
                "draft" if mend.typed.has("update") => update("update", false),
                "draft" if mend.typed.has("corrects") => update("corrects", true),
                "draft" => row(),
                "drop" => self.speaks() && row(),
                "return" => comms.updates.iter().any(|u| {
                    Some(u.number) == number("update")
                        && u.signed.is_none()
                        && self.incident.may_sign(u, self.eyes.me, self.eyes.times.now())
                }),
                "give-facts" => comms.waiting().any(|a| a.entry.to_string() == mend.typed.get("asked")),
                "audience" => self.speaks(),
                "strategy" => self.speaks() && self.incident.systems.iter().any(|s| s.owner.is_some()),
                _ => true,
            }
    }

    fn row(&self, planned: &Planned) -> Row {
        let (incident, row) = (self.incident, &planned.row);
        let names = row.people.iter().map(|c| c.person.name.clone()).chain(row.besides.iter().cloned());
        let due = incident.next_update(planned).map(|(since, due)| {
            (duties::state(since, due, &self.eyes), Prose::default().when(self.eyes.times.at_and_distance(due)))
        });
        let last = match incident.comms.last_sent(row.number) {
            Some((update, at)) => Prose::from(format!("Heard update {update} ")).when(self.eyes.times.at(at)),
            None => "Heard nothing yet".into(),
        };
        let text = incident.update_text(planned, self.eyes.times.now());
        let of = Some(("row", row.number));
        let new = self.mend.is_none_or(|m| !m.typed.has("update") && !m.typed.has("corrects"));
        let draft = if new { "draft" } else { "new-draft" };
        Row {
            number: row.number,
            name: row.name.clone(),
            who: names.collect::<Vec<_>>().join(", "),
            due,
            gets: format!("{}, {} detail", upper_first(&row.update), row.level.word()),
            through: format!("{}, every {}", upper_first(row.through.words()), incident.hears_every(row)),
            bridge: self.bridge(row).to_owned(),
            meet: (row.through == Through::Meeting && self.speaks() && incident.state.is_live())
                .then(|| self.meet(row)),
            author: incident.writes_for(row).map_or_else(|| "nobody yet".to_owned(), |p| self.eyes.name(p)),
            signer: row.signer.as_ref().map_or_else(String::new, |p| format!("Signed off by {}.", p.name)),
            last,
            draft: self.writes().then(|| self.form(draft, of, &[("text", &text)])),
            signs: row.signer.is_some(),
            hand: self.writes() && incident.state == Stands::Open && row.author == Writer::Manager && self.may_hand(),
            drop: self.speaks().then(|| self.form("drop", of, &[("reason", "")])),
        }
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

    fn may_hand(&self) -> bool {
        self.incident.is_managed_by(self.eyes.me)
            && self.incident.roles.communicator.as_ref().is_some_and(|c| c.person.id != *self.eyes.me)
    }

    fn update(&self, update: &core::Update) -> Update {
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
        let state = match (&update.sent, &update.signed, update.asked_at) {
            (Some((at, ..)), _, _) => State::done(format!("Sent {}", times.at(*at).text)),
            (None, Some(_), _) => State::done("Signed off"),
            (None, None, Some(_)) => State::later("Waits for sign-off"),
            (None, None, None) => State::later("Draft"),
        };
        let draft = update.sent.is_none();
        let of = Some(("update", update.number));
        let may_sign = draft
            && self.writes()
            && update.signed.is_none()
            && self.incident.may_sign(update, self.eyes.me, times.now());
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
            send: draft && planned.is_some() && self.speaks() && (!signs || update.signed.is_some()),
            went: update.sent.as_ref().map(|(_, entry, sent)| self.went(update, *entry, sent)).unwrap_or_default(),
            correct: (!draft && planned.is_some() && self.writes())
                .then(|| self.form("draft", Some(("corrects", update.number)), &[("text", "")])),
        }
    }

    /// To whom it went, and what the outbox knows of it (COM-3).
    fn went(&self, update: &core::Update, entry: u64, sent: &UpdateSent) -> Vec<(String, State, String)> {
        let by_hand = sent.besides.iter().map(|who| (who.clone(), State::done("By hand"), String::new()));
        let one = |person: &muster_core::ids::PersonRef| {
            let name = person.name.clone();
            if !sent.through.is_sent() {
                return (name, State::done("By hand"), String::new());
            }
            let fate = self.fates.iter().find(|f| f.about == entry.to_string() && f.person == person.id);
            let Some(fate) = fate else {
                return (
                    name,
                    State::late("Not sent"),
                    "Muster has no way to write to them. Tell them yourself.".into(),
                );
            };
            let to = format!("{} at {}. {}", fate.means.word(), fate.address, fate.detail);
            if let Some(at) = update.acknowledged_at(&person.id) {
                return (name, State::done(format!("Acknowledged {}", self.eyes.times.at(at).text)), to);
            }
            let state = match (fate.state.as_str(), fate.outcome.as_deref()) {
                ("done", Some(outcome @ ("failed" | "wrong number" | "wrong-number"))) => {
                    State::late(upper_first(outcome))
                }
                ("done", Some(outcome)) => State::done(upper_first(outcome)),
                ("dropped", _) => State::late("Dropped"),
                _ => State::later("Queued"),
            };
            (name, state, to)
        };
        sent.people.iter().map(one).chain(by_hand).collect()
    }

    fn tells(&self) -> Vec<(String, State, bool)> {
        let tell = |t: &muster_core::entry::Tell| {
            let handed = self.incident.comms.handed.contains(&t.name);
            let (state, told) = match self.incident.told(t) {
                Some(told) => (State::done(format!("{} was told", told.person.name)), true),
                None if handed => {
                    let who = self.incident.tells_for(t).map_or_else(|| "nobody".to_owned(), |p| self.eyes.name(p));
                    (State::later(format!("Handed to {who}")), false)
                }
                None => (State::later("Not told yet"), false),
            };
            let hand = self.writes() && self.incident.state == Stands::Open && !told && !handed && self.may_hand();
            (t.name.clone(), state, hand)
        };
        self.incident.tells.iter().map(tell).collect()
    }

    fn asked(&self, asked: &core::Asked) -> Asked {
        let times = self.eyes.times;
        let note = Prose::from(format!("{}, ", asked.by)).when(times.at(asked.at));
        let (note, given) = match &asked.given {
            Some((at, by, text)) => (note.text(format!(". {by} answered ")).when(times.at(*at)), text.clone()),
            None => (note.text(". Waits"), String::new()),
        };
        let entry = u32::try_from(asked.entry).unwrap_or(u32::MAX);
        Asked {
            entry: asked.entry,
            text: asked.text.clone(),
            note,
            given,
            give: (asked.given.is_none() && self.writes())
                .then(|| self.form("give-facts", Some(("asked", entry)), &[("text", "")])),
        }
    }
}
