//! Settings of the program: a file, then the environment, then the command line; later ones win.

use crate::channels::settings::{ChannelSettings, NtfySettings, SmtpSettings, WebhookSettings};
use crate::secrets::Secret;
use muster_core::Span;
use serde::Deserialize;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

/// Whom mail comes from if nobody says it.
const NOBODY: &str = "muster@localhost";

/// What `muster.toml` may hold.
#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Folder of the embedded database and of this installation's keys.
    pub data: Option<PathBuf>,
    /// `postgres://…` instead of the embedded database.
    pub database: Option<Secret>,
    /// Where to listen.
    pub listen: Option<SocketAddr>,
    /// The address that people and senders use.
    pub public_url: Option<String>,
    /// Certificate chain and key, PEM.
    pub tls: Option<Tls>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// An address that is fetched while all is well, so that somebody else notices when it is not.
    pub heartbeat_url: Option<String>,
    /// `[checkpoints]`.
    pub checkpoints: Checkpoints,
    /// `[smtp]`.
    pub smtp: Option<SmtpSettings>,
    /// `[ntfy]`.
    pub ntfy: NtfySettings,
    /// `[webhook]`.
    pub webhook: Option<WebhookSettings>,
    /// `[outgoing]`.
    pub outgoing: crate::outgoing::OutgoingSettings,
}

/// `[tls]`.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// PEM file with the certificate and those above it.
    pub cert: PathBuf,
    /// PEM file with its key.
    pub key: PathBuf,
}

/// `[checkpoints]`: where signed checkpoints of the ledger go. Without any, nobody outside can tell whether the end of
/// the records was cut off.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Checkpoints {
    /// A file that only grows: on another machine, or where this program may append and not rewrite.
    pub file: Option<PathBuf>,
    /// An address that nobody who runs this installation reads alone.
    pub mail: Option<String>,
    /// An `https://` address; requests are signed with the secret of `[webhook]`.
    pub webhook: Option<Secret>,
    /// How long between two, while there is something new. One a day goes out anyway.
    pub every: Span,
}

impl Default for Checkpoints {
    fn default() -> Self {
        Self { file: None, mail: None, webhook: None, every: Span::from_hours(1) }
    }
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadConfig {
    /// The file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file says something that means nothing. The text names line, column and what is allowed.
    #[error("{}: {source}", path.display())]
    Toml {
        /// Which.
        path: PathBuf,
        /// What.
        source: Box<toml::de::Error>,
    },
    /// A setting cannot work, by itself or without another.
    #[error("[{section}] {key}: {why}")]
    Setting {
        /// In which section.
        section: &'static str,
        /// Which.
        key: &'static str,
        /// What to correct.
        why: String,
    },
    /// A variable of the environment says something that means nothing.
    #[error("{name}={value}: {why}")]
    Variable {
        /// Which.
        name: &'static str,
        /// Its value.
        value: String,
        /// What it should be.
        why: &'static str,
    },
}

impl Config {
    /// The settings of that file, if one is named, with those of the environment on top.
    ///
    /// # Errors
    /// [`BadConfig`].
    pub fn read(path: Option<&Path>, env: impl Fn(&str) -> Option<String>) -> Result<Self, BadConfig> {
        let mut config = match path {
            None => Self::default(),
            Some(path) => {
                let text = std::fs::read_to_string(path)
                    .map_err(|source| BadConfig::File { path: path.to_owned(), source })?;
                toml::from_str(&text).map_err(|e| BadConfig::Toml { path: path.to_owned(), source: Box::new(e) })?
            }
        };
        config.overlay(env)?;
        Ok(config)
    }

    /// Puts `MUSTER_*` on top.
    fn overlay(&mut self, env: impl Fn(&str) -> Option<String>) -> Result<(), BadConfig> {
        fn parsed<T: std::str::FromStr>(name: &'static str, value: String, why: &'static str) -> Result<T, BadConfig> {
            value.parse().map_err(|_| BadConfig::Variable { name, value, why })
        }
        if let Some(v) = env("MUSTER_DATA") {
            self.data = Some(v.into());
        }
        if let Some(v) = env("MUSTER_DATABASE") {
            self.database = Some(v.as_str().into());
        }
        if let Some(v) = env("MUSTER_LISTEN") {
            self.listen = Some(parsed("MUSTER_LISTEN", v, "use an address and port, such as 127.0.0.1:8080")?);
        }
        if let Some(v) = env("MUSTER_PUBLIC_URL") {
            self.public_url = Some(v);
        }
        if let Some(v) = env("MUSTER_HEARTBEAT_URL") {
            self.heartbeat_url = Some(v);
        }
        if let Some(v) = env("MUSTER_CHECKPOINTS_FILE") {
            self.checkpoints.file = Some(v.into());
        }
        if let Some(v) = env("MUSTER_CHECKPOINTS_MAIL") {
            self.checkpoints.mail = Some(v);
        }
        if let Some(v) = env("MUSTER_CHECKPOINTS_WEBHOOK") {
            self.checkpoints.webhook = Some(v.as_str().into());
        }
        if let Some(v) = env("MUSTER_CHECKPOINTS_EVERY") {
            self.checkpoints.every = parsed("MUSTER_CHECKPOINTS_EVERY", v, "use a time such as 1h or 15m")?;
        }
        if let Some(v) = env("MUSTER_SMTP_URL") {
            let (url, unset) = (v.as_str().into(), || (NOBODY.to_owned(), None));
            let (from, ca_file) = self.smtp.take().map_or_else(unset, |s| (s.from, s.ca_file));
            self.smtp = Some(SmtpSettings { url, from, ca_file });
        }
        if let Some(smtp) = &mut self.smtp {
            if let Some(v) = env("MUSTER_SMTP_FROM") {
                smtp.from = v;
            }
            if let Some(v) = env("MUSTER_SMTP_CA") {
                smtp.ca_file = Some(v.into());
            }
        }
        if let Some(v) = env("MUSTER_NTFY_SERVER") {
            self.ntfy.server = Some(v);
        }
        if let Some(v) = env("MUSTER_WEBHOOK_SECRET") {
            let old_secret = self.webhook.take().and_then(|w| w.old_secret);
            self.webhook = Some(WebhookSettings { secret: v.as_str().into(), old_secret });
        }
        if let Some(v) = env("MUSTER_OUTGOING_ALLOW_PRIVATE") {
            self.outgoing.allow_private = parsed("MUSTER_OUTGOING_ALLOW_PRIVATE", v, "use true or false")?;
        }
        Ok(())
    }

    /// What the channels need of it.
    #[must_use]
    pub fn channels(&self) -> ChannelSettings {
        ChannelSettings {
            smtp: self.smtp.clone(),
            ntfy: self.ntfy.clone(),
            webhook: self.webhook.clone(),
            outgoing: self.outgoing.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_wins_over_the_file_and_mistakes_are_named() {
        let mut config: Config = toml::from_str("listen = \"127.0.0.1:1\"\npublic_url = \"https://a\"").unwrap();
        config.overlay(|n| (n == "MUSTER_LISTEN").then(|| "127.0.0.1:2".into())).unwrap();
        assert_eq!(
            (config.listen, config.public_url.as_deref()),
            (Some("127.0.0.1:2".parse().unwrap()), Some("https://a"))
        );
        config.overlay(|n| (n == "MUSTER_CHECKPOINTS_EVERY").then(|| "15m".into())).unwrap();
        assert_eq!(config.checkpoints.every, Span::from_mins(15));
        let wrong = config.overlay(|n| (n == "MUSTER_LISTEN").then(|| "everywhere".into())).unwrap_err();
        assert!(wrong.to_string().contains("MUSTER_LISTEN=everywhere: use an address"), "{wrong}");
        let file = "[smtp]\nurl = \"smtp://a\"\nfrom = \"m@a\"\nca_file = \"/ca\"\n[webhook]\nsecret = \"new\"\nold_secret = \"old\"";
        let mut config: Config = toml::from_str(file).unwrap();
        let only = |name, value: &'static str| move |n: &str| (n == name).then(|| value.to_owned());
        config.overlay(only("MUSTER_SMTP_URL", "smtp://b")).unwrap();
        config.overlay(only("MUSTER_SMTP_FROM", "m@b")).unwrap();
        config.overlay(only("MUSTER_WEBHOOK_SECRET", "newer")).unwrap();
        let (smtp, webhook) = (config.smtp.unwrap(), config.webhook.unwrap());
        assert_eq!((smtp.url, &*smtp.from, smtp.ca_file), ("smtp://b".into(), "m@b", Some("/ca".into())));
        assert_eq!((webhook.secret, webhook.old_secret), ("newer".into(), Some("old".into())));
        let wrong = toml::from_str::<Config>("lisen = 1").unwrap_err().to_string();
        assert!(wrong.contains("lisen") && wrong.contains("listen"), "{wrong}");
    }
}
