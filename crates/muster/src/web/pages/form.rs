//! The incident form: as a page, and as files.

use crate::app::App;
#[cfg(feature = "pdf")]
use crate::documents::paper::on_paper;
#[cfg(all(feature = "pdf", not(test)))]
use crate::documents::printer::Printer;
use crate::documents::{WholeLog, export, text};
use crate::ops::access::Visitor;
use crate::store;
use crate::web::error::{PageError, Problem};
use crate::web::view::document::{FormField, Note, Page, Value, Width, style_hash};
use crate::web::view::parts::Prose;
use crate::web::view::time::Times;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use jiff::tz::TimeZone;
use muster_core::form::{Field, Form};
use std::sync::Arc;

type Answer = Result<Response, PageError>;

/// `GET /incidents/{number}/form`.
///
/// # Errors
/// 404.
pub async fn page(State(app): State<Arc<App>>, by: Visitor, Path(number): Path<String>) -> Answer {
    let log = app.ops.whole_log(by.sight(), &number).await?;
    let page = view(&log, &Form::of(&log.stored.folded, &log.entries, app.ops.now()));
    let html = page.render().map_err(|e| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "bug", e.to_string()))?;
    let mut response = Html(html).into_response();
    let policy = format!(
        "default-src 'self'; style-src 'self' {}; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
        style_hash()
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    Ok(response)
}

/// `GET /incidents/{number}/form.json`: the export that proves itself.
///
/// # Errors
/// 404.
pub async fn json(State(app): State<Arc<App>>, by: Visitor, Path(number): Path<String>) -> Answer {
    let log = app.ops.whole_log(by.sight(), &number).await?;
    let now = app.ops.now();
    let form = Form::of(&log.stored.folded, &log.entries, now);
    let bug = |e| store::Error::Bug(format!("the export of {number} cannot be written: {e}"));
    let file = export::write(&log, &form, app.ops.signing_key(), now).map_err(bug)?;
    Ok(download(&number, "json", "application/json", file))
}

/// `GET /incidents/{number}/form.csv`.
///
/// # Errors
/// 404.
pub async fn csv(State(app): State<Arc<App>>, by: Visitor, Path(number): Path<String>) -> Answer {
    let log = app.ops.whole_log(by.sight(), &number).await?;
    let form = Form::of(&log.stored.folded, &log.entries, app.ops.now());
    Ok(download(&number, "csv", "text/csv; charset=utf-8", text::csv(&form).into_bytes()))
}

/// `GET /incidents/{number}/form.md`.
///
/// # Errors
/// 404.
pub async fn markdown(State(app): State<Arc<App>>, by: Visitor, Path(number): Path<String>) -> Answer {
    let log = app.ops.whole_log(by.sight(), &number).await?;
    let form = Form::of(&log.stored.folded, &log.entries, app.ops.now());
    Ok(download(&number, "md", "text/markdown; charset=utf-8", text::markdown(&form).into_bytes()))
}

/// `GET /incidents/{number}/form.pdf`.
///
/// # Errors
/// 404; 501 in a build without PDF.
#[cfg(feature = "pdf")]
pub async fn pdf(State(app): State<Arc<App>>, by: Visitor, Path(number): Path<String>) -> Answer {
    let log = app.ops.whole_log(by.sight(), &number).await?;
    let form = Form::of(&log.stored.folded, &log.entries, app.ops.now());
    let file = typeset(&app, &log, &form).await?.unwrap_or_default();
    Ok(download(&number, "pdf", "application/pdf", file))
}

/// In a build without PDF.
///
/// # Errors
/// Always 501.
#[cfg(not(feature = "pdf"))]
pub async fn pdf(_: Visitor) -> Answer {
    no_pdf()
}

#[cfg(not(feature = "pdf"))]
pub(super) fn no_pdf() -> Answer {
    let detail = "This build has no PDF. Open the page and print it from the browser.";
    Err(Problem::new(StatusCode::NOT_IMPLEMENTED, "no-pdf", detail).into())
}

/// The form as PDF; nothing in a build without.
///
/// # Errors
/// If it cannot be typeset.
#[cfg(feature = "pdf")]
pub async fn typeset(app: &App, log: &WholeLog, form: &Form) -> Result<Option<Vec<u8>>, Problem> {
    print(app, &on_paper(form, log.stored.head, &filled_by(log))).await
}

/// In a build without PDF there is none.
///
/// # Errors
/// Never.
#[cfg(not(feature = "pdf"))]
#[allow(clippy::unused_async, reason = "the same call as with PDF")]
pub async fn typeset(_: &App, _: &WholeLog, _: &Form) -> Result<Option<Vec<u8>>, Problem> {
    Ok(None)
}

/// Any paper as PDF.
#[cfg(all(feature = "pdf", not(test)))]
pub(super) async fn print(app: &App, paper: &muster_paper::Form) -> Result<Option<Vec<u8>>, Problem> {
    let bug = |why: String| {
        tracing::error!(%why, "a paper could not be typeset");
        Problem::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "bug",
            "The PDF could not be made. The page prints the same from the browser.",
        )
    };
    // Typesetting is work for the processor: two at a time, so that pages stay quick.
    let _turn = app.typesetting.acquire().await.map_err(|e| bug(e.to_string()))?;
    let printed = Printer::this_program().print(paper).await;
    printed.map(Some).map_err(|e| bug(e.to_string()))
}

/// A program of tests cannot print: it is no Muster.
#[cfg(all(feature = "pdf", test))]
#[allow(clippy::unused_async, reason = "the same call as outside of tests")]
pub(super) async fn print(_: &App, _: &muster_paper::Form) -> Result<Option<Vec<u8>>, Problem> {
    Ok(None)
}

/// `GET /incidents/{number}/proof.zip`.
///
/// # Errors
/// 404.
pub async fn proof(State(app): State<Arc<App>>, by: Visitor, Path(number): Path<String>) -> Answer {
    Ok(crate::web::proof::download(&app, by.sight(), &number).await?)
}

pub(super) fn download(number: &str, ending: &str, kind: &'static str, file: Vec<u8>) -> Response {
    let plain: String = number.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    let name = format!("attachment; filename=\"{plain}.{ending}\"");
    let mut response = ([(header::CONTENT_TYPE, kind)], file).into_response();
    if let Ok(name) = HeaderValue::from_str(&name) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    }
    response
}

/// Who filled the form out: the last Incident Manager, or Muster alone.
fn filled_by(log: &WholeLog) -> String {
    log.stored.folded.managers.last().map_or_else(|| "Muster".into(), |m| m.person.name.clone())
}

fn view(log: &WholeLog, form: &Form) -> Page {
    let zone = TimeZone::get(&form.time_zone).unwrap_or(TimeZone::UTC);
    let times = Times::new(form.as_of_at, zone.clone());
    let wrong = crate::ops::verify::prove_log(
        &log.stored.subject,
        &form.number,
        &log.chained,
        vec![(log.stored.folded.seq, log.stored.head)],
    );
    let pick = |range: std::ops::RangeInclusive<u8>| {
        form.fields.iter().filter(|f| range.contains(&f.number)).map(field).collect::<Vec<_>>()
    };
    Page {
        organisation: form.organisation.clone(),
        number: form.number.clone(),
        href: format!("/incidents/{}", form.number),
        state: form.state.clone(),
        as_of: times.in_full(form.as_of_at),
        zone: times.zone(),
        pdf: cfg!(feature = "pdf"),
        fields: pick(1..=16),
        added: pick(17..=20),
        notes_head: pick(21..=99),
        notes: form.notes.iter().map(|n| note(n, &times, &zone)).collect(),
        entries: format!("{}, none missing", form.notes.len()),
        checked: match wrong {
            None => Prose::default().when(times.in_full(form.as_of_at)),
            Some(wrong) => Prose::default().bold("Broken: ").text(wrong),
        },
        head: grouped(&log.stored.head.to_string()),
        filled_by: filled_by(log),
    }
}

/// In groups of four, as people compare it.
fn grouped(hex: &str) -> String {
    let chars: Vec<char> = hex.chars().collect();
    chars.chunks(4).map(|c| c.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

fn field(f: &Field) -> FormField {
    let prose = Prose::default().text(f.value.join("\n"));
    let remark = (!f.remark.is_empty()).then(|| Prose::default().text(f.remark.clone()));
    let (width, value) = match f.key.as_ref() {
        "title" => (Width::TwoThirds, Value::Big(prose, remark)),
        "number" => (Width::Third, Value::Big(prose, remark)),
        "outage" => (Width::Half, Value::Big(prose, remark)),
        "went-down" | "recorded" | "discovered" | "severity" | "told" | "report-due" | "contacts" => {
            (Width::Third, Value::Short(prose, remark))
        }
        "manager" | "communications" | "systems" | "owners" | "restored" => (Width::Half, Value::Short(prose, remark)),
        "symptoms" | "staff" | "cause" | "resolution" => (Width::Whole, Value::Long(prose, remark)),
        "filled-by" => (Width::TwoThirds, Value::Short(prose, remark)),
        "kind" => {
            let ticked = |words: &String| (words.clone(), f.value.contains(words));
            (Width::Whole, Value::Boxes(f.offered.iter().map(ticked).collect()))
        }
        _ => (Width::Whole, Value::Short(prose, remark)),
    };
    FormField { number: f.number.into(), label: f.label.to_string(), value, width }
}

fn note(note: &muster_core::form::Note, times: &Times, zone: &TimeZone) -> Note {
    Note {
        seq: note.number,
        day: note.at.to_zoned(zone.clone()).strftime("%-d %b").to_string(),
        at: times.clock(note.at),
        kind: note.kind.to_owned(),
        text: Prose::default().text(note.text.clone()),
        written: (!note.remarks.is_empty()).then(|| note.remarks.join(" ")),
        by: note.by.clone(),
    }
}
