//! Pushes that ring a phone, through an ntfy server (<https://docs.ntfy.sh/publish/#publish-as-json>).

use super::settings::NtfySettings;
use super::{Attempted, Message, grade, one_line, status_words};
use crate::outgoing::{self, BadAddress, Outgoing, Reply, Request};
use reqwest::Url;
use reqwest::header::HeaderValue;
use serde::Deserialize;
use serde_json::json;

/// Longest text in characters. A server takes 4,096 bytes a message and makes an attachment of a
/// longer one, which rings no phone.
pub const TEXT_MAX: usize = 1_000;
/// Longest topic, as in the server's own rule.
const TOPIC_MAX: usize = 64;

/// The `[ntfy]` section can't be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadSettings {
    /// The server.
    #[error("server: {0}")]
    Server(#[from] BadAddress),
    /// The token.
    #[error("token holds characters that no token has; copy it again")]
    Token,
    /// Nobody to send the token to.
    #[error("token needs a server, as it is sent to that server only; set server")]
    TokenWithoutServer,
}

/// An address that no push can go to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadTopic {
    /// Not an address.
    #[error(transparent)]
    Address(#[from] BadAddress),
    /// Not one topic on a server.
    #[error(
        "a push address is https://SERVER/TOPIC, the topic of at most {TOPIC_MAX} letters, digits, - and _; correct it"
    )]
    Topic,
    /// A topic only, and no server for it.
    #[error("the address is a topic only: set [ntfy] server in muster.toml, or write https://SERVER/TOPIC")]
    NoServer,
}

/// The channel.
#[derive(Clone, Debug)]
pub struct Ntfy {
    server: Option<Url>,
    token: Option<HeaderValue>,
}

impl Ntfy {
    /// From the settings.
    ///
    /// # Errors
    /// [`BadSettings`] if they can't be used.
    pub fn new(settings: &NtfySettings) -> Result<Self, BadSettings> {
        let server = settings.server.as_deref().map(outgoing::address).transpose()?;
        let token = match &settings.token {
            Some(_) if server.is_none() => return Err(BadSettings::TokenWithoutServer),
            Some(token) => Some(outgoing::bearer(token.reveal()).ok_or(BadSettings::Token)?),
            None => None,
        };
        Ok(Self { server, token })
    }

    /// Sends `message`.
    pub async fn send(&self, outgoing: &Outgoing, message: &Message) -> Attempted {
        match self.request(message) {
            Ok(request) => grade(outgoing.send(request).await, explain),
            Err(bad) => Attempted::wrong_number(bad),
        }
    }

    /// The request that publishes `message`. Its button only opens the link: a button that posts
    /// would let whoever holds the phone answer without seeing what about.
    ///
    /// # Errors
    /// [`BadTopic`] if the message's address is none.
    pub fn request(&self, message: &Message) -> Result<Request, BadTopic> {
        let (root, topic) = self.target(&message.to)?;
        let text = one_line(if message.text.is_empty() { &message.subject } else { &message.text }, TEXT_MAX);
        let mut body = json!({
            "topic": topic,
            "title": message.title(),
            "message": text,
            // 5 rings through "do not disturb" where the phone's owner allows it, 3 is the usual.
            "priority": if message.urgent { 5 } else { 3 },
            "tags": if message.urgent { vec!["rotating_light"] } else { Vec::new() },
        });
        if let Some(link) = &message.link {
            body["click"] = json!(link);
            body["actions"] = json!([{ "action": "view", "label": "Answer", "url": link, "clear": true }]);
        }
        // A token sent wherever an address in the directory points would be anybody's.
        let token = self.token.as_ref().filter(|_| self.server.as_ref().is_some_and(|s| s.origin() == root.origin()));
        let request = Request::post_json(root, body.to_string().into_bytes());
        Ok(match token {
            Some(token) => request.authorization(token.clone()),
            None => request,
        })
    }

    /// The server's root, and the topic.
    fn target(&self, to: &str) -> Result<(Url, String), BadTopic> {
        let (mut root, topic) = if to.contains("://") {
            let url = outgoing::address(to)?;
            let topic = url.path().trim_matches('/').to_owned();
            if url.query().is_some() || url.fragment().is_some() {
                return Err(BadTopic::Topic);
            }
            (url, topic)
        } else {
            (self.server.clone().ok_or(BadTopic::NoServer)?, to.to_owned())
        };
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if topic.is_empty() || topic.len() > TOPIC_MAX || !topic.chars().all(fits) {
            return Err(BadTopic::Topic);
        }
        root.set_path("/");
        Ok((root, topic))
    }
}

/// A refusal in words: the server's own, and what to do.
fn explain(reply: &Reply) -> String {
    #[derive(Deserialize)]
    struct Refusal {
        error: String,
    }
    let said = serde_json::from_slice(&reply.body).map(|r: Refusal| format!(": {}", r.error)).unwrap_or_default();
    let todo = match reply.status.as_u16() {
        401 | 403 => "; check [ntfy] token in muster.toml, and that it may write to this topic",
        404 => "; check that the address is an ntfy server's",
        _ => "",
    };
    format!("the ntfy server answers {}{said}{todo}", status_words(reply.status))
}

#[cfg(test)]
mod tests {
    use super::super::tests::message;
    use super::*;
    use reqwest::StatusCode;
    use reqwest::header::AUTHORIZATION;
    use serde_json::Value;

    fn ntfy(server: Option<&str>, token: Option<&str>) -> Result<Ntfy, BadSettings> {
        Ntfy::new(&NtfySettings { server: server.map(Into::into), token: token.map(Into::into) })
    }

    fn body(request: &Request) -> Value {
        serde_json::from_slice(&request.body).unwrap()
    }

    #[test]
    fn an_urgent_message_rings_and_opens_its_link() {
        let request = ntfy(None, None).unwrap().request(&message("https://push.example:8443/priya-x7")).unwrap();
        assert_eq!(request.url.as_str(), "https://push.example:8443/");
        assert_eq!(
            body(&request),
            json!({
                "topic": "priya-x7",
                "title": "Mail is down: please take it",
                "message": "Mail is down since 09:12. Can you take it?",
                "priority": 5,
                "tags": ["rotating_light"],
                "click": "https://muster.example/l/ml_abc",
                "actions": [{ "action": "view", "label": "Answer", "url": "https://muster.example/l/ml_abc", "clear": true }],
            })
        );
    }

    #[test]
    fn others_do_not_ring_and_long_texts_are_cut() {
        let quiet =
            Message { urgent: false, link: None, text: "\"\n".repeat(9_000), ..message("https://push.example/t") };
        let request = ntfy(None, None).unwrap().request(&quiet).unwrap();
        let body = body(&request);
        assert_eq!(
            (&body["priority"], &body["tags"], body.get("actions"), body.get("click")),
            (&json!(3), &json!([]), None, None)
        );
        assert_eq!(body["message"].as_str().unwrap().chars().count(), TEXT_MAX);
        assert!(request.body.len() < 8_192, "a server takes twice the message's size as JSON");
    }

    #[test]
    fn the_token_goes_to_its_own_server_only() {
        let ntfy = ntfy(Some("https://push.example"), Some("tk_secret")).unwrap();
        for (to, carried) in [
            ("priya", true),
            ("https://push.example/priya", true),
            ("https://push.example:443/priya", true),
            ("http://push.example/priya", false),
            ("https://push.example:444/priya", false),
            ("https://push.example.evil.example/priya", false),
            ("https://evil.example/priya", false),
        ] {
            let request = ntfy.request(&message(to)).unwrap();
            let expected = carried.then_some("Bearer tk_secret");
            assert_eq!(request.headers.get(AUTHORIZATION).map(|v| v.to_str().unwrap()), expected, "{to}");
            assert!(!format!("{request:?} {ntfy:?}").contains("tk_secret"));
        }
    }

    #[test]
    fn an_address_that_is_no_topic_is_refused() {
        for (to, expected) in [
            ("priya", BadTopic::NoServer),
            ("", BadTopic::NoServer),
            ("https://push.example", BadTopic::Topic),
            ("https://push.example/a/b", BadTopic::Topic),
            ("https://push.example/a?auth=x", BadTopic::Topic),
            ("https://push.example/a#b", BadTopic::Topic),
            ("https://push.example/a%20b", BadTopic::Topic),
            ("https://u:p@push.example/a", BadTopic::Address(BadAddress::Userinfo)),
            ("ntfy://push.example/a", BadTopic::Address(BadAddress::NotHttp)),
            ("file:///etc/passwd", BadTopic::Address(BadAddress::NotHttp)),
        ] {
            assert_eq!(ntfy(None, None).unwrap().request(&message(to)), Err(expected), "{to}");
        }
        let long = format!("https://push.example/{}", "a".repeat(TOPIC_MAX + 1));
        assert_eq!(ntfy(None, None).unwrap().request(&message(&long)), Err(BadTopic::Topic));
    }

    #[test]
    fn settings_that_cannot_work_are_refused_at_the_start() {
        for (server, token, expected) in [
            (Some("push.example"), None, BadSettings::Server(BadAddress::NotHttp)),
            (None, Some("tk_x"), BadSettings::TokenWithoutServer),
            (Some("https://push.example"), Some("tk\nx"), BadSettings::Token),
        ] {
            assert_eq!(ntfy(server, token).map(drop), Err(expected));
        }
    }

    #[test]
    fn a_refusal_says_what_to_do() {
        let reply = |status, body: &str| Reply { status: StatusCode::from_u16(status).unwrap(), body: body.into() };
        for (reply, expected) in [
            (
                reply(403, r#"{"code":40301,"http":403,"error":"forbidden","link":"https://x"}"#),
                "the ntfy server answers 403 Forbidden: forbidden; check [ntfy] token in muster.toml, and that it may \
                 write to this topic",
            ),
            (
                reply(429, r#"{"error":"limit reached"}"#),
                "the ntfy server answers 429 Too Many Requests: limit reached",
            ),
            (reply(404, "<html>"), "the ntfy server answers 404 Not Found; check that the address is an ntfy server's"),
        ] {
            assert_eq!(explain(&reply), expected);
        }
    }
}
