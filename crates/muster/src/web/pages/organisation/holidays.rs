//! Days off, read from a calendar: an iCalendar file (RFC 5545) or a list with a day in each line.

use super::edit::led;
use crate::app::App;
use crate::ops::edit::Editing;
use crate::web::error::{PageError, Problem};
use crate::web::pages::frame::{Reader, Scene, page_with, shell};
use crate::web::pages::phrases::counted;
use crate::web::pages::typed::Typed;
use crate::web::upload;
use crate::web::view::organisation::{HolidayPlan, Holidays};
use crate::web::view::parts::{Field, Place, Stamp};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use icalendar::{Calendar, CalendarComponent, Component};
use jiff::civil::Date;
use muster_core::directory::Organisation;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Largest calendar in bytes: the public holidays of a country for decades, with room to spare.
const FILE_MAX: u64 = 1024 * 1024;
/// Longest holiday in days: the closure of a university at the turn of the year, and not a mistyped year.
const DAYS_MAX: usize = 62;
/// For how many years from today what comes every year is read: until somebody looks at the calendar again.
const YEARS: i16 = 5;
/// How deep components may stand in each other.
const DEPTH_MAX: usize = 8;
/// Most lines that could not be read, shown.
const UNREAD_SHOWN: usize = 20;

/// `GET /organisation/holidays`.
///
/// # Errors
/// [`PageError`].
pub async fn show(State(app): State<Arc<App>>, reader: Reader) -> Result<Response, PageError> {
    drawn(&app, &reader, Field::default(), None).await
}

/// `POST /organisation/holidays/read`: `file`, or `text`. Shows what would be added, and adds nothing.
///
/// # Errors
/// [`PageError`].
pub async fn read(State(app): State<Arc<App>>, reader: Reader, request: Request) -> Result<Response, PageError> {
    let (parts, body) = request.into_parts();
    let form = upload::form(&app, parts.uri.path(), &parts.headers, body, FILE_MAX).await?;
    if let Some(refused) = form.refused {
        return drawn(&app, &reader, Field::wrong("", refused.detail), None).await;
    }
    let typed = form.typed.get("text").to_owned();
    let text = match form.files.first() {
        Some(file) => file.text(FILE_MAX).map_err(crate::ops::Failure::from)?,
        None => typed.clone(),
    };
    if text.trim().is_empty() {
        return drawn(&app, &reader, Field::wrong(typed, "Choose a file, or paste its text."), None).await;
    }
    let today = app.ops.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let found = days_in(&text, today);
    drawn(&app, &reader, Field::of(typed), Some(found)).await
}

/// `POST /organisation/holidays`: `day`, each that is to be added.
///
/// # Errors
/// [`PageError`].
pub async fn add(State(app): State<Arc<App>>, reader: Reader, typed: Typed) -> Result<Response, PageError> {
    let days: Result<Vec<Date>, _> = typed.get("days").split_whitespace().map(str::parse).collect();
    let Ok(days) = days else {
        let detail = "These are no days. Read the calendar again, and add what is shown.";
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "senseless", detail).into());
    };
    let change = move |org: &mut Organisation| {
        org.organisation.calendar.holidays.extend(&days);
        Ok(())
    };
    app.ops.edit(Editing { once: typed.once(&reader), ..Editing::default() }, &reader.id, change).await?;
    Ok(led("/organisation#about", "saved", &typed))
}

/// What was found in a calendar.
#[derive(Clone, PartialEq, Debug, Default)]
struct Found {
    /// Days with what they are called.
    days: BTreeMap<Date, String>,
    /// What could not be read, and why.
    unread: Vec<String>,
}

async fn drawn(app: &App, reader: &Reader, text: Field, found: Option<Found>) -> Result<Response, PageError> {
    let scene = Scene::now(app).await?;
    let known = &scene.org.organisation.calendar.holidays;
    let mut shell = shell(app, reader, Place::Organisation).await?;
    shell.live = None;
    let status = if text.error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let plan = found.map(|found| {
        let (there, new): (Vec<_>, Vec<_>) = found.days.into_iter().partition(|(day, _)| known.contains(day));
        let mut unread = found.unread;
        let more = unread.len().saturating_sub(UNREAD_SHOWN);
        unread.truncate(UNREAD_SHOWN);
        if more > 0 {
            unread.push(format!("and {more} more"));
        }
        HolidayPlan {
            heading: match new.len() {
                0 => "Nothing new".into(),
                n => format!("{} would be added", counted(n as u64, "day", "days")),
            },
            there: match there.len() {
                0 => String::new(),
                n => format!("{} there already.", if n == 1 { "1 is".into() } else { format!("{n} are") }),
            },
            unread,
            days: new.iter().map(|(day, _)| day.to_string()).collect::<Vec<_>>().join(" "),
            new: new.into_iter().map(|(day, name)| (written(day), name)).collect(),
        }
    });
    let view = Holidays {
        shell,
        stamp: Stamp { act: app.ops.request_id()?, seen: None },
        text,
        plan,
        known: known.iter().map(|day| written(*day)).collect(),
    };
    page_with(status, &view)
}

/// `Fri 25 Dec 2026`.
fn written(day: Date) -> String {
    day.strftime("%a %-d %b %Y").to_string()
}

/// The days off in `text`, whichever of the two it is.
fn days_in(text: &str, today: Date) -> Found {
    if text.trim_start_matches('\u{feff}').trim_start().to_uppercase().starts_with("BEGIN:VCALENDAR") {
        days_of_calendar(text.trim_start_matches('\u{feff}'), today)
    } else {
        days_of_list(text)
    }
}

fn days_of_calendar(text: &str, today: Date) -> Found {
    let mut found = Found::default();
    // The reader of calendars calls itself for what stands in a component: deep enough, that ends the program.
    let calendar = (!is_too_deep(text)).then(|| text.parse::<Calendar>().ok()).flatten();
    let calendar = match calendar {
        Some(calendar) => calendar,
        None => {
            found.unread.push("This is no iCalendar file, or a part of it is missing. Export it once more.".into());
            return found;
        }
    };
    for component in &calendar.components {
        let CalendarComponent::Event(event) = component else { continue };
        let name = event.get_summary().unwrap_or("without a name").to_owned();
        match days_of_event(event, today) {
            Ok(days) => found.days.extend(days.into_iter().map(|day| (day, name.clone()))),
            Err(why) => found.unread.push(format!("{name}: {why}")),
        }
    }
    if found.days.is_empty() && found.unread.is_empty() {
        found.unread.push("There is no event in this calendar.".into());
    }
    found
}

/// Whether components stand in each other deeper than in any calendar: an alarm in an event is the third.
fn is_too_deep(text: &str) -> bool {
    let mut open = Vec::new();
    icalendar::parser::unfold(text).lines().any(|line| {
        let line = line.trim().to_ascii_uppercase();
        if let Some(name) = line.strip_prefix("BEGIN:") {
            open.push(name.to_owned());
        } else if line.strip_prefix("END:").is_some_and(|name| open.last().is_some_and(|last| last == name)) {
            open.pop();
        }
        open.len() > DEPTH_MAX
    })
}

/// The days that an event of whole days takes, in each year if it comes every year.
fn days_of_event(event: &icalendar::Event, today: Date) -> Result<Vec<Date>, String> {
    let value = |name: &str| event.property_value(name);
    let start = value("DTSTART").ok_or("it does not say when.")?;
    let first = whole_day(start).ok_or("it is not of whole days.")?;
    let length = match value("DTEND").and_then(whole_day) {
        // The end is the day after the last (RFC 5545, section 3.6.1).
        Some(end) => usize::try_from(first.until(end).map_or(0, |span| span.get_days())).unwrap_or(0).max(1),
        None => 1,
    };
    if length > DAYS_MAX {
        return Err(format!("it takes {length} days, which is no holiday."));
    }
    let run = |from: Date| -> Vec<Date> {
        std::iter::successors(Some(from), |day| day.tomorrow().ok()).take(length).collect()
    };
    match value("RRULE") {
        None => Ok(run(first)),
        Some(rule) => Ok(years_of(first, rule, today)?.into_iter().flat_map(run).collect()),
    }
}

/// `20261225`, as a value of the type DATE is written (RFC 5545, section 3.3.4).
fn whole_day(value: &str) -> Option<Date> {
    let digits = value.len() == 8 && value.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| Date::strptime("%Y%m%d", value).ok()).flatten()
}

/// The first days of what comes every year on the same day; whatever else repeats has to be written out.
fn years_of(first: Date, rule: &str, today: Date) -> Result<Vec<Date>, String> {
    let (mut yearly, mut until, mut count) = (false, Date::MAX, usize::MAX);
    for part in rule.split(';').filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        match (name, value) {
            ("FREQ", "YEARLY") => yearly = true,
            ("INTERVAL", "1") | ("WKST", _) => {}
            ("BYMONTH", month) if month == first.month().to_string() => {}
            ("BYMONTHDAY", day) if day == first.day().to_string() => {}
            ("COUNT", n) => count = n.parse().map_err(|_| "its rule of repetition cannot be read.")?,
            ("UNTIL", day) => {
                until = day.get(..8).and_then(whole_day).ok_or("its rule of repetition cannot be read.")?;
            }
            _ => return Err("it repeats in a way that is not read here. Write its days out.".into()),
        }
    }
    if !yearly {
        return Err("it repeats in a way that is not read here. Write its days out.".into());
    }
    // Where such a rule began, often decades ago, is of no use to anybody.
    let wanted = today.year().saturating_sub(1)..=today.year().saturating_add(YEARS);
    let date = |year: i16| Date::new(year, first.month(), first.day()).ok();
    let dates = wanted.filter(|year| (0..count).contains(&usize::try_from(year - first.year()).unwrap_or(usize::MAX)));
    Ok(dates.filter_map(date).filter(|day| (first..=until).contains(day)).collect())
}

fn days_of_list(text: &str) -> Found {
    let mut found = Found::default();
    if text.contains(['\u{fffd}', '\0']) {
        let why = "This is no text, and cannot be read. Save the list as CSV, or the calendar as iCalendar.";
        found.unread.push(why.into());
        return found;
    }
    for (line, n) in text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty()) {
        let mut cells = line.split([';', ',', '\t']).map(|cell| cell.trim().trim_matches('"').trim());
        let first = cells.next().unwrap_or_default().trim_start_matches('\u{feff}');
        let name = cells.find(|cell| !cell.is_empty()).unwrap_or_default().to_owned();
        match first.parse::<Date>() {
            Ok(day) => drop(found.days.insert(day, name)),
            // The first line may say what the columns are.
            Err(_) if n == 1 && !first.bytes().any(|b| b.is_ascii_digit()) => {}
            Err(_) => found.unread.push(format!("Line {n}: “{first}” is no day. Write it as 2026-12-25.")),
        }
    }
    if found.days.is_empty() && found.unread.is_empty() {
        found.unread.push("There is no day in it.".into());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Found {
        days_in(text, Date::constant(2026, 11, 26))
    }

    fn event(lines: &str) -> String {
        let lines = lines.replace('\n', "\r\n");
        format!("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Closed\r\n{lines}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
    }

    #[test]
    fn days_of_a_calendar_are_read_as_the_standard_says() {
        for (lines, days) in [
            ("DTSTART;VALUE=DATE:20261225", "2026-12-25"),
            ("DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261227", "2026-12-24 2026-12-25 2026-12-26"),
            ("DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261225", "2026-12-25"),
            (
                "DTSTART;VALUE=DATE:19900101\nRRULE:FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1",
                "2025-01-01 2026-01-01 2027-01-01 2028-01-01 2029-01-01 2030-01-01 2031-01-01",
            ),
            ("DTSTART;VALUE=DATE:20260501\nRRULE:FREQ=YEARLY;COUNT=2", "2026-05-01 2027-05-01"),
            ("DTSTART;VALUE=DATE:20250501\nRRULE:FREQ=YEARLY;UNTIL=20260601", "2025-05-01 2026-05-01"),
            ("DTSTART;VALUE=DATE:20240229\nRRULE:FREQ=YEARLY", "2028-02-29"),
        ] {
            let found = read(&event(lines));
            let all: Vec<_> = found.days.keys().map(ToString::to_string).collect();
            assert_eq!((all.join(" ").as_str(), found.unread.as_slice()), (days, &[][..]), "{lines}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_named_and_the_rest_is_kept() {
        for (lines, why) in [
            ("DTSTART:20261225T080000Z", "not of whole days"),
            ("DTSTART;VALUE=DATE:20261332", "not of whole days"),
            ("DESCRIPTION:x", "does not say when"),
            ("DTSTART;VALUE=DATE:20260101\nDTEND;VALUE=DATE:20270101", "365 days, which is no holiday"),
            ("DTSTART;VALUE=DATE:20261126\nRRULE:FREQ=YEARLY;BYDAY=4TH", "repeats in a way that is not read here"),
            ("DTSTART;VALUE=DATE:20261126\nRRULE:FREQ=SECONDLY", "repeats in a way that is not read here"),
            ("DTSTART;VALUE=DATE:20261126\nRRULE:FREQ=YEARLY;COUNT=-1", "cannot be read"),
        ] {
            let found = read(&event(lines));
            assert!(found.days.is_empty() && found.unread[0].contains(why), "{lines}: {found:?}");
        }
        let both =
            event("DTSTART:20261225T080000Z\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:New Year\nDTSTART;VALUE=DATE:20270101");
        let found = read(&both);
        assert_eq!((found.days.len(), found.unread.len()), (1, 1), "{found:?}");
    }

    #[test]
    fn a_file_that_is_none_is_told_and_never_harms() {
        for text in
            ["BEGIN:VCALENDAR", "BEGIN:VCALENDAR\nEND:VCALENDAR", "BEGIN:VCALENDAR\u{0}\n\u{feff}:::;;", "\u{feff}x"]
        {
            let found = read(text);
            assert!(found.days.is_empty(), "{text:?}: {found:?}");
        }
        assert!(read("BEGIN:VCALENDAR").unread[0].contains("Export it once more"));
        let deep = "BEGIN:VCALENDAR\r\n".to_owned() + &"BEGIN:VEVENT\r\n".repeat(20_000);
        assert!(!read(&deep).unread.is_empty());
    }

    #[test]
    fn a_list_holds_a_day_in_each_line() {
        let found = read("\u{feff}Date,Name\r\n2026-12-25,\"Christmas Day\"\n\n2026-12-28\tBoxing Day\nsoon;x");
        let days: Vec<_> = found.days.iter().map(|(d, n)| format!("{d} {n}")).collect();
        assert_eq!(days, ["2026-12-25 Christmas Day", "2026-12-28 Boxing Day"]);
        assert_eq!(found.unread, ["Line 5: “soon” is no day. Write it as 2026-12-25."]);
    }
}
