//! How an incident kept its duties: which were done in time, late, or not at all.

use super::beside::{self, Beside, Seen};
use super::draw::Eyes;
use super::draw::duties::state;
use super::frame::Reader;
use super::incident::desk::{Desk, Mend};
use crate::app::App;
use crate::web::error::PageError;
use crate::web::view::kept::{Owed, Page, Part};
use crate::web::view::parts::{Prose, State};
use muster_core::compliance::{self, Fate, Figures, Verdict};
use muster_core::words::length;

/// The page.
pub enum Kept {}

impl Beside for Kept {
    type Page = Page;
    const PATH: &'static str = "duties";
    const DONE: &'static str = "noted";

    async fn drawn(app: &App, reader: &Reader, desk: &Desk, _: Option<&Mend>) -> Result<Page, PageError> {
        let Seen { shell, scene, role, .. } = beside::seen::<Self>(app, reader, desk).await?;
        let eyes = Eyes { me: &reader.id, role, times: &scene.times };
        let owed = compliance::owed(&desk.log(app).await?);
        let now = scene.times.now();
        let figures = Figures::of(&owed, now);
        Ok(Page {
            shell,
            number: desk.incident.number.clone(),
            title: desk.incident.title.clone(),
            severity: desk.incident.severity.into(),
            heading: heading(
                figures,
                owed.iter().filter(|o| o.fate == Fate::Open && o.verdict(now) == Verdict::None).count(),
            ),
            parts: parts(figures),
            owed: owed.iter().map(|o| drawn(o, &eyes)).collect(),
        })
    }
}

fn heading(figures: Figures, left: usize) -> String {
    let kept = match (figures.all(), figures.in_time) {
        (0, _) if left == 0 => return "No duty has come due yet".into(),
        (0, _) => "None was due yet".to_owned(),
        (1, 1) => "The one that was due was done in time".to_owned(),
        (1, _) => "The one that was due was not done in time".to_owned(),
        (all, done) if all == done => format!("All {all} that were due were done in time"),
        (all, done) => format!("{done} of {all} that were due were done in time"),
    };
    if left == 0 { kept } else { format!("{kept}, {left} to come") }
}

fn parts(figures: Figures) -> Vec<Part> {
    let Figures { in_time, late, missed } = figures;
    let counted = [
        (in_time, State::done(format!("{in_time} in time"))),
        (late, State::soon(format!("{late} late"))),
        (missed, State::late(format!("{missed} not done"))),
    ];
    let percent = |n: usize| n * 100 / figures.all().max(1);
    let mut before = 0;
    let part = |(n, state): (usize, State)| {
        let from = percent(before);
        before += n;
        Part { state, from, wide: percent(before) - from }
    };
    counted.into_iter().filter(|(n, _)| *n > 0).map(part).collect()
}

fn drawn(owed: &compliance::Owed, eyes: &Eyes<'_>) -> Owed {
    let duty = &owed.duty;
    let late = |by| format!("Late by {}", length(by));
    let (state, done) = match (owed.fate, owed.verdict(eyes.times.now())) {
        (Fate::Done(at), Verdict::Late(by)) => (State::soon(late(by)), Prose::default().when(eyes.times.at(at))),
        (Fate::Done(at), _) => (State::done("In time"), Prose::default().when(eyes.times.at(at))),
        (Fate::Open, _) => (state(duty.since, duty.due, eyes), "not yet".into()),
        (Fate::Lapsed(at), Verdict::Missed) => {
            (State::late("Not done"), Prose::from("not owed any more from ").when(eyes.times.at(at)))
        }
        (Fate::Lapsed(at), _) => {
            (State::later("Not needed"), Prose::from("not owed any more from ").when(eyes.times.at(at)))
        }
    };
    Owed {
        state,
        what: duty.what.clone(),
        by: duty.owed_by.as_ref().map_or_else(String::new, |p| p.name.clone()),
        due: Prose::default().when(eyes.times.at(duty.due)),
        done,
    }
}
