//! An invitation as iCalendar text (RFC 5545), as mail programs take it into a calendar (RFC 5546, RFC 6047).

use lettre::Address;
use muster_core::Time;
use muster_core::event::Event;

/// How long a call takes, as nobody says so: half an hour, which calendars show as a bar and not as a stroke.
const LENGTH: &str = "PT30M";
/// Longest line in bytes, without its end (RFC 5545, section 3.1).
const LINE_MAX: usize = 75;

/// What the invitation does, as its `METHOD` and the content type say it.
#[must_use]
pub fn method(event: &Event) -> &'static str {
    if event.cancelled { "CANCEL" } else { "REQUEST" }
}

/// `event` for `to`, sent by `from` at `sent_at`.
#[must_use]
pub fn written(event: &Event, from: &Address, to: &Address, sent_at: Time) -> String {
    let status = if event.cancelled { "CANCELLED" } else { "CONFIRMED" };
    let lines = [
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Muster//Conference calls//EN".to_owned(),
        format!("METHOD:{}", method(event)),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}@{}", escaped(&event.id), from.domain()),
        format!("SEQUENCE:{}", event.version),
        format!("DTSTAMP:{}", stamp(sent_at)),
        format!("DTSTART:{}", stamp(event.starts_at)),
        format!("DURATION:{LENGTH}"),
        format!("SUMMARY:{}", escaped(&event.title)),
        format!("LOCATION:{}", escaped(&event.place)),
        format!("DESCRIPTION:{}", escaped(&event.text)),
        format!("ORGANIZER:mailto:{from}"),
        // Nobody reads what a mail program would answer: people answer by their link.
        format!("ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE:mailto:{to}"),
        format!("STATUS:{status}"),
        "END:VEVENT".to_owned(),
        "END:VCALENDAR".to_owned(),
    ];
    lines.iter().map(|line| folded(line)).collect()
}

/// A time in UTC.
fn stamp(at: Time) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A text value (RFC 5545, section 3.3.11); other control characters than line breaks have no place in one.
fn escaped(text: &str) -> String {
    let mut value = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\n' => value.push_str("\\n"),
            '\\' | ';' | ',' => value.extend(['\\', c]),
            c if c.is_control() => value.push(' '),
            c => value.push(c),
        }
    }
    value
}

/// A line as lines of at most [`LINE_MAX`] bytes, none of which ends within a letter.
fn folded(line: &str) -> String {
    let (mut out, mut room) = (String::with_capacity(line.len() + 4), LINE_MAX);
    for c in line.chars() {
        if c.len_utf8() > room {
            out.push_str("\r\n ");
            room = LINE_MAX - 1;
        }
        out.push(c);
        room -= c.len_utf8();
    }
    out.push_str("\r\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_core::at_ms;
    use proptest::prelude::*;

    fn event(title: &str, cancelled: bool) -> Event {
        Event {
            id: "2026-041-call-1".into(),
            version: 2,
            starts_at: at_ms(1_793_000_000_000),
            title: title.into(),
            text: "Mail is down; two disks, of six.\nBring a \\ spare.".into(),
            place: "+44 20 0000 0000, PIN 4711".into(),
            cancelled,
        }
    }

    fn lines(event: &Event) -> Vec<String> {
        let (from, to) = ("muster@example.org".parse().unwrap(), "priya@example.org".parse().unwrap());
        let text = written(event, &from, &to, at_ms(1_792_999_000_000));
        assert!(text.split("\r\n").all(|line| line.len() <= LINE_MAX), "{text}");
        text.replace("\r\n ", "").split("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn an_invitation_to_the_letter() {
        let lines = lines(&event("Find the bad disk", false));
        for line in [
            "METHOD:REQUEST",
            "UID:2026-041-call-1@example.org",
            "SEQUENCE:2",
            "DTSTAMP:20261026T071640Z",
            "DTSTART:20261026T073320Z",
            "LOCATION:+44 20 0000 0000\\, PIN 4711",
            "DESCRIPTION:Mail is down\\; two disks\\, of six.\\nBring a \\\\ spare.",
            "ORGANIZER:mailto:muster@example.org",
            "STATUS:CONFIRMED",
        ] {
            assert!(lines.iter().any(|l| l == line), "{line} is missing in {lines:#?}");
        }
    }

    proptest! {
        /// Whatever people write, it is one value of one line.
        #[test]
        fn no_text_adds_a_line(title in any::<String>(), cancelled in any::<bool>()) {
            let lines = lines(&event(&title, cancelled));
            prop_assert_eq!(lines.len(), 19, "{:?}", lines);
            prop_assert_eq!(lines.iter().filter(|l| l.starts_with("SUMMARY:")).count(), 1);
        }
    }
}
