//! A summons pursues a person until direct contact (STAFF-3).
//!
//! One state machine for everything that looks for somebody. It goes through a chain of people and
//! their means, waits for an answer after each try, goes on at once when a try is a dead end or a
//! person says "I cannot", and around again until somebody takes it. A message that was merely sent
//! or delivered moves nothing but the clock.

use crate::contact::{Answer, MeansKind, Outcome, Proof};
use crate::entry::{Answered, Candidate, Entry, Fact, Graded, Purpose, SummonsStarted, Tried, Via};
use crate::ids::{AttemptId, PersonId, PersonRef, SummonsId};
use crate::{Span, Time, later};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The least time between two rounds through a chain, so that providers that fail at once don't make
/// a storm of tries.
const ROUND_AT_LEAST: Span = Span::from_secs(20);

/// A search for somebody, folded from its entries.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Summons {
    /// Which.
    pub id: SummonsId,
    /// What for.
    pub purpose: Purpose,
    /// What the people are asked about.
    pub about: String,
    /// Whom, in order.
    pub chain: Vec<Candidate>,
    /// How long to wait where a means does not say.
    pub wait: Span,
    /// When it began.
    pub started_at: Time,
    /// Every try, oldest first.
    pub attempts: Vec<Attempt>,
    /// Every answer, oldest first.
    pub answers: Vec<Given>,
    /// How often it went through the chain in vain, and when last.
    pub vain_rounds: u32,
    /// When it last did.
    pub vain_at: Option<Time>,
    /// Who is asked no more, as they have left.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub passed_over: BTreeSet<PersonId>,
    /// When and why it ended without anybody taking it.
    pub ended: Option<(Time, String)>,
    /// By which entry somebody asked to disrupt a system, if it is about that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ask: Option<u64>,
    /// For which duty to tell, if it is about that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tell: Option<String>,
}

/// One try.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Attempt {
    /// Which.
    pub id: AttemptId,
    /// By which entry.
    pub entry: u64,
    /// Whom: position in the chain.
    pub candidate: usize,
    /// By which: position among their means.
    pub nth: usize,
    /// In which round.
    pub round: u32,
    /// By what.
    pub means: MeansKind,
    /// To which number or address.
    pub to: String,
    /// When it was decided.
    pub at: Time,
    /// How long to wait for an answer.
    pub wait: Span,
    /// The best outcome known.
    pub outcome: Outcome,
    /// What the provider said.
    pub detail: String,
}

/// One answer.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Given {
    /// By which entry.
    pub entry: u64,
    /// Who.
    pub person: PersonRef,
    /// What.
    pub answer: Answer,
    /// By which proof.
    pub proof: Proof,
    /// How it came.
    pub via: Via,
    /// When.
    pub at: Time,
    /// It was a mistake, and counts no more.
    pub taken_back: bool,
}

/// What a summons does next.
#[derive(Clone, PartialEq, Debug)]
pub enum Next {
    /// Tries this person by this means, now.
    Try {
        /// Position in the chain.
        candidate: usize,
        /// Position among their means.
        nth: usize,
        /// In which round.
        round: u32,
    },
    /// Has been through the chain in vain: says so loudly, now.
    Alarm {
        /// Which round is over.
        round: u32,
    },
    /// Waits until then.
    Wait(Time),
    /// Makes no move of its own any more: it is over, or waits for an answer for as long as it is wanted.
    Over,
}

impl Summons {
    /// A summons that begins.
    #[must_use]
    pub fn new(fact: &SummonsStarted, at: Time) -> Self {
        Self {
            id: fact.summons.clone(),
            purpose: fact.purpose,
            about: fact.about.clone(),
            chain: fact.chain.clone(),
            wait: fact.wait,
            started_at: at,
            attempts: Vec::new(),
            answers: Vec::new(),
            vain_rounds: 0,
            vain_at: None,
            passed_over: BTreeSet::new(),
            ended: None,
            ask: fact.ask,
            tell: fact.tell.clone(),
        }
    }

    /// Takes a try into account.
    pub fn tried(&mut self, fact: &Tried, entry: u64, at: Time) {
        self.attempts.push(Attempt {
            id: fact.attempt.clone(),
            entry,
            candidate: fact.candidate,
            nth: fact.nth,
            round: fact.round,
            means: fact.means,
            to: fact.to.clone(),
            at,
            wait: fact.wait,
            outcome: Outcome::Queued,
            detail: String::new(),
        });
    }

    /// Takes the outcome of a try into account.
    pub fn graded(&mut self, fact: &Graded) {
        if let Some(attempt) = self.attempts.iter_mut().find(|a| a.id == fact.attempt) {
            attempt.outcome = fact.outcome;
            attempt.detail.clone_from(&fact.detail);
        }
    }

    /// Takes an answer into account.
    pub fn answered(&mut self, fact: &Answered, entry: u64, at: Time) {
        self.answers.push(Given {
            entry,
            person: fact.person.clone(),
            answer: fact.answer,
            proof: fact.proof,
            via: fact.via,
            at,
            taken_back: false,
        });
    }

    /// What that person says now, if anything: the newest answer that stands.
    #[must_use]
    pub fn answer_of(&self, person: &PersonId) -> Option<&Given> {
        self.answers.iter().rev().find(|g| g.person.id == *person && !g.taken_back)
    }

    /// Who has it, if anybody: who last answered with what the search is for, unless they have said something else since.
    /// Who had it before them does not have it again by what others do: they were told that they are free, and are asked.
    #[must_use]
    pub fn taken_by(&self) -> Option<&Given> {
        let meets = |g: &&Given| !g.taken_back && self.purpose.is_met_by(g.answer, g.proof);
        let last = self.answers.iter().rev().find(meets)?;
        (self.answer_of(&last.person.id) == Some(last)).then_some(last)
    }

    /// Whether there is anybody whom it can try; otherwise it only says that nobody is reached.
    #[must_use]
    pub fn can_try(&self) -> bool {
        self.chain.iter().any(|c| !c.means.is_empty() && !self.passed_over.contains(&c.person.id))
    }

    /// Whether it still looks for somebody.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.ended.is_none() && self.taken_by().is_none()
    }

    /// Who is being asked right now: the person of the newest try, unless they have answered it.
    #[must_use]
    pub fn asking(&self) -> Option<&Candidate> {
        let last = self.attempts.last().filter(|a| self.is_live() && !self.has_answered(a))?;
        self.chain.get(last.candidate)
    }

    /// Whether that try still waits for its person's answer, so that its message is worth sending. A newer try that
    /// says the same to the same address takes its place.
    #[must_use]
    pub fn still_asks(&self, attempt: &AttemptId) -> bool {
        let Some(nth) = self.attempts.iter().position(|a| a.id == *attempt) else { return false };
        let (tried, newer) = (&self.attempts[nth], &self.attempts[nth + 1..]);
        let same = |a: &Attempt| a.candidate == tried.candidate && a.means == tried.means && a.to == tried.to;
        self.is_live() && !self.has_answered(tried) && !newer.iter().any(same)
    }

    /// Whether the person answered after that try, or will not any more, as they have left. Who said "I know" a round
    /// ago, and is asked again, gets the time to answer again.
    fn has_answered(&self, attempt: &Attempt) -> bool {
        let answered = |c: &Candidate| {
            self.passed_over.contains(&c.person.id)
                || self.answer_of(&c.person.id).is_some_and(|g| g.entry > attempt.entry)
        };
        self.chain.get(attempt.candidate).is_none_or(answered)
    }

    /// Whether the person has said just that, and was not asked again since: a double tap.
    #[must_use]
    pub fn has_said(&self, person: &PersonId, answer: Answer) -> bool {
        self.answer_of(person).is_some_and(|g| g.answer == answer) && !self.awaits(person)
    }

    /// Whether the person was asked and has not answered since: whether a message to them still makes sense.
    #[must_use]
    pub fn awaits(&self, person: &PersonId) -> bool {
        let asks = |a: &&Attempt| self.chain.get(a.candidate).is_some_and(|c| c.person.id == *person);
        let last_asked = self.attempts.iter().rev().find(asks);
        self.is_live() && last_asked.is_some_and(|a| !self.has_answered(a))
    }

    /// Everybody who was tried in that round, in the order of the chain.
    #[must_use]
    pub fn tried_in(&self, round: u32) -> Vec<PersonRef> {
        let tried = |i: usize| self.attempts.iter().any(|a| a.round == round && a.candidate == i);
        self.chain.iter().enumerate().filter(|(i, _)| tried(*i)).map(|(_, c)| c.person.clone()).collect()
    }

    /// How long to wait for an answer to that means of that person. The wait of their last means is
    /// never nothing, as `0s` says "together with the next means", not "don't wait for this person".
    #[must_use]
    pub fn patience(&self, candidate: &Candidate, nth: usize) -> Span {
        let is_last = nth + 1 >= candidate.means.len();
        let own = candidate.means.get(nth).and_then(|m| m.wait);
        own.filter(|wait| !(is_last && wait.is_zero())).unwrap_or(self.wait)
    }

    /// Until when that person may answer before the summons goes on.
    #[must_use]
    pub fn asking_until(&self, now: Time, up_since: Time) -> Option<Time> {
        self.asking().and(self.attempts.last()).map(|a| patience_ends(a, now, up_since))
    }

    /// Position in the chain of whom it asks after the current one in this round, if anybody.
    #[must_use]
    pub fn asks_after(&self) -> Option<usize> {
        let last = self.attempts.last()?;
        self.first_able(last.candidate + 1, last.round)
    }

    /// What to do at `now`. `up_since` is when the engine last came back after a gap: the step that
    /// it was in gets its full wait again, as nobody could answer while Muster was away.
    #[must_use]
    pub fn next(&self, now: Time, up_since: Time) -> Next {
        if !self.is_live() {
            return Next::Over;
        }
        let Some(last) = self.attempts.last() else {
            return match self.first_able(0, 1) {
                Some(candidate) => Next::Try { candidate, nth: 0, round: 1 },
                None => self.around(now, up_since, 0, self.started_at),
            };
        };
        let answered = planted!("cannot-waits", self.has_answered(last), false);
        let patience = patience_ends(last, now, up_since);
        if !answered && !last.outcome.is_dead_end() && now < patience {
            return Next::Wait(patience);
        }
        let has_more = |c: &Candidate| last.nth + 1 < c.means.len();
        if !answered && self.chain.get(last.candidate).is_some_and(has_more) {
            return Next::Try { candidate: last.candidate, nth: last.nth + 1, round: last.round };
        }
        match self.first_able(last.candidate + 1, last.round) {
            Some(candidate) => Next::Try { candidate, nth: 0, round: last.round },
            None => self.around(now, up_since, last.round, last.at),
        }
    }

    /// The end of a round: alarm, pause, begin the next.
    fn around(&self, now: Time, up_since: Time, round: u32, last_try: Time) -> Next {
        if self.purpose.stays_open() {
            return Next::Over;
        }
        let over = round.max(1);
        if self.vain_rounds < over {
            return Next::Alarm { round: over };
        }
        let pause = self.wait.max(ROUND_AT_LEAST);
        let next = self.vain_rounds + 1;
        // With nobody left to ask it keeps saying so until a person steps in.
        let (since, then) = match self.first_able(0, next) {
            Some(candidate) => (last_try, Next::Try { candidate, nth: 0, round: next }),
            None => (self.vain_at.unwrap_or(last_try), Next::Alarm { round: next }),
        };
        let resume = later(counted_from(since, now, up_since), pause);
        if now < resume { Next::Wait(resume) } else { planted!("one-round-only", then, Next::Over) }
    }

    /// The first candidate from position `from` on who may be tried in `round`. Who cannot is left
    /// alone; who knows is asked again only when a whole round reached nobody.
    fn first_able(&self, from: usize, round: u32) -> Option<usize> {
        let able = |c: &Candidate| {
            !c.means.is_empty()
                && !self.passed_over.contains(&c.person.id)
                && match self.answer_of(&c.person.id).map(|g| g.answer) {
                    None => true,
                    // Who was told by message may yet be spoken to.
                    Some(Answer::Know | Answer::Take) => round > 1,
                    Some(Answer::Cannot) => false,
                }
        };
        self.chain.iter().enumerate().skip(from).find(|(_, c)| able(c)).map(|(i, _)| i)
    }
}

/// Takes an entry of a log into account for all its searches; one about none of them changes nothing.
pub(crate) fn follow(all: &mut Vec<Summons>, entry: &Entry) {
    let mut that = |id: &SummonsId, does: &dyn Fn(&mut Summons)| {
        if let Some(summons) = all.iter_mut().find(|s| s.id == *id) {
            does(summons);
        }
    };
    match &entry.fact {
        Fact::SummonsStarted(fact) => all.push(Summons::new(fact, entry.recorded_at)),
        Fact::Tried(fact) => that(&fact.summons, &|s| s.tried(fact, entry.seq, entry.happened_at)),
        Fact::Graded(fact) => that(&fact.summons, &|s| s.graded(fact)),
        Fact::Answered(fact) => that(&fact.summons, &|s| s.answered(fact, entry.seq, entry.happened_at)),
        Fact::NobodyReached(fact) => that(&fact.summons, &|s| {
            s.vain_rounds = fact.round;
            s.vain_at = Some(entry.happened_at);
        }),
        Fact::PassedOver(fact) => {
            that(&fact.summons, &|s| {
                s.passed_over.insert(fact.person.id.clone());
            });
        }
        Fact::SummonsEnded(fact) => {
            that(&fact.summons, &|s| s.ended = Some((entry.recorded_at, fact.why.clone())));
        }
        _ => {}
    }
}

/// When waiting for an answer to `attempt` is over.
fn patience_ends(attempt: &Attempt, now: Time, up_since: Time) -> Time {
    let began = counted_from(attempt.at, now, up_since);
    later(began.max(planted!("gap-not-forgiven", up_since, began)), attempt.wait)
}

/// From when on a wait counts that began at `began`. A moment that is still to come is one of a clock that has been set
/// back since: nobody waits until real time has caught up with it.
fn counted_from(began: Time, now: Time, up_since: Time) -> Time {
    if began > now { planted!("waits-for-the-clock", up_since.min(now), began) } else { began }
}
