//! From what people and machines wrote to what can be printed.

use crate::world::has_glyph;
use serde_json::Value;
use std::collections::BTreeSet;
use typst::text::is_default_ignorable;

/// `text` as it goes on paper. Line breaks stay. What has no shape is replaced or left out, and so
/// are marks that turn the direction of writing: with them a text could make the words around it
/// read otherwise than they were written.
fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut after_return = false;
    for c in text.chars() {
        match c {
            '\n' if after_return => {}
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            '\t' => out.push(' '),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => {}
            c if c.is_control() || is_noncharacter(c) => out.push(char::REPLACEMENT_CHARACTER),
            c => out.push(c),
        }
        after_return = c == '\r';
    }
    out
}

/// Code points that Unicode will never give a meaning (The Unicode Standard, section 23.7).
fn is_noncharacter(c: char) -> bool {
    matches!(u32::from(c), 0xfdd0..=0xfdef) || u32::from(c) & 0xfffe == 0xfffe
}

/// Whether `c` needs no picture of its own.
fn is_invisible(c: char) -> bool {
    c == '\n' || is_default_ignorable(c)
}

/// Makes every text in `data` printable.
pub fn make_printable(data: &mut Value) {
    match data {
        Value::String(text) => *text = printable(text),
        Value::Array(items) => items.iter_mut().for_each(make_printable),
        Value::Object(fields) => fields.values_mut().for_each(make_printable),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Characters in `data` that no font has a picture of.
pub fn without_glyph(data: &Value) -> BTreeSet<char> {
    match data {
        Value::String(text) => text.chars().filter(|&c| !is_invisible(c) && !has_glyph(c)).collect(),
        Value::Array(items) => items.iter().flat_map(without_glyph).collect(),
        Value::Object(fields) => fields.values().flat_map(without_glyph).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => BTreeSet::new(),
    }
}

/// How many bytes of text `data` holds.
pub fn text_len(data: &Value) -> usize {
    match data {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(text_len).sum(),
        Value::Object(fields) => fields.values().map(text_len).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_made_printable() {
        for (written, printed) in [
            ("plain #panic() ] $ @x // \\ é", "plain #panic() ] $ @x // \\ é"),
            ("a\r\nb\rc\nd", "a\nb\nc\nd"),
            ("a\tb", "a b"),
            ("NUL \0, bell \u{7}, C1 \u{9b}", "NUL \u{fffd}, bell \u{fffd}, C1 \u{fffd}"),
            ("turned \u{202e}txt.exe\u{202c} and \u{2067}x\u{2069}", "turned txt.exe and x"),
            ("\u{feff}mark, \u{ffff} \u{fdd0} \u{1fffe}", "mark, \u{fffd} \u{fffd} \u{fffd}"),
        ] {
            assert_eq!(printable(written), printed);
        }
    }

    #[test]
    fn every_text_is_reached() {
        let mut data = serde_json::json!({"a": ["\0", {"b": "\0"}], "c": 1, "d": null});
        make_printable(&mut data);
        assert_eq!(data, serde_json::json!({"a": ["\u{fffd}", {"b": "\u{fffd}"}], "c": 1, "d": null}));
        assert_eq!(text_len(&data), 6);
    }

    #[test]
    fn missing_pictures_are_named_once() {
        let data = serde_json::json!(["a中", "中\n文", "joined \u{200d}"]);
        assert_eq!(without_glyph(&data).into_iter().collect::<String>(), "中文");
    }
}
