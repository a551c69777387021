//! DOC-4, and what week one gets wrong: entries outlive the code that wrote them.
//!
//! `golden/` holds every kind of entry as a release wrote it. Once released, these files are never changed: a kind
//! that must say something new gets a new version, a new file beside the old one, and an upcaster.

use crate::fixture::*;
use muster_core::alert::Status;
use muster_core::calendar::BusinessCalendar;
use muster_core::claim::Claims;
use muster_core::communications::{Level, Through, Writer};
use muster_core::contact::{Answer, MeansKind, Outcome, Proof};
use muster_core::custom::{Custom, CustomField, Holds};
use muster_core::directory::Means;
use muster_core::entry::*;
use muster_core::ids::PersonRef;
use muster_core::incident::Incident;
use muster_core::policy::{Impact, Phase, Policy};
use muster_core::procedure::{Component, Content, Procedure};
use muster_core::subject::Subject;
use muster_core::system::{Condition, Scope};

macro_rules! golden {
    ($($kind:literal $version:literal),+ $(,)?) => {
        &[$(($kind, $version, include_str!(concat!("golden/", $kind, "-", $version, ".json"))),)+]
    };
}

/// Every version of every kind that a release has written.
const GOLDEN: &[(&str, u32, &str)] = golden![
    "opened" 1, "opened" 2, "triaged" 1, "user-reported" 1, "linked" 1, "unlinked" 1, "merged-into" 1, "took-in" 1, "gave-back" 1,
    "alert-joined" 1, "alert-left" 1, "alert-recovered" 1, "summons-started" 1, "tried" 1, "graded" 1,
    "answered" 1, "nobody-reached" 1, "passed-over" 1, "summons-ended" 1, "manager-assumed" 1, "confirmed" 1, "withdrawn" 1,
    "restored" 1, "reopened" 1, "report-filed" 1, "noted" 1, "contacted" 1, "corrected" 1, "taken-back" 1, "changed" 1,
    "alert-changed" 1, "alert-went-on" 1,
    "system-named" 1, "claimed" 1, "claim-renewed" 1, "claim-ended" 1, "disruption-asked" 1, "work-elsewhere" 1,
    "disruption-settled" 1, "heard-of-system" 1,
    "question-asked" 1, "input-given" 1, "part-marked" 1, "cause-proposed" 1,
    "cause-judged" 1, "task-set" 1, "task-ended" 1, "option-weighed" 1, "option-judged" 1,
    "tell-added" 1, "hand-over-asked" 1, "communicator-proposed" 1, "communicator-assumed" 1, "communicator-declined" 1,
    "people-asked" 1, "heard-elsewhere" 1, "estimated" 1, "meeting-held" 1, "followed-up" 1, "closed" 1, "attached" 1,
    "step-done" 1, "step-skipped" 1, "version-drafted" 1, "version-edited" 1, "version-proposed" 1,
    "version-signed" 1, "version-declined" 1, "version-in-force" 1, "version-replaced" 1,
    "communications-planned" 1, "audience-set" 1, "audience-dropped" 1, "strategy-agreed" 1, "update-drafted" 1,
    "update-signed" 1, "update-returned" 1, "update-sent" 1, "update-carried" 1, "update-acknowledged" 1, "telling-handed" 1, "facts-asked" 1, "facts-given" 1,
    "conference-called" 1, "conference-cancelled" 1, "conference-joined" 1, "presence-asked" 1, "arrival-said" 1,
    "restricted" 1, "unrestricted" 1, "communicator-left" 1, "version-dropped" 1,
];
/// A fold of them all, as [`Incident::FOLD_FORMAT`] keeps it.
const FOLD: (u32, &str) = (20, include_str!("golden/fold-20.json"));
/// A fold of a system's log, as [`Claims::FOLD_FORMAT`] keeps it.
const CLAIMS: (u32, &str) = (2, include_str!("golden/claims-2.json"));

fn priya() -> PersonRef {
    PersonRef { id: "priya".into(), name: "Priya Raman".into() }
}

fn marta() -> PersonRef {
    PersonRef { id: "marta".into(), name: "Marta Lindqvist".into() }
}

fn directory(condition: Condition) -> Affected {
    Affected {
        id: "directory".into(),
        name: "Directory".into(),
        scope: Scope::OrganisationWide,
        condition: Some(condition),
        owner: Some(marta()),
        populations: vec![Affects { id: "staff".into(), name: "All staff".into(), head_count: 3_120 }],
    }
}

fn chain() -> Vec<Candidate> {
    let call = Means { wait: Some(minutes(2)), ..by(MeansKind::Call, "+44 1632 960101") };
    let title = "Server team".to_owned();
    vec![
        Candidate { person: priya(), title, means: vec![by(MeansKind::Push, "topic"), call], by_hand: Vec::new() },
        Candidate {
            person: marta(),
            title: String::new(),
            means: vec![by(MeansKind::InPerson, "B12")],
            by_hand: Vec::new(),
        },
    ]
}

fn opened() -> Opened {
    let policy = Policy {
        tell_directly: org().policy.tell_directly,
        attachment_max: 25,
        fallback_area: Some("server".into()),
        version: 14,
        ..Policy::default()
    };
    let calendar = BusinessCalendar { holidays: ["2026-12-25".parse().unwrap()].into(), ..BusinessCalendar::default() };
    let organisation = "Northmere University".to_owned();
    Opened {
        number: "2026-041".into(),
        title: "Directory down: “sign-in” fails\n".into(),
        kind: Kind::ORGANISATION_WIDE,
        suspected: true,
        origin: Origin::Alert { intake: "nagios".into(), source: "Nagios".into() },
        discovered_at: at(-1),
        went_down: Some(Moment { at: at(-7), estimate: true }),
        severity: Some(Severity::Major),
        affected: Some(Extent::Everyone),
        systems: vec![directory(Condition::Down)],
        why: "organisation-wide down, in usage hours".into(),
        terms: Terms { policy, organisation, time_zone: "Europe/London".into(), calendar, fields: Vec::new() },
        tells: vec![Tell {
            name: "User support".into(),
            area: "user-support".into(),
            after_triage: minutes(10),
            after_discovery: minutes(30),
            chain: chain(),
            ground: Ground::Policy,
            since: None,
        }],
        checklist: Vec::new(),
    }
}

/// In an organisation with a field of its own.
fn with_a_field() -> Opened {
    let fields = vec![CustomField {
        id: "ticket".into(),
        words: "Ticket of the maker".into(),
        holds: Holds::Number,
        kinds: vec![Kind::ORGANISATION_WIDE],
        choices: Vec::new(),
    }];
    let opened = opened();
    Opened { terms: Terms { fields, ..opened.terms }, ..opened }
}

fn declared() -> Opened {
    Opened {
        suspected: false,
        origin: Origin::Person { person: priya(), told: Told::SawIt },
        went_down: None,
        severity: None,
        affected: None,
        systems: Vec::new(),
        tells: Vec::new(),
        ..opened()
    }
}

fn joined(id: &str, status: Status, system: Option<Affected>) -> AlertJoined {
    AlertJoined {
        alert: id.into(),
        title: "SignInFailures".into(),
        source: "Nagios".into(),
        host: "dir-01".into(),
        service: "sign-in".into(),
        detail: "34 % of sign-ins fail".into(),
        condition: Condition::Degraded,
        system,
        first_at: at(-1),
        signals: 14,
        status,
        opened: id == "a",
        why: "same system, within 30 min".into(),
    }
}

/// A log that uses every kind, and every variant of what a kind can hold.
fn facts() -> Vec<Fact> {
    let summons = || "s-1".into();
    let tried = |n: usize, means, to: &str| Tried {
        attempt: format!("s-1-{n}").as_str().into(),
        summons: summons(),
        person: priya(),
        means,
        to: to.into(),
        candidate: 0,
        nth: n - 1,
        round: 1,
        wait: minutes(5),
    };
    let graded = |n: usize, outcome| Graded {
        attempt: format!("s-1-{n}").as_str().into(),
        summons: summons(),
        person: priya(),
        means: MeansKind::Call,
        outcome,
        detail: "rang 30 s".into(),
    };
    let started = |id: &str, purpose| SummonsStarted {
        summons: id.into(),
        purpose,
        about: "Directory".into(),
        chain: chain(),
        wait: minutes(5),
        ask: None,
        tell: None,
    };
    let answered = |answer, proof, via| Answered { summons: summons(), person: priya(), answer, proof, via };
    let contacted = |tell: Option<&str>, means, outcome| Contacted {
        tell: tell.map(str::to_owned),
        person: marta(),
        means,
        outcome,
        said: "will come".into(),
    };
    let noted = |kind| Noted { kind, text: "the array is back".into() };
    let changed = |to| Changed { to, reason: "measured".into() };
    let moment = Moment { at: at(-8), estimate: false };

    let mut facts: Vec<Fact> = vec![
        opened().into(),
        joined("a", Status::Firing, Some(directory(Condition::Down))).into(),
        joined("b", Status::Firing, None).into(),
        joined("c", Status::Resolved, Some(directory(Condition::Degraded))).into(),
        AlertLeft { alert: "b".into(), title: "VPN".into(), reason: "another fault".into() }.into(),
        AlertRecovered {
            alert: "a".into(),
            title: "SignInFailures".into(),
            source: "Nagios".into(),
            detail: "OK".into(),
        }
        .into(),
        started("s-1", Purpose::TakeCharge).into(),
        started("s-2", Purpose::Assist).into(),
        started("s-3", Purpose::HandOver).into(),
    ];
    for (n, means) in MeansKind::ALL.into_iter().enumerate() {
        facts.push(tried(n + 1, means, "+44 1632 960101").into());
    }
    for (n, outcome) in [
        Outcome::Sent,
        Outcome::Delivered,
        Outcome::NoAnswer,
        Outcome::Busy,
        Outcome::MessageLeft,
        Outcome::WrongNumber,
        Outcome::Failed,
        Outcome::Queued,
        Outcome::Reached(Proof::Spoken),
        Outcome::Reached(Proof::Confirmed),
    ]
    .into_iter()
    .enumerate()
    {
        facts.push(graded(n % 6 + 1, outcome).into());
    }
    let cannot = facts.len() as u64 + 1;
    facts.extend([
        Fact::from(answered(Answer::Cannot, Proof::Spoken, Via::Key)),
        answered(Answer::Know, Proof::Confirmed, Via::Link).into(),
        NobodyReached { summons: summons(), round: 1, tried: vec![priya(), marta()], telling: None }.into(),
        answered(Answer::Take, Proof::Confirmed, Via::Login).into(),
        ManagerAssumed { person: priya(), summons: Some(summons()) }.into(),
        PassedOver { summons: summons(), person: priya() }.into(),
        SummonsEnded { summons: "s-2".into(), why: "Priya Raman is Incident Manager".into() }.into(),
        Confirmed { why: "a person says that it is real".into() }.into(),
        contacted(None, MeansKind::Email, Outcome::Sent).into(),
        contacted(Some("User support"), MeansKind::Call, Outcome::Reached(Proof::Spoken)).into(),
    ]);
    facts.extend(NoteKind::ALL.map(|kind| noted(kind).into()));
    facts.extend(
        [
            Change::Title("Sign-in fails".into()),
            Change::WentDown(Some(moment)),
            Change::WentDown(None),
            Change::System(directory(Condition::Information)),
            Change::System(directory(Condition::Predicted)),
            Change::Symptoms("nobody can sign in".into()),
            Change::Cause("a full disk".into()),
            Change::Resolution("emptied".into()),
            Change::RestoredAt(at(60)),
            Change::Kind(Kind::SECURITY),
            Change::Severity(None),
            Change::Severity(Some(Severity::Critical)),
            Change::Phase(Phase::Steady),
            Change::Custom(Custom {
                field: "ticket".into(),
                words: "Ticket of the maker".into(),
                value: "4711".into(),
            }),
        ]
        .map(|to| changed(to).into()),
    );
    facts.extend([
        Fact::from(Corrected { entry: 4, text: "it was dir-02".into() }),
        TakenBack { entry: cannot, reason: "a pocket".into() }.into(),
        Withdrawn { reason: "a test".into() }.into(),
        Reopened { reason: "no test".into() }.into(),
        ManagerAssumed { person: marta(), summons: None }.into(),
        Restored { at: at(70), cause: "a full disk".into(), resolution: "emptied".into() }.into(),
        ReportFiled { reference: "share/041".into() }.into(),
        // What came later stands at the end, so that older golden files keep their numbers.
        AlertChanged {
            alert: "c".into(),
            title: "Disk nearly full".into(),
            source: "Nagios".into(),
            detail: "98 %".into(),
            was: Condition::Degraded,
            condition: Condition::Down,
        }
        .into(),
        AlertWentOn { alert: "a".into(), title: "SignInFailures".into(), source: "Nagios".into() }.into(),
        started("s-4", Purpose::Input).into(),
    ]);
    facts.extend(plan());
    facts.extend(roles(SummonsStarted { tell: Some("Management, level 2".into()), ..started("s-5", Purpose::Tell) }));
    facts.push(started("s-6", Purpose::Communicate).into());
    facts.extend(ending());
    facts.extend(triages());
    facts.push(user().into());
    facts.extend(ties());
    let attached = Attached {
        name: "dir-01.png".into(),
        size: 1_468_006,
        media_type: "image/png".into(),
        sha256: [7; 32].into(),
        text: "the console".into(),
    };
    facts.push(attached.into());
    let (step, words) = (|| "status-page".to_owned(), || "Bring the status page up to date".to_owned());
    facts.push(StepDone { step: step(), words: words() }.into());
    facts.push(StepSkipped { step: step(), words: words(), reason: "nobody looks at it at night".into() }.into());
    facts.extend(communications());
    facts.extend(gathering());
    facts.push(Restricted { shown_to: vec![marta()], reason: "an attack".into() }.into());
    facts.push(Unrestricted { reason: "it was told to the press".into() }.into());
    facts
}

/// The facts of the log of a version: every kind, and every variant of what a kind can hold.
fn version_facts() -> Vec<Fact> {
    let body = || PolicyBody { policy: opened().terms.policy, procedure: Procedure::default() };
    let group = Group { area: "server".into(), name: "Server team".into(), people: vec![priya(), marta()] };
    let own = |step: &str| Content { steps: vec![step.into()], decisions: vec!["Who?".into()] };
    let drafted = |from, decision: &str, effective| VersionDrafted {
        number: 15,
        from,
        note: "first word sooner".into(),
        decision: decision.into(),
        groups: vec![group.clone()],
        effective,
        next_review: effective,
        body: body(),
        time_zone: "Europe/London".into(),
    };
    let escalation = |step| Passage::Component(Component::Escalation, own(step));
    let mut fewer = body().procedure.checklist();
    fewer.truncate(2);
    let lists = (Passage::Checklist(body().procedure.checklist()), Passage::Checklist(fewer));
    let figures = (Passage::Figures(body().policy), Passage::Figures(Policy { nags_at_most: 3, ..body().policy }));
    let (area, name) = (|| "server".into(), || "Server team".to_owned());
    let over = ComesBy::Over { missing: vec![name()], reason: "exam weeks".into() };
    vec![
        drafted(Some(14), "D-1, review of October", Some(at(1440))).into(),
        drafted(None, "", None).into(),
        VersionEdited { before: escalation("Ring"), after: escalation("Ring the director") }.into(),
        VersionEdited { before: lists.0, after: lists.1 }.into(),
        VersionEdited { before: figures.0, after: figures.1 }.into(),
        VersionProposed { sign_by: at(1440) }.into(),
        VersionDeclined { area: area(), name: name(), reason: "say from what level".into() }.into(),
        VersionSigned { area: area(), name: name() }.into(),
        VersionInForce { how: ComesBy::Signed }.into(),
        VersionInForce { how: over }.into(),
        VersionInForce { how: ComesBy::Applied }.into(),
        VersionReplaced { by: 16 }.into(),
    ]
}

/// Everything about who hears what.
fn communications() -> Vec<Fact> {
    let row = |number| Audience {
        number,
        name: "IT management".into(),
        level: Level::Management,
        people: chain(),
        owners: false,
        besides: vec!["All students: the portal".into()],
        update: "cause, plan, risk".into(),
        through: Through::Email,
        bridge: String::new(),
        every: org().policy.review_every,
        author: if number == 1 { Writer::Manager } else { Writer::Communicator },
        signer: Some(marta()),
        deputy: None,
        deputy_after: minutes(10),
    };
    let drafted = |update, text: &str| UpdateDrafted {
        update,
        row: 1,
        audience: "IT management".into(),
        text: text.into(),
        for_signing: true,
        corrects: (update == 2).then_some(1),
    };
    let sent = UpdateSent {
        update: 1,
        row: 1,
        audience: "IT management".into(),
        through: Through::Email,
        people: vec![priya(), marta()],
        besides: vec!["All students: the portal".into()],
        digest: "07".repeat(32),
        despite: None,
    };
    vec![
        CommunicationsPlanned { template: "the organisation".into(), system: None, rows: vec![row(1), row(2)] }.into(),
        AudienceSet { row: Audience { through: Through::Web, ..row(3) }, reason: "a dean asked".into() }.into(),
        AudienceSet {
            row: Audience { through: Through::Meeting, bridge: "0161 496 0180, PIN 7".into(), ..row(3) },
            reason: "they meet".into(),
        }
        .into(),
        AudienceDropped { row: 2, name: "IT management".into(), reason: "twice".into() }.into(),
        StrategyAgreed { owner: marta(), text: "email, no texts".into() }.into(),
        drafted(1, "two disks of six").into(),
        UpdateReturned { update: 1, reason: "of how many?".into() }.into(),
        drafted(1, "two disks of six are back").into(),
        UpdateSigned { update: 1 }.into(),
        sent.into(),
        UpdateAcknowledged { update: 1, person: marta(), via: Via::Link }.into(),
        drafted(2, "three disks").into(),
        TellingHanded { tell: Some("User support".into()), row: None, name: "User support".into() }.into(),
        TellingHanded { tell: None, row: Some(1), name: "IT management".into() }.into(),
        FactsAsked { text: "may people sign out?".into() }.into(),
        FactsGiven { asked: 4, text: "no".into() }.into(),
    ]
}

/// Everything about conference calls, and about how people come.
fn gathering() -> Vec<Fact> {
    let called = |version, reason: &str| ConferenceCalled {
        call: 1,
        version,
        purpose: "find the bad disk".into(),
        starts_at: at(40),
        bridge: "+44 20 0000 0000, PIN 4711".into(),
        presence: Presence::Remote,
        invited: vec![marta()],
        dropped: if version == 0 { Vec::new() } else { vec![priya()] },
        reason: reason.into(),
    };
    let asked = |presence, people| PresenceAsked { presence, people };
    let said = |coming, expected_at| ArrivalSaid { person: marta(), coming, expected_at, via: Via::Link };
    let mut facts: Vec<Fact> = vec![called(0, "").into(), called(1, "the vendor is late").into()];
    facts.push(ConferenceJoined { call: 1, people: vec![marta(), priya()], via: Via::Link }.into());
    facts.push(ConferenceCancelled { call: 1, version: 2, invited: vec![marta()], reason: "found it".into() }.into());
    facts.extend(Presence::ALL.map(|p| asked(p, vec![marta()]).into()));
    facts.push(asked(Presence::OnSite, Vec::new()).into());
    facts.extend(Coming::ALL.map(|c| said(c, (c != Coming::Cannot).then(|| at(70))).into()));
    facts
}

/// Everything that leads to the end.
fn ending() -> Vec<Fact> {
    let estimated = |back_at| Estimated { back_at, grounds: "the array is rebuilt in an hour".into() };
    let held = |kind, escalate| MeetingHeld {
        kind,
        present: vec![priya(), marta()],
        progress: "two disks of six".into(),
        plan_changes: if escalate { "fail over".into() } else { String::new() },
        escalate,
        why: "no spare is left".into(),
        next: escalate.then(|| at(150)),
        call: None,
    };
    let followed = |by| FollowedUp { people: vec![marta()], by, text: "service is back".into() };
    let mut facts: Vec<Fact> = vec![estimated(Some(at(120))).into(), estimated(None).into()];
    facts.extend(MeetingKind::ALL.map(|kind| held(kind, kind == MeetingKind::Conference).into()));
    facts.extend([FollowUpBy::Message, FollowUpBy::Spoken].map(|by| followed(by).into()));
    facts.push(Closed { review: "minutes of 4 December".into() }.into());
    facts
}

/// Everything that can be said of roles, and of who must be told besides.
fn roles(calling: SummonsStarted) -> Vec<Fact> {
    let tell = |ground, name: &str| Tell {
        name: name.into(),
        area: "".into(),
        after_triage: minutes(15),
        after_discovery: minutes(15),
        chain: chain(),
        ground,
        since: Some(at(31)),
    };
    let added = |tell| TellAdded { tell, why: "service has been away for 30 min".into() };
    let asked = |to| HandOverAsked {
        summons: "s-3".into(),
        to,
        reason: "my shift ends".into(),
        brief: "Sign-in fails. Open.".into(),
    };
    vec![
        added(tell(Ground::Level(2), "Management, level 2")).into(),
        added(tell(Ground::Owner("marta".into()), "Owner of Directory")).into(),
        calling.into(),
        asked(HandTo::Person(marta())).into(),
        asked(HandTo::Area { id: "network".into(), name: "Network team".into() }).into(),
        CommunicatorProposed { why: "it is severity 1".into(), people: vec![marta()] }.into(),
        CommunicatorDeclined { reason: "nobody asks at night".into() }.into(),
        CommunicatorAssumed { person: marta(), summons: Some("s-6".into()) }.into(),
        PeopleAsked { who: "the help desk".into(), people: 12 }.into(),
        HeardElsewhere { person: marta(), from: "a dean".into(), at: at(20) }.into(),
    ]
}

fn user() -> UserReported {
    let (text, service, place) = ("No sign-in.\nSince nine.".into(), "Email".into(), "Library".into());
    UserReported { text, service, place, name: "Jo".into(), contact: "4711".into() }
}

/// Every way in which incidents hang together.
fn ties() -> Vec<Fact> {
    let (number, title, reason) = (|| "2026-039".to_owned(), || "VPN".to_owned(), || "the same switch".to_owned());
    let mut facts: Vec<Fact> = Relation::ALL.map(|how| Linked { number: number(), title: title(), how }.into()).into();
    facts.extend([
        Fact::from(Unlinked { number: number(), reason: reason() }),
        Linked { number: "2026-040".into(), title: title(), how: Relation::CausedBy }.into(),
        TookIn { number: number(), title: title(), reason: reason(), alerts: vec!["v".into()] }.into(),
        TookIn { number: "2026-038".into(), title: title(), reason: reason(), alerts: Vec::new() }.into(),
        GaveBack { number: number(), reason: reason(), alerts: vec!["v".into()] }.into(),
        MergedInto { number: "2026-042".into(), title: title(), reason: reason() }.into(),
    ]);
    facts
}

/// Every variant of what a triage can hold.
fn triages() -> Vec<Fact> {
    let staff = Hit { id: Some("staff".into()), name: "All staff".into(), of: Some(3_120), people: 320 };
    let named = Hit { id: None, name: "Visitors".into(), of: None, people: 40 };
    let triaged = |extent, fault, urgency, impact| {
        let advice = Advice { impact, severity: Severity::Major, why: "360 of 3,160 people: impact high".into() };
        let populations = vec![staff.clone(), named.clone()];
        Triaged { extent, fault, populations, systems: vec![directory(Condition::Down)], urgency, advice }
    };
    vec![
        triaged(Extent::One, Fault::NetworkDown, Urgency::High, Impact::Extensive).into(),
        triaged(Extent::Group, Fault::Down, Urgency::Medium, Impact::High).into(),
        triaged(Extent::Site, Fault::Degraded, Urgency::Low, Impact::Medium).into(),
        triaged(Extent::Everyone, Fault::Unknown, Urgency::Low, Impact::Low).into(),
    ]
}

/// Everything that a plan can hold.
fn plan() -> Vec<Fact> {
    let part = |to: Option<&str>| Part { component: "Email".into(), to: to.map(str::to_owned) };
    let asked = Asked { name: "Server team".into(), summons: "s-4".into() };
    let marked = |part, now| PartMarked { part, now, evidence: "probe".into() };
    let mut facts: Vec<Fact> = vec![
        QuestionAsked { number: 1, text: "was anything changed?".into(), of: vec![asked] }.into(),
        InputGiven { question: 1, person: marta(), text: "the switch, at 02:25".into(), via: Via::Link }.into(),
        CauseProposed { number: 1, text: "the switch".into(), part: Some(part(Some("Directory"))) }.into(),
        CauseProposed { number: 2, text: "the certificate".into(), part: None }.into(),
        TaskSet { number: 1, what: "read the log".into(), assignee: marta(), due: at(90) }.into(),
        TaskSet { number: 2, what: "ring the maker".into(), assignee: priya(), due: at(95) }.into(),
        TaskEnded { task: 1, done: true, text: String::new() }.into(),
        TaskEnded { task: 2, done: false, text: "closed at night".into() }.into(),
    ];
    facts.extend(PartState::ALL.map(|now| marked(part(None), now).into()));
    facts.push(marked(part(Some("Directory")), PartState::Suspected).into());
    facts.extend(CauseState::ALL.map(|now| CauseJudged { cause: 1, now, evidence: "seen".into() }.into()));
    for (n, risk) in (1..).zip(Risk::ALL) {
        let (what, effect, danger) = ("fail over".into(), "back in 5 min".into(), "a pause".into());
        facts.push(OptionWeighed { number: n, what, effect, risk, danger, causes: vec![1, 2] }.into());
    }
    facts.extend(OptionState::ALL.map(|now| OptionJudged { option: 1, now, text: "so".into() }.into()));
    facts
}

/// The facts of a system's log: every kind, and every variant of what a kind can hold.
fn system_facts() -> Vec<Fact> {
    let work = |logged_in| AtWork {
        system: "directory".into(),
        system_name: "Directory".into(),
        claim: 3,
        person: marta(),
        what: "read storage errors".into(),
        host: "dir-01".into(),
        since: at(-16),
        until: at(20),
        logged_in,
    };
    let claimed = |session: Option<&str>, clashes| Claimed {
        person: priya(),
        what: "vendor patch".into(),
        host: "dir-02".into(),
        until: at(30),
        disruptive: session.is_none(),
        incident: session.map(|_| "2026-041".into()),
        session: session.map(str::to_owned),
        clashes,
        ask: session.is_none().then_some(6),
    };
    let ended = |claim, how| ClaimEnded { claim, person: priya(), how, changed: "nothing".into() };
    let asked = DisruptionAsked {
        person: priya(),
        what: "reboot".into(),
        host: String::new(),
        incident: Some("2026-041".into()),
        at_work: vec![work(true)],
        contacts: vec![marta()],
    };
    let settled = |ask, how, authority| DisruptionSettled {
        ask,
        person: priya(),
        what: "reboot".into(),
        how,
        reason: "the array fails".into(),
        authority,
        over_by: None,
        unanswered: vec![marta()],
    };
    let named = SystemNamed {
        system: "email".into(),
        name: "Email".into(),
        time_zone: "Europe/London".into(),
        answer_wait: minutes(5),
    };
    let release = SummonsStarted {
        summons: "y-1".into(),
        purpose: Purpose::Release,
        about: "Email: reboot".into(),
        chain: chain(),
        wait: minutes(5),
        ask: Some(6),
        tell: None,
    };
    vec![
        named.into(),
        claimed(None, Vec::new()).into(),
        claimed(Some("dir-02 pts/1"), vec![work(false)]).into(),
        ClaimRenewed { claim: 2, until: at(60), person: None }.into(),
        ended(2, ClaimEnd::Released).into(),
        asked.clone().into(),
        release.into(),
        WorkElsewhere { ask: 6, at_work: vec![work(true), work(false)] }.into(),
        settled(6, Settlement::Overridden, Some(Authority::IncidentManager("2026-041".into()))).into(),
        asked.into(),
        settled(10, Settlement::Overridden, Some(Authority::Management)).into(),
        settled(10, Settlement::Overridden, Some(Authority::Nobody)).into(),
        settled(10, Settlement::Clear, None).into(),
        settled(10, Settlement::Released, None).into(),
        settled(10, Settlement::Withdrawn, None).into(),
        settled(10, Settlement::TimedOut, None).into(),
        ended(3, ClaimEnd::LoggedOut).into(),
        ended(3, ClaimEnd::SaidGone).into(),
        ended(3, ClaimEnd::Expired).into(),
        ended(3, ClaimEnd::SystemGone).into(),
        claimed(None, Vec::new()).into(),
        HeardOfSystem { system: "email".into(), name: "Email".into(), entry: 2, text: "Priya works here.".into() }
            .into(),
    ]
}

/// Every kind in use, in whatever log it stands.
fn everything() -> Vec<Fact> {
    let mut all = facts();
    all.push(declared().into());
    all.push(with_a_field().into());
    all.extend(system_facts());
    all.extend(version_facts());
    all.push(
        Opened {
            origin: Origin::User { name: "Jo".into(), contact: "4711".into() },
            checklist: org().procedure.checklist(),
            ..declared()
        }
        .into(),
    );
    all.push(CommunicatorLeft { person: marta() }.into());
    all.push(CommunicationsPlanned { template: "Email".into(), system: Some("email".into()), rows: Vec::new() }.into());
    all.push(VersionDropped { reason: "the next says it all".into() }.into());
    let frame = |note: &str, groups| Frame {
        note: note.into(),
        decision: "D-1".into(),
        groups,
        effective: Some(at(90)),
        next_review: None,
    };
    let group = Group { area: "server".into(), name: "Server team".into(), people: vec![marta()] };
    all.push(
        VersionEdited {
            before: Passage::Frame(frame("first word sooner", Vec::new())),
            after: Passage::Frame(frame("first word by six", vec![group])),
        }
        .into(),
    );
    all.push(
        DisruptionSettled {
            ask: 6,
            person: priya(),
            what: "reboot".into(),
            how: Settlement::Overridden,
            reason: "the array fails".into(),
            authority: Some(Authority::Management),
            over_by: Some(marta()),
            unanswered: vec![priya()],
        }
        .into(),
    );
    all.push(ClaimRenewed { claim: 2, until: at(60), person: Some(marta()) }.into());
    all.push(
        UpdateSent {
            update: 2,
            row: 2,
            audience: "Clients".into(),
            through: Through::Email,
            people: vec![marta()],
            besides: Vec::new(),
            digest: "07".repeat(32),
            despite: Some(Despite { managers: vec![priya()], reason: "it is on the radio".into() }),
        }
        .into(),
    );
    let who = "All students: the portal".to_owned();
    all.push(UpdateCarried { update: 1, audience: "IT management".into(), who }.into());
    all
}

/// A log of these facts, one a minute, written by Priya.
fn entries(facts: Vec<Fact>) -> Vec<Entry> {
    let entry = |(i, fact)| {
        let m = i as i64;
        Entry { seq: i as u64 + 1, happened_at: at(m - 1), recorded_at: at(m), author: Author::Person(priya()), fact }
    };
    facts.into_iter().enumerate().map(entry).collect()
}

/// Writes a golden file that is not there yet, or a fold of a format that no release has written, when asked to by
/// `MUSTER_WRITE_GOLDEN=1`: then name it in [`GOLDEN`] or [`FOLD`].
#[allow(clippy::disallowed_methods, reason = "only for whoever adds a kind of entry")]
fn keep(name: &str, text: &str) {
    if std::env::var_os("MUSTER_WRITE_GOLDEN").is_some() {
        let path = format!("{}/tests/process/golden/{name}.json", env!("CARGO_MANIFEST_DIR"));
        std::fs::write(path, format!("{text}\n")).unwrap();
    }
}

fn lines(file: &str) -> Vec<&str> {
    file.lines().filter(|l| l.starts_with('{')).map(|l| l.trim_end_matches(',')).collect()
}

/// What these facts are as golden files hold them: the exact stored bodies, one a line.
fn bodies_of(kind: &str) -> Vec<String> {
    entries(everything()).iter().filter(|e| e.fact.kind() == kind).map(|e| e.to_record().body).collect()
}

#[test]
fn every_kind_is_written_as_its_golden_file_has_it() {
    for (kind, version) in Fact::KINDS {
        let name = format!("{kind}-{version}");
        if !GOLDEN.iter().any(|g| (g.0, g.1) == (*kind, *version) && !g.2.trim().is_empty()) {
            keep(&name, &bodies_of(kind).join(",\n"));
        }
        let golden = GOLDEN.iter().find(|g| (g.0, g.1) == (*kind, *version));
        let (_, _, file) = golden.unwrap_or_else(|| panic!("no golden file for {kind} {version}"));
        let written = bodies_of(kind);
        assert!(!written.is_empty(), "{kind} is not in the log of this test");
        assert_eq!(written, lines(file), "{kind} is written differently: raise its version and add a golden file");
    }
}

// proves: DOC-4 what any release has written is read by this one, and stays as it is
#[test]
fn every_golden_entry_is_read_as_it_was_meant() {
    for (kind, version, file) in GOLDEN {
        let meant: Vec<_> = entries(everything()).into_iter().filter(|e| e.fact.kind() == *kind).collect();
        for (entry, body) in meant.iter().zip(lines(file)) {
            let record = Record { version: *version, body: body.to_owned(), ..entry.to_record() };
            assert_eq!(Entry::from_record(&record).unwrap(), *entry, "{kind} {version}");
        }
    }
}

#[test]
fn a_body_that_is_not_what_its_kind_says_is_named() {
    let record = Record { body: r#"{"by":"Priya Raman","fact":{"kind":"shout"}}"#.into(), ..record("noted") };
    let unreadable = Entry::from_record(&record).unwrap_err();
    assert_eq!((unreadable.seq, unreadable.kind.as_str()), (record.seq, "noted"));
    for body in ["", "[]", "\u{0}", r#"{"by":1,"fact":null}"#] {
        let newer = Record { body: body.into(), version: 2, ..record.clone() };
        let entry = Entry::from_record(&newer).unwrap();
        assert!(matches!(&entry.fact, Fact::Unknown { version: 2, .. }) && entry.to_record() == newer, "{body}");
    }
}

fn record(kind: &str) -> Record {
    entries(facts()).iter().find(|e| e.fact.kind() == kind).unwrap().to_record()
}

/// The cache of a folded incident is thrown away when [`Incident::FOLD_FORMAT`] changes, and only then.
#[test]
fn what_a_fold_holds_changes_only_with_its_format() {
    let claims = Claims::fold(&entries(system_facts())).unwrap();
    assert_eq!(Claims::FOLD_FORMAT, CLAIMS.0, "name the new fold in CLAIMS");
    let folded = serde_json::to_string_pretty(&claims).unwrap();
    if folded != CLAIMS.1.trim_end() {
        keep(&format!("claims-{}", Claims::FOLD_FORMAT), &folded);
    }
    assert_eq!(folded, CLAIMS.1.trim_end(), "raise Claims::FOLD_FORMAT, and keep the new fold as golden/claims-N.json");
    let incident = Incident::fold(&entries(facts())).unwrap();
    let (format, kept) = FOLD;
    assert_eq!(Incident::FOLD_FORMAT, format, "name the new fold in FOLD");
    let folded = serde_json::to_string_pretty(&incident).unwrap();
    if folded != kept.trim_end() {
        keep(&format!("fold-{}", Incident::FOLD_FORMAT), &folded);
    }
    assert_eq!(folded, kept.trim_end(), "raise Incident::FOLD_FORMAT, and keep the new fold as golden/fold-N.json");
    assert_eq!(serde_json::from_str::<Incident>(kept).unwrap(), incident);
}
