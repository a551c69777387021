//! What people do on the page of the plan: each act reads its form, is performed, and leads back to its place.

use super::Plan;
use crate::app::App;
use crate::web::error::PageError;
use crate::web::pages::beside::perform;
use crate::web::pages::frame::Reader;
use crate::web::pages::typed::Typed;
use axum::extract::{Path, State};
use axum::response::Response;
use muster_core::entry::{CauseState, Change, OptionState, Part, PartState, Risk};
use muster_core::ids::{AreaId, PersonId};
use muster_core::incident::{Act, offered_parts};
use muster_core::{Span, later};
use std::sync::Arc;

type Handled = Result<Response, PageError>;
type Shown = State<Arc<App>>;

macro_rules! acts {
    ($($(#[doc = $doc:literal])+ $name:ident $form:literal $place:literal $read:expr;)+) => {$(
        $(#[doc = $doc])+
        ///
        /// # Errors
        /// [`PageError`].
        pub async fn $name(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
            perform::<Plan>((app, reader, number, typed), ($form, $place), $read).await
        }
    )+};
}

acts! {
    /// `POST /incidents/{number}/plan/problem`: field 11 of the form.
    problem "problem" "problem" |s| {
        Ok(Act::Change { to: Change::Symptoms(s.text("text")), reason: String::new(), seen: s.typed.seen() })
    };
    /// `POST /incidents/{number}/plan/ask`.
    ask "ask" "questions" |s| {
        let (mut people, mut areas) = (Vec::new(), Vec::new());
        for whom in s.typed.all("whom") {
            match whom.split_once(':') {
                Some(("area", id)) => areas.push(AreaId::from(id)),
                Some(("person", id)) => people.push(PersonId::from(id)),
                _ => return Err(vec![(Some("whom"), "Choose people and areas from the list.".into())]),
            }
        }
        Ok(Act::Ask { text: s.text("text"), people, areas })
    };
    /// `POST /incidents/{number}/plan/input`.
    input "input" "questions" |s| Ok(Act::GiveInput { question: s.number("question"), text: s.text("text") });
    /// `POST /incidents/{number}/plan/part`.
    part "part" "parts" |s| {
        let part = Part { component: s.text("component"), to: s.typed.some("to").map(str::to_owned) };
        Ok(Act::MarkPart { part, now: s.choice::<PartState>("now")?, evidence: s.text("evidence") })
    };
    /// `POST /incidents/{number}/plan/cause`.
    cause "cause" "causes" |s| {
        let known = offered_parts(&s.desk.incident, &s.scene.org);
        let part = match s.typed.some("part") {
            None => None,
            Some(words) => match known.into_iter().find(|p| p.words() == words) {
                Some(part) => Some(part),
                None => return Err(vec![(Some("part"), "Choose one of the list.".into())]),
            },
        };
        Ok(Act::ProposeCause { text: s.text("text"), part })
    };
    /// `POST /incidents/{number}/plan/judge-cause`.
    judge_cause "judge-cause" "causes" |s| {
        let now = s.choice::<CauseState>("now")?;
        Ok(Act::JudgeCause { cause: s.number("cause"), now, evidence: s.text("evidence"), seen: s.typed.seen() })
    };
    /// `POST /incidents/{number}/plan/task`.
    task "task" "tasks" |s| {
        let minutes = s.typed.get("minutes").trim().parse::<u32>().ok().filter(|m| *m > 0);
        let Some(minutes) = minutes else {
            return Err(vec![(Some("minutes"), "Write how many minutes it may take, such as 30.".into())]);
        };
        let due = later(s.scene.times.now(), Span::from_mins(minutes.into()));
        Ok(Act::SetTask { what: s.text("what"), to: s.typed.get("person").into(), due })
    };
    /// `POST /incidents/{number}/plan/end-task`.
    end_task "end-task" "tasks" |s| {
        let done = match s.typed.get("how") {
            "done" => true,
            "dropped" => false,
            _ => return Err(vec![(Some("how"), "Choose one of them.".into())]),
        };
        Ok(Act::EndTask { task: s.number("task"), done, text: s.text("text") })
    };
    /// `POST /incidents/{number}/plan/option`.
    option "option" "options" |s| {
        let risk = s.choice::<Risk>("risk")?;
        let causes = s.typed.all("causes[]").filter_map(|n| n.parse().ok()).collect();
        let (what, effect, danger) = (s.text("what"), s.text("effect"), s.text("danger"));
        Ok(Act::WeighOption { what, effect, risk, danger, causes })
    };
    /// `POST /incidents/{number}/plan/judge-option`.
    judge_option "judge-option" "options" |s| {
        let now = s.choice::<OptionState>("now")?;
        Ok(Act::JudgeOption { option: s.number("option"), now, text: s.text("text"), seen: s.typed.seen() })
    };
}
