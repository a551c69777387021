//! Who works on a system, and who wants to disrupt it.

use super::harness::{MAIL_DOWN, SMALL, Story, minutes, now};
use muster::ops::Performed;
use muster::ops::claims::Work;
use muster::store::{Sight, Tx, subjects};
use muster_core::claim::{Asking, Claiming, Claims, Command};
use muster_core::contact::{Answer, MeansKind};
use muster_core::entry::Settlement;
use muster_core::ids::{PersonId, PersonRef, SystemId};
use muster_core::incident::{Act, line_of};
use muster_core::subject::Common;
use muster_core::{Span, later};

/// Somebody who works on systems in a story.
struct At<'a>(&'a mut Story, &'static str);

impl At<'_> {
    fn person(&self, id: &str) -> PersonRef {
        now(self.0.ops.organisation()).unwrap().person_ref(&PersonId::from(id))
    }

    fn does(&mut self, command: Command) -> Result<Performed<Claims>, muster::ops::Failure> {
        let done = now(self.0.ops.work(&SystemId::from(self.1), command, None));
        self.0.settle();
        done
    }

    fn claiming(&self, who: &str, what: &str) -> Claiming {
        Claiming {
            by: self.person(who),
            person: None,
            what: what.into(),
            host: String::new(),
            until: Some(later(self.0.time(), minutes(30))),
            disruptive: false,
            session: None,
            ask: None,
        }
    }

    fn claims(&mut self, who: &str, what: &str) -> u64 {
        let claiming = self.claiming(who, what);
        self.does(Command::Claim(claiming)).unwrap().folded.live().last().unwrap().entry
    }

    fn logs_in(&mut self, who: &str, host: &str) -> u64 {
        let session = Some(format!("{host} 1"));
        let claiming = Claiming { until: None, session, host: host.into(), ..self.claiming(who, "as root") };
        self.does(Command::Claim(claiming)).unwrap().folded.live().last().unwrap().entry
    }

    fn asks(&mut self, who: &str, what: &str) -> u64 {
        let asking = Asking { by: self.person(who), person: None, what: what.into(), host: String::new() };
        self.does(Command::Ask(asking)).unwrap().folded.asks.last().unwrap().entry
    }

    fn releases(&mut self, who: &str, claim: u64, changed: &str) {
        let by = self.person(who);
        self.does(Command::Release { by, person: None, claim, changed: changed.into(), logged_out: false }).unwrap();
    }

    fn answers(&mut self, ask: u64, who: &str, answer: Answer) {
        let claims = self.work().claims.unwrap();
        let summons = claims.asked(claims.ask(ask).unwrap(), &who.into()).expect("was asked").id.clone();
        let via = muster_core::entry::Via::Link;
        let subject = self.work().subject.unwrap();
        now(self.0.ops.carry_on(&subject, Common::Answer { summons, person: who.into(), answer, via })).unwrap();
        self.0.settle();
    }

    fn work(&self) -> Work {
        now(self.0.ops.who_works_on(&SystemId::from(self.1))).unwrap()
    }

    fn settled(&self, ask: u64) -> Option<Settlement> {
        self.work().claims.unwrap().ask(ask).unwrap().settled.as_ref().map(|s| s.how)
    }

    fn log(&self) -> String {
        let Work { subject, claims, .. } = self.work();
        let (subject, claims) = (subject.unwrap(), claims.unwrap());
        let read = async move |tx: &mut Tx| {
            Ok::<_, muster::ops::Failure>(subjects::entries(tx, &Sight::all(), &subject, 0).await?)
        };
        let entries = now(self.0.ops.db().read(read)).unwrap();
        let line = |e| {
            let line = line_of(e, &claims.summonses, &claims.time_zone);
            format!("{} {}\n", line.lead, line.text)
        };
        entries.iter().map(line).collect()
    }
}

fn next_texts(story: &mut Story) -> Vec<(String, String)> {
    std::iter::from_fn(|| story.next_message()).map(|d| (d.person.0.clone(), d.text.text.clone())).collect()
}

// proves: EVAL-5 a second claim warns both people at once, along dependencies, and shows who, what, since when
#[test]
fn two_people_who_work_on_what_hangs_together_hear_of_each_other_at_once() {
    let mut story = Story::of(SMALL);
    At(&mut story, "directory").claims("ben", "read storage errors");
    story.expect_silence();
    story.advance(minutes(3));
    At(&mut story, "email").claims("ana", "mailbox move");
    let mut told = next_texts(&mut story);
    told.sort();
    assert_eq!(told.iter().map(|(who, _)| who.as_str()).collect::<Vec<_>>(), ["ana", "ben"]);
    let of_ben = "Ben Tallis on Directory, since 10:00 GMT: read storage errors";
    assert!(told[0].1.contains(of_ben) && told[0].1.contains("/systems/email"), "{}", told[0].1);
    assert!(told[1].1.contains("Ana Lopes works on Email, until about 10:33 GMT: mailbox move"), "{}", told[1].1);
    At(&mut story, "printing").claims("cleo", "toner");
    story.expect_silence();
}

// proves: EVAL-5 claims are listed on the incident, whose log has them without being typed twice
// proves: EVAL-6 what happens to a system stands in the log of the incident that affects it
#[test]
fn what_happens_to_a_system_stands_in_the_log_of_its_incident() {
    let mut story = Story::of(SMALL);
    story.signal(MAIL_DOWN);
    story.expect("ana", MeansKind::Email);
    story.answer("ana", Answer::Take).unwrap();
    let claim = At(&mut story, "email").claims("ben", "restart SMTP");
    story.expect_logged("Email: Ben Tallis works here until about 10:30 GMT: restart SMTP.");
    let mut at = At(&mut story, "email");
    assert_eq!(at.work().claims.unwrap().claim(claim).unwrap().incident.as_deref(), Some("2026-001"));
    at.releases("ben", claim, "SMTP restarted");
    story.expect_logged("Email: Ben Tallis is done here. Changed: SMTP restarted.");
    let ask = At(&mut story, "email").asks("cleo", "fail over");
    story.expect_logged("Cleo Marsh wants to disrupt it: fail over.");
    let mut at = At(&mut story, "email");
    let by = at.person("ana");
    at.does(Command::Override { by, person: None, ask, reason: "mail is lost".into() }).unwrap();
    story.expect_logged("Overridden: Cleo Marsh: fail over. By Ana Lopes, Incident Manager of 2026-001: mail is lost.");
}

// proves: EVAL-5 who was at work before the incident began, or before a system was added to it, stands in its log
#[test]
fn who_was_at_work_before_stands_in_the_log_of_the_incident() {
    let mut story = Story::of(SMALL);
    At(&mut story, "email").claims("ben", "restart SMTP");
    At(&mut story, "email").logs_in("cleo", "mail-1");
    At(&mut story, "printing").claims("ben", "toner");
    next_texts(&mut story);
    story.advance(minutes(2));
    story.signal(MAIL_DOWN);
    story.expect("ana", MeansKind::Email);
    story.answer("ana", Answer::Take).unwrap();
    story.expect_logged(
        "Email: At work already: Ben Tallis on Email (restart SMTP, since 10:00 GMT), \
         Cleo Marsh on mail-1 (logged in, as root, since 10:00 GMT).",
    );
    let printing = Act::AddSystem { system: "printing".into() };
    story.act("ana", printing).unwrap();
    story.expect_logged("Printing: At work already: Ben Tallis on Printing (toner, since 10:00 GMT).");
}

// proves: EVAL-5 who does not claim is found by the log-in; he and the contacts are asked, and nothing runs until then
#[test]
fn an_administrator_who_claims_nothing_is_asked_before_his_server_is_rebooted() {
    let mut story = Story::of(SMALL);
    At(&mut story, "directory").logs_in("ana", "dir-01");
    story.expect_silence();
    story.advance(minutes(20));
    let ask = At(&mut story, "directory").asks("cleo", "reboot");
    let told = next_texts(&mut story);
    let who: Vec<_> = told.iter().map(|(who, _)| who.as_str()).collect();
    assert_eq!(who, ["ana", "ben"], "whoever is logged in, and the technical contact");
    assert!(
        told[0].1.contains("Cleo Marsh wants to reboot. You are logged in on Directory on dir-01."),
        "{}",
        told[0].1
    );
    assert!(told[1].1.contains("You are a technical contact of Directory."), "{}", told[1].1);
    At(&mut story, "directory").answers(ask, "ben", Answer::Take);
    assert_eq!(At(&mut story, "directory").settled(ask), None, "the contact does not speak for him");
    story.advance(minutes(5));
    story.expect("ana", MeansKind::Call);
    At(&mut story, "directory").answers(ask, "ana", Answer::Cannot);
    story.advance(minutes(10));
    assert_eq!(At(&mut story, "directory").settled(ask), None);
    At(&mut story, "directory").answers(ask, "ana", Answer::Take);
    let at = At(&mut story, "directory");
    assert_eq!(at.settled(ask), Some(Settlement::Released));
    let log = at.log();
    for words in [
        "Ana Lopes is logged in on dir-01: as root.",
        "Cleo Marsh wants to disrupt it: reboot. At work: Ana Lopes on dir-01 (logged in, as root, since 10:00 GMT).",
        "Technical contacts asked: Ben Tallis.",
        "Ben Tallis lets it happen",
        "Ana Lopes says not now",
        "May begin: Cleo Marsh: reboot; let happen by Ana Lopes, Ben Tallis.",
    ] {
        assert!(log.contains(words), "no “{words}” in\n{log}");
    }
    story.expect_silence();
    let verdict = now(story.ops.verify()).unwrap();
    assert_eq!((verdict.wrong, verdict.proved.logs), (None, 2), "the system's and the procedure's");
}

// proves: EVAL-5 with a claim the same is stopped sooner
#[test]
fn with_a_claim_the_same_is_stopped_sooner() {
    let mut story = Story::of(SMALL);
    At(&mut story, "email").claims("ana", "vendor patch");
    let mut at = At(&mut story, "directory");
    let disruptive = Claiming { disruptive: true, ..at.claiming("cleo", "reboot") };
    let refused = at.does(Command::Claim(disruptive)).unwrap_err().to_string();
    assert!(refused.starts_with("This would cut somebody off: Ana Lopes (vendor patch)."), "{refused}");
    story.expect_silence();
}

#[test]
fn whoever_is_gone_over_hears_it_and_by_whose_authority() {
    let mut story = Story::of(SMALL);
    let claim = At(&mut story, "email").claims("ana", "vendor patch");
    let ask = At(&mut story, "email").asks("ben", "reboot");
    next_texts(&mut story);
    let mut at = At(&mut story, "email");
    let by = at.person("ben");
    let over = Command::Override { by, person: None, ask, reason: "the room is on fire".into() };
    let refused = at.does(over.clone()).unwrap_err().to_string();
    assert!(refused.contains("Somebody claims it."), "{refused}");
    // She is logged in, and claims nothing any more.
    at.logs_in("ana", "mail-01");
    at.releases("ana", claim, "nothing");
    next_texts(&mut story);
    At(&mut story, "email").does(over).unwrap();
    let told = next_texts(&mut story);
    assert_eq!(told.len(), 1, "{told:?}");
    let (who, text) = &told[0];
    assert!(who == "ana" && text.contains("NOBODY BUT THEMSELVES ALLOWED IT: the room is on fire."), "{text}");
}

#[test]
fn releasing_elsewhere_lets_who_waits_begin_at_once() {
    let mut story = Story::of(SMALL);
    let claim = At(&mut story, "email").claims("ana", "mailbox move");
    let ask = At(&mut story, "directory").asks("ben", "reboot");
    assert_eq!(At(&mut story, "directory").settled(ask), None);
    At(&mut story, "email").releases("ana", claim, "moved 40 boxes");
    assert_eq!(At(&mut story, "directory").settled(ask), Some(Settlement::Released));
    At(&mut story, "email").claims("ana", "more of it");
    let ask = At(&mut story, "directory").asks("ben", "reboot again");
    story.advance(minutes(31));
    assert_eq!(At(&mut story, "directory").settled(ask), Some(Settlement::Released), "her claim expired elsewhere");
}

#[test]
fn a_system_that_is_deleted_is_worked_on_no_more() {
    let mut story = Story::of(SMALL);
    At(&mut story, "printing").claims("ana", "toner");
    let ask = At(&mut story, "printing").asks("ben", "switch off");
    let mut org = (*now(story.ops.organisation()).unwrap()).clone();
    org.systems.remove(&SystemId::from("printing"));
    org.rules.retain(|r| r.system.as_ref().is_none_or(|s| s.as_str() != "printing"));
    next_texts(&mut story);
    now(story.ops.apply(&org, "story")).unwrap();
    story.settle();
    let told = next_texts(&mut story);
    let [(who, text)] = told.as_slice() else { panic!("{told:?}") };
    assert!(who == "ana" && text.contains("in Muster's directory no more") && text.contains(": toner."), "{text}");
    let mut at = At(&mut story, "printing");
    assert_eq!(at.settled(ask), Some(Settlement::Withdrawn));
    assert!(!at.work().claims.unwrap().is_live());
    let again = at.claiming("ana", "toner");
    let refused = at.does(Command::Claim(again)).unwrap_err().to_string();
    assert!(refused.contains("There is no system named “printing”"), "{refused}");
}

#[test]
fn an_answer_on_a_pretend_phone_is_an_answer() {
    let mut story = Story::demo(SMALL);
    At(&mut story, "email").logs_in("cleo", "mail-1");
    let ask = At(&mut story, "email").asks("ana", "reboot");
    let call = story.expect("cleo", MeansKind::Call);
    let press = |key| now(story.ops.demo_press(&PersonId::from("cleo"), &call.id, key)).unwrap();
    press(muster::ops::demo::Press::PickUp);
    press(muster::ops::demo::Press::One);
    story.settle();
    assert_eq!(At(&mut story, "email").settled(ask), Some(Settlement::Released));
    story.advance(Span::from_secs(60));
}
