//! Forms are printed and read back with poppler's tools (Debian package `poppler-utils`).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use muster_paper::{
    Choice, Form, Note, PaperError, Paragraph, ROWS_MAX, Section, Span, TEXT_MAX, Value, Width, form_pdf,
};
use proptest::prelude::*;
use serde_json::Value as Json;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// The form of `ui/form-print.html`: 22 fields, 47 notes.
fn reference() -> Form {
    serde_json::from_str(include_str!("incident-2026-041.json")).unwrap()
}

/// What a poppler tool says about `pdf`.
fn poppler(test: &str, pdf: &[u8], command: &[&str]) -> String {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}.pdf"));
    fs::write(&file, pdf).unwrap();
    let mut run = Command::new(command[0]);
    run.args(&command[1..]).arg(&file);
    if command[0] == "pdftotext" {
        run.arg("-");
    }
    let out = run.output().expect("poppler-utils is installed");
    assert!(out.status.success(), "{out:?}");
    // pdfinfo prints titles of headings in UTF-16 between its UTF-8.
    String::from_utf8_lossy(&out.stdout).into_owned()
}

fn pages(test: &str, pdf: &[u8]) -> Vec<String> {
    let text = poppler(test, pdf, &["pdftotext", "-layout"]);
    text.split_terminator('\u{c}').map(str::to_owned).collect()
}

/// What a screen reader reads, in its order, without spaces and line ends.
fn read_aloud(test: &str, pdf: &[u8]) -> String {
    let tree = poppler(test, pdf, &["pdfinfo", "-struct-text"]);
    let quoted = tree.lines().filter_map(|l| l.trim().strip_prefix('"')?.strip_suffix('"'));
    squeezed(&quoted.collect::<String>())
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

fn words(paragraphs: &[Paragraph]) -> String {
    paragraphs.iter().flatten().map(|s| s.text.as_str()).collect()
}

fn section_words(section: &Section) -> String {
    let mut all = format!("{}{}{}", section.letter, section.title, section.remark);
    for field in &section.fields {
        all += &format!("{}{}", field.number, field.label);
        all += &match &field.value {
            Value::Fact(text) | Value::Big(text) | Value::Prose(text) => words(text),
            Value::Options(choices) => {
                choices.iter().map(|c| format!("{}{}", if c.on { '☒' } else { '☐' }, c.label)).collect()
            }
        };
    }
    all
}

/// Every word of a form in the order of the paper.
fn all_words(form: &Form) -> String {
    let mut all = format!("{}{}{}{}", form.organisation, form.title, form.stamp.state.to_uppercase(), form.stamp.as_of);
    all.extend(form.sections.iter().map(section_words));
    if let Some(notes) = &form.notes {
        all += &section_words(&notes.section);
        all += &notes.columns.concat();
        for row in &notes.rows {
            let (when, event) = (words(std::slice::from_ref(&row.when)), words(std::slice::from_ref(&row.event)));
            all += &format!("{}{when}{}{event}{}{}", row.number, row.kind, row.written, row.by);
        }
    }
    if let Some(proof) = &form.proof {
        for (label, text) in [&proof.entries, &proof.checked, &proof.head] {
            all += &format!("{label}{text}");
        }
    }
    all.extend(form.signatures.iter().map(|s| format!("{}{}", s.label, s.value)));
    squeezed(&(all + &words(&form.fine_print)))
}

// proves: DOC-5 the form with its log exports as PDF: every field and every entry, in order
#[test]
fn every_field_and_note_is_there_in_order() {
    let form = reference();
    let pdf = form_pdf(&form).unwrap();
    assert_eq!(read_aloud("order", &pdf), all_words(&form));
}

// proves: DOC-5 as PDF that looks like a form: numbered boxes, ticked kinds, a head on every page of notes
#[test]
fn it_looks_like_a_form() {
    let pages = pages("looks", &form_pdf(&reference()).unwrap());
    assert_eq!(pages.len(), 3);
    for (i, page) in pages.iter().enumerate() {
        let foot = squeezed(page.trim_end().lines().last().unwrap());
        let right = format!("Page{}of3", i + 1);
        assert_eq!(foot, squeezed("Incident form 2026-041, as of 17 Nov 2026, 04:10 GMT, entry 47") + &right);
    }
    let line = |page: &str, start: &str| {
        let found =
            page.lines().find(|l| l.trim_start().starts_with(start)).unwrap_or_else(|| panic!("{start}: {page}"));
        found.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(line(&pages[0], "1 Name"), "1 Name 2 Reference number");
    assert_eq!(line(&pages[0], "Nobody"), "Nobody can sign in to email or the student portal 2026-041");
    let kinds = "☒ Organisation-wide service lost ☐ Departmental service lost ☐ Severely degraded ☐ Planned work";
    assert_eq!(line(&pages[0], "☒"), kinds);
    let header = "No. Date and time Kind Event or people contacted By whom";
    assert_eq!(line(&pages[1], "No."), header);
    assert_eq!(line(&pages[1], "3 "), "3 17 Nov 02:39 contact Priya Raman, Server team on call, pager: sent. Muster");
    assert_eq!(line(&pages[2], "No."), header, "the header stands on every page of notes");
    assert_eq!(
        line(&pages[2], "47, none"),
        "47, none missing 17 Nov 2026, 04:10 e756 965c ed23 4f30 011c b727 fa70 4156"
    );
}

#[test]
fn it_is_an_archivable_accessible_document() {
    let pdf = form_pdf(&reference()).unwrap();
    let info = poppler("properties", &pdf, &["pdfinfo", "-isodates"]);
    for property in [
        "Title:           Incident form 2026-041 - Northmere University",
        "CreationDate:    2026-11-17T04:10:00Z",
        "Creator:         Muster",
        "Tagged:          yes",
        "Page size:       595.276 x 841.89 pts (A4)",
    ] {
        assert!(info.contains(property), "{property} in {info}");
    }
    let meta = poppler("meta", &pdf, &["pdfinfo", "-meta"]);
    for property in ["<pdfaid:part>2<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<", "<rdf:li>en-GB<"] {
        assert!(meta.contains(property), "{property} in {meta}");
    }
}

#[test]
fn the_same_form_gives_the_same_bytes() {
    let form = reference();
    assert!(form_pdf(&form).unwrap() == form_pdf(&form).unwrap());
    let later = Form { created: form.created + jiff::SignedDuration::from_secs(1), ..form.clone() };
    assert!(form_pdf(&later).unwrap() != form_pdf(&form).unwrap());
    let copy: Form = serde_json::from_str(&serde_json::to_string(&form).unwrap()).unwrap();
    assert_eq!(copy, form, "a form can be kept and printed later");
}

/// A form with each kind of field and two notes, and `text` in every place of these names that takes text.
fn with(text: &str, places: &[&str]) -> Form {
    let mut form = reference();
    form.sections[0].fields.retain(|f| matches!(f.number, 1 | 3 | 11));
    form.sections[1].fields.retain(|f| matches!(f.value, Value::Options(_)));
    form.notes.as_mut().unwrap().rows.truncate(2);
    let mut data = serde_json::to_value(form).unwrap();
    replace(&mut data, text, places);
    serde_json::from_value(data).unwrap()
}

/// What people write: text of any length.
const WRITTEN: [&str; 5] = ["text", "kind", "by", "written", "organisation"];

/// `text` wherever there is text.
fn everywhere(text: &str) -> Form {
    let more =
        ["name", "title", "state", "as_of", "letter", "remark", "label", "columns", "entries", "checked", "head"];
    with(text, &[&WRITTEN[..], &more, &["value", "footer"]].concat())
}

fn replace(data: &mut Json, text: &str, places: &[&str]) {
    let is_text = |v: &Json| v.is_string() || v[0].is_string();
    match data {
        Json::Array(items) => items.iter_mut().for_each(|v| replace(v, text, places)),
        Json::Object(fields) => {
            fields
                .iter_mut()
                .filter(|(k, v)| places.contains(&k.as_str()) || !is_text(v))
                .for_each(|(_, v)| replace(v, text, places));
        }
        Json::String(s) => *s = text.to_owned(),
        _ => {}
    }
}

#[test]
fn nothing_is_read_as_markup() {
    for (name, text) in [
        ("code", r##"#panic() #{1+1} #import "x.typ" #read("/etc/passwd") #sys.version"##),
        ("brackets", r"] [ } { ) ( $ x^2 $ @ref <label> // no /* no */ \ \u{41} \"),
        ("marks", r#"*b* _e_ `r` = h + n / t: d -- --- ... ~ 'q' "q" -> => != >= 1x2 fi ffi https://a.example"#),
    ] {
        let form = everywhere(text);
        assert_eq!(read_aloud(name, &form_pdf(&form).unwrap()), all_words(&form));
    }
}

#[test]
fn names_in_other_alphabets_are_printed() {
    let form = everywhere("Łukasz Wieczorek, Nguyễn Thị Ánh, Őri Gyűrűs, Юлия, Ελένη, Ştefan");
    assert_eq!(read_aloud("latin", &form_pdf(&form).unwrap()), all_words(&form));
    let text = pages("right-to-left", &form_pdf(&everywhere("שלום عليكم")).unwrap()).concat();
    assert!(text.contains("שלום") && text.contains("عليكم"));
}

#[test]
fn a_character_without_glyph_fails_nothing_and_is_named() {
    let form = everywhere("中文 🔥");
    let pdf = form_pdf(&form).unwrap();
    let text = squeezed(&pages("glyphs", &pdf).concat());
    assert!(text.contains(&squeezed("the fonts lack them: U+4E2D U+6587 U+1F525.")), "{text}");
    assert!(poppler("glyphs-tags", &pdf, &["pdfinfo"]).contains("Tagged:          yes"));
}

#[test]
fn long_words_and_long_texts_stay_on_the_sheet_and_lose_nothing() {
    for (name, text, mark) in [
        ("long-word", "W".repeat(200), "W"),
        ("long-address", "https://monitor.example/?q=1&".repeat(20), "&"),
        ("many-lines", "line\n".repeat(120), "line"),
    ] {
        let form = with(&text, &WRITTEN);
        let pdf = form_pdf(&form).unwrap();
        let printed = poppler(name, &pdf, &["pdftotext", "-raw"]);
        assert_eq!(printed.matches(mark).count(), all_words(&form).matches(mark).count(), "{name}");
        for (left, right) in glyph_edges(name, &pdf) {
            assert!(left > 39.0 && right < 556.0, "{name}: text from {left} to {right} pt leaves the sheet");
        }
    }
}

/// Left and right end of each word, in points.
fn glyph_edges(test: &str, pdf: &[u8]) -> Vec<(f64, f64)> {
    let boxes = poppler(test, pdf, &["pdftotext", "-bbox"]);
    let number = |line: &str, name: &str| line.split(name).nth(1)?.split('"').nth(1)?.parse().ok();
    boxes.lines().filter_map(|l| Some((number(l, "xMin=")?, number(l, "xMax=")?))).collect()
}

#[test]
fn a_short_note_is_not_torn_apart_by_a_page_end() {
    let mut form = reference();
    let notes = form.notes.as_mut().unwrap();
    notes.rows.truncate(20);
    for row in &mut notes.rows {
        row.event = vec![Span::new("alpha\n2\n3\n4\n5\n6\nomega")];
    }
    for page in pages("torn", &form_pdf(&form).unwrap()) {
        assert_eq!(page.matches("alpha").count(), page.matches("omega").count());
    }
}

#[test]
fn a_log_of_2000_entries_is_printed_in_bounded_time() {
    let mut form = reference();
    let notes = form.notes.as_mut().unwrap();
    let model = notes.rows.clone();
    notes.rows = (1..=2_000).zip(model.iter().cycle()).map(|(number, r)| Note { number, ..r.clone() }).collect();
    let start = Instant::now();
    let pdf = form_pdf(&form).unwrap();
    assert!(start.elapsed() < Duration::from_secs(240), "{:?}, unoptimised and on a busy machine", start.elapsed());
    let pages = pages("2000", &pdf);
    assert!(pages.last().unwrap().contains("Page 70 of 70"));
    let rows = &form.notes.as_ref().unwrap().rows;
    let mut next = rows.iter().peekable();
    for line in pages[1..].iter().flat_map(|page| page.lines()) {
        let begins = |r: &&Note| line.split_whitespace().next() == Some(&r.number.to_string());
        if let Some(row) = next.next_if(begins) {
            assert!(line.contains(&row.kind) && line.contains(&row.by), "{row:?}: {line}");
        }
    }
    assert_eq!(next.peek(), None, "every entry is there, in order");
}

#[test]
fn too_much_is_refused_with_its_size() {
    let mut form = reference();
    let notes = form.notes.as_mut().unwrap();
    notes.rows = vec![notes.rows[0].clone(); ROWS_MAX + 1];
    let refusal = form_pdf(&form).unwrap_err();
    assert!(matches!(refusal, PaperError::TooLong { rows, .. } if rows == ROWS_MAX + 1), "{refusal}");
    let mut form = reference();
    form.title = "x".repeat(TEXT_MAX);
    assert!(matches!(form_pdf(&form), Err(PaperError::TooLong { bytes, .. }) if bytes > TEXT_MAX));
}

#[test]
fn an_empty_form_is_a_form() {
    let mut form = everywhere("");
    assert_eq!(read_aloud("empty", &form_pdf(&form).unwrap()), all_words(&form));
    form.sections.clear();
    form.notes = None;
    form.proof = None;
    form.signatures.clear();
    form.fine_print.clear();
    assert_eq!(pages("bare", &form_pdf(&form).unwrap()).len(), 1);
}

#[test]
fn fields_that_leave_a_gap_keep_their_order() {
    let mut form = reference();
    let widths = [Width::Half, Width::TwoThirds, Width::Quarter, Width::Third, Width::Full, Width::Quarter];
    form.notes = None;
    form.sections.truncate(1);
    form.sections[0].fields.truncate(widths.len());
    for (field, width) in form.sections[0].fields.iter_mut().zip(widths) {
        field.width = width;
    }
    form.sections[0].fields[2].value = Value::Options(vec![Choice { label: "Only".into(), on: false }]);
    assert_eq!(read_aloud("gap", &form_pdf(&form).unwrap()), all_words(&form));
}

proptest! {
    // Each case lays out a whole form, so there are few of them, with much text in each.
    #![proptest_config(ProptestConfig { cases: 5, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_it_fail(text in "\\PC{0,60}|[\\x00-\\u{10ffff}]{0,60}") {
        prop_assert!(form_pdf(&everywhere(&text)).is_ok());
    }
}
