//! PostgreSQL for tests: the server that `tests/with-postgres` started, or one more of them.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use tokio_postgres::NoTls;

const WITH_POSTGRES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/with-postgres");

/// A new, empty database, deleted when it is dropped.
pub struct Database {
    /// For `Db::postgres`.
    pub address: String,
    name: String,
}

impl Database {
    /// Makes one on the server of the test run.
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(1);
        let name = format!("muster_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        ask_server(&format!("CREATE DATABASE {name}")).unwrap();
        Self { address: server().replacen("postgres:///postgres?", &format!("postgres:///{name}?"), 1), name }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // The whole server is deleted soon; this only keeps a long run from filling the disk.
        let _ = ask_server(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}

fn server() -> String {
    std::env::var("MUSTER_TEST_POSTGRES").unwrap_or_else(|_| {
        panic!("this test needs PostgreSQL: run ./test, or put tests/with-postgres before the command")
    })
}

/// Asks outside of the test's runtime, so that it can be done while dropping.
fn ask_server(sql: &str) -> Result<(), tokio_postgres::Error> {
    let (server, sql) = (server(), sql.to_owned());
    let asked = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(&server, NoTls).await?;
            let connection = tokio::spawn(connection);
            client.batch_execute(&sql).await?;
            drop(client);
            connection.await.unwrap()
        })
    });
    asked.join().unwrap()
}

/// A server of a test's own, to be stopped and started. It ends with the test, however that ends.
pub struct Server {
    child: Child,
    home: String,
    /// For `Db::postgres`.
    pub address: String,
}

impl Server {
    /// Starts it.
    pub fn start_new() -> Self {
        Self::start(Command::new(WITH_POSTGRES))
    }

    /// Starts one that also speaks TLS, as `localhost`. Returns it with its port and the file that vouches for it.
    pub fn start_with_tls() -> (Self, u16, String) {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new(WITH_POSTGRES);
        command.env("MUSTER_TEST_POSTGRES_TLS_PORT", free.to_string());
        let server = Self::start(command);
        let roots = format!("{}/data/ca.pem", server.home);
        (server, free, roots)
    }

    fn start(mut command: Command) -> Self {
        // `cat` ends when our end of its input is closed, and with it the server.
        let script = r#"echo "$MUSTER_TEST_POSTGRES_HOME"; echo "$MUSTER_TEST_POSTGRES"; exec cat"#;
        command.args(["bash", "-c", script]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut line = || lines.next().expect("with-postgres failed").unwrap();
        Self { home: line(), address: line(), child }
    }

    /// `start` or `stop`.
    pub fn control(&self, order: &str) {
        let mut command = Command::new(WITH_POSTGRES);
        let done = command.args(["--ctl", order]).env("MUSTER_TEST_POSTGRES_HOME", &self.home).status();
        assert!(done.unwrap().success(), "with-postgres --ctl {order} failed");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
