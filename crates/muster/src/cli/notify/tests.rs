use super::*;
use clap::Parser;
use muster_core::alert::{Signal, Status};
use muster_core::at_ms;
use proptest::prelude::*;
use std::io::{BufRead, BufReader, Read};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::PermissionsExt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::{fs, thread};

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    notify: Notify,
}

/// A directory that is gone when the test is.
struct Dir(PathBuf);

impl Dir {
    fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("muster-notify-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let dir = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&dir);
        Self(dir)
    }

    fn waiting(&self) -> Vec<String> {
        Spool::at(&self.0).waiting().unwrap_or_default()
    }

    fn titles(&self) -> Vec<String> {
        let title = |name: &String| Spool::at(&self.0).read(name).unwrap().unwrap().unwrap().signal.title;
        self.waiting().iter().map(title).collect()
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What the server was sent.
struct Request {
    first_line: String,
    authorization: String,
    signal: Signal,
}

/// Answers one request after the other with these statuses, the last one from then on; status 0 never answers.
fn server(statuses: &[u16]) -> (SocketAddr, Receiver<Request>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (seen, requests) = channel();
    let statuses = statuses.to_vec();
    let next = std::sync::Arc::new(AtomicUsize::new(0));
    thread::spawn(move || {
        let mut silent = Vec::new();
        while let Ok((mut stream, _)) = listener.accept() {
            let at = next.fetch_add(1, Ordering::SeqCst).min(statuses.len() - 1);
            if seen.send(read_request(&stream)).is_err() {
                return; // the test is over
            }
            if statuses[at] == 0 {
                silent.push(stream);
                continue;
            }
            let text = "because\nI say so";
            let answer = format!(
                "HTTP/1.1 {} X\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{text}",
                statuses[at],
                text.len()
            );
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    (address, requests)
}

fn read_request(stream: &TcpStream) -> Request {
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let header = |name: &str| {
        let named = lines.iter().find_map(|l| l.split_once(": ").filter(|(n, _)| n.eq_ignore_ascii_case(name)));
        named.map(|(_, value)| value.to_owned()).unwrap_or_default()
    };
    let mut body = vec![0; header("content-length").parse().unwrap()];
    reader.read_exact(&mut body).unwrap();
    assert_eq!(header("content-type"), "application/json");
    Request {
        first_line: lines[0].clone(),
        authorization: header("authorization"),
        signal: serde_json::from_slice(&body).unwrap(),
    }
}

/// An address where nobody listens.
fn nowhere() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

const NOW_MS: i64 = 1_795_348_000_000;

fn args(dir: &Dir, to: SocketAddr, options: &[&str]) -> Notify {
    let url = format!("http://{to}/in/generic");
    let fixed = ["notify", "--url", &url, "--key", "secret", "--timeout", "1", "--spool"];
    let all = fixed.iter().map(OsString::from).chain([dir.0.clone().into_os_string()]);
    Cli::parse_from(all.chain(options.iter().map(OsString::from))).notify
}

/// Runs it as at `seconds` after the beginning, and gives what a person sees.
fn call(args: &Notify, environment: &[(&str, &str)], seconds: i64) -> (Exit, String) {
    let mut said = Vec::new();
    let environment = environment.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
    let exit = run(args, environment, at_ms(NOW_MS + 1_000 * seconds), &mut said);
    (exit, String::from_utf8(said).unwrap())
}

/// A problem of `host` by pd-nagios's options.
fn problem(dir: &Dir, to: SocketAddr, host: &str) -> Notify {
    args(dir, to, &["-n", "host", "-t", "PROBLEM", "-f", &format!("HOSTNAME={host}"), "-f", "HOSTSTATE=DOWN"])
}

#[test]
fn a_notification_in_the_environment_is_delivered() {
    let (dir, (to, requests)) = (Dir::new(), server(&[200]));
    let capture = include_str!("../../../tests/captures/nagios/env-service-PROBLEM-CRITICAL.txt");
    let environment: Vec<_> = capture.lines().filter_map(|line| line.split_once('=')).collect();
    assert_eq!(call(&args(&dir, to, &[]), &environment, 0), (Exit::Fine, String::new()));
    let request = requests.recv().unwrap();
    assert_eq!(request.first_line, "POST /in/generic HTTP/1.1");
    assert_eq!(request.authorization, "Bearer secret");
    assert_eq!(request.signal.key, "db1;Disk space /var");
    assert_eq!(request.signal.happened_at, Some("2026-11-22T11:39:11Z".parse().unwrap()));
    assert_eq!(dir.waiting(), [""; 0]);
}

#[test]
fn while_the_server_is_away_signals_wait_and_then_go_in_order_with_their_own_times() {
    let dir = Dir::new();
    for (second, host) in [(0, "a"), (1, "b")] {
        let (exit, said) = call(&problem(&dir, nowhere(), host), &[], second);
        assert_eq!(exit, Exit::Fine);
        assert!(said.starts_with("muster notify: cannot reach http://127.0.0.1:"), "{said}");
        assert!(said.contains("it is kept in the spool ") && !said.contains("/in/generic"), "{said}");
    }
    assert_eq!(dir.titles(), ["a is DOWN", "b is DOWN"]);
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&dir.0), mode(&dir.0.join(&dir.waiting()[0]))), (0o700, 0o600));

    let (to, requests) = server(&[200]);
    assert_eq!(call(&problem(&dir, to, "c"), &[], 3_600), (Exit::Fine, String::new()));
    let sent: Vec<_> = requests.try_iter().map(|r| (r.signal.host, r.signal.happened_at.unwrap())).collect();
    let at = |seconds: i64| at_ms(NOW_MS + 1_000 * seconds);
    assert_eq!(sent, [("a".into(), at(0)), ("b".into(), at(1)), ("c".into(), at(3_600))]);
    assert_eq!(dir.waiting(), [""; 0]);
}

#[test]
fn passing_trouble_of_the_server_keeps_a_signal() {
    for status in [500, 503, 429, 408, 302, 0] {
        let (dir, (to, requests)) = (Dir::new(), server(&[status]));
        let (exit, said) = call(&problem(&dir, to, "a"), &[], 0);
        assert_eq!((exit, dir.waiting().len()), (Exit::Fine, 1), "{status}: {said}");
        assert_eq!(requests.try_iter().count(), 1);
        if status == 503 {
            assert!(said.contains("answers 503 Service Unavailable: because I say so; it is kept"), "{said}");
        }
    }
}

#[test]
fn the_first_failure_ends_the_sending() {
    let dir = Dir::new();
    for (second, host) in [(0, "a"), (1, "b"), (2, "c")] {
        call(&problem(&dir, nowhere(), host), &[], second);
    }
    let (to, requests) = server(&[200, 503]);
    assert_eq!(call(&args(&dir, to, &["--flush"]), &[], 9).0, Exit::Fine);
    assert_eq!(requests.try_iter().count(), 2);
    assert_eq!(dir.titles(), ["b is DOWN", "c is DOWN"]);
}

#[test]
fn what_the_server_refuses_is_put_away_with_its_answer_and_stops_no_other() {
    let dir = Dir::new();
    call(&problem(&dir, nowhere(), "a"), &[], 0);
    let (to, requests) = server(&[422, 200]);
    let (exit, said) = call(&problem(&dir, to, "b"), &[], 1);
    assert_eq!(exit, Exit::Refused);
    assert!(said.contains("refused: http://127.0.0.1:") && said.contains("move it back to send it again"), "{said}");
    assert_eq!(requests.try_iter().map(|r| r.signal.host).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(dir.waiting(), [""; 0]);
    let rejected: Vec<_> = fs::read_dir(dir.0.join("rejected")).unwrap().map(|e| e.unwrap().path()).collect();
    let (answer, kept): (Vec<_>, Vec<_>) = rejected.into_iter().partition(|p| p.extension().unwrap() == "answer");
    assert!(fs::read_to_string(&answer[0]).unwrap().contains("422 Unprocessable Entity: because I say so"));

    // Moved back, it is sent again.
    fs::rename(&kept[0], dir.0.join(kept[0].file_name().unwrap())).unwrap();
    assert_eq!(call(&args(&dir, to, &["--flush"]), &[], 2), (Exit::Fine, String::new()));
    assert_eq!(requests.recv().unwrap().signal.host, "a");
}

#[test]
fn a_wrong_address_or_key_keeps_what_waits_until_a_person_has_mended_it() {
    for (status, todo) in
        [(401, "check the intake key"), (403, "check the intake key"), (404, "/in/generic"), (405, "/in/generic")]
    {
        let dir = Dir::new();
        let (to, requests) = server(&[status, 200]);
        let (exit, said) = call(&problem(&dir, to, "a"), &[], 0);
        assert!(exit == Exit::Fine && said.contains(todo) && said.contains("it is kept in the spool"), "{said}");
        assert_eq!(call(&args(&dir, to, &["--flush"]), &[], 1), (Exit::Fine, String::new()), "mended");
        assert_eq!(requests.try_iter().map(|r| r.signal.host).collect::<Vec<_>>(), ["a", "a"]);
    }
    // Nobody can mend the key that a signal has of its own: it stops no other.
    let dir = Dir::new();
    let (to, _requests) = server(&[401]);
    let own = args(&dir, to, &["-k", "its-own", "-f", "HOSTNAME=a", "-t", "PROBLEM"]);
    assert_eq!(call(&own, &[], 0).0, Exit::Refused);
    assert_eq!(dir.waiting(), [""; 0]);
}

#[test]
fn the_servers_own_address_will_do() {
    let (dir, (to, requests)) = (Dir::new(), server(&[200]));
    let plain = Notify { url: Some(format!("http://{to}")), ..problem(&dir, to, "a") };
    assert_eq!(call(&plain, &[], 0), (Exit::Fine, String::new()));
    assert!(requests.recv().unwrap().first_line.starts_with("POST /in/generic "));
}

#[test]
fn a_flush_with_nothing_to_do_is_silent() {
    let (dir, (to, requests)) = (Dir::new(), server(&[200]));
    assert_eq!(call(&args(&dir, to, &["--flush"]), &[], 0), (Exit::Fine, String::new()), "no spool yet");
    call(&problem(&dir, to, "a"), &[], 0);
    assert_eq!(call(&args(&dir, to, &["--flush"]), &[], 0), (Exit::Fine, String::new()));
    assert_eq!(requests.try_iter().count(), 1);
}

#[test]
fn without_a_usable_spool_a_signal_is_sent_all_the_same_and_its_loss_is_told() {
    let dir = Dir::new();
    fs::write(&dir.0, "a file, not a directory").unwrap();
    let (to, requests) = server(&[200]);
    let (exit, said) = call(&problem(&dir, to, "a"), &[], 0);
    assert_eq!((exit, requests.try_iter().count()), (Exit::Fine, 1), "{said}");
    assert!(said.starts_with("muster notify: cannot keep it in the spool "), "{said}");
    let (exit, said) = call(&problem(&dir, nowhere(), "a"), &[], 0);
    assert!(exit == Exit::Lost && said.contains("LOST: a is DOWN"), "{said}");
    let (to, _requests) = server(&[400]);
    assert_eq!(call(&problem(&dir, to, "a"), &[], 0).0, Exit::Refused);
    assert_eq!(call(&args(&dir, to, &["--flush"]), &[], 0).0, Exit::Usage);
    fs::remove_file(&dir.0).unwrap();
}

#[test]
fn wrong_use_is_told_and_loses_nothing_that_can_be_understood() {
    let dir = Dir::new();
    let (exit, said) = call(&args(&dir, nowhere(), &[]), &[("PATH", "/bin")], 0);
    assert!(exit == Exit::Usage && said.contains("the environment holds no notification"), "{said}");
    let (exit, said) = call(&args(&dir, nowhere(), &["-n", "host", "-t", "PROBLEM"]), &[], 0);
    assert!(exit == Exit::Usage && said.contains("names no host"), "{said}");
    assert_eq!(dir.waiting(), [""; 0]);

    let good = problem(&dir, nowhere(), "a");
    for wrong in [
        Notify { url: None, ..good.clone() },
        Notify { url: Some("ftp://x/".into()), ..good.clone() },
        Notify { url: Some("muster.example".into()), ..good.clone() },
        Notify { key: Some("line\nbreak".into()), ..good.clone() },
        Notify { key: None, key_file: Some(dir.0.join("none")), ..good.clone() },
    ] {
        let (exit, said) = call(&wrong, &[], 0);
        assert!(exit == Exit::Usage && said.contains("it is kept in the spool"), "{said}");
    }
    assert_eq!(dir.waiting().len(), 5);
}

#[test]
fn the_options_are_those_of_pd_nagios() {
    let (dir, (to, requests)) = (Dir::new(), server(&[200]));
    let options = [
        "-n",
        "service",
        "-k",
        "other",
        "-t",
        "ACKNOWLEDGEMENT",
        "-f",
        "SERVICEDESC=Disk",
        "-f",
        "SERVICESTATE=CRITICAL",
        "-f",
        "HOSTNAME=db1",
        "-f",
        "SERVICEOUTPUT=-1 = low; \"x\" `y` $HOME",
        "-i",
        "mine",
        "-c",
        "icinga",
        "-u",
        "https://icinga.example.test/",
    ];
    assert_eq!(call(&args(&dir, to, &options), &[("NAGIOS_HOSTNAME", "not this")], 0).0, Exit::Fine);
    let request = requests.recv().unwrap();
    assert_eq!(request.authorization, "Bearer other");
    assert_eq!(request.signal.key, "acknowledgement:mine");
    assert_eq!(request.signal.title, "Acknowledged: Disk on db1 is CRITICAL");
    assert_eq!(request.signal.detail, "-1 = low; \"x\" `y` $HOME");
    assert_eq!(request.signal.labels["client"], "icinga");
    assert_eq!(request.signal.link.as_deref(), Some("https://icinga.example.test/"));
}

#[test]
fn options_in_any_encoding_are_taken_and_wrong_ones_are_not() {
    let latin1 = OsString::from_vec(b"HOSTOUTPUT=d\xe9mon".to_vec());
    let parsed = Cli::try_parse_from(["notify".into(), "-f".into(), latin1]).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(parsed.notify.fields, [("HOSTOUTPUT".to_owned(), "d\u{fffd}mon".to_owned())]);
    for wrong in
        [vec!["-f", "HOSTNAME"], vec!["-n", "server"], vec!["--flush", "-t", "PROBLEM"], vec!["--timeout", "0"]]
    {
        assert!(Cli::try_parse_from(["notify"].iter().chain(&wrong)).is_err(), "{wrong:?}");
    }
    let defaults = Cli::parse_from(["notify"]).notify;
    assert_eq!((defaults.spool, defaults.timeout), (PathBuf::from("/var/spool/muster"), 10));
}

#[test]
fn a_key_of_one_signal_waits_with_it_and_the_common_key_does_not() {
    let dir = Dir::new();
    let with = |options: &[&str]| args(&dir, nowhere(), &[options, &["-f", "HOSTNAME=a", "-t", "PROBLEM"]].concat());
    call(&with(&["-k", "its-own"]), &[], 0);
    call(&with(&[]), &[], 1);
    assert!(dir.waiting().iter().all(|name| !fs::read_to_string(dir.0.join(name)).unwrap().contains("secret")));
    let (to, requests) = server(&[200]);
    let key_file = dir.0.join("key");
    fs::write(&key_file, "changed\n").unwrap();
    let flush = Notify { key: None, key_file: Some(key_file), ..args(&dir, to, &["--flush"]) };
    assert_eq!(call(&flush, &[], 2).0, Exit::Fine);
    let keys: Vec<_> = requests.try_iter().map(|r| r.authorization).collect();
    assert_eq!(keys, ["Bearer its-own", "Bearer changed"]);
}

#[test]
fn calls_at_the_same_time_send_each_signal_once() {
    let (dir, (to, requests)) = (Dir::new(), server(&[200]));
    for n in 0..20 {
        call(&problem(&dir, nowhere(), &format!("before-{n}")), &[], n);
    }
    thread::scope(|scope| {
        for n in 0..8 {
            let dir = &dir;
            scope.spawn(move || assert_eq!(call(&problem(dir, to, &format!("now-{n}")), &[], 100 + n).0, Exit::Fine));
        }
    });
    let mut hosts: Vec<_> = requests.try_iter().map(|r| r.signal.host).collect();
    assert_eq!(hosts.len(), 28, "{hosts:?}");
    hosts.sort();
    hosts.dedup();
    assert_eq!(hosts.len(), 28);
    assert_eq!(dir.waiting(), [""; 0]);
}

#[test]
fn a_file_that_is_no_signal_is_put_away() {
    let (dir, (to, requests)) = (Dir::new(), server(&[200]));
    fs::create_dir(&dir.0).unwrap();
    fs::write(dir.0.join("0-broken.json"), "{").unwrap();
    fs::write(dir.0.join(".half-written.json"), "{").unwrap();
    let (exit, said) = call(&problem(&dir, to, "a"), &[], 0);
    assert!(exit == Exit::Refused && said.contains("not a kept signal"), "{said}");
    assert_eq!(requests.try_iter().count(), 1);
    assert!(dir.0.join("rejected/0-broken.json").exists());
}

#[test]
fn what_cannot_be_read_holds_back_nothing_and_is_told() {
    let dir = Dir::new();
    call(&problem(&dir, nowhere(), "a"), &[], 0);
    // Neither a file nor a lock; a file of another user's is as unreadable.
    fs::create_dir(dir.0.join("0-foreign.json")).unwrap();
    fs::remove_file(dir.0.join(".lock")).unwrap();
    fs::create_dir(dir.0.join(".lock")).unwrap();
    let (to, requests) = server(&[200]);
    let (exit, said) = call(&problem(&dir, to, "b"), &[], 1);
    assert!(exit == Exit::Refused && said.contains("cannot be read"), "{said}");
    assert_eq!(requests.try_iter().map(|r| r.signal.host).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(call(&problem(&dir, to, "c"), &[], 2), (Exit::Fine, String::new()), "and it is over");

    // What cannot even be put away is passed over.
    fs::remove_dir_all(dir.0.join("rejected")).unwrap();
    fs::write(dir.0.join("rejected"), "").unwrap();
    fs::write(dir.0.join("0-broken.json"), "{").unwrap();
    let (exit, said) = call(&problem(&dir, to, "d"), &[], 3);
    assert!(exit == Exit::Refused && said.contains("passed over 0-broken.json"), "{said}");
    assert_eq!(requests.try_iter().map(|r| r.signal.host).collect::<Vec<_>>(), ["c", "d"]);
    assert_eq!(dir.waiting(), ["0-broken.json"]);
}

#[test]
fn past_a_spool_that_nothing_can_be_sent_from_ones_own_is_sent() {
    let dir = Dir::new();
    let spool = Spool::at(&dir.0);
    let own = Own::Kept("gone.json".into(), Box::new(kept("a", Status::Firing)));
    let deliver_own = |statuses: &[u16]| {
        let (to, requests) = server(statuses);
        let sender = sender(&args(&dir, to, &[])).unwrap();
        let mut said = String::new();
        let exit = deliver(&spool, &own, &sender, at_ms(NOW_MS), &mut |line: &str| said.push_str(line));
        (exit, requests.try_iter().count(), said)
    };
    let (exit, sent, said) = deliver_own(&[200]);
    assert!(exit == Exit::Fine && sent == 1 && said.contains("sent past it"), "{said}");
    let (exit, sent, said) = deliver_own(&[503]);
    assert!(exit == Exit::Lost && sent == 1 && said.contains("NOT SENT: a"), "{said}");
    assert_eq!(deliver_own(&[422]).0, Exit::Refused);
}

#[test]
fn what_a_full_spool_did_not_take_is_kept_once_there_is_room_whatever_ended_the_sending() {
    let dir = Dir::new();
    let spool = Spool::bounded(&dir.0, 2, 1_000_000);
    for (second, host) in [(0, "a"), (1, "b")] {
        spool.keep(&kept(host, Status::Firing), at_ms(NOW_MS + second)).unwrap();
    }
    let (to, _requests) = server(&[200, 200, 503]);
    let own = Own::Unkept(Box::new(kept("c", Status::Firing)));
    let sender = sender(&args(&dir, to, &[])).unwrap();
    assert_eq!(deliver(&spool, &own, &sender, at_ms(NOW_MS + 2), &mut |_: &str| ()), Exit::Fine);
    assert_eq!(dir.titles(), ["c"]);
}

fn kept(host: &str, status: Status) -> Kept {
    let macros = [("HOSTNAME".to_owned(), host.to_owned())].into();
    let signal = nagios::signal(None, None, macros, at_ms(NOW_MS)).unwrap();
    Kept { key: None, signal: Signal { status, ..signal } }
}

#[test]
fn a_full_spool_keeps_the_first_and_the_last_signal_of_each_alert() {
    let dir = Dir::new();
    let spool = Spool::bounded(&dir.0, 4, 1_000_000);
    let keep =
        |host, second: i64| spool.keep(&kept(host, Status::Firing), at_ms(NOW_MS + second)).map(|(_, dropped)| dropped);
    for (second, host) in [(0, "a"), (1, "a"), (2, "b"), (3, "a")] {
        assert_eq!(keep(host, second).unwrap(), 0);
    }
    let seconds = || -> Vec<i64> {
        let ns = |name: String| name.split('-').next().unwrap().parse::<i64>().unwrap();
        spool.waiting().unwrap().into_iter().map(|name| ns(name) / 1_000_000 - NOW_MS).collect()
    };
    assert_eq!(keep("b", 4).unwrap(), 1);
    assert_eq!(seconds(), [0, 2, 3, 4], "the middle one of a is gone");
    assert_eq!(keep("b", 5).unwrap(), 1);
    assert_eq!(seconds(), [0, 2, 3, 5], "and what was the last of b");
    let full = keep("c", 6).unwrap_err();
    assert_eq!(full.to_string(), "it is full, and only the first and the last signal of each alert are left");
    assert_eq!(keep("a", 7).unwrap(), 1);
    assert_eq!(seconds(), [0, 2, 5, 7]);

    let size = fs::metadata(dir.0.join(&spool.waiting().unwrap()[0])).unwrap().len();
    let narrow = Spool::bounded(&dir.0, 100, 4 * size + 10);
    assert!(matches!(narrow.keep(&kept("c", Status::Firing), at_ms(NOW_MS + 8)), Err(spool::NotKept::Full)));
    assert_eq!(narrow.keep(&kept("a", Status::Firing), at_ms(NOW_MS + 8)).unwrap().1, 1);
}

#[test]
fn a_full_spool_takes_a_signal_once_sending_has_made_room() {
    let dir = Dir::new();
    let spool = Spool::bounded(&dir.0, 2, 1_000_000);
    for (second, host) in [(0, "a"), (1, "b")] {
        spool.keep(&kept(host, Status::Firing), at_ms(NOW_MS + second)).unwrap();
    }
    let deliver_c = |statuses: &[u16]| {
        let (to, _requests) = server(statuses);
        let sender = sender(&args(&dir, to, &[])).unwrap();
        let mut said = String::new();
        let own = Own::Unkept(Box::new(kept("c", Status::Firing)));
        let exit = deliver(&spool, &own, &sender, at_ms(NOW_MS + 2), &mut |line: &str| said.push_str(line));
        (exit, said, dir.titles())
    };
    let (exit, said, waiting) = deliver_c(&[503]);
    assert!(exit == Exit::Lost && said.ends_with("LOST: c"), "{said}");
    assert_eq!(waiting, ["a", "b"]);
    let (exit, said, waiting) = deliver_c(&[200, 503]);
    assert!(exit == Exit::Fine && said.contains("it is kept in"), "{said}");
    assert_eq!(waiting, ["b", "c"]);
    let (exit, said, waiting) = deliver_c(&[200]);
    assert_eq!((exit, said, waiting), (Exit::Fine, String::new(), vec![]));
}

#[test]
fn rejected_signals_are_bounded_as_well() {
    let dir = Dir::new();
    let spool = Spool::bounded(&dir.0, 3, 1_000_000);
    for second in 0..5 {
        let (name, _) = spool.keep(&kept("a", Status::Firing), at_ms(NOW_MS + second)).unwrap();
        spool.reject(&name, "no").unwrap();
    }
    assert_eq!(fs::read_dir(dir.0.join("rejected")).unwrap().count(), 6, "three signals and their answers");
}

#[test]
fn signals_of_the_same_instant_stand_beside_each_other() {
    let dir = Dir::new();
    let spool = Spool::at(&dir.0);
    for _ in 0..3 {
        spool.keep(&kept("a", Status::Firing), at_ms(NOW_MS)).unwrap();
    }
    assert_eq!(dir.waiting().len(), 3);
}

proptest! {
    #[test]
    fn the_first_and_the_last_of_each_alert_never_make_room(alerts in prop::collection::vec(0..4usize, 0..30), new in 0..4usize) {
        let names: Vec<_> = alerts.iter().enumerate().map(|(at, alert)| format!("{at:019}-0000001-{alert}.json")).collect();
        let spare = spool::between(&names, &new.to_string());
        prop_assert!(spare.is_sorted(), "the oldest goes first");
        for alert in 0..4 {
            let its: Vec<_> = names.iter().zip(&alerts).filter(|(_, a)| **a == alert).map(|(name, _)| name).collect();
            let stay = usize::from(alert != new); // of the new one's alert, what was the last no longer is
            let may_go = its.get(1..its.len().saturating_sub(stay)).unwrap_or_default();
            prop_assert!(its.iter().all(|name| spare.contains(name) == may_go.contains(name)));
        }
    }
}
