//! The whole way once, with everybody real: Debian's Nagios, a mail server, a phone, and a file that proves itself.

use super::http::ask;
use super::installation::Muster;
use super::nagios::{Nagios, State};
use super::phone::on_the_phone;
use super::process::{Folder, Program, wait};
use super::proof::{expect_any_change_found, expect_proved};
use crate::channels::{fresh, mail_server, taken};
use muster_core::Time;
use reqwest::Method;
use serde_json::{Value, json};
use std::path::Path;

const PASSWORD: &str = "wet leaves on the line again";
const NOTE: &str = "Old archives fill /var. I am removing them: ½ done.";
const RESOLUTION: &str = "Removed the archives of last year.";
const CAUSE: &str = "The archiver stopped on 1 November.";

// proves: DIS-1 sources: Debian's Nagios, by the configuration that we ship and muster notify
// proves: DIS-6 the log starts by itself with what Nagios said
// proves: STAFF-3 a person found only in the directory is summoned by mail, and the search stops when she takes it
// proves: DIS-5 who is first reached and takes it, by link on her phone, becomes Incident Manager; a look at the link does not
// proves: DEF-6 that Nagios is content again is proposed as restoration, never decided
// proves: RES-3 restoring on the phone asks for time, resolution and cause; the outage duration follows
// proves: DOC-4 muster verify proves an exported incident, and names the place of any byte that was changed
// proves: DOC-5 the form with its log is taken home as JSON, and as PDF by a build that has it
#[test]
fn first_light() {
    let folder = Folder::new("first-light");
    let priya = fresh("priya");
    let muster = Muster::set_up(&folder, &priya);
    let nagios = Nagios::start(&folder, &muster.url, &muster.key("nagios"));

    nagios.checked(State::Critical, "DISK CRITICAL - free space: /var 512 MB (2%)");
    let incident = muster.incident();
    assert_eq!(incident["incident"]["state"], "suspected");
    muster.expect_logged("Disk space /var on db1 is CRITICAL");
    muster.expect_logged("DISK CRITICAL - free space: /var 512 MB (2%)");

    let link = mailed_link(&priya);
    for method in [Method::HEAD, Method::GET, Method::GET] {
        assert!(ask(method, &link, |r| r).unwrap().status.is_success());
    }
    assert_eq!(muster.incident()["incident"]["manager"], Value::Null, "a mail scanner has taken it");

    let base = &muster.url;
    let saw = on_the_phone(&folder, "take", &json!({ "base": base, "link": link, "said": "On my way" }));
    expect_words(&saw["asked"], &["Disk space /var on db1 is CRITICAL", "Nobody yet"]);
    expect_words(&saw["taken"], &["You have it"]);
    expect_words(&saw["then"], &["On my way", "Disk space /var on db1 is CRITICAL"]);
    let taken = muster.incident();
    assert_eq!(taken["incident"]["manager"]["name"], "Priya Raman");
    assert_eq!(taken["summonses"][0]["live"], false, "the search has ended: {taken}");

    let number = taken["incident"]["number"].as_str().unwrap();
    let page = format!("{base}/incidents/{number}");
    let set_up = muster.sign_in_link("priya");
    let write = json!({ "base": base, "link": set_up, "password": PASSWORD, "incident": page, "note": NOTE });
    expect_words(&on_the_phone(&folder, "write", &write)["bar"], &["Priya Raman"]);
    muster.expect_logged(NOTE);

    nagios.checked(State::Ok, "DISK OK - free space: /var 20480 MB (80%)");
    let recovered = wait("the recovery", || Some(muster.incident()).filter(|i| !i["recovered_at"].is_null()));
    assert_ne!(recovered["incident"]["state"], "restored", "a monitor proposes, a person decides");
    muster.expect_logged("DISK OK - free space: /var 20480 MB (80%)");
    nagios.expect_nothing_kept();

    let (json_file, pdf_file) = (folder.at("form.json"), folder.at("form.pdf"));
    let restore = json!({
        "base": base, "incident": page, "name": priya, "password": PASSWORD,
        "resolution": RESOLUTION, "cause": CAUSE, "json": json_file, "pdf": cfg!(feature = "pdf").then_some(&pdf_file),
    });
    let saw = on_the_phone(&folder, "restore", &restore);
    expect_words(&saw["proposed"], &["The monitors say that service is back since"]);
    expect_words(&saw["bar"], &["Restored"]);
    expect_words(&saw["form"], &[number, "Disk space /var on db1 is CRITICAL", NOTE, RESOLUTION, CAUSE]);
    let restored = muster.incident();
    assert_eq!(restored["incident"]["state"], "restored");
    assert_eq!(restored["incident"]["restored_at"], recovered["recovered_at"], "to the second that Nagios said");
    let second = |at: &Value| at.as_str().unwrap().parse::<Time>().unwrap().as_second();
    let outage = second(&recovered["recovered_at"]) - second(&incident["incident"]["went_down"]["at"]);
    assert_eq!(restored["incident"]["outage_seconds"], outage);
    assert_eq!((&restored["resolution"], &restored["cause"]), (&RESOLUTION.into(), &CAUSE.into()));

    if cfg!(feature = "pdf") {
        expect_words(&paper(&folder, &pdf_file).into(), &[number, "½ done", RESOLUTION, CAUSE]);
    }
    expect_proved(&folder, &json_file, number);
    expect_any_change_found(&folder, &json_file, NOTE);
    muster.expect_books_fit();
}

/// The personal link in the mail to that address, as the person finds it.
fn mailed_link(to: &str) -> String {
    let (_, inbox) = mail_server();
    let (_, mail) = wait("a mail to her", || taken(&inbox, to));
    assert!(mail.contains("Content-Transfer-Encoding: 7bit"), "{mail}");
    let link = mail.lines().map(str::trim).find(|line| line.starts_with("http") && line.contains("/l/"));
    link.unwrap_or_else(|| panic!("no link in {mail}")).to_owned()
}

#[track_caller]
fn expect_words(seen: &Value, words: &[&str]) {
    let seen = seen.as_str().unwrap().replace('\u{a0}', " ");
    let one_line = seen.split_whitespace().collect::<Vec<_>>().join(" ");
    words.iter().for_each(|words| assert!(one_line.contains(words), "no “{words}” in {seen}"));
}

/// The text on the paper.
fn paper(folder: &Folder, file: &Path) -> String {
    let mut command = std::process::Command::new("pdftotext");
    Program::run(folder, "pdftotext", "poppler-utils", command.args(["-raw"]).arg(file).arg("-")).fine()
}
