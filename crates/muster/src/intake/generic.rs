//! Muster's own format, for any sender that can post JSON or a form; `muster notify` sends it too.
//!
//! One JSON object, a list of them, or one form:
//! ```json
//! {"key": "db1;Disk space /var", "status": "firing", "condition": "down",
//!  "title": "Disk space /var on db1 is CRITICAL", "host": "db1", "service": "Disk space /var",
//!  "detail": "512 MB left", "happened_at": "2026-11-22T11:39:11Z", "link": "https://graphs.example.org/db1",
//!  "labels": {"team": "storage"}}
//! ```
//! It needs one of `key`, `title`, `host` and `service`; everything else may be left out.
//! - `key`: what makes it the same alert; without it host and service do, else the title.
//! - `status`: `firing` (also if absent) or `resolved`, or a word such as problem, recovery, critical, ok.
//! - `condition`, or `severity`: `down`, `degraded` (if absent), `predicted` or `information`, or a word such as critical,
//!   warning, info.
//! - `title`, or `summary`. `detail`, or `description`, or `message`. `link`, or `url`.
//! - `happened_at`, and `ends_at` (when it is over if nothing more is heard): RFC 3339 with an offset, or seconds or
//!   milliseconds since 1970.
//! - Any other field becomes a label if it is text, a number or a truth value, and is ignored if not.

use super::words::{meaning, time, usual_condition};
use super::{Signal, Unparsed, json, scalar, scalars};
use muster_core::Time;
use muster_core::alert::Status;
use serde_json::{Map, Value};

pub(super) fn events(body: &[u8], content_type: Option<&str>) -> Result<Vec<Value>, Unparsed> {
    // `curl -d` calls everything a form, so what looks like JSON is JSON.
    let looks_like_json = matches!(body.trim_ascii_start().first(), Some(b'{' | b'['));
    if !looks_like_json && content_type.is_some_and(|t| t.to_ascii_lowercase().contains("form-urlencoded")) {
        let fields = form_urlencoded::parse(body.trim_ascii());
        let object = fields.map(|(name, value)| (name.into_owned(), Value::String(value.into_owned())));
        return Ok(vec![Value::Object(object.collect())]);
    }
    match json(body)? {
        Value::Array(events) => Ok(events),
        event => Ok(vec![event]),
    }
}

pub(super) fn signal(event: Value) -> Result<Signal, Unparsed> {
    let Value::Object(mut fields) = event else {
        return Err(Unparsed("an event is not a JSON object".into()));
    };
    let given = scalars(fields.remove("labels").unwrap_or_default());
    let host = take(&mut fields, &["host"]).unwrap_or_default();
    let service = take(&mut fields, &["service"]).unwrap_or_default();
    let title = take(&mut fields, &["title", "summary"]).unwrap_or_default();
    let key = take(&mut fields, &["key"]).unwrap_or_else(|| key(&host, &service, &title));
    if key.is_empty() {
        return Err(Unparsed("an event has neither \"key\" nor \"title\" nor \"host\" nor \"service\"".into()));
    }
    let status_word = take_if(&mut fields, "status", |v| meaning(&scalar(v.clone())?));
    let condition_word =
        ["condition", "severity"].into_iter().find_map(|n| take_if(&mut fields, n, |v| meaning(&scalar(v.clone())?)));
    let status = status_word.or(condition_word).map_or(Status::Firing, |m| m.status());
    let condition = [condition_word, status_word].into_iter().flatten().find_map(|m| m.condition());
    let signal = Signal {
        detail: take(&mut fields, &["detail", "description", "message"]).unwrap_or_default(),
        condition: condition.unwrap_or(usual_condition(status)),
        happened_at: take_time(&mut fields, "happened_at"),
        ends_at: take_time(&mut fields, "ends_at"),
        link: take(&mut fields, &["link", "url"]),
        // Taken last: what nobody took is a label, also a word or a time that can't be understood.
        labels: scalars(Value::Object(fields)).into_iter().chain(given).collect(),
        key,
        status,
        title,
        host,
        service,
    };
    Ok(signal)
}

/// What makes it the same alert for a sender that gives no key.
pub(super) fn key(host: &str, service: &str, title: &str) -> String {
    match (host, service) {
        ("", "") => title.to_owned(),
        ("", service) => service.to_owned(),
        // Two things can be wrong with one host: without a service or a key, only the title tells them apart.
        (host, "") if !title.is_empty() => format!("{host};{title}"),
        (host, "") => host.to_owned(),
        (host, service) => format!("{host};{service}"),
    }
}

/// The first of `names` that says something; the others stay.
fn take(fields: &mut Map<String, Value>, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| take_if(fields, name, |v| scalar(v.clone())))
}

fn take_time(fields: &mut Map<String, Value>, name: &str) -> Option<Time> {
    take_if(fields, name, time)
}

/// The field `name` as `read` understands it; it stays if it doesn't.
fn take_if<T>(fields: &mut Map<String, Value>, name: &str, read: impl Fn(&Value) -> Option<T>) -> Option<T> {
    let value = read(fields.get(name)?)?;
    fields.remove(name);
    Some(value)
}
