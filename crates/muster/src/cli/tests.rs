//! The commands as people type them: their arguments, their file, and what they do to a server and to a database.

use super::organisation::{from_toml, to_toml};
use super::*;
use crate::app::{App, Site};
use crate::channels::Channels;
use crate::channels::settings::ChannelSettings;
use crate::ops::apply::check;
use clap::CommandFactory;
use clap::error::ErrorKind;
use muster_core::directory::{Organisation, Role};
use muster_core::ids::PersonId;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const RICH: &str = r#"
    [organisation]
    name = "Northmere “U”"
    time_zone = "Europe/London"
    [organisation.calendar]
    business_days = ["mon", "sun"]
    holidays = ["2026-12-25"]
    [people.ana]
    name = "Ana"
    title = "Server team"
    role = "administrator"
    means = [{ kind = "email", to = "ana@n.example", wait = "0s" }, { kind = "call", to = "1", wait = "1h30m" }]
    [people.ben]
    name = "Ben"
    gone = true
    [areas.server]
    name = "Server team"
    members = ["ana"]
    supervisors = ["ana"]
    management = ["ana"]
    [populations.staff]
    name = "All staff"
    head_count = 3120
    reached_by = "Email"
    [systems.email]
    name = "Email"
    scope = "organisation-wide"
    owner = "ana"
    contacts = ["ana"]
    depends_on = ["san"]
    populations = ["staff"]
    agreement = "99.5 %"
    usage_hours = { time_zone = "UTC", closed_on_holidays = true, weekly = [{ days = ["mon"], from = "07:00:00", to = "22:30:00" }], exceptions = [{ from = "2026-12-01", to = "2026-12-07", used = true, note = "exams" }] }
    [systems.san]
    name = "SAN"
    [[rules]]
    name = "mail hosts"
    intake = "nagios"
    host = "mail-*"
    service = "*"
    labels = { "team.name" = "mail" }
    system = "email"
    condition = "down"
    [intake.nagios]
    name = "Nagios"
    [policy]
    version = 3
    disruption_after = "20m"
    answer_wait = "PT90S"
    fallback_area = "server"
    tell_directly = [{ name = "User support", area = "server", whom = "supervisors", after_triage = "5m", after_discovery = "1h 30m" }]
    log_silence = { intense = "15m", steady = "60m", waiting = "4h" }
    report = { business_days = 1, hour = 9 }
"#;

#[test]
fn what_export_writes_apply_reads_and_people_can() {
    let org = from_toml(RICH).unwrap();
    check(&org).unwrap();
    let file = to_toml(&org).unwrap();
    assert_eq!(from_toml(&file).unwrap(), org, "{file}");
    for line in [
        "disruption_after = \"20m\"",
        "answer_wait = \"1m 30s\"",
        "waiting = \"4h\"",
        "wait = \"1h 30m\"",
        "wait = \"0s\"",
        "after_discovery = \"1h 30m\"",
        "holidays = [\"2026-12-25\"]",
    ] {
        assert!(file.contains(line), "{line} is not in\n{file}");
    }
    assert!(!file.contains("PT"), "{file}");
    let empty = Organisation::default();
    assert_eq!(from_toml(&to_toml(&empty).unwrap()).unwrap(), empty);
    let example = from_toml(demo::EXAMPLE).unwrap();
    assert_eq!(from_toml(&to_toml(&example).unwrap()).unwrap(), example);
}

#[test]
fn a_mistake_in_the_file_is_named_with_its_place_and_what_may_stand_there() {
    let about = "[organisation]\nname = \"N\"\ntime_zone = \"UTC\"\n";
    for (more, line, words) in [
        ("[people.ana]\nname = \"Ana\"\nrolle = \"manager\"\n", "line 6", &["`rolle`", "`role`", "`means`"][..]),
        ("[people.ana]\nname = \"Ana\"\nrole = \"chief\"\n", "line 6", &["`chief`", "`administrator`"]),
        ("[people.ana]\nrole = \"manager\"\n", "line 4", &["missing field `name`"]),
        ("[policy]\nanswer_wait = \"five minutes\"\n", "line 5", &["answer_wait"]),
        ("[policy]\nanswer_wait = 5\n", "line 5", &["integer `5`"]),
        ("[sistems.email]\nname = \"Email\"\n", "line 4", &["`sistems`", "`systems`"]),
        ("[people.ana\n", "line 4", &["TOML"]),
        ("[people.ana]\nname = \"Ana\"\n[people.ana]\nname = \"Ana\"\n", "line 6", &["duplicate"]),
    ] {
        let said = from_toml(&format!("{about}{more}")).unwrap_err();
        assert!(said.contains(line), "{line} is not in\n{said}");
        words.iter().for_each(|word| assert!(said.contains(word), "{word} is not in\n{said}"));
    }
}

#[test]
fn the_command_line_is_read() {
    Cli::command().debug_assert();
    for good in [
        "declare No-mail",
        "declare No-mail --since 10m --system email --severity 1 --affected everyone",
        "log 2026-041",
        "log 2026-041 text --kind decision --at 14:05",
        "take 2026-041 --json",
        "status",
        "status 2026-041 --url https://m.example --token-file t",
        "oncall",
        "oncall email",
        "apply org.toml --yes",
        "apply org.toml --plan --data d",
        "export",
        "export -o org.toml --data d",
        "verify",
        "verify backup.db",
        "verify --data d",
        "verify backup.db --checkpoints a.log --checkpoints b.eml",
        "verify --key ed25519:NwWwVLB53umzG+i+xtskylbxj0jpSonNXAn218JuWsY=",
        "checkpoint",
        "checkpoint --key --data d",
        "verify 2026-041 --data d",
        "backup b.db",
        "restore b.db --data d",
        "release-outbox",
        "serve --data d --listen 127.0.0.1:1 --public-url https://m --trusted-proxy 10.0.0.1",
        "demo --data d --listen 127.0.0.1:1 --fresh --json",
        "notify -n service -t PROBLEM -f HOSTNAME=a",
    ] {
        let words = std::iter::once("muster").chain(good.split(' '));
        Cli::try_parse_from(words).unwrap_or_else(|e| panic!("{good}: {e}"));
    }
    for (wrong, kind) in [
        ("", ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand),
        ("declare", ErrorKind::MissingRequiredArgument),
        ("declare x --severity 5", ErrorKind::ValueValidation),
        ("declare x --since soon", ErrorKind::ValueValidation),
        ("declare x --affected many", ErrorKind::InvalidValue),
        ("log 1 --kind decision", ErrorKind::MissingRequiredArgument),
        ("log 1 x --kind nonsense", ErrorKind::InvalidValue),
        ("apply", ErrorKind::MissingRequiredArgument),
        ("apply f --yes --plan", ErrorKind::ArgumentConflict),
        ("apply f --data d --database postgres://h/n", ErrorKind::ArgumentConflict),
        ("verify --key ed25519:short", ErrorKind::ValueValidation),
        ("restore b.db", ErrorKind::MissingRequiredArgument),
        ("token", ErrorKind::InvalidSubcommand),
    ] {
        let words = std::iter::once("muster").chain(wrong.split(' ').filter(|w| !w.is_empty()));
        assert_eq!(Cli::try_parse_from(words).map(|_| ()).unwrap_err().kind(), kind, "{wrong}");
    }
}

#[test]
fn no_token_is_shown_in_help() {
    for command in Cli::command().get_subcommands_mut() {
        assert!(!command.render_long_help().to_string().contains("MUSTER_TOKEN="), "{}", command.get_name());
    }
}

/// A folder that is gone with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("muster-cli-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn muster(words: &[&str]) -> Result<Said, Fault> {
    let cli = Cli::try_parse_from(std::iter::once(&"muster").chain(words)).unwrap_or_else(|e| panic!("{words:?}: {e}"));
    match run(cli)? {
        Ended::Said(said) => Ok(said),
        Ended::Notified(exit) => panic!("{exit:?}"),
        Ended::Ran(exit) => panic!("{exit:?}"),
    }
}

/// A server of `folder`'s database that lives as long as its runtime.
fn server(runtime: &tokio::runtime::Runtime, folder: &Path) -> (String, String) {
    crate::outgoing::install_crypto();
    runtime.block_on(async {
        let db = serve::open_in(folder).await.unwrap();
        let site = Site { public_url: "http://m".into(), secure: false, trusted_proxies: vec![], demo: false };
        let channels = Channels::new(&ChannelSettings::default()).unwrap();
        let app = App::new(db, Arc::new(SystemClock), channels, site).await.unwrap();
        let token = app.ops.make_token(&PersonId::from("ana"), "test", Role::Administrator).await.unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let site = crate::web::api::routes(&app).with_state(app.clone());
        tokio::spawn(async move { axum::serve(listener, site).await });
        (url, token.reveal().to_owned())
    })
}

#[test]
fn an_installation_from_its_file_to_a_proved_backup() {
    let folder = Folder::new("story");
    std::fs::write(folder.path("org.toml"), RICH).unwrap();
    let (file, data) = (folder.path("org.toml"), folder.path("data"));

    // On a stopped server.
    let refused = muster(&["apply", &file, "--data", &data]).unwrap_err();
    assert!(refused.exit == Exit::Refused && refused.why.contains("+ person ana"), "{refused}");
    let planned = muster(&["apply", &file, "--data", &data, "--plan"]).unwrap();
    assert!(planned.text.contains("not applied"), "{}", planned.text);
    assert!(muster(&["apply", &file, "--data", &data, "--yes"]).unwrap().text.contains("applied."));
    assert_eq!(muster(&["apply", &file, "--data", &data]).unwrap().text, "Nothing to change.\n");
    assert_eq!(from_toml(&muster(&["export", "--data", &data]).unwrap().text).unwrap(), from_toml(RICH).unwrap());

    // On a running one.
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (url, token) = server(&runtime, Path::new(&data));
    let at = ["--url", &url, "--token", &token];
    let ask = |words: &[&str]| muster(&[words, &at].concat());
    let said =
        ask(&["declare", "No mail \u{1b}[2J", "--since", "10m", "--system", "email", "--severity", "1"]).unwrap();
    let number = said.text.split_whitespace().nth(1).unwrap().trim_end_matches('.').to_owned();
    assert!(
        ask(&["log", &number, "Disk is full", "--kind", "decision", "--at", "5m"]).unwrap().text.contains("as entry")
    );
    assert!(ask(&["log", &number]).unwrap().text.contains("Ana: Disk is full"));
    let log = ask(&["log", &number, "--json"]).unwrap().text;
    let last: serde_json::Value = serde_json::from_str(log.lines().last().unwrap()).unwrap();
    assert_eq!((last["text"].as_str(), last["kind"].as_str()), (Some("Disk is full"), Some("decision")));
    assert!(ask(&["take", &number]).unwrap().text.contains("You are Incident Manager"));
    assert!(ask(&["status"]).unwrap().text.contains("severity 1"));
    let status = ask(&["status", &number]).unwrap().text;
    assert!(status.contains("To be told directly:\n  User support\n    Ana"), "{status}");
    assert!(ask(&["oncall", "email"]).unwrap().text.contains("call 1"));
    assert_eq!(ask(&["oncall", "post"]).unwrap_err().exit, Exit::NotFound);
    assert_eq!(ask(&["status", "2020-001"]).unwrap_err().exit, Exit::NotFound);
    assert_eq!(ask(&["log", &number, ""]).unwrap_err().exit, Exit::Refused);
    let same = ask(&["apply", &file]).unwrap().text;
    assert!(same.starts_with("! Muster cannot reach Ana") && same.ends_with("\nNothing to change.\n"), "{same}");
    assert_eq!(from_toml(&ask(&["export"]).unwrap().text).unwrap(), from_toml(RICH).unwrap());
    assert_eq!(ask(&["verify"]).unwrap().exit, Exit::Fine);
    let proved = ask(&["verify", &number]).unwrap();
    assert!(
        proved.exit == Exit::Fine && proved.text.contains("entries, none missing or changed; head "),
        "{}",
        proved.text
    );
    assert_eq!(ask(&["verify", "2020-001"]).unwrap_err().exit, Exit::NotFound);
    let in_use = muster(&["verify", "--data", &data]).unwrap_err();
    assert!(in_use.exit == Exit::Away && in_use.why.contains("Stop the server"), "{in_use}");
    let unknown = muster(&["status", "--url", &url, "--token", "mt_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]).unwrap_err();
    assert_eq!(unknown.exit, Exit::Refused);

    // A backup, which is proved, changed, refused, and restored.
    let backup = folder.path("backup.db");
    assert!(ask(&["backup", &backup]).unwrap().text.contains("Backed up"));
    assert_eq!(ask(&["backup", &backup]).unwrap_err().exit, Exit::Usage);
    let left: Vec<_> =
        std::fs::read_dir(&data).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
    assert!(!left.iter().any(|name| name.contains("backup")), "{left:?}");
    assert_eq!(muster(&["verify", &backup]).unwrap().exit, Exit::Fine);
    drop(runtime);
    let on_paper = |said: &str| said.lines().next().unwrap().to_owned();
    let stopped = muster(&["verify", &number, "--data", &data]).unwrap();
    assert_eq!(on_paper(&stopped.text), on_paper(&proved.text));

    let changed = folder.path("changed.db");
    std::fs::copy(&backup, &changed).unwrap();
    let changing = rusqlite::Connection::open(&changed).unwrap();
    let sql = "UPDATE entries SET body = replace(body, 'Disk is full', 'Disk is fine')";
    assert!(changing.execute(sql, []).unwrap() > 0);
    drop(changing);
    let wrong = muster(&["verify", &changed]).unwrap();
    assert!(wrong.exit == Exit::Wrong && wrong.text.contains(&format!("of {number} was changed")), "{}", wrong.text);
    let not = muster(&["restore", &changed, "--data", &folder.path("not")]).unwrap();
    assert_eq!((not.exit, Path::new(&folder.path("not/muster.db")).exists()), (Exit::Wrong, false));

    // Nothing of a damaged one is taken, and it is said which file is meant.
    let bytes = std::fs::read(&backup).unwrap();
    let damaged = folder.path("damaged.db");
    let drop_table = |table: &str| {
        std::fs::copy(&backup, &damaged).unwrap();
        rusqlite::Connection::open(&damaged).unwrap().execute(&format!("DROP TABLE {table}"), []).unwrap();
    };
    let begin_only = |len: usize| std::fs::write(&damaged, &bytes[..len]).unwrap();
    let garbage = || std::fs::write(&damaged, [&bytes[..16], &[0xa5; 20_000]].concat()).unwrap();
    let damages: [&dyn Fn(); 6] = [
        &|| begin_only(bytes.len() / 2),
        &|| begin_only(5_000),
        &|| begin_only(50),
        &garbage,
        &|| drop_table("ledger"),
        &|| drop_table("migrations"),
    ];
    for damage in damages {
        damage();
        for words in [&["verify", &damaged][..], &["restore", &damaged, "--data", &folder.path("not")]] {
            let fault = muster(words).unwrap_err();
            assert!(fault.exit == Exit::Wrong && fault.why.contains(&damaged), "{words:?}: {fault:?}");
        }
    }

    let again = folder.path("again");
    assert!(muster(&["restore", &backup, "--data", &again]).unwrap().text.contains("release-outbox"));
    assert_eq!(muster(&["restore", &backup, "--data", &again]).unwrap_err().exit, Exit::Usage);
    let names: Vec<_> =
        std::fs::read_dir(&again).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(names, ["muster.db"]);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (url, token) = server(&runtime, Path::new(&again));
    let ask = |words: &[&str]| muster(&[words, &["--url", &url, "--token", &token]].concat());
    assert!(ask(&["status"]).unwrap().text.starts_with("NOTHING IS SENT"));
    ask(&["release-outbox"]).unwrap();
    assert!(ask(&["status"]).unwrap().text.starts_with(&number));
}

// proves: DOC-4 a ledger cut at its end together with its log is found by a checkpoint that left the machine, and only by one
#[test]
fn an_incident_that_was_cut_off_is_found_by_a_checkpoint_only() {
    let folder = Folder::new("cut");
    std::fs::write(folder.path("org.toml"), RICH).unwrap();
    let data = folder.path("data");
    muster(&["apply", &folder.path("org.toml"), "--data", &data, "--yes"]).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (url, token) = server(&runtime, Path::new(&data));
    let ask = |words: &[&str]| muster(&[words, &["--url", &url, "--token", &token]].concat());
    ask(&["declare", "No mail", "--since", "10m"]).unwrap();
    let (kept, backup) = (folder.path("checkpoints.log"), folder.path("backup.db"));
    let first = ask(&["checkpoint"]).unwrap().text;
    ask(&["declare", "No web", "--since", "10m"]).unwrap();
    let second = ask(&["checkpoint"]).unwrap().text;
    std::fs::write(&kept, [first.as_str(), &second].concat()).unwrap();

    // The server, its backup, and the same without a checkpoint.
    ask(&["backup", &backup]).unwrap();
    let proved = ask(&["verify", "--checkpoints", &kept]).unwrap();
    assert!(proved.exit == Exit::Fine && proved.text.contains("proved against 2 checkpoints"), "{}", proved.text);
    assert_eq!(muster(&["verify", &backup, "--checkpoints", &kept]).unwrap(), proved);
    let unheld = muster(&["verify", &backup]).unwrap();
    assert!(
        unheld.exit == Exit::Fine && unheld.text.contains("NOT proved: that nothing was cut off"),
        "{}",
        unheld.text
    );

    // The newest incident is cut off, as somebody would who has the database and knows what they do.
    let cut = folder.path("cut.db");
    std::fs::copy(&backup, &cut).unwrap();
    let cutting = rusqlite::Connection::open(&cut).unwrap();
    let newest: String = cutting
        .query_row("SELECT id FROM subjects WHERE kind = 'incident' ORDER BY number DESC LIMIT 1", [], |row| row.get(0))
        .unwrap();
    let first_row: i64 =
        cutting.query_row("SELECT min(n) FROM ledger WHERE subject = $1", [&newest], |row| row.get(0)).unwrap();
    for sql in ["subjects WHERE id", "entries WHERE subject", "ledger WHERE subject", "duties WHERE subject"] {
        assert!(cutting.execute(&format!("DELETE FROM {sql} = $1"), [&newest]).unwrap() > 0, "{sql}");
    }
    drop(cutting);
    let unseen = muster(&["verify", &cut]).unwrap();
    assert!(unseen.exit == Exit::Fine && unseen.text.starts_with("Proved: 2 logs"), "{}", unseen.text);
    let found = muster(&["verify", &cut, "--checkpoints", &kept]).unwrap();
    let says =
        format!("it ends with row {}, but a checkpoint knows row {}", first_row - 1, second.split(' ').nth(1).unwrap());
    assert!(found.exit == Exit::Wrong && found.text.contains(&says), "{says} is not in {}", found.text);
    // The earlier checkpoint knows nothing of it.
    std::fs::write(folder.path("first.log"), &first).unwrap();
    assert_eq!(muster(&["verify", &cut, "--checkpoints", &folder.path("first.log")]).unwrap().exit, Exit::Fine);
}

#[test]
fn checkpoints_are_believed_by_their_signature_and_key_only() {
    let folder = Folder::new("keys");
    std::fs::write(folder.path("org.toml"), RICH).unwrap();
    let [data, other] = ["data", "other"].map(|name| folder.path(name));
    for data in [&data, &other] {
        muster(&["apply", &folder.path("org.toml"), "--data", data, "--yes"]).unwrap();
    }
    let line = muster(&["checkpoint", "--data", &data]).unwrap().text;
    let key = line.split(' ').nth(6).unwrap();
    let file = |name: &str, text: &str| {
        std::fs::write(folder.path(name), text).unwrap();
        folder.path(name)
    };
    let whole = file("whole", &line);
    assert_eq!(muster(&["verify", "--data", &data, "--checkpoints", &whole, "--key", key]).unwrap().exit, Exit::Fine);
    let changed = file("changed", &line.replacen("muster-checkpoint-1 1 ", "muster-checkpoint-1 2 ", 1));
    let unfinished = file("unfinished", &format!("{}\n{line}", &line[..100]));
    let strange = muster(&["checkpoint", "--data", &other]).unwrap().text.split(' ').nth(6).unwrap().to_owned();
    for (words, exit, part) in [
        (&["--data", &other, "--checkpoints", &whole][..], Exit::Wrong, "was signed with another key"),
        (&["--data", &data, "--key", &strange], Exit::Wrong, "this was signed with the key"),
        (&["--data", &data, "--checkpoints", &unfinished], Exit::Fine, "Line 1 of"),
    ] {
        let said = muster(&[&["verify"], words].concat()).unwrap();
        assert!(said.exit == exit && said.text.contains(part), "{words:?}: {}", said.text);
    }
    for (words, exit, part) in [
        (&["--checkpoints", &changed][..], Exit::Wrong, "line 1 was changed"),
        (&["--checkpoints", &whole, "--key", &strange], Exit::Wrong, "signed with another key"),
        (&["--checkpoints", &folder.path("org.toml")], Exit::Usage, "there is no checkpoint in"),
        (&["--checkpoints", &folder.path("away")], Exit::Usage, "cannot read"),
    ] {
        let fault = muster(&[&["verify", "--data", &data], words].concat()).unwrap_err();
        assert!(fault.exit == exit && fault.why.contains(part), "{words:?}: {fault}");
    }
}

#[test]
fn openssl_proves_a_checkpoint_too() {
    let folder = Folder::new("openssl");
    let data = folder.path("data");
    std::fs::write(folder.path("org.toml"), RICH).unwrap();
    muster(&["apply", &folder.path("org.toml"), "--data", &data, "--yes"]).unwrap();
    std::fs::write(folder.path("line"), muster(&["checkpoint", "--data", &data]).unwrap().text).unwrap();
    std::fs::write(folder.path("key.pem"), muster(&["checkpoint", "--key", "--data", &data]).unwrap().text).unwrap();
    // As docs/operations.md has it.
    let script = r#"
        line=$(tail -n 1 line)
        printf %s "${line% *}" >said
        printf %s "${line##* }" | openssl base64 -d -A >signature
        openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in said -sigfile signature"#;
    let run = std::process::Command::new("sh").args(["-ec", script]).current_dir(&folder.0).output().unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(
        run.status.success() && said.contains("Verified Successfully"),
        "{said}{}",
        String::from_utf8_lossy(&run.stderr)
    );
    let documented = include_str!("../../../../docs/operations.md");
    for line in script.trim().lines() {
        assert!(documented.contains(line.trim()), "docs/operations.md does not say: {line}");
    }
}

#[test]
fn what_cannot_be_done_says_what_to_do() {
    let folder = Folder::new("wrong");
    std::fs::write(folder.path("text"), "hello").unwrap();
    let (text, none) = (folder.path("text"), folder.path("none"));
    for (words, exit, part) in [
        (&["status", "--url", "ftp://x", "--token", "t"][..], Exit::Usage, "is no address"),
        (&["verify", &text], Exit::Wrong, "no backup"),
        (&["verify", &none], Exit::NotFound, "there is no file"),
        (&["verify", "--data", &none], Exit::NotFound, "there is no muster.db"),
        (&["restore", &text, "--data", &none], Exit::Wrong, "no backup"),
        (&["apply", &none, "--yes"], Exit::Usage, "No such file"),
        (&["apply", &text, "--yes"], Exit::Usage, "line 1"),
    ] {
        let fault = muster(words).unwrap_err();
        assert!(fault.exit == exit && fault.why.contains(part), "{words:?}: {fault:?}");
    }
}

#[test]
fn a_server_that_is_away_is_told_from_one_that_refuses() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let fault = muster(&["take", "2026-001", "--url", &url, "--token", "t"]).unwrap_err();
    assert!(fault.exit == Exit::Away && fault.why.contains("Is it running?"), "{fault:?}");
}
