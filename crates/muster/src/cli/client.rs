//! A small client of a running server: one request at a time, with an answer or words that say what to do.

use super::say::{Exit, Fault};
use crate::outgoing::{bearer, install_crypto};
use crate::secrets::{Random, SystemRandom};
use axum::body::Bytes;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, ETAG, HeaderValue, IF_MATCH, LOCATION};
use reqwest::{Method, Response, StatusCode, Url};
use serde::Deserialize;
use serde_json::Value;
use std::path::PathBuf;
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// How long to wait for a connection. A server on the same network answers in milliseconds or not at all.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// How long to wait for an act to be done.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);
/// How long to wait where the server reads or copies its whole database.
const LONG_ANSWER_WITHIN: Duration = Duration::from_secs(600);
/// How long somebody waits who logs in, or stands at a machine: a server on the same network answers in milliseconds.
const HASTY: Duration = Duration::from_secs(4);
/// How often something is sent that may have been lost on its way, waiting a second longer each time: a server that
/// starts again is back by then, and the key keeps it from being done twice.
const TRIES: u32 = 3;
/// Largest answer in bytes; an organisation of 5,000 people is about 2 MiB.
const ANSWER_MAX: usize = 64 * 1024 * 1024;
/// Largest token file in bytes; a token is one short line.
const TOKEN_FILE_MAX: u64 = 4096;

/// Where a server says how it speaks to Muster: lines of a shell, which its log-in hooks read as well.
const HOST_CONF: &str = "/etc/muster/host.conf";
/// Where `muster serve` listens if nobody says otherwise.
const THIS_MACHINE: &str = "http://127.0.0.1:8080";

/// Which server, and as whom.
#[derive(clap::Args, Clone, Debug)]
pub struct Server {
    /// The server's address; by itself the one that /etc/muster/host.conf names, if there is one.
    #[arg(long, env = "MUSTER_URL", default_value_t = usual())]
    pub url: String,
    /// File that holds an API token from your profile page.
    #[arg(long, env = "MUSTER_TOKEN_FILE", value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// The token itself. Set MUSTER_TOKEN instead: others can read command lines.
    #[arg(long, env = "MUSTER_TOKEN", hide_env_values = true, hide = true)]
    pub token: Option<String>,
    /// Print the server's answer as JSON, on one line.
    #[arg(long)]
    pub json: bool,
}

/// The address that everybody on this machine uses.
fn usual() -> String {
    std::fs::read_to_string(HOST_CONF).ok().and_then(|text| address_in(&text)).unwrap_or_else(|| THIS_MACHINE.into())
}

/// What `MUSTER_URL` is set to in a file that a shell reads.
fn address_in(conf: &str) -> Option<String> {
    let set = |line: &str| {
        line.trim().strip_prefix("export ").unwrap_or(line.trim()).strip_prefix("MUSTER_URL=").map(str::to_owned)
    };
    let value = conf.lines().filter_map(set).next_back()?;
    Some(value.trim_matches(['"', '\'']).to_owned()).filter(|v| !v.is_empty())
}

/// The signals by which a terminal or a machine ends a command that waits.
pub struct Interrupts([Signal; 3]);

/// A client of one server.
pub struct Client {
    /// Whether somebody waits in front of it who has other things to do.
    hasty: bool,
    http: reqwest::Client,
    base: Url,
    token: HeaderValue,
    runtime: Runtime,
}

/// What is sent with a request.
#[derive(Clone)]
struct Sent {
    kind: &'static str,
    bytes: Bytes,
}

impl Sent {
    fn json(text: String) -> Self {
        Self { kind: "application/json", bytes: text.into() }
    }
}

/// An RFC 9457 problem, as far as people want to read it.
#[derive(Deserialize)]
struct Problem {
    detail: String,
    #[serde(default)]
    field: Option<String>,
}

impl Server {
    /// A client of it.
    ///
    /// # Errors
    /// If there is no token, or the address is none.
    pub fn client(&self) -> Result<Client, Fault> {
        self.make_client(false)
    }

    /// A client that asks once and soon gives up: somebody logs in, or stands at a machine.
    ///
    /// # Errors
    /// As [`Server::client`].
    pub fn hasty_client(&self) -> Result<Client, Fault> {
        self.make_client(true)
    }

    fn make_client(&self, hasty: bool) -> Result<Client, Fault> {
        install_crypto();
        let mut base =
            Url::parse(&self.url).ok().filter(|u| matches!(u.scheme(), "http" | "https") && u.has_host()).ok_or_else(
                || Fault::usage(format!("{} is no address: use one such as https://muster.example.org", self.url)),
            )?;
        // What senders use ends in an intake; the API begins at the root.
        base.set_path("/");
        base.set_query(None);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|e| Fault::new(Exit::Away, format!("cannot start: {e}")))?;
        let mut http = reqwest::Client::builder()
            .connect_timeout(if hasty { HASTY } else { CONNECT_WITHIN })
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("muster/", env!("CARGO_PKG_VERSION")));
        if is_this_machine(&base) {
            http = http.no_proxy();
        }
        let http = http.build().map_err(|e| Fault::new(Exit::Away, format!("cannot start: {e}")))?;
        Ok(Client { hasty, http, base, token: self.header()?, runtime })
    }

    fn header(&self) -> Result<HeaderValue, Fault> {
        let ask = "no token: make one on your profile page, and set MUSTER_TOKEN or --token-file";
        let token = match (&self.token, &self.token_file) {
            (Some(token), _) => token.clone(),
            (None, Some(path)) => {
                let fault = |why: String| Fault::usage(format!("cannot read the token in {}: {why}", path.display()));
                let size = std::fs::metadata(path).map_err(|e| fault(e.to_string()))?.len();
                if size > TOKEN_FILE_MAX {
                    return Err(fault("it is too long for a token".into()));
                }
                std::fs::read_to_string(path).map_err(|e| fault(e.to_string()))?
            }
            (None, None) => return Err(Fault::usage(ask)),
        };
        let token = token.trim();
        if token.is_empty() {
            return Err(Fault::usage(ask));
        }
        bearer(token).ok_or_else(|| Fault::usage("the token holds characters that no token has; copy it again"))
    }
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

impl Client {
    /// What the server answers at `path`.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn get(&self, path: &str) -> Result<Value, Fault> {
        self.answer(Method::GET, path, None)
    }

    /// What the server answers at `path`, byte for byte.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn get_bytes(&self, path: &str) -> Result<Vec<u8>, Fault> {
        self.runtime.block_on(async {
            let answer = self.send(&Method::GET, path, None, None, None).await?;
            self.bytes(answer).await
        })
    }

    /// What comes of an act. It is done once, however often it must be sent.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn post(&self, path: &str, body: &Value) -> Result<Value, Fault> {
        self.answer(Method::POST, path, Some(Sent::json(body.to_string())))
    }

    /// What comes of sending a file. It is taken once, however often it must be sent.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn post_file(&self, path: &str, bytes: Vec<u8>) -> Result<Value, Fault> {
        self.answer(Method::POST, path, Some(Sent { kind: "application/octet-stream", bytes: bytes.into() }))
    }

    /// What comes of replacing something whole, if it still has the `version` that was looked at; with its version now.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn put(&self, path: &str, body: String, version: Option<i64>) -> Result<(Value, i64), Fault> {
        let key = key()?;
        self.runtime.block_on(async {
            let answer = self.send(&Method::PUT, path, Some(Sent::json(body)), Some(&key), version).await?;
            let tag = answer.headers().get(ETAG).and_then(|tag| tag.to_str().ok()).unwrap_or_default();
            let version = tag.trim_start_matches("W/").trim_matches('"').parse().map_err(|_| self.not_muster())?;
            let bytes = self.bytes(answer).await?;
            Ok((serde_json::from_slice(&bytes).map_err(|_| self.not_muster())?, version))
        })
    }

    /// Sends the answer to a POST to `take`, piece by piece.
    ///
    /// # Errors
    /// [`Fault`]; also what `take` says.
    pub fn download(&self, path: &str, take: &mut dyn FnMut(&[u8]) -> Result<(), Fault>) -> Result<(), Fault> {
        self.pieces(&Method::POST, path, take)
    }

    /// Sends what stands at `path` to `take`, piece by piece.
    ///
    /// # Errors
    /// [`Fault`]; also what `take` says.
    pub fn fetch(&self, path: &str, take: &mut dyn FnMut(&[u8]) -> Result<(), Fault>) -> Result<(), Fault> {
        self.pieces(&Method::GET, path, take)
    }

    fn pieces(
        &self,
        method: &Method,
        path: &str,
        take: &mut dyn FnMut(&[u8]) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.runtime.block_on(async {
            let mut answer = self.send(method, path, None, None, None).await?;
            while let Some(piece) = answer.chunk().await.map_err(|e| self.away(&e))? {
                take(&piece)?;
            }
            Ok(())
        })
    }

    /// From now on a signal that would end the program is noticed by [`Client::wait`] instead.
    ///
    /// # Errors
    /// If the system does not allow it.
    pub fn interrupts(&self) -> Result<Interrupts, Fault> {
        let _inside = self.runtime.enter();
        let wrong = |e: std::io::Error| Fault::new(Exit::Away, format!("cannot wait for signals: {e}"));
        let on = |kind| signal(kind).map_err(wrong);
        Ok(Interrupts([on(SignalKind::interrupt())?, on(SignalKind::terminate())?, on(SignalKind::hangup())?]))
    }

    /// Waits so long; whether a signal came, also before.
    pub fn wait(&self, interrupts: &mut Interrupts, most: Duration) -> bool {
        let [a, b, c] = &mut interrupts.0;
        self.runtime.block_on(async {
            tokio::select! {
                _ = a.recv() => true,
                _ = b.recv() => true,
                _ = c.recv() => true,
                () = tokio::time::sleep(most) => false,
            }
        })
    }

    fn answer(&self, method: Method, path: &str, body: Option<Sent>) -> Result<Value, Fault> {
        let key = key()?;
        self.runtime.block_on(async {
            let answer = self.send(&method, path, body, Some(&key), None).await?;
            let bytes = self.bytes(answer).await?;
            serde_json::from_slice(&bytes).map_err(|_| self.not_muster())
        })
    }

    /// Sends until there is an answer that is no passing trouble.
    async fn send(
        &self,
        method: &Method,
        path: &str,
        body: Option<Sent>,
        key: Option<&str>,
        version: Option<i64>,
    ) -> Result<Response, Fault> {
        let mut tried = 1;
        loop {
            let fault = match self.once(method, path, body.clone(), key, version).await {
                Ok(answer) if answer.status().is_success() => return Ok(answer),
                Ok(answer) => self.fault(answer).await,
                Err(e) => self.away(&e),
            };
            if fault.exit != Exit::Away || tried == TRIES || self.hasty {
                return Err(fault);
            }
            tokio::time::sleep(Duration::from_secs(tried.into())).await;
            tried += 1;
        }
    }

    async fn once(
        &self,
        method: &Method,
        path: &str,
        body: Option<Sent>,
        key: Option<&str>,
        version: Option<i64>,
    ) -> Result<Response, reqwest::Error> {
        let url = format!("{}{}", self.base, path.trim_start_matches('/'));
        let within = match key {
            _ if self.hasty => HASTY,
            None => LONG_ANSWER_WITHIN,
            Some(_) if path.ends_with("/verify") || path.contains("/attachments?") => LONG_ANSWER_WITHIN,
            Some(_) => ANSWER_WITHIN,
        };
        let mut request =
            self.http.request(method.clone(), url).header(AUTHORIZATION, self.token.clone()).timeout(within);
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, body.kind).body(body.bytes);
        }
        if let Some(key) = key.filter(|_| *method == Method::POST) {
            request = request.header("Idempotency-Key", key);
        }
        if let Some(version) = version {
            request = request.header(IF_MATCH, format!("\"{version}\""));
        }
        request.send().await
    }

    /// What an answer that is none says to do.
    async fn fault(&self, answer: Response) -> Fault {
        let status = answer.status();
        if status.is_redirection() {
            let to = answer.headers().get(LOCATION).and_then(|v| v.to_str().ok()).unwrap_or("another address");
            return Fault::usage(format!("{} sends on to {to}: use that address as --url", self.base));
        }
        let exit = match status {
            StatusCode::NOT_FOUND => Exit::NotFound,
            status if status.is_server_error() => Exit::Away,
            _ => Exit::Refused,
        };
        let problem = match self.bytes(answer).await {
            Ok(bytes) => serde_json::from_slice::<Problem>(&bytes).ok(),
            Err(_) => None,
        };
        match problem {
            Some(Problem { detail, field: Some(field) }) if !detail.contains(&field) => {
                Fault::new(exit, format!("{field}: {detail}"))
            }
            Some(problem) => Fault::new(exit, problem.detail),
            None if exit == Exit::Away => {
                Fault::new(exit, format!("{} answers with {status}. Try again in a moment.", self.base))
            }
            None => self.not_muster(),
        }
    }

    async fn bytes(&self, mut answer: Response) -> Result<Vec<u8>, Fault> {
        let mut bytes = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(|e| self.away(&e))? {
            if bytes.len() + piece.len() > ANSWER_MAX {
                return Err(Fault::new(Exit::Away, format!("{} answers with more than {ANSWER_MAX} bytes", self.base)));
            }
            bytes.extend_from_slice(&piece);
        }
        Ok(bytes)
    }

    fn away(&self, error: &reqwest::Error) -> Fault {
        // The error's own words hold the address, which is said already; its cause says what is wrong.
        let mut cause: &dyn std::error::Error = error;
        while let Some(source) = cause.source() {
            cause = source;
        }
        let why = if error.is_timeout() { "it did not answer in time".to_owned() } else { cause.to_string() };
        Fault::new(Exit::Away, format!("{} cannot be reached: {why}. Is it running? Is --url right?", self.base))
    }

    fn not_muster(&self) -> Fault {
        Fault::new(Exit::Away, format!("{} does not answer like Muster. Is --url right?", self.base))
    }
}

/// A name for one act, so that it is done once.
fn key() -> Result<String, Fault> {
    let mut bytes = [0; 16];
    SystemRandom.fill(&mut bytes).map_err(|e| Fault::new(Exit::Away, e.to_string()))?;
    Ok(hex::encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_the_one_that_the_hooks_of_this_machine_read() {
        let shipped = include_str!("../../../../packaging/host/host.conf");
        assert_eq!(address_in(shipped).as_deref(), Some("https://muster.example.org"));
        for (conf, address) in [
            ("export MUSTER_URL=\"https://a\"", Some("https://a")),
            ("MUSTER_URL=https://a\n MUSTER_URL='https://b'\n", Some("https://b")),
            ("# MUSTER_URL=https://a\nMUSTER_URL=\n", None),
            ("", None),
        ] {
            assert_eq!(address_in(conf).as_deref(), address, "{conf}");
        }
    }
}
