//! What goes out and what comes back, complete before and after anything is sent.

use super::policy::Refused;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, StatusCode, Url};
use std::time::Duration;

/// Longest time until a reply begins, over all hops. The Standard Webhooks specification asks for 15
/// to 30 seconds; a summons has other means to turn to.
pub const REQUEST_TIME: Duration = Duration::from_secs(20);
/// Most bytes read of a reply. Nothing that Muster talks to has more to say.
pub const REPLY_MAX: usize = 64 * 1024;

/// The address to send to can't be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadAddress {
    /// Not http or https, or no host.
    #[error("the address must begin with https:// (or http:// inside your own network) and a host name; correct it")]
    NotHttp,
    /// Such addresses make one host look like another, and end up in logs.
    #[error("the address must not contain a user name or password; remove the part before the @")]
    Userinfo,
}

/// Reads an address to send to.
///
/// # Errors
/// [`BadAddress`] if it isn't http or https, or names a user.
pub fn address(text: &str) -> Result<Url, BadAddress> {
    let url = Url::parse(text).map_err(|_| BadAddress::NotHttp)?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(BadAddress::NotHttp);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(BadAddress::Userinfo);
    }
    Ok(url)
}

/// What goes out, complete and comparable before anything is sent.
#[derive(Clone, PartialEq, Debug)]
pub struct Request {
    /// Usually POST.
    pub method: Method,
    /// Where to, from [`address`].
    pub url: Url,
    /// Those marked sensitive never follow a redirect to another origin.
    pub headers: HeaderMap,
    /// The exact bytes.
    pub body: Vec<u8>,
    /// Longest time for it, [`REQUEST_TIME`] unless changed.
    pub within: Duration,
}

impl Request {
    /// A GET.
    #[must_use]
    pub fn get(url: Url) -> Self {
        Self { method: Method::GET, url, headers: HeaderMap::new(), body: Vec::new(), within: REQUEST_TIME }
    }

    /// A POST of `body`, which is JSON already.
    #[must_use]
    pub fn post_json(url: Url, body: Vec<u8>) -> Self {
        let headers = [(CONTENT_TYPE, HeaderValue::from_static("application/json"))].into_iter().collect();
        Self { method: Method::POST, url, headers, body, within: REQUEST_TIME }
    }

    /// With one more header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: HeaderValue) -> Self {
        self.headers.insert(HeaderName::from_static(name), value);
        self
    }

    /// With `Authorization: Bearer`, which never follows a redirect to another origin. `credentials`
    /// comes from [`bearer`].
    #[must_use]
    pub fn authorization(mut self, credentials: HeaderValue) -> Self {
        self.headers.insert(AUTHORIZATION, credentials);
        self
    }
}

/// The header value that carries `token`, masked in debug output; nothing if no header can hold it.
#[must_use]
pub fn bearer(token: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(&format!("Bearer {token}")).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// What came back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reply {
    /// The HTTP status.
    pub status: StatusCode,
    /// At most [`REPLY_MAX`] bytes of it.
    pub body: Vec<u8>,
}

/// There was no reply.
#[derive(Debug, thiserror::Error)]
pub enum NoReply {
    /// The policy does not allow the address.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Moved in a way that would lose what is posted.
    #[error("{from} has moved to {to}: write the new address in its place")]
    Moved {
        /// Scheme and host that were asked.
        from: String,
        /// Those that they name.
        to: String,
    },
    /// A redirect that is not followed.
    #[error("{from} redirects {why}: ask whoever runs it for the right address")]
    Redirect {
        /// Host that was asked.
        from: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The host can't be reached at the moment.
    #[error("{host} did not answer: {why}")]
    Unreachable {
        /// Host that was asked.
        host: String,
        /// The innermost cause.
        why: String,
    },
    /// No reply in time.
    #[error("{host} did not answer within {} seconds", within.as_secs_f32())]
    TimedOut {
        /// Host that was asked.
        host: String,
        /// How long Muster waited.
        within: Duration,
    },
}

impl NoReply {
    /// Whether trying again is pointless until somebody changes something.
    #[must_use]
    pub fn is_final(&self) -> bool {
        match self {
            Self::Refused(_) | Self::Moved { .. } | Self::Redirect { .. } => true,
            Self::Unreachable { .. } | Self::TimedOut { .. } => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_strictly() {
        for (text, expected) in [
            ("https://push.example/a", Ok("https://push.example/a")),
            ("http://10.0.0.1:8080", Ok("http://10.0.0.1:8080/")),
            ("HTTPS://Push.Example", Ok("https://push.example/")),
            // Other spellings of 127.0.0.1 are read as the connection would read them.
            ("http://2130706433/", Ok("http://127.0.0.1/")),
            ("http://0x7f.1/", Ok("http://127.0.0.1/")),
            ("http://0177.0.0.1/", Ok("http://127.0.0.1/")),
            ("http://127.1./", Ok("http://127.0.0.1/")),
            ("http://\u{ff11}27.0.0.1/", Ok("http://127.0.0.1/")),
            ("http://[::ffff:127.0.0.1]/", Ok("http://[::ffff:7f00:1]/")),
            ("push.example", Err(BadAddress::NotHttp)),
            ("", Err(BadAddress::NotHttp)),
            ("https://", Err(BadAddress::NotHttp)),
            ("file:///etc/passwd", Err(BadAddress::NotHttp)),
            ("javascript:alert(1)", Err(BadAddress::NotHttp)),
            ("gopher://127.0.0.1:25/", Err(BadAddress::NotHttp)),
            ("https://good.example@evil.example/", Err(BadAddress::Userinfo)),
            ("https://u:p@push.example/", Err(BadAddress::Userinfo)),
            ("https://:p@push.example/", Err(BadAddress::Userinfo)),
        ] {
            assert_eq!(address(text).as_ref().map(Url::as_str).map_err(|e| *e), expected, "{text}");
        }
    }

    #[test]
    fn a_token_is_not_in_debug_output() {
        let url = address("https://push.example").unwrap();
        let request = Request::get(url).authorization(bearer("hunter2").unwrap());
        assert!(!format!("{request:?}").contains("hunter2"));
        assert_eq!(bearer("hunter2\r\nX: y"), None);
    }
}
