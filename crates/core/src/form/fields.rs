//! The numbered fields, each computed in a few lines from what the log makes.

use super::Field;
use crate::custom::CustomField;
use crate::duty::{DutyKind, duties, tell_due};
use crate::entry::{Affected, Candidate, Entry, Fact, Kind, Moment, Origin, Severity, Tell, who};
use crate::ids::{PersonId, PersonRef};
use crate::incident::{Contact, Incident, Manager, State};
use crate::summons::Summons;
use crate::words::{clock, count, in_full, in_zone, length};
use crate::{Span, Time};
use std::collections::BTreeSet;

pub(super) fn of(incident: &Incident, entries: &[Entry], now: Time) -> Vec<Field> {
    let paper = Paper { incident, entries, now };
    let field = |number, key: &'static str, label: &'static str, says: Says| Field {
        number,
        key: key.into(),
        label: label.into(),
        value: says.value,
        remark: says.remark,
        at: says.at,
        offered: says.offered,
    };
    let mut fields = vec![
        field(1, "title", "Name", Says::one(&incident.title)),
        field(2, "number", "Reference number", Says::one(&incident.number)),
        field(3, "went-down", "Date and time service went down", paper.went_down()),
        field(4, "recorded", "Date and time recorded", paper.time(incident.recorded_at)),
        field(5, "discovered", "Discovered or reported by", paper.discovered()),
        field(6, "manager", "Incident Manager", paper.managers()),
        field(7, "communications", "Communications Manager", paper.communicator()),
        field(8, "systems", "Systems affected", paper.systems()),
        field(9, "owners", "System owner", paper.owners()),
        field(10, "populations", "Populations affected", paper.populations()),
        field(11, "symptoms", "Symptoms or problem description", paper.symptoms()),
        field(12, "staff", "Staff involved", paper.staff()),
        field(13, "cause", "Determined cause", paper.set("cause", &incident.determined_cause())),
        field(14, "resolution", "Resolution", paper.resolution()),
        field(15, "restored", "Date and time restored", paper.restored()),
        field(16, "outage", "Outage duration", paper.outage()),
        field(17, "kind", "Kind", paper.kind()),
        field(18, "severity", "Severity at start, highest, end", paper.severity()),
        field(19, "told", "Told directly", paper.told()),
        field(20, "report-due", "Report due", paper.report_due()),
        field(21, "filled-by", "Person filling out form", paper.filled_by()),
        field(22, "contacts", "Direct contacts", paper.contacts()),
    ];
    // Those of the organisation's own follow, and what was filled in before its kind changed stays on the form.
    let own = incident.terms.fields.iter().filter(|f| f.is_for(&incident.kind) || incident.custom.contains_key(&f.id));
    fields.extend((23u8..).zip(own).map(|(number, f)| paper.own(number, f)));
    fields
}

/// What a field says.
#[derive(Default)]
struct Says {
    value: Vec<String>,
    remark: String,
    at: Option<Time>,
    offered: Vec<String>,
}

impl Paper<'_> {
    fn own(&self, number: u8, field: &CustomField) -> Field {
        let value = self.incident.custom.get(&field.id).cloned().unwrap_or_default();
        let says = self.set(&format!("value {}", field.id), &value);
        Field {
            number,
            key: format!("own-{}", field.id).into(),
            label: field.words.clone().into(),
            value: says.value,
            remark: says.remark,
            at: None,
            offered: Vec::new(),
        }
    }
}

impl Says {
    fn all(value: Vec<String>) -> Self {
        Self { value, ..Self::default() }
    }

    fn one(value: &str) -> Self {
        Self::all(if value.is_empty() { Vec::new() } else { vec![value.to_owned()] })
    }

    fn but(self, remark: &str) -> Self {
        Self { remark: remark.to_owned(), ..self }
    }
}

/// What the fields are read from.
struct Paper<'a> {
    incident: &'a Incident,
    entries: &'a [Entry],
    now: Time,
}

impl Paper<'_> {
    fn in_full(&self, at: Time) -> String {
        in_full(at, &self.incident.terms.time_zone)
    }

    /// A time of day beside the one at which service went down, or the log began.
    fn clock(&self, at: Time) -> String {
        let beside = self.incident.went_down.map_or(self.incident.recorded_at, |down| down.at);
        clock(at, beside, &self.incident.terms.time_zone)
    }

    fn time(&self, at: Time) -> Says {
        Says { at: Some(at), ..Says::one(&self.in_full(at)) }
    }

    /// "entry 8", if a person set that field by hand.
    fn set_in(&self, field: &str) -> String {
        self.incident.set_by.get(field).map(|(entry, _)| format!("entry {entry}")).unwrap_or_default()
    }

    fn set(&self, field: &str, value: &str) -> Says {
        Says::one(value).but(&self.set_in(field))
    }

    fn went_down(&self) -> Says {
        let Some(Moment { at, estimate }) = self.incident.went_down else {
            return Says::one("Not known").but(&self.set_in("went-down"));
        };
        let entry = self.incident.set_by.get("went-down").map_or(1, |(entry, _)| *entry);
        match estimate {
            true => Says { value: vec![format!("About {}", self.in_full(at))], at: Some(at), ..Says::default() }
                .but(&format!("estimate, entry {entry}")),
            false => self.time(at).but(&self.set_in("went-down")),
        }
    }

    fn discovered(&self) -> Says {
        let by = match &self.incident.origin {
            Origin::Alert { source, .. } => source.clone(),
            Origin::User { name, contact } => format!("A user’s report: {}", who(name, contact)),
            Origin::Person { person, told } => format!("{}, who {}", person.name, told.words()),
        };
        let at = self.incident.discovered_at;
        Says { at: Some(at), ..Says::one(&by).but(&self.clock(at)) }
    }

    fn managers(&self) -> Says {
        let managers = &self.incident.managers;
        let Some(first) = managers.first() else { return Says::one("Nobody yet") };
        let from = |m: &Manager| format!("{}, from {}", m.person.name, self.clock(m.since));
        let before = if first.since > self.incident.recorded_at { "nobody before" } else { "" };
        Says::all(managers.iter().map(from).collect()).but(before)
    }

    fn systems(&self) -> Says {
        let system = |s: &Affected| match s.condition {
            Some(condition) => format!("{} ({})", s.name, condition.word()),
            None => s.name.clone(),
        };
        Says::all(self.incident.systems.iter().map(system).collect())
    }

    fn owners(&self) -> Says {
        let owner = |s: &Affected| Some(format!("{} ({})", s.owner.as_ref()?.name, s.name));
        Says::all(self.incident.systems.iter().filter_map(owner).collect())
    }

    /// As triaged; until then each population that the systems serve, once, in their order.
    fn populations(&self) -> Says {
        let all: Vec<_> = self.incident.hits().into_iter().filter(|hit| hit.people > 0).collect();
        let words = all.iter().map(|hit| format!("{} {}", hit.name, count(u64::from(hit.people)))).collect();
        let together = format!("together about {} people", count(self.incident.head_count()));
        let triaged = self.set_in("triage");
        let remarks = [if all.len() > 1 { together.as_str() } else { "" }, triaged.as_str()];
        let remark: Vec<_> = remarks.into_iter().filter(|r| !r.is_empty()).collect();
        Says::all(words).but(&remark.join(", "))
    }

    /// What a person wrote; until then what the alerts say, each once.
    fn symptoms(&self) -> Says {
        if !self.incident.symptoms.is_empty() {
            return self.set("symptoms", &self.incident.symptoms);
        }
        let mut alerts: Vec<_> = self.incident.alerts.values().map(|a| (a.at, &a.title)).collect();
        alerts.sort();
        let mut seen = BTreeSet::new();
        let said: Vec<_> = alerts.into_iter().map(|(_, title)| title).filter(|t| seen.insert(*t)).cloned().collect();
        let remark = if said.is_empty() { "" } else { "as the alerts say it" };
        Says::all(said).but(remark)
    }

    /// Who worked on it or was told, and who was tried in vain. Those who speak for the users stand in
    /// field 9; and who answered "I cannot" was reached, but not involved.
    fn staff(&self) -> Says {
        let incident = self.incident;
        let owners: BTreeSet<&PersonId> =
            incident.systems.iter().filter_map(|s| s.owner.as_ref()).map(|p| &p.id).collect();
        let spoken_to: Vec<&PersonRef> = self.direct().map(|c| &c.person).collect();
        let told = spoken_to.iter().copied().filter(|p| !owners.contains(&p.id));
        let involved = once(incident.staff.iter().chain(told));

        let answers = incident.summonses.iter().flat_map(|s| &s.answers).filter(|g| !g.taken_back);
        let heard = spoken_to.iter().copied().chain(answers.map(|g| &g.person)).chain(involved.iter().copied());
        let heard: BTreeSet<&PersonId> = heard.map(|p| &p.id).collect();
        let in_vain: Vec<_> = self.tried().into_iter().filter(|p| !heard.contains(&p.id)).map(name).collect();

        let remark = format!("Tried and not reached: {}.", in_vain.join(", "));
        Says::all(involved.into_iter().map(name).collect()).but(if in_vain.is_empty() { "" } else { &remark })
    }

    /// Contacts that people had, and that stand.
    fn direct(&self) -> impl Iterator<Item = &Contact> {
        self.incident.contacts.iter().filter(|c| c.outcome.proof().is_some() && !c.taken_back)
    }

    /// Everybody whom a summons or a person tried to contact.
    fn tried(&self) -> Vec<&PersonRef> {
        let called = self.incident.summonses.iter().flat_map(|s| s.attempts.iter().map(|a| s.chain.get(a.candidate)));
        once(called.flatten().map(|c| &c.person).chain(self.incident.contacts.iter().map(|c| &c.person)))
    }

    fn resolution(&self) -> Says {
        let withdrawn = |e: &Entry| match &e.fact {
            Fact::Withdrawn(f) => Some(Says::one(&format!("Withdrawn: {}", f.reason)).but(&format!("entry {}", e.seq))),
            _ => None,
        };
        if let Some(into) = &self.incident.others.merged_into {
            return match into.number.as_str() {
                "" => Says::one("Merged"),
                number => Says::one(&format!("Merged into {number}: {}", into.reason)),
            };
        }
        match self.incident.state {
            State::Withdrawn => self.entries.iter().rev().find_map(withdrawn).unwrap_or_default(),
            _ => self.set("resolution", &self.incident.resolution),
        }
    }

    fn restored(&self) -> Says {
        let entry = self.set_in("restored-at");
        self.incident.restored_at.map_or_else(|| Says::one("Not restored"), |at| self.time(at).but(&entry))
    }

    fn outage(&self) -> Says {
        let (Some(outage), Some(down)) = (self.incident.outage(self.now), self.incident.went_down) else {
            let nothing_lost = self.incident.state == State::Withdrawn || self.incident.kind == Kind::PREDICTED;
            return Says::one(if nothing_lost { "None" } else { "Not known" });
        };
        let Some(back) = self.incident.restored_at else {
            return Says::one(&format!("{} so far", length(outage))).but(&format!("since {}", self.clock(down.at)));
        };
        Says::one(&length(outage)).but(&format!("{} to {}", self.to_the_second(down.at), self.to_the_second(back)))
    }

    /// As [`Self::clock`], with seconds where there are any, so that the duration can be reckoned on paper.
    fn to_the_second(&self, at: Time) -> String {
        let words = self.clock(at);
        let shown = in_zone(at, &self.incident.terms.time_zone);
        match shown.second() {
            0 => words,
            _ => words.replacen(&shown.strftime("%H:%M").to_string(), &shown.strftime("%H:%M:%S").to_string(), 1),
        }
    }

    /// With every kind of the policy that it began under, to be ticked on paper.
    fn kind(&self) -> Says {
        let offered = self.incident.terms.policy.kinds.iter().map(|k| k.words.clone()).collect();
        Says { offered, ..Says::one(self.incident.kind_words()).but(&self.set_in("kind")) }
    }

    fn severity(&self) -> Says {
        let i = self.incident;
        if i.severity_highest.is_none() {
            return Says::one("Not assessed").but(&self.set_in("severity"));
        }
        let number = |s: Option<Severity>| s.map_or("not assessed".to_owned(), |s| s.number().to_string());
        let end = if i.state.is_live() { "not ended".to_owned() } else { number(i.severity) };
        let all = [number(i.severity_first), number(i.severity_highest), end];
        Says::one(&all.join(", ")).but(&self.set_in("severity"))
    }

    fn communicator(&self) -> Says {
        let roles = &self.incident.roles;
        match (&roles.communicator, &roles.declined) {
            (Some(c), _) => Says::one(&format!("{}, from {}", c.person.name, self.clock(c.since))),
            (None, Some((_, why))) => Says::one("Nobody").but(&format!("none is needed: {why}")),
            (None, None) => Says::one("Nobody").but("the Incident Manager's duty"),
        }
    }

    fn told(&self) -> Says {
        let tell = |tell: &Tell| {
            let due = tell_due(self.incident, tell);
            let Some(contact) = self.incident.told(tell) else {
                let what = match self.incident.untold().any(|t| t.name == tell.name) {
                    true => "not told before service was back".into(),
                    false if self.incident.state == State::Open => format!("not told, due {}", self.clock(due)),
                    false => "not told".to_owned(),
                };
                return format!("{}: {what}", tell.name);
            };
            let late = contact.at.duration_since(due);
            let late = match late > Span::ZERO {
                true => format!(", due {}, {} late", self.clock(due), length(late)),
                false => String::new(),
            };
            format!("{}: {}, {}{late}", tell.name, contact.person.name, self.clock(contact.at))
        };
        Says::all(self.incident.tells.iter().map(tell).collect())
    }

    fn report_due(&self) -> Says {
        let due = duties(self.incident).into_iter().find(|d| d.id.kind == DutyKind::Report);
        let Some(due) = due else { return Says::default() };
        let filed = self.incident.report.as_ref();
        let filed = filed.map(|(at, reference)| format!("filed {}: {reference}", self.clock(*at)));
        self.time(due.due).but(&filed.unwrap_or_default())
    }

    fn filled_by(&self) -> Says {
        match &self.incident.manager {
            Some(manager) => {
                Says::one(&manager.person.name).but("others and Muster where they stand in the last column")
            }
            None => Says::one("Muster"),
        }
    }

    /// What a summons reached counts once for each person, however often it tried or they answered.
    fn contacts(&self) -> Says {
        let reached = |s: &Summons| {
            let answered = |i| s.chain.get(i).is_some_and(|c: &Candidate| s.answer_of(&c.person.id).is_some());
            let direct = s.attempts.iter().filter(|a| a.outcome.proof().is_some() || answered(a.candidate));
            direct.map(|a| a.candidate).collect::<BTreeSet<_>>().len()
        };
        let summonses = &self.incident.summonses;
        let direct = self.direct().count() + summonses.iter().map(reached).sum::<usize>();
        let tries = self.incident.contacts.len() + summonses.iter().map(|s| s.attempts.len()).sum::<usize>();
        Says::one(&format!("{direct} in {tries} {}", if tries == 1 { "try" } else { "tries" }))
    }
}

fn name(person: &PersonRef) -> String {
    person.name.clone()
}

/// Each person once, in the order in which they come.
fn once<'a>(people: impl Iterator<Item = &'a PersonRef>) -> Vec<&'a PersonRef> {
    let mut seen = BTreeSet::new();
    people.filter(|p| seen.insert(&p.id)).collect()
}
