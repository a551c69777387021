//! What an organisation's file may say of each thing by itself: means that can reach somebody, names that can be read,
//! and no word that cancels another. Whether what it names is there, `apply` checks.
//!
//! A slip here would be found at night, by the person whom nobody could reach. So it is refused, with its place.

use muster_core::contact::MeansKind;
use muster_core::directory::{Means, Organisation};
use muster_core::ids::PersonId;
use muster_core::refusal::Refusal;
use muster_core::system::System;
use std::collections::BTreeSet;

/// Longest name in characters: the longest job titles have 100, and a name stands on one line of a page.
const NAME_MAX: usize = 200;
/// Longest text in characters: a service agreement that somebody reads.
const TEXT_MAX: usize = 4_000;

/// Refuses what cannot be meant.
///
/// # Errors
/// [`Refusal::Senseless`], naming the place.
pub(super) fn sensible(org: &Organisation) -> Result<(), Refusal> {
    let senseless = |why: String| Refusal::Senseless { field: "organisation", why };
    check(org).map_or(Ok(()), |why| Err(senseless(why)))
}

/// The first thing that cannot be meant, in words.
fn check(org: &Organisation) -> Option<String> {
    let bad_name = names(org).find_map(|(place, name)| Some(format!("{place}: {}.", why_no_name(name)?)));
    bad_name
        .or_else(|| texts(org).find_map(|(place, text, most)| too_long(&place, text, most)))
        .or_else(|| means(org))
        .or_else(|| lists(org))
        .or_else(|| org.systems.iter().find_map(|(id, system)| hours(id.as_str(), system)))
        .or_else(|| repeated("rules", org.rules.iter().map(|rule| rule.name.trim())))
        .or_else(|| org.policy.why_senseless())
        .or_else(|| org.procedure.why_senseless())
        .or_else(|| muster_core::custom::why_senseless(org))
        .or_else(|| muster_core::communications::why_senseless(org))
}

/// Every name that people read, with its place.
fn names(org: &Organisation) -> impl Iterator<Item = (String, &str)> {
    let own = [("organisation, name".to_owned(), org.organisation.name.as_str())];
    let people = org.people.iter().map(|(id, p)| (format!("In person {id}, name"), p.name.as_str()));
    let areas = org.areas.iter().map(|(id, a)| (format!("In area {id}, name"), a.name.as_str()));
    let populations = org.populations.iter().map(|(id, p)| (format!("In population {id}, name"), p.name.as_str()));
    let systems = org.systems.iter().map(|(id, s)| (format!("In system {id}, name"), s.name.as_str()));
    let intake = org.intake.iter().map(|(id, i)| (format!("In intake {id}, name"), i.name.as_str()));
    let rules = org.rules.iter().enumerate().map(|(n, r)| (format!("In rule {}, name", n + 1), r.name.as_str()));
    own.into_iter().chain(people).chain(areas).chain(populations).chain(systems).chain(intake).chain(rules)
}

/// Every other text that a page shows, with its place and how long it may be.
fn texts(org: &Organisation) -> impl Iterator<Item = (String, &str, usize)> {
    let titles = org.people.iter().map(|(id, p)| (format!("In person {id}, title"), p.title.as_str(), NAME_MAX));
    let means = org
        .people
        .iter()
        .flat_map(|(id, p)| p.means.iter().map(move |m| (format!("In person {id}, means"), m.to.as_str(), NAME_MAX)));
    let reached = org.populations.iter();
    let reached = reached.map(|(id, p)| (format!("In population {id}, reached by"), p.reached_by.as_str(), NAME_MAX));
    let agreements = org.systems.iter();
    let agreements = agreements.map(|(id, s)| (format!("In system {id}, agreement"), s.agreement.as_str(), TEXT_MAX));
    let rules = org.rules.iter().flat_map(|r| {
        let patterns = [&r.intake, &r.host, &r.service].into_iter().flatten().chain(r.labels.values());
        patterns.map(move |p| (format!("In rule {}, pattern", r.name), p.as_str(), NAME_MAX))
    });
    titles.chain(means).chain(reached).chain(agreements).chain(rules)
}

fn too_long(place: &str, text: &str, most: usize) -> Option<String> {
    (text.chars().count() > most).then(|| format!("{place}: it is too long. Use {most} characters at most."))
}

fn why_no_name(name: &str) -> Option<String> {
    if muster_core::words::is_blank(name) {
        return Some("it is empty. Write a name".to_owned());
    }
    (name.chars().count() > NAME_MAX).then(|| format!("it is too long. Use {NAME_MAX} characters at most"))
}

/// Most means of one person: each is tried in every round.
const MEANS_MOST: usize = 20;

fn means(org: &Organisation) -> Option<String> {
    if let Some((id, _)) = org.people.iter().find(|(_, p)| p.means.len() > MEANS_MOST) {
        return Some(format!(
            "Person {id} has more than {MEANS_MOST} means. Keep those by which they are really reached."
        ));
    }
    let all = org.people.iter().flat_map(|(id, p)| p.means.iter().enumerate().map(move |(n, m)| (id, n + 1, m)));
    let mut wrong = all.filter_map(|(id, n, means)| {
        let why = why_unreachable(means)?;
        Some(format!("In person {id}, means {n} ({}): “{}” {why}.", means.kind.word(), means.to))
    });
    wrong.next()
}

/// Why nobody can be reached by it, with what to write instead.
fn why_unreachable(means: &Means) -> Option<&'static str> {
    let to = means.to.trim();
    match means.kind {
        MeansKind::InPerson => None,
        MeansKind::Call | MeansKind::Sms => {
            (!is_number(to)).then_some("is no telephone number. Write digits, such as +44 7700 900123")
        }
        MeansKind::Email => (!is_address(to)).then_some("is no email address. Write one such as ana@example.org"),
        MeansKind::Push => to.is_empty().then_some("is no topic. Write the topic that the phone listens to"),
        MeansKind::Webhook => (!is_web_address(to)).then_some("is no web address. Begin it with https:// or http://"),
    }
}

/// Digits, and what people write between and behind them. A provider's extension is digits as well.
fn is_number(to: &str) -> bool {
    let begins = to.chars().next().is_some_and(|c| c.is_ascii_digit() || matches!(c, '+' | '('));
    let fits = |c: char| c.is_ascii_digit() || c == '\u{a0}' || " +-–()./,;*#".contains(c);
    begins && to.chars().any(|c| c.is_ascii_digit()) && to.chars().all(fits)
}

fn is_address(to: &str) -> bool {
    let halves = to.rsplit_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    halves && !to.contains(|c: char| c.is_whitespace() || c.is_control())
}

fn is_web_address(to: &str) -> bool {
    reqwest::Url::parse(to).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

fn lists(org: &Organisation) -> Option<String> {
    let twice = |place: String, list: &[PersonId]| {
        let again = again(list)?;
        Some(format!("{place}: “{again}” stands there twice. Name them once."))
    };
    let areas = org.areas.iter().find_map(|(id, area)| {
        let lists = [("members", &area.members), ("supervisors", &area.supervisors), ("management", &area.management)];
        lists.into_iter().find_map(|(list, people)| twice(format!("In area {id}, {list}"), people))
    });
    areas.or_else(|| {
        org.systems.iter().find_map(|(id, system)| {
            let itself = system.depends_on.contains(id);
            let itself = itself.then(|| format!("In system {id}, depends_on: it depends on itself. Leave it out."));
            itself.or_else(|| twice(format!("In system {id}, contacts"), &system.contacts))
        })
    })
}

fn hours(id: &str, system: &System) -> Option<String> {
    let exceptions = &system.usage_hours.exceptions;
    let (n, days) = exceptions.iter().enumerate().find(|(_, days)| days.from > days.to)?;
    let (from, to) = (days.from, days.to);
    Some(format!("In system {id}, usage_hours, exception {}: it begins on {from}, after it ends on {to}.", n + 1))
}

fn repeated<'a>(place: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    let again = again(names)?;
    Some(format!("{place}: two are named “{again}”. Give each its own name."))
}

/// The first that is there a second time.
fn again<T: Ord + Copy>(items: impl IntoIterator<Item = T>) -> Option<T> {
    let mut seen = BTreeSet::new();
    items.into_iter().find(|item| !seen.insert(*item))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORG: &str = r#"
        organisation = { name = "Northmere", time_zone = "UTC" }
        [people.ana]
        name = "Ana"
        role = "administrator"
        means = [{ kind = "email", to = "ana@n.example" }, { kind = "call", to = "+44 (0)7700 900-377,4417#" },
                 { kind = "webhook", to = "https://n.example/hook" }, { kind = "push", to = "ana-topic" },
                 { kind = "in-person", to = "second floor" }, { kind = "sms", to = "07700.900/377" }]
        [areas.server]
        name = "Server team"
        members = ["ana"]
        [systems.email]
        name = "Email"
        contacts = ["ana"]
        depends_on = ["network"]
        [systems.email.usage_hours]
        exceptions = [{ from = "2026-12-24", to = "2026-12-27", used = false }]
        [systems.network]
        name = "Network"
        [[rules]]
        name = "Mail"
        system = "email"
        [[rules]]
        name = "Rest"
        system = "network"
        [policy]
        report = { business_days = 2, hour = 17 }
        [[policy.tell_directly]]
        name = "User support"
        area = "server"
        whom = "supervisors"
        after_triage = "15m"
        after_discovery = "30m"
        [[policy.tell_directly]]
        name = "Management"
        area = "server"
        whom = "management"
        after_triage = "15m"
        after_discovery = "30m"
    "#;

    #[test]
    fn what_cannot_be_meant_is_refused_with_its_place() {
        let read = |text: &str| toml::from_str::<Organisation>(text).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(sensible(&read(ORG)), Ok(()));
        let long = format!("\"{}\"", "n".repeat(201));
        for (from, to, said) in [
            ("ana@n.example", "PRIYA", "In person ana, means 1 (email): “PRIYA” is no email address"),
            ("ana@n.example", "ana @n.example", "means 1 (email)"),
            ("ana@n.example", "@n.example", "means 1 (email)"),
            (
                "+44 (0)7700 900-377,4417#",
                "javascript:alert(1)",
                "means 2 (call): “javascript:alert(1)” is no telephone",
            ),
            ("+44 (0)7700 900-377,4417#", "()", "means 2 (call)"),
            ("+44 (0)7700 900-377,4417#", "", "means 2 (call)"),
            ("07700.900/377", "ask Ben", "means 6 (text)"),
            ("https://n.example/hook", "ftp://n.example", "means 3 (webhook)"),
            ("https://n.example/hook", "n.example", "means 3 (webhook)"),
            ("ana-topic", " ", "means 4 (push)"),
            ("\"Ana\"", "\" \"", "In person ana, name: it is empty"),
            ("\"Ana\"", "\"\u{200b}\u{feff}\"", "In person ana, name: it is empty"),
            ("\"Ana\"", &long, "In person ana, name: it is too long"),
            ("\"Northmere\"", "\"\"", "organisation, name: it is empty"),
            ("\"Email\"", "\"\"", "In system email, name: it is empty"),
            ("\"Server team\"", "\"\"", "In area server, name: it is empty"),
            ("[\"network\"]", "[\"email\"]", "In system email, depends_on: it depends on itself"),
            (
                "contacts = [\"ana\"]",
                "contacts = [\"ana\", \"ana\"]",
                "In system email, contacts: “ana” stands there twice",
            ),
            (
                "members = [\"ana\"]",
                "members = [\"ana\", \"ana\"]",
                "In area server, members: “ana” stands there twice",
            ),
            ("to = \"2026-12-27\"", "to = \"2026-12-23\"", "In system email, usage_hours, exception 1"),
            ("\"Rest\"", "\"Mail\"", "rules: two are named “Mail”"),
            ("\"Rest\"", "\"\"", "In rule 2, name: it is empty"),
            ("\"Management\"", "\"User support\"", "policy, tell directly: two are named “User support”"),
            ("hour = 17", "hour = 24", "policy, report, hour: 24 is no hour"),
            ("hour = 17", "hour = -1", "policy, report, hour: -1 is no hour"),
            (
                "[policy]\n",
                "[policy]\n kinds = [{ kind = \"other\", words = \"Other\" }]\n",
                "policy, kinds: “organisation-wide” is missing. Muster opens incidents of that kind when",
            ),
        ] {
            assert!(ORG.contains(from), "{from}");
            let refused = sensible(&read(&ORG.replacen(from, to, 1))).map_err(|e| e.to_string());
            assert!(refused.as_ref().is_err_and(|why| why.contains(said)), "{to}: {refused:?}");
        }
    }
}
