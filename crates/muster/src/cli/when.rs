//! Times as people type them: `10m` ago, `14:05`, `2026-11-17 14:05`, or RFC 3339.

use jiff::civil;
use jiff::tz::TimeZone;
use muster_core::{Span, Time, later};
use std::str::FromStr;

/// A time that somebody typed.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum When {
    /// So long ago.
    Ago(Span),
    /// An instant.
    At(Time),
    /// As the organisation's clocks showed it.
    Shown(civil::DateTime),
    /// A time of day: the last time that the organisation's clocks showed it.
    Clock(civil::Time),
}

impl FromStr for When {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(at) = text.parse::<Time>() {
            return Ok(Self::At(at));
        }
        if let Ok(ago) = text.trim_end_matches(" ago").parse::<Span>() {
            return match ago.is_negative() {
                true => Err("write how long ago, such as 10m".into()),
                false => Ok(Self::Ago(ago)),
            };
        }
        if text.len() <= "hh:mm:ss".len()
            && let Ok(clock) = text.parse::<civil::Time>()
        {
            return Ok(Self::Clock(clock));
        }
        let shown = text.parse::<civil::DateTime>().map(Self::Shown);
        shown.map_err(|_| "write 10m (ago), 14:05, 2026-11-17T14:05 or 2026-11-17T14:05:00Z".into())
    }
}

impl When {
    /// Whether the organisation's time zone must be known to understand it.
    #[must_use]
    pub fn needs_zone(self) -> bool {
        matches!(self, Self::Shown(_) | Self::Clock(_))
    }

    /// Whether it is more a guess than a reading.
    #[must_use]
    pub fn is_estimate(self) -> bool {
        matches!(self, Self::Ago(_))
    }

    /// The instant that it means at `now` in `zone`.
    #[must_use]
    pub fn at(self, now: Time, zone: &TimeZone) -> Time {
        let instant = |shown| zone.to_ambiguous_timestamp(shown).compatible().unwrap_or(now);
        match self {
            Self::Ago(span) => later(now, -span),
            Self::At(at) => at,
            Self::Shown(shown) => instant(shown),
            Self::Clock(clock) => {
                let today = zone.to_datetime(now).date();
                let at = instant(today.to_datetime(clock));
                if at <= now {
                    return at;
                }
                instant(today.yesterday().unwrap_or(today).to_datetime(clock))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_type_them() {
        let now: Time = "2026-11-17T10:00:00Z".parse().unwrap();
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        for (text, expected, estimate) in [
            ("10m", "2026-11-17T09:50:00Z", true),
            ("1h 30m ago", "2026-11-17T08:30:00Z", true),
            ("2026-11-17T09:00:00Z", "2026-11-17T09:00:00Z", false),
            ("2026-11-17T09:00:00+01:00", "2026-11-17T08:00:00Z", false),
            ("2026-11-17T09:00", "2026-11-17T08:00:00Z", false),
            ("2026-11-17 09:00", "2026-11-17T08:00:00Z", false),
            ("09:00", "2026-11-17T08:00:00Z", false),
            ("23:30", "2026-11-16T22:30:00Z", false), // not yet today: last night
        ] {
            let when: When = text.parse().unwrap();
            assert_eq!((when.at(now, &zone).to_string().as_str(), when.is_estimate()), (expected, estimate), "{text}");
        }
        for wrong in ["", "soon", "25:00", "-5m", "2026-13-01"] {
            assert!(wrong.parse::<When>().is_err(), "{wrong}");
        }
    }
}
