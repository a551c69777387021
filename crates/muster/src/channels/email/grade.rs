//! What a mail server's refusal means.

use crate::channels::Attempted;
use std::error::Error as _;

/// How far the conversation came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Stage {
    Greeting,
    StartTls,
    SignIn,
    Sender,
    Recipient,
    Content,
}

/// Why a mail was not taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Trouble {
    stage: Stage,
    /// The reply code, if the server said no in words.
    code: Option<u16>,
    /// Whether no other answer can be expected.
    last: bool,
    text: String,
}

impl Stage {
    /// Puts an error at this stage.
    pub(super) fn trouble(self) -> impl Fn(lettre::transport::smtp::Error) -> Trouble {
        move |error| Trouble {
            stage: self,
            code: error.status().map(u16::from),
            // The client itself gives up when the server does not offer what the settings ask for.
            last: error.is_permanent() || error.is_client(),
            text: plainly(error.source().map_or_else(|| error.to_string(), ToString::to_string)),
        }
    }

    fn todo(self) -> &'static str {
        match self {
            Self::Greeting => "",
            Self::StartTls => "; if it has no TLS, write ?tls=none in [smtp] url in muster.toml",
            Self::SignIn => "; check user and password in [smtp] url in muster.toml",
            Self::Sender => "; check [smtp] from in muster.toml",
            Self::Recipient | Self::Content => "",
        }
    }
}

impl Trouble {
    /// Trouble that passes.
    pub(super) fn passing(text: String) -> Self {
        Self { stage: Stage::Content, code: None, last: false, text }
    }

    pub(super) fn grade(&self) -> Attempted {
        let said = match self.code {
            Some(code) => format!("the mail server answers {code} {}", self.text),
            None => format!("the mail server: {}", self.text),
        };
        match self.code {
            Some(code) if self.last && self.is_about_the_recipient(code) => Attempted::wrong_number(said),
            _ if self.last => Attempted::failed(format!("{said}{}", self.stage.todo())),
            _ => Attempted::later(said),
        }
    }

    /// Whether the address is at fault. The enhanced code decides if there is one (RFC 3463: 5.1.x is
    /// about addresses, of which 7 and 8 are the sender's), as 550 alone also stands for "no relaying"
    /// and "we think this is spam". Without one, 550, 551 and 553 for the recipient do (RFC 5321, 4.2.3).
    fn is_about_the_recipient(&self, code: u16) -> bool {
        let of_recipient = match self.stage {
            Stage::Recipient => true,
            Stage::Content => false,
            Stage::Greeting | Stage::StartTls | Stage::SignIn | Stage::Sender => return false,
        };
        match enhanced(&self.text) {
            Some([5, 1, detail]) => !matches!(detail, 7 | 8),
            Some(_) => false,
            None => of_recipient && matches!(code, 550 | 551 | 553),
        }
    }
}

/// What the TLS library says of a certificate, for people who can do something about it.
fn plainly(text: String) -> String {
    let Some((_, what)) = text.split_once("invalid peer certificate: ") else { return text };
    let todo = match what {
        what if what.starts_with("UnknownIssuer") => {
            "name the file of its CA as ca_file in [smtp], or in MUSTER_SMTP_CA"
        }
        what if what.starts_with("Expired") => "it has expired: have it renewed",
        what if what.contains("not valid for") || what.starts_with("NotValidForName") => {
            "it is for another name: write the name that it has into [smtp] url"
        }
        _ => "have a look at it",
    };
    format!("its certificate is not trusted ({what}); {todo}")
}

/// The enhanced status code at the start of a reply (RFC 2034): `5.1.1 No such user`.
fn enhanced(text: &str) -> Option<[u16; 3]> {
    let mut parts = text.split_whitespace().next()?.split('.').map(str::parse);
    let (class, subject, detail) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    parts.next().is_none().then_some([class, subject, detail])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_graded_by_what_was_refused() {
        for (stage, code, text, expected) in [
            (Stage::Recipient, 550, "5.1.1 No such user here", "wrong number"),
            (Stage::Recipient, 550, "No such user here", "wrong number"),
            (Stage::Recipient, 551, "User not local", "wrong number"),
            (Stage::Recipient, 553, "Mailbox name not allowed", "wrong number"),
            (Stage::Recipient, 554, "5.1.2 Bad destination system", "wrong number"),
            (Stage::Recipient, 550, "5.1.10 Recipient not found", "wrong number"),
            (Stage::Recipient, 550, "5.7.1 Relaying denied", "failed"),
            (Stage::Recipient, 550, "5.1.8 Sender domain unknown", "failed"),
            (Stage::Recipient, 550, "5.2.2 Mailbox full", "failed"),
            (Stage::Recipient, 552, "Mailbox full", "failed"),
            (Stage::Recipient, 554, "Relay access denied", "failed"),
            (Stage::Content, 550, "5.1.1 Recipient not found", "wrong number"),
            (Stage::Content, 550, "Looks like spam", "failed"),
            (Stage::Content, 554, "5.6.0 Message refused", "failed"),
            (Stage::Sender, 550, "5.1.0 Sender rejected", "failed"),
            (Stage::Sender, 550, "Not your address", "failed"),
            (Stage::SignIn, 535, "5.7.8 Bad credentials", "failed"),
            (Stage::Greeting, 554, "No service here", "failed"),
            (Stage::Greeting, 421, "Busy", "later"),
            (Stage::SignIn, 454, "4.7.0 Temporary failure", "later"),
            (Stage::Recipient, 450, "4.2.0 Greylisted", "later"),
            (Stage::Recipient, 451, "Try again", "later"),
            (Stage::Content, 452, "Disk full", "later"),
        ] {
            let trouble = Trouble { stage, code: Some(code), last: code >= 500, text: text.into() };
            let grade = match trouble.grade() {
                Attempted::Graded { outcome, detail } => {
                    assert!(detail.contains(text), "{detail}");
                    outcome.word()
                }
                Attempted::Later { why } => {
                    assert!(why.contains(text), "{why}");
                    "later"
                }
            };
            assert_eq!(grade, expected, "{stage:?} {code} {text}");
        }
    }

    #[test]
    fn trouble_with_the_line_passes_and_trouble_with_the_settings_does_not() {
        let trouble = |stage, last| Trouble { stage, code: None, last, text: "STARTTLS is not supported".into() };
        assert!(matches!(trouble(Stage::Greeting, false).grade(), Attempted::Later { .. }));
        assert_eq!(
            trouble(Stage::StartTls, true).grade(),
            Attempted::failed(
                "the mail server: STARTTLS is not supported; if it has no TLS, write ?tls=none in [smtp] url in muster.toml"
            )
        );
    }

    #[test]
    fn a_certificate_that_is_not_trusted_is_said_in_words() {
        for (said, expected) in [
            ("invalid peer certificate: UnknownIssuer", "name the file of its CA as ca_file in [smtp]"),
            ("invalid peer certificate: Expired", "have it renewed"),
            ("invalid peer certificate: certificate not valid for name \"a\"", "it is for another name"),
            ("invalid peer certificate: BadSignature", "(BadSignature)"),
        ] {
            let plain = plainly(said.into());
            assert!(plain.starts_with("its certificate is not trusted (") && plain.contains(expected), "{plain}");
        }
        assert_eq!(plainly("Connection refused".into()), "Connection refused");
    }

    #[test]
    fn enhanced_codes_are_read_from_the_start_only() {
        for (text, expected) in [
            ("5.1.1 No", Some([5, 1, 1])),
            ("5.7.515 No", Some([5, 7, 515])),
            ("5.1.1", Some([5, 1, 1])),
            ("No 5.1.1", None),
            ("5.1 No", None),
            ("5.1.1.1 No", None),
            ("10.0.0.1: No", None),
            ("", None),
        ] {
            assert_eq!(enhanced(text), expected, "{text}");
        }
    }
}
