//! What "Raise another alert" says: each time another system of the organisation fails, found by its own
//! mapping rules, so that any organisation can be tried out.

use muster_core::directory::Organisation;
use muster_core::system::{Rule, Scope};
use serde_json::{Value, json};

/// The alert after `before` others, in the generic format. Systems that everybody needs come first: their
/// on-call contact is called at once.
pub(super) fn next(org: &Organisation, intake: &str, before: u64) -> Value {
    let scope = |rule: &&Rule| rule.system.as_ref().and_then(|id| org.systems.get(id)).map(|s| s.scope);
    let usable = |rule: &&Rule| {
        let for_others = rule.intake.as_deref().is_some_and(|pattern| pattern != intake && pattern != "*");
        scope(rule).is_some() && !for_others && (rule.host.is_some() || rule.service.is_some())
    };
    let mut rules: Vec<&Rule> = org.rules.iter().filter(usable).collect();
    rules.sort_by_key(|rule| scope(rule) != Some(Scope::OrganisationWide));
    let all = u64::try_from(rules.len().max(1)).unwrap_or(1);
    let (nth, round) = (usize::try_from(before % all).unwrap_or(0), before / all + 1);
    let Some(rule) = rules.get(nth) else {
        return json!({ "key": format!("demo;{round}"), "title": "Something does not answer", "host": format!("demo-{round:02}"), "severity": "critical" });
    };
    let fill = |pattern: &Option<String>| pattern.as_deref().unwrap_or_default().replace('*', &format!("{round:02}"));
    let (host, service) = (fill(&rule.host), fill(&rule.service));
    let system = rule.system.as_ref().and_then(|id| org.systems.get(id)).map_or("", |s| s.name.as_str());
    let thing = if host.is_empty() { &service } else { &host };
    let labels: serde_json::Map<_, _> =
        rule.labels.iter().map(|(name, pattern)| (name.clone(), Value::String(fill(&Some(pattern.clone()))))).collect();
    json!({
        "key": format!("demo;{thing};{round}"),
        "title": format!("{system}: {thing} does not answer"),
        "host": host,
        "service": service,
        "severity": "critical",
        "detail": "Raised on the page of the demo phones.",
        "labels": labels,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::demo::EXAMPLE;
    use crate::intake::{Format, parse};
    use muster_core::at_ms;
    use muster_core::ids::SystemId;
    use std::collections::BTreeSet;

    #[test]
    fn every_click_is_another_alert_and_every_system_of_the_example_has_its_turn() {
        let org: Organisation = toml::from_str(EXAMPLE).unwrap();
        let (mut keys, mut systems) = (BTreeSet::new(), Vec::<SystemId>::new());
        for before in 0..40 {
            let body = next(&org, "demo", before).to_string();
            let signals = parse(Format::Generic, body.as_bytes(), Some("application/json"), at_ms(0));
            let [signal] = signals.as_slice() else { panic!("{body}") };
            assert!(keys.insert(signal.key.clone()), "{}", signal.key);
            let rule = org.rules.iter().find(|r| r.matches("demo", signal)).unwrap_or_else(|| panic!("{body}"));
            systems.push(rule.system.clone().unwrap());
        }
        let wide = |id: &SystemId| org.systems[id].scope == Scope::OrganisationWide;
        assert!(wide(&systems[0]), "the first one is called about at once");
        assert_eq!(systems.iter().collect::<BTreeSet<_>>().len(), org.rules.len());
    }

    #[test]
    fn an_organisation_without_rules_can_raise_one_too() {
        let org = Organisation::default();
        let keys: BTreeSet<_> = (0..3).map(|n| next(&org, "demo", n)["key"].to_string()).collect();
        assert_eq!(keys.len(), 3);
    }
}
