//! Deciding: which entries a command leads to, or why it is refused.

use super::command::{Around, Asking, Claiming, Command};
use super::{
    ASKED_AT_MOST, Ask, CLAIM_AT_MOST, Claim, Claims, LEAVE_HOLDS, LIVE_AT_MOST, LOGGED_IN_FOR, hang_together,
};
use crate::check::{optional, past, required};
use crate::directory::Role;
use crate::entry::{
    AtWork, Author, Authority, ClaimEnd, ClaimEnded, ClaimRenewed, Claimed, DisruptionAsked, DisruptionSettled,
    NoteKind, Noted, Settlement, SystemNamed,
};
use crate::ids::{PersonId, PersonRef, SummonsId};
use crate::incident::{LINE_MAX, TEXT_MAX};
use crate::refusal::Refusal;
use crate::subject::{Decision, Draft, Scene, Subject};
use crate::system::System;
use crate::words::clock;
use crate::{Time, later, whole_ms};

/// Decides `command` for the log of a system, which is none before its first claim.
///
/// # Errors
/// A [`Refusal`] that says what to do instead. Then nothing is to be recorded.
pub fn decide(
    claims: Option<&Claims>,
    command: &Command,
    around: &Around,
    scene: Scene<'_>,
) -> Result<Decision<Claims>, Refusal> {
    let mut draft = match claims {
        Some(claims) if claims.newer => return Err(Refusal::NewerRelease),
        Some(claims) => Draft::of(claims, scene),
        None => begin(command, around, scene)?,
    };
    while draft.expire() {} // what is over is in nobody's way
    match command {
        Command::Tick => {}
        Command::Claim(claiming) => draft.claim(claiming, around)?,
        Command::Renew { by, person, claim, until } => draft.renew(by, person.as_ref(), *claim, *until)?,
        Command::Release { by, person, claim, changed, logged_out } => {
            draft.release(by, person.as_ref(), *claim, changed, *logged_out)?;
        }
        Command::SayGone { by, claim, reason } => draft.say_gone(by, *claim, reason, around)?,
        Command::Ask(asking) => draft.ask(asking, around)?,
        Command::Override { by, person, ask, reason } => {
            draft.go_over(by, person.as_ref(), *ask, reason, around)?;
        }
        Command::Withdraw { by, ask } => draft.withdraw(by, *ask)?,
        Command::Answer { summons, person, answer, via } => {
            draft.still_wanted(summons)?;
            if let Some((who, _)) = draft.hear(summons, person, *answer)? {
                draft.note_answer(summons.clone(), who, *answer, *via);
            }
        }
        Command::Note { by, person, text, happened_at } => draft.note(by, person.as_ref(), text, *happened_at)?,
        Command::Grade { summons, attempt, outcome, detail } => draft.grade(summons, attempt, *outcome, detail),
        Command::Remark { kind, text } => {
            draft.muster_says(Noted { kind: *kind, text: text.chars().take(TEXT_MAX).collect() });
        }
    }
    draft.progress(around);
    Ok(draft.decision())
}

/// The log begins with what names the system; only a claim or an asking begins one.
fn begin<'a>(command: &Command, around: &Around, scene: Scene<'a>) -> Result<Draft<'a, Claims>, Refusal> {
    let unknown = || Refusal::Unknown { field: "system", what: "system", name: around.system.0.clone() };
    let system = scene.org.systems.get(&around.system).ok_or_else(unknown)?;
    match command {
        Command::Claim(_) | Command::Ask(_) | Command::Note { .. } => {
            Draft::begin(Author::Muster, named(around, system, scene), scene).ok_or(Refusal::NewerRelease)
        }
        Command::Renew { claim, .. } | Command::Release { claim, .. } | Command::SayGone { claim, .. } => {
            Err(no_claim(*claim))
        }
        Command::Override { ask, .. } | Command::Withdraw { ask, .. } => Err(no_ask(*ask)),
        Command::Answer { .. } | Command::Grade { .. } | Command::Remark { .. } | Command::Tick => Err(unknown()),
    }
}

pub(super) fn named(around: &Around, system: &System, scene: Scene<'_>) -> SystemNamed {
    SystemNamed {
        system: around.system.clone(),
        name: system.name.clone(),
        time_zone: scene.org.organisation.time_zone.clone(),
        answer_wait: scene.org.policy.answer_wait,
    }
}

/// Who does it, where that is not whoever writes it down.
fn another(person: &PersonRef, by: &PersonRef) -> Option<PersonRef> {
    (person.id != by.id).then(|| person.clone())
}

fn no_claim(entry: u64) -> Refusal {
    Refusal::Unknown { field: "claim", what: "claim here", name: entry.to_string() }
}

fn no_ask(entry: u64) -> Refusal {
    Refusal::Unknown { field: "ask", what: "request here", name: entry.to_string() }
}

impl Draft<'_, Claims> {
    fn claim(&mut self, claiming: &Claiming, around: &Around) -> Result<(), Refusal> {
        self.system_is_there(around)?;
        let now = whole_ms(self.scene.now);
        let person = self.person(&claiming.by, claiming.person.as_ref())?;
        let what = required("what", &claiming.what, "Write what you will do.", LINE_MAX)?;
        let host = optional("host", &claiming.host, LINE_MAX)?;
        let session = claiming.session.as_deref().map(|s| optional("session", s, LINE_MAX)).transpose()?;
        let same = |c: &&Claim| session.is_some() && c.session == session && c.host == host;
        if self.folded.live().any(|c| same(&c)) {
            return Ok(()); // the same log-in, told twice
        }
        if self.folded.live().count() >= LIVE_AT_MOST {
            let why = "So many claims and log-ins stand here that nobody can read them. Release those that are over.";
            return Err(Refusal::Over { why: why.into() });
        }
        let until = match (claiming.until, &session) {
            (Some(until), _) => self.until(until, now)?,
            (None, Some(_)) => later(now, LOGGED_IN_FOR),
            (None, None) => return Err(Refusal::Missing { field: "until", ask: "Write until about when." }),
        };
        let others = self.others(&person.id, &host, around);
        if claiming.disruptive {
            self.may_begin(claiming.ask, &person, &others)?;
        }
        // A log-in warns who claimed this very system; that two people are logged in is nothing to warn of.
        let clashes = |w: &AtWork| match session {
            Some(_) => !w.logged_in && w.system == self.folded.system,
            None => !w.logged_in || w.system == self.folded.system,
        };
        let fact = Claimed {
            person,
            what,
            host,
            until,
            disruptive: claiming.disruptive,
            incident: around.incidents.iter().find_map(|i| i.number.clone()),
            clashes: others.into_iter().filter(clashes).take(ASKED_AT_MOST).collect(),
            session,
            ask: claiming.ask,
        };
        self.say(Author::Person(claiming.by.clone()), now, fact);
        Ok(())
    }

    /// A disruptive act begins when nobody else is at work, or by leave: then only who came since is in its way.
    fn may_begin(&self, ask: Option<u64>, person: &PersonRef, others: &[AtWork]) -> Result<(), Refusal> {
        let leave = match ask {
            None => None,
            Some(entry) => {
                let ask = self.folded.ask(entry).ok_or_else(|| no_ask(entry))?;
                if ask.person.id != person.id {
                    return Err(Refusal::NotYours { why: "Somebody else asked this. Ask for yourself." });
                }
                let leave = ask.settled.as_ref().filter(|s| s.how.allows());
                let Some(leave) = leave.filter(|s| self.scene.now <= later(s.at, LEAVE_HOLDS)) else {
                    let why = "That request is not settled, or was too long ago. Ask again.";
                    return Err(Refusal::Over { why: why.into() });
                };
                Some(leave.at)
            }
        };
        let in_the_way = others.iter().filter(|w| leave.is_none_or(|at| w.since > at)).collect::<Vec<_>>();
        if planted!("disrupts-at-once", in_the_way.is_empty(), true) {
            return Ok(());
        }
        let who = in_the_way.iter().map(|w| format!("{} ({})", w.person.name, w.what)).collect::<Vec<_>>().join(", ");
        Err(Refusal::AtWork { who })
    }

    fn note(
        &mut self,
        by: &PersonRef,
        person: Option<&PersonId>,
        text: &str,
        happened_at: Option<Time>,
    ) -> Result<(), Refusal> {
        let now = self.scene.now;
        let person = self.person(by, person)?;
        let text = required("text", text, "Write what happened.", TEXT_MAX)?;
        let text = if person.id == by.id { text } else { format!("{}: {text}", person.name) };
        let at = past("happened-at", happened_at.unwrap_or(now), now)?;
        self.say(Author::Person(by.clone()), at, Noted { kind: NoteKind::Change, text });
        Ok(())
    }

    fn until(&self, until: Time, now: Time) -> Result<Time, Refusal> {
        let until = whole_ms(until);
        let senseless = |why: &str| Err(Refusal::Senseless { field: "until", why: why.into() });
        if until <= now {
            return senseless("That time is over. Write until about when, or for how long.");
        }
        if until > later(now, CLAIM_AT_MOST) {
            return senseless("A claim holds for 7 days at most. Renew it when they are over.");
        }
        Ok(until)
    }

    fn renew(&mut self, by: &PersonRef, person: Option<&PersonId>, claim: u64, until: Time) -> Result<(), Refusal> {
        let claim = self.live_claim(claim)?.clone();
        let person = self.person(by, person)?;
        if !claim.is_of(&by.id) || !claim.is_of(&person.id) {
            return Err(Refusal::NotYours { why: "Only whoever claims it renews it." });
        }
        let until = self.until(until, whole_ms(self.scene.now))?;
        if until != claim.until {
            self.say(
                Author::Person(by.clone()),
                self.scene.now,
                ClaimRenewed { claim: claim.entry, until, person: another(&person, by) },
            );
        }
        Ok(())
    }

    fn release(
        &mut self,
        by: &PersonRef,
        person: Option<&PersonId>,
        claim: u64,
        changed: &str,
        logged_out: bool,
    ) -> Result<(), Refusal> {
        let claim = self.live_claim(claim)?.clone();
        // Who tells it of another is the server that told the claim: nobody else speaks for them.
        if !claim.is_of(&by.id) || !claim.is_of(&self.person(by, person)?.id) {
            let why = "Only whoever claims it releases it. Ask them; if they are gone, say so instead.";
            return Err(Refusal::NotYours { why });
        }
        // What somebody claimed outlives their log-in: only what a log-in made ends with it.
        let changed = match claim.session {
            Some(_) => optional("changed", changed, TEXT_MAX)?,
            None => required("changed", changed, "Write what you changed, or that you changed nothing.", TEXT_MAX)?,
        };
        let how = if logged_out && claim.session.is_some() { ClaimEnd::LoggedOut } else { ClaimEnd::Released };
        self.end(Author::Person(by.clone()), &claim, how, changed, self.scene.now);
        Ok(())
    }

    /// A log-in that nobody has ended may be called over by anybody who looked; a claim only by who leads.
    fn say_gone(&mut self, by: &PersonRef, claim: u64, reason: &str, around: &Around) -> Result<(), Refusal> {
        let claim = self.live_claim(claim)?.clone();
        if claim.session.is_none() && self.authority(&by.id, around) == Authority::Nobody {
            let why = "Only the Incident Manager or management ends what somebody else claims. Ask whoever claims it.";
            return Err(Refusal::NotYours { why });
        }
        let reason = required("reason", reason, "Write how you know that they are gone.", TEXT_MAX)?;
        self.end(Author::Person(by.clone()), &claim, ClaimEnd::SaidGone, reason, self.scene.now);
        Ok(())
    }

    pub(super) fn end(&mut self, author: Author, claim: &Claim, how: ClaimEnd, changed: String, at: Time) {
        let fact = ClaimEnded { claim: claim.entry, person: claim.person.clone(), how, changed };
        self.say(author, at, fact);
    }

    fn live_claim(&self, entry: u64) -> Result<&Claim, Refusal> {
        let claim = self.folded.claim(entry).ok_or_else(|| no_claim(entry))?;
        match &claim.ended {
            None => Ok(claim),
            Some(ended) => {
                let at = clock(ended.at, self.scene.now, &self.folded.time_zone);
                Err(Refusal::Over { why: format!("That claim ended at {at}. Claim it again to go on.") })
            }
        }
    }

    fn ask(&mut self, asking: &Asking, around: &Around) -> Result<(), Refusal> {
        self.system_is_there(around)?;
        let person = self.person(&asking.by, asking.person.as_ref())?;
        let what =
            required("what", &asking.what, "Write what you want to do: reboot, reinstall, fail over.", LINE_MAX)?;
        let host = optional("host", &asking.host, LINE_MAX)?;
        let same = |a: &&Ask| a.person.id == person.id && a.what == what && a.host == host;
        if self.folded.open_asks().any(|a| same(&a)) {
            return Ok(()); // it is asked already
        }
        if self.folded.open_asks().count() >= LIVE_AT_MOST {
            let why = "So many people wait to disrupt this system that nobody can answer them all. Ring its contacts.";
            return Err(Refusal::Over { why: why.into() });
        }
        let at_work = self.others(&person.id, &host, around);
        let fact = DisruptionAsked {
            contacts: self.contacts(&person.id, around),
            incident: around.incidents.iter().find_map(|i| i.number.clone()),
            person,
            what,
            host,
            at_work,
        };
        self.say(Author::Person(asking.by.clone()), self.scene.now, fact);
        Ok(())
    }

    /// The technical contacts whom a channel can reach; none of them if whoever asks is one.
    fn contacts(&self, person: &PersonId, around: &Around) -> Vec<PersonRef> {
        let Some(system) = self.scene.org.systems.get(&around.system) else { return Vec::new() };
        if system.contacts.contains(person) {
            return Vec::new();
        }
        let chain = crate::incident::candidates(self.scene.org, &system.contacts);
        let reachable = chain.into_iter().filter(|c| c.means.iter().any(|m| self.scene.can(m)));
        reachable.map(|c| c.person).take(ASKED_AT_MOST).collect()
    }

    /// Whose authority it is, is asked of who does it: a server that tells it has none. Over what somebody claims goes only
    /// who leads; over a log-in, which nobody chose, whoever says why.
    fn go_over(
        &mut self,
        by: &PersonRef,
        person: Option<&PersonId>,
        ask: u64,
        reason: &str,
        around: &Around,
    ) -> Result<(), Refusal> {
        let ask = self.open_ask(ask)?.clone();
        let person = self.person(by, person)?;
        if person.id != by.id && (ask.by.id != by.id || ask.person.id != person.id) {
            let why = "Only who told this request overrides it in another's name. Override in your own.";
            return Err(Refusal::NotYours { why });
        }
        let ask_why = "Write why it cannot wait for them. They read it, and so does the review.";
        let reason = required("reason", reason, ask_why, TEXT_MAX)?;
        let authority = self.authority(&person.id, around);
        let waits = self.folded.waits_for(&ask);
        let holds = |w: &AtWork| !w.logged_in && waits.iter().any(|p| p.id == w.person.id);
        if authority == Authority::Nobody && self.folded.hit_by(&ask).iter().any(holds) {
            let why = "Somebody claims it. They let it happen, or the Incident Manager of an incident on this system goes \
                       over them, or management. In an emergency declare an incident on it: then you are its Incident Manager.";
            return Err(Refusal::NotYours { why });
        }
        let over = self.settlement(&ask, Settlement::Overridden, reason);
        let over = DisruptionSettled { authority: Some(authority), over_by: another(&person, by), ..over };
        self.say(Author::Person(by.clone()), self.scene.now, over);
        Ok(())
    }

    /// An answer to what is settled would change nothing, and say otherwise.
    fn still_wanted(&self, summons: &SummonsId) -> Result<(), Refusal> {
        let Some(entry) = self.folded.summons(summons).and_then(|s| s.ask) else { return Ok(()) };
        self.open_ask(entry).map(drop)
    }

    fn withdraw(&mut self, by: &PersonRef, ask: u64) -> Result<(), Refusal> {
        let ask = self.open_ask(ask)?.clone();
        if ask.person.id != by.id && ask.by.id != by.id {
            return Err(Refusal::NotYours { why: "Only whoever asked takes it back." });
        }
        self.settle(Author::Person(by.clone()), &ask, Settlement::Withdrawn, String::new());
        Ok(())
    }

    fn open_ask(&self, entry: u64) -> Result<&Ask, Refusal> {
        let ask = self.folded.ask(entry).ok_or_else(|| no_ask(entry))?;
        match ask.settled {
            None => Ok(ask),
            Some(_) => Err(Refusal::Over { why: "That request is settled. Ask again if you still need it.".into() }),
        }
    }

    pub(super) fn settle(&mut self, author: Author, ask: &Ask, how: Settlement, reason: String) {
        let fact = self.settlement(ask, how, reason);
        self.say(author, self.scene.now, fact);
    }

    fn settlement(&self, ask: &Ask, how: Settlement, reason: String) -> DisruptionSettled {
        DisruptionSettled {
            ask: ask.entry,
            person: ask.person.clone(),
            what: ask.what.clone(),
            how,
            reason,
            authority: None,
            over_by: None,
            unanswered: self.folded.waits_for(ask),
        }
    }

    fn authority(&self, person: &PersonId, around: &Around) -> Authority {
        let managed = around.incidents.iter().find(|i| i.manager.as_ref() == Some(person));
        let role = self.scene.org.people.get(person).map(|p| p.role);
        match (managed.map(|incident| &incident.number), role) {
            (Some(Some(number)), _) => Authority::IncidentManager(number.clone()),
            // That somebody leads a restricted incident is not said while they have another office.
            (_, Some(Role::Manager | Role::Administrator)) => Authority::Management,
            (Some(None), _) => Authority::IncidentManager(String::new()),
            (None, _) => Authority::Nobody,
        }
    }

    fn system_is_there(&self, around: &Around) -> Result<(), Refusal> {
        match self.scene.org.systems.contains_key(&around.system) {
            true => Ok(()),
            false => Err(Refusal::Unknown { field: "system", what: "system", name: around.system.0.clone() }),
        }
    }

    /// Whose claim or wish it is.
    fn person(&self, by: &PersonRef, person: Option<&PersonId>) -> Result<PersonRef, Refusal> {
        let Some(id) = person else { return Ok(by.clone()) };
        match self.scene.org.here(id) {
            Some(_) => Ok(self.scene.org.person_ref(id)),
            None => Err(Refusal::Unknown { field: "person", what: "person", name: id.0.clone() }),
        }
    }

    /// Who else is at work on it or on what hangs together with it.
    fn others(&self, but: &PersonId, host: &str, around: &Around) -> Vec<AtWork> {
        let here = self.folded.at_work();
        here.into_iter().chain(self.related(host, around)).filter(|w| w.person.id != *but).collect()
    }

    /// Who is at work on another system that hangs together with this one, or on that host.
    pub(super) fn related(&self, host: &str, around: &Around) -> Vec<AtWork> {
        let here = (&around.system, host);
        let near = |w: &&AtWork| {
            w.system != around.system
                && w.until > self.scene.now
                && hang_together(self.scene.org, here, (&w.system, w.host.as_str()))
        };
        around.elsewhere.iter().filter(near).take(LIVE_AT_MOST).cloned().collect()
    }
}
