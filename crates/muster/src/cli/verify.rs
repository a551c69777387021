//! Proving: `verify`, and `checkpoint`, which shows what proofs are held against.

use super::client::Server;
use super::keep::{copied, is_backup, make_private};
use super::local::{DATABASE, Place, broken, open_file, with};
use super::say::{Exit, Fault, Said};
use crate::documents::checkpoint::{self, Signed};
use crate::documents::{export, proof};
use crate::ops::Ops;
use crate::ops::verify::Verdict;
use crate::secrets::signing::PublicKey;
use crate::secrets::{Random, SystemRandom};
use crate::store::Sight;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

/// Prove that every log is unbroken and complete, and name the first thing that is not.
///
/// No database can show by itself that its end was not cut off, logs and ledger alike. Hold it against checkpoints that
/// left the machine before: where they go is set in the table checkpoints of muster.toml. Every proof names the installation's
/// public key; so does `muster checkpoint`. Note it somewhere else, and give it with --key.
#[derive(clap::Args, Clone, Debug)]
pub struct Verify {
    /// The number of an incident, to hold its form on paper against; a backup; an exported incident (.json); or a proof
    /// pack (.zip).
    /// Without it, the database of the server.
    #[arg(value_name = "NUMBER|FILE")]
    what: Option<PathBuf>,
    /// File with checkpoints, such as saved mails; may be given several times.
    #[arg(long = "checkpoints", value_name = "FILE")]
    checkpoints: Vec<PathBuf>,
    /// The installation's public key, as you noted it: ed25519:…
    #[arg(long)]
    key: Option<PublicKey>,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    server: Server,
}

/// Print a checkpoint of now: one signed line that proves later how far the records went.
///
/// `muster verify --checkpoints FILE` reads it. It is an Ed25519 signature over everything before its last space, which
/// openssl proves too.
#[derive(clap::Args, Clone, Debug)]
pub struct Checkpoint {
    /// Print the installation's public key in PEM form instead, for openssl.
    #[arg(long)]
    key: bool,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    server: Server,
}

/// The checkpoints of the files that were named.
#[derive(Default)]
struct Given {
    text: String,
    signed: Vec<Signed>,
    /// Which lines were passed over, in words.
    passed_over: Vec<String>,
}

/// The number of an incident, if `what` is one and no file has that name.
fn number(what: &Path) -> Option<&str> {
    let text = what.to_str().filter(|_| !what.exists())?;
    let (year, nth) = text.split_once('-')?;
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    (year.len() == 4 && digits(year) && digits(nth)).then_some(text)
}

impl Verify {
    /// Does it.
    ///
    /// # Errors
    /// [`Fault`]; what is wrong with the database is no fault of the command, and told by its exit status.
    pub fn run(&self) -> Result<Said, Fault> {
        if let Some(number) = self.what.as_deref().and_then(number) {
            return self.verify_incident(number);
        }
        if self.what.is_some() && self.place.is_named() {
            return Err(Fault::usage("a file is proved by itself: leave out --data and --database"));
        }
        if let Some(file) = self.what.as_ref().filter(|file| file.extension().is_some_and(|e| e == "json")) {
            if !self.checkpoints.is_empty() {
                return Err(Fault::usage("an exported incident holds no ledger: verify a backup against checkpoints"));
            }
            return self.verify_export(file);
        }
        if let Some(file) = self.what.as_ref().filter(|file| file.extension().is_some_and(|e| e == "zip")) {
            return self.verify_pack(file);
        }
        let given = self.given()?;
        let checkpoints = given.signed;
        let mut answer = match (&self.what, self.place.is_named()) {
            (Some(file), _) => as_json(&verify_file(file, checkpoints)?),
            (None, true) => as_json(&with(self.place.open(false), async |ops| ops.verify_against(checkpoints).await)?),
            (None, false) => self.server.client()?.post("/api/v1/verify", &json!({ "checkpoints": given.text }))?,
        };
        if let Some(wrong) =
            self.key.as_ref().and_then(|key| other_key(key, answer["key"].as_str().unwrap_or_default()))
        {
            answer["wrong"] = json!(wrong);
        }
        let said = told(&answer, self.server.json);
        let passed_over = if self.server.json { String::new() } else { given.passed_over.concat() };
        Ok(Said { text: said.text + &passed_over, ..said })
    }

    /// What the files hold.
    ///
    /// # Errors
    /// [`Fault`] if that proves nothing.
    fn given(&self) -> Result<Given, Fault> {
        let mut given = Given::default();
        for file in &self.checkpoints {
            let wrong = |why: &dyn std::fmt::Display| Fault::new(Exit::Wrong, format!("{}: {why}", file.display()));
            let text = String::from_utf8_lossy(&bytes_of(file, checkpoint::FILE_MAX)?).into_owned();
            let found = checkpoint::read(&text).map_err(|e| wrong(&e))?;
            if found.signed.is_empty() {
                return Err(Fault::usage(format!("there is no checkpoint in {}", file.display())));
            }
            if let Some(other) = found.signed.iter().find(|c| self.key.as_ref().is_some_and(|key| c.key != *key)) {
                return Err(wrong(&format!("a checkpoint was signed with another key, {}", other.key)));
            }
            let passed_over =
                |n| format!("Line {n} of {} is no whole checkpoint; it was passed over.\n", file.display());
            given.passed_over.extend(found.unfinished.into_iter().map(passed_over));
            given.signed.extend(found.signed);
            given.text = given.text + &text + "\n";
        }
        Ok(given)
    }

    /// Proves the log of one incident, so that its form on paper can be held against it: entries and head.
    fn verify_incident(&self, number: &str) -> Result<Said, Fault> {
        if !self.checkpoints.is_empty() {
            return Err(Fault::usage("one incident holds no ledger: verify the database against checkpoints"));
        }
        let export = match self.place.is_named() {
            true => with(self.place.open(false), async |ops| ops.export(Sight::all(), number).await)?,
            false => self.server.client()?.get_bytes(&format!("/api/v1/incidents/{number}/export"))?,
        };
        self.proved(&export)
    }

    /// Proves an exported incident, which needs nothing but the file.
    fn verify_export(&self, file: &Path) -> Result<Said, Fault> {
        self.proved(&bytes_of(file, export::EXPORT_MAX)?)
    }

    /// Proves a pack of everything that there is of an incident, which needs nothing but the file.
    fn verify_pack(&self, file: &Path) -> Result<Said, Fault> {
        if !self.checkpoints.is_empty() {
            return Err(Fault::usage("a proof pack holds no ledger: verify a backup against checkpoints"));
        }
        let cannot = |e: std::io::Error| Fault::usage(format!("cannot read {}: {e}", file.display()));
        let mut opened = fs::File::open(file).map_err(cannot)?;
        let p = match proof::verify(&mut opened) {
            Ok(p) => p,
            Err(wrong) => return Ok(self.wrong(&wrong.to_string())),
        };
        if let Some(wrong) = self.key.as_ref().and_then(|key| other_key(key, &p.log.public_key)) {
            return Ok(self.wrong(&wrong));
        }
        let (v, files) = (p.log, p.files);
        if self.server.json {
            return Ok(Said::json(&json!({ "wrong": null, "number": v.number, "entries": v.entries, "files": files,
                "head": v.head.to_string(), "made_at": p.made_at, "key": v.public_key })));
        }
        Ok(Said::fine(format!(
            "Proved: the pack of incident {}, {files} files and {} entries, none missing, changed or added; head {}.\nMade {} \
             and signed by {}.\n",
            v.number, v.entries, v.head, p.made_at, v.public_key
        )))
    }

    fn proved(&self, export: &[u8]) -> Result<Said, Fault> {
        let v = match export::verify(export) {
            Ok(verified) => verified,
            Err(wrong) => return Ok(self.wrong(&wrong.to_string())),
        };
        if let Some(wrong) = self.key.as_ref().and_then(|key| other_key(key, &v.public_key)) {
            return Ok(self.wrong(&wrong));
        }
        if self.server.json {
            let answer =
                json!({ "wrong": null, "number": v.number, "entries": v.entries, "head": v.head, "key": v.public_key });
            return Ok(Said::json(&answer));
        }
        Ok(Said::fine(format!(
            "Proved: incident {}, {} entries, none missing or changed; head {}.\nExported {} and signed by {}.\n",
            v.number, v.entries, v.head, v.exported_at, v.public_key
        )))
    }

    fn wrong(&self, wrong: &str) -> Said {
        let said = match self.server.json {
            true => Said::json(&json!({ "wrong": wrong })),
            false => Said::fine(format!("WRONG: {wrong}.\n")),
        };
        Said { exit: Exit::Wrong, ..said }
    }
}

impl Checkpoint {
    /// Does it.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn run(&self) -> Result<Said, Fault> {
        let answer = match self.place.is_named() {
            true => with(self.place.open(false), async |ops: &Ops| {
                let line = ops.signed(&ops.checkpoint().await?);
                let key = ops.signing_key().public();
                Ok(json!({ "line": line, "key": key.to_string(), "key_pem": key.to_pem() }))
            })?,
            false => self.server.client()?.get("/api/v1/checkpoint")?,
        };
        let text = |name: &str| answer[name].as_str().unwrap_or_default();
        Ok(match (self.server.json, self.key) {
            (true, _) => Said::json(&answer),
            (false, true) => Said::fine(text("key_pem")),
            (false, false) => Said::fine(format!("{}\n", text("line"))),
        })
    }
}

fn other_key(noted: &PublicKey, found: &str) -> Option<String> {
    (found != noted.to_string()).then(|| format!("this was signed with the key {found}, not with {noted}"))
}

fn bytes_of(file: &Path, most: u64) -> Result<Vec<u8>, Fault> {
    let cannot = |why: String| Fault::usage(format!("cannot read {}: {why}", file.display()));
    let size = fs::metadata(file).map_err(|e| cannot(e.to_string()))?.len();
    if size > most {
        return Err(cannot(format!("its {size} bytes are more than the {most} that are looked at")));
    }
    fs::read(file).map_err(|e| cannot(e.to_string()))
}

/// A verdict as the API gives it.
pub(super) fn as_json(verdict: &Verdict) -> Value {
    let proved = &verdict.proved;
    let against = verdict
        .against
        .map(|a| json!({ "checkpoints": a.checkpoints, "ledger": a.ledger, "audit": a.audit, "at": a.at }));
    json!({ "wrong": verdict.wrong, "logs": proved.logs, "entries": proved.entries, "ledger": proved.ledger,
            "audit": proved.audit, "key": verdict.key.to_string(), "against": against })
}

/// A verdict in words: what was proved, and what was not.
pub(super) fn told(answer: &Value, as_json: bool) -> Said {
    let exit = if answer["wrong"].is_null() { Exit::Fine } else { Exit::Wrong };
    if as_json {
        return Said { exit, ..Said::json(answer) };
    }
    let proved = format!(
        "{} logs with {} entries, {} rows of the ledger and {} lines of the audit trail",
        answer["logs"], answer["entries"], answer["ledger"], answer["audit"]
    );
    if let Some(wrong) = answer["wrong"].as_str() {
        return Said { text: format!("WRONG: {wrong}.\nProved before that: {proved}.\n"), exit };
    }
    let end = match &answer["against"] {
        Value::Null => "NOT proved: that nothing was cut off at the end, logs and ledger alike, or all of it written \
                        anew. Only checkpoints that left this machine can show it: --checkpoints FILE."
            .to_owned(),
        a => format!(
            "Nothing was cut off or written anew up to row {} of the ledger and line {} of the audit trail: proved against \
             {} checkpoints, the newest of {}. Whether anything is missing after that, only a later one can show.",
            a["ledger"],
            a["audit"],
            a["checkpoints"],
            a["at"].as_str().unwrap_or_default()
        ),
    };
    let key = answer["key"].as_str().unwrap_or_default();
    Said::fine(format!("Proved: {proved}. None is changed, and none is missing between others.\n{end}\nKey: {key}\n"))
}

/// Proves a backup on a copy, as opening a database would change it.
fn verify_file(file: &Path, checkpoints: Vec<Signed>) -> Result<Verdict, Fault> {
    is_backup(file)?;
    let mut drawn = [0; 8];
    SystemRandom.fill(&mut drawn).map_err(|e| Fault::new(Exit::Away, e.to_string()))?;
    let name = hex::encode(drawn);
    let folder = std::env::temp_dir().join(format!("muster-verify-{name}"));
    let made = make_private(&folder);
    made.map_err(|e| {
        Fault::new(Exit::Away, format!("cannot make {}: {e}. Set TMPDIR to a folder with room.", folder.display()))
    })?;
    let verdict = copied(file, &folder.join(DATABASE)).and_then(|copy| {
        with(open_file(&copy), async |ops| ops.verify_against(checkpoints).await).map_err(|e| broken(file, e))
    });
    // What is left is a copy in a folder that nobody else can read.
    let _ = fs::remove_dir_all(&folder);
    verdict
}
