//! The program ends when it is told to, whoever has gone before it.

use crate::databases::TempDir;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

#[test]
fn it_stops_on_sigterm_although_nobody_reads_what_it_says() {
    let home = TempDir::new();
    let mut command = Command::new(env!("CARGO_BIN_EXE_muster"));
    command.args(["demo", "--json", "--listen", "127.0.0.1:0", "--data"]).arg(home.path().join("data"));
    let mut program = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut said = BufReader::new(program.stdout.take().unwrap());
    let mut first = String::new();
    said.read_line(&mut first).unwrap();
    drop(said);
    let told = Command::new("kill").args(["-TERM", &program.id().to_string()]).status().unwrap();
    let begun = Instant::now();
    let ended = loop {
        match program.try_wait().unwrap() {
            None if begun.elapsed() < Duration::from_secs(30) => std::thread::sleep(Duration::from_millis(20)),
            ended => break ended,
        }
    };
    if ended.is_none() {
        program.kill().unwrap();
        program.wait().unwrap();
    }
    assert!(first.contains("\"url\"") && told.success(), "it had not started: {first}");
    assert!(ended.is_some_and(|ended| ended.success()), "it did not stop in 30 s, or not in order: {ended:?}");
}
