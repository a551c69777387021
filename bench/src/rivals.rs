//! What is measured: each on a port of its own on loopback, ended when the run is over.

use crate::Failure;
use std::fmt::Write;
use std::net::TcpListener as Std;
use std::path::Path;
use std::process::Stdio;
use std::sync::LazyLock;
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

/// How long a server may take to start.
const STARTS_WITHIN: Duration = Duration::from_secs(20);

/// How a rival wants its alerts.
#[derive(Clone, Copy)]
pub enum Format {
    /// An Alertmanager webhook, version 4.
    Webhook,
    /// What Prometheus sends to an Alertmanager.
    Prometheus,
}

impl Format {
    /// A body with `n` alerts that began when the benchmark did.
    pub fn body(self, n: usize, mut key: impl FnMut() -> u64) -> String {
        static BEGAN: LazyLock<String> = LazyLock::new(|| jiff::Timestamp::now().to_string());
        let (mut alerts, began) = (String::new(), BEGAN.as_str());
        for i in 0..n {
            let key = key();
            let comma = if i == 0 { "" } else { "," };
            let _ = write!(
                alerts,
                r#"{comma}{{"status":"firing","labels":{{"alertname":"InstanceDown","instance":"host-{key}:9100","job":"node","severity":"critical","team":"storage"}},"annotations":{{"summary":"host-{key} is down","description":"host-{key} has not answered for 2 minutes"}},"startsAt":"{began}","fingerprint":"{key:016x}"}}"#
            );
        }
        match self {
            Self::Prometheus => format!("[{}]", alerts.replace(r#""status":"firing","#, "")),
            Self::Webhook => format!(
                r#"{{"receiver":"muster","status":"firing","alerts":[{alerts}],"groupLabels":{{}},"commonLabels":{{}},"commonAnnotations":{{}},"externalURL":"http://vm:9093","version":"4","groupKey":"g","truncatedAlerts":0}}"#
            ),
        }
    }
}

/// Something that takes alerts.
pub struct Rival {
    pub name: &'static str,
    pub address: String,
    pub head: String,
    pub format: Format,
    pub started: Duration,
    child: Option<Child>,
}

impl Rival {
    fn new(name: &'static str, address: String, path: &str, extra: &str, format: Format) -> Self {
        let head = format!("POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n{extra}");
        Self { name, address, head, format, started: Duration::ZERO, child: None }
    }

    /// The same HTTP stack with a handler that reads the body and does nothing.
    pub async fn null() -> Result<Self, Failure> {
        Self::ceiling("null handler", &["null"]).await
    }

    /// The same HTTP stack, and one thread that writes payload and alert in group commits, durably.
    pub async fn bare_sqlite(file: &Path) -> Result<Self, Failure> {
        Self::ceiling("bare SQLite", &["bare", file.to_str().ok_or("a file that is no text")?]).await
    }

    /// One of [`crate::ceilings`], in a process of its own like the others.
    async fn ceiling(name: &'static str, args: &[&str]) -> Result<Self, Failure> {
        let (begin, address) = (Instant::now(), format!("127.0.0.1:{}", free_port()?));
        let mut command = Command::new(std::env::current_exe()?);
        let child = command.arg("serve").arg(&address).args(args).kill_on_drop(true).spawn()?;
        until_listening(&address).await?;
        let rival = Self::new(name, address, "/in", "", Format::Webhook);
        Ok(Self { started: begin.elapsed(), child: Some(child), ..rival })
    }

    /// Debian's prometheus-alertmanager.
    pub async fn alertmanager(folder: &Path) -> Result<Self, Failure> {
        std::fs::create_dir_all(folder)?;
        let config = folder.join("alertmanager.yml");
        std::fs::write(&config, "route:\n  receiver: nobody\nreceivers:\n  - name: nobody\n")?;
        let address = format!("127.0.0.1:{}", free_port()?);
        let begin = Instant::now();
        let child = Command::new("prometheus-alertmanager")
            .arg(format!("--config.file={}", config.display()))
            .arg(format!("--storage.path={}", folder.display()))
            .arg(format!("--web.listen-address={address}"))
            .arg("--cluster.listen-address=")
            .arg("--log.level=error")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        until_listening(&address).await?;
        let rival = Self::new("Alertmanager", address, "/api/v2/alerts", "", Format::Prometheus);
        Ok(Self { started: begin.elapsed(), child: Some(child), ..rival })
    }

    /// Muster with everything real in place: keys, rules, engine, outbox.
    pub async fn muster(binary: &str, folder: &Path) -> Result<Self, Failure> {
        let begin = Instant::now();
        let mut child = Command::new(binary)
            .args(["demo", "--json", "--listen", "127.0.0.1:0", "--data"])
            .arg(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let out = child.stdout.take().ok_or("no output")?;
        let mut lines = BufReader::new(out).lines();
        let line = tokio::time::timeout(STARTS_WITHIN, lines.next_line()).await??.ok_or("Muster said nothing")?;
        let started = begin.elapsed();
        let facts: serde_json::Value = serde_json::from_str(&line)?;
        let intake = &facts["intake"]["alertmanager"];
        let (url, bearer) = (intake["url"].as_str().unwrap_or(""), intake["bearer"].as_str().unwrap_or(""));
        let rest = url.strip_prefix("http://").ok_or("no intake address")?;
        let (address, path) = rest.split_once('/').ok_or("no path")?;
        watch_as_usual(binary, folder, address, facts["api_token"].as_str().ok_or("no token")?).await?;
        let rival = Self::new(
            "Muster",
            address.to_owned(),
            &format!("/{path}"),
            &format!("Authorization: Bearer {bearer}\r\n"),
            Format::Webhook,
        );
        Ok(Self { started, child: Some(child), ..rival })
    }

    /// Resident memory of its process, if it has one of its own.
    pub fn memory_kib(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.as_ref()?.id()?)).ok()?;
        let line = status.lines().find(|l| l.starts_with("VmRSS:"))?;
        line.split_whitespace().nth(1)?.parse().ok()
    }

    /// Ends its process.
    pub async fn stop(mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill().await;
        }
    }
}

/// The demo makes an incident of what lasts 20 seconds. Here alerts are watched for the usual 15 minutes, as it is the
/// intake that is measured.
async fn watch_as_usual(binary: &str, folder: &Path, address: &str, token: &str) -> Result<(), Failure> {
    let (file, secret, server) = (folder.join("org.toml"), folder.join("token"), format!("http://{address}"));
    std::fs::write(&secret, token)?;
    let run = async |args: &[&str]| {
        let mut command = Command::new(binary);
        let done = command.args(args).args(["--url", &server, "--token-file"]).arg(&secret).output().await?;
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        if done.status.success() { Ok(done.stdout) } else { Err(Failure::from(format!("{args:?}: {said}"))) }
    };
    let exported = String::from_utf8(run(&["export"]).await?)?;
    let usual = exported.replace("disruption_after = \"20s\"", "disruption_after = \"15m\"");
    if usual == exported {
        return Err("the demo's organisation does not say when an alert is a disruption".into());
    }
    std::fs::write(&file, usual)?;
    run(&["apply", "--yes", file.to_str().ok_or("a folder that is no text")?]).await.map(drop)
}

fn free_port() -> Result<u16, Failure> {
    Ok(Std::bind("127.0.0.1:0")?.local_addr()?.port())
}

async fn until_listening(address: &str) -> Result<(), Failure> {
    let begin = Instant::now();
    while TcpStream::connect(address).await.is_err() {
        if begin.elapsed() > STARTS_WITHIN {
            return Err(format!("nothing listens on {address}").into());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}
