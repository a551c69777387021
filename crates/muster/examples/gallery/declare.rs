//! Declaring.

use crate::sample::*;
use muster::web::view::declare;
use muster::web::view::parts::*;

pub fn declare() -> declare::Page {
    declare::Page {
        shell: Shell { live: None, ..shell(Place::Declare) },
        stamp: Stamp { seen: None, ..stamp() },
        form: declare::Declaration {
            since: Field::of("now"),
            affected: Field::of("unknown"),
            severity: Field::of("0"),
            told: Field::of("saw-it"),
            restricted: Field::of("0"),
            ..declare::Declaration::default()
        },
        same: vec![],
        systems: vec!["Email".into(), "Directory and sign-in".into()],
        people: vec!["Marta Lindqvist".into(), "Priya Raman".into()],
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
