//! Signing in, the profile, and pages that say what went wrong.

use crate::directory::session;
use crate::sample::*;
use muster::web::view::parts::*;
use muster::web::view::work::{Act, Ask};
use muster::web::view::{menu, problem, profile, signin};

pub fn sign_in() -> signin::Page {
    signin::Page {
        frame: frame(),
        stamp: Stamp { seen: None, ..stamp() },
        notice: Some(Notice::note("You were signed out.", "Sign in to go on where you were.")),
        name: Field::of("priya"),
        password: Field::default(),
        next: "/incidents/2026-041".into(),
        kept: None,
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
        facts: vec![Fact::new("Role", "Administrator"), Fact::new("Areas", "Server team")],
        means: vec![
            profile::OwnMeans {
                what: "Email priya@northmere.example".into(),
                state: State::done("Verified"),
                note: Prose::default().when(at("11-16 08:02")),
                acts: Vec::new(),
            },
            profile::OwnMeans {
                what: Prose::from("Call ").tel("07700 900 233"),
                state: State::later("Not verified"),
                note: Prose::from("A code was sent ").when(at("03:13")).text("."),
                acts: vec![Act {
                    id: "verify-1".into(),
                    action: "/profile/means/1/verify".into(),
                    inputs: vec![Ask {
                        name: "code",
                        label: "The code that came",
                        hint: "Six digits.",
                        long: false,
                        required: true,
                        field: Field::wrong("12345", "That is not the code that was sent. Read it once more."),
                    }],
                    button: "This reaches me".into(),
                    stamp: stamp(),
                    ..Act::default()
                }],
            },
        ],
        change_means: Act {
            id: "means-form".into(),
            action: "/profile/means".into(),
            summary: "Change how you are reached".into(),
            button: "Save".into(),
            was: "0f".into(),
            stamp: stamp(),
            ..Act::default()
        },
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
        "/incidents/2026-041",
        Some("Zoning of fs-b restored from the copy of 16 Nov.\nBoth paths seen.".into()),
    )
}

pub fn bug() -> problem::Page {
    problem::Page::bug(frame(), "01JCW2V7Q3F8".into())
}

pub fn go_in() -> signin::GoIn {
    signin::GoIn {
        frame: frame(),
        action: "/set-up/k3v9".into(),
        stamp: Stamp { seen: None, ..stamp() },
        heading: "Sign in as Priya Raman".into(),
        line: "This link works once.".into(),
    }
}

pub fn send_kept() -> signin::SendKept {
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    signin::SendKept {
        frame: frame(),
        kept: signin::Kept {
            to: "/incidents/2026-041/note".into(),
            fields: vec![
                field("act", "01jcw2v7q3f8"),
                field("text", "Restarted dir-01.\nIt answers, but refuses new sign-ins."),
                field("kind", "activity"),
            ],
        },
        typed: vec![
            field("Text", "Restarted dir-01.\nIt answers, but refuses new sign-ins."),
            field("Kind", "activity"),
        ],
    }
}
