//! What people do on the page of communications: each act reads its form, is performed, and leads back.

use super::again;
use crate::app::App;
use crate::ops::Failure;
use crate::web::error::PageError;
use crate::web::pages::acts::reading::{self, Wrong};
use crate::web::pages::frame::{Done, Reader, Scene};
use crate::web::pages::incident::desk::{Desk, Mend};
use crate::web::pages::typed::Typed;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use muster_core::Span;
use muster_core::communications::{Level, Row, Through, Writer};
use muster_core::ids::PersonRef;
use muster_core::incident::{Act, Command, CommsAct};
use muster_core::policy::ByPhase;
use std::str::FromStr;
use std::sync::Arc;

type Handled = Result<Response, PageError>;
type Shown = State<Arc<App>>;

/// A month: who hears more rarely needs no plan.
const EVERY_MOST: i64 = 60 * 24 * 31;

async fn perform(
    (app, reader, number, typed): (Arc<App>, Reader, String, Typed),
    (form, place): (&'static str, &'static str),
    read: impl FnOnce(&Typed, &Scene) -> Result<CommsAct, Vec<Wrong>>,
) -> Handled {
    let desk = Desk::find(&app, &number).await?;
    let scene = Scene::now(&app).await?;
    let act = match read(&typed, &scene) {
        Ok(act) => Act::Communicate(act),
        Err(wrong) => return again(&app, &reader, &desk, &Mend::typing(form, &typed, wrong)).await,
    };
    let by = PersonRef { id: reader.id.clone(), name: reader.person.name.clone() };
    match app.ops.perform(&desk.subject, Command::Act { by, act }, typed.once(&reader)).await {
        Ok(_) => {
            let done = |act: &str| Done { what: "noted".into(), act: act.to_owned(), entry: None };
            let query = typed.act().map_or_else(String::new, |act| format!("?{}", done(act).to_query()));
            Ok(Redirect::to(&format!("/incidents/{number}/comms{query}#{place}")).into_response())
        }
        Err(Failure::Refused(refusal)) => {
            let now = Desk::find(&app, &number).await?;
            again(&app, &reader, &now, &Mend::refused(form, &typed, refusal)).await
        }
        Err(failure) => Err(failure.into()),
    }
}

/// The number of what a form is about; 0, which nothing has, if it does not say.
fn number_of<T: FromStr + Default>(typed: &Typed, input: &str) -> T {
    typed.get(input).parse().unwrap_or_default()
}

fn text(typed: &Typed, input: &str) -> String {
    typed.get(input).to_owned()
}

macro_rules! handlers {
    ($($path:literal $name:ident $form:literal $place:literal |$typed:ident, $scene:ident| $act:expr;)+) => {
        $(#[doc = concat!("`POST /incidents/{number}/comms/", $path, "`.\n\n# Errors\n[`PageError`].")]
        pub async fn $name(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
            perform((app, reader, number, typed), ($form, $place), |$typed, $scene| $act).await
        })+
    };
}

handlers! {
    "audience" audience "audience" "plan" |typed, scene| audience_of(typed, scene);
    "drop" drop_audience "drop" "plan" |typed, _scene| Ok(CommsAct::DropAudience {
        row: number_of(typed, "row"),
        reason: text(typed, "reason"),
    });
    "strategy" strategy "strategy" "strategy" |typed, _scene| Ok(CommsAct::AgreeStrategy {
        owner: typed.get("owner").into(),
        text: text(typed, "text"),
    });
    "draft" draft "draft" "updates" |typed, _scene| Ok(CommsAct::DraftUpdate {
        update: typed.some("update").map(|_| number_of(typed, "update")),
        row: number_of(typed, "row"),
        text: text(typed, "text"),
        for_signing: typed.get("do") == "ask",
        corrects: typed.some("corrects").map(|_| number_of(typed, "corrects")),
        seen: typed.seen(),
    });
    "sign" sign "sign" "updates" |typed, _scene| Ok(CommsAct::SignUpdate {
        update: number_of(typed, "update"),
        seen: typed.seen(),
    });
    "return" give_back "return" "updates" |typed, _scene| Ok(CommsAct::ReturnUpdate {
        update: number_of(typed, "update"),
        reason: text(typed, "reason"),
    });
    "send" send "send" "updates" |typed, _scene| Ok(CommsAct::SendUpdate {
        update: number_of(typed, "update"),
        seen: typed.seen(),
    });
    "hand" hand "hand" "plan" |typed, _scene| Ok(CommsAct::HandTelling {
        tell: typed.some("tell").map(str::to_owned),
        row: typed.some("row").map(|_| number_of(typed, "row")),
    });
    "ask-facts" ask_facts "ask-facts" "asks" |typed, _scene| Ok(CommsAct::AskFacts { text: text(typed, "text") });
    "give-facts" give_facts "give-facts" "asks" |typed, _scene| Ok(CommsAct::GiveFacts {
        asked: number_of(typed, "asked"),
        text: text(typed, "text"),
    });
}

fn audience_of(typed: &Typed, scene: &Scene) -> Result<CommsAct, Vec<Wrong>> {
    let named =
        |input: &'static str| reading::people(&scene.org, typed.get(input)).map_err(|why| vec![(Some(input), why)]);
    let minutes = typed.get("every").trim().parse().ok().filter(|m| (1..=EVERY_MOST).contains(m));
    let wrong = || vec![(Some("every"), "Write every how many minutes they hear, such as 30.".to_owned())];
    let every = Span::from_mins(minutes.ok_or_else(wrong)?);
    Ok(CommsAct::SetAudience {
        row: None,
        to: Row {
            audience: text(typed, "audience"),
            level: typed.choice::<Level>("level").unwrap_or(Level::Public),
            people: named("people")?,
            area: None,
            whom: None,
            populations: Vec::new(),
            owners: false,
            update: text(typed, "update"),
            through: typed.choice::<Through>("through").unwrap_or(Through::Call),
            every: ByPhase { intense: every, steady: every, waiting: every },
            author: typed.choice::<Writer>("author").unwrap_or_default(),
            signer: named("signer")?.into_iter().next(),
            deputy: None,
            deputy_after: Span::from_mins(10),
        },
        reason: String::new(),
    })
}
