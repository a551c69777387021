//! What people do on the page of communications: each act reads its form, is performed, and leads back.

use super::Comms;
use crate::app::App;
use crate::web::error::PageError;
use crate::web::pages::acts::reading::{self, Wrong};
use crate::web::pages::beside::{Sent, perform};
use crate::web::pages::frame::Reader;
use crate::web::pages::typed::Typed;
use axum::extract::{Path, State};
use axum::response::Response;
use muster_core::Span;
use muster_core::communications::{Level, Row, Through, Writer};
use muster_core::incident::{Act, CommsAct};
use muster_core::policy::ByPhase;
use std::sync::Arc;

type Handled = Result<Response, PageError>;
type Shown = State<Arc<App>>;

/// A month: who hears more rarely needs no plan.
const EVERY_MOST: i64 = 60 * 24 * 31;

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
    let named =
        |input: &'static str| reading::people(&s.scene.org, s.typed.get(input)).map_err(|why| vec![(Some(input), why)]);
    let minutes = s.typed.get("every").trim().parse().ok().filter(|m| (1..=EVERY_MOST).contains(m));
    let wrong = || vec![(Some("every"), "Write every how many minutes they hear, such as 30.".to_owned())];
    let every = Span::from_mins(minutes.ok_or_else(wrong)?);
    Ok(CommsAct::SetAudience {
        row: None,
        to: Row {
            audience: s.text("audience"),
            level: s.typed.choice::<Level>("level").unwrap_or(Level::Public),
            people: named("people")?,
            area: None,
            whom: None,
            populations: Vec::new(),
            owners: false,
            update: s.text("update"),
            through: s.typed.choice::<Through>("through").unwrap_or(Through::Call),
            bridge: s.text("bridge"),
            every: ByPhase { intense: every, steady: every, waiting: every },
            author: s.typed.choice::<Writer>("author").unwrap_or_default(),
            signer: named("signer")?.into_iter().next(),
            deputy: None,
            deputy_after: Span::from_mins(10),
        },
        reason: String::new(),
    })
}
