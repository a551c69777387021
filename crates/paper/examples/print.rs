//! A form from standard input to a PDF on standard output, to look at while changing the template:
//! `cargo run -p muster-paper --example print < crates/paper/tests/incident-2026-041.json > target/form.pdf`

use std::error::Error;
use std::io::{Write, stdin, stdout};

fn main() -> Result<(), Box<dyn Error>> {
    let form = serde_json::from_reader(stdin())?;
    stdout().write_all(&muster_paper::form_pdf(&form)?)?;
    Ok(())
}
