//! `muster presence`: what a login hook says of whoever logs in and out.

use super::{Done, nobody_warned, show};
use crate::cli::answers::read;
use crate::cli::here::later::LogIn;
use crate::cli::here::{Here, hostname};
use crate::cli::say::{Exit, Fault, Said};

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
        let mut log_in = LogIn::new(here, place);
        let who = if self.ask { here.who_or_names(&client) } else { here.who_if_known(&client) };
        let who = who.map_err(|unheard| {
            log_in.names = unheard.names;
            unheard.fault
        });
        let told = who.and_then(|who| {
            log_in.names.extend(who.clone());
            here.work_on(&client, place)?;
            log_in.tell(here, &client, who.as_deref())
        });
        let answer = match told {
            Ok(answer) => answer,
            Err(fault) if fault.exit == Exit::Away => {
                let Fault { exit, why } = nobody_warned(fault, here, place);
                let later = match log_in.wait(here) {
                    Ok(()) => "That you are logged in is told later.".to_owned(),
                    Err(e) => format!("That you are logged in is not kept: {e}."),
                };
                return Err(Fault::new(exit, format!("{why}\n{later}")));
            }
            Err(fault) => return Err(fault),
        };
        let done: Done = read(&answer)?;
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
        let Some((path, body)) = here.end_of_login() else { return Ok(Said::fine("")) };
        let client = here.client(true)?;
        match client.post(&path, &body) {
            Ok(_) => {
                here.tell_what_waits(&client);
                Ok(Said::fine(""))
            }
            // It is told when Muster is heard again, by whoever logs in or claims next.
            Err(fault) if fault.exit == Exit::Away => Err(Fault::new(
                Exit::Away,
                match here.spool(&path, body) {
                    Ok(()) => format!("{}; that you logged out of {place} is told later", fault.why),
                    Err(e) => format!("{}; that you logged out of {place} is not kept: {e}", fault.why),
                },
            )),
            Err(fault) => Err(fault),
        }
    }
}
