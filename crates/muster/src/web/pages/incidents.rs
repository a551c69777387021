//! `GET /incidents`: all of them, newest first.

use super::draw::{Eyes, row};
use super::frame::{Reader, Scene, page, shell};
use super::phrases::{Asked, asked, counted, upper_first};
use crate::app::App;
use crate::ops::Failure;
use crate::store::Tx;
use crate::store::subjects::{self, InList};
use crate::web::error::PageError;
use crate::web::guard::form_encode;
use crate::web::view::incidents::Page;
use crate::web::view::parts::{Filter, Place, Prose};
use axum::extract::State;
use axum::response::Response;
use muster_core::incident::State as Stands;
use std::sync::Arc;

/// Incidents on one page.
const PAGE: u32 = 50;
/// The value of `state` that asks for all of them.
const ALL: &str = "all";

/// `GET /incidents?state=…&q=…&before=…`.
///
/// # Errors
/// [`PageError`].
pub async fn list(State(app): State<Arc<App>>, reader: Reader, query: Asked) -> Result<Response, PageError> {
    let scene = Scene::now(&app).await?;
    let (state, search) = (Stands::from_word(&asked(&query, "state")), asked(&query, "q"));
    let before = cursor(&asked(&query, "before"));
    let filter = subjects::Filter {
        state: state.map(|s| s.word().to_owned()),
        text: Some(search.replace('\0', "")).filter(|text| !text.is_empty()),
        before: before.clone(),
    };
    let sight = reader.sight();
    let read = async move |tx: &mut Tx| {
        let counts = subjects::count_by_state(tx, &sight).await?;
        Ok::<_, Failure>((subjects::page(tx, &sight, &filter, PAGE + 1).await?, counts))
    };
    let (mut found, counts) = app.ops.db().read(read).await?;
    let more = found.len() > PAGE as usize;
    found.truncate(PAGE as usize);
    let eyes = Eyes { me: &reader.id, role: reader.person.role, times: &scene.times };
    let word = state.map_or(ALL, Stands::word);
    page(&Page {
        shell: shell(&app, &reader, Place::Incidents).await?,
        heading: heading(state, &search, &counts),
        filters: filters(state, &search, &counts),
        state: word.into(),
        rows: found.iter().map(|listed| row::row(&listed.incident, &eyes)).collect(),
        none: none(state, &search),
        older: found.last().filter(|_| more).map(|last| address(word, &search, Some(last))),
        newest: before.map(|_| address(word, &search, None)),
        search,
    })
}

/// Where a page ended, as its address says it: `1763345660000.2026-041`.
fn cursor(text: &str) -> Option<(i64, String)> {
    let (at, number) = text.split_once('.')?;
    Some((at.parse().ok()?, number.to_owned()))
}

fn address(state: &str, search: &str, after: Option<&InList>) -> String {
    let search = if search.is_empty() { String::new() } else { format!("&q={}", form_encode(search)) };
    let before = after.map(|l| format!("&before={}.{}", l.incident.recorded_at.as_millisecond(), l.incident.number));
    format!("/incidents?state={state}{search}{}", before.unwrap_or_default())
}

fn heading(state: Option<Stands>, search: &str, counts: &[(String, u64)]) -> String {
    if !search.is_empty() {
        return format!("Incidents with “{search}”");
    }
    let count = |s: Stands| counts.iter().find(|(word, _)| word == s.word()).map_or(0, |(_, n)| *n);
    match state {
        Some(state) => {
            counted(count(state), &format!("{} incident", state.word()), &format!("{} incidents", state.word()))
        }
        None => counted(counts.iter().map(|(_, n)| n).sum(), "incident", "incidents"),
    }
}

fn filters(on: Option<Stands>, search: &str, counts: &[(String, u64)]) -> Vec<Filter> {
    let filter = |label: String, state: Option<Stands>| Filter {
        label,
        href: address(state.map_or(ALL, Stands::word), search, None),
        icon: None,
        on: on == state,
    };
    let named = |state: Stands| {
        let name = upper_first(state.word());
        let count = counts.iter().find(|(word, n)| word == state.word() && *n > 0);
        filter(count.map_or_else(|| name.clone(), |(_, n)| format!("{name} {n}")), Some(state))
    };
    let states = [Stands::Open, Stands::Suspected, Stands::Restored, Stands::Closed, Stands::Withdrawn];
    states.into_iter().map(named).chain([filter("All".into(), None)]).collect()
}

fn none(state: Option<Stands>, search: &str) -> Prose {
    match (state, search.is_empty()) {
        (None, true) => "There has been no incident yet.".into(),
        (Some(state), true) => format!("No incident is {}.", state.word()).into(),
        (None, false) => "No incident has these words in its name or number.".into(),
        (Some(state), false) => Prose::from(format!("No {} incident has these words. ", state.word()))
            .link(address(ALL, search, None), "Search all of them"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::pages::draw::sample::{Story, plain};

    // proves: DEF-6 false alarms are counted
    #[test]
    fn filters_keep_the_search_and_say_how_many() {
        let counts = [("open".to_owned(), 3), ("withdrawn".to_owned(), 1)];
        let shown = filters(Some(Stands::Open), "a&b", &counts);
        let labels: Vec<_> = shown.iter().map(|f| f.label.as_str()).collect();
        assert_eq!(labels, ["Open 3", "Suspected", "Restored", "Closed", "Withdrawn 1", "All"]);
        assert!(shown[0].on && shown[5].href == "/incidents?state=all&q=a%26b");
        assert_eq!(heading(Some(Stands::Open), "", &counts), "3 open incidents");
        assert_eq!(heading(None, "", &counts), "4 incidents");
        assert_eq!(heading(None, "portal", &counts), "Incidents with “portal”");
        assert_eq!(plain(&none(Some(Stands::Open), "x")), "No open incident has these words. Search all of them");
    }

    #[test]
    fn a_cursor_leads_on_where_its_page_ended() {
        let listed = InList { subject: "s".into(), incident: Story::by_person().incident() };
        let href = address(ALL, "", Some(&listed));
        let before = href.split_once("before=").map(|(_, b)| cursor(b)).unwrap().unwrap();
        assert_eq!(before, (listed.incident.recorded_at.as_millisecond(), "2026-041".to_owned()));
        for nonsense in ["", "x", "x.2026-041", "2026-041"] {
            assert_eq!(cursor(nonsense), None, "{nonsense}");
        }
    }
}
