//! Migrations on every database.

use crate::databases::both;
use muster::store::migrate::{self, MIGRATIONS, MigrateError, Migrated, Migration};
use muster::store::{Error, Tx, alerts, params};
use muster_core::at_ms;
use muster_core::ids::AlertId;

const FIRST: Migration = Migration {
    version: 1,
    name: "first",
    sql: "CREATE TABLE one (name {TEXT} PRIMARY KEY, n {INT} NOT NULL, raw {BLOB}) {STRICT};
          INSERT INTO one VALUES ('b', 1, NULL), ('a', 2, NULL), ('B', 3, NULL), ('ä', 4, NULL), ('_', 5, NULL);",
};
const SECOND: Migration =
    Migration { version: 2, name: "second", sql: "ALTER TABLE one ADD COLUMN more {INT} NOT NULL DEFAULT 7;" };
const BROKEN: Migration =
    Migration { version: 2, name: "broken", sql: "CREATE TABLE two (n {INT}); INSERT INTO nowhere VALUES (1);" };

fn done(applied: &[i64], newer: Option<i64>) -> Result<Migrated, MigrateError> {
    Ok(Migrated { applied: applied.to_vec(), newer })
}

#[tokio::test]
async fn what_is_missing_is_applied_once_and_a_newer_database_still_serves() {
    for case in both() {
        let run = |migrations| migrate::run(&case.db, migrations, at_ms(1));
        assert_eq!(run(&[FIRST]).await, done(&[1], None), "{}", case.name);
        assert_eq!(run(&[FIRST]).await, done(&[], None), "{}", case.name);
        assert_eq!(run(&[FIRST, SECOND]).await, done(&[2], None), "{}", case.name);
        assert_eq!(run(&[FIRST]).await, done(&[], Some(2)), "{}", case.name);
        assert_eq!(case.number("SELECT more AS n FROM one WHERE name = 'a'").await, 7);
        let rows = case.query("SELECT version, name, applied_at FROM migrations ORDER BY version", &[]).await.unwrap();
        let names: Vec<String> = rows.iter().map(|r| r.get("name").unwrap()).collect();
        assert_eq!(names, ["lock", "first", "second"], "{}", case.name);
    }
}

#[tokio::test]
async fn text_sorts_by_bytes_everywhere() {
    for case in both() {
        migrate::run(&case.db, &[FIRST], at_ms(1)).await.unwrap();
        let rows = case.query("SELECT name FROM one ORDER BY name", &[]).await.unwrap();
        let names: Vec<String> = rows.iter().map(|r| r.get("name").unwrap()).collect();
        assert_eq!(names, ["B", "_", "a", "b", "ä"], "{}", case.name);
    }
}

#[tokio::test]
async fn strict_tables_refuse_what_is_of_another_type() {
    for case in both() {
        migrate::run(&case.db, &[FIRST], at_ms(1)).await.unwrap();
        let wrong = case.execute("INSERT INTO one VALUES ('c', $1, NULL)", params!["many"]).await;
        assert!(matches!(wrong, Err(Error::Bug(_))), "{} {wrong:?}", case.name);
    }
}

#[tokio::test]
async fn a_migration_that_fails_leaves_the_database_as_it_was() {
    for case in both() {
        let failed = migrate::run(&case.db, &[FIRST, BROKEN], at_ms(1)).await;
        assert!(matches!(failed, Err(MigrateError::Store(Error::Bug(_)))), "{} {failed:?}", case.name);
        assert!(matches!(case.query("SELECT n FROM two", &[]).await, Err(Error::Bug(_))), "{}", case.name);
        assert_eq!(case.number("SELECT max(version) AS n FROM migrations").await, 1, "{}", case.name);
        assert_eq!(migrate::run(&case.db, &[FIRST, SECOND], at_ms(1)).await, done(&[2], None), "{}", case.name);
    }
}

#[tokio::test]
async fn a_changed_migration_is_refused() {
    const CHANGED: Migration = Migration { sql: "CREATE TABLE one (name TEXT);", ..FIRST };
    for case in both() {
        migrate::run(&case.db, &[FIRST], at_ms(1)).await.unwrap();
        let refused = migrate::run(&case.db, &[CHANGED, SECOND], at_ms(1)).await;
        assert_eq!(refused, Err(MigrateError::Changed { version: 1, name: "first" }), "{}", case.name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nodes_that_start_together_apply_each_migration_once() {
    for case in both() {
        let nodes: Vec<_> = (0..6)
            .map(|_| {
                let db = case.another_node();
                tokio::spawn(async move { migrate::run(&db, &[FIRST, SECOND], at_ms(1)).await })
            })
            .collect();
        let mut applied = Vec::new();
        for node in nodes {
            applied.extend(node.await.unwrap().unwrap().applied);
        }
        applied.sort_unstable();
        assert_eq!(applied, [1, 2], "{}", case.name);
    }
}

#[tokio::test]
async fn the_real_ones_make_what_the_store_itself_needs() {
    for case in both() {
        migrate::run(&case.db, MIGRATIONS, at_ms(1)).await.unwrap();
        case.execute("INSERT INTO meta (key, value) VALUES ('id', 'x')", &[]).await.unwrap();
        case.execute("INSERT INTO leases (name, holder, epoch, until) VALUES ('engine', 'a', 1, 2)", &[])
            .await
            .unwrap();
    }
}

/// What a database of version 5 held of an alert that fired, was over and fires again.
const OF_VERSION_5: [&str; 2] = [
    "INSERT INTO alerts (id, open_key, intake, key, signal, firing, sent, account, why, went_down_at, first_at, last_at,
       ends_at, signals, due_at)
     VALUES ('a', 'nagios k', 'nagios', 'k', '{\"key\":\"k\",\"status\":\"firing\",\"title\":\"t\",\"condition\":\"down\"}',
       1, 'down', 'joined', 'why', 8, 10, 30, 90, 3, NULL)",
    "INSERT INTO signals VALUES ('a', 1, 10, 8, 'firing', 'one', 'p1'), ('a', 2, 20, NULL, 'resolved', 'two', 'p2'),
       ('a', 3, 30, 29, 'firing', 'three', 'p3')",
];

#[tokio::test]
async fn signals_of_an_earlier_release_keep_their_alert_and_their_order() {
    for case in both() {
        migrate::run(&case.db, &MIGRATIONS[..5], at_ms(1)).await.unwrap();
        for sql in OF_VERSION_5 {
            case.execute(sql, &[]).await.unwrap();
        }
        migrate::run(&case.db, MIGRATIONS, at_ms(2)).await.unwrap();
        let look = async |tx: &mut Tx| {
            let id = AlertId("a".into());
            let stored = alerts::load(tx, &id).await?.unwrap();
            let signals = alerts::signals(tx, &id, 9).await?;
            let second = alerts::signal(tx, &id, 2).await?.unwrap().title;
            alerts::stand_alone(tx, &id, &"subject".into()).await?;
            Ok::<_, Error>((stored, signals, second, alerts::load(tx, &id).await?.unwrap(), alerts::books(tx).await?))
        };
        let (stored, signals, second, alone, books) = case.db.write(look).await.unwrap();
        let alert = stored.alert;
        assert_eq!((alert.signals, alert.last_at, stored.ends_at), (3, at_ms(30), Some(at_ms(90))), "{}", case.name);
        assert_eq!(signals.iter().map(|s| s.title.as_str()).collect::<Vec<_>>(), ["three", "two", "one"]);
        assert_eq!((second.as_str(), books), ("two", (3, 3)));
        let since = (alone.alert.went_down_at, alone.alert.first_at);
        assert_eq!(since, (at_ms(29), at_ms(30)), "since it last began to fire: {}", case.name);
    }
}
