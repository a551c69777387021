//! Words and small parts that several pages need.

use super::typed::Typed;
use crate::web::pages::frame::Done;
use crate::web::view::parts::{Prose, State, Tel};
use axum::extract::Query;
use axum::response::Redirect;
use muster_core::contact::MeansKind;
use muster_core::directory::{Means, Organisation, Person};
use muster_core::ids::PersonId;
pub use muster_core::words::count as thousands;
pub use muster_core::words::upper_first;
use std::collections::BTreeMap;

/// What stands behind the question mark of an address. Of a name that stands there twice the last counts.
pub type Asked = Query<BTreeMap<String, String>>;

/// Longest text that a list is searched for, in characters: a name, with room to spare.
const SEARCH_MAX: usize = 80;

/// What was asked for under `name`, without blanks around it; empty if nothing was.
#[must_use]
pub fn asked(query: &Asked, name: &str) -> String {
    query.get(name).map_or(String::new(), |text| text.trim().chars().take(SEARCH_MAX).collect())
}

/// `1 alert`, `12,004 alerts`.
#[must_use]
pub fn counted(n: u64, one: &str, more: &str) -> String {
    format!("{} {}", thousands(n), if n == 1 { one } else { more })
}

/// Full name, with `(you)` for the reader.
#[must_use]
pub fn name_of(org: &Organisation, id: &PersonId, reader: &PersonId) -> String {
    let name = org.person_ref(id).name;
    if id == reader { format!("{name} (you)") } else { name }
}

/// The number to ring.
#[must_use]
pub fn tel(person: &Person) -> Option<Tel> {
    person.address(MeansKind::Call).or_else(|| person.address(MeansKind::Sms)).map(Tel::new)
}

/// Number, address or topic; a number can be tapped.
#[must_use]
pub fn address(means: &Means) -> Prose {
    match means.kind {
        MeansKind::Call | MeansKind::Sms => {
            let tel = Tel::new(&means.to);
            Prose::default().link(tel.href, tel.text)
        }
        MeansKind::InPerson | MeansKind::Email | MeansKind::Push | MeansKind::Webhook => means.to.as_str().into(),
    }
}

/// What stands in the way of reaching somebody, if anything does.
#[must_use]
pub fn out_of_reach(person: &Person) -> Option<State> {
    if person.gone {
        return Some(State::not("Has left"));
    }
    let none = person.means.iter().all(|m| m.kind == MeansKind::InPerson);
    none.then(|| State::late("No means of contact"))
}

/// Back to `page` after the act of `typed`, which is stored now.
pub fn after(page: &str, what: &str, typed: &Typed) -> Redirect {
    match typed.act() {
        Some(act) => {
            let done = Done { what: what.to_owned(), act: act.to_owned(), entry: None };
            Redirect::to(&format!("{page}?{}", done.to_query()))
        }
        None => Redirect::to(page),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_words_agree() {
        for (n, words) in [(0, "0"), (999, "999"), (1_000, "1,000"), (21_520, "21,520"), (1_234_567, "1,234,567")] {
            assert_eq!(thousands(n), words);
        }
        assert_eq!(counted(1, "alert", "alerts"), "1 alert");
        assert_eq!(counted(12_004, "alert", "alerts"), "12,004 alerts");
        assert_eq!((upper_first("élan"), upper_first("")), ("Élan".to_owned(), String::new()));
    }

    #[test]
    fn a_person_is_out_of_reach_without_a_means_that_a_machine_can_use() {
        let means = |kind| Means { kind, to: "x".into(), wait: None };
        let person = |means: &[Means], gone| Person { means: means.to_vec(), gone, ..Person::default() };
        let words = |p: &Person| out_of_reach(p).map(|s| s.words.plain().to_owned());
        assert_eq!(words(&person(&[means(MeansKind::Email)], false)), None);
        assert_eq!(words(&person(&[means(MeansKind::InPerson)], false)).as_deref(), Some("No means of contact"));
        assert_eq!(words(&person(&[means(MeansKind::Email)], true)).as_deref(), Some("Has left"));
    }
}
