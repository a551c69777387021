//! Printing, in a process of its own.
//!
//! The typesetter is the largest part of the program and the only one that we do not bound ourselves: a panic in it ends
//! a release build's process, and so would its memory. A process that pages people must not die of a PDF. So the form
//! goes to a child of the same binary, `muster print-form`, which has neither our secrets nor our database, and little
//! memory and time; it ends with its one form. Why and what it costs: `docs/decisions/printing-apart.md`.

use muster_paper as paper;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

/// How long a form may take: the longest takes seconds, on a slow machine tens of them.
const PRINT_WITHIN: Duration = Duration::from_secs(60);
/// Most characters of what a printer complains of, for the program's log.
const COMPLAINT_MAX: usize = 500;
/// How every PDF begins.
const PDF_BEGINS: &[u8] = b"%PDF-";

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
pub enum NotPrinted {
    /// The form could not be handed over.
    #[error("the form could not be written as JSON: {0}")]
    Data(#[from] serde_json::Error),
    /// There was no process.
    #[error("{} could not be started: {source}", program.display())]
    Start {
        /// Which program.
        program: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It took too long, and was ended.
    #[error("printing took more than {} seconds and was ended", .0.as_secs_f32())]
    TooLong(Duration),
    /// It failed, was ended by a signal, or made something else.
    #[error("printing ended with {status}: {said}")]
    Failed {
        /// How it ended.
        status: std::process::ExitStatus,
        /// What it said.
        said: String,
    },
}

/// What prints a form: JSON in, PDF out.
#[derive(Clone, Debug)]
pub struct Printer {
    program: PathBuf,
    arguments: Vec<OsString>,
    within: Duration,
}

impl Printer {
    /// This program itself.
    #[must_use]
    pub fn this_program() -> Self {
        // On Linux also after an update has put another file in its place: the child is of the same release.
        let running = PathBuf::from("/proc/self/exe");
        let program = if running.exists() { Ok(running) } else { std::env::current_exe() };
        Self::new(program.unwrap_or_else(|_| PathBuf::from("muster")), ["print-form".into()], PRINT_WITHIN)
    }

    /// Another one, which is ended after that time.
    #[must_use]
    pub fn new(program: PathBuf, arguments: impl Into<Vec<OsString>>, within: Duration) -> Self {
        Self { program, arguments: arguments.into(), within }
    }

    /// Prints a form. Whoever stops waiting for it ends the child.
    ///
    /// # Errors
    /// [`NotPrinted`].
    pub async fn print(&self, form: &paper::Form) -> Result<Vec<u8>, NotPrinted> {
        let form = serde_json::to_vec(form)?;
        let output = tokio::time::timeout(self.within, self.run(&form)).await;
        let Output { status, stdout, stderr } = output.map_err(|_| NotPrinted::TooLong(self.within))??;
        if status.success() && stdout.starts_with(PDF_BEGINS) {
            return Ok(stdout);
        }
        let said = String::from_utf8_lossy(&stderr).chars().take(COMPLAINT_MAX).collect();
        Err(NotPrinted::Failed { status, said })
    }

    async fn run(&self, form: &[u8]) -> Result<Output, NotPrinted> {
        let failed = |source| NotPrinted::Start { program: self.program.clone(), source };
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .env_clear()
            // With a thread for each processor the memory that it reserves would depend on the machine.
            .env("RAYON_NUM_THREADS", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        let feed = child.stdin.take().map(async |mut stdin| stdin.write_all(form).await);
        let fed = async {
            // One that ended early says by its status why it did not read on.
            if let Some(feed) = feed {
                drop(feed.await);
            }
        };
        let ((), output) = tokio::join!(fed, child.wait_with_output());
        output.map_err(failed)
    }
}
