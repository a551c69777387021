//! A part of a version as a form: words one a line, figures each with its unit, and the tables as the organisation's
//! file writes them.

use crate::web::pages::typed::Typed;
use crate::web::view::parts::Field;
use crate::web::view::work::Ask;
use muster_core::entry::Passage;
use muster_core::policy::Policy;
use muster_core::procedure::{Component, Content, Step};
use muster_core::refusal::Refusal;
use muster_core::version::Version;

const TIME: &str = "With its unit: 90s, 15m, 1h 30m.";
const COUNT: &str = "A number.";

/// The figures that stand alone, by their name in the organisation's file, with their words and their unit.
const FIGURES: [(&str, &str, &str); 21] = [
    ("disruption_after", "A disruption counts from", TIME),
    ("open_unanswered_after", "A suspected incident that nobody answers is open after", TIME),
    ("join_within", "Alerts of other systems join an incident within", TIME),
    ("reach_within", "The on-call contact is reached within", TIME),
    ("triage_within", "It is triaged within", TIME),
    ("answer_wait", "An answer is waited for, where a means does not say", TIME),
    ("calls_by_itself", "Muster calls whom nobody has spoken to by itself", "true or false."),
    ("calls_before_due", "From how long before it is due", TIME),
    ("tell_owner_within", "A system's owner is told within", TIME),
    ("span_of_control", "People whom one person can lead", COUNT),
    ("conference_after", "A status review conference is held when service has been away for", TIME),
    ("conference_every", "And again every", TIME),
    ("follow_up_within", "Everybody who was contacted hears that it is over within", TIME),
    ("nag_every", "Somebody is reminded of what is late every", TIME),
    ("nags_at_most", "And at most so many times", COUNT),
    ("climbs_from", "From which reminder on the next in line hears of it too", COUNT),
    ("presence", "Where whoever is summoned is wanted", "on-site, remote or either-way. Empty: either way."),
    ("bridge", "The bridge for conference calls: number or address, and PIN", "Empty: there is none."),
    ("attachment_max", "Largest file on an incident, in MiB", COUNT),
    ("fallback_area", "Which area is summoned where no known system is named", "Its name in the organisation's file."),
    ("version", "", ""), // counted by Muster, and never asked
];

/// Figures that may be left empty.
const OPTIONAL: [&str; 3] = ["fallback_area", "presence", "bridge"];

/// The field with everything that is a table.
const REST: &str = "tables";

/// What the form of that part asks, filled with what the version says.
pub fn asks(part: &str, version: &Version) -> Vec<Ask> {
    let ask = |name, label, hint, long, required, value: String| Ask {
        name,
        label,
        hint,
        long,
        required,
        field: Field::of(value),
    };
    match part {
        "figures" => {
            let (mut table, mut all) = (table_of(&version.body.policy), Vec::new());
            for (name, label, hint) in FIGURES {
                let value = table.remove(name).map_or_else(String::new, |v| plain(&v));
                if !label.is_empty() {
                    all.push(ask(name, label, hint, false, !OPTIONAL.contains(&name), value));
                }
            }
            let rest = toml::to_string(&table).unwrap_or_default();
            let hint = "Who is told, levels of management, kinds, severity, times by phase: as the organisation's file writes them.";
            all.push(ask(REST, "The tables", hint, true, true, rest));
            all
        }
        "checklist" => {
            let steps: Vec<_> =
                version.body.procedure.checklist().iter().map(|s| format!("{}: {}", s.name, s.words)).collect();
            let hint = "One a line, in their order: a short name, a colon, the words. What Muster sees done by itself goes with the name.";
            vec![ask("steps", "Steps", hint, true, true, steps.join("\n"))]
        }
        component => {
            let Some(component) = Component::from_word(component) else { return Vec::new() };
            let content = version.body.procedure.of(component);
            let hint = "One a line, in their order.";
            vec![
                ask("steps", "Steps", hint, true, true, content.steps.join("\n")),
                ask("decisions", "Decisions on the way", hint, true, false, content.decisions.join("\n")),
            ]
        }
    }
}

/// What the form of that part says; none if there is no such part.
pub fn read(part: &str, typed: &Typed, version: &Version) -> Option<Result<Passage, Refusal>> {
    Some(match part {
        "figures" => figures(typed, version),
        "checklist" => Ok(Passage::Checklist(checklist(typed.get("steps"), &version.body.procedure.checklist()))),
        component => {
            let content = Content { steps: lines(typed.get("steps")), decisions: lines(typed.get("decisions")) };
            Ok(Passage::Component(Component::from_word(component)?, content))
        }
    })
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn checklist(text: &str, known: &[Step]) -> Vec<Step> {
    let step = |line: String| {
        let (name, words) =
            line.split_once(':').map_or(("", line.as_str()), |(name, words)| (name.trim(), words.trim()));
        let seen_by = known.iter().find(|s| s.name == name).map_or_else(Vec::new, |s| s.seen_by.clone());
        Step { name: name.to_owned(), words: words.to_owned(), seen_by }
    };
    lines(text).into_iter().map(step).collect()
}

fn figures(typed: &Typed, version: &Version) -> Result<Passage, Refusal> {
    let wrong = |field, why: String| Refusal::Senseless { field, why };
    let mut table: toml::Table = typed
        .get(REST)
        .parse()
        .map_err(|e: toml::de::Error| wrong(REST, format!("The tables cannot be read: {}", e.message())))?;
    let was = table_of(&version.body.policy);
    for (name, label, hint) in FIGURES.into_iter().filter(|(_, label, _)| !label.is_empty()) {
        let Some(text) = typed.some(name) else {
            if OPTIONAL.contains(&name) {
                continue;
            }
            return Err(wrong(name, format!("{label}: write how much. {hint}")));
        };
        let value = match (was.get(name), hint) {
            (Some(toml::Value::Boolean(_)), _) => text.parse().ok().map(toml::Value::Boolean),
            (_, COUNT) => text.parse().ok().map(toml::Value::Integer),
            _ => Some(toml::Value::String(text.to_owned())),
        };
        let value = value.ok_or_else(|| wrong(name, format!("{label}: this cannot be read. {hint}")))?;
        // Each is tried alone, so that the one that is wrong is named.
        let mut alone = was.clone();
        alone.insert(name.to_owned(), value.clone());
        if alone.try_into::<Policy>().is_err() {
            return Err(wrong(name, format!("{label}: this cannot be read. {hint}")));
        }
        table.insert(name.to_owned(), value);
    }
    let read = table.try_into::<Policy>();
    let mut policy = read.map_err(|e| wrong(REST, format!("The tables cannot be read: {}", e.message())))?;
    policy.version = version.number;
    Ok(Passage::Figures(policy))
}

/// A policy as a table; what is left out where it is the default too.
fn table_of(policy: &Policy) -> toml::Table {
    let mut table = toml::Table::try_from(policy).unwrap_or_default();
    for (name, n) in [("attachment_max", i64::from(policy.attachment_max)), ("climbs_from", policy.climbs_from.into())]
    {
        table.entry(name).or_insert(toml::Value::Integer(n));
    }
    table
}

fn plain(value: &toml::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_core::entry::Presence;

    #[test]
    fn every_figure_that_stands_alone_is_asked_for_with_its_unit() {
        let table = table_of(&Policy {
            fallback_area: Some("support".into()),
            bridge: "07700 900700".into(),
            presence: Presence::OnSite,
            ..Policy::default()
        });
        let alone = table.iter().filter(|(_, v)| !v.is_table() && !v.is_array()).map(|(k, _)| k.as_str());
        let mut known: Vec<_> = FIGURES.iter().map(|(name, ..)| *name).collect();
        known.sort_unstable();
        assert_eq!(alone.collect::<Vec<_>>(), known);
    }

    #[test]
    fn a_step_of_the_checklist_keeps_what_shows_it_done_by_its_name() {
        let known = muster_core::procedure::Procedure::default().checklist();
        let text: Vec<_> = known.iter().rev().map(|s| format!(" {}: {} ", s.name, s.words)).collect();
        let mut read = checklist(&text.join("\n\n"), &known);
        read.reverse();
        assert_eq!(read, known);
    }
}
