//! The organisation's file: `apply` and `export`.

use super::client::{Client, Server};
use super::local::{ACTOR, Place, with};
use super::say::{Exit, Fault, Said};
use crate::ops::apply::Plan;
use muster_core::directory::Organisation;
use serde_json::json;
use std::fs::File;
use std::io::{self, BufRead, ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// Largest organisation file in bytes; 5,000 people are about 2 MiB.
const FILE_MAX: u64 = 16 * 1024 * 1024;

/// Make the organisation what a file says; shows what would change, and asks.
#[derive(clap::Args, Clone, Debug)]
pub struct Apply {
    /// The file, in the form that `muster export` writes.
    file: PathBuf,
    /// Do not ask.
    #[arg(long, short, conflicts_with = "plan")]
    yes: bool,
    /// Only show what would change.
    #[arg(long)]
    plan: bool,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    server: Server,
}

/// Write the organisation as the file that `apply` reads.
#[derive(clap::Args, Clone, Debug)]
pub struct Export {
    /// Where to; standard output if absent. A file that is there stays as it is.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    server: Server,
}

/// Where an organisation is set up: a running server, or the database of a stopped one.
enum Seat {
    Server(Client),
    Database(Place),
}

impl Seat {
    fn of(place: &Place, server: &Server) -> Result<Self, Fault> {
        match place.is_named() {
            true => Ok(Self::Database(place.clone())),
            false => Ok(Self::Server(server.client()?)),
        }
    }

    /// Plans it; or does it, if what a plan was shown of is still as it was.
    fn set_up(&self, wanted: &Organisation, shown: Option<&Plan>) -> Result<Plan, Fault> {
        match self {
            Self::Server(client) => {
                let body = serde_json::to_string(wanted).map_err(|e| Fault::usage(e.to_string()))?;
                let path = if shown.is_some() { "/api/v1/organisation" } else { "/api/v1/organisation?plan=1" };
                let (answer, epoch) = client.put(path, body, shown.map(|plan| plan.epoch))?;
                Ok(Plan { epoch, ..super::answers::read(&answer)? })
            }
            Self::Database(place) => with(place.open(true), async |ops| match shown {
                Some(plan) => ops.apply_to(Some(plan.epoch), wanted, ACTOR).await,
                None => ops.plan(wanted).await,
            }),
        }
    }

    fn organisation(&self) -> Result<Organisation, Fault> {
        match self {
            Self::Server(client) => super::answers::read(&client.get("/api/v1/organisation")?),
            Self::Database(place) => {
                with(place.open(false), async |ops| Ok(Organisation::clone(&*ops.organisation().await?)))
            }
        }
    }
}

impl Apply {
    /// Does it.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn run(&self) -> Result<Said, Fault> {
        let wanted = read(&self.file)?;
        let seat = Seat::of(&self.place, &self.server)?;
        let plan = seat.set_up(&wanted, None)?;
        if self.plan || plan.changes.is_empty() {
            return Ok(self.tell(&plan, false));
        }
        if !self.yes {
            consent(&plan)?;
        }
        Ok(self.tell(&seat.set_up(&wanted, Some(&plan))?, true))
    }

    fn tell(&self, plan: &Plan, applied: bool) -> Said {
        if self.server.json {
            return Said::json(&json!({ "changes": plan.changes, "warnings": plan.warnings, "applied": applied }));
        }
        let count = match plan.changes.len() {
            0 => return Said::fine(format!("{}Nothing to change.\n", listed(plan))),
            1 => "1 change".to_owned(),
            n => format!("{n} changes"),
        };
        match applied {
            // Who was asked has just read the list.
            true if !self.yes => Said::fine(format!("{count} applied.\n")),
            true => Said::fine(format!("{}{count} applied.\n", listed(plan))),
            false => Said::fine(format!("{}{count}, not applied.\n", listed(plan))),
        }
    }
}

fn listed(plan: &Plan) -> String {
    let changes = plan.changes.iter().map(|change| format!("{change}\n"));
    changes.chain(plan.warnings.iter().map(|warning| format!("! {warning}\n"))).collect()
}

/// Shows the plan and asks on the terminal.
fn consent(plan: &Plan) -> Result<(), Fault> {
    if !io::stdin().is_terminal() {
        let why = format!("{}Not applied: there is no terminal to ask on. Say --yes.", listed(plan));
        return Err(Fault::new(Exit::Refused, why));
    }
    let mut ask = io::stderr().lock();
    let asked = write!(ask, "{}Apply? [y/N] ", super::say::harmless(&listed(plan))).and_then(|()| ask.flush());
    let mut answer = String::new();
    let read = asked.and_then(|()| io::stdin().lock().read_line(&mut answer));
    match read {
        Ok(_) if matches!(answer.trim(), "y" | "Y" | "yes" | "Yes") => Ok(()),
        Ok(_) => Err(Fault::new(Exit::Refused, "Not applied.")),
        Err(e) => Err(Fault::new(Exit::Refused, format!("Not applied: cannot ask: {e}"))),
    }
}

impl Export {
    /// Does it.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn run(&self) -> Result<Said, Fault> {
        let org = Seat::of(&self.place, &self.server)?.organisation()?;
        if self.server.json {
            return serde_json::to_value(&org)
                .map(|v| Said::json(&v))
                .map_err(|e| Fault::new(Exit::Away, e.to_string()));
        }
        let text = to_toml(&org)?;
        match &self.output {
            None => Ok(Said::fine(text)),
            Some(path) => {
                write_new(path, text.as_bytes())?;
                Ok(Said::fine(format!("Written to {}.\n", path.display())))
            }
        }
    }
}

/// Writes a file that is not there yet: what somebody wrote by hand, with its comments, stays.
fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    let written = File::create_new(path).and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
    written.map_err(|e| match e.kind() {
        ErrorKind::AlreadyExists => Fault::usage(format!("{} is there already: choose another name", path.display())),
        _ => Fault::usage(format!("cannot write {}: {e}", path.display())),
    })
}

/// The organisation that a file describes.
fn read(path: &Path) -> Result<Organisation, Fault> {
    let fault = |why: String| Fault::usage(format!("{}: {why}", path.display()));
    let size = std::fs::metadata(path).map_err(|e| fault(e.to_string()))?.len();
    if size > FILE_MAX {
        return Err(fault(format!("it is larger than {FILE_MAX} bytes, which is no organisation")));
    }
    let text = std::fs::read_to_string(path).map_err(|e| fault(e.to_string()))?;
    from_toml(&text).map_err(fault)
}

/// The organisation that `text` describes.
///
/// # Errors
/// What is wrong, with line and column, and what may stand there.
pub fn from_toml(text: &str) -> Result<Organisation, String> {
    toml::from_str(text).map_err(|e| e.to_string().trim_end().to_owned())
}

/// The file that describes `org`.
///
/// # Errors
/// [`Fault`] if it cannot be written as TOML, which would be a bug.
pub fn to_toml(org: &Organisation) -> Result<String, Fault> {
    toml::to_string_pretty(org).map_err(|e| Fault::new(Exit::Away, format!("the organisation cannot be written: {e}")))
}
