use super::*;
use crate::Span;
use proptest::prelude::*;

const WEEK: [Day; 7] = [Day::Mon, Day::Tue, Day::Wed, Day::Thu, Day::Fri, Day::Sat, Day::Sun];
const WORK: [Day; 5] = [Day::Mon, Day::Tue, Day::Wed, Day::Thu, Day::Fri];

/// An instant from `2026-03-29T00:59Z` or with an offset.
fn t(text: &str) -> Time {
    text.parse().unwrap()
}

fn row(days: &[Day], from: &str, to: &str) -> WeeklyHours {
    WeeklyHours { days: days.iter().copied().collect(), from: from.parse().unwrap(), to: to.parse().unwrap() }
}

fn exception(from: &str, to: &str, used: bool) -> Exception {
    Exception { from: from.parse().unwrap(), to: to.parse().unwrap(), used, note: String::new() }
}

fn calendar(holidays: &[&str]) -> BusinessCalendar {
    BusinessCalendar { holidays: holidays.iter().map(|d| d.parse().unwrap()).collect(), ..Default::default() }
}

fn hours(zone: &str, weekly: Vec<WeeklyHours>) -> Hours {
    Hours::of(&UsageHours { weekly, ..Default::default() }, zone, &calendar(&[])).unwrap()
}

fn assert_contains(hours: &Hours, cases: &[(&str, bool)]) {
    for (at, expected) in cases {
        assert_eq!(hours.contains(t(at)), *expected, "{at}");
    }
}

/// Rows of (from, minutes of usage, then).
fn assert_after(hours: &Hours, cases: &[(&str, i64, &str)]) {
    for (from, minutes, expected) in cases {
        assert_eq!(hours.after(t(from), Span::from_mins(*minutes)), Some(t(expected)), "{minutes} min from {from}");
    }
}

// proves: DEF-4 weekly hours in the system's time zone
#[test]
fn weekly_hours_are_what_the_clocks_of_the_systems_zone_show() {
    let usage = UsageHours {
        time_zone: Some("America/New_York".into()),
        weekly: vec![row(&WORK, "09:00", "17:00")],
        ..Default::default()
    };
    let new_york = Hours::of(&usage, "Europe/London", &calendar(&[])).unwrap();
    let cases = [
        ("2026-01-05T13:59:59Z", false), // a Monday
        ("2026-01-05T14:00Z", true),
        ("2026-01-05T21:59:59.999Z", true),
        ("2026-01-05T22:00Z", false),
        ("2026-07-06T13:00Z", true), // summer time
        ("2026-01-10T15:00Z", false),
    ];
    assert_contains(&new_york, &cases);
    let london = Hours::of(&UsageHours { time_zone: None, ..usage }, "Europe/London", &calendar(&[])).unwrap();
    assert_contains(&london, &[("2026-01-05T09:00Z", true), ("2026-07-06T08:00Z", true), ("2026-01-05T08:59Z", false)]);
}

// proves: DEF-4 usage hours are per system: round the clock unless it says otherwise
#[test]
fn a_system_without_hours_is_used_round_the_clock() {
    let always = hours("Pacific/Apia", vec![]);
    assert_contains(&always, &[("2026-12-25T03:04:05Z", true), ("2011-12-30T10:00Z", true)]);
    assert_eq!(always.next_start(t("2026-01-01T00:00:00.001Z")), Some(t("2026-01-01T00:00:00.001Z")));
    assert_after(
        &always,
        &[("2026-01-01T00:00Z", 15, "2026-01-01T00:15Z"), ("2026-01-01T00:00Z", 0, "2026-01-01T00:00Z")],
    );
}

#[test]
fn the_next_usage_begins_now_or_when_the_hours_do() {
    let office = hours("Europe/London", vec![row(&WORK, "08:00", "18:00")]);
    for (from, expected) in [
        ("2026-01-05T10:00Z", "2026-01-05T10:00Z"),
        ("2026-01-05T08:00Z", "2026-01-05T08:00Z"),
        ("2026-01-05T07:59Z", "2026-01-05T08:00Z"),
        ("2026-01-09T18:00Z", "2026-01-12T08:00Z"), // Friday evening
        ("2026-03-28T12:00Z", "2026-03-30T07:00Z"), // over the change to summer time
        ("2026-10-24T12:00Z", "2026-10-26T08:00Z"), // and back
    ] {
        assert_eq!(office.next_start(t(from)), Some(t(expected)), "from {from}");
    }
}

#[test]
fn usage_time_runs_only_in_usage() {
    let office = hours("Europe/London", vec![row(&WORK, "08:00", "18:00")]);
    assert_after(
        &office,
        &[
            ("2026-01-05T10:00Z", 15, "2026-01-05T10:15Z"),
            ("2026-01-05T17:50Z", 10, "2026-01-05T18:00Z"), // used up just as the day ends
            ("2026-01-05T17:50Z", 15, "2026-01-06T08:05Z"),
            ("2026-01-09T17:50Z", 15, "2026-01-12T08:05Z"),
            ("2026-01-10T12:00Z", 15, "2026-01-12T08:15Z"),
            ("2026-01-10T12:00Z", 0, "2026-01-12T08:00Z"),
            ("2026-01-10T12:00Z", -5, "2026-01-12T08:00Z"),
            ("2026-01-05T08:00Z", 50 * 60, "2026-01-09T18:00Z"), // a whole week
        ],
    );
}

#[test]
fn overlapping_rows_count_once_in_any_order() {
    let twice =
        hours("UTC", vec![row(&WEEK, "11:00", "12:00"), row(&WEEK, "08:00", "11:30"), row(&WEEK, "09:00", "10:00")]);
    assert_after(
        &twice,
        &[("2026-01-05T00:00Z", 240, "2026-01-05T12:00Z"), ("2026-01-05T09:30Z", 60, "2026-01-05T10:30Z")],
    );
}

#[test]
fn hours_pass_midnight_and_belong_to_the_day_they_begin_on() {
    let night = hours("Europe/London", vec![row(&[Day::Fri], "22:00", "06:00")]);
    let cases = [
        ("2026-01-09T05:00Z", false),
        ("2026-01-09T21:59Z", false),
        ("2026-01-09T22:00Z", true),
        ("2026-01-10T05:59Z", true),
        ("2026-01-10T06:00Z", false),
        ("2026-01-10T22:00Z", false),
    ];
    assert_contains(&night, &cases);
    assert_after(
        &night,
        &[("2026-01-09T23:50Z", 15, "2026-01-10T00:05Z"), ("2026-01-10T05:50Z", 15, "2026-01-16T22:05Z")],
    );
    let whole_day = hours("UTC", vec![row(&[Day::Wed], "00:00", "00:00")]);
    assert_after(&whole_day, &[("2026-01-05T00:00Z", 24 * 60, "2026-01-08T00:00Z")]);
    assert_contains(&whole_day, &[("2026-01-07T23:59:59Z", true), ("2026-01-08T00:00Z", false)]);
}

// proves: DEF-4 hours that the clocks skip in spring are lost, those they show twice count twice
#[test]
fn a_change_of_the_clocks_shrinks_and_stretches_the_hours() {
    let early = |zone| hours(zone, vec![row(&WEEK, "01:00", "03:00")]);
    // London: 01:00 to 02:00 is skipped on 29 March, shown twice on 25 October.
    assert_contains(
        &early("Europe/London"),
        &[("2026-03-29T00:59Z", false), ("2026-03-29T01:00Z", true), ("2026-03-29T02:00Z", false)],
    );
    assert_after(
        &early("Europe/London"),
        &[
            ("2026-03-29T00:00Z", 60, "2026-03-29T02:00Z"),
            ("2026-03-29T00:00Z", 61, "2026-03-30T00:01Z"),
            ("2026-10-25T00:00Z", 120, "2026-10-25T02:00Z"),
            ("2026-10-25T00:00Z", 180, "2026-10-25T03:00Z"),
            ("2026-10-25T00:00Z", 181, "2026-10-26T01:01Z"),
        ],
    );
    // New York: 02:00 to 03:00 is skipped on 8 March, 01:00 to 02:00 is shown twice on 1 November.
    assert_after(
        &early("America/New_York"),
        &[
            ("2026-03-08T05:00Z", 60, "2026-03-08T07:00Z"),
            ("2026-03-08T05:00Z", 61, "2026-03-09T05:01Z"),
            ("2026-11-01T05:00Z", 180, "2026-11-01T08:00Z"),
            ("2026-11-01T05:00Z", 181, "2026-11-02T06:01Z"),
        ],
    );
    // Lord Howe moves its clocks by half an hour, at 02:00: on on 4 October, back on 5 April.
    assert_after(
        &early("Australia/Lord_Howe"),
        &[
            ("2026-10-03T14:00Z", 90, "2026-10-03T16:00Z"),
            ("2026-10-03T14:00Z", 91, "2026-10-04T14:01Z"),
            ("2026-04-04T14:00Z", 150, "2026-04-04T16:30Z"),
            ("2026-04-04T14:00Z", 151, "2026-04-05T14:31Z"),
        ],
    );
    // What is shown twice only in part is used twice in part: 01:30 to 01:45, and an hour later again.
    let quarter = hours("Europe/London", vec![row(&[Day::Sun], "01:30", "01:45")]);
    assert_contains(
        &quarter,
        &[("2026-10-25T00:30Z", true), ("2026-10-25T00:45Z", false), ("2026-10-25T01:30Z", true)],
    );
    assert_after(&quarter, &[("2026-10-25T00:00Z", 30, "2026-10-25T01:45Z")]);
    // And a window inside what is skipped doesn't take place.
    assert_after(&quarter, &[("2026-03-29T00:00Z", 1, "2026-04-05T00:31Z")]);
}

#[test]
fn a_day_that_a_zone_skips_has_no_usage() {
    // Apia went from Thursday 29 December 2011 straight to Saturday the 31st.
    let fridays = hours("Pacific/Apia", vec![row(&[Day::Fri], "09:00", "17:00")]);
    assert_eq!(fridays.next_start(t("2011-12-29T09:00-10:00")), Some(t("2012-01-06T09:00+14:00")));
    let always = hours("Pacific/Apia", vec![row(&WEEK, "00:00", "00:00")]);
    assert_after(&always, &[("2011-12-29T23:00-10:00", 120, "2011-12-31T01:00+14:00")]);
    // St John's went back at one minute past midnight, so that the day before came again.
    let evenings = hours("America/St_Johns", vec![row(&[Day::Sat], "23:00", "00:00")]);
    assert_after(
        &evenings,
        &[
            ("2010-11-06T23:00-02:30", 60, "2010-11-07T00:00-02:30"),
            ("2010-11-06T23:00-02:30", 119, "2010-11-07T00:00-03:30"),
        ],
    );
}

// proves: DEF-4 holidays
#[test]
fn a_holiday_closes_what_is_closed_on_holidays() {
    let usage =
        UsageHours { weekly: vec![row(&WORK, "08:00", "18:00")], closed_on_holidays: true, ..Default::default() };
    let christmas = calendar(&["2026-12-25"]); // a Friday
    let closed = Hours::of(&usage, "Europe/London", &christmas).unwrap();
    assert_contains(&closed, &[("2026-12-24T12:00Z", true), ("2026-12-25T12:00Z", false)]);
    assert_after(&closed, &[("2026-12-24T17:50Z", 20, "2026-12-28T08:10Z")]);
    let open = Hours::of(&UsageHours { closed_on_holidays: false, ..usage }, "Europe/London", &christmas).unwrap();
    assert_contains(&open, &[("2026-12-25T12:00Z", true)]);
    let always = UsageHours { closed_on_holidays: true, ..Default::default() };
    let always = Hours::of(&always, "Europe/London", &christmas).unwrap();
    assert_after(&always, &[("2026-12-24T23:50Z", 20, "2026-12-26T00:10Z")]);
}

// proves: DEF-4 exceptions (an exam week, a month end)
#[test]
fn the_last_exception_that_covers_a_day_decides() {
    let usage = UsageHours {
        weekly: vec![row(&WORK, "08:00", "18:00")],
        closed_on_holidays: true,
        exceptions: vec![
            exception("2026-12-20", "2027-01-03", false),
            exception("2026-12-30", "2026-12-31", true), // the month end
            exception("2026-12-25", "2026-12-25", true),
        ],
        ..Default::default()
    };
    let ledger = Hours::of(&usage, "Europe/London", &calendar(&["2026-12-25", "2027-01-01"])).unwrap();
    let cases = [
        ("2026-12-18T12:00Z", true),
        ("2026-12-21T12:00Z", false),
        ("2026-12-25T03:00Z", true), // a holiday, but the exception says used
        ("2026-12-29T23:59:59Z", false),
        ("2026-12-30T00:00Z", true), // all day
        ("2026-12-31T23:59:59Z", true),
        ("2027-01-01T00:00Z", false),
        ("2027-01-04T12:00Z", true),
    ];
    assert_contains(&ledger, &cases);
    assert_after(&ledger, &[("2026-12-31T23:50Z", 20, "2027-01-04T08:10Z")]);
}

#[test]
fn a_closed_day_ends_the_night_before_and_its_own_night() {
    let usage = UsageHours {
        weekly: vec![row(&WEEK, "22:00", "06:00")],
        exceptions: vec![exception("2026-01-07", "2026-01-07", false), exception("2026-01-09", "2026-01-09", true)],
        ..Default::default()
    };
    let night = Hours::of(&usage, "UTC", &calendar(&[])).unwrap();
    let cases = [
        ("2026-01-06T23:59Z", true),
        ("2026-01-07T00:00Z", false), // closed: nothing of it is used
        ("2026-01-07T23:00Z", false),
        ("2026-01-08T05:00Z", false), // its night does not take place
        ("2026-01-08T22:00Z", true),
        ("2026-01-09T12:00Z", true),
        ("2026-01-10T05:00Z", true), // a day used all day keeps its night
    ];
    assert_contains(&night, &cases);
}

#[test]
fn what_is_never_used_has_no_next_start_and_the_search_ends() {
    let never = UsageHours { exceptions: vec![exception("-009999-01-01", "9999-12-31", false)], ..Default::default() };
    let never = Hours::of(&never, "Europe/London", &calendar(&[])).unwrap();
    assert_eq!(never.next_start(t("2026-01-01T00:00Z")), None);
    assert_eq!(never.after(t("2026-01-01T00:00Z"), Span::from_mins(1)), None);
    let no_day = hours("UTC", vec![row(&[], "08:00", "18:00")]);
    assert_eq!(no_day.next_start(t("2026-01-01T00:00Z")), None);
    let always = hours("UTC", vec![]);
    assert_eq!(always.after(t("2026-01-01T00:00Z"), HORIZON), t("2026-01-01T00:00Z").checked_add(HORIZON).ok());
    assert_eq!(always.after(t("2026-01-01T00:00Z"), HORIZON + Span::from_secs(1)), None);
    for edge in [Time::MIN, Time::MAX] {
        let _ = always.next_start(edge);
        let _ = hours("Europe/London", vec![row(&WEEK, "22:00", "06:00")]).after(edge, Span::MAX);
    }
}

#[test]
fn only_names_of_the_time_zone_database_are_zones() {
    for name in ["Europe/London", "europe/london", "UTC", "Etc/GMT+5", "Pacific/Apia"] {
        assert!(is_zone(name), "{name}");
    }
    for name in ["", "London", "GMT+25", "Europe/London ", "../etc/passwd", "+01:00", "local"] {
        assert!(!is_zone(name), "{name}");
    }
    let error = Hours::of(&UsageHours::default(), "Mars", &calendar(&[])).unwrap_err();
    assert_eq!(error.to_string(), "there is no time zone \"Mars\": give an IANA name such as Europe/London");
    assert_eq!(calendar(&[]).due("Mars", Time::UNIX_EPOCH, 2, 17), Err(error));
}

// proves: SDR-1 business days know weekends, holidays and the organisation's time zone
#[test]
fn a_report_is_due_on_a_business_day() {
    let calendar = calendar(&["2026-12-25", "2026-12-28"]);
    for (zone, from, days, expected) in [
        ("Europe/London", "2026-01-05T10:00Z", 2, "2026-01-07T17:00Z"),
        ("Europe/London", "2026-01-08T10:00Z", 2, "2026-01-12T17:00Z"), // over a weekend
        ("Europe/London", "2026-01-10T10:00Z", 2, "2026-01-13T17:00Z"), // from a Saturday
        ("Europe/London", "2026-12-24T10:00Z", 2, "2026-12-30T17:00Z"), // over Christmas
        ("Europe/London", "2026-03-27T10:00Z", 1, "2026-03-30T16:00Z"), // over the change to summer time
        ("Europe/London", "2026-10-23T10:00Z", 1, "2026-10-26T17:00Z"),
        ("America/New_York", "2026-01-06T03:00Z", 2, "2026-01-07T22:00Z"), // still Monday there
        ("Europe/London", "2026-01-05T10:00Z", 0, "2026-01-05T17:00Z"),
        ("Pacific/Apia", "2011-12-29T12:00-10:00", 1, "2012-01-02T17:00+14:00"), // a Friday that never was
    ] {
        assert_eq!(calendar.due(zone, t(from), days, 17), Ok(t(expected)), "{days} days from {from} in {zone}");
    }
}

#[test]
fn a_due_hour_that_the_clocks_skip_or_repeat_is_still_one_instant() {
    let every_day = BusinessCalendar { business_days: WEEK.into(), holidays: BTreeSet::new() };
    let due = |from, hour| every_day.due("Europe/London", t(from), 1, hour).unwrap();
    assert_eq!(due("2026-03-28T12:00Z", 1), t("2026-03-29T01:00Z"));
    assert_eq!(due("2026-10-24T12:00Z", 1), t("2026-10-25T00:00Z"));
    assert_eq!(due("2026-01-05T12:00Z", 99), t("2026-01-06T23:00Z"));
    assert_eq!(due("2026-01-05T12:00Z", -1), t("2026-01-06T00:00Z"));
}

#[test]
fn without_business_days_calendar_days_count() {
    let none = BusinessCalendar { business_days: BTreeSet::new(), holidays: BTreeSet::new() };
    assert_eq!(none.due("UTC", t("2026-01-09T12:00Z"), 2, 17), Ok(t("2026-01-11T17:00Z")));
    assert_eq!(none.due("UTC", t("2026-01-01T12:00Z"), 255, 17), Ok(t("2026-09-13T17:00Z")));
    assert!(none.due("UTC", Time::MAX, 255, 17).is_ok());
}

#[test]
fn hours_are_read_as_people_write_them() {
    let usage: UsageHours = serde_json::from_str(
        r#"{"time_zone": "Europe/London", "closed_on_holidays": true,
            "weekly": [{"days": ["mon", "fri"], "from": "08:00", "to": "18:30:00"}],
            "exceptions": [{"from": "2026-12-30", "to": "2026-12-31", "used": true, "note": "month end"}]}"#,
    )
    .unwrap();
    assert_eq!(usage.weekly, vec![row(&[Day::Mon, Day::Fri], "08:00", "18:30")]);
    assert_eq!(usage.exceptions[0].note, "month end");
}

prop_compose! {
    fn a_row()(days in prop::collection::btree_set(prop::sample::select(&WEEK[..]), 0..8), from in 0i8..96, to in 0i8..96) -> WeeklyHours {
        let quarter = |q: i8| Clock::constant(q / 4, q % 4 * 15, 0, 0);
        WeeklyHours { days, from: quarter(from), to: quarter(to) }
    }
}

prop_compose! {
    /// Hours of two or three rows in a zone, with holidays and exceptions in the weeks around a change of the clocks.
    fn some_hours()(
        place in prop::sample::select(&[
            ("Europe/London", "2026-03-29T00:00Z"), ("Europe/London", "2026-10-25T00:00Z"),
            ("America/New_York", "2026-11-01T05:00Z"), ("America/Sao_Paulo", "2018-02-18T02:00Z"),
            ("Australia/Lord_Howe", "2026-04-04T15:00Z"), ("Australia/Lord_Howe", "2026-10-03T15:00Z"),
            ("Pacific/Apia", "2011-12-30T10:00Z"), ("Asia/Kathmandu", "2026-01-01T00:00Z"),
        ][..]),
        weekly in prop::collection::vec(a_row(), 0..4),
        days in prop::collection::vec((-9i64..9, 0i64..3, any::<bool>()), 0..3),
        holiday in -9i64..9,
    ) -> (Hours, Time) {
        let change = t(place.1);
        let day = |n: i64| zone(place.0).unwrap().to_datetime(change.checked_add(Span::from_hours(24 * n)).unwrap()).date();
        let usage = UsageHours {
            weekly,
            closed_on_holidays: true,
            exceptions: days
                .into_iter()
                .map(|(from, n, used)| Exception { from: day(from), to: day(from + n), used, note: String::new() })
                .collect(),
            ..Default::default()
        };
        let calendar = BusinessCalendar { holidays: [day(holiday)].into(), ..Default::default() };
        (Hours::of(&usage, place.0, &calendar).unwrap(), change)
    }
}

proptest! {
    #[test]
    fn usage_time_is_what_counting_every_quarter_of_an_hour_gives((hours, change) in some_hours(), start in -300i64..300, quarters in 1u32..80) {
        let quarter = Span::from_mins(15);
        let from = change.checked_add(quarter * i32::try_from(start).unwrap()).unwrap();
        let mut used = 0;
        let mut at = from;
        let mut counted = None;
        for _ in 0..9 * 96 {
            used += u32::from(hours.contains(at));
            at = at.checked_add(quarter).unwrap();
            if used == quarters {
                counted = Some(at);
                break;
            }
        }
        let after = hours.after(from, quarter * i32::try_from(quarters).unwrap());
        match counted {
            Some(_) => prop_assert_eq!(after, counted),
            None => prop_assert!(after.is_none_or(|a| a > at)),
        }
    }

    #[test]
    fn more_usage_is_never_earlier_and_ends_in_usage((hours, change) in some_hours(), ms in -90_000_000i64..90_000_000, a in 0i64..400_000_000, b in 0i64..400_000_000) {
        let from = change.checked_add(Span::from_millis(ms)).unwrap();
        let (short, long) = (hours.after(from, Span::from_millis(a.min(b))), hours.after(from, Span::from_millis(a.max(b))));
        prop_assert!(long.is_none() || short <= long);
        for there in [short, long].into_iter().flatten() {
            prop_assert!(there >= from);
            let just_before = there.checked_sub(Span::from_nanos(1)).unwrap();
            prop_assert!(hours.contains(there) || hours.contains(just_before), "{} is outside", there);
        }
        if let Some(start) = hours.next_start(from) {
            prop_assert!(start >= from && hours.contains(start));
            prop_assert_eq!(start == from, hours.contains(from));
        }
    }

    #[test]
    fn a_due_time_is_a_business_day_later_than_the_day_it_counts_from(ms in 0i64..4_000_000_000_000, days in 1u8..30, hour in 0i8..24) {
        let calendar = calendar(&["2026-12-25", "2027-01-01"]);
        let from = crate::at_ms(ms);
        let shown = |t| zone("Europe/London").unwrap().to_datetime(t);
        let due = shown(calendar.due("Europe/London", from, days, hour).unwrap());
        prop_assert!(calendar.is_business_day(due.date()));
        let between = shown(from).date().tomorrow().unwrap().series(jiff::Span::new().days(1)).take_while(|d| *d <= due.date());
        prop_assert_eq!(between.filter(|d| calendar.is_business_day(*d)).count(), usize::from(days));
    }
}
