//! `muster guard -- COMMAND`: a disruptive command waits until everybody whom it would hit has let it happen.
//!
//! It never takes silence for leave. With Muster away it says that nobody was warned and whom to ring, and runs nothing,
//! unless somebody goes on with `--despite` and a reason.

use super::{Disruption, Done, nobody_warned, show, span};
use crate::cli::answers::{Me, read};
use crate::cli::client::{Client, Interrupts};
use crate::cli::here::{Here, address, hostname};
use crate::cli::say::{Exit, Fault, harmless};
use crate::clock::{Clock, SystemClock};
use muster_core::Span;
use serde_json::json;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

/// How often it looks whether somebody has answered.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// How often it asks anew because somebody came while it began.
const ASK_AT_MOST: u32 = 5;
/// Says to what is run that it was let happen, so that a hook on its way does not ask everybody again.
const GUARDED: &str = "MUSTER_GUARDED";
/// Longest command line as it stands in the log.
const WHAT_MAX: usize = 160;

/// Run a disruptive command once everybody whom it would hit has let it happen.
///
/// Asks whoever is at work or logged in, there and on what hangs together with it, and the technical contacts; shows who
/// has not answered; waits. Exit status: the command's own, if it was run.
#[derive(clap::Args, Clone, Debug)]
pub struct Guard {
    /// Which system or host; this server if absent.
    #[arg(long, value_name = "PLACE")]
    on: Option<String>,
    /// What it does, for those who are asked; the command itself if absent.
    #[arg(long, value_name = "TEXT")]
    what: Option<String>,
    /// How long it takes, about.
    #[arg(long = "for", value_name = "TIME", default_value = "15m", value_parser = span)]
    lasts: Span,
    /// Give up after so long; without it, it waits for an hour.
    #[arg(long, value_name = "TIME", value_parser = span)]
    wait: Option<Span>,
    /// Override, with the reason that everybody who was not heard reads: over a claim only the Incident Manager or
    /// management, over log-ins and silence anybody. With Muster away: run it all the same; the log has it later.
    #[arg(long, value_name = "REASON")]
    despite: Option<String>,
    /// The command, after `--`. Without one, guard only waits: for hooks.
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<String>,
    #[command(flatten)]
    here: Here,
}

impl Guard {
    /// Does it.
    ///
    /// # Errors
    /// [`Fault`]: then the command was not run.
    pub fn run(&self) -> Result<ExitCode, Fault> {
        let place = self.on.clone().unwrap_or_else(hostname);
        let what = self.what();
        if what.is_empty() {
            return Err(Fault::usage("write the command after --, or say with --what what is to be done"));
        }
        match self.settle(&place, &what) {
            Ok(begun) => self.go(&place, &what, begun),
            Err(fault) => self.despite_all(&place, &what, fault),
        }
    }

    fn what(&self) -> String {
        let said = self.what.clone().unwrap_or_else(|| self.command.join(" "));
        let line = muster_core::words::one_line(&said);
        match line.chars().count() > WHAT_MAX {
            true => line.chars().take(WHAT_MAX - 1).chain(['…']).collect(),
            false => line,
        }
    }

    /// Asks, waits, and claims. None is claimed where Muster went away between leave and claim.
    fn settle(&self, place: &str, what: &str) -> Result<Option<Begun>, Fault> {
        let here = &self.here;
        let client = here.client(true)?;
        let mut interrupts = client.interrupts()?;
        let who = here.who(&client)?;
        here.work_on(&client, place)?; // so that Muster knows who logged in while it was away
        let zone = read::<Me>(&client.get("/api/v1/me")?)?.time_zone;
        let until = self.wait.map(|w| Instant::now() + w.unsigned_abs());
        for _ in 0..ASK_AT_MOST {
            let body = json!({ "what": what, "person": who });
            let asked: Disruption = read(&client.post(&format!("{}/disruptions", address(place)), &body)?)?;
            let leave = self.wait_for(&client, &mut interrupts, asked, who.as_deref(), &zone, until)?;
            here.tell_what_waits(&client); // whoever logged in while Muster was away is in the way as well
            let body = json!({
                "what": what, "person": who, "minutes": super::minutes(self.lasts)?, "disruptive": true, "ask": leave.ask,
            });
            match client.post(&format!("{}/claims", address(place)), &body) {
                Ok(answer) => {
                    let done: Done = read(&answer)?;
                    return Ok(done.claim.map(|c| Begun { client, system: c.system.id, claim: c.claim, who }));
                }
                Err(fault) if fault.exit == Exit::Away => {
                    complain(&format!(
                        "{}\nIt was let happen before that; that it begins now is not in the log yet.",
                        fault.why
                    ));
                    return Ok(None);
                }
                Err(fault) if fault.why.starts_with("This would cut somebody off") => {
                    complain(&format!("{} They came just now, and are asked as well.", fault.why));
                }
                Err(fault) => return Err(fault),
            }
        }
        Err(Fault::new(Exit::Refused, "people keep coming to work there. Agree with them on a time."))
    }

    /// Waits until it may begin; who is in its way is shown whenever that changes.
    fn wait_for(
        &self,
        client: &Client,
        interrupts: &mut Interrupts,
        mut asked: Disruption,
        who: Option<&str>,
        zone: &str,
        until: Option<Instant>,
    ) -> Result<Disruption, Fault> {
        let path = format!("{}/disruptions/{}", address(&asked.system.id), asked.ask);
        let (mut shown, mut away) = (String::new(), false);
        loop {
            if asked.may_begin {
                complain(&format!(
                    "May begin: {}.",
                    if asked.reason.is_empty() { &asked.state } else { &asked.reason }
                ));
                return Ok(asked);
            }
            if asked.state != "waiting" {
                let why = format!("it was not let happen ({}): {}", asked.state, asked.reason);
                return Err(Fault::new(Exit::Refused, why));
            }
            let now = holding(&asked, zone);
            if now != shown {
                complain(&now);
                shown = now;
            }
            if let Some(reason) = &self.despite {
                asked = read(&client.post(&format!("{path}/override"), &json!({ "reason": reason, "person": who }))?)?;
                continue;
            }
            let is_late = until.is_some_and(|until| Instant::now() >= until);
            if client.wait(interrupts, LOOK_EVERY) || is_late {
                // Whoever was asked must not answer what nobody wants any more.
                let withdrawn = client.post(&format!("{path}/withdraw"), &json!({}));
                let told = if withdrawn.is_ok() { "those who were asked are told" } else { "they are still asked" };
                let why = if is_late { "nobody settled it in the time that you gave" } else { "you stopped waiting" };
                return Err(Fault::new(Exit::Refused, format!("{why}; {told}")));
            }
            match client.get(&path).and_then(|answer| read(&answer)) {
                Ok(now) => {
                    if away {
                        self.here.tell_what_waits(client);
                    }
                    (asked, away) = (now, false);
                }
                Err(fault) if fault.exit == Exit::Away => {
                    if !away {
                        complain(&format!("{}\nStill waiting: nothing is granted while Muster is away.", fault.why));
                    }
                    away = true;
                }
                Err(fault) => return Err(fault),
            }
        }
    }

    fn go(&self, place: &str, what: &str, begun: Option<Begun>) -> Result<ExitCode, Fault> {
        let Some((program, arguments)) = self.command.split_first() else {
            return Ok(ExitCode::SUCCESS); // the claim stands until its time is up: whoever called begins now
        };
        let ended = Command::new(program).args(arguments).env(GUARDED, "yes").status();
        let (exit, word) = match &ended {
            Ok(status) => match status.code().and_then(|code| u8::try_from(code).ok()) {
                Some(code) => (Ok(ExitCode::from(code)), format!("ended with {code}")),
                None => (Ok(ExitCode::from(128)), "was ended by a signal".to_owned()),
            },
            Err(e) => (Err(Fault::usage(format!("cannot run {program}: {e}"))), format!("could not be run: {e}")),
        };
        if let Some(begun) = begun {
            let path = format!("{}/claims/{}/release", address(&begun.system), begun.claim);
            let body = json!({ "changed": format!("{what}: {word}"), "person": begun.who });
            match begun.client.post(&path, &body) {
                Ok(_) => {}
                Err(fault) if fault.exit == Exit::Away => match self.here.spool(&path, body) {
                    Ok(()) => complain(&format!("{}; that it is done is told later", fault.why)),
                    Err(e) => complain(&format!("{}; that it is done on {place} is not kept: {e}", fault.why)),
                },
                Err(fault) => complain(&fault.why),
            }
        }
        exit
    }

    /// Nobody let it happen. It is run all the same only if Muster cannot be asked and somebody has said why it must be.
    fn despite_all(&self, place: &str, what: &str, fault: Fault) -> Result<ExitCode, Fault> {
        let cannot_ask = matches!(fault.exit, Exit::Away | Exit::NotFound);
        let fault = nobody_warned(fault, &self.here, place);
        let Some(reason) = self.despite.as_ref().filter(|r| cannot_ask && !r.trim().is_empty()) else {
            let how = if cannot_ask { " To run it all the same: --despite \"REASON\"." } else { "" };
            return Err(Fault { why: format!("{}\nNOT RUN: {what}.{how}", fault.why), ..fault });
        };
        complain(&format!("{}\nRUN ALL THE SAME: {what}. Reason: {reason}", fault.why));
        let who = self.here.person.clone().or_else(|| self.here.remembered());
        let text = format!("Run while Muster could not be asked, so that nobody was warned: {what}. Reason: {reason}");
        let body = json!({ "text": text, "happened_at": SystemClock.now(), "person": who });
        match self.here.spool(&format!("{}/notes", address(place)), body) {
            Ok(()) => complain("A record of it is kept here, and told to Muster when it is heard again."),
            Err(e) => complain(&format!("NO RECORD OF IT IS KEPT: {e}. Write it down.")),
        }
        self.go(place, what, None)
    }
}

/// A claim that stands while the command runs.
struct Begun {
    client: Client,
    system: String,
    claim: u64,
    who: Option<String>,
}

fn holding(asked: &Disruption, zone: &str) -> String {
    let mut text = String::new();
    let needed = |n: bool| asked.asked.iter().filter(move |p| p.needed == n).map(|p| show::asked(p, zone));
    show::lines(&mut text, &format!("HELD: {}. It waits for", asked.what), needed(true));
    show::lines(&mut text, "Asked as well", needed(false));
    text.push_str("Ctrl-C takes it back.");
    text
}

fn complain(text: &str) {
    eprintln!("muster guard: {}", harmless(text.trim_end()));
}
