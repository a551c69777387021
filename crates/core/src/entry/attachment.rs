//! Files that people put on an incident (DOC-6): what they are, found out by us and not told by whoever sends them.

use crate::chain::Hash;
use serde::{Deserialize, Serialize};

/// Longest name of a file, in characters; its ending is kept.
pub const NAME_MAX: usize = 100;
/// How much of the beginning [`sniffed`] wants to see, in bytes.
pub const SNIFFED: usize = 512;

/// See [`super::Fact::Attached`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Attached {
    /// What it is called, without folders.
    pub name: String,
    /// How many bytes.
    pub size: u64,
    /// What it is, by its first bytes: [`sniffed`].
    pub media_type: String,
    /// SHA-256 of its bytes.
    pub sha256: Hash,
    /// What it shows, in a line; may be empty.
    pub text: String,
}

impl Attached {
    /// Whether browsers show it as a picture, and it can do nothing else there.
    #[must_use]
    pub fn is_picture(&self) -> bool {
        PICTURES.contains(&self.media_type.as_str())
    }
}

/// Pictures that every browser shows. SVG is none of them: it can hold script.
const PICTURES: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/// What a file is that begins with `head`, which holds its first [`SNIFFED`] bytes or all of them.
#[must_use]
pub fn sniffed(head: &[u8]) -> &'static str {
    match head {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => "image/png",
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => "image/gif",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "image/webp",
        [b'%', b'P', b'D', b'F', b'-', ..] => "application/pdf",
        [b'P', b'K', 3, 4, ..] => "application/zip",
        [0x1f, 0x8b, 8, ..] => "application/gzip",
        _ if is_text(head) => "text/plain",
        _ => "application/octet-stream",
    }
}

/// Whether that is text, as far as it goes: UTF-8, perhaps cut in a character, without controls but those of terminals.
fn is_text(head: &[u8]) -> bool {
    let text = match str::from_utf8(head) {
        Ok(text) => text,
        Err(e) if e.error_len().is_none() => str::from_utf8(&head[..e.valid_up_to()]).unwrap_or_default(),
        Err(_) => return false,
    };
    !text.is_empty() && text.chars().all(|c| !c.is_control() || matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{1b}'))
}

/// The name that a file is kept under: the last part of what its sender says, without what no name should hold.
#[must_use]
pub fn file_name(said: &str) -> String {
    // Marks that turn the direction of writing make `exe.png` of what ends in `gnp.exe`.
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let last = said.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown: String = last.chars().filter(|c| !c.is_control() && !turns(*c) && !"<>:\"|?*".contains(*c)).collect();
    let name = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = name.trim_start_matches('.').trim_end_matches(['.', ' ']).trim();
    match (name.is_empty(), name.chars().count() > NAME_MAX) {
        (true, _) => "file".into(),
        (false, false) => name.to_owned(),
        (false, true) => shortened(name),
    }
}

fn shortened(name: &str) -> String {
    let ending = name.rsplit_once('.').map(|(_, e)| e).filter(|e| e.chars().count() <= 8).unwrap_or_default();
    let dot = if ending.is_empty() { "" } else { "." };
    let room = NAME_MAX - ending.chars().count() - dot.len();
    format!("{}{dot}{ending}", name.chars().take(room).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_it_begins_with_and_not_what_it_is_called() {
        for (head, is) in [
            (&b"\x89PNG\r\n\x1a\n\0\0"[..], "image/png"),
            (b"\xff\xd8\xff\xe0", "image/jpeg"),
            (b"GIF89a", "image/gif"),
            (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
            (b"%PDF-1.7", "application/pdf"),
            (b"PK\x03\x04", "application/zip"),
            (b"\x1f\x8b\x08", "application/gzip"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'>", "text/plain"),
            (b"<html><script>", "text/plain"),
            ("Café\t\u{1b}[31mred\n".as_bytes(), "text/plain"),
            (&"é".as_bytes()[..1], "application/octet-stream"),
            (b"cut in a char \xc3", "text/plain"),
            (b"\x89PNG", "application/octet-stream"),
            (b"a\0b", "application/octet-stream"),
            (b"", "application/octet-stream"),
        ] {
            assert_eq!(sniffed(head), is, "{}", String::from_utf8_lossy(head));
        }
    }

    #[test]
    fn a_name_holds_no_folder_and_nothing_that_is_not_seen() {
        for (said, name) in [
            ("screen shot.png", "screen shot.png"),
            ("C:\\Users\\Priya\\log.txt", "log.txt"),
            ("../../etc/passwd", "passwd"),
            ("..", "file"),
            ("", "file"),
            ("a/", "file"),
            (".bashrc", "bashrc"),
            ("a\r\nSet-Cookie: x.png", "aSet-Cookie x.png"),
            ("invoice\u{202e}gnp.exe", "invoicegnp.exe"),
            ("Störung „Mail“.log", "Störung „Mail“.log"),
        ] {
            assert_eq!(file_name(said), name, "{said:?}");
        }
        let long = file_name(&format!("{}.png", "ä".repeat(300)));
        assert!(long.chars().count() == NAME_MAX && long.ends_with("ä.png"), "{long}");
    }
}
