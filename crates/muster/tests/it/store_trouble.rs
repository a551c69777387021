//! What the store does when the database is locked, full, gone or broken, and that it recovers without a restart.

use crate::databases::{Case, TempDir, postgres, sqlite};
use crate::pg;
use muster::store::{Db, Error, OpenError, Sql, backup};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const COUNT: &str = "SELECT count(*) AS n FROM t";
const INSERT: &str = "INSERT INTO t VALUES (1)";

/// From `openssl req -x509`; nobody has its key.
const NOBODY_S_CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----
MIIBeTCCAR+gAwIBAgIUXbT8vDsKj8t4x0Vg3Bqr0vMwVp4wCgYIKoZIzj0EAwIw
ETEPMA0GA1UEAwwGTm9ib2R5MCAXDTI2MTEyNTE5MzQ1NVoYDzIxMjYxMTAxMTkz
NDU1WjARMQ8wDQYDVQQDDAZOb2JvZHkwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AATufp1dxMVf7QJiRcVMRCMVKiMTWgSSqLbmAVdj1ZNUDItSu6k1WZHcF82Y6t4P
vz/Mcj5FW5j3/lOiWAfVz6Gmo1MwUTAdBgNVHQ4EFgQUWdL+iJRLjGc0kCj3OyQ8
HCIAlscwHwYDVR0jBBgwFoAUWdL+iJRLjGc0kCj3OyQ8HCIAlscwDwYDVR0TAQH/
BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEA0igfEJoAcJv1evVi/UM1PgJNyd9I
71pdlieLmdc2F+ACIH30hwlEyjIcQTlzi1MB3Cc5RUhR7cu1ul5tzce0huL5
-----END CERTIFICATE-----
";

async fn make_table(db: &Db) {
    execute(db, "CREATE TABLE t (n BIGINT)").await.unwrap();
}

async fn execute(db: &Db, sql: impl Into<Sql>) -> Result<u64, Error> {
    let sql = sql.into();
    db.write(async move |tx| tx.execute(sql, &[]).await).await
}

async fn count(db: &Db) -> Result<i64, Error> {
    db.read(async |tx| tx.query_one(COUNT, &[]).await?.get("n")).await
}

fn is_unavailable<T>(result: &Result<T, Error>) -> bool {
    matches!(result, Err(Error::Unavailable(_)))
}

#[tokio::test]
async fn a_full_disk_is_told_and_passes() {
    let Case { db, .. } = &sqlite();
    make_table(db).await;
    execute(db, "CREATE TABLE big (b BLOB)").await.unwrap();
    let pages = "PRAGMA max_page_count = 6";
    db.write(async move |tx| tx.query(pages, &[]).await).await.map_err(|e: Error| e).unwrap();
    let full = execute(db, "INSERT INTO big VALUES (zeroblob(100000))").await;
    assert_eq!(full, Err(Error::Unavailable("database or disk is full".to_owned())));
    assert_eq!(execute(db, INSERT).await, Ok(1), "small things still fit");
    assert_eq!(count(db).await, Ok(1));
    let pages = "PRAGMA max_page_count = 100000";
    db.write(async move |tx| tx.query(pages, &[]).await).await.map_err(|e: Error| e).unwrap();
    assert_eq!(execute(db, "INSERT INTO big VALUES (zeroblob(100000))").await, Ok(1));
}

/// What a kill cannot show: that a commit waits for the disk, not only for the machine's memory.
#[tokio::test]
async fn a_commit_on_sqlite_waits_for_the_disk() {
    let Case { db, .. } = &sqlite();
    let full = db.write(async |tx| tx.query_one("PRAGMA synchronous", &[]).await?.get::<i64>("synchronous")).await;
    assert_eq!(full, Ok::<_, Error>(2));
    let log = db.write(async |tx| tx.query_one("PRAGMA journal_mode", &[]).await?.get::<String>("journal_mode")).await;
    assert_eq!(log, Ok::<_, Error>("wal".to_owned()));
}

#[tokio::test]
async fn postgres_is_spoken_to_under_tls_or_not_at_all() {
    let (_server, port, roots) = pg::Server::start_with_tls();
    let encrypted = async |host: &str, query: &str| {
        let db = Db::postgres(&format!("postgres://postgres@{host}:{port}/postgres{query}")).unwrap();
        let sql = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
        let asked: Result<bool, Error> = db.read(async move |tx| tx.query_one(sql, &[]).await?.get("ssl")).await;
        asked.map_err(|e| e.to_string())
    };
    let trusting = |mode: &str| format!("?sslmode={mode}&sslrootcert={roots}");
    for mode in ["verify-full", "require"] {
        assert_eq!(encrypted("localhost", &trusting(mode)).await, Ok(true), "{mode}");
    }
    for query in ["", "?sslmode=disable"] {
        assert_eq!(encrypted("localhost", query).await, Ok(false), "{query}");
    }
    let other_name = encrypted("127.0.0.1", &trusting("require")).await.unwrap_err();
    assert!(other_name.contains("certificate not valid for name"), "{other_name}");
    let unknown = encrypted("localhost", "?sslmode=verify-full").await.unwrap_err();
    assert!(unknown.contains("invalid peer certificate"), "{unknown}");
}

#[tokio::test]
async fn a_postgres_without_tls_hears_nothing_if_tls_was_asked_for() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let heard = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut asked = [0; 8];
        stream.read_exact(&mut asked).await.unwrap();
        stream.write_all(b"N").await.unwrap();
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).await.unwrap();
        rest
    });
    let home = TempDir::new();
    let roots = home.path().join("ca.pem");
    fs::write(&roots, NOBODY_S_CERTIFICATE).unwrap();
    let query = format!("sslmode=verify-full&sslrootcert={}", roots.display());
    let db = Db::postgres(&format!("postgres://m:secret@{address}/m?{query}")).unwrap();
    let said = count(&db).await.unwrap_err().to_string();
    assert!(said.contains("server does not support TLS"), "{said}");
    assert_eq!(heard.await.unwrap(), b"");
}

#[tokio::test]
async fn a_file_that_vanishes_is_noticed_and_its_return_too() {
    let home = TempDir::new();
    let (path, away) = (home.path().join("muster.db"), home.path().join("away"));
    let db = Db::sqlite(&path).unwrap();
    make_table(&db).await;
    execute(&db, INSERT).await.unwrap();
    assert_eq!(count(&db).await, Ok(1));
    // As if its file system were unmounted: database and log at once.
    let move_all = |from: &Path, to: &Path| {
        fs::create_dir_all(to).unwrap();
        for name in ["muster.db", "muster.db-wal", "muster.db-shm"] {
            let _ = fs::rename(from.join(name), to.join(name));
        }
    };
    move_all(home.path(), &away);
    assert!(is_unavailable(&execute(&db, INSERT).await), "a write to a file that nobody will find");
    assert!(is_unavailable(&count(&db).await));
    assert!(!path.exists(), "an empty database in place of the lost one");
    move_all(&away, home.path());
    assert_eq!(execute(&db, INSERT).await, Ok(1));
    assert_eq!(count(&db).await, Ok(2));
}

#[tokio::test]
async fn a_file_that_another_program_locks_is_waited_for_and_then_told() {
    let home = TempDir::new();
    let path = home.path().join("muster.db");
    let db = Db::sqlite(&path).unwrap();
    make_table(&db).await;
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let started = Instant::now();
    assert!(is_unavailable(&execute(&db, INSERT).await));
    assert!(started.elapsed() >= Duration::from_secs(4), "gave up at once");
    assert_eq!(count(&db).await, Ok(0), "readers don't wait");
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(execute(&db, INSERT).await, Ok(1));
    // The other way round: what a write has read, nobody changes before it has written.
    other.busy_timeout(Duration::ZERO).unwrap();
    let kept_out: Result<bool, Error> = db
        .write(async move |tx| {
            tx.query(COUNT, &[]).await?;
            Ok(other.execute_batch("BEGIN IMMEDIATE").is_err())
        })
        .await;
    assert_eq!(kept_out, Ok(true));
}

#[tokio::test]
async fn a_second_server_on_one_file_is_told_whom_to_stop() {
    let home = TempDir::new();
    let path = home.path().join("muster.db");
    let db = Db::sqlite(&path).unwrap();
    for second in [Db::sqlite(&path), Db::inline(&path)] {
        match second.err() {
            Some(OpenError::InUse { by, .. }) => assert_eq!(by, format!("process {}", std::process::id())),
            other => panic!("{other:?}"),
        }
    }
    make_table(&db).await;
    drop(db);
    let db = Db::inline(&path).unwrap();
    assert_eq!(count(&db).await, Ok(0), "it was closed in order, with all that was written");
}

#[tokio::test]
async fn a_directory_that_is_missing_is_named() {
    let error = Db::sqlite(Path::new("/nowhere/at/all/muster.db")).err().unwrap().to_string();
    assert!(error.contains("/nowhere/at/all/muster.db.lock"), "{error}");
}

#[tokio::test]
async fn a_backup_of_a_database_in_use_is_whole() {
    let home = TempDir::new();
    let copy = home.path().join("copy.db");
    let Case { db, .. } = &sqlite();
    make_table(db).await;
    for _ in 0..50 {
        execute(db, INSERT).await.unwrap();
    }
    let writing = tokio::spawn({
        let db = db.clone();
        async move {
            for _ in 0..200 {
                execute(&db, INSERT).await.unwrap();
            }
        }
    });
    backup::to_file(db, &copy).await.unwrap();
    writing.await.unwrap();
    assert_eq!(count(db).await, Ok(250), "writers went on");
    assert!(is_unavailable(&backup::to_file(db, &copy).await), "an older backup was overwritten");
    let names: Vec<_> = fs::read_dir(home.path()).unwrap().map(|f| f.unwrap().file_name()).collect();
    assert_eq!(names, ["copy.db"], "one file");
    let copied = count(&Db::inline(&copy).unwrap()).await.unwrap();
    assert!((50..=250).contains(&copied), "{copied}");
}

#[tokio::test]
async fn a_backup_that_cannot_be_written_says_so() {
    let Case { db, .. } = &sqlite();
    let failed = backup::to_file(db, Path::new("/nowhere/copy.db")).await;
    assert!(matches!(&failed, Err(Error::Unavailable(text)) if text.contains("/nowhere/copy.db")), "{failed:?}");
    assert!(matches!(backup::to_file(&postgres().db, Path::new("/nowhere/copy.db")).await, Err(Error::Bug(_))));
}

/// Runs itself again as a process of its own, as the process is what ends.
#[tokio::test]
async fn a_panic_in_a_transaction_ends_the_process() {
    const CHILD: &str = "MUSTER_TEST_PANICS";
    if std::env::var_os(CHILD).is_some() {
        let Case { db, .. } = &sqlite();
        let _: Result<(), Error> = db.write(async |_| panic!("as planned")).await;
        std::thread::sleep(Duration::from_secs(10));
        return;
    }
    let name = "store_trouble::a_panic_in_a_transaction_ends_the_process";
    let child =
        Command::new(std::env::current_exe().unwrap()).args(["--exact", name]).env(CHILD, "1").output().unwrap();
    let signal = std::os::unix::process::ExitStatusExt::signal(&child.status);
    assert_eq!(signal, Some(6), "SIGABRT was expected: {child:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_that_is_stopped_and_started_needs_no_restart_of_ours() {
    let server = Arc::new(pg::Server::start_new());
    let db = Db::postgres(&server.address).unwrap();
    make_table(&db).await;
    for round in 1..=2 {
        // Several connections, all of which will be stale.
        let many: Vec<_> = (0..8)
            .map(|_| {
                tokio::spawn({
                    let db = db.clone();
                    async move { count(&db).await }
                })
            })
            .collect();
        for one in many {
            one.await.unwrap().unwrap();
        }
        server.control("stop");
        let (write, read) = (execute(&db, INSERT).await, count(&db).await);
        assert!(is_unavailable(&write) && is_unavailable(&read), "{write:?} {read:?}");
        server.control("start");
        assert_eq!(execute(&db, INSERT).await, Ok(1), "the first call after the return");
        assert_eq!(count(&db).await, Ok(round));
    }
    let stopping = Arc::clone(&server);
    let cut: Result<u64, Error> = db
        .write(async move |tx| {
            tx.execute(INSERT, &[]).await?;
            stopping.control("stop");
            tx.execute(INSERT, &[]).await
        })
        .await;
    assert!(is_unavailable(&cut), "{cut:?}");
    server.control("start");
    assert_eq!(count(&db).await, Ok(2));
}

#[tokio::test]
async fn connections_that_an_operator_ends_are_replaced_without_anybody_noticing() {
    let Case { db, .. } = &postgres();
    make_table(db).await;
    let end_all = "SELECT CAST(count(pg_terminate_backend(pid)) AS BIGINT) AS n FROM pg_stat_activity
                   WHERE datname = current_database() AND pid <> pg_backend_pid()";
    // In the middle of a transaction too: its first try dies with its connection.
    let tries = Arc::new(AtomicU32::new(0));
    let seen = Arc::clone(&tries);
    let own: Result<u64, Error> = db
        .write(async move |tx| {
            let inserted = tx.execute(INSERT, &[]).await?;
            if seen.fetch_add(1, Ordering::SeqCst) == 0 {
                tx.query("SELECT pg_terminate_backend(pg_backend_pid()) AS n", &[]).await?;
            }
            Ok(inserted)
        })
        .await;
    assert_eq!(own, Ok(1));
    assert_eq!(tries.load(Ordering::SeqCst), 2);
    assert_eq!(count(db).await, Ok(1));
    db.write(async move |tx| tx.query(end_all, &[]).await).await.map_err(|e: Error| e).unwrap();
    assert_eq!(count(db).await, Ok(1));
}

#[tokio::test]
async fn a_commit_whose_answer_is_lost_is_not_tried_again_but_wakes_whoever_waits() {
    let Case { db, .. } = &postgres();
    make_table(db).await;
    // The connection ends while COMMIT is under way.
    for sql in [
        "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END'",
        "CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON t INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cut()",
    ] {
        execute(db, sql).await.unwrap();
    }
    let (tries, hooks) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
    let (tried, hooked) = (Arc::clone(&tries), Arc::clone(&hooks));
    let unknown: Result<u64, Error> = db
        .write(async move |tx| {
            tried.fetch_add(1, Ordering::SeqCst);
            let hooked = Arc::clone(&hooked);
            tx.after_commit(move || _ = hooked.fetch_add(1, Ordering::SeqCst));
            tx.execute(INSERT, &[]).await
        })
        .await;
    assert!(is_unavailable(&unknown), "{unknown:?}");
    assert_eq!((tries.load(Ordering::SeqCst), hooks.load(Ordering::SeqCst)), (1, 1));
    assert_eq!(count(db).await, Ok(0));
}

#[tokio::test]
async fn a_postgres_that_was_never_there_is_unavailable_and_a_bad_address_is_said_at_once() {
    let db = Db::postgres("postgres://muster@127.0.0.1:1/muster").unwrap();
    assert!(is_unavailable(&count(&db).await));
    let error = Db::postgres("postgres://muster:hush@host:port/x").err().unwrap().to_string();
    assert!(error.starts_with("the database address is not of the form") && !error.contains("hush"), "{error}");
}
