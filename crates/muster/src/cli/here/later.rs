//! What Muster has yet to hear of this server: kept while it is away, and told by whoever reaches it next.

use super::{Here, address, hostname, known_by, read_kept};
use crate::cli::answers::{Me, read};
use crate::cli::client::Client;
use crate::cli::say::{Exit, Fault};
use crate::clock::{Clock, SystemClock};
use muster_core::claim::LOGGED_IN_FOR;
use muster_core::words::clock;
use muster_core::{Time, later};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::{fs, io};

/// Most requests that wait for Muster: beyond this a server has been cut off for weeks.
const WAITING_AT_MOST: usize = 1_000;
/// Under which name it is kept that somebody is logged in. Gone when they log out.
const PRESENCE: &str = "presence";
/// Under which name the claim of a log-in is kept that was told later.
const TOLD: &str = "told";

/// What Muster has yet to hear.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Waiting {
    LogIn(LogIn),
    Said { path: String, body: Value },
}

/// Somebody logs in to this server.
#[derive(Serialize, Deserialize)]
pub struct LogIn {
    place: String,
    account: String,
    session: String,
    since: Time,
    /// Nobody is logged in any more once the machine has started anew.
    boot: String,
    /// What names the log-in here. Without it nobody can tell its end.
    login: Option<String>,
    /// By which names Muster may know who it is: the first that it knows.
    pub names: Vec<String>,
}

/// What is kept of a log-in until it ends.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Kept {
    Claimed { system: String, claim: u64 },
    Waits { waits: String },
}

/// What is read of the answer to a claim.
#[derive(Deserialize)]
struct Made {
    claim: Option<MadeClaim>,
}

#[derive(Deserialize)]
struct MadeClaim {
    system: MadeOn,
    claim: u64,
}

#[derive(Deserialize)]
struct MadeOn {
    id: String,
}

impl LogIn {
    /// To that place, now.
    #[must_use]
    pub fn new(here: &Here, place: &str) -> Self {
        let account = std::env::var("USER").or_else(|_| std::env::var("LOGNAME")).unwrap_or_else(|_| "somebody".into());
        let login = here.login();
        let session = login.clone().unwrap_or_else(|| std::process::id().to_string());
        Self {
            place: place.to_owned(),
            account,
            session: format!("{} {session}", hostname()),
            since: SystemClock.now(),
            boot: boot(),
            login,
            names: Vec::new(),
        }
    }

    /// Tells it as it happens.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn tell(&self, here: &Here, client: &Client, person: Option<&str>) -> Result<Value, Fault> {
        let answer = self.claim(client, person, "", None)?;
        if let (Some(login), Some(claimed)) = (&self.login, claimed(&answer)) {
            here.keep_as_json(&format!("{PRESENCE}-{login}"), &claimed);
        }
        Ok(answer)
    }

    fn claim(&self, client: &Client, person: Option<&str>, late: &str, until: Option<Time>) -> Result<Value, Fault> {
        let unknown = if person.is_none() { ", who has not said who they are" } else { "" };
        let body = json!({
            "what": format!("as {}{unknown}{late}", self.account), "session": self.session,
            "host": hostname(), "person": person, "until": until,
        });
        client.post(&format!("{}/claims", address(&self.place)), &body)
    }

    /// Keeps it until Muster is heard again, unless it ends before.
    ///
    /// # Errors
    /// If it cannot be kept.
    pub fn wait(self, here: &Here) -> io::Result<()> {
        let waits = here.next_name()?;
        // First this: a log-in of which it is not kept that somebody is there counts as over.
        if let Some(login) = &self.login {
            here.keep_as_json(&format!("{PRESENCE}-{login}"), &Kept::Waits { waits: waits.clone() });
        }
        here.put(&waits, &Waiting::LogIn(self))
    }

    fn ends(&self) -> Time {
        later(self.since, LOGGED_IN_FOR)
    }

    fn is_over(&self, here: &Here) -> bool {
        let has_ended = self.login.as_ref().is_some_and(|login| !here.has(&format!("{PRESENCE}-{login}")));
        has_ended || self.boot != boot() || self.ends() <= SystemClock.now()
    }

    /// Tells it later, if it is not over; and that it is over, if that came while it was told.
    fn tell_later(&self, here: &Here, client: &Client) -> Result<(), Fault> {
        let told = self.login.as_ref().map(|login| format!("{TOLD}-{login}"));
        if !self.is_over(here) {
            let person = known_by(client, &self.names)?.map(|p| p.id);
            let zone = read::<Me>(&client.get("/api/v1/me")?)?.time_zone;
            let late =
                format!(", logged in since {}, when Muster was away", clock(self.since, SystemClock.now(), &zone));
            let answer = self.claim(client, person.as_deref(), &late, Some(self.ends()))?;
            if let (Some(told), Some(claimed)) = (&told, claimed(&answer)) {
                here.keep_as_json(told, &claimed);
            }
        }
        // Of the log-out and this, the one that takes it ends the claim.
        if self.is_over(here)
            && let Some(Kept::Claimed { system, claim }) = told.and_then(|told| here.take_json(&told))
        {
            let (path, body) = log_out(&system, claim);
            match client.post(&path, &body) {
                Err(fault) if fault.exit == Exit::Away => {
                    here.spool(&path, body).map_err(|e| Fault::new(Exit::Away, e.to_string()))?;
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// The claim that a log-in made.
fn claimed(answer: &Value) -> Option<Kept> {
    let claim = read::<Made>(answer).ok()?.claim?;
    Some(Kept::Claimed { system: claim.system.id, claim: claim.claim })
}

fn log_out(system: &str, claim: u64) -> (String, Value) {
    (format!("{}/claims/{claim}/release", address(system)), json!({ "logged_out": true }))
}

/// Names the time since this machine started.
fn boot() -> String {
    fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default().trim().to_owned()
}

impl Here {
    /// The work on a place, once Muster has heard what waits here, so that nobody is missing in it. Keeps whom to ring.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn work_on(&self, client: &Client, place: &str) -> Result<Value, Fault> {
        let path = format!("{}/claims", address(place));
        let mut work = client.get(&path)?;
        if self.tell_what_waits(client) {
            work = client.get(&path)?;
        }
        self.keep_ring(place, &work);
        Ok(work)
    }

    /// What tells Muster that this log-in has ended; nothing if it never heard that it began.
    #[must_use]
    pub fn end_of_login(&self) -> Option<(String, Value)> {
        let login = self.login()?;
        let mut kept = self.take_json(&format!("{PRESENCE}-{login}"))?;
        if let Kept::Waits { waits } = kept {
            let _ = fs::remove_file(self.keeps().join(waits)); // if it stays, it counts as over all the same
            kept = self.take_json(&format!("{TOLD}-{login}"))?;
        }
        match kept {
            Kept::Claimed { system, claim } => Some(log_out(&system, claim)),
            Kept::Waits { .. } => None,
        }
    }

    /// Keeps what Muster has yet to hear.
    ///
    /// # Errors
    /// If it cannot be kept.
    pub fn spool(&self, path: &str, body: Value) -> io::Result<()> {
        self.put(&self.next_name()?, &Waiting::Said { path: path.to_owned(), body })
    }

    fn next_name(&self) -> io::Result<String> {
        if self.waiting().len() >= WAITING_AT_MOST {
            return Err(io::Error::other("too much waits there already"));
        }
        let ns = SystemClock.now().as_nanosecond().max(0);
        Ok(format!("later-{ns:030}-{}.json", std::process::id()))
    }

    fn put(&self, name: &str, waiting: &Waiting) -> io::Result<()> {
        self.keep(name, &serde_json::to_vec(waiting).map_err(io::Error::from)?)
    }

    fn waiting(&self) -> Vec<PathBuf> {
        let Ok(files) = fs::read_dir(self.keeps()) else { return Vec::new() };
        let is_one = |p: &PathBuf| {
            let name = p.file_name().and_then(|n| n.to_str()).unwrap_or_default();
            name.starts_with("later-") && name.ends_with(".json")
        };
        let mut all: Vec<_> = files.flatten().map(|f| f.path()).filter(is_one).collect();
        all.sort();
        all
    }

    /// Tells Muster what it has yet to hear, in order, until it is away again; whether it heard anything. What it refuses
    /// is put aside.
    pub fn tell_what_waits(&self, client: &Client) -> bool {
        let mut heard = false;
        for path in self.waiting() {
            let kept = read_kept(&path).and_then(|text| serde_json::from_str::<Waiting>(&text).ok());
            let aside = || fs::rename(&path, path.with_extension("refused"));
            let told = kept.map(|waiting| match waiting {
                Waiting::LogIn(log_in) => log_in.tell_later(self, client),
                Waiting::Said { path, body } => client.post(&path, &body).map(drop),
            });
            let done = match told {
                Some(Ok(())) => {
                    heard = true;
                    fs::remove_file(&path)
                }
                Some(Err(fault)) if fault.exit == Exit::Away => return heard,
                Some(Err(fault)) => {
                    eprintln!(
                        "muster: not taken later: {}; see {}",
                        fault.why,
                        path.with_extension("refused").display()
                    );
                    aside()
                }
                None => aside(),
            };
            // Somebody else may have told it at the same time.
            if done.is_err_and(|e| e.kind() != io::ErrorKind::NotFound) {
                return heard; // told again at the worst, and said twice
            }
        }
        heard
    }

    fn has(&self, name: &str) -> bool {
        fs::symlink_metadata(self.keeps().join(name)).is_ok()
    }

    fn keep_as_json(&self, name: &str, kept: &Kept) {
        // What is not kept ends when its time is up.
        let _ = serde_json::to_vec(kept).map(|bytes| self.keep(name, &bytes));
    }

    /// What was kept under that name, for the one who takes it first.
    fn take_json(&self, name: &str) -> Option<Kept> {
        let path = self.keeps().join(name);
        let text = read_kept(&path)?;
        fs::remove_file(path).ok()?;
        serde_json::from_str(&text).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::client::Server;
    use muster_core::Span;

    #[test]
    fn a_log_in_that_waits_is_over_with_its_log_out_with_the_machine_or_with_time() {
        let dir = std::env::temp_dir().join(format!("muster-later-{}", std::process::id()));
        let server = Server { url: String::new(), token_file: None, token: None, json: false };
        let (cache, session) = (Some(dir.clone()), Some("oskar ssh 1".to_owned()));
        let here = Here { person: None, host_token_file: PathBuf::new(), cache, session, server };
        let log_in = || LogIn::new(&here, "web01");
        log_in().wait(&here).unwrap();
        assert_eq!(here.waiting().len(), 1);
        assert!(!log_in().is_over(&here));
        assert!(LogIn { boot: "another".into(), ..log_in() }.is_over(&here));
        assert!(LogIn { since: later(SystemClock.now(), Span::from_hours(-12)), ..log_in() }.is_over(&here));

        // It ends before it is told: then it never is.
        assert_eq!(here.end_of_login(), None);
        assert!(log_in().is_over(&here) && here.waiting().is_empty());

        // It is told before it ends.
        log_in().wait(&here).unwrap();
        here.keep_as_json("told-oskar_ssh_1", &Kept::Claimed { system: "web".into(), claim: 7 });
        let release = ("/api/v1/systems/web/claims/7/release".to_owned(), json!({ "logged_out": true }));
        assert_eq!(here.end_of_login(), Some(release));
        assert_eq!(here.end_of_login(), None);
        fs::remove_dir_all(dir).unwrap();
    }
}
