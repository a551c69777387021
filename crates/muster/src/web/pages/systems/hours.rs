//! Usage hours in words.

use crate::web::pages::phrases::upper_first;
use crate::web::view::parts::{Fact, Prose, State};
use crate::web::view::time::Times;
use muster_core::alert::usage;
use muster_core::calendar::{Day, Exception, UsageHours, WeeklyHours};
use muster_core::directory::Organisation;
use muster_core::system::System;
use std::collections::BTreeSet;

const WEEK: [Day; 7] = [Day::Mon, Day::Tue, Day::Wed, Day::Thu, Day::Fri, Day::Sat, Day::Sun];
const NAMES: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Days with their hours, then what differs.
pub(super) fn in_words(hours: &UsageHours, org: &Organisation, times: &Times) -> Vec<Fact> {
    let zone = hours.time_zone.as_deref().unwrap_or(&org.organisation.time_zone);
    let usual = |row: &WeeklyHours| Fact::new(days(&row.days), format!("{}, {zone}", clocks(row)));
    let mut facts: Vec<_> = match hours.weekly.as_slice() {
        [] => vec![Fact::new("Every day", format!("00:00 to 24:00, {zone}"))],
        rows => rows.iter().map(usual).collect(),
    };
    if hours.closed_on_holidays {
        facts.push(Fact::new("Holidays", "Not used"));
    }
    let today = times.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let ahead = hours.exceptions.iter().filter(|e| e.to >= today);
    facts.extend(ahead.map(|e| Fact::new(if e.used { "Used all day" } else { "Not used" }, exception(e))));
    facts
}

/// Whether it is within them now, and if not, when it is again.
pub(super) fn now(system: &System, org: &Organisation, times: &Times) -> State {
    // A time zone that this release does not know counts as round the clock, as everywhere.
    let Some(hours) = usage(org, system) else { return State::later("Round the clock") };
    if hours.contains(times.now()) {
        return State::later("Now within them");
    }
    match hours.next_start(times.now()) {
        Some(at) => State::later(format!("Outside them until {}", times.at(at).text)),
        None => State::later("Outside them for a year or more"),
    }
}

/// `Every day`, `Mon to Fri`, `Mon, Wed`.
fn days(days: &BTreeSet<Day>) -> String {
    let on: Vec<usize> = (0..7).filter(|n| days.contains(&WEEK[*n])).collect();
    match on.as_slice() {
        [] => "Never".into(),
        all if all.len() == 7 => "Every day".into(),
        [first, .., last] if on.len() > 2 && last - first + 1 == on.len() => {
            format!("{} to {}", NAMES[*first], NAMES[*last])
        }
        some => some.iter().map(|n| NAMES[*n]).collect::<Vec<_>>().join(", "),
    }
}

fn clocks(row: &WeeklyHours) -> String {
    let clock = |t: jiff::civil::Time| t.strftime("%H:%M").to_string();
    let midnight = jiff::civil::Time::midnight();
    match (row.from, row.to) {
        (from, to) if to == midnight => format!("{} to 24:00", clock(from)),
        (from, to) if to <= from => format!("{} to {} the next day", clock(from), clock(to)),
        (from, to) => format!("{} to {}", clock(from), clock(to)),
    }
}

fn exception(e: &Exception) -> Prose {
    let day = |d: jiff::civil::Date| d.strftime("%a %-d %b %Y").to_string();
    let when = if e.from == e.to { day(e.from) } else { format!("{} to {}", day(e.from), day(e.to)) };
    if e.note.is_empty() { when.into() } else { format!("{when}: {}", upper_first(&e.note)).into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(json: &str) -> Vec<String> {
        let hours: UsageHours = serde_json::from_str(json).unwrap();
        let times = Times::new("2026-11-17T03:14:00Z".parse().unwrap(), jiff::tz::TimeZone::UTC);
        let facts = in_words(&hours, &Organisation::default(), &times);
        facts.iter().map(|f| format!("{}: {}", f.name, f.value)).collect()
    }

    #[test]
    fn hours_are_said_as_people_say_them() {
        assert_eq!(facts("{}"), ["Every day: 00:00 to 24:00, UTC"]);
        assert_eq!(
            facts(
                r#"{"weekly": [{"days": ["mon","tue","wed","thu","fri"], "from": "07:00", "to": "19:00"},
                                 {"days": ["sat","sun"], "from": "22:00", "to": "02:00"},
                                 {"days": ["mon","wed"], "from": "20:00", "to": "00:00"}]}"#
            ),
            [
                "Mon to Fri: 07:00 to 19:00, UTC",
                "Sat, Sun: 22:00 to 02:00 the next day, UTC",
                "Mon, Wed: 20:00 to 24:00, UTC"
            ]
        );
        assert_eq!(
            facts(
                r#"{"exceptions": [{"from": "2026-11-23", "to": "2026-11-27", "used": true, "note": "enrolment"},
                                     {"from": "2025-01-01", "to": "2025-01-01", "used": false}]}"#
            ),
            ["Every day: 00:00 to 24:00, UTC", "Used all day: Mon 23 Nov 2026 to Fri 27 Nov 2026: Enrolment"]
        );
    }
}
