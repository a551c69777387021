//! What people do on the page of communications: each act reads its form, is performed, and leads back.

use super::Comms;
use crate::app::App;
use crate::web::error::PageError;
use crate::web::pages::acts::reading::{self, Wrong};
use crate::web::pages::beside::{Sent, perform};
use crate::web::pages::frame::Reader;
use crate::web::pages::organisation::edit::Wrongs;
use crate::web::pages::organisation::lines;
use crate::web::pages::typed::Typed;
use axum::extract::{Path, State};
use axum::response::Response;
use muster_core::communications::{Level, Row, Through, Writer};
use muster_core::incident::{Act, CommsAct};
use muster_core::policy::ByPhase;
use std::sync::Arc;

type Handled = Result<Response, PageError>;
type Shown = State<Arc<App>>;

macro_rules! handlers {
    ($($path:literal $name:ident $form:literal $place:literal |$sent:ident| $act:expr;)+) => {
        $(#[doc = concat!("`POST /incidents/{number}/comms/", $path, "`.\n\n# Errors\n[`PageError`].")]
        pub async fn $name(State(app): Shown, reader: Reader, Path(number): Path<String>, typed: Typed) -> Handled {
            perform::<Comms>((app, reader, number, typed), ($form, $place), |$sent| $act.map(Act::Communicate)).await
        })+
    };
}

handlers! {
    "audience" audience "audience" "plan" |s| audience_of(s);
    "drop" drop_audience "drop" "plan" |s| Ok(CommsAct::DropAudience {
        row: s.number("row"),
        reason: s.text("reason"),
    });
    "strategy" strategy "strategy" "strategy" |s| Ok(CommsAct::AgreeStrategy {
        owner: s.typed.get("owner").into(),
        text: s.text("text"),
    });
    "draft" draft "draft" "updates" |s| Ok(CommsAct::DraftUpdate {
        update: s.typed.some("update").map(|_| s.number("update")),
        row: s.number("row"),
        text: s.text("text"),
        for_signing: s.typed.get("do") == "ask",
        corrects: s.typed.some("corrects").map(|_| s.number("corrects")),
        seen: s.typed.seen(),
    });
    "sign" sign "sign" "updates" |s| Ok(CommsAct::SignUpdate {
        update: s.number("update"),
        seen: s.typed.seen(),
    });
    "return" give_back "return" "updates" |s| Ok(CommsAct::ReturnUpdate {
        update: s.number("update"),
        reason: s.text("reason"),
    });
    "send" send "send" "updates" |s| Ok(CommsAct::SendUpdate {
        update: s.number("update"),
        seen: s.typed.seen(),
        despite: s.text("despite"),
    });
    "carry" carry "carry" "updates" |s| Ok(CommsAct::CarryUpdate {
        update: s.number("update"),
        who: s.text("who"),
    });
    "hand" hand "hand" "plan" |s| Ok(CommsAct::HandTelling {
        tell: s.typed.some("tell").map(str::to_owned),
        row: s.typed.some("row").map(|_| s.number("row")),
    });
    "ask-facts" ask_facts "ask-facts" "asks" |s| Ok(CommsAct::AskFacts { text: s.text("text") });
    "give-facts" give_facts "give-facts" "asks" |s| Ok(CommsAct::GiveFacts {
        asked: s.number("asked"),
        text: s.text("text"),
    });
}

fn audience_of(s: &Sent<'_>) -> Result<CommsAct, Vec<Wrong>> {
    let mut wrong = Wrongs::default();
    let mut span = |input: &'static str| wrong.or(lines::read_span(s.typed.get(input)), input);
    let every = ByPhase { intense: span("intense"), steady: span("steady"), waiting: span("waiting") };
    let deputy_after = span("deputy-after");
    let people = wrong.or(reading::people(&s.scene.org, s.typed.get("people")), "people");
    let mut one = |input: &'static str| wrong.or(reading::one_person(&s.scene.org, s.typed.get(input)), input);
    let (signer, deputy) = (one("signer"), one("deputy"));
    let choose = || "Choose one of them.".to_owned();
    let level = wrong.or(s.typed.choice::<Level>("level").map(Some).ok_or_else(choose), "level");
    let through = wrong.or(s.typed.choice::<Through>("through").map(Some).ok_or_else(choose), "through");
    wrong.unless(CommsAct::SetAudience {
        row: s.typed.some("row").map(|_| s.number("row")),
        to: Row {
            audience: s.text("audience"),
            level: level.unwrap_or(Level::Public),
            people,
            area: None,
            whom: None,
            populations: Vec::new(),
            besides: lines::each(s.typed.get("besides")).map(str::to_owned).collect(),
            owners: false,
            update: s.text("update"),
            through: through.unwrap_or(Through::Call),
            bridge: s.text("bridge"),
            every,
            author: s.typed.choice::<Writer>("author").unwrap_or_default(),
            signer,
            deputy,
            deputy_after,
        },
        seen: s.typed.seen(),
        reason: s.text("reason"),
    })
}
