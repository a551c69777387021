//! Papers and evidence: `attach`; `proof`, the pack of everything that there is of an incident; `forms`, the blank ones.

use super::client::Server;
use super::say::{Exit, Fault, Said};
use serde_json::json;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::path::PathBuf;

/// Largest file that is read at all: a server whose policy allows more is given it from its page.
const FILE_MAX: u64 = 256 * 1024 * 1024;

/// Put a file on an incident: a screenshot, a log. Its hash stands in the log.
#[derive(clap::Args, Clone, Debug)]
pub struct Attach {
    /// Reference number, such as 2026-041.
    number: String,
    /// The file.
    file: PathBuf,
    /// A line that says what it shows.
    #[arg(long, default_value = "")]
    text: String,
    #[command(flatten)]
    server: Server,
}

/// Write everything that there is of an incident into one zip file that `verify` proves: log, form, messages, files.
#[derive(clap::Args, Clone, Debug)]
pub struct Proof {
    /// Reference number, such as 2026-041.
    number: String,
    /// The new file; NUMBER-proof.zip if it is not said.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    server: Server,
}

/// Write the blank forms with whom to ring first, to be printed and kept by the phone: one page of HTML that needs nothing.
#[derive(clap::Args, Clone, Debug)]
pub struct Forms {
    /// The folder to write them into; it is made if it is not there.
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    #[command(flatten)]
    server: Server,
}

impl Forms {
    /// Does it.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn run(&self) -> Result<Said, Fault> {
        let page = self.server.client()?.get_bytes("/api/v1/forms/blank")?;
        let file = self.output.join("incident-form-blank.html");
        let cannot = |e: std::io::Error| Fault::new(Exit::Away, format!("cannot write {}: {e}", file.display()));
        fs::create_dir_all(&self.output).map_err(cannot)?;
        // The numbers of yesterday are of no use: the file is replaced.
        fs::write(&file, page).map_err(cannot)?;
        if self.server.json {
            return Ok(Said::json(&json!({ "file": file })));
        }
        Ok(Said::fine(format!("Wrote {}. Print it from a browser, some copies of its last page.\n", file.display())))
    }
}

impl Attach {
    /// Does it.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn run(&self) -> Result<Said, Fault> {
        let path = self.file.display();
        let cannot = |why: String| Fault::usage(format!("cannot read {path}: {why}"));
        let mut bytes = Vec::new();
        let file = File::open(&self.file).map_err(|e| cannot(e.to_string()))?;
        file.take(FILE_MAX + 1).read_to_end(&mut bytes).map_err(|e| cannot(e.to_string()))?;
        if bytes.len() as u64 > FILE_MAX {
            return Err(cannot("it is larger than 256 MiB; attach a part of it, or pack it".into()));
        }
        let name = self.file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("name", &name)
            .append_pair("text", &self.text)
            .finish();
        let number = &self.number;
        let answer =
            self.server.client()?.post_file(&format!("/api/v1/incidents/{number}/attachments?{query}"), bytes)?;
        if self.server.json {
            return Ok(Said::json(&answer));
        }
        let entry = &answer["entries"][0];
        Ok(Said::fine(match entry.is_null() {
            true => format!("Attached {path} to {number} before.\n"),
            false => format!("Attached {path} to {number}, entry {entry}.\n"),
        }))
    }
}

impl Proof {
    /// Does it.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn run(&self) -> Result<Said, Fault> {
        let path = self.output.clone().unwrap_or_else(|| PathBuf::from(format!("{}-proof.zip", self.number)));
        let cannot = |e: std::io::Error| Fault::new(Exit::Away, format!("cannot write {}: {e}", path.display()));
        if path.exists() {
            return Err(Fault::usage(format!("{} is there already: choose another name", path.display())));
        }
        let client = self.server.client()?;
        let mut part = path.clone().into_os_string();
        part.push(".part");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&part).map_err(cannot)?;
        let address = format!("/api/v1/incidents/{}/proof", self.number);
        let got = client.fetch(&address, &mut |piece| file.write_all(piece).map_err(cannot));
        let kept = got.and_then(|()| file.sync_all().and_then(|()| fs::rename(&part, &path)).map_err(cannot));
        kept.inspect_err(|_| drop(fs::remove_file(&part)))?;
        let size = fs::metadata(&path).map_err(cannot)?.len();
        if self.server.json {
            return Ok(Said::json(&json!({ "file": path, "bytes": size })));
        }
        let name = path.display();
        Ok(Said::fine(format!("Wrote {name}, {size} bytes. Prove it anywhere: muster verify {name}\n")))
    }
}
