//! Who works on a system, and who may disrupt it.

use crate::fixture::{at, ids, kinds, minutes, org, t};
use muster_core::claim::{
    ASK_HOLDS, Around, Asking, Claiming, Claims, Command, IncidentHere, LIVE_AT_MOST, decide, hang_together,
};
use muster_core::contact::{Answer, MeansKind};
use muster_core::directory::Organisation;
use muster_core::entry::{AtWork, Authority, ClaimEnd, Entry, Fact, Settlement, Via};
use muster_core::ids::{PersonId, PersonRef, SubjectId, SystemId};
use muster_core::incident::line_of;
use muster_core::refusal::Refusal;
use muster_core::subject::{Scene, Subject};
use muster_core::summons::Next;
use muster_core::{Span, Time, later};
use proptest::prelude::*;
use proptest::sample::select;

/// The log of the directory, whose contacts are Priya and Marta; email needs it.
struct Room {
    org: Organisation,
    now: Time,
    around: Around,
    entries: Vec<Entry>,
    claims: Option<Claims>,
    subject: SubjectId,
}

impl Room {
    fn new() -> Self {
        let around = Around { system: "directory".into(), elsewhere: Vec::new(), incidents: Vec::new() };
        Self { org: org(), now: at(0), around, entries: Vec::new(), claims: None, subject: "subject-1".into() }
    }

    fn person(&self, id: &str) -> PersonRef {
        self.org.person_ref(&PersonId::from(id))
    }

    fn scene(&self) -> Scene<'_> {
        let up_since = t("2026-01-01T00:00:00Z");
        Scene { now: self.now, up_since, subject: &self.subject, org: &self.org, channels: &MeansKind::ALL }
    }

    fn sends(&mut self, command: &Command) -> Result<Vec<Fact>, Refusal> {
        let decision = decide(self.claims.as_ref(), command, &self.around, self.scene())?;
        let facts = decision.entries.iter().map(|e| e.fact.clone()).collect();
        self.entries.extend(decision.entries);
        self.claims = Some(decision.folded);
        self.assert_sound();
        Ok(facts)
    }

    fn does(&mut self, command: &Command) -> Vec<Fact> {
        self.sends(command).unwrap_or_else(|refusal| panic!("{command:?}: {refusal}"))
    }

    fn claims(&self) -> &Claims {
        self.claims.as_ref().unwrap()
    }

    fn claiming(&self, who: &str, what: &str) -> Claiming {
        Claiming {
            by: self.person(who),
            person: None,
            what: what.into(),
            host: String::new(),
            until: Some(later(self.now, minutes(30))),
            disruptive: false,
            session: None,
            ask: None,
        }
    }

    fn claim(&mut self, who: &str) -> u64 {
        let claiming = self.claiming(who, "vendor patch");
        self.does(&Command::Claim(claiming));
        self.claims().live().last().unwrap().entry
    }

    fn logs_in(&mut self, who: &str) -> u64 {
        let session = Some(format!("dir-01 {who}"));
        let claiming = Claiming { until: None, session, host: "dir-01".into(), ..self.claiming(who, "as root") };
        self.does(&Command::Claim(claiming));
        self.claims().live().last().unwrap().entry
    }

    fn asks(&mut self, who: &str) -> u64 {
        let asking = Asking { by: self.person(who), person: None, what: "reboot".into(), host: String::new() };
        self.does(&Command::Ask(asking));
        self.claims().asks.last().unwrap().entry
    }

    fn answers(&mut self, ask: u64, who: &str, answer: Answer) -> Result<Vec<Fact>, Refusal> {
        let claims = self.claims();
        let summons = claims.asked(claims.ask(ask).unwrap(), &who.into()).expect("was asked").id.clone();
        self.sends(&Command::Answer { summons, person: who.into(), answer, via: Via::Link })
    }

    fn release(&mut self, who: &str, claim: u64) -> Result<Vec<Fact>, Refusal> {
        let by = self.person(who);
        self.sends(&Command::Release { by, person: None, claim, changed: "kernel 6.12".into(), logged_out: false })
    }

    fn settled(&self, ask: u64) -> Option<Settlement> {
        self.claims().ask(ask).unwrap().settled.as_ref().map(|s| s.how)
    }

    fn asked(&self, ask: u64) -> Vec<String> {
        let of = self.claims().summonses.iter().filter(|s| s.ask == Some(ask));
        of.flat_map(|s| s.chain.iter().map(|c| c.person.id.0.clone())).collect()
    }

    fn waits_for(&self, ask: u64) -> Vec<String> {
        let claims = self.claims();
        claims.waits_for(claims.ask(ask).unwrap()).into_iter().map(|p| p.id.0).collect()
    }

    fn at(&mut self, m: i64) -> Vec<Fact> {
        self.now = at(m);
        self.does(&Command::Tick)
    }

    fn words(&self) -> String {
        let c = self.claims();
        let line = |e: &Entry| {
            let line = line_of(e, &c.summonses, &c.time_zone);
            format!("{} {}\n", line.lead, line.text)
        };
        self.entries.iter().map(line).collect()
    }

    /// What must hold of every system's log, however it came about.
    fn assert_sound(&self) {
        let claims = self.claims();
        let seqs: Vec<u64> = self.entries.iter().map(|e| e.seq).collect();
        assert_eq!(seqs, (1..=seqs.len() as u64).collect::<Vec<_>>(), "no gaps");
        assert!(self.entries.is_sorted_by_key(|e| e.recorded_at), "recorded time runs backwards");
        assert_eq!(Claims::fold(&self.entries).as_ref(), Some(claims), "the log is who works here");
        let again = decide(Some(claims), &Command::Tick, &self.around, self.scene()).unwrap();
        assert_eq!(again.entries, [], "a tick at the same time does nothing more");
        let due = claims.next_due(self.now, t("2026-01-01T00:00:00Z"));
        assert_eq!(claims.is_live(), due.is_some(), "what is live is looked at again, and nothing else");
        assert!(due.is_none_or(|due| due > self.now), "what was due is done");
        for ask in claims.open_asks() {
            assert!(!claims.waits_for(ask).is_empty(), "what waits for nobody is settled");
        }
        for summons in claims.summonses.iter().filter(|s| s.is_live()) {
            let ask = summons.ask.and_then(|a| claims.ask(a));
            assert!(ask.is_some_and(|a| a.settled.is_none()), "nobody is asked what is settled");
            assert!(matches!(summons.next(self.now, at(-999)), Next::Wait(_) | Next::Over), "a move is due");
        }
        for claim in claims.live() {
            assert!(claim.until > self.now, "a claim whose time is up is none");
        }
    }
}

fn elsewhere(org: &Organisation, system: &str, who: &str, logged_in: bool) -> AtWork {
    AtWork {
        system: system.into(),
        system_name: org.systems[&SystemId::from(system)].name.clone(),
        claim: 2,
        person: org.person_ref(&PersonId::from(who)),
        what: "mailbox move".into(),
        host: String::new(),
        since: at(-5),
        until: at(60),
        logged_in,
    }
}

fn clashes(facts: &[Fact]) -> Vec<&str> {
    let claimed = facts.iter().filter_map(|f| if let Fact::Claimed(c) = f { Some(c) } else { None });
    claimed.flat_map(|c| c.clashes.iter().map(|w| w.person.id.as_str())).collect()
}

// proves: EVAL-5 a claim says who, what and until when, is renewed, and ends with what was changed
#[test]
fn a_claim_lives_and_ends_with_what_was_changed() {
    let mut room = Room::new();
    let claim = room.claim("priya");
    assert_eq!(kinds(&room.entries.iter().map(|e| e.fact.clone()).collect::<Vec<_>>()), ["system-named", "claimed"]);
    room.now = at(20);
    let by = room.person("priya");
    room.does(&Command::Renew { by: by.clone(), person: None, claim, until: at(90) });
    assert_eq!(room.at(60), []);
    let nothing = Command::Release { by, person: None, claim, changed: " ".into(), logged_out: false };
    assert!(matches!(room.sends(&nothing), Err(Refusal::Missing { field: "changed", .. })));
    assert_eq!(kinds(&room.release("priya", claim).unwrap()), ["claim-ended"]);
    assert!(matches!(room.release("priya", claim), Err(Refusal::Over { .. })));
    assert!(!room.claims().is_live());
    assert!(room.words().contains("Priya Raman is done here. Changed: kernel 6.12."), "{}", room.words());
}

// proves: EVAL-5 claims expire
#[test]
fn a_claim_ends_when_its_time_is_up_whatever_the_clock_does() {
    let mut room = Room::new();
    room.claim("priya");
    assert_eq!(kinds(&room.at(29)), [] as [&str; 0]);
    assert_eq!(kinds(&room.at(-600)), [] as [&str; 0], "a clock that is set back ends nothing");
    let facts = room.at(100_000);
    assert!(matches!(&facts[..], [Fact::ClaimEnded(f)] if f.how == ClaimEnd::Expired));
    assert_eq!(room.entries.last().unwrap().happened_at, at(30), "it ended when it said that it would");
    assert_eq!(kinds(&room.at(0)), [] as [&str; 0]);
}

// proves: EVAL-5 a second claim on the same system, or on one that hangs together with it, warns
#[test]
fn a_second_claim_knows_the_first_along_dependencies() {
    let mut room = Room::new();
    room.claim("marta");
    let second = room.claiming("ben", "password reset");
    assert_eq!(clashes(&room.does(&Command::Claim(second))), ["marta"]);
    let own = room.claiming("ben", "and another");
    assert_eq!(clashes(&room.does(&Command::Claim(own))), ["marta"], "nobody clashes with themselves");

    for (system, who, logged_in, warned) in [
        ("email", "ben", false, true),     // needs the directory
        ("email", "ben", true, false),     // is only logged in, elsewhere
        ("printing", "ben", false, false), // has nothing to do with it
        ("email", "priya", false, false),  // is the claimant
    ] {
        let mut room = Room::new();
        room.around.elsewhere = vec![elsewhere(&room.org, system, who, logged_in)];
        let claiming = room.claiming("priya", "vendor patch");
        let facts = room.does(&Command::Claim(claiming));
        assert_eq!(!clashes(&facts).is_empty(), warned, "{who} on {system}, logged in {logged_in}");
    }

    // And the other way around: somebody is at work on what it needs.
    let mut room = Room::new();
    room.around.system = "email".into();
    room.around.elsewhere = vec![elsewhere(&room.org, "directory", "ben", false)];
    let claiming = room.claiming("priya", "mailbox move");
    assert_eq!(clashes(&room.does(&Command::Claim(claiming))), ["ben"], "email needs the directory");
}

#[test]
fn what_hangs_together_is_the_same_system_a_dependency_or_the_same_host() {
    let org = org();
    let on = |a: (&str, &str), b: (&str, &str)| hang_together(&org, (&a.0.into(), a.1), (&b.0.into(), b.1));
    for (a, b, together) in [
        (("email", ""), ("email", "mail-1"), true),
        (("email", ""), ("directory", ""), true),
        (("directory", ""), ("email", ""), true),
        (("printing", ""), ("email", ""), false),
        (("printing", "web01"), ("email", "WEB01"), true),
        (("printing", "web01"), ("email", "web02"), false),
    ] {
        assert_eq!(on(a, b), together, "{a:?} and {b:?}");
    }
}

// proves: EVAL-5 a login hook records presence as an implicit claim
#[test]
fn a_log_in_is_a_claim_that_warns_who_claimed_and_ends_with_the_log_out() {
    let mut room = Room::new();
    let first = room.logs_in("marta");
    let again = room.logs_in("marta");
    assert_eq!(first, again, "the same log-in, told twice");
    let other = Claiming { session: Some("dir-01 2".into()), until: None, ..room.claiming("ben", "as root") };
    assert_eq!(clashes(&room.does(&Command::Claim(other))), [] as [&str; 0], "two log-ins are no clash");
    let claimed = room.claiming("priya", "vendor patch");
    assert_eq!(clashes(&room.does(&Command::Claim(claimed))), ["marta", "ben"]);
    let by = room.person("marta");
    let facts =
        room.does(&Command::Release { by, person: None, claim: first, changed: String::new(), logged_out: true });
    assert!(matches!(&facts[..], [Fact::ClaimEnded(f)] if f.how == ClaimEnd::LoggedOut));
    let late = Claiming { session: Some("dir-01 3".into()), until: None, ..room.claiming("marta", "as root") };
    assert_eq!(clashes(&room.does(&Command::Claim(late))), ["priya"], "whoever claimed is warned of a log-in");
    room.at(12 * 60 - 1);
    let logged_in: Vec<_> = room.claims().live().map(|c| c.person.id.as_str()).collect();
    assert_eq!(logged_in, ["ben", "marta"], "a log-in is presence without a time; a claim of 30 min is over");
    room.at(12 * 60 + 1);
    assert!(room.claims().live().next().is_none(), "a log-in whose end nobody told counts for so long");
}

// proves: EVAL-5 a disruptive action against somebody's live claim needs that person's release
#[test]
fn disrupting_waits_for_everybody_who_is_at_work() {
    let mut room = Room::new();
    room.claim("marta");
    let at_once = Claiming { disruptive: true, ..room.claiming("ben", "reboot") };
    let refusal = room.sends(&Command::Claim(at_once.clone())).unwrap_err();
    assert!(matches!(&refusal, Refusal::AtWork { who } if who.contains("Marta Lindqvist (vendor patch)")), "{refusal}");

    let ask = room.asks("ben");
    assert_eq!(room.asked(ask), ["marta", "priya"], "who is at work, and the technical contacts");
    assert_eq!(room.waits_for(ask), ["marta"]);
    room.answers(ask, "priya", Answer::Take).unwrap();
    assert_eq!(room.settled(ask), None, "a contact does not speak for who is at work");
    room.answers(ask, "marta", Answer::Know).unwrap();
    assert_eq!(room.settled(ask), None, "having read it is no leave");
    room.answers(ask, "marta", Answer::Cannot).unwrap();
    assert_eq!((room.settled(ask), room.waits_for(ask)), (None, vec!["marta".into()]));
    room.answers(ask, "marta", Answer::Take).unwrap();
    assert_eq!(room.settled(ask), Some(Settlement::Released));
    assert!(matches!(room.answers(ask, "marta", Answer::Cannot), Err(Refusal::Over { .. })));

    let by_leave = Claiming { ask: Some(ask), ..at_once.clone() };
    let by_another = Claiming { by: room.person("priya"), ..by_leave.clone() };
    assert!(matches!(room.sends(&Command::Claim(by_another)), Err(Refusal::NotYours { .. })));
    room.now = at(1);
    room.claim("adaeze");
    let refusal = room.sends(&Command::Claim(by_leave.clone())).unwrap_err();
    assert!(matches!(&refusal, Refusal::AtWork { who } if who.starts_with("Adaeze")), "who came since was not asked");
    let newest = room.claims().live().last().unwrap().entry;
    room.release("adaeze", newest).unwrap();
    room.does(&Command::Claim(by_leave.clone()));
    room.now = at(45);
    let by_leave = Claiming { until: Some(at(60)), ..by_leave };
    assert!(matches!(room.sends(&Command::Claim(by_leave)), Err(Refusal::Over { .. })), "leave is not for ever");
}

// proves: EVAL-5 asking for a disruptive act asks who is logged in or works on related systems, and the contacts
#[test]
fn an_asking_asks_whoever_is_or_comes_to_work_here_or_elsewhere() {
    let mut room = Room::new();
    room.logs_in("marta");
    room.around.elsewhere = vec![elsewhere(&room.org, "email", "adaeze", true)];
    let ask = room.asks("ben");
    assert_eq!(room.asked(ask), ["marta", "adaeze", "priya"]);
    room.claim("ruth");
    assert_eq!(room.asked(ask).last().unwrap(), "ruth", "who begins while somebody waits is asked as well");
    assert_eq!(room.waits_for(ask), ["marta", "ruth", "adaeze"]);
    room.answers(ask, "marta", Answer::Take).unwrap();
    room.answers(ask, "ruth", Answer::Take).unwrap();
    room.around.elsewhere = Vec::new();
    let facts = room.at(1);
    assert_eq!(&kinds(&facts)[..2], ["work-elsewhere", "disruption-settled"]);
    assert_eq!(room.settled(ask), Some(Settlement::Released), "who is at work no more is in nobody's way");
}

#[test]
fn when_nobody_is_at_work_one_contact_is_enough_and_a_contact_needs_none() {
    let mut room = Room::new();
    let ask = room.asks("ben");
    assert_eq!((room.settled(ask), room.waits_for(ask)), (None, vec!["priya".into(), "marta".into()]));
    room.answers(ask, "marta", Answer::Cannot).unwrap();
    room.answers(ask, "priya", Answer::Take).unwrap();
    assert_eq!((room.settled(ask), room.waits_for(ask)), (None, vec!["marta".into()]), "an objection holds it");
    room.answers(ask, "marta", Answer::Take).unwrap();
    assert_eq!(room.settled(ask), Some(Settlement::Released));

    let ask = room.asks("priya");
    assert_eq!(room.settled(ask), Some(Settlement::Clear), "she is a contact herself");

    let mut room = Room::new();
    room.org.systems.get_mut(&SystemId::from("directory")).unwrap().contacts = ids(&["silent", "left"]);
    let ask = room.asks("ben");
    assert_eq!(room.settled(ask), Some(Settlement::Clear), "nobody can be asked");
}

// proves: EVAL-5 the override takes a reason, and says by whose authority
// proves: EVAL-5 from a shared root account the log names the person, by their office, and the server that told it
#[test]
fn what_a_server_tells_of_a_person_is_that_persons() {
    let mut room = Room::new();
    let manager = IncidentHere { number: Some("2026-041".into()), manager: Some("ben".into()) };
    room.around.incidents = vec![manager];
    room.claim("marta");
    let (by, ben) = (room.person("adaeze"), Some(PersonId::from("ben")));
    let claiming = Claiming { by: by.clone(), person: ben.clone(), ..room.claiming("ben", "restart SMTP") };
    room.does(&Command::Claim(claiming));
    let claim = room.claims().live().last().unwrap().entry;
    room.does(&Command::Renew { by: by.clone(), person: ben.clone(), claim, until: at(90) });
    assert!(room.words().contains("Ben Tallis goes on until about"), "{}", room.words());
    let release = |person: Option<PersonId>| {
        let changed = "SMTP restarted".into();
        Command::Release { by: by.clone(), person, claim, changed, logged_out: false }
    };
    let refused = room.sends(&release(Some("daniel".into()))).unwrap_err();
    assert!(matches!(refused, Refusal::NotYours { .. }), "another at the same keyboard: {refused:?}");
    let theirs = Command::Release {
        by: room.person("daniel"),
        person: ben.clone(),
        claim,
        changed: String::new(),
        logged_out: true,
    };
    assert!(matches!(room.sends(&theirs), Err(Refusal::NotYours { .. })), "nobody else speaks for him");
    room.does(&release(ben.clone()));
    assert!(room.words().contains("Changed: SMTP restarted. Told by Adaeze"), "{}", room.words());
    let asking = Asking { by: by.clone(), person: ben.clone(), what: "reboot".into(), host: String::new() };
    room.does(&Command::Ask(asking));
    let ask = room.claims().asks.last().unwrap().entry;
    let daniel = room.person("daniel");
    let theirs = Command::Override { by: daniel, person: ben.clone(), ask, reason: "I must".into() };
    assert!(
        matches!(room.sends(&theirs), Err(Refusal::NotYours { .. })),
        "in his name, and he never asked through them"
    );
    let facts = room.does(&Command::Override { by, person: ben, ask, reason: "mail is lost".into() });
    let Some(Fact::DisruptionSettled(fact)) = facts.first() else { panic!("{facts:?}") };
    assert_eq!(fact.authority, Some(Authority::IncidentManager("2026-041".into())));
    let words = room.words();
    assert!(words.contains("By Ben Tallis, Incident Manager of 2026-041: mail is lost."), "{words}");
}

// proves: EVAL-5 a disruptive act against somebody's live claim needs that person's release or the IM's override
#[test]
fn nobody_goes_over_a_claim_without_the_office_to() {
    let mut room = Room::new();
    room.logs_in("marta");
    room.claim("marta");
    let ask = room.asks("ben");
    let over = |room: &Room, who: &str| Command::Override {
        by: room.person(who),
        person: None,
        ask,
        reason: "data is being lost".into(),
    };
    let refused = room.sends(&over(&room, "ben")).unwrap_err();
    assert!(matches!(&refused, Refusal::NotYours { why } if why.contains("declare an incident")), "{refused:?}");
    assert_eq!(room.settled(ask), None);
    room.around.incidents = vec![IncidentHere { number: Some("2026-041".into()), manager: Some("ben".into()) }];
    let by_office = over(&room, "ben");
    room.does(&by_office);
    assert_eq!(room.settled(ask), Some(Settlement::Overridden));
}

#[test]
fn an_override_takes_a_reason_and_says_by_whose_authority() {
    let here = |manager: &str| IncidentHere { number: Some("2026-041".into()), manager: Some(manager.into()) };
    let hidden = |manager: &str| IncidentHere { number: None, manager: Some(manager.into()) };
    for (who, incidents, authority, said) in [
        ("ben", vec![here("ben")], Authority::IncidentManager("2026-041".into()), "Incident Manager of 2026-041"),
        ("daniel", vec![here("ben")], Authority::Management, "management"),
        // That an incident is restricted is not said: by another office if there is one.
        ("ben", vec![hidden("ben")], Authority::IncidentManager(String::new()), ", by their office:"),
        ("daniel", vec![hidden("daniel")], Authority::Management, "management"),
        ("ben", Vec::new(), Authority::Nobody, "ON NOBODY'S AUTHORITY"),
    ] {
        let mut room = Room::new();
        room.around.incidents = incidents;
        // Over what somebody claims goes only who leads; over a log-in, which nobody chose, whoever says why.
        if authority == Authority::Nobody {
            room.logs_in("marta");
        } else {
            room.claim("marta");
        }
        let ask = room.asks("ben");
        let by = room.person(who);
        let bare = Command::Override { by: by.clone(), person: None, ask, reason: "\u{200b}".into() };
        assert!(matches!(room.sends(&bare), Err(Refusal::Missing { field: "reason", .. })));
        let facts = room.does(&Command::Override { by, person: None, ask, reason: "data is being lost".into() });
        let Some(Fact::DisruptionSettled(fact)) = facts.first() else { panic!("{facts:?}") };
        assert_eq!((fact.how, fact.authority.as_ref()), (Settlement::Overridden, Some(&authority)));
        assert_eq!(fact.unanswered.iter().map(|p| p.id.as_str()).collect::<Vec<_>>(), ["marta"]);
        assert!(room.words().contains(said) && room.words().contains("data is being lost"), "{}", room.words());
        let begun = Claiming { disruptive: true, ask: Some(ask), ..room.claiming("ben", "reboot") };
        room.does(&Command::Claim(begun));
    }
}

#[test]
fn an_asking_ends_by_itself_by_its_asker_or_with_the_system() {
    let mut room = Room::new();
    room.claim("marta");
    let ask = room.asks("ben");
    room.at(10);
    assert_eq!(room.settled(ask), None, "every means was tried, and an answer is still welcome");
    room.now = later(at(0), ASK_HOLDS - Span::from_secs(1));
    room.does(&Command::Tick);
    assert_eq!(room.settled(ask), Some(Settlement::Released), "her claim has expired");

    let mut room = Room::new();
    room.logs_in("marta");
    let ask = room.asks("ben");
    let by = room.person("adaeze");
    assert!(matches!(room.sends(&Command::Withdraw { by, ask }), Err(Refusal::NotYours { .. })));
    room.at(60);
    assert_eq!(room.settled(ask), Some(Settlement::TimedOut));
    let ask = room.asks("ben");
    let by = room.person("ben");
    room.does(&Command::Withdraw { by, ask });
    assert_eq!(room.settled(ask), Some(Settlement::Withdrawn));

    let ask = room.asks("ben");
    room.org.systems.remove(&SystemId::from("directory"));
    assert_eq!(kinds(&room.at(61))[..2], ["claim-ended", "disruption-settled"]);
    assert_eq!((room.settled(ask), room.claims().is_live()), (Some(Settlement::Withdrawn), false));
    let refusal = room.sends(&Command::Claim(room.claiming("ben", "x"))).unwrap_err();
    assert!(matches!(refusal, Refusal::Unknown { field: "system", .. }));
}

#[test]
fn who_is_gone_is_said_to_be_by_whoever_looked_and_a_claim_only_by_who_leads() {
    let mut room = Room::new();
    let (claim, log_in) = (room.claim("marta"), room.logs_in("ben"));
    let gone = |room: &Room, by: &str, claim| Command::SayGone { by: room.person(by), claim, reason: "asleep".into() };
    assert!(matches!(room.sends(&gone(&room, "adaeze", claim)), Err(Refusal::NotYours { .. })));
    let facts = room.does(&gone(&room, "adaeze", log_in));
    assert!(matches!(&facts[..], [Fact::ClaimEnded(f)] if f.how == ClaimEnd::SaidGone));
    room.does(&gone(&room, "daniel", claim));
    assert!(!room.claims().is_live());
}

#[test]
fn bad_input_is_told_what_to_do() {
    let mut room = Room::new();
    let fine = room.claiming("priya", "vendor patch");
    let with = |change: &dyn Fn(&mut Claiming)| {
        let mut claiming = fine.clone();
        change(&mut claiming);
        claiming
    };
    let cases: [(Claiming, &str); 7] = [
        (with(&|c| c.what = " \u{200b}".into()), "missing"),
        (with(&|c| c.what = "x".repeat(161)), "too-long"),
        (with(&|c| c.host = "h".repeat(161)), "too-long"),
        (with(&|c| c.until = Some(at(0))), "senseless"),
        (with(&|c| c.until = Some(at(8 * 24 * 60))), "senseless"),
        (with(&|c| c.until = None), "missing"),
        (with(&|c| c.person = Some("left".into())), "unknown"),
    ];
    for (claiming, code) in cases {
        assert_eq!(room.sends(&Command::Claim(claiming.clone())).unwrap_err().code(), code, "{claiming:?}");
    }
    let by = room.person("priya");
    assert_eq!(
        room.sends(&Command::Renew { by: by.clone(), person: None, claim: 9, until: at(5) }).unwrap_err().code(),
        "unknown"
    );
    room.around.system = "nowhere".into();
    assert_eq!(room.sends(&Command::Claim(fine.clone())).unwrap_err().code(), "unknown");
    room.around.system = "directory".into();
    let claim = room.claim("priya");
    assert!(matches!(room.release("ben", claim), Err(Refusal::NotYours { .. })));
    let until = at(1);
    assert!(matches!(
        room.sends(&Command::Renew { by: room.person("ben"), person: None, claim, until }),
        Err(Refusal::NotYours { .. })
    ));
    assert_eq!(
        room.sends(&Command::Override { by, person: None, ask: claim, reason: "x".into() }).unwrap_err().code(),
        "unknown"
    );
    for n in room.claims().live().count()..LIVE_AT_MOST {
        room.does(&Command::Claim(Claiming { what: format!("{n}"), ..fine.clone() }));
    }
    assert_eq!(room.sends(&Command::Claim(fine)).unwrap_err().code(), "over");
}

#[test]
fn a_server_tells_who_logged_in_and_tells_when_they_log_out() {
    let mut room = Room::new();
    let told = Claiming {
        person: Some("marta".into()),
        session: Some("dir-01 7".into()),
        until: None,
        host: "dir-01".into(),
        ..room.claiming("ada", "as root")
    };
    room.does(&Command::Claim(told));
    assert!(
        room.words().contains("Marta Lindqvist is logged in on dir-01: as root. Told by Ada Quist."),
        "{}",
        room.words()
    );
    let claim = room.claims().live().next().unwrap().entry;
    let by = room.person("ada");
    room.does(&Command::Release { by, person: None, claim, changed: String::new(), logged_out: true });
    assert!(!room.claims().is_live());
}

#[derive(Clone, Debug)]
enum Happens {
    Passes(i64),
    Claims(&'static str, bool, bool),
    Ends(&'static str, usize),
    Asks(&'static str),
    Answers(&'static str, usize, Answer),
    GoesOver(&'static str, usize),
    Withdraws(usize),
    Elsewhere(Vec<(&'static str, &'static str, bool)>),
}

fn happens() -> impl Strategy<Value = Happens> {
    let who = || select(&["priya", "marta", "daniel", "ben", "silent", "left", "nobody"][..]);
    let nth = || 0..4usize;
    let answer = || select(&[Answer::Take, Answer::Know, Answer::Cannot][..]);
    let far = proptest::collection::vec((select(&["email", "printing"][..]), who(), any::<bool>()), 0..3);
    prop_oneof![
        4 => (-20i64..400).prop_map(Happens::Passes),
        4 => (who(), any::<bool>(), any::<bool>()).prop_map(|(w, session, cuts)| Happens::Claims(w, session, cuts)),
        2 => (who(), nth()).prop_map(|(w, n)| Happens::Ends(w, n)),
        3 => who().prop_map(Happens::Asks),
        5 => (who(), nth(), answer()).prop_map(|(w, n, a)| Happens::Answers(w, n, a)),
        1 => (who(), nth()).prop_map(|(w, n)| Happens::GoesOver(w, n)),
        1 => nth().prop_map(Happens::Withdraws),
        1 => far.prop_map(Happens::Elsewhere),
    ]
}

proptest! {
    /// Whatever happens in whatever order: the log folds to what is kept, what is due is done (`assert_sound`), and
    /// nobody disrupts over the head of somebody who was at work, was not gone over, and has not let it happen.
    #[test]
    fn nobody_is_cut_off_without_leave(story in proptest::collection::vec(happens(), 1..40)) {
        let mut room = Room::new();
        for what in story {
            let _ = match what {
                Happens::Passes(m) => {
                    room.now = later(room.now, minutes(m));
                    room.claims.is_some().then(|| room.sends(&Command::Tick))
                }
                Happens::Claims(who, session, disruptive) => {
                    let ask = room.claims.as_ref().and_then(|c| {
                        c.asks.iter().rev().find(|a| a.person.id.as_str() == who).map(|a| a.entry)
                    });
                    let session = session.then(|| format!("s {who}"));
                    let claiming = Claiming { session, disruptive, ask, ..room.claiming(who, "work") };
                    let before = room.claims.clone();
                    let done = room.sends(&Command::Claim(claiming));
                    if let (true, Ok(facts), Some(before)) = (disruptive, &done, before) {
                        let begun = facts.iter().any(|f| matches!(f, Fact::Claimed(_)));
                        let leave = ask.and_then(|a| before.ask(a).cloned());
                        let settled = leave.as_ref().and_then(|a| a.settled.clone());
                        for other in before.live().filter(|c| begun && c.person.id.as_str() != who && c.until > room.now) {
                            let leave = settled.as_ref().expect("somebody is at work, and nobody was asked");
                            prop_assert!(leave.how.allows() && other.since <= leave.at);
                        }
                    }
                    Some(done)
                }
                Happens::Ends(who, n) => room.claims.as_ref().and_then(|c| c.live().nth(n).map(|c| c.entry))
                    .map(|claim| room.release(who, claim)),
                Happens::Asks(who) => {
                    let by = room.person(who);
                    Some(room.sends(&Command::Ask(Asking { by, person: None, what: "reboot".into(), host: String::new() })))
                }
                Happens::Answers(who, n, answer) => {
                    let summons = room.claims.as_ref().and_then(|c| {
                        c.summonses.iter().rev().filter(|s| s.chain.iter().any(|c| c.person.id.as_str() == who)).nth(n)
                    });
                    summons.map(|s| s.id.clone()).map(|summons| {
                        room.sends(&Command::Answer { summons, person: who.into(), answer, via: Via::Key })
                    })
                }
                Happens::GoesOver(who, n) => {
                    let by = room.person(who);
                    let ask = room.claims.as_ref().and_then(|c| c.asks.get(n).map(|a| a.entry));
                    ask.map(|ask| room.sends(&Command::Override { by, person: None, ask, reason: "must".into() }))
                }
                Happens::Withdraws(n) => {
                    let ask = room.claims.as_ref().and_then(|c| c.asks.get(n).cloned());
                    ask.map(|a| room.sends(&Command::Withdraw { by: a.person, ask: a.entry }))
                }
                Happens::Elsewhere(far) => {
                    let work = |(system, who, logged_in): &(&str, &str, bool)| elsewhere(&room.org, system, who, *logged_in);
                    room.around.elsewhere = far.iter().map(work).collect();
                    room.claims.is_some().then(|| room.sends(&Command::Tick))
                }
            };
        }
    }
}
