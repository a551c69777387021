//! On call, people, systems.

use crate::sample::*;
use muster::web::view::map::{Map, Node};
use muster::web::view::parts::*;
use muster::web::view::picture::{Neighbour, Picture};
use muster::web::view::work::{Act, Ask as Question, Row, Who};
use muster::web::view::{oncall, organisation, people, policy, systems};

fn on_call(name: &str, title: &str, tel: Option<&str>, state: Option<State>) -> oncall::OnCall {
    oncall::OnCall { name: name.into(), href: "/people/x".into(), title: title.into(), tel: tel.map(Tel::new), state }
}

fn contacts() -> Vec<oncall::OnCall> {
    vec![
        on_call("Marta Lindqvist", "Directory", Some("07700 900 318"), Some(State::done("Reached 02:52"))),
        on_call("Priya Raman (you)", "Server", Some("07700 900 233"), None),
        on_call(
            "Maximiliana Wolfeschlegelsteinhausenbergerdorff",
            "The maker's support, day and night",
            Some("01632 960 187"),
            None,
        ),
    ]
}

pub fn oncall() -> oncall::Page {
    let list = |id: &str, name: &str, href: Option<&str>, people: Vec<oncall::OnCall>| oncall::Contacts {
        id: id.into(),
        name: name.into(),
        href: href.map(Into::into),
        gap: people.is_empty().then(|| State::late("Nobody")),
        people,
    };
    oncall::Page {
        shell: Shell { live: None, ..shell(Place::OnCall) },
        heading: "Nobody answers for Printing".into(),
        about: "Whoever stands first is called first. Times and shifts come later.".into(),
        systems: vec![
            list("s-directory", "Directory and sign-in", Some("/systems/directory"), contacts()),
            list("s-printing", "Printing", Some("/systems/printing"), vec![]),
            list(
                "s-email",
                "Email",
                Some("/systems/email"),
                vec![on_call("Joel Haddad", "", None, Some(State::late("No means of contact")))],
            ),
        ],
        areas: vec![list("a-server-m", "Server team: management", None, contacts())],
    }
}

pub fn people() -> people::List {
    let row = |name: &str, title: &str, areas: &str, role: &str, state| people::Row {
        name: name.into(),
        href: "/people/x".into(),
        title: title.into(),
        areas: areas.into(),
        role: role.into(),
        tel: Some(Tel::new("07700 900 377")),
        state,
    };
    people::List {
        shell: Shell { live: None, ..shell(Place::People) },
        heading: "28 people".into(),
        search: String::new(),
        rows: vec![
            row("Adaeze Okonkwo-Fitzgerald", "Head of User Support", "User support", "Communicator", None),
            row("Daniel Osei", "Head of Infrastructure", "Server team, Management", "Manager", None),
            row(
                "Maximiliana Wolfeschlegelsteinhausenbergerdorff",
                "Director of Information Technology and Digital Services",
                "",
                "Reader",
                Some(State::late("No means of contact")),
            ),
            row("Priya Raman (you)", "Server administrator", "Server team", "Administrator", None),
        ],
        none: Prose::default(),
        next: Some("/people?after=priya".into()),
        first: None,
    }
}

pub fn person() -> people::Page {
    people::Page {
        shell: Shell { live: None, ..shell(Place::People) },
        href: "/people/daniel".into(),
        name: "Daniel Osei".into(),
        title: "Head of Infrastructure".into(),
        state: State::done("Signed in"),
        notices: vec![Notice::warning("One way only.", "If his phone is off, nobody reaches him.")],
        means: vec![
            people::Means {
                kind: "Call".into(),
                to: Prose::default().tel("07700 900 377"),
                wait: "then waits 5 min".into(),
                state: State::done("Verified"),
            },
            people::Means {
                kind: "Email".into(),
                to: "daniel.osei@infrastructure.information-technology.northmere.example".into(),
                wait: "at the same time".into(),
                state: State::later("Not verified"),
            },
        ],
        facts: vec![
            Fact::new("Role", "Manager"),
            Fact::new("Areas", "Server team: management, first"),
            Fact::new("Owns", Prose::default().link("/systems/san", "Storage")),
        ],
        owes: vec![Fact::new("Finish the service disruption report", Prose::from("2026-038, ").when(at("17:00")))],
        admin: Some(people::Admin {
            stamp: Stamp { seen: None, ..stamp() },
            role: Field::wrong("manager", "There must be one administrator. Make somebody else one first."),
            roles: vec![
                Choice::new("reader", "Reader: sees"),
                Choice::new("manager", "Manager: also decides for management"),
            ],
            gone: false,
            link: Some(people::NewLink {
                url: Field::of("https://muster.northmere.example/set-up/k3v9x0qp7d2m5n8r"),
                until: Prose::from("It works once, until ").when(at("04:13")).text("."),
            }),
            sessions: vec![session("Firefox on Linux", false)],
            refused: None,
        }),
    }
}

pub fn systems() -> systems::List {
    let row = |name: &str, state, why: Prose, scope: &str, contact: &str| systems::Row {
        name: name.into(),
        href: "/systems/x".into(),
        state,
        why,
        scope: scope.into(),
        contact: contact.into(),
        owner: "Ingrid Solheim".into(),
    };
    systems::List {
        shell: shell(Place::Systems),
        heading: "2 of 38 systems are down".into(),
        search: "sign".into(),
        rows: vec![
            row(
                "Directory and sign-in",
                Health::Down.state(),
                Prose::default().link("/incidents/2026-041", "2026-041").text(", ").ticking(times().since(t("02:31"))),
                "Organisation-wide",
                "Marta Lindqvist",
            ),
            row(
                "Research computing and shared storage for the Faculty of Engineering",
                Health::Degraded.state(),
                "1 alert watched".into(),
                "Departmental",
                "Maximiliana Wolfeschlegelsteinhausenbergerdorff",
            ),
            row("Wireless", Health::Working.state(), Prose::default(), "Organisation-wide", "Nobody"),
        ],
        none: Prose::default(),
        map: Some(Map {
            systems: [
                ("Student portal", Health::Down),
                ("Email", Health::Working),
                ("Directory and sign-in", Health::Down),
            ]
            .map(|(name, health)| Node { name: name.into(), href: "/systems/x".into(), state: health.state() })
            .into(),
            needs: vec![(0, 2), (1, 2)],
            cut: Vec::new(),
            breadth: 7,
        }),
    }
}

pub fn system() -> systems::Page {
    let near = |name: &str, health| Neighbour { name: name.into(), href: "/systems/x".into(), health };
    let mut above =
        vec![near("Student portal", Health::Down), near("Email", Health::Degraded), near("VPN", Health::Working)];
    above.extend((1..=15).map(|i| near(&format!("Service {i}"), Health::Working)));
    systems::Page {
        shell: shell(Place::Systems),
        name: "Directory and sign-in".into(),
        heading: "Directory and sign-in is down, for 43\u{a0}min".into(),
        scope: "Organisation-wide".into(),
        owned: "Owner Ingrid Solheim".into(),
        about: Prose::from("Since about ")
            .when(at("02:31"))
            .text(", incident ")
            .link("/incidents/2026-041", "2026-041")
            .text(". 21,520 people and 18 systems depend on it."),
        declare: Some("/declare?system=directory".into()),
        edit: "/organisation/system/directory".into(),
        picture: Picture {
            name: "Directory and sign-in".into(),
            health: Health::Down,
            above,
            below: vec![
                near("Storage san-2 of the data centre in Harwood Building", Health::Predicted),
                near("Campus network", Health::Working),
                near("Time service", Health::NotKnown),
            ],
        },
        who: who(),
        open: vec![open_rows().remove(0)],
        open_note: "1 incident, 1 alert".into(),
        alerts: vec![systems::Alert {
            title: "SignInFailures on dir-01".into(),
            href: "/alerts/a115".into(),
            state: State::new(Tone::Grey, Icon::Incident, "Opened 2026-041"),
            last: times().clock(t("02:38")),
        }],
        contacts: contacts(),
        agreement: vec![
            Fact::new("Owner", Prose::from("Ingrid Solheim, ").tel("07700 900 502")),
            Fact::new("Promised", "99.90 % a month, restored within 4 h"),
        ],
        hours: vec![
            Fact::new("Every day", "00:00 to 24:00, Europe/London"),
            Fact::new("Closed", "23 to 27 Nov: enrolment"),
        ],
        hours_now: State::later("Now within them"),
        populations: vec![
            systems::Population {
                name: "All staff".into(),
                reached_by: "Email, SMS for 2,610".into(),
                head_count: "3,120".into(),
            },
            systems::Population {
                name: "All students".into(),
                reached_by: "SMS, portal".into(),
                head_count: "18,400".into(),
            },
        ],
        head_count: "21,520 people".into(),
    }
}

/// The panel with everything that it can hold: a claim, a log-in, somebody who waits, and a form that came back.
pub fn who() -> Who {
    let question =
        |name, label, field| Question { name, label, hint: "", long: name == "reason", required: true, field };
    let act = |id: &str, summary: &str, inputs, button: &str| Act {
        id: id.into(),
        action: "/systems/directory/x".into(),
        summary: summary.into(),
        inputs,
        button: button.into(),
        ..Act::default()
    };
    let mend = Field::wrong("", "Write why it cannot wait for them.");
    let overriding = Act {
        open: true,
        look: "danger",
        entry: Some(14),
        problems: vec![Problem {
            id: Some("override-14-reason".into()),
            text: "Write why it cannot wait for them.".into(),
        }],
        ..act(
            "override-14",
            "Override with a reason",
            vec![question("reason", "Why can it not wait?", mend)],
            "Override",
        )
    };
    let asked = |who: &str, state| (Prose::default().bold(who).text(", at work since ").when(at("02:58")), state);
    Who {
        meta: "1 claim, 1 logged in, 1 waits".into(),
        rows: vec![
            Row {
                place: "mail-02".into(),
                state: Some(State::waiting("Waits for 1")),
                clash: true,
                text: Prose::default().bold("Joel Haddad").text(" wants to: restart it. Asked ").when(at("03:06")),
                people: vec![
                    asked("Marta Lindqvist", State::waiting("No answer, push delivered")),
                    asked("Oskar Nyberg", State::done("Lets it happen")),
                ],
                acts: vec![overriding],
                ..Row::default()
            },
            Row {
                place: "dir-01".into(),
                note: Prose::from("until ").when(at("03:20")).text(", 6 min left, renewed once"),
                text: Prose::default()
                    .bold("Marta Lindqvist")
                    .text(": reading storage errors. Since ")
                    .when(at("02:58")),
                acts: vec![act(
                    "release-9",
                    "Release it",
                    vec![question("changed", "What did you change?", Field::default())],
                    "Release",
                )],
                ..Row::default()
            },
            Row {
                place: "dir-02".into(),
                state: Some(State::new(Tone::Amber, Icon::Incident, "Logged in, no claim")),
                clash: true,
                text: Prose::default().bold("Oskar Nyberg").text(": as root. Since ").when(at("02:40")),
                ..Row::default()
            },
        ],
        over: vec![
            Prose::default()
                .when(at("01:10"))
                .text(" ")
                .bold("Kenji Morita")
                .text(": firmware. Changed: fs-b is on 4.2"),
        ],
        acts: vec![act(
            "claim",
            "I work on it",
            vec![question("what", "What will you do?", Field::default())],
            "Claim it",
        )],
        ..Who::default()
    }
}

pub fn system_quiet() -> systems::Page {
    systems::Page {
        heading: "Wireless is working".into(),
        about: "No open incident. Nothing depends on it.".into(),
        declare: None,
        picture: Picture {
            name: "Wireless".into(),
            health: Health::Working,
            above: vec![],
            below: vec![Neighbour {
                name: "Campus network".into(),
                href: "/systems/net".into(),
                health: Health::Working,
            }],
        },
        who: Who::default(),
        open: vec![],
        open_note: Prose::from("The last one was restored ").ticking(times().ago(t("11-05 03:00"))),
        alerts: vec![],
        contacts: vec![],
        populations: vec![],
        ..system()
    }
}

pub fn session(device: &str, this: bool) -> people::Session {
    people::Session { id: "s1".into(), device: device.into(), since: at("11-16 08:02"), seen: at("03:13"), this }
}

pub fn policy() -> policy::Page {
    let part = |title: &str, own| policy::Part {
        title: title.into(),
        count: "2 steps, 1 decision".into(),
        own,
        steps: vec!["Take every signal, page, call and report into one record".into(), "Triage".into()],
        decisions: vec!["Is it a false alarm? Withdraw it, with the reason".into()],
        open: !own,
        edit: None,
    };
    let figure = |what: &str, value: &str| policy::Figure { what: what.into(), value: value.into(), part: "Discovery" };
    policy::Page {
        shell: shell(Place::Policy),
        heading: "Version 14 of the procedure is in force".into(),
        about: Prose::from("What Northmere University does in a service disruption, since ")
            .when(at("11-16 08:02"))
            .text("."),
        notices: vec![
            Notice::note("Version 15 is proposed.", "The first word came too late in October.")
                .link("/policy/15", "Open it"),
        ],
        checklist: vec!["Begin the log with what has happened up to now".into()],
        edits: Vec::new(),
        dates: vec![Fact::new("Written by", "Helen Castellanos"), Fact::new("Reviewed next", "No date is set")],
        signed: "1 of 2".into(),
        signers: vec![
            policy::Signer {
                name: "Network".into(),
                state: State::done("Signed"),
                text: Prose::from("Kenji Morita, ").when(at("11-16 08:02")),
                acts: Vec::new(),
            },
            policy::Signer {
                name: "Applications".into(),
                state: State::later("Not signed"),
                text: "Sofia Brandt".into(),
                acts: vec![muster::web::view::work::Act {
                    id: "sign-applications".into(),
                    action: "/policy/15/sign/applications".into(),
                    button: "Sign it".into(),
                    look: "primary",
                    ..Default::default()
                }],
            },
        ],
        acts: Vec::new(),
        changes: policy::Changes {
            meta: "1 change against version 13".into(),
            older: "Version 13".into(),
            newer: "Version 14".into(),
            all: vec![policy::Change {
                place: "4. Client notification, steps".into(),
                was: Some("Publish the first update within 30 min".into()),
                is: Some("Publish the first update within 20 min".into()),
            }],
            action: "/policy/14".into(),
            against: Field::of("13"),
            choices: vec![Choice::new("13", "Version 13, replaced")],
        },
        versions: vec![policy::Listed {
            name: Prose::default().bold("Version 14"),
            state: State::done("In force"),
            text: "Helen Castellanos: the first word sooner.".into(),
        }],
        frame: None,
        begin: Some(policy::Framed {
            form: Form { id: "begin".into(), ..Form::default() },
            action: "/policy/begin".into(),
            button: "Begin a version from what is in force",
            groups: vec![("network".into(), "Network".into(), true)],
            stamp: stamp(),
        }),
        parts: vec![part("1. Discovery", false), part("2. Evaluation and restoration planning", true)],
        told: vec![Fact::new("User support", "User support, supervisors: Adaeze Okonkwo-Fitzgerald, then Priya Raman")],
        none_told: String::new(),
        figures: vec![
            figure("A disruption counts from", "15 min"),
            figure("User support is told in person", "10 min after triage, 30 min after discovery at the latest"),
        ],
    }
}

pub fn organisation() -> organisation::Page {
    organisation::Page {
        shell: shell(Place::Organisation),
        heading: "Northmere University".into(),
        about: Prose::default().link("/people", "28 people").text(", ").link("/systems", "15 systems"),
        facts: vec![
            Fact::new("Time zone", "Europe/London"),
            Fact::new("Business days", "Mon, Tue, Wed, Thu, Fri"),
            Fact::new("Holidays", "2026-12-25, 2026-12-28, 2027-01-01"),
        ],
        sections: vec![
            organisation::Section {
                kind: "area",
                title: "Areas",
                meta: "2".into(),
                none: "No area yet.",
                add: "Add an area",
                rows: vec![(
                    Prose::default().link("/organisation/area/server", "Server team"),
                    Prose::default().link("/people/priya", "Priya Raman").text(". Management: Ruth Adler-Whitcombe"),
                )],
            },
            organisation::Section {
                kind: "rule",
                title: "Mapping rules",
                meta: "In this order: the first that fits decides".into(),
                none: "No rule: what comes in is watched, and opens nothing.",
                add: "Add a rule",
                rows: Vec::new(),
            },
        ],
        edits: true,
    }
}

fn asked(name: &'static str, label: &'static str, long: bool, field: Field) -> organisation::Question {
    organisation::Question::Say(Question { name, label, hint: "One a line.", long, required: !long, field })
}

fn change() -> organisation::Change {
    organisation::Change {
        what: Prose::default().bold("Priya Raman").text(" changed it, ").when(at("11-16 08:02")),
        folded: false,
        fields: vec![("Agreement".into(), Some("Back within a day".into()), Some("Back within an hour".into()))],
    }
}

/// A form of the organisation that came back.
pub fn edit() -> organisation::Edit {
    let means = Field::wrong("telex 12", "“telex 12” does not begin with a means. Begin it with call, text or email.");
    organisation::Edit {
        shell: shell(Place::Systems),
        back: ("/systems/directory".into(), "Systems"),
        heading: "Change Directory and sign-in".into(),
        notices: vec![Notice::warning(
            "Nobody would be summoned.",
            "Nobody who is named as its contact can be reached.",
        )],
        action: "/organisation/system/directory".into(),
        stamp: stamp(),
        was: "0f".into(),
        questions: vec![
            asked("name", "Name", false, Field::of("Directory and sign-in")),
            asked("means", "How to reach them", true, means.clone()),
            organisation::Question::Choose {
                name: "scope",
                label: "Whom its loss hits",
                field: Field::of("departmental"),
                choices: vec![Choice::new("departmental", "Departmental")],
            },
            organisation::Question::Tick {
                name: "days",
                legend: "Business days",
                choices: vec![("mon".into(), "Mon".into(), true), ("sat".into(), "Sat".into(), false)],
            },
        ],
        problems: vec![Problem { id: Some("edit-means".into()), text: means.error.unwrap_or_default() }],
        key: Some(Field::of("mi_0123456789")),
        acts: vec![muster::web::view::work::Act {
            id: "remove".into(),
            action: "/organisation/system/directory/remove".into(),
            summary: "Remove Directory and sign-in".into(),
            button: "Remove it".into(),
            look: "danger",
            ..Default::default()
        }],
        changes: vec![change()],
    }
}

pub fn changes() -> organisation::Changes {
    organisation::Changes {
        shell: shell(Place::Organisation),
        heading: "Changes of the set-up".into(),
        changes: vec![change()],
        next: Some("/organisation/changes?before=7".into()),
        all: false,
    }
}

pub fn holidays() -> organisation::Holidays {
    organisation::Holidays {
        shell: shell(Place::Organisation),
        stamp: stamp(),
        text: Field::of("2027-04-05;Easter Monday"),
        plan: Some(organisation::HolidayPlan {
            heading: "1 day would be added".into(),
            new: vec![("Mon 5 Apr 2027".into(), "Easter Monday".into())],
            there: "1 is there already.".into(),
            unread: vec!["Line 4: “5.4.2027” is no day. Write it as 2026-12-25.".into()],
            days: "2027-04-05".into(),
        }),
        known: vec!["Fri 25 Dec 2026".into()],
    }
}
