//! Lists as people write them, one a line: printed for a form, and read again.

use crate::web::pages::acts::reading;
use muster_core::Span;
use muster_core::calendar::{Day, Exception, UsageHours, WeeklyHours};
use muster_core::contact::MeansKind;
use muster_core::directory::{Means, Organisation};
use muster_core::ids::{PersonId, PopulationId, SystemId};
use std::collections::{BTreeMap, BTreeSet};

/// What a list of people asks for.
pub const PEOPLE: &str = "One a line, in their order: full name or directory name.";
/// What a list of means asks for.
pub const MEANS: &str = "One a line, in the order to try: call, text, email, push, webhook or in person; then the number, \
                         address or topic. As call 07700 900123, wait 2m; or email ana@example.org, with the next.";
/// What usage hours ask for.
pub const WEEKLY: &str = "One a line, as mon-fri 07:00-19:00. Empty: round the clock.";
/// What exceptions ask for.
pub const EXCEPTIONS: &str = "One a line, as 2026-12-24 to 2027-01-02 not used: Christmas; or 2027-05-10 used: exams.";

const DAYS: [(Day, &str); 7] = [
    (Day::Mon, "mon"),
    (Day::Tue, "tue"),
    (Day::Wed, "wed"),
    (Day::Thu, "thu"),
    (Day::Fri, "fri"),
    (Day::Sat, "sat"),
    (Day::Sun, "sun"),
];

/// The days of a week with the words that files have for them.
pub fn days() -> impl Iterator<Item = (Day, &'static str)> {
    DAYS.into_iter()
}

/// Lines that are not blank, without blanks around them.
pub fn each(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// The name of somebody as a form prints it: the full one if it finds them again.
pub fn name(org: &Organisation, id: &PersonId) -> String {
    let full = org.person_ref(id).name;
    let found = reading::people(org, &full).is_ok_and(|found| found == [id.clone()]);
    if found { full } else { id.0.clone() }
}

/// People, one a line.
pub fn people(org: &Organisation, people: &[PersonId]) -> String {
    people.iter().map(|id| name(org, id)).collect::<Vec<_>>().join("\n")
}

/// Things of the directory, one a line, by full name if only one has it.
pub fn named<'a>(all: &[(&'a str, &'a str)], ids: impl Iterator<Item = &'a str>) -> String {
    let word = |id: &'a str| {
        let full = all.iter().find(|(other, _)| *other == id).map_or(id, |(_, name)| *name);
        if find(all, full).is_ok_and(|found| found == id) { full } else { id }
    };
    ids.map(word).collect::<Vec<_>>().join("\n")
}

/// The one thing that `text` names.
fn find<'a>(all: &[(&'a str, &'a str)], text: &str) -> Result<&'a str, String> {
    if let Some((id, _)) = all.iter().find(|(id, _)| *id == text) {
        return Ok(id);
    }
    let mut fits = all.iter().filter(|(_, name)| name.to_lowercase() == text.to_lowercase()).map(|(id, _)| *id);
    match (fits.next(), fits.next()) {
        (Some(one), None) => Ok(one),
        (None, _) => Err(format!("There is none named “{text}”. Write its name, or its directory name.")),
        (Some(a), Some(b)) => Err(format!("Several are named “{text}”. Write {a} or {b}, as the directory does.")),
    }
}

/// Systems with their names.
pub fn systems(org: &Organisation) -> Vec<(&str, &str)> {
    org.systems.iter().map(|(id, s)| (id.as_str(), s.name.as_str())).collect()
}

/// Populations with their names.
pub fn populations(org: &Organisation) -> Vec<(&str, &str)> {
    org.populations.iter().map(|(id, p)| (id.as_str(), p.name.as_str())).collect()
}

/// The systems that the lines name.
///
/// # Errors
/// What to write instead.
pub fn read_systems(org: &Organisation, text: &str) -> Result<BTreeSet<SystemId>, String> {
    each(text).map(|line| find(&systems(org), line).map(SystemId::from)).collect()
}

/// The populations that the lines name.
///
/// # Errors
/// What to write instead.
pub fn read_populations(org: &Organisation, text: &str) -> Result<Vec<PopulationId>, String> {
    each(text).map(|line| find(&populations(org), line).map(PopulationId::from)).collect()
}

/// The directory name of the one sender of that name.
///
/// # Errors
/// What to write instead.
pub fn read_sender(org: &Organisation, text: &str) -> Result<String, String> {
    let all: Vec<_> = org.intake.iter().map(|(id, i)| (id.as_str(), i.name.as_str())).collect();
    find(&all, text).map(str::to_owned)
}

/// A length of time as people write it.
pub fn span(span: Span) -> String {
    format!("{span:#}")
}

/// That length of time.
///
/// # Errors
/// What to write instead.
pub fn read_span(text: &str) -> Result<Span, String> {
    let wrong = || format!("“{}” is no length of time. Write it with its unit: 90s, 15m, 1h 30m.", text.trim());
    text.trim().parse().map_err(|_| wrong())
}

/// Means of contact, one a line.
pub fn means(means: &[Means]) -> String {
    let line = |m: &Means| {
        let wait = match m.wait {
            None => String::new(),
            Some(wait) if wait.is_zero() => ", with the next".into(),
            Some(wait) => format!(", wait {}", span(wait)),
        };
        format!("{} {}{wait}", m.kind.word(), m.to).trim_end().to_owned()
    };
    means.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The means that the lines say.
///
/// # Errors
/// What to write instead.
pub fn read_means(text: &str) -> Result<Vec<Means>, String> {
    each(text).map(read_one_means).collect()
}

fn read_one_means(line: &str) -> Result<Means, String> {
    let (what, wait) = match line.rsplit_once(',').map(|(what, end)| (what, end.trim())) {
        Some((what, "with the next")) => (what, Some(Span::ZERO)),
        Some((what, end)) if end.starts_with("wait ") => (what, Some(read_span(&end["wait ".len()..])?)),
        _ => (line, None),
    };
    let lower = what.to_lowercase();
    let kind = MeansKind::ALL.into_iter().find_map(|kind| {
        let rest = lower.strip_prefix(kind.word())?;
        (rest.is_empty() || rest.starts_with([' ', ':'])).then_some((kind, what.len() - rest.len()))
    });
    let Some((kind, begins)) = kind else {
        let words: Vec<_> = MeansKind::ALL.iter().map(|k| k.word()).collect();
        return Err(format!("“{line}” does not begin with a means. Begin it with {}.", words.join(", ")));
    };
    let to = what.get(begins..).unwrap_or_default().trim_start_matches([' ', ':']).trim().to_owned();
    Ok(Means { kind, to, wait })
}

/// Usage hours of a week, one span a line.
pub fn weekly(hours: &UsageHours) -> String {
    let line = |h: &WeeklyHours| {
        let (from, to) = (h.from.strftime("%H:%M"), h.to.strftime("%H:%M"));
        format!("{} {from}-{to}", day_words(&h.days))
    };
    hours.weekly.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// `mon-fri`, `sat,sun`.
fn day_words(days: &BTreeSet<Day>) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for n in (0..7).filter(|n| days.contains(&DAYS[*n].0)) {
        match runs.last_mut() {
            Some(run) if run.1 + 1 == n => run.1 = n,
            _ => runs.push((n, n)),
        }
    }
    let word = |(a, b): &(usize, usize)| match b - a {
        0 => DAYS[*a].1.to_owned(),
        1 => format!("{},{}", DAYS[*a].1, DAYS[*b].1),
        _ => format!("{}-{}", DAYS[*a].1, DAYS[*b].1),
    };
    runs.iter().map(word).collect::<Vec<_>>().join(",")
}

/// The hours that the lines say.
///
/// # Errors
/// What to write instead.
pub fn read_weekly(text: &str) -> Result<Vec<WeeklyHours>, String> {
    let read = |line: &str| {
        let wrong = || format!("“{line}” cannot be read. Write days and hours, as mon-fri 07:00-19:00.");
        let (days, hours) = line.rsplit_once(char::is_whitespace).ok_or_else(wrong)?;
        let (from, to) = hours.split_once('-').ok_or_else(wrong)?;
        // The end of a day is the beginning of the next.
        let clock = |text: &str| if text == "24:00" { "00:00" } else { text }.parse().map_err(|_| wrong());
        Ok(WeeklyHours { days: read_days(days).ok_or_else(wrong)?, from: clock(from)?, to: clock(to)? })
    };
    each(text).map(read).collect()
}

fn read_days(text: &str) -> Option<BTreeSet<Day>> {
    let lower = text.to_lowercase();
    let nth = |word: &str| DAYS.iter().position(|(_, name)| *name == word.trim());
    let mut days = BTreeSet::new();
    for part in lower.split([',', ' ']).filter(|part| !part.is_empty()) {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        let (from, to) = (nth(from)?, nth(to)?);
        let run = if from <= to { (from..=to).collect::<Vec<_>>() } else { (from..7).chain(0..=to).collect() };
        days.extend(run.into_iter().map(|n| DAYS[n].0));
    }
    (!days.is_empty()).then_some(days)
}

/// Days that differ, one line each.
pub fn exceptions(hours: &UsageHours) -> String {
    let line = |e: &Exception| {
        let days = if e.from == e.to { e.from.to_string() } else { format!("{} to {}", e.from, e.to) };
        let used = if e.used { "used" } else { "not used" };
        let note = if e.note.is_empty() { String::new() } else { format!(": {}", e.note) };
        format!("{days} {used}{note}")
    };
    hours.exceptions.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The exceptions that the lines say.
///
/// # Errors
/// What to write instead.
pub fn read_exceptions(text: &str) -> Result<Vec<Exception>, String> {
    let read = |line: &str| {
        let wrong = || format!("“{line}” cannot be read. Write it as 2026-12-24 to 2027-01-02 not used: Christmas.");
        let (what, note) = line.split_once(':').unwrap_or((line, ""));
        let what = what.trim();
        let (days, used) = match what.strip_suffix("not used") {
            Some(days) => (days, false),
            None => (what.strip_suffix("used").ok_or_else(wrong)?, true),
        };
        let (from, to) = days.split_once(" to ").unwrap_or((days, days));
        let day = |text: &str| text.trim().parse().map_err(|_| wrong());
        Ok(Exception { from: day(from)?, to: day(to)?, used, note: note.trim().to_owned() })
    };
    each(text).map(read).collect()
}

/// Labels and their patterns, one a line.
pub fn labels(labels: &BTreeMap<String, String>) -> String {
    labels.iter().map(|(name, pattern)| format!("{name} = {pattern}")).collect::<Vec<_>>().join("\n")
}

/// The labels that the lines say.
///
/// # Errors
/// What to write instead.
pub fn read_labels(text: &str) -> Result<BTreeMap<String, String>, String> {
    let read = |line: &str| {
        let (name, pattern) = line.split_once('=').ok_or_else(|| format!("“{line}”: write name = pattern."))?;
        Ok((name.trim().to_owned(), pattern.trim().to_owned()))
    };
    each(text).map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The organisation of the example, which has one of nearly everything.
    fn example() -> Organisation {
        toml::from_str(include_str!("../../../../example.toml")).unwrap()
    }

    #[test]
    fn what_is_printed_reads_as_what_it_was() {
        let org = example();
        for (id, person) in &org.people {
            assert_eq!(read_means(&means(&person.means)).unwrap(), person.means, "{id}");
        }
        for (id, system) in &org.systems {
            let hours = &system.usage_hours;
            assert_eq!(read_weekly(&weekly(hours)).unwrap(), hours.weekly, "{id}");
            assert_eq!(read_exceptions(&exceptions(hours)).unwrap(), hours.exceptions, "{id}");
            assert_eq!(reading::people(&org, &people(&org, &system.contacts)).unwrap(), system.contacts, "{id}");
            let needs = named(&systems(&org), system.depends_on.iter().map(SystemId::as_str));
            assert_eq!(read_systems(&org, &needs).unwrap(), system.depends_on, "{id}");
        }
        for rule in &org.rules {
            assert_eq!(read_labels(&labels(&rule.labels)).unwrap(), rule.labels, "{}", rule.name);
        }
    }

    #[test]
    fn means_are_read_as_people_write_them() {
        let read = |line: &str| read_means(line).map(|m| m.into_iter().next().unwrap());
        let number = read("Call: +44 (0)7700 900-377,4417#, wait 90s").unwrap();
        assert_eq!((number.kind, number.to.as_str()), (MeansKind::Call, "+44 (0)7700 900-377,4417#"));
        assert_eq!(number.wait, Some(Span::from_secs(90)));
        assert_eq!(read("push ana-phone, with the next").unwrap().wait, Some(Span::ZERO));
        assert_eq!(read("in person").unwrap().kind, MeansKind::InPerson);
        for (line, why) in [("telex 12", "does not begin with a means"), ("call 1, wait long", "no length of time")] {
            assert!(read(line).unwrap_err().contains(why), "{line}");
        }
    }

    #[test]
    fn hours_and_days_are_read_as_people_write_them() {
        let hours = read_weekly("Mon-Fri 07:00-19:00\nsat, sun 22:00-24:00\nfri-mon 00:00-00:00").unwrap();
        let shown = weekly(&UsageHours { weekly: hours, ..UsageHours::default() });
        assert_eq!(shown, "mon-fri 07:00-19:00\nsat,sun 22:00-00:00\nmon,fri-sun 00:00-00:00");
        for line in ["mon-fri", "monday 07:00-19:00", "mon 7-19", "mon 25:00-26:00", " 07:00-19:00"] {
            assert!(read_weekly(line).is_err(), "{line}");
        }
        let days = read_exceptions("2026-12-24 to 2027-01-02 not used: Christmas: all of it").unwrap();
        assert_eq!((days[0].used, days[0].note.as_str()), (false, "Christmas: all of it"));
        for line in ["2026-12-24", "24.12. not used", "2026-13-01 used"] {
            assert!(read_exceptions(line).is_err(), "{line}");
        }
    }

    #[test]
    fn a_name_that_several_have_is_told_apart_by_the_directory() {
        let all = [("a", "Archive"), ("b", "Archive"), ("c", "Email")];
        assert_eq!(named(&all, ["a", "c"].into_iter()), "a\nEmail");
        assert!(find(&all, "archive").unwrap_err().contains("a or b"));
        assert_eq!(find(&all, "EMAIL"), Ok("c"));
        assert!(find(&all, "x").unwrap_err().contains("none named"));
    }
}
