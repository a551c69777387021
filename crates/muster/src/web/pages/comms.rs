//! Who hears what: `GET /incidents/{number}/comms`, and how it looks when a form comes back.

pub mod acts;
mod plan;
#[cfg(test)]
mod tests;
mod updates;

use super::beside::{self, Beside, Seen};
use super::draw::Eyes;
use super::draw::calls::tell_id;
use super::frame::Reader;
use super::incident::desk::{Desk, Mend};
use super::oncall::in_order;
use super::phrases::upper_first;
use super::typed::word;
use crate::app::App;
use crate::ops::Failure;
use crate::store::Tx;
use crate::store::outbox::{self, Fate};
use crate::web::error::PageError;
use crate::web::view::comms::{Asked, First, Page};
use crate::web::view::parts::{Choice, Form, Notice, Prose, Shell, Stamp, State};
use muster_core::communications::{Level, Through};
use muster_core::directory::Organisation;
use muster_core::entry::Tell;
use muster_core::ids::PersonRef;
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
        let Seen { shell, stamp, scene, role } = beside::seen::<Self>(app, reader, desk).await?;
        let subject = desk.subject.clone();
        let read = async move |tx: &mut Tx| {
            Ok::<_, Failure>(outbox::fates(tx, &subject, outbox::Kind::Warning, FATES_MOST).await?)
        };
        let live = matches!(desk.incident.state, Stands::Open | Stands::Restored);
        let view = View {
            unaware: if live { core::unaware(&desk.incident, &scene.org) } else { Vec::new() },
            org: &scene.org,
            eyes: Eyes { me: &reader.id, role, times: &scene.times },
            incident: &desk.incident,
            fates: app.ops.db().read(read).await?,
            stamp,
            mend,
        };
        Ok(view.page(shell))
    }
}

/// Everything that the page is drawn from.
struct View<'a> {
    eyes: Eyes<'a>,
    incident: &'a Incident,
    org: &'a Organisation,
    /// The managers who do not know yet.
    unaware: Vec<PersonRef>,
    fates: Vec<Fate>,
    stamp: Stamp,
    mend: Option<&'a Mend>,
}

impl View<'_> {
    fn is_live(&self) -> bool {
        matches!(self.incident.state, Stands::Open | Stands::Restored) && !self.incident.newer
    }

    fn writes(&self) -> bool {
        self.eyes.may_write() && self.is_live()
    }

    fn speaks(&self) -> bool {
        self.writes() && self.incident.is_spoken_for_by(self.eyes.me)
    }

    fn page(&self, shell: Shell) -> Page {
        let incident = self.incident;
        let comms = &incident.comms;
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
            lead: self.lead(),
            late: self.late(),
            notices: self.notices(),
            template,
            rows: comms.rows.iter().map(|p| self.row(p)).collect(),
            audience: self.speaks().then(|| self.new_audience()),
            levels: Level::ALL.map(|l| Choice::new(word(&l), upper_first(l.word()))).into(),
            through: Through::ALL.map(|t| Choice::new(word(&t), upper_first(t.words()))).into(),
            authors: vec![Choice::new("cm", "Communications Manager"), Choice::new("im", "Incident Manager")],
            updates: comms.updates.iter().rev().map(|u| self.update(u)).collect(),
            first: self.first(),
            known: self.known(),
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

    /// What waits, who is to be told first, and whether a time was promised.
    fn lead(&self) -> Prose {
        let updates = &self.incident.comms.updates;
        let waiting = updates.iter().filter(|u| u.sent.is_none() && u.signed.is_none() && u.asked_at.is_some()).count();
        let waits = match waiting {
            0 => String::new(),
            1 => "1 update waits for sign-off. ".to_owned(),
            n => format!("{n} updates wait for sign-off. "),
        };
        let lead = Prose::from(waits);
        match self.unaware.len() {
            0 => lead,
            1 => lead.link("#first", "1 manager does not know yet").text(". "),
            n => lead.link("#first", format!("{n} managers do not know yet")).text(". "),
        }
        .text(match self.incident.course.estimate().and_then(|e| e.back_at) {
            Some(_) => "",
            None => "No time of restoration has been promised.",
        })
    }

    /// How many of the plan's updates are late, and where the first is.
    fn late(&self) -> Option<(String, String)> {
        let now = self.eyes.times.now();
        let due = |p: &&Planned| self.incident.next_update(p).is_some_and(|(_, due)| due < now);
        let late: Vec<_> = self.incident.comms.rows.iter().filter(due).collect();
        let first = late.first()?;
        Some((format!("#row-{}", first.row.number), format!("{} late", late.len())))
    }

    /// The managers to tell before anything leaves IT, and where they are told (ESC-2).
    fn first(&self) -> Vec<First> {
        let one = |person: &PersonRef| {
            let of = |t: &Tell| t.chain.iter().any(|c| c.person.id == person.id) && self.incident.told(t).is_none();
            let nth = self.incident.tells.iter().position(of).filter(|_| self.incident.state == Stands::Open);
            let place = nth.map_or_else(|| "dlg-contact".to_owned(), tell_id);
            let who = in_order(self.org, std::slice::from_ref(&person.id), self.eyes.me).into_iter().next()?;
            Some(First { who, href: format!("/incidents/{}#{place}", self.incident.number) })
        };
        self.unaware.iter().filter_map(one).collect()
    }

    /// What there is to write updates from, and what there is not.
    fn known(&self) -> Vec<(bool, Prose)> {
        let (incident, times) = (self.incident, self.eyes.times);
        let named = |names: Vec<String>, otherwise: &str| match names.is_empty() {
            true => (false, Prose::from(otherwise)),
            false => (true, Prose::from(names.join(", "))),
        };
        let systems = incident.systems.iter().map(|s| match s.condition {
            Some(condition) => format!("{} {}", s.name, condition.word()),
            None => s.name.clone(),
        });
        let mut affected: Vec<String> =
            incident.systems.iter().flat_map(|s| &s.populations).map(|p| p.name.clone()).collect();
        affected.sort();
        affected.dedup();
        let written = |what: &str, text: &str| match text.is_empty() {
            true => (false, Prose::from(format!("{what}: nothing yet"))),
            false => (true, Prose::from(format!("{what}: {text}"))),
        };
        let down = match incident.went_down {
            Some(down) => {
                let about = if down.estimate { "Down since about " } else { "Down since " };
                (true, Prose::from(about).when(times.at(down.at)))
            }
            None => (false, Prose::from("Since when: nobody has said")),
        };
        let back = match incident.course.estimate() {
            Some(estimate) => match estimate.back_at {
                Some(at) => {
                    let words = Prose::from("Back at about ").when(times.at(at));
                    (true, words.text(format!(", says {}: {}", estimate.by, estimate.grounds)))
                }
                None => (false, Prose::from(format!("When it is back: {} cannot say", estimate.by))),
            },
            None => (false, Prose::from("Time of restoration: none given, so none is written")),
        };
        vec![
            named(systems.collect(), "Which system: none is named"),
            down,
            named(affected, "Who is affected: nobody is named"),
            back,
            written("Seen", &incident.symptoms),
            written("Cause", &incident.cause),
        ]
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
        if mend.form == "return" {
            let waits = comms.updates.iter().filter(|u| u.signed.is_none() && self.signs(u));
            return waits.into_iter().any(|u| Some(u.number) == number("update"));
        }
        self.writes()
            && match mend.form {
                "draft" if mend.typed.has("update") => update("update", false),
                "draft" if mend.typed.has("corrects") => update("corrects", true),
                "draft" => row(),
                "drop" => self.speaks() && row(),
                "send" => number("update").is_some_and(|n| self.asks_why(n)),
                "give-facts" => comms.waiting().any(|a| a.entry.to_string() == mend.typed.get("asked")),
                "audience" if mend.typed.has("row") => self.speaks() && row(),
                "audience" => self.speaks(),
                "strategy" => self.speaks() && self.incident.systems.iter().any(|s| s.owner.is_some()),
                _ => true,
            }
    }

    fn tells(&self) -> Vec<(String, State, bool)> {
        let tell = |t: &Tell| {
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
