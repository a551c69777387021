//! What the store promises on every database.

use crate::databases::{Case, both, inline, postgres, sqlite};
use muster::store::{Broken, Error, Tx, Value, duties, migrate, params};
use muster_core::duty::{Duty, DutyId, DutyKind};
use muster_core::ids::{SubjectId, SystemId};
use muster_core::{Time, at_ms};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

/// A domain's own error.
#[derive(PartialEq, Debug)]
enum Refusal {
    Store(Error),
    AlreadyTaken,
}

impl From<Error> for Refusal {
    fn from(e: Error) -> Self {
        Self::Store(e)
    }
}

async fn with_table(cases: Vec<Case>) -> Vec<Case> {
    for case in &cases {
        case.execute("CREATE TABLE t (k TEXT PRIMARY KEY, n BIGINT NOT NULL)", &[]).await.unwrap();
    }
    cases
}

const COUNT: &str = "SELECT count(*) AS n FROM t";

#[tokio::test]
async fn what_is_committed_is_there_and_comes_back_as_it_went_in() {
    for case in both() {
        let table = "CREATE TABLE v (id TEXT, n BIGINT, s TEXT, b {}, yes BIGINT, at BIGINT, none TEXT)";
        let table: &'static str = table.replace("{}", if case.name == "postgres" { "BYTEA" } else { "BLOB" }).leak();
        case.execute(table, &[]).await.unwrap();
        let (id, at) = (SystemId::from("email"), at_ms(1_700_000_000_123));
        let bytes = b"\0\xff\x00 any".to_vec();
        let insert = "INSERT INTO v (at, n, s, b, yes, id, none) VALUES ($6, $2, $3, $4, $5, $1, $7)
                      RETURNING n, id";
        let given = params![&id, i64::MIN, "Zoë 🚒", &bytes, true, at, None::<String>].to_vec();
        let row = case.db.write(async move |tx| tx.query_one(insert, &given).await).await;
        assert_eq!(row.and_then(|r| r.get::<SystemId>("id")), Ok::<_, Error>(id.clone()), "{}", case.name);
        let rows = case.query("SELECT * FROM v WHERE id = $1 AND n < $2", params![&id, 0]).await.unwrap();
        let row = &rows[0];
        assert_eq!(row.get::<i64>("n"), Ok(i64::MIN));
        assert_eq!(row.get::<String>("s"), Ok("Zoë 🚒".to_owned()));
        assert_eq!(row.get::<Vec<u8>>("b"), Ok(bytes));
        assert_eq!(row.get::<bool>("yes"), Ok(true));
        assert_eq!(row.get::<Time>("at"), Ok(at));
        assert_eq!(row.get::<Option<SystemId>>("none"), Ok(None));
        assert_eq!(row.get::<String>("none"), Err(Error::Bug("column none: NULL is not text".to_owned())));
        assert_eq!(case.execute("UPDATE v SET n = 7", &[]).await, Ok(1), "{}", case.name);
        assert_eq!(case.execute("DELETE FROM v WHERE n = $1", params![8]).await, Ok(0), "{}", case.name);
        assert_eq!(case.number("SELECT CAST(sum(n) AS BIGINT) AS n FROM v").await, 7, "{}", case.name);
    }
}

#[tokio::test]
async fn an_error_of_the_closure_rolls_back_and_reaches_the_caller() {
    for case in with_table(both()).await {
        let result: Result<(), Refusal> = case
            .db
            .write(async |tx| {
                tx.execute("INSERT INTO t VALUES ('a', 1)", &[]).await?;
                Err(Refusal::AlreadyTaken)
            })
            .await;
        assert_eq!(result, Err(Refusal::AlreadyTaken), "{}", case.name);
        assert_eq!(case.number(COUNT).await, 0, "{}", case.name);
    }
}

#[tokio::test]
async fn awaiting_anything_else_is_a_bug_and_rolls_back() {
    let expected = Error::Bug("a transaction awaited something that is not its database".to_owned());
    for case in with_table(both()).await {
        let waited: Result<(), Error> = case
            .db
            .write(async |tx| {
                tx.execute("INSERT INTO t VALUES ('a', 1)", &[]).await?;
                tokio::task::yield_now().await;
                tx.execute("INSERT INTO t VALUES ('b', 1)", &[]).await.map(drop)
            })
            .await;
        assert_eq!(waited, Err(expected.clone()), "{}", case.name);
        assert_eq!(case.number(COUNT).await, 0, "{}", case.name);
    }
}

#[tokio::test]
async fn a_transaction_inside_a_transaction_is_a_bug_and_never_waits_for_itself() {
    let expected = Error::Bug("a transaction was started inside a transaction".to_owned());
    for case in with_table(both()).await {
        let db = case.db.clone();
        let nested: Result<i64, Error> = case
            .db
            .write(async move |tx| {
                tx.execute("INSERT INTO t VALUES ('a', 1)", &[]).await?;
                db.read(async |tx| tx.query_one(COUNT, &[]).await?.get("n")).await
            })
            .await;
        assert_eq!(nested, Err(expected.clone()), "{}", case.name);
        assert_eq!(case.number(COUNT).await, 0, "{}", case.name);
    }
}

#[tokio::test]
async fn a_failed_statement_ends_the_transaction_even_if_its_error_is_swallowed() {
    let expected = Error::Constraint { kind: Broken::Unique, which: "t.k".to_owned() };
    for case in with_table(both()).await {
        let result: Result<(), Error> = case
            .db
            .write(async |tx| {
                tx.execute("INSERT INTO t VALUES ('a', 1)", &[]).await?;
                let _ = tx.execute("INSERT INTO t VALUES ('a', 2)", &[]).await;
                let after = tx.execute("INSERT INTO t VALUES ('b', 2)", &[]).await;
                assert!(matches!(after, Err(Error::Constraint { .. })));
                Ok(())
            })
            .await;
        assert_eq!(result, Err(expected.clone()), "{}", case.name);
        assert_eq!(case.number(COUNT).await, 0, "{}", case.name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_increments_are_never_lost() {
    const TASKS: i64 = 12;
    const EACH: i64 = 20;
    for case in with_table(both()).await {
        case.execute("INSERT INTO t VALUES ('calls', 0)", &[]).await.unwrap();
        // Spawned, so that the futures are proved to be Send.
        let tasks: Vec<_> = (0..TASKS)
            .map(|task| {
                let db = if task % 2 == 0 { case.db.clone() } else { case.another_node() };
                tokio::spawn(async move {
                    for _ in 0..EACH {
                        let key = "calls".to_owned();
                        db.write(async move |tx| {
                            let row = tx.query_one("SELECT n FROM t WHERE k = $1", params![&key]).await?;
                            let next = row.get::<i64>("n")? + 1;
                            tx.execute("UPDATE t SET n = $2 WHERE k = $1", params![&key, next]).await
                        })
                        .await
                        .map_err(|e: Error| e)
                        .unwrap();
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(case.number("SELECT n FROM t").await, TASKS * EACH, "{}", case.name);
    }
}

/// As entries are appended to a log, whose last number stands in another table: on PostgreSQL those who come too late
/// break the key before anybody sees that they could not be serialized.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn all_who_append_the_next_number_at_once_get_one() {
    const WRITERS: i64 = 12;
    for case in with_table(both()).await {
        case.execute("CREATE TABLE log (n BIGINT PRIMARY KEY)", &[]).await.unwrap();
        case.execute("INSERT INTO t VALUES ('last', 0)", &[]).await.unwrap();
        let append = async |tx: &mut Tx| {
            let next = tx.query_one("SELECT n FROM t", &[]).await?.get::<i64>("n")? + 1;
            tx.execute("INSERT INTO log VALUES ($1)", params![next]).await?;
            tx.execute("UPDATE t SET n = $1", params![next]).await?;
            Ok::<_, Error>(next)
        };
        let writers: Vec<_> = (0..WRITERS)
            .map(|_| {
                let db = case.another_node();
                tokio::spawn(async move { db.write(append).await })
            })
            .collect();
        let mut numbers = Vec::new();
        for writer in writers {
            numbers.push(writer.await.unwrap().unwrap_or_else(|e| panic!("{}: {e}", case.name)));
        }
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=WRITERS).collect::<Vec<i64>>(), "{}", case.name);
    }
}

#[tokio::test]
async fn a_nul_is_kept_in_bytes_and_refused_in_text() {
    for case in with_table(both()).await {
        let refused = case.execute("INSERT INTO t VALUES ($1, 1)", params!["a\0b"]).await;
        assert_eq!(refused, Err(Error::Nul("INSERT INTO t VALUES ($1, 1)".to_owned())), "{}", case.name);
    }
}

#[tokio::test]
async fn a_broken_constraint_is_named_alike() {
    let schema = [
        "CREATE TABLE system (name TEXT PRIMARY KEY, email TEXT UNIQUE)",
        "CREATE TABLE log (
            system TEXT NOT NULL REFERENCES system (name),
            seq BIGINT NOT NULL CONSTRAINT seq_from_one CHECK (seq >= 1),
            UNIQUE (system, seq)
        )",
        "INSERT INTO system VALUES ('email', 'e@x.example')",
        "INSERT INTO log VALUES ('email', 1)",
    ];
    for case in both() {
        for sql in schema {
            case.execute(sql, &[]).await.unwrap();
        }
        for (sql, kind, which) in [
            ("INSERT INTO system VALUES ('email', 'f@x.example')", Broken::Unique, "system.name"),
            ("INSERT INTO system VALUES ('mail', 'e@x.example')", Broken::Unique, "system.email"),
            ("INSERT INTO log VALUES ('email', 1)", Broken::Unique, "log.system, log.seq"),
            ("INSERT INTO log VALUES ('nowhere', 1)", Broken::ForeignKey, "foreign key"),
            ("DELETE FROM system", Broken::ForeignKey, "foreign key"),
            ("INSERT INTO log VALUES (NULL, 1)", Broken::NotNull, "log.system"),
            ("INSERT INTO log VALUES ('email', 0)", Broken::Check, "seq_from_one"),
        ] {
            let expected = Error::Constraint { kind, which: which.to_owned() };
            assert_eq!(case.execute(sql, &[]).await, Err(expected), "{} {sql}", case.name);
        }
    }
}

#[tokio::test]
async fn mistakes_are_bugs_that_name_the_statement() {
    for case in with_table(both()).await {
        case.execute("INSERT INTO t VALUES ('a', 1), ('b', 2)", &[]).await.unwrap();
        for sql in [
            "SELEC 1",
            "SELECT missing FROM t",
            "SELECT \"missing\" FROM t",
            "SELECT n FROM nowhere",
            "SELECT n FROM t WHERE k = $1",
            "SELECT 1.5 AS n",
        ] {
            let error = case.query(sql, &[]).await;
            assert!(matches!(&error, Err(Error::Bug(text)) if text.ends_with(sql)), "{} {error:?}", case.name);
        }
        let too_many = case.query("SELECT n FROM t", params![1]).await;
        assert!(matches!(too_many, Err(Error::Bug(_))), "{} {too_many:?}", case.name);
        let rows = case.execute("UPDATE t SET n = 1 RETURNING n", &[]).await;
        assert!(matches!(rows, Err(Error::Bug(_))), "{} {rows:?}", case.name);
        let one = |sql: &'static str| case.db.read(async move |tx| tx.query_one(sql, &[]).await);
        assert_eq!(one("SELECT n FROM t").await, Err(Error::Bug("more than one row in: SELECT n FROM t".into())));
        assert_eq!(
            one("SELECT n FROM t WHERE n = 9").await,
            Err(Error::Bug("no row in: SELECT n FROM t WHERE n = 9".into()))
        );
    }
}

#[tokio::test]
async fn a_read_cannot_write_and_the_next_transaction_can() {
    for case in with_table(both()).await {
        let wrote = case.query("INSERT INTO t VALUES ('a', 1)", &[]).await;
        let expected = Error::Bug("a read tried to write in: INSERT INTO t VALUES ('a', 1)".to_owned());
        assert_eq!(wrote, Err(expected), "{}", case.name);
        assert_eq!(case.execute("INSERT INTO t VALUES ('a', 1)", &[]).await, Ok(1), "{}", case.name);
    }
}

/// Inline has one thread, where a read can only be before or after a write.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_read_sees_one_snapshot_of_what_is_committed() {
    for case in with_table(vec![sqlite(), postgres()]).await {
        let (written, seen) = (Meeting::default(), Meeting::default());
        let write = tokio::spawn({
            let (db, written, seen) = (case.another_node(), written.clone(), seen.clone());
            async move {
                db.write(async move |tx| {
                    tx.execute("INSERT INTO t VALUES ('a', 1)", &[]).await?;
                    written.arrive();
                    seen.wait();
                    Ok::<_, Error>(())
                })
                .await
            }
        });
        tokio::task::block_in_place(|| written.wait());
        assert_eq!(case.number(COUNT).await, 0, "{}: saw what was not committed", case.name);
        seen.arrive();
        write.await.unwrap().unwrap();

        let (looked, changed) = (Meeting::default(), Meeting::default());
        let read = tokio::spawn({
            let (db, looked, changed) = (case.another_node(), looked.clone(), changed.clone());
            async move {
                db.read(async move |tx| {
                    let before: i64 = tx.query_one(COUNT, &[]).await?.get("n")?;
                    looked.arrive();
                    changed.wait();
                    Ok::<_, Error>((before, tx.query_one(COUNT, &[]).await?.get::<i64>("n")?))
                })
                .await
            }
        });
        tokio::task::block_in_place(|| looked.wait());
        case.execute("INSERT INTO t VALUES ('b', 1)", &[]).await.unwrap();
        changed.arrive();
        assert_eq!(read.await.unwrap(), Ok((1, 1)), "{}", case.name);
        assert_eq!(case.number(COUNT).await, 2, "{}", case.name);
    }
}

/// One side waits, blocking its thread, until the other side has arrived.
#[derive(Clone)]
struct Meeting(Arc<(mpsc::SyncSender<()>, std::sync::Mutex<mpsc::Receiver<()>>)>);

impl Default for Meeting {
    fn default() -> Self {
        let (sender, receiver) = mpsc::sync_channel(16);
        Self(Arc::new((sender, receiver.into())))
    }
}

impl Meeting {
    fn arrive(&self) {
        self.0.0.send(()).unwrap();
    }

    fn wait(&self) {
        self.0.1.lock().unwrap().recv_timeout(Duration::from_secs(10)).unwrap();
    }
}

#[tokio::test]
async fn hooks_run_after_commit_and_never_after_a_rollback() {
    for case in with_table(both()).await {
        let runs = Arc::new(AtomicU32::new(0));
        for (commit, expected) in [(false, 0), (true, 1)] {
            let hook = Arc::clone(&runs);
            let _: Result<(), Refusal> = case
                .db
                .write(async move |tx| {
                    let runs = Arc::clone(&hook);
                    tx.after_commit(move || _ = runs.fetch_add(1, Ordering::SeqCst));
                    tx.execute("INSERT INTO t VALUES ('a', 1)", &[]).await?;
                    assert_eq!(hook.load(Ordering::SeqCst), 0);
                    if commit { Ok(()) } else { Err(Refusal::AlreadyTaken) }
                })
                .await;
            assert_eq!(runs.load(Ordering::SeqCst), expected, "{}", case.name);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn commands_of_people_go_before_signals() {
    let case = with_table(vec![sqlite()]).await.remove(0);
    let (busy, go) = (Meeting::default(), Meeting::default());
    let order = Arc::new(std::sync::Mutex::new(String::new()));
    let blocker = tokio::spawn({
        let (db, busy, go) = (case.db.clone(), busy.clone(), go.clone());
        async move {
            db.write(async move |_| {
                busy.arrive();
                go.wait();
                Ok::<_, Error>(())
            })
            .await
        }
    });
    tokio::task::block_in_place(|| busy.wait());
    let note = |letter: char| {
        let order = Arc::clone(&order);
        async move |_: &mut muster::store::Tx| {
            order.lock().unwrap().push(letter);
            Ok::<_, Error>(())
        }
    };
    let mut waiting = Vec::new();
    for _ in 0..2 {
        let mut low = Box::pin(case.db.write_low(note('s')));
        assert!(low.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        waiting.push(low);
    }
    let mut first = Box::pin(case.db.write(note('P')));
    assert!(first.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    go.arrive();
    blocker.await.unwrap().unwrap();
    first.await.unwrap();
    for low in waiting {
        low.await.unwrap();
    }
    assert_eq!(*order.lock().unwrap(), "Pss");
}

#[test]
fn inline_is_done_at_the_first_poll() {
    let case = inline();
    let mut once = Context::from_waker(Waker::noop());
    let made = pin!(case.execute("CREATE TABLE t (n BIGINT)", &[])).poll(&mut once);
    assert!(matches!(made, Poll::Ready(Ok(0))));
    let read = pin!(case.query("SELECT n FROM t", &[])).poll(&mut once);
    assert!(matches!(read, Poll::Ready(Ok(rows)) if rows.is_empty()));
}

#[tokio::test]
async fn a_transaction_runs_to_its_end_even_if_its_caller_stops_waiting() {
    for case in with_table(both()).await {
        {
            let write = pin!(case.db.write(async |tx| {
                tx.execute("INSERT INTO t VALUES ('a', 1)", &[]).await?;
                tx.execute("INSERT INTO t VALUES ('b', 1)", &[]).await
            }));
            let _: Poll<Result<u64, Error>> = write.poll(&mut Context::from_waker(Waker::noop()));
        }
        let counted = async || while case.number(COUNT).await != 2 {};
        tokio::time::timeout(Duration::from_secs(10), counted()).await.expect(case.name);
    }
}

#[tokio::test]
async fn a_number_that_fits_no_database_is_refused() {
    for case in with_table(both()).await {
        let refused = case.execute("INSERT INTO t VALUES ('a', $1)", &[Value::from(u64::MAX)]).await;
        assert!(matches!(refused, Err(Error::Bug(_))), "{}", case.name);
    }
}

#[tokio::test]
async fn the_duties_of_a_subject_are_those_that_were_written_last() {
    let duty = |kind, settled: Option<i64>| Duty {
        id: DutyId { kind, occurrence: "1".into() },
        what: "Triage it".into(),
        owed_by: None,
        since: at_ms(1),
        due: at_ms(3),
        proof: None,
        settled: settled.map(at_ms),
    };
    let rows = "SELECT subject, kind, settled_at FROM duties ORDER BY subject, kind";
    for case in both() {
        migrate::run(&case.db, migrate::MIGRATIONS, at_ms(1)).await.unwrap();
        let save = async |subject: &str, all: Vec<Duty>| {
            let subject = SubjectId::from(subject);
            case.db.write(async move |tx| duties::save(tx, &subject, &all).await).await.unwrap();
            let row = |r: &muster::store::Row| (r.get("subject"), r.get("kind"), r.get("settled_at"));
            let rows: Vec<_> = case.query(rows, &[]).await.unwrap().iter().map(row).collect();
            rows.into_iter().map(|(s, k, at)| (s.unwrap(), k.unwrap(), at.unwrap())).collect::<Vec<_>>()
        };
        let row = |subject: &str, kind: &str, at: Option<i64>| (subject.to_owned(), kind.to_owned(), at);
        save("a", vec![duty(DutyKind::Triage, Some(2)), duty(DutyKind::Review, None)]).await;
        let all = save("b", vec![duty(DutyKind::Triage, Some(2))]).await;
        let of_b = row("b", "triage", Some(2));
        assert_eq!(all, [row("a", "review", None), row("a", "triage", Some(2)), of_b.clone()], "{}", case.name);
        // What settled it was taken back, and it is not owed either: service is back.
        let all = save("a", vec![duty(DutyKind::Review, Some(3))]).await;
        assert_eq!(all, [row("a", "review", Some(3)), of_b], "{}", case.name);
    }
}
