//! The real binary under load while its database is full, gone or stopped: 503 and no false 2xx, nothing of what was
//! refused is there, and it goes on without a restart.

use super::check::{State, balanced, wait_until};
use super::load::Refusals;
use super::receiver::Receiver;
use super::server::{Installation, Server};
use super::{Killing, organisation};
use crate::pg;
use crate::sim::rng::Rng;
use muster::clock::{Clock, SystemClock};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// How many requests must be answered with 2xx, or with 503, before it counts.
const ENOUGH: usize = 20;
/// How long that may take.
const WITHIN: Duration = Duration::from_secs(60);
/// How long everything that was due may take to happen after the trouble: more than a second or two says that something
/// was put off, or waits for a lease to end.
const GOES_ON_WITHIN: Duration = Duration::from_secs(15);
/// So large a file may become on the full disk. The write-ahead log reaches it within a hundred requests, as it grows to
/// 4 MiB before it begins again.
const FILE_MAX: u64 = 2 << 20;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_and_goes_on_once_there_is_room() {
    let limit = format!("--fsize={FILE_MAX}:unlimited");
    // A program that goes over its limit is killed, unless it asked for the error.
    let trouble = Trouble::new(None, &["env", "--ignore-signal=XFSZ", "prlimit", &limit]).await;
    let pid = trouble.server.pid().to_string();
    let make_room = async || {
        let done = Command::new("prlimit").args(["--pid", &pid, "--fsize=unlimited"]).status().unwrap();
        assert!(done.success(), "prlimit: {done}");
    };
    // It is small from the start, and full soon.
    trouble.pass(Refusals::SomeNotDone, async || {}, make_room).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_that_vanish_refuse_and_go_on_when_they_return() {
    let trouble = Trouble::new(None, &[]).await;
    let (home, away) = (trouble.killing.installation.folder(), trouble.killing.installation.folder().join("away"));
    let move_all = |from: &Path, to: &Path| {
        std::fs::create_dir_all(to).unwrap();
        for name in ["muster.db", "muster.db-wal", "muster.db-shm"] {
            let _ = std::fs::rename(from.join(name), to.join(name));
        }
    };
    trouble.pass(Refusals::NotDone, async || move_all(&home, &away), async || move_all(&away, &home)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_that_is_stopped_refuses_and_goes_on_when_it_is_started() {
    let postgres = Arc::new(pg::Server::start_new());
    let trouble = Trouble::new(Some(&postgres.address), &[]).await;
    let control = async |order: &'static str| {
        let postgres = postgres.clone();
        tokio::task::spawn_blocking(move || postgres.control(order)).await.unwrap();
    };
    trouble.pass(Refusals::PerhapsDone, async || control("stop").await, async || control("start").await).await;
}

/// A server under load whose database gets into trouble.
struct Trouble {
    killing: Killing,
    server: Server,
}

impl Trouble {
    async fn new(postgres: Option<&str>, wrapper: &[&str]) -> Self {
        let receiver = Arc::new(Receiver::start().await);
        let organisation = organisation(receiver.port);
        let installation = match postgres {
            Some(address) => Installation::at_postgres(address, None, &organisation).await,
            None => Installation::on_sqlite(&organisation).await,
        };
        let mut killing = Killing::new(installation, receiver);
        killing.life = 1;
        let mut server = killing.installation.start(&killing.receiver.secret_of(1), wrapper);
        server.ready(&killing.http).await;
        Self { killing, server }
    }

    /// Load all the time: before, while `begin` has happened, and after `end`.
    async fn pass(mut self, refusals: Refusals, begin: impl AsyncFn(), end: impl AsyncFn()) {
        let killing = &self.killing;
        let (enough, mut load) = killing.load(&self.server);
        load.refusals = refusals;
        let mut tasks = load.begin(1, &Rng::new(killing.seed), None);
        // Messages are on their way when the trouble begins, and answered in it: they have arrived once, and must be
        // written down as soon as that can be done, and not be sent again when their lease ends.
        killing.receiver.hold(true);
        more(&load.accepted, "2xx before the trouble").await;
        within(killing.receiver.has(|(arrived, _)| arrived > 0), "no message arrives before the trouble").await;
        begin().await;
        more(&load.unavailable, "503 in the trouble").await;
        killing.receiver.hold(false);
        within(killing.receiver.has(|(_, answered)| answered > 0), "no message is answered in the trouble").await;
        self.expects_not_ready(refusals).await;
        assert_eq!(self.status("/healthz").await, 200, "the process itself is well");
        end().await;
        more(&load.accepted, "2xx after the trouble").await;
        assert_eq!(self.status("/readyz").await, 200);
        enough.send_replace(true);
        while let Some(ended) = tasks.join_next().await {
            ended.unwrap();
        }
        let then = SystemClock.now().as_millisecond();
        let nothing = BTreeMap::new();
        let overdue = |s: &State, receipts: &[_]| s.overdue(then, &nothing, receipts);
        let state = wait_until(&killing.installation, &killing.receiver, GOES_ON_WITHIN, overdue).await;
        let state = state.unwrap_or_else(|late| panic!("after the trouble:\n{}", late.join("\n")));
        {
            let mut promised = killing.promised.lock().unwrap();
            let wrong: Vec<_> = state.signals(&mut promised).into_iter().chain(promised.refused.clone()).collect();
            assert_eq!(wrong, Vec::<String>::new());
        }
        let metrics = killing.http.get(format!("{}/metrics", self.server.url)).send().await.unwrap();
        balanced(&metrics.text().await.unwrap()).unwrap();
        assert!(self.server.is_alive() && !self.killing.installation.log().contains("panicked"));
        let status = self.server.stop().await;
        assert!(status.success(), "stopped in order, it ended with {status}");
        self.killing.installation.verify();
    }

    /// On a full disk something small still fits now and then, and then the server is ready for as much.
    async fn expects_not_ready(&self, refusals: Refusals) {
        let ready = self.status("/readyz").await;
        assert!(ready == 503 || refusals == Refusals::SomeNotDone, "ready in the trouble: {ready}");
    }

    async fn status(&self, path: &str) -> u16 {
        let answer = self.killing.http.get(format!("{}{path}", self.server.url)).send().await;
        answer.unwrap().status().as_u16()
    }
}

/// Waits for [`ENOUGH`] more of them.
async fn more(count: &watch::Sender<usize>, what: &str) {
    let mut count = count.subscribe();
    let before = *count.borrow();
    within(count.wait_for(|n| *n >= before + ENOUGH), &format!("too few {what}")).await;
}

async fn within<T>(what: impl Future<Output = T>, else_say: &str) {
    assert!(tokio::time::timeout(WITHIN, what).await.is_ok(), "{else_say}");
}
