//! Conference calls, how people come, and incidents that hang together, as the auditor reads them.

use super::{Auditor, Finding, Row, instant, text};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
pub struct Gathering {
    calls: BTreeMap<i64, Call>,
    /// What each said last of their coming.
    coming: BTreeMap<String, (String, String)>,
    /// Numbers of incidents that it is linked with, that go on in it, and in which it goes on.
    linked: BTreeSet<String>,
    took_in: BTreeSet<String>,
    merged_into: Option<String>,
    /// When service was back, or it was found to be none.
    over_at: Option<i64>,
}

struct Call {
    version: i64,
    invited: BTreeSet<String>,
    joined: BTreeSet<String>,
    /// It was cancelled, or its minutes are written.
    over: bool,
    called_at: i64,
    starts_at: i64,
    /// When the first was in it.
    began_at: Option<i64>,
}

/// Who acts, and how the incident stands.
pub struct Acting<'a> {
    pub author: &'a str,
    pub leads: bool,
    pub live: bool,
    /// When it was recorded.
    pub at: i64,
}

fn ids(people: &Value) -> BTreeSet<String> {
    people.as_array().into_iter().flatten().map(|p| text(&p["id"])).collect()
}

impl Gathering {
    fn pending(&mut self, fact: &Value) -> Result<&mut Call, Finding> {
        let call = self.calls.get_mut(&fact["call"].as_i64().unwrap_or(0)).ok_or("about a call that nobody made")?;
        if call.over { Err("about a call that is over".into()) } else { Ok(call) }
    }

    pub fn apply(&mut self, kind: &str, by: &Acting<'_>, fact: &Value) -> Result<bool, Finding> {
        let (number, version) = (fact["call"].as_i64().unwrap_or(0), fact["version"].as_i64().unwrap_or(-1));
        let other = text(&fact["number"]);
        match kind {
            "conference-called" if by.leads && by.live => {
                let (invited, dropped) = (ids(&fact["invited"]), ids(&fact["dropped"]));
                let is_next = number == i64::try_from(self.calls.len()).unwrap_or(0) + 1 && version == 0;
                if !self.calls.contains_key(&number) && is_next {
                    let (called_at, starts_at) = (by.at, instant(&fact["starts_at"]).ok_or("a call at no time")?);
                    let joined = BTreeSet::new();
                    let call = Call { version, invited, joined, over: false, called_at, starts_at, began_at: None };
                    self.calls.insert(number, call);
                    return Ok(true);
                }
                let call = self.pending(fact)?;
                if version != call.version + 1 || dropped != &call.invited - &invited {
                    return Err("a call changes, and not everybody who was invited is in it or dropped".into());
                }
                (call.version, call.invited) = (version, invited);
                call.starts_at = instant(&fact["starts_at"]).ok_or("a call at no time")?;
            }
            // Who leads it, or Muster once it is about nothing any more.
            "conference-cancelled" if by.leads || (by.author == "muster" && !by.live) => {
                let call = self.pending(fact)?;
                if !by.leads && call.began_at.is_some() {
                    return Err("Muster cancels a call that is under way".into());
                }
                if version != call.version + 1 || ids(&fact["invited"]) != call.invited {
                    return Err("cancelled for others than were invited".into());
                }
                call.over = true;
            }
            "conference-joined" => {
                let (people, by_login) = (ids(&fact["people"]), fact["via"] == "login");
                let alone = people.len() == 1 && people.iter().all(|p| by.author == format!("person:{p}"));
                let call = self.pending(fact)?;
                if !(alone || by.leads && by_login) || !by_login && !people.is_subset(&call.invited) {
                    return Err("somebody joins for somebody else, or without being invited".into());
                }
                if !people.is_disjoint(&call.joined) {
                    return Err("somebody joins twice".into());
                }
                call.joined.extend(people);
                call.began_at.get_or_insert(by.at);
            }
            "presence-asked" if by.leads => {}
            "arrival-said" if by.live => {
                let person = text(&fact["person"]["id"]);
                if by.author != format!("person:{person}") && !by.leads {
                    return Err("says how somebody else comes".into());
                }
                let said = (text(&fact["coming"]), text(&fact["expected_at"]));
                if self.coming.insert(person, said.clone()) == Some(said) {
                    return Err("says the same twice".into());
                }
            }
            "linked" => {
                if !by.author.starts_with("person:") || !self.linked.insert(other) {
                    return Err("linked by nobody, or twice".into());
                }
            }
            "unlinked" => {
                if !self.linked.remove(&other) {
                    return Err("unlinked from what it was not linked with".into());
                }
            }
            "took-in" if by.live => drop(self.took_in.insert(other)),
            "gave-back" => {
                if !self.took_in.remove(&other) {
                    return Err("gives back what it never took in".into());
                }
            }
            "merged-into" if by.live => self.merged_into = Some(other),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The minutes of that call are written.
    pub fn held(&mut self, fact: &Value) -> Result<(), Finding> {
        if !fact["call"].is_null() {
            self.pending(fact)?.over = true;
        }
        Ok(())
    }

    pub fn reopened(&mut self) {
        (self.merged_into, self.over_at) = (None, None);
    }

    pub fn ended(&mut self, at: i64) {
        self.over_at = Some(at);
    }

    /// Whether people wait for a call about what was over before it began.
    pub fn keeps_people_waiting(&self) -> bool {
        let idle = |c: &Call, over_at| !c.over && c.began_at.is_none() && c.starts_at > over_at;
        self.over_at.is_some_and(|over_at| self.calls.values().any(|c| idle(c, over_at)))
    }

    /// Who is invited.
    pub fn invited(&self) -> impl Iterator<Item = String> {
        self.calls.values().flat_map(|c| c.invited.iter().cloned())
    }

    /// By when the next call, or its minutes, are owed; minutes take as long as a review may.
    pub fn next_due(&self, review_every: i64) -> Option<i64> {
        let due = |c: &Call| match c.began_at {
            Some(began) => began.max(c.starts_at) + review_every,
            None if c.starts_at <= c.called_at => c.starts_at + review_every,
            None => c.starts_at,
        };
        self.calls.values().filter(|c| !c.over).map(due).min()
    }
}

impl Auditor {
    /// Whoever is called together, called off, told where they are wanted is written to in the same transaction; whoever has
    /// left is not. Call it while the organisation is as it was then.
    pub(super) fn check_notices(&self, subject: &str, entry: &Row) -> Result<(), Finding> {
        let body = entry.json("body");
        let fact = &body["fact"];
        let people = match entry.text("kind").as_str() {
            "conference-called" => &ids(&fact["invited"]) | &ids(&fact["dropped"]),
            "conference-cancelled" => ids(&fact["invited"]),
            "presence-asked" => ids(&fact["people"]),
            _ => return Ok(()),
        };
        let reachable = |id: &String| {
            let about = self.directory.1.get(&("person".to_owned(), id.clone()));
            let means = about.and_then(|a| a["means"].as_array()).into_iter().flatten();
            !self.gone.contains(id) && means.into_iter().any(|m| m["kind"] != "in-person")
        };
        let wanted: BTreeSet<String> = people.into_iter().filter(reachable).collect();
        let sql = "SELECT subject, about, person FROM outbox WHERE kind = 'warning' AND about = CAST(?1 AS TEXT)";
        let rows = self.rows(sql, &[entry.int("seq")]);
        let told: BTreeSet<String> =
            rows.iter().filter(|r| r.text("subject") == subject).map(|r| r.text("person")).collect();
        match told == wanted {
            true => Ok(()),
            false => Err(format!("written to are {told:?}, called together or off are {wanted:?}")),
        }
    }

    /// What ties two incidents stands in both logs.
    pub(super) fn check_ties(&self) -> Result<(), Finding> {
        let by_number: BTreeMap<&str, &super::Incident> =
            self.incidents.values().map(|i| (i.number.as_str(), i)).collect();
        let other = |number: &String| by_number.get(number.as_str()).map(|i| &i.gathering);
        for one in self.incidents.values() {
            let of = &one.gathering;
            let back = |number: &String| other(number).is_some_and(|o| o.linked.contains(&one.number));
            let in_it = |number: &String| other(number).is_some_and(|o| o.took_in.contains(&one.number));
            let went = |number: &String| other(number).is_some_and(|o| o.merged_into.as_ref() == Some(&one.number));
            if !of.linked.iter().all(back) || !of.merged_into.iter().all(in_it) || !of.took_in.iter().all(went) {
                return Err(format!("{} is tied to an incident whose log says nothing of it", one.number));
            }
        }
        Ok(())
    }
}
