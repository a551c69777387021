//! Cursors: where a page ended, as a word that programs hand back without looking into it.

use crate::web::error::Problem;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use muster_core::refusal::Refusal;

/// The place that a cursor stands for: a time in epoch milliseconds, and an id.
///
/// # Errors
/// 422 if it is none of ours.
pub fn read(text: &str) -> Result<(i64, String), Problem> {
    let place = || {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let text = String::from_utf8(bytes).ok().filter(|t| !t.contains('\0'))?;
        let (at, id) = text.split_once(' ')?;
        Some((at.parse().ok()?, id.to_owned()))
    };
    place().ok_or_else(|| {
        let why = "This cursor is none. Send what the page before gave as next, or none for the first page.";
        Refusal::Senseless { field: "cursor", why: why.into() }.into()
    })
}

fn write((at, id): &(i64, String)) -> String {
    URL_SAFE_NO_PAD.encode(format!("{at} {id}"))
}

/// Cuts a list that was read with one item more than a page has, and gives the cursor of the next page
/// if there is one.
pub fn cut<T>(list: &mut Vec<T>, most: u32, place: impl Fn(&T) -> (i64, String)) -> Option<String> {
    let more = list.len() > most as usize;
    list.truncate(most as usize);
    list.last().filter(|_| more).map(|last| write(&place(last)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_went() {
        let mut list = vec![(5, "a b".to_owned()), (4, "é".to_owned()), (3, String::new())];
        let next = cut(&mut list, 2, Clone::clone).unwrap();
        assert_eq!((list.len(), read(&next).unwrap()), (2, (4, "é".to_owned())));
        assert_eq!(cut(&mut list, 2, Clone::clone), None);
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        for wrong in [
            "",
            "x",
            "****",
            &URL_SAFE_NO_PAD.encode("12"),
            &URL_SAFE_NO_PAD.encode("x y"),
            &URL_SAFE_NO_PAD.encode("1 \0"),
        ] {
            let refused = read(wrong).unwrap_err();
            assert_eq!((refused.status.as_u16(), refused.field), (422, Some("cursor")), "{wrong}");
        }
    }
}
