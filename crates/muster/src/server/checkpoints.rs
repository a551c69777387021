//! Checkpoints on their way out: each destination is looked after by a task of its own, so that one which fails or
//! hangs never stops the others. What it got last is written down after it got it, so that it gets the newest at least once.

use crate::app::App;
use crate::channels::email::is_address;
use crate::channels::{Attempted, Channels, Message};
use crate::config::{BadConfig, Checkpoints};
use crate::documents::checkpoint::Checkpoint;
use muster_core::contact::{MeansKind, Outcome};
use muster_core::{Span, Time};
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// How often it is asked whether a checkpoint is due.
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// The longest wait after failures in a row: they begin with [`LOOK_EVERY`] and double.
const RETRY_AT_MOST: Duration = Duration::from_secs(3600);
/// Shortest and longest time between two checkpoints that can be set. A shorter one would fill a mailbox; a longer one
/// would be a day's silence, which says that Muster is dead.
const EVERY: std::ops::RangeInclusive<Span> = Span::from_mins(1)..=Span::from_hours(24);

/// A place outside that gets checkpoints.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Destination {
    to: To,
    every: Span,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum To {
    File(PathBuf),
    Mail(String),
    Webhook(String),
}

/// What a destination has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Had {
    /// When its newest checkpoint was signed.
    pub at: Option<Time>,
    /// Whether it got that just now.
    pub now: bool,
}

impl Destination {
    /// Those of the settings, if their channels are there.
    ///
    /// # Errors
    /// [`BadConfig`], which says what to correct.
    pub fn all(settings: &Checkpoints, channels: &Channels) -> Result<Vec<Self>, BadConfig> {
        let wrong = |key, why: &str| Err(BadConfig::Setting { section: "checkpoints", key, why: why.to_owned() });
        if !EVERY.contains(&settings.every) {
            return wrong("every", "use a time from 1m to 24h");
        }
        if let Some(mail) = &settings.mail {
            match (is_address(mail), channels.can(MeansKind::Email)) {
                (false, _) => return wrong("mail", "use an address such as auditor@example.org"),
                (_, false) => return wrong("mail", "there is no mail server: set [smtp] too"),
                (true, true) => {}
            }
        }
        if let Some(url) = &settings.webhook {
            match (crate::outgoing::address(url.reveal()), channels.can(MeansKind::Webhook)) {
                (Err(bad), _) => return wrong("webhook", &bad.to_string()),
                (_, false) => return wrong("webhook", "requests are signed with a secret: set [webhook] too"),
                (Ok(_), true) => {}
            }
        }
        let file = settings.file.clone().map(To::File);
        let mail = settings.mail.clone().map(To::Mail);
        let webhook = settings.webhook.as_ref().map(|url| To::Webhook(url.reveal().to_owned()));
        Ok([file, mail, webhook].into_iter().flatten().map(|to| Self { to, every: settings.every }).collect())
    }

    /// The word for it in settings, metrics and the program's log.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self.to {
            To::File(_) => "file",
            To::Mail(_) => "mail",
            To::Webhook(_) => "webhook",
        }
    }

    /// Its name in the database. Another address is another destination, and gets a checkpoint at once.
    fn name(&self) -> String {
        match &self.to {
            To::File(path) => format!("file {}", path.display()),
            To::Mail(address) => format!("mail {address}"),
            // An address may hold a secret.
            To::Webhook(url) => format!("webhook {}", crate::secrets::hash(url)),
        }
    }

    /// Sends what is due, if anything is.
    ///
    /// # Errors
    /// Why it could not be sent, in words for the program's log.
    pub async fn send_due(&self, app: &App) -> Result<Had, String> {
        let name = self.name();
        let due = app.ops.checkpoint_due(&name, self.every).await.map_err(|failure| failure.to_string())?;
        let Some(checkpoint) = due.next else { return Ok(Had { at: due.last, now: false }) };
        self.send(app, &checkpoint).await?;
        let noted = app.ops.checkpoint_sent(&name, &checkpoint).await;
        noted.map_err(|failure| format!("it was sent, but that could not be written down: {failure}"))?;
        Ok(Had { at: Some(checkpoint.at), now: true })
    }

    async fn send(&self, app: &App, checkpoint: &Checkpoint) -> Result<(), String> {
        let line = app.ops.signed(checkpoint);
        let (kind, to) = match &self.to {
            To::File(path) => {
                let path = path.clone();
                let appended = tokio::task::spawn_blocking(move || append(&path, &line)).await;
                return appended.map_err(|e| e.to_string())?.map_err(|e| e.to_string());
            }
            To::Mail(address) => (MeansKind::Email, address),
            To::Webhook(url) => (MeansKind::Webhook, url),
        };
        match app.channels.send(kind, &message(to, app.ops.public_url(), checkpoint, line)).await {
            Attempted::Graded { outcome: Outcome::Sent, .. } => Ok(()),
            Attempted::Graded { detail: why, .. } | Attempted::Later { why } => Err(why),
        }
    }

    /// Looks after it until `stop`.
    async fn keep(self, app: Arc<App>, stop: CancellationToken) {
        let (to, mut failed) = (self.word(), 0);
        loop {
            // A destination that hangs keeps nobody from stopping; what it may have got already it gets again.
            let sent = tokio::select! {
                () = stop.cancelled() => return,
                sent = self.send_due(&app) => sent,
            };
            let wait = match sent {
                Ok(had) => {
                    app.health.has_checkpoint(to, had.at);
                    failed = 0;
                    LOOK_EVERY
                }
                Err(why) => {
                    tracing::warn!(to, %why, "a checkpoint of the ledger did not leave the machine; it is tried again");
                    app.health.lacks_checkpoint(to, app.ops.now());
                    failed += 1;
                    after_failures(failed)
                }
            };
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(wait) => {}
            }
        }
    }
}

/// Looks after all of them until `stop`.
pub async fn run(app: Arc<App>, destinations: Vec<Destination>, stop: CancellationToken) {
    let mut kept: JoinSet<()> = destinations.into_iter().map(|d| d.keep(app.clone(), stop.clone())).collect();
    while kept.join_next().await.is_some() {}
}

fn after_failures(failed: u32) -> Duration {
    LOOK_EVERY.saturating_mul(1 << failed.saturating_sub(1).min(16)).min(RETRY_AT_MOST)
}

fn message(to: &str, public_url: &str, checkpoint: &Checkpoint, line: String) -> Message {
    let (rows, lines) = (checkpoint.ledger.count, checkpoint.audit.count);
    let body = format!(
        "{public_url} has {rows} rows in its ledger and {lines} lines in its audit trail.\n\n\
         Keep this where nobody who runs that Muster can change it. With the line below, saved to a file, anybody can \
         prove later that nothing of them was cut off or written anew:\n\
         muster verify BACKUP --checkpoints FILE\n\n{line}"
    );
    Message {
        id: format!("checkpoint-{}", checkpoint.at.as_millisecond()),
        to: to.to_owned(),
        person: String::new(),
        subject: format!("Checkpoint of {public_url}: row {rows}"),
        text: line,
        body,
        link: None,
        urgent: false,
        event: None,
        sent_at: checkpoint.at,
    }
}

/// Appends a line to a file that only grows, on disk when it returns.
fn append(path: &Path, line: &str) -> io::Result<()> {
    let is_new = !path.exists();
    let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
    // What a full disk or a cut of power left without an end stays a line of its own.
    let begin = if ends_a_line(&mut file)? { "" } else { "\n" };
    file.write_all(format!("{begin}{line}\n").as_bytes())?;
    file.sync_all()?;
    match path.parent().filter(|folder| is_new && !folder.as_os_str().is_empty()) {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

fn ends_a_line(file: &mut File) -> io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(true);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channels::settings::ChannelSettings;

    #[test]
    fn waits_after_failures_double_up_to_an_hour() {
        let minutes = [1, 2, 3, 6, 7, 99, u32::MAX].map(|failed| after_failures(failed).as_secs() / 60);
        assert_eq!(minutes, [1, 2, 4, 32, 60, 60, 60]);
    }

    #[tokio::test]
    async fn settings_that_cannot_work_are_refused_at_the_start() {
        let webhook = "[webhook]\nsecret = \"whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\"";
        for (settings, channels, expected) in [
            ("every = '30s'", "", "[checkpoints] every: use a time from 1m to 24h"),
            ("every = '25h'", "", "[checkpoints] every: use a time"),
            ("mail = 'auditor'", "", "[checkpoints] mail: use an address"),
            ("mail = 'auditor@example.org'", "", "[checkpoints] mail: there is no mail server"),
            ("webhook = 'ftp://a.example'", webhook, "[checkpoints] webhook: "),
            ("webhook = 'https://a.example/in'", "", "[checkpoints] webhook: requests are signed"),
        ] {
            let channels: ChannelSettings = toml::from_str(channels).unwrap();
            let refused = Destination::all(&toml::from_str(settings).unwrap(), &Channels::new(&channels).unwrap());
            let said = refused.unwrap_err().to_string();
            assert!(said.starts_with(expected), "{settings}: {said}");
        }
        let channels: ChannelSettings = toml::from_str(webhook).unwrap();
        let settings = "file = 'a'\nwebhook = 'https://a.example/in'\nevery = '5m'";
        let all = Destination::all(&toml::from_str(settings).unwrap(), &Channels::new(&channels).unwrap()).unwrap();
        assert_eq!(all.iter().map(Destination::word).collect::<Vec<_>>(), ["file", "webhook"]);
        let none = Destination::all(&Checkpoints::default(), &Channels::new(&channels).unwrap()).unwrap();
        assert_eq!(none, []);
    }

    #[test]
    fn a_line_that_was_cut_off_does_not_spoil_the_next() {
        let path = std::env::temp_dir().join(format!("muster-append-{}", std::process::id()));
        let _ = std::fs::remove_file(&path);
        append(&path, "one").unwrap();
        append(&path, "two").unwrap();
        OpenOptions::new().append(true).open(&path).unwrap().write_all(b"thr").unwrap();
        append(&path, "four").unwrap();
        let text = std::fs::read_to_string(&path);
        std::fs::remove_file(&path).unwrap();
        assert_eq!(text.unwrap(), "one\ntwo\nthr\nfour\n");
    }
}
