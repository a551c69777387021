//! Deciding: which entries a command leads to, or why it is refused.
//!
//! Every path into an incident ends here: the page, the API, the CLI, the link, the phone key, the
//! alert and the timer. After each command the incident is carried on (`progress`), so that a
//! summons goes on in the same transaction in which somebody said "I cannot".

use super::open::{affected, candidates, on_call, on_call_and_next_level, opening};
use super::{AlertNews, Declaration, Incident, OpenBy, State};
use crate::contact::{Answer, MeansKind, Outcome, Proof};
use crate::directory::Organisation;
use crate::entry::{
    Affected, AlertLeft, AlertRecovered, Answered, Author, Candidate, Change, Changed, Confirmed, Contacted, Corrected,
    Entry, Fact, Graded, Kind, ManagerAssumed, Moment, NobodyReached, NoteKind, Noted, Origin, Purpose, Reopened,
    ReportFiled, Restored, Severity, SummonsEnded, SummonsStarted, TakenBack, Told, Tried, Via, Withdrawn,
};
use crate::ids::{AlertId, AttemptId, PersonId, PersonRef, SubjectId, SummonsId, SystemId};
use crate::refusal::Refusal;
use crate::summons::{Next, Summons};
use crate::words::length;
use crate::{Span, Time, later, whole_ms};

/// Longest text of one entry, in characters. Longer stories are several entries, or an attachment.
pub const TEXT_MAX: usize = 10_000;
/// Longest title and other one-line texts, in characters.
pub const LINE_MAX: usize = 160;
/// How far a sender's or a browser's clock may be ahead of ours before a time counts as "in the future".
const CLOCK_SKEW: Span = Span::from_secs(60);
/// Most entries that one command may lead to by carrying the incident on. A chain of people whose
/// means all wait 0 seconds is the longest honest case; beyond this something loops, and the next
/// tick goes on.
const STEPS_AT_MOST: usize = 256;

/// What somebody or something wants of an incident.
#[derive(Clone, PartialEq, Debug)]
pub enum Command {
    /// Begin the log.
    Open {
        /// The reference number that was drawn for it.
        number: String,
        /// Who or what opens it.
        by: OpenBy,
    },
    /// An alert belongs to this incident.
    JoinAlert(AlertNews),
    /// The sender says that an alert is over.
    AlertRecovered {
        /// Which.
        alert: AlertId,
        /// What the sender said.
        detail: String,
        /// When it was over.
        at: Time,
    },
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
    /// A person acts.
    Act {
        /// Who.
        by: PersonRef,
        /// What they do.
        act: Act,
    },
    /// Time has passed.
    Tick,
}

/// What a person does to an incident.
#[derive(Clone, PartialEq, Debug)]
pub enum Act {
    /// Writes something down.
    Note {
        /// What kind of note.
        kind: NoteKind,
        /// The words.
        text: String,
        /// When it happened, if not now.
        happened_at: Option<Time>,
    },
    /// Records that they tried to contact somebody.
    Contact {
        /// For which duty to tell, by its name.
        tell: Option<String>,
        /// Whom.
        person: PersonId,
        /// By what.
        means: MeansKind,
        /// What came of it.
        outcome: Outcome,
        /// What was said.
        said: String,
        /// When it happened, if not now.
        happened_at: Option<Time>,
    },
    /// Corrects the words of an entry.
    Correct {
        /// Which.
        entry: u64,
        /// What it should have said.
        text: String,
    },
    /// Takes back an entry that was wrong as a fact.
    TakeBack {
        /// Which.
        entry: u64,
        /// Why.
        reason: String,
    },
    /// Becomes Incident Manager while nobody is.
    TakeCharge,
    /// Asks somebody else to become Incident Manager.
    HandOver {
        /// Whom.
        to: PersonId,
        /// Why, and what they need to know.
        reason: String,
    },
    /// Says that a suspected incident is real.
    Confirm,
    /// Says that it is none.
    Withdraw {
        /// Why.
        reason: String,
    },
    /// Says that service is back.
    Restore {
        /// Since when.
        at: Time,
        /// Why it was lost, if known.
        cause: String,
        /// What brought it back.
        resolution: String,
    },
    /// Says that service was not back, or is lost again.
    Reopen {
        /// Why.
        reason: String,
    },
    /// Says where the report is.
    FileReport {
        /// Where.
        reference: String,
    },
    /// Sets a field of the form.
    Change {
        /// To what.
        to: Change,
        /// Why, where it is asked for.
        reason: String,
        /// The newest entry that the person had seen; none from programs that don't care.
        seen: Option<u64>,
    },
    /// Adds a system that is affected, or takes one as the directory has it now.
    AddSystem {
        /// Which.
        system: SystemId,
    },
    /// Says that an alert does not belong here.
    LeaveAlert {
        /// Which.
        alert: AlertId,
        /// Why.
        reason: String,
    },
}

/// What deciding may look at besides the incident.
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
}

/// What a command leads to.
#[derive(Clone, PartialEq, Debug)]
pub struct Decision {
    /// The incident afterwards.
    pub incident: Incident,
    /// The entries to append, in order. None if nothing changed.
    pub entries: Vec<Entry>,
}

/// Decides `command` for `incident`, which is none before its log begins.
///
/// # Errors
/// A [`Refusal`] that says what to do instead. Then nothing is to be recorded.
pub fn decide(incident: Option<&Incident>, command: &Command, scene: Scene<'_>) -> Result<Decision, Refusal> {
    let mut draft = match (incident, command) {
        (None, Command::Open { number, by }) => open(number, by, scene)?,
        (None, _) => return Err(Refusal::Unknown { field: "number", what: "incident", name: scene.subject.0.clone() }),
        (Some(incident), _) if incident.newer => return Err(Refusal::NewerRelease),
        (Some(_), Command::Open { .. }) => {
            return Err(Refusal::WrongState { act: "open", state: "open already", instead: "Read its log." });
        }
        (Some(incident), _) => Draft { incident: incident.clone(), entries: Vec::new(), scene },
    };
    match command {
        Command::Open { .. } | Command::Tick => {}
        Command::JoinAlert(news) => draft.join_alert(news)?,
        Command::AlertRecovered { alert, detail, at } => draft.alert_recovered(alert, detail, *at),
        Command::Grade { summons, attempt, outcome, detail } => draft.grade(summons, attempt, *outcome, detail),
        Command::Answer { summons, person, answer, via } => draft.answer(summons, person, *answer, *via)?,
        Command::Act { by, act } => draft.act(by, act)?,
    }
    draft.progress();
    Ok(Decision { incident: draft.incident, entries: draft.entries })
}

/// An incident with the entries that are about to be appended to it.
struct Draft<'a> {
    incident: Incident,
    entries: Vec<Entry>,
    scene: Scene<'a>,
}

fn open<'a>(number: &str, by: &OpenBy, scene: Scene<'a>) -> Result<Draft<'a>, Refusal> {
    let by = sensible_opening(by, scene)?;
    let author = match &by {
        OpenBy::Alert(_) => Author::Muster,
        OpenBy::Person(said) => Author::Person(said.by.clone()),
    };
    let now = whole_ms(scene.now);
    let fact = opening(number, &by, scene.org, now);
    let entry = Entry { seq: 1, happened_at: now, recorded_at: now, author: author.clone(), fact: fact.into() };
    let Some(incident) = Incident::begin(&entry) else { return Err(Refusal::NewerRelease) };
    let mut draft = Draft { incident, entries: vec![entry], scene };
    match &by {
        OpenBy::Alert(news) => draft.note_alert(news, true),
        OpenBy::Person(said) => {
            draft.say(author, now, ManagerAssumed { person: said.by.clone(), summons: None });
            draft.summon_help(said);
        }
    }
    Ok(draft)
}

/// The opening with its text trimmed, if it makes sense.
fn sensible_opening(by: &OpenBy, scene: Scene<'_>) -> Result<OpenBy, Refusal> {
    let OpenBy::Person(said) = by else { return Ok(by.clone()) };
    let title = required("title", &said.title, "Write one line: what is wrong?", LINE_MAX)?;
    let discovered_at = past("discovered-at", said.discovered_at(scene.now), scene.now)?;
    let went_down = said.went_down.map(|down| been(down, scene.now)).transpose()?;
    if went_down.is_some_and(|down| down.at > discovered_at) {
        let why = "It cannot be discovered before it went down. Correct one of the two times.";
        return Err(Refusal::Senseless { field: "discovered-at", why: why.into() });
    }
    if let Some(id) = said.system.as_ref().filter(|id| !scene.org.systems.contains_key(id)) {
        return Err(Refusal::Unknown { field: "system", what: "system", name: id.0.clone() });
    }
    Ok(OpenBy::Person(Declaration { title, went_down, discovered_at: Some(discovered_at), ..said.clone() }))
}

impl Draft<'_> {
    /// Appends an entry. Recorded time never runs backwards, whatever the machine's clock does; and
    /// both times are whole milliseconds, as a stored log could not be folded to the same incident else.
    fn say(&mut self, author: Author, happened_at: Time, fact: impl Into<Fact>) {
        let now = whole_ms(self.scene.now);
        let recorded_at = planted!("time-goes-back", now.max(self.incident.last_recorded_at), now);
        let happened_at = whole_ms(happened_at);
        let entry = Entry { seq: self.incident.seq + 1, happened_at, recorded_at, author, fact: fact.into() };
        self.incident.apply(&entry);
        self.entries.push(entry);
    }

    fn muster_says(&mut self, fact: impl Into<Fact>) {
        self.say(Author::Muster, self.scene.now, fact);
    }

    // Alerts.

    fn note_alert(&mut self, news: &AlertNews, opened: bool) {
        let fact = news.joined(self.scene.org, opened);
        self.say(Author::Muster, news.alert.down_since().min(self.scene.now), fact);
    }

    /// An alert joins only what is going on: else nobody would be called for it.
    fn join_alert(&mut self, news: &AlertNews) -> Result<(), Refusal> {
        if self.incident.alerts.contains_key(&news.alert.id) {
            return Ok(());
        }
        let instead = "Look again where the alert belongs.";
        self.in_state(&[State::Suspected, State::Open], "add an alert to", instead)?;
        self.note_alert(news, false);
        Ok(())
    }

    fn alert_recovered(&mut self, alert: &AlertId, detail: &str, at: Time) {
        let Some(here) = self.incident.alerts.get(alert) else { return };
        if here.status == crate::alert::Status::Resolved {
            return;
        }
        let fact = AlertRecovered {
            alert: alert.clone(),
            title: here.title.clone(),
            source: here.source.clone(),
            detail: detail.to_owned(),
        };
        self.say(Author::Muster, at.min(self.scene.now), fact);
    }

    // Summonses.

    fn summon(&mut self, purpose: Purpose, about: String, chain: Vec<Candidate>) {
        let summons = SummonsId(format!("{}-{}", self.scene.subject, self.incident.summonses.len() + 1));
        let wait = self.incident.terms.policy.answer_wait;
        self.muster_says(SummonsStarted { summons, purpose, about, chain, wait });
    }

    /// Calls the technical contacts of the system that somebody declared an incident for: at any hour
    /// for severity 1 and 2 and while nobody has judged, else in its usage hours. What was kept on
    /// paper is over, and calls nobody.
    fn summon_help(&mut self, said: &Declaration) {
        let org = self.scene.org;
        let Some(system) = said.system.as_ref().and_then(|id| org.systems.get(id)) else { return };
        let at_any_hour = said.severity.is_none_or(|s| s <= Severity::Major);
        if said.told == Told::Paper || !(at_any_hour || in_usage(org, system, self.scene.now)) {
            return;
        }
        let mut chain = on_call(org, Some(system));
        chain.retain(|c| c.person.id != said.by.id);
        if !chain.is_empty() {
            self.summon(Purpose::Assist, system.name.clone(), chain);
        }
    }

    fn grade(&mut self, id: &SummonsId, attempt: &AttemptId, outcome: Outcome, detail: &str) {
        let Some(summons) = self.incident.summons(id) else { return };
        let Some(tried) = summons.attempts.iter().find(|a| a.id == *attempt) else { return };
        let Some(candidate) = summons.chain.get(tried.candidate) else { return };
        if outcome <= tried.outcome {
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

    fn answer(&mut self, id: &SummonsId, person: &PersonId, answer: Answer, via: Via) -> Result<(), Refusal> {
        let Some(summons) = self.incident.summons(id) else {
            return Err(Refusal::Unknown { field: "summons", what: "summons", name: id.0.clone() });
        };
        let Some(who) = summons.chain.iter().find(|c| c.person.id == *person).map(|c| c.person.clone()) else {
            return Err(Refusal::NotAsked);
        };
        if let Some((_, why)) = &summons.ended {
            return Err(Refusal::Over { why: format!("Nothing is asked of you any more: {why}") });
        }
        let taken = summons.taken_by().filter(|g| g.person.id != *person);
        if let Some(taken) = planted!("second-manager", taken, None) {
            return Err(Refusal::TakenAlready { by: taken.person.name.clone(), at: taken.at });
        }
        if summons.has_said(person, answer) {
            return Ok(());
        }
        self.answered(id.clone(), summons.purpose, who, answer, via);
        Ok(())
    }

    /// Records an answer; who takes charge becomes Incident Manager by it.
    fn answered(&mut self, summons: SummonsId, purpose: Purpose, who: PersonRef, answer: Answer, via: Via) {
        let proof = match via {
            Via::Key => Proof::Spoken,
            Via::Link | Via::Login => Proof::Confirmed,
        };
        let author = Author::Person(who.clone());
        let fact = Answered { summons: summons.clone(), person: who.clone(), answer, proof, via };
        self.say(author.clone(), self.scene.now, fact);
        let takes_charge = answer == Answer::Take && matches!(purpose, Purpose::TakeCharge | Purpose::HandOver);
        if takes_charge && !self.incident.is_managed_by(&who.id) {
            self.say(author, self.scene.now, ManagerAssumed { person: who, summons: Some(summons) });
        }
    }

    // Carrying on.

    /// Everything that is due by itself at this moment.
    fn progress(&mut self) {
        for _ in 0..STEPS_AT_MOST {
            if !self.step() {
                return;
            }
        }
    }

    /// The next thing that is due by itself; whether there was one.
    fn step(&mut self) -> bool {
        if !self.incident.state.is_live() {
            return self.end_summonses();
        }
        if self.incident.state == State::Suspected
            && planted!("suspected-for-ever", self.scene.now >= self.incident.opens_by_itself_at(), false)
        {
            let time = length(self.incident.terms.policy.open_unanswered_after);
            self.muster_says(Confirmed { why: format!("nobody has judged it for {time}") });
            return true;
        }
        if self.look_for_a_manager() || self.ask_only_one() {
            return true;
        }
        let moves: Vec<_> = self
            .incident
            .summonses
            .iter()
            .map(|s| (s.id.clone(), s.next(self.scene.now, self.scene.up_since)))
            .filter(|(_, next)| matches!(next, Next::Try { .. } | Next::Alarm { .. }))
            .collect();
        for (id, next) in &moves {
            self.carry_on(id, next);
        }
        !moves.is_empty()
    }

    /// While nobody is Incident Manager, somebody is looked for; once somebody is, and means to stay,
    /// nobody is. So a hand-over, a log-in, a reopening and a mistake taken back all end well.
    /// Whether there was something to do.
    fn look_for_a_manager(&mut self) -> bool {
        match (&self.incident.manager, self.incident.search_for_manager()) {
            (None, None) => {
                let org = self.scene.org;
                let system = self.incident.systems.iter().find_map(|s| org.systems.get(&s.id));
                let about = match (system, &self.incident.origin) {
                    (Some(system), _) => system.name.clone(),
                    (None, Origin::Alert { source, .. }) => source.clone(),
                    (None, Origin::Person { .. }) => self.incident.title.clone(),
                };
                self.summon(Purpose::TakeCharge, about, on_call_and_next_level(org, system));
                true
            }
            (Some(manager), Some(search)) => {
                let gives_up = search.answer_of(&manager.person.id).is_some_and(|g| g.answer == Answer::Cannot);
                let why = format!("{} is Incident Manager", manager.person.name);
                let summons = search.id.clone();
                if !gives_up {
                    self.muster_says(SummonsEnded { summons, why });
                }
                !gives_up
            }
            (None, Some(_)) | (Some(_), None) => false,
        }
    }

    /// Of several hand-overs that are asked for, only the newest goes on. Whether there was one to end.
    fn ask_only_one(&mut self) -> bool {
        let mut asked = self.incident.summonses.iter().rev().filter(|s| s.is_live() && s.purpose == Purpose::HandOver);
        let (Some(newest), Some(older)) = (asked.next(), asked.next()) else { return false };
        let whom = newest.chain.first().map_or("somebody else", |c| c.person.name.as_str());
        let fact = SummonsEnded { summons: older.id.clone(), why: format!("{whom} is asked instead") };
        self.muster_says(fact);
        true
    }

    fn carry_on(&mut self, id: &SummonsId, next: &Next) {
        let Some(summons) = self.incident.summons(id) else { return };
        match next {
            Next::Try { candidate, nth, round } => {
                let Some(fact) = attempt(summons, *candidate, *nth, *round) else { return };
                self.muster_says(fact);
            }
            Next::Alarm { .. } if summons.purpose == Purpose::HandOver => {
                let why = "it was not accepted; it stays where it is".to_owned();
                self.muster_says(SummonsEnded { summons: id.clone(), why });
            }
            Next::Alarm { round } => {
                let fact = NobodyReached { summons: id.clone(), round: *round, tried: summons.tried_in(*round) };
                self.muster_says(fact);
            }
            Next::Wait(_) | Next::Over => {}
        }
    }

    fn end_summonses(&mut self) -> bool {
        let Some(id) = self.incident.live_summons().map(|s| s.id.clone()) else { return false };
        let why = format!("the incident is {}", self.incident.state.word());
        self.muster_says(SummonsEnded { summons: id, why });
        true
    }

    // People.

    fn act(&mut self, by: &PersonRef, act: &Act) -> Result<(), Refusal> {
        let now = self.scene.now;
        let author = Author::Person(by.clone());
        match act {
            Act::Note { kind, text, happened_at } => {
                let text = required("text", text, "Write what happened.", TEXT_MAX)?;
                let at = past("happened-at", happened_at.unwrap_or(now), now)?;
                self.say(author, at, Noted { kind: *kind, text });
            }
            Act::Contact { tell, person, means, outcome, said, happened_at } => {
                let said = optional("said", said, TEXT_MAX)?;
                let at = past("happened-at", happened_at.unwrap_or(now), now)?;
                can_be_stated(*means, *outcome)?;
                let person = self.contacted_person(tell.as_deref(), person)?;
                let tell = tell.clone();
                self.say(author, at, Contacted { tell, person, means: *means, outcome: *outcome, said });
            }
            Act::Correct { entry, text } => {
                let text = required("text", text, "Write what the entry should have said.", TEXT_MAX)?;
                self.entry_exists(*entry)?;
                self.say(author, now, Corrected { entry: *entry, text });
            }
            Act::TakeBack { entry, reason } => {
                let reason = required("reason", reason, "Write why it was a mistake.", TEXT_MAX)?;
                self.can_be_taken_back(*entry)?;
                self.say(author, now, TakenBack { entry: *entry, reason });
            }
            Act::TakeCharge => self.take_charge(by)?,
            Act::HandOver { to, reason } => self.hand_over(by, to, reason)?,
            Act::Confirm => {
                self.in_state(&[State::Suspected], "confirm", "It needs no confirmation.")?;
                self.say(author, now, Confirmed { why: "a person says that it is real".into() });
            }
            Act::Withdraw { reason } => {
                let reason = required("reason", reason, "Write why it was no disruption.", TEXT_MAX)?;
                let instead = "A disruption that took place is restored, not withdrawn.";
                self.in_state(&[State::Suspected, State::Open], "withdraw", instead)?;
                self.say(author, now, Withdrawn { reason });
            }
            Act::Restore { at, cause, resolution } => self.restore(author, *at, cause, resolution)?,
            Act::Reopen { reason } => {
                let reason = required("reason", reason, "Write why it is open again.", TEXT_MAX)?;
                let closed = [State::Restored, State::Closed, State::Withdrawn];
                self.in_state(&closed, "reopen", "It is open.")?;
                self.say(author, now, Reopened { reason });
            }
            Act::FileReport { reference } => {
                let reference = required("reference", reference, "Write where the report can be found.", TEXT_MAX)?;
                self.in_state(&[State::Restored], "file the report of", "It is due after restoration.")?;
                self.say(author, now, ReportFiled { reference });
            }
            Act::Change { to, reason, seen } => self.change(author, to, reason, *seen)?,
            Act::AddSystem { system } => {
                let unknown = || Refusal::Unknown { field: "system", what: "system", name: system.0.clone() };
                let known = self.incident.systems.iter().find(|s| s.id == *system);
                let condition = known.and_then(|s| s.condition);
                let affected = affected(self.scene.org, system, condition).ok_or_else(unknown)?;
                self.say(author, now, Changed { to: Change::System(affected), reason: String::new() });
            }
            Act::LeaveAlert { alert, reason } => {
                let reason = required("reason", reason, "Write why it does not belong here.", TEXT_MAX)?;
                let unknown = || Refusal::Unknown { field: "alert", what: "alert here", name: alert.0.clone() };
                let title = self.incident.alerts.get(alert).ok_or_else(unknown)?.title.clone();
                self.say(author, now, AlertLeft { alert: alert.clone(), title, reason });
            }
        }
        Ok(())
    }

    fn in_state(&self, allowed: &[State], act: &'static str, instead: &'static str) -> Result<(), Refusal> {
        if allowed.contains(&self.incident.state) {
            return Ok(());
        }
        Err(Refusal::WrongState { act, state: self.incident.state.word(), instead })
    }

    fn entry_exists(&self, entry: u64) -> Result<(), Refusal> {
        if (1..=self.incident.seq).contains(&entry) {
            return Ok(());
        }
        Err(Refusal::NotThatEntry { entry, why: "There is no such entry. Choose one of the log." })
    }

    fn can_be_taken_back(&self, entry: u64) -> Result<(), Refusal> {
        self.entry_exists(entry)?;
        let why = |why| Err(Refusal::NotThatEntry { entry, why });
        if self.incident.taken_back.contains_key(&entry) {
            return why("It was taken back already.");
        }
        let a_contact = self.incident.contacts.iter().any(|c| c.entry == entry);
        let an_answer = self.incident.summonses.iter().any(|s| s.answers.iter().any(|g| g.entry == entry));
        if a_contact || an_answer {
            return Ok(());
        }
        why("Only a contact or an answer can be taken back. Correct its words, or set the field anew.")
    }

    /// The person of a recorded contact: one of the duty's chain, or anybody in the directory.
    fn contacted_person(&self, tell: Option<&str>, id: &PersonId) -> Result<PersonRef, Refusal> {
        let unknown = |field, what, name: &str| Refusal::Unknown { field, what, name: name.to_owned() };
        if let Some(name) = tell {
            let tell = self.incident.tell(name).ok_or_else(|| unknown("tell", "duty to tell", name))?;
            if let Some(candidate) = tell.chain.iter().find(|c| c.person.id == *id) {
                return Ok(candidate.person.clone());
            }
            // Where the policy's list was empty, whoever is told must be named by a person.
            if tell.chain.is_empty() && self.scene.org.people.contains_key(id) {
                return Ok(self.scene.org.person_ref(id));
            }
            return Err(Refusal::Senseless {
                field: "person",
                why: format!("This person does not stand for {name}. Choose one of its list."),
            });
        }
        if !self.scene.org.people.contains_key(id) {
            return Err(unknown("person", "person", id.as_str()));
        }
        Ok(self.scene.org.person_ref(id))
    }

    /// Signed in, somebody takes what nobody has, or what its Incident Manager cannot keep.
    fn take_charge(&mut self, by: &PersonRef) -> Result<(), Refusal> {
        let instead = "Reopen it first if service is lost again.";
        self.in_state(&[State::Suspected, State::Open], "take charge of", instead)?;
        if let Some(search) = self.incident.search_for_manager() {
            self.answered(search.id.clone(), search.purpose, by.clone(), Answer::Take, Via::Login);
            return Ok(());
        }
        match &self.incident.manager {
            Some(manager) if manager.person.id == by.id => Ok(()),
            Some(manager) => Err(Refusal::TakenAlready { by: manager.person.name.clone(), at: manager.since }),
            None => {
                let fact = ManagerAssumed { person: by.clone(), summons: None };
                self.say(Author::Person(by.clone()), self.scene.now, fact);
                Ok(())
            }
        }
    }

    /// Asks somebody to become Incident Manager. Who is it now stays until they accept (DIS-5).
    fn hand_over(&mut self, by: &PersonRef, to: &PersonId, reason: &str) -> Result<(), Refusal> {
        let reason = required("reason", reason, "Write why, and what they need to know.", TEXT_MAX)?;
        self.in_state(&[State::Suspected, State::Open], "hand over", "Reopen it first if service is lost again.")?;
        let chain = candidates(self.scene.org, std::slice::from_ref(to));
        let Some(candidate) = chain.first() else {
            return Err(Refusal::Unknown { field: "person", what: "person", name: to.0.clone() });
        };
        let name = candidate.person.name.clone();
        if self.incident.is_managed_by(to) {
            return Err(Refusal::Senseless { field: "person", why: format!("{name} is Incident Manager already.") });
        }
        if candidate.means.is_empty() {
            let why = format!("Muster has no means to ask {name}. Add one in the directory, or choose somebody else.");
            return Err(Refusal::Senseless { field: "person", why });
        }
        let text = format!("{name} is asked to become Incident Manager: {reason}");
        self.say(Author::Person(by.clone()), self.scene.now, Noted { kind: NoteKind::Staff, text });
        self.summon(Purpose::HandOver, "Incident Manager".into(), chain);
        Ok(())
    }

    fn restore(&mut self, author: Author, at: Time, cause: &str, resolution: &str) -> Result<(), Refusal> {
        let cause = optional("cause", cause, TEXT_MAX)?;
        let resolution = required("resolution", resolution, "Write what brought service back.", TEXT_MAX)?;
        self.in_state(&[State::Suspected, State::Open], "restore", "To correct its time, set the field.")?;
        let at = past("at", at, self.scene.now)?;
        self.after_going_down("at", at)?;
        if self.incident.state == State::Suspected {
            let fact = Confirmed { why: "a person says that it was real and is over".into() };
            self.say(author.clone(), self.scene.now, fact);
        }
        self.own(&author);
        self.say(author, at, Restored { at, cause, resolution });
        Ok(())
    }

    /// Who ends what nobody had is its Incident Manager, so that somebody owes the report.
    fn own(&mut self, author: &Author) {
        if let (None, Author::Person(person)) = (&self.incident.manager, author) {
            let fact = ManagerAssumed { person: person.clone(), summons: None };
            self.say(author.clone(), self.scene.now, fact);
        }
    }

    fn after_going_down(&self, field: &'static str, at: Time) -> Result<(), Refusal> {
        match self.incident.went_down {
            Some(down) if at < down.at => Err(Refusal::Senseless {
                field,
                why: "Service cannot be back before it went down. Set this time, or correct when it went down.".into(),
            }),
            _ => Ok(()),
        }
    }

    fn change(&mut self, author: Author, to: &Change, reason: &str, seen: Option<u64>) -> Result<(), Refusal> {
        let reason = optional("reason", reason, TEXT_MAX)?;
        self.nobody_changed_it_meanwhile(to, seen)?;
        let to = self.sensible(to, &reason)?;
        self.say(author, self.scene.now, Changed { to, reason });
        Ok(())
    }

    fn nobody_changed_it_meanwhile(&self, to: &Change, seen: Option<u64>) -> Result<(), Refusal> {
        let (Some(seen), Some((entry, by))) = (seen, self.incident.set_by.get(&to.place())) else { return Ok(()) };
        if *entry <= seen {
            return Ok(());
        }
        Err(Refusal::ChangedMeanwhile { field: to.field(), theirs: self.incident.reads(to), by: by.clone() })
    }

    /// The change with its texts trimmed, if it makes sense.
    fn sensible(&self, to: &Change, reason: &str) -> Result<Change, Refusal> {
        let now = self.scene.now;
        Ok(match to {
            Change::Title(text) => Change::Title(required("title", text, "Write one line: what is wrong?", LINE_MAX)?),
            Change::Symptoms(text) => Change::Symptoms(required("symptoms", text, "Write what people see.", TEXT_MAX)?),
            Change::Cause(text) => Change::Cause(optional("cause", text, TEXT_MAX)?),
            Change::Resolution(text) => {
                Change::Resolution(required("resolution", text, "Write what brought service back.", TEXT_MAX)?)
            }
            Change::WentDown(Some(moment)) => {
                let moment = been(*moment, now)?;
                if self.incident.restored_at.is_some_and(|back| back < moment.at) {
                    let why = "Service cannot go down after it was back. Correct the time of restoration first.";
                    return Err(Refusal::Senseless { field: "went-down", why: why.into() });
                }
                Change::WentDown(Some(moment))
            }
            Change::RestoredAt(at) => {
                self.in_state(&[State::Restored, State::Closed], "correct the restoration of", "Restore it first.")?;
                let at = past("restored-at", *at, now)?;
                self.after_going_down("restored-at", at)?;
                Change::RestoredAt(at)
            }
            Change::Severity(_) => {
                required("reason", reason, "Write why; the review will ask.", TEXT_MAX)?;
                to.clone()
            }
            Change::Kind(Kind::Planned) => {
                let why = "Planned work is announced before its window, not made of a disruption.";
                return Err(Refusal::Senseless { field: "kind", why: why.into() });
            }
            Change::System(system) => {
                let unknown = || Refusal::Unknown { field: "system", what: "system", name: system.id.0.clone() };
                let known = || self.incident.systems.iter().find(|s| s.id == system.id).cloned();
                let now = affected(self.scene.org, &system.id, None).or_else(known).ok_or_else(unknown)?;
                Change::System(Affected { condition: system.condition, ..now })
            }
            Change::WentDown(None) | Change::Kind(_) | Change::Phase(_) => to.clone(),
        })
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

/// Whether a person may state that outcome of a try by that means: nobody can confirm for another,
/// and a conversation is not had by message.
fn can_be_stated(means: MeansKind, outcome: Outcome) -> Result<(), Refusal> {
    let why = match outcome.proof() {
        None => return Ok(()),
        Some(Proof::Spoken) if means.is_conversation() => return Ok(()),
        Some(Proof::Spoken) => "Only who answers in person or by phone is spoken to. Choose that, or a message left.",
        Some(Proof::Confirmed) => "Only they can confirm, by their own link or log-in. Record a conversation instead.",
    };
    Err(Refusal::Senseless { field: "outcome", why: why.into() })
}

/// Whether `system` is in its usage hours; with a zone that nobody knows, it is always used.
fn in_usage(org: &Organisation, system: &crate::system::System, now: Time) -> bool {
    crate::alert::usage(org, system).is_none_or(|hours| hours.contains(now))
}

fn required(field: &'static str, text: &str, ask: &'static str, most: usize) -> Result<String, Refusal> {
    let text = optional(field, text, most)?;
    if text.is_empty() { Err(Refusal::Missing { field, ask }) } else { Ok(text) }
}

fn optional(field: &'static str, text: &str, most: usize) -> Result<String, Refusal> {
    let text = text.trim().replace('\0', "\u{fffd}"); // PostgreSQL keeps no NUL in text
    if text.chars().count() > most { Err(Refusal::TooLong { field, most }) } else { Ok(text) }
}

/// A time that has been; one that only a clock ahead of ours makes seem to lie in the future is now.
fn past(field: &'static str, at: Time, now: Time) -> Result<Time, Refusal> {
    if at <= later(now, CLOCK_SKEW) {
        return Ok(at.min(now));
    }
    Err(Refusal::Senseless { field, why: "This time lies in the future. Set a time that has been.".into() })
}

/// When service went down: a time that has been.
fn been(moment: Moment, now: Time) -> Result<Moment, Refusal> {
    Ok(Moment { at: past("went-down", moment.at, now)?, ..moment })
}
