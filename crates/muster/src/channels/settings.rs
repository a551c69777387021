//! The sections of `muster.toml` that set channels up.

use crate::outgoing::OutgoingSettings;
use crate::secrets::Secret;
use serde::Deserialize;
use std::path::PathBuf;

/// Everything that channels need to know. All of it may be missing.
#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ChannelSettings {
    /// `[smtp]`: without it there is no email.
    pub smtp: Option<SmtpSettings>,
    /// `[ntfy]`.
    pub ntfy: NtfySettings,
    /// `[webhook]`: without it there are no webhooks.
    pub webhook: Option<WebhookSettings>,
    /// `[outgoing]`.
    pub outgoing: OutgoingSettings,
}

/// The mail server that takes Muster's mail.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmtpSettings {
    /// `smtp://USER:PASSWORD@HOST:PORT?tls=starttls`. User, password and port may be missing; special
    /// characters in them are percent-encoded. `tls` is `starttls` (the default, port 587), `tls`
    /// (from the first byte, port 465) or `none` (port 25, without a password unless the server is
    /// this machine).
    pub url: Secret,
    /// Whom mail comes from: `muster@example.org` or `Muster <muster@example.org>`.
    pub from: String,
    /// PEM file with the CA of the server's certificate, if it is one of the organisation's own. It is trusted besides
    /// those that this machine trusts.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
}

/// The ntfy server that is used when an address is a topic only.
#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NtfySettings {
    /// Such as `https://ntfy.example.org`.
    pub server: Option<String>,
    /// Access token for it. No other server ever sees it.
    pub token: Option<Secret>,
}

/// How webhooks are signed.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookSettings {
    /// `whsec_` and 24 to 64 random bytes in base 64, which receivers know too.
    pub secret: Secret,
    /// The secret before, while receivers change over: requests carry a signature of each.
    #[serde(default)]
    pub old_secret: Option<Secret>,
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: &str = r#"
        [smtp]
        url = "smtp://muster:hunter2@mail.example.org"
        from = "Muster <muster@example.org>"
        [ntfy]
        server = "https://ntfy.example.org"
        token = "tk_hunter2"
        [webhook]
        secret = "whsec_hunter2"
        old_secret = "whsec_hunter2"
        [outgoing]
        allow_private = true
        allow = ["localhost", "10.0.0.0/8"]
        proxy = "http://muster:hunter2@proxy.example.org:3128"
    "#;

    #[test]
    fn every_setting_is_read_and_no_secret_is_printed() {
        let settings: ChannelSettings = toml::from_str(ALL).unwrap();
        assert!(settings.outgoing.allow_private && settings.webhook.is_some());
        let printed = format!("{settings:?}");
        assert!(printed.contains("Secret(***)") && !printed.contains("hunter2"), "{printed}");
    }

    #[test]
    fn nothing_needs_to_be_set_and_nothing_unknown_is_ignored() {
        assert_eq!(toml::from_str::<ChannelSettings>("").unwrap(), ChannelSettings::default());
        for wrong in ["[smpt]", "[smtp]\nurl = 'x'", "[ntfy]\ntokn = 'x'", "[outgoing]\nallow = '10.0.0.0/8'"] {
            assert!(toml::from_str::<ChannelSettings>(wrong).is_err(), "{wrong}");
        }
    }
}
