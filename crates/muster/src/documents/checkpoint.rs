//! A checkpoint: one signed line that says how far the ledger and the audit trail go. It leaves the machine, so that
//! nobody who has the database can cut off their ends, or write them anew, without somebody else being able to tell.
//!
//! # Format
//! Eight words with one space between them:
//! `muster-checkpoint-1`, rows of the ledger, hash of the last row, lines of the audit trail, hash of the last line, time
//! (RFC 3339), public key (`ed25519:` and base 64), signature (base 64). A hash of what is empty is 64 zeros. The signature
//! is Ed25519 over everything before the space in front of it. This format is promised: a line that one release wrote
//! is read by every later one.

use crate::secrets::signing::{PublicKey, Signature, SigningKey};
use muster_core::Time;
use muster_core::chain::{Hash, Head};

/// How every checkpoint of whatever release begins.
const BEGINS: &str = "muster-checkpoint-";
const FORMAT: &str = "muster-checkpoint-1";
/// Most lines of a mail that are one checkpoint: twice what 330 characters take at 76 a line.
const LINES_MAX: usize = 12;
/// Largest file of checkpoints that is looked at: one an hour for five years is 15 MiB.
pub const FILE_MAX: u64 = 64 * 1024 * 1024;

/// How far an installation's records go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Checkpoint {
    /// The ledger, in which every log's head stands.
    pub ledger: Head,
    /// The trail of changed settings.
    pub audit: Head,
    /// When.
    pub at: Time,
}

/// A checkpoint whose signature was proved.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Signed {
    /// What it says.
    pub checkpoint: Checkpoint,
    /// Who signed it: compare it with the installation's.
    pub key: PublicKey,
}

/// The checkpoints of a file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Found {
    /// In the order of the file.
    pub signed: Vec<Signed>,
    /// Numbers of lines that begin as a checkpoint and are none: what a full disk or a cut of power left, or a mail
    /// program broke.
    pub unfinished: Vec<usize>,
}

/// A file of checkpoints that cannot be relied on.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Wrong {
    /// A line was changed.
    #[error("the checkpoint in line {0} was changed: its signature does not prove it")]
    Signature(usize),
    /// A later release wrote it.
    #[error("the checkpoint in line {0} is of the format “{1}”; this release reads {FORMAT}")]
    Format(usize, String),
}

/// The line, without a line break.
#[must_use]
pub fn line(checkpoint: &Checkpoint, key: &SigningKey) -> String {
    let signed = signed(checkpoint, &key.public());
    let signature = key.sign(signed.as_bytes());
    format!("{signed} {signature}")
}

fn signed(checkpoint: &Checkpoint, key: &PublicKey) -> String {
    let Checkpoint { ledger, audit, at } = checkpoint;
    format!("{FORMAT} {} {} {} {} {at} {key}", ledger.count, ledger.hash, audit.count, audit.hash)
}

/// Finds the checkpoints in a file, a saved mail, or any other text.
///
/// # Errors
/// [`Wrong`], naming the line.
pub fn read(text: &str) -> Result<Found, Wrong> {
    let mut found = Found::default();
    // Mail programs quote.
    let lines: Vec<&str> = text.lines().map(|line| line.trim_start_matches(['>', ' ', '\t']).trim_end()).collect();
    for (i, line) in lines.iter().enumerate().filter(|(_, line)| line.starts_with(BEGINS)) {
        let (n, format) = (i + 1, line.split(' ').next().unwrap_or_default());
        if format != FORMAT && format.len() > BEGINS.len() {
            return Err(Wrong::Format(n, format.to_owned()));
        }
        let in_mail;
        let parsed = match parse(line) {
            Some(parsed) => Some(parsed),
            None => {
                in_mail = without_quoting(&lines[i..]);
                parse(&in_mail)
            }
        };
        match parsed {
            None => found.unfinished.push(n),
            Some((signed, said, signature)) if signed.key.proves(said.as_bytes(), &signature) => {
                found.signed.push(signed);
            }
            Some(_) => return Err(Wrong::Signature(n)),
        }
    }
    Ok(found)
}

/// The first line as it was before a mail put it into quoted-printable (RFC 2045, section 6.7), if one did.
fn without_quoting(lines: &[&str]) -> String {
    let mut whole = String::new();
    for line in lines.iter().take(LINES_MAX) {
        match line.strip_suffix('=') {
            Some(begun) => whole.push_str(begun),
            None => {
                whole.push_str(line);
                break;
            }
        }
    }
    whole.replace("=3D", "=")
}

fn parse(line: &str) -> Option<(Signed, &str, Signature)> {
    let (said, signature) = line.rsplit_once(' ')?;
    let words: Vec<&str> = said.split(' ').collect();
    let [_, ledger, ledger_hash, audit, audit_hash, at, key] = words.as_slice() else { return None };
    let head = |count: &str, hash: &str| Some(Head { count: count.parse().ok()?, hash: hash.parse::<Hash>().ok()? });
    let checkpoint =
        Checkpoint { ledger: head(ledger, ledger_hash)?, audit: head(audit, audit_hash)?, at: at.parse().ok()? };
    Some((Signed { checkpoint, key: key.parse().ok()? }, said, signature.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::tests::Always;
    use muster_core::at_ms;
    use proptest::prelude::*;

    fn key() -> SigningKey {
        SigningKey::generate(&Always(7)).unwrap()
    }

    fn checkpoint(rows: u64) -> Checkpoint {
        let ledger = Head { count: rows, hash: Hash::from([0xab; 32]) };
        Checkpoint { ledger, audit: Head::NONE, at: at_ms(1_793_000_000_123) }
    }

    #[test]
    fn the_format_is_fixed_for_ever() {
        // The signature is from `openssl pkeyutl -sign -rawin` with this key, over the line up to the last space.
        let (ab, zero) = ("ab".repeat(32), "0".repeat(64));
        let said = format!(
            "muster-checkpoint-1 41 {ab} 0 {zero} 2026-10-26T07:33:20.123Z ed25519:6kpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG0iw="
        );
        let signature = "ByOEXz6djR9qyGIiwW0aR5rId/uigRetLF66Ip8F8HJ7SlF5GY7JxF299I/IwzY2RJvcLn7ndQ+Z5S8TLOSQCQ==";
        assert_eq!(line(&checkpoint(41), &key()), format!("{said} {signature}"));
    }

    #[test]
    fn lines_are_found_in_a_log_in_a_mail_and_in_an_answer_to_it() {
        let [a, b] = [1, 2].map(|rows| line(&checkpoint(rows), &key()));
        let text = format!("Subject: x\r\n\r\n{a}\r\nHello,\n> {b}\n\n");
        let found = read(&text).unwrap();
        assert_eq!(found.signed.iter().map(|s| s.checkpoint).collect::<Vec<_>>(), [1, 2].map(checkpoint));
        assert!(found.unfinished.is_empty() && found.signed.iter().all(|s| s.key == key().public()));
        assert_eq!(read("").unwrap(), Found::default());
    }

    #[test]
    fn a_mail_saved_as_it_came_is_read() {
        let whole = line(&checkpoint(1), &key());
        let quoted = whole.replace('=', "=3D");
        for at in [76, 200, quoted.rfind("=3D=3D").unwrap()] {
            let mail = format!("Hello,=20\r\n{}=\r\n{}\r\nBye\r\n", &quoted[..at], &quoted[at..]);
            let found = read(&mail).unwrap();
            assert_eq!((found.signed.len(), found.unfinished.len()), (1, 0), "{mail}");
        }
    }

    #[test]
    fn what_was_cut_off_while_it_was_written_is_passed_over_and_told() {
        let whole = line(&checkpoint(1), &key());
        for length in BEGINS.len()..whole.len() {
            let found = read(&format!("{}\n{whole}\n", &whole[..length])).unwrap();
            assert_eq!((found.unfinished, found.signed.len()), (vec![1], 1), "{length}");
        }
    }

    #[test]
    fn a_later_format_is_named() {
        let wrong = read("\nmuster-checkpoint-2 41 x").unwrap_err().to_string();
        assert!(wrong.contains("line 2") && wrong.contains("“muster-checkpoint-2”"), "{wrong}");
    }

    proptest! {
        /// No changed line passes for a checkpoint.
        #[test]
        fn one_changed_character_is_found(at: prop::sample::Index, other in "[ -~]") {
            let whole = line(&checkpoint(41), &key());
            let at = at.index(whole.len());
            let changed = format!("{}{other}{}", &whole[..at], &whole[at + 1..]);
            prop_assume!(changed != whole);
            let passed = read(&changed).is_ok_and(|found| !found.signed.is_empty());
            prop_assert!(!passed, "{}", changed);
        }

        #[test]
        fn no_text_makes_it_panic(text: String) {
            let _ = read(&format!("muster-checkpoint-1 {text}"));
        }
    }
}
