//! The personal link that asks to let something happen to a system: opening it answers nothing.

use super::{Again, Scene, word_of};
use crate::app::App;
use crate::store::access::PersonalLink;
use crate::web::error::PageError;
use crate::web::pages::frame::page_with;
use crate::web::pages::work::people;
use crate::web::view::link::Answer as Button;
use crate::web::view::parts::{Frame, Icon, Notice, Prose, Stamp};
use crate::web::view::work::Release;
use axum::response::Response;
use muster_core::claim::{Ask, Claims};
use muster_core::contact::Answer;
use muster_core::entry::Settlement;

/// Somebody who is asked to let something happen.
pub struct Asked {
    pub link: PersonalLink,
    pub claims: Claims,
}

impl Asked {
    /// What it is about; none if that is too long ago to be kept.
    pub fn ask(&self) -> Option<&Ask> {
        let summons = self.claims.summonses.iter().find(|s| s.id == self.link.summons)?;
        self.claims.ask(summons.ask?)
    }
}

/// The page, for `ask`.
pub fn render(
    app: &App,
    scene: &Scene,
    frame: Frame,
    token: &str,
    (asked, ask): (&Asked, &Ask),
    again: Again,
) -> Result<Response, PageError> {
    let (claims, me, times) = (&asked.claims, &asked.link.person, &scene.times);
    let place = if ask.host.is_empty() { &claims.name } else { &ask.host };
    let said = claims.said(ask, me).map(|g| g.answer);
    let (heading, notice) = match (&ask.settled, said) {
        (Some(settled), _) => over(settled.how, &settled.reason),
        (None, None) => (format!("{} wants to: {}", ask.person.name, ask.what), why(claims, ask, asked)),
        (None, Some(Answer::Take)) => {
            let text = "It begins when everybody else who is at work lets it happen as well.";
            ("You let it happen".to_owned(), Notice::done("Your answer is in the log.", text))
        }
        (None, Some(Answer::Cannot)) => {
            let text =
                "It does not begin while that stands, unless somebody overrides it with a reason. You are told then.";
            ("You said: not now".to_owned(), Notice::done("Your answer is in the log.", text))
        }
        (None, Some(Answer::Know)) => ("You have read it".to_owned(), why(claims, ask, asked)),
    };
    let line = Prose::default()
        .bold(ask.person.name.clone())
        .text(format!(" wants to do this to {place}: {}. Asked ", ask.what.trim_end_matches('.')))
        .when(times.at_and_distance(ask.at));
    let answers = if ask.settled.is_some() { Vec::new() } else { buttons(said) };
    let page = Release {
        frame,
        person: scene.org.person_ref(me).name,
        action: format!("/l/{token}"),
        stamp: Stamp { act: app.ops.request_id()?, seen: None },
        system: claims.name.clone(),
        heading,
        line,
        refused: again.refused,
        notice,
        people: people(claims, ask, me, times),
        until: Prose::from("It works until ").when(times.at(asked.link.expires_at)).text(" and shows only this."),
        answers,
    };
    page_with(again.status, &page)
}

fn why(claims: &Claims, ask: &Ask, asked: &Asked) -> Notice {
    let (lead, text) = match claims.hits(ask, &asked.link.person) {
        Some(w) if w.logged_in => ("It would cut you off.", format!("You are logged in on {}.", w.host)),
        Some(w) => ("It would cut you off.", format!("You are at work on {}: {}", w.system_name, w.what)),
        None => ("You are a technical contact.", format!("You know what {} bears.", claims.name)),
    };
    Notice { icon: Icon::Ask, ..Notice::warning(lead, text) }
}

fn over(how: Settlement, reason: &str) -> (String, Notice) {
    let heading = match how {
        Settlement::Clear | Settlement::Released => "It may begin",
        Settlement::Overridden => "It was overridden, and begins",
        Settlement::Withdrawn => "It is not wanted any more",
        Settlement::TimedOut => "Nobody settled it in time",
    };
    let reason = if reason.is_empty() { String::new() } else { format!("Why: {reason}") };
    (heading.to_owned(), Notice::done("Nothing is asked of you.", reason))
}

fn buttons(said: Option<Answer>) -> Vec<Button> {
    let button = |answer, words: &str, then: &str, primary| Button {
        value: word_of(answer).into(),
        words: words.into(),
        then: then.into(),
        primary,
    };
    let go = button(Answer::Take, "I let it happen", "You save your work and get out of the way.", true);
    let not_now = button(Answer::Cannot, "Not now", "It waits. They see that you said so.", false);
    match said {
        None | Some(Answer::Know) => vec![go, not_now],
        Some(Answer::Take) => vec![Button { words: "Not now after all".into(), ..not_now }],
        Some(Answer::Cannot) => vec![Button { words: "I let it happen after all".into(), ..go }],
    }
}
