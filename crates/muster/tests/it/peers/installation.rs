//! The real `muster serve`, set up as an administrator sets it up: link, organisation, keys.

use super::http::{Answer, ask, get};
use super::process::{Ended, Folder, Program, free_port, wait};
use crate::channels::mail_server;
use reqwest::{Method, StatusCode, header};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

pub const BINARY: &str = env!("CARGO_BIN_EXE_muster");

/// Everybody and everything that the stories are about. Priya is in the directory and nowhere else: nobody has made
/// her a login. PRIYA stands for her address.
const ORGANISATION: &str = r#"
[organisation]
name = "Northmere University"
time_zone = "Europe/London"

[people.rosa]
name = "Rosa Admin"
role = "administrator"
means = [{ kind = "call", to = "07700 900001" }]

[people.priya]
name = "Priya Raman"
role = "responder"
means = [{ kind = "email", to = "PRIYA" }]

[systems.storage]
name = "Storage"
scope = "organisation-wide"
contacts = ["priya"]

[[rules]]
name = "database servers"
host = "db*"
system = "storage"

[intake.nagios]
name = "Nagios, data centre A"

[intake.alertmanager]
name = "Alertmanager"

[intake.prometheus]
name = "Prometheus"
"#;

/// A server with its administrator.
pub struct Muster<'a> {
    pub url: String,
    folder: &'a Folder,
    port: u16,
    /// None while it is stopped.
    program: Option<Program>,
    cookie: String,
    token: String,
}

impl<'a> Muster<'a> {
    /// Starts it on a new folder, and sets it up; Priya's mail goes to that address.
    pub fn set_up(folder: &'a Folder, priya: &str) -> Self {
        let port = free_port();
        let url = format!("http://127.0.0.1:{port}");
        let (cookie, token) = (String::new(), String::new());
        let mut muster = Self { url, folder, port, program: None, cookie, token };
        muster.start();
        muster.cookie = muster.first_administrator();
        muster.token = muster.new_token();
        let organisation = folder.file("org.toml", &ORGANISATION.replace("PRIYA", priya));
        muster.command(&["apply", "--yes", organisation.to_str().unwrap()]).fine();
        muster
    }

    /// Starts it, for the first time or again.
    pub fn start(&mut self) {
        let (mail, _) = mail_server();
        let mut command = muster_command();
        command
            .args(["serve", "--listen", &format!("127.0.0.1:{}", self.port)])
            .arg("--data")
            .arg(self.folder.at("data"))
            .env("MUSTER_SMTP_URL", format!("smtp://{mail}?tls=none"));
        let mut program = Program::start(self.folder, "muster", "", &mut command);
        wait("Muster is ready", || {
            program.still_runs();
            get(&format!("{}/readyz", self.url))
        });
        self.program = Some(program);
    }

    /// Stops it; nothing listens on its port then.
    pub fn stop(&mut self) {
        self.program.take().expect("it runs").stop();
    }

    /// The administrator's API token.
    pub fn token(&self) -> &str {
        &self.token
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Runs the command line, as the administrator.
    pub fn command(&self, args: &[&str]) -> Ended {
        let mut command = muster_command();
        command.args(args).env("MUSTER_URL", &self.url).env("MUSTER_TOKEN", &self.token);
        Program::run(self.folder, "muster-command", "", &mut command)
    }

    /// A new intake key for that sender, asked for as the README says.
    pub fn key(&self, sender: &str) -> String {
        let made = self.api(Method::POST, &format!("/api/v1/intake/{sender}/keys"));
        made["key"].as_str().unwrap().to_owned()
    }

    /// The link by which that person chooses a password, from the page where the administrator makes it.
    pub fn sign_in_link(&self, person: &str) -> String {
        let page = self.as_rosa(&format!("/people/{person}/sign-in-link"), &[]);
        value_beginning(&page.text, &format!("{}/set-up/", self.url))
    }

    /// What the API says.
    #[track_caller]
    pub fn get(&self, path: &str) -> Value {
        self.api(Method::GET, path)
    }

    /// The only incident, once there is one.
    pub fn incident(&self) -> Value {
        let number = wait("an incident", || {
            let listed = self.get("/api/v1/incidents");
            let listed = listed["incidents"].as_array().unwrap();
            assert!(listed.len() < 2, "{listed:?}");
            Some(listed.first()?["number"].as_str()?.to_owned())
        });
        self.get(&format!("/api/v1/incidents/{number}"))
    }

    /// The alerts of that service, the newest first.
    pub fn alerts(&self, service: &str) -> Vec<Value> {
        let listed = self.get("/api/v1/alerts")["alerts"].take();
        let listed = listed.as_array().unwrap().iter();
        listed.filter(|alert| alert["service"] == service).cloned().collect()
    }

    /// The only alert of that service, once it looks so.
    #[track_caller]
    pub fn alert(&self, service: &str, what: &str, looks: impl Fn(&Value) -> bool) -> Value {
        wait(&format!("the alert “{service}” {what}"), || {
            let alerts = self.alerts(service);
            assert!(alerts.len() < 2, "{alerts:?}");
            alerts.into_iter().find(&looks)
        })
    }

    /// The log of the only incident in words, oldest first.
    pub fn log(&self) -> Vec<String> {
        let number = self.incident()["incident"]["number"].as_str().unwrap().to_owned();
        let entries = self.get(&format!("/api/v1/incidents/{number}/entries?limit=200"));
        entries["entries"].as_array().unwrap().iter().map(|e| e["text"].as_str().unwrap().to_owned()).collect()
    }

    /// The log holds a line with these words, or will soon.
    #[track_caller]
    pub fn expect_logged(&self, words: &str) {
        wait(&format!("“{words}” in the log"), || self.log().into_iter().find(|line| line.contains(words)));
    }

    /// Every accepted signal stands in an account.
    #[track_caller]
    pub fn expect_books_fit(&self) {
        let metrics = get(&format!("{}/metrics", self.url)).unwrap();
        assert!(metrics.contains("\nmuster_books_difference 0\n"), "{metrics}");
    }

    fn first_administrator(&self) -> String {
        let said = self.program.as_ref().expect("it runs").said();
        let link = said.lines().find_map(|line| Some(line.trim()).filter(|l| l.contains("/set-up/")));
        let link = link.unwrap_or_else(|| panic!("no link to set up in: {said}"));
        let password = "a sentence that rosa knows";
        let form = [("full-name", "Rosa Admin"), ("name", "rosa"), ("password", password), ("again", password)];
        let inside = ask(Method::POST, link, |r| r.form(&form)).unwrap();
        assert_eq!(inside.status, StatusCode::SEE_OTHER, "{}", inside.text);
        inside.cookie.expect("a session")
    }

    fn new_token(&self) -> String {
        let page = self.as_rosa("/profile/create-token", &[("name", "story"), ("role", "administrator")]);
        value_beginning(&page.text, "mt_")
    }

    fn as_rosa(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let url = format!("{}{path}", self.url);
        let page = ask(Method::POST, &url, |r| r.form(form).header(header::COOKIE, &self.cookie)).unwrap();
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text);
        page
    }

    #[track_caller]
    fn api(&self, method: Method, path: &str) -> Value {
        let answer = ask(method, &format!("{}{path}", self.url), |r| r.bearer_auth(&self.token)).unwrap();
        assert!(answer.status.is_success(), "{path}: {} {}", answer.status, answer.text);
        serde_json::from_str(&answer.text).unwrap()
    }
}

/// The program, knowing nothing of this machine's settings.
pub fn muster_command() -> Command {
    let mut command = Command::new(BINARY);
    command.env_clear();
    command
}

/// The program where any user can run it: the folder of the build may be closed to others.
pub fn for_everybody(folder: &Folder) -> PathBuf {
    let to = folder.at("muster");
    std::fs::hard_link(BINARY, &to).or_else(|_| std::fs::copy(BINARY, &to).map(drop)).unwrap();
    to
}

/// Signals that wait in a spool, by the names of their files.
pub fn waiting(spool: &Path) -> Vec<String> {
    let files = std::fs::read_dir(spool).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap());
    files.filter(|name| name.ends_with(".json") && !name.starts_with('.')).collect()
}

/// The value in a page that begins so.
fn value_beginning(page: &str, begin: &str) -> String {
    let (_, from) = page.split_once(&format!("value=\"{begin}")).unwrap_or_else(|| panic!("no {begin} in {page}"));
    format!("{begin}{}", from.split('"').next().unwrap())
}
