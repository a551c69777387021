//! Who owes what by when, computed by the auditor and held against the table; and reminders, each once.

use super::{Auditor, Finding, Incident, When};
use std::collections::{BTreeMap, BTreeSet};

/// By log and duty.
type ByDuty<T> = BTreeMap<(String, String), Vec<T>>;

/// What was sent about late duties.
#[derive(Default)]
pub struct Reminders {
    /// Due when, which, sent when. A duty whose due time has moved is late anew: each reminder belongs to one due time.
    nags: ByDuty<(i64, i64, i64)>,
    /// The messages to who owes it: made when.
    messages: ByDuty<i64>,
    /// What went to the next in line, once a duty and due time.
    climbed: ByDuty<i64>,
    /// Those of them that went there at once, as nobody could write to who owed it then: another may owe it since.
    at_once: ByDuty<i64>,
    /// The table of duties.
    table: BTreeMap<String, BTreeMap<String, Duty>>,
    /// The newest message that was looked at: what is said of whom a message is never changes.
    newest: i64,
}

/// A duty: since due, settled, who.
#[derive(PartialEq, Debug)]
pub struct Duty {
    due: i64,
    settled: Option<i64>,
    by: Option<String>,
}

impl Auditor {
    pub(super) fn read_reminders(&mut self) -> Result<(), Finding> {
        let mut read = Reminders { at_once: std::mem::take(&mut self.reminders.at_once), ..Reminders::default() };
        if !self.outbox.reads_all() {
            let known = std::mem::take(&mut self.reminders);
            (read.messages, read.climbed, read.newest) = (known.messages, known.climbed, known.newest);
        }
        for row in self.rows("SELECT * FROM duties", &[]) {
            let duty =
                Duty { due: row.int("due_at"), settled: row.maybe_int("settled_at"), by: row.maybe_text("owed_by") };
            let id = format!("{}/{}", row.text("kind"), row.text("occurrence"));
            read.table.entry(row.text("subject")).or_default().insert(id, duty);
        }
        for row in self.rows("SELECT subject, duty, step, at FROM nags ORDER BY step", &[]) {
            let duty = row.text("duty");
            let (id, due) = duty.rsplit_once(' ').ok_or("a reminder of no due time")?;
            let due = due.parse().map_err(|_| "a reminder of no due time")?;
            let of = (row.text("subject"), id.to_owned());
            read.nags.entry(of).or_default().push((due, row.int("step"), row.int("at")));
        }
        let sql =
            "SELECT rowid, id, subject, about, made_at FROM outbox WHERE rowid > ?1 AND kind = 'nag' ORDER BY rowid";
        for row in self.rows(sql, &[read.newest]) {
            read.newest = row.int("rowid");
            let (of, made) = ((row.text("subject"), row.text("about")), row.int("made_at"));
            let climbs = row.text("id").ends_with("-climb");
            let owed = read.table.get(&of.0).and_then(|duties| duties.get(&of.1));
            if climbs && owed.is_some_and(|duty| self.cannot_be_written_to(duty.by.as_deref())) {
                read.at_once.entry(of.clone()).or_default().push(made);
            }
            let kept = if climbs { &mut read.climbed } else { &mut read.messages };
            kept.entry(of).or_default().push(made);
        }
        self.reminders = read;
        Ok(())
    }

    /// Whether nothing of that person's takes a message: then the next in line hears of it at once.
    fn cannot_be_written_to(&self, person: Option<&str>) -> bool {
        if person.is_some_and(|id| self.gone.contains(id)) {
            return true;
        }
        let about = person.and_then(|id| self.directory.1.get(&("person".to_owned(), id.to_owned())));
        let means = about.and_then(|p| p["means"].as_array()).into_iter().flatten();
        !means.into_iter().any(|m| ["sms", "push", "email", "webhook"].contains(&super::text(&m["kind"]).as_str()))
    }

    pub(super) fn check_duties(&self, when: When, now: i64) -> Result<(), Finding> {
        let Reminders { nags, messages, climbed, at_once, table, .. } = &self.reminders;
        let none = BTreeMap::new();
        for incident in self.incidents.values() {
            let expected = incident.duties();
            let found = table.get(&incident.id).unwrap_or(&none);
            if expected != *found {
                return Err(format!("{}: duties are {found:?}, owed are {expected:?}", incident.number));
            }
            let (every, most) = (incident.wait("nag_every"), incident.policy["nags_at_most"].as_i64().unwrap_or(0));
            for (id, duty) in &expected {
                // Asked until it is decided.
                let most = if id.starts_with("communicator/") { i64::MAX } else { most };
                let key = (incident.id.clone(), id.clone());
                let said = nags.get(&key).map_or(&[][..], Vec::as_slice);
                let late = |due: i64, at: i64| (at >= due).then(|| (at - due) / every + 1);
                for (due, step, at) in said {
                    if *step > most || late(*due, *at) != Some(*step) {
                        return Err(format!("{}: reminder {step} of {id} at {at}, due at {due}", incident.number));
                    }
                }
                // A deputy hears of it at once.
                let stands_in = id.starts_with("sign-update/");
                let climbs_from = incident.policy["climbs_from"].as_i64().unwrap_or(3);
                // Who owed it then may have owed it no more when this was read.
                let had_it = incident.managers.iter().any(|m| self.cannot_be_written_to(Some(&m.0)));
                let at_once =
                    |made: &i64| stands_in || had_it || at_once.get(&key).is_some_and(|all| all.contains(made));
                let up = climbed.get(&key).map_or(&[][..], Vec::as_slice);
                let due_then = |made: &i64| {
                    let from = if at_once(made) { 1 } else { climbs_from };
                    said.iter().find(|(_, step, at)| at == made && *step >= from).map(|s| s.0)
                };
                let dues: BTreeSet<Option<i64>> = up.iter().map(due_then).collect();
                if dues.contains(&None) || dues.len() != up.len() {
                    return Err(format!(
                        "{}: {id} went to the next in line at {up:?}, reminders {said:?}",
                        incident.number
                    ));
                }
                let mut left: Vec<i64> = said.iter().map(|(_, _, at)| *at).collect();
                for made in messages.get(&key).into_iter().flatten() {
                    let Some(nth) = left.iter().position(|at| at == made) else {
                        return Err(format!("{}: reminded twice of {id}", incident.number));
                    };
                    left.swap_remove(nth);
                }
                let step = late(duty.due, now);
                let step = step.filter(|s| when == When::Ticked && duty.settled.is_none() && *s <= most);
                // A clock that was set back makes an earlier step due again, after a later one.
                if step.is_some_and(|step| !said.iter().any(|(due, s, _)| *due == duty.due && *s >= step)) {
                    return Err(format!("{}: nobody is reminded of {id}, late since {}", incident.number, duty.due));
                }
            }
        }
        match table.keys().find(|subject| !self.incidents.contains_key(*subject)) {
            Some(subject) => Err(format!("duties of {subject}, which has no log")),
            None => Ok(()),
        }
    }
}

impl Incident {
    fn duties(&self) -> BTreeMap<String, Duty> {
        let by = self.manager().map(str::to_owned);
        let mut duties = BTreeMap::new();
        let began = self.searches.iter().find(|s| s.purpose == "take-charge");
        let settled = self.managers.first().map(|m| m.1);
        if let Some(search) = began.filter(|_| settled.is_some() || self.is_live()) {
            let due = search.started_at() + self.wait("reach_within");
            duties.insert("reach-somebody/1".to_owned(), Duty { due, settled, by: by.clone() });
        }
        if let (Some(manager), "suspected") = (self.managers.last(), self.state.as_str()) {
            let duty = Duty { due: self.opens_at(), settled: None, by: Some(manager.0.clone()) };
            duties.insert("judge/1".to_owned(), duty);
        }
        let speaks = self.communicator.as_ref().map(|c| c.0.clone()).or(by.clone());
        for tell in &self.tells {
            let told = self.told_at(tell);
            if self.state == "open" || told.is_some() {
                let by = if self.comms.handed.contains(&tell.name) { speaks.clone() } else { by.clone() };
                let duty = Duty { due: self.tell_due(tell), settled: told, by };
                duties.insert(format!("tell-directly/{}", tell.name), duty);
            }
        }
        for (row, planned) in self.comms.rows.iter().filter(|_| self.state == "open") {
            let open = self.open_since.unwrap_or(planned.since);
            let since = planned.sent.map_or(planned.since, |(_, at)| at).max(open);
            let by = if planned.author == "cm" { speaks.clone() } else { by.clone() };
            let due = since + super::span(&planned.every[&self.phase]).unwrap_or(0);
            let last = planned.sent.map_or(0, |(update, _)| update);
            duties.insert(format!("update/{row}.{last}"), Duty { due, settled: None, by });
        }
        // That service is back is told everybody who was to hear of it.
        let ended = self.ended_at.filter(|_| self.state == "restored");
        for (row, planned) in self.comms.rows.iter() {
            let Some(ended) = ended.filter(|ended| planned.sent.is_none_or(|(_, at)| at < *ended)) else { continue };
            let by = if planned.author == "cm" { speaks.clone() } else { by.clone() };
            let last = planned.sent.map_or(0, |(update, _)| update);
            let due = ended + self.wait("follow_up_within");
            duties.insert(format!("update/{row}.{last}"), Duty { due, settled: None, by });
        }
        for (update, (row, asked, settled)) in &self.comms.asked_to_sign {
            let Some(planned) = self.comms.rows.get(row).filter(|row| row.signer.is_some()) else { continue };
            if ["open", "restored"].contains(&self.state.as_str()) || settled.is_some() {
                let due = asked + planned.deputy_after;
                let duty = Duty { due, settled: *settled, by: planned.signer.clone() };
                duties.insert(format!("sign-update/{update}"), duty);
            }
        }
        if let Some(wanted) = self.wanted_at {
            let settled = self.communicator.as_ref().map(|c| c.2).into_iter().chain(self.declined).min();
            if self.state == "open" || settled.is_some() {
                let due = wanted + super::span(&self.policy["communicator"]["within"]).unwrap_or(0);
                let nth = self.communicators_left + 1;
                duties.insert(format!("communicator/{nth}"), Duty { due, settled, by: by.clone() });
            }
        }
        duties.extend(self.ending_duties());
        if let (Some(taken), true) = (settled, self.triaged.is_some() || self.state == "open") {
            let since = self.open_since.map_or(taken, |open| open.max(taken));
            let duty = Duty { due: since + self.wait("triage_within"), settled: self.triaged, by: by.clone() };
            duties.insert("triage/1".to_owned(), duty);
        }
        if let (Some(manager), "open") = (self.managers.last(), self.state.as_str()) {
            let (since, entry) = self.last_act.unwrap_or((manager.1, self.seq));
            let silence = super::span(&self.policy["log_silence"][&self.phase]).unwrap_or(0);
            let duty = Duty { due: since + silence, settled: None, by: by.clone() };
            duties.insert(format!("keep-log/{entry}"), duty);
        }
        for (nth, task) in (1..).zip(&self.tasks) {
            let owed = task.ended.map_or_else(|| self.is_live(), |(done, _)| done);
            if owed {
                let settled = task.ended.map(|(_, at)| at);
                let duty = Duty { due: task.due, settled, by: Some(task.by.clone()) };
                duties.insert(format!("task/{nth}"), duty);
            }
        }
        if let (Some(restored), "restored" | "closed") = (self.restored_at, self.state.as_str()) {
            let duty = Duty { due: self.report_due(restored), settled: self.report, by };
            duties.insert(format!("report/{restored}"), duty);
        }
        duties
    }

    /// Meetings that are to be held, and telling everybody that it is over.
    fn ending_duties(&self) -> Vec<(String, Duty)> {
        let mut duties = Vec::new();
        let by = self.manager().map(str::to_owned);
        if let (Some(_), "open", Some(open)) = (&by, self.state.as_str(), self.open_since) {
            let kinds = [("team", "review"), ("conference", "conference"), ("management", "progress-meeting")];
            for (kind, name) in kinds {
                let last = self.meetings.iter().rfind(|m| m.kind == kind && m.at >= open);
                let review = super::span(&self.policy["review_every"][&self.phase]).unwrap_or(0);
                let called = self.gathering.next_due(review).filter(|_| kind == "conference");
                let due = match (last, kind) {
                    _ if called.is_some() => called.unwrap(),
                    (Some(last), _) if last.next.is_some() => last.next.unwrap(),
                    (Some(last), "conference") => last.at + self.wait("conference_every"),
                    (None, "conference") => (self.since() + self.wait("conference_after")).max(open),
                    (last, _) => last.map_or(open, |m| m.at) + review,
                };
                // Management meets when it has agreed to.
                if kind == "management" && last.is_none_or(|m| m.next.is_none()) {
                    continue;
                }
                let occurrence = last.map_or(0, |m| m.entry);
                duties.push((format!("{name}/{occurrence}"), Duty { due, settled: None, by: by.clone() }));
            }
        }
        if let (Some(ended), "restored" | "closed") = (self.ended_at, self.state.as_str()) {
            let contacted = self.contacted();
            let left = contacted.iter().any(|p| !self.followed.iter().any(|(person, _)| person == p));
            let settled = (!left).then(|| self.followed.iter().map(|(_, at)| *at).max()).flatten();
            if !contacted.is_empty() {
                let by = self.communicator.as_ref().map(|c| c.0.clone()).or(by);
                let due = ended + self.wait("follow_up_within");
                duties.push((format!("follow-up/{ended}"), Duty { due, settled, by }));
            }
        }
        duties
    }

    /// The hour of the n-th business day; the simulated calendars know no holidays.
    fn report_due(&self, restored: i64) -> i64 {
        let zone = jiff::tz::TimeZone::get(&self.time_zone).unwrap();
        let rule = &self.policy["report"];
        let mut left = rule["business_days"].as_i64().unwrap_or(0);
        let mut day = zone.to_datetime(jiff::Timestamp::from_millisecond(restored).unwrap()).date();
        while left > 0 {
            day = day.tomorrow().unwrap();
            let weekend = [jiff::civil::Weekday::Saturday, jiff::civil::Weekday::Sunday].contains(&day.weekday());
            left -= i64::from(!weekend);
        }
        let hour = i8::try_from(rule["hour"].as_i64().unwrap_or(0)).unwrap();
        day.at(hour, 0, 0, 0).to_zoned(zone).unwrap().timestamp().as_millisecond()
    }
}
