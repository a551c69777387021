//! The personal link, before and after each answer.

use crate::sample::*;
use muster::web::view::link;
use muster::web::view::parts::*;
use muster::web::view::work::Release;

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
        input: None,
        answers: vec![
            answer("take", "I take it", "You become Incident Manager. The calls stop.", true),
            answer("know", "I know", "You are told, another is found.", false),
            answer("cannot", "I cannot", "Kenji Morita is called at once.", false),
        ],
    }
}

fn receipt(heading: &str, line: Prose, notice: Notice) -> link::Receipt {
    link::Receipt {
        work: None,
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
        come: None,
    }
}

fn step(verb: &str, what: &str, note: &str, href: &str, act: &str) -> link::Step {
    link::Step { verb: verb.into(), what: what.into(), note: note.into(), href: href.into(), act: act.into() }
}

pub fn link_taken() -> link::Receipt {
    link::Receipt {
        steps: vec![
            step("Sign in", "The whole incident", "With your password", "/incidents/2026-041", "Open"),
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

pub fn link_release() -> Release {
    let asked = |who: &str, text: &str, state| (Prose::default().bold(who).text(text).when(at("02:58")), state);
    Release {
        frame: frame(),
        person: "Wanjiru Kamau".into(),
        action: "/l/k3v9".into(),
        stamp: Stamp { seen: None, ..stamp() },
        system: "Directory and sign-in".into(),
        heading: "Oskar Nyberg wants to: reboot".into(),
        line: Prose::default()
            .bold("Oskar Nyberg")
            .text(" wants to do this to dir-01: reboot. Asked ")
            .when(at("03:12")),
        refused: None,
        notice: Notice::warning("It would cut you off.", "You are at work on Directory and sign-in: vendor patch"),
        people: vec![
            asked("You", ", vendor patch, since ", State::waiting("No answer, push delivered")),
            asked("Marta Lindqvist", ", logged in since ", State::late("Not now")),
        ],
        until: Prose::from("It works until ").when(at("04:13")).text(" and shows only this."),
        answers: vec![
            answer("take", "I let it happen", "You save your work and get out of the way.", true),
            answer("cannot", "Not now", "It waits. They see that you said so.", false),
        ],
    }
}
