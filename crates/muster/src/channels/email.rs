//! Email through the organisation's own mail server.
//!
//! One connection a message, and no pool: a connection whose last reply was waited for in vain would
//! hand that reply to the next message, which could then be graded *sent* and never be.

mod calendar;
mod compose;
mod grade;

pub use compose::{Uncomposable, compose};

use super::settings::SmtpSettings;
use super::{Attempted, Message};
use crate::outgoing::install_crypto;
use grade::{Stage, Trouble};
use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use url::Url;

/// Longest time for one mail. Servers that slow strangers down take up to half a minute to greet.
pub const EMAIL_TIME: Duration = Duration::from_secs(45);
/// Longest time for connecting to one address of the server.
pub const CONNECT_TIME: Duration = Duration::from_secs(10);
/// Longest time for seeing whether the server can be used.
pub const CHECK_TIME: Duration = Duration::from_secs(20);
/// Longest time for a polite goodbye, when the mail has been taken already.
const QUIT_TIME: Duration = Duration::from_secs(2);

/// The `[smtp]` section can't be used.
#[derive(Debug, thiserror::Error)]
pub enum BadSettings {
    /// Not of the form that it should have.
    #[error("url is not of the form smtp://USER:PASSWORD@HOST:PORT?tls=starttls: {0}; correct it")]
    Url(&'static str),
    /// The password would be readable on the way.
    #[error("url sends a password without TLS: write ?tls=starttls or ?tls=tls, or leave the password out")]
    PlainPassword,
    /// Not an address.
    #[error("from is not an address such as muster@example.org; correct it")]
    From,
    /// The file with the CA of the organisation's own.
    #[error("ca_file {}: {why}", path.display())]
    Ca {
        /// Which.
        path: PathBuf,
        /// What is wrong, and what to do.
        why: String,
    },
    /// TLS itself.
    #[error("TLS could not be set up for this host")]
    Tls(#[source] lettre::transport::smtp::Error),
}

/// Whether mail can be sent to that address at all.
#[must_use]
pub fn is_address(text: &str) -> bool {
    compose::recipient(text).is_ok()
}

/// When TLS begins.
#[derive(Clone)]
enum Encryption {
    None,
    StartTls(TlsParameters),
    AtOnce(TlsParameters),
}

/// The channel.
#[derive(Clone)]
pub struct Email {
    host: String,
    port: u16,
    tls: Encryption,
    credentials: Option<Credentials>,
    from: Mailbox,
    within: Duration,
}

impl std::fmt::Debug for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Email(through {}:{} from {})", self.host, self.port, self.from.email)
    }
}

impl Email {
    /// From the settings. Connects to nothing yet.
    ///
    /// # Errors
    /// [`BadSettings`] if they can't be used.
    pub fn new(settings: &SmtpSettings) -> Result<Self, BadSettings> {
        let from: Mailbox = settings.from.parse().map_err(|_| BadSettings::From)?;
        let from = Mailbox::new(from.name, compose::recipient(from.email.as_ref()).map_err(|_| BadSettings::From)?);
        let url = Url::parse(settings.url.reveal()).map_err(|_| BadSettings::Url("it is no address"))?;
        if url.scheme() != "smtp" {
            return Err(BadSettings::Url("it must begin with smtp://"));
        }
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(BadSettings::Url("nothing but ?tls= may follow the port"));
        }
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(BadSettings::Url("the host is missing"))?;
        let host = host.trim_matches(['[', ']']).to_owned();
        let trust = || trust(&host, settings.ca_file.as_deref());
        let (tls, port) = match url.query() {
            None | Some("tls=starttls") => (Encryption::StartTls(trust()?), 587),
            Some("tls=tls") => (Encryption::AtOnce(trust()?), 465),
            Some("tls=none") => (Encryption::None, 25),
            Some(_) => return Err(BadSettings::Url("after the ? comes tls=starttls, tls=tls or tls=none")),
        };
        let credentials = credentials(&url)?;
        if credentials.is_some() && matches!(tls, Encryption::None) && !is_this_machine(&host) {
            return Err(BadSettings::PlainPassword);
        }
        Ok(Self { port: url.port().unwrap_or(port), host, tls, credentials, from, within: EMAIL_TIME })
    }

    /// Sends `message`, within [`EMAIL_TIME`].
    pub async fn send(&self, message: &Message) -> Attempted {
        let mail = match compose(message, &self.from) {
            Ok(mail) => mail,
            Err(Uncomposable::Address) => return Attempted::wrong_number(Uncomposable::Address),
            Err(other) => return Attempted::failed(other),
        };
        match tokio::time::timeout(self.within, self.deliver(&mail)).await {
            Ok(Ok(answer)) => Attempted::sent(answer),
            Ok(Err(trouble)) => trouble.grade(),
            Err(_) => Attempted::later(format!("the mail server took more than {} seconds", self.within.as_secs_f32())),
        }
    }

    /// Whether the server can be used: greets it, begins TLS and signs in as for a mail, within [`CHECK_TIME`].
    ///
    /// # Errors
    /// What is wrong and what to do about it, on one line.
    pub async fn check(&self) -> Result<(), String> {
        let why = match tokio::time::timeout(CHECK_TIME, self.greet()).await {
            Ok(Ok(mut connection)) => {
                let _ = tokio::time::timeout(QUIT_TIME, connection.quit()).await;
                return Ok(());
            }
            Ok(Err(trouble)) => match trouble.grade() {
                Attempted::Graded { detail, .. } => detail,
                Attempted::Later { why } => why,
            },
            Err(_) => format!("the mail server took more than {} seconds", CHECK_TIME.as_secs()),
        };
        Err(format!("{} port {}: {why}", self.host, self.port))
    }

    /// A conversation that has come as far as a mail can be given.
    async fn greet(&self) -> Result<AsyncSmtpConnection, Trouble> {
        let hello = ClientId::default();
        let at_once = if let Encryption::AtOnce(trust) = &self.tls { Some(trust.clone()) } else { None };
        let server = (self.host.as_str(), self.port);
        let mut connection = AsyncSmtpConnection::connect_tokio1(server, Some(CONNECT_TIME), &hello, at_once, None)
            .await
            .map_err(Stage::Greeting.trouble())?;
        if let Encryption::StartTls(trust) = &self.tls {
            connection.starttls(trust.clone(), &hello).await.map_err(Stage::StartTls.trouble())?;
        }
        if let Some(credentials) = &self.credentials {
            let ways = [Mechanism::Plain, Mechanism::Login];
            connection.auth(&ways, credentials).await.map_err(Stage::SignIn.trouble())?;
        }
        Ok(connection)
    }

    /// The whole conversation, command by command, as what a refusal means depends on what was refused.
    async fn deliver(&self, mail: &lettre::Message) -> Result<String, Trouble> {
        let mut connection = self.greet().await?;
        let envelope = mail.envelope();
        connection.command(Mail::new(envelope.from().cloned(), Vec::new())).await.map_err(Stage::Sender.trouble())?;
        for to in envelope.to() {
            connection.command(Rcpt::new(to.clone(), Vec::new())).await.map_err(Stage::Recipient.trouble())?;
        }
        let go_ahead = connection.command(Data).await.map_err(Stage::Content.trouble())?;
        if !go_ahead.has_code(354) {
            return Err(Trouble::passing(format!("the mail server answers DATA with {}", go_ahead.code())));
        }
        let taken = connection.message(&mail.formatted()).await.map_err(Stage::Content.trouble())?;
        if !taken.has_code(250) {
            return Err(Trouble::passing(format!("the mail server answers the mail with {}", taken.code())));
        }
        // The mail is theirs now, whatever becomes of the goodbye.
        let _ = tokio::time::timeout(QUIT_TIME, connection.quit()).await;
        Ok(format!("250 {}", taken.message().collect::<Vec<_>>().join(" ")))
    }
}

/// Whom to trust as `host`: the machine's own certificate store, as mail servers inside often have a
/// certificate of the organisation's; on a machine without one, the roots that browsers trust; and the CA in `ca_file`.
fn trust(host: &str, ca_file: Option<&Path>) -> Result<TlsParameters, BadSettings> {
    install_crypto();
    let authorities = ca_file.map(authorities).transpose()?.unwrap_or_default();
    let build = |store| {
        let begun = TlsParameters::builder(host.to_owned()).certificate_store(store);
        authorities
            .iter()
            .cloned()
            .fold(begun, lettre::transport::smtp::client::TlsParametersBuilder::add_root_certificate)
            .build()
    };
    build(CertificateStore::Default).or_else(|_| build(CertificateStore::WebpkiRoots)).map_err(BadSettings::Tls)
}

/// The certificates in a PEM file.
fn authorities(path: &Path) -> Result<Vec<Certificate>, BadSettings> {
    let wrong = |why: String| BadSettings::Ca { path: path.to_owned(), why };
    let pem = std::fs::read(path).map_err(|e| wrong(e.to_string()))?;
    let none = || wrong("it holds no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----".into());
    let mut all = Vec::new();
    for der in CertificateDer::pem_slice_iter(&pem) {
        let der = der.map_err(|_| none())?;
        all.push(Certificate::from_der(der.to_vec()).map_err(|e| wrong(e.to_string()))?);
    }
    if all.is_empty() { Err(none()) } else { Ok(all) }
}

fn credentials(url: &Url) -> Result<Option<Credentials>, BadSettings> {
    let decode = |text| percent_encoding::percent_decode_str(text).decode_utf8().map(String::from);
    match (url.username(), url.password()) {
        ("", None) => Ok(None),
        (user, Some(password)) if !user.is_empty() => match (decode(user), decode(password)) {
            (Ok(user), Ok(password)) => Ok(Some(Credentials::new(user, password))),
            _ => Err(BadSettings::Url("user and password must be UTF-8")),
        },
        _ => Err(BadSettings::Url("user and password belong together")),
    }
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn email(url: &str, from: &str) -> Result<Email, BadSettings> {
        Email::new(&SmtpSettings { url: url.into(), from: from.into(), ca_file: None })
    }

    #[test]
    fn urls_mean_what_they_say() {
        for (url, host, port, tls, signs_in) in [
            ("smtp://mail.example.org", "mail.example.org", 587, "starttls", false),
            ("smtp://mail.example.org?tls=starttls", "mail.example.org", 587, "starttls", false),
            ("smtp://mail.example.org:2587/?tls=starttls", "mail.example.org", 2587, "starttls", false),
            ("smtp://u:p@mail.example.org?tls=tls", "mail.example.org", 465, "tls", true),
            ("smtp://mail.example.org?tls=none", "mail.example.org", 25, "none", false),
            ("smtp://u:p@localhost:2525?tls=none", "localhost", 2525, "none", true),
            ("smtp://u:p@[::1]?tls=none", "::1", 25, "none", true),
            ("smtp://u:p@127.0.0.1?tls=none", "127.0.0.1", 25, "none", true),
        ] {
            let email = email(url, "muster@example.org").unwrap();
            let word = match email.tls {
                Encryption::None => "none",
                Encryption::StartTls(_) => "starttls",
                Encryption::AtOnce(_) => "tls",
            };
            assert_eq!(
                (email.host.as_str(), email.port, word, email.credentials.is_some()),
                (host, port, tls, signs_in),
                "{url}"
            );
        }
    }

    #[test]
    fn a_password_may_hold_any_character() {
        let found = email("smtp://ops%40example.org:p%40ss%3A%2F%3Fw%2Brd@mail.example.org", "m@example.org").unwrap();
        let expected = Credentials::new("ops@example.org".into(), "p@ss:/?w+rd".into());
        assert_eq!(found.credentials, Some(expected));
    }

    #[test]
    fn settings_that_cannot_work_are_refused_at_the_start() {
        for (url, from, expected) in [
            ("mail.example.org", "m@example.org", "it is no address"),
            ("https://mail.example.org", "m@example.org", "it must begin with smtp://"),
            ("smtps://mail.example.org", "m@example.org", "it must begin with smtp://"),
            ("smtp://:25", "m@example.org", "it is no address"),
            ("smtp://mail.example.org/x", "m@example.org", "nothing but ?tls="),
            ("smtp://mail.example.org?tls=opportunistic", "m@example.org", "after the ? comes"),
            ("smtp://mail.example.org?tls=none&x=1", "m@example.org", "after the ? comes"),
            ("smtp://u@mail.example.org", "m@example.org", "user and password belong together"),
            ("smtp://:p@mail.example.org", "m@example.org", "user and password belong together"),
            ("smtp://u:p%ff@mail.example.org", "m@example.org", "must be UTF-8"),
            ("smtp://u:p@mail.example.org?tls=none", "m@example.org", "sends a password without TLS"),
            ("smtp://u:p@10.0.0.1?tls=none", "m@example.org", "sends a password without TLS"),
            ("smtp://mail.example.org", "Muster", "from is not an address"),
            ("smtp://mail.example.org", "mäster@example.org", "from is not an address"),
            ("smtp://mail.example.org", "", "from is not an address"),
        ] {
            let error = email(url, from).unwrap_err().to_string();
            assert!(error.contains(expected), "{url} {from}: {error}");
        }
    }

    #[tokio::test]
    async fn a_mail_server_that_says_nothing_is_left() {
        let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}?tls=none", silent.local_addr().unwrap());
        let email = Email { within: Duration::from_millis(100), ..email(&url, "m@example.org").unwrap() };
        let attempted = email.send(&crate::channels::tests::message("priya@example.org")).await;
        assert_eq!(attempted, Attempted::later("the mail server took more than 0.1 seconds"));
    }

    #[test]
    fn the_password_is_not_in_debug_output() {
        let email = email("smtp://u:hunter2@mail.example.org", "Muster <muster@example.org>").unwrap();
        assert_eq!(format!("{email:?}"), "Email(through mail.example.org:587 from muster@example.org)");
    }
}
