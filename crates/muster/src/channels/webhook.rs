//! Signed webhooks, as the Standard Webhooks specification has them
//! (<https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>).
//!
//! A POST with the headers `webhook-id` (the same for every try), `webhook-timestamp` (when this try
//! was made, in seconds of 1970) and `webhook-signature`, and this body:
//!
//! ```json
//! {
//!   "type": "message",
//!   "timestamp": "2026-10-26T07:33:20Z",
//!   "data": {
//!     "id": "att_7f3k_1",
//!     "person": "Priya Sharma",
//!     "subject": "Mail is down: please take it",
//!     "text": "Mail is down since 09:12. Can you take it?",
//!     "body": "Mail is down since 09:12.\nmail-01 does not answer.",
//!     "link": "https://muster.example/l/ml_abc",
//!     "urgent": true
//!   }
//! }
//! ```
//!
//! `link` is null if there is none; it is the person's own, and opens without a password.

use super::settings::WebhookSettings;
use super::{Attempted, Message, grade, status_words};
use crate::outgoing::{self, BadAddress, Outgoing, Reply, Request};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use muster_core::Time;
use reqwest::header::HeaderValue;
use ring::hmac;
use serde::Serialize;

/// What a secret begins with.
const SECRET_PREFIX: &str = "whsec_";

/// The `[webhook]` section can't be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error(
    "secret and old_secret are {SECRET_PREFIX} and 24 to 64 random bytes in base 64; make one with: \
     echo {SECRET_PREFIX}$(openssl rand -base64 32)"
)]
pub struct BadSecret;

/// No request can be made of a message.
#[derive(Debug, thiserror::Error)]
pub enum Unsendable {
    /// The address is none.
    #[error(transparent)]
    Address(#[from] BadAddress),
    /// The body can't be written.
    #[error("the message could not be written as JSON; report this")]
    Body(#[from] serde_json::Error),
    /// A header can't be written.
    #[error("the message could not be signed; report this")]
    Header(#[from] reqwest::header::InvalidHeaderValue),
}

/// The channel.
#[derive(Clone, Debug)]
pub struct Webhook {
    keys: Vec<hmac::Key>,
}

impl Webhook {
    /// From the settings.
    ///
    /// # Errors
    /// [`BadSecret`] if a secret isn't one.
    pub fn new(settings: &WebhookSettings) -> Result<Self, BadSecret> {
        let secrets = [Some(&settings.secret), settings.old_secret.as_ref()];
        let keys = secrets.into_iter().flatten().map(|secret| key(secret.reveal())).collect::<Result<_, _>>()?;
        Ok(Self { keys })
    }

    /// Sends `message`.
    pub async fn send(&self, outgoing: &Outgoing, message: &Message) -> Attempted {
        match self.request(message) {
            Ok(request) => grade(outgoing.send(request).await, explain),
            Err(Unsendable::Address(bad)) => Attempted::wrong_number(bad),
            Err(other) => Attempted::failed(other),
        }
    }

    /// The request that carries `message`.
    ///
    /// # Errors
    /// [`Unsendable`] if the message's address is none.
    pub fn request(&self, message: &Message) -> Result<Request, Unsendable> {
        let url = outgoing::address(&message.to)?;
        let (id, timestamp) = (message.key(), message.sent_at.as_second());
        let data = Data {
            id: &id,
            person: &message.person,
            subject: &message.title(),
            text: &message.text,
            body: &message.body,
            link: message.link.as_deref(),
            urgent: message.urgent,
        };
        let payload = Payload { r#type: "message", timestamp: message.sent_at, data };
        let body = serde_json::to_vec(&payload)?;
        let signatures: Vec<_> = self.keys.iter().map(|key| sign(key, &id, timestamp, &body)).collect();
        Ok(Request::post_json(url, body)
            .header("webhook-id", HeaderValue::try_from(id)?)
            .header("webhook-timestamp", timestamp.into())
            .header("webhook-signature", HeaderValue::try_from(signatures.join(" "))?))
    }
}

#[derive(Serialize)]
struct Payload<'a> {
    r#type: &'static str,
    timestamp: Time,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    id: &'a str,
    person: &'a str,
    subject: &'a str,
    text: &'a str,
    body: &'a str,
    link: Option<&'a str>,
    urgent: bool,
}

/// The key in a secret.
fn key(secret: &str) -> Result<hmac::Key, BadSecret> {
    let encoded = secret.strip_prefix(SECRET_PREFIX).ok_or(BadSecret)?;
    let bytes = BASE64.decode(encoded).map_err(|_| BadSecret)?;
    if (24..=64).contains(&bytes.len()) { Ok(hmac::Key::new(hmac::HMAC_SHA256, &bytes)) } else { Err(BadSecret) }
}

/// The signature of one request: version 1, HMAC-SHA256 over `id.timestamp.body`.
fn sign(key: &hmac::Key, id: &str, timestamp: i64, body: &[u8]) -> String {
    let signed = [format!("{id}.{timestamp}.").as_bytes(), body].concat();
    format!("v1,{}", BASE64.encode(hmac::sign(key, &signed)))
}

/// A refusal in words. What the receiver wrote stays out of it: a reply shown to whoever entered the
/// address would let them read what only this machine can reach.
fn explain(reply: &Reply) -> String {
    let todo = match reply.status.as_u16() {
        401 | 403 => "; check that it has the secret of [webhook] in muster.toml",
        410 => ", it wants no more: remove the address",
        _ => "",
    };
    format!("the receiver answers {}{todo}", status_words(reply.status))
}

#[cfg(test)]
mod tests {
    use super::super::tests::message;
    use super::*;
    use muster_core::at_ms;
    use serde_json::Value;

    const SECRET: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    const OLD: &str = "whsec_ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=";

    fn webhook(secret: &str, old: Option<&str>) -> Result<Webhook, BadSecret> {
        Webhook::new(&WebhookSettings { secret: secret.into(), old_secret: old.map(Into::into) })
    }

    #[test]
    fn signatures_are_those_of_the_specification() {
        // The example of the specification's reference libraries.
        let key = key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signature = sign(&key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_request_is_signed_as_it_is_sent() {
        let request = webhook(SECRET, Some(OLD)).unwrap().request(&message("https://hooks.example/in?k=1")).unwrap();
        let header = |name: &str| request.headers[name].to_str().unwrap();
        assert_eq!(header("webhook-id"), "att_7f3k_1");
        assert_eq!(header("webhook-timestamp"), "1793000000");
        assert_eq!(header("content-type"), "application/json");
        assert_eq!(
            String::from_utf8(request.body.clone()).unwrap(),
            r#"{"type":"message","timestamp":"2026-10-26T07:33:20Z","data":{"id":"att_7f3k_1","person":"Priya Sharma","subject":"Mail is down: please take it","text":"Mail is down since 09:12. Can you take it?","body":"Mail is down since 09:12.\nmail-01 does not answer.","link":"https://muster.example/l/ml_abc","urgent":true}}"#
        );
        // From Python's hmac, over the id, the time and exactly these bytes, with each of the two secrets.
        assert_eq!(
            header("webhook-signature"),
            "v1,013xqeK4h7pXEP3U9XWtCxYOYdJo16eWZD3IPxAxVI0= v1,qOCEYXrYs/HoYDhZ2mOK+tApCMjUxI7tBb4sk40K3Qo="
        );
    }

    #[test]
    fn a_retry_keeps_its_id_and_gets_a_new_signature() {
        let webhook = webhook(SECRET, None).unwrap();
        let first = webhook.request(&message("https://hooks.example")).unwrap();
        let again = Message { sent_at: at_ms(1_793_000_060_000), ..message("https://hooks.example") };
        let again = webhook.request(&again).unwrap();
        assert_eq!(first.headers["webhook-id"], again.headers["webhook-id"]);
        assert_ne!(first.headers["webhook-signature"], again.headers["webhook-signature"]);
    }

    #[test]
    fn no_link_is_null() {
        let request =
            webhook(SECRET, None).unwrap().request(&Message { link: None, ..message("https://hooks.example") });
        let body: Value = serde_json::from_slice(&request.unwrap().body).unwrap();
        assert_eq!(body["data"]["link"], Value::Null);
    }

    #[test]
    fn what_is_no_secret_is_refused_at_the_start() {
        for bad in ["", "whsec_", "secret", "whsec_!!!!", "whsec_c2hvcnQ=", &format!("whsec_{}", "A".repeat(88))] {
            assert_eq!(webhook(bad, None).map(drop), Err(BadSecret), "{bad}");
            assert_eq!(webhook(SECRET, Some(bad)).map(drop), Err(BadSecret), "old {bad}");
        }
    }

    #[test]
    fn an_address_that_is_none_is_refused() {
        for (to, expected) in [
            ("hooks.example", BadAddress::NotHttp),
            ("gopher://hooks.example", BadAddress::NotHttp),
            ("https://hooks.example@evil.example/", BadAddress::Userinfo),
        ] {
            let refused = webhook(SECRET, None).unwrap().request(&message(to)).unwrap_err();
            assert_eq!(refused.to_string(), expected.to_string(), "{to}");
        }
    }
}
