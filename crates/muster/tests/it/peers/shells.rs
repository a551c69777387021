//! Two real shells on one server, with the hooks that we ship: who logs in and tells nobody, and who wants to reboot.

use super::http::ask;
use super::installation::{Muster, for_everybody};
use super::process::{Folder, wait};
use crate::channels::{fresh, mail_server, taken};
use reqwest::Method;
use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

const ORGANISATION: &str = r#"
[organisation]
name = "Northmere University"
time_zone = "Europe/London"

[people.rosa]
name = "Rosa Admin"
role = "administrator"
means = [{ kind = "call", to = "07700 900001" }]

[people.oskar]
name = "Oskar Nyberg"
title = "Application administrator"
role = "responder"
means = [{ kind = "email", to = "OSKAR" }]

[people.marta]
name = "Marta Lindqvist"
title = "Server team"
role = "responder"
means = [{ kind = "email", to = "MARTA" }]

[people.priya]
name = "Priya Raman"
title = "Portal"
role = "responder"
means = [{ kind = "email", to = "PRIYA" }, { kind = "call", to = "07700 900233" }]

[systems.portal]
name = "Student portal"
contacts = ["priya"]

[[rules]]
name = "portal servers"
host = "HOST"
system = "portal"
"#;

/// A person's shell on the server: a terminal of its own, all of them as root.
pub struct Shell {
    child: Child,
    keys: ChildStdin,
    screen: PathBuf,
}

impl Shell {
    /// Somebody logs in; the profile script runs as a log-in shell runs it.
    pub fn log_in(folder: &Folder, who: &str, muster: &Muster) -> Self {
        Self::log_in_and_see(folder, who, muster, "remembered until you log out")
    }

    /// Somebody logs in, says who they are, and is answered so.
    pub fn log_in_and_see(folder: &Folder, who: &str, muster: &Muster, words: &str) -> Self {
        let nth = std::fs::read_dir(folder.at("")).unwrap().count();
        let screen = folder.at(&format!("{who}-{nth}.screen"));
        let profile = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packaging/profile.d/muster.sh");
        let path = std::env::var("PATH").unwrap();
        let mut child = Command::new("script")
            .args(["--quiet", "--flush", "--return", "--command", "bash --norc --noprofile -i"])
            .arg(&screen)
            .env_clear()
            .env("PATH", format!("{}:{path}", folder.at("").display()))
            .env("HOME", folder.at(""))
            .env("USER", "root")
            .env("TERM", "dumb")
            .env("PS1", "$ ")
            .env("MUSTER_URL", &muster.url)
            .env("MUSTER_HOST_TOKEN_FILE", folder.at("host-token"))
            .env("MUSTER_CACHE", folder.at("cache"))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("script is missing: apt-get install bsdutils");
        let keys = child.stdin.take().unwrap();
        let mut shell = Self { child, keys, screen };
        shell.types(&format!(". {}", profile.display()));
        shell.shows("Who are you");
        shell.types(who);
        shell.shows(words);
        wait("the prompt", || shell.screen().ends_with("$ ").then_some(()));
        shell
    }

    pub fn types(&mut self, line: &str) {
        writeln!(self.keys, "{line}").unwrap();
        self.keys.flush().unwrap();
    }

    pub fn presses_ctrl_c(&mut self) {
        self.keys.write_all(b"\x03").unwrap();
        self.keys.flush().unwrap();
    }

    fn screen(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(&self.screen).unwrap_or_default()).replace('\r', "")
    }

    /// Waits for `words`; whoever waits in vain sees the whole screen.
    #[track_caller]
    pub fn shows(&self, words: &str) {
        wait(&format!("“{words}” on the screen"), || self.screen().contains(words).then_some(()));
    }

    /// Runs a command to its end, and gives its status and what it put on the screen.
    pub fn runs(&mut self, command: &str) -> (i32, String) {
        let (begun, mark) = (self.screen().len(), format!("={}=", self.screen().len()));
        self.types(&format!("{command}; echo \"$?{mark}\""));
        let ended = |screen: String| {
            let status = screen.lines().find_map(|l| l.strip_suffix(&mark)?.parse::<i32>().ok())?;
            Some((status, screen))
        };
        wait(&format!("the end of {command}"), || ended(self.screen().get(begun..)?.to_owned()))
    }

    pub fn logs_out(mut self) {
        self.types("exit");
        wait("the shell's end", || self.child.try_wait().unwrap());
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("== {}:\n{}", self.screen.display(), self.screen());
        }
    }
}

pub fn hostname() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap();
    name.trim().split('.').next().unwrap().to_owned()
}

pub fn log_of(muster: &Muster) -> String {
    let entries = muster.get("/api/v1/systems/portal/entries?limit=200");
    entries["entries"].as_array().unwrap().iter().map(|e| format!("{}\n", e["text"].as_str().unwrap())).collect()
}

pub fn at_work(muster: &Muster) -> Vec<Value> {
    muster.get("/api/v1/systems/portal/claims")["at_work"].as_array().unwrap().clone()
}

/// A server whose people have mail at those addresses, on a system that this host belongs to.
pub fn set_up<'a>(folder: &'a Folder, [oskar, marta, priya]: &[String; 3]) -> Muster<'a> {
    let muster = Muster::set_up(folder, priya);
    let organisation = ORGANISATION
        .replace("OSKAR", oskar)
        .replace("MARTA", marta)
        .replace("PRIYA", priya)
        .replace("HOST", &hostname());
    let file = folder.file("shells.toml", &organisation);
    muster.command(&["apply", "--yes", file.to_str().unwrap()]).fine();
    folder.file("host-token", muster.token());
    for_everybody(folder);
    muster
}

pub fn addresses() -> [String; 3] {
    ["oskar", "marta", "priya"].map(fresh)
}

pub fn answer_by_mail(to: &str, answer: &str) {
    let (_, inbox) = mail_server();
    let (_, mail) = wait("a mail that asks", || taken(&inbox, to));
    let link = mail.lines().map(str::trim).find(|l| l.starts_with("http") && l.contains("/l/")).unwrap();
    let page = ask(Method::GET, link, |r| r).unwrap();
    assert!(page.text.contains("wants to") && page.text.contains("I let it happen"), "{}", page.text);
    let answered = ask(Method::POST, link, |r| r.form(&[("answer", answer)])).unwrap();
    assert_eq!(answered.status.as_u16(), 303, "{}", answered.text);
}

// proves: EVAL-5 muster guard does not run a command until whoever is logged in has let it happen, or is gone
// proves: EVAL-5 who a person is on a shared root account is asked once; presence comes and goes with the log-in
// proves: EVAL-5 with Muster away guard and claim say that nobody was warned and whom to ring, and grant nothing
#[test]
fn two_shells_on_one_server() {
    let folder = Folder::new("shells");
    let people = addresses();
    let [oskar_at, _, priya_at] = &people;
    let mut muster = set_up(&folder, &people);

    // He patches and tells nobody. The hook does.
    let oskar = Shell::log_in(&folder, "oskar", &muster);
    let here = wait("his presence", || Some(at_work(&muster)).filter(|all| !all.is_empty()));
    assert_eq!((here[0]["person"]["id"].as_str(), here[0]["logged_in"].as_bool()), (Some("oskar"), Some(true)));

    let mut marta = Shell::log_in(&folder, "marta", &muster);
    marta.shows("Oskar Nyberg is logged in on");
    let rebooted = folder.at("rebooted");
    marta.types(&format!("muster guard --what reboot -- touch {}; echo status=$?", rebooted.display()));
    marta.shows("HELD: reboot. It waits for");
    marta.shows("Oskar Nyberg (logged in since");
    marta.shows("Priya Raman (technical contact)");
    answer_by_mail(priya_at, "take");
    marta.shows("Priya Raman (technical contact): lets it happen");
    answer_by_mail(oskar_at, "cannot");
    marta.shows("SAYS NOT NOW");
    assert!(!rebooted.exists(), "it ran over his head");
    oskar.logs_out();
    marta.shows("May begin: ");
    marta.shows("status=0");
    assert!(rebooted.exists());
    let log = log_of(&muster);
    for words in [
        "Oskar Nyberg is logged in on",
        "Told by Rosa Admin.",
        "Marta Lindqvist wants to disrupt it on",
        "Oskar Nyberg says not now",
        "Oskar Nyberg has logged out.",
        "Marta Lindqvist works here",
        "and cuts others off",
        "Changed: reboot: ended with 0.",
    ] {
        assert!(log.contains(words), "no “{words}” in\n{log}");
    }

    // With a claim the same is stopped sooner; and whoever stops waiting takes it back.
    let mut oskar = Shell::log_in(&folder, "oskar", &muster);
    let (status, said) = oskar.runs(&format!("muster claim {} 'vendor patch' --for 20m", hostname()));
    assert!(status == 0 && said.contains("Oskar Nyberg has Student portal until about"), "{said}");
    let (status, said) = marta.runs(&format!("muster claim {} reboot --disruptive", hostname()));
    assert!(status == 1 && said.contains("This would cut somebody off: Oskar Nyberg"), "{said}");
    assert!(said.contains("muster guard --on"), "{said}");
    let again = folder.at("again");
    marta.types(&format!("muster guard -- touch {}; echo status2=$?", again.display()));
    marta.shows("at work since");
    marta.presses_ctrl_c();
    marta.shows("NOT RUN: touch");
    assert!(!again.exists());
    wait("the request is taken back", || log_of(&muster).contains("Not wanted any more:").then_some(()));

    // Muster is down.
    muster.stop();
    let (status, said) = marta.runs(&format!("muster guard -- touch {}", again.display()));
    assert!(status == 3 && !again.exists(), "{said}");
    for words in ["NOBODY WAS WARNED", "Priya Raman, Portal: 07700 900233", "NOT RUN: touch"] {
        assert!(said.contains(words), "no “{words}” in\n{said}");
    }
    let (status, said) = marta.runs(&format!("muster claim {} 'vendor patch'", hostname()));
    assert!(status == 3 && said.contains("NOBODY WAS WARNED") && said.contains("07700 900233"), "{said}");
    let (status, said) = marta.runs("muster claims --banner");
    assert!(status == 0 && said.contains("who else works here is not known"), "{said}");
    let run = format!("sh -c 'touch {}-$MUSTER_GUARDED'", folder.at("again").display());
    let (status, said) = marta.runs(&format!("muster guard --despite 'it burns' -- {run}"));
    assert!(status == 0 && folder.at("again-yes").exists(), "what is run knows that it was guarded: {said}");
    assert!(said.contains("A record of it is kept here"), "{said}");
    muster.start();
    let (status, said) = marta.runs(&format!("muster claims {}", hostname()));
    assert!(status == 0 && said.contains("Oskar Nyberg"), "{said}");
    let log = log_of(&muster);
    assert!(log.contains("Marta Lindqvist: Run while Muster could not be asked"), "{log}");
    assert!(log.contains("Reason: it burns"), "{log}");

    let (status, said) = marta.runs("muster claim nowhere-01 x");
    assert!(status == 4 && said.contains("No system is named “nowhere-01”"), "{said}");
    let (status, said) = marta.runs("muster guard --on nowhere-01 -- true");
    assert!(status == 4 && said.contains("NOT RUN"), "{said}");
    oskar.logs_out();
    marta.logs_out();
    wait("nobody is logged in", || at_work(&muster).iter().all(|w| w["logged_in"] == false).then_some(()));
    muster.command(&["verify"]).fine();
}
