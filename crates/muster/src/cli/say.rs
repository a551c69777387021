//! How a command ends: what it prints, what it says when it could not, and its exit status.

use std::fmt;
use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

/// How a command ended, for scripts. The numbers never change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exit {
    /// Done.
    Fine = 0,
    /// Muster refused it, or nobody said yes.
    Refused = 1,
    /// Wrong options, or a file that cannot be read.
    Usage = 2,
    /// The server or the database cannot be reached, or cannot do it now.
    Away = 3,
    /// There is no such thing.
    NotFound = 4,
    /// Something was proved to be wrong.
    Wrong = 5,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command did not do it, in words that say what to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// For scripts.
    pub exit: Exit,
    /// For people.
    pub why: String,
}

impl Fault {
    /// A fault.
    #[must_use]
    pub fn new(exit: Exit, why: impl Into<String>) -> Self {
        Self { exit, why: why.into() }
    }

    /// What was written on the command line, or in a file, cannot be used.
    #[must_use]
    pub fn usage(why: impl Into<String>) -> Self {
        Self::new(Exit::Usage, why)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

/// What a command prints, and how it ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Said {
    /// For standard output.
    pub text: String,
    /// For scripts.
    pub exit: Exit,
}

impl Said {
    /// Done, and this is what to print.
    #[must_use]
    pub fn fine(text: impl Into<String>) -> Self {
        Self { text: text.into(), exit: Exit::Fine }
    }

    /// The answer of the server as it came, on one line.
    #[must_use]
    pub fn json(answer: &serde_json::Value) -> Self {
        Self::fine(format!("{answer}\n"))
    }
}

/// Prints text that may hold what monitors and other people wrote. A reader that has gone away, such as `head`, is no
/// fault.
///
/// # Errors
/// If standard output cannot be written.
pub fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(harmless(text).as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() == ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}

/// `text` without what a terminal would obey: a log entry must not move the cursor or rename the window.
#[must_use]
pub fn harmless(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' && c != '\t' { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_obeys_nothing_that_is_printed() {
        assert_eq!(harmless("disk\x1b[2J full\r\n\tyes\u{9b}m"), "disk\u{fffd}[2J full\u{fffd}\n\tyes\u{fffd}m");
    }
}
