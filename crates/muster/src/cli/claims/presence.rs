//! `muster presence`: what a login hook says of whoever logs in and out.

use super::{Done, nobody_warned, show};
use crate::cli::answers::read;
use crate::cli::here::{Here, address, hostname};
use crate::cli::say::{Exit, Fault, Said};
use serde_json::{Value, json};

/// Under which name a log-in's claim is kept until it logs out.
const KEPT: &str = "presence";

/// Tell Muster who logs in to this server, and out of it: for login hooks.
#[derive(clap::Args, Clone, Debug)]
pub struct Presence {
    /// Logged in, or logged out.
    #[arg(value_parser = ["begin", "end"])]
    what: String,
    /// Which system or host; this server if absent.
    #[arg(long, value_name = "PLACE")]
    on: Option<String>,
    /// Ask who you are, if the account does not say it.
    #[arg(long)]
    ask: bool,
    #[command(flatten)]
    here: Here,
}

impl Presence {
    /// Does it.
    ///
    /// # Errors
    /// [`Fault`], which must not keep anybody from logging in: hooks pass over it.
    pub fn run(&self) -> Result<Said, Fault> {
        let place = self.on.clone().unwrap_or_else(hostname);
        if self.what == "begin" { self.begin(&place) } else { self.end(&place) }
    }

    fn begin(&self, place: &str) -> Result<Said, Fault> {
        let here = &self.here;
        let client = here.client(true)?;
        let away = |fault| nobody_warned(fault, here, place);
        let who = match self.ask {
            true => here.who(&client).map_err(away)?,
            false => here.who_if_known(&client),
        };
        let account = std::env::var("USER").or_else(|_| std::env::var("LOGNAME")).unwrap_or_else(|_| "somebody".into());
        let unknown = if who.is_none() { ", who has not said who they are" } else { "" };
        let session = here.login().unwrap_or_else(|| std::process::id().to_string());
        let body = json!({
            "what": format!("as {account}{unknown}"), "session": format!("{} {session}", hostname()),
            "host": hostname(), "person": who,
        });
        let answer = client.post(&format!("{}/claims", address(place)), &body).map_err(away)?;
        here.keep_ring(place, &answer["work"]);
        here.tell_what_waits(&client);
        let done: Done = read(&answer)?;
        if let Some(claim) = &done.claim {
            let kept = json!({ "system": claim.system.id, "claim": claim.claim });
            here.keep_for_login(KEPT, &kept.to_string());
        }
        let zone = &done.work.time_zone;
        let mut text = String::new();
        let heading = format!("At work on {}", done.work.system.name);
        show::lines(&mut text, &heading, done.others.iter().map(|w| show::line(w, zone)));
        show::lines(&mut text, "WAITS TO DISRUPT IT", done.work.waiting.iter().map(|d| show::waits(d, zone)));
        Ok(Said::fine(text))
    }

    fn end(&self, place: &str) -> Result<Said, Fault> {
        let here = &self.here;
        here.forget_login();
        let Some(kept) = here.take_of_login(KEPT) else { return Ok(Said::fine("")) };
        let kept: Value = serde_json::from_str(&kept).unwrap_or_default();
        let (Some(system), Some(claim)) = (kept["system"].as_str(), kept["claim"].as_u64()) else {
            return Ok(Said::fine(""));
        };
        let (path, body) = (format!("{}/claims/{claim}/release", address(system)), json!({ "logged_out": true }));
        let client = here.client(true)?;
        match client.post(&path, &body) {
            Ok(_) => here.tell_what_waits(&client),
            // It is told when Muster is heard again, by whoever logs in or claims next.
            Err(fault) if fault.exit == Exit::Away => {
                let kept = here.spool(&path, body);
                return Err(Fault::new(
                    Exit::Away,
                    match kept {
                        Ok(()) => format!("{}; that you logged out of {place} is told later", fault.why),
                        Err(e) => format!("{}; that you logged out of {place} is not kept: {e}", fault.why),
                    },
                ));
            }
            Err(fault) => return Err(fault),
        }
        Ok(Said::fine(""))
    }
}
