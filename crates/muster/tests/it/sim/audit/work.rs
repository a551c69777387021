//! The log of a system as the auditor makes it from raw entries: who is at work, who waits, and who let what happen.

use super::summons::{Owed, Summons};
use super::{Finding, Row, instant, text};
use serde_json::Value;
use std::collections::BTreeMap;

/// How long a request may stay open, and how long leave holds, in milliseconds.
const ASK_HOLDS: i64 = 60 * 60_000;
const LEAVE_HOLDS: i64 = 30 * 60_000;

pub struct Work {
    pub number: String,
    pub seq: i64,
    pub head: String,
    last_recorded_at: i64,
    claims: BTreeMap<i64, Claim>,
    asks: BTreeMap<i64, Ask>,
    pub searches: Vec<Summons>,
    /// Which search belongs to which request.
    of: BTreeMap<String, i64>,
}

struct Claim {
    person: String,
    since: i64,
    until: i64,
    live: bool,
    /// A log-in, which nobody chose to say.
    logged_in: bool,
}

struct Ask {
    person: String,
    at: i64,
    /// Who, and whether they are only logged in.
    elsewhere: Vec<(String, bool)>,
    contacts: Vec<String>,
    met_somebody: bool,
    /// How it was settled, and when.
    settled: Option<(String, i64)>,
}

impl Work {
    pub fn begin(entry: &Row) -> Self {
        let system = text(&entry.json("body")["fact"]["system"]);
        Self {
            number: format!("system/{system}"),
            seq: 0,
            head: String::new(),
            last_recorded_at: i64::MIN,
            claims: BTreeMap::new(),
            asks: BTreeMap::new(),
            searches: Vec::new(),
            of: BTreeMap::new(),
        }
    }

    pub fn is_live(&self) -> bool {
        self.claims.values().any(|c| c.live) || self.asks.values().any(|a| a.settled.is_none())
    }

    pub fn settled_so(&self, how: &str) -> usize {
        self.asks.values().filter(|a| a.settled.as_ref().is_some_and(|(h, _)| h == how)).count()
    }

    pub fn search(&self, id: &str) -> Option<&Summons> {
        self.searches.iter().find(|s| s.id == id)
    }

    pub fn check_row(&self, row: &Row) -> Result<(), Finding> {
        let fits = row.int("seq") == self.seq && row.text("head") == self.head && row.text("number") == self.number;
        if fits && (row.int("live") == 1) == self.is_live() {
            return Ok(());
        }
        Err(format!("the row of {} does not show what its log says", self.number))
    }

    /// What must hold once the engine has looked at it.
    pub fn check_after_tick(&self, now: i64, up_since: i64) -> Result<(), Finding> {
        let at = |what: String| Err(format!("{} after a tick at {now}: {what}", self.number));
        if let Some((entry, _)) = self.claims.iter().find(|(_, c)| c.live && c.until <= now) {
            return at(format!("the claim {entry} stands although its time is up"));
        }
        if let Some((entry, _)) = self.asks.iter().find(|(_, a)| a.settled.is_none() && a.at + ASK_HOLDS <= now) {
            return at(format!("the request {entry} is still open"));
        }
        for (entry, ask) in self.asks.iter().filter(|(_, a)| a.settled.is_none()) {
            if self.in_the_way(*entry, ask).is_empty() {
                return at(format!("LOST: the request {entry} waits for nobody"));
            }
        }
        for search in &self.searches {
            match search.owed(now, up_since) {
                Owed::Nothing => {}
                Owed::Until(then) if then > now => {}
                owed => return at(format!("LOST: the summons {} owes {owed:?}", search.id)),
            }
        }
        Ok(())
    }

    /// Whoever is at work so that it would hit them.
    fn hit<'a>(&'a self, ask: &'a Ask) -> impl Iterator<Item = (&'a str, bool)> {
        let here = self.claims.values().filter(|c| c.live).map(|c| (c.person.as_str(), c.logged_in));
        here.chain(ask.elsewhere.iter().map(|(p, logged_in)| (p.as_str(), *logged_in)))
            .filter(|(p, _)| *p != ask.person)
    }

    fn says(&self, ask: i64, person: &str) -> Option<&str> {
        let mut of = self.searches.iter().filter(|s| self.of.get(&s.id) == Some(&ask));
        of.find(|s| s.asks(person))?.says(person)
    }

    /// Who has not let it happen and must.
    fn in_the_way(&self, entry: i64, ask: &Ask) -> Vec<String> {
        let said = |p: &str, word: &str| self.says(entry, p) == Some(word);
        let mut all: Vec<String> = self.hit(ask).filter(|(p, _)| !said(p, "take")).map(|(p, _)| p.to_owned()).collect();
        all.extend(ask.contacts.iter().filter(|p| said(p, "cannot")).cloned());
        if !ask.met_somebody && !ask.contacts.iter().any(|p| said(p, "take")) {
            all.extend(ask.contacts.iter().cloned());
        }
        all
    }

    /// Whether somebody who claims it, and is not only logged in, has not let it happen.
    fn claimed(&self, entry: i64, ask: &Ask) -> bool {
        self.hit(ask).any(|(p, logged_in)| !logged_in && self.says(entry, p) != Some("take"))
    }

    fn meet(&mut self) {
        let met: Vec<i64> = self.asks.iter().filter(|(_, a)| self.hit(a).next().is_some()).map(|(n, _)| *n).collect();
        for ask in met {
            if let Some(ask) = self.asks.get_mut(&ask).filter(|a| a.settled.is_none()) {
                ask.met_somebody = true;
            }
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
        self.said(&kind, &author, &body["fact"], (seq, at, happened, up_since))?;
        (self.seq, self.last_recorded_at) = (seq, at);
        self.meet();
        Ok(())
    }

    fn said(&mut self, kind: &str, author: &str, fact: &Value, times: (i64, i64, i64, i64)) -> Result<(), Finding> {
        let (seq, at, happened, up_since) = times;
        let (person, id) = (text(&fact["person"]["id"]), text(&fact["summons"]));
        let at_work = |w: &Value| (text(&w["person"]["id"]), w["logged_in"] == true);
        let people = |all: &Value| all.as_array().into_iter().flatten().map(at_work).collect();
        let number = |name: &str| fact[name].as_i64().unwrap_or(0);
        match kind {
            "system-named" | "noted" => {}
            "claimed" => {
                if fact["disruptive"] == true {
                    self.may_cut_off(&person, fact["ask"].as_i64(), happened)?;
                }
                let until = instant(&fact["until"]).unwrap_or(0);
                self.claims.insert(
                    seq,
                    Claim { person, since: happened, until, live: true, logged_in: fact["session"].is_string() },
                );
            }
            "claim-renewed" => match self.claims.get_mut(&number("claim")) {
                Some(claim) if claim.live => claim.until = instant(&fact["until"]).unwrap_or(0),
                _ => return Err("renews what is over".into()),
            },
            "claim-ended" => match self.claims.get_mut(&number("claim")) {
                Some(claim) if claim.live => {
                    if fact["how"] == "expired" && claim.until > at {
                        return Err("expires before its time is up".into());
                    }
                    claim.live = false;
                }
                _ => return Err("ends what is over".into()),
            },
            "disruption-asked" => {
                let (here, system) = (self.number.clone(), |w: &Value| format!("system/{}", text(&w["system"])));
                let all = fact["at_work"].as_array().into_iter().flatten();
                let elsewhere = all.filter(|w| system(w) != here).map(at_work).collect();
                let contacts = fact["contacts"].as_array().into_iter().flatten().map(|p| text(&p["id"])).collect();
                let ask = Ask { person, at, elsewhere, contacts, met_somebody: false, settled: None };
                self.asks.insert(seq, ask);
            }
            "work-elsewhere" => match self.asks.get_mut(&number("ask")) {
                Some(ask) if ask.settled.is_none() => ask.elsewhere = people(&fact["at_work"]),
                _ => return Err("about a request that is settled".into()),
            },
            "disruption-settled" => self.settled(number("ask"), author, fact, at)?,
            "summons-started" => {
                self.of.insert(id, fact["ask"].as_i64().ok_or("asks nothing")?);
                self.searches.push(Summons::begin(fact, at).ok_or("cannot be read")?);
            }
            "tried" | "graded" | "nobody-reached" | "passed-over" | "summons-ended" => {
                let search = self.searches.iter_mut().find(|s| s.id == id).ok_or("of a summons that never began")?;
                search.apply(kind, fact, (seq, happened, up_since))?;
            }
            "answered" => {
                if author != format!("person:{person}") {
                    return Err("somebody else answered".into());
                }
                let search = self.searches.iter_mut().find(|s| s.id == id).ok_or("of a summons that never began")?;
                search.answered(&person, &text(&fact["answer"]), &text(&fact["via"]), (seq, at))?;
            }
            other => return Err(format!("a kind that nobody knows: {other}")),
        }
        Ok(())
    }

    /// Silence is never leave.
    fn settled(&mut self, entry: i64, author: &str, fact: &Value, at: i64) -> Result<(), Finding> {
        let ask = self.asks.get(&entry).ok_or("settles what nobody asked")?;
        if ask.settled.is_some() {
            return Err("settled twice".into());
        }
        let (how, waits) = (text(&fact["how"]), self.in_the_way(entry, ask));
        match how.as_str() {
            "clear" | "released" if !waits.is_empty() => return Err(format!("let happen over the heads of {waits:?}")),
            "overridden" if text(&fact["reason"]).trim().is_empty() || author == "muster" => {
                return Err("overridden by nobody, or without a reason".into());
            }
            "overridden" if fact["authority"] == "nobody" && self.claimed(entry, ask) => {
                return Err("somebody's claim is overridden on nobody's authority".into());
            }
            "timed-out" if at < ask.at + ASK_HOLDS => return Err("given up too soon".into()),
            _ => {}
        }
        if let Some(ask) = self.asks.get_mut(&entry) {
            ask.settled = Some((how, at));
        }
        Ok(())
    }

    /// Who begins to cut others off had leave, and nobody came since.
    fn may_cut_off(&self, person: &str, ask: Option<i64>, now: i64) -> Result<(), Finding> {
        let leave = ask.and_then(|n| self.asks.get(&n)).filter(|a| a.person == person).and_then(|a| a.settled.as_ref());
        let leave = leave
            .filter(|(how, at)| matches!(how.as_str(), "clear" | "released" | "overridden") && now <= at + LEAVE_HOLDS);
        let others = self.claims.values().filter(|c| c.live && c.until > now && c.person != person);
        match others.into_iter().find(|c| leave.is_none_or(|(_, at)| c.since > *at)) {
            Some(other) => Err(format!("{person} cuts {} off without leave", other.person)),
            None => Ok(()),
        }
    }
}
