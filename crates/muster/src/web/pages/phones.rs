//! Demo phones: whose pretend phone rings, what can be done with it, and the log that writes itself.

use super::frame::{Reader, Scene, page, shell};
use super::phrases::after;
use super::typed::Typed;
use crate::app::App;
use crate::intake::{Format, parse};
use crate::ops::Failure;
use crate::ops::alerts::Accepted;
use crate::ops::demo::Press;
use crate::store::subjects::{self, InList};
use crate::store::{Sight, Tx, alerts};
use crate::web::error::{PageError, Problem};
use crate::web::view::parts::{Place, Stamp};
use crate::web::view::phones::{Device, Page};
use crate::web::view::time::length;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Redirect, Response};
use muster_core::entry::Entry;
use muster_core::ids::{IntakeId, PersonId};
use std::sync::Arc;

mod devices;
mod script;
mod strip;

/// The sender whose alerts the page raises.
const INTAKE: &str = "demo";
/// Incidents whose chains the page shows; a newcomer follows no more.
const INCIDENTS_SHOWN: u32 = 10;

/// `GET /phones`.
///
/// # Errors
/// [`PageError`]: 404 outside the demo.
pub async fn show(State(app): State<Arc<App>>, reader: Reader) -> Result<Response, PageError> {
    only_in_the_demo(&app)?;
    let scene = Scene::now(&app).await?;
    let shown = app.ops.demo_phones().await?;
    let (live, newest) = read(&app, reader.sight()).await?;
    let chains = devices::chains(&live, &shown, &scene);
    let others = devices::others(&live, &shown, &scene);
    let all: Vec<&Device> = chains.iter().flat_map(|c| &c.devices).collect();
    let waiting = all.iter().find(|d| d.call.as_ref().is_some_and(|c| c.heard.is_none()));
    let waiting = waiting.or_else(|| all.iter().find(|d| d.call.is_some())).copied();
    page(&Page {
        heading: devices::heading(waiting, &scene.org),
        ringing: waiting.map(|d| d.id.clone()),
        waits: format!(
            "In the demo Muster waits {} between tries; in real use, as long as your policy says.",
            length(scene.org.policy.answer_wait)
        ),
        log: newest.map(|(listed, entries)| strip::strip(&listed, &entries, &scene)),
        shell: shell(&app, &reader, Place::Phones).await?,
        stamp: Stamp { act: app.ops.request_id()?, seen: None },
        chains,
        others,
    })
}

/// `POST /phones/raise`: an alert comes in as from any sender.
///
/// # Errors
/// [`PageError`]: 404 outside the demo.
pub async fn raise(State(app): State<Arc<App>>, _: Reader, typed: Typed) -> Result<Redirect, PageError> {
    only_in_the_demo(&app)?;
    let intake = IntakeId::from(INTAKE);
    let of = intake.clone();
    let before = async move |tx: &mut Tx| Ok::<_, Failure>(alerts::count_from(tx, &of).await?);
    let before = app.ops.db().read(before).await?;
    let bytes = script::next(&*app.ops.organisation().await?, INTAKE, before).to_string().into_bytes();
    let at = app.ops.now();
    let signals = parse(Format::Generic, &bytes, Some("application/json"), at);
    let id = app.ops.request_id()?;
    app.writer.accept(Accepted { id, intake, at, format: Format::Generic, bytes, signals }).await?;
    Ok(after("/phones", "raised", &typed))
}

/// `POST /phones/{person}/{press}`: `answer`, `voicemail`, or `key` with the button `key`; all with `call`.
///
/// # Errors
/// [`PageError`]: 404 outside the demo.
pub async fn press(
    State(app): State<Arc<App>>,
    _: Reader,
    Path((person, press)): Path<(PersonId, String)>,
    typed: Typed,
) -> Result<Redirect, PageError> {
    only_in_the_demo(&app)?;
    let press = pressed(&press, typed.get("key")).ok_or_else(|| {
        let detail = "This phone has the keys 1, 2 and 9. Go back and press one of them.";
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "unknown", detail)
    })?;
    if let Some(press) = press {
        match app.ops.demo_press(&person, typed.get("call"), press).await {
            // Somebody was faster, or it stopped ringing: the page shows what is.
            Ok(()) | Err(Failure::Refused(_)) => {}
            Err(failure) => return Err(failure.into()),
        }
    }
    Ok(Redirect::to("/phones"))
}

/// What a form of a phone asks for: nothing is done to hear it again.
fn pressed(press: &str, key: &str) -> Option<Option<Press>> {
    match (press, key) {
        ("answer", _) => Some(Some(Press::PickUp)),
        ("voicemail", _) => Some(Some(Press::Voicemail)),
        ("key", "1") => Some(Some(Press::One)),
        ("key", "2") => Some(Some(Press::Two)),
        ("key", "9") => Some(None),
        _ => None,
    }
}

fn only_in_the_demo(app: &App) -> Result<(), PageError> {
    if app.site.demo { Ok(()) } else { Err(Problem::not_found("page").into()) }
}

type Newest = Option<(InList, Vec<Entry>)>;

/// Incidents that are live, and the newest of all with its log.
async fn read(app: &App, sight: Sight) -> Result<(Vec<InList>, Newest), PageError> {
    let read = async move |tx: &mut Tx| {
        let live = subjects::live(tx, &sight, INCIDENTS_SHOWN).await?;
        let newest = subjects::page(tx, &sight, &subjects::Filter::default(), 1).await?.into_iter().next();
        let newest = match newest {
            Some(listed) => {
                let entries = subjects::entries(tx, &sight, &listed.subject, 0).await?;
                Some((listed, entries))
            }
            None => None,
        };
        Ok::<_, Failure>((live, newest))
    };
    Ok(app.ops.db().read(read).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_phone_are_read() {
        for (press, key, expected) in [
            ("answer", "", Some(Some(Press::PickUp))),
            ("voicemail", "", Some(Some(Press::Voicemail))),
            ("key", "1", Some(Some(Press::One))),
            ("key", "2", Some(Some(Press::Two))),
            ("key", "9", Some(None)),
            ("key", "3", None),
            ("key", "", None),
            ("hang-up", "1", None),
        ] {
            assert_eq!(pressed(press, key), expected, "{press} {key}");
        }
    }
}
