//! The organisation: what is set up, and the way to change it.

pub mod changes;
pub mod edit;
mod forms;
pub mod holidays;
mod kinds;
pub(super) mod lines;

use super::frame::{Reader, Scene, page, shell};
use super::phrases::{counted, thousands, upper_first};
use crate::app::App;
use crate::web::error::PageError;
use crate::web::view::organisation::{Page, Section};
use crate::web::view::parts::{Fact, Place, Prose};
use axum::extract::State;
use axum::response::Response;
use muster_core::directory::{Area, Organisation, Role};
use muster_core::ids::{IntakeId, PersonId};
use muster_core::system::Rule;
use std::sync::Arc;

/// Most names of a list that one line shows.
const NAMES_SHOWN: usize = 6;

/// `GET /organisation`.
///
/// # Errors
/// [`PageError`].
pub async fn show(State(app): State<Arc<App>>, reader: Reader) -> Result<Response, PageError> {
    let scene = Scene::now(&app).await?;
    let org = &*scene.org;
    let keys: Vec<_> = app.ops.intake_keys().await?.into_iter().map(|(_, of, _)| of).collect();
    let mut shell = shell(&app, &reader, Place::Organisation).await?;
    shell.live = None;
    let about = Prose::default().link("/people", counted(org.people.len() as u64, "person", "people")).text(", ");
    let about = about.link("/systems", counted(org.systems.len() as u64, "system", "systems")).text(", ");
    page(&Page {
        shell,
        heading: org.organisation.name.clone(),
        about: about.link("/policy", format!("version {} of the procedure", org.policy.version)),
        facts: facts(org),
        sections: View { org, edits: reader.person.role == Role::Administrator }.sections(&keys),
        edits: reader.person.role == Role::Administrator,
    })
}

fn facts(org: &Organisation) -> Vec<Fact> {
    let about = &org.organisation;
    let days: Vec<_> = lines::days()
        .filter(|(day, _)| about.calendar.business_days.contains(day))
        .map(|(_, w)| upper_first(w))
        .collect();
    let days = if days.is_empty() { "None: every day counts".to_owned() } else { days.join(", ") };
    let holidays: Vec<_> = about.calendar.holidays.iter().map(ToString::to_string).collect();
    let holidays = if holidays.is_empty() { "None are set up".to_owned() } else { holidays.join(", ") };
    let reports = if about.user_reports { Prose::default().link("/report", "Open to everybody") } else { "Off".into() };
    vec![
        Fact::new("Time zone", about.time_zone.clone()),
        Fact::new("Business days", days),
        Fact::new("Holidays", holidays),
        Fact::new("Reports by users", reports),
    ]
}

struct View<'a> {
    org: &'a Organisation,
    /// Whether names lead to forms.
    edits: bool,
}

impl View<'_> {
    fn sections(&self, keys: &[IntakeId]) -> Vec<Section> {
        let org = self.org;
        let count = |n: usize| thousands(n as u64);
        let section =
            |kind, title, none, add, rows: Vec<_>| Section { kind, title, meta: count(rows.len()), none, add, rows };
        let areas = org.areas.iter().map(|(id, a)| (self.name("area", id.as_str(), &a.name), self.area(a)));
        let populations = org.populations.iter().map(|(id, p)| {
            let by = if p.reached_by.is_empty() { String::new() } else { format!(", reached by {}", p.reached_by) };
            let people = counted(p.head_count.into(), "person", "people");
            (self.name("population", id.as_str(), &p.name), Prose::from(format!("{people}{by}")))
        });
        let senders = org.intake.iter().map(|(id, sender)| {
            let n = keys.iter().filter(|of| *of == id).count();
            let has = if n == 0 { "No key yet: nothing comes in".into() } else { counted(n as u64, "key", "keys") };
            (self.name("intake", id.as_str(), &sender.name), Prose::from(has))
        });
        let rules = org
            .rules
            .iter()
            .zip(1..)
            .map(|(r, n)| (self.name("rule", &n.to_string(), &format!("{n}. {}", r.name)), self.rule(r)));
        let fields = org.fields.iter().zip(1..).map(|(f, n)| {
            let holds =
                serde_json::to_value(f.holds).ok().and_then(|v| v.as_str().map(upper_first)).unwrap_or_default();
            let choices = if f.choices.is_empty() { String::new() } else { format!(": {}", f.choices.join(", ")) };
            (self.name("field", &n.to_string(), &f.words), Prose::from(format!("{holds}{choices}")))
        });
        let told = org.communications.iter().zip(1..).map(|(row, n)| {
            let text = format!("{}, by {}: {}", upper_first(row.level.word()), row.through.words(), row.update);
            (self.name("communication", &n.to_string(), &row.audience), Prose::from(text))
        });
        let mut ordered = section(
            "rule",
            "Mapping rules",
            "No rule: what comes in is watched, and opens nothing.",
            "Add a rule",
            rules.collect(),
        );
        ordered.meta = "In this order: the first that fits decides".into();
        vec![
            section("area", "Areas", "No area yet.", "Add an area", areas.collect()),
            section("population", "Populations", "No population yet.", "Add a population", populations.collect()),
            section("intake", "Senders of alerts", "Nobody can send alerts yet.", "Add a sender", senders.collect()),
            ordered,
            section(
                "field",
                "Fields of your own",
                "The form has no more than its own fields.",
                "Add a field",
                fields.collect(),
            ),
            section("communication", "Who hears what", "Nobody is in the plan yet.", "Add an audience", told.collect()),
        ]
    }

    /// The name of an item; for who may change it, the way to its form.
    fn name(&self, kind: &str, at: &str, name: &str) -> Prose {
        if self.edits { Prose::default().link(format!("/organisation/{kind}/{at}"), name) } else { name.into() }
    }

    fn area(&self, area: &Area) -> Prose {
        let lists = [("", &area.members), ("Supervisors: ", &area.supervisors), ("Management: ", &area.management)];
        let lists = lists.into_iter().filter(|(_, people)| !people.is_empty());
        let lists: Vec<_> = lists.map(|(what, people)| format!("{what}{}", self.people(people))).collect();
        lists.join(". ").into()
    }

    fn people(&self, people: &[PersonId]) -> String {
        let names: Vec<_> = people.iter().take(NAMES_SHOWN).map(|id| self.org.person_ref(id).name).collect();
        match people.len().saturating_sub(NAMES_SHOWN) {
            0 => names.join(", "),
            more => format!("{} and {more} more", names.join(", ")),
        }
    }

    fn rule(&self, rule: &Rule) -> Prose {
        let patterns = [("sender", &rule.intake), ("host", &rule.host), ("service", &rule.service)];
        let patterns = patterns.into_iter().filter_map(|(what, p)| Some(format!("{what} {}", p.as_ref()?)));
        let labels = rule.labels.iter().map(|(name, pattern)| format!("{name} {pattern}"));
        let all: Vec<_> = patterns.chain(labels).collect();
        let fits = if all.is_empty() { "Everything".to_owned() } else { upper_first(&all.join(", ")) };
        let system = match &rule.system {
            Some(id) => self.org.systems.get(id).map_or(id.as_str(), |s| s.name.as_str()),
            None => "no system",
        };
        let how = rule.condition.map_or(", as bad as the sender says".into(), |c| format!(" is {}", c.word()));
        format!("{fits}: {system}{how}").into()
    }
}

#[cfg(test)]
mod tests;
