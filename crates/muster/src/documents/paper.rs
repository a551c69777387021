//! The incident form on paper: what the process computed, in the shape that `muster-paper` lays out.

use muster_core::chain::Hash;
use muster_core::form::plan::{Plan, Row};
use muster_core::form::{self, Form};
use muster_paper as paper;
use muster_paper::{Choice, Paragraph, Section, Signature, Span, Stamp, Value, Width};

/// The form as it stands on paper.
#[must_use]
pub fn on_paper(form: &Form, head: Hash, filled_by: &str) -> paper::Form {
    let pick = |range: std::ops::RangeInclusive<u8>| {
        form.fields.iter().filter(|f| range.contains(&f.number)).map(field).collect::<Vec<_>>()
    };
    paper::Form {
        name: format!("Incident form {} - {}", form.number, form.organisation),
        created: form.as_of_at,
        organisation: form.organisation.clone(),
        title: "Incident form".into(),
        stamp: Stamp { state: form.state.clone(), as_of: format!("as of {}", form.as_of) },
        sections: vec![
            Section {
                letter: "A".into(),
                title: "The incident".into(),
                remark: "Computed from the log; edits by hand carry their entry number.".into(),
                fields: pick(1..=16),
            },
            Section {
                letter: "B".into(),
                title: "Kind and dates".into(),
                remark: String::new(),
                fields: pick(17..=20),
            },
        ],
        notes: Some(paper::Notes {
            section: Section {
                letter: "C".into(),
                title: "Notes".into(),
                remark: "Every entry of the log, in its order. Nothing is erased.".into(),
                fields: pick(21..=99),
            },
            columns: ["No.", "Date and time", "Kind", "Event or people contacted", "By whom"].map(Into::into),
            rows: form.notes.iter().map(note).collect(),
        }),
        proof: Some(paper::Proof {
            entries: ("Entries in the log".into(), format!("{}, none missing", form.notes.len())),
            checked: ("Chain checked".into(), form.as_of.clone()),
            head: ("Head of the log, SHA-256".into(), head.to_string()),
        }),
        signatures: [("Person filling out form", filled_by), ("Signature", ""), ("Date", "")]
            .map(|(label, value)| Signature { label: label.into(), value: value.into() })
            .into(),
        fine_print: vec![vec![
            Span::new(
                "A message left, sent or delivered is never a direct contact. Outage duration is field 15 minus field 3. \
             Check this paper against its record with ",
            ),
            Span::new(format!("muster verify {}", form.number)),
            Span::new(
                ": the same number of entries and the same head mean that nothing was added, changed or left out.",
            ),
        ]],
        footer: format!("Incident form {}, as of {}, entry {}", form.number, form.as_of, form.entry),
    }
}

/// The restoration plan as it stands on paper: a section each, with a box for each thing that it says.
#[must_use]
pub fn plan_on_paper(plan: &Plan) -> paper::Form {
    let mut number = 0;
    let mut boxed = |label: String, value: Value| {
        number += 1;
        paper::Field { number, label, width: Width::Full, value }
    };
    let incident = Section {
        letter: "A".into(),
        title: "The incident".into(),
        remark: String::new(),
        fields: vec![boxed("Name".into(), Value::Big(vec![vec![Span::new(&plan.title)]]))],
    };
    let mut row = |r: &Row| {
        let what = match r.number {
            Some(n) => format!("{n}. {}", r.what),
            None => r.what.clone(),
        };
        let details = r.details.iter().map(|d| vec![Span::new(d).small()]);
        boxed(r.state_words(), Value::Fact(std::iter::once(vec![Span::new(what)]).chain(details).collect()))
    };
    let sections = plan.sections.iter().zip('B'..).map(|(section, letter)| Section {
        letter: letter.into(),
        title: section.title.into(),
        remark: if section.rows.is_empty() { section.none.into() } else { String::new() },
        fields: section.rows.iter().map(&mut row).collect(),
    });
    paper::Form {
        name: format!("Restoration plan {} - {}", plan.number, plan.organisation),
        created: plan.as_of_at,
        organisation: plan.organisation.clone(),
        title: format!("Restoration plan {}", plan.number),
        stamp: Stamp { state: plan.state.clone(), as_of: format!("as of {}", plan.as_of) },
        sections: std::iter::once(incident).chain(sections).collect(),
        notes: None,
        proof: None,
        signatures: Vec::new(),
        fine_print: Vec::new(),
        footer: format!("Restoration plan {}, as of {}, entry {}", plan.number, plan.as_of, plan.entry),
    }
}

fn field(f: &form::Field) -> paper::Field {
    let mut paragraphs: Vec<Paragraph> = f.value.iter().map(|v| vec![Span::new(v)]).collect();
    if !f.remark.is_empty() {
        let remark = Span::new(format!(" {}", f.remark)).small();
        match paragraphs.last_mut() {
            // Who was not reached is no remark on the name that happens to stand last.
            Some(_) if f.key == "staff" => paragraphs.push(vec![remark]),
            Some(last) => last.push(remark),
            None => paragraphs.push(vec![remark]),
        }
    }
    let (width, value) = match f.key.as_ref() {
        "title" => (Width::TwoThirds, Value::Big(paragraphs)),
        "number" => (Width::Third, Value::Big(paragraphs)),
        "outage" => (Width::Half, Value::Big(paragraphs)),
        "went-down" | "recorded" | "discovered" | "severity" | "report-due" | "contacts" => {
            (Width::Third, Value::Fact(paragraphs))
        }
        "manager" | "communications" | "systems" | "owners" | "restored" | "told" => {
            (Width::Half, Value::Fact(paragraphs))
        }
        "symptoms" | "staff" | "cause" | "resolution" => (Width::Full, Value::Prose(paragraphs)),
        "kind" => (Width::Full, Value::Options(kinds(f))),
        _ => (Width::Full, Value::Fact(paragraphs)),
    };
    paper::Field { number: f.number.into(), label: f.label.to_string(), width, value }
}

fn kinds(f: &form::Field) -> Vec<Choice> {
    let chosen = |words: &str| f.value.iter().any(|v| v == words);
    f.offered.iter().map(|words| Choice { label: words.clone(), on: chosen(words) }).collect()
}

fn note(note: &form::Note) -> paper::Note {
    paper::Note {
        number: note.number,
        when: vec![Span::new(&note.when)],
        kind: note.kind.into(),
        event: vec![Span::new(&note.text)],
        written: note.remarks.join(" "),
        by: note.by.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_core::form::plan;

    // proves: DOC-5 the evaluation and restoration plan exports as PDF that looks like a form: lettered sections, numbered boxes
    #[test]
    fn a_plan_on_paper_has_a_box_for_each_thing_that_it_says() {
        let row = |n: Option<u32>, what: &str, state: &str| plan::Row {
            number: n,
            what: what.into(),
            state: state.into(),
            details: vec!["Priya Raman, 03:01 GMT".into()],
        };
        let section = |key, title, rows| plan::Section { key, title, none: "None is named yet.", rows };
        let paper = plan_on_paper(&Plan {
            organisation: "Northmere University".into(),
            number: "2026-041".into(),
            title: "Sign-in fails".into(),
            state: "Open".into(),
            as_of: "17 Nov 2026, 10:00 GMT".into(),
            as_of_at: "2026-11-17T10:00:00Z".parse().unwrap(),
            time_zone: "Europe/London".into(),
            entry: 31,
            sections: vec![
                section("parts", "Parts", vec![row(None, "Storage", "suspected")]),
                section("causes", "Likely causes", vec![row(Some(1), "a full disk", "ruled out")]),
                section("tasks", "Tasks", Vec::new()),
            ],
        });
        let heads: Vec<_> = paper.sections.iter().map(|s| (&*s.letter, &*s.title, &*s.remark)).collect();
        assert_eq!(
            heads,
            [
                ("A", "The incident", ""),
                ("B", "Parts", ""),
                ("C", "Likely causes", ""),
                ("D", "Tasks", "None is named yet.")
            ]
        );
        let boxes: Vec<_> = paper.sections.iter().flat_map(|s| &s.fields).map(|f| (f.number, &*f.label)).collect();
        assert_eq!(boxes, [(1, "Name"), (2, "Suspected"), (3, "Ruled out")]);
        let Value::Fact(said) = &paper.sections[2].fields[0].value else { panic!("{paper:?}") };
        assert_eq!((said[0][0].text.as_str(), said[1][0].small), ("1. a full disk", true));
        assert!(paper.footer.ends_with("entry 31") && muster_paper::form_pdf(&paper).unwrap().starts_with(b"%PDF"));
    }
}
