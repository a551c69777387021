//! One signal to the intake, and what the answer means for it.

use super::spool::Kept;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Client, RequestBuilder, StatusCode, Url, redirect};
use std::time::{Duration, Instant};

/// Bytes of a refusal that are kept for people.
const ANSWER_MAX: usize = 2_000;

/// What became of a signal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Answer {
    Delivered,
    /// The server will never take it, for this reason.
    Refused(String),
    /// It may take it later.
    Unavailable(String),
}

/// Where to, until when.
pub(super) struct Sender {
    runtime: tokio::runtime::Runtime,
    client: Client,
    url: Url,
    key: Option<HeaderValue>,
    deadline: Instant,
}

impl Sender {
    /// For the intake at `url`, opened by `key` unless a signal has one of its own. Every request ends within
    /// `timeout`, and none is begun after `deadline`.
    pub(super) fn new(url: &str, key: Option<&str>, timeout: Duration, deadline: Instant) -> Result<Self, String> {
        let example = "give one such as http://127.0.0.1:8080/in/generic";
        let mut url = Url::parse(url).map_err(|e| format!("the address of the intake is wrong ({e}): {example}"))?;
        if url.path() == "/" {
            url.set_path("/in/generic"); // the server's own address
        }
        let key = key.map(bearer).transpose()?;
        let client = Client::builder().timeout(timeout).redirect(redirect::Policy::none());
        // Fails only if there is a provider already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = match url.scheme() {
            "https" => client,
            // No roots are needed, and a machine that has none could not even prepare for HTTPS.
            "http" => client.tls_certs_only([]),
            other => return Err(format!("the address of the intake begins with {other}: {example}")),
        };
        let client = client.build().map_err(|e| format!("cannot prepare sending: {}", causes(&e)))?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|e| format!("cannot prepare sending: {e}"))?;
        Ok(Self { runtime, client, url, key, deadline })
    }

    pub(super) fn post(&self, kept: &Kept) -> Answer {
        let body = match serde_json::to_vec(&kept.signal) {
            Ok(body) => body,
            Err(e) => return Answer::Refused(e.to_string()),
        };
        let key = match kept.key.as_deref().map(bearer).transpose() {
            Ok(own) => own.or_else(|| self.key.clone()),
            Err(why) => return Answer::Refused(why),
        };
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Answer::Unavailable("no time is left to send more".into());
        }
        let mut request = self.client.post(self.url.clone()).header(CONTENT_TYPE, "application/json").body(body);
        if let Some(key) = key {
            request = request.header(AUTHORIZATION, key);
        }
        let place = self.url.origin().ascii_serialization(); // without the path, which may hold a key
        match self.runtime.block_on(async { tokio::time::timeout(left, ask(request)).await }) {
            Ok(Ok((status, _))) if status.is_success() => Answer::Delivered,
            Ok(Ok((status, text))) => {
                let said = format!("{place} answers {status}: {text}{}", todo(status));
                let own_key = kept.key.is_some() && is_about_the_key(status);
                if is_final(status) || own_key { Answer::Refused(said) } else { Answer::Unavailable(said) }
            }
            Ok(Err(e)) => Answer::Unavailable(format!("cannot reach {place}: {}", causes(&e.without_url()))),
            Err(_) => Answer::Unavailable(format!("{place} did not answer in time")),
        }
    }
}

/// The status, and the beginning of the text if it isn't good.
async fn ask(request: RequestBuilder) -> reqwest::Result<(StatusCode, String)> {
    let mut response = request.send().await?;
    let status = response.status();
    let mut text = Vec::new();
    while !status.is_success() && text.len() < ANSWER_MAX {
        match response.chunk().await {
            Ok(Some(chunk)) => text.extend_from_slice(&chunk),
            Ok(None) | Err(_) => break, // the status says enough
        }
    }
    text.truncate(ANSWER_MAX);
    let line = String::from_utf8_lossy(&text).replace(|c: char| c.is_control(), " ");
    Ok((status, line.trim().to_owned()))
}

/// Whether the server will never take it, because of what it is. A wrong address or key is mended by a person, and
/// what a proxy says in a bad moment passes: neither is a reason to throw a page away.
fn is_final(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::BAD_REQUEST
            | StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::UNSUPPORTED_MEDIA_TYPE
            | StatusCode::UNPROCESSABLE_ENTITY
    )
}

/// Whether the key is at fault. That of one signal stays with it, so that nobody can mend it.
fn is_about_the_key(status: StatusCode) -> bool {
    matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
}

/// What a person can do about it.
fn todo(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => {
            " (the address must end in /in/generic: check --url or MUSTER_INTAKE_URL)"
        }
        status if is_about_the_key(status) => " (check the intake key: --key-file or MUSTER_KEY_FILE)",
        _ => "",
    }
}

fn bearer(key: &str) -> Result<HeaderValue, String> {
    let value = HeaderValue::from_str(&format!("Bearer {key}"));
    let mut value = value.map_err(|_| "the intake key holds characters that no key has".to_owned())?;
    value.set_sensitive(true);
    Ok(value)
}

/// An error with what caused it, as `Display` says only its own part.
fn causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |e| e.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
