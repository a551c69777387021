//! The words of the procedure: what ships, and what an organisation makes of it.

use crate::fixture::org;
use muster_core::directory::Organisation;
use muster_core::procedure::{Component, Content, Procedure};
use muster_core::words::is_blank;

fn content(steps: &[&str], decisions: &[&str]) -> Content {
    let lines = |lines: &[&str]| lines.iter().map(|l| (*l).to_owned()).collect();
    Content { steps: lines(steps), decisions: lines(decisions) }
}

// proves: POL-1 the procedure has its ten components, in their order
#[test]
fn there_are_ten_components() {
    let titles = Component::ALL.map(Component::title);
    assert_eq!(
        titles,
        [
            "Discovery",
            "Evaluation and restoration planning",
            "Internal staff notification",
            "Client notification",
            "Documentation",
            "Escalation",
            "Resolution",
            "General communications",
            "Service disruption report",
            "Monthly review and process modification",
        ]
    );
    for component in Component::ALL {
        assert_eq!(Component::from_word(component.word()), Some(component));
        assert_eq!(serde_json::to_value(component).unwrap(), component.word(), "the file spells it as pages do");
    }
    assert_eq!(Component::from_word("tea"), None);
}

// proves: POL-2 a working default of each component ships: something to do, and something to decide
#[test]
fn every_component_ships_with_steps_and_decisions() {
    let shipped = Procedure::default();
    let mut own = Procedure::default();
    for component in Component::ALL {
        let content = shipped.of(component);
        assert!(content.steps.len() >= 3 && !content.decisions.is_empty(), "{component:?}: {content:?}");
        assert!(content.steps.iter().chain(&content.decisions).all(|line| !is_blank(line)));
        assert!(content.decisions.iter().all(|line| line.contains('?')), "{component:?}: a decision asks");
        own.set(component, content.clone());
    }
    assert_eq!(own.why_senseless(), None, "what ships would be taken from an organisation");
}

// proves: POL-2 an administrator adds, removes and rewords steps; what they leave alone is as it ships
#[test]
fn a_component_is_reworded_and_the_others_stay() {
    let about = "organisation = { name = 'Northmere', time_zone = 'UTC' }\n";
    let file = "
        [procedure.escalation]
        steps = ['Ring the duty manager', 'Ring the director']
        decisions = ['Does it need the crisis team?']
        [procedure.review]
        steps = ['Meet on the first Tuesday']
    ";
    let org: Organisation = toml::from_str(&format!("{about}{file}")).unwrap();
    let own = content(&["Ring the duty manager", "Ring the director"], &["Does it need the crisis team?"]);
    assert_eq!(org.procedure.of(Component::Escalation), &own);
    assert_eq!(org.procedure.of(Component::Review), &content(&["Meet on the first Tuesday"], &[]));
    assert_eq!(org.procedure.of(Component::Discovery), Procedure::default().of(Component::Discovery));
    let is_own: Vec<_> = Component::ALL.into_iter().filter(|c| org.procedure.is_own(*c)).collect();
    assert_eq!(is_own, [Component::Escalation, Component::Review]);
    let again: Organisation = toml::from_str(&toml::to_string(&org).unwrap()).unwrap();
    assert_eq!(again.procedure, org.procedure, "what is exported is what was applied");
    let unknown = format!("{about}[procedure.tea]\nsteps = ['Drink it']");
    let refused = toml::from_str::<Organisation>(&unknown).unwrap_err().to_string();
    assert!(refused.contains("tea") && refused.contains("discovery"), "{refused}");
}

// proves: POL-2 words that nobody can work by are refused with what to do
#[test]
fn what_nobody_can_work_by_is_refused() {
    let (long, many) = ("x".repeat(301), vec!["x"; 41]);
    for (steps, decisions, said) in [
        (vec![], vec![], "procedure, report: it has no step. Write one at least"),
        (vec!["Write it", " \u{200b}"], vec![], "procedure, report, step 2: it is empty"),
        (vec![long.as_str()], vec![], "procedure, report, step 1: it is too long. Use 300"),
        (vec!["Write it", "Write it "], vec![], "procedure, report, step 2: it stands there twice"),
        (vec!["Write it"], vec!["Well?", ""], "procedure, report, decision 2: it is empty"),
        (many, vec![], "procedure, report, steps: there are 41. Use 40 at most"),
    ] {
        let mut procedure = Procedure::default();
        procedure.set(Component::Report, content(&steps, &decisions));
        let why = procedure.why_senseless();
        assert!(why.as_ref().is_some_and(|why| why.starts_with(said)), "{said}: {why:?}");
    }
}

// proves: POL-1 the figures of the procedure are data, and each can be read with its unit
#[test]
fn figures_are_read_with_their_units() {
    let said = |org: &Organisation| -> Vec<String> {
        org.policy.figures().into_iter().map(|f| format!("{}: {}: {}", f.part.word(), f.what, f.value)).collect()
    };
    let mut org = org();
    for line in [
        "discovery: A disruption counts from: 15 min",
        "discovery: User support is told in person: supervisors of user-support, 10 min after triage, 30 min after discovery at the latest",
        "discovery: Muster calls whom nobody has spoken to: only when somebody lets it",
        "staff_notification: An answer is waited for, where a means does not say: 5 min",
        "documentation: A log may be silent while intense, steady, waiting: 15 min, 1 h, 4 h",
        "escalation: Level 1 of management is told: within 15 min of severity 2 or worse, or 30 min without service",
        "escalation: Level 3 of management is told: within 1 h of 8 h without service",
        "escalation: A Communications Manager is decided on: within 15 min of severity 1, or 1 h without service, or 10 people asking",
        "report: The service disruption report is due: 17:00, business day 2 after restoration",
    ] {
        assert!(said(&org).iter().any(|l| l == line), "{line}: {:#?}", said(&org));
    }
    // Every field that is a figure changes a line, so that none is in force unseen.
    let written = serde_json::to_value(&org.policy).unwrap();
    org.policy.calls_by_itself = true; // calls_before_due is said only then
    let before = said(&org);
    for (field, value) in written.as_object().unwrap() {
        let other = match (field.as_str(), value) {
            ("version", _) | ("calls_by_itself", _) => continue,
            (_, serde_json::Value::String(_)) => serde_json::json!("7h"),
            (_, serde_json::Value::Number(_)) => serde_json::json!(23),
            ("tell_directly" | "escalation" | "kinds", _) => serde_json::json!([]),
            ("severity", matrix) => {
                let mut other = matrix.clone();
                other["impact"] = serde_json::json!([]);
                other
            }
            ("log_silence" | "review_every", _) => {
                serde_json::json!({ "intense": "7h", "steady": "7h", "waiting": "7h" })
            }
            ("report", _) => serde_json::json!({ "business_days": 5, "hour": 9 }),
            ("communicator", _) => serde_json::json!({ "within": "7h" }),
            other => panic!("say here how {other:?} is changed"),
        };
        let mut changed = serde_json::to_value(&org.policy).unwrap();
        changed[field] = other;
        org.policy = serde_json::from_value(changed).unwrap();
        assert_ne!(said(&org), before, "{field} is shown nowhere");
        org.policy = serde_json::from_value(written.clone()).unwrap();
        org.policy.calls_by_itself = true;
    }
}
