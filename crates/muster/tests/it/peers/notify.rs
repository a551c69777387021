//! `muster notify` on the monitor's machine while the server is away, and when it is back.

use super::installation::{Muster, muster_command, waiting};
use super::process::{Ended, Folder, Program, set_mode};
use muster_core::{Span, Time, later};
use serde_json::{Value, json};

// proves: DIS-1 what a monitor says while Muster is away is kept on its disk, and arrives later with its true time
#[test]
fn what_happens_while_muster_is_away_arrives_with_its_own_time() {
    let folder = Folder::new("notify");
    let mut muster = Muster::set_up(&folder, "priya@example.org");
    let monitor = Monitor::of(&folder, &muster, &muster.key("nagios"));

    muster.stop();
    let (began, ended) = (later(now_s(), -Span::from_mins(30)), later(now_s(), -Span::from_mins(20)));
    let called = Time::now();
    for ended in [
        monitor.tells("Load", "CRITICAL", Some(began)),
        monitor.tells("Load", "OK", Some(ended)),
        monitor.tells("Disk", "CRITICAL", None),
    ] {
        assert_eq!(ended.code(), Some(0), "{ended:?}");
        let kept = format!("it is kept in the spool {}", folder.at("spool").display());
        assert!(ended.complained.contains("cannot reach") && ended.complained.contains(&kept), "{ended:?}");
    }
    assert_eq!(waiting(&folder.at("spool")).len(), 3);
    assert_eq!(monitor.flush().code(), Some(0), "what is kept is safe");
    assert_eq!(waiting(&folder.at("spool")).len(), 3, "and still there");
    let back = Time::now();

    muster.start();
    assert_eq!(monitor.flush().code(), Some(0));
    assert_eq!(waiting(&folder.at("spool")), [""; 0]);
    let disk = muster.alert("Disk", "has opened an incident", |a| a["account"] == "opened");
    let time = |alert: &Value, name: &str| alert[name].as_str().unwrap().parse::<Time>().unwrap();
    assert!(called <= time(&disk, "went_down_at") && time(&disk, "went_down_at") < back, "{disk}");
    assert!(back < time(&disk, "first_at"), "{disk}");
    let load = muster.alert("Load", "is over", |a| a["account"] == "resolved");
    assert_eq!((time(&load, "went_down_at"), &load["incident"]), (began, &Value::Null), "nobody is called for it");
    assert_eq!(load["signals"], 2);
    muster.expect_books_fit();
}

#[test]
fn a_monitor_learns_by_the_exit_status_what_became_of_it() {
    let folder = Folder::new("notify-status");
    let mut muster = Muster::set_up(&folder, "priya@example.org");
    let monitor = Monitor::of(&folder, &muster, &muster.key("nagios"));

    let delivered = monitor.tells("Disk", "CRITICAL", None);
    assert_eq!((delivered.code(), delivered.complained.as_str()), (Some(0), ""));
    muster.alert("Disk", "came", |a| a["firing"] == json!(true));

    let stranger = Monitor::of(&folder, &muster, "mk_000000000000000000000000000000");
    let kept = stranger.tells("Disk", "OK", None);
    assert_eq!(kept.code(), Some(0), "a wrong key is mended by a person: {kept:?}");
    assert!(kept.complained.contains("401") && kept.complained.contains("check the intake key"), "{kept:?}");
    assert_eq!(waiting(&folder.at("spool")).len(), 1);
    assert_eq!(monitor.flush().code(), Some(0));
    assert_eq!(waiting(&folder.at("spool")), [""; 0]);

    assert_eq!(monitor.tells("", "CRITICAL", None).code(), Some(2), "it says nothing of what is wrong");

    muster.stop();
    let nowhere = Monitor { spool: folder.file("no-folder", "").display().to_string(), ..monitor };
    let lost = nowhere.tells("Disk", "OK", None);
    assert_eq!(lost.code(), Some(3), "{lost:?}");
    assert!(lost.complained.contains("LOST: Disk on db1 is OK"), "{lost:?}");
}

/// A monitor's machine: where its notifications go, and where they are kept.
struct Monitor<'a> {
    folder: &'a Folder,
    url: String,
    key_file: String,
    spool: String,
}

impl<'a> Monitor<'a> {
    fn of(folder: &'a Folder, muster: &Muster, key: &str) -> Self {
        let key_file = folder.file(&format!("{}.key", &key[..8]), key);
        set_mode(&key_file, 0o400);
        Self {
            folder,
            url: format!("{}/in/generic", muster.url),
            key_file: key_file.display().to_string(),
            spool: folder.at("spool").display().to_string(),
        }
    }

    /// A service on db1 came into that state, at that time if not now.
    fn tells(&self, service: &str, state: &str, at: Option<Time>) -> Ended {
        let kind = if state == "OK" { "RECOVERY" } else { "PROBLEM" };
        let mut fields = vec!["HOSTNAME=db1".into(), format!("SERVICEDESC={service}"), format!("SERVICESTATE={state}")];
        fields.extend(at.map(|at| format!("TIMET={}", at.as_second())));
        let fields = fields.iter().flat_map(|field| ["-f", field.as_str()]);
        self.notify(&["-n", "service", "-t", kind].into_iter().chain(fields).collect::<Vec<_>>())
    }

    fn flush(&self) -> Ended {
        self.notify(&["--flush"])
    }

    fn notify(&self, args: &[&str]) -> Ended {
        let mut command = muster_command();
        command.args(["notify", "--url", &self.url, "--key-file", &self.key_file, "--spool", &self.spool]).args(args);
        Program::run(self.folder, "notify", "", &mut command)
    }
}

/// Now, in whole seconds, as monitors count.
fn now_s() -> Time {
    Time::from_second(Time::now().as_second()).unwrap()
}
