//! Every text that a sender sends is cut to a limit, and made fit for both databases and for a line on a page.

use super::Signal;
use muster_core::alert::{DETAIL_MAX, KEY_MAX, LABELS_MAX, NAME_MAX, TITLE_MAX};
use muster_core::words::{is_blank, is_one_line, one_line};
use muster_core::{Time, whole_ms};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Longest value of a label in characters: enough for an address or a list of groups, while all labels of a signal
/// together stay small. The raw payload is kept whole beside it.
pub(super) const VALUE_MAX: usize = 1_000;
/// Longest link in characters; browsers and proxies fail somewhere above it.
pub(super) const LINK_MAX: usize = 2_000;

/// `signal` within the limits of [`muster_core::alert`], with a key and a title in any case, and nothing that happens
/// later than `received_at`.
#[must_use]
pub fn bounded(signal: Signal, received_at: Time) -> Signal {
    let (host, service) = (line(signal.host, NAME_MAX), line(signal.service, NAME_MAX));
    let title = Some(line(signal.title, TITLE_MAX)).filter(|t| !t.is_empty()).unwrap_or_else(|| {
        let name = match (service.is_empty(), host.is_empty()) {
            (false, false) => format!("{service} on {host}"),
            (false, true) => service.clone(),
            (true, false) => host.clone(),
            (true, true) => signal.key.clone(),
        };
        Some(line(name, TITLE_MAX)).filter(|t| !t.is_empty()).unwrap_or_else(|| "Untitled event".into())
    });
    Signal {
        key: key(if signal.key.is_empty() { title.clone() } else { signal.key }),
        detail: text(signal.detail, DETAIL_MAX),
        labels: labels(signal.labels),
        // A sender's clock may be ahead of ours; nothing has happened later than now.
        happened_at: signal.happened_at.map(|t| whole_ms(t.min(received_at))),
        ends_at: signal.ends_at.map(whole_ms),
        link: signal.link.filter(|l| is_link(l)),
        title,
        host,
        service,
        status: signal.status,
        condition: signal.condition,
    }
}

/// A key that is too long, or that PostgreSQL could not store as it is, is told apart by its hash.
fn key(text: String) -> String {
    if text.len() <= KEY_MAX && !text.contains('\0') { text } else { digest(&text) }
}

/// A short name for `text` that no other text has.
pub(super) fn digest(text: &str) -> String {
    format!("sha256:{}", hex::encode(Sha256::digest(text)))
}

fn labels(labels: BTreeMap<String, String>) -> BTreeMap<String, String> {
    let fit = labels.into_iter().map(|(name, value)| (line(name, NAME_MAX), text(value, VALUE_MAX)));
    fit.filter(|(name, _)| !name.is_empty()).take(LABELS_MAX).collect()
}

/// Only what a browser opens as a page: a `javascript:` address on an alert's page would be a script of the sender's.
fn is_link(link: &str) -> bool {
    let scheme = ["http://", "https://"];
    let begins = |s: &&str| link.get(..s.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(s));
    scheme.iter().any(begins) && link.chars().count() <= LINK_MAX && !link.chars().any(|c| c.is_control() || c == ' ')
}

/// One line of at most `max` characters.
fn line(text: String, max: usize) -> String {
    let shown = if is_one_line(&text) { text } else { one_line(&text) };
    if is_blank(&shown) { String::new() } else { cut(shown, max) }
}

/// Text of at most `max` characters, without NUL, which PostgreSQL refuses.
fn text(mut text: String, max: usize) -> String {
    text.truncate(text.trim_end().len());
    let text = cut(text, max);
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text }
}

fn cut(text: String, max: usize) -> String {
    // A character has at least one byte.
    if text.len() <= max || text.chars().nth(max).is_none() {
        return text;
    }
    text.chars().take(max - 1).chain(['…']).collect()
}
