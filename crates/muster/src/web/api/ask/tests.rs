use super::*;
use crate::web::api::dto::acts::{Contact, Declare, GiveAnswer, Note, Restore, SetField, Take};
use muster_core::contact::{MeansKind, Outcome, Proof};
use muster_core::directory::{Organisation, Person};
use muster_core::entry::{Change, Severity};
use muster_core::ids::PersonId;

/// Status, code and field of what was refused.
fn refused<T: DeserializeOwned>(body: &[u8]) -> (u16, &'static str, Option<String>, String) {
    match json::<T>(body) {
        Ok(_) => panic!("{} was taken", String::from_utf8_lossy(body)),
        Err(p) => (p.status.as_u16(), p.code, p.place, p.detail),
    }
}

#[test]
fn what_is_no_json_is_malformed() {
    let deep = format!("{{\"text\":{}1{}}}", "[".repeat(10_000), "]".repeat(10_000));
    for body in
        [&b"{"[..], b"nonsense", b"{\"text\":\"x\"} trailing", b"\xff\xfe", b"{\"text\":\"\xc3\"}", deep.as_bytes()]
    {
        let (status, code, ..) = refused::<Note>(body);
        let short = String::from_utf8_lossy(&body[..body.len().min(40)]);
        assert!(matches!((status, code), (400, "malformed") | (422, "senseless")), "{short}: {status} {code}");
    }
    assert_eq!(refused::<Note>(b"{").0, 400);
    assert_eq!(refused::<Note>(b"{\"text\":\"x\"} trailing").0, 400);
}

#[test]
fn the_field_that_is_wrong_is_named() {
    for (answer, field, word) in [
        (refused::<Note>(b"{}"), "text", "missing"),
        (refused::<Note>(b""), "text", "missing"),
        (refused::<Note>(br#"{"text":"x","sort":"decision"}"#), "sort", "expected one of"),
        (refused::<Note>(br#"{"text":"x","kind":"decison"}"#), "kind", "`decision`"),
        (refused::<Note>(br#"{"text":7}"#), "text", "expected a string"),
        (
            refused::<Note>(br#"{"text":"x","happened_at":"yesterday"}"#),
            "happened_at",
            "write it like 2026-11-17T10:00:00Z",
        ),
        (refused::<Declare>(br#"{"title":"x","severity":5}"#), "severity", "1 critical, 2 major"),
        (refused::<Declare>(br#"{"title":"x","went_down":{"estimate":true}}"#), "went_down.at", "missing"),
        (
            refused::<Declare>(br#"{"title":"x","went_down":{"at":"2026-11-17T10:00:00Z","sure":1}}"#),
            "went_down.sure",
            "unknown",
        ),
        (refused::<SetField>(br#"{"to":{"colour":"red"}}"#), "to", "`severity`"),
        (refused::<SetField>(br#"{"to":{"severity":0}}"#), "to.severity", "0 is no severity"),
        (refused::<GiveAnswer>(br#"{"answer":"maybe"}"#), "answer", "`cannot`"),
        (refused::<GiveAnswer>(br#"{"answer":7}"#), "answer", "integer `7`"),
        (refused::<GiveAnswer>(br#"{"answer":null}"#), "answer", "null"),
        (refused::<Contact>(br#"{"tell":"x","person":"ben","means":[1],"outcome":"sent"}"#), "means", ""),
        (
            refused::<Organisation>(br#"{"organisation":{"name":"N","time-zone":"UTC"}}"#),
            "organisation.time-zone",
            "`time_zone`",
        ),
    ] {
        let (status, code, place, detail) = answer;
        assert_eq!((status, code, place.as_deref()), (422, "senseless", Some(field)), "{detail}");
        assert!(detail.contains(word), "{detail}");
    }
}

#[test]
fn no_message_names_a_type_of_ours() {
    for (said, plain) in [
        ("invalid type: integer `7`, expected struct Note", "invalid type: integer `7`, expected an object"),
        ("invalid type: null, expected internally tagged enum Act", "invalid type: null, expected an object"),
        (
            "invalid value: integer `-1`, expected u32",
            "invalid value: integer `-1`, expected a whole number, not below 0",
        ),
        ("invalid type: map, expected enum Role, at x", "invalid type: map, expected one of its words, at x"),
    ] {
        assert_eq!(plainly(said), plain);
    }
    assert!(!refused::<Note>(b"7").3.contains("Note") && !refused::<Organisation>(b"[]").3.contains("Organisation"));
}

#[test]
fn requests_become_the_acts_of_the_pages() {
    let now: Time = "2026-11-17T10:00:00Z".parse().unwrap();
    let act = |set: &[u8]| json::<SetField>(set).unwrap().into_act(now).unwrap();
    let Act::Change { to, reason, seen } = act(br#"{"to":{"severity":2},"reason":"half the site","seen":7}"#) else {
        panic!()
    };
    assert_eq!((to, reason.as_str(), seen), (Change::Severity(Some(Severity::Major)), "half the site", Some(7)));
    assert!(matches!(act(br#"{"to":{"severity":null}}"#), Act::Change { to: Change::Severity(None), .. }));
    assert!(matches!(act(br#"{"to":{"went_down":null}}"#), Act::Change { to: Change::WentDown(None), .. }));
    assert_eq!(json::<Take>(b"").unwrap().into_act(now).unwrap(), Act::TakeCharge);
    let Act::Restore { at, .. } = json::<Restore>(br#"{"resolution":"restarted"}"#).unwrap().into_act(now).unwrap()
    else {
        panic!()
    };
    assert_eq!(at, now);
}

// proves: DIS-4 a message left does not settle the duty
#[test]
fn only_a_conversation_reaches_somebody() {
    let contact = |means: &str, outcome: &str| {
        let body = format!(r#"{{"person":"ana","means":"{means}","outcome":"{outcome}"}}"#);
        let act = json::<Contact>(body.as_bytes()).unwrap().into_act(Time::UNIX_EPOCH);
        act.map(|a| match a {
            Act::Contact { means, outcome, .. } => (means, outcome),
            other => panic!("{other:?}"),
        })
    };
    assert_eq!(contact("call", "reached").unwrap(), (MeansKind::Call, Outcome::Reached(Proof::Spoken)));
    assert_eq!(contact("in-person", "reached").unwrap().1.proof(), Some(Proof::Spoken));
    assert_eq!(contact("call", "message-left").unwrap().1.proof(), None);
    assert_eq!(contact("email", "sent").unwrap(), (MeansKind::Email, Outcome::Sent));
    for means in ["sms", "email", "push", "webhook"] {
        assert_eq!(contact(means, "reached").unwrap_err().field, Some("outcome"), "{means}");
    }
}

fn asked(path: &str, key: Option<&str>) -> Parts {
    let mut request = Request::post(path);
    if let Some(key) = key {
        request = request.header("Idempotency-Key", key);
    }
    request.body(()).unwrap().into_parts().0
}

fn by(by: By) -> Visitor {
    Visitor { id: PersonId::from("ana"), person: Person::default(), by, limited: false }
}

#[test]
fn the_same_request_has_the_same_name_and_another_one_another() {
    let token = |id: &str| by(By::Token(id.to_owned()));
    let named =
        |path: &str, key: &str, who: &Visitor, body: &[u8]| once(&asked(path, Some(key)), who, body).unwrap().unwrap();
    let first = named("/a", "k", &token("t"), b"{}");
    assert_eq!(named("/a?x=1", " k ", &token("t"), b"{}"), first);
    // Another content, or another address: the same name with another digest, which is refused.
    for other in [named("/a", "k", &token("t"), b"{ }"), named("/b", "k", &token("t"), b"{}")] {
        assert_eq!(other.id, first.id);
        assert_ne!(other.digest, first.digest);
    }
    // Another key, another token, a session: another name.
    let session = by(By::Session("t".into()));
    for other in
        [named("/a", "l", &token("t"), b"{}"), named("/a", "k", &token("u"), b"{}"), named("/a", "k", &session, b"{}")]
    {
        assert_ne!(other.id, first.id);
    }
    // A part cannot run into the next.
    assert_ne!(digest(&Method::POST, "/ab", b"c"), digest(&Method::POST, "/a", b"bc"));
    assert_eq!(once(&asked("/a", None), &session, b"").unwrap(), None);
    for wrong in [String::new(), " ".into(), "k".repeat(KEY_MAX + 1)] {
        assert_eq!(once(&asked("/a", Some(&wrong)), &session, b"").unwrap_err().status, 422, "{wrong:?}");
    }
}

#[test]
fn addresses_are_read_strictly() {
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Which {
        limit: Option<u32>,
    }
    let limit = |query: &str| asking::<Which>(&format!("/x{query}").parse().unwrap()).and_then(|w| page_of(w.limit));
    for (query, expected) in [
        ("", Ok(PAGE)),
        ("?limit=1", Ok(1)),
        ("?limit=200", Ok(200)),
        ("?limit=0", Err(())),
        ("?limit=201", Err(())),
        ("?limit=-1", Err(())),
        ("?limit=x", Err(())),
        ("?limits=5", Err(())),
    ] {
        assert_eq!(limit(query).map_err(|p| assert_eq!(p.status, 422, "{query}")), expected, "{query}");
    }
    for (text, expected) in
        [("2026-041", true), ("", false), ("2026/041", false), ("a\0", false), (&"1".repeat(33), false)]
    {
        assert_eq!(is_number(text), expected, "{text}");
    }
}

#[test]
fn only_json_is_read() {
    for (kind, expected) in
        [("application/json", true), ("Application/JSON; charset=utf-8", true), ("text/plain", false), ("", false)]
    {
        assert_eq!(is_json(Some(&HeaderValue::from_static(kind))), expected, "{kind}");
    }
    assert!(!is_json(None));
}
