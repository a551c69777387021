//! The stream of events that tells an open page that it has changed. It says so and no more: the page
//! then asks for itself, as itself.

use super::error::{PageError, Problem};
use super::pages::phrases::{Asked, asked};
use super::routes::KEEP_ALIVE;
use crate::app::App;
use crate::live::{Live, News};
use crate::ops::Failure;
use crate::ops::access::Visitor;
use crate::store::{Sight, Tx, sight, subjects};
use axum::extract::{Path, State};
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::future::BoxFuture;
use futures_util::{Stream, StreamExt};
use muster_core::ids::SubjectId;
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};

/// Changes that come in this time are one event, so that a burst is one reload.
const GATHER: Duration = Duration::from_millis(150);

/// `GET /live`: lists have changed.
///
/// `since` is the revision from which the page was made: if something was told between that and the opening of
/// the stream, the page is told so at once.
pub async fn stream(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    query: Asked,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let ear = Ear::at(&app.live, &query);
    events(ear, None, eyes(app, visitor.sight()), ())
}

/// Asks what these eyes see. If the database cannot say, the page finds out itself.
fn eyes(app: Arc<App>, sight: Sight) -> impl Fn(SubjectId) -> BoxFuture<'static, bool> + Send + Sync + 'static {
    move |subject| {
        let (app, sight) = (app.clone(), sight.clone());
        let sees = async move |tx: &mut Tx| Ok::<_, Failure>(sight::sees(tx, &sight, &subject).await?);
        Box::pin(async move { app.ops.db().read(sees).await.unwrap_or(true) })
    }
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
    let sight = visitor.sight();
    let find = async move |tx: &mut Tx| Ok::<_, Failure>(subjects::by_number(tx, &sight, &number).await?);
    let subject = app.ops.db().read(find).await?.ok_or_else(|| Problem::not_found("incident"))?;
    let ear = Ear::at(&app.live, &query);
    let here = app.live.enter(&subject, &visitor.id, &visitor.person.name);
    Ok(events(ear, Some(subject), eyes(app, visitor.sight()), here))
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

/// What the page hears of, as long as somebody `sees` that: of an incident that was hidden meanwhile once more, so that
/// its page is closed, and then nothing.
fn events<T, S, F>(
    Ear { news, missed }: Ear,
    of: Option<SubjectId>,
    sees: S,
    while_open: T,
) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<T, S, F>>
where
    T: Send + 'static,
    S: Fn(SubjectId) -> F + Send + Sync + 'static,
    F: Future<Output = bool> + Send,
{
    let stream = futures_util::stream::unfold(Some((news, sees, while_open)), move |open| {
        let of = of.clone();
        async move {
            let (mut news, sees, while_open) = open?;
            loop {
                let mut heard = Heard::default();
                heard.hear(news.recv().await.map_or_else(missed_some, |news| Some(Some(news)))?, of.as_ref());
                if heard == Heard::default() {
                    continue;
                }
                tokio::time::sleep(GATHER).await;
                loop {
                    match news.try_recv() {
                        Ok(item) => heard.hear(Some(item), of.as_ref()),
                        Err(TryRecvError::Lagged(_)) => heard.hear(None, of.as_ref()),
                        Err(TryRecvError::Empty | TryRecvError::Closed) => break,
                    }
                }
                match &of {
                    Some(subject) => {
                        let goes_on = sees(subject.clone()).await;
                        return Some((Ok(changed()), goes_on.then_some((news, sees, while_open))));
                    }
                    None if heard.is_seen(&sees).await => {
                        return Some((Ok(changed()), Some((news, sees, while_open))));
                    }
                    None => {}
                }
            }
        }
    });
    let hello = [Event::default().event("hello").data("1")].into_iter().chain(missed.then(changed));
    Sse::new(futures_util::stream::iter(hello.map(Ok)).chain(stream)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}

fn changed() -> Event {
    Event::default().event("changed").data("1")
}

/// What was told in a moment, as far as a page cares.
#[derive(PartialEq, Eq, Debug, Default)]
struct Heard {
    lists: bool,
    subjects: BTreeSet<SubjectId>,
}

impl Heard {
    /// One more piece of news; none if some were missed: then the page loads anew to be sure.
    fn hear(&mut self, news: Option<News>, of: Option<&SubjectId>) {
        match news {
            Some(news) if !concerns(&news, of) => {}
            Some(News::Subject(subject) | News::Presence(subject)) => drop(self.subjects.insert(subject)),
            Some(News::Lists) | None => self.lists = true,
        }
    }

    async fn is_seen<F: Future<Output = bool>>(&self, sees: &impl Fn(SubjectId) -> F) -> bool {
        if self.lists {
            return true;
        }
        for subject in &self.subjects {
            if sees(subject.clone()).await {
                return true;
            }
        }
        false
    }
}

/// That some were missed is news too; that nobody tells any more is the end.
fn missed_some(error: RecvError) -> Option<Option<News>> {
    match error {
        RecvError::Lagged(_) => Some(None),
        RecvError::Closed => None,
    }
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
        stream_of(live, &query.unwrap(), None, |_| true)
    }

    fn stream_of(live: &Live, query: &Asked, of: Option<&str>, sees: fn(SubjectId) -> bool) -> BodyDataStream {
        let eyes = move |subject| std::future::ready(sees(subject));
        let body: Body = events(Ear::at(live, query), of.map(SubjectId::from), eyes, ()).into_response().into_body();
        body.into_data_stream()
    }

    #[tokio::test]
    async fn what_somebody_may_not_see_is_no_news_to_them() {
        let (live, nothing) = (Live::default(), Asked::try_from_uri(&"/live".parse().unwrap()).unwrap());
        let sees = |subject: SubjectId| subject.as_str() != "secret";
        let mut all = stream_of(&live, &nothing, None, sees);
        assert!(next(&mut all).await.contains("event: hello"));
        live.tell(News::Subject("secret".into()));
        let silence = tokio::time::timeout(GATHER * 3, all.next()).await;
        assert!(silence.is_err(), "{silence:?}");
        live.tell(News::Subject("secret".into()));
        live.tell(News::Subject("open".into()));
        assert!(next(&mut all).await.contains("event: changed"));
        let mut one = stream_of(&live, &nothing, Some("secret"), sees);
        assert!(next(&mut one).await.contains("event: hello"));
        live.tell(News::Subject("secret".into()));
        assert!(next(&mut one).await.contains("event: changed"), "the page that is open is closed");
        live.tell(News::Subject("secret".into()));
        let end = tokio::time::timeout(Duration::from_secs(5), one.next()).await.unwrap();
        assert!(end.is_none(), "{end:?}");
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
