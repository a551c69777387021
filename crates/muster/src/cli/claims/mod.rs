//! Claims from a terminal, on the server itself: `claim`, `release`, `claims`, `presence`, `guard`.

pub mod guard;
mod presence;
pub(super) mod show;

pub use presence::Presence;

use super::answers::read;
use super::here::{Here, address, hostname};
use super::say::{Exit, Fault, Said};
use muster_core::{Span, Time};
use serde::Deserialize;
use serde_json::{Value, json};
use show::{clash, line, lines};
use std::fmt::Write;

/// Say that you work on a system, so that nobody works against you.
#[derive(clap::Args, Clone, Debug)]
pub struct Claim {
    /// Which system or host, by its name.
    place: String,
    /// What you will do, in one line; without it, with --renew, the claim goes on.
    #[arg(required_unless_present = "renew")]
    what: Option<String>,
    /// For how long: 30m, 2h.
    #[arg(long = "for", value_name = "TIME", default_value = "30m", value_parser = span)]
    lasts: Span,
    /// It takes service away from others: refused while others are at work, unless they let it happen.
    #[arg(long)]
    disruptive: bool,
    /// Go on with the claim that you have, for so long from now.
    #[arg(long, conflicts_with_all = ["what", "disruptive"])]
    renew: bool,
    #[command(flatten)]
    here: Here,
}

/// Say that you are done on a system, and what you changed.
#[derive(clap::Args, Clone, Debug)]
pub struct Release {
    /// Which system or host, by its name.
    place: String,
    /// What you changed, or that you changed nothing.
    changed: String,
    /// Which claim, if you have several there.
    #[arg(long, value_name = "NUMBER")]
    claim: Option<u64>,
    #[command(flatten)]
    here: Here,
}

/// Who is at work, and who waits.
#[derive(clap::Args, Clone, Debug)]
pub struct Claims {
    /// Which system or host; without it, everywhere.
    place: Option<String>,
    /// A few lines for whoever logs in to this server; says so if Muster is away, and never fails.
    #[arg(long)]
    banner: bool,
    #[command(flatten)]
    here: Here,
}

/// The work on a system, as far as people want to read it.
#[derive(Deserialize)]
pub(super) struct Work {
    pub system: Named,
    pub url: String,
    pub time_zone: String,
    pub at_work: Vec<AtWork>,
    pub elsewhere: Vec<AtWork>,
    pub waiting: Vec<Disruption>,
    #[serde(default)]
    pub incidents: Vec<String>,
}

#[derive(Deserialize, Clone, PartialEq)]
pub(super) struct Named {
    pub id: String,
    pub name: String,
}

#[derive(Deserialize, Clone, PartialEq)]
pub(super) struct AtWork {
    pub system: Named,
    pub claim: u64,
    pub person: Named,
    pub what: String,
    pub host: String,
    pub since: Time,
    pub until: Time,
    pub logged_in: bool,
}

#[derive(Deserialize, Clone, PartialEq)]
pub(super) struct Disruption {
    pub system: Named,
    pub ask: u64,
    pub person: Named,
    pub what: String,
    pub host: String,
    pub at: Time,
    pub state: String,
    pub may_begin: bool,
    pub reason: String,
    pub asked: Vec<AskedPerson>,
}

#[derive(Deserialize, Clone, PartialEq)]
pub(super) struct AskedPerson {
    pub person: Named,
    pub at_work: Option<AtWork>,
    pub answer: Option<String>,
    pub needed: bool,
    pub last_try: String,
}

#[derive(Deserialize)]
pub(super) struct Done {
    pub claim: Option<AtWork>,
    pub others: Vec<AtWork>,
    pub work: Work,
}

#[derive(Deserialize)]
struct AllWork {
    at_work: Vec<AtWork>,
    waiting: Vec<Disruption>,
    time_zone: String,
}

impl Claim {
    /// Does it.
    ///
    /// # Errors
    /// [`Fault`]; with Muster away it says that nobody was warned, and whom to ring.
    pub fn run(&self) -> Result<Said, Fault> {
        let here = &self.here;
        let client = here.client(false)?;
        let away = |fault| nobody_warned(fault, here, &self.place);
        let who = here.who(&client).map_err(away)?;
        let minutes = minutes(self.lasts)?;
        let work = here.work_on(&client, &self.place).map_err(away)?;
        let answer = match (&self.what, self.renew) {
            (Some(what), _) => {
                let body = json!({
                    "what": what, "minutes": minutes, "disruptive": self.disruptive, "person": who,
                });
                client.post(&format!("{}/claims", address(&self.place)), &body)
            }
            (None, _) => {
                let claim = only(&own(&work, who.as_deref(), &client)?, None, &self.place)?;
                client.post(
                    &format!("{}/claims/{claim}/renew", address(&self.place)),
                    &json!({ "minutes": minutes, "person": who }),
                )
            }
        };
        let answer = answer.map_err(|f| with_advice(away(f), &self.place))?;
        if here.server.json {
            return Ok(Said::json(&answer));
        }
        Ok(Said::fine(claimed(&read(&answer)?, &self.place, self.renew)))
    }
}

fn claimed(done: &Done, place: &str, renewed: bool) -> String {
    let zone = &done.work.time_zone;
    let mut text = match &done.claim {
        Some(claim) => format!(
            "{} has {} until about {}: {}\nWhen you are done: muster release {place} \"what you changed\"\n",
            claim.person.name,
            done.work.system.name,
            show::at(claim.until, zone),
            claim.what,
        ),
        None => "That claim has ended.\n".to_owned(),
    };
    text.push_str(&clash(&done.others, zone));
    lines(&mut text, "Waits to disrupt it", done.work.waiting.iter().map(|d| show::waits(d, zone)));
    if !renewed {
        text.push_str(&show::incidents(&done.work));
    }
    let _ = writeln!(text, "{}", done.work.url);
    text
}

impl Release {
    /// Does it.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn run(&self) -> Result<Said, Fault> {
        let here = &self.here;
        let client = here.client(false)?;
        let away = |fault| nobody_warned(fault, here, &self.place);
        let who = here.who(&client).map_err(away)?;
        let work = here.work_on(&client, &self.place).map_err(away)?;
        let claim = only(&own(&work, who.as_deref(), &client)?, self.claim, &self.place)?;
        let path = format!("{}/claims/{claim}/release", address(&self.place));
        let answer = client.post(&path, &json!({ "changed": self.changed, "person": who })).map_err(away)?;
        if here.server.json {
            return Ok(Said::json(&answer));
        }
        let done: Done = read(&answer)?;
        let incidents = show::incidents(&done.work);
        Ok(Said::fine(format!("Released {}. What you changed is in its log.\n{incidents}", done.work.system.name)))
    }
}

impl Claims {
    /// Does it.
    ///
    /// # Errors
    /// [`Fault`]; none with `--banner`, which must not keep anybody from logging in.
    pub fn run(&self) -> Result<Said, Fault> {
        if self.banner {
            let place = self.place.clone().unwrap_or_else(hostname);
            return Ok(Said::fine(self.banner(&place)));
        }
        let client = self.here.client(false)?;
        let Some(place) = &self.place else {
            let answer = client.get("/api/v1/claims")?;
            if self.here.server.json {
                return Ok(Said::json(&answer));
            }
            let all: AllWork = read(&answer)?;
            return Ok(Said::fine(listed(&all.at_work, &[], &all.waiting, &all.time_zone)));
        };
        let away = |fault| nobody_warned(fault, &self.here, place);
        let answer = self.here.work_on(&client, place).map_err(away)?;
        if self.here.server.json {
            return Ok(Said::json(&answer));
        }
        let work: Work = read(&answer)?;
        let all = listed(&work.at_work, &work.elsewhere, &work.waiting, &work.time_zone);
        Ok(Said::fine(all + &show::incidents(&work)))
    }

    fn banner(&self, place: &str) -> String {
        let answer = self.here.client(true).and_then(|client| {
            let answer = self.here.work_on(&client, place)?;
            Ok((read::<Work>(&answer)?, self.here.who_if_known(&client).unwrap_or_default()))
        });
        match answer {
            Ok((work, me)) => {
                let others = |w: &&AtWork| me.as_ref().is_none_or(|me| *me != w.person.id);
                let at_work: Vec<_> = work.at_work.iter().filter(others).cloned().collect();
                let mut text = String::new();
                lines(
                    &mut text,
                    &format!("At work on {}", work.system.name),
                    at_work.iter().map(|w| line(w, &work.time_zone)),
                );
                lines(&mut text, "WAITS TO DISRUPT IT", work.waiting.iter().map(|d| show::waits(d, &work.time_zone)));
                text
            }
            Err(fault) if fault.exit == Exit::Away => {
                format!(
                    "Muster cannot be reached: who else works here is not known.\n{}",
                    self.here.whom_to_ring(place)
                )
            }
            Err(fault) => format!("muster: {}\n", fault.why),
        }
    }
}

fn listed(at_work: &[AtWork], elsewhere: &[AtWork], waiting: &[Disruption], zone: &str) -> String {
    let mut text = String::new();
    lines(&mut text, "At work", at_work.iter().map(|w| line(w, zone)));
    lines(&mut text, "At work on what hangs together with it", elsewhere.iter().map(|w| line(w, zone)));
    lines(&mut text, "Waiting to disrupt", waiting.iter().map(|d| show::waits(d, zone)));
    if text.is_empty() { "Nobody is at work.\n".into() } else { text }
}

/// The claims there that are that person's, or the token's.
fn own(work: &Value, who: Option<&str>, client: &super::client::Client) -> Result<Vec<AtWork>, Fault> {
    let me = match who {
        Some(who) => who.to_owned(),
        None => read::<Identity>(&client.get("/api/v1/me")?)?.id,
    };
    let work: Work = read(work)?;
    Ok(work.at_work.into_iter().filter(|w| w.person.id == me && !w.logged_in).collect())
}

#[derive(Deserialize)]
struct Identity {
    id: String,
}

/// Which of those is meant.
fn only(mine: &[AtWork], said: Option<u64>, place: &str) -> Result<u64, Fault> {
    match (mine, said) {
        (_, Some(claim)) => Ok(claim),
        ([one], None) => Ok(one.claim),
        ([], None) => {
            Err(Fault::new(Exit::NotFound, format!("you claim nothing on {place}. muster claims shows who does.")))
        }
        (several, None) => {
            let all: Vec<_> = several.iter().map(|c| format!("--claim {} ({})", c.claim, c.what)).collect();
            Err(Fault::usage(format!("you have several claims on {place}; say which: {}", all.join(", "))))
        }
    }
}

/// With Muster away: that nobody was warned, and whom to ring.
pub(super) fn nobody_warned(fault: Fault, here: &Here, place: &str) -> Fault {
    if fault.exit != Exit::Away {
        return fault;
    }
    let ring = here.whom_to_ring(place);
    Fault::new(
        Exit::Away,
        format!("{}\nNOBODY WAS WARNED, and nothing was claimed or granted.\n{}", fault.why, ring.trim_end()),
    )
}

fn with_advice(fault: Fault, place: &str) -> Fault {
    if fault.exit != Exit::Refused || !fault.why.starts_with("This would cut somebody off") {
        return fault;
    }
    Fault { why: format!("{}\nAsk them and wait: muster guard --on {place} -- COMMAND", fault.why), ..fault }
}

/// A length of time in whole minutes, at least one.
fn minutes(span: Span) -> Result<i64, Fault> {
    match span.as_mins() + i64::from(span.as_secs() % 60 > 0) {
        minutes @ 1..=10_080 => Ok(minutes),
        _ => Err(Fault::usage("write for how long, from 1m to 7d, such as 30m or 2h")),
    }
}

fn span(text: &str) -> Result<Span, String> {
    text.parse::<Span>().map_err(|_| "write 30m, 2h or 1h 30m".into())
}
