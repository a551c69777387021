//! Every kind of database at once, so that a test can't forget one.

use crate::pg;
use muster::store::{Db, Error, Row, Value};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// A new, empty database of one kind. It is deleted when this is dropped.
pub struct Case {
    /// `sqlite`, `inline` or `postgres`, for messages.
    pub name: &'static str,
    /// The database.
    pub db: Db,
    home: Home,
}

enum Home {
    File { _dir: TempDir },
    Memory,
    Server(pg::Database),
}

/// A database of every kind: SQLite in a file, SQLite inline, PostgreSQL.
pub fn both() -> Vec<Case> {
    vec![sqlite(), inline(), postgres()]
}

/// SQLite in a file, with its threads.
pub fn sqlite() -> Case {
    let home = TempDir::new();
    Case { name: "sqlite", db: Db::sqlite(&home.path().join("muster.db")).unwrap(), home: Home::File { _dir: home } }
}

/// SQLite in memory, on the calling thread.
pub fn inline() -> Case {
    Case { name: "inline", db: Db::inline_memory().unwrap(), home: Home::Memory }
}

/// PostgreSQL. Fails if there is none; it never skips.
pub fn postgres() -> Case {
    let home = pg::Database::new();
    Case { name: "postgres", db: Db::postgres(&home.address).unwrap(), home: Home::Server(home) }
}

impl Case {
    /// The same database as another node sees it; on SQLite there is only one node.
    pub fn another_node(&self) -> Db {
        match &self.home {
            Home::Server(server) => Db::postgres(&server.address).unwrap(),
            Home::File { .. } | Home::Memory => self.db.clone(),
        }
    }

    /// The address, if it is on PostgreSQL.
    pub fn address(&self) -> Option<&str> {
        match &self.home {
            Home::Server(server) => Some(&server.address),
            Home::File { .. } | Home::Memory => None,
        }
    }

    /// One statement as a transaction of its own.
    pub async fn execute(&self, sql: &'static str, params: &[Value]) -> Result<u64, Error> {
        let params = params.to_vec();
        self.db.write(async move |tx| tx.execute(sql, &params).await).await
    }

    /// One query as a transaction of its own.
    pub async fn query(&self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>, Error> {
        let params = params.to_vec();
        self.db.read(async move |tx| tx.query(sql, &params).await).await
    }

    /// The number that `sql` answers with in its column `n`.
    pub async fn number(&self, sql: &'static str) -> i64 {
        let n: Result<i64, Error> = self.db.read(async move |tx| tx.query_one(sql, &[]).await?.get("n")).await;
        n.unwrap()
    }
}

/// A directory that is deleted when this is dropped.
pub struct TempDir(PathBuf);

impl TempDir {
    /// Makes it below `target/tmp`.
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(1);
        let name = format!("it-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
