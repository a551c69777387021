//! Who somebody is, what an area, a population, a system, a sender and a rule are: what their forms ask, and what is read.

use super::edit::{Item, Wrongs, choose, line, note, once, tick};
use super::lines;
use crate::web::pages::acts::reading::{self, Wrong};
use crate::web::pages::profile::roles_up_to;
use crate::web::pages::typed::Typed;
use crate::web::view::organisation::Question;
use crate::web::view::parts::Choice;
use muster_core::calendar::{BusinessCalendar, UsageHours};
use muster_core::communications::Row;
use muster_core::directory::{About, Area, Intake, Organisation, Person, Population, Role};
use muster_core::ids::{PersonId, SystemId};
use muster_core::system::{Condition, Rule, Scope, System};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

impl Item for Person {
    const KIND: &'static str = "person";
    const WORD: &'static str = "a person";

    fn find<'a>(org: &'a Organisation, name: &str) -> Option<&'a Self> {
        org.people.get(&name.into())
    }
    fn put(self, org: &mut Organisation, name: &str, _: Option<usize>) {
        org.people.insert(name.into(), self);
    }
    fn take(org: &mut Organisation, name: &str) {
        org.people.remove(&name.into());
    }
    fn named_by(org: &Organisation, name: &str) -> Vec<String> {
        let id = PersonId::from(name);
        let leads = |a: &&Area| [&a.members, &a.supervisors, &a.management].iter().any(|list| list.contains(&id));
        let names = |s: &&System| {
            s.contacts.contains(&id) || s.management.contains(&id) || s.owner.as_ref().is_some_and(|o| *o == id)
        };
        let areas = org.areas.values().filter(leads).map(|a| format!("the area {}", a.name));
        areas.chain(org.systems.values().filter(names).map(|s| format!("the system {}", s.name))).collect()
    }
    fn begun() -> Self {
        Self::default()
    }
    fn title(&self) -> String {
        self.name.clone()
    }
    fn home(name: Option<&str>) -> (String, &'static str) {
        (name.map_or_else(|| "/people".into(), |name| format!("/people/{name}")), "People")
    }
    fn asks(&self, _: &Organisation) -> Vec<Question> {
        vec![
            line("name", "Full name", "", true, &self.name),
            line("title", "What they are", "As Head of Infrastructure.", false, &self.title),
            choose("role", "Role", self.role.word(), roles_up_to(Role::Administrator)),
            note("means", "How to reach them", lines::MEANS, &lines::means(&self.means)),
        ]
    }
    fn read(typed: &Typed, _: &Organisation, was: &Self) -> Result<Self, Vec<Wrong>> {
        let mut wrongs = Wrongs::default();
        let role = Role::from_word(typed.get("role")).ok_or_else(|| "Choose one of them.".to_owned());
        let person = Self {
            name: once(typed, "name"),
            title: once(typed, "title"),
            role: wrongs.or(role, "role"),
            means: wrongs.or(lines::read_means(typed.get("means")), "means"),
            gone: was.gone,
        };
        wrongs.unless(person)
    }
}

impl Item for Area {
    const KIND: &'static str = "area";
    const WORD: &'static str = "an area";

    fn find<'a>(org: &'a Organisation, name: &str) -> Option<&'a Self> {
        org.areas.get(&name.into())
    }
    fn put(self, org: &mut Organisation, name: &str, _: Option<usize>) {
        org.areas.insert(name.into(), self);
    }
    fn take(org: &mut Organisation, name: &str) {
        org.areas.remove(&name.into());
    }
    fn named_by(org: &Organisation, name: &str) -> Vec<String> {
        let told = org.policy.tell_directly.iter().filter(|t| t.area.as_str() == name);
        let told = told.map(|t| format!("the procedure ({} is told directly)", t.name));
        let heard = org.communications.iter().filter(|r| r.area.as_ref().is_some_and(|a| a.as_str() == name));
        let fallback = org.policy.fallback_area.iter().filter(|a| a.as_str() == name);
        let fallback = fallback.map(|_| "the procedure (it is called where no system is known)".to_owned());
        told.chain(fallback).chain(heard.map(|r| format!("the audience {}", r.audience))).collect()
    }
    fn begun() -> Self {
        Self::default()
    }
    fn title(&self) -> String {
        self.name.clone()
    }
    fn asks(&self, org: &Organisation) -> Vec<Question> {
        let management = "The chain of managers above it, nearest first: who hears of its outages, level by level.";
        vec![
            line("name", "Name", "As Server team.", true, &self.name),
            note("members", "Members, first contact first", lines::PEOPLE, &lines::people(org, &self.members)),
            note("supervisors", "Supervisors", lines::PEOPLE, &lines::people(org, &self.supervisors)),
            note("management", "Management chain", management, &lines::people(org, &self.management)),
        ]
    }
    fn read(typed: &Typed, org: &Organisation, _: &Self) -> Result<Self, Vec<Wrong>> {
        let mut wrongs = Wrongs::default();
        let mut people = |field| wrongs.or(reading::people(org, typed.get(field)), field);
        let (members, supervisors, management) = (people("members"), people("supervisors"), people("management"));
        wrongs.unless(Self { name: once(typed, "name"), members, supervisors, management })
    }
}

impl Item for Population {
    const KIND: &'static str = "population";
    const WORD: &'static str = "a population";

    fn find<'a>(org: &'a Organisation, name: &str) -> Option<&'a Self> {
        org.populations.get(&name.into())
    }
    fn put(self, org: &mut Organisation, name: &str, _: Option<usize>) {
        org.populations.insert(name.into(), self);
    }
    fn take(org: &mut Organisation, name: &str) {
        org.populations.remove(&name.into());
    }
    fn named_by(org: &Organisation, name: &str) -> Vec<String> {
        let serves = org.systems.values().filter(|s| s.populations.iter().any(|p| p.as_str() == name));
        let heard = org.communications.iter().filter(|r| r.populations.iter().any(|p| p.as_str() == name));
        let serves = serves.map(|s| format!("the system {}", s.name));
        serves.chain(heard.map(|r| format!("the audience {}", r.audience))).collect()
    }
    fn begun() -> Self {
        Self::default()
    }
    fn title(&self) -> String {
        self.name.clone()
    }
    fn asks(&self, _: &Organisation) -> Vec<Question> {
        let count = if self.name.is_empty() { String::new() } else { self.head_count.to_string() };
        vec![
            line("name", "Name", "As All students.", true, &self.name),
            line("head_count", "How many people", "A number.", true, &count),
            line("reached_by", "How they are reached", "As the portal, screens in the halls.", false, &self.reached_by),
        ]
    }
    fn read(typed: &Typed, _: &Organisation, _: &Self) -> Result<Self, Vec<Wrong>> {
        let mut wrongs = Wrongs::default();
        let count = typed.get("head_count").trim().replace([',', ' ', '\u{a0}'], "");
        let count = count.parse().map_err(|_| "Write how many people they are, as 3120.".to_owned());
        let (name, reached_by) = (once(typed, "name"), once(typed, "reached_by"));
        let head_count = wrongs.or(count, "head_count");
        wrongs.unless(Self { name, head_count, reached_by })
    }
}

/// A system's own communications plan, as a file holds it.
#[derive(Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct OwnPlan {
    #[serde(default)]
    communications: Vec<Row>,
}

fn plan_text(rows: &[Row]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    toml::to_string(&OwnPlan { communications: rows.to_vec() }).unwrap_or_default()
}

fn read_plan(text: &str) -> Result<Vec<Row>, String> {
    let plan: Result<OwnPlan, _> = toml::from_str(text);
    plan.map(|p| p.communications).map_err(|e| format!("This cannot be read: {}.", e.message()))
}

impl Item for System {
    const KIND: &'static str = "system";
    const WORD: &'static str = "a system";

    fn find<'a>(org: &'a Organisation, name: &str) -> Option<&'a Self> {
        org.systems.get(&name.into())
    }
    fn put(self, org: &mut Organisation, name: &str, _: Option<usize>) {
        org.systems.insert(name.into(), self);
    }
    fn take(org: &mut Organisation, name: &str) {
        org.systems.remove(&name.into());
    }
    fn named_by(org: &Organisation, name: &str) -> Vec<String> {
        let needs = org.systems.values().filter(|s| s.depends_on.iter().any(|d| d.as_str() == name));
        let rules = org.rules.iter().filter(|r| r.system.as_ref().is_some_and(|s| s.as_str() == name));
        let needs = needs.map(|s| format!("the system {}", s.name));
        needs.chain(rules.map(|r| format!("the rule {}", r.name))).collect()
    }
    fn begun() -> Self {
        Self::default()
    }
    fn title(&self) -> String {
        self.name.clone()
    }
    fn home(name: Option<&str>) -> (String, &'static str) {
        (name.map_or_else(|| "/systems".into(), |name| format!("/systems/{name}")), "Systems")
    }
    fn asks(&self, org: &Organisation) -> Vec<Question> {
        let hours = &self.usage_hours;
        let scopes = [Scope::Departmental, Scope::OrganisationWide].map(|s| Choice::new(s.word(), s.word()));
        let needs = lines::named(&lines::systems(org), self.depends_on.iter().map(SystemId::as_str));
        let serves = self.populations.iter().map(|p| p.as_str());
        let owner = self.owner.as_ref().map_or_else(String::new, |o| lines::name(org, o));
        let management = "Who hears of its outages, nearest first. Empty: those of its contacts' areas.";
        let zone = hours.time_zone.as_deref().unwrap_or_default();
        let plan = "As the organisation's file writes it: [[communications]]. Empty: the organisation's plan.";
        let scope = choose("scope", "Whom its loss hits", self.scope.word(), scopes.into());
        vec![
            line("name", "Name", "As people call it: Directory and sign-in.", true, &self.name),
            scope,
            line("owner", "Owner", "Who speaks for those who use it.", false, &owner),
            note("contacts", "Technical contacts", lines::PEOPLE, &lines::people(org, &self.contacts)),
            note("management", "Management of its own", management, &lines::people(org, &self.management)),
            note("depends_on", "What it needs", "One system a line.", &needs),
            note(
                "populations",
                "Whom it serves",
                "One population a line.",
                &lines::named(&lines::populations(org), serves),
            ),
            note("agreement", "Service agreement", "What was promised, in words.", &self.agreement),
            note("weekly", "Usage hours", lines::WEEKLY, &lines::weekly(hours)),
            note("exceptions", "Days that differ", lines::EXCEPTIONS, &lines::exceptions(hours)),
            tick("closed_on_holidays", "Holidays", [("yes", "Out of use on holidays", hours.closed_on_holidays)]),
            line("time_zone", "Its own time zone", "As Europe/London. Empty: the organisation's.", false, zone),
            note("communications", "Communications plan of its own", plan, &plan_text(&self.communications)),
        ]
    }
    fn read(typed: &Typed, org: &Organisation, _: &Self) -> Result<Self, Vec<Wrong>> {
        let mut w = Wrongs::default();
        let scope = typed.choice("scope").ok_or_else(|| "Choose one of them.".to_owned());
        let system = Self {
            name: once(typed, "name"),
            scope: w.or(scope, "scope"),
            owner: w.or(reading::one_person(org, typed.get("owner")), "owner"),
            contacts: w.or(reading::people(org, typed.get("contacts")), "contacts"),
            management: w.or(reading::people(org, typed.get("management")), "management"),
            depends_on: w.or(lines::read_systems(org, typed.get("depends_on")), "depends_on"),
            populations: w
                .or(lines::read_populations(org, typed.get("populations")), "populations")
                .into_iter()
                .collect(),
            usage_hours: UsageHours {
                time_zone: typed.some("time_zone").map(str::to_owned),
                weekly: w.or(lines::read_weekly(typed.get("weekly")), "weekly"),
                closed_on_holidays: typed.get("closed_on_holidays") == "yes",
                exceptions: w.or(lines::read_exceptions(typed.get("exceptions")), "exceptions"),
            },
            communications: w.or(read_plan(typed.get("communications")), "communications"),
            agreement: typed.get("agreement").trim().replace("\r\n", "\n"),
        };
        w.unless(system)
    }
}

impl Item for Intake {
    const KIND: &'static str = "intake";
    const WORD: &'static str = "a sender";

    fn find<'a>(org: &'a Organisation, name: &str) -> Option<&'a Self> {
        org.intake.get(&name.into())
    }
    fn put(self, org: &mut Organisation, name: &str, _: Option<usize>) {
        org.intake.insert(name.into(), self);
    }
    fn take(org: &mut Organisation, name: &str) {
        org.intake.remove(&name.into());
    }
    fn named_by(org: &Organisation, name: &str) -> Vec<String> {
        let rules = org.rules.iter().filter(|r| r.intake.as_deref() == Some(name));
        rules.map(|r| format!("the rule {}", r.name)).collect()
    }
    fn begun() -> Self {
        Self::default()
    }
    fn title(&self) -> String {
        self.name.clone()
    }
    fn asks(&self, _: &Organisation) -> Vec<Question> {
        vec![line("name", "Name", "As it stands in logs: Nagios, data centre A.", true, &self.name)]
    }
    fn read(typed: &Typed, _: &Organisation, _: &Self) -> Result<Self, Vec<Wrong>> {
        Ok(Self { name: once(typed, "name") })
    }
}

impl Item for Rule {
    const KIND: &'static str = "rule";
    const WORD: &'static str = "a mapping rule";
    const LISTED: bool = true;

    fn find<'a>(org: &'a Organisation, name: &str) -> Option<&'a Self> {
        super::edit::nth(&org.rules, name)
    }
    fn put(self, org: &mut Organisation, name: &str, place: Option<usize>) {
        super::edit::put_in(&mut org.rules, name, place, self);
    }
    fn take(org: &mut Organisation, name: &str) {
        super::edit::take_from(&mut org.rules, name);
    }
    fn begun() -> Self {
        Self::default()
    }
    fn title(&self) -> String {
        self.name.clone()
    }
    fn asks(&self, org: &Organisation) -> Vec<Question> {
        const PATTERN: &str = "* stands for any run of characters. Empty: any.";
        let system = self
            .system
            .as_ref()
            .map_or_else(String::new, |s| lines::named(&lines::systems(org), std::iter::once(s.as_str())));
        let text = |pattern: &Option<String>| pattern.clone().unwrap_or_default();
        let mut conditions = vec![Choice::new("", "What the sender's own severity suggests")];
        conditions.extend(Condition::ALL.map(|c| Choice::new(c.word(), c.word())));
        vec![
            line("name", "Name", "As it stands in the log when it decided.", true, &self.name),
            line(
                "intake",
                "Sender",
                "By name. * stands for any run of characters. Empty: any.",
                false,
                &text(&self.intake),
            ),
            line("host", "Host", PATTERN, false, &text(&self.host)),
            line("service", "Service or check", PATTERN, false, &text(&self.service)),
            note("labels", "Labels", "One a line: name = pattern. All must fit.", &lines::labels(&self.labels)),
            line("system", "Which system it is about", "By name. Empty: none.", false, &system),
            choose("condition", "What it says of the system", self.condition.map_or("", Condition::word), conditions),
        ]
    }
    fn read(typed: &Typed, org: &Organisation, _: &Self) -> Result<Self, Vec<Wrong>> {
        let mut w = Wrongs::default();
        let pattern = |field| typed.some(field).map(str::to_owned);
        let condition = match typed.get("condition") {
            "" => Ok(None),
            word => Condition::from_word(word).map(Some).ok_or_else(|| "Choose one of them.".to_owned()),
        };
        let system = lines::read_systems(org, typed.get("system")).map(|found| found.into_iter().next());
        let rule = Self {
            name: once(typed, "name"),
            intake: w.or(sender(org, typed), "intake"),
            host: pattern("host"),
            service: pattern("service"),
            labels: w.or(lines::read_labels(typed.get("labels")), "labels"),
            system: w.or(system, "system"),
            condition: w.or(condition, "condition"),
        };
        w.unless(rule)
    }
}

/// The sender that a rule is for: a pattern, or one that is there.
fn sender(org: &Organisation, typed: &Typed) -> Result<Option<String>, String> {
    match typed.some("intake") {
        Some(text) if !text.contains('*') => lines::read_sender(org, text).map(Some),
        pattern => Ok(pattern.map(str::to_owned)),
    }
}

impl Item for About {
    const KIND: &'static str = "about";
    const WORD: &'static str = "the organisation";
    const ONLY: bool = true;

    fn find<'a>(org: &'a Organisation, _: &str) -> Option<&'a Self> {
        Some(&org.organisation)
    }
    fn put(self, org: &mut Organisation, _: &str, _: Option<usize>) {
        org.organisation = self;
    }
    fn take(_: &mut Organisation, _: &str) {}
    fn begun() -> Self {
        Self::default()
    }
    fn title(&self) -> String {
        self.name.clone()
    }
    fn asks(&self, _: &Organisation) -> Vec<Question> {
        let days = lines::days().map(|(day, word)| (word, word, self.calendar.business_days.contains(&day)));
        let holidays: Vec<_> = self.calendar.holidays.iter().map(ToString::to_string).collect();
        let reports = [("yes", "Users may report what is wrong at /report, without a login", self.user_reports)];
        vec![
            line("name", "Name", "As it stands on pages and forms.", true, &self.name),
            line("time_zone", "Time zone", "As Europe/London.", true, &self.time_zone),
            tick("business_days", "Business days", days),
            note("holidays", "Holidays", "One day a line, as 2026-12-25.", &holidays.join("\n")),
            tick("user_reports", "Reports by users", reports),
        ]
    }
    fn read(typed: &Typed, _: &Organisation, _: &Self) -> Result<Self, Vec<Wrong>> {
        let mut w = Wrongs::default();
        let business_days = lines::days().filter(|(_, word)| typed.all("business_days").any(|d| d == *word));
        let business_days = business_days.map(|(day, _)| day).collect();
        let day = |line: &str| line.parse().map_err(|_| format!("“{line}” is no day. Write it as 2026-12-25."));
        let holidays: Result<BTreeSet<_>, _> = lines::each(typed.get("holidays")).map(day).collect();
        let calendar = BusinessCalendar { business_days, holidays: w.or(holidays, "holidays") };
        let (name, time_zone) = (once(typed, "name"), once(typed, "time_zone"));
        w.unless(Self { name, time_zone, calendar, user_reports: typed.get("user_reports") == "yes" })
    }
}
