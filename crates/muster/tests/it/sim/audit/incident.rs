//! An incident as the auditor makes it from raw entries, and what every entry must fit.

use super::summons::{Owed, Summons};
use super::{Finding, Row, instant, span, text};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

pub struct Incident {
    pub id: String,
    pub number: String,
    pub state: String,
    pub seq: i64,
    pub head: String,
    pub recorded_at: i64,
    pub last_recorded_at: i64,
    pub discovered_at: i64,
    pub went_down: Option<i64>,
    pub policy: Value,
    pub time_zone: String,
    pub tells: Vec<(String, i64)>,
    pub phase: String,
    /// Who is and was Incident Manager, since when, by which summons.
    pub managers: Vec<(String, i64, String)>,
    pub searches: Vec<Summons>,
    /// Systems that a person or the opening named.
    said: BTreeSet<String>,
    /// Alerts here, with their system and whether they fire.
    pub alerts: BTreeMap<String, (Option<String>, bool)>,
    pub contacts: Vec<Contact>,
    pub last_act: Option<(i64, i64)>,
    pub restored_at: Option<i64>,
    pub report: Option<i64>,
    /// How many questions, causes and options there are.
    asked: i64,
    causes: i64,
    options: i64,
    /// Tasks: who, due, how and when it ended.
    pub tasks: Vec<Task>,
    /// What the entry before was: kind, author, summons.
    before: (String, String, String),
}

pub struct Task {
    pub by: String,
    pub due: i64,
    /// Whether it was done, and when it was said.
    pub ended: Option<(bool, i64)>,
}

pub struct Contact {
    pub entry: i64,
    pub tell: String,
    pub spoken: bool,
    pub at: i64,
    pub taken_back: bool,
}

impl Incident {
    pub fn begin(id: &str, entry: &Row) -> Option<Self> {
        let fact = &entry.json("body")["fact"];
        let terms = &fact["terms"];
        let tell = |t: &Value| Some((text(&t["name"]), span(&t["after_discovery"])?));
        Some(Self {
            id: id.to_owned(),
            number: text(&fact["number"]),
            state: if fact["suspected"].as_bool()? { "suspected" } else { "open" }.to_owned(),
            seq: 0,
            head: String::new(),
            recorded_at: entry.int("recorded_at"),
            last_recorded_at: i64::MIN,
            discovered_at: instant(&fact["discovered_at"])?,
            went_down: instant(&fact["went_down"]["at"]),
            policy: terms["policy"].clone(),
            time_zone: text(&terms["time_zone"]),
            tells: fact["tells"].as_array()?.iter().map(tell).collect::<Option<_>>()?,
            phase: "intense".into(),
            managers: Vec::new(),
            searches: Vec::new(),
            said: fact["systems"].as_array()?.iter().map(|s| text(&s["id"])).collect(),
            alerts: BTreeMap::new(),
            contacts: Vec::new(),
            last_act: None,
            restored_at: None,
            report: None,
            asked: 0,
            causes: 0,
            options: 0,
            tasks: Vec::new(),
            before: Default::default(),
        })
    }

    pub fn is_live(&self) -> bool {
        matches!(self.state.as_str(), "suspected" | "open")
    }

    pub fn manager(&self) -> Option<&str> {
        self.managers.last().map(|m| m.0.as_str())
    }

    pub fn systems(&self) -> BTreeSet<&str> {
        self.said.iter().map(String::as_str).chain(self.alerts.values().filter_map(|a| a.0.as_deref())).collect()
    }

    pub fn since(&self) -> i64 {
        self.went_down.unwrap_or(self.discovered_at)
    }

    pub fn wait(&self, name: &str) -> i64 {
        span(&self.policy[name]).unwrap_or(0)
    }

    pub fn search(&self, id: &str) -> Option<&Summons> {
        self.searches.iter().find(|s| s.id == id)
    }

    /// When it is open although nobody judged it; who takes it gets the same time anew.
    pub fn opens_at(&self) -> i64 {
        let answered = self.managers.first().map_or(self.recorded_at, |m| m.1.max(self.recorded_at));
        answered + self.wait("open_unanswered_after")
    }

    /// The row that lists read.
    pub fn check_row(&self, row: &Row) -> Result<(), Finding> {
        let wrong = |what: &str| Err(format!("the row of {} shows a wrong {what}", self.number));
        if row.int("seq") != self.seq || row.text("head") != self.head {
            return wrong("head");
        }
        if row.text("state") != self.state || (row.int("live") == 1) != self.is_live() {
            return wrong("state");
        }
        if row.maybe_text("manager").as_deref() != self.manager() {
            return wrong("Incident Manager");
        }
        Ok(())
    }

    /// What must hold of it once the engine has looked at it.
    pub fn check_after_tick(&self, now: i64, up_since: i64) -> Result<(), Finding> {
        let at = |what: String| Err(format!("{} after a tick at {now}: {what}", self.number));
        if self.state == "suspected" && self.opens_at() <= now {
            return at("still suspected although the time to judge it is up".into());
        }
        for search in &self.searches {
            match search.owed(now, up_since) {
                Owed::Nothing => {}
                _ if !self.is_live() => return at(format!("the summons {} goes on", search.id)),
                Owed::Until(then) if then > now => {}
                owed => return at(format!("LOST: the summons {} owes {owed:?}", search.id)),
            }
        }
        let looked_for: Vec<_> = self.searches.iter().filter(|s| s.purpose == "take-charge" && s.is_live()).collect();
        match (self.manager(), looked_for.as_slice()) {
            _ if !self.is_live() => Ok(()),
            (None, []) => at("LOST: nobody is Incident Manager, and nobody is looked for".into()),
            (None, [_]) | (Some(_), []) => Ok(()),
            (Some(manager), [search]) if search.says(manager) == Some("cannot") => Ok(()),
            (Some(manager), [_]) => at(format!("{manager} is Incident Manager, and somebody is looked for")),
            (_, [_, _, ..]) => at("two searches for an Incident Manager".into()),
        }
    }

    pub fn apply(&mut self, entry: &Row, up_since: i64) -> Result<(), Finding> {
        let (seq, at, happened) = (entry.int("seq"), entry.int("recorded_at"), entry.int("happened_at"));
        if seq != self.seq + 1 {
            return Err(format!("entry {} is missing", self.seq + 1));
        }
        if at < self.last_recorded_at {
            return Err("recorded time goes back".into());
        }
        let (kind, author, body) = (entry.text("kind"), entry.text("author"), entry.json("body"));
        let fact = &body["fact"];
        self.said(&kind, &author, fact, (seq, at, happened, up_since))?;
        self.seq = seq;
        self.last_recorded_at = at;
        if author.starts_with("person:") {
            self.last_act = Some((at, seq));
        }
        self.before = (kind, author, text(&fact["summons"]));
        Ok(())
    }

    fn said(&mut self, kind: &str, author: &str, fact: &Value, times: (i64, i64, i64, i64)) -> Result<(), Finding> {
        let (seq, at, happened, up_since) = times;
        let id = text(&fact["summons"]);
        let live = self.is_live();
        match kind {
            "opened" | "noted" | "corrected" | "heard-of-system" => {}
            "alert-joined" => {
                if !live {
                    return Err("joins what is over".into());
                }
                let system = fact["system"]["id"].as_str().map(str::to_owned);
                self.alerts.insert(text(&fact["alert"]), (system, fact["status"] == "firing"));
            }
            "alert-went-on" if live => return Err("an alert leaves as if the incident were over".into()),
            "alert-left" | "alert-went-on" => drop(self.alerts.remove(&text(&fact["alert"]))),
            "alert-changed" if !self.alerts.contains_key(&text(&fact["alert"])) => {
                return Err("an alert changes that is not here".into());
            }
            "alert-changed" if fact["was"] == fact["condition"] => return Err("a change that is none".into()),
            "alert-changed" => {}
            "alert-recovered" => match self.alerts.get_mut(&text(&fact["alert"])) {
                Some(alert) if alert.1 => alert.1 = false,
                _ => return Err("an alert recovers that does not fire here".into()),
            },
            "summons-started" => self.searches.push(Summons::begin(fact, at).ok_or("cannot be read")?),
            "tried" | "graded" | "nobody-reached" | "summons-ended" => {
                let Some(search) = self.searches.iter_mut().find(|s| s.id == id) else {
                    return Err("of a summons that never began".into());
                };
                if kind == "tried" && !live {
                    return Err("a try although the incident is over".into());
                }
                search.apply(kind, fact, (seq, at, up_since))?;
            }
            "answered" => {
                let person = text(&fact["person"]["id"]);
                if author != format!("person:{person}") {
                    return Err("somebody else answered".into());
                }
                let login = fact["via"] == "login";
                let Some(search) = self.searches.iter_mut().find(|s| s.id == id) else {
                    return Err("of a summons that never began".into());
                };
                search.answered(&person, &text(&fact["answer"]), login, seq)?;
            }
            "manager-assumed" => self.assumed(&text(&fact["person"]["id"]), author, &id, happened)?,
            "confirmed" => {
                if author == "muster" && (self.state != "suspected" || at < self.opens_at()) {
                    return Err("opened by itself before the time was up".into());
                }
                self.state = "open".into();
            }
            "withdrawn" => self.end(author, "withdrawn")?,
            "restored" => {
                self.end(author, "restored")?;
                self.restored_at = instant(&fact["at"]);
            }
            "reopened" => {
                if live || !author.starts_with("person:") {
                    return Err("reopened what was not over, or by nobody".into());
                }
                self.state = "open".into();
                (self.restored_at, self.report) = (None, None);
            }
            "report-filed" => self.report = Some(at),
            "contacted" => self.contacts.push(Contact {
                entry: seq,
                tell: text(&fact["tell"]),
                spoken: fact["outcome"]["reached"] == "spoken",
                at: happened,
                taken_back: false,
            }),
            "taken-back" => self.take_back(fact["entry"].as_i64().unwrap_or(0)),
            "changed" => {
                let to = &fact["to"];
                if let Some(phase) = to["phase"].as_str() {
                    self.phase = phase.to_owned();
                }
                if let Some(moment) = to.get("went-down") {
                    self.went_down = instant(&moment["at"]);
                }
                if let Some(at) = to.get("restored-at") {
                    self.restored_at = instant(at);
                }
                if let Some(system) = to.get("system") {
                    self.said.insert(text(&system["id"]));
                }
            }
            _ => return self.planned(kind, author, fact, (at, happened)),
        }
        Ok(())
    }

    /// What the plan is made from: written by people, numbered without gaps, about what is there.
    fn planned(&mut self, kind: &str, author: &str, fact: &Value, times: (i64, i64)) -> Result<(), Finding> {
        let (at, happened) = times;
        let number = |name: &str| fact[name].as_i64().unwrap_or(0);
        let empty = |name: &str| fact[name].as_str().is_none_or(str::is_empty);
        if !author.starts_with("person:") {
            return Err(format!("{kind} by nobody, or a kind that nobody knows"));
        }
        let counts = |there: &mut i64| {
            *there += 1;
            if *there == number("number") { Ok(()) } else { Err(format!("{kind}: a number is missing")) }
        };
        let is_there = |name: &str, there: i64| match (1..=there).contains(&number(name)) {
            true => Ok(()),
            false => Err(format!("{kind} of a {name} that is not there")),
        };
        match kind {
            "question-asked" => counts(&mut self.asked)?,
            "input-given" => {
                is_there("question", self.asked)?;
                if author != format!("person:{}", text(&fact["person"]["id"])) {
                    return Err("somebody else answered a question".into());
                }
            }
            "part-marked" => {}
            "cause-proposed" => counts(&mut self.causes)?,
            "cause-judged" => {
                is_there("cause", self.causes)?;
                if empty("evidence") {
                    return Err("a cause is judged without evidence".into());
                }
            }
            "task-set" => {
                let mut there = i64::try_from(self.tasks.len()).unwrap_or(i64::MAX);
                counts(&mut there)?;
                let due = instant(&fact["due"]).ok_or("a task without a due time")?;
                if !self.is_live() || due <= at {
                    return Err("a task that nobody can do in time".into());
                }
                self.tasks.push(Task { by: text(&fact["assignee"]["id"]), due, ended: None });
            }
            "task-ended" => {
                is_there("task", i64::try_from(self.tasks.len()).unwrap_or(i64::MAX))?;
                let nth = usize::try_from(number("task") - 1).unwrap_or(usize::MAX);
                let ended = (fact["done"] == true, happened);
                if self.tasks.get_mut(nth).is_none_or(|t| t.ended.replace(ended).is_some()) {
                    return Err("a task ends twice".into());
                }
            }
            "option-weighed" => {
                counts(&mut self.options)?;
                let causes = fact["causes"].as_array().ok_or("cannot be read")?;
                if causes.iter().any(|n| !(1..=self.causes).contains(&n.as_i64().unwrap_or(0))) {
                    return Err("an option for a cause that is not there".into());
                }
            }
            "option-judged" => {
                is_there("option", self.options)?;
                if empty("text") && !matches!(fact["now"].as_str(), Some("not-tried" | "trying")) {
                    return Err("an option was tried, and nobody says what happened".into());
                }
            }
            other => return Err(format!("a kind that nobody knows: {other}")),
        }
        Ok(())
    }

    /// A suspected or open incident ends by a person's decision only.
    fn end(&mut self, author: &str, state: &str) -> Result<(), Finding> {
        if !self.is_live() || !author.starts_with("person:") {
            return Err("ended what was over, or by nobody".into());
        }
        self.state = state.into();
        Ok(())
    }

    /// Somebody is Incident Manager: by declaring, or by taking what they were asked to take.
    fn assumed(&mut self, person: &str, author: &str, search: &str, happened: i64) -> Result<(), Finding> {
        if author != format!("person:{person}") {
            return Err("made Incident Manager by somebody else".into());
        }
        let by = self.search(search);
        let just_took = self.before.0 == "answered" && self.before.1 == author && self.before.2 == search;
        match (by, self.manager()) {
            (_, Some(now)) if now == person => return Err("is Incident Manager already".into()),
            (None, None) => {}
            (None, Some(now)) => return Err(format!("a second Incident Manager beside {now}")),
            (Some(by), _) if !just_took || by.says(person) != Some("take") => {
                return Err("did not take what makes them Incident Manager".into());
            }
            (Some(by), _) if by.purpose == "hand-over" => {}
            (Some(by), None) if by.purpose == "take-charge" => {}
            (Some(by), Some(now)) if by.purpose == "take-charge" && by.says(now) == Some("cannot") => {}
            (Some(_), Some(now)) => return Err(format!("a second Incident Manager beside {now}")),
            (Some(_), None) => return Err("took charge by a summons for help".into()),
        }
        self.managers.push((person.to_owned(), happened, search.to_owned()));
        Ok(())
    }

    fn take_back(&mut self, mistaken: i64) {
        for contact in self.contacts.iter_mut().filter(|c| c.entry == mistaken) {
            contact.taken_back = true;
        }
        for search in &mut self.searches {
            let Some(person) = search.take_back(mistaken) else { continue };
            if search.says(&person) != Some("take") {
                self.managers.retain(|m| m.0 != person || m.2 != search.id);
            }
        }
    }
}
