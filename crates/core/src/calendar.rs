//! Business days, holidays and usage hours (DEF-4, SDR-1).

use jiff::civil::{Date, Time as Clock};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

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

/// Which days the organisation works.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
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

/// When a system is used. Empty means round the clock.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
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
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
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
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
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
