use super::*;
use crate::intake::{Format, parse};

const NOW: &str = "2026-11-22T23:00:00Z";

fn t(text: &str) -> Time {
    text.parse().unwrap()
}

fn pairs(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// What arrives at the intake: the environment of a captured call, made a signal, sent and read again.
fn sent(environment: &str) -> Signal {
    let variables = environment.lines().filter_map(|line| line.split_once('='));
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    arrived(&signal(None, None, from_environment(&variables).unwrap(), t(NOW)).unwrap())
}

fn arrived(signal: &Signal) -> Signal {
    let body = serde_json::to_vec(signal).unwrap();
    let mut signals = parse(Format::Generic, &body, None, t(NOW));
    assert_eq!(signals.len(), 1);
    signals.remove(0)
}

macro_rules! environment {
    ($name:literal) => {
        include_str!(concat!("../../../tests/captures/nagios/env-", $name, ".txt"))
    };
}

fn disk_is_critical() -> Signal {
    Signal {
        key: "db1;Disk space /var".into(),
        status: Status::Firing,
        title: "Disk space /var on db1 is CRITICAL".into(),
        host: "db1".into(),
        service: "Disk space /var".into(),
        detail: "DISK CRITICAL - free space: /var 512 MB (1% inode=97%) \"quoted\" `x` $HOME é\n\
                 long line 2: second line of long output\nlong line 3"
            .into(),
        labels: pairs(&[
            ("_hostrunbook", "https://runbooks.example.test/db1"),
            ("_serviceteam", "storage"),
            ("hostaddress", "127.0.0.1"),
            ("hostalias", "Database one"),
            ("hostattempt", "1"),
            ("hostdisplayname", "db1"),
            ("hostnotesurl", "https://wiki.example.test/db1"),
            ("hostoutput", "PING OK"),
            ("hostproblemid", "0"),
            ("hoststate", "UP"),
            ("hoststatetype", "HARD"),
            ("lasthoststate", "DOWN"),
            ("lasthoststatechange", "1795347527"),
            ("lastservicestate", "OK"),
            ("lastservicestatechange", "1795347551"),
            ("notificationtype", "PROBLEM"),
            ("serviceattempt", "1"),
            ("servicedisplayname", "Disk space /var"),
            ("serviceproblemid", "3"),
            ("servicestate", "CRITICAL"),
            ("servicestatetype", "HARD"),
        ]),
        condition: Condition::Down,
        happened_at: Some(t("2026-11-22T11:39:11Z")),
        ends_at: None,
        link: Some("https://graphs.example.test/db1/disk".into()),
    }
}

// proves: DIS-1 sources: event management (Nagios and its family)
#[test]
fn a_problem_of_a_service_is_read_from_the_environment_as_captured() {
    assert_eq!(sent(environment!("service-PROBLEM-CRITICAL")), disk_is_critical());
}

#[test]
fn every_captured_notification_says_what_it_means() {
    let service = "db1;Disk space /var";
    let title = "Disk space /var on db1 is CRITICAL";
    let cases = [
        (
            environment!("service-PROBLEM-CRITICAL"),
            service.to_owned(),
            title.to_owned(),
            Status::Firing,
            Condition::Down,
        ),
        (
            environment!("service-RECOVERY-OK"),
            service.to_owned(),
            "Disk space /var on db1 is OK".to_owned(),
            Status::Resolved,
            Condition::Information,
        ),
        (
            environment!("service-ACKNOWLEDGEMENT-CRITICAL"),
            format!("acknowledgement:{service}"),
            format!("Acknowledged: {title}"),
            Status::Firing,
            Condition::Information,
        ),
        (
            environment!("service-CUSTOM-CRITICAL"),
            format!("comment:{service}"),
            format!("Comment: {title}"),
            Status::Firing,
            Condition::Information,
        ),
        (
            environment!("service-DOWNTIMESTART-CRITICAL"),
            format!("downtime:{service}"),
            format!("Downtime began: {title}"),
            Status::Firing,
            Condition::Information,
        ),
        (
            environment!("service-DOWNTIMEEND-CRITICAL"),
            format!("downtime:{service}"),
            format!("Downtime ended: {title}"),
            Status::Resolved,
            Condition::Information,
        ),
        (
            environment!("host-PROBLEM-DOWN"),
            "db1".to_owned(),
            "db1 is DOWN".to_owned(),
            Status::Firing,
            Condition::Down,
        ),
        (
            environment!("host-RECOVERY-UP"),
            "db1".to_owned(),
            "db1 is UP".to_owned(),
            Status::Resolved,
            Condition::Information,
        ),
    ];
    for (environment, key, title, status, condition) in cases {
        let signal = sent(environment);
        assert_eq!((signal.key, signal.title, signal.status, signal.condition), (key, title, status, condition));
    }
}

#[test]
fn what_people_said_comes_first_and_is_over_at_once() {
    let acknowledged = sent(environment!("service-ACKNOWLEDGEMENT-CRITICAL"));
    assert!(acknowledged.detail.starts_with("alice: working on it\nDISK CRITICAL - "), "{}", acknowledged.detail);
    assert_eq!(acknowledged.ends_at, acknowledged.happened_at);
    assert_eq!(acknowledged.happened_at, Some(t("2026-11-22T11:39:14Z")));
    assert_eq!(sent(environment!("service-DOWNTIMESTART-CRITICAL")).ends_at, None);
}

#[test]
fn a_host_has_its_own_output_and_link() {
    let down = sent(environment!("host-PROBLEM-DOWN"));
    assert_eq!(down.detail, "PING CRITICAL - Packet loss = 100%");
    assert_eq!((down.host.as_str(), down.service.as_str()), ("db1", ""));
    assert_eq!(down.link.as_deref(), Some("https://wiki.example.test/db1"));
    assert_eq!(down.happened_at, Some(t("2026-11-22T11:39:28Z")));
}

#[test]
fn the_same_macros_without_prefix_give_the_same_signal() {
    let raw = include_str!("../../../tests/captures/nagios/post-001.raw");
    let (_, body) = raw.split_once("\r\n\r\n").unwrap();
    let macros: BTreeMap<String, String> = serde_json::from_str(body).unwrap();
    assert_eq!(arrived(&signal(None, None, from_environment(&macros).unwrap(), t(NOW)).unwrap()), disk_is_critical());
}

#[test]
fn icinga_2_is_read_from_the_environment_as_captured() {
    let slow = sent(include_str!("../../../tests/captures/icinga2/env-service-PROBLEM-WARNING.txt"));
    let expected = Signal {
        key: "mx1;smtp".into(),
        status: Status::Firing,
        title: "smtp on mx1 is WARNING".into(),
        host: "mx1".into(),
        service: "smtp".into(),
        detail: "SMTP WARNING - 4.2 s \"quoted\" `x` $HOME é".into(),
        labels: pairs(&[
            ("hostaddress", "127.0.0.1"),
            ("hostdisplayname", "mx1"),
            ("hostoutput", "PING OK"),
            ("hoststate", "UP"),
            ("notificationtype", "PROBLEM"),
            ("servicedisplayname", "smtp"),
            ("servicestate", "WARNING"),
        ]),
        condition: Condition::Degraded,
        happened_at: Some(t("2026-11-22T22:34:33Z")),
        ends_at: None,
        link: None,
    };
    assert_eq!(slow, expected);
}

#[test]
fn the_environments_of_the_family_are_told_apart() {
    let icinga2 = pairs(&[
        ("NOTIFICATIONTYPE", "PROBLEM"),
        ("HOSTNAME", "mx1"),
        ("SERVICENAME", "smtp"),
        ("SERVICESTATE", "WARNING"),
        ("SERVICEOUTPUT", "slow C:\\new\nsecond line"),
        ("NOTIFICATIONAUTHORNAME", ""),
        ("LONGDATETIME", "2026-11-22 11:39:11 +0000"),
        ("PATH", "/usr/bin"),
    ]);
    let from = |variables| signal(None, None, from_environment(&variables)?, t(NOW));
    let slow = from(icinga2.clone()).unwrap();
    assert_eq!((slow.key.as_str(), slow.title.as_str()), ("mx1;smtp", "smtp on mx1 is WARNING"));
    assert_eq!((slow.condition, slow.detail.as_str()), (Condition::Degraded, "slow C:\\new\nsecond line"));
    assert_eq!(slow.labels, pairs(&[("notificationtype", "PROBLEM"), ("servicestate", "WARNING")]));

    let checkmk = pairs(&[
        ("NOTIFY_NOTIFICATIONTYPE", "RECOVERY"),
        ("NOTIFY_WHAT", "HOST"),
        ("NOTIFY_HOSTNAME", "mx1"),
        ("NOTIFY_HOSTSTATE", "UP"),
        ("NOTIFY_SERVICEDESC", "$SERVICEDESC$"),
        ("HOSTNAME", "the-monitor-itself"),
    ]);
    let up = from(checkmk).unwrap();
    assert_eq!((up.key.as_str(), up.status), ("mx1", Status::Resolved));
    assert_eq!(from(pairs(&[("HOSTNAME", "a-shell"), ("PATH", "/bin")])), Err(NotANotification::NoMacros));
}

#[test]
fn types_and_states_of_every_kind_are_understood() {
    let tell = |kind, state| {
        let macros = pairs(&[("HOSTNAME", "h"), ("HOSTSTATE", state), ("NOTIFICATIONTYPE", kind)]);
        let signal = signal(Some(About::Host), None, macros, t(NOW)).unwrap();
        (signal.key, signal.status, signal.condition)
    };
    let problem = |status, condition| ("h".to_owned(), status, condition);
    let aspect = |name: &str, status| (format!("{name}:h"), status, Condition::Information);
    for (kind, state, expected) in [
        ("PROBLEM", "UNREACHABLE", problem(Status::Firing, Condition::Down)),
        ("Problem", "Down", problem(Status::Firing, Condition::Down)),
        ("PROBLEM", "UNKNOWN", problem(Status::Firing, Condition::Degraded)),
        ("PROBLEM", "UP", problem(Status::Firing, Condition::Degraded)), // the type decides
        ("RECOVERY", "DOWN", problem(Status::Resolved, Condition::Information)),
        ("FLAPPINGSTART", "DOWN", aspect("flapping", Status::Firing)),
        ("FLAPPINGSTOP", "DOWN", aspect("flapping", Status::Resolved)),
        ("FlappingEnd", "DOWN", aspect("flapping", Status::Resolved)),
        ("FLAPPINGDISABLED", "DOWN", aspect("flapping", Status::Resolved)),
        ("DOWNTIMECANCELLED", "UP", aspect("downtime", Status::Resolved)),
        ("DOWNTIMEREMOVED", "UP", aspect("downtime", Status::Resolved)),
        ("NEWTYPE", "DOWN", problem(Status::Firing, Condition::Down)), // else the state does
        ("NEWTYPE", "UP", problem(Status::Resolved, Condition::Information)),
        ("", "", problem(Status::Firing, Condition::Degraded)),
    ] {
        assert_eq!(tell(kind, state), expected, "{kind} {state}");
    }
}

#[test]
fn fields_given_by_hand_are_kept_as_labels_and_unexpanded_ones_are_not() {
    let fields = pairs(&[
        ("HOSTNAME", "h"),
        ("SERVICEDESC", "s"),
        ("SERVICESTATE", "$SERVICESTATE$"),
        ("SERVICEOUTPUT", "{EVENT.NAME}"),
        ("TEAM", "storage"),
        ("PRICE", "$5 and {brace}"),
    ]);
    let by_hand = signal(Some(About::Service), None, fields.clone(), t(NOW)).unwrap();
    assert_eq!(by_hand.labels, pairs(&[("price", "$5 and {brace}"), ("team", "storage")]));
    assert_eq!((by_hand.title.as_str(), by_hand.detail.as_str()), ("s on h", ""));
    assert_eq!(signal(Some(About::Host), None, fields.clone(), t(NOW)).unwrap().key, "h", "said to be about the host");
    assert_eq!(by_hand.happened_at, Some(t(NOW)), "nothing says when");
    let acknowledged = pairs(&[("HOSTNAME", "h"), ("NOTIFICATIONTYPE", "ACKNOWLEDGEMENT")]);
    let acknowledged = signal(None, Some("mine"), acknowledged, t(NOW)).unwrap();
    assert_eq!(acknowledged.key, "acknowledgement:mine", "not the problem's key");
    let missing = |about, name| signal(Some(about), None, pairs(&[(name, "x")]), t(NOW)).unwrap_err().to_string();
    assert_eq!(missing(About::Host, "SERVICEDESC"), "the notification names no host: give -f HOSTNAME=…");
    assert_eq!(missing(About::Service, "HOSTNAME"), "the notification names no service: give -f SERVICEDESC=…");
}

#[test]
fn escaped_line_ends_are_restored_and_other_backslashes_kept() {
    for (escaped, expected) in [
        (r"a\nb", "a\nb"),
        (r"C:\\new", r"C:\new"),
        (r"\\n", r"\n"),
        (r"C:\temp\", r"C:\temp\"),
        (r"é\né", "é\né"),
        ("", ""),
    ] {
        assert_eq!(unescape(escaped), expected, "{escaped}");
    }
}
