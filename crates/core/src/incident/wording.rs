//! What an entry says, in words: one text for the page, the form, the exports and the CLI.

mod comms;
mod conference;
mod links;
mod plan;
mod triage;

use super::{Incident, Plan, State};
use crate::alert::Status;
use crate::claim;
use crate::contact::{Answer, MeansKind, Outcome, Proof};
use crate::custom::Custom;
use crate::entry::{Candidate, Change, Entry, Fact, FollowUpBy, MeetingHeld, Moment, NoteKind, Origin, Purpose, who};
use crate::ids::SummonsId;
use crate::policy::{Phase, Policy};
use crate::summons::Summons;
use crate::version;
use crate::words::{clock, count, sentence, size, upper_first};
use crate::{Time, later};

/// An entry in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// Its kind on the form (DOC-2).
    pub kind: NoteKind,
    /// The bold beginning; may be empty.
    pub lead: String,
    /// The rest.
    pub text: String,
    /// How it is marked.
    pub tone: Tone,
    /// What it proves or fails to prove, if it is about a contact: "Direct contact, spoken".
    pub proof: Option<(bool, String)>,
}

/// How an entry is marked, beside its words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tone {
    /// Nothing special.
    Plain,
    /// Contact made, service back.
    Good,
    /// Decided or published.
    Decided,
    /// Warning or correction.
    Warning,
    /// Something is wrong.
    Signal,
}

/// `entry` in words. `incident` is the one it belongs to, for names and the time zone.
#[must_use]
pub fn line(entry: &Entry, incident: &Incident) -> Line {
    let at = |t: Time| clock(t, entry.recorded_at, &incident.terms.time_zone);
    plan::line(&entry.fact, &incident.plan, &at)
        .unwrap_or_else(|| said(entry, &incident.summonses, &incident.terms.time_zone, &incident.terms.policy))
}

/// `entry` of whatever log in words. `summonses` are the searches of that log.
#[must_use]
pub fn line_of(entry: &Entry, summonses: &[Summons], zone: &str) -> Line {
    said(entry, summonses, zone, &Policy::default())
}

/// The same, where `policy` has the words for kinds.
fn said(entry: &Entry, summonses: &[Summons], zone: &str, policy: &Policy) -> Line {
    let at = |t: Time| clock(t, entry.recorded_at, zone);
    let purpose = |id: &SummonsId| summonses.iter().find(|s| s.id == *id).map(|s| s.purpose);
    let plain = |kind, lead: &str, text: String| Line { kind, lead: lead.into(), text, tone: Tone::Plain, proof: None };
    let toned = |kind, lead: &str, text: String, tone| Line { tone, ..plain(kind, lead, text) };
    match &entry.fact {
        Fact::Opened(f) => {
            let what = if f.suspected { "Suspected incident" } else { "Incident opened" };
            let by = match &f.origin {
                Origin::Alert { source, .. } => format!("{}, by an alert of {source}: {}", f.title, sentence(&f.why)),
                Origin::User { name, contact } => {
                    format!("{} Reported by {}; {}", sentence(&f.title), who(name, contact), sentence(&f.why))
                }
                Origin::Person { person, told } => {
                    format!("{} {} {}.", sentence(&f.title), person.name, told.words())
                }
            };
            toned(NoteKind::Activity, &format!("{what}:"), by, Tone::Signal)
        }
        Fact::AlertJoined(f) => {
            let place: Vec<_> =
                [&f.host, &f.service].into_iter().filter(|p| !p.is_empty()).map(String::as_str).collect();
            let place = if place.is_empty() { String::new() } else { format!(" ({})", place.join(", ")) };
            let detail = following(&f.detail);
            let signals = if f.signals == 1 { "1 signal".into() } else { format!("{} signals", f.signals) };
            let how = if f.opened { "Opened this incident" } else { "Joined" };
            let title = sentence(&format!("{}{place}", f.title));
            let text = format!("{title}{detail} {signals}. {how}: {}", sentence(&f.why));
            toned(NoteKind::Activity, &format!("{}:", f.source), text, Tone::Signal)
        }
        Fact::AlertLeft(f) => {
            plain(NoteKind::Activity, "Alert taken out:", format!("{} {}", sentence(&f.title), f.reason))
        }
        Fact::AlertWentOn(f) => {
            let text = format!("{}, says {}. It is watched anew, as an alert of its own.", f.title, f.source);
            toned(NoteKind::Activity, "Still fires:", text, Tone::Warning)
        }
        Fact::AlertChanged(f) => {
            let detail = following(&f.detail);
            let text =
                format!("{} is {} now, was {}, says {}.{detail}", f.title, f.condition.word(), f.was.word(), f.source);
            toned(NoteKind::Activity, "Changed:", text, Tone::Signal)
        }
        Fact::AlertRecovered(f) => {
            let detail = following(&f.detail);
            let text = format!("{} is over, says {}.{detail}", f.title, f.source);
            toned(NoteKind::Activity, "Recovered:", text, Tone::Good)
        }
        Fact::SummonsStarted(f) => {
            let names: Vec<_> = f.chain.iter().map(asked).collect();
            let whom =
                if names.is_empty() { "nobody is in the directory for it".into() } else { names.join(", then ") };
            let lead = match f.purpose {
                Purpose::TakeCharge => format!("Somebody must take it, {}:", f.about),
                Purpose::Assist => format!("Help is called, {}:", f.about),
                Purpose::HandOver => "Hand-over asked:".into(),
                Purpose::Release => format!("Asked to let it happen, {}:", f.about),
                Purpose::Input => "Asked for input:".into(),
                Purpose::Tell => format!("Muster calls to tell {}:", f.about),
                Purpose::Communicate => "Asked to become Communications Manager:".into(),
            };
            plain(NoteKind::Staff, &lead, format!("{whom}."))
        }
        Fact::Tried(f) => {
            let act = match f.means {
                MeansKind::Call => "is called".to_owned(),
                MeansKind::Email => "gets an email".to_owned(),
                means => format!("gets a {}", means.word()),
            };
            let again = if f.round > 1 { format!(", round {}", f.round) } else { String::new() };
            plain(NoteKind::Contact, &f.person.name, format!("{act} at {}{again}.", f.to))
        }
        Fact::Graded(f) => graded(&f.person.name, f.means, f.outcome, &f.detail),
        Fact::Answered(f) => {
            let text = match (purpose(&f.summons), f.answer) {
                (Some(Purpose::Release), Answer::Take) => "lets it happen",
                (Some(Purpose::Release), Answer::Know) => "has read it",
                (Some(Purpose::Release), Answer::Cannot) => "says not now",
                (Some(Purpose::Input), Answer::Take) => "will answer",
                (Some(Purpose::Input), Answer::Know) => "knows that something is asked",
                (Some(Purpose::Tell), Answer::Take | Answer::Know) => "was told",
                (Some(Purpose::Tell), Answer::Cannot) => "cannot be told; the next is called",
                (Some(Purpose::HandOver | Purpose::Communicate), Answer::Know) => "has read that they are asked",
                (_, Answer::Take) => "takes it",
                (_, Answer::Know) => "knows; somebody else is looked for",
                (_, Answer::Cannot) => "cannot; the next is asked",
            };
            let tone = if f.answer == Answer::Cannot { Tone::Plain } else { Tone::Good };
            let proof = match purpose(&f.summons) {
                Some(Purpose::Tell) if !f.proof.satisfies(Proof::Spoken) => {
                    (false, format!("{}, not spoken to: does not count", upper_first(f.proof.word())))
                }
                _ => (true, format!("Direct contact, {}", f.proof.word())),
            };
            let proof = Some(proof);
            let text = format!("{text}, answered {}.", f.via.words());
            Line { proof, ..toned(NoteKind::Contact, &f.person.name, text, tone) }
        }
        Fact::NobodyReached(f) => {
            let names: Vec<_> = f.tried.iter().map(|p| p.name.as_str()).collect();
            let tried = match names.is_empty() {
                true => "nobody is left to ask.".into(),
                false => format!("{} tried, round {}.", names.join(", "), f.round),
            };
            let telling = f.telling.as_ref().map(|all| all.iter().map(|p| p.name.as_str()).collect::<Vec<_>>());
            let text = match telling.as_deref() {
                None => format!("{tried} Muster tells the administrators."),
                Some([]) => format!("{tried} No administrator has a means that Muster can use: nobody is told."),
                Some(names) => format!("{tried} Muster tells the administrators: {}.", names.join(", ")),
            };
            toned(NoteKind::Complication, "Nobody reached:", text, Tone::Warning)
        }
        Fact::PassedOver(f) => plain(NoteKind::Staff, &f.person.name, "has left and is not asked any more.".into()),
        Fact::SummonsEnded(f) => plain(NoteKind::Staff, ended(purpose(&f.summons)), sentence(&f.why)),
        Fact::ManagerAssumed(f) => {
            toned(NoteKind::Decision, &f.person.name, "is Incident Manager from now on.".into(), Tone::Decided)
        }
        Fact::Confirmed(f) => toned(NoteKind::Decision, "The incident is open:", format!("{}.", f.why), Tone::Decided),
        Fact::Withdrawn(f) => toned(NoteKind::Decision, "Withdrawn:", f.reason.clone(), Tone::Decided),
        Fact::Restored(f) => {
            let text = match f.cause.is_empty() {
                true => f.resolution.clone(),
                false => format!("{} Cause: {}", sentence(&f.resolution), f.cause),
            };
            toned(NoteKind::Decision, &format!("Service restored at {}.", at(f.at)), text, Tone::Good)
        }
        Fact::Reopened(f) => toned(NoteKind::Decision, "Reopened:", f.reason.clone(), Tone::Warning),
        Fact::ReportFiled(f) => plain(NoteKind::Activity, "Report filed:", f.reference.clone()),
        Fact::Noted(f) => {
            let tone = if f.kind == NoteKind::Decision { Tone::Decided } else { Tone::Plain };
            toned(f.kind, "", f.text.clone(), tone)
        }
        Fact::Attached(f) => {
            let said = if f.text.is_empty() { String::new() } else { format!(" {}", sentence(&f.text)) };
            let text = format!("{}, {}, SHA-256 {}.{said}", f.name, size(f.size), f.sha256);
            plain(NoteKind::Activity, "Attached:", text)
        }
        Fact::Contacted(f) => {
            let mut line = graded(&f.person.name, f.means, f.outcome, "");
            if !f.said.is_empty() {
                line.text = format!("{} {}", line.text, f.said);
            }
            if let Some(tell) = f.tell.as_ref().filter(|_| f.outcome.proof().is_some()) {
                line.proof = line.proof.map(|(good, proof)| (good, format!("{proof}: {tell} told")));
            }
            line
        }
        Fact::Corrected(f) => {
            toned(NoteKind::Other, &format!("Correction to entry {}:", f.entry), f.text.clone(), Tone::Warning)
        }
        Fact::TakenBack(f) => {
            let lead = format!("Entry {} taken back:", f.entry);
            toned(NoteKind::Other, &lead, f.reason.clone(), Tone::Warning)
        }
        Fact::Changed(f) => {
            let why = if f.reason.is_empty() { String::new() } else { format!(" Reason: {}", f.reason) };
            let text = format!("{}.{why}", change(&f.to, &at, policy));
            let kind = match f.to {
                Change::Severity(_) | Change::Kind(_) | Change::Phase(_) => NoteKind::Decision,
                Change::Symptoms(_) | Change::Title(_) | Change::Cause(_) | Change::Resolution(_) => NoteKind::Update,
                Change::WentDown(_) | Change::RestoredAt(_) | Change::System(_) | Change::Custom(_) => {
                    NoteKind::Activity
                }
            };
            let tone = if kind == NoteKind::Decision { Tone::Decided } else { Tone::Plain };
            toned(kind, &format!("{}:", field_words(&f.to)), text, tone)
        }
        Fact::TellAdded(f) => {
            let names: Vec<_> = f.tell.chain.iter().map(asked).collect();
            let due = later(f.tell.since.unwrap_or(entry.recorded_at), f.tell.after_discovery);
            let text = format!("{} by {}: {}", upper_first(&names.join(", then ")), at(due), sentence(&f.why));
            toned(NoteKind::Escalation, &format!("{} must be told directly:", f.tell.name), text, Tone::Decided)
        }
        Fact::HandOverAsked(f) => {
            let text = format!("{}: {} {}", f.to.name(), sentence(&f.reason), f.brief);
            plain(NoteKind::Staff, "Asked to take it over,", text)
        }
        Fact::CommunicatorProposed(f) => {
            let names: Vec<_> = f.people.iter().map(|p| p.name.as_str()).collect();
            let whom = if names.is_empty() { "nobody".into() } else { names.join(", then ") };
            let text = format!("{} The policy proposes {whom}.", sentence(&upper_first(&f.why)));
            toned(NoteKind::Escalation, "A Communications Manager is wanted:", text, Tone::Decided)
        }
        Fact::CommunicatorAssumed(f) => {
            let text = "is Communications Manager from now on.".into();
            toned(NoteKind::Decision, &f.person.name, text, Tone::Decided)
        }
        Fact::CommunicatorLeft(f) => {
            let text = "has left, and is Communications Manager no more.".into();
            toned(NoteKind::Escalation, &f.person.name, text, Tone::Warning)
        }
        Fact::CommunicatorDeclined(f) => {
            toned(NoteKind::Decision, "No Communications Manager:", f.reason.clone(), Tone::Decided)
        }
        Fact::PeopleAsked(f) => {
            let people =
                if f.people == 1 { "1 person".to_owned() } else { format!("{} people", count(f.people.into())) };
            plain(NoteKind::Activity, "Asked what is going on:", format!("{people}, {}.", f.who))
        }
        Fact::HeardElsewhere(f) => {
            let text = format!("heard of it from {} at {}, not from IT.", f.from, at(f.at));
            toned(NoteKind::Complication, &f.person.name, text, Tone::Warning)
        }
        Fact::Estimated(f) => {
            let (lead, text) = match f.back_at {
                Some(back) => ("Service should be back", format!("at {}. {}", at(back), sentence(&f.grounds))),
                None => ("Nobody can say when service is back.", sentence(&f.grounds)),
            };
            toned(NoteKind::Decision, lead, text, Tone::Decided)
        }
        Fact::MeetingHeld(f) => meeting(f, &at),
        Fact::FollowedUp(f) => {
            let names: Vec<_> = f.people.iter().map(|p| p.name.as_str()).collect();
            let (how, tone) = match f.by {
                FollowUpBy::Message => ("are written to that it is over", Tone::Plain),
                FollowUpBy::Spoken => ("were told that it is over", Tone::Good),
            };
            toned(NoteKind::Contact, &names.join(", "), format!("{how}.{}", following(&f.text)), tone)
        }
        Fact::StepDone(f) => toned(NoteKind::Activity, "Step done:", sentence(&f.words), Tone::Good),
        Fact::StepSkipped(f) => {
            let text = format!("{} {}", sentence(&f.words), sentence(&f.reason));
            toned(NoteKind::Decision, "Step skipped:", text, Tone::Decided)
        }
        Fact::Restricted(f) => {
            let names: Vec<_> = f.shown_to.iter().map(|p| p.name.as_str()).collect();
            let beside = if names.is_empty() { String::new() } else { format!(", and {}", names.join(", ")) };
            let text = format!("Only those who take part may see it{beside}. {}", sentence(&f.reason));
            toned(NoteKind::Decision, "Restricted:", text, Tone::Warning)
        }
        Fact::Unrestricted(f) => toned(NoteKind::Decision, "Everybody may see it:", sentence(&f.reason), Tone::Decided),
        Fact::Closed(f) => toned(NoteKind::Decision, "Closed:", f.review.clone(), Tone::Good),
        Fact::Triaged(f) => triage::line(f),
        Fact::UserReported(f) => toned(NoteKind::Contact, "A user reports:", f.words(), Tone::Signal),
        Fact::Linked(_) | Fact::Unlinked(_) | Fact::MergedInto(_) | Fact::TookIn(_) | Fact::GaveBack(_) => {
            links::line(&entry.fact).unwrap_or_else(|| plain(NoteKind::Other, "", String::new()))
        }
        Fact::SystemNamed(_)
        | Fact::Claimed(_)
        | Fact::ClaimRenewed(_)
        | Fact::ClaimEnded(_)
        | Fact::DisruptionAsked(_)
        | Fact::WorkElsewhere(_)
        | Fact::DisruptionSettled(_)
        | Fact::HeardOfSystem(_) => claim::line(&entry.fact, entry.author.name(), &at)
            .unwrap_or_else(|| plain(NoteKind::Other, "", String::new())),
        Fact::VersionDrafted(_)
        | Fact::VersionEdited(_)
        | Fact::VersionProposed(_)
        | Fact::VersionSigned(_)
        | Fact::VersionDeclined(_)
        | Fact::VersionInForce(_)
        | Fact::VersionReplaced(_)
        | Fact::VersionDropped(_) => {
            version::line(&entry.fact, &at).unwrap_or_else(|| plain(NoteKind::Other, "", String::new()))
        }
        Fact::QuestionAsked(_)
        | Fact::InputGiven(_)
        | Fact::PartMarked(_)
        | Fact::CauseProposed(_)
        | Fact::CauseJudged(_)
        | Fact::TaskSet(_)
        | Fact::TaskEnded(_)
        | Fact::OptionWeighed(_)
        | Fact::OptionJudged(_) => {
            plan::line(&entry.fact, &Plan::default(), &at).unwrap_or_else(|| plain(NoteKind::Other, "", String::new()))
        }
        Fact::CommunicationsPlanned(_)
        | Fact::AudienceSet(_)
        | Fact::AudienceDropped(_)
        | Fact::StrategyAgreed(_)
        | Fact::UpdateDrafted(_)
        | Fact::UpdateSigned(_)
        | Fact::UpdateReturned(_)
        | Fact::UpdateSent(_)
        | Fact::UpdateCarried(_)
        | Fact::UpdateAcknowledged(_)
        | Fact::TellingHanded(_)
        | Fact::FactsAsked(_)
        | Fact::FactsGiven(_) => comms::line(&entry.fact).unwrap_or_else(|| plain(NoteKind::Other, "", String::new())),
        Fact::ConferenceCalled(_)
        | Fact::ConferenceCancelled(_)
        | Fact::ConferenceJoined(_)
        | Fact::PresenceAsked(_)
        | Fact::ArrivalSaid(_) => {
            conference::line(&entry.fact, &at).unwrap_or_else(|| plain(NoteKind::Other, "", String::new()))
        }
        Fact::Unknown { kind, .. } => {
            let text = format!("Written by a later release of Muster ({kind}). Read it there.");
            toned(NoteKind::Other, "Entry of another release:", text, Tone::Warning)
        }
    }
}

/// What came of a meeting.
fn meeting(held: &MeetingHeld, at: &dyn Fn(Time) -> String) -> Line {
    let names: Vec<_> = held.present.iter().map(|p| p.name.as_str()).collect();
    let present = if names.is_empty() { String::new() } else { format!("{}. ", names.join(", ")) };
    let changes = match held.plan_changes.is_empty() {
        true => String::new(),
        false => format!(" The plan changes: {}", sentence(&held.plan_changes)),
    };
    let escalate = match (held.escalate, held.why.is_empty()) {
        (true, _) => format!(" Escalated: {}", sentence(&held.why)),
        (false, true) => " Not escalated.".to_owned(),
        (false, false) => format!(" Not escalated: {}", sentence(&held.why)),
    };
    let next = held.next.map_or_else(String::new, |next| format!(" Next at {}.", at(next)));
    let text = format!("{present}{}{changes}{escalate}{next}", sentence(&held.progress));
    let lead = format!("{} held:", upper_first(held.kind.words()));
    Line { kind: NoteKind::Activity, lead, text, tone: Tone::Plain, proof: None }
}

/// Whom a summons asks; whom it cannot ask is to be rung by people.
fn asked(candidate: &Candidate) -> String {
    let name = &candidate.person.name;
    if !candidate.means.is_empty() {
        return name.clone();
    }
    let numbers: Vec<_> = candidate.numbers().collect();
    match numbers.is_empty() {
        true => format!("{name} (Muster has no way to reach them)"),
        false => format!("{name} (Muster cannot reach them: ring {})", numbers.join(", ")),
    }
}

/// How the end of a summons is headed.
fn ended(purpose: Option<Purpose>) -> &'static str {
    match purpose {
        Some(Purpose::HandOver) => "Hand-over ended:",
        Some(Purpose::Release) => "Not asked any more:",
        Some(Purpose::Input) => "Nobody is asked any more:",
        Some(Purpose::Tell) => "Nobody is called for it any more:",
        Some(Purpose::Communicate) => "Nobody is asked to be Communications Manager any more:",
        Some(Purpose::TakeCharge | Purpose::Assist) | None => "Nobody is looked for any more:",
    }
}

/// A sentence that follows another, if there is one.
fn following(text: &str) -> String {
    if text.trim().is_empty() { String::new() } else { format!(" {}", sentence(text)) }
}

fn graded(name: &str, means: MeansKind, outcome: Outcome, detail: &str) -> Line {
    let text = match (outcome, means) {
        (Outcome::Reached(_), MeansKind::InPerson) => "spoke face to face.".to_owned(),
        (Outcome::Reached(_), MeansKind::Call) => "spoke on the phone.".to_owned(),
        (Outcome::Sent | Outcome::Delivered, MeansKind::Call) => "is being called.".to_owned(),
        (Outcome::Queued, means) => return waiting(name, means, detail),
        (_, means) => format!("{}: {}.", means.word(), outcome.word()),
    };
    let text = format!("{text}{}", following(detail));
    let proof = match (outcome.proof(), outcome) {
        (Some(proof), _) => Some((true, format!("Direct contact, {}", proof.word()))),
        (None, Outcome::Queued) => None,
        (None, Outcome::Sent | Outcome::Delivered) if means == MeansKind::Call => None, // it rings: nothing has come of it
        (None, Outcome::MessageLeft) => Some((false, "Voicemail: does not count".into())),
        (None, outcome) => Some((false, format!("{}: does not count", upper_first(outcome.word())))),
    };
    let tone = if outcome.proof().is_some() { Tone::Good } else { Tone::Plain };
    Line { kind: NoteKind::Contact, lead: name.into(), text, tone, proof }
}

/// A message that could not be sent so far.
fn waiting(name: &str, means: MeansKind, detail: &str) -> Line {
    let why = if detail.is_empty() { ".".into() } else { format!(": {}", sentence(detail)) };
    let text = format!("{} not sent yet{why}", means.word());
    Line { kind: NoteKind::Contact, lead: name.into(), text, tone: Tone::Warning, proof: None }
}

/// The field's name for people.
fn field_words(change: &Change) -> &str {
    match change {
        Change::Title(_) => "Name",
        Change::WentDown(_) => "Service went down",
        Change::System(_) => "System affected",
        Change::Symptoms(_) => "Problem as known",
        Change::Cause(_) => "Determined cause",
        Change::Resolution(_) => "Resolution",
        Change::RestoredAt(_) => "Time restored",
        Change::Kind(_) => "Kind",
        Change::Severity(_) => "Severity",
        Change::Phase(_) => "Phase",
        Change::Custom(custom) => &custom.words,
    }
}

fn change(change: &Change, at: &dyn Fn(Time) -> String, policy: &Policy) -> String {
    match change {
        Change::Title(text) | Change::Symptoms(text) | Change::Cause(text) | Change::Resolution(text) => text.clone(),
        Change::WentDown(moment) => went_down(*moment, at),
        Change::System(system) => match system.condition {
            Some(condition) => format!("{}, {}", system.name, condition.word()),
            None => system.name.clone(),
        },
        Change::RestoredAt(t) => at(*t),
        Change::Kind(kind) => policy.words_of(kind).into(),
        Change::Severity(None) => "not assessed".into(),
        Change::Severity(Some(severity)) => format!("{} {}", severity.number(), severity.word()),
        Change::Phase(phase) => phase_word(*phase).into(),
        Change::Custom(custom) if custom.value.is_empty() => "says nothing any more".into(),
        Change::Custom(custom) => custom.value.clone(),
    }
}

/// The word for the pace.
#[must_use]
pub fn phase_word(phase: Phase) -> &'static str {
    match phase {
        Phase::Intense => "intense",
        Phase::Steady => "steady",
        Phase::Waiting => "waiting",
    }
}

fn went_down(moment: Option<Moment>, at: &dyn Fn(Time) -> String) -> String {
    match moment {
        None => "not known".into(),
        Some(Moment { at: t, estimate: true }) => format!("about {}, an estimate", at(t)),
        Some(Moment { at: t, estimate: false }) => at(t),
    }
}

impl Incident {
    /// What the field that `change` would set says now, in words.
    #[must_use]
    pub fn reads(&self, change_to: &Change) -> String {
        let (at, policy) = (|t: Time| clock(t, self.last_recorded_at, &self.terms.time_zone), &self.terms.policy);
        let now = match change_to {
            Change::Title(_) => Change::Title(self.title.clone()),
            Change::WentDown(_) => Change::WentDown(self.went_down),
            Change::Symptoms(_) => Change::Symptoms(self.symptoms.clone()),
            Change::Cause(_) => Change::Cause(self.cause.clone()),
            Change::Resolution(_) => Change::Resolution(self.resolution.clone()),
            Change::RestoredAt(_) => return self.restored_at.map_or_else(|| "not restored".into(), at),
            Change::Kind(_) => Change::Kind(self.kind.clone()),
            Change::Severity(_) => Change::Severity(self.severity),
            Change::Phase(_) => Change::Phase(self.phase),
            Change::Custom(custom) => Change::Custom(Custom {
                value: self.custom.get(&custom.field).cloned().unwrap_or_default(),
                ..custom.clone()
            }),
            Change::System(system) => {
                let known = self.systems.iter().find(|s| s.id == system.id);
                return known
                    .map_or_else(|| "not affected".into(), |s| change(&Change::System(s.clone()), &at, policy));
            }
        };
        change(&now, &at, policy)
    }

    /// What the head of a page says of its state: "Restored", "Open, intense".
    #[must_use]
    pub fn state_words(&self) -> String {
        match (&self.others.merged_into, self.state) {
            (Some(into), State::Withdrawn) if into.number.is_empty() => "Merged".into(),
            (Some(into), State::Withdrawn) => format!("Merged into {}", into.number),
            (_, State::Open) => format!("Open, {}", phase_word(self.phase)),
            (_, state) => upper_first(state.word()),
        }
    }

    /// Whether the alert with that status is what made service go down: for pages that count.
    #[must_use]
    pub fn firing_alerts(&self) -> usize {
        self.alerts.values().filter(|a| a.status == Status::Firing).count()
    }
}
