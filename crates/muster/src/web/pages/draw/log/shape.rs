//! The shape and the tone of an entry.

use crate::web::view::parts::{Icon, Tone};
use muster_core::contact::{MeansKind, Outcome};
use muster_core::entry::{Change, Fact, NoteKind};
use muster_core::incident;

pub(super) fn tone(tone: incident::Tone) -> Tone {
    match tone {
        incident::Tone::Plain => Tone::Grey,
        incident::Tone::Good => Tone::Green,
        incident::Tone::Decided => Tone::Blue,
        incident::Tone::Warning => Tone::Amber,
        incident::Tone::Signal => Tone::Red,
    }
}

pub(super) fn icon(fact: &Fact) -> Icon {
    match fact {
        Fact::Opened(_) | Fact::Reopened(_) => Icon::Incident,
        Fact::AlertJoined(_) | Fact::AlertChanged(_) => Icon::Bolt,
        Fact::AlertLeft(_) | Fact::AlertWentOn(_) => Icon::Right,
        Fact::AlertRecovered(_) | Fact::Restored(_) => Icon::Working,
        Fact::SummonsStarted(_) | Fact::PassedOver(_) | Fact::SummonsEnded(_) => Icon::People,
        Fact::Tried(f) => means_icon(f.means),
        Fact::Graded(f) => tried_icon(f.means, f.outcome),
        Fact::Contacted(f) => tried_icon(f.means, f.outcome),
        Fact::Answered(_) | Fact::ManagerAssumed(_) => Icon::Person,
        Fact::NobodyReached(_) => Icon::Late,
        Fact::Confirmed(_) | Fact::Triaged(_) => Icon::Flag,
        Fact::UserReported(_) => Icon::Person,
        Fact::Linked(_) | Fact::Unlinked(_) | Fact::MergedInto(_) | Fact::TookIn(_) | Fact::GaveBack(_) => Icon::Join,
        Fact::Restricted(_) | Fact::Unrestricted(_) => Icon::Eye,
        Fact::Withdrawn(_) => Icon::Mute,
        Fact::ReportFiled(_) | Fact::Attached(_) => Icon::Document,
        Fact::Noted(f) => {
            if f.kind == NoteKind::Decision {
                Icon::Flag
            } else {
                Icon::Pen
            }
        }
        Fact::Corrected(_) => Icon::Pen,
        Fact::TakenBack(_) => Icon::Undo,
        Fact::Changed(f) => match f.to {
            Change::System(_) => Icon::Systems,
            Change::WentDown(_) | Change::RestoredAt(_) | Change::Phase(_) => Icon::Clock,
            _ => Icon::Pen,
        },
        Fact::Claimed(_) | Fact::ClaimRenewed(_) | Fact::ClaimEnded(_) => Icon::Person,
        Fact::DisruptionAsked(_) => Icon::Ask,
        Fact::DisruptionSettled(_) => Icon::Flag,
        Fact::SystemNamed(_) | Fact::WorkElsewhere(_) | Fact::HeardOfSystem(_) => Icon::Systems,
        Fact::QuestionAsked(_) | Fact::InputGiven(_) => Icon::Ask,
        Fact::PartMarked(_) => Icon::Systems,
        Fact::CauseProposed(_) | Fact::CauseJudged(_) => Icon::Search,
        Fact::TaskSet(_) => Icon::Clock,
        Fact::TaskEnded(_) => Icon::Done,
        Fact::OptionWeighed(_) | Fact::OptionJudged(_) => Icon::Flag,
        Fact::TellAdded(_) | Fact::PeopleAsked(_) | Fact::HeardElsewhere(_) => Icon::People,
        Fact::HandOverAsked(_) | Fact::CommunicatorProposed(_) | Fact::CommunicatorDeclined(_) => Icon::Ask,
        Fact::CommunicatorAssumed(_) | Fact::CommunicatorLeft(_) | Fact::FollowedUp(_) => Icon::Person,
        Fact::Estimated(_) => Icon::Clock,
        Fact::MeetingHeld(_) => Icon::People,
        Fact::Closed(_) | Fact::StepDone(_) => Icon::Done,
        Fact::StepSkipped(_) => Icon::Right,
        Fact::VersionDrafted(_) | Fact::VersionEdited(_) | Fact::VersionProposed(_) => Icon::Document,
        Fact::VersionSigned(_) | Fact::VersionInForce(_) | Fact::VersionReplaced(_) => Icon::Done,
        Fact::VersionDeclined(_) | Fact::VersionDropped(_) => Icon::Ask,
        Fact::CommunicationsPlanned(_) | Fact::AudienceSet(_) | Fact::AudienceDropped(_) => Icon::People,
        Fact::StrategyAgreed(_) | Fact::TellingHanded(_) => Icon::Person,
        Fact::UpdateDrafted(_) => Icon::Pen,
        Fact::UpdateSigned(_) => Icon::Flag,
        Fact::UpdateReturned(_) => Icon::Undo,
        Fact::UpdateSent(_) | Fact::UpdateCarried(_) => Icon::Mail,
        Fact::UpdateAcknowledged(_) => Icon::Done,
        Fact::FactsAsked(_) | Fact::FactsGiven(_) => Icon::Ask,
        Fact::ConferenceCalled(_) | Fact::ConferenceCancelled(_) => Icon::Phone,
        Fact::ConferenceJoined(_) | Fact::PresenceAsked(_) | Fact::ArrivalSaid(_) => Icon::Person,
        Fact::Unknown { .. } => Icon::Info,
    }
}

fn tried_icon(means: MeansKind, outcome: Outcome) -> Icon {
    if outcome == Outcome::MessageLeft { Icon::Voicemail } else { means_icon(means) }
}

fn means_icon(means: MeansKind) -> Icon {
    match means {
        MeansKind::InPerson => Icon::Person,
        MeansKind::Call => Icon::Phone,
        MeansKind::Sms | MeansKind::Push => Icon::Mobile,
        MeansKind::Email => Icon::Mail,
        MeansKind::Webhook => Icon::Join,
    }
}
