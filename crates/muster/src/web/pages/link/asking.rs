//! The question: what is wrong, how bad, who was tried, and three answers.

use super::{View, word_of};
use crate::web::pages::phrases::counted;
use crate::web::view::link::{About, Answer as Button, Page};
use crate::web::view::parts::{Callee, Fact, Field, Health, Icon, Notice, Prose, State};
use crate::web::view::time::length;
use muster_core::alert::Status;
use muster_core::contact::{Answer, Outcome};
use muster_core::entry::{Candidate, Purpose};
use muster_core::summons::Attempt;

/// Titles of alerts that fit beside the question; the incident's page has them all.
const ALERTS_SHOWN: usize = 3;

impl View<'_> {
    pub(super) fn asking(&self, refused: Option<Notice>, input: Field) -> Page {
        Page {
            person: self.summons.chain[self.me].person.name.clone(),
            action: self.action.clone(),
            stamp: self.stamp.clone(),
            about: self.about(),
            elapsed: self.elapsed(),
            systems: self.incident.systems.iter().map(|s| Health::from(s.condition).of(&s.name)).collect(),
            facts: self.facts(),
            asked: self.asked(),
            refused,
            tried: self.chain(),
            known: self.known_facts(),
            known_at: self.scene.times.at_and_distance(self.incident.last_recorded_at),
            until: Prose::from("It works until ")
                .when(self.scene.times.at(self.until))
                .text(" and shows only this incident."),
            input: self.question().map(|_| input),
            answers: match self.question() {
                Some(_) => vec![self.button(Answer::Cannot, "I cannot say")],
                None if self.summons.purpose == Purpose::Tell => {
                    vec![self.button(Answer::Know, "I have read it"), self.button(Answer::Cannot, "It is not for me")]
                }
                None => [Answer::Take, Answer::Know, Answer::Cannot].map(|a| self.button(a, a.words())).into(),
            },
            frame: self.frame.clone(),
        }
    }

    pub(super) fn about(&self) -> About {
        About {
            number: self.incident.number.clone(),
            severity: self.incident.severity.into(),
            title: self.incident.title.clone(),
        }
    }

    fn elapsed(&self) -> Prose {
        let times = &self.scene.times;
        let Some(down) = self.incident.went_down else {
            return Prose::from("Discovered ").when(times.at_and_distance(self.incident.discovered_at));
        };
        let about = if down.estimate { "about " } else { "" };
        let lasted = length(times.now().duration_since(down.at));
        Prose::default().bold(lasted).text(format!(" down, since {about}")).when(times.at(down.at))
    }

    fn facts(&self) -> Vec<Fact> {
        let people = self.incident.head_count();
        let about = (people > 0).then(|| Fact::new("About", counted(people, "person", "people")));
        let manager = self.incident.manager.as_ref().map_or("Nobody yet", |m| m.person.name.as_str());
        let me = &self.summons.chain[self.me].person.id;
        let wanted = !matches!(self.summons.purpose, Purpose::Input | Purpose::Tell | Purpose::Release);
        let wanted = wanted.then(|| Fact::new("Wanted", self.incident.presence_of(me).words()));
        about.into_iter().chain([Fact::new("Manager", manager)]).chain(wanted).collect()
    }

    fn asked(&self) -> Notice {
        let about = &self.summons.about;
        let manager = self.incident.manager.as_ref().map(|m| m.person.name.as_str());
        let lead = match self.summons.purpose {
            Purpose::TakeCharge => "Asked of you: take this incident.".to_owned(),
            Purpose::Assist => format!("Asked of you: help with {about}."),
            Purpose::HandOver => "Asked of you: become Incident Manager.".to_owned(),
            Purpose::Release => format!("Asked of you: let it happen, {about}."),
            Purpose::Input => return self.asked_for_input(),
            Purpose::Tell => return self.told(),
            Purpose::Communicate => "Asked of you: become Communications Manager.".to_owned(),
        };
        let who = match (self.summons.purpose, manager) {
            (Purpose::TakeCharge, _) => {
                format!("You are number {} of {} who are asked about {about}.", self.me + 1, self.summons.chain.len())
            }
            (_, Some(name)) => format!("{name} is Incident Manager."),
            (_, None) => String::new(),
        };
        let before: Vec<_> = self.summons.chain[..self.me].iter().map(|c| c.person.name.as_str()).collect();
        let before = match before.as_slice() {
            [] => String::new(),
            [one] => format!(" {one} has not taken it."),
            [all @ .., last] => format!(" {} and {last} have not taken it.", all.join(", ")),
        };
        Notice { icon: Icon::Ask, ..Notice::note(lead, format!("{who}{before}").trim().to_owned()) }
    }

    /// That the reader must be told, and that this page has not done it.
    fn told(&self) -> Notice {
        let text = match self.incident.manager.as_ref() {
            Some(m) => format!("Ring {}, Incident Manager: only a conversation counts as having told you.", m.person),
            None => "Nobody is Incident Manager yet. Only a conversation counts as having told you.".to_owned(),
        };
        Notice { icon: Icon::Phone, ..Notice::note("You must know of this.", text) }
    }

    /// What is asked, in full, and by whom.
    fn asked_for_input(&self) -> Notice {
        let Some(question) = self.question() else { return Notice::note("Asked of you:", self.summons.about.clone()) };
        let lead = format!("{} asks you:", question.asked.by);
        Notice { icon: Icon::Ask, ..Notice::note(lead, question.asked.text.clone()) }
    }

    fn known_facts(&self) -> Vec<Fact> {
        let incident = self.incident;
        let mut facts = vec![Fact::new("State", incident.state_words())];
        if let Some(asked) = incident.roles.hand_over(&self.summons.id) {
            facts.push(Fact::new(format!("{} says", asked.by), asked.reason.clone()));
            facts.push(Fact::new("How things stand", asked.brief.clone()));
        }
        if !incident.symptoms.is_empty() {
            facts.push(Fact::new("Problem as known", incident.symptoms.clone()));
        }
        let firing: Vec<_> = incident.alerts.values().filter(|a| a.status == Status::Firing).collect();
        let titles: Vec<_> = firing.iter().take(ALERTS_SHOWN).map(|a| a.title.as_str()).collect();
        if !titles.is_empty() {
            let more = firing.len() - titles.len();
            let more = if more > 0 { format!("; {more} more") } else { String::new() };
            facts.push(Fact::new("Alerts", format!("{}{more}", titles.join("; "))));
        }
        facts
    }

    /// The chain as the reader sees it.
    fn chain(&self) -> Vec<Callee> {
        let next = self.summons.asks_after().filter(|_| self.summons.asking().is_some());
        self.summons.chain.iter().enumerate().map(|(nth, c)| self.callee(nth, c, next == Some(nth))).collect()
    }

    fn callee(&self, nth: usize, candidate: &Candidate, next: bool) -> Callee {
        let me = nth == self.me;
        let attempts = self.summons.attempts.iter().rev().filter(|a| a.candidate == nth);
        let tries: Vec<_> = attempts.map(|a| self.attempt(a)).collect();
        let asking = self.summons.asking().is_some_and(|c| c.person.id == candidate.person.id);
        let answer = self.summons.answer_of(&candidate.person.id).map(|g| g.answer);
        let state = match answer {
            Some(Answer::Take) => Some(State::done("Took it")),
            Some(Answer::Know) => Some(State::done("Knows")),
            Some(Answer::Cannot) => Some(State::not("Cannot")),
            None if me => Some(State::waiting("Waiting for your answer")),
            None if asking => Some(State::waiting("Is asked now")),
            None if next => Some(self.next_state()),
            None if !tries.is_empty() => Some(State::not("Not reached")),
            None => None,
        };
        Callee {
            person: candidate.person.id.0.clone(),
            name: if me { "You".into() } else { candidate.person.name.clone() },
            title: candidate.title.clone(),
            tel: None,
            state,
            next: me,
            say: None,
            tries,
            answerable: false,
        }
    }

    fn next_state(&self) -> State {
        match self.summons.asking_until(self.scene.times.now(), self.up_since) {
            Some(at) if at > self.scene.times.now() => {
                State::later(format!("Next, in {}", length(at.duration_since(self.scene.times.now()))))
            }
            _ => State::later("Next"),
        }
    }

    fn attempt(&self, attempt: &Attempt) -> Prose {
        let counts = match attempt.outcome {
            Outcome::Queued | Outcome::Reached(_) => "",
            Outcome::Sent
            | Outcome::Delivered
            | Outcome::MessageLeft
            | Outcome::NoAnswer
            | Outcome::Busy
            | Outcome::WrongNumber
            | Outcome::Failed => ", does not count",
        };
        let words = format!(" {}, {}{counts}", attempt.means.word(), attempt.outcome.word());
        Prose::default().when(self.scene.times.clock(attempt.at)).text(words)
    }

    pub(super) fn button(&self, answer: Answer, words: &str) -> Button {
        let then = match answer {
            Answer::Take if self.summons.purpose == Purpose::Assist => "You work on it. The calls stop.".to_owned(),
            Answer::Take if self.summons.purpose == Purpose::Input => "You write it here. The calls stop.".to_owned(),
            Answer::Take if self.summons.purpose == Purpose::Communicate => {
                "You speak for it from now on. The calls stop.".to_owned()
            }
            Answer::Take => "You become Incident Manager. The calls stop.".to_owned(),
            Answer::Know if self.summons.purpose == Purpose::Tell => {
                "The next of the list is called as well.".to_owned()
            }
            Answer::Know if matches!(self.summons.purpose, Purpose::HandOver | Purpose::Communicate) => {
                "You are told. It stays where it is.".to_owned()
            }
            Answer::Know => "You are told, another is found.".to_owned(),
            Answer::Cannot => self.after_me(),
        };
        Button {
            value: word_of(answer).into(),
            words: words.into(),
            then,
            primary: answer == Answer::Take || (self.summons.purpose == Purpose::Tell && answer == Answer::Know),
        }
    }

    /// What happens when the reader cannot.
    fn after_me(&self) -> String {
        let me = &self.summons.chain[self.me].person.id;
        let next = self.summons.asks_after().and_then(|n| self.summons.chain.get(n));
        match (self.summons.asking(), next) {
            (Some(asking), _) if asking.person.id != *me => format!("{} is being asked.", asking.person.name),
            (_, Some(next)) => format!("{} is asked at once.", next.person.name),
            (_, None) if matches!(self.summons.purpose, Purpose::HandOver | Purpose::Communicate) => {
                "It stays where it is.".into()
            }
            (_, None) if self.summons.purpose == Purpose::Input => "You owe nothing here.".into(),
            (_, None) => "Nobody else is left: Muster tells the administrators.".into(),
        }
    }
}
