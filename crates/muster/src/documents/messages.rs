//! What was sent about an incident, as a file: to whom, by what, when, and what came of it. What opens something stays
//! out: personal links, and addresses that are as good as a password.

use crate::store::outbox::Message;
use muster_core::contact::MeansKind;
use serde_json::{Value, json};

/// What stands where something was left out.
const MASKED: &str = "[left out]";

/// All of it as JSON, oldest first.
#[must_use]
pub fn file(messages: &[Message]) -> Vec<u8> {
    let all = Value::from_iter(messages.iter().map(one));
    let mut text = format!("{all:#}").into_bytes();
    text.push(b'\n');
    text
}

fn one(message: &Message) -> Value {
    let fate = &message.fate;
    let texts: Value = serde_json::from_str(&message.message).unwrap_or_default();
    let text = |name: &str| masked(texts[name].as_str().unwrap_or_default());
    // Who knows a topic or the address of a program can read and send there.
    let open = matches!(fate.means, MeansKind::Push | MeansKind::Webhook);
    json!({
        "kind": message.kind, "to": fate.person, "name": texts["person"], "means": fate.means,
        "address": if open { MASKED } else { fate.address.as_str() },
        "decided_at": fate.made_at, "ended_at": fate.done_at, "state": fate.state, "outcome": fate.outcome,
        "tries": fate.tries, "detail": masked(&fate.detail),
        "subject": text("subject"), "text": text("text"), "body": text("body"),
    })
}

/// `text` without the tokens of personal links.
fn masked(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("/l/") {
        let (before, token) = rest.split_at(at + "/l/".len());
        let end = token.find(|c: char| !(c.is_ascii_alphanumeric() || "_-".contains(c))).unwrap_or(token.len());
        out += before;
        out += if end == 0 { "" } else { MASKED };
        rest = &token[end..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn personal_links_stay_out() {
        let text = "Answer: https://m.example/l/ml_a-b_9.\nOr /l/ml_x and https://m.example/incidents/2026-001";
        let masked = masked(text);
        assert_eq!(
            masked,
            "Answer: https://m.example/l/[left out].\nOr /l/[left out] and https://m.example/incidents/2026-001"
        );
    }
}
