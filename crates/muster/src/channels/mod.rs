//! Channels: how a message leaves for a person. One file a channel: the request is built purely,
//! sent in a few lines, and what came of it is graded.
//!
//! The best that a channel can report is *sent* or *delivered*. Neither is direct contact: only the
//! person's own answer is (DIS-4).

pub mod email;
pub mod ntfy;
pub mod settings;
pub mod webhook;

use crate::outgoing::{self, NoReply, Outgoing, Reply};
use email::Email;
use muster_core::Time;
use muster_core::contact::{MeansKind, Outcome};
use muster_core::event::Event;
use ntfy::Ntfy;
use reqwest::StatusCode;
use settings::ChannelSettings;
use webhook::Webhook;

/// Longest subject in characters: what a phone shows before it cuts.
pub const SUBJECT_MAX: usize = 200;
/// Longest detail of an outcome in characters. Providers answer with whole pages.
pub const DETAIL_MAX: usize = 300;

/// What one person is to be told, in all the lengths that channels need.
#[derive(Clone, PartialEq, Debug)]
pub struct Message {
    /// The same for every try of the same message, so that a receiver can drop a repeat.
    pub id: String,
    /// Address, topic or URL, as the directory has it for the channel.
    pub to: String,
    /// The person's full name.
    pub person: String,
    /// One line.
    pub subject: String,
    /// A short plain text, for a phone's screen.
    pub text: String,
    /// The longer plain text.
    pub body: String,
    /// The person's own link, which opens without a password and acts only on POST.
    pub link: Option<String>,
    /// Whether it should ring.
    pub urgent: bool,
    /// What it puts into the person's calendar.
    pub event: Option<Event>,
    /// When this try is made.
    pub sent_at: Time,
}

impl Message {
    /// The id as receivers get it: other characters than letters, digits, `_` and `-` could end a
    /// header, or shift the parts of what a webhook signs.
    #[must_use]
    pub fn key(&self) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
        self.id.chars().map(plain).collect()
    }

    /// The subject, held to one line.
    #[must_use]
    pub fn title(&self) -> String {
        one_line(&self.subject, SUBJECT_MAX)
    }
}

/// What came of trying to send.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Attempted {
    /// It has an outcome.
    Graded {
        /// Sent, wrong number or failed.
        outcome: Outcome,
        /// What the provider said, or what to do about it. One line.
        detail: String,
    },
    /// Trouble that passes: try again, with the same id.
    Later {
        /// What it is. One line.
        why: String,
    },
}

impl Attempted {
    fn graded(outcome: Outcome, detail: impl ToString) -> Self {
        Self::Graded { outcome, detail: one_line(&detail.to_string(), DETAIL_MAX) }
    }

    fn sent(detail: impl ToString) -> Self {
        Self::graded(Outcome::Sent, detail)
    }

    fn failed(detail: impl ToString) -> Self {
        Self::graded(Outcome::Failed, detail)
    }

    fn wrong_number(detail: impl ToString) -> Self {
        Self::graded(Outcome::WrongNumber, detail)
    }

    fn later(why: impl ToString) -> Self {
        Self::Later { why: one_line(&why.to_string(), DETAIL_MAX) }
    }
}

/// A channel's settings can't be used.
#[derive(Debug, thiserror::Error)]
pub enum NotReady {
    /// The HTTP client.
    #[error(transparent)]
    Outgoing(#[from] outgoing::NotReady),
    /// Email.
    #[error("[smtp] {0}")]
    Smtp(#[from] email::BadSettings),
    /// Pushes.
    #[error("[ntfy] {0}")]
    Ntfy(#[from] ntfy::BadSettings),
    /// Webhooks.
    #[error("[webhook] {0}")]
    Webhook(#[from] webhook::BadSecret),
}

/// Every channel that this installation has.
#[derive(Debug)]
pub struct Channels {
    outgoing: Outgoing,
    email: Option<Email>,
    ntfy: Ntfy,
    webhook: Option<Webhook>,
}

impl Channels {
    /// From `muster.toml`.
    ///
    /// # Errors
    /// [`NotReady`], which names the section and what to correct.
    pub fn new(settings: &ChannelSettings) -> Result<Self, NotReady> {
        Ok(Self {
            outgoing: Outgoing::new(&settings.outgoing)?,
            email: settings.smtp.as_ref().map(Email::new).transpose()?,
            ntfy: Ntfy::new(&settings.ntfy)?,
            webhook: settings.webhook.as_ref().map(Webhook::new).transpose()?,
        })
    }

    /// The HTTP client, for whatever else leaves this machine.
    #[must_use]
    pub fn outgoing(&self) -> &Outgoing {
        &self.outgoing
    }

    /// Whether messages can leave by that means at all. A push needs no settings, as its address
    /// names the server.
    #[must_use]
    pub fn can(&self, kind: MeansKind) -> bool {
        match kind {
            MeansKind::Email => self.email.is_some(),
            MeansKind::Push => true,
            MeansKind::Webhook => self.webhook.is_some(),
            MeansKind::InPerson | MeansKind::Call | MeansKind::Sms => false,
        }
    }

    /// Whether the mail server can be used, if there is one.
    ///
    /// # Errors
    /// What is wrong, on one line.
    pub async fn check_mail(&self) -> Result<(), String> {
        match &self.email {
            Some(email) => email.check().await,
            None => Ok(()),
        }
    }

    /// Sends `message`, within [`email::EMAIL_TIME`] or [`outgoing::REQUEST_TIME`].
    pub async fn send(&self, kind: MeansKind, message: &Message) -> Attempted {
        match kind {
            MeansKind::Email => match &self.email {
                Some(email) => email.send(message).await,
                None => Attempted::failed("this installation has no mail server: set [smtp] in muster.toml"),
            },
            MeansKind::Push => self.ntfy.send(&self.outgoing, message).await,
            MeansKind::Webhook => match &self.webhook {
                Some(webhook) => webhook.send(&self.outgoing, message).await,
                None => Attempted::failed("this installation has no webhook secret: set [webhook] in muster.toml"),
            },
            MeansKind::InPerson | MeansKind::Call | MeansKind::Sms => {
                Attempted::failed(format!("this installation cannot send by {}: a person has to", kind.word()))
            }
        }
    }
}

/// What a reply over HTTP means. `explain` turns a refusal into words.
fn grade(reply: Result<Reply, NoReply>, explain: impl Fn(&Reply) -> String) -> Attempted {
    let reply = match reply {
        Ok(reply) => reply,
        Err(error) if error.is_final() => return Attempted::failed(error),
        Err(error) => return Attempted::later(error),
    };
    match reply.status.as_u16() {
        200..=299 => Attempted::sent(status_words(reply.status)),
        // The server's own time-outs, and "too early" and "too many requests", pass like a 5xx.
        408 | 425 | 429 | 500..=599 => Attempted::later(explain(&reply)),
        _ => Attempted::failed(explain(&reply)),
    }
}

fn status_words(status: StatusCode) -> String {
    format!("{} {}", status.as_u16(), status.canonical_reason().unwrap_or_default()).trim_end().to_owned()
}

/// `text` as one line of at most `max` characters: line breaks and other control characters become
/// spaces, so that no text can begin a header or a log line of its own.
fn one_line(text: &str, max: usize) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let mut line = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((cut, _)) = line.char_indices().nth(max) {
        let keep = line[..cut].char_indices().last().map_or(0, |(i, _)| i);
        line.truncate(keep);
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outgoing::policy::{Place, Refused};
    use muster_core::at_ms;

    pub(super) fn message(to: &str) -> Message {
        Message {
            id: "att_7f3k.1".into(),
            to: to.into(),
            person: "Priya Sharma".into(),
            subject: "Mail is down: please take it".into(),
            text: "Mail is down since 09:12. Can you take it?".into(),
            body: "Mail is down since 09:12.\nmail-01 does not answer.".into(),
            link: Some("https://muster.example/l/ml_abc".into()),
            urgent: true,
            event: None,
            sent_at: at_ms(1_793_000_000_000),
        }
    }

    #[test]
    fn only_what_is_set_up_can_be_used() {
        let toml = r#"
            [smtp]
            url = "smtp://mail.example?tls=none"
            from = "muster@example.org"
        "#;
        let channels = |text| Channels::new(&toml::from_str(text).unwrap()).unwrap();
        let can = |c: &Channels| MeansKind::ALL.into_iter().filter(|kind| c.can(*kind)).collect::<Vec<_>>();
        assert_eq!(can(&channels("")), [MeansKind::Push]);
        assert_eq!(can(&channels(toml)), [MeansKind::Email, MeansKind::Push]);
    }

    #[tokio::test]
    async fn what_cannot_be_sent_says_why() {
        let channels = Channels::new(&ChannelSettings::default()).unwrap();
        for (kind, expected) in [
            (MeansKind::Email, "this installation has no mail server: set [smtp] in muster.toml"),
            (MeansKind::Webhook, "this installation has no webhook secret: set [webhook] in muster.toml"),
            (MeansKind::Call, "this installation cannot send by call: a person has to"),
            (MeansKind::Sms, "this installation cannot send by text: a person has to"),
        ] {
            let attempted = channels.send(kind, &message("x")).await;
            assert_eq!(attempted, Attempted::failed(expected), "{kind:?}");
        }
    }

    #[test]
    fn replies_are_graded() {
        let refused = Refused { host: "x".into(), address: [10, 0, 0, 1].into(), place: Place::Private };
        let unreachable = NoReply::Unreachable { host: "x".into(), why: "refused".into() };
        let grade = |reply| match grade(reply, |reply| reply.status.as_u16().to_string()) {
            Attempted::Graded { outcome, .. } => outcome.word(),
            Attempted::Later { .. } => "later",
        };
        assert_eq!(grade(Err(refused.into())), "failed");
        assert_eq!(grade(Err(unreachable)), "later");
        for (status, expected) in [
            (200, "sent"),
            (201, "sent"),
            (204, "sent"),
            (304, "failed"),
            (400, "failed"),
            (401, "failed"),
            (403, "failed"),
            (404, "failed"),
            (410, "failed"),
            (413, "failed"),
            (408, "later"),
            (425, "later"),
            (429, "later"),
            (500, "later"),
            (502, "later"),
            (503, "later"),
        ] {
            let reply = Reply { status: StatusCode::from_u16(status).unwrap(), body: Vec::new() };
            assert_eq!(grade(Ok(reply)), expected, "{status}");
        }
    }

    #[test]
    fn lines_stay_lines() {
        for (text, max, expected) in [
            ("  a\r\nBcc: x@y  ", 99, "a Bcc: x@y"),
            ("a\0\u{1b}[31mb\u{85}c\u{2028}d", 99, "a [31mb c d"),
            ("äöü", 3, "äöü"),
            ("äöüß", 3, "äö…"),
            ("", 3, ""),
        ] {
            assert_eq!(one_line(text, max), expected, "{text:?}");
        }
    }

    #[test]
    fn a_key_holds_nothing_that_ends_a_header_or_a_signed_part() {
        assert_eq!(Message { id: "a.b\r\n>é-1".into(), ..message("x") }.key(), "a_b____-1");
    }
}
