use super::*;
use muster_core::alert::{KEY_MAX, LABELS_MAX, NAME_MAX, TITLE_MAX};
use muster_core::at_ms;
use proptest::prelude::*;

fn t(text: &str) -> Time {
    text.parse().unwrap()
}

const NOW: &str = "2026-11-22T11:41:40Z";

fn read(format: Format, body: impl AsRef<[u8]>) -> Vec<Signal> {
    parse(format, body.as_ref(), Some("application/json"), t(NOW))
}

fn one(format: Format, body: impl AsRef<[u8]>) -> Signal {
    let mut signals = read(format, body);
    assert_eq!(signals.len(), 1, "{signals:#?}");
    signals.remove(0)
}

/// The body of a captured request.
fn body(capture: &[u8]) -> &[u8] {
    let end = capture.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
    &capture[end + 4..]
}

macro_rules! capture {
    ($name:literal) => {
        include_bytes!(concat!("../../tests/captures/", $name)).as_slice()
    };
}

fn labels(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// What the captured alert for the instance on `port` says while it fires.
fn instance_down(key: &str, port: &str, happened_at: &str) -> Signal {
    Signal {
        key: key.into(),
        status: Status::Firing,
        title: format!("127.0.0.1:{port} of web is down"),
        host: format!("127.0.0.1:{port}"),
        service: "InstanceDown".into(),
        detail: "value 0 é".into(),
        labels: labels(&[
            ("alertname", "InstanceDown"),
            ("cluster", "lab"),
            ("instance", &format!("127.0.0.1:{port}")),
            ("job", "web"),
            ("runbook_url", "https://runbooks.example.test/InstanceDown"),
            ("severity", "critical"),
            ("team", "storage"),
        ]),
        condition: Condition::Down,
        happened_at: Some(t(happened_at)),
        ends_at: None,
        link: Some("https://runbooks.example.test/InstanceDown".into()),
    }
}

// proves: DIS-1 sources: Prometheus Alertmanager
#[test]
fn alertmanagers_webhook_is_read_as_captured() {
    let firing = read(Format::Alertmanager, body(capture!("prometheus/webhook-v4-firing-1.raw")));
    let began = "2026-11-22T11:40:07.3Z";
    let expected = [instance_down("d48088f24c3be6c5", "9997", began), instance_down("85b742df05ada1c8", "9998", began)];
    assert_eq!(firing, expected);
    let resolved = read(Format::Alertmanager, body(capture!("prometheus/webhook-v4-resolved.raw")));
    let ended = Some(t("2026-11-22T11:40:12.3Z"));
    let over = |signal: Signal| Signal { status: Status::Resolved, happened_at: ended, ..signal };
    assert_eq!(resolved, expected.map(over));
}

#[test]
fn alertmanagers_alerts_count_by_their_own_status_and_one_bad_one_stops_no_other() {
    let signals = read(
        Format::Alertmanager,
        r#"{"status": "firing", "version": "4", "new_field": [1], "alerts": [
            {"status": "resolved", "labels": {"alertname": "A"}, "fingerprint": "1", "endsAt": "2026-11-22T11:00:00Z"},
            {"status": "firing", "labels": {"alertname": "B", "severity": "warning"}, "fingerprint": "2"},
            {"status": "suppressed", "labels": {"alertname": "C"}, "fingerprint": "3"},
            "what?",
            {"status": "firing", "labels": {"alertname": "D"}, "annotations": null}]}"#,
    );
    let seen: Vec<_> = signals.iter().map(|s| (s.title.as_str(), s.status, s.condition)).collect();
    assert_eq!(
        seen,
        [
            ("A", Status::Resolved, Condition::Degraded),
            ("B", Status::Firing, Condition::Degraded),
            ("D", Status::Firing, Condition::Degraded),
            ("Unparsed event from Alertmanager", Status::Firing, Condition::Degraded),
        ]
    );
    assert!(signals[2].key.starts_with("sha256:"), "without a fingerprint the labels tell alerts apart");
    let why =
        "It can't be read: 2 of 5 alerts can't be read; the first because an alert's \"status\" is neither firing";
    assert!(signals[3].detail.starts_with(why), "{}", signals[3].detail);
}

#[test]
fn a_senders_severity_suggests_a_condition() {
    for (severity, expected) in [
        ("critical", Condition::Down),
        ("Error", Condition::Down),
        ("page", Condition::Down),
        ("emergency", Condition::Down),
        ("warning", Condition::Degraded),
        ("minor", Condition::Degraded),
        ("info", Condition::Information),
        ("none", Condition::Information),
        ("predicted", Condition::Predicted),
        ("prediction", Condition::Predicted),
        ("sev2", Condition::Degraded),
        ("", Condition::Degraded),
        ("ok", Condition::Degraded),
    ] {
        let alert =
            serde_json::json!({"alerts": [{"status": "firing", "labels": {"alertname": "A", "severity": severity}}]});
        assert_eq!(one(Format::Alertmanager, alert.to_string()).condition, expected, "{severity}");
        let alert = serde_json::json!({"title": "A", "status": "firing", "severity": severity});
        assert_eq!(one(Format::Generic, alert.to_string()).condition, expected, "{severity}");
    }
}

#[test]
fn what_prometheus_itself_posts_is_read_as_captured() {
    let posted = body(capture!("prometheus/direct-api-v2-alerts-firing.raw"));
    let firing = read(Format::Prometheus, posted);
    let began = "2026-11-22T11:41:36.3Z";
    let ends_at = Some(t("2026-11-22T11:41:48.3Z"));
    let expected = ["9997", "9998"].map(|port| Signal { ends_at, ..instance_down("", port, began) });
    let keys: Vec<_> = firing.iter().map(|s| s.key.clone()).collect();
    let keyless: Vec<_> = firing.into_iter().map(|s| Signal { key: String::new(), ..s }).collect();
    assert_eq!(keyless, expected);
    assert_ne!(keys[0], keys[1]);

    let resolved = read(Format::Prometheus, body(capture!("prometheus/direct-api-v2-alerts-resolved.raw")));
    assert_eq!(resolved.iter().map(|s| s.key.clone()).collect::<Vec<_>>(), keys, "the same key when it resolves");
    assert!(resolved.iter().all(|s| s.status == Status::Resolved && s.ends_at.is_none()));
    assert_eq!(resolved[0].happened_at, Some(t("2026-11-22T11:41:39.3Z")));

    // The very same bytes, received after their endsAt, say that it is over.
    let late = parse(Format::Prometheus, posted, None, t("2026-11-22T11:41:48.3Z"));
    assert!(late.iter().all(|s| s.status == Status::Resolved));
}

#[test]
fn prometheus_alerts_without_an_end_last_alertmanagers_usual_time() {
    for ends in ["", r#", "endsAt": "0001-01-01T00:00:00Z""#, r#", "endsAt": null"#] {
        let signal = one(Format::Prometheus, format!(r#"[{{"labels": {{"alertname": "A"}}{ends}}}]"#));
        assert_eq!((signal.status, signal.ends_at), (Status::Firing, Some(t("2026-11-22T11:46:40Z"))));
    }
    assert_eq!(read(Format::Prometheus, "[]"), []);
    let key = |labels: &str| one(Format::Prometheus, format!(r#"[{{"labels": {labels}}}]"#)).key;
    assert_eq!(
        key(r#"{"a": "1", "b": "2"}"#),
        key(r#"{"b": "2", "a": "1", "c": ""}"#),
        "order and empty labels don't count"
    );
    assert_ne!(key(r#"{"a": "1", "b": "2"}"#), key(r#"{"a": "1b", "": "2"}"#));
}

// proves: DIS-1 sources: any JSON
#[test]
fn the_generic_format_takes_every_field() {
    let signal = one(
        Format::Generic,
        r#"{"key": "k", "status": "firing", "condition": "predicted", "title": "T", "host": "h", "service": "s",
            "detail": "d\nd", "happened_at": "2026-11-22T12:00:00+01:00", "ends_at": 1795348000, "link": "https://x.test/",
            "labels": {"team": "storage", "n": 1}, "rack": 7, "spare": true, "nested": {"a": 1}, "team": "other", "none": null}"#,
    );
    let expected = Signal {
        key: "k".into(),
        status: Status::Firing,
        title: "T".into(),
        host: "h".into(),
        service: "s".into(),
        detail: "d\nd".into(),
        labels: labels(&[("n", "1"), ("rack", "7"), ("spare", "true"), ("team", "storage")]),
        condition: Condition::Predicted,
        happened_at: Some(t("2026-11-22T11:00:00Z")),
        ends_at: Some(t("2026-11-22T11:46:40Z")),
        link: Some("https://x.test/".into()),
    };
    assert_eq!(signal, expected);
    // What Muster writes itself, it reads again.
    assert_eq!(one(Format::Generic, serde_json::to_vec(&expected).unwrap()), expected);
}

#[test]
fn the_generic_format_understands_what_people_would_write() {
    let cases = [
        // (event, key, title, status, condition)
        (r#"{"title": "T"}"#, "T", "T", Status::Firing, Condition::Degraded),
        (r#"{"host": "h"}"#, "h", "h", Status::Firing, Condition::Degraded),
        (r#"{"host": "h", "service": "s"}"#, "h;s", "s on h", Status::Firing, Condition::Degraded),
        (r#"{"key": 7, "status": "CRITICAL"}"#, "7", "7", Status::Firing, Condition::Down),
        (r#"{"key": "k", "status": "ok"}"#, "k", "k", Status::Resolved, Condition::Information),
        (r#"{"key": "k", "status": "Recovery", "severity": "critical"}"#, "k", "k", Status::Resolved, Condition::Down),
        (r#"{"key": "k", "status": "problem", "severity": "warning"}"#, "k", "k", Status::Firing, Condition::Degraded),
        (r#"{"key": "k", "severity": "cleared"}"#, "k", "k", Status::Resolved, Condition::Information),
        (r#"{"key": "k", "status": "weird"}"#, "k", "k", Status::Firing, Condition::Degraded),
        (r#"{"key": "k", "status": "warning", "condition": "down"}"#, "k", "k", Status::Firing, Condition::Down),
        (
            r#"{"summary": " S ", "description": "D", "url": "http://x"}"#,
            " S ",
            "S",
            Status::Firing,
            Condition::Degraded,
        ),
    ];
    for (event, key, title, status, condition) in cases {
        let signal = one(Format::Generic, event);
        let seen = (signal.key.as_str(), signal.title.as_str(), signal.status, signal.condition);
        assert_eq!(seen, (key, title, status, condition), "{event}");
    }
    let odd = one(Format::Generic, r#"{"key": "k", "status": "weird", "happened_at": "yesterday"}"#);
    assert_eq!(
        odd.labels,
        labels(&[("happened_at", "yesterday"), ("status", "weird")]),
        "nothing that was said is lost"
    );
    assert_eq!(read(Format::Generic, r#"[{"key": "a"}, {"key": "b"}]"#).len(), 2);
}

#[test]
fn a_form_says_the_same_as_json() {
    let form = "title=Mail+is+slow&host=mx1&severity=warning&detail=20%C2%A0s%0Aagain&rack=7&happened_at=1795347551";
    let posted = |body: &str, content_type| parse(Format::Generic, body.as_bytes(), content_type, t(NOW));
    let content_type = Some("application/x-www-form-urlencoded; charset=utf-8");
    let signals = posted(form, content_type);
    assert_eq!(signals.len(), 1);
    assert_eq!(signals[0].title, "Mail is slow");
    assert_eq!(signals[0].detail, "20\u{a0}s\nagain");
    assert_eq!(signals[0].labels, labels(&[("rack", "7")]));
    assert_eq!(signals[0].happened_at, Some(t("2026-11-22T11:39:11Z")));
    assert_eq!(posted(r#" {"title": "curl -d"}"#, content_type)[0].title, "curl -d");
    assert_eq!(posted(form, None)[0].title, "Unparsed event from a generic sender");
    assert_eq!(posted("", content_type)[0].key, "unparsed:generic");
}

#[test]
fn times_are_read_as_senders_write_them() {
    for (written, expected) in [
        ("1795347551", Some("2026-11-22T11:39:11Z")),
        ("1795347551123", Some("2026-11-22T11:39:11.123Z")),
        ("1795347551.123", Some("2026-11-22T11:39:11.123Z")),
        (r#""1795347551""#, Some("2026-11-22T11:39:11Z")),
        (r#"" 2026-11-22T11:39:11.1239Z ""#, Some("2026-11-22T11:39:11.123Z")),
        (r#""2026-11-22 12:39:11+01:00""#, Some("2026-11-22T11:39:11Z")),
        (r#""2026-11-22T11:39:11""#, None), // whose clock?
        (r#""0001-01-01T00:00:00Z""#, None),
        ("0", None),
        ("-5", None),
        ("1e300", None),
        (r#""NaN""#, None),
        (r#""""#, None),
        ("true", None),
        (r#""2026-11-22T11:59:00Z""#, Some(NOW)), // a clock ahead of ours
    ] {
        let signal = one(Format::Generic, format!(r#"{{"key": "k", "happened_at": {written}}}"#));
        assert_eq!(signal.happened_at, expected.map(t), "{written}");
    }
}

#[test]
fn what_cannot_be_read_opens_an_alert_that_shows_it() {
    let deep = "[".repeat(10_000);
    let cases: [(Format, &[u8], &str); 8] = [
        (Format::Alertmanager, b"<html>\0oops", "it is not JSON: expected value at line 1 column 1"),
        (Format::Alertmanager, b"[]", "it is not a JSON object"),
        (Format::Alertmanager, b"{}", "it has no list called \"alerts\""),
        (Format::Prometheus, b"{}", "it is not a JSON list of alerts"),
        (Format::Prometheus, b"[{}]", "an alert has no \"labels\""),
        (Format::Generic, b"{}", "an event has neither \"key\" nor \"title\" nor \"host\" nor \"service\""),
        (Format::Generic, b" \n", "the body is empty"),
        (Format::Generic, deep.as_bytes(), "it is not JSON: recursion limit exceeded"),
    ];
    for (format, body, why) in cases {
        let signal = one(format, body);
        assert_eq!(signal.title, format!("Unparsed event from {}", format.sender()));
        assert_eq!(signal.key, format!("unparsed:{}", format.word()));
        assert_eq!((signal.status, signal.condition), (Status::Firing, Condition::Degraded));
        assert!(signal.detail.starts_with(&format!("It can't be read: {why}")), "{}", signal.detail);
    }
    let shown = one(Format::Alertmanager, b"<html>\0oops\xff").detail;
    assert!(shown.ends_with("It begins: <html>\u{fffd}oops\u{fffd}"), "{shown}");
    assert_eq!(one(Format::Generic, b"{\"title\": \"\xff\"}").key, "unparsed:generic", "text that is not UTF-8");
    assert_eq!(one(Format::Generic, b"\xef\xbb\xbf{\"title\": \"BOM\"}").title, "BOM");
}

#[test]
fn a_payload_of_too_many_alerts_says_so() {
    let body = format!("[{}{{\"key\": \"last\"}}]", "{\"key\": \"k\"},".repeat(EVENTS_MAX));
    let signals = read(Format::Generic, body);
    assert_eq!(signals.len(), EVENTS_MAX + 1);
    let why = "It can't be read: 1 of 10001 alerts can't be read; the first because more than 10000 came at once";
    assert!(signals[EVENTS_MAX].detail.starts_with(why), "{}", signals[EVENTS_MAX].detail);
}

#[test]
fn text_is_cut_to_its_limits_and_keys_stay_distinct() {
    let long = |c: &str, n: usize| c.repeat(n);
    let event = serde_json::json!({
        "key": long("k", KEY_MAX) + "1", "title": format!("é\n{}", long("é", TITLE_MAX)), "host": long("h", 300),
        "detail": long("\u{1f4a5}", DETAIL_MAX + 1), "service": "a\0b\tc", "note": "nul \0",
        "link": "javascript:alert(1)",
    });
    let signal = one(Format::Generic, event.to_string());
    assert!(signal.key.starts_with("sha256:") && signal.key.len() == 71, "{}", signal.key);
    let other = serde_json::json!({"key": long("k", KEY_MAX) + "2"});
    assert_ne!(one(Format::Generic, other.to_string()).key, signal.key);
    assert_eq!(signal.title, format!("é {}…", long("é", TITLE_MAX - 3)));
    assert_eq!(signal.host.chars().count(), NAME_MAX);
    assert_eq!(signal.detail.chars().count(), DETAIL_MAX);
    assert_eq!(signal.service, "ab c");
    assert_eq!(signal.labels["note"], "nul \u{fffd}");
    assert_eq!(signal.link, None, "a script is no link");
    for (link, kept) in
        [("HTTPS://x.test/a?b=%20", true), ("http://x y", false), ("//x", false), ("é", false), ("ftp://x", false)]
    {
        let signal = one(Format::Generic, serde_json::json!({"key": "k", "link": link}).to_string());
        assert_eq!(signal.link.is_some(), kept, "{link}");
    }
    let many: Value = (0..100).map(|n| (format!("l{n}"), Value::from(n))).collect();
    assert_eq!(
        one(Format::Generic, serde_json::json!({"key": "k", "labels": many}).to_string()).labels.len(),
        LABELS_MAX
    );
}

fn assert_within_limits(signal: &Signal) {
    let chars = |text: &str| text.chars().count();
    assert!(!signal.key.is_empty() && signal.key.len() <= KEY_MAX);
    assert!(!signal.title.is_empty() && chars(&signal.title) <= TITLE_MAX);
    assert!(chars(&signal.host) <= NAME_MAX && chars(&signal.service) <= NAME_MAX);
    assert!(chars(&signal.detail) <= DETAIL_MAX);
    assert!(signal.labels.len() <= LABELS_MAX);
    for (name, value) in &signal.labels {
        assert!(!name.is_empty() && chars(name) <= NAME_MAX && chars(value) <= limits::VALUE_MAX);
    }
    assert!(signal.link.as_ref().is_none_or(|l| chars(l) <= limits::LINK_MAX && l.to_lowercase().starts_with("http")));
    assert!(signal.happened_at.is_none_or(|at| at <= t(NOW) && muster_core::whole_ms(at) == at));
    let texts = [&signal.key, &signal.title, &signal.host, &signal.service, &signal.detail];
    let labels = signal.labels.iter().flat_map(|(name, value)| [name, value]);
    assert!(texts.into_iter().chain(labels).chain(&signal.link).all(|text| !text.contains('\0')), "{signal:?}");
}

/// JSON of the words that the formats know, and of others.
fn some_json() -> impl Strategy<Value = Value> {
    let word = prop::sample::select(
        &[
            "key",
            "status",
            "title",
            "host",
            "service",
            "labels",
            "alerts",
            "endsAt",
            "startsAt",
            "annotations",
            "severity",
            "firing",
            "resolved",
            "link",
            "https://x",
            "happened_at",
            "2026-11-22T11:39:11Z",
            "",
            "\0",
            "\n",
        ][..],
    );
    let text = prop_oneof![word.prop_map(str::to_owned), ".{0,20}", "[a-zé]{500,600}"];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 64, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((text.clone(), inner), 0..8).prop_map(|fields| fields.into_iter().collect::<Value>()),
        ]
    })
}

fn some_format() -> impl Strategy<Value = Format> {
    prop::sample::select(&Format::ALL[..])
}

proptest! {
    #[test]
    fn any_bytes_give_signals_within_the_limits(format in some_format(), body: Vec<u8>, form: bool) {
        let content_type = form.then_some("application/x-www-form-urlencoded");
        parse(format, &body, content_type, t(NOW)).iter().for_each(assert_within_limits);
    }

    #[test]
    fn any_json_gives_signals_within_the_limits(format in some_format(), json in some_json()) {
        read(format, json.to_string()).iter().for_each(assert_within_limits);
        let alerts = serde_json::json!({"alerts": [json]});
        read(format, alerts.to_string()).iter().for_each(assert_within_limits);
    }

    #[test]
    fn what_muster_writes_it_reads_again(json in some_json()) {
        for signal in read(Format::Generic, json.to_string()) {
            let again = parse(Format::Generic, &serde_json::to_vec(&signal).unwrap(), None, t(NOW));
            prop_assert_eq!(again, vec![signal]);
        }
    }

    #[test]
    fn milliseconds_survive_as_numbers(ms in 100_000_000_000i64..1_795_347_000_000) {
        prop_assert_eq!(words::time(&Value::from(ms)), Some(at_ms(ms)));
        let seconds = format!("{}.{:03}", ms / 1_000, ms % 1_000);
        prop_assert_eq!(words::time(&Value::from(seconds)), Some(at_ms(ms)));
        prop_assert_eq!(words::time(&Value::from(at_ms(ms).to_string())), Some(at_ms(ms)));
    }
}
