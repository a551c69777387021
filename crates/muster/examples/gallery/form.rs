//! The incident form.

use crate::sample::*;
use muster::web::view::document;
use muster::web::view::parts::Prose;

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
            field(11, "Symptoms or problem description", Value::Long("Staff and students could not sign in to email or the student portal.".into(), None), Width::Whole),
            field(12, "Staff involved", Value::Long("Priya Raman, Wanjiru Kamau (Server); Marta Lindqvist (Directory).".into(), None), Width::Whole),
            field(13, "Determined cause", Value::Long(Prose::default(), None), Width::Whole),
            field(14, "Resolution", Value::Long("Zoning restored from the copy of 16 November.".into(), None), Width::Whole),
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
