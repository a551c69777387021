//! The body of a form, exactly as it was typed, or why it cannot be read.

use crate::ops::Once;
use crate::ops::access::Visitor;
use crate::web::error::{PageError, Problem};
use crate::web::pages::frame::is_act;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use muster_core::ids::PersonId;
use percent_encoding::percent_decode_str;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

/// Most fields of one form; our longest asks for a number for each population that a system serves.
const FIELDS_MAX: usize = 2_000;

/// The fields of a form. What is missing reads as empty, as browsers leave out what was not chosen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Typed {
    path: String,
    fields: Vec<(String, String)>,
}

impl Typed {
    /// Fields that were read from another kind of body, sent to `path`.
    #[must_use]
    pub fn of(path: &str, fields: Vec<(String, String)>) -> Self {
        Self { path: path.to_owned(), fields }
    }

    /// What was typed into that field.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }

    /// Everything that was chosen there, where several can be.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// Whether the form has that field, even if it is empty.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(n, _)| n == name)
    }

    /// The same without blanks around it; none if nothing is left.
    #[must_use]
    pub fn some(&self, name: &str) -> Option<&str> {
        Some(self.get(name).trim()).filter(|text| !text.is_empty())
    }

    /// What was chosen there; none if it is none of the choices.
    #[must_use]
    pub fn choice<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        serde_json::from_value(serde_json::Value::String(self.get(name).to_owned())).ok()
    }

    /// Where it was sent.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Every field with what it holds, in order.
    #[must_use]
    pub fn fields(&self) -> &[(String, String)] {
        &self.fields
    }

    /// The newest entry that the writer had read, if the form says so.
    #[must_use]
    pub fn seen(&self) -> Option<u64> {
        self.get("seen").parse().ok()
    }

    /// The form's own id, if it has one.
    #[must_use]
    pub fn act(&self) -> Option<&str> {
        Some(self.get("act")).filter(|act| is_act(act))
    }

    /// The act's name, so that a form sent twice acts once. Nobody can use up another's.
    #[must_use]
    pub fn once(&self, by: &Visitor) -> Option<Once> {
        self.once_of(&by.id)
    }

    /// The same for somebody who came by a personal link.
    #[must_use]
    pub fn once_of(&self, by: &PersonId) -> Option<Once> {
        let id = format!("{by} {}", self.act()?);
        let mut digest = Sha256::new();
        let mut then = |text: &str| {
            digest.update((text.len() as u64).to_be_bytes());
            digest.update(text);
        };
        then(&self.path);
        self.fields.iter().for_each(|(name, value)| [name, value].into_iter().for_each(|text| then(text)));
        Some(Once { id, digest: hex::encode(digest.finalize()) })
    }

    /// Reads `body`, which was sent to `path` with these headers.
    ///
    /// # Errors
    /// What is wrong with it and what to do: 415 for another kind of body, 400 for a garbled one.
    pub fn read(path: &str, headers: &HeaderMap, body: &[u8]) -> Result<Self, Problem> {
        let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        if !kind.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") {
            let detail = "Send the fields as a form does (application/x-www-form-urlencoded), or use /api/v1.";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-a-form", detail));
        }
        Self::decoded(path, body)
    }

    /// Reads what stands behind the question mark of the address `path`.
    ///
    /// # Errors
    /// 400 if it is garbled.
    pub fn of_query(path: &str, query: &str) -> Result<Self, Problem> {
        Self::decoded(path, query.as_bytes())
    }

    fn decoded(path: &str, body: &[u8]) -> Result<Self, Problem> {
        let garbled = || {
            let detail = "What arrived is not readable text. Nothing was changed. Go back, and send the form again.";
            Problem::new(StatusCode::BAD_REQUEST, "garbled", detail)
        };
        let body = str::from_utf8(body).map_err(|_| garbled())?;
        let decode = |text: &str| {
            let text = text.replace('+', " ");
            percent_decode_str(&text).decode_utf8().map(|t| t.replace("\r\n", "\n")).map_err(|_| garbled())
        };
        let pairs =
            body.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        let fields = pairs.take(FIELDS_MAX + 1).map(|(name, value)| Ok((decode(name)?, decode(value)?)));
        let fields = fields.collect::<Result<Vec<_>, Problem>>()?;
        if fields.len() > FIELDS_MAX {
            return Err(garbled());
        }
        Ok(Self { path: path.to_owned(), fields })
    }
}

/// How a form sends one of several choices: as files and logs spell it.
#[must_use]
pub fn word<T: Serialize>(choice: &T) -> String {
    serde_json::to_value(choice).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

impl<S: Send + Sync> FromRequest<S> for Typed {
    type Rejection = PageError;

    async fn from_request(request: Request, state: &S) -> Result<Self, PageError> {
        let (path, headers) = (request.uri().path().to_owned(), request.headers().clone());
        let body = Bytes::from_request(request, state).await.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => {
                let detail =
                    "The form is too large. Nothing was changed. The log takes several entries: send less at once.";
                Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail)
            }
            status => {
                Problem::new(status, "cut-off", "The form did not arrive whole. Nothing was changed. Send it again.")
            }
        })?;
        Ok(Self::read(&path, &headers, &body)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::access::By;
    use axum::http::HeaderValue;
    use muster_core::directory::Person;
    use proptest::prelude::*;

    fn read(body: &[u8]) -> Result<Typed, Problem> {
        let form = HeaderValue::from_static("application/x-www-form-urlencoded; charset=UTF-8");
        Typed::read("/incidents/2026-041/note", &HeaderMap::from_iter([(header::CONTENT_TYPE, form)]), body)
    }

    #[test]
    fn fields_are_read_as_they_were_typed() {
        let typed =
            read(b"act=01jcw2v7q3f8&seen=31&text=Caf%C3%A9+%26+bar%0D%0Atwo&kind=activity&empty=+&bare").unwrap();
        assert_eq!(typed.get("text"), "Café & bar\ntwo");
        assert_eq!((typed.seen(), typed.act()), (Some(31), Some("01jcw2v7q3f8")));
        assert_eq!((typed.get("empty"), typed.some("empty")), (" ", None));
        assert_eq!((typed.get("bare"), typed.get("missing")), ("", ""));
    }

    #[test]
    fn what_is_no_form_is_refused_with_what_to_do() {
        for (body, code) in [
            (&b"text=%FF%FE"[..], "garbled"),
            (b"text=\xff", "garbled"),
            ("a=1&".repeat(FIELDS_MAX + 1).as_bytes(), "garbled"),
        ] {
            assert_eq!(read(body).unwrap_err().code, code, "{}", String::from_utf8_lossy(body));
        }
        let json = HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
        assert_eq!(Typed::read("/declare", &json, b"{}").unwrap_err().status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        assert_eq!(Typed::read("/declare", &HeaderMap::new(), b"").unwrap_err().code, "not-a-form");
    }

    #[test]
    fn an_act_is_named_by_person_form_and_content() {
        let visitor = |id: &str| Visitor {
            id: id.into(),
            person: Person::default(),
            by: By::Session(String::new()),
            limited: false,
        };
        let once = |body: &str, id| read(body.as_bytes()).unwrap().once(&visitor(id));
        let first = once("act=01jcw2v7q3f8&text=a", "ana").unwrap();
        assert_eq!(once("act=01jcw2v7q3f8&text=a", "ana"), Some(first.clone()), "sent twice");
        let other = once("act=01jcw2v7q3f8&text=b", "ana").unwrap();
        assert!(other.id == first.id && other.digest != first.digest, "other content");
        assert_ne!(once("act=01jcw2v7q3f8&text=a", "ben").unwrap().id, first.id);
        assert_eq!(once("act=%22%3E&text=a", "ana"), None, "no act of ours");
    }

    proptest! {
        #[test]
        fn whatever_was_typed_comes_back(text in "\\PC*") {
            let body = form_urlencoded::Serializer::new(String::new()).append_pair("text", &text).finish();
            let typed = read(body.as_bytes()).unwrap();
            prop_assert_eq!(typed.get("text"), text);
        }

        #[test]
        fn no_bytes_make_it_panic(body: Vec<u8>) {
            let _ = read(&body);
        }
    }
}
