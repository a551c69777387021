//! Versions of the procedure: drafted, signed, in force, replaced.

use crate::fixture::{at, ids, minutes, org};
use muster_core::directory::Organisation;
use muster_core::duty::DutyKind;
use muster_core::entry::{ComesBy, Entry, Passage, PolicyBody};
use muster_core::ids::{PersonId, PersonRef, SubjectId};
use muster_core::policy::Whom;
use muster_core::procedure::{Component, Content};
use muster_core::refusal::Refusal;
use muster_core::subject::{Scene, Subject};
use muster_core::version::{Command, Drafting, Stage, Version, decide, differences, why_unworkable};
use muster_core::{Span, Time, later};

/// The log of one version, with a clock.
struct Log {
    org: Organisation,
    now: Time,
    entries: Vec<Entry>,
    version: Option<Version>,
}

impl Log {
    fn new(org: Organisation) -> Self {
        Self { org, now: at(0), entries: Vec::new(), version: None }
    }

    /// Version 2, drafted by Ada, for the server team and user support to sign.
    fn draft() -> Self {
        let mut log = Self::new(org());
        log.does(log.drafting(Drafting { note: "shorter".into(), groups: both(), ..Drafting::default() }));
        log
    }

    fn proposed() -> Self {
        let mut log = Self::draft();
        log.does(Command::Propose { by: by("ada") });
        log
    }

    fn drafting(&self, drafting: Drafting) -> Command {
        Command::Draft { number: 2, by: by("ada"), from: 1, body: self.body(), drafting }
    }

    fn body(&self) -> PolicyBody {
        PolicyBody { policy: self.org.policy.clone(), procedure: self.org.procedure.clone() }
    }

    fn sends(&mut self, command: &Command) -> Result<Vec<&'static str>, Refusal> {
        let subject = SubjectId::from("policy/2");
        let (now, org) = (self.now, &self.org);
        let scene = Scene { now, up_since: at(-60), subject: &subject, org, channels: &[] };
        let decision = decide(self.version.as_ref(), command, scene)?;
        let kinds = decision
            .entries
            .iter()
            .map(|e| muster_core::entry::Fact::KINDS.iter().find(|k| k.0 == e.fact.kind()).unwrap().0);
        let kinds = kinds.collect();
        self.entries.extend(decision.entries);
        self.version = Some(decision.folded);
        assert_eq!(Version::fold(&self.entries), self.version, "the log is the version");
        for entry in &self.entries {
            assert_eq!(Entry::from_record(&entry.to_record()).unwrap(), *entry, "as stored");
        }
        Ok(kinds)
    }

    fn does(&mut self, command: Command) -> Vec<&'static str> {
        self.sends(&command).unwrap_or_else(|refusal| panic!("{command:?}: {refusal}"))
    }

    fn sign(&mut self, who: &str, area: &str) -> Result<Vec<&'static str>, Refusal> {
        self.sends(&Command::Sign { by: by(who), area: area.into(), seen: None })
    }

    fn is(&self) -> &Version {
        self.version.as_ref().unwrap()
    }

    /// The clock goes on; the engine ticks when it is due, and only then.
    fn until(&mut self, then: Time) -> Vec<&'static str> {
        let mut all = Vec::new();
        while let Some(due) = self.is().next_due(self.now, at(-60)).filter(|due| *due <= then && *due > self.now) {
            self.now = due;
            all.extend(self.does(Command::Tick));
        }
        self.now = then;
        all
    }
}

fn both() -> Vec<muster_core::ids::AreaId> {
    ids(&["server", "user-support"])
}

fn by(id: &str) -> PersonRef {
    org().person_ref(&PersonId::from(id))
}

fn days(n: i64) -> Span {
    Span::from_hours(24 * n)
}

// proves: POL-1 a version has an effective date, an author, a change note and a next review date
// proves: POL-5 a change can cite the decision of a review that asked for it
#[test]
fn a_version_says_who_why_and_from_when() {
    let mut log = Log::new(org());
    let drafting = Drafting {
        note: "first word sooner".into(),
        decision: "D-1, review of October".into(),
        groups: both(),
        effective: Some(later(at(0), days(14))),
        next_review: Some(later(at(0), days(100))),
    };
    assert_eq!(log.does(log.drafting(drafting.clone())), ["version-drafted"]);
    let version = log.is();
    assert_eq!((version.number, version.from, version.stage), (2, Some(1), Stage::Draft));
    assert_eq!(version.author.as_ref().unwrap().name, "Ada Quist");
    assert_eq!((&*version.note, &*version.decision), ("first word sooner", "D-1, review of October"));
    assert_eq!(version.effective, Some(later(at(0), days(14))));
    assert_eq!(version.next_review, Some(later(at(0), days(100))));
    assert_eq!(version.body.policy.version, 2, "incidents take that number along");
    let signers: Vec<_> = version.signers.iter().map(|s| (&*s.group.name, s.group.people.len())).collect();
    assert_eq!(signers, [("Server team", 2), ("User support", 3)], "supervisors and management");

    let log = Log::new(org());
    for (bad, field) in [
        (Drafting { note: " ".into(), ..drafting.clone() }, "note"),
        (Drafting { groups: ids(&["nobody"]), ..drafting.clone() }, "groups"),
        (Drafting { effective: Some(at(-1)), ..drafting.clone() }, "effective"),
        (Drafting { next_review: Some(later(at(0), days(2_000))), ..drafting }, "next-review"),
    ] {
        let command = log.drafting(bad);
        assert_eq!(Log::new(org()).sends(&command).unwrap_err().field(), Some(field));
    }
}

// proves: POL-1 why a draft is made, who signs it and its dates can be put right until it holds
#[test]
fn why_who_signs_and_the_dates_of_a_draft_are_put_right() {
    let mut log = Log::draft();
    let drafting = |note: &str, groups: &[&str]| Drafting {
        note: note.into(),
        decision: String::new(),
        groups: ids(groups),
        effective: Some(later(at(0), days(7))),
        next_review: None,
    };
    let frame = |drafting| Command::Frame { by: by("ada"), drafting, seen: None };
    log.does(Command::Propose { by: by("ada") });
    log.does(Command::Sign { by: by("ben"), area: "user-support".into(), seen: None });
    assert_eq!(log.sends(&frame(drafting(" ", &["user-support"]))).unwrap_err().field(), Some("note"));
    let written = log.is().written;
    assert_eq!(log.does(frame(drafting("as agreed", &["user-support"]))), ["version-edited"]);
    let version = log.is();
    assert_eq!((&*version.note, version.effective), ("as agreed", Some(later(at(0), days(7)))));
    assert!(version.stage == Stage::Draft && version.written > written, "what was signed was something else");
    assert_eq!((version.signers.len(), version.missing().count()), (1, 1));
    log.org.areas.get_mut(&"user-support".into()).unwrap().supervisors.clear();
    assert!(log.does(frame(drafting("as agreed", &["user-support"]))).is_empty(), "the same again changes nothing");
}

#[test]
fn a_version_that_nobody_wants_is_given_up() {
    let mut log = Log::draft();
    let drop = |reason: &str| Command::Drop { by: by("ada"), reason: reason.into() };
    assert_eq!(log.sends(&drop(" ")).unwrap_err().field(), Some("reason"));
    log.does(Command::Propose { by: by("ada") });
    assert!(log.is().duties().iter().any(|d| d.settled.is_none()));
    assert_eq!(log.does(drop("the next says it all")), ["version-dropped"]);
    let version = log.is();
    assert_eq!((version.stage, version.duties().len(), version.comes_into_force_at()), (Stage::Dropped, 0, None));
    assert_eq!(log.sends(&Command::Propose { by: by("ada") }).unwrap_err().code(), "over");
    assert_eq!(log.sends(&drop("twice")).unwrap_err().code(), "over");
}

// proves: POL-2 every figure that is edited is among the differences
#[test]
fn every_figure_that_is_edited_is_among_the_differences() {
    let (older, newer) = (PolicyBody::default(), PolicyBody::default());
    let changed = |edit: &dyn Fn(&mut PolicyBody)| {
        let mut newer = newer.clone();
        edit(&mut newer);
        differences(&older, &newer).len()
    };
    assert_eq!(changed(&|_| {}), 0);
    let area = || Some(muster_core::ids::AreaId::from("network"));
    let edits: [&dyn Fn(&mut PolicyBody); 4] = [
        &|b| b.policy.fallback_area = area(),
        &|b| b.policy.bridge = "4711".into(),
        &|b| b.policy.communicator.area = area(),
        &|b| {
            let mut steps = b.procedure.checklist();
            steps[0].seen_by.clear();
            b.procedure.set_checklist(steps);
        },
    ];
    for (n, edit) in edits.into_iter().enumerate() {
        assert!(changed(edit) > 0, "edit {n}");
    }
    let mut org = org();
    let before = PolicyBody::of(&org);
    let row = &mut org.policy.tell_directly[0];
    row.whom = if row.whom == Whom::Management { Whom::Supervisors } else { Whom::Management };
    assert_eq!(differences(&before, &PolicyBody::of(&org)).len(), 1, "whom of an area");
}

// proves: POL-2 an administrator adds, removes and rewords steps of a draft; what is in force stays as it is
#[test]
fn a_draft_is_edited_and_what_holds_is_not() {
    let mut log = Log::draft();
    let own = Content { steps: vec!["Ring the director".into()], decisions: Vec::new() };
    let part = Passage::Component(Component::Escalation, own.clone());
    let edit = |to: Passage, seen| Command::Edit { by: by("ada"), to, seen };
    assert_eq!(log.does(edit(part.clone(), None)), ["version-edited"]);
    assert_eq!(log.is().body.procedure.of(Component::Escalation), &own);
    assert!(log.does(edit(part.clone(), None)).is_empty(), "the same again changes nothing");
    let mut policy = log.is().body.policy.clone();
    policy.conference_after = minutes(45);
    log.does(edit(Passage::Figures(policy.clone()), Some(2)));
    let differences = differences(&log.body(), &log.is().body);
    let said: Vec<_> = differences.iter().map(|d| (&*d.place, d.was.is_some(), d.is.as_deref())).collect();
    assert_eq!(said[0], ("6. Escalation, steps", true, Some("Ring the director")));
    let figure = differences.last().unwrap();
    assert!(figure.place.contains("conference") && figure.is.as_deref() == Some("45 min"), "{figure:?}");
    policy.conference_after = minutes(50);
    let stale = log.sends(&edit(Passage::Figures(policy.clone()), Some(2))).unwrap_err();
    assert_eq!(stale.field(), Some("seen"), "somebody wrote in between");

    log.does(Command::Propose { by: by("ada") });
    log.does(Command::Force { by: by("daniel"), reason: "exam weeks".into() });
    let late = log.sends(&edit(Passage::Figures(policy), None)).unwrap_err().to_string();
    assert!(late.contains("written for good"), "{late}");
}

// proves: POL-3 a version takes effect when the groups that it names have signed it off, at its date if that is later
#[test]
fn it_takes_effect_when_all_have_signed() {
    let mut log = Log::proposed();
    assert_eq!(log.sign("daniel", "server").unwrap(), ["version-signed"]);
    assert_eq!(log.sign("daniel", "server").unwrap(), [""; 0], "once is enough");
    assert_eq!(log.is().missing().map(|s| &*s.group.name).collect::<Vec<_>>(), ["User support"]);
    assert_eq!(log.sign("adaeze", "user-support").unwrap(), ["version-signed", "version-in-force"]);
    assert_eq!(log.is().in_force.as_ref().unwrap().how, ComesBy::Signed);

    let date = later(at(0), days(3));
    let mut log = Log::new(org());
    let drafting = Drafting { note: "x".into(), groups: both(), effective: Some(date), ..Drafting::default() };
    log.does(log.drafting(drafting));
    log.does(Command::Propose { by: by("ada") });
    log.sign("daniel", "server").unwrap();
    log.sign("ben", "user-support").unwrap();
    assert_eq!(log.is().stage, Stage::Proposed, "its date is not there");
    assert_eq!(log.until(later(date, minutes(1))), ["version-in-force"]);
    assert_eq!(log.is().in_force.as_ref().unwrap().at, date);
    assert_eq!(log.does(Command::Replace { by: 3 }), ["version-replaced"]);
    assert!(log.is().stage == Stage::Replaced && log.does(Command::Replace { by: 3 }).is_empty());
}

// proves: POL-3 only who leads a group signs for it or declines with a reason; what is edited must be signed again
#[test]
fn who_signs_and_what_a_signature_is_for() {
    let mut log = Log::proposed();
    for (who, area) in [("priya", "server"), ("ada", "server"), ("daniel", "user-support")] {
        assert!(matches!(log.sign(who, area), Err(Refusal::NotYours { .. })), "{who} {area}");
    }
    assert_eq!(log.sign("daniel", "network").unwrap_err().field(), Some("area"));
    let decline = |reason: &str| Command::Decline { by: by("ben"), area: "user-support".into(), reason: reason.into() };
    assert_eq!(log.sends(&decline(" ")).unwrap_err().field(), Some("reason"));
    assert_eq!(log.does(decline("say from what level")), ["version-declined"]);
    log.sign("daniel", "server").unwrap();
    assert_eq!(log.is().stage, Stage::Proposed, "declined is not signed");
    let own = Content { steps: vec!["Ring".into()], decisions: Vec::new() };
    log.does(Command::Edit { by: by("ada"), to: Passage::Component(Component::Report, own), seen: None });
    assert_eq!((log.is().stage, log.is().missing().count()), (Stage::Draft, 2));
    assert!(matches!(log.sign("daniel", "server"), Err(Refusal::Over { .. })), "nobody is asked");
    log.does(Command::Propose { by: by("ada") });
    log.sign("daniel", "server").unwrap();
    assert_eq!(log.sign("ben", "user-support").unwrap(), ["version-signed", "version-in-force"]);
}

// proves: POL-3 management may put it in force over a missing sign-off, with a reason that names who is missing
#[test]
fn management_goes_over_a_missing_signature() {
    let mut log = Log::proposed();
    log.sign("daniel", "server").unwrap();
    let force = |who: &str, reason: &str| Command::Force { by: by(who), reason: reason.into() };
    assert!(matches!(log.sends(&force("priya", "x")), Err(Refusal::NotYours { .. })));
    assert_eq!(log.sends(&force("ruth", " ")).unwrap_err().field(), Some("reason"));
    log.does(force("ruth", "exam weeks"));
    let how = ComesBy::Over { missing: vec!["User support".into()], reason: "exam weeks".into() };
    assert_eq!(log.is().in_force.as_ref().unwrap().how, how);
    assert_eq!(log.is().in_force.as_ref().unwrap().by.as_deref(), Some("Ruth Abernathy"));
    assert!(matches!(Log::draft().sends(&force("ruth", "x")), Err(Refusal::Over { .. })), "a draft is nobody's yet");
}

// proves: POL-3 who has signed and who has not is a duty of each group, reminded every day
#[test]
fn whoever_has_not_signed_is_reminded() {
    let mut log = Log::proposed();
    let duty = |log: &Log, area: &str| log.is().duties().into_iter().find(|d| d.id.occurrence == area).unwrap();
    let owed = duty(&log, "server");
    assert_eq!((owed.id.kind, owed.due, owed.settled), (DutyKind::SignOff, later(at(0), days(7)), None));
    assert_eq!(owed.owed_by.unwrap().id.as_str(), "daniel");
    assert_eq!(log.is().next_due(log.now, at(-60)), Some(later(at(0), days(7))), "the first reminder");
    log.now = later(at(0), days(8));
    assert_eq!(duty(&log, "server").nag_step(log.is().nags(), log.now), Some(2));
    log.sign("daniel", "server").unwrap();
    assert_eq!(duty(&log, "server").settled, Some(log.now));
    log.does(Command::Force { by: by("ruth"), reason: "it must go on".into() });
    assert_eq!(log.is().duties().len(), 1, "nobody owes a signature to what holds");
    assert_eq!(log.is().next_due(log.now, at(-60)), None);
}

// proves: POL-3 what ships or is applied from a file is in force at once, by whoever applied it
#[test]
fn what_is_applied_holds_at_once() {
    for who in [None, Some(by("ada"))] {
        let mut log = Log::new(org());
        let command = Command::Apply { number: 7, by: who.clone(), from: Some(6), body: log.body() };
        assert_eq!(log.does(command.clone()), ["version-drafted", "version-in-force"]);
        assert_eq!((log.is().stage, log.is().body.policy.version), (Stage::InForce, 7));
        assert_eq!(log.is().in_force.as_ref().unwrap().by, who.map(|p| p.name));
        assert!(matches!(log.sends(&command), Err(Refusal::Over { .. })), "not twice");
    }
}

// proves: POL-2 a version that would leave an incident without an Incident Manager is refused, and zero or absurd times
#[test]
fn what_nobody_could_work_by_is_refused() {
    let mut policy = org().policy;
    policy.fallback_area = Some("empty".into());
    let mut nobody = org();
    nobody.areas.insert("empty".into(), muster_core::directory::Area { members: ids(&["left"]), ..Default::default() });
    let why = |policy, org: &Organisation| why_unworkable(&PolicyBody { policy, ..PolicyBody::default() }, org);
    assert!(why(policy, &nobody).unwrap().contains("nobody but an administrator would become Incident Manager"));
    for bad in [Span::ZERO, Span::from_secs(9), days(32)] {
        let mut policy = org().policy;
        policy.log_silence.waiting = bad;
        assert_eq!(
            why(policy, &org()).as_deref(),
            Some("policy, log_silence: use a time from 10 seconds to 31 days."),
            "{bad}"
        );
    }
    for bad in [Span::from_secs(-1), days(32)] {
        let mut marks = [
            ("escalation, after", org().policy),
            ("communicator, after", org().policy),
            ("calls_before_due", org().policy),
        ];
        marks[0].1.escalation[0].after = Some(bad);
        marks[1].1.communicator.after = Some(bad);
        marks[2].1.calls_before_due = bad;
        for (place, policy) in marks {
            let refused = why(policy, &org()).unwrap();
            assert_eq!(refused, format!("policy, {place}: use a time from nothing to 31 days."), "{bad}");
        }
    }
    assert_eq!(why(org().policy, &org()), None);

    let mut log = Log::draft();
    let mut policy = log.is().body.policy.clone();
    policy.answer_wait = Span::ZERO;
    let command = Command::Edit { by: by("ada"), to: Passage::Figures(policy), seen: None };
    assert_eq!(log.sends(&command).unwrap_err().field(), Some("body"));
}

// proves: POL-2 a working default for each component ships with the product, as a file that people read and apply
#[test]
#[allow(clippy::disallowed_methods, reason = "a test reads the file that ships")]
fn the_default_policy_ships_as_a_file_that_says_what_is_built_in() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/default-policy.toml");
    let built_in = PolicyBody::of(&Organisation::default());
    if std::env::var_os("MUSTER_WRITE_GOLDEN").is_some() {
        let head = "# What Muster ships: the figures and the words of the procedure, as an organisation's file holds them.\n\
                    # Put what you want otherwise into your own file, or change it on the page (Policy).\n\n";
        std::fs::write(path, format!("{head}{}", toml::to_string_pretty(&built_in).unwrap())).unwrap();
    }
    let file: PolicyBody = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(file, built_in, "write it anew: MUSTER_WRITE_GOLDEN=1");
    assert!(file.is_as_shipped() && why_unworkable(&file, &Organisation::default()).is_none());
}

// proves: POL-3 nobody signs words that were changed since they read them
#[test]
fn nobody_signs_what_they_have_not_read() {
    let mut log = Log::proposed();
    let read = log.is().seq;
    let figures = muster_core::policy::Policy { nags_at_most: 3, ..log.is().body.policy.clone() };
    log.does(Command::Edit { by: by("ada"), to: Passage::Figures(figures), seen: Some(read) });
    log.does(Command::Propose { by: by("ada") });
    let sign = |seen| Command::Sign { by: by("daniel"), area: "server".into(), seen };
    assert_eq!(log.sends(&sign(Some(read))).unwrap_err().field(), Some("seen"));
    let now = log.is().seq;
    assert_eq!(log.sends(&sign(Some(now))).unwrap(), ["version-signed"]);
}

// proves: POL-3 what nobody signs takes effect by management's word only, with a reason
#[test]
fn what_nobody_signs_does_not_take_effect_by_itself() {
    let mut log = Log::new(org());
    log.does(log.drafting(Drafting { note: "shorter".into(), ..Drafting::default() }));
    assert_eq!(log.does(Command::Propose { by: by("ada") }), ["version-proposed"]);
    log.now = later(at(0), days(40));
    assert_eq!(log.is().comes_into_force_at(), None);
    log.does(Command::Force { by: by("ruth"), reason: "there is nobody else".into() });
    assert_eq!(log.is().stage, Stage::InForce);
}

// proves: POL-1 a version that could not be applied from a file is not signed either
#[test]
fn figures_that_cannot_be_meant_are_refused_when_they_are_written() {
    use muster_core::entry::Passage;
    use muster_core::policy::{Escalate, Policy};
    let policy = org().policy;
    let level = |level, after| Escalate { level, after, severity: None, within: muster_core::Span::from_mins(10) };
    let hour = |days, hour| muster_core::policy::ReportDue { business_days: days, hour };
    for (bad, says) in [
        (Policy { report: hour(3, 25), ..policy.clone() }, "report, hour"),
        (Policy { report: hour(0, 12), ..policy.clone() }, "business days"),
        (Policy { span_of_control: 0, ..policy.clone() }, "span of control"),
        (Policy { escalation: vec![level(1, None)], ..policy.clone() }, "level 1: say after what time"),
        (Policy { escalation: vec![level(1, Some(days(1))), level(1, Some(days(2)))], ..policy.clone() }, "twice"),
    ] {
        let mut log = Log::draft();
        let edit = Command::Edit { by: by("ada"), to: Passage::Figures(bad), seen: None };
        let why = log.sends(&edit).unwrap_err().to_string();
        assert!(why.contains(says), "{says} is not in {why}");
    }
    let mut log = Log::draft();
    let odd = Policy { version: 99, nags_at_most: 7, ..policy };
    log.does(Command::Edit { by: by("ada"), to: Passage::Figures(odd), seen: None });
    assert_eq!(log.is().body.policy.version, 2, "its number is its own");
}
