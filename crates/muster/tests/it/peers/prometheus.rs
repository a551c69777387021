//! Debian's Prometheus, which takes Muster for its Alertmanager.

use super::installation::Muster;
use super::process::{Answering, Folder, Program, free_port};
use serde_json::Value;
use std::process::Command;

const CONFIG: &str = "
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [RULES]
alerting:
  alertmanagers:
  - static_configs: [{targets: ['MUSTER']}]
    authorization: {type: Bearer, credentials: KEY}
scrape_configs:
- job_name: database
  static_configs: [{targets: ['TARGET']}]
  relabel_configs:
  - {target_label: instance, replacement: db1}
";

const RULES: &str = "
groups:
- name: up
  rules:
  - alert: InstanceDown
    expr: up == 0
    labels: {severity: critical}
    annotations: {summary: '{{ $labels.instance }} is down'}
";

// proves: DIS-1 sources: Prometheus itself, as it tells its Alertmanagers
// proves: DEF-6 an alert that its sender does not repeat is over by itself, and that is proposed as restoration
#[test]
fn prometheus_fires_resolves_and_falls_silent() {
    let folder = Folder::new("prometheus");
    let muster = Muster::set_up(&folder, "priya@example.org");
    let target = free_port();
    let prometheus = start(&folder, &muster, target);

    let fired = muster.alert("InstanceDown", "fires", |a| a["account"] == "opened");
    assert_eq!((&fired["title"], &fired["system"]), (&"db1 is down".into(), &"storage".into()));
    let repeated = muster.alert("InstanceDown", "is repeated", |a| a["signals"].as_u64() > fired["signals"].as_u64());
    assert_eq!(repeated["id"], fired["id"]);
    assert_eq!(muster.incident()["recovered_at"], Value::Null);

    let up = Answering::at(target, "200 OK");
    muster.alert("InstanceDown", "is over", |a| a["account"] == "resolved");
    muster.expect_logged("db1 is down is over, says Prometheus.");
    assert_ne!(muster.incident()["recovered_at"], Value::Null);

    drop(up);
    let again = super::process::wait("it fires again", || {
        muster.alerts("InstanceDown").into_iter().find(|a| a["account"] == "joined")
    });
    assert_ne!(again["id"], fired["id"]);
    prometheus.kill();
    muster.expect_logged("db1 is down is over, says Prometheus. Not repeated by the sender.");
    let recovered = muster.incident();
    assert_ne!(recovered["recovered_at"], Value::Null);
    assert_eq!(recovered["incident"]["state"], "suspected", "a monitor proposes, a person decides");
    muster.expect_books_fit();
}

fn start(folder: &Folder, muster: &Muster, target: u16) -> Program {
    let rules = folder.file("rules.yml", RULES);
    let config = CONFIG
        .replace("RULES", rules.to_str().unwrap())
        .replace("MUSTER", muster.url.trim_start_matches("http://"))
        .replace("KEY", &muster.key("prometheus"))
        .replace("TARGET", &format!("127.0.0.1:{target}"));
    let file = folder.file("prometheus.yml", &config);
    let mut command = Command::new("prometheus");
    command
        .arg(format!("--config.file={}", file.display()))
        .arg(format!("--storage.tsdb.path={}", folder.at("prometheus").display()))
        .arg(format!("--web.listen-address=127.0.0.1:{}", free_port()))
        // It says an alert again this often, and that it is over after four times this long without its word.
        .arg("--rules.alert.resend-delay=1s");
    Program::start(folder, "prometheus", "prometheus", &mut command)
}
