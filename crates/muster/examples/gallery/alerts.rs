//! Alerts.

use crate::sample::*;
use muster::web::view::alerts::*;
use muster::web::view::parts::*;

fn row(id: &str, title: &str, thing: &str, system: Option<State>, what: (State, Prose), signals: (&str, &str)) -> Row {
    let ((state, why), (signals, last)) = (what, signals);
    Row {
        title: title.into(),
        href: format!("/alerts/{id}#opened"),
        thing: thing.into(),
        system,
        state,
        why,
        signals: signals.into(),
        last: times().clock(t(last)),
        selected: false,
    }
}

pub fn list() -> Page {
    let times = times();
    Page {
        shell: shell(Place::Alerts),
        heading: "2 alerts watched, 1 becomes an incident in 8 min".into(),
        about: Prose::default()
            .when(times.in_full(times.now()))
            .text(". Last signal ")
            .ticking(times.ago(t("03:13")))
            .text("."),
        filters: vec![
            filter("All 24", "/alerts", None, true),
            filter("Watched 2", "/alerts?account=watched", Some(Icon::Eye), false),
            filter("Silenced 1", "/alerts?account=silenced", Some(Icon::Mute), false),
            filter("Joined 3", "/alerts?account=joined", Some(Icon::Join), false),
            filter("Opened 3", "/alerts?account=opened", Some(Icon::Incident), false),
            filter("Information 4", "/alerts?account=information", Some(Icon::Info), false),
            filter("Resolved 10", "/alerts?account=resolved", Some(Icon::Done), false),
        ],
        account: String::new(),
        system: Field::of("printing"),
        systems: vec![Choice::new("", "All systems"), Choice::new("printing", "Printing")],
        source: Field::default(),
        sources: vec![Choice::new("", "All sources"), Choice::new("nagios-a", "Nagios, data centre A")],
        groups: vec![
            Group {
                title: "Watched".into(),
                note: "becomes an incident when it lasts".into(),
                rows: vec![
                    row(
                        "a118",
                        "Print queue not moving, Library",
                        "print-01, Queue Library",
                        Some(Health::Degraded.named("Printing")),
                        (
                            State::soon(times.left(t("03:22"))),
                            Prose::from("Incident at ").when(at("03:22")).text(": 15 minutes after it went down"),
                        ),
                        ("3", "03:13"),
                    ),
                    row(
                        "a112",
                        "Course pages answer slowly",
                        "CoursePagesSlow, web-03",
                        Some(Health::Degraded.named("Course pages")),
                        (
                            State::later(times.left(t("07:00"))),
                            Prose::from("Counts from ").when(at("07:00")).text(", when its usage hours begin"),
                        ),
                        ("9", "03:12"),
                    ),
                ],
            },
            Group {
                title: "Opened or joined".into(),
                note: Prose::from("4 of 6, ").link("/alerts?account=joined", "all of them"),
                rows: vec![
                    row(
                        "a115",
                        "SignInFailures on dir-01.core.dc-a.internal.northmere.example:9100",
                        "dir-01, 34 % fail, limit 5 %",
                        Some(Health::Down.named("Directory")),
                        (
                            State::new(Tone::Grey, Icon::Incident, "Opened"),
                            Prose::default()
                                .link("/incidents/2026-041", "2026-041")
                                .text(" at ")
                                .when(at("02:39"))
                                .text(" by rule: organisation-wide, in usage hours"),
                        ),
                        ("1", "02:38"),
                    ),
                    row(
                        "a120",
                        "x",
                        "",
                        None,
                        (
                            State::new(Tone::Grey, Icon::Join, "Joined"),
                            Prose::default().link("/incidents/2026-041", "2026-041").text(": no rule names a system"),
                        ),
                        ("12,004", "02:38"),
                    ),
                ],
            },
            Group {
                title: "Resolved".into(),
                note: Prose::from("1 of 10"),
                rows: vec![row(
                    "a113",
                    "Disk 91 % full",
                    "backup-02, /var",
                    Some(Health::Working.named("Backup")),
                    (
                        State::done("Resolved"),
                        Prose::default().when(at("01:47")).text(" after 9\u{a0}min, before 15 were up"),
                    ),
                    ("2", "01:47"),
                )],
            },
        ],
        none: Prose::default(),
        books: (
            State::done("Books balance"),
            Prose::from("24 alerts in 7 accounts, 131 signals accepted, 131 counted. Checked ")
                .when(at("03:14"))
                .text("."),
        ),
        older: Some("/alerts?before=a90".into()),
        selected: None,
        rules: vec![
            Rule {
                name: "print queues".into(),
                when: "host is print-*, service is Queue*".into(),
                then: "Printing, degraded".into(),
            },
            Rule { name: "directory".into(), when: "host is dir-*".into(), then: "Directory and sign-in".into() },
        ],
    }
}

pub fn selected() -> Page {
    let mut page = list();
    page.groups[0].rows[0].selected = true;
    let signal = |clock: &str, text: &str, raw: Option<Detail>| Signal {
        at: times().clock(t(clock)),
        word: "WARNING".into(),
        text: text.into(),
        raw,
    };
    page.selected = Some(Selected {
        title: "Print queue not moving, Library".into(),
        note: "Alert A-118".into(),
        facts: vec![
            Fact::new("State", Prose::from("Watched, ").ticking(times().left(t("03:22")))),
            Fact::new("System", "Printing, condition degraded. Departmental: about 260 people"),
            Fact::new("Went down", Prose::default().when(at("03:07")).text(", received ").when(at("03:08"))),
            Fact::new("Then", Prose::default().when(at("03:22")).text(" a suspected incident opens and Lena Duarte, Applications on call, is called")),
        ],
        reasons: vec![
            Reason { text: Prose::default().bold("Mapping rule “print queues”").text(" matched, first of 41"), rule: Some("when  host is print-*\nand   service is Queue*\nthen  system Printing, condition degraded".into()) },
            Reason { text: Prose::default().bold("Rule of 15 minutes:").text(" degraded is watched, and becomes suspected when it has lasted the time"), rule: None },
        ],
        signals_title: "3 signals".into(),
        signals_note: "Nagios, data centre A. Times in GMT".into(),
        signals: vec![
            signal("03:13", "37 jobs wait, oldest 6 min", None),
            signal("03:08", "14 jobs wait, queue not moving since 03:07", Some(Detail { summary: "Raw payload, 314 bytes".into(), text: "{\n  \"event_type\": \"PROBLEM\",\n  \"key\": \"event_source=service;host_name=print-01;service_desc=Queue Library\"\n}".into(), raw: true })),
        ],
        foot: Prose::from("Key ").mono("print-01;Queue Library").text(", intake ").mono("nagios-a"),
    });
    page
}

pub fn none() -> Page {
    Page {
        heading: "No alerts".into(),
        groups: vec![],
        none: Prose::from("No alert has come yet. ").link("/oncall", "See whom they would call"),
        rules: vec![],
        older: None,
        ..list()
    }
}
