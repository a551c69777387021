//! Forms are printed by a child process, which may die without taking the program along.

use crate::databases::TempDir;
use muster::documents::printer::{NotPrinted, Printer};
use muster_paper::{Form, form_pdf};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const MUSTER: &str = env!("CARGO_BIN_EXE_muster");
const PATIENCE: Duration = Duration::from_secs(60);

fn form() -> Form {
    serde_json::from_str(include_str!("../../../paper/tests/incident-2026-041.json")).unwrap()
}

fn shell(script: &str, within: Duration) -> Printer {
    Printer::new(PathBuf::from("/bin/sh"), ["-c".into(), script.into()], within)
}

#[tokio::test]
async fn a_child_prints_what_the_typesetter_would_print_here() {
    let printer = Printer::new(PathBuf::from(MUSTER), ["print-form".into()], PATIENCE);
    assert_eq!(printer.print(&form()).await.unwrap(), form_pdf(&form()).unwrap());
}

#[tokio::test]
async fn a_child_that_dies_or_makes_something_else_is_told_and_no_more() {
    for (script, says) in [
        ("kill -ABRT $$", "signal: 6"),
        ("echo thread main panicked >&2; kill -ABRT $$", "thread main panicked"),
        ("cat >/dev/null; echo hello", "exit status: 0"),
        ("exit 3", "exit status: 3"),
        ("printf %%PDF-1.7; exit 1", "exit status: 1"),
    ] {
        let said = shell(script, PATIENCE).print(&form()).await.unwrap_err().to_string();
        assert!(said.starts_with("printing ended with ") && said.contains(says), "{script}: {said}");
    }
    let none = Printer::new(PathBuf::from("/nonexistent"), [], PATIENCE).print(&form()).await.unwrap_err();
    assert!(matches!(none, NotPrinted::Start { .. }), "{none}");
}

#[tokio::test]
async fn a_child_that_hangs_is_ended() {
    let home = TempDir::new();
    let file = home.path().join("pid");
    let script = format!("echo $$ >{}.part; mv {0}.part {0}; exec sleep 600", file.display());
    let printer = shell(&script, Duration::from_secs(2));
    assert!(matches!(printer.print(&form()).await, Err(NotPrinted::TooLong(_))));
    let pid = std::fs::read_to_string(&file).expect("it had begun");
    let left = PathBuf::from(format!("/proc/{}/cmdline", pid.trim()));
    let begun = Instant::now();
    // One that was ended and is not yet asked after has an empty command line.
    while std::fs::read(&left).is_ok_and(|line| !line.is_empty()) {
        assert!(begun.elapsed() < Duration::from_secs(30), "{} still runs", left.display());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[test]
fn a_child_has_little_memory_and_leaves_no_core_file() {
    let mut command = Command::new(MUSTER);
    command.arg("print-form").stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let limits = format!("/proc/{}/limits", child.id());
    let begun = Instant::now();
    // It waits for its form.
    let bounded = loop {
        let said = std::fs::read_to_string(&limits).unwrap();
        let limit = |name: &str| said.lines().find_map(|l| l.strip_prefix(name)?.split_whitespace().next());
        if let (Some("1610612736"), Some("0")) = (limit("Max address space"), limit("Max core file size")) {
            break true;
        }
        if begun.elapsed() > Duration::from_secs(30) {
            break false;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    drop(child.stdin.take());
    assert_eq!(child.wait().unwrap().code(), Some(2), "nothing is no form");
    assert!(bounded, "not bounded within 30 seconds");
}
