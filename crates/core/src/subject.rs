//! What every log has in common, whatever it is the log of: entries are appended, and people are looked for.
//!
//! A [`Subject`] is folded from its log; a [`Draft`] is one with the entries that are about to be appended.
//! So an incident, a system and whatever else gets a log of its own share the one way of writing and the
//! one way of pursuing a person.

use crate::contact::{Answer, MeansKind, Outcome, Proof};
use crate::directory::{Means, Organisation};
use crate::duty::{Duty, Nags};
use crate::entry::{
    Answered, Author, Candidate, Entry, Fact, Graded, NobodyReached, NoteKind, PassedOver, Purpose, SummonsEnded,
    SummonsStarted, Tried, Via,
};
use crate::ids::{AttemptId, PersonId, PersonRef, SubjectId, SummonsId};
use crate::incident::LINE_MAX;
use crate::refusal::Refusal;
use crate::summons::{Next, Summons};
use crate::{Span, Time, whole_ms};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Something with a log of its own, folded from that.
pub trait Subject: Clone + Serialize + DeserializeOwned {
    /// The kind, as it is stored.
    const KIND: &'static str;
    /// The format of the folded state. A cache of another format is folded again from the log: raise it with every
    /// change to what the state holds or means.
    const FOLD_FORMAT: u32;

    /// The subject that begins with `entry`, if that can begin one.
    fn begin(entry: &Entry) -> Option<Self>;
    /// Takes the next entry of the log into account.
    fn apply(&mut self, entry: &Entry);
    /// Number of the newest entry.
    fn seq(&self) -> u64;
    /// When that was written.
    fn last_recorded_at(&self) -> Time;
    /// Whether the log holds an entry of a later release, which makes it read-only here.
    fn is_newer(&self) -> bool;
    /// Searches for people, oldest first.
    fn summonses(&self) -> &[Summons];
    /// How long a summons waits where a means does not say.
    fn answer_wait(&self) -> Span;
    /// How often somebody is reminded of what is late.
    fn nags(&self) -> Nags;
    /// Everything that is owed or was.
    fn duties(&self) -> Vec<Duty>;
    /// Who is in charge of it, and stays so when nobody else takes over.
    fn in_charge(&self) -> Option<&PersonRef> {
        None
    }
    /// When it must next be looked at by itself, if ever.
    fn next_due(&self, now: Time, up_since: Time) -> Option<Time>;

    /// The subject that `entries` make, in their order; none if they don't begin with an opening.
    #[must_use]
    fn fold<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Option<Self> {
        let mut entries = entries.into_iter();
        let mut subject = Self::begin(entries.next()?)?;
        entries.for_each(|entry| subject.apply(entry));
        Some(subject)
    }

    /// That search.
    #[must_use]
    fn summons(&self, id: &SummonsId) -> Option<&Summons> {
        self.summonses().iter().find(|s| s.id == *id)
    }
}

/// What may be wanted of any log, whatever it is the log of.
#[derive(Clone, PartialEq, Debug)]
pub enum Common {
    /// A try to reach somebody had this outcome.
    Grade {
        /// Of which summons.
        summons: SummonsId,
        /// Which try.
        attempt: AttemptId,
        /// What came of it.
        outcome: Outcome,
        /// The provider's words.
        detail: String,
    },
    /// Muster has something to say that no other entry says.
    Remark {
        /// Its kind.
        kind: NoteKind,
        /// What.
        text: String,
    },
    /// Somebody who was asked answers.
    Answer {
        /// Which summons.
        summons: SummonsId,
        /// Who.
        person: PersonId,
        /// What.
        answer: Answer,
        /// How it came.
        via: Via,
    },
    /// Time has passed.
    Tick,
}

/// When the next move of a search is due, if any is going on.
#[must_use]
pub fn next_move(summonses: &[Summons], now: Time, up_since: Time) -> Option<Time> {
    let due = |s: &Summons| match s.next(now, up_since) {
        Next::Wait(until) => Some(until),
        Next::Try { .. } | Next::Alarm { .. } => Some(now),
        Next::Over => None,
    };
    summonses.iter().filter_map(due).min()
}

/// What deciding may look at besides the subject.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// The time.
    pub now: Time,
    /// When the engine last came back after a gap (see [`Summons::next`]).
    pub up_since: Time,
    /// Whose log it is.
    pub subject: &'a SubjectId,
    /// The organisation as it is now.
    pub org: &'a Organisation,
    /// The means for which this installation has a channel.
    pub channels: &'a [MeansKind],
}

impl Scene<'_> {
    /// Whether a machine can use that means here. Nobody is spoken to face to face by one.
    #[must_use]
    pub fn can(&self, means: &Means) -> bool {
        means.kind != MeansKind::InPerson && self.channels.contains(&means.kind)
    }
}

/// What a command leads to.
#[derive(Clone, PartialEq, Debug)]
pub struct Decision<S> {
    /// The subject afterwards.
    pub folded: S,
    /// The entries to append, in order. None if nothing changed.
    pub entries: Vec<Entry>,
}

/// What somebody is looked for on account of.
pub(crate) enum Cause {
    /// The subject.
    Itself,
    /// The entry by which somebody asked to disrupt a system.
    Ask(u64),
    /// That duty to tell.
    Tell(String),
}

/// A subject with the entries that are about to be appended to its log.
pub(crate) struct Draft<'a, S> {
    pub(crate) folded: S,
    pub(crate) entries: Vec<Entry>,
    pub(crate) scene: Scene<'a>,
}

impl<'a, S: Subject> Draft<'a, S> {
    /// Nothing is about to be appended yet.
    pub(crate) fn of(folded: &S, scene: Scene<'a>) -> Self {
        Self { folded: folded.clone(), entries: Vec::new(), scene }
    }

    /// A log that begins with `fact`, if that can begin one.
    pub(crate) fn begin(author: Author, fact: impl Into<Fact>, scene: Scene<'a>) -> Option<Self> {
        let now = whole_ms(scene.now);
        let entry = Entry { seq: 1, happened_at: now, recorded_at: now, author, fact: fact.into() };
        Some(Self { folded: S::begin(&entry)?, entries: vec![entry], scene })
    }

    pub(crate) fn decision(self) -> Decision<S> {
        Decision { folded: self.folded, entries: self.entries }
    }

    /// Appends an entry. Recorded time never runs backwards, whatever the machine's clock does; and
    /// both times are whole milliseconds, as a stored log could not be folded to the same subject else.
    pub(crate) fn say(&mut self, author: Author, happened_at: Time, fact: impl Into<Fact>) {
        let now = whole_ms(self.scene.now);
        let recorded_at = planted!("time-goes-back", now.max(self.folded.last_recorded_at()), now);
        let happened_at = whole_ms(happened_at);
        let entry = Entry { seq: self.folded.seq() + 1, happened_at, recorded_at, author, fact: fact.into() };
        self.folded.apply(&entry);
        self.entries.push(entry);
    }

    pub(crate) fn muster_says(&mut self, fact: impl Into<Fact>) {
        self.say(Author::Muster, self.scene.now, fact);
    }

    /// The search that begins with that entry. Named by it: what is long over may be forgotten, so that counting would
    /// give a name twice.
    pub(crate) fn summons_begun_by(&self, entry: u64) -> SummonsId {
        SummonsId(format!("{}-{entry}", self.scene.subject))
    }

    /// Begins to look for somebody. A means without a channel is not tried as if there were one: it is left to people.
    pub(crate) fn summon(&mut self, purpose: Purpose, about: String, chain: Vec<Candidate>) {
        let wait = self.folded.answer_wait();
        self.summon_for(purpose, about, chain, wait, Cause::Itself);
    }

    /// The same, how long it waits where a means does not say, and why.
    pub(crate) fn summon_for(
        &mut self,
        purpose: Purpose,
        about: String,
        mut chain: Vec<Candidate>,
        wait: Span,
        cause: Cause,
    ) {
        for candidate in &mut chain {
            let (usable, rest) = std::mem::take(&mut candidate.means).into_iter().partition(|m| self.scene.can(m));
            candidate.means = usable;
            candidate.by_hand.extend::<Vec<_>>(rest);
        }
        let summons = self.summons_begun_by(self.folded.seq() + 1);
        let (ask, tell) = match cause {
            Cause::Itself => (None, None),
            Cause::Ask(entry) => (Some(entry), None),
            Cause::Tell(name) => (None, Some(name)),
        };
        self.muster_says(SummonsStarted { summons, purpose, about, chain, wait, ask, tell });
    }

    pub(crate) fn grade(&mut self, id: &SummonsId, attempt: &AttemptId, outcome: Outcome, detail: &str) {
        let Some(summons) = self.folded.summons(id) else { return };
        let Some(tried) = summons.attempts.iter().find(|a| a.id == *attempt) else { return };
        let Some(candidate) = summons.chain.get(tried.candidate) else { return };
        // That it still waits to be sent is said once, with why.
        let waits = outcome == Outcome::Queued && tried.outcome == Outcome::Queued;
        if outcome <= tried.outcome && !(waits && tried.detail.is_empty() && !detail.is_empty()) {
            return; // a provider that repeats itself, or whose reports overtake each other
        }
        let fact = Graded {
            attempt: attempt.clone(),
            summons: id.clone(),
            person: candidate.person.clone(),
            means: tried.means,
            outcome,
            detail: detail.chars().take(LINE_MAX).collect(),
        };
        self.muster_says(fact);
    }

    /// Whose answer it is, and to what; none if they have said just that.
    pub(crate) fn hear(
        &self,
        id: &SummonsId,
        person: &PersonId,
        answer: Answer,
    ) -> Result<Option<(PersonRef, Purpose)>, Refusal> {
        let Some(summons) = self.folded.summons(id) else {
            return Err(Refusal::Unknown { field: "summons", what: "summons", name: id.0.clone() });
        };
        let Some(who) = summons.chain.iter().find(|c| c.person.id == *person).map(|c| c.person.clone()) else {
            return Err(Refusal::NotAsked);
        };
        if self.scene.org.here(person).is_none() {
            // Their phone may still ring with a call that was under way when they left.
            return Err(Refusal::Over { why: format!("{} has left. Nothing is asked of them any more.", who.name) });
        }
        if let Some((_, why)) = &summons.ended {
            return Err(Refusal::Over { why: format!("Nothing is asked of you any more: {why}") });
        }
        let taken = summons.taken_by().filter(|g| g.person.id != *person);
        if let Some(taken) = planted!("second-manager", taken, None) {
            return Err(Refusal::TakenAlready { by: taken.person.name.clone(), at: taken.at });
        }
        Ok((!summons.has_said(person, answer)).then_some((who, summons.purpose)))
    }

    /// Records an answer.
    pub(crate) fn note_answer(&mut self, summons: SummonsId, who: PersonRef, answer: Answer, via: Via) {
        let proof = match via {
            Via::Key => Proof::Spoken,
            Via::Link | Via::Login => Proof::Confirmed,
        };
        let fact = Answered { summons, person: who.clone(), answer, proof, via };
        self.say(Author::Person(who), self.scene.now, fact);
    }

    /// Ends a search that is not needed any more.
    pub(crate) fn end_summons(&mut self, summons: SummonsId, why: impl Into<String>) {
        self.muster_says(SummonsEnded { summons, why: why.into() });
    }

    /// Every search makes the move that is due now. Whether there was one.
    pub(crate) fn pursue(&mut self) -> bool {
        let left = self.pass_over();
        let moves: Vec<_> = self
            .folded
            .summonses()
            .iter()
            .map(|s| (s.id.clone(), s.next(self.scene.now, self.scene.up_since)))
            .filter(|(_, next)| matches!(next, Next::Try { .. } | Next::Alarm { .. }))
            .collect();
        for (id, next) in &moves {
            self.carry_on(id, next);
        }
        left || !moves.is_empty()
    }

    /// Whoever has left is asked no more, and does not hold up those after them. Whether there was anybody.
    fn pass_over(&mut self) -> bool {
        let searches = self.folded.summonses().iter().filter(|s| s.is_live());
        let left: Vec<_> = searches
            .flat_map(|s| s.chain.iter().map(move |c| (s, c)))
            .filter(|(s, c)| self.scene.org.here(&c.person.id).is_none() && !s.passed_over.contains(&c.person.id))
            .map(|(s, c)| PassedOver { summons: s.id.clone(), person: c.person.clone() })
            .collect();
        let any = !left.is_empty();
        left.into_iter().for_each(|fact| self.muster_says(fact));
        any
    }

    /// The administrators whom a channel can reach.
    fn administrators(&self) -> Vec<PersonRef> {
        let scene = self.scene;
        let reachable = scene.org.administrators().filter(|(_, p)| p.means.iter().any(|m| scene.can(m)));
        reachable.map(|(id, _)| scene.org.person_ref(id)).collect()
    }

    fn carry_on(&mut self, id: &SummonsId, next: &Next) {
        let Some(summons) = self.folded.summons(id) else { return };
        match next {
            Next::Try { candidate, nth, round } => {
                let Some(fact) = attempt(summons, *candidate, *nth, *round) else { return };
                self.muster_says(fact);
            }
            Next::Alarm { .. } if summons.purpose.is_asked_once() => {
                let asked: Vec<_> = summons.chain.iter().map(|c| c.person.name.as_str()).collect();
                let stays =
                    self.folded.in_charge().map_or_else(String::new, |p| format!("; {} stays in charge", p.name));
                let why = format!("{} did not accept{stays}", asked.join(", "));
                self.end_summons(id.clone(), why);
            }
            Next::Alarm { round } => {
                let tried = summons.tried_in(*round);
                let telling = Some(self.administrators());
                let fact = NobodyReached { summons: id.clone(), round: *round, tried, telling };
                self.muster_says(fact);
            }
            Next::Wait(_) | Next::Over => {}
        }
    }
}

/// The try of `summons` at that position.
fn attempt(summons: &Summons, candidate: usize, nth: usize, round: u32) -> Option<Tried> {
    let whom = summons.chain.get(candidate)?;
    let means = whom.means.get(nth)?;
    Some(Tried {
        attempt: AttemptId(format!("{}-{}", summons.id, summons.attempts.len() + 1)),
        summons: summons.id.clone(),
        person: whom.person.clone(),
        means: means.kind,
        to: means.to.clone(),
        candidate,
        nth,
        round,
        wait: summons.patience(whom, nth),
    })
}
