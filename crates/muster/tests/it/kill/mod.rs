//! kill -9 on the real binary, under load, again and again: accepted minus accounted for is 0, every due summons goes
//! out after the restart, and what was being sent at the crash is sent again.
//!
//! Reading order: this page (a round), [`schedule`] (when the kill falls), [`load`] (who promises what), [`check`] (what
//! must hold). The kill of a round is drawn from the seed and its number; what the machine makes of it differs from run
//! to run. `tests/kill-rounds N [SEED]` runs more of them.
//!
//! A process that is killed leaves what it has written in the machine's memory, so this proves the order of commits,
//! answers and sends, and not that a disk keeps them when the power fails: `store_trouble.rs` sees that commits wait for it.

mod check;
mod load;
mod receiver;
mod schedule;
mod server;
mod trouble;

use crate::sim::from_environment;
use check::{OUT_WITHIN, State, balanced, wait_until};
use load::{Load, Promised, Refusals};
use muster::clock::{Clock, SystemClock};
use receiver::{Receipt, Receiver};
use schedule::Window;
use server::{Installation, Server};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::watch;

/// How long what a kill waits for may take to come.
const MOMENT_WITHIN: Duration = Duration::from_secs(20);
/// Every how many rounds the whole database is proved.
const VERIFY_EVERY: u32 = 5;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_by_kill_9_on_sqlite() {
    let rounds = from_environment("MUSTER_KILL_ROUNDS").unwrap_or(50);
    let receiver = Arc::new(Receiver::start().await);
    let installation = Installation::on_sqlite(&organisation(receiver.port)).await;
    Killing::new(installation, receiver).run(rounds).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_by_kill_9_on_postgres() {
    let rounds = from_environment::<u32>("MUSTER_KILL_ROUNDS").unwrap_or(50).div_ceil(10);
    let receiver = Arc::new(Receiver::start().await);
    let installation = Installation::on_postgres(&organisation(receiver.port)).await;
    Killing::new(installation, receiver).run(rounds).await;
}

/// Four systems that are asked about at once, one that is watched, and one that only tells. Waits are so short that
/// a summons is always about to go on.
fn organisation(port: u16) -> String {
    let person = |id: &str, name: &str, role: &str, means: &[&str]| {
        let means: Vec<_> = means
            .iter()
            .map(|path| format!("{{ kind = \"webhook\", to = \"http://127.0.0.1:{port}/{path}\", wait = \"200ms\" }}"))
            .collect();
        format!("[people.{id}]\nname = \"{name}\"\nrole = \"{role}\"\nmeans = [{}]\n", means.join(", "))
    };
    let mut text =
        "[organisation]\nname = \"Killed\"\ntime_zone = \"UTC\"\n[intake.load]\nname = \"Load\"\n".to_owned();
    text += &person("ana", "Ana Lopes", "responder", &["ana", "ana-again"]);
    text += &person("ben", "Ben Tallis", "responder", &["ben"]);
    text += &person("root", "Rosa Admin", "administrator", &["root"]);
    for system in ["mail", "web", "sign", "files", "print"] {
        let scope = if system == "print" { "departmental" } else { "organisation-wide" };
        text += &format!(
            "[systems.{system}]\nname = \"{system}\"\nscope = \"{scope}\"\ncontacts = [\"ana\", \"ben\"]\n\
             [[rules]]\nname = \"{system}\"\nhost = \"{system}-*\"\nsystem = \"{system}\"\ncondition = \"down\"\n"
        );
    }
    text + "[[rules]]\nname = \"notes\"\nhost = \"note-*\"\ncondition = \"information\"\n"
}

/// A run under way.
struct Killing {
    installation: Installation,
    receiver: Arc<Receiver>,
    http: reqwest::Client,
    promised: Arc<Mutex<Promised>>,
    seed: u64,
    /// Counts the starts.
    life: u32,
    /// Numbers of incidents that are open.
    live: Vec<String>,
    /// How many sends were in flight at a kill, over all rounds.
    in_flight: u32,
}

impl Killing {
    fn new(installation: Installation, receiver: Arc<Receiver>) -> Self {
        muster::outgoing::install_crypto();
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(20))
            .build()
            .unwrap();
        let seed = from_environment("MUSTER_KILL_SEED").unwrap_or(1);
        Self { installation, receiver, http, promised: Arc::default(), seed, life: 0, live: vec![], in_flight: 0 }
    }

    async fn run(mut self, rounds: u32) {
        let mut server = self.start();
        server.ready(&self.http).await;
        for round in 1..=rounds {
            server = self.round(round, server).await;
        }
        self.finish(server, rounds).await;
    }

    fn start(&mut self) -> Server {
        self.life += 1;
        self.installation.start(&self.receiver.secret_of(self.life), &[])
    }

    async fn round(&mut self, round: u32, mut server: Server) -> Server {
        let (kill, rng) = schedule::of(self.seed, round);
        let (enough, load) = self.load(&server);
        let holds = kill.window == Window::InFlight;
        let live = std::mem::take(&mut self.live);
        // While a send is held nobody takes or withdraws anything, so that it must go out again. Before that everything
        // is withdrawn: a system whose incident is open would ask nobody anew.
        let people = if holds {
            for number in &live {
                assert!(load.withdraw(number).await, "the server is gone before it is killed");
            }
            None
        } else {
            Some((&self.receiver, live))
        };
        self.receiver.hold(holds);
        let mut tasks = load.begin(round, &rng, people);
        let came = tokio::time::timeout(MOMENT_WITHIN, self.moment(kill.window, &load)).await;
        assert!(came.is_ok(), "round {round} of seed {}: what {kill} waits for never came", self.seed);
        tokio::time::sleep(kill.after).await;
        server.kill();
        enough.send_replace(true);
        let mut in_flight = self.unanswered();
        self.receiver.hold(false);
        let mut server = self.start();
        if kill.window == Window::Starting {
            tokio::time::sleep(kill.again_after).await;
            server.kill();
            in_flight.append(&mut self.unanswered());
            server = self.start();
        }
        while let Some(ended) = tasks.join_next().await {
            ended.unwrap();
        }
        let took = server.ready(&self.http).await;
        let (sure, cut) = self.promised.lock().unwrap().signals();
        println!(
            "round {round}: {kill}; {sure} signals sure and {cut} cut off so far, {} sends in flight, ready after {took:?}",
            in_flight.len()
        );
        self.in_flight += u32::try_from(in_flight.len()).unwrap();
        if let Err(wrong) = self.check(&server, round, &in_flight).await {
            panic!(
                "{}\n\nround {round} of seed {}: {kill}\nagain: tests/kill-rounds {round} {}",
                wrong.join("\n"),
                self.seed,
                self.seed
            );
        }
        server
    }

    /// What the server that was just killed was sending.
    fn unanswered(&self) -> BTreeMap<String, u32> {
        self.receiver.unanswered(self.life).into_iter().map(|id| (id, self.life)).collect()
    }

    fn load(&self, server: &Server) -> (watch::Sender<bool>, Load) {
        let (enough, told) = watch::channel(false);
        let load = Load {
            http: self.http.clone(),
            url: server.url.clone(),
            intake_key: self.installation.intake_key.clone(),
            api_token: self.installation.api_token.clone(),
            promised: self.promised.clone(),
            accepted: Arc::new(watch::channel(0).0),
            refusals: Refusals::Wrong,
            unavailable: Arc::new(watch::channel(0).0),
            enough: told,
        };
        (enough, load)
    }

    /// Waits for what the kill waits for.
    async fn moment(&self, window: Window, load: &Load) {
        let (arrived, answered) = *self.receiver.counts().borrow();
        match window {
            Window::UnderLoad | Window::Starting => {}
            Window::Accepted => drop(load.accepted.subscribe().wait_for(|n| *n > 0).await),
            Window::Delivered => self.receiver.has(|(_, n)| n > answered).await,
            Window::InFlight => self.receiver.has(|(n, _)| n > arrived).await,
        }
    }

    async fn check(
        &mut self,
        server: &Server,
        round: u32,
        in_flight: &BTreeMap<String, u32>,
    ) -> Result<(), Vec<String>> {
        let then = SystemClock.now().as_millisecond();
        self.ask_again(server).await?;
        self.books(server).await?;
        let overdue = |state: &State, receipts: &[Receipt]| state.overdue(then, in_flight, receipts);
        let state = wait_until(&self.installation, &self.receiver, OUT_WITHIN, overdue).await?;
        let wrong = {
            let mut promised = self.promised.lock().unwrap();
            let wrong = state.signals(&mut promised).into_iter().chain(state.acts(&promised));
            wrong.chain(promised.refused.clone()).collect::<Vec<_>>()
        };
        if !wrong.is_empty() {
            return Err(wrong);
        }
        self.live = state.incidents.iter().filter(|i| i.live).map(|i| i.number.clone()).collect();
        match round % VERIFY_EVERY {
            0 => self.verify(server).await,
            _ => Ok(()),
        }
    }

    /// Whoever was cut off asks again, as a careful program does: under the same key, so that it is done once.
    async fn ask_again(&self, server: &Server) -> Result<(), Vec<String>> {
        let (_enough, load) = self.load(server);
        let withdrawn = self.promised.lock().unwrap().withdrawn.clone();
        for (number, _) in withdrawn.into_iter().filter(|(_, sure)| !sure) {
            if !load.withdraw(&number).await {
                return Err(vec![format!("the withdrawal of {number} cannot be repeated")]);
            }
        }
        Ok(())
    }

    /// The server's own books balance, and hold what was promised.
    async fn books(&self, server: &Server) -> Result<(), Vec<String>> {
        let asked = self.http.get(format!("{}/metrics", server.url)).send().await;
        let accepted = balanced(&asked.unwrap().text().await.unwrap())?;
        let (sure, cut) = self.promised.lock().unwrap().signals();
        match (sure..=sure + cut).contains(&accepted) {
            true => Ok(()),
            false => Err(vec![format!("{accepted} signals in the books; {sure} surely accepted, {cut} perhaps")]),
        }
    }

    async fn verify(&self, server: &Server) -> Result<(), Vec<String>> {
        let asked = self.http.post(format!("{}/api/v1/verify", server.url));
        let asked = asked.bearer_auth(&self.installation.api_token).json(&serde_json::json!({})).send().await;
        let answer: serde_json::Value = asked.unwrap().json().await.unwrap();
        match answer["wrong"].is_null() && answer["entries"].as_u64() > Some(0) {
            true => Ok(()),
            false => Err(vec![format!("verify: {answer}")]),
        }
    }

    /// Lets everything come to its end, stops the server in order and looks once more at what it left.
    async fn finish(self, mut server: Server, rounds: u32) {
        let (receiver, ended) = (self.receiver.clone(), |s: &State, _: &[Receipt]| s.unfinished());
        if let Err(left) = wait_until(&self.installation, &receiver, OUT_WITHIN, ended).await {
            panic!("after {rounds} rounds of seed {} this never ends:\n{}", self.seed, left.join("\n"));
        }
        self.books(&server).await.unwrap();
        let status = server.stop().await;
        assert!(status.success(), "stopped in order, it ended with {status}");
        self.installation.verify();
        let state = State::of(&self.installation).await;
        let mut promised = self.promised.lock().unwrap();
        assert_eq!(state.signals(&mut promised), Vec::<String>::new());
        assert_eq!(state.acts(&promised), Vec::<String>::new());
        let log = self.installation.log();
        let bad: Vec<_> = log.lines().filter(|l| l.contains(" ERROR ") || l.contains("panicked")).collect();
        assert_eq!(bad, Vec::<&str>::new(), "in the program's log");
        let (signals, taken, withdrawn) = (promised.signals().0, promised.taken.len(), promised.withdrawn.len());
        let (messages, incidents) = (receiver.receipts().len(), state.incidents.len());
        println!(
            "{rounds} rounds of seed {}: {signals} signals accepted, none lost; {incidents} incidents, {messages} messages, \
             {} in flight at a kill and sent again; {taken} answers and {withdrawn} withdrawals kept",
            self.seed, self.in_flight
        );
        let quiet = "the rounds were too quiet to prove anything";
        assert!(signals >= 5 * rounds && incidents > 0 && self.in_flight >= rounds / 5, "{quiet}");
        assert!(rounds < 20 || taken > 0 && withdrawn > 0, "{quiet}");
    }
}
