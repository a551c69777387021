//! On one server: who logs in while Muster is away, and the commands that shells and hooks run beside `guard`.

use super::installation::{Muster, muster_command};
use super::process::{Ended, Folder, Program, wait};
use super::shells::{Shell, addresses, answer_by_mail, at_work, hostname, log_of, set_up};
use serde_json::Value;

const TOLD_LATER: &str = "That you are logged in is told later";

/// What this server keeps under names that begin so.
fn kept(folder: &Folder, begin: &str) -> Vec<String> {
    let files = std::fs::read_dir(folder.at("cache")).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap());
    files.filter(|name| name.starts_with(begin)).collect()
}

fn names(all: &[Value], of: &str) -> Vec<String> {
    let mut names: Vec<_> = all.iter().map(|w| w[of]["id"].as_str().unwrap().to_owned()).collect();
    names.sort();
    names
}

/// What the PAM hook runs for somebody with an account of his own.
fn pam(folder: &Folder, muster: &Muster, what: &str) -> Ended {
    let mut command = muster_command();
    command.args(["presence", what]).env("USER", "oskar").env("MUSTER_SESSION", "oskar ssh 4711");
    command.env("MUSTER_URL", &muster.url).env("MUSTER_HOST_TOKEN_FILE", folder.at("host-token"));
    Program::run(folder, "pam", "", command.env("MUSTER_CACHE", folder.at("cache")))
}

// proves: EVAL-5 whoever logged in while Muster was away is told when it is heard again, with since when, and guard asks them
#[test]
fn whoever_logs_in_while_muster_is_away_is_asked_all_the_same() {
    let folder = Folder::new("shells-later");
    let people = addresses();
    let mut muster = set_up(&folder, &people);
    let mut marta = Shell::log_in(&folder, "marta", &muster);
    muster.stop();

    // Nobody is kept out. Who has left again by then is not said to be there.
    let oskar = Shell::log_in_and_see(&folder, "oskar", &muster, TOLD_LATER);
    oskar.shows("NOBODY WAS WARNED");
    assert_eq!(kept(&folder, "later-").len(), 1);
    let priya = Shell::log_in_and_see(&folder, "priya", &muster, TOLD_LATER);
    assert_eq!(kept(&folder, "later-").len(), 2);
    priya.logs_out();
    assert_eq!(kept(&folder, "later-").len(), 1, "her log-in waits although she is gone");

    // A hook that can ask nobody: who it is stands in the account, which only Muster knows.
    let begun = pam(&folder, &muster, "begin");
    assert!(begun.code() == Some(3) && begun.complained.contains(TOLD_LATER), "{begun:?}");

    // A moment after Muster is back she wants to reboot, before anybody else was heard of.
    muster.start();
    assert_eq!(names(&at_work(&muster), "person"), ["marta"]);
    let rebooted = folder.at("rebooted");
    marta.types(&format!("muster guard --what reboot -- touch {}; echo status=$?", rebooted.display()));
    marta.shows("HELD: reboot. It waits for");
    marta.shows("Oskar Nyberg (logged in since");
    answer_by_mail(&people[2], "take");
    marta.shows("Priya Raman (technical contact): lets it happen");
    assert_eq!(names(&at_work(&muster), "person"), ["marta", "oskar", "oskar"]);
    let log = log_of(&muster);
    let log_ins: Vec<_> = log.lines().filter(|l| l.starts_with("Oskar Nyberg is logged in")).collect();
    assert_eq!(log_ins.len(), 2, "{log}");
    for (line, account) in log_ins.iter().zip(["root", "oskar"]) {
        let begins = format!("Oskar Nyberg is logged in on {}: as {account}, logged in since ", hostname());
        let since = line.strip_prefix(&begins).unwrap_or_else(|| panic!("no “{begins}” in {line}"));
        assert!(
            since.as_bytes()[2] == b':' && since.ends_with(", when Muster was away. Told by Rosa Admin."),
            "{line}"
        );
    }
    let asked = log.lines().find(|l| l.contains("wants to disrupt it")).unwrap();
    assert!(asked.contains("At work: Oskar Nyberg on"), "he is known before she asks: {asked}");
    assert!(!log.contains("Priya Raman is logged in"), "{log}");
    assert_eq!(kept(&folder, "later-"), [""; 0], "it was all told, and nothing refused");

    // Their log-outs end the claims that were made late; then nobody is in the way.
    assert!(!rebooted.exists());
    oskar.logs_out();
    wait("one log-in is over", || (at_work(&muster).len() == 2).then_some(()));
    assert!(!rebooted.exists(), "his other log-in was passed over");
    pam(&folder, &muster, "end").fine();
    marta.shows("status=0");
    assert!(rebooted.exists());
    assert_eq!(log_of(&muster).matches("Oskar Nyberg has logged out.").count(), 2);
    assert_eq!(kept(&folder, "told-"), [""; 0]);
    marta.logs_out();
    muster.command(&["verify"]).fine();
}

// proves: EVAL-5 whoever logs in sees who is at work; muster claim, renewed, and release stand in the system's log with what was changed
#[test]
fn shells_see_who_is_at_work_and_say_what_they_do() {
    let folder = Folder::new("shells-work");
    let muster = set_up(&folder, &addresses());
    let host = hostname();
    let mut oskar = Shell::log_in(&folder, "oskar", &muster);
    let mut marta = Shell::log_in(&folder, "marta", &muster);
    let (status, said) = marta.runs("muster claims --banner");
    assert!(status == 0 && said.contains("At work on Student portal:"), "{said}");
    assert!(said.contains(&format!("Oskar Nyberg is logged in on {host} since ")), "{said}");
    assert!(!said.contains("Marta Lindqvist"), "she knows that she is here: {said}");

    let (status, said) = oskar.runs(&format!("muster claim {host} 'vendor patch' --for 20m"));
    assert!(
        status == 0 && said.contains("YOU ARE NOT ALONE") && said.contains("Marta Lindqvist is logged in"),
        "{said}"
    );
    let (status, said) = marta.runs("muster claims --banner");
    assert!(status == 0 && said.contains(&format!("Oskar Nyberg on {host} since ")), "{said}");
    assert!(said.contains(": vendor patch"), "{said}");

    let claims = || at_work(&muster).into_iter().filter(|w| w["logged_in"] == false).collect::<Vec<_>>();
    let until = |claim: &Value| claim["until"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    let first = claims();
    let (status, said) = oskar.runs(&format!("muster claim {host} --renew --for 2h"));
    assert!(status == 0 && said.contains("Oskar Nyberg has Student portal until about"), "{said}");
    let renewed = claims();
    assert_eq!((renewed.len(), &renewed[0]["claim"]), (1, &first[0]["claim"]), "it is the same claim");
    let longer = until(&renewed[0]).duration_since(until(&first[0])).as_secs();
    assert!((95 * 60..=105 * 60).contains(&longer), "20 minutes became 2 hours: {longer}");

    let (status, said) = marta.runs(&format!("muster release {host} 'not mine'"));
    assert!(status == 4 && said.contains("you claim nothing on"), "{said}");
    let (status, said) = oskar.runs(&format!("muster release {host} 'kernel 6.12'"));
    assert!(status == 0 && said.contains("Released Student portal. What you changed is in its log."), "{said}");
    assert_eq!(claims(), [Value::Null; 0]);
    let (status, said) = oskar.runs(&format!("muster claim {host} --renew"));
    assert!(status == 4 && said.contains("you claim nothing on"), "{said}");

    let (log, entry) = (log_of(&muster), &first[0]["claim"]);
    let goes_on = log.lines().find(|l| l.contains("goes on until about")).unwrap_or_else(|| panic!("{log}"));
    assert!(goes_on.starts_with("Oskar Nyberg goes on until about"), "{goes_on}");
    assert!(goes_on.ends_with(&format!("(entry {entry}). Told by Rosa Admin.")), "{goes_on}");
    assert!(log.contains("Oskar Nyberg is done here. Changed: kernel 6.12. Told by Rosa Admin.\n"), "{log}");
    assert!(!log.contains("not mine"), "{log}");
    oskar.logs_out();
    marta.logs_out();
    muster.command(&["verify"]).fine();
}
