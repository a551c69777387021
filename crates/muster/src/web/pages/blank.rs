//! Blank forms to print on the day before: `GET /forms/blank`.

use crate::app::App;
use crate::ops::access::Visitor;
use crate::web::error::{PageError, Problem};
use crate::web::view::blank::{Blank, Callee, Page, Row, style_hash};
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use muster_core::Time;
use muster_core::contact::MeansKind;
use muster_core::directory::Organisation;
use muster_core::entry::{Kind, NoteKind, Severity};
use muster_core::ids::PersonId;
use muster_core::incident::on_call;
use muster_core::policy::Policy;
use muster_core::policy::Whom;
use muster_core::words::length;
use std::sync::Arc;

/// The number of the first field that an organisation adds to the form.
const OWN_FROM: u8 = 23;
/// People on a row of paper.
const PEOPLE: usize = 3;

/// `GET /forms/blank`: the incident form, whom to ring, and the notes, as one page that prints.
///
/// # Errors
/// [`PageError`].
pub async fn show(State(app): State<Arc<App>>, _: Visitor) -> Result<Response, PageError> {
    Ok(answer(&app).await?)
}

/// The same for whoever has come in by either door.
///
/// # Errors
/// If the organisation cannot be read.
pub async fn answer(app: &App) -> Result<Response, Problem> {
    let page = page(&*app.ops.organisation().await?, app.ops.channels(), app.ops.now());
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

/// The page of an organisation at `now`.
#[must_use]
pub fn page(org: &Organisation, channels: &[MeansKind], now: Time) -> Page {
    let zone = jiff::tz::TimeZone::get(&org.organisation.time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let direct = org.policy.tell_directly.iter().map(|tell| {
        let chain = org.areas.get(&tell.area).map(|area| match tell.whom {
            Whom::Supervisors => area.supervisors.as_slice(),
            Whom::Management => area.management.as_slice(),
        });
        let name = format!("{}, within {}", tell.name, length(tell.after_discovery));
        Row { name, people: callees(org, chain.unwrap_or_default()) }
    });
    let mut systems: Vec<Row> = org
        .systems
        .values()
        .map(|system| {
            let ids: Vec<PersonId> = on_call(org, Some(system), channels).into_iter().map(|c| c.person.id).collect();
            Row { name: system.name.clone(), people: callees(org, &ids) }
        })
        .collect();
    systems.sort_by_key(|row| row.name.to_lowercase());
    let any: Vec<PersonId> = on_call(org, None, channels).into_iter().map(|c| c.person.id).collect();
    systems.push(Row { name: "Anything else".into(), people: callees(org, &any) });
    let kinds: Vec<_> = NoteKind::ALL.iter().map(|kind| kind.word()).collect();
    Page {
        organisation: org.organisation.name.clone(),
        day: now.to_zoned(zone).strftime("%-d %b %Y").to_string(),
        fields: fields(&org.policy).into_iter().chain(own_fields(org)).collect(),
        direct: direct.collect(),
        systems,
        kinds: super::phrases::upper_first(&kinds.join(", ")),
    }
}

/// People to ring, in order, each with the number to ring.
fn callees(org: &Organisation, ids: &[PersonId]) -> Vec<Callee> {
    let people = ids.iter().filter_map(|id| org.here(id));
    let callee = |person: &muster_core::directory::Person| {
        let by = |kind| person.means.iter().find(|m| m.kind == kind).map(|m| m.to.clone());
        let number = by(MeansKind::Call).or_else(|| by(MeansKind::Sms));
        Callee { name: person.name.clone(), number: number.unwrap_or_else(|| "no number known".into()) }
    };
    people.map(callee).take(PEOPLE).collect()
}

/// Fields 1 to 18 as they are asked on paper.
fn fields(policy: &Policy) -> Vec<Blank> {
    let field =
        |number, width, lines, label: &str| Blank { number, width, lines, label: label.into(), boxes: Vec::new() };
    let boxes = |number, label: &str, boxes: Vec<String>| Blank { boxes, ..field(number, 12, 0, label) };
    let populations = ["One person", "A group", "A building or site", "Everybody", "About how many? ______"];
    let severities = Severity::ALL.iter().map(|s| format!("{} {}", s.number(), s.word()));
    vec![
        field(1, 8, 0, "Name (what people see, in one line)"),
        field(2, 4, 0, "Reference number (from Muster, later)"),
        field(3, 4, 0, "Date and time service went down"),
        field(4, 4, 0, "Date and time recorded"),
        field(5, 4, 0, "Discovered or reported by (who, when)"),
        field(6, 6, 0, "Incident Manager (from when)"),
        field(7, 6, 0, "Communications Manager (from when)"),
        field(8, 6, 0, "Systems affected"),
        field(9, 6, 0, "System owner"),
        boxes(10, "Populations affected", populations.map(str::to_owned).into()),
        field(11, 12, 3, "Symptoms or problem description"),
        field(12, 12, 2, "Staff involved"),
        field(13, 12, 2, "Determined cause"),
        field(14, 12, 2, "Resolution"),
        field(15, 6, 0, "Date and time restored"),
        field(16, 6, 0, "Outage duration (15 minus 3)"),
        boxes(17, "Kind", policy.kinds.iter().map(|kind| kind.words.clone()).collect()),
        boxes(18, "Severity", severities.chain(["Not assessed".to_owned()]).collect()),
    ]
}

/// The organisation's own fields (DOC-3). A form that a log makes has those of its kind only, and numbers them from the same.
fn own_fields(org: &Organisation) -> impl Iterator<Item = Blank> {
    let kind = |id: &Kind| org.policy.kinds.iter().find(|k| k.kind == *id).map(|k| k.words.as_str());
    org.fields.iter().zip(OWN_FROM..).map(move |(field, number)| {
        let only: Vec<_> = field.kinds.iter().filter_map(kind).collect();
        let label = match only.as_slice() {
            [] => field.words.clone(),
            only => format!("{} (only: {})", field.words, only.join(", ")),
        };
        let width = if field.choices.is_empty() { 6 } else { 12 };
        Blank { number, width, lines: 0, label, boxes: field.choices.clone() }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::trial;
    use muster_core::custom::{CustomField, Holds};

    // proves: DOC-5 blank forms print with everything that the form asks, and whom to ring first
    #[test]
    fn a_blank_form_asks_everything_and_says_whom_to_ring_first() {
        let org: Organisation = toml::from_str(trial::ORGANISATION).unwrap();
        let page = page(&org, &MeansKind::ALL, "2026-11-17T10:00:00Z".parse().unwrap());
        let numbers: Vec<u8> = page.fields.iter().map(|f| f.number).collect();
        assert_eq!(numbers, (1..=18).collect::<Vec<_>>());
        let seen = |rows: &[Row]| -> Vec<String> {
            let of =
                |r: &Row| r.people.iter().map(|p| format!("{}: {} {}", r.name, p.name, p.number)).collect::<Vec<_>>();
            rows.iter().flat_map(of).collect()
        };
        assert_eq!(seen(&page.direct), ["User support, within 30 min: Ben Tallis 07700 900 1"]);
        assert_eq!(
            seen(&page.systems),
            [
                "Email: Ben Tallis 07700 900 1",
                "Wireless: Ana Nunes no number known",
                "Anything else: Ana Nunes no number known"
            ]
        );
        let html = page.render().unwrap();
        assert!(html.matches("<tr>").count() > 20 && html.contains("Numbers of 17 Nov 2026."), "{html}");
        assert!(html.contains("within 30 min</th>") && !html.contains("&lt;table"), "{html}");
    }

    // proves: DOC-3 the organisation's own fields are on the blank form, with what there is to choose and for which kinds
    #[test]
    fn a_blank_form_asks_the_organisations_own_fields() {
        let mut org: Organisation = toml::from_str(trial::ORGANISATION).unwrap();
        let field = |id: &str, words: &str, kinds: Vec<Kind>, choices: &[&str]| CustomField {
            id: id.into(),
            words: words.into(),
            holds: if choices.is_empty() { Holds::Text } else { Holds::Choice },
            kinds,
            choices: choices.iter().map(|c| (*c).to_owned()).collect(),
        };
        let only = org.policy.kinds[0].clone();
        org.fields = vec![
            field("ticket", "Ticket with the maker", vec![only.kind], &[]),
            field("site", "Site", Vec::new(), &["North", "South"]),
        ];
        let page = page(&org, &MeansKind::ALL, "2026-11-17T10:00:00Z".parse().unwrap());
        let own: Vec<_> = page.fields[18..].iter().map(|f| (f.number, f.label.as_str(), f.boxes.len())).collect();
        let ticket = format!("Ticket with the maker (only: {})", only.words);
        assert_eq!(own, [(23, ticket.as_str(), 0), (24, "Site", 2)]);
    }
}
