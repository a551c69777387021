//! Who answers for what: the first of every list, until schedules exist.

use super::frame::{Reader, page, shell};
use super::phrases::{counted, name_of, out_of_reach, tel};
use crate::app::App;
use crate::web::error::PageError;
use crate::web::view::oncall::{Contacts, OnCall, Page};
use crate::web::view::parts::{Place, Prose, State};
use axum::extract::State as Of;
use axum::response::Response;
use muster_core::directory::Organisation;
use muster_core::ids::PersonId;
use std::sync::Arc;

/// `GET /oncall`.
///
/// # Errors
/// [`PageError`].
pub async fn show(Of(app): Of<Arc<App>>, reader: Reader) -> Result<Response, PageError> {
    let org = app.ops.organisation().await?;
    let mut shell = shell(&app, &reader, Place::OnCall).await?;
    shell.live = None;
    let systems = systems(&org, &reader.id);
    page(&Page { shell, heading: heading(&systems), about: about(&org), systems, areas: areas(&org, &reader.id) })
}

/// People in the order to try. Who isn't in the directory any more, or has left, is left out.
#[must_use]
pub fn in_order(org: &Organisation, ids: &[PersonId], reader: &PersonId) -> Vec<OnCall> {
    let on_call = |id: &PersonId| {
        let person = org.here(id)?;
        Some(OnCall {
            name: name_of(org, id, reader),
            href: format!("/people/{id}"),
            title: person.title.clone(),
            tel: tel(person),
            state: out_of_reach(person),
        })
    };
    ids.iter().filter_map(on_call).collect()
}

fn list(
    org: &Organisation,
    id: String,
    name: String,
    href: Option<String>,
    ids: &[PersonId],
    reader: &PersonId,
) -> Contacts {
    let people = in_order(org, ids, reader);
    let gap = people.iter().all(|p| p.state.is_some()).then(|| State::late("Nobody"));
    Contacts { id, name, href, gap, people }
}

fn systems(org: &Organisation, reader: &PersonId) -> Vec<Contacts> {
    let of = |(id, system): (&muster_core::ids::SystemId, &muster_core::system::System)| {
        list(org, format!("s-{id}"), system.name.clone(), Some(format!("/systems/{id}")), &system.contacts, reader)
    };
    let mut systems: Vec<_> = org.systems.iter().map(of).collect();
    systems.sort_by_key(|s| s.name.to_lowercase());
    systems
}

fn areas(org: &Organisation, reader: &PersonId) -> Vec<Contacts> {
    let mut areas: Vec<_> = org.areas.iter().collect();
    areas.sort_by_key(|(_, area)| area.name.to_lowercase());
    let lists = areas.into_iter().flat_map(|(id, area)| {
        let name = &area.name;
        let members = list(org, format!("a-{id}"), name.clone(), None, &area.members, reader);
        let supervisors = ("s", "supervisors", &area.supervisors);
        let management = ("m", "management", &area.management);
        // A list that the organisation does not keep is no gap.
        let kept = [supervisors, management].into_iter().filter(|(.., people)| !people.is_empty());
        let others = kept.map(move |(short, what, people)| {
            list(org, format!("a-{id}-{short}"), format!("{name}: {what}"), None, people, reader)
        });
        std::iter::once(members).chain(others).collect::<Vec<_>>()
    });
    lists.collect()
}

fn heading(systems: &[Contacts]) -> String {
    let without: Vec<_> = systems.iter().filter(|s| s.gap.is_some()).collect();
    match (systems, without.as_slice()) {
        ([], _) => "No systems yet".into(),
        ([one], []) => format!("Somebody answers for {}", one.name),
        (all, []) => format!("Somebody answers for all {} systems", all.len()),
        (_, [one]) => format!("Nobody answers for {}", one.name),
        (all, without) => format!("Nobody answers for {} of {} systems", without.len(), all.len()),
    }
}

fn about(org: &Organisation) -> Prose {
    let fallback = org.policy.fallback_area.as_ref().and_then(|id| org.areas.get(id));
    let else_called = match fallback {
        Some(area) => format!("Where nobody is named, the members of “{}” are called.", area.name),
        None => {
            let administrators = u64::try_from(org.administrators().count()).unwrap_or(0);
            format!(
                "Where nobody is named, {} called.",
                match administrators {
                    1 => "the administrator is".to_owned(),
                    n => format!("{} are", counted(n, "administrator", "administrators")),
                }
            )
        }
    };
    format!("Whoever stands first is called first. {else_called} Schedules come later.").into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_core::contact::MeansKind;
    use muster_core::directory::{Area, Means, Person};
    use muster_core::system::System;

    fn organisation(systems: &[(&str, &[&str])]) -> Organisation {
        let mut org = Organisation::default();
        let means = vec![Means { kind: MeansKind::Call, to: "01632 960 001".into(), wait: None }];
        let person =
            |name: &str, means: &[Means]| Person { name: name.into(), means: means.to_vec(), ..Person::default() };
        org.people.insert("ana".into(), person("Ana", &means));
        org.people.insert("mute".into(), person("Mute", &[]));
        org.people.insert("left".into(), Person { gone: true, ..person("Left", &means) });
        for (name, contacts) in systems {
            let contacts = contacts.iter().map(|c| PersonId::from(*c)).collect();
            org.systems.insert(
                name.to_lowercase().as_str().into(),
                System { name: (*name).into(), contacts, ..System::default() },
            );
        }
        org
    }

    #[test]
    fn the_heading_names_the_gap() {
        for (given, expected) in [
            (&[][..], "No systems yet"),
            (&[("Email", &["ana"][..])], "Somebody answers for Email"),
            (&[("Email", &["ana"]), ("Web", &["mute", "ana"])], "Somebody answers for all 2 systems"),
            (&[("Email", &["ana"]), ("Web", &["mute"])], "Nobody answers for Web"),
            (&[("Email", &["left"])], "Nobody answers for Email"),
            (&[("Email", &["gone-from-file"]), ("Web", &[])], "Nobody answers for 2 of 2 systems"),
        ] {
            assert_eq!(heading(&systems(&organisation(given), &"ana".into())), expected);
        }
    }

    #[test]
    fn an_area_shows_its_members_and_the_lists_that_it_keeps() {
        let mut org = organisation(&[]);
        let area = Area { name: "Server team".into(), management: vec!["ana".into()], ..Area::default() };
        org.areas.insert("server".into(), area);
        let lists = areas(&org, &"ana".into());
        let seen: Vec<_> = lists.iter().map(|l| (l.name.as_str(), l.gap.is_some())).collect();
        assert_eq!(seen, [("Server team", true), ("Server team: management", false)]);
        assert_eq!(lists[1].people[0].name, "Ana (you)");
    }
}
