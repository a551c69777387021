//! The procedure: what do we do, who must be told, and by when?

use super::frame::{Reader, page, shell};
use super::phrases::counted;
use crate::app::App;
use crate::web::error::PageError;
use crate::web::view::parts::{Fact, Place};
use crate::web::view::policy::{Figure, Page, Part};
use axum::extract::State as Of;
use axum::response::Response;
use muster_core::directory::{Organisation, Role};
use muster_core::policy::Whom;
use muster_core::procedure::Component;
use std::sync::Arc;

/// `GET /policy`.
///
/// # Errors
/// [`PageError`].
pub async fn show(Of(app): Of<Arc<App>>, reader: Reader) -> Result<Response, PageError> {
    let org = app.ops.organisation().await?;
    let mut shell = shell(&app, &reader, Place::Policy).await?;
    shell.live = None;
    page(&Page {
        shell,
        heading: format!("Version {} of the procedure is in force", org.policy.version),
        about: about(&org, reader.person.role),
        parts: parts(&org),
        told: told(&org),
        none_told: "Nobody must be told directly. The organisation's file names them under [[policy.tell_directly]]."
            .into(),
        figures: figures(&org),
    })
}

fn about(org: &Organisation, role: Role) -> String {
    let name = &org.organisation.name;
    match role {
        Role::Administrator => {
            format!("What {name} does in a service disruption. To change it: muster export, edit, muster apply.")
        }
        _ => format!("What {name} does in a service disruption."),
    }
}

fn parts(org: &Organisation) -> Vec<Part> {
    let part = |(component, n): (Component, u64)| {
        let content = org.procedure.of(component);
        let steps = counted(content.steps.len() as u64, "step", "steps");
        let decisions = counted(content.decisions.len() as u64, "decision", "decisions");
        Part {
            title: format!("{n}. {}", component.title()),
            count: format!("{steps}, {decisions}"),
            own: org.procedure.is_own(component),
            steps: content.steps.clone(),
            decisions: content.decisions.clone(),
            open: component == Component::Discovery,
        }
    };
    Component::ALL.into_iter().zip(1..).map(part).collect()
}

/// A group to a line, with the chain of people that is gone down as it is now.
fn told(org: &Organisation) -> Vec<Fact> {
    let rows = org.policy.tell_directly.iter().filter_map(|row| {
        let area = org.areas.get(&row.area)?;
        let (chain, whom) = match row.whom {
            Whom::Supervisors => (&area.supervisors, "supervisors"),
            Whom::Management => (&area.management, "management"),
        };
        let people = chain.iter().filter(|id| org.people.get(id).is_some_and(|p| !p.gone));
        let names: Vec<_> = people.map(|id| org.person_ref(id).name).collect();
        let names = if names.is_empty() { "nobody".into() } else { names.join(", then ") };
        Some(Fact::new(&*row.name, format!("{}, {whom}: {names}", area.name)))
    });
    let fallback = org.policy.fallback_area.as_ref().and_then(|id| org.areas.get(id));
    let fallback =
        fallback.map(|area| Fact::new("When no known system is named", format!("{} is summoned", area.name)));
    rows.chain(fallback).collect()
}

fn figures(org: &Organisation) -> Vec<Figure> {
    let figures = org.policy.figures().into_iter();
    figures.map(|f| Figure { what: f.what, value: f.value, part: f.part.title() }).collect()
}

#[cfg(test)]
mod tests {
    async fn seen_after(visit: &mut Visit) -> String {
        visit.get("/policy").await.text
    }

    use super::*;
    use crate::web::pages::draw::sample::org;
    use crate::web::pages::visits::Visit;
    use muster_core::procedure::Content;

    // proves: POL-2 the page shows every component's steps and decisions, reworded ones as the organisation's own
    #[test]
    fn what_is_reworded_is_shown_and_marked() {
        let mut org = org();
        let own = Content { steps: vec!["Ring the director".into()], decisions: Vec::new() };
        org.procedure.set(Component::Escalation, own);
        let parts = parts(&org);
        assert_eq!(parts.len(), 10);
        let escalation = &parts[5];
        assert_eq!((&*escalation.title, &*escalation.count), ("6. Escalation", "1 step, 0 decisions"));
        assert_eq!(escalation.steps, ["Ring the director"]);
        assert!(escalation.own && parts.iter().filter(|p| p.own).count() == 1);
        assert!(parts.iter().all(|p| !p.steps.is_empty()));
    }
    // proves: POL-2 reworded steps are in force once applied, the others as they ship, and taking them out brings what ships back
    #[tokio::test]
    async fn reworded_steps_are_applied_shown_and_taken_out_again() {
        let mut visit = Visit::begin().await;
        visit.sign_in().await;
        let ops = visit.app.ops.clone();
        let before = Organisation::clone(&ops.organisation().await.unwrap());
        let shipped = before.procedure.of(Component::Report).steps[0].clone();
        let seen = visit.get("/policy").await.text;
        assert!(seen.contains("Version 1 of the procedure is in force") && seen.contains(&shipped), "{seen}");
        assert!(!seen.contains("Our own words") && seen.contains("A disruption counts from"), "{seen}");

        let mut wanted = before.clone();
        let own = Content { steps: vec!["Write two pages".into()], decisions: vec!["Enough?".into()] };
        wanted.procedure.set(Component::Report, own);
        let plan = ops.apply(&wanted, "priya").await.unwrap();
        assert_eq!(
            plan.changes.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["~ policy : version", "+ procedure report"]
        );
        assert_eq!(ops.apply(&wanted, "priya").await.unwrap().changes, [], "a second time changes nothing");
        assert_eq!(ops.organisation().await.unwrap().procedure, wanted.procedure);
        assert!(seen_after(&mut visit).await.contains("Version 2 of the procedure is in force"));
        let seen = visit.get("/policy").await.text;
        assert!(seen.contains("Write two pages") && !seen.contains(&shipped), "{seen}");
        assert_eq!(seen.matches("Our own words").count(), 1, "{seen}");

        let mut none = before.clone();
        none.procedure.set(Component::Report, Content::default());
        let refused = ops.apply(&none, "priya").await.unwrap_err().to_string();
        assert!(refused.contains("procedure, report: it has no step. Write one at least"), "{refused}");
        ops.apply(&before, "priya").await.unwrap();
        assert!(visit.get("/policy").await.text.contains(&shipped));
    }
}
