//! The command line: the one place that lists the commands.
//!
//! `serve` and `demo` are the program itself. The others talk to a running server through its API, as the person whose
//! token they have; those that take `--data` also work on the database of a server that is stopped.

mod answers;
mod claims;
pub mod client;
pub mod demo;
mod here;
mod incident;
mod keep;
mod local;
pub mod notify;
mod organisation;
#[cfg(feature = "pdf")]
mod print;
mod program_log;
mod proof;
pub mod say;
pub mod serve;
#[cfg(test)]
mod tests;
mod verify;
pub mod when;

use crate::clock::{Clock, SystemClock};
use clap::{Parser, Subcommand};
use say::{Exit, Fault, Said};
use std::io::Write;
use std::process::ExitCode;

/// Self-hosted incident management: a named human is really reached, and the log keeps itself.
///
/// Exit status: 0 done, 1 refused, 2 wrong use, 3 not reachable or not able now, 4 no such thing, 5 something was proved to be
/// wrong.
#[derive(Parser, Debug)]
#[command(name = "muster", version, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Serve pages, take signals, summon people.
    #[command(verbatim_doc_comment)]
    Serve(serve::ServeArgs),
    /// Serve an example organisation with pretend phones.
    Demo(demo::DemoArgs),
    /// Declare an incident: you are its Incident Manager.
    Declare(incident::Declare),
    /// Write into the log of an incident, or read it.
    Log(incident::Log),
    /// Put a file on an incident, with its hash in the log.
    Attach(proof::Attach),
    /// Become Incident Manager of what nobody has.
    Take(incident::Take),
    /// What is going on: all of it, or one incident.
    Status(incident::Status),
    /// Say that you work on a system, so that nobody works against you.
    Claim(claims::Claim),
    /// Say that you are done on a system, and what you changed.
    Release(claims::Release),
    /// Who is at work, and who waits.
    Claims(claims::Claims),
    /// Run a disruptive command once everybody whom it would hit has let it happen.
    Guard(claims::guard::Guard),
    /// Tell Muster who logs in to this server, and out of it: for login hooks.
    Presence(claims::Presence),
    /// Who would be asked about a system now.
    Oncall(incident::Oncall),
    /// Make the organisation what a file says; shows what would change, and asks.
    Apply(organisation::Apply),
    /// Write the organisation as the file that `apply` reads.
    Export(organisation::Export),
    /// Write the blank forms, to be printed on the day before.
    Forms(proof::Forms),
    /// Write everything that there is of an incident into one file that proves itself.
    Proof(proof::Proof),
    /// Prove that every log is unbroken and complete, and name the first thing that is not.
    Verify(verify::Verify),
    /// Print a signed line that proves later how far the records went.
    Checkpoint(verify::Checkpoint),
    /// Copy the whole database into one file, while it is in use.
    Backup(keep::Backup),
    /// Put a backup in place for a server, once it is proved.
    Restore(keep::Restore),
    /// Let the messages of a restored database go out.
    ReleaseOutbox(keep::ReleaseOutbox),
    /// Send a monitor's notification; keep it on disk while Muster is away.
    Notify(Box<notify::Notify>),
    /// Print one form, for the server that starts it.
    #[cfg(feature = "pdf")]
    #[command(hide = true)]
    PrintForm,
}

/// Reads the command line, does what it says, and says how it went.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(Ended::Said(said)) => match say::print(&said.text) {
            Ok(()) => said.exit.into(),
            Err(e) => complain(&Fault::new(Exit::Away, format!("cannot print: {e}"))),
        },
        Ok(Ended::Notified(exit)) => exit.into(),
        Ok(Ended::Ran(exit)) => exit,
        Err(fault) => complain(&fault),
    }
}

fn complain(fault: &Fault) -> ExitCode {
    // Nobody is left to tell if this fails.
    let _ = writeln!(std::io::stderr(), "muster: {}", say::harmless(&fault.why));
    fault.exit.into()
}

enum Ended {
    Said(Said),
    Notified(notify::Exit),
    /// A command of the user's own was run, or need not be.
    Ran(ExitCode),
}

fn run(cli: Cli) -> Result<Ended, Fault> {
    let said = match cli.command {
        Command::Serve(args) => serve::run(&args).map(|()| Said::fine("")).map_err(|e| not_served(&e)),
        Command::Demo(args) => demo::run(&args).map(|()| Said::fine("")).map_err(|e| not_served(&e)),
        Command::Declare(args) => args.run(),
        Command::Log(args) => args.run(),
        Command::Attach(args) => args.run(),
        Command::Proof(args) => args.run(),
        Command::Forms(args) => args.run(),
        Command::Take(args) => args.run(),
        Command::Status(args) => args.run(),
        Command::Claim(args) => args.run(),
        Command::Release(args) => args.run(),
        Command::Claims(args) => args.run(),
        Command::Presence(args) => args.run(),
        Command::Guard(args) => return args.run().map(Ended::Ran),
        Command::Oncall(args) => args.run(),
        Command::Apply(args) => args.run(),
        Command::Export(args) => args.run(),
        Command::Verify(args) => args.run(),
        Command::Checkpoint(args) => args.run(),
        Command::Backup(args) => args.run(),
        Command::Restore(args) => args.run(),
        Command::ReleaseOutbox(args) => args.run(),
        // What it prints is bytes, and no text.
        #[cfg(feature = "pdf")]
        Command::PrintForm => print::run().map(|()| Said::fine("")),
        Command::Notify(args) => {
            let exit = notify::run(&args, std::env::vars_os(), SystemClock.now(), &mut std::io::stderr());
            return Ok(Ended::Notified(exit));
        }
    };
    said.map(Ended::Said)
}

fn not_served(error: &serve::CannotServe) -> Fault {
    let exit = match error {
        serve::CannotServe::Config(_) | serve::CannotServe::Usage(_) => Exit::Usage,
        _ => Exit::Away,
    };
    Fault::new(exit, error.to_string())
}
