//! The incident in several states.

use crate::sample::*;
use muster::web::view::incident::*;
use muster::web::view::parts::{self, *};

fn log() -> Log {
    let not = || Some(State::not("Not a direct contact"));
    let yes = |what: &str| Some(State::done(what));
    let acts = |seq: u64| parts::Acts {
        correct: Some(format!("?correct={seq}#e{seq}")),
        take_back: Some(format!("?take-back={seq}#e{seq}")),
    };
    let mut entries = vec![
        entry(31, "03:13", Icon::Search, "decision", Tone::Blue,
            Prose::default().bold("Cause being checked:").text(" storage zoning on switch ").mono("fs-b").text(" was lost in the 02:25 firmware update."),
            "Tomasz Wieczorek"),
        entry(29, "03:12", Icon::Undo, "correction", Tone::Amber,
            Prose::default().bold("Correction").text(" to ").link("#e9", "entry 9").text(": students affected are ").was("1,840").text(" ").is("18,400").text("."),
            "Priya Raman"),
        Entry { verdict: not(), acts: acts(22), ..entry(22, "03:03", Icon::Voicemail, "contact", Tone::Grey,
            Prose::default().bold("Ruth Abernathy").text(", Server team manager, 07700 900 412: message left."), "Priya Raman") },
        Entry { verdict: yes("Direct contact: user support told"), acts: acts(19), ..entry(19, "02:57", Icon::Phone, "contact", Tone::Green,
            Prose::default().bold("Adaeze Okonkwo-Fitzgerald").text(", Head of User Support, spoke on the phone."), "Priya Raman") },
        Entry { taken_back: true, superseded: Some(Prose::from("Taken back in ").link("#e18", "entry 18").text(": it was her assistant")),
            ..entry(17, "02:54", Icon::Phone, "contact", Tone::Grey, Prose::default().bold("Ben Tallis").text(", User support supervisor, spoke on the phone."), "Priya Raman") },
        Entry { acts: acts(14), written: Some(Prose::from("written ").when(at("02:59"))), quote: Some("Open sessions still work, new ones fail.\nhttps://wiki.northmere.example/directory/very/long/path/that/does/not/break/anywhere/at/all/because/it/has/no/spaces".into()),
            ..entry(14, "02:52", Icon::Pen, "activity", Tone::Grey, Prose::default().bold("Note:").text(" tested from three buildings."), "Marta Lindqvist") },
        Entry { attachment: Some(Attachment { href: "/incidents/2026-041/attachments/13/dir-01.log".into(), name: "dir-01.log".into(), size: "1.4 MiB".into(), shown: false }),
            ..entry(13, "02:51", Icon::Document, "activity", Tone::Grey, Prose::default().bold("Attached:").text(" dir-01.log, 1.4 MiB."), "Marta Lindqvist") },
        Entry { superseded: Some(Prose::from("Corrected in ").link("#e29", "entry 29")), acts: acts(9),
            ..entry(9, "02:49", Icon::Flag, "decision", Tone::Blue, Prose::default().bold("Triage:").text(" everyone; service down. 1,840 students."), "Priya Raman") },
        Entry { verdict: yes("Direct contact, confirmed"), ..entry(7, "02:45", Icon::Person, "staff", Tone::Green,
            Prose::default().bold("Priya Raman").text(" took it by personal link. Incident Manager from now on."), "Muster, second try after the email at 02:39") },
        Entry { detail: Some(Detail { summary: "14 signals from 3 monitors since 02:38".into(), text: "SignInFailures on dir-01, 34 % of sign-ins fail, limit 5 % (02:38:12).\nMailLoginError, 7 signals.".into(), raw: false }),
            ..entry(1, "02:39", Icon::Bolt, "signal", Tone::Red, Prose::default().bold("Incident opened by rule:").text(" an organisation-wide system is down in usage hours."), "Alertmanager, data centre A") },
    ];
    let yesterday = entries.split_off(9);
    Log {
        filters: vec![
            filter("All 31", "?show=all", None, true),
            filter("Contacts 8", "?show=contact", None, false),
            filter("Decisions 3", "?show=decision", None, false),
            filter("Changes 1", "?show=change", None, false),
        ],
        days: vec![
            Day { heading: "Tuesday 17 November 2026, times in GMT, newest first".into(), entries },
            Day { heading: "Monday 16 November 2026".into(), entries: yesterday },
        ],
        presence: Some("Marta Lindqvist and Adaeze Okonkwo-Fitzgerald are here too.".into()),
        foot: Prose::from("31 entries, chain unbroken, checked at ")
            .when(times().at_and_distance(t("03:14")))
            .text("."),
        earlier: Some(("?before=1".into(), "Show 15 more entries".into())),
    }
}

fn calls() -> Vec<CallList> {
    let mut daniel = callee("daniel", "Daniel Osei", "Head of Infrastructure", "07700 900 377");
    daniel.next = true;
    daniel.say = Some("Next. Say: nobody can sign in since 02:31, directory and portal are down.".into());
    let mut ruth = callee("ruth", "Ruth Abernathy", "Server team manager", "07700 900 412");
    ruth.tries = vec![
        Prose::default().when(times().clock(t("03:03"))).text(" voicemail left, does not count"),
        Prose::default().when(times().clock(t("02:53"))).text(" no answer"),
    ];
    let helen = callee(
        "helen",
        "Maximiliana Wolfeschlegelsteinhausenbergerdorff",
        "Director of Information Technology and Digital Services",
        "07700 900 105",
    );
    vec![
        CallList {
            id: "tell-1".into(),
            tell: "Server team management".into(),
            title: "Tell directly: server team management".into(),
            state: State::late(times().due(t("03:09"))),
            people: vec![daniel, ruth, helen],
            foot: Some("Only a conversation counts. One person is enough.".into()),
            action: Some("/incidents/2026-041/tell".into()),
            call_down: Some("/incidents/2026-041/call-down".into()),
            stamp: stamp(),
        },
        CallList {
            id: "tell-2".into(),
            tell: "User support".into(),
            title: "Tell directly: user support".into(),
            state: State::done("Told 02:57"),
            people: vec![Callee {
                answerable: false,
                state: Some(State::done("Reached")),
                ..callee("adaeze", "Adaeze Okonkwo-Fitzgerald", "Head of User Support", "07700 900 118")
            }],
            foot: None,
            action: Some("/incidents/2026-041/tell".into()),
            call_down: None,
            stamp: stamp(),
        },
    ]
}

fn set() -> Set {
    Set {
        title: Field::of(title()),
        symptoms: Field::of("Staff and students cannot sign in. Open sessions still work."),
        went_down: Field::of("estimate"),
        went_down_at: Field::of("2026-11-17 02:31"),
        kind: Field::of("organisation-wide"),
        kinds: vec![Choice::new("organisation-wide", "Organisation-wide service lost"), Choice::new("other", "Other")],
        phase: Field::of("intense"),
        phases: vec![
            Choice::new("intense", "Intense"),
            Choice::new("steady", "Steady"),
            Choice::new("waiting", "Waiting"),
        ],
        restored: None,
        refused: None,
    }
}

pub fn open() -> Page {
    let times = times();
    let due =
        |state, what: &str, note: Prose, late| Due { state, what: what.into(), note, href: "#calls".into(), late };
    Page {
        shell: shell(Place::Incidents),
        stamp: stamp(),
        number: "2026-041".into(),
        title: title(),
        severity: Severity::Critical,
        restricted: State::restricted(false),
        replay: Some("?as-of=30".into()),
        elapsed: Some(Elapsed {
            label: "Down for".into(),
            words: times.since(t("02:31")).into(),
            since: Prose::from("since about ").when(at("02:31")),
        }),
        facts: vec![
            Fact::new("State", "Open, intense"),
            Fact::new("Manager", "Priya Raman (you)"),
            Fact::new("Affects", "About 21,520 people"),
        ],
        late: Some("1 late".into()),
        overtaken: None,
        notices: vec![],
        due: vec![
            due(
                State::late(times.due(t("03:09"))),
                "Tell server team management",
                "2 tries, nobody reached".into(),
                true,
            ),
            due(
                State::soon(times.due(t("03:20"))),
                "Write what is new in the log",
                Prose::default().when(at("03:20")),
                false,
            ),
            due(
                State::later(times.due(t("03:39"))),
                "Tell research computing",
                Prose::default().when(at("03:39")),
                false,
            ),
        ],
        composer: Some(Composer {
            text: Field::default(),
            kinds: vec![
                Choice::new("activity", "Note"),
                Choice::new("decision", "Decision"),
                Choice::new("change", "Change"),
                Choice::new("complication", "Complication"),
                Choice::new("task", "Task"),
                Choice::new("other", "Other"),
            ],
            kind: Field::of("activity"),
            happened: Field::default(),
            attach: Attach { most: "25 MiB".into(), ..Attach::default() },
        }),
        log: log(),
        calls: calls(),
        picture: vec![
            Fact::new("Symptoms", "Staff and students cannot sign in. Open sessions still work."),
            Fact::new("Went down", Prose::from("about ").when(times.in_full(t("02:31"))).text(", an estimate")),
            Fact::new("Discovered", Prose::default().when(at("02:38")).text(" by Alertmanager, data centre A")),
            Fact::new("Kind", "Organisation-wide service lost"),
            Fact::new("Cause", "Not known yet"),
        ],
        systems: vec![
            Affected {
                name: "Directory and sign-in".into(),
                href: "/systems/directory".into(),
                state: Health::Down.state(),
                owner: "Ingrid Solheim".into(),
            },
            Affected {
                name: "Student portal".into(),
                href: "/systems/portal".into(),
                state: Health::Down.state(),
                owner: "Imogen Vance".into(),
            },
            Affected {
                name: "Email".into(),
                href: "/systems/email".into(),
                state: Health::Degraded.state(),
                owner: "Nobody".into(),
            },
        ],
        populations: "About 21,520 people: all staff 3,120, all students 18,400.".into(),
        alerts: vec![
            JoinedAlert {
                id: "a115".into(),
                title: "SignInFailures on dir-01".into(),
                href: "/alerts/a115".into(),
                state: State::late("Firing"),
                why: "opened it by rule “directory”".into(),
                may_leave: false,
            },
            JoinedAlert {
                id: "a116".into(),
                title: "MailLoginError".into(),
                href: "/alerts/a116".into(),
                state: State::done("Resolved 02:58"),
                why: "joined: depends on Directory, 7 signals".into(),
                may_leave: true,
            },
        ],
        roles: Roles {
            facts: vec![
                Fact::new("Incident Manager", Prose::from("Priya Raman (you), since ").when(at("02:45"))),
                Fact::new("Communications", "Nobody: the Incident Manager does it"),
                Fact::new("Asked about it", "12 people"),
                Fact::new("Heard elsewhere", Prose::from("Helen Ashworth, from a dean, ").when(at("03:05"))),
            ],
            notices: vec![Notice::warning("Should somebody else speak for it?", "It is severity 1.")],
            communicator: Some(AskCommunicator {
                proposed: "Adaeze Okonkwo, then Ben Tallis".into(),
                ..AskCommunicator::default()
            }),
            communicate: true,
            no_communicator: Some(NoCommunicator::default()),
            people_asked: Some(PeopleAsked { people: Field::of("1"), ..PeopleAsked::default() }),
            heard_elsewhere: Some(HeardElsewhere::default()),
            restrict: Some(Restrict { is_restricted: true, ..Restrict::default() }),
            unrestrict: Some(Unrestrict::default()),
        },
        steps: steps(),
        others: muster::web::view::links::Others {
            rows: vec![muster::web::view::links::Other {
                number: "2026-039".into(),
                how: "Caused by".into(),
                title: "A switch in the Harwood Building".into(),
                may_unlink: true,
            }],
            link: Some(muster::web::view::links::Form::default()),
            merge: Some(muster::web::view::links::Form::default()),
            suggested: vec![Choice::new("2026-040", "Nobody can print")],
        },
        acts: muster::web::view::incident::Acts {
            own: vec![
                OwnField {
                    id: "ticket".into(),
                    words: "Ticket of the maker".into(),
                    value: Field::of("4711"),
                    hint: "A number, as 12 or 0.5.".into(),
                    ..OwnField::default()
                },
                OwnField {
                    id: "site".into(),
                    words: "Site".into(),
                    choices: vec![Choice::new("", "Nothing"), Choice::new("North", "North")],
                    ..OwnField::default()
                },
            ],
            take: None,
            confirm: false,
            triage: false,
            triage_again: true,
            withdraw: None,
            restore: Some(Restore {
                at: Field::of("2026-11-17 03:14"),
                proposal: Some(Prose::from("The monitors say that service is back since ").when(at("03:12")).text(".")),
                ..Restore::default()
            }),
            reopen: None,
            report: None,
            set: Some(set()),
            severity: Some(SetSeverity { severity: Field::of("1"), ..SetSeverity::default() }),
            contact: Some(Contact { means: Field::of("call"), outcome: Field::of("reached"), ..Contact::default() }),
            hand_over: Some(HandOver::default()),
            add_system: Some(AddSystem { systems: vec!["Email".into(), "Wireless".into()], ..AddSystem::default() }),
        },
        people: vec![
            Choice::new("Daniel Osei", "Head of Infrastructure"),
            Choice::new("Ruth Abernathy", "Server team manager"),
        ],
    }
}

pub fn suspected() -> Page {
    let mut page = open();
    page.severity = Severity::NotAssessed;
    page.title = "Tape drive 2 in the backup library reports read errors, and the robot arm that should have replaced the cartridge stopped half way".into();
    page.elapsed = None;
    page.late = None;
    page.facts = vec![Fact::new("State", "Suspected"), Fact::new("Manager", "Nobody yet, calling Wanjiru Kamau")];
    page.notices = vec![Notice::warning(
        "Is this real?",
        "A monitor says that Backup will fail. Say that it is real, or withdraw it. Unanswered, it is open at 03:20 GMT.",
    )];
    page.calls.truncate(1);
    page.alerts.clear();
    page.systems.clear();
    page.populations = "Nobody is named yet.".into();
    page.acts = muster::web::view::incident::Acts {
        take: Some("Take it".into()),
        confirm: true,
        triage: true,
        withdraw: Some(Withdraw::default()),
        contact: page.acts.contact,
        ..Default::default()
    };
    page
}

pub fn restored() -> Page {
    let mut page = open();
    page.shell.open = 2;
    page.elapsed = Some(Elapsed {
        label: "Was down for".into(),
        words: "1\u{a0}h\u{a0}21\u{a0}min".into(),
        since: "02:31 to 03:52 GMT".into(),
    });
    page.facts = vec![Fact::new("State", "Restored"), Fact::new("Manager", "Priya Raman (you)")];
    page.notices = vec![
        Notice::done("Restored at 03:52 GMT.", "The report is due Thu 19 Nov, 17:00 GMT.")
            .link("/incidents/2026-041/form", "Open the form"),
    ];
    page.due.truncate(1);
    page.acts = muster::web::view::incident::Acts {
        reopen: Some(Reopen::default()),
        report: Some(ReportFiled {
            due: Prose::from("Due ").when(times().at_and_distance(t("11-19 17:00"))).text("."),
            ..ReportFiled::default()
        }),
        set: Some(Set {
            restored: Some(SetRestored { at: Field::of("2026-11-17 03:52"), ..SetRestored::default() }),
            ..set()
        }),
        ..page.acts
    };
    page.acts.restore = None;
    page
}

pub fn errors() -> Page {
    let mut page = open();
    page.overtaken = Some(Overtaken {
        lead: "Marta Lindqvist changed the symptoms 1 min ago, while you were writing.".into(),
        theirs: "dir-01 cannot write to its disk. dir-02 refuses new sign-ins.".into(),
        yours: "Staff and students cannot sign in.\nOpen sessions still work.".into(),
    });
    page.notices =
        vec![Notice::refusal("That was not done.", "Tomasz Wieczorek has taken it already. Nothing is asked of you.")];
    if let Some(set) = &mut page.acts.set {
        set.symptoms = Field::wrong("x", "Marta Lindqvist wrote something else meanwhile. Check both texts.");
        set.title = Field::wrong("", "Write one line: what is wrong?");
        set.went_down_at = Field::wrong("25:99", "Write the time as 03:14, or with its day as 2026-11-17 03:14.");
    }
    if let Some(composer) = &mut page.composer {
        composer.text = Field::wrong("", "Write what happened.");
        composer.happened = Field::wrong("tomorrow", "Write the time as 03:14, or with its day as 2026-11-17 03:14.");
    }
    if let Some(entry) = page.log.days[0].entries.get_mut(3) {
        entry.form = Some(EntryForm {
            stamp: stamp(),
            action: "/incidents/2026-041/take-back".into(),
            change: EntryChange::TakeBack(Field::wrong("", "Write why it was a mistake.")),
            consequence: Some("User support counts as not told again.".into()),
            cancel: "?#e19".into(),
            refused: None,
        });
    }
    if let Some(entry) = page.log.days[0].entries.get_mut(5) {
        entry.form = Some(EntryForm {
            stamp: stamp(),
            action: "/incidents/2026-041/correct".into(),
            change: EntryChange::Correct(Field::of("tested from three buildings."), Some(Field::default())),
            consequence: None,
            cancel: "?#e14".into(),
            refused: None,
        });
    }
    page
}

pub fn replayed() -> Page {
    let at = Prose::default().when(times().in_full(t("03:03")));
    let mut page = reader();
    page.shell.live = None;
    page.shell.replay = Some(Moment { path: "/incidents/2026-041".into(), at, seq: 22, last: 31 });
    page.replay = None;
    page
}

pub fn reader() -> Page {
    let mut page = open();
    page.shell.viewer.may_write = false;
    page.shell.viewer.administrator = false;
    page.shell.shortcuts = false;
    page.shell.demo = false;
    page.composer = None;
    page.acts = Default::default();
    page.due.clear();
    page.late = None;
    for list in &mut page.calls {
        list.action = None;
    }
    page.log.presence = None;
    page.log.earlier = None;
    page
}

/// The checklist half done, with a step that was passed over.
fn steps() -> muster::web::view::incident::Steps {
    use muster::web::view::incident::{SkipStep, Step, Steps};
    let step = |name: &str, words: &str, note: Prose| Step {
        name: name.into(),
        words: words.into(),
        done: false,
        skipped: false,
        note,
        tick: true,
    };
    let done = |name, words, note| Step { done: true, tick: false, ..step(name, words, note) };
    let skipped = Prose::from("Skipped by Priya Raman, ").when(at("03:10")).text(": one is enough");
    Steps {
        count: "1 of 4 left".into(),
        version: Prose::from("By ")
            .link("/policy/13", "version 13 of the procedure")
            .text(", under which it began. ")
            .link("/policy", "Version 14")
            .text(" is in force now."),
        rows: vec![
            done("begin-log", "Begin the log with what has happened up to now", Prose::default().when(at("02:39"))),
            done("tell-support", "Tell the user support group", Prose::from("Priya Raman, ").when(at("02:57"))),
            Step { skipped: true, ..step("bring-in", "Bring in other staff and technical contacts", skipped) },
            step("status-page", "Bring the status page and the phone line up to date", Prose::default()),
        ],
        skip: Some(SkipStep {
            step: Field::of("status-page"),
            steps: vec![Choice::new("status-page", "Bring the status page and the phone line up to date")],
            ..SkipStep::default()
        }),
    }
}
