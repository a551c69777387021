//! `muster print-form`: what [`crate::documents::printer`] starts for each PDF. Not for people.

use super::say::{Exit, Fault};
use std::io::{Read, Write, stdin, stdout};

/// Most memory, in bytes: twice what the longest form takes, with what is reserved and never used.
#[cfg(unix)]
const MEMORY_MAX: u64 = 1536 * 1024 * 1024;
/// Largest form in bytes: more text than any that is printed, with what JSON adds.
const FORM_MAX: u64 = 64 * 1024 * 1024;

/// Reads a form as JSON from standard input, and writes it as PDF to standard output.
///
/// # Errors
/// [`Fault`], if typesetting did not end the process.
pub fn run() -> Result<(), Fault> {
    let fault = |why: String| Fault::new(Exit::Away, why);
    bound().map_err(|e| fault(format!("memory cannot be bounded: {e}")))?;
    let mut json = Vec::new();
    stdin().take(FORM_MAX).read_to_end(&mut json).map_err(|e| fault(format!("cannot read the form: {e}")))?;
    let form = serde_json::from_slice(&json).map_err(|e| Fault::usage(format!("this is no form: {e}")))?;
    let pdf = muster_paper::form_pdf(&form).map_err(|e| fault(e.to_string()))?;
    stdout().write_all(&pdf).map_err(|e| fault(format!("cannot write the PDF: {e}")))
}

/// A child that goes wrong takes no memory from its parent, and leaves no copy of a log in a core file.
#[cfg(unix)]
fn bound() -> std::io::Result<()> {
    use rlimit::Resource;
    for (resource, most) in [(Resource::AS, MEMORY_MAX), (Resource::CORE, 0)] {
        if resource.is_supported() {
            let (_, allowed) = resource.get()?;
            let most = most.min(allowed);
            resource.set(most, most)?;
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn bound() -> std::io::Result<()> {
    Ok(()) // only its time is bounded
}
