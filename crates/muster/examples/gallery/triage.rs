//! Triage: as it opens, with what was chosen so far, and with something to mend.

use crate::sample::*;
use muster::web::view::parts::*;
use muster::web::view::triage::{Form, Hit, Page};

fn hit(n: usize, id: &str, name: &str, of: u32, people: &str) -> Hit {
    Hit {
        input: format!("people.id.{id}"),
        id: format!("triage-people-{n}"),
        name: name.into(),
        of: format!("of {of} people"),
        people: Field::of(people),
    }
}

pub fn first() -> Page {
    Page {
        shell: Shell { live: None, ..shell(Place::Incidents) },
        stamp: stamp(),
        number: "2026-041".into(),
        title: title(),
        severity: Severity::NotAssessed,
        notices: vec![],
        form: Some(Form {
            fault: Field::of("down"),
            known: vec!["Directory and sign-in".into()],
            near: vec![(Choice::new("email", "Email"), false), (Choice::new("portal", "Student portal"), false)],
            systems: vec!["Email".into(), "Printing".into()],
            hits: vec![
                hit(0, "staff", "All staff", 3_120, "3120"),
                hit(1, "students", "All students", 18_400, "18400"),
            ],
            groups: vec!["All staff".into(), "Library readers".into()],
            severity: Field::of("0"),
            ..Form::default()
        }),
        says: None,
        revisions: vec![],
    }
}

pub fn chosen() -> Page {
    let mut page = first();
    page.severity = Severity::Major;
    page.says = Some("320 of 21,520 people, in usage hours: impact high; urgency high: severity 2".into());
    page.revisions = vec![
        Prose::default()
            .when(times().at_and_distance(t("02:50")))
            .text(", Priya Raman: Everyone, not known yet. Urgency high. Impact extensive: severity 1."),
    ];
    if let Some(form) = &mut page.form {
        (form.extent, form.urgency) = (Field::of("group"), Field::of("high"));
        form.near[0].1 = true;
    }
    page
}

pub fn errors() -> Page {
    let mut page = chosen();
    if let Some(form) = &mut page.form {
        form.extent = Field::wrong("", "Choose one of them.");
        form.hits[0].people = Field::wrong("a few", "“a few” is no number of people. Write digits, such as 320.");
        form.system = Field::wrong("Emial", "There is no system named “Emial”. Choose one from the list.");
        form.group = Field::of("Visitors");
        form.group_people = Field::wrong("", "Write about how many people they are.");
        form.severity = Field::of("1");
        form.reason = Field::wrong("", "Write why it is not as the policy’s matrix says; the review will ask.");
    }
    page
}
