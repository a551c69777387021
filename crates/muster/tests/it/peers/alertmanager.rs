//! Debian's Alertmanager, with Muster as its webhook.

use super::http::get;
use super::installation::Muster;
use super::process::{Answering, Folder, Program, free_port, wait};
use muster_core::Time;
use serde_json::Value;
use std::process::Command;

/// As an administrator writes it, but for the waits: a story takes seconds.
const CONFIG: &str = "
route:
  receiver: muster
  group_by: [alertname]
  group_wait: 0s
  group_interval: 1s
  repeat_interval: 1h
receivers:
- name: muster
  webhook_configs:
  - url: URL/in/alertmanager
    send_resolved: true
    http_config:
      authorization: {type: Bearer, credentials: KEY}
";

// proves: DIS-1 sources: Prometheus Alertmanager, by its webhook
// proves: DEF-6 that Alertmanager calls it resolved is proposed as restoration
#[test]
fn alertmanager_fires_and_resolves() {
    let folder = Folder::new("alertmanager");
    let muster = Muster::set_up(&folder, "priya@example.org");
    let alertmanager = Alertmanager::start(&folder, &muster);

    alertmanager.add("DiskFull", &["--annotation=summary=No room on db1"]);
    let fired = muster.alert("DiskFull", "fires", |a| a["account"] == "opened");
    assert_eq!((&fired["title"], &fired["host"]), (&"No room on db1".into(), &"db1".into()));
    assert_eq!((&fired["system"], &fired["condition"]), (&"storage".into(), &"down".into()));
    assert_eq!(muster.incident()["incident"]["number"], fired["incident"]);
    muster.expect_logged("No room on db1");

    alertmanager.add("DiskFull", &["--annotation=summary=No room on db1", &format!("--end={}", Time::now())]);
    muster.alert("DiskFull", "is over", |a| a["account"] == "resolved");
    muster.expect_logged("No room on db1 is over, says Alertmanager.");
    let recovered = muster.incident();
    assert_ne!(recovered["recovered_at"], Value::Null);
    assert_eq!(recovered["incident"]["state"], "suspected", "a monitor proposes, a person decides");
    muster.expect_books_fit();
}

// proves: DIS-1 what Alertmanager says while Muster is away or cannot take it arrives afterwards, with its own time
#[test]
fn alertmanager_tries_until_muster_is_back() {
    let folder = Folder::new("alertmanager-retry");
    let mut muster = Muster::set_up(&folder, "priya@example.org");
    let alertmanager = Alertmanager::start(&folder, &muster);

    muster.stop();
    alertmanager.add("DiskFull", &[]);
    wait("a try in vain", || (alertmanager.failed_requests() > 0.0).then_some(()));
    let unable = Answering::at(muster.port(), "503 Service Unavailable");
    wait("a try that is answered 503", || (unable.asked() > 0).then_some(()));
    drop(unable);
    let back = Time::now();
    muster.start();

    let fired = muster.alert("DiskFull", "fires", |a| a["account"] == "opened");
    let time = |name: &str| fired[name].as_str().unwrap().parse::<Time>().unwrap();
    assert!(time("went_down_at") < back && back < time("first_at"), "{fired}");
    assert_eq!(time("went_down_at"), alertmanager.starts_at("DiskFull"));
    muster.expect_books_fit();
}

struct Alertmanager<'a> {
    folder: &'a Folder,
    url: String,
    _program: Program,
}

impl<'a> Alertmanager<'a> {
    fn start(folder: &'a Folder, muster: &Muster) -> Self {
        let config = CONFIG.replace("URL", &muster.url).replace("KEY", &muster.key("alertmanager"));
        let (file, address) = (folder.file("alertmanager.yml", &config), format!("127.0.0.1:{}", free_port()));
        let mut command = Command::new("prometheus-alertmanager");
        command
            .args([format!("--config.file={}", file.display()), format!("--web.listen-address={address}")])
            .arg(format!("--storage.path={}", folder.at("alertmanager").display()))
            .arg("--cluster.listen-address=");
        let mut program = Program::start(folder, "alertmanager", "prometheus-alertmanager", &mut command);
        let url = format!("http://{address}");
        wait("Alertmanager is ready", || {
            program.still_runs();
            get(&format!("{url}/-/ready"))
        });
        Self { folder, url, _program: program }
    }

    /// Says it to Alertmanager, as a script of an administrator does.
    fn add(&self, name: &str, rest: &[&str]) {
        let mut command = Command::new("amtool");
        command.args([&format!("--alertmanager.url={}", self.url), "alert", "add", name]);
        command.args(["instance=db1", "severity=critical"]).args(rest);
        Program::run(self.folder, "amtool", "prometheus-alertmanager", &mut command).fine();
    }

    /// When that alert began, as Alertmanager knows it.
    fn starts_at(&self, name: &str) -> Time {
        let known: Value = serde_json::from_str(&get(&format!("{}/api/v2/alerts", self.url)).unwrap()).unwrap();
        let known = known.as_array().unwrap().iter().find(|a| a["labels"]["alertname"] == name).unwrap();
        let at: Time = known["startsAt"].as_str().unwrap().parse().unwrap();
        muster_core::whole_ms(at)
    }

    fn failed_requests(&self) -> f64 {
        let metrics = get(&format!("{}/metrics", self.url)).unwrap();
        let name = "alertmanager_notification_requests_failed_total{integration=\"webhook\"} ";
        metrics.lines().find_map(|line| line.strip_prefix(name)?.parse().ok()).expect("the count")
    }
}
