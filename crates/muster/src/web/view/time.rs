//! Times in words: every time a page prints has its zone, and its distance where that helps.
//!
//! Words hold a no-break space where a line must not end: `43 min`, `03:14 GMT`. `app.js` says the
//! same words when it keeps them fresh; its `words` function and [`length`] must agree.

use askama::Template;
use askama::filters::HtmlSafe;
use jiff::civil::{Date, Time as Clock};
use jiff::tz::TimeZone;
use jiff::{Zoned, civil};
use muster_core::{Span, Time, later};

/// An instant in words, in the organisation's zone. Renders as `<time>`.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "parts/when.html")]
pub struct When {
    /// The instant itself, for machines.
    pub iso: String,
    /// In words: `03:14 GMT`.
    pub text: String,
    /// How far it is from now, if the reader should know: `in 26 min`. The page keeps it fresh.
    pub distance: Option<String>,
}

/// Words that grow old while the page is read; the page keeps them fresh. Renders as `<time>`.
#[derive(Template, Clone, PartialEq, Debug)]
#[template(path = "parts/ticking.html")]
pub struct Ticking {
    /// From or until when, for machines.
    pub iso: String,
    /// The words as of now.
    pub text: String,
    /// Which words they are.
    pub manner: Manner,
}

/// Which words say how far away an instant is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Manner {
    /// `43 min`: how long something has lasted.
    For,
    /// `1 min ago`, `in 26 min`.
    Ago,
    /// `Late by 5 min`, `In 6 min`: when a duty is due.
    Due,
    /// `8 min left`.
    Left,
}

impl Manner {
    /// As `app.js` knows it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::For => "for",
            Self::Ago => "ago",
            Self::Due => "due",
            Self::Left => "left",
        }
    }
}

impl HtmlSafe for When {}
impl HtmlSafe for Ticking {}

/// Puts instants into words: knows the zone, and what time it is.
#[derive(Clone, Debug)]
pub struct Times {
    now: Time,
    zone: TimeZone,
}

impl Times {
    /// For a page that is made at `now` for readers in `zone`.
    #[must_use]
    pub fn new(now: Time, zone: TimeZone) -> Self {
        Self { now, zone }
    }

    /// When the page is made.
    #[must_use]
    pub fn now(&self) -> Time {
        self.now
    }

    /// The zone's short name now, for headings of lists: `GMT`.
    #[must_use]
    pub fn zone(&self) -> String {
        self.zoned(self.now).strftime("%Z").to_string()
    }

    /// `03:14 GMT` today, `Mon 11:52 GMT` within six days, `Thu 19 Nov, 17:00 GMT` this year,
    /// `Thu 19 Nov 2025, 17:00 GMT` else.
    #[must_use]
    pub fn at(&self, t: Time) -> When {
        let (then, today) = (self.zoned(t), self.zoned(self.now).date());
        let days = days_between(today, then.date());
        let form = match days {
            0 => "%H:%M\u{a0}%Z",
            -6..=6 => "%a %H:%M\u{a0}%Z",
            _ if then.year() == today.year() => "%a %-d %b, %H:%M\u{a0}%Z",
            _ => "%a %-d %b %Y, %H:%M\u{a0}%Z",
        };
        self.when(t, &then, form)
    }

    /// As [`at`](Self::at), with how far it is from now: `03:40 GMT, in 26 min`.
    #[must_use]
    pub fn at_and_distance(&self, t: Time) -> When {
        When { distance: Some(self.distance(t, Manner::Ago)), ..self.at(t) }
    }

    /// `03:14`, for lists that name zone and day in their heading.
    #[must_use]
    pub fn clock(&self, t: Time) -> When {
        self.when(t, &self.zoned(t), "%H:%M")
    }

    /// As [`at`](Self::at) without the zone, for lists that name it in their heading: `Mon 09:00`.
    #[must_use]
    pub fn in_list(&self, t: Time) -> When {
        let mut when = self.at(t);
        if let Some((words, _)) = when.text.rsplit_once('\u{a0}') {
            when.text = words.to_owned();
        }
        when
    }

    /// `Tue 17 Nov 2026, 03:14 GMT`, for forms and headings.
    #[must_use]
    pub fn in_full(&self, t: Time) -> When {
        self.when(t, &self.zoned(t), "%a %-d %b %Y, %H:%M\u{a0}%Z")
    }

    /// `Tue 17 Nov, 03:14 GMT`: when the page is made, for its frame.
    #[must_use]
    pub fn made(&self) -> When {
        self.when(self.now, &self.zoned(self.now), "%a %-d %b, %H:%M\u{a0}%Z")
    }

    /// `Tuesday 17 November 2026`, for headings of a day.
    #[must_use]
    pub fn day(&self, t: Time) -> String {
        self.zoned(t).strftime("%A %-d %B %Y").to_string()
    }

    /// How long since `t`: `43 min`.
    #[must_use]
    pub fn since(&self, t: Time) -> Ticking {
        self.ticking(t, Manner::For)
    }

    /// How far `t` is from now: `1 min ago`, `in 26 min`.
    #[must_use]
    pub fn ago(&self, t: Time) -> Ticking {
        self.ticking(t, Manner::Ago)
    }

    /// When a duty is due: `Late by 5 min`, `In 6 min`.
    #[must_use]
    pub fn due(&self, t: Time) -> Ticking {
        self.ticking(t, Manner::Due)
    }

    /// How long until `t`: `8 min left`.
    #[must_use]
    pub fn left(&self, t: Time) -> Ticking {
        self.ticking(t, Manner::Left)
    }

    /// What a form shows for `t`, and [`read`](Self::read) understands: `2026-11-17 03:14`.
    #[must_use]
    pub fn field(&self, t: Time) -> String {
        self.zoned(t).strftime("%Y-%m-%d %H:%M").to_string()
    }

    /// Reads what a person typed for a time that lies in the past: `03:14`, `0314` (the last time
    /// that the clock showed it) or `2026-11-17 03:14`.
    ///
    /// # Errors
    /// What to type instead, if it is not one of these.
    pub fn read(&self, typed: &str) -> Result<Time, String> {
        let typed = typed.trim();
        let (date, clock) = match typed.rsplit_once([' ', 'T']) {
            Some((date, clock)) => (Some(read_date(date.trim())), clock),
            None => (None, typed),
        };
        let (Some(clock), None | Some(Some(_))) = (read_clock(clock), date) else {
            let example = self.field(self.now);
            return Err(format!("Write the time as 03:14, or with its day as {example}."));
        };
        let today = self.zoned(self.now).date();
        let on = |day: Date| self.zone.to_ambiguous_timestamp(civil::DateTime::from_parts(day, clock)).compatible();
        let read = match date.flatten() {
            Some(day) => on(day),
            None => on(today).and_then(|t| if t > self.now { on(today.yesterday()?) } else { Ok(t) }),
        };
        read.map_err(|_| "That time is outside the calendar. Write it as 03:14.".to_owned())
    }

    /// The same for a time that is to come: `03:14` is the next time that the clock shows it.
    ///
    /// # Errors
    /// What to type instead.
    pub fn read_ahead(&self, typed: &str) -> Result<Time, String> {
        let read = self.read(typed)?;
        if typed.trim().contains([' ', 'T']) || read > self.now {
            return Ok(read);
        }
        if self.now.duration_since(read) < SLIP {
            let tomorrow = self.field(later(read, DAY));
            return Err(format!("That has just been. Write a time that is to come, or its day too, as {tomorrow}."));
        }
        let shown = self.zoned(read);
        let tomorrow = self.zoned(self.now).date().tomorrow();
        let next = if shown.date() < self.zoned(self.now).date() { Ok(self.zoned(self.now).date()) } else { tomorrow };
        let next = next.and_then(|day| {
            let at = civil::DateTime::from_parts(day, shown.time());
            self.zone.to_ambiguous_timestamp(at).compatible()
        });
        next.map_err(|_| "That time is outside the calendar. Write it as 03:14.".to_owned())
    }

    fn zoned(&self, t: Time) -> Zoned {
        t.to_zoned(self.zone.clone())
    }

    fn when(&self, t: Time, then: &Zoned, form: &str) -> When {
        When { iso: iso(t), text: then.strftime(form).to_string(), distance: None }
    }

    fn ticking(&self, t: Time, manner: Manner) -> Ticking {
        Ticking { iso: iso(t), text: self.distance(t, manner), manner }
    }

    fn distance(&self, t: Time, manner: Manner) -> String {
        let left = t.duration_since(self.now);
        let words = length(left);
        match (manner, left.is_negative()) {
            (Manner::For, _) => words,
            (Manner::Ago, _) if left.abs() < JUST_NOW => "just now".to_owned(),
            (Manner::Ago, true) => format!("{words} ago"),
            (Manner::Ago, false) => format!("in {words}"),
            (Manner::Due, true) => format!("Late by {words}"),
            (Manner::Due, false) => format!("In {words}"),
            (Manner::Left, true) => "time is up".to_owned(),
            (Manner::Left, false) => format!("{words} left"),
        }
    }
}

/// Nearer than this, seconds are noise.
const JUST_NOW: Span = Span::from_secs(10);

/// Whoever writes a time of day that was less than this ago, where one to come is asked, has mistyped it.
const SLIP: Span = Span::from_hours(3);
const DAY: Span = Span::from_hours(24);

/// A length of time in words, whichever way it lies: `40 s`, `43 min`, `15 h 22 min`, `1 d 16 h`.
#[must_use]
pub fn length(span: Span) -> String {
    let seconds = span.abs().as_secs();
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds}\u{a0}s"),
        (0, 0, min) => format!("{min}\u{a0}min"),
        (0, h, min) if min % 60 == 0 => format!("{h}\u{a0}h"),
        (0, h, min) => format!("{h}\u{a0}h\u{a0}{}\u{a0}min", min % 60),
        (d, h, _) if h % 24 == 0 => format!("{d}\u{a0}d"),
        (d, h, _) => format!("{d}\u{a0}d\u{a0}{}\u{a0}h", h % 24),
    }
}

fn iso(t: Time) -> String {
    t.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(i32::MAX, |span| span.get_days())
}

fn read_clock(typed: &str) -> Option<Clock> {
    let digits: String = typed.chars().filter(|c| !matches!(c, ':' | '.')).collect();
    if !digits.is_ascii() || !(3..=4).contains(&digits.len()) {
        return None;
    }
    let (hour, minute) = digits.split_at(digits.len() - 2);
    Clock::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

fn read_date(typed: &str) -> Option<Date> {
    typed.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times() -> Times {
        Times::new("2026-11-17T03:14:20Z".parse().unwrap(), TimeZone::get("Europe/London").unwrap())
    }
    fn t(s: &str) -> Time {
        s.parse().unwrap()
    }
    fn plain(s: &str) -> String {
        s.replace('\u{a0}', " ")
    }

    #[test]
    fn a_time_to_come_that_has_just_been_is_a_slip() {
        let read = |typed: &str| times().read_ahead(typed);
        assert_eq!(read("02:30").unwrap_err().split(", as ").nth(1), Some("2026-11-18 02:30."));
        assert_eq!(read("04:00").unwrap(), t("2026-11-17T04:00:00Z"));
        assert_eq!(read("00:10").unwrap(), t("2026-11-18T00:10:00Z"), "long ago today: tomorrow is meant");
        assert_eq!(read("2026-11-18 02:30").unwrap(), t("2026-11-18T02:30:00Z"));
    }

    #[test]
    fn lengths_are_said_as_people_say_them() {
        for (seconds, words) in [
            (0, "0 s"),
            (40, "40 s"),
            (-61, "1 min"),
            (43 * 60 + 59, "43 min"),
            (2 * 3600, "2 h"),
            (15 * 3600 + 22 * 60, "15 h 22 min"),
            (24 * 3600, "1 d"),
            (40 * 3600, "1 d 16 h"),
        ] {
            assert_eq!(plain(&length(Span::from_secs(seconds))), words);
        }
    }

    #[test]
    fn a_time_says_its_day_only_when_it_is_another() {
        for (time, words) in [
            ("2026-11-17T02:31:00Z", "02:31 GMT"),
            ("2026-11-16T11:52:00Z", "Mon 11:52 GMT"),
            ("2026-11-23T09:00:00Z", "Mon 09:00 GMT"),
            ("2026-11-29T06:00:00Z", "Sun 29 Nov, 06:00 GMT"),
            ("2025-07-01T09:00:00Z", "Tue 1 Jul 2025, 10:00 BST"),
        ] {
            assert_eq!(plain(&times().at(t(time)).text), words);
        }
        assert_eq!(times().in_list(t("2026-11-16T11:52:00Z")).text, "Mon 11:52");
    }

    #[test]
    fn distances_fit_their_sentence() {
        let (past, soon) = (t("2026-11-17T03:09:00Z"), t("2026-11-17T03:40:30Z"));
        assert_eq!(plain(&times().due(past).text), "Late by 5 min");
        assert_eq!(plain(&times().due(soon).text), "In 26 min");
        assert_eq!(plain(&times().ago(past).text), "5 min ago");
        assert_eq!(plain(&times().left(soon).text), "26 min left");
        assert_eq!(times().left(past).text, "time is up");
        assert_eq!(times().ago(t("2026-11-17T03:14:15Z")).text, "just now");
    }

    #[test]
    fn typed_times_are_the_last_such_time() {
        for (typed, read) in [
            ("03:14", "2026-11-17T03:14:00Z"),
            ("314", "2026-11-17T03:14:00Z"),
            ("0300", "2026-11-17T03:00:00Z"),
            ("03:15", "2026-11-16T03:15:00Z"),
            (" 23:50 ", "2026-11-16T23:50:00Z"),
            ("2026-07-01 09:00", "2026-07-01T08:00:00Z"),
            ("2026-11-18 09:00", "2026-11-18T09:00:00Z"),
        ] {
            assert_eq!(times().read(typed), Ok(t(read)), "{typed}");
        }
        for wrong in ["", "now", "25:00", "03:60", "3", "tomorrow 03:00", "٠٣:١٤", "2026-13-01 03:00", "1-2:3"] {
            assert!(times().read(wrong).is_err(), "{wrong}");
        }
        let now = times().now();
        assert_eq!(times().read(&times().field(now)), Ok(t("2026-11-17T03:14:00Z")));
    }
}
