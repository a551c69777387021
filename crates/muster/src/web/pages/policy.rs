//! The procedure: what do we do, who must be told, and by when? Which version says so, who signed it, what it changes?

pub mod acts;
mod edit;

use super::frame::{Reader, Scene, page_with, shell};
use super::phrases::counted;
use crate::app::App;
use crate::ops::versions::is_open;
use crate::web::error::{PageError, Problem};
use crate::web::view::parts::{Choice, Fact, Field, Form, Icon, Notice, Place, Prose, Stamp, State as Mark, Tone};
use crate::web::view::policy::{Change, Changes, Figure, Framed, Listed, Page, Part, Signer};
use crate::web::view::time::Times;
use crate::web::view::work::{Act, Ask};
use acts::Mend;
use axum::extract::{Path, Query, State as Of};
use axum::http::StatusCode;
use axum::response::Response;
use muster_core::Time;
use muster_core::directory::{Organisation, Role};
use muster_core::entry::{ComesBy, PolicyBody};
use muster_core::policy::Whom;
use muster_core::procedure::Component;
use muster_core::version::{Stage, Version, differences};
use muster_core::words::sentence;
use serde::Deserialize;
use std::sync::Arc;

/// With which version another is compared.
#[derive(Clone, Copy, PartialEq, Debug, Default, Deserialize)]
pub struct Against {
    against: Option<u32>,
}

/// `GET /policy`: the version in force.
///
/// # Errors
/// [`PageError`].
pub async fn show(Of(app): Of<Arc<App>>, reader: Reader) -> Result<Response, PageError> {
    drawn(&app, &reader, None, None, None).await
}

/// `GET /policy/{number}`: that version, compared with `against`, else with the one in force.
///
/// # Errors
/// [`PageError`]; 404 if there is none.
pub async fn version(
    Of(app): Of<Arc<App>>,
    reader: Reader,
    Path(number): Path<u32>,
    Query(query): Query<Against>,
) -> Result<Response, PageError> {
    drawn(&app, &reader, Some(number), query.against, None).await
}

/// The page of that version, or of the one in force, with a form that came back.
async fn drawn(
    app: &Arc<App>,
    reader: &Reader,
    number: Option<u32>,
    against: Option<u32>,
    mend: Option<&Mend>,
) -> Result<Response, PageError> {
    let scene = Scene::now(app).await?;
    let all = app.ops.versions().await?;
    let holds = scene.org.policy.version;
    let shown = match number {
        None => all.iter().find(|v| v.number == holds),
        Some(number) => Some(all.iter().find(|v| v.number == number).ok_or_else(|| Problem::not_found("version"))?),
    };
    let shell = shell(app, reader, Place::Policy).await?;
    let stamp = Stamp { act: app.ops.request_id()?, seen: shown.map(|v| v.seq) };
    let view = View { scene: &scene, reader, all: &all, shown, holds, stamp, mend };
    page_with(mend.map_or(StatusCode::OK, |m| m.status), &view.page(shell, against))
}

struct View<'a> {
    scene: &'a Scene,
    reader: &'a Reader,
    /// Every version, newest first.
    all: &'a [Version],
    /// The one that is shown; none before anything was set up.
    shown: Option<&'a Version>,
    /// The number of the one in force.
    holds: u32,
    stamp: Stamp,
    mend: Option<&'a Mend>,
}

impl View<'_> {
    fn page(&self, mut shell: crate::web::view::parts::Shell, against: Option<u32>) -> Page {
        shell.live = None;
        let org = &*self.scene.org;
        let body = self.shown.map_or_else(|| PolicyBody::of(org), |v| v.body.clone());
        Page {
            shell,
            heading: self.heading(),
            about: self.about(),
            notices: self.notices(),
            parts: self.parts(&body),
            checklist: body.procedure.checklist().into_iter().map(|s| s.words).collect(),
            told: told(&body, org),
            none_told: "Nobody must be told directly. The figures name them under [[tell_directly]].".into(),
            figures: figures(&body),
            edits: if self.edits() { vec![self.edit("checklist"), self.edit("figures")] } else { Vec::new() },
            frame: self.frame(),
            dates: self.dates(),
            signed: self.shown.map(signed).unwrap_or_default(),
            signers: self.shown.map(|v| v.signers.iter().map(|s| self.signer(v, s)).collect()).unwrap_or_default(),
            acts: self.acts(),
            changes: self.changes(against),
            versions: self.all.iter().map(|v| self.listed(v)).collect(),
            begin: (self.reader.person.role == Role::Administrator).then(|| self.begin()),
        }
    }

    fn times(&self) -> &Times {
        &self.scene.times
    }

    fn heading(&self) -> String {
        match self.shown {
            Some(v) if v.stage != Stage::InForce => {
                format!("Version {} of the procedure: {}", v.number, v.stage.word())
            }
            _ => format!("Version {} of the procedure is in force", self.holds),
        }
    }

    fn about(&self) -> Prose {
        let about = Prose::from(format!("What {} does in a service disruption", self.scene.org.organisation.name));
        let Some(version) = self.shown else { return about.text(".") };
        match (&version.in_force, &version.replaced) {
            (Some(from), Some((until, by))) => {
                let about = about.text(", as it was from ").when(self.times().in_full(from.at));
                let about = about.text(" to ").when(self.times().in_full(*until)).text(". Replaced by ");
                about.link(format!("/policy/{by}"), format!("version {by}")).text(".")
            }
            (Some(from), None) => about.text(", since ").when(self.times().in_full(from.at)).text("."),
            (None, _) => match (version.stage, version.comes_into_force_at()) {
                (Stage::Dropped, _) => about.text(". It never held, and never will."),
                (Stage::Proposed, Some(at)) => about.text(", from ").when(self.times().in_full(at)).text("."),
                (Stage::Proposed, None) => about.text(", once every group below has signed it."),
                _ => about.text(", once it is proposed and signed."),
            },
        }
    }

    fn notices(&self) -> Vec<Notice> {
        let mut notices = Vec::new();
        if let Some(m) = self.mend.filter(|m| m.form.starts_with("edit-") || m.form.starts_with("sign-")) {
            let text = format!("{} What you typed is in its form below.", m.why());
            notices.push(Notice::refusal("Not done.", text));
        }
        if let Some(v) = self.shown.filter(|v| is_open(v) && v.from.is_some_and(|from| from != self.holds)) {
            let from = v.from.unwrap_or_default();
            let text = format!(
                "It was begun from version {from}, and version {} is in force now. What that says otherwise is among the \
                 changes below, and would be undone.",
                self.holds
            );
            notices.push(
                Notice::warning("Another version came into force meanwhile.", text).link("#diff", "See the changes"),
            );
        }
        if self.shown.is_none_or(|v| v.stage == Stage::InForce) {
            for v in self.all.iter().filter(|v| is_open(v)) {
                let notice = Notice::note(format!("Version {} is {}.", v.number, v.stage.word()), sentence(&v.note));
                notices.push(notice.link(format!("/policy/{}", v.number), "Open it"));
            }
        }
        notices
    }

    /// Whether the reader can write the version that is shown.
    fn edits(&self) -> bool {
        self.reader.person.role == Role::Administrator && self.shown.is_some_and(|v| is_open(v) && !v.newer)
    }

    fn parts(&self, body: &PolicyBody) -> Vec<Part> {
        let part = |(component, n): (Component, u64)| {
            let content = body.procedure.of(component);
            let steps = counted(content.steps.len() as u64, "step", "steps");
            let decisions = counted(content.decisions.len() as u64, "decision", "decisions");
            let edit = self.edits().then(|| self.edit(component.word()));
            let mended = edit.as_ref().is_some_and(|e| e.open);
            let in_hand = self.mend.is_some_and(|m| m.form.starts_with("edit-"));
            Part {
                title: format!("{n}. {}", component.title()),
                count: format!("{steps}, {decisions}"),
                own: body.procedure.is_own(component),
                steps: content.steps.clone(),
                decisions: content.decisions.clone(),
                open: if in_hand { mended } else { component == Component::Discovery },
                edit,
            }
        };
        Component::ALL.into_iter().zip(1..).map(part).collect()
    }

    fn edit(&self, part: &str) -> Act {
        let asks = self.shown.map(|v| edit::asks(part, v)).unwrap_or_default();
        let words = match part {
            "figures" => "Change the figures",
            "checklist" => "Change the checklist at a glance",
            _ => "Change these words",
        };
        self.act(&format!("edit-{part}"), &format!("edit/{part}"), words, asks, "Save")
    }

    /// A small form; as it was typed if it came back.
    fn act(&self, id: &str, path: &str, summary: &str, inputs: Vec<Ask>, button: &str) -> Act {
        let mend = self.mend.filter(|m| m.form == id);
        let names: Vec<_> = inputs.iter().map(|ask| ask.name).collect();
        let typed = |ask: Ask| match mend {
            Some(m) => Ask { field: m.field(ask.name), ..ask },
            None => ask,
        };
        Act {
            id: id.to_owned(),
            action: format!("/policy/{}/{path}", self.shown.map_or(0, |v| v.number)),
            summary: summary.to_owned(),
            open: mend.is_some(),
            inputs: inputs.into_iter().map(typed).collect(),
            button: button.to_owned(),
            stamp: self.stamp.clone(),
            problems: mend.map(|m| m.problems(&names)).unwrap_or_default(),
            ..Act::default()
        }
    }

    fn dates(&self) -> Vec<Fact> {
        let Some(v) = self.shown else { return vec![Fact::new("Version", "As Muster ships it")] };
        let when = |t| Prose::default().when(self.times().in_full(t));
        let author = v.author.as_ref().map_or_else(|| "Muster".to_owned(), |p| p.name.clone());
        let mut dates = vec![
            Fact::new("Written by", Prose::from(format!("{author}, ")).when(self.times().in_full(v.drafted_at))),
            Fact::new("Why", v.note.clone()),
        ];
        if !v.decision.is_empty() {
            dates.push(Fact::new("Decided in a review", v.decision.clone()));
        }
        if let Some(from) = v.from {
            let link = Prose::default().link(format!("/policy/{from}"), format!("Version {from}"));
            dates.push(Fact::new("Made from", link));
        }
        if let Some((at, why)) = &v.dropped {
            dates.push(Fact::new("Dropped", when(*at).text(format!(": {}", sentence(why)))));
        }
        dates.push(match v.effective {
            Some(at) => Fact::new("Takes effect", when(at)),
            None if v.signers.is_empty() => Fact::new("Takes effect", "At once"),
            None => Fact::new("Takes effect", "As soon as all have signed"),
        });
        if let Some(i) = &v.in_force {
            let how = match &i.how {
                ComesBy::Signed => ", signed by every group".to_owned(),
                ComesBy::Applied => ", applied as it stands".to_owned(),
                ComesBy::Over { missing, reason } => {
                    let by = i.by.as_deref().unwrap_or("management");
                    let without = if missing.is_empty() {
                        "before its date".into()
                    } else {
                        format!("without {}", missing.join(", "))
                    };
                    format!(", by {by} {without}: {}", sentence(reason))
                }
            };
            dates.push(Fact::new("In force since", when(i.at).text(how)));
        }
        dates.push(Fact::new("Reviewed next", v.next_review.map_or_else(|| "No date is set".into(), when)));
        dates
    }

    fn signer(&self, version: &Version, signer: &muster_core::version::Signer) -> Signer {
        let times = self.times();
        let may: Vec<_> = signer.group.people.iter().map(|p| p.name.as_str()).collect();
        let may = may.join(" or ");
        let over = !is_open(version);
        let (state, text) = match (&signer.signed, &signer.declined) {
            (Some((at, by)), _) => (Mark::done("Signed"), Prose::from(format!("{by}, ")).when(times.at(*at))),
            (None, Some((at, by, why))) => {
                let text = Prose::from(format!("{by}, ")).when(times.at(*at)).text(format!(": {}", sentence(why)));
                (Mark::new(Tone::Amber, Icon::Ask, "Asks for a change"), text)
            }
            (None, None) if over => (Mark::not("Never signed"), may.into()),
            (None, None) => match version.proposed.filter(|_| version.stage == Stage::Proposed) {
                Some((_, by)) if times.now() > by => (Mark::late(times.due(by)), may.into()),
                Some((_, by)) => (Mark::soon(times.due(by)), may.into()),
                None => (Mark::later("Not asked yet"), may.into()),
            },
        };
        let mine = version.stage == Stage::Proposed && signer.group.people.iter().any(|p| p.id == self.reader.id);
        let area = &signer.group.area;
        let mut acts = Vec::new();
        if mine && signer.signed.is_none() {
            let sign = self.act(&format!("sign-{area}"), &format!("sign/{area}"), "", Vec::new(), "Sign it");
            acts.push(Act { look: "primary", ..sign });
        }
        if mine {
            let why = ask("reason", "What would have to change?", "");
            acts.push(self.act(
                &format!("decline-{area}"),
                &format!("decline/{area}"),
                "Do not sign it",
                vec![why],
                "Say so",
            ));
        }
        Signer { name: signer.group.name.clone(), state, text, acts }
    }

    fn acts(&self) -> Vec<Act> {
        let Some(v) = self.shown else { return Vec::new() };
        let mut acts = Vec::new();
        if v.stage == Stage::Draft && self.edits() {
            let words = if v.signers.is_empty() { "Put it in force as planned" } else { "Ask the groups to sign it" };
            acts.push(Act { look: "primary", ..self.act("propose", "propose", "", Vec::new(), words) });
        }
        if self.edits() {
            let why = ask("reason", "Why is it given up?", "It stays in the list, with the reason.");
            acts.push(self.act("drop", "drop", "Drop it", vec![why], "Drop this version"));
        }
        if v.stage == Stage::Proposed && self.reader.person.role >= Role::Manager {
            let why = ask("reason", "Why can it not wait?", "Whoever has not signed reads it.");
            let force = self.act("force", "force", "Put it in force now, with a reason", vec![why], "Put it in force");
            acts.push(Act { look: "danger", ..force });
        }
        acts
    }

    /// Against the one asked for; else a draft against what is in force, and any other against what it was made from.
    fn changes(&self, against: Option<u32>) -> Changes {
        let Some(newer) = self.shown else { return Changes::default() };
        let usual = if is_open(newer) { Some(self.holds) } else { newer.from };
        let others = || self.all.iter().filter(|v| v.number != newer.number);
        let named = |n: Option<u32>| n.and_then(|n| others().find(|v| v.number == n));
        let Some(older) = named(against).or_else(|| named(usual)).or_else(|| others().next()) else {
            return Changes::default();
        };
        let found = differences(&older.body, &newer.body);
        let all: Vec<_> = found.into_iter().map(|d| Change { place: d.place, was: d.was, is: d.is }).collect();
        let count = counted(all.len() as u64, "change", "changes");
        Changes {
            meta: format!("{count} against version {}", older.number),
            older: format!("Version {}", older.number),
            newer: format!("Version {}", newer.number),
            all,
            action: format!("/policy/{}", newer.number),
            against: Field::of(older.number.to_string()),
            choices: others()
                .map(|v| Choice::new(v.number.to_string(), format!("Version {}, {}", v.number, v.stage.word())))
                .collect(),
        }
    }

    fn listed(&self, version: &Version) -> Listed {
        let name = format!("Version {}", version.number);
        let shown = self.shown.is_some_and(|v| v.number == version.number);
        let name = if shown {
            Prose::default().bold(name)
        } else {
            Prose::default().link(format!("/policy/{}", version.number), name)
        };
        let state = match version.stage {
            Stage::Draft => Mark::later("Draft"),
            Stage::Proposed => Mark::waiting(format!("Proposed, {} signed", signed(version))),
            Stage::InForce => Mark::done("In force"),
            Stage::Replaced => Mark::not("Replaced"),
            Stage::Dropped => Mark::not("Dropped"),
        };
        let author = version.author.as_ref().map_or("Muster", |p| p.name.as_str());
        let at = version.in_force.as_ref().map_or(version.drafted_at, |i| i.at);
        let text =
            Prose::default().when(self.times().in_full(at)).text(format!(", {author}: {}", sentence(&version.note)));
        Listed { name, state, text }
    }

    fn begin(&self) -> Framed {
        let button = "Begin a version from what is in force";
        self.framed("begin", "/policy/begin".into(), button, |_| String::new(), &[])
    }

    /// Why the draft that is shown is made, who signs it and from when, to be put right; if the reader may.
    fn frame(&self) -> Option<Framed> {
        let v = self.shown.filter(|_| self.edits())?;
        let times = self.times();
        let time = |t: Option<Time>| t.map_or_else(String::new, |t| times.field(t));
        let is = |field: &str| match field {
            "note" => v.note.clone(),
            "decision" => v.decision.clone(),
            "effective" => time(v.effective),
            "next-review" => time(v.next_review),
            _ => String::new(),
        };
        let signs: Vec<_> = v.signers.iter().map(|s| s.group.area.as_str()).collect();
        Some(self.framed("frame", format!("/policy/{}/frame", v.number), "Save", is, &signs))
    }

    fn framed(
        &self,
        id: &'static str,
        action: String,
        button: &'static str,
        is: impl Fn(&str) -> String,
        signs: &[&str],
    ) -> Framed {
        const FIELDS: [&str; 5] = ["note", "decision", "groups", "effective", "next-review"];
        let mend = self.mend.filter(|m| m.form == id);
        let org = &*self.scene.org;
        let ticked = |area: &str| match mend {
            Some(m) => m.typed.all("group").any(|g| g == area),
            None => signs.contains(&area),
        };
        let mut groups: Vec<_> =
            org.areas.iter().map(|(id, area)| (id.0.clone(), area.name.clone(), ticked(id.as_str()))).collect();
        // An area that must sign stays to be seen, though it is in the directory no more.
        let signers = self.shown.filter(|_| id != "begin").into_iter().flat_map(|v| &v.signers).map(|s| &s.group);
        let gone = signers.filter(|group| !org.areas.contains_key(&group.area));
        groups.extend(gone.map(|g| (g.area.0.clone(), g.name.clone(), ticked(g.area.as_str()))));
        let field = |f: &&'static str| (*f, mend.map_or_else(|| Field::of(is(f)), |m| m.field(f)));
        let form = Form {
            id: id.into(),
            fields: FIELDS.iter().map(field).collect(),
            refused: mend.and_then(|m| m.whole(&FIELDS)),
            open: mend.is_some(),
        };
        let seen = if id == "begin" { None } else { self.stamp.seen };
        Framed { form, action, button, groups, stamp: Stamp { seen, ..self.stamp.clone() } }
    }
}

fn ask(name: &'static str, label: &'static str, hint: &'static str) -> Ask {
    Ask { name, label, hint, long: true, required: true, field: Field::default() }
}

/// `1 of 2`; empty where nobody signs.
fn signed(version: &Version) -> String {
    match version.signers.len() {
        0 => String::new(),
        all => format!("{} of {all}", all - version.missing().count()),
    }
}

/// A group to a line, with the chain of people that is gone down as it is now.
fn told(body: &PolicyBody, org: &Organisation) -> Vec<Fact> {
    let rows = body.policy.tell_directly.iter().filter_map(|row| {
        let area = org.areas.get(&row.area)?;
        let whom = row.whom.word();
        let chain = match row.whom {
            Whom::Supervisors => &area.supervisors,
            Whom::Management => &area.management,
        };
        let people = chain.iter().filter(|id| org.here(id).is_some());
        let names: Vec<_> = people.map(|id| org.person_ref(id).name).collect();
        let names = if names.is_empty() { "nobody".into() } else { names.join(", then ") };
        Some(Fact::new(&*row.name, format!("{}, {whom}: {names}", area.name)))
    });
    let fallback = body.policy.fallback_area.as_ref().and_then(|id| org.areas.get(id));
    let fallback =
        fallback.map(|area| Fact::new("When no known system is named", format!("{} is summoned", area.name)));
    rows.chain(fallback).collect()
}

fn figures(body: &PolicyBody) -> Vec<Figure> {
    let figures = body.policy.figures().into_iter();
    figures.map(|f| Figure { what: f.what, value: f.value, part: f.part.title() }).collect()
}

#[cfg(test)]
mod tests;
