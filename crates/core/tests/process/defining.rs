//! DEF: what counts as a disruption, and what a suspected one owes.

use crate::fixture::*;
use muster_core::Time;
use muster_core::alert::{Alert, Ended, GoingOn, OpenIncident, Step, goes_on, place, place_hidden};
use muster_core::contact::Answer;
use muster_core::directory::Organisation;
use muster_core::duty::{DutyKind, duties};
use muster_core::entry::{Change, Fact, Kind, Severity};
use muster_core::incident::{Act, AlertNews, Command, Declaration, OpenBy, State};
use muster_core::policy::KindNamed;
use muster_core::refusal::Refusal;
use muster_core::system::Condition::{self, Degraded, Down, Information, Predicted};
use muster_core::system::Rule;

const NIGHT: &str = "2026-11-17T22:00:00Z";
const FRIDAY_EVENING: &str = "2026-11-20T19:00:00Z";
const BEFORE_WORK: &str = "2026-11-17T07:50:00Z";

/// An alert that is accepted at `accepted`, `late` minutes after service went down.
fn reported(host: &str, condition: Condition, accepted: &str, late: i64) -> Alert {
    let accepted = t(accepted);
    spooled(alert(host, condition), muster_core::later(accepted, -minutes(late)), accepted)
}

fn office() -> Organisation {
    let mut org = org();
    org.systems.insert("always".into(), org.systems[&"directory".into()].clone());
    org.rules.push(rule("always", "always"));
    for system in ["directory", "printing", "email"] {
        office_hours(&mut org, system);
    }
    org
}

/// When the alert opens an incident: now, then or never.
fn opens(alert: &Alert, org: &Organisation) -> Option<Time> {
    match placed(alert, org, alert.first_at).step {
        Step::Keep => None,
        Step::Open => Some(alert.first_at),
        Step::Watch(then) => Some(then),
        Step::Join(subject) => panic!("there is nothing to join, but {subject}"),
    }
}

// proves: DEF-1 down on an organisation-wide system in its usage hours opens at once; elsewhere it is watched, counted from when service went down
#[test]
fn the_engine_applies_the_definition_by_itself() {
    for (what, alert, expected) in [
        ("organisation-wide, in usage", reported("directory", Down, START, 0), Some(START)),
        ("before its usage hours", reported("directory", Down, BEFORE_WORK, 0), Some("2026-11-17T08:00:00Z")),
        ("after them, when it lasts", reported("directory", Down, NIGHT, 0), Some("2026-11-17T22:15:00Z")),
        ("on a weekend, too", reported("directory", Down, FRIDAY_EVENING, 0), Some("2026-11-20T19:15:00Z")),
        ("used round the clock", reported("always", Down, NIGHT, 0), Some(NIGHT)),
        ("organisation-wide, degraded", reported("directory", Degraded, START, 0), Some("2026-11-17T09:15:00Z")),
        ("departmental", reported("printing", Down, START, 0), Some("2026-11-17T09:15:00Z")),
        ("from went down, not from receipt", reported("printing", Down, START, 4), Some("2026-11-17T09:11:00Z")),
        ("and degraded", reported("printing", Degraded, START, 4), Some("2026-11-17T09:11:00Z")),
        ("while nobody uses it", reported("printing", Down, FRIDAY_EVENING, 0), Some("2026-11-20T19:15:00Z")),
        (
            "degraded while nobody uses it",
            reported("printing", Degraded, FRIDAY_EVENING, 0),
            Some("2026-11-23T08:15:00Z"),
        ),
        (
            "degraded, from its usage hours on",
            reported("printing", Degraded, BEFORE_WORK, 4),
            Some("2026-11-17T08:15:00Z"),
        ),
        ("predicted, at any hour", reported("printing", Predicted, NIGHT, 0), Some(NIGHT)),
        ("information is kept", reported("directory", Information, START, 0), None),
        ("no rule, no system", reported("unheard-of", Down, START, 4), Some("2026-11-17T09:11:00Z")),
    ] {
        assert_eq!(opens(&alert, &office()), expected.map(t), "{what}");
    }
}

// proves: DEF-1 every decision says which rule made it
#[test]
fn every_decision_says_which_rule_made_it() {
    for (host, condition, accepted, why) in [
        ("directory", Down, START, "organisation-wide down, in usage hours, rule “hosts of directory”"),
        (
            "directory",
            Down,
            NIGHT,
            "organisation-wide down, outside usage hours; an incident when it lasts 15 min or they begin, rule “hosts of directory”",
        ),
        ("printing", Down, START, "departmental down; an incident when it lasts 15 min, rule “hosts of printing”"),
        (
            "printing",
            Degraded,
            NIGHT,
            "departmental degraded; an incident when it lasts 15 min of its usage hours, rule “hosts of printing”",
        ),
        ("printing", Predicted, START, "predicted failure: put to the on-call contact, rule “hosts of printing”"),
        ("printing", Information, START, "information only, rule “hosts of printing”"),
        ("unheard-of", Down, START, "no known system; an incident when it lasts 15 min, no mapping rule matches"),
    ] {
        let alert = reported(host, condition, accepted, 0);
        assert_eq!(placed(&alert, &office(), alert.first_at).why, why);
    }
}

// proves: DEF-1 a mapping rule says what a signal means, whatever its sender thinks
#[test]
fn the_first_rule_that_matches_gives_system_and_condition() {
    let mut org = org();
    let mut test_hosts = rule("directory-test", "directory");
    test_hosts.condition = Some(Information);
    let nowhere = rule("*", "no-such-system");
    org.rules.insert(0, test_hosts);
    org.rules.push(nowhere);
    let mut tested = alert("directory", Down);
    tested.signal.host = "DIRECTORY-TEST-3".into();
    assert_eq!(placed(&tested, &org, at(0)).condition, Information);
    assert_eq!(placed(&alert("directory", Down), &org, at(0)).condition, Down);
    let unknown = placed(&alert("else", Down), &org, at(0));
    assert_eq!((unknown.system, unknown.step), (None, Step::Watch(at(15))), "a rule for a system that is gone");
}

// proves: DEF-1 mapping rules look at the signal's sender, host, service and labels, and every pattern given must match
#[test]
fn a_rule_matches_by_sender_host_service_and_labels() {
    let (sender, host, service, label) = ("nag*", "DIRECTORY*", "check", "data*");
    for (what, intake, patterns, matches) in [
        ("all of it", sender, [host, service, label], true),
        ("another sender", "zabbix", [host, service, label], false),
        ("another host", sender, ["email*", service, label], false),
        ("another service", sender, [host, "disk*", label], false),
        ("another label", sender, [host, service, "office*"], false),
    ] {
        let [host, service, label] = patterns.map(str::to_owned);
        let mut org = org();
        org.rules = vec![Rule {
            name: "databases".into(),
            intake: Some(intake.into()),
            host: Some(host),
            service: Some(service),
            labels: [("team".to_owned(), label)].into(),
            system: Some("printing".into()),
            condition: Some(Predicted),
        }];
        let mut labelled = alert("directory", Down);
        labelled.signal.labels = [("team".to_owned(), "databases".to_owned())].into();
        let placed = placed(&labelled, &org, at(0));
        let expected = if matches { (Some("printing".into()), Predicted) } else { (None, Down) };
        assert_eq!((placed.system, placed.condition), expected, "{what}");
        labelled.signal.labels.clear();
        assert_eq!(self::placed(&labelled, &org, at(0)).system, None, "{what}, without the label");
    }
}

// proves: DEF-1 the time is policy data
#[test]
fn the_time_that_makes_a_disruption_is_policy() {
    let mut org = org();
    org.policy.disruption_after = minutes(40);
    assert_eq!(opens(&alert("printing", Down), &org), Some(at(40)));
}

#[test]
fn what_is_watched_opens_when_its_time_is_up_however_often_it_is_sent_again() {
    // Some senders repeat a firing alert every minute, and give each time when it began.
    let mut repeated = reported("printing", Down, START, 6);
    for m in 0..=8 {
        (repeated.last_at, repeated.signals) = (at(m), repeated.signals + 1);
        assert_eq!(placed(&repeated, &org(), at(m)).step, Step::Watch(at(9)), "{m} min");
    }
    repeated.last_at = at(9);
    assert_eq!(placed(&repeated, &org(), at(9)).step, Step::Open);
}

#[test]
fn late_news_from_a_spool_waits_a_minute_for_the_news_that_it_is_over() {
    let late = reported("directory", Down, START, 120);
    let settled = t("2026-11-17T09:01:00Z");
    assert_eq!(opens(&late, &org()), Some(settled));
    assert_eq!(placed(&late, &org(), settled).step, Step::Open, "still true then");
    assert_eq!(opens(&reported("directory", Down, START, 5), &org()), Some(at(0)), "what is 5 minutes old is news");
}

#[test]
fn a_sender_whose_clock_is_ahead_delays_nothing() {
    let ahead = reported("printing", Down, START, -60);
    assert_eq!(opens(&ahead, &org()), Some(at(15)));
    let mut log = Log::opened_by(org(), reported("directory", Down, START, -60));
    let down = log.incident().went_down.unwrap();
    assert_eq!((down.at, down.estimate), (at(0), true));
    log.at(5);
    log.restore(5);
}

// proves: DEF-3 a departmental disruption owes and does what an organisation-wide one does
#[test]
fn a_departmental_disruption_follows_the_same_procedure() {
    let [mut wide, mut departmental] = ["email", "printing"].map(|host| Log::opened_by(org(), alert(host, Down)));
    assert_eq!(
        [wide.incident().kind.clone(), departmental.incident().kind.clone()],
        [Kind::ORGANISATION_WIDE, Kind::DEPARTMENTAL]
    );
    let owed = |log: &Log| -> Vec<_> {
        duties(log.incident()).into_iter().map(|d| (d.id, d.due, d.settled, d.owed_by)).collect()
    };
    let told = |log: &mut Log| {
        log.answer("marta", Answer::Take);
        log.act("marta", Act::Confirm);
        log.at(3);
        log.spoke("User support", "ben");
        log.at(50);
        let while_open = owed(log);
        log.restore(50);
        let kinds: Vec<_> = log.entries.iter().map(|e| e.fact.kind().to_owned()).collect();
        (kinds, while_open, owed(log))
    };
    assert_eq!(told(&mut wide), told(&mut departmental));
}

// proves: DEF-6 signals of other keys join by mapping: same system, or one it depends on, within the policy's time
#[test]
fn signals_of_other_keys_join_an_open_incident_by_mapping() {
    let directory = || open_incident(&["directory"]);
    let same_key = || OpenIncident { has_same_key: true, ..directory() };
    let grown = || OpenIncident { newest: at(25), ..directory() };
    for (what, host, down, incident, joins) in [
        ("same system", "directory", 10, directory(), Some("same system, within 30 min, rule “hosts of directory”")),
        (
            "depends on it",
            "email",
            10,
            directory(),
            Some("Email depends on Directory, within 30 min, rule “hosts of email”"),
        ),
        ("an unrelated system", "printing", 10, directory(), None),
        ("which depends on this one", "directory", 10, open_incident(&["email"]), None),
        (
            "depends on it, and not everybody sees that",
            "email",
            10,
            OpenIncident { is_restricted: true, ..directory() },
            None,
        ),
        (
            "just within 30 min",
            "directory",
            30,
            directory(),
            Some("same system, within 30 min, rule “hosts of directory”"),
        ),
        ("outside 30 min", "directory", 31, directory(), None),
        (
            "went down shortly before",
            "directory",
            -30,
            directory(),
            Some("same system, within 30 min, rule “hosts of directory”"),
        ),
        ("went down long before", "directory", -31, directory(), None),
        (
            "within 30 min of its newest alert",
            "directory",
            55,
            grown(),
            Some("same system, within 30 min, rule “hosts of directory”"),
        ),
        ("outside 30 min of its newest alert", "directory", 56, grown(), None),
        (
            "the same key, hours later",
            "directory",
            600,
            same_key(),
            Some("the same alert as before, rule “hosts of directory”"),
        ),
        (
            "no rule, the same key",
            "unheard-of",
            5,
            same_key(),
            Some("the same alert as before, no mapping rule matches"),
        ),
        ("no rule", "unheard-of", 5, directory(), None),
    ] {
        let alert = spooled(alert(host, Down), at(down), at(down));
        let placed = place(&alert, &org(), &[incident], at(down));
        match joins {
            Some(why) => {
                assert_eq!((placed.step, placed.why.as_str()), (Step::Join("subject-1".into()), why), "{what}")
            }
            None => assert!(!matches!(placed.step, Step::Join(_)), "{what}: {}", placed.why),
        }
    }
}

#[test]
fn information_joins_nothing_and_an_extreme_policy_breaks_nothing() {
    let information = alert("directory", Information);
    assert_eq!(place(&information, &org(), &[open_incident(&["directory"])], at(0)).step, Step::Keep);
    let mut org = org();
    for (extreme, joins) in [(muster_core::Span::MAX, true), (muster_core::Span::MIN, false)] {
        (org.policy.join_within, org.policy.disruption_after) = (extreme, extreme);
        let placed = place(&alert("directory", Down), &org, &[open_incident(&["directory"])], at(0));
        assert_eq!(matches!(placed.step, Step::Join(_)), joins);
    }
}

// proves: DEF-6 joining is visible and reversible
#[test]
fn joining_is_visible_and_reversible() {
    let mut log = Log::suspected();
    log.answer("priya", Answer::Take);
    let facts = log.does(Command::JoinAlert(news(alert("email", Degraded))));
    let Fact::AlertJoined(joined) = &facts[0] else { panic!("{facts:?}") };
    assert!(!joined.opened && !joined.why.is_empty());
    log.does(Command::JoinAlert(news(spooled(alert("directory", Down), at(0), at(0)))));
    let systems = |log: &Log| log.incident().systems.iter().map(|s| (s.name.clone(), s.condition)).collect::<Vec<_>>();
    assert_eq!(systems(&log), [("Directory".into(), Some(Down)), ("Email".into(), Some(Degraded))]);

    let leave = |reason: &str| Act::LeaveAlert { alert: "alert-email".into(), reason: reason.into() };
    assert!(matches!(log.acts("priya", leave(" ")), Err(Refusal::Missing { field: "reason", .. })));
    log.act("priya", leave("another fault"));
    assert_eq!(systems(&log), [("Directory".into(), Some(Down))], "what only it said goes with it");
    assert!(matches!(log.acts("priya", leave("again")), Err(Refusal::Unknown { field: "alert", .. })));
}

#[test]
fn an_alert_that_leaves_takes_only_its_own_word_along() {
    let mut log = Log::declared();
    log.act("priya", Act::AddSystem { system: "email".into() });
    let worse = |id: &str, condition| {
        let mut alert = alert("email", condition);
        alert.id = id.into();
        Command::JoinAlert(news(alert))
    };
    log.does(worse("a", Degraded));
    log.does(worse("b", Down));
    let condition = |log: &Log| log.incident().systems[0].condition;
    assert_eq!(condition(&log), Some(Down));
    log.act("priya", Act::AddSystem { system: "email".into() });
    assert_eq!(condition(&log), Some(Down), "taking the system anew does not mend it");
    for (id, left) in [("b", Some(Down)), ("a", Some(Down))] {
        log.act("priya", Act::LeaveAlert { alert: id.into(), reason: "not ours".into() });
        assert_eq!(condition(&log), left, "a person said so since");
    }
}

// proves: DEF-6 a suspected incident owes one thing, to reach the on-call contact
#[test]
fn a_suspected_incident_owes_one_thing() {
    let mut log = Log::suspected();
    log.at(14);
    assert_eq!(log.state(), State::Suspected);
    let owed: Vec<_> = duties(log.incident()).into_iter().map(|d| d.id.kind).collect();
    assert_eq!(owed, [DutyKind::ReachSomebody]);
}

// proves: DEF-6 unanswered, it is open when the policy's time is up
#[test]
fn a_suspected_incident_that_nobody_answers_opens_by_itself() {
    let mut log = Log::suspected();
    log.answer("priya", Answer::Know);
    assert!(!kinds(&log.at(14)).contains(&"confirmed"));
    assert!(kinds(&log.at(15)).contains(&"confirmed"));
    assert_eq!(log.state(), State::Open);
    let owed: Vec<_> = duties(log.incident()).into_iter().map(|d| d.id.kind).collect();
    assert_eq!(owed, [DutyKind::ReachSomebody, DutyKind::TellDirectly, DutyKind::TellDirectly, DutyKind::TellDirectly]);
}

#[test]
fn who_takes_it_gets_the_same_time_to_judge_it() {
    let mut log = Log::suspected();
    log.at(14);
    log.answer("marta", Answer::Take);
    log.at(28);
    assert_eq!(log.state(), State::Suspected);
    log.at(29);
    assert_eq!(log.state(), State::Open, "silence is not a judgement");
}

// proves: DEF-6 a person makes it open or withdraws it with a reason
#[test]
fn a_person_confirms_or_withdraws_a_suspected_incident() {
    let mut log = Log::suspected();
    log.act("adaeze", Act::Confirm);
    assert_eq!((log.state(), log.manager()), (State::Open, None));
    assert!(matches!(log.acts("adaeze", Act::Confirm), Err(Refusal::WrongState { .. })));
    assert!(log.summons().is_live(), "who confirms has not taken it");

    let mut log = Log::suspected();
    let withdraw = |reason: &str| Act::Withdraw { reason: reason.into() };
    assert!(matches!(log.acts("adaeze", withdraw("")), Err(Refusal::Missing { field: "reason", .. })));
    let facts = log.act("adaeze", withdraw("a test of the probe"));
    assert_eq!(kinds(&facts), ["withdrawn", "summons-ended"], "nobody is looked for any more");
    assert_eq!((log.state(), duties(log.incident())), (State::Withdrawn, vec![]), "no report and no review");
    assert_eq!(log.incident().outage(at(90)), None);
    assert!(log.at(600).is_empty());
}

#[test]
fn what_was_withdrawn_by_mistake_is_somebodys_again() {
    let mut log = Log::suspected();
    log.act("adaeze", Act::Withdraw { reason: "a test".into() });
    let facts = log.act("adaeze", Act::Reopen { reason: "no test".into() });
    assert_eq!(kinds(&facts), ["reopened", "summons-started", "tell-added", "tried"]);
}

// proves: DEF-6 recovery is proposed as restoration, never decided
#[test]
fn recovery_is_proposed_not_decided() {
    let mut log = Log::suspected();
    log.answer("priya", Answer::Take);
    log.does(Command::JoinAlert(news(alert("email", Down))));
    let over = |m: i64, host: &str| Command::AlertRecovered {
        alert: format!("alert-{host}").as_str().into(),
        detail: "OK".into(),
        at: at(m),
    };
    log.at(6);
    log.does(over(4, "directory"));
    assert_eq!(log.incident().recovered_at, None, "one of two");
    assert!(log.does(over(5, "directory")).is_empty(), "it is over already");
    log.act("priya", Act::LeaveAlert { alert: "alert-email".into(), reason: "another fault".into() });
    assert_eq!(log.incident().recovered_at, Some(at(4)), "when it was over, not when the other left");
    assert_eq!((log.state(), log.incident().restored_at), (State::Suspected, None));
    let mut again = alert("directory", Down);
    again.id = "alert-again".into();
    log.does(Command::JoinAlert(news(again)));
    assert_eq!(log.incident().recovered_at, None);
}

#[test]
fn an_alert_does_not_join_what_is_over() {
    let mut log = Log::declared();
    log.restore(0);
    let join = Command::JoinAlert(news(alert("email", Down)));
    assert!(matches!(log.sends(join), Err(Refusal::WrongState { .. })), "nobody would be called for it");
}

#[test]
fn an_alert_that_says_something_else_now_is_heard() {
    let mut log = Log::suspected();
    let news = news(alert("directory", Degraded));
    assert_eq!(kinds(&log.sends(Command::AlertSays(news.clone())).unwrap()), ["alert-changed"]);
    assert_eq!(log.incident().systems[0].condition, Some(Degraded), "the system is as bad as what is said of it");
    assert!(log.sends(Command::AlertSays(news.clone())).unwrap().is_empty(), "a repetition says nothing new");
    let stranger = AlertNews { alert: Alert { id: "else".into(), ..news.alert.clone() }, ..news };
    assert!(log.sends(Command::AlertSays(stranger)).unwrap().is_empty(), "it is not here");
}

// proves: DEF-6 what still fires after its incident is over: a person's word holds for the time that makes a disruption
#[test]
fn an_alert_goes_on_when_a_persons_word_holds_no_longer() {
    use Ended::{Restored, Withdrawn};
    use GoingOn::{Believed, BelievedUntil, OpensHidden, StandsAlone};
    // Restored, if it was, at 10 min; the policy's time is 15 min.
    let (restored, down) = (Restored(at(10)), Some(Down));
    for (what, said, says, heard, ended, now, expected) in [
        ("nothing heard since", down, Down, 9, restored, 60, Believed),
        ("heard at that moment", down, Down, 10, restored, 60, Believed),
        ("heard since, shortly after", down, Down, 11, restored, 11, BelievedUntil(at(25))),
        ("heard since, just before its time", down, Down, 11, restored, 24, BelievedUntil(at(25))),
        ("heard since, its time is up", down, Down, 11, restored, 25, StandsAlone),
        ("heard of late", down, Down, 90, restored, 90, StandsAlone),
        ("it is worse", Some(Degraded), Down, 11, restored, 11, StandsAlone),
        ("it is better, but not well", down, Degraded, 11, restored, 11, StandsAlone),
        ("restored for a time to come", down, Down, 5, restored, 5, Believed),
        ("withdrawn", down, Down, 11, Withdrawn, 600, Believed),
        ("withdrawn, and it is worse", Some(Degraded), Down, 11, Withdrawn, 11, StandsAlone),
        ("nobody knows what it said", None, Down, 11, restored, 11, StandsAlone),
    ] {
        let heard = Alert { last_at: at(heard), ..alert("directory", says) };
        assert_eq!(goes_on(&heard, said, (ended, false), &org(), at(now)), expected, "{what}");
        let hidden = if expected == StandsAlone { OpensHidden } else { expected };
        assert_eq!(goes_on(&heard, said, (ended, true), &org(), at(now)), hidden, "restricted, {what}");
    }
    let quiet = Alert { last_at: at(90), ..alert("directory", Information) };
    assert_eq!(goes_on(&quiet, down, (restored, true), &org(), at(90)), Believed, "what calls nobody stays hidden");
    assert_eq!(place_hidden(&Alert { last_at: at(90), ..alert("directory", Down) }, &org()).step, Step::Open);
    let mut patient = org();
    patient.policy.disruption_after = minutes(40);
    let heard = Alert { last_at: at(30), ..alert("directory", Down) };
    assert_eq!(
        goes_on(&heard, down, (restored, false), &patient, at(30)),
        BelievedUntil(at(50)),
        "the time is policy data"
    );
    for rule in &mut patient.rules {
        rule.condition = Some(Degraded);
    }
    assert_eq!(
        goes_on(&heard, down, (Withdrawn, false), &patient, at(30)),
        StandsAlone,
        "the mapping rule says what it says"
    );
}

// proves: DEF-5 a person may override the severity with a reason; the first judgement is no override
#[test]
fn an_override_of_the_severity_asks_why_and_the_first_judgement_does_not() {
    use Severity::{Low, Major, Minor};
    let judge =
        |severity, reason: &str| Act::Change { to: Change::Severity(severity), reason: reason.into(), seen: None };
    for (what, declared, judged, to, reason, allowed) in [
        ("the first", None, None, Some(Major), "", true),
        ("the first, with a reason", None, None, Some(Major), "seen", true),
        ("another", None, Some(Some(Minor)), Some(Major), " ", false),
        ("another, with a reason", None, Some(Some(Minor)), Some(Major), "worse", true),
        ("the same again", None, Some(Some(Minor)), Some(Minor), "", false),
        ("after it was declared with one", Some(Minor), None, Some(Major), "", false),
        ("declared with one, with a reason", Some(Minor), None, Some(Major), "worse", true),
        ("taken back", None, Some(Some(Low)), None, "", false),
        ("after it was taken back", Some(Low), Some(None), Some(Major), "", false),
        ("no judgement is none", None, None, None, "", false),
    ] {
        let mut log = Log::new(org());
        let by = OpenBy::Person(Declaration { severity: declared, ..log.declaration("priya") });
        log.does(Command::Open { number: "2026-001".into(), by });
        if let Some(judged) = judged {
            log.act("priya", judge(judged, "then"));
        }
        match log.acts("priya", judge(to, reason)) {
            Ok(_) => assert!(allowed, "{what}"),
            Err(refusal) => {
                assert!(!allowed && matches!(refusal, Refusal::Missing { field: "reason", .. }), "{what}: {refusal}");
            }
        }
    }
}

// proves: DEF-2 kinds are policy data: renamed, removed and added; an incident keeps those that it began under
#[test]
fn kinds_are_policy_data_and_an_incident_keeps_its_own() {
    let kind = |kind: &str| Act::Change { to: Change::Kind(kind.into()), reason: String::new(), seen: None };
    let mut org = org();
    let kinds = &mut org.policy.kinds;
    kinds.retain(|k| k.kind != Kind::PLANNED);
    kinds.iter_mut().find(|k| k.kind == Kind::SECURITY).unwrap().words = "Attack or infection".into();
    kinds.push(KindNamed { kind: "power".into(), words: "Power lost".into() });
    assert_eq!(org.policy.why_no_kinds(), None);
    let mut log = Log::suspected_in(org);
    log.act("priya", kind("power"));
    assert_eq!(log.incident().kind_words(), "Power lost");
    log.act("priya", kind("security"));
    let said = muster_core::incident::line(log.entries.last().unwrap(), log.incident());
    assert_eq!(format!("{} {}", said.lead, said.text), "Kind: Attack or infection.");

    // Another policy, in which both are gone: the incident still says what it said.
    log.org.policy = muster_core::policy::Policy::default();
    log.act("priya", kind("power"));
    let form = muster_core::form::Form::of(log.incident(), &log.entries, log.now);
    let field = form.field("kind").unwrap();
    assert_eq!(
        (field.value.as_slice(), field.offered.last().unwrap().as_str()),
        (&["Power lost".into()][..], "Power lost")
    );
    let unknown = log.acts("priya", kind("flood"));
    assert!(matches!(unknown, Err(Refusal::Unknown { field: "kind", .. })), "{unknown:?}");
}

// proves: DEF-2 what Muster itself opens stays a kind: a policy without it is refused, and why is said
#[test]
fn a_policy_keeps_the_kinds_that_muster_opens() {
    let without = |kind: Kind| {
        let mut policy = muster_core::policy::Policy::default();
        policy.kinds.retain(|k| k.kind != kind);
        policy.why_no_kinds()
    };
    for (kind, says) in [
        (
            Kind::ORGANISATION_WIDE,
            "“organisation-wide” is missing. Muster opens incidents of that kind when a system that",
        ),
        (Kind::DEPARTMENTAL, "“departmental” is missing"),
        (Kind::DEGRADED, "“degraded” is missing"),
        (Kind::PREDICTED, "“predicted” is missing"),
        (Kind::OTHER, "“other” is missing"),
        (Kind::SECURITY, "“security” is missing, and the severity matrix names it"),
    ] {
        let why = without(kind.clone()).unwrap_or_default();
        assert!(why.starts_with(says), "{kind:?}: {why}");
    }
    assert_eq!(without(Kind::PLANNED), None);
    let with = |kind: &str, words: &str| {
        let mut policy = muster_core::policy::Policy::default();
        policy.kinds.push(KindNamed { kind: kind.into(), words: words.into() });
        policy.why_no_kinds()
    };
    for (kind, words) in [("Power lost", "Power lost"), ("power", " "), ("other", "Something"), ("power", "Other")] {
        assert!(with(kind, words).is_some(), "{kind} {words}");
    }
    assert_eq!(with("power", "Power lost"), None);
}
