//! Keeping an installation: `backup`, `restore`, `release-outbox`.

use super::client::Server;
use super::local::{ACTOR, DATABASE, Place, broken, open_file, with};
use super::say::{Exit, Fault, Said};
use super::verify::{as_json, told};
use crate::ops::verify::Verdict;
use crate::store::backup;
use serde_json::json;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// How every SQLite database begins (sqlite.org, "Database File Format", 1.3).
const SQLITE_BEGINS: &[u8; 16] = b"SQLite format 3\0";

/// Copy the whole database into one file, while it is in use.
#[derive(clap::Args, Clone, Debug)]
pub struct Backup {
    /// The new file. It holds personal data: keep it like the database itself.
    file: PathBuf,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    server: Server,
}

/// Put a backup in place for a server, once it is proved. Nothing is sent until somebody releases the outbox.
#[derive(clap::Args, Clone, Debug)]
pub struct Restore {
    /// The backup.
    file: PathBuf,
    /// Folder of the server's data; there must be no database in it.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Print what was proved as JSON, on one line.
    #[arg(long)]
    json: bool,
}

/// Let the messages of a restored database go out.
#[derive(clap::Args, Clone, Debug)]
pub struct ReleaseOutbox {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    server: Server,
}

impl Backup {
    /// Does it.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn run(&self) -> Result<Said, Fault> {
        let path = &self.file;
        if path.exists() {
            return Err(Fault::usage(format!("{} is there already: choose another name", path.display())));
        }
        match self.place.is_named() {
            true => with(self.place.open(false), async |ops| Ok(backup::to_file(ops.db(), path).await?))?,
            false => self.download()?,
        }
        let size = fs::metadata(path).map_err(|e| cannot_write(path, &e))?.len();
        if self.server.json {
            return Ok(Said::json(&json!({ "file": path, "bytes": size })));
        }
        Ok(Said::fine(format!("Backed up to {}, {size} bytes. Prove it: muster verify {0}\n", path.display())))
    }

    /// Gets the copy from the server. It has its name once it is whole and on disk.
    fn download(&self) -> Result<(), Fault> {
        let client = self.server.client()?;
        let part = beside(&self.file, ".part");
        // What a backup that was cut off has left.
        let _ = fs::remove_file(&part);
        let mut file = new_private(&part).map_err(|e| cannot_write(&part, &e))?;
        let got =
            client.download("/api/v1/backup", &mut |piece| file.write_all(piece).map_err(|e| cannot_write(&part, &e)));
        let kept = got.and_then(|()| is_backup(&part)).and_then(|()| keep(&file, &part, &self.file));
        kept.inspect_err(|_| drop(fs::remove_file(&part)))
    }
}

impl Restore {
    /// Does it.
    ///
    /// # Errors
    /// [`Fault`]; then there is no database in the folder.
    pub fn run(&self) -> Result<Said, Fault> {
        let database = self.data.join(DATABASE);
        if database.exists() {
            let why = "move it away first: a restore never replaces a database";
            return Err(Fault::usage(format!("{} is there already: {why}", database.display())));
        }
        is_backup(&self.file)?;
        make_private(&self.data).map_err(|e| cannot_write(&self.data, &e))?;
        let unproved = beside(&database, ".restoring");
        // What a restore that was cut off has left.
        remove_all(&unproved);
        let proved = self.prove(&unproved).and_then(|verdict| {
            if verdict.wrong.is_none() {
                let file = File::open(&unproved).map_err(|e| cannot_write(&unproved, &e))?;
                keep(&file, &unproved, &database)?;
            }
            Ok(verdict)
        });
        remove_all(&unproved);
        let said = told(&as_json(&proved?), self.json);
        let then = match (said.exit, self.json) {
            (_, true) => "",
            (Exit::Fine, false) => {
                "Restored. Nothing is sent until you have looked at it and run: muster release-outbox\n"
            }
            (_, false) => "Not restored.\n",
        };
        Ok(Said { text: said.text + then, ..said })
    }

    /// Proves a copy of the backup in its new place, and holds its outbox.
    fn prove(&self, unproved: &Path) -> Result<Verdict, Fault> {
        let copy = copied(&self.file, unproved)?;
        let verdict = with(open_file(&copy), async |ops| {
            let verdict = ops.verify().await?;
            if verdict.wrong.is_none() {
                ops.hold_outbox(true, ACTOR).await?;
            }
            Ok(verdict)
        })
        .map_err(|e| broken(&self.file, e))?;
        // Closing the database has moved its log into it; what is still beside it would be lost.
        let log = beside(unproved, "-wal");
        match fs::metadata(&log).map_or(0, |m| m.len()) {
            0 => Ok(verdict),
            _ => Err(Fault::new(Exit::Away, format!("{} was not written back. Try again.", log.display()))),
        }
    }
}

impl ReleaseOutbox {
    /// Does it.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn run(&self) -> Result<Said, Fault> {
        let answer = match self.place.is_named() {
            true => with(self.place.open(false), async |ops| {
                ops.hold_outbox(false, ACTOR).await?;
                Ok(json!({ "held": false }))
            })?,
            false => self.server.client()?.post("/api/v1/outbox/release", &json!({}))?,
        };
        match self.server.json {
            true => Ok(Said::json(&answer)),
            false => Ok(Said::fine("The outbox is released: what is still true goes out now.\n")),
        }
    }
}

/// Whether the file is a backup at all.
pub(super) fn is_backup(file: &Path) -> Result<(), Fault> {
    let mut begins = [0; 16];
    let read = File::open(file).and_then(|mut f| f.read_exact(&mut begins));
    match read {
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            Err(Fault::new(Exit::NotFound, format!("there is no file {}", file.display())))
        }
        Err(e) if e.kind() != io::ErrorKind::UnexpectedEof => Err(Fault::usage(format!("{}: {e}", file.display()))),
        Ok(()) if &begins == SQLITE_BEGINS => Ok(()),
        _ => Err(Fault::new(Exit::Wrong, format!("{} is no backup that Muster has written", file.display()))),
    }
}

/// A copy of `from` at `to`, which was not there.
pub(super) fn copied(from: &Path, to: &Path) -> Result<PathBuf, Fault> {
    let copy = || {
        let mut copy = new_private(to)?;
        io::copy(&mut File::open(from)?, &mut copy)?;
        copy.sync_all()
    };
    copy().map_err(|e| cannot_write(to, &e))?;
    Ok(to.to_owned())
}

/// Gives a finished file its name, both on disk.
fn keep(file: &File, part: &Path, path: &Path) -> Result<(), Fault> {
    let done = || {
        file.sync_all()?;
        fs::rename(part, path)?;
        let folder = path.parent().filter(|d| !d.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder)?.sync_all()
    };
    done().map_err(|e| cannot_write(path, &e))
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Removes a database with everything that stands beside it, as far as it is there.
fn remove_all(database: &Path) {
    for ending in ["", "-wal", "-shm", ".lock"] {
        let _ = fs::remove_file(beside(database, ending));
    }
}

fn cannot_write(path: &Path, error: &dyn std::error::Error) -> Fault {
    Fault::new(Exit::Away, format!("cannot write {}: {error}", path.display()))
}

/// A folder that nobody else can read.
#[cfg(unix)]
pub(super) fn make_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
pub(super) fn make_private(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

/// A new file that nobody else can read.
#[cfg(unix)]
fn new_private(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn new_private(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}
