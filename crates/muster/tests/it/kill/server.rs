//! The real binary on data of its own, started, killed and looked into from outside.

use crate::databases::TempDir;
use crate::pg;
use muster::clock::{Clock, SystemClock};
use muster::ops::{Changed, Ops, World};
use muster::secrets::{Random, SystemRandom};
use muster::store::{Db, Error, Tx, migrate};
use muster_core::Time;
use muster_core::directory::{Organisation, Role};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

const MUSTER: &str = env!("CARGO_BIN_EXE_muster");
/// How long a start may take until the server can commit: a hundred times what it takes on an idle machine.
const START_WITHIN: Duration = Duration::from_secs(30);
/// What every command and every look at the database may take.
const POLL_EVERY: Duration = Duration::from_millis(10);

/// Data of one installation. Deleted when it is dropped.
pub struct Installation {
    /// The SQLite database, and the server's own log.
    folder: TempDir,
    postgres: Option<(String, Db, Option<pg::Database>)>,
    /// The sender's way in.
    pub intake_key: String,
    /// The administrator's way in.
    pub api_token: String,
}

/// The world without a server around it.
struct Alone;

impl World for Alone {
    fn now(&self) -> Time {
        SystemClock.now()
    }

    fn random(&self) -> &dyn Random {
        &SystemRandom
    }

    fn changed(&self, _: Changed) {}
}

/// What each query of one look answered with: its column `line`, row by row.
pub type Seen = Vec<Vec<String>>;

impl Installation {
    /// An installation on the embedded database, with that organisation.
    pub async fn on_sqlite(organisation: &str) -> Self {
        let folder = TempDir::new();
        let db = Db::sqlite(&folder.path().join("muster.db")).unwrap();
        let (intake_key, api_token) = set_up(&db, organisation).await;
        db.close().await.unwrap();
        Self { folder, postgres: None, intake_key, api_token }
    }

    /// One on a PostgreSQL database of its own.
    pub async fn on_postgres(organisation: &str) -> Self {
        let database = pg::Database::new();
        let address = database.address.clone();
        Self::at_postgres(&address, Some(database), organisation).await
    }

    /// One on the PostgreSQL database at that address.
    pub async fn at_postgres(address: &str, owned: Option<pg::Database>, organisation: &str) -> Self {
        let db = Db::postgres(address).unwrap();
        let (intake_key, api_token) = set_up(&db, organisation).await;
        Self { folder: TempDir::new(), postgres: Some((address.to_owned(), db, owned)), intake_key, api_token }
    }

    /// Where the embedded database is.
    pub fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// How commands name the database.
    pub fn place(&self) -> [String; 2] {
        match &self.postgres {
            Some((address, ..)) => ["--database".to_owned(), address.clone()],
            None => ["--data".to_owned(), self.folder.path().display().to_string()],
        }
    }

    /// The program's log so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// What those queries answer with in their column `line`, all of them from one snapshot.
    pub async fn look(&self, queries: &'static [&'static str]) -> Seen {
        if let Some((_, db, _)) = &self.postgres {
            let read = async move |tx: &mut Tx| {
                let mut seen = Seen::new();
                for sql in queries {
                    let rows = tx.query(*sql, &[]).await?;
                    seen.push(rows.iter().map(|row| row.get("line")).collect::<Result<_, Error>>()?);
                }
                Ok::<_, Error>(seen)
            };
            return db.read(read).await.unwrap();
        }
        let path = self.folder.path().join("muster.db");
        // Not as a Muster would open it: the running one holds the lock, and only it may recover or check-point.
        let mut db = rusqlite::Connection::open_with_flags(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        db.busy_timeout(Duration::from_secs(10)).unwrap();
        let snapshot = db.transaction().unwrap();
        let lines = |sql: &&str| {
            let mut statement = snapshot.prepare(sql).unwrap();
            let rows = statement.query_map([], |row| row.get("line")).unwrap();
            rows.collect::<Result<_, _>>().unwrap()
        };
        queries.iter().map(lines).collect()
    }

    /// Starts the server, as itself or by way of `wrapper`.
    pub fn start(&self, webhook_secret: &str, wrapper: &[&str]) -> Server {
        let log = File::options().create(true).append(true).open(self.folder.path().join("log")).unwrap();
        let mut words = wrapper.iter().copied().chain([MUSTER]);
        let mut command = Command::new(words.next().unwrap());
        let mut child = command
            .args(words)
            .arg("serve")
            .args(self.place())
            .args(["--listen", "127.0.0.1:0", "--public-url", "http://muster.test", "--config"])
            .arg(self.config(webhook_secret))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let (tell, told) = oneshot::channel();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        std::thread::spawn(move || {
            let mut tell = Some(tell);
            for line in lines.map_while(Result::ok) {
                let address = line.strip_prefix("Muster listens on ").and_then(|rest| rest.split(' ').next());
                if let (Some(address), Some(tell)) = (address, tell.take_if(|_| address.is_some())) {
                    let _ = tell.send(format!("http://{address}"));
                }
            }
        });
        Server { child, told: Some(told), url: String::new(), spawned: Instant::now() }
    }

    /// `muster.toml` with the receiver's secret; the receiver runs on this machine.
    fn config(&self, webhook_secret: &str) -> PathBuf {
        let path = self.folder.path().join("muster.toml");
        let text = format!("[webhook]\nsecret = \"{webhook_secret}\"\n[outgoing]\nallow = [\"127.0.0.0/8\"]\n");
        std::fs::write(&path, text).unwrap();
        path
    }

    /// Runs `muster verify` on the database of the stopped server.
    pub fn verify(&self) {
        let proved = Command::new(MUSTER).arg("verify").args(self.place()).output().unwrap();
        assert!(proved.status.success(), "muster verify: {proved:?}");
    }
}

impl Drop for Installation {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = self.log();
            let tail: Vec<_> = log.lines().rev().take(30).collect();
            eprintln!("the program's log ends with:");
            tail.into_iter().rev().for_each(|line| eprintln!("{line}"));
        }
    }
}

/// Makes the tables, the organisation, a sender's key and a token of `root`'s.
async fn set_up(db: &Db, organisation: &str) -> (String, String) {
    let org: Organisation = toml::from_str(organisation).expect("the organisation");
    migrate::run(db, migrate::MIGRATIONS, SystemClock.now()).await.unwrap();
    let ops = Ops::new(db.clone(), Arc::new(Alone), "http://muster.test", false).await.unwrap();
    ops.apply(&org, "test").await.unwrap();
    let key = ops.make_intake_key(&"load".into(), true, "test").await.unwrap();
    let token = ops.make_token(&"root".into(), "test", Role::Administrator).await.unwrap();
    (key.reveal().to_owned(), token.reveal().to_owned())
}

/// A running server. Killed when it is dropped.
pub struct Server {
    child: Child,
    told: Option<oneshot::Receiver<String>>,
    /// Its address, once it is ready.
    pub url: String,
    spawned: Instant,
}

impl Server {
    /// Waits until it can commit. Returns how long its start took.
    pub async fn ready(&mut self, http: &reqwest::Client) -> Duration {
        let told = self.told.take().expect("not waited for before");
        let url = tokio::time::timeout(START_WITHIN, told).await;
        self.url = url.expect("the server did not start in time").expect("the server ended before it listened");
        let ready = format!("{}/readyz", self.url);
        while !http.get(&ready).send().await.is_ok_and(|r| r.status().is_success()) {
            assert!(self.spawned.elapsed() < START_WITHIN, "the server cannot commit: {:?}", self.child.try_wait());
            tokio::time::sleep(POLL_EVERY).await;
        }
        self.spawned.elapsed()
    }

    /// Whether it still runs.
    pub fn is_alive(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// For signals and limits.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// SIGKILL. When this returns, the process is gone.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM, and how it ended.
    pub async fn stop(&mut self) -> ExitStatus {
        let told = Command::new("sh").args(["-c", &format!("kill -TERM {}", self.pid())]).status().unwrap();
        assert!(told.success(), "kill: {told}");
        let asked = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(asked.elapsed() < START_WITHIN, "the server does not stop");
            tokio::time::sleep(POLL_EVERY).await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
