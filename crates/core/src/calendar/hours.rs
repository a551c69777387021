//! Usage hours with their zone found and their holidays known.

use super::{BusinessCalendar, Day, Exception, UnknownZone, UsageHours, WeeklyHours, zone};
use crate::{Span, Time};
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};
use std::collections::BTreeSet;

/// How far ahead usage is looked for: over a year, so that a system used once a year is found.
pub const HORIZON: Span = Span::from_hours(400 * 24);

/// When one system is used (DEF-4).
///
/// An instant is in usage if what the clocks of the zone then show is in usage. So hours that the
/// clocks skip in spring are lost, and hours that they show twice in autumn count twice. A day that
/// an exception or a holiday closes has no usage at all, and the hours that begin on it and pass
/// midnight don't take place.
#[derive(Clone, Debug)]
pub struct Hours {
    zone: TimeZone,
    weekly: Vec<WeeklyHours>,
    holidays: BTreeSet<Date>,
    exceptions: Vec<Exception>,
}

/// What a day is like before its hours are looked at.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Closed,
    Usual,
    AllDay,
}

impl Hours {
    /// `usage` in its own time zone, or in the organisation's if it has none.
    ///
    /// # Errors
    /// If there is no such time zone.
    pub fn of(usage: &UsageHours, org_time_zone: &str, calendar: &BusinessCalendar) -> Result<Self, UnknownZone> {
        Ok(Self {
            zone: zone(usage.time_zone.as_deref().unwrap_or(org_time_zone))?,
            weekly: usage.weekly.clone(),
            holidays: if usage.closed_on_holidays { calendar.holidays.clone() } else { BTreeSet::new() },
            exceptions: usage.exceptions.clone(),
        })
    }

    /// Whether the system is used at `t`.
    #[must_use]
    pub fn contains(&self, t: Time) -> bool {
        let shown = self.zone.to_datetime(t);
        self.windows(shown.date()).iter().any(|(from, to)| *from <= shown && shown < *to)
    }

    /// The first instant of usage that is not before `t`; none if there is none within the [`HORIZON`].
    #[must_use]
    pub fn next_start(&self, t: Time) -> Option<Time> {
        self.find(t, |from, _| Some(from))
    }

    /// The first instant by which the system has been used for `span` since `t`, in elapsed time. It lies in
    /// usage, or at the end of a stretch of it; for no span (or a negative one) it is [`Self::next_start`].
    /// None if there is no such instant within the [`HORIZON`].
    #[must_use]
    pub fn after(&self, t: Time, span: Span) -> Option<Time> {
        let mut left = span.max(Span::ZERO);
        self.find(t, |from, to| {
            let used = to.duration_since(from);
            let there = from.checked_add(left).ok().filter(|_| left <= used);
            left -= used;
            there
        })
    }

    /// Shows `found` the stretches of usage from `t` on, in order, until it is content.
    fn find(&self, t: Time, mut found: impl FnMut(Time, Time) -> Option<Time>) -> Option<Time> {
        let horizon = t.checked_add(HORIZON).unwrap_or(Time::MAX);
        let mut at = t;
        while at < horizon {
            // Between two changes of its clocks a zone is only an offset, so windows become instants by
            // subtraction; what the clocks skip or repeat lies on either side of such a stretch.
            let offset = self.zone.to_offset(at);
            let change = self.zone.following(at).next().map_or(horizon, |c| c.timestamp().min(horizon));
            let mut day = Some(offset.to_datetime(at).date());
            while let Some(date) = day.filter(|d| instant(offset, d.to_datetime(jiff::civil::Time::MIN)) < change) {
                for (from, to) in self.windows(date) {
                    let (from, to) = (instant(offset, from).max(at), instant(offset, to).min(change));
                    if from < to {
                        if let Some(there) = found(from, to) {
                            return Some(there);
                        }
                        at = to; // what overlapping rows share counts once
                    }
                }
                day = date.tomorrow().ok();
            }
            at = change;
        }
        None
    }

    /// What the clocks show while the system is used on `date`: begin and end, by begin.
    fn windows(&self, date: Date) -> Vec<(DateTime, DateTime)> {
        let midnight = date.to_datetime(jiff::civil::Time::MIN);
        let next_midnight = date.tomorrow().map_or(DateTime::MAX, |d| d.to_datetime(jiff::civil::Time::MIN));
        match self.kind(date) {
            Kind::Closed => Vec::new(),
            Kind::AllDay => vec![(midnight, next_midnight)],
            Kind::Usual => {
                let yesterday = date.yesterday().ok().filter(|d| self.kind(*d) != Kind::Closed).map(Day::of);
                let mut windows = Vec::new();
                for row in &self.weekly {
                    let passes_midnight = row.to <= row.from;
                    if passes_midnight && yesterday.is_some_and(|d| row.days.contains(&d)) {
                        windows.push((midnight, date.to_datetime(row.to)));
                    }
                    if row.days.contains(&Day::of(date)) {
                        let to = if passes_midnight { next_midnight } else { date.to_datetime(row.to) };
                        windows.push((date.to_datetime(row.from), to));
                    }
                }
                windows.sort_unstable();
                windows
            }
        }
    }

    fn kind(&self, date: Date) -> Kind {
        match self.exceptions.iter().rev().find(|e| e.from <= date && date <= e.to) {
            Some(exception) if exception.used => Kind::AllDay,
            Some(_) => Kind::Closed,
            None if self.holidays.contains(&date) => Kind::Closed,
            None if self.weekly.is_empty() => Kind::AllDay,
            None => Kind::Usual,
        }
    }
}

/// The instant at which clocks of `offset` show `shown`, held inside what a [`Time`] can be.
fn instant(offset: Offset, shown: DateTime) -> Time {
    offset.to_timestamp(shown).unwrap_or(if shown.year() < 0 { Time::MIN } else { Time::MAX })
}
