//! What the next signal of an open alert changes.

use crate::fixture::*;
use muster_core::alert::{Heard, Known, Signal, Status, hear};
use muster_core::system::Condition::{Degraded, Down};

/// When the next signal is accepted.
const NOW: i64 = 600;

fn firing() -> Signal {
    alert("mail", Down).signal
}

fn known() -> Known<'static> {
    Known { firing: true, sent: "down", due_at: None, ends_at: None, incident_goes_on: None }
}

fn heard(news: bool, due_at: Option<i64>) -> Heard {
    Heard { news, fires_anew: false, due_at: due_at.map(at), ends_at: None }
}

#[test]
fn only_what_is_new_is_looked_at() {
    let soon = |ends: i64| Signal { ends_at: Some(at(ends)), ..firing() };
    let over = Signal { status: Status::Resolved, ..firing() };
    let ends = |ends: i64, heard: Heard| Heard { ends_at: Some(at(ends)), ..heard };
    let anew = Heard { fires_anew: true, ..heard(true, Some(NOW)) };
    let watched = Known { due_at: Some(at(900)), ..known() };
    let expires = Known { due_at: Some(at(900)), ends_at: Some(at(900)), ..known() };
    let was_over = Known { firing: false, due_at: Some(at(590)), ..known() };
    let member = |goes_on| Known { incident_goes_on: Some(goes_on), ..known() };
    for (what, known, signal, expected) in [
        ("a repetition", known(), firing(), heard(false, None)),
        ("one of a watched alert", watched.clone(), firing(), heard(false, Some(900))),
        ("it gets better", watched.clone(), Signal { condition: Degraded, ..firing() }, heard(true, Some(NOW))),
        ("over", watched.clone(), over.clone(), heard(true, Some(NOW))),
        ("over, said again", was_over.clone(), over.clone(), heard(false, Some(NOW))),
        ("over, but the time that it set stays known", expires.clone(), over, ends(900, heard(true, Some(NOW)))),
        ("it fires again before anybody saw that it was over", was_over, firing(), anew),
        ("over by itself, sooner than it is looked at", watched.clone(), soon(700), ends(700, heard(false, Some(700)))),
        ("over by itself, if nobody looks at it", known(), soon(700), ends(700, heard(false, Some(700)))),
        ("over by itself, later", expires, soon(1_000), ends(1_000, heard(false, Some(900)))),
        ("part of an incident that goes on", member(true), firing(), heard(false, None)),
        ("part of one that is over", member(false), firing(), heard(false, Some(NOW))),
    ] {
        assert_eq!(hear(&known, &signal, at(NOW)), expected, "{what}");
    }
}
