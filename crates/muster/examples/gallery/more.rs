//! All other pages.

use crate::sample::*;
use muster::web::view::parts::*;
use muster::web::view::picture::{Neighbour, Picture};
use muster::web::view::{declare, document, link, menu, oncall, people, phones, problem, profile, signin, systems};

pub fn declare() -> declare::Page {
    declare::Page {
        shell: Shell { live: None, ..shell(Place::Declare) },
        stamp: Stamp { seen: None, ..stamp() },
        form: declare::Declaration {
            since: Field::of("now"),
            affected: Field::of("unknown"),
            severity: Field::of("0"),
            told: Field::of("saw-it"),
            ..declare::Declaration::default()
        },
        same: vec![],
        systems: vec!["Email".into(), "Directory and sign-in".into()],
        then: vec![
            "The team on call for the system is called, if you don't take it yourself.".into(),
            "You get the list of people to tell directly: user support, then management.".into(),
        ],
    }
}

pub fn declare_errors() -> declare::Page {
    let mut page = declare();
    page.form.title = Field::wrong("", "Write one line: what is wrong?");
    page.form.since = Field::of("at");
    page.form.since_at = Field::wrong("13:61", "Write the time as 03:14, or with its day as 2026-11-17 03:14.");
    page.form.told = Field::of("paper");
    page.form.system = Field::wrong("Emial", "There is no system named “Emial”. Choose one from the list.");
    page.same = vec![declare::Same {
        number: "2026-041".into(),
        href: "/incidents/2026-041".into(),
        about: Prose::from(title())
            .text(", open for ")
            .ticking(times().since(t("02:31")))
            .text(", manager Priya Raman."),
    }];
    page
}

pub fn declared() -> declare::Receipt {
    declare::Receipt {
        shell: shell(Place::Incidents),
        number: "2026-042".into(),
        href: "/incidents/2026-042".into(),
        title: "Nobody can log in to email".into(),
        at: times().at_and_distance(t("03:14")),
        facts: vec![
            Fact::new("Manager", "You, Priya Raman"),
            Fact::new("You call", Prose::from("User support by ").when(at("03:24"))),
            Fact::new("Published", "Nothing"),
        ],
        notices: vec![Notice::warning("Nobody is on call for Email.", "Add a technical contact.")],
    }
}

fn about() -> link::About {
    link::About { number: "2026-041".into(), severity: Severity::Critical, title: title() }
}

fn answer(value: &str, words: &str, then: &str, primary: bool) -> link::Answer {
    link::Answer { value: value.into(), words: words.into(), then: then.into(), primary }
}

pub fn link() -> link::Page {
    let tried = |clock: &str, text: &str| Prose::default().when(times().clock(t(clock))).text(text);
    let mut oskar = callee("oskar", "Oskar Nyberg", "", "");
    oskar.state = Some(State::not("Not reached"));
    oskar.tries = vec![tried("03:12", " voicemail left, does not count"), tried("03:10", " email sent, no answer")];
    let mut you = callee("wanjiru", "You", "", "");
    you.next = true;
    you.state = Some(State::waiting("Waiting for your answer"));
    you.tries = vec![tried("03:13", " email with this link, and a push")];
    let mut kenji = callee("kenji", "Kenji Morita", "", "");
    kenji.state = Some(State::later(Words::from("Next, in 4\u{a0}min")));
    kenji.tries = vec![
        Prose::from("called at ").when(times().clock(t("03:18"))).text(" if nobody takes it, or at once if you cannot"),
    ];
    link::Page {
        frame: frame(),
        person: "Wanjiru Kamau".into(),
        action: "/l/k3v9".into(),
        stamp: Stamp { seen: None, ..stamp() },
        about: about(),
        elapsed: Prose::default().bold("43\u{a0}min").text(" down, since about ").when(at("02:31")),
        systems: vec![
            Health::Down.of("Directory and sign-in"),
            Health::Down.of("Student portal"),
            Health::Degraded.of("Email"),
        ],
        facts: vec![Fact::new("About", "21,520 people"), Fact::new("Manager", "Nobody yet")],
        asked: Notice {
            icon: Icon::Ask,
            ..Notice::note(
                "Asked of you: take this incident.",
                "You are the second contact for Directory and sign-in. Oskar Nyberg was not reached.",
            )
        },
        refused: None,
        tried: vec![oskar, you, kenji],
        known: vec![
            Fact::new("Condition", "dir-01 cannot write to its disk. dir-02 refuses new sign-ins."),
            Fact::new("Alerts", "SignInFailures on dir-01, MailLoginError, PortalLogin"),
        ],
        known_at: times().at_and_distance(t("03:13")),
        until: Prose::from("It works until ").when(at("04:13")).text(" and shows only this incident."),
        answers: vec![
            answer("take", "I take it", "You become Incident Manager. The calls stop.", true),
            answer("know", "I know", "You are told, another is found.", false),
            answer("cannot", "I cannot", "Kenji Morita is called at once.", false),
        ],
    }
}

fn receipt(heading: &str, line: Prose, notice: Notice) -> link::Receipt {
    link::Receipt {
        frame: frame(),
        person: "Wanjiru Kamau".into(),
        action: "/l/k3v9".into(),
        stamp: Stamp { seen: None, ..stamp() },
        about: about(),
        heading: heading.into(),
        line,
        notice,
        steps: vec![],
        answers: vec![],
        give_back: false,
    }
}

fn step(verb: &str, what: &str, note: &str, href: &str, act: &str) -> link::Step {
    link::Step { verb: verb.into(), what: what.into(), note: note.into(), href: href.into(), act: act.into() }
}

pub fn link_taken() -> link::Receipt {
    link::Receipt {
        steps: vec![
            step("Read", "The incident and its log", "Sign in to write in it", "/incidents/2026-041", "Open"),
            step("Talk", "Ruth Abernathy", "07700\u{a0}900\u{a0}412", "tel:+447700900412", "Call"),
        ],
        give_back: true,
        ..receipt(
            "You have it since 03:14\u{a0}GMT",
            "You are Incident Manager.".into(),
            Notice::done("The calls have stopped.", "Everybody can see that you have it. It is in the log."),
        )
    }
}

pub fn link_known() -> link::Receipt {
    link::Receipt {
        answers: vec![answer("take", "I take it after all", "You become Incident Manager. The calls stop.", true)],
        ..receipt(
            "Noted: you know",
            Prose::from("Nobody has taken it yet. Kenji Morita is called at ").when(at("03:18")).text("."),
            Notice {
                icon: Icon::Waiting,
                ..Notice::note("You are not called again", "unless nobody can be reached. You can still take it.")
            },
        )
    }
}

pub fn link_cannot() -> link::Receipt {
    link::Receipt {
        answers: vec![answer("take", "I can after all", "Works until somebody else has taken it.", false)],
        ..receipt(
            "Kenji Morita is being called now",
            Prose::from("Noted at ").when(at("03:14")).text(": you cannot."),
            Notice::note("You owe nothing here", "and are not called again for it."),
        )
    }
}

pub fn link_gone() -> link::Receipt {
    link::Receipt {
        steps: vec![step("Talk", "Oskar Nyberg", "07700 900 561", "tel:+447700900561", "Call")],
        ..receipt(
            "Oskar Nyberg took it at 03:15\u{a0}GMT",
            Prose::default(),
            Notice::done("Nothing is asked of you.", "You are not called again for this."),
        )
    }
}

pub fn link_expired() -> link::Expired {
    link::Expired {
        frame: frame(),
        heading: "This link has expired".into(),
        line: Prose::from("It worked until ")
            .when(at("04:13"))
            .text(". To protect others it shows nothing about the incident now."),
        ways: vec![step("Sign in", "Muster", "Shows what you owe", "/sign-in", "Open")],
    }
}

fn device(person: &str, name: &str, title: &str) -> phones::Device {
    phones::Device {
        person: person.into(),
        id: format!("phone-{person}"),
        name: name.into(),
        title: title.into(),
        number: "07700 900 412".into(),
        state: None,
        line: None,
        call: None,
        messages: vec![],
    }
}

pub fn phones() -> phones::Page {
    let message =
        |icon, kind: &str, clock: &str, subject: Option<&str>, text: &str, link: Option<&str>| phones::Message {
            icon,
            kind: kind.into(),
            at: times().clock(t(clock)),
            subject: subject.map(Into::into),
            text: text.into(),
            link: link.map(Into::into),
        };
    let chain =
        |id: &str, title: &str, state, devices| phones::Chain { id: id.into(), title: title.into(), state, devices };
    phones::Page {
        shell: shell(Place::Phones),
        stamp: Stamp { seen: None, ..stamp() },
        heading: "Daniel Osei’s phone is ringing".into(),
        ringing: Some("phone-daniel".into()),
        chains: vec![
            chain(
                "chain-1",
                "Must take it: Directory and sign-in",
                State::soon("1 called, nobody yet"),
                vec![
                    phones::Device {
                        state: Some(State::not("Voicemail: does not count")),
                        messages: vec![
                            message(
                                Icon::Voicemail,
                                "Voicemail",
                                "03:03",
                                None,
                                "“This is Muster at Northmere University. Directory and sign-in needs you.”",
                                None,
                            ),
                            message(
                                Icon::Mail,
                                "Email",
                                "03:02",
                                Some("2026-041 needs you: Directory and sign-in"),
                                "Nobody can sign in.",
                                Some("/l/k3v9"),
                            ),
                        ],
                        ..device("ruth", "1. Ruth Abernathy", "Server team manager")
                    },
                    phones::Device {
                        state: Some(State::new(Tone::Blue, Icon::Phone, times().left(t("03:15")))),
                        call: Some(phones::Call { id: "c2".into(), heard: None, keys: vec![] }),
                        ..device("daniel", "2. Daniel Osei", "Head of Infrastructure")
                    },
                    phones::Device {
                        state: Some(State::later("Next")),
                        line: Some("Rings if Daniel Osei does not answer, or presses 3.".into()),
                        ..device("helen", "3. Maximiliana Wolfeschlegelsteinhausenbergerdorff", "Director of IT")
                    },
                ],
            ),
            chain(
                "chain-2",
                "Must take it: Printing",
                State::soon("Answered"),
                vec![phones::Device {
                    state: Some(State::soon("Answered, waits for a key")),
                    call: Some(phones::Call {
                        id: "c3".into(),
                        heard: Some("Printing needs you. Press 1 to take it, 2 if you know, 3 if you cannot.".into()),
                        keys: vec![
                            ("1".into(), "Take it".into()),
                            ("2".into(), "I know".into()),
                            ("3".into(), "I cannot".into()),
                        ],
                    }),
                    ..device("wanjiru", "1. Wanjiru Kamau", "Server team")
                }],
            ),
        ],
        others: vec![phones::Device {
            messages: vec![
                message(Icon::Mobile, "Text", "02:40", None, "2026-041: sign-in is down.", Some("/l/abc")),
                message(Icon::Bolt, "Push", "02:39", Some("2026-041"), "Sign-in is down.", None),
            ],
            ..device("kenji", "Kenji Morita", "Network team")
        }],
        waits: "In the demo Muster waits 20 s between tries; in real use, as long as your policy says.".into(),
        log: Some(phones::Strip {
            number: "2026-041".into(),
            href: "/incidents/2026-041".into(),
            line: "Nobody can sign in to email or the student portal. Calls only, times in GMT, newest first.".into(),
            entries: vec![
                entry(
                    5,
                    "03:14",
                    Icon::Phone,
                    "contact",
                    Tone::Blue,
                    Prose::default().bold("Daniel Osei").text(" is called: ringing."),
                    "Muster",
                ),
                Entry {
                    verdict: Some(State::not("Voicemail: does not count")),
                    ..entry(
                        4,
                        "03:03",
                        Icon::Voicemail,
                        "contact",
                        Tone::Grey,
                        Prose::default().bold("Ruth Abernathy").text(", 07700 900 412: message left."),
                        "Muster",
                    )
                },
            ],
        }),
    }
}

pub fn phones_quiet() -> phones::Page {
    phones::Page {
        heading: "No phone is ringing".into(),
        ringing: None,
        chains: vec![],
        others: vec![],
        log: None,
        ..phones()
    }
}

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

fn session(device: &str, this: bool) -> people::Session {
    people::Session { id: "s1".into(), device: device.into(), since: at("11-16 08:02"), seen: at("03:13"), this }
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
            },
            people::Means {
                kind: "Email".into(),
                to: "daniel.osei@infrastructure.information-technology.northmere.example".into(),
                wait: "at the same time".into(),
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
        open: vec![],
        open_note: Prose::from("The last one was restored ").ticking(times().ago(t("11-05 03:00"))),
        alerts: vec![],
        contacts: vec![],
        populations: vec![],
        ..system()
    }
}

pub fn sign_in() -> signin::Page {
    signin::Page {
        frame: frame(),
        stamp: Stamp { seen: None, ..stamp() },
        notice: Some(Notice::note("You were signed out.", "Sign in to go on where you were.")),
        name: Field::of("priya"),
        password: Field::default(),
        next: "/incidents/2026-041".into(),
        refused: Some("Name and password don't match. Type both again, or ask for a sign-in link.".into()),
        help: "No password? Ask an administrator for a sign-in link.".into(),
    }
}

pub fn set_up() -> signin::SetUp {
    signin::SetUp {
        frame: frame(),
        action: "/set-up/k3v9".into(),
        stamp: Stamp { seen: None, ..stamp() },
        heading: "Make the first administrator".into(),
        line: "This link works once. Whoever opens it first sets Muster up.".into(),
        who: Some((
            Field::wrong("Priya R", "Write it in small letters, digits, dots and dashes."),
            Field::of("Priya Raman"),
        )),
        known: None,
        password: Field::default(),
        again: Field::wrong("", "The two differ. Type both again."),
        refused: None,
    }
}

pub fn profile() -> profile::Page {
    profile::Page {
        shell: Shell { live: None, ..shell(Place::More) },
        stamp: Stamp { seen: None, ..stamp() },
        facts: vec![
            Fact::new("Role", "Administrator"),
            Fact::new("Areas", "Server team"),
            Fact::new("Reached by", "Email priya@northmere.example, then call 07700 900 233"),
        ],
        settings: profile::Settings { shortcuts: Field::of("on"), theme: Field::of("") },
        password: profile::Password {
            old: Field::wrong("", "That is not the password you have now."),
            ..Default::default()
        },
        sessions: vec![session("Firefox on Linux", true), session("Safari on an iPhone", false)],
        tokens: vec![profile::Token {
            id: "t1".into(),
            name: "nagios-host-a".into(),
            role: "Responder".into(),
            begins: "mst_4f9a…".into(),
            made: at("11-02 10:00"),
            used: Prose::default().when(at("03:10")),
        }],
        new_token: profile::NewToken {
            role: Field::of("responder"),
            roles: vec![
                Choice::new("reader", "Reader: sees"),
                Choice::new("responder", "Responder: works on incidents"),
            ],
            ..Default::default()
        },
        made: Some(profile::Made { name: "laptop".into(), secret: Field::of("mst_9c1f0a77b2e84d5f9c1f0a77b2e84d5f") }),
    }
}

pub fn menu() -> menu::Page {
    menu::Page { shell: Shell { live: None, ..shell(Place::More) } }
}

pub fn not_found() -> problem::Page {
    problem::Page::not_found(frame(), "incident 2026-099")
}

pub fn unavailable() -> problem::Page {
    problem::Page::unavailable(
        frame(),
        Some("Zoning of fs-b restored from the copy of 16 Nov.\nBoth paths seen.".into()),
    )
}

pub fn bug() -> problem::Page {
    problem::Page::bug(frame(), "01JCW2V7Q3F8".into())
}

pub fn form() -> document::Page {
    use document::{FormField, Note, Value, Width};
    let field = |number, label: &str, value, width| FormField { number, label: label.into(), value, width };
    let short = |text: &str| Value::Short(text.into(), None);
    let note = |seq, clock: &str, kind: &str, text: &str, by: &str| Note {
        seq,
        day: "17 Nov".into(),
        at: times().clock(t(clock)),
        kind: kind.into(),
        text: text.into(),
        written: (seq == 8).then(|| "Written 02:48.".into()),
        by: by.into(),
    };
    document::Page {
        organisation: "Northmere University".into(),
        number: "2026-041".into(),
        href: "/incidents/2026-041".into(),
        state: "Restored".into(),
        as_of: times().in_full(t("04:10")),
        zone: "GMT".into(),
        pdf: true,
        fields: vec![
            field(1, "Name", Value::Big(title().into(), None), Width::TwoThirds),
            field(2, "Reference number", Value::Big("2026-041".into(), None), Width::Third),
            field(3, "Date and time service went down", Value::Short(Prose::from("17 Nov 2026, about 02:31"), Some("estimate, entry 8".into())), Width::Third),
            field(4, "Date and time recorded", short("17 Nov 2026, 02:39"), Width::Third),
            field(5, "Discovered or reported by", short("Alertmanager, data centre A"), Width::Third),
            field(6, "Incident Manager", Value::Short("Priya Raman".into(), Some("from 02:45; nobody before".into())), Width::Half),
            field(7, "Communications Manager", short(""), Width::Half),
            field(8, "Systems affected", short("Directory and sign-in, Student portal; Email"), Width::Half),
            field(9, "System owner", short("Ingrid Solheim; Imogen Vance"), Width::Half),
            field(10, "Populations affected", short("All staff 3,120; all students 18,400. Together about 21,520 people."), Width::Whole),
            field(11, "Symptoms or problem description", Value::Long("Staff and students could not sign in to email or the student portal.".into()), Width::Whole),
            field(12, "Staff involved", Value::Long("Priya Raman, Wanjiru Kamau (Server); Marta Lindqvist (Directory).".into()), Width::Whole),
            field(13, "Determined cause", Value::Long(Prose::default()), Width::Whole),
            field(14, "Resolution", Value::Long("Zoning restored from the copy of 16 November.".into()), Width::Whole),
            field(15, "Date and time restored", short("17 Nov 2026, 03:52"), Width::Half),
            field(16, "Outage duration", Value::Big("1\u{a0}h\u{a0}21\u{a0}min".into(), Some("(02:31 to 03:52)".into())), Width::Half),
        ],
        added: vec![
            field(17, "Kind", Value::Boxes(vec![("Organisation-wide service lost".into(), true), ("Departmental service lost".into(), false), ("Severely degraded".into(), false), ("Planned work".into(), false), ("Security event".into(), false), ("Predicted failure".into(), false), ("Other".into(), false)]), Width::Whole),
            field(18, "Severity at start, highest, end", short("1, 1, 1"), Width::Third),
            field(19, "Management told directly", Value::Short("03:16".into(), Some("due 03:09, 7 min late".into())), Width::Third),
            field(20, "Report due", short("Thu 19 Nov 2026, 17:00"), Width::Third),
        ],
        notes_head: vec![
            field(21, "Person filling out form", Value::Short("Priya Raman".into(), Some("from 02:45; Muster before".into())), Width::TwoThirds),
            field(22, "Direct contacts", Value::Short("8".into(), Some("in 15 tries".into())), Width::Third),
        ],
        notes: (0..5).flat_map(|i| {
            [
                note(i * 8 + 1, "02:39", "activity", "Incident opened by rule: an organisation-wide system is down in usage hours.", "Muster"),
                note(i * 8 + 2, "02:45", "contact", "Priya Raman took it by personal link. Direct contact, confirmed. Incident Manager from now on.", "Muster"),
                note(i * 8 + 8, "02:31", "activity", "Service went down, estimate: last good sign-in on dir-01.", "Priya Raman"),
            ]
        }).collect(),
        entries: "47, none missing".into(),
        checked: Prose::default().when(times().in_full(t("04:10"))),
        head: "e756 965c ed23 4f30 011c b727 fa70 4156 52a3 94a7 77f5 f846 44d9 4a55 2703 8aba".into(),
        filled_by: "Priya Raman".into(),
    }
}
