//! Duties: the clock row of an incident, and what a person owes.

use super::{Eyes, calls};
use crate::store::duties::Owed;
use crate::web::view::parts::{Due, Duty, Prose, State as Mark};
use muster_core::Time;
use muster_core::duty::{self, DutyKind};
use muster_core::entry::Tell;
use muster_core::incident::{Incident, State};
use muster_core::words::length;
use muster_core::words::lower_first;

/// Most duties in a clock row: more would not be read at a glance.
const CLOCKS_MOST: usize = 7;

/// Late, due in the last quarter of its time, or later.
#[must_use]
pub fn state(since: Time, due: Time, eyes: &Eyes<'_>) -> Mark {
    let now = eyes.times.now();
    let words = eyes.times.due(due);
    if now > due {
        Mark::late(words)
    } else if due.duration_since(now) * 4 <= due.duration_since(since) {
        Mark::soon(words)
    } else {
        Mark::later(words)
    }
}

/// What the incident owes now, soonest first; then what it owed and nobody did before service was back.
#[must_use]
pub fn clocks(incident: &Incident, eyes: &Eyes<'_>) -> Vec<Due> {
    open(incident, eyes)
        .into_iter()
        .chain(incident.untold().map(|tell| lapsed(tell, incident)))
        .take(CLOCKS_MOST)
        .collect()
}

fn open(incident: &Incident, eyes: &Eyes<'_>) -> Vec<Due> {
    let judged = (incident.state == State::Suspected).then(|| to_judge(incident, eyes));
    let mut open: Vec<_> = duty::duties(incident).into_iter().filter(|d| d.settled.is_none()).collect();
    open.sort_by_key(|d| d.due);
    let clock = |d: &duty::Duty| Due {
        state: state(d.since, d.due, eyes),
        what: d.what.clone(),
        note: note(d, incident, eyes),
        href: meets(d.id.kind, &d.id.occurrence, incident),
        late: d.is_late(eyes.times.now()),
    };
    let mut clocks: Vec<_> = open.iter().map(|d| (d.due, clock(d))).chain(judged).collect();
    clocks.sort_by_key(|(due, _)| *due);
    clocks.into_iter().map(|(_, clock)| clock).collect()
}

/// A duty to tell that nobody met in time. It is not owed any more, and not late for ever.
fn lapsed(tell: &Tell, incident: &Incident) -> Due {
    let note = match calls::tries(tell, incident) {
        0 => "not told before service was back".to_owned(),
        1 => "1 try, nobody reached before service was back".to_owned(),
        n => format!("{n} tries, nobody reached before service was back"),
    };
    Due {
        state: Mark::not("Lapsed"),
        what: format!("Tell {} directly", lower_first(&tell.name)),
        note: note.into(),
        href: "#picture".into(),
        late: false,
    }
}

/// A suspected incident waits for somebody who says that it is real, or is open by itself.
fn to_judge(incident: &Incident, eyes: &Eyes<'_>) -> (Time, Due) {
    let opens = incident.opens_by_itself_at();
    let who = match &incident.manager {
        Some(manager) if manager.person.id == *eyes.me => "You judge. ".into(),
        Some(manager) => format!("{} judges. ", eyes.name(&manager.person)),
        None => "Whoever takes it judges. ".to_owned(),
    };
    let since = incident.managers.first().map_or(incident.recorded_at, |m| m.since.max(incident.recorded_at));
    let due = Due {
        state: match state(since, opens, eyes) {
            late if eyes.times.now() > opens => Mark { words: "Any moment".into(), ..late },
            soon => soon,
        },
        what: "Is it real?".into(),
        note: Prose::from(who).text("Unanswered, it is open at ").when(eyes.times.at(opens)),
        href: "#judge".into(),
        late: false,
    };
    (opens, due)
}

/// The next of what it owes.
#[must_use]
pub fn next(incident: &Incident, eyes: &Eyes<'_>) -> Option<Due> {
    open(incident, eyes).into_iter().next()
}

/// `1 late`; none if nothing is.
#[must_use]
pub fn late(incident: &Incident, now: Time) -> Option<String> {
    let late = duty::duties(incident).iter().filter(|d| d.settled.is_none() && d.is_late(now)).count();
    (late > 0).then(|| format!("{late} late"))
}

fn note(duty: &duty::Duty, incident: &Incident, eyes: &Eyes<'_>) -> Prose {
    let tries = match duty.id.kind {
        DutyKind::TellDirectly => incident.tell(&duty.id.occurrence).map_or(0, |tell| calls::tries(tell, incident)),
        DutyKind::ReachSomebody => incident.search_for_manager().map_or(0, |s| s.attempts.len()),
        DutyKind::Judge
        | DutyKind::Communicator
        | DutyKind::Review
        | DutyKind::Conference
        | DutyKind::ProgressMeeting
        | DutyKind::SignUpdate
        | DutyKind::Update
        | DutyKind::FollowUp
        | DutyKind::Triage
        | DutyKind::KeepLog
        | DutyKind::Report
        | DutyKind::Task
        | DutyKind::SignOff => 0,
    };
    match tries {
        0 => Prose::default().when(eyes.times.at(duty.due)),
        1 => format!("1 try, {}", yet(duty, incident)).into(),
        n => format!("{n} tries, {}", yet(duty, incident)).into(),
    }
}

/// What the tries have not brought: who said that they cannot was reached.
fn yet(duty: &duty::Duty, incident: &Incident) -> &'static str {
    let answered =
        incident.search_for_manager().is_some_and(|s| s.chain.iter().any(|c| s.answer_of(&c.person.id).is_some()));
    match duty.id.kind == DutyKind::ReachSomebody && answered {
        true => "nobody has taken it",
        false => "nobody reached",
    }
}

/// Where on the incident's page a duty is met.
fn meets(kind: DutyKind, occurrence: &str, incident: &Incident) -> String {
    match kind {
        DutyKind::TellDirectly => {
            let nth = incident.tells.iter().position(|t| t.name == occurrence);
            nth.map_or("#calls".into(), |i| format!("#{}", calls::tell_id(i)))
        }
        DutyKind::ReachSomebody => "#calls".into(),
        DutyKind::Judge => String::new(), // its buttons stand at the head of the page
        DutyKind::Communicator => "#roles".into(),
        DutyKind::Review | DutyKind::Conference | DutyKind::ProgressMeeting => {
            format!("/incidents/{}/meetings#meetings", incident.number)
        }
        DutyKind::FollowUp => format!("/incidents/{}/meetings#follow-up", incident.number),
        DutyKind::Update => {
            let row = occurrence.split('.').next().unwrap_or_default();
            format!("/incidents/{}/comms#row-{row}", incident.number)
        }
        DutyKind::SignUpdate => format!("/incidents/{}/comms#update-{occurrence}", incident.number),
        DutyKind::Triage => format!("/incidents/{}/triage", incident.number),
        DutyKind::KeepLog => "#log".into(),
        DutyKind::Report => "#dlg-report".into(),
        DutyKind::SignOff => "/policy".into(), // no incident owes one
        DutyKind::Task => format!("/incidents/{}/plan#task-{occurrence}", incident.number),
    }
}

/// A duty in the list of what somebody owes.
#[must_use]
pub fn owed(owed: &Owed, eyes: &Eyes<'_>) -> Duty {
    let late = eyes.times.now() > owed.due_at;
    let (at, act) = match DutyKind::from_word(&owed.kind) {
        Some(DutyKind::TellDirectly) => ("#calls", "Open call list"),
        Some(DutyKind::ReachSomebody) => ("#calls", "Open calls"),
        Some(DutyKind::Judge) => ("", "Judge it"),
        Some(DutyKind::Communicator) => ("#roles", "Decide"),
        Some(DutyKind::Review | DutyKind::Conference | DutyKind::ProgressMeeting) => {
            ("/meetings#meetings", "Open meetings")
        }
        Some(DutyKind::FollowUp) => ("/meetings#follow-up", "Tell them"),
        Some(DutyKind::Update) => ("/comms#plan", "Write it"),
        Some(DutyKind::SignUpdate) => ("/comms#updates", "Read and sign"),
        Some(DutyKind::Triage) => ("/triage", "Triage it"),
        Some(DutyKind::KeepLog) => ("#log", "Write"),
        Some(DutyKind::Report) => ("#dlg-report", "Record it"),
        Some(DutyKind::Task) => ("/plan#tasks", "Open task"),
        Some(DutyKind::SignOff) => ("#sign", "Read and sign"),
        None => ("", "Open"),
    };
    let was = if late { "was due " } else { "" };
    let note = Prose::from(format!("{}, {was}", owed.number)).when(eyes.times.at(owed.due_at));
    let note = if owed.owed_by.is_none() { note.text(". Nobody is Incident Manager yet") } else { note };
    Duty {
        state: state(owed.since, owed.due_at, eyes),
        what: owed.what.clone(),
        note,
        href: format!("{}{at}", page_of(&owed.number)),
        act: act.into(),
        late,
    }
}

/// Where the log of that number is shown: `/incidents/2026-041`, `/policy/7`.
#[must_use]
pub fn page_of(number: &str) -> String {
    if number.starts_with("policy/") { format!("/{number}") } else { format!("/incidents/{number}") }
}

/// `6 things, 1 late`; empty if nothing is owed.
#[must_use]
pub fn owed_count(owed: &[Duty]) -> String {
    let late = owed.iter().filter(|d| d.late).count();
    let things = if owed.len() == 1 { "1 thing".to_owned() } else { format!("{} things", owed.len()) };
    match (owed.len(), late) {
        (0, _) => String::new(),
        (_, 0) => things,
        (_, late) => format!("{things}, {late} late"),
    }
}

/// What follows restoration: `Due Thu 19 Nov, 17:00 GMT, in 1 d 13 h.`
#[must_use]
pub fn report_due(incident: &Incident, eyes: &Eyes<'_>) -> Option<Prose> {
    let report = duty::duties(incident).into_iter().find(|d| d.id.kind == DutyKind::Report && d.settled.is_none())?;
    Some(Prose::from("The report is due ").when(eyes.times.at_and_distance(report.due)).text("."))
}

/// The time after which a suspected incident is open although nobody judged it: `15 min`.
#[must_use]
pub fn opens_after(incident: &Incident) -> String {
    length(incident.terms.policy.open_unanswered_after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::pages::draw::sample::{Story, at, eyes_of, plain};
    use muster_core::contact::{Answer, MeansKind, Outcome, Proof};

    #[test]
    fn a_duty_is_soon_in_the_last_quarter_of_its_time() {
        let story = Story::by_person();
        for (minute, tone) in [(0, "clock"), (22, "clock"), (23, "soon"), (30, "soon"), (31, "late")] {
            let times = story.times(minute);
            let shown = plain(&state(at(0), at(30), &eyes_of("ana", &times)).icon);
            assert_eq!(
                shown,
                plain(&match tone {
                    "late" => Mark::late("").icon,
                    "soon" => Mark::soon("").icon,
                    _ => Mark::later("").icon,
                }),
                "minute {minute}"
            );
        }
    }

    // proves: DIS-4 messages left do not satisfy the requirement
    #[test]
    fn tries_are_counted_and_only_a_conversation_ends_the_clock() {
        let mut story = Story::by_person();
        let what = |story: &Story, minute| {
            let times = story.times(minute);
            let clocks = clocks(&story.incident(), &eyes_of("ana", &times));
            clocks.iter().map(|c| format!("{}: {}", c.what, plain(&c.note))).collect::<Vec<_>>()
        };
        assert!(what(&story, 1).contains(&"Tell user support directly: 03:01 GMT".to_owned()));
        story.contact(2, "User support", "adaeze", MeansKind::Call, Outcome::MessageLeft);
        assert!(what(&story, 3).contains(&"Tell user support directly: 1 try, nobody reached".to_owned()));
        let late = late(&story.incident(), at(29));
        assert_eq!(late.as_deref(), Some("2 late"), "the log was silent for 15 minutes, and nobody has triaged it");
        story.contact(3, "User support", "adaeze", MeansKind::Call, Outcome::Reached(Proof::Spoken));
        assert!(!what(&story, 4).iter().any(|w| w.starts_with("Tell user support")));
    }

    // proves: DIS-4 whom nobody told before service was back is not forgotten on the page
    #[test]
    fn a_duty_to_tell_that_nobody_met_is_shown_as_lapsed() {
        let mut story = Story::by_person();
        let lapsed = |story: &Story| {
            let times = story.times(90);
            let clocks = clocks(&story.incident(), &eyes_of("ana", &times));
            let lapsed = clocks.into_iter().filter(|c| plain(&c.state.words) == "Lapsed");
            lapsed.map(|c| format!("{}: {}", c.what, plain(&c.note))).collect::<Vec<_>>()
        };
        story.contact(2, "User support", "adaeze", MeansKind::Call, Outcome::MessageLeft);
        assert!(lapsed(&story).is_empty(), "it is late, not lapsed");
        story.restore(60, "ana");
        assert_eq!(
            lapsed(&story),
            [
                "Tell user support directly: 1 try, nobody reached before service was back",
                "Tell server team management directly: not told before service was back",
            ]
        );
        let times = story.times(90);
        let next = next(&story.incident(), &eyes_of("ana", &times));
        assert_eq!(
            next.map(|d| d.what).as_deref(),
            Some("Tell everybody who was contacted that it is over"),
            "what is next is owed"
        );
        story.contact(61, "Server team management", "ruth", MeansKind::Call, Outcome::Reached(Proof::Spoken));
        assert_eq!(lapsed(&story).len(), 1, "told at last");
    }

    #[test]
    fn a_suspected_incident_waits_to_be_judged_and_says_by_whom() {
        let mut story = Story::by_alert();
        let judge = |story: &Story, minute| {
            let times = story.times(minute);
            let clocks = clocks(&story.incident(), &eyes_of("ana", &times));
            clocks.into_iter().find(|c| c.href == "#judge").map(|c| plain(&c.note))
        };
        let waiting = judge(&story, 1).unwrap();
        assert!(waiting.starts_with("Whoever takes it judges. Unanswered, it is open at "), "{waiting}");
        story.answer(2, "priya", Answer::Take);
        assert!(judge(&story, 3).unwrap().starts_with("Priya Raman judges."));
        story.act(4, "priya", muster_core::incident::Act::Confirm);
        assert_eq!(judge(&story, 5), None);
    }

    #[test]
    fn what_is_owed_is_counted_in_words() {
        let times = Story::by_person().times(40);
        let eyes = eyes_of("ana", &times);
        let row = |minute| {
            let owed = Owed {
                subject: "s".into(),
                number: "2026-041".into(),
                kind: "tell-directly".into(),
                occurrence: "User support".into(),
                what: "Tell user support directly".into(),
                since: at(0),
                due_at: at(minute),
                owed_by: Some("ana".into()),
            };
            super::owed(&owed, &eyes)
        };
        let duties = [row(30), row(50)];
        assert_eq!(plain(&duties[0].note), "2026-041, was due 03:01 GMT");
        assert_eq!(duties[0].href, "/incidents/2026-041#calls");
        assert_eq!((owed_count(&[]), owed_count(&duties[1..])), (String::new(), "1 thing".into()));
        assert_eq!(owed_count(&duties), "2 things, 1 late");
    }
}
