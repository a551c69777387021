//! The hooks that we ship in the programs that run them: molly-guard, and PAM.

use super::installation::Muster;
use super::process::{Folder, Program, set_mode, wait};
use super::shells::{Shell, addresses, answer_by_mail, at_work, log_of, set_up};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A Debian package that was unpacked, not installed.
#[track_caller]
fn unpacked(package: &str) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| shipped("target"), PathBuf::from);
    let place = target.join("peers").join(package);
    assert!(place.is_dir(), "{package} is missing; ./test unpacks it, or: tests/peers/unpack {package}");
    place
}

/// That file of ours.
fn shipped(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// molly-guard in front of a `reboot` that only leaves a file behind. It is Debian's script, which knows its places by
/// heart: only those are changed. It would ask for the machine's name where the tests run over SSH, so that part is left out.
fn molly_guard(folder: &Folder) -> PathBuf {
    let package = unpacked("molly-guard");
    let (hooks, real, rebooted) = (folder.at("run.d"), folder.at("real"), folder.at("rebooted"));
    std::fs::create_dir(&hooks).unwrap();
    std::fs::create_dir(&real).unwrap();
    let script = std::fs::read_to_string(package.join("lib/molly-guard/molly-guard")).unwrap();
    assert!(script.contains("=\"/etc/molly-guard/run.d\"") && script.contains("=\"/lib/molly-guard/$CMD\""));
    let script = script.replace("/etc/molly-guard/run.d", &hooks.display().to_string());
    let script = script.replace("/lib/molly-guard/$CMD", &format!("{}/$CMD", real.display()));
    set_mode(&folder.file("molly-guard", &script), 0o755);
    symlink("molly-guard", folder.at("reboot")).unwrap();
    let reboot = format!("#!/bin/sh\necho \"rebooted $*\" >>{}\n", rebooted.display());
    set_mode(&folder.file("real/reboot", &reboot), 0o755);
    for hook in [package.join("etc/molly-guard/run.d/10-print-message"), shipped("packaging/molly-guard/50-muster")] {
        std::fs::copy(&hook, hooks.join(hook.file_name().unwrap())).unwrap();
    }
    rebooted
}

// proves: EVAL-5 a molly-guard hook does not run the command until that is settled or overridden with a reason
#[test]
fn molly_guard_reboots_when_muster_says_that_it_was_let_happen() {
    let folder = Folder::new("molly-guard");
    let people = addresses();
    let [oskar_at, _, priya_at] = &people;
    let mut muster = set_up(&folder, &people);
    let rebooted = molly_guard(&folder);
    let oskar = Shell::log_in(&folder, "oskar", &muster);
    let mut marta = Shell::log_in(&folder, "marta", &muster);

    // To see what it would do asks nobody.
    let (status, said) = marta.runs("reboot --molly-guard-do-nothing");
    assert!(status == 0 && said.contains("nobody is asked") && said.contains("Oskar Nyberg is logged in"), "{said}");
    assert!(said.contains("would run:") && !log_of(&muster).contains("wants to disrupt it"), "{said}");

    marta.types("reboot --no-wall; echo status=$?");
    marta.shows("HELD: reboot. It waits for");
    marta.shows("Oskar Nyberg (logged in since");
    answer_by_mail(priya_at, "take");
    assert!(!rebooted.exists(), "he has not let it happen");
    answer_by_mail(oskar_at, "take");
    marta.shows("status=0");
    assert_eq!(std::fs::read_to_string(&rebooted).unwrap(), "rebooted --no-wall\n", "with what it was given");

    // Whoever stops waiting does not reboot.
    marta.types("reboot");
    wait("she waits again", || (log_of(&muster).matches("wants to disrupt it").count() == 2).then_some(()));
    marta.presses_ctrl_c();
    marta.shows("NOT RUN: reboot");
    wait("the request is taken back", || log_of(&muster).contains("Not wanted any more:").then_some(()));

    // Muster is down: only with a reason, and what guard itself runs is not asked for again.
    muster.stop();
    let (status, said) = marta.runs("reboot");
    assert!(status == 3 && said.contains("NOBODY WAS WARNED") && said.contains("07700 900233"), "{said}");
    assert!(said.contains("aborting reboot due to 50-muster exiting with code 3"), "{said}");
    let reboots = || std::fs::read_to_string(&rebooted).unwrap().lines().count();
    assert_eq!(reboots(), 1);
    let (status, said) = marta.runs("MUSTER_DESPITE='data is being lost' reboot");
    assert!(status == 0 && said.contains("A record of it is kept here"), "{said}");
    let (status, said) = marta.runs("muster guard --despite 'it burns' -- reboot");
    assert!(status == 0 && said.matches("A record of it is kept here").count() == 1, "{said}");
    assert_eq!(reboots(), 3);
    muster.start();
    marta.runs("muster claims --banner");
    let (status, said) = marta.runs("muster claims \"$(hostname -s)\"");
    assert_eq!(status, 0, "{said}");
    let log = log_of(&muster);
    assert!(log.contains("Reason: data is being lost") && log.contains("Reason: it burns"), "{log}");
    oskar.logs_out();
    marta.logs_out();
    muster.command(&["verify"]).fine();
}

/// Somebody with an account of his own logs in through PAM, and logs out when the file `leave` is there. `pam_wrapper` lets
/// the real libraries read a folder of ours where they would read `/etc/pam.d`; what stands there after the first line is
/// what a server's file says.
fn log_in_by_pam(folder: &Folder, muster: &Muster) -> Program {
    let wrapper = unpacked("libpam-wrapper").join("usr/lib");
    let libraries = std::fs::read_dir(&wrapper).unwrap().map(|dir| dir.unwrap().path().join("libpam_wrapper.so"));
    let wrapper = libraries.into_iter().find(|path| path.exists()).expect("libpam_wrapper.so");
    let services = folder.at("pam.d");
    std::fs::create_dir_all(&services).unwrap();
    let settings = [
        ("PATH", format!("{}:/usr/bin:/bin", folder.at("").display())),
        ("MUSTER_URL", muster.url.clone()),
        ("MUSTER_HOST_TOKEN_FILE", folder.at("host-token").display().to_string()),
        ("MUSTER_CACHE", folder.at("cache").display().to_string()),
    ];
    let settings: String = settings.iter().map(|(name, value)| format!("{name} DEFAULT={value}\n")).collect();
    let settings = folder.file("pam.d/settings", &settings);
    let until_told = format!("#!/bin/sh\nuntil [ -e {} ]; do sleep 0.1; done\n", folder.at("leave").display());
    let until_told = folder.file("until-told", &until_told);
    set_mode(&until_told, 0o755);
    let service = format!(
        "session required pam_env.so readenv=0 user_readenv=0 conffile={}
session required pam_exec.so type=close_session {}
session optional pam_exec.so quiet {}
session required pam_permit.so
",
        settings.display(),
        until_told.display(),
        shipped("packaging/pam/muster-session").display()
    );
    folder.file("pam.d/sshd", &service);
    let mut command = Command::new(unpacked("pamtester").join("usr/bin/pamtester"));
    command.args(["--item", "tty=ssh", "sshd", "oskar", "open_session", "close_session"]);
    command.env("LD_PRELOAD", wrapper).env("PAM_WRAPPER", "1").env("PAM_WRAPPER_SERVICE_DIR", services);
    Program::start(folder, "pamtester", "", &mut command)
}

// proves: EVAL-5 who is logged in is told by a login hook for every kind of log-in, and nobody is kept out by it
#[test]
fn pam_tells_who_logs_in_and_out_and_lets_everybody_in() {
    let folder = Folder::new("pam");
    let mut muster = set_up(&folder, &addresses());
    let log_in = log_in_by_pam(&folder, &muster);
    let here = wait("his presence", || Some(at_work(&muster)).filter(|all| !all.is_empty()));
    assert_eq!((here[0]["person"]["id"].as_str(), here[0]["logged_in"].as_bool()), (Some("oskar"), Some(true)));
    folder.file("leave", "");
    wait("his log-out", || at_work(&muster).is_empty().then_some(()));
    let ended = |log_in: &Program| log_in.said().matches("session has successfully been closed").count();
    wait("what PAM says", || (ended(&log_in) == 1).then_some(()));

    // Muster being away keeps nobody out.
    muster.stop();
    let log_in = log_in_by_pam(&folder, &muster);
    wait("what PAM says", || (ended(&log_in) == 2).then_some(()));
    assert_eq!(log_in.said().matches("successfully opened a session").count(), 2, "{}", log_in.said());
}
