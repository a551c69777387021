//! What people do to an incident: one address an act, all of them one sentence.

use super::ask::{Asked, Of, done};
use super::dto::acts::{
    AddSystem, Confirm, Contact, Correct, GiveAnswer, HandOver, LeaveAlert, Note, Reopen, Report, Restore, SetField,
    Take, TakeBack, Withdraw,
};
use super::dto::checklist::{SkipStep, TickStep};
use super::dto::comms::{
    AcknowledgeUpdate, AgreeStrategy, AskFacts, CarryUpdate, DraftUpdate, DropAudience, GiveFacts, HandTelling,
    ReturnUpdate, SendUpdate, SetAudience, SignUpdate,
};
use super::dto::course::{Close, Estimate, FollowUp, HoldMeeting};
use super::dto::gathering::{AskPresence, CallConference, CancelConference, Come, EndConference, JoinConference};
use super::dto::incident::Done;
use super::dto::plan::{
    Ask, EndTask, GiveInput, JudgeCause, JudgeOption, MarkPart, ProposeCause, SetTask, WeighOption,
};
use super::dto::restriction::{Restrict, Unrestrict};
use super::dto::roles::{
    AskCommunicator, CallDown, DeclineCommunicator, HeardElsewhere, PeopleAsked, TakeCommunications,
};
use super::dto::triage::Triage;
use crate::app::App;
use crate::ops::Failure;
use crate::store::{Tx, subjects};
use crate::web::error::ApiError;
use axum::Json;
use axum::extract::State;
use muster_core::entry::{Purpose, Via};
use muster_core::ids::{PersonId, SummonsId};
use muster_core::incident::{Command, Incident};
use muster_core::refusal::Refusal;
use std::sync::Arc;

macro_rules! acts {
    ($($(#[doc = $doc:literal])+ $name:ident $path:literal $Body:ident;)+) => {$(
        $(#[doc = $doc])+
        #[utoipa::path(
            post,
            path = $path,
            tag = "incidents",
            params(("number" = String, Path, description = "Reference number, such as 2026-041")),
            request_body = $Body,
            responses((status = 200, description = "Done", body = Done))
        )]
        pub(super) async fn $name(of: Of, asked: Asked<$Body>) -> Result<Json<Done>, ApiError> {
            asked.perform(&of).await
        }
    )+};
}

acts! {
    /// Write something into the log.
    note "/api/v1/incidents/{number}/note" Note;
    /// Record that you tried to contact somebody.
    contact "/api/v1/incidents/{number}/contact" Contact;
    /// Correct the words of an entry; the old ones stay readable.
    correct "/api/v1/incidents/{number}/correct" Correct;
    /// Take back a contact or an answer that was a mistake.
    take_back "/api/v1/incidents/{number}/take-back" TakeBack;
    /// Become Incident Manager of what nobody has.
    take "/api/v1/incidents/{number}/take" Take;
    /// Ask somebody else to become Incident Manager; until they accept, nothing changes.
    hand_over "/api/v1/incidents/{number}/hand-over" HandOver;
    /// Ask somebody to become Communications Manager; whom the policy proposes if nobody is named.
    ask_communicator "/api/v1/incidents/{number}/communicator/ask" AskCommunicator;
    /// Become Communications Manager.
    take_communications "/api/v1/incidents/{number}/communicator/take" TakeCommunications;
    /// Say that no Communications Manager is needed.
    decline_communicator "/api/v1/incidents/{number}/communicator/decline" DeclineCommunicator;
    /// Write down that people asked what is going on.
    people_asked "/api/v1/incidents/{number}/people-asked" PeopleAsked;
    /// Write down that somebody heard of it, and not from IT.
    heard_elsewhere "/api/v1/incidents/{number}/heard-elsewhere" HeardElsewhere;
    /// Let Muster call down a list of people who must be told directly.
    let_muster_call "/api/v1/incidents/{number}/call-down" CallDown;
    /// Say when service may be back: the Incident Manager does.
    estimate "/api/v1/incidents/{number}/estimate" Estimate;
    /// Write down what came of a meeting.
    hold_meeting "/api/v1/incidents/{number}/meeting" HoldMeeting;
    /// Call a conference, or change one that was called: everybody who is invited is told.
    call_conference "/api/v1/incidents/{number}/conference" CallConference;
    /// Cancel a conference call: everybody who was invited is told.
    cancel_conference "/api/v1/incidents/{number}/conference/cancel" CancelConference;
    /// Write down who is in a conference call.
    join_conference "/api/v1/incidents/{number}/conference/join" JoinConference;
    /// Write down the minutes of a conference call, which ends it.
    end_conference "/api/v1/incidents/{number}/conference/end" EndConference;
    /// Say whether people are wanted on site or remotely.
    ask_presence "/api/v1/incidents/{number}/presence" AskPresence;
    /// Say how you come, and when.
    come "/api/v1/incidents/{number}/come" Come;
    /// Tell people who were contacted that it is over.
    follow_up "/api/v1/incidents/{number}/follow-up" FollowUp;
    /// Tick a step of the checklist.
    tick_step "/api/v1/incidents/{number}/tick-step" TickStep;
    /// Pass over a step of the checklist, with a reason.
    skip_step "/api/v1/incidents/{number}/skip-step" SkipStep;
    /// Close it: the report is filed and the review is done.
    close "/api/v1/incidents/{number}/close" Close;
    /// Add an audience to the communications plan, or change one.
    set_audience "/api/v1/incidents/{number}/audience" SetAudience;
    /// Drop an audience from the communications plan, with a reason.
    drop_audience "/api/v1/incidents/{number}/audience/drop" DropAudience;
    /// Write down how an owner wants its clients to be told.
    agree_strategy "/api/v1/incidents/{number}/strategy" AgreeStrategy;
    /// Write an update for an audience, or edit a draft.
    draft_update "/api/v1/incidents/{number}/update/draft" DraftUpdate;
    /// Sign an update off.
    sign_update "/api/v1/incidents/{number}/update/sign" SignUpdate;
    /// Send an update back to who writes it.
    return_update "/api/v1/incidents/{number}/update/return" ReturnUpdate;
    /// Send an update.
    send_update "/api/v1/incidents/{number}/update/send" SendUpdate;
    /// Say that you have told an update to people to whom Muster does not write.
    carry_update "/api/v1/incidents/{number}/update/carry" CarryUpdate;
    /// Say that you have read an update that went to you.
    acknowledge_update "/api/v1/incidents/{number}/update/acknowledge" AcknowledgeUpdate;
    /// Give a duty to tell, or an audience, to the Communications Manager.
    hand_telling "/api/v1/incidents/{number}/telling/hand" HandTelling;
    /// Ask the Incident Manager for facts, without a message.
    ask_facts "/api/v1/incidents/{number}/facts/ask" AskFacts;
    /// Answer a question for facts.
    give_facts "/api/v1/incidents/{number}/facts/give" GiveFacts;
    /// Say that a suspected incident is real.
    confirm "/api/v1/incidents/{number}/confirm" Confirm;
    /// Say that it was no disruption.
    withdraw "/api/v1/incidents/{number}/withdraw" Withdraw;
    /// Say that service is back.
    restore "/api/v1/incidents/{number}/restore" Restore;
    /// Say that service was not back, or is lost again.
    reopen "/api/v1/incidents/{number}/reopen" Reopen;
    /// Say where the service disruption report is.
    report "/api/v1/incidents/{number}/report" Report;
    /// Set a field of the form.
    change "/api/v1/incidents/{number}/change" SetField;
    /// Restrict it: only those who take part may see it, and whom you name.
    restrict "/api/v1/incidents/{number}/restrict" Restrict;
    /// Let everybody see it again.
    unrestrict "/api/v1/incidents/{number}/unrestrict" Unrestrict;
    /// Add a system that is affected, or take one as the directory has it now.
    add_system "/api/v1/incidents/{number}/add-system" AddSystem;
    /// Say who is hit, how, and how urgent it is; the policy's matrix makes a severity of that.
    triage "/api/v1/incidents/{number}/triage" Triage;
    /// Take an alert out that does not belong to the incident.
    leave_alert "/api/v1/incidents/{number}/leave-alert" LeaveAlert;
    /// Ask people or areas for what they know; their answers land under the question.
    ask "/api/v1/incidents/{number}/plan/ask" Ask;
    /// Answer a question.
    give_input "/api/v1/incidents/{number}/plan/input" GiveInput;
    /// Say how a component or an interface is.
    mark_part "/api/v1/incidents/{number}/plan/part" MarkPart;
    /// Propose a likely cause.
    propose_cause "/api/v1/incidents/{number}/plan/cause" ProposeCause;
    /// Verify a likely cause, rule it out, or open it again.
    judge_cause "/api/v1/incidents/{number}/plan/judge-cause" JudgeCause;
    /// Give somebody a task with a time-box.
    set_task "/api/v1/incidents/{number}/plan/task" SetTask;
    /// End a task.
    end_task "/api/v1/incidents/{number}/plan/end-task" EndTask;
    /// Weigh a way to restore service.
    weigh_option "/api/v1/incidents/{number}/plan/option" WeighOption;
    /// Say what became of a way to restore service.
    judge_option "/api/v1/incidents/{number}/plan/judge-option" JudgeOption;
}

/// Answer a summons that asks you.
#[utoipa::path(
    post,
    path = "/api/v1/incidents/{number}/answer",
    tag = "incidents",
    params(("number" = String, Path, description = "Reference number, such as 2026-041")),
    request_body = GiveAnswer,
    responses((status = 200, description = "Done", body = Done))
)]
pub(super) async fn answer(
    State(app): State<Arc<App>>,
    of: Of,
    asked: Asked<GiveAnswer>,
) -> Result<Json<Done>, ApiError> {
    let person = asked.by.id.clone();
    let summons = match asked.body.summons {
        Some(id) => SummonsId(id),
        None => {
            let (sight, subject) = (of.sight.clone(), of.subject.clone());
            let load = async move |tx: &mut Tx| Ok::<_, Failure>(subjects::see(tx, &sight, &subject).await?);
            let incident = app.ops.db().read(load).await?.ok_or(Failure::NotFound("incident"))?;
            asks(&incident, &person).ok_or(Refusal::NotAsked)?
        }
    };
    let command = Command::Answer { summons, person, answer: asked.body.answer, via: Via::Login };
    let performed = app.ops.perform(&of.subject, command, asked.once).await?;
    Ok(Json(done(&app, performed)))
}

/// The summons that asks that person now; else the last that did, so that core can say why it is over.
fn asks(incident: &Incident, person: &PersonId) -> Option<SummonsId> {
    let asked: Vec<_> = incident.summonses.iter().filter(|s| s.chain.iter().any(|c| c.person.id == *person)).collect();
    // A question is answered in words; "take" is meant for what there is to take.
    let live = |input: bool| asked.iter().rev().find(|s| s.is_live() && (s.purpose == Purpose::Input) == input);
    live(false).or_else(|| live(true)).or(asked.last()).map(|s| s.id.clone())
}
