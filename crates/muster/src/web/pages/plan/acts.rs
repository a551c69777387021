//! What people do on the page of the plan: each act reads its form, is performed, and leads back to its place.

use super::again;
use crate::app::App;
use crate::ops::Failure;
use crate::web::error::PageError;
use crate::web::pages::acts::reading::Wrong;
use crate::web::pages::frame::{Done, Reader, Scene};
use crate::web::pages::incident::desk::{Desk, Mend};
use crate::web::pages::typed::Typed;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use muster_core::entry::{CauseState, Change, OptionState, Part, PartState, Risk};
use muster_core::ids::{AreaId, PersonId, PersonRef};
use muster_core::incident::{Act, Command, offered_parts};
use muster_core::{Span, later};
use std::sync::Arc;

type Handled = Result<Response, PageError>;
type Shown = State<Arc<App>>;

/// A form that was sent, with what its reading may look at.
struct Sent<'a> {
    desk: &'a Desk,
    typed: &'a Typed,
    scene: &'a Scene,
}

impl Sent<'_> {
    fn text(&self, input: &str) -> String {
        self.typed.get(input).to_owned()
    }

    /// The number of the row that the form is about; 0, which is nobody's, if it names none.
    fn number(&self, input: &str) -> u32 {
        self.typed.get(input).parse().unwrap_or(0)
    }

    fn choice<T: serde::de::DeserializeOwned>(&self, input: &'static str) -> Result<T, Vec<Wrong>> {
        self.typed.choice(input).ok_or_else(|| vec![(Some(input), "Choose one of them.".to_owned())])
    }
}

async fn perform(
    (app, reader, number, typed): (Arc<App>, Reader, String, Typed),
    form: &'static str,
    place: &str,
    read: impl FnOnce(&Sent<'_>) -> Result<Act, Vec<Wrong>>,
) -> Handled {
    let desk = Desk::find(&app, &number).await?;
    let scene = Scene::now(&app).await?;
    let act = match read(&Sent { desk: &desk, typed: &typed, scene: &scene }) {
        Ok(act) => act,
        Err(wrong) => return again(&app, &reader, &desk, &Mend::typing(form, &typed, wrong)).await,
    };
    let by = PersonRef { id: reader.id.clone(), name: reader.person.name.clone() };
    match app.ops.perform(&desk.subject, Command::Act { by, act }, typed.once(&reader)).await {
        Ok(_) => {
            let done = |act: &str| Done { what: "planned".into(), act: act.to_owned(), entry: None };
            let query = typed.act().map_or_else(String::new, |act| format!("?{}", done(act).to_query()));
            Ok(Redirect::to(&format!("/incidents/{number}/plan{query}#{place}")).into_response())
        }
        Err(Failure::Refused(refusal)) => {
            let now = Desk::find(&app, &number).await?;
            again(&app, &reader, &now, &Mend::refused(form, &typed, refusal)).await
        }
        Err(failure) => Err(failure.into()),
    }
}

macro_rules! acts {
    ($($(#[doc = $doc:literal])+ $name:ident $form:literal $place:literal $read:expr;)+) => {$(
        $(#[doc = $doc])+
        ///
        /// # Errors
        /// [`PageError`].
        pub async fn $name(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
            perform((app, reader, number, typed), $form, $place, $read).await
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
