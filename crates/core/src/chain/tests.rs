use super::*;
use crate::{Span, at_ms};
use proptest::prelude::*;

const LOG: &str = "2026-041";

/// An entry as a store keeps it.
#[derive(Clone, PartialEq, Debug)]
struct Stored {
    subject: String,
    seq: u64,
    happened_ms: i64,
    recorded_ms: i64,
    author: String,
    kind: String,
    version: u32,
    salt: Vec<u8>,
    body: Vec<u8>,
    erased: Option<Hash>,
    hash: Hash,
}

impl Stored {
    fn link(&self) -> Link<'_> {
        Link {
            subject: &self.subject,
            seq: self.seq,
            happened_at: at_ms(self.happened_ms),
            recorded_at: at_ms(self.recorded_ms),
            author: &self.author,
            kind: &self.kind,
            version: self.version,
            body: match self.erased {
                Some(digest) => Body::Erased { digest },
                None => Body::Kept { salt: &self.salt, body: &self.body },
            },
        }
    }

    fn erase(&mut self) {
        self.erased = Some(self.link().body.digest());
        self.salt.clear();
        self.body.clear();
    }
}

/// A log whose entries say what `bodies` say, a second apart.
fn log(bodies: &[Vec<u8>]) -> Vec<Stored> {
    let mut previous = Hash::ZERO;
    let entry = |(seq, body): (u64, &Vec<u8>)| {
        let recorded_ms = 1_793_000_000_000 + 1_000 * i64::try_from(seq).unwrap();
        let mut entry = Stored {
            subject: "s1".into(),
            seq,
            happened_ms: recorded_ms - 60_000,
            recorded_ms,
            author: "priya".into(),
            kind: "noted".into(),
            version: 1,
            salt: vec![u8::try_from(seq).unwrap(); SALT_LEN],
            body: body.clone(),
            erased: None,
            hash: Hash::ZERO,
        };
        previous = hash(previous, &entry.link());
        entry.hash = previous;
        entry
    };
    (1..).zip(bodies).map(entry).collect()
}

fn log_of(entries: usize) -> Vec<Stored> {
    log(&(0..entries).map(|n| format!("{{\"text\":\"note {n}\"}}").into_bytes()).collect::<Vec<_>>())
}

fn rows(log: &[Stored]) -> Vec<(u64, Hash)> {
    log.iter().map(|e| (e.seq, e.hash)).collect()
}

fn verify(log: &[Stored]) -> Result<Head, Broken> {
    walk(Verifier::new("s1", LOG), log)
}

fn walk(mut verifier: Verifier, log: &[Stored]) -> Result<Head, Broken> {
    log.iter().try_for_each(|e| verifier.feed(&e.link(), e.hash))?;
    verifier.finish()
}

fn message(log: &[Stored]) -> String {
    verify(log).unwrap_err().to_string()
}

// The expected values were computed by another program from the format's description, not by this code. They may
// never change: logs that people already have depend on them.
#[test]
fn the_format_is_fixed_for_ever() {
    let salt: Vec<u8> = (0..16).collect();
    let first = Link {
        subject: "s1",
        seq: 1,
        happened_at: at_ms(1_793_000_000_123),
        recorded_at: at_ms(1_793_000_060_000),
        author: "priya",
        kind: "noted",
        version: 1,
        body: Body::Kept { salt: &salt, body: "{\"text\":\"Mail is down – see £ log\"}".as_bytes() },
    };
    let digest = first.body.digest();
    assert_eq!(digest.to_string(), "ec38d0a837ece81a28a211ca248b5e310e3236bf10f6a8c3e86cb204c96ba051");
    let one = hash(Hash::ZERO, &first);
    assert_eq!(one.to_string(), "79e9d9ff69e895a813eefa1908c7808352af412555222dfced2ed6cdb36e39f6");
    assert_eq!(hash(Hash::ZERO, &Link { body: Body::Erased { digest }, ..first }), one);
    let second = Link {
        seq: 2,
        happened_at: at_ms(-1),
        recorded_at: at_ms(1_793_000_060_001),
        author: "",
        kind: "withdrawn",
        version: u32::MAX,
        body: Body::Kept { salt: &[0; 16], body: b"" },
        ..first
    };
    let two = hash(one, &second);
    assert_eq!(two.to_string(), "74b3ec8668dba46d831e2485d2196a21529da2be59c2d05634b92e1082c13ffe");
    let row_one = ledger_hash(Hash::ZERO, 1, "s1", 2, two);
    assert_eq!(row_one.to_string(), "8b56508d45cf36b766179abd436fe7069a370843ec3af717878a9b0b7afda489");
    let row_two = ledger_hash(row_one, 2, "sé", 1, one);
    assert_eq!(row_two.to_string(), "7a946b646682680feff7daf6f975c41c6145dbfffce58e6de005d4178d021561");
}

#[test]
fn a_hash_is_64_lower_case_digits_and_nothing_else() {
    let text = "79e9d9ff69e895a813eefa1908c7808352af412555222dfced2ed6cdb36e39f6";
    let hash: Hash = text.parse().unwrap();
    assert_eq!(hash.to_string(), text);
    assert_eq!(serde_json::to_string(&hash).unwrap(), format!("\"{text}\""));
    assert_eq!(serde_json::from_str::<Hash>(&format!("\"{text}\"")).unwrap(), hash);
    for bad in [
        "",
        "79e9",
        &text.to_uppercase(),
        &format!("{text}0"),
        &format!(" {}", &text[1..]),
        &format!("é{}", &text[2..]),
    ] {
        assert_eq!(bad.parse::<Hash>(), Err(NotAHash), "{bad}");
        assert!(serde_json::from_str::<Hash>(&format!("\"{bad}\"")).is_err(), "{bad}");
    }
}

// proves: DOC-4 each entry is chained by hash to the one before
#[test]
fn an_unbroken_log_verifies_and_tells_how_far_it_goes() {
    let log = log_of(8);
    assert_eq!(verify(&log), Ok(Head { count: 8, hash: log[7].hash }));
    assert_eq!(
        walk(Verifier::new("s1", LOG).against_ledger(rows(&log)), &log),
        Ok(Head { count: 8, hash: log[7].hash })
    );
    assert_eq!(verify(&[]), Ok(Head { count: 0, hash: Hash::ZERO }));

    // Whoever writes an entry anew and gives it its right hash has to write every later one anew as well.
    let mut log = log;
    log[2].body = b"{\"text\":\"something else\"}".to_vec();
    log[2].hash = hash(log[1].hash, &log[2].link());
    assert!(matches!(verify(&log), Err(Broken::Changed { seq: 4, .. })), "entry 4 follows another entry 3");
}

#[test]
fn erasing_personal_data_breaks_nothing_but_a_false_digest_does() {
    let mut log = log_of(4);
    log[1].erase();
    assert!(verify(&log).is_ok());
    log[1].erased = Some(Hash::from([7; 32]));
    assert!(matches!(verify(&log), Err(Broken::Changed { seq: 2, .. })));
}

// proves: DOC-4 verifying names the first thing that is wrong
#[test]
fn the_first_thing_that_is_wrong_is_named_for_people() {
    let good = log_of(8);
    let with = |change: &dyn Fn(&mut Vec<Stored>)| {
        let mut log = good.clone();
        change(&mut log);
        log
    };
    let missing = with(&|log| drop(log.remove(6)));
    assert_eq!(message(&missing), "entry 7 of 2026-041 is missing: after entry 6 comes entry 8");
    let headless = with(&|log| drop(log.drain(..2)));
    assert_eq!(message(&headless), "entry 1 of 2026-041 is missing: the log begins with entry 3");
    let twice = with(&|log| log.insert(6, log[2].clone()));
    let expected = "entry 3 of 2026-041 is out of place: it stands after entry 6, where it was put in or moved to";
    assert_eq!(message(&twice), expected);
    let changed = with(&|log| log[6].body[9] = b'N');
    let text = message(&changed);
    assert!(text.starts_with("entry 7 of 2026-041 was changed, "), "{text}");
    assert!(text.contains(&format!("its hash is not {}, as recorded", good[6].hash)), "{text}");
    let foreign = with(&|log| log[3].subject = "s2".into());
    assert_eq!(message(&foreign), "entry 4 of 2026-041 belongs to another log, that of subject \"s2\"");
}

#[test]
fn a_byte_cannot_move_from_the_salt_into_the_body() {
    let mut log = log_of(2);
    let moved = log[1].salt.pop().unwrap();
    log[1].body.insert(0, moved);
    assert_eq!(message(&log), "entry 2 of 2026-041 was changed: its salt has 15 bytes, not 16");
}

#[test]
fn time_of_recording_never_goes_back_but_may_stand_still() {
    let mut log = log_of(3);
    let rehash = |log: &mut Vec<Stored>| {
        let mut previous = Hash::ZERO;
        for entry in log {
            entry.hash = hash(previous, &entry.link());
            previous = entry.hash;
        }
    };
    log[2].recorded_ms = log[1].recorded_ms;
    log[2].happened_ms = 0; // what happened long ago may be written late
    rehash(&mut log);
    assert!(verify(&log).is_ok());
    log[2].recorded_ms -= 1;
    rehash(&mut log);
    let broken = verify(&log).unwrap_err();
    assert_eq!((broken.entry(), matches!(broken, Broken::Backwards { .. })), (3, true));
    assert!(broken.to_string().contains("recorded at 2026-10-26T"), "{broken}");
}

// proves: DOC-4 every log's head goes into one ledger of the installation
#[test]
fn the_ledger_tells_when_a_log_lost_its_end_or_was_written_anew() {
    let good = log_of(8);
    let against = |rows: Vec<(u64, Hash)>, log: &[Stored]| walk(Verifier::new("s1", LOG).against_ledger(rows), log);
    let short = against(rows(&good), &good[..6]).unwrap_err();
    assert_eq!(short.to_string(), "the end of 2026-041 is missing: it ends with entry 6, but the ledger knows entry 8");
    assert_eq!(against(rows(&good), &[]).unwrap_err().entry(), 1);
    let long = against(rows(&good[..6]), &good).unwrap_err();
    assert!(long.to_string().starts_with("entry 8 of 2026-041 is not in the ledger"), "{long}");
    let mut bodies: Vec<_> = good.iter().map(|e| e.body.clone()).collect();
    bodies[2] = b"{}".to_vec();
    let anew = log(&bodies);
    assert!(verify(&anew).is_ok());
    assert!(matches!(against(rows(&good), &anew), Err(Broken::NotAsInLedger { seq: 3, .. })));
    // A transaction that writes several entries adds only the last to the ledger.
    let sparse = rows(&good).into_iter().filter(|(seq, _)| seq % 4 == 0).collect();
    assert!(against(sparse, &good).is_ok());
}

/// Rows (n, subject, seq, head, hash) of a ledger over three logs in turn.
fn ledger(rows: u64) -> Vec<(u64, String, u64, Hash, Hash)> {
    let mut previous = Hash::ZERO;
    let row = |n: u64| {
        let (subject, seq, head) = (format!("s{}", n % 3), n.div_ceil(3), Hash::from([u8::try_from(n).unwrap(); 32]));
        previous = ledger_hash(previous, n, &subject, seq, head);
        (n, subject, seq, head, previous)
    };
    (1..=rows).map(row).collect()
}

fn verify_ledger(checkpoints: &[(u64, Hash)], rows: &[(u64, String, u64, Hash, Hash)]) -> Result<Head, BrokenLedger> {
    let mut verifier = LedgerVerifier::new(checkpoints.iter().copied());
    rows.iter().try_for_each(|(n, subject, seq, head, stored)| verifier.feed(*n, subject, *seq, *head, *stored))?;
    verifier.finish()
}

// proves: DOC-4 a ledger, too, is proved unbroken and complete
#[test]
fn the_first_thing_that_is_wrong_with_the_ledger_is_named() {
    let good = ledger(9);
    let last = good[8].4;
    assert_eq!(verify_ledger(&[(4, good[3].4), (9, last)], &good), Ok(Head { count: 9, hash: last }));
    assert_eq!(verify_ledger(&[], &[]), Ok(Head { count: 0, hash: Hash::ZERO }));
    let message = |checkpoints: &[(u64, Hash)], rows: &[_]| verify_ledger(checkpoints, rows).unwrap_err().to_string();
    let mut dropped = good.clone();
    dropped.remove(4);
    assert_eq!(message(&[], &dropped), "row 5 of the ledger is missing: after row 4 comes row 6");
    assert_eq!(message(&[], &good[2..]), "row 1 of the ledger is missing: it begins with row 3");
    assert_eq!(
        message(&[(9, last)], &good[..7]),
        "the end of the ledger is missing: it ends with row 7, but a checkpoint knows row 9"
    );
    let mut changed = good.clone();
    changed[4].2 += 1;
    assert!(message(&[], &changed).starts_with("row 5 of the ledger was changed: its hash is not "));
    let anew = ledger(9);
    let other = Hash::from([9; 32]);
    let rewritten = "the ledger was written anew: the hash of its row 6 is ";
    assert!(message(&[(6, other)], &anew).starts_with(rewritten));
    let contradicting = [[(6, other), (6, anew[5].4)], [(6, anew[5].4), (6, other)]];
    contradicting.iter().for_each(|both| assert!(message(both, &anew).starts_with(rewritten)));
    let mut back = ledger(1);
    back.push((2, back[0].1.clone(), 1, other, ledger_hash(back[0].4, 2, &back[0].1, 1, other)));
    assert!(matches!(verify_ledger(&[], &back), Err(BrokenLedger::Backwards { n: 2, seq: 1, before: 1, .. })));
}

fn flip(bytes: &mut [u8], at: usize) {
    let bit = at % (bytes.len() * 8);
    bytes[bit / 8] ^= 1 << (bit % 8);
}

/// Only the low seven bits, so that ASCII stays text.
fn flip_text(text: &mut String, at: usize) {
    let mut bytes = std::mem::take(text).into_bytes();
    let bit = at % (bytes.len() * 7);
    bytes[bit / 7] ^= 1 << (bit % 7);
    *text = String::from_utf8(bytes).unwrap();
}

fn flip_hash(hash: &mut Hash, at: usize) {
    let mut bytes = *hash.as_bytes();
    flip(&mut bytes, at);
    *hash = Hash::from(bytes);
}

const FIELDS: usize = 10;

fn flip_field(entry: &mut Stored, field: usize, at: usize) {
    match field {
        0 => flip_text(&mut entry.subject, at),
        1 => entry.seq ^= 1 << (at % 64),
        2 => entry.happened_ms ^= 1 << (at % 46), // beyond lies no calendar
        3 => entry.recorded_ms ^= 1 << (at % 46),
        4 => flip_text(&mut entry.author, at),
        5 => flip_text(&mut entry.kind, at),
        6 => entry.version ^= 1 << (at % 32),
        7 => flip(&mut entry.salt, at),
        8 => flip(&mut entry.body, at),
        _ => flip_hash(&mut entry.hash, at),
    }
}

fn some_log() -> impl Strategy<Value = Vec<Stored>> {
    prop::collection::vec(prop::collection::vec(any::<u8>(), 1..40), 2..9).prop_map(|bodies| log(&bodies))
}

proptest! {
    #[test]
    fn one_flipped_bit_is_found_and_its_entry_named(mut log in some_log(), which: prop::sample::Index, field in 0..FIELDS, bit: u16) {
        let i = which.index(log.len());
        let seq = log[i].seq;
        flip_field(&mut log[i], field, usize::from(bit));
        let broken = verify(&log).unwrap_err();
        match (field, &broken) {
            // A changed number is seen as a gap here, or as an entry from elsewhere.
            (1, Broken::OutOfPlace { after, .. }) => prop_assert_eq!(after + 1, seq),
            _ => prop_assert_eq!(broken.entry(), seq),
        }
    }

    #[test]
    fn a_dropped_entry_is_found(mut log in some_log(), which: prop::sample::Index) {
        let ledger = rows(&log);
        let i = which.index(log.len());
        let dropped = log.remove(i).seq;
        let broken = walk(Verifier::new("s1", LOG).against_ledger(ledger), &log).unwrap_err();
        prop_assert_eq!(broken.entry(), dropped);
        prop_assert_eq!(verify(&log).is_ok(), i == log.len(), "without the ledger only a missing end goes unseen");
    }

    #[test]
    fn swapped_entries_are_found(mut log in some_log(), a: prop::sample::Index, b: prop::sample::Index) {
        let i = a.index(log.len());
        let j = (i + 1 + b.index(log.len() - 1)) % log.len();
        log.swap(i, j);
        prop_assert_eq!(verify(&log).unwrap_err().entry(), i.min(j) as u64 + 1);
    }

    #[test]
    fn an_entry_put_in_is_found_even_with_a_right_hash(mut log in some_log(), which: prop::sample::Index) {
        let ledger = rows(&log);
        let i = which.index(log.len());
        let mut forged = log[i].clone();
        forged.body = b"forged".to_vec();
        forged.hash = hash(if i == 0 { Hash::ZERO } else { log[i - 1].hash }, &forged.link());
        log.insert(i, forged);
        prop_assert_eq!(verify(&log).unwrap_err().entry(), i as u64 + 1);
        let broken = walk(Verifier::new("s1", LOG).against_ledger(ledger), &log).unwrap_err();
        prop_assert_eq!(broken.entry(), i as u64 + 1);
    }

    #[test]
    fn a_truncated_log_is_found_by_the_ledger(log in some_log(), which: prop::sample::Index) {
        let kept = which.index(log.len());
        let broken = walk(Verifier::new("s1", LOG).against_ledger(rows(&log)), &log[..kept]).unwrap_err();
        prop_assert_eq!(broken, Broken::Shortened { log: LOG.into(), last: kept as u64, ledger: log.len() as u64 });
    }

    #[test]
    fn one_flipped_bit_of_the_ledger_is_found_and_its_row_named(n in 1u64..20, which: prop::sample::Index, field in 0..5, bit: u16) {
        let mut rows = ledger(n);
        let row = &mut rows[which.index(usize::try_from(n).unwrap())];
        let (right, at) = (row.0, usize::from(bit));
        match field {
            0 => row.0 ^= 1 << (at % 64),
            1 => flip_text(&mut row.1, at),
            2 => row.2 ^= 1 << (at % 64),
            3 => flip_hash(&mut row.3, at),
            _ => flip_hash(&mut row.4, at),
        }
        let broken = verify_ledger(&[], &rows).unwrap_err();
        match &broken {
            BrokenLedger::OutOfPlace { after, .. } => prop_assert_eq!(after + 1, right),
            _ => prop_assert_eq!(broken.row(), right),
        }
    }

    #[test]
    fn fields_do_not_run_into_each_other(author in "[a-z]{0,4}", kind in "[a-z]{0,4}", split in 0usize..8) {
        let link = |author, kind| Link {
            subject: "s", seq: 1, happened_at: at_ms(0), recorded_at: at_ms(0), author, kind, version: 1,
            body: Body::Erased { digest: Hash::ZERO },
        };
        let both = format!("{author}{kind}");
        let split = split.min(both.len());
        let other = hash(Hash::ZERO, &link(&both[..split], &both[split..]));
        prop_assert_eq!(other == hash(Hash::ZERO, &link(&author, &kind)), split == author.len());
    }
}

#[test]
fn parts_below_a_millisecond_are_not_covered_and_so_must_not_be_kept() {
    let log = log_of(1);
    let link = log[0].link();
    let finer = Link { happened_at: link.happened_at.checked_add(Span::from_nanos(1)).unwrap(), ..link };
    assert_eq!(hash(Hash::ZERO, &finer), hash(Hash::ZERO, &link));
}
