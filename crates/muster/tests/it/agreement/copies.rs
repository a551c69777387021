//! A copy of a database in use is whole, however it was made; and the commands work on every stopped database.

use super::Told;
use crate::databases::TempDir;
use crate::pg;
use crate::sim::rng::Rng;
use muster::cli::demo::EXAMPLE;
use muster::clock::MovableClock;
use muster::ops::{Ops, verify::Verdict};
use muster::store::{Db, backup};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

/// Backs the database up in its own way, and proves that the copy holds as much as the original.
pub async fn prove_a_copy(told: &Told) {
    let original = told.ops().verify().await.unwrap();
    assert_eq!(original.wrong, None);
    let folder = TempDir::new();
    let copied = match told.case.address() {
        Some(address) => {
            let copy = pg::Database::new();
            dump_and_load(address, &copy.address);
            verdict(Db::postgres(&copy.address).unwrap()).await
        }
        None => {
            let file = folder.path().join("copy.db");
            backup::to_file(&told.case.db, &file).await.unwrap();
            verdict(Db::inline(&file).unwrap()).await
        }
    };
    assert_eq!(copied, original, "{}", told.case.name);
}

async fn verdict(db: Db) -> Verdict {
    let world = crate::sim::world::SimulatedWorld {
        clock: Arc::new(MovableClock::at("2026-11-18T10:00:00Z".parse().unwrap())),
        rng: Rng::new(8),
    };
    let ops = Ops::new(db, Arc::new(world), "http://muster.example", false).await.unwrap();
    ops.verify().await.unwrap()
}

/// As an administrator does it.
fn dump_and_load(from: &str, to: &str) {
    let mut dump = Command::new("pg_dump").arg(format!("--dbname={from}")).stdout(Stdio::piped()).spawn().unwrap();
    let loaded = Command::new("psql")
        .args(["--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", &format!("--dbname={to}")])
        .stdin(dump.stdout.take().unwrap())
        .stdout(Stdio::null())
        .status();
    assert!(dump.wait().unwrap().success() && loaded.unwrap().success(), "pg_dump | psql");
}

#[test]
fn the_commands_work_on_every_stopped_database() {
    let folder = TempDir::new();
    let database = pg::Database::new();
    let data = folder.path().join("data").display().to_string();
    let file = folder.path().join("organisation.toml");
    std::fs::write(&file, EXAMPLE).unwrap();
    let file = file.to_str().unwrap();
    let said: Vec<_> = [["--data", data.as_str()], ["--database", database.address.as_str()]]
        .into_iter()
        .map(|place| {
            let done = |words: &[&str]| text(muster(words, place), 0);
            let mut said = vec![done(&["apply", file, "--plan"]), done(&["apply", file, "--yes"])];
            said.push(done(&["export"]));
            std::fs::write(file, &said[2]).unwrap();
            said.push(done(&["apply", file, "--yes"]));
            // Each installation has a key of its own.
            let proved = done(&["verify"]);
            said.push(proved.lines().filter(|line| !line.starts_with("Key: ")).collect());
            said.push(done(&["release-outbox"]));
            said
        })
        .collect();
    // What is proved names the installation's own key, which differs.
    assert_eq!((&said[0][..4], &said[0][5]), (&said[1][..4], &said[1][5]));
    assert!(said[0][1].ends_with("changes applied.\n") && said[0][3] == "Nothing to change.\n", "{:?}", said[0]);
    for said in &said {
        assert!(said[4].starts_with("Proved: "), "{}", said[4]);
    }
    let copy = folder.path().join("copy.db");
    let backed_up = ["backup", copy.to_str().unwrap()];
    let refused = text(muster(&backed_up, ["--database", &database.address]), 3);
    assert!(refused.contains("pg_dump") && !copy.exists(), "{refused}");
    text(muster(&backed_up, ["--data", &data]), 0);
    restored(&copy, &folder.path().join("restored"));
}

fn restored(copy: &Path, data: &Path) {
    let (copy, data) = (copy.to_str().unwrap(), data.to_str().unwrap());
    let said = text(muster(&["restore", copy], ["--data", data]), 0);
    assert!(said.contains("Restored."), "{said}");
    text(muster(&["verify"], ["--data", data]), 0);
}

fn muster(words: &[&str], place: [&str; 2]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_muster")).args(words).args(place).output().unwrap()
}

/// What it printed, if it ended with that status.
fn text(output: Output, status: i32) -> String {
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(status), "{said}");
    said
}
