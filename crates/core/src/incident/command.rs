//! What may be wanted of an incident.

use super::{AlertNews, OpenBy, Tie, UserReport};
use crate::Time;
use crate::communications::Row;
use crate::contact::{Answer, MeansKind, Outcome};
use crate::entry::{
    Attached, CauseState, Change, Coming, Extent, Fault, FollowUpBy, HeardOfSystem, MeetingKind, NoteKind, OptionState,
    Part, PartState, Presence, Risk, Severity, Urgency, Via,
};
use crate::ids::{AlertId, AreaId, AttemptId, PersonId, PersonRef, PopulationId, SummonsId, SystemId};
use crate::subject::Common;

/// Longest text of one entry, in characters. Longer stories are several entries, or an attachment.
pub const TEXT_MAX: usize = 10_000;
/// Longest title and other one-line texts, in characters.
pub const LINE_MAX: usize = 160;

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
    /// What an alert of this incident says now.
    AlertSays(AlertNews),
    /// An alert goes on although this incident is over.
    AlertGoesOn(AlertId),
    /// Who may see it follows another incident: the one in which it goes on, or the one from which its alert came.
    SeenAs {
        /// Who sees that one; none if everybody does.
        by: Option<Vec<PersonRef>>,
        /// Why it follows. Names no incident.
        why: String,
    },
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
    /// Muster has something to say that no other entry says.
    Remark {
        /// Its kind.
        kind: NoteKind,
        /// What. Held to [`TEXT_MAX`].
        text: String,
    },
    /// A user says that something is wrong, which this incident seems to be about.
    HearUser(UserReport),
    /// Something was written into the log of a system that it affects.
    HeardOf(HeardOfSystem),
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
    /// Somebody who was asked for what they know says it.
    Inform {
        /// Which summons.
        summons: SummonsId,
        /// Who.
        person: PersonId,
        /// What they say.
        text: String,
        /// How it came.
        via: Via,
    },
    /// Somebody who is invited to a conference call is in it.
    Join {
        /// Which call.
        call: u32,
        /// Who.
        person: PersonId,
        /// How it came.
        via: Via,
    },
    /// Somebody to whom an update went says that they have read it.
    Acknowledge {
        /// Which update.
        update: u32,
        /// Who.
        person: PersonId,
        /// How it came.
        via: Via,
    },
    /// Somebody who is wanted says how they come.
    Come {
        /// Who.
        person: PersonId,
        /// How.
        coming: Coming,
        /// When they expect to be there.
        expected_at: Option<Time>,
        /// How it came.
        via: Via,
    },
    /// A person ties it to another incident, whose log says so too.
    Tie {
        /// Who.
        by: PersonRef,
        /// What this side of it is.
        tie: Tie,
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

impl From<Common> for Command {
    fn from(common: Common) -> Self {
        match common {
            Common::Grade { summons, attempt, outcome, detail } => Self::Grade { summons, attempt, outcome, detail },
            Common::Remark { kind, text } => Self::Remark { kind, text },
            Common::Answer { summons, person, answer, via } => Self::Answer { summons, person, answer, via },
            Common::Tick => Self::Tick,
        }
    }
}

/// To whom an incident is handed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum To {
    /// That person.
    Person(PersonId),
    /// Whoever of that area accepts first.
    Area(AreaId),
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
        /// When that happened, if the entry had the wrong time.
        happened_at: Option<Time>,
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
        to: To,
        /// Why.
        reason: String,
        /// How things stand, for them to read; written from the log if empty.
        brief: String,
    },
    /// Asks somebody to become Communications Manager.
    AskCommunicator {
        /// Whom; whom the policy proposes if nobody is named.
        to: Option<PersonId>,
    },
    /// Becomes Communications Manager.
    TakeCommunications,
    /// Says that no Communications Manager is needed.
    DeclineCommunicator {
        /// Why.
        reason: String,
    },
    /// Writes down that people asked what is going on.
    PeopleAsked {
        /// Who.
        who: String,
        /// How many.
        people: u32,
    },
    /// Writes down that somebody heard of it, and not from IT (ESC-2).
    HeardElsewhere {
        /// Who.
        person: PersonId,
        /// From whom.
        from: String,
        /// When, if not now.
        at: Option<Time>,
    },
    /// Lets Muster call down a list of people who must be told directly.
    LetMusterCall {
        /// Which, by its name.
        tell: String,
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
    /// Says when service may be back.
    Estimate {
        /// When; none if nobody can say any more.
        back_at: Option<Time>,
        /// On what grounds.
        grounds: String,
    },
    /// Writes down what came of a meeting.
    HoldMeeting {
        /// Which.
        kind: MeetingKind,
        /// When it was, if not now.
        held_at: Option<Time>,
        /// Who was there.
        present: Vec<PersonId>,
        /// How far it has got.
        progress: String,
        /// What changes in the plan.
        plan_changes: String,
        /// Whether it is escalated.
        escalate: bool,
        /// Why, or why not.
        why: String,
        /// When the next is, if not as the policy says.
        next: Option<Time>,
    },
    /// Tells people who were contacted that it is over.
    FollowUp {
        /// Whom.
        people: Vec<PersonId>,
        /// How.
        by: FollowUpBy,
        /// What they hear.
        text: String,
    },
    /// Ticks a step of the checklist (POL-4).
    TickStep {
        /// Which, by its name.
        step: String,
    },
    /// Passes over a step of the checklist.
    SkipStep {
        /// Which, by its name.
        step: String,
        /// Why.
        reason: String,
    },
    /// Ends it for good: report and review are done.
    Close {
        /// What the review said, or where its minutes are.
        review: String,
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
    /// Says who is hit, how, and how urgent it is (DIS-3).
    Triage(TriageAct),
    /// Says that an alert does not belong here.
    LeaveAlert {
        /// Which.
        alert: AlertId,
        /// Why.
        reason: String,
    },
    /// Says that only those who take part may see it, and whom it is shown to beside them.
    Restrict {
        /// Whom.
        to: Vec<PersonId>,
        /// Why.
        reason: String,
    },
    /// Says that everybody may see it again.
    Unrestrict {
        /// Why.
        reason: String,
    },
    /// Puts a file on it, whose bytes are kept beside the log (DOC-6).
    Attach(Attached),
    /// Plans who hears what, writes, signs off and sends updates, and asks the Incident Manager for facts (COM-1 to 6).
    Communicate(CommsAct),
    /// Calls people together, and says how they come (STAFF-4, STAFF-5).
    Gather(GatherAct),
    /// Asks people or areas for what they know (EVAL-2).
    Ask {
        /// What is asked.
        text: String,
        /// Whom, each of them.
        people: Vec<PersonId>,
        /// Which areas, one answer of each.
        areas: Vec<AreaId>,
    },
    /// Answers a question, asked or not.
    GiveInput {
        /// Which.
        question: u32,
        /// The answer.
        text: String,
    },
    /// Says how a component or an interface is (EVAL-3).
    MarkPart {
        /// Which.
        part: Part,
        /// How it is.
        now: PartState,
        /// What was seen.
        evidence: String,
    },
    /// Proposes a likely cause (EVAL-3).
    ProposeCause {
        /// What may have caused it.
        text: String,
        /// Of which part, if of one.
        part: Option<Part>,
    },
    /// Says what is known of a likely cause.
    JudgeCause {
        /// Which.
        cause: u32,
        /// What it is now.
        now: CauseState,
        /// What shows it.
        evidence: String,
        /// The newest entry that the person had seen; none from programs that don't care.
        seen: Option<u64>,
    },
    /// Gives somebody a task with a time-box (EVAL-4).
    SetTask {
        /// What is to be done.
        what: String,
        /// By whom.
        to: PersonId,
        /// By when.
        due: Time,
    },
    /// Ends a task.
    EndTask {
        /// Which.
        task: u32,
        /// Whether it was done; else it is not needed any more.
        done: bool,
        /// What came of it.
        text: String,
    },
    /// Weighs a way to restore service (EVAL-4).
    WeighOption {
        /// What would be done.
        what: String,
        /// What should happen, how fast.
        effect: String,
        /// How risky it is.
        risk: Risk,
        /// What could go wrong.
        danger: String,
        /// Which causes it addresses.
        causes: Vec<u32>,
    },
    /// Says what became of a way to restore service.
    JudgeOption {
        /// Which.
        option: u32,
        /// What became of it.
        now: OptionState,
        /// What happened, or why not.
        text: String,
        /// The newest entry that the person had seen; none from programs that don't care.
        seen: Option<u64>,
    },
}

/// What a person does so that everybody hears what they need.
#[derive(Clone, PartialEq, Debug)]
#[allow(clippy::large_enum_variant, reason = "one at a time, never in a list")]
pub enum CommsAct {
    /// Adds an audience to the plan, or changes one.
    SetAudience {
        /// Which; none adds one.
        row: Option<u32>,
        /// What it is from now on.
        to: Row,
        /// Why, where one changes.
        reason: String,
        /// The newest entry that the person had seen; none from programs that don't care.
        seen: Option<u64>,
    },
    /// Drops an audience from the plan.
    DropAudience {
        /// Which.
        row: u32,
        /// Why.
        reason: String,
    },
    /// Writes down how a system's owner wants its clients to be told (CLIENT-1).
    AgreeStrategy {
        /// Which owner.
        owner: PersonId,
        /// What was agreed.
        text: String,
    },
    /// Writes an update, or edits a draft.
    DraftUpdate {
        /// Which draft; none begins one.
        update: Option<u32>,
        /// For which row of the plan.
        row: u32,
        /// What they will read.
        text: String,
        /// Whether its signer is asked to sign it off.
        for_signing: bool,
        /// Which update that was sent it corrects.
        corrects: Option<u32>,
        /// The newest entry that the person had seen; none from programs that don't care.
        seen: Option<u64>,
    },
    /// Signs an update off.
    SignUpdate {
        /// Which.
        update: u32,
        /// The newest entry that the person had seen: nobody signs what they have not read.
        seen: Option<u64>,
    },
    /// Sends an update back to who writes it.
    ReturnUpdate {
        /// Which.
        update: u32,
        /// Why, and what to change.
        reason: String,
    },
    /// Sends an update, or says that it was told by hand.
    SendUpdate {
        /// Which.
        update: u32,
        /// The newest entry that the person had seen; none from programs that don't care.
        seen: Option<u64>,
        /// Why it cannot wait, if it leaves IT and a manager does not know yet (ESC-2).
        despite: String,
    },
    /// Says that one told an update to people to whom Muster does not write (CLIENT-3).
    CarryUpdate {
        /// Which.
        update: u32,
        /// Whom, as the update that was sent names them.
        who: String,
    },
    /// Says that one has read an update that went to one (COM-3).
    Acknowledge {
        /// Which.
        update: u32,
    },
    /// Gives a duty to tell, or an audience, to the Communications Manager (COM-6).
    HandTelling {
        /// Which duty to tell, by its name.
        tell: Option<String>,
        /// Which row of the plan.
        row: Option<u32>,
    },
    /// Asks the Incident Manager for facts, without a message (COM-6).
    AskFacts {
        /// What.
        text: String,
    },
    /// Answers such a question.
    GiveFacts {
        /// Asked by which entry.
        asked: u64,
        /// The answer.
        text: String,
    },
}

/// What a person does so that people come together.
#[derive(Clone, PartialEq, Debug)]
#[allow(clippy::large_enum_variant, reason = "one at a time, never in a list")]
pub enum GatherAct {
    /// Calls a conference, or changes one that was called.
    Call {
        /// Which; none calls one.
        call: Option<u32>,
        /// What for.
        purpose: String,
        /// When it begins, if not now.
        starts_at: Option<Time>,
        /// Number or address, and PIN; the organisation's own if empty.
        bridge: String,
        /// Where the people are wanted meanwhile, if not as the others.
        presence: Option<Presence>,
        /// Who is invited, all of them.
        invited: Vec<PersonId>,
        /// Why one changes.
        reason: String,
        /// The newest entry that the person had seen; none from programs that don't care.
        seen: Option<u64>,
    },
    /// Cancels one.
    Cancel {
        /// Which.
        call: u32,
        /// Why.
        reason: String,
    },
    /// Writes down who is in it.
    Joined {
        /// Which.
        call: u32,
        /// Who: anybody writes down themselves, others those who called it.
        people: Vec<PersonId>,
    },
    /// Writes down what came of it.
    End {
        /// Which.
        call: u32,
        /// An [`Act::HoldMeeting`]; who is present is who joined, if it names nobody.
        meeting: Box<Act>,
    },
    /// Says where people are wanted.
    AskPresence {
        /// Where.
        presence: Presence,
        /// Who; nobody: whoever is summoned from now on.
        people: Vec<PersonId>,
    },
    /// Says how one comes oneself; who leads it says it for others.
    Come {
        /// Who, if not oneself.
        person: Option<PersonId>,
        /// How.
        coming: Coming,
        /// When they expect to be there.
        expected_at: Option<Time>,
    },
}

/// What a person says who triages.
#[derive(Clone, PartialEq, Debug)]
pub struct TriageAct {
    /// Who is affected.
    pub extent: Extent,
    /// What is wrong.
    pub fault: Fault,
    /// Whom it hits; none: whole whom the systems serve. Of those that are known and not named here it hits nobody.
    pub populations: Option<Vec<Count>>,
    /// Systems that are affected, besides those that are known.
    pub systems: Vec<SystemId>,
    /// How fast it has to be over.
    pub urgency: Urgency,
    /// How bad it is; none: as the policy's matrix says.
    pub severity: Option<Severity>,
    /// Why not as the matrix says.
    pub reason: String,
    /// The newest entry that the person had seen; none from programs that don't care.
    pub seen: Option<u64>,
}

/// How many of a population are affected.
#[derive(Clone, PartialEq, Debug)]
pub struct Count {
    /// Which, if it is in the directory; else it is named.
    pub population: Option<PopulationId>,
    /// Its name, if it is not.
    pub name: String,
    /// About how many people.
    pub people: u32,
}
