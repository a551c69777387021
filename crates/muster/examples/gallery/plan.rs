//! The restoration plan: in full, at its beginning, and with a form that came back.

use crate::sample::*;
use muster::web::view::parts::*;
use muster::web::view::plan::*;

fn form(id: &str, fields: &[(&'static str, &str)]) -> Option<Form> {
    let fields = fields.iter().map(|(name, value)| (*name, Field::of(*value))).collect();
    Some(Form { id: id.into(), fields, ..Form::default() })
}

fn by(name: &str, at_: &str, text: &str) -> Prose {
    Prose::from(format!("{name}, ")).when(at(at_)).text(format!(": {text}"))
}

fn some(words: &[(&str, &str)]) -> Vec<Choice> {
    words.iter().map(|(value, label)| Choice::new(*value, *label)).collect()
}

fn part(id: &str, component: &str, to: &str, state: State, note: Prose) -> Part {
    Part {
        words: if to.is_empty() { component.into() } else { format!("{component} to {to}") },
        component: component.into(),
        to: to.into(),
        state,
        note,
        form: form(id, &[("now", "not-known"), ("evidence", "")]),
    }
}

/// Nothing is known yet.
pub fn empty() -> Page {
    Page {
        shell: shell(Place::Incidents),
        stamp: stamp(),
        number: "2026-041".into(),
        title: title(),
        pdf: true,
        severity: Severity::Critical,
        facts: vec!["Open, intense".into(), "Manager Priya Raman (you)".into()],
        heading: "No likely cause is named yet".into(),
        line: "No way to restore is weighed yet.".into(),
        late: None,
        notices: vec![],
        problem: vec![],
        state_problem: form("problem", &[("text", "")]),
        components: vec![],
        interfaces: vec![],
        mark: form("part", &[("component", ""), ("to", ""), ("now", ""), ("evidence", "")]),
        causes: vec![],
        propose: form("cause", &[("text", ""), ("part", "")]),
        options: vec![],
        options_count: String::new(),
        weigh: form("option", &[("what", ""), ("effect", ""), ("risk", "medium"), ("danger", "")]),
        cause_choices: vec![],
        tasks: vec![],
        set_task: form("task", &[("what", ""), ("person", "priya"), ("minutes", "30")]),
        order: vec![],
        questions: vec![],
        questions_count: "None yet".into(),
        ask: form("ask", &[("text", ""), ("whom", "")]),
        whom: some(&[("area:server", "Server team, whoever answers first"), ("person:marta", "Marta Lindqvist")])
            .into_iter()
            .map(|c| (c, false))
            .collect(),
        people: some(&[("marta", "Marta Lindqvist"), ("priya", "Priya Raman")]),
        parts: some(&[("", "Not said"), ("Directory", "Directory")]),
        choices: Choices {
            part: some(&[("not-known", "Not known"), ("working", "Working"), ("suspected", "Suspected")]),
            cause: some(&[("open", "Open"), ("verified", "Verified"), ("ruled-out", "Ruled out")]),
            option: some(&[("not-tried", "Not tried"), ("helped", "Tried, it helped")]),
            risk: some(&[("low", "Low"), ("medium", "Medium"), ("high", "High")]),
            task: some(&[("done", "Done"), ("dropped", "Not needed any more")]),
        },
    }
}

/// An hour in.
pub fn plan() -> Page {
    let open = || State::new(Tone::Grey, Icon::Open, "Open");
    let cause = |number: u32, text: &str, state: State, judged: Vec<Prose>| Cause {
        number,
        text: text.into(),
        out: false,
        state,
        note: by("Proposed by Priya Raman", "02:49", "in Directory"),
        judged,
        form: form(&format!("judge-cause-{number}"), &[("now", "open"), ("evidence", "")]),
    };
    let ruled_out = State::new(Tone::Grey, Icon::Cross, "Ruled out");
    Page {
        heading: "1 cause verified, 1 open".into(),
        late: Some("1 late".into()),
        line: Prose::from("Option 1 is being tried: put the saved zoning back. Next: read the storage errors, by ")
            .when(at("03:20"))
            .text("."),
        problem: vec![
            Version {
                number: 2,
                by: by("Marta Lindqvist", "03:01", ""),
                text: "dir-01 cannot write to its disk.".into(),
            },
            Version { number: 1, by: by("Priya Raman", "02:49", ""), text: "A third of all sign-ins fail.".into() },
        ],
        components: vec![
            part("component-0", "Directory and sign-in", "", Health::Down.state(), Prose::default()),
            part(
                "component-1",
                "Storage",
                "",
                State::new(Tone::Amber, Icon::Flag, "Suspected"),
                by("Marta Lindqvist", "03:02", "carries nothing"),
            ),
        ],
        interfaces: vec![part(
            "interface-0",
            "Directory and sign-in",
            "Storage",
            State::new(Tone::Red, Icon::Down, "At fault"),
            Prose::default(),
        )],
        causes: vec![
            cause(
                1,
                "dir-01 lost the path to its disk",
                State::done("Verified"),
                vec![by("Marta Lindqvist", "03:01", "main path gone in the kernel log from 02:31:07")],
            ),
            cause(2, "Zoning of fs-b lost in the 02:25 firmware update", open(), vec![]),
            Cause {
                out: true,
                ..cause(
                    3,
                    "The certificate of the sign-in service ran out",
                    ruled_out,
                    vec![by("Lena Duarte", "02:58", "valid until 3 March 2027")],
                )
            },
        ],
        options: vec![Restoration {
            number: 1,
            what: "Put the saved zoning back on fs-b".into(),
            note: "For causes 1 and 2".into(),
            effect: "Disk back about 5 min after the go".into(),
            risk: State::new(Tone::Green, Icon::Working, "Low"),
            danger: "4 other servers pause for 2 s".into(),
            state: State::waiting("Being tried"),
            judged: vec![by("Tomasz Wieczorek", "03:12", "begun")],
            form: form("judge-option-1", &[("now", "not-tried"), ("text", "")]),
        }],
        options_count: "1 option, 0 tried, 0 declined".into(),
        cause_choices: vec![(Choice::new("1", "1 dir-01 lost the path to its disk"), false)],
        tasks: vec![
            Task {
                number: 1,
                what: "Get a yes for option 2".into(),
                state: State::late(times().due(t("03:09"))),
                ended: false,
                note: by("Priya Raman (you)", "02:58", "11 of 11 min used"),
                form: form("end-task-1", &[("how", "done"), ("text", "")]),
            },
            Task {
                number: 2,
                what: "Check the certificates".into(),
                state: State::done("Done 02:58"),
                ended: true,
                note: by("Lena Duarte", "02:58", "3 of 10 min used"),
                form: None,
            },
        ],
        order: vec!["Storage".into(), "Directory and sign-in".into()],
        questions: vec![Question {
            number: 1,
            text: "Has controller B ever taken over in a test?".into(),
            note: by("Priya Raman to Wanjiru Kamau and Oskar Nyberg", "03:12", ""),
            answers: vec![(by("Wanjiru Kamau", "03:14", ""), "Not since the array was installed.".into())],
            waiting: vec![State::waiting("Waiting 2 min for Oskar Nyberg")],
            form: form("input-1", &[("text", "")]),
        }],
        questions_count: "1 asked, 1 answered".into(),
        ..empty()
    }
}

/// A cause was verified without a word of evidence.
pub fn errors() -> Page {
    let mut page = plan();
    page.causes[1].form = Some(Form {
        id: "judge-cause-2".into(),
        fields: vec![
            ("now", Field::of("verified")),
            ("evidence", Field::wrong("", "Write what shows that it is the cause.")),
        ],
        refused: None,
        open: true,
    });
    page
}
