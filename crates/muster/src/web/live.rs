//! The stream of events that tells an open page that it has changed. It says so and no more: the page
//! then asks for itself, as itself.

use super::error::{PageError, Problem};
use super::routes::KEEP_ALIVE;
use crate::app::App;
use crate::live::News;
use crate::ops::Failure;
use crate::ops::access::Visitor;
use crate::store::{Tx, subjects};
use axum::extract::{Path, State};
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::{Stream, StreamExt};
use muster_core::ids::SubjectId;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;

/// Changes that come in this time are one event, so that a burst is one reload.
const GATHER: Duration = Duration::from_millis(150);

/// `GET /live`: lists have changed.
pub async fn stream(State(app): State<Arc<App>>, _: Visitor) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    events(&app, None, ())
}

/// `GET /incidents/{number}/live`: that incident has changed, or who has it open.
///
/// # Errors
/// 404.
pub async fn stream_incident(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, PageError> {
    let find = async move |tx: &mut Tx| Ok::<_, Failure>(subjects::by_number(tx, &number).await?);
    let subject = app.ops.db().read(find).await?.ok_or_else(|| Problem::not_found("incident"))?;
    let here = app.live.enter(&subject, &visitor.id, &visitor.person.name);
    Ok(events(&app, Some(subject), here))
}

fn events<T: Send + 'static>(
    app: &App,
    of: Option<SubjectId>,
    while_open: T,
) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<T>> {
    let news = app.live.listen();
    let stream = futures_util::stream::unfold((news, while_open), move |(mut news, while_open)| {
        let of = of.clone();
        async move {
            loop {
                match news.recv().await {
                    Ok(item) if concerns(&item, of.as_ref()) => break,
                    Ok(_) => {}
                    Err(RecvError::Lagged(_)) => break, // missed some: reload to be sure
                    Err(RecvError::Closed) => return None,
                }
            }
            tokio::time::sleep(GATHER).await;
            while let Ok(_) | Err(tokio::sync::broadcast::error::TryRecvError::Lagged(_)) = news.try_recv() {}
            Some((Ok(Event::default().event("changed").data("1")), (news, while_open)))
        }
    });
    let hello = futures_util::stream::once(async { Ok(Event::default().event("hello").data("1")) });
    Sse::new(hello.chain(stream)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}

fn concerns(news: &News, of: Option<&SubjectId>) -> bool {
    match (news, of) {
        (News::Subject(subject) | News::Presence(subject), Some(of)) => subject == of,
        (News::Subject(_) | News::Lists, None) => true,
        (News::Presence(_), None) | (News::Lists, Some(_)) => false,
    }
}
