//! By what an item is named: a directory name, or its place in a list.

use super::{Item, last};
use crate::web::pages::acts::reading::Wrong;
use crate::web::pages::typed::Typed;
use muster_core::directory::Organisation;
use muster_core::ids::is_directory_name;

/// Under which name, and in which place of its list, something is put.
pub(super) fn placed<T: Item>(
    typed: &Typed,
    name: Option<&str>,
    org: &Organisation,
) -> Result<(String, Option<usize>), Wrong> {
    if T::ONLY {
        return Ok((String::new(), None));
    }
    if T::LISTED {
        let place: usize = typed.get("place").trim().parse().unwrap_or_default();
        let most = last::<T>(org) + usize::from(name.is_none());
        if !(1..=most).contains(&place) {
            return Err((Some("place"), format!("Write its place in the list: 1 to {most}.")));
        }
        return Ok((name.unwrap_or_default().to_owned(), Some(place)));
    }
    if let Some(name) = name {
        return Ok((name.to_owned(), None));
    }
    let typed_id = typed.some("id").map(str::to_owned);
    let id = typed_id.unwrap_or_else(|| made_from(typed.get("name"), T::KIND, |id| T::find(org, id).is_some()));
    if !is_directory_name(&id) {
        let how = "Write 1 to 64 of a-z, 0-9, dash, dot and underscore, beginning with a letter or a digit.";
        return Err((Some("id"), how.into()));
    }
    Ok((id, None))
}

/// A directory name for what people call `name`, that nothing else has; after its kind if no letter of it can stand there.
pub(super) fn made_from(name: &str, kind: &str, taken: impl Fn(&str) -> bool) -> String {
    let lower = name.to_lowercase();
    let words: Vec<_> = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let base: String = words.join("-").chars().take(56).collect();
    let base = if base.is_empty() && !name.trim().is_empty() { kind.to_owned() } else { base };
    let numbered = (2..).map(|n| format!("{base}-{n}"));
    std::iter::once(base.clone()).chain(numbered).find(|id| !taken(id)).unwrap_or_default()
}

/// The one in that place, counted from 1.
pub fn nth<'a, T>(list: &'a [T], name: &str) -> Option<&'a T> {
    list.get(name.parse::<usize>().ok()?.checked_sub(1)?)
}

/// Puts `item` into `place`, both counted from 1: instead of the one that stood at `name`, or as a new one.
pub fn put_in<T>(list: &mut Vec<T>, name: &str, place: Option<usize>, item: T) {
    take_from(list, name);
    let place = place.unwrap_or(usize::MAX).saturating_sub(1).min(list.len());
    list.insert(place, item);
}

/// Takes away the one in that place, if there is one.
pub fn take_from<T>(list: &mut Vec<T>, name: &str) {
    if let Some(n) = name.parse::<usize>().ok().and_then(|n| n.checked_sub(1)).filter(|n| *n < list.len()) {
        list.remove(n);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_name_is_made_from_what_people_call_it() {
        let made = |name: &str| made_from(name, "person", |id| id == "ana-cole" || id == "ana-cole-2");
        assert_eq!(made("Directory & sign-in"), "directory-sign-in");
        assert_eq!(made("Ana  Cole"), "ana-cole-3");
        assert!(is_directory_name(&made(&"Very long ".repeat(30))));
        assert_eq!((made("Иван Петров"), made(" ")), ("person".into(), String::new()));
    }

    #[test]
    fn a_place_in_a_list_is_counted_from_one() {
        let mut list = vec!["a", "b", "c"];
        put_in(&mut list, "3", Some(1), "C");
        assert_eq!(list, ["C", "a", "b"]);
        put_in(&mut list, "", Some(4), "d");
        put_in(&mut list, "2", Some(2), "A");
        assert_eq!(list, ["C", "A", "b", "d"]);
        take_from(&mut list, "9");
        take_from(&mut list, "1");
        assert_eq!(
            (list.as_slice(), nth(&list, "2"), nth(&list, "0"), nth(&list, "x")),
            (&["A", "b", "d"][..], Some(&"b"), None, None)
        );
    }
}
