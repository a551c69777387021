//! Now, and the list of incidents.

use crate::sample::*;
use muster::web::view::parts::*;
use muster::web::view::{incidents, now};

pub fn busy() -> now::Page {
    let times = times();
    let duty = |state, what: &str, note: Prose, act: &str, late| Duty {
        state,
        what: what.into(),
        note,
        href: "/incidents/2026-041#calls".into(),
        act: act.into(),
        late,
    };
    now::Page {
        shell: shell(Place::Now),
        heading: "3 open incidents, 1 critical".into(),
        about: Prose::from("Tuesday 17 November 2026, ").when(at("03:14")).text(". You are on call for Email."),
        notices: vec![],
        open: open_rows(),
        last: Prose::default(),
        owed: vec![
            duty(
                State::late(times.due(t("03:09"))),
                "Reach server team management directly",
                Prose::from("2026-041, was due ").when(at("03:09")).text(". Next in the chain: Daniel Osei"),
                "Open call list",
                true,
            ),
            duty(
                State::soon(times.due(t("03:20"))),
                "Write what is new in the log",
                Prose::from("2026-041, ").when(at("03:20")),
                "Write",
                false,
            ),
            duty(
                State::later(times.due(t("17:00"))),
                "Finish the service disruption report",
                Prose::from("2026-038, ").when(at("17:00")),
                "Open",
                false,
            ),
        ],
        owed_count: "3 things, 1 late".into(),
        asked: vec![
            Prose::default()
                .link("/systems/email#who", "Email")
                .text(": ")
                .bold("Joel Haddad")
                .text(" wants to: restart it."),
        ],
        held: vec![
            Prose::default()
                .link("/systems/directory#who", "Directory")
                .text(" until ")
                .when(at("03:45"))
                .text(": restart dir-01"),
        ],
        on_call: vec![
            Fact::new("Directory and sign-in", "Marta Lindqvist"),
            Fact::new("Email", "Priya Raman (you)"),
            Fact::new("User support", "Adaeze Okonkwo-Fitzgerald"),
            Fact::new("Research computing and shared storage", "Maximiliana Wolfeschlegelsteinhausenbergerdorff"),
        ],
        watching: vec![
            now::Watched {
                title: "Print queue not moving, Library".into(),
                href: "/alerts/a118".into(),
                state: State::soon(times.left(t("03:22"))),
                why: Prose::from("becomes an incident at ").when(at("03:22")).text(": the rule is 15 minutes"),
            },
            now::Watched {
                title: "Course pages answer slowly".into(),
                href: "/alerts/a112".into(),
                state: State::later("Holding"),
                why: Prose::from("outside usage hours until ").when(times.at_and_distance(t("07:00"))),
            },
        ],
        rest: Prose::from("All 38 other systems are working. Last signal ").ticking(times.ago(t("03:13"))).text("."),
    }
}

pub fn empty() -> now::Page {
    let mut shell = Shell { open: 0, loud: false, ..shell(Place::Now) };
    shell.frame.theme = Theme::Dark;
    shell.toast = Some(Toast {
        text: "Restoration recorded, 03:14 GMT.".into(),
        undo: Some("/incidents/2026-041?take-back=40#e40".into()),
    });
    now::Page {
        shell,
        heading: "No open incidents".into(),
        about: Prose::from("Tuesday 17 November 2026, ").when(at("03:14")).text("."),
        notices: vec![
            Notice::refusal(
                "Nobody can be reached for 2026-041.",
                "Everybody in the chain was tried twice. Ring somebody yourself.",
            )
            .link("/oncall", "Show all contacts"),
        ],
        open: vec![],
        last: Prose::from("The last one was restored ")
            .ticking(times().ago(t("11-14 03:00")))
            .text(". ")
            .link("/incidents?state=restored", "See restored incidents"),
        owed: vec![],
        owed_count: String::new(),
        asked: vec![],
        held: vec![],
        on_call: vec![],
        watching: vec![],
        rest: "No signal has come yet.".into(),
    }
}

pub fn incidents() -> incidents::Page {
    let mut rows = open_rows();
    rows.push(IncidentRow {
        number: "2026-038".into(),
        href: "/incidents/2026-038".into(),
        severity: Severity::Major,
        restricted: State::restricted(false),
        state: "Restored".into(),
        title: "Finance cannot post invoices".into(),
        elapsed: Some("2\u{a0}h\u{a0}10\u{a0}min".into()),
        since: Prose::from("restored ").when(at("11-13 16:10")),
        systems: vec![Health::Working.of("Finance")],
        facts: vec![Fact::new("Manager", "Lena Duarte")],
        next: Some((State::later(times().due(t("17:00"))), "Report due".into())),
        late: false,
    });
    rows.push(IncidentRow {
        number: "2026-037".into(),
        href: "/incidents/2026-037".into(),
        severity: Severity::Low,
        restricted: State::restricted(true),
        state: "Withdrawn".into(),
        title: "Door cards refused at the sports hall".into(),
        elapsed: None,
        since: Prose::from("found ").when(at("11-12 08:00")),
        systems: vec![],
        facts: vec![],
        next: None,
        late: false,
    });
    incidents::Page {
        shell: shell(Place::Incidents),
        heading: "41 incidents".into(),
        filters: filters("all"),
        state: "all".into(),
        search: String::new(),
        rows,
        none: Prose::default(),
        older: Some("/incidents?state=all&before=2026-037".into()),
        newest: None,
    }
}

pub fn incidents_none() -> incidents::Page {
    incidents::Page {
        heading: "No incidents with “portal<script>”".into(),
        filters: filters("open"),
        state: "open".into(),
        search: "portal<script>".into(),
        rows: vec![],
        none: Prose::from("No open incident has these words. ")
            .link("/incidents?state=all&q=portal", "Search all of them"),
        older: None,
        ..incidents()
    }
}

fn filters(on: &str) -> Vec<Filter> {
    [
        ("Open 2", "open"),
        ("Suspected 1", "suspected"),
        ("Restored 1", "restored"),
        ("Withdrawn", "withdrawn"),
        ("All", "all"),
    ]
    .map(|(label, state)| filter(label, &format!("/incidents?state={state}"), None, state == on))
    .into()
}
