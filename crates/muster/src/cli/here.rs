//! Where a command about a system runs: on which server, as whom, and what that server remembers of Muster for when it
//! is away.

pub mod later;

use super::answers::{Callee, read};
use super::client::{Client, Server};
use super::say::{Exit, Fault};
use crate::clock::{Clock, SystemClock};
use muster_core::Time;
use muster_core::words::clock;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fs;
use std::io::{self, BufRead, IsTerminal, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Where a server keeps its own token, if nobody says otherwise.
const HOST_TOKEN: &str = "/etc/muster/host-token";
/// Where root's commands keep what they remember.
const ROOT_KEEPS: &str = "/var/cache/muster";
/// How often somebody may mistype who they are.
const ASK_AT_MOST: usize = 3;
/// Longest file that is read back; ours are far shorter.
const KEPT_MAX: u64 = 256 * 1024;

/// On which server, and as whom.
#[derive(clap::Args, Clone, Debug)]
pub struct Here {
    /// Who you are, by your name in Muster. Without it: whose token it is; on a server with a token of its own, the
    /// account if Muster knows a person of that name, and otherwise you are asked once for each log-in.
    #[arg(long = "as", env = "MUSTER_PERSON", value_name = "PERSON")]
    pub person: Option<String>,
    /// This server's own token, used when there is none of yours.
    #[arg(long, env = "MUSTER_HOST_TOKEN_FILE", value_name = "FILE", default_value = HOST_TOKEN)]
    pub host_token_file: PathBuf,
    /// Where this server keeps whom to ring, and what Muster has yet to hear. /var/cache/muster for root, and
    /// ~/.cache/muster for others.
    #[arg(long, env = "MUSTER_CACHE", value_name = "DIR")]
    pub cache: Option<PathBuf>,
    /// What names this log-in, for hooks that run outside it; found by itself if absent.
    #[arg(long, env = "MUSTER_SESSION", value_name = "NAME")]
    pub session: Option<String>,
    #[command(flatten)]
    pub server: Server,
}

/// Whom to ring about a place, as Muster said when it was last heard.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Ring {
    /// When.
    pub at: Time,
    /// The organisation's time zone.
    pub time_zone: String,
    /// The system's name.
    pub system: String,
    /// Each on a line.
    pub people: Vec<String>,
}

#[derive(Deserialize)]
struct Contacts {
    system: Titled,
    time_zone: String,
    contacts: Vec<Callee>,
}

#[derive(Deserialize)]
struct Titled {
    name: String,
}

#[derive(Deserialize)]
struct Somebody {
    id: String,
    name: String,
    gone: bool,
}

/// Muster could not say who somebody is.
pub struct Unheard {
    /// Why.
    pub fault: Fault,
    /// By which names it may know them when it is heard again.
    pub names: Vec<String>,
}

impl From<Fault> for Unheard {
    fn from(fault: Fault) -> Self {
        Self { fault, names: Vec::new() }
    }
}

impl Here {
    /// A client that speaks for a person, or for this server.
    ///
    /// # Errors
    /// [`Fault`] if there is no token of either.
    pub fn client(&self, hasty: bool) -> Result<Client, Fault> {
        let mut server = self.server.clone();
        if self.is_shared() {
            if let Err(e) = fs::File::open(&self.host_token_file) {
                let yours = "no token: set MUSTER_TOKEN or --token-file to one of yours, or";
                let how = match e.kind() {
                    io::ErrorKind::PermissionDenied => "use sudo: only root may read this server's own in",
                    _ => "give this server its own in",
                };
                return Err(Fault::usage(format!("{yours} {how} {}", self.host_token_file.display())));
            }
            server.token_file = Some(self.host_token_file.clone());
        }
        if hasty { server.hasty_client() } else { server.client() }
    }

    /// Whether the token is the server's own, so that it says nothing of who acts.
    fn is_shared(&self) -> bool {
        self.server.token.is_none() && self.server.token_file.is_none()
    }

    /// Who acts, if the token does not say it.
    ///
    /// # Errors
    /// [`Fault`] if nobody can be asked, or whoever is asked does not know.
    pub fn who(&self, client: &Client) -> Result<Option<String>, Fault> {
        self.who_or_names(client).map_err(|unheard| unheard.fault)
    }

    /// The same, with what they are called if Muster cannot say who that is.
    ///
    /// # Errors
    /// [`Unheard`].
    pub fn who_or_names(&self, client: &Client) -> Result<Option<String>, Unheard> {
        if self.person.is_some() || !self.is_shared() {
            return Ok(self.person.clone());
        }
        if let Some(known) = self.remembered() {
            return Ok(Some(known));
        }
        let names = accounts();
        match known_by(client, &names) {
            Ok(Some(person)) => {
                self.remember(&person.id);
                return Ok(Some(person.id));
            }
            Ok(None) => {}
            Err(fault) => return Err(Unheard { fault, names }),
        }
        if !io::stdin().is_terminal() {
            let why = "nobody is known by the name of this account: say who you are with --as, or set MUSTER_PERSON";
            return Err(Fault::usage(why).into());
        }
        self.ask(client)
    }

    /// The same where nobody is asked: a log-in that nobody answers for.
    ///
    /// # Errors
    /// [`Unheard`] if Muster is away; what else is wrong is passed over.
    pub fn who_if_known(&self, client: &Client) -> Result<Option<String>, Unheard> {
        if let Some(known) = self.person.clone().or_else(|| self.remembered()) {
            return Ok(Some(known));
        }
        let names = accounts();
        match known_by(client, &names) {
            Ok(person) => Ok(person.map(|p| p.id)),
            Err(fault) if fault.exit == Exit::Away => Err(Unheard { fault, names }),
            Err(_) => Ok(None),
        }
    }

    fn ask(&self, client: &Client) -> Result<Option<String>, Unheard> {
        for _ in 0..ASK_AT_MOST {
            eprint!("Several people use this account. Who are you, by your name in Muster? ");
            let _ = io::stderr().flush();
            let mut line = String::new();
            let read = io::stdin().lock().read_line(&mut line);
            if !read.is_ok_and(|n| n > 0) {
                break;
            }
            let name = line.trim();
            match somebody(client, name).map_err(|fault| Unheard { fault, names: vec![name.to_owned()] })? {
                Some(person) => {
                    eprintln!("{}; remembered until you log out.", person.name);
                    self.remember(&person.id);
                    return Ok(Some(person.id));
                }
                None => eprintln!("Muster knows nobody of that name. Your profile page shows yours."),
            }
        }
        Err(Fault::usage("nobody is known by that name: say who you are with --as").into())
    }

    /// What names this log-in on this server.
    #[must_use]
    pub fn login(&self) -> Option<String> {
        self.session.as_deref().map(safe).filter(|name| !name.is_empty()).or_else(login)
    }

    /// Who said that they are this log-in.
    #[must_use]
    pub fn remembered(&self) -> Option<String> {
        let name = read_kept(&self.keeps().join(format!("who-{}", self.login()?)))?;
        Some(name.trim().to_owned()).filter(|n| !n.is_empty())
    }

    fn remember(&self, person: &str) {
        if let Some(login) = self.login() {
            // Who is not remembered is asked again.
            let _ = self.keep(&format!("who-{login}"), person.as_bytes());
        }
    }

    fn keeps(&self) -> PathBuf {
        let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache/muster"));
        let cache = || std::env::var_os("XDG_CACHE_HOME").map(|dir| PathBuf::from(dir).join("muster"));
        let own = || if is_root() { Some(PathBuf::from(ROOT_KEEPS)) } else { cache().or_else(home) };
        self.cache.clone().or_else(own).unwrap_or_else(|| PathBuf::from(ROOT_KEEPS))
    }

    /// Writes a file that only its owner reads: whole, or not at all.
    fn keep(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let dir = self.keeps();
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&dir)?;
        if fs::symlink_metadata(&dir)?.uid() != own_uid() {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, "somebody else owns it"));
        }
        let beside = dir.join(format!(".{name}.{}", std::process::id()));
        let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&beside, dir.join(name))
    }

    /// Forgets who this log-in was.
    pub fn forget_login(&self) {
        if let Some(login) = self.login() {
            let _ = fs::remove_file(self.keeps().join(format!("who-{login}")));
        }
    }

    /// Keeps whom to ring about a place, from what Muster says of the work there.
    pub fn keep_ring(&self, place: &str, work: &Value) {
        let Ok(said) = read::<Contacts>(work) else { return };
        let line = |c: &Callee| {
            let title = if c.title.is_empty() { String::new() } else { format!(", {}", c.title) };
            let dialled = |kind: &str| matches!(kind, "call" | "sms");
            let mut numbers: Vec<_> = c.means.iter().filter(|m| dialled(&m.kind)).map(|m| m.to.as_str()).collect();
            numbers.dedup();
            let numbers = if numbers.is_empty() { "no number".into() } else { numbers.join(", ") };
            format!("{}{title}: {numbers}", c.person.name)
        };
        let ring = Ring {
            at: SystemClock.now(),
            time_zone: said.time_zone,
            system: said.system.name,
            people: said.contacts.iter().map(line).collect(),
        };
        let _ = self.keep(&ring_file(place), &serde_json::to_vec(&ring).unwrap_or_default());
    }

    /// Whom to ring about a place while Muster is away.
    #[must_use]
    pub fn whom_to_ring(&self, place: &str) -> String {
        let kept = read_kept(&self.keeps().join(ring_file(place)));
        let Some(ring) = kept.and_then(|text| serde_json::from_str::<Ring>(&text).ok()) else {
            return "Ring whoever is on call, by the list that hangs where you work: this server has not heard from \
                    Muster before.\n"
                .into();
        };
        let at = clock(ring.at, SystemClock.now(), &ring.time_zone);
        let mut text = format!("Ring about {}, as Muster said at {at}:\n", ring.system);
        ring.people.iter().for_each(|p| text.push_str(&format!("  {p}\n")));
        text
    }
}

/// The place that people mean when they name none: this server.
#[must_use]
pub fn hostname() -> String {
    let name = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    name.trim().split('.').next().unwrap_or_default().to_owned()
}

/// What is quoted in an address: all that no name holds.
const QUOTED: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

/// A place goes into an address: everything else is quoted.
#[must_use]
pub fn address(place: &str) -> String {
    format!("/api/v1/systems/{}", percent_encoding::utf8_percent_encode(place, QUOTED))
}

fn ring_file(place: &str) -> String {
    format!("ring-{}.json", safe(place))
}

/// `text` as a part of a file's name.
fn safe(text: &str) -> String {
    text.chars().take(100).map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect()
}

fn read_kept(path: &Path) -> Option<String> {
    let about = fs::symlink_metadata(path).ok()?;
    let ours = about.is_file() && about.len() <= KEPT_MAX && about.uid() == own_uid();
    ours.then(|| fs::read_to_string(path).ok()).flatten()
}

/// The accounts from which this log-in came, the shared one left out.
fn accounts() -> Vec<String> {
    let named = |name| std::env::var(name).ok().filter(|account| !account.is_empty() && account != "root");
    ["SUDO_USER", "USER", "LOGNAME"].into_iter().filter_map(named).collect()
}

/// The person of the first of those names that Muster knows.
fn known_by(client: &Client, names: &[String]) -> Result<Option<Somebody>, Fault> {
    for name in names {
        if let Some(person) = somebody(client, name)? {
            return Ok(Some(person));
        }
    }
    Ok(None)
}

/// The person of that name, if Muster knows one who has not left.
fn somebody(client: &Client, name: &str) -> Result<Option<Somebody>, Fault> {
    if !muster_core::ids::is_directory_name(name) {
        return Ok(None);
    }
    match client.get(&format!("/api/v1/people/{name}")) {
        Ok(answer) => Ok(Some(read::<Somebody>(&answer)?).filter(|p| !p.gone)),
        Err(fault) if fault.exit == Exit::NotFound => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// What names this log-in on this server: its first process, and when that began. Nothing does where that process cannot
/// be seen: it has ended, or this is a container that was entered from outside.
fn login() -> Option<String> {
    login_by(|process| fs::read_to_string(format!("/proc/{process}/stat")).ok())
}

/// The same, by what reads the `stat` of a process.
fn login_by(stat: impl Fn(&str) -> Option<String>) -> Option<String> {
    let session = field(&stat("self")?, SESSION)?.to_owned();
    let began = field(&stat(&session)?, BEGAN)?.to_owned();
    Some(format!("{session}-{began}"))
}

/// Position of the session among the fields of `/proc/PID/stat` that follow the name, as proc(5) counts them from the third.
const SESSION: usize = 6 - 3;
/// Position of the start time.
const BEGAN: usize = 22 - 3;

fn field(stat: &str, position: usize) -> Option<&str> {
    // The name may hold blanks and brackets; what follows the last bracket does not.
    let (_, fields) = stat.rsplit_once(") ")?;
    fields.split_ascii_whitespace().nth(position)
}

fn own_uid() -> u32 {
    fs::metadata("/proc/self").map_or(u32::MAX, |m| m.uid())
}

fn is_root() -> bool {
    own_uid() == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_quoted_and_a_file_stays_in_its_folder() {
        assert_eq!(address("web01.example.org"), "/api/v1/systems/web01.example.org");
        assert_eq!(address("../people?x"), "/api/v1/systems/..%2Fpeople%3Fx");
        assert_eq!(ring_file("../../etc/passwd"), "ring-______etc_passwd.json");
    }

    #[test]
    fn a_login_is_named_by_its_first_process_where_that_can_be_seen() {
        let own = "6706 (ca) t) R 6702 6702 6077 34816 -1 4194304 100 0 0 0 0 0 0 0 20 0 1 0 2496184 3133440 365";
        let first = "6077 (bash) S 1 6077 6077 34816 -1 4194304 100 0 0 0 0 0 0 0 20 0 1 0 9021 3133440 365";
        let of = |known: &[(&str, &str)]| {
            login_by(|process| known.iter().find(|(pid, _)| *pid == process).map(|(_, stat)| (*stat).to_owned()))
        };
        assert_eq!(of(&[("self", own), ("6077", first)]).as_deref(), Some("6077-9021"));
        assert_eq!(of(&[("self", own)]), None, "its first process has ended");
        assert_eq!(of(&[("self", &own.replace("6077", "0"))]), None, "its first process is outside this container");
        assert_eq!(login(), login());
    }
}
