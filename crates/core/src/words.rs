//! Times, lengths of time and numbers in words: said in one way on pages, forms, messages and the CLI.

use crate::calendar::zone;
use crate::{Span, Time};
use jiff::Zoned;
use jiff::tz::TimeZone;

/// A length of time, whichever way it lies: `45 s`, `21 min`, `1 h 21 min`, `2 d 3 h`. Its two largest
/// units; what is left over is cut off, as a clock does.
#[must_use]
pub fn length(span: Span) -> String {
    let seconds = span.as_secs().unsigned_abs();
    let units = |large: u64, name: &str, small: u64, rest: &str| match small {
        0 => format!("{large} {name}"),
        _ => format!("{large} {name} {small} {rest}"),
    };
    let (minutes, hours) = (seconds / 60, seconds / 3600);
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{minutes} min"),
        3600..86_400 => units(hours, "h", minutes % 60, "min"),
        86_400.. => units(hours / 24, "d", hours % 24, "h"),
    }
}

/// A time of day in `zone_name` for reading inside a sentence, `03:14 GMT`; the day too, if it is not
/// that of `beside`.
#[must_use]
pub fn clock(at: Time, beside: Time, zone_name: &str) -> String {
    let (at, beside) = (in_zone(at, zone_name), in_zone(beside, zone_name));
    let pattern = if at.date() == beside.date() { "%H:%M %Z" } else { "%-d %b %Y %H:%M %Z" };
    at.strftime(pattern).to_string()
}

/// An instant in full in `zone_name`, for forms: `Tue 17 Nov 2026, 03:14 GMT`.
#[must_use]
pub fn in_full(at: Time, zone_name: &str) -> String {
    in_zone(at, zone_name).strftime("%a %-d %b %Y, %H:%M %Z").to_string()
}

/// A number of bytes for people: `812 bytes`, `24 KiB`, `1.4 MiB`. What is left over is cut off.
#[must_use]
pub fn size(bytes: u64) -> String {
    let tenths = |unit: u64, name: &str| match (bytes / unit, bytes % unit * 10 / unit) {
        (whole, 1..) if whole < 10 => format!("{whole}.{} {name}", bytes % unit * 10 / unit),
        (whole, _) => format!("{whole} {name}"),
    };
    match bytes {
        1 => "1 byte".into(),
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => tenths(1024, "KiB"),
        1_048_576.. => tenths(1_048_576, "MiB"),
    }
}

/// `text` as one sentence, for running on after it: with a full stop, unless it ends in one or the like.
#[must_use]
pub fn sentence(text: &str) -> String {
    let text = text.trim_end();
    let ends = text.is_empty() || text.ends_with(['.', '!', '?', '…', ':', ';']);
    if ends { text.to_owned() } else { format!("{text}.") }
}

/// `text` as one line, for titles and names: any white space is one space, and control characters are left out. A line
/// break in it would forge a line of its own wherever titles stand below each other.
#[must_use]
pub fn one_line(text: &str) -> String {
    // Nearly every title is one already, and a storm has thousands a second.
    if is_one_line(text) {
        return text.to_owned();
    }
    let shown: String = text.chars().filter(|c| c.is_whitespace() || !c.is_control()).collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether [`one_line`] would leave `text` as it is.
#[must_use]
pub fn is_one_line(text: &str) -> bool {
    let mut after_blank = true;
    for c in text.chars() {
        if c.is_control() || (c.is_whitespace() && (c != ' ' || after_blank)) {
            return false;
        }
        after_blank = c == ' ';
    }
    !after_blank || text.is_empty()
}

/// Whether nobody would see anything of `text`: only white space, control characters, and characters without a width.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    let no_width = |c: char| {
        matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
    };
    text.chars().all(|c| c.is_whitespace() || c.is_control() || no_width(c))
}

/// `Ruth, Daniel and Helen`.
#[must_use]
pub fn all_of(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [others @ .., last] => format!("{} and {last}", others.join(", ")),
    }
}

/// `text` with a small beginning, to stand inside a sentence.
#[must_use]
pub fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), text.chars().nth(1)) {
        // "IT management" keeps its capitals.
        (Some(first), second) if !second.is_some_and(char::is_uppercase) => first.to_lowercase().chain(chars).collect(),
        _ => text.to_owned(),
    }
}

/// `text` with a capital, to begin a sentence.
#[must_use]
pub fn upper_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// `18,400`.
#[must_use]
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut words = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            words.push(',');
        }
        words.push(digit);
    }
    words
}

/// `at` as clocks of that zone show it; of UTC, if this release knows no such zone.
pub(crate) fn in_zone(at: Time, zone_name: &str) -> Zoned {
    at.to_zoned(zone(zone_name).unwrap_or(TimeZone::UTC))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_their_two_largest_units() {
        for (seconds, words) in [
            (0, "0 s"),
            (45, "45 s"),
            (-59, "59 s"),
            (60, "1 min"),
            (21 * 60 + 59, "21 min"),
            (3600, "1 h"),
            (81 * 60, "1 h 21 min"),
            (86_399, "23 h 59 min"),
            (86_400, "1 d"),
            (51 * 3600 + 59 * 60, "2 d 3 h"),
            (i64::MIN, "106751991167300 d 15 h"),
        ] {
            assert_eq!(length(Span::from_secs(seconds)), words);
        }
    }

    #[test]
    fn a_clock_names_its_zone_and_the_day_only_when_it_is_another() {
        let t = |s: &str| s.parse::<Time>().unwrap();
        let beside = t("2026-11-17T03:14:00Z");
        for (at, zone, words) in [
            ("2026-11-17T02:31:59Z", "Europe/London", "02:31 GMT"),
            ("2026-11-16T23:59:00Z", "Europe/London", "16 Nov 2026 23:59 GMT"),
            ("2026-11-16T23:59:00Z", "Europe/Berlin", "00:59 CET"),
            ("2026-11-17T02:31:00Z", "Nowhere/Land", "02:31 UTC"),
        ] {
            assert_eq!(clock(t(at), beside, zone), words);
        }
        assert_eq!(in_full(t("2026-07-01T12:00:00Z"), "Europe/London"), "Wed 1 Jul 2026, 13:00 BST");
    }

    #[test]
    fn thousands_are_set_apart() {
        for (n, words) in [(0, "0"), (999, "999"), (1840, "1,840"), (1_234_567, "1,234,567")] {
            assert_eq!(count(n), words);
        }
    }

    #[test]
    fn a_line_forges_no_other_and_what_nobody_sees_is_blank() {
        for (text, line) in [
            (" Mail\r\n2026-001 open\t\u{85}x ", "Mail 2026-001 open x"),
            ("a\0\u{1b}[2Jb\u{2028}c", "a[2Jb c"),
            ("Zoë 张伟 👩\u{200d}🚒", "Zoë 张伟 👩\u{200d}🚒"),
        ] {
            assert_eq!(one_line(text), line);
        }
        for blank in ["", " \n", "\u{200b}\u{200d}\u{feff}", "\u{2060} \u{3164}\0"] {
            assert!(is_blank(blank), "{blank:?}");
        }
        assert!(!is_blank("\u{200b}.") && !is_blank("👩\u{200d}🚒"));
    }
}
