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
    pub tells: Vec<Tell>,
    /// Who speaks for it by which summons, since when that was wanted, when it was decided.
    pub communicator: Option<(String, String, i64)>,
    pub wanted_at: Option<i64>,
    pub declined: Option<i64>,
    pub communicators_left: u32,
    pub meetings: Vec<Meeting>,
    pub comms: super::comms::Comms,
    pub gathering: super::gathering::Gathering,
    pub ended_at: Option<i64>,
    /// Who has heard that it is over, and when.
    pub followed: Vec<(String, i64)>,
    /// Who heard of it, and not from IT.
    heard: Vec<String>,
    /// Who has left the organisation.
    pub gone: BTreeSet<String>,
    /// Who manages an area or a system.
    pub leaders: BTreeSet<String>,
    /// It was kept on paper, and nobody is called for it.
    from_paper: bool,
    people_asked: i64,
    severity: Option<String>,
    /// The owners of the systems that a person or the opening named.
    owners: BTreeMap<String, String>,
    /// When it was first triaged, and since when it is open.
    pub triaged: Option<i64>,
    pub open_since: Option<i64>,
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
    /// The steps of its checklist, and whether only people say that they are done.
    checklist: BTreeMap<String, bool>,
    /// What people said of steps: by which entry, of which.
    said_of_steps: Vec<(i64, String)>,
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

pub struct Meeting {
    pub kind: String,
    pub entry: i64,
    pub at: i64,
    pub next: Option<i64>,
    escalates: bool,
}

/// A list of people of whom one must be told.
pub struct Tell {
    pub name: String,
    /// Since when it is owed, if not since discovery.
    since: Option<i64>,
    within: i64,
    after_triage: i64,
    chain: Vec<String>,
    /// Whether any of them can be rung.
    rings: bool,
    owner: Option<String>,
}

impl Tell {
    fn of(fact: &Value) -> Option<Self> {
        let chain = fact["chain"].as_array()?;
        let rings = |c: &Value| {
            let means = [&c["means"], &c["by_hand"]].into_iter().filter_map(Value::as_array).flatten();
            means.into_iter().any(|m| m["kind"] == "call")
        };
        Some(Self {
            name: text(&fact["name"]),
            since: instant(&fact["since"]),
            within: span(&fact["after_discovery"])?,
            after_triage: span(&fact["after_triage"])?,
            chain: chain.iter().map(|c| text(&c["person"]["id"])).collect(),
            rings: chain.iter().any(rings),
            owner: fact["ground"]["owner"].as_str().map(str::to_owned),
        })
    }
}

pub struct Contact {
    pub entry: i64,
    pub person: String,
    pub tell: String,
    pub spoken: bool,
    pub at: i64,
    pub taken_back: bool,
}

impl Incident {
    pub fn begin(id: &str, entry: &Row) -> Option<Self> {
        let fact = &entry.json("body")["fact"];
        let terms = &fact["terms"];
        let owner = |s: &Value| Some((text(&s["id"]), s["owner"]["id"].as_str()?.to_owned()));
        let suspected = fact["suspected"].as_bool()?;
        Some(Self {
            id: id.to_owned(),
            number: text(&fact["number"]),
            state: if suspected { "suspected" } else { "open" }.to_owned(),
            seq: 0,
            head: String::new(),
            recorded_at: entry.int("recorded_at"),
            last_recorded_at: i64::MIN,
            discovered_at: instant(&fact["discovered_at"])?,
            went_down: instant(&fact["went_down"]["at"]),
            policy: terms["policy"].clone(),
            time_zone: text(&terms["time_zone"]),
            tells: fact["tells"].as_array()?.iter().map(Tell::of).collect::<Option<_>>()?,
            communicator: None,
            wanted_at: None,
            declined: None,
            communicators_left: 0,
            meetings: Vec::new(),
            comms: super::comms::Comms::default(),
            gathering: super::gathering::Gathering::default(),
            ended_at: None,
            followed: Vec::new(),
            heard: Vec::new(),
            gone: BTreeSet::new(),
            leaders: BTreeSet::new(),
            from_paper: fact["origin"]["person"]["told"] == "paper",
            people_asked: 0,
            severity: fact["severity"].as_str().map(str::to_owned),
            owners: fact["systems"].as_array()?.iter().filter_map(owner).collect(),
            triaged: None,
            open_since: (!suspected).then(|| entry.int("happened_at")),
            phase: "intense".into(),
            managers: Vec::new(),
            searches: Vec::new(),
            said: fact["systems"].as_array()?.iter().map(|s| text(&s["id"])).collect(),
            alerts: BTreeMap::new(),
            contacts: Vec::new(),
            last_act: None,
            restored_at: None,
            report: None,
            checklist: fact["checklist"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|s| (text(&s["name"]), s["seen_by"].as_array().is_none_or(Vec::is_empty)))
                .collect(),
            said_of_steps: Vec::new(),
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

    fn has_left(&self, person: &str) -> bool {
        self.gone.contains(person)
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
            if search.asks_any(&self.gone) {
                return at(format!("the summons {} goes on asking somebody who has left", search.id));
            }
            match search.owed(now, up_since) {
                Owed::Nothing => {}
                _ if !self.is_live() => return at(format!("the summons {} goes on", search.id)),
                Owed::Until(then) if then > now => {}
                owed => return at(format!("LOST: the summons {} owes {owed:?}", search.id)),
            }
        }
        if self.gathering.keeps_people_waiting() {
            return at("people are invited to a call about what is over".into());
        }
        self.check_telling(now)?;
        let looked_for: Vec<_> = self.searches.iter().filter(|s| s.purpose == "take-charge" && s.is_live()).collect();
        match (self.manager(), looked_for.as_slice()) {
            _ if !self.is_live() => Ok(()),
            (None, []) => at("LOST: nobody is Incident Manager, and nobody is looked for".into()),
            (None, [_]) | (Some(_), []) => Ok(()),
            (Some(manager), [search]) if search.says(manager) == Some("cannot") => Ok(()),
            (Some(manager), [_]) if self.has_left(manager) => Ok(()),
            (Some(manager), [_]) => at(format!("{manager} is Incident Manager, and somebody is looked for")),
            (_, [_, _, ..]) => at("two searches for an Incident Manager".into()),
        }
    }

    /// A person says that this system is affected.
    fn names(&mut self, system: &Value) {
        self.said.insert(text(&system["id"]));
        match system["owner"]["id"].as_str() {
            Some(owner) => drop(self.owners.insert(text(&system["id"]), owner.to_owned())),
            None => drop(self.owners.remove(&text(&system["id"]))),
        }
    }

    /// By when somebody of that list is told.
    pub fn tell_due(&self, tell: &Tell) -> i64 {
        let latest = tell.since.unwrap_or(self.discovered_at) + tell.within;
        match (tell.since, self.triaged) {
            (None, Some(triaged)) => latest.min(triaged + tell.after_triage),
            _ => latest,
        }
    }

    /// When somebody of that list was spoken to: by a person, or by a key on a call of ours.
    pub fn told_at(&self, tell: &Tell) -> Option<i64> {
        let counts = |name: Option<&str>, person: &str| {
            name == Some(tell.name.as_str()) || tell.chain.iter().any(|p| p == person)
        };
        let by_people = self.contacts.iter().filter(|c| c.spoken && !c.taken_back && counts(Some(&c.tell), &c.person));
        let by_people = by_people.map(|c| (c.entry, c.at));
        let by_call = self.searches.iter().flat_map(|s| {
            s.spoken().filter(|(_, person, _)| counts(s.tell.as_deref(), person)).map(|(entry, _, at)| (entry, at))
        });
        by_people.chain(by_call).min().map(|(_, at)| at)
    }

    /// What leaves IT goes out after every manager who is to be told knows, or says which of them do not and why.
    fn surprises_nobody(&self, update: &Value) -> Result<(), Finding> {
        if !self.comms.leaves_it(update) {
            return Ok(());
        }
        let said = update["despite"]["managers"].as_array().into_iter().flatten();
        let said: BTreeSet<_> = said.map(|p| text(&p["id"])).collect();
        if said.is_empty() != text(&update["despite"]["reason"]).is_empty() {
            return Err("goes out before managers know: of whom, or why, is not said".into());
        }
        let is_done =
            |head: &String| self.tells.iter().any(|t| t.chain.first() == Some(head) && self.told_at(t).is_some());
        let speaker = self.communicator.as_ref().map(|c| c.0.as_str());
        let leads = |head: &String| [self.manager(), speaker].contains(&Some(head.as_str()));
        let heads = self.tells.iter().filter_map(|t| t.chain.first()).filter(|head| self.leaders.contains(*head));
        let surprised = |head: &&String| {
            !is_done(head)
                && !leads(head)
                && !self.comms.has_read(head)
                && !self.has_left(head)
                && !said.contains(*head)
        };
        match heads.into_iter().find(surprised) {
            None => Ok(()),
            Some(head) => Err(format!("an update goes out before {head} knows, and nobody says why")),
        }
    }

    /// Whoever must be told is called in time, the owners are on a list, and somebody is wanted who speaks for it.
    fn check_telling(&self, now: i64) -> Result<(), Finding> {
        let at = |what: String| Err(format!("{} after a tick at {now}: {what}", self.number));
        if self.state != "open" {
            return Ok(());
        }
        for tell in &self.tells {
            let calling = self.searches.iter().any(|s| s.is_live() && s.tell.as_ref() == Some(&tell.name));
            // Whom no machine can ring is rung by people, and it is loud once that is late.
            let due = self.tell_due(tell);
            let calls_at = if tell.rings { due - self.wait("calls_before_due") } else { due };
            match (self.told_at(tell), calling) {
                (Some(_), true) => return at(format!("{} was told, and Muster calls on", tell.name)),
                (None, false) if self.policy["calls_by_itself"] == true && !self.from_paper && calls_at <= now => {
                    return at(format!("LOST: nobody calls {}", tell.name));
                }
                _ => {}
            }
        }
        for (system, owner) in &self.owners {
            let listed = self.tells.iter().any(|t| t.owner.as_ref() == Some(owner));
            if !listed && self.manager() != Some(owner) {
                return at(format!("{owner}, who owns {system}, is not to be told"));
            }
        }
        if let Some((gone, ..)) = self.communicator.as_ref().filter(|c| self.has_left(&c.0)) {
            return at(format!("LOST: {gone} speaks for it, and has left"));
        }
        let decided = self.communicator.is_some() || self.declined.is_some();
        if self.wanted_at.is_none() && !decided && self.communicator_mark(now) {
            return at("nobody is wanted who speaks for it, although a mark is passed".into());
        }
        Ok(())
    }

    /// Whether the policy wants a Communications Manager at that moment.
    fn communicator_mark(&self, at: i64) -> bool {
        let marks = &self.policy["communicator"];
        let bad = |word: &str| ["critical", "major", "minor", "low"].iter().position(|s| *s == word);
        let severe = marks["severity"].as_str().and_then(bad).zip(self.severity.as_deref().and_then(bad));
        severe.is_some_and(|(mark, is)| is <= mark)
            || span(&marks["after"]).is_some_and(|after| at >= self.since() + after)
            || marks["asking"].as_i64().is_some_and(|mark| self.people_asked >= mark)
    }

    /// Whether that level of management is to be told at that moment.
    fn is_marked(&self, level: i64, at: i64) -> Result<(), Finding> {
        let rows = self.policy["escalation"].as_array().ok_or("no escalation")?;
        let row = rows.iter().find(|r| r["level"] == level).ok_or("a level that no policy names")?;
        let bad = |word: &str| ["critical", "major", "minor", "low"].iter().position(|s| *s == word);
        let severe = row["severity"].as_str().and_then(bad).zip(self.severity.as_deref().and_then(bad));
        let long = span(&row["after"]).is_some_and(|after| at >= self.since() + after);
        match long || severe.is_some_and(|(mark, is)| is <= mark) {
            true => Ok(()),
            false => Err(format!("level {level} is to be told before its marks")),
        }
    }

    /// Who must be told besides, and who speaks for it.
    fn roles(&mut self, kind: &str, author: &str, fact: &Value, times: (i64, i64)) -> Result<bool, Finding> {
        let (at, happened) = times;
        let by_person = author.starts_with("person:");
        match kind {
            "tell-added" => {
                let tell = Tell::of(&fact["tell"]).ok_or("cannot be read")?;
                if self.state != "open" || self.tells.iter().any(|t| t.name == tell.name) {
                    return Err("a second list of that name, or of what is not open".into());
                }
                // A meeting escalates whatever the marks say.
                let by_meeting = self.before.0 == "meeting-held" && self.meetings.last().is_some_and(|m| m.escalates);
                if let Some(level) = fact["tell"]["ground"]["level"].as_i64().filter(|_| !by_meeting) {
                    self.is_marked(level, at)?;
                }
                self.tells.push(tell);
            }
            "communicator-proposed" => {
                if self.state != "open" || !self.communicator_mark(at) || self.wanted_at.replace(at).is_some() {
                    return Err("somebody is wanted to speak for it before a mark, or twice".into());
                }
            }
            "communicator-assumed" => {
                let (person, search) = (text(&fact["person"]["id"]), text(&fact["summons"]));
                let took = self.search(&search).is_none_or(|s| s.says(&person) == Some("take"));
                if author != format!("person:{person}") || !took {
                    return Err("speaks for it without having taken that".into());
                }
                self.communicator = Some((person, search, happened));
            }
            "communicator-left" => {
                let person = text(&fact["person"]["id"]);
                let was = self.communicator.take().filter(|c| c.0 == person);
                if was.is_none() || !self.has_left(&person) || by_person {
                    return Err(format!("{person} speaks for it no more, and is still here or never did"));
                }
                (self.wanted_at, self.declined) = (None, None);
                self.communicators_left += 1;
            }
            "communicator-declined" if by_person => self.declined = Some(at),
            "people-asked" if by_person => self.people_asked += fact["people"].as_i64().unwrap_or(0),
            "heard-elsewhere" if by_person => self.heard.push(text(&fact["person"]["id"])),
            "hand-over-asked" if by_person => {}
            _ => return self.ending(kind, author, fact, times),
        }
        Ok(true)
    }

    /// Estimates, meetings, following up and closing.
    fn ending(&mut self, kind: &str, author: &str, fact: &Value, times: (i64, i64)) -> Result<bool, Finding> {
        let (_, happened) = times;
        let by_person = author.starts_with("person:");
        match kind {
            "estimated" => {
                if self.manager().is_none_or(|m| author != format!("person:{m}")) {
                    return Err("an estimate that the Incident Manager has not given".into());
                }
            }
            "meeting-held"
                if by_person && (self.state == "open" || self.state == "restored" && !fact["call"].is_null()) =>
            {
                if self.state == "restored" && fact["escalate"] == true {
                    return Err("what is over is escalated".into());
                }
                self.gathering.held(fact)?;
                self.meetings.push(Meeting {
                    kind: text(&fact["kind"]),
                    entry: self.seq + 1,
                    at: happened,
                    next: instant(&fact["next"]),
                    escalates: fact["escalate"] == true,
                });
            }
            "followed-up" if by_person && self.ended_at.is_some() => {
                let people = fact["people"].as_array().into_iter().flatten();
                self.followed.extend(people.map(|p| (text(&p["id"]), happened)));
            }
            "restricted" | "unrestricted" => {} // who sees it then is looked at in `sight`
            "step-done" | "step-skipped" if by_person && matches!(&*self.state, "suspected" | "open" | "restored") => {
                if !self.checklist.contains_key(&text(&fact["step"])) {
                    return Err("a step that its opening does not hold".into());
                }
                if kind == "step-skipped" && text(&fact["reason"]).is_empty() {
                    return Err("a step is skipped without a reason".into());
                }
                self.said_of_steps.push((self.seq + 1, text(&fact["step"])));
            }
            "closed" if by_person => {
                let silent = |step: &String| !self.said_of_steps.iter().any(|(_, said)| said == step);
                if self.checklist.iter().any(|(step, by_hand)| *by_hand && silent(step)) {
                    return Err("closed over a step of which nobody has said anything".into());
                }
                let left = self.contacted().iter().any(|p| !self.followed.iter().any(|(person, _)| person == p));
                if self.state != "restored" || self.report.is_none() || left {
                    return Err("closed before the report, or before everybody has heard".into());
                }
                if self.ended_at.is_some_and(|ended| !self.comms.all_told_since(ended)) {
                    return Err("closed before those who were promised updates hear that it is over".into());
                }
                self.state = "closed".into();
            }
            _ => {
                if kind == "update-sent" {
                    self.surprises_nobody(fact)?;
                }
                return self.comms.apply(kind, author, fact, (self.seq + 1, times.0), &self.gone);
            }
        }
        Ok(true)
    }

    /// Everybody who was contacted, and neither leads it nor speaks for it.
    pub fn contacted(&self) -> BTreeSet<String> {
        let by_people = self.contacts.iter().filter(|c| !c.taken_back).map(|c| c.person.clone());
        let by_muster = self.searches.iter().flat_map(Summons::contacted);
        let all = by_people.chain(by_muster).chain(self.heard.iter().cloned());
        let mut all: BTreeSet<String> = all.chain(self.gathering.invited()).collect();
        if let Some(manager) = self.manager() {
            all.remove(manager);
        }
        if let Some((speaks, ..)) = &self.communicator {
            all.remove(speaks);
        }
        all
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
        if author.starts_with("person:") && kind != "update-acknowledged" {
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
            "opened" | "noted" | "corrected" | "heard-of-system" | "user-reported" => {}
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
            "tried" | "graded" | "nobody-reached" | "passed-over" | "summons-ended" => {
                let Some(search) = self.searches.iter_mut().find(|s| s.id == id) else {
                    return Err("of a summons that never began".into());
                };
                if kind == "tried" && !live {
                    return Err("a try although the incident is over".into());
                }
                search.apply(kind, fact, (seq, happened, up_since))?;
            }
            "answered" => {
                let person = text(&fact["person"]["id"]);
                if author != format!("person:{person}") {
                    return Err("somebody else answered".into());
                }
                let Some(search) = self.searches.iter_mut().find(|s| s.id == id) else {
                    return Err("of a summons that never began".into());
                };
                search.answered(&person, &text(&fact["answer"]), &text(&fact["via"]), (seq, happened))?;
            }
            "manager-assumed" => self.assumed(&text(&fact["person"]["id"]), author, &id, happened)?,
            "confirmed" => {
                if author == "muster" && (self.state != "suspected" || at < self.opens_at()) {
                    return Err("opened by itself before the time was up".into());
                }
                self.state = "open".into();
                self.open_since = Some(happened);
            }
            "withdrawn" => {
                self.end(author, "withdrawn")?;
                self.gathering.ended(at);
            }
            "restored" => {
                self.end(author, "restored")?;
                self.gathering.ended(at);
                self.restored_at = instant(&fact["at"]);
                self.ended_at = Some(at);
            }
            "reopened" => {
                if live || !author.starts_with("person:") {
                    return Err("reopened what was not over, or by nobody".into());
                }
                self.state = "open".into();
                (self.restored_at, self.report) = (None, None);
                (self.open_since, self.ended_at) = (Some(happened), None);
                self.followed.clear();
                self.gathering.reopened();
            }
            "triaged" => {
                if !live || !author.starts_with("person:") {
                    return Err("triaged what is over, or by nobody".into());
                }
                self.triaged.get_or_insert(happened);
                for system in fact["systems"].as_array().into_iter().flatten() {
                    self.names(system);
                }
            }
            "report-filed" => self.report = Some(at),
            "attached" => {
                let most = self.policy["attachment_max"].as_u64().unwrap_or(25) * 1024 * 1024;
                let size = fact["size"].as_u64().unwrap_or(0);
                if !author.starts_with("person:") || size == 0 || size > most {
                    return Err("a file by nobody, or an empty or too large one".into());
                }
            }
            "contacted" => self.contacts.push(Contact {
                entry: seq,
                person: text(&fact["person"]["id"]),
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
                if let Some(severity) = to.get("severity") {
                    self.severity = severity.as_str().map(str::to_owned);
                }
                if let Some(system) = to.get("system") {
                    self.names(system);
                }
            }
            _ if self.gathers(kind, author, fact, at)? => {}
            _ if self.roles(kind, author, fact, (at, happened))? => {}
            _ => return self.planned(kind, author, fact, happened),
        }
        Ok(())
    }

    /// Who meets, who comes how, and what other incidents it is tied to.
    fn gathers(&mut self, kind: &str, author: &str, fact: &Value, at: i64) -> Result<bool, Finding> {
        let is = |person: Option<&str>| person.is_some_and(|p| author == format!("person:{p}"));
        let leads = is(self.manager()) || is(self.communicator.as_ref().map(|c| c.0.as_str()));
        let acting = super::gathering::Acting { author, leads, live: self.is_live(), at };
        if !self.gathering.apply(kind, &acting, fact)? {
            return Ok(false);
        }
        match kind {
            "merged-into" => {
                self.end(author, "withdrawn")?;
                self.gathering.ended(at);
                self.alerts.clear();
            }
            "gave-back" => {
                let alerts = fact["alerts"].as_array().into_iter().flatten();
                alerts.for_each(|a| drop(self.alerts.remove(&text(a))));
            }
            _ => {}
        }
        Ok(true)
    }

    /// What the plan is made from: written by people, numbered without gaps, about what is there.
    fn planned(&mut self, kind: &str, author: &str, fact: &Value, happened: i64) -> Result<(), Finding> {
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
                if !self.is_live() || due <= happened {
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
        // Who led it on paper is written down by whoever enters it.
        let on_paper = self.from_paper && self.before.0 == "opened";
        if author != format!("person:{person}") && !on_paper {
            return Err("made Incident Manager by somebody else".into());
        }
        let by = self.search(search);
        let just_took = self.before.0 == "answered" && self.before.1 == author && self.before.2 == search;
        match (by, self.manager()) {
            (_, Some(now)) if now == person => return Err("is Incident Manager already".into()),
            (None, None) => {}
            (None, Some(now)) if self.state == "restored" && self.has_left(now) => {}
            (None, Some(now)) => return Err(format!("a second Incident Manager beside {now}")),
            (Some(by), _) if !just_took || by.says(person) != Some("take") => {
                return Err("did not take what makes them Incident Manager".into());
            }
            (Some(by), _) if by.purpose == "hand-over" => {}
            (Some(by), None) if by.purpose == "take-charge" => {}
            (Some(by), Some(now)) if by.purpose == "take-charge" && by.says(now) == Some("cannot") => {}
            // Who has left the organisation is replaced.
            (Some(by), Some(now)) if by.purpose == "take-charge" && self.has_left(now) => {}
            (Some(_), Some(now)) => return Err(format!("a second Incident Manager beside {now}")),
            (Some(_), None) => return Err("took charge by a summons for help".into()),
        }
        self.managers.push((person.to_owned(), happened, search.to_owned()));
        Ok(())
    }

    fn take_back(&mut self, mistaken: i64) {
        self.said_of_steps.retain(|(entry, _)| *entry != mistaken);
        for contact in self.contacts.iter_mut().filter(|c| c.entry == mistaken) {
            contact.taken_back = true;
        }
        for search in &mut self.searches {
            let Some(person) = search.take_back(mistaken) else { continue };
            // What was decided by that answer is owed again.
            if self.communicator.as_ref().is_some_and(|c| (&c.0, &c.1) == (&person, &search.id)) {
                self.communicator = None;
            }
            if search.says(&person) != Some("take") {
                self.managers.retain(|m| m.0 != person || m.2 != search.id);
            }
        }
    }
}
