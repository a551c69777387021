//! DOC-6: files on an incident.

use crate::fixture::*;
use muster_core::entry::{Attached, Fact};
use muster_core::incident::{Act, Incident, line};

const MIB: u64 = 1024 * 1024;

fn file(name: &str, size: u64) -> Attached {
    let (media_type, text) = ("image/png".to_owned(), "  the console ".to_owned());
    Attached { name: name.into(), size, media_type, sha256: [7; 32].into(), text }
}

// proves: DOC-6 a file is an entry of the log that holds its hash, size and kind, in words too
#[test]
fn a_file_is_an_entry_that_holds_its_hash() {
    let mut log = Log::declared();
    let facts = log.act("marta", Act::Attach(file("C:\\shots\\dir-01.png", 3 * MIB / 2)));
    let Fact::Attached(kept) = &facts[0] else { panic!("{facts:?}") };
    assert_eq!((kept.name.as_str(), kept.text.as_str(), kept.sha256), ("dir-01.png", "the console", [7; 32].into()));
    let said = words_of(log.entries.last().unwrap(), log.incident());
    assert_eq!(said, format!("Attached: dir-01.png, 1.5 MiB, SHA-256 {}. the console.", kept.sha256));
    assert!(log.incident().staff.iter().any(|p| p.id.as_str() == "marta"));
}

fn words_of(entry: &muster_core::entry::Entry, incident: &Incident) -> String {
    let line = line(entry, incident);
    format!("{} {}", line.lead, line.text)
}

// proves: DOC-6 up to 25 MiB, or what the policy says; no empty file
#[test]
fn too_large_and_empty_files_are_refused_with_what_to_do() {
    let mut log = Log::declared();
    log.act("marta", Act::Attach(file("a.log", 25 * MIB)));
    let large = log.acts("marta", Act::Attach(file("a.log", 25 * MIB + 1))).unwrap_err();
    assert!(large.to_string().starts_with("a.log is larger than 25 MiB, the most for one file."), "{large}");
    let empty = log.acts("marta", Act::Attach(file("a.log", 0))).unwrap_err();
    assert_eq!((empty.field(), empty.to_string().contains("is empty")), (Some("file"), true));
    let mut org = org();
    org.policy.attachment_max = 1;
    let mut small = Log::suspected_in(org);
    assert!(small.acts("marta", Act::Attach(file("a.log", MIB + 1))).unwrap_err().to_string().contains("1 MiB"));
}

// proves: DOC-6 a file that was a mistake is taken back, and its entry stays
#[test]
fn a_file_can_be_taken_back_once() {
    let mut log = Log::declared();
    log.act("marta", Act::Attach(file("a.png", 1)));
    let entry = log.incident().seq;
    let back = || Act::TakeBack { entry, reason: "shows a password".into() };
    log.act("marta", back());
    assert!(log.incident().taken_back.contains_key(&entry));
    assert!(log.acts("marta", back()).unwrap_err().to_string().contains("taken back already"));
}
