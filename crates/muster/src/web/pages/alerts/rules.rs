//! Mapping rules in words.

use crate::web::view::alerts;
use muster_core::directory::Organisation;
use muster_core::system::Rule;

/// A rule as a row of the table.
pub(super) fn row(rule: &Rule, org: &Organisation) -> alerts::Rule {
    let asks = asks(rule);
    let when = if asks.is_empty() { "any signal".into() } else { asks.join(", ") };
    alerts::Rule { name: rule.name.clone(), when, then: then(rule, org) }
}

/// A rule as text, a line for each thing that it asks.
pub(super) fn text(rule: &Rule, org: &Organisation) -> String {
    let asks = asks(rule);
    let lines = asks.iter().enumerate().map(|(nth, ask)| format!("{} {ask}", if nth == 0 { "when " } else { "and  " }));
    let mut lines: Vec<_> = lines.collect();
    if lines.is_empty() {
        lines.push("when  any signal".into());
    }
    lines.push(format!("then  {}", then(rule, org)));
    lines.join("\n")
}

fn asks(rule: &Rule) -> Vec<String> {
    let ask = |name: &str, pattern: &Option<String>| pattern.as_ref().map(|p| format!("{name} is {p}"));
    let known = [ask("sender", &rule.intake), ask("host", &rule.host), ask("service", &rule.service)];
    let labels = rule.labels.iter().map(|(name, pattern)| format!("{name} is {pattern}"));
    known.into_iter().flatten().chain(labels).collect()
}

fn then(rule: &Rule, org: &Organisation) -> String {
    let system = rule.system.as_ref().map(|id| org.systems.get(id).map_or(id.as_str(), |s| s.name.as_str()));
    let condition = rule.condition.map_or("as bad as the sender says", |c| c.word());
    format!("{}, {condition}", system.unwrap_or("no system"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_core::system::{Condition, System};

    #[test]
    fn rules_are_read_as_sentences() {
        let mut org = Organisation::default();
        org.systems.insert("printing".into(), System { name: "Printing".into(), ..System::default() });
        let rule = Rule {
            host: Some("print-*".into()),
            labels: [("team".to_owned(), "it".to_owned())].into(),
            system: Some("printing".into()),
            condition: Some(Condition::Degraded),
            ..Rule::default()
        };
        assert_eq!(text(&rule, &org), "when  host is print-*\nand   team is it\nthen  Printing, degraded");
        let row = row(&Rule::default(), &org);
        assert_eq!((row.when.as_str(), row.then.as_str()), ("any signal", "no system, as bad as the sender says"));
    }
}
