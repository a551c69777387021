//! The incident form and the restoration plan as text: CSV for spreadsheets, Markdown for wikis.

use muster_core::form::plan::Plan;
use muster_core::form::{Form, Note};
use std::fmt::Write;

/// The notes as CSV (RFC 4180): a row an entry.
#[must_use]
pub fn csv(form: &Form) -> String {
    let mut out = row(["number", "happened_at", "written_at", "kind", "event", "remarks", "by"].map(str::to_owned));
    for note in &form.notes {
        let fields = [
            note.number.to_string(),
            note.at.to_string(),
            note.written_at.to_string(),
            note.kind.to_owned(),
            note.text.clone(),
            note.remarks.join(" "),
            note.by.clone(),
        ];
        out.push_str(&row(fields));
    }
    out
}

fn row<const N: usize>(fields: [String; N]) -> String {
    let mut line = fields.map(|f| field(&f)).join(",");
    line.push_str("\r\n");
    line
}

/// A field in quotes. What a spreadsheet would run as a formula gets an apostrophe in front, as the
/// words of a log come from anybody who can raise an alert.
fn field(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let guard = if formula { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

/// The whole form as Markdown.
#[must_use]
pub fn markdown(form: &Form) -> String {
    let mut out = format!(
        "# Incident form {}\n\n{}. {}, as of {}.\n\n| No. | Field | |\n| ---: | --- | --- |\n",
        form.number,
        cell(&form.organisation),
        cell(&form.state),
        cell(&form.as_of)
    );
    for f in &form.fields {
        let value = f.value.iter().map(|v| cell(v)).collect::<Vec<_>>().join("<br>");
        let remark = if f.remark.is_empty() { String::new() } else { format!(" ({})", cell(&f.remark)) };
        let _ = writeln!(out, "| {} | {} | {value}{remark} |", f.number, f.label);
    }
    out.push_str("\n## Notes\n\n| No. | Date and time | Kind | Event or people contacted | By whom |\n| ---: | --- | --- | --- | --- |\n");
    for note in &form.notes {
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} |",
            note.number,
            cell(&note.when),
            note.kind,
            event(note),
            cell(&note.by)
        );
    }
    out
}

/// The plan as CSV (RFC 4180): a row for each thing that it says.
#[must_use]
pub fn plan_csv(plan: &Plan) -> String {
    let mut out = row(["section", "number", "what", "state", "details"].map(str::to_owned));
    for section in &plan.sections {
        for r in &section.rows {
            let number = r.number.map_or_else(String::new, |n| n.to_string());
            out.push_str(&row([section.key.to_owned(), number, r.what.clone(), r.state.clone(), r.details.join("\n")]));
        }
    }
    out
}

/// The whole plan as Markdown.
#[must_use]
pub fn plan_markdown(plan: &Plan) -> String {
    let mut out = format!(
        "# Restoration plan {}\n\n{}. {}. {}, as of {}.\n",
        plan.number,
        cell(&plan.title),
        cell(&plan.organisation),
        cell(&plan.state),
        cell(&plan.as_of)
    );
    for section in &plan.sections {
        let _ = write!(out, "\n## {}\n\n", section.title);
        if section.rows.is_empty() {
            let _ = writeln!(out, "{}", section.none);
            continue;
        }
        out.push_str("| No. | What | State | What is known |\n| ---: | --- | --- | --- |\n");
        for r in &section.rows {
            let number = r.number.map_or_else(String::new, |n| n.to_string());
            let details = r.details.iter().map(|d| cell(d)).collect::<Vec<_>>().join("<br>");
            let _ = writeln!(out, "| {number} | {} | {} | {details} |", cell(&r.what), cell(&r.state_words()));
        }
    }
    out
}

fn event(note: &Note) -> String {
    let remarks = note.remarks.join(" ");
    let text = cell(&note.text);
    if remarks.is_empty() { text } else { format!("{text} *{}*", cell(&remarks)) }
}

/// Text that stays text in a cell of a Markdown table, whatever it holds.
fn cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("<br>"),
            '\r' => {}
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '!' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spreadsheets_get_text_and_never_a_formula() {
        assert_eq!(field("plain"), "\"plain\"");
        assert_eq!(field("a \"b\", c\nd"), "\"a \"\"b\"\", c\nd\"");
        for formula in ["=HYPERLINK(1)", "+1", "-1", "@x", "\tx"] {
            assert!(field(formula).starts_with("\"'"), "{formula}");
        }
    }

    #[test]
    fn markdown_stays_in_its_cell() {
        assert_eq!(cell("a|b\n<script>*x*"), "a\\|b<br>&lt;script&gt;\\*x\\*");
    }
}
