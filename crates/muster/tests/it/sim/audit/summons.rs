//! A search for somebody as the auditor sees it, and what it owes at a moment.

use super::{Finding, span, text};
use serde_json::Value;
use std::collections::BTreeSet;

pub struct Summons {
    pub id: String,
    pub purpose: String,
    /// Each with how long to wait after each of their means.
    chain: Vec<(String, Vec<Option<i64>>)>,
    /// For which duty to tell.
    pub tell: Option<String>,
    wait: i64,
    started_at: i64,
    tries: Vec<Try>,
    answers: Vec<Answer>,
    /// The newest round that was said to be in vain, and when.
    alarm: (i64, i64),
    /// Who has left, and is asked no more.
    left: BTreeSet<String>,
    ended: bool,
}

struct Try {
    id: String,
    entry: i64,
    place: (usize, usize, i64),
    at: i64,
    wait: i64,
    dead_end: bool,
    /// It was said that it waits to be sent.
    waits: bool,
    /// By what, to where.
    address: (String, String),
}

struct Answer {
    entry: i64,
    person: String,
    says: String,
    /// By a key on a call.
    spoken: bool,
    at: i64,
    taken_back: bool,
}

/// What a search owes.
#[derive(PartialEq, Debug)]
pub enum Owed {
    /// It is over.
    Nothing,
    /// To try this means of this person in this round, now.
    Try(usize, usize, i64),
    /// To say loudly that this round was in vain, now.
    Alarm(i64),
    /// To wait until then.
    Until(i64),
}

/// The shortest time between two rounds.
const BETWEEN_ROUNDS: i64 = 20_000;
/// A means of which nothing more can come.
const DEAD_ENDS: [&str; 5] = ["no-answer", "busy", "message-left", "wrong-number", "failed"];

impl Summons {
    pub fn begin(fact: &Value, at: i64) -> Option<Self> {
        let person = |c: &Value| {
            let means = c["means"].as_array()?.iter().map(|m| span(&m["wait"])).collect();
            Some((text(&c["person"]["id"]), means))
        };
        Some(Self {
            id: text(&fact["summons"]),
            purpose: text(&fact["purpose"]),
            chain: fact["chain"].as_array()?.iter().map(person).collect::<Option<_>>()?,
            tell: fact["tell"].as_str().map(str::to_owned),
            wait: span(&fact["wait"])?,
            started_at: at,
            tries: Vec::new(),
            answers: Vec::new(),
            alarm: (0, at),
            left: BTreeSet::new(),
            ended: false,
        })
    }

    /// Whether it still means to ask somebody of those who have left.
    pub fn asks_any(&self, gone: &BTreeSet<String>) -> bool {
        self.is_live() && self.chain.iter().any(|c| gone.contains(&c.0) && !self.left.contains(&c.0))
    }

    pub fn started_at(&self) -> i64 {
        self.started_at
    }

    /// Whether it asks that person.
    pub fn asks(&self, person: &str) -> bool {
        self.chain.iter().any(|c| c.0 == person)
    }

    /// The newest standing answer of that person.
    pub fn says(&self, person: &str) -> Option<&str> {
        self.answer(person).map(|a| a.says.as_str())
    }

    fn answer(&self, person: &str) -> Option<&Answer> {
        self.answers.iter().rfind(|a| a.person == person && !a.taken_back)
    }

    /// Whether it looks for somebody: not ended, and nobody has what it is for.
    pub fn is_live(&self) -> bool {
        !self.ended && self.taker().is_none()
    }

    /// Who said last "take", if that is their last word; where people are only to be told, that they were, on a call.
    fn taker(&self) -> Option<&str> {
        let meets = |a: &&Answer| match self.tell {
            Some(_) => a.spoken && a.says != "cannot",
            None => a.says == "take",
        };
        let last = self.answers.iter().filter(|a| !a.taken_back).rfind(meets)?;
        self.answer(&last.person).filter(|word| word.entry == last.entry).map(|word| word.person.as_str())
    }

    /// Whom it tried, and who answered it.
    pub fn contacted(&self) -> impl Iterator<Item = String> {
        let tried = self.tries.iter().map(|t| self.chain[t.place.0].0.clone());
        tried.chain(self.answers.iter().filter(|a| !a.taken_back).map(|a| a.person.clone()))
    }

    /// Who was spoken to on a call, in which entry, when.
    pub fn spoken(&self) -> impl Iterator<Item = (i64, &str, i64)> {
        self.answers.iter().filter(|a| a.spoken && !a.taken_back).map(|a| (a.entry, a.person.as_str(), a.at))
    }

    /// Whether that person answered after that try, or was never tried and answered.
    pub fn has_answered(&self, try_id: &str) -> bool {
        let Some(tried) = self.tries.iter().find(|t| t.id == try_id) else { return true };
        let person = &self.chain[tried.place.0].0;
        self.left.contains(person) || self.answer(person).is_some_and(|a| a.entry > tried.entry)
    }

    /// Whether a newer try asks the same person by the same means at the same address.
    pub fn is_repeated(&self, try_id: &str) -> bool {
        let Some(nth) = self.tries.iter().position(|t| t.id == try_id) else { return false };
        let tried = &self.tries[nth];
        self.tries[nth + 1..].iter().any(|t| t.place.0 == tried.place.0 && t.address == tried.address)
    }

    pub fn has_tried(&self, try_id: &str) -> bool {
        self.tries.iter().any(|t| t.id == try_id)
    }

    /// The rounds of which it was said that they were in vain.
    pub fn rounds_in_vain(&self) -> impl Iterator<Item = i64> {
        1..=self.alarm.0
    }

    pub fn tries(&self) -> impl Iterator<Item = &str> {
        self.tries.iter().map(|t| t.id.as_str())
    }

    fn next_person(&self, from: usize, round: i64) -> Option<usize> {
        let willing = |n: &usize| {
            let (person, means) = &self.chain[*n];
            let says = self.says(person);
            !means.is_empty()
                && !self.left.contains(person)
                && (says.is_none() || (matches!(says, Some("know" | "take")) && round > 1))
        };
        (from..self.chain.len()).find(willing)
    }

    pub fn owed(&self, now: i64, up_since: i64) -> Owed {
        // Of a clock that was set back since, nobody waits for the moments.
        let up_since = up_since.min(now);
        let from = |at: i64| if at > now { up_since } else { at };
        if !self.is_live() {
            return Owed::Nothing;
        }
        let round = match self.tries.last() {
            None => match self.next_person(0, 1) {
                Some(person) => return Owed::Try(person, 0, 1),
                None => 1,
            },
            Some(last) => {
                let (person, nth, round) = last.place;
                if !self.has_answered(&last.id) {
                    let patience = from(last.at).max(up_since) + last.wait;
                    if !last.dead_end && patience > now {
                        return Owed::Until(patience);
                    }
                    if nth + 1 < self.chain[person].1.len() {
                        return Owed::Try(person, nth + 1, round);
                    }
                }
                if let Some(next) = self.next_person(person + 1, round) {
                    return Owed::Try(next, 0, round);
                }
                round
            }
        };
        if self.purpose == "release" {
            return Owed::Nothing; // it waits for an answer for as long as it is wanted
        }
        if self.alarm.0 < round {
            return Owed::Alarm(round);
        }
        let next = self.alarm.0 + 1;
        let (since, then) = match self.next_person(0, next) {
            Some(person) => (self.tries.last().map_or(self.started_at, |t| t.at), Owed::Try(person, 0, next)),
            None => (self.alarm.1, Owed::Alarm(next)),
        };
        let pause = from(since) + self.wait.max(BETWEEN_ROUNDS);
        if pause > now { Owed::Until(pause) } else { then }
    }

    pub fn apply(&mut self, kind: &str, fact: &Value, times: (i64, i64, i64)) -> Result<(), Finding> {
        let (entry, at, up_since) = times;
        let owed = self.owed(at, up_since);
        match kind {
            "tried" => {
                let number =
                    |name: &str| fact[name].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(usize::MAX);
                let place = (number("candidate"), number("nth"), fact["round"].as_i64().unwrap_or(0));
                if owed != Owed::Try(place.0, place.1, place.2) {
                    return Err(format!("tries {place:?} where it owes {owed:?}"));
                }
                let (person, means) = &self.chain[place.0];
                if text(&fact["person"]["id"]) != *person {
                    return Err("tries somebody else than the chain says".into());
                }
                let is_last = place.1 + 1 == means.len();
                let wait = means[place.1].filter(|w| !(is_last && *w == 0)).unwrap_or(self.wait);
                if span(&fact["wait"]) != Some(wait) {
                    return Err(format!("waits {} where {wait} ms are due", fact["wait"]));
                }
                let id = text(&fact["attempt"]);
                self.tries.push(Try {
                    id,
                    entry,
                    place,
                    at,
                    wait,
                    dead_end: false,
                    waits: false,
                    address: (text(&fact["means"]), text(&fact["to"])),
                });
            }
            "graded" => {
                let id = text(&fact["attempt"]);
                let Some(tried) = self.tries.iter_mut().find(|t| t.id == id) else {
                    return Err("graded no try".into());
                };
                if fact["outcome"].get("reached").is_some() {
                    return Err("a provider cannot say that somebody was reached".into());
                }
                if fact["outcome"] == "queued" && std::mem::replace(&mut tried.waits, true) {
                    return Err("says twice that a message waits".into());
                }
                tried.dead_end = DEAD_ENDS.contains(&fact["outcome"].as_str().unwrap_or_default());
            }
            "nobody-reached" => {
                let round = fact["round"].as_i64().unwrap_or(0);
                if owed != Owed::Alarm(round) {
                    return Err(format!("an alarm for round {round} where it owes {owed:?}"));
                }
                self.alarm = (round, at);
            }
            "passed-over" => {
                let person = text(&fact["person"]["id"]);
                if !self.asks(&person) || !self.left.insert(person) {
                    return Err("passes over somebody whom it does not ask".into());
                }
            }
            "summons-ended" => self.ended = true,
            _ => {}
        }
        Ok(())
    }

    pub fn answered(&mut self, person: &str, says: &str, via: &str, times: (i64, i64)) -> Result<(), Finding> {
        let ((entry, at), login) = (times, via == "login");
        if self.ended {
            return Err("answered what has ended".into());
        }
        if !login && !self.chain.iter().any(|c| c.0 == person) {
            return Err("answered without being asked".into());
        }
        if self.taker().is_some_and(|taker| taker != person) {
            return Err("answered what somebody else has taken".into());
        }
        self.answers.push(Answer {
            entry,
            person: person.to_owned(),
            says: says.to_owned(),
            spoken: via == "key",
            at,
            taken_back: false,
        });
        Ok(())
    }

    /// Whose answer it was.
    pub fn take_back(&mut self, mistaken: i64) -> Option<String> {
        let answer = self.answers.iter_mut().find(|a| a.entry == mistaken)?;
        answer.taken_back = true;
        Some(answer.person.clone())
    }
}
