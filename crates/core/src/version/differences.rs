//! What one version says that another does not, line by line.

use crate::entry::PolicyBody;
use crate::procedure::{Component, Step};

/// One difference between two versions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// Where: `4. Client notification, steps`.
    pub place: String,
    /// What the older says; none if it says nothing there.
    pub was: Option<String>,
    /// What the newer says; none if it says nothing there.
    pub is: Option<String>,
}

/// Every difference, in the order of the components; the checklist and the figures after them.
#[must_use]
pub fn differences(older: &PolicyBody, newer: &PolicyBody) -> Vec<Difference> {
    let mut all = Vec::new();
    for (component, n) in Component::ALL.into_iter().zip(1..) {
        let (was, is) = (older.procedure.of(component), newer.procedure.of(component));
        let place = |what: &str| format!("{n}. {}, {what}", component.title());
        all.extend(lines(&place("steps"), &was.steps, &is.steps));
        all.extend(lines(&place("decisions"), &was.decisions, &is.decisions));
    }
    let step = |s: Step| match s.seen_by.as_slice() {
        [] => s.words,
        seen => format!("{} (seen by {})", s.words, seen.iter().map(|by| by.word()).collect::<Vec<_>>().join(", ")),
    };
    let steps = |body: &PolicyBody| body.procedure.checklist().into_iter().map(step).collect::<Vec<_>>();
    all.extend(lines("The checklist at a glance", &steps(older), &steps(newer)));
    all.extend(figures(older, newer));
    all
}

/// Lines that are gone beside lines that came, in their order; or both lists, where only the order is another.
fn lines(place: &str, was: &[String], is: &[String]) -> Vec<Difference> {
    let not_in = |these: &[String], those: &[String]| -> Vec<String> {
        these.iter().filter(|line| !those.contains(line)).cloned().collect()
    };
    let (gone, came) = (not_in(was, is), not_in(is, was));
    if gone.is_empty() && came.is_empty() && was != is {
        let joined = |lines: &[String]| Some(lines.join("; "));
        return vec![Difference { place: format!("{place}, their order"), was: joined(was), is: joined(is) }];
    }
    let pair = |n: usize| Difference { place: place.to_owned(), was: gone.get(n).cloned(), is: came.get(n).cloned() };
    (0..gone.len().max(came.len())).map(pair).collect()
}

/// Figures by what they say: the n-th of those that say the same beside the n-th.
fn figures(older: &PolicyBody, newer: &PolicyBody) -> Vec<Difference> {
    let mut was = older.policy.figures();
    let mut all = Vec::new();
    for figure in newer.policy.figures() {
        let known = was.iter().position(|f| f.what == figure.what).map(|n| was.remove(n).value);
        if known.as_ref() != Some(&figure.value) {
            all.push(Difference { place: figure.what, was: known, is: Some(figure.value) });
        }
    }
    all.extend(was.into_iter().map(|f| Difference { place: f.what, was: Some(f.value), is: None }));
    all
}
