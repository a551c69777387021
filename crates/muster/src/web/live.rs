//! The stream of events that tells an open page that it has changed. It says so and no more: the page
//! then asks for itself, as itself.

use super::error::{PageError, Problem};
use super::pages::phrases::{Asked, asked};
use super::routes::KEEP_ALIVE;
use crate::app::App;
use crate::live::{Live, News};
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
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

/// Changes that come in this time are one event, so that a burst is one reload.
const GATHER: Duration = Duration::from_millis(150);

/// `GET /live`: lists have changed.
///
/// `since` is the revision from which the page was made: if something was told between that and the opening of
/// the stream, the page is told so at once.
pub async fn stream(
    State(app): State<Arc<App>>,
    _: Visitor,
    query: Asked,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    events(Ear::at(&app.live, &query), None, ())
}

/// `GET /incidents/{number}/live`: that incident has changed, or who has it open.
///
/// # Errors
/// 404.
pub async fn stream_incident(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(number): Path<String>,
    query: Asked,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, PageError> {
    let find = async move |tx: &mut Tx| Ok::<_, Failure>(subjects::by_number(tx, &number).await?);
    let subject = app.ops.db().read(find).await?.ok_or_else(|| Problem::not_found("incident"))?;
    let ear = Ear::at(&app.live, &query);
    let here = app.live.enter(&subject, &visitor.id, &visitor.person.name);
    Ok(events(ear, Some(subject), here))
}

/// What a page hears, and whether it missed something before.
struct Ear {
    news: Receiver<News>,
    missed: bool,
}

impl Ear {
    /// Listens first and compares then: what is told in between comes twice rather than never.
    fn at(live: &Live, query: &Asked) -> Self {
        let news = live.listen();
        let missed = asked(query, "since").parse().is_ok_and(|since: u64| since != live.revision());
        Self { news, missed }
    }
}

fn events<T: Send + 'static>(
    Ear { news, missed }: Ear,
    of: Option<SubjectId>,
    while_open: T,
) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<T>> {
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
            Some((Ok(changed()), (news, while_open)))
        }
    });
    let hello = [Event::default().event("hello").data("1")].into_iter().chain(missed.then(changed));
    Sse::new(futures_util::stream::iter(hello.map(Ok)).chain(stream)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}

fn changed() -> Event {
    Event::default().event("changed").data("1")
}

fn concerns(news: &News, of: Option<&SubjectId>) -> bool {
    match (news, of) {
        (News::Subject(subject) | News::Presence(subject), Some(of)) => subject == of,
        (News::Subject(_) | News::Lists, None) => true,
        (News::Presence(_), None) | (News::Lists, Some(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::{Body, BodyDataStream};
    use axum::response::IntoResponse;

    async fn next(body: &mut BodyDataStream) -> String {
        let within = tokio::time::timeout(Duration::from_secs(5), body.next()).await;
        within.map_or_else(|_| "silence".into(), |chunk| String::from_utf8_lossy(&chunk.unwrap().unwrap()).into_owned())
    }

    fn open(live: &Live, since: Option<u64>) -> BodyDataStream {
        let query = Asked::try_from_uri(&since.map_or("/live".into(), |n| format!("/live?since={n}")).parse().unwrap());
        let body: Body = events(Ear::at(live, &query.unwrap()), None, ()).into_response().into_body();
        body.into_data_stream()
    }

    // proves: DOC-7 a page shows what others wrote, also what was written while it was on its way
    #[tokio::test]
    async fn what_changed_between_a_page_and_its_stream_is_not_lost() {
        let live = Live::default();
        let page = live.revision();
        let mut sees_all = open(&live, Some(page));
        assert!(next(&mut sees_all).await.contains("event: hello"));
        live.tell(News::Presence("s1".into()));
        assert_eq!(live.revision(), page, "who is here is no news of a page");
        live.tell(News::Lists);
        assert!(next(&mut sees_all).await.contains("event: changed"), "told while it listens");
        let mut late = open(&live, Some(page));
        assert!(next(&mut late).await.contains("event: hello"));
        assert!(next(&mut late).await.contains("event: changed"), "told before it listened");
        let mut fresh = open(&live, Some(live.revision()));
        assert!(next(&mut fresh).await.contains("event: hello"));
        live.tell(News::Lists);
        let heard = next(&mut fresh).await;
        assert!(heard.matches("event: changed").count() == 1, "{heard}");
        assert!(next(&mut open(&live, None)).await.contains("event: hello"), "a page of a release before asks nothing");
    }
}
