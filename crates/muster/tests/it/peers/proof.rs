//! `muster verify` on an exported incident, and on the same with a byte changed.

use super::installation::muster_command;
use super::process::{Ended, Folder, Program};
use std::path::Path;

pub fn expect_proved(folder: &Folder, file: &Path, number: &str) {
    let said = verify(folder, file).fine();
    assert!(said.starts_with(&format!("Proved: incident {number}, ")), "{said}");
}

/// Bytes all over the file, changed one at a time, are found, and so is what a forger would change, such as that note;
/// each is said to be where it is.
pub fn expect_any_change_found(folder: &Folder, file: &Path, note: &str) {
    let text = std::fs::read_to_string(file).unwrap();
    for at in (0..text.len()).step_by(97) {
        let mut changed = text.clone().into_bytes();
        changed[at] ^= 1;
        expect_found(folder, &changed, &places(&text, at));
    }
    let log = text.find("\"entries\": [").unwrap();
    let (on_form, in_log) = (text.find(note).unwrap(), log + text[log..].find(note).unwrap());
    for (at, instead, place) in [
        (on_form, "N", "the form in the file was changed".to_owned()),
        (in_log, "N", format!("entry {} of ", entry_at(&text, in_log))),
        (text.find("Northmere").unwrap(), "S", OUTSIDE[0].to_owned()),
        (text.find("\"number\"").unwrap(), "'", "line 4: ".to_owned()),
    ] {
        let mut changed = text.clone();
        changed.replace_range(at..=at, instead);
        expect_found(folder, changed.as_bytes(), &[place]);
    }
    let last = text.lines().count();
    expect_found(folder, text.trim_end().as_bytes(), &[format!("line {last}: the file was changed here")]);
    expect_found(folder, format!("{text}\n").as_bytes(), &[format!("line {}: ", last + 1)]);
}

/// What is said of the lines before the form and after the log. They say what the log and the form must be, so that with
/// another number, name of the log, or hash these do not fit.
const OUTSIDE: [&str; 7] = [
    "a line outside the log and the form was changed",
    "this file is of the format",
    "entry 1 of ",
    "the form in the file was changed",
    "the proof does not fit the log",
    "the signature is none",
    "the public key is none",
];

/// Where a change of that byte may be said to be: where reading ended, there or at the beginning of the next line; in
/// the log the entry, in the form the form, else what the signature covers.
fn places(text: &str, at: usize) -> Vec<String> {
    let bytes = &text.as_bytes()[..at];
    let line = 1 + bytes.iter().filter(|&&b| b == b'\n').count();
    let lines = [format!("line {line}: "), format!("line {}: ", line + 1)];
    let begins = |part: &str| at >= text.find(part).unwrap();
    let part = match (begins("\"form\": {"), begins("\"entries\": ["), begins("\"proof\": {")) {
        (true, false, _) => vec!["the form in the file was changed".to_owned()],
        (true, true, false) => {
            let seq = entry_at(text, at);
            let said_of = [format!("entry {seq} of "), format!("entry {seq}: its salt")];
            said_of.into_iter().chain([format!("it stands after entry {},", seq.saturating_sub(1))]).collect()
        }
        _ => OUTSIDE.map(String::from).to_vec(),
    };
    lines.into_iter().chain(part).collect()
}

/// The number of the entry of the log that stands there.
fn entry_at(text: &str, at: usize) -> usize {
    let log = text.find("\"entries\": [").unwrap();
    String::from_utf8_lossy(&text.as_bytes()[log..at]).matches("\"seq\":").count()
}

#[track_caller]
fn expect_found(folder: &Folder, changed: &[u8], places: &[String]) {
    let spoiled = folder.at("spoiled.json");
    std::fs::write(&spoiled, changed).unwrap();
    let ended = verify(folder, &spoiled);
    assert_eq!(ended.code(), Some(5), "{ended:?}");
    let named = ended.said.starts_with("WRONG: ") && places.iter().any(|place| ended.said.contains(place));
    assert!(named, "{places:?}: {}", ended.said);
}

fn verify(folder: &Folder, file: &Path) -> Ended {
    Program::run(folder, "verify", "", muster_command().arg("verify").arg(file))
}
