//! Business days, holidays and usage hours (DEF-4, SDR-1).

mod hours;
#[cfg(test)]
mod tests;

pub use hours::{HORIZON, Hours};

use crate::Time;
use jiff::civil::{Date, Time as Clock, Weekday};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The zones that the program carries, never the machine's own: every node then agrees, and an old
/// log gives the same times on a new machine.
pub(crate) fn zone(name: &str) -> Result<TimeZone, UnknownZone> {
    TimeZoneDatabase::bundled().get(name).map_err(|_| UnknownZone(name.to_owned()))
}

/// Whether `name` is a time zone in the IANA database, such as `Europe/London`.
#[must_use]
pub fn is_zone(name: &str) -> bool {
    zone(name).is_ok()
}

/// No time zone has this name.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("there is no time zone {0:?}: give an IANA name such as Europe/London")]
pub struct UnknownZone(pub String);

/// A day of the week, as files spell it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "their names say it")]
pub enum Day {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

impl Day {
    /// The day of the week that `date` is.
    #[must_use]
    pub fn of(date: Date) -> Self {
        match date.weekday() {
            Weekday::Monday => Self::Mon,
            Weekday::Tuesday => Self::Tue,
            Weekday::Wednesday => Self::Wed,
            Weekday::Thursday => Self::Thu,
            Weekday::Friday => Self::Fri,
            Weekday::Saturday => Self::Sat,
            Weekday::Sunday => Self::Sun,
        }
    }
}

/// Which days the organisation works.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BusinessCalendar {
    /// Working days of a week.
    pub business_days: BTreeSet<Day>,
    /// Days off.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub holidays: BTreeSet<Date>,
}

impl Default for BusinessCalendar {
    fn default() -> Self {
        Self { business_days: [Day::Mon, Day::Tue, Day::Wed, Day::Thu, Day::Fri].into(), holidays: BTreeSet::new() }
    }
}

/// How far ahead the next business day is looked for: a year, as holidays are entered by the year.
const BUSINESS_DAY_WITHIN: usize = 366;

impl BusinessCalendar {
    /// Whether the organisation works on `date`.
    #[must_use]
    pub fn is_business_day(&self, date: Date) -> bool {
        self.business_days.contains(&Day::of(date)) && !self.holidays.contains(&date)
    }

    /// `hour`:00 on the `business_days`-th business day after the day that it is in `zone_name` at
    /// `from` (SDR-1); 0 means that day itself. An hour outside 0 to 23 counts as the nearest, one that
    /// the clocks skip as the same reading after the change, and one that they repeat as the first.
    ///
    /// A calendar without a business day in the year to come counts calendar days instead: a duty
    /// due somewhat early is better than none.
    ///
    /// # Errors
    /// If there is no such time zone.
    pub fn due(&self, zone_name: &str, from: Time, business_days: u8, hour: i8) -> Result<Time, UnknownZone> {
        let zone = zone(zone_name)?;
        let mut date = zone.to_datetime(from).date();
        for _ in 0..business_days {
            date = self.next_business_day(&zone, date);
        }
        let due = zone.to_ambiguous_timestamp(date.at(hour.clamp(0, 23), 0, 0, 0)).compatible();
        Ok(due.unwrap_or(Time::MAX))
    }

    fn next_business_day(&self, zone: &TimeZone, date: Date) -> Date {
        // A zone that moves across the date line skips a day, on which nobody can work.
        let exists = |d: &Date| d.to_zoned(zone.clone()).is_ok_and(|z| z.date() == *d);
        let later = |d: &Date| d.tomorrow().ok();
        let mut days = std::iter::successors(later(&date), later).take(BUSINESS_DAY_WITHIN).filter(exists);
        let tomorrow = days.clone().next().unwrap_or(date);
        days.find(|d| self.is_business_day(*d)).unwrap_or(tomorrow)
    }
}

/// When a system is used. Empty means round the clock.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UsageHours {
    /// IANA name; the organisation's zone if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// Hours of a usual week; round the clock if there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub weekly: Vec<WeeklyHours>,
    /// Whether it is out of use on the organisation's holidays.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub closed_on_holidays: bool,
    /// Days that differ: an exam week, a month end. The last that covers a day decides.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<Exception>,
}

/// The same hours on some days of the week.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeeklyHours {
    /// On which days.
    pub days: BTreeSet<Day>,
    /// From this time of day.
    pub from: Clock,
    /// Until this time of day; at or before `from` it is on the next day, so that `00:00` to `00:00` is a whole day.
    pub to: Clock,
}

/// Days on which other hours hold.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Used all day, or not at all.
    pub used: bool,
    /// Why, for people to read.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}
