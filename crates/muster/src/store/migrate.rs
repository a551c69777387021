//! Bringing a database up to date. Migrations only grow, and each is safe while the release before it still runs.

use super::dialect::COUNT_MIGRATION_TABLES;
use super::{Db, Error, Tx, params};
use muster_core::Time;
use sha2::{Digest, Sha256};

/// One step. Its text is never changed once it was released: databases out there have its checksum.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// Counts from 1.
    pub version: i64,
    /// What it is about, as in its file's name.
    pub name: &'static str,
    /// SQL with the tokens of `dialect.rs`.
    pub sql: &'static str,
}

/// All of them, oldest first.
pub const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "meta", sql: include_str!("../../migrations/0001_meta.sql") },
    Migration { version: 2, name: "process", sql: include_str!("../../migrations/0002_process.sql") },
    Migration { version: 3, name: "access", sql: include_str!("../../migrations/0003_access.sql") },
    Migration { version: 4, name: "checkpoints", sql: include_str!("../../migrations/0004_checkpoints.sql") },
    Migration { version: 5, name: "joining", sql: include_str!("../../migrations/0005_joining.sql") },
    Migration { version: 6, name: "signals", sql: include_str!("../../migrations/0006_signals.sql") },
    Migration { version: 7, name: "attachments", sql: include_str!("../../migrations/0007_attachments.sql") },
    Migration { version: 8, name: "means", sql: include_str!("../../migrations/0008_means.sql") },
    Migration { version: 9, name: "restricted", sql: include_str!("../../migrations/0009_restricted.sql") },
];

/// What was done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Migrated {
    /// Which versions were applied now.
    pub applied: Vec<i64>,
    /// The database's version, if a newer release made it newer than this one knows. That is allowed: a release reads
    /// what the next one writes, so nodes can be updated one after the other.
    pub newer: Option<i64>,
}

/// Why a database cannot be brought up to date.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum MigrateError {
    /// The text of a migration is not the one that made this database, so nobody knows what the database looks like.
    #[error("migration {version} ({name}) made this database with another text; run the release that made it")]
    Changed {
        /// Its version.
        version: i64,
        /// Its name.
        name: &'static str,
    },
    /// The database itself.
    #[error(transparent)]
    Store(#[from] Error),
}

/// Applies what is missing of `migrations`, each in a transaction of its own, so that one that fails leaves the
/// database as it was after the one before. Nodes that start together do it one after the other.
///
/// # Errors
/// If a migration's text was changed since, or the database fails.
pub async fn run(db: &Db, migrations: &'static [Migration], now: Time) -> Result<Migrated, MigrateError> {
    make_table(db, now).await?;
    let mut applied = Vec::new();
    while let Step::Applied(version) = db.migrate(async move |tx| step(tx, migrations, now).await).await? {
        applied.push(version);
    }
    let newest = db.read(async |tx| tx.query_one("SELECT max(version) AS newest FROM migrations", &[]).await);
    let newest: i64 = newest.await.and_then(|row: super::Row| row.get("newest"))?;
    let newer = (newest > migrations.last().map_or(0, |m| m.version)).then_some(newest);
    if let Some(version) = newer {
        tracing::warn!(version, "the database was made by a newer release; update this one soon");
    }
    Ok(Migrated { applied, newer })
}

enum Step {
    Applied(i64),
    UpToDate,
}

/// Checks every known migration, and applies the first that is missing.
async fn step(tx: &mut Tx, migrations: &[Migration], now: Time) -> Result<Step, MigrateError> {
    // The row is the lock: another node's step waits here, and then starts again with what this one did.
    tx.execute("UPDATE migrations SET applied_at = $1 WHERE version = 0", params![now]).await?;
    let rows = tx.query("SELECT version, sha256 FROM migrations WHERE version > 0", &[]).await?;
    let mut known = std::collections::BTreeMap::new();
    for row in rows {
        known.insert(row.get::<i64>("version")?, row.get::<String>("sha256")?);
    }
    let mut missing = None;
    for migration in migrations {
        match known.get(&migration.version) {
            Some(checksum) if *checksum == migration.checksum() => {}
            Some(_) => return Err(MigrateError::Changed { version: migration.version, name: migration.name }),
            None => missing = missing.or(Some(migration)),
        }
    }
    let Some(migration) = missing else { return Ok(Step::UpToDate) };
    let sql = tx.dialect().render(migration.sql);
    tx.script(&sql).await?;
    tx.execute(
        "INSERT INTO migrations (version, name, sha256, applied_at) VALUES ($1, $2, $3, $4)",
        params![migration.version, migration.name, migration.checksum(), now],
    )
    .await?;
    Ok(Step::Applied(migration.version))
}

/// Makes the table of migrations with its lock row, unless it is there.
async fn make_table(db: &Db, now: Time) -> Result<(), Error> {
    if has_table(db).await? {
        return Ok(());
    }
    let made = db.migrate(async move |tx| {
        let sql = tx.dialect().render(TABLE);
        tx.script(&sql).await?;
        tx.execute("INSERT INTO migrations VALUES (0, 'lock', '', $1)", params![now]).await
    });
    match made.await {
        Ok(_) => Ok(()),
        // Another node may have made it at the same instant; PostgreSQL has several errors for that.
        Err(error) => {
            if has_table(db).await? {
                Ok(())
            } else {
                Err(error)
            }
        }
    }
}

/// Whether `db` was ever brought up to date by any release of Muster.
///
/// # Errors
/// If it cannot be read.
pub async fn is_ours(db: &Db) -> Result<bool, Error> {
    has_table(db).await
}

async fn has_table(db: &Db) -> Result<bool, Error> {
    db.read(async |tx| tx.query_one(COUNT_MIGRATION_TABLES, &[]).await?.get("tables")).await
}

const TABLE: &str = "CREATE TABLE migrations (
    version {INT} PRIMARY KEY,
    name {TEXT} NOT NULL,
    sha256 {TEXT} NOT NULL,
    applied_at {INT} NOT NULL
) {STRICT}";

impl Migration {
    /// SHA-256 of its text before the tokens are replaced, so that it is the same on both databases; in hex.
    fn checksum(&self) -> String {
        hex::encode(Sha256::digest(self.sql))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Dialect;

    #[test]
    fn every_file_is_listed_under_its_number_and_name() {
        let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
        let names = std::fs::read_dir(directory).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap());
        let mut files: Vec<String> = names.collect();
        files.sort();
        let listed = MIGRATIONS.iter().map(|m| format!("{:04}_{}.sql", m.version, m.name));
        assert_eq!(files, listed.collect::<Vec<_>>());
    }

    #[test]
    fn migrations_grow_and_use_only_known_tokens() {
        for (n, migration) in (1..).zip(MIGRATIONS) {
            assert_eq!(migration.version, n, "{} leaves a gap", migration.name);
            for dialect in [Dialect::Sqlite, Dialect::Postgres] {
                let sql = dialect.render(migration.sql);
                assert!(!sql.contains(['{', '}']), "an unknown token in {} ({dialect:?})", migration.name);
            }
        }
    }
}
