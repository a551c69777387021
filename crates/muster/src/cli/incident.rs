//! Incidents from a terminal: `declare`, `log`, `take`, `status`, `oncall`.

use super::answers::{self, Brief, Briefs, Callee, Done, Entries, Entry, Full, Me, OnCall, Outbox, read};
use super::claims;
use super::client::{Client, Server};
use super::say::{Exit, Fault, Said};
use super::when::When;
use crate::clock::{Clock, SystemClock};
use jiff::tz::TimeZone;
use muster_core::{Span, Time, words};
use serde_json::json;
use std::fmt::Write;

/// Most pages that a log, or the list of systems, is read in: 200,000 entries, so that a server that never ends a list
/// does not keep a command for ever.
const PAGES_AT_MOST: u32 = 1_000;

/// Declare an incident: you are its Incident Manager.
#[derive(clap::Args, Clone, Debug)]
pub struct Declare {
    /// What is wrong, in one line.
    what: String,
    /// Since when: 10m (ago), 14:05, 2026-11-17T14:05, or with a zone.
    #[arg(long, value_name = "TIME")]
    since: Option<When>,
    /// Which system, by its name in the directory.
    #[arg(long, value_name = "ID")]
    system: Option<String>,
    /// How bad: 1 critical, 2 major, 3 minor, 4 low.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=4))]
    severity: Option<u8>,
    /// Who is affected.
    #[arg(long, value_name = "WHO", value_parser = ["one", "group", "site", "everyone"])]
    affected: Option<String>,
    /// Only those who take part may see it: an attack, an infection.
    #[arg(long)]
    restricted: bool,
    #[command(flatten)]
    server: Server,
}

/// Write into the log of an incident, or read it.
#[derive(clap::Args, Clone, Debug)]
pub struct Log {
    /// Reference number, such as 2026-041.
    number: String,
    /// What happened; without it the log is printed.
    text: Option<String>,
    /// What kind of note.
    #[arg(long, requires = "text", value_parser = KINDS)]
    kind: Option<String>,
    /// When it happened, if not now: 10m (ago), 14:05, 2026-11-17T14:05, or with a zone.
    #[arg(long, requires = "text", value_name = "TIME")]
    at: Option<When>,
    #[command(flatten)]
    server: Server,
}

const KINDS: [&str; 10] =
    ["activity", "contact", "update", "staff", "escalation", "change", "decision", "complication", "task", "other"];

/// Become Incident Manager of what nobody has.
#[derive(clap::Args, Clone, Debug)]
pub struct Take {
    /// Reference number, such as 2026-041.
    number: String,
    #[command(flatten)]
    server: Server,
}

/// What is going on: all of it, or one incident.
#[derive(clap::Args, Clone, Debug)]
pub struct Status {
    /// Reference number, such as 2026-041; without it, everything that is suspected or open.
    number: Option<String>,
    #[command(flatten)]
    server: Server,
}

/// Who would be asked about a system now.
#[derive(clap::Args, Clone, Debug)]
pub struct Oncall {
    /// Name of the system in the directory; without it, every system.
    system: Option<String>,
    #[command(flatten)]
    server: Server,
}

impl Declare {
    /// Does it.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn run(&self) -> Result<Said, Fault> {
        let client = self.server.client()?;
        let mut body = json!({ "title": self.what });
        if let Some(since) = self.since {
            body["went_down"] = json!({ "at": instant(&client, since)?, "estimate": since.is_estimate() });
        }
        let rest =
            [("system", json!(self.system)), ("severity", json!(self.severity)), ("affected", json!(self.affected))];
        for (field, value) in rest.into_iter().filter(|(_, value)| !value.is_null()) {
            body[field] = value;
        }
        if self.restricted {
            body["restricted"] = json!(true);
        }
        let answer = client.post("/api/v1/incidents", &body)?;
        if self.server.json {
            return Ok(Said::json(&answer));
        }
        let done: Done = read(&answer)?;
        Ok(Said::fine(format!(
            "Declared {}. You are its Incident Manager.\n{}\n",
            done.incident.number, done.incident.url
        )))
    }
}

impl Log {
    /// Does it.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn run(&self) -> Result<Said, Fault> {
        let client = self.server.client()?;
        match &self.text {
            Some(text) => self.write(&client, text),
            None => self.read(&client),
        }
    }

    fn write(&self, client: &Client, text: &str) -> Result<Said, Fault> {
        let mut body = json!({ "text": text });
        if let Some(kind) = &self.kind {
            body["kind"] = json!(kind);
        }
        if let Some(at) = self.at {
            body["happened_at"] = json!(instant(client, at)?);
        }
        let answer = client.post(&act(&self.number, "note")?, &body)?;
        if self.server.json {
            return Ok(Said::json(&answer));
        }
        let done: Done = read(&answer)?;
        let which = done.entries.first().map_or_else(String::new, |seq| format!(" as entry {seq}"));
        Ok(Said::fine(format!("Written into the log of {}{which}.\n", done.incident.number)))
    }

    fn read(&self, client: &Client) -> Result<Said, Fault> {
        let (mut text, mut after) = (String::new(), 0);
        for _ in 0..PAGES_AT_MOST {
            let answer = client.get(&act(&self.number, &format!("entries?limit=200&after={after}"))?)?;
            let page: Entries = read(&answer)?;
            if self.server.json {
                let entries = answer["entries"].as_array().into_iter().flatten();
                entries.for_each(|entry| text.push_str(&format!("{entry}\n"))); // one a line, as a log is read
            } else {
                page.entries.iter().for_each(|entry| entry_line(&mut text, entry, &page.time_zone));
            }
            match page.next {
                Some(next) => after = next,
                None => break,
            }
        }
        Ok(Said::fine(text))
    }
}

fn entry_line(out: &mut String, entry: &Entry, zone: &str) {
    let by = entry.by.as_ref().map_or("Muster", |p| p.name.as_str());
    let _ = writeln!(out, "{:>4}  {}  {by}: {}", entry.seq, shown(entry.happened_at, zone), entry.text);
    if let Some(words) = &entry.corrected {
        let _ = writeln!(out, "      corrected: {words}");
    }
    if let Some(by) = entry.taken_back_by {
        let _ = writeln!(out, "      taken back by entry {by}");
    }
}

impl Take {
    /// Does it.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn run(&self) -> Result<Said, Fault> {
        let answer = self.server.client()?.post(&act(&self.number, "take")?, &json!({}))?;
        if self.server.json {
            return Ok(Said::json(&answer));
        }
        let done: Done = read(&answer)?;
        Ok(Said::fine(format!("You are Incident Manager of {}.\n{}\n", done.incident.number, done.incident.url)))
    }
}

impl Status {
    /// Does it.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn run(&self) -> Result<Said, Fault> {
        let client = self.server.client()?;
        match &self.number {
            Some(number) => {
                let answer = client.get(&incident(number)?)?;
                if self.server.json { Ok(Said::json(&answer)) } else { Ok(Said::fine(one(&read(&answer)?))) }
            }
            None => self.all(&client),
        }
    }

    fn all(&self, client: &Client) -> Result<Said, Fault> {
        let mut both = Vec::new();
        for state in ["suspected", "open"] {
            let mut cursor = String::new();
            loop {
                let mut answer = client.get(&format!("/api/v1/incidents?limit=200&state={state}{cursor}"))?;
                both.extend(answer["incidents"].as_array_mut().map(std::mem::take).unwrap_or_default());
                match answer["next"].as_str() {
                    Some(next) => cursor = format!("&cursor={next}"),
                    None => break,
                }
            }
        }
        let outbox = client.get("/api/v1/outbox")?;
        let held = read::<Outbox>(&outbox)?.held;
        let all = json!({ "incidents": both, "outbox": outbox });
        if self.server.json {
            return Ok(Said::json(&all));
        }
        let mut text = match held {
            true => "NOTHING IS SENT: the outbox of this restored database is held. Run: muster release-outbox\n\n"
                .to_owned(),
            false => String::new(),
        };
        let listed: Briefs = read(&all)?;
        if listed.incidents.is_empty() {
            text.push_str("Nothing is suspected or open.\n");
        }
        listed.incidents.iter().for_each(|i| brief(&mut text, i));
        Ok(Said::fine(text))
    }
}

fn brief(out: &mut String, incident: &Brief) {
    let manager = incident.manager.as_ref().map_or("nobody yet", |m| m.name.as_str());
    let severity = incident.severity.map_or_else(|| "not assessed".to_owned(), |n| format!("severity {n}"));
    let down =
        incident.outage_seconds.map_or_else(String::new, |s| format!(", down {}", words::length(Span::from_secs(s))));
    let _ = writeln!(out, "{}  {}", incident.number, incident.title);
    let _ = writeln!(out, "          {}, {severity}{down}, Incident Manager: {manager}", incident.state);
}

/// All of an incident that one reads before doing something.
fn one(full: &Full) -> String {
    let mut out = String::new();
    brief(&mut out, &full.incident);
    let _ = writeln!(out, "          {}", full.incident.url);
    let owed: Vec<_> = full.duties.iter().filter(|d| d.settled_at.is_none()).collect();
    if !owed.is_empty() {
        out.push_str("\nOwed:\n");
    }
    for duty in owed {
        let late = if duty.late { "LATE, was due" } else { "due" };
        let by = duty.owed_by.as_ref().map_or_else(String::new, |p| format!(", by {}", p.name));
        let _ = writeln!(out, "  {} ({late} {}{by})", duty.what, shown(duty.due_at, &full.time_zone));
    }
    claims::show::lines(&mut out, "\nAt work", full.at_work.iter().map(|w| claims::show::line(w, &full.time_zone)));
    for search in full.summonses.iter().filter(|s| s.live) {
        let chain: Vec<_> = search.chain.iter().map(|p| p.name.as_str()).collect();
        let _ = writeln!(out, "\nBeing asked, {}: {}", search.about, chain.join(", then "));
        if let Some(last) = search.tries.last() {
            let at = shown(last.at, &full.time_zone);
            let _ = writeln!(out, "  last: {}, {}, {at}: {}", last.person.name, last.means, last.outcome);
        }
    }
    let untold: Vec<_> = full.call_list.iter().filter(|row| !row.told).collect();
    if !untold.is_empty() {
        out.push_str("\nTo be told directly:\n");
    }
    for row in untold {
        let _ = writeln!(out, "  {}", row.tell);
        row.chain.iter().for_each(|callee| callee_line(&mut out, callee));
    }
    out
}

fn callee_line(out: &mut String, callee: &Callee) {
    let title = if callee.title.is_empty() { String::new() } else { format!(", {}", callee.title) };
    let means: Vec<_> = callee.means.iter().map(|m| format!("{} {}", m.kind, m.to)).collect();
    let means = if means.is_empty() { String::new() } else { format!("  {}", means.join(", ")) };
    let _ = writeln!(out, "    {}{title}{means}", callee.person.name);
}

impl Oncall {
    /// Does it.
    ///
    /// # Errors
    /// [`Fault`]; not found if there is no such system.
    pub fn run(&self) -> Result<Said, Fault> {
        let client = self.server.client()?;
        let (mut text, mut found, mut cursor) = (String::new(), false, String::new());
        for _ in 0..PAGES_AT_MOST {
            let answer = client.get(&format!("/api/v1/oncall?limit=200{cursor}"))?;
            let page: OnCall = read(&answer)?;
            let items = answer["systems"].as_array().into_iter().flatten();
            for (system, item) in page.systems.iter().zip(items) {
                if self.system.as_ref().is_some_and(|wanted| *wanted != system.id) {
                    continue;
                }
                found = true;
                if self.server.json {
                    let _ = writeln!(text, "{item}");
                } else {
                    let _ = writeln!(text, "{} ({})", system.name, system.id);
                    system.contacts.iter().for_each(|callee| callee_line(&mut text, callee));
                }
            }
            match page.next {
                Some(next) => cursor = format!("&cursor={next}"), // a directory name needs no quoting
                None => break,
            }
        }
        match &self.system {
            Some(wanted) if !found => {
                Err(Fault::new(Exit::NotFound, format!("there is no system “{wanted}”. muster oncall lists them all.")))
            }
            _ => Ok(Said::fine(text)),
        }
    }
}

/// The address of an incident; a number goes into it, so it may hold nothing else.
fn incident(number: &str) -> Result<String, Fault> {
    if number.is_empty() || !number.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        return Err(Fault::usage(format!("{number:?} is no reference number: use one such as 2026-041")));
    }
    Ok(format!("/api/v1/incidents/{number}"))
}

fn act(number: &str, act: &str) -> Result<String, Fault> {
    Ok(format!("{}/{act}", incident(number)?))
}

/// The instant that somebody typed, by the organisation's clocks where that matters.
fn instant(client: &Client, when: When) -> Result<Time, Fault> {
    let zone = match when.needs_zone() {
        true => answers::zone(&read::<Me>(&client.get("/api/v1/me")?)?.time_zone),
        false => TimeZone::UTC,
    };
    Ok(when.at(SystemClock.now(), &zone))
}

/// A time by the organisation's clocks; the day too, if it is not today.
fn shown(at: Time, zone: &str) -> String {
    words::clock(at, SystemClock.now(), zone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn an_incident_is_told_so_that_one_can_act() {
        let answer: Value = json!({
            "incident": { "number": "2026-041", "title": "No mail", "state": "open", "severity": null, "outage_seconds": 600,
                          "manager": null, "url": "https://m/incidents/2026-041", "newer": 1 },
            "time_zone": "Europe/London",
            "duties": [{ "what": "Tell user support directly", "owed_by": { "id": "ana", "name": "Ana" },
                         "due_at": "2026-11-17T10:00:00Z", "settled_at": null, "late": true }],
            "summonses": [{ "about": "Email", "live": true, "chain": [{ "id": "ben", "name": "Ben" }],
                            "tries": [{ "person": { "name": "Ben" }, "means": "call", "at": "2026-11-17T10:00:00Z", "outcome": "busy" }] }],
            "call_list": [{ "tell": "User support", "told": false,
                            "chain": [{ "person": { "name": "Ada" }, "title": "Head", "means": [{ "kind": "call", "to": "1" }] }] }],
            "at_work": [{ "system": { "id": "email", "name": "Email" }, "claim": 2, "person": { "id": "ben", "name": "Ben" },
                          "what": "patch", "host": "mail-1", "since": "2026-11-17T09:00:00Z",
                          "until": "2026-11-17T10:00:00Z", "logged_in": false }],
        });
        let text = one(&read(&answer).unwrap());
        for part in [
            "2026-041  No mail",
            "not assessed, down 10 min, Incident Manager: nobody yet",
            "LATE, was due",
            "At work:\n  Ben on mail-1 since",
            "Being asked, Email: Ben",
            "Ben, call",
            ": busy",
            "To be told directly:\n  User support\n    Ada, Head  call 1",
        ] {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
    }

    #[test]
    fn only_a_number_goes_into_an_address() {
        assert_eq!(act("2026-041", "note").unwrap(), "/api/v1/incidents/2026-041/note");
        for wrong in ["", "../me", "1?x", "2026 1"] {
            assert_eq!(incident(wrong).unwrap_err().exit, Exit::Usage, "{wrong}");
        }
    }
}
