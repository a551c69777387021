//! The load: senders, people who answer their links, an administrator who withdraws; and what each of them was
//! promised by a 2xx.

use super::receiver::Receiver;
use crate::sim::rng::Rng;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How many senders post at once.
const SENDERS: u64 = 6;
/// The hosts of systems whose loss opens an incident at once.
const DOWN: [&str; 4] = ["mail-1", "web-1", "sign-1", "files-1"];

/// How often the signals of one key were accepted.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Count {
    /// A 2xx came back.
    pub sure: u32,
    /// The request was cut off: it may have been accepted, or not.
    pub cut: u32,
}

/// Everything that was promised.
#[derive(Default, Debug)]
pub struct Promised {
    pub keys: BTreeMap<String, Count>,
    /// Keys of a request that was cut off: all of them were accepted, or none.
    pub cut_together: Vec<Vec<String>>,
    /// Ids of messages whose link was answered, with a 2xx.
    pub taken: BTreeSet<String>,
    /// Numbers of incidents that were withdrawn: whether a 2xx came back.
    pub withdrawn: BTreeMap<String, bool>,
    /// Answers that nobody should get: no 2xx, and yet an answer.
    pub refused: Vec<String>,
}

impl Promised {
    /// How many signals: surely accepted, and perhaps.
    pub fn signals(&self) -> (u32, u32) {
        self.keys.values().fold((0, 0), |(sure, cut), c| (sure + c.sure, cut + c.cut))
    }
}

/// What a refusal means to whoever makes load.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusals {
    /// There must be none.
    Wrong,
    /// The database is in trouble, so 503 is right, and nothing of what was asked may be there.
    NotDone,
    /// As before, but not everything is refused.
    SomeNotDone,
    /// As [`Refusals::NotDone`], but the connection may have been cut in the middle of a COMMIT, so that it may be there.
    PerhapsDone,
}

/// What everybody who makes load needs.
#[derive(Clone)]
pub struct Load {
    pub http: reqwest::Client,
    pub url: String,
    pub intake_key: String,
    pub api_token: String,
    pub promised: Arc<Mutex<Promised>>,
    /// How many requests were answered with 2xx in this round.
    pub accepted: Arc<watch::Sender<usize>>,
    pub refusals: Refusals,
    /// How many requests were answered with 503 in this round, rightly.
    pub unavailable: Arc<watch::Sender<usize>>,
    /// Ends the load though the server lives.
    pub enough: watch::Receiver<bool>,
}

impl Load {
    /// Begins the load of a round. The tasks end with the server, or when it is enough.
    pub fn begin(&self, round: u32, rng: &Rng, people: Option<(&Arc<Receiver>, Vec<String>)>) -> JoinSet<()> {
        let mut tasks = JoinSet::new();
        for sender in 0..SENDERS {
            let (load, rng) = (self.clone(), Rng::new(rng.next()));
            tasks.spawn(async move { load.send(round, sender, &rng).await });
        }
        if let Some((receiver, live)) = people {
            let (load, receiver, dice) = (self.clone(), receiver.clone(), Rng::new(rng.next()));
            tasks.spawn(async move { load.answer_links(&receiver, &dice).await });
            let (load, dice) = (self.clone(), Rng::new(rng.next()));
            tasks.spawn(async move { load.withdraw_all(&live, &dice).await });
        }
        tasks
    }

    async fn send(&self, round: u32, sender: u64, rng: &Rng) {
        let mut known: Vec<(String, &str)> = Vec::new();
        for n in 0.. {
            if *self.enough.borrow() {
                return;
            }
            let batch = if rng.chance(25) { rng.range(2, 5) } else { 1 };
            let mut events = Vec::new();
            let mut new = Vec::new();
            for nth in 0..batch {
                let again = rng.pick(&known).filter(|_| batch == 1 && rng.chance(30)).cloned();
                let (key, host) = again.clone().unwrap_or_else(|| {
                    let host = if rng.chance(30) {
                        *rng.pick(&DOWN).unwrap()
                    } else {
                        *rng.pick(&["print-1", "note-1"]).unwrap()
                    };
                    (format!("{host}/{round}.{sender}.{n}.{nth}"), host)
                });
                let status = if again.is_some() && rng.chance(60) { "resolved" } else { "firing" };
                events.push(json!({ "key": key, "host": host, "title": "Does not answer", "status": status, "severity": "critical" }));
                if again.is_none() {
                    new.push((key, host));
                }
            }
            if !self.post(&events).await {
                return;
            }
            known.extend(new);
            tokio::time::sleep(Duration::from_micros(rng.range(0, 6_000))).await;
        }
    }

    /// Posts events as one request and writes down what became of it. Whether the server still answers.
    pub async fn post(&self, events: &[Value]) -> bool {
        let keys: Vec<String> = events.iter().map(|e| e["key"].as_str().unwrap().to_owned()).collect();
        let count = |f: fn(&mut Count)| {
            let mut promised = self.promised.lock().unwrap();
            keys.iter().for_each(|key| f(promised.keys.entry(key.clone()).or_default()));
        };
        count(|c| c.cut += 1);
        let asked = self.http.post(format!("{}/in/generic", self.url)).bearer_auth(&self.intake_key).json(&events);
        let answer = match asked.send().await {
            Ok(answer) => answer,
            Err(_) => {
                self.promised.lock().unwrap().cut_together.push(keys);
                return false;
            }
        };
        let status = answer.status();
        if status.is_success() {
            count(|c| (c.cut, c.sure) = (c.cut - 1, c.sure + 1));
            self.accepted.send_modify(|n| *n += 1);
        } else if status == 503 && answer.headers().contains_key("retry-after") && self.refusals != Refusals::Wrong {
            if self.refusals != Refusals::PerhapsDone {
                count(|c| c.cut -= 1);
            }
            self.unavailable.send_modify(|n| *n += 1);
        } else {
            count(|c| c.cut -= 1);
            self.refused(format!("{status} to the signals {keys:?}"));
        }
        true
    }

    fn refused(&self, what: String) {
        self.promised.lock().unwrap().refused.push(what);
    }

    /// Some of those who get a message take it.
    async fn answer_links(&self, receiver: &Receiver, rng: &Rng) {
        let mut counts = receiver.counts();
        let mut seen = receiver.receipts().len();
        let mut enough = self.enough.clone();
        loop {
            let go_on = tokio::select! {
                more = counts.changed() => more.is_ok(),
                _ = enough.wait_for(|enough| *enough) => false,
                // The server is dead by then; nothing more will arrive for this task.
                () = tokio::time::sleep(Duration::from_secs(2)) => false,
            };
            if !go_on {
                return;
            }
            let receipts = receiver.receipts();
            for receipt in &receipts[seen..] {
                // What administrators get leads to the incident, and asks for nothing.
                let path = receipt.link.as_ref().and_then(|link| link.strip_prefix("http://muster.test"));
                let Some(path) = path.filter(|path| path.starts_with("/l/") && rng.chance(40)) else { continue };
                let asked = self.http.post(format!("{}{path}", self.url)).header("sec-fetch-site", "same-origin");
                match asked.form(&[("answer", "take")]).send().await {
                    // Sent back to the page that shows what came of it.
                    Ok(answer) if answer.status() == 303 => {
                        self.promised.lock().unwrap().taken.insert(receipt.id.clone());
                    }
                    // Somebody else was quicker, or it is over.
                    Ok(answer) if answer.status() == 409 => {}
                    Ok(answer) => self.refused(format!("{} to an answer by link", answer.status())),
                    Err(_) => return,
                }
            }
            seen = receipts.len();
        }
    }

    /// An administrator withdraws what earlier rounds left open.
    async fn withdraw_all(&self, live: &[String], rng: &Rng) {
        for number in live {
            tokio::time::sleep(Duration::from_micros(rng.range(0, 30_000))).await;
            if *self.enough.borrow() || !self.withdraw(number).await {
                return;
            }
        }
    }

    /// Withdraws one incident, under the same idempotency key however often it is asked. Whether the server answers.
    pub async fn withdraw(&self, number: &str) -> bool {
        self.promised.lock().unwrap().withdrawn.entry(number.to_owned()).or_insert(false);
        let asked = self.http.post(format!("{}/api/v1/incidents/{number}/withdraw", self.url));
        let asked = asked.bearer_auth(&self.api_token).header("idempotency-key", format!("withdraw {number}"));
        match asked.json(&json!({ "reason": "Only a test." })).send().await {
            Ok(answer) if answer.status().is_success() => {
                self.promised.lock().unwrap().withdrawn.insert(number.to_owned(), true);
                true
            }
            Ok(answer) => {
                self.refused(format!("{} to the withdrawal of {number}", answer.status()));
                true
            }
            Err(_) => false,
        }
    }
}
