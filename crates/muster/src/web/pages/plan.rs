//! The evaluation and restoration plan: `GET /incidents/{number}/plan`, and how it looks when a form comes back.

pub mod acts;
pub mod files;
mod rows;
#[cfg(test)]
mod tests;

use super::beside::{self, Beside, Seen};
use super::draw::{Eyes, duties, row};
use super::frame::{Reader, Scene};
use super::incident::desk::{Desk, Mend};
use super::phrases::{counted, upper_first};
use super::typed::word;
use crate::app::App;
use crate::web::error::PageError;
use crate::web::view::parts::{Choice, Form, Notice, Prose, Shell, Stamp};
use crate::web::view::plan::{Choices, Page, Version};
use muster_core::duty::{DutyKind, duties as owed};
use muster_core::entry::{CauseState, OptionState, PartState, Risk};
use muster_core::incident::{Incident, offered_parts, restoring_order};

/// The page.
pub enum Plan {}

impl Beside for Plan {
    type Page = Page;
    const PATH: &'static str = "plan";
    const DONE: &'static str = "planned";

    async fn drawn(app: &App, reader: &Reader, desk: &Desk, mend: Option<&Mend>) -> Result<Page, PageError> {
        let Seen { shell, stamp, scene, role } = beside::seen::<Self>(app, reader, desk).await?;
        let view = View {
            scene: &scene,
            eyes: Eyes { me: &reader.id, role, times: &scene.times },
            incident: &desk.incident,
            stamp,
            mend,
        };
        Ok(view.page(shell))
    }
}

/// Everything that the page is drawn from.
struct View<'a> {
    scene: &'a Scene,
    eyes: Eyes<'a>,
    incident: &'a Incident,
    stamp: Stamp,
    mend: Option<&'a Mend>,
}

impl View<'_> {
    fn page(&self, shell: Shell) -> Page {
        let incident = self.incident;
        let live = incident.state.is_live();
        let parts = offered_parts(incident, &self.scene.org);
        let (components, interfaces) = parts.iter().partition::<Vec<_>, _>(|p| p.to.is_none());
        let add = |name, fields: &[(&'static str, &str)]| self.may_write().then(|| self.form(name, name, fields));
        let while_live = |name, fields: &[(&'static str, &str)]| add(name, fields).filter(|_| live);
        let late = owed(incident)
            .iter()
            .filter(|d| d.id.kind == DutyKind::Task && d.settled.is_none())
            .filter(|d| d.is_late(self.eyes.times.now()))
            .count();
        Page {
            shell,
            stamp: self.stamp.clone(),
            number: incident.number.clone(),
            title: incident.title.clone(),
            severity: incident.severity.into(),
            facts: self.facts(),
            heading: self.heading(),
            line: self.line(),
            late: (late > 0).then(|| format!("{late} late")),
            notices: self.notices(),
            problem: self.problem(),
            state_problem: add("problem", &[("text", &incident.symptoms)]),
            components: components.iter().enumerate().map(|(n, p)| self.part("component", n, p)).collect(),
            interfaces: interfaces.iter().enumerate().map(|(n, p)| self.part("interface", n, p)).collect(),
            mark: add("part", &[("component", ""), ("to", ""), ("now", ""), ("evidence", "")]),
            causes: self.causes(),
            propose: add("cause", &[("text", ""), ("part", "")]),
            options: self.options(),
            options_count: self.options_count(),
            weigh: add("option", &[("what", ""), ("effect", ""), ("risk", "medium"), ("danger", ""), ("causes", "")]),
            cause_choices: self.cause_choices(),
            tasks: self.tasks(),
            set_task: while_live("task", &[("what", ""), ("person", self.eyes.me.as_str()), ("minutes", "30")]),
            order: if live { restoring_order(incident, &self.scene.org) } else { Vec::new() },
            questions: self.questions(),
            questions_count: self.questions_count(),
            ask: while_live("ask", &[("text", ""), ("whom", "")]),
            whom: self.whom(),
            people: self.people(),
            parts: std::iter::once(Choice::new("", "Not said"))
                .chain(parts.iter().map(|p| Choice::new(p.words(), p.words())))
                .collect(),
            choices: choices(),
            pdf: cfg!(feature = "pdf"),
        }
    }

    fn may_write(&self) -> bool {
        self.eyes.may_write() && !self.incident.newer
    }

    /// A form of the kind `name`, unique on the page as `id`: as typed if it came back, else filled with `fields`.
    fn form(&self, name: &str, id: &str, fields: &[(&'static str, &str)]) -> Form {
        let came_back =
            |m: &&Mend| m.form == name && (id == name && m.typed.get("row").is_empty() || m.typed.get("row") == id);
        beside::form(self.mend.filter(came_back), id.to_owned(), fields)
    }

    fn facts(&self) -> Vec<Prose> {
        let down = self
            .incident
            .went_down
            .filter(|_| self.incident.state.is_live())
            .map(|down| Prose::from(format!("Down {}", row::about(down))).ticking(self.eyes.times.since(down.at)));
        let state = Prose::from(self.incident.state_words());
        let manager = format!("Manager {}", row::manager(self.incident, &self.eyes));
        std::iter::once(state).chain(down).chain([manager.into()]).collect()
    }

    /// One glance, one answer: what is known of the cause.
    fn heading(&self) -> String {
        let count = |now| self.incident.plan.causes.iter().filter(|c| c.now == now).count();
        let (verified, open) = (count(CauseState::Verified), count(CauseState::Open));
        let cause = |n: usize| counted(n as u64, "cause", "causes");
        match (verified, open, count(CauseState::RuledOut)) {
            (0, 0, 0) => "No likely cause is named yet".into(),
            (0, 0, out) => format!("{} ruled out, none left", cause(out)),
            (0, open, _) => format!("{} open, none verified", cause(open)),
            (verified, 0, _) => format!("{} verified", cause(verified)),
            (verified, open, _) => format!("{} verified, {open} open", cause(verified)),
        }
    }

    /// What is under way, and what is next.
    fn line(&self) -> Prose {
        let plan = &self.incident.plan;
        let trying = plan.options.iter().find(|o| o.now == OptionState::Trying);
        let helped = plan.options.iter().rev().find(|o| o.now == OptionState::Helped);
        let first = match (trying, helped) {
            (Some(option), _) => format!("Option {} is being tried: {}", option.number, option.what.text),
            (None, Some(option)) => format!("Option {} helped: {}", option.number, option.what.text),
            (None, None) if plan.options.is_empty() => "No way to restore is weighed yet".into(),
            (None, None) => "Nothing is being tried".into(),
        };
        let mut open: Vec<_> = plan.tasks.iter().filter(|t| t.ended.is_none()).collect();
        open.sort_by_key(|t| t.due);
        let line = Prose::from(muster_core::words::sentence(&first));
        match open.first().filter(|_| self.incident.state.is_live()) {
            Some(task) => {
                line.text(format!(" Next: {}, by ", task.set.text)).when(self.eyes.times.at(task.due)).text(".")
            }
            None => line,
        }
    }

    fn notices(&self) -> Vec<Notice> {
        let newer = self.incident.newer.then(|| {
            Notice::warning("Read only.", "Its log holds entries of a later release of Muster. It is read-only here.")
        });
        self.mend.and_then(|m| m.notice(self.is_shown(m))).into_iter().chain(newer).collect()
    }

    /// Whether the form that came back is on the page, with what was typed.
    fn is_shown(&self, mend: &Mend) -> bool {
        let live = self.incident.state.is_live();
        self.may_write()
            && match mend.form {
                "ask" | "task" => live,
                "end-task" => {
                    let number = mend.typed.get("task").parse();
                    self.incident.plan.tasks.iter().any(|t| Ok(t.number) == number && t.ended.is_none())
                }
                _ => true,
            }
    }

    fn problem(&self) -> Vec<Version> {
        let version = |(nth, said): (usize, &muster_core::incident::Revision)| Version {
            number: nth + 1,
            by: Prose::from(format!("{}, ", said.by)).when(self.eyes.times.at_and_distance(said.at)),
            text: said.text.clone(),
        };
        self.incident.plan.problem.iter().enumerate().rev().map(version).collect()
    }

    fn cause_choices(&self) -> Vec<(Choice, bool)> {
        let typed = self.mend.filter(|m| m.form == "option");
        let chosen = |n: &str| typed.is_some_and(|m| m.typed.all("causes[]").any(|v| v == n));
        let open = self.incident.plan.causes.iter().filter(|c| c.now != CauseState::RuledOut);
        let choice = |c: &muster_core::incident::Cause| {
            let words: String = c.proposed.text.chars().take(40).collect();
            let more = if c.proposed.text.chars().count() > 40 { "…" } else { "" };
            (Choice::new(c.number.to_string(), format!("{} {words}{more}", c.number)), chosen(&c.number.to_string()))
        };
        open.map(choice).collect()
    }

    fn whom(&self) -> Vec<(Choice, bool)> {
        let typed = self.mend.filter(|m| m.form == "ask");
        let org = &self.scene.org;
        let areas = org.areas.iter().filter(|(_, a)| !a.members.is_empty());
        let areas =
            areas.map(|(id, area)| Choice::new(format!("area:{id}"), format!("{}, whoever answers first", area.name)));
        let people = self.people().into_iter().filter(|c| c.value != self.eyes.me.as_str());
        let people = people.map(|c| Choice::new(format!("person:{}", c.value), c.label));
        areas
            .chain(people)
            .map(|c| {
                let chosen = typed.is_some_and(|m| m.typed.all("whom").any(|v| v == c.value));
                (c, chosen)
            })
            .collect()
    }

    fn people(&self) -> Vec<Choice> {
        let people = self.scene.org.people.iter().filter(|(_, p)| !p.gone);
        let label =
            |name: &str, title: &str| if title.is_empty() { name.to_owned() } else { format!("{name}, {title}") };
        let mut people: Vec<_> = people.map(|(id, p)| Choice::new(id.as_str(), label(&p.name, &p.title))).collect();
        people.sort_by(|a, b| a.label.cmp(&b.label));
        people
    }
}

fn choices() -> Choices {
    fn of<T: serde::Serialize + Copy>(all: &[T], words: fn(T) -> &'static str) -> Vec<Choice> {
        all.iter().map(|one| Choice::new(word(one), upper_first(words(*one)))).collect()
    }
    Choices {
        part: of(&PartState::ALL, PartState::words),
        cause: of(&CauseState::ALL, CauseState::words),
        option: of(&OptionState::ALL, OptionState::words),
        risk: of(&Risk::ALL, Risk::word),
        task: vec![Choice::new("done", "Done"), Choice::new("dropped", "Not needed any more")],
    }
}
