//! Demo phones.

use crate::sample::*;
use muster::web::view::parts::*;
use muster::web::view::phones;

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
