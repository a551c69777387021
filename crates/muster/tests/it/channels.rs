//! Channels against servers that really answer: scripted ones on loopback for HTTP and for odd mail
//! servers, and aiosmtpd (`tests/peers/smtp`) for mail.

use muster::channels::settings::{ChannelSettings, SmtpSettings, WebhookSettings};
use muster::channels::{Attempted, Channels, Message, NotReady};
use muster::outgoing::{self, NoReply, Outgoing, OutgoingSettings, Request};
use muster_core::contact::{MeansKind, Outcome};
use muster_core::event::Event;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

fn message(to: &str) -> Message {
    Message {
        id: "att-1".into(),
        to: to.into(),
        person: "Priya Sharma".into(),
        subject: "Mail is down: please take it".into(),
        text: "Mail is down since 09:12.".into(),
        body: "Mail is down since 09:12.\n.\nmail-01 does not answer – yet.".into(),
        link: Some("https://muster.example/l/ml_abc".into()),
        urgent: true,
        event: None,
        sent_at: muster_core::at_ms(1_793_000_000_000),
    }
}

fn channels(outgoing: OutgoingSettings) -> Channels {
    let secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=".into();
    let webhook = Some(WebhookSettings { secret, old_secret: None });
    Channels::new(&ChannelSettings { outgoing, webhook, ..ChannelSettings::default() }).unwrap()
}

fn outcome(attempted: &Attempted) -> (&'static str, &str) {
    match attempted {
        Attempted::Graded { outcome, detail } => (outcome.word(), detail),
        Attempted::Later { why } => ("later", why),
    }
}

/// A server that answers its first connections with these texts, and remembers what it was asked.
pub struct Scripted {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Scripted {
    pub async fn http(replies: Vec<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let server = Self { port, asked: Arc::clone(&asked) };
        tokio::spawn(async move {
            for reply in replies {
                let (mut stream, _) = listener.accept().await.unwrap();
                let request = read_request(&mut stream).await;
                asked.lock().unwrap().push(request);
                let _ = stream.write_all(reply.replace("PORT", &port.to_string()).as_bytes()).await;
            }
        });
        server
    }

    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }
}

async fn read_request(stream: &mut TcpStream) -> String {
    let mut reader = BufReader::new(stream);
    let (mut head, mut length) = (String::new(), 0);
    while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).await.unwrap() > 0 {
        let last = head.trim_end().lines().last().unwrap_or_default().to_lowercase();
        length = last.strip_prefix("content-length: ").map_or(length, |n| n.parse().unwrap());
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).await.unwrap();
    head + &String::from_utf8(body).unwrap()
}

pub fn status(line: &str) -> String {
    format!("HTTP/1.1 {line}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

fn redirect(status: &str, to: &str) -> String {
    format!("HTTP/1.1 {status}\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

#[tokio::test]
async fn a_push_is_published_and_graded() {
    let refused = "HTTP/1.1 403 Forbidden\r\nContent-Length: 21\r\n\r\n{\"error\":\"forbidden\"}";
    let replies = vec![status("200 OK"), refused.into(), status("429 Too Many Requests"), status("503 Busy")];
    let server = Scripted::http(replies).await;
    let channels = channels(OutgoingSettings::with_loopback());
    for expected in [("sent", "200 OK"), ("failed", "forbidden"), ("later", "429"), ("later", "503")] {
        let attempted = channels.send(MeansKind::Push, &message(&server.url("/priya"))).await;
        let (word, detail) = outcome(&attempted);
        assert!(word == expected.0 && detail.contains(expected.1), "{attempted:?} is not {expected:?}");
    }
    let asked = server.asked();
    assert!(asked[0].starts_with("POST / HTTP/1.1\r\n") && asked[0].contains("\"topic\":\"priya\""), "{}", asked[0]);
}

#[tokio::test]
async fn a_webhook_arrives_signed_and_is_graded() {
    let replies = vec![status("204 No Content"), status("410 Gone"), status("500 Oops")];
    let server = Scripted::http(replies).await;
    let channels = channels(OutgoingSettings::with_loopback());
    for expected in [("sent", "204"), ("failed", "remove the address"), ("later", "500")] {
        let attempted = channels.send(MeansKind::Webhook, &message(&server.url("/in?key=1"))).await;
        let (word, detail) = outcome(&attempted);
        assert!(word == expected.0 && detail.contains(expected.1), "{attempted:?} is not {expected:?}");
    }
    let asked = &server.asked()[0];
    for part in [
        "POST /in?key=1 HTTP/1.1\r\n",
        "webhook-id: att-1\r\n",
        "webhook-timestamp: 1793000000\r\n",
        "webhook-signature: v1,",
    ] {
        assert!(asked.contains(part), "{part} is missing in {asked}");
    }
}

#[tokio::test]
async fn trouble_on_the_way_passes() {
    let channels = channels(OutgoingSettings::with_loopback());
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let cut = Scripted::http(vec!["HTTP/1.1 2".into()]).await;
    let no_http = Scripted::http(vec!["220 mail.example ESMTP\r\n".into()]).await;
    for url in [
        format!("http://127.0.0.1:{nobody}/t"),
        "http://nowhere.invalid/t".into(),
        cut.url("/t"),
        no_http.url("/t"),
        format!("https://127.0.0.1:{nobody}/t"),
    ] {
        let attempted = channels.send(MeansKind::Push, &message(&url)).await;
        let (word, detail) = outcome(&attempted);
        assert!(word == "later" && detail.contains("did not answer"), "{url}: {attempted:?}");
    }
}

#[tokio::test]
async fn a_server_that_says_nothing_is_left() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = outgoing::address(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    let request = Request { within: Duration::from_millis(100), ..Request::get(url) };
    let error = Outgoing::new(&OutgoingSettings::with_loopback()).unwrap().send(request).await.unwrap_err();
    assert!(matches!(error, NoReply::TimedOut { .. }) && !error.is_final(), "{error}");
    assert!(error.to_string().ends_with("did not answer within 0.1 seconds"), "{error}");
}

#[tokio::test]
async fn a_reply_is_read_to_its_limit_and_one_cut_short_still_counts() {
    let length = 10_000_000;
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n");
    let server = Scripted::http(vec![format!("{head}{}", "x".repeat(length)), format!("{head}xyz")]).await;
    let outgoing = Outgoing::new(&OutgoingSettings::with_loopback()).unwrap();
    for expected in [outgoing::REPLY_MAX, 3] {
        let reply = outgoing.send(Request::get(outgoing::address(&server.url("/")).unwrap())).await.unwrap();
        assert_eq!((reply.status.as_u16(), reply.body.len()), (200, expected));
    }
}

#[tokio::test]
async fn this_machine_and_its_neighbours_are_refused_by_default() {
    let server = Scripted::http(vec![status("200 OK")]).await;
    let channels = channels(OutgoingSettings::default());
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "127.0.0.1.",
        "localhost",
        "LOCALHOST",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "0.0.0.0",
        "[::]",
        "10.0.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "[fd00:ec2::254]",
        "[fe80::1]",
        "224.0.0.1",
        "255.255.255.255",
    ] {
        for kind in [MeansKind::Push, MeansKind::Webhook] {
            let attempted = channels.send(kind, &message(&format!("http://{host}:{}/t", server.port))).await;
            let (word, detail) = outcome(&attempted);
            assert_eq!(word, "failed", "{host}: {attempted:?}");
            assert!(detail.contains("muster.toml") || detail.contains("correct it"), "{host}: {detail}");
        }
    }
    assert_eq!(server.asked(), Vec::<String>::new());
}

#[tokio::test]
async fn what_the_settings_allow_is_reached() {
    let server = Scripted::http(vec![status("200 OK"), status("200 OK")]).await;
    let named = channels(OutgoingSettings { allow: vec!["localhost".into()], ..OutgoingSettings::default() });
    let by_name = named.send(MeansKind::Push, &message(&format!("http://localhost:{}/t", server.port))).await;
    assert_eq!(outcome(&by_name).0, "sent", "{by_name:?}");
    // The name was allowed, not the address.
    let by_number = named.send(MeansKind::Push, &message(&server.url("/t"))).await;
    assert_eq!(outcome(&by_number).0, "failed", "{by_number:?}");
    // Private addresses do not include this machine.
    let private = channels(OutgoingSettings { allow_private: true, ..OutgoingSettings::default() });
    let attempted = private.send(MeansKind::Push, &message(&server.url("/t"))).await;
    assert_eq!(outcome(&attempted).0, "failed", "{attempted:?}");
}

#[tokio::test]
async fn redirects_are_judged_hop_by_hop() {
    for (to, expected) in [
        ("http://169.254.169.254/latest/meta-data/", "find their own credentials"),
        ("http://2852039166/", "find their own credentials"),
        ("http://[::ffff:169.254.169.254]/", "find their own credentials"),
        ("http://10.0.0.1/", "a private address"),
        ("http://127.0.0.1:PORT/", "this machine itself"),
        ("file:///etc/passwd", "not plain http or https"),
    ] {
        let server = Scripted::http(vec![redirect("307 Temporary Redirect", to), status("200 OK")]).await;
        let settings = OutgoingSettings { allow: vec!["localhost".into()], ..OutgoingSettings::default() };
        let url = format!("http://localhost:{}/t", server.port);
        let attempted = channels(settings).send(MeansKind::Webhook, &message(&url)).await;
        let (word, detail) = outcome(&attempted);
        assert!(word == "failed" && detail.contains(expected), "{to}: {attempted:?}");
        assert_eq!(server.asked().len(), 1, "{to}");
    }
}

#[tokio::test]
async fn redirects_are_followed_three_times() {
    for (hops, expected) in [(3, "sent"), (4, "failed")] {
        let mut replies = vec![redirect("308 Permanent Redirect", "http://127.0.0.1:PORT/next"); hops];
        replies.push(status("200 OK"));
        let server = Scripted::http(replies).await;
        let channels = channels(OutgoingSettings::with_loopback());
        let attempted = channels.send(MeansKind::Webhook, &message(&server.url("/first"))).await;
        assert_eq!(outcome(&attempted).0, expected, "{attempted:?}");
        let asked = server.asked();
        assert_eq!(asked.len(), 4);
        assert!(
            asked[3].starts_with("POST /next ") && asked[3].contains("\"person\":\"Priya Sharma\""),
            "{}",
            asked[3]
        );
    }
}

#[tokio::test]
async fn a_redirect_that_would_lose_the_message_is_no_success() {
    let server = Scripted::http(vec![redirect("302 Found", "http://127.0.0.1:PORT/login"), status("200 OK")]).await;
    let channels = channels(OutgoingSettings::with_loopback());
    let attempted = channels.send(MeansKind::Webhook, &message(&server.url("/in"))).await;
    let (word, detail) = outcome(&attempted);
    assert!(word == "failed" && detail.contains("has moved to"), "{attempted:?}");
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn a_token_does_not_follow_to_another_server() {
    let other = Scripted::http(vec![status("200 OK")]).await;
    let first = Scripted::http(vec![redirect("307 Temporary Redirect", &other.url("/"))]).await;
    let url = outgoing::address(&first.url("/")).unwrap();
    let request = Request::post_json(url, b"{}".to_vec()).authorization(outgoing::bearer("secret").unwrap());
    Outgoing::new(&OutgoingSettings::with_loopback()).unwrap().send(request).await.unwrap();
    assert!(first.asked()[0].contains("authorization: Bearer secret\r\n"));
    assert!(!other.asked()[0].contains("secret"), "{}", other.asked()[0]);
}

#[tokio::test]
async fn a_proxy_takes_everything_and_opens_nothing() {
    let proxy = Scripted::http(vec![status("200 OK")]).await;
    let proxied = OutgoingSettings { proxy: Some(proxy.url("").as_str().into()), ..OutgoingSettings::default() };
    let channels = channels(proxied);
    let through = channels.send(MeansKind::Push, &message("http://push.invalid/priya")).await;
    assert_eq!(outcome(&through).0, "sent", "{through:?}");
    assert!(proxy.asked()[0].starts_with("POST http://push.invalid/ HTTP/1.1\r\n"), "{}", proxy.asked()[0]);
    for url in ["http://169.254.169.254/t", "http://localhost/t", "https://localhost/t", "http://127.0.0.1/t"] {
        let attempted = channels.send(MeansKind::Push, &message(url)).await;
        assert_eq!(outcome(&attempted).0, "failed", "{url}: {attempted:?}");
    }
    assert_eq!(proxy.asked().len(), 1);
}

/// The mail server of `tests/peers/smtp`: its address and the folder of what it took.
pub fn mail_server() -> (String, PathBuf) {
    let setting = |name| {
        std::env::var(name).unwrap_or_else(|_| {
            panic!(
                "{name} is not set, so there is no mail server to test against: run ./test, or start one with\n  \
                 tests/peers/smtp 2525 target/peers/mail\nand set MUSTER_TEST_SMTP=127.0.0.1:2525 \
                 MUSTER_TEST_SMTP_DIR=target/peers/mail (as an absolute path)"
            )
        })
    };
    (setting("MUSTER_TEST_SMTP"), PathBuf::from(setting("MUSTER_TEST_SMTP_DIR")))
}

fn mailing(url: &str) -> Channels {
    mailing_with(url, None).unwrap()
}

fn mailing_with(url: &str, ca_file: Option<PathBuf>) -> Result<Channels, NotReady> {
    let smtp = SmtpSettings { url: url.into(), from: "Muster <muster@example.org>".into(), ca_file };
    Channels::new(&ChannelSettings { smtp: Some(smtp), ..ChannelSettings::default() })
}

/// An address that no other test, and no earlier run, has used.
pub fn fresh(user: &str) -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    format!("{user}-{}-{}@example.org", std::process::id(), now.as_nanos())
}

/// The mail that the server took for `to`: the envelope as JSON, and the mail itself.
pub fn taken(folder: &PathBuf, to: &str) -> Option<(serde_json::Value, String)> {
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|e| e == "eml")).find_map(|path| {
        let text = std::fs::read_to_string(path).unwrap();
        let (about, mail) = text.split_once('\n').unwrap();
        let about: serde_json::Value = serde_json::from_str(about).unwrap();
        (about["to"][0] == to).then(|| (about, mail.to_owned()))
    })
}

#[tokio::test]
async fn a_mail_arrives_whole() {
    let (server, folder) = mail_server();
    let to = fresh("priya");
    let attempted = mailing(&format!("smtp://{server}?tls=none")).send(MeansKind::Email, &message(&to)).await;
    assert!(outcome(&attempted).1.starts_with("250 OK queued as"), "{attempted:?}");
    let (about, mail) = taken(&folder, &to).expect("the server said that it took it");
    assert_eq!(
        (&about["from"], &about["tls"], &about["signed_in"]),
        (&"muster@example.org".into(), &false.into(), &false.into())
    );
    for part in [
        format!("To: \"Priya Sharma\" <{to}>\r\n"),
        "Message-ID: <att-1@example.org>\r\n".into(),
        "Auto-Submitted: auto-generated\r\n".into(),
        // A line with a dot alone is no end of the mail.
        "Mail is down since 09:12.\r\n.\r\nmail-01 does not answer =E2=80=93 yet.\r\n".into(),
        "https://muster.example/l/ml_abc\r\n".into(),
    ] {
        assert!(mail.contains(&part), "{part} is missing in {mail}");
    }
}

// proves: STAFF-4 calendar invitations: by mail, and a correction cancels what stands in the calendar
#[tokio::test]
async fn an_invitation_arrives_as_mail_programs_take_it_into_a_calendar() {
    let (server, folder) = mail_server();
    for (cancelled, method) in [(false, "REQUEST"), (true, "CANCEL")] {
        let to = fresh("invited");
        let event = Event {
            id: "2026-041-call-1".into(),
            version: u32::from(cancelled),
            starts_at: muster_core::at_ms(1_793_000_000_000),
            title: "2026-041: find the bad disk".into(),
            text: "Mail is down; two disks, of six. ".repeat(9),
            place: "+44 20 0000 0000, PIN 4711".into(),
            cancelled,
        };
        let message = Message { event: Some(event), ..message(&to) };
        let attempted = mailing(&format!("smtp://{server}?tls=none")).send(MeansKind::Email, &message).await;
        assert!(outcome(&attempted).1.starts_with("250 OK queued as"), "{attempted:?}");
        let (_, mail) = taken(&folder, &to).expect("the server said that it took it");
        let parsed = parsed_by_another(&mail);
        assert_eq!(parsed["kind"], "multipart/alternative", "{mail}");
        assert_eq!(parsed["parts"], serde_json::json!(["text/plain", "text/calendar"]));
        assert_eq!(parsed["method"], method);
        let calendar = parsed["calendar"].as_str().unwrap();
        let whole = calendar.replace("\r\n", "\n").replace("\n ", "");
        for line in [
            format!("METHOD:{method}"),
            "UID:2026-041-call-1@example.org".into(),
            format!("SEQUENCE:{}", u8::from(cancelled)),
            "DTSTART:20261026T073320Z".into(),
            "LOCATION:+44 20 0000 0000\\, PIN 4711".into(),
            format!("ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE:mailto:{to}"),
        ] {
            assert!(whole.lines().any(|l| l == line), "{line} is missing in {whole}");
        }
    }
}

/// The mail as Python's own mail parser, which is not ours, reads it.
fn parsed_by_another(mail: &str) -> serde_json::Value {
    use std::io::Write as _;
    let program = "import email, email.policy, json, sys\n\
                   m = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)\n\
                   parts = list(m.iter_parts())\n\
                   c = parts[-1]\n\
                   print(json.dumps({'kind': m.get_content_type(), 'parts': [p.get_content_type() for p in parts],\n\
                   'method': c.get_param('method'), 'calendar': c.get_content()}))";
    let mut python = std::process::Command::new("python3")
        .args(["-c", program])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("python3, which the mail server of the tests needs too");
    python.stdin.take().unwrap().write_all(mail.as_bytes()).unwrap();
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test]
async fn what_a_mail_server_refuses_is_graded() {
    let (server, folder) = mail_server();
    let channels = mailing(&format!("smtp://{server}?tls=none"));
    for (user, expected) in [
        ("450", ("later", "450 4.2.1 Mailbox busy")),
        ("550", ("wrong number", "550 5.1.1 No such user here")),
        ("relay", ("failed", "550 5.7.1 Relaying denied")),
        ("data-554", ("failed", "554 Message refused")),
        ("data-451", ("later", "451 Message refused")),
    ] {
        let to = fresh(user);
        let attempted = channels.send(MeansKind::Email, &message(&to)).await;
        let (word, detail) = outcome(&attempted);
        assert!(word == expected.0 && detail.contains(expected.1), "{user}: {attempted:?}");
        assert_eq!(taken(&folder, &to), None, "{user}");
    }
    assert_eq!(outcome(&channels.send(MeansKind::Email, &message("priya")).await).0, Outcome::WrongNumber.word());
}

#[tokio::test]
async fn signing_in_to_a_mail_server() {
    let (server, folder) = mail_server();
    let (right, wrong) = (fresh("right"), fresh("wrong"));
    let url = format!("smtp://muster:open%20sesame@{server}?tls=none");
    let attempted = mailing(&url).send(MeansKind::Email, &message(&right)).await;
    assert_eq!(outcome(&attempted).0, "sent", "{attempted:?}");
    assert_eq!(taken(&folder, &right).unwrap().0["signed_in"], true);
    let attempted = mailing(&url.replace("sesame", "barley")).send(MeansKind::Email, &message(&wrong)).await;
    let (word, detail) = outcome(&attempted);
    assert!(word == "failed" && detail.contains("535") && detail.contains("check user and password"), "{attempted:?}");
    assert_eq!(taken(&folder, &wrong), None);
}

#[tokio::test]
async fn a_mail_server_that_nobody_vouches_for_gets_nothing() {
    let (server, folder) = mail_server();
    let to = fresh("untrusted");
    let url = format!("smtp://muster:open%20sesame@{server}?tls=starttls");
    let attempted = mailing(&url).send(MeansKind::Email, &message(&to)).await;
    let (word, detail) = outcome(&attempted);
    assert!(word == "later" && detail.contains("certificate"), "{attempted:?}");
    assert_eq!(taken(&folder, &to), None);
}

#[tokio::test]
async fn a_certificate_that_the_machine_trusts_is_enough() {
    let (_, folder) = mail_server();
    in_a_machine_that_trusts(&folder.join("ca.pem"), "channels::inside_starttls");
}

#[tokio::test]
#[ignore = "run by a_certificate_that_the_machine_trusts_is_enough"]
async fn inside_starttls() {
    let (server, folder) = mail_server();
    let to = fresh("trusted");
    let url = format!("smtp://muster:open%20sesame@{server}");
    let attempted = mailing(&url).send(MeansKind::Email, &message(&to)).await;
    assert_eq!(outcome(&attempted).0, "sent", "{attempted:?}");
    let (about, _) = taken(&folder, &to).unwrap();
    assert_eq!((&about["tls"], &about["signed_in"]), (&true.into(), &true.into()));
}

#[tokio::test]
async fn a_ca_of_ones_own_is_enough_and_a_server_is_checked_before_it_is_needed() {
    let (server, folder) = mail_server();
    let to = fresh("own-ca");
    let url = format!("smtp://muster:open%20sesame@{server}?tls=starttls");
    let own = mailing_with(&url, Some(folder.join("ca.pem"))).unwrap();
    assert_eq!(own.check_mail().await, Ok(()));
    let attempted = own.send(MeansKind::Email, &message(&to)).await;
    assert_eq!(outcome(&attempted).0, "sent", "{attempted:?}");
    assert_eq!(taken(&folder, &to).unwrap().0["tls"], true);

    let why = mailing(&url).check_mail().await.unwrap_err();
    assert!(
        why.contains("its certificate is not trusted (UnknownIssuer); name the file of its CA as ca_file"),
        "{why}"
    );
    let why = mailing(&url.replace("sesame", "barley").replace("starttls", "none")).check_mail().await.unwrap_err();
    assert!(why.contains("check user and password"), "{why}");
    for (file, words) in [("nowhere.pem", "nowhere.pem"), ("empty.pem", "holds no certificate in PEM")] {
        let path = std::env::temp_dir().join(format!("muster-{}-{file}", std::process::id()));
        if file == "empty.pem" {
            std::fs::write(&path, "not one\n").unwrap();
        }
        let wrong = mailing_with(&url, Some(path.clone())).unwrap_err().to_string();
        let _ = std::fs::remove_file(&path);
        assert!(wrong.starts_with("[smtp] ca_file ") && wrong.contains(words), "{wrong}");
    }
}

#[test]
fn a_machine_without_certificates_still_sends() {
    in_a_machine_that_trusts(&PathBuf::from("/nonexistent"), "channels::inside_a_bare_container");
}

#[tokio::test]
#[ignore = "run by a_machine_without_certificates_still_sends"]
async fn inside_a_bare_container() {
    let server = Scripted::http(vec![status("200 OK")]).await;
    let attempted =
        channels(OutgoingSettings::with_loopback()).send(MeansKind::Push, &message(&server.url("/t"))).await;
    assert_eq!(outcome(&attempted).0, "sent", "{attempted:?}");
    assert!(mailing("smtp://mail.example").can(MeansKind::Email));
}

/// Runs one test of this binary in a process of its own, whose certificate store is `store`, and whose
/// environment names a proxy that is not there and must not matter.
fn in_a_machine_that_trusts(store: &PathBuf, test: &str) {
    let run = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--ignored"])
        .envs([("SSL_CERT_FILE", store), ("SSL_CERT_DIR", &PathBuf::from("/nonexistent"))])
        .envs(["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"].map(|name| (name, "http://127.0.0.1:1")))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&run.stderr));
}

/// A mail server that answers each line it gets with the next of these, and remembers the lines.
async fn mail_server_that_says(replies: &'static [&'static str]) -> Scripted {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let server = Scripted { port, asked: Arc::clone(&asked) };
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut stream = BufReader::new(stream);
        for reply in replies {
            stream.write_all(format!("{reply}\r\n").as_bytes()).await.unwrap();
            let mut line = String::new();
            if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
                return;
            }
            asked.lock().unwrap().push(line.trim_end().to_owned());
        }
    });
    server
}

#[tokio::test]
async fn a_mail_server_without_tls_gets_no_mail_unless_the_settings_say_so() {
    let server = mail_server_that_says(&["220 hello", "250 mail.example", "250 OK", "250 OK"]).await;
    let url = format!("smtp://muster:secret@127.0.0.1:{}", server.port);
    let attempted = mailing(&url).send(MeansKind::Email, &message("priya@example.org")).await;
    let (word, detail) = outcome(&attempted);
    assert!(word == "failed" && detail.contains("write ?tls=none"), "{attempted:?}");
    assert!(server.asked().iter().all(|line| line.starts_with("EHLO")), "{:?}", server.asked());
}

#[tokio::test]
async fn odd_answers_are_never_taken_for_sent() {
    const OK: &str = "250 OK";
    for replies in [
        &["421 too busy"][..],
        &["220 hello"],
        &["220 hello", "250 mail.example", OK],
        &["220 hello", "250 mail.example", OK, OK],
        // DATA answered with 250 and the mail with 354: replies that are one behind.
        &["220 hello", "250 mail.example", OK, OK, OK, "354 go on", "250 OK"],
        &["220 hello", "250 mail.example", OK, OK, "354 go on"],
        &["220 hello", "250 mail.example", OK, OK, "354 go on", "354 go on"],
        &["HTTP/1.1 400 Bad Request"],
    ] {
        let server = mail_server_that_says(replies).await;
        let url = format!("smtp://127.0.0.1:{}?tls=none", server.port);
        let attempted = mailing(&url).send(MeansKind::Email, &message("priya@example.org")).await;
        assert_eq!(outcome(&attempted).0, "later", "{replies:?}: {attempted:?}");
    }
}
