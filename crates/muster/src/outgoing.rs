//! The one HTTP client for everything that leaves: pushes, webhooks, heartbeats.
//!
//! People write addresses into the directory, and a server that posts to any address it is given is
//! a way into the network it stands in. So every address is judged by [`Policy`] at the moment of
//! connecting, by the resolver that the connection itself uses: what was judged is what is connected
//! to. Redirects are followed by hand, each hop judged again. Replies, time and hops are bounded,
//! and errors name the host only, as paths and headers hold secrets.

pub mod policy;
mod request;

pub use request::{BadAddress, NoReply, REPLY_MAX, REQUEST_TIME, Reply, Request, address, bearer};

use crate::secrets::Secret;
use policy::{BadEntry, Policy, Refused};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{HeaderMap, LOCATION};
use reqwest::{Response, StatusCode, Url};
use serde::Deserialize;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

/// Longest time for the rest of a reply once its status is known. The status is what counts, so a
/// reply that then stalls is cut short rather than called a failure and sent again.
pub const BODY_TIME: Duration = Duration::from_secs(3);
/// Longest time for one connection, so that a dead address leaves time for the next one of the host.
pub const CONNECT_TIME: Duration = Duration::from_secs(5);
/// Most redirects followed: http to https, to www, to a new name.
pub const HOPS_MAX: usize = 3;

/// `[outgoing]` in `muster.toml`.
#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OutgoingSettings {
    /// Whether private addresses (10.0.0.0/8, fc00::/7 and so on) may be sent to.
    pub allow_private: bool,
    /// Host names, addresses and networks that may be sent to although they are not public. A name
    /// opens private addresses and this machine; a link-local address must stand here itself.
    pub allow: Vec<String>,
    /// HTTP proxy through which everything goes, such as `http://proxy.example.org:3128`. The
    /// `*_PROXY` environment variables are not read.
    pub proxy: Option<Secret>,
}

impl OutgoingSettings {
    /// The settings of the demo and of tests, whose peers run on this machine.
    #[must_use]
    pub fn with_loopback() -> Self {
        Self { allow: vec!["127.0.0.0/8".into(), "::1".into()], ..Self::default() }
    }
}

/// The client can't be made from these settings.
#[derive(Debug, thiserror::Error)]
pub enum NotReady {
    /// An entry of `allow`.
    #[error(transparent)]
    Allow(#[from] BadEntry),
    /// The proxy.
    #[error("[outgoing] proxy must be an address such as \"http://proxy.example.org:3128\"; correct or remove it")]
    Proxy,
    /// The client itself.
    #[error("the HTTP client could not be set up; report this with the lines that follow")]
    Client(#[source] reqwest::Error),
}

/// The client. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Outgoing {
    client: reqwest::Client,
    policy: Arc<Policy>,
    proxied: bool,
}

impl Outgoing {
    /// From `muster.toml`. Reads the machine's certificate store.
    ///
    /// # Errors
    /// [`NotReady`] if the settings can't be used.
    pub fn new(settings: &OutgoingSettings) -> Result<Self, NotReady> {
        install_crypto();
        let policy = Policy::new(settings)?;
        let proxy = settings.proxy.as_ref().map(proxy).transpose()?;
        let build = || {
            let reachable = match proxy.as_ref().and_then(Url::host_str) {
                Some(host) => policy.clone().with_host(host),
                None => policy.clone(),
            };
            let mut client = reqwest::Client::builder()
                .user_agent(concat!("Muster/", env!("CARGO_PKG_VERSION")))
                .redirect(reqwest::redirect::Policy::none())
                .referer(false)
                .no_proxy()
                .connect_timeout(CONNECT_TIME)
                .dns_resolver(Guarded(Arc::new(reachable)));
            if let Some(proxy) = &proxy {
                client = client.proxy(reqwest::Proxy::all(proxy.clone())?);
            }
            Ok(client)
        };
        // A machine without a certificate store (a bare container) still gets the roots that browsers trust.
        let client = build()
            .and_then(reqwest::ClientBuilder::build)
            .or_else(|_| build()?.tls_backend_preconfigured(bundled_roots()).build())
            .map_err(NotReady::Client)?;
        Ok(Self { client, policy: Arc::new(policy), proxied: proxy.is_some() })
    }

    /// Sends `request` and returns the last reply, whatever its status.
    ///
    /// # Errors
    /// [`NoReply`] if there was none, or none that may be followed.
    pub async fn send(&self, request: Request) -> Result<Reply, NoReply> {
        let (host, within) = (host_of(&request.url), request.within);
        match tokio::time::timeout(within, self.follow(request)).await {
            Ok(answered) => Ok(read(answered?).await),
            Err(_) => Err(NoReply::TimedOut { host, within }),
        }
    }

    async fn follow(&self, mut request: Request) -> Result<Response, NoReply> {
        for _ in 0..=HOPS_MAX {
            self.judge(&request.url).await?;
            let response = self.ask(&request).await?;
            match next_hop(&request, response.status(), response.headers())? {
                Some(next) => request = next,
                None => return Ok(response),
            }
        }
        Err(NoReply::Redirect { from: host_of(&request.url), why: "more than three times" })
    }

    /// Judges what the resolver doesn't see: addresses written as numbers, and what a proxy resolves for us.
    async fn judge(&self, url: &Url) -> Result<(), NoReply> {
        match url.host() {
            Some(url::Host::Ipv4(address)) => self.policy.judge(&address.to_string(), address.into())?,
            Some(url::Host::Ipv6(address)) => self.policy.judge(&address.to_string(), address.into())?,
            // A name that only the proxy knows is the proxy's to judge.
            Some(url::Host::Domain(name)) if self.proxied => {
                for found in tokio::net::lookup_host((name, 0)).await.into_iter().flatten() {
                    self.policy.judge(name, found.ip())?;
                }
            }
            Some(url::Host::Domain(_)) | None => {}
        }
        Ok(())
    }

    async fn ask(&self, request: &Request) -> Result<Response, NoReply> {
        self.client
            .request(request.method.clone(), request.url.clone())
            .headers(request.headers.clone())
            .body(request.body.clone())
            .send()
            .await
            .map_err(|error| no_reply(&request.url, error))
    }
}

fn proxy(setting: &Secret) -> Result<Url, NotReady> {
    let url = Url::parse(setting.reveal()).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    url.ok_or(NotReady::Proxy)
}

/// What to send next if the reply to `request` is a redirect. Only 307 and 308 promise that a POST
/// stays a POST (RFC 9110, section 15.4); any other would lose the message and look like success.
fn next_hop(request: &Request, status: StatusCode, headers: &HeaderMap) -> Result<Option<Request>, NoReply> {
    if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let from = host_of(&request.url);
    let refuse = |why| Err(NoReply::Redirect { from: from.clone(), why });
    let location = headers.get(LOCATION).and_then(|value| value.to_str().ok());
    let Some(url) = location.and_then(|text| request.url.join(text).ok()) else {
        return refuse("to no address");
    };
    let Ok(url) = address(url.as_str()) else {
        return refuse("to an address that is not plain http or https");
    };
    if request.url.scheme() == "https" && url.scheme() == "http" {
        return refuse("from https to http, where anybody on the way can read along");
    }
    if !matches!(status.as_u16(), 307 | 308) && !request.method.is_safe() {
        let site = |url: &Url| url.origin().ascii_serialization();
        return Err(NoReply::Moved { from: site(&request.url), to: site(&url) });
    }
    let mut next = Request { url, ..request.clone() };
    if next.url.origin() != request.url.origin() {
        let harmless = request.headers.iter().filter(|(_, value)| !value.is_sensitive());
        next.headers = harmless.map(|(name, value)| (name.clone(), value.clone())).collect();
    }
    Ok(Some(next))
}

async fn read(mut response: Response) -> Reply {
    let mut reply = Reply { status: response.status(), body: Vec::new() };
    let rest = async {
        while let Ok(Some(chunk)) = response.chunk().await {
            let room = REPLY_MAX - reply.body.len();
            reply.body.extend_from_slice(&chunk[..chunk.len().min(room)]);
            if chunk.len() >= room {
                break;
            }
        }
    };
    // Cut short or whole, it is the reply.
    let _ = tokio::time::timeout(BODY_TIME, rest).await;
    reply
}

/// Resolves names for the client, and fails if any address of a name is not allowed: a name with one
/// good address and one bad is an attack or a mistake, and picking the good one would hide it.
struct Guarded(Arc<Policy>);

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let policy = Arc::clone(&self.0);
        Box::pin(async move {
            // Port 0 stands for the port of the URL.
            let found: Vec<_> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            for address in &found {
                policy.judge(name.as_str(), address.ip())?;
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

fn no_reply(url: &Url, error: reqwest::Error) -> NoReply {
    let mut cause: &dyn Error = &error.without_url();
    loop {
        if let Some(refused) = cause.downcast_ref::<Refused>() {
            return refused.clone().into();
        }
        match cause.source() {
            Some(inner) => cause = inner,
            None => return NoReply::Unreachable { host: host_of(url), why: cause.to_string() },
        }
    }
}

/// Host and port, if it isn't the usual one: all of an address that may be shown.
fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Makes ring the one cryptography of the process. Call it before anything speaks TLS; calling again is harmless.
pub fn install_crypto() {
    // An error means that it is installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

fn bundled_roots() -> rustls::ClientConfig {
    let roots: rustls::RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
    rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth()
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::Method;
    use reqwest::header::HeaderValue;

    fn redirected(method: Method, from: &str, status: u16, to: &str) -> Result<Option<Request>, NoReply> {
        let token = bearer("secret").unwrap();
        let request = Request { method, ..Request::post_json(address(from).unwrap(), b"{}".to_vec()) };
        let headers = [(LOCATION, HeaderValue::from_str(to).unwrap())].into_iter().collect();
        next_hop(&request.authorization(token), StatusCode::from_u16(status).unwrap(), &headers)
    }

    #[test]
    fn redirects_that_keep_the_message_are_followed() {
        for (method, from, status, to, next, with_token) in [
            (Method::POST, "https://a.example/x", 307, "/y?z", "https://a.example/y?z", true),
            (Method::POST, "https://a.example/x", 308, "https://a.example:443/y", "https://a.example/y", true),
            (Method::POST, "https://a.example/x", 308, "https://b.example/x", "https://b.example/x", false),
            (Method::POST, "https://a.example/x", 308, "//b.example/x", "https://b.example/x", false),
            (Method::POST, "http://a.example/x", 308, "https://a.example/x", "https://a.example/x", false),
            (Method::POST, "http://a.example/x", 307, "http://0x7f.1/", "http://127.0.0.1/", false),
            (Method::GET, "https://a.example/x", 302, "/y", "https://a.example/y", true),
        ] {
            let request = redirected(method.clone(), from, status, to).unwrap().unwrap();
            assert_eq!((request.url.as_str(), &request.method), (next, &method));
            assert_eq!(request.headers.contains_key("authorization"), with_token, "{from} to {to}");
            assert_eq!(request.body, b"{}");
            assert_eq!(request.headers["content-type"], "application/json");
        }
    }

    #[test]
    fn redirects_that_lose_something_are_not() {
        for (method, from, status, to, expected) in [
            (
                Method::POST,
                "https://a.example/x",
                301,
                "https://b.example/y",
                "https://a.example has moved to https://b.example: write the new address in its place",
            ),
            (
                Method::POST,
                "http://a.example/x",
                302,
                "https://a.example/x",
                "http://a.example has moved to https://a.example: write the new address in its place",
            ),
            (
                Method::POST,
                "https://a.example/x",
                303,
                "/y",
                "https://a.example has moved to https://a.example: write the new address in its place",
            ),
            (
                Method::POST,
                "https://a.example/x",
                308,
                "http://a.example/x",
                "a.example redirects from https to http, where anybody on the way can read along: ask whoever runs it for the right address",
            ),
            (
                Method::GET,
                "https://a.example/x",
                302,
                "http://a.example/x",
                "a.example redirects from https to http, where anybody on the way can read along: ask whoever runs it for the right address",
            ),
            (
                Method::POST,
                "https://a.example/x",
                308,
                "ftp://a.example/x",
                "a.example redirects to an address that is not plain http or https: ask whoever runs it for the right address",
            ),
            (
                Method::POST,
                "https://a.example/x",
                308,
                "https://u:p@b.example/",
                "a.example redirects to an address that is not plain http or https: ask whoever runs it for the right address",
            ),
            (
                Method::POST,
                "https://a.example/x",
                308,
                "https://",
                "a.example redirects to no address: ask whoever runs it for the right address",
            ),
        ] {
            let error = redirected(method, from, status, to).unwrap_err();
            assert_eq!(error.to_string(), expected);
            assert!(error.is_final());
        }
    }

    #[test]
    fn other_replies_are_the_end() {
        for status in [200, 204, 300, 304, 400, 404, 500] {
            assert_eq!(redirected(Method::POST, "https://a.example", status, "/y").unwrap(), None, "{status}");
        }
    }

    #[test]
    fn settings_that_cannot_work_are_refused_at_the_start() {
        let proxy = |url: &str| OutgoingSettings { proxy: Some(url.into()), ..OutgoingSettings::default() };
        for (settings, expected) in [
            (proxy("proxy.example:3128"), "[outgoing] proxy must be an address"),
            (proxy("socks5://u:hunter2@proxy.example"), "[outgoing] proxy must be an address"),
            (
                OutgoingSettings { allow: vec!["10.0.0.0/99".into()], ..OutgoingSettings::default() },
                "[outgoing] allow: \"10.0.0.0/99\"",
            ),
        ] {
            let error = Outgoing::new(&settings).unwrap_err().to_string();
            assert!(error.starts_with(expected) && !error.contains("hunter2"), "{error}");
        }
    }
}
