//! What the sample pages share: Northmere University on Tuesday 17 November 2026, 03:14 GMT.

use jiff::tz::TimeZone;
use muster::web::view::parts::*;
use muster::web::view::time::{Times, When};
use muster_core::Time;

/// When every sample page is made.
const NOW: &str = "2026-11-17T03:14:00Z";

pub fn times() -> Times {
    let zone = TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC);
    Times::new(NOW.parse().unwrap_or(Time::UNIX_EPOCH), zone)
}

/// `11-17 03:07` in November 2026, in UTC.
pub fn t(day_and_clock: &str) -> Time {
    let (day, clock) = day_and_clock.split_once(' ').unwrap_or(("11-17", day_and_clock));
    format!("2026-{day}T{clock}:00Z").parse().unwrap_or(Time::UNIX_EPOCH)
}

pub fn at(s: &str) -> When {
    times().at(t(s))
}

pub fn frame() -> Frame {
    let mut now = times().in_full(times().now());
    now.text = now.text.replace(" 2026", "");
    Frame { organisation: "Northmere University".into(), now, zone: times().zone(), theme: Theme::Device }
}

pub fn shell(place: Place) -> Shell {
    let viewer =
        Viewer { name: "Priya Raman".into(), line: "On call, Email".into(), may_write: true, administrator: true };
    Shell {
        frame: frame(),
        viewer,
        place,
        open: 3,
        loud: true,
        demo: true,
        live: Some("/live".into()),
        replay: None,
        shortcuts: true,
        toast: None,
        done: None,
    }
}

pub fn stamp() -> Stamp {
    Stamp { act: "01JCW2V7Q3F8".into(), seen: Some(31) }
}

pub fn title() -> String {
    "Nobody can sign in to email or the student portal".into()
}

pub fn open_rows() -> Vec<IncidentRow> {
    let times = times();
    vec![
        IncidentRow {
            number: "2026-041".into(),
            href: "/incidents/2026-041".into(),
            severity: Severity::Critical,
            restricted: State::restricted(false),
            state: "Open, intense".into(),
            title: title(),
            elapsed: Some(times.since(t("02:31")).into()),
            since: Prose::from("down since about ").when(at("02:31")),
            systems: vec![
                Health::Down.of("Directory and sign-in"),
                Health::Degraded.of("Email"),
                Health::Down.of("Student portal"),
            ],
            facts: vec![Fact::new("Manager", "Priya Raman (you)"), Fact::new("About", "21,520 people")],
            next: Some((
                State::late(times.due(t("03:09"))),
                "Nobody in server team management has been reached. Two tries.".into(),
            )),
            late: true,
        },
        IncidentRow {
            number: "2026-040".into(),
            href: "/incidents/2026-040".into(),
            severity: Severity::Minor,
            restricted: State::restricted(false),
            state: "Open, waiting".into(),
            title: "Wireless drops out in Harwood Building, floors 2 to 4".into(),
            elapsed: Some(times.since(t("11-16 11:52")).into()),
            since: Prose::from("down since ").when(at("11-16 11:52")),
            systems: vec![Health::Degraded.of("Wireless")],
            facts: vec![Fact::new("Manager", "Tomasz Wieczorek"), Fact::new("About", "340 people")],
            next: Some((State::later(times.due(t("04:40"))), "Write what is new in the log".into())),
            late: false,
        },
        IncidentRow {
            number: "2026-039".into(),
            href: "/incidents/2026-039".into(),
            severity: Severity::NotAssessed,
            restricted: State::restricted(false),
            state: "Suspected".into(),
            title: "Tape drive 2 in the backup library reports read errors, and the robot arm that should have replaced the cartridge stopped half way"
                .into(),
            elapsed: None,
            since: Prose::from("found ").when(at("11-15 11:05")),
            systems: vec![Health::Predicted.of("Backup")],
            facts: vec![Fact::new("Manager", "Nobody yet, calling Maximiliana Wolfeschlegelsteinhausenbergerdorff")],
            next: Some((State::soon(times.due(t("03:20"))), "Reach somebody on call".into())),
            late: false,
        },
    ]
}

pub fn filter(label: &str, href: &str, icon: Option<Icon>, on: bool) -> Filter {
    Filter { label: label.into(), href: href.into(), icon, on }
}

pub fn entry(seq: u64, clock: &str, icon: Icon, kind: &str, tone: Tone, text: Prose, by: &str) -> Entry {
    Entry {
        seq,
        at: times().clock(t(clock)),
        icon,
        kind: kind.into(),
        tone,
        text,
        quote: None,
        detail: None,
        attachment: None,
        steps: Vec::new(),
        by: by.into(),
        written: None,
        verdict: None,
        superseded: None,
        taken_back: false,
        acts: Acts::default(),
        form: None,
    }
}

pub fn callee(person: &str, name: &str, title: &str, tel: &str) -> Callee {
    Callee {
        person: person.into(),
        name: name.into(),
        title: title.into(),
        tel: Some(Tel::new(tel)),
        state: None,
        next: false,
        say: None,
        tries: Vec::new(),
        answerable: true,
    }
}
