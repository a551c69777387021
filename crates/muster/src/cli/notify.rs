//! `muster notify`: hands a notification of Nagios or one of its family to Muster, and loses none while Muster is away.
//!
//! The signal is first written to the spool, then all that waits is sent in order. So a crash or a kill at any point
//! loses nothing; at worst a signal is sent twice, which the intake folds. Nagios does not try again when its
//! notification command fails, therefore this must.

mod send;
mod spool;
#[cfg(test)]
mod tests;

use crate::intake::{bounded, nagios};
use clap::builder::{OsStringValueParser, TypedValueParser};
use muster_core::Time;
use send::{Answer, Sender};
use spool::{Kept, Spool};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Nagios kills a notification command after 30 seconds (its default `notification_timeout`); stop by ourselves before.
const BUDGET: Duration = Duration::from_secs(25);
/// A flush has no monitor waiting for it, but must not overlap with flushes for ever.
const FLUSH_BUDGET: Duration = Duration::from_secs(600);
/// How long to wait for another call that is sending. It sends ours, too, unless it was just about to end.
const LOCK_WAIT: Duration = Duration::from_secs(5);

/// Send a monitor's notification to Muster; keep it on disk while Muster is away.
///
/// Without -n, -t and -f it reads the environment: NAGIOS_* (set enable_environment_macros=1), ICINGA_*, NOTIFY_*, or the
/// names that Icinga 2's own notification scripts use. Exit status: 0 delivered or safely kept, 1 refused by the
/// server or passed over, 2 wrong use, 3 not delivered and not safely kept.
#[derive(clap::Args, Clone, Debug)]
pub struct Notify {
    /// What it is about.
    #[arg(short = 'n', long = "notification-type", value_name = "WHAT", value_enum, ignore_case = true)]
    pub about: Option<About>,
    /// PROBLEM, RECOVERY, ACKNOWLEDGEMENT and so on.
    #[arg(short = 't', long, value_name = "TYPE", value_parser = lossy())]
    pub event_type: Option<String>,
    /// A macro, such as HOSTNAME=db1; may be given often.
    #[arg(short = 'f', long = "field", value_name = "NAME=VALUE", value_parser = lossy().try_map(pair))]
    pub fields: Vec<(String, String)>,
    /// What makes it the same alert, instead of host and service.
    #[arg(short = 'i', long, value_name = "KEY", value_parser = lossy())]
    pub incident_key: Option<String>,
    /// The name of the monitor, kept as the label "client".
    #[arg(short = 'c', long, value_name = "NAME", value_parser = lossy())]
    pub client: Option<String>,
    /// A page of the monitor's about it.
    #[arg(short = 'u', long, value_name = "URL", value_parser = lossy())]
    pub client_url: Option<String>,
    /// Intake key for this notification only. Others on this machine can see it in the list of processes.
    #[arg(short = 'k', long, value_name = "KEY")]
    pub service_key: Option<String>,
    /// Intake key.
    #[arg(long, env = "MUSTER_KEY", hide_env_values = true)]
    pub key: Option<String>,
    /// File that holds the intake key.
    #[arg(long, env = "MUSTER_KEY_FILE", value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// Address of the intake, such as http://127.0.0.1:8080/in/generic; of the server's own, the intake is added.
    #[arg(long, env = "MUSTER_INTAKE_URL", hide_env_values = true)]
    pub url: Option<String>,
    /// Directory that keeps what could not be delivered.
    #[arg(long, env = "MUSTER_SPOOL", value_name = "DIR", default_value = "/var/spool/muster")]
    pub spool: PathBuf,
    /// Only send what the spool keeps.
    #[arg(long, conflicts_with_all = ["about", "event_type", "fields", "incident_key", "client", "client_url", "service_key"])]
    pub flush: bool,
    /// Seconds to wait for an answer.
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=300))]
    pub timeout: u64,
}

/// What a notification is about, as an option.
#[derive(clap::ValueEnum, Clone, Copy, Debug)]
pub enum About {
    /// A service on a host.
    Service,
    /// A host.
    Host,
}

/// How it went, for the monitor that called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exit {
    /// Delivered, or safely kept.
    Fine = 0,
    /// The server refused a signal, which is now under `rejected/` in the spool; or one could not be read there.
    Refused = 1,
    /// Wrong options or environment.
    Usage = 2,
    /// Not delivered, and not kept where it would be sent from.
    Lost = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Does it. `environment` is where the macros are read if no option gives them; `say` is where a person may look.
pub fn run(
    args: &Notify,
    environment: impl IntoIterator<Item = (OsString, OsString)>,
    now: Time,
    say: &mut dyn Write,
) -> Exit {
    let mut say = |line: &str| {
        let _ = writeln!(say, "muster notify: {line}"); // nobody is left to tell if this fails
    };
    let own = match (!args.flush).then(|| signal(args, environment, now)).transpose() {
        Ok(own) => own,
        Err(why) => {
            say(&why);
            return Exit::Usage;
        }
    };
    let spool = Spool::at(&args.spool);
    let own = keep(&spool, own, now, &mut say);
    let sender = match sender(args) {
        Ok(sender) => sender,
        Err(why) => {
            say(&format!("{why}; {}", own.fate(&spool)));
            return Exit::Usage;
        }
    };
    deliver(&spool, &own, &sender, now, &mut say)
}

/// The signal that this call is about.
enum Own {
    /// A flush has none.
    None,
    /// In the spool, under this name.
    Kept(String, Box<Kept>),
    /// The spool would not take it.
    Unkept(Box<Kept>),
}

impl Own {
    fn fate(&self, spool: &Spool) -> String {
        match self {
            Self::None => format!("what waits stays in {spool}"),
            Self::Kept(..) => format!("it is kept in {spool}, and sent by the next call or by muster notify --flush"),
            Self::Unkept(kept) => format!("LOST: {}", kept.signal.title),
        }
    }
}

fn keep(spool: &Spool, own: Option<Kept>, now: Time, say: &mut impl FnMut(&str)) -> Own {
    let Some(own) = own else { return Own::None };
    match spool.keep(&own, now) {
        Ok((name, 0)) => Own::Kept(name, Box::new(own)),
        Ok((name, dropped)) => {
            say(&format!("{spool} is full: dropped {dropped} between the first and the last signal of an alert"));
            Own::Kept(name, Box::new(own))
        }
        Err(e) => {
            say(&format!("cannot keep it in {spool}: {e}"));
            Own::Unkept(Box::new(own))
        }
    }
}

/// Sends what waits in the spool, then what it would not take.
fn deliver(spool: &Spool, own: &Own, sender: &Sender, now: Time, say: &mut impl FnMut(&str)) -> Exit {
    let (refused, stop) = match lock(spool, own) {
        Ok(Some(_held)) => drain(spool, sender, say),
        Ok(None) => (0, Stop::Busy("another call is sending".into())),
        Err(e) if e.kind() == ErrorKind::NotFound && matches!(own, Own::None) => (0, Stop::Empty),
        Err(e) => (0, Stop::Disk(format!("cannot use {spool}: {e}"))),
    };
    let exit = match (own, stop) {
        (Own::Unkept(unkept), Stop::Away(why)) => keep_late(spool, unkept, now, &why, say),
        (Own::Unkept(unkept), _) => match sender.post(unkept) {
            Answer::Delivered => Exit::Fine,
            Answer::Refused(why) => {
                say(&format!("{why}; {}", own.fate(spool)));
                Exit::Refused
            }
            Answer::Unavailable(why) => keep_late(spool, unkept, now, &why, say),
        },
        (Own::Kept(name, _), _) if spool.has_rejected(name) => Exit::Refused,
        (Own::Kept(name, kept), Stop::Disk(why)) => send_past(spool, name, kept, sender, &why, say),
        (Own::Kept(name, _), _) if !spool.has(name) => Exit::Fine,
        (_, Stop::Empty) => Exit::Fine,
        (Own::None, Stop::Disk(why)) => {
            say(&why);
            Exit::Usage
        }
        (_, Stop::Away(why) | Stop::Busy(why)) => {
            say(&format!("{why}; {}", own.fate(spool)));
            Exit::Fine
        }
    };
    if exit == Exit::Fine && refused > 0 { Exit::Refused } else { exit }
}

/// Keeps what the full spool did not take before: what was sent meanwhile may have made room.
fn keep_late(spool: &Spool, unkept: &Kept, now: Time, why: &str, say: &mut impl FnMut(&str)) -> Exit {
    let (fate, exit) = match spool.keep(unkept, now) {
        Ok((name, _)) => (Own::Kept(name, Box::new(unkept.clone())), Exit::Fine),
        Err(_) => (Own::Unkept(Box::new(unkept.clone())), Exit::Lost),
    };
    say(&format!("{why}; {}", fate.fate(spool)));
    exit
}

/// Sends this call's own signal past a spool from which nothing can be sent.
fn send_past(spool: &Spool, name: &str, kept: &Kept, sender: &Sender, why: &str, say: &mut impl FnMut(&str)) -> Exit {
    let (answer, exit) = match sender.post(kept) {
        Answer::Delivered => {
            // If it stays, it is sent twice, which the intake folds.
            let _ = spool.done(name);
            say(&format!("{why}; this signal was sent past it, what waits in it was not"));
            return Exit::Fine;
        }
        Answer::Refused(answer) => (answer, Exit::Refused),
        Answer::Unavailable(answer) => (answer, Exit::Lost),
    };
    say(&format!("{why}; {answer}; NOT SENT: {}", kept.signal.title));
    exit
}

/// The right to send what waits. None if another call has it for long; one that is sending may send ours, too.
fn lock(spool: &Spool, own: &Own) -> std::io::Result<Option<std::fs::File>> {
    let begun = Instant::now();
    loop {
        let held = spool.try_lock()?;
        let sent_for_us = matches!(own, Own::Kept(name, _) if !spool.has(name));
        if held.is_some() || sent_for_us || begun.elapsed() > LOCK_WAIT {
            return Ok(held);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Why sending what waits came to an end.
enum Stop {
    /// Nothing waits.
    Empty,
    /// The server is away, or the time is up.
    Away(String),
    /// Another call is at it.
    Busy(String),
    /// The spool can't be read or written.
    Disk(String),
}

/// Sends what waits, in order, until nothing does or the server is away. Says how many were refused.
fn drain(spool: &Spool, sender: &Sender, say: &mut impl FnMut(&str)) -> (usize, Stop) {
    let mut refused = 0;
    let stop = send_all(spool, sender, &mut refused, say);
    (refused, stop.unwrap_or_else(|e| Stop::Disk(format!("cannot use {spool}: {e}"))))
}

fn send_all(spool: &Spool, sender: &Sender, refused: &mut usize, say: &mut impl FnMut(&str)) -> std::io::Result<Stop> {
    let mut more = true;
    let mut passed_over = BTreeSet::new();
    while more {
        more = false; // unless a pass sends something: then another call may have added to it meanwhile
        for name in spool.waiting()?.into_iter().filter(|name| !passed_over.contains(name)).collect::<Vec<_>>() {
            let done = match spool.read(&name) {
                Ok(None) => continue, // it made room for a newer one
                Ok(Some(kept)) => match kept.map_or_else(Answer::Refused, |kept| sender.post(&kept)) {
                    Answer::Delivered => spool.done(&name),
                    Answer::Refused(why) => put_away(spool, &name, &why, refused, say),
                    Answer::Unavailable(why) => return Ok(Stop::Away(why)),
                },
                // Whoever may read it can still send it.
                Err(e) if e.kind() == ErrorKind::PermissionDenied => Err(e),
                Err(e) => put_away(spool, &name, &format!("cannot be read: {e}"), refused, say),
            };
            match done {
                Ok(()) => more = true,
                // One file that stays must not hold back those behind it.
                Err(e) => {
                    say(&format!("passed over {name} in {spool}: {e}; see who owns it"));
                    *refused += 1;
                    passed_over.insert(name);
                }
            }
        }
    }
    Ok(Stop::Empty)
}

fn put_away(
    spool: &Spool,
    name: &str,
    why: &str,
    refused: &mut usize,
    say: &mut impl FnMut(&str),
) -> std::io::Result<()> {
    let at = spool.reject(name, why)?;
    say(&format!("refused: {why}; it is now {}, move it back to send it again", at.display()));
    *refused += 1;
    Ok(())
}

/// The signal of this call, with the time at which it happened, as it may be sent much later.
fn signal(
    args: &Notify,
    environment: impl IntoIterator<Item = (OsString, OsString)>,
    now: Time,
) -> Result<Kept, String> {
    let by_hand = args.about.is_some() || args.event_type.is_some() || !args.fields.is_empty();
    let macros = if by_hand {
        let event_type = args.event_type.iter().map(|t| ("NOTIFICATIONTYPE".to_owned(), t.clone()));
        args.fields.iter().cloned().chain(event_type).collect()
    } else {
        let text = |s: OsString| s.to_string_lossy().into_owned();
        let variables = environment.into_iter().map(|(name, value)| (text(name), text(value))).collect();
        nagios::from_environment(&variables).map_err(|e| e.to_string())?
    };
    let about = args.about.map(|about| match about {
        About::Host => nagios::About::Host,
        About::Service => nagios::About::Service,
    });
    let mut signal = nagios::signal(about, args.incident_key.as_deref(), macros, now).map_err(|e| e.to_string())?;
    signal.link = args.client_url.clone().or(signal.link);
    signal.labels.extend(args.client.clone().map(|client| ("client".to_owned(), client)));
    Ok(Kept { key: args.service_key.clone(), signal: bounded(signal, now) })
}

fn sender(args: &Notify) -> Result<Sender, String> {
    let url = args.url.as_deref().ok_or("it is not said where to: give --url or MUSTER_INTAKE_URL")?;
    let from_file = |path: &PathBuf| {
        std::fs::read_to_string(path).map_err(|e| format!("cannot read the key file {}: {e}", path.display()))
    };
    let key = match (&args.key, &args.key_file) {
        (Some(key), _) => Some(key.clone()),
        (None, Some(path)) => Some(from_file(path)?),
        (None, None) => None, // it may be in the address
    };
    let budget = if args.flush { FLUSH_BUDGET } else { BUDGET };
    Sender::new(url, key.as_deref().map(str::trim), Duration::from_secs(args.timeout), Instant::now() + budget)
}

/// Plugin output may be in any encoding, and an option that is refused for it would be a page lost.
fn lossy() -> impl TypedValueParser<Value = String> {
    OsStringValueParser::new().map(|text| text.to_string_lossy().into_owned())
}

fn pair(field: String) -> Result<(String, String), &'static str> {
    let (name, value) = field.split_once('=').ok_or("write NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}
