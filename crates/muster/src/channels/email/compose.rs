//! A message as a mail, built without sending anything.

use super::calendar;
use crate::channels::{Message, one_line};
use lettre::Address;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MessageBuilder, MultiPart, SinglePart};
use std::time::{Duration, SystemTime};

/// Longest text in characters: far more than anybody reads of a summons, far less than servers refuse.
pub const BODY_MAX: usize = 50_000;
/// Longest address in bytes (RFC 5321, section 4.5.3.1.3, less its brackets).
const ADDRESS_MAX: usize = 254;
/// Longest name of a person before the address.
const NAME_MAX: usize = 100;

/// No mail can be made of the message.
#[derive(Debug, thiserror::Error)]
pub enum Uncomposable {
    /// The person's address is none.
    #[error("the address in the directory is not an email address in ASCII; correct it")]
    Address,
    /// The invitation's kind can't be said.
    #[error("the invitation could not be built; report this")]
    Calendar,
    /// The mail can't be built.
    #[error("the mail could not be built; report this with the lines that follow")]
    Mail(#[from] lettre::error::Error),
}

/// The mail that carries `message`.
///
/// # Errors
/// [`Uncomposable`] if the address is none.
pub fn compose(message: &Message, from: &Mailbox) -> Result<lettre::Message, Uncomposable> {
    let name = one_line(&message.person, NAME_MAX);
    let to = Mailbox::new(Some(name).filter(|name| !name.is_empty()), recipient(&message.to)?);
    let mail = lettre::Message::builder()
        .from(from.clone())
        .to(to)
        .subject(message.title())
        .date(date(message))
        // The same for every try, so that a mail program shows a repeat once.
        .message_id(Some(format!("<{}@{}>", message.key(), from.email.domain())))
        // Keeps out-of-office replies away (RFC 3834, section 5).
        .header(AutoSubmitted);
    let Some(event) = &message.event else {
        return Ok(urgency(mail.header(ContentType::TEXT_PLAIN), message.urgent).body(body(message))?);
    };
    let kind = format!("text/calendar; charset=utf-8; method={}", calendar::method(event));
    let kind = ContentType::parse(&kind).map_err(|_| Uncomposable::Calendar)?;
    let invitation = calendar::written(event, &from.email, &recipient(&message.to)?, message.sent_at);
    let parts = MultiPart::alternative()
        .singlepart(SinglePart::plain(body(message)))
        .singlepart(SinglePart::builder().header(kind).body(invitation));
    Ok(urgency(mail, message.urgent).multipart(parts)?)
}

fn urgency(mail: MessageBuilder, urgent: bool) -> MessageBuilder {
    // The first is RFC 2156's, the second is what older programs show in red.
    if urgent { mail.header(Importance).header(Priority) } else { mail }
}

/// Reads an address. Only ASCII, as mail for other letters is refused by most servers; a domain of
/// other letters is put into its ASCII form.
pub(super) fn recipient(text: &str) -> Result<Address, Uncomposable> {
    let parts = text.trim().rsplit_once('@').filter(|_| text.len() <= ADDRESS_MAX);
    let (user, domain) = parts.ok_or(Uncomposable::Address)?;
    let plain = |text: &str| text.is_ascii() && !text.chars().any(|c| c.is_ascii_control() || "<>".contains(c));
    let domain = if domain.is_ascii() {
        domain.to_owned()
    } else {
        url::Host::parse(domain).map_err(|_| Uncomposable::Address)?.to_string()
    };
    if !plain(user) || !plain(&domain) {
        return Err(Uncomposable::Address);
    }
    Address::new(user, domain).map_err(|_| Uncomposable::Address)
}

fn date(message: &Message) -> SystemTime {
    // The header has no years before 1970; the last of `Time` is one that it has.
    SystemTime::UNIX_EPOCH + Duration::from_secs(message.sent_at.as_second().max(0).unsigned_abs())
}

/// The long text, and the link on a line of its own, where every mail program makes it one to tap. A text that holds
/// it already has said what it is for.
fn body(message: &Message) -> String {
    let text = if message.body.trim().is_empty() { &message.text } else { &message.body };
    let kept = text.chars().filter(|&c| c == '\n' || c == '\t' || !c.is_control());
    let mut body: String = kept.take(BODY_MAX).collect();
    body.truncate(body.trim_end().len());
    let link = message.link.as_ref().map(|link| one_line(link, BODY_MAX));
    if let Some(link) = link.filter(|link| !body.contains(link.as_str())) {
        body.push_str("\n\n");
        body.push_str(&link);
    }
    body.push('\n');
    body
}

macro_rules! fixed_header {
    ($type:ident, $name:literal, $value:literal) => {
        #[derive(Clone)]
        struct $type;
        impl Header for $type {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($name)
            }
            fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
                Ok(Self)
            }
            fn display(&self) -> HeaderValue {
                HeaderValue::new(Self::name(), $value.to_owned())
            }
        }
    };
}
fixed_header!(AutoSubmitted, "Auto-Submitted", "auto-generated");
fixed_header!(Importance, "Importance", "high");
fixed_header!(Priority, "X-Priority", "1");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channels::tests::message;
    use muster_core::at_ms;
    use proptest::prelude::*;

    fn written(message: &Message) -> String {
        let from = "Muster <muster@example.org>".parse().unwrap();
        String::from_utf8(compose(message, &from).unwrap().formatted()).unwrap()
    }

    #[test]
    fn an_urgent_mail_to_the_letter() {
        assert_eq!(
            written(&message("priya@example.org")),
            "From: Muster <muster@example.org>\r\n\
             To: \"Priya Sharma\" <priya@example.org>\r\n\
             Subject: Mail is down: please take it\r\n\
             Date: Mon, 26 Oct 2026 07:33:20 +0000\r\n\
             Message-ID: <att_7f3k_1@example.org>\r\n\
             Auto-Submitted: auto-generated\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\
             Importance: high\r\n\
             X-Priority: 1\r\n\
             Content-Transfer-Encoding: 7bit\r\n\
             \r\n\
             Mail is down since 09:12.\r\n\
             mail-01 does not answer.\r\n\
             \r\n\
             https://muster.example/l/ml_abc\r\n"
        );
    }

    #[test]
    fn a_link_stands_in_a_mail_once() {
        let body = "Nobody has it yet.\n\nAnswer here:\nhttps://muster.example/l/ml_abc\n\nThis link is yours alone.";
        let written = written(&Message { body: body.into(), ..message("priya@example.org") });
        assert_eq!(written.matches("https://muster.example/l/ml_abc").count(), 1, "{written}");
    }

    #[test]
    fn one_that_is_not_urgent_does_not_say_so() {
        let quiet = Message { urgent: false, link: None, ..message("priya@example.org") };
        let written = written(&quiet);
        assert!(!written.contains("Importance") && !written.contains("X-Priority"), "{written}");
        assert!(written.ends_with("mail-01 does not answer.\r\n"), "{written}");
    }

    #[test]
    fn letters_of_every_script_arrive() {
        let mail = Message {
            person: "Jürgen Groß, \"Dr.\"".into(),
            subject: "Почта не работает".into(),
            body: "Здравствуйте ✓".into(),
            link: None,
            ..message("juergen@büro.example")
        };
        let written = written(&mail);
        assert!(written.is_ascii());
        // From Python's email.header, idna and base64.
        assert!(written.contains("Subject: =?utf-8?b?0J/QvtGH0YLQsCDQvdC1INGA0LDQsdC+0YLQsNC10YI=?=\r\n"), "{written}");
        assert!(written.contains("<juergen@xn--bro-hoa.example>"), "{written}");
        assert!(written.contains("\r\n\r\n0JfQtNGA0LDQstGB0YLQstGD0LnRgtC1IOKckw0K"), "{written}");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for to in [
            "",
            "priya",
            "@example.org",
            "priya@",
            "Priya <priya@example.org>",
            "priya@example.org, eve@evil.example",
            "priya@example.org\r\nBcc: eve@evil.example",
            "\"a\r\nb\"@example.org",
            "priya@exa mple.org",
            "priyä@example.org",
            "priya>@example.org",
            &format!("{}@example.org", "a".repeat(300)),
        ] {
            let refused = compose(&message(to), &"m@example.org".parse().unwrap());
            assert!(matches!(refused, Err(Uncomposable::Address)), "{to:?}");
        }
    }

    #[test]
    fn times_that_no_mail_can_show_do_not_break_it() {
        for (ms, expected) in [(i64::MIN, "Thu, 01 Jan 1970 00:00:00"), (i64::MAX, "Thu, 30 Dec 9999")] {
            let odd = Message { sent_at: at_ms(ms), ..message("priya@example.org") };
            assert!(written(&odd).contains(expected));
        }
    }

    proptest! {
        /// Whatever people and monitors write, the header lines are these and no others.
        #[test]
        fn no_text_adds_a_header(
            id in any::<String>(), person in any::<String>(), subject in "(\\PC|[\r\n\t \u{b}\u{2028}]){0,300}", body in any::<String>(),
            user in "[a-z.\"\r\n<>@: ]{1,20}",
        ) {
            let hostile = Message { id, person, subject, body, ..message(&format!("{user}@example.org")) };
            let from = "Muster <muster@example.org>".parse().unwrap();
            let hostile = match compose(&hostile, &from) {
                Ok(mail) => mail,
                Err(_) => compose(&Message { to: "priya@example.org".into(), ..hostile }, &from).unwrap(),
            };
            prop_assert_eq!(hostile.envelope().to().len(), 1);
            let written = String::from_utf8(hostile.formatted()).unwrap();
            let (headers, _) = written.split_once("\r\n\r\n").unwrap();
            prop_assert!(headers.is_ascii());
            let lines: Vec<_> = headers.split("\r\n").collect();
            prop_assert!(lines.iter().all(|line| !line.contains(['\r', '\n'])));
            let names: Vec<_> = lines.iter().filter(|l| !l.starts_with(' ')).filter_map(|l| l.split(':').next()).collect();
            prop_assert_eq!(names, [
                "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Type", "Importance",
                "X-Priority", "Content-Transfer-Encoding",
            ]);
        }
    }
}
