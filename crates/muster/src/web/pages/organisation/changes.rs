//! What was changed in the set-up: who, when, and what it said before.

use crate::app::App;
use crate::ops::Failure;
use crate::store::Tx;
use crate::store::organisation::{self, in_words};
use crate::web::error::PageError;
use crate::web::guard::form_encode;
use crate::web::pages::frame::{Reader, Scene, page, shell};
use crate::web::pages::phrases::{Asked, asked};
use crate::web::view::organisation::{Change, Changes};
use crate::web::view::parts::{Place, Prose};
use axum::extract::State;
use axum::response::Response;
use muster_core::words::upper_first;
use serde_json::Value;
use std::sync::Arc;

/// Changes on one page.
const ON_A_PAGE: usize = 50;

/// `GET /organisation/changes?of=person+ana&before=120`.
///
/// # Errors
/// [`PageError`].
pub async fn list(State(app): State<Arc<App>>, reader: Reader, query: Asked) -> Result<Response, PageError> {
    let scene = Scene::now(&app).await?;
    let of = asked(&query, "of");
    let before = asked(&query, "before").parse().ok();
    let target = (!of.is_empty()).then(|| of.clone());
    let read = async move |tx: &mut Tx| {
        Ok::<_, Failure>(organisation::changes(tx, target.as_deref(), before, ON_A_PAGE + 1).await?)
    };
    let mut changes = app.ops.db().read(read).await?;
    let more = changes.len() > ON_A_PAGE;
    changes.truncate(ON_A_PAGE);
    let last = changes.last().map_or(0, |c| c.seq);
    let of_query = if of.is_empty() { String::new() } else { format!("of={}&", form_encode(&of)) };
    let mut shell = shell(&app, &reader, Place::Organisation).await?;
    shell.live = None;
    page(&Changes {
        shell,
        heading: if of.is_empty() { "Changes of the set-up".into() } else { format!("Changes of {of}") },
        changes: changes.iter().map(|c| drawn(c, &scene, Named::Yes)).collect(),
        next: more.then(|| format!("/organisation/changes?{of_query}before={last}")),
        all: !of.is_empty(),
    })
}

/// Whether a change says what it was made to: not where that is plain.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// It does.
    Yes,
    /// It does not.
    No,
}

/// A line of the audit trail as people read it.
pub fn drawn(change: &organisation::Change, scene: &Scene, named: Named) -> Change {
    let who = scene.org.person_ref(&change.actor.as_str().into()).name;
    let what = Prose::default().bold(upper_first(&who)).text(format!(" {} ", change.act));
    let what = match named {
        Named::Yes => {
            let href = format!("/organisation/changes?of={}", form_encode(&change.target));
            what.link(href, change.target.clone()).text(", ")
        }
        Named::No => what.text("it, "),
    };
    Change { what: what.when(scene.times.in_full(change.at)), folded: change.act != "changed", fields: fields(change) }
}

/// Every field that differs, with what it said and says.
fn fields(change: &organisation::Change) -> Vec<(String, Option<String>, Option<String>)> {
    let said = |body: Option<&Value>| body.map(in_words).filter(|words| !words.is_empty());
    let name = |name: &str| upper_first(&name.replace('_', " "));
    match (&change.before, &change.after) {
        // Of what is no more than a list the whole is shown.
        (Some(Value::Array(_)), _) | (_, Some(Value::Array(_))) => {
            vec![(name("value"), said(change.before.as_ref()), said(change.after.as_ref()))]
        }
        (before, after) => {
            let differing = organisation::differing(before.as_ref(), after.as_ref());
            differing.into_iter().map(|(n, was, is)| (name(n), said(was), said(is))).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_differs_is_shown_with_what_it_said_before() {
        let change = |before: Option<Value>, after: Option<Value>| organisation::Change {
            seq: 1,
            at: muster_core::at_ms(0),
            actor: "ana".into(),
            act: "changed".into(),
            target: "person ben".into(),
            before,
            after,
        };
        let person = |role: &str, means: Value| json!({ "name": "Ben", "role": role, "means": means });
        let (old, new) = (person("reader", json!([])), person("manager", json!([{ "kind": "call", "to": "1" }])));
        let told = |before: Option<&Value>, after: Option<&Value>| fields(&change(before.cloned(), after.cloned()));
        let s = |text: &str| Some(text.to_owned());
        assert_eq!(
            told(Some(&old), Some(&new)),
            [("Means".into(), None, s("kind call, to 1")), ("Role".into(), s("reader"), s("manager"))]
        );
        assert_eq!(told(None, Some(&old)).len(), 3, "everything of what is new");
        assert_eq!(told(Some(&json!([1])), Some(&json!([1, 2]))), [("Value".into(), s("1"), s("1, 2"))]);
        assert_eq!(told(None, None), []);
    }
}
